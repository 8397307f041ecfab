//! Unwinding: from the instruction that raised to a handler, or out of the interpreter loop.

use super::{Handler, UNWOUND, frame::Frame, halt};
use crate::thread::Thread;
use crate::types::traceback;
use txpy_heap::{Cause, Value};

/// Finds the handler for the exception in flight, popping frames; leaves the loop when none of its frames has one. Abort and Exit pass all
/// handlers.
#[cold]
#[inline(never)]
pub(super) unsafe fn unwind(pc: *const u64, base: *mut Value, th: *mut Thread, _insn: u64, tab: *const Handler) -> u64 {
    // SAFETY: as every handler; frames below are complete.
    unsafe {
        let (mut pc, mut base) = (pc, base);
        loop {
            let t = enter!(pc, base, th);
            if t.cause == Cause::Abort {
                if crate::atomic::is_opener(t, base) {
                    match crate::atomic::restart(t, base) {
                        Ok(again) => next!(again, base, th, tab),
                        Err(_) => {
                            crate::atomic::give_up(t);
                            pc = t.pc;
                            continue;
                        }
                    }
                }
                // Frames above the block's are dropped as they are: the undo log has what they changed.
                let ret = (*base.sub(4)).0 as *const u64;
                if ret == halt() {
                    return UNWOUND;
                }
                base = (*base.sub(3)).0 as *mut Value;
                pc = ret;
                continue;
            }
            if crate::atomic::rounds::end_unwinding(t, base).is_err() {
                continue;
            }
            let frame = Frame { base, pc };
            if let Some(exc) = t.current_exception() {
                let code = frame.code();
                let offset = frame.offset();
                if !std::mem::take(&mut t.raised_again) {
                    traceback::add(t, exc, frame);
                }
                if super::trace::is_on(t) {
                    super::trace::raised(t, frame, exc);
                }
                if let Some(h) = code.frozen().handler(offset) {
                    // Adding the traceback may itself have failed for want of memory: what is in flight now counts.
                    let exc = t.current_exception().unwrap_or(exc);
                    t.cause = Cause::None;
                    t.exception = Value::UNSET;
                    *base.add(h.reg as usize) = exc;
                    next!(code.frozen().stream.add(h.target as usize).cast_const(), base, th, tab)
                }
                if super::trace::is_on(t) {
                    super::trace::unwound(t, frame);
                }
            }
            if t.cause != Cause::Exit && crate::atomic::is_opener(t, base) && crate::atomic::opener_leaves(t).is_err() {
                continue;
            }
            let what = *base.sub(1);
            let of_generator = super::generator::is_frame_of(what, base);
            if of_generator {
                super::generator::fail(t, what);
            }
            let ret = (*base.sub(4)).0 as *const u64;
            if ret == halt() {
                return UNWOUND;
            }
            base = (*base.sub(3)).0 as *mut Value;
            pc = ret;
            if of_generator && super::generator::stopped(t) {
                return super::generator::behind_loop(pc, base, th, tab);
            }
        }
    }
}

/// Raises the exception in flight in a frame that is about to run (`throw` into a generator).
pub(super) unsafe fn raise_in(th: &mut Thread, base: *mut Value) -> u64 {
    let saved = (th.pc, th.base, th.top);
    let tab = th.table;
    // SAFETY: `base` is a complete frame whose pc the caller left in `th.pc`.
    let how = unsafe { unwind(th.resume_pc, base, th, 0, tab) };
    (th.pc, th.base, th.top) = saved;
    how
}
