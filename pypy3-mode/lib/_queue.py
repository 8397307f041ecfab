"""An unbounded queue whose put() never waits, so that signal handlers and finalizers may call it."""
import collections
import math
import types
from _thread import TIMEOUT_MAX, allocate_lock
from time import monotonic

__all__ = ["Empty", "SimpleQueue"]


class Empty(Exception):
    "Exception raised by Queue.get(block=0)/get_nowait()."


class SimpleQueue:
    """Simple, unbounded, reentrant FIFO queue."""

    __slots__ = ("_items", "_gates", "__weakref__")

    def __new__(cls):
        self = object.__new__(cls)
        self._items = collections.deque()
        # The keys are closed locks, one for each get() that waits; one put() opens one of them. (Other threads may come in between any two
        # operations: a dict takes its last key, or a certain one, out in one operation.)
        self._gates = {}
        return self

    def put(self, item, block=True, timeout=None):
        """Put the item on the queue; the other arguments are those of Queue.put, and mean nothing here."""
        self._items.append(item)
        self._open_next()

    def put_nowait(self, item):
        """Put an item into the queue without blocking."""
        self.put(item)

    def _open_next(self):
        try:
            gate, _ = self._gates.popitem()
        except KeyError:
            return
        gate.release()

    def get(self, block=True, timeout=None):
        """Remove and return an item from the queue; Empty when there is none and `block` is false or the time is over."""
        end = None
        if block and timeout is not None:
            if timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            if timeout > TIMEOUT_MAX or math.isnan(timeout):
                raise OverflowError("timeout value is too large")
            end = monotonic() + timeout
        while True:
            try:
                return self._items.popleft()
            except IndexError:
                if not block or end is not None and monotonic() >= end:
                    raise Empty from None
            self._wait(end)

    def get_nowait(self):
        """Remove and return an item from the queue without blocking."""
        return self.get(False)

    def _wait(self, end):
        """Waits for a put() that came after the queue was seen empty, or until the time `end`."""
        gate = allocate_lock()
        gate.acquire()
        self._gates[gate] = True
        try:
            # What was put before the gate stood there did not open it.
            if not self._items:
                gate.acquire(True, -1 if end is None else max(0.0, end - monotonic()))
        finally:
            # It may have been opened for nothing: the item may be another's by now, or this thread leaves by an exception.
            if not self._gates.pop(gate, False) and self._items:
                self._open_next()

    def empty(self):
        """Whether the queue was empty (it may not be any more)."""
        return not self._items

    def qsize(self):
        """The number of items (it may have changed by now)."""
        return len(self._items)

    def __reduce__(self):
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    __class_getitem__ = classmethod(types.GenericAlias)
