//! `_thread` (3) and `thread` (2): threads, locks, thread-local objects.

pub mod handle;
pub mod local;
pub mod lock;
pub mod rlock;
mod processor;
pub mod start;
mod system;

use crate::support::{self, Root};
use txpy_vm::exceptions::{RUNTIME_ERROR, SYSTEM_EXIT};
use txpy_vm::types::{dict, exception, module, tuple, type_};
use txpy_vm::{Args, Gc, Lang, ModuleDef, NativeDef, R, Thread, Value, natives, runtime};

pub static MODULE3: ModuleDef = ModuleDef {
    name: "_thread", doc: "Threads and locks.", functions: FUNCTIONS, types: &[&lock::LOCK, &rlock::RLOCK, &handle::HANDLE, &local::LOCAL], init: Some(init),
    lang: Lang::Py3,
};
pub static MODULE2: ModuleDef = ModuleDef {
    name: "thread", doc: "Threads and locks.", functions: FUNCTIONS, types: &[&lock::LOCK, &local::LOCAL], init: Some(init), lang: Lang::Py2,
};
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "start_new_thread(function, args, kwargs={}, /)" = start::start_new_thread, "Start a new thread.";
    #[io] "start_new(function, args, kwargs={}, /)" = start::start_new_thread, "Start a new thread.";
    #[io, py3] "start_joinable_thread(function, handle=None, daemon=True)" = start::start_joinable_thread, "Start a thread that can be joined.";
    "allocate_lock()" = lock::allocate, "Create a lock.";
    "allocate()" = lock::allocate, "Create a lock.";
    "exit()" = exit, "Raise SystemExit.";
    "exit_thread()" = exit, "Raise SystemExit.";
    "get_ident()" = get_ident, "Identifier of this thread.";
    #[py3] "get_native_id()" = native_id, "The system's identifier of this thread.";
    "_count()" = |_, _| Ok(Value::int(start::running() as i64)), "Number of threads that run Python functions.";
    #[io] "stack_size(size=0, /)" = start::stack_size, "Get or set the stack size of new threads.";
    "interrupt_main(signum=2, /)" = interrupt_main, "Simulate a signal in the main thread.";
    #[py3] "_set_sentinel()" = start::set_sentinel, "A lock that is freed when this thread ends.";
    #[py3] "daemon_threads_allowed()" = |_, _| Ok(Value::TRUE), "True.";
    #[py3] "_shutdown()" = start::shutdown, "Wait for the threads that are no daemons.";
    #[py3] "_make_thread_handle(ident, /)" = handle::make, "Handle of a thread that was not started here.";
    #[py3] "_get_main_thread_ident()" = main_ident, "Identifier of the main thread.";
    #[py3] "_is_main_interpreter()" = |_, _| Ok(Value::TRUE), "True.";
    #[py3] "_excepthook(args, /)" = excepthook, "Show the exception that ended a thread.";
    #[py3] "set_name(name, /)" = set_name, "Set the system's name of this thread.";
};

/// Identifies the running system thread.
pub fn ident(_th: &Thread) -> u64 {
    // SAFETY: a plain query.
    unsafe { libc::pthread_self() as u64 }
}

static MAIN: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
/// In the child of a fork: this thread is the only one, and the main one.
pub fn after_fork(th: &mut Thread) -> R<()> {
    MAIN.store(ident(th), std::sync::atomic::Ordering::Relaxed);
    start::after_fork(th)
}
static ERROR: Root = Root::new();

fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    use std::sync::atomic::Ordering::Relaxed;
    if th.is_main() {
        MAIN.store(ident(th), Relaxed);
    }
    let lock_type = type_::make_native(th, &lock::LOCK)?.value();
    module::set(th, m, "LockType", lock_type)?;
    if th.py3() {
        module::set(th, m, "error", RUNTIME_ERROR.value())?;
        let max = support::float(th, lock::TIMEOUT_MAX)?;
        module::set(th, m, "TIMEOUT_MAX", max)?;
        type_::make_native(th, &EXCEPT_HOOK_ARGS)?;
        module::set(th, m, "_ExceptHookArgs", EXCEPT_HOOK_ARGS.value())
    } else {
        let e = error2(th)?;
        module::set(th, m, "error", e)
    }
}
/// `thread.error` of 2.7.
fn error2(th: &mut Thread) -> R<Value> {
    ERROR.get_or(th, |th| {
        let d = dict::new(th)?;
        let module = th.native_str("thread")?;
        dict::set_str(th, d, "__module__", module)?;
        let name = th.intern("error")?;
        Ok(type_::new_class(th, type_::TYPE.ty(), name, &[txpy_vm::exceptions::EXCEPTION.value()], d)?.value())
    })
}
/// The error of threads and locks: RuntimeError in 3, `thread.error` in 2.7.
#[cold]
pub fn error(th: &mut Thread, msg: &str) -> txpy_vm::Unwind {
    if th.py3() {
        return th.runtime_error(msg);
    }
    let mut make = || {
        let c = error2(th)?;
        let m = th.native_str(msg)?;
        th.call(c, &[m])
    };
    match make() {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
fn exit(th: &mut Thread, _: Args) -> R<Value> { Err(th.raise_with(&SYSTEM_EXIT, &[])) }
fn get_ident(th: &mut Thread, _: Args) -> R<Value> {
    let i = ident(th);
    support::int(th, i as i64)
}
fn native_id(th: &mut Thread, _: Args) -> R<Value> {
    #[cfg(target_os = "linux")]
    // SAFETY: a plain query.
    let id = unsafe { libc::syscall(libc::SYS_gettid) } as i64;
    #[cfg(not(target_os = "linux"))]
    let id = ident(th) as i64;
    support::int(th, id)
}
fn main_ident(th: &mut Thread, _: Args) -> R<Value> { support::int(th, MAIN.load(std::sync::atomic::Ordering::Relaxed) as i64) }
fn interrupt_main(th: &mut Thread, a: Args) -> R<Value> {
    let n = match a.opt(0) {
        Some(n) => txpy_vm::types::int::arg_i32(th, n)?,
        None => libc::SIGINT,
    };
    if !(1..crate::signal::COUNT as i32).contains(&n) {
        return Err(th.value_error("signal number out of range"));
    }
    crate::signal::trip(n);
    crate::signal::check(th)?;
    Ok(Value::NONE)
}
fn set_name(th: &mut Thread, a: Args) -> R<Value> {
    let name = support::str_arg(th, a.get(0), "set_name", "1")?;
    #[cfg(target_os = "linux")]
    {
        let short: Vec<u8> = name.bytes().filter(|b| *b != 0).take(15).collect();
        let c = std::ffi::CString::new(short).unwrap_or_default();
        // SAFETY: a text that ends with zero.
        unsafe { libc::pthread_setname_np(libc::pthread_self(), c.as_ptr()) };
    }
    let _ = name;
    Ok(Value::NONE)
}
crate::struct_seq! { pub static EXCEPT_HOOK_ARGS: "_thread", "_ExceptHookArgs", "Arguments of threading.excepthook." { "exc_type" 0, "exc_value" 1, "exc_traceback" 2, "thread" 3 } }

/// Shows the exception that ended a thread, as `threading.excepthook` does.
fn excepthook(th: &mut Thread, a: Args) -> R<Value> {
    let Some([class, e, _tb, thread]) = tuple::items(a.get(0)) else {
        return Err(th.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if *class == SYSTEM_EXIT.value() {
        return Ok(Value::NONE);
    }
    let name = if thread.is_none() {
        let id = ident(th);
        id.to_string()
    } else {
        let n = txpy_vm::object::attr::get_str(th, *thread, "name")?;
        txpy_vm::object::str_text(th, n)?
    };
    runtime::write_stderr(th, &format!("Exception in thread {name}:\n"));
    if e.is::<exception::Exception>() {
        runtime::show(th, *e)?;
    }
    Ok(Value::NONE)
}
