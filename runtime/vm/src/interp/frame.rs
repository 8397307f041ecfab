//! Frames on the value stack, for whoever looks at them from outside the handlers.
//!
//! Word `base[-5]` is the function (it becomes the result), `base[-4]` the return pc, `base[-3]` the caller's base, `base[-2]` the end of the
//! window, `base[-1]` what the return does: 0 nothing; an instance: `__init__` returns, the instance is the result; a generator: the
//! frame is that generator's.

use crate::thread::Thread;
use crate::types::code::Code;
use crate::types::function::Function;
use txpy_compiler::image::code_flag::NAMESPACE;
use txpy_compiler::ops::{Insn, Op};
use txpy_heap::{Gc, Value};

/// A running frame of the thread.
#[derive(Clone, Copy)]
pub struct Frame {
    pub base: *mut Value,
    /// The word after the instruction's first; for callers the return pc.
    pub pc: *const u64,
}

impl Frame {
    /// The innermost frame; None when no Python code runs.
    pub fn innermost(th: &Thread) -> Option<Frame> {
        if th.base as *const u64 == th.stack_base as *const u64 { None } else { Some(Frame { base: th.base.cast(), pc: th.pc }) }
    }
    /// The frame that called this one.
    pub fn caller(self, th: &Thread) -> Option<Frame> {
        // SAFETY: a frame's header words are valid while it runs; the thread is ours.
        unsafe {
            let base = (*self.base.sub(3)).0 as *mut Value;
            if base as *const u64 == th.stack_base as *const u64 || base.is_null() {
                return None;
            }
            let mut pc = (*self.base.sub(4)).0 as *const u64;
            if pc == super::halt() {
                // Entered by a native: the caller's pc was kept below the header.
                pc = (*self.base.sub(6)).0 as *const u64;
            }
            Some(Frame { base, pc })
        }
    }
    /// The frame that called this one, as scripts see it: 2.7's functions with `exec` have two, of which the inner one shows.
    pub fn caller_shown(self, th: &Thread) -> Option<Frame> {
        let outer = self.caller(th)?;
        let (a, b) = (self.code(), outer.code().frozen());
        let inner = a.frozen().has(NAMESPACE) && !b.has(NAMESPACE) && a.frozen().name == b.name && b.consts.frozen().items().contains(&a.value());
        if inner { outer.caller(th) } else { Some(outer) }
    }
    pub fn function(self) -> Gc<Function> {
        // SAFETY: see `caller`.
        unsafe { Gc::from_ptr((*self.base.sub(5)).ptr_unchecked().cast()) }
    }
    pub fn code(self) -> Gc<Code> { self.function().frozen().code() }
    pub fn offset(self) -> usize { self.code().frozen().offset(self.pc).saturating_sub(1) }
    pub fn line(self) -> u32 { self.code().frozen().line(self.offset()) }
    pub fn register(self, i: usize) -> Value {
        // SAFETY: the caller asks for registers below the code's nregs.
        unsafe { *self.base.add(i) }
    }
    /// Clears the temporaries that are of no use any more while the instruction that runs stores or deletes an item: those above its operands,
    /// as temporaries are given out in the order of a stack. What they held last is a root as long as nobody overwrites them.
    pub fn forget_temporaries(self) {
        let code = self.code();
        let c = code.frozen();
        let image = c.image();
        let Some(insn) = image.code.get(self.offset()).map(|w| Insn(*w)) else { return };
        if !matches!(insn.op(), Some(Op::SETITEM | Op::DELITEM | Op::SETSLICE | Op::DELSLICE)) {
            return;
        }
        // Bounds of slices lie in a row.
        let operands = insn.a().max(insn.b()).max(insn.c()) as usize + 3;
        let cells = image.cellvars.iter().map(|c| c.1 as usize + 1).max().unwrap_or(0);
        let named = c.varnames.frozen().items().len().max(cells).max(image.free_reg as usize + c.freevars.frozen().items().len());
        for i in operands.max(named)..image.nregs as usize {
            // SAFETY: a register of the frame's window, which the running thread owns.
            unsafe { *self.base.add(i) = Value::UNSET };
        }
    }
}
