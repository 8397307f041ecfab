"""Sets whose elements disappear with their objects."""

from _weakref import ref

__all__ = ["WeakSet"]


class WeakSet(object):
    def __init__(self, data=None):
        self.data = set()
        selfref = ref(self)

        def forget(item):
            owner = selfref()
            if owner is not None:
                owner.data.discard(item)

        self._remove = forget
        if data is not None:
            self.update(data)

    def _live(self):
        return [item for item in (r() for r in list(self.data)) if item is not None]

    def __iter__(self):
        for item in self._live():
            yield item

    def __len__(self):
        return sum(r() is not None for r in list(self.data))

    def __contains__(self, item):
        try:
            key = ref(item)
        except TypeError:
            return False
        return key in self.data

    def __reduce__(self):
        return self.__class__, (list(self),), getattr(self, "__dict__", None)

    __hash__ = None

    def add(self, item):
        self.data.add(ref(item, self._remove))

    def clear(self):
        self.data.clear()

    def copy(self):
        return self.__class__(self)

    def pop(self):
        while True:
            try:
                item = self.data.pop()()
            except KeyError:
                raise KeyError("pop from empty WeakSet")
            if item is not None:
                return item

    def remove(self, item):
        self.data.remove(ref(item))

    def discard(self, item):
        self.data.discard(ref(item))

    def update(self, other):
        for element in other:
            self.add(element)

    def __ior__(self, other):
        self.update(other)
        return self

    def _refs(self, other):
        return set(ref(item) for item in other)

    def difference(self, other):
        made = self.copy()
        made.difference_update(other)
        return made
    __sub__ = difference

    def difference_update(self, other):
        if self is other:
            self.data.clear()
        else:
            self.data.difference_update(self._refs(other))

    def __isub__(self, other):
        self.difference_update(other)
        return self

    def intersection(self, other):
        return self.__class__(item for item in other if item in self)
    __and__ = intersection

    def intersection_update(self, other):
        self.data.intersection_update(self._refs(other))

    def __iand__(self, other):
        self.intersection_update(other)
        return self

    def issubset(self, other):
        return self.data.issubset(self._refs(other))
    __le__ = issubset

    def __lt__(self, other):
        return self.data < self._refs(other)

    def issuperset(self, other):
        return self.data.issuperset(self._refs(other))
    __ge__ = issuperset

    def __gt__(self, other):
        return self.data > self._refs(other)

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return self.data == self._refs(other)

    def __ne__(self, other):
        answer = self.__eq__(other)
        return answer if answer is NotImplemented else not answer

    def symmetric_difference(self, other):
        made = self.copy()
        made.symmetric_difference_update(other)
        return made
    __xor__ = symmetric_difference

    def symmetric_difference_update(self, other):
        if self is other:
            self.data.clear()
        else:
            self.data.symmetric_difference_update(set(ref(item, self._remove) for item in other))

    def __ixor__(self, other):
        self.symmetric_difference_update(other)
        return self

    def union(self, other):
        made = self.copy()
        made.update(other)
        return made
    __or__ = union

    def isdisjoint(self, other):
        return len(self.intersection(other)) == 0
