"""Primes: sieve of Eratosthenes on a list, on a bytearray, and by wheel."""
import sys


def sieve_list(limit):
    flags = [True] * (limit + 1)
    flags[0] = flags[1] = False
    candidate = 2
    while candidate * candidate <= limit:
        if flags[candidate]:
            multiple = candidate * candidate
            while multiple <= limit:
                flags[multiple] = False
                multiple += candidate
        candidate += 1
    return [number for number, flag in enumerate(flags) if flag]


def sieve_bytes(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0] = flags[1] = 0
    candidate = 2
    while candidate * candidate <= limit:
        if flags[candidate]:
            start = candidate * candidate
            flags[start::candidate] = bytearray((limit - start) // candidate + 1)
        candidate += 1
    return flags


def divides(number, primes):
    for prime in primes:
        if prime * prime > number:
            return False
        if number % prime == 0:
            return True
    return False


def main(limit):
    primes = sieve_list(limit)
    sys.stdout.write("%d primes, last %d\n" % (len(primes), primes[-1]))
    flags = sieve_bytes(limit * 4)
    sys.stdout.write("%d primes to %d\n" % (sum(flags), limit * 4))
    twins = 0
    for index in range(1, len(primes)):
        if primes[index] - primes[index - 1] == 2:
            twins += 1
    sys.stdout.write("%d twins\n" % twins)
    found = 0
    for number in range(limit, limit + limit // 25):
        if not divides(number, primes):
            found += 1
    sys.stdout.write("%d more to %d\n" % (found, limit + limit // 25))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 3200000)
