//! `with` and `async with`.

use txpy_syntax::ast::*;

use super::{BlockKind, Compiler, NONE_REG, Result};
use crate::ops::Op;

impl<'a> Compiler<'a, '_> {
    pub(super) fn with_stmt(&mut self, s: &'a Stmt<'a>, items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], is_async: bool) -> Result<()> {
        let round = self.unit.round.take();
        let Some((item, rest)) = items.split_first() else { return self.body(body) };
        if is_async && !self.unit.is_async {
            return self.error(s.span, "'async with' outside async function");
        }
        self.enter(s.span)?;
        let mark = self.mark();
        let span = item.context.span;
        let exit = self.temps(2);
        let manager = self.operand(&item.context)?;
        self.at(span);
        if is_async {
            self.emit(Op::AWITHENTER, exit, manager.reg, 0);
            self.release(exit + 2);
            self.await_register(exit + 1, 1);
        } else {
            self.emit(Op::WITHENTER, exit, manager.reg, 0);
            self.release(exit + 2);
        }
        let exc = self.temp();
        let entry = self.unit.asm.flow.clone();
        self.push_block(BlockKind::With { exit, is_async, span }, s.span)?;
        if let Some(t) = item.target {
            self.store(t, exit + 1)?;
        }
        self.with_stmt(s, rest, body, is_async)?;
        let ranges = self.pop_block();
        let (target, end) = (self.label(), self.label());
        let t = self.temp();
        if self.unit.asm.reachable() {
            self.at(span);
            match round {
                // Its handler takes the jump behind it in the same step.
                Some(state) => self.emit(Op::WITHROUND, t, exit, state),
                None => self.exit_call(t, exit, NONE_REG, is_async),
            }
            self.unit.asm.jmp(end);
        }
        self.guard(ranges, target, exc);
        self.unit.asm.place_with(target, entry);
        self.at(span);
        let swallowed = self.label();
        if self.legacy {
            self.push_legacy(exc);
            self.exit_call(t, exit, exc, is_async);
            self.unit.asm.jump(Op::JT, t, 0, swallowed);
            self.emit(Op::RERAISE, exc, 0, 0);
            self.unit.asm.place(swallowed);
        } else {
            let handling = self.open_handling(exc, s.span)?;
            self.exit_call(t, exit, exc, is_async);
            self.unit.asm.jump(Op::JT, t, 0, swallowed);
            self.emit(Op::RERAISE, exc, 0, 0);
            self.unit.asm.place(swallowed);
            self.close_handling(handling);
        }
        self.unit.asm.place(end);
        self.release(mark);
        self.leave();
        Ok(())
    }

    /// r[t] = what the exit function gives.
    pub(super) fn exit_call(&mut self, t: u16, exit: u16, exc: u16, is_async: bool) {
        self.emit(Op::WITHEXIT, t, exit, exc);
        if is_async {
            self.await_register(t, 2);
        }
    }

    /// r[v] = await r[v]; `what` tells AWAITABLE whose result it is.
    fn await_register(&mut self, v: u16, what: u8) {
        let mark = self.mark();
        let it = self.temp();
        self.emit_x(Op::AWAITABLE, what, it, v, 0);
        self.none_to(v);
        let live = self.unit.top;
        self.emit(Op::YIELDFROM, v, it, live);
        self.release(mark);
    }
}
