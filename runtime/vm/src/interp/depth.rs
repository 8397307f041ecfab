//! How deep calls may nest: `sys.setrecursionlimit` for frames, the native stack for recursion through natives.
//!
//! A call compares the end of its window with one address. That address is set so low that it is crossed before the recursion limit
//! can be exceeded; whoever crosses it counts the frames, and moves the address on by what the frames that are left need at least. So
//! a call pays nothing for the count, and it is made a dozen times on the way to the limit.

use super::frame::Frame;
use crate::thread::Thread;
use std::sync::atomic::{AtomicUsize, Ordering::*};
use txpy_compiler::ops::FRAME_HEADER;
use txpy_heap::R;

/// Frames that may be active in a thread.
static LIMIT: AtomicUsize = AtomicUsize::new(1000);

/// Bytes that a frame takes at least: windows overlap in the arguments.
const LEAST_FRAME: usize = 8 * FRAME_HEADER as usize;
/// Native stack for recursion through natives at the usual limit, and what each further frame adds.
const NATIVE_STACK: usize = 16 << 20;
const NATIVE_FRAME: usize = 16 << 10;

pub fn limit() -> usize { LIMIT.load(Relaxed) }

/// Sets the limit. Other threads heed a lower one from their next deep call on.
pub fn set_limit(th: &mut Thread, n: usize) {
    LIMIT.store(n, Relaxed);
    start(th);
}

/// Gives the thread the limits that it starts with.
pub(crate) fn start(th: &mut Thread) {
    first_limit(th);
    th.native_limit = native_limit(th);
}
fn first_limit(th: &mut Thread) {
    let base = th.stack_base as usize;
    th.set_call_limit(base.saturating_add(limit().saturating_mul(LEAST_FRAME)));
}

/// Active frames of the thread.
pub fn count(th: &Thread) -> usize { std::iter::successors(Frame::innermost(th), |f| f.caller(th)).count() }

/// A window that ends at `top` is wanted: RecursionError, or a new call limit if it is above the old one.
#[inline]
pub(crate) fn check(th: &mut Thread, top: usize) -> R<()> { if top <= th.stack_limit() { Ok(()) } else { move_on(th, top) } }

#[cold]
#[inline(never)]
fn move_on(th: &mut Thread, top: usize) -> R<()> {
    let n = count(th);
    let left = limit().saturating_sub(n);
    if left == 0 || top > th.stack_end_usable() {
        // Large frames moved the limit to where more small ones would fit.
        first_limit(th);
        return Err(th.too_deep());
    }
    th.set_call_limit(top.saturating_add(left.saturating_mul(LEAST_FRAME)));
    Ok(())
}

/// The native stack may be used down to this address.
fn native_limit(th: &Thread) -> usize {
    let bytes = limit().saturating_mul(NATIVE_FRAME).max(NATIVE_STACK);
    th.native_high.saturating_sub(bytes).max(th.native_low)
}

/// The native stack is used below the thread's limit: an error, unless the recursion limit was raised meanwhile.
#[cold]
#[inline(never)]
pub(crate) fn check_native(th: &mut Thread, here: usize) -> R<()> {
    th.native_limit = native_limit(th);
    if here < th.native_limit { Err(th.too_deep()) } else { Ok(()) }
}
