# Slots that `__slots__` declares are no part of `__dict__`, whatever becomes of it.
# stress: 11
import collections, copy, gc, pickle, sys, weakref

def show(*args):
    sys.stdout.write(' '.join(str(a) for a in args) + '\n')

def error(f, *args):
    try:
        f(*args)
    except Exception as e:
        return type(e).__name__
    return 'no error'

def names(o):
    return sorted(n for n in dir(o) if not n.startswith('__'))

class Both(object):
    __slots__ = ('a', '__dict__')
class Slot(object):
    __slots__ = 'a'
class Sub(Slot):
    pass
class Weak(Slot):
    __slots__ = ('b', '__dict__', '__weakref__')
class Late(object):
    pass
class Later(Late):
    __slots__ = ('a', 'b')
class Failure(Exception):
    __slots__ = ('a',)
class Text(type(u'')):
    __slots__ = ('a',)
class Subtext(Text):
    pass
class Listed(list):
    __slots__ = ('a', '__dict__')

def every():
    return [Both(), Sub(), Weak(), Later(), Failure('x'), Subtext('t'), Listed([1])]

for o in every():
    show(hasattr(o, 'a'), o.__dict__, hasattr(o, 'a'))
# expect: False {} False
# expect: False {} False
# expect: False {} False
# expect: False {} False
# expect: False {} False
# expect: False {} False
# expect: False {} False
for o in every():
    o.x = 1
    o.a = 2
    show(type(o).__name__, o.__dict__, vars(o), o.a, o.x, [n for n in names(o) if n in 'abxy'])
    o.__dict__ = {'y': 3}
    show(o.a, hasattr(o, 'x'), o.y)
    o.a = 4
    o.__dict__['a'] = 5
    show(o.a, type(o).a.__get__(o), o.__dict__ == {'y': 3, 'a': 5})
    del o.a
    show(error(lambda: o.a), error(delattr, o, 'a'), o.__dict__['a'], hasattr(o, 'a'))
    o.a = 6
    o.__dict__.clear()
    show(o.a, o.__dict__)
# expect: Both {'x': 1} {'x': 1} 2 1 ['a', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Sub {'x': 1} {'x': 1} 2 1 ['a', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Weak {'x': 1} {'x': 1} 2 1 ['a', 'b', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Later {'x': 1} {'x': 1} 2 1 ['a', 'b', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Failure {'x': 1} {'x': 1} 2 1 ['a', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Subtext {'x': 1} {'x': 1} 2 1 ['a', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}
# expect: Listed {'x': 1} {'x': 1} 2 1 ['a', 'x']
# expect: 2 False 3
# expect: 4 4 True
# expect: AttributeError AttributeError 5 False
# expect: 6 {}

show('slots first, last, between')
# expect: slots first, last, between
for order in ('axby', 'xyab', 'abxy', 'xayb'):
    o = Weak()
    for i, k in enumerate(order):
        setattr(o, k, i)
    before = [getattr(o, k) for k in 'abxy']
    d = o.__dict__
    show(order, before == [getattr(o, k) for k in 'abxy'], sorted(d))
    del o.a
    d['z'] = 1
    show(error(lambda: o.a), o.b, o.z)
    o.a = d
    show(o.a is o.__dict__)
    show(weakref.ref(o)() is o)
# expect: axby True ['x', 'y']
# expect: AttributeError 2 1
# expect: True
# expect: True
# expect: xyab True ['x', 'y']
# expect: AttributeError 3 1
# expect: True
# expect: True
# expect: abxy True ['x', 'y']
# expect: AttributeError 1 1
# expect: True
# expect: True
# expect: xayb True ['x', 'y']
# expect: AttributeError 3 1
# expect: True
# expect: True

show('many')
# expect: many
Many = type('Many', (object,), {'__slots__': ['s%d' % i for i in range(400)] + ['__dict__']})
o = Many()
for i in range(400):
    setattr(o, 's%d' % i, i)
    if i % 3 == 0:
        setattr(o, 'd%d' % i, i)
show(len(o.__dict__), sum(getattr(o, 's%d' % i) for i in range(400)))
# expect: 134 79800
Only = type('Only', (object,), {'__slots__': ['s%d' % i for i in range(1100)]})
o = Only()
for i in range(1099, -1, -1):
    setattr(o, 's%d' % i, i)
show(sum(getattr(o, 's%d' % i) for i in range(1100)), error(lambda: o.__dict__), error(setattr, o, 'x', 1))
# expect: 604450 AttributeError AttributeError
del o.s7
show(hasattr(o, 's7'), o.s8)
# expect: False 8

show('copies')
# expect: copies
class Point(object):
    __slots__ = ('x', '__y', '__dict__')
    def __init__(self, x, y):
        self.x = x
        self.__y = y
        self.note = [x, y]
    def y(self):
        return self.__y
__import__('__main__').Point = Point
p = Point(1, 2)
for q in [copy.copy(p), copy.deepcopy(p), pickle.loads(pickle.dumps(p, 2))]:
    show(q.x, q.y(), q.__dict__, q.note is p.note)
# expect: 1 2 {'note': [1, 2]} True
# expect: 1 2 {'note': [1, 2]} False
# expect: 1 2 {'note': [1, 2]} False
state = p.__reduce_ex__(2)[2]
show(state[0], sorted(state[1].items()))
# expect: {'note': [1, 2]} [('_Point__y', 2), ('x', 1)]
p.__dict__ = {}
show(p.__reduce_ex__(2)[2] in ((None, state[1]), ({}, state[1])))
# expect: True

for base in set, frozenset, bytearray, collections.deque, list, dict:
    C = type('C', (base,), {'__slots__': ('x', '__dict__')})
    setattr(__import__('__main__'), 'C', C)
    o = C()
    o.x, o.y = 5, 6
    q = pickle.loads(pickle.dumps(o, 2))
    # In 2.7 those with a reduction of their own leave slots out.
    show(type(q).__mro__[1].__name__, q == o, q.__dict__, hasattr(q, 'x') == (sys.version_info[0] > 2 or base in (list, dict)))
# expect: set True {'y': 6} True
# expect: frozenset True {'y': 6} True
# expect: bytearray True {'y': 6} True
# expect: deque True {'y': 6} True
# expect: list True {'y': 6} True
# expect: dict True {'y': 6} True
show('the same name twice')
# expect: the same name twice
class First(object):
    __slots__ = ('a', 'b')
class Second(First):
    __slots__ = ('a',)
for made in (Second, type('Third', (Second,), {})):
    s = made()
    s.a = 1
    show(error(First.a.__get__, s))
    First.a.__set__(s, 2)
    show(s.a, First.a.__get__(s), Second.a.__get__(s), Second.a.__name__)
    if hasattr(s, '__dict__'):
        s.c = 5
        show(s.__dict__, s.a, First.a.__get__(s))
    del s.a
    show(hasattr(s, 'a'), First.a.__get__(s))
# expect: AttributeError
# expect: 1 2 1 a
# expect: False 2
# expect: AttributeError
# expect: 1 2 1 a
# expect: {'c': 5} 1 2
# expect: False 2

show('hidden')
# expect: hidden
class Hides(Both):
    a = 'class'
h = Hides()
for i in range(3):
    show(h.a, h.__dict__)
    Both.a.__set__(h, i)
    show(h.a, h.__dict__, Both.a.__get__(h))
# expect: class {}
# expect: class {} 0
# expect: class {}
# expect: class {} 1
# expect: class {}
# expect: class {} 2
h.a = 'own'
show(h.a, h.__dict__, Both.a.__get__(h))
# expect: own {'a': 'own'} 2
del h.a
show(h.a, Both.a.__get__(h))
# expect: class 2
class Gone(object):
    __slots__ = ('a', '__dict__')
def look(o):
    return getattr(o, 'a', None), o.__dict__
g = Gone()
g.a = 1
def read(o):
    return o.a
show(read(g), read(g))
# expect: 1 1
member = Gone.a
del Gone.a
show(look(g), error(read, g), member.__get__(g))
# expect: (None, {}) AttributeError 1
g.a = 2
show(look(g), read(g), read(g), member.__get__(g))
# expect: (2, {'a': 2}) 2 2 1
Gone.a = 3
del g.a
show(read(g), read(g), member.__get__(g))
# expect: 3 3 1
Gone.a = member
show(read(g), read(g), look(g))
# expect: 1 1 (1, {})
class Method(Both):
    def a(self):
        return 'method'
m = Method()
for i in range(3):
    show(m.a(), m.a())
    Both.a.__set__(m, len)
    show(m.a())
# expect: method method
# expect: method
# expect: method method
# expect: method
# expect: method method
# expect: method
class Mixed(type('Mixin', (object,), {'a': 'mixin'}), Both):
    pass
m = Mixed()
Both.a.__set__(m, 1)
show(m.a, m.a, m.__dict__)
# expect: mixin mixin {}

show('layouts')
# expect: layouts
class X(object):
    __slots__ = ('b', 'a')
class Y(object):
    __slots__ = ('a', 'b')
class Z(object):
    __slots__ = ('a',)
class Empty(object):
    __slots__ = ()
x = X()
x.a, x.b = 'a', 'b'
x.__class__ = Y
show(type(x).__name__, x.a, x.b)
# expect: Y a b
show(error(setattr, x, '__class__', Z))
# expect: TypeError
show(error(type, 'W', (X, Z), {}), error(type, 'W', (X, Y), {}), error(type, 'W', (Empty, X, Slot.__base__), {}))
# expect: TypeError TypeError no error
W = type('W', (Empty, X), {})
w = W()
w.a = w.c = 1
show(W.__base__.__name__, w.__dict__)
# expect: X {'c': 1}
class A1(X):
    pass
class A2(X):
    pass
o = A1()
o.a, o.c, o.b = 1, 2, 3
o.__class__ = A2
show(o.a, o.b, o.c, o.__dict__)
# expect: 1 3 2 {'c': 2}
o.__class__ = A1
show(o.a, o.b, o.c, o.__dict__)
# expect: 1 3 2 {'c': 2}
show(error(setattr, A1, '__bases__', (Z,)), error(setattr, A1, '__bases__', (object,)))
# expect: TypeError TypeError
A1.__bases__ = (Y,)
show(o.a, o.b, error(X.a.__get__, o))
# expect: 1 3 TypeError
o.a = 5
show(o.a, o.__dict__)
# expect: 5 {'c': 2}
show(error(Slot.a.__get__, Both()), error(Slot.a.__set__, Both(), 1), error(Slot.a.__delete__, Both()))
# expect: TypeError TypeError TypeError
class Foreign(object):
    a = Slot.__dict__['a']
f = Foreign()
show(error(lambda: f.a), error(setattr, f, 'a', 1), f.__dict__)
# expect: TypeError TypeError {}

show('collected')
# expect: collected
class Referred(object):
    pass
o = Both()
o.a = Referred()
o.b = Referred()
o.__dict__
for i in range(3):
    gc.collect()
show(type(o.a).__name__, type(o.b).__name__)
# expect: Referred Referred
show(o.a in gc.get_referents(o))
# expect: True
class Node(object):
    __slots__ = ('value', 'next')
head = None
for i in range(200):
    n = Node()
    n.value, n.next = i, head
    head = n
total = 0
while head is not None:
    total += head.value
    head = head.next
show(total)
# expect: 19900
