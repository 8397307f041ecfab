# Repeats in patterns: counts and places are taken back when an attempt fails, rounds that take nothing end, nothing needs memory without end.
# stress: 997
from __future__ import print_function
import re


def show(pattern, string, flags=0):
    m = re.match(pattern, string, flags)
    print(m and (m.span(), m.groups(), m.lastindex))


show("(a*)*?b", "aaa")  # expect: None
show("(a*)*?b", "aaab")  # expect: ((0, 4), ('aaa',), 1)
show("(?:a|ab|b){0,2}c", "abbc")  # expect: ((0, 4), (), None)
show("(?:(?:ab)*c){2,3}?d", "abcabccd")  # expect: ((0, 8), (), None)
show("(?:(a)|b)*?\\1c", "abac")  # expect: ((0, 4), ('a',), 1)
show("(?:a|(b)|){3000000000,}?c", "abac")  # expect: ((0, 4), ('b',), 1)
show("(?:(?:a?)*?y)*?z", "ayyaz")  # expect: None
show("(?:(x)|(?=(y))|z)*?$", "xz")  # expect: ((0, 2), ('x', None), 1)
print(re.match(u"(\u20ac|a)+(?<=\u20ac)(b)?", u"a\u20aca").span())  # expect: (0, 2)
print(re.match(u"\\d+", u"\u0663\u0664", re.U).span())  # expect: (0, 2)
print([m.span() for m in re.finditer(u"b|", u"a\u20acb", re.U)][:3])  # expect: [(0, 0), (1, 1), (2, 3)]
print(len(re.sub("(?:x|y)*", "", "xy" * 200000)))  # expect: 0
