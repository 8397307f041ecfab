"""Helpers for the with statement."""

import sys
from functools import wraps
from warnings import warn

__all__ = ["contextmanager", "nested", "closing"]


_ENDED = object()


class GeneratorContextManager(object):
    """What functions made by contextmanager() return."""

    def __init__(self, gen):
        self.gen = gen

    def __enter__(self):
        value = next(self.gen, _ENDED)
        if value is _ENDED:
            raise RuntimeError("generator didn't yield")
        return value

    def __exit__(self, type, value, traceback):
        if type is None:
            if next(self.gen, _ENDED) is not _ENDED:
                raise RuntimeError("generator didn't stop")
            return
        if value is None:
            value = type()
        try:
            self.gen.throw(type, value, traceback)
        except StopIteration as stopped:
            # The same exception, thrown in, goes on; another one ends the generator.
            return stopped is not value
        except:
            if sys.exc_info()[1] is value:
                return
            raise
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    """A context manager of a generator that yields once."""
    @wraps(func)
    def helper(*args, **kwds):
        return GeneratorContextManager(func(*args, **kwds))
    return helper


@contextmanager
def nested(*managers):
    """Several context managers in one."""
    warn("With-statements now directly support multiple context managers", DeprecationWarning, 3)
    exits, values = [], []
    pending = (None, None, None)
    try:
        for manager in managers:
            leave = manager.__exit__
            values.append(manager.__enter__())
            exits.append(leave)
        yield values
    except:
        pending = sys.exc_info()
    finally:
        while exits:
            try:
                if exits.pop()(*pending):
                    pending = (None, None, None)
            except:
                pending = sys.exc_info()
        if pending != (None, None, None):
            raise pending[0], pending[1], pending[2]


class closing(object):
    """Closes a thing at the end of the block."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()
