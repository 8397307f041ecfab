//! Stopping and starting the world.
//!
//! Every thread is either at a safepoint (BLOCKED), in a blocking call or without slot (IDLE), or in a foreign kernel (NATIVE),
//! and each slot is held so that none can leave that state. Foreign kernels run on: the stopped world may look at everything
//! but the payloads pinned by them, and moves nothing.
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::{DOOM, STW, state};
use super::space::Space;
use super::sys::{Backoff, Ordering::*, PARK};
use super::word::{DIRTY, txr};

impl<S: Space> Mutator<S> {
    /// Stops all other threads. The caller is at a safepoint: while it waits for its turn it stops like everybody else.
    pub fn stop_world(&mut self) {
        let (space, world) = self.shared();
        while world.stw.0.compare_exchange(0, self.s as u32 + 1, AcqRel, Relaxed).is_err() {
            let other = world.stw.0.load(Acquire);
            if other != 0 {
                self.wait_start(other);
            }
        }
        let others = || (0..world.limit).filter(|&h| h != self.s);
        for h in others() {
            world.slots[h].pending.fetch_or(STW, AcqRel);
            space.nudge(h);
            world.wake(h);
        }
        for h in others() {
            let status = &world.slots[h].status;
            let mut b = Backoff::default();
            loop {
                let st = status.load(Relaxed);
                if state::waits(st) && status.compare_exchange(st, st + 1, Acquire, Relaxed).is_ok() {
                    break;
                }
                self.wait_silent(&mut b);
                if b.announced {
                    space.nudge(h);
                }
            }
        }
    }

    /// Lets the world go on. Slots first, the flag last, and never another thread's STW bit: each clears its own and then
    /// reads the flag, or else the next stopper's bit could get lost.
    pub fn start_world(&mut self) {
        let (_, world) = self.shared();
        if world.count_running() && !mutants::on(Mutant::AloneUnmarked) {
            self.mark_written();
        }
        world.end_ghosts();
        let flag_first = mutants::on(Mutant::StwFlagFirst);
        if flag_first {
            world.stw.0.store(0, Release);
        }
        for h in (0..world.limit).filter(|&h| h != self.s) {
            if flag_first {
                world.slots[h].pending.fetch_and(!STW, Relaxed);
            }
            let held = world.slots[h].status.load(Relaxed);
            world.slots[h].status.store(held - 1, Release);
        }
        world.stw.0.store(0, Release);
        world.wake_statuses();
        self.company();
    }

    /// Runs `f` with the world stopped.
    pub fn with_stopped_world<T>(&mut self, f: impl FnOnce(&mut Mutator<S>) -> T) -> T {
        struct Start<'a, S: Space>(&'a mut Mutator<S>);
        impl<S: Space> Drop for Start<'_, S> {
            fn drop(&mut self) {
                self.0.start_world();
            }
        }
        self.stop_world();
        f(Start(self).0)
    }

    /// The STW bit was set: stop if the world is to stop.
    pub(super) fn stop_here(&mut self) {
        self.me().pending.fetch_and(!STW, AcqRel);
        let stopper = self.shared().1.stw.0.load(Acquire);
        if stopper != 0 && stopper != self.s as u32 + 1 {
            self.wait_start(stopper);
        }
    }

    /// BLOCKED, not IDLE: it may be in mid-operation with a request outstanding, or in a transaction, so it keeps its slot.
    fn wait_start(&mut self, stopper: u32) {
        let (space, world) = self.shared();
        space.publish(&mut self.local);
        self.me().status.store(self.status + state::BLOCKED, Release);
        world.wake_statuses();
        let started = || (world.stw.0.load(Acquire) != stopper).then_some(());
        world.door.until(PARK, started, || {});
        self.resume();
    }

    /// BLOCKED -> RUNNING in the slot that was kept.
    pub(super) fn resume(&mut self) {
        let (_, world) = self.shared();
        let (status, line) = (self.status, self.me());
        let attempt = || line.status.compare_exchange(status + state::BLOCKED, status, ord(Site::Unblock, Acquire), Relaxed).ok();
        world.door.until(PARK, attempt, || {});
        self.company();
    }

    /// With the world stopped, when a thread is no longer alone: what its transaction has written by the word is marked, so that nobody takes it. The
    /// transaction aborts once its thread looks ([`Mutator::company`]), but others may run before that.
    #[cold]
    fn mark_written(&mut self) {
        let (space, _) = self.shared();
        let mark = |s, o| {
            let word = space.word(o);
            word.store(word.load(Relaxed) | txr(s) | DIRTY, Relaxed);
        };
        if self.blind {
            let s = self.s;
            space.each_unmarked(&self.local, |o| mark(s, o));
        } else {
            space.each_unmarked_of_others(mark);
        }
    }

    /// After a time in which the world may have been stopped: if this thread is no longer alone, a transaction that took no note of its reads aborts.
    pub(super) fn company(&mut self) {
        let (space, world) = self.shared();
        if self.blind && !world.is_solo() && !mutants::on(Mutant::BlindKept) {
            (self.blind, self.doomed) = (false, true);
            self.set_keys();
            self.me().pending.fetch_or(DOOM, Relaxed);
            space.nudge(self.s);
        }
    }
}
