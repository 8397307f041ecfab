//! Starting threads, and waiting for them when the process ends.

use super::handle::{self, Handle, state};
use super::{ident, lock, system};
use crate::support::{self, Root};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::*};
use txpy_heap::ValueStack;
use txpy_vm::exceptions::SYSTEM_EXIT;
use txpy_vm::object::{self, call::call_ex};
use txpy_vm::types::{dict, exception, int, list, list_slices, traceback, tuple};
use txpy_vm::{Args, Gc, R, Thread, Value, runtime};

/// Native stack of a new thread.
const STACK: usize = 16 << 20;
static STACK_SIZE: AtomicUsize = AtomicUsize::new(0);
static RUNNING: AtomicUsize = AtomicUsize::new(0);
pub fn running() -> usize { RUNNING.load(Relaxed) }
/// Those of them that may still run scripts.
static BUSY: AtomicUsize = AtomicUsize::new(0);
/// Waits for threads whose script has ended to be gone altogether; whether others run now.
pub fn others_run(th: &mut Thread) -> bool {
    while BUSY.load(Acquire) == 0 && RUNNING.load(Acquire) > 0 {
        th.blocking(|| std::thread::sleep(std::time::Duration::from_micros(50)));
    }
    RUNNING.load(Acquire) > 0
}

/// What new threads take over, as words of Values: a thread has no root of its own before it is attached.
static BOOT: Mutex<Vec<(usize, u64)>> = Mutex::new(Vec::new());
static NEXT: AtomicUsize = AtomicUsize::new(0);
static HOOK: std::sync::Once = std::sync::Once::new();
/// Handles of threads that the end of the process waits for.
static WAIT_FOR: Root = Root::new();

fn boot() -> std::sync::MutexGuard<'static, Vec<(usize, u64)>> { BOOT.lock().unwrap_or_else(|e| e.into_inner()) }

/// Starts a thread that calls `f(*args, **kwargs)`.
fn launch(th: &mut Thread, f: Value, args: Value, kwargs: Value, handle: Value) -> R<u64> {
    // All that can fail is done here: nobody waits for the new thread to have begun.
    let Some(stack) = ValueStack::new() else { return Err(super::error(th, NOT_STARTED)) };
    HOOK.call_once(|| txpy_heap::add_root_hook(|t| boot().iter().for_each(|(_, v)| t.value(Value(*v)))));
    let all = th.new_tuple(&[f, args, if kwargs.is_unset() { Value::NONE } else { kwargs }, handle])?;
    let key = NEXT.fetch_add(1, Relaxed);
    boot().push((key, all.bits()));
    let size = match STACK_SIZE.load(Relaxed) {
        0 => STACK,
        n => n.max(1 << 20),
    };
    RUNNING.fetch_add(1, Relaxed);
    BUSY.fetch_add(1, Relaxed);
    let counted = Counted { busy: true };
    system::spawn(size, move || body(key, stack, counted)).ok_or_else(|| {
        boot().retain(|(k, _)| *k != key);
        super::error(th, NOT_STARTED)
    })
}
const NOT_STARTED: &str = "can't start new thread";

/// One of the running threads, until it is dropped.
struct Counted {
    busy: bool,
}
impl Counted {
    fn script_ended(&mut self) {
        if std::mem::take(&mut self.busy) {
            BUSY.fetch_sub(1, AcqRel);
        }
    }
}
impl Drop for Counted {
    fn drop(&mut self) {
        self.script_ended();
        RUNNING.fetch_sub(1, AcqRel);
    }
}

/// A thread that was started, until it is dropped, be it by a return or a panic: those who wait for its end go on.
struct Started {
    th: Option<Box<Thread>>,
    counted: Option<Counted>,
    handle: Option<Gc<Handle>>,
}
impl Drop for Started {
    fn drop(&mut self) {
        let (Some(mut th), Some(mut counted)) = (self.th.take(), self.counted.take()) else { return };
        if std::thread::panicking() {
            txpy_vm::atomic::end_by_panic(&mut th);
        }
        // Before anybody who waits goes on: he may fork.
        counted.script_ended();
        if let Some(l) = th.roots[SENTINEL].cast::<lock::Lock>() {
            lock::word(l).free();
        }
        handle::forget_thread(ident(&th), self.handle);
        // Who joins it begins to run when it does no more: otherwise he would have to stop it for that.
        drop(th);
        drop(counted);
        if let Some(h) = self.handle {
            handle::end(h);
        }
    }
}

fn body(key: usize, stack: ValueStack, counted: Counted) {
    let _place = super::processor::Place::take();
    let th = Thread::attach_on(stack);
    let all = {
        let mut b = boot();
        let Some(i) = b.iter().position(|(k, _)| *k == key) else { return };
        Value(b.swap_remove(i).1)
    };
    let Some([f, args, kwargs, handle]) = tuple::items(all) else { return };
    let id = ident(&th);
    let mut started = Started { th: Some(th), counted: Some(counted), handle: handle.cast() };
    if let Some(h) = started.handle {
        handle::fields(h).ident.store(id, Release);
    }
    let Some(th) = started.th.as_deref_mut() else { return };
    let r = call_ex(th, *f, *args, if kwargs.is_none() { Value::UNSET } else { *kwargs });
    txpy_vm::atomic::end_of_thread(th);
    if r.is_err() {
        report(th, *f);
    }
}
/// Shows the exception that ended a thread.
fn report(th: &mut Thread, f: Value) {
    let Some(e) = th.catch_any() else { return };
    if exception::is_instance(e, &SYSTEM_EXIT) {
        return;
    }
    let name = object::repr_text(th, f).unwrap_or_default();
    th.catch_any();
    if th.py3() {
        return runtime::unraisable(th, e, Some(&format!("Exception ignored in thread started by {name}")), Value::NONE);
    }
    let text = traceback::format(th, e).unwrap_or_default();
    th.catch_any();
    runtime::write_stderr(th, &format!("Unhandled exception in thread started by {name}\n{text}"));
}

fn check(th: &mut Thread, f: Value, args: Value, kwargs: Value) -> R<()> {
    if object::dunder(f, txpy_vm::types::dunder::D::call).is_none() && !f.is_ref() {
        return Err(th.type_error("first arg must be callable"));
    }
    if tuple::items(args).is_none() {
        return Err(th.type_error("2nd arg must be a tuple"));
    }
    if !kwargs.is_unset() && !kwargs.is::<dict::Dict>() {
        return Err(th.type_error("optional 3rd arg must be a dictionary"));
    }
    Ok(())
}
pub fn start_new_thread(th: &mut Thread, a: Args) -> R<Value> {
    check(th, a.get(0), a.get(1), a.get(2))?;
    let id = launch(th, a.get(0), a.get(1), a.get(2), Value::NONE)?;
    support::int(th, id as i64)
}
pub fn start_joinable_thread(th: &mut Thread, a: Args) -> R<Value> {
    let h: Gc<Handle> = match a.some(1) {
        None => handle::new(th, state::FRESH, 0)?,
        Some(h) => match h.cast() {
            Some(h) => h,
            None => return Err(th.type_error("'handle' must be a _ThreadHandle")),
        },
    };
    let daemon = match a.opt(2) {
        Some(d) => object::is_true(th, d)?,
        None => true,
    };
    let empty = th.new_tuple(&[])?;
    // Running from here on: who waits for the process's end must not overlook it.
    if handle::fields(h).state.compare_exchange(state::FRESH, state::RUNNING, AcqRel, Acquire).is_err() {
        return Err(th.runtime_error("thread already started"));
    }
    handle::fields(h).used.store(1, Release);
    handle::note_running(h);
    let started = (if daemon { Ok(()) } else { wait_for_at_end(th, h) }).and_then(|()| launch(th, a.get(0), empty, Value::UNSET, h.value()));
    match started {
        // So does the thread, which may not have come so far.
        Ok(id) => handle::fields(h).ident.store(id, Release),
        Err(e) => {
            handle::fields(h).used.store(0, Release);
            handle::fields(h).state.store(state::FRESH, Release);
            handle::note_stopped(h);
            return Err(e);
        }
    }
    Ok(h.value())
}
/// Notes a thread that the end of the process waits for; forgets those that ended.
fn wait_for_at_end(th: &mut Thread, h: Gc<Handle>) -> R<()> {
    let l: Gc<list::List> = WAIT_FOR.get_or(th, |th| list::new(th, &[]))?.cast().expect("a list");
    let mut g = l.write(th)?;
    if g.count() >= 32 && g.count() == g.capacity() {
        let mut kept = 0;
        for i in 0..g.count() {
            let x = g.as_slice()[i];
            if x.cast::<Handle>().is_some_and(|h| handle::fields(h).state.load(Acquire) == state::RUNNING) {
                g.as_mut_slice()[kept] = x;
                kept += 1;
            }
        }
        g.set_count(kept);
    }
    drop(g);
    list::append(th, l, h.value())
}

/// Waits for all threads that are no daemons.
pub fn shutdown(th: &mut Thread, _: Args) -> R<Value> {
    let Some(l) = WAIT_FOR.get() else { return Ok(Value::NONE) };
    let l: Gc<list::List> = l.cast().expect("a list");
    let mut i = 0;
    while let Some(h) = list::get(th, l, i)? {
        i += 1;
        if let Some(h) = h.cast::<Handle>() {
            if handle::fields(h).state.load(Acquire) == state::RUNNING && handle::fields(h).ident.load(Acquire) != ident(th) {
                handle::wait(th, h, None)?;
            }
        }
    }
    Ok(Value::NONE)
}

/// In the child of a fork: nobody runs but this thread, and nobody waits for the others.
pub fn after_fork(th: &mut Thread) -> R<()> {
    // A thread that was started counts itself out when its function returns.
    let mine = usize::from(!th.is_main());
    RUNNING.store(mine, Release);
    BUSY.store(mine, Release);
    boot().clear();
    handle::only_one_left(ident(th));
    let Some(l) = WAIT_FOR.get() else { return Ok(()) };
    list_slices::clear(th, l.cast().expect("a list"))
}

/// Place in the thread's roots for the lock that its end frees.
const SENTINEL: usize = 12;
pub fn set_sentinel(th: &mut Thread, _: Args) -> R<Value> {
    let l = lock::new(th)?;
    th.roots[SENTINEL] = l.value();
    Ok(l.value())
}
pub fn stack_size(th: &mut Thread, a: Args) -> R<Value> {
    let old = STACK_SIZE.load(Relaxed);
    if let Some(v) = a.opt(0) {
        let n = int::arg_i64(th, v)?;
        if n < 0 {
            return Err(th.value_error("size must be 0 or a positive value"));
        }
        if n != 0 && n < 32768 {
            return Err(th.value_error(format!("size not valid: {n} bytes")));
        }
        STACK_SIZE.store(n as usize, Relaxed);
    }
    Ok(Value::int(old as i64))
}
