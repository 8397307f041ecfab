//! `sys.settrace` and `sys.setprofile`: a table of handlers that looks for events before each instruction. A thread without such functions
//! never sees it. The frames that are traced have a record each, the innermost last, and keep one frame object for as long as they run.

use super::frame::Frame;
use super::{HALT, Handler};
use crate::thread::{Thread, root};
use crate::types::exception;
use crate::types::generator::Generator;
use crate::types::list::{self, List};
use crate::types::list_slices;
use crate::types::traceback::{self, FrameObject};
use std::sync::atomic::Ordering::Relaxed;
use txpy_compiler::image::code_flag;
use txpy_compiler::ops::{Insn, Op};
use txpy_heap::{Cause, Gc, R, Value};

static TRACED: [Handler; 256] = {
    let mut t = [Handler(traced); 256];
    t[HALT] = Handler(super::halted);
    t
};

/// A frame whose events are wanted.
struct Record {
    base: usize,
    /// The function that runs there: a base alone may be another frame's by now.
    callee: u64,
    /// Where it stands, and the line that was told last; 0 before the first.
    offset: usize,
    line: u32,
}
/// What a thread keeps for tracing. The records' frame objects lie in a list among its roots.
#[derive(Default)]
pub struct Tracing {
    records: Vec<Record>,
    /// A trace function runs: nothing of it is traced.
    inside: bool,
}

fn function(th: &Thread, which: usize) -> Option<Value> { th.roots[which].get().filter(|f| !f.is_none()) }

/// Takes over what the trace and profile functions are now.
pub fn switch(th: &mut Thread) {
    if th.tracing.inside {
        return;
    }
    crate::atomic::rounds::commit_soon(th);
    if function(th, root::TRACE).is_some() || function(th, root::PROFILE).is_some() {
        th.table = TRACED.as_ptr();
    } else {
        th.table = super::table();
        th.tracing.records.clear();
        th.roots[root::FRAMES] = Value::UNSET;
    }
}
/// Whether instructions run under the table that looks for events.
pub(crate) fn is_on(th: &Thread) -> bool { th.table == TRACED.as_ptr() }

op! {
    traced(pc, base, th, insn, tab) {
        try_!(before(enter!(pc, base, th), Frame { base, pc }, insn), pc, base, th, insn, (*th).table);
        ((*super::table().add(insn as u8 as usize)).0)(pc, base, th, insn, (*th).table)
    }
}

fn objects(th: &mut Thread) -> R<Gc<List>> {
    if let Some(l) = th.roots[root::FRAMES].cast() {
        return Ok(l);
    }
    let l = list::with_capacity(th, 0)?;
    th.roots[root::FRAMES] = l.value();
    Ok(l)
}
fn object(th: &mut Thread, i: usize) -> R<Option<Gc<FrameObject>>> {
    let l = objects(th)?;
    Ok(list::get(th, l, i)?.and_then(|o| o.cast()))
}
/// Keeps the first `n` records.
fn keep(th: &mut Thread, n: usize) -> R<()> {
    th.tracing.records.truncate(n);
    let l = objects(th)?;
    let have = list::len(th, l)?;
    if have > n {
        let mut g = l.write(th)?;
        g.as_mut_slice()[n..].fill(Value::UNSET);
        g.set_count(n);
    }
    Ok(())
}
fn callee(f: Frame) -> u64 { f.function().value().bits() }

/// The record of a frame.
fn find(th: &Thread, f: Frame) -> Option<usize> { th.tracing.records.iter().position(|r| r.base == f.base as usize && r.callee == callee(f)) }
/// Gives a frame a record, in its place among the others.
fn adopt(th: &mut Thread, f: Frame, o: Gc<FrameObject>) -> R<usize> {
    let at = th.tracing.records.partition_point(|r| r.base < f.base as usize);
    let l = objects(th)?;
    list_slices::insert(th, l, at as i64, o.value())?;
    th.tracing.records.insert(at, Record { base: f.base as usize, callee: callee(f), offset: f.offset(), line: f.line() });
    Ok(at)
}
/// The frame object of a frame that has a record, as it stands.
pub fn known(th: &mut Thread, f: Frame) -> R<Option<Gc<FrameObject>>> {
    match find(th, f) {
        Some(i) => {
            th.tracing.records[i].offset = f.offset();
            current(th, i)
        }
        None => Ok(None),
    }
}
/// A record's frame object, brought up to date.
fn current(th: &mut Thread, i: usize) -> R<Option<Gc<FrameObject>>> {
    let Some(o) = object(th, i)? else { return Ok(None) };
    if let Some(r) = th.tracing.records.get(i) {
        let c = o.frozen().code.frozen();
        let line = if r.line == 0 { c.image().first_line } else { c.line(r.offset) };
        o.frozen().offset.store(r.offset as u32, Relaxed);
        o.frozen().line.store(line, Relaxed);
    }
    Ok(Some(o))
}
/// The running frame that a frame object stands for, if it is one of this thread's records.
pub fn running(th: &mut Thread, o: Value) -> R<Option<Frame>> {
    for i in (0..th.tracing.records.len()).rev() {
        if object(th, i)?.is_some_and(|x| x.value() == o) {
            let Some(r) = th.tracing.records.get(i) else { break };
            let base = r.base as *mut Value;
            let f = Frame { base, pc: std::ptr::null() };
            // SAFETY: within the stream, as the frame stood there.
            let pc = unsafe { f.code().frozen().stream.add(r.offset + 1) };
            return Ok(Some(Frame { base, pc }));
        }
    }
    Ok(None)
}
/// The frame object of a traced frame's caller, which gets a record too: it must stay the same.
pub fn caller(th: &mut Thread, f: Frame) -> R<Value> {
    let Some(outer) = f.caller_shown(th) else { return Ok(Value::NONE) };
    if let Some(o) = known(th, outer)? {
        return Ok(o.value());
    }
    let o = traceback::frame_object(th, outer)?;
    adopt(th, outer, o)?;
    Ok(o.value())
}
/// A frame got a trace function of its own: if it runs, it has a record from now on.
pub fn wanted(th: &mut Thread, o: Gc<FrameObject>) -> R<()> {
    if running(th, o.value())?.is_some() {
        return Ok(());
    }
    if let Some(f) = traceback::still_runs(th, o.frozen()) && find(th, f).is_none() {
        adopt(th, f, o)?;
    }
    Ok(())
}

/// Calls a trace or profile function. One that fails is not called again.
fn fire(th: &mut Thread, f: Value, i: usize, event: &str, arg: Value) -> R<Value> {
    let Some(o) = current(th, i)? else { return Ok(Value::NONE) };
    let event = th.intern(event)?;
    th.tracing.inside = true;
    th.table = super::table();
    let r = th.call(f, &[o.value(), event, arg]);
    th.tracing.inside = false;
    if r.is_err() {
        (th.roots[root::TRACE], th.roots[root::PROFILE]) = (Value::NONE, Value::NONE);
    }
    switch(th);
    r
}
/// An event for the frame's own trace function, which may give another.
fn fire_local(th: &mut Thread, i: usize, event: &str, arg: Value) -> R<()> {
    let Some(o) = object(th, i)? else { return Ok(()) };
    if function(th, root::TRACE).is_none() {
        return Ok(());
    }
    if let Some(f) = o.frozen().trace.get().get().filter(|f| !f.is_none()) {
        let r = fire(th, f, i, event, arg)?;
        if !r.is_none() {
            th.set_late(o.header(), &o.frozen().trace, r);
        }
    }
    Ok(())
}

/// What happens before the instruction at which a frame stands.
#[inline(never)]
fn before(th: &mut Thread, f: Frame, insn: u64) -> R<()> {
    if th.tracing.inside || !is_on(th) {
        return Ok(());
    }
    let code = f.code();
    let c = code.frozen();
    // SAFETY: a word of the frame's header.
    let of_generator = unsafe { *f.base.sub(1) }.is::<Generator>();
    // Until its generator is made nothing of the function has run.
    if c.is_generator() && !of_generator {
        return Ok(());
    }
    let offset = f.offset();
    let i = match settle(th, f)? {
        Some(i) => i,
        None => {
            let o = traceback::frame_object(th, f)?;
            let i = adopt(th, f, o)?;
            if of_generator || offset == 0 {
                // A generator that goes on does so in the line of its yield.
                let last = offset.saturating_sub(1);
                let goes_on = of_generator && c.image().code.get(last).is_some_and(|w| Insn(*w).op() != Some(Op::MKGEN));
                if !of_generator && c.has(code_flag::OPTIMIZED) {
                    for i in c.params()..c.nregs as usize {
                        // What other frames left there is no value of a variable.
                        // SAFETY: a register of the frame's window; the function has not begun to use it.
                        unsafe { *f.base.add(i) = Value::UNSET };
                    }
                }
                let r = &mut th.tracing.records[i];
                (r.offset, r.line) = if goes_on { (last, c.line(last)) } else { (offset, 0) };
                if let Some(t) = function(th, root::TRACE) {
                    let local = fire(th, t, i, "call", Value::NONE)?;
                    if !local.is_none() {
                        th.set_late(o.header(), &o.frozen().trace, local);
                    }
                }
                if let Some(p) = function(th, root::PROFILE) {
                    fire(th, p, i, "call", Value::NONE)?;
                }
            }
            i
        }
    };
    let line = c.line(offset);
    let insn = Insn(insn);
    let Some(r) = th.tracing.records.get_mut(i) else { return Ok(()) };
    // Before its first line a function makes its cells.
    if r.line == 0 && matches!(insn.op(), Some(Op::MKCELL | Op::NEWCELL | Op::COPYFREE)) {
        return Ok(());
    }
    let begins = offset == 0 || c.line(offset - 1) != line;
    let moved = line != r.line || offset < r.offset && begins;
    (r.offset, r.line) = (offset, line);
    if moved && object(th, i)?.is_some_and(|o| o.frozen().events.load(Relaxed) & traceback::events::LINES != 0) {
        fire_local(th, i, "line", Value::NONE)?;
    }
    match insn.op() {
        Some(Op::RET) => left(th, f, f.register(insn.a() as usize)),
        Some(Op::YIELD) => left(th, f, f.register(insn.b() as usize)),
        Some(Op::RETNONE) => left(th, f, Value::NONE),
        _ => Ok(()),
    }
}
/// Drops records of frames that are gone; the record of the innermost one.
fn settle(th: &mut Thread, f: Frame) -> R<Option<usize>> {
    let (base, callee) = (f.base as usize, callee(f));
    let n = th.tracing.records.partition_point(|r| r.base < base || r.base == base && r.callee == callee);
    if n < th.tracing.records.len() {
        keep(th, n)?;
    }
    Ok(n.checked_sub(1).filter(|i| th.tracing.records[*i].base == base))
}
/// A frame is about to be left with a value.
fn left(th: &mut Thread, f: Frame, v: Value) -> R<()> {
    let Some(i) = find(th, f) else { return Ok(()) };
    fire_local(th, i, "return", v)?;
    if let (Some(p), Some(i)) = (function(th, root::PROFILE), find(th, f)) {
        fire(th, p, i, "return", v)?;
    }
    match find(th, f) {
        Some(i) => keep(th, i),
        None => Ok(()),
    }
}

/// Runs what an exception in flight sets off, which may put another one in its place.
fn in_flight(th: &mut Thread, run: impl FnOnce(&mut Thread) -> R<()>) {
    let (cause, exc, again) = (th.cause, th.exception, th.raised_again);
    (th.cause, th.exception) = (Cause::None, Value::UNSET);
    if run(th).is_ok() {
        (th.cause, th.exception, th.raised_again) = (cause, exc, again);
    }
}
/// An exception passes through a frame.
#[cold]
pub(super) fn raised(th: &mut Thread, f: Frame, exc: Value) {
    in_flight(th, |th| {
        let Some(i) = settle(th, f)? else { return Ok(()) };
        th.tracing.records[i].offset = f.offset();
        let (class, tb) = (exception::class_for_exit(exc), traceback::of(th, exc));
        let arg = th.new_tuple(&[class, exc, tb])?;
        fire_local(th, i, "exception", arg)
    });
}
/// An exception leaves a frame.
#[cold]
pub(super) fn unwound(th: &mut Thread, f: Frame) { in_flight(th, |th| left(th, f, Value::NONE)) }
