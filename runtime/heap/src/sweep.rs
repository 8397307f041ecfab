//! Sweeping: free lines and blocks found by the side table alone; only objects with outside resources are touched.

use crate::collect::{Heap, POISON, Tracer};
use crate::kinds;
use crate::space::*;
use crate::value::Value;
use std::sync::atomic::Ordering::*;

/// Blocks with fewer free lines are not worth a visit.
const WORTH: usize = 4;
/// What freed lines are filled with under the poison switch: as a word it is no value, as a header it is of no kind.
pub const POISON_BYTE: u8 = 0xD5;

pub struct Swept {
    pub freed: usize,
    pub recyclable: usize,
}

/// A full collection begins: nothing is marked.
pub fn clear_marks() {
    for b in 0..lock().high {
        let m = meta(b);
        if matches!(m.state.load(Relaxed), state::SMALL | state::LARGE) {
            m.clear_marks();
        }
    }
}

/// Releases the outside resources of unmarked objects.
pub(crate) fn release(heap: &mut Heap, t: &Tracer, full: bool) {
    let keep = |&h: &*mut crate::object::Header| {
        if t.is_marked(Value::from_ptr(h)) {
            return true;
        }
        // SAFETY: the object is dead but not yet overwritten; its kind has a release function, or it would not be listed.
        unsafe {
            if let Some(f) = kinds::info((*h).kind).release {
                f(h);
            }
        }
        false
    };
    if full {
        heap.old_release.retain(keep);
    }
    heap.young_release.retain(keep);
    heap.old_release.append(&mut heap.young_release);
}

/// Finds free lines, blocks and runs. A young collection looks at the blocks that were allocated into only: no other can have
/// lost anything.
pub fn sweep(full: bool) -> Swept {
    let blocks = &mut *lock();
    let poison = POISON.load(Relaxed);
    let mut freed = 0;
    let (mut again, mut empty) = (Vec::new(), Vec::new());
    let mut small = |b: u32, again: &mut Vec<u32>| {
        let m = meta(b);
        m.taken.store(0, Relaxed);
        let free = m.free_lines();
        if poison && free > 0 {
            for l in (0..LINES).filter(|&l| m.lines[l].load(Relaxed) == 0) {
                // SAFETY: no live object has a part in an unmarked line, and no thread allocates.
                unsafe { block_address(b).add(l * LINE).write_bytes(POISON_BYTE, LINE) };
            }
        }
        if free == LINES {
            empty.push(b);
        } else if free >= WORTH {
            again.push(b);
        }
    };
    if full {
        blocks.taken.clear();
        blocks.recyclable.clear();
        for b in 0..blocks.high {
            if meta(b).state.load(Relaxed) == state::SMALL {
                small(b, &mut again);
            }
        }
    } else {
        for b in std::mem::take(&mut blocks.taken) {
            small(b, &mut again);
        }
        again.append(&mut blocks.recyclable);
        again.sort_unstable();
    }
    empty.sort_unstable();
    for run in empty.chunk_by(|a, b| a + 1 == *b) {
        blocks.free_run(run[0], run.len() as u32);
        freed += run.len();
    }
    // The lowest is taken first, so that the top of the heap gets a chance to become empty.
    again.reverse();
    let recyclable = again.len();
    blocks.recyclable = again;
    let mut large = |blocks: &mut Blocks, list: Vec<u32>| -> Vec<u32> {
        list.into_iter()
            .filter(|&b| {
                let m = meta(b);
                let alive = m.is_marked(block_address(b).cast());
                if !alive {
                    let n = m.run.load(Relaxed);
                    if poison {
                        // SAFETY: the object is dead.
                        unsafe { block_address(b).write_bytes(POISON_BYTE, n as usize * BLOCK) };
                    }
                    blocks.free_run(b, n);
                    freed += n as usize;
                }
                alive
            })
            .collect()
    };
    let young = std::mem::take(&mut blocks.young_large);
    let young = large(blocks, young);
    if full {
        let old = std::mem::take(&mut blocks.old_large);
        blocks.old_large = large(blocks, old);
    }
    blocks.old_large.extend(young);
    Swept { freed, recyclable }
}
