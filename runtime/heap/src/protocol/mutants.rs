//! Deliberate breakages and weakened orderings, which the models must detect; constant false outside of models.
//!
//! State is per OS thread: shuttle and loom run all tasks of one execution on the thread that started it, so tests of
//! different mutants can run side by side.

macro_rules! mutants {
    ($($name:ident: $what:literal,)*) => {
        /// A deliberate breakage of the protocol (or of the model's collector).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Mutant { $(#[doc = $what] $name),* }

        impl Mutant {
            pub const ALL: &[Mutant] = &[$(Mutant::$name),*];

            pub fn what(self) -> &'static str {
                match self { $(Mutant::$name => $what),* }
            }
        }
    };
}

mutants! {
    RequesterClears: "the holder only acknowledges, the requester clears its bit later",
    LockWhileTx: "LOCKED is kept while waiting for a transaction to end",
    BornStale: "objects born in a transaction are not cleaned at its end",
    NoDirty: "element-wise containers have no write-set bit",
    CopyFirst: "the undo copy is pushed before the CAS and stays when it fails",
    StaleTxr: "txr bits are not cleared at the end",
    StaleLogged: "LOGGED and DIRTY are not cleared at the end",
    FixWhileLocked: "own fix-ups may add bits to a LOCKED word",
    WaitSilent: "a waiter does not answer others",
    ClearFirst: "abort clears bits before restoring, and answers in between",
    NoManyRecheck: "access_many does not check that it still holds everything",
    SkipHeld: "implicit answer by a look at the status, without HELD",
    GcKeepsBorn: "a collection leaves the transaction bits of newborn objects",
    NoWounding: "the older transaction waits like any other",
    ReadLogFirst: "end of transaction: read bits first, answering before the undo log's bits",
    ManyNaive: "access_many never falls back to stopping the world",
    DeferDuringTx: "deferral is kept while waiting for a transaction's end",
    DeferUnordered: "access_many acquires (and defers) in no common order",
    PlainFixup: "own fix-up by a plain store instead of a CAS",
    ImplicitIgnoresTx: "an implicit answer takes the transaction bits of a blocked irrevocable",
    DecideOnce: "the requester decides a conflict once only",
    ShareLocked: "read-share CAS on a LOCKED word",
    StwFlagFirst: "start_world clears the flag before the slots, and others' STW bits",
    NoWaiters: "a transaction begins without letting those it made wait try first",
    NoGate: "no gate against new transactions for plain code denied repeatedly",
    NoDefer: "access_many does not defer (sound: the world-stopped fallback carries it; a variant, not a breakage)",
    ParkBlind: "no further look between announcing a park and sleeping",
    NoWakeAtEnd: "the end of a transaction wakes nobody",
    StealKept: "a blocked slot that its thread keeps (irrevocable, stopped in mid-operation) can be stolen",
    StolenUnnoticed: "a woken thread takes its old slot back though another has entered it",
    StaleKeys: "keys are not rebuilt after a change of slot",
    PinsIgnored: "an implicit answer takes objects that a foreign kernel works on",
    StopIgnoresPins: "the world-stopped fallback touches objects that a foreign kernel works on",
    GivesUpOthers: "a contended object is given up once for each of its entries, though another may hold it by then",
    BornLast: "objects born in a transaction are cleaned when what leads to them may be given up already",
    BlindKept: "a transaction that takes no note of its reads goes on when another thread comes",
    AloneUnmarked: "what a thread that was alone has written in its transaction gets no mark when another comes",
    UntrackedForgets: "an untracked write takes the transaction's own bits away",
    SoloKept: "a second thread enters without stopping the one that was alone",
    ThawForgets: "a writer ends the quiet of an object without making running transactions its readers",
    ThawRuns: "a writer ends the quiet of an object while others run",
    ThawIgnoresPins: "a writer ends the quiet of an object that a foreign kernel works on",
    WaitsOnQuiet: "who finds a transaction in the way waits for its end though the object has become quiet, whose word names no transaction",
    ThawOwnForgotten: "a transaction that ends the quiet of an object is not among its readers",
    FreshStored: "a first write takes a free object by a store, though others run",
    UnreadStored: "a first reading in a transaction marks the object by a store, though others run",
    TakenOver: "an object of a thread that waits is taken though its transaction has used it",
    FreedLate: "what an object refers to that was taken over is freed when its thread may run again",
    GhostEntered: "a thread enters a ghost, from which others take objects without holding it",
    GhostReturns: "a thread goes on in its slot though that has become a ghost",
    WayLocked: "a transaction that gives way leaves what it asked for locked",
    WayToNobody: "a transaction gives way to a thread that runs none",
    DuplicateUpgrade: "access_many takes a duplicate's weaker mode first and upgrades while deferring it",
}

macro_rules! sites {
    ($($name:ident: $what:literal,)*) => {
        /// A memory ordering that loom can weaken to Relaxed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Site { $(#[doc = $what] $name),* }

        impl Site {
            pub const ALL: &[Site] = &[$(Site::$name),*];
        }
    };
}

sites! {
    Answer: "answer's CAS (Release)",
    Take: "the CAS that takes a locked object after its last answer",
    Hold: "BLOCKED -> HELD (Acquire)",
    Unblock: "BLOCKED -> RUNNING (Acquire)",
    Block: "RUNNING -> BLOCKED (Release)",
    Share: "CAS without coordination (Acquire)",
    Unhold: "HELD -> BLOCKED (Release)",
    WaitLoad: "load of the word while waiting for answers (Acquire)",
    Implicit: "implicit answer's CAS (Release)",
    Post: "setting a pending bit (Release)",
    Record: "request record store and load",
    LockCas: "the CAS that sets LOCKED",
    TxEnd: "clearing transaction bits (Release)",
}

#[cfg(any(feature = "shuttle", feature = "loom"))]
mod switch {
    use super::{Mutant, Site};
    use std::cell::Cell;
    use std::sync::atomic::Ordering;

    thread_local! {
        static MUTANTS: Cell<u64> = const { Cell::new(0) };
        static WEAK: Cell<u32> = const { Cell::new(0) };
    }

    /// Turns exactly these mutants on, for models run by the calling thread.
    pub fn set(list: &[Mutant]) {
        MUTANTS.set(list.iter().fold(0, |m, &x| m | 1 << x as u64));
    }

    /// Weakens exactly these orderings, for models run by the calling thread.
    pub fn weaken(list: &[Site]) {
        WEAK.set(list.iter().fold(0, |m, &x| m | 1 << x as u32));
    }

    pub fn on(m: Mutant) -> bool {
        MUTANTS.get() >> m as u64 & 1 == 1
    }

    /// Whether any is on.
    pub fn any() -> bool {
        MUTANTS.get() != 0
    }

    pub(crate) fn ord(site: Site, strong: Ordering) -> Ordering {
        if WEAK.get() >> site as u32 & 1 == 1 { Ordering::Relaxed } else { strong }
    }
}

#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod switch {
    use super::{Mutant, Site};
    use std::sync::atomic::Ordering;

    /// No mutants outside of models.
    #[inline(always)]
    pub const fn on(_: Mutant) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn any() -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn ord(_: Site, strong: Ordering) -> Ordering {
        strong
    }
}

pub use switch::*;
