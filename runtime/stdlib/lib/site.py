"""Directories of installed packages on the search path, and builtins for interactive use.

Runs at each start but with -S, so it imports nothing that costs time."""

import sys

try:
    import builtins
except ImportError:
    import __builtin__ as builtins
import posix

PREFIXES = [sys.prefix] if sys.prefix == sys.exec_prefix else [sys.prefix, sys.exec_prefix]
ENABLE_USER_SITE = None
USER_SITE = None
USER_BASE = None


def _environ(name):
    value = posix.environ.get(name if sys.version_info[0] == 2 else name.encode())
    if value is None or isinstance(value, str):
        return value
    return value.decode("utf-8", "surrogateescape")


def _is_dir(path):
    try:
        return posix.stat(path).st_mode & 0o170000 == 0o040000
    except (OSError, ValueError):
        return False


def makepath(*paths):
    """The joined path, absolute, twice: CPython gives it as it is and in the case of the system."""
    import os
    path = os.path.abspath(os.path.join(*paths))
    return path, path


def removeduppaths():
    """Takes directories that stand twice from sys.path; the set of the others."""
    known, kept = set(), []
    for path in sys.path:
        if path not in known:
            known.add(path)
            kept.append(path)
    sys.path[:] = kept
    return known


def _add(path, known):
    if path not in known:
        known.add(path)
        sys.path.append(path)


def addpackage(sitedir, name, known_paths):
    """Does what a .pth file says: each line is a directory, or a statement that begins with "import"."""
    known = removeduppaths() if known_paths is None else known_paths
    import io
    import os
    full = os.path.join(sitedir, name)
    try:
        with io.open(full, encoding="utf-8") as f:
            lines = f.read().splitlines()
    except (IOError, OSError, UnicodeDecodeError):
        return None if known_paths is None else known
    for number, line in enumerate(lines, 1):
        if sys.version_info[0] == 2:
            line = line.encode("utf-8")
        line = line.rstrip()
        if not line or line.startswith("#"):
            continue
        try:
            if line.startswith(("import ", "import\t")):
                exec(line)
                continue
            path = makepath(sitedir, line)[0]
            if os.path.exists(path):
                _add(path, known)
        except Exception:
            import traceback
            sys.stderr.write("Error processing line %d of %s:\n\n" % (number, full))
            for text in traceback.format_exc().splitlines():
                sys.stderr.write("  " + text + "\n")
            sys.stderr.write("\nRemainder of file ignored\n")
            break
    return None if known_paths is None else known


def addsitedir(sitedir, known_paths=None):
    """Puts a directory on sys.path and does what its .pth files say."""
    known = removeduppaths() if known_paths is None else known_paths
    sitedir = makepath(sitedir)[0]
    _add(sitedir, known)
    try:
        names = sorted(posix.listdir(sitedir))
    except OSError:
        return None if known_paths is None else known
    for name in names:
        if name.endswith(".pth") and not name.startswith("."):
            addpackage(sitedir, name, known)
    return None if known_paths is None else known


def check_enableusersite():
    """Whether the user's directory is used: None if that would be unsafe, False if it was turned off."""
    if sys.flags.no_user_site:
        return False
    if posix.getuid() != posix.geteuid() or posix.getgid() != posix.getegid():
        return None
    return True


def _folder(base):
    return "%s/lib/python%d.%d/site-packages" % (base, sys.version_info[0], sys.version_info[1])


def getuserbase():
    """Where the user's files are: PYTHONUSERBASE, or ~/.local."""
    global USER_BASE
    if USER_BASE is None:
        base = None if sys.flags.ignore_environment else _environ("PYTHONUSERBASE")
        if not base:
            home = _environ("HOME")
            if not home:
                import os
                home = os.path.expanduser("~")
            base = home.rstrip("/") + "/.local"
        USER_BASE = base
    return USER_BASE


def getusersitepackages():
    """The user's directory of packages."""
    global USER_SITE
    if USER_SITE is None:
        USER_SITE = _folder(getuserbase())
    return USER_SITE


def addusersitepackages(known_paths):
    """Adds the user's directory, if it is there."""
    path = getusersitepackages()
    if ENABLE_USER_SITE and _is_dir(path):
        addsitedir(path, known_paths)
    return known_paths


def getsitepackages(prefixes=None):
    """Directories of packages below the prefixes."""
    out = []
    for prefix in PREFIXES if prefixes is None else prefixes:
        path = _folder(prefix.rstrip("/"))
        if prefix and path not in out:
            out.append(path)
    return out


def addsitepackages(known_paths, prefixes=None):
    """Adds the directories of packages that are there."""
    for path in getsitepackages(prefixes):
        if _is_dir(path):
            addsitedir(path, known_paths)
    return known_paths


class Quitter(object):
    """`exit` and `quit`."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "Use %s() or Ctrl-D (i.e. EOF) to exit" % self.name

    def __call__(self, code=None):
        try:
            sys.stdin.close()
        except Exception:
            pass
        raise SystemExit(code)


class Printer(object):
    """A text that is shown when it is called, with a short form for the prompt."""

    def __init__(self, name, text):
        self.name = name
        self.text = text

    def __repr__(self):
        return self.text

    def __call__(self):
        sys.stdout.write(self.text + "\n")


class Helper(object):
    """`help`."""

    def __repr__(self):
        return "Type help() for interactive help, or help(object) for help about object."

    def __call__(self, *args, **keywords):
        import pydoc
        return pydoc.help(*args, **keywords)


for _class in Quitter, Printer, Helper:
    _class.__module__ = "_sitebuiltins" if sys.version_info[0] == 3 else "site"
del _class


def setquit():
    """Makes `quit` and `exit`."""
    builtins.quit = Quitter("quit")
    builtins.exit = Quitter("exit")


def setcopyright():
    """Makes `copyright`, `credits` and `license`."""
    builtins.copyright = Printer("copyright", sys.copyright)
    builtins.credits = Printer("credits", "txpy is written from scratch; its Python 3 library is that of CPython, from the crate rustpython-pylib.")
    builtins.license = Printer("license", "txpy: MIT or Apache-2.0, at your choice. The Python 3 library: PSF licence, <txpy>/lib3/PSF-LICENSE.")


def sethelper():
    """Makes `help`."""
    builtins.help = Helper()


def _customize(name):
    try:
        __import__(name)
    except ImportError as e:
        if getattr(e, "name", name) != name:
            sys.excepthook(*sys.exc_info())
    except Exception as e:
        sys.stderr.write("Error in %s; set PYTHONVERBOSE for traceback:\n%s: %s\n" % (name, type(e).__name__, e))


def execsitecustomize():
    """Runs the module sitecustomize, if there is one."""
    _customize("sitecustomize")


def execusercustomize():
    """Runs the module usercustomize, if there is one."""
    _customize("usercustomize")


def main():
    """What a start does."""
    global ENABLE_USER_SITE
    known = removeduppaths()
    ENABLE_USER_SITE = check_enableusersite()
    addusersitepackages(known)
    addsitepackages(known)
    setquit()
    setcopyright()
    sethelper()
    execsitecustomize()
    if ENABLE_USER_SITE:
        execusercustomize()
