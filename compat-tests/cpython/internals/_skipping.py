"""What the modules here have in common: names of CPython's internals skip the test that calls them."""
import unittest


def names_of(module):
    """The `__getattr__` of a module that stands for CPython's."""
    def missing(name):
        if name.startswith("__"):
            raise AttributeError(name)

        def skip(*args, **kwargs):
            raise unittest.SkipTest("%s.%s: CPython's internals" % (module, name))

        return skip

    return missing
