//! Selection: where elements are true, and indexing by arrays of integers (get and set).

use crate::dtype::DType;
use crate::dtype::cast::cast_loop;
use crate::elementwise::Call;
use crate::error::{R, fail};
use crate::index::{Item, check_index};
use crate::iter::Iter;
use crate::layout::{Dims, Layout, MAX_DIMS, broadcast_shape, show_shape};
use crate::ranges::Written;
use crate::{Array, Progress};

/// Flat positions (C order) of true elements of a bool array.
/// # Safety
/// The mask's memory may be read. `limit` bounds the result's length by the caller's reserve. Errors: MemoryError.
pub unsafe fn true_positions(mask: Array) -> R<Vec<isize>> {
    let mut found = Vec::<isize>::new();
    let n = mask.layout.size();
    let inner = mask.layout.shape.last().copied().unwrap_or(1).max(1) as usize;
    let step = mask.layout.strides.last().copied().unwrap_or(0);
    for row in (0..n).step_by(inner) {
        let start = mask.base.wrapping_offset(mask.layout.offset_of_flat(row));
        // SAFETY: inside the layout.
        let truth = |i: usize| unsafe { start.wrapping_offset(i as isize * step).read() } != 0;
        let count: usize = if step == 1 {
            // SAFETY: as above; a row in one piece.
            unsafe { std::slice::from_raw_parts(start, inner) }.iter().map(|b| usize::from(*b != 0)).sum()
        } else {
            (0..inner).map(|i| usize::from(truth(i))).sum()
        };
        if count == 0 {
            continue;
        }
        // One place more: each position is written, and kept if it is true, so that nothing branches.
        found.try_reserve(count + 1).map_err(|_| crate::Error::memory())?;
        let len = found.len();
        // SAFETY: at most `count` positions are kept, and there is room for one more.
        unsafe {
            let mut to = found.as_mut_ptr().add(len);
            for i in 0..inner {
                to.write((row + i) as isize);
                to = to.add(usize::from(truth(i)));
            }
            found.set_len(len + count);
        }
    }
    Ok(found)
}

/// Coordinates along `axis` of flat positions in an array of `shape`.
pub fn coordinates(positions: &[isize], shape: &[isize], axis: usize) -> impl Iterator<Item = isize> {
    let inner: isize = shape[axis + 1..].iter().product::<isize>().max(1);
    let n = shape[axis].max(1);
    let flat = shape.len() == 1;
    positions.iter().map(move |p| if flat { *p } else { p / inner % n })
}

/// An integer array used as an index: its values in C order, and its shape.
pub struct IndexArray {
    pub values: Vec<isize>,
    pub shape: Dims,
}

/// One item of an advanced index.
pub enum Part {
    Basic(Item),
    Array(IndexArray),
}

/// A resolved advanced index of an array.
pub struct Fancy {
    /// Byte offsets that the index arrays select, in C order of `index_shape`.
    offsets: Vec<isize>,
    index_shape: Dims,
    /// What is left for each of them: the axes not indexed by arrays.
    rest: Layout,
    /// Where among the axes of `rest` those of `index_shape` go in the result.
    place: usize,
    at: usize,
}

impl Fancy {
    /// Errors: IndexError for values out of bounds, too many indices, or arrays that can't be broadcast.
    pub fn new(layout: &Layout, parts: Vec<Part>) -> R<Fancy> {
        // Integers next to arrays count as 0-d arrays; a basic index takes care of the rest.
        let mut basic = Vec::new();
        let mut arrays: Vec<(usize, IndexArray)> = Vec::new();
        let mut apart = false;
        let mut last_array = None;
        for (i, part) in parts.into_iter().enumerate() {
            let array = match part {
                Part::Basic(Item::Int(n)) => IndexArray { values: vec![n], shape: Dims::new() },
                Part::Array(a) => a,
                Part::Basic(item) => {
                    basic.push(item);
                    continue;
                }
            };
            apart |= last_array.is_some_and(|l| l + 1 != i);
            last_array = Some(i);
            arrays.push((basic.len(), array));
            basic.push(Item::Slice(None, None, None));
        }
        let view = layout.index(&basic)?;
        // Axis of the view that each basic item became.
        let consumed = basic.iter().filter(|i| matches!(i, Item::Slice(..))).count();
        let mut axis_of = Vec::new();
        let mut axis = 0;
        for item in &basic {
            axis_of.push(axis);
            axis += if *item == Item::Ellipsis { layout.ndim() - consumed } else { 1 };
        }
        // Original axis numbers, for messages.
        let mut original = Vec::new();
        let mut from = 0;
        for item in &basic {
            original.push(from);
            from += match item {
                Item::Ellipsis => layout.ndim() - consumed,
                Item::NewAxis => 0,
                _ => 1,
            };
        }
        let shapes: Vec<&[isize]> = arrays.iter().map(|(_, a)| &a.shape[..]).collect();
        let Ok(index_shape) = broadcast_shape(&shapes) else {
            let all: String = shapes.iter().map(|s| show_shape(s) + " ").collect();
            fail!(Index, "shape mismatch: indexing arrays could not be broadcast together with shapes {all}");
        };
        let count = index_shape.iter().product::<isize>() as usize;
        let mut offsets = crate::error::try_vec(0isize, count)?;
        for (item, a) in &arrays {
            let (axis, name) = (axis_of[*item], original[*item]);
            let (n, step) = (view.shape[axis], view.strides[axis]);
            if a.values.len() == count && a.shape == index_shape {
                for (o, &i) in offsets.iter_mut().zip(&a.values) {
                    *o += check_index(i, name, n)? * step;
                }
            } else {
                // Element strides of 1 over the values, repeated as broadcasting says.
                let own = Layout::contiguous(&a.shape, 1, false)?.broadcast_to(&index_shape)?;
                for (k, o) in offsets.iter_mut().enumerate() {
                    *o += check_index(a.values[own.offset_of_flat(k) as usize], name, n)? * step;
                }
            }
        }
        let indexed: u64 = arrays.iter().fold(0, |set, (item, _)| set | 1 << axis_of[*item]);
        let rest = crate::reduction::drop_axes(&view, indexed);
        let place = if apart || arrays.is_empty() { 0 } else { axis_of[arrays[0].0] };
        if rest.ndim() + index_shape.len() > MAX_DIMS {
            fail!(Index, "number of dimensions must be within [0, {MAX_DIMS}], indexing result would have {}", rest.ndim() + index_shape.len());
        }
        Ok(Fancy { offsets, index_shape, rest, place, at: 0 })
    }

    /// Shape of the result (or of what is assigned).
    pub fn shape(&self) -> Dims {
        let mut shape: Dims = self.rest.shape[..self.place].into();
        shape.extend_from_slice(&self.index_shape);
        shape.extend_from_slice(&self.rest.shape[self.place..]);
        shape
    }

    /// What assigning to the selected elements changes.
    pub fn written(&self) -> Written<'_> {
        Written::Shifted(&self.rest, &self.offsets)
    }

    /// Copies between the selected elements of `array` and `other`, whose layout has [`Fancy::shape`]; `set` writes to `array`.
    /// # Safety
    /// As [`Call::run`]; `array` is the one that the index was resolved for.
    pub unsafe fn run(&mut self, array: Array, other: Array, set: bool, budget: usize) -> R<Progress> {
        let across = self.place..self.place + self.index_shape.len();
        let index = Layout { shape: self.index_shape.clone(), strides: other.layout.strides[across.clone()].into(), ..*other.layout };
        let mask = across.fold(0u64, |m, a| m | 1 << a);
        let mut inner = crate::reduction::drop_axes(other.layout, mask);
        let mut rest = self.rest.clone();
        let (from, to) = if set { (other.dtype, array.dtype) } else { (array.dtype, other.dtype) };
        let mut spent = 0;
        if rest.ndim() == 0 {
            let convert = cast_loop(from, to)?;
            if from == to && from.itemsize() == 8 && index.is_c_contiguous() {
                let end = self.offsets.len().min(self.at + budget);
                let inside = array.base.wrapping_offset(rest.offset);
                let outside = other.base.wrapping_offset(index.offset).cast::<u64>();
                for i in self.at..end {
                    // SAFETY: offsets have been checked against the shape.
                    unsafe {
                        let element = inside.offset(self.offsets[i]).cast::<u64>();
                        let beside = outside.add(i);
                        if set { element.write_unaligned(beside.read_unaligned()) } else { beside.write_unaligned(element.read_unaligned()) }
                    }
                }
                self.at = end;
                spent = budget;
            }
            while self.at < self.offsets.len() && spent < budget {
                let inside = array.base.wrapping_offset(rest.offset + self.offsets[self.at]);
                let outside = other.base.wrapping_offset(index.offset_of_flat(self.at));
                // SAFETY: offsets have been checked against the shape.
                unsafe { convert.go(if set { [outside, inside] } else { [inside, outside] }, [0, 0], 1) };
                self.at += 1;
                spent += 1;
            }
        }
        let start = rest.offset;
        while self.at < self.offsets.len() && spent < budget {
            rest.offset = start + self.offsets[self.at];
            inner.offset = index.offset_of_flat(self.at);
            let (inside, outside) = (Array { layout: &rest, ..array }, Array { layout: &inner, ..other });
            let mut call = if set { Call::assign(inside, outside)? } else { Call::assign(outside, inside)? };
            spent += call.left() + 32;
            // SAFETY: as above.
            unsafe { call.finish() };
            self.at += 1;
        }
        Ok(if self.at == self.offsets.len() { Progress::Done } else { Progress::More })
    }
}

/// `where(condition, x, y)`: condition is bool; x, y and out have out's dtype; all have the same shape.
pub struct Where {
    iter: Iter,
    size: usize,
}

impl Where {
    /// Errors: NotImplementedError for dtypes without copies.
    pub fn new(condition: Array, x: Array, y: Array, out: Array) -> R<Where> {
        cast_loop(out.dtype, out.dtype)?;
        Ok(Where { iter: Iter::new(&out.layout.shape, &[condition, x, y, out], true), size: out.dtype.itemsize() })
    }
    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn run(&mut self, budget: usize) -> Progress {
        let size = self.size;
        self.iter.run(budget, |p, s, n| {
            for i in 0..n as isize {
                // SAFETY: the caller's.
                unsafe {
                    let from = if p[0].offset(i * s[0]).read() != 0 { p[1].offset(i * s[1]) } else { p[2].offset(i * s[2]) };
                    let to = p[3].offset(i * s[3]);
                    match size {
                        8 => to.cast::<u64>().write_unaligned(from.cast::<u64>().read_unaligned()),
                        _ => std::ptr::copy(from, to, size),
                    }
                }
            }
        })
    }
}

/// Reads an integer (or bool) index array into positions. Errors: IndexError for other dtypes.
/// # Safety
/// The array may be read.
pub unsafe fn read_indices(a: Array) -> R<IndexArray> {
    if !matches!(a.dtype.kind(), 'i' | 'u') {
        fail!(Index, "arrays used as indices must be of integer (or boolean) type");
    }
    let mut values = crate::error::try_vec(0isize, a.layout.size())?;
    let layout = Layout::contiguous(&a.layout.shape, 8, false)?;
    let to = Array { base: values.as_mut_ptr().cast(), layout: &layout, dtype: DType::of(crate::Num::Int64) };
    // SAFETY: the vector holds as many elements.
    unsafe { Call::assign(to, a)?.finish() };
    Ok(IndexArray { values, shape: a.layout.shape.clone() })
}
