//! Processes: fork, exec, wait, kill, times.

use super::at_fork::{self, When};
use super::spawn::{CStrings, env_strings};
use crate::imp;
use crate::io::file2;
use crate::struct_seq;
use crate::structseq;
use crate::support::{self, float, os_error, os_error_code, os_error_file, syscall};
use txpy_vm::types::{int as ints, module, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives, runtime};

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "fork()" = fork, "Create a process like this one.";
    #[io] "execv(path, argv, /)" = execv, "Replace this process by a program.";
    #[io] "execve(path, argv, env)" = execve, "Replace this process by a program with an environment.";
    #[io] "_exit(status)" = exit, "End the process at once.";
    #[io] "abort()" = |_, _| std::process::abort(), "Abort the process.";
    #[io] "wait()" = |th, _| wait(th, -1, 0), "Wait for a child.";
    #[io] "waitpid(pid, options, /)" = waitpid, "Wait for a child.";
    #[io] "wait3(options)" = wait3, "Wait for a child and its resources.";
    #[io] "wait4(pid, options)" = wait4, "Wait for a child and its resources.";
    #[io] "kill(pid, signal, /)" = kill, "Send a signal to a process.";
    #[io] "killpg(pgid, signal, /)" = killpg, "Send a signal to a process group.";
    #[io] "system(command)" = system, "Run a command of the shell.";
    #[io] "nice(increment, /)" = nice, "Change the priority.";
    "times()" = times, "Times of the process.";
    "sched_yield()" = sched_yield, "Let other threads run.";
    // SAFETY: of these six: plain numbers.
    #[io] "setsid()" = |th, _| plain(th, unsafe { libc::setsid() }), "Start a session.";
    #[io] "getsid(pid, /)" = |th, a| { let p = ints::arg_i32(th, a.get(0))?; value(th, unsafe { libc::getsid(p) }) }, "Session of a process.";
    #[io] "getpgid(pid)" = |th, a| { let p = ints::arg_i32(th, a.get(0))?; value(th, unsafe { libc::getpgid(p) }) }, "Group of a process.";
    #[io] "setpgid(pid, pgrp, /)" = |th, a| { let (p, g) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?); plain(th, unsafe { libc::setpgid(p, g) }) }, "Set the group of a process.";
    #[io] "setuid(uid, /)" = |th, a| { let u = ints::arg_u32(th, a.get(0))?; plain(th, unsafe { libc::setuid(u) }) }, "Set the user.";
    #[io] "setgid(gid, /)" = |th, a| { let u = ints::arg_u32(th, a.get(0))?; plain(th, unsafe { libc::setgid(u) }) }, "Set the group.";
    "WIFEXITED(status)" = |th, a| status(th, a, |s| Value::from_bool(libc::WIFEXITED(s))), "Whether the process exited.";
    "WEXITSTATUS(status)" = |th, a| status(th, a, |s| Value::int(libc::WEXITSTATUS(s) as i64)), "Its exit status.";
    "WIFSIGNALED(status)" = |th, a| status(th, a, |s| Value::from_bool(libc::WIFSIGNALED(s))), "Whether a signal ended the process.";
    "WTERMSIG(status)" = |th, a| status(th, a, |s| Value::int(libc::WTERMSIG(s) as i64)), "That signal.";
    "WIFSTOPPED(status)" = |th, a| status(th, a, |s| Value::from_bool(libc::WIFSTOPPED(s))), "Whether the process was stopped.";
    "WSTOPSIG(status)" = |th, a| status(th, a, |s| Value::int(libc::WSTOPSIG(s) as i64)), "The signal that stopped it.";
    "WIFCONTINUED(status)" = |th, a| status(th, a, |s| Value::from_bool(libc::WIFCONTINUED(s))), "Whether the process goes on.";
    "WCOREDUMP(status)" = |th, a| status(th, a, |s| Value::from_bool(libc::WCOREDUMP(s))), "Whether it left a core.";
    #[py3] "waitstatus_to_exitcode(status)" = exitcode, "Exit code of a wait status.";
    #[io, py2] "popen(command, mode='r', bufsize=-1, /)" = popen, "A pipe to a command.";
    #[py3] "register_at_fork(*, before=None, after_in_child=None, after_in_parent=None)" = at_fork::register, "Functions to call at fork.";
    "ctermid()" = |th, _| th.native_str("/dev/tty"), "Name of the controlling terminal.";
};
struct_seq! { pub static TIMES: "posix", "times_result", "Times of a process." { "user" 0, "system" 1, "children_user" 2, "children_system" 3, "elapsed" 4 } }

pub fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    if th.py3() {
        let t = type_::make_native(th, &TIMES)?;
        module::set(th, m, "times_result", t.value())?;
    }
    Ok(())
}
/// What a call of the system without a result gave.
pub fn plain(th: &mut Thread, r: i32) -> R<Value> { if r < 0 { Err(os_error(th)) } else { Ok(Value::NONE) } }
/// The number that a call of the system gave.
pub fn value(th: &mut Thread, r: i32) -> R<Value> { if r < 0 { Err(os_error(th)) } else { Ok(Value::int(r as i64)) } }
fn status(th: &mut Thread, a: Args, f: fn(i32) -> Value) -> R<Value> { Ok(f(ints::arg_i32(th, a.get(0))?)) }

fn fork(th: &mut Thread, _: Args) -> R<Value> {
    let several = crate::thread::start::others_run(th);
    at_fork::run(th, When::Before);
    // Not while another thread imports. The child's thread is this one, and has the lock as well.
    if let Err(e) = imp::take_lock(th) {
        at_fork::run(th, When::AfterInParent);
        return Err(e);
    }
    let pid = th.fork();
    let errno = support::errno();
    if pid == 0 {
        imp::free_lock(th);
        at_fork::in_child(th)?;
        return Ok(Value::int(0));
    }
    imp::free_lock(th);
    if several && th.py3() {
        let text = format!("This process (pid={}) is multi-threaded, use of fork() may lead to deadlocks in the child.", std::process::id());
        // What the warning's filters make of it must not hide the child.
        let r = txpy_vm::warn::warn(th, &txpy_vm::exceptions::DEPRECATION_WARNING, &text);
        runtime::report_unraisable(th, r.map(|()| Value::NONE), Value::NONE);
    }
    at_fork::run(th, When::AfterInParent);
    if pid < 0 { Err(os_error_code(th, errno)) } else { Ok(Value::int(pid as i64)) }
}
fn exec(th: &mut Thread, path: Value, argv: Value, env: Option<Value>, name: &str) -> R<Value> {
    let p = support::path(th, path, name, false, false)?;
    let args = CStrings::of(th, argv, name)?;
    let what = match (name, th.py3()) {
        ("execve", true) => Some("execve: argv"),
        ("execve", false) => None,
        _ => Some("execv() arg 2"),
    };
    if let Some(what) = what {
        if args.is_empty() {
            return Err(th.value_error(format!("{what} must not be empty")));
        }
        if th.py3() && args.starts_empty() {
            return Err(th.value_error(format!("{what} first element cannot be empty")));
        }
    }
    let c = p.c();
    let env = match env {
        Some(e) => Some(env_strings(th, e)?),
        None => None,
    };
    crate::io::textio::flush_all(th);
    let argv = args.pointers();
    let envp = env.as_ref().map(|e| e.pointers());
    // SAFETY: arrays of texts that end with zero, ended by null.
    unsafe {
        match &envp {
            Some(e) => libc::execve(c.as_ptr(), argv.as_ptr(), e.as_ptr()),
            None => libc::execv(c.as_ptr(), argv.as_ptr()),
        }
    };
    let e = support::errno();
    Err(if th.py3() { os_error_file(th, e, p.given) } else { os_error_code(th, e) })
}
fn execv(th: &mut Thread, a: Args) -> R<Value> { exec(th, a.get(0), a.get(1), None, "execv") }
fn execve(th: &mut Thread, a: Args) -> R<Value> { exec(th, a.get(0), a.get(1), Some(a.get(2)), "execve") }
fn exit(th: &mut Thread, a: Args) -> R<Value> {
    let n = ints::arg_i32(th, a.get(0))?;
    // SAFETY: ends the process.
    unsafe { libc::_exit(n) }
}
fn wait(th: &mut Thread, pid: i32, options: i32) -> R<Value> {
    let mut st = 0;
    // SAFETY: the status is ours.
    match syscall(th, || unsafe { libc::waitpid(pid, &mut st, options) } as isize)? {
        Ok(p) => th.new_tuple(&[Value::int(p as i64), Value::int(st as i64)]),
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn waitpid(th: &mut Thread, a: Args) -> R<Value> {
    let (p, o) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?);
    wait(th, p, o)
}
fn wait_usage(th: &mut Thread, pid: i32, options: i32) -> R<Value> {
    let mut st = 0;
    // SAFETY: filled in by the call.
    let mut ru: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both results are ours.
    match syscall(th, || unsafe { libc::wait4(pid, &mut st, options, &mut ru) } as isize)? {
        Ok(p) => {
            let u = crate::resource::usage(th, &ru)?;
            th.new_tuple(&[Value::int(p as i64), Value::int(st as i64), u])
        }
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn wait3(th: &mut Thread, a: Args) -> R<Value> {
    let o = ints::arg_i32(th, a.get(0))?;
    wait_usage(th, -1, o)
}
fn wait4(th: &mut Thread, a: Args) -> R<Value> {
    let (p, o) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?);
    wait_usage(th, p, o)
}
fn kill(th: &mut Thread, a: Args) -> R<Value> {
    let (p, s) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?);
    // SAFETY: a plain call.
    let r = unsafe { libc::kill(p, s) };
    if r < 0 {
        return Err(os_error(th));
    }
    crate::signal::check(th)?;
    Ok(Value::NONE)
}
fn killpg(th: &mut Thread, a: Args) -> R<Value> {
    let (p, s) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?);
    // SAFETY: a plain call.
    plain(th, unsafe { libc::killpg(p, s) })
}
fn system(th: &mut Thread, a: Args) -> R<Value> {
    crate::io::textio::flush_dropped(th)?;
    let p = support::path(th, a.get(0), "system", false, false)?;
    let c = p.c();
    // SAFETY: a text that ends with zero.
    Ok(Value::int(th.blocking(|| unsafe { libc::system(c.as_ptr()) }) as i64))
}
fn nice(th: &mut Thread, a: Args) -> R<Value> {
    let n = ints::arg_i32(th, a.get(0))?;
    // SAFETY: a plain call.
    Ok(Value::int(unsafe { libc::nice(n) } as i64))
}
fn times(th: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: the call fills in the struct.
    let (t, elapsed, hz) = unsafe {
        let mut t: libc::tms = std::mem::zeroed();
        let e = libc::times(&mut t);
        (t, e, libc::sysconf(libc::_SC_CLK_TCK) as f64)
    };
    let mut items = [Value::NONE; 5];
    for (to, x) in items.iter_mut().zip([t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime, elapsed]) {
        *to = float(th, x as f64 / hz)?;
    }
    if th.py3() { structseq::new(th, &TIMES, &items, &[]) } else { th.new_tuple(&items) }
}
fn sched_yield(th: &mut Thread, _: Args) -> R<Value> {
    th.blocking(std::thread::yield_now);
    Ok(Value::NONE)
}
fn exitcode(th: &mut Thread, a: Args) -> R<Value> {
    let s = ints::arg_i32(th, a.get(0))?;
    if libc::WIFEXITED(s) {
        return Ok(Value::int(libc::WEXITSTATUS(s) as i64));
    }
    if libc::WIFSIGNALED(s) {
        return Ok(Value::int(-(libc::WTERMSIG(s) as i64)));
    }
    Err(th.value_error(if libc::WIFSTOPPED(s) { format!("process stopped by delivery of signal {}", libc::WSTOPSIG(s)) } else { format!("invalid wait status: {s}") }))
}
fn popen(th: &mut Thread, a: Args) -> R<Value> {
    crate::io::textio::flush_dropped(th)?;
    let command = support::path(th, a.get(0), "popen", false, false)?.c();
    let mode = match a.opt(1) {
        Some(m) => support::str_arg(th, m, "popen", "2")?,
        None => "r".to_string(),
    };
    let writing = mode.starts_with('w');
    let (sh, minus) = (c"/bin/sh", c"-c");
    let argv = [sh.as_ptr(), minus.as_ptr(), command.as_ptr(), std::ptr::null()];
    let mut fds = [0; 2];
    // SAFETY: everything that the child uses is ready before the fork; it only dups and execs.
    let (pid, ours) = unsafe {
        if libc::pipe(fds.as_mut_ptr()) < 0 {
            return Err(os_error(th));
        }
        let (ours, theirs) = if writing { (fds[1], fds[0]) } else { (fds[0], fds[1]) };
        libc::fcntl(ours, libc::F_SETFD, libc::FD_CLOEXEC);
        let pid = libc::fork();
        if pid == 0 {
            libc::dup2(theirs, if writing { 0 } else { 1 });
            libc::close(theirs);
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            libc::execv(sh.as_ptr(), argv.as_ptr());
            libc::_exit(127);
        }
        libc::close(theirs);
        (pid, ours)
    };
    if pid < 0 {
        return Err(os_error(th));
    }
    let f = file2::of_fd(th, ours, a.get(0), &mode, -1)?;
    file2::set_pid(th, f, pid)?;
    Ok(f)
}
