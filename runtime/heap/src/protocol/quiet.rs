//! Quiet objects: what transactions of several threads read again and again, and nobody writes.
//!
//! A reading in a transaction sets a bit in the object's word, and its end clears it: two threads that read the same functions, classes and tables
//! pass the words' cache lines to and fro. After [`Space::quiet_after`] such readings the word gets all bits that readers look for, so that the barrier
//! passes for everybody, and no reading leaves a trace. Who wants to write such an object stops the world: no guard outlives a
//! safepoint, so readers outside of transactions are done with it, and each running transaction, which may have read it, is made one of its readers, as
//! if it had left its trace. From there on it is an object like any other. A foreign kernel may work on it all the same: its slot keeps its may bit.
use super::mutants::{self, Mutant};
use super::mutator::Mutator;
use super::slot::{in_transaction, state};
use super::space::Space;
use super::sys::Ordering::*;
use super::word::*;

impl<S: Space> Mutator<S> {
    /// The word once this reading in a transaction is counted.
    #[inline]
    pub(super) fn count_reading(&self, o: S::Obj, w: u64) -> u64 {
        let (space, _) = self.shared();
        if self.reads_alone(o, w, self.my_may()) {
            return w;
        }
        if w >> READINGS_SHIFT >= space.quiet_after() { w & OLD | QUIET | MAYS | TXRS } else { w + (1 << READINGS_SHIFT) }
    }

    /// Whether nobody else reads the object, whose word is `w`. `mine`: this slot's may bit.
    #[inline(always)]
    pub(super) fn reads_alone(&self, o: S::Obj, w: u64, mine: u64) -> bool {
        w & EXCL != 0 || w & MAYS & !mine == 0 && !self.shared().0.contended(o)
    }

    /// Ends the quiet of an object. A safepoint.
    #[cold]
    pub(super) fn thaw(&mut self, o: S::Obj) {
        if self.shared().1.is_solo() || mutants::on(Mutant::ThawRuns) {
            self.thaw_stopped(o);
        } else {
            self.with_stopped_world(|m| m.thaw_stopped(o));
        }
    }

    /// As `thaw`, with the world stopped or nobody else in it.
    pub(super) fn thaw_stopped(&mut self, o: S::Obj) {
        let (space, world) = self.shared();
        let word = space.word(o);
        let w = word.load(Relaxed);
        if w & QUIET == 0 {
            return; // another was first
        }
        let mut new = w & OLD;
        for (h, slot) in world.slots.iter().enumerate().take(world.limit) {
            let in_kernel = slot.status.load(Relaxed) & state::MASK == state::NATIVE_HELD && !mutants::on(Mutant::ThawIgnoresPins);
            let in_tx = in_transaction(slot.tx_seq.load(Acquire)) && !mutants::on(Mutant::ThawForgets) && !(h == self.s && mutants::on(Mutant::ThawOwnForgotten));
            if in_tx {
                if h == self.s { space.log_read(&mut self.local, o) } else { space.log_read_of(h, o) }
                new |= may(h) | txr(h);
            } else if in_kernel {
                new |= may(h);
            }
        }
        word.store(new, Release);
    }
}
