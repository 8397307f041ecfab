//! `_posixsubprocess.fork_exec`: starts a program. All that the child needs is made before the fork; between fork and exec it calls the
//! system only, so that it does not matter which locks other threads hold.

use super::at_fork::{self, When};
use crate::support::{self, errno, os_error_code};
use std::ffi::CString;
use txpy_vm::object;
use txpy_vm::types::{dict, int as ints, text, tuple};
use txpy_vm::{Args, Gc, Lang, ModuleDef, NativeDef, R, Thread, Value, natives};

pub static MODULE: ModuleDef = ModuleDef { name: "_posixsubprocess", doc: "Starting programs.", functions: FUNCTIONS, types: &[], init: None, lang: Lang::Both };
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "fork_exec(*args)" = fork_exec, "Start a program; its process number.";
};

/// Texts that end with zero, for the system.
pub struct CStrings(Vec<CString>);
impl CStrings {
    pub fn of(th: &mut Thread, v: Value, name: &str) -> R<CStrings> {
        if v.is_none() || text::is_string(th, v) {
            return Err(th.type_error(format!("{name}() arg 2 must be a tuple or list")));
        }
        let all = object::iter::to_tuple(th, v)?;
        let mut out = Vec::new();
        for x in tuple::items(all).unwrap_or(&[]) {
            let p = support::path(th, *x, name, false, false)?;
            out.push(p.c());
        }
        Ok(CStrings(out))
    }
    pub fn is_empty(&self) -> bool { self.0.is_empty() }
    /// Whether the first text is empty.
    pub fn starts_empty(&self) -> bool { self.0.first().is_some_and(|c| c.is_empty()) }
    /// Pointers ended by null, valid as long as `self`.
    pub fn pointers(&self) -> Vec<*const libc::c_char> { self.0.iter().map(|c| c.as_ptr()).chain([std::ptr::null()]).collect() }
}
/// `name=value` texts of an environment mapping.
pub fn env_strings(th: &mut Thread, env: Value) -> R<CStrings> {
    let d = th.call(dict::DICT.value(), &[env])?;
    let d: Gc<dict::Dict> = d.cast().expect("a dict");
    let mut out = Vec::new();
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        let (k, v) = (support::path(th, k, "execve", false, false)?, support::path(th, v, "execve", false, false)?);
        if k.bytes.iter().skip(usize::from(th.py3())).any(|c| *c == b'=') || k.bytes.is_empty() && th.py3() {
            return Err(th.value_error("illegal environment variable name"));
        }
        let line = [k.bytes.as_slice(), b"=", &v.bytes].concat();
        out.push(CString::new(line).unwrap_or_default());
    }
    Ok(CStrings(out))
}

/// What the child does; plain data.
struct Plan<'a> {
    programs: &'a [*const libc::c_char],
    argv: &'a [*const libc::c_char],
    envp: Option<&'a [*const libc::c_char]>,
    cwd: Option<&'a CString>,
    keep: &'a [i32],
    close_fds: bool,
    /// Pipe ends: p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write.
    pipes: [i32; 8],
    restore_signals: bool,
    new_session: bool,
    process_group: i32,
    gid: Option<u32>,
    groups: Option<&'a [libc::gid_t]>,
    uid: Option<u32>,
    umask: i32,
}

/// # Safety
/// Runs in a forked child: calls the system only.
unsafe fn child(p: &Plan, before_exec: &mut dyn FnMut() -> bool) -> ! {
    unsafe {
        let [p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write] = p.pipes;
        let mut step = || -> Result<(), &'static [u8]> {
            let ok = |r: i32| if r < 0 { Err(&b""[..]) } else { Ok(r) };
            for fd in p.keep {
                if *fd != errpipe_write {
                    let f = libc::fcntl(*fd, libc::F_GETFD);
                    if f >= 0 {
                        libc::fcntl(*fd, libc::F_SETFD, f & !libc::FD_CLOEXEC);
                    }
                }
            }
            for fd in [p2cwrite, c2pread, errread, errpipe_read] {
                if fd >= 0 {
                    libc::close(fd);
                }
            }
            // Ends that stand where another is to go move up first.
            let (mut out, mut err) = (c2pwrite, errwrite);
            if out == 0 {
                out = ok(libc::fcntl(out, libc::F_DUPFD_CLOEXEC, 3))?;
            }
            while err == 0 || err == 1 {
                err = ok(libc::fcntl(err, libc::F_DUPFD_CLOEXEC, 3))?;
            }
            for (fd, to) in [(p2cread, 0), (out, 1), (err, 2)] {
                if fd == to {
                    ok(libc::fcntl(fd, libc::F_SETFD, 0))?;
                } else if fd >= 0 {
                    ok(libc::dup2(fd, to))?;
                }
            }
            if let Some(c) = p.cwd {
                if libc::chdir(c.as_ptr()) < 0 {
                    return Err(b"noexec:chdir");
                }
            }
            if p.umask >= 0 {
                libc::umask(p.umask as libc::mode_t);
            }
            if p.restore_signals {
                for s in [libc::SIGPIPE, libc::SIGXFSZ] {
                    libc::signal(s, libc::SIG_DFL);
                }
            }
            if p.new_session {
                libc::setsid();
            }
            if p.process_group >= 0 {
                ok(libc::setpgid(0, p.process_group))?;
            }
            if let Some(g) = p.groups {
                ok(libc::setgroups(g.len() as _, g.as_ptr()))?;
            }
            if let Some(g) = p.gid {
                ok(libc::setregid(g, g))?;
            }
            if let Some(u) = p.uid {
                ok(libc::setreuid(u, u))?;
            }
            if !before_exec() {
                return Err(b"SubprocessError");
            }
            if p.close_fds {
                let mut from = 3;
                for fd in p.keep.iter().copied().chain([i32::MAX]) {
                    if fd >= from {
                        close_range(from, fd - 1);
                        from = fd.saturating_add(1);
                    }
                }
            }
            let mut saved = 0;
            for prog in p.programs {
                match p.envp {
                    Some(e) => libc::execve(*prog, p.argv.as_ptr(), e.as_ptr()),
                    None => libc::execv(*prog, p.argv.as_ptr()),
                };
                let e = errno();
                if e != libc::ENOENT && e != libc::ENOTDIR && saved == 0 {
                    saved = e;
                }
            }
            if saved != 0 {
                *support::errno_place() = saved;
            }
            Err(b"")
        };
        if let Err(what) = step() {
            report(errpipe_write, what);
        }
        libc::_exit(255)
    }
}
/// Tells the parent: class, error number in hex, and what was being done.
/// # Safety
/// Called between fork and exec: it may only call the system.
unsafe fn report(fd: i32, what: &[u8]) {
    // SAFETY: bytes with their length.
    unsafe {
        let put = |b: &[u8]| {
            libc::write(fd, b.as_ptr().cast(), b.len());
        };
        if what == b"SubprocessError" {
            put(b"SubprocessError:0:Exception occurred in preexec_fn.");
            return;
        }
        let mut e = errno() as u32;
        let mut hex = [0u8; 8];
        let mut at = hex.len();
        while e > 0 {
            at -= 1;
            hex[at] = b"0123456789ABCDEF"[(e & 15) as usize];
            e >>= 4;
        }
        put(b"OSError:");
        put(&hex[at..]);
        put(b":");
        put(what);
    }
}
/// # Safety
/// Runs in a forked child.
unsafe fn close_range(from: i32, to: i32) {
    if from > to {
        return;
    }
    unsafe {
        #[cfg(target_os = "linux")]
        if libc::syscall(libc::SYS_close_range, from as libc::c_uint, to as libc::c_uint, 0) == 0 {
            return;
        }
        let max = libc::sysconf(libc::_SC_OPEN_MAX).clamp(256, 1 << 16) as i32;
        for fd in from..=to.min(max) {
            libc::close(fd);
        }
    }
}

fn opt_id(th: &mut Thread, v: Value) -> R<Option<u32>> {
    if v.is_none() || v == Value::int(-1) { Ok(None) } else { Ok(Some(ints::arg_u32(th, v)?)) }
}

/// `fork_exec(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read,
/// errpipe_write, restore_signals, start_new_session, process_group, gid, groups, uid, umask, preexec_fn[, allow_vfork])`.
fn fork_exec(th: &mut Thread, a: Args) -> R<Value> {
    if !(22..=23).contains(&a.len()) {
        let n = a.len();
        return Err(th.type_error(format!("fork_exec expected 23 arguments, got {n}")));
    }
    let argv = if a.get(0).is_none() { None } else { Some(CStrings::of(th, a.get(0), "fork_exec")?) };
    let programs = CStrings::of(th, a.get(1), "fork_exec")?;
    let close_fds = object::is_true(th, a.get(2))?;
    let mut keep = Vec::new();
    let pass = object::iter::to_tuple(th, a.get(3))?;
    for x in tuple::items(pass).unwrap_or(&[]) {
        keep.push(ints::arg_i32(th, *x)?);
    }
    let cwd = if a.get(4).is_none() { None } else { Some(support::path(th, a.get(4), "fork_exec", false, false)?.c()) };
    let env = if a.get(5).is_none() {
        None
    } else {
        let all = CStrings::of(th, a.get(5), "fork_exec")?;
        Some(all)
    };
    let mut pipes = [0; 8];
    for (i, p) in pipes.iter_mut().enumerate() {
        *p = ints::arg_i32(th, a.get(6 + i))?;
    }
    let (restore_signals, new_session) = (object::is_true(th, a.get(14))?, object::is_true(th, a.get(15))?);
    let process_group = ints::arg_i32(th, a.get(16))?;
    let gid = opt_id(th, a.get(17))?;
    let groups = if a.get(18).is_none() {
        None
    } else {
        let t = object::iter::to_tuple(th, a.get(18))?;
        let mut g: Vec<libc::gid_t> = Vec::new();
        for x in tuple::items(t).unwrap_or(&[]) {
            g.push(ints::arg_u32(th, *x)?);
        }
        Some(g)
    };
    let uid = opt_id(th, a.get(19))?;
    let umask = ints::arg_i32(th, a.get(20))?;
    let preexec = a.get(21);
    let (argv_p, prog_p, env_p) = (argv.as_ref().map_or_else(|| vec![std::ptr::null()], |v| v.pointers()), programs.pointers(), env.as_ref().map(|e| e.pointers()));
    let plan = Plan {
        programs: &prog_p[..prog_p.len() - 1], argv: &argv_p, envp: env_p.as_deref(), cwd: cwd.as_ref(), keep: &keep, close_fds, pipes,
        restore_signals, new_session, process_group, gid, groups: groups.as_deref(), uid, umask,
    };
    crate::io::textio::flush_dropped(th)?;
    if !preexec.is_none() {
        at_fork::run(th, When::Before);
    }
    // SAFETY: the child calls the system only (`child`'s contract), or has the heap for itself for its preexec_fn. Signals are blocked until the
    // child has its own handlers.
    let pid = unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, &mut old);
        let pid = if preexec.is_none() { libc::fork() } else { th.fork() };
        if pid == 0 {
            libc::pthread_sigmask(libc::SIG_SETMASK, &old, std::ptr::null_mut());
            child(&plan, &mut || preexec.is_none() || at_fork::in_child(th).and_then(|()| th.call(preexec, &[])).is_ok());
        }
        let e = errno();
        libc::pthread_sigmask(libc::SIG_SETMASK, &old, std::ptr::null_mut());
        if pid < 0 {
            *support::errno_place() = e;
        }
        pid
    };
    let e = errno();
    if !preexec.is_none() {
        at_fork::run(th, When::AfterInParent);
    }
    if pid < 0 { Err(os_error_code(th, e)) } else { Ok(Value::int(pid as i64)) }
}
