//! Functions: definitions, lambdas, closures, decorators; `yield`, `yield from`, `await`.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, Result, Unit};
use crate::image::{Const, Image, code_flag};
use crate::ops::{Op, singleton};
use crate::symtable::{Name, Res, ScopeId, ScopeKind, part};

/// What a function's code is made of.
pub(super) enum Body<'a> {
    Stmts(&'a [Stmt<'a>]),
    Expr(&'a Expr<'a>),
}

/// Ready-made defaults of a generic function, computed outside its type parameters' scope.
#[derive(Clone, Copy, Default)]
pub(super) struct Given {
    pub defaults: Option<u16>,
    pub kwdefaults: Option<u16>,
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn function_def(&mut self, s: &'a Stmt<'a>, f: &'a FunctionDef<'a>) -> Result<()> {
        self.check_store(f.name, s.span)?;
        let mark = self.mark();
        let windows = self.decorators(f.decorators)?;
        let line = f.decorators.first().map_or(s.span.line, |d| d.span.line);
        let d = self.temp();
        if f.type_params.is_empty() {
            self.function_value(s.span, f, line, Given::default(), d)?;
        } else {
            self.generic_function(s.span, f, line, d)?;
        }
        self.decorate(f.decorators, &windows);
        self.at(s.span);
        self.store_name(f.name, mark, s.span)?;
        self.release(mark);
        Ok(())
    }

    /// Evaluates decorators, each to the callee of a window whose argument is the next one's result.
    pub(super) fn decorators(&mut self, decorators: &'a [Expr<'a>]) -> Result<Vec<u16>> {
        let mut windows = Vec::with_capacity(decorators.len());
        for d in decorators {
            windows.push(self.push(d)?);
            self.temps(4);
        }
        Ok(windows)
    }

    pub(super) fn decorate(&mut self, decorators: &'a [Expr<'a>], windows: &[u16]) {
        for (d, &a) in decorators.iter().zip(windows).rev() {
            self.at(d.span);
            self.emit(Op::CALL, a, 0, 1);
        }
    }

    /// Defaults of positional parameters (r[w]) and keyword-only ones (r[w+1]), UNSET where there are none.
    pub(super) fn defaults(&mut self, p: &'a Parameters<'a>, w: u16) -> Result<()> {
        let mark = self.mark();
        let all: Vec<&'a Expr<'a>> = p.posonly.iter().chain(p.args).filter_map(|p| p.default).collect();
        if all.is_empty() {
            self.emit(Op::LOADS, w, singleton::UNSET, 0);
        } else if let Some(t) = all.iter().map(|e| self.fold(e)).collect::<Option<Vec<_>>>() {
            self.load_const(Const::Tuple(t.into()), w);
        } else {
            for d in &all {
                self.push(d)?;
            }
            self.emit(Op::TUPLE, w, mark, all.len() as u16);
            self.release(mark);
        }
        let mut n = 0;
        for p in p.kwonly {
            let Some(d) = p.default else { continue };
            let k = self.temp();
            let name = self.mangled(p.name).to_string();
            self.load_const(Const::Name(name.into()), k);
            self.push(d)?;
            n += 1;
        }
        if n == 0 {
            self.emit(Op::LOADS, w + 1, singleton::UNSET, 0);
        } else {
            self.emit(Op::DICT, w + 1, mark, n);
        }
        self.release(mark);
        Ok(())
    }

    /// The dict of annotations in r[w], UNSET without any.
    pub(super) fn annotations(&mut self, p: &'a Parameters<'a>, returns: Option<&'a Expr<'a>>, w: u16) -> Result<()> {
        let all = p.posonly.iter().chain(p.args).chain(p.vararg).chain(p.kwonly).chain(p.kwarg).filter_map(|p| p.annotation.map(|a| (p.name, a)));
        let mark = self.mark();
        let mut empty = true;
        for (name, a) in all.chain(returns.map(|r| ("return", r))) {
            if empty {
                self.emit(Op::DICT, w, w, 0);
                empty = false;
            }
            let k = self.temp();
            let name = self.mangled(name).to_string();
            self.load_const(Const::Name(name.into()), k);
            let v = self.annotation(a)?;
            self.emit(Op::DICTSET, w, k, v);
            self.release(mark);
        }
        if empty {
            self.emit(Op::LOADS, w, singleton::UNSET, 0);
        }
        Ok(())
    }

    /// Value of an annotation: evaluated, or its text under `from __future__ import annotations`.
    pub(super) fn annotation(&mut self, a: &'a Expr<'a>) -> Result<u16> {
        if self.future.annotations {
            let d = self.temp();
            let text = super::unparse::text(a);
            self.load_const(Const::Str(text.into_bytes().into()), d);
            return Ok(d);
        }
        if let ExprKind::Starred(v) = a.kind {
            // `*args: *Ts` is the one item that `*Ts` gives.
            let mark = self.mark();
            let o = self.operand(v)?;
            self.release(mark);
            let d = self.temp();
            self.emit(Op::UNPACK, o.reg, d, 1);
            return Ok(d);
        }
        Ok(self.operand(a)?.reg)
    }

    pub(super) fn function_value(&mut self, span: Span, f: &'a FunctionDef<'a>, line: u32, given: Given, dest: u16) -> Result<()> {
        let mark = self.mark();
        let w = self.temps(4);
        match (given.defaults, given.kwdefaults) {
            (None, None) => self.defaults(f.params, w)?,
            (d, k) => {
                for (i, r) in [d, k].into_iter().enumerate() {
                    match r {
                        Some(r) => self.emit(Op::MOVE, w + i as u16, r, 0),
                        None => self.emit(Op::LOADS, w + i as u16, singleton::UNSET, 0),
                    }
                }
            }
        }
        self.annotations(f.params, f.returns, w + 2)?;
        let scope = self.table.find(f, part::BODY);
        let image = self.function_image(scope, f.name, f.params, Body::Stmts(f.body), line)?;
        self.at(Span { end_line: span.line, end_col: span.col, ..span });
        self.closure(image, scope, w, dest);
        self.release(mark);
        Ok(())
    }

    pub(super) fn lambda(&mut self, e: &'a Expr<'a>, params: &'a Parameters<'a>, body: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        let d = self.dest(dest);
        let mark = self.mark();
        let w = self.temps(4);
        self.defaults(params, w)?;
        self.emit(Op::LOADS, w + 2, singleton::UNSET, 0);
        let scope = self.table.find(e, part::BODY);
        let image = self.function_image(scope, "<lambda>", params, Body::Expr(body), e.span.line)?;
        self.at(e.span);
        self.closure(image, scope, w, d);
        self.release(mark);
        self.result(d)
    }

    /// Function object of `image`; r[w..w+3] hold defaults, keyword defaults and annotations.
    pub(super) fn closure(&mut self, image: Image, scope: ScopeId, w: u16, dest: u16) {
        if self.table.scopes[scope].frees.is_empty() && self.unit.asm.drop_unset(w) {
            let k = self.unit.asm.low_const(Const::Code(image.into()));
            self.emit(Op::MKFUNC, dest, k, 0);
            return;
        }
        self.cell_tuple(scope, w + 3);
        let k = self.unit.asm.low_const(Const::Code(image.into()));
        self.emit_x(Op::MKFUNC, 1, dest, k, w);
    }

    /// The cells that functions of `scope` bring along, as a tuple in r[w]; UNSET if none.
    fn cell_tuple(&mut self, scope: ScopeId, w: u16) {
        let frees: Vec<Name<'a>> = self.table.scopes[scope].frees.clone();
        if frees.is_empty() {
            self.emit(Op::LOADS, w, singleton::UNSET, 0);
            return;
        }
        let mark = self.mark();
        for name in &frees {
            let t = self.temp();
            if let Some(cell) = self.cell_register(name) {
                self.emit(Op::MOVE, t, cell, 0);
            }
        }
        self.emit(Op::TUPLE, w, mark, frees.len() as u16);
        self.release(mark);
    }

    fn cell_register(&self, name: &Name<'a>) -> Option<u16> {
        let inline = self.unit.inline.iter().rev().find(|i| self.table.scopes[i.scope].res(name) == Res::Cell);
        match inline {
            Some(i) => i.regs.get(name).copied(),
            None => self.unit.cells.get(name).copied(),
        }
    }

    /// `outer.<locals>.name`.
    pub(super) fn qualname(&self, name: &str) -> String {
        let table = &self.table;
        let unit = std::iter::once(&self.unit).chain(self.outer.iter().rev()).find(|u| table.scopes[u.scope].kind != ScopeKind::TypeParams);
        let Some(unit) = unit else { return name.to_string() };
        let scope = &table.scopes[unit.scope];
        match scope.kind {
            ScopeKind::Module => name.to_string(),
            _ if scope.res(name) == Res::GlobalExplicit => name.to_string(),
            ScopeKind::Class => format!("{}.{name}", unit.qualname),
            _ => format!("{}.<locals>.{name}", unit.qualname),
        }
    }

    /// Starts a unit; [`Compiler::end_unit`] ends it.
    pub(super) fn begin_unit(&mut self, scope: ScopeId, name: &str, line: u32) {
        let qualname = self.qualname(name);
        let unit = Unit::new(scope, name.to_string(), qualname, line);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
    }

    pub(super) fn end_unit(&mut self) -> Result<Image> {
        let image = self.finish_unit();
        if let Some(outer) = self.outer.pop() {
            self.unit = outer;
        }
        image
    }

    /// Sets what kind of function the unit is.
    pub(super) fn function_kind(&mut self, scope: ScopeId) {
        let scope = &self.table.scopes[scope];
        let u = &mut self.unit;
        u.is_async = scope.coroutine;
        u.is_generator = scope.coroutine || scope.generator;
        u.flags |= match (scope.coroutine, scope.generator) {
            (true, true) => code_flag::ASYNC_GENERATOR,
            (true, false) => code_flag::COROUTINE,
            (false, true) => code_flag::GENERATOR,
            (false, false) => 0,
        };
    }

    pub(super) fn function_image(&mut self, scope: ScopeId, name: &str, params: &'a Parameters<'a>, body: Body<'a>, line: u32) -> Result<Image> {
        let span = match &body {
            Body::Stmts(b) => b.first().map_or(Span::default(), |s| s.span),
            Body::Expr(e) => e.span,
        };
        self.enter(span)?;
        self.begin_unit(scope, name, line);
        let names: Vec<Name<'a>> = params.posonly.iter().chain(params.args).chain(params.kwonly).chain(params.vararg).chain(params.kwarg).map(|p| self.mangled(p.name)).collect();
        let u = &mut self.unit;
        u.posonly = params.posonly.len() as u16;
        u.argcount = (params.posonly.len() + params.args.len()) as u16;
        u.kwonly = params.kwonly.len() as u16;
        if params.vararg.is_some() {
            u.flags |= code_flag::VARARGS;
        }
        if params.kwarg.is_some() {
            u.flags |= code_flag::VARKEYWORDS;
        }
        if names.len() > 60_000 {
            return self.error(span, "too many parameters");
        }
        if self.table.scopes[scope].dynamic {
            self.setup_registers(&names);
            self.dynamic_function(scope, name, params, names, body, line)?;
        } else {
            self.setup_registers(&names);
            self.function_kind(scope);
            self.function_body(params, body)?;
        }
        self.leave();
        self.end_unit()
    }

    fn function_body(&mut self, params: &'a Parameters<'a>, body: Body<'a>) -> Result<()> {
        for p in params.posonly.iter().chain(params.args) {
            self.check_store(p.name, p.span)?;
        }
        for p in params.kwonly.iter().chain(params.vararg).chain(params.kwarg) {
            self.check_store(p.name, p.span)?;
        }
        match body {
            Body::Stmts(body) => {
                self.open_home(body);
                self.tuple_params(params)?;
                let mut rest = body;
                if let Some((doc, after)) = self.split_doc(body) {
                    self.unit.doc = doc;
                    rest = after;
                }
                self.body(rest)?;
                if let Some(last) = body.last() {
                    let s = last.span;
                    self.at(Span { line: s.end_line.max(s.line), ..s });
                }
                self.return_none();
            }
            Body::Expr(e) => {
                self.tuple_params(params)?;
                let o = self.operand(e)?;
                self.at(e.span);
                if self.unit.is_generator {
                    self.return_none();
                } else {
                    self.emit(Op::RET, o.reg, 0, 0);
                }
            }
        }
        Ok(())
    }

    fn tuple_params(&mut self, params: &'a Parameters<'a>) -> Result<()> {
        for p in params.posonly.iter().chain(params.args) {
            if let Some(t) = p.tuple {
                let mark = self.mark();
                self.at(p.span);
                self.unit.tuples.push(names_of(t));
                let o = self.load_name(p.name, None);
                self.store(t, o.reg)?;
                self.release(mark);
            }
        }
        Ok(())
    }

    /// 2.7's function whose locals `exec` or `import *` may change: it puts its arguments into a dict and runs code over that.
    fn dynamic_function(&mut self, scope: ScopeId, name: &str, params: &'a Parameters<'a>, names: Vec<Name<'a>>, body: Body<'a>, line: u32) -> Result<()> {
        self.begin_unit(scope, name, line);
        self.unit.namespace = true;
        self.unit.argcount = 1;
        self.unit.qualname = name.to_string();
        self.setup_registers(&[]);
        self.function_kind(scope);
        self.function_body(params, body)?;
        let inner = self.end_unit()?;
        let a = self.temp();
        self.temps(4);
        let ns = self.temp();
        self.emit(Op::DICT, ns, ns, 0);
        for (reg, n) in names.iter().enumerate() {
            let mark = self.mark();
            let k = self.temp();
            self.load_const(Const::Name(n.as_ref().into()), k);
            self.emit(Op::DICTSET, ns, k, reg as u16);
            self.release(mark);
        }
        let k = self.unit.asm.low_const(Const::Code(inner.into()));
        self.emit(Op::MKFUNC, a, k, 0);
        self.emit(Op::CALL, a, 0, 1);
        self.emit(Op::RET, a, 0, 0);
        Ok(())
    }

    fn in_function(&self) -> bool {
        self.scope().kind.is_function()
    }

    pub(super) fn yield_expr(&mut self, e: &'a Expr<'a>, v: Option<&'a Expr<'a>>, dest: Option<u16>) -> Result<Opnd> {
        if !self.in_function() {
            return self.error(e.span, "'yield' outside function");
        }
        let mark = self.mark();
        let o = match v {
            Some(v) => self.operand(v)?,
            None => {
                let t = self.temp();
                self.none_to(t);
                Opnd { reg: t, temp: true }
            }
        };
        self.at(e.span);
        self.yield_value(o.reg, mark, dest)
    }

    /// Yields r[value]; what is sent comes to `dest` or the first temporary.
    pub(super) fn yield_value(&mut self, value: u16, mark: u16, dest: Option<u16>) -> Result<Opnd> {
        let mut value = value;
        if self.unit.is_async {
            let t = self.temp();
            self.emit(Op::ASYNCWRAP, t, value, 0);
            value = t;
        }
        self.release(mark);
        let live = self.unit.top;
        let d = self.dest(dest);
        self.emit(Op::YIELD, d, value, live.max(self.unit.top));
        self.result(d)
    }

    pub(super) fn yield_from(&mut self, e: &'a Expr<'a>, v: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        if !self.in_function() {
            return self.error(e.span, "'yield' outside function");
        }
        if self.unit.is_async {
            return self.error(e.span, "'yield from' inside async function");
        }
        self.delegate(e, v, Op::GETYIELDITER, dest)
    }

    pub(super) fn await_expr(&mut self, e: &'a Expr<'a>, v: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        if !self.in_function() {
            return self.error(e.span, "'await' outside function");
        }
        if !self.unit.is_async {
            return self.error(e.span, "'await' outside async function");
        }
        self.delegate(e, v, Op::AWAITABLE, dest)
    }

    fn delegate(&mut self, e: &'a Expr<'a>, v: &'a Expr<'a>, get: Op, dest: Option<u16>) -> Result<Opnd> {
        let w = self.work(dest);
        let mark = self.mark();
        let it = self.temp();
        self.value_to(v, it)?;
        self.at(e.span);
        self.emit(get, it, it, 0);
        self.none_to(w);
        let live = self.unit.top;
        self.emit(Op::YIELDFROM, w, it, live);
        self.release(mark);
        self.work_done(w, dest)
    }
}

/// The names of a tuple parameter, as in `(a,(b,c))`.
fn names_of(target: &Expr<'_>) -> String {
    match &target.kind {
        ExprKind::Name(n) => (*n).to_string(),
        ExprKind::Tuple(items) => format!("({})", items.iter().map(names_of).collect::<Vec<_>>().join(",")),
        _ => String::new(),
    }
}
