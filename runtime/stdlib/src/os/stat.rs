//! `stat` and its relatives.

use super::files::dir_fd;
use crate::struct_seq;
use crate::structseq;
use crate::support::{self, float, int, os_error_code, os_error_file};
use txpy_vm::object;
use txpy_vm::types::{module, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "stat(path, *, dir_fd=None, follow_symlinks=True)" = stat, "State of a file.";
    #[io] "lstat(path, *, dir_fd=None)" = lstat, "State of a file, links not followed.";
    #[io] "fstat(fd)" = fstat, "State of an open file.";
    #[io] "statvfs(path)" = statvfs, "State of a file system.";
    #[io] "fstatvfs(fd, /)" = statvfs, "State of a file system.";
    #[io, py3] "_path_exists(path)" = |th, a| test(th, a, |_| true, true), "Whether a path exists.";
    #[io, py3] "_path_lexists(path)" = |th, a| test(th, a, |_| true, false), "Whether a name exists.";
    #[io, py3] "_path_isdir(s)" = |th, a| test(th, a, |m| m & libc::S_IFMT == libc::S_IFDIR, true), "Whether a path is a directory.";
    #[io, py3] "_path_isfile(path)" = |th, a| test(th, a, |m| m & libc::S_IFMT == libc::S_IFREG, true), "Whether a path is a file.";
    #[io, py3] "_path_islink(path)" = |th, a| test(th, a, |m| m & libc::S_IFMT == libc::S_IFLNK, false), "Whether a path is a link.";
};

struct_seq! { pub static STAT: "os", "stat_result", "State of a file." {
    "st_mode" 0, "st_ino" 1, "st_dev" 2, "st_nlink" 3, "st_uid" 4, "st_gid" 5, "st_size" 6, "_integer_atime" 7, "_integer_mtime" 8, "_integer_ctime" 9,
} }
struct_seq! { pub static STAT2: "posix", "stat_result", "State of a file." {
    "st_mode" 0, "st_ino" 1, "st_dev" 2, "st_nlink" 3, "st_uid" 4, "st_gid" 5, "st_size" 6, "_integer_atime" 7, "_integer_mtime" 8, "_integer_ctime" 9,
} }
struct_seq! { pub static STATVFS: "os", "statvfs_result", "State of a file system." {
    "f_bsize" 0, "f_frsize" 1, "f_blocks" 2, "f_bfree" 3, "f_bavail" 4, "f_files" 5, "f_ffree" 6, "f_favail" 7, "f_flag" 8, "f_namemax" 9,
} }

pub fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let t = if th.py3() { type_::make_native(th, &STAT)? } else { type_::make_native(th, &STAT2)? };
    module::set(th, m, "stat_result", t.value())?;
    let t = type_::make_native(th, &STATVFS)?;
    module::set(th, m, "statvfs_result", t.value())
}

/// A `stat_result`.
pub fn result(th: &mut Thread, st: &libc::stat) -> R<Value> {
    let ints = [st.st_mode as i64, st.st_ino as i64, st.st_dev as i64, st.st_nlink as i64, st.st_uid as i64, st.st_gid as i64, st.st_size as i64, st.st_atime as i64, st.st_mtime as i64, st.st_ctime as i64];
    let mut items = [Value::NONE; 10];
    for (to, i) in items.iter_mut().zip(ints) {
        *to = int(th, i)?;
    }
    let time = |s: i64, ns: i64| s as f64 + ns as f64 * 1e-9;
    let (a, m, c) = ((st.st_atime as i64, st.st_atime_nsec as i64), (st.st_mtime as i64, st.st_mtime_nsec as i64), (st.st_ctime as i64, st.st_ctime_nsec as i64));
    let (fa, fm, fc) = (float(th, time(a.0, a.1))?, float(th, time(m.0, m.1))?, float(th, time(c.0, c.1))?);
    let ns = |th: &mut Thread, t: (i64, i64)| txpy_vm::types::int::from_i128(th, t.0 as i128 * 1_000_000_000 + t.1 as i128);
    let (na, nm, nc) = (ns(th, a)?, ns(th, m)?, ns(th, c)?);
    let (bs, bl, rd) = (int(th, st.st_blksize as i64)?, int(th, st.st_blocks as i64)?, int(th, st.st_rdev as i64)?);
    let hidden = [("st_atime", fa), ("st_mtime", fm), ("st_ctime", fc), ("st_blksize", bs), ("st_blocks", bl), ("st_rdev", rd), ("st_atime_ns", na), ("st_mtime_ns", nm), ("st_ctime_ns", nc)];
    if th.py3() { structseq::new(th, &STAT, &items, &hidden) } else { structseq::new(th, &STAT2, &items, &hidden[..6]) }
}
/// What the system says of a path (or descriptor), or its error.
pub fn query(th: &mut Thread, p: &support::Path, dir: i32, follow: bool) -> Result<libc::stat, i32> {
    let c = p.c();
    let fd = p.fd;
    if let (None, Some(r)) = (fd, crate::embedded::stat(&p.bytes)) {
        return r;
    }
    th.blocking(|| {
        // SAFETY: a path that ends with zero; the call fills in the struct.
        unsafe {
            let mut st: libc::stat = std::mem::zeroed();
            let r = match fd {
                Some(fd) => libc::fstat(fd, &mut st),
                None => libc::fstatat(dir, c.as_ptr(), &mut st, if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }),
            };
            if r < 0 { Err(support::errno()) } else { Ok(st) }
        }
    })
}
fn of(th: &mut Thread, v: Value, name: &str, dir: i32, follow: bool, fd: bool) -> R<Value> {
    let p = support::path(th, v, name, fd, false)?;
    crate::io::textio::flush_dropped(th)?;
    match query(th, &p, dir, follow) {
        Ok(st) => result(th, &st),
        Err(e) if p.fd.is_some() => Err(os_error_code(th, e)),
        Err(e) => Err(os_error_file(th, e, p.given)),
    }
}
fn stat(th: &mut Thread, a: Args) -> R<Value> {
    let d = dir_fd(th, a.some(1))?;
    let follow = match a.opt(2) {
        Some(f) => object::is_true(th, f)?,
        None => true,
    };
    let fd = th.py3();
    of(th, a.get(0), "stat", d, follow, fd)
}
fn lstat(th: &mut Thread, a: Args) -> R<Value> {
    let d = dir_fd(th, a.some(1))?;
    of(th, a.get(0), "lstat", d, false, false)
}
fn fstat(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_value(th, a.get(0))?;
    let p = support::Path { given: a.get(0), bytes: Vec::new(), fd: Some(fd) };
    match query(th, &p, 0, true) {
        Ok(st) => result(th, &st),
        Err(e) => Err(os_error_code(th, e)),
    }
}
/// Answers a question about a path's mode; False for whatever does not exist.
fn test(th: &mut Thread, a: Args, f: fn(libc::mode_t) -> bool, follow: bool) -> R<Value> {
    let p = match support::path(th, a.get(0), "", true, false) {
        Ok(p) => p,
        Err(e) => return if th.catch(&txpy_vm::exceptions::VALUE_ERROR).is_some() { Ok(Value::FALSE) } else { Err(e) },
    };
    Ok(Value::from_bool(query(th, &p, libc::AT_FDCWD, follow).is_ok_and(|st| f(st.st_mode))))
}
fn statvfs(th: &mut Thread, a: Args) -> R<Value> {
    let p = support::path(th, a.get(0), "statvfs", true, false)?;
    let c = p.c();
    let fd = p.fd;
    let r = th.blocking(|| {
        // SAFETY: as in `query`.
        unsafe {
            let mut s: libc::statvfs = std::mem::zeroed();
            let r = match fd {
                Some(fd) => libc::fstatvfs(fd, &mut s),
                None => libc::statvfs(c.as_ptr(), &mut s),
            };
            if r < 0 { Err(support::errno()) } else { Ok(s) }
        }
    });
    let s = match r {
        Ok(s) => s,
        Err(e) => return Err(os_error_file(th, e, p.given)),
    };
    let ints = [s.f_bsize as i64, s.f_frsize as i64, s.f_blocks as i64, s.f_bfree as i64, s.f_bavail as i64, s.f_files as i64, s.f_ffree as i64, s.f_favail as i64, s.f_flag as i64, s.f_namemax as i64];
    let mut items = [Value::NONE; 10];
    for (to, i) in items.iter_mut().zip(ints) {
        *to = int(th, i)?;
    }
    // SAFETY: a number of some width or a struct of two, whose bytes are a number as good as any.
    let id = unsafe { std::ptr::read_unaligned((&raw const s.f_fsid).cast::<u32>()) };
    let hidden = [("f_fsid", int(th, id.into())?)];
    structseq::new(th, &STATVFS, &items, if th.py3() { &hidden } else { &[] })
}
