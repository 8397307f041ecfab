//! A thread's protocol state: its slot, its keys, its transaction. The vm's thread embeds one.
use super::bounce::Bounces;
use super::lane::Lane;
use super::mutants::{self, Mutant};
use super::slot::{PLAIN, Slot, World};
use super::space::{R, Space};
use super::sys::{AtomicU64, Ordering::*};
use super::way::Way;
use super::word::{ALL_TOUCHED, LOCKED, LOGGED, Mode, NEVER, UNREAD, may, read_key, touched, txr, write_key};
use std::sync::Arc;

/// A thread's protocol state. Whatever may reach a safepoint takes `&mut Mutator`; a guard borrows it, so that no guard lives
/// across a safepoint.
///
/// Any safepoint may change the slot, and with it both keys: compiled code reloads them after each.
#[repr(C)]
pub struct Mutator<S: Space> {
    pub(crate) read_key: u64,
    pub(crate) write_key: u64,
    /// What sends a first write in a transaction to the general path; see [`super::word::is_untouched`].
    pub(super) touched: u64,
    /// The word of an object that a first write gets with the least ado: see [`Mutator::take_fresh`].
    pub(super) fresh: u64,
    /// That of an object that is written word by word: see [`Mutator::has_by_word`].
    pub(super) by_word: u64,
    /// What sends a first reading in a transaction to the general path; see [`Mutator::take_unread`].
    pub(super) unread: u64,
    /// The slot's line; its first word is `pending`. Valid as long as `space` is.
    pub(crate) line: *const Slot,
    pub(crate) s: usize,
    pub(crate) in_tx: bool,
    pub(crate) irrevocable: bool,
    /// The transaction began when its thread was alone: it takes no note of what it reads, puts no mark on what it writes by the word, and aborts if another
    /// thread begins to run.
    pub(crate) blind: bool,
    /// Another thread has: the transaction aborts at its next step.
    pub(crate) doomed: bool,
    /// Transactions until one may be blind again.
    pub(super) blind_in: u32,
    /// The access that runs is no part of the transaction: see [`Mutator::untracked`].
    untracked: bool,
    /// The last transaction was aborted; the next attempt keeps its age.
    pub(super) retry: bool,
    /// The slot and the number of the transaction that the last one had to make way for: another attempt before its end would be in its way again.
    pub(super) lost_to: Option<(usize, u64)>,
    pub(super) lane: Lane,
    pub(super) way: Way,
    /// This operation counts in `World::gate`.
    pub(super) gated: bool,
    /// A YIELD came in a transaction: the slot is given up at its end.
    pub(super) yield_at_end: bool,
    /// The world is stopped for an operation of this thread that changes no ownership.
    pub(super) stopped: bool,
    pub(super) age: u64,
    /// Transactions until this thread looks again whether it is alone.
    pub(super) solo_in: u32,
    /// Status word of this slot while this thread runs in it.
    pub(super) status: u64,
    /// Denials by transactions within one operation.
    pub(super) denied: u32,
    /// The most of these, of operations outside of transactions.
    most_denied: u32,
    /// The slot in whose `waiters` this thread stands.
    pub(super) registered: Option<usize>,
    /// Objects whose requests are answered later (`access_many`).
    pub(super) defer: Vec<S::Obj>,
    pub(super) bounces: Bounces,
    pub(super) local: S::Local,
    pub(super) space: Arc<S>,
}

// SAFETY: `line` points into the world that `space` keeps alive, shared state of atomics; all else is Send.
unsafe impl<S: Space> Send for Mutator<S> {}

impl<S: Space> Mutator<S> {
    /// Enters a free slot; waits while there is none. The thread is RUNNING from here on.
    pub fn enter(space: &Arc<S>, local: S::Local) -> Mutator<S> {
        let mut m = Mutator {
            read_key: 0,
            write_key: 0,
            touched: ALL_TOUCHED,
            fresh: NEVER,
            by_word: NEVER,
            unread: ALL_TOUCHED,
            line: std::ptr::null(),
            s: 0,
            in_tx: false,
            irrevocable: false,
            blind: false,
            doomed: false,
            blind_in: 0,
            untracked: false,
            retry: false,
            lost_to: None,
            lane: Lane::new(space.world().contention.load(Relaxed)),
            way: Way::default(),
            gated: false,
            yield_at_end: false,
            stopped: false,
            age: PLAIN,
            solo_in: 0,
            status: 0,
            denied: 0,
            most_denied: 0,
            registered: None,
            defer: Vec::new(),
            bounces: Bounces::default(),
            local,
            space: space.clone(),
        };
        space.world().add_running();
        m.enter_slot(None);
        m.not_alone();
        m
    }

    pub fn slot(&self) -> usize {
        self.s
    }
    pub fn in_transaction(&self) -> bool {
        self.in_tx
    }
    pub fn is_irrevocable(&self) -> bool {
        self.irrevocable
    }
    /// Whether the transaction takes no note of what it reads, as its thread is alone.
    pub fn is_blind(&self) -> bool {
        self.blind
    }
    /// Whether the transaction must abort, though nothing has failed yet.
    pub fn is_doomed(&self) -> bool {
        self.doomed
    }
    /// Whether somebody waits for this slot's transaction to end.
    pub fn is_waited_for(&self) -> bool {
        self.me().waiters.load(Relaxed) != 0
    }
    pub fn read_key(&self) -> u64 {
        self.read_key
    }
    /// The word of an object that this thread may write; also the word to give to a new object.
    pub fn write_key(&self) -> u64 {
        self.write_key
    }
    pub fn space(&self) -> &Arc<S> {
        &self.space
    }
    pub fn local(&self) -> &S::Local {
        &self.local
    }
    pub fn local_mut(&mut self) -> &mut S::Local {
        &mut self.local
    }
    /// Most denials by transactions that one operation of this thread has met, for measurements.
    pub fn most_denied(&self) -> u32 {
        self.most_denied
    }
    /// Whether the world is stopped for an operation on several objects.
    pub fn stopped_operation(&self) -> bool {
        self.stopped
    }

    /// Whether a safepoint has work to do: one load, one test.
    #[inline(always)]
    pub fn must_poll(&self) -> bool {
        self.me().pending.load(Relaxed) != 0
    }

    /// After this the object can be read until the next safepoint.
    #[inline(always)]
    pub fn read_barrier(&mut self, o: S::Obj) -> R<()> {
        if self.space.word(o).load(Relaxed) & self.read_key != 0 || self.try_acquire(o, Mode::Read) { Ok(()) } else { self.acquire(o, Mode::Read) }
    }

    /// After this the object can be written until the next safepoint.
    #[inline(always)]
    pub fn write_barrier(&mut self, o: S::Obj) -> R<()> {
        if self.space.word(o).load(Relaxed) == self.write_key || self.try_acquire(o, Mode::Write) { Ok(()) } else { self.acquire(o, Mode::Write) }
    }

    #[inline(always)]
    pub fn barrier(&mut self, o: S::Obj, mode: Mode) -> R<()> {
        match mode {
            Mode::Read => self.read_barrier(o),
            Mode::Write => self.write_barrier(o),
        }
    }

    /// Runs an acquisition that is no part of a running transaction: what it reads may change before the transaction has ended, what it writes
    /// stays when it aborts. For caches and tables whose contents mean nothing to the program.
    pub fn untracked<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> T {
        self.untracked = true;
        (self.touched, self.unread) = (ALL_TOUCHED, ALL_TOUCHED);
        (self.fresh, self.by_word) = (NEVER, NEVER);
        let r = f(self);
        self.untracked = false;
        self.set_keys();
        r
    }
    /// Whether accesses belong to a transaction.
    #[inline(always)]
    pub(super) fn tracks(&self) -> bool {
        self.in_tx && !self.untracked
    }
    /// Whether a read is noted.
    #[inline(always)]
    pub(super) fn tracks_reads(&self) -> bool {
        self.tracks() && !self.blind
    }

    /// Whether the object is held in `mode`, no matter who waits for it.
    pub fn holds(&self, o: S::Obj, mode: Mode) -> bool {
        let w = self.space.word(o).load(Relaxed) & !LOCKED;
        match mode {
            Mode::Read => w & self.read_key != 0,
            Mode::Write if self.space.elementwise(&self.local, o) => w & !LOGGED == self.write_key & !LOGGED,
            Mode::Write => w == self.write_key,
        }
    }

    pub(super) fn count_denial(&mut self) {
        self.denied += 1;
        if !self.in_tx {
            self.most_denied = self.most_denied.max(self.denied);
        }
    }

    pub(super) fn set_keys(&mut self) {
        self.read_key = read_key(self.s, self.in_tx) | if self.blind { may(self.s) } else { 0 };
        self.write_key = write_key(self.s, self.in_tx);
        let can = self.tracks() && !self.doomed && self.space.has_first(&self.local);
        let reads = can && !self.blind && (!mutants::any() || mutants::on(Mutant::UnreadStored));
        self.unread = if reads { UNREAD } else { ALL_TOUCHED };
        let first = can && (!mutants::any() || mutants::on(Mutant::FreshStored) || mutants::on(Mutant::AloneUnmarked));
        // Who is alone keeps what it has written; others give it up at a transaction's end.
        (self.touched, self.fresh, self.by_word) = match first {
            true if self.blind => (touched(self.s), NEVER, write_key(self.s, false)),
            true => (touched(self.s), 0, self.write_key & !LOGGED),
            false => (ALL_TOUCHED, NEVER, NEVER),
        };
    }

    pub(super) fn set_slot(&mut self, s: usize, status: u64) {
        self.s = s;
        self.status = status;
        let (_, world) = self.shared();
        self.line = &world.slots[s];
        if self.read_key == 0 || !mutants::on(Mutant::StaleKeys) {
            self.set_keys();
        }
    }

    #[inline(always)]
    pub(super) fn me(&self) -> &Slot {
        // SAFETY: `line` was set by `set_slot` before any use and points into the world that `self.space` keeps alive.
        unsafe { &*self.line }
    }

    /// Space and world, without borrowing self: fields can change while they are in use, and no reference count is touched.
    pub(super) fn shared<'a>(&self) -> (&'a S, &'a World) {
        // SAFETY: `self.space` is never replaced and lives as long as self; no caller lets the references outlive its own
        // borrow of self.
        let space: &'a S = unsafe { &*Arc::as_ptr(&self.space) };
        (space, space.world())
    }

    pub(super) fn word<'a>(&self, o: S::Obj) -> &'a AtomicU64 {
        self.shared().0.word(o)
    }

    pub(super) fn my_may(&self) -> u64 {
        may(self.s)
    }
    pub(super) fn my_txr(&self) -> u64 {
        txr(self.s)
    }
}
