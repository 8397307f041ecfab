//! A transaction's logs: what it read, copies of what it wrote, and what was born in it.

use crate::buffer::Buffer;
use crate::collect::Tracer;
use crate::kinds::{self, kind, size_of_object};
use crate::object::{Gc, Header};
use crate::protocol::Mode;
use crate::value::Value;
use crate::world::Ref;
use std::sync::atomic::Ordering::*;

/// A piece of memory as it was.
enum Undo {
    /// Payload of an object, everything after the access word.
    Object(Ref, Box<[u64]>),
    /// Contents of a buffer outside the heap.
    Bytes(Gc<Buffer>, Box<[u8]>),
    /// One word of an element-wise container: its owner, the address, the bits.
    Word(Ref, *mut u64, u64),
}

/// All logs of a thread. Empty outside of transactions.
#[derive(Default)]
pub struct Logs {
    read: Vec<Ref>,
    written: Vec<Ref>,
    undo: Vec<Undo>,
    /// Regions that were filled in this transaction, objects one after another.
    born: Vec<(usize, usize)>,
}

impl Logs {
    pub fn reserve(&mut self, _: Ref, mode: Mode) {
        self.read.reserve(1);
        if mode == Mode::Write {
            self.written.reserve(1);
        }
    }
    pub fn log_read(&mut self, o: Ref) { self.read.push(o) }

    /// The object is about to be written: copies it with the storage under it, or of an element-wise container the fixed part only.
    pub fn log_write(&mut self, o: Ref, first: bool) {
        let k = kinds::info(o.header().kind);
        if !first {
            return;
        }
        self.written.push(o);
        self.copy(o);
        if o.header().kind == kind::BUFFER {
            // SAFETY: the kind says so.
            let b: Gc<Buffer> = unsafe { Gc::from_ptr(o.0.cast()) };
            // SAFETY: the thread holds the object for writing.
            self.undo.push(Undo::Bytes(b, unsafe { (*b.as_ptr()).as_slice() }.into()));
        }
        if !k.elementwise {
            let mut todo = vec![o];
            while let Some(o) = todo.pop() {
                let mut t = Tracer::listing();
                // SAFETY: the object is alive and held.
                unsafe { crate::mark::trace_object(o.0, &mut t) };
                for p in t.listed() {
                    // SAFETY: an edge of a live object.
                    if unsafe { kinds::info((*p).kind).storage } {
                        self.copy(Ref(p));
                        todo.push(Ref(p));
                    }
                }
            }
        }
    }

    fn copy(&mut self, o: Ref) {
        // SAFETY: the object is alive and held, its size is a multiple of 8.
        let words = unsafe { std::slice::from_raw_parts(o.0.cast::<u64>().add(1), size_of_object(o.0) / 8 - 1) };
        self.undo.push(Undo::Object(o, words.into()));
    }

    /// One word of an element-wise container's storage is about to change.
    pub fn log_word(&mut self, owner: Ref, at: *mut u64) {
        // SAFETY: the caller holds the owner for writing, and `at` is inside its storage.
        self.undo.push(Undo::Word(owner, at, unsafe { at.read() }));
    }

    pub fn restore(&mut self) {
        while let Some(u) = self.undo.pop() {
            // SAFETY: what was logged is a root, and the transaction still holds it.
            unsafe {
                match u {
                    Undo::Object(o, words) => o.0.cast::<u64>().add(1).copy_from_nonoverlapping(words.as_ptr(), words.len()),
                    Undo::Bytes(b, bytes) => b.start().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()),
                    Undo::Word(_, at, bits) => at.write(bits),
                }
            }
        }
    }

    pub fn each_written(&mut self, f: impl FnMut(Ref)) { self.written.iter().copied().for_each(f) }
    pub fn each_read(&mut self, f: impl FnMut(Ref)) { self.read.iter().copied().for_each(f) }

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
        use crate::protocol::word::{DIRTY, LOGGED, TXRS};
        self.each_born(|o| o.header().access.store(o.header().access.load(Relaxed) & !(TXRS | LOGGED | DIRTY), Relaxed));
    }

    /// What the logs hold is alive: exact references, and words that may be some.
    pub fn roots(&self, mut exact: impl FnMut(Value), mut words: impl FnMut(&[u64])) {
        for o in self.read.iter().chain(&self.written) {
            exact(Value::from_ptr(o.0));
        }
        for u in &self.undo {
            match u {
                Undo::Object(o, w) => {
                    exact(Value::from_ptr(o.0));
                    words(w);
                }
                Undo::Bytes(b, _) => exact(b.value()),
                Undo::Word(o, _, bits) => {
                    exact(Value::from_ptr(o.0));
                    words(&[*bits]);
                }
            }
        }
    }

    pub fn clear(&mut self) {
        self.read.clear();
        self.written.clear();
        self.undo.clear();
        self.born.clear();
    }
}
