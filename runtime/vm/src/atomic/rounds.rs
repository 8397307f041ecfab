//! Rounds of a loop whose body is one atomic block may share a transaction: beginning and ending one costs as much as a short block.
//!
//! The compiler ends such a body with `WITHROUND` and the loop with `ENDROUNDS`. [`go_on`] decides at the end of a block whether its transaction stays open
//! for the next one, which the loop's next WITHENTER then enters. Whatever else comes in between ends it: the loop's end, an exception, another
//! context manager. Only steps of loops that run no code of anybody's lie in between, so nobody can tell the rounds from ones that happen to follow
//! each other at once. Nothing is kept waiting: a transaction that somebody wants something of ends with the running round, and one that was aborted
//! runs its first round alone.

use super::Block;
use crate::interp::trace;
use crate::runtime;
use crate::thread::Thread;
use txpy_heap::{Cause, HAS_TICK, R, Value, injects_aborts, tick, ticks};

/// log2 of the rounds in a transaction at most. Bank transfers of 0.3 us gain nothing by more, and meet more conflicts.
const MOST: u32 = 3;
/// Nanoseconds that a transaction of several rounds may take.
const LONG: u64 = 10_000;
/// Transactions with as many rounds as they may have, none of them aborted, before they may have more.
const GROWS_AFTER: i32 = 8;
/// What an abort counts, and what it counts that others wanted something of a transaction before its last round.
const ABORT: i32 = 32;
const WANTED: i32 = 4;
/// What a round counts that takes too long to share a transaction.
const TOO_LONG: i32 = 256;

/// How many rounds a thread's transactions have.
#[derive(Default)]
pub(super) struct Rounds {
    /// A block has ended whose transaction goes on.
    pub open: bool,
    /// Rounds that the running transaction may still have, this one included.
    left: u32,
    /// log2 of the rounds a transaction may have.
    most: u32,
    /// What speaks for more.
    credit: i32,
    /// When the first round ended.
    since: u64,
}

impl Rounds {
    pub fn aborted(&mut self) {
        self.open = false;
        self.fewer(ABORT);
    }
    /// Transactions shall have half as many rounds, and `pause` of them end before they have more again.
    fn fewer(&mut self, pause: i32) {
        if injects_aborts() {
            return;
        }
        self.most = self.most.saturating_sub(1);
        self.credit = -pause;
    }
    /// A transaction ends with the last round that it may have; `only`: it had no other.
    fn full(&mut self, only: bool) {
        if injects_aborts() {
            // So that tests meet many rounds.
            self.most = MOST;
            return;
        }
        if !only && tick().is_some_and(|now| now.wrapping_sub(self.since) > ticks(LONG)) {
            self.fewer(TOO_LONG);
            return;
        }
        self.credit += 1;
        if self.credit >= GROWS_AFTER && self.most < MOST && HAS_TICK {
            self.most += 1;
            self.credit = 0;
        }
    }
    /// A transaction ends before its last round.
    fn wanted(&mut self) {
        self.credit -= WANTED;
        if self.credit <= -ABORT {
            self.fewer(GROWS_AFTER);
        }
    }
}

/// A transaction has begun.
#[inline(always)]
pub(super) fn began(b: &mut Block) { b.rounds.left = if b.aborts == 0 { 1 << b.rounds.most } else { 1 } }

/// A block begins: whether it is the next round of the running transaction.
#[inline(always)]
pub(crate) fn enters(th: &mut Thread) -> bool { std::mem::take(&mut th.block.rounds.open) }

/// A round ends in the frame at `base`: whether its transaction goes on in the next one.
#[inline]
pub(crate) fn go_on(th: &mut Thread, base: *mut Value) -> bool {
    let b = &th.block;
    if b.depth != 1 || b.base != base as usize || b.holds_actions() || b.aborts != 0 || b.rounds.open {
        return false;
    }
    let r = &mut th.block.rounds;
    let first = r.left == 1 << r.most;
    if r.left <= 1 {
        if r.left == 1 {
            r.full(first);
        }
        return false;
    }
    r.left -= 1;
    if first {
        r.since = tick().unwrap_or(0);
    }
    if th.should_end() || runtime::wants_poll() || th.has_dead() || trace::is_on(th) {
        th.block.rounds.wanted();
        return false;
    }
    th.block.rounds.open = true;
    th.goes_on();
    true
}

/// Ends a transaction that was to go on in another round. Errors: as those of a block's end.
#[inline(always)]
pub(crate) fn end(th: &mut Thread) -> R<()> { if th.block.rounds.open { end_now(th) } else { Ok(()) } }
#[cold]
#[inline(never)]
fn end_now(th: &mut Thread) -> R<()> {
    th.block.rounds.open = false;
    super::finish(th)
}

/// As `end`, with an exception in flight that is about to leave the loop's step in the frame at `base`. Errors: Abort, which takes the exception's place.
pub(crate) fn end_unwinding(th: &mut Thread, base: *mut Value) -> R<()> {
    if th.block.rounds.open && super::is_opener(th, base) && th.cause == Cause::Exception {
        th.block.rounds.open = false;
        return super::commit(th);
    }
    Ok(())
}

/// The running transaction shall have no further round.
pub fn commit_soon(th: &mut Thread) { th.block.rounds.left = 0; }
