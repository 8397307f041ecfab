"""Data structures printed so that they are easy to read."""

import sys as _sys
import warnings

try:
    from cStringIO import StringIO as _StringIO
except ImportError:
    from StringIO import StringIO as _StringIO

__all__ = ["pprint", "pformat", "isreadable", "isrecursive", "saferepr", "PrettyPrinter"]


def pprint(object, stream=None, indent=1, width=80, depth=None):
    PrettyPrinter(stream=stream, indent=indent, width=width, depth=depth).pprint(object)


def pformat(object, indent=1, width=80, depth=None):
    return PrettyPrinter(indent=indent, width=width, depth=depth).pformat(object)


def saferepr(object):
    return _safe_repr(object, {}, None, 0)[0]


def isreadable(object):
    return _safe_repr(object, {}, None, 0)[1]


def isrecursive(object):
    return _safe_repr(object, {}, None, 0)[2]


def _sorted(iterable):
    with warnings.catch_warnings():
        if _sys.py3kwarning:
            warnings.filterwarnings("ignore", "comparing unequal types not supported", DeprecationWarning)
        return sorted(iterable)


class PrettyPrinter:
    def __init__(self, indent=1, width=80, depth=None, stream=None):
        indent, width = int(indent), int(width)
        assert indent >= 0, "indent must be >= 0"
        assert depth is None or depth > 0, "depth must be > 0"
        assert width, "width must be != 0"
        self._depth = depth
        self._indent_per_level = indent
        self._width = width
        self._stream = stream if stream is not None else _sys.stdout

    def pprint(self, object):
        self._format(object, self._stream, 0, 0, {}, 0)
        self._stream.write("\n")

    def pformat(self, object):
        out = _StringIO()
        self._format(object, out, 0, 0, {}, 0)
        return out.getvalue()

    def isrecursive(self, object):
        return self.format(object, {}, 0, 0)[2]

    def isreadable(self, object):
        _, readable, recursive = self.format(object, {}, 0, 0)
        return readable and not recursive

    def format(self, object, context, maxlevels, level):
        return _safe_repr(object, context, maxlevels, level)

    def _repr(self, object, context, level):
        text, readable, recursive = self.format(object, context.copy(), self._depth, level)
        self._readable = getattr(self, "_readable", True) and readable
        self._recursive = getattr(self, "_recursive", False) or recursive
        return text

    def _format(self, object, stream, indent, allowance, context, level):
        level += 1
        key = id(object)
        if key in context:
            stream.write(_recursion(object))
            self._recursive, self._readable = True, False
            return
        text = self._repr(object, context, level - 1)
        if self._depth and level > self._depth:
            stream.write(text)
            return
        fits = len(text) <= self._width - 1 - indent - allowance
        kind = type(object)
        method = getattr(kind, "__repr__", None)
        if issubclass(kind, dict) and method is dict.__repr__:
            self._container(object, stream, indent, allowance, context, level, "{", "}", fits, object)
        elif issubclass(kind, list) and method is list.__repr__:
            self._container(object, stream, indent, allowance, context, level, "[", "]", fits, object)
        elif issubclass(kind, tuple) and method is tuple.__repr__:
            self._container(object, stream, indent, allowance, context, level, "(", ",)" if len(object) == 1 else ")", fits, object)
        elif object and issubclass(kind, set) and method is set.__repr__:
            self._container(_sorted(object), stream, indent + 4, allowance + 1, context, level, "set([", "])", fits, object)
        elif object and issubclass(kind, frozenset) and method is frozenset.__repr__:
            self._container(_sorted(object), stream, indent + 10, allowance + 1, context, level, "frozenset([", "])", fits, object)
        else:
            stream.write(text)

    def _container(self, items, stream, indent, allowance, context, level, opening, closing, fits, object):
        step = self._indent_per_level
        pairs = opening == "{"
        stream.write(opening)
        if step > 1 and (pairs or not fits):
            stream.write((step - 1) * " ")
        if len(items):
            context[id(object)] = 1
            indent += step
            between = ", " if fits else ",\n" + " " * indent
            for number, item in enumerate(_sorted(items.items()) if pairs else items):
                if number:
                    stream.write(between)
                if pairs:
                    text = self._repr(item[0], context, level)
                    stream.write(text + ": ")
                    self._format(item[1], stream, indent + len(text) + 2, allowance + 1, context, level)
                else:
                    self._format(item, stream, indent, allowance + 1, context, level)
            del context[id(object)]
        stream.write(closing)


def _safe_repr(object, context, maxlevels, level):
    """(text, whether eval() gives the object back, whether it contains itself)."""
    kind = type(object)
    if kind is str:
        return repr(object), True, False
    method = getattr(kind, "__repr__", None)
    if issubclass(kind, dict) and method is dict.__repr__:
        opening, closing, items = "{", "}", None
    elif issubclass(kind, list) and method is list.__repr__:
        opening, closing, items = "[", "]", object
    elif issubclass(kind, tuple) and method is tuple.__repr__:
        opening, closing, items = "(", ",)" if len(object) == 1 else ")", object
    else:
        text = repr(object)
        return text, bool(text and not text.startswith("<")), False
    if not object:
        return opening + closing if closing != ",)" else "()", True, False
    key = id(object)
    if maxlevels and level >= maxlevels:
        return opening + "..." + closing, False, key in context
    if key in context:
        return _recursion(object), False, True
    context[key] = 1
    readable, recursive, parts = True, False, []
    for item in _sorted(object.items()) if items is None else items:
        texts = []
        for piece in item if items is None else (item,):
            text, r, again = _safe_repr(piece, context, maxlevels, level + 1)
            texts.append(text)
            readable = readable and r
            recursive = recursive or again
        parts.append(": ".join(texts))
    del context[key]
    return opening + ", ".join(parts) + closing, readable, recursive


def _recursion(object):
    return "<Recursion on %s with id=%s>" % (type(object).__name__, id(object))
