//! Calls: plain, method, keyword and unpacking forms; `super()` without arguments.

use txpy_syntax::ast::*;

use super::expr::start;
use super::regs::Opnd;
use super::{Compiler, Result};
use crate::image::Const;
use crate::ops::Op;
use crate::symtable::{Res, def};

/// Without `*` and `**`.
pub(super) fn is_plain(args: &[Expr<'_>], keywords: &[Keyword<'_>]) -> bool {
    !args.iter().any(|a| matches!(a.kind, ExprKind::Starred(_))) && keywords.iter().all(|k| k.name.is_some())
}

/// Names and constants: nothing but an unbound name's error can come of them.
fn is_inert(e: &Expr<'_>) -> bool {
    match &e.kind {
        ExprKind::Name(_) | ExprKind::Constant { .. } => true,
        ExprKind::Tuple(items) => items.iter().all(is_inert),
        _ => false,
    }
}

const HEADER: usize = 4;

impl<'a> Compiler<'a, '_> {
    pub(super) fn call(&mut self, e: &'a Expr<'a>, func: &'a Expr<'a>, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>], left: Option<Opnd>, dest: Option<u16>) -> Result<Opnd> {
        self.check_keywords(keywords)?;
        let mark = start(left, self.mark());
        let a;
        if let (ExprKind::Attribute { value, attr }, true, true) = (&func.kind, keywords.is_empty(), is_plain(args, keywords)) {
            a = self.temps(1 + HEADER);
            match left {
                Some(o) => self.push_opnd(o),
                None => self.push(value)?,
            };
            let attr = self.mangled(attr);
            let n = self.unit.asm.name(&attr);
            // The method is looked up before the arguments; where they can't tell, both is one instruction.
            let at_once = args.iter().all(is_inert);
            if !at_once {
                self.at(func.span);
                self.emit(Op::METHOD, a, n, 0);
            }
            for v in args {
                self.push(v)?;
            }
            self.at(e.span);
            if at_once {
                self.emit(Op::CALLM, a, n, args.len() as u16);
            } else {
                self.emit(Op::CALLFOUND, a, 0, args.len() as u16);
            }
        } else {
            a = match left {
                Some(o) => self.push_opnd(o),
                None => self.push(func)?,
            };
            self.temps(HEADER);
            self.arguments(e.span, a, Some(func), 0, args, keywords)?;
        }
        self.call_result(a, mark, dest)
    }

    pub(super) fn push_opnd(&mut self, o: Opnd) -> u16 {
        let t = self.temp();
        self.emit(Op::MOVE, t, o.reg, 0);
        t
    }

    /// The result of a call in window `a`, moved where it is wanted.
    pub(super) fn call_result(&mut self, a: u16, mark: u16, dest: Option<u16>) -> Result<Opnd> {
        self.release(mark);
        let d = self.dest(dest);
        if d != a {
            self.emit(Op::MOVE, d, a, 0);
        }
        self.result(d)
    }

    pub(super) fn check_keywords(&self, keywords: &'a [Keyword<'a>]) -> Result<()> {
        for (i, k) in keywords.iter().enumerate() {
            let Some(name) = k.name else { continue };
            self.check_store(name, k.span)?;
            // Quadratic only up to where a hash set would pay off in no real call.
            if keywords[..i].iter().any(|o| o.name == Some(name)) {
                return self.error(k.span, if self.legacy { "keyword argument repeated".to_string() } else { format!("keyword argument repeated: {name}") });
            }
        }
        Ok(())
    }

    /// Arguments and the call instruction of the window `a`, of which callee, header and `given` arguments stand already.
    pub(super) fn arguments(&mut self, span: Span, a: u16, func: Option<&'a Expr<'a>>, given: usize, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>]) -> Result<()> {
        if args.is_empty() && keywords.is_empty() && given == 0 && func.is_some_and(|f| self.super_arguments(f)) {
            self.at(span);
            self.emit(Op::CALL, a, 0, 2);
            return Ok(());
        }
        if !is_plain(args, keywords) || given + args.len() + keywords.len() > 1000 {
            return self.call_ex(span, a, given, args, keywords);
        }
        for v in args {
            self.push(v)?;
        }
        for k in keywords {
            self.push(&k.value)?;
        }
        let n = (given + args.len() + keywords.len()) as u16;
        self.at(span);
        if keywords.is_empty() {
            self.emit(Op::CALL, a, 0, n);
        } else {
            let names: Vec<Const> = keywords.iter().filter_map(|k| k.name).map(|n| Const::Name(self.mangled(n).as_ref().into())).collect();
            let k = self.unit.asm.low_const(Const::Tuple(names.into()));
            self.emit(Op::CALLKW, a, k, n);
        }
        Ok(())
    }

    /// `super()` in a method becomes `super(__class__, first parameter)`. False if this is no such call.
    fn super_arguments(&mut self, func: &'a Expr<'a>) -> bool {
        if self.legacy || !matches!(func.kind, ExprKind::Name("super")) || !self.scope().kind.is_function() {
            return false;
        }
        if !matches!(self.scope().res("super"), Res::GlobalImplicit | Res::Unresolved) {
            return false;
        }
        let (Some(&cell), true) = (self.unit.cells.get("__class__"), self.scope().frees.iter().any(|f| f == "__class__")) else { return false };
        let Some(first) = self.scope().order.first().cloned() else { return false };
        // An implicit parameter (of a generator expression) is no instance.
        if self.scope().flags(&first) & def::PARAM == 0 || first.starts_with('.') || self.unit.argcount == 0 {
            return false;
        }
        let t = self.temp();
        let n = self.unit.asm.name("__class__");
        self.emit_x(Op::LOADC, 1, t, cell, n);
        let t = self.temp();
        let own = self.unit.cellvars.iter().find(|(n, _)| *n == first).map(|c| c.1);
        match (self.unit.locals.get(&first).copied(), own) {
            (Some(r), _) => {
                self.emit(Op::MOVE, t, r, 0);
            }
            (_, Some(cell)) => {
                let n = self.unit.asm.name(&first);
                self.emit(Op::LOADC, t, cell, n);
            }
            _ => {}
        }
        true
    }

    fn call_ex(&mut self, span: Span, a: u16, given: usize, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>]) -> Result<()> {
        let t = if given == 0 { self.temp() } else { a + 5 };
        if args.iter().any(|v| matches!(v.kind, ExprKind::Starred(_))) || args.len() + given > 1000 {
            let list = self.temp();
            self.at(span);
            self.emit(Op::LIST, list, t, given as u16);
            self.extend_list(list, args)?;
            self.at(span);
            self.emit(Op::LISTTUPLE, t, list, 0);
        } else {
            if given == 0 {
                self.release(t);
            }
            for v in args {
                self.push(v)?;
            }
            self.at(span);
            self.emit(Op::TUPLE, t, t, (given + args.len()) as u16);
        }
        self.release(t + 1);
        if !keywords.is_empty() {
            let d = self.temp();
            self.keyword_dict(span, d, a, keywords)?;
        }
        self.at(span);
        self.emit_x(Op::CALLEX, !keywords.is_empty() as u8, a, 0, 0);
        Ok(())
    }

    /// The dict of keyword arguments with `**` among them, in r[d].
    pub(super) fn keyword_dict(&mut self, span: Span, d: u16, callee: u16, keywords: &'a [Keyword<'a>]) -> Result<()> {
        let mut rest = keywords;
        let mut first = true;
        while let Some(k) = rest.first() {
            let mark = self.mark();
            if k.name.is_none() {
                if first {
                    self.emit(Op::DICT, d, d, 0);
                }
                let o = self.operand(&k.value)?;
                self.at(span);
                self.emit(Op::DICTMERGE, d, o.reg, callee);
                rest = &rest[1..];
            } else {
                let n = rest.iter().take_while(|k| k.name.is_some()).count();
                let group = if first { d } else { self.temp() };
                self.emit(Op::DICT, group, group, 0);
                for k in &rest[..n] {
                    let inner = self.mark();
                    let key = self.temp();
                    let name = self.mangled(k.name.unwrap_or_default()).to_string();
                    self.load_const(Const::Name(name.into()), key);
                    let v = self.operand(&k.value)?;
                    self.at(span);
                    self.emit(Op::DICTSET, group, key, v.reg);
                    self.release(inner);
                }
                if !first {
                    self.at(span);
                    self.emit(Op::DICTMERGE, d, group, callee);
                }
                rest = &rest[n..];
            }
            first = false;
            self.release(mark);
        }
        Ok(())
    }
}
