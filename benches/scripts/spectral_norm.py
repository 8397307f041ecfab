"""Spectral norm of the infinite matrix 1/((i+j)(i+j+1)/2+i+1) by power iteration.

Calls of a small function in generator expressions.
"""
from __future__ import division

import math
import sys


def entry(i, j):
    diagonal = i + j
    return 1.0 / (diagonal * (diagonal + 1) // 2 + i + 1)


def times(vector):
    size = len(vector)
    return [sum(entry(i, j) * vector[j] for j in range(size)) for i in range(size)]


def transposed_times(vector):
    size = len(vector)
    return [sum(entry(j, i) * vector[j] for j in range(size)) for i in range(size)]


def main(size):
    u = [1.0] * size
    v = u
    for _ in range(6):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    product = sum(a * b for a, b in zip(u, v))
    square = sum(b * b for b in v)
    sys.stdout.write("%.9f\n" % math.sqrt(product / square))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 430)
