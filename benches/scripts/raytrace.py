"""Ray tracer: spheres and a plane with shadows and reflections.

Small objects with operator methods and floating point arithmetic.
"""
from __future__ import division

import math
import sys


class Vector(object):
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / math.sqrt(self.dot(self)))


class Ray(object):
    def __init__(self, origin, direction):
        self.origin = origin
        self.direction = direction

    def at(self, distance):
        return self.origin + self.direction * distance


class Sphere(object):
    def __init__(self, centre, radius, colour, mirror):
        self.centre = centre
        self.radius = radius
        self.colour = colour
        self.mirror = mirror

    def hit(self, ray):
        offset = self.centre - ray.origin
        along = offset.dot(ray.direction)
        inside = self.radius * self.radius - offset.dot(offset) + along * along
        if inside < 0:
            return None
        root = math.sqrt(inside)
        if along - root > 1e-6:
            return along - root
        if along + root > 1e-6:
            return along + root
        return None

    def normal(self, point):
        return (point - self.centre).unit()

    def shade(self, point):
        return self.colour


class Floor(object):
    mirror = 0.1

    def __init__(self, height):
        self.height = height

    def hit(self, ray):
        if abs(ray.direction.y) < 1e-9:
            return None
        distance = (self.height - ray.origin.y) / ray.direction.y
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return Vector(0.0, 1.0, 0.0)

    def shade(self, point):
        return 0.9 if (math.floor(point.x) + math.floor(point.z)) % 2 else 0.2


class Scene(object):
    def __init__(self, things, light):
        self.things = things
        self.light = light

    def nearest(self, ray):
        best = None
        found = None
        for thing in self.things:
            distance = thing.hit(ray)
            if distance is not None and (best is None or distance < best):
                best = distance
                found = thing
        return found, best

    def trace(self, ray, depth):
        thing, distance = self.nearest(ray)
        if thing is None:
            return 0.3 + 0.3 * max(0.0, ray.direction.y)
        point = ray.at(distance)
        normal = thing.normal(point)
        to_light = (self.light - point).unit()
        level = 0.1
        blocked, _ = self.nearest(Ray(point, to_light))
        if blocked is None:
            level += 0.9 * max(0.0, normal.dot(to_light))
        level *= thing.shade(point)
        if depth > 0 and thing.mirror > 0:
            bounce = ray.direction - normal * (2.0 * normal.dot(ray.direction))
            level += thing.mirror * self.trace(Ray(point, bounce.unit()), depth - 1)
        return level


def main(width):
    height = width * 3 // 4
    scene = Scene([
        Floor(-1.0),
        Sphere(Vector(0.0, 0.0, 6.0), 1.0, 0.8, 0.5),
        Sphere(Vector(-2.0, -0.3, 5.0), 0.7, 0.6, 0.3),
        Sphere(Vector(1.6, 0.4, 4.5), 0.6, 0.9, 0.0),
        Sphere(Vector(0.5, -0.7, 3.5), 0.3, 0.7, 0.6),
    ], Vector(-5.0, 8.0, -2.0))
    eye = Vector(0.0, 0.5, 0.0)
    histogram = [0] * 16
    checksum = 0
    for row in range(height):
        for column in range(width):
            direction = Vector(
                (column - width / 2.0) / width,
                (height / 2.0 - row) / width,
                1.0).unit()
            level = min(255, int(scene.trace(Ray(eye, direction), 3) * 200.0))
            histogram[level >> 4] += 1
            checksum = (checksum * 31 + level) % 1000003
    sys.stdout.write("%dx%d\n" % (width, height))
    sys.stdout.write(" ".join(str(count) for count in histogram) + "\n")
    sys.stdout.write("checksum %d\n" % checksum)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 340)
