"""A ray tracer on TransactionQueue: spheres over a chequered floor with shadows and mirrors; each line of the picture is a job."""
from __future__ import division, print_function

from math import sqrt

from common import Demo

LIGHT = (-3.0, 5.0, -4.0)
SHADES = " .:-=+*#%@"


class Vector(object):
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vector(self.x - o.x, self.y - o.y, self.z - o.z)

    def times(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self.times(1.0 / sqrt(self.dot(self)))


class Sphere(object):
    def __init__(self, center, radius, brightness, mirror):
        self.center = center
        self.radius = radius
        self.brightness = brightness
        self.mirror = mirror

    def hit(self, origin, direction):
        """How far the ray goes to the sphere; None when it misses."""
        v = origin - self.center
        b = v.dot(direction)
        inside = b * b - v.dot(v) + self.radius * self.radius
        if inside < 0.0:
            return None
        t = -b - sqrt(inside)
        return t if t > 1e-4 else None

    def normal(self, point):
        return (point - self.center).times(1.0 / self.radius)

    def brightness_at(self, point):
        return self.brightness


class Floor(object):
    mirror = 0.1

    def hit(self, origin, direction):
        if direction.y > -1e-4:
            return None
        t = (-1.0 - origin.y) / direction.y
        return t if 1e-4 < t < 30.0 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)

    def brightness_at(self, point):
        return 0.9 if (int(point.x + 100.0) + int(point.z + 100.0)) % 2 else 0.3


class Scene(object):
    def __init__(self):
        self.things = [Floor(), Sphere(Vector(0.0, 0.0, 3.0), 1.0, 0.9, 0.3), Sphere(Vector(-1.8, -0.4, 2.4), 0.6, 0.6, 0.1),
                       Sphere(Vector(1.6, -0.5, 2.0), 0.5, 0.7, 0.5), Sphere(Vector(0.5, 1.3, 4.0), 0.5, 1.0, 0.0)]
        self.light = Vector(*LIGHT)

    def nearest(self, origin, direction):
        best = None
        thing = None
        for each in self.things:
            t = each.hit(origin, direction)
            if t is not None and (best is None or t < best):
                best, thing = t, each
        return best, thing

    def brightness(self, origin, direction, depth):
        t, thing = self.nearest(origin, direction)
        if thing is None:
            return 0.15 + 0.1 * max(0.0, direction.y)
        point = origin + direction.times(t)
        normal = thing.normal(point)
        to_light = (self.light - point).unit()
        value = 0.1
        slope = normal.dot(to_light)
        if slope > 0.0 and self.nearest(point, to_light)[1] is None:
            value += 0.9 * slope
        value *= thing.brightness_at(point)
        if thing.mirror and depth:
            away = direction - normal.times(2.0 * direction.dot(normal))
            value = (1.0 - thing.mirror) * value + thing.mirror * self.brightness(point, away, depth - 1)
        return value


def main():
    demo = Demo(__doc__, width=60, height=24)
    scene = Scene()
    eye = Vector(0.0, 0.3, -3.0)
    width, height = demo.width, demo.height
    picture = [[] for _ in range(height)]

    def line(y):
        row = picture[y]
        for x in range(width):
            direction = Vector((x + 0.5) / width * 2.0 - 1.0, (0.5 - (y + 0.5) / height) * 1.4, 1.6).unit()
            row.append(scene.brightness(eye, direction, 3))

    queue = demo.queue()
    for y in range(height):
        queue.add(line, y)
    demo.run(queue)
    if width <= 100:
        for row in picture:
            print("".join(SHADES[min(9, int(v * 10.0))] for v in row).rstrip())
    print("%d lines, mean brightness %.6f" % (height, sum(map(sum, picture)) / (width * height)))
    demo.end()


main()
