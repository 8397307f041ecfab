//! Sorting along an axis: values, or indices that would sort. NaN comes last; complex numbers by real, then imaginary part.

use crate::dtype::cast::{Cast, cast_loop};
use crate::dtype::{COMPLEX128, Complex, DType, FLOAT64, INT64, Num};
use crate::error::{R, fail, try_vec};
use crate::iter::Iter;
use crate::layout::Layout;
use crate::loops::kernel::put;
use crate::reduction::drop_axes;
use crate::{Array, Progress, STRIPE};
use std::cmp::Ordering;

/// Elements that can be sorted.
trait Key: Copy {
    fn order(&self, other: &Self) -> Ordering;
    /// Makes the order of integers that of the same bits without sign, and back.
    fn flip(&mut self) {}
}
impl Key for i64 {
    fn order(&self, other: &i64) -> Ordering {
        self.cmp(other)
    }
    fn flip(&mut self) {
        *self ^= i64::MIN;
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

/// Elements are sorted as one of three types, to which each dtype converts in order.
#[derive(Clone, Copy)]
struct Keys {
    dtype: DType,
    load: Cast,
    store: Cast,
}
impl Keys {
    fn new(d: DType) -> R<Keys> {
        let wide = match d.kind() {
            'b' | 'i' | 'u' => INT64,
            'f' => FLOAT64,
            'c' => COMPLEX128,
            _ => fail!(NotImplemented, "sorting of {} is not supported yet", d.name()),
        };
        Ok(Keys { dtype: d, load: cast_loop(d, wide)?, store: cast_loop(wide, d)? })
    }
    // SAFETY: n elements may be read at p, `step` bytes apart.
    unsafe fn read<T: Key + Default>(&self, p: *mut u8, step: isize, n: usize) -> R<Vec<T>> {
        let mut v = try_vec(T::default(), n)?;
        // SAFETY: the caller's; the vector takes n keys.
        unsafe { self.load.go([p, v.as_mut_ptr().cast()], [step, size_of::<T>() as isize], n) };
        if self.dtype.num == Num::UInt64 {
            v.iter_mut().for_each(T::flip);
        }
        Ok(v)
    }
    // SAFETY: n elements may be written.
    unsafe fn write<T: Key>(&self, v: &mut [T], p: *mut u8, step: isize) {
        if self.dtype.num == Num::UInt64 {
            v.iter_mut().for_each(T::flip);
        }
        // SAFETY: the caller's.
        unsafe { self.store.go([v.as_mut_ptr().cast(), p], [size_of::<T>() as isize, step], v.len()) };
    }
}

// SAFETY: `n` elements may be read and written at `p`, `step` bytes apart.
unsafe fn sort<T: Key + Default>(keys: &Keys, p: *mut u8, step: isize, n: usize, kind: Kind) -> R<()> {
    // SAFETY: the caller's.
    unsafe {
        let mut v = keys.read::<T>(p, step, n)?;
        match kind {
            Kind::Quick => v.sort_unstable_by(T::order),
            Kind::Stable => v.sort_by(T::order),
        }
        keys.write(&mut v, p, step);
    }
    Ok(())
}

// SAFETY: `n` elements may be read at `p`, `step` bytes apart; `out` takes n of int64.
unsafe fn argsort<T: Key + Default>(keys: &Keys, p: *mut u8, step: isize, n: usize, out: *mut u8, out_step: isize) -> R<()> {
    // SAFETY: the caller's.
    let values = unsafe { keys.read::<T>(p, step, n)? };
    let mut pairs: Vec<(T, i64)> = Vec::new();
    pairs.try_reserve_exact(n).map_err(|_| crate::Error::memory())?;
    pairs.extend(values.iter().zip(0..).map(|(v, i)| (*v, i)));
    // The position breaks ties, so that every kind is stable.
    pairs.sort_unstable_by(|a, b| a.0.order(&b.0).then(a.1.cmp(&b.1)));
    // SAFETY: the caller's; there are n pairs.
    pairs.iter().enumerate().for_each(|(i, x)| unsafe { put(out.offset(i as isize * out_step), x.1) });
    Ok(())
}

macro_rules! by_type {
    ($d:expr, |$t:ident| $e:expr) => {
        match $d.kind() {
            'f' => { type $t = f64; $e }
            'c' => { type $t = Complex; $e }
            _ => { type $t = i64; $e }
        }
    };
}

/// Lanes along an axis, sorted one after the other. A lane is sorted in one go, on a private copy.
pub struct Lanes {
    iter: Iter,
    steps: (isize, isize),
    n: usize,
    keys: Keys,
    kind: Kind,
    args: bool,
}

impl Lanes {
    /// Sorts `a` in place.
    /// Errors: NotImplementedError.
    pub fn sort(a: Array, axis: usize, kind: Kind) -> R<Lanes> {
        Lanes::with(a, a, axis, kind, false)
    }
    /// Writes to `out` (int64, same shape) the order of the elements of `a`.
    pub fn argsort(a: Array, out: Array, axis: usize, kind: Kind) -> R<Lanes> {
        Lanes::with(a, out, axis, kind, true)
    }
    fn with(a: Array, out: Array, axis: usize, kind: Kind, args: bool) -> R<Lanes> {
        let (outer, results): (Layout, Layout) = (drop_axes(a.layout, 1 << axis), drop_axes(out.layout, 1 << axis));
        let iter = Iter::with(&outer.shape, [a.start(), out.start()].into_iter().collect(), &[&outer.strides, &results.strides], false);
        Ok(Lanes { iter, steps: (a.layout.strides[axis], out.layout.strides[axis]), n: a.layout.shape[axis] as usize, keys: Keys::new(a.dtype)?, kind, args })
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
            by_type!(self.keys.dtype, |T| unsafe { if self.args { argsort::<T>(&self.keys, p[0], step, n, p[1], out_step)? } else { sort::<T>(&self.keys, p[0], step, n, self.kind)? } });
            spent += n * 16 + 8;
        }
        Ok(if self.iter.left() == 0 { Progress::Done } else { Progress::More })
    }
}

/// Positions at which `keys` would be inserted in sorted `a` (1-d, same dtype); `right`: after equal elements.
/// # Safety
/// All arrays may be read, `out` (int64, the keys' shape) written.
pub unsafe fn search_sorted(a: Array, keys: Array, out: Array, right: bool) -> R<()> {
    let by = Keys::new(a.dtype)?;
    let n = a.layout.shape[0] as usize;
    // SAFETY: the caller's.
    by_type!(a.dtype, |T| unsafe {
        let sorted = by.read::<T>(a.start(), a.layout.strides[0], n)?;
        let mut iter = Iter::new(&keys.layout.shape, &[keys, out], false);
        let (step, out_step) = (iter.inner_strides()[0], iter.inner_strides()[1]);
        while let Some((p, n)) = iter.next(STRIPE) {
            for (i, key) in by.read::<T>(p[0], step, n)?.iter().enumerate() {
                let at = sorted.partition_point(|x| match x.order(key) {
                    Ordering::Less => true,
                    Ordering::Equal => right,
                    Ordering::Greater => false,
                });
                put(p[1].offset(i as isize * out_step), at as i64);
            }
        }
    });
    Ok(())
}
