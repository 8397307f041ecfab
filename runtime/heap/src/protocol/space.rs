//! What the protocol needs to know of the heap it protects: words, logs and hooks. The real heap and the models implement it.
use super::slot::World;
use super::sys::AtomicU64;
use super::word::Mode;
use std::fmt::Debug;

/// A heap of objects with access words, and the per-thread logs that grants write to.
///
/// Hooks run where no safepoint may be: none of them may poll, block, call a barrier or allocate in a way that collects.
pub trait Space: Sized + Send + Sync + 'static {
    /// A reference to an object. Its order is the lock order of `access_many`: the address.
    type Obj: Copy + Eq + Ord + Debug + Send;
    /// A thread's private part: undo log, read log, objects born in the transaction, remembered set.
    type Local: Send;

    fn world(&self) -> &World;
    fn word(&self, o: Self::Obj) -> &AtomicU64;
    /// Whether this write of the object is logged by element. The word then gets DIRTY without LOGGED, so that in a transaction
    /// each write takes the slow path and logs what it overwrites. May differ from write to write: one that is not by element
    /// logs the whole object as it is then, on top of what was logged before.
    fn elementwise(&self, local: &Self::Local, o: Self::Obj) -> bool;

    /// A request as one word, never 0. Addresses are 16-byte aligned, so the mode fits the lowest bit.
    fn encode(o: Self::Obj, mode: Mode) -> u64;
    fn decode(record: u64) -> (Self::Obj, Mode);

    /// In a transaction, before the CAS: make room for one read entry and one undo entry of `o`, so that writing them
    /// cannot fail. Pushes nothing (an entry pushed before a CAS that fails would roll back somebody else's work).
    fn reserve(&self, local: &mut Self::Local, o: Self::Obj, mode: Mode);
    /// `o` lost OLD: it goes to the remembered set.
    fn remember(&self, local: &mut Self::Local, o: Self::Obj);
    /// As `remember`, after `has_room` has said yes.
    fn remember_now(&self, local: &mut Self::Local, o: Self::Obj) {
        self.remember(local, o)
    }
    /// `o` got this thread's txr bit by a read.
    fn log_read(&self, local: &mut Self::Local, o: Self::Obj);
    /// As `log_read`, after `has_room_to_read` has said yes.
    fn log_read_now(&self, local: &mut Self::Local, o: Self::Obj) {
        self.log_read(local, o)
    }
    /// Write granted in a transaction, of an object whose word had no LOGGED. If it has now: copy the object. If not (by element):
    /// the caller of the barrier logs the element before it writes. `first`: the first grant of the object for writing.
    fn log_write(&self, local: &mut Self::Local, o: Self::Obj, first: bool);
    /// Whether `log_read_now` finds room for one more object.
    fn has_room_to_read(&self, local: &Self::Local) -> bool {
        let _ = local;
        true
    }
    /// Whether first reads and writes of the transaction that begins may pass without the general path.
    fn has_first(&self, local: &Self::Local) -> bool {
        let _ = local;
        true
    }
    /// As `log_write`, the first of the object and of all of it, where that needs no call: nothing is done when it says no. `has_room` has said yes.
    fn log_small(&self, local: &mut Self::Local, o: Self::Obj) -> bool {
        let _ = (local, o);
        false
    }
    /// Whether `log_small` finds room for one more object, and, if it is old, `remember_now`.
    fn has_room(&self, local: &Self::Local, old: bool) -> bool {
        let _ = (local, old);
        true
    }

    /// Abort: put back all that the undo log holds, newest first.
    fn restore(&self, local: &mut Self::Local);
    /// Objects of the undo log; repeats are allowed. `by_word`: those too that were written by the word and no other way.
    fn each_written(&self, local: &mut Self::Local, by_word: bool, f: impl FnMut(Self::Obj));
    /// What the transaction has written by the word; see [`super::mutator::Mutator::has_by_word`].
    fn each_unmarked(&self, local: &Self::Local, f: impl FnMut(Self::Obj)) {
        let _ = (local, f);
    }
    /// The same of the blind transaction of another thread, with that one's slot. The world is stopped.
    fn each_unmarked_of_others(&self, f: impl FnMut(usize, Self::Obj)) {
        let _ = f;
    }
    /// Objects of the read log; repeats are allowed.
    fn each_read(&self, local: &mut Self::Local, f: impl FnMut(Self::Obj));
    /// Objects made in this transaction whose word a collection has not yet reset. A collection in the middle of a
    /// transaction strips LOGGED, DIRTY and txr from them and drops them from this list: they become ordinary.
    fn each_born(&self, local: &mut Self::Local, f: impl FnMut(Self::Obj));
    /// The transaction is over: empty the logs.
    fn clear_logs(&self, local: &mut Self::Local, committed: bool);

    /// The thread is about to stop being RUNNING: spill registers and publish the stack pointer, as a collection may scan
    /// its stack from now on until it runs again, even if it loses its slot meanwhile.
    fn publish(&self, local: &mut Self::Local) {
        let _ = local;
    }
    /// The thread entered `slot` (another one than before, perhaps). The heap notes whom `nudge(slot)` concerns.
    fn entered(&self, local: &mut Self::Local, slot: usize) {
        let _ = (local, slot);
    }
    /// A pending bit of `slot` was set: make its occupant notice, e.g. by storing 0 to its call limit. The word stored to
    /// must outlive the thread: keep it with the slot. A nudge may be lost; waiters repeat it.
    fn nudge(&self, slot: usize) {
        let _ = slot;
    }
    /// A slot that was running had to be asked for `o`, and gave it up.
    fn transferred(&self, local: &mut Self::Local, o: Self::Obj) {
        let _ = (local, o);
    }
    /// Whether threads had to ask each other for `o`.
    fn contended(&self, o: Self::Obj) -> bool {
        let _ = o;
        false
    }
    /// Whether a transaction that had `o` in this mode, or made it, gives it up at its end, so that the next one need not ask. `solo`: its thread is alone.
    fn gives_up(&self, o: Self::Obj, mode: Mode, solo: bool) -> bool {
        let _ = (mode, solo);
        self.contended(o)
    }
    /// A few objects that are likely to be wanted soon by who has got `o`.
    fn each_beside(&self, o: Self::Obj, f: impl FnMut(Self::Obj)) {
        let _ = (o, f);
    }
    /// After how many readings in transactions, none of them alone with the object, it becomes quiet: at most 255.
    fn quiet_after(&self) -> u64 {
        255
    }
    /// As `log_read` for the thread that runs in `slot`, which is stopped in a transaction: `o` got its txr bit.
    fn log_read_of(&self, slot: usize, o: Self::Obj);
    /// For a log. Called by the thread that runs in `slot`.
    #[inline(always)]
    fn note(&self, local: &mut Self::Local, slot: usize, n: Note<Self::Obj>) {
        let _ = (local, slot, n);
    }
}

/// What happens to a thread's transactions, for whoever keeps a log. The running position is that of the access that led here.
#[derive(Debug, Clone, Copy)]
pub enum Note<O> {
    /// A transaction begins.
    Began,
    Committed,
    Aborted,
    /// Others come first before a transaction begins.
    WaitsToBegin,
    /// An object was granted in a transaction.
    Taken(O),
    /// The transaction of slot h is in the way: either this thread waits for its end, or it has been asked to make way.
    Waits { o: O, mode: Mode, h: usize },
    /// It is no more. Also when no such wait began.
    WaitEnds,
    /// This transaction must make way for that of slot `by`. May come more than once.
    Doomed { o: O, mode: Mode, by: usize },
    /// This transaction ends, as that of slot h is in the way and may not be running.
    GivesWay { o: O, mode: Mode, h: usize },
    /// Wants to become irrevocable while another transaction is; has become so.
    WantsToken,
    GotToken,
}

/// The running transaction must end: unwind without waiting, then call `abort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abort;

pub type R<T> = Result<T, Abort>;
