//! The node classes of `ast` in both languages, declared once: group, and fields in the notation of the abstract grammar.

use std::sync::OnceLock;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Identifier,
    String,
    Int,
    Bool,
    /// Any constant (Python 3), any number or text (2.7's `object`).
    Object,
    /// A node of a group, or of a class that is its own group.
    Node(&'static str),
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    One,
    Optional,
    List,
}
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub typ: Type,
    pub many: Many,
    /// As written, for documentation.
    pub type_text: &'static str,
}

/// A node class of the running language.
#[derive(Debug)]
pub struct Class {
    pub name: &'static str,
    /// `AST` for a class that is its own group.
    pub group: &'static str,
    pub fields: Vec<Field>,
    /// Whether the language has it.
    pub exists: bool,
}

macro_rules! nodes {
    ($($group:ident { $($name:ident $py3:literal $py27:literal)* })*) => {
        /// All node classes.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum K { $($($name),*),* }
        /// Name, group, fields in 3.13 and in 2.7.
        static NODES: &[(K, &str, &str, &str, &str)] = &[$($((K::$name, stringify!($name), stringify!($group), $py3, $py27)),*),*];
    };
}

// `=`: as in Python 3; `-`: no such class.
nodes! {
    mod {
        Module "stmt* body, type_ignore* type_ignores" "stmt* body"
        Interactive "stmt* body" "="
        Expression "expr body" "="
        FunctionType "expr* argtypes, expr returns" "-"
        Suite "-" "stmt* body"
    }
    stmt {
        FunctionDef "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params" "identifier name, arguments args, stmt* body, expr* decorator_list"
        AsyncFunctionDef "identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params" "-"
        ClassDef "identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params" "identifier name, expr* bases, stmt* body, expr* decorator_list"
        Return "expr? value" "="
        Delete "expr* targets" "="
        Assign "expr* targets, expr value, string? type_comment" "expr* targets, expr value"
        TypeAlias "expr name, type_param* type_params, expr value" "-"
        AugAssign "expr target, operator op, expr value" "="
        AnnAssign "expr target, expr annotation, expr? value, int simple" "-"
        Print "-" "expr? dest, expr* values, bool nl"
        For "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment" "expr target, expr iter, stmt* body, stmt* orelse"
        AsyncFor "expr target, expr iter, stmt* body, stmt* orelse, string? type_comment" "-"
        While "expr test, stmt* body, stmt* orelse" "="
        If "expr test, stmt* body, stmt* orelse" "="
        With "withitem* items, stmt* body, string? type_comment" "expr context_expr, expr? optional_vars, stmt* body"
        AsyncWith "withitem* items, stmt* body, string? type_comment" "-"
        Match "expr subject, match_case* cases" "-"
        Raise "expr? exc, expr? cause" "expr? type, expr? inst, expr? tback"
        Try "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody" "-"
        TryStar "stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody" "-"
        TryExcept "-" "stmt* body, excepthandler* handlers, stmt* orelse"
        TryFinally "-" "stmt* body, stmt* finalbody"
        Assert "expr test, expr? msg" "="
        Import "alias* names" "="
        ImportFrom "identifier? module, alias* names, int? level" "="
        Exec "-" "expr body, expr? globals, expr? locals"
        Global "identifier* names" "="
        Nonlocal "identifier* names" "-"
        Expr "expr value" "="
        Pass "" "="
        Break "" "="
        Continue "" "="
    }
    expr {
        BoolOp "boolop op, expr* values" "="
        NamedExpr "expr target, expr value" "-"
        BinOp "expr left, operator op, expr right" "="
        UnaryOp "unaryop op, expr operand" "="
        Lambda "arguments args, expr body" "="
        IfExp "expr test, expr body, expr orelse" "="
        Dict "expr* keys, expr* values" "="
        Set "expr* elts" "="
        ListComp "expr elt, comprehension* generators" "="
        SetComp "expr elt, comprehension* generators" "="
        DictComp "expr key, expr value, comprehension* generators" "="
        GeneratorExp "expr elt, comprehension* generators" "="
        Await "expr value" "-"
        Yield "expr? value" "="
        YieldFrom "expr value" "-"
        Compare "expr left, cmpop* ops, expr* comparators" "="
        Call "expr func, expr* args, keyword* keywords" "expr func, expr* args, keyword* keywords, expr? starargs, expr? kwargs"
        FormattedValue "expr value, int conversion, expr? format_spec" "-"
        JoinedStr "expr* values" "-"
        Constant "constant value, string? kind" "-"
        Repr "-" "expr value"
        Num "-" "object n"
        Str "-" "string s"
        Attribute "expr value, identifier attr, expr_context ctx" "="
        Subscript "expr value, expr slice, expr_context ctx" "expr value, slice slice, expr_context ctx"
        Starred "expr value, expr_context ctx" "-"
        Name "identifier id, expr_context ctx" "="
        List "expr* elts, expr_context ctx" "="
        Tuple "expr* elts, expr_context ctx" "="
        Slice "expr? lower, expr? upper, expr? step" "-"
    }
    slice {
        Ellipsis "-" ""
        Slice2 "-" "expr? lower, expr? upper, expr? step"
        ExtSlice "-" "slice* dims"
        Index "-" "expr value"
    }
    expr_context { Load "" "=" Store "" "=" Del "" "=" AugLoad "-" "" AugStore "-" "" Param "-" "" }
    boolop { And "" "=" Or "" "=" }
    operator {
        Add "" "=" Sub "" "=" Mult "" "=" MatMult "" "-" Div "" "=" Mod "" "=" Pow "" "=" LShift "" "=" RShift "" "=" BitOr "" "=" BitXor "" "="
        BitAnd "" "=" FloorDiv "" "="
    }
    unaryop { Invert "" "=" Not "" "=" UAdd "" "=" USub "" "=" }
    cmpop { Eq "" "=" NotEq "" "=" Lt "" "=" LtE "" "=" Gt "" "=" GtE "" "=" Is "" "=" IsNot "" "=" In "" "=" NotIn "" "=" }
    AST { comprehension "expr target, expr iter, expr* ifs, int is_async" "expr target, expr iter, expr* ifs" }
    excepthandler { ExceptHandler "expr? type, identifier? name, stmt* body" "expr? type, expr? name, stmt* body" }
    AST {
        arguments "arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr* kw_defaults, arg? kwarg, expr* defaults" "expr* args, identifier? vararg, identifier? kwarg, expr* defaults"
        arg "identifier arg, expr? annotation, string? type_comment" "-"
        keyword "identifier? arg, expr value" "identifier arg, expr value"
        alias "identifier name, identifier? asname" "="
        withitem "expr context_expr, expr? optional_vars" "-"
        match_case "pattern pattern, expr? guard, stmt* body" "-"
    }
    pattern {
        MatchValue "expr value" "-"
        MatchSingleton "constant value" "-"
        MatchSequence "pattern* patterns" "-"
        MatchMapping "expr* keys, pattern* patterns, identifier? rest" "-"
        MatchClass "expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns" "-"
        MatchStar "identifier? name" "-"
        MatchAs "pattern? pattern, identifier? name" "-"
        MatchOr "pattern* patterns" "-"
    }
    type_ignore { TypeIgnore "int lineno, string tag" "-" }
    type_param {
        TypeVar "identifier name, expr? bound, expr? default_value" "-"
        ParamSpec "identifier name, expr? default_value" "-"
        TypeVarTuple "identifier name, expr? default_value" "-"
    }
}

/// The classes of the running language, by `K`.
pub fn classes() -> &'static [Class] {
    static CLASSES: OnceLock<Vec<Class>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let py3 = txpy_vm::dialect::py3();
        let class = |&(k, name, group, f3, f2): &(K, &'static str, &'static str, &'static str, &'static str)| {
            let text = if py3 || f2 == "=" { f3 } else { f2 };
            let name = if k == K::Slice2 { "Slice" } else { name };
            let exists = text != "-";
            Class { name, group, fields: if exists { fields(text) } else { Vec::new() }, exists }
        };
        NODES.iter().map(class).collect()
    })
}
fn fields(text: &'static str) -> Vec<Field> {
    let field = |f: &'static str| {
        let (type_text, name) = f.split_once(' ').expect("type and name");
        let (base, many) = match type_text.as_bytes()[type_text.len() - 1] {
            b'*' => (&type_text[..type_text.len() - 1], Many::List),
            b'?' => (&type_text[..type_text.len() - 1], Many::Optional),
            _ => (type_text, Many::One),
        };
        let typ = match base {
            "identifier" => Type::Identifier,
            "string" => Type::String,
            "int" => Type::Int,
            "bool" => Type::Bool,
            "object" | "constant" => Type::Object,
            node => Type::Node(node),
        };
        Field { name, typ, many, type_text }
    };
    if text.is_empty() { Vec::new() } else { text.split(", ").map(field).collect() }
}

/// Every class by number.
pub fn all() -> impl Iterator<Item = K> { NODES.iter().map(|n| n.0) }
impl K {
    pub fn class(self) -> &'static Class { &classes()[self as usize] }
    pub fn name(self) -> &'static str { self.class().name }
    /// The class of this name in a group.
    pub fn by_name(group: &str, name: &str) -> Option<K> { NODES.iter().find(|n| n.1 == name && n.2 == group).map(|n| n.0) }
    /// Nodes without content: one instance each serves all trees.
    pub fn is_singleton(self) -> bool { matches!(self.class().group, "expr_context" | "boolop" | "operator" | "unaryop" | "cmpop") }
}

/// Names of the attributes that nodes of a group (or class that is its own) carry beside their fields.
pub fn attributes(group: &str) -> &'static [&'static str] {
    let py3 = txpy_vm::dialect::py3();
    match group {
        "stmt" | "expr" | "excepthandler" if !py3 => &["lineno", "col_offset"],
        "stmt" | "expr" | "excepthandler" | "pattern" | "type_param" | "arg" | "keyword" | "alias" if py3 => &["lineno", "col_offset", "end_lineno", "end_col_offset"],
        _ => &[],
    }
}
