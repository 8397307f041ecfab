//! The syntax tree of Python 2.7 and 3.13: plain `Copy` nodes in an arena, so that deep trees need no recursive drop.
//!
//! Differences from CPython's `ast`, chosen for the compiler's comfort:
//! * no expression contexts: a target is known by where it stands;
//! * `elif` chains are flat (`If::clauses`), so that their length adds no depth;
//! * a parameter carries its own default;
//! * `ExtSlice`/`Index` of 2.7 do not exist: `x[a:b, c]` is a tuple holding a slice, in both languages;
//! * a minus before a number stays an operator (2.7 folds it: `-9223372036854775808` is an `int` there, not a `long`);
//! * 2.7's `None` is a constant where it is loaded, and its `True`/`False` are ordinary names.
//!
//! Every expression knows the height of its subtree ([`Expr::height`]): a consumer that recurses compares
//! [`Tree::height`] with its own limit first (long chains like `a.b.c...` parse to deep trees without recursion).

use crate::grammar::{FutureFlags, Mode};

/// Where nodes live. Dropping it frees a whole tree at once.
pub type Arena = bumpalo::Bump;

/// A range of source: 1-based lines, 0-based columns in bytes of UTF-8, end exclusive (like CPython's `ast`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub line: u32,
    pub col: u32,
    pub end_line: u32,
    pub end_col: u32,
}

impl Span {
    /// The range from the start of `self` to the end of `end`.
    pub fn to(self, end: Span) -> Span {
        Span { end_line: end.end_line, end_col: end.end_col, ..self }
    }
}

/// A parsed source text.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    pub mode: Mode,
    /// Statements; in [`Mode::Eval`] exactly one expression statement.
    pub body: &'a [Stmt<'a>],
    /// Future flags in force: those given and those the text imports.
    pub flags: FutureFlags,
    /// An upper bound of the tree's depth, statements and expressions together.
    pub height: u32,
    /// The text in UTF-8 with `\n` line ends.
    pub source: &'a str,
    /// Name of the declared encoding, normalised (`utf-8`, `iso-8859-1`, ...), if any.
    pub encoding: Option<&'static str>,
    /// What is valid but probably not meant, in order.
    pub warnings: &'a [Warning<'a>],
}

/// A SyntaxWarning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warning<'a> {
    pub line: u32,
    pub msg: &'a str,
}

impl<'a> Tree<'a> {
    /// The expression of a tree parsed in [`Mode::Eval`].
    pub fn eval_expr(&self) -> Option<&'a Expr<'a>> {
        match (self.mode, self.body) {
            (Mode::Eval, [Stmt { kind: StmtKind::Expr(e), .. }]) => Some(e),
            _ => None,
        }
    }
}

/// Declares an operator enum with its spelling and CPython's name of the node.
macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $symbol:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The operator as written in source.
            pub fn symbol(self) -> &'static str {
                match self { $($name::$variant => $symbol),+ }
            }

            /// The name of the node in CPython's `ast`.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant)),+ }
            }
        }
    };
}

operators! {
    /// Binary and augmented operators.
    BinOp {
        Add "+", Sub "-", Mult "*", MatMult "@", Div "/", Mod "%", Pow "**", LShift "<<", RShift ">>",
        BitOr "|", BitXor "^", BitAnd "&", FloorDiv "//",
    }
}
operators! { UnaryOp { Invert "~", Not "not", UAdd "+", USub "-" } }
operators! { BoolOp { And "and", Or "or" } }
operators! {
    CmpOp {
        Eq "==", NotEq "!=", Lt "<", LtE "<=", Gt ">", GtE ">=", Is "is", IsNot "is not", In "in", NotIn "not in",
    }
}

/// The value of a literal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant<'a> {
    None,
    True,
    False,
    Ellipsis,
    Int { value: i64, long: bool },
    /// Beyond `i64`: digits in `radix` 2, 8, 10 or 16, without prefix, underscores or suffix.
    /// `long` says that 2.7's suffix `L` was written (without it, 2.7 makes a long by size).
    BigInt { digits: &'a str, radix: u32, long: bool },
    Float(f64),
    /// An imaginary literal `1j`.
    Imag(f64),
    /// Text in UTF-8, with surrogates encoded as three bytes each and never joined.
    Str(&'a [u8]),
    /// `bytes` of Python 3, `str` of 2.7.
    Bytes(&'a [u8]),
}

#[derive(Clone, Copy, Debug)]
pub struct Expr<'a> {
    pub span: Span,
    /// 1 for a leaf, else 1 + the greatest height of a child.
    pub height: u32,
    pub kind: ExprKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum ExprKind<'a> {
    /// Two or more values.
    BoolOp { op: BoolOp, values: &'a [Expr<'a>] },
    /// `target := value`; the target is a `Name`.
    Named { target: &'a Expr<'a>, value: &'a Expr<'a> },
    BinOp { left: &'a Expr<'a>, op: BinOp, right: &'a Expr<'a> },
    UnaryOp { op: UnaryOp, operand: &'a Expr<'a> },
    Lambda { params: &'a Parameters<'a>, body: &'a Expr<'a> },
    IfExp { test: &'a Expr<'a>, body: &'a Expr<'a>, orelse: &'a Expr<'a> },
    Dict(&'a [DictItem<'a>]),
    Set(&'a [Expr<'a>]),
    /// In 2.7 its targets belong to the enclosing scope; in 3 it is a scope of its own.
    ListComp { elt: &'a Expr<'a>, generators: &'a [Comprehension<'a>] },
    SetComp { elt: &'a Expr<'a>, generators: &'a [Comprehension<'a>] },
    DictComp { key: &'a Expr<'a>, value: &'a Expr<'a>, generators: &'a [Comprehension<'a>] },
    GeneratorExp { elt: &'a Expr<'a>, generators: &'a [Comprehension<'a>] },
    Await(&'a Expr<'a>),
    Yield(Option<&'a Expr<'a>>),
    YieldFrom(&'a Expr<'a>),
    /// `left ops[0] comparators[0] ops[1] comparators[1] ...`, at least one.
    Compare { left: &'a Expr<'a>, ops: &'a [CmpOp], comparators: &'a [Expr<'a>] },
    /// Positional arguments (may be `Starred`) before keywords, each in source order.
    Call { func: &'a Expr<'a>, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>] },
    /// An f-string: `Constant(Str)` and `FormattedValue` parts; adjacent text is already joined.
    JoinedStr(&'a [Expr<'a>]),
    /// A replacement field; `format_spec` is a `JoinedStr`. Only inside `JoinedStr`.
    FormattedValue { value: &'a Expr<'a>, conversion: Conversion, format_spec: Option<&'a Expr<'a>> },
    /// `u_prefix`: text written with an explicit `u` (shown when an annotation is turned back to text).
    Constant { value: Constant<'a>, u_prefix: bool },
    Attribute { value: &'a Expr<'a>, attr: &'a str },
    /// `index` may be a `Slice`, or a tuple that holds slices (and `Starred`).
    Subscript { value: &'a Expr<'a>, index: &'a Expr<'a> },
    Starred(&'a Expr<'a>),
    Name(&'a str),
    List(&'a [Expr<'a>]),
    Tuple(&'a [Expr<'a>]),
    /// Only as a subscript, or an element of the tuple that is one. In 2.7 `x[a:b:]` has the step
    /// `Constant::None`, which makes it an extended slice; `x[a:b]` has none (`__getslice__`).
    Slice { lower: Option<&'a Expr<'a>>, upper: Option<&'a Expr<'a>>, step: Option<&'a Expr<'a>> },
    /// 2.7: `` `value` ``.
    Repr(&'a Expr<'a>),
}

/// `!s`, `!r`, `!a` in a replacement field. `{x=}` without spec and conversion gets `Repr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// `key: value`, or `**value` without key.
#[derive(Clone, Copy, Debug)]
pub struct DictItem<'a> {
    pub key: Option<Expr<'a>>,
    pub value: Expr<'a>,
}

/// `for target in iter if ifs[0] if ifs[1] ...`.
#[derive(Clone, Copy, Debug)]
pub struct Comprehension<'a> {
    pub target: Expr<'a>,
    pub iter: Expr<'a>,
    pub ifs: &'a [Expr<'a>],
    pub is_async: bool,
}

/// `name=value`, or `**value` without name.
#[derive(Clone, Copy, Debug)]
pub struct Keyword<'a> {
    pub span: Span,
    pub name: Option<&'a str>,
    pub value: Expr<'a>,
}

/// Parameters of a function or lambda. Argument slots in order: `posonly`, `args`, `kwonly`, `vararg`, `kwarg`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parameters<'a> {
    pub posonly: &'a [Param<'a>],
    pub args: &'a [Param<'a>],
    pub vararg: Option<&'a Param<'a>>,
    pub kwonly: &'a [Param<'a>],
    pub kwarg: Option<&'a Param<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Param<'a> {
    pub span: Span,
    /// For a tuple parameter of 2.7, the implicit name `.N` (N its position).
    pub name: &'a str,
    /// May be `Starred` on `*args: *Ts`.
    pub annotation: Option<&'a Expr<'a>>,
    pub default: Option<&'a Expr<'a>>,
    /// 2.7: the target (`Tuple` of names and tuples) that the argument is unpacked to.
    pub tuple: Option<&'a Expr<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Stmt<'a> {
    pub span: Span,
    pub kind: StmtKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum StmtKind<'a> {
    FunctionDef(&'a FunctionDef<'a>),
    ClassDef(&'a ClassDef<'a>),
    Return(Option<&'a Expr<'a>>),
    Delete(&'a [Expr<'a>]),
    /// `targets[0] = targets[1] = ... = value`.
    Assign { targets: &'a [Expr<'a>], value: &'a Expr<'a> },
    /// `type name[type_params] = value`; the name is a `Name`.
    TypeAlias { name: &'a Expr<'a>, type_params: &'a [TypeParam<'a>], value: &'a Expr<'a> },
    AugAssign { target: &'a Expr<'a>, op: BinOp, value: &'a Expr<'a> },
    /// `simple`: the target is a name without parentheses.
    AnnAssign { target: &'a Expr<'a>, annotation: &'a Expr<'a>, value: Option<&'a Expr<'a>>, simple: bool },
    For { target: &'a Expr<'a>, iter: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>], is_async: bool },
    While { test: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>] },
    /// `if` and all its `elif`s; `orelse` is empty without `else`.
    If { clauses: &'a [IfClause<'a>], orelse: &'a [Stmt<'a>] },
    With { items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], is_async: bool },
    Match { subject: &'a Expr<'a>, cases: &'a [MatchCase<'a>] },
    /// Python 3: `raise exc from cause`.
    Raise { exc: Option<&'a Expr<'a>>, cause: Option<&'a Expr<'a>> },
    /// 2.7: `raise exc, value, traceback`, each may be absent from the right.
    Raise2 { exc: Option<&'a Expr<'a>>, value: Option<&'a Expr<'a>>, traceback: Option<&'a Expr<'a>> },
    Try(&'a Try<'a>),
    Assert { test: &'a Expr<'a>, msg: Option<&'a Expr<'a>> },
    Import(&'a [Alias<'a>]),
    /// `module` is absent in `from . import x`; `level` counts the dots. In 2.7 without `absolute_import`,
    /// level 0 means "relative first, then absolute".
    ImportFrom { module: Option<&'a str>, names: &'a [Alias<'a>], level: u32 },
    Global(&'a [&'a str]),
    Nonlocal(&'a [&'a str]),
    Expr(&'a Expr<'a>),
    Pass,
    Break,
    Continue,
    /// 2.7: `print >>dest, values...`; `newline` is false after a trailing comma.
    Print { dest: Option<&'a Expr<'a>>, values: &'a [Expr<'a>], newline: bool },
    /// 2.7: `exec body in globals, locals`.
    Exec { body: &'a Expr<'a>, globals: Option<&'a Expr<'a>>, locals: Option<&'a Expr<'a>> },
}

/// The span of the statement starts at `def` (or `async`), not at a decorator.
#[derive(Clone, Copy, Debug)]
pub struct FunctionDef<'a> {
    pub name: &'a str,
    pub type_params: &'a [TypeParam<'a>],
    pub params: &'a Parameters<'a>,
    pub returns: Option<&'a Expr<'a>>,
    pub body: &'a [Stmt<'a>],
    pub decorators: &'a [Expr<'a>],
    pub is_async: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct ClassDef<'a> {
    pub name: &'a str,
    pub type_params: &'a [TypeParam<'a>],
    pub bases: &'a [Expr<'a>],
    pub keywords: &'a [Keyword<'a>],
    pub body: &'a [Stmt<'a>],
    pub decorators: &'a [Expr<'a>],
}

#[derive(Clone, Copy, Debug)]
pub struct IfClause<'a> {
    /// From `if`/`elif`; for an `elif` to the end of the whole statement, like CPython's nested `If`.
    pub span: Span,
    pub test: Expr<'a>,
    pub body: &'a [Stmt<'a>],
}

#[derive(Clone, Copy, Debug)]
pub struct WithItem<'a> {
    pub context: Expr<'a>,
    pub target: Option<&'a Expr<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    pub body: &'a [Stmt<'a>],
    pub handlers: &'a [Handler<'a>],
    pub orelse: &'a [Stmt<'a>],
    pub finalbody: &'a [Stmt<'a>],
    /// `except*`.
    pub is_star: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Handler<'a> {
    pub span: Span,
    pub typ: Option<&'a Expr<'a>>,
    /// A `Name` in Python 3 (unbound after the handler); in 2.7 any target (kept).
    pub target: Option<&'a Expr<'a>>,
    pub body: &'a [Stmt<'a>],
}

/// `name as asname`; the name is dotted in `import`, `*` in `from m import *`.
#[derive(Clone, Copy, Debug)]
pub struct Alias<'a> {
    pub span: Span,
    pub name: &'a str,
    pub asname: Option<&'a str>,
}

#[derive(Clone, Copy, Debug)]
pub struct TypeParam<'a> {
    pub span: Span,
    pub name: &'a str,
    pub kind: TypeParamKind,
    /// Only for a `TypeVar`.
    pub bound: Option<&'a Expr<'a>>,
    /// May be `Starred` for a `TypeVarTuple`.
    pub default: Option<&'a Expr<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeParamKind {
    TypeVar,
    TypeVarTuple,
    ParamSpec,
}

#[derive(Clone, Copy, Debug)]
pub struct MatchCase<'a> {
    pub pattern: Pattern<'a>,
    pub guard: Option<&'a Expr<'a>>,
    pub body: &'a [Stmt<'a>],
}

#[derive(Clone, Copy, Debug)]
pub struct Pattern<'a> {
    pub span: Span,
    pub kind: PatternKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum PatternKind<'a> {
    /// A literal (also `-1`, `1+2j`), f-string-free string, or dotted name: compared with `==`.
    Value(&'a Expr<'a>),
    /// `None`, `True`, `False`: compared with `is`.
    Singleton(Constant<'a>),
    /// At most one element should be a `Star` (the compiler checks).
    Sequence(&'a [Pattern<'a>]),
    Mapping { keys: &'a [Expr<'a>], patterns: &'a [Pattern<'a>], rest: Option<&'a str> },
    Class { cls: &'a Expr<'a>, patterns: &'a [Pattern<'a>], keywords: &'a [PatternKeyword<'a>] },
    /// `*name`, or `*_` without name. Only inside `Sequence`.
    Star(Option<&'a str>),
    /// `pattern as name`; without pattern a capture; without both the wildcard `_`.
    As { pattern: Option<&'a Pattern<'a>>, name: Option<&'a str> },
    Or(&'a [Pattern<'a>]),
}

#[derive(Clone, Copy, Debug)]
pub struct PatternKeyword<'a> {
    pub name: &'a str,
    pub pattern: Pattern<'a>,
}
