"""The operating system: what `posix` has, and what is built on it."""

import errno
import posix
import sys
from posix import *
from posix import _exit

import posixpath as path
import UserDict

_names = sys.builtin_module_names
name = "posix"
linesep = "\n"
sys.modules["os.path"] = path
from os.path import curdir, pardir, sep, pathsep, defpath, extsep, altsep, devnull

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2

__all__ = ["altsep", "curdir", "pardir", "sep", "extsep", "pathsep", "linesep", "defpath", "name", "path", "devnull",
           "SEEK_SET", "SEEK_CUR", "SEEK_END", "makedirs", "removedirs", "renames", "walk", "execl", "execle", "execlp", "execlpe",
           "execvp", "execvpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "spawnl", "spawnle", "spawnlp", "spawnlpe", "getenv",
           "popen2", "popen3", "popen4", "_exit"]
__all__ += [_name for _name in dir(posix) if not _name.startswith("_")]


def _get_exports_list(module):
    try:
        return list(module.__all__)
    except AttributeError:
        return [name for name in dir(module) if not name.startswith("_")]


def _split(name):
    """The folder and the last part of a name; a slash at its end doesn't count."""
    head, tail = path.split(name)
    return (head, tail) if tail else path.split(head)


def makedirs(name, mode=0777):
    """Makes a directory and those above it that are missing."""
    head, tail = _split(name)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, mode)
        except OSError as e:
            # Another process may have made it meanwhile.
            if e.errno != errno.EEXIST:
                raise
        if tail == curdir:
            return
    mkdir(name, mode)


def removedirs(name):
    """Removes a directory, then those above it as long as they are empty."""
    rmdir(name)
    above, last = _split(name)
    try:
        while above and last:
            rmdir(above)
            above, last = path.split(above)
    except error:
        pass


def renames(old, new):
    """Renames; makes the new name's directories, and removes the old one's that became empty."""
    to, name = path.split(new)
    if to and name and not path.exists(to):
        makedirs(to)
    rename(old, new)
    left, name = path.split(old)
    if not (left and name):
        return
    try:
        removedirs(left)
    except error:
        pass


def walk(top, topdown=True, onerror=None, followlinks=False):
    """Yields (directory, names of directories, names of files) for a directory and all below it."""
    try:
        names = listdir(top)
    except error as e:
        if onerror is not None:
            onerror(e)
        return
    dirs, files = [], []
    for entry in names:
        (dirs if path.isdir(path.join(top, entry)) else files).append(entry)
    if topdown:
        yield top, dirs, files
    for entry in dirs:
        below = path.join(top, entry)
        if followlinks or not path.islink(below):
            for found in walk(below, topdown, onerror, followlinks):
                yield found
    if not topdown:
        yield top, dirs, files


def execl(file, *args):
    execv(file, args)


def execle(file, *args):
    execve(file, args[:-1], args[-1])


def execlp(file, *args):
    execvp(file, args)


def execlpe(file, *args):
    execvpe(file, args[:-1], args[-1])


def execvp(file, args):
    _search(file, lambda program: execv(program, args), environ)


def execvpe(file, args, env):
    _search(file, lambda program: execve(program, args, env), env)


def _search(file, run, env):
    """Tries a program in the folders of PATH; the error that tells most is raised."""
    if path.dirname(file):
        run(file)
        return
    kept = None
    for folder in env.get("PATH", defpath).split(pathsep):
        try:
            run(path.join(folder, file))
        except error as e:
            caught = sys.exc_info()
            if e.errno not in (errno.ENOENT, errno.ENOTDIR) and kept is None:
                kept = caught
    if kept is None:
        kept = caught
    raise kept[0], kept[1], kept[2]


class _Environ(UserDict.IterableUserDict):
    """The environment; changes reach the process."""

    def __init__(self, environ):
        # The mapping itself, not a copy.
        self.data = environ

    def __setitem__(self, key, item):
        putenv(key, item)
        self.data[key] = item

    def __delitem__(self, key):
        unsetenv(key)
        del self.data[key]

    def pop(self, key, *args):
        unsetenv(key)
        return self.data.pop(key, *args)

    def clear(self):
        for key in list(self.data):
            del self[key]

    def update(self, dict=None, **kwargs):
        if dict:
            pairs = ((key, dict[key]) for key in dict.keys()) if hasattr(dict, "keys") else dict
            for key, value in pairs:
                self[key] = value
        if kwargs:
            self.update(kwargs)

    def copy(self):
        return dict(self)


environ = _Environ(environ)


def getenv(key, default=None):
    return environ.get(key, default)


P_WAIT = 0
P_NOWAIT = P_NOWAITO = 1


def _spawn(mode, file, args, env, run):
    pid = fork()
    if not pid:
        try:
            if env is None:
                run(file, args)
            else:
                run(file, args, env)
        finally:
            _exit(127)
    if mode == P_NOWAIT:
        return pid
    while True:
        _, status = waitpid(pid, 0)
        if WIFSTOPPED(status):
            continue
        if WIFSIGNALED(status):
            return -WTERMSIG(status)
        if WIFEXITED(status):
            return WEXITSTATUS(status)
        raise error("Not stopped, signaled or exited???")


def spawnv(mode, file, args):
    return _spawn(mode, file, args, None, execv)


def spawnve(mode, file, args, env):
    return _spawn(mode, file, args, env, execve)


def spawnvp(mode, file, args):
    return _spawn(mode, file, args, None, execvp)


def spawnvpe(mode, file, args, env):
    return _spawn(mode, file, args, env, execvpe)


def spawnl(mode, file, *args):
    return spawnv(mode, file, args)


def spawnle(mode, file, *args):
    return spawnve(mode, file, args[:-1], args[-1])


def spawnlp(mode, file, *args):
    return spawnvp(mode, file, args)


def spawnlpe(mode, file, *args):
    return spawnvpe(mode, file, args[:-1], args[-1])


def _popen(cmd, bufsize, **streams):
    import subprocess
    p = subprocess.Popen(cmd, shell=isinstance(cmd, basestring), bufsize=bufsize, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         close_fds=True, **streams)
    return p, p.stdin, p.stdout


def popen2(cmd, mode="t", bufsize=-1):
    return _popen(cmd, bufsize)[1:]


def popen3(cmd, mode="t", bufsize=-1):
    import subprocess
    p, stdin, stdout = _popen(cmd, bufsize, stderr=subprocess.PIPE)
    return stdin, stdout, p.stderr


def popen4(cmd, mode="t", bufsize=-1):
    import subprocess
    return _popen(cmd, bufsize, stderr=subprocess.STDOUT)[1:]


import copy_reg as _copy_reg


def _make_stat_result(tup, dict):
    return stat_result(tup, dict)


def _pickle_stat_result(sr):
    _, args = sr.__reduce__()
    return _make_stat_result, args


def _make_statvfs_result(tup, dict):
    return statvfs_result(tup, dict)


def _pickle_statvfs_result(sr):
    _, args = sr.__reduce__()
    return _make_statvfs_result, args


_copy_reg.pickle(stat_result, _pickle_stat_result, _make_stat_result)
_copy_reg.pickle(statvfs_result, _pickle_statvfs_result, _make_statvfs_result)
del _name
