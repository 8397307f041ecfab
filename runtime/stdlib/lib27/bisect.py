"""Binary search in sorted lists."""


def _search(a, lo, hi, before):
    """The first index between lo and hi (the end if None) whose item `before` denies; it holds for all items below."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        if before(a[middle]):
            lo = middle + 1
        else:
            hi = middle
    return lo


def bisect_right(a, x, lo=0, hi=None):
    """Index after the items of `a` that are <= x."""
    return _search(a, lo, hi, lambda item: not x < item)


def bisect_left(a, x, lo=0, hi=None):
    """Index before the items of `a` that are >= x."""
    return _search(a, lo, hi, lambda item: item < x)


def insort_right(a, x, lo=0, hi=None):
    """Inserts x after items that are equal to it."""
    a.insert(bisect_right(a, x, lo, hi), x)


def insort_left(a, x, lo=0, hi=None):
    """Inserts x before items that are equal to it."""
    a.insert(bisect_left(a, x, lo, hi), x)


# The same in Rust, unless somebody hides it.
try:
    from _bisect import *
except ImportError:
    pass

bisect = bisect_right
insort = insort_right
