//! Ghosts: slots of threads that wait for long while others take over what is theirs.
//!
//! A thread makes data, starts others to work on it, and waits for them. Each first access takes an object over, with the waiting slot held: a word that all
//! of them write. After some time the slot is left to the objects: it gets a next generation, as if robbed, and nobody enters it. What only ghosts have is
//! free for whoever comes, by one exchange of the object's word; the thread finds its slot gone when it wakes, and enters another. Whoever starts the world
//! again makes slots of ghosts: then nobody is between a look at [`World::ghosts`] and the exchange.
use super::mutants::{self, Mutant};
use super::slot::{World, state};
use super::sys::Ordering::*;

/// Objects that are taken over in one wait before the slot becomes a ghost: its thread has to take back what of its own it wants to use again.
const TAKEN: u32 = if cfg!(any(feature = "loom", feature = "shuttle")) { 2 } else { 1000 };

impl World {
    /// Slots that nobody is in, and nobody enters while the world is not stopped. Acquire: what their last threads wrote is seen.
    #[inline]
    pub(super) fn ghosts(&self) -> u32 {
        self.ghosts.0.load(Acquire)
    }

    /// As `unhold`, after an object of slot h was taken over.
    pub(super) fn unhold_taken(&self, h: usize, status: u64) {
        let slot = &self.slots[h];
        // Only who holds the slot looks at this, or who is in it.
        let n = slot.taken.load(Relaxed) + 1;
        slot.taken.store(n, Relaxed);
        // Half of the slots stay what they are.
        let few = 2 * (self.ghosts().count_ones() as usize + 1) <= self.limit;
        if n < TAKEN || status & state::MASK != state::IDLE || !few {
            return self.unhold(h, status);
        }
        slot.taken.store(0, Relaxed);
        self.vacant.fetch_and(!(1 << h), Relaxed);
        // Before the status, which `steal` looks at first.
        self.ghosts.0.fetch_or(1 << h, Release);
        let next = if mutants::on(Mutant::GhostReturns) { 0 } else { state::GENERATION };
        self.unhold(h, status + next);
    }

    /// Whether a thread may enter the slot.
    pub(super) fn is_open(&self, s: usize) -> bool {
        self.ghosts() >> s & 1 == 0 || mutants::on(Mutant::GhostEntered)
    }

    /// With the world stopped: ghosts are slots again.
    pub(super) fn end_ghosts(&self) {
        if self.ghosts() != 0 {
            self.vacant.fetch_or(self.ghosts.0.swap(0, AcqRel), Relaxed);
        }
    }
}
