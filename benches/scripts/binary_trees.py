"""Binary trees: allocation and collection of many short-lived small objects."""
import sys


class Node(object):
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def main(most):
    lasting = build(most)
    depth = 4
    while depth <= most:
        trees = 1 << (most - depth + 4)
        total = 0
        for _ in range(trees):
            total += build(depth).count()
        sys.stdout.write("%d trees of depth %d: %d nodes\n" % (trees, depth, total))
        depth += 2
    sys.stdout.write("lasting tree of depth %d: %d nodes\n" % (most, lasting.count()))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
