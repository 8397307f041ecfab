# Arrays lend their memory.
# lang: 3
import numpy as np
import struct
a = np.arange(6, dtype="int64").reshape(2, 3)
m = memoryview(a)
print(m.format, m.shape, m.strides, m.itemsize, m.readonly, m.nbytes, m.tolist(), m.obj is a)
m[1, 2] = 50
print(a[1, 2], bytes(a[0]) == a[0].tobytes(), bytes(a[:, 1]) == a[:, 1].tobytes(), a.data.shape)
print(struct.unpack_from("3q", a[1]), bytearray(np.array([1, 2], dtype="u1")), b"".join([np.array([65, 66], dtype="u1"), b"c"]))
for d in "?", "i1", "u2", "f4", "f8", "c16", "S3", "U2", ">i4", "f2":
    v = memoryview(np.zeros(2, dtype=d))
    print(d, v.format, v.itemsize)
a.flags.writeable = False
try:
    memoryview(a)[0, 0] = 1
except TypeError as e:
    print(e)
struct.pack_into("q", m, 0, 7)
print(m[0, 0], memoryview(np.full((), 1.5)).tolist())
t = np.arange(6).reshape(2, 3).T.data
print(t.contiguous, t.c_contiguous, t.f_contiguous, t.tolist())
# expect: l (2, 3) (24, 8) 8 False 48 [[0, 1, 2], [3, 4, 5]] True
# expect: 50 True True (2, 3)
# expect: (3, 4, 50) bytearray(b'\x01\x02') b'ABc'
# expect: ? ? 1
# expect: i1 b 1
# expect: u2 H 2
# expect: f4 f 4
# expect: f8 d 8
# expect: c16 Zd 16
# expect: S3 3s 3
# expect: U2 2w 8
# expect: >i4 >i 4
# expect: f2 e 2
# expect: cannot modify read-only memory
# expect: 7 1.5
# expect: True False True [[0, 3], [1, 4], [2, 5]]
