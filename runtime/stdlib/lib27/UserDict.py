"""A dict by composition, and a mixin of dict methods."""

import _abcoll

__all__ = ["UserDict", "IterableUserDict", "DictMixin"]


_found = _abcoll.Mapping.__contains__.im_func


def _from_keyword(kwargs):
    """The mapping that came as dict=, the parameter's name in old versions; warns whoever called the method."""
    import warnings
    warnings.warn("Passing 'dict' as keyword argument is deprecated", PendingDeprecationWarning, stacklevel=3)
    return kwargs.pop("dict")


class UserDict:
    def __init__(*args, **kwargs):
        self, rest = _abcoll.self_and_rest("UserDict", "__init__", args)
        if not rest and "dict" in kwargs:
            rest = _from_keyword(kwargs),
        self.data = {}
        for source in rest + (kwargs or None,):
            if source is not None:
                self.update(source)

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
        missing = getattr(self.__class__, "__missing__", None)
        if missing is None:
            raise KeyError(key)
        return missing(self, key)

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

    def popitem(self):
        return self.data.popitem()

    def pop(self, key, *args):
        return self.data.pop(key, *args)

    def update(*args, **kwargs):
        self, rest = _abcoll.self_and_rest("UserDict", "update", args)
        source = rest[0] if rest else None
        if "dict" in kwargs and source is None:
            source = _from_keyword(kwargs)
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

    fromkeys = classmethod(_abcoll.fromkeys)


class IterableUserDict(UserDict):
    def __iter__(self):
        return iter(self.data)


_abcoll.MutableMapping.register(IterableUserDict)


class DictMixin:
    """The methods of dict for classes that have keys() and item access."""

    def __iter__(self):
        for key in self.keys():
            yield key

    def __contains__(self, key):
        return self.has_key(key)

    def has_key(self, key):
        return _found(self, key)

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

    get = _abcoll.Mapping.get.im_func
    setdefault = _abcoll.MutableMapping.setdefault.im_func

    def clear(self):
        for key in self.keys():
            del self[key]

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

    def __len__(self):
        return len(self.keys())

    def __cmp__(self, other):
        # None is less than any.
        if other is None:
            return 1
        mine, theirs = [dict(x.iteritems()) if isinstance(x, DictMixin) else x for x in (self, other)]
        return cmp(mine, theirs)

    def __repr__(self):
        return repr(dict(self.iteritems()))
