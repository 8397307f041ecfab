# lang: 3
# What only Python 3 has.
def kw(a, /, b, *, c=3, d):
    return a, b, c, d
print(kw(1, b=2, d=4))  # expect: (1, 2, 3, 4)
first, *rest = 'abcd'
print(first, rest)  # expect: a ['b', 'c', 'd']
x = 3.14159
print(f'{x:.2f} {x!r:>10} {"nested " + f"{x:.1f}"}')  # expect: 3.14    3.14159 nested 3.1
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    inc()
    return inc()
print(outer())  # expect: 2
def delegate():
    r = yield from (i for i in range(3))
    return 'done'
def main():
    r = yield from delegate()
    yield r
print(list(main()))  # expect: [0, 1, 2, 'done']
match {'kind': 'point', 'at': [1, 2]}:
    case {'kind': 'point', 'at': [a, b]} if a < b:
        print('point', a, b)  # expect: point 1 2
    case _:
        print('other')
if (n := len('walrus')) > 3:
    print(n)  # expect: 6
class P:
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag
class Q(P, tag='q'):
    pass
print(Q.tag)  # expect: q
try:
    try:
        raise KeyError('a')
    except KeyError as e:
        raise ValueError('b') from e
except ValueError as e:
    print(repr(e.__cause__), e.__suppress_context__)  # expect: KeyError('a') True
try:
    raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
except* ValueError as g:
    print('values', g.exceptions)  # expect: values (ValueError(1),)
except* TypeError as g:
    print('types', g.exceptions)  # expect: types (TypeError(2),)
print(7 // 2, 7 / 2, -7 // 2, 2 ** 100, 10 ** 18 * 10)  # expect: 3 3.5 -4 1267650600228229401496703205376 10000000000000000000
