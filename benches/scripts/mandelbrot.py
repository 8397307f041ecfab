"""Mandelbrot set: iteration counts over a grid, with floats and with complex.
"""
from __future__ import division

import sys


def escape(cx, cy, limit):
    x = 0.0
    y = 0.0
    for step in range(limit):
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            return step
        y = 2.0 * x * y + cy
        x = xx - yy + cx
    return limit


def escape_complex(c, limit):
    z = 0j
    for step in range(limit):
        if abs(z) > 2.0:
            return step
        z = z * z + c
    return limit


def main(size):
    limit = 100
    shades = " .:-=+*#%@"
    total = 0
    for row in range(size):
        cy = 2.4 * row / size - 1.2
        line = []
        for column in range(size):
            count = escape(3.0 * column / size - 2.2, cy, limit)
            total += count
            line.append(shades[count * (len(shades) - 1) // limit])
        if row * 12 % size < 12:
            sys.stdout.write("".join(line)[::max(1, size // 60)].rstrip() + "\n")
    sys.stdout.write("total %d\n" % total)
    small = size // 3
    total = 0
    for row in range(small):
        for column in range(small):
            c = complex(3.0 * column / small - 2.2, 2.4 * row / small - 1.2)
            total += escape_complex(c, limit)
    sys.stdout.write("complex total %d\n" % total)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 540)
