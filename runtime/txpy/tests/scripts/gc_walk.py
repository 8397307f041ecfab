# stress: 499
from __future__ import print_function
import gc, sys

py3 = sys.version_info[0] == 3


def among(x, found):
    return any(x is y for y in found)


class C(object):
    def __init__(self, a):
        self.a = a


class Slots(object):
    __slots__ = ('a',)


x = C(None)

# What refers to an object.
in_list, in_tuple, in_dict, as_key, in_set, in_frozenset = [x], (1, x), {'k': x}, {x: 1}, set([x]), frozenset([x, 2])
instance, slots, method = C(x), Slots(), None
slots.a = x


def closed(y):
    return lambda: y


closure = closed(x)


def generator(y):
    yield y


suspended = generator(x)
next(suspended)


def default(y=x):
    pass


def globals_of():
    return globals()


found = gc.get_referrers(x)
print([among(y, found) for y in (in_list, in_tuple, in_dict, as_key, in_set, in_frozenset, closure.__closure__[0], slots, globals_of())])
# expect: [True, True, True, True, True, True, True, True, True]
print(among(instance if py3 else instance.__dict__, found), among(default.__defaults__, found), among(suspended, found) or not py3)
# expect: True True True
print(among([], found), among(closure, found), among(default, found))
# expect: False False False
only = [C(None)]
print(gc.get_referrers(only[0]) == [only], gc.get_referrers(C(None)), gc.get_referrers())
# expect: True [] []
a, b = C(only), C(1)
b.a = only[0]
found = gc.get_referrers(only[0])
print(len(found), among(only, found), among(b if py3 else b.__dict__, found))
# expect: 2 True True
b.__dict__
found = gc.get_referrers(only[0])
print(len(found), among(only, found), among(b if py3 else b.__dict__, found))
# expect: 2 True True
print(among(C, gc.get_referrers(C.__init__ if py3 else C.__dict__['__init__'])), among(a, gc.get_referrers(C)))
# expect: False True
print(among(a if py3 else a.__dict__, gc.get_referrers(only, b)), len(gc.get_referrers(gc.get_referrers)) > 0)
# expect: True True


class L(list):
    pass


l = L([only])
l.k = a
found = gc.get_referrers(a)
print(among(l, gc.get_referrers(only)), among(l, found), among(l.__dict__, found))
# expect: True False True


# What an object refers to.
def referents(*objects):
    return sorted(repr(y) for y in gc.get_referents(*objects))


print(gc.get_referents([1, 'a', 2.5]), gc.get_referents((3, 4)), gc.get_referents(1, 'a', 2.5, None))
# expect: [2.5, 'a', 1] [4, 3] []
print(referents({1: 2}), referents(set([5, 6])), referents(frozenset([7])), referents([1], (2,)))
# expect: ['1', '2'] ['5', '6'] ['7'] ['1', '2']
print(gc.get_referents({'a': 1}) == ([1] if py3 else ['a', 1]), gc.get_referents({}), gc.get_referents())
# expect: True [] []
print(gc.get_referents(a) == ([only, C] if py3 else [a.__dict__, C]), among(only, gc.get_referents(slots)), among(x, gc.get_referents(slots)))
# expect: True False True
print(among(x, gc.get_referents(closure.__closure__[0])), among(closure.__closure__, gc.get_referents(closure)), among(globals(), gc.get_referents(default)))
# expect: True True True
print(among(a, gc.get_referents(a.__init__)), among(sys.__dict__, gc.get_referents(sys)), among(object, gc.get_referents(C)))
# expect: True True True

# All objects.
found = gc.get_objects()
print([among(y, found) for y in (in_list, in_tuple, in_dict, in_set, instance, slots, C, closure, suspended, sys, globals(), x, found)])
# expect: [True, True, True, True, True, True, True, True, True, True, True, True, False]
print([among(y, found) for y in (1, 'a', 2.5, int, (), {}, closure.__code__, None)])
# expect: [False, False, False, False, False, False, False, False]
print(sorted(set(type(y).__name__ for y in found) & set(['cell', 'Values', 'Bytes8', 'str', 'int'])))
# expect: ['cell']


class Counted(object):
    pass


def counted():
    return sum(type(y) is Counted for y in gc.get_objects())


keep = [Counted() for _ in range(1000)]
print(counted())
# expect: 1000
keep[0].other, keep[-1].other = keep[-1], keep[0]
print(counted(), [gc.is_tracked(y) for y in ([], {}, {1: 2}, {1: []}, (), (1, []), 1, 'a', C, int, a, closure, sys)])
# expect: 1000 [True, False, False, True, False, True, False, False, True, False, True, True, True]
if py3:
    for n in -2, 3:
        try:
            gc.get_objects(generation=n)
        except ValueError as e:
            print(e)
    gc.collect()
    print(len(gc.get_objects(generation=2)) > 1000, among(keep, gc.get_objects(generation=None)))
else:
    print('generation parameter cannot be negative\ngeneration parameter must be less than the number of available generations (3)\nTrue True')
# expect: generation parameter cannot be negative
# expect: generation parameter must be less than the number of available generations (3)
# expect: True True
