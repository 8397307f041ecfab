# Exceptions: matching, finally, with, nesting, reraising.
import sys
def show(*args):
    sys.stdout.write(' '.join(str(a) for a in args) + '\n')

def order(kind):
    out = []
    try:
        try:
            out.append('try')
            if kind == 'raise':
                raise KeyError('k')
            if kind == 'return':
                return out
        except KeyError:
            out.append('except')
        else:
            out.append('else')
        finally:
            out.append('finally')
    finally:
        out.append('outer')
    return out
show(order('raise'))  # expect: ['try', 'except', 'finally', 'outer']
show(order('none'))  # expect: ['try', 'else', 'finally', 'outer']
show(order('return'))  # expect: ['try', 'finally', 'outer']

class Manager(object):
    def __init__(self, swallow):
        self.swallow = swallow
    def __enter__(self):
        return 'value'
    def __exit__(self, t, v, tb):
        show('exit', t.__name__ if t else None)
        return self.swallow
with Manager(False) as v:
    show(v)  # expect: value
# expect: exit None
with Manager(True):
    1 // 0
# expect: exit ZeroDivisionError
try:
    with Manager(False):
        raise ValueError('through')
except ValueError as e:
    show('caught', e)
# expect: exit ValueError
# expect: caught through

class Mine(Exception):
    pass
def chain():
    try:
        raise Mine('first')
    except Mine:
        raise
try:
    chain()
except (KeyError, Mine) as e:
    show(type(e).__name__, e.args)  # expect: Mine ('first',)

total = 0
for i in range(2000):
    try:
        if i % 2:
            raise IndexError
        [][i]
    except IndexError:
        total += 1
show(total)  # expect: 2000
show([].__class__.__name__ if not [] else 0)  # expect: list
