//! Arithmetic on int64 and float64.

use super::reduce::{add_f64_reduce, max_f64, min_f64};
use super::{kernel, loops};
use crate::Flags;
use crate::loops::kernel::is_reduction;

loops! {
    add_i64: (i64, i64) folding |x, y| x.wrapping_add(y);
    subtract_i64: (i64, i64) folding |x, y| x.wrapping_sub(y);
    multiply_i64: (i64, i64) folding |x, y| x.wrapping_mul(y);
    negative_i64: (i64) unary |x| x.wrapping_neg();
    positive_i64: (i64) unary |x| x;
    absolute_i64: (i64) unary |x| x.wrapping_abs();
    sign_i64: (i64) unary |x| x.signum();
    square_i64: (i64) unary |x| x.wrapping_mul(x);
    reciprocal_i64: (i64) unary |x| if x == 1 || x == -1 { x } else if x == 0 { i64::MIN } else { 0 };
    maximum_i64: (i64, i64) folding_lanes (None) |x, y| x.max(y);
    minimum_i64: (i64, i64) folding_lanes (None) |x, y| x.min(y);
    true_divide_i64: (i64, i64) binary |x, y| x as f64 / y as f64;

    subtract_f64: (f64, f64) folding |x, y| x - y;
    multiply_f64: (f64, f64) folding |x, y| x * y;
    divide_f64: (f64, f64) folding |x, y| x / y;
    negative_f64: (f64) unary |x| -x;
    positive_f64: (f64) unary |x| x;
    absolute_f64: (f64) unary |x| x.abs();
    sign_f64: (f64) unary |x| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x };
    square_f64: (f64) unary |x| x * x;
    reciprocal_f64: (f64) unary |x| 1.0 / x;
    maximum_f64: (f64, f64) folding_lanes (None) |x, y| max_f64(x, y);
    minimum_f64: (f64, f64) folding_lanes (None) |x, y| min_f64(x, y);
    fmax_f64: (f64, f64) folding |x, y| if x >= y || y.is_nan() { x } else { y };
    fmin_f64: (f64, f64) folding |x, y| if x <= y || y.is_nan() { x } else { y };
}

/// Loops whose operation may set flags.
macro_rules! flagged {
    ($($name:ident: ($a:ty, $b:ty) |$x:ident, $y:ident, $flags:ident| $e:expr;)*) => {$(
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
            unsafe { kernel::flagged(p, s, n, |$x: $a, $y: $b, $flags: &mut u32| $e) }
        }
    )*};
}
flagged! {
    floor_divide_i64: (i64, i64) |x, y, flags| {
        if y == 0 {
            *flags |= Flags::DIVIDE;
            0
        } else {
            let q: i64 = x.wrapping_div(y);
            if (x < 0) != (y < 0) && q.wrapping_mul(y) != x { q - 1 } else { q }
        }
    };
    remainder_i64: (i64, i64) |x, y, flags| {
        if y == 0 {
            *flags |= Flags::DIVIDE;
            0
        } else {
            let r: i64 = x.wrapping_rem(y);
            if r != 0 && (r < 0) != (y < 0) { r + y } else { r }
        }
    };
    fmod_i64: (i64, i64) |x, y, flags| {
        if y == 0 {
            *flags |= Flags::DIVIDE;
            0
        } else {
            i64::wrapping_rem(x, y)
        }
    };
    power_i64: (i64, i64) |x, y, flags| power(x, y, flags);
    floor_divide_f64: (f64, f64) |x, y, _flags| divmod(x, y).0;
    remainder_f64: (f64, f64) |x, y, _flags| divmod(x, y).1;
    fmod_f64: (f64, f64) |x, y, _flags| x % y;
}

/// Addition; sums are pairwise.
// SAFETY: a loop; see `kernel`.
pub unsafe fn add_f64(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { if is_reduction(p, s) { add_f64_reduce(p, s, n) } else { kernel::binary(p, s, n, |x: f64, y: f64| x + y) } }
}

/// x ** y, wrapping. A negative exponent is flagged.
fn power(mut x: i64, mut y: i64, flags: &mut u32) -> i64 {
    if y < 0 {
        *flags |= Flags::NEGATIVE_POWER;
        return 0;
    }
    let mut out = 1i64;
    while y > 0 {
        if y & 1 == 1 {
            out = out.wrapping_mul(x);
        }
        x = x.wrapping_mul(x);
        y >>= 1;
    }
    out
}

/// Floor division and remainder as Python's `divmod` of floats, with NumPy 1.16's results for a divisor 0 (both NaN).
pub fn divmod(x: f64, y: f64) -> (f64, f64) {
    let mut rest = x % y;
    if y == 0.0 {
        return (rest, rest);
    }
    let mut quotient = (x - rest) / y;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
    } else {
        rest = 0f64.copysign(y);
    }
    let floor = if quotient != 0.0 {
        let f = quotient.floor();
        if quotient - f > 0.5 { f + 1.0 } else { f }
    } else {
        0f64.copysign(x / y)
    };
    (floor, rest)
}
