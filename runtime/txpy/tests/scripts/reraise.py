# A re-raise adds no second entry for its frame.
import sys
def lines(tb):
    n = 0
    while tb is not None:
        n += 1
        tb = tb.tb_next
    return n
def inner():
    raise ValueError('x')
def with_finally():
    try:
        inner()
    finally:
        pass
def with_bare():
    try:
        inner()
    except ValueError:
        raise
for f in (with_finally, with_bare):
    try:
        f()
    except ValueError:
        sys.stdout.write('%d\n' % lines(sys.exc_info()[2]))
# expect: 3
# expect: 3
