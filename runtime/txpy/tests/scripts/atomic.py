# Atomic blocks: what stays, what goes, and what may happen in them.
# stress: 7
# not in a block: it opens blocks of its own and looks when they end
from __future__ import print_function
import sys
import threading
from transaction import atomic, is_atomic
from __pypy__ import thread as stm


class Box(object):
    pass


box = Box()
box.n = 0
cells = [0] * 300
table = {}
COUNT = 150


def work(me):
    for i in range(COUNT):
        with atomic:
            box.n += 1
            cells[i * 7 % 300] += 1
            table[i % 11] = table.get(i % 11, 0) + 1
            cells.append(me)
            cells.pop()


threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(box.n == 4 * COUNT, sum(cells) == 4 * COUNT, sum(table.values()) == 4 * COUNT, len(cells))
# expect: True True True 300

print(is_atomic(), stm.is_atomic())
# expect: False False
with atomic:
    with stm.atomic:
        print(is_atomic())
        # expect: True
    print(is_atomic())
    # expect: True

try:
    with atomic:
        box.n = "written"
        raise KeyError("left")
except KeyError:
    print(box.n, is_atomic())
    # expect: written False


def generator():
    for i in range(4):
        with atomic:
            box.n = i
            yield i
        box.n = -i


print(list(generator()), box.n)
# expect: [0, 1, 2, 3] -3


def opens():
    atomic.__enter__()
    box.n = 10


opens()
print(is_atomic())
# expect: True
box.n += 1
atomic.__exit__(None, None, None)
print(is_atomic(), box.n)
# expect: False 11
try:
    atomic.__exit__(None, None, None)
except RuntimeError as e:
    print(e)
    # expect: atomic.__exit__(): more exits than enters

lock = threading.Lock()
again = threading.RLock()
with atomic:
    with lock:
        with again:
            print("locks in a block")
            # expect: locks in a block
with lock:
    with atomic:
        lock.release()
        print(lock.acquire(False))
        # expect: True
print(lock.locked())
# expect: False

gate = threading.Lock()
gate.acquire()
seen = []


def waits():
    with atomic:
        seen.append("in")
        gate.acquire()
        seen.append("has it")
        gate.release()


t = threading.Thread(target=waits)
t.start()
gate.release()
t.join()
print(seen)
# expect: ['in', 'has it']


# Two blocks that write what the other reads: one of them must run again, whole.
left, right = [0], [0]


def cross(a, b):
    for i in range(60):
        with atomic:
            x = a[0]
            b[0] = b[0] + 1
            a[0] = x + 1


threads = [threading.Thread(target=cross, args=p) for p in ((left, right), (right, left))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(left, right)
# expect: [120] [120]

from transaction import TransactionError, TransactionQueue

done = []
queue = TransactionQueue()


def job(i):
    done.append(i)
    if i < 20:
        queue.add(job, i + 100)


for i in range(30):
    queue.add(job, i)


def steps():
    for i in range(5):
        done.append("step")
        yield


queue.add_generator(steps())
queue.run(3)
print(len(done), sorted(x for x in done if x != "step") == sorted(list(range(30)) + list(range(100, 120))), queue.number_of_transactions_executed())
# expect: 55 True 56


def fails():
    raise ValueError("from a job")


queue.add(fails)
try:
    queue.run(2)
except ValueError as e:
    print("run:", e)
    # expect: run: from a job
try:
    with atomic:
        queue.run()
except TransactionError as e:
    print(e)
    # expect: TransactionQueue.run() cannot be called in an atomic context
