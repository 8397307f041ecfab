# decimal: arithmetic, contexts, signals, comparison with other numbers, formats, limits. Expectations are those of CPython 3.
# stress: 53
# not in a block: it waits for threads
from __future__ import print_function
import copy
import pickle
import threading
from decimal import *
import decimal

PY3 = str is not bytes
D = Decimal


def error(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


print(str(D(1) / 3), D('1.10') + 2, D(7) // D(-2), D(7) % D(-2), -D('0.50'))  # expect: 0.3333333333333333333333333333 3.10 -3 1 -0.50
print(D(2).sqrt(), D(2) ** D('0.5'), D('2.0') ** 3)  # expect: 1.414213562373095048801688724 1.414213562373095048801688724 8.000
print(D(2).exp(), D(2).ln())  # expect: 7.389056098930650227230427461 0.6931471805599453094172321215
print(D(1000).log10(), D(10) ** -2, D(4) ** D('1.5'), pow(D(7), 30, 13))  # expect: 3 0.01 8.000000000000000000000000000 12
print(D("1E+999999"), D('sNaN12'), D('-inf'), D('0E-7').to_eng_string())  # expect: 1E+999999 sNaN12 -Infinity 0.0E-6

# Rounding and what is reported.
for r in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP):
    print([str(D(x).quantize(D('1'), rounding=r)) for x in ('2.5', '-2.5', '0.1')])
    # expect: ['3', '-3', '1']
    # expect: ['2', '-2', '0']
    # expect: ['3', '-2', '1']
    # expect: ['2', '-3', '0']
    # expect: ['3', '-3', '0']
    # expect: ['2', '-2', '0']
    # expect: ['2', '-2', '0']
    # expect: ['2', '-2', '1']
c = Context(prec=3, Emax=5, Emin=-5, traps=[])


def reported():
    names = sorted(s.__name__ for s in c.flags if c.flags[s])
    c.clear_flags()
    return names


print(c.multiply(D('9.99E4'), D(20)), reported())  # expect: Infinity ['Inexact', 'Overflow', 'Rounded']
print(c.divide(D('1.23E-5'), D(1000)), reported())  # expect: 0E-7 ['Clamped', 'Inexact', 'Rounded', 'Subnormal', 'Underflow']
print(c.divide(D(0), D(0)), reported(), c.divide(D(1), D(0)), reported())  # expect: NaN ['InvalidOperation'] Infinity ['DivisionByZero']
print(c.add(D(1), D('1E-40')), reported())  # expect: 1.00 ['Inexact', 'Rounded']
print(error(D(1).__truediv__, 0), error(D, 'one'), error(D('sNaN').__lt__, 1), error(D('nan').__int__))  # expect: DivisionByZero InvalidOperation InvalidOperation ValueError
print(issubclass(DivisionByZero, ZeroDivisionError), [b.__name__ for b in Underflow.__mro__[1:5]])  # expect: True ['Inexact', 'Rounded', 'Subnormal', 'DecimalException']
c.traps[Inexact] = True
print(error(c.divide, 1, 3), c.flags[Inexact] == True, error(c.flags.__getitem__, 5))  # expect: Inexact True KeyError

# The current context is the thread's.
with localcontext() as inner:
    inner.prec = 5
    print(D(2) / 3)  # expect: 0.66667
    seen = []
    t = threading.Thread(target=lambda: seen.append(getcontext().prec))
    t.start()
    t.join()
print(getcontext().prec, seen)  # expect: 28 [28]
print(error(setattr, c, 'rounding', 'up'), error(setattr, c, 'prec', 0), error(setcontext, 5))  # expect: TypeError ValueError TypeError

# Other numbers.
print(D('0.5') == 0.5, D('0.1') < 0.1, D(3) == 3, hash(D('3.00')) == hash(3), hash(D('0.5')) == hash(0.5), D('nan') == D('nan'))  # expect: True True True True True False
print(int(D('-2.9')), float(D('0.1')), D(0.1).as_tuple().exponent, D.from_float(0.25), D((1, (1, 2), -1)))  # expect: -2 0.1 -55 0.25 -1.2
print(sorted([D('1.0'), D(1), D('-1')]), D(1).max(D('nan')))  # expect: [Decimal('-1'), Decimal('1.0'), Decimal('1')] 1
print(error(lambda: D(1) + 1.5), D(1).compare_total(D('1.0')), D('1.23').as_tuple())  # expect: TypeError 1 DecimalTuple(sign=0, digits=(1, 2, 3), exponent=-2)
print(D('110').logical_xor(D('11')), D(123).rotate(-1, Context(prec=5)), D('1.5').next_plus(Context(prec=2)), D('123.456').scaleb(2))  # expect: 101 30012 1.6 12345.6
for x in (D('-1.50'), D('NaN7'), copy.deepcopy(D('-0'))):
    print(repr(pickle.loads(pickle.dumps(x, 2))))
    # expect: Decimal('-1.50')
    # expect: Decimal('NaN7')
    # expect: Decimal('-0')
print(pickle.loads(pickle.dumps(Context(prec=7, rounding=ROUND_UP))).rounding)  # expect: ROUND_UP


class Money(Decimal):
    pass


m = Money('1.5')
m.unit = 'c'
print(type(m).__name__, type(m + 1).__name__, m.unit, m == D('1.50'))  # expect: Money Decimal c True

# Formats.
print([format(D('-1234567.895'), s) for s in (',.2f', '.3e', '+%', '.4g', '020,.1f')])  # expect: ['-1,234,567.90', '-1.235e+6', '-123456789.5%', '-1.235e+6', '-0,000,001,234,567.9']
print([format(D('0.00'), s) for s in ('', '.1f', 'e', '>8', '*^9')], error(format, D(1), 'x'))  # expect: ['0.00', '0.0', '0e-2', '    0.00', '**0.00***'] ValueError

# Many digits; no more than memory has.
with localcontext() as c:
    c.prec = 2000
    third = D(1) / 3
    print(len(str(third)), (third * 3).quantize(D(1)), str(D(2).sqrt() ** 2)[:5], str(D(1).exp())[1990:])  # expect: 2002 1 2.000 10852639814
    big = D(7) ** 3000
    print(big.adjusted(), str(big)[-5:])  # expect: 2535 +2535
    c.prec = 999999999999999999
    print(error(lambda: D(1) / 3), error(lambda: D(2).sqrt()))  # expect: MemoryError MemoryError
print(error(lambda: D(10) ** (10 ** 20)), error(lambda: D('1E+20').exp()), D('-1E+20').exp() < D('1E-99999'))  # expect: Overflow Overflow True
