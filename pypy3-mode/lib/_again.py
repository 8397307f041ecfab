"""Runs a library file a second time, in the namespace of the module that stands for CPython's version of it in C."""
import sys


def run(name, namespace):
    """Executes the file of the module `name` in `namespace`. The two modules share nothing, as in CPython; usually only one of them is imported."""
    for folder in sys.path:
        path = f"{folder}/{name}.py"
        try:
            with open(path, "rb") as f:
                source = f.read()
        except (OSError, ValueError):
            continue
        exec(compile(source, path, "exec"), namespace)
        return
    raise ImportError(f"No module named {name!r}", name=name)
