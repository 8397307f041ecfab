"""A dict by composition, and a mixin of dict methods."""

__all__ = ["UserDict", "IterableUserDict", "DictMixin"]


class UserDict:
    def __init__(*args, **kwargs):
        if not args:
            raise TypeError("descriptor '__init__' of 'UserDict' object needs an argument")
        self = args[0]
        if len(args) > 2:
            raise TypeError("expected at most 2 arguments, got %d" % len(args))
        if len(args) == 2:
            source = args[1]
        elif "dict" in kwargs:
            source = kwargs.pop("dict")
            import warnings
            warnings.warn("Passing 'dict' as keyword argument is deprecated", PendingDeprecationWarning, stacklevel=2)
        else:
            source = None
        self.data = {}
        if source is not None:
            self.update(source)
        if kwargs:
            self.update(kwargs)

    def __repr__(self):
        return repr(self.data)

    def __cmp__(self, other):
        return cmp(self.data, other.data if isinstance(other, UserDict) else other)

    __hash__ = None

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        if hasattr(self.__class__, "__missing__"):
            return self.__class__.__missing__(self, key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __contains__(self, key):
        return key in self.data

    def clear(self):
        self.data.clear()

    def copy(self):
        if self.__class__ is UserDict:
            return UserDict(self.data.copy())
        import copy
        data, self.data = self.data, {}
        try:
            made = copy.copy(self)
        finally:
            self.data = data
        made.update(self)
        return made

    def keys(self):
        return self.data.keys()

    def items(self):
        return self.data.items()

    def values(self):
        return self.data.values()

    def iterkeys(self):
        return self.data.iterkeys()

    def iteritems(self):
        return self.data.iteritems()

    def itervalues(self):
        return self.data.itervalues()

    def has_key(self, key):
        return key in self.data

    def get(self, key, failobj=None):
        return self[key] if key in self else failobj

    def setdefault(self, key, failobj=None):
        if key not in self:
            self[key] = failobj
        return self[key]

    def pop(self, key, *args):
        return self.data.pop(key, *args)

    def popitem(self):
        return self.data.popitem()

    def update(*args, **kwargs):
        if not args:
            raise TypeError("descriptor 'update' of 'UserDict' object needs an argument")
        self = args[0]
        if len(args) > 2:
            raise TypeError("expected at most 2 arguments, got %d" % len(args))
        source = args[1] if len(args) == 2 else None
        if "dict" in kwargs and source is None:
            source = kwargs.pop("dict")
            import warnings
            warnings.warn("Passing 'dict' as keyword argument is deprecated", PendingDeprecationWarning, stacklevel=2)
        if isinstance(source, UserDict):
            self.data.update(source.data)
        elif isinstance(source, dict) or not hasattr(source, "items"):
            if source is not None:
                self.data.update(source)
        else:
            for key, value in source.items():
                self[key] = value
        if kwargs:
            self.data.update(kwargs)

    @classmethod
    def fromkeys(cls, iterable, value=None):
        made = cls()
        for key in iterable:
            made[key] = value
        return made


class IterableUserDict(UserDict):
    def __iter__(self):
        return iter(self.data)


import _abcoll
_abcoll.MutableMapping.register(IterableUserDict)


class DictMixin:
    """The methods of dict for classes that have keys() and item access."""

    def __iter__(self):
        for key in self.keys():
            yield key

    def has_key(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def __contains__(self, key):
        return self.has_key(key)

    def iterkeys(self):
        return self.__iter__()

    def iteritems(self):
        for key in self:
            yield key, self[key]

    def itervalues(self):
        for _, value in self.iteritems():
            yield value

    def values(self):
        return [value for _, value in self.iteritems()]

    def items(self):
        return list(self.iteritems())

    def clear(self):
        for key in self.keys():
            del self[key]

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default

    def pop(self, key, *args):
        if len(args) > 1:
            raise TypeError("pop expected at most 2 arguments, got " + repr(1 + len(args)))
        try:
            value = self[key]
        except KeyError:
            if args:
                return args[0]
            raise
        del self[key]
        return value

    def popitem(self):
        try:
            key, value = self.iteritems().next()
        except StopIteration:
            raise KeyError("container is empty")
        del self[key]
        return key, value

    def update(self, other=None, **kwargs):
        if other is None:
            pass
        elif hasattr(other, "iteritems"):
            for key, value in other.iteritems():
                self[key] = value
        elif hasattr(other, "keys"):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        if kwargs:
            self.update(kwargs)

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __repr__(self):
        return repr(dict(self.iteritems()))

    def __cmp__(self, other):
        if other is None:
            return 1
        if isinstance(other, DictMixin):
            other = dict(other.iteritems())
        return cmp(dict(self.iteritems()), other)

    def __len__(self):
        return len(self.keys())
