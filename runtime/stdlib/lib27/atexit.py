"""Functions to call when the interpreter ends."""

import sys

__all__ = ["register"]

_exithandlers = []


def _run_exitfuncs():
    """Calls what was registered, last first; the last error is raised in the end."""
    failed = None
    while _exithandlers:
        func, args, kwargs = _exithandlers.pop()
        try:
            func(*args, **kwargs)
        except SystemExit:
            failed = sys.exc_info()
        except:
            import traceback
            print >> sys.stderr, "Error in atexit._run_exitfuncs:"
            traceback.print_exc()
            failed = sys.exc_info()
    if failed is not None:
        raise failed[0], failed[1], failed[2]


def register(func, *targs, **kargs):
    _exithandlers.append((func, targs, kargs))
    return func


if hasattr(sys, "exitfunc"):
    register(sys.exitfunc)
sys.exitfunc = _run_exitfuncs
