"""Queues between threads."""

import heapq
from _collections import deque
from time import time as _time

import threading as _threading

__all__ = ["Empty", "Full", "Queue", "PriorityQueue", "LifoQueue"]


class Empty(Exception):
    """Raised by get() without waiting, or after its timeout."""


class Full(Exception):
    """Raised by put() without waiting, or after its timeout."""


class Queue:
    """First in, first out; at most maxsize items if that is positive."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self.mutex = _threading.Lock()
        self.not_empty = _threading.Condition(self.mutex)
        self.not_full = _threading.Condition(self.mutex)
        self.all_tasks_done = _threading.Condition(self.mutex)
        self.unfinished_tasks = 0

    def task_done(self):
        with self.all_tasks_done:
            left = self.unfinished_tasks - 1
            if left < 0:
                raise ValueError("task_done() called too many times")
            self.unfinished_tasks = left
            if left == 0:
                self.all_tasks_done.notify_all()

    def join(self):
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def qsize(self):
        with self.mutex:
            return self._qsize()

    def empty(self):
        with self.mutex:
            return not self._qsize()

    def full(self):
        with self.mutex:
            return 0 < self.maxsize == self._qsize()

    @staticmethod
    def __wait(condition, blocked, block, timeout, error):
        if not blocked():
            return
        if not block:
            raise error
        if timeout is None:
            while blocked():
                condition.wait()
            return
        if timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        end = _time() + timeout
        while blocked():
            left = end - _time()
            if left <= 0.0:
                raise error
            condition.wait(left)

    def put(self, item, block=True, timeout=None):
        with self.not_full:
            if self.maxsize > 0:
                self.__wait(self.not_full, lambda: self._qsize() >= self.maxsize, block, timeout, Full)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def put_nowait(self, item):
        return self.put(item, False)

    def get(self, block=True, timeout=None):
        with self.not_empty:
            if block and timeout is not None and timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            self.__wait(self.not_empty, lambda: not self._qsize(), block, timeout, Empty)
            item = self._get()
            self.not_full.notify()
            return item

    def get_nowait(self):
        return self.get(False)

    # What subclasses override; the lock is held.
    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self, len=len):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()


class PriorityQueue(Queue):
    """The smallest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item, heappush=heapq.heappush):
        heappush(self.queue, item)

    def _get(self, heappop=heapq.heappop):
        return heappop(self.queue)


class LifoQueue(Queue):
    """The latest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.pop()
