//! Sums: NumPy's pairwise summation, so that results agree to the last bit; maxima that let NaN through.

use super::kernel::{get, put};
use crate::dtype::Complex;

/// Below this many numbers a block is added in eight running sums; above, halves are added apart.
const BLOCK: usize = 128;

/// Larger of two, NaN if one is.
#[inline(always)]
pub fn max_f64(x: f64, y: f64) -> f64 {
    if x >= y || x.is_nan() { x } else { y }
}
#[inline(always)]
pub fn min_f64(x: f64, y: f64) -> f64 {
    if x <= y || x.is_nan() { x } else { y }
}

/// Where pairwise summation cuts a run of `n` numbers.
#[inline(always)]
pub fn cut(n: usize) -> usize {
    let half = n / 2;
    half - half % 8
}

/// Pairwise sum of `n` doubles, `step` bytes apart.
/// # Safety
/// All may be read.
pub unsafe fn sum_f64(p: *const u8, step: isize, n: usize) -> f64 {
    unsafe {
        let x = |i: usize| get::<f64>(p.offset(i as isize * step));
        if n < 8 {
            (0..n).fold(0.0, |a, i| a + x(i))
        } else if n <= BLOCK {
            let mut r: [f64; 8] = std::array::from_fn(x);
            let even = n - n % 8;
            if step == 8 {
                for i in (8..even).step_by(8) {
                    for (k, r) in r.iter_mut().enumerate() {
                        *r += get::<f64>(p.add((i + k) * 8));
                    }
                }
            } else {
                for i in (8..even).step_by(8) {
                    for (k, r) in r.iter_mut().enumerate() {
                        *r += x(i + k);
                    }
                }
            }
            let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
            (even..n).fold(sum, |a, i| a + x(i))
        } else {
            let half = cut(n);
            sum_f64(p, step, half) + sum_f64(p.offset(half as isize * step), step, n - half)
        }
    }
}

/// Pairwise sum of complex numbers; `n` counts doubles (two an element), as NumPy's blocks do.
/// # Safety
/// All may be read.
pub unsafe fn sum_c128(p: *const u8, step: isize, n: usize) -> Complex {
    unsafe {
        let x = |i: usize| get::<Complex>(p.offset(i as isize * step));
        let add = |a: Complex, b: Complex| Complex { re: a.re + b.re, im: a.im + b.im };
        if n < 8 {
            (0..n / 2).fold(Complex::default(), |a, i| add(a, x(i)))
        } else if n <= BLOCK {
            let mut r: [Complex; 4] = std::array::from_fn(x);
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
            add(sum_c128(p, step, half), sum_c128(p.offset((half / 2) as isize * step), step, n - half))
        }
    }
}

/// The inner loop of `add.reduce`: accumulator += pairwise sum.
// SAFETY: a reduction's inner loop; see `kernel`.
pub unsafe fn add_f64_reduce(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe {
        put(p[0], get::<f64>(p[0]) + sum_f64(p[1], s[1], n));
        0
    }
}
// SAFETY: as above.
pub unsafe fn add_c128_reduce(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe {
        let (a, b) = (get::<Complex>(p[0]), sum_c128(p[1], s[1], 2 * n));
        put(p[0], Complex { re: a.re + b.re, im: a.im + b.im });
        0
    }
}
