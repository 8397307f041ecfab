"""Abstract base classes of containers."""

import sys
from abc import ABCMeta, abstractmethod

__all__ = ["Hashable", "Iterable", "Iterator", "Sized", "Container", "Callable", "Set", "MutableSet", "Mapping",
           "MutableMapping", "MappingView", "KeysView", "ItemsView", "ValuesView", "Sequence", "MutableSequence"]


def _defines(C, method):
    """Whether a class has a method; for new classes __getattr__ of the metaclass doesn't count."""
    if not hasattr(C, "__mro__"):
        return hasattr(C, method)
    return any(method in B.__dict__ for B in C.__mro__)


def _by_methods(*methods):
    """A __subclasshook__: classes with these methods are subclasses of the class that has the hook, not of those that inherit it."""

    def __subclasshook__(cls, C):
        if cls.__dict__.get("__subclasshook__") is hook and all(_defines(C, m) for m in methods):
            return True
        return NotImplemented

    hook = classmethod(__subclasshook__)
    return hook


def self_and_rest(owner, method, args, called=""):
    """Splits what came for (self, other=None): such methods take *args, so that keywords may have any name."""
    if not args:
        raise TypeError("descriptor %r of %r object needs an argument" % (method, owner))
    if len(args) > 2:
        raise TypeError("%sexpected at most 1 arguments, got %d" % (called, len(args) - 1))
    return args[0], args[1:]


def fromkeys(cls, iterable, value=None):
    made = cls()
    for key in iterable:
        made[key] = value
    return made


class Hashable:
    __metaclass__ = ABCMeta

    @abstractmethod
    def __hash__(self):
        return 0

    @classmethod
    def __subclasshook__(cls, C):
        if cls is not Hashable:
            return NotImplemented
        if not hasattr(C, "__mro__"):
            return True if getattr(C, "__hash__", None) else NotImplemented
        # None says that instances have no hash.
        hashes = [B.__dict__["__hash__"] for B in C.__mro__ if "__hash__" in B.__dict__]
        return True if hashes and hashes[0] else NotImplemented


class Iterable:
    __metaclass__ = ABCMeta
    __subclasshook__ = _by_methods("__iter__")

    @abstractmethod
    def __iter__(self):
        return
        yield


Iterable.register(str)


class Iterator(Iterable):
    __subclasshook__ = _by_methods("next", "__iter__")

    @abstractmethod
    def next(self):
        """The next item; StopIteration at the end."""
        raise StopIteration

    def __iter__(self):
        return self


class Sized:
    __metaclass__ = ABCMeta
    __subclasshook__ = _by_methods("__len__")

    @abstractmethod
    def __len__(self):
        return 0


class Container:
    __metaclass__ = ABCMeta
    __subclasshook__ = _by_methods("__contains__")

    @abstractmethod
    def __contains__(self, x):
        return False


class Callable:
    __metaclass__ = ABCMeta
    __subclasshook__ = _by_methods("__call__")

    @abstractmethod
    def __call__(self, *args, **kwds):
        return False


class Set(Sized, Iterable, Container):
    """A set by __contains__, __iter__ and __len__."""

    def __le__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) <= len(other) and all(item in other for item in self)

    def __lt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) < len(other) and self.__le__(other)

    def __ge__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) >= len(other) and all(item in self for item in other)

    def __gt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) > len(other) and self.__ge__(other)

    def __eq__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and self.__le__(other)

    def __ne__(self, other):
        return not self == other

    @classmethod
    def _from_iterable(cls, it):
        """The set of an iterable; overridden where __init__ takes something else."""
        return cls(it)

    def __and__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable(item for item in other if item in self)
    __rand__ = __and__

    def isdisjoint(self, other):
        return not any(item in self for item in other)

    def __or__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable(item for part in (self, other) for item in part)
    __ror__ = __or__

    def _as_set(self, other):
        return other if isinstance(other, Set) else self._from_iterable(other)

    def __sub__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        other = self._as_set(other)
        return self._from_iterable(item for item in self if item not in other)

    def __rsub__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable(item for item in self._as_set(other) if item not in self)

    def __xor__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        other = self._as_set(other)
        return (self - other) | (other - self)
    __rxor__ = __xor__

    __hash__ = None

    def _hash(self):
        """The hash that frozenset has for the same elements."""
        mask = 2 * sys.maxint + 1
        h = (1927868237 * (len(self) + 1)) & mask
        for item in self:
            x = hash(item)
            h ^= (x ^ (x << 16) ^ 89869747) * 3644798167
            h &= mask
        h = (h * 69069 + 907133923) & mask
        if h > sys.maxint:
            h -= mask + 1
        return 590923713 if h == -1 else h


Set.register(frozenset)


class MutableSet(Set):
    """A set with add() and discard()."""

    @abstractmethod
    def add(self, value):
        raise NotImplementedError

    @abstractmethod
    def discard(self, value):
        raise NotImplementedError

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self):
        for value in iter(self):
            self.discard(value)
            return value
        raise KeyError

    def clear(self):
        try:
            while True:
                self.pop()
        except KeyError:
            pass

    def __ior__(self, it):
        for value in it:
            self.add(value)
        return self

    def __iand__(self, it):
        for value in self - it:
            self.discard(value)
        return self

    def __ixor__(self, it):
        if it is self:
            self.clear()
            return self
        for value in self._as_set(it):
            (self.discard if value in self else self.add)(value)
        return self

    def __isub__(self, it):
        if it is self:
            self.clear()
            return self
        for value in it:
            self.discard(value)
        return self


MutableSet.register(set)


class Mapping(Sized, Iterable, Container):
    """A mapping by __getitem__, __iter__ and __len__."""

    @abstractmethod
    def __getitem__(self, key):
        raise KeyError

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def iterkeys(self):
        return iter(self)

    def itervalues(self):
        for key in self:
            yield self[key]

    def iteritems(self):
        for key in self:
            yield key, self[key]

    def keys(self):
        return list(self)

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]

    __hash__ = None

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    def __ne__(self, other):
        return not self == other


class MappingView(Sized):
    def __init__(self, mapping):
        self._mapping = mapping

    def __len__(self):
        return len(self._mapping)

    def __repr__(self):
        return "%s(%r)" % (self.__class__.__name__, self._mapping)


class KeysView(MappingView, Set):
    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __iter__(self):
        for key in self._mapping:
            yield key

    def __contains__(self, key):
        return key in self._mapping


class ItemsView(MappingView, Set):
    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __contains__(self, item):
        key, value = item
        try:
            found = self._mapping[key]
        except KeyError:
            return False
        return found == value

    def __iter__(self):
        for key in self._mapping:
            yield key, self._mapping[key]


class ValuesView(MappingView):
    def __contains__(self, value):
        return any(value == self._mapping[key] for key in self._mapping)

    def __iter__(self):
        for key in self._mapping:
            yield self._mapping[key]


KeysView.register(type({}.viewkeys()))
ItemsView.register(type({}.viewitems()))
ValuesView.register(type({}.viewvalues()))


class MutableMapping(Mapping):
    """A mapping with __setitem__ and __delitem__."""

    @abstractmethod
    def __setitem__(self, key, value):
        raise KeyError

    @abstractmethod
    def __delitem__(self, key):
        raise KeyError

    __marker = object()

    def pop(self, key, default=__marker):
        try:
            value = self[key]
        except KeyError:
            if default is self.__marker:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        for key in iter(self):
            value = self[key]
            del self[key]
            return key, value
        raise KeyError

    def clear(self):
        try:
            while True:
                self.popitem()
        except KeyError:
            pass

    def update(*args, **kwds):
        self, rest = self_and_rest("MutableMapping", "update", args, "update ")
        for other in rest:
            if isinstance(other, Mapping) or hasattr(other, "keys"):
                for key in (other if isinstance(other, Mapping) else other.keys()):
                    self[key] = other[key]
            else:
                for key, value in other:
                    self[key] = value
        for key, value in kwds.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default


MutableMapping.register(dict)


class Sequence(Sized, Iterable, Container):
    """A sequence by __getitem__ and __len__."""

    @abstractmethod
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        index = 0
        try:
            while True:
                yield self[index]
                index += 1
        except IndexError:
            return

    def __contains__(self, value):
        return any(item == value for item in self)

    def __reversed__(self):
        for index in reversed(range(len(self))):
            yield self[index]

    def index(self, value):
        for position, item in enumerate(self):
            if item is value or item == value:
                return position
        raise ValueError

    def count(self, value):
        return sum(1 for item in self if item is value or item == value)


for _type in (tuple, basestring, buffer, xrange):
    Sequence.register(_type)


class MutableSequence(Sequence):
    """A sequence with __setitem__, __delitem__ and insert()."""

    @abstractmethod
    def __setitem__(self, index, value):
        raise IndexError

    @abstractmethod
    def __delitem__(self, index):
        raise IndexError

    @abstractmethod
    def insert(self, index, value):
        """Puts value before the item at index."""
        raise IndexError

    def append(self, value):
        self.insert(len(self), value)

    def reverse(self):
        last = len(self) - 1
        for index in range((last + 1) // 2):
            self[index], self[last - index] = self[last - index], self[index]

    def extend(self, values):
        if values is self:
            values = list(values)
        for value in values:
            self.append(value)

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self


MutableSequence.register(list)
del _type
