//! Transactions of Python code: where a block starts, how it ends, and how an aborted one runs again.
//!
//! The outermost `__enter__` of an atomic block begins a transaction and keeps the registers of the frame that called it, and where that
//! frame stands: the checkpoint. An abort travels as an uncatchable [`Cause::Abort`] through natives and frames down to that frame
//! (`interp/unwind.rs`), which gets its registers back and does the instruction again, so that `__enter__` begins the next attempt.
//! A frame that is left while its block is open has nowhere to lead back to: the transaction becomes irrevocable first.
//!
//! What can't be undone waits for the end (output), or makes the transaction irrevocable ([`irrevocable`], natives with the effect `Io`).
//! What would wait for another thread aborts, and is tried again later ([`wait_and_retry`]).

pub mod rounds;

use crate::interp::frame::Frame;
use crate::runtime;
use crate::thread::Thread;
use std::time::{Duration, Instant};
use txpy_heap::{Cause, R, Unwind, Value};

/// In `base[-1]` of the frame that opened the block: a return takes the slow path.
pub const OPENER: Value = Value::TOMB;

/// Output that is held until the commit: more makes the transaction irrevocable.
const HELD_MOST: usize = 16 << 20;

/// A thread's atomic block.
#[derive(Default)]
pub struct Block {
    /// How many `__enter__` are open; blocks nest flatly.
    pub(crate) depth: usize,
    /// The frame that the checkpoint belongs to; null when there is none.
    base: usize,
    /// The instruction to do again.
    pc: usize,
    /// Attempts that were aborted in a row.
    aborts: u32,
    /// Pause before the next attempt.
    pause: Option<Duration>,
    /// When the first attempt was aborted.
    since: Option<Instant>,
    reprs: usize,
    output: Vec<(i32, Vec<u8>)>,
    held: usize,
    /// What an abort must do to things outside the heap, latest last, and what the commit must do.
    undo: Vec<Action>,
    finally: Vec<Action>,
    rounds: rounds::Rounds,
}

impl Block {
    /// Whether something outside the heap waits for its end, or for its abort.
    fn holds_actions(&self) -> bool { !self.undo.is_empty() || !self.finally.is_empty() || !self.output.is_empty() }
}

/// Something to do outside the heap: a function and the address it works on.
#[derive(Clone, Copy)]
pub struct Action {
    pub run: fn(usize),
    pub at: usize,
}

impl PartialEq for Action {
    /// An object has one kind of action.
    fn eq(&self, o: &Action) -> bool { self.at == o.at }
}

impl Thread {
    /// Whether an atomic block is running, and may still have to run again.
    #[inline]
    pub fn may_abort(&mut self) -> bool { self.block.depth != 0 && self.in_transaction() && !self.is_irrevocable() }
    /// How many atomic blocks are open.
    pub fn atomic_depth(&self) -> usize { self.block.depth }
    /// Whether the running code stands in an atomic block, not merely between two that share a transaction.
    pub fn is_in_block(&self) -> bool { self.block.depth != 0 && !self.block.rounds.open }
    /// How often the running block was rolled back before this attempt.
    pub fn block_aborts(&self) -> u32 { self.block.aborts }
}

/// Opens a block.
pub fn enter(th: &mut Thread) -> R<()> {
    if th.block.depth == 0 {
        let b = &mut th.block;
        b.reprs = th.reprs.len();
        let frame = Frame::innermost(th);
        begin(th, frame.is_some());
        match frame {
            // SAFETY: the frame is the thread's innermost one: its window ends at `base[-2]`, its header lies below `base`.
            Some(f) => unsafe {
                let end = (*f.base.sub(2)).0 as *mut u64;
                let n = end.offset_from(f.base.cast()) as usize;
                let handled = th.handled.0;
                th.set_checkpoint(std::slice::from_raw_parts(f.base.cast::<u64>(), n), handled);
                th.block.base = f.base as usize;
                th.block.pc = f.pc.sub(1) as usize;
                if (*f.base.sub(1)).0 == 0 {
                    *f.base.sub(1) = OPENER;
                }
            },
            None => th.block.base = 0,
        }
        rounds::began(th);
    } else if rounds::enters(th) {
        return Ok(());
    }
    th.block.depth += 1;
    Ok(())
}

/// Begins a transaction; without a frame to lead back to an irrevocable one.
fn begin(th: &mut Thread, has_checkpoint: bool) {
    th.begin();
    while !has_checkpoint && th.become_irrevocable().is_err() {
        th.abort();
        th.cause = Cause::None;
        th.begin();
    }
}

/// Closes a block; the outermost one commits. False when none is open. Errors: what held output or pending signals raise.
pub fn exit(th: &mut Thread) -> R<bool> {
    match th.block.depth {
        0 => return Ok(false),
        1 if th.block.rounds.open => return rounds::end(th).map(|()| false),
        1 => finish(th)?,
        _ => th.block.depth -= 1,
    }
    Ok(true)
}

fn finish(th: &mut Thread) -> R<()> {
    commit(th)?;
    runtime::poll_after_block(th)
}
fn commit(th: &mut Thread) -> R<()> {
    th.may_commit()?;
    unmark(th);
    let before = th.block.rounds.before();
    th.commit_blocks(before);
    let b = &mut th.block;
    b.depth = 0;
    if b.aborts != 0 || b.holds_actions() {
        after_commit(th)?;
    }
    Ok(())
}

/// What an eventful block leaves to do.
#[cold]
#[inline(never)]
fn after_commit(th: &mut Thread) -> R<()> {
    let b = &mut th.block;
    b.aborts = 0;
    b.since = None;
    b.undo.clear();
    for a in std::mem::take(&mut b.finally) {
        (a.run)(a.at);
    }
    flush(th)
}

/// The thread ends: a block that was never closed ends with it.
pub fn end_of_thread(th: &mut Thread) {
    if th.block.depth != 0 && th.cause != Cause::Exit {
        let _ = finish(th);
    }
}

/// A panic ends the thread: what its block did is undone, unless that was promised not to happen, and no lock stays taken for it.
pub fn end_by_panic(th: &mut Thread) {
    if th.block.depth == 0 {
        return;
    }
    let actions = if th.may_abort() {
        th.abort();
        th.give_up_retry();
        let mut undo = std::mem::take(&mut th.block.undo);
        undo.reverse();
        undo
    } else {
        th.commit();
        std::mem::take(&mut th.block.finally)
    };
    th.block = Default::default();
    actions.iter().for_each(|a| (a.run)(a.at));
}

/// Takes the mark off the frame that opened the block.
fn unmark(th: &mut Thread) {
    let base = std::mem::take(&mut th.block.base) as *mut Value;
    if !base.is_null() {
        // SAFETY: a frame that is left takes its mark off itself, so this one is alive.
        unsafe {
            if *base.sub(1) == OPENER {
                *base.sub(1) = Value(0);
            }
        }
    }
}

/// Whether a frame is the one that the running block leads back to.
#[inline]
pub(crate) fn is_opener(th: &Thread, base: *mut Value) -> bool { th.block.base == base as usize && th.block.depth != 0 }

/// The frame that opened the block is about to be left with the block open. Errors: Abort, when another transaction goes first.
pub(crate) fn opener_leaves(th: &mut Thread) -> R<()> {
    irrevocable(th)?;
    unmark(th);
    Ok(())
}

/// Rolls back to the checkpoint, at whose frame the caller stands: the instruction to do next.
/// # Safety
/// [`is_opener`] said so of `base`, and the thread unwinds with [`Cause::Abort`].
pub(crate) unsafe fn restart(th: &mut Thread, base: *mut Value) -> R<*const u64> {
    // SAFETY: the checkpoint was made of this very window.
    unsafe {
        let kept = th.checkpoint();
        let (n, from) = (kept.len() - 1, kept.as_ptr());
        let handled = Value(*from.add(n));
        std::ptr::copy_nonoverlapping(from, base.cast::<u64>(), n);
        th.base = base.cast();
        th.top = (*base.sub(2)).0 as *mut u64;
        th.handled = handled;
    }
    let pc = th.block.pc as *const u64;
    // SAFETY: the instruction that opened the block; the word after it is where a frame is said to stand.
    th.pc = unsafe { pc.add(1) };
    unmark(th);
    th.exception = Value::UNSET;
    th.cause = Cause::None;
    th.raised_again = false;
    th.abort();
    let b = &mut th.block;
    th.reprs.truncate(b.reprs);
    b.depth = 0;
    b.aborts = b.aborts.saturating_add(1);
    b.rounds.aborted();
    b.since.get_or_insert_with(Instant::now);
    b.output.clear();
    b.held = 0;
    b.finally.clear();
    while let Some(a) = b.undo.pop() {
        (a.run)(a.at);
    }
    // Signals and finalizers had to wait. An exception from a handler belongs to the instruction that opened the block.
    runtime::poll_after_block(th)?;
    if let Some(d) = th.block.pause.take() {
        th.blocking(|| std::thread::sleep(d));
        runtime::poll(th)?;
    }
    Ok(pc)
}

/// After an attempt that ends in an exception from outside the block.
pub(crate) fn give_up(th: &mut Thread) {
    th.give_up_retry();
    th.block.aborts = 0;
    th.block.since = None;
}

/// Something is about to be done that can't be undone: from here on the transaction runs to its end. Held output goes first.
/// Errors: Abort, when it has to make way before.
pub fn irrevocable(th: &mut Thread) -> R<()> {
    if th.may_abort() {
        th.become_irrevocable()?;
        rounds::commit_soon(th);
        th.block.undo.clear();
        return flush(th);
    }
    Ok(())
}

/// The running block would have to wait for another thread: it is rolled back, and tried again after a while that grows.
#[cold]
pub fn wait_and_retry(th: &mut Thread) -> Unwind {
    let n = th.block.aborts.min(8);
    th.block.pause = Some(Duration::from_micros(20 << n));
    th.abort_myself()
}
/// After each turn of a wait for another thread in a block that can't be rolled back: RuntimeError if somebody has waited for the block's
/// end all the time, as it seems that both wait for each other.
pub fn check_deadlock(th: &mut Thread, started: Instant) -> R<()> {
    const PATIENCE: Duration = Duration::from_secs(3);
    if th.block.depth != 0 && th.is_waited_for() && started.elapsed() > PATIENCE {
        return Err(th.runtime_error("deadlock: an atomic block that can't be rolled back waits for a thread that waits for its end"));
    }
    Ok(())
}
/// A signal handler waits to run: the block is rolled back first.
pub(crate) fn make_way_for_signal(th: &mut Thread) -> Unwind { th.abort_myself() }

/// When the running block was first aborted.
pub fn since(th: &Thread) -> Option<Instant> { th.block.since }

/// Holds output until the commit. False when it must be written now: no block is open, or nothing can abort it.
pub fn hold_output(th: &mut Thread, fd: i32, bytes: &[u8]) -> R<bool> {
    if !th.may_abort() {
        return Ok(false);
    }
    if th.block.held + bytes.len() > HELD_MOST {
        irrevocable(th)?;
        return Ok(false);
    }
    let b = &mut th.block;
    b.held += bytes.len();
    match b.output.last_mut() {
        Some((f, held)) if *f == fd => held.extend_from_slice(bytes),
        _ => b.output.push((fd, bytes.to_vec())),
    }
    Ok(true)
}

/// Writes what was held. Errors: OSError of the first write that fails; the rest is lost, as it is when a buffered file is closed.
fn flush(th: &mut Thread) -> R<()> {
    th.block.held = 0;
    for (fd, bytes) in std::mem::take(&mut th.block.output) {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            // SAFETY: the bytes are this function's.
            let n = th.blocking(|| unsafe { libc::write(fd, rest.as_ptr().cast(), rest.len()) });
            let e = std::io::Error::last_os_error();
            match e.raw_os_error() {
                _ if n >= 0 => rest = &rest[n as usize..],
                Some(libc::EINTR) => {}
                Some(libc::EAGAIN) => th.blocking(|| std::thread::sleep(Duration::from_millis(1))),
                _ => return Err(runtime::os_error(th, &e, None)),
            }
        }
    }
    Ok(())
}

/// `action` is done if the running attempt aborts, and `object` lives until then.
pub fn on_abort(th: &mut Thread, object: Value, action: Action) {
    th.keep(object);
    th.block.undo.push(action);
}
/// Whether the running attempt has promised that.
pub fn is_on_abort(th: &Thread, action: Action) -> bool { th.block.undo.contains(&action) }
/// Takes back the latest such promise; whether there was one.
pub fn no_longer_on_abort(th: &mut Thread, action: Action) -> bool { take(&mut th.block.undo, action) }
/// `action` is done when the block has ended, and `object` lives until then.
pub fn at_end(th: &mut Thread, object: Value, action: Action) {
    th.keep(object);
    th.block.finally.push(action);
}
pub fn no_longer_at_end(th: &mut Thread, action: Action) -> bool { take(&mut th.block.finally, action) }
fn take(list: &mut Vec<Action>, action: Action) -> bool {
    match list.iter().rposition(|a| *a == action) {
        Some(i) => {
            list.remove(i);
            true
        }
        None => false,
    }
}
