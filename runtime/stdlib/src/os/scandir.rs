//! `scandir` and its entries.

use super::paths::names;
use super::stat;
use crate::kinds_io;
use crate::support::{self, fs_str, os_error_file};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::{list, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct DirEntry = kinds_io::DIR_ENTRY {
        name: Value,
        path: Value,
        /// d_type of the directory, DT_UNKNOWN when it does not say.
        kind: u8,
        inode: u64,
        /// The directory's descriptor when it was given as one, else -1: the name is relative to it.
        dir: i32,
        stat: Value,
        lstat: Value,
    }
}
object! {
    pub struct ScanDir = kinds_io::SCANDIR { entries: Value, at: usize }
}
pub static DIR_ENTRY: TypeDef = TypeDef {
    name: "DirEntry", module: "posix", kind: kinds_io::DIR_ENTRY, size: size_of::<DirEntry>() as u16, flags: type_flag::NO_NEW | type_flag::PY3,
    methods: &[ENTRY], getset: ENTRY_GETSET, doc: "An entry of a directory.", ..TypeDef::DEFAULT
};
static SCAN_DIR: TypeDef = TypeDef {
    name: "ScandirIterator", module: "posix", kind: kinds_io::SCANDIR, size: size_of::<ScanDir>() as u16, flags: type_flag::NO_NEW, methods: &[SCAN],
    doc: "Entries of a directory.", ..TypeDef::DEFAULT
};
pub static FUNCTIONS: &[NativeDef] = natives! {
    #[io, py3] "scandir(path=None)" = scandir, "Entries of a directory.";
};
static ENTRY: &[NativeDef] = natives! {
    "is_dir(self, *, follow_symlinks=True)" = |th, a| is(th, a, libc::S_IFDIR, libc::DT_DIR), "Whether it is a directory.";
    "is_file(self, *, follow_symlinks=True)" = |th, a| is(th, a, libc::S_IFREG, libc::DT_REG), "Whether it is a file.";
    "is_symlink(self, /)" = |th, a| is_link(th, a), "Whether it is a link.";
    "is_junction(self, /)" = |_, _| Ok(Value::FALSE), "False.";
    "stat(self, *, follow_symlinks=True)" = stat_, "State of the entry.";
    "inode(self, /)" = |th, a| { let i = this(a.get(0)).read(th)?.inode; support::int(th, i as i64) }, "Inode number.";
    "__fspath__(self, /)" = |th, a| Ok(this(a.get(0)).read(th)?.path), "The path.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
static ENTRY_GETSET: &[GetSetDef] = getset! {
    "name" = |th, v| Ok(this(v).read(th)?.name), "Name in the directory.";
    "path" = |th, v| Ok(this(v).read(th)?.path), "Path.";
};
static SCAN: &[NativeDef] = natives! {
    "__iter__(self, /)" = |_, a| Ok(a.get(0)), "Return self.";
    "__next__(self, /)" = |th, a| { let r = step(th, a.get(0)); object::iter::finish(th, r) }, "The next entry.";
    "close(self, /)" = close, "End the iteration.";
    "__enter__(self, /)" = |_, a| Ok(a.get(0)), "Return self.";
    "__exit__(self, /, *args)" = close, "End the iteration.";
};
/// Registers the iterator's step.
pub fn register() { object::iter::register_step(kinds_io::SCANDIR, step) }

fn this(v: Value) -> Gc<DirEntry> { v.cast().expect("checked by the call") }
fn scandir(th: &mut Thread, a: Args) -> R<Value> {
    type_::make_native(th, &DIR_ENTRY)?;
    type_::make_native(th, &SCAN_DIR)?;
    let p = support::path(th, a.get(0), "scandir", true, true)?;
    let all = names(th, &p)?;
    let bytes = p.fd.is_none() && p.is_bytes();
    let l = list::with_capacity(th, all.len())?;
    for (n, kind, inode) in &all {
        let name = if bytes { th.new_bytes(n)? } else { fs_str(th, n)? };
        let path = if p.fd.is_some() {
            name
        } else {
            let mut full = p.bytes.clone();
            if !full.ends_with(b"/") {
                full.push(b'/');
            }
            full.extend_from_slice(n);
            if bytes { th.new_bytes(&full)? } else { fs_str(th, &full)? }
        };
        let e = th.alloc(DIR_ENTRY.shape(), DirEntry { header: Header::NEW, name, path, kind: *kind, inode: *inode, dir: p.fd.unwrap_or(-1), stat: Value::UNSET, lstat: Value::UNSET })?;
        list::append(th, l, e.value())?;
    }
    Ok(th.alloc(SCAN_DIR.shape(), ScanDir { header: Header::NEW, entries: l.value(), at: 0 })?.value())
}
fn step(th: &mut Thread, v: Value) -> R<Value> {
    let s: Gc<ScanDir> = v.cast().expect("checked by the call");
    let mut g = s.write(th)?;
    let (l, at) = (g.entries, g.at);
    g.at += 1;
    drop(g);
    match l.cast::<list::List>() {
        Some(l) => Ok(list::get(th, l, at)?.unwrap_or(Value::STOP)),
        None => Ok(Value::STOP),
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<ScanDir> = a.get(0).cast().expect("checked by the call");
    s.write(th)?.entries = Value::NONE;
    Ok(Value::NONE)
}
/// The entry's path and the directory that it is relative to.
fn path_of(th: &mut Thread, e: Gc<DirEntry>) -> R<(support::Path, i32)> {
    let g = e.read(th)?;
    let (given, dir) = (g.path, g.dir);
    drop(g);
    Ok((support::path(th, given, "DirEntry", false, false)?, if dir < 0 { libc::AT_FDCWD } else { dir }))
}
fn is(th: &mut Thread, a: Args, mode: libc::mode_t, kind: u8) -> R<Value> {
    let e = this(a.get(0));
    let follow = match a.opt(1) {
        Some(f) => object::is_true(th, f)?,
        None => true,
    };
    let known = e.read(th)?.kind;
    if known != libc::DT_UNKNOWN && !(follow && known == libc::DT_LNK) {
        return Ok(Value::from_bool(known == kind));
    }
    let (p, dir) = path_of(th, e)?;
    match stat::query(th, &p, dir, follow) {
        Ok(st) => Ok(Value::from_bool(st.st_mode & libc::S_IFMT == mode)),
        Err(libc::ENOENT) => Ok(Value::FALSE),
        Err(x) => Err(os_error_file(th, x, p.given)),
    }
}
fn is_link(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let known = e.read(th)?.kind;
    if known != libc::DT_UNKNOWN {
        return Ok(Value::from_bool(known == libc::DT_LNK));
    }
    let (p, dir) = path_of(th, e)?;
    Ok(Value::from_bool(stat::query(th, &p, dir, false).is_ok_and(|st| st.st_mode & libc::S_IFMT == libc::S_IFLNK)))
}
fn stat_(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let follow = match a.opt(1) {
        Some(f) => object::is_true(th, f)?,
        None => true,
    };
    let g = e.read(th)?;
    let known = if follow { g.stat } else { g.lstat };
    drop(g);
    if !known.is_unset() {
        return Ok(known);
    }
    let (p, dir) = path_of(th, e)?;
    match stat::query(th, &p, dir, follow) {
        Ok(st) => {
            let v = stat::result(th, &st)?;
            let mut g = e.write(th)?;
            if follow { g.stat = v } else { g.lstat = v }
            Ok(v)
        }
        Err(x) => Err(os_error_file(th, x, p.given)),
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let n = this(a.get(0)).read(th)?.name;
    let s = format!("<DirEntry {}>", object::repr_text(th, n)?);
    th.native_str(&s)
}
