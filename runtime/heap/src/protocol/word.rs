//! The access word: bit layout, keys, and what a request finds in the way.
//!
//! | bits | name | set by | cleared by |
//! |---|---|---|---|
//! | 0-23 | may\[s\]: slot s may read | s | s; whoever holds the blocked slot s |
//! | 24-47 | txr\[s\]: read by the transaction of slot s | s | s, at the end of its transaction |
//! | 48 | EXCL: the one holder may write | the holder | the holder; whoever holds its blocked slot |
//! | 49 | LOGGED: the transaction has an undo copy of the whole object | the holder | the holder, at the end of its transaction |
//! | 50 | OLD: survived a collection and is not remembered | the collector | the next writer |
//! | 51 | LOCKED: a transfer is under way | the requester | the requester |
//! | 52 | DIRTY: in the owner's transaction write set | the holder | the holder, at the end of its transaction |
//! | 53 | QUIET: all may read, in transactions too, and leave no trace | a reader | the next writer, with the world stopped |
//! | 56-63 | readings in transactions since the last writing | the reader | the next writer |
//!
//! No may bit at all = free. txr(s) implies may(s); DIRTY or LOGGED imply EXCL, may and txr of one slot. Nobody but the
//! locker adds bits to a LOCKED word. The word changes by read-modify-write only, except by the collector with the world
//! stopped and on objects that no other thread can reach yet.

/// Number of slots: threads that can run at the same time. Models have few, to keep their state space small.
pub const NSLOTS: usize = if cfg!(feature = "loom") {
    3
} else if cfg!(feature = "shuttle") {
    4
} else {
    24
};

/// Slot s may read the object.
pub const fn may(s: usize) -> u64 {
    1 << s
}

/// The transaction running in slot s has read the object.
pub const fn txr(s: usize) -> u64 {
    1 << (24 + s)
}

pub const MAYS: u64 = (1 << 24) - 1;
pub const TXRS: u64 = MAYS << 24;
pub const EXCL: u64 = 1 << 48;
pub const LOGGED: u64 = 1 << 49;
pub const OLD: u64 = 1 << 50;
pub const LOCKED: u64 = 1 << 51;
pub const DIRTY: u64 = 1 << 52;
pub const QUIET: u64 = 1 << 53;
pub(super) const READINGS_SHIFT: u32 = 56;
const READINGS: u64 = u64::MAX << READINGS_SHIFT;

/// Word of an immutable object: every read barrier passes, in and out of transactions; no request ever reaches it.
pub const IMMUTABLE: u64 = MAYS | TXRS;

/// What an access wants to do with the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    Read = 0,
    Write = 1,
}

/// `word & read_key == 0` sends a read to the slow path.
pub const fn read_key(s: usize, in_tx: bool) -> u64 {
    if in_tx { txr(s) } else { may(s) }
}

/// `word != write_key` sends a write to the slow path.
pub const fn write_key(s: usize, in_tx: bool) -> u64 {
    if in_tx { EXCL | may(s) | txr(s) | LOGGED | DIRTY } else { EXCL | may(s) }
}

/// No word has this bit.
pub(super) const NEVER: u64 = 1 << 54;

/// `is_untouched` with it: whether nobody but slot s is at the object, whose transaction has not written it. Then nobody need be asked for it,
/// and all of it is still to be logged.
pub(super) const fn touched(s: usize) -> u64 {
    !(EXCL | may(s) | txr(s) | OLD | READINGS | NEVER)
}
/// What no object has that is readable in common and has room to count a reading.
pub(super) const UNREAD: u64 = LOCKED | QUIET | 1 << 63;
/// The may bit that belongs to the key of readings in a transaction.
pub(super) const fn may_of(read_key: u64) -> u64 {
    read_key >> 24
}
/// No object passes `is_untouched`, nor a first reading, with this.
pub(super) const ALL_TOUCHED: u64 = NEVER;
#[inline(always)]
pub(super) const fn is_untouched(w: u64, touched: u64) -> bool {
    (w | NEVER) & touched == 0
}

/// Slots (as may bits) that must give something up before slot s gets `mode`.
pub(super) const fn holders(w: u64, mode: Mode, s: usize) -> u64 {
    match mode {
        Mode::Write => w & MAYS & !may(s),
        Mode::Read if w & EXCL != 0 && w & may(s) == 0 => w & MAYS,
        Mode::Read => 0,
    }
}

/// What slots (as may bits) give up for a request of `mode`.
pub(super) const fn given_up(mode: Mode, holders: u64) -> u64 {
    match mode {
        Mode::Write => holders | EXCL,
        Mode::Read => EXCL,
    }
}

/// Slots (as may bits) whose transaction conflicts with slot s getting `mode`.
pub(super) const fn conflicts(w: u64, mode: Mode, s: usize) -> u64 {
    match mode {
        Mode::Write => w >> 24 & MAYS & !may(s),
        Mode::Read if w & DIRTY != 0 => holders(w, mode, s),
        Mode::Read => 0,
    }
}

/// Whether a request of `mode` by another slot hits the transaction of slot h.
pub(super) const fn hits_tx(w: u64, mode: Mode, h: usize) -> bool {
    match mode {
        Mode::Write => w & txr(h) != 0,
        Mode::Read => w & DIRTY != 0 && w & may(h) != 0,
    }
}

/// Slot numbers of a set of may bits, lowest first.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if set == 0 {
            return None;
        }
        let h = set.trailing_zeros() as usize;
        set &= set - 1;
        Some(h)
    })
}
