//! Elements of bytes (S), text (U) and raw memory (V) dtypes.

use super::DType;
use crate::loops::kernel::{get, put};
use std::cmp::Ordering;

/// The letters of a text element, without zeros at the end.
/// # Safety
/// The element may be read.
pub unsafe fn letters(p: *const u8, d: DType) -> Vec<u32> {
    let mut out: Vec<u32> = if d.kind() == 'U' {
        (0..d.itemsize() / 4).map(|i| unsafe { get::<u32>(p.add(4 * i)) }).map(|c| if d.swapped { c.swap_bytes() } else { c }).collect()
    } else {
        (0..d.itemsize()).map(|i| unsafe { p.add(i).read() }.into()).collect()
    };
    let keep = out.iter().rposition(|c| *c != 0).map_or(0, |i| i + 1);
    out.truncate(keep);
    out
}

/// Letter `i` of an element, 0 behind its end.
// SAFETY: the element may be read.
#[inline(always)]
unsafe fn letter(p: *const u8, d: DType, i: usize) -> u32 {
    unsafe {
        if d.kind() != 'U' {
            return if i < d.itemsize() { p.add(i).read().into() } else { 0 };
        }
        let c = if i < d.itemsize() / 4 { get::<u32>(p.add(4 * i)) } else { 0 };
        if d.swapped { c.swap_bytes() } else { c }
    }
}
/// Letters that an element has room for.
pub fn room(d: DType) -> usize {
    if d.kind() == 'U' { d.itemsize() / 4 } else { d.itemsize() }
}

/// Copies an element: cut or padded with zeros. Letters beyond 255 become '?' in bytes; callers refuse them first.
/// # Safety
/// `from` may be read, `to` written.
pub unsafe fn copy(from: *const u8, a: DType, to: *mut u8, b: DType) {
    unsafe {
        for i in 0..room(b) {
            let c = letter(from, a, i);
            if b.kind() == 'U' {
                put(to.add(4 * i), if b.swapped { c.swap_bytes() } else { c });
            } else {
                to.add(i).write(u8::try_from(c).unwrap_or(b'?'));
            }
        }
    }
}

/// Order of two elements, zeros at the end left aside.
/// # Safety
/// Both may be read.
pub unsafe fn compare(x: *const u8, a: DType, y: *const u8, b: DType) -> Ordering {
    for i in 0..room(a).max(room(b)) {
        let (p, q) = unsafe { (letter(x, a, i), letter(y, b, i)) };
        if p != q {
            return p.cmp(&q);
        }
    }
    Ordering::Equal
}
