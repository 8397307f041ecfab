//! From plain nodes to our syntax tree: statements. Checks what the parser would have seen to, with CPython's words (3.13's validator).

use super::build_expr::{Ctx, Star};
use super::extract::{Field, Literal, Node};
use super::table::K;
use crate::api::*;
use txpy_syntax::ast::*;
use txpy_syntax::{Arena, ErrorKind, FutureFlags, Mode, SyntaxError};
use txpy_vm::builtins::raise_syntax_error;

/// The tree of a `Module`, `Expression` or `Interactive`.
pub fn tree<'a>(th: &mut Thread, arena: &'a Arena, node: &'a Node<'a>, mode: Mode, flags: FutureFlags, filename: &'a str) -> R<Tree<'a>> {
    let mut b = Build { arena, filename, height: 0, blocks: 0, max_blocks: 0, py3: th.py3() };
    let body = match mode {
        Mode::Eval => {
            let e = b.expr_ref(th, node.node("body"))?;
            arena.alloc_slice_copy(&[Stmt { span: e.span, kind: StmtKind::Expr(e) }])
        }
        _ => b.stmts(th, node.list("body"))?,
    };
    let flags = futures(th, &b, body, flags)?;
    Ok(Tree { mode, body, flags, height: b.height + b.max_blocks, source: "", encoding: None, warnings: &[] })
}

/// The features that imports at the beginning switch on.
fn futures(th: &mut Thread, b: &Build, body: &[Stmt], mut flags: FutureFlags) -> R<FutureFlags> {
    for (i, s) in body.iter().enumerate() {
        match s.kind {
            StmtKind::ImportFrom { module: Some("__future__"), names, level: 0 } => {
                for n in names {
                    if !flags.enable(n.name, !th.py3()) {
                        return Err(b.syntax_error(th, s.span, &format!("future feature {} is not defined", n.name)));
                    }
                }
            }
            StmtKind::Expr(Expr { kind: ExprKind::Constant { value: Constant::Str(_) | Constant::Bytes(_), .. }, .. }) if i == 0 => {}
            _ => break,
        }
    }
    Ok(flags)
}

pub(super) struct Build<'a> {
    pub arena: &'a Arena,
    pub filename: &'a str,
    pub height: u32,
    pub blocks: u32,
    pub max_blocks: u32,
    pub py3: bool,
}

impl<'a> Build<'a> {
    pub fn syntax_error(&self, th: &mut Thread, span: Span, msg: &str) -> Unwind {
        let e = SyntaxError {
            kind: ErrorKind::Syntax, msg: msg.into(), line: span.line, col: span.col + 1, end_line: span.end_line, end_col: span.end_col + 1, text: None, incomplete: false,
        };
        raise_syntax_error(th, &e, self.filename)
    }
    pub fn slice<T: Copy>(&self, items: &[T]) -> &'a [T] { self.arena.alloc_slice_copy(items) }

    fn stmts(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<&'a [Stmt<'a>]> {
        th.check_stack()?;
        self.blocks += 1;
        self.max_blocks = self.max_blocks.max(self.blocks);
        let mut out = Vec::with_capacity(list.len());
        for f in list {
            let Field::Node(n) = f else { return Err(th.value_error("None disallowed in statement list")) };
            out.push(self.stmt(th, n)?);
        }
        self.blocks -= 1;
        Ok(self.slice(&out))
    }
    /// A list that must not be empty.
    fn nonempty(&self, th: &mut Thread, n: &Node<'a>, field: &str) -> R<&'a [Field<'a>]> {
        let l = n.list(field);
        if l.is_empty() { Err(th.value_error(format!("empty {field} on {}", n.k.name()))) } else { Ok(l) }
    }
    fn body(&mut self, th: &mut Thread, n: &Node<'a>, field: &str) -> R<&'a [Stmt<'a>]> {
        let l = self.nonempty(th, n, field)?;
        self.stmts(th, l)
    }
    fn names(&self, list: &'a [Field<'a>]) -> &'a [&'a str] {
        let names: Vec<&str> = list.iter().map(|f| if let Field::Name(n) = f { n } else { "" }).collect();
        self.slice(&names)
    }

    fn stmt(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<Stmt<'a>> {
        let span = n.span;
        let kind = match n.k {
            K::FunctionDef | K::AsyncFunctionDef => self.function(th, n)?,
            K::ClassDef => self.class(th, n)?,
            K::Return => StmtKind::Return(self.opt(th, n.opt("value"))?),
            K::Delete => {
                let l = self.nonempty(th, n, "targets")?;
                StmtKind::Delete(self.exprs(th, l, Ctx::Del, Star::No)?)
            }
            K::Assign => {
                let l = self.nonempty(th, n, "targets")?;
                let targets = self.exprs(th, l, Ctx::Store, Star::Target)?;
                StmtKind::Assign { targets, value: self.expr_ref(th, n.node("value"))? }
            }
            K::TypeAlias => {
                let name = n.node("name");
                if name.k != K::Name {
                    return Err(th.type_error("TypeAlias with non-Name name"));
                }
                let name = self.target(th, name)?;
                let type_params = self.type_params(th, n.list("type_params"))?;
                StmtKind::TypeAlias { name, type_params, value: self.expr_ref(th, n.node("value"))? }
            }
            K::AugAssign => {
                let target = self.target(th, n.node("target"))?;
                self.single_target(th, target, "augmented")?;
                StmtKind::AugAssign { target, op: bin_op(n.node("op")), value: self.expr_ref(th, n.node("value"))? }
            }
            K::AnnAssign => {
                let (target, simple) = (n.node("target"), n.int("simple") != 0);
                if simple && target.k != K::Name {
                    return Err(th.type_error("AnnAssign with simple non-Name target"));
                }
                let target = self.target(th, target)?;
                let value = self.opt(th, n.opt("value"))?;
                let annotation = self.expr_ref(th, n.node("annotation"))?;
                self.single_target(th, target, "annotated")?;
                StmtKind::AnnAssign { target, annotation, value, simple }
            }
            K::For | K::AsyncFor => {
                let target = self.target(th, n.node("target"))?;
                let iter = self.expr_ref(th, n.node("iter"))?;
                let body = self.body(th, n, "body")?;
                StmtKind::For { target, iter, body, orelse: self.stmts(th, n.list("orelse"))?, is_async: n.k == K::AsyncFor }
            }
            K::While => {
                let test = self.expr_ref(th, n.node("test"))?;
                let body = self.body(th, n, "body")?;
                StmtKind::While { test, body, orelse: self.stmts(th, n.list("orelse"))? }
            }
            K::If => self.if_(th, n)?,
            K::With | K::AsyncWith => self.with(th, n)?,
            K::Match => {
                let subject = self.expr_ref(th, n.node("subject"))?;
                let list = self.nonempty(th, n, "cases")?;
                let mut cases = Vec::new();
                for c in nodes(th, list)? {
                    let pattern = self.pattern(th, c.node("pattern"), false)?;
                    let guard = self.opt(th, c.opt("guard"))?;
                    cases.push(MatchCase { pattern, guard, body: self.body(th, c, "body")? });
                }
                StmtKind::Match { subject, cases: self.slice(&cases) }
            }
            K::Raise if self.py3 => {
                if n.opt("exc").is_none() && n.opt("cause").is_some() {
                    return Err(th.value_error("Raise with cause but no exception"));
                }
                StmtKind::Raise { exc: self.opt(th, n.opt("exc"))?, cause: self.opt(th, n.opt("cause"))? }
            }
            K::Raise => {
                // A later part without an earlier one does not exist.
                let exc = self.opt(th, n.opt("type"))?;
                let value = self.opt(th, n.opt("inst").filter(|_| exc.is_some()))?;
                StmtKind::Raise2 { exc, value, traceback: self.opt(th, n.opt("tback").filter(|_| value.is_some()))? }
            }
            K::Try | K::TryStar | K::TryExcept | K::TryFinally => self.try_(th, n)?,
            K::Assert => StmtKind::Assert { test: self.expr_ref(th, n.node("test"))?, msg: self.opt(th, n.opt("msg"))? },
            K::Import => StmtKind::Import(self.aliases(th, n)?),
            K::ImportFrom => {
                if n.int("level") < 0 {
                    return Err(th.value_error("Negative ImportFrom level"));
                }
                StmtKind::ImportFrom { module: n.opt_text("module").filter(|m| !m.is_empty()), names: self.aliases(th, n)?, level: n.int("level") as u32 }
            }
            K::Global => StmtKind::Global(self.names(self.nonempty(th, n, "names")?)),
            K::Nonlocal => StmtKind::Nonlocal(self.names(self.nonempty(th, n, "names")?)),
            K::Expr => StmtKind::Expr(self.expr_ref(th, n.node("value"))?),
            K::Pass => StmtKind::Pass,
            K::Break => StmtKind::Break,
            K::Continue => StmtKind::Continue,
            K::Print => {
                let dest = self.opt(th, n.opt("dest"))?;
                StmtKind::Print { dest, values: self.exprs(th, n.list("values"), Ctx::Load, Star::No)?, newline: n.int("nl") != 0 }
            }
            K::Exec => {
                let body = self.expr_ref(th, n.node("body"))?;
                StmtKind::Exec { body, globals: self.opt(th, n.opt("globals"))?, locals: self.opt(th, n.opt("locals"))? }
            }
            _ => return Err(th.system_error("unexpected statement")),
        };
        Ok(Stmt { span, kind })
    }

    /// Augmented and annotated assignments have no lists and tuples as targets.
    fn single_target(&self, th: &mut Thread, target: &Expr, what: &str) -> R<()> {
        // The numbers of CPython's node kinds, which its message shows.
        let number = match target.kind {
            ExprKind::Starred(_) => 23,
            ExprKind::List(_) => 25,
            ExprKind::Tuple(_) => 26,
            _ => return Ok(()),
        };
        Err(th.system_error(format!("invalid node type ({number}) for {what} assignment")))
    }

    fn function(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<StmtKind<'a>> {
        let body = self.body(th, n, "body")?;
        let type_params = if self.py3 { self.type_params(th, n.list("type_params"))? } else { &[] };
        let params = self.params(th, n.node("args"))?;
        let decorators = self.exprs(th, n.list("decorator_list"), Ctx::Load, Star::No)?;
        let returns = if self.py3 { self.opt(th, n.opt("returns"))? } else { None };
        let f = FunctionDef { name: n.text("name"), type_params, params, returns, body, decorators, is_async: n.k == K::AsyncFunctionDef };
        Ok(StmtKind::FunctionDef(self.arena.alloc(f)))
    }
    fn class(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<StmtKind<'a>> {
        let body = self.body(th, n, "body")?;
        let type_params = if self.py3 { self.type_params(th, n.list("type_params"))? } else { &[] };
        let bases = self.exprs(th, n.list("bases"), Ctx::Load, if self.py3 { Star::Item } else { Star::No })?;
        let keywords = if self.py3 { self.keywords(th, n.list("keywords"))? } else { &[] };
        let decorators = self.exprs(th, n.list("decorator_list"), Ctx::Load, Star::No)?;
        Ok(StmtKind::ClassDef(self.arena.alloc(ClassDef { name: n.text("name"), type_params, bases, keywords, body, decorators })))
    }
    /// An `if` that is all of an `else` is an `elif`, so that long chains add no depth.
    fn if_(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<StmtKind<'a>> {
        let mut clauses = Vec::new();
        let mut at = n;
        loop {
            let test = self.expr(th, at.node("test"), Ctx::Load, Star::No)?;
            let body = self.body(th, at, "body")?;
            clauses.push(IfClause { span: at.span, test, body });
            match at.list("orelse") {
                [Field::Node(next)] if next.k == K::If => at = next,
                rest => {
                    let orelse = self.stmts(th, rest)?;
                    return Ok(StmtKind::If { clauses: self.slice(&clauses), orelse });
                }
            }
        }
    }
    fn with_item(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<WithItem<'a>> {
        let context = self.expr(th, n.node("context_expr"), Ctx::Load, Star::No)?;
        let target = match n.opt("optional_vars") {
            Some(t) => Some(self.target(th, t)?),
            None => None,
        };
        Ok(WithItem { context, target })
    }
    fn with(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<StmtKind<'a>> {
        let mut items = Vec::new();
        if self.py3 {
            let list = self.nonempty(th, n, "items")?;
            for i in nodes(th, list)? {
                items.push(self.with_item(th, i)?);
            }
        } else {
            items.push(self.with_item(th, n)?);
        }
        let body = self.body(th, n, "body")?;
        Ok(StmtKind::With { items: self.slice(&items), body, is_async: n.k == K::AsyncWith })
    }
    fn try_(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<StmtKind<'a>> {
        let body = self.body(th, n, "body")?;
        let name = n.k.name();
        let handlers = if n.k == K::TryFinally { &[] } else { n.list("handlers") };
        let orelse = if n.k == K::TryFinally { &[] } else { n.list("orelse") };
        let finalbody = if n.k == K::TryExcept { &[] } else { n.list("finalbody") };
        if handlers.is_empty() && finalbody.is_empty() {
            return Err(th.value_error(format!("{name} has neither except handlers nor finalbody")));
        }
        if handlers.is_empty() && !orelse.is_empty() {
            return Err(th.value_error(format!("{name} has orelse but no except handlers")));
        }
        let mut out = Vec::new();
        for h in nodes(th, handlers)? {
            let typ = self.opt(th, h.opt("type"))?;
            let target = match (self.py3, h.opt_text("name"), h.opt("name")) {
                (true, Some(name), _) => {
                    let e = self.mk(h.span, 0, ExprKind::Name(name));
                    Some(&*self.arena.alloc(e))
                }
                (false, _, Some(t)) => Some(self.target(th, t)?),
                _ => None,
            };
            let body = self.body(th, h, "body")?;
            if typ.is_none() && n.k == K::TryStar {
                return Err(self.syntax_error(th, h.span, "expected one or more exception types"));
            }
            out.push(Handler { span: h.span, typ, target, body });
        }
        let orelse = self.stmts(th, orelse)?;
        let finalbody = self.stmts(th, finalbody)?;
        Ok(StmtKind::Try(self.arena.alloc(Try { body, handlers: self.slice(&out), orelse, finalbody, is_star: n.k == K::TryStar })))
    }
    fn aliases(&self, th: &mut Thread, n: &Node<'a>) -> R<&'a [Alias<'a>]> {
        let mut out = Vec::new();
        let list = self.nonempty(th, n, "names")?;
        for a in nodes(th, list)? {
            let span = if self.py3 { a.span } else { n.span };
            out.push(Alias { span, name: a.text("name"), asname: a.opt_text("asname") });
        }
        Ok(self.slice(&out))
    }
    fn type_params(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<&'a [TypeParam<'a>]> {
        let mut out = Vec::new();
        for p in nodes(th, list)? {
            let kind = match p.k {
                K::TypeVar => TypeParamKind::TypeVar,
                K::ParamSpec => TypeParamKind::ParamSpec,
                _ => TypeParamKind::TypeVarTuple,
            };
            self.plain_name(th, p.text("name"))?;
            let bound = if p.k == K::TypeVar { self.opt(th, p.opt("bound"))? } else { None };
            let default = match p.opt("default_value") {
                Some(d) => {
                    let star = if p.k == K::TypeVarTuple { Star::Item } else { Star::No };
                    let e = self.expr(th, d, Ctx::Load, star)?;
                    Some(&*self.arena.alloc(e))
                }
                None => None,
            };
            out.push(TypeParam { span: p.span, name: p.text("name"), kind, bound, default });
        }
        Ok(self.slice(&out))
    }

    // ---- patterns

    fn patterns(&mut self, th: &mut Thread, list: &'a [Field<'a>], star: bool) -> R<&'a [Pattern<'a>]> {
        let mut out = Vec::new();
        for p in nodes(th, list)? {
            out.push(self.pattern(th, p, star)?);
        }
        Ok(self.slice(&out))
    }
    fn capture(&self, th: &mut Thread, name: Option<&str>) -> R<()> {
        match name {
            Some("_") => Err(th.value_error("can't capture name '_' in patterns")),
            Some(n) => self.plain_name(th, n),
            None => Ok(()),
        }
    }
    fn pattern(&mut self, th: &mut Thread, p: &'a Node<'a>, star: bool) -> R<Pattern<'a>> {
        th.check_stack()?;
        let kind = match p.k {
            K::MatchValue => {
                self.pattern_value(th, p.node("value"))?;
                PatternKind::Value(self.expr_ref(th, p.node("value"))?)
            }
            K::MatchSingleton => match p.literal("value") {
                Literal::Plain(c @ (Constant::None | Constant::True | Constant::False)) => PatternKind::Singleton(c),
                _ => return Err(th.value_error("MatchSingleton can only contain True, False and None")),
            },
            K::MatchSequence => PatternKind::Sequence(self.patterns(th, p.list("patterns"), true)?),
            K::MatchMapping => {
                if p.list("keys").len() != p.list("patterns").len() {
                    return Err(th.value_error("MatchMapping doesn't have the same number of keys as patterns"));
                }
                self.capture(th, p.opt_text("rest"))?;
                for k in nodes(th, p.list("keys"))? {
                    if !matches!(k.k, K::Constant) {
                        self.pattern_value(th, k)?;
                    }
                }
                let keys = self.exprs(th, p.list("keys"), Ctx::Load, Star::No)?;
                PatternKind::Mapping { keys, patterns: self.patterns(th, p.list("patterns"), false)?, rest: p.opt_text("rest") }
            }
            K::MatchClass => {
                if p.list("kwd_attrs").len() != p.list("kwd_patterns").len() {
                    return Err(th.value_error("MatchClass doesn't have the same number of keyword attributes as patterns"));
                }
                let mut cls = p.node("cls");
                while cls.k == K::Attribute {
                    cls = cls.node("value");
                }
                if cls.k != K::Name {
                    return Err(th.value_error("MatchClass cls field can only contain Name or Attribute nodes."));
                }
                let cls = self.expr_ref(th, p.node("cls"))?;
                let patterns = self.patterns(th, p.list("patterns"), false)?;
                let values = self.patterns(th, p.list("kwd_patterns"), false)?;
                let mut keywords = Vec::new();
                for (name, pattern) in self.names(p.list("kwd_attrs")).iter().zip(values) {
                    self.plain_name(th, name)?;
                    keywords.push(PatternKeyword { name, pattern: *pattern });
                }
                PatternKind::Class { cls, patterns, keywords: self.slice(&keywords) }
            }
            K::MatchStar => {
                if !star {
                    return Err(th.value_error("can't use MatchStar here"));
                }
                self.capture(th, p.opt_text("name"))?;
                PatternKind::Star(p.opt_text("name"))
            }
            K::MatchAs => {
                let name = p.opt_text("name");
                self.capture(th, name)?;
                let pattern = match p.opt("pattern") {
                    Some(_) if name.is_none() => return Err(th.value_error("MatchAs must specify a target name if a pattern is given")),
                    Some(inner) => {
                        let inner = self.pattern(th, inner, false)?;
                        Some(&*self.arena.alloc(inner))
                    }
                    None => None,
                };
                PatternKind::As { pattern, name }
            }
            _ => {
                if p.list("patterns").len() < 2 {
                    return Err(th.value_error("MatchOr requires at least 2 patterns"));
                }
                PatternKind::Or(self.patterns(th, p.list("patterns"), false)?)
            }
        };
        Ok(Pattern { span: p.span, kind })
    }
    /// What may be compared with in a pattern.
    fn pattern_value(&self, th: &mut Thread, n: &Node<'a>) -> R<()> {
        match n.k {
            K::Constant => match n.literal("value") {
                Literal::Plain(Constant::Ellipsis | Constant::None | Constant::True | Constant::False) | Literal::Tuple(_) | Literal::FrozenSet => {
                    Err(th.value_error("unexpected constant inside of a literal pattern"))
                }
                _ => Ok(()),
            },
            K::Attribute => Ok(()),
            K::UnaryOp if n.node("op").k == K::USub && (is_real(n.node("operand")) || is_imaginary(n.node("operand"))) => Ok(()),
            K::BinOp if matches!(n.node("op").k, K::Add | K::Sub) && is_imaginary(n.node("right")) => {
                let left = n.node("left");
                let left = if left.k == K::UnaryOp && left.node("op").k == K::USub { left.node("operand") } else { left };
                if is_real(left) { Ok(()) } else { Err(th.value_error("patterns may only match literals and attribute lookups")) }
            }
            // Texts with fields are no literals, which the compiler says as a SyntaxError.
            K::JoinedStr => Err(self.syntax_error(th, n.span, "patterns may only match literals and attribute lookups")),
            _ => Err(th.value_error("patterns may only match literals and attribute lookups")),
        }
    }
}

fn is_real(n: &Node) -> bool {
    n.k == K::Constant && matches!(n.literal("value"), Literal::Plain(Constant::Int { .. } | Constant::BigInt { .. } | Constant::Float(_)) | Literal::Negative(_))
}
fn is_imaginary(n: &Node) -> bool {
    n.k == K::Constant && matches!(n.literal("value"), Literal::Plain(Constant::Imag(_)) | Literal::Complex(..))
}

pub(super) fn bin_op(n: &Node) -> BinOp { *BinOp::ALL.iter().find(|o| o.name() == n.k.name()).expect("operators have CPython's names") }

/// The nodes of a list in which nothing may be None.
pub(super) fn nodes<'a>(th: &mut Thread, list: &'a [Field<'a>]) -> R<Vec<&'a Node<'a>>> {
    let mut out = Vec::with_capacity(list.len());
    for f in list {
        let Field::Node(n) = f else { return Err(th.value_error("None disallowed in expression list")) };
        out.push(*n);
    }
    Ok(out)
}
