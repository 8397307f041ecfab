//! Which processor a new thread begins on.
//!
//! A program starts its threads one right after the other, and then waits for them. The kernel places each by what runs at that moment, the starter
//! included, and so often two on one processor; it takes 10 to 20 ms until it looks again and moves one, in guests of hypervisors above all, where a
//! sleeping virtual processor passes for a busy one. So a thread that begins where another has just begun, and runs still, moves once
//! to a processor where none has. Where it goes then is the kernel's business.

#[cfg(target_os = "linux")]
pub use linux::Place;
#[cfg(not(target_os = "linux"))]
pub struct Place;
#[cfg(not(target_os = "linux"))]
impl Place {
    pub fn take() -> Option<Place> { None }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use std::time::{Duration, Instant};

    /// Processors that are looked at.
    const MANY: usize = 256;
    /// By processor: when a thread began there that has not ended, in nanoseconds; 0 for none. For a guess: nothing depends on it but speed.
    static BEGAN: [AtomicU64; MANY] = [const { AtomicU64::new(0) }; MANY];
    /// The kernel has looked by then.
    const WHILE: Duration = Duration::from_millis(20);

    /// A thread's mark in the table, until it ends.
    pub struct Place {
        at: usize,
        when: u64,
    }
    impl Place {
        /// Of the running thread, which has just begun.
        pub fn take() -> Option<Place> {
            static START: OnceLock<Instant> = OnceLock::new();
            let now = START.get_or_init(Instant::now).elapsed() + WHILE;
            let when = now.as_nanos() as u64;
            let free = |cpu: usize| when - BEGAN[cpu].load(Relaxed).min(when) > WHILE.as_nanos() as u64;
            // SAFETY: no arguments.
            let here = usize::try_from(unsafe { libc::sched_getcpu() }).ok().filter(|&c| c < MANY)?;
            let at = if free(here) { here } else { move_to(free).unwrap_or(here) };
            BEGAN[at].store(when, Relaxed);
            Some(Place { at, when })
        }
    }
    impl Drop for Place {
        fn drop(&mut self) { let _ = BEGAN[self.at].compare_exchange(self.when, 0, Relaxed, Relaxed); }
    }

    /// Moves the thread to a processor that it may use and that passes the test.
    fn move_to(test: impl Fn(usize) -> bool) -> Option<usize> {
        let size = size_of::<libc::cpu_set_t>();
        // SAFETY: the sets have the size that is told, all zeros are a value, and no other thread's affinity is touched.
        unsafe {
            let (mut mine, mut only): (libc::cpu_set_t, libc::cpu_set_t) = (std::mem::zeroed(), std::mem::zeroed());
            if libc::sched_getaffinity(0, size, &mut mine) != 0 {
                return None;
            }
            let to = (0..MANY).find(|&c| libc::CPU_ISSET(c, &mine) && test(c))?;
            libc::CPU_SET(to, &mut only);
            if libc::sched_setaffinity(0, size, &only) != 0 {
                return None;
            }
            libc::sched_setaffinity(0, size, &mine);
            Some(to)
        }
    }
}
