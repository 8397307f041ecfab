# lang: 3
# stress: 997
# not in a block: it waits for threads
# Events of sys.settrace and sys.setprofile, and what bdb makes of them.
import bdb
import sys
import threading

log = []


def tracer(frame, event, arg):
    what = arg[0].__name__ if event == "exception" else arg
    log.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, what))
    return tracer


def run(f, *args):
    log.clear()
    sys.settrace(tracer)
    try:
        f(*args)
    except Exception:
        pass
    finally:
        sys.settrace(None)
    for name, event, line, arg in log:
        if name != "run":
            print(name, event, line, arg)


def loops():
    x = 1
    for i in range(2):
        x += i
    return x


def gen():
    yield 1
    yield 2


def uses():
    for v in gen():
        w = v
    return sorted([2, 1], key=lambda q: -q)


def inner(n):
    return 1 // n


def fails():
    x = 1
    y = [lambda: x]
    inner(0)


run(loops)
# expect: loops call 0 None
# expect: loops line 1 None
# expect: loops line 2 None
# expect: loops line 3 None
# expect: loops line 2 None
# expect: loops line 3 None
# expect: loops line 2 None
# expect: loops line 4 None
# expect: loops return 4 2
run(uses)
# expect: uses call 0 None
# expect: uses line 1 None
# expect: gen call 0 None
# expect: gen line 1 None
# expect: gen return 1 1
# expect: uses line 2 None
# expect: uses line 1 None
# expect: gen call 1 None
# expect: gen line 2 None
# expect: gen return 2 2
# expect: uses line 2 None
# expect: uses line 1 None
# expect: gen call 2 None
# expect: gen return 2 None
# expect: uses line 3 None
# expect: <lambda> call 0 None
# expect: <lambda> line 0 None
# expect: <lambda> return 0 -2
# expect: <lambda> call 0 None
# expect: <lambda> line 0 None
# expect: <lambda> return 0 -1
# expect: uses return 3 [2, 1]
run(fails)
# expect: fails call 0 None
# expect: fails line 1 None
# expect: fails line 2 None
# expect: fails line 3 None
# expect: inner call 0 None
# expect: inner line 1 None
# expect: inner exception 1 ZeroDivisionError
# expect: inner return 1 None
# expect: fails exception 3 ZeroDivisionError
# expect: fails return 3 None

calls = []
sys.setprofile(lambda frame, event, arg: calls.append((frame.f_code.co_name, event)) if event in ("call", "return") else None)
loops()
sys.setprofile(None)
print(calls)  # expect: [('loops', 'call'), ('loops', 'return')]


# The frame of a call stays the same object, with its locals as they are.
def watch(frame, event, arg):
    seen.append((frame, frame.f_back, dict(frame.f_locals)))
    return watch


seen = []
sys.settrace(watch)
loops()
sys.settrace(None)
print(len({id(f) for f, _, _ in seen}), len({id(b) for _, b, _ in seen}), seen[0][2], seen[-1][2])  # expect: 1 1 {} {'x': 2, 'i': 1}


def bad(frame, event, arg):
    raise KeyError("from the tracer")


sys.settrace(bad)
try:
    loops()
except KeyError as e:
    print(e, sys.gettrace())  # expect: 'from the tracer' None


class Stops(bdb.Bdb):
    def user_line(self, frame):
        print("line", frame.f_lineno - frame.f_code.co_firstlineno, frame.f_code.co_name, frame.f_locals)
        self.set_step() if frame.f_lineno - frame.f_code.co_firstlineno < 2 else self.set_continue()

    def user_return(self, frame, value):
        print("returns", value)


print(Stops().runcall(loops))
# expect: line 1 loops {}
# expect: line 2 loops {'x': 1}
# expect: 2


def here():
    a = 5
    b = 6
    Stops().set_trace()
    return a + b


print(here())
# expect: line 4 here {'a': 5, 'b': 6}
# expect: 11

names = []
threading.settrace(lambda frame, event, arg: names.append(frame.f_code.co_name))
t = threading.Thread(target=loops)
t.start()
t.join()
threading.settrace(None)
print("loops" in names, sys.gettrace())  # expect: True None
