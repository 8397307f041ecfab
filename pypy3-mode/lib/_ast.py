# Node classes of syntax trees. compile() does not give trees yet; the classes are there for modules that name them.

PyCF_ONLY_AST = 0x400
PyCF_TYPE_COMMENTS = 0x1000
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_OPTIMIZED_AST = 0x8400


class AST:
    """The base of all nodes."""

    _fields = ()
    _attributes = ()
    __match_args__ = ()

    def __init__(self, *args, **kwargs):
        if len(args) > len(self._fields):
            raise TypeError(f"{type(self).__name__} constructor takes at most {len(self._fields)} positional argument"
                            f"{'' if len(self._fields) == 1 else 's'}")
        for name, value in zip(self._fields, args):
            if name in kwargs:
                raise TypeError(f"{type(self).__name__} got multiple values for argument {name!r}")
            setattr(self, name, value)
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __reduce__(self):
        return type(self), (), self.__dict__


# group: node(fields) ...; a group is itself a class between AST and its nodes.
_GROUPS = """
mod: Module(body type_ignores) Interactive(body) Expression(body) FunctionType(argtypes returns)
stmt: FunctionDef(name args body decorator_list returns type_comment type_params)
stmt: AsyncFunctionDef(name args body decorator_list returns type_comment type_params)
stmt: ClassDef(name bases keywords body decorator_list type_params) Return(value) Delete(targets) Assign(targets value type_comment)
stmt: TypeAlias(name type_params value) AugAssign(target op value) AnnAssign(target annotation value simple)
stmt: For(target iter body orelse type_comment) AsyncFor(target iter body orelse type_comment) While(test body orelse) If(test body orelse)
stmt: With(items body type_comment) AsyncWith(items body type_comment) Match(subject cases) Raise(exc cause)
stmt: Try(body handlers orelse finalbody) TryStar(body handlers orelse finalbody) Assert(test msg) Import(names)
stmt: ImportFrom(module names level) Global(names) Nonlocal(names) Expr(value) Pass() Break() Continue()
expr: BoolOp(op values) NamedExpr(target value) BinOp(left op right) UnaryOp(op operand) Lambda(args body) IfExp(test body orelse)
expr: Dict(keys values) Set(elts) ListComp(elt generators) SetComp(elt generators) DictComp(key value generators)
expr: GeneratorExp(elt generators) Await(value) Yield(value) YieldFrom(value) Compare(left ops comparators)
expr: Call(func args keywords) FormattedValue(value conversion format_spec) JoinedStr(values) Constant(value kind)
expr: TemplateStr(values) Interpolation(value str conversion format_spec)
expr: Attribute(value attr ctx) Subscript(value slice ctx) Starred(value ctx) Name(id ctx) List(elts ctx) Tuple(elts ctx) Slice(lower upper step)
expr_context: Load() Store() Del()
boolop: And() Or()
operator: Add() Sub() Mult() MatMult() Div() Mod() Pow() LShift() RShift() BitOr() BitXor() BitAnd() FloorDiv()
unaryop: Invert() Not() UAdd() USub()
cmpop: Eq() NotEq() Lt() LtE() Gt() GtE() Is() IsNot() In() NotIn()
excepthandler: ExceptHandler(type name body)
pattern: MatchValue(value) MatchSingleton(value) MatchSequence(patterns) MatchMapping(keys patterns rest)
pattern: MatchClass(cls patterns kwd_attrs kwd_patterns) MatchStar(name) MatchAs(pattern name) MatchOr(patterns)
type_ignore: TypeIgnore(lineno tag)
type_param: TypeVar(name bound default_value) ParamSpec(name default_value) TypeVarTuple(name default_value)
AST: comprehension(target iter ifs is_async) arguments(posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults)
AST: arg(arg annotation type_comment) keyword(arg value) alias(name asname) withitem(context_expr optional_vars) match_case(pattern guard body)
"""
_PLACED = ("stmt", "expr", "excepthandler", "pattern", "type_param")
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def _make():
    names = globals()
    for line in _GROUPS.strip().splitlines():
        group, nodes = line.split(": ")
        if group not in names:
            names[group] = type(group, (AST,), {"_attributes": _PLACE if group in _PLACED else (), "__module__": "ast"})
        for node in nodes.rstrip(")").split(") "):
            name, fields = node.split("(")
            fields = tuple(fields.split())
            space = {"_fields": fields, "__match_args__": fields, "__module__": "ast"}
            if group == "AST" and name in ("arg", "keyword", "alias"):
                space["_attributes"] = _PLACE
            names[name] = type(name, (names[group],), space)


_make()
