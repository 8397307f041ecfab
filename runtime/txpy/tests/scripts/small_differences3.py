# lang: 3
# stress: 997
# What 3.13 does where 3.14's library, or a runtime without CPython's descriptors, would do otherwise.
import functools, inspect, io, pickle, sys, traceback, types, warnings
from dataclasses import dataclass

def tell(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)

@dataclass(slots=True)
class Base:
    x: int

@dataclass(slots=True)
class Derived(Base):
    x: int
    y: int

print(Derived(1, 2), type(Base.x) is types.MemberDescriptorType)
# expect: Derived(x=1, y=2) True
print(Base.__weakrefoffset__, Base.__dictoffset__, type("C", (), {}).__dictoffset__)
# expect: 0 0 -1
m = types.MappingProxyType({1: 2, 3: 4})
print(list(reversed(m)), {0: 1} | m)
# expect: [3, 1] {0: 1, 1: 2, 3: 4}
tell(lambda: hash(m))
# expect: TypeError unhashable type: 'dict'
tell(lambda: m.__ior__({}))
# expect: TypeError '|=' is not supported by mappingproxy; use '|' instead
print(int(memoryview(b"12")), float(memoryview(b"1.5")), types.CellType(3).cell_contents)
# expect: 12 1.5 3
tell(lambda: int(memoryview(b"12"), 8))
# expect: TypeError int() can't convert non-string with explicit base
exec("print(x, y)", globals={"x": 1}, locals={"y": 2})
# expect: 1 2

def outer():
    a = 5
    def inner():
        print(a)
    return inner

exec(outer().__code__, closure=outer().__closure__)
# expect: 5
tell(lambda: exec(outer().__code__))
# expect: TypeError code object requires a closure of exactly length 1
print(inspect.getclosurevars(outer()))
# expect: ClosureVars(nonlocals={'a': 5}, globals={}, builtins={'print': <built-in function print>}, unbound=set())

class Meta(type):
    pass

tell(lambda: Meta(5))
# expect: TypeError type.__new__() takes exactly 3 arguments (1 given)
tell(lambda: type("A", (), {"__qualname__": b"x"}))
# expect: TypeError type __qualname__ must be a str, not bytes

class Endless:
    def __len__(self):
        return -2 ** 100

tell(lambda: len(Endless()))
# expect: ValueError __len__() should return >= 0

class Holder:
    part = functools.partial(print, "called with")

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    Holder().part(1)
    bool(NotImplemented)
# expect: called with 1
print([w.category.__name__ for w in seen], pickle.DEFAULT_PROTOCOL)
# expect: ['FutureWarning', 'DeprecationWarning'] 4

# The same text as that of an exception that nobody handles.
def show():
    kept, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(*sys.exc_info())
        return sys.stderr.getvalue().splitlines()[-1].strip()
    finally:
        sys.stderr = kept

try:
    pickle.dumbs
except AttributeError:
    print(show())
# expect: AttributeError: module 'pickle' has no attribute 'dumbs'. Did you mean: 'dumps'?
try:
    raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
except ExceptionGroup:
    print(show())
# expect: +------------------------------------
