"""Monte Carlo estimates of pi and of an integral with our own generator.

A linear congruential generator runs on a whole array of states at once; the
states are 64-bit integers, masked to 31 bits, so no product overflows.
"""
from __future__ import division, print_function

import numpy as np

MASK = 0x7FFFFFFF


class Stream(object):
    """Parallel linear congruential generators, one for each lane."""

    def __init__(self, lanes, seed):
        self.state = (np.arange(lanes, dtype=np.int64) * 40503 + seed) & MASK
        for _ in range(8):
            self.next()

    def next(self):
        """Floats in [0, 1), one for each lane."""
        self.state = (self.state * 1103515245 + 12345) & MASK
        return (self.state >> 7) / float(1 << 24)


def main():
    lanes = 1000
    stream = Stream(lanes, 2024)
    inside = np.zeros(lanes, dtype=np.int64)
    rounds = 100
    for count in range(1, rounds + 1):
        x = stream.next()
        y = stream.next()
        inside += x * x + y * y < 1.0
        if count in (1, 10, 100):
            print("%7d points: pi is about %.5f" % (
                count * lanes, 4.0 * inside.sum() / (count * lanes)))
    share = inside / float(rounds)
    print("lanes: least %d, most %d of %d" % (inside.min(), inside.max(), rounds))
    print("standard deviation of a lane %.6f" % (4.0 * share).std())

    samples = np.zeros((50, lanes))
    for row in range(50):
        samples[row] = np.exp(-stream.next() ** 2)
    print("integral of exp(-x*x) on [0, 1): %.5f +- %.5f" % (
        samples.mean(), samples.std() / np.sqrt(samples.size)))
    tenths = np.zeros(10, dtype=np.int64)
    values = (stream.next() * 10).astype(np.int64)
    for digit in range(10):
        tenths[digit] = (values == digit).sum()
    print("tenths", tenths, tenths.sum())
    print("states", stream.state[:4])


main()
