"""Evaluates expressions in a small world of arrays. `python run_expressions.py expressions.txt > expected.txt`, with Python 2.7 and
NumPy 1.16, makes what the test compares with; the test itself sets LINES."""
import numpy as np

np.seterr(all='ignore')


def setitem(x, key, value):
    x[key] = value
    return x


def iadd(x, y):
    x += y
    return x


def if_ambiguous(x):
    if x:
        return 1


def overlapping():
    x = np.arange(10)
    x[1:] = x[:-1]
    y = np.arange(10.)
    np.add(y[1:], y[:-1], y[1:])
    z = np.arange(9).reshape(3, 3)
    z += z.T
    return x, y, z


def world():
    return dict(np=np, a=np.arange(12).reshape(3, 4), f=np.array([0.5, 1.25, 2.0]), c=np.array([1 + 2j, 3 - 1j]), t=np.array([True, False, True]),
                setitem=setitem, iadd=iadd, if_ambiguous=if_ambiguous, overlapping=overlapping)


def evaluate(lines):
    out = []
    for line in lines:
        line = line.rstrip('\n')
        try:
            r = repr(eval(line, world()))
        except Exception as e:
            r = '%s: %s' % (type(e).__name__, e)
        out.append(line + ' => ' + r.replace('\n', '\n      '))
    return '\n'.join(out)


if __name__ == '__main__':
    import sys
    print(evaluate(open(sys.argv[1])))
