//! `RLock`: a lock that its holder may take again.

use super::lock::{deadline, take};
use crate::kinds_io;
use crate::support::{self, alloc};
use crate::sync::LockWord;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Header, object};
use txpy_vm::atomic::{self, Action};
use txpy_vm::native::{TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::{int, tuple};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

object! {
    /// Owner and depth are written by the holder only.
    pub struct RLock = kinds_io::RLOCK { word: LockWord, owner: AtomicU64, depth: AtomicU64 }
}
pub static RLOCK: TypeDef = TypeDef {
    name: "RLock", module: "_thread", kind: kinds_io::RLOCK, size: size_of::<RLock>() as u16, flags: type_flag::BASE | type_flag::WEAK, methods: &[METHODS],
    doc: "A lock that its holder may take again.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a lock.";
    #[blocks] "acquire(self, blocking=True, timeout=-1)" = acquire, "Take the lock.";
    #[blocks] "__enter__(self, /)" = acquire, "Take the lock.";
    "release(self, /)" = release, "Free the lock once.";
    "__exit__(self, /, *args)" = release, "Free the lock once.";
    "locked(self, /)" = |_, a| Ok(Value::from_bool(fields(this(a.get(0))).word.is_held())), "Whether the lock is taken.";
    "_is_owned(self, /)" = is_owned, "Whether this thread holds the lock.";
    "_recursion_count(self, /)" = recursion, "How often this thread holds the lock.";
    "_acquire_restore(self, state, /)" = restore, "For Condition.";
    "_release_save(self, /)" = save, "For Condition.";
    "_at_fork_reinit(self, /)" = reinit, "Free the lock after a fork.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
fn this(v: Value) -> Gc<RLock> { v.cast().expect("checked by the call") }
fn fields<'a>(l: Gc<RLock>) -> &'a RLock {
    // SAFETY: all fields are atomics; the caller holds the object.
    unsafe { &*l.as_ptr() }
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &RLOCK, a.get(0))?;
    Ok(alloc(th, class, false, RLock { header: Header::NEW, word: LockWord::new(), owner: AtomicU64::new(0), depth: AtomicU64::new(0) })?.value())
}
fn acquire(th: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    let me = super::ident(th);
    if l.owner.load(Relaxed) == me {
        l.depth.fetch_add(1, Relaxed);
    } else {
        let how = deadline(th, a.opt(1), a.opt(2))?;
        if !take(th, &l.word, how)? {
            return Ok(Value::FALSE);
        }
        l.owner.store(me, Relaxed);
        l.depth.store(1, Relaxed);
    }
    if th.may_abort() {
        atomic::on_abort(th, a.get(0), freeing(this(a.get(0))));
    }
    Ok(Value::TRUE)
}
/// Freeing the lock once, when the atomic block in which it was taken aborts.
fn freeing(l: Gc<RLock>) -> Action {
    fn run(at: usize) {
        // SAFETY: the block kept the object alive.
        free_once(fields(unsafe { Gc::from_ptr(at as *mut RLock) }));
    }
    Action { run, at: l.as_ptr() as usize }
}
fn free_once(l: &RLock) {
    if l.depth.fetch_sub(1, Relaxed) == 1 {
        l.owner.store(0, Relaxed);
        l.word.free();
    }
}
fn release(th: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    if l.owner.load(Relaxed) != super::ident(th) {
        return Err(th.runtime_error("cannot release un-acquired lock"));
    }
    // In an atomic block what was taken before it is freed for good: such a block can't run again.
    if th.may_abort() && !atomic::no_longer_on_abort(th, freeing(this(a.get(0)))) {
        atomic::irrevocable(th)?;
    }
    free_once(l);
    Ok(Value::NONE)
}
fn is_owned(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(fields(this(a.get(0))).owner.load(Relaxed) == super::ident(th))) }
fn recursion(th: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    Ok(Value::int(if l.owner.load(Relaxed) == super::ident(th) { l.depth.load(Relaxed) as i64 } else { 0 }))
}
fn save(th: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    let depth = l.depth.load(Relaxed);
    atomic::irrevocable(th)?;
    if l.owner.load(Relaxed) != super::ident(th) || depth == 0 {
        return Err(th.runtime_error("cannot release un-acquired lock"));
    }
    let owner = support::int(th, l.owner.load(Relaxed) as i64)?;
    let state = th.new_tuple(&[Value::int(depth as i64), owner])?;
    l.depth.store(0, Relaxed);
    l.owner.store(0, Relaxed);
    l.word.free();
    Ok(state)
}
fn restore(th: &mut Thread, a: Args) -> R<Value> {
    let Some([depth, _]) = tuple::items(a.get(1)) else {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("_acquire_restore() argument 1 must be tuple, not {got}")));
    };
    let depth = int::arg_u64(th, *depth)?;
    let l = fields(this(a.get(0)));
    take(th, &l.word, Some(None))?;
    l.owner.store(super::ident(th), Relaxed);
    l.depth.store(depth, Relaxed);
    Ok(Value::NONE)
}
fn reinit(_: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    l.owner.store(0, Relaxed);
    l.depth.store(0, Relaxed);
    l.word.free();
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let l = fields(this(a.get(0)));
    let held = if l.word.is_held() { "locked" } else { "unlocked" };
    let class = object::repr::qualified_name(th, object::class_of(a.get(0)))?;
    let s = format!("<{held} {class} object owner={} count={} at 0x{:x}>", l.owner.load(Relaxed), l.depth.load(Relaxed), crate::api::address(a.get(0)));
    th.native_str(&s)
}
