"""N-body: symplectic integration of five masses under gravity.

Floating point arithmetic on lists in nested loops.
"""
from __future__ import division

import math
import sys


def make_bodies():
    """A heavy centre and four planets on circular orbits, total momentum zero."""
    bodies = [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 40.0]]
    for index, (radius, mass) in enumerate(
            [(1.0, 0.002), (2.2, 0.04), (4.1, 0.01), (7.0, 0.03)]):
        angle = 0.9 * index
        speed = math.sqrt(40.0 / radius)
        bodies.append([
            radius * math.cos(angle), radius * math.sin(angle), 0.05 * index,
            -speed * math.sin(angle), speed * math.cos(angle), 0.0, mass])
    for axis in (3, 4, 5):
        bodies[0][axis] = -sum(b[axis] * b[6] for b in bodies[1:]) / 40.0
    return bodies


def energy(bodies):
    total = 0.0
    for index, a in enumerate(bodies):
        total += 0.5 * a[6] * (a[3] * a[3] + a[4] * a[4] + a[5] * a[5])
        for b in bodies[index + 1:]:
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            dz = a[2] - b[2]
            total -= a[6] * b[6] / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def advance(bodies, pairs, step, count):
    for _ in range(count):
        for a, b in pairs:
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            dz = a[2] - b[2]
            square = dx * dx + dy * dy + dz * dz
            pull = step / (square * math.sqrt(square))
            toward = b[6] * pull
            a[3] -= dx * toward
            a[4] -= dy * toward
            a[5] -= dz * toward
            toward = a[6] * pull
            b[3] += dx * toward
            b[4] += dy * toward
            b[5] += dz * toward
        for body in bodies:
            body[0] += step * body[3]
            body[1] += step * body[4]
            body[2] += step * body[5]


def main(count):
    bodies = make_bodies()
    pairs = [(bodies[i], bodies[j])
             for i in range(len(bodies)) for j in range(i + 1, len(bodies))]
    sys.stdout.write("%.9f\n" % energy(bodies))
    advance(bodies, pairs, 0.001, count)
    sys.stdout.write("%.9f\n" % energy(bodies))
    for body in bodies:
        sys.stdout.write("%.6f %.6f %.6f\n" % tuple(body[:3]))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 200000)
