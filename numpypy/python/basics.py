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


def iterable(y):
    """Whether iter() takes the object."""
    try:
        iter(y)
    except TypeError:
        return False
    return True


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


def choose(a, choices, out=None, mode='raise'):
    arrays = broadcast_arrays(a, *choices)
    index, n = arrays[0], _len(choices)
    if mode == 'clip':
        index = clip(index, 0, n - 1)
    elif mode == 'wrap':
        index = index % n
    elif ((index < 0) | (index >= n)).any():
        raise ValueError('invalid entry in choice array')
    res = empty(index.shape, dtype=result_type(*[asanyarray(c).dtype for c in choices]))
    for i in _range(n):
        m = index == i
        res[m] = arrays[i + 1][m]
    if out is not None:
        out[...] = res
        return out
    return res if res.ndim else res[()]


def compress(condition, a, axis=None, out=None):
    a = asanyarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    condition = asanyarray(condition)
    if condition.ndim != 1:
        raise ValueError('condition must be a 1-d array')
    return a.take(flatnonzero(condition), axis=axis, out=out)


def extract(condition, arr):
    return ravel(arr).take(flatnonzero(ravel(condition)))


def put(a, ind, v, mode='raise'):
    if not _isinstance(a, ndarray):
        raise TypeError('argument 1 must be numpy.ndarray, not ' + type(a).__name__)
    n = a.size
    ind, v = asanyarray(ind).ravel(), array(v, dtype=a.dtype).ravel()
    if mode == 'clip':
        ind = clip(ind, 0, n - 1)
    elif mode == 'wrap':
        ind = ind % n
    if v.size == 0:
        return
    flat = a.ravel()
    flat[ind] = v.take(arange(ind.size) % v.size)
    if not shares_memory(flat, a):
        a[...] = flat.reshape(a.shape)


def place(arr, mask, vals):
    put(arr, flatnonzero(mask), asanyarray(vals).ravel()) if asanyarray(mask).any() else None


def copyto(dst, src, casting='same_kind', where=True):
    src = asanyarray(src)
    if not can_cast(src if src.ndim == 0 else src.dtype, dst.dtype, casting):
        raise TypeError("Cannot cast scalar from %r to %r according to the rule '%s'" % (src.dtype, dst.dtype, casting) if src.ndim == 0 else
                        "Cannot cast array data from %r to %r according to the rule '%s'" % (src.dtype, dst.dtype, casting))
    if where is True:
        dst[...] = src
    else:
        m = broadcast_to(asanyarray(where), dst.shape)
        dst[m] = broadcast_to(src, dst.shape)[m]


def putmask(a, mask, values):
    mask = flatnonzero(mask)
    values = asanyarray(values).ravel()
    put(a, mask, values.take(mask % values.size))


def bincount(x, weights=None, minlength=0):
    x = asanyarray(x)
    if x.ndim != 1:
        raise ValueError('object too deep for desired array' if x.ndim else 'object of too small depth for desired array')
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    if not can_cast(x.dtype, int) and x.size:
        raise TypeError("Cannot cast array data from %r to dtype('int64') according to the rule 'safe'" % (x.dtype,))
    x = x.astype(int)
    if x.size and x.min() < 0:
        raise ValueError("'list' argument must have no negative elements")
    n = _int(x.max()) + 1 if x.size else 0
    res = zeros(n if n > minlength else minlength, dtype=int if weights is None else float)
    if weights is not None and asanyarray(weights).shape != x.shape:
        raise ValueError('The weights and list don\'t have the same length.')
    add.at(res, x, 1 if weights is None else asanyarray(weights))
    return res


def digitize(x, bins, right=False):
    bins = asanyarray(bins)
    if bins.size > 1 and (diff(bins) < 0).any():
        if (diff(bins) > 0).any():
            raise ValueError('bins must be monotonically increasing or decreasing')
        return bins.size - searchsorted(bins[::-1], x, side='left' if not right else 'right')
    return searchsorted(bins, x, side='left' if right else 'right')


def histogram(a, bins=10, range=None, weights=None, density=None):
    a = asanyarray(a).ravel()
    if _isinstance(bins, _int) or asanyarray(bins).ndim == 0:
        bins = _int(bins)
        if bins < 1:
            raise ValueError('`bins` must be positive, when an integer')
        low, high = range if range is not None else (a.min(), a.max()) if a.size else (0, 1)
        if low > high:
            raise ValueError('max must be larger than min in range parameter.')
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = linspace(low, high, bins + 1)
    else:
        edges = asanyarray(bins)
        if (edges[:-1] > edges[1:]).any():
            raise ValueError('`bins` must increase monotonically, when an array')
    keep = (a >= edges[0]) & (a <= edges[-1])
    index = searchsorted(edges, a[keep], side='right') - 1
    index[index == edges.size - 1] = edges.size - 2
    n = bincount(index, None if weights is None else asanyarray(weights).ravel()[keep], edges.size - 1)
    if density:
        return n / diff(edges) / float(n.sum()), edges
    return n, edges


def percentile(a, q, axis=None, out=None, overwrite_input=False, interpolation='linear', keepdims=False):
    q = true_divide(q, 100)
    if (q < 0).any() or (q > 1).any():
        raise ValueError('Percentiles must be in the range [0, 100]')
    return quantile(a, q, axis, out, overwrite_input, interpolation, keepdims)


def quantile(a, q, axis=None, out=None, overwrite_input=False, interpolation='linear', keepdims=False):
    a, q = asanyarray(a), asanyarray(q)
    if (q < 0).any() or (q > 1).any():
        raise ValueError('Quantiles must be in the range [0, 1]')
    nd = a.ndim
    s = sort(a, axis)
    k = 0 if axis is None else axis
    n = s.shape[k]
    at = q.ravel() * (n - 1)
    if interpolation in ('lower', 'higher', 'nearest', 'midpoint'):
        at = floor(at) if interpolation == 'lower' else ceil(at) if interpolation == 'higher' else rint(at) if interpolation == 'nearest' else 0.5 * (floor(at) + ceil(at))
    elif interpolation != 'linear':
        raise ValueError("interpolation can only be 'linear', 'lower' 'higher', 'midpoint', or 'nearest'")
    below = floor(at).astype(int)
    above = minimum(below + 1, n - 1)
    weight = (at - below).reshape((-1,) + (1,) * (s.ndim - 1))
    move = [k % s.ndim] + [i for i in _range(s.ndim) if i != k % s.ndim]
    s = s.transpose(move)
    exact = interpolation in ('lower', 'higher', 'nearest')
    res = s.take(below, axis=0) if exact else s.take(below, axis=0) * (1 - weight) + s.take(above, axis=0) * weight
    if s.dtype.kind in 'fc':
        res = where(isnan(s).any(axis=0), nan, res)
    res = res.reshape(q.shape + res.shape[1:])
    if keepdims:
        kept = [1] * nd if axis is None else [1 if i == axis % nd else m for i, m in enumerate(a.shape)]
        res = res.reshape(q.shape + _tuple(kept))
    if out is not None:
        out[...] = res
        return out
    return res if res.ndim else res[()]


def tensordot(a, b, axes=2):
    a, b = asanyarray(a), asanyarray(b)
    if _isinstance(axes, (_tuple, _list)):
        left, right = [[x] if _isinstance(x, _int) else _list(x) for x in axes]
    else:
        left, right = _list(_range(a.ndim - axes, a.ndim)), _list(_range(axes))
    left, right = [x % a.ndim for x in left], [x % b.ndim for x in right]
    if [a.shape[x] for x in left] != [b.shape[x] for x in right]:
        raise ValueError('shape-mismatch for sum')
    free_a = [i for i in _range(a.ndim) if i not in left]
    free_b = [i for i in _range(b.ndim) if i not in right]
    n = 1
    for x in left:
        n *= a.shape[x]
    shape = [a.shape[i] for i in free_a] + [b.shape[i] for i in free_b]
    rows, columns = 1, 1
    for i in free_a:
        rows *= a.shape[i]
    for i in free_b:
        columns *= b.shape[i]
    x = a.transpose(free_a + left).reshape((rows, n))
    y = b.transpose(right + free_b).reshape((n, columns))
    return dot(x, y).reshape(shape)


def einsum(subscripts, *operands):
    if not _isinstance(subscripts, str) or '.' in subscripts:
        raise NotImplementedError('einsum with sublists or an ellipsis')
    text = subscripts.replace(' ', '')
    inputs, arrow, output = text.partition('->')
    inputs = inputs.split(',')
    operands = [asanyarray(o) for o in operands]
    if _len(inputs) != _len(operands):
        raise ValueError('more operands provided to einstein sum function than specified in the subscripts string' if _len(operands) > _len(inputs)
                         else 'fewer operands provided to einstein sum function than specified in the subscripts string')
    if not arrow:
        letters = ''.join(inputs)
        output = ''.join(c for c in sorted(set(letters)) if letters.count(c) == 1)
    sizes, views = {}, []
    for names, o in zip(inputs, operands):
        if _len(names) != o.ndim:
            raise ValueError('operand has more dimensions than subscripts given in einstein sum, but no \'...\' ellipsis provided to broadcast the extra dimensions.'
                             if _len(names) < o.ndim else 'einstein sum subscripts string contains too many subscripts for operand')
        # A letter that repeats within an operand takes its diagonal.
        names = _list(names)
        i = 0
        while i < _len(names):
            if names[i] in names[i + 1:]:
                j = names.index(names[i], i + 1)
                o = o.diagonal(0, i, j)
                c = names.pop(j)
                names.pop(i)
                names.append(c)
            else:
                i += 1
        for c, n in zip(names, o.shape):
            if sizes.setdefault(c, n) == 1:
                sizes[c] = n
        views.append((names, o))
    every = _list(output) + [c for c in sizes if c not in output]
    for c in output:
        if c not in sizes:
            raise ValueError("einstein sum subscripts string included output subscript '%s' which never appeared in an input" % c)
    res = None
    for names, o in views:
        order = [names.index(c) for c in every if c in names]
        o = o.transpose(order).reshape([sizes[c] if c in names and o.shape[names.index(c)] != 1 else 1 for c in every])
        res = o if res is None else res * o
    res = broadcast_to(res, [sizes[c] for c in every])
    extra = _tuple(_range(_len(output), _len(every)))
    return res.sum(axis=extra) if extra else res.copy() if res.ndim else res[()]


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    arr = asanyarray(arr)
    axis %= arr.ndim
    moved = arr.transpose([i for i in _range(arr.ndim) if i != axis] + [axis])
    outer_shape = moved.shape[:-1]
    flat = moved.reshape((-1, arr.shape[axis]))
    res = [asanyarray(func1d(row, *args, **kwargs)) for row in flat]
    inner_shape = res[0].shape
    out = stack(res).reshape(outer_shape + inner_shape)
    n = _len(inner_shape)
    order = _list(_range(axis)) + _list(_range(_len(outer_shape), _len(outer_shape) + n)) + _list(_range(axis, _len(outer_shape)))
    return out.transpose(order)


def rollaxis(a, axis, start=0):
    a = asanyarray(a)
    axis %= a.ndim
    if start < 0:
        start += a.ndim
    if axis < start:
        start -= 1
    order = [i for i in _range(a.ndim) if i != axis]
    order.insert(start, axis)
    return a.transpose(order)


def moveaxis(a, source, destination):
    a = asanyarray(a)
    source = [source] if _isinstance(source, _int) else _list(source)
    destination = [destination] if _isinstance(destination, _int) else _list(destination)
    if _len(source) != _len(destination):
        raise ValueError('`source` and `destination` arguments must have the same number of elements')
    source, destination = [s % a.ndim for s in source], [d % a.ndim for d in destination]
    order = [i for i in _range(a.ndim) if i not in source]
    for d, s in sorted(zip(destination, source)):
        order.insert(d, s)
    return a.transpose(order)


def split(ary, indices_or_sections, axis=0):
    ary = asanyarray(ary)
    if _isinstance(indices_or_sections, _int) and ary.shape[axis] % indices_or_sections:
        raise ValueError('array split does not result in an equal division')
    return array_split(ary, indices_or_sections, axis)


def array_split(ary, indices_or_sections, axis=0):
    ary = asanyarray(ary)
    n = ary.shape[axis]
    if _isinstance(indices_or_sections, _int):
        k = indices_or_sections
        if k <= 0:
            raise ValueError('number sections must be larger than 0.')
        cuts = [0]
        for i in _range(k):
            cuts.append(cuts[-1] + n // k + (1 if i < n % k else 0))
    else:
        cuts = [0] + [_int(i) for i in indices_or_sections] + [n]
    axis %= ary.ndim
    return [ary[(slice(None),) * axis + (slice(i, j),)] for i, j in zip(cuts[:-1], cuts[1:])]


def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0 if asanyarray(ary).ndim == 1 else 1)


def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


def dstack(tup):
    return concatenate([atleast_3d(a) for a in tup], 2)


def atleast_3d(*arys):
    res = [asanyarray(a) for a in arys]
    res = [a.reshape(1, 1, 1) if a.ndim == 0 else a[newaxis, :, newaxis] if a.ndim == 1 else a[:, :, newaxis] if a.ndim == 2 else a for a in res]
    return res[0] if _len(res) == 1 else res


def append(arr, values, axis=None):
    if axis is None:
        arr, values, axis = ravel(arr), ravel(values), 0
    return concatenate((arr, values), axis)


def delete(arr, obj, axis=None):
    arr = asanyarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    keep = ones(arr.shape[axis], dtype=bool)
    keep[obj] = False
    return arr.take(flatnonzero(keep), axis=axis)


def insert(arr, obj, values, axis=None):
    arr = asanyarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    if not _isinstance(obj, _int):
        raise NotImplementedError('insert at several places')
    n = arr.shape[axis]
    if not -n <= obj <= n:
        raise IndexError('index %d is out of bounds for axis %d with size %d' % (obj, axis, n))
    obj = obj + n if obj < 0 else obj
    values = array(values, dtype=arr.dtype, ndmin=arr.ndim)
    head, tail = array_split(arr, [obj], axis)
    shape = _list(arr.shape)
    shape[axis] = values.shape[axis] if values.ndim == arr.ndim else 1
    return concatenate([head, broadcast_to(values, shape), tail], axis)


def rot90(m, k=1, axes=(0, 1)):
    m = asanyarray(m)
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    order = _list(_range(m.ndim))
    order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
    return flip(m, axes[1]).transpose(order) if k == 1 else flip(m.transpose(order), axes[1])


def trapz(y, x=None, dx=1.0, axis=-1):
    y = asanyarray(y)
    d = dx if x is None else diff(x)
    left, right = [slice(None)] * y.ndim, [slice(None)] * y.ndim
    left[axis], right[axis] = slice(1, None), slice(None, -1)
    return (d * (y[_tuple(left)] + y[_tuple(right)]) / 2.0).sum(axis)


def nan_to_num(x):
    x = array(x)
    if x.dtype.kind == 'f':
        big = finfo(x.dtype).max
        x = where(isnan(x), x.dtype.type(0), x)
        x = where(x == inf, big, where(x == -inf, -big, x)).astype(x.dtype)
    return x if x.ndim else x[()]


class finfo(object):
    """Limits of a float dtype."""
    _facts = {2: (10, -14, 16, 3), 4: (23, -126, 128, 6), 8: (52, -1022, 1024, 15)}

    def __init__(self, kind):
        d = dtype(kind if _isinstance(kind, type) or _isinstance(kind, dtype) or _isinstance(kind, str) else asanyarray(kind).dtype)
        if d.kind == 'c':
            d = dtype('f%d' % (d.itemsize // 2))
        if d.kind != 'f':
            raise ValueError('data type %r not inexact' % (d.type,))
        self.dtype, t = d, d.type
        self.nmant, self.minexp, self.maxexp, self.precision = self._facts[d.itemsize]
        self.bits, self.machep, self.negep = d.itemsize * 8, -self.nmant, -self.nmant - 1
        self.nexp = self.bits - self.nmant - 1
        self.eps, self.epsneg, self.tiny = t(2.0 ** self.machep), t(2.0 ** self.negep), t(2.0 ** self.minexp)
        self.max = t((2.0 - 2.0 ** -self.nmant) * 2.0 ** (self.maxexp - 1))
        self.min = -self.max
        self.resolution = t(10.0 ** -self.precision)
        self.smallest_normal, self.smallest_subnormal = self.tiny, t(2.0 ** self.minexp * 2.0 ** -self.nmant)

    def __repr__(self):
        return 'finfo(resolution=%s, min=%s, max=%s, dtype=%s)' % (self.resolution, self.min, self.max, self.dtype)


class iinfo(object):
    """Limits of an integer dtype."""

    def __init__(self, kind):
        d = dtype(kind if _isinstance(kind, type) or _isinstance(kind, dtype) or _isinstance(kind, str) else asanyarray(kind).dtype)
        if d.kind not in 'iu':
            raise ValueError('Invalid integer data type %r.' % (d.kind,))
        self.dtype, self.kind, self.bits = d, d.kind, d.itemsize * 8
        self.min = 0 if d.kind == 'u' else -(1 << (self.bits - 1))
        self.max = (1 << self.bits) - 1 if d.kind == 'u' else (1 << (self.bits - 1)) - 1

    def __repr__(self):
        return 'iinfo(min=%s, max=%s, dtype=%s)' % (self.min, self.max, self.dtype)


del _name, _doc
