//! The common part of a transaction's undo log: small objects at their first writes, logged in a few instructions by the interpreter's handlers.
//!
//! An entry is the object's words behind its access word; for a list, the items in its storage and the storage; then the object and a word with the entry's
//! length and the number of items. An object stands here once, before anything of it is in another part of the log, so the order of entries does
//! not matter.

use crate::kinds::Values;
use crate::object::{Header, KEPT_FLAGS};
use crate::undo::copy_words;
use crate::world::Ref;
use std::sync::atomic::Ordering::Relaxed;

/// So many words of an object, and so many items, have room here.
pub const MOST: usize = 8;
/// The words behind those of the object, and behind those of its items.
const HEAD: usize = 2;
const STORAGE: usize = 1;
/// What one object takes at most.
const ENTRY: usize = MOST + MOST + STORAGE + HEAD;
/// Where the number of items lies in an entry's last word.
const ITEMS: u32 = 32;
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
            self.finish(to.add(n), o, (n + HEAD) as u64);
        }
    }
    /// Logs `n` words of an object and the `m` first items of its storage.
    /// # Safety
    /// As for `log`; 2 <= m <= MOST.
    #[inline(always)]
    pub unsafe fn log_with(&mut self, o: *mut Header, n: usize, storage: *mut Values, m: usize) {
        // SAFETY: the caller's; the items are the storage's tail.
        unsafe {
            let to = self.top;
            copy_few(o.cast::<u64>().add(1), to, n);
            copy_few(storage.add(1).cast(), to.add(n), m);
            let end = to.add(n + m);
            end.write(storage as u64);
            self.finish(end.add(STORAGE), o, (n + m + STORAGE + HEAD) as u64 | (m as u64) << ITEMS);
        }
    }
    /// # Safety
    /// There is room at `to`.
    #[inline(always)]
    unsafe fn finish(&mut self, to: *mut u64, o: *mut Header, shape: u64) {
        // SAFETY: the caller's.
        unsafe {
            to.write(o as u64);
            to.add(1).write(shape);
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

    /// Entries, newest first: the object, the first word, the number of items, the word behind the entry.
    #[inline(always)]
    fn each(&self, mut f: impl FnMut(*mut Header, *const u64, usize, *const u64)) {
        let mut end = self.top.cast_const();
        let start = self.start();
        while !end.is_null() && end != start {
            // SAFETY: entries lie one behind another from the start to the top.
            unsafe {
                let shape = *end.sub(1);
                let from = end.sub(shape as u32 as usize);
                f(*end.sub(HEAD) as *mut Header, from, (shape >> ITEMS) as usize, end);
                end = from;
            }
        }
    }
    #[inline(always)]
    pub fn each_object(&self, mut f: impl FnMut(Ref)) { self.each(|o, _, _, _| f(Ref(o))) }
    /// Puts everything back. The entries stay: they tell what was written.
    pub fn restore(&self) {
        // SAFETY: what was logged is a root, and the transaction still holds it.
        self.each(|o, words, items, end| unsafe {
            let mut end = end.sub(HEAD);
            if items != 0 {
                end = end.sub(STORAGE + items);
                copy_words(end, (*end.add(items) as *mut Values).add(1).cast(), items);
            }
            let kept = (*o).flags.load(Relaxed) & KEPT_FLAGS;
            copy_words(words, o.cast::<u64>().add(1), end.offset_from_unsigned(words));
            (*o).flags.fetch_or(kept, Relaxed);
        });
    }
}
