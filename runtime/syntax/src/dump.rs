//! Trees as S-expressions, with the node and field order of CPython 3's `ast`, for tests and differential checks.

use crate::ast::*;
use std::fmt::Write;

/// The tree as one S-expression; with `spans` each node that has one in CPython shows `@line:col-line:col`.
/// Recurses: meant for trees of ordinary height.
pub fn dump(tree: &Tree, spans: bool) -> String {
    let mut d = Dump { out: String::new(), spans };
    match tree.eval_expr() {
        Some(e) => {
            d.out.push_str("(Expression");
            d.field(e, Dump::expr);
        }
        None => {
            d.out.push_str("(Module");
            d.list(tree.body, Dump::stmt);
        }
    }
    d.out.push(')');
    d.out
}

struct Dump {
    out: String,
    spans: bool,
}

impl Dump {
    fn open(&mut self, name: &str, span: Span) {
        self.out.push('(');
        self.out.push_str(name);
        if self.spans {
            let Span { line, col, end_line, end_col } = span;
            let _ = write!(self.out, "@{line}:{col}-{end_line}:{end_col}");
        }
    }

    fn field<T: ?Sized>(&mut self, node: &T, f: fn(&mut Dump, &T)) {
        self.out.push(' ');
        f(self, node);
    }

    fn option<T>(&mut self, node: Option<&T>, f: fn(&mut Dump, &T)) {
        match node {
            Some(node) => self.field(node, f),
            None => self.out.push_str(" ~"),
        }
    }

    fn list<T>(&mut self, nodes: &[T], f: fn(&mut Dump, &T)) {
        self.out.push_str(" [");
        for (i, node) in nodes.iter().enumerate() {
            if i > 0 {
                self.out.push(' ');
            }
            f(self, node);
        }
        self.out.push(']');
    }

    fn word(&mut self, word: &str) {
        self.out.push(' ');
        self.out.push_str(word);
    }

    fn name(&mut self, name: Option<&str>) {
        self.word(name.unwrap_or("~"));
    }

    fn bytes(&mut self, mark: char, bytes: &[u8]) {
        self.out.push(mark);
        self.out.push('"');
        for &b in bytes {
            if (b' '..0x7F).contains(&b) && b != b'\\' && b != b'"' {
                self.out.push(b as char);
            } else {
                let _ = write!(self.out, "\\{b:02x}");
            }
        }
        self.out.push('"');
    }

    fn constant(&mut self, value: &Constant) {
        match *value {
            Constant::None => self.out.push_str("None"),
            Constant::True => self.out.push_str("True"),
            Constant::False => self.out.push_str("False"),
            Constant::Ellipsis => self.out.push_str("Ellipsis"),
            Constant::Int { value, long } => {
                let _ = write!(self.out, "{value}{}", if long { "L" } else { "" });
            }
            Constant::BigInt { digits, radix, long } => {
                // A residue: enough to compare, without arithmetic of any length.
                let residue = digits.chars().filter_map(|c| c.to_digit(radix)).fold(0u64, |r, d| (r * radix as u64 + d as u64) % 1_000_000_007);
                let _ = write!(self.out, "big{residue}{}", if long { "L" } else { "" });
            }
            Constant::Float(f) => {
                let _ = write!(self.out, "f{:016x}", f.to_bits());
            }
            Constant::Imag(f) => {
                let _ = write!(self.out, "j{:016x}", f.to_bits());
            }
            Constant::Str(s) => self.bytes('s', s),
            Constant::Bytes(s) => self.bytes('b', s),
        }
    }

    fn expr(&mut self, e: &Expr) {
        let span = e.span;
        match e.kind {
            ExprKind::BoolOp { op, values } => {
                self.open("BoolOp", span);
                self.word(op.name());
                self.list(values, Dump::expr);
            }
            ExprKind::Named { target, value } => {
                self.open("NamedExpr", span);
                self.field(target, Dump::expr);
                self.field(value, Dump::expr);
            }
            ExprKind::BinOp { left, op, right } => {
                self.open("BinOp", span);
                self.field(left, Dump::expr);
                self.word(op.name());
                self.field(right, Dump::expr);
            }
            ExprKind::UnaryOp { op, operand } => {
                self.open("UnaryOp", span);
                self.word(op.name());
                self.field(operand, Dump::expr);
            }
            ExprKind::Lambda { params, body } => {
                self.open("Lambda", span);
                self.field(params, Dump::params);
                self.field(body, Dump::expr);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.open("IfExp", span);
                self.field(test, Dump::expr);
                self.field(body, Dump::expr);
                self.field(orelse, Dump::expr);
            }
            ExprKind::Dict(items) => {
                self.open("Dict", span);
                self.list(items, |d, i| match &i.key {
                    Some(key) => d.expr(key),
                    None => d.out.push('~'),
                });
                self.list(items, |d, i| d.expr(&i.value));
            }
            ExprKind::Set(items) => {
                self.open("Set", span);
                self.list(items, Dump::expr);
            }
            ExprKind::ListComp { elt, generators } => self.comp("ListComp", span, &[elt], generators),
            ExprKind::SetComp { elt, generators } => self.comp("SetComp", span, &[elt], generators),
            ExprKind::GeneratorExp { elt, generators } => self.comp("GeneratorExp", span, &[elt], generators),
            ExprKind::DictComp { key, value, generators } => self.comp("DictComp", span, &[key, value], generators),
            ExprKind::Await(value) => {
                self.open("Await", span);
                self.field(value, Dump::expr);
            }
            ExprKind::Yield(value) => {
                self.open("Yield", span);
                self.option(value, Dump::expr);
            }
            ExprKind::YieldFrom(value) => {
                self.open("YieldFrom", span);
                self.field(value, Dump::expr);
            }
            ExprKind::Compare { left, ops, comparators } => {
                self.open("Compare", span);
                self.field(left, Dump::expr);
                self.list(ops, |d, op| d.out.push_str(op.name()));
                self.list(comparators, Dump::expr);
            }
            ExprKind::Call { func, args, keywords } => {
                self.open("Call", span);
                self.field(func, Dump::expr);
                self.list(args, Dump::expr);
                self.list(keywords, Dump::keyword);
            }
            ExprKind::JoinedStr(parts) => {
                self.open("JoinedStr", span);
                self.list(parts, Dump::expr);
            }
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.open("FormattedValue", span);
                self.field(value, Dump::expr);
                self.word(match conversion {
                    Conversion::None => "-1",
                    Conversion::Str => "115",
                    Conversion::Repr => "114",
                    Conversion::Ascii => "97",
                });
                self.option(format_spec, Dump::expr);
            }
            ExprKind::Constant { value, u_prefix } => {
                self.open("Constant", span);
                self.field(&value, Dump::constant);
                self.word(if u_prefix { "u" } else { "~" });
            }
            ExprKind::Attribute { value, attr } => {
                self.open("Attribute", span);
                self.field(value, Dump::expr);
                self.word(attr);
            }
            ExprKind::Subscript { value, index } => {
                self.open("Subscript", span);
                self.field(value, Dump::expr);
                self.field(index, Dump::expr);
            }
            ExprKind::Starred(value) => {
                self.open("Starred", span);
                self.field(value, Dump::expr);
            }
            ExprKind::Name(name) => {
                self.open("Name", span);
                self.word(name);
            }
            ExprKind::List(items) => {
                self.open("List", span);
                self.list(items, Dump::expr);
            }
            ExprKind::Tuple(items) => {
                self.open("Tuple", span);
                self.list(items, Dump::expr);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.open("Slice", span);
                self.option(lower, Dump::expr);
                self.option(upper, Dump::expr);
                self.option(step, Dump::expr);
            }
            ExprKind::Repr(value) => {
                self.open("Repr", span);
                self.field(value, Dump::expr);
            }
        }
        self.out.push(')');
    }

    fn comp(&mut self, name: &str, span: Span, elts: &[&Expr], generators: &[Comprehension]) {
        self.open(name, span);
        for elt in elts {
            self.field(*elt, Dump::expr);
        }
        self.list(generators, |d, g| {
            d.out.push_str("(comprehension");
            d.field(&g.target, Dump::expr);
            d.field(&g.iter, Dump::expr);
            d.list(g.ifs, Dump::expr);
            d.word(if g.is_async { "1" } else { "0" });
            d.out.push(')');
        });
    }

    fn keyword(&mut self, k: &Keyword) {
        self.open("keyword", k.span);
        self.name(k.name);
        self.field(&k.value, Dump::expr);
        self.out.push(')');
    }

    fn param(&mut self, p: &Param) {
        self.open("arg", p.span);
        match p.tuple {
            Some(tuple) => self.field(tuple, Dump::expr),
            None => self.word(p.name),
        }
        self.option(p.annotation, Dump::expr);
        self.out.push(')');
    }

    fn params(&mut self, p: &Parameters) {
        self.out.push_str("(arguments");
        self.list(p.posonly, Dump::param);
        self.list(p.args, Dump::param);
        self.option(p.vararg, Dump::param);
        self.list(p.kwonly, Dump::param);
        self.list(p.kwonly, |d, p| match p.default {
            Some(e) => d.expr(e),
            None => d.out.push('~'),
        });
        self.option(p.kwarg, Dump::param);
        let defaults: Vec<&Expr> = p.posonly.iter().chain(p.args).filter_map(|p| p.default).collect();
        self.list(&defaults, |d, e| d.expr(e));
        self.out.push(')');
    }

    fn body(&mut self, body: &[Stmt]) {
        self.list(body, Dump::stmt);
    }

    fn alias(&mut self, a: &Alias) {
        self.open("alias", a.span);
        self.word(a.name);
        self.name(a.asname);
        self.out.push(')');
    }

    fn stmt(&mut self, s: &Stmt) {
        let span = s.span;
        match s.kind {
            StmtKind::FunctionDef(f) => {
                self.open(if f.is_async { "AsyncFunctionDef" } else { "FunctionDef" }, span);
                self.word(f.name);
                self.field(f.params, Dump::params);
                self.body(f.body);
                self.list(f.decorators, Dump::expr);
                self.option(f.returns, Dump::expr);
                self.list(f.type_params, Dump::type_param);
            }
            StmtKind::ClassDef(c) => {
                self.open("ClassDef", span);
                self.word(c.name);
                self.list(c.bases, Dump::expr);
                self.list(c.keywords, Dump::keyword);
                self.body(c.body);
                self.list(c.decorators, Dump::expr);
                self.list(c.type_params, Dump::type_param);
            }
            StmtKind::Return(value) => {
                self.open("Return", span);
                self.option(value, Dump::expr);
            }
            StmtKind::Delete(targets) => {
                self.open("Delete", span);
                self.list(targets, Dump::expr);
            }
            StmtKind::Assign { targets, value } => {
                self.open("Assign", span);
                self.list(targets, Dump::expr);
                self.field(value, Dump::expr);
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                self.open("TypeAlias", span);
                self.field(name, Dump::expr);
                self.list(type_params, Dump::type_param);
                self.field(value, Dump::expr);
            }
            StmtKind::AugAssign { target, op, value } => {
                self.open("AugAssign", span);
                self.field(target, Dump::expr);
                self.word(op.name());
                self.field(value, Dump::expr);
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.open("AnnAssign", span);
                self.field(target, Dump::expr);
                self.field(annotation, Dump::expr);
                self.option(value, Dump::expr);
                self.word(if simple { "1" } else { "0" });
            }
            StmtKind::For { target, iter, body, orelse, is_async } => {
                self.open(if is_async { "AsyncFor" } else { "For" }, span);
                self.field(target, Dump::expr);
                self.field(iter, Dump::expr);
                self.body(body);
                self.body(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                self.open("While", span);
                self.field(test, Dump::expr);
                self.body(body);
                self.body(orelse);
            }
            StmtKind::If { clauses, orelse } => {
                for (i, clause) in clauses.iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(" [");
                    }
                    self.open("If", clause.span);
                    self.field(&clause.test, Dump::expr);
                    self.body(clause.body);
                }
                self.body(orelse);
                for _ in 1..clauses.len() {
                    self.out.push_str(")]");
                }
            }
            StmtKind::With { items, body, is_async } => {
                self.open(if is_async { "AsyncWith" } else { "With" }, span);
                self.list(items, |d, item| {
                    d.out.push_str("(withitem");
                    d.field(&item.context, Dump::expr);
                    d.option(item.target, Dump::expr);
                    d.out.push(')');
                });
                self.body(body);
            }
            StmtKind::Match { subject, cases } => {
                self.open("Match", span);
                self.field(subject, Dump::expr);
                self.list(cases, |d, case| {
                    d.out.push_str("(match_case");
                    d.field(&case.pattern, Dump::pattern);
                    d.option(case.guard, Dump::expr);
                    d.body(case.body);
                    d.out.push(')');
                });
            }
            StmtKind::Raise { exc, cause } => {
                self.open("Raise", span);
                self.option(exc, Dump::expr);
                self.option(cause, Dump::expr);
            }
            StmtKind::Raise2 { exc, value, traceback } => {
                self.open("Raise", span);
                self.option(exc, Dump::expr);
                self.option(value, Dump::expr);
                self.option(traceback, Dump::expr);
            }
            StmtKind::Try(t) => {
                self.open(if t.is_star { "TryStar" } else { "Try" }, span);
                self.body(t.body);
                self.list(t.handlers, |d, h| {
                    d.open("ExceptHandler", h.span);
                    d.option(h.typ, Dump::expr);
                    match h.target {
                        // Python 3's handler holds a bare name.
                        Some(Expr { kind: ExprKind::Name(name), .. }) => d.word(name),
                        target => d.option(target, Dump::expr),
                    }
                    d.body(h.body);
                    d.out.push(')');
                });
                self.body(t.orelse);
                self.body(t.finalbody);
            }
            StmtKind::Assert { test, msg } => {
                self.open("Assert", span);
                self.field(test, Dump::expr);
                self.option(msg, Dump::expr);
            }
            StmtKind::Import(names) => {
                self.open("Import", span);
                self.list(names, Dump::alias);
            }
            StmtKind::ImportFrom { module, names, level } => {
                self.open("ImportFrom", span);
                self.name(module);
                self.list(names, Dump::alias);
                self.word(&level.to_string());
            }
            StmtKind::Global(names) => {
                self.open("Global", span);
                self.list(names, |d, n| d.out.push_str(n));
            }
            StmtKind::Nonlocal(names) => {
                self.open("Nonlocal", span);
                self.list(names, |d, n| d.out.push_str(n));
            }
            StmtKind::Expr(e) => {
                self.open("Expr", span);
                self.field(e, Dump::expr);
            }
            StmtKind::Pass => self.open("Pass", span),
            StmtKind::Break => self.open("Break", span),
            StmtKind::Continue => self.open("Continue", span),
            StmtKind::Print { dest, values, newline } => {
                self.open("Print", span);
                self.option(dest, Dump::expr);
                self.list(values, Dump::expr);
                self.word(if newline { "True" } else { "False" });
            }
            StmtKind::Exec { body, globals, locals } => {
                self.open("Exec", span);
                self.field(body, Dump::expr);
                self.option(globals, Dump::expr);
                self.option(locals, Dump::expr);
            }
        }
        self.out.push(')');
    }

    fn type_param(&mut self, p: &TypeParam) {
        let name = match p.kind {
            TypeParamKind::TypeVar => "TypeVar",
            TypeParamKind::TypeVarTuple => "TypeVarTuple",
            TypeParamKind::ParamSpec => "ParamSpec",
        };
        self.open(name, p.span);
        self.word(p.name);
        if p.kind == TypeParamKind::TypeVar {
            self.option(p.bound, Dump::expr);
        }
        self.option(p.default, Dump::expr);
        self.out.push(')');
    }

    fn pattern(&mut self, p: &Pattern) {
        let span = p.span;
        match p.kind {
            PatternKind::Value(value) => {
                self.open("MatchValue", span);
                self.field(value, Dump::expr);
            }
            PatternKind::Singleton(value) => {
                self.open("MatchSingleton", span);
                self.field(&value, Dump::constant);
            }
            PatternKind::Sequence(items) => {
                self.open("MatchSequence", span);
                self.list(items, Dump::pattern);
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                self.open("MatchMapping", span);
                self.list(keys, Dump::expr);
                self.list(patterns, Dump::pattern);
                self.name(rest);
            }
            PatternKind::Class { cls, patterns, keywords } => {
                self.open("MatchClass", span);
                self.field(cls, Dump::expr);
                self.list(patterns, Dump::pattern);
                self.list(keywords, |d, k| d.out.push_str(k.name));
                self.list(keywords, |d, k| d.pattern(&k.pattern));
            }
            PatternKind::Star(name) => {
                self.open("MatchStar", span);
                self.name(name);
            }
            PatternKind::As { pattern, name } => {
                self.open("MatchAs", span);
                self.option(pattern, Dump::pattern);
                self.name(name);
            }
            PatternKind::Or(items) => {
                self.open("MatchOr", span);
                self.list(items, Dump::pattern);
            }
        }
        self.out.push(')');
    }
}
