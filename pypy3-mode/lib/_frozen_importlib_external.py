# Completes importlib once its core is loaded: `import` itself is the vm's, and these finders serve those who ask importlib.
# The module stands for importlib._bootstrap_external, which takes its place in sys.modules.

import _imp
import sys

from importlib import _bootstrap, _bootstrap_external

_bootstrap_external._set_bootstrap_module(_bootstrap)
_bootstrap._bootstrap_external = _bootstrap_external


def _zip_hook(path):
    """Finds modules in zip files; the module for that is imported when the first one is met."""
    file = path
    while file and not _bootstrap_external._path_isfile(file):
        if _bootstrap_external._path_isdir(file):
            raise ImportError("not a zip file", path=path)
        file = _bootstrap_external._path_split(file)[0]
    if not file:
        raise ImportError("not a zip file", path=path)
    import zipimport
    return zipimport.zipimporter(path)


sys.path_hooks.append(_zip_hook)
sys.path_hooks.append(
    _bootstrap_external.FileFinder.path_hook(*_bootstrap_external._get_supported_file_loaders()))
sys.meta_path += [_bootstrap.BuiltinImporter, _bootstrap.FrozenImporter, _bootstrap_external.PathFinder]


class _ModuleLockManager:
    """A module is loaded by one thread at a time, by importlib or by the vm."""

    def __init__(self, name):
        self._name = name

    def __enter__(self):
        _imp._begin_loading(self._name)

    def __exit__(self, *args):
        _imp._end_loading(self._name)


_bootstrap._ModuleLockManager = _ModuleLockManager
_bootstrap._lock_unlock_module = _imp._wait_for_loading


def spec_of(module):
    """The spec of a module that the vm's import loaded, or None."""
    name = module.__name__
    parent = name.rpartition(".")[0]
    if parent and parent not in sys.modules:
        return None
    path = sys.modules[parent].__path__ if parent else None
    return (_bootstrap.BuiltinImporter.find_spec(name, path)
            or _bootstrap_external.PathFinder.find_spec(name, path))


_bootstrap.spec_of = spec_of
sys.modules["_frozen_importlib"] = _bootstrap
sys.modules["_frozen_importlib_external"] = _bootstrap_external
