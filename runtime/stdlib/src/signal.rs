//! `_signal` (3) and `signal` (2). A handler of the system sets a flag and asks the main thread to poll; scripts' handlers run there.

use crate::support::{self, Root, errno, os_error, os_error_code, syscall};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering::*};
use txpy_vm::exceptions::KEYBOARD_INTERRUPT;
use txpy_vm::interp::frame::Frame;
use txpy_vm::object;
use txpy_vm::types::{float, int, list, module, set, traceback};
use txpy_vm::{Args, Gc, Lang, ModuleDef, NativeDef, R, Thread, Value, natives, runtime};

pub static MODULE3: ModuleDef = ModuleDef { name: "_signal", doc: "Signals.", functions: FUNCTIONS, types: &[], init: Some(init), lang: Lang::Py3 };
pub static MODULE2: ModuleDef = ModuleDef { name: "signal", doc: "Signals.", functions: FUNCTIONS, types: &[], init: Some(init), lang: Lang::Py2 };

static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "signal(signalnum, handler, /)" = signal, "Set the handler of a signal.";
    "getsignal(signalnum, /)" = getsignal, "Handler of a signal.";
    "default_int_handler(signalnum, frame, /)" = |th, _| Err(th.raise_with(&KEYBOARD_INTERRUPT, &[])), "Raise KeyboardInterrupt.";
    #[io] "alarm(seconds, /)" = alarm, "Send SIGALRM after some seconds.";
    #[io] "setitimer(which, seconds, interval=0.0, /)" = setitimer, "Set an interval timer.";
    "getitimer(which, /)" = getitimer, "Value of an interval timer.";
    #[io] "pause()" = pause, "Wait for a signal.";
    #[io] "siginterrupt(signalnum, flag, /)" = siginterrupt, "Whether system calls are interrupted.";
    #[io] "set_wakeup_fd(fd, *, warn_on_full_buffer=True)" = set_wakeup_fd, "Descriptor that signals are written to.";
    #[py3, io] "raise_signal(signalnum, /)" = raise_signal, "Send a signal to this process.";
    #[py3] "strsignal(signalnum, /)" = strsignal, "Description of a signal.";
    #[py3] "valid_signals()" = valid_signals, "All signals.";
    #[py3, io] "pthread_kill(thread_id, signalnum, /)" = pthread_kill, "Send a signal to a thread.";
    #[py3, io] "pthread_sigmask(how, mask, /)" = pthread_sigmask, "Change the signal mask of this thread.";
    #[py3] "sigpending()" = sigpending, "Signals that wait to be delivered.";
    #[io, py3] "sigwait(sigset, /)" = sigwait, "Wait for one of the signals.";
};
/// One more than the largest signal number.
pub const COUNT: usize = 65;
static FLAGS: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
static WAKEUP: AtomicI32 = AtomicI32::new(-1);
/// List of handlers by number.
static HANDLERS: Root = Root::new();
const DFL: i64 = 0;
const IGN: i64 = 1;

/// Marks a signal as arrived. Safe in a signal handler.
pub fn trip(n: i32) {
    if let Some(f) = FLAGS.get(n as usize) {
        f.store(true, Release);
        runtime::request_poll();
        let fd = WAKEUP.load(Relaxed);
        if fd >= 0 {
            let b = n as u8;
            // SAFETY: one byte; errno is restored.
            unsafe {
                let e = support::errno_place();
                let old = *e;
                libc::write(fd, (&raw const b).cast(), 1);
                *e = old;
            }
        }
    }
}
/// The thread that handles signals: one that waits in a call of the system has to be interrupted itself.
static MAIN: AtomicU64 = AtomicU64::new(0);
extern "C" fn arrived(n: libc::c_int) {
    // SAFETY: both calls are allowed in a signal handler; the main thread outlives the others.
    unsafe {
        let main = MAIN.load(Relaxed);
        if main != 0 && libc::pthread_self() as u64 != main {
            libc::pthread_kill(main as libc::pthread_t, n);
            return;
        }
    }
    trip(n)
}

/// Runs handlers of signals that arrived, if this is the main thread.
pub fn check(th: &mut Thread) -> R<()> { runtime::run_poll_hook(th) }
fn run_pending(th: &mut Thread) -> R<()> {
    for n in 1..COUNT {
        if FLAGS[n].load(Relaxed) && FLAGS[n].swap(false, AcqRel) {
            let h = handler(th, n)?;
            if int::is_int_like(h) || h.is_none() {
                continue;
            }
            let frame = match Frame::innermost(th) {
                Some(f) => traceback::frame_chain(th, f)?.value(),
                None => Value::NONE,
            };
            let r = th.call(h, &[Value::int(n as i64), frame]);
            if r.is_err() {
                // Others that arrived meanwhile come at the next poll.
                if FLAGS.iter().any(|f| f.load(Relaxed)) {
                    runtime::request_poll();
                }
                return r.map(|_| ());
            }
        }
    }
    Ok(())
}
fn table(th: &mut Thread) -> R<Gc<list::List>> {
    let l = HANDLERS.get_or(th, |th| {
        let l = list::with_capacity(th, COUNT)?;
        for n in 0..COUNT as i32 {
            let v = if n == 0 { Value::NONE } else { Value::int(system_state(n)) };
            list::append(th, l, v)?;
        }
        Ok(l.value())
    })?;
    Ok(l.cast().expect("a list"))
}
/// SIG_DFL or SIG_IGN as the process inherited it.
fn system_state(n: i32) -> i64 {
    // SAFETY: sigaction fills in the struct.
    unsafe {
        let mut sa: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(n, std::ptr::null(), &mut sa) == 0 && sa.sa_sigaction == libc::SIG_IGN { IGN } else { DFL }
    }
}
fn handler(th: &mut Thread, n: usize) -> R<Value> {
    let l = table(th)?;
    Ok(list::get(th, l, n)?.unwrap_or(Value::NONE))
}
fn install(n: i32, how: libc::sighandler_t) -> i32 {
    // SAFETY: the handler only stores to atomics.
    unsafe {
        let mut sa: libc::sigaction = std::mem::zeroed();
        sa.sa_sigaction = how;
        libc::sigemptyset(&mut sa.sa_mask);
        sa.sa_flags = libc::SA_ONSTACK;
        if libc::sigaction(n, &sa, std::ptr::null_mut()) < 0 { errno() } else { 0 }
    }
}
/// Keeps signals away from the calling thread: the process's first thread, which only waits for the one that runs the program. So a
/// signal that a script sends to its own process has arrived when the call returns.
pub fn leave_to_others() {
    // SAFETY: the set is ours.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());
    }
}
/// Ends the process as SIGINT's default action does, so that a shell sees what happened.
pub fn die_of_interrupt() {
    // SAFETY: plain system calls; the set is ours.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        let mut one: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut one, libc::SIGINT);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &one, std::ptr::null_mut());
        libc::raise(libc::SIGINT);
    }
}
/// The only thread that a fork left handles signals.
pub fn after_fork(th: &Thread) { MAIN.store(crate::thread::ident(th), Relaxed) }
/// What the process does with signals at start: SIGPIPE is an error of the call, SIGINT raises KeyboardInterrupt. Called once.
pub fn start(th: &mut Thread) -> R<()> {
    runtime::set_poll_hook(run_pending);
    MAIN.store(crate::thread::ident(th), Relaxed);
    table(th)?;
    install(libc::SIGPIPE, libc::SIG_IGN);
    install(libc::SIGXFSZ, libc::SIG_IGN);
    if system_state(libc::SIGINT) == DFL {
        let name = if th.py3() { "_signal" } else { "signal" };
        let m = txpy_vm::import::import_name(th, name)?;
        let f = object::attr::get_str(th, m, "default_int_handler")?;
        set_handler(th, libc::SIGINT, f)?;
        install(libc::SIGINT, arrived as *const () as libc::sighandler_t);
    }
    let l = table(th)?;
    for n in [libc::SIGPIPE, libc::SIGXFSZ] {
        object::item::set(th, l.value(), Value::int(n as i64), Value::int(IGN))?;
    }
    Ok(())
}
fn set_handler(th: &mut Thread, n: i32, f: Value) -> R<()> {
    let l = table(th)?;
    object::item::set(th, l.value(), Value::int(n as i64), f)
}
fn number(th: &mut Thread, v: Value) -> R<i32> {
    let n = int::arg_i32(th, v)?;
    if (1..COUNT as i32).contains(&n) { Ok(n) } else { Err(th.value_error("signal number out of range")) }
}
fn signal(th: &mut Thread, a: Args) -> R<Value> {
    let n = number(th, a.get(0))?;
    if !th.is_main() {
        return Err(th.value_error(if th.py3() { "signal only works in main thread of the main interpreter" } else { "signal only works in main thread" }));
    }
    let h = a.get(1);
    let how = if int::is_int_like(h) {
        match int::to_i64(h) {
            Some(DFL) => libc::SIG_DFL,
            Some(IGN) => libc::SIG_IGN,
            _ => return Err(bad_handler(th)),
        }
    } else if h.is_ref() && (object::dunder(h, txpy_vm::types::dunder::D::call).is_some() || matches!(h.kind(), Some(txpy_vm::kinds::FUNCTION | txpy_vm::kinds::NATIVE | txpy_vm::kinds::BOUND | txpy_vm::kinds::TYPE))) {
        arrived as *const () as libc::sighandler_t
    } else {
        return Err(bad_handler(th));
    };
    check(th)?;
    let e = install(n, how);
    if e != 0 {
        return Err(if th.py3() { os_error_code(th, e) } else { th.runtime_error(support::strerror(e)) });
    }
    let old = handler(th, n as usize)?;
    let h = if int::is_int_like(h) { Value::int(int::to_i64(h).unwrap_or(0)) } else { h };
    set_handler(th, n, h)?;
    Ok(old)
}
fn bad_handler(th: &mut Thread) -> txpy_vm::Unwind { th.type_error(if th.py3() { "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object" } else { "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object" }) }
fn getsignal(th: &mut Thread, a: Args) -> R<Value> {
    let n = number(th, a.get(0))?;
    handler(th, n as usize)
}
fn alarm(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::arg_i32(th, a.get(0))?;
    // SAFETY: a plain call.
    Ok(Value::int(unsafe { libc::alarm(n.max(0) as u32) } as i64))
}
fn timeval(f: f64) -> libc::timeval { libc::timeval { tv_sec: f.trunc() as libc::time_t, tv_usec: (f.fract() * 1e6).round() as _ } }
fn seconds(t: libc::timeval) -> f64 { t.tv_sec as f64 + t.tv_usec as f64 * 1e-6 }
fn timer_pair(th: &mut Thread, t: libc::itimerval) -> R<Value> {
    let (v, i) = (support::float(th, seconds(t.it_value))?, support::float(th, seconds(t.it_interval))?);
    th.new_tuple(&[v, i])
}
// SAFETY: declared as in <sys/time.h>.
unsafe extern "C" {
    #[link_name = "setitimer"]
    fn c_setitimer(which: libc::c_int, new: *const libc::itimerval, old: *mut libc::itimerval) -> libc::c_int;
    #[link_name = "getitimer"]
    fn c_getitimer(which: libc::c_int, now: *mut libc::itimerval) -> libc::c_int;
}
fn setitimer(th: &mut Thread, a: Args) -> R<Value> {
    let which = int::arg_i32(th, a.get(0))?;
    let value = float::as_f64(th, a.get(1))?;
    let interval = match a.opt(2) {
        Some(i) => float::as_f64(th, i)?,
        None => 0.0,
    };
    let new = libc::itimerval { it_value: timeval(value), it_interval: timeval(interval) };
    let mut old = libc::itimerval { it_value: timeval(0.0), it_interval: timeval(0.0) };
    // SAFETY: both structs are ours.
    if unsafe { c_setitimer(which, &new, &mut old) } < 0 {
        return Err(os_error(th));
    }
    timer_pair(th, old)
}
fn getitimer(th: &mut Thread, a: Args) -> R<Value> {
    let which = int::arg_i32(th, a.get(0))?;
    let mut now = libc::itimerval { it_value: timeval(0.0), it_interval: timeval(0.0) };
    // SAFETY: the struct is ours.
    if unsafe { c_getitimer(which, &mut now) } < 0 {
        return Err(os_error(th));
    }
    timer_pair(th, now)
}
fn pause(th: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: a plain call.
    th.blocking(|| unsafe { libc::pause() });
    check(th)?;
    Ok(Value::NONE)
}
fn siginterrupt(th: &mut Thread, a: Args) -> R<Value> {
    let n = number(th, a.get(0))?;
    let flag = int::arg_i32(th, a.get(1))?;
    // SAFETY: sigaction on structs of ours.
    unsafe {
        let mut sa: libc::sigaction = std::mem::zeroed();
        libc::sigaction(n, std::ptr::null(), &mut sa);
        if flag == 0 { sa.sa_flags |= libc::SA_RESTART } else { sa.sa_flags &= !libc::SA_RESTART }
        if libc::sigaction(n, &sa, std::ptr::null_mut()) < 0 {
            return Err(os_error(th));
        }
    }
    Ok(Value::NONE)
}
fn set_wakeup_fd(th: &mut Thread, a: Args) -> R<Value> {
    let fd = int::arg_i32(th, a.get(0))?;
    if !th.is_main() {
        return Err(th.value_error("set_wakeup_fd only works in main thread of the main interpreter"));
    }
    Ok(Value::int(WAKEUP.swap(fd, Relaxed) as i64))
}
fn raise_signal(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::arg_i32(th, a.get(0))?;
    // SAFETY: a plain call.
    if th.blocking(|| unsafe { libc::raise(n) }) != 0 {
        return Err(os_error(th));
    }
    check(th)?;
    Ok(Value::NONE)
}
fn strsignal(th: &mut Thread, a: Args) -> R<Value> {
    let n = number(th, a.get(0))?;
    // SAFETY: the text is copied at once.
    let s = unsafe {
        let p = libc::strsignal(n);
        if p.is_null() { None } else { Some(std::ffi::CStr::from_ptr(p).to_string_lossy().into_owned()) }
    };
    match s.filter(|s| !s.starts_with("Unknown signal")) {
        Some(s) => th.native_str(&s),
        None => Ok(Value::NONE),
    }
}
fn numbers(th: &mut Thread, holds: impl Fn(i32) -> bool) -> R<Value> {
    let s = set::new(th)?;
    for n in 1..COUNT as i32 {
        if n != 32 && n != 33 && holds(n) {
            set::add(th, s, Value::int(n as i64))?;
        }
    }
    Ok(s.value())
}
fn valid_signals(th: &mut Thread, _: Args) -> R<Value> { numbers(th, |_| true) }
fn pthread_kill(th: &mut Thread, a: Args) -> R<Value> {
    let id = int::arg_u64(th, a.get(0))?;
    let n = int::arg_i32(th, a.get(1))?;
    // SAFETY: the caller names a living thread, as with CPython.
    let e = unsafe { libc::pthread_kill(id as libc::pthread_t, n) };
    if e != 0 {
        return Err(os_error_code(th, e));
    }
    check(th)?;
    Ok(Value::NONE)
}
fn sigset(th: &mut Thread, v: Value) -> R<libc::sigset_t> {
    // SAFETY: emptied before use.
    let mut s: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: ours.
    unsafe { libc::sigemptyset(&mut s) };
    object::iter::for_each(th, v, |th, x| {
        let n = number(th, x)?;
        // SAFETY: a valid number.
        unsafe { libc::sigaddset(&mut s, n) };
        Ok(())
    })?;
    Ok(s)
}
fn members(th: &mut Thread, s: libc::sigset_t) -> R<Value> {
    // SAFETY: a query on a set of ours.
    numbers(th, |n| unsafe { libc::sigismember(&s, n) } == 1)
}
fn pthread_sigmask(th: &mut Thread, a: Args) -> R<Value> {
    let how = int::arg_i32(th, a.get(0))?;
    let new = sigset(th, a.get(1))?;
    // SAFETY: both sets are ours.
    let (e, old) = unsafe {
        let mut old: libc::sigset_t = std::mem::zeroed();
        (libc::pthread_sigmask(how, &new, &mut old), old)
    };
    if e != 0 {
        return Err(os_error_code(th, e));
    }
    check(th)?;
    members(th, old)
}
fn sigpending(th: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: the set is ours.
    let s = unsafe {
        let mut s: libc::sigset_t = std::mem::zeroed();
        libc::sigpending(&mut s);
        s
    };
    members(th, s)
}
fn sigwait(th: &mut Thread, a: Args) -> R<Value> {
    let s = sigset(th, a.get(0))?;
    let mut n = 0;
    // SAFETY: the set is ours.
    match syscall(th, || unsafe { libc::sigwait(&s, &mut n) } as isize)? {
        Ok(0) => Ok(Value::int(n as i64)),
        Ok(e) => Err(os_error_code(th, e as i32)),
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    support::constants(th, m, &[
        ("SIG_DFL", DFL), ("SIG_IGN", IGN), ("NSIG", COUNT as i64), ("SIGHUP", libc::SIGHUP as i64), ("SIGINT", libc::SIGINT as i64),
        ("SIGQUIT", libc::SIGQUIT as i64), ("SIGILL", libc::SIGILL as i64), ("SIGTRAP", libc::SIGTRAP as i64), ("SIGABRT", libc::SIGABRT as i64),
        ("SIGBUS", libc::SIGBUS as i64), ("SIGFPE", libc::SIGFPE as i64), ("SIGKILL", libc::SIGKILL as i64), ("SIGUSR1", libc::SIGUSR1 as i64),
        ("SIGSEGV", libc::SIGSEGV as i64), ("SIGUSR2", libc::SIGUSR2 as i64), ("SIGPIPE", libc::SIGPIPE as i64), ("SIGALRM", libc::SIGALRM as i64),
        ("SIGTERM", libc::SIGTERM as i64), ("SIGCHLD", libc::SIGCHLD as i64), ("SIGCONT", libc::SIGCONT as i64), ("SIGSTOP", libc::SIGSTOP as i64),
        ("SIGTSTP", libc::SIGTSTP as i64), ("SIGTTIN", libc::SIGTTIN as i64), ("SIGTTOU", libc::SIGTTOU as i64), ("SIGURG", libc::SIGURG as i64),
        ("SIGXCPU", libc::SIGXCPU as i64), ("SIGXFSZ", libc::SIGXFSZ as i64), ("SIGVTALRM", libc::SIGVTALRM as i64), ("SIGPROF", libc::SIGPROF as i64),
        ("SIGWINCH", libc::SIGWINCH as i64), ("SIGIO", libc::SIGIO as i64), ("SIGSYS", libc::SIGSYS as i64), ("ITIMER_REAL", 0), ("ITIMER_VIRTUAL", 1),
        ("ITIMER_PROF", 2),
    ])?;
    #[cfg(target_os = "linux")]
    support::constants(th, m, &[("SIGPOLL", libc::SIGPOLL as i64), ("SIGPWR", libc::SIGPWR as i64), ("SIGSTKFLT", libc::SIGSTKFLT as i64), ("SIGRTMIN", 34), ("SIGRTMAX", 64), ("SIGCLD", libc::SIGCHLD as i64), ("SIGIOT", libc::SIGABRT as i64)])?;
    if th.py3() {
        support::constants(th, m, &[("SIG_BLOCK", libc::SIG_BLOCK as i64), ("SIG_UNBLOCK", libc::SIG_UNBLOCK as i64), ("SIG_SETMASK", libc::SIG_SETMASK as i64)])?;
        module::set(th, m, "ItimerError", txpy_vm::exceptions::OS_ERROR.value())?;
    } else {
        module::set(th, m, "ItimerError", txpy_vm::exceptions::IO_ERROR.value())?;
    }
    Ok(())
}
