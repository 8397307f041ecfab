# Exception groups and except*.
# lang: 3
# stress: 5
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, e)
EG = ExceptionGroup; BEG = BaseExceptionGroup
t(lambda: BEG()); t(lambda: BEG(1,[])); t(lambda: BEG('a',1)); t(lambda: BEG('a',[])); t(lambda: BEG('a',[1])); t(lambda: EG('a',[KeyboardInterrupt()])); t(lambda: BEG('a', {1:2})); t(lambda: BEG('a', {1}))
t(lambda: type(BEG('a', [ValueError()])).__name__); t(lambda: type(BEG('a', [KeyboardInterrupt()])).__name__); t(lambda: EG.__mro__); t(lambda: repr(EG('a', [ValueError(1), TypeError(2)]))); t(lambda: str(EG('a', [ValueError(1)])))
e = EG('msg', [ValueError(1), EG('in', [TypeError(2), ValueError(3)]), OSError(4)])
t(lambda: e.message); t(lambda: e.exceptions); t(lambda: e.args); t(lambda: e.split(ValueError)); t(lambda: e.subgroup(TypeError)); t(lambda: e.subgroup(lambda x: isinstance(x, OSError))); t(lambda: e.split((TypeError, OSError))); t(lambda: e.subgroup(KeyError)); t(lambda: e.split(3)); t(lambda: e.split(int)); t(lambda: e.derive([KeyError(1)])); t(lambda: e.split(EG)[0] is e)
t(lambda: setattr(e, 'message', 3)); t(lambda: EG[int])
class MyEG(ExceptionGroup):
    def __new__(cls, m, x, code): 
        o = super().__new__(cls, m, x); o.code = code; return o
    def derive(self, x): return MyEG(self.message, x, self.code)
m = MyEG('m', [ValueError(1), TypeError(2)], 42)
m.add_note('n1')
t(lambda: (m.split(ValueError)[0].code, m.split(ValueError)[0].__notes__, type(m.split(ValueError)[1]).__name__))
class Bad(ExceptionGroup):
    def derive(self, x): return 3
t(lambda: Bad('m', [ValueError(1), TypeError(2)]).split(ValueError))
class K(EG): pass
t(lambda: K('x', [KeyboardInterrupt()]))
def run(f):
    try:
        f(); print('no exception')
    except BaseException as e: show(e, 0)
def show(e, d):
    print('  ' * d + type(e).__name__, e.args[0] if e.args else '')
    for x in getattr(e, 'exceptions', ()): show(x, d + 1)
def a():
    try: raise EG('a', [ValueError(1), TypeError(2), EG('b', [ValueError(3), OSError(4)])])
    except* ValueError as e: print('V', e.exceptions)
    except* TypeError as e: print('T', e.exceptions)
run(a)
def b():
    try: raise ValueError(1)
    except* ValueError as e: print('V', repr(e)); 
run(b)
def c():
    try: raise ValueError(1)
    except* TypeError as e: print('T')
run(c)
def d():
    try: raise EG('a', [ValueError(1), TypeError(2)])
    except* ValueError as e: raise KeyError('k')
run(d)
def e1():
    try: raise EG('a', [ValueError(1), TypeError(2), EG('c', [ValueError(5)])])
    except* ValueError as e: raise
    except* TypeError: pass
run(e1)
def f():
    try: raise EG('a', [ValueError(1), TypeError(2)])
    except* ValueError as e: raise OSError(1)
    except* TypeError as e: raise OSError(2)
run(f)
def g():
    try: raise EG('a', [ValueError(1)])
    except* EG: pass
run(g)
def h():
    try: raise EG('a', [ValueError(1)])
    except* int: pass
run(h)
def i():
    try: pass
    except* ValueError: print('no')
    else: print('else')
    finally: print('fin')
run(i)
def j():
    try: raise EG('a', [ValueError(1), KeyError(2)])
    except* (ValueError, KeyError) as e: print(e.exceptions)
    print('after')
run(j)
def k():
    try: raise ValueError(7)
    except* ValueError as e: raise e
run(k)

# What CPython prints:
# expect: TypeError BaseExceptionGroup.__new__() takes exactly 2 arguments (0 given)
# expect: TypeError BaseExceptionGroup.__new__() argument 1 must be str, not int
# expect: TypeError second argument (exceptions) must be a sequence
# expect: ValueError second argument (exceptions) must be a non-empty sequence
# expect: ValueError Item 0 of second argument (exceptions) is not an exception
# expect: TypeError Cannot nest BaseExceptions in an ExceptionGroup
# expect: TypeError second argument (exceptions) must be a sequence
# expect: TypeError second argument (exceptions) must be a sequence
# expect: ExceptionGroup
# expect: BaseExceptionGroup
# expect: (<class 'ExceptionGroup'>, <class 'BaseExceptionGroup'>, <class 'Exception'>, <class 'BaseException'>, <class 'object'>)
# expect: ExceptionGroup('a', [ValueError(1), TypeError(2)])
# expect: a (1 sub-exception)
# expect: msg
# expect: (ValueError(1), ExceptionGroup('in', [TypeError(2), ValueError(3)]), OSError(4))
# expect: ('msg', [ValueError(1), ExceptionGroup('in', [TypeError(2), ValueError(3)]), OSError(4)])
# expect: (ExceptionGroup('msg', [ValueError(1), ExceptionGroup('in', [ValueError(3)])]), ExceptionGroup('msg', [ExceptionGroup('in', [TypeError(2)]), OSError(4)]))
# expect: msg (1 sub-exception)
# expect: msg (1 sub-exception)
# expect: (ExceptionGroup('msg', [ExceptionGroup('in', [TypeError(2)]), OSError(4)]), ExceptionGroup('msg', [ValueError(1), ExceptionGroup('in', [ValueError(3)])]))
# expect: None
# expect: TypeError expected an exception type, a tuple of exception types, or a callable (other than a class)
# expect: TypeError expected an exception type, a tuple of exception types, or a callable (other than a class)
# expect: msg (1 sub-exception)
# expect: True
# expect: AttributeError readonly attribute
# expect: ExceptionGroup[int]
# expect: (42, ['n1'], 'MyEG')
# expect: TypeError derive must return an instance of BaseExceptionGroup
# expect: TypeError Cannot nest BaseExceptions in 'K'
# expect: V (ValueError(1), ExceptionGroup('b', [ValueError(3)]))
# expect: T (TypeError(2),)
# expect: ExceptionGroup a
# expect:   ExceptionGroup b
# expect:     OSError 4
# expect: V ExceptionGroup('', (ValueError(1),))
# expect: no exception
# expect: ValueError 1
# expect: ExceptionGroup 
# expect:   KeyError k
# expect:   ExceptionGroup a
# expect:     TypeError 2
# expect: ExceptionGroup a
# expect:   ValueError 1
# expect:   ExceptionGroup c
# expect:     ValueError 5
# expect: ExceptionGroup 
# expect:   OSError 1
# expect:   OSError 2
# expect: TypeError catching ExceptionGroup with except* is not allowed. Use except instead.
# expect: TypeError catching classes that do not inherit from BaseException is not allowed
# expect: else
# expect: fin
# expect: no exception
# expect: (ValueError(1), KeyError(2))
# expect: after
# expect: no exception
# expect: ExceptionGroup 
# expect:   ValueError 7
