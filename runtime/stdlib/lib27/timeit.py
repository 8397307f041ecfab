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


_USAGE = """Usage: timeit [-n N] [-r N] [-s S] [-t] [-c] [-v] [-h] [statement ...]

  -n N, --number=N  how often the statement runs in a round (so often that a round takes 0.2 s)
  -r N, --repeat=N  how many rounds; the best one counts (3)
  -s S, --setup=S   what runs once before
  -t, --time        by the wall's clock
  -c, --clock       by the processor's clock
  -v, --verbose     the times of all rounds, with more digits
Several statements are the lines of one.
"""


def main(args=None):
    """Times a statement from the command line; the process's status."""
    import getopt, os
    try:
        options, lines = getopt.getopt(sys.argv[1:] if args is None else args, "n:s:r:tcvh",
                                       ["number=", "setup=", "repeat=", "time", "clock", "verbose", "help"])
    except getopt.error as e:
        print e
        print "use -h/--help for command line help"
        return 2
    clock, number, rounds, setup, precision = default_timer, 0, default_repeat, [], 3
    for name, value in options:
        if name in ("-n", "--number"):
            number = int(value)
        elif name in ("-s", "--setup"):
            setup.append(value)
        elif name in ("-r", "--repeat"):
            rounds = max(int(value), 1)
        elif name in ("-t", "--time"):
            clock = time.time
        elif name in ("-c", "--clock"):
            clock = time.clock
        elif name in ("-v", "--verbose"):
            precision += 1
        elif name in ("-h", "--help"):
            print _USAGE,
            return 0
    verbose = precision > 3
    sys.path.insert(0, os.curdir)
    timer = Timer("\n".join(lines) or "pass", "\n".join(setup) or "pass", clock)
    try:
        spent = 1.0 if number else 0.0
        while spent < 0.2 and number < 10 ** 9:
            number = number * 10 or 10
            spent = timer.timeit(number)
            if verbose:
                print "%d loops -> %.*g secs" % (number, precision, spent)
        times = timer.repeat(rounds, number)
    except:
        timer.print_exc()
        return 1
    if verbose:
        print "raw times:", " ".join("%.*g" % (precision, t) for t in times)
    best, unit = min(times) * 1e6 / number, "usec"
    for larger in ("msec", "sec"):
        if best >= 1000:
            best, unit = best / 1000, larger
    print "%d loops, best of %d: %.*g %s per loop" % (number, rounds, precision, best, unit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
