"""Stands for CPython's module of that name: what can be said of any interpreter is there, each test that uses anything else is skipped."""
import sys

import _skipping

INT_MAX = 2 ** 31 - 1
INT_MIN = -2 ** 31
LONG_MAX = PY_SSIZE_T_MAX = sys.maxsize
LONG_MIN = -sys.maxsize - 1
Py_C_RECURSION_LIMIT = 10000


class error(Exception):
    pass


def exception_print(value, legacy=False):
    """Shows an exception as one that nobody handles is shown."""
    sys.__excepthook__(type(value), value, getattr(value, "__traceback__", None))


__getattr__ = _skipping.names_of("_testcapi")
