//! From our syntax trees to objects, with the shapes of CPython's trees: contexts, nested `elif`s and, in 2.7, its own classes.

use super::classes::State;
use super::node;
use super::table::K;
use crate::api::*;
use txpy_syntax::ast::*;
use txpy_syntax::{ErrorKind, SyntaxError};
use txpy_vm::builtins::raise_syntax_error;
use txpy_vm::types::complex;

/// The objects of a parsed text. `feature`: constructs newer than this minor version of Python 3 are errors.
pub fn to_objects(th: &mut Thread, tree: &Tree, filename: &str, feature: Option<u32>) -> R<Value> {
    let state = State::get(th)?;
    let lines = tree.source.split('\n').collect();
    let m = Maker { state, lines, filename, feature: feature.unwrap_or(u32::MAX), py3: th.py3() };
    if let Some(e) = tree.eval_expr() {
        let e = m.expr(th, e)?;
        return m.node(th, K::Expression, None, &[e]);
    }
    let body = m.stmts(th, tree.body)?;
    if tree.mode == txpy_syntax::Mode::Single {
        return m.node(th, K::Interactive, None, &[body]);
    }
    if !m.py3 {
        return m.node(th, K::Module, None, &[body]);
    }
    let ignores = list::new(th, &[])?;
    m.node(th, K::Module, None, &[body, ignores])
}

struct Maker<'m> {
    state: State,
    /// The text's lines.
    lines: Vec<&'m str>,
    filename: &'m str,
    feature: u32,
    py3: bool,
}

/// The class of an operator, which has CPython's name.
pub(super) fn operator_class(group: &str, name: &str) -> K { K::by_name(group, name).expect("operators have CPython's names") }

impl Maker<'_> {
    fn node(&self, th: &mut Thread, k: K, span: Option<Span>, fields: &[Value]) -> R<Value> {
        let v = node::alloc(th, self.state.class(k))?;
        for (name, x) in self.state.names(k).iter().zip(fields) {
            instance::set_slot(th, v, *name, *x)?;
        }
        if let Some(s) = span {
            let mut at = [s.line, s.col, s.end_line, s.end_col].map(i64::from);
            // 2.7 places what begins with a text of several lines where that text ends, in no column.
            if let Some(end) = self.text_end27(s) {
                at = [end as i64, -1, 0, 0];
            }
            for (name, x) in self.state.places().iter().zip(at).take(if self.py3 { 4 } else { 2 }) {
                instance::set_slot(th, v, *name, Value::int(x))?;
            }
        }
        Ok(v)
    }
    fn list<T>(&self, th: &mut Thread, items: &[T], mut f: impl FnMut(&mut Thread, &T) -> R<Value>) -> R<Value> {
        let l = list::with_capacity(th, items.len())?;
        for i in items {
            let v = f(th, i)?;
            list::append(th, l, v)?;
        }
        Ok(l.value())
    }
    fn name(&self, th: &mut Thread, s: &str) -> R<Value> { th.intern(s) }
    fn opt_name(&self, th: &mut Thread, s: Option<&str>) -> R<Value> { s.map_or(Ok(Value::NONE), |s| th.intern(s)) }
    /// SyntaxError when the grammar asked for is older than what stands here.
    fn need(&self, th: &mut Thread, minor: u32, span: Span, what: &str) -> R<()> {
        if self.feature >= minor {
            return Ok(());
        }
        let line = Some(format!("{}\n", self.line(span)));
        let e = SyntaxError {
            kind: ErrorKind::Syntax, msg: format!("{what} only supported in Python 3.{minor} and greater"), line: span.line, col: span.col + 1,
            end_line: span.end_line, end_col: span.end_col + 1, text: line, incomplete: false,
        };
        Err(raise_syntax_error(th, &e, self.filename))
    }

    // ---- expressions

    fn exprs(&self, th: &mut Thread, items: &[Expr]) -> R<Value> { self.list(th, items, |th, e| self.expr(th, e)) }
    fn targets(&self, th: &mut Thread, items: &[Expr], ctx: K) -> R<Value> { self.list(th, items, |th, e| self.in_context(th, e, ctx)) }
    fn opt(&self, th: &mut Thread, e: Option<&Expr>) -> R<Value> { e.map_or(Ok(Value::NONE), |e| self.expr(th, e)) }
    fn expr(&self, th: &mut Thread, e: &Expr) -> R<Value> { self.in_context(th, e, K::Load) }

    fn in_context(&self, th: &mut Thread, e: &Expr, ctx: K) -> R<Value> {
        th.check_stack()?;
        let at = Some(if self.py3 { e.span } else { self.place27(e) });
        let context = self.state.singleton(ctx);
        match e.kind {
            ExprKind::BoolOp { op, values } => {
                let op = self.state.singleton(operator_class("boolop", op.name()));
                let values = self.exprs(th, values)?;
                self.node(th, K::BoolOp, at, &[op, values])
            }
            ExprKind::Named { target, value } => {
                self.need(th, 8, e.span, "Assignment expressions are")?;
                let target = self.in_context(th, target, K::Store)?;
                let value = self.expr(th, value)?;
                self.node(th, K::NamedExpr, at, &[target, value])
            }
            ExprKind::BinOp { left, op, right } => {
                if op == BinOp::MatMult {
                    self.need(th, 5, e.span, "The '@' operator is")?;
                }
                let left = self.expr(th, left)?;
                let op = self.state.singleton(operator_class("operator", op.name()));
                let right = self.expr(th, right)?;
                self.node(th, K::BinOp, at, &[left, op, right])
            }
            ExprKind::UnaryOp { op, operand } => {
                if let Some(v) = self.negative27(th, e, op, operand)? {
                    return self.node(th, K::Num, at, &[v]);
                }
                let op = self.state.singleton(operator_class("unaryop", op.name()));
                let operand = self.expr(th, operand)?;
                self.node(th, K::UnaryOp, at, &[op, operand])
            }
            ExprKind::Lambda { params, body } => {
                let params = self.params(th, params, e.span)?;
                let body = self.expr(th, body)?;
                self.node(th, K::Lambda, at, &[params, body])
            }
            ExprKind::IfExp { test, body, orelse } => {
                let (test, body, orelse) = (self.expr(th, test)?, self.expr(th, body)?, self.expr(th, orelse)?);
                self.node(th, K::IfExp, at, &[test, body, orelse])
            }
            ExprKind::Dict(items) => {
                let keys = self.list(th, items, |th, i| self.opt(th, i.key.as_ref()))?;
                let values = self.list(th, items, |th, i| self.expr(th, &i.value))?;
                self.node(th, K::Dict, at, &[keys, values])
            }
            ExprKind::Set(items) => self.unary_list(th, K::Set, at, items),
            ExprKind::ListComp { elt, generators } => self.comp(th, K::ListComp, e.span, elt, None, generators),
            ExprKind::SetComp { elt, generators } => self.comp(th, K::SetComp, e.span, elt, None, generators),
            ExprKind::GeneratorExp { elt, generators } => self.comp(th, K::GeneratorExp, e.span, elt, None, generators),
            ExprKind::DictComp { key, value, generators } => self.comp(th, K::DictComp, e.span, key, Some(value), generators),
            ExprKind::Await(value) => {
                self.need(th, 5, e.span, "Await expressions are")?;
                self.unary(th, K::Await, at, value)
            }
            ExprKind::Yield(value) => {
                let value = self.opt(th, value)?;
                self.node(th, K::Yield, at, &[value])
            }
            ExprKind::YieldFrom(value) => self.unary(th, K::YieldFrom, at, value),
            ExprKind::Compare { left, ops, comparators } => {
                let left = self.expr(th, left)?;
                let ops = self.list(th, ops, |_, op| Ok(self.state.singleton(operator_class("cmpop", op.name()))))?;
                let comparators = self.exprs(th, comparators)?;
                self.node(th, K::Compare, at, &[left, ops, comparators])
            }
            ExprKind::Call { func, args, keywords } => self.call(th, at, func, args, keywords),
            ExprKind::JoinedStr(parts) => self.unary_list(th, K::JoinedStr, at, parts),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                let value = self.expr(th, value)?;
                let spec = self.opt(th, format_spec)?;
                let conversion = match conversion {
                    Conversion::None => -1,
                    Conversion::Str => b's' as i64,
                    Conversion::Repr => b'r' as i64,
                    Conversion::Ascii => b'a' as i64,
                };
                self.node(th, K::FormattedValue, at, &[value, Value::int(conversion), spec])
            }
            ExprKind::Constant { value, u_prefix } => self.constant_node(th, e.span, &value, u_prefix, context),
            ExprKind::Attribute { value, attr } => {
                let value = self.expr(th, value)?;
                let attr = self.name(th, attr)?;
                self.node(th, K::Attribute, at, &[value, attr, context])
            }
            ExprKind::Subscript { value, index } => {
                let value = self.expr(th, value)?;
                let index = if self.py3 { self.expr(th, index)? } else { self.index27(th, index)? };
                self.node(th, K::Subscript, at, &[value, index, context])
            }
            ExprKind::Starred(value) => {
                let value = self.in_context(th, value, ctx)?;
                self.node(th, K::Starred, at, &[value, context])
            }
            ExprKind::Name(name) => {
                let name = self.name(th, name)?;
                self.node(th, K::Name, at, &[name, context])
            }
            ExprKind::List(items) => {
                let items = self.targets(th, items, ctx)?;
                self.node(th, K::List, at, &[items, context])
            }
            ExprKind::Tuple(items) => {
                let items = self.targets(th, items, ctx)?;
                self.node(th, K::Tuple, at, &[items, context])
            }
            ExprKind::Slice { lower, upper, step } => {
                let parts = [self.opt(th, lower)?, self.opt(th, upper)?, self.opt(th, step)?];
                if self.py3 { self.node(th, K::Slice, at, &parts) } else { self.node(th, K::Slice2, None, &parts) }
            }
            ExprKind::Repr(value) => self.unary(th, K::Repr, at, value),
        }
    }
    fn unary(&self, th: &mut Thread, k: K, at: Option<Span>, value: &Expr) -> R<Value> {
        let value = self.expr(th, value)?;
        self.node(th, k, at, &[value])
    }
    fn unary_list(&self, th: &mut Thread, k: K, at: Option<Span>, items: &[Expr]) -> R<Value> {
        let items = self.exprs(th, items)?;
        self.node(th, k, at, &[items])
    }
    /// 2.7 places displays without their brackets: where the first token inside stands.
    fn place27(&self, e: &Expr) -> Span {
        match e.kind {
            ExprKind::Tuple([first, ..]) if e.span.line != first.span.line || e.span.col != first.span.col || matches!(first.kind, ExprKind::Tuple(_)) => {
                // The first parenthesis may belong to the first item: then it is closed before the comma.
                let opens = self.between(e.span, first.span).filter(|b| *b == b'(').count();
                let after = Span { line: first.span.end_line, col: first.span.end_col, ..e.span };
                let end = Span { line: e.span.end_line, col: e.span.end_col, ..e.span };
                let closes = self.between(after, end).take_while(|b| *b != b',').filter(|b| *b == b')').count();
                if opens > closes { self.inside(e.span) } else { e.span }
            }
            // In a chain of operators of one rank all but the first stand at their sign.
            ExprKind::BinOp { left: Expr { span, kind: ExprKind::BinOp { op: inner, .. }, .. }, op, .. }
                if op != BinOp::Pow && rank27(op) == rank27(*inner) && (span.line, span.col) == (e.span.line, e.span.col) =>
            {
                self.next_token(Span { line: span.end_line, col: span.end_col, ..e.span })
            }
            // Attributes, subscripts and calls stand where the innermost value does, without its parentheses.
            ExprKind::Attribute { .. } | ExprKind::Subscript { .. } | ExprKind::Call { .. } if self.line(e.span).as_bytes().get(e.span.col as usize) == Some(&b'(') => {
                let mut at = e;
                while let ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } | ExprKind::Call { func: value, .. } = at.kind {
                    at = value;
                }
                let s = self.place27(at);
                Span { line: s.line, col: s.col, ..e.span }
            }
            _ => e.span,
        }
    }
    /// 2.7: the last line of a literal of several lines that begins here.
    fn text_end27(&self, at: Span) -> Option<u32> {
        if self.py3 {
            return None;
        }
        let rest = self.line(at).as_bytes().get(at.col as usize..)?;
        let prefix = rest.iter().take(2).take_while(|b| b.is_ascii_alphabetic()).count();
        let quote = *rest.get(prefix).filter(|q| matches!(q, b'"' | b'\''))?;
        if !rest[..prefix].iter().all(|b| b"uUbBrR".contains(b)) {
            return None;
        }
        let triple = rest.get(prefix..prefix + 3).is_some_and(|q| q.iter().all(|b| *b == quote));
        let (mut line, mut i, mut text) = (at.line, prefix + if triple { 3 } else { 1 }, rest);
        loop {
            match text.get(i) {
                None => {
                    line += 1;
                    (text, i) = (self.lines.get(line as usize - 1)?.as_bytes(), 0);
                }
                Some(b'\\') => i += 2,
                Some(b) if *b == quote && (!triple || text.get(i..i + 3).is_some_and(|q| q.iter().all(|b| *b == quote))) => {
                    return (line > at.line).then_some(line);
                }
                Some(_) => i += 1,
            }
        }
    }
    /// The bytes of the text between two places.
    fn between(&self, from: Span, to: Span) -> impl Iterator<Item = u8> {
        (from.line..=to.line).flat_map(move |n| {
            let text = self.line(Span { line: n, ..from }).as_bytes();
            let start = if n == from.line { from.col as usize } else { 0 };
            let end = if n == to.line { (to.col as usize).min(text.len()) } else { text.len() };
            text.get(start..end).unwrap_or(&[]).iter().copied()
        })
    }
    /// Where the token after an opening bracket stands.
    fn inside(&self, at: Span) -> Span { self.next_token(Span { col: at.col + 1, ..at }) }
    fn next_token(&self, mut at: Span) -> Span {
        while at.line <= at.end_line {
            let rest = self.line(at).as_bytes().get(at.col as usize..).unwrap_or(&[]);
            match rest.iter().position(|b| !matches!(b, b' ' | b'\t' | 0x0C)) {
                Some(i) if !matches!(rest[i], b'#' | b'\\') => return Span { col: at.col + i as u32, ..at },
                _ => at = Span { line: at.line + 1, col: 0, ..at },
            }
        }
        at
    }
    fn comp(&self, th: &mut Thread, k: K, span: Span, elt: &Expr, value: Option<&Expr>, generators: &[Comprehension]) -> R<Value> {
        let span = if self.py3 { span } else { self.inside(span) };
        let elt = self.expr(th, elt)?;
        let value = self.opt(th, value)?;
        let generators = self.list(th, generators, |th, g| {
            if g.is_async {
                self.need(th, 6, span, "Async comprehensions are")?;
            }
            let target = self.in_context(th, &g.target, K::Store)?;
            let iter = self.expr(th, &g.iter)?;
            let ifs = self.exprs(th, g.ifs)?;
            self.node(th, K::comprehension, None, &[target, iter, ifs, Value::int(g.is_async as i64)])
        })?;
        if k == K::DictComp { self.node(th, k, Some(span), &[elt, value, generators]) } else { self.node(th, k, Some(span), &[elt, generators]) }
    }
    fn call(&self, th: &mut Thread, at: Option<Span>, func: &Expr, args: &[Expr], keywords: &[Keyword]) -> R<Value> {
        let func = self.expr(th, func)?;
        if self.py3 {
            let args = self.exprs(th, args)?;
            let keywords = self.list(th, keywords, |th, k| self.keyword(th, k))?;
            return self.node(th, K::Call, at, &[func, args, keywords]);
        }
        // At most one of each in 2.7, last.
        let star = args.iter().find_map(|a| match a.kind {
            ExprKind::Starred(v) => Some(v),
            _ => None,
        });
        let plain: Vec<Expr> = args.iter().filter(|a| !matches!(a.kind, ExprKind::Starred(_))).copied().collect();
        let named: Vec<Keyword> = keywords.iter().filter(|k| k.name.is_some()).copied().collect();
        let args = self.exprs(th, &plain)?;
        let named = self.list(th, &named, |th, k| self.keyword(th, k))?;
        let star = self.opt(th, star)?;
        let double = self.opt(th, keywords.iter().find(|k| k.name.is_none()).map(|k| &k.value))?;
        self.node(th, K::Call, at, &[func, args, named, star, double])
    }
    fn keyword(&self, th: &mut Thread, k: &Keyword) -> R<Value> {
        let name = self.opt_name(th, k.name)?;
        let value = self.expr(th, &k.value)?;
        self.node(th, K::keyword, self.py3.then_some(k.span), &[name, value])
    }
    fn constant_node(&self, th: &mut Thread, span: Span, c: &Constant, u_prefix: bool, context: Value) -> R<Value> {
        if !self.py3 && *c == Constant::None {
            let name = self.name(th, "None")?;
            return self.node(th, K::Name, Some(span), &[name, context]);
        }
        let v = self.constant(th, c)?;
        match c {
            _ if self.py3 => {
                let kind = if u_prefix { self.name(th, "u")? } else { Value::NONE };
                self.node(th, K::Constant, Some(span), &[v, kind])
            }
            Constant::Str(_) | Constant::Bytes(_) => self.node(th, K::Str, Some(span), &[v]),
            _ => self.node(th, K::Num, Some(span), &[v]),
        }
    }
    fn constant(&self, th: &mut Thread, c: &Constant) -> R<Value> {
        Ok(match *c {
            Constant::None => Value::NONE,
            Constant::True => Value::TRUE,
            Constant::False => Value::FALSE,
            Constant::Ellipsis => Value::ELLIPSIS,
            Constant::Int { value, long } => int::make(th, value as i128, long)?,
            Constant::BigInt { digits, radix, long } => int::from_digits(th, radix, digits, long)?,
            Constant::Float(f) => float::new(th, f)?,
            Constant::Imag(f) => complex::new(th, 0.0, f)?,
            Constant::Str(s) => text::new_str(th, s)?,
            Constant::Bytes(s) => th.new_bytes(s)?,
        })
    }
    /// 2.7 takes a minus right before a number into the number.
    fn negative27(&self, th: &mut Thread, e: &Expr, op: UnaryOp, operand: &Expr) -> R<Option<Value>> {
        let ExprKind::Constant { value, .. } = operand.kind else { return Ok(None) };
        if self.py3 || op != UnaryOp::USub || self.parenthesized(e.span, operand.span) {
            return Ok(None);
        }
        Ok(Some(match value {
            Constant::Int { value, long } => int::make(th, -(value as i128), long)?,
            Constant::BigInt { digits, radix, long } => int::from_digits(th, radix, &format!("-{digits}"), long || u64::from_str_radix(digits, radix) != Ok(1 << 63))?,
            Constant::Float(f) => float::new(th, -f)?,
            Constant::Imag(f) => complex::new(th, 0.0, -f)?,
            _ => return Ok(None),
        }))
    }
    fn line(&self, at: Span) -> &str { self.lines.get(at.line.saturating_sub(1) as usize).copied().unwrap_or("") }
    /// Whether a parenthesis stands between an operator and its operand.
    fn parenthesized(&self, from: Span, to: Span) -> bool {
        if from.line != to.line {
            return true;
        }
        self.line(from).as_bytes().get(from.col as usize..to.col as usize).is_some_and(|b| b.contains(&b'('))
    }
    /// 2.7's subscripts: `Index`, `Slice`, `ExtSlice`, `Ellipsis`.
    fn index27(&self, th: &mut Thread, e: &Expr) -> R<Value> {
        let special = |e: &Expr| matches!(e.kind, ExprKind::Slice { .. } | ExprKind::Constant { value: Constant::Ellipsis, .. });
        match e.kind {
            ExprKind::Constant { value: Constant::Ellipsis, .. } => self.node(th, K::Ellipsis, None, &[]),
            ExprKind::Slice { .. } => self.expr(th, e),
            ExprKind::Tuple(items) if items.iter().any(special) => {
                let dims = self.list(th, items, |th, i| self.index27(th, i))?;
                self.node(th, K::ExtSlice, None, &[dims])
            }
            _ => {
                let v = self.expr(th, e)?;
                self.node(th, K::Index, None, &[v])
            }
        }
    }

    // ---- parameters

    fn params(&self, th: &mut Thread, p: &Parameters, span: Span) -> R<Value> {
        if !p.posonly.is_empty() {
            self.need(th, 8, span, "Positional-only parameters are")?;
        }
        let defaults: Vec<Expr> = p.posonly.iter().chain(p.args).filter_map(|p| p.default.copied()).collect();
        if !self.py3 {
            let args = self.list(th, p.args, |th, a| match a.tuple {
                Some(t) => self.in_context(th, t, K::Store),
                None => {
                    let name = self.name(th, a.name)?;
                    let param = self.state.singleton(K::Param);
                    self.node(th, K::Name, Some(a.span), &[name, param])
                }
            })?;
            let vararg = self.opt_name(th, p.vararg.map(|p| p.name))?;
            let kwarg = self.opt_name(th, p.kwarg.map(|p| p.name))?;
            let defaults = self.exprs(th, &defaults)?;
            return self.node(th, K::arguments, None, &[args, vararg, kwarg, defaults]);
        }
        let posonly = self.list(th, p.posonly, |th, a| self.param(th, a))?;
        let args = self.list(th, p.args, |th, a| self.param(th, a))?;
        let vararg = p.vararg.map_or(Ok(Value::NONE), |a| self.param(th, a))?;
        let kwonly = self.list(th, p.kwonly, |th, a| self.param(th, a))?;
        let kw_defaults = self.list(th, p.kwonly, |th, a| self.opt(th, a.default))?;
        let kwarg = p.kwarg.map_or(Ok(Value::NONE), |a| self.param(th, a))?;
        let defaults = self.exprs(th, &defaults)?;
        self.node(th, K::arguments, None, &[posonly, args, vararg, kwonly, kw_defaults, kwarg, defaults])
    }
    fn param(&self, th: &mut Thread, p: &Param) -> R<Value> {
        let name = self.name(th, p.name)?;
        let annotation = self.opt(th, p.annotation)?;
        self.node(th, K::arg, Some(p.span), &[name, annotation, Value::NONE])
    }

    // ---- statements

    fn stmts(&self, th: &mut Thread, body: &[Stmt]) -> R<Value> { self.list(th, body, |th, s| self.stmt(th, s)) }

    fn stmt(&self, th: &mut Thread, s: &Stmt) -> R<Value> {
        th.check_stack()?;
        let at = Some(s.span);
        match s.kind {
            StmtKind::FunctionDef(f) => self.function(th, s.span, f),
            StmtKind::ClassDef(c) => {
                let name = self.name(th, c.name)?;
                let bases = self.exprs(th, c.bases)?;
                let keywords = self.list(th, c.keywords, |th, k| self.keyword(th, k))?;
                let body = self.stmts(th, c.body)?;
                let decorators = self.exprs(th, c.decorators)?;
                if !self.py3 {
                    return self.node(th, K::ClassDef, Some(decorated27(s.span, c.decorators)), &[name, bases, body, decorators]);
                }
                let type_params = self.type_params(th, s.span, c.type_params)?;
                self.node(th, K::ClassDef, at, &[name, bases, keywords, body, decorators, type_params])
            }
            StmtKind::Return(value) => {
                let value = self.opt(th, value)?;
                self.node(th, K::Return, at, &[value])
            }
            StmtKind::Delete(targets) => {
                let targets = self.targets(th, targets, K::Del)?;
                self.node(th, K::Delete, at, &[targets])
            }
            StmtKind::Assign { targets, value } => {
                let targets = self.targets(th, targets, K::Store)?;
                let value = self.expr(th, value)?;
                self.node(th, K::Assign, at, &[targets, value, Value::NONE])
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                self.need(th, 12, s.span, "Type statement is")?;
                let name = self.in_context(th, name, K::Store)?;
                let type_params = self.type_params(th, s.span, type_params)?;
                let value = self.expr(th, value)?;
                self.node(th, K::TypeAlias, at, &[name, type_params, value])
            }
            StmtKind::AugAssign { target, op, value } => {
                let target = self.in_context(th, target, K::Store)?;
                let op = self.state.singleton(operator_class("operator", op.name()));
                let value = self.expr(th, value)?;
                self.node(th, K::AugAssign, at, &[target, op, value])
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.need(th, 6, s.span, "Variable annotation syntax is")?;
                let target = self.in_context(th, target, K::Store)?;
                let (annotation, value) = (self.expr(th, annotation)?, self.opt(th, value)?);
                self.node(th, K::AnnAssign, at, &[target, annotation, value, Value::int(simple as i64)])
            }
            StmtKind::For { target, iter, body, orelse, is_async } => {
                if is_async {
                    self.need(th, 5, s.span, "Async for loops are")?;
                }
                let target = self.in_context(th, target, K::Store)?;
                let iter = self.expr(th, iter)?;
                let (body, orelse) = (self.stmts(th, body)?, self.stmts(th, orelse)?);
                self.node(th, if is_async { K::AsyncFor } else { K::For }, at, &[target, iter, body, orelse, Value::NONE])
            }
            StmtKind::While { test, body, orelse } => {
                let test = self.expr(th, test)?;
                let (body, orelse) = (self.stmts(th, body)?, self.stmts(th, orelse)?);
                self.node(th, K::While, at, &[test, body, orelse])
            }
            StmtKind::If { clauses, orelse } => {
                // From the last `elif` up: each is the only statement of the `else` before it.
                let mut rest = self.stmts(th, orelse)?;
                let mut made = Value::NONE;
                for (i, c) in clauses.iter().enumerate().rev() {
                    let test = self.expr(th, &c.test)?;
                    let body = self.stmts(th, c.body)?;
                    made = self.node(th, K::If, Some(self.elif_span(c)), &[test, body, rest])?;
                    if i > 0 {
                        rest = list::new(th, &[made])?;
                    }
                }
                Ok(made)
            }
            StmtKind::With { items, body, is_async } => self.with(th, s.span, items, body, is_async),
            StmtKind::Match { subject, cases } => {
                self.need(th, 10, s.span, "Pattern matching is")?;
                let subject = self.expr(th, subject)?;
                let cases = self.list(th, cases, |th, c| {
                    let pattern = self.pattern(th, &c.pattern)?;
                    let guard = self.opt(th, c.guard)?;
                    let body = self.stmts(th, c.body)?;
                    self.node(th, K::match_case, None, &[pattern, guard, body])
                })?;
                self.node(th, K::Match, at, &[subject, cases])
            }
            StmtKind::Raise { exc, cause } => {
                let parts = [self.opt(th, exc)?, self.opt(th, cause)?];
                self.node(th, K::Raise, at, &parts)
            }
            StmtKind::Raise2 { exc, value, traceback } => {
                let parts = [self.opt(th, exc)?, self.opt(th, value)?, self.opt(th, traceback)?];
                self.node(th, K::Raise, at, &parts)
            }
            StmtKind::Try(t) => self.try_(th, s.span, t),
            StmtKind::Assert { test, msg } => {
                let parts = [self.expr(th, test)?, self.opt(th, msg)?];
                self.node(th, K::Assert, at, &parts)
            }
            StmtKind::Import(names) => {
                let names = self.aliases(th, names)?;
                self.node(th, K::Import, at, &[names])
            }
            StmtKind::ImportFrom { module, names, level } => {
                let module = self.opt_name(th, module)?;
                let names = self.aliases(th, names)?;
                self.node(th, K::ImportFrom, at, &[module, names, Value::int(level as i64)])
            }
            StmtKind::Global(names) => {
                let names = self.list(th, names, |th, n| self.name(th, n))?;
                self.node(th, K::Global, at, &[names])
            }
            StmtKind::Nonlocal(names) => {
                let names = self.list(th, names, |th, n| self.name(th, n))?;
                self.node(th, K::Nonlocal, at, &[names])
            }
            StmtKind::Expr(e) => self.unary(th, K::Expr, at, e),
            StmtKind::Pass => self.node(th, K::Pass, at, &[]),
            StmtKind::Break => self.node(th, K::Break, at, &[]),
            StmtKind::Continue => self.node(th, K::Continue, at, &[]),
            StmtKind::Print { dest, values, newline } => {
                let dest = self.opt(th, dest)?;
                let values = self.exprs(th, values)?;
                self.node(th, K::Print, at, &[dest, values, Value::from_bool(newline)])
            }
            StmtKind::Exec { body, globals, locals } => {
                let parts = [self.expr(th, body)?, self.opt(th, globals)?, self.opt(th, locals)?];
                self.node(th, K::Exec, at, &parts)
            }
        }
    }
    /// 2.7 puts an `elif` where its condition begins.
    fn elif_span(&self, c: &IfClause) -> Span {
        let is_elif = || self.line(c.span).get(c.span.col as usize..).is_some_and(|l| l.starts_with("elif"));
        if !self.py3 && is_elif() { self.next_token(Span { col: c.span.col + 4, ..c.span }) } else { c.span }
    }
    fn function(&self, th: &mut Thread, span: Span, f: &FunctionDef) -> R<Value> {
        if f.is_async {
            self.need(th, 5, span, "Async functions are")?;
        }
        let name = self.name(th, f.name)?;
        let params = self.params(th, f.params, span)?;
        let body = self.stmts(th, f.body)?;
        let decorators = self.exprs(th, f.decorators)?;
        if !self.py3 {
            return self.node(th, K::FunctionDef, Some(decorated27(span, f.decorators)), &[name, params, body, decorators]);
        }
        let returns = self.opt(th, f.returns)?;
        let type_params = self.type_params(th, span, f.type_params)?;
        let k = if f.is_async { K::AsyncFunctionDef } else { K::FunctionDef };
        self.node(th, k, Some(span), &[name, params, body, decorators, returns, Value::NONE, type_params])
    }
    fn type_params(&self, th: &mut Thread, span: Span, params: &[TypeParam]) -> R<Value> {
        if !params.is_empty() {
            self.need(th, 12, span, "Type parameter lists are")?;
        }
        self.list(th, params, |th, p| {
            if p.default.is_some() {
                self.need(th, 13, p.span, "Type parameter defaults are")?;
            }
            let name = self.name(th, p.name)?;
            let bound = self.opt(th, p.bound)?;
            let default = self.opt(th, p.default)?;
            match p.kind {
                TypeParamKind::TypeVar => self.node(th, K::TypeVar, Some(p.span), &[name, bound, default]),
                TypeParamKind::TypeVarTuple => self.node(th, K::TypeVarTuple, Some(p.span), &[name, default]),
                TypeParamKind::ParamSpec => self.node(th, K::ParamSpec, Some(p.span), &[name, default]),
            }
        })
    }
    fn with(&self, th: &mut Thread, span: Span, items: &[WithItem], body: &[Stmt], is_async: bool) -> R<Value> {
        if is_async {
            self.need(th, 5, span, "Async with statements are")?;
        }
        if self.py3 {
            let items = self.list(th, items, |th, i| {
                let context = self.expr(th, &i.context)?;
                let target = i.target.map_or(Ok(Value::NONE), |t| self.in_context(th, t, K::Store))?;
                self.node(th, K::withitem, None, &[context, target])
            })?;
            let body = self.stmts(th, body)?;
            return self.node(th, if is_async { K::AsyncWith } else { K::With }, Some(span), &[items, body, Value::NONE]);
        }
        // One statement for each item, inside each other.
        let mut inner = self.stmts(th, body)?;
        let mut made = Value::NONE;
        for (i, item) in items.iter().enumerate().rev() {
            let context = self.expr(th, &item.context)?;
            let target = item.target.map_or(Ok(Value::NONE), |t| self.in_context(th, t, K::Store))?;
            let at = if i == 0 { self.next_token(Span { col: span.col + 4, ..span }) } else { item.context.span };
            made = self.node(th, K::With, Some(at), &[context, target, inner])?;
            inner = list::new(th, &[made])?;
        }
        Ok(made)
    }
    fn try_(&self, th: &mut Thread, span: Span, t: &Try) -> R<Value> {
        if t.is_star {
            self.need(th, 11, span, "Exception groups are")?;
        }
        let body = self.stmts(th, t.body)?;
        let handlers = self.list(th, t.handlers, |th, h| {
            let typ = self.opt(th, h.typ)?;
            let name = match h.target {
                Some(Expr { kind: ExprKind::Name(n), .. }) if self.py3 => self.name(th, n)?,
                Some(t) => self.in_context(th, t, K::Store)?,
                None => Value::NONE,
            };
            let body = self.stmts(th, h.body)?;
            self.node(th, K::ExceptHandler, Some(h.span), &[typ, name, body])
        })?;
        let (orelse, finalbody) = (self.stmts(th, t.orelse)?, self.stmts(th, t.finalbody)?);
        if self.py3 {
            return self.node(th, if t.is_star { K::TryStar } else { K::Try }, Some(span), &[body, handlers, orelse, finalbody]);
        }
        if t.handlers.is_empty() {
            return self.node(th, K::TryFinally, Some(span), &[body, finalbody]);
        }
        let except = self.node(th, K::TryExcept, Some(span), &[body, handlers, orelse])?;
        if t.finalbody.is_empty() {
            return Ok(except);
        }
        let body = list::new(th, &[except])?;
        self.node(th, K::TryFinally, Some(span), &[body, finalbody])
    }
    fn aliases(&self, th: &mut Thread, names: &[Alias]) -> R<Value> {
        self.list(th, names, |th, a| {
            let name = self.name(th, a.name)?;
            let asname = self.opt_name(th, a.asname)?;
            self.node(th, K::alias, self.py3.then_some(a.span), &[name, asname])
        })
    }

    // ---- patterns

    fn patterns(&self, th: &mut Thread, items: &[Pattern]) -> R<Value> { self.list(th, items, |th, p| self.pattern(th, p)) }
    fn pattern(&self, th: &mut Thread, p: &Pattern) -> R<Value> {
        th.check_stack()?;
        let at = Some(p.span);
        match p.kind {
            PatternKind::Value(e) => self.unary(th, K::MatchValue, at, e),
            PatternKind::Singleton(c) => {
                let v = self.constant(th, &c)?;
                self.node(th, K::MatchSingleton, at, &[v])
            }
            PatternKind::Sequence(items) => {
                let items = self.patterns(th, items)?;
                self.node(th, K::MatchSequence, at, &[items])
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                let (keys, patterns, rest) = (self.exprs(th, keys)?, self.patterns(th, patterns)?, self.opt_name(th, rest)?);
                self.node(th, K::MatchMapping, at, &[keys, patterns, rest])
            }
            PatternKind::Class { cls, patterns, keywords } => {
                let (cls, patterns) = (self.expr(th, cls)?, self.patterns(th, patterns)?);
                let names = self.list(th, keywords, |th, k| self.name(th, k.name))?;
                let values = self.list(th, keywords, |th, k| self.pattern(th, &k.pattern))?;
                self.node(th, K::MatchClass, at, &[cls, patterns, names, values])
            }
            PatternKind::Star(name) => {
                let name = self.opt_name(th, name)?;
                self.node(th, K::MatchStar, at, &[name])
            }
            PatternKind::As { pattern, name } => {
                let pattern = pattern.map_or(Ok(Value::NONE), |p| self.pattern(th, p))?;
                let name = self.opt_name(th, name)?;
                self.node(th, K::MatchAs, at, &[pattern, name])
            }
            PatternKind::Or(items) => {
                let items = self.patterns(th, items)?;
                self.node(th, K::MatchOr, at, &[items])
            }
        }
    }
}

/// 2.7 counts decorators in.
fn decorated27(span: Span, decorators: &[Expr]) -> Span { decorators.first().map_or(span, |d| Span { line: d.span.line, ..span }) }
/// Operators that one rule of 2.7's grammar reads.
fn rank27(op: BinOp) -> u8 {
    match op {
        BinOp::BitOr => 0,
        BinOp::BitXor => 1,
        BinOp::BitAnd => 2,
        BinOp::LShift | BinOp::RShift => 3,
        BinOp::Add | BinOp::Sub => 4,
        BinOp::Pow => 6,
        _ => 5,
    }
}
