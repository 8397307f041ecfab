"""Writes tests/fixtures/*.txt: operations and what NumPy 1.16 gives for them (run with Python 2.7 and numpy 1.16.6).

A line is: operation, arguments, "=>", result, separated by tabs. An array is "code|shape|view|values"; values are
numbers, or "@seed,scale" for a generated sequence; view is "T", "R" (every axis reversed), or slices "::2,1:".
A result is an array without view, "!Kind: message" for an error, or "'text" with \\n for newlines.
"""
from __future__ import division, print_function
import itertools, os, sys, warnings
import numpy as np

warnings.simplefilter('ignore')
np.seterr(all='ignore')
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fixtures')
M = (1 << 64) - 1


def generated(n, seed, scale):
    out, x = [], seed
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & M
        out.append(((x >> 11) / 9007199254740992.0 * 2 - 1) * scale)
    return out


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return '1' if x else '0'
    if isinstance(x, (complex, np.complexfloating)):
        return repr(float(x.real)) + ',' + repr(float(x.imag))
    if isinstance(x, (float, np.floating)):
        return repr(float(x))
    return str(int(x))


def shape_text(s):
    return ','.join(str(n) for n in s)


def view(a, v):
    if v == 'T':
        return a.T
    if v == 'R':
        return a[tuple(slice(None, None, -1) for _ in a.shape)]
    if v:
        return a[tuple(slice(*[int(p) if p else None for p in s.split(':')]) for s in v.split(','))]
    return a


class A(object):
    def __init__(self, code, shape, values, v=''):
        n = int(np.prod(shape)) if shape else 1
        if isinstance(values, str):
            seed, scale = values[1:].split(',')
            data = generated(2 * n if code == 'D' else n, int(seed), float(scale))
            if code == 'D':
                data = [complex(data[2 * i], data[2 * i + 1]) for i in range(n)]
            elif code == 'l':
                data = [int(x) for x in data]
            elif code == '?':
                data = [x > 0 for x in data]
            text = values
        else:
            data = list(itertools.islice(itertools.cycle(values), n))
            text = ' '.join(number(np.array(x, code)[()]) for x in data)
        a = np.array(data, dtype=code).reshape(shape)
        self.a = view(a, v)
        self.text = '|'.join([code, shape_text(shape), v, text])


def result(r):
    if isinstance(r, str):
        return "'" + r.replace('\\', '\\\\').replace('\n', '\\n')
    r = np.asarray(r)
    if r.dtype == np.intp:
        r = r.astype('l')
    return '|'.join([r.dtype.char, shape_text(r.shape), ' '.join(number(x) for x in r.ravel())])


out = None


def case(op, args, f):
    try:
        r = result(f())
        if r[0] in 'eb':
            return  # float16 and int8 have no loops yet
    except Exception as e:
        text = str(e)
        r = '!%s: %s' % (type(e).__name__, text.replace('\n', '\\n'))
    print('\t'.join([op] + [a.text if isinstance(a, A) else str(a) for a in args] + ['=>', r]), file=out)


inf, nan = float('inf'), float('nan')
F = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.7, 1e300, -1e-300, inf, -inf, nan, 5e-324, 100.25, 2.0]
I = [0, 1, -1, 7, -7, 63, 64, 2, -3, 9223372036854775807, -9223372036854775808, 100]
Z = [0j, 1 + 2j, -1.5 + 0.25j, 3 - 4j, complex(nan, 1), complex(inf, 0), 1e200 + 1e200j, -2 + 0j, 0.5j, -3j, 2 + 0j]
B = [True, False, False, True, True]
BASE = {'?': B, 'l': I, 'd': F, 'D': Z}

UFUNCS = '''add subtract multiply divide true_divide floor_divide remainder fmod power negative positive absolute fabs sign square
reciprocal sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh
arccosh arctanh hypot logaddexp deg2rad rad2deg floor ceil trunc rint maximum minimum fmax fmin equal not_equal less
less_equal greater greater_equal logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor invert
left_shift right_shift isnan isinf isfinite signbit copysign nextafter conjugate'''.split()


def ufuncs():
    for name in UFUNCS:
        f = getattr(np, name)
        for a in '?ldD':
            if f.nin == 1:
                # The sign of a NaN is lost in text.
                values = BASE[a] if name != 'signbit' else BASE[a][:10]
                x = A(a, (len(values),), values)
                case('ufunc', [name, x], lambda: f(x.a))
                continue
            for b in '?ldD':
                if a != b and (a, b) not in [('?', 'l'), ('l', 'd'), ('d', 'l'), ('d', 'D'), ('?', 'd')]:
                    continue
                p, q = BASE[a], BASE[b]
                if name == 'power' and a in '?l' and b in '?l':
                    q = [abs(v) % 70 for v in q]
                if name.endswith('_shift') and b in '?l':
                    q = [v for v in q if 0 <= v < 64]  # beyond that 1.16 does what the processor does
                if name == 'copysign':
                    q = [v for v in q if v == v]
                if name in ('floor_divide', 'divide', 'remainder', 'fmod') and 'l' in (a, b):
                    p = [v for v in p if v != -9223372036854775808]  # numpy 1.16 crashes on its quotient by -1
                if name in ('floor_divide', 'divide') and 'D' in (a, b):
                    q = [v for v in q if v == v]
                x = A(a, (len(p), 1), p)
                y = A(b, (len(q),), q)
                case('ufunc', [name, x, y], lambda: f(x.a, y.a))
    x, y = A('l', (3,), [2, 3, 4]), A('l', (3,), [1, -1, 2])
    case('ufunc', ['power', x, y], lambda: np.power(x.a, y.a))
    for name in ['add', 'multiply', 'less', 'maximum', 'arctan2', 'sqrt', 'exp', 'absolute']:
        f = getattr(np, name)
        for shape, v in [((4, 6), 'T'), ((5, 7), '::2,::-1'), ((3, 4, 5), '::-1,1:,::2'), ((3, 4, 5), 'T'), ((0, 3), ''), ((), ''), ((1, 40), 'R')]:
            x = A('d', shape, '@3,4', v)
            if f.nin == 1:
                case('ufunc', [name, x], lambda: f(x.a))
            else:
                for y in [x, A('d', (), [1.5]), A('l', shape, '@5,9', v), A('d', shape[-1:], '@9,3')]:
                    case('ufunc', [name, x, y], lambda: f(x.a, y.a))


def reductions():
    shapes = [((7,), ''), ((8,), ''), ((129,), ''), ((1000,), ''), ((1000,), '::3'), ((1000,), 'R'), ((3, 50), ''), ((3, 50), 'T'), ((20, 33), '::2,::-1'),
              ((4, 5, 6), ''), ((4, 5, 6), 'T'), ((4, 50, 60), '::2,:,::3'), ((10, 4000), ':,::2'), ((3, 20000), ':,::2'), ((30, 20, 40), ':,::-1,::2'), ((20000,), ''), ((2, 10000), ''), ((300, 40), ''), ((0, 3), ''), ((1,), '')]
    for name in ['add', 'multiply', 'maximum', 'minimum', 'logical_and', 'logical_or', 'fmax', 'bitwise_and', 'bitwise_or', 'bitwise_xor', 'subtract', 'hypot']:
        f = getattr(np, name)
        for shape, v in shapes:
            for code, scale in [('d', 1), ('D', 1), ('l', 9), ('?', 1)]:
                if name not in ('add', 'maximum') and shape[0] > 200:
                    continue
                x = A(code, shape, '@%d,%d' % (len(shape), scale), v)
                axes = [None] + list(range(len(shape))) + [(0, 2)] * (len(shape) == 3)
                for axis in axes:
                    if np.prod(shape) > 2000 and axis is not None and np.add.reduce(x.a, axis=axis).size > 100:
                        continue
                    text = 'all' if axis is None else shape_text(axis if isinstance(axis, tuple) else (axis,))
                    case('reduce', [name, text, '0', x], lambda: f.reduce(x.a, axis=axis))
        x = A('d', (2, 3), '@1,1')
        case('reduce', [name, '1', '1', x], lambda: f.reduce(x.a, axis=1, keepdims=True))
        case('reduce', [name, '2', '0', x], lambda: f.reduce(x.a, axis=2))
    for name in ['add', 'multiply', 'maximum', 'logical_or']:
        f = getattr(np, name)
        for shape, v in [((30,), ''), ((4, 9), ''), ((4, 9), 'T'), ((4, 9), 'R'), ((9000,), '::100'), ((3, 0), ''), ((0, 3), '')]:
            for code, scale in [('d', 1), ('D', 1), ('l', 9), ('?', 1)]:
                x = A(code, shape, '@7,%d' % scale, v)
                for axis in range(len(shape)):
                    case('accumulate', [name, axis, x], lambda: f.accumulate(x.a, axis=axis))
    for name in ['argmax', 'argmin']:
        f = getattr(np, name)
        for code in '?ldD':
            for x in [A(code, (len(BASE[code]),), BASE[code]), A(code, (5, 8), '@2,9', '::2,::-1'), A(code, (5, 0), '@2,9')]:
                for axis in range(x.a.ndim):
                    case(name, [axis, x], lambda: f(x.a, axis=axis))


def casts():
    values = {'?': B, 'l': I, 'd': F + [1e19, -1e19, 2.9, -2.9], 'D': Z}
    for a in '?ldD':
        for b in '?ldD':
            for v in ['', 'R', '::2']:
                x = A(a, (len(values[a]),), values[a], v)
                case('cast', [b, x], lambda: x.a.astype(b))


def printing():
    arrays = [
        A('d', (3,), [1, 2, 3]), A('d', (3,), [1.5, 2.25, 3]), A('d', (4,), [1e10, 1, 2, 3]), A('d', (3,), [1e-5, 1, 2]), A('d', (2,), [1e-5, 1e-4]),
        A('d', (3,), [nan, inf, -inf]), A('d', (3,), [nan, 1, 2]), A('d', (3,), [-inf, 1.25, 2]), A('d', (3,), [inf, 1e20, 2]), A('d', (2,), [1e300, 1e-300]),
        A('d', (2,), [1 / 3., 2 / 3.]), A('d', (3,), [0.1, 0.12345678901, 100]), A('d', (2,), [123456789.0, 1.0]), A('d', (2,), [12345678.0, 1.0]),
        A('d', (0,), '@1,1'), A('d', (0, 3), '@1,1'), A('l', (0,), '@1,1'), A('?', (2, 0), '@1,1'), A('d', (), [1.5]), A('l', (), [3]), A('?', (), [1]), A('D', (), [1 + 2j]),
        A('d', (2, 3), '@1,10'), A('d', (2, 3, 4), '@1,10'), A('d', (30,), '@1,10'), A('d', (2000,), '@1,1'), A('d', (2000,), '@1,10000'), A('l', (2000,), '@1,100'),
        A('d', (40, 40), '@1,1'), A('l', (10, 10, 11), '@1,100000'), A('l', (2, 2), [1, -20, 3, 4]), A('l', (60,), '@4,1000'), A('?', (2, 3), B), A('?', (40,), B),
        A('D', (3,), [1 + 2j, -1.5 + 0.25j, 3 - 4j]), A('D', (2,), [complex(nan, inf), 1 - 2j]), A('D', (20,), '@1,1'), A('D', (2, 2), [1e10 + 1j, 1, 2, 3]),
        A('D', (2,), [complex(nan, nan), complex(-inf, -inf)]), A('D', (2,), [complex(0., -0.0), 1e-7j]),
        A('d', (3,), [0.0, -0.0, 1]), A('d', (3,), [1e15, 1e16, 1e17]), A('d', (3,), [1.0, 1e3, 1e3 + 1]), A('d', (3,), [0.00012, 0.1, 0.11]), A('d', (2,), [5e-324, 0]),
        A('d', (3, 3), [1e-3, 100, 0.5]), A('d', (4, 6), '@1,100', 'T'), A('d', (6,), '@1,100', 'R'), A('d', (1, 1, 1, 3), [1, 2, 3]), A('d', (500, 3), '@1,1'), A('d', (3, 500), '@1,1'),
        A('d', (2,), [0.30000000000000004, 2.675]), A('d', (2,), [1.123456785, 0.000000005]), A('d', (1,), [0.123456785]), A('d', (2,), [99999999.0, 0.5]), A('d', (2,), [99999999.9, 1e5]),
        A('l', (2,), [9223372036854775807, -9223372036854775808]), A('d', (1001,), [0.5]), A('d', (2, 501), [1.25, 0.5])]
    for x in arrays:
        case('repr', [x], lambda: repr(x.a))
        case('str', [x], lambda: str(x.a))
    for x in arrays[:14] + arrays[22:26]:
        for precision, suppress, mode, sign in [(3, 0, 'maxprec', '-'), (8, 1, 'maxprec', '-'), (4, 0, 'fixed', '-'), (2, 0, 'maxprec_equal', '-'), (8, 0, 'unique', '-'), (3, 1, 'fixed', '+'), (8, 0, 'maxprec', '+'), (8, 0, 'maxprec', ' ')]:
            case('array2string', [precision, suppress, mode, sign, x],
                 lambda: np.array2string(x.a, precision=precision, suppress_small=bool(suppress), floatmode=mode, sign=sign))
    for v in F + [1e16, 1e15, 123456789012345680.0, 0.0001, 0.00001, 1 / 3., 1e22, 1.5e-7, 12345.678]:
        x = A('d', (), [v])
        case('scalar', [x], lambda: str(x.a[()]))
    for v in Z + [1 / 3. + 1e20j, complex(0, inf), complex(-0.0, 1), complex(1, nan), complex(1, -0.0), 1e-5 + 1j]:
        x = A('D', (), [v])
        case('scalar', [x], lambda: str(x.a[()]))


def shapes():
    for shape, v in [((6,), ''), ((2, 3), ''), ((2, 3), 'T'), ((4, 3), '::2'), ((2, 3, 4), 'T'), ((2, 1, 6), ':,:,::2'), ((0, 3), ''), ((12,), '::2'), ((1,), ''), ((), '')]:
        x = A('l', shape, '@1,100', v)
        for new in [(6,), (3, 2), (2, 3), (-1,), (-1, 2), (2, -1, 1), (4, -1), (4,), (-1, -1), (1, 6, 1), (), (0,), (0, -1), (2, 2, 3), (12, 1), (24,), (5, -1, 2)]:
            case('reshape', [shape_text(new), x], lambda: x.a.reshape(new))
    x = A('l', (3, 4, 5), '@1,100')
    for axes in [(0, 1, 2), (2, 1, 0), (1, 2, 0), (-1, 0, 1), (0, 0, 1), (0, 1), (0, 1, 3)]:
        case('transpose', [shape_text(axes), x], lambda: x.a.transpose(axes))
    for shape in [(3, 1, 2, 1), (1, 1), (3,)]:
        y = A('l', shape, '@1,100')
        for axes in ['all', '1', '0', '0,1', '5', '1,1', '-1']:
            case('squeeze', [axes, y], lambda: y.a.squeeze() if axes == 'all' else y.a.squeeze(tuple(int(a) for a in axes.split(','))))
    for index in ['1', '-1,2', '5', '0,-5', '...,1', '1,...', '...', ':,1:3', '::2,::-1', '::-2', '10:', ':-10', '-2:10', 'n,1', '1,n,2', '...,n', ':,n,:,n,:', '1,2,3', '1,2,3,4', '...,...', '1:1', '::-1,::-2,::-3',
                  '2:0:-1', ':0:-1', '5:0:-2', '3,1', '0,4', '0,0,5', '::0']:
        def make(t):
            if t == 'n':
                return None
            if t == '...':
                return Ellipsis
            if ':' in t:
                return slice(*[int(p) if p else None for p in t.split(':')])
            return int(t)
        key = tuple(make(t) for t in index.split(','))
        case('index', [index, x], lambda: x.a[key])
    for a, b in [((2, 3), (4,)), ((2, 3), (3,)), ((2, 1), (1, 5)), ((0,), (1,)), ((0,), (2,)), ((), (3,)), ((3, 1, 2), (4, 1)), ((2, 3), (3, 2))]:
        p, q = A('l', a, '@1,50'), A('l', b, '@2,50')
        case('ufunc', ['add', p, q], lambda: p.a + q.a)
    x = A('d', (4, 5, 6), '@1,100')
    for key in [([0, 2],), ([[0, 1], [2, 3]],), ([0, 1], [1, 2]), ([0, 1], ':', [1, 2]), (':', [1, -1]), (':', [0, 1], [1, 2]), (1, ':', [0, 2]), ([[0], [1]], [0, 1, 2]), ([5],), ([0, 1], [0, 1, 2]), ([-4], '...', [5]), ('n', [1, 2]), ('1:3', [1, 1], '::2')]:
        def conv(k):
            if isinstance(k, str):
                return None if k == 'n' else Ellipsis if k == '...' else slice(*[int(p) if p else None for p in k.split(':')])
            return k
        text = ';'.join(k if isinstance(k, str) else str(k) if isinstance(k, int) else A('l', np.shape(k), [int(n) for n in np.ravel(k)]).text for k in key)
        case('fancy', [text, x], lambda: x.a[tuple(conv(k) for k in key)])


def products():
    for code in '?ldD':
        for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 3), (2, 3)), ((4, 2, 3), (3, 2)), ((4, 2, 3), (5, 3, 2)), ((2, 3), (5, 3, 2)), ((3,), (5, 3, 2)), ((2, 0), (0, 3)), ((0, 2), (2, 3)),
                     ((20, 30), (30, 10)), ((1, 4, 2, 3), (4, 3, 2)), ((3,), (4,))]:
            x, y = A(code, a, '@1,9'), A(code, b, '@2,9')
            case('dot', [x, y], lambda: np.dot(x.a, y.a))
            case('matmul', [x, y], lambda: np.matmul(x.a, y.a))
        x, y = A(code, (9, 14), '@1,9', 'T'), A(code, (18, 22), '@2,9', '::2,::-1')
        case('dot', [x, y], lambda: np.dot(x.a, y.a))


def sorting():
    for code in '?ldD':
        for x in [A(code, (len(BASE[code]),), BASE[code]), A(code, (5, 8), '@2,9', '::2,::-1'), A(code, (40,), '@2,9'), A(code, (0,), '@1,1')]:
            for axis in range(x.a.ndim):
                case('sort', [axis, x], lambda: np.sort(x.a, axis=axis))
                case('argsort', [axis, x], lambda: np.argsort(x.a, axis=axis, kind='mergesort'))


for f in [ufuncs, reductions, casts, printing, shapes, products, sorting]:
    out = open(os.path.join(here, f.__name__ + '.txt'), 'w')
    f()
    out.close()
