//! The runtime as a whole: start-up, polls, running a program, exit.

use crate::builtins;
use crate::exceptions::SYSTEM_EXIT;
use crate::names::{N, n};
use crate::object::{self, attr};
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::module::{self, Module};
use crate::types::{exception, int, list, traceback};
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicUsize, Ordering::*};
use txpy_heap::{ATTENTION, Cause, Gc, R, Unwind, Value};
use txpy_syntax::{FutureFlags, Mode, SourceKind};

static OPTIMIZE: AtomicU8 = AtomicU8::new(0);
/// Level of `-O`.
pub fn optimize() -> u8 { OPTIMIZE.load(Relaxed) }
pub fn set_optimize(level: u8) { OPTIMIZE.store(level, Relaxed) }

/// Makes types, builtins and `sys.modules`. The dialect has been chosen; called once, by the thread that becomes the main one.
pub fn init(th: &mut Thread) -> R<()> {
    crate::types::registry::register_kinds();
    txpy_heap::add_root_hook(crate::types::type_::trace_natives);
    builtins::make_types(th)?;
    crate::import::init(th)?;
    builtins::init(th)?;
    let m = builtins::the_module();
    let mods = crate::import::modules();
    dict::set_str(th, mods, crate::dialect::dialect().builtins, m.value())?;
    crate::import::register(&[&crate::types::weakref::MODULE]);
    crate::import::register(crate::dialect::dialect().modules);
    MAIN.store(th.limit.cast_mut(), Release);
    Ok(())
}

// ---- polls

static MAIN: AtomicPtr<AtomicUsize> = AtomicPtr::new(std::ptr::null_mut());
/// The only thread that a fork left is the main one.
pub fn after_fork(th: &mut Thread) {
    th.set_main();
    MAIN.store(th.limit.cast_mut(), Release);
    crate::loading::after_fork();
}
/// What the signal module does at the main thread's poll.
static HOOK: AtomicUsize = AtomicUsize::new(0);

/// Makes the main thread call the hook at its next poll. Safe in a signal handler.
pub fn request_poll() {
    ATTENTION.store(true, Release);
    let limit = MAIN.load(Acquire);
    if !limit.is_null() {
        // SAFETY: a static word of a slot.
        unsafe { (*limit).store(0, Release) };
    }
}
/// Sets the hook.
pub fn set_poll_hook(f: fn(&mut Thread) -> R<()>) { HOOK.store(f as usize, Release) }
/// Whether something waits for the main thread's next poll.
pub fn wants_poll() -> bool { ATTENTION.load(Relaxed) }

/// Runs the hook if something is wanted; natives that were interrupted call it too.
pub fn run_poll_hook(th: &mut Thread) -> R<()> {
    if th.atomic_depth() != 0 {
        return poll_in_block(th);
    }
    if ATTENTION.load(Relaxed) && th.is_main() && ATTENTION.swap(false, AcqRel) {
        let f = HOOK.load(Acquire);
        if f != 0 {
            // SAFETY: only `set_poll_hook` stores there.
            let f: fn(&mut Thread) -> R<()> = unsafe { std::mem::transmute(f) };
            return f(th);
        }
    }
    Ok(())
}

/// The interpreter's safepoint: requests of other threads, then signals, finalizers and callbacks of dead weak references.
pub fn poll(th: &mut Thread) -> R<()> {
    th.poll_slow()?;
    if th.is_main() {
        // The slot may have changed.
        MAIN.store(th.limit.cast_mut(), Release);
    }
    if th.atomic_depth() != 0 {
        return poll_in_block(th);
    }
    run_poll_hook(th)?;
    if th.has_dead() {
        run_finalizers(th);
    }
    Ok(())
}
/// Signal handlers and finalizers run outside of atomic blocks only: a handler aborts the block if that can be, finalizers wait for its end.
#[cold]
fn poll_in_block(th: &mut Thread) -> R<()> {
    if ATTENTION.load(Relaxed) && th.is_main() && th.may_abort() { Err(crate::atomic::make_way_for_signal(th)) } else { Ok(()) }
}
/// What had to wait while an atomic block ran.
pub fn poll_after_block(th: &mut Thread) -> R<()> {
    if ATTENTION.load(Relaxed) || th.has_dead() { poll(th) } else { Ok(()) }
}

/// Calls `__del__` of unreachable objects and callbacks of dead weak references. Their errors are shown and dropped.
pub fn run_finalizers(th: &mut Thread) {
    if th.in_finalizer || th.atomic_depth() != 0 {
        return;
    }
    th.in_finalizer = true;
    let (cause, exc) = (th.cause, th.exception);
    th.cause = Cause::None;
    while let Some(w) = th.take_dead_weak() {
        let f = w.frozen().callback;
        if f.is_ref() {
            let r = th.call(f, &[w.value()]);
            report_unraisable(th, r, f);
        }
    }
    while let Some(v) = th.take_finalizable() {
        if let Some(f) = object::dunder(v, crate::types::dunder::D::del) {
            let r = object::call_special(th, f, v, &[]);
            report_unraisable(th, r, f);
        }
    }
    (th.cause, th.exception) = (cause, exc);
    th.in_finalizer = false;
}
/// Makes the argument of `sys.unraisablehook` from its five fields.
static HOOK_ARGS: AtomicUsize = AtomicUsize::new(0);
pub fn set_unraisable_args(f: fn(&mut Thread, &[Value]) -> R<Value>) { HOOK_ARGS.store(f as usize, Release) }

/// Shows and drops an error that nobody can be told of.
pub fn report_unraisable(th: &mut Thread, r: R<Value>, what: Value) {
    if r.is_ok() {
        return;
    }
    let Some(e) = th.catch_any() else { return };
    if th.py3() {
        unraisable(th, e, None, what);
    } else {
        let text = traceback::format(th, e).unwrap_or_default();
        let name = object::repr_text(th, what).unwrap_or_default();
        write_stderr(th, &format!("Exception {} in {name} ignored\n", text.lines().last().unwrap_or("")));
    }
}
/// Python 3's `sys.unraisablehook` for an exception; shows it where there is none.
pub fn unraisable(th: &mut Thread, e: Value, message: Option<&str>, what: Value) {
    let hook = builtins::sys_attr(th, "unraisablehook").unwrap_or_default().filter(|h| !h.is_none());
    let make = HOOK_ARGS.load(Acquire);
    let (Some(hook), true) = (hook, make != 0) else {
        th.catch_any();
        return show_unraisable(th, e, message, what);
    };
    // SAFETY: only `set_unraisable_args` stores there.
    let make: fn(&mut Thread, &[Value]) -> R<Value> = unsafe { std::mem::transmute(make) };
    let done = (|| {
        let text = message.map_or(Ok(Value::NONE), |m| th.native_str(m))?;
        let fields = [object::class_of(e).value(), e, traceback::of(th, e), text, what];
        let args = make(th, &fields)?;
        th.call(hook, &[args])
    })();
    if done.is_err() {
        if let Some(e) = th.catch_any() {
            show_unraisable(th, e, Some("Exception ignored in sys.unraisablehook"), hook);
        }
    }
}
/// What `sys.unraisablehook` does if no script has set another.
pub fn show_unraisable(th: &mut Thread, e: Value, message: Option<&str>, what: Value) {
    let mut s = String::new();
    if !what.is_none() {
        let name = object::repr_text(th, what).unwrap_or_else(|_| "<object repr() failed>".into());
        th.catch_any();
        s = format!("{}: {name}\n", message.unwrap_or("Exception ignored in"));
    } else if let Some(m) = message {
        s = format!("{m}:\n");
    }
    s += &traceback::format(th, e).unwrap_or_default();
    th.catch_any();
    write_stderr(th, &s);
}

// ---- errors

/// OSError (IOError in 2.7 for files) of a failed system call.
pub fn os_error(th: &mut Thread, e: &std::io::Error, file: Option<Value>) -> Unwind {
    let code = e.raw_os_error().unwrap_or(0);
    errno_error(th, code, file)
}
pub fn errno_error(th: &mut Thread, code: i32, file: Option<Value>) -> Unwind {
    let full = std::io::Error::from_raw_os_error(code).to_string();
    let msg = full.split(" (os error").next().unwrap_or("").to_string();
    let def = if th.py3() { crate::types::exc_fields::os_class(code as i64) } else { &crate::exceptions::IO_ERROR };
    match th.native_str(&msg) {
        Ok(m) => match file {
            Some(f) => th.raise_with(def, &[Value::int(code as i64), m, f]),
            None => th.raise_with(def, &[Value::int(code as i64), m]),
        },
        Err(e) => e,
    }
}

/// Writes to `sys.stderr`, or to the descriptor when that fails.
pub fn write_stderr(th: &mut Thread, s: &str) {
    let done = (|| -> R<bool> {
        let Some(f) = builtins::sys_attr(th, "stderr")? else { return Ok(false) };
        let v = th.native_str(s)?;
        th.call_method(f, "write", &[v])?;
        let flush = attr::get_str_opt(th, f, "flush")?;
        if let Some(f) = flush {
            th.call(f, &[])?;
        }
        Ok(true)
    })();
    if !matches!(done, Ok(true)) {
        th.catch_any();
        use std::io::Write;
        let _ = std::io::stderr().write_all(s.as_bytes());
    }
}

/// Writes an exception with its traceback to `sys.stderr`. In Python 3 the library's `traceback` does so (exception groups, suggestions, colours); where
/// that fails, and in 2.7, it is the text of [`traceback::format`].
pub fn show(th: &mut Thread, exc: Value) -> R<()> {
    if th.py3() && !is_deep(th, exc)? {
        let done = (|| {
            let m = crate::import::import_name(th, "traceback")?;
            let print = attr::get_str(th, m, "_print_exception_bltin")?;
            th.call(print, &[exc])?;
            match builtins::sys_attr(th, "stderr")? {
                Some(f) => th.call_method(f, "flush", &[]),
                None => Ok(Value::NONE),
            }
        })();
        match done {
            Ok(_) => return Ok(()),
            Err(e) => {
                if th.catch_any().is_none() {
                    return Err(e);
                }
            }
        }
    }
    let s = traceback::format(th, exc)?;
    write_stderr(th, &s);
    Ok(())
}

/// Whether an exception and those before it passed so many frames that the library would take seconds for what is mostly repetition.
fn is_deep(th: &mut Thread, mut exc: Value) -> R<bool> {
    let mut left = 10_000;
    while let Some(x) = exc.cast::<exception::Exception>() {
        let mut tb = traceback::of(th, exc);
        while let Some(t) = tb.cast::<traceback::Traceback>() {
            tb = t.read(th)?.next;
            left -= 1;
            if left == 0 {
                return Ok(true);
            }
        }
        let g = x.read(th)?;
        exc = if g.cause.is_ref() { g.cause } else { g.context };
        drop(g);
        left -= 1;
        if left == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Shows an exception that nobody caught, through `sys.excepthook` if a script set one.
pub fn show_uncaught(th: &mut Thread, exc: Value) {
    if let Ok(Some(hook)) = builtins::sys_attr(th, "excepthook") {
        let native = hook.is::<crate::types::native_function::Native>();
        if !native {
            let (class, tb) = (exception::class_for_exit(exc), traceback::of(th, exc));
            if th.call(hook, &[class, exc, tb]).is_ok() {
                return;
            }
            if let Some(again) = th.catch_any() {
                write_stderr(th, "Error in sys.excepthook:\n");
                if show(th, again).is_err() {
                    th.catch_any();
                }
                write_stderr(th, "\nOriginal exception was:\n");
            }
        }
    }
    th.catch_any();
    if show(th, exc).is_err() {
        th.catch_any();
        write_stderr(th, "MemoryError\n");
    }
}

/// In place of an exit status: the process should die of SIGINT, as Python 3 does when nobody caught a KeyboardInterrupt.
pub const INTERRUPTED: i32 = 0x102;

/// The exit status that an outcome asks for; shows an uncaught exception.
pub fn exit_status(th: &mut Thread, r: R<()>) -> i32 {
    if r.is_ok() {
        return 0;
    }
    let Some(exc) = th.catch_any() else { return 1 };
    if !exception::is_instance(exc, &SYSTEM_EXIT) {
        let interrupted = exception::is_instance(exc, &crate::exceptions::KEYBOARD_INTERRUPT);
        show_uncaught(th, exc);
        return if interrupted && th.py3() { INTERRUPTED } else { 1 };
    }
    let code = attr::get_str(th, exc, "code").unwrap_or(Value::NONE);
    if code.is_none() || code.is_unset() {
        return 0;
    }
    if let Some(i) = int::to_i64(code) {
        return i as i32;
    }
    if int::is_int_like(code) {
        return -1;
    }
    let s = object::str_text(th, code).unwrap_or_default();
    th.catch_any();
    write_stderr(th, &format!("{s}\n"));
    1
}

// ---- programs

/// A fresh `__main__`.
pub fn main_module(th: &mut Thread) -> R<Gc<Module>> {
    let m = module::new(th, "__main__")?;
    let d = m.frozen().dict;
    let b = builtins::the_module().value();
    dict::set(th, d, n(N::__builtins__), b)?;
    let mods = crate::import::modules();
    dict::set_str(th, mods, "__main__", m.value())?;
    Ok(m)
}

/// Runs source text as `__main__`.
pub fn run_source(th: &mut Thread, source: &[u8], kind: SourceKind, filename: &str, file_attr: bool) -> R<()> {
    let m = main_module(th)?;
    let d = m.frozen().dict;
    if file_attr {
        let f = th.native_str(filename)?;
        dict::set(th, d, n(N::__file__), f)?;
        if th.py3() {
            dict::set(th, d, n(N::__cached__), Value::NONE)?;
        }
    }
    run_in(th, d, source, kind, filename)
}
/// Runs source text in a module's namespace.
pub(crate) fn run_in(th: &mut Thread, d: Gc<Dict>, source: &[u8], kind: SourceKind, filename: &str) -> R<()> {
    let code = builtins::compile_text(th, source, kind, filename, Mode::Exec, false, FutureFlags::default(), optimize())?;
    crate::interp::enter::run_in(th, code, d)
}

/// Runs `__main__` of the first entry of the search path, which is a file that a path hook knows.
pub fn run_main_of_path(th: &mut Thread) -> R<()> {
    main_module(th)?;
    let runpy = crate::import::import_name(th, "runpy")?;
    let f = attr::get_str(th, runpy, "_run_module_as_main")?;
    let name = th.native_str("__main__")?;
    th.call(f, &[name, Value::FALSE])?;
    Ok(())
}

/// Puts a directory in front of `sys.path`.
pub fn add_path(th: &mut Thread, dir: &str, front: bool) -> R<()> {
    let v = th.native_str(dir)?;
    let p = crate::import::path();
    if front {
        th.call_method(p.value(), "insert", &[Value::int(0), v])?;
        return Ok(());
    }
    list::append(th, p, v)
}

/// Things to do before the process ends: waiting for threads, `atexit`, flushing; whether the standard streams could be flushed.
pub fn finish(th: &mut Thread) -> bool {
    let mods = crate::import::modules();
    if let Ok(Some(t)) = dict::get_str(th, mods, "threading") {
        if let Ok(Some(f)) = attr::get_str_opt(th, t, "_shutdown") {
            let r = th.call(f, &[]);
            report_unraisable(th, r, f);
        }
    }
    th.catch_any();
    // 2.7's `atexit` is what `sys.exitfunc` calls.
    if let (true, Ok(Some(a))) = (th.py3(), dict::get_str(th, mods, "atexit")) {
        if let Ok(Some(f)) = attr::get_str_opt(th, a, "_run_exitfuncs") {
            let r = th.call(f, &[]);
            report_unraisable(th, r, f);
        }
    }
    th.catch_any();
    if let Ok(Some(f)) = builtins::sys_attr(th, "exitfunc") {
        if th.call(f, &[]).is_err() {
            if let Some(e) = th.catch_any() {
                write_stderr(th, "Error in sys.exitfunc:\n");
                show_uncaught(th, e);
            }
        }
    }
    flush_streams(th)
}
/// Flushes standard output before something else is written to its file; errors are found when the program ends.
pub fn flush_output(th: &mut Thread) {
    if let Ok(Some(f)) = builtins::sys_attr(th, "stdout") {
        let _ = th.call_method(f, "flush", &[]);
    }
    th.catch_any();
}
/// Flushes the standard streams; whether that worked. Python 3 reports what keeps standard output from it.
fn flush_streams(th: &mut Thread) -> bool {
    let mut fine = true;
    for name in ["stdout", "stderr"] {
        let Ok(Some(f)) = builtins::sys_attr(th, name) else { continue };
        let closed = attr::get_str_opt(th, f, "closed").and_then(|c| c.map_or(Ok(false), |c| object::is_true(th, c)));
        th.catch_any();
        if matches!(closed, Ok(true)) {
            continue;
        }
        let r = th.call_method(f, "flush", &[]);
        if r.is_err() {
            fine = false;
            if name == "stdout" && th.py3() {
                report_unraisable(th, r, f);
            }
            th.catch_any();
        }
    }
    fine
}

/// `-m name`: runs a module of `sys.path` as `__main__`.
pub fn run_module(th: &mut Thread, name: &str) -> R<()> {
    main_module(th)?;
    let runpy = crate::import::import_name(th, "runpy")?;
    let f = attr::get_str(th, runpy, "_run_module_as_main")?;
    let name = th.native_str(name)?;
    th.call(f, &[name])?;
    Ok(())
}
