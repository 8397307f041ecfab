//! `BufferedRWPair`: a reader and a writer over two raw streams.

use super::buffered::{self, READER, WRITER};
use crate::kinds_io;
use crate::support::{self, alloc};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::int;
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct RwPair = kinds_io::RWPAIR { reader: Value, writer: Value }
}
pub static RW_PAIR: TypeDef = TypeDef {
    name: "BufferedRWPair", base: Some(&super::base::BUFFERED_IO_BASE), module: "_io", kind: kinds_io::RWPAIR, size: size_of::<RwPair>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], getset: GETSET, doc: "A reader and a writer.", ..TypeDef::DEFAULT
};
enum Which {
    Reader,
    Writer,
}
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a pair.";
    "__init__(self, reader, writer, buffer_size=8192, /)" = init, "Set the raw streams.";
    "read(self, size=-1, /)" = |th, a| to(th, a, Which::Reader, "read"), "Read.";
    "read1(self, size=-1, /)" = |th, a| to(th, a, Which::Reader, "read1"), "Read with one call.";
    "peek(self, size=0, /)" = |th, a| to(th, a, Which::Reader, "peek"), "Look ahead.";
    "readinto(self, buffer, /)" = |th, a| to(th, a, Which::Reader, "readinto"), "Read into buffer.";
    "readinto1(self, buffer, /)" = |th, a| to(th, a, Which::Reader, "readinto1"), "Read into buffer with one call.";
    "readable(self, /)" = |th, a| to(th, a, Which::Reader, "readable"), "Whether the reader can read.";
    "write(self, buffer, /)" = |th, a| to(th, a, Which::Writer, "write"), "Write.";
    "flush(self, /)" = |th, a| to(th, a, Which::Writer, "flush"), "Flush the writer.";
    "writable(self, /)" = |th, a| to(th, a, Which::Writer, "writable"), "Whether the writer can write.";
    "close(self, /)" = close, "Close both.";
    "isatty(self, /)" = isatty, "Whether one is a terminal.";
};
static GETSET: &[GetSetDef] = getset! { "closed" = closed, "Whether the writer was closed."; };
fn this(v: Value) -> Gc<RwPair> { v.cast().expect("checked by the call") }
fn to(th: &mut Thread, a: Args, which: Which, name: &str) -> R<Value> {
    let g = this(a.get(0)).read(th)?;
    let v = match which {
        Which::Reader => g.reader,
        Which::Writer => g.writer,
    };
    drop(g);
    if v.is_unset() {
        return Err(th.value_error("I/O operation on uninitialized object"));
    }
    match a.opt(1) {
        Some(x) => th.call_method(v, name, &[x]),
        None => th.call_method(v, name, &[]),
    }
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &RW_PAIR, a.get(0))?;
    Ok(alloc(th, class, false, RwPair { header: Header::NEW, reader: Value::UNSET, writer: Value::UNSET })?.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let size = match a.opt(3) {
        Some(s) => int::arg_i64(th, s)?,
        None => super::DEFAULT_BUFFER_SIZE as i64,
    };
    buffered::ask(th, a.get(1), "readable", "File or stream is not readable.")?;
    buffered::ask(th, a.get(2), "writable", "File or stream is not writable.")?;
    if size <= 0 {
        return Err(th.value_error("buffer size must be strictly positive"));
    }
    let r = buffered::make(th, &READER, a.get(1), size as usize)?;
    let w = buffered::make(th, &WRITER, a.get(2), size as usize)?;
    let mut g = this(a.get(0)).write(th)?;
    (g.reader, g.writer) = (r, w);
    Ok(Value::NONE)
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a.get(0)).read(th)?;
    let (r, w) = (g.reader, g.writer);
    drop(g);
    if w.is_unset() {
        return Ok(Value::NONE);
    }
    let first = th.call_method(w, "close", &[]);
    let exc = match first {
        Ok(_) => None,
        Err(e) => match th.catch_any() {
            Some(x) => Some(x),
            None => return Err(e),
        },
    };
    th.call_method(r, "close", &[])?;
    match exc {
        Some(x) => Err(th.reraise(x)),
        None => Ok(Value::NONE),
    }
}
fn isatty(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a.get(0)).read(th)?;
    let (r, w) = (g.reader, g.writer);
    drop(g);
    let x = th.call_method(w, "isatty", &[])?;
    if object::is_true(th, x)? { Ok(x) } else { th.call_method(r, "isatty", &[]) }
}
fn closed(th: &mut Thread, v: Value) -> R<Value> {
    let w = this(v).read(th)?.writer;
    txpy_vm::object::attr::get_str(th, w, "closed")
}
