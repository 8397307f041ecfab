"""Loops over one feature of the language each, free of transactions and threads: plain-programs.py NAME COUNT.

tools/plain-instructions.py runs them; both languages, and builds older than the module `transaction`, take them.
"""
import gc
import sys

try:
    range = xrange  # 2.7 would make lists.
except NameError:
    pass


class Point(object):
    kind = "point"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def add(self, n):
        return self.x + n

    @property
    def both(self):
        return self.x + self.y


class Slotted(object):
    __slots__ = "x", "y"

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Failure(Exception):
    pass


class Manager(object):
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        return False


def attribute_reads(count):
    p = Point(1, 2)
    for _ in range(count):
        p.x
        p.y
        p.kind


def attribute_writes(count):
    p = Point(1, 2)
    for i in range(count):
        p.x = i
        p.y = p
        p.x += 1


def properties_and_slots(count):
    p, s = Point(1, 2), Slotted(1, 2)
    for _ in range(count):
        s.x = p.both
        s.y = s.x


def many_objects(count):
    points = [Point(i, i) for i in range(500)]
    for _ in range(count // 500):
        for p in points:
            p.x = p.y + 1


def new_attributes(count):
    for i in range(count):
        p = Point.__new__(Point)
        p.x = i
        p.a = p.b = p.c = i


def method_calls(count):
    p = Point(1, 2)
    for i in range(count):
        p.add(i)
        p.add(p.add(1))


def function_calls(count):
    def f(a, b=2, *rest, **named):
        return a

    def g(a, b, c):
        return b

    for i in range(count):
        g(i, i, i)
        f(i)
        f(i, 2, 3, c=4)


def builtin_calls(count):
    items = [1, 2, 3]
    for i in range(count):
        len(items)
        isinstance(i, int)
        abs(i)
        max(i, 5)


def closures(count):
    total = 0

    def add(n):
        def inner():
            return n + total
        return inner

    for i in range(count):
        total = add(i)() & 1023


TALLY = 0


def global_names(count):
    global TALLY
    for i in range(count):
        TALLY = TALLY + 1
        Point


def list_items(count):
    items = list(range(100))
    for i in range(count):
        items[i % 100] = items[(i + 7) % 100]
        items[3] += 1


def list_growth(count):
    for _ in range(count // 100):
        items = []
        for i in range(100):
            items.append(i)
        while items:
            items.pop()


def list_operations(count):
    items = list(range(20))
    for i in range(count):
        more = items + [i]
        more.insert(3, i)
        more.reverse()
        more[2:5]
        i in more


def dict_items(count):
    table = {}
    for i in range(count):
        key = i & 255
        table[key] = i
        table[key] += 1
        table.get(key, 0)


def dict_text_keys(count):
    names = ["name%d" % i for i in range(64)]
    table = dict((n, 0) for n in names)
    for _ in range(count // 64):
        for n in names:
            table[n] = table[n] + 1
            n in table


def dict_growth(count):
    for _ in range(count // 50):
        table = {}
        for i in range(50):
            table[i * 7] = i
        for key, value in table.items():
            key
        for i in range(50):
            del table[i * 7]


def sets(count):
    seen = set()
    for i in range(count):
        seen.add(i & 127)
        (i & 63) in seen
        seen.discard(i & 31)


def integers(count):
    a, b = 1, 7
    for i in range(count):
        a = (a * 5 + i) % 1009
        b = a ^ b & i | 3
        if a > b:
            b += a // 3


def large_integers(count):
    a = 3 ** 100
    for i in range(count):
        (a + i) * a % 1000003


def floats(count):
    x = y = 0.5
    for i in range(count):
        x = x * 0.999 + y / 3.0
        y = y - x * 0.001
        if x < y:
            x = -x


def while_loops(count):
    i = 0
    while i < count:
        if i % 3 == 0 and i != 7:
            i += 1
            continue
        i += 1


def strings(count):
    text = "a line of words"
    for i in range(count):
        part = text[2:6] + "x"
        part.upper()
        "%s=%d" % (part, i)
        text.split()
        ",".join([part, text])


def characters(count):
    text = "abcdefghij" * 10
    for _ in range(count // 100):
        for c in text:
            if c == "d":
                ord(c)


def tuples(count):
    a, b = 1, 2
    for i in range(count):
        pair = (i, b)
        a, b = pair
        a, b = b, a


def generators(count):
    def numbers(n):
        for i in range(n):
            yield i

    for i in numbers(count):
        pass
    sum(i for i in numbers(count))


def comprehensions(count):
    items = list(range(50))
    for _ in range(count // 50):
        [i + 1 for i in items if i & 1]
        {i: i for i in items}


def exceptions(count):
    for i in range(count):
        try:
            raise Failure(i)
        except Failure as e:
            e.args
        finally:
            i


def missing(count):
    table, items = {}, []
    for i in range(count):
        try:
            table[i]
        except KeyError:
            pass
        try:
            items[i]
        except IndexError:
            pass


def with_statements(count):
    manager = Manager()
    for _ in range(count):
        with manager:
            pass


def sorting(count):
    items = [i * 7919 % 1009 for i in range(1000)]
    points = [Point(i, 0) for i in items]
    for _ in range(count // 1000):
        sorted(items)
        sorted(points, key=lambda p: p.x)


def instances(count):
    for i in range(count):
        Point(i, 2)
        Slotted(i, 3)


def linked_objects(count):
    head = None
    for i in range(count):
        head = Point(i, head)
        if i % 200 == 0:
            head = None


def iterators(count):
    items = list(range(100))
    for _ in range(count // 100):
        for i, (a, b) in enumerate(zip(items, items)):
            i
        list(map(abs, items))


def deques(count):
    from collections import deque
    line = deque(range(50))
    for i in range(count):
        line.append(line.popleft())
        line[3] = i


def bytes_in_place(count):
    data = bytearray(256)
    for i in range(count):
        data[i & 255] = i & 127
        data[3]


def locks(count):
    import threading
    lock = threading.Lock()
    for _ in range(count):
        with lock:
            pass


def numpy_elements(count):
    import numpy
    a = numpy.zeros(100)
    for i in range(count):
        a[i % 100] = a[(i + 3) % 100] + 1.0


def numpy_operations(count):
    import numpy
    a, b = numpy.ones(64), numpy.ones(64)
    for _ in range(count // 16):
        c = a * b + 2.0
        c += a
        c[3:40] = 1
        c.sum()


if __name__ == "__main__":
    gc.collect()
    globals()[sys.argv[1]](int(sys.argv[2]))
