"""Generators: pipelines, recursive trees, send, and eight queens."""
import sys


def numbers(limit):
    value = 0
    while value < limit:
        yield value
        value += 1


def keep(source, divisor):
    for value in source:
        if value % divisor:
            yield value


def pairs(source):
    previous = None
    for value in source:
        if previous is not None:
            yield previous, value
        previous = value


def in_order(low, high):
    """The values of a balanced tree over low..high, one generator a node."""
    if low < high:
        middle = (low + high) // 2
        for value in in_order(low, middle):
            yield value
        yield middle
        for value in in_order(middle + 1, high):
            yield value


def averager():
    total = 0
    count = 0
    value = yield None
    while True:
        total += value
        count += 1
        value = yield total // count


def queens(size, row, columns, rising, falling, placed):
    if row == size:
        yield tuple(placed)
        return
    for column in range(size):
        up = row + column
        down = row - column
        if column in columns or up in rising or down in falling:
            continue
        columns.add(column)
        rising.add(up)
        falling.add(down)
        placed.append(column)
        for solution in queens(size, row + 1, columns, rising, falling, placed):
            yield solution
        placed.pop()
        columns.discard(column)
        rising.discard(up)
        falling.discard(down)


def main(scale):
    chain = keep(keep(keep(numbers(scale * 20), 2), 3), 5)
    sys.stdout.write("gaps %d\n" % sum(b - a for a, b in pairs(chain)))
    sys.stdout.write("tree %d\n" % sum(v * v % 7 for v in in_order(0, scale * 2)))
    mean = averager()
    next(mean)
    last = 0
    for value in range(scale * 20):
        last = mean.send(value * 3 % 1000)
    sys.stdout.write("mean %d\n" % last)
    solutions = list(queens(8, 0, set(), set(), set(), []))
    sys.stdout.write("queens %d %r\n" % (len(solutions), solutions[0]))
    squares = sum(x * x for x in (y + 1 for y in range(scale * 20)) if x & 1)
    sys.stdout.write("squares %d\n" % squares)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 120000)
