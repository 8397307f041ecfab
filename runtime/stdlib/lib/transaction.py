"""Transactions: `with atomic:` for blocks that run as one step, `TransactionQueue` for many small jobs in parallel.

Names and meanings are those of PyPy-STM's module, so that its programs run.
"""
import sys
import weakref
from collections import deque
from time import sleep, time

try:
    import _thread as thread_module
except ImportError:
    import thread as thread_module

try:
    from time import process_time as clock
except ImportError:
    from time import clock

from _transaction import retry, atomic, getsegmentlimit, hint_commit_soon, is_atomic, should_break_transaction, stmdict, stmiddict

__all__ = ["TransactionError", "TransactionQueue", "Empty", "atomic", "is_atomic", "hint_commit_soon", "getsegmentlimit", "should_break_transaction",
           "stmdict", "stmset", "stmiddict", "stmidset", "queue", "local", "threadlocalproperty", "time", "clock"]

local = thread_module._local


class stmset(object):
    """A set whose elements conflict one by one between transactions."""
    _table = stmdict

    def __init__(self):
        self._keys = self._table()

    def add(self, key):
        self._keys[key] = None

    def discard(self, key):
        try:
            del self._keys[key]
        except KeyError:
            pass

    def remove(self, key):
        del self._keys[key]

    def __contains__(self, key):
        return key in self._keys

    def __len__(self):
        return len(self._keys)

    def __iter__(self):
        return iter(self._keys)


class stmidset(stmset):
    """As stmset, with elements compared by identity."""
    _table = stmiddict


class Empty(Exception):
    """queue.get() found nothing in time."""


class queue(object):
    """A queue between threads. In a transaction get() of an empty one tries the block again later."""

    def __init__(self, items=()):
        self._items = deque(items)

    def put(self, item):
        self._items.append(item)

    def get(self, block=True, timeout=None):
        end = None if timeout is None else time() + timeout
        while True:
            try:
                return self._items.popleft()
            except IndexError:
                if not block or end is not None and time() >= end:
                    raise Empty
            if is_atomic():
                # Comes back only when the time since the first attempt is over.
                retry(timeout)
                raise Empty
            sleep(0.0005)

    def empty(self):
        return not self._items

    def qsize(self):
        return len(self._items)

    def task_done(self):
        pass


class threadlocalproperty(object):
    """An attribute with a value of its own in each thread; `default`, a function, makes the first."""

    def __init__(self, *default):
        if len(default) > 1:
            raise TypeError("threadlocalproperty() takes at most one argument")
        self._default = default
        self._values = local()

    def _table(self):
        try:
            return self._values.table
        except AttributeError:
            self._values.table = weakref.WeakKeyDictionary()
            return self._values.table

    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        table = self._table()
        try:
            return table[obj]
        except KeyError:
            if not self._default:
                raise AttributeError("the attribute has no value in this thread")
        value = table[obj] = self._default[0]()
        return value

    def __set__(self, obj, value):
        self._table()[obj] = value

    def __delete__(self, obj):
        try:
            del self._table()[obj]
        except KeyError:
            raise AttributeError("the attribute has no value in this thread")


class TransactionError(Exception):
    """Misuse of transactions."""


class TransactionQueue(object):
    """Jobs that run one by one as far as anybody can see, in parallel in fact: each is a transaction."""

    def __init__(self):
        self._jobs = deque()
        self._added = local()
        self._executed = 0

    def add(self, f, *args, **kwargs):
        """Puts down the call f(*args, **kwargs) as a job. In a transaction it counts from its commit on."""
        # Seldom any, and then there is no dict to be read in the job's transaction.
        job = (f, args, kwargs or None)
        if is_atomic():
            mine = getattr(self._added, "jobs", None)
            if mine is not None:
                mine.append(job)
                return
        self._jobs.append(job)

    def add_generator(self, iterator):
        """Puts down the steps of an iterator as jobs, each its own transaction, one after the other."""
        def step():
            for _ in steps:
                self.add(step)
                break
        steps = iter(iterator)
        self.add(step)

    def run(self, nb_segments=0):
        """Runs all jobs, and those that they add, until none is left, in `nb_segments` threads (0: as many as can run in parallel).

        The first exception of a job ends the run and is raised here.
        """
        if is_atomic():
            raise TransactionError("TransactionQueue.run() cannot be called in an atomic context")
        if not self._jobs:
            return
        if nb_segments <= 0:
            nb_segments = getsegmentlimit()
        run = _Run(self, nb_segments)
        run.work_until_done()
        # Only now, as jobs that add others read the queue.
        self._executed += run.executed()
        if run.error:
            kind, value, trace = run.error
            run.error = None
            _raise(kind, value, trace)

    def number_of_transactions_executed(self):
        """How many jobs have run, those of earlier runs included."""
        return self._executed


# Seconds that the first thread of a run works alone, and after which threads that have done nothing get nowhere.
ALONE = 0.001
PATIENCE = 0.02


def _move(jobs, to, share):
    """Moves one of `share` jobs, at least one and at most 64, if there are any."""
    try:
        # The first before their number is read: who has them is asked for them once.
        to.append(jobs.popleft())
        for _ in range(min(63, (len(jobs) + 1) // share - 1)):
            to.append(jobs.popleft())
    except IndexError:
        # The owner takes from it meanwhile.
        pass


class _Run(object):
    """One call of TransactionQueue.run(): its threads, each with jobs of its own that those without any take away, and what they share."""

    def __init__(self, jobs, threads):
        self.queue = jobs
        self.threads = threads
        self.error = None
        self.over = False
        # The number of threads that have jobs, in a list: what all read after each job is never written before the end.
        self.busy = [0]
        # How many jobs each thread has run, in lists of one.
        self.done = []
        self.lock = thread_module.allocate_lock()
        self.idle = []
        # Jobs that nobody has yet, and each thread's.
        self.unowned = jobs._jobs
        self.queues = []

    def work_until_done(self):
        """With several threads the calling one only waits: it need not be asked for what it has made."""
        if self.threads == 1:
            self.work()
            return
        running = []
        try:
            self.start(running)
            self.watch(running)
        except BaseException:
            self.fail()
            self.watch(running)

    def start(self, running):
        ended = thread_module.allocate_lock()
        ended.acquire()
        thread_module.start_new_thread(self.thread, (ended,))
        running.append(ended)

    def watch(self, running):
        """Waits for the threads' ends. The first works alone for a while: many runs are over before another thread would be of use.
        When all get nowhere, they may wait in their jobs for what another job does: one more thread runs then.
        """
        executed = -1
        wait = ALONE
        left = self.left()
        while running:
            ended = running[-1]
            if ended.acquire_lock(True, wait):
                # Interrupted anywhere, this can be begun again.
                ended.release()
                running.pop()
            elif wait < PATIENCE:
                wait *= 2
                before, left = left, self.left()
                # What is left will take longer than the time that has gone by.
                if left > before - left:
                    wait = PATIENCE
                    while len(running) < min(self.threads, getsegmentlimit()):
                        self.start(running)
            else:
                before, executed = executed, self.executed()
                if executed != before:
                    continue
                if self.idle:
                    self.wake()
                elif len(running) < self.threads:
                    self.start(running)

    def left(self):
        """How many jobs nobody has begun."""
        return len(self.unowned) + sum(map(len, self.queues))

    def executed(self):
        return sum(done[0] for done in self.done)

    def thread(self, ended):
        try:
            self.work()
        finally:
            ended.release()

    def work(self):
        added = self.queue._added
        added.jobs = []
        mine = deque()
        done = [0]
        try:
            with self.lock:
                self.busy[0] += 1
                self.queues.append(mine)
                self.done.append(done)
            self.work_with(mine, added.jobs, done)
        except BaseException:
            # A job's, or an interrupt between jobs.
            self.fail()
        finally:
            added.jobs = None

    def fail(self):
        """Ends the run for the exception that is being handled."""
        with self.lock:
            self.error = self.error or sys.exc_info()
            self.unowned.clear()
            for jobs in self.queues:
                jobs.clear()
            self.end()

    def work_with(self, mine, added, done):
        while not self.over:
            try:
                f, args, kwargs = mine.popleft()
            except IndexError:
                if not self.find(mine):
                    return
                continue
            with atomic:
                if kwargs is None:
                    f(*args)
                else:
                    f(*args, **kwargs)
            done[0] += 1
            if added:
                mine.extend(added)
                del added[:]
                if self.idle and len(mine) > 1:
                    self.wake()

    def find(self, mine):
        """Takes jobs away from others, for a thread that has none left. Waits while there are none, but threads at work that may add some.
        False when no more will come.
        """
        was_busy = 1
        while True:
            with self.lock:
                if not self.over and self.take(mine):
                    if not was_busy:
                        self.busy[0] += 1
                    return True
                self.busy[0] -= was_busy
                if not self.busy[0] or self.over:
                    self.end()
                    return False
                wait = thread_module.allocate_lock()
                wait.acquire()
                self.idle.append(wait)
            was_busy = 0
            wait.acquire()

    def take(self, mine):
        """Moves a part of the jobs that nobody has yet to `mine`, or half of some other thread's. Whether there were any."""
        if self.unowned:
            _move(self.unowned, mine, 2 * self.threads)
        for jobs in self.queues:
            if mine:
                return True
            if jobs is not mine:
                _move(jobs, mine, 2)
        return bool(mine)

    def wake(self):
        with self.lock:
            if self.idle:
                self.idle.pop().release()

    def end(self):
        self.over = True
        while self.idle:
            self.idle.pop().release()


if sys.version_info[0] >= 3:
    def _raise(kind, value, trace):
        raise value.with_traceback(trace)
else:
    exec("def _raise(kind, value, trace):\n    raise kind, value, trace\n")
