# stmdict, stmset, queue, threadlocalproperty.
# stress: 97
# not in a block: it waits for threads
from __future__ import print_function
from transaction import Empty, atomic, queue, stmdict, stmiddict, stmset, threadlocalproperty
import random
import threading

d = stmdict()
for i in range(1000):
    d[i] = i
print(len(d), d[5], d.get(2000), 7 in d, 7000 in d, sorted(d)[:3])
# expect: 1000 5 None True False [0, 1, 2]
del d[5]
try:
    d[5]
except KeyError as e:
    print("KeyError", e)
    # expect: KeyError 5
print(d.pop(6), len(d), d.setdefault(5, 55), d.setdefault(5, 66), len(d))
# expect: 6 998 55 55 999
by_id = stmiddict()
a, b = "".join(["x", "y"]), "".join(["x", "y"])
by_id[a] = 1
print(a in by_id, b in by_id)
# expect: True False
s = stmset()
s.add(3)
s.add(3)
s.discard(9)
print(len(s), 3 in s, list(s))
# expect: 1 True [3]

counts = stmdict()


def work(me):
    r = random.Random(me)
    for i in range(400):
        k = "k%d" % r.randrange(100)
        with atomic:
            counts[k] = counts.get(k, 0) + 1
            if i % 50 == 0:
                assert sum(1 for _ in counts) == len(counts)


threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sum(counts.values()), len(counts) <= 100)
# expect: 1600 True


class Key(object):
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return self.n == other.n


keys = stmdict()
for i in range(40):
    keys[Key(i)] = i
print(all(keys[Key(i)] == i for i in range(40)))
# expect: True

q = queue()
got = []


def consume():
    for i in range(20):
        with atomic:
            got.append(q.get())


t = threading.Thread(target=consume)
t.start()
for i in range(20):
    q.put(i)
t.join()
print(got == list(range(20)))
# expect: True
with atomic:
    try:
        q.get(timeout=0.01)
    except Empty:
        print("empty")
        # expect: empty


class Local(object):
    x = threadlocalproperty(lambda: 5)


p = Local()
p.x += 1
print(p.x)
# expect: 6
