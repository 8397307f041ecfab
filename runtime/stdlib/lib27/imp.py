"""Access to what the import statement is made of."""

import os as _os
import sys as _sys
from _imp import acquire_lock, is_builtin, is_frozen, lock_held, release_lock

SEARCH_ERROR, PY_SOURCE, PY_COMPILED, C_EXTENSION, PY_RESOURCE, PKG_DIRECTORY, C_BUILTIN, PY_FROZEN, PY_CODERESOURCE, IMP_HOOK = range(10)


def get_magic():
    """The first bytes of compiled files: those of CPython 2.7, as no others are ever written."""
    return "\x03\xf3\r\n"


def get_suffixes():
    return [(".py", "U", PY_SOURCE), (".pyc", "rb", PY_COMPILED)]


def new_module(name):
    return type(_sys)(name)


def init_builtin(name):
    return __import__(name) if is_builtin(name) else None


def init_frozen(name):
    return None


def find_module(name, path=None):
    """(open file, its name, (suffix, mode, type)) of a module in the given folders or sys.path."""
    if path is None:
        if is_builtin(name):
            return None, name, ("", "", C_BUILTIN)
        path = _sys.path
    for folder in path:
        if not isinstance(folder, basestring):
            continue
        base = _os.path.join(folder, name)
        if _is_source(_os.path.join(base, "__init__.py")):
            return None, base, ("", "", PKG_DIRECTORY)
        if _is_source(base + ".py"):
            return _open(base + ".py"), base + ".py", (".py", "U", PY_SOURCE)
    raise ImportError("No module named " + name)


def _is_source(path):
    from _library27 import source
    return source(path) is not None or _os.path.isfile(path)


def _open(path):
    from _library27 import source
    text = source(path)
    if text is None:
        return open(path, "U")
    import StringIO
    return StringIO.StringIO(text)


def load_module(name, file, filename, details):
    kind = details[2]
    if kind == PY_SOURCE:
        return load_source(name, filename, file)
    if kind == PKG_DIRECTORY:
        return load_package(name, filename)
    if kind == C_BUILTIN:
        return init_builtin(name)
    if kind == PY_COMPILED:
        return load_compiled(name, filename, file)
    raise ImportError("Don't know how to import %s (type code %d)" % (filename, kind))


def load_source(name, pathname, file=None):
    text = _open(pathname).read() if file is None else file.read()
    return _load(name, pathname, text, None)


def load_package(name, path):
    init = _os.path.join(path, "__init__.py")
    return _load(name, init, _open(init).read(), [path])


def _load(name, filename, text, path):
    code = compile(text.rstrip() + "\n", filename, "exec", 0, True)
    known = name in _sys.modules
    module = _sys.modules.setdefault(name, new_module(name))
    module.__file__ = filename
    module.__package__ = name if path else name.rpartition(".")[0] or None
    if path:
        module.__path__ = path
    try:
        exec code in module.__dict__
    except:
        if not known:
            _sys.modules.pop(name, None)
        raise
    return _sys.modules[name]


def load_compiled(name, pathname, file=None):
    raise ImportError("Bad magic number in " + pathname)


def load_dynamic(name, pathname, file=None):
    raise ImportError("extension modules in C cannot be loaded: " + pathname)


reload = reload


class NullImporter(object):
    """Finds nothing."""

    def __init__(self, path):
        if path == "":
            raise ImportError("empty pathname")
        if _os.path.isdir(path):
            raise ImportError("existing directory")

    def find_module(self, fullname, path=None):
        return None
