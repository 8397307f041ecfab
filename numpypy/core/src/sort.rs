//! Sorting along an axis: values, or indices that would sort. NaN comes last; complex numbers by real, then imaginary part.

use crate::dtype::{Complex, Num};
use crate::error::{R, fail, try_vec};
use crate::iter::Iter;
use crate::layout::Layout;
use crate::loops::kernel::{get, put};
use crate::reduction::drop_axes;
use crate::{Array, Progress};
use std::cmp::Ordering;

/// Elements that can be sorted.
trait Key: Copy {
    fn order(&self, other: &Self) -> Ordering;
}
impl Key for u8 {
    fn order(&self, other: &u8) -> Ordering {
        self.cmp(other)
    }
}
impl Key for i64 {
    fn order(&self, other: &i64) -> Ordering {
        self.cmp(other)
    }
}
impl Key for f64 {
    fn order(&self, other: &f64) -> Ordering {
        // NaNs are equal to each other and above all numbers.
        self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
    }
}
impl Key for Complex {
    fn order(&self, other: &Complex) -> Ordering {
        // Classes as NumPy documents them: R + Rj, R + nanj, nan + Rj, nan + nanj.
        let class = |z: &Complex| (z.re.is_nan() as u8) << 1 | z.im.is_nan() as u8;
        class(self).cmp(&class(other)).then_with(|| self.re.order(&other.re)).then_with(|| self.im.order(&other.im))
    }
}

/// `kind=` arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Quick,
    Stable,
}

impl Kind {
    /// Errors: ValueError. A prefix letter decides, as in NumPy.
    pub fn parse(name: &str) -> R<Kind> {
        match name.bytes().next().map(|c| c.to_ascii_lowercase()) {
            Some(b'q' | b'h') => Ok(Kind::Quick),
            Some(b'm' | b's') => Ok(Kind::Stable),
            _ => fail!(Value, "{name} is an unrecognized kind of sort"),
        }
    }
}

// SAFETY: `n` elements may be read (and, for `sort`, written) at `p`, `step` bytes apart; `out` takes n of int64.
unsafe fn sort<T: Key>(p: *mut u8, step: isize, n: usize, kind: Kind) -> R<()> {
    let mut v: Vec<T> = Vec::new();
    v.try_reserve_exact(n).map_err(|_| crate::Error::memory())?;
    unsafe {
        v.extend((0..n as isize).map(|i| get::<T>(p.offset(i * step))));
        match kind {
            Kind::Quick => v.sort_unstable_by(T::order),
            Kind::Stable => v.sort_by(T::order),
        }
        v.iter().enumerate().for_each(|(i, x)| put(p.offset(i as isize * step), *x));
    }
    Ok(())
}

unsafe fn argsort<T: Key>(p: *mut u8, step: isize, n: usize, out: *mut u8, out_step: isize) -> R<()> {
    let mut keys: Vec<(T, i64)> = Vec::new();
    keys.try_reserve_exact(n).map_err(|_| crate::Error::memory())?;
    unsafe {
        keys.extend((0..n as isize).map(|i| (get::<T>(p.offset(i * step)), i as i64)));
        // The position breaks ties, so that every kind is stable.
        keys.sort_unstable_by(|a, b| a.0.order(&b.0).then(a.1.cmp(&b.1)));
        keys.iter().enumerate().for_each(|(i, x)| put(out.offset(i as isize * out_step), x.1));
    }
    Ok(())
}

macro_rules! by_type {
    ($num:expr, |$t:ident| $e:expr) => {
        match $num {
            Num::Bool => { type $t = u8; $e }
            Num::Int64 => { type $t = i64; $e }
            Num::Float64 => { type $t = f64; $e }
            Num::Complex128 => { type $t = Complex; $e }
            other => fail!(NotImplemented, "sorting of {} is not supported yet", crate::DType::of(other).name()),
        }
    };
}

/// Lanes along an axis, sorted one after the other. A lane is sorted in one go, on a private copy.
pub struct Lanes {
    iter: Iter,
    steps: (isize, isize),
    n: usize,
    num: Num,
    kind: Kind,
    args: bool,
}

impl Lanes {
    /// Sorts `a` in place.
    pub fn sort(a: Array, axis: usize, kind: Kind) -> Lanes {
        Lanes::with(a, a, axis, kind, false)
    }
    /// Writes to `out` (int64, same shape) the order of the elements of `a`.
    pub fn argsort(a: Array, out: Array, axis: usize, kind: Kind) -> Lanes {
        Lanes::with(a, out, axis, kind, true)
    }
    fn with(a: Array, out: Array, axis: usize, kind: Kind, args: bool) -> Lanes {
        let (outer, results): (Layout, Layout) = (drop_axes(a.layout, 1 << axis), drop_axes(out.layout, 1 << axis));
        let iter = Iter::with(&outer.shape, [a.start(), out.start()].into_iter().collect(), &[&outer.strides, &results.strides], false);
        Lanes { iter, steps: (a.layout.strides[axis], out.layout.strides[axis]), n: a.layout.shape[axis] as usize, num: a.dtype.num, kind, args }
    }
    /// Errors: MemoryError; NotImplementedError.
    /// # Safety
    /// The arrays may be read and written.
    pub unsafe fn run(&mut self, budget: usize) -> R<Progress> {
        let mut spent = 0;
        while spent < budget {
            let Some((p, _)) = self.iter.next(1) else { return Ok(Progress::Done) };
            let (n, (step, out_step)) = (self.n, self.steps);
            // SAFETY: the caller's.
            by_type!(self.num, |T| unsafe { if self.args { argsort::<T>(p[0], step, n, p[1], out_step)? } else { sort::<T>(p[0], step, n, self.kind)? } });
            spent += n * 16 + 8;
        }
        Ok(if self.iter.left() == 0 { Progress::Done } else { Progress::More })
    }
}

/// Positions at which `keys` would be inserted in sorted `a` (1-d, same dtype); `right`: after equal elements.
/// # Safety
/// All arrays may be read, `out` (int64, the keys' shape) written.
pub unsafe fn search_sorted(a: Array, keys: Array, out: Array, right: bool) -> R<()> {
    unsafe fn find<T: Key>(p: *mut u8, step: isize, n: usize, key: *mut u8, right: bool) -> usize {
        let (mut low, mut high) = (0, n);
        let key = unsafe { get::<T>(key) };
        while low < high {
            let mid = low + (high - low) / 2;
            let order = unsafe { get::<T>(p.offset(mid as isize * step)) }.order(&key);
            if order == Ordering::Less || right && order == Ordering::Equal { low = mid + 1 } else { high = mid }
        }
        low
    }
    let n = a.layout.shape[0] as usize;
    let mut iter = Iter::new(&keys.layout.shape, &[keys, out], false);
    while let Some((p, _)) = iter.next(1) {
        let at = by_type!(a.dtype.num, |T| unsafe { find::<T>(a.start(), a.layout.strides[0], n, p[0], right) });
        // SAFETY: the caller's.
        unsafe { put(p[1], at as i64) };
    }
    Ok(())
}

/// Sorted copy of int64 values without repeats: helper of `unique`.
pub fn unique_i64(values: &[i64]) -> R<Vec<i64>> {
    let mut v = try_vec(0i64, values.len())?;
    v.copy_from_slice(values);
    v.sort_unstable();
    v.dedup();
    Ok(v)
}
