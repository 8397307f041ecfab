//! Transactions of a thread: what the vm's `atomic` is built on.

use crate::object::Header;
use crate::protocol::Mode;
use crate::thread::{R, Thread};
use crate::world::Ref;

impl Thread {
    pub fn in_transaction(&mut self) -> bool { self.mutator().in_transaction() }
    pub fn is_irrevocable(&mut self) -> bool { self.mutator().is_irrevocable() }

    /// Begins a transaction; a safepoint. They do not nest here.
    pub fn begin(&mut self) {
        self.with_registers_spilled(|m| m.begin());
        let (bump, over) = (self.bump, self.nursery.over);
        (self.nursery.born_from, self.nursery.over_born_from) = (bump, over);
    }
    /// Ends the transaction, keeping its writes; a safepoint.
    pub fn commit(&mut self) {
        self.note_born();
        self.with_registers_spilled(|m| m.commit());
    }
    /// Ends the transaction, taking its writes back; a safepoint. The next `begin` is another attempt of the same transaction
    /// unless [`Thread::give_up_retry`] is called before.
    pub fn abort(&mut self) {
        self.note_born();
        self.with_registers_spilled(|m| m.abort());
    }
    pub fn give_up_retry(&mut self) { self.mutator().give_up_retry() }
    /// From here on nothing can abort the transaction. Errors: Abort.
    pub fn become_irrevocable(&mut self) -> R<()> {
        let r = self.with_registers_spilled(|m| m.become_irrevocable());
        self.lift(r)
    }

    /// In a transaction, before a word of an element-wise container's storage is written: logs what it holds. Outside of
    /// transactions it does nothing.
    /// # Safety
    /// The thread holds `owner` for writing, and `at` is inside storage that it owns.
    pub unsafe fn log_word(&mut self, owner: &Header, at: *mut u64) {
        if self.mutator().in_transaction() {
            self.local().logs.log_word(Ref(owner as *const Header as *mut Header), at);
        }
    }

    /// Gives up an object that bounces between threads as soon as the operation is done.
    pub fn release(&mut self, h: &Header) { self.mutator().release(Ref(h as *const Header as *mut Header)) }

    /// Acquires plain-data objects and runs a foreign kernel on them, during which the world may stop; at most
    /// [`crate::protocol::MAX_PINS`] different objects. Errors: Abort.
    pub fn native<T>(&mut self, objects: &mut [(crate::Value, Mode)], kernel: impl FnOnce() -> T) -> R<T> {
        let mut list: Vec<(Ref, Mode)> = objects.iter().filter_map(|&(v, m)| v.as_ptr().map(|p| (Ref(p), m))).collect();
        let r = self.with_registers_spilled(|m| m.native(&mut list, kernel));
        self.lift(r)
    }
}
