//! Forks: the child has the one thread that forked, and whatever the others were at is ended for them.
use super::mutator::Mutator;
use super::slot::{PLAIN, World, state};
use super::space::Space;
use super::sys::{Ordering::*, Held};
use super::word::LOCKED;

impl World {
    /// What threads wait with, held: nobody is in the middle of going to sleep or of waking another.
    pub fn hold_parkers(&self) -> impl Drop + use<'_> {
        let all: Vec<Held> = self.parkers.iter().map(|p| p.hold()).chain([self.door.hold()]).collect();
        all
    }

    /// Nobody sleeps anywhere, so that nobody is woken.
    fn nobody_waits(&self) {
        self.parked.0.store(0, Relaxed);
        self.door.forget();
        self.slotless.store(0, Relaxed);
    }

    /// Frees all slots but `mine`, as held ones: the world is stopped, and its start gives them back.
    fn free_others(&self, mine: usize) {
        self.slots[mine].pending.store(0, Relaxed);
        self.slots[mine].waiters.store(0, Relaxed);
        for (h, slot) in self.slots.iter().enumerate().take(self.limit).filter(|s| s.0 != mine) {
            slot.pending.store(0, Relaxed);
            slot.waiters.store(0, Relaxed);
            slot.age.store(PLAIN, Relaxed);
            self.pins[h].0.iter().for_each(|p| p.store(0, Relaxed));
            let generation = (slot.status.load(Relaxed) & !state::MASK) + state::GENERATION;
            slot.status.store(generation | state::IDLE_HELD, Relaxed);
            self.vacant.fetch_or(1 << h, Relaxed);
        }
        self.running.0.store(1, Relaxed);
        self.gate.store(0, Relaxed);
        if self.irrev.load(Relaxed) != mine as u32 + 1 {
            self.irrev.store(0, Relaxed);
        }
    }
}

impl<S: Space> Mutator<S> {
    /// In the child of a fork, with the world still stopped: `others` are the threads that are not there any more.
    pub fn only_one_left<'a>(&mut self, others: impl Iterator<Item = &'a mut Mutator<S>>)
    where
        S: 'a,
    {
        let (_, world) = self.shared();
        world.nobody_waits();
        others.for_each(Mutator::end_for);
        world.free_others(self.s);
        if !self.lane.has {
            world.lane.store(0, Relaxed);
        }
    }

    /// Ends what a thread was at when it stopped: its request is withdrawn, its transaction rolled back if that can be.
    fn end_for(&mut self) {
        let (space, _) = self.shared();
        if self.me().status.load(Relaxed) & !state::MASK != self.status {
            return; // robbed of its slot while it was in a blocking call
        }
        let request = self.me().req.swap(0, Relaxed);
        if request != 0 {
            space.word(S::decode(request).0).fetch_and(!LOCKED, Relaxed);
        }
        if self.in_tx {
            self.end(!self.irrevocable);
        }
    }
}
