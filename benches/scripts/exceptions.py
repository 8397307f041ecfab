"""Exceptions: raising, matching, re-raising, finally, and unwinding deep calls."""
import sys


class Problem(Exception):
    def __init__(self, code):
        Exception.__init__(self, code)
        self.code = code


class Minor(Problem):
    pass


class Major(Problem):
    pass


def work(value):
    if value % 3 == 0:
        raise Minor(value)
    if value % 7 == 0:
        raise Major(value)
    return value


def guarded(value, trail):
    try:
        return work(value)
    except Minor as problem:
        trail[0] += problem.code
        return -1
    finally:
        trail[1] += 1


def deep(level):
    if level == 0:
        raise Major(0)
    try:
        return deep(level - 1)
    except Minor:
        return 0
    finally:
        level += 1


class Managed(object):
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log[0] += 1
        return self

    def __exit__(self, kind, value, traceback):
        self.log[1] += 1
        return kind is not None and issubclass(kind, KeyError)


def main(count):
    trail = [0, 0]
    majors = 0
    total = 0
    for value in range(count):
        try:
            total += guarded(value, trail)
        except Major as problem:
            majors += problem.code & 15
    sys.stdout.write("%d %d %d\n" % (total, majors, trail[0]))
    sys.stdout.write("finally %d\n" % trail[1])
    unwound = 0
    for _ in range(count // 100):
        try:
            deep(40)
        except Problem:
            unwound += 1
    sys.stdout.write("unwound %d\n" % unwound)
    table = {}
    log = [0, 0]
    missing = 0
    for value in range(count):
        with Managed(log):
            table[value & 1023] += 1
            missing -= 1
        missing += 1
        if value & 1:
            table.setdefault(value & 1023, 0)
    sys.stdout.write("missing %d %r\n" % (missing, log))
    stops = 0
    for value in range(count // 4):
        source = iter((value,))
        try:
            while True:
                next(source)
        except StopIteration:
            stops += 1
    sys.stdout.write("stops %d\n" % stops)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 600000)
