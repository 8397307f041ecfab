//! Arithmetic on integers and floats.

use super::reduce::add_reduce;
use super::{kernel, loops};
use crate::Flags;
use crate::loops::kernel::is_reduction;
use crate::number::{Float, Int, Real};

loops! {
    [T: Int] i_add: (T, T) folding |x, y| x.add(y);
    [T: Int] i_subtract: (T, T) folding |x, y| x.sub(y);
    [T: Int] i_multiply: (T, T) folding |x, y| x.mul(y);
    [T: Int] i_negative: (T) unary |x| x.neg();
    [T: Int] i_positive: (T) unary |x| x;
    [T: Int] i_absolute: (T) unary |x| x.abs();
    [T: Int] i_sign: (T) unary |x| x.signum();
    [T: Int] i_square: (T) unary |x| x.mul(x);
    [T: Int] i_maximum: (T, T) folding_lanes (None) |x, y| x.max(y);
    [T: Int] i_minimum: (T, T) folding_lanes (None) |x, y| x.min(y);
    [T: Int] i_true_divide: (T, T) binary |x, y| x.to_f64() / y.to_f64();
    [T: Int] i_gcd: (T, T) strided |x, y| gcd(x, y);
    [T: Int] i_lcm: (T, T) strided |x, y| { let g = gcd(x, y); if g == T::ZERO { g } else { x.div(g).mul(y).abs() } };

    [T: Real] r_subtract: (T::W, T::W) real_folding (T::wide, T::narrow) |x, y| x - y;
    [T: Real] r_multiply: (T::W, T::W) real_folding (T::wide, T::narrow) |x, y| x * y;
    [T: Real] r_divide: (T::W, T::W) real_folding (T::wide, T::narrow) |x, y| x / y;
    [T: Real] r_negative: (T) unary |x| T::narrow(-x.wide());
    [T: Real] r_positive: (T) unary |x| x;
    [T: Real] r_absolute: (T) unary |x| T::narrow(x.wide().abs());
    [T: Real] r_sign: (T) unary |x| T::narrow(sign(x.wide()));
    [T: Real] r_square: (T) unary |x| T::narrow(x.wide() * x.wide());
    [T: Real] r_reciprocal: (T) unary |x| T::narrow(T::W::ONE / x.wide());
    [T: Real] r_maximum: (T, T) folding_lanes (None) |x, y| if x.wide() >= y.wide() || x.wide().is_nan() { x } else { y };
    [T: Real] r_minimum: (T, T) folding_lanes (None) |x, y| if x.wide() <= y.wide() || x.wide().is_nan() { x } else { y };
    [T: Real] r_fmax: (T, T) folding |x, y| if x.wide() >= y.wide() || y.wide().is_nan() { x } else { y };
    [T: Real] r_fmin: (T, T) folding |x, y| if x.wide() <= y.wide() || y.wide().is_nan() { x } else { y };
    [T: Real] r_floor_divide: (T, T) strided |x, y| T::narrow(divmod(x.wide(), y.wide()).0);
    [T: Real] r_remainder: (T, T) strided |x, y| T::narrow(divmod(x.wide(), y.wide()).1);
    [T: Real] r_fmod: (T, T) strided |x, y| T::narrow(x.wide() % y.wide());
}

#[inline(always)]
fn sign<F: Float>(x: F) -> F {
    if x > F::ZERO { F::ONE } else if x < F::ZERO { -F::ONE } else if x == F::ZERO { F::ZERO } else { x }
}

fn gcd<T: Int>(x: T, y: T) -> T {
    let (mut a, mut b) = (x.abs(), y.abs());
    while b != T::ZERO {
        (a, b) = (b, a.rem(b));
    }
    a.abs()
}

/// Loops whose operation may set flags.
macro_rules! flagged {
    ($($name:ident |$x:ident, $y:ident, $flags:ident| $e:expr;)*) => {$(
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name<T: Int>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
            // SAFETY: the caller's.
            unsafe { kernel::flagged(p, s, n, |$x: T, $y: T, $flags: &mut u32| $e) }
        }
    )*};
}
flagged! {
    i_floor_divide |x, y, flags| {
        // The quotient of the smallest number and -1 doesn't exist, either.
        if y == T::ZERO || T::SIGNED && x == T::MIN && y == T::ALL {
            *flags |= Flags::DIVIDE;
            T::ZERO
        } else {
            let q = x.div(y);
            if x.negative() != y.negative() && q.mul(y) != x { q.sub(T::ONE) } else { q }
        }
    };
    i_remainder |x, y, flags| {
        if y == T::ZERO {
            *flags |= Flags::DIVIDE;
            T::ZERO
        } else {
            let r = x.rem(y);
            if r != T::ZERO && r.negative() != y.negative() { r.add(y) } else { r }
        }
    };
    i_fmod |x, y, flags| {
        if y == T::ZERO {
            *flags |= Flags::DIVIDE;
            T::ZERO
        } else {
            x.rem(y)
        }
    };
    i_power |x, y, flags| power(x, y, flags);
}

/// 1 / x in C's way: 0 gives what the conversion of infinity to the type gives.
// SAFETY: a loop; see `kernel`.
pub unsafe fn i_reciprocal<T: Int + crate::dtype::cast::Store>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe { kernel::unary(p, s, n, |x: T| if x == T::ZERO { T::from_f64(f64::INFINITY) } else if x == T::ONE || x.neg() == T::ONE && T::SIGNED { x } else { T::ZERO }) }
}

/// Addition; sums are pairwise.
// SAFETY: a loop; see `kernel`.
pub unsafe fn r_add<T: Real>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe { if is_reduction(p, s) { add_reduce::<T>(p, s, n) } else { kernel::binary(p, s, n, |x: T, y: T| T::narrow(x.wide() + y.wide())) } }
}

/// x ** y, wrapping. A negative exponent is flagged.
fn power<T: Int>(mut x: T, mut y: T, flags: &mut u32) -> T {
    if y.negative() {
        *flags |= Flags::NEGATIVE_POWER;
        return T::ZERO;
    }
    let mut out = T::ONE;
    while y != T::ZERO {
        if y.and(T::ONE) == T::ONE {
            out = out.mul(x);
        }
        x = x.mul(x);
        y = y.shr(1);
    }
    out
}

/// Floor division and remainder as Python's `divmod` of floats, with NumPy 1.16's results for a divisor 0 (both NaN).
pub fn divmod<F: Float>(x: F, y: F) -> (F, F) {
    let mut rest = x % y;
    if y == F::ZERO {
        return (rest, rest);
    }
    let mut quotient = (x - rest) / y;
    if rest != F::ZERO {
        if (y < F::ZERO) != (rest < F::ZERO) {
            rest = rest + y;
            quotient = quotient - F::ONE;
        }
    } else {
        rest = F::ZERO.copysign(y);
    }
    let floor = if quotient != F::ZERO {
        let f = quotient.floor();
        if quotient - f > F::from_f64(0.5) { f + F::ONE } else { f }
    } else {
        F::ZERO.copysign(x / y)
    };
    (floor, rest)
}
