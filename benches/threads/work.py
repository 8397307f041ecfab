"""Independent Python work: `work.py KIND THREADS UNITS` shares UNITS among THREADS threads (0: no thread) and prints the seconds taken."""
import sys
import threading
import time

try:
    range = xrange
except NameError:
    pass


class Point(object):
    def __init__(self, x):
        self.x = x
        self.count = 0

    def step(self, dx):
        self.x += dx
        self.count += 1
        return self.x


def objects(n):
    points = [Point(float(i)) for i in range(50)]
    total = 0.0
    for i in range(n):
        total += points[i % 50].step(0.25)
    return total


def containers(n):
    items, table, total = [], {}, 0
    for i in range(n):
        items.append(i)
        if len(items) > 1000:
            items = items[500:]
        table[i & 255] = table.get(i & 255, 0) + 1
        total += items[-1]
    return total + sum(table.values())


def texts(n):
    seen = {}
    for i in range(n):
        word = "word%d" % (i % 997)
        seen[word] = seen.get(word, 0) + len(word.upper())
    return sorted(seen.items())[0]


def trees(n):
    def make(depth):
        return (make(depth - 1), make(depth - 1)) if depth else (None, None)

    def count(tree):
        return 1 + (count(tree[0]) + count(tree[1]) if tree[0] else 0)

    return sum(count(make(6)) for _ in range(n // 100))


def squares(n):
    return sum(i * i % 7 for i in range(n))


KINDS = {"objects": objects, "containers": containers, "texts": texts, "trees": trees, "generators": squares}


def main(kind, threads, units):
    work = KINDS[kind]
    start = time.time()
    if threads == 0:
        work(units)
    else:
        running = [threading.Thread(target=work, args=(units // threads,)) for _ in range(threads)]
        for t in running:
            t.start()
        for t in running:
            t.join()
    print("%.4f" % (time.time() - start))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
