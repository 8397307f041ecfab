//! `except*`: each clause takes its part of an exception group; what remains or was raised is joined at the end.

use txpy_syntax::ast::*;

use super::{BlockKind, Compiler, Result};
use crate::ops::Op;

impl<'a> Compiler<'a, '_> {
    pub(super) fn try_star(&mut self, s: &'a Stmt<'a>, t: &'a Try<'a>) -> Result<()> {
        if t.finalbody.is_empty() { self.try_star_except(s, t) } else { self.try_stmt(s, t) }
    }

    pub(super) fn try_star_except(&mut self, s: &'a Stmt<'a>, t: &'a Try<'a>) -> Result<()> {
        let mark = self.mark();
        let exc = self.temp();
        let entry = self.unit.asm.flow.clone();
        self.push_block(BlockKind::Region, s.span)?;
        self.body(t.body)?;
        let ranges = self.pop_block();
        let (target, end) = (self.label(), self.label());
        self.body(t.orelse)?;
        self.unit.asm.jmp(end);
        self.guard(ranges, target, exc);
        self.unit.asm.place_with(target, entry);
        let handling = self.open_handling(exc, s.span)?;
        let (list, rest, part) = (self.temp(), self.temp(), self.temps(2));
        self.emit(Op::LIST, list, list, 0);
        self.emit(Op::MOVE, rest, exc, 0);
        for h in t.handlers {
            self.star_clause(h, rest, part, list)?;
        }
        let joined = self.label();
        self.unit.asm.jump(Op::JNONE, rest, 0, joined);
        self.emit(Op::LISTAPPEND, list, rest, 0);
        self.unit.asm.place(joined);
        self.at(s.span);
        self.emit(Op::EGJOIN, part, list, exc);
        let done = self.label();
        self.unit.asm.jump(Op::JNONE, part, 0, done);
        self.emit(Op::RERAISE, part, 0, 0);
        self.unit.asm.place(done);
        self.close_handling(handling);
        self.unit.asm.place(end);
        self.release(mark);
        Ok(())
    }

    fn star_clause(&mut self, h: &'a Handler<'a>, rest: u16, part: u16, list: u16) -> Result<()> {
        let Some(typ) = h.typ else { return self.error(h.span, "expected one or more exception types") };
        let mark = self.mark();
        let next = self.label();
        let c = self.operand(typ)?;
        self.at(typ.span);
        self.emit(Op::EGMATCH, part, rest, c.reg);
        self.emit(Op::MOVE, rest, part + 1, 0);
        self.unit.asm.jump(Op::JNONE, part, 0, next);
        self.release(mark);
        let (exc, before) = (self.temp(), self.temp());
        self.emit(Op::PUSHEXC, before, part, 0);
        let flow = self.unit.asm.flow.clone();
        self.push_block(BlockKind::Star, h.span)?;
        match h.target {
            Some(target) => {
                self.store(target, part)?;
                self.named_body(target, h.body)?;
            }
            None => self.body(h.body)?,
        }
        let ranges = self.pop_block();
        let target = self.label();
        if self.unit.asm.reachable() {
            self.emit(Op::POPEXC, before, 0, 0);
            self.unit.asm.jmp(next);
        }
        self.guard(ranges, target, exc);
        self.unit.asm.place_with(target, flow);
        self.emit(Op::LISTAPPEND, list, exc, 0);
        self.emit(Op::POPEXC, before, 0, 0);
        self.unit.asm.place(next);
        self.release(mark);
        Ok(())
    }
}
