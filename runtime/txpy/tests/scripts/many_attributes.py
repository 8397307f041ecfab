# Ever new attributes: objects of one class that have nothing in common.
# stress: 997
from __future__ import print_function


class Thing(object):
    pass


class Other(object):
    pass


things = []
for n in range(600):
    t = Thing()
    setattr(t, "only%d" % n, n)
    t.common = -n
    things.append(t)
print(sum(getattr(t, "only%d" % n) + t.common for n, t in enumerate(things)))
# expect: 0

# Attributes that go in another order than they came.
for n, t in enumerate(things):
    t.last = n
    delattr(t, "only%d" % n)
print(sorted(vars(things[599])), sum(t.last + t.common for t in things))
# expect: ['common', 'last'] 0

# Another class, and the attributes stay.
for n, t in enumerate(things):
    setattr(t, "again%d" % (n // 2), n)
    t.__class__ = Other
print(sum(getattr(t, "again%d" % (n // 2)) - t.last for n, t in enumerate(things)), type(things[77]).__name__)
# expect: 0 Other

one = Thing()
for n in range(600):
    setattr(one, "a%d" % n, n)
    if n % 3 == 0:
        delattr(one, "a%d" % n)
print(len(vars(one)), one.a599, hasattr(one, "a3"))
# expect: 400 599 False
