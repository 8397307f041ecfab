//! `TextIOWrapper`: text over a binary stream; layout, construction, writing, closing.
//!
//! Written text is encoded at once and gathered in `pending`; one append under the write guard makes each `write` atomic. Whoever passes
//! `pending` on holds the lock, so that the order of bytes is that of the writes.

use super::buffered::{self, Buffered};
use super::bytesio;
use super::newline::Newlines;
use super::storage::{self, ByteStore};
use super::{closed_error, textio_read, unsupported};
use crate::kinds_io;
use crate::support::{self, Root, alloc};
use crate::sync::OwnedLock;
use txpy_heap::{Header, Weak, object};
use txpy_vm::exceptions::LOOKUP_ERROR;
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object::{self, attr};
use txpy_vm::types::{codec, int, list, text, type_, weakref};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

/// Bytes that are asked of the buffer at once, and gathered before they are passed on.
pub const CHUNK: usize = 8192;

object! {
    pub struct TextIo = kinds_io::TEXTIO {
        /// UNSET before `__init__`, None when detached.
        pub buffer: Value,
        pub encoding: Value,
        pub errors: Value,
        /// UTF-8, which needs no encoder run.
        pub utf8: bool,
        /// Strict error handling.
        pub strict: bool,
        pub line_buffering: bool,
        pub write_through: bool,
        /// Line ends of all kinds end lines.
        pub universal: bool,
        /// ... and become `\n`.
        pub translate: bool,
        /// The only line end, where not universal; None.
        pub read_end: Value,
        /// What `\n` becomes in writing; UNSET: itself.
        pub write_end: Value,
        pub pending: ByteStore,
        /// Text that was read and decoded; the part from byte `used` on is still to be given out. UNSET: nothing.
        pub decoded: Value,
        pub used: usize,
        /// Bytes at the end of the last chunk that are not a whole character yet, or UNSET.
        pub rest: Value,
        /// The bytes that `decoded` was made from, and the state before.
        pub chunk: Value,
        pub chunk_state: Newlines,
        pub newlines: Newlines,
        /// Incremental decoder and encoder of an encoding that is not built in, UNSET otherwise.
        pub decoder: Value,
        pub encoder: Value,
        /// `tell` is allowed: no iteration is under way.
        pub telling: bool,
        /// Something was written: no byte order mark any more.
        pub started: bool,
        pub chunk_size: usize,
        pub lock: OwnedLock,
    }
}

pub static TEXT_IO: TypeDef = TypeDef {
    name: "TextIOWrapper", base: Some(&super::base::TEXT_IO_BASE), module: "_io", kind: kinds_io::TEXTIO, size: size_of::<TextIo>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS, textio_read::METHODS], getset: GETSET,
    doc: "Text over a binary stream.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a text stream.";
    "__init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)" = init, "Set the binary stream.";
    "reconfigure(self, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)" = reconfigure, "Change settings.";
    "write(self, text, /)" = write, "Write text.";
    "flush(self, /)" = flush, "Pass on what was written.";
    #[io] "close(self, /)" = close, "Flush and close.";
    "detach(self, /)" = detach, "Disconnect the binary stream.";
    "seekable(self, /)" = |th, a| forward(th, a, "seekable"), "Whether seek works.";
    "readable(self, /)" = |th, a| forward(th, a, "readable"), "Whether reading works.";
    "writable(self, /)" = |th, a| forward(th, a, "writable"), "Whether writing works.";
    "fileno(self, /)" = |th, a| forward(th, a, "fileno"), "File descriptor.";
    "isatty(self, /)" = |th, a| forward(th, a, "isatty"), "Whether this is a terminal.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__getstate__(self, /)" = getstate, "Streams can't be pickled.";
    "__del__(self, /)" = del, "Pass on what was written.";
};
static GETSET: &[GetSetDef] = getset! {
    "buffer" = |th, v| buffer(th, this(v)), "The binary stream.";
    "encoding" = |th, v| Ok(this(v).read(th)?.encoding), "Encoding.";
    "errors" = |th, v| Ok(this(v).read(th)?.errors), "Error handling.";
    "newlines" = newlines, "Line ends seen so far.";
    "line_buffering" = |th, v| Ok(Value::from_bool(this(v).read(th)?.line_buffering)), "Whether each line is passed on.";
    "write_through" = |th, v| Ok(Value::from_bool(this(v).read(th)?.write_through)), "Whether each write is passed on.";
    "closed" = get_closed, "Whether the stream was closed.";
    "name" = get_name, "Name of the binary stream.";
    "_CHUNK_SIZE" = |th, v| Ok(Value::int(this(v).read(th)?.chunk_size as i64)), mut set_chunk_size, "Bytes read at once.";
};

pub fn this(v: Value) -> Gc<TextIo> { v.cast().expect("checked by the call") }
pub fn lock<'a>(t: Gc<TextIo>) -> &'a OwnedLock {
    // SAFETY: the lock is made of atomics; the caller holds the object for as long as it uses the lock.
    unsafe { &(*t.as_ptr()).lock }
}
/// Runs `f` with the lock; a thread that has it already (it passes on what is pending inside a read) goes on.
pub fn locked<T>(th: &mut Thread, t: Gc<TextIo>, f: impl FnOnce(&mut Thread) -> R<T>) -> R<T> { lock(t).with_again(th, f) }

fn blank() -> TextIo {
    TextIo {
        header: Header::NEW, buffer: Value::UNSET, encoding: Value::NONE, errors: Value::NONE, utf8: true, strict: true, line_buffering: false,
        write_through: false, universal: true, translate: true, read_end: Value::NONE, write_end: Value::UNSET, pending: ByteStore::EMPTY,
        decoded: Value::UNSET, used: 0, rest: Value::UNSET, chunk: Value::UNSET, chunk_state: Newlines::default(), newlines: Newlines::default(),
        decoder: Value::UNSET, encoder: Value::UNSET, telling: true, started: false, chunk_size: CHUNK, lock: OwnedLock::new(),
    }
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &TEXT_IO, a.get(0))?;
    Ok(alloc(th, class, true, blank())?.value())
}
/// A text stream over a buffer.
pub fn over(th: &mut Thread, buffer: Value, encoding: &str, errors: &str, line_buffering: bool, write_through: bool) -> R<Value> {
    let (e, x) = (th.native_str(encoding)?, th.native_str(errors)?);
    make(th, buffer, Some(e), Some(x), None, line_buffering, write_through)
}
pub fn make(th: &mut Thread, buffer: Value, encoding: Option<Value>, errors: Option<Value>, newline: Option<Value>, line_buffering: bool, write_through: bool) -> R<Value> {
    let class = type_::make_native(th, &TEXT_IO)?;
    let t = alloc(th, class, true, blank())?;
    set_up(th, t, buffer, encoding, errors, newline, line_buffering, write_through)?;
    Ok(t.value())
}
fn truth(th: &mut Thread, v: Option<Value>) -> R<bool> {
    match v {
        Some(v) => object::is_true(th, v),
        None => Ok(false),
    }
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let (line, through) = (truth(th, a.some(5))?, truth(th, a.some(6))?);
    for (i, name) in [(2, "encoding"), (3, "errors"), (4, "newline")] {
        if let Some(v) = a.some(i).filter(|v| !text::is_string(th, *v)) {
            let got = object::class_name(v);
            return Err(th.type_error(format!("TextIOWrapper() argument '{name}' must be str or None, not {got}")));
        }
    }
    set_up(th, this(a.get(0)), a.get(1), a.some(2), a.some(3), a.some(4), line, through)?;
    Ok(Value::NONE)
}

/// The line ends that a newline argument asks for: (universal, translate, read_end, write_end).
pub fn newline_mode(th: &mut Thread, newline: Option<Value>) -> R<(bool, bool, Value, Value)> {
    let Some(v) = newline else { return Ok((true, true, Value::NONE, Value::UNSET)) };
    Ok(match text::bytes_of(v).unwrap_or(b"?") {
        b"" => (true, false, Value::NONE, Value::UNSET),
        b"\n" => (false, false, v, Value::UNSET),
        b"\r" | b"\r\n" => (false, false, v, v),
        _ => {
            let r = object::repr_text(th, v)?;
            return Err(th.value_error(format!("illegal newline value: {r}")));
        }
    })
}
/// Incremental decoder and encoder of an encoding that is not built in.
fn foreign(th: &mut Thread, name: &str, errors: Value) -> R<(Value, Value)> {
    let codecs = txpy_vm::import::import_name(th, "codecs")?;
    let n = th.native_str(name)?;
    let info = th.call_method(codecs, "lookup", &[n])?;
    if let Some(x) = attr::get_str_opt(th, info, "_is_text_encoding")? {
        if !object::is_true(th, x)? {
            return Err(th.raise(&LOOKUP_ERROR, format!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs")));
        }
    }
    let (d, e) = (attr::get_str(th, info, "incrementaldecoder")?, attr::get_str(th, info, "incrementalencoder")?);
    Ok((th.call(d, &[errors])?, th.call(e, &[errors])?))
}

#[allow(clippy::too_many_arguments)] // as many as the constructor has
fn set_up(th: &mut Thread, t: Gc<TextIo>, buffer: Value, encoding: Option<Value>, errors: Option<Value>, newline: Option<Value>, line: bool, through: bool) -> R<()> {
    let mode = newline_mode(th, newline)?;
    let encoding = match encoding {
        Some(e) if text::bytes_of(e) != Some(b"locale") => e,
        _ => th.native_str("UTF-8")?,
    };
    let errors = match errors {
        Some(e) => e,
        None => th.native_str("strict")?,
    };
    set_codec(th, t, encoding, errors)?;
    let mut started = false;
    if !crate::support::exactly(&buffered::WRITER, buffer) || !matches!(&*text::lossy(encoding).to_ascii_lowercase(), "utf-8" | "utf8") {
        let seek = th.call_method(buffer, "seekable", &[])?;
        if object::is_true(th, seek)? {
            let w = th.call_method(buffer, "writable", &[])?;
            if object::is_true(th, w)? {
                let at = th.call_method(buffer, "tell", &[])?;
                started = object::is_true(th, at)?;
            }
        }
    }
    let mut g = t.write(th)?;
    (g.universal, g.translate, g.read_end, g.write_end) = mode;
    (g.buffer, g.line_buffering, g.write_through, g.started) = (buffer, line, through, started);
    (g.pending, g.decoded, g.used, g.rest, g.chunk) = (ByteStore::EMPTY, Value::UNSET, 0, Value::UNSET, Value::UNSET);
    (g.newlines, g.telling) = (Newlines::default(), true);
    drop(g);
    if let Some(b) = buffer.cast::<Buffered>() {
        let raw = b.read(th)?.raw;
        super::fileio::set_outer(th, raw, t.value())?;
    }
    note_open(th, t.value())
}
fn set_codec(th: &mut Thread, t: Gc<TextIo>, encoding: Value, errors: Value) -> R<()> {
    let name = text::lossy(encoding).into_owned();
    if name.contains('\0') {
        return Err(th.value_error("embedded null character"));
    }
    let (d, e) = match codec::find(&name) {
        Some(_) => (Value::UNSET, Value::UNSET),
        None => foreign(th, &name, errors)?,
    };
    let utf8 = codec::find(&name).is_some_and(|c| c.0 == "utf-8");
    let mut g = t.write(th)?;
    (g.encoding, g.errors, g.decoder, g.encoder, g.utf8) = (encoding, errors, d, e, utf8);
    g.strict = text::bytes_of(errors) == Some(b"strict");
    Ok(())
}
fn reconfigure(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let g = t.read(th)?;
    let (has_read, old_encoding, old_errors) = (!g.decoded.is_unset(), g.encoding, g.errors);
    drop(g);
    if has_read && (a.some(1).is_some() || a.some(2).is_some() || a.opt(3).is_some()) {
        return Err(unsupported(th, "It is not possible to set the encoding or newline of stream after the first read"));
    }
    th.call_method(a.get(0), "flush", &[])?;
    let encoding = match a.some(1) {
        Some(e) if text::bytes_of(e) == Some(b"locale") => th.native_str("UTF-8")?,
        Some(e) => e,
        None => old_encoding,
    };
    let errors = match (a.some(2), a.some(1)) {
        (Some(e), _) => e,
        (None, Some(_)) => th.native_str("strict")?,
        _ => old_errors,
    };
    set_codec(th, t, encoding, errors)?;
    if let Some(nl) = a.opt(3) {
        let mode = newline_mode(th, Some(nl).filter(|v| !v.is_none()))?;
        let mut g = t.write(th)?;
        (g.universal, g.translate, g.read_end, g.write_end) = mode;
    }
    if let Some(l) = a.some(4) {
        let l = object::is_true(th, l)?;
        t.write(th)?.line_buffering = l;
    }
    if let Some(w) = a.some(5) {
        let w = object::is_true(th, w)?;
        t.write(th)?.write_through = w;
    }
    Ok(Value::NONE)
}

/// The binary stream; ValueError when there is none.
pub fn buffer(th: &mut Thread, t: Gc<TextIo>) -> R<Value> {
    let b = t.read(th)?.buffer;
    if b.is_unset() {
        return Err(th.value_error("I/O operation on uninitialized object"));
    }
    if b.is_none() {
        return Err(th.value_error("underlying buffer has been detached"));
    }
    Ok(b)
}
/// The binary stream if it is open.
pub fn open_buffer(th: &mut Thread, t: Gc<TextIo>) -> R<Value> {
    let b = buffer(th, t)?;
    if closed(th, b)? { Err(closed_error(th)) } else { Ok(b) }
}
fn closed(th: &mut Thread, b: Value) -> R<bool> {
    if let Some(x) = b.cast::<Buffered>().filter(|_| crate::support::exactly(&buffered::WRITER, b) || crate::support::exactly(&buffered::READER, b)) {
        let raw = x.read(th)?.raw;
        if let Some(f) = raw.cast::<super::fileio::FileIo>().filter(|_| crate::support::exactly(&super::fileio::FILE_IO, raw)) {
            return Ok(super::fileio::fd(f) < 0);
        }
    }
    super::base::is_closed(th, b)
}

// ---- writing

fn write(th: &mut Thread, a: Args) -> R<Value> {
    let (t, s) = (this(a.get(0)), a.get(1));
    let Some(b) = text::bytes_of(s).filter(|_| text::is_text(s)) else {
        let got = object::class_name(s);
        return Err(th.type_error(if th.py3() { format!("write() argument must be str, not {got}") } else { format!("must be unicode, not {got}") }));
    };
    let to = open_buffer(th, t)?;
    if crate::support::exactly(&buffered::READER, to) {
        return Err(unsupported(th, "not writable"));
    }
    let g = t.read(th)?;
    let (plain, line, through, write_end, reading) = (g.utf8 && g.encoder.is_unset(), g.line_buffering, g.write_through, g.write_end, !g.decoded.is_unset());
    drop(g);
    let translated;
    let mut v = s;
    let mut out = b;
    if !write_end.is_unset() && b.contains(&b'\n') {
        let end = text::bytes_of(write_end).unwrap_or(b"\n");
        let mut x = Vec::with_capacity(b.len() + 16);
        for (i, part) in b.split(|c| *c == b'\n').enumerate() {
            if i > 0 {
                x.extend_from_slice(end);
            }
            x.extend_from_slice(part);
        }
        translated = x;
        out = &translated;
        v = text::new_str(th, out)?;
    }
    let is_ascii = v.cast::<text::Str>().is_some_and(|s| s.frozen().is_ascii());
    if !(plain && (is_ascii || std::str::from_utf8(out).is_ok())) {
        v = encode(th, t, v)?;
        out = text::bytes_of(v).unwrap_or(b"");
    }
    if reading {
        // A write after a read starts at the stream's own position, as in CPython.
        let mut g = t.write(th)?;
        (g.decoded, g.used, g.chunk) = (Value::UNSET, 0, Value::UNSET);
    }
    push(th, t, out)?;
    let n = t.read(th)?.pending.len;
    let now = line && (b.contains(&b'\n') || b.contains(&b'\r'));
    if through || now || n >= CHUNK {
        pass_on(th, t)?;
        if now {
            flush_buffer(th, t)?;
        }
    }
    Ok(Value::int(text::len_of(s) as i64))
}
fn encode(th: &mut Thread, t: Gc<TextIo>, v: Value) -> R<Value> {
    let g = t.read(th)?;
    let (encoding, errors, encoder, started) = (g.encoding, g.errors, g.encoder, g.started);
    drop(g);
    t.write(th)?.started = true;
    if !encoder.is_unset() {
        return th.call_method(encoder, "encode", &[v]);
    }
    let name = text::lossy(encoding).into_owned();
    let errors = text::lossy(errors).into_owned();
    // The byte order mark stands at the beginning only.
    let name = match codec::find(&name).map(|c| c.0) {
        Some("utf-16") if started => "utf-16-le",
        Some("utf-32") if started => "utf-32-le",
        Some("utf-8-sig") if started => "utf-8",
        _ => &name,
    };
    codec::encode(th, v, name, &errors)
}
/// Appends to what is pending.
fn push(th: &mut Thread, t: Gc<TextIo>, b: &[u8]) -> R<()> {
    loop {
        let mut g = t.write(th)?;
        let (len, cap) = (g.pending.len, g.pending.capacity());
        if len + b.len() <= cap {
            g.pending.push_fitting(b);
            return Ok(());
        }
        drop(g);
        let fresh = storage::storage(th, storage::grown(cap, len + b.len()))?;
        let mut g = t.write(th)?;
        if g.pending.len + b.len() <= fresh.frozen().len {
            g.pending.move_to(fresh);
        }
    }
}
/// Hands what is pending to the buffer.
pub fn pass_on(th: &mut Thread, t: Gc<TextIo>) -> R<()> {
    if t.read(th)?.pending.len == 0 {
        return Ok(());
    }
    locked(th, t, |th| {
        let mut g = t.write(th)?;
        let p = std::mem::replace(&mut g.pending, ByteStore::EMPTY);
        let b = g.buffer;
        drop(g);
        // The storage belongs to nobody else any more, and stays as it is; the bytes object is a copy of it.
        let keep = p.storage.map(|s| s.value());
        let data = th.new_bytes(p.data())?;
        std::hint::black_box(keep);
        match b.cast::<Buffered>().filter(|_| crate::support::exactly(&buffered::WRITER, b) || crate::support::exactly(&buffered::RANDOM, b)) {
            Some(w) => buffered::write_bytes(th, w, data),
            None => th.call_method(b, "write", &[data]).map(|_| ()),
        }
    })
}
fn flush_buffer(th: &mut Thread, t: Gc<TextIo>) -> R<()> {
    let b = buffer(th, t)?;
    match b.cast::<Buffered>().filter(|_| crate::support::exactly(&buffered::WRITER, b)) {
        Some(w) => buffered::flush_now(th, w),
        None => th.call_method(b, "flush", &[]).map(|_| ()),
    }
}
fn flush(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    open_buffer(th, t)?;
    t.write(th)?.telling = true;
    pass_on(th, t)?;
    flush_buffer(th, t)?;
    Ok(Value::NONE)
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let b = buffer(th, t)?;
    if closed(th, b)? {
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
    let done = th.call_method(b, "close", &[]);
    t.write(th)?.pending.len = 0;
    match first {
        Some(x) => Err(super::buffered::both_failed(th, x, done.is_err())),
        None => done.map(|_| Value::NONE),
    }
}
fn detach(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let b = buffer(th, t)?;
    th.call_method(a.get(0), "flush", &[])?;
    t.write(th)?.buffer = Value::NONE;
    Ok(b)
}
fn forward(th: &mut Thread, a: Args, method: &str) -> R<Value> {
    let b = buffer(th, this(a.get(0)))?;
    th.call_method(b, method, &[])
}
fn newlines(th: &mut Thread, v: Value) -> R<Value> {
    let s = this(v).read(th)?.newlines;
    s.value(th)
}
fn get_closed(th: &mut Thread, v: Value) -> R<Value> {
    let b = buffer(th, this(v))?;
    Ok(Value::from_bool(closed(th, b)?))
}
fn get_name(th: &mut Thread, v: Value) -> R<Value> {
    let b = buffer(th, this(v))?;
    attr::get_str(th, b, "name")
}
fn set_chunk_size(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() {
        return Err(th.attribute_error("cannot delete attribute"));
    }
    let n = int::arg_i64(th, x)?;
    if n <= 0 {
        return Err(th.value_error("a strictly positive integer is required"));
    }
    this(v).write(th)?.chunk_size = n as usize;
    Ok(())
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let g = t.read(th)?;
    let (b, encoding) = (g.buffer, g.encoding);
    drop(g);
    let mut s = "<_io.TextIOWrapper".to_string();
    if b.is_ref() {
        if let Some(n) = attr::get_str_opt(th, b, "name")? {
            s += &format!(" name={}", object::repr_text(th, n)?);
        }
    }
    if let Some(m) = attr::get_str_opt(th, a.get(0), "mode")? {
        s += &format!(" mode={}", object::repr_text(th, m)?);
    }
    s += &format!(" encoding={}>", object::repr_text(th, encoding)?);
    th.native_str(&s)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let got = object::class_name(a.get(0));
    Err(th.type_error(format!("cannot pickle '_io.{got}' object")))
}
/// Saves what was not passed on; a subclass is closed by its own `close`.
fn del(th: &mut Thread, a: Args) -> R<Value> {
    let own = object::class_of(a.get(0)).frozen().has(type_flag::HEAP);
    let done = if own { th.call_method(a.get(0), "close", &[]).map(|_| ()) } else { save(th, a.get(0)) };
    match done {
        Err(e) if th.catch_any().is_none() => Err(e),
        _ => Ok(Value::NONE),
    }
}
fn save(th: &mut Thread, v: Value) -> R<()> {
    let t = this(v);
    let g = t.read(th)?;
    let (b, n) = (g.buffer, g.pending.len);
    drop(g);
    if n == 0 || !b.is_ref() || closed(th, b)? {
        return Ok(());
    }
    pass_on(th, t)?;
    if crate::support::exactly(&bytesio::BYTES_IO, b) { Ok(()) } else { flush_buffer(th, t) }
}

// ---- streams that are open when the process ends

static OPEN: Root = Root::new();

/// Remembers a stream that may hold unwritten data.
pub fn note_open(th: &mut Thread, v: Value) -> R<()> {
    let l = OPEN.get_or(th, |th| list::new(th, &[]))?;
    let l: Gc<list::List> = l.cast().expect("a list");
    let w = weakref::new(th, v, Value::NONE)?;
    list::append(th, l, w.value())?;
    let n = list::len(th, l)?;
    if n >= 64 && n.is_power_of_two() {
        // Dead entries go.
        let mut g = l.write(th)?;
        let mut k = 0;
        for i in 0..g.count() {
            let x = g.as_slice()[i];
            if x.cast::<Weak>().is_some_and(|w| w.get().is_some()) {
                g.as_mut_slice()[k] = x;
                k += 1;
            }
        }
        g.set_count(k);
    }
    Ok(())
}
/// Writes what streams over regular files still hold. Scripts write a file, drop the object and read the file: where references are
/// counted the drop writes it, so here whoever opens a file for reading calls this first. Streams in use by another thread are left alone.
pub fn flush_dropped(th: &mut Thread) -> R<()> {
    let Some(l) = OPEN.get().and_then(|l| l.cast::<list::List>()) else { return Ok(()) };
    for texts in [true, false] {
        let mut i = 0;
        while let Some(x) = list::get(th, l, i)? {
            i += 1;
            let Some(v) = x.cast::<Weak>().and_then(|w| w.get()) else { continue };
            if v.is::<TextIo>() != texts {
                continue;
            }
            if let Some(t) = v.cast::<TextIo>().filter(|t| !lock(*t).is_held()) {
                let g = t.read(th)?;
                let (b, n) = (g.buffer, g.pending.len);
                drop(g);
                let regular = match b.cast::<Buffered>() {
                    Some(b) => buffered::waits_for_file(th, b)?.is_some(),
                    None => false,
                };
                if n > 0 && regular {
                    pass_on(th, t)?;
                }
            } else if let Some(b) = v.cast::<Buffered>() {
                if buffered::waits_for_file(th, b)? == Some(true) {
                    buffered::flush_now(th, b)?;
                }
            } else if let Some(f) = v.cast::<super::file2::File>() {
                super::file2::flush_dropped(th, f)?;
            }
        }
    }
    Ok(())
}
/// Whether a descriptor is a regular file.
pub fn is_regular(fd: i32) -> bool {
    // SAFETY: the call fills in the struct.
    unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        fd >= 0 && libc::fstat(fd, &mut st) == 0 && st.st_mode & libc::S_IFMT == libc::S_IFREG
    }
}
/// Writes what open streams still hold: text streams first, then buffers. Errors are dropped.
pub fn flush_all(th: &mut Thread) {
    let Some(l) = OPEN.get().and_then(|l| l.cast::<list::List>()) else { return };
    for texts in [true, false] {
        let mut i = 0;
        while let Ok(Some(x)) = list::get(th, l, i) {
            i += 1;
            let Some(v) = x.cast::<Weak>().and_then(|w| w.get()) else { continue };
            if v.is::<TextIo>() == texts {
                let r = if texts { save(th, v) } else { th.call_method(v, "flush", &[]).map(|_| ()) };
                if r.is_err() {
                    th.catch_any();
                }
            }
        }
    }
}
