//! Value stacks: where threads' frames lie. Stacks of threads that ended are kept for those that start.

use crate::space::{give_back, init, map};
use std::sync::{Mutex, MutexGuard};

/// Reserved bytes of a value stack; less where addresses are scarce.
pub const STACK_BYTES: usize = if cfg!(target_pointer_width = "64") { 64 << 20 } else { 8 << 20 };
const LEAST: usize = 1 << 20;
/// Bytes of a kept stack that stay in memory.
const STAY: usize = 16 << 10;
/// Stacks that are kept at most.
const KEEP: usize = 16;

/// A value stack that no thread uses: all zero, as if newly mapped.
pub struct ValueStack {
    base: *mut u8,
    bytes: usize,
}
// SAFETY: memory of the process, which nobody else knows.
unsafe impl Send for ValueStack {}

static KEPT: Mutex<Vec<ValueStack>> = Mutex::new(Vec::new());
/// The kept stacks. Threads outside of the heap take this lock for moments: who forks holds it.
pub(crate) fn kept() -> MutexGuard<'static, Vec<ValueStack>> { KEPT.lock().unwrap_or_else(|e| e.into_inner()) }

impl ValueStack {
    /// None when no address space is left.
    pub fn new() -> Option<ValueStack> {
        if !init() {
            return None;
        }
        if let Some(s) = kept().pop() {
            return Some(s);
        }
        let mut bytes = STACK_BYTES;
        // Under a limit on addresses no thread takes a large part of them.
        while bytes > LEAST && bytes > crate::limits::address_limit() / 256 {
            bytes /= 2;
        }
        loop {
            let base = map(bytes);
            if !base.is_null() {
                return Some(ValueStack { base, bytes });
            }
            if bytes <= LEAST {
                return None;
            }
            bytes /= 2;
        }
    }

    /// Its start and end, for a thread that is to use it.
    pub(crate) fn into_range(self) -> (*mut u64, *mut u64) {
        let s = std::mem::ManuallyDrop::new(self);
        // SAFETY: the end of the mapping.
        (s.base.cast(), unsafe { s.base.add(s.bytes).cast() })
    }
    /// Takes back what `into_range` gave.
    /// # Safety
    /// No thread uses the range, and no collection looks at it any more.
    pub(crate) unsafe fn put_back((start, end): (*mut u64, *mut u64)) {
        // SAFETY: the caller's promise.
        unsafe {
            start.write_bytes(0, STAY / 8);
            give_back(start.cast::<u8>().add(STAY), end as usize - start as usize - STAY);
        }
        drop(ValueStack { base: start.cast(), bytes: end as usize - start as usize });
    }
}
impl Drop for ValueStack {
    fn drop(&mut self) {
        // Those that are smaller were made when addresses were scarce.
        if self.bytes == STACK_BYTES {
            let mut kept = kept();
            if kept.len() < KEEP {
                kept.push(ValueStack { ..*self });
                return;
            }
        }
        // SAFETY: nobody uses the mapping.
        unsafe { libc::munmap(self.base.cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_that_was_used_comes_back_clear() {
        let mut seen = Vec::new();
        for round in 0..2 {
            let all: Vec<_> = (0..KEEP + 4).map(|_| ValueStack::new().expect("addresses").into_range()).collect();
            for &(start, end) in &all {
                let places = [0, STAY / 8 - 1, STAY / 8, 100_000].map(|at| start.wrapping_add(at));
                // SAFETY: places of the stack, which is this test's.
                unsafe {
                    places.iter().for_each(|p| assert_eq!(p.read(), 0));
                    places.iter().for_each(|p| p.write(!0));
                }
                assert_eq!(end as usize - start as usize, STACK_BYTES);
            }
            if round == 1 {
                assert!(all.iter().filter(|s| seen.contains(*s)).count() >= KEEP / 2, "stacks are kept");
            }
            // SAFETY: they are used no more.
            all.iter().for_each(|&s| unsafe { ValueStack::put_back(s) });
            assert!(kept().len() <= KEEP);
            seen = all;
        }
    }
}
