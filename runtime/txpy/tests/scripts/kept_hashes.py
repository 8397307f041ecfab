# Sets and dicts take over the hashes that the other keeps, instead of asking the keys again.
from __future__ import print_function


class Key(object):
    asked = 0

    def __init__(self, x):
        self.x = x

    def __hash__(self):
        Key.asked += 1
        return self.x

    def __eq__(self, other):
        return self.x == other.x


keys = [Key(i) for i in [0, 1, 2, 3, -7, 2 ** 61, 2 ** 61 - 2, 2 ** 62 - 5, -2 ** 61 - 9, -2 ** 60]]
d = dict.fromkeys(keys, 1)


def count(what, f):
    Key.asked = 0
    r = f()
    print(what, Key.asked)
    return r


s = count('set', lambda: set(d))  # expect: set 0
f = count('frozenset', lambda: frozenset(d))  # expect: frozenset 0
count('update', lambda: set().update(d))  # expect: update 0
count('union', lambda: s.union(d))  # expect: union 0
count('difference', lambda: s.difference(d))  # expect: difference 0
count('difference_update', lambda: set(s).difference_update(d))  # expect: difference_update 10
count('symmetric_difference', lambda: s.symmetric_difference(d))  # expect: symmetric_difference 0
count('from a dict', lambda: dict.fromkeys(d))  # expect: from a dict 0
e = count('from a set', lambda: dict.fromkeys(s))  # expect: from a set 0
count('from a frozenset', lambda: dict.fromkeys(f))  # expect: from a frozenset 0
count('intersection', lambda: s.intersection(d))  # expect: intersection 10
count('a subclass', lambda: set(type('D', (dict,), {})(d)))  # expect: a subclass 10
# Found again under the hashes taken over.
print(len(s), all(k in s for k in keys), all(Key(k.x) in f for k in keys), all(k in e for k in keys))  # expect: 10 True True True
print(s == f == set(keys), s - set(d) == set(), [k.x for k in s] == [k.x for k in set(keys)], len(e) == len(d))  # expect: True True True True
print([k.x for k in dict.fromkeys(d)] == [k.x for k in d], dict.fromkeys(d, 2)[Key(-7)])  # expect: True 2
