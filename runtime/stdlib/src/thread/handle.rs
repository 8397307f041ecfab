//! `_ThreadHandle`: what joins a thread.

use crate::kinds_io;
use crate::support;
use crate::sync::{park_until, unpark};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::*};
use std::sync::{Mutex, MutexGuard, Once};
use std::time::{Duration, Instant};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::types::{float, int, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

/// Lives of a thread.
pub mod state {
    pub const FRESH: u32 = 0;
    pub const RUNNING: u32 = 1;
    pub const DONE: u32 = 2;
}

object! {
    /// `used`: 1 while a thread that was started with it has yet to mark its end.
    pub struct Handle = kinds_io::THREAD_HANDLE { pub state: AtomicU32, pub used: AtomicU32, pub ident: AtomicU64 }
}
pub static HANDLE: TypeDef = TypeDef {
    name: "_ThreadHandle", module: "_thread", kind: kinds_io::THREAD_HANDLE, size: size_of::<Handle>() as u16, flags: type_flag::WEAK, methods: &[METHODS],
    getset: GETSET, doc: "What joins a thread.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls)" = |th, _| Ok(new(th, state::FRESH, 0)?.value()), "Create a handle.";
    #[blocks] "join(self, timeout=None, /)" = join, "Wait for the thread's end.";
    "is_done(self, /)" = |_, a| Ok(Value::from_bool(fields(this(a.get(0))).state.load(Acquire) == state::DONE)), "Whether the thread ended.";
    "_set_done(self, /)" = set_done_, "Mark the thread as ended.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
static GETSET: &[GetSetDef] = getset! { "ident" = ident, "Identifier of the thread."; };
fn this(v: Value) -> Gc<Handle> { v.cast().expect("checked by the call") }
pub fn fields<'a>(h: Gc<Handle>) -> &'a Handle {
    // SAFETY: all fields are atomics; the caller holds the object.
    unsafe { &*h.as_ptr() }
}
pub fn new(th: &mut Thread, state: u32, ident: u64) -> R<Gc<Handle>> {
    type_::make_native(th, &HANDLE)?;
    th.alloc(HANDLE.shape(), Handle { header: Header::NEW, state: state.into(), used: 0.into(), ident: ident.into() })
}
pub fn make(th: &mut Thread, a: Args) -> R<Value> {
    let i = int::arg_u64(th, a.get(0))?;
    let h = new(th, state::RUNNING, i)?;
    note_running(h);
    Ok(h.value())
}
fn ident(th: &mut Thread, v: Value) -> R<Value> { support::int(th, fields(this(v)).ident.load(Acquire) as i64) }
/// Handles of running threads, as words of Values: the child of a fork has but one thread, whoever the others' handles belong to.
static RUNNING: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();
fn running() -> MutexGuard<'static, Vec<u64>> { RUNNING.lock().unwrap_or_else(|e| e.into_inner()) }
/// The handle's thread runs, or is about to.
pub fn note_running(h: Gc<Handle>) {
    HOOK.call_once(|| txpy_heap::add_root_hook(|t| running().iter().for_each(|w| t.value(Value(*w)))));
    let mut all = running();
    if all.len() == all.capacity() {
        all.retain(|w| Value(*w).cast::<Handle>().is_some_and(|h| !is_over(h)));
    }
    all.push(h.value().bits());
}
fn is_over(h: Gc<Handle>) -> bool { fields(h).state.load(Acquire) == state::DONE && fields(h).used.load(Acquire) == 0 }
/// Forgets handles; those that it gives.
fn forget(which: impl Fn(Gc<Handle>) -> bool) -> Vec<Gc<Handle>> {
    let mut gone = Vec::new();
    running().retain(|w| {
        let h = Value(*w).cast::<Handle>().filter(|h| which(*h));
        gone.extend(h);
        h.is_none()
    });
    gone
}
/// The handle's thread does not run.
pub fn note_stopped(h: Gc<Handle>) { forget(|x| x == h); }
/// A thread ends: so do the handles that it got by its identifier, besides its own.
pub fn forget_thread(ident: u64, own: Option<Gc<Handle>>) { forget(|h| Some(h) != own && fields(h).ident.load(Acquire) == ident); }
/// In the child of a fork: all threads but `me` have ended. Nobody waits for them, and nothing collects meanwhile.
pub fn only_one_left(me: u64) { forget(|h| fields(h).ident.load(Acquire) != me).into_iter().for_each(|h| fields(h).state.store(state::DONE, Release)) }

/// Marks the thread as ended and wakes who waits.
pub fn set_done(h: Gc<Handle>) {
    fields(h).state.store(state::DONE, Release);
    unpark(&fields(h).state, u32::MAX);
    forget(|x| x == h && is_over(h));
}
/// As `set_done`, by the thread itself, which has left the heap: the list keeps the handle alive. No lock is taken, as another thread may fork meanwhile.
pub fn end(h: Gc<Handle>) {
    fields(h).state.store(state::DONE, Release);
    unpark(&fields(h).state, u32::MAX);
    fields(h).used.store(0, Release);
}
fn set_done_(th: &mut Thread, a: Args) -> R<Value> {
    let h = this(a.get(0));
    if fields(h).state.load(Acquire) == state::FRESH {
        return Err(th.runtime_error("thread not started"));
    }
    set_done(h);
    Ok(Value::NONE)
}
/// Waits for the thread's end; whether it came before the deadline.
pub fn wait(th: &mut Thread, h: Gc<Handle>, deadline: Option<Instant>) -> R<bool> {
    let started = Instant::now();
    while fields(h).state.load(Acquire) != state::DONE {
        if deadline.is_some_and(|d| Instant::now() >= d) {
            return Ok(false);
        }
        if th.may_abort() {
            return Err(txpy_vm::atomic::wait_and_retry(th));
        }
        park_until(th, &fields(h).state, state::RUNNING, deadline, |state| (state.load(Acquire) == state::DONE).then_some(()));
        crate::signal::check(th)?;
        txpy_vm::atomic::check_deadlock(th, started)?;
    }
    std::hint::black_box(h);
    Ok(true)
}
fn join(th: &mut Thread, a: Args) -> R<Value> {
    let h = this(a.get(0));
    let deadline = match a.some(1) {
        Some(t) => {
            let s = float::as_f64(th, t)?;
            if s < 0.0 { None } else { Instant::now().checked_add(Duration::from_secs_f64(s.min(super::lock::TIMEOUT_MAX))) }
        }
        None => None,
    };
    if fields(h).state.load(Acquire) == state::FRESH {
        return Err(th.runtime_error("thread not started"));
    }
    if fields(h).state.load(Acquire) == state::RUNNING && fields(h).ident.load(Acquire) == super::ident(th) {
        return Err(th.runtime_error("Cannot join current thread"));
    }
    wait(th, h, deadline)?;
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let s = format!("<_ThreadHandle object: ident={}>", fields(this(a.get(0))).ident.load(Acquire));
    th.native_str(&s)
}
