//! Objects that bounce between threads. A thread that wants one back at once may keep it for a while when it gets it: each transfer costs as
//! much as many operations, so that a list which all threads append to goes from hand to hand as a global lock would, and not at each step.
//!
//! Who asks for a kept object is told so, unlocks its word, sleeps for a while and asks again: the holder works on meanwhile as if nobody had asked.
//! How long a request waits changes nothing in the protocol.
use super::sys::{tick, ticks};
use std::time::Duration;

/// One that was given up is wanted back at once if it is within this time, in nanoseconds.
const AT_ONCE: u64 = 1_000;
/// How long it is kept then at most, in nanoseconds, and how long at first: four times as long each time that it is wanted back at once again. Nobody sees whether
/// the holder uses it all the while.
const KEEP: u64 = 500_000;
const KEEP_FIRST: u64 = KEEP >> 4;
/// How long one who asks for it rests at most, how long at first, and how many times as long each further time: only the first is spent spinning.
pub(super) const REST: Duration = Duration::from_nanos(KEEP + KEEP / 4);
pub(super) const REST_FIRST: Duration = Duration::from_micros(5);
pub(super) const REST_GROWS: u32 = 16;
/// How often in a row an object was wanted back at once that is kept: a single time may be a request in the middle of an operation.
const ROW: u32 = 4;
/// What more of them would not change.
const MOST: u32 = ROW + 2;
/// What a time at which it was not counts: the system may have taken the processor away just then.
const MISS: u32 = 2;
const PLACES: usize = 8;

/// An object that was given up: when (0 once it has been wanted back), and how often in a row it was wanted back at once.
#[derive(Clone, Copy, Default)]
struct Lost {
    object: u64,
    since: u64,
    row: u32,
}

/// A thread's memory of such objects: requests as `Space::encode` gives them, without their mode, and times, by a hash of the address.
#[derive(Default)]
pub(super) struct Bounces {
    lost: [Lost; PLACES],
    /// An object that came back, and until when it is kept.
    taken: [(u64, u64); PLACES],
}

fn object(request: u64) -> u64 { request & !1 }
fn place(object: u64) -> usize { (object >> 4 ^ object >> 9) as usize % PLACES }

impl Bounces {
    /// The object was given up because another thread asked.
    pub fn lost(&mut self, request: u64) {
        if let Some(t) = tick() {
            let o = object(request);
            let l = &mut self.lost[place(o)];
            *l = Lost { object: o, since: t, row: if l.object == o { l.row } else { 0 } };
            self.taken[place(o)] = (0, 0);
        }
    }
    /// Whether the object was given up a moment ago, and the times before as well.
    pub fn wanted_back(&mut self, request: u64) -> bool {
        let l = &mut self.lost[place(object(request))];
        if l.object != object(request) {
            return false;
        }
        // Only the first time: its holder asks again when it meets the lock of another who asks.
        let since = std::mem::take(&mut l.since);
        if since != 0 {
            let at_once = tick().is_some_and(|t| t.wrapping_sub(since) < ticks(AT_ONCE));
            l.row = if at_once { (l.row + 1).min(MOST) } else { l.row.saturating_sub(MISS) };
        }
        l.row >= ROW
    }
    /// Such an object has come back.
    pub fn taken(&mut self, request: u64) {
        if let Some(t) = tick() {
            let o = object(request);
            let l = &self.lost[place(o)];
            let row = if l.object == o { l.row.saturating_sub(ROW) } else { 0 };
            self.taken[place(o)] = (o, t.wrapping_add(ticks((KEEP_FIRST << (2 * row)).min(KEEP))));
        }
    }
    /// Whether it is too early to give the object up.
    pub fn keeps(&self, request: u64) -> bool {
        let o = object(request);
        let (kept, until) = self.taken[place(o)];
        kept == o && tick().is_some_and(|t| (until.wrapping_sub(t) as i64) > 0)
    }
}
