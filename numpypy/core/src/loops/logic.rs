//! Truth values and bits.

use super::{B, loops};
use crate::dtype::Cplx;
use crate::number::{Element, Float, Int, Real};

/// Distances of the width and more shift everything out; negative ones count as such.
#[inline(always)]
fn distance<T: Int>(by: T) -> Option<u32> {
    let by = by.to_i64();
    if (0..i64::from(T::BITS)).contains(&by) { Some(by as u32) } else { None }
}

loops! {
    [T: Element] logical_and: (T, T) binary |x, y| B::new(x.truth() & y.truth());
    [T: Element] logical_or: (T, T) binary |x, y| B::new(x.truth() | y.truth());
    [T: Element] logical_xor: (T, T) binary |x, y| B::new(x.truth() ^ y.truth());
    [T: Element] logical_not: (T) unary |x| B::new(!x.truth());
    [F: Float] c_and: (Cplx<F>, Cplx<F>) strided |x, y| B::new(x.truth() & y.truth());
    [F: Float] c_or: (Cplx<F>, Cplx<F>) strided |x, y| B::new(x.truth() | y.truth());
    [F: Float] c_xor: (Cplx<F>, Cplx<F>) strided |x, y| B::new(x.truth() ^ y.truth());
    [F: Float] c_not: (Cplx<F>) each |x| B::new(!x.truth());
    [] b_and: (B, B) folding_lanes (Some(B(1))) |x, y| B::new(x.get() & y.get());
    [] b_or: (B, B) folding_lanes (Some(B(0))) |x, y| B::new(x.get() | y.get());
    [] b_xor: (B, B) folding |x, y| B::new(x.get() ^ y.get());
    [] b_not: (B) unary |x| B::new(!x.get());
    [] b_absolute: (B) unary |x| B::new(x.get());
    [T: Int] i_and: (T, T) folding_lanes (Some(T::ALL)) |x, y| x.and(y);
    [T: Int] i_or: (T, T) folding_lanes (Some(T::ZERO)) |x, y| x.or(y);
    [T: Int] i_xor: (T, T) folding_lanes (Some(T::ZERO)) |x, y| x.xor(y);
    [T: Int] i_invert: (T) unary |x| x.not();
    [T: Int] i_left_shift: (T, T) folding |x, y| distance(y).map_or(T::ZERO, |n| x.shl(n));
    [T: Int] i_right_shift: (T, T) folding |x, y| distance(y).map_or(if x.negative() { T::ALL } else { T::ZERO }, |n| x.shr(n));
    [T: Real] r_isnan: (T) unary |x| B::new(x.wide().is_nan());
    [T: Real] r_isinf: (T) unary |x| B::new(x.wide().is_infinite());
    [T: Real] r_isfinite: (T) unary |x| B::new(x.wide().is_finite());
    [T: Real] r_signbit: (T) unary |x| B::new(x.wide().is_sign_negative());
    [F: Float] c_isnan: (Cplx<F>) unary |x| B::new(x.re.is_nan() || x.im.is_nan());
    [F: Float] c_isinf: (Cplx<F>) unary |x| B::new(x.re.is_infinite() || x.im.is_infinite());
    [F: Float] c_isfinite: (Cplx<F>) unary |x| B::new(x.re.is_finite() && x.im.is_finite());
}
