//! Running loops of the core crate while the buffers are held, with a safepoint between stripes.

use crate::api::*;
use crate::array::View;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{Buffer, Mode};
use txpy_numpy_core::Progress;
use txpy_numpy_core::layout::Layout;
use txpy_numpy_core::ranges::{RANGE, Written};

const _: () = assert!(RANGE == txpy_heap::RANGE_BYTES, "the core crate counts ranges as the heap logs them");

/// Elements between two safepoints.
pub const BUDGET: usize = 8 * txpy_numpy_core::STRIPE;

/// A buffer that an operation writes. An abort of the running transaction takes back what was announced.
#[derive(Clone, Copy)]
pub struct Target(Gc<Buffer>);

/// Before a view is written.
pub fn target(th: &mut Thread, v: &View) -> R<Target> { target_of(th, v, Written::View(&v.layout)) }
/// Before parts of a view's buffer are written.
pub fn target_of(th: &mut Thread, v: &View, parts: Written) -> R<Target> {
    if v.buffer.wants_log(th) && th.in_transaction() {
        parts.with(|count, words, each| v.buffer.log_ranges(th, count, words, each))?;
    }
    Ok(Target(v.buffer))
}
/// Before a view is written where a mask of its shape is true.
pub fn target_where(th: &mut Thread, v: &View, mask: &View, layout: &Layout) -> R<Target> {
    if !v.buffer.wants_log(th) || !th.in_transaction() {
        return Ok(Target(v.buffer));
    }
    // SAFETY: the view lies in its buffer, which is held.
    let found = held(th, &[mask.buffer], &[], || unsafe { txpy_numpy_core::select::true_positions(mask.with(layout)) })?;
    let mut found = crate::error::Lift::lift(found, th)?;
    let one = Layout { offset: 0, shape: Default::default(), strides: Default::default(), itemsize: v.layout.itemsize };
    found.iter_mut().for_each(|p| *p = v.layout.offset_of_flat(*p as usize));
    let cost = |w: Written| w.with(|count, words, _| RANGE / 8 * count + words);
    let (some, all) = (Written::Shifted(&one, &found), Written::View(&v.layout));
    target_of(th, v, if cost(some) < cost(all) { some } else { all })
}

/// Runs `f` while all buffers are held, those in `writes` for writing. No safepoint happens inside.
pub fn held<T>(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Target], f: impl FnOnce() -> T) -> R<T> {
    let read = th.read_key();
    if reads.iter().all(|b| b.header().access.load(Relaxed) & read != 0) && writes.iter().all(|b| b.0.may_write_logged(th)) {
        return Ok(f());
    }
    let mut list: Vec<(Value, Mode)> = writes.iter().map(|b| (b.0.value(), Mode::Write)).collect();
    for b in reads {
        if !list.iter().any(|(v, _)| *v == b.value()) {
            list.push((b.value(), Mode::Read));
        }
    }
    th.access_ranges(&mut list, f)
}

/// Runs a resumable state to its end.
pub fn run(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Target], mut step: impl FnMut() -> Progress) -> R<()> {
    while held(th, reads, writes, &mut step)? == Progress::More {
        th.poll()?;
    }
    Ok(())
}
/// The same of a state that may fail.
pub fn try_run(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Target], mut step: impl FnMut() -> txpy_numpy_core::error::R<Progress>) -> R<()> {
    let mut failure = None;
    let step = || {
        step().unwrap_or_else(|e| {
            failure = Some(e);
            Progress::Done
        })
    };
    run(th, reads, writes, step)?;
    failure.map_or(Ok(()), |e| Err(crate::error::raise(th, e)))
}
