"""Classes of sets from before the builtin ones: Set can change, ImmutableSet can be an element or a key."""
import warnings
from itertools import ifilter, ifilterfalse

warnings.warn('the sets module is deprecated', DeprecationWarning, stacklevel=2)
__all__ = ['BaseSet', 'Set', 'ImmutableSet']


class BaseSet(object):
    """What both classes can."""
    __slots__ = ['_data']

    def __init__(self):
        if self.__class__ is BaseSet:
            raise TypeError('BaseSet is an abstract class.  Use Set or ImmutableSet.')

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        return self._data.iterkeys()

    def _repr(self, sorted=False):
        elements = list(self._data)
        if sorted:
            elements.sort()
        return '%s(%r)' % (self.__class__.__name__, elements)

    def __repr__(self):
        return self._repr()

    __str__ = __repr__

    def __cmp__(self, other):
        raise TypeError("can't compare sets using cmp()")

    def __eq__(self, other):
        return self._data == other._data if isinstance(other, BaseSet) else False

    def __ne__(self, other):
        return self._data != other._data if isinstance(other, BaseSet) else True

    def _new(self, elements):
        result = self.__class__()
        result._data.update(dict.fromkeys(elements, True))
        return result

    def copy(self):
        result = self.__class__()
        result._data.update(self._data)
        return result

    __copy__ = copy

    def __deepcopy__(self, memo):
        from copy import deepcopy
        result = self.__class__()
        memo[id(self)] = result
        for element in self:
            result._data[deepcopy(element, memo)] = True
        return result

    def __or__(self, other):
        return self.union(other) if isinstance(other, BaseSet) else NotImplemented

    def union(self, other):
        result = self.__class__(self)
        result._update(other)
        return result

    def __and__(self, other):
        return self.intersection(other) if isinstance(other, BaseSet) else NotImplemented

    def intersection(self, other):
        other = _as_set(other)
        small, large = (self, other) if len(self) <= len(other) else (other, self)
        return self.__class__(ifilter(large._data.__contains__, small))

    def __xor__(self, other):
        return self.symmetric_difference(other) if isinstance(other, BaseSet) else NotImplemented

    def symmetric_difference(self, other):
        other = _as_set(other)
        return self._new(list(ifilterfalse(other._data.__contains__, self)) + list(ifilterfalse(self._data.__contains__, other)))

    def __sub__(self, other):
        return self.difference(other) if isinstance(other, BaseSet) else NotImplemented

    def difference(self, other):
        other = _as_set(other)
        return self._new(ifilterfalse(other._data.__contains__, self))

    def __contains__(self, element):
        try:
            return element in self._data
        except TypeError:
            transform = getattr(element, '__as_temporarily_immutable__', None)
            if transform is None:
                raise
            return transform() in self._data

    def issubset(self, other):
        self._binary_sanity_check(other)
        return len(self) <= len(other) and not list(ifilterfalse(other._data.__contains__, self))

    def issuperset(self, other):
        self._binary_sanity_check(other)
        return len(self) >= len(other) and not list(ifilterfalse(self._data.__contains__, other))

    __le__ = issubset
    __ge__ = issuperset

    def __lt__(self, other):
        return self.issubset(other) and len(self) != len(other)

    def __gt__(self, other):
        return self.issuperset(other) and len(self) != len(other)

    __hash__ = None

    def _binary_sanity_check(self, other):
        if not isinstance(other, BaseSet):
            raise TypeError('Binary operation only permitted between sets')

    def _compute_hash(self):
        result = 0
        for element in self:
            result ^= hash(element)
        return result

    def _update(self, iterable):
        if isinstance(iterable, BaseSet):
            self._data.update(iterable._data)
            return
        for element in iterable:
            self._data[_element(element)] = True


def _element(element):
    """What stands for an element: a set that can change is put in as its immutable copy."""
    try:
        hash(element)
        return element
    except TypeError:
        transform = getattr(element, '__as_immutable__', None)
        if transform is None:
            raise
        return transform()


def _as_set(x):
    return x if isinstance(x, BaseSet) else Set(x)


class ImmutableSet(BaseSet):
    """A set that does not change."""
    __slots__ = ['_hashcode']

    def __init__(self, iterable=None):
        self._data = {}
        self._update(() if iterable is None else iterable)
        self._hashcode = None

    def __getstate__(self):
        return self._data, self._hashcode

    def __setstate__(self, state):
        self._data, self._hashcode = state

    def __hash__(self):
        if self._hashcode is None:
            self._hashcode = self._compute_hash()
        return self._hashcode


class Set(BaseSet):
    """A set that can change."""
    __slots__ = []

    def __init__(self, iterable=None):
        self._data = {}
        self._update(() if iterable is None else iterable)

    def __getstate__(self):
        return self._data,

    def __setstate__(self, data):
        self._data, = data

    def __ior__(self, other):
        self._binary_sanity_check(other)
        self._data.update(other._data)
        return self

    def union_update(self, other):
        self._update(other)

    def __iand__(self, other):
        self._binary_sanity_check(other)
        self._data = (self & other)._data
        return self

    def intersection_update(self, other):
        if isinstance(other, BaseSet):
            self &= other
        else:
            self._data = self.intersection(other)._data

    def __ixor__(self, other):
        self._binary_sanity_check(other)
        self.symmetric_difference_update(other)
        return self

    def symmetric_difference_update(self, other):
        other = _as_set(other)
        if self is other:
            self.clear()
        for element in other:
            if element in self._data:
                del self._data[element]
            else:
                self._data[element] = True

    def __isub__(self, other):
        self._binary_sanity_check(other)
        self.difference_update(other)
        return self

    def difference_update(self, other):
        other = _as_set(other)
        if self is other:
            self.clear()
        for element in list(ifilter(self._data.__contains__, other)):
            del self._data[element]

    def update(self, iterable):
        self._update(iterable)

    def clear(self):
        self._data.clear()

    def add(self, element):
        self._data[_element(element)] = True

    def remove(self, element):
        try:
            del self._data[element]
        except TypeError:
            transform = getattr(element, '__as_temporarily_immutable__', None)
            if transform is None:
                raise
            del self._data[transform()]

    def discard(self, element):
        try:
            self.remove(element)
        except KeyError:
            pass

    def pop(self):
        return self._data.popitem()[0]

    def __as_immutable__(self):
        return ImmutableSet(self)

    def __as_temporarily_immutable__(self):
        return _TemporarilyImmutableSet(self)


class _TemporarilyImmutableSet(BaseSet):
    """A set as a key for one look-up."""

    def __init__(self, set):
        self._set = set
        self._data = set._data

    def __hash__(self):
        return self._set._compute_hash()
