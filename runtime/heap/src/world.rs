//! Threads among each other: the protocol's instance for this heap, and the wrappers that spill registers around its slow paths.

use crate::buffer::Buffer;
use crate::guard::Many;
use crate::object::{Gc, Header, flag};
use crate::protocol::{self, Abort, Hold, Mode, Mutator, NSLOTS, Note, Space, World};
use crate::roots::spilled;
use crate::shape;
use crate::local::Local;
use crate::stm_log;
use crate::thread::{Cause, R, Thread, Unwind};
use crate::undo::{Logs, PIECE};
use crate::value::Value;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// Call limits by slot: what the next call compares with; 0 while a request is pending.
#[repr(align(64))]
struct Limit(AtomicUsize);
static LIMITS: [Limit; NSLOTS] = [const { Limit(AtomicUsize::new(0)) }; NSLOTS];

/// Something waits for a thread to poll outside of the heap (signals): until that is done every poll takes the slow path, so that
/// safepoints inside the heap, which answer requests, do not swallow it.
pub static ATTENTION: AtomicBool = AtomicBool::new(false);

/// The call limit without a request: under collection stress every safepoint takes the slow path.
fn resting_limit(stack_limit: usize) -> usize {
    let always = crate::collect::stress() != 0 || crate::tx::injects_aborts() || ATTENTION.load(Relaxed);
    if always { 0 } else { stack_limit }
}

/// The limit rests. A signal's handler may run at any moment: one that came after the first look at `ATTENTION` is not overwritten.
fn rest(limit: &AtomicUsize, stack_limit: usize) {
    limit.swap(resting_limit(stack_limit), AcqRel);
    if ATTENTION.load(Relaxed) {
        limit.store(0, Relaxed);
    }
}

pub(crate) fn limit_of(slot: usize) -> &'static AtomicUsize { &LIMITS[slot].0 }

/// An object as the protocol sees it. Order is by address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ref(pub *mut Header);
// SAFETY: a reference by itself gives no access; the collector keeps what it points to alive.
unsafe impl Send for Ref {}
impl Ref {
    pub(crate) fn header(&self) -> &Header {
        // SAFETY: the thread that runs the protocol has the object on its native stack, or a log or request that is a root holds it.
        unsafe { &*self.0 }
    }
}

/// The heap as the protocol's space.
pub struct Heap {
    world: World,
}

pub(crate) fn heap() -> &'static Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    HEAP.get_or_init(|| Arc::new(Heap { world: World::with_solo(NSLOTS) }))
}

impl Space for Heap {
    type Obj = Ref;
    type Local = Local;
    fn world(&self) -> &World { &self.world }
    #[inline(always)]
    fn word(&self, o: Ref) -> &AtomicU64 {
        // SAFETY: see Ref::header.
        unsafe { &(*o.0).access }
    }
    fn elementwise(&self, local: &Local, _: Ref) -> bool { local.elements }
    fn encode(o: Ref, mode: Mode) -> u64 { o.0 as u64 | mode as u64 }
    fn decode(record: u64) -> (Ref, Mode) { (Ref((record & !1) as *mut Header), if record & 1 == 0 { Mode::Read } else { Mode::Write }) }
    #[inline]
    fn reserve(&self, local: &mut Local, _: Ref, mode: Mode) { local.logs.reserve(mode) }
    fn remember(&self, local: &mut Local, o: Ref) { local.remembered.push(o.0) }
    #[inline(always)]
    fn remember_now(&self, local: &mut Local, o: Ref) {
        let list = &mut local.remembered;
        let n = list.len();
        // SAFETY: `has_room` has said yes.
        unsafe {
            list.as_mut_ptr().add(n).write(o.0);
            list.set_len(n + 1);
        }
    }
    fn log_read(&self, local: &mut Local, o: Ref) { local.logs.log_read(o) }
    /// Soon when aborts are injected, so that tests meet it.
    fn quiet_after(&self) -> u64 { if crate::tx::injects_aborts() { 2 } else { 255 } }
    fn log_read_of(&self, slot: usize, o: Ref) {
        for &t in &threads().0 {
            // SAFETY: listed threads are at stable addresses; the world is stopped, so that nobody else looks at their logs, and those who are about to
            // enter or to leave are not attached.
            let t = unsafe { &mut *t };
            if t.attached && t.slot() == slot && t.in_transaction() {
                t.local().logs.log_read(o);
            }
        }
    }
    /// Attributes of a small instance.
    fn each_beside(&self, o: Ref, mut f: impl FnMut(Ref)) {
        let h = o.header();
        for i in shape::FIRST_SLOT..=shape::shape(h.shape_id()).whole as usize {
            // SAFETY: the object is held by this thread; its inline slots lie between these words.
            let v = unsafe { *o.0.cast::<Value>().add(i) };
            if v.is_ref() {
                f(Ref(v.ptr_unchecked()))
            }
        }
    }
    fn log_write(&self, local: &mut Local, o: Ref, first: bool) { local.logs.log_write(o, first) }
    /// The general path has the chances for injected aborts: then one transaction in two has it.
    fn has_first(&self, local: &Local) -> bool { !crate::tx::injects_aborts() || local.random >> 40 & 1 == 0 }
    #[inline(always)]
    fn log_small(&self, local: &mut Local, o: Ref) -> bool { local.logs.log_small(o) }
    #[inline(always)]
    fn has_room(&self, local: &Local, old: bool) -> bool { local.logs.has_room() && (!old || local.remembered.len() < local.remembered.capacity()) }
    #[inline(always)]
    fn has_room_to_read(&self, local: &Local) -> bool { local.logs.has_room_to_read() }
    #[inline(always)]
    // SAFETY: `has_room_to_read` has said yes.
    fn log_read_now(&self, local: &mut Local, o: Ref) { unsafe { local.logs.log_read_now(o) } }
    fn restore(&self, local: &mut Local) { local.logs.restore() }
    #[inline(always)]
    fn each_written(&self, local: &mut Local, by_word: bool, f: impl FnMut(Ref)) { local.logs.each_written(by_word, f) }
    fn each_unmarked(&self, local: &Local, f: impl FnMut(Ref)) { local.logs.words.each_object(f) }
    fn each_unmarked_of_others(&self, mut f: impl FnMut(usize, Ref)) {
        for &t in &threads().0 {
            // SAFETY: as in `log_read_of`.
            let t = unsafe { &mut *t };
            if t.attached && t.is_blind() {
                let s = t.slot();
                t.local().logs.words.each_object(|o| f(s, o));
            }
        }
    }
    fn each_read(&self, local: &mut Local, f: impl FnMut(Ref)) { local.logs.each_read(f) }
    fn each_born(&self, local: &mut Local, f: impl FnMut(Ref)) { local.logs.each_born(f) }
    fn clear_logs(&self, local: &mut Local, _committed: bool) { local.logs.clear() }
    #[inline(always)]
    fn note(&self, local: &mut Local, slot: usize, n: Note<Ref>) {
        if stm_log::on() {
            stm_log::note(local, slot, n);
        }
    }
    // publish: nothing to do, as every entry into the protocol goes through `with_registers_spilled`.
    fn entered(&self, local: &mut Local, slot: usize) {
        rest(limit_of(slot), local.stack_limit);
        stm_log::entered(local, slot);
    }
    fn transferred(&self, _: &mut Local, o: Ref) { o.header().set(flag::CONTENDED) }
    #[inline(always)]
    fn contended(&self, o: Ref) -> bool { o.header().has(flag::CONTENDED) }
    /// The next transaction has to change the word in any case, whoever holds the object.
    #[inline]
    fn gives_up(&self, o: Ref, mode: Mode, solo: bool) -> bool { mode == Mode::Write && !solo || self.contended(o) }
    fn nudge(&self, slot: usize) { limit_of(slot).store(0, Release) }
}

/// Attached threads. Held for as long as a collection lasts, so that none of them goes away meanwhile.
static THREADS: Mutex<Threads> = Mutex::new(Threads(Vec::new()));
pub(crate) struct Threads(pub Vec<*mut Thread>);
// SAFETY: threads are at stable addresses while listed.
unsafe impl Send for Threads {}
pub(crate) fn threads() -> MutexGuard<'static, Threads> { THREADS.lock().unwrap_or_else(|e| e.into_inner()) }

/// Whether only one thread is attached.
pub(crate) fn is_alone() -> bool { threads().0.len() == 1 }

/// What threads that ended left to the next collection.
static ORPHANS: Mutex<Option<Local>> = Mutex::new(None);
pub(crate) fn orphans() -> MutexGuard<'static, Option<Local>> { ORPHANS.lock().unwrap_or_else(|e| e.into_inner()) }

/// # Safety
/// `th` stays at its address until `leave`.
pub(crate) unsafe fn enter(th: &mut Thread, mut local: Local) {
    let p: *mut Thread = th;
    stm_log::enter(&mut local, p);
    threads().0.push(p);
    th.m.write(Mutator::enter(heap(), local));
    th.attached = true;
    th.sync_slot();
}

pub(crate) fn leave(th: &mut Thread) {
    stm_log::leave(th.local());
    orphans().get_or_insert_with(Local::new).adopt(th.local());
    spilled(|sp| {
        th.local().native_top = sp;
        th.attached = false;
        // SAFETY: initialised while attached, and not used afterwards.
        let m = unsafe { th.m.assume_init_read() };
        m.exit();
    });
    let me: *mut Thread = th;
    threads().0.retain(|&t| t != me);
}

impl Thread {
    #[inline(always)]
    pub(crate) fn mutator(&mut self) -> &mut Mutator<Heap> {
        debug_assert!(self.attached);
        // SAFETY: initialised while attached.
        unsafe { self.m.assume_init_mut() }
    }

    /// The slot may have changed: so has the call limit's place.
    #[inline]
    pub(crate) fn sync_slot(&mut self) { self.limit = limit_of(self.mutator().slot()) }

    /// The slot that the thread runs in.
    pub fn slot(&mut self) -> usize { self.mutator().slot() }

    /// Runs a part of the protocol that may wait, with all registers where a collection finds them.
    #[inline]
    pub(crate) fn with_registers_spilled<T>(&mut self, f: impl FnOnce(&mut Mutator<Heap>) -> T) -> T {
        let r = spilled(|sp| {
            self.local().native_top = sp;
            f(self.mutator())
        });
        self.sync_slot();
        r
    }

    #[cold]
    pub(crate) fn doomed(&mut self, _: Abort) -> Unwind {
        self.cause = Cause::Abort;
        Unwind
    }

    pub(crate) fn lift<T>(&mut self, r: protocol::R<T>) -> R<T> { r.map_err(|e| self.doomed(e)) }
}

pub(crate) fn answer(th: &mut Thread) -> R<()> {
    // Before `pending` is read, so that a nudge that comes later is not lost.
    // SAFETY: `limit` points to a static.
    rest(unsafe { &*th.limit }, th.stack_limit());
    let r = th.with_registers_spilled(|m| m.safepoint_slow());
    th.lift(r)?;
    th.chance()
}

/// Makes the thread's next poll take the slow path.
pub(crate) fn nudge_self(th: &Thread) {
    // SAFETY: `limit` points to a static.
    unsafe { (*th.limit).store(0, Relaxed) }
}

pub(crate) fn blocking<T>(th: &mut Thread, f: impl FnOnce() -> T) -> T { th.with_registers_spilled(|m| m.blocking(f)) }

pub(crate) fn stopped<T>(th: &mut Thread, f: impl FnOnce(&mut Thread) -> T) -> T {
    struct Start<'a>(&'a mut Thread);
    impl Drop for Start<'_> {
        fn drop(&mut self) { self.0.mutator().start_world() }
    }
    spilled(|sp| {
        th.local().native_top = sp;
        th.mutator().stop_world();
        let s = Start(th);
        f(s.0)
    })
}

/// Forks the process. In the child this thread is the only one; what others were doing is over. Gives what `fork` gives.
pub(crate) fn fork(th: &mut Thread) -> i32 {
    stopped(th, |th| {
        // Threads that stop hold no lock; those that are outside of the heap, about to enter or leave, hold these for moments.
        let held = (threads(), orphans(), crate::value_stack::kept(), heap().world().hold_parkers());
        // SAFETY: no lock that the child needs is another thread's; the C library sees to its own.
        let pid = unsafe { libc::fork() };
        drop(held);
        if pid == 0 {
            leave_behind(th);
        }
        pid
    })
}
/// In the child of a fork, with the world stopped: the other threads' memory becomes nobody's.
fn leave_behind(th: &mut Thread) {
    let me: *mut Thread = th;
    let others = std::mem::replace(&mut threads().0, vec![me]);
    // SAFETY: threads are at stable addresses while listed. Those who are about to enter or have just left have nothing to leave behind.
    let others: Vec<*mut Thread> = others.into_iter().filter(|&t| t != me && unsafe { (*t).attached }).collect();
    // SAFETY: as above; those who used them are not in this process.
    let each = || others.iter().map(|&t| unsafe { &mut *t });
    th.mutator().only_one_left(each().map(|t| t.mutator()));
    for t in each() {
        // SAFETY: `bump` belongs to this nursery.
        unsafe { t.nursery.retire(t.bump) };
        (t.bump, t.bump_end) = (std::ptr::null_mut(), std::ptr::null_mut());
        orphans().get_or_insert_with(Local::new).adopt(t.local());
        t.attached = false;
        t.give_stack_back();
    }
}

/// The common case of writing in a transaction: [`Mutator::try_untouched`]. False where that does not apply.
#[inline(always)]
pub(crate) fn try_untouched(th: &mut Thread, h: &Header, whole: impl FnOnce() -> bool) -> bool {
    th.mutator().try_untouched(Ref(h as *const Header as *mut Header), |_| whole())
}

/// The common case of reading in a transaction: [`Mutator::try_unread`]. False where that does not apply.
#[inline(always)]
pub(crate) fn try_unread(th: &mut Thread, h: &Header) -> bool { th.mutator().try_unread(Ref(h as *const Header as *mut Header)) }
#[inline(always)]
pub(crate) fn take_unread(th: &mut Thread, h: *mut Header) -> bool { th.mutator().take_unread(Ref(h)) }

#[inline(always)]
pub(crate) fn note_first(th: &mut Thread, h: &Header, at: usize) {
    let slot = th.slot();
    stm_log::taken_by(th.local(), slot, Ref(h as *const Header as *mut Header), at)
}

/// Gets an object that [`try_untouched`] or [`try_unread`] does not.
#[inline(never)]
pub(crate) fn acquire(th: &mut Thread, h: &Header, mode: Mode) -> R<()> {
    th.chance()?;
    let o = Ref(h as *const Header as *mut Header);
    if th.mutator().try_take(o, mode) {
        return Ok(());
    }
    let r = th.with_registers_spilled(|m| m.acquire(o, mode));
    th.lift(r)
}

/// As `acquire` for writing by element. Nothing to do when the running transaction holds the object so already.
#[cold]
#[inline(never)]
pub(crate) fn acquire_elements(th: &mut Thread, h: &Header) -> R<()> {
    use crate::protocol::word::LOGGED;
    if th.in_transaction() && h.access.load(Relaxed) == th.write_key() & !LOGGED {
        return Ok(());
    }
    th.local().elements = true;
    let r = acquire(th, h, Mode::Write);
    th.local().elements = false;
    r
}

/// As `acquire`, for an access that is no part of a running transaction.
#[cold]
#[inline(never)]
pub(crate) fn acquire_untracked(th: &mut Thread, h: &Header, mode: Mode) -> R<()> {
    let o = Ref(h as *const Header as *mut Header);
    if th.mutator().untracked(|m| m.try_acquire(o, mode)) {
        return Ok(());
    }
    let r = th.with_registers_spilled(|m| m.untracked(|m| m.acquire(o, mode)));
    th.lift(r)
}

/// What one write by element costs more than one that passes the fast path, in words copied (about 40 ns).
const ELEMENT_COST: usize = 16;

/// Logs words before they change; when logging so has cost more than a copy of the container would, copies it whole, once.
pub(crate) fn log_elements(th: &mut Thread, h: &Header, at: *mut u64, n: usize, whole: usize) {
    let o = Ref(h as *const Header as *mut Header);
    let logs = &mut th.local().logs;
    logs.log_words(o, at, n);
    if logs.count(n * ELEMENT_COST) > whole {
        copy_whole(logs, o);
    }
}
/// Copies an object that is held by element. False when another thread waits for it: its word can't change then.
fn copy_whole(logs: &mut Logs, o: Ref) -> bool {
    use crate::protocol::word::{LOCKED, LOGGED};
    let access = &o.header().access;
    let w = access.load(Relaxed);
    // Transaction bits are added by their owner, and never to a LOCKED word.
    let whole = w & LOCKED == 0 && access.compare_exchange(w, w | LOGGED, Relaxed, Relaxed).is_ok();
    if whole {
        logs.copied_whole();
        logs.log_write(o, false);
    }
    whole
}

/// Acquires a buffer and, in a transaction, logs the ranges of it (see [`Gc::log_ranges`]), or all of it when that costs less.
#[cold]
#[inline(never)]
pub(crate) fn log_bytes(th: &mut Thread, b: Gc<Buffer>, count: usize, words: usize, ranges: &mut dyn FnMut(&mut dyn FnMut(usize, usize))) -> R<()> {
    use crate::protocol::word::LOGGED;
    acquire_elements(th, b.header())?;
    // Nothing takes back what an irrevocable transaction writes.
    if !th.in_transaction() || th.is_irrevocable() || b.header().access.load(Relaxed) & LOGGED != 0 {
        return Ok(());
    }
    let logs = &mut th.local().logs;
    let whole = b.bytes() / 8;
    let cost = count.saturating_mul(PIECE).saturating_add(words).saturating_add(ELEMENT_COST);
    let by_range = logs.count(cost) <= whole;
    let (count, words) = if by_range { (count, words) } else { (1, whole + 1) };
    if !logs.reserve_contents(count, words) {
        return Err(th.raise_oom());
    }
    if !by_range && copy_whole(logs, Ref(b.as_ptr().cast())) {
        return Ok(());
    }
    ranges(&mut |at, n| {
        assert!(at.checked_add(n).is_some_and(|end| end <= b.bytes()), "a range of the buffer");
        // SAFETY: held by element since `acquire_elements`; the range is inside the buffer.
        unsafe { logs.log_bytes(b, at, n) }
    });
    Ok(())
}

impl Thread {
    /// Words that an abort of the running transaction would put back, with what it takes to find them.
    pub fn logged_words(&mut self) -> usize { self.local().logs.logged() }
}

/// `by_element`: what is written has been logged or needs none.
pub(crate) fn access_many<T>(th: &mut Thread, objects: &mut [(Value, Mode)], by_element: bool, f: impl FnOnce(&mut Many) -> T) -> R<T> {
    const FEW: usize = 32;
    let needs = |v: &Value| v.as_ptr().filter(|_| v.header().is_some_and(|h| !h.has(flag::FROZEN)));
    let mut few = [(Ref(std::ptr::null_mut()), Mode::Read); FEW];
    let mut more = Vec::new();
    let mut n = 0;
    for (v, mode) in objects.iter() {
        let Some(p) = needs(v) else { continue };
        if n < FEW {
            few[n] = (Ref(p), *mode);
        } else {
            if n == FEW {
                more.extend_from_slice(&few);
            }
            more.push((Ref(p), *mode));
        }
        n += 1;
    }
    struct End<'a>(&'a mut Thread, Hold);
    impl Drop for End<'_> {
        fn drop(&mut self) { self.0.mutator().end_hold(self.1) }
    }
    // `objects` and so everything in `more` stays visible: the caller's slice holds Values that the collector must see.
    let before = th.local().extra;
    th.local().extra = (objects.as_ptr() as usize, size_of_val(objects));
    let list = if n <= FEW { &mut few[..n] } else { &mut more[..] };
    th.local().elements = by_element;
    let hold = th.with_registers_spilled(|m| m.hold_many(list));
    th.local().elements = false;
    th.local().extra = before;
    let hold = th.lift(hold)?;
    let end = End(th, hold);
    Ok(f(&mut Many::new(objects, end.0)))
}

/// Objects that requests and foreign kernels name: roots.
pub(crate) fn each_requested(mut f: impl FnMut(*mut Header)) {
    let w = heap().world();
    for r in w.requests().chain(w.pinned()) {
        f(Heap::decode(r).0.0);
    }
}
