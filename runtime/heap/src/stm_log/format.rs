//! The log of transactions as it lies in the file: chunks of records, shared by the writer and the report.
//!
//! A file is a row of chunks of [`CHUNK`] bytes, each filled by one thread from its start; the rest of a chunk is zero. The first record of
//! the file is START. A record is four little-endian words: the time; `thread | other << 16 | event << 32 | flags << 40 | what << 48`; `a`; `b`.
//! Times and lengths are in ticks of a clock that CLOCK records relate to nanoseconds. A record that carries text is followed by
//! it, filled up with zeros to whole records. Places and names are numbered from 1; 0 is unknown.

pub const CHUNK: usize = 64 << 10;
pub const RECORD: usize = 32;
/// More chunks than this are not written, but for definitions.
pub const MOST_CHUNKS: u64 = 16384;
/// `a` of the START record: what the file is, and its version.
pub const MAGIC: u64 = u64::from_le_bytes(*b"txpySTM1");

/// In `flags` of WAIT and ABORT: the thread that asked wants to write; the other had written.
pub const ASKS_TO_WRITE: u8 = 1;
pub const HAD_WRITTEN: u8 = 2;
/// In `flags` of COLLECTION.
pub const FULL: u8 = 1;

macro_rules! events {
    ($($(#[doc = $doc:literal])* $name:ident = $n:literal $text:literal;)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Event { $($(#[doc = $doc])* $name = $n),* }
        impl Event {
            pub fn from_number(n: u8) -> Option<Event> {
                match n {
                    $($n => Some(Event::$name),)*
                    _ => None,
                }
            }
            /// What people read.
            pub fn text(self) -> &'static str {
                match self { $(Event::$name => $text),* }
            }
        }
    };
}
events! {
    /// The program starts. `a`: [`MAGIC`]; `b`: length of the text, the working directory.
    Start = 1 "start";
    /// `a`: nanoseconds of the monotonic clock at `time`.
    Clock = 2 "clock";
    /// `thread` starts.
    Thread = 3 "thread starts";
    ThreadEnd = 4 "thread ends";
    /// A place in a program. `a`: its number | line << 32; `b`: length of the text, `file NUL function`.
    Place = 5 "place";
    /// The name of a class, for `what`. `a`: its number; `b`: length of the text.
    Name = 6 "name";
    /// Short transactions that nothing happened to. `a`: how many | share of the time inside them, of 65536, << 32; `b`: from the first to the last.
    Batch = 7 "short transactions";
    /// A transaction that ended well. `time`: its begin; `a`: the place of its end | how many blocks it had << 32; `b`: its length.
    Commit = 8 "transaction";
    /// One that was rolled back. `time`: its begin; `a`: the place of the access that was in the way of `other`'s (by itself: where it ended)
    /// | place of `other`'s access << 32; `b`: its length. `other` 0: it ended by itself, to wait or for a signal.
    Abort = 9 "aborted transaction";
    /// A wait for `other`'s transaction. `time`: start; `a`: own place | place of the access in the way << 32; `b`: its length.
    Wait = 10 "wait";
    /// A begin that had to wait for others' turn. `b`: its length.
    Turn = 11 "wait for others' turn";
    /// A transaction became irrevocable. `a`: place; `b`: how long it waited for that.
    Irrevocable = 12 "irrevocable";
    /// `b`: its length, the stop of the world included.
    Collection = 13 "collection";
}

/// One record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Record {
    pub time: u64,
    pub thread: u16,
    pub other: u16,
    pub event: Event,
    pub flags: u8,
    /// Class of the object.
    pub what: u16,
    pub a: u64,
    pub b: u64,
}
impl Record {
    pub fn words(&self) -> [u64; 4] {
        let head = self.thread as u64 | (self.other as u64) << 16 | (self.event as u64) << 32 | (self.flags as u64) << 40 | (self.what as u64) << 48;
        [self.time, head, self.a, self.b]
    }
    /// None for the unused rest of a chunk, and for what is no record.
    pub fn from_bytes(bytes: &[u8]) -> Option<Record> {
        let word = |i: usize| bytes.get(i * 8..i * 8 + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
        let (time, head, a, b) = (word(0)?, word(1)?, word(2)?, word(3)?);
        let event = Event::from_number((head >> 32) as u8)?;
        Some(Record { time, thread: head as u16, other: (head >> 16) as u16, event, flags: (head >> 40) as u8, what: (head >> 48) as u16, a, b })
    }
    /// Bytes of text that follow.
    pub fn text(&self) -> usize {
        match self.event {
            Event::Start | Event::Place | Event::Name => usize::try_from(self.b).unwrap_or(usize::MAX),
            _ => 0,
        }
    }
}
