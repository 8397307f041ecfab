//! Truth values and bits.

use super::{B, loops};
use crate::dtype::Complex;

macro_rules! logical {
    ($t:ty, |$x:ident| $truth:expr; $and:ident $or:ident $xor:ident $not:ident) => {
        loops! {
            $and: ($t, $t) binary |x, y| { let t = |$x: $t| $truth; B::new(t(x) & t(y)) };
            $or: ($t, $t) binary |x, y| { let t = |$x: $t| $truth; B::new(t(x) | t(y)) };
            $xor: ($t, $t) binary |x, y| { let t = |$x: $t| $truth; B::new(t(x) ^ t(y)) };
            $not: ($t) unary |x| { let t = |$x: $t| $truth; B::new(!t(x)) };
        }
    };
}
logical!(i64, |x| x != 0; logical_and_i64 logical_or_i64 logical_xor_i64 logical_not_i64);
logical!(f64, |x| x != 0.0; logical_and_f64 logical_or_f64 logical_xor_f64 logical_not_f64);
logical!(Complex, |x| x.re != 0.0 || x.im != 0.0; logical_and_c128 logical_or_c128 logical_xor_c128 logical_not_c128);

/// Distances of 64 and more shift everything out; negative ones count as such.
fn shift_left(x: i64, by: i64) -> i64 {
    if (0..64).contains(&by) { x << by } else { 0 }
}
fn shift_right(x: i64, by: i64) -> i64 {
    if (0..64).contains(&by) { x >> by } else { x >> 63 }
}

loops! {
    logical_and_bool: (B, B) folding_lanes (Some(B(1))) |x, y| B::new(x.get() & y.get());
    logical_or_bool: (B, B) folding_lanes (Some(B(0))) |x, y| B::new(x.get() | y.get());
    logical_xor_bool: (B, B) folding |x, y| B::new(x.get() ^ y.get());
    logical_not_bool: (B) unary |x| B::new(!x.get());
    absolute_bool: (B) unary |x| B::new(x.get());
    bitwise_and_i64: (i64, i64) folding_lanes (Some(-1)) |x, y| x & y;
    bitwise_or_i64: (i64, i64) folding_lanes (Some(0)) |x, y| x | y;
    bitwise_xor_i64: (i64, i64) folding_lanes (Some(0)) |x, y| x ^ y;
    invert_i64: (i64) unary |x| !x;
    left_shift_i64: (i64, i64) folding |x, y| shift_left(x, y);
    right_shift_i64: (i64, i64) folding |x, y| shift_right(x, y);
    isnan_f64: (f64) unary |x| B::new(x.is_nan());
    isinf_f64: (f64) unary |x| B::new(x.is_infinite());
    isfinite_f64: (f64) unary |x| B::new(x.is_finite());
    signbit_f64: (f64) unary |x| B::new(x.is_sign_negative());
    isnan_c128: (Complex) unary |x| B::new(x.re.is_nan() || x.im.is_nan());
    isinf_c128: (Complex) unary |x| B::new(x.re.is_infinite() || x.im.is_infinite());
    isfinite_c128: (Complex) unary |x| B::new(x.re.is_finite() && x.im.is_finite());
}
