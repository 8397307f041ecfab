# Classes, attributes, descriptors, operators, inheritance, in both languages.
import sys
def show(*args):
    sys.stdout.write(' '.join(str(a) for a in args) + '\n')

class Base(object):
    kind = 'base'
    def __init__(self, x):
        self.x = x
    def hello(self):
        return 'base %s' % self.x
    @property
    def double(self):
        return self.x * 2
    @double.setter
    def double(self, v):
        self.x = v // 2
    @staticmethod
    def stat(a):
        return a + 1
    @classmethod
    def make(cls, x):
        return cls(x)
    def __add__(self, o):
        return type(self)(self.x + o.x)
    def __eq__(self, o):
        return self.x == o.x
    __hash__ = None
    def __getitem__(self, i):
        if i > 3:
            raise IndexError(i)
        return i * self.x
    def __len__(self):
        return 4
    def __repr__(self):
        return '%s(%r)' % (type(self).__name__, self.x)

class Derived(Base):
    kind = 'derived'
    def hello(self):
        return 'derived ' + super(Derived, self).hello()

a = Base(3)
b = Derived.make(4)
show(a.hello(), '|', b.hello())  # expect: base 3 | derived base 4
show(a.double, b.double, Base.stat(1))  # expect: 6 8 2
a.double = 10
show(a, b, a + b, b + a)  # expect: Base(5) Derived(4) Base(9) Derived(9)
show(list(a), len(b), 15 in a, 7 in a)  # expect: [0, 5, 10, 15] 4 True False
show(a == Base(5), a != b)  # expect: True True
show(isinstance(b, Base), issubclass(Base, Derived), Derived.__mro__[1].__name__)  # expect: True False Base
a.y = 1
del a.x
show(hasattr(a, 'x'), a.y, sorted(vars(a)))  # expect: False 1 ['y']
try:
    a.nothing
except AttributeError as e:
    show(e)  # expect: 'Base' object has no attribute 'nothing'
Base.late = lambda self: 'late'
show(a.late(), b.late())  # expect: late late
class Slots(object):
    __slots__ = ('p', 'q')
s = Slots()
s.p = 1
try:
    s.r = 2
except AttributeError:
    show('no r')  # expect: no r
class Meta(type):
    def __new__(mcs, name, bases, ns):
        ns['tag'] = name.lower()
        return type.__new__(mcs, name, bases, ns)
M = Meta('Tagged', (object,), {})
show(M.tag, type(M).__name__)  # expect: tagged Meta
