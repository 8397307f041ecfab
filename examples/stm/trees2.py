"""Trees, with more work: every transaction walks one tree that all share, makes a changed copy of it, and enters what it found
in a second shared tree, where it changes one path from the root.
"""
from __future__ import print_function

from common import Demo, Random


class Node(object):
    def __init__(self, key, left=None, right=None):
        self.key = key
        self.count = 0
        self.left = left
        self.right = right


def balanced(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Node(middle, balanced(low, middle), balanced(middle + 1, high))


def changed(tree, by):
    if tree is None:
        return None
    return Node(tree.key * by % 1009, changed(tree.left, by), changed(tree.right, by))


def total(tree):
    if tree is None:
        return 0
    return tree.key + total(tree.left) + total(tree.right)


def enter(tree, key):
    """Counts a key in a search tree; nodes are made as needed."""
    while tree.key != key:
        if key < tree.key:
            if tree.left is None:
                tree.left = Node(key)
            tree = tree.left
        else:
            if tree.right is None:
                tree.right = Node(key)
            tree = tree.right
    tree.count += 1


def in_order(tree, out):
    if tree is not None:
        in_order(tree.left, out)
        if tree.count:
            out.append((tree.key, tree.count))
        in_order(tree.right, out)
    return out


def main():
    demo = Demo(__doc__, jobs=80, keys=255)
    shared = balanced(0, demo.keys)
    found = Node(1 << 17)
    dice = Random(7)

    def step(by):
        enter(found, total(changed(shared, by)))

    demo.parallel(step, [1 + dice.below(1000) for _ in range(demo.jobs)])
    entries = in_order(found, [])
    assert [k for k, _ in entries] == sorted(k for k, _ in entries)
    print("%d walks, %d sums, the smallest %d, the largest %d, all together %d" % (
        sum(n for _, n in entries), len(entries), entries[0][0], entries[-1][0], sum(k * n for k, n in entries)))
    demo.end()


main()
