# lang: 3
# stress: 997
# C data as objects, and what else sympy's tests asked for.
import functools
from ctypes import *
print(sizeof(c_long), sizeof(c_int), sizeof(c_double), sizeof(c_char_p), sizeof(c_longdouble))
print(c_int(5), c_int(2 ** 31).value, c_ubyte(300).value, c_long(-1).value, c_ulong(-1).value)

class P(Structure):
    _fields_ = [("a", c_char), ("x", c_int), ("y", c_double)]
p = P(b"z", 3, y=1.5)
print(p.a, p.x, p.y, sizeof(p), P.x.offset, P.y.offset, bytes(p))
p.x = 77
print(p.x)
A = c_int * 3
a = A(1, 2, 3)
print(list(a), a[1:], len(a), A.__name__)
a[1] = 9
print(a[:])
try:
    a[5]
except IndexError as e:
    print(e)
b = create_string_buffer(b"hello", 10)
print(b.value, b.raw, sizeof(b))
b.value = b"hi"
print(b.value)
u = create_unicode_buffer("abc")
print(u.value)

class U(Union):
    _fields_ = [("i", c_uint32), ("f", c_float)]
v = U(f=1.0)
print(hex(v.i), sizeof(U))

class N(Structure):
    _fields_ = [("p", P), ("arr", c_short * 4)]
n = N()
n.p.x = 4
n.arr[2] = 7
print(n.p.x, list(n.arr), sizeof(N))
q = pointer(c_int(8))
print(q.contents, q[0])
q[0] = 3
print(q.contents.value)
print(c_bool(5).value, c_char(b"x").value, c_float(1.1).value)
memset(b, 65, 3)
print(b.raw[:4])
print(string_at(b, 2))

class B(BigEndianStructure):
    _fields_ = [("x", c_uint16)]
z = B(1)
print(bytes(z))
print(P.from_buffer_copy(bytes(p)).x)
try:
    c_int("x")
except TypeError as e:
    print(e)
cb = CFUNCTYPE(c_int, c_int)(lambda x: x + 1)
print(cb(3))
print(c_char_p(b"abc").value, c_void_p(None).value, c_wchar_p("x").value)
print(alignment(c_double), c_size_t is c_ulong, c_int64 is c_long, bool(c_int(0)), bool(q))

try:
    addressof(v)
except NotImplementedError as e:
    print(str(e).startswith("ctypes: "))
try:
    CDLL("libnone.so")
except OSError as e:
    print("libnone.so" in str(e))


# A class mixed into a metaclass has a __dict__ for its instances, which must not hide that of types.
class Mixed:
    def __setattr__(self, name, value):
        super().__setattr__(name, value)


class Meta(Mixed, type):
    pass


class Made(metaclass=Meta):
    x = 1


print(vars(Made)["x"], type(Made.__dict__).__name__)


# Keys with equal hashes: each lookup asks each key once, and a hit makes its key the newest.
class Key:
    asked = 0

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        Key.asked += 1
        return self.n == other.n


@functools.lru_cache(maxsize=20)
def square(k):
    return k.n ** 2


for i in range(20):
    square(Key(i))
Key.asked = 0
square(Key(3))
print(Key.asked)
square(Key(20))
square(Key(3))
square(Key(0))
print(square.cache_info())
d = {Key(i): i for i in range(100)}
Key.asked = 0
print(d[Key(50)], Key.asked, d.get(Key(100)), Key.asked)
# expect: 8 4 8 8 16
# expect: c_int(5) -2147483648 44 -1 18446744073709551615
# expect: b'z' 3 1.5 16 4 8 b'z\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8?'
# expect: 77
# expect: [1, 2, 3] [2, 3] 3 c_int_Array_3
# expect: [1, 9, 3]
# expect: invalid index
# expect: b'hello' b'hello\x00\x00\x00\x00\x00' 10
# expect: b'hi'
# expect: abc
# expect: 0x3f800000 4
# expect: 4 [0, 0, 7, 0] 24
# expect: c_int(8) 8
# expect: 3
# expect: True b'x' 1.100000023841858
# expect: b'AAAl'
# expect: b'AA'
# expect: b'\x00\x01'
# expect: 77
# expect: 'str' object cannot be interpreted as an integer
# expect: 4
# expect: b'abc' None x
# expect: 8 True True False True
# expect: True
# expect: True
# expect: 1 mappingproxy
# expect: 4
# expect: CacheInfo(hits=2, misses=22, maxsize=20, currsize=20)
# expect: 50 51 None 151
