//! The reserved address space: blocks, their side table, and the runs of free blocks.
//!
//! The heap is one reservation cut into 32 KiB blocks. A block serves small objects (128-byte lines, see `alloc`), or belongs to
//! a run of blocks that holds one large object. Marks and lines live in a side table, so that dead memory is never touched.

use crate::object::Header;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering::*};
use std::sync::{Mutex, MutexGuard, Once};

pub const BLOCK: usize = 1 << BLOCK_SHIFT;
pub const BLOCK_SHIFT: usize = 15;
pub const LINE: usize = 128;
pub const LINES: usize = BLOCK / LINE;
/// Objects above this get blocks of their own.
pub const LARGE: usize = 8 << 10;
/// Addresses, and so sizes, of objects are multiples of this.
pub const GRANULE: usize = 8;
const RESERVE: usize = if cfg!(target_pointer_width = "64") { 16 << 30 } else { 1 << 30 };

pub mod state {
    pub const FREE: u8 = 0;
    pub const SMALL: u8 = 1;
    /// First block of a large object.
    pub const LARGE: u8 = 2;
    /// The rest of a large object.
    pub const REST: u8 = 3;
}

/// What the collector knows of a block.
#[repr(C, align(64))]
pub struct Meta {
    /// One bit a granule: an object that survived a collection starts here.
    pub marks: [AtomicU64; BLOCK / GRANULE / 64],
    /// 1 = the line holds a part of a marked object.
    pub lines: [AtomicU8; LINES],
    pub state: AtomicU8,
    /// The pages were written to since they last came from the system.
    pub touched: AtomicU8,
    /// Small: lines below this were handed out for allocation since the last collection (free ones among them).
    pub taken: AtomicU16,
    /// Rest of a large object: its first block.
    pub head: AtomicU32,
    /// First block of a large object: its blocks.
    pub run: AtomicU32,
}

static BASE: AtomicUsize = AtomicUsize::new(0);
static SPAN: AtomicUsize = AtomicUsize::new(0);
static META: AtomicPtr<Meta> = AtomicPtr::new(std::ptr::null_mut());
static INIT: Once = Once::new();

/// Reserves address space; null when the system refuses.
pub(crate) fn map(bytes: usize) -> *mut u8 {
    // SAFETY: an anonymous mapping at an address of the system's choice.
    let p = unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE, -1, 0) };
    if p == libc::MAP_FAILED { std::ptr::null_mut() } else { p.cast() }
}

/// Gives the pages of a range back to the system; they read as zero afterwards.
/// # Safety
/// Nothing lives in the range, which is page-aligned.
pub(crate) unsafe fn give_back(p: *mut u8, bytes: usize) {
    if bytes > 0 {
        unsafe { libc::madvise(p.cast(), bytes, libc::MADV_DONTNEED) };
    }
}

/// The smallest heap.
const LEAST: usize = 16 << 20;

/// Reserves the heap; further calls do nothing. False when there is no room for it.
pub fn init() -> bool {
    INIT.call_once(|| {
        let limit = crate::limits::address_limit();
        if !crate::shape::init(limit) {
            return;
        }
        let mut bytes = RESERVE;
        // Under a limit on addresses half of it stays for stacks, buffers and libraries.
        while bytes > limit / 2 {
            bytes /= 2;
        }
        loop {
            if bytes < LEAST {
                return;
            }
            let p = map(bytes + BLOCK);
            let meta = if p.is_null() { p } else { map(bytes / BLOCK * size_of::<Meta>()) };
            if !meta.is_null() {
                let base = (p as usize).next_multiple_of(BLOCK);
                META.store(meta.cast(), Relaxed);
                SPAN.store(bytes, Relaxed);
                BASE.store(base, Release);
                // Huge pages would make a young heap's memory jump by 2 MiB steps and undo giving back single blocks.
                // SAFETY: advice on our own mapping.
                #[cfg(target_os = "linux")]
                unsafe {
                    libc::madvise(meta.cast(), bytes / BLOCK * size_of::<Meta>(), libc::MADV_NOHUGEPAGE);
                }
                lock().add_run(0, (bytes / BLOCK) as u32);
                break;
            }
            if !p.is_null() {
                // SAFETY: mapped above and not used.
                unsafe { libc::munmap(p.cast(), bytes + BLOCK) };
            }
            bytes /= 2;
        }
        crate::collect::init(limit);
    });
    base() != 0
}

#[inline(always)]
pub fn base() -> usize { BASE.load(Relaxed) }
/// Bytes of the reservation.
#[inline(always)]
pub fn span() -> usize { SPAN.load(Relaxed) }
#[inline(always)]
pub fn meta_base() -> *mut Meta { META.load(Relaxed) }
#[inline(always)]
pub fn meta(block: u32) -> &'static Meta {
    debug_assert!((block as usize) < span() >> BLOCK_SHIFT);
    // SAFETY: block numbers are below the number of blocks; the table is never unmapped; all-zero is a valid record.
    unsafe { &*meta_base().add(block as usize) }
}
#[inline(always)]
pub fn block_address(block: u32) -> *mut u8 { (base() + ((block as usize) << BLOCK_SHIFT)) as *mut u8 }
/// Block of an address in the heap.
#[inline(always)]
pub fn block_of(p: usize) -> Option<u32> {
    let off = p.wrapping_sub(base());
    if off < span() { Some((off >> BLOCK_SHIFT) as u32) } else { None }
}

/// Calls `f` with each marked object, block by block. The world is stopped, and nobody holds [`lock`].
pub(crate) fn each_marked(mut f: impl FnMut(*mut Header)) {
    let high = lock().high;
    for b in 0..high {
        let m = meta(b);
        if !matches!(m.state.load(Relaxed), state::SMALL | state::LARGE) {
            continue;
        }
        for (i, word) in m.marks.iter().enumerate() {
            let mut bits = word.load(Relaxed);
            while bits != 0 {
                let p = block_address(b).wrapping_add((i * 64 + bits.trailing_zeros() as usize) * GRANULE);
                bits &= bits - 1;
                f(p.cast());
            }
        }
    }
}

impl Meta {
    #[inline(always)]
    pub fn is_marked(&self, p: *const Header) -> bool {
        let g = (p as usize & (BLOCK - 1)) / GRANULE;
        self.marks[g >> 6].load(Relaxed) >> (g & 63) & 1 != 0
    }
    pub fn clear_marks(&self) {
        for m in &self.marks {
            m.store(0, Relaxed);
        }
        for l in &self.lines {
            l.store(0, Relaxed);
        }
    }
    /// How many lines of a small block no marked object has a part in. With the world stopped.
    pub fn free_lines(&self) -> usize {
        const LOW: u64 = 0x00FF_00FF_00FF_00FF;
        const { assert!(LINES.is_multiple_of(8) && LINES / 8 < 256, "sums of bytes have room in bytes") };
        // SAFETY: bytes at a multiple of 8, which nobody writes meanwhile.
        let words = unsafe { &*self.lines.as_ptr().cast::<[AtomicU64; LINES / 8]>() };
        let sums = words.iter().fold(0, |sum, w| sum + w.load(Relaxed));
        LINES - (((sums & LOW) + (sums >> 8 & LOW)).wrapping_mul(0x0001_0001_0001_0001) >> 48) as usize
    }
}

/// Blocks by use. Behind one lock, taken once a block or large object.
pub struct Blocks {
    /// Free runs: start to length, and the same by length.
    runs: BTreeMap<u32, u32>,
    by_length: BTreeSet<(u32, u32)>,
    /// Small blocks with free lines that no thread has taken since the last collection; the next to take is last.
    pub recyclable: Vec<u32>,
    /// Small blocks that threads took since the last collection.
    pub taken: Vec<u32>,
    pub young_large: Vec<u32>,
    pub old_large: Vec<u32>,
    /// Blocks in use.
    pub used: usize,
    /// Blocks from here on have never been used.
    pub high: u32,
}

static BLOCKS: Mutex<Blocks> = Mutex::new(Blocks {
    runs: BTreeMap::new(), by_length: BTreeSet::new(), recyclable: Vec::new(), taken: Vec::new(), young_large: Vec::new(), old_large: Vec::new(), used: 0, high: 0,
});

pub fn lock() -> MutexGuard<'static, Blocks> { BLOCKS.lock().unwrap_or_else(|e| e.into_inner()) }

impl Blocks {
    /// Adds a free run, joined with its neighbours.
    fn add_run(&mut self, mut start: u32, mut len: u32) {
        if let Some((&s, &l)) = self.runs.range(..start).next_back() {
            if s + l == start {
                self.runs.remove(&s);
                self.by_length.remove(&(l, s));
                start = s;
                len += l;
            }
        }
        if let Some(&l) = self.runs.get(&(start + len)) {
            self.runs.remove(&(start + len));
            self.by_length.remove(&(l, start + len));
            len += l;
        }
        self.runs.insert(start, len);
        self.by_length.insert((len, start));
    }

    /// Takes `n` adjacent blocks; None when no free run is that long.
    pub fn take_run(&mut self, n: u32) -> Option<u32> {
        // One block comes from the lowest run, so that the heap stays compact; more come from the tightest fit.
        let (start, len) = if n == 1 { self.runs.iter().next().map(|(&s, &l)| (s, l))? } else { self.by_length.range((n, 0)..).next().map(|&(l, s)| (s, l))? };
        self.cut(start, len, n);
        Some(start)
    }

    /// Takes the `n` blocks from `start` on if all are free.
    pub fn take_at(&mut self, start: u32, n: u32) -> bool {
        let Some(&len) = self.runs.get(&start).filter(|&&len| len >= n) else { return false };
        self.cut(start, len, n);
        true
    }

    /// Takes `n` blocks off the front of a free run of `len`.
    fn cut(&mut self, start: u32, len: u32, n: u32) {
        self.runs.remove(&start);
        self.by_length.remove(&(len, start));
        if len > n {
            self.runs.insert(start + n, len - n);
            self.by_length.insert((len - n, start + n));
        }
        self.used += n as usize;
        self.high = self.high.max(start + n);
    }

    /// Is there a free run of `n` blocks?
    pub fn has_run(&self, n: u32) -> bool { self.by_length.last().is_some_and(|&(l, _)| l >= n) }

    /// Puts blocks back among the free ones. Nothing in them is marked.
    pub fn free_run(&mut self, start: u32, n: u32) {
        for b in start..start + n {
            let m = meta(b);
            m.taken.store(0, Relaxed);
            m.state.store(state::FREE, Release);
        }
        self.used -= n as usize;
        self.add_run(start, n);
    }

    /// Gives pages of free blocks back to the system, except for `keep` blocks at the lowest addresses. Returns blocks given back.
    pub fn shrink(&mut self, keep: usize) -> usize {
        let (mut kept, mut given) = (0usize, 0usize);
        for (&start, &len) in &self.runs {
            let mut b = start;
            let end = (start + len).min(self.high);
            while b < end {
                if meta(b).touched.load(Relaxed) == 0 {
                    b += 1;
                } else if kept < keep {
                    kept += 1;
                    b += 1;
                } else {
                    let from = b;
                    while b < end && meta(b).touched.load(Relaxed) != 0 {
                        meta(b).touched.store(0, Relaxed);
                        b += 1;
                    }
                    // SAFETY: free blocks.
                    unsafe { give_back(block_address(from), (b - from) as usize * BLOCK) };
                    given += (b - from) as usize;
                }
            }
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_and_split() {
        let mut b = Blocks { runs: BTreeMap::new(), by_length: BTreeSet::new(), recyclable: vec![], taken: vec![], young_large: vec![], old_large: vec![], used: 0, high: 0 };
        b.add_run(0, 100);
        assert_eq!(b.take_run(1), Some(0));
        assert_eq!(b.take_run(10), Some(1));
        assert_eq!(b.take_run(1), Some(11));
        b.add_run(1, 10);
        assert_eq!(b.take_run(5), Some(1), "the tightest run that fits");
        b.add_run(0, 1);
        b.add_run(11, 1);
        b.add_run(1, 5);
        assert_eq!(b.runs.len(), 1);
        assert!(b.has_run(100) && !b.has_run(101));
        assert_eq!(b.take_run(101), None);
        assert_eq!(b.take_run(10), Some(0));
        assert!(!b.take_at(5, 1) && !b.take_at(10, 91) && b.take_at(10, 90));
        assert_eq!(b.take_run(1), None);
    }
}
