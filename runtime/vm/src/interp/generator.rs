//! Generators in the interpreter: making, yielding, resuming without native recursion.
//!
//! A suspended frame's registers lie in the generator object. Resuming writes them to a window above the resumer's and marks the frame
//! with the generator; a yield copies them back. Who resumed is seen in the instruction before the return pc: FORLOOP, FORITER, or a
//! native (`halt`).

use super::branch::back;
use super::enter::header;
use super::{YIELDED, halt};
use crate::exceptions::{STOP_ASYNC_ITERATION, STOP_ITERATION};
use crate::thread::Thread;
use crate::types::function::Function;
use crate::types::generator::{self, Generator, State};
use txpy_compiler::ops::{FRAME_HEADER, Insn, Op};
use txpy_heap::{Gc, Value};

/// Whether `what` marks a generator's frame (rather than an instance whose `__init__` runs).
#[inline]
pub(super) fn is_frame_of(what: Value, _base: *mut Value) -> bool { what.is::<Generator>() }

op! {
    MKGEN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let f: Gc<Function> = Gc::from_ptr((*base.sub(5)).ptr_unchecked().cast());
        let c = f.frozen().code();
        // Registers beyond the parameters hold leftovers of other frames.
        for i in c.frozen().params()..c.frozen().nregs as usize {
            *base.add(i) = Value::UNSET;
        }
        let regs = std::slice::from_raw_parts(base, c.frozen().nregs as usize);
        let g = try_!(generator::new(t, f, regs, c.frozen().offset(pc)), pc, base, th, insn, tab);
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        *base.sub(5) = g;
        next!(ret, caller, th, tab)
    }
    YIELD(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        if crate::atomic::is_opener(t, base) {
            try_!(crate::atomic::opener_leaves(t), pc, base, th, insn, tab);
        }
        let g: Gc<Generator> = Gc::from_ptr((*base.sub(1)).ptr_unchecked().cast());
        let v = r!(base, b!(pc));
        let f: Gc<Function> = Gc::from_ptr((*base.sub(5)).ptr_unchecked().cast());
        let live = c!(pc);
        let offset = f.frozen().code().frozen().offset(pc);
        try_!(generator::suspend(t, g, std::slice::from_raw_parts(base, live), offset, a!(pc) as u16, false), pc, base, th, insn, tab);
        goto_resumer(v, base, th, tab)
    }
    YIELDFROM(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        if crate::atomic::is_opener(t, base) {
            try_!(crate::atomic::opener_leaves(t), pc, base, th, insn, tab);
        }
        let g: Gc<Generator> = Gc::from_ptr((*base.sub(1)).ptr_unchecked().cast());
        let step = generator::delegate(t, g, r!(base, b!(pc)), r!(base, a!(pc)));
        match try_!(step, pc, base, th, insn, tab) {
            generator::Step::Done(v) => {
                r!(base, a!(pc)) = v;
                next!(pc, base, th, tab)
            }
            generator::Step::Yield(v) => {
                let f: Gc<Function> = Gc::from_ptr((*base.sub(5)).ptr_unchecked().cast());
                // The instruction runs again when resumed.
                let offset = f.frozen().code().frozen().offset(pc) - 1;
                try_!(generator::suspend(t, g, std::slice::from_raw_parts(base, c!(pc)), offset, a!(pc) as u16, true), pc, base, th, insn, tab);
                goto_resumer(v, base, th, tab)
            }
        }
    }
    GETYIELDITER(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(generator::yield_from_iter(t, r!(base, b!(pc)), x!(pc) == 1), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    AWAITABLE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(generator::awaitable(t, r!(base, b!(pc)), x!(pc)), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    AITER(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(generator::aiter(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    ANEXT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(generator::anext(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    ASYNCWRAP(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(generator::async_wrap(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

/// Hands a yielded value to whoever resumed the frame.
unsafe fn goto_resumer(v: Value, base: *mut Value, th: *mut Thread, tab: *const super::Handler) -> u64 {
    // SAFETY: the header of the frame is intact until something else uses the words.
    unsafe {
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        if ret == halt() {
            *base.sub(5) = v;
            return YIELDED;
        }
        let (pc, base, insn) = (ret, caller, *ret.sub(1));
        r!(base, b!(pc)) = v;
        if Insn(insn).op() == Some(Op::FORLOOP) {
            back!(pc.offset(ic!(pc) as isize), pc, base, th, insn, tab)
        }
        next!(pc, base, th, tab)
    }
}

/// Return from a generator's frame.
pub(super) unsafe fn finish(v: Value, pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let g: Gc<Generator> = Gc::from_ptr((*base.sub(1)).ptr_unchecked().cast());
        generator::end(t, g);
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        if ret == halt() {
            *base.sub(5) = v;
            return super::RETURNED;
        }
        let _ = insn;
        behind_loop(ret, caller, th, tab)
    }
}
/// Goes on behind the loop that resumed a generator's frame, which has ended. `pc` is behind the loop's instruction.
pub(super) unsafe fn behind_loop(pc: *const u64, base: *mut Value, th: *mut Thread, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler; only FORLOOP and FORITER resume frames of generators.
    unsafe {
        if Insn(*pc.sub(1)).op() == Some(Op::FORLOOP) {
            next!(pc, base, th, tab)
        }
        next!(pc.offset(ic!(pc) as isize), base, th, tab)
    }
}

/// The frame of a generator is left by an exception.
pub(super) fn fail(th: &mut Thread, g: Value) {
    let g: Gc<Generator> = g.cast().expect("a generator");
    generator::end(th, g);
    // A StopIteration that leaves a generator would silently end the loop around it.
    if th.py3() {
        if let Some(e) = th.current_exception() {
            let swallowed = generator::ASYNC_GENERATOR.is_exact(g.value()) && crate::types::exception::is_instance(e, &STOP_ASYNC_ITERATION);
            if swallowed || crate::types::exception::is_instance(e, &STOP_ITERATION) {
                generator::stop_iteration_inside(th, g, e);
            }
        }
    }
}

/// 2.7: a StopIteration that leaves the body ends the loop around the generator, like its return. Whether one was in flight, which is over then.
pub(super) fn stopped(th: &mut Thread) -> bool { !th.py3() && th.catch(&STOP_ITERATION).is_some() }

/// FORLOOP or FORITER over a suspended generator: its frame goes on above the loop's window.
pub(super) unsafe fn resume_in_loop(g: Gc<Generator>, pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let nb = (*base.sub(2)).0 as *mut Value;
        let nb = nb.add(FRAME_HEADER as usize);
        let nregs = generator::nregs(g);
        let top = nb.add(nregs);
        if !super::enter::fits(th, top) {
            try_!(crate::runtime::poll(t), pc, base, th, insn, tab);
            try_!(super::depth::check(t, top as usize), pc, base, th, insn, tab);
        }
        // Another thread may have taken it meanwhile.
        let started = try_!(generator::start(t, g), pc, base, th, insn, tab);
        match started {
            State::Ended => {
                if Insn(*pc.sub(1)).op() == Some(Op::FORLOOP) {
                    next!(pc, base, th, tab)
                }
                next!(pc.offset(ic!(pc) as isize), base, th, tab)
            }
            State::Suspended(f, offset) => {
                header(nb, f.value(), pc, base, top, g.value());
                t.top = top.cast();
                try_!(generator::restore(t, g, nb, Value::NONE), pc, base, th, insn, tab);
                let to = f.frozen().code().frozen().stream.add(offset).cast_const();
                next!(to, nb, th, tab)
            }
        }
    }
}
