//! From plain nodes to our syntax tree: expressions and parameters.

use super::build::{Build, bin_op, nodes};
use super::extract::{Field, Literal, Node};
use super::table::K;
use crate::api::*;
use txpy_syntax::ast::*;

/// What an expression is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ctx {
    Load,
    Store,
    Del,
}
/// Whether a starred expression may stand here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Star {
    No,
    /// An item of a display, call or target.
    Item,
    /// The whole target of an assignment: the error says what is missing.
    Target,
}

impl<'a> Build<'a> {
    /// An expression above children whose greatest height is `below`.
    pub fn mk(&mut self, span: Span, below: u32, kind: ExprKind<'a>) -> Expr<'a> {
        let height = below.saturating_add(1);
        self.height = self.height.max(height);
        Expr { span, height, kind }
    }
    pub fn expr_ref(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<&'a Expr<'a>> {
        let e = self.expr(th, n, Ctx::Load, Star::No)?;
        Ok(self.arena.alloc(e))
    }
    pub fn target(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<&'a Expr<'a>> {
        let e = self.expr(th, n, Ctx::Store, Star::Target)?;
        Ok(self.arena.alloc(e))
    }
    pub fn opt(&mut self, th: &mut Thread, n: Option<&'a Node<'a>>) -> R<Option<&'a Expr<'a>>> {
        match n {
            Some(n) => self.expr_ref(th, n).map(Some),
            None => Ok(None),
        }
    }
    pub fn exprs(&mut self, th: &mut Thread, list: &'a [Field<'a>], ctx: Ctx, star: Star) -> R<&'a [Expr<'a>]> {
        let mut out = Vec::with_capacity(list.len());
        for n in nodes(th, list)? {
            out.push(self.expr(th, n, ctx, star)?);
        }
        Ok(self.slice(&out))
    }
    /// ValueError for a name that is a constant.
    pub fn plain_name(&self, th: &mut Thread, name: &str) -> R<()> {
        if self.py3 && matches!(name, "None" | "True" | "False") { Err(th.value_error(format!("identifier field can't represent '{name}' constant"))) } else { Ok(()) }
    }

    pub fn expr(&mut self, th: &mut Thread, n: &'a Node<'a>, ctx: Ctx, star: Star) -> R<Expr<'a>> {
        th.check_stack()?;
        let span = n.span;
        self.check_context(th, n, ctx)?;
        Ok(match n.k {
            K::BoolOp => {
                if n.list("values").len() < 2 {
                    return Err(th.value_error("BoolOp with less than 2 values"));
                }
                let values = self.exprs(th, n.list("values"), Ctx::Load, Star::No)?;
                let op = if n.node("op").k == K::And { BoolOp::And } else { BoolOp::Or };
                self.mk(span, heights(values), ExprKind::BoolOp { op, values })
            }
            K::NamedExpr => {
                if n.node("target").k != K::Name {
                    return Err(th.type_error("NamedExpr target must be a Name"));
                }
                let value = self.expr_ref(th, n.node("value"))?;
                let target = self.target(th, n.node("target"))?;
                self.mk(span, value.height.max(1), ExprKind::Named { target, value })
            }
            K::BinOp => {
                let (left, right) = (self.expr_ref(th, n.node("left"))?, self.expr_ref(th, n.node("right"))?);
                self.mk(span, left.height.max(right.height), ExprKind::BinOp { left, op: bin_op(n.node("op")), right })
            }
            K::UnaryOp => {
                let operand = self.expr_ref(th, n.node("operand"))?;
                let op = *UnaryOp::ALL.iter().find(|o| o.name() == n.node("op").k.name()).expect("operators have CPython's names");
                self.mk(span, operand.height, ExprKind::UnaryOp { op, operand })
            }
            K::Lambda => {
                let params = self.params(th, n.node("args"))?;
                let body = self.expr_ref(th, n.node("body"))?;
                let below = params_height(params).max(body.height);
                self.mk(span, below, ExprKind::Lambda { params, body })
            }
            K::IfExp => {
                let (test, body, orelse) = (self.expr_ref(th, n.node("test"))?, self.expr_ref(th, n.node("body"))?, self.expr_ref(th, n.node("orelse"))?);
                self.mk(span, test.height.max(body.height).max(orelse.height), ExprKind::IfExp { test, body, orelse })
            }
            K::Dict => self.dict(th, n)?,
            K::Set => {
                let items = self.exprs(th, n.list("elts"), Ctx::Load, self.item())?;
                self.mk(span, heights(items), ExprKind::Set(items))
            }
            K::ListComp | K::SetComp | K::GeneratorExp => {
                let generators = self.generators(th, n.list("generators"))?;
                let elt = self.expr_ref(th, n.node("elt"))?;
                let kind = match n.k {
                    K::ListComp => ExprKind::ListComp { elt, generators },
                    K::SetComp => ExprKind::SetComp { elt, generators },
                    _ => ExprKind::GeneratorExp { elt, generators },
                };
                self.mk(span, elt.height.max(generators_height(generators)), kind)
            }
            K::DictComp => {
                let generators = self.generators(th, n.list("generators"))?;
                let (key, value) = (self.expr_ref(th, n.node("key"))?, self.expr_ref(th, n.node("value"))?);
                self.mk(span, key.height.max(value.height).max(generators_height(generators)), ExprKind::DictComp { key, value, generators })
            }
            K::Await => {
                let v = self.expr_ref(th, n.node("value"))?;
                self.mk(span, v.height, ExprKind::Await(v))
            }
            K::Yield => {
                let v = self.opt(th, n.opt("value"))?;
                self.mk(span, v.map_or(0, |v| v.height), ExprKind::Yield(v))
            }
            K::YieldFrom => {
                let v = self.expr_ref(th, n.node("value"))?;
                self.mk(span, v.height, ExprKind::YieldFrom(v))
            }
            K::Compare => {
                let (ops, comparators) = (n.list("ops"), n.list("comparators"));
                if comparators.is_empty() {
                    return Err(th.value_error("Compare with no comparators"));
                }
                if ops.len() != comparators.len() {
                    return Err(th.value_error("Compare has a different number of comparators and operands"));
                }
                let comparators = self.exprs(th, comparators, Ctx::Load, Star::No)?;
                let left = self.expr_ref(th, n.node("left"))?;
                let mut out = Vec::new();
                for o in nodes(th, ops)? {
                    out.push(*CmpOp::ALL.iter().find(|c| c.name() == o.k.name()).expect("operators have CPython's names"));
                }
                let ops = self.slice(&out);
                self.mk(span, left.height.max(heights(comparators)), ExprKind::Compare { left, ops, comparators })
            }
            K::Call => self.call(th, n)?,
            K::JoinedStr => {
                let parts = self.parts(th, n.list("values"))?;
                self.mk(span, heights(parts), ExprKind::JoinedStr(parts))
            }
            K::FormattedValue => {
                let part = self.formatted(th, n)?;
                let parts = self.slice(&[part]);
                self.mk(span, part.height, ExprKind::JoinedStr(parts))
            }
            K::Constant => self.literal(th, span, &n.literal("value"))?,
            K::Num => self.literal(th, span, &n.literal("n"))?,
            K::Str => self.literal(th, span, &n.literal("s"))?,
            K::Repr => {
                let v = self.expr_ref(th, n.node("value"))?;
                self.mk(span, v.height, ExprKind::Repr(v))
            }
            K::Attribute => {
                let value = self.expr_ref(th, n.node("value"))?;
                self.mk(span, value.height, ExprKind::Attribute { value, attr: n.text("attr") })
            }
            K::Subscript => {
                let index = self.index(th, n.node("slice"))?;
                let value = self.expr_ref(th, n.node("value"))?;
                let index = &*self.arena.alloc(index);
                self.mk(span, value.height.max(index.height), ExprKind::Subscript { value, index })
            }
            K::Starred => {
                match star {
                    Star::Item => {}
                    Star::Target => return Err(self.syntax_error(th, span, "starred assignment target must be in a list or tuple")),
                    Star::No => return Err(self.syntax_error(th, span, "can't use starred expression here")),
                }
                let v = self.expr(th, n.node("value"), ctx, Star::No)?;
                let v = &*self.arena.alloc(v);
                self.mk(span, v.height, ExprKind::Starred(v))
            }
            K::Name => {
                let id = n.text("id");
                self.plain_name(th, id)?;
                if !self.py3 && id == "None" {
                    if ctx != Ctx::Load {
                        return Err(self.syntax_error(th, span, "cannot assign to None"));
                    }
                    self.mk(span, 0, ExprKind::Constant { value: Constant::None, u_prefix: false })
                } else {
                    self.mk(span, 0, ExprKind::Name(id))
                }
            }
            K::List | K::Tuple => {
                let star = if ctx == Ctx::Del { Star::No } else { self.item() };
                let items = self.exprs(th, n.list("elts"), ctx, star)?;
                let kind = if n.k == K::List { ExprKind::List(items) } else { ExprKind::Tuple(items) };
                self.mk(span, heights(items), kind)
            }
            K::Slice => return Err(th.not_implemented("a Slice node outside of a subscript")),
            _ => return Err(th.system_error("unexpected expression")),
        })
    }
    fn item(&self) -> Star { if self.py3 { Star::Item } else { Star::No } }

    /// Whether the node's context is that of the place it stands in.
    fn check_context(&self, th: &mut Thread, n: &Node<'a>, ctx: Ctx) -> R<()> {
        let carries = matches!(n.k, K::Attribute | K::Subscript | K::Starred | K::Name | K::List | K::Tuple);
        if !carries {
            return if ctx == Ctx::Load { Ok(()) } else { Err(th.value_error(format!("expression which can't be assigned to in {ctx:?} context"))) };
        }
        let got = n.node("ctx").k;
        // 2.7 does not compare them.
        if !self.py3 || got.name() == format!("{ctx:?}") {
            return Ok(());
        }
        Err(th.value_error(format!("expression must have {ctx:?} context but has {} instead", got.name())))
    }

    fn dict(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<Expr<'a>> {
        let (keys, values) = (n.list("keys"), n.list("values"));
        if keys.len() != values.len() {
            return Err(th.value_error("Dict doesn't have the same number of keys as values"));
        }
        let mut items = Vec::with_capacity(keys.len());
        let mut below = 0;
        for (k, v) in keys.iter().zip(nodes(th, values)?) {
            let key = match k {
                Field::Node(k) => Some(self.expr(th, k, Ctx::Load, Star::No)?),
                _ if self.py3 => None,
                _ => return Err(th.value_error("None disallowed in expression list")),
            };
            let value = self.expr(th, v, Ctx::Load, Star::No)?;
            below = below.max(value.height).max(key.map_or(0, |k| k.height));
            items.push(DictItem { key, value });
        }
        let items = self.slice(&items);
        Ok(self.mk(n.span, below, ExprKind::Dict(items)))
    }
    fn generators(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<&'a [Comprehension<'a>]> {
        if list.is_empty() {
            return Err(th.value_error("comprehension with no generators"));
        }
        let mut out = Vec::new();
        for g in nodes(th, list)? {
            let target = self.expr(th, g.node("target"), Ctx::Store, Star::Target)?;
            let iter = self.expr(th, g.node("iter"), Ctx::Load, Star::No)?;
            let ifs = self.exprs(th, g.list("ifs"), Ctx::Load, Star::No)?;
            out.push(Comprehension { target, iter, ifs, is_async: self.py3 && g.int("is_async") != 0 });
        }
        Ok(self.slice(&out))
    }
    pub fn keywords(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<&'a [Keyword<'a>]> {
        let mut out = Vec::new();
        for k in nodes(th, list)? {
            let value = self.expr(th, k.node("value"), Ctx::Load, Star::No)?;
            let span = if self.py3 { k.span } else { value.span };
            out.push(Keyword { span, name: k.opt_text("arg"), value });
        }
        Ok(self.slice(&out))
    }
    fn call(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<Expr<'a>> {
        let func = self.expr_ref(th, n.node("func"))?;
        let mut args = self.exprs(th, n.list("args"), Ctx::Load, self.item())?;
        let mut keywords = self.keywords(th, n.list("keywords"))?;
        if !self.py3 {
            if let Some(s) = self.opt(th, n.opt("starargs"))? {
                let star = self.mk(s.span, s.height, ExprKind::Starred(s));
                args = self.slice(&[args, &[star]].concat());
            }
            if let Some(k) = n.opt("kwargs") {
                let value = self.expr(th, k, Ctx::Load, Star::No)?;
                keywords = self.slice(&[keywords, &[Keyword { span: value.span, name: None, value }]].concat());
            }
        }
        let below = func.height.max(heights(args)).max(keywords.iter().map(|k| k.value.height).max().unwrap_or(0));
        Ok(self.mk(n.span, below, ExprKind::Call { func, args, keywords }))
    }
    /// The parts of a text with replacement fields: whatever is neither text nor a field is a field.
    fn parts(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<&'a [Expr<'a>]> {
        let mut out = Vec::new();
        for p in nodes(th, list)? {
            let e = match p.k {
                K::Constant if matches!(p.literal("value"), Literal::Plain(Constant::Str(_))) => self.literal(th, p.span, &p.literal("value"))?,
                K::FormattedValue => self.formatted(th, p)?,
                _ => {
                    let value = self.expr_ref(th, p)?;
                    self.mk(p.span, value.height, ExprKind::FormattedValue { value, conversion: Conversion::None, format_spec: None })
                }
            };
            out.push(e);
        }
        Ok(self.slice(&out))
    }
    fn formatted(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<Expr<'a>> {
        let value = self.expr_ref(th, n.node("value"))?;
        let conversion = match n.int("conversion") {
            -1 => Conversion::None,
            115 => Conversion::Str,
            114 => Conversion::Repr,
            97 => Conversion::Ascii,
            other => return Err(th.system_error(format!("Unrecognized conversion character {other}"))),
        };
        let format_spec = match n.opt("format_spec") {
            None => None,
            Some(s) if s.k == K::JoinedStr => Some(self.expr_ref(th, s)?),
            Some(s) => {
                let list = self.slice(&[Field::Node(s)]);
                let parts = self.parts(th, list)?;
                let e = self.mk(s.span, heights(parts), ExprKind::JoinedStr(parts));
                Some(&*self.arena.alloc(e))
            }
        };
        let below = value.height.max(format_spec.map_or(0, |s| s.height));
        Ok(self.mk(n.span, below, ExprKind::FormattedValue { value, conversion, format_spec }))
    }
    fn literal(&mut self, th: &mut Thread, span: Span, l: &Literal<'a>) -> R<Expr<'a>> {
        th.check_stack()?;
        Ok(match *l {
            Literal::Plain(value) => self.mk(span, 0, ExprKind::Constant { value, u_prefix: false }),
            Literal::Negative(value) => {
                let operand = self.mk(span, 0, ExprKind::Constant { value, u_prefix: false });
                let operand = &*self.arena.alloc(operand);
                self.mk(span, 1, ExprKind::UnaryOp { op: UnaryOp::USub, operand })
            }
            Literal::Complex(re, im) => {
                let [left, right] = [Constant::Float(re), Constant::Imag(im)].map(|value| &*self.arena.alloc(Expr { span, height: 1, kind: ExprKind::Constant { value, u_prefix: false } }));
                self.mk(span, 1, ExprKind::BinOp { left, op: BinOp::Add, right })
            }
            Literal::Tuple(items) => {
                let mut out = Vec::with_capacity(items.len());
                for i in items {
                    out.push(self.literal(th, span, i)?);
                }
                let items = self.slice(&out);
                self.mk(span, heights(items), ExprKind::Tuple(items))
            }
            Literal::FrozenSet => return Err(th.not_implemented("a frozenset as a constant of a syntax tree")),
        })
    }
    /// What stands in the brackets of a subscript; slices may be items of a tuple.
    fn index(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<Expr<'a>> {
        match n.k {
            K::Slice | K::Slice2 => {
                let (lower, upper, step) = (self.opt(th, n.opt("lower"))?, self.opt(th, n.opt("upper"))?, self.opt(th, n.opt("step"))?);
                let below = [lower, upper, step].iter().flatten().map(|e| e.height).max().unwrap_or(0);
                let span = lower.or(upper).or(step).map_or(n.span, |e| e.span);
                Ok(self.mk(if self.py3 { n.span } else { span }, below, ExprKind::Slice { lower, upper, step }))
            }
            K::Index => self.expr(th, n.node("value"), Ctx::Load, Star::No),
            K::Ellipsis => Ok(self.mk(n.span, 0, ExprKind::Constant { value: Constant::Ellipsis, u_prefix: false })),
            K::ExtSlice | K::Tuple => {
                let field = if n.k == K::Tuple { "elts" } else { "dims" };
                if n.k == K::Tuple {
                    self.check_context(th, n, Ctx::Load)?;
                }
                let mut out = Vec::new();
                for i in nodes(th, n.list(field))? {
                    out.push(match i.k {
                        K::Slice | K::Slice2 | K::Index | K::Ellipsis => self.index(th, i)?,
                        K::ExtSlice => return Err(th.system_error("extended slice invalid in nested slice")),
                        _ => self.expr(th, i, Ctx::Load, self.item())?,
                    });
                }
                let items = self.slice(&out);
                let span = if n.k == K::Tuple { n.span } else { items.first().map_or(n.span, |e| e.span) };
                Ok(self.mk(span, heights(items), ExprKind::Tuple(items)))
            }
            _ => self.expr(th, n, Ctx::Load, Star::No),
        }
    }

    pub fn params(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<&'a Parameters<'a>> {
        if !self.py3 {
            return self.params27(th, n);
        }
        let mut posonly = self.param_list(th, n.list("posonlyargs"))?;
        let mut args = self.param_list(th, n.list("args"))?;
        let vararg = self.opt_param(th, n.opt("vararg"), Star::Item)?;
        let mut kwonly = self.param_list(th, n.list("kwonlyargs"))?;
        let kwarg = self.opt_param(th, n.opt("kwarg"), Star::No)?;
        let defaults = n.list("defaults");
        let Some(without) = (posonly.len() + args.len()).checked_sub(defaults.len()) else {
            return Err(th.value_error("more positional defaults than args on arguments"));
        };
        if n.list("kw_defaults").len() != kwonly.len() {
            return Err(th.value_error("length of kwonlyargs is not the same as kw_defaults on arguments"));
        }
        let defaults = self.exprs(th, defaults, Ctx::Load, Star::No)?;
        for (p, d) in posonly.iter_mut().chain(args.iter_mut()).skip(without).zip(defaults) {
            p.default = Some(d);
        }
        for (p, d) in kwonly.iter_mut().zip(n.list("kw_defaults")) {
            if let Field::Node(d) = d {
                p.default = Some(self.expr_ref(th, d)?);
            }
        }
        Ok(self.arena.alloc(Parameters { posonly: self.slice(&posonly), args: self.slice(&args), vararg, kwonly: self.slice(&kwonly), kwarg }))
    }
    fn param_list(&mut self, th: &mut Thread, list: &'a [Field<'a>]) -> R<Vec<Param<'a>>> {
        let mut out = Vec::new();
        for p in nodes(th, list)? {
            out.push(self.param(th, p, Star::No)?);
        }
        Ok(out)
    }
    fn opt_param(&mut self, th: &mut Thread, n: Option<&'a Node<'a>>, star: Star) -> R<Option<&'a Param<'a>>> {
        match n {
            Some(n) => {
                let p = self.param(th, n, star)?;
                Ok(Some(self.arena.alloc(p)))
            }
            None => Ok(None),
        }
    }
    fn param(&mut self, th: &mut Thread, n: &'a Node<'a>, star: Star) -> R<Param<'a>> {
        let annotation = match n.opt("annotation") {
            Some(a) => {
                let e = self.expr(th, a, Ctx::Load, star)?;
                Some(&*self.arena.alloc(e))
            }
            None => None,
        };
        Ok(Param { span: n.span, name: n.text("arg"), annotation, default: None, tuple: None })
    }
    fn params27(&mut self, th: &mut Thread, n: &'a Node<'a>) -> R<&'a Parameters<'a>> {
        let mut args = Vec::new();
        for (i, a) in nodes(th, n.list("args"))?.into_iter().enumerate() {
            let (name, tuple) = match a.k {
                K::Name if a.text("id") == "None" => return Err(self.syntax_error(th, a.span, "cannot assign to None")),
                K::Name => (a.text("id"), None),
                _ => {
                    let t = self.expr(th, a, Ctx::Store, Star::No)?;
                    (self.arena.alloc_str(&format!(".{i}")) as &str, Some(&*self.arena.alloc(t)))
                }
            };
            args.push(Param { span: a.span, name, annotation: None, default: None, tuple });
        }
        let defaults = self.exprs(th, n.list("defaults"), Ctx::Load, Star::No)?;
        let Some(without) = args.len().checked_sub(defaults.len()) else {
            return Err(th.value_error("more positional defaults than args on arguments"));
        };
        for (p, d) in args.iter_mut().skip(without).zip(defaults) {
            p.default = Some(d);
        }
        let span = args.first().map_or(n.span, |a| a.span);
        let plain = |b: &Self, name: Option<&'a str>| name.map(|name| &*b.arena.alloc(Param { span, name, annotation: None, default: None, tuple: None }));
        let (vararg, kwarg) = (plain(self, n.opt_text("vararg")), plain(self, n.opt_text("kwarg")));
        Ok(self.arena.alloc(Parameters { posonly: &[], args: self.slice(&args), vararg, kwonly: &[], kwarg }))
    }
}

fn heights(list: &[Expr]) -> u32 { list.iter().map(|e| e.height).max().unwrap_or(0) }
fn generators_height(list: &[Comprehension]) -> u32 { list.iter().map(|g| g.target.height.max(g.iter.height).max(heights(g.ifs))).max().unwrap_or(0) }
fn params_height(p: &Parameters) -> u32 {
    let all = p.posonly.iter().chain(p.args).chain(p.kwonly).chain(p.vararg).chain(p.kwarg);
    all.map(|p| p.default.map_or(0, |e| e.height).max(p.annotation.map_or(0, |e| e.height))).max().unwrap_or(0)
}
