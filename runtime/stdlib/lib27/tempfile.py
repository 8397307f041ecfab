"""Files and directories for a while."""

import errno as _errno
import io as _io
import os as _os
from random import Random as _Random
try:
    from cStringIO import StringIO as _StringIO
except ImportError:
    from StringIO import StringIO as _StringIO
import thread as _thread

__all__ = ["NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp", "mktemp", "TMP_MAX", "gettempprefix",
           "tempdir", "gettempdir"]

TMP_MAX = 10000
template = "tmp"
tempdir = None
_text_openflags = _os.O_RDWR | _os.O_CREAT | _os.O_EXCL | getattr(_os, "O_NOFOLLOW", 0)
_bin_openflags = _text_openflags
_once_lock = _thread.allocate_lock()


class _RandomNameSequence:
    """Endless names of six characters; after a fork other ones."""

    characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

    @property
    def rng(self):
        pid = _os.getpid()
        if pid != getattr(self, "_rng_pid", None):
            self._rng = _Random()
            self._rng_pid = pid
        return self._rng

    def __iter__(self):
        return self

    def next(self):
        choose = self.rng.choice
        return "".join(choose(self.characters) for _ in range(6))


_name_sequence = None


def _get_candidate_names():
    global _name_sequence
    with _once_lock:
        if _name_sequence is None:
            _name_sequence = _RandomNameSequence()
    return _name_sequence


def _candidate_tempdir_list():
    folders = [_os.getenv(name) for name in ("TMPDIR", "TEMP", "TMP")]
    folders = [folder for folder in folders if folder] + ["/tmp", "/var/tmp", "/usr/tmp"]
    try:
        folders.append(_os.getcwd())
    except (AttributeError, _os.error):
        folders.append(_os.curdir)
    return folders


def _get_default_tempdir():
    names = _RandomNameSequence()
    folders = [_os.path.normcase(_os.path.abspath(f)) if f != _os.curdir else f for f in _candidate_tempdir_list()]
    for folder in folders:
        for _ in range(100):
            path = _os.path.join(folder, names.next())
            try:
                fd = _os.open(path, _bin_openflags, 0600)
                try:
                    with _io.open(fd, "wb", closefd=False) as f:
                        f.write(b"blat")
                finally:
                    _os.close(fd)
                    _os.unlink(path)
                return folder
            except (OSError, IOError) as e:
                if e.errno != _errno.EEXIST:
                    break
    raise IOError(_errno.ENOENT, "No usable temporary directory found in %s" % folders)


def gettempprefix():
    return template


def gettempdir():
    global tempdir
    if tempdir is None:
        with _once_lock:
            if tempdir is None:
                tempdir = _get_default_tempdir()
    return tempdir


def _attempt(dir, prefix, suffix, make):
    """make(path) for new names until one is free."""
    names = _get_candidate_names()
    for _ in xrange(TMP_MAX):
        path = _os.path.join(dir, prefix + names.next() + suffix)
        try:
            return make(path)
        except OSError as e:
            if e.errno != _errno.EEXIST:
                raise


def _mkstemp_inner(dir, pre, suf, flags):
    def make(path):
        return _os.open(path, flags, 0600), _os.path.abspath(path)
    made = _attempt(dir, pre, suf, make)
    if made is None:
        raise IOError(_errno.EEXIST, "No usable temporary file name found")
    return made


def mkstemp(suffix="", prefix=template, dir=None, text=False):
    """An open descriptor of a new file, and its path."""
    return _mkstemp_inner(gettempdir() if dir is None else dir, prefix, suffix, _text_openflags if text else _bin_openflags)


def mkdtemp(suffix="", prefix=template, dir=None):
    def make(path):
        _os.mkdir(path, 0700)
        return path
    made = _attempt(gettempdir() if dir is None else dir, prefix, suffix, make)
    if made is None:
        raise IOError(_errno.EEXIST, "No usable temporary directory name found")
    return made


def mktemp(suffix="", prefix=template, dir=None):
    """A name that is free now."""
    def make(path):
        if _os.path.lexists(path):
            raise OSError(_errno.EEXIST, "exists")
        return path
    made = _attempt(gettempdir() if dir is None else dir, prefix, suffix, make)
    if made is None:
        raise IOError(_errno.EEXIST, "No usable temporary filename found")
    return made


class _TemporaryFileWrapper:
    """A file that is removed when it is closed."""

    def __init__(self, file, name, delete=True):
        self.file = file
        self.name = name
        self.close_called = False
        self.delete = delete
        self.unlink = _os.unlink

    def __getattr__(self, name):
        value = getattr(self.__dict__["file"], name)
        if not isinstance(value, int):
            setattr(self, name, value)
        return value

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, exc, value, tb):
        self.close()

    def close(self):
        if self.close_called:
            return
        self.close_called = True
        try:
            self.file.close()
        finally:
            if self.delete:
                self.unlink(self.name)

    def __del__(self):
        self.close()


def NamedTemporaryFile(mode="w+b", bufsize=-1, suffix="", prefix=template, dir=None, delete=True):
    fd, name = mkstemp(suffix, prefix, dir)
    try:
        return _TemporaryFileWrapper(_os.fdopen(fd, mode, bufsize), name, delete)
    except:
        _os.close(fd)
        raise


def TemporaryFile(mode="w+b", bufsize=-1, suffix="", prefix=template, dir=None):
    """A file without a name."""
    fd, name = mkstemp(suffix, prefix, dir)
    try:
        _os.unlink(name)
        return _os.fdopen(fd, mode, bufsize)
    except:
        _os.close(fd)
        raise


class SpooledTemporaryFile:
    """In memory until it grows too large or its descriptor is asked for."""

    _rolled = False

    def __init__(self, max_size=0, mode="w+b", bufsize=-1, suffix="", prefix=template, dir=None):
        self._file = _StringIO()
        self._max_size = max_size
        self._args = mode, bufsize, suffix, prefix, dir

    def rollover(self):
        if self._rolled:
            return
        old = self._file
        self._file = new = TemporaryFile(*self._args)
        new.write(old.getvalue())
        new.seek(old.tell(), 0)
        self._rolled = True

    def _grown(self):
        if not self._rolled and self._max_size and self._file.tell() > self._max_size:
            self.rollover()

    def __enter__(self):
        if self._file.closed:
            raise ValueError("Cannot enter context with closed file")
        return self

    def __exit__(self, exc, value, tb):
        self._file.close()

    def __iter__(self):
        return self._file.__iter__()

    def fileno(self):
        self.rollover()
        return self._file.fileno()

    @property
    def mode(self):
        return self._file.mode if self._rolled else self._args[0]

    @property
    def name(self):
        return self._file.name if self._rolled else None

    def write(self, s):
        self._file.write(s)
        self._grown()

    def writelines(self, lines):
        self._file.writelines(lines)
        self._grown()

    def __getattr__(self, name):
        return getattr(self.__dict__["_file"], name)
