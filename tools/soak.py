"""Mixed work in many threads for a given time: `txpy tools/soak.py [SECONDS]` (600), either language.

Shared lists, dicts, counters under locks, queues with conditions, events, semaphores, thread-local values, exceptions, generators, weak
references, finalizers, collections and threads that come and go, in rounds of about a second. Each round's totals must be exact, and resident
memory must not grow: the largest value of the second half at most 1.2 times that of the first (after warm-up).
"""
from __future__ import print_function

import gc
import random
import sys
import threading
import time
import weakref


class Box(object):
    def __init__(self, n):
        self.n = n
        self.peer = None


class Final(object):
    made = 0
    gone = []

    def __del__(self):
        Final.gone.append(1)


def resident():
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    return 0


class Channel(object):
    """A bounded queue from a condition."""

    def __init__(self, size):
        self.size = size
        self.items = []
        self.change = threading.Condition()

    def put(self, item):
        with self.change:
            while len(self.items) >= self.size:
                self.change.wait()
            self.items.append(item)
            self.change.notify_all()

    def get(self):
        with self.change:
            while not self.items:
                self.change.wait()
            item = self.items.pop(0)
            self.change.notify_all()
            return item


def run(targets):
    errors = []

    def guarded(target):
        try:
            target()
        except BaseException as e:
            errors.append(repr(e))

    threads = [threading.Thread(target=guarded, args=(t,)) for t in targets]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise AssertionError("in a thread: %s" % errors[0])


def check(what, got, want):
    if got != want:
        raise AssertionError("%s: %r instead of %r" % (what, got, want))


def shared_list(rng, n):
    items, k = [], rng.randint(2, 9)
    run([lambda i=i: [items.append((i, j)) for j in range(n)] for i in range(k)])
    check("list.append", len(items), k * n)
    for i in range(k):
        check("one thread's order", [j for who, j in items if who == i], list(range(n)))


def shared_dict(rng, n):
    table, k = {}, rng.randint(2, 9)

    def fill(i):
        for j in range(n):
            table[i, j] = table.get((i, j - 1), 0) + 1
            if j % 7 == 0:
                table[j % 5] = i

    run([lambda i=i: fill(i) for i in range(k)])
    check("dict items", sum(1 for key in table if isinstance(key, tuple)), k * n)
    check("dict values", [table[i, n - 1] for i in range(k)], [n] * k)


def counters(rng, n):
    lock, rlock, box, k = threading.Lock(), threading.RLock(), Box(0), rng.randint(2, 12)
    other = Box(0)

    def count():
        for i in range(n):
            with lock:
                box.n += 1
            if i % 3 == 0:
                with rlock:
                    with rlock:
                        other.n += 1

    run([count] * k)
    check("counter under a lock", box.n, k * n)
    check("counter under an RLock", other.n, k * len(range(0, n, 3)))


def channels(rng, n):
    channel, sums, k = Channel(rng.randint(1, 8)), [], rng.randint(1, 4)

    def consume():
        total = 0
        while True:
            item = channel.get()
            if item is None:
                break
            total += item
        sums.append(total)

    def produce():
        for i in range(n // 10):
            channel.put(i)

    consumers = [threading.Thread(target=consume) for _ in range(k)]
    for t in consumers:
        t.start()
    run([produce] * k)
    for _ in range(k):
        channel.put(None)
    for t in consumers:
        t.join()
    check("sum through a channel", sum(sums), k * sum(range(n // 10)))


def raising(rng, n):
    caught = []

    def deep(i):
        if i == 0:
            raise KeyError("end")
        try:
            return deep(i - 1)
        finally:
            caught.append(1)

    def work():
        for _ in range(n // 50):
            try:
                deep(10)
            except KeyError:
                pass

    k = rng.randint(2, 6)
    run([work] * k)
    check("finally clauses", len(caught), k * (n // 50) * 10)


def generating(rng, n):
    def numbers(limit):
        for i in range(limit):
            yield i

    results = []

    def work():
        total = 0
        for a, b in zip(numbers(n), numbers(n)):
            total += a * b
        results.append(total)

    k = rng.randint(2, 6)
    run([work] * k)
    check("generators", results, [sum(i * i for i in range(n))] * k)


def weak(rng, n):
    k = rng.randint(2, 6)

    def work():
        kept = [Box(i) for i in range(n // 10)]
        refs = [weakref.ref(b) for b in kept]
        for b in kept:
            b.peer = kept[0]
        if any(r() is None for r in refs):
            raise AssertionError("a live object's weak reference is dead")
        for _ in range(n // 10):
            Final()
        del kept, b
        gc.collect()

    Final.made += k * (n // 10)
    run([work] * k)
    for _ in range(50):
        gc.collect()
        missing = Final.made - len(Final.gone)
        if missing <= 4:
            break
        time.sleep(0.01)
    # Stacks are scanned conservatively: a word left over may keep one for a while, but each is finalized once.
    check("finalizers within 4", 0 <= missing <= 4, True)
    Final.made = missing
    del Final.gone[:]


def locals_(rng, n):
    local, seen = threading.local(), []

    def work(i):
        local.value = i
        for _ in range(n // 10):
            local.value += 1
        seen.append(local.value - i)

    k = rng.randint(2, 20)
    run([lambda i=i: work(i) for i in range(k)])
    check("thread-local values", seen, [n // 10] * k)


def churn(rng, n):
    done, gate, slots = [], threading.Event(), threading.Semaphore(5)

    def work():
        gate.wait()
        with slots:
            done.append(sum(range(100)))

    threads = [threading.Thread(target=work) for _ in range(40)]
    for t in threads:
        t.start()
    gate.set()
    for t in threads:
        t.join()
    check("short threads", done, [4950] * 40)


def sorting(rng, n):
    def work():
        seed = rng.random()
        values = [(i * 7919 + seed) % 1013 for i in range(n)]
        ordered = sorted(values)
        if any(a > b for a, b in zip(ordered, ordered[1:])):
            raise AssertionError("not sorted")
        text = ",".join(str(v) for v in values[:200])
        if len(text.split(",")) != len(values[:200]):
            raise AssertionError("split")
        big = 1
        for i in range(1, 200):
            big *= i
        if big % 211 == 0:
            raise AssertionError("211 is prime and larger")

    run([work] * rng.randint(2, 6))


def main(seconds):
    rng = random.Random(12345)
    parts = [shared_list, shared_dict, counters, channels, raising, generating, weak, locals_, churn, sorting]
    start, rounds, sizes, told = time.time(), 0, [], 0.0
    while time.time() - start < seconds:
        for part in rng.sample(parts, 4):
            part(rng, rng.choice([500, 3000, 10000]))
        rounds += 1
        sizes.append(resident())
        if time.time() - told > 30:
            told = time.time()
            print("%5.0f s  %5d rounds  %4d MiB" % (told - start, rounds, sizes[-1]))
            sys.stdout.flush()
    gc.collect()
    tenth, half = len(sizes) // 10, len(sizes) // 2
    early, late = max(sizes[tenth:half] or [0]), max(sizes[half:] or [0])
    print("soak: %d rounds in %.0f s, exact totals; resident %d MiB at most in the first half, %d in the second" % (rounds, time.time() - start, early, late))
    if seconds >= 60 and late > 1.2 * early + 8:
        raise SystemExit("memory grows")


main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0)
