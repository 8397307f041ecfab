"""Tools for functions."""

from _functools import cmp_to_key as _native_cmp_to_key, partial, reduce

__all__ = ["partial", "reduce", "total_ordering", "cmp_to_key", "wraps", "update_wrapper", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES"]
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__doc__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Makes a wrapper look like what it wraps."""
    for name in assigned:
        setattr(wrapper, name, getattr(wrapped, name))
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


cmp_to_key = _native_cmp_to_key

# Each comparison from each other one: (name, how it follows from the given one's result and equality).
_DERIVED = {
    "__lt__": [("__gt__", lambda self, other: not (self < other or self == other)), ("__le__", lambda self, other: self < other or self == other),
               ("__ge__", lambda self, other: not self < other)],
    "__le__": [("__ge__", lambda self, other: not self <= other or self == other), ("__lt__", lambda self, other: self <= other and not self == other),
               ("__gt__", lambda self, other: not self <= other)],
    "__gt__": [("__lt__", lambda self, other: not (self > other or self == other)), ("__ge__", lambda self, other: self > other or self == other),
               ("__le__", lambda self, other: not self > other)],
    "__ge__": [("__le__", lambda self, other: not self >= other or self == other), ("__gt__", lambda self, other: self >= other and not self == other),
               ("__lt__", lambda self, other: not self >= other)],
}
_SIGNS = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


def total_ordering(cls):
    """Fills in the comparisons that a class with one of them lacks."""
    given = set(dir(cls)) & set(_DERIVED)
    if not given:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(given)
    for name, function in _DERIVED[root]:
        if name not in given:
            copy = type(function)(function.__code__, function.__globals__, name)
            copy.__doc__ = "x.%s(y) <==> x%sy" % (name, _SIGNS[name])
            setattr(cls, name, copy)
    return cls
