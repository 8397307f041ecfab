"""Containers beyond the built-in ones."""

import _abcoll
import heapq as _heapq
import sys as _sys
from _abcoll import *
from _collections import deque, defaultdict
from itertools import chain as _chain, imap as _imap, repeat as _repeat, starmap as _starmap
from keyword import iskeyword as _iskeyword
from operator import eq as _eq, itemgetter as _itemgetter

try:
    from thread import get_ident as _get_ident
except ImportError:
    from dummy_thread import get_ident as _get_ident

__all__ = ["Counter", "deque", "defaultdict", "namedtuple", "OrderedDict"]
__all__ += _abcoll.__all__


class OrderedDict(dict):
    """A dict that keeps the order of insertion and compares by it.

    The built-in dict keeps that order already; what is added here is order in comparison, popitem(last) and reversed().
    """

    def __init__(*args, **kwds):
        self, rest = _abcoll.self_and_rest("OrderedDict", "__init__", args)
        self.__update(*rest, **kwds)

    def __setitem__(self, key, value, dict_setitem=dict.__setitem__):
        dict_setitem(self, key, value)

    def __delitem__(self, key, dict_delitem=dict.__delitem__):
        dict_delitem(self, key)

    def __reversed__(self):
        return iter(dict.keys(self)[::-1])

    # In terms of __iter__ and __getitem__, as subclasses may have their own.
    keys, values, items = [_m.im_func for _m in (Mapping.keys, Mapping.values, Mapping.items)]
    iterkeys, itervalues, iteritems = [_m.im_func for _m in (Mapping.iterkeys, Mapping.itervalues, Mapping.iteritems)]
    del _m
    update = MutableMapping.update.im_func
    __update = update
    __marker = object()

    def pop(self, key, default=__marker):
        if key in self:
            value = self[key]
            del self[key]
            return value
        if default is self.__marker:
            raise KeyError(key)
        return default

    def setdefault(self, key, default=None):
        if key in self:
            return self[key]
        self[key] = default
        return default

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return key, self.pop(key)

    def __repr__(self, _repr_running={}):
        here = id(self), _get_ident()
        if here in _repr_running:
            return "..."
        _repr_running[here] = True
        try:
            if not self:
                return "%s()" % self.__class__.__name__
            return "%s(%r)" % (self.__class__.__name__, self.items())
        finally:
            del _repr_running[here]

    def __reduce__(self):
        items = [[key, self[key]] for key in self]
        state = vars(self).copy()
        for name in vars(OrderedDict()):
            state.pop(name, None)
        return (self.__class__, (items,), state) if state else (self.__class__, (items,))

    def copy(self):
        return self.__class__(self)

    fromkeys = classmethod(_abcoll.fromkeys)

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and all(_imap(_eq, self, other))
        return dict.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def viewkeys(self):
        return KeysView(self)

    def viewvalues(self):
        return ValuesView(self)

    def viewitems(self):
        return ItemsView(self)


def _valid(name):
    return all(c.isalnum() or c == "_" for c in name) and not _iskeyword(name) and name and not name[0].isdigit()


def namedtuple(typename, field_names, verbose=False, rename=False):
    """A subclass of tuple whose items have names.

    >>> Pixel = namedtuple("Pixel", "row column")
    >>> Pixel(3, column=4)
    Pixel(row=3, column=4)
    """
    if isinstance(field_names, basestring):
        field_names = field_names.replace(",", " ").split()
    names = map(str, field_names)
    typename = str(typename)
    if rename:
        seen = set()
        for index, name in enumerate(names):
            if not _valid(name) or name.startswith("_") or name in seen:
                names[index] = "_%d" % index
            seen.add(name)
    for name in [typename] + names:
        if type(name) != str:
            raise TypeError("Type names and field names must be strings")
        if not all(c.isalnum() or c == "_" for c in name):
            raise ValueError("Type names and field names can only contain alphanumeric characters and underscores: %r" % name)
        if _iskeyword(name):
            raise ValueError("Type names and field names cannot be a keyword: %r" % name)
        if name[:1].isdigit():
            raise ValueError("Type names and field names cannot start with a number: %r" % name)
    seen = set()
    for name in names:
        if name.startswith("_") and not rename:
            raise ValueError("Field names cannot start with an underscore: %r" % name)
        if name in seen:
            raise ValueError("Encountered duplicate field name: %r" % name)
        seen.add(name)

    fields = tuple(names)
    count = len(fields)
    # Only __new__ is compiled: its parameters carry the fields' names.
    source = "def __new__(_cls, %s):\n    %r\n    return _tuple_new(_cls, (%s))\n" % (
        ", ".join(fields), "Create new instance of %s(%s)" % (typename, ", ".join(fields)), "".join(f + ", " for f in fields))
    if not fields:
        source = "def __new__(_cls):\n    %r\n    return _tuple_new(_cls, ())\n" % ("Create new instance of %s()" % typename)
    if verbose:
        print source
    scope = {"_tuple_new": tuple.__new__, "__name__": "namedtuple_%s" % typename}
    exec source in scope
    shown = ", ".join(name + "=%r" for name in fields)

    def _make(cls, iterable, new=tuple.__new__, len=len):
        """Make a new instance from a sequence or iterable."""
        made = new(cls, iterable)
        if len(made) != count:
            raise TypeError("Expected %d arguments, got %d" % (count, len(made)))
        return made

    def __repr__(self):
        """Return a nicely formatted representation string"""
        return "%s(%s)" % (typename, shown % tuple(self))

    def _asdict(self):
        """Return a new OrderedDict which maps field names to their values"""
        return OrderedDict(zip(self._fields, self))

    def _replace(_self, **kwds):
        """Return a new instance with some fields replaced."""
        made = _self._make(map(kwds.pop, fields, _self))
        if kwds:
            raise ValueError("Got unexpected field names: %r" % kwds.keys())
        return made

    def __getnewargs__(self):
        """Return self as a plain tuple.  Used by copy and pickle."""
        return tuple(self)

    def __getstate__(self):
        """Exclude the OrderedDict from pickling"""

    namespace = {
        "__doc__": "%s(%s)" % (typename, ", ".join(fields)), "__slots__": (), "_fields": fields, "__new__": scope["__new__"],
        "_make": classmethod(_make), "__repr__": __repr__, "_asdict": _asdict, "_replace": _replace,
        "__getnewargs__": __getnewargs__, "__getstate__": __getstate__, "__dict__": property(_asdict),
    }
    for index, name in enumerate(fields):
        namespace[name] = property(_itemgetter(index), doc="Alias for field number %d" % index)
    try:
        namespace["__module__"] = _sys._getframe(1).f_globals.get("__name__", "__main__")
    except (AttributeError, ValueError):
        pass
    return type(typename, (tuple,), namespace)


class Counter(dict):
    """A dict of counts; what is missing counts zero.

    >>> hits = Counter(["home", "help", "home"])
    >>> hits["home"], hits["news"]
    (2, 0)
    """

    def __init__(*args, **kwds):
        """Counts an iterable's elements, or starts with a mapping's counts and those given by name.

        >>> Counter(red=2) == Counter(["red", "red"]) == Counter({"red": 2})
        True
        """
        self, rest = _abcoll.self_and_rest("Counter", "__init__", args)
        super(Counter, self).__init__()
        self.update(*rest, **kwds)

    def __missing__(self, key):
        return 0

    def most_common(self, n=None):
        """The n elements with the highest counts, all without n.

        >>> Counter("mississippim").most_common(1)
        [('i', 4)]
        """
        if n is None:
            return sorted(self.iteritems(), key=_itemgetter(1), reverse=True)
        return _heapq.nlargest(n, self.iteritems(), key=_itemgetter(1))

    def elements(self):
        """Each element as often as it counts.

        >>> sorted(Counter(x=2, y=1, z=0).elements())
        ['x', 'x', 'y']
        """
        return _chain.from_iterable(_starmap(_repeat, self.iteritems()))

    @classmethod
    def fromkeys(cls, iterable, v=None):
        raise NotImplementedError("Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")

    def update(*args, **kwds):
        """Adds counts of an iterable's elements, or of a mapping.

        >>> seen = Counter("ab")
        >>> seen.update({"b": 3})
        >>> seen["b"]
        4
        """
        self, rest = _abcoll.self_and_rest("Counter", "update", args)
        source = rest[0] if rest else None
        if source is not None:
            get = self.get
            if isinstance(source, Mapping):
                if self:
                    for elem, count in source.iteritems():
                        self[elem] = get(elem, 0) + count
                else:
                    super(Counter, self).update(source)
            else:
                for elem in source:
                    self[elem] = get(elem, 0) + 1
        if kwds:
            self.update(kwds)

    def subtract(*args, **kwds):
        """Like update(), but takes counts away; they may become negative.

        >>> stock = Counter(nuts=1)
        >>> stock.subtract(["nuts", "nuts"])
        >>> stock["nuts"]
        -1
        """
        self, rest = _abcoll.self_and_rest("Counter", "subtract", args)
        source = rest[0] if rest else None
        if source is not None:
            get = self.get
            if isinstance(source, Mapping):
                for elem, count in source.items():
                    self[elem] = get(elem, 0) - count
            else:
                for elem in source:
                    self[elem] = get(elem, 0) - 1
        if kwds:
            self.subtract(kwds)

    def copy(self):
        return self.__class__(self)

    def __reduce__(self):
        return self.__class__, (dict(self),)

    def __delitem__(self, elem):
        if elem in self:
            super(Counter, self).__delitem__(elem)

    def __repr__(self):
        if not self:
            return "%s()" % self.__class__.__name__
        return "%s({%s})" % (self.__class__.__name__, ", ".join("%r: %r" % pair for pair in self.most_common()))

    def __combined(self, other, join):
        result = Counter()
        for elem, count in self.items():
            total = join(count, other[elem])
            if total > 0:
                result[elem] = total
        for elem, count in other.items():
            if elem not in self:
                total = join(0, count)
                if total > 0:
                    result[elem] = total
        return result

    def __add__(self, other):
        """Sum of the counts; only positive ones are kept.

        >>> sorted((Counter("aa") + Counter("ab")).items())
        [('a', 3), ('b', 1)]
        """
        if not isinstance(other, Counter):
            return NotImplemented
        return self.__combined(other, lambda a, b: a + b)

    def __sub__(self, other):
        """Difference of the counts; only positive ones are kept.

        >>> sorted((Counter("aa") - Counter("ab")).items())
        [('a', 1)]
        """
        if not isinstance(other, Counter):
            return NotImplemented
        return self.__combined(other, lambda a, b: a - b)

    def __or__(self, other):
        """The greater count of each element.

        >>> sorted((Counter("aa") | Counter("ab")).items())
        [('a', 2), ('b', 1)]
        """
        if not isinstance(other, Counter):
            return NotImplemented
        return self.__combined(other, max)

    def __and__(self, other):
        """The lesser count of each element.

        >>> sorted((Counter("aa") & Counter("ab")).items())
        [('a', 1)]
        """
        if not isinstance(other, Counter):
            return NotImplemented
        return self.__combined(other, min)
