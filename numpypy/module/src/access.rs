//! Running loops of the core crate while the buffers are held, with a safepoint between stripes.

use crate::api::*;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{Buffer, Mode};
use txpy_numpy_core::Progress;

/// Elements between two safepoints.
pub const BUDGET: usize = 8 * txpy_numpy_core::STRIPE;

/// Runs `f` while all buffers are held, those in `writes` for writing. No safepoint happens inside.
pub fn held<T>(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Gc<Buffer>], f: impl FnOnce() -> T) -> R<T> {
    let (read, write) = (th.read_key(), th.write_key());
    let word = |b: &Gc<Buffer>| b.header().access.load(Relaxed);
    if reads.iter().all(|b| word(b) & read != 0) && writes.iter().all(|b| word(b) == write) {
        return Ok(f());
    }
    let mut list: Vec<(Value, Mode)> = writes.iter().map(|b| (b.value(), Mode::Write)).collect();
    for b in reads {
        if !list.iter().any(|(v, _)| *v == b.value()) {
            list.push((b.value(), Mode::Read));
        }
    }
    th.access_many(&mut list, |_| f())
}

/// Runs a resumable state to its end.
pub fn run(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Gc<Buffer>], mut step: impl FnMut() -> Progress) -> R<()> {
    while held(th, reads, writes, &mut step)? == Progress::More {
        th.poll()?;
    }
    Ok(())
}
/// The same of a state that may fail.
pub fn try_run(th: &mut Thread, reads: &[Gc<Buffer>], writes: &[Gc<Buffer>], mut step: impl FnMut() -> txpy_numpy_core::error::R<Progress>) -> R<()> {
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
