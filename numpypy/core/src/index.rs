//! Basic indexing: integers, slices, new axes and an ellipsis make a view's layout.

use crate::error::{R, fail};
use crate::layout::{Dims, Layout, MAX_DIMS};

/// One item of a basic index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    Int(isize),
    /// Start, stop, step as written; `None` where left out.
    Slice(Option<isize>, Option<isize>, Option<isize>),
    NewAxis,
    Ellipsis,
}

/// What a slice selects of an axis of length `n`: first index, count, step, as Python's `slice.indices`.
/// Errors: ValueError for step 0.
pub fn resolve_slice(start: Option<isize>, stop: Option<isize>, step: Option<isize>, n: isize) -> R<(isize, isize, isize)> {
    let step = step.unwrap_or(1).max(-isize::MAX);
    if step == 0 {
        fail!(Value, "slice step cannot be zero");
    }
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let clip = |i: isize| (if i < 0 { i + n } else { i }).clamp(low, high);
    let first = start.map_or(if step > 0 { low } else { high }, clip);
    let last = stop.map_or(if step > 0 { high } else { low }, clip);
    let span = if step > 0 { last - first } else { first - last };
    let count = if span > 0 { (span - 1) / step.abs() + 1 } else { 0 };
    Ok((first, count, step))
}

/// An index of an axis, counted from its start. Errors: IndexError.
pub fn check_index(i: isize, axis: usize, n: isize) -> R<isize> {
    if i < -n || i >= n {
        fail!(Index, "index {i} is out of bounds for axis {axis} with size {n}");
    }
    Ok(if i < 0 { i + n } else { i })
}

impl Layout {
    /// The view that a basic index selects. Errors: IndexError, ValueError.
    pub fn index(&self, items: &[Item]) -> R<Layout> {
        let consumed = items.iter().filter(|i| matches!(i, Item::Int(_) | Item::Slice(..))).count();
        if consumed > self.ndim() {
            fail!(Index, "too many indices for array");
        }
        if items.iter().filter(|i| matches!(i, Item::Ellipsis)).count() > 1 {
            fail!(Index, "an index can only have a single ellipsis ('...')");
        }
        let (mut offset, mut shape, mut strides) = (self.offset, Dims::new(), Dims::new());
        let mut axis = 0;
        let keep = |axis: &mut usize, count: usize, shape: &mut Dims, strides: &mut Dims| {
            shape.extend_from_slice(&self.shape[*axis..*axis + count]);
            strides.extend_from_slice(&self.strides[*axis..*axis + count]);
            *axis += count;
        };
        for item in items {
            match *item {
                Item::Int(i) => {
                    offset += check_index(i, axis, self.shape[axis])? * self.strides[axis];
                    axis += 1;
                }
                Item::Slice(start, stop, step) => {
                    let (first, count, step) = resolve_slice(start, stop, step, self.shape[axis])?;
                    // An empty slice keeps the start; its first index may lie one outside.
                    if count > 0 {
                        offset += first * self.strides[axis];
                    }
                    shape.push(count);
                    strides.push(self.strides[axis].wrapping_mul(step));
                    axis += 1;
                }
                Item::NewAxis => {
                    shape.push(1);
                    strides.push(0);
                }
                Item::Ellipsis => keep(&mut axis, self.ndim() - consumed, &mut shape, &mut strides),
            }
        }
        let rest = self.ndim() - axis;
        keep(&mut axis, rest, &mut shape, &mut strides);
        if shape.len() > MAX_DIMS {
            fail!(Index, "number of dimensions must be within [0, {MAX_DIMS}], indexing result would have {}", shape.len());
        }
        Ok(Layout { offset, shape, strides, itemsize: self.itemsize })
    }
}
