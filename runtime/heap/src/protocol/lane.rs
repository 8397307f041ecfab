//! The lane: one at a time. A transaction that lost twice in a row runs in it, and all of a thread whose transactions conflict more often than not
//! (adaptive transaction scheduling, Yoo and Lee 2008): where transactions would only roll each other back, they follow each other instead.
//!
//! A thread whose transactions conflict keeps the lane from one to the next for a while, as handing it over takes longer than many of them do. It lets go of it when
//! it blocks; who waits may take it from a thread that begins no transaction. Nothing rests on the lane but speed.
use super::mutator::Mutator;
use super::slot::in_transaction;
use super::space::Space;
use super::sys::{Ordering::*, tick, ticks};

/// Attempts lost in a row after which a transaction takes the lane.
const LOSSES: u32 = 2;
/// How long a thread keeps the lane, in nanoseconds.
const KEEP: u64 = 500_000;
/// A thread that has the lane and is in no transaction for so long has lost it to whoever wants it, in nanoseconds.
const UNUSED: u64 = 20_000;
/// A thread's contention: the share of its transactions that conflict, weighted by how recent they are, of this.
const ALWAYS: u32 = 1 << 16;
const HIGH: u32 = ALWAYS / 2;

/// A thread's part in it.
#[derive(Default)]
pub(super) struct Lane {
    /// This thread has it, unless another took it.
    pub has: bool,
    /// Until when it is kept.
    until: u64,
    /// Attempts of the running transaction that lost.
    losses: u32,
    contention: u32,
}

/// Who had the lane, and the number of its transaction; since when.
pub(super) type Seen = ((u32, u64), u64);

impl Lane {
    /// Of a thread that begins: with the contention of the last one that ended.
    pub fn new(contention: u32) -> Lane {
        Lane { contention, ..Lane::default() }
    }
    pub fn contention(&self) -> u32 {
        self.contention
    }
    pub fn lost(&mut self) {
        self.losses += 1;
        self.contention += (ALWAYS - self.contention) / 4;
    }
    /// What ends in the lane says little about what would happen outside of it.
    pub fn won(&mut self) {
        self.losses = 0;
        self.contention -= self.contention / if self.has { 256 } else { 16 };
    }
    pub fn gave_up(&mut self) {
        self.losses = 0;
    }
}

impl<S: Space> Mutator<S> {
    #[inline]
    pub(super) fn needs_lane(&mut self) -> bool {
        if self.lane.has && self.shared().1.lane.load(Relaxed) != self.s as u32 + 1 {
            self.lane.has = false; // taken away
        }
        !self.lane.has && (self.lane.losses >= LOSSES || self.lane.contention >= HIGH && !self.shared().1.is_solo())
    }

    pub(super) fn take_lane(&mut self, seen: &mut Option<Seen>) -> bool {
        let (_, world) = self.shared();
        let held = world.lane.load(Acquire);
        if held != 0 {
            let now = (held, world.slots[held as usize - 1].tx_seq.load(Acquire));
            let Some(t) = tick() else { return false };
            match *seen {
                Some((before, since)) if before == now => {
                    if in_transaction(now.1) || t.wrapping_sub(since) < ticks(UNUSED) {
                        return false;
                    }
                }
                _ => {
                    *seen = Some((now, t));
                    return false;
                }
            }
        }
        self.lane.has = world.lane.compare_exchange(held, self.s as u32 + 1, AcqRel, Relaxed).is_ok();
        self.lane.until = tick().map_or(0, |t| t.wrapping_add(ticks(KEEP)));
        self.lane.has
    }

    /// At the end of a transaction.
    #[inline]
    pub(super) fn keep_lane(&mut self, committed: bool) {
        if self.lane.has && !(committed && self.lane.contention >= HIGH && self.may_keep_lane()) {
            self.leave_lane();
        }
    }

    fn may_keep_lane(&self) -> bool {
        tick().is_some_and(|t| (self.lane.until.wrapping_sub(t) as i64) > 0)
    }

    /// The slot may change after this.
    #[inline]
    pub(super) fn leave_lane(&mut self) {
        if std::mem::take(&mut self.lane.has) {
            let (_, world) = self.shared();
            if world.lane.compare_exchange(self.s as u32 + 1, 0, Release, Relaxed).is_ok() {
                world.wake_all();
            }
        }
    }
}
