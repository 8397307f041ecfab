"""Registry of how objects are taken apart for pickling and copying."""

from types import ClassType as _ClassType

__all__ = ["pickle", "constructor", "add_extension", "remove_extension", "clear_extension_cache"]

dispatch_table = {}


def constructor(object):
    if not callable(object):
        raise TypeError("constructors must be callable")


def pickle(ob_type, pickle_function, constructor_ob=None):
    if type(ob_type) is _ClassType:
        raise TypeError("copy_reg is not intended for use with classes")
    if not callable(pickle_function):
        raise TypeError("reduction functions must be callable")
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def pickle_complex(c):
    return complex, (c.real, c.imag)


pickle(complex, pickle_complex, complex)


def _reconstructor(cls, base, state):
    if base is object:
        return object.__new__(cls)
    made = base.__new__(cls, state)
    if base.__init__ != object.__init__:
        base.__init__(made, state)
    return made


_HEAPTYPE = 1 << 9


def _reduce_ex(self, proto):
    """What object.__reduce_ex__ does for protocols 0 and 1."""
    assert proto < 2
    cls = self.__class__
    base = object
    for candidate in cls.__mro__:
        if hasattr(candidate, "__flags__") and not candidate.__flags__ & _HEAPTYPE:
            base = candidate
            break
    if base is object:
        state = None
    elif base is cls:
        raise TypeError("can't pickle %s objects" % base.__name__)
    else:
        state = base(self)
    arguments = (cls, base, state)
    getstate = getattr(self, "__getstate__", None)
    if getstate is not None:
        values = getstate()
    else:
        if getattr(self, "__slots__", None):
            raise TypeError("a class that defines __slots__ without defining __getstate__ cannot be pickled")
        values = getattr(self, "__dict__", None)
    if values:
        return _reconstructor, arguments, values
    return _reconstructor, arguments


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def _slotnames(cls):
    """Names of all slots of a class and its bases, private ones mangled."""
    cached = cls.__dict__.get("__slotnames__")
    if cached is not None:
        return cached
    names = []
    for c in getattr(cls, "__mro__", ()):
        if "__slots__" not in c.__dict__:
            continue
        slots = c.__dict__["__slots__"]
        for name in (slots,) if isinstance(slots, basestring) else slots:
            if name in ("__dict__", "__weakref__"):
                continue
            if name.startswith("__") and not name.endswith("__"):
                stripped = c.__name__.lstrip("_")
                name = "_%s%s" % (stripped, name) if stripped else name
            names.append(name)
    try:
        cls.__slotnames__ = names
    except Exception:
        pass
    return names


_extension_registry = {}
_inverted_registry = {}
_extension_cache = {}


def add_extension(module, name, code):
    code = int(code)
    if not 1 <= code <= 0x7fffffff:
        raise ValueError("code out of range")
    key = (module, name)
    known = _extension_registry.get(key), _inverted_registry.get(code)
    if known == (code, key):
        return
    if known[0] is not None:
        raise ValueError("key %s is already registered with code %s" % (key, known[0]))
    if known[1] is not None:
        raise ValueError("code %s is already in use for key %s" % (code, known[1]))
    _extension_registry[key] = code
    _inverted_registry[code] = key


def remove_extension(module, name, code):
    key = (module, name)
    if _extension_registry.get(key) != code or _inverted_registry.get(code) != key:
        raise ValueError("key %s is not registered with code %s" % (key, code))
    del _extension_registry[key]
    del _inverted_registry[code]
    _extension_cache.pop(code, None)


def clear_extension_cache():
    _extension_cache.clear()
