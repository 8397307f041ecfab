//! `fcntl`: control of descriptors.

use crate::support::{self, c_constants, constants, os_error_code, syscall};
use txpy_vm::native::buffer;
use txpy_vm::types::{int as ints, module, text};
use txpy_vm::{Args, Gc, ModuleDef, NativeDef, R, Thread, Value, natives};

pub static MODULE: ModuleDef = ModuleDef { name: "fcntl", doc: "Control of descriptors.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "fcntl(fd, cmd, arg=0, /)" = fcntl, "Control a descriptor.";
    #[io] "ioctl(fd, request, arg=0, mutate_flag=True, /)" = ioctl, "Control a device.";
    #[io] "flock(fd, operation, /)" = flock, "Lock a file.";
    #[io] "lockf(fd, cmd, len=0, start=0, whence=0, /)" = lockf, "Lock a part of a file.";
};
const NAMES: &[(&str, i64)] = c_constants! {
    F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_RDLCK F_WRLCK F_UNLCK F_GETOWN F_SETOWN FD_CLOEXEC LOCK_SH LOCK_EX LOCK_NB LOCK_UN
};
fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> { constants(th, m, NAMES) }
fn fail(th: &mut Thread, e: i32) -> txpy_vm::Unwind { if th.py3() { os_error_code(th, e) } else { support::io_error_code(th, e) } }

/// The contents of an argument of up to 1024 bytes, which the call may change.
fn area(th: &mut Thread, v: Value) -> R<Option<Vec<u8>>> {
    if v.is_unset() || ints::is_int_like(v) {
        return Ok(None);
    }
    let b = if text::is_text(v) { text::bytes_of(v).unwrap_or(b"").to_vec() } else { buffer::bytes_like(th, v, |b| b[..b.len().min(1025)].to_vec())? };
    if b.len() > 1024 { Err(th.value_error("fcntl argument 3 is too long")) } else { Ok(Some(b)) }
}
fn number(th: &mut Thread, v: Value) -> R<i64> { if v.is_unset() { Ok(0) } else { ints::arg_i64(th, v) } }
fn fcntl(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let cmd = ints::arg_i32(th, a.get(1))?;
    if let Some(b) = area(th, a.get(2))? {
        let mut buf = [0u8; 1024];
        buf[..b.len()].copy_from_slice(&b);
        let at = buf.as_mut_ptr() as usize;
        // SAFETY: 1024 bytes of ours.
        return match syscall(th, || unsafe { libc::fcntl(fd, cmd, at as *mut libc::c_void) } as isize)? {
            Ok(_) => th.new_bytes(&buf[..b.len()]),
            Err(e) => Err(fail(th, e)),
        };
    }
    let n = number(th, a.get(2))?;
    // SAFETY: a plain call.
    match syscall(th, || unsafe { libc::fcntl(fd, cmd, n) } as isize)? {
        Ok(r) => Ok(Value::int(r as i64)),
        Err(e) => Err(fail(th, e)),
    }
}
fn ioctl(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let request = ints::arg_i64(th, a.get(1))?;
    if let Some(b) = area(th, a.get(2))? {
        let mut buf = [0u8; 1024];
        buf[..b.len()].copy_from_slice(&b);
        let at = buf.as_mut_ptr() as usize;
        // SAFETY: 1024 bytes of ours.
        let r = match syscall(th, || unsafe { libc::ioctl(fd, request as _, at as *mut libc::c_void) } as isize)? {
            Ok(r) => r,
            Err(e) => return Err(fail(th, e)),
        };
        let mutable = !text::is_bytes(a.get(2)) && !text::is_text(a.get(2));
        let mutate = match a.opt(3) {
            Some(f) => txpy_vm::object::is_true(th, f)?,
            None => true,
        };
        if mutable && mutate {
            buffer::bytes_like_mut(th, a.get(2), |to| {
                let n = to.len().min(b.len());
                to[..n].copy_from_slice(&buf[..n]);
            })?;
            return Ok(Value::int(r as i64));
        }
        return th.new_bytes(&buf[..b.len()]);
    }
    let n = number(th, a.get(2))?;
    // SAFETY: a plain call.
    match syscall(th, || unsafe { libc::ioctl(fd, request as _, n) } as isize)? {
        Ok(r) => Ok(Value::int(r as i64)),
        Err(e) => Err(fail(th, e)),
    }
}
fn flock(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let op = ints::arg_i32(th, a.get(1))?;
    // SAFETY: a plain call.
    match syscall(th, || unsafe { libc::flock(fd, op) } as isize)? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(fail(th, e)),
    }
}
fn lockf(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(0))?;
    let op = ints::arg_i32(th, a.get(1))?;
    let (len, start, whence) = (number(th, a.get(2))?, number(th, a.get(3))?, number(th, a.get(4))?);
    let kind = if op & libc::LOCK_UN != 0 {
        libc::F_UNLCK
    } else if op & libc::LOCK_SH != 0 {
        libc::F_RDLCK
    } else if op & libc::LOCK_EX != 0 {
        libc::F_WRLCK
    } else {
        return Err(th.value_error("unrecognized lockf argument"));
    };
    // SAFETY: filled in below.
    let mut l: libc::flock = unsafe { std::mem::zeroed() };
    (l.l_type, l.l_whence, l.l_start, l.l_len) = (kind as _, whence as _, start as _, len as _);
    let cmd = if op & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    // SAFETY: the struct is ours.
    match syscall(th, || unsafe { libc::fcntl(fd, cmd, &l) } as isize)? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(fail(th, e)),
    }
}
