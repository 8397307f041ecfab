//! Registers of a unit: parameters and locals first, closure cells after them, temporaries as a stack on top; blocks and their ranges.

use super::asm::Label;
use super::{Block, BlockKind, Compiler, Result};
use crate::ops::{FRAME_HEADER, Op};
use crate::symtable::{Name, Res, ScopeKind, def};
use txpy_syntax::ast::Span;

/// More than a 16-bit operand can hold with room for call windows.
pub const MAX_REGS: u16 = 60_000;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opnd {
    pub reg: u16,
    /// A temporary of this expression: its last use is the instruction that reads it.
    pub temp: bool,
}

impl<'a> Compiler<'a, '_> {
    /// Gives every parameter, local and closure cell its register. `params` are the parameters in order of registers.
    pub(super) fn setup_registers(&mut self, params: &[Name<'a>]) {
        let scope = &self.table.scopes[self.unit.scope];
        let u = &mut self.unit;
        let mut next = 0u16;
        if u.namespace || scope.kind == ScopeKind::Class {
            u.namespace = true;
            next = 1;
            if scope.kind != ScopeKind::Module && scope.kind != ScopeKind::Class {
                u.varnames.push(".namespace".into());
            }
        }
        let mut give = |u: &mut super::Unit<'a>, name: &Name<'a>| {
            let reg = next;
            next = next.saturating_add(1);
            if next >= MAX_REGS {
                u.asm.overflow = true;
                next = MAX_REGS;
            }
            u.varnames.push(name.to_string());
            match scope.res(name) {
                Res::Cell => {
                    u.cells.insert(name.clone(), reg);
                    u.cellvars.push((name.to_string(), reg));
                }
                _ => {
                    u.locals.insert(name.clone(), reg);
                }
            }
            reg
        };
        for p in params {
            let reg = give(u, p);
            if let Some(f) = &mut u.asm.flow {
                f.set(reg, scope.flags(p) & def::DELETED == 0);
            }
        }
        if scope.kind.is_function() && !(u.namespace && scope.dynamic) {
            for name in &scope.order {
                if matches!(scope.res(name), Res::Local | Res::Cell) && scope.flags(name) & def::PARAM == 0 {
                    give(u, name);
                }
            }
        }
        if scope.class_cell {
            let reg = next;
            next += 1;
            u.cells.insert("__class__".into(), reg);
            u.cellvars.push(("__class__".into(), reg));
        }
        u.free_reg = next;
        for f in &scope.frees {
            u.cells.entry(f.clone()).or_insert(next);
            next = next.saturating_add(1);
        }
        u.temps = next;
        u.top = next;
        u.max = next.max(1);
    }

    pub(super) fn mark(&self) -> u16 {
        self.unit.top
    }

    pub(super) fn release(&mut self, mark: u16) {
        self.unit.top = mark;
    }

    pub(super) fn temp(&mut self) -> u16 {
        self.temps(1)
    }

    /// `n` registers in a row.
    pub(super) fn temps(&mut self, n: usize) -> u16 {
        let u = &mut self.unit;
        let first = u.top;
        if n >= MAX_REGS as usize || first as usize + n >= MAX_REGS as usize {
            u.asm.overflow = true;
            return u.temps;
        }
        u.top += n as u16;
        u.max = u.max.max(u.top);
        first
    }

    /// A call window: callee, header, `n` arguments. Gives the callee's register.
    pub(super) fn window(&mut self, n: usize) -> u16 {
        self.temps(FRAME_HEADER as usize + n)
    }

    /// A register of the temporaries' part.
    pub(super) fn is_temp(&self, reg: u16) -> bool {
        reg >= self.unit.temps && !self.unit.inline.iter().any(|i| i.regs.values().any(|&r| r == reg))
    }

    pub(super) fn push_block(&mut self, kind: BlockKind<'a>, span: Span) -> Result<()> {
        if self.unit.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Region | BlockKind::InFinally | BlockKind::Handling { .. } | BlockKind::Star)).count() >= 20 {
            return self.error(span, "too many statically nested blocks");
        }
        let open = self.unit.asm.mark();
        self.unit.blocks.push(Block { kind, open, ranges: Vec::new() });
        Ok(())
    }

    /// Ends the innermost block and gives the ranges it covered.
    pub(super) fn pop_block(&mut self) -> Vec<(Label, Label)> {
        let end = self.unit.asm.mark();
        let Some(mut b) = self.unit.blocks.pop() else { return Vec::new() };
        b.ranges.push((b.open, end));
        b.ranges
    }

    /// Exceptions in `ranges` go to `target`.
    pub(super) fn guard(&mut self, ranges: Vec<(Label, Label)>, target: Label, reg: u16) {
        for (start, end) in ranges {
            self.unit.asm.region(start, end, target, reg);
        }
    }

    /// Emits what leaving the blocks above `depth` takes, innermost first. The blocks come back by [`Compiler::rewind`].
    pub(super) fn unwind(&mut self, depth: usize) -> Result<Vec<Block<'a>>> {
        let mut left = Vec::new();
        while self.unit.blocks.len() > depth {
            let end = self.unit.asm.mark();
            let Some(mut b) = self.unit.blocks.pop() else { break };
            b.ranges.push((b.open, end));
            match b.kind {
                BlockKind::Loop { .. } | BlockKind::Star | BlockKind::Region | BlockKind::InFinally => {}
                BlockKind::Finally(body) => self.body(body)?,
                BlockKind::With { exit, is_async, span } => {
                    let saved = self.unit.asm.span;
                    self.at(span);
                    let mark = self.mark();
                    let t = self.temp();
                    self.exit_call(t, exit, super::NONE_REG, is_async);
                    self.release(mark);
                    self.at(saved);
                }
                BlockKind::Handling { saved } => self.emit(Op::POPEXC, saved, 0, 0),
                BlockKind::Unbind(name) => self.unbind(name)?,
            }
            left.push(b);
        }
        Ok(left)
    }

    pub(super) fn rewind(&mut self, mut left: Vec<Block<'a>>) {
        let open = self.unit.asm.mark();
        while let Some(mut b) = left.pop() {
            b.open = open;
            self.unit.blocks.push(b);
        }
    }

    /// Whether leaving the blocks above `depth` runs code.
    pub(super) fn unwinding_runs(&self, depth: usize) -> bool {
        self.unit.blocks[depth..].iter().any(|b| !matches!(b.kind, BlockKind::Loop { .. } | BlockKind::Region | BlockKind::InFinally | BlockKind::Star | BlockKind::Handling { .. }))
    }
}
