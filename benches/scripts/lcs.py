"""Longest common subsequence and edit distance: dynamic programming tables."""
import sys


def make_sequence(length, seed):
    letters = []
    state = seed
    for _ in range(length):
        state = (state * 69069 + 1) & 0xFFFFFFFF
        letters.append("ACGT"[state >> 30])
    return "".join(letters)


def common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                table[i + 1][j + 1] = max(table[i][j + 1], table[i + 1][j])
    found = []
    i, j = len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            found.append(a[i - 1])
            i -= 1
            j -= 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(found))


def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, left in enumerate(a):
        current = [i + 1]
        for j, right in enumerate(b):
            cost = previous[j] + (left != right)
            cost = min(cost, previous[j + 1] + 1, current[j] + 1)
            current.append(cost)
        previous = current
    return previous[-1]


def main(length):
    a = make_sequence(length, 1)
    b = make_sequence(length, 7)
    shared = common(a, b)
    sys.stdout.write("%d %s\n" % (len(shared), shared[:60]))
    sys.stdout.write("distance %d\n" % distance(a, b))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 1700)
