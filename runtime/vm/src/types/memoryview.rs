//! `memoryview`: a typed, shaped view of another object's memory; layout, making, exporting.

use super::memoryview_methods;
use super::text::{self, Bytes};
use crate::exceptions::VALUE_ERROR;
use crate::kinds;
use crate::native::buffer::{self, BufferView};
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use std::borrow::Cow;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    pub struct MemoryView = kinds::MEMORYVIEW {
        /// What lent the memory; UNSET once released.
        pub owner: Value,
        /// The object whose access word covers the memory.
        pub guard: Value,
        /// The object that `obj` shows.
        pub obj: Value,
        pub ptr: usize,
        pub len: usize,
        pub itemsize: usize,
        pub readonly: bool,
        /// A text.
        pub format: Value,
        /// Shape, then strides, each an i64, in a byte string.
        pub dims: Gc<Bytes>,
        /// Exports of this view itself.
        pub exports: usize,
        /// Cached hash, 0 until computed.
        pub hash: i64,
    }
}

pub static MEMORYVIEW: TypeDef = TypeDef {
    name: "memoryview", kind: kinds::MEMORYVIEW, size: size_of::<MemoryView>() as u16, flags: type_flag::SEQUENCE | type_flag::WEAK,
    methods: &[memoryview_methods::METHODS], getset: memoryview_methods::GETSET, doc: "A view of another object's memory.", ..TypeDef::DEFAULT
};

/// A view of `v`. TypeError if `v` is not bytes-like.
pub fn new(th: &mut Thread, v: Value) -> R<Value> {
    if let Some(m) = v.cast::<MemoryView>() {
        let whole = view(th, m)?;
        return derived(th, m, whole);
    }
    let view = match buffer::acquire(th, v, false) {
        Ok(view) => view,
        Err(e) => {
            if th.catch(&crate::exceptions::TYPE_ERROR).is_none() {
                return Err(e);
            }
            let got = crate::object::class_name(v);
            return Err(th.type_error(if th.py3() { format!("memoryview: a bytes-like object is required, not '{got}'") } else { "cannot make memory view because object does not have the buffer interface".to_string() }));
        }
    };
    of_view(th, view, v)
}
/// A memoryview object over (a part of) the memory that `m` sees: another export of the same owner, so that `m` can be released.
pub fn derived(th: &mut Thread, m: Gc<MemoryView>, mut part: BufferView) -> R<Value> {
    let obj = m.read(th)?.obj;
    part.owner = buffer::acquire(th, part.owner, false)?.owner;
    of_view(th, part, obj)
}
/// A memoryview object that takes over an export.
pub fn of_view(th: &mut Thread, view: BufferView, obj: Value) -> R<Value> {
    let format = th.new_str(&view.format)?;
    let dims = dims(th, &view.shape, &view.strides)?;
    let init = MemoryView {
        header: Header::NEW, owner: view.owner, guard: view.guard, obj, ptr: view.ptr as usize, len: view.len, itemsize: view.itemsize, readonly: view.readonly,
        format, dims, exports: 0, hash: 0,
    };
    let m = th.alloc(MEMORYVIEW.shape(), init)?.value();
    buffer::track_view(th, view.owner, m, true)?;
    Ok(m)
}
fn dims(th: &mut Thread, shape: &[usize], strides: &[isize]) -> R<Gc<Bytes>> {
    let mut b = Vec::with_capacity(16 * shape.len());
    shape.iter().for_each(|n| b.extend((*n as i64).to_le_bytes()));
    strides.iter().for_each(|n| b.extend((*n as i64).to_le_bytes()));
    Ok(text::new_bytes(th, &b)?.cast().expect("a byte string"))
}

/// What a memoryview object sees. ValueError once it was released.
pub fn view(th: &mut Thread, m: Gc<MemoryView>) -> R<BufferView> {
    let g = m.read(th)?;
    if g.owner.is_unset() {
        drop(g);
        return Err(th.raise(&VALUE_ERROR, "operation forbidden on released memoryview object"));
    }
    let d = g.dims.frozen().data();
    let n = d.len() / 16;
    let word = |i: usize| i64::from_le_bytes(d[i * 8..i * 8 + 8].try_into().expect("8 bytes"));
    Ok(BufferView {
        ptr: g.ptr as *mut u8, len: g.len, readonly: g.readonly, format: Cow::Owned(text::lossy(g.format).into_owned()), itemsize: g.itemsize,
        shape: (0..n).map(|i| word(i) as usize).collect(), strides: (n..2 * n).map(|i| word(i) as isize).collect(), owner: g.owner, guard: g.guard,
    })
}

/// Exporter of the buffer protocol.
pub fn export(th: &mut Thread, v: Value, _writable: bool) -> R<BufferView> {
    let m: Gc<MemoryView> = v.cast().expect("registered for memoryviews");
    let mut out = view(th, m)?;
    m.write(th)?.exports += 1;
    out.owner = v;
    Ok(out)
}
pub fn release_export(th: &mut Thread, v: Value) -> R<()> {
    if let Some(m) = v.cast::<MemoryView>() {
        let mut g = m.write(th)?;
        g.exports = g.exports.saturating_sub(1);
    }
    Ok(())
}
/// Gives the memory back. BufferError while the view itself is exported.
pub fn release(th: &mut Thread, m: Gc<MemoryView>) -> R<()> {
    let mut g = m.write(th)?;
    if g.exports > 0 {
        let n = g.exports;
        drop(g);
        return Err(th.raise(&crate::exceptions::BUFFER_ERROR, format!("memoryview has {n} exported buffer{}", if n == 1 { "" } else { "s" })));
    }
    let owner = g.owner;
    g.owner = Value::UNSET;
    drop(g);
    if owner.is_unset() {
        return Ok(());
    }
    buffer::track_view(th, owner, m.value(), false)?;
    buffer::release(th, owner)
}
