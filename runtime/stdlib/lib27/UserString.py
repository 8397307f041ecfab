"""Strings as classes that scripts can extend: UserString, and MutableString."""
import collections
import sys

__all__ = ['UserString', 'MutableString']


def _plain(x):
    return x.data if isinstance(x, UserString) else x


def _text(x):
    """What a string is extended by: any object becomes one."""
    x = _plain(x)
    return x if isinstance(x, basestring) else str(x)


def _coding(encoding, errors):
    # Errors without an encoding don't count.
    if encoding is None:
        return ()
    return (encoding, errors) if errors else (encoding,)


class UserString(collections.Sequence):
    def __init__(self, seq):
        self.data = _text(seq)

    def __cmp__(self, string):
        return cmp(self.data, _plain(string))

    def __contains__(self, char):
        return char in self.data

    # Abstract in Sequence, so it must stand here.
    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.__class__(self.data[index])

    def __getslice__(self, start, end):
        return self.__class__(self.data[max(start, 0):max(end, 0)])

    def __add__(self, other):
        return self.__class__(self.data + _text(other))

    def __radd__(self, other):
        return self.__class__(_text(other) + self.data)

    def __mul__(self, n):
        return self.__class__(self.data * n)

    __rmul__ = __mul__

    def __mod__(self, args):
        return self.__class__(self.data % args)

    def count(self, sub, start=0, end=sys.maxint):
        return self.data.count(sub, start, end)

    def decode(self, encoding=None, errors=None):
        return self.__class__(self.data.decode(*_coding(encoding, errors)))

    def encode(self, encoding=None, errors=None):
        return self.__class__(self.data.encode(*_coding(encoding, errors)))

    def startswith(self, prefix, start=0, end=sys.maxint):
        return self.data.startswith(prefix, start, end)

    def endswith(self, suffix, start=0, end=sys.maxint):
        return self.data.endswith(suffix, start, end)

    def find(self, sub, start=0, end=sys.maxint):
        return self.data.find(sub, start, end)

    def rfind(self, sub, start=0, end=sys.maxint):
        return self.data.rfind(sub, start, end)

    def index(self, sub, start=0, end=sys.maxint):
        return self.data.index(sub, start, end)

    def rindex(self, sub, start=0, end=sys.maxint):
        return self.data.rindex(sub, start, end)

    def replace(self, old, new, maxsplit=-1):
        return self.__class__(self.data.replace(_plain(old), _plain(new), maxsplit))

    def join(self, seq):
        return self.data.join(seq)

    def partition(self, sep):
        return self.data.partition(sep)

    def rpartition(self, sep):
        return self.data.rpartition(sep)

    def split(self, sep=None, maxsplit=-1):
        return self.data.split(sep, maxsplit)

    def rsplit(self, sep=None, maxsplit=-1):
        return self.data.rsplit(sep, maxsplit)

    def splitlines(self, keepends=0):
        return self.data.splitlines(keepends)


def _add(name, wrap):
    def method(self, *args):
        r = getattr(self.data, name)(*args)
        return self.__class__(r) if wrap else r
    method.__name__ = name
    setattr(UserString, name, method)


def _add_conversion(convert):
    def method(self):
        return convert(self.data)
    method.__name__ = '__%s__' % convert.__name__
    setattr(UserString, method.__name__, method)


for _name in ('capitalize', 'center', 'expandtabs', 'ljust', 'lower', 'lstrip', 'rjust', 'rstrip', 'strip', 'swapcase', 'title', 'translate', 'upper', 'zfill'):
    _add(_name, True)
for _name in ('isalpha', 'isalnum', 'isdecimal', 'isdigit', 'islower', 'isnumeric', 'isspace', 'istitle', 'isupper'):
    _add(_name, False)
del _name
map(_add_conversion, (str, repr, int, long, float, complex, hash))


class MutableString(UserString, collections.MutableSequence):
    """mutable string objects: without hash"""

    def __init__(self, string=''):
        from warnings import warnpy3k
        warnpy3k('the class UserString.MutableString has been removed in Python 3.0', stacklevel=2)
        self.data = string

    __hash__ = None

    def _splice(self, index, sub):
        n = len(self.data)
        if not -n <= index < n:
            raise IndexError
        self.data = self.data[:index % n] + sub + self.data[index % n + 1:]

    def __setitem__(self, index, sub):
        if isinstance(index, slice):
            chars = list(self.data)
            chars[index] = _text(sub)
            self.data = ''.join(chars)
            return
        self._splice(index, _plain(sub))

    def __delitem__(self, index):
        if isinstance(index, slice):
            chars = list(self.data)
            del chars[index]
            self.data = ''.join(chars)
            return
        self._splice(index, '')

    def __setslice__(self, start, end, sub):
        start, end = max(start, 0), max(end, 0)
        self.data = self.data[:start] + _text(sub) + self.data[end:]

    def __delslice__(self, start, end):
        start, end = max(start, 0), max(end, 0)
        self.data = self.data[:start] + self.data[end:]

    def immutable(self):
        return UserString(self.data)

    def __iadd__(self, other):
        self.data += _text(other)
        return self

    def __imul__(self, n):
        self.data *= n
        return self

    def insert(self, index, value):
        self[index:index] = value
