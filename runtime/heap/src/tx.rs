//! Transactions of a thread: what the vm's `atomic` is built on.

use crate::object::{Gc, Header, Late, Object};
use crate::protocol::{Abort, Mode};
use crate::thread::{Cause, R, Thread, Unwind};
use crate::world::Ref;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Aborts are injected at one chance in so many (TXPY_STM_STRESS); 0: never.
static INJECT: AtomicU32 = AtomicU32::new(0);
/// Injected aborts in a row after which an attempt is left alone.
const MOST_INJECTED: u32 = 5;

/// Sets how often transactions abort without reason; returns what it was.
pub fn set_injected_aborts(one_in: u32) -> u32 { INJECT.swap(one_in, Relaxed) }
/// Whether aborts are injected.
#[inline]
pub fn injects_aborts() -> bool { INJECT.load(Relaxed) != 0 }

impl Thread {
    /// A chance for an injected abort.
    #[inline]
    pub(crate) fn chance(&mut self) -> R<()> { if injects_aborts() { self.chance_slow() } else { Ok(()) } }
    #[cold]
    fn chance_slow(&mut self) -> R<()> {
        if !self.in_transaction() || self.is_irrevocable() {
            return Ok(());
        }
        self.still_runs()?;
        let l = self.local();
        l.roll();
        if l.injected < MOST_INJECTED && (l.random >> 20) % INJECT.load(Relaxed) as u64 == 0 {
            l.injected += 1;
            return Err(self.abort_myself());
        }
        Ok(())
    }

    pub fn in_transaction(&mut self) -> bool { self.mutator().in_transaction() }
    pub fn is_irrevocable(&mut self) -> bool { self.mutator().is_irrevocable() }

    /// Whether the running transaction takes no note of what it reads, as its thread is alone.
    pub fn is_blind(&mut self) -> bool { self.mutator().is_blind() }

    /// Begins a transaction; a safepoint. They do not nest here.
    pub fn begin(&mut self) {
        if injects_aborts() {
            self.local().roll();
        }
        if !self.mutator().try_begin() {
            self.with_registers_spilled(|m| m.begin());
        }
        self.local().finalizable_before = self.local().finalizable.len();
        let (bump, over) = (self.bump, self.nursery.over);
        (self.nursery.born_from, self.nursery.over_born_from) = (bump, over);
    }
    /// To be asked before `commit`. Errors: Abort, when the transaction may not end, as it took no note of its reads and another thread has come.
    #[inline]
    pub fn may_commit(&mut self) -> R<()> {
        self.still_runs()?;
        if self.mutator().is_doomed() { Err(self.doomed(Abort)) } else { Ok(()) }
    }
    /// Errors: Abort, when one is on its way that somebody mistook for an exception and dropped: the transaction must not get further for that.
    #[inline]
    fn still_runs(&self) -> R<()> { if self.cause == Cause::Abort { Err(Unwind) } else { Ok(()) } }
    /// Ends the transaction, keeping its writes; a safepoint.
    pub fn commit(&mut self) {
        self.local().injected = 0;
        self.note_born();
        self.mutator().commit_silent();
        if self.mutator().must_poll() {
            let _ = crate::world::answer(self);
        }
    }
    /// As `commit` of a transaction that had `before` blocks before its last one.
    #[inline]
    pub fn commit_blocks(&mut self, before: u32) {
        if crate::stm_log::on() {
            crate::stm_log::blocks(self.local(), before);
        }
        self.commit()
    }
    /// Ends the transaction, taking its writes back; a safepoint. The next `begin` is another attempt of the same transaction
    /// unless [`Thread::give_up_retry`] is called before.
    pub fn abort(&mut self) {
        self.note_born();
        // What was born in it never was: its finalizers do not run.
        let n = self.local().finalizable_before;
        self.local().finalizable.truncate(n);
        self.with_registers_spilled(|m| m.abort());
    }
    pub fn give_up_retry(&mut self) { self.mutator().give_up_retry() }
    /// From here on nothing can abort the transaction. Errors: Abort.
    pub fn become_irrevocable(&mut self) -> R<()> {
        self.still_runs()?;
        let r = self.with_registers_spilled(|m| m.become_irrevocable());
        self.lift(r)
    }

    /// Where an abort leads back to, for the vm: words that are kept and scanned until the transaction ends, and one more.
    #[inline]
    pub fn set_checkpoint(&mut self, words: &[u64], last: u64) { self.local().logs.set_checkpoint(words, last) }
    /// Whether other threads wait for the running transaction to end.
    #[inline(always)]
    pub fn is_waited_for(&mut self) -> bool { self.mutator().is_waited_for() }
    /// Whether the running transaction had better end where it can: others want something of it, or wait for it, or it has been aborted.
    #[inline]
    pub fn should_end(&mut self) -> bool {
        let cause = self.cause;
        let m = self.mutator();
        m.must_poll() || m.is_waited_for() || m.is_irrevocable() || m.is_doomed() || cause != Cause::None
    }
    /// `v` lives until the running transaction ends.
    pub fn keep(&mut self, v: crate::Value) { self.local().logs.kept.push(v.0) }
    pub fn checkpoint(&mut self) -> &[u64] { &self.local().logs.checkpoint }

    /// A new object that nobody holds: for what others may reach before the running transaction has ended, and what stays when it aborts.
    /// May collect.
    pub fn alloc_unowned<T: Object>(&mut self, shape: u32, init: T) -> R<Gc<T>> {
        let in_tx = self.in_transaction();
        if in_tx {
            self.note_born();
        }
        let g = self.alloc(shape, init)?;
        g.header().access.store(0, Relaxed);
        if in_tx {
            // Not among those born here: their words are cleaned by plain stores.
            (self.nursery.born_from, self.nursery.over_born_from) = (self.bump, self.nursery.over);
        }
        Ok(g)
    }

    /// A late field is about to change: an abort puts it back. Not that of an object born just now, which its log would keep alive.
    #[cold]
    pub(crate) fn log_late(&mut self, owner: &Header, field: &Late) {
        if (self.nursery.born_from..self.bump).contains(&(owner as *const Header as *mut u8)) {
            return;
        }
        let o = Ref(owner as *const Header as *mut Header);
        self.local().logs.log_words(o, field.0.as_ptr(), 1);
    }

    /// Whether an object that the running transaction holds for writing was made in it: no other thread can know it.
    pub fn born_here(&mut self, h: &Header) -> bool {
        let o = Ref(h as *const Header as *mut Header);
        self.in_transaction() && h.access.load(Relaxed) == self.write_key() && !self.local().logs.has_written(o)
    }

    /// Ends the run of a transaction that would have to wait: the caller unwinds, as if it had met an older transaction.
    #[cold]
    pub fn abort_myself(&mut self) -> Unwind {
        self.cause = Cause::Abort;
        if crate::stm_log::on() {
            crate::stm_log::gives_up(self.local());
        }
        Unwind
    }

    /// Acquires plain-data objects and runs a foreign kernel on them, during which the world may stop; at most
    /// [`crate::protocol::MAX_PINS`] different objects. Errors: Abort.
    pub fn native<T>(&mut self, objects: &mut [(crate::Value, Mode)], kernel: impl FnOnce() -> T) -> R<T> {
        let mut list: Vec<(Ref, Mode)> = objects.iter().filter_map(|&(v, m)| v.as_ptr().map(|p| (Ref(p), m))).collect();
        let r = self.with_registers_spilled(|m| m.native(&mut list, kernel));
        self.lift(r)
    }
}
