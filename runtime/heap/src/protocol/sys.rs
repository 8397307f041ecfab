//! The back end: atomics, yielding and parking from std, shuttle or loom. The protocol above is one source for all three.

#[cfg(feature = "loom")]
pub use loom::sync::atomic::{AtomicU32, AtomicU64};
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
pub use shuttle::sync::atomic::{AtomicU32, AtomicU64};
#[cfg(not(any(feature = "loom", feature = "shuttle")))]
pub use std::sync::atomic::{AtomicU32, AtomicU64};

pub use std::sync::atomic::Ordering;

#[cfg(feature = "loom")]
use loom::thread;
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
use shuttle::{
    sync::{Condvar, Mutex},
    thread,
};
use std::time::Duration;
#[cfg(not(any(feature = "loom", feature = "shuttle")))]
use std::{
    sync::{Condvar, Mutex},
    thread,
};

/// Whether [`tick`] reads a counter of the processor.
pub const HAS_TICK: bool = cfg!(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(any(feature = "shuttle", feature = "loom"))));

/// The processor's clock, where user code can read one that all processors share.
#[inline]
pub fn tick() -> Option<u64> {
    #[cfg(all(target_arch = "x86_64", not(any(feature = "shuttle", feature = "loom"))))]
    // SAFETY: reads a counter.
    return Some(unsafe { std::arch::x86_64::_rdtsc() });
    #[cfg(all(target_arch = "aarch64", not(any(feature = "shuttle", feature = "loom"))))]
    {
        let t: u64;
        // SAFETY: reads a counter that user code may read.
        unsafe { std::arch::asm!("mrs {}, cntvct_el0", out(reg) t, options(nomem, nostack)) };
        return Some(t);
    }
    #[cfg(any(feature = "shuttle", feature = "loom", not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
    None
}

/// Nanoseconds in units of [`tick`], roughly.
#[inline]
pub fn ticks(nanoseconds: u64) -> u64 {
    #[cfg(target_arch = "aarch64")]
    {
        let frequency: u64;
        // SAFETY: reads the counter's frequency.
        unsafe { std::arch::asm!("mrs {}, cntfrq_el0", out(reg) frequency, options(nomem, nostack)) };
        return nanoseconds * (frequency / 1_000_000) / 1_000;
    }
    // Time stamp counters run at 2 to 4 GHz; where there is none, `tick` is none either and times are nanoseconds.
    #[cfg(not(target_arch = "aarch64"))]
    if HAS_TICK { nanoseconds * 3 } else { nanoseconds }
}

/// Turns of a wait loop that spin, and then those that yield, before it parks.
#[cfg(not(any(feature = "loom", feature = "shuttle")))]
const TURNS: (u32, u32) = (64, 96);
#[cfg(any(feature = "loom", feature = "shuttle"))]
const TURNS: (u32, u32) = (0, 1);
/// Whether this is a model, which has no clock.
pub const MODEL: bool = cfg!(any(feature = "loom", feature = "shuttle"));

/// Longest sleep of a parked thread. Every event a thread waits for wakes it; the limit bounds the delay where a weakly
/// ordered machine loses a wake-up. Under shuttle, which is sequentially consistent, parks have no limit, so that a
/// missing wake-up shows as a deadlock.
pub const PARK: Duration = Duration::from_millis(1);

/// One wait loop's progress: spin a little, yield for a while, then park.
pub struct Backoff {
    turns: u32,
    /// How long one park lasts.
    pub limit: Duration,
    /// The parked bit is set; the loop has one more look at its condition before it sleeps.
    pub announced: bool,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff { turns: 0, limit: PARK, announced: false }
    }
}

impl Backoff {
    /// Of a loop that has spun and yielded.
    pub fn tired(limit: Duration) -> Backoff {
        Backoff { turns: TURNS.1, limit, announced: false }
    }

    pub fn reset(&mut self) {
        *self = Backoff::default();
    }

    /// Whether it has spun in vain.
    #[inline(always)]
    pub fn yields(&self) -> bool {
        self.turns >= TURNS.0
    }

    /// Spins or yields; false once it is time to park.
    pub fn pause(&mut self) -> bool {
        self.turns += 1;
        if self.turns <= TURNS.0 {
            std::hint::spin_loop();
        } else if self.turns <= TURNS.1 || cfg!(feature = "loom") {
            thread::yield_now();
        } else {
            return false;
        }
        true
    }

    /// After a park: one yield, then announce again.
    pub fn parked(&mut self) {
        self.turns = TURNS.1 - 1;
        self.announced = false;
    }
}

/// Where one slot's occupant sleeps: a token that `unpark` leaves and `park` consumes.
#[cfg(not(feature = "loom"))]
pub struct Parker {
    token: Mutex<bool>,
    cv: Condvar,
}

#[cfg(not(feature = "loom"))]
impl Parker {
    pub fn new() -> Parker {
        Parker { token: Mutex::new(false), cv: Condvar::new() }
    }

    pub fn park(&self, limit: Duration) {
        let mut token = self.token.lock().unwrap_or_else(|e| e.into_inner());
        if !*token {
            token = self.cv.wait_timeout(token, limit).unwrap_or_else(|e| e.into_inner()).0;
        }
        *token = false;
    }

    pub fn unpark(&self) {
        *self.token.lock().unwrap_or_else(|e| e.into_inner()) = true;
        self.cv.notify_one();
    }
}

/// The lock of a parker or door, held for a fork.
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub enum Held<'a> {
    Parker { _token: std::sync::MutexGuard<'a, bool> },
    Door { _epoch: std::sync::MutexGuard<'a, u64> },
}
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
impl Parker {
    pub fn hold(&self) -> Held<'_> { Held::Parker { _token: self.token.lock().unwrap_or_else(|e| e.into_inner()) } }
}
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
impl Door {
    pub fn hold(&self) -> Held<'_> { Held::Door { _epoch: self.epoch.lock().unwrap_or_else(|e| e.into_inner()) } }
    /// Those who waited are not there any more.
    pub fn forget(&self) { self.waiting.store(0, Ordering::SeqCst) }
}

/// Where threads wait that hold no running slot: an event count.
#[cfg(not(feature = "loom"))]
pub struct Door {
    waiting: AtomicU32,
    epoch: Mutex<u64>,
    cv: Condvar,
}

#[cfg(not(feature = "loom"))]
impl Door {
    pub fn new() -> Door {
        Door { waiting: AtomicU32::new(0), epoch: Mutex::new(0), cv: Condvar::new() }
    }

    /// Wakes all who wait here. Called after every change that one of them may wait for.
    pub fn notify(&self) {
        if self.waiting.load(Ordering::SeqCst) != 0 {
            *self.epoch.lock().unwrap_or_else(|e| e.into_inner()) += 1;
            self.cv.notify_all();
        }
    }

    /// Waits until `attempt` succeeds. `late` runs after `limit` without success, and again each time it has passed (in a
    /// model: whenever the thread goes to sleep).
    pub fn until<T>(&self, limit: Duration, mut attempt: impl FnMut() -> Option<T>, mut late: impl FnMut()) -> T {
        let mut b = Backoff::default();
        loop {
            if let Some(v) = attempt() {
                return v;
            }
            if b.pause() {
                continue;
            }
            if cfg!(feature = "shuttle") {
                late();
            }
            self.waiting.fetch_add(1, Ordering::SeqCst);
            let before = *self.epoch.lock().unwrap_or_else(|e| e.into_inner());
            if let Some(v) = attempt() {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                return v;
            }
            let mut epoch = self.epoch.lock().unwrap_or_else(|e| e.into_inner());
            let mut timeout = false;
            while *epoch == before && !timeout {
                let (e, t) = self.cv.wait_timeout(epoch, limit).unwrap_or_else(|e| e.into_inner());
                (epoch, timeout) = (e, t.timed_out());
            }
            drop(epoch);
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            if timeout {
                late();
            }
            b.parked();
        }
    }
}

/// loom checks memory orderings, not wake-ups: parking is yielding.
#[cfg(feature = "loom")]
pub struct Parker;

#[cfg(feature = "loom")]
impl Parker {
    pub fn new() -> Parker {
        Parker
    }

    pub fn park(&self, _: Duration) {
        thread::yield_now();
    }

    pub fn unpark(&self) {}
}

#[cfg(feature = "loom")]
pub struct Door;

#[cfg(feature = "loom")]
impl Door {
    pub fn new() -> Door {
        Door
    }

    pub fn notify(&self) {}

    pub fn until<T>(&self, _: Duration, mut attempt: impl FnMut() -> Option<T>, mut late: impl FnMut()) -> T {
        loop {
            if let Some(v) = attempt() {
                return v;
            }
            late();
            thread::yield_now();
        }
    }
}
