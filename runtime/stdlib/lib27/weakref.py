"""References that do not keep their objects alive, and mappings of them."""

import UserDict
import _abcoll
from _weakref import CallableProxyType, ProxyType, ReferenceType, getweakrefcount, getweakrefs, proxy, ref
from _weakrefset import WeakSet
from exceptions import ReferenceError

ProxyTypes = (ProxyType, CallableProxyType)
__all__ = ["ref", "proxy", "getweakrefcount", "getweakrefs", "WeakKeyDictionary", "ReferenceError", "ReferenceType", "ProxyType",
           "CallableProxyType", "ProxyTypes", "WeakValueDictionary", "WeakSet"]


class KeyedRef(ref):
    """A reference that knows under which key it lies."""

    __slots__ = "key",

    def __new__(type, ob, callback, key):
        made = super(KeyedRef, type).__new__(type, ob, callback)
        made.key = key
        return made

    def __init__(self, ob, callback, key):
        super(KeyedRef, self).__init__(ob, callback)


def _derived(cls):
    """Adds to a mapping what follows from its items()."""

    def __repr__(self):
        return "<%s at %s>" % (cls.__name__, id(self))

    def __len__(self):
        return len(self.items())

    def copy(self):
        made = cls()
        for key, value in self.items():
            made[key] = value
        return made

    def keys(self):
        return [key for key, _ in self.items()]

    def values(self):
        return [value for _, value in self.items()]

    def iterkeys(self):
        return iter(self.keys())

    def itervalues(self):
        return iter(self.values())

    def iteritems(self):
        return iter(self.items())

    for method in (__repr__, __len__, copy, keys, values, iterkeys, itervalues, iteritems):
        setattr(cls, method.__name__, method)
    cls.__iter__, cls.__copy__ = iterkeys, copy
    return cls


@_derived
class WeakValueDictionary(UserDict.UserDict):
    """Entries disappear with their values."""

    def __init__(*args, **kw):
        self, rest = _abcoll.self_and_rest("WeakValueDictionary", "__init__", args)
        selfref = ref(self)

        def remove(wr):
            owner = selfref()
            if owner is not None and owner.data.get(wr.key) is wr:
                del owner.data[wr.key]

        self._remove = remove
        UserDict.UserDict.__init__(self, *rest, **kw)

    def __getitem__(self, key):
        value = self.data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        del self.data[key]

    def __contains__(self, key):
        return self._get(key) is not None

    has_key = __contains__

    def _get(self, key):
        r = self.data.get(key)
        return None if r is None else r()

    def __setitem__(self, key, value):
        self.data[key] = KeyedRef(value, self._remove, key)

    def clear(self):
        self.data.clear()

    def __deepcopy__(self, memo):
        from copy import deepcopy
        made = self.__class__()
        for key, value in self.items():
            made[deepcopy(key, memo)] = value
        return made

    def get(self, key, default=None):
        value = self._get(key)
        return default if value is None else value

    def items(self):
        return [(key, value) for key, value in ((r.key, r()) for r in self.data.values()) if value is not None]

    def valuerefs(self):
        return self.data.values()

    def itervaluerefs(self):
        return iter(self.data.values())

    def popitem(self):
        while True:
            key, r = self.data.popitem()
            value = r()
            if value is not None:
                return key, value

    def pop(self, key, *args):
        value = self._get(key)
        self.data.pop(key, None)
        if value is not None:
            return value
        if args:
            return args[0]
        raise KeyError(key)

    def setdefault(self, key, default=None):
        value = self._get(key)
        if value is None:
            self[key] = value = default
        return value

    def update(*args, **kwargs):
        self, rest = _abcoll.self_and_rest("WeakValueDictionary", "update", args)
        source = rest[0] if rest else None
        if source is not None:
            for key, value in (source if hasattr(source, "items") else dict(source)).items():
                self[key] = value
        for key, value in kwargs.items():
            self[key] = value


@_derived
class WeakKeyDictionary(UserDict.UserDict):
    """Entries disappear with their keys."""

    def __init__(self, dict=None):
        self.data = {}
        selfref = ref(self)

        def remove(k):
            owner = selfref()
            if owner is not None:
                owner.data.pop(k, None)

        self._remove = remove
        if dict is not None:
            self.update(dict)

    def __delitem__(self, key):
        del self.data[ref(key)]

    def __getitem__(self, key):
        return self.data[ref(key)]

    def __setitem__(self, key, value):
        self.data[ref(key, self._remove)] = value

    def __deepcopy__(self, memo):
        from copy import deepcopy
        made = self.__class__()
        for key, value in self.items():
            made[key] = deepcopy(value, memo)
        return made

    def get(self, key, default=None):
        return self.data.get(ref(key), default)

    def __contains__(self, key):
        try:
            r = ref(key)
        except TypeError:
            return False
        return r in self.data

    has_key = __contains__

    def items(self):
        return [(key, value) for key, value in ((r(), value) for r, value in self.data.items()) if key is not None]

    def keyrefs(self):
        return self.data.keys()

    def iterkeyrefs(self):
        return iter(self.data.keys())

    def popitem(self):
        while True:
            r, value = self.data.popitem()
            key = r()
            if key is not None:
                return key, value

    def pop(self, key, *args):
        return self.data.pop(ref(key), *args)

    def setdefault(self, key, default=None):
        return self.data.setdefault(ref(key, self._remove), default)

    def update(self, dict=None, **kwargs):
        if dict is not None:
            for key, value in (dict if hasattr(dict, "items") else {}.__class__(dict)).items():
                self[key] = value
        if kwargs:
            self.update(kwargs)
