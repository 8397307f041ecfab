"""A circuit router after C. Y. Lee (1961): connections are laid on one shared grid, a numpy array, so that none crosses another.

A wave goes out from one end over the free cells until it reaches the other; the way back is the connection. The wave runs on a copy of
the grid. The transaction then looks whether all cells are still free, and takes them; if not, the wave starts again. With --whole 1
copy and wave are in the block as well: nothing has to be looked at again, but whoever lays a connection undoes the others' work.
"""
from __future__ import print_function

import numpy as np

from common import Demo, Random
from transaction import atomic


def wave(free, width, start, end):
    """The shortest way from start to end over a flat list of 1 (free) and 0, as positions; None if there is none."""
    came_from = {start: start}
    front = [start]
    while front:
        following = []
        for here in front:
            for there in (here + 1, here - 1, here + width, here - width):
                if free[there] and there not in came_from:
                    came_from[there] = here
                    if there == end:
                        path = [end]
                        while path[-1] != start:
                            path.append(came_from[path[-1]])
                        return path
                    following.append(there)
        front = following
    return None


class Net(object):
    def __init__(self, number, start, end):
        self.number = number
        self.start = start
        self.end = end
        self.path = None


class Router(object):
    def __init__(self, demo):
        self.demo = demo
        self.width = demo.width
        height = demo.height
        # 0: free, -1: the border and ends of connections, n: the connection that goes there.
        self.grid = np.zeros((height, self.width), dtype=np.int64)
        for edge in (self.grid[0], self.grid[-1], self.grid[:, 0], self.grid[:, -1]):
            edge[:] = -1
        # The same cells by position.
        self.cells = self.grid.reshape(-1)
        dice = Random(5)
        self.nets = []
        used = set()
        while len(self.nets) < demo.nets:
            x, y = 2 + dice.below(self.width - 4), 2 + dice.below(height - 4)
            x2, y2 = x + dice.below(21) - 10, y + dice.below(21) - 10
            near = [(a + i, b + j) for a, b in ((x, y), (x2, y2)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
            if 2 <= x2 < self.width - 2 and 2 <= y2 < height - 2 and abs(x - x2) + abs(y - y2) > 3 and not used & set(near):
                used.update([(x, y), (x2, y2)])
                self.nets.append(Net(len(self.nets) + 1, y * self.width + x, y2 * self.width + x2))
        for net in self.nets:
            self.cells[net.start] = self.cells[net.end] = -1

    def plan(self, net):
        free = (self.cells == 0).tolist()
        free[net.start] = free[net.end] = True
        return wave(free, self.width, net.start, net.end)

    def take(self, net, path):
        """Puts the connection on the grid, if nobody has taken a cell of it; whether that was so."""
        cells = self.cells
        inner = path[1:-1]
        for at in inner:
            if cells[at]:
                return False
        for at in inner:
            cells[at] = net.number
        net.path = path
        return True

    def lay(self, net):
        if self.demo.plain:
            path = self.plan(net)
            if path:
                self.take(net, path)
        elif self.demo.whole:
            with atomic:
                path = self.plan(net)
                if path:
                    self.take(net, path)
        else:
            done = False
            while not done:
                path = self.plan(net)
                if not path:
                    return
                with atomic:
                    done = self.take(net, path)

    def check(self):
        """That every connection is on the grid as it was laid, unbroken and alone."""
        cells = 0
        for net in self.nets:
            if net.path is None:
                continue
            assert net.path[0] == net.end and net.path[-1] == net.start
            for a, b in zip(net.path, net.path[1:]):
                assert abs(a - b) in (1, self.width)
            for at in net.path[1:-1]:
                assert self.cells[at] == net.number, (net.number, at)
            cells += len(net.path) - 2
        assert cells == int((self.grid > 0).sum())


def main():
    demo = Demo(__doc__, width=64, height=64, nets=30, whole=0)
    router = Router(demo)

    def work(mine):
        for net in mine:
            router.lay(net)

    demo.in_threads([lambda mine=router.nets[n::demo.threads]: work(mine) for n in range(demo.threads)])
    router.check()
    print("%d of %d connections laid, none broken, none crossing" % (sum(n.path is not None for n in router.nets), demo.nets))
    demo.end()


main()
