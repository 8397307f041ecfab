# Calls, defaults, closures, keyword arguments, in both languages.
import sys
def show(*args):
    sys.stdout.write(' '.join(str(a) for a in args) + '\n')

def f(a, b=2, *c, **d):
    return a, b, c, sorted(d.items())
show(f(1))  # expect: (1, 2, (), [])
show(f(1, 3, 4, 5, x=6))  # expect: (1, 3, (4, 5), [('x', 6)])
show(f(*[1, 2], **{'k': 3}))  # expect: (1, 2, (), [('k', 3)])

def counter():
    state = [0]
    def step():
        state[0] += 1
        return state[0]
    return step
c = counter()
c()
show(c(), c())  # expect: 2 3

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
show(fib(15))  # expect: 610

try:
    f()
except TypeError:
    show('TypeError')  # expect: TypeError

def gen(n):
    for i in range(n):
        yield i * i
show(list(gen(5)), sum(gen(10)))  # expect: [0, 1, 4, 9, 16] 285

g = gen(3)
next(g)
try:
    g.throw(ValueError('x'))
except ValueError as e:
    show('thrown', e)  # expect: thrown x
