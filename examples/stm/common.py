"""What the demos share: sizes on the command line, threads, and a switch that leaves the atomic blocks out.

    --threads N   how many threads work (2)
    --plain       one thread, no atomic blocks: what the blocks cost is the difference to --threads 1
    --seconds     prints the time that the work took, and that of the processors, as a last line
"""
from __future__ import print_function

import argparse
import sys
import threading
import time
from collections import deque

from transaction import TransactionQueue, atomic, clock as processor_time

clock = getattr(time, "perf_counter", time.time)


class PlainQueue(object):
    """TransactionQueue without transactions: the jobs run here, one after the other."""

    def __init__(self):
        self._jobs = deque()

    def add(self, f, *args, **kwargs):
        self._jobs.append((f, args, kwargs))

    def run(self, nb_segments=0):
        while self._jobs:
            f, args, kwargs = self._jobs.popleft()
            f(*args, **kwargs)


class Demo(object):
    """The command line of a demo: `sizes` are its numbers and their defaults, which become attributes."""

    def __init__(self, doc, **sizes):
        parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
        for name in sorted(sizes):
            parser.add_argument("--" + name, type=int, default=sizes[name], help="default %d" % sizes[name])
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument("--plain", action="store_true", help="one thread, no atomic blocks")
        parser.add_argument("--seconds", action="store_true", help="print the time that the work took")
        given = parser.parse_args()
        self.plain = given.plain
        self.threads = 1 if given.plain else max(1, given.threads)
        self._show = given.seconds
        self._spent = 0.0
        self._processor = 0.0
        for name in sizes:
            setattr(self, name, getattr(given, name))

    def queue(self):
        return PlainQueue() if self.plain else TransactionQueue()

    def run(self, queue):
        """Runs the jobs of a queue in the demo's threads."""
        began = clock(), processor_time()
        queue.run(self.threads)
        self._count(began)

    def each(self, step, items):
        """step(item) for all items in this thread, each call one transaction."""
        if self.plain:
            for item in items:
                step(item)
        else:
            for item in items:
                with atomic:
                    step(item)

    def parallel(self, step, items):
        """As each(), the items dealt out to the demo's threads."""
        self.in_threads([lambda mine=items[n::self.threads]: self.each(step, mine) for n in range(self.threads)])

    def in_threads(self, works):
        """Calls all functions, each in its own thread; the first exception ends the program."""
        began = clock(), processor_time()
        failed = []

        def guarded(work):
            try:
                work()
            except BaseException:
                failed.append(sys.exc_info())

        threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._count(began)
        if failed:
            sys.excepthook(*failed[0])
            sys.exit(1)

    def _count(self, began):
        self._spent += clock() - began[0]
        self._processor += processor_time() - began[1]

    def end(self):
        if self._show:
            print("seconds %.6f processor %.6f" % (self._spent, self._processor))


class Random(object):
    """Numbers that are the same in every version of Python: a linear congruential generator (Knuth's MMIX constants, the high bits)."""

    def __init__(self, seed):
        self.state = seed * 2862933555777941757 + 3037000493 & 0xFFFFFFFFFFFFFFFF

    def below(self, n):
        self.state = self.state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF
        return int((self.state >> 33) % n)
