//! `try`: handler ranges, except clauses, finally bodies (one copy for each way out).

use txpy_syntax::ast::*;

use super::asm::Bound;
use super::{BlockKind, Compiler, Result};
use crate::ops::{Op, singleton};

impl<'a> Compiler<'a, '_> {
    pub(super) fn try_stmt(&mut self, s: &'a Stmt<'a>, t: &'a Try<'a>) -> Result<()> {
        if t.finalbody.is_empty() {
            return self.try_except(s, t);
        }
        let exc = self.temp();
        let entry = self.unit.asm.flow.clone();
        self.push_block(BlockKind::Finally(t.finalbody), s.span)?;
        if t.handlers.is_empty() {
            self.body(t.body)?;
        } else if t.is_star {
            self.try_star_except(s, t)?;
        } else {
            self.try_except(s, t)?;
        }
        let ranges = self.pop_block();
        let (target, end) = (self.label(), self.label());
        if self.legacy {
            self.push_block(BlockKind::InFinally, s.span)?;
        }
        self.body(t.finalbody)?;
        if self.legacy {
            self.pop_block();
        }
        self.unit.asm.jmp(end);
        self.guard(ranges, target, exc);
        self.unit.asm.place_with(target, entry);
        self.final_handler(s, t.finalbody, exc)?;
        self.unit.asm.place(end);
        Ok(())
    }

    /// The copy of a finally body for exceptions.
    fn final_handler(&mut self, s: &'a Stmt<'a>, body: &'a [Stmt<'a>], exc: u16) -> Result<()> {
        if self.legacy {
            self.body(body)?;
            self.emit(Op::RERAISE, exc, 0, 0);
            return Ok(());
        }
        let saved = self.open_handling(exc, s.span)?;
        self.body(body)?;
        self.emit(Op::RERAISE, exc, 0, 0);
        self.close_handling(saved);
        Ok(())
    }

    /// From here to [`Compiler::close_handling`], r[exc] is being handled.
    pub(super) fn open_handling(&mut self, exc: u16, span: Span) -> Result<Handling> {
        let saved = self.temp();
        let other = self.temp();
        self.emit(Op::PUSHEXC, saved, exc, 0);
        let flow = self.unit.asm.flow.clone();
        self.push_block(BlockKind::Handling { saved }, span)?;
        Ok(Handling { saved, other, flow })
    }

    /// Ends the handling; what falls through continues after it. An exception in between puts the former state back.
    pub(super) fn close_handling(&mut self, h: Handling) {
        let ranges = self.pop_block();
        let (target, end) = (self.label(), self.label());
        if self.unit.asm.reachable() {
            self.emit(Op::POPEXC, h.saved, 0, 0);
            self.unit.asm.jmp(end);
        }
        self.guard(ranges, target, h.other);
        self.unit.asm.place_with(target, h.flow);
        self.emit(Op::POPEXC, h.saved, 0, 0);
        self.emit(Op::RERAISE, h.other, 0, 0);
        self.unit.asm.place(end);
    }

    fn try_except(&mut self, s: &'a Stmt<'a>, t: &'a Try<'a>) -> Result<()> {
        if let Some((_, init)) = t.handlers.split_last()
            && let Some(h) = init.iter().find(|h| h.typ.is_none())
        {
            return self.error(h.span, "default 'except:' must be last");
        }
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
        self.at(t.handlers.first().map_or(s.span, |h| h.span));
        if self.legacy {
            self.push_legacy(exc);
            for h in t.handlers {
                self.clause(h, exc)?;
                // What a clause falls out of is done; the next one is reached by a failed match only.
                self.end_clause(end);
            }
            self.emit(Op::RERAISE, exc, 0, 0);
        } else {
            let handling = self.open_handling(exc, s.span)?;
            for h in t.handlers {
                self.clause(h, exc)?;
                if self.unit.asm.reachable() {
                    self.emit(Op::POPEXC, handling.saved, 0, 0);
                }
                self.end_clause(end);
            }
            self.emit(Op::RERAISE, exc, 0, 0);
            self.close_handling(handling);
        }
        self.unit.asm.place(end);
        self.release(mark);
        Ok(())
    }

    fn end_clause(&mut self, end: super::asm::Label) {
        self.unit.asm.jmp(end);
        if let Some(next) = self.unit.next_clause.take() {
            self.unit.asm.place(next);
        }
    }

    /// Test, binding and body of one except clause.
    fn clause(&mut self, h: &'a Handler<'a>, exc: u16) -> Result<()> {
        let mark = self.mark();
        let next = h.typ.map(|_| self.label());
        if let (Some(typ), Some(next)) = (h.typ, next) {
            let c = self.operand(typ)?;
            let m = self.temp();
            self.at(typ.span);
            self.emit(Op::EXCMATCH, m, exc, c.reg);
            self.unit.asm.jump(Op::JF, m, 0, next);
            self.release(mark);
        }
        match h.target {
            Some(target) => {
                self.store(target, exc)?;
                if self.legacy {
                    self.body(h.body)?;
                } else {
                    self.named_body(target, h.body)?;
                }
            }
            None => self.body(h.body)?,
        }
        self.release(mark);
        self.unit.next_clause = next;
        Ok(())
    }

    /// The body of a clause whose name is unbound at the end, whatever happens.
    pub(super) fn named_body(&mut self, name: &'a Expr<'a>, body: &'a [Stmt<'a>]) -> Result<()> {
        let exc = self.temp();
        let flow = self.unit.asm.flow.clone();
        self.push_block(BlockKind::Unbind(name), name.span)?;
        self.body(body)?;
        let ranges = self.pop_block();
        let (target, end) = (self.label(), self.label());
        if self.unit.asm.reachable() {
            self.unbind(name)?;
            self.unit.asm.jmp(end);
        }
        self.guard(ranges, target, exc);
        self.unit.asm.place_with(target, flow);
        self.unbind(name)?;
        self.emit(Op::RERAISE, exc, 0, 0);
        self.unit.asm.place(end);
        Ok(())
    }

    /// 2.7: the exception stays current until the function returns; the first one notes what was current before.
    pub(super) fn push_legacy(&mut self, exc: u16) {
        let mark = self.mark();
        let t = self.temp();
        self.emit(Op::PUSHEXC, t, exc, 0);
        if let Some(home) = self.unit.exc_home {
            let (first, done) = (self.label(), self.label());
            self.unit.asm.jump(Op::JUNSET, home, 0, first);
            self.unit.asm.jmp(done);
            self.unit.asm.place(first);
            // None stands for nothing: an unset register means that no clause ran.
            self.emit(Op::LOADS, home, singleton::NONE, 0);
            self.unit.asm.jump(Op::JUNSET, t, 0, done);
            self.emit(Op::MOVE, home, t, 0);
            self.unit.asm.place(done);
        }
        self.release(mark);
    }

    /// 2.7: a register for the exception current at entry, in functions that handle some.
    pub(super) fn open_home(&mut self, body: &'a [Stmt<'a>]) {
        if !self.legacy || !handles(body) {
            return;
        }
        let home = self.temp();
        self.unit.asm.emit_prologue(Op::LOADS, 0, home, singleton::UNSET, 0);
        self.unit.exc_home = Some(home);
        self.unit.home_exc = self.temp();
        self.unit.home_start = Some(self.unit.asm.mark());
    }

    pub(super) fn restore_home(&mut self, home: u16) {
        let none = self.label();
        self.unit.asm.jump(Op::JUNSET, home, 0, none);
        self.emit(Op::POPEXC, home, 0, 0);
        self.unit.asm.place(none);
    }

    /// 2.7: an exception that leaves the function puts the former one back, too.
    pub(super) fn close_home(&mut self) {
        let (Some(home), Some(start)) = (self.unit.exc_home, self.unit.home_start) else { return };
        let end = self.unit.asm.mark();
        let target = self.label();
        let exc = self.unit.home_exc;
        self.unit.asm.region(start, end, target, exc);
        self.unit.asm.place_with(target, Some(Bound::default()));
        self.restore_home(home);
        self.emit(Op::RERAISE, exc, 0, 0);
    }
}

/// An open except clause or finally copy.
pub(super) struct Handling {
    pub saved: u16,
    other: u16,
    flow: Option<Bound>,
}

fn handles(body: &[Stmt<'_>]) -> bool {
    body.iter().any(|s| match &s.kind {
        StmtKind::Try(t) => !t.handlers.is_empty() || handles(t.body) || handles(t.orelse) || handles(t.finalbody),
        StmtKind::With { .. } => true,
        StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => handles(body) || handles(orelse),
        StmtKind::If { clauses, orelse } => clauses.iter().any(|c| handles(c.body)) || handles(orelse),
        _ => false,
    })
}
