//! Rounds of a loop whose body is one atomic block may share a transaction: beginning and ending one costs as much as a short block.
//!
//! The compiler ends such a body with `WITHROUND` and the loop with `ENDROUNDS`. [`go_on`] decides at the end of a block whether its transaction stays open
//! for the next one, which the loop's next WITHENTER then enters. Whatever else comes in between ends it: the loop's end, an exception, another
//! context manager. Only steps of loops that run no code of anybody's lie in between, so nobody can tell the rounds from ones that happen to follow
//! each other at once. Nothing is kept waiting: a transaction that somebody wants something of ends with the running round, and one that was aborted
//! runs its first round alone.

use crate::interp::trace;
use crate::runtime;
use crate::thread::Thread;
use txpy_heap::{Cause, HAS_TICK, R, Value, injects_aborts, tick, ticks};

/// What a transaction of several rounds may be.
struct Bounds {
    /// log2 of the rounds.
    most: u32,
    /// Nanoseconds.
    long: u64,
}
/// Bank transfers of 0.3 us gain nothing by more.
const AMONG_OTHERS: Bounds = Bounds { most: 3, long: 10_000 };
/// Nobody waits for its end, or is in its way.
const ALONE: Bounds = Bounds { most: 5, long: 50_000 };
fn bounds(th: &mut Thread) -> Bounds { if th.is_blind() { ALONE } else { AMONG_OTHERS } }

/// Transactions with as many rounds as they may have, none of them aborted, before they may have more.
const GROWS_AFTER: i32 = 8;
/// Of so many transactions one is timed.
const TIMED: i32 = 4;
/// What an abort counts, and what it counts that others wanted something of a transaction before its last round.
const ABORT: i32 = 32;
const WANTED: i32 = 4;
/// What a round counts that takes too long to share a transaction.
const TOO_LONG: i32 = 256;

/// The first round runs.
const FIRST: u64 = 0;
const UNTIMED: u64 = 1;

/// How many rounds a thread's transactions have.
#[derive(Default)]
pub(super) struct Rounds {
    /// A block has ended whose transaction goes on.
    pub open: bool,
    /// Rounds that the running transaction may still have, this one included.
    left: u32,
    /// Behind the instruction that ends them, once one has, for [`goes_on`].
    at: usize,
    /// `left` when the first one ended; what is left of it above `left` are the blocks that have ended before the last one.
    shared: u32,
    /// log2 of the rounds a transaction may have.
    most: u32,
    /// What speaks for more.
    credit: i32,
    /// When the first round ended: a tick, or one of [`FIRST`] and [`UNTIMED`].
    since: u64,
}

impl Rounds {
    pub fn aborted(&mut self) {
        self.open = false;
        self.most = self.most.min(AMONG_OTHERS.most);
        self.fewer(ABORT);
    }
    /// No further block comes.
    fn close(&mut self) {
        self.open = false;
        self.shared = self.shared.wrapping_sub(1);
    }
    /// How many blocks the running transaction has had before the last one.
    pub fn before(&self) -> u32 { if self.at == 0 { 0 } else { self.shared.wrapping_sub(self.left) } }
    /// Transactions shall have half as many rounds, and `pause` of them end before they have more again.
    fn fewer(&mut self, pause: i32) {
        if injects_aborts() {
            return;
        }
        self.most = self.most.saturating_sub(1);
        self.credit = -pause;
    }
    /// A transaction ends with the last round that it may have.
    fn full(&mut self, b: Bounds) {
        if injects_aborts() {
            // So that tests meet many rounds.
            self.most = AMONG_OTHERS.most;
            return;
        }
        if self.since > UNTIMED && tick().is_some_and(|now| now.wrapping_sub(self.since) > ticks(b.long)) {
            self.fewer(TOO_LONG);
            return;
        }
        self.credit += 1;
        if self.credit >= GROWS_AFTER && self.most < b.most && HAS_TICK {
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
pub(super) fn began(th: &mut Thread) {
    let most = bounds(th).most;
    let b = &mut th.block;
    b.rounds.left = if b.aborts == 0 { 1 << most.min(b.rounds.most) } else { 1 };
    (b.rounds.since, b.rounds.at) = (FIRST, 0);
}

/// A block begins: whether it is the next round of the running transaction.
#[inline(always)]
pub(crate) fn enters(th: &mut Thread) -> bool { std::mem::take(&mut th.block.rounds.open) }

/// A round ends in the frame at `base`, whose next instruction is at `pc`: whether its transaction goes on in the next one, as far as a few looks can tell.
/// If not, [`go_on`] comes next.
#[inline(always)]
pub(crate) fn goes_on(th: &mut Thread, base: *mut Value, pc: *const u64) -> bool {
    let b = &th.block;
    if b.rounds.left <= 1 || b.rounds.at != pc as usize || b.base != base as usize || b.depth != 1 || b.holds_actions() {
        return false;
    }
    // What somebody wants of the thread makes its limit 0.
    if th.is_waited_for() || th.is_nudged() {
        return false;
    }
    th.block.rounds.left -= 1;
    th.block.rounds.open = true;
    true
}
/// As `goes_on`, for certain. `steps`: how many steps of the loop run no code of anybody's; more than there are if that has no end.
#[inline(never)]
pub(crate) fn go_on(th: &mut Thread, base: *mut Value, pc: *const u64, steps: usize) -> bool {
    let bounds = bounds(th);
    let b = &mut th.block;
    if steps == 0 || b.depth != 1 || b.base != base as usize || b.rounds.open || b.holds_actions() {
        return false;
    }
    match b.rounds.left {
        0 => return false,
        1 => {
            b.rounds.full(bounds);
            return false;
        }
        _ => {}
    }
    let traced = trace::is_on(th);
    if traced || th.should_end() || runtime::wants_poll() || th.has_dead() {
        th.block.rounds.wanted();
        return false;
    }
    let r = &mut th.block.rounds;
    if r.since == FIRST {
        r.since = if r.credit % TIMED == 0 { tick().unwrap_or(UNTIMED) } else { UNTIMED };
        r.left = r.left.min(steps.saturating_add(1).min(u32::MAX as usize) as u32);
        (r.at, r.shared) = (pc as usize, r.left);
    }
    r.left -= 1;
    r.open = true;
    true
}

/// Ends a transaction that was to go on in another round. Errors: as those of a block's end.
#[inline(always)]
pub(crate) fn end(th: &mut Thread) -> R<()> { if th.block.rounds.open { end_now(th) } else { Ok(()) } }
#[cold]
#[inline(never)]
fn end_now(th: &mut Thread) -> R<()> {
    th.block.rounds.close();
    super::finish(th)
}

/// As `end`, with an exception in flight that is about to leave the loop's step in the frame at `base`. Errors: Abort, which takes the exception's place.
pub(crate) fn end_unwinding(th: &mut Thread, base: *mut Value) -> R<()> {
    if th.block.rounds.open && super::is_opener(th, base) && th.cause == Cause::Exception {
        th.block.rounds.close();
        return super::commit(th);
    }
    Ok(())
}

/// The running transaction shall have no further round.
#[inline]
pub fn commit_soon(th: &mut Thread) {
    let r = &mut th.block.rounds;
    r.shared = r.shared.wrapping_sub(std::mem::take(&mut r.left));
}
