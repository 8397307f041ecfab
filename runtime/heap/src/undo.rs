//! A transaction's logs: what it read, what it overwrote, what was born in it, and where it started.

use crate::buffer::Buffer;
use crate::collect::Tracer;
use crate::kinds::{self, kind, size_of_object};
use crate::object::{Gc, Header, flag};
use crate::protocol::Mode;
use crate::protocol::word::LOGGED;
use crate::value::Value;
use crate::world::Ref;
use std::sync::atomic::Ordering::*;

/// A piece of memory that was overwritten. How it was stands in [`Logs::words`].
enum Undo {
    /// Payload of an object, everything after the access word.
    Object(Ref, usize),
    /// Words of an object or its storage: the object, where, how many.
    Words(Ref, *mut u64, usize),
    /// Bytes of a buffer outside the heap, from an offset on.
    Bytes(Gc<Buffer>, usize, Box<[u8]>),
}

/// Flags that other threads or the collector rely on: an abort leaves them as they are.
const KEPT_FLAGS: u16 = flag::WEAKREF | flag::FINALIZER | flag::LARGE | flag::INTERNED | flag::UNDONE_NEVER | flag::CONTENDED;

/// All logs of a thread. Empty outside of transactions.
#[derive(Default)]
pub struct Logs {
    read: Vec<Ref>,
    written: Vec<Ref>,
    undo: Vec<Undo>,
    /// What the entries of `undo` overwrote, one after another.
    words: Vec<u64>,
    /// Words logged by element since a container was last copied whole.
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

/// Objects of so many words are copied without a call.
const FEW_WORDS: usize = 8;

#[inline]
fn copy(words: &mut Vec<u64>, undo: &mut Vec<Undo>, o: Ref) {
    // SAFETY: the object is alive and held, its size is a multiple of 8; there is room for the copy.
    let n = unsafe {
        let (from, n) = (o.0.cast::<u64>().add(1), size_of_object(o.0) / 8 - 1);
        words.reserve(n);
        let to = words.as_mut_ptr().add(words.len());
        if n <= FEW_WORDS {
            // Volatile, or it would become the call that it is to avoid.
            (0..n).for_each(|i| to.add(i).write_volatile(from.add(i).read()));
        } else {
            to.copy_from_nonoverlapping(from, n);
        }
        words.set_len(words.len() + n);
        n
    };
    undo.push(Undo::Object(o, n));
}

impl Logs {
    pub fn reserve(&mut self, _: Ref, mode: Mode) {
        self.read.reserve(1);
        if mode == Mode::Write {
            self.written.reserve(1);
        }
    }
    pub fn log_read(&mut self, o: Ref) { self.read.push(o) }

    /// The object is about to be written: copies it, with the storage under it unless the write is by element.
    pub fn log_write(&mut self, o: Ref, first: bool) {
        if first {
            self.written.push(o);
        }
        if o.header().has(flag::UNDONE_NEVER) {
            return;
        }
        let whole = o.header().access.load(Relaxed) & LOGGED != 0;
        if first || whole {
            self.copy(o);
        }
        if !whole {
            return;
        }
        if o.header().kind == kind::BUFFER {
            // SAFETY: the kind says so.
            let b: Gc<Buffer> = unsafe { Gc::from_ptr(o.0.cast()) };
            // SAFETY: the thread holds the object for writing.
            self.undo.push(Undo::Bytes(b, 0, unsafe { (*b.as_ptr()).as_slice() }.into()));
            return;
        }
        let flags = o.header().flags.load(Relaxed);
        if flags & (flag::SLOTS | flag::TAIL_DICT) != 0 {
            // Behind the payload only the last word can be storage, and an array at that.
            // SAFETY: the object is alive and held.
            let last = unsafe { *o.0.byte_add(size_of_object(o.0) - 8).cast::<Value>() };
            if let Some(p) = last.as_ptr().filter(|_| last.header().is_some_and(|h| kinds::info(h.kind).storage)) {
                self.copy(Ref(p));
            }
        }
        if kinds::info(o.header().kind).edges {
            self.copy_storage(o);
        }
    }

    /// Copies the storage that the payload leads to.
    fn copy_storage(&mut self, o: Ref) {
        let Logs { tracer, todo, words, undo, .. } = self;
        let t = tracer.get_or_insert_with(Tracer::listing);
        let mut next = Some(o);
        while let Some(o) = next {
            // SAFETY: the object is alive and held.
            unsafe { (kinds::info(o.header().kind).trace)(o.0, t) };
            for p in t.listed() {
                // SAFETY: an edge of a live object.
                if unsafe { kinds::info((*p).kind).storage } {
                    copy(words, undo, Ref(p));
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

    #[inline]
    fn copy(&mut self, o: Ref) { copy(&mut self.words, &mut self.undo, o) }

    /// `n` words of `owner` or its storage are about to change. The number of words logged so since `copied_whole`.
    pub fn log_words(&mut self, owner: Ref, at: *mut u64, n: usize) -> usize {
        // SAFETY: the caller holds the owner for writing, and the range is inside it or its storage.
        self.words.extend_from_slice(unsafe { std::slice::from_raw_parts(at, n) });
        self.undo.push(Undo::Words(owner, at, n));
        self.elements += n;
        self.elements
    }
    pub fn copied_whole(&mut self) { self.elements = 0 }

    pub fn restore(&mut self) {
        while let Some(u) = self.undo.pop() {
            // SAFETY: what was logged is a root, and the transaction still holds it.
            unsafe {
                match u {
                    Undo::Object(o, n) => {
                        let kept = o.header().flags.load(Relaxed) & KEPT_FLAGS;
                        let from = self.words.len() - n;
                        o.0.cast::<u64>().add(1).copy_from_nonoverlapping(self.words[from..].as_ptr(), n);
                        self.words.truncate(from);
                        o.header().flags.fetch_or(kept, Relaxed);
                    }
                    Undo::Words(_, at, n) => {
                        let from = self.words.len() - n;
                        at.copy_from_nonoverlapping(self.words[from..].as_ptr(), n);
                        self.words.truncate(from);
                    }
                    Undo::Bytes(b, at, bytes) => b.start().add(at).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()),
                }
            }
        }
    }

    pub fn each_written(&mut self, f: impl FnMut(Ref)) { self.written.iter().copied().for_each(f) }
    pub fn each_read(&mut self, f: impl FnMut(Ref)) { self.read.iter().copied().for_each(f) }
    /// Whether the transaction has written the object, which existed before it.
    pub fn has_written(&self, o: Ref) -> bool { self.written.contains(&o) }

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
        for u in &self.undo {
            match u {
                Undo::Object(o, _) => exact(Value::from_ptr(o.0)),
                Undo::Bytes(b, ..) => exact(b.value()),
                Undo::Words(o, at, _) => {
                    exact(Value::from_ptr(o.0));
                    // The storage may have been replaced since: its address keeps it.
                    words(&[*at as u64]);
                }
            }
        }
        words(&self.words);
        words(&self.checkpoint);
        words(&self.kept);
    }

    #[inline]
    pub fn clear(&mut self) {
        self.read.clear();
        self.written.clear();
        self.undo.clear();
        self.words.clear();
        self.born.clear();
        self.checkpoint.clear();
        self.kept.clear();
        self.elements = 0;
        // A long transaction's logs are not kept for the short ones after it.
        if self.words.capacity() > 1 << 16 {
            (self.words, self.read, self.undo) = Default::default();
        }
    }
}
