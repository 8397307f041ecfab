//! Slots and the world: all the state of the protocol that threads share, besides the access words.
use super::mutants::{self, Mutant, Site, ord};
use super::sys::{AtomicU32, AtomicU64, Door, MODEL, Ordering::{self, *}, Parker};
use super::word::{NSLOTS, bits};
use std::time::Duration;

/// Pending bits 0..NSLOTS: that slot has a request. STW: stop the world. YIELD: a thread without slot waits, give this one up.
pub const STW: u32 = 1 << 31;
pub const YIELD: u32 = 1 << 30;
/// The slot's own transaction must abort: see [`super::mutator::Mutator::blind`].
pub const DOOM: u32 = 1 << 29;

/// Age of plain code: no transaction.
pub const PLAIN: u64 = u64::MAX;
/// Age of the irrevocable transaction: older than any other.
pub const IRREVOCABLE: u64 = 1;
/// First timestamp that a transaction can get.
const FIRST_AGE: u64 = 10;

/// A slot's status word: `generation << 3 | state`. The generation counts occupants, so that a woken thread's CAS to
/// RUNNING fails when its slot was stolen, however often. The held form of a waiting state is its successor.
pub mod state {
    pub const RUNNING: u64 = 0;
    /// Waits, answered implicitly; keeps its slot: stopped at a safepoint in mid-operation, or irrevocable.
    pub const BLOCKED: u64 = 1;
    pub const BLOCKED_HELD: u64 = 2;
    /// As BLOCKED, but a thread without slot may take the slot over. Also the state of a slot without thread.
    pub const IDLE: u64 = 3;
    pub const IDLE_HELD: u64 = 4;
    /// Runs a foreign kernel on pinned buffers.
    pub const NATIVE: u64 = 5;
    pub const NATIVE_HELD: u64 = 6;
    pub const MASK: u64 = 7;
    pub const GENERATION: u64 = 8;

    /// Waiting states: whoever needs it moves the status to the held successor and back.
    pub const fn waits(status: u64) -> bool {
        matches!(status & MASK, BLOCKED | IDLE | NATIVE)
    }
}
use state::*;

/// One slot, one cache line. `pending` comes first: it is the word a safepoint polls.
#[repr(C, align(64))]
pub struct Slot {
    pub pending: AtomicU32,
    /// Slots whose threads wait for this slot's transaction to end; it begins no other before they have had their turn.
    pub waiters: AtomicU32,
    pub status: AtomicU64,
    /// This slot's one outstanding request as `Space::encode` gives it, 0 = none.
    pub req: AtomicU64,
    pub age: AtomicU64,
    /// The request that was turned down, as its object is kept for a while.
    pub kept: AtomicU64,
    /// Counts begins and ends of transactions.
    pub tx_seq: AtomicU64,
    /// Objects taken over since its thread waits.
    pub(super) taken: AtomicU32,
}

/// Whether a slot whose [`Slot::tx_seq`] this is runs a transaction.
pub(super) const fn in_transaction(tx_seq: u64) -> bool {
    tx_seq & 1 != 0
}

/// How many objects one foreign kernel can work on.
pub const MAX_PINS: usize = if cfg!(any(feature = "loom", feature = "shuttle")) { 2 } else { 8 };

/// The objects that the foreign kernel of a NATIVE slot works on, as request records; 0 = none.
#[repr(align(64))]
pub(super) struct Pins(pub [AtomicU64; MAX_PINS]);

#[repr(align(64))]
pub(super) struct Line<T>(pub T);

pub struct World {
    pub(super) slots: [Slot; NSLOTS],
    pub(super) pins: [Pins; NSLOTS],
    pub(super) parkers: [Parker; NSLOTS],
    /// Slots whose occupant has announced to park.
    pub(super) parked: Line<AtomicU32>,
    /// Slot + 1 of the thread that stops the world.
    pub(super) stw: Line<AtomicU32>,
    /// Whether one thread runs and no more: nobody else looks at access words, so it need not change them by read-modify-writes. Set and
    /// reset with the world stopped only; a thread that enters or comes back from a blocking call sees to that before its first access.
    solo: Line<AtomicU32>,
    /// Threads that run, or are about to: all but those in blocking calls.
    pub(super) running: Line<AtomicU32>,
    may_be_solo: bool,
    /// So many running threads are more than there are processors.
    crowd: u32,
    /// See `ghost.rs`.
    pub(super) ghosts: Line<AtomicU32>,
    /// Slot + 1 of the irrevocable transaction.
    pub(super) irrev: AtomicU32,
    /// Slot + 1 of the thread that has the lane: see `lane.rs`.
    pub(super) lane: AtomicU32,
    /// How often the transactions of the last thread that ended conflicted.
    pub(super) contention: AtomicU32,
    /// Plain operations that were denied too often: no transaction begins while there are any.
    pub(super) gate: AtomicU32,
    /// Threads that wait for a slot.
    pub(super) slotless: AtomicU32,
    /// Slots without thread: taken before a blocked thread's slot is.
    pub(super) vacant: AtomicU32,
    /// Next slot to be asked to yield, and where a search for a slot starts.
    pub(super) victim: AtomicU32,
    pub(super) clock: Line<AtomicU64>,
    pub(super) door: Door,
    pub(super) limit: usize,
    /// For the mutant `RequesterClears`: who has acknowledged the request of each slot.
    #[cfg(any(feature = "shuttle", feature = "loom"))]
    pub(super) acks: [std::sync::atomic::AtomicU64; NSLOTS],
}

impl World {
    /// A world of which at most `slots` (1..=NSLOTS) are used.
    pub fn new(slots: usize) -> World {
        let limit = slots.clamp(1, NSLOTS);
        World {
            slots: std::array::from_fn(|_| Slot {
                pending: AtomicU32::new(0),
                waiters: AtomicU32::new(0),
                status: AtomicU64::new(IDLE),
                req: AtomicU64::new(0),
                age: AtomicU64::new(PLAIN),
                kept: AtomicU64::new(0),
                tx_seq: AtomicU64::new(0),
                taken: AtomicU32::new(0),
            }),
            pins: std::array::from_fn(|_| Pins(std::array::from_fn(|_| AtomicU64::new(0)))),
            parkers: std::array::from_fn(|_| Parker::new()),
            parked: Line(AtomicU32::new(0)),
            stw: Line(AtomicU32::new(0)),
            solo: Line(AtomicU32::new(0)),
            running: Line(AtomicU32::new(0)),
            may_be_solo: false,
            crowd: u32::MAX,
            ghosts: Line(AtomicU32::new(0)),
            irrev: AtomicU32::new(0),
            lane: AtomicU32::new(0),
            contention: AtomicU32::new(0),
            gate: AtomicU32::new(0),
            slotless: AtomicU32::new(0),
            vacant: AtomicU32::new((1 << limit) - 1),
            victim: AtomicU32::new(0),
            clock: Line(AtomicU64::new(FIRST_AGE)),
            door: Door::new(),
            limit,
            #[cfg(any(feature = "shuttle", feature = "loom"))]
            acks: Default::default(),
        }
    }

    /// As `new`; a thread that is alone goes without atomic operations, and many know that they are.
    pub fn with_solo(slots: usize) -> World {
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
        World { may_be_solo: true, crowd: if MODEL { u32::MAX } else { processors + 1 }, ..World::new(slots) }
    }

    /// As `new`; there are always more threads than processors.
    pub fn crowded(slots: usize) -> World {
        World { crowd: 0, ..World::new(slots) }
    }

    #[inline(always)]
    pub(crate) fn is_solo(&self) -> bool {
        self.may_be_solo && self.solo.0.load(Relaxed) != 0
    }
    /// Whether more threads run than there are processors.
    #[inline]
    pub(super) fn is_crowded(&self) -> bool {
        self.running.0.load(Relaxed) >= self.crowd
    }
    /// A thread is about to run; before it takes a slot.
    pub(super) fn add_running(&self) {
        if self.may_be_solo {
            self.running.0.fetch_add(1, AcqRel);
        }
    }
    /// A thread will not look at objects any more until it has called `add_running`.
    pub(super) fn remove_running(&self) {
        if self.may_be_solo {
            self.running.0.fetch_sub(1, AcqRel);
        }
    }
    /// Whether a thread that runs could go without atomic operations.
    #[inline(always)]
    pub(super) fn could_be_solo(&self) -> bool {
        self.may_be_solo && !self.is_solo() && self.running.0.load(Relaxed) == 1
    }
    /// With the world stopped by a thread that runs: looks whether that is the only one. True if one was, and is not any more.
    pub(super) fn count_running(&self) -> bool {
        let (was, is) = (self.is_solo(), self.running.0.load(Acquire) == 1);
        if self.may_be_solo {
            self.solo.0.store(is as u32, Release);
        }
        was && !is
    }

    /// A compare-exchange of an access word.
    #[inline(always)]
    pub(super) fn exchange(&self, word: &AtomicU64, old: u64, new: u64, success: Ordering) -> bool {
        if self.is_solo() {
            debug_assert_eq!(word.load(Relaxed), old);
            word.store(new, Relaxed);
            return true;
        }
        word.compare_exchange(old, new, success, Relaxed).is_ok()
    }

    pub fn slots(&self) -> &[Slot] {
        &self.slots[..self.limit]
    }

    /// Outstanding request records, which are roots of a collection.
    pub fn requests(&self) -> impl Iterator<Item = u64> {
        self.slots().iter().map(|s| s.req.load(Acquire)).filter(|&r| r != 0)
    }

    /// Records of the objects that foreign kernels work on, which are roots of a collection. With the world stopped.
    pub fn pinned(&self) -> impl Iterator<Item = u64> {
        self.pins[..self.limit].iter().flat_map(|p| &p.0).map(|p| p.load(Relaxed)).filter(|&r| r != 0)
    }

    // ---- wake-ups. SeqCst on both sides of `parked`: announce, then look at the condition; change it, then look at parked.
    // The change itself need not be SeqCst for safety: parks are timed (see `sys::PARK`).

    pub(super) fn announce(&self, s: usize) {
        self.parked.0.fetch_or(1 << s, SeqCst);
    }

    pub(super) fn park(&self, s: usize, limit: Duration) {
        self.parkers[s].park(limit);
        // It may have slept as long as it wanted: the next one who wakes it would leave a token, and the next sleep end at once.
        self.parked.0.fetch_and(!(1 << s), AcqRel);
    }

    // Under loom parks are yields, and a look at `parked` would only hide weak orderings of the change itself.

    pub(super) fn wake(&self, s: usize) {
        if cfg!(feature = "loom") {
            return;
        }
        if self.parked.0.load(SeqCst) >> s & 1 == 1 {
            self.unpark(s);
        }
    }

    /// Wakes every parked thread: the change may concern any of them.
    pub(super) fn wake_all(&self) {
        if cfg!(feature = "loom") {
            return;
        }
        for s in bits(self.parked.0.load(SeqCst) as u64) {
            self.unpark(s);
        }
    }

    #[cold]
    fn unpark(&self, s: usize) {
        self.parked.0.fetch_and(!(1 << s), AcqRel); // before the token: a cleared bit means that a token is coming
        self.parkers[s].unpark();
    }

    /// Wakes everybody, those that hold no running slot too.
    pub(super) fn wake_statuses(&self) {
        self.wake_all();
        self.door.notify();
    }

    // ---- holding a waiting slot

    /// Moves a waiting slot to its held state; the status to restore.
    pub(super) fn hold(&self, h: usize) -> Option<u64> {
        let st = &self.slots[h].status;
        let s = st.load(Relaxed);
        if !waits(s) {
            return None;
        }
        if mutants::on(Mutant::SkipHeld) {
            return Some(s);
        }
        st.compare_exchange(s, s + 1, ord(Site::Hold, Acquire), Relaxed).ok()
    }

    pub(super) fn unhold(&self, h: usize, status: u64) {
        if !mutants::on(Mutant::SkipHeld) {
            self.slots[h].status.store(status, ord(Site::Unhold, Release));
            self.wake_statuses();
        }
    }
}
