# Properties, super, weak references; attributes of functions, methods and code.
# lang: 3
# stress: 5
import _weakref as weakref
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
class C:
    def __init__(self): self._x = 1
    def getx(self): "doc of x"; return self._x
    def setx(self, v): self._x = v
    x = property(getx, setx)
    @property
    def y(self): return 5
    @y.deleter
    def y(self): print('del y')
    def m(self): "mdoc"; return 'm'
    @staticmethod
    def s(a): "sdoc"; return a
    @classmethod
    def c(cls): return cls.__name__
c = C()
t(lambda: c.x); c.x = 7; t(lambda: c.x); t(lambda: C.x.__doc__); t(lambda: C.x.fget is C.__dict__['getx']); t(lambda: C.x.__name__); t(lambda: C.y.__name__)
t(lambda: setattr(c, 'y', 3)); t(lambda: delattr(c, 'x')); t(lambda: delattr(c, 'y')); t(lambda: setattr(C.x, 'fget', 1)); t(lambda: property().__get__(3)); t(lambda: property().__get__(None, int).fget)
class P(property): "mine"
class D:
    @P
    def q(self): "qdoc"; return 3
    q2 = P(lambda s: 4, doc='hi')
t(lambda: (D().q, D.q.__doc__, D.q2.__doc__, P.__doc__, D().q2, type(D.q.setter(None)).__name__))
class A:
    def f(self): return 'A.f'
    @classmethod
    def g(cls): return 'A.g ' + cls.__name__
    @staticmethod
    def h(): return 'A.h'
    @property
    def p(self): return 'A.p'
class B(A):
    def f(self): return 'B.f ' + super().f()
    @classmethod
    def g(cls): return 'B ' + super().g()
    def k(self): return super().p, super().h()
    def z(self): return super().zzz
t(lambda: B().f()); t(lambda: B.g()); t(lambda: B().k()); t(lambda: B().z())
t(lambda: super(B, B()).__thisclass__.__name__); t(lambda: super(B, B()).__self_class__.__name__); t(lambda: super(A)); t(lambda: super(B, B())); t(lambda: super(B, B).f.__qualname__)
t(lambda: super(C, 3)); t(lambda: super(3, C())); t(lambda: super(int, bool)); t(lambda: super(B, B(), 1, 2)); t(lambda: super())
class AA:
    sup = super(A)
t(lambda: weakref.ref()); t(lambda: weakref.ref(C(),1,2)); t(lambda: weakref.ref(3))
r = weakref.ref(c); r2 = weakref.ref(c)
t(lambda: r is r2); t(lambda: r() is c); t(lambda: hash(r) == hash(c)); t(lambda: r == r2); t(lambda: r != r2); t(lambda: weakref.getweakrefcount(c)); t(lambda: weakref.getweakrefs(c) == [r]); t(lambda: r.__callback__)
class R(weakref.ref):
    def __new__(cls, o, cb=None, key=None): return super().__new__(cls, o, cb)
    def __init__(self, o, cb=None, key=None):
        super().__init__(o, cb); self.key = key
k = R(c, None, 'kk'); t(lambda: (k.key, k() is c, k == r, type(k).__name__, weakref.getweakrefcount(c)))
p = weakref.proxy(c)
t(lambda: p.x); t(lambda: type(p)); t(lambda: hash(p)); t(lambda: p.m()); t(lambda: weakref.proxy(3)); t(lambda: weakref.proxy(len))
class N:
    def __init__(self, v): self.v = v
    def __add__(self, o): return self.v + (o.v if isinstance(o, N) else o)
    def __radd__(self, o): return o + self.v
    def __len__(self): return 3
    def __getitem__(self, i): return i * 2
    def __bool__(self): return False
    def __call__(self, *a, **k): return a, k
    def __iter__(self): return iter([1, 2])
    def __contains__(self, x): return x == 9
    def __eq__(self, o): return self.v == (o.v if hasattr(o, 'v') else o)
    def __hash__(self): return 1
    def __neg__(self): return -self.v
    def __index__(self): return 2
n = N(5); p = weakref.proxy(n); t(lambda: (p + 1, 1 + p, p + p, len(p), p[4], bool(p), p(1, a=2), list(p), 9 in p, p == 5, -p, [0, 1, 2][p], str(p) == str(n), type(p).__name__, callable(p)))
t(lambda: p - 1); t(lambda: ~p); t(lambda: next(p)); t(lambda: p < 3)
def f(a, b=2, *c, d=4, **e): "fdoc"; return a
t(lambda: (f.__name__, f.__qualname__, f.__doc__, f.__module__, f.__defaults__, f.__kwdefaults__, f.__dict__, f.__annotations__, f.__closure__, f.__type_params__))
f.zz = 3; t(lambda: (f.zz, f.__dict__)); t(lambda: f.yy)
f.__defaults__ = (9,); f.__kwdefaults__ = {'d': 1}; t(lambda: f.__defaults__); f.__name__ = 'ff'; t(lambda: repr(f)[:14])
def u(): pass
t(lambda: setattr(u,'__code__',3)); t(lambda: setattr(u,'__dict__',3)); t(lambda: setattr(u,'__defaults__',3));t(lambda: delattr(u,'__dict__'));t(lambda: setattr(u,'__kwdefaults__',3));t(lambda: setattr(u,'__type_params__',3));t(lambda: setattr(u,'__annotations__',3));t(lambda: setattr(u,'__name__',3));t(lambda: setattr(u,'__qualname__',3));t(lambda: setattr(u,'__globals__',3))
def clo(i): return lambda: i
t(lambda: setattr(u,'__code__', clo(3).__code__)); t(lambda: clo(3).__closure__[0].cell_contents)
def w(): return 'w'
u.__code__ = w.__code__; t(u)
t(lambda: t.__get__(None, None)); t(lambda: u.__get__(3)); t(lambda: u.__get__(None, int) is u)
F = type(u)
t(lambda: F(3)); t(lambda: F(u.__code__)); t(lambda: F(u.__code__, 3)); t(lambda: F(3, {})); t(lambda: F(u.__code__, {}, 'nn')()); t(lambda: F(clo(1).__code__, {})); t(lambda: F(clo(1).__code__, {}, None, None, clo(8).__closure__)()); t(lambda: F(f.__code__, {}, None, (1, 2))())
t(lambda: len.__self__); t(lambda: repr(int.__new__)[:38]); t(lambda: repr([].__add__)[:45]); t(lambda: [].append.__qualname__); t(lambda: [].append.__module__); t(lambda: list.append.__module__); t(lambda: len.__objclass__); t(lambda: list.append.__self__); t(lambda: len.__reduce__()); t(lambda: list.append.__reduce__()); t(lambda: [].append.__reduce__())
t(lambda: len); t(lambda: list.append); t(lambda: int.__add__); t(lambda: list.append.__objclass__); t(lambda: len.__name__); t(lambda: list.append.__qualname__); t(lambda: len.__module__); t(lambda: len.__doc__ is not None)
l = []; t(lambda: l.append == l.append); t(lambda: l.append == [].append); t(lambda: hash(l.append) == hash(l.append)); t(lambda: list.append.__get__(3)); t(lambda: list.append.__text_signature__)
t(lambda: c.m.__self__ is c); t(lambda: c.m.__func__ is C.m); t(lambda: c.m.__name__); t(lambda: c.m.__doc__); t(lambda: c.m.__module__); t(lambda: c.m == c.m); t(lambda: c.m == C().m); t(lambda: hash(c.m) == hash(c.m)); t(lambda: c.m.foo); t(lambda: repr(c.m)[:35]); t(lambda: setattr(c.m, 'foo', 1)); t(lambda: c.m.__get__(3) == c.m); t(lambda: c.c); t(lambda: c.m.__reduce__()[1][1])
M = type(c.m)
t(lambda: M(3,4)); t(lambda: M(t,None)); t(lambda: M()); t(lambda: M(len, [1])())
s = C.__dict__['s']; t(lambda: (s.__func__ is C.s, s.__wrapped__ is C.s, s.__name__, s.__doc__, s.__qualname__, s.__isabstractmethod__, s(4)))
k = C.__dict__['c']; t(lambda: (k.__func__.__name__, k.__name__, k.__isabstractmethod__)); t(lambda: staticmethod()); 
co = f.__code__
t(lambda: (co.co_name, co.co_qualname, co.co_firstlineno, co.co_argcount, co.co_posonlyargcount, co.co_kwonlyargcount, co.co_varnames, co.co_freevars, co.co_cellvars, co.co_nlocals, hex(co.co_flags)))
t(lambda: clo.__code__.co_cellvars); t(lambda: clo(1).__code__.co_freevars); t(lambda: co == co); t(lambda: co == u.__code__); t(lambda: hash(co) == hash(co)); t(lambda: repr(co).split(' at ')[0]); t(lambda: co.replace(co_name='new').co_name); t(lambda: co.replace(foo=3)); t(lambda: co.replace(co_name=3)); t(lambda: compile('1+2', 'x', 'eval') == compile('1+2', 'y', 'eval'))
t(lambda: [type(x).__name__ for x in co.co_lines()][:1]); t(lambda: len(next(co.co_positions())))

# What CPython prints:
# expect: 1
# expect: 7
# expect: doc of x
# expect: True
# expect: x
# expect: y
# expect: AttributeError property 'y' of 'C' object has no setter
# expect: AttributeError property 'x' of 'C' object has no deleter
# expect: del y
# expect: None
# expect: AttributeError readonly attribute
# expect: AttributeError property of 'int' object has no getter
# expect: None
# expect: (3, 'qdoc', 'hi', 'mine', 4, 'P')
# expect: B.f A.f
# expect: B A.g B
# expect: ('A.p', 'A.h')
# expect: AttributeError 'super' object has no attribute 'zzz'
# expect: B
# expect: B
# expect: <super: <class 'A'>, NULL>
# expect: <super: <class 'B'>, <B object>>
# expect: A.f
# expect: TypeError super(type, obj): obj (instance of int) is not an instance or subtype of type (C).
# expect: TypeError super() argument 1 must be a type, not int
# expect: <super: <class 'int'>, <bool object>>
# expect: TypeError super() expected at most 2 arguments, got 4
# expect: RuntimeError super(): no arguments
# expect: TypeError __new__ expected at least 1 argument, got 0
# expect: TypeError __new__ expected at most 2 arguments, got 3
# expect: TypeError cannot create weak reference to 'int' object
# expect: True
# expect: True
# expect: True
# expect: True
# expect: False
# expect: 1
# expect: True
# expect: None
# expect: ('kk', True, True, 'R', 2)
# expect: 7
# expect: <class 'weakref.ProxyType'>
# expect: TypeError unhashable type: 'weakref.ProxyType'
# expect: m
# expect: TypeError cannot create weak reference to 'int' object
# expect: <built-in function len>
# expect: (6, 6, 10, 3, 8, False, ((1,), {'a': 2}), [1, 2], True, True, -5, 2, True, 'CallableProxyType', True)
# expect: TypeError unsupported operand type(s) for -: 'N' and 'int'
# expect: TypeError bad operand type for unary ~: 'N'
# expect: TypeError Weakref proxy referenced a non-iterator 'N' object
# expect: TypeError '<' not supported between instances of 'N' and 'int'
# expect: ('f', 'f', 'fdoc', '__main__', (2,), {'d': 4}, {}, {}, None, ())
# expect: (3, {'zz': 3})
# expect: AttributeError 'function' object has no attribute 'yy'
# expect: (9,)
# expect: <function f at
# expect: TypeError __code__ must be set to a code object
# expect: TypeError __dict__ must be set to a dictionary, not a 'int'
# expect: TypeError __defaults__ must be set to a tuple object
# expect: TypeError cannot delete __dict__
# expect: TypeError __kwdefaults__ must be set to a dict object
# expect: TypeError __type_params__ must be set to a tuple
# expect: TypeError __annotations__ must be set to a dict object
# expect: TypeError __name__ must be set to a string object
# expect: TypeError __qualname__ must be set to a string object
# expect: AttributeError readonly attribute
# expect: ValueError u() requires a code object with 0 free vars, not 1
# expect: 3
# expect: w
# expect: TypeError __get__(None, None) is invalid
# expect: <bound method u of 3>
# expect: True
# expect: TypeError function() missing required argument 'globals' (pos 2)
# expect: TypeError function() missing required argument 'globals' (pos 2)
# expect: TypeError function() argument 'globals' must be dict, not int
# expect: TypeError function() argument 'code' must be code, not int
# expect: w
# expect: TypeError arg 5 (closure) must be tuple
# expect: 8
# expect: TypeError f() missing 1 required keyword-only argument: 'd'
# expect: <module 'builtins' (built-in)>
# expect: <built-in method __new__ of type objec
# expect: <method-wrapper '__add__' of list object at 0
# expect: list.append
# expect: None
# expect: AttributeError 'method_descriptor' object has no attribute '__module__'
# expect: AttributeError 'builtin_function_or_method' object has no attribute '__objclass__'
# expect: AttributeError 'method_descriptor' object has no attribute '__self__'
# expect: len
# expect: (<built-in function getattr>, (<class 'list'>, 'append'))
# expect: (<built-in function getattr>, ([], 'append'))
# expect: <built-in function len>
# expect: <method 'append' of 'list' objects>
# expect: <slot wrapper '__add__' of 'int' objects>
# expect: <class 'list'>
# expect: len
# expect: list.append
# expect: builtins
# expect: True
# expect: True
# expect: False
# expect: True
# expect: TypeError descriptor 'append' for 'list' objects doesn't apply to a 'int' object
# expect: ($self, object, /)
# expect: True
# expect: True
# expect: m
# expect: mdoc
# expect: __main__
# expect: True
# expect: False
# expect: True
# expect: AttributeError 'function' object has no attribute 'foo'
# expect: <bound method C.m of <__main__.C ob
# expect: AttributeError 'method' object has no attribute 'foo' and no __dict__ for setting new attributes
# expect: True
# expect: <bound method C.c of <class '__main__.C'>>
# expect: m
# expect: TypeError first argument must be callable
# expect: TypeError instance must not be None
# expect: TypeError method expected 2 arguments, got 0
# expect: 1
# expect: (True, True, 's', 'sdoc', 'C.s', False, 4)
# expect: ('c', 'c', False)
# expect: TypeError staticmethod expected 1 argument, got 0
# expect: ('f', 'f', 76, 2, 0, 1, ('a', 'b', 'd', 'c', 'e'), (), (), 5, '0xf')
# expect: ('i',)
# expect: ('i',)
# expect: True
# expect: False
# expect: True
# expect: <code object f
# expect: new
# expect: TypeError replace() got an unexpected keyword argument 'foo'
# expect: TypeError replace() argument 'co_name' must be str, not int
# expect: True
# expect: ['tuple']
# expect: 4
