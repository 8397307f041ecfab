//! Waiting: one step of a wait loop, and waiting for a transaction to end.
//!
//! Parking. A thread that has spun and yielded without success announces itself in `World::parked`, goes round its loop once
//! more (every wait is level-triggered: the loop re-reads everything), and then sleeps on its slot's parker. Whoever makes a
//! change that a waiter may wait for looks at `parked` afterwards: one load when nobody is. These are: a request posted
//! (wakes the holder, which must answer), an answer (wakes the requester), LOCKED cleared, a transaction begun
//! irrevocably or ended, `gate`, `lane`, `waiters` or `irrev` lowered, a status that leaves RUNNING or NATIVE, a held slot set back.
//! shuttle checks that the list is complete: its parks have no time limit. On real machines they are limited to 1 ms, as
//! not every change is followed by a SeqCst fence.
use super::mutants::{self, Mutant};
use super::mutator::Mutator;
use super::slot::YIELD;
use super::space::{Note, R, Space};
use super::sys::{Backoff, Ordering::*, tick, ticks};
use super::word::{Mode, QUIET, hits_tx, may};
use std::time::Duration;

/// What takes less time than that is not slept through.
const SLEEP: Duration = Duration::from_micros(50);
/// Denials after which a plain operation closes the gate to new transactions.
const PATIENCE: u32 = 3;

impl<S: Space> Mutator<S> {
    /// One turn of a wait loop: answer others (a waiter that does not answer hangs everybody), then spin, yield or park.
    pub(super) fn wait_step(&mut self, b: &mut Backoff) -> R<()> {
        self.wait_step_of(b, false)
    }

    /// As `wait_step`. `runs`: it waits for others to let go of what it holds, and goes on then.
    pub(super) fn wait_step_of(&mut self, b: &mut Backoff, runs: bool) -> R<()> {
        if self.poll_if_asked(runs)? {
            b.reset(); // answering takes time, and may have used up the parker's token
            return Ok(());
        }
        self.wait_silent(b);
        Ok(())
    }

    fn poll_if_asked(&mut self, runs: bool) -> R<bool> {
        Ok(!mutants::on(Mutant::WaitSilent) && self.me().pending.load(Relaxed) & !YIELD != 0 && self.poll(runs)?)
    }

    /// A turn of a wait loop that may not answer.
    pub(super) fn wait_silent(&self, b: &mut Backoff) {
        if b.pause() {
            return;
        }
        let (_, world) = self.shared();
        if !b.announced {
            b.announced = true;
            world.announce(self.s);
            if !mutants::on(Mutant::ParkBlind) {
                return;
            }
        }
        world.park(self.s, b.limit);
        b.parked();
    }

    /// Waits for some time, holding no LOCKED word.
    pub(super) fn rest(&mut self, time: Duration) -> R<()> {
        if let Some(t) = tick()
            && time < SLEEP
        {
            let mut b = Backoff::default();
            while tick().is_some_and(|now| now.wrapping_sub(t) < ticks(time.as_nanos() as u64)) {
                if !self.poll_if_asked(false)? && !b.pause() {
                    b.reset();
                }
            }
            return Ok(());
        }
        let mut b = Backoff::tired(time);
        self.wait_step(&mut b)?;
        self.wait_step(&mut b)
    }

    /// Waits, holding no LOCKED word, until the transaction of slot h that is in the way of (o, mode) has ended, or until
    /// this transaction goes first.
    pub(super) fn wait_tx_end(&mut self, o: S::Obj, mode: Mode, h: usize) -> R<()> {
        let (space, world) = self.shared();
        let seq = world.slots[h].tx_seq.load(Acquire);
        let w = space.word(o).load(Acquire);
        // A quiet word tells nothing of transactions: this one may have ended long ago, and its thread's next then waits for this.
        let quiet = w & QUIET != 0 && !mutants::on(Mutant::WaitsOnQuiet);
        if quiet || !hits_tx(w, mode, h) {
            return Ok(());
        }
        if !mutants::on(Mutant::DeferDuringTx) {
            self.defer.clear(); // what it waits for may wait for what is deferred
        }
        self.register(h);
        self.count_denial();
        if self.denied > PATIENCE && !self.in_tx && !mutants::on(Mutant::NoGate) {
            self.enter_gate();
        }
        self.note(Note::Waits { o, mode, h });
        let mut b = Backoff::default();
        let mut r = Ok(());
        while r.is_ok() && world.slots[h].tx_seq.load(Acquire) == seq && !self.wins(h) {
            r = self.wait_step(&mut b).and_then(|()| self.may_wait(&b, o, mode, may(h)));
        }
        self.note(Note::WaitEnds);
        r
    }

    /// Among those that slot h's transaction wakes at its end.
    pub(super) fn register(&mut self, h: usize) {
        if self.registered != Some(h) {
            self.unregister();
            self.shared().1.slots[h].waiters.fetch_or(1 << self.s, AcqRel);
            self.registered = Some(h);
        }
    }

    pub(super) fn unregister(&mut self) {
        if let Some(h) = self.registered.take() {
            let (_, world) = self.shared();
            if world.slots[h].waiters.fetch_and(!(1 << self.s), Release) == 1 << self.s {
                world.wake(h); // its next transaction waits for this
            }
        }
    }

    pub(super) fn enter_gate(&mut self) {
        if !self.gated {
            self.gated = true;
            self.shared().1.gate.fetch_add(1, AcqRel);
        }
    }

    /// The operation that closed the gate is done.
    pub(super) fn leave_gate(&mut self) {
        if self.gated {
            self.gated = false;
            let (_, world) = self.shared();
            if world.gate.fetch_sub(1, Release) == 1 {
                world.wake_all();
            }
        }
    }
}
