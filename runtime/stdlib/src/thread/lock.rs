//! `lock`: the primitive lock.

use crate::kinds_io;
use crate::sync::{LockWord, Took};
use std::time::{Duration, Instant};
use txpy_heap::{Header, object};
use txpy_vm::atomic::{self, Action};
use txpy_vm::native::{TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::{float, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

/// Longest timeout, in seconds.
pub const TIMEOUT_MAX: f64 = 9223372036.0;

object! {
    pub struct Lock = kinds_io::LOCK { pub word: LockWord }
}
pub static LOCK: TypeDef = TypeDef {
    name: "lock", module: "_thread", kind: kinds_io::LOCK, size: size_of::<Lock>() as u16, flags: type_flag::WEAK, methods: &[METHODS],
    doc: "A lock that one thread takes and any thread frees.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls)" = new_, "Create a lock.";
    #[blocks, py3] "acquire(self, blocking=True, timeout=-1)" = acquire, "Take the lock.";
    #[blocks, py2] "acquire(self, blocking=True, /)" = acquire, "Take the lock.";
    #[blocks] "acquire_lock(self, blocking=True, timeout=-1)" = acquire, "Take the lock.";
    "release(self, /)" = release, "Free the lock.";
    "release_lock(self, /)" = release, "Free the lock.";
    "locked(self, /)" = locked, "Whether the lock is taken.";
    "locked_lock(self, /)" = locked, "Whether the lock is taken.";
    #[blocks] "__enter__(self, /)" = enter, "Take the lock.";
    "__exit__(self, /, *args)" = release, "Free the lock.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    #[py3] "_at_fork_reinit(self, /)" = reinit, "Free the lock after a fork.";
};

/// The word of a lock object.
pub fn word<'a>(l: Gc<Lock>) -> &'a LockWord {
    // SAFETY: an atomic word; the caller holds the object for as long as it uses it.
    unsafe { &(*l.as_ptr()).word }
}
fn this(v: Value) -> Gc<Lock> { v.cast().expect("checked by the call") }

pub fn new(th: &mut Thread) -> R<Gc<Lock>> {
    type_::make_native(th, &LOCK)?;
    th.alloc(LOCK.shape(), Lock { header: Header::NEW, word: LockWord::new() })
}
pub fn allocate(th: &mut Thread, _: Args) -> R<Value> { Ok(new(th)?.value()) }
fn new_(th: &mut Thread, _: Args) -> R<Value> { Ok(new(th)?.value()) }

/// What `acquire(blocking, timeout)` asks for: None: try once; else the deadline, if there is one.
pub fn deadline(th: &mut Thread, blocking: Option<Value>, timeout: Option<Value>) -> R<Option<Option<Instant>>> {
    let blocking = match blocking {
        Some(b) => object::is_true(th, b)?,
        None => true,
    };
    let seconds = match timeout {
        Some(t) => float::as_f64(th, t)?,
        None => -1.0,
    };
    if seconds.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    if !blocking {
        return if seconds != -1.0 { Err(th.value_error("can't specify a timeout for a non-blocking call")) } else { Ok(None) };
    }
    if seconds < 0.0 {
        return if seconds != -1.0 { Err(th.value_error("timeout value must be a non-negative number")) } else { Ok(Some(None)) };
    }
    if seconds > TIMEOUT_MAX {
        return Err(th.overflow_error("timeout value is too large"));
    }
    Ok(Some(Instant::now().checked_add(Duration::from_secs_f64(seconds))))
}
/// Takes a word as `acquire` does.
pub fn take(th: &mut Thread, w: &LockWord, how: Option<Option<Instant>>) -> R<bool> {
    if w.try_take() {
        return Ok(true);
    }
    match how {
        None => Ok(false),
        Some(deadline) => Ok(w.take(th, deadline)? == Took::Yes),
    }
}
fn acquire(th: &mut Thread, a: Args) -> R<Value> {
    let l = this(a.get(0));
    if a.len() == 1 && th.atomic_depth() == 0 && word(l).try_take() {
        return Ok(Value::TRUE);
    }
    let how = deadline(th, a.opt(1), a.opt(2))?;
    let took = take_lock(th, l, how)?;
    // A signal that came while it waited: what the handler raises comes from here, and not from a later call, which may be in a `finally` clause.
    crate::signal::check(th)?;
    Ok(Value::from_bool(took))
}
fn enter(th: &mut Thread, a: Args) -> R<Value> {
    take_lock(th, this(a.get(0)), Some(None))?;
    Ok(Value::TRUE)
}
/// Takes the lock; an abort of the running block frees it.
fn take_lock(th: &mut Thread, l: Gc<Lock>, how: Option<Option<Instant>>) -> R<bool> {
    // Freed in this block: that was put off, and is off now.
    if th.atomic_depth() != 0 && atomic::no_longer_at_end(th, freeing(l)) {
        return Ok(true);
    }
    let took = take(th, word(l), how)?;
    if took && th.may_abort() {
        atomic::on_abort(th, l.value(), freeing(l));
    }
    Ok(took)
}
/// Freeing the lock as an action of an atomic block's end.
fn freeing(l: Gc<Lock>) -> Action {
    fn run(at: usize) {
        // SAFETY: the block kept the object alive.
        word(unsafe { Gc::from_ptr(at as *mut Lock) }).free();
    }
    Action { run, at: l.as_ptr() as usize }
}
fn release(th: &mut Thread, a: Args) -> R<Value> {
    let l = this(a.get(0));
    // In an atomic block: what was taken in it is freed at once, what was taken before only when the block can't abort any more.
    if th.may_abort() && word(l).is_held() && !atomic::no_longer_on_abort(th, freeing(l)) {
        if atomic::no_longer_at_end(th, freeing(l)) {
            atomic::at_end(th, l.value(), freeing(l));
            return Err(super::error(th, "release unlocked lock"));
        }
        atomic::at_end(th, l.value(), freeing(l));
        return Ok(Value::NONE);
    }
    if word(l).free() { Ok(Value::NONE) } else { Err(super::error(th, "release unlocked lock")) }
}
fn locked(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(word(this(a.get(0))).is_held())) }
fn reinit(_: &mut Thread, a: Args) -> R<Value> {
    word(this(a.get(0))).free();
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let at = crate::api::address(a.get(0));
    let s = if !th.py3() {
        format!("<thread.lock object at 0x{at:x}>")
    } else {
        format!("<{} _thread.lock object at 0x{at:x}>", if word(this(a.get(0))).is_held() { "locked" } else { "unlocked" })
    };
    th.native_str(&s)
}
