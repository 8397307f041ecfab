"""Modules and files run as programs: what `-m` does."""

import imp
import os
import sys

__all__ = ["run_module", "run_path"]


def _find(name):
    """(name, file name, code) of a module; of a package that of its __main__."""
    parent, _, last = name.rpartition(".")
    path = None
    if parent:
        __import__(parent)
    try:
        if parent:
            path = sys.modules[parent].__path__
        file, filename, details = imp.find_module(last, path)
    except (ImportError, AttributeError):
        raise ImportError("No module named " + name)
    if details[2] == imp.PKG_DIRECTORY:
        if last == "__main__":
            raise ImportError("Cannot use package as __main__ module")
        try:
            return _find(name + ".__main__")
        except ImportError as e:
            raise ImportError("%s; %r is a package and cannot be directly executed" % (e, name))
    if file is None:
        raise ImportError("No code object available for " + name)
    if not filename.startswith("<"):
        # Those of the library that is part of the executable lie in no folder.
        filename = os.path.abspath(filename)
    return name, filename, _compiled(file, filename)


def _compiled(file, filename):
    try:
        text = file.read()
    finally:
        file.close()
    return compile(text.rstrip() + "\n", filename, "exec", 0, True)


def _run(code, module, name, filename, package, given=None):
    names = module.__dict__
    names.update(given or {})
    names.update(__name__=name, __file__=filename, __loader__=None, __package__=package)
    exec code in names
    return names


def _run_as(module, filename, run):
    """Calls run() while a module stands in sys.modules, and its file in sys.argv[0]."""
    name, missing = module.__name__, object()
    before, argv0 = sys.modules.get(name, missing), sys.argv[0]
    sys.modules[name], sys.argv[0] = module, filename
    try:
        # The names outlive the module.
        return run().copy()
    finally:
        sys.argv[0] = argv0
        if before is missing:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before


def _run_module_as_main(mod_name, alter_argv=True):
    """Runs a module in the namespace of __main__."""
    try:
        name, filename, code = _find(mod_name)
    except ImportError as e:
        sys.exit("%s: %s" % (sys.executable, e))
    if alter_argv:
        sys.argv[0] = filename
    main = sys.modules.setdefault("__main__", imp.new_module("__main__"))
    return _run(code, main, "__main__", filename, name.rpartition(".")[0])


def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    """Runs a module under another name; its global names. With alter_sys, sys.argv[0] and sys.modules know of it meanwhile."""
    name, filename, code = _find(mod_name)
    module = imp.new_module(run_name or name)

    def run():
        return _run(code, module, module.__name__, filename, name.rpartition(".")[0], init_globals)

    return _run_as(module, filename, run) if alter_sys else run()


def run_path(path_name, init_globals=None, run_name=None):
    """Runs a file, or the __main__ of a folder; its global names."""
    module = imp.new_module(run_name or "<run_path>")
    if not os.path.isdir(path_name):
        code = _compiled(open(path_name, "rU"), path_name)
        return _run_as(module, path_name, lambda: _run(code, module, module.__name__, path_name, None, init_globals))
    # Found as a module of the folder, which its own imports see first.
    sys.path.insert(0, path_name)
    try:
        file, filename, _ = imp.find_module("__main__", [path_name])
        code = _compiled(file, filename)
        return _run_as(module, path_name, lambda: _run(code, module, module.__name__, filename, None, init_globals))
    except ImportError:
        raise ImportError("can't find '__main__' module in %r" % path_name)
    finally:
        if path_name in sys.path:
            sys.path.remove(path_name)
