//! Lengths and elements of generated arrays: arange, linspace, eye.

use crate::dtype::Scalar;
use crate::error::{R, fail};
use crate::index::Item;
use crate::layout::Layout;
use crate::loops::kernel::put;

/// Elements of `arange(start, stop, step)`. Errors: ZeroDivisionError's text as ValueError, ValueError for sizes out of range.
pub fn arange_len(start: f64, stop: f64, step: f64) -> R<usize> {
    let n = ((stop - start) / step).ceil();
    if n.is_nan() {
        fail!(Value, "arange: cannot compute length");
    }
    if n >= isize::MAX as f64 {
        fail!(Value, "Maximum allowed size exceeded");
    }
    Ok(n.max(0.0) as usize)
}

/// The same for integers, exact.
pub fn arange_len_int(start: i64, stop: i64, step: i64) -> R<usize> {
    if step == 0 {
        fail!(Value, "Maximum allowed size exceeded");
    }
    let span = if step > 0 { stop as i128 - start as i128 } else { start as i128 - stop as i128 };
    let step = (step as i128).abs();
    match isize::try_from(if span > 0 { (span + step - 1) / step } else { 0 }) {
        Ok(n) => Ok(n as usize),
        Err(_) => fail!(Value, "Maximum allowed size exceeded"),
    }
}

/// Writes `first + i * delta` for i from `from` to `to`: NumPy's fill, where delta is the second element minus the first.
/// # Safety
/// `out` takes `to` elements of float64.
pub unsafe fn fill_range_f64(out: *mut u8, first: f64, delta: f64, from: usize, to: usize) {
    for i in from..to {
        // SAFETY: the caller's.
        unsafe { put(out.add(i * 8), first + i as f64 * delta) };
    }
}

/// The same for int64, wrapping.
/// # Safety
/// `out` takes `to` elements of int64.
pub unsafe fn fill_range_i64(out: *mut u8, first: i64, delta: i64, from: usize, to: usize) {
    for i in from..to {
        // SAFETY: the caller's.
        unsafe { put(out.add(i * 8), first.wrapping_add((i as i64).wrapping_mul(delta))) };
    }
}

/// Step of `linspace`, and element i of `n`. `n` counts intervals: num - 1 with endpoint, else num.
pub fn linspace_at(start: f64, stop: f64, intervals: usize, i: usize, last: bool) -> f64 {
    if last && intervals > 0 {
        return stop;
    }
    let delta = stop - start;
    if intervals == 0 {
        return start + i as f64 * delta;
    }
    let step = delta / intervals as f64;
    // A step that underflows to 0 would lose the span.
    if step == 0.0 { i as f64 / intervals as f64 * delta + start } else { i as f64 * step + start }
}

/// The elements of a matrix that `eye(rows, cols, k)` sets to 1. Errors: none for 2-d layouts.
pub fn eye_diagonal(matrix: &Layout, k: isize) -> R<Layout> {
    matrix.diagonal(k, 0, 1)
}

/// A 0-d layout of the element at `index`. Errors: IndexError.
pub fn element(l: &Layout, index: &[isize]) -> R<Layout> {
    let items: Vec<Item> = index.iter().map(|&i| Item::Int(i)).collect();
    l.index(&items)
}

/// One element as an array to assign from: its bytes and the layout that repeats it over `shape`.
pub fn repeated(value: Scalar, dtype: crate::DType, shape: &[isize]) -> ([u8; 16], Layout) {
    let (bytes, size) = value.to_bytes(dtype);
    (bytes, Layout { offset: 0, shape: shape.into(), strides: crate::Dims::from_elem(0, shape.len()), itemsize: size })
}
