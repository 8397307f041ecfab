"""Heat equation on a square plate by explicit finite differences and slices.

The top edge is hot, the others are cold. One step moves every inner point a
part of the way to the mean of its four neighbours.
"""
from __future__ import division, print_function

import numpy as np


def step(grid, rate):
    inner = grid[1:-1, 1:-1]
    change = (grid[:-2, 1:-1] + grid[2:, 1:-1] + grid[1:-1, :-2] + grid[1:-1, 2:]
              - 4.0 * inner)
    grid[1:-1, 1:-1] = inner + rate * change
    return abs(change).max()


def main():
    size = 33
    grid = np.zeros((size, size))
    grid[0, :] = 100.0
    for count in range(1, 1001):
        change = step(grid, 0.2)
        if count in (1, 10, 100, 1000):
            print("step %4d: mean %8.4f, largest change %9.6f" % (
                count, grid.mean(), change))
    print("middle %.4f" % grid[size // 2, size // 2])
    print("left-right symmetric:", bool((abs(grid - grid[:, ::-1]) < 1e-9).all()))
    print("every fourth point:")
    for row in grid[::4, ::4]:
        print(" ".join("%6.2f" % value for value in row))
    print("column means:", (grid[:, ::8].mean(axis=0) * 100).astype(int))
    print("hot points:", int((grid > 50.0).sum()), "of", grid.size)


main()
