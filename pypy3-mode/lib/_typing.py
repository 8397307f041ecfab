# The classes behind type parameters, which typing builds on.
import sys


def _idfunc(x, /):
    return x


def _caller():
    # The module of whoever makes a type parameter, two frames out.
    frame = sys._getframe(2)
    return frame.f_globals.get("__name__")


class NoDefaultType:
    """The type of the NoDefault singleton."""

    __slots__ = ()

    def __new__(cls):
        return NoDefault

    def __repr__(self):
        return "typing.NoDefault"

    def __reduce__(self):
        return "NoDefault"


NoDefault = object.__new__(NoDefaultType)


class _Lazy:
    """A value given at once, or by a function when it is first asked for."""

    __slots__ = ("value", "make")

    def __init__(self, value=None, make=None):
        self.value = value
        self.make = make

    def get(self):
        if self.make is not None:
            self.value = self.make()
            self.make = None
        return self.value


class _Parameter:
    # Set by whoever makes the parameter.
    _default = None

    def _begin(self, name, default, module):
        if not isinstance(name, str):
            raise TypeError(f"{type(self).__name__} name must be a str, not {type(name).__name__}")
        self.__name__ = name
        self._default = _Lazy(default)
        self.__module__ = module

    @property
    def __default__(self):
        return self._default.get()

    def has_default(self):
        return self._default.make is not None or self._default.value is not NoDefault

    def __repr__(self):
        return self.__name__

    def __reduce__(self):
        return self.__name__

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class TypeVar(_Parameter):
    """A type variable."""

    def __init__(self, name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if infer_variance and (covariant or contravariant):
            raise ValueError("Variance cannot be specified with infer_variance.")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        import typing
        self._begin(name, default, _caller())
        check = typing._type_check
        self._constraints = _Lazy(tuple(check(c, "TypeVar(name, constraint, ...): constraints must be types.") for c in constraints))
        self._bound = _Lazy(None if bound is None else check(bound, "Bound must be a type."))
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)

    @property
    def __bound__(self):
        return self._bound.get()

    @property
    def __constraints__(self):
        return self._constraints.get()

    def __repr__(self):
        if self.__infer_variance__:
            return self.__name__
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__

    def __typing_subst__(self, arg):
        import typing
        return typing._typevar_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        params = alias.__parameters__
        index = params.index(self)
        if len(args) <= index and self.has_default():
            return (*args, self.__default__)
        return args


class ParamSpecArgs:
    """The args of a ParamSpec."""

    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.args"

    def __eq__(self, other):
        return self.__origin__ == other.__origin__ if isinstance(other, ParamSpecArgs) else NotImplemented

    __hash__ = object.__hash__

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass an instance of ParamSpecArgs")


class ParamSpecKwargs:
    """The kwargs of a ParamSpec."""

    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.kwargs"

    def __eq__(self, other):
        return self.__origin__ == other.__origin__ if isinstance(other, ParamSpecKwargs) else NotImplemented

    __hash__ = object.__hash__

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass an instance of ParamSpecKwargs")


class ParamSpec(_Parameter):
    """A parameter specification variable."""

    def __init__(self, name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        self._begin(name, default, _caller())
        self.__bound__ = bound
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)

    def __repr__(self):
        if self.__infer_variance__:
            return self.__name__
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__

    def __typing_subst__(self, arg):
        import typing
        return typing._paramspec_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        import typing
        return typing._paramspec_prepare_subst(self, alias, args)


class TypeVarTuple(_Parameter):
    """A type variable tuple."""

    def __init__(self, name, *, default=NoDefault):
        self._begin(name, default, _caller())

    def __iter__(self):
        import typing
        yield typing.Unpack[self]

    def __typing_subst__(self, arg):
        raise TypeError("Substitution of bare TypeVarTuple is not supported")

    def __typing_prepare_subst__(self, alias, args):
        import typing
        return typing._typevartuple_prepare_subst(self, alias, args)


class TypeAliasType:
    """A type alias made by the type statement."""

    def __init__(self, name, value, *, type_params=()):
        if not isinstance(name, str):
            raise TypeError(f"typealias() argument 'name' must be str, not {type(name).__name__}")
        self.__name__ = name
        self._value = _Lazy(value)
        self.__type_params__ = tuple(type_params)
        self.__module__ = _caller()

    @property
    def __value__(self):
        return self._value.get()

    @property
    def __parameters__(self):
        import typing
        out = []
        for param in self.__type_params__:
            out.extend(typing.Unpack[param] for _ in (0,)) if isinstance(param, TypeVarTuple) else out.append(param)
        return tuple(out)

    def __getitem__(self, args):
        import types
        if not self.__type_params__:
            raise TypeError("Only generic type aliases are subscriptable")
        return types.GenericAlias(self, args if isinstance(args, tuple) else (args,))

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __repr__(self):
        return self.__name__

    def __reduce__(self):
        return self.__name__


class Generic:
    """Abstract base class for generic types."""

    __slots__ = ()

    @classmethod
    def __class_getitem__(cls, *args, **kwargs):
        import typing
        return typing._generic_class_getitem(cls, *args, **kwargs)

    @classmethod
    def __init_subclass__(cls, *args, **kwargs):
        import typing
        return typing._generic_init_subclass(cls, *args, **kwargs)


from types import UnionType as Union


# ---- what compiled code asks for

def typevar(name, bound=None, constraints=None):
    """A type parameter of a `def`, `class` or `type` statement; bound and constraints come as functions."""
    t = TypeVar.__new__(TypeVar)
    _Parameter._begin(t, name, NoDefault, _caller())
    t._bound = _Lazy(None, bound)
    t._constraints = _Lazy((), constraints)
    t.__covariant__ = t.__contravariant__ = False
    t.__infer_variance__ = True
    return t


def typevar_bound(name, bound):
    t = typevar(name, bound=bound)
    t.__module__ = _caller()
    return t


def typevar_constraints(name, constraints):
    t = typevar(name, constraints=constraints)
    t.__module__ = _caller()
    return t


def set_type_params(owner, params):
    owner.__type_params__ = params
    return owner


def paramspec(name):
    p = ParamSpec(name, infer_variance=True)
    p.__module__ = _caller()
    return p


def typevartuple(name):
    p = TypeVarTuple(name)
    p.__module__ = _caller()
    return p


def typealias(name, params, value):
    t = TypeAliasType(name, None, type_params=params or ())
    t._value = _Lazy(None, value)
    t.__module__ = _caller()
    return t


def generic(params):
    import typing
    return Generic[tuple(typing.Unpack[p] if isinstance(p, TypeVarTuple) else p for p in params)]


def set_default(param, make):
    param._default = _Lazy(None, make)
    return param


# They are known as typing's.
for _class in (TypeVar, ParamSpecArgs, ParamSpecKwargs, ParamSpec, TypeVarTuple, TypeAliasType, Generic, NoDefaultType):
    _class.__module__ = "typing"
del _class
