"""Threads with exact totals: a lock, queues, a condition, thread-local values.

Valid in Python 2.7 and 3. Every number printed is exact, whatever the order
in which the threads run.
"""
from __future__ import print_function

import threading

try:
    import queue
except ImportError:
    import Queue as queue

THREADS = 4
EACH = 5000


class Counter(object):
    def __init__(self):
        self.lock = threading.Lock()
        self.total = 0
        self.by_digit = {}

    def add(self, value):
        with self.lock:
            self.total += value
            digit = value % 10
            self.by_digit[digit] = self.by_digit.get(digit, 0) + 1


def start_all(target, arguments):
    threads = [threading.Thread(target=target, args=a) for a in arguments]
    for thread in threads:
        thread.start()
    return threads


def join_all(threads):
    for thread in threads:
        thread.join()


def count_under_lock():
    counter = Counter()

    def work(first):
        for value in range(first, first + EACH):
            counter.add(value)

    join_all(start_all(work, [(n * EACH,) for n in range(THREADS)]))
    print("total", counter.total, "expected", sum(range(THREADS * EACH)))
    print("digits", sorted(counter.by_digit.items()))


def squares_by_queue():
    jobs = queue.Queue(maxsize=16)
    results = queue.Queue()

    def work():
        done = 0
        while True:
            job = jobs.get()
            if job is None:
                break
            results.put((job, job * job))
            done += 1
        results.put((None, done))

    threads = start_all(work, [()] * THREADS)
    for job in range(1000):
        jobs.put(job)
    for _ in threads:
        jobs.put(None)
    join_all(threads)
    squares = {}
    done = 0
    while not results.empty():
        job, value = results.get()
        if job is None:
            done += value
        else:
            squares[job] = value
    print("jobs", done, "distinct", len(squares), "sum", sum(squares.values()))
    print("all right", all(value == job * job for job, value in squares.items()))


def relay():
    """Threads take turns in a fixed order by a condition variable."""
    condition = threading.Condition()
    state = {"turn": 0, "trace": []}

    def work(number):
        for lap in range(3):
            with condition:
                while state["turn"] % THREADS != number:
                    condition.wait()
                state["trace"].append("%d.%d" % (number, lap))
                state["turn"] += 1
                condition.notify_all()

    join_all(start_all(work, [(n,) for n in range(THREADS)]))
    print("relay", " ".join(state["trace"]))


def thread_locals():
    local = threading.local()
    local.name = "main"
    seen = []
    lock = threading.Lock()

    def work(number):
        missing = not hasattr(local, "name")
        local.name = "thread %d" % number
        with lock:
            seen.append((local.name, missing))

    join_all(start_all(work, [(n,) for n in range(THREADS)]))
    print("local", local.name, sorted(seen))


count_under_lock()
squares_by_queue()
relay()
thread_locals()
