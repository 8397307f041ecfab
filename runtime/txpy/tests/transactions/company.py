"""A thread that is alone runs blocks that write instances and lists, small and large, by the word; others wake up in the middle of them, look in blocks and
without, and write too. None may see half of a block, and nothing may be lost. Prints `whole`.
"""
from __future__ import print_function

import threading
import time

from transaction import atomic

LARGE = 700
BLOCKS = 150000


def tick():
    # A call: others may come here.
    pass


class Pair(object):
    def __init__(self):
        self.a = 0
        self.b = 0


class Marked(list):
    pass


class Shared(object):
    """Each block moves something from one place to another: all sums are 0."""

    def __init__(self):
        self.pairs = [Pair() for _ in range(8)]
        self.small = [0, 0, 0]
        self.large = [0] * LARGE
        self.marked = Marked([0] * LARGE)
        self.marked.mark = 0
        self.log = []

    def move(self, n):
        p = self.pairs[n % 8]
        p.a += n
        self.small[n % 3] += n
        tick()
        self.large[n % LARGE] += n
        self.marked.mark += n
        tick()
        self.marked[-1 - n % LARGE] -= n
        self.large[(n + 1) % LARGE] -= n
        tick()
        self.small[(n + 1) % 3] -= n
        tick()
        p.b -= n
        if n % 7 == 0:
            self.small.append(0)
            del self.small[3:]
            self.log.append(n)

    def sums(self):
        return [sum([p.a + p.b for p in self.pairs]), sum(self.small), sum(self.large), self.marked.mark + sum(self.marked)]


def main():
    shared = Shared()
    over = []
    wrong = []

    def look():
        while not over:
            time.sleep(0.0005)
            if sum(tuple(shared.small)) != 0:
                wrong.append("small")
            with atomic:
                if shared.sums() != [0, 0, 0, 0]:
                    wrong.append(shared.sums())
            with atomic:
                shared.move(7)

    def work():
        for n in range(BLOCKS):
            with atomic:
                shared.move(n)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for t in lookers:
        t.start()
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    over.append(True)
    for t in lookers:
        t.join()
    if shared.sums() != [0, 0, 0, 0] or len(set(shared.log)) != BLOCKS // 7 + 1:
        wrong.append((shared.sums(), len(set(shared.log))))
    print(wrong[:3] or "whole")


main()
