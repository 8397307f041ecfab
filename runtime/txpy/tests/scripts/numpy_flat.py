# stress: 7
# ndarray.flat, ndarray over given memory, numpy.lib: as NumPy 1.26 prints.
from __future__ import print_function
import numpy as np
from numpy.lib.stride_tricks import as_strided


def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Exception as e:
        print(type(e).__name__, e)


def kinds():
    return np.arange(12).reshape(3, 4), np.arange(12).reshape(4, 3).T, np.arange(24).reshape(4, 6)[::2, ::2]


# Reading.
for a in kinds():
    print(a.flat[1], a.flat[-1], a.flat[1:6:2].tolist(), a.flat[::-2].tolist(), a.flat[[0, 3, 0]].tolist(), a.flat[np.array([[1, 2]])].tolist(), len(a.flat))
# expect: 1 11 [1, 3, 5] [11, 9, 7, 5, 3, 1] [0, 3, 0] [[1, 2]] 12
# expect: 3 11 [3, 9, 4] [11, 5, 10, 4, 9, 3] [0, 9, 0] [[3, 6]] 12
# expect: 2 16 [2, 12, 16] [16, 12, 2] [0, 12, 0] [[2, 4]] 6
a = np.arange(6).reshape(2, 3)
mask = np.array([True, False, False, True])
print(a.flat[mask].tolist(), a.flat[...].tolist(), a.flat[(2,)], a.flat[[]].tolist(), np.array(a.flat).shape, (a.flat > 3).tolist(), np.max(a.flat), isinstance(a.flat, np.flatiter))
# expect: [0, 3] [0, 1, 2, 3, 4, 5] 2 [] (6,) [False, False, False, False, True, True] 5 True
i = a.flat
print(next(i), next(i), i.index, i.coords, [int(x) for x in i], i.base is a, i.copy().tolist())
# expect: 0 1 2 (0, 2) [2, 3, 4, 5] True [0, 1, 2, 3, 4, 5]
for key in 6, [7], (0, 1), 1.5, 'x', None:
    fails(lambda: a.flat[key])
# expect: IndexError index 6 is out of bounds for axis 0 with size 6
# expect: IndexError index 7 is out of bounds for size 6
# expect: IndexError unsupported iterator index
# expect: IndexError unsupported iterator index
# expect: IndexError unsupported iterator index
# expect: IndexError unsupported iterator index

# Writing.
for n in range(3):
    for key, value in [(1, 50), (slice(1, 5), [7, 8, 9]), (slice(None, None, -2), 0), ([0, 2, -1], [60, 61]), (mask, -1), (slice(None), np.arange(30) * 2), (Ellipsis, 3.7), ([4], [])]:
        a = kinds()[n]
        a.flat[key] = value
        print(a.tolist(), end=' ' if n else '\n')
    a = kinds()[n]
    a.flat = [1, 2, 3, 4, 5]
    print(a.tolist())
# expect: [[0, 50, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
# expect: [[0, 7, 8, 9], [7, 5, 6, 7], [8, 9, 10, 11]]
# expect: [[0, 0, 2, 0], [4, 0, 6, 0], [8, 0, 10, 0]]
# expect: [[60, 1, 61, 3], [4, 5, 6, 7], [8, 9, 10, 60]]
# expect: [[-1, 1, 2, -1], [4, 5, 6, 7], [8, 9, 10, 11]]
# expect: [[0, 2, 4, 6], [8, 10, 12, 14], [16, 18, 20, 22]]
# expect: [[3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]]
# expect: [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
# expect: [[1, 2, 3, 4], [5, 1, 2, 3], [4, 5, 1, 2]]
# expect: [[0, 50, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]] [[0, 7, 8, 9], [7, 4, 7, 10], [2, 5, 8, 11]] [[0, 0, 6, 0], [1, 0, 7, 0], [2, 0, 8, 0]] [[60, 3, 61, 9], [1, 4, 7, 10], [2, 5, 8, 60]] [[-1, 3, 6, -1], [1, 4, 7, 10], [2, 5, 8, 11]] [[0, 2, 4, 6], [8, 10, 12, 14], [16, 18, 20, 22]] [[3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]] [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]] [[1, 2, 3, 4], [5, 1, 2, 3], [4, 5, 1, 2]]
# expect: [[0, 50, 4], [12, 14, 16]] [[0, 7, 8], [9, 7, 16]] [[0, 0, 4], [0, 14, 0]] [[60, 2, 61], [12, 14, 60]] [[-1, 2, 4], [-1, 14, 16]] [[0, 2, 4], [6, 8, 10]] [[3, 3, 3], [3, 3, 3]] [[0, 2, 4], [12, 14, 16]] [[1, 2, 3], [4, 5, 1]]
a = np.arange(6)
a.flat = a[::-1]
print(a.tolist())  # expect: [5, 4, 3, 2, 1, 0]
fails(a.flat.__setitem__, 0, [1, 2])  # expect: ValueError Error setting single item of array.
fails(a.flat.__setitem__, 9, 1)  # expect: IndexError index 9 is out of bounds for size 6
a.flags.writeable = False
fails(a.flat.__setitem__, 0, 1)  # expect: ValueError underlying array is read-only
fails(setattr, a, 'flat', 1)  # expect: ValueError array is read-only

# Arrays over given memory.
b = np.arange(12, dtype='i4')
print(np.ndarray((2, 2), 'i4', b, 4, (8, 12)).tolist(), np.ndarray((2, 3), 'i4', b, order='F').tolist(), np.ndarray((-1,), 'i2', b[10:]).tolist())
# expect: [[1, 4], [3, 6]] [[0, 2, 4], [1, 3, 5]] [10, 0, 11, 0]
v = np.ndarray((3,), 'i4', b, offset=8, strides=(-4,))
v[:] = [70, 80, 90]
print(b[:4].tolist(), v.base is b, np.ndarray((2,), 'u1', b'ab').tolist(), np.ndarray((2,), 'u1', b'ab').flags.writeable)
# expect: [90, 80, 70, 3] True [97, 98] False
fails(np.ndarray, (13,), 'i4', b)  # expect: TypeError buffer is too small for requested array
fails(np.ndarray, (2,), 'i4', b, 100)  # expect: TypeError buffer is too small for requested array
fails(np.ndarray, (7,), 'i4', b, 0, (8,))  # expect: ValueError strides is incompatible with shape of requested array and size of buffer
fails(np.ndarray, (3,), 'i4', b, 0, (-4,))  # expect: ValueError strides is incompatible with shape of requested array and size of buffer
fails(np.ndarray, (3, 3), 'i4', b, 0, (4,))  # expect: ValueError strides, if given, must be the same length as shape

# numpy.lib.
x = np.arange(5)
print(as_strided(x, (3, 3), (8, 8)).tolist(), as_strided(x[4:], (3,), (-16,)).tolist(), np.lib.stride_tricks.as_strided([1, 2], (2, 2), (0, 8)).tolist())
# expect: [[0, 1, 2], [1, 2, 3], [2, 3, 4]] [4, 2, 0] [[1, 2], [1, 2]]
as_strided(x, (3,), (16,))[:] = 7
print(x.tolist(), np.lib.twodim_base.eye is np.eye, np.lib.function_base.median is np.median)
# expect: [7, 1, 7, 3, 7] True True
fails(as_strided, x, (3,), (8, 8))  # expect: ValueError mismatch in length of strides and shape
