"""An instance with more attributes than lie in it: those in its overflow storage are put back by an abort like the others. Prints `same`."""
from __future__ import print_function

from transaction import atomic


class Wide(object):
    pass


def rounds():
    wrong = []
    for _ in range(100):
        x = Wide()
        for i in range(40):
            setattr(x, "a%d" % i, 0)
        with atomic:
            for _ in range(20):
                x.a0 += 1
                x.a20 += 1
                x.a39 += 1
                x.a39 = [x.a39][0]
        if (x.a0, x.a20, x.a39) != (20, 20, 20):
            wrong.append((x.a0, x.a20, x.a39))
    return wrong


wrong = rounds()
print(wrong or "same")
