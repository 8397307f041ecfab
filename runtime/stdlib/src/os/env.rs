//! The environment, identity and working directory of the process.

use crate::struct_seq;
use crate::structseq;
use crate::support::{self, fs_str, int, os_error, os_error_code, os_error_file};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use txpy_vm::types::{dict, int as ints, list, module, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[py3] "_create_environ()" = |th, _| environ(th), "The environment as it is now.";
    #[io] "putenv(name, value, /)" = putenv, "Set an environment variable.";
    #[io] "unsetenv(name, /)" = unsetenv, "Remove an environment variable.";
    #[io] "getcwd()" = |th, _| cwd(th, false), "Current working directory.";
    #[io, py3] "getcwdb()" = |th, _| cwd(th, true), "Current working directory as bytes.";
    #[io, py2] "getcwdu()" = getcwdu, "Current working directory as text.";
    #[io] "chdir(path)" = chdir, "Change the working directory.";
    #[io] "fchdir(fd)" = fchdir, "Change the working directory to an open one.";
    #[io] "umask(mask, /)" = umask, "Set the file mode mask.";
    "uname()" = uname, "Name of the system.";
    "urandom(size, /)" = urandom, "Random bytes of the system.";
    #[py3] "getrandom(size, flags=0)" = urandom, "Random bytes of the system.";
    "getloadavg()" = getloadavg, "Load averages.";
    #[py3] "cpu_count()" = cpu_count, "Number of processors.";
    #[py3] "sched_getaffinity(pid, /)" = sched_getaffinity, "Processors that this process may use.";
    "strerror(code, /)" = strerror, "Text of an error number.";
    #[py3] "fspath(path)" = |th, a| support::fspath(th, a.get(0)), "Path of a path-like object.";
    #[py3] "get_terminal_size(fd=1, /)" = get_terminal_size, "Size of the terminal.";
    "getlogin()" = getlogin, "Name of the user.";
    "sysconf(name, /)" = sysconf, "A configuration value.";
    "getpid()" = |_, _| Ok(Value::int(std::process::id() as i64)), "Process number.";
    // SAFETY: these are plain queries.
    "getppid()" = |_, _| Ok(Value::int(unsafe { libc::getppid() } as i64)), "Number of the parent process.";
    "getuid()" = |_, _| Ok(Value::int(unsafe { libc::getuid() } as i64)), "User number.";
    "geteuid()" = |_, _| Ok(Value::int(unsafe { libc::geteuid() } as i64)), "Effective user number.";
    "getgid()" = |_, _| Ok(Value::int(unsafe { libc::getgid() } as i64)), "Group number.";
    "getegid()" = |_, _| Ok(Value::int(unsafe { libc::getegid() } as i64)), "Effective group number.";
    "getpgrp()" = |_, _| Ok(Value::int(unsafe { libc::getpgrp() } as i64)), "Process group.";
    "getgroups()" = getgroups, "Supplementary groups.";
};

struct_seq! { pub static UNAME: "posix", "uname_result", "Name of the system." { "sysname" 0, "nodename" 1, "release" 2, "version" 3, "machine" 4 } }
struct_seq! { pub static TERMINAL: "os", "terminal_size", "Size of a terminal." { "columns" 0, "lines" 1 } }

/// A dict of the environment, byte strings as the system has them.
fn environ(th: &mut Thread) -> R<Value> {
    let d = dict::new(th)?;
    for (k, v) in std::env::vars_os() {
        let (k, v) = (k.into_vec(), v.into_vec());
        let (k, v) = (th.new_bytes(&k)?, th.new_bytes(&v)?);
        dict::set(th, d, k, v)?;
    }
    Ok(d.value())
}
/// `environ`, and tables of names.
pub fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let d = environ(th)?;
    module::set(th, m, "environ", d)?;
    let names = dict::new(th)?;
    for (name, i) in [("SC_CLK_TCK", libc::_SC_CLK_TCK), ("SC_NPROCESSORS_ONLN", libc::_SC_NPROCESSORS_ONLN), ("SC_NPROCESSORS_CONF", libc::_SC_NPROCESSORS_CONF), ("SC_PAGE_SIZE", libc::_SC_PAGESIZE), ("SC_PAGESIZE", libc::_SC_PAGESIZE), ("SC_OPEN_MAX", libc::_SC_OPEN_MAX), ("SC_ARG_MAX", libc::_SC_ARG_MAX), ("SC_PHYS_PAGES", libc::_SC_PHYS_PAGES)] {
        dict::set_str(th, names, name, Value::int(i as i64))?;
    }
    module::set(th, m, "sysconf_names", names.value())?;
    if th.py3() {
        let t = txpy_vm::types::type_::make_native(th, &TERMINAL)?;
        module::set(th, m, "terminal_size", t.value())?;
        let t = txpy_vm::types::type_::make_native(th, &UNAME)?;
        module::set(th, m, "uname_result", t.value())?;
    }
    Ok(())
}

fn name_bytes(th: &mut Thread, v: Value, what: &str) -> R<Vec<u8>> {
    let v = if th.py3() { support::fspath(th, v)? } else { v };
    let Some(b) = text::bytes_of(v) else { return Err(th.type_error(format!("{what} must be a string"))) };
    let b = if text::is_text(v) { support::fs_encode(b) } else { b.to_vec() };
    if b.contains(&0) { Err(th.value_error("embedded null byte")) } else { Ok(b) }
}
fn putenv(th: &mut Thread, a: Args) -> R<Value> {
    let (k, v) = (name_bytes(th, a.get(0), "name")?, name_bytes(th, a.get(1), "value")?);
    if k.is_empty() || k.contains(&b'=') {
        return Err(if th.py3() { th.value_error("illegal environment variable name") } else { os_error_code(th, libc::EINVAL) });
    }
    // With the world stopped no other thread of ours reads the environment.
    th.stopped(|_| {
        // SAFETY: nobody else runs scripts or natives now.
        unsafe { std::env::set_var(std::ffi::OsStr::from_bytes(&k), std::ffi::OsStr::from_bytes(&v)) }
    });
    Ok(Value::NONE)
}
fn unsetenv(th: &mut Thread, a: Args) -> R<Value> {
    let k = name_bytes(th, a.get(0), "name")?;
    if k.is_empty() || k.contains(&b'=') {
        return Err(os_error_code(th, libc::EINVAL));
    }
    th.stopped(|_| {
        // SAFETY: as in `putenv`.
        unsafe { std::env::remove_var(std::ffi::OsStr::from_bytes(&k)) }
    });
    Ok(Value::NONE)
}
fn cwd(th: &mut Thread, bytes: bool) -> R<Value> {
    match std::env::current_dir() {
        Ok(d) => {
            let b = d.into_os_string().into_vec();
            if bytes { th.new_bytes(&b) } else { fs_str(th, &b) }
        }
        Err(e) => Err(os_error_code(th, e.raw_os_error().unwrap_or(0))),
    }
}
fn getcwdu(th: &mut Thread, _: Args) -> R<Value> {
    let v = cwd(th, true)?;
    txpy_vm::types::codec::decode(th, v, "utf-8", "strict")
}
fn chdir(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "chdir", true, false)?;
    if let Some(fd) = p.fd {
        return fchdir(th, Args::of(&[Value::int(fd as i64)]));
    }
    let c = p.c();
    // SAFETY: a path that ends with zero.
    if unsafe { libc::chdir(c.as_ptr()) } < 0 {
        let e = support::errno();
        return Err(os_error_file(th, e, p.given));
    }
    Ok(Value::NONE)
}
fn fchdir(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    // SAFETY: a plain call.
    if unsafe { libc::fchdir(fd) } < 0 { Err(os_error(th)) } else { Ok(Value::NONE) }
}
fn umask(th: &mut Thread, a: Args) -> R<Value> {
    let m = ints::arg_i32(th, a.get(0))?;
    // SAFETY: a plain call.
    Ok(Value::int(unsafe { libc::umask(m as libc::mode_t) } as i64))
}
fn uname(th: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: the call fills in the struct with texts that end with zero.
    let u = unsafe {
        let mut u: libc::utsname = std::mem::zeroed();
        libc::uname(&mut u);
        u
    };
    let mut items = [Value::NONE; 5];
    for (i, f) in [&u.sysname, &u.nodename, &u.release, &u.version, &u.machine].into_iter().enumerate() {
        let b: Vec<u8> = f.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
        items[i] = fs_str(th, &b)?;
    }
    if th.py3() { structseq::new(th, &UNAME, &items, &[]) } else { th.new_tuple(&items) }
}
fn urandom(th: &mut Thread, a: Args) -> R<Value> {
    let n = ints::arg_i64(th, a.get(0))?;
    if n < 0 {
        return Err(th.value_error("negative argument not allowed"));
    }
    let out = text::alloc_bytes(th, n as usize)?;
    // SAFETY: not yet known to anybody else.
    let to = unsafe { out.frozen().tail_mut() };
    use std::io::Read;
    match std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(to)) {
        Ok(()) => Ok(out.value()),
        Err(e) => Err(os_error_code(th, e.raw_os_error().unwrap_or(libc::EIO))),
    }
}
fn getloadavg(th: &mut Thread, _: Args) -> R<Value> {
    let mut l = [0f64; 3];
    // SAFETY: room for three.
    if unsafe { libc::getloadavg(l.as_mut_ptr(), 3) } != 3 {
        return Err(th.raise(&txpy_vm::exceptions::OS_ERROR, "Load averages are unobtainable"));
    }
    let (x, y, z) = (support::float(th, l[0])?, support::float(th, l[1])?, support::float(th, l[2])?);
    th.new_tuple(&[x, y, z])
}
fn cpu_count(_: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: a plain query.
    let n = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    Ok(if n > 0 { Value::int(n as i64) } else { Value::NONE })
}
fn sched_getaffinity(th: &mut Thread, _: Args) -> R<Value> {
    let s = txpy_vm::types::set::new(th)?;
    let n = std::thread::available_parallelism().map_or(1, |n| n.get());
    for i in 0..n {
        txpy_vm::types::set::add(th, s, Value::int(i as i64))?;
    }
    Ok(s.value())
}
fn strerror(th: &mut Thread, a: Args) -> R<Value> {
    let e = ints::arg_i32(th, a.get(0))?;
    th.native_str(&support::strerror(e))
}
fn get_terminal_size(th: &mut Thread, a: Args) -> R<Value> {
    let fd = match a.opt(0) {
        Some(f) => ints::arg_i32(th, f)?,
        None => 1,
    };
    // SAFETY: the call fills in the struct.
    let r = unsafe {
        let mut w: libc::winsize = std::mem::zeroed();
        if libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) < 0 { None } else { Some(w) }
    };
    match r {
        Some(w) => structseq::new(th, &TERMINAL, &[Value::int(w.ws_col as i64), Value::int(w.ws_row as i64)], &[]),
        None => Err(os_error(th)),
    }
}
fn getlogin(th: &mut Thread, _: Args) -> R<Value> {
    // SAFETY: the text is copied at once.
    let name = unsafe {
        let p = libc::getlogin();
        if p.is_null() { None } else { Some(std::ffi::CStr::from_ptr(p).to_bytes().to_vec()) }
    };
    match name {
        Some(n) => fs_str(th, &n),
        None => Err(os_error(th)),
    }
}
fn sysconf(th: &mut Thread, a: Args) -> R<Value> {
    let n = if text::is_string(th, a.get(0)) {
        let name = text::lossy(a.get(0)).into_owned();
        match &*name {
            "SC_CLK_TCK" => libc::_SC_CLK_TCK,
            "SC_NPROCESSORS_ONLN" => libc::_SC_NPROCESSORS_ONLN,
            "SC_NPROCESSORS_CONF" => libc::_SC_NPROCESSORS_CONF,
            "SC_PAGE_SIZE" | "SC_PAGESIZE" => libc::_SC_PAGESIZE,
            "SC_OPEN_MAX" => libc::_SC_OPEN_MAX,
            "SC_ARG_MAX" => libc::_SC_ARG_MAX,
            "SC_PHYS_PAGES" => libc::_SC_PHYS_PAGES,
            _ => return Err(th.value_error("unrecognized configuration name")),
        }
    } else {
        ints::arg_i32(th, a.get(0))?
    };
    // SAFETY: a plain query.
    int(th, unsafe { libc::sysconf(n) } as i64)
}
fn getgroups(th: &mut Thread, _: Args) -> R<Value> {
    let mut g = [0 as libc::gid_t; 4096];
    // SAFETY: room as told.
    let n = unsafe { libc::getgroups(g.len() as libc::c_int, g.as_mut_ptr()) };
    if n < 0 {
        return Err(os_error(th));
    }
    let l = list::with_capacity(th, n as usize)?;
    for x in &g[..n as usize] {
        list::append(th, l, Value::int(*x as i64))?;
    }
    Ok(l.value())
}

/// Sets a variable before the process has any other thread.
pub fn set_at_start(name: &str, value: &str) {
    // SAFETY: nobody else reads the environment meanwhile, as the caller promises.
    unsafe { std::env::set_var(name, value) }
}
