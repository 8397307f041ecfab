"""Fannkuch: the most prefix reversals over all permutations of n numbers.

List slices, reversals and integer indexing.
"""
import sys


def flips(order):
    """Reversals of the first order[0]+1 items until item 0 leads."""
    row = order[:]
    count = 0
    first = row[0]
    while first:
        row[:first + 1] = row[first::-1]
        count += 1
        first = row[0]
    return count


def fannkuch(size):
    order = list(range(size))
    turns = [0] * size
    most = 0
    checksum = 0
    sign = 1
    level = 0
    # Heap's method: each step swaps one pair, so the parity alternates.
    while level < size:
        if level == 0:
            count = flips(order)
            if count > most:
                most = count
            checksum += sign * count
            level = 1
            continue
        if turns[level] < level:
            other = turns[level] if level & 1 else 0
            order[level], order[other] = order[other], order[level]
            sign = -sign
            turns[level] += 1
            level = 0
        else:
            turns[level] = 0
            level += 1
    return checksum, most


def main(size):
    checksum, most = fannkuch(size)
    sys.stdout.write("checksum %d\nmost flips of %d: %d\n" % (checksum, size, most))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
