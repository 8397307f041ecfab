"""Loops whose body is one atomic block, which may have several rounds in one transaction: every way out of such a loop, and what must not be seen
of it. Prints `same`.
"""
from __future__ import print_function

import gc
import sys
import threading
import time
import weakref

from transaction import atomic, hint_commit_soon, is_atomic, queue
from _transaction import aborts

wrong = []


def expect(what, is_, should):
    if is_ != should:
        wrong.append("%s: %r instead of %r" % (what, is_, should))


class Box(object):
    def __init__(self, n=0):
        self.n = n


def warm(box, rounds=400):
    """After this the thread's transactions have several rounds."""
    for _ in range(rounds):
        with atomic:
            box.n += 1


def states():
    box = Box()
    for items in range(300), list(range(300)), tuple(range(300)), iter(range(300)), (i for i in range(300)), dict.fromkeys(range(300)):
        for i in items:
            with atomic:
                box.n += i
        expect("in a block", is_atomic(), False)
    expect("sum", box.n, 6 * 299 * 150)
    for n, i in enumerate(range(300)):
        with atomic:
            box.n -= i

    step = getattr(enumerate, "__next__", None) or enumerate.next

    class Steps(enumerate):
        def __next__(self):
            asked.add(is_atomic())
            return step(self)
        next = __next__
    asked = set()
    for n, i in Steps(range(100)):
        with atomic:
            box.n -= i
    expect("an iterator's own step", asked, {False})
    expect("difference", box.n, 5 * 299 * 150 - 99 * 50)
    table = dict.fromkeys(range(300))
    try:
        for i in table:
            with atomic:
                box.n += 1
                if i == 200:
                    table[300] = None
    except RuntimeError as e:
        expect("a dict that changes", (is_atomic(), box.n), (False, 5 * 299 * 150 - 99 * 50 + 201))


def pairs():
    box = Box()
    for a, b in [(1, 2)] * 300:
        with atomic as entered:
            box.n += a * b
    expect("pairs", (box.n, entered is atomic), (600, True))
    try:
        for a, b in [(1, 2)] * 100 + [(1, 2, 3)]:
            with atomic:
                box.n += 1
    except ValueError as e:
        expect("after an exception of the step", (is_atomic(), box.n), (False, 700))
    else:
        wrong.append("no ValueError")


def targets_that_look():
    seen = []

    class Pair(object):
        def __iter__(self):
            seen.append(is_atomic())
            with atomic:
                box.n += 1
            return iter((1, 2))
    box = Box()
    for a, b in [Pair() for _ in range(100)]:
        with atomic:
            box.n += a
    expect("steps", (box.n, set(seen)), (200, {False}))


def ways_out():
    box = Box()

    def left(how):
        for i in range(200):
            with atomic:
                box.n += 1
                if i == 100:
                    if how == "return":
                        return i
                    if how == "raise":
                        raise KeyError(i)
                    if how == "break":
                        break
                if i % 3 == 0:
                    continue
                box.n += 1
        else:
            return "end"
        return "break"
    expect("return", left("return"), 100)
    expect("break", left("break"), "break")
    expect("end", left(""), "end")
    try:
        left("raise")
    except KeyError as e:
        expect("raise", e.args, (100,))
    expect("in a block", is_atomic(), False)
    expect("count", box.n, 3 * 167 + 333)
    n = 0
    while True:
        with atomic:
            n += 1
            if n == 500:
                break
    expect("while", (n, is_atomic()), (500, False))


def generators():
    def steps(n):
        for i in range(n):
            with atomic:
                box.n += 1
                if i % 50 == 49:
                    yield i
    box = Box()
    expect("yields", list(steps(200)), [49, 99, 149, 199])
    expect("yields", box.n, 200)
    g = steps(200)
    next(g)
    g.close()
    expect("closed", is_atomic(), False)


class Manager(object):
    def __enter__(self):
        self.inside = is_atomic()

    def __exit__(self, *args):
        expect("another manager's block", (self.inside, is_atomic()), (False, False))


def other_managers():
    box, manager = Box(), Manager()
    for m in [atomic] * 50 + [manager] + [atomic] * 50 + [manager, manager]:
        with m:
            box.n += 1
    expect("managers", (box.n, is_atomic()), (103, False))
    try:
        for m in [atomic] * 50 + [None]:
            with m:
                box.n += 1
    except (TypeError, AttributeError):
        expect("no manager", (box.n, is_atomic()), (153, False))
    try:
        for i in range(100):
            with vanishing:
                box.n += 1
                if i == 60:
                    del globals()["vanishing"]
    except NameError:
        expect("no name", (box.n, is_atomic()), (214, False))


vanishing = atomic


def nested():
    box = Box()
    for _ in range(20):
        with atomic:
            for _ in range(20):
                with atomic:
                    box.n += 1
            expect("between inner blocks", is_atomic(), True)
    expect("nested", (box.n, is_atomic()), (400, False))
    for _ in range(100):
        with atomic:
            warm(box, 3)
    expect("nested calls", (box.n, is_atomic()), (700, False))


def others_see():
    """Another thread sees what a block wrote once it has ended, however long the loop goes on."""
    box, seen = Box(), Box(0)

    def look():
        while seen.n < 50:
            last = seen.n
            seen.n = max(last, min(box.n, 50))
    t = threading.Thread(target=look)
    t.start()
    end = time.time() + 20
    while True:
        with atomic:
            box.n += 1
            if seen.n >= 50 or time.time() > end:
                break
    expect("what the other thread saw", seen.n, 50)
    t.join()


def answers():
    """Each round waits for what another thread does after the round before."""
    asked, answered = queue(), queue()

    def answer():
        for _ in range(60):
            answered.put(asked.get() + 1)
    t = threading.Thread(target=answer)
    t.start()
    box = Box()
    warm(box)
    got = []
    for i in range(121):
        with atomic:
            if i % 2 == 0:
                if i < 120:
                    asked.put(i)
            else:
                got.append(answered.get())
    t.join()
    expect("answers", got, list(range(1, 121, 2)))


def hints():
    box = Box()
    for _ in range(300):
        with atomic:
            box.n += 1
            hint_commit_soon()
    expect("hints", box.n, 300)


def finalizers():
    """What dies in one round is finalized long before the loop ends."""
    gone = []

    class Final(object):
        def __del__(self):
            gone.append(is_atomic())
    box = Box()
    for i in range(300):
        with atomic:
            box.n += 1
            if i % 100 == 0:
                box.last = Final()
                box.last = None
                gc.collect()
            if i % 100 == 99:
                box.seen = len(gone)
    gc.collect()
    expect("finalizers", (box.seen >= 2, set(gone)), (True, {False}))


def traced():
    lines = []

    def trace(frame, event, arg):
        lines.append((frame.f_code.co_name, event))
        return trace
    box = Box()
    sys.settrace(trace)
    try:
        warm(box, 30)
    finally:
        sys.settrace(None)
    expect("traced", (box.n, lines.count(("warm", "call"))), (30, 1))


def many_threads():
    """Two counters that are equal between blocks."""
    a, b = Box(), Box()
    boxes = [Box() for _ in range(50)]

    def work(n):
        for i in range(3000):
            with atomic:
                a.n += 1
                boxes[(i * n) % 50].n += 1
                b.n += 1

    def look():
        for i in range(3000):
            with atomic:
                if a.n != b.n:
                    wrong.append("half a block")
    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 4)] + [threading.Thread(target=look)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    expect("sums", (a.n, b.n, sum(x.n for x in boxes)), (9000, 9000, 9000))


def work():
    warm(Box())
    for f in (states, pairs, targets_that_look, ways_out, generators, other_managers, nested, others_see, answers, hints, finalizers, many_threads, traced):
        warm(Box())
        f()
        if is_atomic():
            wrong.append("%s leaves a block open" % f.__name__)


work()
vanishing = atomic
t = threading.Thread(target=work)
t.start()
t.join()
print("\n".join(wrong) or "same")
