"""File names matched by shell patterns."""

import re

__all__ = ["filter", "fnmatch", "fnmatchcase", "translate"]

_cache = {}
_MAXCACHE = 100


def _purge():
    _cache.clear()


def _compiled(pat):
    try:
        return _cache[pat]
    except KeyError:
        if len(_cache) >= _MAXCACHE:
            _cache.clear()
        _cache[pat] = found = re.compile(translate(pat))
        return found


def fnmatch(name, pat):
    import os
    return fnmatchcase(os.path.normcase(name), os.path.normcase(pat))


def filter(names, pat):
    import os
    match = _compiled(os.path.normcase(pat)).match
    return [name for name in names if match(os.path.normcase(name))]


def fnmatchcase(name, pat):
    return _compiled(pat).match(name) is not None


def translate(pat):
    """The regular expression of a shell pattern."""
    out, at = [], 0
    while at < len(pat):
        c = pat[at]
        at += 1
        if c == "*":
            out.append(".*")
        elif c == "?":
            out.append(".")
        elif c == "[":
            # A bracket directly behind the opening one, or its "!", closes nothing.
            end = at + 1 if pat[at:at + 1] == "!" else at
            end = pat.find("]", end + 1 if pat[end:end + 1] == "]" else end)
            if end < 0:
                out.append("\\[")
                continue
            body = pat[at:end].replace("\\", "\\\\")
            at = end + 1
            if body[0] == "!":
                body = "^" + body[1:]
            elif body[0] == "^":
                body = "\\" + body
            out.append("[%s]" % body)
        else:
            out.append(re.escape(c))
    return "".join(out) + "\\Z(?ms)"
