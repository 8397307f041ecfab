//! `file` of Python 2.7: layout, opening, writing, closing.
//!
//! What was written and not yet passed on lies in memory outside the heap, so that the object's release can save it.

use super::fileio::Fd;
use super::{file2_read, storage::ByteStore};
use crate::kinds_io;
use crate::support::{self, alloc, errno, io_error_code, io_error_file, syscall};
use crate::sync::OwnedLock;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, buffer, type_flag};
use txpy_vm::object;
use txpy_vm::types::{codec, int, text, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

/// Bytes gathered for writing. Changed under the object's write guard only.
pub struct Pending(pub *mut Vec<u8>);
impl txpy_heap::Trace for Pending {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

object! {
    pub struct File = kinds_io::FILE2, release = release {
        pub fd: Fd,
        /// A process whose end `close` waits for (`os.popen`), or 0.
        pub pid: i32,
        pub closefd: bool,
        pub readable: bool,
        pub writable: bool,
        pub append: bool,
        pub universal: bool,
        /// Buffer size; 0 unbuffered, 1 by line.
        pub buffering: usize,
        pub pending: Pending,
        pub ahead: ByteStore,
        pub pos: usize,
        /// In universal mode: the last chunk ended in `\r`.
        pub skip_lf: bool,
        pub newlines: u8,
        pub softspace: i64,
        pub name: Value,
        pub mode: Value,
        pub encoding: Value,
        pub errors: Value,
        pub lock: OwnedLock,
    }
}
unsafe fn release(h: *mut Header) {
    // SAFETY: a dead object of this kind, which nobody else touches.
    unsafe {
        let f = &mut *h.cast::<File>();
        let fd = f.fd.0.load(Relaxed);
        if !f.pending.0.is_null() {
            let data = Box::from_raw(f.pending.0);
            f.pending.0 = std::ptr::null_mut();
            let mut at = 0;
            while fd >= 0 && at < data.len() {
                let k = libc::write(fd, data.as_ptr().add(at).cast(), data.len() - at);
                if k <= 0 {
                    break;
                }
                at += k as usize;
            }
        }
        if f.closefd && fd >= 0 {
            libc::close(fd);
        }
    }
}

pub static FILE: TypeDef = TypeDef {
    name: "file", module: "", kind: kinds_io::FILE2, size: size_of::<File>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::PY2,
    methods: &[METHODS, file2_read::METHODS], getset: GETSET, doc: "A file of the system.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a file object.";
    "__init__(self, name, mode='r', buffering=-1)" = init, "Open a file.";
    "write(self, str, /)" = write, "Write a string.";
    "writelines(self, lines, /)" = writelines, "Write strings.";
    "flush(self, /)" = flush, "Pass on what was written.";
    #[io] "close(self, /)" = close, "Close the file.";
    "fileno(self, /)" = fileno, "File descriptor.";
    "isatty(self, /)" = isatty, "Whether this is a terminal.";
    "__enter__(self, /)" = enter, "Return self.";
    "__exit__(self, /, *args)" = exit, "Close.";
    "__repr__(self, /)" = repr, "repr(self)";
};
static GETSET: &[GetSetDef] = getset! {
    "closed" = |_, v| Ok(Value::from_bool(fd(this(v)) < 0)), "Whether the file was closed.";
    "mode" = |th, v| Ok(this(v).read(th)?.mode), "Mode.";
    "name" = |th, v| Ok(this(v).read(th)?.name), "Name.";
    "encoding" = |th, v| Ok(this(v).read(th)?.encoding), "Encoding of written text.";
    "errors" = |th, v| Ok(this(v).read(th)?.errors), "Error handling of written text.";
    "newlines" = file2_read::newlines, "Line ends seen so far.";
    "softspace" = |th, v| Ok(Value::int(this(v).read(th)?.softspace)), mut set_softspace, "Whether print owes a space.";
};
pub fn this(v: Value) -> Gc<File> { v.cast().expect("checked by the call") }
pub fn fd(f: Gc<File>) -> i32 {
    // SAFETY: an atomic field of an object that the caller holds.
    unsafe { (*f.as_ptr()).fd.0.load(Relaxed) }
}
fn set_fd(f: Gc<File>, n: i32) -> i32 {
    // SAFETY: as in `fd`.
    unsafe { (*f.as_ptr()).fd.0.swap(n, Relaxed) }
}
/// Runs `f` with the file's lock.
pub fn locked<T>(th: &mut Thread, f: Gc<File>, run: impl FnOnce(&mut Thread) -> R<T>) -> R<T> {
    // SAFETY: the lock is made of atomics; the caller holds the object.
    let lock = unsafe { &(*f.as_ptr()).lock };
    lock.with_again(th, run)
}
/// The descriptor; ValueError when closed.
pub fn open_fd(th: &mut Thread, f: Gc<File>) -> R<i32> {
    match fd(f) {
        n if n >= 0 => Ok(n),
        _ => Err(th.value_error("I/O operation on closed file")),
    }
}
fn set_softspace(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let i = if x.is_unset() { 0 } else { int::arg_i64(th, x)? };
    this(v).write(th)?.softspace = i;
    Ok(())
}

fn blank(name: Value, mode: Value) -> File {
    File {
        header: Header::NEW, fd: Fd(AtomicI32::new(-1)), pid: 0, closefd: true, readable: false, writable: false, append: false, universal: false,
        buffering: 8192, pending: Pending(std::ptr::null_mut()), ahead: ByteStore::EMPTY, pos: 0, skip_lf: false, newlines: 0, softspace: 0, name, mode,
        encoding: Value::NONE, errors: Value::NONE, lock: OwnedLock::new(),
    }
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &FILE, a.get(0))?;
    let n = th.native_str("<uninitialized file>")?;
    Ok(alloc(th, class, false, blank(n, n))?.value())
}
/// A file over an open descriptor. `buffering` as for `open`.
pub fn of_fd(th: &mut Thread, n: i32, name: Value, mode: &str, buffering: i64) -> R<Value> {
    let class = type_::make_native(th, &FILE)?;
    let m = th.native_str(mode)?;
    let f = alloc(th, class, false, blank(name, m))?;
    set_mode(th, f, mode, buffering)?;
    set_fd(f, n);
    f.write(th)?.closefd = n > 2;
    // SAFETY: a query about a descriptor.
    if unsafe { libc::isatty(n) } == 1 {
        let e = th.native_str("UTF-8")?;
        let mut g = f.write(th)?;
        g.encoding = e;
        if buffering < 0 {
            g.buffering = 1;
        }
    }
    super::textio::note_open(th, f.value())?;
    Ok(f.value())
}
/// Notes the process that `close` waits for.
pub fn set_pid(th: &mut Thread, v: Value, pid: i32) -> R<()> {
    let mut g = this(v).write(th)?;
    g.pid = pid;
    g.closefd = true;
    Ok(())
}
fn set_mode(th: &mut Thread, f: Gc<File>, mode: &str, buffering: i64) -> R<i32> {
    let kind = mode.trim_start_matches('U').chars().next().unwrap_or('r');
    let plus = mode.contains('+');
    let universal = mode.contains('U');
    if !matches!(kind, 'r' | 'w' | 'a') && !mode.starts_with('U') {
        return Err(th.value_error(format!("mode string must begin with one of 'r', 'w', 'a' or 'U', not '{mode}'")));
    }
    let kind = if mode.starts_with('U') { 'r' } else { kind };
    if universal && kind != 'r' {
        return Err(th.value_error("universal newline mode can only be used with modes starting with 'r'"));
    }
    let mut g = f.write(th)?;
    (g.readable, g.writable, g.append, g.universal) = (kind == 'r' || plus, kind != 'r' || plus, kind == 'a', universal);
    g.buffering = match buffering {
        0 => 0,
        1 => 1,
        n if n < 0 => 8192,
        n => n as usize,
    };
    drop(g);
    let access = if plus { libc::O_RDWR } else if kind == 'r' { libc::O_RDONLY } else { libc::O_WRONLY };
    Ok(access | libc::O_CLOEXEC | match kind {
        'w' => libc::O_CREAT | libc::O_TRUNC,
        'a' => libc::O_CREAT | libc::O_APPEND,
        _ => 0,
    })
}
/// `open(name, mode, buffering)` of 2.7.
pub fn open(th: &mut Thread, a: Args) -> R<Value> {
    let class = type_::make_native(th, &FILE)?.value();
    th.call_args(class, a)
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let name = a.get(1);
    if !text::is_string(th, name) {
        let got = if name.is_none() { "None".to_string() } else { object::class_name(name) };
        return Err(th.type_error(if name.is_none() { "coercing to Unicode: need string or buffer, NoneType found".to_string() } else { format!("coercing to Unicode: need string or buffer, {got} found") }));
    }
    let mode = match a.opt(2) {
        Some(m) => support::str_arg(th, m, "file", "2")?,
        None => "r".to_string(),
    };
    let buffering = match a.opt(3) {
        Some(b) => int::arg_i64(th, b)?,
        None => -1,
    };
    close_quietly(th, f)?;
    if mode.is_empty() {
        return Err(th.value_error("empty mode string"));
    }
    let flags = set_mode(th, f, &mode, buffering)?;
    let m = th.native_str(&mode)?;
    let raw = text::bytes_of(name).unwrap_or(b"");
    if raw.contains(&0) {
        return Err(th.type_error("file() argument 1 must be encoded string without null bytes, not str"));
    }
    let c = std::ffi::CString::new(raw).unwrap_or_default();
    if !mode.starts_with('w') {
        super::textio::flush_dropped(th)?;
    }
    let n = match syscall(th, || crate::embedded::open(libc::AT_FDCWD, &c, flags, 0o666) as isize)? {
        Ok(n) => n as i32,
        Err(e) => return Err(io_error_file(th, e, name)),
    };
    // SAFETY: fstat fills in the struct; the descriptor is ours.
    let dir = unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        libc::fstat(n, &mut st) == 0 && st.st_mode & libc::S_IFMT == libc::S_IFDIR
    };
    if dir {
        // SAFETY: opened above.
        unsafe { libc::close(n) };
        return Err(io_error_file(th, libc::EISDIR, name));
    }
    if mode.contains('a') {
        // SAFETY: a plain call.
        unsafe { libc::lseek(n, 0, libc::SEEK_END) };
    }
    set_fd(f, n);
    let mut g = f.write(th)?;
    (g.name, g.mode, g.ahead, g.pos, g.closefd) = (name, m, ByteStore::EMPTY, 0, true);
    drop(g);
    super::textio::note_open(th, f.value())?;
    Ok(Value::NONE)
}

// ---- writing

/// The bytes of a string argument: text becomes bytes by the file's encoding.
fn argument(th: &mut Thread, f: Gc<File>, v: Value) -> R<Value> {
    if text::is_bytes(v) {
        return Ok(v);
    }
    let g = f.read(th)?;
    let (encoding, errors, mode) = (g.encoding, g.errors, g.mode);
    drop(g);
    if text::is_text(v) {
        if encoding.is_none() {
            return codec::encode_ascii(th, v);
        }
        let (e, x) = (text::lossy(encoding).into_owned(), if errors.is_none() { "strict".to_string() } else { text::lossy(errors).into_owned() });
        return codec::encode(th, v, &e, &x);
    }
    if text::bytes_of(mode).is_some_and(|m| m.contains(&b'b')) || buffer::is_bytes_like(th, v) {
        return buffer::snapshot(th, v);
    }
    let got = object::class_name(v);
    Err(th.type_error(format!("expected a character buffer object, got {got}").split(", got").next().unwrap_or("").to_string()))
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    open_fd(th, f)?;
    let b = argument(th, f, a.get(1))?;
    put(th, f, text::bytes_of(b).unwrap_or(b""))?;
    Ok(Value::NONE)
}
/// Writes through the buffer.
pub fn put(th: &mut Thread, f: Gc<File>, b: &[u8]) -> R<()> {
    let g = f.read(th)?;
    let (writable, ahead) = (g.writable, g.ahead.len > g.pos);
    drop(g);
    if !writable {
        return Err(th.raise(&txpy_vm::exceptions::IO_ERROR, "File not open for writing"));
    }
    if ahead {
        file2_read::drop_ahead(th, f)?;
    }
    own_pending(th, f)?;
    let mut g = f.write(th)?;
    let buffering = g.buffering;
    if g.pending.0.is_null() {
        g.pending.0 = Box::into_raw(Box::default());
    }
    // SAFETY: the object is held for writing; the box lives until its release.
    let pending = unsafe { &mut *g.pending.0 };
    let ok = pending.try_reserve(b.len()).is_ok();
    if ok {
        pending.extend_from_slice(b);
    }
    let full = buffering == 0 || pending.len() >= buffering.max(4096) || buffering == 1 && b.contains(&b'\n');
    drop(g);
    if !ok {
        return Err(th.memory_error());
    }
    if full { flush_out(th, f) } else { Ok(()) }
}
fn free_pending(at: usize) {
    // SAFETY: a box of `own_pending`, which lets one action know of it.
    drop(unsafe { Box::from_raw(at as *mut Vec<u8>) });
}
/// In an atomic block the undo log keeps the pointer to what is pending, not the bytes: the block's first change makes a copy. An abort frees the
/// copy, the block's end the original.
fn own_pending(th: &mut Thread, f: Gc<File>) -> R<()> {
    use txpy_vm::atomic::{self, Action};
    if !th.may_abort() {
        return Ok(());
    }
    let action = |at: usize| Action { run: free_pending, at };
    let old = f.write(th)?.pending.0;
    if !old.is_null() && atomic::is_on_abort(th, action(old as usize)) || th.born_here(f.header()) {
        return Ok(());
    }
    let mut g = f.write(th)?;
    let old = g.pending.0;
    // SAFETY: the object is held for writing.
    let copy = if old.is_null() { Vec::new() } else { unsafe { (*old).clone() } };
    let new = Box::into_raw(Box::new(copy));
    g.pending.0 = new;
    drop(g);
    atomic::on_abort(th, f.value(), action(new as usize));
    if !old.is_null() {
        atomic::at_end(th, f.value(), action(old as usize));
    }
    Ok(())
}
/// Passes on what is pending.
pub fn flush_out(th: &mut Thread, f: Gc<File>) -> R<()> {
    if f.read(th)?.pending.0.is_null() {
        return Ok(());
    }
    locked(th, f, |th| {
        let n = open_fd(th, f)?;
        own_pending(th, f)?;
        let mut g = f.write(th)?;
        if g.pending.0.is_null() {
            return Ok(());
        }
        // SAFETY: as in `put`.
        let data = std::mem::take(unsafe { &mut *g.pending.0 });
        drop(g);
        let mut at = 0;
        while at < data.len() {
            match super::fileio::write_raw(th, n, data.as_ptr() as usize + at, data.len() - at)? {
                Some(k) => at += k,
                None => return Err(io_error_code(th, libc::EAGAIN)),
            }
        }
        Ok(())
    })
}
/// Passes on what a regular file that nobody is using still holds.
pub fn flush_dropped(th: &mut Thread, f: Gc<File>) -> R<()> {
    // SAFETY: the lock is made of atomics; the caller holds the object.
    let held = unsafe { (*f.as_ptr()).lock.is_held() };
    if held || f.read(th)?.pending.0.is_null() || !super::textio::is_regular(fd(f)) {
        return Ok(());
    }
    flush_out(th, f)
}
fn writelines(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    open_fd(th, f)?;
    object::iter::for_each(th, a.get(1), |th, x| {
        if !text::is_string(th, x) && !buffer::is_bytes_like(th, x) {
            return Err(th.type_error("writelines() argument must be a sequence of strings"));
        }
        let b = argument(th, f, x)?;
        put(th, f, text::bytes_of(b).unwrap_or(b""))
    })?;
    Ok(Value::NONE)
}
fn flush(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    open_fd(th, f)?;
    flush_out(th, f)?;
    Ok(Value::NONE)
}
fn close_quietly(th: &mut Thread, f: Gc<File>) -> R<Option<i32>> {
    if fd(f) < 0 {
        return Ok(None);
    }
    let flushed = flush_out(th, f);
    let g = f.read(th)?;
    let (closefd, pid) = (g.closefd, g.pid);
    drop(g);
    let n = set_fd(f, -1);
    if n >= 0 && closefd {
        // SAFETY: the descriptor was this object's alone.
        let e = th.blocking(|| if unsafe { libc::close(n) } < 0 { errno() } else { 0 });
        if e != 0 && flushed.is_ok() {
            return Err(io_error_code(th, e));
        }
    }
    flushed?;
    if pid != 0 {
        f.write(th)?.pid = 0;
        let mut status = 0;
        // SAFETY: the status is ours.
        return Ok(syscall(th, || unsafe { libc::waitpid(pid, &mut status, 0) } as isize)?.ok().map(|_| status));
    }
    Ok(None)
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    Ok(match close_quietly(th, this(a.get(0)))? {
        Some(status) if status != 0 => Value::int(status as i64),
        _ => Value::NONE,
    })
}
fn fileno(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(open_fd(th, this(a.get(0)))? as i64)) }
fn isatty(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, this(a.get(0)))?;
    // SAFETY: a query about a descriptor.
    Ok(Value::from_bool(unsafe { libc::isatty(n) } == 1))
}
fn enter(th: &mut Thread, a: Args) -> R<Value> {
    open_fd(th, this(a.get(0)))?;
    Ok(a.get(0))
}
fn exit(th: &mut Thread, a: Args) -> R<Value> {
    th.call_method(a.get(0), "close", &[])?;
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let g = f.read(th)?;
    let (name, mode) = (g.name, g.mode);
    drop(g);
    let state = if fd(f) < 0 { "closed" } else { "open" };
    let s = format!("<{state} file {}, mode '{}' at 0x{:x}>", object::repr_text(th, name)?, text::lossy(mode), crate::api::address(a.get(0)));
    th.native_str(&s)
}
