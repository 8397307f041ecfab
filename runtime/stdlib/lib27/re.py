"""Regular expressions."""

import _sre
import copy_reg
import sre_constants
from sre_constants import error

__all__ = ["match", "search", "sub", "subn", "split", "findall", "compile", "purge", "template", "escape", "I", "L", "M", "S", "X",
           "U", "IGNORECASE", "LOCALE", "MULTILINE", "DOTALL", "VERBOSE", "UNICODE", "error", "finditer", "DEBUG"]
__version__ = "2.2.1"

I = IGNORECASE = sre_constants.SRE_FLAG_IGNORECASE
L = LOCALE = sre_constants.SRE_FLAG_LOCALE
U = UNICODE = sre_constants.SRE_FLAG_UNICODE
M = MULTILINE = sre_constants.SRE_FLAG_MULTILINE
S = DOTALL = sre_constants.SRE_FLAG_DOTALL
X = VERBOSE = sre_constants.SRE_FLAG_VERBOSE
T = TEMPLATE = sre_constants.SRE_FLAG_TEMPLATE
DEBUG = sre_constants.SRE_FLAG_DEBUG

_cache = {}
_MAXCACHE = 100


def _compile(pattern, flags=0):
    key = type(pattern), pattern, flags
    try:
        return _cache[key]
    except KeyError:
        pass
    if isinstance(pattern, _pattern_type):
        if flags:
            raise ValueError("Cannot process flags argument with a compiled pattern")
        return pattern
    if not isinstance(pattern, (basestring, buffer, bytearray)):
        raise TypeError("first argument must be string or compiled pattern")
    made = _sre._compile_text(pattern, flags)
    if not flags & DEBUG:
        if len(_cache) >= _MAXCACHE:
            _cache.clear()
        _cache[key] = made
    return made


def match(pattern, string, flags=0):
    return _compile(pattern, flags).match(string)


def search(pattern, string, flags=0):
    return _compile(pattern, flags).search(string)


def sub(pattern, repl, string, count=0, flags=0):
    return _compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return _compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, maxsplit=0, flags=0):
    return _compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    return _compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return _compile(pattern, flags).finditer(string)


def compile(pattern, flags=0):
    return _compile(pattern, flags)


def purge():
    _cache.clear()


def template(pattern, flags=0):
    return _compile(pattern, flags | T)


_plain = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def escape(pattern):
    """A backslash before everything that is no letter or digit; NUL as \\000."""
    pieces = [c if c in _plain else "\\000" if c == "\000" else "\\" + c for c in pattern]
    return pattern[:0].join(pieces)


_pattern_type = type(_sre._compile_text("", 0))


def _pickle(p):
    return _compile, (p.pattern, p.flags)


copy_reg.pickle(_pattern_type, _pickle, _compile)


class Scanner:
    """Cuts a string into tokens by a list of (phrase, action)."""

    def __init__(self, lexicon, flags=0):
        self.lexicon = lexicon
        # Groups of the phrases count too, so each phrase's own group has a number of its own.
        parts, self._places, number = [], {}, 1
        for index, (phrase, _) in enumerate(lexicon):
            parts.append("(%s)" % phrase)
            self._places[number] = index
            number += 1 + _compile(phrase, flags).groups
        self.scanner = _compile("|".join(parts), flags)

    def scan(self, string):
        result = []
        found = self.scanner.scanner(string).match
        done = 0
        while True:
            m = found()
            if not m:
                break
            end = m.end()
            if done == end:
                break
            for number, index in self._places.items():
                if m.start(number) >= 0:
                    action = self.lexicon[index][1]
                    break
            if hasattr(action, "__call__"):
                self.match = m
                action = action(self, m.group())
            if action is not None:
                result.append(action)
            done = end
        return result, string[done:]
