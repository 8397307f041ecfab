//! Further calls of the system: identities, device numbers, configuration values, terminals' groups, reading and writing with several buffers.

use super::paths;
use super::process::{plain, value};
use crate::io::fileio;
use crate::support::{self, int, os_error, os_error_code, os_error_file, syscall};
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::object;
use txpy_vm::types::{dict, int as ints, list, module, text, tuple};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

pub static FUNCTIONS: &[NativeDef] = natives! {
    // SAFETY: of those up to getpriority: plain numbers.
    #[io] "setreuid(ruid, euid, /)" = |th, a| { let (r, e) = (id(th, a.get(0))?, id(th, a.get(1))?); plain(th, unsafe { libc::setreuid(r, e) }) }, "Set the real and the effective user.";
    #[io] "setregid(rgid, egid, /)" = |th, a| { let (r, e) = (id(th, a.get(0))?, id(th, a.get(1))?); plain(th, unsafe { libc::setregid(r, e) }) }, "Set the real and the effective group.";
    #[io] "seteuid(euid, /)" = |th, a| { let e = id(th, a.get(0))?; plain(th, unsafe { libc::seteuid(e) }) }, "Set the effective user.";
    #[io] "setegid(egid, /)" = |th, a| { let e = id(th, a.get(0))?; plain(th, unsafe { libc::setegid(e) }) }, "Set the effective group.";
    #[io] "setpgrp()" = |th, _| plain(th, unsafe { libc::setpgid(0, 0) }), "Make this process the leader of its process group.";
    "tcgetpgrp(fd, /)" = |th, a| { let fd = ints::arg_i32(th, a.get(0))?; value(th, unsafe { libc::tcgetpgrp(fd) }) }, "Process group of a terminal.";
    #[io] "tcsetpgrp(fd, pgid, /)" = |th, a| { let (fd, g) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?); plain(th, unsafe { libc::tcsetpgrp(fd, g) }) }, "Set the process group of a terminal.";
    "makedev(major, minor, /)" = |th, a| { let (x, y) = (ints::arg_u32(th, a.get(0))?, ints::arg_u32(th, a.get(1))?); int(th, libc::makedev(x as _, y as _) as i64) }, "A device number of its parts.";
    "major(device, /)" = |th, a| { let d = ints::arg_u64(th, a.get(0))?; int(th, (libc::major(d as _)).into()) }, "The first part of a device number.";
    "minor(device, /)" = |th, a| { let d = ints::arg_u64(th, a.get(0))?; int(th, (libc::minor(d as _)).into()) }, "The second part of a device number.";
    // SAFETY: a path that ends with zero.
    #[io] "chroot(path)" = |th, a| on_path(th, a.get(0), "chroot", |c| unsafe { libc::chroot(c) }), "Make a directory the root of this process.";
    #[io] "mknod(path, mode=0o600, device=0)" = mknod, "Make a node of the file system.";
    #[io] "setgroups(groups, /)" = setgroups, "Set the supplementary groups.";
    #[io] "initgroups(username, gid, /)" = initgroups, "Set the supplementary groups to those of a user.";
    "pathconf(path, name)" = pathconf, "A limit of the file system at a path.";
    "fpathconf(fd, name, /)" = fpathconf, "A limit of the file system of a descriptor.";
    #[io, py3] "sync()" = |_, _| { unsafe { libc::sync() }; Ok(Value::NONE) }, "Write everything to the disks.";
    #[py3] "getpriority(which, who)" = getpriority, "Scheduling priority.";
    #[io, py3] "setpriority(which, who, priority)" = setpriority, "Set a scheduling priority.";
    #[io, py3] "lockf(fd, command, length, /)" = lockf, "Lock a part of a file.";
    #[io, py3] "posix_openpt(oflag, /)" = |th, a| { let f = ints::arg_i32(th, a.get(0))?; value(th, unsafe { libc::posix_openpt(f | libc::O_CLOEXEC) }) }, "Open a master terminal.";
    #[io, py3] "grantpt(fd, /)" = |th, a| { let fd = support::fd_of(th, a.get(0))?; plain(th, unsafe { libc::grantpt(fd) }) }, "Give access to the slave of a terminal.";
    #[io, py3] "unlockpt(fd, /)" = |th, a| { let fd = support::fd_of(th, a.get(0))?; plain(th, unsafe { libc::unlockpt(fd) }) }, "Unlock the slave of a terminal.";
    #[io, py3] "ptsname(fd, /)" = ptsname, "Name of the slave of a terminal.";
    #[io, py3] "readinto(fd, buffer, /)" = readinto, "Read into a buffer.";
    #[io, py3] "readv(fd, buffers, /)" = |th, a| read_all(th, a, None), "Read into several buffers.";
    #[io, py3] "preadv(fd, buffers, offset, flags=0, /)" = |th, a| { let at = offset(th, a)?; read_all(th, a, Some(at)) }, "Read into several buffers at an offset.";
    #[io, py3] "writev(fd, buffers, /)" = |th, a| write_all(th, a, None), "Write several buffers.";
    #[io, py3] "pwritev(fd, buffers, offset, flags=0, /)" = |th, a| { let at = offset(th, a)?; write_all(th, a, Some(at)) }, "Write several buffers at an offset.";
};

/// What other systems don't have.
#[cfg(target_os = "linux")]
static LINUX: &[NativeDef] = natives! {
    "getresuid()" = |th, _| three(th, libc::getresuid), "Real, effective and saved user.";
    "getresgid()" = |th, _| three(th, libc::getresgid), "Real, effective and saved group.";
};

/// Limits of file systems by name.
const PATH_NAMES: &[(&str, i32)] = &[
    ("PC_LINK_MAX", libc::_PC_LINK_MAX), ("PC_MAX_CANON", libc::_PC_MAX_CANON), ("PC_MAX_INPUT", libc::_PC_MAX_INPUT), ("PC_NAME_MAX", libc::_PC_NAME_MAX),
    ("PC_PATH_MAX", libc::_PC_PATH_MAX), ("PC_PIPE_BUF", libc::_PC_PIPE_BUF), ("PC_CHOWN_RESTRICTED", libc::_PC_CHOWN_RESTRICTED), ("PC_NO_TRUNC", libc::_PC_NO_TRUNC),
    ("PC_VDISABLE", libc::_PC_VDISABLE),
    #[cfg(target_os = "linux")]
    ("PC_SYNC_IO", 9),
    #[cfg(target_os = "linux")]
    ("PC_ASYNC_IO", 10),
    #[cfg(target_os = "linux")]
    ("PC_PRIO_IO", 11),
    #[cfg(target_os = "linux")]
    ("PC_FILESIZEBITS", 13),
    #[cfg(target_os = "linux")]
    ("PC_SYMLINK_MAX", 19),
];

pub fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    #[cfg(target_os = "linux")]
    module::add_functions(th, m, LINUX)?;
    let names = dict::new(th)?;
    for (name, i) in PATH_NAMES {
        dict::set_str(th, names, name, Value::int((*i).into()))?;
    }
    module::set(th, m, "pathconf_names", names.value())
}
fn result(th: &mut Thread, r: Result<usize, i32>) -> R<Value> {
    match r {
        Ok(n) => int(th, n as i64),
        Err(e) => Err(os_error_code(th, e)),
    }
}
/// A user or a group; -1 stands for the present one.
fn id(th: &mut Thread, v: Value) -> R<u32> {
    let i = ints::index(th, v)?;
    match ints::to_i64(i) {
        Some(-1) => Ok(u32::MAX),
        Some(n) if n < -1 => Err(th.overflow_error("uid is less than minimum")),
        Some(n) if n <= i64::from(u32::MAX) => Ok(n as u32),
        _ if ints::is_negative(i) => Err(th.overflow_error("uid is less than minimum")),
        _ => Err(th.overflow_error("uid is greater than maximum")),
    }
}
/// A call on the path that is the first argument.
fn on_path(th: &mut Thread, v: Value, name: &str, f: impl FnMut(*const libc::c_char) -> i32) -> R<Value> {
    let p = support::path(th, v, name, false, false)?;
    paths::run(th, &p, f)?;
    Ok(Value::NONE)
}
fn mknod(th: &mut Thread, a: Args) -> R<Value> {
    let mode = a.opt(1).map_or(Ok(0o600), |m| ints::arg_i32(th, m))?;
    let device = a.opt(2).map_or(Ok(0), |d| ints::arg_u64(th, d))?;
    // SAFETY: a path that ends with zero.
    on_path(th, a.get(0), "mknod", |c| unsafe { libc::mknod(c, mode as libc::mode_t, device as libc::dev_t) })
}
fn setgroups(th: &mut Thread, a: Args) -> R<Value> {
    let t = object::iter::to_tuple(th, a.get(0))?;
    let items = tuple::items(t).unwrap_or(&[]);
    if items.len() > 65536 {
        return Err(th.value_error("too many groups"));
    }
    let mut g: Vec<libc::gid_t> = Vec::with_capacity(items.len());
    for x in items {
        g.push(id(th, *x)?);
    }
    // SAFETY: as many as told.
    plain(th, unsafe { libc::setgroups(g.len() as _, g.as_ptr()) })
}
fn initgroups(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "initgroups", false, false)?;
    let g = id(th, a.get(1))?;
    let c = p.c();
    // SAFETY: a name that ends with zero.
    plain(th, unsafe { libc::initgroups(c.as_ptr(), g as _) })
}
#[cfg(target_os = "linux")]
fn three(th: &mut Thread, call: unsafe extern "C" fn(*mut u32, *mut u32, *mut u32) -> i32) -> R<Value> {
    let mut ids = [0u32; 3];
    let [real, effective, saved] = &mut ids;
    // SAFETY: `getresuid` or `getresgid`, which fill in the three.
    if unsafe { call(real, effective, saved) } < 0 {
        return Err(os_error(th));
    }
    th.new_tuple(&ids.map(|x| Value::int(x.into())))
}
fn path_name(th: &mut Thread, v: Value) -> R<i32> {
    if !text::is_string(th, v) {
        return ints::arg_i32(th, v);
    }
    let name = text::lossy(v);
    match PATH_NAMES.iter().find(|n| n.0 == name) {
        Some(n) => Ok(n.1),
        None => Err(th.value_error("unrecognized configuration name")),
    }
}
/// -1 without an error means that there is no limit.
fn limit(th: &mut Thread, f: impl FnOnce() -> libc::c_long, given: Option<Value>) -> R<Value> {
    // SAFETY: this thread's own place.
    unsafe { *support::errno_place() = 0 };
    let n = f();
    match (n, support::errno(), given) {
        (-1, 1.., Some(p)) => Err(os_error_file(th, support::errno(), p)),
        (-1, 1.., None) => Err(os_error(th)),
        _ => int(th, n as i64),
    }
}
fn pathconf(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() && ints::is_int_like(a.get(0)) {
        return fpathconf(th, a);
    }
    let p = support::path(th, a.get(0), "pathconf", false, false)?;
    let name = path_name(th, a.get(1))?;
    let c = p.c();
    // SAFETY: a path that ends with zero.
    limit(th, || unsafe { libc::pathconf(c.as_ptr(), name) }, Some(p.given))
}
fn fpathconf(th: &mut Thread, a: Args) -> R<Value> {
    let fd = if th.py3() { ints::arg_i32(th, a.get(0))? } else { support::fd_of(th, a.get(0))? };
    let name = path_name(th, a.get(1))?;
    // SAFETY: a plain query.
    limit(th, || unsafe { libc::fpathconf(fd, name) }, None)
}
fn getpriority(th: &mut Thread, a: Args) -> R<Value> {
    let (which, who) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?);
    // SAFETY: a plain query.
    limit(th, || unsafe { libc::getpriority(which as _, who as _) }.into(), None)
}
fn setpriority(th: &mut Thread, a: Args) -> R<Value> {
    let (which, who, p) = (ints::arg_i32(th, a.get(0))?, ints::arg_i32(th, a.get(1))?, ints::arg_i32(th, a.get(2))?);
    // SAFETY: plain numbers.
    plain(th, unsafe { libc::setpriority(which as _, who as _, p) })
}
fn lockf(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let (command, n) = (ints::arg_i32(th, a.get(1))?, ints::arg_i64(th, a.get(2))?);
    // SAFETY: plain numbers.
    let r = syscall(th, || unsafe { libc::lockf(fd, command, n as libc::off_t) } as isize)?;
    result(th, r).map(|_| Value::NONE)
}
fn ptsname(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let mut b = [0u8; 128];
    #[cfg(target_os = "linux")]
    // SAFETY: room as told.
    let r = unsafe { libc::ptsname_r(fd, b.as_mut_ptr().cast(), b.len()) };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: the result is copied before anybody else calls it: natives of this kind hold no other call in between.
    let r = unsafe {
        let p = libc::ptsname(fd);
        if p.is_null() { support::errno() } else { libc::strncpy(b.as_mut_ptr().cast(), p, b.len() - 1); 0 }
    };
    if r != 0 {
        return Err(os_error_code(th, r));
    }
    let n = b.iter().position(|c| *c == 0).unwrap_or(b.len());
    support::fs_str(th, &b[..n])
}

// ---- several buffers

fn offset(th: &mut Thread, a: Args) -> R<libc::off_t> {
    if a.opt(3).map_or(Ok(0), |f| ints::arg_i32(th, f))? != 0 {
        return Err(th.not_implemented("flags of preadv() and pwritev()"));
    }
    Ok(ints::arg_i64(th, a.get(2))? as libc::off_t)
}
/// At most this many bytes are read at once, through a byte string: while a call of the system waits, other threads may use the buffers.
const AT_ONCE: usize = 1 << 20;
fn read_at(th: &mut Thread, fd: i32, n: usize, at: Option<libc::off_t>) -> R<Value> {
    let out = text::alloc_bytes(th, n)?;
    let p = out.frozen().data().as_ptr() as usize;
    // SAFETY: `n` bytes that nobody else sees.
    let r = syscall(th, || unsafe {
        match at {
            Some(o) => libc::pread(fd, p as *mut libc::c_void, n, o),
            None => libc::read(fd, p as *mut libc::c_void, n),
        }
    })?;
    match r {
        Ok(k) if k == n => Ok(out.value()),
        Ok(k) => th.new_bytes(&out.frozen().data()[..k]),
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn readinto(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_value(th, a.get(0))?;
    let view = buffer::acquire(th, a.get(1), true)?;
    let r = read_at(th, fd, view.len, None);
    let r = match r {
        Ok(b) => {
            let data = text::bytes_of(b).unwrap_or(&[]);
            view.put(th, 0, data).map(|_| Value::int(data.len() as i64))
        }
        Err(e) => Err(e),
    };
    view.release(th)?;
    r
}
fn parts(th: &mut Thread, v: Value, func: &str) -> R<Value> {
    if text::is_string(th, v) || object::dunder(v, txpy_vm::types::dunder::D::getitem).is_none() {
        return Err(th.type_error(format!("{func}() arg 2 must be a sequence")));
    }
    object::iter::to_tuple(th, v)
}
fn read_all(th: &mut Thread, a: Args, at: Option<libc::off_t>) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let t = parts(th, a.get(1), if at.is_some() { "preadv" } else { "readv" })?;
    let mut views: Vec<BufferView> = Vec::new();
    let mut failed = None;
    for x in tuple::items(t).unwrap_or(&[]) {
        match buffer::acquire(th, *x, true) {
            Ok(v) => views.push(v),
            Err(e) => {
                failed = Some(e);
                break;
            }
        }
    }
    let r = match failed {
        Some(e) => Err(e),
        None => fill_views(th, fd, &views, at),
    };
    for v in views {
        v.release(th)?;
    }
    r
}
fn fill_views(th: &mut Thread, fd: i32, views: &[BufferView], at: Option<libc::off_t>) -> R<Value> {
    let room: usize = views.iter().map(|v| v.len).sum();
    let b = read_at(th, fd, room.min(AT_ONCE), at)?;
    let mut rest = text::bytes_of(b).unwrap_or(&[]);
    let n = rest.len();
    for v in views {
        let (now, later) = rest.split_at(v.len.min(rest.len()));
        v.put(th, 0, now)?;
        rest = later;
    }
    int(th, n as i64)
}
fn write_all(th: &mut Thread, a: Args, at: Option<libc::off_t>) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let t = parts(th, a.get(1), if at.is_some() { "pwritev" } else { "writev" })?;
    let l = list::with_capacity(th, 0)?;
    for x in tuple::items(t).unwrap_or(&[]) {
        let b = fileio::bytes_arg(th, *x)?;
        list::append(th, l, b)?;
    }
    // Byte strings do not move, and the tuple holds them.
    let held = object::iter::to_tuple(th, l.value())?;
    let io: Vec<(usize, usize)> = tuple::items(held).unwrap_or(&[]).iter().map(|b| text::bytes_of(*b).map_or((0, 0), |b| (b.as_ptr() as usize, b.len()))).collect();
    let r = syscall(th, || {
        let v: Vec<libc::iovec> = io.iter().map(|(p, n)| libc::iovec { iov_base: *p as *mut libc::c_void, iov_len: *n }).collect();
        // SAFETY: frozen byte strings that `held` holds.
        unsafe {
            match at {
                Some(o) => libc::pwritev(fd, v.as_ptr(), v.len() as libc::c_int, o),
                None => libc::writev(fd, v.as_ptr(), v.len() as libc::c_int),
            }
        }
    })?;
    result(th, r)
}
