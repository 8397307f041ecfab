"""Many square roots: every transaction takes the roots of a run of numbers and puts their sum where only it writes."""
from __future__ import print_function

from common import Demo


class Result(object):
    def __init__(self, first):
        self.first = first
        self.total = 0


def root(n):
    """The largest integer whose square is at most n, by halving the interval."""
    low, high = 0, 1 << 20
    while high - low > 1:
        middle = low + high >> 1
        if middle * middle <= n:
            low = middle
        else:
            high = middle
    return low


def main():
    demo = Demo(__doc__, numbers=10000, run=25)
    results = [Result(first) for first in range(0, demo.numbers, demo.run)]

    def step(result):
        for n in range(result.first, min(result.first + demo.run, demo.numbers)):
            result.total += root(n << 16)

    demo.parallel(step, results)
    print("%d roots, with 8 bits after the point: sum %d" % (demo.numbers, sum(r.total for r in results)))
    demo.end()


main()
