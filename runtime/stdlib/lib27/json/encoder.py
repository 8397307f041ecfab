"""Objects to JSON."""

import re

try:
    from _json import make_encoder as _native_encoder
except ImportError:
    _native_encoder = None

ESCAPE = re.compile(r'[\x00-\x1f\\"\b\f\n\r\t]')
ESCAPE_ASCII = re.compile(r'([\\"]|[^\ -~])')
HAS_UTF8 = re.compile(r"[\x80-\xff]")
ESCAPE_DCT = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
for _i in range(0x20):
    ESCAPE_DCT.setdefault(chr(_i), "\\u%04x" % _i)
del _i
INFINITY = float("inf")
FLOAT_REPR = float.__repr__
_SAFE = re.compile(r'[ !#-\[\]-~]*\Z')


def encode_basestring(s):
    """A JSON string that keeps letters beyond ASCII."""
    return '"' + ESCAPE.sub(lambda m: ESCAPE_DCT[m.group()], s) + '"'


def _escaped(m):
    c = m.group()
    try:
        return ESCAPE_DCT[c]
    except KeyError:
        n = ord(c)
        if n < 0x10000:
            return "\\u%04x" % n
        n -= 0x10000
        return "\\u%04x\\u%04x" % (0xd800 | n >> 10, 0xdc00 | n & 0x3ff)


def py_encode_basestring_ascii(s):
    """A JSON string of ASCII only."""
    if _SAFE.match(s):
        return '"' + str(s) + '"'
    if isinstance(s, str) and HAS_UTF8.search(s) is not None:
        s = s.decode("utf-8")
    return '"' + str(ESCAPE_ASCII.sub(_escaped, s)) + '"'


encode_basestring_ascii = py_encode_basestring_ascii


class JSONEncoder(object):
    item_separator = ", "
    key_separator = ": "

    def __init__(self, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None,
                 separators=None, encoding="utf-8", default=None):
        self.skipkeys, self.sort_keys, self.check_circular = skipkeys, sort_keys, check_circular
        self.ensure_ascii, self.allow_nan, self.encoding = ensure_ascii, allow_nan, encoding
        self.indent = indent
        if default is not None:
            self.default = default
        if separators is not None:
            self.item_separator, self.key_separator = separators

    def default(self, o):
        raise TypeError(repr(o) + " is not JSON serializable")

    def encode(self, o):
        """The text of an object.

        >>> JSONEncoder().encode([True, "x"])
        '[true, "x"]'
        """
        if isinstance(o, basestring):
            # Alone, a string may do without an encoding.
            return self._quoted(o) if self.encoding is None else self._string(o)
        return "".join(list(self.iterencode(o, _one_shot=True)))

    def _string(self, s):
        if isinstance(s, str) and self.encoding != "utf-8":
            s = s.decode(self.encoding)
        return self._quoted(s)

    def _quoted(self, s):
        return encode_basestring_ascii(s) if self.ensure_ascii else encode_basestring(s)

    def _float(self, f):
        if f != f:
            text = "NaN"
        elif f == INFINITY:
            text = "Infinity"
        elif f == -INFINITY:
            text = "-Infinity"
        else:
            return FLOAT_REPR(f)
        if not self.allow_nan:
            raise ValueError("Out of range float values are not JSON compliant: " + repr(f))
        return text

    def _simple(self, o):
        """The text of what is no container, None for anything else."""
        if isinstance(o, basestring):
            return self._string(o)
        return self._atom(o)

    def _atom(self, o):
        """The text of a constant or a number, None for anything else."""
        if o is None:
            return "null"
        if o is True:
            return "true"
        if o is False:
            return "false"
        if isinstance(o, (int, long)):
            return str(o)
        if isinstance(o, float):
            return self._float(o)
        return None

    def iterencode(self, o, _one_shot=False):
        if _native_encoder and _one_shot and self.ensure_ascii and self.indent is None and self.encoding == "utf-8" and isinstance(self.item_separator, str) and isinstance(self.key_separator, str):
            return _native_encoder({} if self.check_circular else None, self.default, None, None, self.key_separator, self.item_separator,
                                   self.sort_keys, self.skipkeys, self.allow_nan)(o, 0)
        return self._pieces(o, 0, {} if self.check_circular else None)

    def _enter(self, o, open):
        if open is not None:
            if id(o) in open:
                raise ValueError("Circular reference detected")
            open[id(o)] = o

    def _pieces(self, o, level, open):
        text = self._simple(o)
        if text is not None:
            yield text
            return
        self._enter(o, open)
        if isinstance(o, (list, tuple)):
            pieces = self._array(o, level, open)
        elif isinstance(o, dict):
            pieces = self._object(o, level, open)
        else:
            pieces = self._pieces(self.default(o), level, open)
        for piece in pieces:
            yield piece
        if open is not None:
            del open[id(o)]

    def _line(self, level):
        return "" if self.indent is None else "\n" + " " * (self.indent * level)

    def _array(self, items, level, open):
        if not items:
            yield "[]"
            return
        yield "[" + self._line(level + 1)
        between = self.item_separator + self._line(level + 1)
        first = True
        for item in items:
            if not first:
                yield between
            first = False
            for piece in self._pieces(item, level + 1, open):
                yield piece
        yield self._line(level) + "]"

    def _key(self, key):
        """A key as a string; None if it is to be left out."""
        if isinstance(key, basestring):
            return key
        text = self._atom(key)
        if text is None and not self.skipkeys:
            # The encoders of CPython, in C and in Python, differ in their words.
            native = self.indent is None and not self.sort_keys
            raise TypeError("keys must be a string" if native else "key %r is not a string" % (key,))
        return text

    def _object(self, mapping, level, open):
        if not mapping:
            yield "{}"
            return
        yield "{" + self._line(level + 1)
        between = self.item_separator + self._line(level + 1)
        first = True
        for key, value in sorted(mapping.items(), key=lambda item: item[0]) if self.sort_keys else mapping.iteritems():
            key = self._key(key)
            if key is None:
                continue
            yield ("" if first else between) + self._string(key) + self.key_separator
            first = False
            for piece in self._pieces(value, level + 1, open):
                yield piece
        yield self._line(level) + "}"
