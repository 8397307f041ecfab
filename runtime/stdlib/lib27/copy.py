"""Shallow and deep copies."""

import types
from _weakref import ref
from copy_reg import dispatch_table

__all__ = ["Error", "copy", "deepcopy"]


class Error(Exception):
    pass


error = Error
PyStringMap = None


def _reduced(x, cls):
    """How __reduce_ex__ and its kin take an object apart."""
    reduce = dispatch_table.get(cls)
    if reduce:
        return reduce(x)
    reduce = getattr(x, "__reduce_ex__", None)
    if reduce:
        return reduce(2)
    reduce = getattr(x, "__reduce__", None)
    if reduce:
        return reduce()
    raise Error("un(deep)copyable object of type %s" % cls)


def copy(x):
    cls = type(x)
    known = _copy_dispatch.get(cls)
    if known:
        return known(x)
    own = getattr(cls, "__copy__", None)
    if own:
        return own(x)
    if cls not in dispatch_table and not hasattr(x, "__reduce_ex__") and not hasattr(x, "__reduce__"):
        raise Error("un(shallow)copyable object of type %s" % cls)
    return _reconstruct(x, _reduced(x, cls), 0)


_copy_dispatch = d = {}


def _copy_immutable(x):
    return x


for t in (type(None), types.CodeType, int, long, float, bool, complex, str, unicode, tuple, frozenset, type, xrange, types.ClassType,
          types.BuiltinFunctionType, type(Ellipsis), types.FunctionType, ref):
    d[t] = _copy_immutable


def _copy_with_constructor(x):
    return type(x)(x)


for t in (list, dict, set):
    d[t] = _copy_with_constructor


def _made_like(x, args):
    """A classic instance of x's class, by __init__ if its arguments are known."""
    if args is not None:
        return x.__class__(*args)
    y = _EmptyClass()
    y.__class__ = x.__class__
    return y


def _init_args(x):
    return x.__getinitargs__() if hasattr(x, "__getinitargs__") else None


def _state(x):
    return x.__getstate__() if hasattr(x, "__getstate__") else x.__dict__


def _with_state(y, state):
    if hasattr(y, "__setstate__"):
        y.__setstate__(state)
    else:
        y.__dict__.update(state)
    return y


def _copy_inst(x):
    if hasattr(x, "__copy__"):
        return x.__copy__()
    return _with_state(_made_like(x, _init_args(x)), _state(x))


d[types.InstanceType] = _copy_inst


def deepcopy(x, memo=None, _nil=[]):
    if memo is None:
        memo = {}
    key = id(x)
    y = memo.get(key, _nil)
    if y is not _nil:
        return y
    cls = type(x)
    known = _deepcopy_dispatch.get(cls)
    if known:
        y = known(x, memo)
    elif issubclass(cls, type):
        y = x
    else:
        own = getattr(x, "__deepcopy__", None)
        if own:
            y = own(memo)
        else:
            y = _reconstruct(x, _reduced(x, cls), 1, memo)
    memo[key] = y
    _keep_alive(x, memo)
    return y


_deepcopy_dispatch = d = {}


def _deepcopy_atomic(x, memo):
    return x


for t in (type(None), type(Ellipsis), int, long, float, bool, complex, str, unicode, types.CodeType, type, xrange,
          types.ClassType, types.BuiltinFunctionType, types.FunctionType, ref):
    d[t] = _deepcopy_atomic


def _deepcopy_list(x, memo):
    y = []
    memo[id(x)] = y
    for item in x:
        y.append(deepcopy(item, memo))
    return y


d[list] = _deepcopy_list


def _deepcopy_tuple(x, memo):
    items = [deepcopy(item, memo) for item in x]
    # An item may have led back to the tuple.
    try:
        return memo[id(x)]
    except KeyError:
        pass
    if all(old is new for old, new in zip(x, items)):
        return x
    return tuple(items)


d[tuple] = _deepcopy_tuple


def _deepcopy_dict(x, memo):
    memo[id(x)] = y = {}
    for key, value in x.iteritems():
        y[deepcopy(key, memo)] = deepcopy(value, memo)
    return y


d[dict] = _deepcopy_dict


def _deepcopy_method(x, memo):
    return type(x)(x.im_func, deepcopy(x.im_self, memo), x.im_class)


_deepcopy_dispatch[types.MethodType] = _deepcopy_method


def _keep_alive(x, memo):
    """Keeps copied objects alive as long as the memo, so that ids stay unique."""
    memo.setdefault(id(memo), []).append(x)


def _deepcopy_inst(x, memo):
    if hasattr(x, "__deepcopy__"):
        return x.__deepcopy__(memo)
    args = _init_args(x)
    memo[id(x)] = y = _made_like(x, args if args is None else deepcopy(args, memo))
    return _with_state(y, deepcopy(_state(x), memo))


d[types.InstanceType] = _deepcopy_inst


def _reconstruct(x, info, deep, memo=None):
    if isinstance(info, str):
        return x
    assert isinstance(info, tuple)
    if memo is None:
        memo = {}
    assert len(info) in (2, 3, 4, 5)
    parts = info + (None,) * (5 - len(info))
    function, args, state, items, pairs = parts

    def part(value):
        return deepcopy(value, memo) if deep else value

    y = function(*part(args))
    memo[id(x)] = y
    if state is not None:
        state = part(state)
        if hasattr(y, "__setstate__"):
            y.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            if state is not None:
                y.__dict__.update(state)
            if slots is not None:
                for name, value in slots.iteritems():
                    setattr(y, name, value)
    if items is not None:
        for item in items:
            y.append(part(item))
    if pairs is not None:
        for key, value in pairs:
            y[part(key)] = part(value)
    return y


del d, t


class _EmptyClass:
    pass
