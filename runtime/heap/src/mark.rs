//! Marking: an explicit stack, mark bits in the side table, lines of what survives.

use crate::collect;
use crate::kinds::{MAX_KINDS, Values, info, kind, plain_size, size_of_object};
use crate::object::{Header, flag};
use crate::protocol::word::OLD;
use crate::shape::{self, Shape};
use crate::space::*;
use crate::value::Value;
use std::sync::atomic::Ordering::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Mark,
    /// As Mark, for a remembered object: the storage under it is looked at again though it is marked.
    Remembered,
    /// As Remembered, for the fixed part of such storage. Its tail holds no further storage (the verifier checks that), so
    /// that the headers of what a large table holds need not be looked at.
    RememberedStorage,
    /// Gather the edges.
    List,
    /// Ignore the fixed part, then List.
    Skip,
}

/// Objects between the mark stack and their turn, while their header and mark are on the way to the cache.
const AHEAD: usize = 16;

#[inline(always)]
fn prefetch<T>(p: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint; it can't fault.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(p.cast());
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: a hint; it can't fault.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) p, options(nostack, readonly));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = p;
}

/// Remembered objects whose edges are gathered before any is looked at, for the same reason.
const TOGETHER: usize = 64;

/// Storage of more Values than this goes to the mark stack in pieces: else that would need as much memory as the storage itself, just when there is
/// little left.
const PIECE: usize = 4096;

/// Visits references. Object types hand it each Value they hold.
pub struct Tracer {
    stack: Vec<*mut Header>,
    /// Large storage, and how many of its items have been pushed.
    pieces: Vec<(*mut Header, usize)>,
    /// Edges of remembered objects.
    later: Vec<*mut Header>,
    base: usize,
    span: usize,
    meta: *mut Meta,
    shapes: *mut Shape,
    what: What,
    /// Number of this collection.
    epoch: u32,
    /// The mark stack could not grow: some of what is marked may have unmarked children.
    overflowed: bool,
    /// Push only what is not marked: after an overflow, when a pass must not be lost to what is marked already.
    careful: bool,
    /// Bytes of the objects marked.
    pub(crate) bytes: usize,
    /// Objects and bytes marked by kind, when the log asks for it.
    pub(crate) census: Option<Box<[(usize, usize); MAX_KINDS]>>,
    /// Old objects may die in this collection too.
    pub(crate) full: bool,
}

impl Tracer {
    pub(crate) fn new(epoch: u32) -> Tracer {
        Tracer {
            stack: Vec::new(), pieces: Vec::new(), later: Vec::new(), base: base(), span: span(), meta: meta_base(), shapes: shape::base(), what: What::Mark, epoch, overflowed: false, careful: false, bytes: 0, census: None, full: false,
        }
    }
    /// One that gathers the edges of what it is given.
    pub(crate) fn listing() -> Tracer { Tracer { what: What::List, ..Tracer::new(0) } }
    /// For the verifier: of what it is given next, it gathers the edges of the tail.
    pub(crate) fn only_tail(&mut self) -> &mut Tracer {
        self.what = What::Skip;
        self
    }
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

    /// Whether the collection looks at old objects too.
    pub fn full(&self) -> bool { self.full }
    /// Whether the object survives this collection as far as marked yet. True for what is no reference.
    pub fn is_marked(&self, v: Value) -> bool {
        match v.as_ptr() {
            Some(p) => self.meta_of(p).is_marked(p),
            None => true,
        }
    }

    /// Sets the mark; whether it was not set before.
    #[inline(always)]
    fn mark(&self, p: *mut Header) -> bool {
        let g = (p as usize & (BLOCK - 1)) / GRANULE;
        let word = &self.meta_of(p).marks[g >> 6];
        let bits = word.load(Relaxed);
        word.store(bits | 1 << (g & 63), Relaxed);
        bits >> (g & 63) & 1 == 0
    }

    #[inline(always)]
    pub(crate) fn edge(&mut self, p: *mut Header) {
        if self.what == What::Mark { self.push(p) } else { self.special_edge(p) }
    }

    fn special_edge(&mut self, p: *mut Header) {
        match self.what {
            What::Remembered if self.later.len() < self.later.capacity() || self.later.try_reserve(TOGETHER).is_ok() => {
                self.prefetch(p);
                self.later.push(p);
            }
            What::Remembered | What::RememberedStorage => self.remembered_edge(p),
            What::Skip => {}
            _ => self.push(p),
        }
    }
    fn remembered_edge(&mut self, p: *mut Header) {
        if !self.meta_of(p).is_marked(p) {
            return self.push(p);
        }
        // SAFETY: an edge of a live object.
        unsafe {
            if info((*p).kind).storage {
                self.remembered_storage(p);
            }
        }
    }

    #[inline(always)]
    fn prefetch(&self, p: *mut Header) {
        prefetch(p);
        prefetch(&self.meta_of(p).marks[(p as usize & (BLOCK - 1)) / GRANULE >> 6]);
    }

    /// Between the fixed part of an object and its tail.
    #[inline(always)]
    pub fn begin_tail(&mut self) {
        match self.what {
            What::RememberedStorage => self.what = What::Mark,
            What::Skip => self.what = What::List,
            _ => {}
        }
    }

    #[inline(always)]
    fn push(&mut self, p: *mut Header) {
        if self.stack.len() == self.stack.capacity() || self.careful {
            return self.push_slow(p);
        }
        self.stack.push(p);
    }
    #[cold]
    #[inline(never)]
    fn push_slow(&mut self, p: *mut Header) {
        if self.careful && self.meta_of(p).is_marked(p) {
            return;
        }
        if self.stack.len() == self.stack.capacity() && !self.grow() {
            self.overflowed = true;
            // Roots and classes are nobody's children: they are marked at once, so that a look at the children of what is marked leads to all.
            if self.what != What::List && self.mark(p) {
                // SAFETY: reachable objects are alive.
                unsafe { self.keep(p) }
            }
            return;
        }
        self.stack.push(p);
    }
    fn grow(&mut self) -> bool {
        let n = self.stack.len();
        if self.what == What::List {
            return self.stack.try_reserve(n.max(4096)).is_ok();
        }
        let more = n.max(4096).min(collect::most_marking().saturating_sub(n));
        more > 0 && self.stack.try_reserve_exact(more).is_ok()
    }

    /// # Safety
    /// `p` is live storage.
    #[cold]
    unsafe fn remembered_storage(&mut self, p: *mut Header) {
        // SAFETY: the caller's.
        if unsafe { self.in_pieces(p) } {
            return;
        }
        let before = self.what;
        self.what = What::RememberedStorage;
        // SAFETY: the caller's.
        unsafe { trace_object(p, self) };
        self.what = before;
    }

    /// Looks again at old objects that were written to, and at the storage under them.
    /// # Safety
    /// They are live objects, and the world is stopped.
    pub(crate) unsafe fn remembered(&mut self, objects: &[*mut Header]) {
        for some in objects.chunks(TOGETHER) {
            some.iter().for_each(|&h| prefetch(h));
            self.what = What::Remembered;
            for &h in some {
                // SAFETY: the caller's.
                unsafe {
                    (*h).access.store((*h).access.load(Relaxed) | OLD, Relaxed);
                    self.shape(h);
                    trace_object(h, self);
                }
            }
            self.what = What::Mark;
            let mut edges = std::mem::take(&mut self.later);
            edges.drain(..).for_each(|p| self.remembered_edge(p));
            self.later = edges;
        }
    }

    /// # Safety
    /// `h` is a live object.
    #[inline(always)]
    unsafe fn shape(&mut self, h: *mut Header) {
        // SAFETY: an object's shape exists as long as the process.
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
            self.drain_stack();
            if !self.overflowed {
                self.careful = false;
                return;
            }
            self.overflowed = false;
            self.careful = true;
            self.rescan();
        }
    }

    fn drain_stack(&mut self) {
        let mut ahead = [std::ptr::null_mut::<Header>(); AHEAD];
        let (mut at, mut waiting) = (0, 0);
        loop {
            let next = match self.stack.pop() {
                Some(p) => {
                    self.prefetch(p);
                    p
                }
                None if waiting == 0 => {
                    if !self.next_piece() {
                        return;
                    }
                    continue;
                }
                None => std::ptr::null_mut(),
            };
            let p = std::mem::replace(&mut ahead[at % AHEAD], next);
            at += 1;
            waiting += !next.is_null() as usize;
            if !p.is_null() {
                waiting -= 1;
                if self.mark(p) {
                    // SAFETY: reachable objects are alive.
                    unsafe { self.scan(p) };
                }
            }
        }
    }

    /// # Safety
    /// `h` is a live object that was marked just now, and the world is stopped.
    #[inline(always)]
    unsafe fn scan(&mut self, h: *mut Header) {
        // SAFETY: the caller's.
        unsafe {
            self.keep(h);
            self.follow(h);
        }
    }
    /// Pushes the object's class and what it refers to.
    /// # Safety
    /// As `scan`.
    #[inline(always)]
    unsafe fn follow(&mut self, h: *mut Header) {
        // SAFETY: the caller's.
        unsafe {
            self.shape(h);
            if !self.in_pieces(h) {
                trace_object(h, self);
            }
        }
    }
    /// What `scan` does to the object itself.
    /// # Safety
    /// As that.
    #[inline(always)]
    unsafe fn keep(&mut self, h: *mut Header) {
        // SAFETY: the caller's.
        unsafe {
            (*h).access.store((*h).access.load(Relaxed) | OLD, Relaxed);
            let bytes = size_of_object(h);
            self.bytes += bytes;
            if let Some(c) = &mut self.census {
                let c = &mut c[(*h).kind as usize];
                *c = (c.0 + 1, c.1 + bytes);
            }
            if !(*h).has(flag::LARGE) {
                let m = self.meta_of(h);
                let from = h as usize & (BLOCK - 1);
                let (first, last) = (from / LINE, (from + bytes - 1) / LINE);
                m.lines[first].store(1, Relaxed);
                for l in first + 1..=last {
                    m.lines[l].store(1, Relaxed);
                }
            }
        }
    }

    /// Puts large storage down for later; false if it is none.
    #[inline(always)]
    unsafe fn in_pieces(&mut self, h: *mut Header) -> bool {
        // SAFETY: a live object; the kind says what it is.
        let large = unsafe { (*h).kind == kind::VALUES && (*h.cast::<Values>()).len > PIECE };
        large && self.put_down(h)
    }
    #[cold]
    fn put_down(&mut self, h: *mut Header) -> bool {
        let room = self.pieces.try_reserve(1).is_ok();
        if room {
            self.pieces.push((h, 0));
        }
        room
    }
    /// Pushes some items of large storage; false if there is none left.
    #[cold]
    fn next_piece(&mut self) -> bool {
        let Some((h, from)) = self.pieces.pop() else { return false };
        // SAFETY: what was put down is alive while the world is stopped.
        let items = unsafe { (*h.cast::<Values>()).items() };
        let to = (from + PIECE).min(items.len());
        if to < items.len() {
            // There is room: it was just popped.
            self.pieces.push((h, to));
        }
        for &v in &items[from..to] {
            if v.is_ref() {
                self.push(v.ptr_unchecked());
            }
        }
        true
    }

    /// The stack ran out of memory: finds marked objects whose children are not.
    #[cold]
    fn rescan(&mut self) {
        each_marked(|h| {
            // SAFETY: marked objects are alive.
            unsafe { self.follow(h) }
            self.drain_stack();
        });
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
