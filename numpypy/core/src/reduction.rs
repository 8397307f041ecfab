//! Reductions over axes, running results along an axis, and positions of extremes.

use crate::dtype::{Complex, DType, Num};
use crate::dtype::cast::cast_loop;
use crate::elementwise::Call;
use crate::error::{Error, Kind, R, fail, try_vec};
use crate::index::Item;
use crate::iter::{Iter, Pointers};
use crate::layout::{Dims, Layout, k_order_strides, normalize_axis};
use crate::loops::kernel::{get, put};
use crate::loops::reduce::PairwiseState;
use crate::loops::{B, Loop};
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
    /// Converts elements of the input to the loop's dtype.
    convert: Option<(Loop, Vec<u128>, isize)>,
    /// Float sums see whole rows, so that they are cut as NumPy cuts them.
    whole: bool,
    complex: bool,
    row: Option<(Pointers, usize, PairwiseState)>,
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
    /// Elements converted at a time: NumPy's buffer size, which shows in the rounding of sums.
    const BUFFER: usize = 8192;

    /// What the result starts from, and the part of the input that is then reduced.
    /// Errors: ValueError for an empty reduction without identity, or several axes of an ordered operation.
    pub fn start(info: &Info, input: &Layout, axes: u64) -> R<(Start, Layout)> {
        if let Some(value) = info.identity.value() {
            return Ok((Start::Fill(value), input.clone()));
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
        if axes.count_ones() > 1 {
            fail!(Value, "reduction operation '{}' is not reorderable, so at most one axis may be specified", info.name);
        }
        Ok((Start::First(first), input.index(&cut(Item::Slice(Some(1), None, None)))?))
    }

    /// `out` has the input's number of axes, reduced ones with length 1, and the loop's dtype.
    pub fn new(info: &Info, chosen: &LoopInfo, out: Array, input: Array) -> R<Reduce> {
        let dtype = chosen.dtype(0);
        if out.dtype != dtype {
            fail!(Runtime, "the result of a reduction must have the dtype of its loop");
        }
        let convert = if input.dtype == dtype {
            None
        } else {
            Some((cast_loop(input.dtype, dtype)?, try_vec(0u128, (Self::BUFFER * dtype.itemsize()).div_ceil(16))?, dtype.itemsize() as isize))
        };
        let result = out.layout.broadcast_to(&input.layout.shape)?;
        let iter = Iter::with(&input.layout.shape, [out.start(), input.start()].into_iter().collect(), &[&result.strides, &input.layout.strides], false);
        let whole = info.id == Ufunc::Add && matches!(dtype.kind(), 'f' | 'c') && iter.inner_strides()[0] == 0 && convert.is_none();
        Ok(Reduce { iter, run: chosen.run, convert, whole, complex: dtype.num == Num::Complex128, row: None, raises: info.raises, flags: 0 })
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

    unsafe fn work(&mut self, budget: usize) -> Progress {
        let (so, si) = (self.iter.inner_strides()[0], self.iter.inner_strides()[1]);
        let mut spent = 0;
        while spent < budget {
            if let Some((p, _, state)) = &mut self.row {
                spent += STRIPE;
                if let Some(sum) = unsafe { state.step(p[1], si) } {
                    unsafe { add_to(p[0], sum, self.complex) };
                    self.row = None;
                }
                continue;
            }
            let limit = if self.whole { usize::MAX } else if self.convert.is_some() { Self::BUFFER } else { STRIPE };
            let Some((p, n)) = self.iter.next(limit) else { return Progress::Done };
            if n > STRIPE && self.whole {
                self.row = Some((p, n, PairwiseState::new(n, self.complex)));
                continue;
            }
            spent += n + 8;
            unsafe {
                match &mut self.convert {
                    None => self.flags |= (self.run)(&[p[0], p[1], p[0]], &[so, si, so], n),
                    Some((convert, scratch, width)) => {
                        let scratch = scratch.as_mut_ptr().cast::<u8>();
                        convert(&[p[1], scratch], &[si, *width], n);
                        self.flags |= (self.run)(&[p[0], scratch, p[0]], &[so, *width, so], n);
                    }
                }
            }
        }
        if self.iter.left() == 0 && self.row.is_none() { Progress::Done } else { Progress::More }
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

// SAFETY: `p` is a writable accumulator of the dtype.
unsafe fn add_to(p: *mut u8, sum: Complex, complex: bool) {
    unsafe {
        if complex {
            let a = get::<Complex>(p);
            put(p, Complex { re: a.re + sum.re, im: a.im + sum.im });
        } else {
            put(p, get::<f64>(p) + sum.re);
        }
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
    pub unsafe fn run(&mut self, budget: usize, copy: Loop) -> Progress {
        fpflags::clear();
        let (so, si) = self.steps;
        let mut spent = 0;
        while spent < budget {
            let (p, at) = match &mut self.lane {
                Some(lane) => lane,
                None => {
                    let Some((p, _)) = self.lanes.next(1) else { break };
                    // SAFETY: the first element of a lane of at least one.
                    unsafe { copy(&[p[1], p[0]], &[0, 0], 1) };
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

unsafe fn search<T: Copy>(p: *const u8, step: isize, n: usize, better: impl Fn(T, T) -> bool, nan: impl Fn(T) -> bool) -> usize {
    let at = |i: usize| unsafe { get::<T>(p.offset(i as isize * step)) };
    let (mut best, mut found) = (at(0), 0);
    for i in 0..n {
        let x = at(i);
        if nan(x) {
            return i;
        }
        if better(x, best) {
            (best, found) = (x, i);
        }
    }
    found
}

fn search_loop(num: Num, largest: bool) -> R<Search> {
    fn after(x: Complex, y: Complex) -> bool {
        x.re > y.re || x.re == y.re && x.im > y.im
    }
    // SAFETY of all: as `search`.
    macro_rules! pick {
        ($t:ty, |$x:ident, $y:ident| $after:expr, |$z:ident| $nan:expr) => {{
            unsafe fn high(p: *const u8, s: isize, n: usize) -> usize { unsafe { search::<$t>(p, s, n, |$x, $y| $after, |$z| $nan) } }
            unsafe fn low(p: *const u8, s: isize, n: usize) -> usize { unsafe { search::<$t>(p, s, n, |$y, $x| $after, |$z| $nan) } }
            if largest { high } else { low }
        }};
    }
    Ok(match num {
        Num::Bool => pick!(B, |x, y| x.get() & !y.get(), |_z| false),
        Num::Int64 => pick!(i64, |x, y| x > y, |_z| false),
        Num::Float64 => pick!(f64, |x, y| x > y, |z| z.is_nan()),
        Num::Complex128 => pick!(Complex, |x, y| after(x, y), |z| z.re.is_nan() || z.im.is_nan()),
        _ => fail!(NotImplemented, "argmax and argmin of {} are not supported yet", DType::of(num).name()),
    })
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
