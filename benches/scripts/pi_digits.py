"""Digits of pi by a streaming spigot and by Machin's formula: large integers."""
import sys


def spigot(count):
    """Decimal digits from the series pi = sum k! 2**(k+1) / (2k+1)!!."""
    digits = []
    numerator, accumulator, denominator = 1, 0, 1
    k = 0
    while len(digits) < count:
        k += 1
        odd = 2 * k + 1
        accumulator = (accumulator + 2 * numerator) * odd
        numerator *= k
        denominator *= odd
        if numerator > accumulator:
            continue
        digit = (numerator * 3 + accumulator) // denominator
        after = (numerator * 4 + accumulator) // denominator
        if digit != after:
            continue
        digits.append(digit)
        accumulator = 10 * (accumulator - digit * denominator)
        numerator *= 10
    return digits


def arctan_inverse(x, unit):
    """unit * arctan(1/x) in integers."""
    power = unit // x
    total = power
    square = x * x
    divisor = 1
    sign = -1
    while power:
        power //= square
        divisor += 2
        total += sign * (power // divisor)
        sign = -sign
    return total


def machin(count):
    unit = 10 ** (count + 10)
    pi = 4 * (4 * arctan_inverse(5, unit) - arctan_inverse(239, unit))
    return pi // 10 ** 10


def main(count):
    digits = "".join([str(d) for d in spigot(count)])
    for start in range(0, 50, 10):
        sys.stdout.write("%s :%d\n" % (digits[start:start + 10], start + 10))
    sys.stdout.write("last ten of %d: %s\n" % (count, digits[-10:]))
    longer = str(machin(count))
    sys.stdout.write("agree %s\n" % (longer[:count] == digits))
    # Python 3 limits the digits of a conversion, so look at the last ones only.
    sys.stdout.write("last ten of %d: %010d\n" % (count * 4, machin(count * 4) % 10 ** 10))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 4290)
