# stress: 7
# np.ix_, np.mgrid, np.r_ and the like, index arithmetic: as NumPy 1.26 prints.
from __future__ import print_function
import numpy as np


def show(x):
    if isinstance(x, np.ndarray):
        return '%s %s %s' % (x.tolist(), x.dtype, x.shape)
    if isinstance(x, np.generic):
        return '%r %s' % (x.item(), x.dtype)
    if isinstance(x, (tuple, list)):
        return '(%s)' % ', '.join(show(y) for y in x)
    return repr(x)


def t(name, f):
    try:
        r = show(f())
    except Exception as e:
        r = '%s: %s' % (type(e).__name__, e)
    print(name, r)


t('s', lambda: np.s_[1:2, ..., None])
t('s', lambda: np.s_[3])
t('i', lambda: np.index_exp[3])
t('nd', lambda: list(np.ndindex(2, 3)))
t('nd', lambda: list(np.ndindex((2, 2))))
t('nd', lambda: list(np.ndindex()))
t('nd', lambda: list(np.ndindex(0, 2)))
t('nd', lambda: list(np.ndindex(-1)))
t('en', lambda: list(np.ndenumerate(np.arange(4).reshape(2, 2))))
t('en', lambda: list(np.ndenumerate(5)))
t('ix', lambda: np.ix_([0, 1], [2, 3, 4]))
t('ix', lambda: np.ix_([True, False, True], [1]))
t('ix', lambda: np.ix_([], [1]))
t('ix', lambda: np.ix_([[1]], [1]))
t('ix', lambda: np.arange(12).reshape(3, 4)[np.ix_([0, 2], [1, 3])])
t('m', lambda: np.mgrid[0:3])
t('m', lambda: np.mgrid[0:3, 0:2])
t('m', lambda: np.mgrid[0:1:3j])
t('m', lambda: np.mgrid[0:1:3j, 1:3])
t('m', lambda: np.mgrid[:2, 1:2:.5])
t('o', lambda: np.ogrid[0:3, 0:2])
t('o', lambda: np.ogrid[0:1:2j, :2])
t('o', lambda: np.ogrid[:3])
t('r', lambda: np.r_[1, 2, 3])
t('r', lambda: np.r_[1:4, 0, 7])
t('r', lambda: np.r_[np.arange(3), 0, [5, 6]])
t('r', lambda: np.r_[0:1:3j, 2])
t('r', lambda: np.r_[np.array([1, 2], 'i1'), 3])
t('r', lambda: np.r_[np.array([1, 2], 'f4'), 3, 0.5])
t('r', lambda: np.r_['-1', np.ones((2, 2)), np.zeros((2, 1))])
t('r', lambda: np.r_['0,2', [1, 2], [3, 4]])
t('r', lambda: np.r_['0,2,0', [1, 2], [3, 4]])
t('r', lambda: np.r_['1,2,0', [1, 2], [3, 4]])
t('r', lambda: np.r_['0,3,1', [1, 2], [3, 4]])
t('r', lambda: np.r_['x', 1])
t('r', lambda: np.r_[1, '0'])
t('c', lambda: np.c_[[1, 2], [3, 4]])
t('c', lambda: np.c_[np.arange(3)])
t('c', lambda: np.c_[np.ones((2, 2)), [5, 6]])
t('c', lambda: np.c_[1, 2])
t('c', lambda: np.c_[1:4, 2:5])
t('c', lambda: np.c_[np.array([[1, 2, 3]]), 0, 0, np.array([[4, 5, 6]])])
t('rav', lambda: np.ravel_multi_index(([1, 2], [0, 3]), (3, 4)))
t('rav', lambda: np.ravel_multi_index(([1, 2], [0, 3]), (3, 4), order='F'))
t('rav', lambda: np.ravel_multi_index((1, 2), (3, 4)))
t('rav', lambda: np.ravel_multi_index(([1, 5], [0, 3]), (3, 4)))
t('rav', lambda: np.ravel_multi_index(([1, 5], [0, -3]), (3, 4), mode='wrap'))
t('rav', lambda: np.ravel_multi_index(([1, 5], [0, -3]), (3, 4), mode=('clip', 'wrap')))
t('rav', lambda: np.ravel_multi_index(([1], [2], [3]), (3, 4)))
t('un', lambda: np.unravel_index([1, 7], (3, 4)))
t('un', lambda: np.unravel_index(7, (3, 4)))
t('un', lambda: np.unravel_index(12, (3, 4)))
t('un', lambda: np.unravel_index([[1, 5]], (3, 4), order='F'))
t('un', lambda: np.unravel_index(3, 5))
t('un', lambda: np.unravel_index(-1, (2, 2)))


def fd(shape, v, **k):
    a = np.zeros(shape, int)
    np.fill_diagonal(a, v, **k)
    return a


for shape in (3, 3), (5, 2), (2, 4), (2, 2, 2), (3,), (2, 3, 2):
    t('fd', lambda: fd(shape, 4))
    t('fd', lambda: fd(shape, [1, 2], wrap=True))
t('di', lambda: np.diag_indices(3))
t('di', lambda: np.diag_indices(2, 3))
t('di', lambda: np.diag_indices_from(np.zeros((3, 3))))
t('di', lambda: np.diag_indices_from(np.zeros((3, 2))))
t('di', lambda: np.diag_indices_from(np.zeros(3)))
# expect: s (slice(1, 2, None), Ellipsis, None)
# expect: s 3
# expect: i (3)
# expect: nd ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2))
# expect: nd ((0, 0), (0, 1), (1, 0), (1, 1))
# expect: nd (())
# expect: nd ()
# expect: nd ValueError: negative dimensions are not allowed
# expect: en (((0, 0), 0 int64), ((0, 1), 1 int64), ((1, 0), 2 int64), ((1, 1), 3 int64))
# expect: en (((), 5 int64))
# expect: ix ([[0], [1]] int64 (2, 1), [[2, 3, 4]] int64 (1, 3))
# expect: ix ([[0], [2]] int64 (2, 1), [[1]] int64 (1, 1))
# expect: ix ([] int64 (0, 1), [[1]] int64 (1, 1))
# expect: ix ValueError: Cross index must be 1 dimensional
# expect: ix [[1, 3], [9, 11]] int64 (2, 2)
# expect: m [0, 1, 2] int64 (3,)
# expect: m [[[0, 0], [1, 1], [2, 2]], [[0, 1], [0, 1], [0, 1]]] int64 (2, 3, 2)
# expect: m [0.0, 0.5, 1.0] float64 (3,)
# expect: m [[[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]], [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]] float64 (2, 3, 2)
# expect: m [[[0.0, 0.0], [1.0, 1.0]], [[1.0, 1.5], [1.0, 1.5]]] float64 (2, 2, 2)
# expect: o ([[0], [1], [2]] int64 (3, 1), [[0, 1]] int64 (1, 2))
# expect: o ([[0.0], [1.0]] float64 (2, 1), [[0.0, 1.0]] float64 (1, 2))
# expect: o [0, 1, 2] int64 (3,)
# expect: r [1, 2, 3] int64 (3,)
# expect: r [1, 2, 3, 0, 7] int64 (5,)
# expect: r [0, 1, 2, 0, 5, 6] int64 (6,)
# expect: r [0.0, 0.5, 1.0, 2.0] float64 (4,)
# expect: r [1, 2, 3] int8 (3,)
# expect: r [1.0, 2.0, 3.0, 0.5] float32 (4,)
# expect: r [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0]] float64 (2, 3)
# expect: r [[1, 2], [3, 4]] int64 (2, 2)
# expect: r [[1], [2], [3], [4]] int64 (4, 1)
# expect: r [[1, 3], [2, 4]] int64 (2, 2)
# expect: r [[[1], [2]], [[3], [4]]] int64 (2, 2, 1)
# expect: r ValueError: unknown special directive
# expect: r ValueError: special directives must be the first entry.
# expect: c [[1, 3], [2, 4]] int64 (2, 2)
# expect: c [[0], [1], [2]] int64 (3, 1)
# expect: c [[1.0, 1.0, 5.0], [1.0, 1.0, 6.0]] float64 (2, 3)
# expect: c [[1, 2]] int64 (1, 2)
# expect: c [[1, 2], [2, 3], [3, 4]] int64 (3, 2)
# expect: c [[1, 2, 3, 0, 0, 4, 5, 6]] int64 (1, 8)
# expect: rav [4, 11] int64 (2,)
# expect: rav [1, 11] int64 (2,)
# expect: rav 6 int64
# expect: rav ValueError: invalid entry in coordinates array
# expect: rav [4, 9] int64 (2,)
# expect: rav [4, 9] int64 (2,)
# expect: rav ValueError: parameter multi_index must be a sequence of length 2
# expect: un ([0, 1] int64 (2,), [1, 3] int64 (2,))
# expect: un (1 int64, 3 int64)
# expect: un ValueError: index 12 is out of bounds for array with size 12
# expect: un ([[1, 2]] int64 (1, 2), [[0, 1]] int64 (1, 2))
# expect: un (3 int64)
# expect: un ValueError: index -1 is out of bounds for array with size 4
# expect: fd [[4, 0, 0], [0, 4, 0], [0, 0, 4]] int64 (3, 3)
# expect: fd [[1, 0, 0], [0, 2, 0], [0, 0, 1]] int64 (3, 3)
# expect: fd [[4, 0], [0, 4], [0, 0], [0, 0], [0, 0]] int64 (5, 2)
# expect: fd [[1, 0], [0, 2], [0, 0], [1, 0], [0, 2]] int64 (5, 2)
# expect: fd [[4, 0, 0, 0], [0, 4, 0, 0]] int64 (2, 4)
# expect: fd [[1, 0, 0, 0], [0, 2, 0, 0]] int64 (2, 4)
# expect: fd [[[4, 0], [0, 0]], [[0, 0], [0, 4]]] int64 (2, 2, 2)
# expect: fd [[[1, 0], [0, 0]], [[0, 0], [0, 2]]] int64 (2, 2, 2)
# expect: fd ValueError: array must be at least 2-d
# expect: fd ValueError: array must be at least 2-d
# expect: fd ValueError: All dimensions of input must be of equal length
# expect: fd ValueError: All dimensions of input must be of equal length
# expect: di ([0, 1, 2] int64 (3,), [0, 1, 2] int64 (3,))
# expect: di ([0, 1] int64 (2,), [0, 1] int64 (2,), [0, 1] int64 (2,))
# expect: di ([0, 1, 2] int64 (3,), [0, 1, 2] int64 (3,))
# expect: di ValueError: All dimensions of input must be of equal length
# expect: di ValueError: input array must be at least 2-d
