//! Several objects at once: acquired in address order, answers for the ones already held deferred; after a few rounds the
//! whole operation runs with the world stopped.
//!
//! Deferral is free of deadlock because it follows the address order: who defers o waits only for objects above o. A wait
//! for a transaction breaks that order, so it drops all deferrals, and everything is checked again at the end. An object
//! named twice is acquired once, in the stronger mode: reading it first and then upgrading while deferring it would wait for
//! a locker that waits for the deferred answer.
use super::mutants::{self, Mutant};
use super::mutator::Mutator;
use super::space::{R, Space};
use super::sys::Ordering::*;
use super::word::*;

/// Rounds of acquiring everything before plain code stops the world.
const ROUNDS: u32 = 3;

/// How `hold_many` made the objects accessible; goes to `end_hold` when the operation is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Hold {
    /// All are held, until the next safepoint.
    Owned,
    /// The world is stopped; ownership is as it was.
    Stopped,
}

/// Ends a hold even when the operation panics: a stopped world would hang every thread.
struct EndHold<'a, S: Space>(&'a mut Mutator<S>, Hold);

impl<S: Space> Drop for EndHold<'_, S> {
    fn drop(&mut self) {
        self.0.end_hold(self.1);
    }
}

impl<S: Space> Mutator<S> {
    /// Runs `f` while all `objs` can be accessed as asked. `objs` gets sorted.
    pub fn access_many<T>(&mut self, objs: &mut [(S::Obj, Mode)], f: impl FnOnce(&Mutator<S>) -> T) -> R<T> {
        let hold = self.hold_many(objs)?;
        let held = EndHold(self, hold);
        Ok(f(held.0))
    }

    /// `access_many` of two.
    pub fn access2<T>(&mut self, a: (S::Obj, Mode), b: (S::Obj, Mode), f: impl FnOnce(&Mutator<S>) -> T) -> R<T> {
        self.access_many(&mut [a, b], f)
    }

    /// Makes all of `objs` accessible at once. Between this and `end_hold` no safepoint, no barrier, no allocation may be.
    /// Sorts `objs`. Stopped only outside of transactions.
    pub fn hold_many(&mut self, objs: &mut [(S::Obj, Mode)]) -> R<Hold> {
        if objs.iter().all(|&(o, mode)| self.ready(o, mode)) {
            return Ok(Hold::Owned);
        }
        if self.own_many(objs, true)? {
            return Ok(Hold::Owned);
        }
        self.stop_for(objs)?;
        Ok(Hold::Stopped)
    }

    pub fn end_hold(&mut self, hold: Hold) {
        if hold == Hold::Stopped {
            self.stopped = false;
            self.start_world();
            self.unregister();
            self.leave_gate();
            self.denied = 0;
        }
    }

    /// As a barrier's fast path.
    fn ready(&self, o: S::Obj, mode: Mode) -> bool {
        let w = self.word(o).load(Relaxed);
        match mode {
            Mode::Read => w & self.read_key != 0,
            Mode::Write => w == self.write_key,
        }
    }

    /// Acquires all of `objs`. With `may_give_up`, false when plain code has not got them together after ROUNDS rounds.
    pub(super) fn own_many(&mut self, objs: &mut [(S::Obj, Mode)], may_give_up: bool) -> R<bool> {
        let upgrade = mutants::on(Mutant::DuplicateUpgrade);
        objs.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(if upgrade { a.1.cmp(&b.1) } else { b.1.cmp(&a.1) }));
        if mutants::on(Mutant::DeferUnordered) && self.s % 2 == 0 {
            objs.reverse();
        }
        let mut round = 0;
        loop {
            let mut r = Ok(());
            for i in 0..objs.len() {
                let (o, mode) = objs[i];
                if i > 0 && objs[i - 1].0 == o && !upgrade {
                    continue;
                }
                r = self.barrier(o, mode);
                if r.is_err() {
                    break;
                }
                if !self.in_tx && i + 1 < objs.len() && !(may_give_up && mutants::on(Mutant::NoDefer)) {
                    self.defer.push(o);
                }
            }
            self.defer.clear();
            r?;
            if objs.iter().all(|&(o, mode)| self.holds(o, mode)) || mutants::on(Mutant::NoManyRecheck) {
                return Ok(true);
            }
            round += 1;
            if round >= ROUNDS && may_give_up && !self.in_tx && !mutants::on(Mutant::ManyNaive) {
                return Ok(false);
            }
        }
    }

    /// Stops the world at a moment when no transaction and no foreign kernel has any of `objs`.
    fn stop_for(&mut self, objs: &[(S::Obj, Mode)]) -> R<()> {
        let (space, world) = self.shared();
        'again: loop {
            self.stop_world();
            for &(o, mode) in objs {
                if mode == Mode::Write {
                    self.thaw_stopped(o);
                }
                let w = space.word(o).load(Acquire);
                let in_tx = match mode {
                    Mode::Write => w >> 24 & MAYS,
                    Mode::Read if w & DIRTY != 0 => w & MAYS,
                    Mode::Read => 0,
                };
                if in_tx != 0 {
                    self.start_world();
                    self.enter_gate();
                    self.wait_tx_end(o, mode, in_tx.trailing_zeros() as usize)?;
                    continue 'again;
                }
                let kernel = (0..world.limit).find(|&h| h != self.s && self.in_kernel(o, mode, h));
                if let Some(h) = kernel
                    && !mutants::on(Mutant::StopIgnoresPins)
                {
                    self.start_world();
                    self.wait_kernel_end(o, mode, h)?;
                    continue 'again;
                }
            }
            for &(o, mode) in objs {
                if mode == Mode::Write && space.word(o).load(Relaxed) & OLD != 0 {
                    space.word(o).fetch_and(!OLD, Relaxed);
                    space.remember(&mut self.local, o);
                }
            }
            self.stopped = true;
            return Ok(());
        }
    }
}
