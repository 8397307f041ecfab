"""Transactions on shared numpy arrays against the serial order of their blocks: `arrays.py SEEDS`."""
from __future__ import print_function
import random
import sys
import threading
import numpy as np
from transaction import atomic


def arrays():
    return np.arange(100), np.arange(5000) * 0.25, np.zeros((8, 8))


def block(state, seed):
    r = random.Random(seed)
    a, b, c = state
    for _ in range(r.randrange(1, 5)):
        k = r.randrange(17)
        if k == 0:
            a[r.randrange(100)] += 1
        elif k == 1:
            b += 0.5
        elif k == 2:
            a[10:20] = a[30:40] * 2 % 1000
        elif k == 3:
            c[r.randrange(8), :] = c[:, r.randrange(8)]
        elif k == 4:
            np.add(b, 1, out=b)
        elif k == 5:
            a[a > 500] = 0
        elif k == 6:
            c.T[2, 3] = r.randrange(100)
        elif k == 7:
            b[:] = np.sort(b)[::-1]
        elif k == 8:
            i = r.randrange(4900)
            b[i:i + 100] *= 0.5
        elif k == 9:
            b[[r.randrange(5000) for _ in range(5)]] = b[r.randrange(5000)]
        elif k == 10:
            b[10:4000:r.randrange(1, 200)].sort()
        elif k == 11:
            i, j = r.randrange(4000), r.randrange(4000)
            np.subtract(b[i:i + 60], b[j:j + 60], out=b[j:j + 60])
        elif k == 12:
            np.copyto(b[::50], a, where=a % 7 == r.randrange(7))
        elif k == 13:
            np.add(b, a[0], out=b, where=b > 2000)
        elif k == 14:
            c[::3, ::-2].fill(r.randrange(9))
        elif k == 15:
            np.add.at(a, [r.randrange(100) for _ in range(6)], 1)
        elif k == 16:
            try:
                b[100:103] = [str(r.randrange(100)), '2', r.choice(['3', 'x'])]
            except ValueError:
                b[103] += 1


for seed in range(int(sys.argv[1])):
    shared, history = arrays(), []

    def work(me):
        for i in range(40):
            with atomic:
                block(shared, seed * 10000 + me * 100 + i)
                history.append(seed * 10000 + me * 100 + i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    again = arrays()
    for s in history:
        block(again, s)
    if len(history) != 120 or not all((x == y).all() for x, y in zip(shared, again)):
        raise SystemExit("seed %d: no serial order gives this state" % seed)
print("serialisable")
