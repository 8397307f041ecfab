"""Threads over parts of one array: each thread writes its own slice in place."""
from __future__ import division, print_function

import threading

import numpy as np


def fill(part, first):
    """Writes sqrt(n) for the numbers n from first on."""
    part[:] = np.sqrt(np.arange(first, first + len(part)))


def smooth(source, target, low, high):
    """target[low:high] becomes the means of three neighbours of source."""
    target[low:high] = (source[low - 1:high - 1] + source[low:high]
                        + source[low + 1:high + 1]) / 3.0


def run(jobs):
    threads = [threading.Thread(target=function, args=arguments)
               for function, arguments in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    size = 100000
    half = size // 2
    data = np.zeros(size)
    run([(fill, (data[:half], 0)), (fill, (data[half:], half))])
    print("filled as one thread would:", bool((data == np.sqrt(np.arange(size))).all()))
    print("sum %.4f" % data.sum())

    other = data.copy()
    for _ in range(10):
        run([(smooth, (data, other, 1, half)), (smooth, (data, other, half, size - 1))])
        data, other = other, data
    print("smoothed %.6f %.6f %.6f" % (data[1], data[half], data[-2]))

    totals = [None] * 4
    lock = threading.Lock()
    shared = np.zeros(8, dtype=np.int64)

    def reduce(number):
        part = data[number * size // 4:(number + 1) * size // 4]
        totals[number] = part.sum()
        for value in range(200):
            with lock:
                shared[value % 8] += number + 1

    run([(reduce, (number,)) for number in range(4)])
    print("parts and whole agree:", bool(abs(sum(totals) - data.sum()) < 1e-6))
    print("shared", shared, shared.sum())


main()
