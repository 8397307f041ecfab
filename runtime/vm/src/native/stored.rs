//! Bytes that others may look into: write access to a part of them, so that a transaction logs that part and not the whole.

use super::buffer::{BufferView, for_each_offset};
use crate::thread::Thread;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::kinds::MAX_KINDS;
use txpy_heap::{Buffer, Bytes8, Elements, Gc, Object, R, RANGE_BYTES, Value};

/// An object that keeps bytes in storage under its own access word.
pub trait Stored: Object {
    /// None: there are no bytes, or they lie outside of the heap.
    fn storage(&self) -> Option<Gc<Bytes8>>;
}

/// Write access to the fixed part, and to those bytes of the storage that are announced by [`log`] first.
#[inline]
pub fn edit<T: Stored>(th: &mut Thread, o: Gc<T>) -> R<Elements<'_, T>> { o.write_elements(th, |o| o.storage().map_or(0, |s| words(s))) }
fn words(s: Gc<Bytes8>) -> usize { s.frozen().len / 8 }
/// Before the bytes `from..to` of the storage change.
#[inline]
pub fn log<T: Stored>(g: &mut Elements<'_, T>, from: usize, to: usize) {
    let Some(s) = g.storage() else { return };
    let all = s.frozen().bytes();
    assert!(from <= to && to <= all.len(), "a range of the storage");
    let start = from & !7;
    // SAFETY: whole words of the storage: its bytes begin at a multiple of eight, as objects do, and its size is one.
    unsafe { g.log(all.as_ptr().add(start).cast(), (to - start).div_ceil(8), words(s)) }
}

/// Where something is about to change: first byte, number of bytes.
type Ranges<'a> = &'a dyn Fn(&mut dyn FnMut(*const u8, usize));
/// Write access to the given bytes of an object's storage.
type Hold = fn(&mut Thread, Value, Ranges) -> R<()>;
static HOLDS: [OnceLock<Hold>; MAX_KINDS] = [const { OnceLock::new() }; MAX_KINDS];

/// Declares that views of `kind`'s objects are written by range.
pub fn register<T: Stored>(kind: u16) { HOLDS[kind as usize].get_or_init(|| hold_stored::<T>); }
/// Declares that what views of `kind`'s objects write can't be taken back.
pub fn register_for_good(kind: u16) { HOLDS[kind as usize].get_or_init(|| hold_for_good); }
fn hold_for_good(th: &mut Thread, o: Value, _: Ranges) -> R<()> {
    crate::atomic::irrevocable(th)?;
    th.access_write(o.header().expect("a kind has objects"))
}
fn hold_stored<T: Stored>(th: &mut Thread, o: Value, ranges: Ranges) -> R<()> {
    let mut g = edit(th, o.cast::<T>().expect("registered for this kind"))?;
    let start = g.storage().map_or(0, |s| s.frozen().bytes().as_ptr() as usize);
    ranges(&mut |p, n| log(&mut g, p as usize - start, p as usize - start + n));
    Ok(())
}

/// What `guard` covers can be written until the next safepoint, where the ranges are; there are `count` of them, `bytes` in all, or less.
fn hold(th: &mut Thread, guard: Value, count: usize, bytes: usize, ranges: Ranges) -> R<()> {
    let Some(h) = guard.header() else { return Ok(()) };
    if !th.in_transaction() || th.may_write(h.access.load(Relaxed)) {
        return th.access_write(h);
    }
    if let Some(b) = guard.cast::<Buffer>() {
        let start = b.start() as usize;
        return b.log_ranges(th, count, bytes / 8 + 2 * count, |log| ranges(&mut |p, n| log(p as usize - start, n)));
    }
    match HOLDS[h.kind as usize].get() {
        Some(hold) => hold(th, guard, ranges),
        None => th.access_write(h),
    }
}

impl BufferView {
    /// Write access to `n` bytes at `p`, a part of the view, until the next safepoint.
    pub fn hold_at(&self, th: &mut Thread, p: *const u8, n: usize) -> R<()> { hold(th, self.guard, 1, n, &|each| each(p, n)) }
    /// Write access to the items until the next safepoint.
    pub fn hold(&self, th: &mut Thread) -> R<()> {
        let items: usize = self.shape.iter().product();
        if items == 0 {
            return Ok(());
        }
        let (mut low, mut high) = (0, self.itemsize as isize);
        for (n, s) in self.shape.iter().zip(&self.strides) {
            let last = (*n as isize - 1) * s;
            if last < 0 { low += last } else { high += last }
        }
        let span = (high - low) as usize;
        // Gaps that cost less than another range are logged with the items.
        if span / items <= self.itemsize + RANGE_BYTES {
            return self.hold_at(th, self.ptr.wrapping_offset(low), span);
        }
        hold(th, self.guard, items, self.len, &|each| for_each_offset(&self.shape, &self.strides, &mut |o| each(self.ptr.wrapping_offset(o), self.itemsize)))
    }
}
