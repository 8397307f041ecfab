//! The common part of a transaction's undo log: small objects at their first writes, logged in a few instructions by the interpreter's handlers.
//!
//! An entry is the object's words behind its access word; for a list, all items of its storage; then the storage, or 0, the object, and the entry's own
//! address, which leads to the one before it by one load: at a transaction's end these loads are all that one has to wait for. An object
//! stands here once, before anything of it is in another part of the log, so the order of entries does not matter.

use crate::kinds::Values;
use crate::object::{Header, KEPT_FLAGS};
use crate::undo::copy_words;
use crate::world::Ref;
use std::sync::atomic::Ordering::Relaxed;

/// So many words of an object, and so many items, have room here.
pub const MOST: usize = 8;
/// The words behind those of the object and of its items.
const HEAD: usize = 3;
/// What one object takes at most.
const ENTRY: usize = MOST + MOST + HEAD;
/// Words. When they are full, the general part of the log goes on.
const SIZE: usize = 4096;

/// Empty until [`Firsts::open`].
pub struct Firsts {
    top: *mut u64,
    /// An object has room below this.
    full: *mut u64,
    words: Vec<u64>,
}

impl Default for Firsts {
    fn default() -> Firsts { Firsts { top: std::ptr::null_mut(), full: std::ptr::null_mut(), words: Vec::new() } }
}

/// As [`copy_words`] for 2 to [`MOST`].
/// # Safety
/// As that.
#[inline(always)]
unsafe fn copy_few(from: *const u64, to: *mut u64, n: usize) {
    // SAFETY: the caller's; all pairs lie inside of the `n` words.
    unsafe {
        let pair = |i: usize| to.add(i).cast::<[u64; 2]>().write_unaligned(from.add(i).cast::<[u64; 2]>().read_unaligned());
        pair(0);
        pair(n - 2);
        if n > 4 {
            pair(2);
            pair(n - 4);
        }
    }
}

impl Firsts {
    /// Gets the memory, once.
    #[inline]
    pub fn open(&mut self) {
        if self.top.is_null() {
            self.words.reserve_exact(SIZE);
            self.top = self.words.as_mut_ptr();
            self.full = self.top.wrapping_add(SIZE - ENTRY);
        }
    }
    #[inline(always)]
    pub fn has_room(&self) -> bool { self.top < self.full }

    /// Logs `n` words of an object.
    /// # Safety
    /// `has_room` has said yes; 2 <= n <= MOST; the caller holds the object for writing.
    #[inline(always)]
    pub unsafe fn log(&mut self, o: *mut Header, n: usize) {
        // SAFETY: the caller's; an object lies behind its access word.
        unsafe {
            let to = self.top;
            copy_few(o.cast::<u64>().add(1), to, n);
            self.finish(to, to.add(n), std::ptr::null_mut(), o);
        }
    }
    /// Logs `n` words of an object and the `m` items of its storage, all of them.
    /// # Safety
    /// As for `log`; 2 <= m <= MOST.
    #[inline(always)]
    pub unsafe fn log_with(&mut self, o: *mut Header, n: usize, storage: *mut Values, m: usize) {
        // SAFETY: the caller's; the items are the storage's tail.
        unsafe {
            let to = self.top;
            copy_few(o.cast::<u64>().add(1), to, n);
            copy_few(storage.add(1).cast(), to.add(n), m);
            self.finish(to, to.add(n + m), storage, o);
        }
    }
    /// The last words of the entry that begins at `entry`.
    /// # Safety
    /// There is room for them at `to`.
    #[inline(always)]
    unsafe fn finish(&mut self, entry: *mut u64, to: *mut u64, storage: *mut Values, o: *mut Header) {
        // SAFETY: the caller's.
        unsafe {
            to.write(storage as u64);
            to.add(1).write(o as u64);
            to.add(2).write(entry as u64);
            self.top = to.add(HEAD);
        }
    }

    fn start(&self) -> *const u64 { self.words.as_ptr() }
    pub fn is_empty(&self) -> bool { self.top.is_null() || self.top.cast_const() == self.start() }
    pub fn clear(&mut self) {
        if !self.top.is_null() {
            self.top = self.words.as_mut_ptr();
        }
    }
    /// All of it, as words.
    pub fn words(&self) -> &[u64] {
        if self.is_empty() {
            return &[];
        }
        // SAFETY: written from the start up to the top.
        unsafe { std::slice::from_raw_parts(self.start(), self.top.offset_from_unsigned(self.start())) }
    }

    /// Entries, newest first: the first word and the last three.
    #[inline(always)]
    fn each(&self, mut f: impl FnMut(*const u64, *const u64)) {
        let mut end = self.top.cast_const();
        let start = self.start();
        while !end.is_null() && end != start {
            // SAFETY: entries lie one behind another from the start to the top.
            unsafe {
                let from = *end.sub(1) as *const u64;
                f(from, end.sub(HEAD));
                end = from;
            }
        }
    }
    #[inline(always)]
    pub fn each_object(&self, mut f: impl FnMut(Ref)) {
        // SAFETY: the second of the last words.
        self.each(|_, head| f(Ref(unsafe { *head.add(1) } as *mut Header)))
    }
    /// Puts everything back. The entries stay: they tell what was written.
    pub fn restore(&self) {
        // SAFETY: what was logged is a root, and the transaction still holds it.
        self.each(|words, head| unsafe {
            let (storage, o) = (*head as *mut Values, *head.add(1) as *mut Header);
            let mut end = head;
            if !storage.is_null() {
                let items = (*storage).len;
                end = end.sub(items);
                copy_words(end, storage.add(1).cast(), items);
            }
            let kept = (*o).flags.load(Relaxed) & KEPT_FLAGS;
            copy_words(words, o.cast::<u64>().add(1), end.offset_from_unsigned(words));
            (*o).flags.fetch_or(kept, Relaxed);
        });
    }
}
