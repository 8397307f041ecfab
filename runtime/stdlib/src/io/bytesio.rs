//! `BytesIO`: a binary stream in memory.

use super::base::size_arg;
use super::fileio::bytes_arg;
use super::storage::{self, ByteStore};
use crate::kinds_io;
use crate::support::{self, alloc};
use txpy_heap::{Bytes8, Header, object};
use txpy_vm::exceptions::{BUFFER_ERROR, STOP_ITERATION};
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::native::stored::{self, Stored};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object::{self, instance};
use txpy_vm::types::{dict, int, memoryview, text, tuple, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct BytesIo = kinds_io::BYTESIO { pub data: ByteStore, pub pos: usize, pub exports: usize, pub closed: bool }
}
object! {
    /// What `getbuffer` exports: keeps its stream from changing size.
    pub struct BytesIoBuffer = kinds_io::BYTESIO_BUFFER { pub stream: Gc<BytesIo> }
}
pub static BYTES_IO: TypeDef = TypeDef {
    name: "BytesIO", base: Some(&super::base::BUFFERED_IO_BASE), module: "_io", kind: kinds_io::BYTESIO, size: size_of::<BytesIo>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], getset: GETSET, doc: "A binary stream in memory.", ..TypeDef::DEFAULT
};
static BUFFER: TypeDef = TypeDef {
    name: "_BytesIOBuffer", module: "_io", kind: kinds_io::BYTESIO_BUFFER, size: size_of::<BytesIoBuffer>() as u16, flags: type_flag::NO_NEW, doc: "", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a stream.";
    "__init__(self, initial_bytes=b'')" = init, "Set the contents.";
    "read(self, size=-1, /)" = read, "Read up to size bytes.";
    "read1(self, size=-1, /)" = read, "Read up to size bytes.";
    "readline(self, size=-1, /)" = readline, "Read a line.";
    "readlines(self, size=None, /)" = super::base::readlines, "Read a list of lines.";
    "readinto(self, buffer, /)" = readinto, "Read into buffer.";
    "readinto1(self, buffer, /)" = readinto, "Read into buffer.";
    "write(self, b, /)" = write, "Write bytes.";
    "seek(self, pos, whence=0, /)" = seek, "Move to a position.";
    "tell(self, /)" = tell, "Current position.";
    "truncate(self, size=None, /)" = truncate, "Cut to a size.";
    "getvalue(self, /)" = getvalue, "All bytes.";
    #[py3] "getbuffer(self, /)" = getbuffer, "View of all bytes.";
    "close(self, /)" = close, "Close.";
    "flush(self, /)" = flush, "Nothing to do.";
    "readable(self, /)" = yes, "True.";
    "writable(self, /)" = yes, "True.";
    "seekable(self, /)" = yes, "True.";
    "isatty(self, /)" = |th, a| yes(th, a).map(|_| Value::FALSE), "False.";
    "__getstate__(self, /)" = getstate, "State for pickle.";
    "__setstate__(self, state, /)" = setstate, "Restore the state.";
    #[py3] "__next__(self, /)" = next, "The next line.";
    #[py2] "next(self, /)" = next, "The next line.";
    "__del__(self, /)" = |_, _| Ok(Value::NONE), "Nothing to do.";
};
static GETSET: &[GetSetDef] = getset! { "closed" = |th, v| Ok(Value::from_bool(this(v).read(th)?.closed)), "Whether the stream was closed."; };

impl Stored for BytesIo {
    fn storage(&self) -> Option<Gc<Bytes8>> { self.data.storage }
}
fn this(v: Value) -> Gc<BytesIo> { v.cast().expect("checked by the call") }
fn blank() -> BytesIo { BytesIo { header: Header::NEW, data: ByteStore::EMPTY, pos: 0, exports: 0, closed: false } }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &BYTES_IO, a.get(0))?;
    Ok(alloc(th, class, false, blank())?.value())
}
fn open(th: &mut Thread, v: Value) -> R<Gc<BytesIo>> {
    if this(v).read(th)?.closed { Err(th.value_error("I/O operation on closed file.")) } else { Ok(this(v)) }
}
fn resizable(th: &mut Thread, s: Gc<BytesIo>) -> R<()> {
    if s.read(th)?.exports > 0 { Err(th.raise(&BUFFER_ERROR, "Existing exports of data: object cannot be re-sized")) } else { Ok(()) }
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    resizable(th, s)?;
    {
        let mut g = s.write(th)?;
        (g.data.len, g.pos, g.closed) = (0, 0, false);
    }
    if let Some(v) = a.some(1) {
        let b = bytes_arg(th, v)?;
        put(th, s, text::bytes_of(b).unwrap_or(b""))?;
        s.write(th)?.pos = 0;
    }
    Ok(Value::NONE)
}
/// Writes at the position, filling a gap with zeros.
fn put(th: &mut Thread, s: Gc<BytesIo>, b: &[u8]) -> R<()> {
    if b.is_empty() {
        return Ok(());
    }
    loop {
        let mut g = stored::edit(th, s)?;
        let Some(end) = g.pos.checked_add(b.len()) else {
            drop(g);
            return Err(th.overflow_error("new position too large"));
        };
        if end > g.data.len && g.exports > 0 {
            drop(g);
            return resizable(th, s);
        }
        if end <= g.data.capacity() {
            let (pos, len) = (g.pos, g.data.len);
            stored::log(&mut g, pos.min(len), end);
            if end > len {
                g.data.len = end;
                if pos > len {
                    g.data.data_mut()[len..pos].fill(0);
                }
            }
            g.data.data_mut()[pos..end].copy_from_slice(b);
            g.pos = end;
            return Ok(());
        }
        let have = g.data.capacity();
        drop(g);
        let fresh = storage::storage(th, storage::grown(have, end))?;
        let mut g = stored::edit(th, s)?;
        if g.data.len <= fresh.frozen().len {
            g.data.move_to(fresh);
        }
    }
}
/// Bytes `from..to` as an object.
fn part(th: &mut Thread, s: Gc<BytesIo>, want: impl Fn(&BytesIo) -> (usize, usize), moves: bool) -> R<Value> {
    loop {
        let g = s.read(th)?;
        let (from, to) = want(&g);
        drop(g);
        let out = text::alloc_bytes(th, to - from)?;
        let mut g = stored::edit(th, s)?;
        if want(&g) == (from, to) {
            // SAFETY: not yet known to anybody else.
            unsafe { out.frozen().tail_mut() }.copy_from_slice(&g.data.data()[from..to]);
            if moves && to > from {
                g.pos = to;
            }
            return Ok(out.value());
        }
    }
}
fn read(th: &mut Thread, a: Args) -> R<Value> {
    let n = size_arg(th, a.some(1))?.unwrap_or(usize::MAX);
    let s = open(th, a.get(0))?;
    part(th, s, |g| { let from = g.pos.min(g.data.len); (from, from + (g.data.len - from).min(n)) }, true)
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let n = size_arg(th, a.some(1))?.unwrap_or(usize::MAX);
    let s = open(th, a.get(0))?;
    line(th, s, n)
}
fn line(th: &mut Thread, s: Gc<BytesIo>, n: usize) -> R<Value> {
    let want = |g: &BytesIo| {
        let from = g.pos.min(g.data.len);
        let rest = &g.data.data()[from..];
        let rest = &rest[..rest.len().min(n)];
        (from, from + memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1))
    };
    part(th, s, want, true)
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let l = line(th, s, usize::MAX)?;
    if text::len_of(l) == 0 { Err(th.raise_with(&STOP_ITERATION, &[])) } else { Ok(l) }
}
fn readinto(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let view = buffer::acquire(th, a.get(1), true)?;
    let n = view.len;
    let r = part(th, s, |g| { let from = g.pos.min(g.data.len); (from, from + (g.data.len - from).min(n)) }, true).and_then(|b| {
        let data = text::bytes_of(b).unwrap_or(b"");
        view.put(th, 0, data)?;
        Ok(Value::int(data.len() as i64))
    });
    view.release(th)?;
    r
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let b = bytes_arg(th, a.get(1))?;
    let data = text::bytes_of(b).unwrap_or(b"");
    resizable(th, s)?;
    put(th, s, data)?;
    Ok(Value::int(data.len() as i64))
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let i = int::index(th, a.get(1))?;
    let pos = int::arg_i64(th, i)?;
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    let g = s.read(th)?;
    let base = match whence {
        0 => 0,
        1 => g.pos as i64,
        2 => g.data.len as i64,
        w => {
            drop(g);
            return Err(th.value_error(format!("invalid whence ({w}, should be 0, 1 or 2)")));
        }
    };
    drop(g);
    if whence == 0 && pos < 0 {
        return Err(th.value_error(format!("negative seek value {pos}")));
    }
    let Some(to) = base.checked_add(pos) else { return Err(th.overflow_error("new position too large")) };
    stored::edit(th, s)?.pos = to.max(0) as usize;
    support::int(th, to.max(0))
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let p = open(th, a.get(0))?.read(th)?.pos;
    support::int(th, p as i64)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    resizable(th, s)?;
    let n = match a.some(1) {
        Some(v) => int::arg_i64(th, v)?,
        None => s.read(th)?.pos as i64,
    };
    if n < 0 {
        return Err(th.value_error(format!("negative size value {n}")));
    }
    let mut g = stored::edit(th, s)?;
    g.data.len = g.data.len.min(n as usize);
    drop(g);
    support::int(th, n)
}
fn getvalue(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    part(th, s, |g| (0, g.data.len), false)
}
fn getbuffer(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    type_::make_native(th, &BUFFER)?;
    let b = th.alloc(BUFFER.shape(), BytesIoBuffer { header: Header::NEW, stream: s })?;
    memoryview::new(th, b.value())
}
/// Exports the memory of a stream, which keeps its size meanwhile.
pub fn export(th: &mut Thread, v: Value, _writable: bool) -> R<BufferView> {
    let b: Gc<BytesIoBuffer> = v.cast().expect("registered for this kind");
    let s = b.read(th)?.stream;
    let mut g = stored::edit(th, s)?;
    g.exports += 1;
    let (p, n) = (g.data.data_mut().as_mut_ptr(), g.data.len);
    drop(g);
    let mut view = BufferView::flat(p, n, false, v);
    view.guard = s.value();
    Ok(view)
}
pub fn release_export(th: &mut Thread, v: Value) -> R<()> {
    let b: Gc<BytesIoBuffer> = v.cast().expect("registered for this kind");
    let s = b.read(th)?.stream;
    let mut g = stored::edit(th, s)?;
    g.exports = g.exports.saturating_sub(1);
    Ok(())
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    resizable(th, s)?;
    let mut g = s.write(th)?;
    (g.closed, g.data) = (true, ByteStore::EMPTY);
    Ok(Value::NONE)
}
fn flush(th: &mut Thread, a: Args) -> R<Value> { open(th, a.get(0)).map(|_| Value::NONE) }
fn yes(th: &mut Thread, a: Args) -> R<Value> { open(th, a.get(0)).map(|_| Value::TRUE) }
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let all = getvalue(th, a)?;
    let pos = this(a.get(0)).read(th)?.pos;
    let d = if instance::has_dict(a.get(0)) {
        let d = instance::dict_of(th, a.get(0))?;
        dict::copy(th, d)?.value()
    } else {
        Value::NONE
    };
    let pos = int::from_i64(th, pos as i64)?;
    th.new_tuple(&[all, pos, d])
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let Some([all, pos, d]) = tuple::items(a.get(1)) else {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("BytesIO.__setstate__ argument should be 3-tuple, got {got}")));
    };
    init(th, Args::of(&[a.get(0), *all]))?;
    let p = int::arg_i64(th, *pos)?;
    if p < 0 {
        return Err(th.value_error("position value cannot be negative"));
    }
    this(a.get(0)).write(th)?.pos = p as usize;
    if let Some(from) = d.cast::<dict::Dict>() {
        let to = instance::dict_of(th, a.get(0))?;
        dict::update(th, to, from)?;
    }
    Ok(Value::NONE)
}
