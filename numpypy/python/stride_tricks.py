"""What numpy.lib.stride_tricks has besides as_strided."""
import numpy as np
from numpy import broadcast_arrays, broadcast_to


def sliding_window_view(x, window_shape, axis=None, subok=False, writeable=False):
    """All windows of a shape that slide over an array, as a view: axes of the places, then those of the window."""
    window_shape = tuple(window_shape) if np.iterable(window_shape) else (window_shape,)
    x = np.array(x, copy=False, subok=subok)
    if any(n < 0 for n in window_shape):
        raise ValueError('`window_shape` cannot contain negative values')
    if axis is None:
        axis = tuple(range(x.ndim))
        if len(window_shape) != len(axis):
            raise ValueError('Since axis is `None`, must provide window_shape for all dimensions of `x`; got {} window_shape elements and `x.ndim` is {}.'.format(len(window_shape), x.ndim))
    else:
        axis = tuple(axis) if np.iterable(axis) else (axis,)
        for a in axis:
            if not -x.ndim <= a < x.ndim:
                raise np.AxisError(a, x.ndim)
        axis = tuple(a % x.ndim for a in axis)
        if len(window_shape) != len(axis):
            raise ValueError('Must provide matching length window_shape and axis; got {} window_shape elements and {} axes elements.'.format(len(window_shape), len(axis)))
    places = list(x.shape)
    for a, n in zip(axis, window_shape):
        if places[a] < n:
            raise ValueError('window shape cannot be larger than input array shape')
        places[a] -= n - 1
    strides = x.strides + tuple(x.strides[a] for a in axis)
    return as_strided(x, tuple(places) + window_shape, strides, subok=subok, writeable=writeable)
