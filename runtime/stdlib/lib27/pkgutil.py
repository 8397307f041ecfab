"""Packages: the modules in them, their data, the folders they are spread over; importers of PEP 302."""

import imp
import os
import sys
from types import ModuleType

__all__ = ["get_importer", "iter_importers", "get_loader", "find_loader", "walk_packages", "iter_modules", "get_data", "ImpImporter", "ImpLoader",
           "read_code", "extend_path"]


def read_code(stream):
    """The code of an open compiled file; None if another version wrote it."""
    import marshal
    if stream.read(4) != imp.get_magic():
        return None
    stream.read(4)
    return marshal.load(stream)


def simplegeneric(func):
    """A function that is another one for classes which were registered: by its first argument's class."""
    by_class = {}

    def generic(*args, **kw):
        cls = getattr(args[0], "__class__", None) or type(args[0])
        # A classic class has no order of bases to look up; inspect's is the same.
        order = getattr(cls, "__mro__", None)
        if order is None:
            import inspect
            order = inspect.getmro(cls) + (object,)
        for base in order:
            if base in by_class:
                return by_class[base](*args, **kw)
        return func(*args, **kw)

    def register(typ, func=None):
        if func is None:
            return lambda f: register(typ, f)
        by_class[typ] = func
        return func

    generic.__name__, generic.__doc__ = func.__name__, func.__doc__
    generic.__dict__.update(func.__dict__)
    generic.register = register
    return generic


def walk_packages(path=None, prefix="", onerror=None):
    """(importer, name, whether it is a package) of all modules on a path, below packages, too, which are imported for that. `onerror` is called
    with the name of a package that can't be; without it, ImportErrors don't count."""
    walked = set()

    def walk(path, prefix):
        for importer, name, is_package in iter_modules(path, prefix):
            yield importer, name, is_package
            if not is_package:
                continue
            try:
                __import__(name)
            except ImportError:
                if onerror is not None:
                    onerror(name)
            except Exception:
                if onerror is None:
                    raise
                onerror(name)
            else:
                below = [p for p in getattr(sys.modules[name], "__path__", None) or [] if p not in walked]
                walked.update(below)
                for found in walk(below, name + "."):
                    yield found

    return walk(path, prefix)


def iter_modules(path=None, prefix=""):
    """(importer, name, whether it is a package) of the modules on a path, sys.path if none is given."""
    known = set()
    for importer in iter_importers() if path is None else map(get_importer, path):
        for name, is_package in iter_importer_modules(importer, prefix):
            if name not in known:
                known.add(name)
                yield importer, name, is_package


@simplegeneric
def iter_importer_modules(importer, prefix=""):
    """(name, whether it is a package) of what an importer finds, if it can tell."""
    return importer.iter_modules(prefix) if hasattr(importer, "iter_modules") else []


def _listed(folder):
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


class ImpImporter:
    """What the import statement does in a folder; without one, for builtin modules and sys.path."""

    def __init__(self, path=None):
        self.path = path

    def find_module(self, fullname, path=None):
        # The path given doesn't count: an importer is for one.
        package, _, name = fullname.rpartition(".")
        if package and self.path is None:
            return None
        folders = None
        if self.path is not None:
            # The library that is part of the executable lies in no folder.
            folders = [self.path if self.path.startswith("<") else os.path.realpath(self.path)]
        try:
            found = imp.find_module(name, folders)
        except ImportError:
            return None
        return ImpLoader(fullname, *found)

    def iter_modules(self, prefix=""):
        from inspect import getmodulename
        if self.path is None or not os.path.isdir(self.path):
            return
        known = {"__init__"}
        for entry in _listed(self.path):
            name, is_package = getmodulename(entry), False
            full = os.path.join(self.path, entry)
            if not name and "." not in entry and os.path.isdir(full):
                if not any(getmodulename(inner) == "__init__" for inner in _listed(full)):
                    continue
                name, is_package = entry, True
            if name and "." not in name and name not in known:
                known.add(name)
                yield prefix + name, is_package


class ImpLoader:
    """Loads what imp.find_module() found."""
    code = source = None

    def __init__(self, fullname, file, filename, etc):
        self.fullname, self.file, self.filename, self.etc = fullname, file, filename, etc

    def load_module(self, fullname):
        self._reopen()
        try:
            # The import statement enters modules itself; this one is asked for the module.
            return imp.load_module(fullname, self.file, self.filename, self.etc)
        finally:
            if self.file:
                self.file.close()

    def get_data(self, pathname):
        with open(pathname, "rb") as f:
            return f.read()

    def _reopen(self):
        if self.file and self.file.closed and self.etc[2] in (imp.PY_SOURCE, imp.PY_COMPILED, imp.C_EXTENSION):
            self.file = open(self.filename, "rU" if self.etc[2] == imp.PY_SOURCE else "rb")

    def _checked(self, fullname):
        if fullname is not None and fullname != self.fullname:
            raise ImportError("Loader for module %s cannot handle module %s" % (self.fullname, fullname))
        return self.fullname

    def is_package(self, fullname):
        self._checked(fullname)
        return self.etc[2] == imp.PKG_DIRECTORY

    def get_code(self, fullname=None):
        fullname = self._checked(fullname)
        if self.code is None:
            kind = self.etc[2]
            if kind == imp.PY_SOURCE:
                self.code = compile(self.get_source(fullname), self.filename, "exec", 0, True)
            elif kind == imp.PY_COMPILED:
                self._reopen()
                with self.file:
                    self.code = read_code(self.file)
            elif kind == imp.PKG_DIRECTORY:
                self.code = self._get_delegate().get_code()
        return self.code

    def get_source(self, fullname=None):
        self._checked(fullname)
        if self.source is None:
            kind = self.etc[2]
            if kind == imp.PY_SOURCE:
                self._reopen()
                try:
                    self.source = self.file.read()
                finally:
                    self.file.close()
            elif kind == imp.PY_COMPILED:
                if os.path.exists(self.filename[:-1]):
                    with open(self.filename[:-1], "rU") as f:
                        self.source = f.read()
            elif kind == imp.PKG_DIRECTORY:
                self.source = self._get_delegate().get_source()
        return self.source

    def _get_delegate(self):
        return ImpImporter(self.filename).find_module("__init__")

    def get_filename(self, fullname=None):
        self._checked(fullname)
        kind = self.etc[2]
        if kind == imp.PKG_DIRECTORY:
            return self._get_delegate().get_filename()
        return self.filename if kind in (imp.PY_SOURCE, imp.PY_COMPILED, imp.C_EXTENSION) else None


def get_importer(path_item):
    """The importer of an entry of sys.path: that of the first hook that has one, else an ImpImporter."""
    known = sys.path_importer_cache
    if path_item not in known:
        known[path_item] = None
        for hook in sys.path_hooks:
            try:
                known[path_item] = hook(path_item)
                break
            except ImportError:
                pass
    importer = known[path_item]
    if importer is not None:
        return importer
    try:
        return ImpImporter(path_item)
    except ImportError:
        return None


def iter_importers(fullname=""):
    """The importers that are asked for a module, in order."""
    if fullname.startswith("."):
        raise ImportError("Relative module names not supported")
    package = fullname.rpartition(".")[0]
    if package:
        if package not in sys.modules:
            __import__(package)
        path = getattr(sys.modules[package], "__path__", None) or []
    else:
        for importer in sys.meta_path:
            yield importer
        path = sys.path
    for item in path:
        yield get_importer(item)
    if not package:
        yield ImpImporter()


def get_loader(module_or_name):
    """The loader of a module; that which would load it if it isn't imported yet. None if it isn't found."""
    module = sys.modules.get(module_or_name, module_or_name) if isinstance(module_or_name, basestring) else module_or_name
    if not isinstance(module, ModuleType):
        return find_loader(module_or_name)
    loader = getattr(module, "__loader__", None)
    return find_loader(module.__name__) if loader is None else loader


def find_loader(fullname):
    """The loader that the first importer has for a module; None without one."""
    for importer in iter_importers(fullname):
        loader = importer.find_module(fullname)
        if loader is not None:
            return loader
    return None


def extend_path(path, name):
    """A package's path with the folders of its name on all of sys.path, and those that NAME.pkg files there list."""
    if not isinstance(path, list):
        # It comes from a zip file or the like.
        return path
    path = path[:]
    for folder in sys.path:
        if not isinstance(folder, basestring) or not os.path.isdir(folder):
            continue
        inner = os.path.join(folder, *name.split("."))
        if inner not in path and os.path.isfile(os.path.join(inner, "__init__.py")):
            path.append(inner)
        listed = os.path.join(folder, name + ".pkg")
        if not os.path.isfile(listed):
            continue
        try:
            with open(listed) as f:
                lines = [line.rstrip("\n") for line in f]
        except IOError as e:
            sys.stderr.write("Can't open %s: %s\n" % (listed, e))
        else:
            path.extend(line for line in lines if line and not line.startswith("#"))
    return path


def get_data(package, resource):
    """The bytes of a file in a package, by its path there with slashes; None if the package's loader can't tell."""
    loader = get_loader(package)
    if not hasattr(loader, "get_data"):
        return None
    module = sys.modules.get(package) or loader.load_module(package)
    if not hasattr(module, "__file__"):
        return None
    return loader.get_data(os.path.join(os.path.dirname(module.__file__), *resource.split("/")))
