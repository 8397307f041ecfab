"""A block that can't be rolled back waits for a lock whose holder looks up names for the first time: tables of names are no part of transactions,
so the holder need not wait for the block. Prints `through`."""
from __future__ import print_function

import os
import threading
import time

from transaction import atomic

lock, held, entered = threading.Lock(), threading.Lock(), threading.Lock()
held.acquire()
entered.acquire()
here = [0]


def holder():
    global fresh
    with lock:
        held.release()
        entered.acquire()
        time.sleep(0.05)
        fresh = sorted(set(here))
        assert hasattr(here, "append") and not globals().get("missing")


def main():
    global also_fresh
    t = threading.Thread(target=holder)
    t.start()
    held.acquire()
    with atomic:
        os.getpid(), os.stat(".")
        entered.release()
        assert not hasattr(threading, "no such name") and len(here) == max(1, 0)
        also_fresh = 1
        with lock:
            here[0] += 1
    t.join()
    print("through")


main()
