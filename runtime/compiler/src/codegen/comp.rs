//! Comprehensions: list, set and dict ones run in the frame around them, generator expressions are functions.

use std::collections::HashMap;

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, Inline, Result};
use crate::image::code_flag;
use crate::ops::{Op, singleton};
use crate::symtable::{Name, Res, part};

/// What a comprehension does with each element.
#[derive(Clone, Copy)]
enum Action<'a> {
    List(u16, &'a Expr<'a>),
    Set(u16, &'a Expr<'a>),
    Dict(u16, &'a Expr<'a>, &'a Expr<'a>),
    Yield(&'a Expr<'a>),
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn inlined_comp(&mut self, e: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        let (generators, make) = match &e.kind {
            ExprKind::ListComp { generators, .. } => (*generators, Op::LIST),
            ExprKind::SetComp { generators, .. } => (*generators, Op::SET),
            ExprKind::DictComp { generators, .. } => (*generators, Op::DICT),
            _ => return self.error(e.span, "not a comprehension"),
        };
        self.enter(e.span)?;
        let w = self.work(dest);
        let mark = self.mark();
        let action = match &e.kind {
            ExprKind::SetComp { elt, .. } => Action::Set(w, elt),
            ExprKind::DictComp { key, value, .. } => Action::Dict(w, key, value),
            ExprKind::ListComp { elt, .. } => Action::List(w, elt),
            _ => return self.error(e.span, "not a comprehension"),
        };
        if generators.iter().any(|g| g.is_async) && !self.unit.is_async {
            return self.error(e.span, "asynchronous comprehension outside of an asynchronous function");
        }
        let state = self.temps(2);
        if generators[0].is_async {
            self.async_iter(&generators[0].iter, state)?;
        } else {
            self.for_iter(&generators[0].iter, state)?;
        }
        self.at(e.span);
        self.emit(make, w, w, 0);
        let own_scope = !(self.legacy && make == Op::LIST);
        if own_scope {
            self.open_inline(e);
        }
        self.level(generators, 0, Some(state), action)?;
        if own_scope && let Some(inline) = self.unit.inline.pop() {
            for r in inline.regs.values() {
                if let Some(f) = &mut self.unit.asm.flow {
                    f.set(*r, false);
                }
            }
        }
        self.release(mark);
        self.leave();
        self.at(e.span);
        self.work_done(w, dest)
    }

    /// Registers for the comprehension's own names.
    fn open_inline(&mut self, e: &'a Expr<'a>) {
        let scope = self.table.find(e, part::BODY);
        let names: Vec<(Name<'a>, Res)> = self.table.scopes[scope].order.iter().map(|n| (n.clone(), self.table.scopes[scope].res(n))).collect();
        let mut regs = HashMap::new();
        let mut clear = HashMap::new();
        for (name, res) in names {
            if !matches!(res, Res::Local | Res::Cell) {
                continue;
            }
            let r = self.temp();
            if let Some(f) = &mut self.unit.asm.flow {
                f.set(r, false);
            }
            if res == Res::Cell {
                self.emit(Op::NEWCELL, r, 0, 0);
            } else {
                clear.insert(r, self.unit.asm.placeholder());
            }
            regs.insert(name, r);
        }
        self.unit.inline.push(Inline { scope, regs, clear });
    }

    fn level(&mut self, generators: &'a [Comprehension<'a>], i: usize, state: Option<u16>, action: Action<'a>) -> Result<()> {
        let Some(g) = generators.get(i) else { return self.act(action) };
        self.enter(g.iter.span)?;
        let mark = self.mark();
        let given = state.is_some();
        let state = match state {
            Some(s) => s,
            None => self.temps(2),
        };
        let (head, cont) = (self.label(), self.label());
        if g.is_async {
            if !given {
                self.async_iter(&g.iter, state)?;
            }
            let stop = self.label();
            let flow = self.unit.asm.flow.clone();
            self.unit.asm.place_with(head, flow.clone());
            let item = self.loop_item(&g.target);
            let exc = self.temp();
            self.async_next(state, item, exc, stop, g.iter.span)?;
            self.filtered(generators, i, item, cont, action)?;
            self.unit.asm.place(cont);
            self.unit.asm.jump(Op::LOOP, 0, 0, head);
            self.unit.asm.place_with(stop, flow);
            self.async_stop(exc);
        } else {
            if !given {
                self.for_iter(&g.iter, state)?;
            }
            let item = self.loop_item(&g.target);
            self.unit.asm.jmp(cont);
            let flow = self.unit.asm.flow_at(cont);
            self.unit.asm.place_with(head, flow);
            self.filtered(generators, i, item, cont, action)?;
            self.unit.asm.place(cont);
            self.at(g.iter.span);
            self.unit.asm.jump(Op::FORLOOP, state, item, head);
        }
        self.release(mark);
        self.leave();
        Ok(())
    }

    fn filtered(&mut self, generators: &'a [Comprehension<'a>], i: usize, item: u16, cont: super::asm::Label, action: Action<'a>) -> Result<()> {
        let g = &generators[i];
        self.store_item(&g.target, item)?;
        for test in g.ifs {
            self.cond(test, cont, false)?;
        }
        self.level(generators, i + 1, None, action)
    }

    fn act(&mut self, action: Action<'a>) -> Result<()> {
        let mark = self.mark();
        match action {
            Action::List(w, elt) => {
                let o = self.operand(elt)?;
                self.at(elt.span);
                self.emit(Op::LISTAPPEND, w, o.reg, 0);
            }
            Action::Set(w, elt) => {
                let o = self.operand(elt)?;
                self.at(elt.span);
                self.emit(Op::SETADD, w, o.reg, 0);
            }
            Action::Dict(w, k, v) => {
                let (key, value) = self.pair(k, v)?;
                self.at(k.span.to(v.span));
                self.emit(Op::DICTSET, w, key, value);
            }
            Action::Yield(elt) => {
                let o = self.operand(elt)?;
                self.at(elt.span);
                self.yield_value(o.reg, mark, None)?;
            }
        }
        self.release(mark);
        Ok(())
    }

    pub(super) fn generator_exp(&mut self, e: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        let ExprKind::GeneratorExp { elt, generators } = &e.kind else { return self.error(e.span, "not a generator expression") };
        self.enter(e.span)?;
        let scope = self.table.find(e, part::BODY);
        self.begin_unit(scope, "<genexpr>", e.span.line);
        self.unit.argcount = 1;
        self.setup_registers(&[".0".into()]);
        self.function_kind(scope);
        self.unit.flags |= code_flag::NESTED;
        self.at(e.span);
        let state = self.temps(2);
        if generators[0].is_async {
            self.emit(Op::MOVE, state, 0, 0);
        } else {
            self.emit(Op::GETITER, state, 0, 0);
        }
        self.level(generators, 0, Some(state), Action::Yield(elt))?;
        self.return_none();
        let image = self.end_unit()?;
        self.leave();

        let mark = self.mark();
        let a = self.temps(5);
        let w = self.temps(4);
        for i in 0..3 {
            self.emit(Op::LOADS, w + i, singleton::UNSET, 0);
        }
        self.at(e.span);
        self.closure(image, scope, w, a);
        self.release(w);
        let it = self.temp();
        let first = &generators[0];
        self.value_to(&first.iter, it)?;
        self.at(first.iter.span);
        self.emit(if first.is_async { Op::AITER } else { Op::GETYIELDITER }, it, it, 0);
        self.at(e.span);
        self.emit(Op::CALL, a, 0, 1);
        self.call_result(a, mark, dest)
    }
}
