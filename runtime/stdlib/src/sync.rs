//! Waiting: a word that threads park on, and the small lock built on it that guards files and buffers.
//!
//! The words lie inside heap objects, which never move; whoever waits holds the object on its stack.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::*};
use std::time::{Duration, Instant};
use txpy_vm::{R, Thread, runtime};

/// Waits while `word` holds `expected`, at most until `deadline`. May return early.
#[cfg(target_os = "linux")]
pub fn park(word: &AtomicU32, expected: u32, deadline: Option<Instant>) {
    let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
    let ts = left.map(|d| libc::timespec { tv_sec: d.as_secs() as libc::time_t, tv_nsec: d.subsec_nanos() as _ });
    let ts = ts.as_ref().map_or(std::ptr::null(), |t| t as *const libc::timespec);
    // SAFETY: the word and the time stay valid during the call.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, expected, ts) };
}
/// Wakes up to `n` threads that are parked on `word`.
#[cfg(target_os = "linux")]
pub fn unpark(word: &AtomicU32, n: u32) {
    // SAFETY: the kernel takes the address as a key only.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, n.min(i32::MAX as u32)) };
}

#[cfg(not(target_os = "linux"))]
mod table {
    use std::sync::{Condvar, Mutex};
    /// Words share a condition variable by address.
    pub static BUCKETS: [(Mutex<()>, Condvar); 64] = [const { (Mutex::new(()), Condvar::new()) }; 64];
    pub fn bucket(p: *const u32) -> &'static (Mutex<()>, Condvar) { &BUCKETS[(p as usize >> 4) % 64] }
}
#[cfg(not(target_os = "linux"))]
pub fn park(word: &AtomicU32, expected: u32, deadline: Option<Instant>) {
    let (m, c) = table::bucket(word.as_ptr());
    let g = m.lock().unwrap_or_else(|e| e.into_inner());
    if word.load(Acquire) == expected {
        let left = deadline.map_or(Duration::from_secs(3600), |d| d.saturating_duration_since(Instant::now()));
        drop(c.wait_timeout(g, left));
    }
}
#[cfg(not(target_os = "linux"))]
pub fn unpark(word: &AtomicU32, _n: u32) {
    let (m, c) = table::bucket(word.as_ptr());
    drop(m.lock().unwrap_or_else(|e| e.into_inner()));
    c.notify_all();
}

/// How an attempt to take a lock ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Took {
    Yes,
    TimedOut,
}

/// Waits outside of the world, parked while the word is `expected`, until `done`; None when the deadline is over, a signal wants its handler, or a
/// block that others may wait for should look whether it hangs. The parks are short ones, as a signal may come just before one; the thread does
/// not come back for that: who is alone would have to stop for it. The word stays valid: the caller holds the object that contains it.
pub fn park_until<T>(th: &mut Thread, word: &AtomicU32, expected: u32, deadline: Option<Instant>, done: impl Fn(&AtomicU32) -> Option<T>) -> Option<T> {
    let at = word.as_ptr() as usize;
    let (is_main, in_block) = (th.is_main(), th.atomic_depth() != 0);
    th.blocking(|| {
        // SAFETY: the object with the word is on the caller's stack, so it lives; objects never move.
        let word = unsafe { AtomicU32::from_ptr(at as *mut u32) };
        loop {
            if let Some(x) = done(word) {
                return Some(x);
            }
            let now = Instant::now();
            if is_main && runtime::wants_poll() || deadline.is_some_and(|d| now >= d) {
                return None;
            }
            let slice = now + Duration::from_millis(50);
            park(word, expected, Some(deadline.map_or(slice, |d| d.min(slice))));
            if in_block {
                return done(word);
            }
        }
    })
}

/// A lock word: 0 free, 1 held, 2 held and somebody may wait.
pub struct LockWord(pub AtomicU32);

impl txpy_heap::Trace for LockWord {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

/// Looks at a lock before the thread goes to sleep.
const SPINS: u32 = 20;

impl LockWord {
    pub const fn new() -> LockWord { LockWord(AtomicU32::new(0)) }
    #[inline]
    pub fn try_take(&self) -> bool { self.0.compare_exchange(0, 1, Acquire, Relaxed).is_ok() }
    pub fn is_held(&self) -> bool { self.0.load(Relaxed) != 0 }
    /// Waits outside of the world until the lock is free or the deadline is over, in slices so that signals are handled.
    /// The address must stay valid: the caller holds the object that contains the word.
    pub fn take(&self, th: &mut Thread, deadline: Option<Instant>) -> R<Took> {
        if self.try_take() {
            return Ok(Took::Yes);
        }
        // Most locks are held for less time than going to sleep takes.
        for _ in 0..SPINS {
            th.poll()?;
            std::hint::spin_loop();
            if !self.is_held() && self.try_take() {
                return Ok(Took::Yes);
            }
        }
        if th.may_abort() {
            return Self::wait_in_block(th, deadline);
        }
        let started = Instant::now();
        loop {
            // Everybody who waits announces it; the holder then wakes one up.
            if park_until(th, &self.0, 2, deadline, |word| (word.swap(2, Acquire) == 0).then_some(())).is_some() {
                return Ok(Took::Yes);
            }
            crate::signal::check(th)?;
            txpy_vm::atomic::check_deadlock(th, started)?;
            if deadline.is_some_and(|d| Instant::now() >= d) {
                return Ok(Took::TimedOut);
            }
        }
    }
    /// In an atomic block nobody else may have to wait for what this thread waits for: after a moment the block is tried again, later.
    #[cold]
    fn wait_in_block(th: &mut Thread, deadline: Option<Instant>) -> R<Took> {
        // The time counts from the block's first attempt on.
        let now = Instant::now();
        let since = txpy_vm::atomic::since(th).unwrap_or(now);
        if deadline.is_some_and(|d| now.duration_since(since) >= d.saturating_duration_since(now)) {
            return Ok(Took::TimedOut);
        }
        Err(txpy_vm::atomic::wait_and_retry(th))
    }
    /// Frees the lock; whether it was held.
    #[inline]
    pub fn free(&self) -> bool {
        match self.0.swap(0, Release) {
            0 => false,
            1 => true,
            _ => {
                unpark(&self.0, 1);
                true
            }
        }
    }
}
impl Default for LockWord {
    fn default() -> Self { LockWord::new() }
}

/// A lock that knows its holder: guards the state of a file object across blocking calls.
pub struct OwnedLock {
    word: LockWord,
    owner: AtomicU64,
}
impl txpy_heap::Trace for OwnedLock {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}
impl Default for OwnedLock {
    fn default() -> Self { OwnedLock::new() }
}
/// Frees the lock on every way out: a panic becomes an exception, and the file goes on.
struct Held<'a>(&'a OwnedLock);
impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.owner.store(0, Relaxed);
        self.0.word.free();
    }
}
impl OwnedLock {
    pub const fn new() -> OwnedLock { OwnedLock { word: LockWord::new(), owner: AtomicU64::new(0) } }
    pub fn is_held(&self) -> bool { self.word.is_held() }
    /// Runs `f` with the lock held, taken by this call or further out by this thread.
    pub fn with_again<T>(&self, th: &mut Thread, f: impl FnOnce(&mut Thread) -> R<T>) -> R<T> {
        if self.owner.load(Relaxed) == crate::thread::ident(th) {
            return f(th);
        }
        self.with(th, f).map(|r| r.expect("not held by this thread"))
    }
    /// Runs `f` with the lock held. None when this thread holds it already.
    pub fn with<T>(&self, th: &mut Thread, f: impl FnOnce(&mut Thread) -> R<T>) -> R<Option<T>> {
        let me = crate::thread::ident(th);
        if self.owner.load(Relaxed) == me {
            return Ok(None);
        }
        if th.may_abort() {
            return self.in_block(th, f).map(Some);
        }
        self.word.take(th, None)?;
        self.owner.store(me, Relaxed);
        let _held = Held(self);
        f(th).map(Some)
    }
    /// In an atomic block the transaction itself keeps others from the object. The lock is not taken: its word lies in the object, and an abort
    /// would put back what the undo log saw of it. Who holds it is in the middle of something that nobody may see.
    #[cold]
    fn in_block<T>(&self, th: &mut Thread, f: impl FnOnce(&mut Thread) -> R<T>) -> R<T> {
        if self.word.is_held() {
            return Err(txpy_vm::atomic::wait_and_retry(th));
        }
        let r = f(th);
        // Taken between the look and the first access: `f` may have seen a half-done state.
        if self.word.is_held() && th.may_abort() {
            return Err(txpy_vm::atomic::wait_and_retry(th));
        }
        r
    }
}
