//! Names in the file system: directories, links, removal, permissions.

use super::files::dir_fd;
use crate::support::{self, Path, errno, fs_str, os_error_code, os_error_file, os_error_files, syscall};
use txpy_vm::object;
use txpy_vm::types::{float, int as ints, list, text, tuple};
use txpy_vm::{Args, NativeDef, R, Thread, Value, natives};

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "listdir(path=None)" = listdir, "Names in a directory.";
    #[io] "mkdir(path, mode=0o777, *, dir_fd=None)" = mkdir, "Create a directory.";
    // SAFETY: of these three: a path that ends with zero.
    #[io] "rmdir(path, *, dir_fd=None)" = |th, a| at(th, a, "rmdir", 1, |d, p| unsafe { libc::unlinkat(d, p, libc::AT_REMOVEDIR) }), "Remove a directory.";
    #[io] "remove(path, *, dir_fd=None)" = |th, a| at(th, a, "remove", 1, |d, p| unsafe { libc::unlinkat(d, p, 0) }), "Remove a file.";
    #[io] "unlink(path, *, dir_fd=None)" = |th, a| at(th, a, "unlink", 1, |d, p| unsafe { libc::unlinkat(d, p, 0) }), "Remove a file.";
    #[io] "rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)" = |th, a| rename(th, a, "rename"), "Rename a file.";
    #[io, py3] "replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)" = |th, a| rename(th, a, "replace"), "Rename a file, replacing another.";
    #[io] "link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)" = link, "Create a hard link.";
    #[io] "symlink(src, dst, target_is_directory=False, *, dir_fd=None)" = symlink, "Create a symbolic link.";
    #[io] "readlink(path, *, dir_fd=None)" = readlink, "What a symbolic link names.";
    #[io] "access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)" = access, "Whether access is allowed.";
    #[io] "chmod(path, mode, *, dir_fd=None, follow_symlinks=True)" = chmod, "Change permissions.";
    #[io] "fchmod(fd, mode)" = chmod, "Change permissions.";
    #[io] "chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)" = |th, a| chown(th, a, true), "Change the owner.";
    #[io] "lchown(path, uid, gid)" = |th, a| chown(th, a, false), "Change the owner of a link.";
    #[io] "fchown(fd, uid, gid)" = |th, a| chown(th, a, true), "Change the owner.";
    #[io] "utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True)" = utime, "Set the times of a file.";
    #[io, py3] "truncate(path, length)" = truncate, "Set the size of a file.";
    #[io] "mkfifo(path, mode=0o666, *, dir_fd=None)" = mkfifo, "Create a named pipe.";
    #[io, py3] "_path_normpath(path)" = normpath, "Normalized path.";
};

fn fail(th: &mut Thread, p: &Path) -> txpy_vm::Unwind {
    let e = errno();
    if p.fd.is_some() { os_error_code(th, e) } else { os_error_file(th, e, p.given) }
}
/// Runs a call that may wait on a path.
pub fn run(th: &mut Thread, p: &Path, mut f: impl FnMut(*const libc::c_char) -> i32) -> R<()> {
    let c = p.c();
    match syscall(th, || f(c.as_ptr()) as isize)? {
        Ok(_) => Ok(()),
        Err(e) if p.fd.is_some() => Err(os_error_code(th, e)),
        Err(e) => Err(os_error_file(th, e, p.given)),
    }
}
/// A call on a path relative to the `dir_fd` that argument `i` is.
fn at(th: &mut Thread, a: Args, name: &str, i: usize, f: fn(i32, *const libc::c_char) -> i32) -> R<Value> {
    let p = support::path(th, a.get(0), name, false, false)?;
    let d = dir_fd(th, a.some(i))?;
    run(th, &p, |c| f(d, c))?;
    Ok(Value::NONE)
}
/// Names in a directory, as the system gives them, without `.` and `..`.
pub fn names(th: &mut Thread, p: &Path) -> R<Vec<(Vec<u8>, u8, u64)>> {
    let c = p.c();
    let fd = p.fd;
    let embedded = if fd.is_none() { crate::embedded::names(&p.bytes) } else { None };
    let r = embedded.unwrap_or_else(|| th.blocking(|| {
        // SAFETY: the stream is opened, read and closed here; entries are copied at once.
        unsafe {
            let d = match fd {
                Some(fd) => {
                    let copy = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0);
                    if copy < 0 { std::ptr::null_mut() } else { libc::fdopendir(copy) }
                }
                None => libc::opendir(c.as_ptr()),
            };
            if d.is_null() {
                return Err(errno());
            }
            if fd.is_some() {
                libc::rewinddir(d);
            }
            let mut out = Vec::new();
            loop {
                let e = libc::readdir(d);
                if e.is_null() {
                    break;
                }
                let name = std::ffi::CStr::from_ptr((&raw const (*e).d_name).cast()).to_bytes();
                if name != b"." && name != b".." {
                    out.push((name.to_vec(), (*e).d_type, (*e).d_ino as u64));
                }
            }
            libc::closedir(d);
            Ok(out)
        }
    }));
    match r {
        Ok(v) => Ok(v),
        Err(e) if p.fd.is_some() => Err(os_error_code(th, e)),
        Err(e) => Err(os_error_file(th, e, p.given)),
    }
}
fn listdir(th: &mut Thread, a: Args) -> R<Value> {
    let fd_ok = th.py3();
    let p = support::path(th, a.get(0), "listdir", fd_ok, fd_ok)?;
    let all = names(th, &p)?;
    let l = list::with_capacity(th, all.len())?;
    let bytes = p.fd.is_none() && p.is_bytes();
    let unicode = !th.py3() && text::is_text(p.given);
    for (n, _, _) in &all {
        let v = if bytes {
            th.new_bytes(n)?
        } else if unicode {
            text::new_str(th, &support::fs_decode(n))?
        } else {
            fs_str(th, n)?
        };
        list::append(th, l, v)?;
    }
    Ok(l.value())
}
fn mkdir(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "mkdir", false, false)?;
    let mode = match a.opt(1) {
        Some(m) => ints::arg_i32(th, m)?,
        None => 0o777,
    };
    let d = dir_fd(th, a.some(2))?;
    // SAFETY: a path that ends with zero, here and below.
    run(th, &p, |c| unsafe { libc::mkdirat(d, c, mode as libc::mode_t) })?;
    Ok(Value::NONE)
}
fn mkfifo(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "mkfifo", false, false)?;
    let mode = match a.opt(1) {
        Some(m) => ints::arg_i32(th, m)?,
        None => 0o666,
    };
    // SAFETY: a path that ends with zero.
    run(th, &p, |c| unsafe { libc::mkfifo(c, mode as libc::mode_t) })?;
    Ok(Value::NONE)
}
fn two(th: &mut Thread, a: Args, name: &str, f: impl Fn(*const libc::c_char, *const libc::c_char) -> i32) -> R<Value> {
    let (p, q) = (support::path(th, a.get(0), name, false, false)?, support::path(th, a.get(1), name, false, false)?);
    let (c, d) = (p.c(), q.c());
    match syscall(th, || f(c.as_ptr(), d.as_ptr()) as isize)? {
        Ok(_) => Ok(Value::NONE),
        Err(e) if th.py3() => Err(os_error_files(th, e, p.given, q.given)),
        Err(e) => Err(os_error_code(th, e)),
    }
}
fn rename(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    let (x, y) = (dir_fd(th, a.some(2))?, dir_fd(th, a.some(3))?);
    // SAFETY: paths that end with zero.
    two(th, a, name, |c, d| unsafe { libc::renameat(x, c, y, d) })
}
fn link(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (dir_fd(th, a.some(2))?, dir_fd(th, a.some(3))?);
    let follow = match a.opt(4) {
        Some(f) => object::is_true(th, f)?,
        None => true,
    };
    // SAFETY: paths that end with zero.
    two(th, a, "link", |c, d| unsafe { libc::linkat(x, c, y, d, if follow { libc::AT_SYMLINK_FOLLOW } else { 0 }) })
}
fn symlink(th: &mut Thread, a: Args) -> R<Value> {
    let y = dir_fd(th, a.some(3))?;
    // SAFETY: paths that end with zero.
    two(th, a, "symlink", |c, d| unsafe { libc::symlinkat(c, y, d) })
}
fn readlink(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "readlink", false, false)?;
    let d = dir_fd(th, a.some(1))?;
    let c = p.c();
    let mut buf = vec![0u8; 4096];
    // SAFETY: the buffer is as long as told.
    let n = unsafe { libc::readlinkat(d, c.as_ptr(), buf.as_mut_ptr().cast(), buf.len()) };
    if n < 0 {
        return Err(fail(th, &p));
    }
    if p.is_bytes() { th.new_bytes(&buf[..n as usize]) } else if th.py3() { fs_str(th, &buf[..n as usize]) } else { text::new_str(th, &support::fs_decode(&buf[..n as usize])) }
}
fn access(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "access", false, false)?;
    let mode = ints::arg_i32(th, a.get(1))?;
    let d = dir_fd(th, a.some(2))?;
    let mut flags = 0;
    if let Some(e) = a.opt(3) {
        if object::is_true(th, e)? {
            flags |= libc::AT_EACCESS;
        }
    }
    if let Some(f) = a.opt(4) {
        if !object::is_true(th, f)? {
            flags |= libc::AT_SYMLINK_NOFOLLOW;
        }
    }
    if let Some(st) = crate::embedded::stat(&p.bytes) {
        return Ok(Value::from_bool(mode & libc::W_OK == 0 && st.is_ok_and(|st| mode & libc::X_OK == 0 || st.st_mode & 0o100 != 0)));
    }
    let c = p.c();
    // SAFETY: a path that ends with zero.
    Ok(Value::from_bool(th.blocking(|| unsafe { libc::faccessat(d, c.as_ptr(), mode, flags) }) == 0))
}
fn chmod(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "chmod", true, false)?;
    let mode = ints::arg_i32(th, a.get(1))? as libc::mode_t;
    let d = dir_fd(th, a.some(2))?;
    let fd = p.fd;
    // SAFETY: a path that ends with zero.
    run(th, &p, |c| unsafe { if let Some(fd) = fd { libc::fchmod(fd, mode) } else { libc::fchmodat(d, c, mode, 0) } })?;
    Ok(Value::NONE)
}
fn id(th: &mut Thread, v: Value) -> R<u32> {
    match ints::arg_i64(th, v)? {
        -1 => Ok(u32::MAX),
        i => u32::try_from(i).or_else(|_| Err(th.overflow_error(if i < 0 { "uid is less than minimum" } else { "uid is greater than maximum" }))),
    }
}
fn chown(th: &mut Thread, a: Args, follow: bool) -> R<Value> {
    let p = support::path(th, a.get(0), "chown", true, false)?;
    let (u, g) = (id(th, a.get(1))?, id(th, a.get(2))?);
    let d = dir_fd(th, a.some(3))?;
    let follow = match a.opt(4) {
        Some(f) => object::is_true(th, f)?,
        None => follow,
    };
    let fd = p.fd;
    // SAFETY: a path that ends with zero.
    run(th, &p, |c| unsafe { if let Some(fd) = fd { libc::fchown(fd, u, g) } else { libc::fchownat(d, c, u, g, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }) } })?;
    Ok(Value::NONE)
}
fn timespec(th: &mut Thread, v: Value, ns: bool) -> R<libc::timespec> {
    if ns {
        let i = ints::arg_i64(th, v)?;
        return Ok(libc::timespec { tv_sec: i.div_euclid(1_000_000_000) as libc::time_t, tv_nsec: i.rem_euclid(1_000_000_000) as _ });
    }
    if ints::is_int_like(v) {
        return Ok(libc::timespec { tv_sec: ints::arg_i64(th, v)? as libc::time_t, tv_nsec: 0 });
    }
    let f = float::as_f64(th, v)?;
    if f.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    Ok(libc::timespec { tv_sec: f.floor() as libc::time_t, tv_nsec: ((f - f.floor()) * 1e9) as _ })
}
fn utime(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "utime", true, false)?;
    let (times, ns) = (a.some(1), a.some(2));
    if times.is_some() && ns.is_some() {
        return Err(th.value_error("utime: you may specify either 'times' or 'ns' but not both"));
    }
    let spec = match times.or(ns) {
        None => None,
        Some(t) => match tuple::items(t) {
            Some([x, y]) => Some([timespec(th, *x, ns.is_some())?, timespec(th, *y, ns.is_some())?]),
            _ => return Err(th.type_error(if ns.is_some() { "utime: 'ns' must be a tuple of two ints" } else if th.py3() { "utime: 'times' must be either a tuple of two ints or None" } else { "utime() arg 2 must be a tuple (atime, mtime)" })),
        },
    };
    let d = dir_fd(th, a.some(3))?;
    let follow = match a.opt(4) {
        Some(f) => object::is_true(th, f)?,
        None => true,
    };
    let ptr = spec.as_ref().map_or(std::ptr::null(), |s| s.as_ptr());
    let fd = p.fd;
    // SAFETY: a path that ends with zero, times that live through the call.
    run(th, &p, |c| unsafe { if let Some(fd) = fd { libc::futimens(fd, ptr) } else { libc::utimensat(d, c, ptr, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }) } })?;
    Ok(Value::NONE)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "truncate", true, false)?;
    let n = ints::arg_i64(th, a.get(1))? as libc::off_t;
    let fd = p.fd;
    // SAFETY: a path that ends with zero.
    run(th, &p, |c| unsafe { if let Some(fd) = fd { libc::ftruncate(fd, n) } else { libc::truncate(c, n) } })?;
    Ok(Value::NONE)
}
fn normpath(th: &mut Thread, a: Args) -> R<Value> {
    let v = support::fspath(th, a.get(0))?;
    let b = text::bytes_of(v).unwrap_or(b"");
    let lead = if b.starts_with(b"//") && !b.starts_with(b"///") { 2 } else { b.starts_with(b"/") as usize };
    let mut parts: Vec<&[u8]> = Vec::new();
    for p in b.split(|c| *c == b'/').filter(|p| !p.is_empty() && *p != b".") {
        if p != b".." || lead == 0 && parts.last().is_none_or(|l| *l == b"..") {
            parts.push(p);
        } else {
            parts.pop();
        }
    }
    let mut out = vec![b'/'; lead];
    out.extend(parts.join(&b'/'));
    if out.is_empty() {
        out.push(b'.');
    }
    if text::is_text(v) { text::new_str(th, &out) } else { th.new_bytes(&out) }
}
