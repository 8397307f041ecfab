"""Writes to bytearrays, arrays, byte streams and views of them in blocks that are rolled back and tried again, against the same without blocks."""
from __future__ import print_function
import array
import io
import struct
import sys
from both_ways import compare
from transaction import atomic

PY3 = sys.version_info[0] == 3
N = 12000


def state():
    s = io.BytesIO()
    s.write(b'stream' * 1000)
    return [bytearray(range(200)) * 60, array.array('d', range(1500)), array.array('H', range(N // 2)), s, bytearray(range(250)) * 48, array.array('H', range(N // 2))]


def slices(r, n):
    i, j = sorted((r.randrange(n), r.randrange(n)))
    return slice(i, j, r.choice([None, None, 2, 7, 50])) if r.random() < 0.7 else slice(j, i, -r.choice([1, 3, 90]))


def view(o):
    """Of bytes; only Python 3 has views of arrays."""
    return memoryview(o).cast('B') if PY3 else memoryview(o)


def viewed(s, r):
    return view(s[r.randrange(3) if PY3 else 0])


def items(s, r):
    m = viewed(s, r)
    for _ in range(r.choice([1, 30])):
        m[r.randrange(len(m))] = 9 if PY3 else b'9'


def parts(s, r):
    m = viewed(s, r)
    k = slices(r, len(m))
    if not PY3:
        k = slice(min(k.start, k.stop), max(k.start, k.stop))
    n = len(range(*k.indices(len(m))))
    m[k] = b'xyz' * (n // 3) + b'q' * (n % 3)


def views_of_views(s, r):
    m = viewed(s, r)
    i = r.randrange(len(m) - 100)
    part = m[i:i + 100]
    part[3:50][2:5] = b'abc'
    if PY3:
        memoryview(s[1])[::7][r.randrange(100)] = 0.5
        m[:N].cast('B', (100, N // 100))[r.randrange(100), 7] = 3
        part.release()


def packed(s, r):
    if PY3:
        struct.pack_into('<id', s[r.randrange(3)], r.randrange(N - 20), 7, 0.25)
    else:
        struct.pack_into('<id', s[0], r.randrange(N - 20), 7, 0.25)
    n = io.BytesIO(b'read into it').readinto(view(s[0])[r.randrange(N - 20):])
    assert n == 12


def assign(s, r):
    s[0][r.randrange(N)] = 5
    s[0][r.randrange(N):][:3] = b'lost'
    i = r.randrange(N)
    s[0][i:i + 3] = b'abc'[:max(0, N - i)]
    k = slices(r, N)
    if k.step not in (None, 1):
        s[0][k] = bytearray(len(s[0][k]))
    s[1][r.randrange(1500)] = 2.5
    k = slices(r, 1500)
    if k.step not in (None, 1):
        s[1][k] = s[1][k][::-1]


def resized(s, r):
    """Of objects without views: those may live on unseen for a while."""
    for o in s[4], s[5]:
        n, x = len(o), o[-1]
        o.append(x)
        o.insert(r.randrange(n), 3)
        o.extend(o[:r.choice([1, 500])])
        i = r.randrange(n)
        del o[i:i + 10]
        o[i:i] = o[:2]
        del o[n:]
        while len(o) < n:
            o.append(4)


def held(s, r):
    m = memoryview(s[0])
    try:
        s[0].append(1)
    except BufferError:
        m[0] = 1 if PY3 else b'1'
    if PY3:
        m.release()
    else:
        del m


def stream(s, r):
    o = s[3]
    o.seek(r.randrange(7000))
    o.write(b'here' * r.choice([1, 20]))
    o.read(r.randrange(20))
    o.write(b'and there')
    if r.random() < 0.1:
        o.truncate(6000)
    if PY3:
        with o.getbuffer() as m:
            m[r.randrange(6000)] = 1
            m[7:9] = b'99'


KINDS = [items, parts, views_of_views, packed, assign, resized, held, stream]


def contents(s):
    return [bytes(s[0]), s[1].tolist(), s[2].tolist(), s[3].getvalue(), s[3].tell(), bytes(s[4]), s[5].tolist()]


first, last = [int(x) for x in sys.argv[1:]]
compare(state, KINDS, contents, first, last)


def large():
    """Small writes to large objects: if each block copied all, this would take minutes."""
    seen = bytearray(80000000)
    numbers = array.array('d', [0.0]) * 2000000
    m, of_numbers = memoryview(seen), view(numbers) if PY3 else None
    for i in range(1000):
        with atomic:
            k = i * 80000
            m[k:k + 8] = b'12345678'
            m[k + 20] = 1 if PY3 else b'\x01'
            m[k + 40:k + 60][3:5] = b'\x01\x01'
            seen[k + 100] = 1
            seen[k + 200:k + 203] = b'\x01\x01\x01'
            numbers[i * 2000] = 1.0
            if PY3:
                of_numbers[i * 16000 + 8:i * 16000 + 16] = struct.pack('d', 1.0)
    print(sum(seen[::1000]), sum(bytearray(seen[-80000:])), int(sum(numbers)) * (1 if PY3 else 2))


if last - first > 3:
    large()
else:
    print('same')
