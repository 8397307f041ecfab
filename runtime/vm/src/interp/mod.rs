//! The interpreter: handler functions in a table, each ending in a call that LLVM turns into a jump.
//!
//! A handler gets the address of the word after its instruction's first, the window's base, the thread, the instruction and the table.
//! Fast paths keep to those five registers; whatever may allocate, run Python code or reach a safepoint is a separate cold function of
//! the same signature that publishes pc, base and top first (`enter`), works on `&mut Thread` and dispatches on. Nothing with `Drop` is
//! alive at a dispatch. A frame's five header words lie below its base: callee (result on return), return pc, caller's base, end of
//! the window, and what the return must do ([`frame`]).

#[macro_use]
mod macros;
mod arith;
mod attr;
mod build;
mod call;
mod branch;
pub mod cache;
pub mod depth;
pub mod enter;
mod exc;
pub mod frame;
mod generator;
mod globals;
pub use globals::{builtins_of, global};
mod item;
mod loops;
mod matching;
mod misc;
mod moves;
pub mod trace;
mod unwind;

use crate::thread::Thread;
use txpy_compiler::ops::Op;
use txpy_heap::Value;

pub type Function = unsafe fn(*const u64, *mut Value, *mut Thread, u64, *const Handler) -> u64;
/// An entry of the table.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Handler(pub Function);

/// What the interpreter loop ended with.
pub const RETURNED: u64 = 0;
pub const UNWOUND: u64 = 1;
pub const YIELDED: u64 = 2;

/// Opcode of the word that ends the interpreter loop; the word before it is looked at by returns from generators.
const HALT: usize = 255;
/// Where frames return to that a native entered: [`Sync`] by being constant.
static HALT_WORDS: [u64; 2] = [HALT as u64, HALT as u64];
pub(crate) fn halt() -> *const u64 { &raw const HALT_WORDS[1] }

unsafe fn halted(_: *const u64, _: *mut Value, _: *mut Thread, _: u64, _: *const Handler) -> u64 { RETURNED }
unsafe fn unknown(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const Handler) -> u64 {
    unsafe {
        let t = enter::publish(th, pc, base);
        let _ = t.system_error("unknown opcode");
        unwind::unwind(pc, base, th, insn, tab)
    }
}

macro_rules! table {
    ($($op:ident)*) => {
        static TABLE: [Handler; 256] = {
            let mut t: [Handler; 256] = [Handler(unknown); 256];
            $(t[Op::$op as usize] = Handler(handlers::$op);)*
            t[HALT] = Handler(halted);
            t
        };
    };
}
txpy_compiler::for_each_op!(table);

/// All handlers by opcode name.
mod handlers {
    pub(super) use super::arith::*;
    pub(super) use super::attr::*;
    pub(super) use super::branch::*;
    pub(super) use super::build::*;
    pub(super) use super::call::*;
    pub(super) use super::exc::*;
    pub(super) use super::generator::*;
    pub(super) use super::globals::*;
    pub(super) use super::item::*;
    pub(super) use super::loops::*;
    pub(super) use super::matching::*;
    pub(super) use super::misc::*;
    pub(super) use super::moves::*;
}

pub fn table() -> *const Handler { TABLE.as_ptr() }
