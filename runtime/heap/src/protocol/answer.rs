//! Safepoints and answers: what a holder gives up, and what others give up for it while it waits.
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::{DOOM, STW, YIELD, in_transaction, state};
use super::space::{Abort, Note, R, Space};
use super::sys::Ordering::*;
use super::word::*;

enum Answer {
    Done,
    /// The object is deferred: the bit stays.
    Later,
    /// An older transaction wants what mine has: I abort, and the bit stays until I have.
    Doom,
}

impl<S: Space> Mutator<S> {
    /// Answers requests, stops if the world is to stop, gives up the slot if another thread has waited long for one. No guard
    /// and no proven barrier survives it. Err only in a transaction.
    #[inline(always)]
    pub fn safepoint(&mut self) -> R<()> {
        if self.must_poll() { self.safepoint_slow() } else { Ok(()) }
    }

    #[cold]
    pub fn safepoint_slow(&mut self) -> R<()> {
        self.poll(true)?;
        if self.me().pending.load(Relaxed) & YIELD != 0 {
            self.yield_slot();
        }
        Ok(())
    }

    /// The part of a safepoint that wait loops may run too, with a request outstanding: all but giving up the slot.
    /// Whether anything was done. `runs`: the thread goes on with its work afterwards.
    pub(super) fn poll(&mut self, runs: bool) -> R<bool> {
        let p = self.me().pending.load(Acquire);
        let (mut doom, mut progress) = (false, false);
        for r in bits((p & !(STW | YIELD | DOOM)) as u64) {
            self.me().pending.fetch_and(!(1 << r), AcqRel); // before looking, so that a new post is not lost
            match self.answer(r, runs) {
                Answer::Done => progress = true,
                Answer::Later => drop(self.me().pending.fetch_or(1 << r, Relaxed)),
                Answer::Doom => {
                    doom = true;
                    self.me().pending.fetch_or(1 << r, Relaxed);
                }
            }
        }
        if p & STW != 0 {
            self.stop_here();
            progress = true;
        }
        if doom || self.doomed {
            debug_assert!(self.in_tx && !self.irrevocable);
            return Err(Abort);
        }
        Ok(progress)
    }

    /// Gives up what the request of slot r wants. Only ever removes this slot's bits.
    fn answer(&mut self, r: usize, runs: bool) -> Answer {
        let (space, world) = self.shared();
        let record = world.slots[r].req.load(ord(Site::Record, Acquire));
        if record == 0 {
            return Answer::Done;
        }
        let (o, mode) = S::decode(record);
        if self.defer.contains(&o) {
            return Answer::Later;
        }
        // A transaction holds others up while it waits.
        if runs && !self.in_tx && self.bounces.keeps(record) && !in_transaction(world.slots[r].tx_seq.load(Relaxed)) {
            world.slots[r].kept.store(record, Relaxed);
            world.wake(r);
            return Answer::Done;
        }
        let word = space.word(o);
        loop {
            let w = word.load(Relaxed);
            if w & self.my_may() == 0 || w & LOCKED == 0 || mode == Mode::Read && w & EXCL == 0 {
                world.wake(r); // it may not have seen yet that the object was given up unasked
                return Answer::Done;
            }
            if hits_tx(w, mode, self.s) {
                debug_assert!(self.in_tx, "transaction bits outside of a transaction: slot {} word {w:x}", self.s);
                let older = world.slots[r].age.load(Acquire) < self.age;
                if older && self.in_tx && !self.irrevocable && !mutants::on(Mutant::NoWounding) {
                    self.note(Note::Doomed { o, mode, by: r });
                    // It may have ended since: then it would wait for this thread, which waits for it.
                    self.lost_to = Some((r, world.slots[r].tx_seq.load(Acquire))).filter(|t| in_transaction(t.1));
                    return Answer::Doom;
                }
                return Answer::Done; // the requester sees the conflict in the word and backs off by itself
            }
            if self.mutant_acknowledges(r) {
                return Answer::Done;
            }
            if word.compare_exchange(w, w & !given_up(mode, self.my_may()), ord(Site::Answer, Release), Relaxed).is_ok() {
                world.wake(r);
                // Not before: the call that wakes takes longer than it takes to want the object back.
                self.bounces.lost(record);
                return Answer::Done;
            }
        }
    }

    /// Whether the kernel of slot h, which is held and had this status, stands in the way.
    pub(super) fn keeps_pinned(&self, o: S::Obj, mode: Mode, h: usize, status: u64) -> bool {
        status & state::MASK == state::NATIVE && self.pinned_by(o, mode, h) && !mutants::on(Mutant::PinsIgnored)
    }

    /// Answers the request for `o` in the place of slot h, which waits. Transaction bits are never touched, and neither are
    /// the objects that a foreign kernel works on.
    pub(super) fn implicit(&mut self, o: S::Obj, mode: Mode, h: usize) {
        let (space, world) = self.shared();
        let Some(status) = world.hold(h) else { return };
        let word = space.word(o);
        let pinned = self.keeps_pinned(o, mode, h, status);
        while !pinned {
            let w = word.load(Relaxed);
            if w & may(h) == 0 || mode == Mode::Read && w & EXCL == 0 {
                break;
            }
            let mut gone = given_up(mode, may(h));
            if hits_tx(w, mode, h) {
                if !mutants::on(Mutant::ImplicitIgnoresTx) {
                    break;
                }
                gone |= DIRTY | LOGGED | if mode == Mode::Write { txr(h) } else { 0 };
            }
            if word.compare_exchange(w, w & !gone, ord(Site::Implicit, Release), Relaxed).is_ok() {
                break;
            }
        }
        world.unhold(h, status);
    }

    #[cfg(any(feature = "shuttle", feature = "loom"))]
    fn mutant_acknowledges(&self, r: usize) -> bool {
        if mutants::on(Mutant::RequesterClears) {
            self.shared().1.acks[r].fetch_or(1 << self.s, Relaxed);
            self.shared().1.wake(r);
            return true;
        }
        false
    }

    #[cfg(not(any(feature = "shuttle", feature = "loom")))]
    fn mutant_acknowledges(&self, _: usize) -> bool {
        false
    }
}
