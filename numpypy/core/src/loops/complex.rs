//! Complex numbers: arithmetic by the textbook formulas that NumPy uses, functions by C99's libm.

use super::kernel::is_reduction;
use super::math::plain;
use super::reduce::add_c128_reduce;
use super::{kernel, loops};
use crate::dtype::Complex as C;

#[inline(always)]
fn c(re: f64, im: f64) -> C {
    C { re, im }
}

// C passes and returns `double _Complex` as it does a struct of two doubles on every ABI we build for.
unsafe extern "C" {
    safe fn csqrt(z: C) -> C;
    safe fn cexp(z: C) -> C;
    safe fn clog(z: C) -> C;
    safe fn csin(z: C) -> C;
    safe fn ccos(z: C) -> C;
    safe fn ctan(z: C) -> C;
    safe fn casin(z: C) -> C;
    safe fn cacos(z: C) -> C;
    safe fn catan(z: C) -> C;
    safe fn csinh(z: C) -> C;
    safe fn ccosh(z: C) -> C;
    safe fn ctanh(z: C) -> C;
    safe fn casinh(z: C) -> C;
    safe fn cacosh(z: C) -> C;
    safe fn catanh(z: C) -> C;
    safe fn cpow(z: C, w: C) -> C;
}

#[inline(always)]
pub fn mul(x: C, y: C) -> C {
    c(x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re)
}

/// Smith's quotient, as NumPy computes it.
pub fn div(x: C, y: C) -> C {
    let (ar, ai) = (y.re.abs(), y.im.abs());
    if ar >= ai {
        if ar == 0.0 && ai == 0.0 {
            return c(x.re / ar, x.im / ar);
        }
        let ratio = y.im / y.re;
        let scale = 1.0 / (y.re + y.im * ratio);
        c((x.re + x.im * ratio) * scale, (x.im - x.re * ratio) * scale)
    } else {
        let ratio = y.re / y.im;
        let scale = 1.0 / (y.im + y.re * ratio);
        c((x.re * ratio + x.im) * scale, (x.im * ratio - x.re) * scale)
    }
}

/// Powers: small integers by multiplication, as NumPy does, the rest by libm.
pub fn pow(x: C, y: C) -> C {
    if y.re == 0.0 && y.im == 0.0 {
        return c(1.0, 0.0);
    }
    if x.re == 0.0 && x.im == 0.0 {
        if y.re > 0.0 && y.im == 0.0 {
            return c(0.0, 0.0);
        }
        // 0 ** z for other z: invalid. The subtraction sets the flag.
        let inf = std::hint::black_box(f64::INFINITY);
        return c(inf - inf, f64::NAN);
    }
    let n = y.re as i64;
    if y.im == 0.0 && n as f64 == y.re {
        match n {
            1 => return x,
            2 => return mul(x, x),
            3 => return mul(x, mul(x, x)),
            _ if n > -100 && n < 100 => {
                let mut rest = n.unsigned_abs();
                let (mut out, mut p) = (c(1.0, 0.0), x);
                loop {
                    if rest & 1 == 1 {
                        out = mul(out, p);
                    }
                    rest >>= 1;
                    if rest == 0 {
                        break;
                    }
                    p = mul(p, p);
                }
                return if n < 0 { div(c(1.0, 0.0), out) } else { out };
            }
            _ => {}
        }
    }
    cpow(x, y)
}

/// Times a real factor, both parts: quotients by logarithms' constants.
fn scale(z: C, by: f64) -> C {
    c(z.re * by, z.im * by)
}

fn sign(x: C) -> C {
    let by_part = |v: f64| if v > 0.0 { 1.0 } else if v < 0.0 { -1.0 } else if v == 0.0 { 0.0 } else { f64::NAN };
    c(if x.im.is_nan() { f64::NAN } else { by_part(if x.re == 0.0 { x.im } else { x.re }) }, 0.0)
}

fn floor_divide(x: C, y: C) -> C {
    let (ar, ai) = (y.re.abs(), y.im.abs());
    if ar >= ai {
        let ratio = y.im / y.re;
        c(((x.re + x.im * ratio) / (y.re + y.im * ratio)).floor(), 0.0)
    } else {
        let ratio = y.re / y.im;
        c(((x.re * ratio + x.im) / (y.im + y.re * ratio)).floor(), 0.0)
    }
}

loops! {
    subtract: (C, C) folding |x, y| c(x.re - y.re, x.im - y.im);
    multiply: (C, C) folding |x, y| mul(x, y);
    negative: (C) unary |x| c(-x.re, -x.im);
    positive: (C) unary |x| x;
    conjugate: (C) unary |x| c(x.re, -x.im);
    square: (C) unary |x| c(x.re * x.re - x.im * x.im, x.re * x.im + x.im * x.re);
    real: (C) unary |x| x.re;
    imag: (C) unary |x| x.im;
    rint: (C) unary |x| c(x.re.round_ties_even(), x.im.round_ties_even());
}

/// Addition; sums are pairwise.
// SAFETY: a loop; see `kernel`.
pub unsafe fn add(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { if is_reduction(p, s) { add_c128_reduce(p, s, n) } else { kernel::binary(p, s, n, |x: C, y: C| c(x.re + y.re, x.im + y.im)) } }
}

macro_rules! functions {
    ($($name:ident |$($x:ident),*| $shape:ident $e:expr;)*) => {$(
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name(p: &[*mut u8], s: &[isize], n: usize) -> u32 { unsafe { plain::$shape(p, s, n, |$($x: C),*| $e) } }
    )*};
}
functions! {
    divide |x, y| binary div(x, y);
    floor_divide_c128 |x, y| binary floor_divide(x, y);
    power |x, y| binary pow(x, y);
    reciprocal |x| unary {
        if x.im.abs() <= x.re.abs() {
            let r = x.im / x.re;
            let d = x.re + x.im * r;
            c(1.0 / d, -r / d)
        } else {
            let r = x.re / x.im;
            let d = x.re * r + x.im;
            c(r / d, -1.0 / d)
        }
    };
    sign_c128 |x| unary sign(x);
    absolute |x| unary x.re.hypot(x.im);
    angle |x| unary x.im.atan2(x.re);
    sqrt |x| unary csqrt(x);
    exp |x| unary cexp(x);
    exp2 |x| unary cexp(scale(x, std::f64::consts::LN_2));
    expm1 |x| unary {
        let a = (x.im / 2.0).sin();
        c(x.re.exp_m1() * x.im.cos() - 2.0 * a * a, x.re.exp() * x.im.sin())
    };
    log |x| unary clog(x);
    log2 |x| unary scale(clog(x), std::f64::consts::LOG2_E);
    log10 |x| unary scale(clog(x), std::f64::consts::LOG10_E);
    log1p |x| unary c((x.re + 1.0).hypot(x.im).ln(), x.im.atan2(x.re + 1.0));
    sin |x| unary csin(x);
    cos |x| unary ccos(x);
    tan |x| unary ctan(x);
    arcsin |x| unary casin(x);
    arccos |x| unary cacos(x);
    arctan |x| unary catan(x);
    sinh |x| unary csinh(x);
    cosh |x| unary ccosh(x);
    tanh |x| unary ctanh(x);
    arcsinh |x| unary casinh(x);
    arccosh |x| unary cacosh(x);
    arctanh |x| unary catanh(x);
}
