//! `mmap`: files and anonymous memory as objects with the interface of a byte array and of a file.

use crate::api::*;
use crate::kinds_io;
use crate::support::{self, os_error};
use txpy_vm::exceptions::{BUFFER_ERROR, ENVIRONMENT_ERROR, OS_ERROR};
use txpy_heap::Bytes8;
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::native::stored::{self, Stored};
use txpy_vm::types::{bytearray, slice};

object! {
    pub struct Mmap = kinds_io::MMAP, release = unmap {
        /// Address of the memory; 0: closed, or empty.
        at: usize,
        len: usize,
        open: bool,
        /// A duplicate of the file's descriptor; -1 for anonymous memory.
        fd: i32,
        offset: i64,
        access: i32,
        pos: usize,
        exports: usize,
        /// Weak references to the memoryviews among them.
        views: Value,
    }
}
unsafe fn unmap(h: *mut Header) {
    // SAFETY: called once, when the object dies; memory and descriptor are its own.
    unsafe {
        let m = &*h.cast::<Mmap>();
        give_back(m.at, m.len, m.fd);
    }
}
/// # Safety
/// Nobody uses the memory any more.
unsafe fn give_back(at: usize, len: usize, fd: i32) {
    unsafe {
        if at != 0 {
            libc::munmap(at as *mut libc::c_void, len);
        }
        if fd >= 0 {
            libc::close(fd);
        }
    }
}
impl Stored for Mmap {
    fn storage(&self) -> Option<Gc<Bytes8>> { None }
}
impl bytearray::Lender for Mmap {
    fn lent(&mut self) -> (&mut usize, &mut Value) { (&mut self.exports, &mut self.views) }
}
/// Whether somebody holds the memory.
fn is_lent(th: &mut Thread, v: Value) -> R<bool> {
    let m: Gc<Mmap> = this(v);
    Ok(m.read(th)?.exports > 0 && !bytearray::settle(th, m)?)
}
const DEFAULT: i32 = 0;
const READ: i32 = 1;
const WRITE: i32 = 2;
const COPY: i32 = 3;

crate::exception! { ERROR2, "mmap" "error", &ENVIRONMENT_ERROR, "What the system reports." }
pub static MMAP: TypeDef = TypeDef {
    name: "mmap", module: "mmap", kind: kinds_io::MMAP, size: size_of::<Mmap>() as u16, flags: type_flag::BASE | type_flag::WEAK, methods: &[METHODS],
    getset: getset! { "closed" = |th, v| { let o = this::<Mmap>(v).read(th)?.open; Ok(Value::from_bool(!o)) }, "Whether it is closed."; },
    doc: "A file, or anonymous memory, in memory.", ..TypeDef::DEFAULT
};
pub static MODULE: ModuleDef = ModuleDef { name: "mmap", doc: "Files in memory.", types: &[&MMAP], init: Some(init), ..ModuleDef::DEFAULT };

static METHODS: &[NativeDef] = natives! {
    #[io] "__new__(cls, fileno, length, flags=1, prot=3, access=0, offset=0)" = new, "Create and return a new object.";
    #[io] "close(self, /)" = close, "Give the memory back.";
    "__len__(self, /)" = |th, a| { let n = part(th, a.get(0))?.1; Ok(Value::int(n as i64)) }, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    #[io] "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    #[py2] "__getslice__(self, i, j, /)" = |th, a| { let k = slice::new(th, a.get(1), a.get(2), Value::NONE)?; getitem(th, Args::of(&[a.get(0), k])) }, "Return self[i:j].";
    #[io, py2] "__setslice__(self, i, j, value, /)" = |th, a| { let k = slice::new(th, a.get(1), a.get(2), Value::NONE)?; setitem(th, Args::of(&[a.get(0), k, a.get(3)])) }, "Set self[i:j] to value.";
    "find(self, sub, start=None, end=None, /)" = |th, a| find(th, a, false), "First place of some bytes, -1 without any.";
    "rfind(self, sub, start=None, end=None, /)" = |th, a| find(th, a, true), "Last place of some bytes, -1 without any.";
    #[io] "flush(self, offset=0, size=<all>, /)" = flush, "Write changes to the file.";
    #[io] "move(self, dest, src, count, /)" = move_, "Copy bytes inside of the memory.";
    #[io] "read(self, n=None, /)" = read, "The next bytes.";
    #[io] "read_byte(self, /)" = read_byte, "The next byte.";
    #[io] "readline(self, /)" = readline, "The next line.";
    #[io] "resize(self, newsize, /)" = resize, "Change the size of the memory and of the file.";
    #[io] "seek(self, pos, whence=0, /)" = seek, "Set the position.";
    "size(self, /)" = size, "Size of the file.";
    "tell(self, /)" = |th, a| { part(th, a.get(0))?; let p = this::<Mmap>(a.get(0)).read(th)?.pos; Ok(Value::int(p as i64)) }, "The position.";
    #[io] "write(self, bytes, /)" = write, "Put bytes at the position.";
    #[io] "write_byte(self, byte, /)" = write_byte, "Put a byte at the position.";
    #[py3] "seekable(self, /)" = |_, _| Ok(Value::TRUE), "True.";
    #[io, py3] "madvise(self, option, start=0, length=<all>, /)" = madvise, "Tell the system how the memory will be used.";
    #[py3] "__enter__(self, /)" = |th, a| { part(th, a.get(0))?; Ok(a.get(0)) }, "Return self.";
    #[io, py3] "__exit__(self, /, *args)" = close, "Close it.";
    #[py3] "__repr__(self, /)" = repr, "Return repr(self).";
};

/// Registers the buffer protocol.
pub fn register() {
    buffer::register_buffer(kinds_io::MMAP, export);
    buffer::register_release(kinds_io::MMAP, release);
    stored::register_for_good(kinds_io::MMAP);
    buffer::register_track(kinds_io::MMAP, bytearray::track_view::<Mmap>);
}
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let e = if th.py3() { OS_ERROR.value() } else { type_::make_native(th, &ERROR2)?.value() };
    module::set(th, m, "error", e)?;
    // SAFETY: a plain query.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as i64;
    support::constants(th, m, &[
        ("ACCESS_READ", READ as i64), ("ACCESS_WRITE", WRITE as i64), ("ACCESS_COPY", COPY as i64), ("PAGESIZE", page), ("ALLOCATIONGRANULARITY", page),
        ("PROT_READ", libc::PROT_READ as i64), ("PROT_WRITE", libc::PROT_WRITE as i64), ("PROT_EXEC", libc::PROT_EXEC as i64),
        ("MAP_SHARED", libc::MAP_SHARED as i64), ("MAP_PRIVATE", libc::MAP_PRIVATE as i64), ("MAP_ANON", libc::MAP_ANON as i64), ("MAP_ANONYMOUS", libc::MAP_ANON as i64),
    ])?;
    #[cfg(target_os = "linux")]
    support::constants(th, m, &[
        ("MAP_DENYWRITE", libc::MAP_DENYWRITE as i64), ("MAP_EXECUTABLE", libc::MAP_EXECUTABLE as i64), ("MAP_POPULATE", libc::MAP_POPULATE as i64),
        ("MAP_STACK", libc::MAP_STACK as i64), ("MAP_NORESERVE", libc::MAP_NORESERVE as i64),
    ])?;
    if th.py3() {
        support::constants(th, m, &[
            ("ACCESS_DEFAULT", DEFAULT as i64), ("MADV_NORMAL", libc::MADV_NORMAL as i64), ("MADV_RANDOM", libc::MADV_RANDOM as i64),
            ("MADV_SEQUENTIAL", libc::MADV_SEQUENTIAL as i64), ("MADV_WILLNEED", libc::MADV_WILLNEED as i64), ("MADV_DONTNEED", libc::MADV_DONTNEED as i64),
        ])?;
    }
    Ok(())
}
fn system(th: &mut Thread) -> Unwind { if th.py3() { os_error(th) } else { support::raise_code(th, &ERROR2, support::errno(), &support::strerror(support::errno())) } }

/// Address and length of the memory; ValueError after close().
fn part(th: &mut Thread, v: Value) -> R<(usize, usize)> {
    let g = this::<Mmap>(v).read(th)?;
    if g.open {
        return Ok((g.at, g.len));
    }
    drop(g);
    Err(th.value_error("mmap closed or invalid"))
}
/// Runs `f` on the memory. Processes share it: nothing may be concluded from bytes that were read before.
fn with<T>(th: &mut Thread, v: Value, f: impl FnOnce(&[u8], usize) -> T) -> R<T> {
    part(th, v)?;
    let g = this::<Mmap>(v).read(th)?;
    // SAFETY: mapped memory of that length (checked to be open; a close in between leaves length 0), read only until the guard ends.
    let b = if g.at == 0 { &[] } else { unsafe { std::slice::from_raw_parts(g.at as *const u8, g.len) } };
    Ok(f(b, g.pos))
}
/// Runs `f` on memory that may be changed.
fn with_mut<T>(th: &mut Thread, v: Value, f: impl FnOnce(&mut [u8], &mut usize) -> T) -> R<T> {
    part(th, v)?;
    let mut g = this::<Mmap>(v).write(th)?;
    if g.access == READ {
        drop(g);
        return Err(th.type_error("mmap can't modify a readonly memory map."));
    }
    // SAFETY: as in `with`, and this thread owns the object.
    let b = if g.at == 0 { &mut [] } else { unsafe { std::slice::from_raw_parts_mut(g.at as *mut u8, g.len) } };
    Ok(f(b, &mut g.pos))
}

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let fd = int::arg_i32(th, a.get(1))?;
    let length = int::arg_i64(th, a.get(2))?;
    let numbers = [(3, libc::MAP_SHARED), (4, libc::PROT_READ | libc::PROT_WRITE), (5, DEFAULT)];
    let mut given = [0; 3];
    for (to, (i, or)) in given.iter_mut().zip(numbers) {
        *to = a.opt(i).map_or(Ok(or), |v| int::arg_i32(th, v))?;
    }
    let [mut flags, mut prot, mut access] = given;
    let offset = a.opt(6).map_or(Ok(0), |v| int::arg_i64(th, v))?;
    if length < 0 {
        return Err(th.overflow_error("memory mapped length must be positive"));
    }
    if offset < 0 {
        return Err(th.overflow_error("memory mapped offset must be positive"));
    }
    if access != DEFAULT && (flags != libc::MAP_SHARED || prot != libc::PROT_READ | libc::PROT_WRITE) {
        return Err(th.value_error("mmap can't specify both access and flags, prot."));
    }
    match access {
        READ => (flags, prot) = (libc::MAP_SHARED, libc::PROT_READ),
        WRITE => (flags, prot) = (libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE),
        COPY => (flags, prot) = (libc::MAP_PRIVATE, libc::PROT_READ | libc::PROT_WRITE),
        DEFAULT if prot & libc::PROT_WRITE == 0 => access = READ,
        DEFAULT => access = WRITE,
        _ => return Err(th.value_error("mmap invalid access parameter.")),
    }
    let mut len = length as u64;
    if fd >= 0 {
        // SAFETY: filled in by the call.
        let mut st: libc::stat = unsafe { std::mem::zeroed() };
        // SAFETY: the struct is ours.
        if unsafe { libc::fstat(fd, &mut st) } < 0 {
            return Err(system(th));
        }
        if st.st_mode & libc::S_IFMT == libc::S_IFREG {
            let size = st.st_size as i64;
            if len == 0 {
                if size == 0 {
                    return Err(th.value_error("cannot mmap an empty file"));
                }
                if offset >= size {
                    return Err(th.value_error("mmap offset is greater than file size"));
                }
                len = (size - offset) as u64;
            } else if offset > size || (size - offset) < len as i64 {
                return Err(th.value_error("mmap length is greater than file size"));
            }
        }
    }
    let mut own = -1;
    if fd < 0 {
        flags |= libc::MAP_ANON;
    } else {
        // SAFETY: a plain call.
        own = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
        if own < 0 {
            return Err(system(th));
        }
    }
    // SAFETY: the system chooses the place.
    let p = unsafe { libc::mmap(std::ptr::null_mut(), len as usize, prot, flags, fd, offset as libc::off_t) };
    if p == libc::MAP_FAILED {
        let e = system(th);
        // SAFETY: the duplicate is ours.
        unsafe { give_back(0, 0, own) };
        return Err(e);
    }
    let made: R<Gc<Mmap>> = instance::alloc_like(th, a.get(0), |_| Mmap {
        header: Header::NEW, at: p as usize, len: len as usize, open: true, fd: own, offset, access, pos: 0, exports: 0, views: Value::UNSET,
    });
    match made {
        Ok(m) => Ok(m.value()),
        Err(e) => {
            // SAFETY: no object has it.
            unsafe { give_back(p as usize, len as usize, own) };
            Err(e)
        }
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let lent = is_lent(th, a.get(0))?;
    let mut g = this::<Mmap>(a.get(0)).write(th)?;
    if lent || g.exports > 0 {
        drop(g);
        return Err(th.raise(&BUFFER_ERROR, "cannot close exported pointers exist"));
    }
    let (at, len, fd) = (g.at, g.len, g.fd);
    (g.at, g.len, g.open, g.fd) = (0, 0, false, -1);
    drop(g);
    // SAFETY: the object has forgotten it, and no view of it exists.
    unsafe { give_back(at, len, fd) };
    Ok(Value::NONE)
}
fn place(th: &mut Thread, v: Value, len: usize) -> R<Option<usize>> {
    let i = int::arg_i64(th, v)?;
    let i = if i < 0 { i.saturating_add(len as i64) } else { i };
    Ok(usize::try_from(i).ok().filter(|i| *i < len))
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let len = part(th, a.get(0))?.1;
    let k = a.get(1);
    if k.is::<slice::Slice>() {
        let (start, _, step, count) = slice::resolve(th, k, len)?;
        let mut out = room(th, count)?;
        with(th, a.get(0), |b, _| out.extend((0..count as i64).filter_map(|i| b.get((start + i * step) as usize).copied())))?;
        return th.new_bytes(&out);
    }
    if int::index_opt(th, k)?.is_none() {
        return Err(th.type_error("mmap indices must be integers"));
    }
    let Some(i) = place(th, k, len)? else { return Err(th.index_error("mmap index out of range")) };
    match with(th, a.get(0), |b, _| b.get(i).copied())? {
        Some(c) if th.py3() => Ok(Value::int(c.into())),
        Some(c) => th.new_bytes(&[c]),
        None => Err(th.index_error("mmap index out of range")),
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let len = part(th, a.get(0))?.1;
    let (k, v) = (a.get(1), a.get(2));
    if k.is::<slice::Slice>() {
        let (start, _, step, count) = slice::resolve(th, k, len)?;
        let new = byte_string(th, v)?;
        let new = text::bytes_of(new).unwrap_or(&[]);
        if new.len() != count {
            return Err(th.index_error("mmap slice assignment is wrong size"));
        }
        with_mut(th, a.get(0), |b, _| {
            for (i, c) in new.iter().enumerate() {
                if let Some(to) = b.get_mut((start + i as i64 * step) as usize) {
                    *to = *c;
                }
            }
        })?;
        return Ok(Value::NONE);
    }
    if int::index_opt(th, k)?.is_none() {
        return Err(th.type_error("mmap indices must be integers"));
    }
    let Some(i) = place(th, k, len)? else { return Err(th.index_error("mmap index out of range")) };
    let c = if th.py3() {
        if int::index_opt(th, v)?.is_none() {
            return Err(th.type_error("mmap item value must be an int"));
        }
        match int::arg_i64(th, v)? {
            c @ 0..=255 => c as u8,
            _ => return Err(th.value_error("mmap item value must be in range(0, 256)")),
        }
    } else {
        match text::bytes_of(v) {
            Some([c]) => *c,
            _ => return Err(th.index_error("mmap assignment must be single-character string")),
        }
    };
    with_mut(th, a.get(0), |b, _| {
        if let Some(to) = b.get_mut(i) {
            *to = c;
        }
    })?;
    Ok(Value::NONE)
}
fn find(th: &mut Thread, a: Args, last: bool) -> R<Value> {
    let sub = byte_string(th, a.get(1))?;
    let (len, pos) = with(th, a.get(0), |b, pos| (b.len(), pos))?;
    let mut bounds = [pos, len];
    for (i, to) in bounds.iter_mut().enumerate() {
        if let Some(v) = a.some(2 + i) {
            let n = int::arg_i64(th, v)?;
            *to = if n < 0 { n.saturating_add(len as i64).max(0) as usize } else { (n as usize).min(len) };
        }
    }
    let sub = text::bytes_of(sub).unwrap_or(&[]);
    let found = with(th, a.get(0), |b, _| {
        let (from, to) = (bounds[0], bounds[1].min(b.len()));
        let part = b.get(from..to)?;
        let n = if last { memchr::memmem::rfind(part, sub) } else { memchr::memmem::find(part, sub) };
        n.map(|n| n + from)
    })?;
    Ok(Value::int(found.map_or(-1, |n| n as i64)))
}
fn flush(th: &mut Thread, a: Args) -> R<Value> {
    let (at, len) = part(th, a.get(0))?;
    let from = a.opt(1).map_or(Ok(0), |v| int::arg_i64(th, v))?;
    let n = a.opt(2).map_or(Ok(len as i64 - from), |v| int::arg_i64(th, v))?;
    if from < 0 || n < 0 || from as u64 > len as u64 || n as u64 > len as u64 - from as u64 {
        return Err(th.value_error("flush values out of range"));
    }
    let access = this::<Mmap>(a.get(0)).read(th)?.access;
    if at != 0 && access != READ && access != COPY {
        // SAFETY: inside the memory; the system checks pages that are gone.
        if unsafe { libc::msync((at + from as usize) as *mut libc::c_void, n as usize, libc::MS_SYNC) } < 0 {
            return Err(system(th));
        }
    }
    Ok(if th.py3() { Value::NONE } else { Value::int(0) })
}
fn move_(th: &mut Thread, a: Args) -> R<Value> {
    let (dest, src, n) = (int::arg_i64(th, a.get(1))?, int::arg_i64(th, a.get(2))?, int::arg_i64(th, a.get(3))?);
    let fine = with_mut(th, a.get(0), |b, _| {
        let len = b.len() as i64;
        let fits = dest >= 0 && src >= 0 && n >= 0 && dest <= len && src <= len && n <= len - dest && n <= len - src;
        if fits {
            b.copy_within(src as usize..(src + n) as usize, dest as usize);
        }
        fits
    })?;
    if fine { Ok(Value::NONE) } else { Err(th.value_error("source, destination, or count out of range")) }
}
/// Takes `n` bytes from the position on.
fn take(th: &mut Thread, v: Value, n: usize) -> R<Vec<u8>> {
    let left = with(th, v, |b, pos| b.len().saturating_sub(pos))?;
    let n = n.min(left);
    let mut out = room(th, n)?;
    // Whoever moved the position or the end meanwhile gets less.
    with(th, v, |b, pos| b.get(pos..).map(|rest| out.extend(&rest[..n.min(rest.len())])))?;
    this::<Mmap>(v).write(th)?.pos += out.len();
    Ok(out)
}
fn read(th: &mut Thread, a: Args) -> R<Value> {
    let n = a.some(1).map_or(Ok(-1), |v| int::arg_i64(th, v))?;
    let out = take(th, a.get(0), usize::try_from(n).unwrap_or(usize::MAX))?;
    th.new_bytes(&out)
}
fn read_byte(th: &mut Thread, a: Args) -> R<Value> {
    match take(th, a.get(0), 1)?.first() {
        Some(c) if th.py3() => Ok(Value::int((*c).into())),
        Some(c) => th.new_bytes(&[*c]),
        None => Err(th.value_error("read byte out of range")),
    }
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let n = with(th, a.get(0), |b, pos| b.get(pos..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(usize::MAX, |n| n + 1))?;
    let out = take(th, a.get(0), n)?;
    th.new_bytes(&out)
}
fn resize(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::arg_i64(th, a.get(1))?;
    part(th, a.get(0))?;
    let lent = is_lent(th, a.get(0))?;
    let g = this::<Mmap>(a.get(0)).read(th)?;
    let (access, fd, offset, at, len) = (g.access, g.fd, g.offset, g.at, g.len);
    drop(g);
    if lent {
        return Err(th.raise(&BUFFER_ERROR, "mmap can't resize with extant pointers exported."));
    }
    if access != WRITE && access != DEFAULT {
        return Err(th.type_error("mmap can't resize a readonly or copy-on-write memory map."));
    }
    if n < 0 {
        return Err(th.value_error("new size out of range"));
    }
    #[cfg(target_os = "linux")]
    {
        // SAFETY: the descriptor is ours.
        if fd >= 0 && unsafe { libc::ftruncate(fd, (offset + n) as libc::off_t) } < 0 {
            return Err(system(th));
        }
        let mut g = this::<Mmap>(a.get(0)).write(th)?;
        let same = g.at == at && g.len == len && g.exports == 0;
        // SAFETY: the memory of this object, which this thread owns; no view of it exists.
        let p = if same { unsafe { libc::mremap(at as *mut libc::c_void, len, n as usize, libc::MREMAP_MAYMOVE) } } else { libc::MAP_FAILED };
        if p == libc::MAP_FAILED {
            drop(g);
            return Err(system(th));
        }
        (g.at, g.len) = (p as usize, n as usize);
        Ok(Value::NONE)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (fd, offset, at, len);
        Err(th.raise(&txpy_vm::exceptions::SYSTEM_ERROR, "mmap: resizing not available--no mremap()"))
    }
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::arg_i64(th, a.get(1))?;
    let how = a.opt(2).map_or(Ok(0), |v| int::arg_i32(th, v))?;
    let (len, pos) = with(th, a.get(0), |b, pos| (b.len(), pos))?;
    let from = match how {
        0 => 0,
        1 => pos as i64,
        2 => len as i64,
        _ => return Err(th.value_error("unknown seek type")),
    };
    match from.checked_add(n).and_then(|p| usize::try_from(p).ok()).filter(|p| *p <= len) {
        Some(p) => {
            this::<Mmap>(a.get(0)).write(th)?.pos = p;
            Ok(if th.py3() { Value::int(p as i64) } else { Value::NONE })
        }
        None => Err(th.value_error("seek out of range")),
    }
}
fn size(th: &mut Thread, a: Args) -> R<Value> {
    let len = part(th, a.get(0))?.1;
    let fd = this::<Mmap>(a.get(0)).read(th)?.fd;
    if fd < 0 {
        return Ok(Value::int(len as i64));
    }
    // SAFETY: filled in by the call.
    let mut st: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the struct is ours.
    if unsafe { libc::fstat(fd, &mut st) } < 0 {
        return Err(system(th));
    }
    support::int(th, st.st_size as i64)
}
fn put(th: &mut Thread, v: Value, new: &[u8]) -> R<bool> {
    with_mut(th, v, |b, pos| {
        let Some(to) = b.get_mut(*pos..).filter(|rest| rest.len() >= new.len()) else { return false };
        to[..new.len()].copy_from_slice(new);
        *pos += new.len();
        true
    })
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let new = byte_string(th, a.get(1))?;
    let new = text::bytes_of(new).unwrap_or(&[]);
    if !put(th, a.get(0), new)? {
        return Err(th.value_error("data out of range"));
    }
    Ok(if th.py3() { Value::int(new.len() as i64) } else { Value::NONE })
}
fn write_byte(th: &mut Thread, a: Args) -> R<Value> {
    let c = if th.py3() {
        int::arg_u8(th, a.get(1))?
    } else {
        match text::bytes_of(a.get(1)) {
            Some([c]) => *c,
            _ => {
                let got = class_name(a.get(1));
                return Err(th.type_error(format!("must be char, not {got}")));
            }
        }
    };
    if put(th, a.get(0), &[c])? { Ok(Value::NONE) } else { Err(th.value_error("write byte out of range")) }
}
fn madvise(th: &mut Thread, a: Args) -> R<Value> {
    let option = int::arg_i32(th, a.get(1))?;
    let (at, len) = part(th, a.get(0))?;
    let start = a.opt(2).map_or(Ok(0), |v| int::arg_i64(th, v))?;
    let n = a.opt(3).map_or(Ok(len as i64), |v| int::arg_i64(th, v))?;
    if start < 0 || start as u64 >= len as u64 {
        return Err(th.value_error("madvise start out of bounds"));
    }
    if n < 0 {
        return Err(th.value_error("madvise length invalid"));
    }
    if i64::MAX - start < n {
        return Err(th.overflow_error("madvise length too large"));
    }
    let n = (n as usize).min(len - start as usize);
    // SAFETY: inside the memory.
    if unsafe { libc::madvise((at + start as usize) as *mut libc::c_void, n, option) } < 0 { Err(system(th)) } else { Ok(Value::NONE) }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Mmap>(a.get(0)).read(th)?;
    let (open, access, len, pos, offset) = (g.open, g.access, g.len, g.pos, g.offset);
    drop(g);
    let name = type_::name_text(class_of(a.get(0))).into_owned();
    if !open {
        return th.native_str(&format!("<mmap.{name} closed=True>"));
    }
    let access = ["ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"][access as usize & 3];
    th.native_str(&format!("<mmap.{name} closed=False, access={access}, length={len}, pos={pos}, offset={offset}>"))
}
fn export(th: &mut Thread, v: Value, writable: bool) -> R<BufferView> {
    part(th, v)?;
    // Before this counts as a write of the object, after which its views are written without a question.
    txpy_vm::atomic::irrevocable(th)?;
    let mut g = this::<Mmap>(v).write(th)?;
    let readonly = g.access == READ;
    if readonly && writable {
        drop(g);
        return Err(th.raise(&BUFFER_ERROR, "Object is not writable."));
    }
    g.exports += 1;
    let at = if g.at == 0 { std::ptr::NonNull::<u8>::dangling().as_ptr() } else { g.at as *mut u8 };
    Ok(BufferView::flat(at, g.len, readonly, v))
}
fn release(th: &mut Thread, v: Value) -> R<()> {
    let mut g = this::<Mmap>(v).write(th)?;
    g.exports = g.exports.saturating_sub(1);
    Ok(())
}
