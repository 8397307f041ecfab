"""Stands for CPython's module of that name in files that import it at their head: each test that uses it is skipped."""
import sys
import unittest


def get_config():
    """What test files ask of the interpreter's configuration when they are imported."""
    return {"code_debug_ranges": "no_debug_ranges" not in sys._xoptions}


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def skip(*args, **kwargs):
        raise unittest.SkipTest("_testinternalcapi.%s: CPython's internals" % name)

    return skip
