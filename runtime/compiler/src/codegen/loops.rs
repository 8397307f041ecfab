//! `while`, `for`, `async for`, `break` and `continue`; the test stands at the bottom and carries the poll.

use txpy_syntax::ast::*;

use super::asm::Label;
use super::{BlockKind, Compiler, Result, fold};
use crate::ops::{NO_REG, Op, helper};

/// Tests up to this height are compiled twice, at the entry and at the bottom; others only at the bottom.
const SMALL_TEST: u32 = 4;

/// Whether a loop's body is one `with` statement of a plain name: nothing but the loop's step lies between two rounds of it.
fn is_round(body: &[Stmt]) -> bool {
    match body {
        [s] => matches!(s.kind, StmtKind::With { items: [item], is_async: false, .. } if matches!(item.context.kind, ExprKind::Name(_))),
        _ => false,
    }
}

/// Whether a loop's target is a name, or some.
fn is_names(target: &Expr) -> bool {
    match target.kind {
        ExprKind::Name(_) => true,
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().all(|e| matches!(e.kind, ExprKind::Name(_))),
        _ => false,
    }
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn while_loop(&mut self, s: &'a Stmt<'a>, test: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>]) -> Result<()> {
        let (head, cont, other, end) = (self.label(), self.label(), self.label(), self.label());
        let known = self.fold(test).and_then(|c| fold::truth(&c));
        if test.height <= SMALL_TEST || known.is_some() {
            self.cond(test, other, false)?;
        } else {
            self.unit.asm.jmp(cont);
        }
        let flow = if test.height <= SMALL_TEST || known.is_some() { self.unit.asm.flow.clone() } else { self.flow_of(cont) };
        self.unit.asm.place_with(head, flow);
        self.push_block(BlockKind::Loop { brk: end, cont }, s.span)?;
        let endless = known == Some(true);
        self.unit.round = (endless && is_round(body)).then_some(NO_REG);
        self.body(body)?;
        self.unit.round = None;
        self.pop_block();
        self.unit.asm.place(cont);
        self.cond_loop(test, head)?;
        self.unit.asm.place(other);
        self.body(orelse)?;
        self.unit.asm.place(end);
        Ok(())
    }

    fn flow_of(&self, l: Label) -> Option<super::asm::Bound> {
        self.unit.asm.flow_at(l)
    }

    pub(super) fn for_loop(&mut self, s: &'a Stmt<'a>, target: &'a Expr<'a>, iter: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>]) -> Result<()> {
        let mark = self.mark();
        let state = self.temps(2);
        self.for_iter(iter, state)?;
        let item = self.loop_item(target);
        let (head, cont, end) = (self.label(), self.label(), self.label());
        self.unit.asm.jmp(cont);
        let flow = self.flow_of(cont);
        self.unit.asm.place_with(head, flow);
        self.store_item(target, item)?;
        self.push_block(BlockKind::Loop { brk: end, cont }, s.span)?;
        let in_rounds = is_round(body) && is_names(target);
        self.unit.round = in_rounds.then_some(state);
        self.body(body)?;
        self.unit.round = None;
        self.pop_block();
        self.unit.asm.place(cont);
        self.at(iter.span);
        self.unit.asm.jump(Op::FORLOOP, state, item, head);
        if in_rounds {
            self.emit(Op::ENDROUNDS, 0, 0, 0);
        }
        self.release(mark);
        self.body(orelse)?;
        self.unit.asm.place(end);
        Ok(())
    }

    /// Iteration state of `iter` in r[state], r[state+1].
    pub(super) fn for_iter(&mut self, iter: &'a Expr<'a>, state: u16) -> Result<()> {
        let mark = self.mark();
        self.at(iter.span);
        let it = match self.constant_container(iter) {
            Some(c) => {
                let t = self.temp();
                self.load_const(c, t);
                t
            }
            None => self.operand(iter)?.reg,
        };
        self.at(iter.span);
        self.emit(Op::GETITER, state, it, 0);
        self.release(mark);
        Ok(())
    }

    /// The register that takes each item: the target's own if it is a local.
    pub(super) fn loop_item(&mut self, target: &'a Expr<'a>) -> u16 {
        match target.kind {
            ExprKind::Name(n) => match self.local_reg(n) {
                Some(r) => r,
                None => self.temp(),
            },
            _ => self.temp(),
        }
    }

    pub(super) fn store_item(&mut self, target: &'a Expr<'a>, item: u16) -> Result<()> {
        if let ExprKind::Name(n) = target.kind
            && self.local_reg(n) == Some(item)
        {
            self.check_store(n, target.span)?;
            self.wrote_local(n, item);
            return Ok(());
        }
        self.store(target, item)
    }

    pub(super) fn async_for(&mut self, s: &'a Stmt<'a>, target: &'a Expr<'a>, iter: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>]) -> Result<()> {
        if !self.unit.is_async {
            return self.error(s.span, "'async for' outside async function");
        }
        let mark = self.mark();
        let state = self.temp();
        self.async_iter(iter, state)?;
        let (head, stop, end) = (self.label(), self.label(), self.label());
        let flow = self.unit.asm.flow.clone();
        self.unit.asm.place_with(head, flow.clone());
        let item = self.loop_item(target);
        let exc = self.temp();
        self.async_next(state, item, exc, stop, s.span)?;
        self.store_item(target, item)?;
        let cont = self.label();
        self.push_block(BlockKind::Loop { brk: end, cont }, s.span)?;
        self.body(body)?;
        self.pop_block();
        self.unit.asm.place(cont);
        self.at(iter.span);
        self.unit.asm.jump(Op::LOOP, 0, 0, head);
        self.unit.asm.place_with(stop, flow);
        self.async_stop(exc);
        self.release(mark);
        self.body(orelse)?;
        self.unit.asm.place(end);
        Ok(())
    }

    pub(super) fn async_iter(&mut self, iter: &'a Expr<'a>, state: u16) -> Result<()> {
        let mark = self.mark();
        let it = self.operand(iter)?;
        self.at(iter.span);
        self.emit(Op::AITER, state, it.reg, 0);
        self.release(mark);
        Ok(())
    }

    /// Awaits the next item of r[state]; its exception goes to `stop` in r[exc].
    pub(super) fn async_next(&mut self, state: u16, item: u16, exc: u16, stop: Label, span: Span) -> Result<()> {
        let mark = self.mark();
        self.push_block(BlockKind::Region, span)?;
        self.at(span);
        let t = self.temp();
        self.emit(Op::ANEXT, t, state, 0);
        let sent = self.temp();
        self.none_to(sent);
        let live = self.unit.top;
        self.emit(Op::YIELDFROM, sent, t, live);
        let ranges = self.pop_block();
        self.guard(ranges, stop, exc);
        if item != sent {
            self.emit(Op::MOVE, item, sent, 0);
        }
        self.release(mark);
        Ok(())
    }

    /// Where r[exc] came from the iterator: goes on if it is the end of the iteration.
    pub(super) fn async_stop(&mut self, exc: u16) {
        let mark = self.mark();
        let ended = self.label();
        let w = self.window(1);
        self.emit(Op::LOADX, w, helper::Helper::IS_STOP_ASYNC as u16, 0);
        self.emit(Op::MOVE, w + 5, exc, 0);
        self.emit(Op::CALL, w, 0, 1);
        self.unit.asm.jump(Op::JT, w, 0, ended);
        self.emit(Op::RERAISE, exc, 0, 0);
        self.unit.asm.place(ended);
        self.release(mark);
    }

    pub(super) fn break_or_continue(&mut self, s: &'a Stmt<'a>, is_break: bool) -> Result<()> {
        let Some(i) = self.unit.blocks.iter().rposition(|b| matches!(b.kind, BlockKind::Loop { .. } | BlockKind::Star)) else {
            return self.error(s.span, if is_break { "'break' outside loop" } else { "'continue' not properly in loop" });
        };
        let BlockKind::Loop { brk, cont } = self.unit.blocks[i].kind else {
            return self.error(s.span, "'break', 'continue' and 'return' cannot appear in an except* block");
        };
        if !is_break && self.unit.blocks[i + 1..].iter().any(|b| matches!(b.kind, BlockKind::InFinally)) {
            return self.error(s.span, "'continue' not supported inside 'finally' clause");
        }
        let left = self.unwind(i + 1)?;
        self.at(s.span);
        self.unit.asm.jmp(if is_break { brk } else { cont });
        self.rewind(left);
        Ok(())
    }
}
