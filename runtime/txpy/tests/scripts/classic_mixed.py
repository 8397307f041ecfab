# New-style classes with classic bases.
# lang: 2
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__ + ': ' + str(e)[:90])
class Old:
    a = 1
    def f(self): return 'Old.f'
    def g(self): return 'Old.g'
    def __len__(self): return 7
class Old2(Old):
    a = 2
    def f(self): return 'Old2.f ' + Old.f(self)
class New(object):
    def g(self): return 'New.g'
    n = 5
class Mix(Old2, New):
    def h(self): return super(Mix, self).f(), super(Mix, self).g()
m = Mix()
t(lambda: (m.a, m.f(), m.g(), m.n, len(m), m.h(), Mix.a)); t(lambda: Mix.__mro__ == (Mix, Old2, Old, New, object)); t(lambda: isinstance(m, Old)); t(lambda: issubclass(Mix, Old)); t(lambda: issubclass(Mix, Old2)); t(lambda: isinstance(m, New)); t(lambda: Mix.__bases__ == (Old2, New))
def show(): return m.a, getattr(m, 'zz', None), m.f()
for i in range(3):
    for j in range(5): r = show()
    print(r)
    if i == 0: Old2.a = 10; Old.zz = 'zz'
    else: Old2.f = lambda self: 'patched'
def ln(self): return 9
Old.__len__ = ln; t(lambda: len(m))
t(lambda: type('X', (Old,), {})); t(lambda: type('X', (Old, object), {}).__mro__[1:] == (Old, object)); t(lambda: type('X', (Old, 3), {}))
t(lambda: Old.f(m)); t(lambda: Old2.f(New()))
class Sub(Mix): pass
t(lambda: (Sub().a, Sub.__mro__[0] is Sub, isinstance(Sub(), Old), len(Sub())))
class S(Old, object):
    __slots__ = ('q',)
s = S(); s.q = 3; t(lambda: (s.q, s.f()))
t(lambda: callable(Old())); t(lambda: callable(Old)); t(lambda: dir(Old)); t(lambda: [x for x in dir(m) if not x.startswith('__')])
class E(Old, Exception): pass
try: raise E('x')
except Old as e: print('old?')
except Exception as e: print('exc', e)
try: raise E('x')
except E as e: print(e.f())
d = {'x': 1}
K = type(Old)('K', (), d); t(lambda: (K.x, sorted(K.__dict__), K.__doc__)); K.__dict__['y'] = 4; t(lambda: K.y); t(lambda: K().y); t(lambda: complex(type('I', (), {'__float__': lambda s: 2.0})()))
class A: pass
class B(A): pass
A.q = 1; t(lambda: B().q); B.__bases__ = (Old,); t(lambda: B().a); t(lambda: hasattr(B, 'q'))
x = A(); x.__dict__['w'] = 3; t(lambda: x.w); t(lambda: vars(x)); x.__dict__ = {'v': 2}; t(lambda: (x.v, hasattr(x, 'w')))
import _weakref
t(lambda: _weakref.ref(A)() is A)
class Meta(type):
    def __new__(m, n, b, d): d['made'] = 1; return type.__new__(m, n, b, d)
class Q: __metaclass__ = Meta
t(lambda: (Q.made, type(Q).__name__))

# What CPython prints:
# expect: (2, 'Old2.f Old.f', 'Old.g', 5, 7, ('Old2.f Old.f', 'Old.g'), 2)
# expect: True
# expect: True
# expect: True
# expect: True
# expect: True
# expect: True
# expect: (2, None, 'Old2.f Old.f')
# expect: (10, 'zz', 'Old2.f Old.f')
# expect: (10, 'zz', 'patched')
# expect: 9
# expect: TypeError: a new-style class can't have only classic bases
# expect: True
# expect: TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of th
# expect: Old.f
# expect: TypeError: unbound method <lambda>() must be called with Old2 instance as first argument (got New ins
# expect: (10, True, True, 9)
# expect: (3, 'Old.f')
# expect: False
# expect: True
# expect: ['__doc__', '__len__', '__module__', 'a', 'f', 'g', 'zz']
# expect: ['a', 'f', 'g', 'h', 'n', 'zz']
# expect: old?
# expect: Old.f
# expect: (1, ['__doc__', '__module__', 'x'], None)
# expect: 4
# expect: 4
# expect: (2+0j)
# expect: 1
# expect: 1
# expect: False
# expect: 3
# expect: {'w': 3}
# expect: (2, False)
# expect: True
# expect: (1, 'Meta')
