# Functions of the numpy package that need no speed of their own: run in the module's namespace when it is imported.
# The names of builtins that the package replaces (sum, min, max, all, any, round, abs, bool ...) are kept here first.
_range, _len, _tuple, _list, _int, _isinstance, _getattr = range, len, tuple, list, int, isinstance, getattr


def _method(name, doc):
    def function(a, *args, **kwargs):
        return _getattr(asanyarray(a), name)(*args, **kwargs)
    function.__name__ = name
    function.__doc__ = doc
    return function


for _name, _doc in [
        ('sum', 'Sum over axes.'), ('prod', 'Product over axes.'), ('mean', 'Arithmetic mean over axes.'), ('std', 'Standard deviation over axes.'),
        ('var', 'Variance over axes.'), ('min', 'Smallest element over axes.'), ('max', 'Largest element over axes.'), ('ptp', 'Largest minus smallest element.'),
        ('any', 'Whether any element is true.'), ('all', 'Whether all elements are true.'), ('cumsum', 'Running sums.'), ('cumprod', 'Running products.'),
        ('argmax', 'Position of the largest element.'), ('argmin', 'Position of the smallest element.'), ('argsort', 'The order that would sort.'),
        ('searchsorted', 'Where elements would be inserted to keep the order.'), ('take', 'Elements along an axis.'), ('nonzero', 'Positions of true elements.'),
        ('clip', 'Elements limited to a range.'), ('round', 'Elements rounded.'), ('ravel', 'The elements as a 1-d array.'), ('reshape', 'The same elements under another shape.'),
        ('swapaxes', 'Two axes exchanged.'), ('squeeze', 'Without axes of length 1.'), ('diagonal', 'Diagonal of two axes.'), ('trace', 'Sum along a diagonal.')]:
    globals()[_name] = _method(_name, _doc)
amin, amax, around, round_, product, cumproduct, alltrue, sometrue = min, max, round, round, prod, cumprod, all, any


class _flagsobj(object):
    """Facts about the memory layout of an array."""

    def __init__(self, facts, array):
        self._facts = facts
        self._array = array

    def __getitem__(self, key):
        short = {'C': 'C_CONTIGUOUS', 'F': 'F_CONTIGUOUS', 'O': 'OWNDATA', 'W': 'WRITEABLE', 'A': 'ALIGNED'}
        if short.get(key, key) in self._facts:
            return self._facts[short.get(key, key)]
        raise KeyError('Unknown flag')

    def __setitem__(self, key, value):
        if key not in ('WRITEABLE', 'W'):
            raise ValueError('this flag can not be set')
        self._array.setflags(write=value)
        self._facts['WRITEABLE'] = True if value else False

    c_contiguous = property(lambda self: self._facts['C_CONTIGUOUS'])
    f_contiguous = property(lambda self: self._facts['F_CONTIGUOUS'])
    contiguous = c_contiguous
    owndata = property(lambda self: self._facts['OWNDATA'])
    writeable = property(lambda self: self._facts['WRITEABLE'], lambda self, value: self.__setitem__('WRITEABLE', value))
    aligned = property(lambda self: self._facts['ALIGNED'])

    def __repr__(self):
        names = ['C_CONTIGUOUS', 'F_CONTIGUOUS', 'OWNDATA', 'WRITEABLE', 'ALIGNED', 'WRITEBACKIFCOPY', 'UPDATEIFCOPY']
        return '\n'.join('  %s : %s' % (n, self._facts[n]) for n in names)


class errstate(object):
    """Context in which floating point errors are handled in another way."""

    def __init__(self, **kwargs):
        self._new = kwargs

    def __enter__(self):
        self._old = seterr(**self._new)

    def __exit__(self, *exc):
        seterr(**self._old)


def transpose(a, axes=None):
    return asanyarray(a).transpose(axes)


def copy(a, order='K'):
    return array(a, order=order, copy=True)


def sort(a, axis=-1, kind='quicksort', order=None):
    if axis is None:
        a, axis = asanyarray(a).flatten(), -1
    else:
        a = asanyarray(a).copy(order='K')
    a.sort(axis=axis, kind=kind, order=order)
    return a


def ndim(a):
    return asanyarray(a).ndim


def shape(a):
    return asanyarray(a).shape


def size(a, axis=None):
    a = asanyarray(a)
    return a.size if axis is None else a.shape[axis]


def real(val):
    return asanyarray(val).real


def imag(val):
    return asanyarray(val).imag


def issubdtype(arg1, arg2):
    kinds = {bool: bool_, int: integer, float: floating, complex: complexfloating}
    first = arg1 if _isinstance(arg1, type) and issubclass(arg1, generic) else dtype(arg1).type
    if _isinstance(arg2, type) and issubclass(arg2, generic):
        return issubclass(first, arg2)
    return issubclass(first, kinds.get(arg2) or dtype(arg2).type)


def iscomplexobj(x):
    return asanyarray(x).dtype.kind == 'c'


def isrealobj(x):
    return not iscomplexobj(x)


def atleast_1d(*arys):
    res = [asanyarray(a) for a in arys]
    res = [a.reshape(1) if a.ndim == 0 else a for a in res]
    return res[0] if _len(res) == 1 else res


def atleast_2d(*arys):
    res = [asanyarray(a) for a in arys]
    res = [a.reshape(1, 1) if a.ndim == 0 else a[newaxis, :] if a.ndim == 1 else a for a in res]
    return res[0] if _len(res) == 1 else res


def expand_dims(a, axis):
    a = asanyarray(a)
    if not -a.ndim - 1 <= axis <= a.ndim:
        raise AxisError('axis %d is out of bounds for array of dimension %d' % (axis, a.ndim + 1))
    if axis < 0:
        axis += a.ndim + 1
    return a.reshape(a.shape[:axis] + (1,) + a.shape[axis:])


def stack(arrays, axis=0, out=None):
    arrays = [asanyarray(a) for a in arrays]
    if not arrays:
        raise ValueError('need at least one array to stack')
    for a in arrays:
        if a.shape != arrays[0].shape:
            raise ValueError('all input arrays must have the same shape')
    return concatenate([expand_dims(a, axis) for a in arrays], axis if axis >= 0 else axis + arrays[0].ndim + 1, out)


def vstack(tup):
    return concatenate([atleast_2d(a) for a in tup], 0)


def hstack(tup):
    arrs = [atleast_1d(a) for a in tup]
    return concatenate(arrs, 0 if arrs and arrs[0].ndim == 1 else 1)


def column_stack(tup):
    arrays = [asanyarray(a) for a in tup]
    return concatenate([a if a.ndim > 1 else a.reshape(-1, 1) for a in arrays], 1)


row_stack = vstack


def fromfunction(function, shape, **kwargs):
    dtype = kwargs.pop('dtype', float)
    return function(*indices(shape, dtype=dtype), **kwargs)


def indices(dimensions, dtype=int):
    dimensions = _tuple(dimensions)
    n = _len(dimensions)
    res = empty((n,) + dimensions, dtype=dtype)
    for i in _range(n):
        res[i] = arange(dimensions[i], dtype=dtype).reshape((1,) * i + (dimensions[i],) + (1,) * (n - i - 1))
    return res


def fromiter(iterable, dtype, count=-1):
    items = []
    for x in iterable:
        if _len(items) == count:
            break
        items.append(x)
    if _len(items) < count:
        raise ValueError('iterator too short')
    return array(items, dtype=dtype)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None):
    y = power(base, linspace(start, stop, num=num, endpoint=endpoint))
    return y if dtype is None else y.astype(dtype)


def meshgrid(*xi, **kwargs):
    indexing = kwargs.pop('indexing', 'xy')
    if indexing not in ('xy', 'ij'):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = _len(xi)
    out = [asanyarray(x).reshape((1,) * i + (-1,) + (1,) * (n - i - 1)) for i, x in enumerate(xi)]
    if indexing == 'xy' and n > 1:
        out[0] = out[0].reshape((1, -1) + (1,) * (n - 2))
        out[1] = out[1].reshape((-1, 1) + (1,) * (n - 2))
    return broadcast_arrays(*out, copy=True)


def broadcast_arrays(*args, **kwargs):
    arrays = [asanyarray(a) for a in args]
    full = arrays[0]
    for a in arrays[1:]:
        full = equal(full, a)
    shape = full.shape
    out = [broadcast_to(a, shape) for a in arrays]
    return [a.copy() for a in out] if kwargs.get('copy') else out


def outer(a, b, out=None):
    return multiply(asanyarray(a).ravel()[:, newaxis], asanyarray(b).ravel()[newaxis, :], out)


def inner(a, b):
    a, b = asanyarray(a), asanyarray(b)
    if a.ndim == 0 or b.ndim == 0:
        return a * b
    return dot(a, b if b.ndim == 1 else swapaxes(b, -1, -2))


def vdot(a, b):
    return dot(conjugate(asanyarray(a).ravel()), asanyarray(b).ravel())


def diag(v, k=0):
    v = asanyarray(v)
    if v.ndim == 1:
        n = v.shape[0] + (k if k >= 0 else -k)
        res = zeros((n, n), v.dtype)
        i = k if k >= 0 else -k * n
        res.ravel()[i:(n - k) * n if k >= 0 else n * n:n + 1] = v
        return res
    if v.ndim == 2:
        return v.diagonal(k).copy()
    raise ValueError('Input must be 1- or 2-d.')


def tri(N, M=None, k=0, dtype=float):
    M = N if M is None else M
    return greater_equal(arange(N)[:, newaxis], arange(-k, M - k)).astype(dtype)


def tril(m, k=0):
    m = asanyarray(m)
    return where(tri(m.shape[-2], m.shape[-1], k=k, dtype=bool), m, zeros(1, m.dtype))


def triu(m, k=0):
    m = asanyarray(m)
    return where(tri(m.shape[-2], m.shape[-1], k=k - 1, dtype=bool), zeros(1, m.dtype), m)


def flip(m, axis=None):
    m = asanyarray(m)
    axes = _range(m.ndim) if axis is None else [axis]
    index = [slice(None)] * m.ndim
    for a in axes:
        if not -m.ndim <= a < m.ndim:
            raise AxisError('axis %d is out of bounds for array of dimension %d' % (a, m.ndim))
        index[a] = slice(None, None, -1)
    return m[_tuple(index)]


def fliplr(m):
    m = asanyarray(m)
    if m.ndim < 2:
        raise ValueError('Input must be >= 2-d.')
    return m[:, ::-1]


def flipud(m):
    m = asanyarray(m)
    if m.ndim < 1:
        raise ValueError('Input must be >= 1-d.')
    return m[::-1, ...]


def repeat(a, repeats, axis=None):
    a = asanyarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    n = a.shape[axis]
    repeats = asanyarray(repeats)
    if repeats.size not in (1, n):
        raise ValueError('operands could not be broadcast together with shape (%d,) (%d,)' % (n, repeats.size))
    counts = [_int(c) for c in broadcast_to(repeats.ravel(), (n,))]
    if [c for c in counts if c < 0]:
        raise ValueError('count < 0')
    index = [i for i in _range(n) for _ in _range(counts[i])]
    return a.take(array(index, dtype=int), axis=axis)


def tile(A, reps):
    reps = _tuple(reps) if _isinstance(reps, (_tuple, _list, ndarray)) else (reps,)
    A = array(A, ndmin=_len(reps))
    reps = (1,) * (A.ndim - _len(reps)) + reps
    for axis in _range(A.ndim):
        if reps[axis] != 1:
            A = concatenate([A] * reps[axis], axis) if reps[axis] > 0 else A[(slice(None),) * axis + (slice(0, 0),)]
    return A if A.base is None else A.copy()


def roll(a, shift, axis=None):
    a = asanyarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    n = a.shape[axis]
    return a.copy() if n == 0 else a.take((arange(n) - shift) % n, axis=axis)


def diff(a, n=1, axis=-1):
    a = asanyarray(a)
    for _ in _range(n):
        left, right = [slice(None)] * a.ndim, [slice(None)] * a.ndim
        left[axis], right[axis] = slice(1, None), slice(None, -1)
        a = (not_equal if a.dtype == bool_ else subtract)(a[_tuple(left)], a[_tuple(right)])
    return a


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    x, y = asanyarray(a), asanyarray(b)
    with errstate(invalid='ignore'):
        finite = isfinite(x) & isfinite(y)
        close = where(finite, less_equal(absolute(x - y), atol + rtol * absolute(y)), equal(x, y))
        if equal_nan:
            close = close | (isnan(x) & isnan(y))
    return close if close.ndim else bool_(close)


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return bool(isclose(a, b, rtol, atol, equal_nan).all())


def array_equal(a1, a2):
    a1, a2 = asanyarray(a1), asanyarray(a2)
    return a1.shape == a2.shape and bool((a1 == a2).all())


def array_equiv(a1, a2):
    try:
        return bool(asanyarray(equal(a1, a2)).all())
    except ValueError:
        return False


def count_nonzero(a, axis=None):
    return (asanyarray(a) != 0).sum(axis=axis, dtype=int)


def flatnonzero(a):
    return asanyarray(a).ravel().nonzero()[0]


def argwhere(a):
    return transpose(stack(asanyarray(a).nonzero()))


def average(a, axis=None, weights=None):
    a = asanyarray(a)
    if weights is None:
        return a.mean(axis)
    w = asanyarray(weights)
    if w.shape != a.shape:
        if axis is None:
            raise TypeError('Axis must be specified when shapes of a and weights differ.')
        w = w.reshape([a.shape[axis] if i == axis % a.ndim else 1 for i in _range(a.ndim)])
        w = broadcast_to(w, a.shape)
    total = w.sum(axis=axis)
    if (asanyarray(total) == 0).any():
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return (a * w).sum(axis) / total


def median(a, axis=None):
    a = asanyarray(a)
    a = sort(a, axis)
    axis = 0 if axis is None else axis
    n = a.shape[axis]
    if n == 0:
        return a.mean(axis)
    middle = a.take([n // 2] if n % 2 else [n // 2 - 1, n // 2], axis=axis).mean(axis)
    if a.dtype.kind in 'fc':
        middle = where(isnan(a).any(axis), nan, middle)
        return middle if middle.ndim else middle[()]
    return middle


def unique(ar, return_index=False, return_inverse=False, return_counts=False):
    ar = asanyarray(ar).ravel()
    order = ar.argsort(kind='mergesort')
    aux = ar[order]
    first = ones(aux.shape, dtype=bool)
    first[1:] = aux[1:] != aux[:-1]
    out = [aux[first]]
    if return_index:
        out.append(order[first])
    if return_inverse:
        inverse = empty(aux.shape, dtype=int)
        inverse[order] = cumsum(first) - 1
        out.append(inverse)
    if return_counts:
        out.append(diff(concatenate([flatnonzero(first), [aux.size]])))
    return out[0] if _len(out) == 1 else _tuple(out)


def interp(x, xp, fp):
    x, xp, fp = asanyarray(x), asanyarray(xp) * 1.0, asanyarray(fp) * 1.0
    if xp.ndim != 1 or xp.shape != fp.shape:
        raise ValueError('fp and xp are not of the same length.')
    if xp.size == 0:
        raise ValueError('array of sample points is empty')
    if xp.size == 1:
        return x * 0.0 + fp[0]
    j = clip(searchsorted(xp, x, side='right') - 1, 0, xp.size - 2)
    slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])
    y = slope * (x - xp[j]) + fp[j]
    y = where(x <= xp[0], fp[0], where(x >= xp[-1], fp[-1], y))
    return y if y.ndim else y[()]


def cross(a, b):
    a, b = asanyarray(a), asanyarray(b)
    if a.shape[-1:] != (3,) or b.shape[-1:] != (3,):
        raise NotImplementedError('cross products of vectors of two elements')
    x, y, z = a[..., 0], a[..., 1], a[..., 2]
    u, v, w = b[..., 0], b[..., 1], b[..., 2]
    return stack([y * w - z * v, z * u - x * w, x * v - y * u], -1)


def kron(a, b):
    a, b = asanyarray(a), asanyarray(b)
    n = a.ndim if a.ndim > b.ndim else b.ndim
    a, b = array(a, ndmin=n), array(b, ndmin=n)
    left = a.reshape([k for s in a.shape for k in (s, 1)])
    right = b.reshape([k for s in b.shape for k in (1, s)])
    return (left * right).reshape([s * t for s, t in zip(a.shape, b.shape)])


def vectorize(pyfunc):
    def function(*args):
        arrays = broadcast_arrays(*args)
        flat = [a.ravel() for a in arrays]
        return array([pyfunc(*[f[i] for f in flat]) for i in _range(flat[0].size)]).reshape(arrays[0].shape)
    return function


c_ = r_ = None
del c_, r_, _name, _doc
