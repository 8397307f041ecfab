//! Guards: access to an object's payload between two safepoints. A guard borrows the thread, and whatever may reach a safepoint
//! needs the thread, so no guard lives across one.

use crate::buffer::Buffer;
use crate::object::{flag, Gc, Header, Object};
use crate::thread::{R, Thread};
use crate::value::Value;
use crate::protocol::Mode;
use crate::protocol::word::{DIRTY, LOGGED};
use crate::world::{self, Ref};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::Relaxed;

pub struct Read<'t, T> {
    object: Gc<T>,
    th: &'t mut Thread,
}
pub struct Write<'t, T> {
    object: Gc<T>,
    th: &'t mut Thread,
}

impl<T: Object> Deref for Read<'_, T> {
    type Target = T;
    #[inline(always)]
    // SAFETY: the thread holds the object for reading until its next safepoint, which needs the borrow that the guard has.
    fn deref(&self) -> &T { unsafe { &*self.object.as_ptr() } }
}
impl<T: Object> Deref for Write<'_, T> {
    type Target = T;
    #[inline(always)]
    // SAFETY: as for Read.
    fn deref(&self) -> &T { unsafe { &*self.object.as_ptr() } }
}
impl<T: Object> DerefMut for Write<'_, T> {
    #[inline(always)]
    // SAFETY: the thread holds the object for writing until its next safepoint; guards of one thread can't overlap.
    fn deref_mut(&mut self) -> &mut T { unsafe { &mut *self.object.as_ptr() } }
}

macro_rules! guard_allocation {
    ($($guard:ident)*) => { $(impl<'t, T: Object> $guard<'t, T> {
        /// Storage is about to leave the object: the next collection looks at it once more, as what was written to it since the last one is known
        /// through its owner only, and somebody may still hold it.
        #[inline]
        pub fn detach<S: Object>(&mut self, storage: Option<Gc<S>>) {
            if let Some(s) = storage {
                self.th.remember(s.header())
            }
        }
        /// The guarded object.
        #[inline(always)]
        pub fn gc(&self) -> Gc<T> { self.object }
        /// A new object out of what [`Thread::reserve`] promised; never collects.
        #[inline(always)]
        pub fn alloc<U: Object>(&mut self, shape: u32, init: U) -> Gc<U> { self.th.alloc_reserved(shape, init) }
        /// As `alloc`, with a zeroed tail.
        #[inline(always)]
        pub fn alloc_tail<U: Object>(&mut self, shape: u32, init: U, len: usize) -> Gc<U> { self.th.alloc_tail_reserved(shape, init, len) }
        /// As `alloc`, the tail a copy of `items`.
        #[inline(always)]
        pub fn alloc_tail_with<U: Object, E: Copy>(&mut self, shape: u32, init: U, items: &[E]) -> Gc<U> { self.th.alloc_tail_with_reserved(shape, init, items) }
    })* };
}
guard_allocation! { Read Write }

impl<T: Object> Gc<T> {
    /// Access for reading until the next safepoint.
    #[inline(always)]
    pub fn read(self, th: &mut Thread) -> R<Read<'_, T>> {
        if !th.may_read(self.header().access.load(Relaxed)) {
            acquire_slow(th, self.header(), Mode::Read)?;
        }
        Ok(Read { object: self, th })
    }

    /// Access for writing until the next safepoint.
    #[inline(always)]
    pub fn write(self, th: &mut Thread) -> R<Write<'_, T>> {
        const { assert!(!T::INFO.frozen && !T::INFO.storage, "frozen objects and storage have no write barrier") };
        if !th.may_write(self.header().access.load(Relaxed)) {
            acquire_slow(th, self.header(), Mode::Write)?;
        }
        Ok(Write { object: self, th })
    }

    /// Access for writing until the next safepoint, for operations on few of many elements: see [`Elements::log`]. `words` tells how
    /// large the storage is.
    #[inline(always)]
    pub fn write_elements(self, th: &mut Thread, words: impl Fn(&T) -> usize) -> R<Elements<'_, T>> {
        const { assert!(!T::INFO.frozen && !T::INFO.storage, "frozen objects and storage have no write barrier") };
        if !th.may_write(self.header().access.load(Relaxed)) {
            self.acquire_elements(th, words)?;
        }
        Ok(Elements { object: self, th })
    }
    #[cold]
    #[inline(never)]
    fn acquire_elements(self, th: &mut Thread, words: impl Fn(&T) -> usize) -> R<()> {
        let h = self.header();
        if !th.in_transaction() {
            return world::acquire_elements(th, h);
        }
        // SAFETY: asked only when the object is held, if only for reading.
        let small = || words(unsafe { &*self.as_ptr() }) <= SMALL_CONTAINER;
        if world::try_untouched(th, h, small) {
            return Ok(());
        }
        if !th.may_read_untracked(h.access.load(Relaxed)) {
            world::acquire_elements(th, h)?;
        }
        if small() { th.access_write(h) } else { world::acquire_elements(th, h) }
    }

    /// As `read`, but no part of a running transaction: what is read may change before that has ended. For tables whose contents mean
    /// nothing to scripts.
    #[inline(always)]
    pub fn read_untracked(self, th: &mut Thread) -> R<Read<'_, T>> {
        if !th.may_read_untracked(self.header().access.load(Relaxed)) {
            world::acquire_untracked(th, self.header(), Mode::Read)?;
        }
        Ok(Read { object: self, th })
    }
    /// As `write_elements`, but no part of a running transaction: an abort leaves what is written. The object has [`flag::UNDONE_NEVER`].
    #[inline(always)]
    pub fn write_untracked(self, th: &mut Thread) -> R<Elements<'_, T>> {
        const { assert!(!T::INFO.frozen && !T::INFO.storage, "frozen objects and storage have no write barrier") };
        if !th.may_write_untracked(self.header().access.load(Relaxed)) {
            world::acquire_untracked(th, self.header(), Mode::Write)?;
        }
        Ok(Elements { object: self, th })
    }

    /// Reads fields that never change once others can reach the object, which needs no guard. `f` looks at no other field.
    #[inline(always)]
    pub fn unguarded<'a, U>(self, f: impl FnOnce(&'a T) -> U) -> U {
        // SAFETY: the object lives as long as a reference to it is visible; the fields were written before it could be reached.
        f(unsafe { &*self.as_ptr() })
    }

    /// The payload of a kind that needs no barrier: immutable, or storage under its owner's guard. The reference is itself an interior
    /// pointer that the scan of native stacks accepts, so it keeps the object alive wherever the reference may lie: do not put it on the heap.
    #[inline(always)]
    pub fn frozen<'a>(self) -> &'a T {
        const { assert!(T::INFO.frozen || T::INFO.storage, "the kind needs a guard") };
        // SAFETY: frozen payloads do not change; storage is reached through its owner's guard only.
        unsafe { &*self.as_ptr() }
    }
}

impl Gc<Buffer> {
    /// Access for writing `n` bytes from byte `at` on, and no others, until the next safepoint: a transaction logs these only, as long as that is
    /// cheaper than a copy of the whole.
    #[inline(always)]
    pub fn write_range(self, th: &mut Thread, at: usize, n: usize) -> R<Elements<'_, Buffer>> {
        if self.wants_log(th) {
            world::log_bytes(th, self, 1, n.div_ceil(8) + 1, &mut |log| log(at, n))?;
        }
        Ok(Elements { object: self, th })
    }

    /// Before many ranges change that [`Thread::access_ranges`] then gives access to, in the same transaction. `ranges` calls what it is given with
    /// each (first byte, bytes); there are `count` of them with `words` words in all, or fewer. Outside of transactions nothing happens.
    /// Errors: Abort; OutOfMemory.
    #[inline]
    pub fn log_ranges(self, th: &mut Thread, count: usize, words: usize, ranges: impl FnOnce(&mut dyn FnMut(usize, usize))) -> R<()> {
        if !th.in_transaction() || !self.wants_log(th) {
            return Ok(());
        }
        let mut ranges = Some(ranges);
        world::log_bytes(th, self, count, words, &mut |log| if let Some(f) = ranges.take() { f(log) })
    }

    /// Whether this thread may not write the contents without more ado: in a transaction that has no copy of the whole yet, or when it does not hold
    /// the buffer.
    #[inline(always)]
    pub fn wants_log(self, th: &Thread) -> bool { !th.may_write(self.header().access.load(Relaxed)) }
    /// Whether the contents may be written as far as they are logged, until the next safepoint.
    #[inline(always)]
    pub fn may_write_logged(self, th: &Thread) -> bool { self.header().access.load(Relaxed) | LOGGED == th.write_key() | LOGGED }
}

/// As [`Write`] for a container that may be large: in a transaction the holder logs each word before it changes, instead of a copy of all.
pub struct Elements<'t, T> {
    object: Gc<T>,
    th: &'t mut Thread,
}
impl<T: Object> Deref for Elements<'_, T> {
    type Target = T;
    #[inline(always)]
    // SAFETY: as for Read.
    fn deref(&self) -> &T { unsafe { &*self.object.as_ptr() } }
}
impl<T: Object> DerefMut for Elements<'_, T> {
    #[inline(always)]
    // SAFETY: as for Write.
    fn deref_mut(&mut self) -> &mut T { unsafe { &mut *self.object.as_ptr() } }
}
impl<T: Object> Elements<'_, T> {
    /// Makes large storage of the object longer where it stands, to `len` items; what is new is zeroed. False when that can't be. An abort leaves the
    /// length.
    pub fn extend<S: Object>(&mut self, storage: Gc<S>, len: usize) -> bool {
        // SAFETY: the object is held for writing, and references to its storage borrow the guard.
        unsafe { self.th.extend_tail(storage, len) }
    }
    /// Before words of the container's storage change (its fixed part is logged already). `whole`: words of all its storage.
    /// # Safety
    /// The range lies in storage of the object.
    #[inline(always)]
    pub unsafe fn log(&mut self, at: *const u64, n: usize, whole: usize) {
        let w = self.object.header().access.load(Relaxed);
        if w & DIRTY != 0 && w & LOGGED == 0 && !self.object.header().has(flag::UNDONE_NEVER) {
            log_elements(self.th, self.object.header(), at, n, whole)
        }
    }
}
guard_allocation! { Elements }

#[cold]
#[inline(never)]
fn log_elements(th: &mut Thread, h: &Header, at: *const u64, n: usize, whole: usize) { world::log_elements(th, h, at.cast_mut(), n, whole) }

/// A container up to this many words is copied whole at its first write: later writes then pass the fast path.
pub const SMALL_CONTAINER: usize = 512;

/// The slow path of a barrier. The caller's reference keeps the object alive: it is on the native stack, which is scanned.
#[cold]
#[inline(never)]
pub fn acquire_slow(th: &mut Thread, h: &Header, mode: Mode) -> R<()> {
    let got = match mode {
        Mode::Read => world::try_unread(th, h),
        Mode::Write => world::try_untouched(th, h, || true),
    };
    if got { Ok(()) } else { world::acquire(th, h, mode) }
}

impl Thread {
    /// Read barrier of an object whose payload the caller reads by itself before the next safepoint.
    #[inline(always)]
    pub fn access_read(&mut self, h: &Header) -> R<()> { if self.may_read(h.access.load(Relaxed)) { Ok(()) } else { acquire_slow(self, h, Mode::Read) } }
    /// Write barrier of an object whose payload the caller writes by itself before the next safepoint.
    #[inline(always)]
    pub fn access_write(&mut self, h: &Header) -> R<()> { if self.may_write(h.access.load(Relaxed)) { Ok(()) } else { acquire_slow(self, h, Mode::Write) } }

    /// As `access_read` for the first reading of an object in a transaction, in the most common case and without a call. On true it is held, and `note_first`
    /// comes next if [`Thread::notes_firsts`] says so; false where that does not apply.
    #[inline(always)]
    pub fn take_unread(&mut self, h: *mut Header) -> bool { world::take_unread(self, h) }
    /// As `access_write` for few words of an object in a transaction, in the most common cases and the fewest steps, so that handlers of the interpreter
    /// have it in line. On true the object is held, and the word at `at` is logged; then `note_first` comes next if [`Thread::notes_firsts`] says so. False
    /// where that does not apply. `still`: whether `at` is still the place; others may have had the object since the caller looked.
    /// # Safety
    /// The word is the object's, an instance without payload, or lies in its storage, which has at most [`SMALL_CONTAINER`] words. Collections by element
    /// are none of these.
    #[inline(always)]
    pub unsafe fn take_word(&mut self, h: *mut Header, at: *mut u64, still: impl FnOnce() -> bool) -> bool {
        let m = self.mutator();
        if !m.local().logs.words.has_room() || !m.take_fresh(Ref(h)) {
            return false;
        }
        let right = still();
        let log = &mut m.local_mut().logs.words;
        // SAFETY: held for writing just now; there is room.
        unsafe { if right { log.log(h, at) } else { log.log_nothing(h) } }
        right
    }
    /// The same for further words, of an object that `take_word` has taken, and for all where the thread is alone, which need not take it. Then storage may
    /// have any size, and a collection by element attributes.
    /// # Safety
    /// As for that.
    #[inline(always)]
    pub unsafe fn take_further(&mut self, h: *mut Header, at: *mut u64) -> bool {
        let m = self.mutator();
        let had = m.has_by_word(Ref(h)) && m.local().logs.words.has_room();
        if had {
            // SAFETY: held for writing; there is room.
            unsafe { m.local_mut().logs.words.log_other(h, at) }
        }
        had
    }
    /// Whether `note_first` is wanted: nobody meets a transaction whose thread is alone.
    #[inline(always)]
    pub fn notes_firsts(&mut self) -> bool { !self.is_blind() && crate::stm_log::on() }
    /// `at`: the running position.
    #[inline(always)]
    pub fn note_first(&mut self, h: &Header, at: usize) { world::note_first(self, h, at) }
    /// Runs `f` with access to several objects at once. Values that are no references, and frozen objects, need none and are skipped.
    pub fn access_many<T>(&mut self, objects: &mut [(Value, Mode)], f: impl FnOnce(&mut Many) -> T) -> R<T> { world::access_many(self, objects, false, f) }

    /// As `access_many` of buffers of which the ranges that `f` writes have been logged ([`Gc::log_ranges`]).
    pub fn access_ranges<T>(&mut self, buffers: &mut [(Value, Mode)], f: impl FnOnce() -> T) -> R<T> {
        world::access_many(self, buffers, true, |_| f())
    }
}

/// Several objects held at once.
pub struct Many<'t> {
    objects: &'t [(Value, Mode)],
    th: &'t mut Thread,
}

impl<'t> Many<'t> {
    pub(crate) fn new(objects: &'t [(Value, Mode)], th: &'t mut Thread) -> Many<'t> { Many { objects, th } }

    fn find<T: Object>(&self, object: Gc<T>, mode: Mode) {
        let ok = T::INFO.frozen && mode == Mode::Read || self.objects.iter().any(|&(v, m)| v == object.value() && m >= mode);
        assert!(ok, "the object was not asked for in this mode");
    }
    /// The payload of one of the objects.
    pub fn get<T: Object>(&self, object: Gc<T>) -> &T {
        self.find(object, Mode::Read);
        // SAFETY: held for reading until the next safepoint, which needs the thread.
        unsafe { &*object.as_ptr() }
    }
    /// The payload of one of the objects that were asked for with `Mode::Write`.
    pub fn get_mut<T: Object>(&mut self, object: Gc<T>) -> &mut T {
        self.find(object, Mode::Write);
        // SAFETY: held for writing; `self` is borrowed, so no other payload is in use.
        unsafe { &mut *object.as_ptr() }
    }
    /// Two payloads, the second for writing.
    /// # Panics
    /// When both are the same object.
    pub fn pair<A: Object, B: Object>(&mut self, a: Gc<A>, b: Gc<B>) -> (&A, &mut B) {
        self.find(a, Mode::Read);
        self.find(b, Mode::Write);
        assert!(a.value() != b.value(), "an object can't be read and written as two");
        // SAFETY: both held, and different.
        unsafe { (&*a.as_ptr(), &mut *b.as_ptr()) }
    }
    /// A new object out of what [`Thread::reserve`] promised; never collects.
    pub fn alloc<U: Object>(&mut self, shape: u32, init: U) -> Gc<U> { self.th.alloc_reserved(shape, init) }
    /// As `alloc`, with a zeroed tail.
    pub fn alloc_tail<U: Object>(&mut self, shape: u32, init: U, len: usize) -> Gc<U> { self.th.alloc_tail_reserved(shape, init, len) }
    /// As `alloc`, the tail a copy of `items`.
    pub fn alloc_tail_with<U: Object, E: Copy>(&mut self, shape: u32, init: U, items: &[E]) -> Gc<U> { self.th.alloc_tail_with_reserved(shape, init, items) }
}
