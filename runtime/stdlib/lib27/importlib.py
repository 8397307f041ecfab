"""Importing modules by name."""
import sys


def import_module(name, package=None):
    """The module of a name, imported; names with leading dots are relative to `package`."""
    if name.startswith('.'):
        if not package:
            raise TypeError("relative imports require the 'package' argument")
        if not hasattr(package, 'rindex'):
            raise ValueError("'package' not set to a string")
        dots = len(name) - len(name.lstrip('.'))
        base = package
        for _ in range(dots - 1):
            if '.' not in base:
                raise ValueError('attempted relative import beyond top-level package')
            base = base.rsplit('.', 1)[0]
        name = base + '.' + name[dots:]
    __import__(name)
    return sys.modules[name]
