"""Stands for CPython's module of that name in files that import it at their head: each test that uses it is skipped."""
import unittest


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def skip(*args, **kwargs):
        raise unittest.SkipTest("_testsinglephase.%s: CPython's internals" % name)

    return skip
