# classmethod and staticmethod get their function in __init__, which classes of scripts may call, put off or forget.
# lang: 3
import abc
for T in (classmethod, staticmethod):
    for a,k in (((),{}),((1,2),{}),((1,),{'x':1}),((),{'function':1})):
        try: print(T(*a,**k))
        except TypeError as e: print(e)
    x = T.__new__(T)
    try: print(x.__func__)
    except Exception as e: print(type(e).__name__, e)
    class S(T):
        def __init__(self, f, more):
            T.__init__(self, f)
            self.more = more
    class S2(T):
        def __init__(self, f): pass
    class S3(T):
        def __new__(cls, f, y=3): return super(S3, cls).__new__(cls)
    s = S(len, 4)
    print(s.__func__, s.more)
    class C(object):
        a = S(lambda *a: len(a), 3)
        b = S2(lambda *a: len(a))
        c = S3(lambda *a: len(a))
    print(C.a(1,2), C().a(1))
    try: print(C.b)
    except Exception as e: print(type(e).__name__, e)
    try: print(C.c(1,2), C().c(1))
    except Exception as e: print(type(e).__name__, e)
    f = T(len)
    T.__init__(f, max)
    print(f.__func__)
    try: T.__init__(f)
    except TypeError as e: print(e)
    try: T.__init__(1, f)
    except TypeError as e: print(e)
    print(f.__name__, f.__wrapped__)


class Abstract(abc.ABC):
    @abc.abstractclassmethod
    def foo(cls):
        return cls.__name__


try:
    Abstract()
except TypeError as e:
    print(e)


class Concrete(Abstract):
    @classmethod
    def foo(cls):
        return super().foo()


print(Concrete().foo())
# expect: classmethod expected 1 argument, got 0
# expect: classmethod expected 1 argument, got 2
# expect: classmethod() takes no keyword arguments
# expect: classmethod() takes no keyword arguments
# expect: None
# expect: <built-in function len> 4
# expect: 3 2
# expect: RuntimeError uninitialized classmethod object
# expect: 3 2
# expect: <built-in function max>
# expect: classmethod expected 1 argument, got 0
# expect: descriptor '__init__' requires a 'classmethod' object but received a 'int'
# expect: max <built-in function max>
# expect: staticmethod expected 1 argument, got 0
# expect: staticmethod expected 1 argument, got 2
# expect: staticmethod() takes no keyword arguments
# expect: staticmethod() takes no keyword arguments
# expect: None
# expect: <built-in function len> 4
# expect: 2 1
# expect: RuntimeError uninitialized staticmethod object
# expect: 2 1
# expect: <built-in function max>
# expect: staticmethod expected 1 argument, got 0
# expect: descriptor '__init__' requires a 'staticmethod' object but received a 'int'
# expect: max <built-in function max>
# expect: Can't instantiate abstract class Abstract without an implementation for abstract method 'foo'
# expect: Concrete
