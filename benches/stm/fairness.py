"""Long transactions against short ones on the same objects: fairness.py LONG_THREADS SHORT_THREADS SECONDS.

A long one adds to all counters again and again, for some ten milliseconds; a short one adds to one. Prints for both how many ended, how often they
were rolled back (most: in a row), and the longest from the first attempt to the end. Every thread must get through: who doesn't within ten times the given
time is reported as starved, status 1.
"""
from __future__ import print_function

import sys
import threading
import time

from _transaction import aborts
from transaction import atomic

clock = getattr(time, "perf_counter", time.time)
COUNTERS = 64
ROUNDS = 300


class Counter(object):
    def __init__(self):
        self.n = 0


class Figures(object):
    def __init__(self):
        self.ended = 0
        self.aborts = 0
        self.most = 0
        self.longest = 0.0

    def count(self, rolled_back, spent):
        self.ended += 1
        self.aborts += rolled_back
        self.most = max(self.most, rolled_back)
        self.longest = max(self.longest, spent)


def long_ones(counters, figures, until):
    while True:
        began = clock()
        with atomic:
            for _ in range(ROUNDS):
                for c in counters:
                    c.n += 1
            rolled_back = aborts()
        figures.count(rolled_back, clock() - began)
        if clock() >= until:
            return


def short_ones(counters, figures, until):
    n = 0
    while True:
        n += 7
        began = clock()
        with atomic:
            counters[n % COUNTERS].n += 1
            rolled_back = aborts()
        figures.count(rolled_back, clock() - began)
        if clock() >= until:
            return


def main():
    threads_long, threads_short, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    counters = [Counter() for _ in range(COUNTERS)]
    until = clock() + seconds
    rows = []
    for name, work, threads in (("long", long_ones, threads_long), ("short", short_ones, threads_short)):
        for _ in range(threads):
            figures = Figures()
            thread = threading.Thread(target=work, args=(counters, figures, until))
            thread.daemon = True
            rows.append((name, figures, thread))
    for _, _, thread in rows:
        thread.start()
    for _, _, thread in rows:
        thread.join(max(1.0, until + 10 * seconds - clock()))
    starved = [name for name, _, thread in rows if thread.is_alive()]
    ended = {"long": 0, "short": 0}
    for name, f, _ in rows:
        ended[name] += f.ended
        print("%-5s ended %7d, rolled back %7d (at most %3d in a row), longest %8.2f ms" % (name, f.ended, f.aborts, f.most, f.longest * 1e3))
        if not f.ended:
            starved.append(name)
    if starved:
        print("starved:", starved)
        sys.exit(1)
    total = sum(c.n for c in counters)
    assert total == ended["long"] * ROUNDS * COUNTERS + ended["short"], (total, ended)


main()
