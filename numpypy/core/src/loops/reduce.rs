//! Sums: NumPy's pairwise summation, so that results agree to the last bit.

use super::kernel::{get, put};
use crate::dtype::Cplx;
use crate::number::{Float, Real};

/// Below this many numbers a block is added in eight running sums; above, halves are added apart.
const BLOCK: usize = 128;

/// Where pairwise summation cuts a run of `n` numbers.
#[inline(always)]
pub fn cut(n: usize) -> usize {
    let half = n / 2;
    half - half % 8
}

/// Pairwise sum of `n` floats, `step` bytes apart.
/// # Safety
/// All may be read.
pub unsafe fn sum<T: Real>(p: *const u8, step: isize, n: usize) -> T::W {
    unsafe {
        let x = |i: usize| get::<T>(p.offset(i as isize * step)).wide();
        let width = size_of::<T>();
        if n < 8 {
            (0..n).fold(T::W::ZERO, |a, i| a + x(i))
        } else if n <= BLOCK {
            let mut r: [T::W; 8] = std::array::from_fn(x);
            let even = n - n % 8;
            if step == width as isize {
                for i in (8..even).step_by(8) {
                    for (k, r) in r.iter_mut().enumerate() {
                        *r = *r + get::<T>(p.add((i + k) * width)).wide();
                    }
                }
            } else {
                for i in (8..even).step_by(8) {
                    for (k, r) in r.iter_mut().enumerate() {
                        *r = *r + x(i + k);
                    }
                }
            }
            let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
            (even..n).fold(sum, |a, i| a + x(i))
        } else {
            let half = cut(n);
            sum::<T>(p, step, half) + sum::<T>(p.offset(half as isize * step), step, n - half)
        }
    }
}

/// Pairwise sum of complex numbers; `n` counts floats (two an element), as NumPy's blocks do.
/// # Safety
/// All may be read.
pub unsafe fn sum_complex<F: Float>(p: *const u8, step: isize, n: usize) -> Cplx<F> {
    unsafe {
        let x = |i: usize| get::<Cplx<F>>(p.offset(i as isize * step));
        let add = |a: Cplx<F>, b: Cplx<F>| Cplx { re: a.re + b.re, im: a.im + b.im };
        if n < 8 {
            (0..n / 2).fold(Cplx::default(), |a, i| add(a, x(i)))
        } else if n <= BLOCK {
            let mut r: [Cplx<F>; 4] = std::array::from_fn(x);
            let even = (n - n % 8) / 2;
            for i in (4..even).step_by(4) {
                for (k, r) in r.iter_mut().enumerate() {
                    *r = add(*r, x(i + k));
                }
            }
            let sum = add(add(r[0], r[1]), add(r[2], r[3]));
            (even..n / 2).fold(sum, |a, i| add(a, x(i)))
        } else {
            let half = cut(n);
            add(sum_complex::<F>(p, step, half), sum_complex::<F>(p.offset((half / 2) as isize * step), step, n - half))
        }
    }
}

/// The inner loop of `add.reduce`: accumulator += pairwise sum.
// SAFETY: a reduction's inner loop; see `kernel`.
pub unsafe fn add_reduce<T: Real>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe {
        put(p[0], T::narrow(get::<T>(p[0]).wide() + sum::<T>(p[1], s[1], n)));
        0
    }
}
// SAFETY: as above.
pub unsafe fn add_complex_reduce<F: Float>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe {
        let (a, b) = (get::<Cplx<F>>(p[0]), sum_complex::<F>(p[1], s[1], 2 * n));
        put(p[0], Cplx { re: a.re + b.re, im: a.im + b.im });
        0
    }
}
