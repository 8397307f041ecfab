"""Copies, moves and removals of files and trees."""

import fnmatch
import os
import stat
import sys

__all__ = ["copyfileobj", "copyfile", "copymode", "copystat", "copy", "copy2", "copytree", "move", "rmtree", "Error", "SpecialFileError",
           "ExecError", "ignore_patterns"]


class Error(EnvironmentError):
    pass


class SpecialFileError(EnvironmentError):
    """What is asked for can't be done with such a file, a pipe for one."""


class ExecError(EnvironmentError):
    """A command could not be run."""


WindowsError = None


def copyfileobj(fsrc, fdst, length=16 * 1024):
    while True:
        data = fsrc.read(length)
        if not data:
            break
        fdst.write(data)


def _samefile(src, dst):
    try:
        return os.path.samefile(src, dst)
    except OSError:
        return False


def copyfile(src, dst):
    if _samefile(src, dst):
        raise Error("`%s` and `%s` are the same file" % (src, dst))
    for name in (src, dst):
        try:
            mode = os.stat(name).st_mode
        except OSError:
            continue
        if stat.S_ISFIFO(mode):
            raise SpecialFileError("`%s` is a named pipe" % name)
    with open(src, "rb") as fsrc:
        with open(dst, "wb") as fdst:
            copyfileobj(fsrc, fdst)


def copymode(src, dst):
    os.chmod(dst, stat.S_IMODE(os.stat(src).st_mode))


def copystat(src, dst):
    info = os.stat(src)
    os.utime(dst, (info.st_atime, info.st_mtime))
    os.chmod(dst, stat.S_IMODE(info.st_mode))


def _into(src, dst):
    return os.path.join(dst, os.path.basename(src)) if os.path.isdir(dst) else dst


def copy(src, dst):
    dst = _into(src, dst)
    copyfile(src, dst)
    copymode(src, dst)


def copy2(src, dst):
    dst = _into(src, dst)
    copyfile(src, dst)
    copystat(src, dst)


def ignore_patterns(*patterns):
    def ignored(path, names):
        return set(name for pattern in patterns for name in fnmatch.filter(names, pattern))
    return ignored


def copytree(src, dst, symlinks=False, ignore=None):
    names = os.listdir(src)
    ignored = ignore(src, names) if ignore is not None else ()
    os.makedirs(dst)
    errors = []
    for name in names:
        if name in ignored:
            continue
        source, target = os.path.join(src, name), os.path.join(dst, name)
        try:
            if symlinks and os.path.islink(source):
                os.symlink(os.readlink(source), target)
            elif os.path.isdir(source):
                copytree(source, target, symlinks, ignore)
            else:
                copy2(source, target)
        except Error as err:
            errors.extend(err.args[0])
        except EnvironmentError as why:
            errors.append((source, target, str(why)))
    try:
        copystat(src, dst)
    except OSError as why:
        errors.append((src, dst, str(why)))
    if errors:
        raise Error, errors


def rmtree(path, ignore_errors=False, onerror=None):
    def failed(function, path):
        if onerror is not None:
            onerror(function, path, sys.exc_info())
        elif not ignore_errors:
            raise
    try:
        if os.path.islink(path):
            raise OSError("Cannot call rmtree on a symbolic link")
    except OSError:
        failed(os.path.islink, path)
        return
    names = []
    try:
        names = os.listdir(path)
    except os.error:
        failed(os.listdir, path)
    for name in names:
        below = os.path.join(path, name)
        try:
            mode = os.lstat(below).st_mode
        except os.error:
            mode = 0
        if stat.S_ISDIR(mode):
            rmtree(below, ignore_errors, onerror)
            continue
        try:
            os.remove(below)
        except os.error:
            failed(os.remove, below)
    try:
        os.rmdir(path)
    except os.error:
        failed(os.rmdir, path)


def move(src, dst):
    target = dst
    if os.path.isdir(dst):
        if _samefile(src, dst):
            os.rename(src, dst)
            return
        target = os.path.join(dst, os.path.basename(src.rstrip(os.path.sep)))
        if os.path.exists(target):
            raise Error("Destination path '%s' already exists" % target)
    try:
        os.rename(src, target)
    except OSError:
        if not os.path.isdir(src):
            copy2(src, target)
            os.unlink(src)
            return
        if (os.path.abspath(dst).rstrip("/") + "/").startswith(os.path.abspath(src).rstrip("/") + "/"):
            raise Error("Cannot move a directory '%s' into itself '%s'." % (src, dst))
        copytree(src, target, symlinks=True)
        rmtree(src)
