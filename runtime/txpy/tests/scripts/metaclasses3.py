# A class's order comes from its metaclass, whose own order may hold more than `type`.
# lang: 3
M1 = type('M1', (type,), {})
M2 = type.__new__(M1, 'M2', (type,), {})
print(type(M2).__name__, [c.__name__ for c in M2.__mro__], M2.mro)
M3 = type.__new__(M2, 'M3', (type,), {})
print(type(M3).__name__, [c.__name__ for c in M3.__mro__])
C = M3('C', (), {})
print(type(C).__name__, [c.__name__ for c in C.__mro__])

class Curious(type):
    def mro(cls):
        # Looked up before there is an order, and found afterwards.
        print(hasattr(cls, 'late'), hasattr(cls, '__repr__'), hasattr(cls, 'mro'))
        return super().mro()
class Base(metaclass=Curious):
    late = 1
class Child(Base):
    late = 2
print(Base.late, Child.late, Child.mro())

class Wrong(type):
    mro = 3
try: Wrong('W', (), {})
except TypeError as e: print(e)

class Without(type):
    def mro(cls):
        return super().mro()[1:]
try: Without('Out', (), {})
except TypeError as e: print(e)

class Plain:
    x: int
del Plain.__annotations__
for _ in range(2):
    try: del Plain.__annotations__
    except AttributeError as e: print(repr(e), Plain.__annotations__)
# expect: M1 ['M2', 'type', 'object'] <method 'mro' of 'type' objects>
# expect: M2 ['M3', 'type', 'object']
# expect: M3 ['C', 'object']
# expect: False True True
# expect: False True True
# expect: True True True
# expect: 1 2 [<class '__main__.Child'>, <class '__main__.Base'>, <class 'object'>]
# expect: 'int' object is not callable
# expect: super(type, obj): obj (type Out) is not an instance or subtype of type (Out).
# expect: AttributeError('__annotations__') {}
