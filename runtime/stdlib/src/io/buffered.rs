//! `BufferedReader`, `BufferedWriter` and `BufferedRandom`: buffers over a raw stream, one layout for the three.
//!
//! An operation holds the object's lock from beginning to end, so that calls of several threads do not mix; between two safepoints it
//! looks at the fields through guards. A raw stream that is exactly a `FileIO` is read and written without calling its methods.

use super::base::size_arg;
use super::fileio::{self, FILE_IO, FileIo};
use super::storage::{self, ByteStore};
use super::{DEFAULT_BUFFER_SIZE, unsupported};
use crate::kinds_io;
use crate::support::{self, alloc};
use crate::sync::OwnedLock;
use txpy_heap::{Header, Unwind, object};
use txpy_vm::exceptions::STOP_ITERATION;
use txpy_vm::native::{GetSetDef, TypeDef, buffer, type_flag};
use txpy_vm::object::{self, attr};
use txpy_vm::types::{bytearray, exception, int, memoryview, text, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct Buffered = kinds_io::BUFFERED {
        /// UNSET before `__init__`, None when detached.
        pub raw: Value,
        pub size: usize,
        /// What was read ahead; the part from `pos` on is still to be given out.
        pub ahead: ByteStore,
        pub pos: usize,
        /// What was written but has not reached the raw stream.
        pub behind: ByteStore,
        pub lock: OwnedLock,
    }
}

const FLAGS: u32 = type_flag::BASE | type_flag::DICT | type_flag::WEAK;
macro_rules! buffered_type {
    ($id:ident $name:literal [$($m:expr),*]) => {
        pub static $id: TypeDef = TypeDef {
            name: $name, base: Some(&super::base::BUFFERED_IO_BASE), module: "_io", kind: kinds_io::BUFFERED, size: size_of::<Buffered>() as u16,
            flags: FLAGS, methods: &[COMMON, $($m),*], getset: GETSET, doc: "A buffer over a raw binary stream.", ..TypeDef::DEFAULT
        };
    };
}
buffered_type! { READER "BufferedReader" [READER_NEW, READING] }
buffered_type! { WRITER "BufferedWriter" [WRITER_NEW, WRITING] }
buffered_type! { RANDOM "BufferedRandom" [RANDOM_NEW, READING, WRITING] }

static READER_NEW: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = |th, a| new_(th, &READER, a), "Create a reader.";
    "__init__(self, raw, buffer_size=8192)" = |th, a| init(th, a, true, false), "Set the raw stream.";
};
static WRITER_NEW: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = |th, a| new_(th, &WRITER, a), "Create a writer.";
    "__init__(self, raw, buffer_size=8192)" = |th, a| init(th, a, false, true), "Set the raw stream.";
};
static RANDOM_NEW: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = |th, a| new_(th, &RANDOM, a), "Create a reader and writer.";
    "__init__(self, raw, buffer_size=8192)" = |th, a| init(th, a, true, true), "Set the raw stream.";
};
static COMMON: &[NativeDef] = natives! {
    #[io] "seek(self, target, whence=0, /)" = seek, "Move to a position.";
    #[io] "tell(self, /)" = tell, "Current position.";
    #[io] "truncate(self, pos=None, /)" = truncate, "Set the size.";
    "flush(self, /)" = flush, "Write what is buffered.";
    #[io] "close(self, /)" = close, "Flush and close.";
    "detach(self, /)" = detach, "Disconnect the raw stream.";
    "seekable(self, /)" = |th, a| forward(th, a, "seekable"), "Whether seek works.";
    "fileno(self, /)" = |th, a| forward(th, a, "fileno"), "File descriptor.";
    "isatty(self, /)" = |th, a| forward(th, a, "isatty"), "Whether this is a terminal.";
    "readable(self, /)" = |th, a| forward(th, a, "readable"), "Whether reading works.";
    "writable(self, /)" = |th, a| forward(th, a, "writable"), "Whether writing works.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__getstate__(self, /)" = getstate, "Streams can't be pickled.";
    "__del__(self, /)" = del, "Write what is buffered.";
};
static READING: &[NativeDef] = natives! {
    #[io] "read(self, size=-1, /)" = read, "Read up to size bytes.";
    #[io] "read1(self, size=-1, /)" = read1, "Read up to size bytes with one call of the system.";
    #[io] "peek(self, size=0, /)" = peek, "Bytes ahead, without moving.";
    #[io] "readinto(self, buffer, /)" = |th, a| readinto(th, a, false), "Read into buffer.";
    #[io] "readinto1(self, buffer, /)" = |th, a| readinto(th, a, true), "Read into buffer with one call of the system.";
    #[io] "readline(self, size=-1, /)" = readline, "Read a line.";
    #[py3] "__next__(self, /)" = next, "Return the next line.";
    #[py2] "next(self, /)" = next, "Return the next line.";
};
static WRITING: &[NativeDef] = natives! {
    "write(self, buffer, /)" = write, "Write bytes.";
};
static GETSET: &[GetSetDef] = getset! {
    "raw" = get_raw, "The raw stream.";
    "closed" = get_closed, "Whether the stream was closed.";
    "name" = |th, v| through(th, v, "name"), "Name of the raw stream.";
    "mode" = |th, v| through(th, v, "mode"), "Mode of the raw stream.";
};

fn this(v: Value) -> Gc<Buffered> { v.cast().expect("checked by the call") }
fn lock<'a>(b: Gc<Buffered>) -> &'a OwnedLock {
    // SAFETY: the lock is made of atomics; the caller holds the object for as long as it uses the lock.
    unsafe { &(*b.as_ptr()).lock }
}
fn locked<T>(th: &mut Thread, b: Gc<Buffered>, f: impl FnOnce(&mut Thread) -> R<T>) -> R<T> {
    match lock(b).with(th, f)? {
        Some(r) => Ok(r),
        None => {
            let me = object::repr_text(th, b.value())?;
            Err(th.runtime_error(format!("reentrant call inside {me}")))
        }
    }
}

fn blank(raw: Value, size: usize) -> Buffered {
    Buffered { header: Header::NEW, raw, size, ahead: ByteStore::EMPTY, pos: 0, behind: ByteStore::EMPTY, lock: OwnedLock::new() }
}
fn new_(th: &mut Thread, def: &'static TypeDef, a: Args) -> R<Value> {
    let class = support::class_arg(th, def, a.get(0))?;
    Ok(alloc(th, class, true, blank(Value::UNSET, DEFAULT_BUFFER_SIZE))?.value())
}
/// A buffer over a fresh FileIO.
pub fn over(th: &mut Thread, raw: Value, reading: bool) -> R<Value> { make(th, if reading { &READER } else { &WRITER }, raw, DEFAULT_BUFFER_SIZE) }
pub fn make(th: &mut Thread, def: &'static TypeDef, raw: Value, size: usize) -> R<Value> {
    let class = type_::make_native(th, def)?;
    let b = alloc(th, class, true, blank(raw, size))?;
    fileio::set_outer(th, raw, b.value())?;
    if !std::ptr::eq(def, &READER) {
        super::textio::note_open(th, b.value())?;
    }
    Ok(b.value())
}
/// No machine has room for more.
const MAX_BUFFER: i64 = 1 << 47;

fn init(th: &mut Thread, a: Args, reads: bool, writes: bool) -> R<Value> {
    let (b, raw) = (this(a.get(0)), a.get(1));
    let size = match a.opt(2) {
        Some(s) => int::arg_i64(th, s)?,
        None => DEFAULT_BUFFER_SIZE as i64,
    };
    // Until it is initialized again it is as good as new.
    b.write(th)?.raw = Value::UNSET;
    if reads && writes {
        ask(th, raw, "seekable", "File or stream is not seekable.")?;
    }
    if reads {
        ask(th, raw, "readable", "File or stream is not readable.")?;
    }
    if writes {
        ask(th, raw, "writable", "File or stream is not writable.")?;
    }
    if size <= 0 {
        return Err(th.value_error("buffer size must be strictly positive"));
    }
    if size > MAX_BUFFER {
        return Err(th.memory_error());
    }
    let mut g = b.write(th)?;
    (g.raw, g.size, g.ahead, g.pos, g.behind) = (raw, size as usize, ByteStore::EMPTY, 0, ByteStore::EMPTY);
    drop(g);
    fileio::set_outer(th, raw, b.value())?;
    if writes {
        super::textio::note_open(th, b.value())?;
    }
    Ok(Value::NONE)
}
pub fn ask(th: &mut Thread, raw: Value, method: &str, msg: &str) -> R<()> {
    let r = th.call_method(raw, method, &[])?;
    if object::is_true(th, r)? { Ok(()) } else { Err(unsupported(th, msg)) }
}

/// The raw stream; ValueError when there is none.
fn raw(th: &mut Thread, b: Gc<Buffered>) -> R<Value> {
    let r = b.read(th)?.raw;
    if r.is_unset() {
        return Err(th.value_error("I/O operation on uninitialized object"));
    }
    if r.is_none() {
        return Err(th.value_error("raw stream has been detached"));
    }
    Ok(r)
}
fn raw_closed(th: &mut Thread, r: Value) -> R<bool> {
    match r.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, r)) {
        Some(f) => Ok(fileio::fd(f) < 0),
        None => super::base::is_closed(th, r),
    }
}
/// The raw stream if it is open.
fn open_raw(th: &mut Thread, b: Gc<Buffered>, what: &str) -> R<Value> {
    let r = raw(th, b)?;
    if raw_closed(th, r)? {
        return Err(th.value_error(format!("{what} closed file")));
    }
    Ok(r)
}

// ---- the raw stream

/// Reads at most `n` bytes; None when the read would block.
fn raw_read(th: &mut Thread, raw: Value, n: usize) -> R<Option<Value>> {
    if let Some(f) = raw.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, raw)) {
        return fileio::read_bytes(th, fileio::fd(f), n);
    }
    let zero = text::alloc_bytes(th, n)?;
    let to = bytearray::new(th, zero.frozen().data())?;
    let view = memoryview::new(th, to)?;
    let r = th.call_method(raw, "readinto", &[view])?;
    memoryview::release(th, view.cast().expect("a memoryview"))?;
    if r.is_none() {
        return Ok(None);
    }
    let got = int::arg_i64(th, r)?;
    let all = bytearray::snapshot(th, to.cast().expect("a bytearray"))?;
    let data = text::bytes_of(all).unwrap_or(&[]);
    match usize::try_from(got).ok().filter(|g| *g <= data.len()) {
        Some(g) => th.new_bytes(&data[..g]).map(Some),
        None => Err(th.raise(super::error_class(th), format!("raw readinto() returned invalid length {got} (should have been between 0 and {n})"))),
    }
}
/// Writes some of `data`, memory that does not change meanwhile; None when the write would block.
fn raw_write(th: &mut Thread, raw: Value, at: usize, len: usize) -> R<Option<usize>> {
    if let Some(f) = raw.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, raw)) {
        return fileio::write_raw(th, fileio::fd(f), at, len);
    }
    // SAFETY: the caller's promise.
    let b = th.new_bytes(unsafe { std::slice::from_raw_parts(at as *const u8, len) })?;
    let r = th.call_method(raw, "write", &[b])?;
    if r.is_none() {
        return Ok(None);
    }
    let k = int::arg_i64(th, r)?;
    match usize::try_from(k).ok().filter(|k| *k <= len) {
        Some(k) => Ok(Some(k)),
        None => Err(th.raise(super::error_class(th), format!("raw write() returned invalid length {k} (should have been between 0 and {len})"))),
    }
}
fn raw_seek(th: &mut Thread, raw: Value, pos: i64, whence: i32) -> R<i64> {
    if let Some(f) = raw.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, raw)) {
        return fileio::lseek(th, fileio::fd(f), pos, whence);
    }
    let pos = support::int(th, pos)?;
    let r = th.call_method(raw, "seek", &[pos, Value::int(whence as i64)])?;
    position(th, r)
}
fn position(th: &mut Thread, r: Value) -> R<i64> {
    match int::arg_i64(th, r)? {
        p if p >= 0 => Ok(p),
        p => Err(th.raise(super::error_class(th), format!("Raw stream returned invalid position {p}"))),
    }
}

/// Reads ahead once; how many bytes stand there now beyond those that stood there before. None when the read would block.
fn fill(th: &mut Thread, b: Gc<Buffered>) -> R<Option<usize>> {
    let r = raw(th, b)?;
    let g = b.read(th)?;
    let (size, rest) = (g.size, g.ahead.len - g.pos);
    drop(g);
    if rest == 0 {
        if let Some(f) = r.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, r)) {
            let fresh = storage::storage(th, size)?;
            let at = fresh.frozen().bytes().as_ptr() as usize;
            let Some(k) = fileio::read_raw(th, fileio::fd(f), at, size)? else { return Ok(None) };
            let mut g = b.write(th)?;
            (g.ahead, g.pos) = (ByteStore { len: k, storage: Some(fresh) }, 0);
            return Ok(Some(k));
        }
    }
    let Some(got) = raw_read(th, r, size)? else { return Ok(None) };
    let data = text::bytes_of(got).unwrap_or(&[]);
    let fresh = storage::storage(th, rest + data.len())?;
    let mut g = b.write(th)?;
    let old = g.ahead;
    let pos = g.pos;
    // Only the holder of the lock changes these.
    g.ahead = ByteStore { len: 0, storage: Some(fresh) };
    g.ahead.push_fitting(&old.data()[pos..]);
    g.ahead.push_fitting(data);
    g.pos = 0;
    Ok(Some(data.len()))
}
/// Takes up to `n` bytes of what stands ahead.
fn take(th: &mut Thread, b: Gc<Buffered>, n: usize) -> R<Value> {
    let g = b.read(th)?;
    let k = n.min(g.ahead.len - g.pos);
    drop(g);
    let out = text::alloc_bytes(th, k)?;
    let mut g = b.write(th)?;
    let pos = g.pos;
    // SAFETY: not yet known to anybody else.
    unsafe { out.frozen().tail_mut() }.copy_from_slice(&g.ahead.data()[pos..pos + k]);
    g.pos += k;
    Ok(out.value())
}
fn available(th: &mut Thread, b: Gc<Buffered>) -> R<usize> {
    let g = b.read(th)?;
    Ok(g.ahead.len - g.pos)
}
/// Before writing: forgets what was read ahead, moving the raw stream back.
fn drop_ahead(th: &mut Thread, b: Gc<Buffered>) -> R<()> {
    let rest = available(th, b)?;
    if rest > 0 {
        let r = raw(th, b)?;
        raw_seek(th, r, -(rest as i64), 1)?;
    }
    let mut g = b.write(th)?;
    g.ahead.len = 0;
    g.pos = 0;
    Ok(())
}
/// Writes everything that is buffered. The lock is held.
fn flush_out(th: &mut Thread, b: Gc<Buffered>) -> R<()> {
    loop {
        let g = b.read(th)?;
        let behind = g.behind;
        drop(g);
        if behind.len == 0 {
            return Ok(());
        }
        let r = raw(th, b)?;
        let at = behind.data().as_ptr() as usize;
        let done = raw_write(th, r, at, behind.len)?;
        let mut g = b.write(th)?;
        match done {
            Some(k) => {
                let n = g.behind.len;
                let k = k.min(n);
                g.behind.data_mut().copy_within(k..n, 0);
                g.behind.len = n - k;
                drop(g);
                // A signal may have cut the write short: its handler runs before the next one waits, perhaps for ever.
                if k < n {
                    crate::signal::check(th)?;
                }
            }
            None => {
                drop(g);
                return Err(would_block(th, 0));
            }
        }
    }
}
fn would_block(th: &mut Thread, written: usize) -> txpy_vm::Unwind {
    let mut make = || {
        let class = super::blocking_class(th)?;
        let msg = th.native_str("write could not complete without blocking")?;
        let e = th.call(class, &[Value::int(libc::EAGAIN as i64), msg, Value::int(written as i64)])?;
        if !th.py3() {
            attr::set_str(th, e, "characters_written", Value::int(written as i64))?;
        }
        Ok(e)
    };
    match make() {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

// ---- reading

fn before_read(th: &mut Thread, b: Gc<Buffered>) -> R<()> { if b.read(th)?.behind.len > 0 { flush_out(th, b) } else { Ok(()) } }

fn read(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let n = match a.some(1) {
        None => None,
        Some(v) => match int::index(th, v).and_then(|i| int::arg_i64(th, i))? {
            -1 => None,
            i if i < 0 => return Err(th.value_error("read length must be non-negative or -1")),
            i => Some(i as usize),
        },
    };
    open_raw(th, b, "read of")?;
    locked(th, b, |th| {
        before_read(th, b)?;
        match n {
            None => read_all(th, b),
            Some(n) => read_n(th, b, n),
        }
    })
}
fn read_n(th: &mut Thread, b: Gc<Buffered>, n: usize) -> R<Value> {
    if available(th, b)? >= n {
        return take(th, b, n);
    }
    let r = raw(th, b)?;
    let out = text::alloc_bytes(th, n)?;
    let mut len = 0;
    while len < n {
        let size = b.read(th)?.size;
        let ahead = available(th, b)?;
        if ahead == 0 && n - len >= size && crate::support::exactly(&FILE_IO, r) {
            let f: Gc<FileIo> = r.cast().expect("checked");
            let at = out.frozen().data().as_ptr() as usize + len;
            match fileio::read_raw(th, fileio::fd(f), at, n - len)? {
                Some(0) => break,
                Some(k) => len += k,
                None if len == 0 => return Ok(Value::NONE),
                None => break,
            }
            continue;
        }
        if ahead == 0 {
            match fill(th, b)? {
                Some(0) => break,
                Some(_) => {}
                None if len == 0 => return Ok(Value::NONE),
                None => break,
            }
        }
        let mut g = b.write(th)?;
        let pos = g.pos;
        let k = (g.ahead.len - pos).min(n - len);
        // SAFETY: not yet known to anybody else.
        (unsafe { out.frozen().tail_mut() })[len..len + k].copy_from_slice(&g.ahead.data()[pos..pos + k]);
        g.pos += k;
        len += k;
    }
    if len == n { Ok(out.value()) } else { th.new_bytes(&out.frozen().data()[..len]) }
}
fn read_all(th: &mut Thread, b: Gc<Buffered>) -> R<Value> {
    let r = raw(th, b)?;
    let head = take(th, b, usize::MAX)?;
    let rest = match r.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, r)) {
        Some(f) => fileio::read_all(th, fileio::fd(f))?.unwrap_or(Value::NONE),
        None => match attr::get_str_opt(th, r, "readall")? {
            Some(f) => th.call(f, &[])?,
            None => th.call_method(r, "read", &[])?,
        },
    };
    let h = text::bytes_of(head).unwrap_or(&[]);
    if rest.is_none() {
        return Ok(if h.is_empty() { rest } else { head });
    }
    let Some(t) = text::bytes_of(rest).filter(|_| text::is_bytes(rest)) else {
        return Err(th.type_error("readall() should return bytes"));
    };
    if h.is_empty() {
        return Ok(rest);
    }
    text::build_bytes(th, h.len() + t.len(), |out| {
        out[..h.len()].copy_from_slice(h);
        out[h.len()..].copy_from_slice(t);
    })
}
fn read1(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let n = match a.opt(1) {
        Some(v) => int::arg_i64(th, v)?,
        None => -1,
    };
    if n < 0 && !th.py3() {
        return Err(th.value_error("read length must be positive"));
    }
    open_raw(th, b, "read of")?;
    locked(th, b, |th| {
        before_read(th, b)?;
        let n = if n < 0 { b.read(th)?.size } else { n as usize };
        if n == 0 {
            return th.new_bytes(b"");
        }
        if available(th, b)? == 0 && fill(th, b)?.is_none() {
            return th.new_bytes(b"");
        }
        take(th, b, n)
    })
}
fn peek(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    open_raw(th, b, "peek of")?;
    locked(th, b, |th| {
        before_read(th, b)?;
        if available(th, b)? == 0 {
            fill(th, b)?;
        }
        let out = take(th, b, usize::MAX)?;
        let n = text::bytes_of(out).map_or(0, <[u8]>::len);
        b.write(th)?.pos -= n;
        Ok(out)
    })
}
fn readinto(th: &mut Thread, a: Args, once: bool) -> R<Value> {
    let b = this(a.get(0));
    open_raw(th, b, "readinto of")?;
    let view = buffer::acquire(th, a.get(1), true)?;
    let n = view.len;
    let r = locked(th, b, |th| {
        before_read(th, b)?;
        if once {
            if available(th, b)? == 0 {
                fill(th, b)?;
            }
            return take(th, b, n);
        }
        read_n(th, b, n)
    });
    let r = match r {
        Ok(got) if got.is_none() => Ok(got),
        Ok(got) => {
            let data = text::bytes_of(got).unwrap_or(&[]);
            view.put(th, 0, data).map(|_| Value::int(data.len() as i64))
        }
        Err(e) => Err(e),
    };
    view.release(th)?;
    r
}
/// A line, at most `limit` bytes.
fn line(th: &mut Thread, b: Gc<Buffered>, limit: usize) -> R<Value> {
    // Most lines lie in the buffer as a whole.
    let g = b.read(th)?;
    let ahead = &g.ahead.data()[g.pos..];
    let end = memchr::memchr(b'\n', &ahead[..ahead.len().min(limit)]).map(|i| i + 1).or(if ahead.len() >= limit { Some(limit) } else { None });
    drop(g);
    if let Some(n) = end {
        return take(th, b, n);
    }
    let out: Gc<bytearray::ByteArray> = bytearray::new(th, b"")?.cast().expect("a bytearray");
    let mut have = 0;
    loop {
        let g = b.read(th)?;
        let ahead = &g.ahead.data()[g.pos..];
        let room = limit - have;
        let found = memchr::memchr(b'\n', &ahead[..ahead.len().min(room)]);
        let n = found.map_or(ahead.len().min(room), |i| i + 1);
        drop(g);
        let part = take(th, b, n)?;
        bytearray::extend(th, out, text::bytes_of(part).unwrap_or(&[]))?;
        have += n;
        if found.is_some() || have >= limit || !matches!(fill(th, b)?, Some(1..)) {
            return bytearray::snapshot(th, out);
        }
    }
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let limit = size_arg(th, a.some(1))?.unwrap_or(usize::MAX);
    open_raw(th, b, "readline of")?;
    locked(th, b, |th| {
        before_read(th, b)?;
        line(th, b, limit)
    })
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = if crate::support::exactly(&READER, a.get(0)) || crate::support::exactly(&RANDOM, a.get(0)) {
        open_raw(th, b, "readline of")?;
        locked(th, b, |th| {
            before_read(th, b)?;
            line(th, b, usize::MAX)
        })?
    } else {
        th.call_method(a.get(0), "readline", &[])?
    };
    if object::item::len(th, r)? == 0 { Err(th.raise_with(&STOP_ITERATION, &[])) } else { Ok(r) }
}

// ---- writing

fn write(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let data = fileio::bytes_arg(th, a.get(1))?;
    write_bytes(th, b, data)?;
    Ok(Value::int(text::bytes_of(data).map_or(0, <[u8]>::len) as i64))
}
/// Writes the bytes object `data` through the buffer.
pub fn write_bytes(th: &mut Thread, b: Gc<Buffered>, data: Value) -> R<()> {
    open_raw(th, b, "write to")?;
    locked(th, b, |th| {
        let d = text::bytes_of(data).unwrap_or(&[]);
        let g = b.read(th)?;
        let (ahead, size) = (g.ahead.len > 0, g.size);
        drop(g);
        if ahead {
            drop_ahead(th, b)?;
        }
        if !push(th, b, d, size)? {
            flush_out(th, b)?;
            if d.len() < size {
                push(th, b, d, size)?;
                return Ok(());
            }
            let r = raw(th, b)?;
            let mut at = 0;
            while at < d.len() {
                match raw_write(th, r, d.as_ptr() as usize + at, d.len() - at)? {
                    Some(k) => at += k,
                    None => return Err(would_block(th, at)),
                }
                if at < d.len() {
                    crate::signal::check(th)?;
                }
            }
        }
        Ok(())
    })
}
/// Appends to what is to be written if it fits.
fn push(th: &mut Thread, b: Gc<Buffered>, d: &[u8], size: usize) -> R<bool> {
    loop {
        let mut g = b.write(th)?;
        if g.behind.len + d.len() > size {
            return Ok(false);
        }
        if g.behind.len + d.len() <= g.behind.capacity() {
            g.behind.push_fitting(d);
            return Ok(true);
        }
        drop(g);
        let fresh = storage::storage(th, size)?;
        b.write(th)?.behind.move_to(fresh);
    }
}
/// Writes what is buffered to the raw stream.
pub fn flush_now(th: &mut Thread, b: Gc<Buffered>) -> R<()> {
    open_raw(th, b, "flush of")?;
    locked(th, b, |th| {
        flush_out(th, b)?;
        drop_ahead_if_random(th, b)
    })
}
fn drop_ahead_if_random(th: &mut Thread, b: Gc<Buffered>) -> R<()> {
    // A reader keeps what it read ahead; a random stream's raw position becomes the logical one.
    if crate::support::exactly(&READER, b.value()) || !object::is_instance(b.value(), RANDOM.ty()) { Ok(()) } else { drop_ahead(th, b) }
}
fn flush(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    flush_now(th, b)?;
    if !crate::support::exactly(&FILE_IO, b.read(th)?.raw) && !object::is_instance(a.get(0), READER.ty()) {
        let r = raw(th, b)?;
        th.call_method(r, "flush", &[])?;
    }
    Ok(Value::NONE)
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    if !(0..=4).contains(&whence) {
        return Err(th.value_error(format!("whence value {whence} unsupported")));
    }
    let r = open_raw(th, b, "seek of")?;
    let i = int::index(th, a.get(1))?;
    let target = int::arg_i64(th, i)?;
    if !crate::support::exactly(&FILE_IO, r) {
        ask(th, r, "seekable", "File or stream is not seekable.")?;
    } else if raw_seek(th, r, 0, 1).is_err() {
        th.catch_any();
        return Err(unsupported(th, "File or stream is not seekable."));
    }
    locked(th, b, |th| {
        flush_out(th, b)?;
        // A place that stands in the buffer needs no new read.
        if whence < 2 && available(th, b)? > 0 {
            let now = raw_seek(th, r, 0, 1)?;
            let g = b.read(th)?;
            let (len, pos) = (g.ahead.len as i64, g.pos as i64);
            drop(g);
            let logical = now - len + pos;
            let to = if whence == 0 { target } else { logical.saturating_add(target) };
            if to >= now - len && to <= now {
                b.write(th)?.pos = (to - (now - len)) as usize;
                return support::int(th, to);
            }
        }
        let rest = available(th, b)? as i64;
        let to = raw_seek(th, r, if whence == 1 { target - rest } else { target }, whence)?;
        let mut g = b.write(th)?;
        g.ahead.len = 0;
        g.pos = 0;
        drop(g);
        support::int(th, to)
    })
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = open_raw(th, b, "tell of")?;
    let at = if crate::support::exactly(&FILE_IO, r) {
        raw_seek(th, r, 0, 1)?
    } else {
        let p = th.call_method(r, "tell", &[])?;
        position(th, p)?
    };
    let g = b.read(th)?;
    let at = at - (g.ahead.len - g.pos) as i64 + g.behind.len as i64;
    drop(g);
    support::int(th, at)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = open_raw(th, b, "truncate of")?;
    let pos = match a.some(1) {
        Some(p) => p,
        None => tell(th, Args::of(&[a.get(0)]))?,
    };
    locked(th, b, |th| flush_out(th, b))?;
    th.call_method(r, "truncate", &[pos])
}
/// The error of a close() whose flush failed with `first`: what closing the raw stream raised, with that as its context, or `first`.
pub fn both_failed(th: &mut Thread, first: Value, again: bool) -> Unwind {
    match if again { th.catch_any() } else { None } {
        Some(last) => {
            if let (true, Some(e)) = (th.py3() && last != first, last.cast::<exception::Exception>()) {
                match e.write(th) {
                    Ok(mut g) if g.context.is_none() => g.context = first,
                    Ok(_) => {}
                    Err(e) => return e,
                }
            }
            th.reraise(last)
        }
        None => th.reraise(first),
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = raw(th, b)?;
    if raw_closed(th, r)? {
        return Ok(Value::NONE);
    }
    let flushed = th.call_method(a.get(0), "flush", &[]);
    let first = match flushed {
        Ok(_) => None,
        Err(e) => match th.catch_any() {
            Some(x) => Some(x),
            None => return Err(e),
        },
    };
    let closed = th.call_method(r, "close", &[]);
    // What could not be written is lost: the finalizer shall not try again.
    b.write(th)?.behind.len = 0;
    match first {
        Some(x) => Err(both_failed(th, x, closed.is_err())),
        None => closed,
    }
}
fn detach(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = raw(th, b)?;
    th.call_method(a.get(0), "flush", &[])?;
    b.write(th)?.raw = Value::NONE;
    Ok(r)
}
fn forward(th: &mut Thread, a: Args, method: &str) -> R<Value> {
    let r = raw(th, this(a.get(0)))?;
    th.call_method(r, method, &[])
}
fn through(th: &mut Thread, v: Value, name: &str) -> R<Value> {
    let r = raw(th, this(v))?;
    attr::get_str(th, r, name)
}
fn get_raw(th: &mut Thread, v: Value) -> R<Value> { raw(th, this(v)) }
fn get_closed(th: &mut Thread, v: Value) -> R<Value> {
    let r = raw(th, this(v))?;
    Ok(Value::from_bool(raw_closed(th, r)?))
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let r = this(a.get(0)).read(th)?.raw;
    let class = object::class_name(a.get(0));
    let name = if r.is_unset() || r.is_none() { None } else { attr::get_str_opt(th, r, "name")? };
    let s = match name {
        Some(n) => format!("<_io.{class} name={}>", object::repr_text(th, n)?),
        None => format!("<_io.{class}>"),
    };
    th.native_str(&s)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let got = object::class_name(a.get(0));
    Err(th.type_error(format!("cannot pickle '_io.{got}' object")))
}
/// Saves what was not written; a subclass is closed by its own `close`.
fn del(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let r = b.read(th)?.raw;
    if r.is_unset() || r.is_none() || raw_closed(th, r)? {
        return Ok(Value::NONE);
    }
    let own = object::class_of(a.get(0)).frozen().has(type_flag::HEAP);
    let done = if own { th.call_method(a.get(0), "close", &[]).map(|_| ()) } else { locked(th, b, |th| flush_out(th, b)) };
    if let Err(e) = done {
        if th.catch_any().is_none() {
            return Err(e);
        }
    }
    Ok(Value::NONE)
}
/// For a buffer over a regular file that nobody is using: whether it has something to write. None for others.
pub fn waits_for_file(th: &mut Thread, b: Gc<Buffered>) -> R<Option<bool>> {
    if lock(b).is_held() {
        return Ok(None);
    }
    let g = b.read(th)?;
    let (raw, n) = (g.raw, g.behind.len);
    drop(g);
    match raw.cast::<FileIo>().filter(|_| crate::support::exactly(&FILE_IO, raw)) {
        Some(f) if super::textio::is_regular(fileio::fd(f)) => Ok(Some(n > 0)),
        _ => Ok(None),
    }
}
