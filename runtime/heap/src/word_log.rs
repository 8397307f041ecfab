//! The common part of a transaction's undo log: single words, logged in a few instructions by the interpreter's handlers.
//!
//! An entry is where the word is, what it was, and the object that it belongs to. An object's entries here come before any other that the log has of
//! it: once all of it is copied, or a container is held by element, handlers write it without an entry, or not at all. So undo puts these back last.

use crate::object::Header;
use crate::world::Ref;

const ENTRY: usize = 3;
/// Words. When they are full, the general part of the log goes on.
const SIZE: usize = 4096;

/// Empty until [`WordLog::open`].
pub struct WordLog {
    top: *mut u64,
    /// An entry has room below this.
    full: *mut u64,
    /// Begins with an entry of nothing, so that there is always a last one.
    words: Vec<u64>,
}

impl Default for WordLog {
    fn default() -> WordLog { WordLog { top: std::ptr::null_mut(), full: std::ptr::null_mut(), words: Vec::new() } }
}

impl WordLog {
    /// Gets the memory, once.
    #[inline]
    pub fn open(&mut self) {
        if self.top.is_null() {
            self.words.resize(SIZE, 0);
            let start = self.words.as_mut_ptr();
            self.top = start.wrapping_add(ENTRY);
            self.full = start.wrapping_add(SIZE - ENTRY + 1);
        }
    }
    #[inline(always)]
    pub fn has_room(&self) -> bool { self.top < self.full }

    /// Logs a word.
    /// # Safety
    /// `has_room` has said yes; the word is the object's or its storage's, and the caller holds the object for writing.
    #[inline(always)]
    pub unsafe fn log(&mut self, o: *mut Header, at: *mut u64) {
        // SAFETY: the caller's.
        unsafe {
            self.top.cast::<[u64; ENTRY]>().write([at as u64, at.read(), o as u64]);
            self.top = self.top.add(ENTRY);
        }
    }
    /// Logs that the object is held.
    /// # Safety
    /// As for `log`, as far as it says something of the object.
    #[cold]
    pub unsafe fn log_nothing(&mut self, o: *mut Header) {
        let spare = self.words.as_mut_ptr();
        // SAFETY: the caller's; the first entry is nobody's.
        unsafe { self.log(o, spare) }
    }
    /// As `log`, unless the last entry is for the same word.
    /// # Safety
    /// As that.
    #[inline(always)]
    pub unsafe fn log_other(&mut self, o: *mut Header, at: *mut u64) {
        // SAFETY: the caller's; there is an entry below the top, if only that of nothing.
        unsafe {
            if *self.top.sub(ENTRY) != at as u64 {
                self.log(o, at)
            }
        }
    }

    pub fn clear(&mut self) {
        if !self.top.is_null() {
            self.top = self.words.as_mut_ptr().wrapping_add(ENTRY);
        }
    }
    /// All of it, as words.
    pub fn words(&self) -> &[u64] {
        if self.top.is_null() {
            return &[];
        }
        // SAFETY: from behind the first entry up to the top.
        unsafe { std::slice::from_raw_parts(self.words.as_ptr().add(ENTRY), self.top.offset_from_unsigned(self.words.as_ptr()) - ENTRY) }
    }

    /// The objects, some of them more than once.
    #[inline(always)]
    pub fn each_object(&self, mut f: impl FnMut(Ref)) {
        let (entries, _) = self.words().as_chunks::<ENTRY>();
        entries.iter().for_each(|&[_, _, o]| f(Ref(o as *mut Header)))
    }
    /// Puts everything back. The entries stay: they tell what was written.
    pub fn restore(&self) {
        let (entries, _) = self.words().as_chunks::<ENTRY>();
        for &[at, old, _] in entries.iter().rev() {
            // SAFETY: what was logged is a root, and the transaction still holds it.
            unsafe { (at as *mut u64).write(old) }
        }
    }
}
