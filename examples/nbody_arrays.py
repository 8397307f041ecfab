"""Gravity between many bodies with broadcasting, integrated by leapfrog."""
from __future__ import division, print_function

import numpy as np

SOFTENING = 0.05


def accelerations(position, mass):
    """The acceleration of each body: an array of shape (bodies, 3)."""
    between = position[np.newaxis, :, :] - position[:, np.newaxis, :]
    square = (between ** 2).sum(axis=2) + SOFTENING ** 2
    pull = mass[np.newaxis, :] / (square * np.sqrt(square))
    return (between * pull[:, :, np.newaxis]).sum(axis=1)


def energy(position, velocity, mass):
    kinetic = 0.5 * (mass * (velocity ** 2).sum(axis=1)).sum()
    between = position[np.newaxis, :, :] - position[:, np.newaxis, :]
    distance = np.sqrt((between ** 2).sum(axis=2) + SOFTENING ** 2)
    inverse = 1.0 / distance
    for index in range(len(mass)):
        inverse[index, index] = 0.0
    return kinetic - 0.5 * np.dot(np.dot(mass, inverse), mass)


def main():
    count = 24
    index = np.arange(count, dtype=float)
    angle = 2.0 * np.pi * index / count
    radius = 1.0 + 0.5 * np.sin(5.0 * index)
    position = np.zeros((count, 3))
    position[:, 0] = radius * np.cos(angle)
    position[:, 1] = radius * np.sin(angle)
    position[:, 2] = 0.1 * np.cos(3.0 * angle)
    velocity = np.zeros((count, 3))
    velocity[:, 0] = -0.6 * np.sin(angle)
    velocity[:, 1] = 0.6 * np.cos(angle)
    mass = (1.0 + index % 3) / count
    velocity -= np.dot(mass, velocity) / mass.sum()

    start = energy(position, velocity, mass)
    print("bodies %d, mass %.6f, energy %.6f" % (count, mass.sum(), start))
    step = 0.002
    force = accelerations(position, mass)
    for number in range(1, 201):
        velocity += 0.5 * step * force
        position += step * velocity
        force = accelerations(position, mass)
        velocity += 0.5 * step * force
        if number % 50 == 0:
            now = energy(position, velocity, mass)
            print("step %3d: energy error below 1e-3: %s, largest radius %.4f" % (
                number, bool(abs((now - start) / start) < 1e-3),
                np.sqrt((position ** 2).sum(axis=1)).max()))
    momentum = np.dot(mass, velocity)
    print("momentum stays zero:", bool((abs(momentum) < 1e-12).all()))
    for row in position[:3]:
        print("%.5f %.5f %.5f" % tuple(row))


main()
