"""Abstract base classes."""

import types
from _weakrefset import WeakSet

_CLASSIC = types.InstanceType


def abstractmethod(funcobj):
    """Marks a method that concrete classes must override."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractproperty(property):
    """A property that concrete classes must override."""
    __isabstractmethod__ = True


class ABCMeta(type):
    """Metaclass whose classes accept virtual subclasses by register()."""

    _abc_invalidation_counter = 0

    def __new__(mcls, name, bases, namespace):
        cls = super(ABCMeta, mcls).__new__(mcls, name, bases, namespace)
        missing = set()
        for key, value in namespace.items():
            if getattr(value, "__isabstractmethod__", False):
                missing.add(key)
        for base in bases:
            for key in getattr(base, "__abstractmethods__", ()):
                if getattr(getattr(cls, key, None), "__isabstractmethod__", False):
                    missing.add(key)
        cls.__abstractmethods__ = frozenset(missing)
        cls._abc_registry = WeakSet()
        cls._abc_cache = WeakSet()
        cls._abc_negative_cache = WeakSet()
        cls._abc_negative_cache_version = ABCMeta._abc_invalidation_counter
        return cls

    def register(cls, subclass):
        """Makes `subclass` a virtual subclass."""
        if not isinstance(subclass, (type, types.ClassType)):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        cls._abc_registry.add(subclass)
        ABCMeta._abc_invalidation_counter += 1

    def _dump_registry(cls, file=None):
        print >> file, "Class: %s.%s" % (cls.__module__, cls.__name__)
        print >> file, "Inv.counter: %s" % ABCMeta._abc_invalidation_counter
        for name in sorted(cls.__dict__.keys()):
            if name.startswith("_abc_"):
                print >> file, "%s: %r" % (name, getattr(cls, name))

    def __instancecheck__(cls, instance):
        subclass = getattr(instance, "__class__", None)
        if subclass is not None and subclass in cls._abc_cache:
            return True
        kind = type(instance)
        if kind is _CLASSIC:
            kind = subclass
        if kind is subclass or subclass is None:
            if cls._abc_negative_cache_version == ABCMeta._abc_invalidation_counter and kind in cls._abc_negative_cache:
                return False
            return cls.__subclasscheck__(kind)
        return cls.__subclasscheck__(subclass) or cls.__subclasscheck__(kind)

    def __subclasscheck__(cls, subclass):
        if subclass in cls._abc_cache:
            return True
        if cls._abc_negative_cache_version < ABCMeta._abc_invalidation_counter:
            cls._abc_negative_cache = WeakSet()
            cls._abc_negative_cache_version = ABCMeta._abc_invalidation_counter
        elif subclass in cls._abc_negative_cache:
            return False
        answer = cls.__subclasshook__(subclass)
        if answer is NotImplemented:
            answer = (cls in getattr(subclass, "__mro__", ())
                      or any(issubclass(subclass, other) for other in cls._abc_registry)
                      or any(issubclass(subclass, other) for other in cls.__subclasses__()))
        else:
            assert isinstance(answer, bool)
        (cls._abc_cache if answer else cls._abc_negative_cache).add(subclass)
        return answer
