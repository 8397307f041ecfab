# A method is looked up before its arguments are computed.
# stress: 997
from __future__ import print_function


class Seen(object):
    def __init__(self):
        self.said = []

    def __getattr__(self, name):
        self.said.append(name)
        return lambda *a: a

    def tell(self, x):
        self.said.append(x)
        return x


def calls(o):
    o.one(o.tell(1))
    o.two(o.three(o.tell(3)), o.tell(2))
    o.four(*[o.tell(4)])
    return o.said


print(calls(Seen()))  # expect: ['one', 1, 'two', 'three', 3, 2, 'four', 4]


def missing(o):
    try:
        o.write(1 // 0)
    except (AttributeError, ZeroDivisionError) as e:
        print(type(e).__name__)


missing(None)  # expect: AttributeError
missing(Seen())  # expect: ZeroDivisionError


class Changing(object):
    def old(self, x):
        return "old %s" % x

    def change(self):
        self.method = lambda x: "new %s" % x
        return "argument"

    method = old


c = Changing()
print(c.method(c.change()), c.method(c.change()))  # expect: old argument new argument
c.plain = len
print(c.plain(c.change() + "s"), "a,b".split("," * 1), [].append([1].pop()))  # expect: 9 ['a', 'b'] None


def several(n):
    out = []
    for i in range(n):
        out.append(str(i) * 2)
    return "".join(out)


print(several(5))  # expect: 0011223344


def generated():
    got = []
    got.append((yield 1))
    got.extend([(yield 2), (yield 3)])
    yield got


g = generated()
print([next(g), g.send("a"), g.send("b"), g.send("c")])  # expect: [1, 2, 3, ['a', 'b', 'c']]
