//! System threads, without what std's do besides: each maps a signal stack and looks for its own bounds, which makes starting one dearer by a fifth.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Starts a thread that nobody joins, with a native stack of `stack` bytes or some more. Its identifier, as `pthread_self` says it; None when the system refuses.
pub fn spawn<F: FnOnce() + Send + 'static>(stack: usize, f: F) -> Option<u64> {
    extern "C" fn run<F: FnOnce()>(f: *mut libc::c_void) -> *mut libc::c_void {
        // SAFETY: what `spawn` made, for this thread only.
        let f = unsafe { Box::from_raw(f.cast::<F>()) };
        // The panic's message has been shown.
        let _ = catch_unwind(AssertUnwindSafe(f));
        std::ptr::null_mut()
    }
    // Some systems want whole pages.
    let stack = stack.checked_next_multiple_of(64 << 10)?;
    let f = Box::into_raw(Box::new(f));
    // SAFETY: the attributes are initialised before they are used; `f` goes to the new thread, or is dropped here when there is none.
    unsafe {
        let (mut attr, mut id): (libc::pthread_attr_t, libc::pthread_t) = (std::mem::zeroed(), std::mem::zeroed());
        let made = libc::pthread_attr_init(&mut attr) == 0;
        let started = made
            && libc::pthread_attr_setdetachstate(&mut attr, libc::PTHREAD_CREATE_DETACHED) == 0
            && libc::pthread_attr_setstacksize(&mut attr, stack) == 0
            && libc::pthread_create(&mut id, &attr, run::<F>, f.cast()) == 0;
        if made {
            libc::pthread_attr_destroy(&mut attr);
        }
        if !started {
            drop(Box::from_raw(f));
        }
        started.then_some(id as u64)
    }
}
