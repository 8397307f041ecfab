# stress: 9973
# not in a block: its callers have callers there
# Frames of callers: some are made at once, those further out when asked for; and no call costs more the deeper it is.
from __future__ import print_function
import sys, time, warnings


def names(f):
    out = []
    while f is not None:
        out.append(f.f_code.co_name + str(f.f_locals.get('k', '')))
        f = f.f_back
    return out


def deep(k):
    return deep(k - 1) if k else sys._getframe()


# While it runs.
def inner(k):
    if k:
        return inner(k - 1)
    return names(sys._getframe())


print(inner(20) == ['inner%d' % n for n in range(21)] + ['<module>'])  # expect: True


# Once it has returned, its caller is still known.
def helper():
    return sys._getframe()


def calls():
    return names(helper())[:2], helper().f_back.f_lineno


print(calls())  # expect: (['helper', 'calls'], 36)
f = deep(3)
print(names(f))  # expect: ['deep0', 'deep1', 'deep2', 'deep3', '<module>']


def raised():
    try:
        raise ValueError
    except ValueError:
        return sys.exc_info()[2].tb_frame.f_back.f_code.co_name


print(raised())  # expect: <module>


def nested():
    warnings.warn('deprecated')
    for x in nested():
        yield x


warnings.simplefilter('ignore')
limit = sys.getrecursionlimit()
sys.setrecursionlimit(5000)
start = time.time()
try:
    for x in nested():
        pass
except RuntimeError:
    print(time.time() - start < 3)  # expect: True
sys.setrecursionlimit(limit)
