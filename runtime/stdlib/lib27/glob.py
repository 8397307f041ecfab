"""Files whose paths match shell patterns."""

import fnmatch
import os
import re
import sys

__all__ = ["glob", "iglob"]
_magic = re.compile("[*?[]")


def has_magic(s):
    return _magic.search(s) is not None


def glob(pathname):
    return list(iglob(pathname))


def iglob(pathname):
    folder, base = os.path.split(pathname)
    if not has_magic(pathname):
        if base and os.path.lexists(pathname) or not base and os.path.isdir(folder):
            yield pathname
        return
    if not folder:
        for name in glob1(os.curdir, base):
            yield name
        return
    folders = iglob(folder) if folder != pathname and has_magic(folder) else [folder]
    inside = glob1 if has_magic(base) else glob0
    for found in folders:
        for name in inside(found, base):
            yield os.path.join(found, name)


def glob1(dirname, pattern):
    dirname = dirname or os.curdir
    if isinstance(pattern, unicode) and not isinstance(dirname, unicode):
        dirname = unicode(dirname, sys.getfilesystemencoding() or sys.getdefaultencoding())
    try:
        names = os.listdir(dirname)
    except os.error:
        return []
    if not pattern.startswith("."):
        names = [name for name in names if not name.startswith(".")]
    return fnmatch.filter(names, pattern)


def glob0(dirname, basename):
    if basename == "":
        return [basename] if os.path.isdir(dirname) else []
    return [basename] if os.path.lexists(os.path.join(dirname, basename)) else []
