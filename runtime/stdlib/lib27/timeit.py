"""How long small pieces of code take."""

import gc
import itertools
import sys
import time

__all__ = ["Timer", "timeit", "repeat", "default_timer"]

dummy_src_name = "<timeit-src>"
default_number = 1000000
default_repeat = 3
default_timer = time.time


def _indented(source, by):
    return source.replace("\n", "\n" + " " * by)


class Timer:
    def __init__(self, stmt="pass", setup="pass", timer=default_timer):
        self.timer = timer
        self.src = None
        scope = {}
        texts = []
        for name, code in (("setup", setup), ("stmt", stmt)):
            if isinstance(code, basestring):
                compile(code, dummy_src_name, "exec")
                texts.append(_indented(code, 8 if name == "stmt" else 4))
            elif hasattr(code, "__call__"):
                scope["_" + name] = code
                texts.append("_%s()" % name)
            else:
                raise ValueError("%s is neither a string nor callable" % name)
        # The loop is compiled around the statement, so that a call of it costs nothing.
        self.src = "def inner(_it, _timer):\n    %s\n    _t0 = _timer()\n    for _i in _it:\n        %s\n    _t1 = _timer()\n    return _t1 - _t0\n" % tuple(texts)
        exec compile(self.src, dummy_src_name, "exec") in globals(), scope
        inner = scope["inner"]
        if len(scope) > 1:
            # Callables are globals of the loop.
            inner = type(inner)(inner.__code__, scope)
        self.inner = inner

    def print_exc(self, file=None):
        import linecache, traceback
        linecache.cache[dummy_src_name] = len(self.src), None, self.src.split("\n"), dummy_src_name
        traceback.print_exc(file=file)

    def timeit(self, number=default_number):
        rounds = itertools.repeat(None, number) if number else []
        enabled = gc.isenabled()
        gc.disable()
        try:
            return self.inner(rounds, self.timer)
        finally:
            if enabled:
                gc.enable()

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]


def timeit(stmt="pass", setup="pass", timer=default_timer, number=default_number):
    return Timer(stmt, setup, timer).timeit(number)


def repeat(stmt="pass", setup="pass", timer=default_timer, repeat=default_repeat, number=default_number):
    return Timer(stmt, setup, timer).repeat(repeat, number)
