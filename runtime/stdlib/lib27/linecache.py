"""Lines of source files, kept."""

import os
import sys

__all__ = ["getline", "clearcache", "checkcache"]

# Name: (size, time of change or None, lines, full name).
cache = {}


def getline(filename, lineno, module_globals=None):
    lines = getlines(filename, module_globals)
    return lines[lineno - 1] if 1 <= lineno <= len(lines) else ""


def clearcache():
    cache.clear()


def getlines(filename, module_globals=None):
    known = cache.get(filename)
    if known:
        return known[2]
    try:
        return updatecache(filename, module_globals)
    except MemoryError:
        # Room for whoever reports the error.
        clearcache()
        return []


def checkcache(filename=None):
    """Forgets files that have changed."""
    for name in cache.keys() if filename is None else [filename]:
        if name not in cache:
            continue
        size, mtime, _, fullname = cache[name]
        if mtime is None:
            continue
        try:
            now = os.stat(fullname)
        except os.error:
            del cache[name]
            continue
        if (size, mtime) != (now.st_size, now.st_mtime):
            del cache[name]


def _split(text):
    lines = text.splitlines(True)
    return _ended(lines)


def _ended(lines):
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


def _embedded(filename):
    try:
        import _library27
    except ImportError:
        return None
    return _library27.source(filename)


def updatecache(filename, module_globals=None):
    cache.pop(filename, None)
    if not filename or filename.startswith("<") and filename.endswith(">"):
        return []
    text = _embedded(filename)
    if text is not None:
        cache[filename] = len(text), None, _split(text), filename
        return cache[filename][2]
    fullname = filename
    try:
        found = os.stat(fullname)
    except OSError:
        get_source = getattr((module_globals or {}).get("__loader__"), "get_source", None)
        name = (module_globals or {}).get("__name__")
        if name and get_source:
            try:
                text = get_source(name)
            except (ImportError, IOError):
                text = None
            else:
                if text is None:
                    return []
                cache[filename] = len(text), None, _split(text), fullname
                return cache[filename][2]
        if os.path.isabs(filename):
            return []
        for folder in sys.path:
            try:
                fullname = os.path.join(folder, filename)
            except (TypeError, AttributeError):
                continue
            try:
                found = os.stat(fullname)
                break
            except os.error:
                pass
        else:
            return []
    try:
        with open(fullname, "rU") as f:
            lines = _ended(f.readlines())
    except IOError:
        return []
    cache[filename] = found.st_size, found.st_mtime, lines, fullname
    return lines
