"""Ctrl-C, exceptions and ends of threads at random moments of atomic blocks: interrupted.py SEED. Afterwards, and all the time, what blocks move
between objects must be somewhere, and once. Prints `whole` as its last line but one, and from its blocks lines that begin with `<` and end with `>`.
"""
from __future__ import print_function

import os
import random
import signal
import sys
import threading
import time

from transaction import atomic, is_atomic

ITEMS = 40
SIGNALS = 4
WORKERS = 3


class Side(object):
    def __init__(self):
        self.n = 0
        self.items = []
        self.by_key = {}


class Mistake(Exception):
    pass


left, right = Side(), Side()
left.items.extend(range(ITEMS))
left.by_key.update((n, str(n)) for n in range(ITEMS))


def check():
    """In a block or with everybody else at rest."""
    assert left.n + right.n == 0, (left.n, right.n)
    assert sorted(left.items + right.items) == list(range(ITEMS)), (left.items, right.items)
    keys = list(left.by_key) + list(right.by_key)
    assert sorted(keys) == list(range(ITEMS)), keys


def steps(giver, taker, dice):
    """Moves things from one side to the other in steps; a generator, as that has a state of its own that an abort must take back."""
    giver.n -= 1
    yield
    if giver.items:
        item = giver.items.pop(dice.randrange(len(giver.items)))
        yield
        taker.items.insert(0, item)
    if giver.by_key:
        key = min(giver.by_key)
        value = giver.by_key.pop(key)
        yield
        taker.by_key[key] = value
    for _ in range(dice.randrange(60)):
        yield
    taker.n += 1


def move(dice, raises):
    """One block; `raises` flies from the middle of it, past code that finishes the move."""
    giver, taker = (left, right) if dice.random() < 0.5 else (right, left)
    with atomic:
        check()
        moving = steps(giver, taker, dice)
        if dice.random() < 0.1:
            sys.stdout.write("<")
            sys.stdout.write(">\n")
        try:
            for n, _ in enumerate(moving):
                if raises and n == 2:
                    raise raises
        finally:
            for _ in moving:
                pass
        check()


def worker(seed, quota):
    dice = random.Random(seed)
    for _ in range(quota):
        chance = dice.random()
        try:
            if chance < 0.02:
                move(dice, SystemExit())
            elif chance < 0.04:
                # The thread ends in a block that nobody closes.
                atomic.__enter__()
                left.n += 1
                right.n -= 1
                return
            elif chance < 0.2:
                move(dice, Mistake())
            else:
                move(dice, None)
        except Mistake:
            assert not is_atomic()


class State(object):
    caught = 0
    seen = -1
    over = False


def interrupt(dice):
    """Ctrl-C, again and again; the next one when the last has been caught."""
    for n in range(SIGNALS):
        while State.seen < n:
            time.sleep(0.0005)
        time.sleep(dice.random() * 0.01)
        os.kill(os.getpid(), signal.SIGINT)
    while State.seen < SIGNALS:
        time.sleep(0.0005)
    State.over = True


def main():
    seed = int(sys.argv[1])
    dice = random.Random(seed)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threads = [threading.Thread(target=worker, args=(seed * 10 + n, 60)) for n in range(WORKERS)]
    threads.append(threading.Thread(target=interrupt, args=(random.Random(seed * 10 + 9),)))
    for t in threads:
        t.start()
    while not State.over:
        try:
            State.seen = State.caught
            while not State.over:
                try:
                    move(dice, Mistake() if dice.random() < 0.2 else None)
                except Mistake:
                    pass
        except KeyboardInterrupt:
            assert not is_atomic()
            with atomic:
                check()
            State.caught += 1
    for t in threads:
        t.join()
    check()
    assert State.caught == SIGNALS
    print("whole")
    sys.stdout.flush()
    if seed % 2:
        # The process ends in the middle of others' blocks; in some runs because of Ctrl-C.
        for n in range(2):
            t = threading.Thread(target=worker, args=(seed * 10 + n, 1000000))
            t.daemon = True
            t.start()
        time.sleep(dice.random() * 0.01)
        if seed % 4 == 1:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)


main()
