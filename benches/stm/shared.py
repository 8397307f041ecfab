"""Plain threads on one list or dict: shared.py KIND THREADS COUNT. No transactions: runs on any Python. Prints the seconds that the work took."""
from __future__ import print_function

import sys
import threading
import time

clock = getattr(time, "perf_counter", time.time)
lock = threading.Lock()


def append(shared, thread, count):
    for n in range(count):
        shared.append(n)


def append_locked(shared, thread, count):
    for n in range(count):
        with lock:
            shared.append(n)


def store(shared, thread, count):
    for n in range(count):
        shared[n & 1023] = n


def add_locked(shared, thread, count):
    for n in range(count):
        with lock:
            shared[n & 1023] += 1


def dict_read(shared, thread, count):
    total = 0
    for n in range(count):
        total += shared[n & 1023]


# Function, what is shared, and whether what it holds in the end must be count * threads: its length or its sum.
KINDS = {
    "append": (append, list, len),
    "append_locked": (append_locked, list, len),
    "list_store": (store, lambda: [0] * 1024, None),
    "list_add_locked": (add_locked, lambda: [0] * 1024, sum),
    "dict_store": (store, lambda: dict.fromkeys(range(1024), 0), None),
    "dict_add_locked": (add_locked, lambda: dict.fromkeys(range(1024), 0), lambda d: sum(d.values())),
    "dict_read": (dict_read, lambda: dict.fromkeys(range(1024), 1), None),
}


def main():
    kind, threads, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    work, make, measure = KINDS[kind]
    shared = make()
    workers = [threading.Thread(target=work, args=(shared, n, count // threads)) for n in range(threads)]
    began = clock()
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    spent = clock() - began
    if measure:
        assert measure(shared) == count // threads * threads
    print("seconds %.6f" % spent)


main()
