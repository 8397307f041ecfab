"""What paths have in common on all systems."""

import os
import stat

__all__ = ["commonprefix", "exists", "getatime", "getctime", "getmtime", "getsize", "isdir", "isfile"]

try:
    _unicode = unicode
except NameError:
    class _unicode(object):
        pass


def _mode(path):
    try:
        return os.stat(path).st_mode
    except os.error:
        return 0


def exists(path):
    try:
        os.stat(path)
    except os.error:
        return False
    return True


def isfile(path):
    return stat.S_ISREG(_mode(path))


def isdir(s):
    return stat.S_ISDIR(_mode(s))


def getsize(filename):
    return os.stat(filename).st_size


def getmtime(filename):
    return os.stat(filename).st_mtime


def getatime(filename):
    return os.stat(filename).st_atime


def getctime(filename):
    return os.stat(filename).st_ctime


def commonprefix(m):
    """The longest leading part that all have, item by item."""
    if not m:
        return ""
    low, high = min(m), max(m)
    for place, item in enumerate(low):
        if item != high[place]:
            return low[:place]
    return low


def _splitext(p, sep, altsep, extsep):
    start = p.rfind(sep) + 1
    if altsep:
        start = max(start, p.rfind(altsep) + 1)
    dot = p.rfind(extsep)
    # Leading dots begin no extension.
    if dot >= start and p[start:dot].strip(extsep):
        return p[:dot], p[dot:]
    return p, ""
