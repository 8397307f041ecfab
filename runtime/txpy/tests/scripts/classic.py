# Classic classes, 2.7's order of all objects, attributes of functions and methods.
# lang: 2
# stress: 3
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__ + ': ' + str(e))
class A:
    "Adoc"
    z = 1
    def f(self): return 'A.f'
class B:
    def f(self): return 'B.f'
    def g(self): return 'B.g'
class C(A, B):
    def __init__(self, x=0): self.x = x
t(lambda: C); 
class X(A): pass
class Y(A): z = 2
class Z(X, Y): pass
t(lambda: Z().z)
c = C(3)
t(lambda: (c.x, c.f(), c.g(), C.__name__, C.__bases__ == (A, B), c.__class__ is C, c.__dict__, A.__doc__, A.__module__))
t(lambda: str(C)); t(lambda: repr(C).split(' at ')[0]); t(lambda: repr(c).split(' at ')[0]); t(lambda: c.nope); t(lambda: C.nope); t(lambda: C(1, 2)); t(lambda: A(1)); t(lambda: delattr(c, 'nope')); t(lambda: c()); t(lambda: len(c)); t(lambda: c[0]); t(lambda: list(c)); t(lambda: c + 1); t(lambda: -c); t(lambda: c.__len__)
t(lambda: type(c)); t(lambda: type(C)); t(lambda: isinstance(c, A)); t(lambda: issubclass(C, B)); t(lambda: isinstance(3, A)); t(lambda: issubclass(A, C))
t(lambda: A.f); t(lambda: C.f.im_class.__name__); t(lambda: A.f(3)); t(lambda: A.f()); t(lambda: A.f(c)); t(lambda: repr(c.f)[:28]); t(lambda: c.f.im_self is c); t(lambda: A.f.im_self)
class N:
    def __init__(self, v): self.v = v
    def __add__(self, o): return ('add', self.v, getattr(o, 'v', o))
    def __radd__(self, o): return ('radd', self.v, getattr(o, 'v', o))
    def __cmp__(self, o): return cmp(self.v, getattr(o, 'v', o))
    def __len__(self): return 4
    def __getitem__(self, i): return i
    def __neg__(self): return 'neg'
    def __int__(self): return 77
    def __hash__(self): return 5
    def __call__(self, *a, **k): return (a, k)
    def __getattr__(self, n):
        if n.startswith('__'): raise AttributeError(n)
        return 'dyn ' + n
    def __contains__(self, x): return x == 3
    def __repr__(self): return 'N(%r)' % self.v
n = N(5)
t(lambda: (n + 1, 1 + n, n + N(6), -n, int(n), len(n), n[3], n(1, a=2), n.foo, 3 in n, 4 in n, hash(n)))
t(lambda: (n == 5, n < 6, n > N(1), N(3) != N(3), cmp(n, 9), sorted([N(3), N(1), N(2)]), 5 == n, bool(n)))
t(lambda: n[1:2]); t(lambda: n[-1:2]); t(lambda: n[:]); t(lambda: n[1:2:3]); t(lambda: n[None:2])
class S:
    def __getslice__(self, i, j): return ('slice', i, j)
    def __setslice__(self, i, j, x): print('set', i, j, x)
    def __delslice__(self, i, j): print('del', i, j)
    def __len__(self): return 10
s = S()
t(lambda: s[1:2]); t(lambda: s[-1:]); t(lambda: s[:] == ('slice', 0, 9223372036854775807)); s[1:-2] = 'x'; del s[:-1]
class NS(object):
    def __getslice__(self, i, j): return ('nslice', i, j)
    def __len__(self): return 10
    def __getitem__(self, k): return k
t(lambda: NS()[1:-2]); t(lambda: NS()[1:2:1]); t(lambda: [1,2,3,4][1:-1]); t(lambda: 'abcdef'[-3:])
class Co:
    def __init__(self, v): self.v = v
    def __coerce__(self, o): return (self.v, o)
t(lambda: (Co(3) + 4, 4 + Co(3), Co(3) < 4, Co(3) == 3, Co(2) * Co(5).v, 10 - Co(3)))
class BadCo:
    def __coerce__(self, o): return 3
t(lambda: BadCo() + 1)
class G:
    def __getattr__(self, n): raise KeyError(n)
t(lambda: G().x)
class Sa:
    def __setattr__(self, n, v): print('set', n, v); self.__dict__[n] = v
    def __delattr__(self, n): print('del', n); del self.__dict__[n]
sa = Sa(); sa.q = 4; t(lambda: sa.q); del sa.q; t(lambda: sa.q)
class It:
    def __iter__(self): self.i = 0; return self
    def next(self):
        self.i += 1
        if self.i > 3: raise StopIteration
        return self.i
t(lambda: list(It())); t(lambda: 2 in It())
class Se:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
t(lambda: list(Se())); t(lambda: 2 in Se()); t(lambda: iter(A()))
class E: pass
try: raise E()
except E as e: print('caught', e.__class__.__name__)
try:
    try: raise E
    except A: print('no')
except E: print('yes')
t(lambda: hash(A()) is not None)
class He:
    def __eq__(self, o): return True
t(lambda: hash(He()))
class Bo:
    def __nonzero__(self): return 0
t(lambda: bool(Bo())); t(lambda: bool(A()))
class BadBo:
    def __nonzero__(self): return 'x'
t(lambda: bool(BadBo()))
class W:
    def __enter__(self): print('enter'); return 1
    def __exit__(self, *a): print('exit', a[0]); return True
with W() as w: print(w)
with W(): raise ValueError(1)
class BadInit:
    def __init__(self): return 3
t(lambda: BadInit())
t(lambda: setattr(A, '__bases__', 3)); t(lambda: setattr(A, '__bases__', (3,))); t(lambda: setattr(A, '__bases__', (C,))); t(lambda: setattr(A, '__name__', 3)); t(lambda: setattr(c, '__class__', 3)); t(lambda: setattr(c, '__dict__', 3)); c.__class__ = B; t(lambda: c.f()); c.__class__ = C
t(lambda: delattr(A, 'zz')); A.zz = 3; t(lambda: c.zz); del A.zz
K = type(A)('K', (A,), {'a': 1}); t(lambda: (K.__name__, K().a, K.f)); t(lambda: type(A)(1, (), {})); t(lambda: type(A)('a', 1, {})); t(lambda: type(A)('a', (1,), {})); t(lambda: type(A())(K, {'q': 1}).q); t(lambda: type(A())(3))
t(lambda: sorted([3, None, 'a', (1,), [2], 2.5, {}, u'b'])); t(lambda: cmp(1, 'a')); t(lambda: cmp('a', 1)); t(lambda: None < 1); t(lambda: 1 < None); t(lambda: cmp([1], (1,))); t(lambda: 'a' < []); t(lambda: {} < []); t(lambda: cmp(3, 3)); t(lambda: cmp(None, None)); t(lambda: int < 3); t(lambda: cmp(1.5, 1))
class Cm(object):
    def __init__(self, v): self.v = v
    def __cmp__(self, o): return cmp(self.v, o.v if isinstance(o, Cm) else o)
t(lambda: (Cm(1) < Cm(2), Cm(1) == Cm(1), Cm(3) > 2, 2 < Cm(3), cmp(Cm(1), 5), cmp(5, Cm(1)), sorted([Cm(2), Cm(1)])[0].v))
class Bc(object):
    def __cmp__(self, o): return 'x'
t(lambda: Bc() < Bc())
class P(object):
    x = property(lambda s: 3)
    y = property()
t(lambda: P().x); t(lambda: setattr(P(), 'x', 3)); t(lambda: delattr(P(), 'x')); t(lambda: P().y); t(lambda: setattr(P.x, 'fget', 3))
class Q(P):
    @property
    def x(self): return super(Q, self).x + 1
    def f(self): return 1
t(lambda: Q().x); t(lambda: super(Q, Q())); t(lambda: super(Q)); t(lambda: super(3, 4)); t(lambda: super(Q, 4)); t(lambda: super(Q, Q()).zzz); t(lambda: super())
t(lambda: Q.f); t(lambda: Q.f(3)); t(lambda: Q.f()); t(lambda: Q().f.im_func.func_name); t(lambda: Q.f.im_class.__name__); t(lambda: Q.f == Q.f); t(lambda: Q.f.__get__(Q())()) 
def f(a, b=2): "fd"; return a
t(lambda: (f.func_name, f.func_defaults, f.func_doc, f.func_closure, f.func_dict, f.func_code.co_name, f.__name__)); t(lambda: repr(f).split(' at ')[0]); t(lambda: setattr(f, 'func_defaults', 3)); t(lambda: setattr(f, 'func_dict', 3)); t(lambda: delattr(f, 'func_dict')); t(lambda: setattr(f, 'func_code', 3)); t(lambda: setattr(f, 'func_globals', 3)); t(lambda: setattr(f, '__name__', 3)); t(lambda: f.nope)
t(lambda: (f.func_code.co_argcount, f.func_code.co_varnames, f.func_code.co_nlocals, f.func_code.co_firstlineno))
t(lambda: len.__self__); t(lambda: [].append.__self__); t(lambda: len.__module__); t(lambda: list.append); t(lambda: int.__add__); t(lambda: repr([].append).split(' at ')[0]); t(lambda: [].append == [].append); t(lambda: len.__name__)
M = type(Q.f); t(lambda: M(3, 4)); t(lambda: M(f, None)); t(lambda: M(f, 3)()); t(lambda: M(f, None, Q)); t(lambda: M(f))
import _weakref as weakref
t(lambda: weakref.ref(c)() is c); t(lambda: weakref.ref(3)); t(lambda: weakref.ref(A)() is A); t(lambda: repr(weakref.ref(c)).split(' at ')[1].split(';')[1]); p = weakref.proxy(n); t(lambda: (p + 1, 1 + p, p.foo, len(p), p == 5, p(3))); t(lambda: hash(p)); t(lambda: weakref.getweakrefcount(n))

# What CPython prints:
# expect: __main__.C
# expect: 1
# expect: (3, 'A.f', 'B.g', 'C', True, True, {'x': 3}, 'Adoc', '__main__')
# expect: __main__.C
# expect: <class __main__.C
# expect: <__main__.C instance
# expect: AttributeError: C instance has no attribute 'nope'
# expect: AttributeError: class C has no attribute 'nope'
# expect: TypeError: __init__() takes at most 2 arguments (3 given)
# expect: TypeError: this constructor takes no arguments
# expect: AttributeError: C instance has no attribute 'nope'
# expect: AttributeError: C instance has no __call__ method
# expect: AttributeError: C instance has no attribute '__len__'
# expect: AttributeError: C instance has no attribute '__getitem__'
# expect: TypeError: iteration over non-sequence
# expect: TypeError: unsupported operand type(s) for +: 'instance' and 'int'
# expect: AttributeError: C instance has no attribute '__neg__'
# expect: AttributeError: C instance has no attribute '__len__'
# expect: <type 'instance'>
# expect: <type 'classobj'>
# expect: True
# expect: True
# expect: False
# expect: False
# expect: <unbound method A.f>
# expect: C
# expect: TypeError: unbound method f() must be called with A instance as first argument (got int instance instead)
# expect: TypeError: unbound method f() must be called with A instance as first argument (got nothing instead)
# expect: A.f
# expect: <bound method C.f of <__main
# expect: True
# expect: None
# expect: (('add', 5, 1), ('radd', 5, 1), ('add', 5, 6), 'neg', 77, 4, 3, ((1,), {'a': 2}), 'dyn foo', True, False, 5)
# expect: (True, True, True, False, -1, [N(1), N(2), N(3)], True, True)
# expect: slice(1, 2, None)
# expect: slice(3, 2, None)
# expect: slice(0, 9223372036854775807, None)
# expect: slice(1, 2, 3)
# expect: slice(None, 2, None)
# expect: ('slice', 1, 2)
# expect: ('slice', 9, 9223372036854775807)
# expect: True
# expect: ('set', 1, 8, 'x')
# expect: ('del', 0, 9)
# expect: ('nslice', 1, 8)
# expect: slice(1, 2, 1)
# expect: [2, 3]
# expect: def
# expect: (7, 7, True, True, 10, 7)
# expect: TypeError: coercion should return None or 2-tuple
# expect: KeyError: 'x'
# expect: ('set', 'q', 4)
# expect: 4
# expect: ('del', 'q')
# expect: AttributeError: Sa instance has no attribute 'q'
# expect: [1, 2, 3]
# expect: True
# expect: [0, 1, 2]
# expect: True
# expect: TypeError: iteration over non-sequence
# expect: ('caught', 'E')
# expect: yes
# expect: True
# expect: TypeError: unhashable instance
# expect: False
# expect: True
# expect: TypeError: __nonzero__ should return an int
# expect: enter
# expect: 1
# expect: ('exit', None)
# expect: enter
# expect: ('exit', <type 'exceptions.ValueError'>)
# expect: TypeError: __init__() should return None
# expect: TypeError: __bases__ must be a tuple object
# expect: TypeError: __bases__ items must be classes
# expect: TypeError: a __bases__ item causes an inheritance cycle
# expect: TypeError: __name__ must be a string object
# expect: TypeError: __class__ must be set to a class
# expect: TypeError: __dict__ must be set to a dictionary
# expect: B.f
# expect: AttributeError: class A has no attribute 'zz'
# expect: 3
# expect: ('K', 1, <unbound method K.f>)
# expect: TypeError: argument 1 must be string, not int
# expect: TypeError: PyClass_New: bases must be a tuple
# expect: TypeError: int() takes at most 2 arguments (3 given)
# expect: 1
# expect: TypeError: instance() argument 1 must be classobj, not int
# expect: [None, 2.5, 3, {}, [2], 'a', (1,), u'b']
# expect: -1
# expect: 1
# expect: True
# expect: False
# expect: -1
# expect: False
# expect: True
# expect: 0
# expect: 0
# expect: False
# expect: 1
# expect: (True, True, True, True, -1, 1, 1)
# expect: TypeError: an integer is required
# expect: 3
# expect: AttributeError: can't set attribute
# expect: AttributeError: can't delete attribute
# expect: AttributeError: unreadable attribute
# expect: TypeError: readonly attribute
# expect: 4
# expect: <super: <class 'Q'>, <Q object>>
# expect: <super: <class 'Q'>, NULL>
# expect: TypeError: super() argument 1 must be type, not int
# expect: TypeError: super(type, obj): obj must be an instance or subtype of type
# expect: AttributeError: 'super' object has no attribute 'zzz'
# expect: TypeError: super() takes at least 1 argument (0 given)
# expect: <unbound method Q.f>
# expect: TypeError: unbound method f() must be called with Q instance as first argument (got int instance instead)
# expect: TypeError: unbound method f() must be called with Q instance as first argument (got nothing instead)
# expect: f
# expect: Q
# expect: True
# expect: 1
# expect: ('f', (2,), 'fd', None, {}, 'f', 'f')
# expect: <function f
# expect: TypeError: __defaults__ must be set to a tuple object
# expect: TypeError: setting function's dictionary to a non-dict
# expect: TypeError: function's dictionary may not be deleted
# expect: TypeError: __code__ must be set to a code object
# expect: TypeError: readonly attribute
# expect: TypeError: __name__ must be set to a string object
# expect: AttributeError: 'function' object has no attribute 'nope'
# expect: (2, ('a', 'b'), 2, 130)
# expect: None
# expect: []
# expect: __builtin__
# expect: <method 'append' of 'list' objects>
# expect: <slot wrapper '__add__' of 'int' objects>
# expect: <built-in method append of list object
# expect: False
# expect: len
# expect: TypeError: first argument must be callable
# expect: TypeError: unbound methods must have non-NULL im_class
# expect: 3
# expect: <unbound method Q.f>
# expect: TypeError: instancemethod expected at least 2 arguments, got 1
# expect: True
# expect: TypeError: cannot create weak reference to 'int' object
# expect: True
# expect:  to 'instance'
# expect: (('add', 5, 1), ('radd', 5, 1), 'dyn foo', 4, False, ((3,), {}))
# expect: TypeError: unhashable type: 'weakcallableproxy'
# expect: 1
