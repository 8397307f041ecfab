//! The buffer protocol: how objects lend their memory to memoryviews and to natives that take any bytes-like argument.
//!
//! A kind registers how its objects are exported. An exported object must not move or free its memory until the release hook ran;
//! one that can be resized counts exports. Memory of mutable objects is covered by the access word of [`BufferView::guard`]: whoever
//! touches the memory passes that object's barrier after each safepoint.

use super::stored;
use crate::exceptions::{BUFFER_ERROR, VALUE_ERROR};
use crate::kinds;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::{bytearray, memoryview, text};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use txpy_heap::{R, Unwind, Value};

/// Memory lent by `owner`.
#[derive(Clone)]
pub struct BufferView {
    /// The item with all indices 0.
    pub ptr: *mut u8,
    /// Bytes of all items together.
    pub len: usize,
    pub readonly: bool,
    /// `struct` notation of an item.
    pub format: Cow<'static, str>,
    pub itemsize: usize,
    pub shape: Vec<usize>,
    /// In bytes.
    pub strides: Vec<isize>,
    /// Keeps the memory alive; its kind's release hook is called.
    pub owner: Value,
    /// The object whose access word covers the memory (often the owner).
    pub guard: Value,
}

/// Exports an object: (thread, object, whether the memory will be written).
pub type Export = fn(&mut Thread, Value, bool) -> R<BufferView>;
/// Ends one export of an object.
pub type Release = fn(&mut Thread, Value) -> R<()>;

/// Notes a memoryview (third) that holds an export of an object (second), or forgets it (false).
pub type Track = fn(&mut Thread, Value, Value, bool) -> R<()>;

static EXPORTS: [AtomicUsize; 2048] = [const { AtomicUsize::new(0) }; 2048];
static RELEASES: [AtomicUsize; 2048] = [const { AtomicUsize::new(0) }; 2048];
static TRACKS: [AtomicUsize; 2048] = [const { AtomicUsize::new(0) }; 2048];

/// Declares that objects of `kind` can be exported.
pub fn register_buffer(kind: u16, export: Export) { EXPORTS[kind as usize].store(export as usize, Relaxed) }
/// Declares what ends an export of an object of `kind`.
pub fn register_release(kind: u16, release: Release) { RELEASES[kind as usize].store(release as usize, Relaxed) }
/// Declares that objects of `kind` want to know of the memoryviews over them, to find those that died unreleased.
pub fn register_track(kind: u16, track: Track) { TRACKS[kind as usize].store(track as usize, Relaxed) }
/// Tells the owner of an export that a memoryview holds it, or no longer does.
pub fn track_view(th: &mut Thread, owner: Value, view: Value, held: bool) -> R<()> {
    let p = owner.kind().map_or(0, |k| TRACKS[k as usize & 2047].load(Relaxed));
    // SAFETY: only function pointers of this type are stored.
    if p == 0 { Ok(()) } else { unsafe { std::mem::transmute::<usize, Track>(p)(th, owner, view, held) } }
}
fn exporter(v: Value) -> Option<Export> {
    let p = EXPORTS[v.kind()? as usize & 2047].load(Relaxed);
    // SAFETY: only function pointers of this type are stored.
    if p == 0 { None } else { Some(unsafe { std::mem::transmute::<usize, Export>(p) }) }
}

/// Registers the builtin exporters. Called once at start.
pub fn init() {
    register_buffer(kinds::BYTES, |_, v, _| {
        let b = text::bytes_of(v).unwrap_or(&[]);
        Ok(BufferView::flat(b.as_ptr().cast_mut(), b.len(), true, v))
    });
    register_buffer(kinds::BYTEARRAY, bytearray::export);
    register_release(kinds::BYTEARRAY, bytearray::release);
    register_track(kinds::BYTEARRAY, bytearray::track_view::<bytearray::ByteArray>);
    stored::register::<bytearray::ByteArray>(kinds::BYTEARRAY);
    register_buffer(kinds::MEMORYVIEW, memoryview::export);
    register_release(kinds::MEMORYVIEW, memoryview::release_export);
}

impl BufferView {
    /// Plain bytes in one piece.
    pub fn flat(ptr: *mut u8, len: usize, readonly: bool, owner: Value) -> BufferView {
        BufferView { ptr, len, readonly, format: Cow::Borrowed("B"), itemsize: 1, shape: vec![len], strides: vec![1], owner, guard: owner }
    }
    pub fn is_contiguous(&self) -> bool { is_contiguous(&self.shape, &self.strides, self.itemsize) }
    /// Runs `f` on the bytes in C order: the memory itself when it is contiguous, otherwise a copy.
    pub fn read<T>(&self, th: &mut Thread, f: impl FnOnce(&[u8]) -> T) -> R<T> {
        if let Some(h) = self.guard.header() {
            th.access_read(h)?;
        }
        if self.is_contiguous() {
            // SAFETY: exported memory of `len` bytes, held for reading; no safepoint while `f` runs.
            return Ok(f(unsafe { slice(self.ptr, self.len) }));
        }
        let mut out = Vec::with_capacity(self.len);
        // SAFETY: as above; the offsets are those of the items.
        for_each_offset(&self.shape, &self.strides, &mut |o| unsafe { out.extend_from_slice(slice(self.ptr.offset(o), self.itemsize)) });
        Ok(f(&out))
    }
    /// Runs `f` on the memory of a writable contiguous view.
    pub fn write<T>(&self, th: &mut Thread, f: impl FnOnce(&mut [u8]) -> T) -> R<T> { self.write_part(th, 0, self.len, f) }
    /// Runs `f` on `n` bytes of a writable contiguous view, from byte `at` on.
    fn write_part<T>(&self, th: &mut Thread, at: usize, n: usize, f: impl FnOnce(&mut [u8]) -> T) -> R<T> {
        if self.readonly || !self.is_contiguous() {
            return Err(th.raise(&BUFFER_ERROR, "Object is not writable."));
        }
        assert!(at <= self.len && n <= self.len - at, "a part of the view");
        if n == 0 {
            return Ok(f(&mut []));
        }
        let from = self.ptr.wrapping_add(at);
        self.hold_at(th, from, n)?;
        // SAFETY: a part of exported writable memory, held for writing; no safepoint while `f` runs.
        Ok(f(unsafe { std::slice::from_raw_parts_mut(from, n) }))
    }
    /// Overwrites bytes of a writable contiguous view, from byte `at` on.
    /// # Panics
    /// When they do not fit.
    pub fn put(&self, th: &mut Thread, at: usize, b: &[u8]) -> R<()> { self.write_part(th, at, b.len(), |to| to.copy_from_slice(b)) }
    pub fn release(self, th: &mut Thread) -> R<()> { release(th, self.owner) }
}

/// # Safety
/// `len` bytes stand at `p`, or `len` is 0.
unsafe fn slice<'a>(p: *const u8, len: usize) -> &'a [u8] { if len == 0 { &[] } else { unsafe { std::slice::from_raw_parts(p, len) } } }

pub fn is_contiguous(shape: &[usize], strides: &[isize], itemsize: usize) -> bool {
    let mut want = itemsize as isize;
    for (n, s) in shape.iter().zip(strides).rev() {
        if *n == 0 {
            return true;
        }
        if *n != 1 && *s != want {
            return false;
        }
        want *= *n as isize;
    }
    true
}
/// Calls `f` with the byte offset of each item, in C order.
pub fn for_each_offset(shape: &[usize], strides: &[isize], f: &mut dyn FnMut(isize)) {
    fn go(shape: &[usize], strides: &[isize], at: isize, f: &mut dyn FnMut(isize)) {
        match shape.split_first() {
            None => f(at),
            Some((n, rest)) => (0..*n).for_each(|i| go(rest, &strides[1..], at + i as isize * strides[0], f)),
        }
    }
    go(shape, strides, 0, f)
}

/// Ends one export of `owner`.
pub fn release(th: &mut Thread, owner: Value) -> R<()> {
    let p = owner.kind().map_or(0, |k| RELEASES[k as usize & 2047].load(Relaxed));
    if p == 0 {
        return Ok(());
    }
    // SAFETY: only function pointers of this type are stored.
    unsafe { std::mem::transmute::<usize, Release>(p)(th, owner) }
}

/// Whether `v` lends its memory.
pub fn is_bytes_like(th: &Thread, v: Value) -> bool { exporter(v).is_some() || th.py3() && crate::object::dunder(v, D::buffer).is_some() }

/// Exports `v`; TypeError "a bytes-like object is required, not 'X'". End the export with [`BufferView::release`].
pub fn acquire(th: &mut Thread, v: Value, writable: bool) -> R<BufferView> {
    let view = match exporter(v) {
        Some(f) => f(th, v, writable)?,
        None => {
            let r = if th.py3() { crate::object::call_dunder(th, v, D::buffer, &[Value::int(if writable { 0x11D } else { 0x11C })])? } else { None };
            match r {
                Some(m) if m.is::<memoryview::MemoryView>() => memoryview::export(th, m, writable)?,
                Some(_) => return Err(th.type_error("__buffer__ returned non-memoryview object")),
                None => return Err(required(th, v)),
            }
        }
    };
    if writable && view.readonly {
        view.release(th)?;
        return Err(th.raise(&BUFFER_ERROR, "Object is not writable."));
    }
    Ok(view)
}
#[cold]
pub fn required(th: &mut Thread, v: Value) -> Unwind {
    let got = crate::object::class_name(v);
    th.type_error(if th.py3() { format!("a bytes-like object is required, not '{got}'") } else { format!("'{got}' does not have the buffer interface") })
}

/// Runs `f` on the bytes of any bytes-like object; `f` can reach no safepoint. TypeError as in [`acquire`].
pub fn bytes_like<T>(th: &mut Thread, v: Value, f: impl FnOnce(&[u8]) -> T) -> R<T> {
    if text::is_bytes(v) {
        return Ok(f(text::bytes_of(v).unwrap_or(&[])));
    }
    let view = acquire(th, v, false)?;
    let r = view.read(th, f);
    view.release(th)?;
    r
}
/// Runs `f` on the writable bytes of a bytes-like object.
pub fn bytes_like_mut<T>(th: &mut Thread, v: Value, f: impl FnOnce(&mut [u8]) -> T) -> R<T> {
    let view = acquire(th, v, true)?;
    let r = view.write(th, f);
    view.release(th)?;
    r
}
/// The contents of a bytes-like object as a byte string: itself if it is one, otherwise a copy.
pub fn snapshot(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_bytes(v) {
        return Ok(v);
    }
    let view = acquire(th, v, false)?;
    let r = copy_out(th, &view);
    view.release(th)?;
    r
}
/// A byte string with the contents of a view.
pub fn copy_out(th: &mut Thread, view: &BufferView) -> R<Value> {
    let out = text::alloc_bytes(th, view.len)?;
    // SAFETY: not yet known to anybody else.
    let to = unsafe { out.frozen().tail_mut() };
    view.read(th, |b| {
        if b.len() == to.len() {
            to.copy_from_slice(b)
        }
    })?;
    Ok(out.value())
}
/// Fails with ValueError when `n` bytes don't fit an object of `have`.
pub fn check_room(th: &mut Thread, n: usize, have: usize) -> R<()> { if n <= have { Ok(()) } else { Err(th.raise(&VALUE_ERROR, "buffer is too small")) } }
