//! More threads than slots: entering, blocking, stealing, yielding.
//!
//! A thread that blocks leaves its slot IDLE: it returns to it by one CAS, unless a thread without slot has taken it over,
//! which the generation in the status word tells. Objects stay with the slot: the thief inherits them, and the woken thread,
//! which holds no guard across a blocking call, enters any slot and rebuilds its keys. A thread that stops in mid-operation or
//! blocks in its irrevocable transaction is BLOCKED instead, which cannot be stolen.
//!
//! A thread that finds every slot in use asks a running one to yield, another one each 5 ms. That one goes IDLE at its next safepoint outside
//! of transactions, stays so until it is robbed or nobody waits for a slot any more, and then queues like the rest.
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::{World, YIELD, state};
use super::space::Space;
use super::sys::{Ordering::*, PARK};
use super::word::bits;
use std::time::Duration;

/// How long a thread waits for a slot before it asks a running thread for its.
const SLICE: Duration = Duration::from_millis(5);

/// Ends a blocking call even when it panics.
struct Unblock<'a, S: Space>(&'a mut Mutator<S>);

impl<S: Space> Drop for Unblock<'_, S> {
    fn drop(&mut self) {
        self.0.unblock();
    }
}

impl<S: Space> Mutator<S> {
    /// Runs `f`, which touches no object of the heap and may take any time, while others answer for this thread.
    pub fn blocking<T>(&mut self, f: impl FnOnce() -> T) -> T {
        self.block();
        let _unblock = Unblock(self);
        f()
    }

    /// Begins a blocking call: a safepoint, and the last time this thread touches the heap until `unblock`. In a transaction
    /// the slot is kept, and whoever meets its writes waits for the call too: only what waits for no other thread may block there.
    pub fn block(&mut self) {
        let answered = self.poll(false);
        debug_assert!(answered.is_ok() || self.in_tx); // a doomed transaction hears of it again at its next safepoint
        if !self.in_tx {
            self.shared().1.remove_running();
        }
        self.wait_as(if self.in_tx { state::BLOCKED } else { state::IDLE });
    }

    /// Ends a blocking call. The slot may be another one afterwards.
    pub fn unblock(&mut self) {
        if self.in_tx {
            self.resume();
        } else {
            self.shared().1.add_running();
            self.enter_slot(Some((self.s, self.status)));
            self.not_alone();
        }
    }

    /// For a thread that has begun to run: nobody may go on as if alone.
    pub(super) fn not_alone(&mut self) {
        if self.shared().1.is_solo() && !mutants::on(Mutant::SoloKept) {
            self.with_stopped_world(|_| ());
        }
    }

    /// The thread ends, or leaves Python for good. Its objects stay with the slot.
    pub fn exit(mut self) -> S::Local {
        debug_assert!(!self.in_tx);
        let answered = self.poll(false);
        debug_assert!(answered.is_ok());
        let (_, world) = self.shared();
        world.contention.store(self.lane.contention(), Relaxed);
        world.vacant.fetch_or(1 << self.s, Relaxed); // a hint: where to look first
        self.shared().1.remove_running();
        self.wait_as(state::IDLE);
        self.local
    }

    fn wait_as(&mut self, waiting: u64) {
        self.leave_lane();
        let (space, world) = self.shared();
        space.publish(&mut self.local);
        self.me().status.store(self.status + waiting, ord(Site::Block, Release));
        world.wake_statuses();
    }

    /// Gives the slot to a thread that waits for one.
    #[cold]
    pub(super) fn yield_slot(&mut self) {
        let (_, world) = self.shared();
        self.me().pending.fetch_and(!YIELD, AcqRel);
        if self.in_tx {
            self.yield_at_end = true;
            return;
        }
        if world.slotless.load(Acquire) == 0 {
            return;
        }
        if world.ghosts() != 0 {
            return self.with_stopped_world(|_| ());
        }
        self.wait_as(state::IDLE);
        let (line, status) = (self.me(), self.status);
        let done = || {
            let robbed = line.status.load(Relaxed) & !state::MASK != status;
            (robbed || world.slotless.load(Acquire) == 0).then_some(())
        };
        world.door.until(PARK, done, || {});
        self.enter_slot(Some((self.s, self.status)));
    }

    /// IDLE -> RUNNING in the own slot if it has one and was not robbed of it, else in any.
    pub(super) fn enter_slot(&mut self, own: Option<(usize, u64)>) {
        let (space, world) = self.shared();
        let attempt = || world.try_slot(own);
        let (s, status) = attempt().unwrap_or_else(|| {
            world.slotless.fetch_add(1, AcqRel);
            let got = world.door.until(SLICE, attempt, || {
                if let Some(h) = world.ask_to_yield() {
                    space.nudge(h);
                }
            });
            world.slotless.fetch_sub(1, AcqRel);
            world.door.notify(); // who yielded for us
            got
        });
        world.slots[s].taken.store(0, Relaxed);
        if own == Some((s, status)) {
            return;
        }
        self.set_slot(s, status);
        world.vacant.fetch_and(!(1 << s), Relaxed);
        space.entered(&mut self.local, s);
        world.door.notify(); // who was robbed while yielding
        if self.must_poll() {
            space.nudge(s); // a request that came before `entered`
        }
    }
}

impl World {
    /// One try to get a slot: its number and the status word of its RUNNING occupant.
    fn try_slot(&self, own: Option<(usize, u64)>) -> Option<(usize, u64)> {
        if let Some((s, status)) = own {
            let line = &self.slots[s].status;
            if line.compare_exchange(status + state::IDLE, status, ord(Site::Unblock, Acquire), Relaxed).is_ok() {
                return own;
            }
            let now = line.load(Relaxed);
            if now & !state::MASK == status {
                return None; // held for a moment, or the world is stopped
            }
            if mutants::on(Mutant::StolenUnnoticed) {
                line.compare_exchange(now, now & !state::MASK, Acquire, Relaxed).ok()?;
                return Some((s, now & !state::MASK));
            }
        }
        let vacant = bits(self.vacant.load(Relaxed) as u64);
        let start = self.victim.load(Relaxed) as usize;
        vacant.chain((0..self.limit).map(|i| (start + i) % self.limit)).find_map(|s| Some((s, self.steal(s)?)))
    }

    /// Takes over an IDLE slot as its next generation.
    fn steal(&self, s: usize) -> Option<u64> {
        let line = &self.slots[s].status;
        let now = line.load(Acquire);
        let kept = now & state::MASK == state::BLOCKED && mutants::on(Mutant::StealKept);
        if now & state::MASK != state::IDLE && !kept || !self.is_open(s) {
            return None;
        }
        let next = (now & !state::MASK) + state::GENERATION;
        line.compare_exchange(now, next, ord(Site::Unblock, Acquire), Relaxed).ok().map(|_| next)
    }

    /// Asks a running thread for its slot, unless one is about to become free anyway.
    fn ask_to_yield(&self) -> Option<usize> {
        let state = |s: usize| self.slots[s].status.load(Relaxed) & state::MASK;
        if (0..self.limit).any(|s| matches!(state(s), state::IDLE | state::IDLE_HELD) && self.is_open(s)) {
            return None;
        }
        let start = self.victim.fetch_add(1, Relaxed) as usize + 1;
        let h = (0..self.limit).map(|i| (start + i) % self.limit).find(|&s| state(s) == state::RUNNING)?;
        self.slots[h].pending.fetch_or(YIELD, AcqRel);
        Some(h)
    }
}
