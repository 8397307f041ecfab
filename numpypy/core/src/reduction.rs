//! Reductions over axes, running results along an axis, and positions of extremes.

use crate::dtype::cast::{Cast, cast_loop};
use crate::dtype::{DType, Num};
use crate::elementwise::Call;
use crate::error::{Error, Kind, R, fail, try_vec};
use crate::index::Item;
use crate::iter::{Iter, Pointers};
use crate::layout::{Dims, Layout, k_order_strides, normalize_axis};
use crate::loops::kernel::{get, put};
use crate::loops::Loop;
use crate::number::{Element, with_type};
use crate::ufunc::{Identity, Info, LoopInfo, Ufunc};
use crate::{Array, Flags, Progress, STRIPE, fpflags};

/// Axes to reduce, as a bit set. `None`: all. Errors: AxisError; ValueError for a repeated axis.
pub fn axis_set(axes: Option<&[isize]>, ndim: usize) -> R<u64> {
    let Some(axes) = axes else { return Ok((1u64 << ndim) - 1) };
    let mut set = 0;
    for &a in axes {
        // Scalars take axis 0 and -1, as NumPy lets them.
        if ndim == 0 && (a == 0 || a == -1) {
            continue;
        }
        let axis = normalize_axis(a, ndim)?;
        if set >> axis & 1 != 0 {
            fail!(Value, "duplicate value in 'axis'");
        }
        set |= 1 << axis;
    }
    Ok(set)
}

/// Layout of a new array for the result, in the memory order of the input, reduced axes kept with length 1.
pub fn result_layout(input: &Layout, axes: u64, itemsize: usize) -> Layout {
    let shape: Dims = input.shape.iter().enumerate().map(|(i, n)| if axes >> i & 1 != 0 { 1 } else { *n }).collect();
    let strides = k_order_strides(&shape, &[input], itemsize);
    Layout { offset: 0, shape, strides, itemsize }
}

/// The same without the reduced axes.
pub fn drop_axes(l: &Layout, axes: u64) -> Layout {
    let keep = |from: &Dims| from.iter().enumerate().filter(|(i, _)| axes >> i & 1 == 0).map(|(_, n)| *n).collect();
    Layout { shape: keep(&l.shape), strides: keep(&l.strides), ..*l }
}

/// A reduction on its way. The result array must have been filled first: see [`Reduce::start`].
pub struct Reduce {
    iter: Iter,
    run: Loop,
    /// Converts elements of the input to the loop's dtype, or gathers them.
    convert: Cast,
    scratch: Vec<u128>,
    width: isize,
    same: bool,
    /// Float sums are cut into runs as NumPy's nditer cuts them, which shows in their rounding.
    exact: bool,
    /// Elements that one result takes in a row, and how many of them are still to come.
    group: usize,
    group_left: usize,
    raises: bool,
    flags: u32,
}

/// How the result is to be filled before the reduction runs.
pub enum Start {
    /// With this value.
    Fill(crate::Scalar),
    /// With the elements of the input at this layout (its shape is the result's).
    First(Layout),
}

impl Reduce {
    /// Elements converted at a time. It is NumPy's buffer size: nditer hands out no longer runs, which shows in the rounding of sums.
    const BUFFER: usize = 8192;

    /// What the result starts from, and the part of the input that is then reduced.
    /// Errors: ValueError for an empty reduction without identity, or several axes of an ordered operation.
    pub fn start(info: &Info, input: &Layout, axes: u64) -> R<(Start, Layout)> {
        if let Some(value) = info.identity.value() {
            return Ok((Start::Fill(value), input.clone()));
        }
        if info.identity == Identity::Ordered && axes.count_ones() > 1 {
            fail!(Value, "reduction operation '{}' is not reorderable, so at most one axis may be specified", info.name);
        }
        if input.size() == 0 && (0..input.ndim()).any(|i| axes >> i & 1 != 0 && input.shape[i] == 0) {
            fail!(Value, "zero-size array to reduction operation {} which has no identity", info.name);
        }
        let cut = |item: Item| -> Vec<Item> {
            let full = Item::Slice(None, None, None);
            (0..input.ndim()).map(|i| if axes >> i & 1 != 0 { item } else { full }).collect()
        };
        let first = input.index(&cut(Item::Slice(None, Some(1), None)))?;
        if info.identity == Identity::Idempotent {
            return Ok((Start::First(first), input.clone()));
        }
        Ok((Start::First(first), input.index(&cut(Item::Slice(Some(1), None, None)))?))
    }

    /// `out` has the input's number of axes, reduced ones with length 1, and the loop's dtype.
    pub fn new(info: &Info, chosen: &LoopInfo, out: Array, input: Array) -> R<Reduce> {
        let dtype = chosen.dtype(0);
        if out.dtype != dtype {
            fail!(Runtime, "the result of a reduction must have the dtype of its loop");
        }
        let result = out.layout.broadcast_to(&input.layout.shape)?;
        let iter = Iter::with(&input.layout.shape, [out.start(), input.start()].into_iter().collect(), &[&result.strides, &input.layout.strides], false);
        let same = input.dtype == dtype;
        let group = iter.in_place(0);
        let exact = info.id == Ufunc::Add && matches!(dtype.kind(), 'f' | 'c') && iter.inner_strides()[0] == 0;
        let scratch = if same && !(exact && group > iter.inner_len()) { 0 } else { Self::BUFFER.min(input.layout.size()) * dtype.itemsize() };
        Ok(Reduce {
            iter,
            run: chosen.run,
            convert: cast_loop(input.dtype, dtype)?,
            scratch: try_vec(0u128, scratch.div_ceil(16))?,
            width: dtype.itemsize() as isize,
            same,
            exact,
            group,
            group_left: group,
            raises: info.raises,
            flags: 0,
        })
    }

    /// Works on about `budget` elements.
    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn run(&mut self, budget: usize) -> Progress {
        if self.raises {
            fpflags::clear();
        }
        // SAFETY: the caller's.
        let progress = unsafe { self.work(budget) };
        if self.raises {
            self.flags |= fpflags::get();
        }
        progress
    }

    // SAFETY: as `run`.
    unsafe fn work(&mut self, budget: usize) -> Progress {
        let (so, si) = (self.iter.inner_strides()[0], self.iter.inner_strides()[1]);
        let mut spent = 0;
        while spent < budget {
            if self.exact && (!self.same || Self::BUFFER.min(self.group_left) > self.iter.row_left()) {
                // SAFETY: the caller's.
                spent += unsafe { self.gathered(si) };
                continue;
            }
            let limit = if self.exact { Self::BUFFER.min(self.group_left) } else { STRIPE };
            let Some((p, n)) = self.iter.next(limit) else { return Progress::Done };
            self.take(n);
            spent += n + 8;
            // SAFETY: the caller's; the scratch takes a buffer of elements, and runs are no longer than it.
            unsafe {
                if self.same {
                    self.flags |= (self.run)(&[p[0], p[1], p[0]], &[so, si, so], n);
                } else {
                    let scratch = self.scratch.as_mut_ptr().cast::<u8>();
                    self.convert.go([p[1], scratch], [si, self.width], n);
                    self.flags |= (self.run)(&[p[0], scratch, p[0]], &[so, self.width, so], n);
                }
            }
        }
        if self.iter.left() == 0 { Progress::Done } else { Progress::More }
    }

    /// Notes that `n` elements of the current group are done.
    fn take(&mut self, n: usize) {
        // Without groups of their own (results that move along the row) rows may be cut anywhere.
        self.group_left = self.group_left.saturating_sub(n);
        if self.group_left == 0 {
            self.group_left = self.group;
        }
    }

    /// Gathers a buffer of elements of one group, across rows, and adds it. Returns how many.
    // SAFETY: as `run`.
    unsafe fn gathered(&mut self, si: isize) -> usize {
        let want = Self::BUFFER.min(self.group_left).min(self.iter.left());
        let scratch = self.scratch.as_mut_ptr().cast::<u8>();
        let (mut filled, mut target) = (0, None);
        while filled < want {
            let Some((p, n)) = self.iter.next(want - filled) else { break };
            // SAFETY: the caller's; what was filled and these n fit the scratch.
            unsafe { self.convert.go([p[1], scratch.offset(filled as isize * self.width)], [si, self.width], n) };
            filled += n;
            target = Some(p[0]);
        }
        if let Some(to) = target {
            // SAFETY: the caller's; so many elements of the scratch are filled.
            self.flags |= unsafe { (self.run)(&[to, scratch, to], &[0, self.width, 0], filled) };
        }
        self.take(filled);
        // An empty step would not end the caller's loop.
        filled.max(1)
    }

    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn finish(&mut self) -> Flags {
        // SAFETY: the caller's.
        while unsafe { self.run(STRIPE * 64) } == Progress::More {}
        Flags(self.flags)
    }
    pub fn flags(&self) -> Flags {
        Flags(self.flags)
    }
}

/// Running results along an axis: `add.accumulate` is cumsum.
pub struct Accumulate {
    lanes: Iter,
    steps: (isize, isize),
    n: usize,
    lane: Option<(Pointers, usize)>,
    run: Loop,
    raises: bool,
    flags: u32,
}

impl Accumulate {
    /// `out` and `input` have the same shape and the loop's dtype (convert first otherwise); `out` may be `input`.
    pub fn new(info: &Info, chosen: &LoopInfo, out: Array, input: Array, axis: usize) -> R<Accumulate> {
        if input.layout.ndim() == 0 {
            fail!(Type, "cannot accumulate on a scalar");
        }
        let (o, i) = (drop_axes(out.layout, 1 << axis), drop_axes(input.layout, 1 << axis));
        let n = input.layout.shape[axis] as usize;
        let mut shape = o.shape.clone();
        if n == 0 {
            shape.push(0);
        }
        let lanes = Iter::with(&shape, [out.start(), input.start()].into_iter().collect(), &[&[&o.strides[..], &[0]].concat(), &[&i.strides[..], &[0]].concat()].map(|s| &s[..shape.len()]), false);
        Ok(Accumulate { lanes, steps: (out.layout.strides[axis], input.layout.strides[axis]), n, lane: None, run: chosen.run, raises: info.raises, flags: 0 })
    }

    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn run(&mut self, budget: usize, copy: Cast) -> Progress {
        fpflags::clear();
        let (so, si) = self.steps;
        let mut spent = 0;
        while spent < budget {
            let (p, at) = match &mut self.lane {
                Some(lane) => lane,
                None => {
                    let Some((p, _)) = self.lanes.next(1) else { break };
                    // SAFETY: the first element of a lane of at least one.
                    unsafe { copy.go([p[1], p[0]], [0, 0], 1) };
                    self.lane.insert((p, 1))
                }
            };
            let n = (self.n - *at).min(STRIPE);
            let (o, i) = (p[0].wrapping_offset(*at as isize * so), p[1].wrapping_offset(*at as isize * si));
            // SAFETY: the caller's; the output follows its own previous element, in order.
            self.flags |= unsafe { (self.run)(&[o.wrapping_offset(-so), i, o], &[so, si, so], n) };
            spent += n + 8;
            *at += n;
            if *at == self.n {
                self.lane = None;
            }
        }
        if self.raises {
            self.flags |= fpflags::get();
        }
        if self.lanes.left() == 0 && self.lane.is_none() { Progress::Done } else { Progress::More }
    }
    pub fn flags(&self) -> Flags {
        Flags(self.flags)
    }
}

/// Position of the largest (or smallest) of `n` elements; the first NaN wins.
// SAFETY: `n` elements, `step` bytes apart, may be read.
type Search = unsafe fn(*const u8, isize, usize) -> usize;

// SAFETY: as `Search`.
unsafe fn search<T: Element>(p: *const u8, step: isize, n: usize, better: impl Fn(T, T) -> bool) -> usize {
    // SAFETY: the caller's, for i below n.
    let at = |i: usize| unsafe { get::<T>(p.offset(i as isize * step)) };
    let (mut best, mut found) = (at(0), 0);
    for i in 0..n {
        let x = at(i);
        if x.is_nan() {
            return i;
        }
        if better(x, best) {
            (best, found) = (x, i);
        }
    }
    found
}
// SAFETY: as `Search`.
unsafe fn highest<T: Element>(p: *const u8, s: isize, n: usize) -> usize {
    // SAFETY: the caller's.
    unsafe { search::<T>(p, s, n, T::above) }
}
// SAFETY: as `Search`.
unsafe fn lowest<T: Element>(p: *const u8, s: isize, n: usize) -> usize {
    // SAFETY: the caller's.
    unsafe { search::<T>(p, s, n, |x, y| y.above(x)) }
}

fn search_loop(num: Num, largest: bool) -> R<Search> {
    with_type!(num, T => Ok(if largest { highest::<T> } else { lowest::<T> }), _ => fail!(NotImplemented, "argmax and argmin of {} are not supported yet", DType::of(num).name()))
}

/// argmax / argmin along an axis; `out` is an int64 array without that axis.
pub struct ArgExtreme {
    lanes: Iter,
    step: isize,
    n: usize,
    run: Search,
}

impl ArgExtreme {
    /// Errors: ValueError for an empty lane.
    pub fn new(largest: bool, out: Array, input: Array, axis: usize) -> R<ArgExtreme> {
        let n = input.layout.shape[axis] as usize;
        if n == 0 {
            return Err(Error::new(Kind::Value, format!("attempt to get arg{} of an empty sequence", if largest { "max" } else { "min" })));
        }
        let i = drop_axes(input.layout, 1 << axis);
        let lanes = Iter::with(&i.shape, [out.start(), input.start()].into_iter().collect(), &[&out.layout.strides, &i.strides], false);
        Ok(ArgExtreme { lanes, step: input.layout.strides[axis], n, run: search_loop(input.dtype.num, largest)? })
    }
    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn run(&mut self, budget: usize) -> Progress {
        let mut spent = 0;
        while spent < budget {
            let Some((p, _)) = self.lanes.next(1) else { return Progress::Done };
            // SAFETY: the caller's.
            unsafe { put(p[0], (self.run)(p[1], self.step, self.n) as i64) };
            spent += self.n + 8;
        }
        if self.lanes.left() == 0 { Progress::Done } else { Progress::More }
    }
}

/// Fills the result of a reduction as [`Reduce::start`] says.
/// # Safety
/// As [`Call::run`].
pub unsafe fn fill_start(start: &Start, out: Array, input: Array) -> R<()> {
    let call = match start {
        Start::Fill(value) => {
            let (mut bytes, _) = value.to_bytes(out.dtype);
            let layout = Layout { offset: 0, shape: out.layout.shape.clone(), strides: Dims::from_elem(0, out.layout.ndim()), itemsize: out.dtype.itemsize() };
            let one = Array { base: bytes.as_mut_ptr(), layout: &layout, dtype: out.dtype };
            // SAFETY: the caller's; `bytes` outlives the call.
            unsafe { Call::assign(out, one)?.finish() };
            return Ok(());
        }
        Start::First(first) => Call::assign(out, Array { layout: first, ..input }),
    };
    // SAFETY: the caller's.
    unsafe { call?.finish() };
    Ok(())
}
