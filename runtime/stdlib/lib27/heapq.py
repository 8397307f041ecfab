"""Heaps in lists."""

from _heapq import heapify, heappop, heappush, heappushpop, heapreplace
import itertools as _itertools
from operator import itemgetter as _itemgetter

__all__ = ["heappush", "heappop", "heapify", "heapreplace", "merge", "nlargest", "nsmallest", "heappushpop"]


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
