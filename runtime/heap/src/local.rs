//! What a thread keeps for the collector and for its transaction.

use crate::object::Header;
use crate::undo::Logs;

/// Lists that a thread fills between collections, and what it publishes while it does not run.
pub struct Local {
    /// Old objects that were written to, whose OLD bit is off.
    pub remembered: Vec<*mut Header>,
    pub releasable: Vec<*mut Header>,
    pub finalizable: Vec<*mut Header>,
    pub weaks: Vec<*mut Header>,
    /// Length of `finalizable` at the transaction's start.
    pub finalizable_before: usize,
    /// Lowest address of the native stack in use, while the thread does not run.
    pub native_top: usize,
    /// Highest address of the native stack.
    pub native_base: usize,
    /// Memory outside stack and heap that holds references for a moment: start and bytes.
    pub extra: (usize, usize),
    /// Call limit of this thread's value stack.
    pub stack_limit: usize,
    /// Injected aborts in a row, and where their chances come from.
    pub injected: u32,
    pub random: u64,
    /// The write barrier that runs logs by element.
    pub elements: bool,
    pub logs: Logs,
    /// What is recorded of the thread's transactions, if that is wanted.
    pub log: Option<Box<crate::stm_log::ThreadLog>>,
}
impl Local {
    pub fn new() -> Local {
        Local {
            remembered: Vec::new(), releasable: Vec::new(), finalizable: Vec::new(), weaks: Vec::new(), finalizable_before: 0, native_top: 0, native_base: 0,
            extra: (0, 0), stack_limit: 0, injected: 0, random: 0x9E37_79B9_7F4A_7C15, elements: false, logs: Logs::default(), log: None,
        }
    }
    /// The next random number: xorshift.
    pub fn roll(&mut self) {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
    }
    /// Takes over another thread's lists.
    pub fn adopt(&mut self, o: &mut Local) {
        self.remembered.append(&mut o.remembered);
        self.releasable.append(&mut o.releasable);
        self.finalizable.append(&mut o.finalizable);
        self.weaks.append(&mut o.weaks);
    }
}
// SAFETY: the pointers are to heap objects, which have no home thread; the collector reads the lists with the world stopped.
unsafe impl Send for Local {}
