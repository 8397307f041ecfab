//! A transaction's logs: what it read, what it overwrote, what was born in it, and where it started.

use crate::buffer::Buffer;
use crate::collect::Tracer;
use crate::kinds::{self, kind, size_of_object};
use crate::object::{Gc, Header, KEPT_FLAGS, KindInfo, StorageIn, flag};
use crate::protocol::Mode;
use crate::protocol::word::LOGGED;
use crate::shape;
use crate::value::Value;
use crate::word_log::WordLog;
use crate::world::Ref;
use std::sync::atomic::Ordering::*;

/// Words of an entry of [`Logs::undo`] besides what was overwritten: the object, where, how many.
const HEAD: usize = 3;
/// Bytes outside the heap that were overwritten.
struct Piece {
    start: *mut u64,
    words: usize,
}
/// What a piece costs besides its words, in words.
pub const PIECE: usize = size_of::<Piece>() / 8 + 1;

/// All logs of a thread. Empty outside of transactions.
#[derive(Default)]
pub struct Logs {
    pub words: WordLog,
    read: Vec<Ref>,
    written: Vec<Ref>,
    /// What was overwritten, oldest first. An entry is the words, and behind them its head: the object that they belong to (or its storage),
    /// where they were, how many.
    undo: Vec<u64>,
    /// Contents of buffers that were overwritten, oldest first, and where each piece of them was. Apart from `undo`: no collection needs to look
    /// at them. The buffers themselves stand in `written`.
    contents: Vec<u64>,
    pieces: Vec<Piece>,
    /// What writing by element has cost since a container was last copied whole, in words copied.
    elements: usize,
    /// Regions that were filled in this transaction, objects one after another.
    born: Vec<(usize, usize)>,
    /// Registers at the transaction's start, for the vm; scanned as a stack is.
    pub checkpoint: Vec<u64>,
    /// Room for looking through an object's storage.
    tracer: Option<Tracer>,
    todo: Vec<Ref>,
    /// Values that must live until the end.
    pub kept: Vec<u64>,
}

/// So many words are copied without a call.
const FEW_WORDS: usize = 16;
/// What `log_small` writes at most.
const SMALL_ENTRIES: usize = 2 * (FEW_WORDS + HEAD);

/// As `copy_nonoverlapping`, without a call for a few words: pairs from both ends, which may overlap in the middle.
/// # Safety
/// As that.
#[inline(always)]
unsafe fn copy_words(from: *const u64, to: *mut u64, n: usize) {
    // SAFETY: the caller's; all pairs lie inside of the `n` words.
    unsafe {
        let pair = |i: usize| to.add(i).cast::<[u64; 2]>().write_unaligned(from.add(i).cast::<[u64; 2]>().read_unaligned());
        match n {
            0 => {}
            1 => to.write(from.read()),
            2..=4 => [0, n - 2].into_iter().for_each(pair),
            5..=8 => [0, 2, n - 4, n - 2].into_iter().for_each(pair),
            9..=FEW_WORDS => [0, 2, 4, 6, n - 8, n - 6, n - 4, n - 2].into_iter().for_each(pair),
            _ => to.copy_from_nonoverlapping(from, n),
        }
    }
}

/// Writes an entry for the first `n` words of an object behind its access word, at most [`FEW_WORDS`]; where the next goes.
/// # Safety
/// There is room; the caller holds the object, or the owner of this storage, for writing.
#[inline(always)]
unsafe fn entry(to: *mut u64, o: *mut Header, n: usize) -> *mut u64 {
    // SAFETY: as above.
    unsafe {
        let at = o.cast::<u64>().add(1);
        if n > FEW_WORDS {
            std::hint::unreachable_unchecked();
        }
        copy_words(at, to, n);
        to.add(n).cast::<[u64; HEAD]>().write([o as u64, at as u64, n as u64]);
        to.add(n + HEAD)
    }
}

/// Logs `n` words.
/// # Safety
/// They are `o`'s own or its storage's; the caller holds it for writing.
#[inline]
unsafe fn push(undo: &mut Vec<u64>, o: Ref, at: *mut u64, n: usize) {
    undo.reserve(n + HEAD);
    // SAFETY: as above; there is room.
    unsafe {
        let to = undo.as_mut_ptr().add(undo.len());
        copy_words(at, to, n);
        to.add(n).cast::<[u64; HEAD]>().write([o.0 as u64, at as u64, n as u64]);
        undo.set_len(undo.len() + n + HEAD);
    }
}

/// Logs all of an object behind its access word.
/// # Safety
/// The caller holds it, or the owner of this storage, for writing.
#[inline]
unsafe fn copy(undo: &mut Vec<u64>, o: Ref) {
    // SAFETY: sizes are multiples of 8.
    unsafe { push(undo, o, o.0.cast::<u64>().add(1), size_of_object(o.0) / 8 - 1) }
}

/// As `copy` for an array of values or bytes.
/// # Safety
/// As that.
#[inline]
unsafe fn copy_array(undo: &mut Vec<u64>, storage: *mut Header) {
    // SAFETY: arrays have neither slots nor a dictionary.
    unsafe { push(undo, Ref(storage), storage.cast::<u64>().add(1), kinds::plain_size(storage) / 8 - 1) }
}

impl Logs {
    /// Room for one entry of what a grant of `mode` enters first. After one for writing the next has room for `log_small`.
    #[inline]
    pub fn reserve(&mut self, mode: Mode) {
        match mode {
            Mode::Read => self.read.reserve(1),
            Mode::Write => {
                self.words.open();
                self.written.reserve(2);
                self.undo.reserve(4 * SMALL_ENTRIES);
            }
        }
    }
    pub fn log_read(&mut self, o: Ref) { self.read.push(o) }
    #[inline(always)]
    pub fn has_room_to_read(&self) -> bool { self.read.len() < self.read.capacity() }
    /// # Safety
    /// `has_room_to_read` has said yes.
    #[inline(always)]
    pub unsafe fn log_read_now(&mut self, o: Ref) {
        let n = self.read.len();
        // SAFETY: the caller's.
        unsafe {
            self.read.as_mut_ptr().add(n).write(o);
            self.read.set_len(n + 1);
        }
    }

    /// The object is about to be written: copies it, with the storage under it unless the write is by element.
    #[inline]
    pub fn log_write(&mut self, o: Ref, first: bool) {
        if first {
            self.written.push(o);
        }
        let h = o.header();
        if h.has(flag::UNDONE_NEVER) {
            return;
        }
        let whole = h.access.load(Relaxed) & LOGGED != 0;
        if first || whole {
            // SAFETY: the object is alive and held.
            unsafe { copy(&mut self.undo, o) }
        }
        if whole {
            self.log_storage(o);
        }
    }

    /// Whether `log_small` finds room.
    #[inline(always)]
    pub fn has_room(&self) -> bool { self.undo.capacity() - self.undo.len() >= SMALL_ENTRIES && self.written.len() < self.written.capacity() }

    /// As `log_write` for the first writing of all of an object, without a call and one way for most: a small one with small storage or none, when
    /// there is room. Does nothing and says no for others.
    #[inline(always)]
    pub fn log_small(&mut self, o: Ref) -> bool {
        let h = o.header();
        let (flags, k) = (h.flags.load(Relaxed), kinds::info(h.kind));
        if flags & (flag::UNDONE_NEVER | flag::TAIL_DICT) != 0 {
            return false;
        }
        // SAFETY: the object is alive and held, and so is its storage; sizes are multiples of 8.
        unsafe {
            let mut storage = std::ptr::null_mut::<Header>();
            if k.one_storage != 0 {
                if k.one_storage == KindInfo::MUCH_STORAGE {
                    return false;
                }
                storage = *o.0.byte_add(k.one_storage as usize).cast::<*mut Header>();
            }
            let words = if flags & flag::SLOTS != 0 {
                let s = shape::shape(h.shape_id());
                if (*o.0.byte_add(s.slots_at as usize).cast::<Value>()).is_ref() {
                    return false;
                }
                s.slots_at as usize / 8 + s.inline as usize
            } else {
                k.fixed as usize / 8 - 1
            };
            let beneath = if storage.is_null() { 0 } else { kinds::plain_size(storage) / 8 - 1 };
            if words > FEW_WORDS || beneath > FEW_WORDS {
                return false;
            }
            let (n, at) = (self.written.len(), self.undo.len());
            self.written.as_mut_ptr().add(n).write(o);
            self.written.set_len(n + 1);
            let mut to = entry(self.undo.as_mut_ptr().add(at), o.0, words);
            if beneath != 0 {
                to = entry(to, storage, beneath);
            }
            self.undo.set_len(to.offset_from_unsigned(self.undo.as_ptr()));
        }
        true
    }

    /// Copies what lies outside of an object that is held.
    #[inline(always)]
    fn log_storage(&mut self, o: Ref) {
        let h = o.header();
        if h.has(flag::SLOTS) {
            // SAFETY: the overflow word of an object with slots.
            let overflow = unsafe { *o.0.byte_add(shape::shape(h.shape_id()).slots_at as usize).cast::<Value>() };
            if overflow.is_ref() {
                self.copy_overflow(overflow);
            }
        }
        match kinds::info(h.kind).storage_in {
            StorageIn::At(fields) => {
                for &at in fields {
                    // SAFETY: a reference to storage, or null; the object is alive and held.
                    let storage = unsafe { *o.0.byte_add(at as usize).cast::<*mut Header>() };
                    if !storage.is_null() {
                        // SAFETY: storage of an object that is held.
                        unsafe { copy_array(&mut self.undo, storage) }
                    }
                }
                if h.kind == kind::BUFFER {
                    self.copy_buffer(o);
                }
            }
            StorageIn::Any => self.copy_storage(o),
        }
    }

    /// The slots that did not fit into an object, unless it is a dictionary, which has an access word of its own.
    #[inline(never)]
    fn copy_overflow(&mut self, overflow: Value) {
        if let Some(p) = overflow.as_ptr()
            && overflow.header().is_some_and(|h| kinds::info(h.kind).storage)
        {
            // SAFETY: storage of an object that is held.
            unsafe { copy(&mut self.undo, Ref(p)) }
        }
    }

    #[cold]
    fn copy_buffer(&mut self, o: Ref) {
        // SAFETY: the kind says so.
        let b: Gc<Buffer> = unsafe { Gc::from_ptr(o.0.cast()) };
        // SAFETY: the thread holds the object for writing.
        unsafe { self.log_bytes(b, 0, b.bytes()) }
    }

    /// `n` bytes of a buffer from `at` on are about to change.
    /// # Safety
    /// The caller holds the buffer for writing, and the range is inside it.
    pub unsafe fn log_bytes(&mut self, b: Gc<Buffer>, at: usize, n: usize) {
        debug_assert!(at.checked_add(n).is_some_and(|end| end <= b.bytes()));
        // Whole words: buffers begin at one, and what was allocated for them goes on behind their last byte.
        let (from, to) = (at & !7, (at + n).next_multiple_of(8));
        let (start, words) = (b.start().wrapping_add(from).cast::<u64>(), (to - from) / 8);
        self.contents.reserve(words);
        // SAFETY: as above; there is room.
        unsafe {
            copy_words(start, self.contents.as_mut_ptr().add(self.contents.len()), words);
            self.contents.set_len(self.contents.len() + words);
        }
        match self.pieces.last_mut() {
            Some(p) if p.start.wrapping_add(p.words) == start => p.words += words,
            _ => self.pieces.push(Piece { start, words }),
        }
    }

    /// Room for so many pieces with so many words. False without memory.
    pub fn reserve_contents(&mut self, pieces: usize, words: usize) -> bool { self.contents.try_reserve(words).is_ok() && self.pieces.try_reserve(pieces).is_ok() }

    /// Copies the storage that the payload leads to.
    #[inline(never)]
    fn copy_storage(&mut self, o: Ref) {
        let Logs { tracer, todo, undo, .. } = self;
        let t = tracer.get_or_insert_with(Tracer::listing);
        let mut next = Some(o);
        while let Some(o) = next {
            // SAFETY: the object is alive and held.
            unsafe { (kinds::info(o.header().kind).trace)(o.0, t) };
            for p in t.listed() {
                // SAFETY: an edge of a live object.
                if unsafe { kinds::info((*p).kind).storage } {
                    // SAFETY: storage of an object that is held.
                    unsafe { copy(undo, Ref(p)) };
                    // Arrays hold no storage of their own.
                    // SAFETY: as above.
                    if !matches!(unsafe { (*p).kind }, kind::VALUES | kind::BYTES8) {
                        todo.push(Ref(p));
                    }
                }
            }
            next = todo.pop();
        }
    }

    /// Where an abort leads back to, for the vm: words that are kept and scanned until the transaction ends, and one more.
    #[inline]
    pub fn set_checkpoint(&mut self, words: &[u64], last: u64) {
        let (to, n) = (&mut self.checkpoint, words.len());
        to.clear();
        to.reserve(n + 1);
        // SAFETY: there is room.
        unsafe {
            copy_words(words.as_ptr(), to.as_mut_ptr(), n);
            to.as_mut_ptr().add(n).write(last);
            to.set_len(n + 1);
        }
    }

    /// `n` words of `owner` or its storage are about to change.
    pub fn log_words(&mut self, owner: Ref, at: *mut u64, n: usize) {
        // SAFETY: the caller holds the owner for writing, and the range is inside it or its storage.
        unsafe { push(&mut self.undo, owner, at, n) };
    }
    /// Writing by element has cost as much as copying `words` more. The number since `copied_whole`.
    pub fn count(&mut self, words: usize) -> usize {
        self.elements = self.elements.saturating_add(words);
        self.elements
    }
    pub fn copied_whole(&mut self) { self.elements = 0 }

    pub fn restore(&mut self) {
        let mut end = self.undo.len();
        while let Some(&[o, at, n]) = self.undo[..end].last_chunk::<HEAD>() {
            end -= HEAD + n as usize;
            // SAFETY: what was logged is a root, and the transaction still holds it.
            unsafe {
                let (o, at) = (o as *mut Header, at as *mut u64);
                // The word after the access word has the flags.
                let kept = (*o).flags.load(Relaxed) & KEPT_FLAGS;
                at.copy_from_nonoverlapping(self.undo[end..].as_ptr(), n as usize);
                if at == o.cast::<u64>().add(1) {
                    (*o).flags.fetch_or(kept, Relaxed);
                }
            }
        }
        self.undo.clear();
        self.words.restore();
        for p in self.pieces.drain(..).rev() {
            let from = self.contents.len() - p.words;
            // SAFETY: as above.
            unsafe { copy_words(self.contents[from..].as_ptr(), p.start, p.words) };
            self.contents.truncate(from);
        }
    }
    /// Words that an abort would put back.
    pub fn logged(&self) -> usize { self.undo.len() + self.words.words().len() + self.contents.len() + self.pieces.len() * PIECE }

    /// `by_word`: those too that stand in [`WordLog`] only.
    #[inline(always)]
    pub fn each_written(&mut self, by_word: bool, mut f: impl FnMut(Ref)) {
        if by_word {
            self.words.each_object(&mut f);
        }
        self.written.iter().copied().for_each(f)
    }
    pub fn each_read(&mut self, f: impl FnMut(Ref)) { self.read.iter().copied().for_each(f) }
    /// Whether the transaction has written the object, which existed before it.
    pub fn has_written(&self, o: Ref) -> bool {
        let mut found = self.written.contains(&o);
        self.words.each_object(|w| found |= w == o);
        found
    }

    /// A region was filled.
    pub fn born_in(&mut self, from: *const u8, to: *const u8) {
        if from < to {
            self.born.push((from as usize, to as usize));
        }
    }

    pub fn each_born(&mut self, mut f: impl FnMut(Ref)) {
        for (mut p, end) in self.born.drain(..) {
            while p < end {
                let o = Ref(p as *mut Header);
                // Storage and frozen objects have no key in their word.
                if o.header().access.load(Relaxed) & crate::protocol::word::EXCL != 0 {
                    f(o);
                }
                // SAFETY: objects lie one after another in the region.
                p += unsafe { size_of_object(o.0) };
            }
        }
    }

    /// The collector looks at objects of a running transaction: those born in it become ordinary.
    pub fn strip_born(&mut self) {
        use crate::protocol::word::{DIRTY, TXRS};
        self.each_born(|o| o.header().access.store(o.header().access.load(Relaxed) & !(TXRS | LOGGED | DIRTY), Relaxed));
    }

    /// What the logs hold is alive: exact references, and words that may be some.
    pub fn roots(&self, mut exact: impl FnMut(Value), mut words: impl FnMut(&[u64])) {
        for o in self.read.iter().chain(&self.written) {
            exact(Value::from_ptr(o.0));
        }
        // Old values, and in the heads objects and storage that may have been replaced since.
        words(&self.undo);
        words(self.words.words());
        words(&self.checkpoint);
        words(&self.kept);
    }

    #[inline]
    pub fn clear(&mut self) {
        self.read.clear();
        self.written.clear();
        self.undo.clear();
        self.words.clear();
        self.checkpoint.clear();
        if !(self.pieces.is_empty() && self.born.is_empty() && self.kept.is_empty()) {
            self.contents.clear();
            self.pieces.clear();
            self.born.clear();
            self.kept.clear();
        }
        self.elements = 0;
        // A long transaction's logs are not kept for the short ones after it.
        if self.undo.capacity() > 1 << 16 {
            (self.read, self.written, self.undo) = Default::default();
        }
        if self.contents.capacity() > 1 << 16 {
            (self.contents, self.pieces) = Default::default();
        }
    }
}
