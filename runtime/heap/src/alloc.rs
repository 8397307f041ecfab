//! Small-object allocation: a thread bumps through the free lines of the blocks that it takes.
//!
//! Nothing is written beside the object itself. The collector finds young objects by walking a hole from its start, so what a
//! thread leaves of a hole is closed with a header of kind 0.

use crate::collect;
use crate::space::{self, *};
use std::sync::atomic::Ordering::*;

/// A thread's places to allocate.
#[repr(C)]
pub struct Nursery {
    /// Real end of the hole that `Thread::bump` is in (`bump_end` is lower under collection stress).
    pub hole_end: *mut u8,
    block: u32,
    line: u32,
    /// Second region, for objects of more than a line that do not fit the hole.
    pub over: *mut u8,
    pub over_end: *mut u8,
    /// What lies between these and the allocation pointers was born in the running transaction.
    pub born_from: *mut u8,
    pub over_born_from: *mut u8,
}

const NO_BLOCK: u32 = u32::MAX;

impl Nursery {
    pub const fn new() -> Nursery {
        Nursery { hole_end: std::ptr::null_mut(), block: NO_BLOCK, line: 0, over: std::ptr::null_mut(), over_end: std::ptr::null_mut(), born_from: std::ptr::null_mut(), over_born_from: std::ptr::null_mut() }
    }

    /// Closes both regions: before a collection, and when the thread goes.
    /// # Safety
    /// `bump` is the allocation pointer that belongs to this nursery.
    pub unsafe fn retire(&mut self, bump: *mut u8) {
        unsafe {
            close(bump, self.hole_end);
            close(self.over, self.over_end);
        }
        *self = Nursery::new();
    }

    /// The next hole: where it starts and ends. None when memory is out.
    /// # Safety
    /// `bump` is the allocation pointer that belongs to this nursery.
    pub unsafe fn next_hole(&mut self, bump: *mut u8, force: bool) -> Option<(*mut u8, *mut u8)> {
        unsafe { close(bump, self.hole_end) };
        self.hole_end = std::ptr::null_mut();
        loop {
            if self.block != NO_BLOCK {
                let m = meta(self.block);
                let mut from = self.line as usize;
                while from < LINES && m.lines[from].load(Relaxed) != 0 {
                    from += 1;
                }
                if from < LINES {
                    let mut to = from + 1;
                    while to < LINES && m.lines[to].load(Relaxed) == 0 {
                        to += 1;
                    }
                    self.line = to as u32;
                    m.taken.store(to as u16, Relaxed);
                    collect::note_allocated((to - from) * LINE);
                    let b = block_address(self.block);
                    // SAFETY: lines of this block.
                    unsafe {
                        self.hole_end = b.add(to * LINE);
                        return Some((b.add(from * LINE), self.hole_end));
                    }
                }
                self.block = NO_BLOCK;
            }
            let mut blocks = space::lock();
            if let Some(b) = blocks.recyclable.pop() {
                blocks.taken.push(b);
                self.block = b;
            } else {
                self.block = fresh_block(&mut blocks, force)?;
            }
            self.line = 0;
        }
    }

    /// Room for an object of more than a line and at most [`LARGE`] bytes.
    pub fn overflow(&mut self, bytes: usize, force: bool) -> Option<*mut u8> {
        if (self.over_end as usize) - (self.over as usize) < bytes {
            // SAFETY: the region is this nursery's.
            unsafe { close(self.over, self.over_end) };
            (self.over, self.over_end) = (std::ptr::null_mut(), std::ptr::null_mut());
            let b = fresh_block(&mut space::lock(), force)?;
            meta(b).taken.store(LINES as u16, Relaxed);
            collect::note_allocated(BLOCK);
            self.over = block_address(b);
            // SAFETY: a block's end.
            self.over_end = unsafe { self.over.add(BLOCK) };
        }
        let p = self.over;
        // SAFETY: checked above.
        self.over = unsafe { p.add(bytes) };
        Some(p)
    }
}

fn fresh_block(blocks: &mut Blocks, force: bool) -> Option<u32> {
    if !force && !collect::may_grow(blocks.used, BLOCK) {
        return None;
    }
    let b = blocks.take_run(1)?;
    let m = meta(b);
    m.state.store(state::SMALL, Relaxed);
    m.touched.store(1, Relaxed);
    m.taken.store(0, Relaxed);
    blocks.taken.push(b);
    Some(b)
}

/// Ends a region's walk at `p`.
unsafe fn close(p: *mut u8, end: *mut u8) {
    if end as usize - p as usize >= 16 && !end.is_null() {
        // SAFETY: the region up to `end` is the nursery's own, and nothing lies in it yet.
        unsafe { p.cast::<[u64; 2]>().write([0; 2]) };
    }
}

/// A large object's memory, zeroed when `zeroed`: blocks of its own. None when memory is out.
pub fn take_large(bytes: usize, zeroed: bool, force: bool) -> Option<*mut u8> {
    let n = u32::try_from(bytes.div_ceil(BLOCK)).ok()?;
    let mut blocks = space::lock();
    if !force && !collect::may_grow(blocks.used, n as usize * BLOCK) {
        return None;
    }
    let b = blocks.take_run(n)?;
    let mut dirty = false;
    for i in b..b + n {
        let m = meta(i);
        dirty |= m.touched.swap(1, Relaxed) != 0;
        m.head.store(b, Relaxed);
        m.state.store(if i == b { state::LARGE } else { state::REST }, Relaxed);
    }
    meta(b).run.store(n, Relaxed);
    blocks.young_large.push(b);
    drop(blocks);
    collect::note_allocated(bytes);
    let p = block_address(b);
    // SAFETY: the run is ours; nobody looks at it before the header is written, as no safepoint lies between.
    unsafe {
        if dirty && zeroed {
            // Handing big ranges back is cheaper than clearing them, and leaves untouched what is never used.
            if bytes >= 1 << 20 { give_back(p, n as usize * BLOCK) } else { std::ptr::write_bytes(p, 0, bytes) }
        } else if dirty {
            p.cast::<[u64; 2]>().write([0; 2]);
        }
    }
    Some(p)
}

/// Makes the large object at `p` longer where it stands, from `old` to `bytes` bytes; what is new is zeroed. False when what lies behind it is in use.
/// # Safety
/// `p` is a large object of `old` bytes that the caller may write.
pub unsafe fn extend_large(p: *mut u8, old: usize, bytes: usize) -> bool {
    let (Some(b), Ok(n)) = (block_of(p as usize), u32::try_from(bytes.div_ceil(BLOCK))) else { return false };
    let m = meta(b);
    let had = m.run.load(Relaxed);
    if n > had {
        let mut blocks = space::lock();
        if !collect::may_grow(blocks.used, (n - had) as usize * BLOCK) || !blocks.take_at(b + had, n - had) {
            return false;
        }
        m.run.store(n, Relaxed);
        for i in b + had..b + n {
            let m = meta(i);
            m.head.store(b, Relaxed);
            m.state.store(state::REST, Relaxed);
            if m.touched.swap(1, Relaxed) != 0 {
                // SAFETY: a block of the run.
                unsafe { block_address(i).write_bytes(0, BLOCK) }
            }
        }
    }
    let end = bytes.min(had as usize * BLOCK);
    // SAFETY: within the run as it was.
    unsafe { p.add(old).write_bytes(0, end - old) };
    collect::note_allocated(bytes - old);
    true
}
