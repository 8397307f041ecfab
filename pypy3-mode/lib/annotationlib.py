# Annotations as Python 3.13 has them: evaluated when the function or class is made. Stands in for 3.14's module of the same name,
# whose lazy evaluation this language version does not have.
import builtins
import enum
import sys
import types

__all__ = ["Format", "ForwardRef", "call_annotate_function", "call_evaluate_function", "get_annotate_from_class_namespace",
           "get_annotations", "annotations_to_string", "type_repr"]


class Format(enum.IntEnum):
    VALUE = 1
    VALUE_WITH_FAKE_GLOBALS = 2
    FORWARDREF = 3
    STRING = 4


class ForwardRef:
    """A name in an annotation that is looked up when it is needed."""

    __module__ = "typing"

    __slots__ = ("__forward_arg__", "__forward_code__", "__forward_evaluated__", "__forward_value__", "__forward_is_argument__",
                 "__forward_is_class__", "__forward_module__", "__owner__", "__weakref__")

    def __init__(self, arg, *, module=None, owner=None, is_argument=True, is_class=False):
        if not isinstance(arg, str):
            raise TypeError(f"Forward reference must be a string -- got {arg!r}")
        source = f"({arg},)[0]" if arg.startswith("*") else arg
        try:
            self.__forward_code__ = compile(source, "<string>", "eval")
        except SyntaxError:
            raise SyntaxError(f"Forward reference must be an expression -- got {arg!r}") from None
        self.__forward_arg__ = arg
        self.__forward_evaluated__ = False
        self.__forward_value__ = None
        self.__forward_is_argument__ = is_argument
        self.__forward_is_class__ = is_class
        self.__forward_module__ = module
        self.__owner__ = owner

    def __init_subclass__(cls, /, *args, **kwds):
        raise TypeError("Cannot subclass ForwardRef")

    def evaluate(self, *, globals=None, locals=None, type_params=None, owner=None, format=Format.VALUE):
        if format == Format.STRING:
            return self.__forward_arg__
        if self.__forward_evaluated__ and globals is None and locals is None:
            return self.__forward_value__
        owner = self.__owner__ if owner is None else owner
        if globals is None:
            module = sys.modules.get(self.__forward_module__ or getattr(owner, "__module__", None))
            globals = getattr(owner, "__globals__", None) or (vars(module) if module else {})
        names = dict(vars(owner)) if isinstance(owner, type) else {}
        for param in type_params or getattr(owner, "__type_params__", None) or ():
            names.setdefault(param.__name__, param)
        names.update(locals or {})
        try:
            value = eval(self.__forward_code__, dict(globals), names)
        except Exception:
            if format == Format.FORWARDREF:
                return self
            raise
        self.__forward_evaluated__ = True
        self.__forward_value__ = value
        return value

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        return (self.__forward_arg__ == other.__forward_arg__ and self.__forward_module__ == other.__forward_module__)

    def __hash__(self):
        return hash((self.__forward_arg__, self.__forward_module__))

    def __or__(self, other):
        import typing
        return typing.Union[self, other]

    def __ror__(self, other):
        import typing
        return typing.Union[other, self]

    def __repr__(self):
        module = f", module={self.__forward_module__!r}" if self.__forward_module__ else ""
        return f"ForwardRef({self.__forward_arg__!r}{module})"


def type_repr(value):
    """The text that names a type in an annotation."""
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        if value.__module__ == "builtins":
            return value.__qualname__
        return f"{value.__module__}.{value.__qualname__}"
    if value is ...:
        return "..."
    return repr(value)


def annotations_to_string(annotations):
    return {name: value if isinstance(value, str) else type_repr(value) for name, value in annotations.items()}


def call_evaluate_function(evaluate, format, *, owner=None):
    return evaluate(format) if format == Format.VALUE else evaluate(Format.VALUE)


def call_annotate_function(annotate, format, *, owner=None):
    value = annotate(Format.VALUE)
    return annotations_to_string(value) if format == Format.STRING else value


def get_annotate_from_class_namespace(namespace):
    return namespace.get("__annotate__")


def get_annotations(obj, *, globals=None, locals=None, eval_str=False, format=Format.VALUE):
    """The annotations of a function, class or module as a fresh dict."""
    format = Format(format)
    if eval_str and format != Format.VALUE:
        raise ValueError("eval_str=True is only supported with format=Format.VALUE")
    if isinstance(obj, type):
        found = obj.__dict__.get("__annotations__")
        if isinstance(found, types.GetSetDescriptorType):
            found = None
        annotate = get_annotate_from_class_namespace(obj.__dict__) if found is None else None
        if annotate is not None and not isinstance(annotate, types.GetSetDescriptorType):
            # A class of the library that was given a function: its own formats need no evaluation.
            try:
                found = annotate(format)
            except NotImplementedError:
                # make_dataclass() has no values yet while functions of the class, whose annotations are evaluated at once, are made.
                if format != Format.VALUE:
                    raise
                found = annotate(Format.FORWARDREF)
            if format == Format.STRING:
                return dict(found)
        scope, names = vars(sys.modules.get(obj.__module__, builtins)), dict(vars(obj))
    elif isinstance(obj, types.ModuleType) or callable(obj):
        found = getattr(obj, "__annotations__", None)
        scope, names = getattr(obj, "__globals__", None) or getattr(obj, "__dict__", {}), {}
    else:
        raise TypeError(f"{obj!r} is not a module, class, or callable.")
    if not found:
        return {}
    if not isinstance(found, dict):
        raise ValueError(f"{obj!r}.__annotations__ is neither a dict nor None")
    if format == Format.STRING:
        return annotations_to_string(found)
    if not eval_str:
        return dict(found)
    for param in getattr(obj, "__type_params__", ()):
        names.setdefault(param.__name__, param)
    return {name: eval(value, globals if globals is not None else scope, locals if locals is not None else names) if isinstance(value, str) else value
            for name, value in found.items()}


# Where 3.13 defines it.
get_annotations.__module__ = "inspect"
