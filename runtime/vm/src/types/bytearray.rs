//! `bytearray`: layout and the operations on its storage.

use super::{bytearray_methods, bytes_methods, list, str_case, str_find, str_split, text};
use crate::exceptions::BUFFER_ERROR;
use crate::kinds;
use crate::native::buffer::BufferView;
use crate::native::stored::{self, Stored};
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Bytes8, Gc, Header, R, Value, Weak, object};

object! {
    /// A growable sequence of bytes. The storage has room for `storage.len` bytes, the first `len` are in use.
    pub struct ByteArray = kinds::BYTEARRAY {
        pub len: usize,
        /// Live exports; while there are any the size is fixed.
        pub exports: usize,
        pub storage: Option<Gc<Bytes8>>,
        /// Weak references to memoryviews that have an export, in a list, or UNSET: a view may die without giving its export back.
        pub views: Value,
    }
}

pub static BYTEARRAY: TypeDef = TypeDef {
    name: "bytearray", kind: kinds::BYTEARRAY, size: size_of::<ByteArray>() as u16, flags: type_flag::BASE | type_flag::MATCH_SELF,
    methods: &[str_find::METHODS, str_split::METHODS, str_case::METHODS, bytes_methods::METHODS, bytearray_methods::METHODS], doc: "A mutable sequence of bytes.", ..TypeDef::DEFAULT
};

impl ByteArray {
    pub const EMPTY: ByteArray = ByteArray { header: Header::NEW, len: 0, exports: 0, storage: None, views: Value::UNSET };
    pub fn data(&self) -> &[u8] {
        match self.storage {
            // SAFETY: storage belongs to its bytearray; whoever has `&ByteArray` holds it for reading.
            Some(s) => unsafe { &(&*s.as_ptr()).bytes()[..self.len] },
            None => &[],
        }
    }
    pub fn data_mut(&mut self) -> &mut [u8] {
        match self.storage {
            // SAFETY: whoever has `&mut ByteArray` holds it for writing.
            Some(s) => unsafe { &mut (&*s.as_ptr()).tail_mut()[..self.len] },
            None => &mut [],
        }
    }
    fn capacity(&self) -> usize { self.storage.map_or(0, |s| s.frozen().len) }
}

pub fn new(th: &mut Thread, b: &[u8]) -> R<Value> {
    let storage = if b.is_empty() { None } else { Some(th.alloc_tail_with::<Bytes8, u8>(0, Bytes8 { header: Header::NEW, len: b.len() }, b)?) };
    Ok(th.alloc(BYTEARRAY.shape(), ByteArray { len: b.len(), storage, ..ByteArray::EMPTY })?.value())
}

/// A copy of the contents as a byte string.
pub fn snapshot(th: &mut Thread, a: Gc<ByteArray>) -> R<Value> {
    loop {
        let n = a.read(th)?.len;
        let out = text::alloc_bytes(th, n)?;
        let g = a.read(th)?;
        if g.len == n {
            // SAFETY: not yet known to anybody else.
            unsafe { out.frozen().tail_mut() }.copy_from_slice(g.data());
            return Ok(out.value());
        }
    }
}

/// Replaces `from..to` (clamped to the length) by `with`, which must not be this object's own storage.
/// Errors: BufferError when the size changes under an export, MemoryError.
pub fn splice(th: &mut Thread, a: Gc<ByteArray>, from: usize, to: usize, with: &[u8]) -> R<()> {
    loop {
        let mut g = stored::edit(th, a)?;
        let from = from.min(g.len);
        let to = to.clamp(from, g.len);
        let (n, old) = (g.len, g.storage);
        let new_len = n - (to - from) + with.len();
        if new_len != n && g.exports != 0 {
            drop(g);
            if settle(th, a)? {
                continue;
            }
            return Err(th.raise(&BUFFER_ERROR, "Existing exports of data: object cannot be re-sized"));
        }
        if new_len <= g.capacity() {
            if new_len > n {
                g.len = new_len;
            }
            // What stands behind moves when the length changes.
            stored::log(&mut g, from, if new_len == n { to } else { n.max(new_len) });
            let d = g.data_mut();
            d.copy_within(to..n, from + with.len());
            d[from..from + with.len()].copy_from_slice(with);
            g.len = new_len;
            return Ok(());
        }
        drop(g);
        let cap = new_len + (new_len >> 3) + 8;
        let fresh = th.alloc_tail::<Bytes8>(0, Bytes8 { header: Header::NEW, len: cap }, cap)?;
        let mut g = stored::edit(th, a)?;
        if g.len == n && g.storage == old && g.exports == 0 {
            // SAFETY: the fresh storage is known to nobody else.
            let to = unsafe { fresh.frozen().tail_mut() };
            to[..n].copy_from_slice(g.data());
            g.storage = Some(fresh);
        }
    }
}

/// What counts its exports and knows the memoryviews among them.
pub trait Lender: Stored {
    /// The number of live exports, and the list of weak references to views (UNSET before the first).
    fn lent(&mut self) -> (&mut usize, &mut Value);
}
impl Stored for ByteArray {
    fn storage(&self) -> Option<Gc<Bytes8>> { self.storage }
}
impl Lender for ByteArray {
    fn lent(&mut self) -> (&mut usize, &mut Value) { (&mut self.exports, &mut self.views) }
}
/// Notes a memoryview that holds an export, or forgets one that gave it back.
pub fn track_view<T: Lender>(th: &mut Thread, owner: Value, view: Value, held: bool) -> R<()> {
    let Some(a) = owner.cast::<T>() else { return Ok(()) };
    if held { note_view(th, a, view) } else { filter_views(th, a, &|w| w.get() != Some(view)).map(|_| ()) }
}
fn note_view<T: Lender>(th: &mut Thread, a: Gc<T>, view: Value) -> R<()> {
    let w = th.new_weak(0, view, Value::NONE)?;
    let fresh = list::with_capacity(th, 1)?;
    let mut g = stored::edit(th, a)?;
    let views = g.lent().1;
    if views.is_unset() {
        *views = fresh.value();
    }
    let l = *views;
    list::append(th, l.cast().expect("a list"), w.value())
}
/// Overwrites the native stack that the calls to come will use: what earlier calls left there would count as roots.
#[inline(never)]
fn scrub() {
    let mut words = [0u64; 4096];
    std::hint::black_box(&mut words);
}
/// Before the interpreter deletes a part of a bytearray: temporary views of its memory shall not be found in the frames of what deletes.
#[inline(never)]
pub fn before_delete(th: &mut Thread, v: Value) -> R<()> {
    let Some(a) = v.cast::<ByteArray>() else { return Ok(()) };
    if a.read(th)?.exports > 0 {
        scrub();
    }
    Ok(())
}
/// Takes back the exports of memoryviews that died without being released; they are found by a full collection. Whether none is left.
pub fn settle<T: Lender>(th: &mut Thread, a: Gc<T>) -> R<bool> {
    if stored::edit(th, a)?.lent().1.is_unset() {
        return Ok(false);
    }
    if let Some(f) = crate::interp::frame::Frame::innermost(th) {
        f.forget_temporaries();
    }
    scrub();
    th.collect(true)?;
    let dead = filter_views(th, a, &|w| w.get().is_some())?;
    let mut g = stored::edit(th, a)?;
    let exports = g.lent().0;
    *exports = exports.saturating_sub(dead);
    Ok(*exports == 0)
}
/// Keeps the noted views for which `keep` holds; the number of the others, each of them counted by one caller only.
fn filter_views<T: Lender>(th: &mut Thread, a: Gc<T>, keep: &dyn Fn(Gc<Weak>) -> bool) -> R<usize> {
    loop {
        let views = *stored::edit(th, a)?.lent().1;
        let Some(l) = views.cast::<list::List>() else { return Ok(0) };
        let items = list::snapshot(th, l)?;
        let kept = list::with_capacity(th, 0)?;
        let mut gone = 0;
        for w in items.frozen().items() {
            if w.cast::<Weak>().is_some_and(keep) { list::append(th, kept, *w)? } else { gone += 1 }
        }
        let n = list::len(th, l)?;
        let mut g = stored::edit(th, a)?;
        let now = g.lent().1;
        if *now == views && n == items.frozen().len {
            *now = kept.value();
            return Ok(gone);
        }
    }
}
pub fn extend(th: &mut Thread, a: Gc<ByteArray>, b: &[u8]) -> R<()> { splice(th, a, usize::MAX, usize::MAX, b) }
pub fn clear(th: &mut Thread, a: Gc<ByteArray>) -> R<()> { splice(th, a, 0, usize::MAX, &[]) }

/// Exporter of the buffer protocol: pins the size.
pub fn export(th: &mut Thread, v: Value, _writable: bool) -> R<BufferView> {
    let a: Gc<ByteArray> = v.cast().expect("registered for bytearrays");
    let mut g = stored::edit(th, a)?;
    g.exports += 1;
    let d = g.data_mut();
    Ok(BufferView::flat(d.as_mut_ptr(), d.len(), false, v))
}
pub fn release(th: &mut Thread, v: Value) -> R<()> {
    if let Some(a) = v.cast::<ByteArray>() {
        let mut g = stored::edit(th, a)?;
        g.exports = g.exports.saturating_sub(1);
    }
    Ok(())
}
