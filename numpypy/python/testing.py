# numpy.testing: assertions about arrays, run in the module's namespace when it is imported.
import numpy as np

verbose = 0


def _message(err_msg, header, *items):
    lines = ['\n' + header]
    if err_msg:
        lines.append(str(err_msg))
    for name, x in items:
        lines.append(' %s: %r' % (name, x))
    return '\n'.join(lines)


def assert_(val, msg=''):
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def _nan_equal(a, b):
    try:
        return bool(np.isnan(a)) and bool(np.isnan(b))
    except (TypeError, ValueError, NotImplementedError):
        return False


def assert_equal(actual, desired, err_msg='', verbose=True):
    if isinstance(desired, dict):
        if not isinstance(actual, dict):
            raise AssertionError(repr(type(actual)))
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in desired:
            if k not in actual:
                raise AssertionError(repr(k))
            assert_equal(actual[k], desired[k], 'key=%r\n%s' % (k, err_msg), verbose)
        return
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in range(len(desired)):
            assert_equal(actual[k], desired[k], 'item=%r\n%s' % (k, err_msg), verbose)
        return
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return assert_array_equal(actual, desired, err_msg, verbose)
    failure = AssertionError(_message(err_msg, 'Items are not equal:', ('ACTUAL', actual), ('DESIRED', desired)))
    if _nan_equal(actual, desired):
        return
    if not (actual == desired):
        raise failure
    # 0.0 and -0.0 differ.
    if isinstance(desired, (float, np.floating)) and desired == 0 and bool(np.signbit(desired)) != bool(np.signbit(actual)):
        raise failure


def assert_array_compare(comparison, x, y, err_msg='', verbose=True, header='', precision=6, equal_nan=True, equal_inf=True):
    x, y = np.array(x, copy=False, subok=True), np.array(y, copy=False, subok=True)
    if not (x.shape == () or y.shape == () or x.shape == y.shape):
        raise AssertionError(_message(err_msg, 'Arrays are not equal' if not header else header, ('shapes', (x.shape, y.shape)), ('x', x), ('y', y)))
    number = x.dtype.kind in 'fc' and y.dtype.kind in 'fc' or x.dtype.kind in 'fc' or y.dtype.kind in 'fc'
    if number and equal_nan and x.dtype.kind in 'biufc' and y.dtype.kind in 'biufc':
        a, b = np.isnan(x), np.isnan(y)
        if not np.array_equal(np.broadcast_to(a, np.broadcast_arrays(a, b)[0].shape), np.broadcast_to(b, np.broadcast_arrays(a, b)[0].shape)):
            raise AssertionError(_message(err_msg, header + '\n\nx and y nan location mismatch:', ('x', x), ('y', y)))
        keep = ~(a | b)
        x, y = np.broadcast_to(x, keep.shape)[keep], np.broadcast_to(y, keep.shape)[keep]
        if x.size == 0:
            return
    val = comparison(x, y)
    good = bool(np.asarray(val).all()) if not isinstance(val, bool) else val
    if not good:
        wrong = np.asarray(val)
        percent = 100.0 * (wrong.size - np.count_nonzero(wrong)) / wrong.size if wrong.size else 100.0
        raise AssertionError(_message(err_msg, header + '\n\n(mismatch %s%%)' % percent, ('x', x), ('y', y)))


def assert_array_equal(x, y, err_msg='', verbose=True):
    assert_array_compare(lambda a, b: a == b, x, y, err_msg, verbose, 'Arrays are not equal')


def assert_array_almost_equal(x, y, decimal=6, err_msg='', verbose=True):
    def close(a, b):
        same_inf = np.isinf(a) | np.isinf(b)
        if same_inf.any():
            if not (a[same_inf] == b[same_inf]).all():
                return False
            a, b = a[~same_inf], b[~same_inf]
        return np.absolute(a - b) < 1.5 * 10.0 ** -decimal
    x, y = np.broadcast_arrays(np.asarray(x) * 1.0, np.asarray(y) * 1.0) if np.asarray(x).shape == () or np.asarray(y).shape == () else (np.asarray(x), np.asarray(y))
    assert_array_compare(close, x, y, err_msg, verbose, 'Arrays are not almost equal to %d decimals' % decimal, precision=decimal)


def assert_almost_equal(actual, desired, decimal=7, err_msg='', verbose=True):
    if isinstance(actual, (np.ndarray, tuple, list)) or isinstance(desired, (np.ndarray, tuple, list)):
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    if _nan_equal(actual, desired) or actual == desired:
        return
    if not abs(desired - actual) < 1.5 * 10.0 ** -decimal:
        raise AssertionError(_message(err_msg, 'Arrays are not almost equal to %d decimals' % decimal, ('ACTUAL', actual), ('DESIRED', desired)))


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg='', verbose=True):
    assert_array_compare(lambda a, b: np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan), actual, desired, err_msg, verbose,
                         'Not equal to tolerance rtol=%g, atol=%g' % (rtol, atol), equal_nan=equal_nan)


def assert_array_less(x, y, err_msg='', verbose=True):
    assert_array_compare(lambda a, b: a < b, x, y, err_msg, verbose, 'Arrays are not less-ordered')


def assert_approx_equal(actual, desired, significant=7, err_msg='', verbose=True):
    if actual == desired or _nan_equal(actual, desired):
        return
    scale = 0.5 * (abs(desired) + abs(actual))
    scale = 10.0 ** np.floor(np.log10(scale))
    if not abs(desired / scale - actual / scale) < 10.0 ** -(significant - 1):
        raise AssertionError(_message(err_msg, 'Items are not equal to %d significant digits:' % significant, ('ACTUAL', actual), ('DESIRED', desired)))


def assert_string_equal(actual, desired):
    if actual != desired:
        raise AssertionError('Differences in strings:\n- %s\n+ %s' % (actual, desired))


class _Raises(object):
    def __init__(self, kind):
        self.kind = kind

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError('%s not raised' % getattr(self.kind, '__name__', self.kind))
        self.exception = value
        return issubclass(kind, self.kind)


def assert_raises(exception_class, *args, **kwargs):
    if not args:
        return _Raises(exception_class)
    with _Raises(exception_class):
        args[0](*args[1:], **kwargs)


def assert_no_warnings(*args, **kwargs):
    import warnings
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter('always')
        result = args[0](*args[1:], **kwargs)
    if seen:
        raise AssertionError('Got warnings: %s' % [str(w.message) for w in seen])
    return result


def assert_warns(warning_class, *args, **kwargs):
    import warnings
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter('always')
        result = args[0](*args[1:], **kwargs)
    if not [w for w in seen if issubclass(w.category, warning_class)]:
        raise AssertionError('No warning raised when calling %s' % args[0].__name__)
    return result


def run_module_suite(file_to_run=None, argv=None):
    raise NotImplementedError('numpy.testing.run_module_suite: use unittest')
