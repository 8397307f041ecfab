"""JSON to objects."""

import re
import _json

__all__ = ["JSONDecoder"]

FLAGS = re.VERBOSE | re.MULTILINE | re.DOTALL
NaN, PosInf, NegInf = float("nan"), float("inf"), float("-inf")
_CONSTANTS = {"-Infinity": NegInf, "Infinity": PosInf, "NaN": NaN}
_blank = re.compile(r"[ \t\n\r]*").match
_number = re.compile(r"(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?").match
_chunk = re.compile(r'(.*?)(["\\\x00-\x1f])', re.DOTALL).match
_SHORT = {'"': u'"', "\\": u"\\", "/": u"/", "b": u"\b", "f": u"\f", "n": u"\n", "r": u"\r", "t": u"\t"}


def linecol(doc, pos):
    """Line and column of a place, both from one."""
    line = doc.count("\n", 0, pos) + 1
    return line, pos + 1 if line == 1 else pos - doc.rindex("\n", 0, pos)


def errmsg(msg, doc, pos, end=None):
    line, column = linecol(doc, pos)
    if end is None:
        return "%s: line %d column %d (char %d)" % (msg, line, column, pos)
    last_line, last_column = linecol(doc, end)
    return "%s: line %d column %d - line %d column %d (char %d - %d)" % (msg, line, column, last_line, last_column, pos, end)


def _four(s, at):
    """The number of four hexadecimal digits."""
    digits = s[at + 1:at + 5]
    if len(digits) == 4 and digits[1] not in "xX":
        try:
            return int(digits, 16)
        except ValueError:
            pass
    raise ValueError(errmsg("Invalid \\uXXXX escape", s, at))


def scanstring(s, end, encoding="utf-8", strict=True):
    """The string whose body begins at `end`, and where what follows it begins."""
    encoding = encoding or "utf-8"
    pieces = []
    begin = end - 1
    while True:
        chunk = _chunk(s, end)
        if chunk is None:
            raise ValueError(errmsg("Unterminated string starting at", s, begin))
        end = chunk.end()
        content, stop = chunk.groups()
        if content:
            pieces.append(content if isinstance(content, unicode) else unicode(content, encoding))
        if stop == '"':
            return u"".join(pieces), end
        if stop != "\\":
            if strict:
                raise ValueError(errmsg("Invalid control character at", s, end - 1))
            pieces.append(unicode(stop))
            continue
        try:
            c = s[end]
        except IndexError:
            raise ValueError(errmsg("Unterminated string starting at", s, begin))
        if c != "u":
            try:
                pieces.append(_SHORT[c])
            except KeyError:
                raise ValueError(errmsg("Invalid \\escape", s, end - 1))
            end += 1
            continue
        code = _four(s, end)
        end += 5
        if 0xd800 <= code <= 0xdbff and s[end:end + 2] == "\\u":
            low = _four(s, end + 1)
            if 0xdc00 <= low <= 0xdfff:
                code = 0x10000 + ((code - 0xd800) << 10 | low - 0xdc00)
                end += 6
        pieces.append(unichr(code))


class JSONDecoder(object):
    def __init__(self, encoding=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True,
                 object_pairs_hook=None):
        self.encoding = encoding
        self.object_hook = object_hook
        self.object_pairs_hook = object_pairs_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _CONSTANTS.__getitem__
        self.strict = strict

    def decode(self, s):
        obj, end = self.raw_decode(s, idx=_blank(s, 0).end())
        end = _blank(s, end).end()
        if end != len(s):
            raise ValueError(errmsg("Extra data", s, end, len(s)))
        return obj

    def raw_decode(self, s, idx=0):
        # The native scanner reads what is well formed; byte strings beyond ASCII and errors are the Python code's.
        if type(self).scan_once.__func__ is _scan_once:
            try:
                return _json.make_scanner(self)(s, idx)
            except (StopIteration, TypeError, ValueError):
                pass
        try:
            return self.scan_once(s, idx)
        except StopIteration:
            raise ValueError("No JSON object could be decoded")

    def scan_once(self, s, at):
        """The value at a place, and where it ends; StopIteration where none begins."""
        c = s[at:at + 1]
        if c == '"':
            return scanstring(s, at + 1, self.encoding, self.strict)
        if c == "{":
            return self._object(s, at + 1)
        if c == "[":
            return self._array(s, at + 1)
        for word, value in (("null", None), ("true", True), ("false", False)):
            if s.startswith(word, at):
                return value, at + len(word)
        m = _number(s, at)
        if m is not None:
            whole, fraction, exponent = m.groups()
            if fraction or exponent:
                return self.parse_float(whole + (fraction or "") + (exponent or "")), m.end()
            return self.parse_int(whole), m.end()
        for word in ("NaN", "Infinity", "-Infinity"):
            if s.startswith(word, at):
                return self.parse_constant(word), at + len(word)
        raise StopIteration

    def _past(self, s, at):
        """ValueError when a list or an object ends with the text."""
        if at >= len(s):
            raise ValueError(errmsg("Expecting object", s, len(s) - 1))

    def _array(self, s, at):
        values = []
        at = _blank(s, at).end()
        if s[at:at + 1] == "]":
            return values, at + 1
        while True:
            self._past(s, at)
            value, at = self.scan_once(s, at)
            values.append(value)
            at = _blank(s, at).end()
            c = s[at:at + 1]
            if c == "]":
                return values, at + 1
            if c != ",":
                self._past(s, at)
                raise ValueError(errmsg("Expecting , delimiter", s, at))
            at = _blank(s, at + 1).end()

    def _object(self, s, at):
        pairs = []
        at = _blank(s, at).end()
        c = s[at:at + 1]
        if c != "}":
            while True:
                self._past(s, at)
                if c != '"':
                    raise ValueError(errmsg("Expecting property name", s, at))
                key, at = scanstring(s, at + 1, self.encoding, self.strict)
                at = _blank(s, at).end()
                if s[at:at + 1] != ":":
                    raise ValueError(errmsg("Expecting : delimiter", s, at))
                value, at = self.scan_once(s, _blank(s, at + 1).end())
                pairs.append((key, value))
                at = _blank(s, at).end()
                c = s[at:at + 1]
                if c == "}":
                    break
                if c != ",":
                    self._past(s, at)
                    raise ValueError(errmsg("Expecting , delimiter", s, at))
                at = _blank(s, at + 1).end()
                c = s[at:at + 1]
        at += 1
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs), at
        made = dict(pairs)
        return (self.object_hook(made) if self.object_hook is not None else made), at


_scan_once = JSONDecoder.scan_once.__func__
