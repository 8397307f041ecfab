"""Every kind of writing to a numpy array in blocks that are rolled back and tried again, against the same without blocks."""
from __future__ import print_function
import sys
import numpy as np
from both_ways import compare
from transaction import atomic

N = 4000


def arrays():
    a = np.arange(N)
    return [a, np.arange(N) * 0.25, np.zeros((50, 40)), np.arange(N).astype(np.int8), np.array(['ab', 'cde', 'f'] * 300), np.arange(600).astype('>i4').reshape(10, 12, 5)]


def slices(r, n):
    i, j = sorted((r.randrange(n), r.randrange(n)))
    return slice(i, j, r.choice([None, None, 2, 7, 20])) if r.random() < 0.7 else slice(j, i, -r.choice([1, 3, 30]))


def assign(s, r):
    a = s[r.choice([0, 1, 3])]
    a[slices(r, N)] = r.randrange(100)


def assign_array(s, r):
    a, k = s[r.randrange(2)], slices(r, N)
    a[k] = np.arange(a[k].size) * 3


def overlapping(s, r):
    a, n, i, j = s[r.choice([0, 1, 3])], r.randrange(300), r.randrange(N - 300), r.randrange(N - 300)
    a[i:i + n] = a[j:j + n]
    a[i:i + n] += a[j:j + n][::-1]


def in_place(s, r):
    s[0][slices(r, N)] += 3
    s[1][slices(r, N)] *= 0.5
    s[3][slices(r, N)] ^= 5


def out(s, r):
    k = slices(r, N)
    np.add(s[0][k], s[1][k], out=s[1][k])
    np.sqrt(abs(s[1][:10]), out=s[1][20:30])


def out_where(s, r):
    n = r.choice([10, N])
    np.multiply(s[1][:n], 2, out=s[1][:n], where=s[0][:n] % r.choice([2, 100]) == 0)


def reduced(s, r):
    np.sum(s[2], axis=1, out=s[1][5:55])
    np.cumsum(s[0][:100], out=s[0][100:200])
    np.dot(s[2][:5, :5], s[2][5:10, :5], out=s[2].reshape(-1)[:25].reshape(5, 5))


def fill(s, r):
    s[r.randrange(4)][slices(r, 50)].fill(r.randrange(9))
    s[5][:, 3].fill(7)


def copyto(s, r):
    np.copyto(s[1][slices(r, N)], 1.5)
    np.copyto(s[0], s[1].astype(int), where=s[0] % r.choice([3, 500]) == 1)


def sort(s, r):
    s[r.choice([0, 1, 3])][slices(r, N)].sort()
    s[2].sort(axis=r.randrange(2))


def fancy(s, r):
    k = [r.randrange(-N, N) for _ in range(r.choice([3, 50, 3000]))]
    s[r.choice([0, 1, 3])][k] = np.arange(len(k)) % 100
    s[2][[1, r.randrange(50)], :] = 4
    s[2][[1, 2, 3], [r.randrange(40), 2, 3]] += 1
    s[5][:, [1, 3]] = s[5][:, [3, 1]]


def masked(s, r):
    s[0][s[0] % r.choice([2, 1000]) == 0] = -1
    s[2][s[2] > 3] -= 1


def scattered(s, r):
    np.add.at(s[0], [r.randrange(N) for _ in range(20)], 1)
    np.put(s[1], [r.randrange(N) for _ in range(20)], [1, 2, 3])
    np.putmask(s[3], s[3] > 100, 0)


def views(s, r):
    s[2].T[r.randrange(40)] = np.arange(50)
    s[2][::7, ::-3] = 8
    s[5].transpose(2, 0, 1)[1, r.randrange(10)] -= 1
    s[2].reshape(40, 50)[:, r.randrange(50)] += s[2][0, 0]
    s[0].view(np.int16)[r.randrange(N)::5] ^= 3


def text(s, r):
    s[4][slices(r, 900)] = 'xyz'
    s[4][r.randrange(900)] = 'q'
    s[4][[3, 4]] = ['u', 'v']


def raises(s, r):
    try:
        s[0][10:14] = ['1', '2', 'three', '4']
    except ValueError:
        s[0][14] += 1
    try:
        s[0][[1, 2, N]] = 5
    except IndexError:
        s[0][1] += 1
    with np.errstate(all='raise'):
        try:
            np.divide(s[1][:5], 0, out=s[1][10:15])
        except FloatingPointError:
            s[1][15] = 2
    try:
        s[2][1:3] = np.zeros(7)
    except ValueError:
        s[2][1] -= 1


def bytes_of(s, r):
    m = memoryview(s[3].view(np.uint8))
    m[5:8] = b'abc'
    m[r.randrange(N)] = 7 if sys.version_info[0] == 3 else b'7'


KINDS = [assign, assign_array, overlapping, in_place, out, out_where, reduced, fill, copyto, sort, fancy, masked, scattered, views, text, raises, bytes_of]


def contents(s):
    return [a.tobytes() for a in s]


compare(arrays, KINDS, contents, *[int(x) for x in sys.argv[1:]])

# Small writes to a large array: if each block copied all of it, this would take minutes.
large = np.zeros(10000000)
for i in range(1000):
    with atomic:
        k = i * 10000
        large[k:k + 50] = i
        large[k + 10:k + 20] += 1
        large[[k + 100, k + 5000]] = 2
        np.add(large[k:k + 10], 1, out=large[k:k + 10])
        large[k + 200:k + 210].fill(1)
        large[k + 30:k + 45][::-1].sort()
print(int(large.sum()), int(large[9990000:9990060].sum()))
