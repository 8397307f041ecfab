"""Heaps in lists."""

import itertools as _itertools

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge", "nlargest", "nsmallest", "heappushpop"]


def cmp_lt(x, y):
    """x < y, for classes that define only __le__, too."""
    return (x < y) if hasattr(x, "__lt__") else (not y <= x)


def heappush(heap, item):
    """Adds an item."""
    heap.append(item)
    _rise(heap, len(heap) - 1, 0)


def heappop(heap):
    """Removes the smallest item."""
    last = heap.pop()
    if not heap:
        return last
    top, heap[0] = heap[0], last
    _sink(heap, 0)
    return top


def heapreplace(heap, item):
    """Removes the smallest item, then adds one."""
    top, heap[0] = heap[0], item
    _sink(heap, 0)
    return top


def heappushpop(heap, item):
    """Adds an item, then removes the smallest."""
    if heap and cmp_lt(heap[0], item):
        item, heap[0] = heap[0], item
        _sink(heap, 0)
    return item


def heapify(x):
    """Makes a list a heap."""
    for at in reversed(xrange(len(x) // 2)):
        _sink(x, at)


def _rise(heap, at, top):
    """Moves the item at `at` up, not above `top`."""
    item = heap[at]
    while at > top:
        parent = (at - 1) // 2
        if not cmp_lt(item, heap[parent]):
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def _sink(heap, at):
    """Moves the item at `at` down to a leaf along the smaller children, then up again: fewer comparisons than stopping on the way."""
    top, end, item = at, len(heap), heap[at]
    child = 2 * at + 1
    while child < end:
        if child + 1 < end and not cmp_lt(heap[child], heap[child + 1]):
            child += 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    _rise(heap, at, top)


def merge(*iterables):
    """Merges sorted inputs to one sorted output."""
    heap = []
    for number, iterable in enumerate(iterables):
        step = iter(iterable).next
        try:
            heap.append([step(), number, step])
        except StopIteration:
            pass
    heapify(heap)
    while len(heap) > 1:
        top = heap[0]
        yield top[0]
        try:
            top[0] = top[2]()
        except StopIteration:
            heappop(heap)
        else:
            heapreplace(heap, top)
    if heap:
        value, _, step = heap[0]
        yield value
        while True:
            try:
                value = step()
            except StopIteration:
                return
            yield value


def nlargest(n, iterable, key=None):
    """The n largest elements, largest first; of equal ones the earlier first."""
    if key is None:
        marked = ((value, -place) for place, value in enumerate(iterable))
        return [entry[0] for entry in _largest(n, marked)]
    marked = ((key(value), -place, value) for place, value in enumerate(iterable))
    return [entry[2] for entry in _largest(n, marked)]


def _largest(n, entries):
    entries = iter(entries)
    heap = list(_itertools.islice(entries, max(n, 0)))
    if not heap:
        return heap
    heapify(heap)
    for entry in entries:
        if heap[0] < entry:
            heapreplace(heap, entry)
    heap.sort(reverse=True)
    return heap


def nsmallest(n, iterable, key=None):
    """The n smallest elements, smallest first; of equal ones the earlier first."""
    if n == 1:
        entries = list(iterable)
        return [min(entries, key=key) if key is not None else min(entries)] if entries else []
    return sorted(iterable, key=key)[:max(n, 0)]


# The same in Rust, unless somebody hides it.
try:
    from _heapq import *
except ImportError:
    pass
