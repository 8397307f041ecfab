# What nobody can be told of goes to sys.unraisablehook; what that raises, and what there is without one, to stderr.
# lang: 3
# not in a block: it waits for a thread
import _thread
import gc
import io
import sys
import threading


class Noisy:
    def __del__(self):
        raise ValueError('del')


def drop():
    for _ in range(3):
        Noisy()


def clear(n):
    # Overwrites what the stack still has of the dropped objects.
    return n and clear(n - 1)


def collect():
    drop()
    clear(50)
    gc.collect()


def hook(u):
    seen.append((type(u).__name__, len(u), u.exc_type.__name__, str(u.exc_value), u.exc_traceback is not None, u.err_msg, u.object))


seen = []
sys.unraisablehook = hook
collect()
print(len(seen) > 0, seen[0] == ('UnraisableHookArgs', 5, 'ValueError', 'del', True, None, Noisy.__del__))


def task():
    try:
        raise KeyError('task')
    finally:
        done.set()


def in_thread(until):
    done.clear()
    _thread.start_new_thread(task, ())
    done.wait()
    while not until():
        pass


seen = []
done = threading.Event()
in_thread(lambda: seen)
kind, _, name, text, _, message, what = seen[0]
print(kind, name, text, message == 'Exception ignored in thread started by %r' % task, what)


def bad(u):
    raise TypeError('hook')


def shown(f):
    sys.stderr = io.StringIO()
    try:
        f()
        return sys.stderr.getvalue().splitlines()
    finally:
        sys.stderr = sys.__stderr__


sys.unraisablehook = bad
lines = shown(collect)
print(lines[0] == 'Exception ignored in sys.unraisablehook: %r' % bad, lines[-1])
sys.unraisablehook = None
lines = shown(collect)
print(lines[0] == 'Exception ignored in: %r' % Noisy.__del__, lines[-1])
del sys.unraisablehook
lines = shown(collect)
print(lines[0] == 'Exception ignored in: %r' % Noisy.__del__, lines[-1])
sys.unraisablehook = sys.__unraisablehook__
lines = shown(lambda: in_thread(lambda: 'KeyError' in sys.stderr.getvalue()))
print(lines[0] == 'Exception ignored in thread started by %r:' % task, lines[-1])
try:
    sys.unraisablehook(1)
except TypeError as e:
    print(e)
# expect: True True
# expect: UnraisableHookArgs KeyError 'task' True None
# expect: True TypeError: hook
# expect: True ValueError: del
# expect: True ValueError: del
# expect: True KeyError: 'task'
# expect: sys.unraisablehook argument type must be UnraisableHookArgs
