//! Generators and coroutines: the suspended frame as a heap object, `send`, `throw`, `close`, delegation.

use super::exception;
use super::dunder::D;
use super::function::Function;
use crate::exceptions::{GENERATOR_EXIT, RUNTIME_ERROR, STOP_ITERATION};
use crate::interp::{RETURNED, YIELDED, enter};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr, iter};
use crate::thread::Thread;
use std::sync::atomic::Ordering::Relaxed;
use txpy_compiler::image::code_flag;
use txpy_heap::{Gc, Header, Late, R, Unwind, Value, Values, object};

object! {
    /// A generator, coroutine or async generator.
    pub struct Generator = kinds::GENERATOR, storage_in(regs) {
        pub func: Gc<Function>,
        /// Registers of the suspended frame, as many as the code has.
        pub regs: Gc<Values>,
        /// Where it goes on (word offset), and the register that receives what is sent.
        pub offset: u32,
        pub into: u16,
        /// Suspended in a `yield from`, which runs again when resumed.
        pub redo: bool,
        /// 0 not started, 1 suspended, 2 running, 3 ended.
        pub state: u8,
        pub delegate: Value,
        /// What was being handled when it was suspended inside an `except`, and what the resumer was handling.
        pub handled: Value,
        pub outer: Value,
        pub name: Late,
        pub qualname: Late,
    }
}
const FRESH: u8 = 0;
const SUSPENDED: u8 = 1;
const RUNNING: u8 = 2;
const ENDED: u8 = 3;

pub static GENERATOR: TypeDef = TypeDef {
    name: "generator", kind: kinds::GENERATOR, size: size_of::<Generator>() as u16, flags: type_flag::WEAK, methods: &[METHODS, ITER_METHODS],
    getset: getset! {
        "__name__" = get_name, mut set_name, "Name.";
        #[py3] "__qualname__" = get_qualname, mut set_qualname, "Qualified name.";
        "gi_running" = running, "Whether it runs now.";
        "gi_code" = code, "Code.";
        "gi_frame" = frame, "Frame, None when ended.";
        #[py3] "gi_yieldfrom" = yieldfrom, "What it delegates to.";
        #[py3] "gi_suspended" = suspended, "Whether it is suspended.";
    },
    doc: "A running generator function.", ..TypeDef::DEFAULT
};
pub static COROUTINE: TypeDef = TypeDef {
    name: "coroutine", kind: kinds::GENERATOR, size: size_of::<Generator>() as u16, flags: type_flag::WEAK, methods: &[METHODS, CORO_METHODS],
    getset: getset! {
        "__name__" = get_name, mut set_name, "Name.";
        "__qualname__" = get_qualname, mut set_qualname, "Qualified name.";
        "cr_running" = running, "Whether it runs now.";
        "cr_code" = code, "Code.";
        "cr_frame" = frame, "Frame, None when ended.";
        "cr_await" = yieldfrom, "What it waits for.";
        "cr_suspended" = suspended, "Whether it is suspended.";
        "cr_origin" = none, "Where it was made.";
    },
    doc: "A running coroutine function.", ..TypeDef::DEFAULT
};
pub static ASYNC_GENERATOR: TypeDef = TypeDef {
    name: "async_generator", kind: kinds::GENERATOR, size: size_of::<Generator>() as u16, flags: type_flag::WEAK, methods: &[super::async_gen::METHODS],
    getset: getset! {
        "__name__" = get_name, mut set_name, "Name.";
        "__qualname__" = get_qualname, mut set_qualname, "Qualified name.";
        "ag_running" = running, "Whether it runs now.";
        "ag_code" = code, "Code.";
        #[py3] "ag_suspended" = suspended, "Whether it is suspended.";
        "ag_frame" = frame, "Frame, None when ended.";
        "ag_await" = yieldfrom, "What it waits for.";
    },
    doc: "A running async generator function.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "send(self, value, /)" = send_, "Resume with value as the result of the yield; give the next yielded value or raise StopIteration.";
    "throw(self, typ, val=None, tb=None, /)" = throw_, "Raise an exception where the generator is suspended.";
    "close(self, /)" = close_, "Raise GeneratorExit where it is suspended.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
static ITER_METHODS: &[NativeDef] = natives! {
    "__iter__(self, /)" = self_, "Return self.";
    #[py3] "__next__(self, /)" = next_, "Return the next value.";
    #[py2] "next(self, /)" = next_, "Return the next value.";
};
static CORO_METHODS: &[NativeDef] = natives! {
    "__await__(self, /)" = await_, "Return an iterator to be used in an await expression.";
};

fn this(v: Value) -> Gc<Generator> { v.cast().expect("checked by the call") }
pub fn nregs(g: Gc<Generator>) -> usize {
    // SAFETY: set at construction, never changed.
    unsafe { (*g.as_ptr()).func.frozen().code().frozen().nregs as usize }
}

/// The generator of a frame that has just begun: its registers so far, and where it goes on.
pub fn new(th: &mut Thread, func: Gc<Function>, regs: &[Value], offset: usize) -> R<Value> {
    let c = func.frozen().code().frozen();
    let def = if c.has(code_flag::COROUTINE) {
        &COROUTINE
    } else if c.has(code_flag::ASYNC_GENERATOR) {
        &ASYNC_GENERATOR
    } else {
        &GENERATOR
    };
    let g = th.alloc_owner(def.shape(), Values { header: Header::NEW, len: regs.len() }, regs, |regs| Generator {
        header: Header::NEW, func, regs, offset: offset as u32, into: u16::MAX, redo: false, state: FRESH, delegate: Value::NONE, handled: Value::UNSET, outer: Value::UNSET,
        name: Late::new(func.frozen().name.get()), qualname: Late::new(func.frozen().qualname.get()),
    })?;
    Ok(g.value())
}

/// A plain generator that a loop may resume without a native call in between.
pub fn resumable(v: Value) -> Option<Gc<Generator>> { if GENERATOR.is_exact(v) { v.cast() } else { None } }

/// What a resumer finds.
pub enum State {
    Ended,
    Suspended(Gc<Function>, usize),
}

/// Claims a generator for running. ValueError if it runs already.
pub fn start(th: &mut Thread, g: Gc<Generator>) -> R<State> {
    let outer = th.handled;
    let mut w = g.write(th)?;
    match w.state {
        ENDED => Ok(State::Ended),
        RUNNING => {
            drop(w);
            let what = if COROUTINE.is_exact(g.value()) { "coroutine" } else if ASYNC_GENERATOR.is_exact(g.value()) { "async generator" } else { "generator" };
            Err(th.value_error(format!("{what} already executing")))
        }
        _ => {
            w.state = RUNNING;
            w.outer = outer;
            let (f, offset, inner) = (w.func, w.offset as usize, w.handled);
            w.handled = Value::UNSET;
            drop(w);
            if inner.is_ref() {
                th.handled = inner;
            }
            Ok(State::Suspended(f, offset))
        }
    }
}
/// Writes the registers back to a window; what was sent goes where the yield wants it.
/// # Safety
/// `base` is a window of the code's registers.
pub unsafe fn restore(th: &mut Thread, g: Gc<Generator>, base: *mut Value, sent: Value) -> R<()> {
    let r = g.read(th)?;
    let items = r.regs.frozen().items();
    // SAFETY: the caller's window holds as many registers as the generator keeps.
    unsafe {
        std::ptr::copy_nonoverlapping(items.as_ptr(), base, items.len());
        if r.into != u16::MAX {
            *base.add(r.into as usize) = sent;
        }
    }
    Ok(())
}
/// Takes the live registers back and notes where to go on.
pub fn suspend(th: &mut Thread, g: Gc<Generator>, regs: &[Value], offset: usize, into: u16, redo: bool) -> R<()> {
    let handled = th.handled;
    let mut w = g.write(th)?;
    // SAFETY: storage of the generator, which is held for writing.
    let to = unsafe { (&*w.regs.as_ptr()).tail_mut() };
    to[..regs.len()].copy_from_slice(regs);
    to[regs.len()..].fill(Value::UNSET);
    w.offset = offset as u32;
    w.into = into;
    w.redo = redo;
    w.state = SUSPENDED;
    let outer = w.outer;
    w.handled = if handled == outer || !handled.is_ref() && !outer.is_ref() { Value::UNSET } else { handled };
    drop(w);
    th.handled = outer;
    Ok(())
}
/// The frame is gone.
pub fn end(th: &mut Thread, g: Gc<Generator>) {
    if let Ok(mut w) = g.write(th) {
        w.state = ENDED;
        w.delegate = Value::NONE;
        let outer = w.outer;
        // SAFETY: as in `suspend`.
        unsafe { (&*w.regs.as_ptr()).tail_mut() }.fill(Value::UNSET);
        drop(w);
        th.handled = outer;
    }
}
/// PEP 479: a StopIteration that leaves the body becomes a RuntimeError.
pub fn stop_iteration_inside(th: &mut Thread, g: Gc<Generator>, e: Value) {
    let what = if COROUTINE.is_exact(g.value()) { "coroutine" } else if ASYNC_GENERATOR.is_exact(g.value()) { "async generator" } else { "generator" };
    let handled = std::mem::replace(&mut th.handled, e);
    let which = if exception::is_instance(e, &STOP_ITERATION) { "StopIteration" } else { "StopAsyncIteration" };
    let _ = th.raise(&RUNTIME_ERROR, format!("{what} raised {which}"));
    th.handled = handled;
    if let Some(x) = th.exception.cast::<exception::Exception>() {
        if let Ok(mut w) = x.write(th) {
            w.cause = e;
            w.suppress = true;
        }
    }
}

/// The result of resuming.
pub enum Step {
    Yield(Value),
    Done(Value),
}

/// Resumes from a native. `sent` None: raise what is in flight in the thread inside the frame.
pub fn resume(th: &mut Thread, g: Gc<Generator>, sent: Option<Value>) -> R<Step> {
    let pending = if sent.is_none() { th.catch_any() } else { None };
    let r = g.read(th)?;
    let (fresh, redo) = (r.state == FRESH, r.redo);
    drop(r);
    if let Some(v) = sent {
        if fresh && !v.is_none() {
            let what = if COROUTINE.is_exact(g.value()) { "coroutine" } else if ASYNC_GENERATOR.is_exact(g.value()) { "async generator" } else { "generator" };
            return Err(th.type_error(format!("can't send non-None value to a just-started {what}")));
        }
    }
    match start(th, g)? {
        State::Ended if COROUTINE.is_exact(g.value()) => Err(th.runtime_error("cannot reuse already awaited coroutine")),
        State::Ended => match pending {
            Some(e) => Err(th.reraise(e)),
            None => Ok(Step::Done(Value::UNSET)),
        },
        State::Suspended(f, offset) => {
            let stream = f.frozen().code().frozen().stream;
            let (how, v) = enter::resume(th, g.value(), f, |th, base| {
                // SAFETY: the window was made for the code's registers; the offset is an instruction's.
                unsafe {
                    restore(th, g, base, sent.unwrap_or(Value::NONE))?;
                    match pending {
                        None => Ok(stream.add(offset).cast_const()),
                        Some(e) => {
                            // The exception appears at the instruction that suspended the frame.
                            th.resume_pc = stream.add(if redo { offset + 1 } else { offset.max(1) }).cast_const();
                            exception::set_context(th, e);
                            let _ = th.reraise(e);
                            Ok(std::ptr::null())
                        }
                    }
                }
            });
            match how {
                YIELDED => Ok(Step::Yield(v)),
                RETURNED => Ok(Step::Done(v)),
                _ => {
                    if g.read(th)?.state == RUNNING {
                        // The window could not be made.
                        end(th, g);
                    }
                    Err(Unwind)
                }
            }
        }
    }
}

/// One step of `yield from` / `await`: sends `v` to `it`.
pub fn delegate(th: &mut Thread, g: Gc<Generator>, it: Value, v: Value) -> R<Step> {
    g.write(th)?.delegate = it;
    let r = send(th, it, v);
    g.write(th)?.delegate = Value::NONE;
    let s = r?;
    if matches!(s, Step::Yield(_)) {
        g.write(th)?.delegate = it;
    }
    Ok(s)
}

/// Sends a value to any iterator: its next item, or the value of its StopIteration.
pub fn send(th: &mut Thread, it: Value, v: Value) -> R<Step> {
    if let Some(g) = it.cast::<Generator>().filter(|_| !ASYNC_GENERATOR.is_exact(it)) {
        return Ok(match resume(th, g, Some(v))? {
            Step::Done(v) if v.is_unset() => Step::Done(Value::NONE),
            s => s,
        });
    }
    let r = if v.is_none() {
        if it.kind().and_then(iter::native_step).is_some() {
            return Ok(iter::next(th, it)?.map_or(Step::Done(Value::NONE), Step::Yield));
        }
        match object::dunder(it, if th.py3() { D::next } else { D::next2 }) {
            Some(f) => object::call_special(th, f, it, &[]),
            None => {
                let got = object::class_name(it);
                Err(th.type_error(format!("'{got}' object is not an iterator")))
            }
        }
    } else {
        th.call_method(it, "send", &[v])
    };
    match r {
        Ok(x) => Ok(Step::Yield(x)),
        Err(e) => match th.catch(&STOP_ITERATION) {
            Some(s) => Ok(Step::Done(stop_value(th, s)?)),
            None => Err(e),
        },
    }
}
/// `StopIteration.value`.
pub fn stop_value(th: &mut Thread, s: Value) -> R<Value> { Ok(s.cast::<exception::Exception>().expect("a StopIteration").read(th)?.extra[0].get().unwrap_or(Value::NONE)) }

/// The end of a generator as its caller sees it.
fn finished(th: &mut Thread, v: Value) -> Unwind {
    if v.is_none() || v.is_unset() || !th.py3() {
        return th.raise_with(&STOP_ITERATION, &[]);
    }
    // A tuple or exception must not be spread over the arguments.
    match exception::new(th, &STOP_ITERATION, &[]) {
        Ok(e) => {
            let args = match th.new_tuple(&[v]) {
                Ok(t) => t,
                Err(e) => return e,
            };
            let x = e.cast::<exception::Exception>().expect("an exception");
            match x.write(th) {
                Ok(mut w) => {
                    w.args = args;
                    w.extra[0] = v;
                }
                Err(e) => return e,
            }
            th.raise_value(e)
        }
        Err(e) => e,
    }
}
fn step_result(th: &mut Thread, s: Step) -> R<Value> {
    match s {
        Step::Yield(v) => Ok(v),
        Step::Done(v) => Err(finished(th, v)),
    }
}

/// The step function for native loops.
fn step(th: &mut Thread, v: Value) -> R<Value> {
    if !GENERATOR.is_exact(v) {
        return Ok(iter_next_slow(th, v)?.unwrap_or(Value::STOP));
    }
    match resume(th, this(v), Some(Value::NONE)) {
        Ok(Step::Yield(v)) => Ok(v),
        Ok(Step::Done(_)) => Ok(Value::STOP),
        // In 2.7 a StopIteration of the body's own is the end, too.
        Err(_) if !th.py3() && th.catch(&STOP_ITERATION).is_some() => Ok(Value::STOP),
        Err(e) => Err(e),
    }
}
fn iter_next_slow(th: &mut Thread, v: Value) -> R<Option<Value>> {
    let name = object::class_name(v);
    Err(th.type_error(format!("'{name}' object is not an iterator")))
}
pub fn init() { iter::register_step(kinds::GENERATOR, step); }

fn self_(_: &mut Thread, a: Args) -> R<Value> { Ok(a.get(0)) }
fn next_(th: &mut Thread, a: Args) -> R<Value> {
    let s = resume(th, this(a.get(0)), Some(Value::NONE))?;
    step_result(th, s)
}
fn send_(th: &mut Thread, a: Args) -> R<Value> {
    if COROUTINE.is_exact(a.get(0)) && this(a.get(0)).read(th)?.state == ENDED {
        return Err(th.runtime_error("cannot reuse already awaited coroutine"));
    }
    let s = resume(th, this(a.get(0)), Some(a.get(1)))?;
    step_result(th, s)
}
fn throw_(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() && !a.get(2).is_unset() {
        crate::warn::warn(th, &crate::exceptions::DEPRECATION_WARNING, "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.")?;
    }
    let s = throw(th, this(a.get(0)), a.get(1), a.get(2), a.get(3))?;
    step_result(th, s)
}

/// `g.throw(type, value, traceback)`, UNSET where left out.
pub fn throw(th: &mut Thread, g: Gc<Generator>, typ: Value, val: Value, tb: Value) -> R<Step> {
    if !tb.is_unset() && !tb.is_none() && !tb.is::<super::traceback::Traceback>() {
        return Err(th.type_error("throw() third argument must be a traceback object"));
    }
    let inner = g.read(th)?.delegate;
    if inner.is_ref() && g.read(th)?.state == SUSPENDED {
        // The exception goes to what the generator delegates to; GeneratorExit closes that first.
        let exit = exception::is_exception_class(typ) && super::type_::is_subtype(typ.cast().expect("a class"), GENERATOR_EXIT.ty()) || exception::is_instance(typ, &GENERATOR_EXIT);
        if exit {
            g.write(th)?.delegate = Value::NONE;
            close_any(th, inner)?;
        } else {
            let r = if let Some(ig) = inner.cast::<Generator>().filter(|_| !ASYNC_GENERATOR.is_exact(inner)) {
                throw(th, ig, typ, val, tb)
            } else {
                match attr::get_str_opt(th, inner, "throw")? {
                    Some(f) => {
                        let n = if !tb.is_unset() { 3 } else if !val.is_unset() { 2 } else { 1 };
                        let all = [typ, val.get().unwrap_or(Value::NONE), tb.get().unwrap_or(Value::NONE)];
                        match th.call(f, &all[..n]) {
                            Ok(v) => Ok(Step::Yield(v)),
                            Err(e) => match th.catch(&STOP_ITERATION) {
                                Some(s) => Ok(Step::Done(stop_value(th, s)?)),
                                None => Err(e),
                            },
                        }
                    }
                    None => {
                        g.write(th)?.delegate = Value::NONE;
                        let _ = make_exception(th, typ, val, tb);
                        return resume(th, g, None);
                    }
                }
            };
            return match r {
                Ok(Step::Yield(v)) => Ok(Step::Yield(v)),
                Ok(Step::Done(v)) => {
                    // The delegation is over: its value is the value of `yield from`, which lies one instruction back.
                    let mut w = g.write(th)?;
                    w.delegate = Value::NONE;
                    w.offset += 1;
                    w.redo = false;
                    drop(w);
                    let v = if v.is_unset() { Value::NONE } else { v };
                    resume(th, g, Some(v))
                }
                Err(_) => {
                    g.write(th)?.delegate = Value::NONE;
                    resume_after_instruction(th, g)
                }
            };
        }
    }
    let _ = make_exception(th, typ, val, tb);
    resume_after_instruction(th, g)
}
/// Raises what is in flight inside the frame; one that has not started ends at once.
fn resume_after_instruction(th: &mut Thread, g: Gc<Generator>) -> R<Step> { resume(th, g, None) }

fn make_exception(th: &mut Thread, typ: Value, val: Value, tb: Value) -> Unwind {
    if exception::is_exception_class(typ) || typ.is::<exception::Exception>() {
        if typ.is::<exception::Exception>() && !val.is_unset() && !val.is_none() {
            return th.type_error("instance exception may not have a separate value");
        }
        let tb = if tb.is_unset() && typ.is::<exception::Exception>() { super::traceback::of(th, typ) } else { tb };
        return exception::raise27(th, typ, val, tb);
    }
    if !th.py3() {
        return exception::raise27(th, typ, val, tb);
    }
    let got = object::class_name(typ);
    th.type_error(format!("exceptions must be classes or instances deriving from BaseException, not {got}"))
}

fn close_any(th: &mut Thread, v: Value) -> R<()> {
    if let Some(g) = v.cast::<Generator>().filter(|_| !ASYNC_GENERATOR.is_exact(v)) {
        return close(th, g).map(|_| ());
    }
    if let Some(f) = attr::get_str_opt(th, v, "close")? {
        th.call(f, &[])?;
    }
    Ok(())
}
fn close_(th: &mut Thread, a: Args) -> R<Value> { close(th, this(a.get(0))) }

/// `g.close()`: the value that the generator returns on GeneratorExit (3.13), else None.
pub fn close(th: &mut Thread, g: Gc<Generator>) -> R<Value> {
    match g.read(th)?.state {
        ENDED => return Ok(Value::NONE),
        FRESH => {
            g.write(th)?.state = ENDED;
            return Ok(Value::NONE);
        }
        _ => {}
    }
    let r = throw(th, g, GENERATOR_EXIT.value(), Value::UNSET, Value::UNSET);
    match r {
        Ok(Step::Yield(_)) => {
            let what = if COROUTINE.is_exact(g.value()) { "coroutine" } else { "generator" };
            Err(th.runtime_error(format!("{what} ignored GeneratorExit")))
        }
        Ok(Step::Done(v)) => Ok(if v.is_unset() || !th.py3() { Value::NONE } else { v }),
        Err(e) => {
            if th.catch(&GENERATOR_EXIT).is_some() || th.catch(&STOP_ITERATION).is_some() { Ok(Value::NONE) } else { Err(e) }
        }
    }
}

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let (what, name) = (object::class_name(a.get(0)), this(a.get(0)).read(th)?.qualname.get());
    let name = if th.py3() { name } else { this(a.get(0)).read(th)?.name.get() };
    let s = format!("<{what} object {} at 0x{:012x}>", super::text::lossy(name), a.get(0).bits() & !7);
    th.native_str(&s)
}
fn get_name(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.name.get()) }
fn get_qualname(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.qualname.get()) }
fn text_only(th: &mut Thread, x: Value, what: &str) -> R<()> {
    if th.is_native_str_exact(x) { Ok(()) } else { Err(th.type_error(format!("{what} must be set to a string object"))) }
}
fn set_name(th: &mut Thread, v: Value, x: Value) -> R<()> {
    text_only(th, x, "__name__")?;
    let w = this(v).write(th)?;
    w.name.0.store(x.bits(), Relaxed);
    Ok(())
}
fn set_qualname(th: &mut Thread, v: Value, x: Value) -> R<()> {
    text_only(th, x, "__qualname__")?;
    let w = this(v).write(th)?;
    w.qualname.0.store(x.bits(), Relaxed);
    Ok(())
}
fn running(th: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).read(th)?.state == RUNNING;
    Ok(if th.py3() { Value::from_bool(r) } else { Value::int(r as i64) })
}
fn suspended(th: &mut Thread, v: Value) -> R<Value> { Ok(Value::from_bool(this(v).read(th)?.state == SUSPENDED)) }
fn code(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.func.frozen().code().value()) }
fn yieldfrom(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.delegate) }
fn none(_: &mut Thread, _: Value) -> R<Value> { Ok(Value::NONE) }
fn frame(th: &mut Thread, v: Value) -> R<Value> {
    let g = this(v).read(th)?;
    let (state, f, offset, regs) = (g.state, g.func, g.offset, g.regs);
    drop(g);
    if state == ENDED {
        return Ok(Value::NONE);
    }
    let code = f.frozen().code();
    let offset = offset.saturating_sub(1);
    let line = if state == FRESH { code.frozen().image().first_line } else { code.frozen().line(offset as usize) };
    // While it runs they lie in its window, and the frame of the running code has them.
    let locals = if state == RUNNING { Value::UNSET } else { super::traceback::locals_in(th, code, &|i| regs.frozen().items().get(i).copied().unwrap_or(Value::UNSET))? };
    let o = th.alloc(super::traceback::FRAME.shape(), super::traceback::FrameObject {
        header: Header::NEW, code, globals: f.frozen().globals, offset: offset.into(), line: line.into(), base: 0, back: Late::new(Value::NONE), locals: Late::new(locals), trace: Late::new(Value::NONE), events: super::traceback::events::LINES.into(),
    })?;
    Ok(o.value())
}
fn await_(th: &mut Thread, a: Args) -> R<Value> { super::async_gen::coroutine_wrapper(th, a.get(0)) }

// ---- what the instructions of await and async for need

/// What `yield from v` iterates.
pub fn yield_from_iter(th: &mut Thread, v: Value, in_coroutine: bool) -> R<Value> {
    if COROUTINE.is_exact(v) {
        if in_coroutine {
            return Ok(v);
        }
        return Err(th.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
    }
    if GENERATOR.is_exact(v) { Ok(v) } else { iter::iter(th, v) }
}
/// What `await v` iterates.
pub fn awaitable(th: &mut Thread, v: Value, place: u8) -> R<Value> {
    if COROUTINE.is_exact(v) {
        if this(v).read(th)?.delegate.is_ref() {
            return Err(th.runtime_error("coroutine is being awaited already"));
        }
        return Ok(v);
    }
    if let Some(g) = v.cast::<Generator>().filter(|_| GENERATOR.is_exact(v)) {
        if g.read(th)?.func.frozen().code().frozen().has(code_flag::ITERABLE_COROUTINE) {
            return Ok(v);
        }
    }
    let Some(f) = object::dunder(v, super::dunder::D::await_) else {
        let name = object::class_name(v);
        let msg = match place {
            1 => format!("'async with' received an object from __aenter__ that does not implement __await__: {name}"),
            2 => format!("'async with' received an object from __aexit__ that does not implement __await__: {name}"),
            _ => format!("object {name} can't be used in 'await' expression"),
        };
        return Err(th.type_error(msg));
    };
    let it = object::call_special(th, f, v, &[])?;
    if COROUTINE.is_exact(it) {
        return Err(th.type_error("__await__() returned a coroutine"));
    }
    if !iter::is_iterator(th, it) {
        let name = object::class_name(it);
        return Err(th.type_error(format!("__await__() returned non-iterator of type '{name}'")));
    }
    Ok(it)
}
pub fn aiter(th: &mut Thread, v: Value) -> R<Value> {
    let name = object::class_name(v);
    let Some(it) = object::call_dunder(th, v, super::dunder::D::aiter, &[])? else {
        return Err(th.type_error(format!("'async for' requires an object with __aiter__ method, got {name}")));
    };
    if object::dunder(it, super::dunder::D::anext).is_none() {
        let got = object::class_name(it);
        return Err(th.type_error(format!("'async for' received an object from __aiter__ that does not implement __anext__: {got}")));
    }
    Ok(it)
}
pub fn anext(th: &mut Thread, v: Value) -> R<Value> {
    let Some(x) = object::call_dunder(th, v, super::dunder::D::anext, &[])? else {
        let name = object::class_name(v);
        return Err(th.type_error(format!("'async for' requires an iterator with __anext__ method, got {name}")));
    };
    awaitable(th, x, 0)
}
pub fn async_wrap(th: &mut Thread, v: Value) -> R<Value> { super::async_gen::wrap(th, v) }
