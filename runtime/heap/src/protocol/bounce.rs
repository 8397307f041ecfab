//! Objects that bounce between threads. A thread that wants one back at once may keep it for a while when it gets it: each transfer costs as
//! much as many operations, so that a list which all threads append to goes from hand to hand as a global lock would, and not at each step.
//!
//! Who asks for a kept object is told so, unlocks its word, sleeps for some 1 ms and asks again: the holder works on meanwhile as if nobody had asked.
//! How long a request waits changes nothing in the protocol.
use super::sys::{tick, ticks};

/// One that was given up is wanted back at once if it is within this time, in nanoseconds.
const AT_ONCE: u64 = 1_000;
/// How long it is kept then, in nanoseconds.
const KEEP: u64 = 100_000;
const PLACES: usize = 8;

/// A thread's memory of such objects: requests as `Space::encode` gives them, without their mode, and times, by a hash of the address.
#[derive(Default)]
pub(super) struct Bounces {
    lost: [(u64, u64); PLACES],
    taken: [(u64, u64); PLACES],
}

fn object(request: u64) -> u64 { request & !1 }
fn place(object: u64) -> usize { (object >> 4 ^ object >> 9) as usize % PLACES }

impl Bounces {
    /// The object was given up because another thread asked.
    pub fn lost(&mut self, request: u64) {
        if let Some(t) = tick() {
            let o = object(request);
            self.lost[place(o)] = (o, t);
            self.taken[place(o)] = (0, 0);
        }
    }
    /// Whether the object was given up a moment ago.
    pub fn wanted_back(&self, request: u64) -> bool {
        let o = object(request);
        let (lost, since) = self.lost[place(o)];
        lost == o && tick().is_some_and(|t| t.wrapping_sub(since) < ticks(AT_ONCE))
    }
    /// Such an object has come back.
    pub fn taken(&mut self, request: u64) {
        if let Some(t) = tick() {
            let o = object(request);
            self.taken[place(o)] = (o, t);
        }
    }
    /// Whether it is too early to give the object up.
    pub fn keeps(&self, request: u64) -> bool {
        let o = object(request);
        let (kept, since) = self.taken[place(o)];
        kept == o && tick().is_some_and(|t| t.wrapping_sub(since) < ticks(KEEP))
    }
}
