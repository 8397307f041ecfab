//! Elementary functions of float64: the system's libm, whose error flags are C's.

use super::loops;

/// Shapes that LLVM may not widen: libm is called element by element, and guarded operations stay guarded.
pub(super) mod plain {
    use super::super::kernel::{get, put};
    // SAFETY of both: loops; see `kernel`.
    #[inline(always)]
    pub unsafe fn unary<A: Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(A) -> Out) -> u32 {
        for i in 0..n as isize {
            unsafe { put::<Out>(p[1].offset(i * s[1]), f(get::<A>(p[0].offset(i * s[0])))) };
        }
        0
    }
    #[inline(always)]
    pub unsafe fn binary<A: Copy, B: Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(A, B) -> Out) -> u32 {
        for i in 0..n as isize {
            unsafe { put::<Out>(p[2].offset(i * s[2]), f(get::<A>(p[0].offset(i * s[0])), get::<B>(p[1].offset(i * s[1])))) };
        }
        0
    }
}

macro_rules! functions {
    ($($name:ident |$x:ident| $e:expr;)*) => {$(
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name(p: &[*mut u8], s: &[isize], n: usize) -> u32 { unsafe { plain::unary(p, s, n, |$x: f64| -> f64 { $e }) } }
    )*};
}
functions! {
    exp |x| x.exp();
    exp2 |x| x.exp2();
    log |x| x.ln();
    log2 |x| x.log2();
    log10 |x| x.log10();
    log1p |x| x.ln_1p();
    expm1 |x| x.exp_m1();
    cbrt |x| x.cbrt();
    sin |x| x.sin();
    cos |x| x.cos();
    tan |x| x.tan();
    arcsin |x| x.asin();
    arccos |x| x.acos();
    arctan |x| x.atan();
    sinh |x| x.sinh();
    cosh |x| x.cosh();
    tanh |x| x.tanh();
    arcsinh |x| asinh(x);
    arccosh |x| acosh(x);
    arctanh |x| atanh(x);
}

// Rust's own inverse hyperbolic functions differ from libm's in the last bits.
unsafe extern "C" {
    safe fn asinh(x: f64) -> f64;
    safe fn acosh(x: f64) -> f64;
    safe fn atanh(x: f64) -> f64;
    safe fn nextafter(x: f64, y: f64) -> f64;
}

macro_rules! functions2 {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {$(
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name(p: &[*mut u8], s: &[isize], n: usize) -> u32 { unsafe { plain::binary(p, s, n, |$x: f64, $y: f64| -> f64 { $e }) } }
    )*};
}
functions2! {
    power_f64 |x, y| x.powf(y);
    arctan2 |x, y| x.atan2(y);
    hypot |x, y| x.hypot(y);
    logaddexp |x, y| {
        if x == y {
            // Also right for infinities of one sign.
            x + std::f64::consts::LN_2
        } else {
            let d = x - y;
            if d > 0.0 { x + (-d).exp().ln_1p() } else if d <= 0.0 { y + d.exp().ln_1p() } else { d }
        }
    };
    copysign |x, y| x.copysign(y);
    next_after |x, y| nextafter(x, y);
}

loops! {
    sqrt: (f64) unary |x| x.sqrt();
    floor: (f64) unary |x| x.floor();
    ceil: (f64) unary |x| x.ceil();
    trunc: (f64) unary |x| x.trunc();
    rint: (f64) unary |x| x.round_ties_even();
    deg2rad: (f64) unary |x| x * (std::f64::consts::PI / 180.0);
    rad2deg: (f64) unary |x| x * (180.0 / std::f64::consts::PI);
    angle_i64: (i64) unary |x| if x < 0 { std::f64::consts::PI } else { 0.0 };
    angle_f64: (f64) unary |x| 0f64.atan2(x);
}
