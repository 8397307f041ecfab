"""The tower of numbers as abstract classes (PEP 3141)."""

from __future__ import division

from abc import ABCMeta, abstractmethod, abstractproperty

__all__ = ["Number", "Complex", "Real", "Rational", "Integral"]


class Number(object):
    __metaclass__ = ABCMeta
    __slots__ = ()
    __hash__ = None


def _abstract(namespace, names, arity):
    """Abstract methods by name."""
    for name in names.split():
        if arity == 1:
            def method(self):
                raise NotImplementedError
        else:
            def method(self, other):
                raise NotImplementedError
        method.__name__ = name
        namespace[name] = abstractmethod(method)


class Complex(Number):
    __slots__ = ()
    _abstract(locals(), "__complex__ __neg__ __pos__ __abs__ conjugate", 1)
    _abstract(locals(), "__add__ __radd__ __mul__ __rmul__ __div__ __rdiv__ __truediv__ __rtruediv__ __rpow__ __eq__", 2)

    def __nonzero__(self):
        return self != 0

    @abstractproperty
    def real(self):
        raise NotImplementedError

    @abstractproperty
    def imag(self):
        raise NotImplementedError

    @abstractmethod
    def __pow__(self, exponent):
        raise NotImplementedError

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __ne__(self, other):
        return not (self == other)


Complex.register(complex)


class Real(Complex):
    __slots__ = ()
    _abstract(locals(), "__float__ __trunc__", 1)
    _abstract(locals(), "__floordiv__ __rfloordiv__ __mod__ __rmod__ __lt__ __le__", 2)

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self

    def __complex__(self):
        return complex(float(self))

    @property
    def real(self):
        return +self

    @property
    def imag(self):
        return 0

    def conjugate(self):
        return +self


Real.register(float)


class Rational(Real):
    __slots__ = ()

    @abstractproperty
    def numerator(self):
        raise NotImplementedError

    @abstractproperty
    def denominator(self):
        raise NotImplementedError

    def __float__(self):
        return self.numerator / self.denominator


class Integral(Rational):
    __slots__ = ()
    _abstract(locals(), "__long__ __invert__", 1)
    _abstract(locals(), "__lshift__ __rlshift__ __rshift__ __rrshift__ __and__ __rand__ __xor__ __rxor__ __or__ __ror__", 2)

    def __index__(self):
        return long(self)

    @abstractmethod
    def __pow__(self, exponent, modulus=None):
        raise NotImplementedError

    def __float__(self):
        return float(long(self))

    @property
    def numerator(self):
        return +self

    @property
    def denominator(self):
        return 1


Integral.register(int)
Integral.register(long)
