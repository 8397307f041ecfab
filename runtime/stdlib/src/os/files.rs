//! Descriptors: open, read, write and what else is done with them.

use crate::io::{file2, fileio};
use crate::support::{self, int, os_error, os_error_code, os_error_file, syscall};
use txpy_vm::object;
use txpy_vm::types::{int as ints, text};
use txpy_vm::{Args, NativeDef, R, Thread, Value, natives};

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[io, py3] "open(path, flags, mode=0o777, *, dir_fd=None)" = open, "Open a file; its descriptor.";
    #[io, py2] "open(path, flags, mode=0o777, /)" = open, "Open a file; its descriptor.";
    #[io] "close(fd)" = close, "Close a descriptor.";
    #[io] "closerange(fd_low, fd_high, /)" = closerange, "Close descriptors.";
    #[io] "read(fd, length, /)" = read, "Read bytes.";
    #[io] "write(fd, data, /)" = write, "Write bytes.";
    #[io, py3] "pread(fd, length, offset, /)" = pread, "Read bytes at an offset.";
    #[io, py3] "pwrite(fd, data, offset, /)" = pwrite, "Write bytes at an offset.";
    #[io] "lseek(fd, position, whence, /)" = lseek, "Move a descriptor.";
    #[io] "pipe()" = pipe, "Create a pipe.";
    #[io, py3] "pipe2(flags, /)" = pipe2, "Create a pipe with flags.";
    #[io] "dup(fd, /)" = dup, "Duplicate a descriptor.";
    #[io] "dup2(fd, fd2, inheritable=True)" = dup2, "Duplicate a descriptor to a given one.";
    "isatty(fd, /)" = isatty, "Whether a descriptor is a terminal.";
    "ttyname(fd, /)" = ttyname, "Name of the terminal.";
    // SAFETY: of both: plain numbers.
    #[io] "fsync(fd)" = |th, a| one(th, a, |fd| unsafe { libc::fsync(fd) }), "Force data to the disk.";
    #[io] "fdatasync(fd)" = |th, a| one(th, a, |fd| unsafe { libc::fdatasync(fd) }), "Force data to the disk.";
    #[io] "ftruncate(fd, length, /)" = ftruncate, "Set the size of a file.";
    #[io, py3] "get_inheritable(fd, /)" = get_inheritable, "Whether children get the descriptor.";
    #[io, py3] "set_inheritable(fd, inheritable, /)" = set_inheritable, "Whether children get the descriptor.";
    #[io, py3] "get_blocking(fd, /)" = get_blocking, "Whether calls wait.";
    #[io, py3] "set_blocking(fd, blocking, /)" = set_blocking, "Whether calls wait.";
    #[py3] "device_encoding(fd)" = device_encoding, "Encoding of a terminal.";
    #[io, py3] "sendfile(out_fd, in_fd, offset, count)" = sendfile, "Copy between descriptors.";
    #[io, py2] "fdopen(fd, mode='r', bufsize=-1, /)" = fdopen, "File object of a descriptor.";
    #[io, py2] "tmpfile()" = tmpfile, "A file without name.";
    #[io] "openpty()" = openpty, "A pair of terminals.";
};

fn done(th: &mut Thread, r: Result<usize, i32>) -> R<usize> {
    match r {
        Ok(n) => Ok(n),
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn fd_arg(th: &mut Thread, v: Value) -> R<i32> { support::fd_value(th, v) }
/// Calls `f` on the descriptor that the first argument is.
fn one(th: &mut Thread, a: Args, f: impl Fn(i32) -> i32) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let r = syscall(th, || f(fd) as isize)?;
    done(th, r)?;
    Ok(Value::NONE)
}
fn open(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "open", false, false)?;
    let flags = ints::arg_i32(th, a.get(1))?;
    let mode = match a.opt(2) {
        Some(m) => ints::arg_i32(th, m)?,
        None => 0o777,
    };
    let dir = dir_fd(th, a.some(3))?;
    let c = p.c();
    let flags = if th.py3() { flags | libc::O_CLOEXEC } else { flags };
    match syscall(th, || crate::embedded::open(dir, &c, flags, mode as libc::mode_t) as isize)? {
        Ok(fd) => Ok(Value::int(fd as i64)),
        Err(e) => Err(os_error_file(th, e, a.get(0))),
    }
}
/// A `dir_fd` argument.
pub fn dir_fd(th: &mut Thread, v: Option<Value>) -> R<i32> {
    match v {
        None => Ok(libc::AT_FDCWD),
        Some(v) if ints::is_int_like(v) => support::fd_value(th, v),
        Some(v) => {
            let got = object::class_name(v);
            Err(th.type_error(format!("argument should be integer or None, not {got}")))
        }
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    // SAFETY: scripts are free to close what they name.
    let e = th.blocking(|| if unsafe { libc::close(fd) } < 0 { support::errno() } else { 0 });
    if e != 0 && e != libc::EINTR { Err(os_error_code(th, e)) } else { Ok(Value::NONE) }
}
fn closerange(th: &mut Thread, a: Args) -> R<Value> {
    let (low, high) = (fd_arg(th, a.get(0))?, fd_arg(th, a.get(1))?);
    let high = high.min(1 << 20);
    for fd in low.max(0)..high {
        // SAFETY: as in `close`.
        unsafe { libc::close(fd) };
    }
    Ok(Value::NONE)
}
fn read(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let n = ints::arg_i64(th, a.get(1))?;
    if n < 0 {
        return Err(os_error_code(th, libc::EINVAL));
    }
    let out = text::alloc_bytes(th, n as usize)?;
    let at = out.frozen().data().as_ptr() as usize;
    // SAFETY: `n` bytes that nobody else sees.
    let r = syscall(th, || unsafe { libc::read(fd, at as *mut libc::c_void, n as usize) })?;
    let k = done(th, r)?;
    if k == n as usize { Ok(out.value()) } else { th.new_bytes(&out.frozen().data()[..k]) }
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let b = fileio::bytes_arg(th, a.get(1))?;
    let d = text::bytes_of(b).unwrap_or(b"");
    let (at, n) = (d.as_ptr() as usize, d.len());
    // SAFETY: a frozen byte string that the stack holds.
    let r = syscall(th, || unsafe { libc::write(fd, at as *const libc::c_void, n) })?;
    Ok(Value::int(done(th, r)? as i64))
}
fn pread(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let (n, offset) = (ints::arg_usize(th, a.get(1))?, ints::arg_i64(th, a.get(2))?);
    let out = text::alloc_bytes(th, n)?;
    let at = out.frozen().data().as_ptr() as usize;
    // SAFETY: as in `read`.
    let r = syscall(th, || unsafe { libc::pread(fd, at as *mut libc::c_void, n, offset as libc::off_t) })?;
    let k = done(th, r)?;
    th.new_bytes(&out.frozen().data()[..k])
}
fn pwrite(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let b = fileio::bytes_arg(th, a.get(1))?;
    let offset = ints::arg_i64(th, a.get(2))?;
    let d = text::bytes_of(b).unwrap_or(b"");
    let (at, n) = (d.as_ptr() as usize, d.len());
    // SAFETY: as in `write`.
    let r = syscall(th, || unsafe { libc::pwrite(fd, at as *const libc::c_void, n, offset as libc::off_t) })?;
    Ok(Value::int(done(th, r)? as i64))
}
fn lseek(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let (pos, whence) = (ints::arg_i64(th, a.get(1))?, ints::arg_i32(th, a.get(2))?);
    // SAFETY: a plain call.
    match unsafe { libc::lseek(fd, pos as libc::off_t, whence) } {
        r if r < 0 => Err(os_error(th)),
        r => int(th, r as i64),
    }
}
fn make_pipe(th: &mut Thread, flags: i32) -> R<Value> {
    let mut fds = [0; 2];
    #[cfg(target_os = "linux")]
    // SAFETY: room for two.
    let r = unsafe { libc::pipe2(fds.as_mut_ptr(), flags) };
    #[cfg(not(target_os = "linux"))]
    // SAFETY: room for two.
    let r = unsafe {
        let r = libc::pipe(fds.as_mut_ptr());
        fds.iter().for_each(|fd| {
            libc::fcntl(*fd, libc::F_SETFD, if flags & libc::O_CLOEXEC != 0 { libc::FD_CLOEXEC } else { 0 });
        });
        r
    };
    if r < 0 {
        return Err(os_error(th));
    }
    th.new_tuple(&[Value::int(fds[0] as i64), Value::int(fds[1] as i64)])
}
fn pipe(th: &mut Thread, _: Args) -> R<Value> {
    let flags = if th.py3() { libc::O_CLOEXEC } else { 0 };
    make_pipe(th, flags)
}
fn pipe2(th: &mut Thread, a: Args) -> R<Value> {
    let flags = ints::arg_i32(th, a.get(0))?;
    make_pipe(th, flags)
}
fn dup(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    // SAFETY: a plain call.
    let r = if th.py3() { unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) } } else { unsafe { libc::dup(fd) } };
    if r < 0 { Err(os_error(th)) } else { Ok(Value::int(r as i64)) }
}
fn dup2(th: &mut Thread, a: Args) -> R<Value> {
    let (fd, to) = (fd_arg(th, a.get(0))?, fd_arg(th, a.get(1))?);
    let inheritable = match a.opt(2) {
        Some(v) => object::is_true(th, v)?,
        None => true,
    };
    // SAFETY: plain calls.
    let r = unsafe { libc::dup2(fd, to) };
    if r < 0 {
        return Err(os_error(th));
    }
    if !inheritable && fd != to {
        // SAFETY: a plain call.
        unsafe { libc::fcntl(to, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(if th.py3() { Value::int(r as i64) } else { Value::NONE })
}
fn isatty(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    // SAFETY: a query.
    Ok(Value::from_bool(unsafe { libc::isatty(fd) } == 1))
}
fn ttyname(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let mut buf = [0u8; 256];
    // SAFETY: the buffer is as long as told.
    let e = unsafe { libc::ttyname_r(fd, buf.as_mut_ptr().cast(), buf.len()) };
    if e != 0 {
        return Err(os_error_code(th, e));
    }
    let n = buf.iter().position(|c| *c == 0).unwrap_or(0);
    support::fs_str(th, &buf[..n])
}
fn ftruncate(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let n = ints::arg_i64(th, a.get(1))?;
    // SAFETY: a plain call.
    let r = syscall(th, || unsafe { libc::ftruncate(fd, n as libc::off_t) } as isize)?;
    done(th, r)?;
    Ok(Value::NONE)
}
/// Reads or changes the flags of a descriptor.
fn flags(th: &mut Thread, fd: i32, get: i32, set: i32, bit: i32, on: Option<bool>) -> R<bool> {
    // SAFETY: plain calls.
    let now = unsafe { libc::fcntl(fd, get) };
    if now < 0 {
        return Err(os_error(th));
    }
    if let Some(on) = on {
        let new = if on { now | bit } else { now & !bit };
        // SAFETY: as above.
        if unsafe { libc::fcntl(fd, set, new) } < 0 {
            return Err(os_error(th));
        }
    }
    Ok(now & bit != 0)
}
fn get_inheritable(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    Ok(Value::from_bool(!flags(th, fd, libc::F_GETFD, libc::F_SETFD, libc::FD_CLOEXEC, None)?))
}
fn set_inheritable(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let on = object::is_true(th, a.get(1))?;
    flags(th, fd, libc::F_GETFD, libc::F_SETFD, libc::FD_CLOEXEC, Some(!on))?;
    Ok(Value::NONE)
}
fn get_blocking(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    Ok(Value::from_bool(!flags(th, fd, libc::F_GETFL, libc::F_SETFL, libc::O_NONBLOCK, None)?))
}
fn set_blocking(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let on = object::is_true(th, a.get(1))?;
    flags(th, fd, libc::F_GETFL, libc::F_SETFL, libc::O_NONBLOCK, Some(!on))?;
    Ok(Value::NONE)
}
fn device_encoding(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    // SAFETY: a query.
    if unsafe { libc::isatty(fd) } == 1 { th.native_str("UTF-8") } else { Ok(Value::NONE) }
}
fn sendfile(th: &mut Thread, a: Args) -> R<Value> {
    #[cfg(target_os = "linux")]
    {
        let (to, from) = (fd_arg(th, a.get(0))?, fd_arg(th, a.get(1))?);
        let n = ints::arg_usize(th, a.get(3))?;
        let mut offset = match a.some(2) {
            Some(o) => Some(ints::arg_i64(th, o)? as libc::off_t),
            None => None,
        };
        // SAFETY: the offset is ours.
        let r = syscall(th, || unsafe { libc::sendfile(to, from, offset.as_mut().map_or(std::ptr::null_mut(), |o| o), n) })?;
        let k = done(th, r)?;
        int(th, k as i64)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = a;
        Err(th.not_implemented("os.sendfile on this system"))
    }
}
fn fdopen(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_arg(th, a.get(0))?;
    let mode = match a.opt(1) {
        Some(m) => support::str_arg(th, m, "fdopen", "2")?,
        None => "r".to_string(),
    };
    let buffering = match a.opt(2) {
        Some(b) => ints::arg_i64(th, b)?,
        None => -1,
    };
    // SAFETY: a query about a descriptor.
    if unsafe { libc::fcntl(fd, libc::F_GETFL) } < 0 {
        return Err(os_error(th));
    }
    let name = th.native_str("<fdopen>")?;
    let f = file2::of_fd(th, fd, name, &mode, buffering)?;
    file2::set_pid(th, f, 0)?;
    Ok(f)
}
fn tmpfile(th: &mut Thread, _: Args) -> R<Value> {
    let mut name = *b"/tmp/txpyXXXXXX\0";
    // SAFETY: a template that ends with zero; the name is removed at once.
    let fd = unsafe {
        let fd = libc::mkstemp(name.as_mut_ptr().cast());
        if fd >= 0 {
            libc::unlink(name.as_ptr().cast());
        }
        fd
    };
    if fd < 0 {
        return Err(os_error(th));
    }
    let name = th.native_str("<tmpfile>")?;
    let f = file2::of_fd(th, fd, name, "w+b", -1)?;
    file2::set_pid(th, f, 0)?;
    Ok(f)
}
fn openpty(th: &mut Thread, _: Args) -> R<Value> {
    let (mut x, mut y) = (0, 0);
    // SAFETY: both results are ours.
    let r = unsafe { libc::openpty(&mut x, &mut y, std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut()) };
    if r < 0 {
        return Err(os_error(th));
    }
    th.new_tuple(&[Value::int(x as i64), Value::int(y as i64)])
}
