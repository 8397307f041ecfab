"""Threads add many keys to one stmdict while it grows and blocks are rolled back: each key must be there once, with everything that was added. Prints `whole`."""
from __future__ import print_function

import threading

from transaction import atomic, stmdict

KEYS = 1500
THREADS = 4


def add(counts, first):
    for start in range(0, KEYS, 30):
        with atomic:
            for n in range(start, start + 30):
                key = "key %d" % ((n * 7 + first) % KEYS)
                counts[key] = counts.get(key, 0) + 1


def main():
    for _ in range(5):
        counts = stmdict()
        threads = [threading.Thread(target=add, args=(counts, n * 11)) for n in range(THREADS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        found = counts.items()
        assert len(found) == len(counts) == KEYS, (len(found), len(counts))
        assert all(n == THREADS for _, n in found), [(k, n) for k, n in found if n != THREADS]
    print("whole")


main()
