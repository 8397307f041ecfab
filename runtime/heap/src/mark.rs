//! Marking: an explicit stack, mark bits in the side table, lines of what survives.

use crate::kinds::{info, plain_size, size_of_object};
use crate::object::{Header, flag};
use crate::protocol::word::OLD;
use crate::shape::{self, Shape};
use crate::space::*;
use crate::value::Value;
use std::sync::atomic::Ordering::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Mark,
    /// As Mark, for the storage under a remembered object: it is looked at again though it is marked.
    Remembered,
    /// Gather the edges.
    List,
}

/// Visits references. Object types hand it each Value they hold.
pub struct Tracer {
    stack: Vec<*mut Header>,
    base: usize,
    span: usize,
    meta: *mut Meta,
    shapes: *mut Shape,
    what: What,
    /// Number of this collection.
    epoch: u32,
    /// The mark stack could not grow: marked objects may have unmarked children.
    overflowed: bool,
    /// Bytes of the objects marked.
    pub(crate) bytes: usize,
}

impl Tracer {
    pub(crate) fn new(epoch: u32) -> Tracer {
        Tracer {
            stack: Vec::new(), base: base(), span: span(), meta: meta_base(), shapes: shape::base(), what: What::Mark, epoch, overflowed: false, bytes: 0,
        }
    }
    /// One that gathers the edges of what it is given.
    pub(crate) fn listing() -> Tracer { Tracer { what: What::List, ..Tracer::new(0) } }
    pub(crate) fn listed(&mut self) -> std::vec::Drain<'_, *mut Header> { self.stack.drain(..) }

    #[inline(always)]
    pub fn value(&mut self, v: Value) {
        if v.is_ref() {
            self.edge(v.ptr_unchecked());
        }
    }
    pub fn values(&mut self, vs: &[Value]) {
        for &v in vs {
            self.value(v);
        }
    }

    #[inline(always)]
    fn meta_of(&self, p: *const Header) -> &Meta {
        debug_assert!((p as usize).wrapping_sub(self.base) < self.span, "a reference out of the heap: {p:p}");
        // SAFETY: references point into the heap.
        unsafe { &*self.meta.add((p as usize - self.base) >> BLOCK_SHIFT) }
    }

    /// Whether the object survives this collection as far as marked yet. True for what is no reference.
    pub fn is_marked(&self, v: Value) -> bool {
        match v.as_ptr() {
            Some(p) => self.meta_of(p).is_marked(p),
            None => true,
        }
    }

    #[inline(always)]
    pub(crate) fn edge(&mut self, p: *mut Header) {
        if self.what == What::List {
            self.stack.push(p);
            return;
        }
        let g = (p as usize & (BLOCK - 1)) / GRANULE;
        let word = &self.meta_of(p).marks[g >> 6];
        let bits = word.load(Relaxed);
        if bits >> (g & 63) & 1 == 0 {
            word.store(bits | 1 << (g & 63), Relaxed);
            self.push(p);
        } else if self.what == What::Remembered {
            // SAFETY: an edge of a live object.
            unsafe {
                if info((*p).kind).storage {
                    self.remembered_storage(p);
                }
            }
        }
    }

    #[inline(always)]
    fn push(&mut self, p: *mut Header) {
        if self.stack.len() == self.stack.capacity() && self.stack.try_reserve(self.stack.len().max(4096)).is_err() {
            self.overflowed = true;
            return;
        }
        self.stack.push(p);
    }

    #[cold]
    unsafe fn remembered_storage(&mut self, p: *mut Header) { unsafe { trace_object(p, self) } }

    /// Looks again at an old object that was written to, and at the storage under it.
    pub(crate) unsafe fn remembered(&mut self, h: *mut Header) {
        unsafe {
            (*h).access.store((*h).access.load(Relaxed) | OLD, Relaxed);
            self.what = What::Remembered;
            self.shape(h);
            trace_object(h, self);
            self.what = What::Mark;
        }
    }

    #[inline(always)]
    unsafe fn shape(&mut self, h: *mut Header) {
        unsafe {
            let s = &*self.shapes.add((*h).shape_id() as usize);
            if s.mark.load(Relaxed) != self.epoch {
                s.mark.store(self.epoch, Relaxed);
                self.value(s.class);
            }
        }
    }

    /// Marks everything that the stack leads to.
    pub(crate) fn drain(&mut self) {
        loop {
            while let Some(h) = self.stack.pop() {
                // SAFETY: marked objects are alive.
                unsafe { self.scan(h) };
            }
            if !self.overflowed {
                return;
            }
            self.overflowed = false;
            self.rescan();
        }
    }

    #[inline(always)]
    unsafe fn scan(&mut self, h: *mut Header) {
        unsafe {
            (*h).access.store((*h).access.load(Relaxed) | OLD, Relaxed);
            let bytes = size_of_object(h);
            self.bytes += bytes;
            if !(*h).has(flag::LARGE) {
                let m = self.meta_of(h);
                let from = h as usize & (BLOCK - 1);
                let (first, last) = (from / LINE, (from + bytes - 1) / LINE);
                m.lines[first].store(1, Relaxed);
                for l in first + 1..=last {
                    m.lines[l].store(1, Relaxed);
                }
            }
            self.shape(h);
            trace_object(h, self);
        }
    }

    /// The stack ran out of memory: finds marked objects whose children are not.
    #[cold]
    fn rescan(&mut self) {
        for b in 0..lock().high {
            let m = meta(b);
            if !matches!(m.state.load(Relaxed), state::SMALL | state::LARGE) {
                continue;
            }
            for (i, word) in m.marks.iter().enumerate() {
                let mut bits = word.load(Relaxed);
                while bits != 0 {
                    let p = block_address(b) as usize + (i * 64 + bits.trailing_zeros() as usize) * GRANULE;
                    bits &= bits - 1;
                    // SAFETY: marked objects are alive.
                    unsafe { self.scan(p as *mut Header) };
                    while let Some(h) = self.stack.pop() {
                        // SAFETY: as above.
                        unsafe { self.scan(h) };
                    }
                }
            }
        }
    }
}

/// Visits every reference that the object holds, except its class.
/// # Safety
/// `h` is a live object.
#[inline(always)]
pub(crate) unsafe fn trace_object(h: *mut Header, t: &mut Tracer) {
    unsafe {
        let k = info((*h).kind);
        debug_assert!(k.kind != 0, "an object of unknown kind at {h:p}");
        (k.trace)(h, t);
        let flags = (*h).flags.load(Relaxed);
        if flags & (flag::SLOTS | flag::TAIL_DICT) != 0 {
            let (at, n) = if flags & flag::SLOTS != 0 {
                let s = shape::shape((*h).shape_id());
                (s.slots_at as usize, s.inline as usize + 1)
            } else {
                (plain_size(h), 1)
            };
            let slots = std::slice::from_raw_parts(h.byte_add(at).cast::<Value>(), n);
            for &v in slots {
                t.value(v);
            }
        }
    }
}
