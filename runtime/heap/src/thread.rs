//! A thread of the heap: keys, allocation pointers, value stack, roots; allocation and safepoints.

use crate::alloc::{Nursery, extend_large, take_large};
use crate::collect;
use crate::kinds;
use crate::local::Local;
use crate::object::{Gc, Header, Late, Object, flag};
use crate::space::{GRANULE, LARGE, LINE};
use crate::value::Value;
use crate::value_stack::ValueStack;
use crate::protocol::Mutator;
use crate::roots::native_stack;
use crate::protocol::word::{IMMUTABLE, OLD};
use crate::world::{self, Heap};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::*};

/// The running operation must be left; why stands in [`Thread::cause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwind;
pub type R<T> = Result<T, Unwind>;

/// Why a thread unwinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    None,
    /// A script's exception: [`Thread::exception`].
    Exception,
    OutOfMemory,
    /// The transaction must roll back.
    Abort,
    Exit,
}

/// Bytes between the call limit and the end of the stack: natives may push this much without asking.
pub const STACK_SLACK: usize = 64 << 10;
/// Bytes above `top` that a collection clears by hand; what is further up goes back to the system.
const CLEAR_BYTES: usize = 64 << 10;

#[repr(C)]
pub struct Thread {
    /// Keys, slot, transaction. Its first two words are the keys. Zero until attached.
    pub(crate) m: MaybeUninit<Mutator<Heap>>,
    /// Free memory for the next object, up to `bump_end`.
    pub bump: *mut u8,
    pub bump_end: *mut u8,
    /// This slot's call limit: the highest address a frame may reach, 0 when a request is pending.
    pub limit: *const AtomicUsize,
    pub stack_base: *mut u64,
    pub stack_end: *mut u64,
    /// The call limit when no request is pending.
    call_limit: usize,
    /// End of the value stack in use. Published before anything that may reach a safepoint.
    pub top: *mut u64,
    /// For the vm to use as it likes; scanned exactly.
    pub roots: [Value; 24],
    pub exception: Value,
    pub handled: Value,
    pub cause: Cause,
    pub(crate) attached: bool,
    pub(crate) nursery: Nursery,
    /// Allocation slow paths and polls since the last collection by stress.
    stress: u32,
}

#[cold]
#[inline(never)]
fn too_big(th: &mut Thread) -> Unwind { th.raise_oom() }

impl Default for Thread {
    fn default() -> Self { Self::new() }
}

impl Thread {
    /// Offsets of the fields that compiled code uses.
    pub const READ_KEY: usize = std::mem::offset_of!(Thread, m) + std::mem::offset_of!(Mutator<Heap>, read_key);
    pub const WRITE_KEY: usize = std::mem::offset_of!(Thread, m) + std::mem::offset_of!(Mutator<Heap>, write_key);
    pub const BUMP: usize = std::mem::offset_of!(Thread, bump);
    pub const BUMP_END: usize = std::mem::offset_of!(Thread, bump_end);
    pub const LIMIT: usize = std::mem::offset_of!(Thread, limit);
    pub const TOP: usize = std::mem::offset_of!(Thread, top);

    /// A thread that is not attached yet.
    pub fn new() -> Thread {
        crate::space::init();
        Thread {
            m: MaybeUninit::zeroed(), bump: std::ptr::null_mut(), bump_end: std::ptr::null_mut(), limit: std::ptr::null(),
            stack_base: std::ptr::null_mut(), stack_end: std::ptr::null_mut(), call_limit: 0, top: std::ptr::null_mut(), roots: [Value::UNSET; 24],
            exception: Value::UNSET, handled: Value::UNSET, cause: Cause::None, attached: false, nursery: Nursery::new(), stress: 0,
        }
    }

    /// Enters the world: maps a value stack and takes a slot. Errors: OutOfMemory when no address space is left.
    /// # Safety
    /// `self` stays at its address, and is used by the calling OS thread only, until [`Thread::detach`].
    pub unsafe fn attach(&mut self) -> R<()> {
        let Some(stack) = ValueStack::new() else { return Err(self.raise_oom()) };
        // SAFETY: the caller's promise; the native stack is the calling thread's.
        unsafe { self.attach_on(stack, native_stack().1) };
        Ok(())
    }
    /// As `attach`, with a value stack that is there. `native_base`: the highest address of the native stack.
    /// # Safety
    /// As for `attach`; `native_base` is what [`native_stack`] says.
    pub unsafe fn attach_on(&mut self, stack: ValueStack, native_base: usize) {
        assert!(!self.attached);
        (self.stack_base, self.stack_end) = stack.into_range();
        self.call_limit = self.stack_end_usable();
        self.top = self.stack_base;
        let mut local = Local::new();
        (local.native_base, local.native_top) = (native_base, native_base);
        local.stack_limit = self.stack_limit();
        // SAFETY: the caller keeps the address stable.
        unsafe { world::enter(self, local) };
    }

    /// Leaves the world. No reference that only this thread held survives the next collection.
    pub fn detach(&mut self) {
        if !self.attached {
            return;
        }
        if self.in_transaction() {
            // Only a panic gets here: what the transaction did is undone, unless that was promised not to happen.
            if self.is_irrevocable() { self.commit() } else { self.abort() }
        }
        // SAFETY: `bump` belongs to this nursery.
        unsafe { self.nursery.retire(self.bump) };
        (self.bump, self.bump_end) = (std::ptr::null_mut(), std::ptr::null_mut());
        world::leave(self);
        self.give_stack_back();
    }
    /// Gives the value stack back; no collection looks at it any more.
    pub(crate) fn give_stack_back(&mut self) {
        // SAFETY: the stack is this thread's, which does not run.
        unsafe { ValueStack::put_back((self.stack_base, self.stack_end)) };
        (self.stack_base, self.stack_end, self.top) = (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
    }

    /// Whether this thread may read an object with this access word until its next safepoint.
    #[inline(always)]
    pub fn may_read(&self, access: u64) -> bool { if cfg!(feature = "generational-barriers") { true } else { access & self.read_key() != 0 } }
    /// Whether this thread may write an object with this access word until its next safepoint, without a collector's note.
    #[inline(always)]
    pub fn may_write(&self, access: u64) -> bool { if cfg!(feature = "generational-barriers") { access & crate::protocol::word::OLD == 0 } else { access == self.write_key() } }
    /// As `may_read` and `may_write` for accesses that are no part of a running transaction.
    #[inline(always)]
    pub fn may_read_untracked(&self, access: u64) -> bool { cfg!(feature = "generational-barriers") || access & self.may_key() != 0 }
    #[inline(always)]
    pub fn may_write_untracked(&self, access: u64) -> bool {
        use crate::protocol::word::{DIRTY, EXCL, LOGGED, OLD};
        if cfg!(feature = "generational-barriers") { access & OLD == 0 } else { access & !(self.may_key() << 24 | LOGGED | DIRTY) == EXCL | self.may_key() }
    }
    /// The bit that says that this thread may read, in a transaction and out of one.
    #[inline(always)]
    fn may_key(&self) -> u64 {
        let k = self.read_key();
        k & crate::protocol::word::MAYS | k >> 24
    }
    #[inline(always)]
    pub fn read_key(&self) -> u64 {
        // SAFETY: the keys are the first words of the mutator; zero until attached, so that no barrier passes.
        unsafe { (*self.m.as_ptr()).read_key }
    }
    /// The word of an object that this thread may write, and of a new object.
    #[inline(always)]
    pub fn write_key(&self) -> u64 {
        // SAFETY: as for read_key.
        unsafe { (*self.m.as_ptr()).write_key }
    }
    #[inline(always)]
    pub(crate) fn local(&mut self) -> &mut Local { self.mutator().local_mut() }

    /// The call limit when no request is pending.
    #[inline(always)]
    pub fn stack_limit(&self) -> usize { self.call_limit }
    /// The highest call limit.
    pub fn stack_end_usable(&self) -> usize { self.stack_end as usize - STACK_SLACK }
    /// Sets the call limit, at most to the highest.
    pub fn set_call_limit(&mut self, to: usize) {
        self.call_limit = to.min(self.stack_end_usable());
        self.local().stack_limit = self.call_limit;
        // Soon put in force: the next poll takes the slow path, which sets the slot's limit.
        world::nudge_self(self);
    }

    /// Whether the next poll has something to do, or may have.
    #[inline(always)]
    pub fn is_nudged(&self) -> bool {
        // SAFETY: `limit` points to a static of this slot.
        unsafe { (*self.limit).load(Relaxed) == 0 }
    }
    /// A safepoint: answers requests of other threads, takes part in collections.
    #[inline(always)]
    pub fn poll(&mut self) -> R<()> {
        if self.is_nudged() { self.poll_slow() } else { Ok(()) }
    }
    #[cold]
    #[inline(never)]
    pub fn poll_slow(&mut self) -> R<()> {
        world::answer(self)?;
        if collect::wanted(self) {
            return self.collect_now(false);
        }
        Ok(())
    }

    /// Marks the thread as out of memory.
    #[cold]
    pub fn raise_oom(&mut self) -> Unwind {
        self.cause = Cause::OutOfMemory;
        Unwind
    }

    // ---- allocation

    #[inline(always)]
    fn bump_take(&mut self, bytes: usize) -> *mut u8 {
        let p = self.bump;
        // Large objects have blocks of their own, even where a hole has room.
        if bytes <= LARGE && self.bump_end as usize - p as usize >= bytes {
            // SAFETY: inside the hole.
            self.bump = unsafe { p.add(bytes) };
            p
        } else {
            std::ptr::null_mut()
        }
    }

    /// `bytes` of memory, a multiple of the granule; may collect first.
    #[inline(always)]
    fn take(&mut self, bytes: usize, zeroed: bool) -> R<*mut u8> {
        let p = self.bump_take(bytes);
        if p.is_null() { self.take_slow(bytes, zeroed) } else { Ok(p) }
    }
    #[cold]
    #[inline(never)]
    fn take_slow(&mut self, bytes: usize, zeroed: bool) -> R<*mut u8> {
        if collect::wanted(self) {
            self.collect_now(false)?;
        }
        if let Some(p) = self.take_here(bytes, zeroed, false) {
            return Ok(p);
        }
        // Where other threads run, they may take what the collection freed before this one gets its turn.
        for _ in 0..if world::is_alone() { 1 } else { 4 } {
            self.collect_now(true)?;
            if let Some(p) = self.take_here(bytes, zeroed, false) {
                return Ok(p);
            }
        }
        Err(self.raise_oom())
    }

    /// Memory without a collection. `force`: beyond the soft limit too. None when memory is out.
    #[cold]
    #[inline(never)]
    fn take_here(&mut self, bytes: usize, zeroed: bool, force: bool) -> Option<*mut u8> {
        let in_tx = self.mutator().in_transaction();
        if in_tx {
            self.note_born();
        }
        let p = self.take_from(bytes, zeroed, force);
        if in_tx {
            // The search may have gone to another hole, whatever it found.
            self.nursery.born_from = self.bump;
            match p {
                None => {}
                // SAFETY: the end of the object.
                Some(p) if bytes > LARGE => self.local().logs.born_in(p, unsafe { p.add(bytes) }),
                Some(p) if (self.nursery.over as usize).wrapping_sub(bytes) == p as usize => self.nursery.over_born_from = p,
                Some(p) => self.nursery.born_from = p,
            }
        }
        p
    }
    fn take_from(&mut self, bytes: usize, zeroed: bool, force: bool) -> Option<*mut u8> {
        if bytes > LARGE {
            return take_large(bytes, zeroed, force);
        }
        if (self.nursery.hole_end as usize) - (self.bump as usize) < bytes {
            if bytes > LINE && (self.nursery.hole_end as usize) - (self.bump as usize) >= LINE || bytes > 8 * LINE {
                return self.nursery.overflow(bytes, force);
            }
            loop {
                // SAFETY: `bump` belongs to this nursery.
                let Some((start, end)) = (unsafe { self.nursery.next_hole(self.bump, force) }) else {
                    (self.bump, self.bump_end) = (std::ptr::null_mut(), std::ptr::null_mut());
                    return None;
                };
                (self.bump, self.bump_end) = (start, end);
                if end as usize - start as usize >= bytes {
                    break;
                }
                if bytes > LINE {
                    return self.nursery.overflow(bytes, force);
                }
            }
        }
        let p = self.bump;
        // SAFETY: the hole has room.
        self.bump = unsafe { p.add(bytes) };
        // Every allocation is to come here under the strictest stress mode.
        self.bump_end = if collect::stress() == 1 { self.bump } else { self.nursery.hole_end };
        Some(p)
    }

    /// Memory under a guard: never collects.
    #[inline(always)]
    fn take_reserved(&mut self, bytes: usize, zeroed: bool) -> *mut u8 {
        let p = self.bump_take(bytes);
        if p.is_null() { self.take_reserved_slow(bytes, zeroed) } else { p }
    }
    #[cold]
    #[inline(never)]
    fn take_reserved_slow(&mut self, bytes: usize, zeroed: bool) -> *mut u8 {
        match self.take_here(bytes, zeroed, true) {
            Some(p) => {
                if collect::due() {
                    world::nudge_self(self);
                }
                p
            }
            None => panic!("the heap is full under a guard: {bytes} bytes"),
        }
    }

    #[inline(always)]
    fn header<T: Object>(&self, shape: u32, bytes: usize) -> Header {
        let i = T::INFO;
        let fixed = i.frozen || i.storage;
        let mut flags = if i.frozen { flag::FROZEN } else { 0 };
        if bytes > LARGE {
            flags |= flag::LARGE;
        }
        Header { access: AtomicU64::new(if fixed { IMMUTABLE } else { self.write_key() }), shape: shape.into(), kind: T::KIND, flags: flags.into() }
    }

    /// # Safety
    /// `p` is fresh memory of `bytes` for a `T`.
    #[inline(always)]
    unsafe fn fill<T: Object>(&mut self, p: *mut u8, shape: u32, bytes: usize, init: T) -> Gc<T> {
        const { assert!(align_of::<T>() <= GRANULE) };
        let p: *mut T = p.cast();
        unsafe {
            p.write(init);
            p.cast::<Header>().write(self.header::<T>(shape, bytes));
            if T::INFO.release.is_some() {
                self.local().releasable.push(p.cast());
            }
            Gc::from_ptr(p)
        }
    }

    /// # Safety
    /// `p` is fresh memory of `bytes` for a `T` with a tail of `len` items, which the caller fills or clears.
    #[inline(always)]
    unsafe fn fill_tail<T: Object>(&mut self, p: *mut u8, shape: u32, bytes: usize, init: T, len: usize) -> Gc<T> {
        unsafe {
            let g = self.fill(p, shape, bytes, init);
            p.cast::<usize>().byte_add(size_of::<Header>()).write(len);
            g
        }
    }

    /// Makes large storage longer where it stands, to `len` items; what is new is zeroed. False when there is no room behind it, or when it is not large.
    /// Never collects.
    /// # Safety
    /// The caller holds the storage's owner for writing, and has no reference to the tail.
    pub(crate) unsafe fn extend_tail<T: Object>(&mut self, storage: Gc<T>, len: usize) -> bool {
        const { assert!(T::INFO.storage && T::TAIL != 0, "the kind is no storage with a tail") };
        let p = storage.as_ptr().cast::<u8>();
        // SAFETY: a live object; its tail's length follows the header.
        unsafe {
            let place = p.add(size_of::<Header>()).cast::<usize>();
            let (Some(old), Some(bytes)) = (Self::tail_size::<T>(*place), Self::tail_size::<T>(len)) else { return false };
            let fits = storage.header().has(flag::LARGE) && bytes > old && extend_large(p, old, bytes);
            if fits {
                place.write(len);
            }
            fits
        }
    }

    /// Bytes of a `T` with `len` tail items.
    #[inline(always)]
    pub fn tail_size<T: Object>(len: usize) -> Option<usize> {
        const { assert!(T::TAIL != 0, "the kind has no tail") };
        match len.checked_mul(T::TAIL) {
            Some(n) if n < isize::MAX as usize / 2 => Some((size_of::<T>() + n + 7) & !7),
            _ => None,
        }
    }

    /// A new object. May collect.
    #[inline(always)]
    pub fn alloc<T: Object>(&mut self, shape: u32, init: T) -> R<Gc<T>> {
        const { assert!(T::TAIL == 0, "a kind with a tail is made by alloc_tail") };
        let bytes = const { (size_of::<T>() + 7) & !7 };
        let p = self.take(bytes, false)?;
        // SAFETY: fresh memory of that size.
        Ok(unsafe { self.fill(p, shape, bytes, init) })
    }

    /// A new object with a tail of `len` items, all-zero bits. May collect. Errors: OutOfMemory.
    #[inline]
    pub fn alloc_tail<T: Object>(&mut self, shape: u32, init: T, len: usize) -> R<Gc<T>> {
        let Some(bytes) = Self::tail_size::<T>(len) else { return Err(too_big(self)) };
        let p = self.take(bytes, true)?;
        // SAFETY: fresh memory of that size; large memory comes zeroed.
        unsafe {
            if bytes <= LARGE {
                p.add(size_of::<T>()).write_bytes(0, bytes - size_of::<T>());
            }
            Ok(self.fill_tail(p, shape, bytes, init, len))
        }
    }

    /// A new object whose tail is a copy of `items`, wherever they stand: the collector sees them until then.
    #[inline]
    pub fn alloc_tail_with<T: Object, E: Copy>(&mut self, shape: u32, init: T, items: &[E]) -> R<Gc<T>> {
        assert!(size_of::<E>() == T::TAIL);
        let Some(bytes) = Self::tail_size::<T>(items.len()) else { return Err(too_big(self)) };
        let mut p = self.bump_take(bytes);
        if p.is_null() {
            let before = self.local().extra;
            self.local().extra = (items.as_ptr() as usize, size_of_val(items));
            let r = self.take_slow(bytes, false);
            self.local().extra = before;
            p = r?;
        }
        // SAFETY: fresh memory of that size.
        unsafe {
            p.add(bytes - 8).cast::<u64>().write(0);
            p.add(size_of::<T>()).cast::<E>().copy_from_nonoverlapping(items.as_ptr(), items.len());
            Ok(self.fill_tail(p, shape, bytes, init, items.len()))
        }
    }

    /// A new object of `bytes` in all, header included; the payload is zeroed, the access word follows from the kind and
    /// from FROZEN in `flags`. May collect.
    /// # Safety
    /// `bytes` is what the kind table and the shape say of the object as the caller then fills it (a tail's length included),
    /// and it is filled before the next safepoint.
    pub unsafe fn alloc_raw(&mut self, bytes: usize, kind: u16, shape: u32, mut flags: u16) -> R<*mut Header> {
        if bytes > isize::MAX as usize / 2 {
            return Err(self.raise_oom());
        }
        let bytes = (bytes + 7) & !7;
        let p = self.take(bytes, true)?;
        let i = kinds::info(kind);
        debug_assert!(i.kind == kind, "kind {kind} is not registered");
        if bytes > LARGE {
            flags |= flag::LARGE;
        }
        let word = if i.storage || flags & flag::FROZEN != 0 { IMMUTABLE } else { self.write_key() };
        // SAFETY: `take` gave so many bytes, which nobody else knows.
        unsafe {
            if bytes <= LARGE {
                p.add(size_of::<Header>()).write_bytes(0, bytes - size_of::<Header>());
            }
            let h: *mut Header = p.cast();
            h.write(Header { access: AtomicU64::new(word), shape: shape.into(), kind, flags: flags.into() });
            if i.release.is_some() {
                self.local().releasable.push(h);
            }
            if flags & flag::FINALIZER != 0 {
                self.local().finalizable.push(h);
            }
            Ok(h)
        }
    }

    /// The safepoint before work under a guard that allocates up to `bytes`. Errors: OutOfMemory.
    #[inline]
    pub fn reserve(&mut self, bytes: usize) -> R<()> {
        if bytes > LARGE || self.bump_end as usize - (self.bump as usize) < bytes { self.reserve_slow(bytes) } else { Ok(()) }
    }
    /// As `reserve`, with `items`, wherever they stand, visible to a collection.
    #[inline]
    pub fn reserve_for<E: Copy>(&mut self, bytes: usize, items: &[E]) -> R<()> {
        if bytes <= LARGE && self.bump_end as usize - (self.bump as usize) >= bytes {
            return Ok(());
        }
        let before = self.local().extra;
        self.local().extra = (items.as_ptr() as usize, size_of_val(items));
        let r = self.reserve_slow(bytes);
        self.local().extra = before;
        r
    }
    #[cold]
    #[inline(never)]
    fn reserve_slow(&mut self, bytes: usize) -> R<()> {
        if collect::wanted(self) {
            self.collect_now(false)?;
        }
        if !collect::room_for(bytes) {
            self.collect_now(true)?;
            if !collect::room_for(bytes) {
                return Err(self.raise_oom());
            }
        }
        Ok(())
    }

    /// An owner and its storage, a copy of `items`, with no collection in between: it would make the storage older than the owner, whose writes
    /// nobody would notice. May collect before. Errors: OutOfMemory.
    #[inline]
    pub fn alloc_owner<T: Object, S: Object, E: Copy>(&mut self, shape: u32, storage: S, items: &[E], owner: impl FnOnce(Gc<S>) -> T) -> R<Gc<T>> {
        let Some(bytes) = Self::tail_size::<S>(items.len()) else { return Err(too_big(self)) };
        self.reserve_for(bytes + ((size_of::<T>() + 7) & !7), items)?;
        let s = self.alloc_tail_with_reserved(0, storage, items);
        Ok(self.alloc_reserved(shape, owner(s)))
    }

    /// As [`Thread::alloc`], from what [`Thread::reserve`] promised: never collects.
    #[inline(always)]
    pub fn alloc_reserved<T: Object>(&mut self, shape: u32, init: T) -> Gc<T> {
        const { assert!(T::TAIL == 0, "a kind with a tail is made by alloc_tail_reserved") };
        let bytes = const { (size_of::<T>() + 7) & !7 };
        let p = self.take_reserved(bytes, false);
        // SAFETY: fresh memory of that size.
        unsafe { self.fill(p, shape, bytes, init) }
    }
    /// As [`Thread::alloc_tail`], from what [`Thread::reserve`] promised: never collects.
    #[inline]
    pub fn alloc_tail_reserved<T: Object>(&mut self, shape: u32, init: T, len: usize) -> Gc<T> {
        let bytes = Self::tail_size::<T>(len).expect("the length was not reserved");
        let p = self.take_reserved(bytes, true);
        // SAFETY: fresh memory of that size; large memory comes zeroed.
        unsafe {
            if bytes <= LARGE {
                p.add(size_of::<T>()).write_bytes(0, bytes - size_of::<T>());
            }
            self.fill_tail(p, shape, bytes, init, len)
        }
    }
    /// As [`Thread::alloc_tail_with`], from what [`Thread::reserve`] promised: never collects.
    #[inline]
    pub fn alloc_tail_with_reserved<T: Object, E: Copy>(&mut self, shape: u32, init: T, items: &[E]) -> Gc<T> {
        assert!(size_of::<E>() == T::TAIL);
        let bytes = Self::tail_size::<T>(items.len()).expect("the length was not reserved");
        let p = self.take_reserved(bytes, false);
        // SAFETY: fresh memory of that size.
        unsafe {
            p.add(bytes - 8).cast::<u64>().write(0);
            p.add(size_of::<T>()).cast::<E>().copy_from_nonoverlapping(items.as_ptr(), items.len());
            self.fill_tail(p, shape, bytes, init, items.len())
        }
    }

    // ---- the collector's view of writes

    /// Fills a late field of a frozen object and tells the collector.
    #[inline]
    pub fn set_late(&mut self, owner: &Header, field: &Late, v: Value) {
        if self.in_transaction() {
            self.log_late(owner, field);
        }
        field.0.store(v.0, Release);
        self.remember(owner);
    }
    /// An object was written to outside of a write barrier: the next collection looks at it again.
    #[inline]
    pub fn remember(&mut self, h: &Header) {
        if h.access.load(Relaxed) & OLD != 0 && h.access.fetch_and(!OLD, AcqRel) & OLD != 0 {
            self.local().remembered.push(h as *const Header as *mut Header);
        }
    }
    /// The object gets its finalizer called when it dies (sets the FINALIZER flag).
    pub fn register_finalizer(&mut self, h: &Header) {
        if h.flags.fetch_or(flag::FINALIZER, AcqRel) & flag::FINALIZER == 0 {
            self.local().finalizable.push(h as *const Header as *mut Header);
        }
    }

    // ---- safepoints

    /// Runs `f`, which may wait for long; other threads, collections included, go on meanwhile. `f` captures no Value and no guard.
    pub fn blocking<T>(&mut self, f: impl FnOnce() -> T) -> T { world::blocking(self, f) }

    /// Forks the process; in the child this thread is the only one. Gives what the system call gives.
    pub fn fork(&mut self) -> i32 { world::fork(self) }
    /// Runs `f` with all other threads stopped at safepoints.
    pub fn stopped<T>(&mut self, f: impl FnOnce(&mut Thread) -> T) -> T { world::stopped(self, f) }

    /// Collects now; the old generation too when `full`.
    pub fn collect(&mut self, full: bool) -> R<()> { self.collect_now(full) }

    #[cold]
    #[inline(never)]
    fn collect_now(&mut self, full: bool) -> R<()> {
        collect::run(self, full);
        self.look_for_dead();
        Ok(())
    }
    /// After a collection: the vm takes the queues of the dead at its next poll.
    pub(crate) fn look_for_dead(&mut self) {
        if self.has_dead() {
            world::nudge_self(self);
        }
    }

    /// Counts safepoints for the stress mode; true at every N-th.
    pub(crate) fn stress_tick(&mut self, every: u32) -> bool {
        self.stress += 1;
        if self.stress >= every {
            self.stress = 0;
            return true;
        }
        false
    }

    /// Ends allocation before a collection.
    pub(crate) fn close_regions(&mut self) {
        if self.mutator().in_transaction() {
            self.note_born();
            self.local().logs.strip_born();
        }
        // SAFETY: `bump` belongs to this nursery.
        unsafe { self.nursery.retire(self.bump) };
        (self.bump, self.bump_end) = (std::ptr::null_mut(), std::ptr::null_mut());
    }

    /// In a transaction: what was allocated since the last call was born in it.
    pub(crate) fn note_born(&mut self) {
        let (from, to) = (self.nursery.born_from, self.bump);
        let (over_from, over) = (self.nursery.over_born_from, self.nursery.over);
        let logs = &mut self.local().logs;
        logs.born_in(from, to);
        logs.born_in(over_from, over);
        (self.nursery.born_from, self.nursery.over_born_from) = (to, over);
    }

    /// Clears the value stack above `top`, where stale references would keep garbage alive.
    pub(crate) fn clear_above_top(&mut self) {
        if self.stack_base.is_null() {
            return;
        }
        // SAFETY: the range is inside this thread's mapping, above everything in use.
        unsafe {
            let top = self.top as usize;
            let end = self.stack_end as usize;
            let near = (top + CLEAR_BYTES).next_multiple_of(4096).min(end);
            std::ptr::write_bytes(top as *mut u8, 0, near - top);
            crate::space::give_back(near as *mut u8, end - near);
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) { self.detach(); }
}
