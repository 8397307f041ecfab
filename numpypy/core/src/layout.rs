//! Layouts: shape, strides and offset of an array in its buffer; contiguity, broadcasting, reshape, axes.

use crate::error::{Error, Kind, R, fail};
use smallvec::SmallVec;

/// Most axes that an array has.
pub const MAX_DIMS: usize = 32;

/// One number an axis.
pub type Dims = SmallVec<[isize; 4]>;

/// Where the elements of an array lie. Strides and offset are in bytes and may be negative / anything that stays inside the buffer.
#[derive(PartialEq, Eq, Debug)]
pub struct Layout {
    pub offset: isize,
    pub shape: Dims,
    pub strides: Dims,
    /// Bytes an element.
    pub itemsize: usize,
}
impl Clone for Layout {
    // Dims' own clone goes number by number.
    fn clone(&self) -> Layout { Layout { shape: Dims::from_slice(&self.shape), strides: Dims::from_slice(&self.strides), ..*self } }
}

/// Memory order arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    C,
    F,
    /// F if the array is F contiguous and not C contiguous, else C.
    A,
    /// As close to the array's own order as possible.
    K,
}

/// A shape as NumPy's messages show it: "(2,3)", "(4,)", "()".
pub fn show_shape(shape: &[isize]) -> String {
    let shown: Vec<String> = shape.iter().map(|n| n.to_string()).collect();
    if shown.len() == 1 { format!("({},)", shown[0]) } else { format!("({})", shown.join(",")) }
}

/// A requested shape, whose unknown axes show as "newaxis" (leading ones not at all), as NumPy's messages have it.
fn show_request(shape: &[isize]) -> String {
    let known = shape.iter().position(|&n| n >= 0).unwrap_or(shape.len());
    let shown: Vec<String> = shape[known..].iter().map(|n| if *n < 0 { "newaxis".into() } else { n.to_string() }).collect();
    if shape.len() == 1 && known == 0 { format!("({},)", shown[0]) } else { format!("({})", shown.join(",")) }
}

/// Elements of a shape. Errors: ValueError if bytes overflow or an axis is negative or axes are too many.
pub fn checked_size(shape: &[isize], itemsize: usize) -> R<usize> {
    if shape.len() > MAX_DIMS {
        fail!(Value, "maximum supported dimension for an ndarray is {MAX_DIMS}, found {}", shape.len());
    }
    if shape.iter().any(|&n| n < 0) {
        fail!(Value, "negative dimensions are not allowed");
    }
    // As NumPy: axes of length 0 don't hide an overflow of the others.
    let big = shape.iter().filter(|&&n| n != 0).try_fold(itemsize.max(1) as isize, |a, &n| a.checked_mul(n));
    if big.is_none() {
        fail!(Value, "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.");
    }
    Ok(shape.iter().product::<isize>() as usize)
}

/// Strides in bytes of a contiguous array.
pub fn contiguous_strides(shape: &[isize], itemsize: usize, fortran: bool) -> Dims {
    let mut strides: Dims = Dims::from_elem(0, shape.len());
    let mut step = itemsize as isize;
    let mut place = |axis: usize| {
        strides[axis] = step;
        // NumPy strides over an axis of length 0 as if it had length 1.
        step *= shape[axis].max(1);
    };
    if fortran { (0..shape.len()).for_each(&mut place) } else { (0..shape.len()).rev().for_each(&mut place) }
    strides
}

/// Index of an axis that may count from the end. Errors: AxisError.
pub fn normalize_axis(axis: isize, ndim: usize) -> R<usize> {
    let n = ndim as isize;
    if axis < -n || axis >= n { Err(Error::axis(axis, ndim)) } else { Ok(if axis < 0 { axis + n } else { axis } as usize) }
}

impl Layout {
    /// A contiguous layout from offset 0. Errors: ValueError as [`checked_size`].
    pub fn contiguous(shape: &[isize], itemsize: usize, fortran: bool) -> R<Layout> {
        checked_size(shape, itemsize)?;
        Ok(Layout { offset: 0, shape: shape.into(), strides: contiguous_strides(shape, itemsize, fortran), itemsize })
    }
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }
    /// Number of elements.
    pub fn size(&self) -> usize {
        self.shape.iter().product::<isize>() as usize
    }
    pub fn nbytes(&self) -> usize {
        self.size() * self.itemsize
    }
    fn is_contiguous_over(&self, axes: impl Iterator<Item = usize>) -> bool {
        let mut step = self.itemsize as isize;
        for axis in axes {
            let n = self.shape[axis];
            if n == 0 {
                return true;
            }
            if n != 1 {
                if self.strides[axis] != step {
                    return false;
                }
                step *= n;
            }
        }
        true
    }
    /// Elements follow each other with the last index fastest (strides of axes of length 1 don't count).
    pub fn is_c_contiguous(&self) -> bool {
        self.shape.contains(&0) || self.is_contiguous_over((0..self.ndim()).rev())
    }
    /// Elements follow each other with the first index fastest.
    pub fn is_f_contiguous(&self) -> bool {
        self.shape.contains(&0) || self.is_contiguous_over(0..self.ndim())
    }
    /// Byte offsets from the buffer's start that the elements occupy: from, to (excluded). Empty for no elements.
    pub fn extent(&self) -> (isize, isize) {
        if self.shape.contains(&0) {
            return (self.offset, self.offset);
        }
        let (mut low, mut high) = (self.offset, self.offset + self.itemsize as isize);
        for (n, s) in self.shape.iter().zip(&self.strides) {
            let span = (n - 1) * s;
            if span < 0 { low += span } else { high += span }
        }
        (low, high)
    }
    /// Whether every element lies inside a buffer of `bytes`, without overflow on the way.
    pub fn fits(&self, bytes: usize) -> bool {
        if self.shape.len() != self.strides.len() || checked_size(&self.shape, self.itemsize).is_err() {
            return false;
        }
        let spans = self.shape.iter().zip(&self.strides).try_fold((self.offset as i128, self.offset as i128 + self.itemsize as i128), |(low, high), (n, s)| {
            let span = (*n as i128 - 1).max(0) * *s as i128;
            Some(if span < 0 { (low + span, high) } else { (low, high + span) })
        });
        self.shape.contains(&0) || spans.is_some_and(|(low, high)| low >= 0 && high <= bytes as i128)
    }
    /// Byte offset of an element. The indices must be inside the shape.
    pub fn offset_of(&self, index: &[isize]) -> isize {
        self.offset + index.iter().zip(&self.strides).map(|(i, s)| i * s).sum::<isize>()
    }
    /// Offset of the n-th element in C order.
    pub fn offset_of_flat(&self, n: usize) -> isize {
        let mut rest = n as isize;
        let mut at = self.offset;
        for (n, s) in self.shape.iter().zip(&self.strides).rev() {
            at += rest % n * s;
            rest /= n;
        }
        at
    }

    /// This layout seen as an array of `shape` with repeated elements.
    /// Errors: ValueError "could not broadcast input array from shape ... into shape ...".
    pub fn broadcast_to(&self, shape: &[isize]) -> R<Layout> {
        let missing = shape.len().wrapping_sub(self.ndim());
        let fits = self.ndim() <= shape.len() && self.shape.iter().zip(&shape[missing..]).all(|(a, b)| a == b || *a == 1);
        if !fits {
            fail!(Value, "could not broadcast input array from shape {} into shape {}", show_shape(&self.shape), show_shape(shape));
        }
        let mut strides = Dims::from_elem(0, missing);
        strides.extend(self.shape.iter().zip(&shape[missing..]).zip(&self.strides).map(|((a, b), s)| if *a == 1 && *b != 1 { 0 } else { *s }));
        Ok(Layout { shape: Dims::from_slice(shape), strides, ..*self })
    }

    /// The layout of the destination's shape for an assignment, where leading axes of length 1 of the source fall away.
    pub fn assign_to(&self, shape: &[isize]) -> R<Layout> {
        let extra = self.ndim().saturating_sub(shape.len());
        let droppable = self.shape.iter().take(extra).all(|&n| n == 1);
        if extra > 0 && droppable {
            let inner = Layout { shape: self.shape[extra..].into(), strides: self.strides[extra..].into(), ..*self };
            return inner.broadcast_to(shape).or_else(|_| self.broadcast_to(shape));
        }
        self.broadcast_to(shape)
    }

    /// Axes in another order (`None`: reversed). Errors: ValueError, AxisError.
    pub fn transpose(&self, axes: Option<&[isize]>) -> R<Layout> {
        let n = self.ndim();
        let order: Dims = match axes {
            None => (0..n as isize).rev().collect(),
            Some(axes) => {
                if axes.len() != n {
                    fail!(Value, "axes don't match array");
                }
                let mut seen = 0u64;
                let mut order = Dims::new();
                for &a in axes {
                    let axis = normalize_axis(a, n)?;
                    if seen >> axis & 1 != 0 {
                        fail!(Value, "repeated axis in transpose");
                    }
                    seen |= 1 << axis;
                    order.push(axis as isize);
                }
                order
            }
        };
        let pick = |from: &Dims| order.iter().map(|&a| from[a as usize]).collect();
        Ok(Layout { shape: pick(&self.shape), strides: pick(&self.strides), ..*self })
    }
    /// Errors: AxisError.
    pub fn swap_axes(&self, a: isize, b: isize) -> R<Layout> {
        let (a, b) = (normalize_axis(a, self.ndim())?, normalize_axis(b, self.ndim())?);
        let mut l = self.clone();
        l.shape.swap(a, b);
        l.strides.swap(a, b);
        Ok(l)
    }
    /// Without axes of length 1 (all, or those named). Errors: AxisError; ValueError.
    pub fn squeeze(&self, axes: Option<&[isize]>) -> R<Layout> {
        let mut drop = 0u64;
        match axes {
            None => self.shape.iter().enumerate().filter(|(_, n)| **n == 1).for_each(|(i, _)| drop |= 1 << i),
            Some(axes) => {
                for &a in axes {
                    let axis = normalize_axis(a, self.ndim())?;
                    if drop >> axis & 1 != 0 {
                        fail!(Value, "duplicate value in 'axis'");
                    }
                    drop |= 1 << axis;
                }
                if self.shape.iter().enumerate().any(|(i, n)| drop >> i & 1 != 0 && *n != 1) {
                    fail!(Value, "cannot select an axis to squeeze out which has size not equal to one");
                }
            }
        }
        let keep = |from: &Dims| from.iter().enumerate().filter(|(i, _)| drop >> i & 1 == 0).map(|(_, n)| *n).collect();
        Ok(Layout { shape: keep(&self.shape), strides: keep(&self.strides), ..*self })
    }

    /// Resolves a shape request with at most one -1. Errors: ValueError with NumPy's texts.
    pub fn resolve_shape(&self, request: &[isize]) -> R<Dims> {
        let size = self.size() as isize;
        if request.len() > MAX_DIMS {
            fail!(Value, "maximum supported dimension for an ndarray is {MAX_DIMS}, found {}", request.len());
        }
        let mismatch = || Error::new(Kind::Value, format!("cannot reshape array of size {size} into shape {}", show_request(request)));
        if request.iter().filter(|&&n| n < 0).count() > 1 {
            fail!(Value, "can only specify one unknown dimension");
        }
        let known = request.iter().filter(|&&n| n >= 0).try_fold(1isize, |a, &n| a.checked_mul(n)).ok_or_else(mismatch)?;
        let mut shape: Dims = request.into();
        match request.iter().position(|&n| n < 0) {
            Some(_) if known == 0 || size % known != 0 => return Err(mismatch()),
            Some(at) => shape[at] = size / known,
            None if known != size => return Err(mismatch()),
            None => {}
        }
        Ok(shape)
    }

    /// The same elements under another shape without copying, or `None` if strides can't express it.
    /// `shape` has the same number of elements. `fortran`: the first index counts fastest.
    pub fn reshape_view(&self, shape: &[isize], fortran: bool) -> Option<Layout> {
        let with = |strides| Some(Layout { shape: shape.into(), strides, ..*self });
        if self.size() == 0 || (if fortran { self.is_f_contiguous() } else { self.is_c_contiguous() }) {
            return with(contiguous_strides(shape, self.itemsize, fortran));
        }
        // Walk from the fastest axis: runs of old axes that lie evenly are cut into runs of new axes with the same product.
        let fastest_first = |dims: &[isize]| -> SmallVec<[usize; 8]> { if fortran { (0..dims.len()).collect() } else { (0..dims.len()).rev().collect() } };
        let old: SmallVec<[usize; 8]> = fastest_first(&self.shape).into_iter().filter(|&a| self.shape[a] != 1).collect();
        let new = fastest_first(shape);
        let mut strides = Dims::from_elem(self.itemsize as isize, shape.len());
        let (mut o, mut n) = (0, 0);
        let mut step = self.itemsize as isize;
        while o < old.len() && n < new.len() {
            let (first, mut have, mut want) = (o, self.shape[old[o]], shape[new[n]]);
            let from = n;
            while have != want {
                if want < have {
                    n += 1;
                    want *= *shape.get(*new.get(n)?)?;
                } else {
                    o += 1;
                    have *= *self.shape.get(*old.get(o)?)?;
                }
            }
            for i in first..o {
                if self.strides[old[i + 1]] != self.strides[old[i]] * self.shape[old[i]] {
                    return None;
                }
            }
            step = self.strides[old[first]];
            for &axis in &new[from..=n] {
                strides[axis] = step;
                step *= shape[axis];
            }
            o += 1;
            n += 1;
        }
        for &axis in new.iter().skip(n) {
            strides[axis] = step;
        }
        with(strides)
    }

    /// A layout of the same shape for a copy in `order`.
    pub fn for_copy(&self, order: Order, itemsize: usize) -> Layout {
        let fortran = match order {
            Order::C => false,
            Order::F => true,
            Order::A | Order::K if self.is_c_contiguous() => false,
            Order::A | Order::K if self.is_f_contiguous() => true,
            Order::A => false,
            Order::K => return Layout { offset: 0, shape: self.shape.clone(), strides: k_order_strides(&self.shape, &[self], itemsize), itemsize },
        };
        Layout { offset: 0, shape: self.shape.clone(), strides: contiguous_strides(&self.shape, itemsize, fortran), itemsize }
    }

    /// Diagonal of two axes, appended as the last axis. Errors: ValueError, AxisError.
    pub fn diagonal(&self, k: isize, a: isize, b: isize) -> R<Layout> {
        if self.ndim() < 2 {
            fail!(Value, "diag requires an array of at least two dimensions");
        }
        let (a, b) = (normalize_axis(a, self.ndim())?, normalize_axis(b, self.ndim())?);
        if a == b {
            fail!(Value, "axis1 and axis2 cannot be the same");
        }
        let (mut rows, mut cols) = (self.shape[a], self.shape[b]);
        let mut offset = self.offset;
        if k >= 0 {
            cols = (cols.saturating_sub(k)).max(0);
            if cols > 0 { offset += k * self.strides[b] }
        } else {
            rows = (rows.saturating_add(k)).max(0);
            if rows > 0 { offset -= k * self.strides[a] }
        }
        let rest = |from: &Dims, last| (0..self.ndim()).filter(|&i| i != a && i != b).map(|i| from[i]).chain([last]).collect();
        Ok(Layout { offset, shape: rest(&self.shape, rows.min(cols)), strides: rest(&self.strides, self.strides[a] + self.strides[b]), itemsize: self.itemsize })
    }
}

/// The common shape of operands. Errors: ValueError "operands could not be broadcast together with shapes (2,3) (4,) ".
pub fn broadcast_shape(shapes: &[&[isize]]) -> R<Dims> {
    let ndim = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    let mut out = Dims::from_elem(1, ndim);
    for s in shapes {
        for (have, &n) in out[ndim - s.len()..].iter_mut().zip(*s) {
            if *have == 1 {
                *have = n;
            } else if n != 1 && n != *have {
                let all: String = shapes.iter().map(|s| show_shape(s) + " ").collect();
                fail!(Value, "operands could not be broadcast together with shapes {all}");
            }
        }
    }
    checked_size(&out, 1)?;
    Ok(out)
}

/// Axes in the order of iteration, outermost first: large strides outside; where operands disagree, C order.
/// `strides` holds, for each operand, one stride an axis. The rule is that of NumPy's nditer.
pub fn axis_order(ndim: usize, strides: &[&[isize]]) -> SmallVec<[u8; 8]> {
    let mut order: SmallVec<[u8; 8]> = (0..ndim as u8).rev().collect();
    // `order` is innermost first while sorting; insertion keeps C order among equals.
    for i in 1..ndim {
        let axis = order[i];
        let mut place = i;
        for j in (0..i).rev() {
            let inner = order[j] as usize;
            let (mut swap, mut ambiguous) = (false, true);
            for s in strides {
                let (a, b) = (s[axis as usize].unsigned_abs(), s[inner].unsigned_abs());
                if a != 0 && b != 0 {
                    if b <= a {
                        swap = false;
                    } else if ambiguous {
                        swap = true;
                    }
                    ambiguous = false;
                }
            }
            if !ambiguous {
                if swap { place = j } else { break }
            }
        }
        order.remove(i);
        order.insert(place, axis);
    }
    order.reverse();
    order
}

/// Strides of a new array of `shape` whose memory order follows that of operands (each broadcast to `shape`).
pub fn k_order_strides(shape: &[isize], operands: &[&Layout], itemsize: usize) -> Dims {
    let strides: SmallVec<[&[isize]; 4]> = operands.iter().map(|l| &l.strides[..]).collect();
    let mut out = Dims::from_elem(0, shape.len());
    let mut step = itemsize as isize;
    for &axis in axis_order(shape.len(), &strides).iter().rev() {
        out[axis as usize] = step;
        step *= shape[axis as usize].max(1);
    }
    out
}
