"""Paths as POSIX systems write them."""

import genericpath
import os
import stat
from genericpath import *
from genericpath import _unicode

__all__ = ["normcase", "isabs", "join", "splitdrive", "split", "splitext", "basename", "dirname", "commonprefix", "getsize",
           "getmtime", "getatime", "getctime", "islink", "exists", "lexists", "isdir", "isfile", "ismount", "walk", "expanduser",
           "expandvars", "normpath", "abspath", "samefile", "sameopenfile", "samestat", "curdir", "pardir", "sep", "pathsep",
           "defpath", "altsep", "extsep", "devnull", "realpath", "supports_unicode_filenames", "relpath"]

curdir, pardir, extsep, sep, pathsep = ".", "..", ".", "/", ":"
defpath, altsep, devnull = ":/bin:/usr/bin", None, "/dev/null"
supports_unicode_filenames = False


def normcase(s):
    return s


def isabs(s):
    return s.startswith("/")


def join(a, *p):
    path = a
    for part in p:
        if part.startswith("/"):
            path = part
        elif path == "" or path.endswith("/"):
            path += part
        else:
            path += "/" + part
    return path


def split(p):
    cut = p.rfind("/") + 1
    head, tail = p[:cut], p[cut:]
    if head.strip("/"):
        head = head.rstrip("/")
    return head, tail


def splitext(p):
    return genericpath._splitext(p, sep, altsep, extsep)


splitext.__doc__ = genericpath._splitext.__doc__


def splitdrive(p):
    return "", p


def basename(p):
    return p[p.rfind("/") + 1:]


def dirname(p):
    return split(p)[0]


def islink(path):
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except (os.error, AttributeError):
        return False


def lexists(path):
    try:
        os.lstat(path)
    except os.error:
        return False
    return True


def samefile(f1, f2):
    return samestat(os.stat(f1), os.stat(f2))


def sameopenfile(fp1, fp2):
    return samestat(os.fstat(fp1), os.fstat(fp2))


def samestat(s1, s2):
    return (s1.st_ino, s1.st_dev) == (s2.st_ino, s2.st_dev)


def ismount(path):
    if islink(path):
        return False
    try:
        here, above = os.lstat(path), os.lstat(realpath(join(path, "..")))
    except os.error:
        return False
    return here.st_dev != above.st_dev or here.st_ino == above.st_ino


def walk(top, func, arg):
    """Calls func(arg, dirname, names) for a directory and all below it."""
    try:
        names = os.listdir(top)
    except os.error:
        return
    func(arg, top, names)
    for name in names:
        below = join(top, name)
        try:
            mode = os.lstat(below).st_mode
        except os.error:
            continue
        if stat.S_ISDIR(mode):
            walk(below, func, arg)


def expanduser(path):
    if not path.startswith("~"):
        return path
    end = path.find("/")
    if end < 0:
        end = len(path)
    if end == 1:
        home = os.environ.get("HOME")
        if home is None:
            import pwd
            try:
                home = pwd.getpwuid(os.getuid()).pw_dir
            except KeyError:
                return path
    else:
        import pwd
        try:
            home = pwd.getpwnam(path[1:end]).pw_dir
        except KeyError:
            return path
    return (home.rstrip("/") + path[end:]) or "/"


_name = None


def expandvars(path):
    """Replaces $name and ${name}; what is unknown stays."""
    global _name
    if "$" not in path:
        return path
    if _name is None:
        import re
        _name = re.compile(r"\$(\w+|\{[^}]*\})")
    wide = isinstance(path, _unicode)
    if wide:
        import sys
        encoding = sys.getfilesystemencoding()

    def value(found):
        name = found.group(1).strip("{}") if found.group(1).startswith("{") else found.group(1)
        if wide:
            name = name.encode(encoding)
        if name not in os.environ:
            return found.group()
        text = os.environ[name]
        return text.decode(encoding) if wide else text

    return _name.sub(value, path)


def normpath(path):
    slash, dot = (u"/", u".") if isinstance(path, _unicode) else ("/", ".")
    if path == "":
        return dot
    # Exactly two leading slashes have a meaning of their own.
    lead = 0
    if path.startswith("/"):
        lead = 2 if path.startswith("//") and not path.startswith("///") else 1
    kept = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != ".." or not lead and not kept or kept and kept[-1] == "..":
            kept.append(part)
        elif kept:
            kept.pop()
    return slash * lead + slash.join(kept) or dot


def abspath(path):
    if not isabs(path):
        path = join(os.getcwdu() if isinstance(path, _unicode) else os.getcwd(), path)
    return normpath(path)


def realpath(filename):
    """The path without symbolic links; what loops or is missing stays as it is."""
    path, _ = _resolve(filename[:0], filename, {})
    return abspath(path)


def _resolve(path, rest, seen):
    if isabs(rest):
        rest = rest[1:]
        path = sep
    while rest:
        name, _, rest = rest.partition(sep)
        if not name or name == curdir:
            continue
        if name == pardir:
            if not path:
                path = pardir
                continue
            path, last = split(path)
            if last == pardir:
                path = join(path, pardir, pardir)
            continue
        here = join(path, name)
        if not islink(here):
            path = here
            continue
        if here in seen:
            path = seen[here]
            if path is not None:
                continue
            return join(here, rest), False
        seen[here] = None
        path, ok = _resolve(path, os.readlink(here), seen)
        if not ok:
            return join(path, rest), False
        seen[here] = path
    return path, True


def relpath(path, start=curdir):
    if not path:
        raise ValueError("no path specified")
    source = [part for part in abspath(start).split(sep) if part]
    target = [part for part in abspath(path).split(sep) if part]
    shared = len(commonprefix([source, target]))
    parts = [pardir] * (len(source) - shared) + target[shared:]
    return join(*parts) if parts else curdir
