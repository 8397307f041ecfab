"""Trees: every transaction builds a binary tree and walks it. Threads share nothing but the list of results."""
from __future__ import print_function

from common import Demo


class Node(object):
    def __init__(self, left, right):
        self.left = left
        self.right = right


class Slot(object):
    def __init__(self, number):
        self.number = number
        self.leaves = 0


def build(depth):
    if depth == 0:
        return None
    return Node(build(depth - 1), build(depth - 1))


def leaves(tree):
    if tree is None:
        return 1
    return leaves(tree.left) + leaves(tree.right)


def main():
    demo = Demo(__doc__, trees=90, depth=9)
    slots = [Slot(n) for n in range(demo.trees)]

    def step(slot):
        slot.leaves = leaves(build(demo.depth - slot.number % 3))

    demo.parallel(step, slots)
    print("%d trees, %d leaves" % (demo.trees, sum(s.leaves for s in slots)))
    demo.end()


main()
