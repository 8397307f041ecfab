"""Random transactional programs: `serialisable.py FROM TO` runs the seeds FROM..TO.

Threads run random operations on shared lists, dicts, sets and instances in atomic blocks; some blocks end in an exception. Each block notes
itself in a shared history as its last step. Running the same operations again in one thread, in the order of the history, must give the
same state, down to the order of dicts and sets.
"""
from __future__ import print_function
import random
import sys
import threading
from transaction import atomic


class Thing(object):
    pass


class State(object):
    def __init__(self, seed):
        length = random.Random(seed).choice([3, 200])
        self.lists = [[0] * length for _ in range(2)]
        self.dicts = [dict((i, 0) for i in range(k)) for k in (3, 100)]
        self.sets = [set(range(5)), set(range(0, 400, 3))]
        self.things = [Thing() for _ in range(3)]
        for i in range(20):  # so many that those of interest do not lie in the instance
            setattr(self.things[2], "x%d" % i, 0)
        for t in self.things:
            t.a = t.b = 0

    def content(self):
        return [self.lists, self.dicts, [list(d) for d in self.dicts], self.sets, [list(s) for s in self.sets], [t.__dict__ for t in self.things]]

    # Each operation draws its arguments from r, and depends on the state.

    def count_item(self, r):
        x = r.choice(self.lists)
        if x:
            x[r.randrange(len(x))] += 1

    def append(self, r):
        r.choice(self.lists).append(r.randrange(100))

    def pop(self, r):
        x = r.choice(self.lists)
        if len(x) > 1:
            x.pop(r.randrange(len(x)))

    def insert(self, r):
        x = r.choice(self.lists)
        x.insert(r.randrange(len(x) + 1), r.randrange(9))

    def replace_slice(self, r):
        x = r.choice(self.lists)
        del x[2:4]
        x[1:1] = [7, 8]

    def extend(self, r):
        self.lists[0].extend(sorted(self.lists[1])[:3])

    def sort(self, r):
        self.lists[1].sort()
        self.lists[1].reverse()

    def count_key(self, r):
        d, k = r.choice(self.dicts), r.randrange(150)
        d[k] = d.get(k, 0) + 1

    def drop_key(self, r):
        r.choice(self.dicts).pop(r.randrange(150), None)

    def clear(self, r):
        if r.randrange(20) == 0:
            r.choice(self.dicts).clear()

    def add(self, r):
        r.choice(self.sets).add(r.randrange(200))

    def discard(self, r):
        r.choice(self.sets).discard(r.randrange(200))

    def attributes(self, r):
        t = r.choice(self.things)
        t.a += 1
        t.b -= 1

    def new_attribute(self, r):
        setattr(r.choice(self.things), "x%d" % r.randrange(12), r.randrange(50))

    def no_attribute(self, r):
        t = r.choice(self.things)
        for name in sorted(t.__dict__):
            if name[0] == "x":
                delattr(t, name)
                break

    def generator(self, r):
        def count():
            for i in range(3):
                r.choice(self.things).a += i
                yield i
        self.lists[0].append(sum(count()))

    def nested(self, r):
        with atomic:
            self.append(r)
            with atomic:
                self.attributes(r)

    def caught(self, r):
        try:
            with atomic:
                self.count_key(r)
                raise LookupError
        except LookupError:
            self.attributes(r)

    def block(self, seed):
        r = random.Random(seed)
        for _ in range(r.randrange(1, 6)):
            r.choice(OPERATIONS)(self, r)
        return r.randrange(10) == 0


OPERATIONS = [f for name, f in sorted(vars(State).items()) if name not in ("content", "block") and name[0] != "_"]
OPERATIONS = [f for f in OPERATIONS if callable(f)]


def check(seed, threads, steps):
    shared, history = State(seed), []

    def work(me):
        for step in range(steps):
            s = seed * 1000003 + me * 1009 + step
            try:
                with atomic:
                    fails = shared.block(s)
                    history.append(s)
                    if fails:
                        raise ValueError(s)
            except ValueError:
                pass

    def work_in_rounds(me):
        """The same with the block as a loop's whole body: several rounds may share a transaction."""
        for s in range(seed * 1000003 + me * 1009, seed * 1000003 + me * 1009 + steps):
            with atomic:
                shared.block(s)
                history.append(s)

    running = [threading.Thread(target=work_in_rounds if (seed + i) % 3 else work, args=(i,)) for i in range(threads)]
    for t in running:
        t.start()
    for t in running:
        t.join()
    again = State(seed)
    for s in history:
        again.block(s)
    if len(history) != threads * steps or shared.content() != again.content():
        raise SystemExit("seed %d with %d threads: no serial order gives this state" % (seed, threads))


for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    check(seed, 2 + seed % 7, 40)
print("serialisable")
