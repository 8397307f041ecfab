"""What the runtime makes when somebody first asks for it, and settings that are no object's: each first use is in a block that aborts are injected into, in
threads of their own where the thing is a thread's. Prints `same` if no aborted attempt left anything.
"""
from __future__ import print_function

import pwd
import sys
try:
    import _thread as thread
except ImportError:
    import thread

from _transaction import aborts, retry
from transaction import atomic

PY3 = sys.version_info[0] == 3
THREADS = 12


class Box(object):
    pass


def chances():
    """Each first write of an object is a chance for an abort."""
    for _ in range(15):
        Box().x = 1
    for b in boxes:
        b.x = 1


boxes = [Box() for _ in range(15)]
wrong = []


def expect(what, is_, should):
    if is_ != should:
        wrong.append("%s: %r instead of %r" % (what, is_, should))


def in_thread(f, *args):
    done = thread.allocate_lock()
    done.acquire()

    def run():
        try:
            f(*args)
        except Exception as e:
            wrong.append("%s: %r" % (f.__name__, e))
        finally:
            done.release()

    thread.start_new_thread(run, ())
    done.acquire()


def once_more():
    """An abort that no irrevocable block could have."""
    if aborts() == 0:
        retry()


def local(l):
    with atomic:
        chances()
        l.x = getattr(l, "x", 0) + 1
        once_more()
        chances()
    expect("thread's namespace", l.x, 1)


for _ in range(THREADS):
    in_thread(local, thread._local())

if PY3:
    import contextvars
    import decimal

    variable = contextvars.ContextVar("variable", default=0)

    def context():
        with atomic:
            chances()
            variable.set(variable.get() + 1)
            once_more()
            chances()
        expect("context", variable.get(), 1)

    def precision():
        with atomic:
            chances()
            decimal.getcontext().prec += 1
            chances()
        expect("decimal's context", decimal.getcontext().prec, 29)

    for _ in range(THREADS):
        in_thread(context)
        in_thread(precision)


def entry():
    """A native class that is made with its first instance."""
    with atomic:
        user = pwd.getpwuid(0)
        shown = repr(user)
    expect("class", (user[2], user.pw_uid, shown.startswith("pwd.struct_passwd(pw_name=")), (0, 0, True))


entry()


def tracing():
    with atomic:
        expect("trace function", sys.gettrace(), None)
        sys.settrace(lambda *args: None)
        chances()
        sys.settrace(None)


def limit():
    before = sys.getrecursionlimit()
    with atomic:
        sys.setrecursionlimit(sys.getrecursionlimit() + 1)
        chances()
    expect("recursion limit", sys.getrecursionlimit(), before + 1)


for _ in range(THREADS):
    tracing()
    limit()

print("; ".join(sorted(set(wrong))) or "same")
