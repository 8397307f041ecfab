//! Giving way where more threads run than there are processors.
//!
//! There, a thread that does not answer at once may not be running, in mid-transaction, and does so when the system gives it a processor again. Whoever waits for it
//! with a transaction of its own is the next one that holds objects and doesn't run: soon all threads are, each turn of one ends at what another
//! holds, and the system switches ten times as often as it would. So a transaction that has just begun ends instead: it gives back what it has, waits for the other's
//! end and begins anew.
use super::mutants::{self, Mutant};
use super::mutator::Mutator;
use super::slot::in_transaction;
use super::space::{Abort, Note, R, Space};
use super::sys::{Backoff, MODEL, Ordering::*, tick, ticks};
use super::word::{Mode, bits};

/// What is older is not done again lightly, in nanoseconds: a switch of threads and back takes about 5 us.
const SHORT: u64 = 20_000;
/// Attempts of a transaction that may end so; then it waits like any other, and is as old as it has become.
const MOST: u32 = 4;

/// A thread's part in it.
#[derive(Default)]
pub(super) struct Way {
    /// When this attempt began.
    began: u64,
    /// Attempts of the running transaction that have given way.
    given: u32,
    /// To whom this attempt does: the slot and the number of its transaction.
    pub to: Option<(usize, u64)>,
}

impl Way {
    #[inline(always)]
    pub fn began(&mut self, now: Option<u64>) {
        self.began = now.unwrap_or(0);
    }
    /// Whether this attempt can be done again at little cost.
    fn is_short(&self) -> bool {
        self.given < MOST && tick().map_or(MODEL, |t| t.wrapping_sub(self.began) < ticks(SHORT))
    }
    #[inline(always)]
    pub fn committed(&mut self) {
        self.given = 0;
    }
}

impl<S: Space> Mutator<S> {
    /// To be asked after each turn of a wait for the transactions in `conflict` (may bits), which are in the way of (o, mode). Errors: Abort, when this
    /// one gives way.
    #[inline]
    pub(super) fn may_wait(&mut self, b: &Backoff, o: S::Obj, mode: Mode, conflict: u64) -> R<()> {
        if b.yields() && self.tracks() && !self.irrevocable && self.shared().1.is_crowded() { self.give_way(o, mode, conflict) } else { Ok(()) }
    }

    #[cold]
    fn give_way(&mut self, o: S::Obj, mode: Mode, conflict: u64) -> R<()> {
        if !self.way.is_short() {
            return Ok(());
        }
        let (_, world) = self.shared();
        for h in bits(conflict) {
            let seq = world.slots[h].tx_seq.load(Acquire);
            // One that has ended meanwhile would wait for this thread's next transaction, and that for it.
            if in_transaction(seq) || mutants::on(Mutant::WayToNobody) {
                self.note(Note::GivesWay { o, mode, h });
                self.way.given += 1;
                self.way.to = Some((h, seq));
                return Err(Abort);
            }
        }
        Ok(())
    }
}
