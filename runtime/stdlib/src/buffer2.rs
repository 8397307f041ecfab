//! `buffer` of Python 2.7: a part of another object's bytes, looked up anew at each use.

use crate::kinds_io;
use txpy_heap::{Header, object};
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::native::{TypeDef, type_flag};
use txpy_vm::object::{self, compare::Cmp};
use txpy_vm::types::{int, text, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

object! {
    pub struct Buffer2 = kinds_io::BUFFER2 { base: Value, offset: usize, size: i64 }
}
pub static BUFFER: TypeDef = TypeDef {
    name: "buffer", kind: kinds_io::BUFFER2, size: size_of::<Buffer2>() as u16, flags: type_flag::PY2, methods: &[METHODS],
    doc: "A part of another object's bytes.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, object, offset=0, size=-1, /)" = new_, "Create a buffer.";
    "__len__(self, /)" = |th, a| { let b = bytes(th, a.get(0))?; Ok(Value::int(text::len_of(b) as i64)) }, "len(self)";
    "__getitem__(self, index, /)" = |th, a| { let b = bytes(th, a.get(0))?; object::item::get(th, b, a.get(1)) }, "self[index]";
    "__str__(self, /)" = |th, a| bytes(th, a.get(0)), "str(self)";
    "__repr__(self, /)" = repr, "repr(self)";
    "__hash__(self, /)" = |th, a| { let b = bytes(th, a.get(0))?; let h = object::hash(th, b)?; int::from_i64(th, h) }, "hash(self)";
    "__add__(self, other, /)" = |th, a| { let (x, y) = (bytes(th, a.get(0))?, other(th, a.get(1))?); text::concat(th, x, y) }, "self + other";
    "__mul__(self, n, /)" = |th, a| { let n = int::arg_i64(th, a.get(1))?.max(0) as usize; let b = bytes(th, a.get(0))?; text::repeat(th, b, n) }, "self * n";
    "__eq__(self, other, /)" = |th, a| compare(th, a, Cmp::Eq), "self == other";
    "__ne__(self, other, /)" = |th, a| compare(th, a, Cmp::Ne), "self != other";
    "__lt__(self, other, /)" = |th, a| compare(th, a, Cmp::Lt), "self < other";
    "__le__(self, other, /)" = |th, a| compare(th, a, Cmp::Le), "self <= other";
    "__gt__(self, other, /)" = |th, a| compare(th, a, Cmp::Gt), "self > other";
    "__ge__(self, other, /)" = |th, a| compare(th, a, Cmp::Ge), "self >= other";
};
/// Registers the buffer protocol.
pub fn register() {
    buffer::register_buffer(kinds_io::BUFFER2, export);
    buffer::register_release(kinds_io::BUFFER2, release);
}
fn this(v: Value) -> Gc<Buffer2> { v.cast().expect("checked by the call") }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let offset = match a.opt(2) {
        Some(o) => int::arg_i64(th, o)?,
        None => 0,
    };
    let size = match a.opt(3) {
        Some(s) => int::arg_i64(th, s)?,
        None => -1,
    };
    if offset < 0 {
        return Err(th.value_error("offset must be zero or positive"));
    }
    if size < -1 {
        return Err(th.value_error("size must be zero or positive"));
    }
    let base = if text::is_text(a.get(1)) { th.new_bytes(text::bytes_of(a.get(1)).unwrap_or(b""))? } else { a.get(1) };
    if !buffer::is_bytes_like(th, base) {
        return Err(th.type_error("buffer object expected"));
    }
    type_::make_native(th, &BUFFER)?;
    Ok(th.alloc(BUFFER.shape(), Buffer2 { header: Header::NEW, base, offset: offset as usize, size })?.value())
}
fn parts(th: &mut Thread, v: Value) -> R<(Value, usize, Option<usize>)> {
    let g = this(v).read(th)?;
    Ok((g.base, g.offset, usize::try_from(g.size).ok()))
}
/// The bytes as a string of their own.
fn bytes(th: &mut Thread, v: Value) -> R<Value> {
    let (base, offset, size) = parts(th, v)?;
    let all = buffer::snapshot(th, base)?;
    let b = text::bytes_of(all).unwrap_or(b"");
    let from = offset.min(b.len());
    let to = from + size.unwrap_or(usize::MAX).min(b.len() - from);
    if from == 0 && to == b.len() { Ok(all) } else { th.new_bytes(&b[from..to]) }
}
fn other(th: &mut Thread, v: Value) -> R<Value> { if v.is::<Buffer2>() { bytes(th, v) } else { buffer::snapshot(th, v) } }
fn compare(th: &mut Thread, a: Args, op: Cmp) -> R<Value> {
    if !a.get(1).is::<Buffer2>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (bytes(th, a.get(0))?, bytes(th, a.get(1))?);
    Ok(Value::from_bool(op.holds(text::bytes_of(x).cmp(&text::bytes_of(y)))))
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let (base, offset, size) = parts(th, a.get(0))?;
    let size = size.map_or("-1".to_string(), |s| s.to_string());
    let s = format!("<read-only buffer for 0x{:x}, size {size}, offset {offset} at 0x{:x}>", crate::api::address(base), crate::api::address(a.get(0)));
    th.native_str(&s)
}
fn export(th: &mut Thread, v: Value, _writable: bool) -> R<BufferView> {
    let (base, offset, size) = parts(th, v)?;
    let inner = buffer::acquire(th, base, false)?;
    let from = offset.min(inner.len);
    let len = size.unwrap_or(usize::MAX).min(inner.len - from);
    // SAFETY: inside the exported memory.
    let mut view = BufferView::flat(unsafe { inner.ptr.add(from) }, len, true, v);
    view.guard = inner.guard;
    Ok(view)
}
fn release(th: &mut Thread, v: Value) -> R<()> {
    let (base, ..) = parts(th, v)?;
    buffer::release(th, base)
}
