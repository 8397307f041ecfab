"""Objects of all small sizes and some large ones, written in blocks in every way that handlers know: an abort puts all of each back, whatever came after
its first write, in a thread that is alone and beside another. Each is written the same way without a block; prints `same` when both are alike.
"""
from __future__ import print_function

import threading

from transaction import atomic


class Plain(object):
    pass


class Other(object):
    pass


class Slotted(object):
    __slots__ = ["a0", "a1", "a2"]


class Items(list):
    pass


def tick():
    # A call: a chance for an abort.
    pass


def make(kind, n):
    if kind in (list, Items):
        return kind(range(n))
    x = kind()
    for i in range(min(n, 3) if kind is Slotted else n):
        setattr(x, "a%d" % i, i)
    return x


def store(x):
    x.a0 = 5
    tick()
    x.a0 += 7
    tick()


def add(x):
    x.a0 = 6
    tick()
    x.new = x.a0
    tick()
    x.newer = [x.new]
    tick()


def delete(x):
    x.a1 = 8
    tick()
    del x.a0
    tick()
    x.a0 = 9
    tick()


def change_class(x):
    x.a0 += 1
    tick()
    x.__class__ = Other
    tick()
    x.a1 = 3
    tick()


def put(x):
    x[0] += 1
    tick()
    x[-1] -= 2
    tick()


def grow(x):
    x[0] = 4
    tick()
    for i in range(9):
        x.append(i)
        tick()
    x[0] += x[3]
    tick()


def shrink(x):
    x[1] = 7
    tick()
    del x[0]
    tick()
    x[:1] = []
    tick()
    x.extend([1, 2])
    x.sort()


def trade(x):
    # The items go through another list and come back in other places.
    other = [10, 11, 12]
    x[0] = 1
    tick()
    x[:], other[:] = other, list(x)
    tick()
    other[0] += 1
    x.append(tuple(other))
    tick()


def attribute(x):
    # An attribute and items of one object, which is logged now by the word, now by the item, now whole.
    x.mark = 1
    tick()
    x[0] = 2
    x.mark += 1
    tick()
    x.append(3)
    x[1] += x.mark
    tick()
    x.mark += 1
    x[0] = x.mark
    x[2:4] = [7]
    tick()
    x.mark = x[0] = 9
    tick()


def outcome(way, x):
    try:
        way(x)
    except (AttributeError, IndexError, TypeError) as e:
        return type(e).__name__


def seen(x):
    if isinstance(x, list):
        return list(x), getattr(x, "mark", None)
    names = ["a%d" % i for i in range(13)] + ["new", "newer"]
    return type(x).__name__, [(n, getattr(x, n)) for n in names if hasattr(x, n)]


def in_block(way, x):
    with atomic:
        return outcome(way, x)


def in_rounds(way, xs):
    ends = []
    for x in xs:
        with atomic:
            ends.append(outcome(way, x))
    return ends


def compare(wrong):
    for kinds, ways in (([Plain, Slotted], [store, add, delete, change_class]), ([list, Items], [put, grow, shrink, trade, attribute])):
        for kind in kinds:
            for way in ways:
                for n in list(range(13)) + [40, 600]:
                    expected = make(kind, n)
                    end = outcome(way, expected)
                    single = make(kind, n)
                    if (in_block(way, single), seen(single)) != (end, seen(expected)):
                        wrong.append((kind, way, n, seen(single), seen(expected)))
                    many = [make(kind, n) for _ in range(20)]
                    if in_rounds(way, many) != [end] * 20 or [seen(x) for x in many] != [seen(expected)] * 20:
                        wrong.append((kind, way, n, "rounds", [seen(x) for x in many], seen(expected)))


def main():
    wrong = []
    compare(wrong)
    over = []

    def busy():
        while not over:
            tick()

    other = threading.Thread(target=busy)
    other.start()
    compare(wrong)
    over.append(True)
    other.join()
    print(wrong[:3] or "same")


main()
