//! `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`: what all streams have, in terms of their methods.

use super::{closed_error, unsupported};
use crate::kinds_io;
use crate::support::alloc;
use txpy_heap::{Header, object};
use txpy_vm::exceptions::STOP_ITERATION;
use txpy_vm::native::{GetSetDef, TypeDef, buffer, type_flag};
use txpy_vm::object::{self, attr};
use txpy_vm::types::type_::{self, Type};
use txpy_vm::types::{bytearray, dunder::D, int, list, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    /// A stream whose class is written in Python.
    pub struct IoBase = kinds_io::IOBASE { pub closed: bool }
}

const FLAGS: u32 = type_flag::BASE | type_flag::DICT | type_flag::WEAK;
pub static IO_BASE: TypeDef = TypeDef {
    name: "_IOBase", module: "_io", kind: kinds_io::IOBASE, size: size_of::<IoBase>() as u16, flags: FLAGS, methods: &[METHODS], getset: GETSET,
    doc: "Base of all streams.", ..TypeDef::DEFAULT
};
pub static RAW_IO_BASE: TypeDef = TypeDef {
    name: "_RawIOBase", base: Some(&IO_BASE), module: "_io", kind: kinds_io::IOBASE, size: size_of::<IoBase>() as u16, flags: FLAGS, methods: &[RAW],
    doc: "Base of raw binary streams.", ..TypeDef::DEFAULT
};
pub static BUFFERED_IO_BASE: TypeDef = TypeDef {
    name: "_BufferedIOBase", base: Some(&IO_BASE), module: "_io", kind: kinds_io::IOBASE, size: size_of::<IoBase>() as u16, flags: FLAGS, methods: &[BUFFERED],
    doc: "Base of buffered binary streams.", ..TypeDef::DEFAULT
};
pub static TEXT_IO_BASE: TypeDef = TypeDef {
    name: "_TextIOBase", base: Some(&IO_BASE), module: "_io", kind: kinds_io::IOBASE, size: size_of::<IoBase>() as u16, flags: FLAGS, methods: &[TEXT],
    getset: TEXT_GETSET, doc: "Base of text streams.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a stream.";
    "__init__(self, *args, **kwargs)" = init, "Initialize self.";
    "seek(self, offset, whence=0, /)" = seek, "Change the stream position.";
    "tell(self, /)" = tell, "Return the stream position.";
    "truncate(self, size=None, /)" = truncate, "Set the size.";
    "flush(self, /)" = flush, "Write buffered data.";
    "close(self, /)" = close, "Flush and close.";
    "seekable(self, /)" = no, "Whether seek works.";
    "readable(self, /)" = no, "Whether the stream was opened for reading.";
    "writable(self, /)" = no, "Whether the stream was opened for writing.";
    "fileno(self, /)" = fileno, "Return the file descriptor.";
    "isatty(self, /)" = isatty, "Whether this is a terminal.";
    "_checkClosed(self, msg=None, /)" = check_closed, "Fail when closed.";
    "_checkSeekable(self, /)" = check_seekable, "Fail when not seekable.";
    "_checkReadable(self, /)" = check_readable, "Fail when not readable.";
    "_checkWritable(self, /)" = check_writable, "Fail when not writable.";
    "__enter__(self, /)" = enter, "Return self.";
    "__exit__(self, /, *args)" = exit, "Close.";
    "__iter__(self, /)" = iter, "Return self.";
    #[py3] "__next__(self, /)" = next, "Return the next line.";
    #[py2] "next(self, /)" = next, "Return the next line.";
    "readline(self, size=-1, /)" = readline, "Read a line.";
    "readlines(self, hint=-1, /)" = readlines, "Read a list of lines.";
    "writelines(self, lines, /)" = writelines, "Write a list of lines.";
    "__del__(self, /)" = del, "Close.";
};
static GETSET: &[GetSetDef] = getset! { "closed" = get_closed, "Whether the stream was closed."; };
static RAW: &[NativeDef] = natives! {
    "read(self, size=-1, /)" = raw_read, "Read up to size bytes.";
    "readall(self, /)" = raw_readall, "Read until the end.";
};
static BUFFERED: &[NativeDef] = natives! {
    "detach(self, /)" = |th, _| Err(unsupported(th, "detach")), "Disconnect the raw stream.";
    "read(self, size=-1, /)" = |th, _| Err(unsupported(th, "read")), "Read up to size bytes.";
    "read1(self, size=-1, /)" = |th, _| Err(unsupported(th, "read1")), "Read up to size bytes with one call of the system.";
    "readinto(self, buffer, /)" = |th, a| readinto_by(th, a, "read"), "Read into buffer.";
    "readinto1(self, buffer, /)" = |th, a| readinto_by(th, a, "read1"), "Read into buffer with one call of the system.";
    "write(self, b, /)" = |th, _| Err(unsupported(th, "write")), "Write bytes.";
};
static TEXT: &[NativeDef] = natives! {
    "detach(self, /)" = |th, _| Err(unsupported(th, "detach")), "Disconnect the buffer.";
    "read(self, size=-1, /)" = |th, _| Err(unsupported(th, "read")), "Read up to size characters.";
    "readline(self, size=-1, /)" = |th, _| Err(unsupported(th, "readline")), "Read a line.";
    "write(self, s, /)" = |th, _| Err(unsupported(th, "write")), "Write text.";
};
static TEXT_GETSET: &[GetSetDef] = getset! {
    "encoding" = none, "Encoding.";
    "newlines" = none, "Line endings seen so far.";
    "errors" = none, "Error handling.";
};

fn none(_: &mut Thread, _: Value) -> R<Value> { Ok(Value::NONE) }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class: Gc<Type> = a.get(0).cast().ok_or(()).or_else(|_| Err(th.type_error("object.__new__(X): X is not a type object")))?;
    // As object.__new__: arguments are for an __init__ of a subclass.
    if th.py3() && a.len() > 1 && class.frozen().dunder(D::init) == IO_BASE.ty().frozen().dunder(D::init) {
        let name = type_::name_text(class).into_owned();
        return Err(th.type_error(format!("{name}() takes no arguments")));
    }
    Ok(alloc(th, class, false, IoBase { header: Header::NEW, closed: false })?.value())
}
fn init(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn seek(th: &mut Thread, _: Args) -> R<Value> { Err(unsupported(th, "seek")) }
fn truncate(th: &mut Thread, _: Args) -> R<Value> { Err(unsupported(th, "truncate")) }
fn fileno(th: &mut Thread, _: Args) -> R<Value> { Err(unsupported(th, "fileno")) }
fn tell(th: &mut Thread, a: Args) -> R<Value> { th.call_method(a.get(0), "seek", &[Value::int(0), Value::int(1)]) }
fn no(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::FALSE) }

/// `stream.closed` as truth.
pub fn is_closed(th: &mut Thread, v: Value) -> R<bool> {
    let c = attr::get_str(th, v, "closed")?;
    object::is_true(th, c)
}
pub fn ensure_open(th: &mut Thread, v: Value) -> R<()> { if is_closed(th, v)? { Err(closed_error(th)) } else { Ok(()) } }

fn flush(th: &mut Thread, a: Args) -> R<Value> {
    ensure_open(th, a.get(0))?;
    Ok(Value::NONE)
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if let Some(b) = v.cast::<IoBase>() {
        if b.read(th)?.closed {
            return Ok(Value::NONE);
        }
        let r = th.call_method(v, "flush", &[]);
        b.write(th)?.closed = true;
        return r.map(|_| Value::NONE);
    }
    th.call_method(v, "flush", &[])?;
    Ok(Value::NONE)
}
fn get_closed(th: &mut Thread, v: Value) -> R<Value> {
    match v.cast::<IoBase>() {
        Some(b) => Ok(Value::from_bool(b.read(th)?.closed)),
        None => Ok(Value::FALSE),
    }
}
fn isatty(th: &mut Thread, a: Args) -> R<Value> {
    ensure_open(th, a.get(0))?;
    Ok(Value::FALSE)
}
fn check_closed(th: &mut Thread, a: Args) -> R<Value> {
    if is_closed(th, a.get(0))? {
        return Err(match a.some(1) {
            Some(m) => {
                let m = object::str_text(th, m)?;
                th.value_error(m)
            }
            None => closed_error(th),
        });
    }
    Ok(Value::NONE)
}
fn check(th: &mut Thread, v: Value, method: &str, msg: &str) -> R<Value> {
    let r = th.call_method(v, method, &[])?;
    if r == Value::TRUE { Ok(r) } else { Err(unsupported(th, msg)) }
}
fn check_seekable(th: &mut Thread, a: Args) -> R<Value> { check(th, a.get(0), "seekable", "File or stream is not seekable.") }
fn check_readable(th: &mut Thread, a: Args) -> R<Value> { check(th, a.get(0), "readable", "File or stream is not readable.") }
fn check_writable(th: &mut Thread, a: Args) -> R<Value> { check(th, a.get(0), "writable", "File or stream is not writable.") }
fn enter(th: &mut Thread, a: Args) -> R<Value> {
    ensure_open(th, a.get(0))?;
    Ok(a.get(0))
}
fn exit(th: &mut Thread, a: Args) -> R<Value> {
    th.call_method(a.get(0), "close", &[])?;
    Ok(Value::NONE)
}
fn iter(th: &mut Thread, a: Args) -> R<Value> {
    ensure_open(th, a.get(0))?;
    Ok(a.get(0))
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let line = th.call_method(a.get(0), "readline", &[])?;
    if object::item::len(th, line)? == 0 {
        return Err(th.raise_with(&STOP_ITERATION, &[]));
    }
    Ok(line)
}

/// An optional size argument: None and negative numbers are no limit.
pub fn size_arg(th: &mut Thread, v: Option<Value>) -> R<Option<usize>> {
    match v {
        None => Ok(None),
        Some(v) => {
            let Some(i) = int::index_opt(th, v)? else {
                let got = object::class_name(v);
                return Err(th.type_error(format!("argument should be integer or None, not '{got}'")));
            };
            Ok(usize::try_from(int::arg_i64(th, i)?).ok())
        }
    }
}

fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let limit = size_arg(th, a.some(1))?;
    let peek = attr::get_str_opt(th, v, "peek")?;
    let out = bytearray::new(th, b"")?;
    let line: Gc<bytearray::ByteArray> = out.cast().expect("a bytearray");
    loop {
        let have = line.read(th)?.len;
        if limit.is_some_and(|l| have >= l) {
            break;
        }
        let mut want = 1;
        if let Some(p) = peek {
            let ahead = th.call(p, &[Value::int(1)])?;
            let n = buffer::bytes_like(th, ahead, |b| b.iter().position(|c| *c == b'\n').map_or(b.len(), |i| i + 1))?;
            want = n.max(1).min(limit.map_or(usize::MAX, |l| l - have));
        }
        let b = th.call_method(v, "read", &[Value::int(want as i64)])?;
        let Some(data) = text::bytes_of(b).filter(|_| text::is_bytes(b)) else {
            let got = object::class_name(b);
            return Err(th.raise(&txpy_vm::exceptions::OS_ERROR, format!("read() should have returned a bytes object, not '{got}'")));
        };
        if data.is_empty() {
            break;
        }
        bytearray::extend(th, line, data)?;
        if data.last() == Some(&b'\n') {
            break;
        }
    }
    bytearray::snapshot(th, line)
}
/// `readlines` of any stream in terms of iteration.
pub fn readlines(th: &mut Thread, a: Args) -> R<Value> {
    let hint = size_arg(th, a.some(1))?.filter(|h| *h > 0);
    let out = list::with_capacity(th, 0)?;
    let it = object::iter::iter(th, a.get(0))?;
    let mut total = 0;
    while let Some(line) = object::iter::next(th, it)? {
        th.poll()?;
        list::append(th, out, line)?;
        total += object::item::len(th, line)?;
        if hint.is_some_and(|h| total >= h) {
            break;
        }
    }
    Ok(out.value())
}
fn writelines(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    ensure_open(th, v)?;
    let write = attr::get_str(th, v, "write")?;
    object::iter::for_each(th, a.get(1), |th, x| th.call(write, &[x]).map(|_| ()))?;
    Ok(Value::NONE)
}
fn del(th: &mut Thread, a: Args) -> R<Value> {
    let r = is_closed(th, a.get(0)).and_then(|c| if c { Ok(Value::NONE) } else { th.call_method(a.get(0), "close", &[]) });
    if r.is_err() && th.catch_any().is_none() {
        return r;
    }
    Ok(Value::NONE)
}

fn raw_read(th: &mut Thread, a: Args) -> R<Value> {
    let Some(n) = size_arg(th, a.some(1))? else { return th.call_method(a.get(0), "readall", &[]) };
    let zero = text::alloc_bytes(th, n)?;
    let b = bytearray::new(th, zero.frozen().data())?;
    let got = th.call_method(a.get(0), "readinto", &[b])?;
    if got.is_none() {
        return Ok(got);
    }
    let got = int::arg_i64(th, got)?;
    let all = bytearray::snapshot(th, b.cast().expect("a bytearray"))?;
    let data = text::bytes_of(all).unwrap_or(&[]);
    match usize::try_from(got).ok().filter(|g| *g <= data.len()) {
        Some(g) => th.new_bytes(&data[..g]),
        None => Err(th.value_error(format!("readinto returned {got} outside buffer size {n}"))),
    }
}
fn raw_readall(th: &mut Thread, a: Args) -> R<Value> {
    let out = bytearray::new(th, b"")?;
    let all: Gc<bytearray::ByteArray> = out.cast().expect("a bytearray");
    loop {
        let b = th.call_method(a.get(0), "read", &[Value::int(super::DEFAULT_BUFFER_SIZE as i64)])?;
        if b.is_none() {
            if all.read(th)?.len == 0 {
                return Ok(b);
            }
            break;
        }
        let Some(data) = text::bytes_of(b).filter(|_| text::is_bytes(b)) else { return Err(th.type_error("read() should return bytes")) };
        if data.is_empty() {
            break;
        }
        bytearray::extend(th, all, data)?;
    }
    bytearray::snapshot(th, all)
}
fn readinto_by(th: &mut Thread, a: Args, method: &str) -> R<Value> {
    let view = buffer::acquire(th, a.get(1), true)?;
    let n = view.len;
    let r = (|| {
        let b = th.call_method(a.get(0), method, &[Value::int(n as i64)])?;
        let Some(data) = text::bytes_of(b).filter(|_| text::is_bytes(b)) else {
            let got = object::class_name(b);
            return Err(th.type_error(format!("{method}() should return bytes, not '{got}'")));
        };
        if data.len() > n {
            let got = data.len();
            return Err(th.value_error(format!("{method}() returned too much data: {n} bytes requested, {got} returned")));
        }
        view.put(th, 0, data)?;
        Ok(Value::int(data.len() as i64))
    })();
    view.release(th)?;
    r
}
