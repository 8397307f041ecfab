"""Objects that build arrays and indices by subscription, and index arithmetic."""
import numpy as np


class IndexExpression(object):
    """What stands in the brackets; `index_exp` makes a tuple of a single item."""

    def __init__(self, maketuple):
        self.maketuple = maketuple

    def __getitem__(self, item):
        return (item,) if self.maketuple and not isinstance(item, tuple) else item


index_exp, s_ = IndexExpression(True), IndexExpression(False)


def _indices(shape):
    if not shape:
        yield ()
        return
    for head in _indices(shape[:-1]):
        for i in shape[-1]:
            yield head + (i,)


class ndindex(object):
    """All indices of a shape, the last fastest."""

    def __init__(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], tuple):
            shape = shape[0]
        axes = [range(n) for n in shape]
        if any(n < 0 for n in shape):
            raise ValueError('negative dimensions are not allowed')
        self._indices = _indices(axes)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._indices)

    next = __next__


class ndenumerate(object):
    """Pairs of index and element."""

    def __init__(self, arr):
        arr = np.asarray(arr)
        self._indices, self.iter = ndindex(*arr.shape), arr.flat

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._indices), next(self.iter)

    next = __next__


def ix_(*args):
    """Sequences as arrays that select their cross product."""
    out = []
    for k, x in enumerate(args):
        if not isinstance(x, np.ndarray):
            x = np.asarray(x)
            if x.size == 0:
                x = x.astype('int64')
        if x.ndim != 1:
            raise ValueError('Cross index must be 1 dimensional')
        if x.dtype.kind == 'b':
            x, = x.nonzero()
        out.append(x.reshape((1,) * k + (x.size,) + (1,) * (len(args) - k - 1)))
    return tuple(out)


def _steps(key):
    """The numbers of a slice; a step that is imaginary tells how many."""
    start, stop, step = key.start, key.stop, key.step
    start, step = 0 if start is None else start, 1 if step is None else step
    if isinstance(step, complex) or getattr(getattr(step, 'dtype', None), 'kind', '') == 'c':
        return np.linspace(start, stop, int(abs(step)))
    return np.arange(start, stop, step)


class nd_grid(object):
    """Coordinates of a grid, one array an axis: dense, or (sparse) of length 1 along the others."""

    def __init__(self, sparse=False):
        self.sparse = sparse

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            return _steps(key)
        axes = [_steps(k) for k in key]
        kind = np.result_type(*axes) if axes else 'int64'
        axes = [x.astype(kind) for x in axes]
        shaped = [x.reshape((1,) * k + (x.size,) + (1,) * (len(axes) - k - 1)) for k, x in enumerate(axes)]
        if self.sparse:
            return shaped
        shape = tuple(x.size for x in axes)
        out = np.empty((len(axes),) + shape, kind)
        for k, x in enumerate(shaped):
            out[k] = x
        return out


mgrid, ogrid = nd_grid(), nd_grid(sparse=True)


class AxisConcatenator(object):
    """Arrays, numbers and ranges in brackets, put one behind the other. A text first tells axis, number of axes, and where the old ones go."""

    def __init__(self, axis=0, ndmin=1, trans1d=-1):
        self.axis, self.ndmin, self.trans1d = axis, ndmin, trans1d

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        axis, ndmin, trans1d = self.axis, self.ndmin, self.trans1d
        parts, numbers = [], []
        for k, item in enumerate(key):
            if isinstance(item, str):
                if k:
                    raise ValueError('special directives must be the first entry.')
                if item in ('r', 'c'):
                    raise NotImplementedError('matrices')
                try:
                    given = [int(x) for x in item.split(',')]
                    axis, ndmin, trans1d = given + [axis, ndmin, trans1d][len(given):]
                except ValueError:
                    raise ValueError('unknown special directive')
                continue
            if isinstance(item, slice):
                part = _steps(item)
                old = 1
            else:
                old = np.ndim(item)
                if old == 0:
                    numbers.append(len(parts))
                part = np.asarray(item)
            if part.ndim < ndmin:
                part = self._widened(part, 1 if old == 0 else old, ndmin, trans1d)
            parts.append(part)
        # Numbers do not widen the arrays' dtype of the same kind.
        arrays = [p.dtype for k, p in enumerate(parts) if k not in numbers]
        if arrays and numbers:
            kind = np.result_type(*(arrays + [parts[k].reshape(-1)[0] for k in numbers]))
            parts = [p.astype(kind) if k in numbers else p for k, p in enumerate(parts)]
        return np.concatenate(tuple(parts), axis=axis)

    def __len__(self):
        return 0

    def _widened(self, part, old, ndmin, trans1d):
        """`ndmin` axes, of which the `old` ones begin at place `trans1d` (-1: they are the last)."""
        if part.ndim == 0:
            return part.reshape((1,) * ndmin)
        first = ndmin - old if trans1d < 0 else trans1d
        if trans1d < -1:
            first = max(ndmin - old + trans1d + 1, 0)
        first = min(first, ndmin - old)
        return part.reshape((1,) * first + part.shape + (1,) * (ndmin - old - first))


class RClass(AxisConcatenator):
    """Along the first axis."""


class CClass(AxisConcatenator):
    """1-d arrays as columns."""

    def __init__(self):
        AxisConcatenator.__init__(self, -1, 2, 0)


r_, c_ = RClass(), CClass()


def ravel_multi_index(multi_index, dims, mode='raise', order='C'):
    """Positions in the flattened array of what arrays of indices name."""
    dims = tuple(dims) if np.iterable(dims) else (dims,)
    indices = [np.asarray(x) for x in multi_index]
    if len(indices) != len(dims):
        raise ValueError('parameter multi_index must be a sequence of length %d' % len(dims))
    modes = mode if isinstance(mode, tuple) else (mode,) * len(dims)
    places = list(range(len(dims)))
    if order == 'C':
        places.reverse()
    out, step = 0, 1
    for k in places:
        x, n = indices[k], dims[k]
        if x.size and x.dtype.kind not in 'iu':
            raise TypeError('only int indices permitted')
        if modes[k] == 'wrap':
            x = x % n
        elif modes[k] == 'clip':
            x = np.clip(x, 0, n - 1)
        elif np.any(x < 0) or np.any(x >= n):
            raise ValueError('invalid entry in coordinates array')
        out, step = out + x * step, step * n
    return out


def unravel_index(indices, shape, order='C'):
    """Arrays of indices of what positions in the flattened array name."""
    shape = tuple(shape) if np.iterable(shape) else (shape,)
    x = np.asarray(indices)
    if x.size and x.dtype.kind not in 'iu':
        raise TypeError('only int indices permitted')
    size = 1
    for n in shape:
        size *= n
    bad = x.reshape(-1)[((x < 0) | (x >= size)).reshape(-1)]
    if bad.size:
        raise ValueError('index %d is out of bounds for array with size %d' % (bad[0], size))
    out = []
    for n in reversed(shape) if order == 'C' else shape:
        out.append(x % n)
        x = x // n
    return tuple(reversed(out)) if order == 'C' else tuple(out)


def fill_diagonal(a, val, wrap=False):
    """Sets the elements whose indices are all the same."""
    if a.ndim < 2:
        raise ValueError('array must be at least 2-d')
    end = None
    if a.ndim == 2:
        step = a.shape[1] + 1
        if not wrap:
            end = a.shape[1] * a.shape[1]
    else:
        if len(set(a.shape)) != 1:
            raise ValueError('All dimensions of input must be of equal length')
        step = 1 + sum(a.shape[0] ** k for k in range(1, a.ndim))
    a.flat[:end:step] = val


def diag_indices(n, ndim=2):
    """Indices of the diagonal of an array with `ndim` axes of length `n`."""
    return (np.arange(n),) * ndim


def diag_indices_from(arr):
    """Indices of the diagonal of an array."""
    if not arr.ndim >= 2:
        raise ValueError('input array must be at least 2-d')
    if len(set(arr.shape)) != 1:
        raise ValueError('All dimensions of input must be of equal length')
    return diag_indices(arr.shape[0], arr.ndim)
