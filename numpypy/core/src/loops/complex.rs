//! Complex numbers: arithmetic by the textbook formulas that NumPy uses, functions by C99's libm.

use super::kernel::is_reduction;
use super::reduce::add_complex_reduce;
use super::{kernel, loops};
use crate::dtype::Cplx as C;
use crate::number::Float;

#[inline(always)]
fn c<F>(re: F, im: F) -> C<F> {
    C { re, im }
}

#[inline(always)]
pub fn mul<F: Float>(x: C<F>, y: C<F>) -> C<F> {
    c(x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re)
}

/// Smith's quotient, as NumPy computes it.
pub fn div<F: Float>(x: C<F>, y: C<F>) -> C<F> {
    let (ar, ai) = (y.re.abs(), y.im.abs());
    if ar >= ai {
        if ar == F::ZERO && ai == F::ZERO {
            return c(x.re / ar, x.im / ar);
        }
        let ratio = y.im / y.re;
        let scale = F::ONE / (y.re + y.im * ratio);
        c((x.re + x.im * ratio) * scale, (x.im - x.re * ratio) * scale)
    } else {
        let ratio = y.re / y.im;
        let scale = F::ONE / (y.im + y.re * ratio);
        c((x.re * ratio + x.im) * scale, (x.im * ratio - x.re) * scale)
    }
}

/// Powers: small integers by multiplication, as NumPy does, the rest by libm.
pub fn pow<F: Float>(x: C<F>, y: C<F>) -> C<F> {
    if y.re == F::ZERO && y.im == F::ZERO {
        return c(F::ONE, F::ZERO);
    }
    if x.re == F::ZERO && x.im == F::ZERO {
        if y.re > F::ZERO && y.im == F::ZERO {
            return c(F::ZERO, F::ZERO);
        }
        // 0 ** z for other z: invalid. The subtraction sets the flag.
        let inf = std::hint::black_box(F::INFINITY);
        return c(inf - inf, F::NAN);
    }
    let n = y.re.to_f64() as i64;
    if y.im == F::ZERO && n as f64 == y.re.to_f64() {
        match n {
            1 => return x,
            2 => return mul(x, x),
            3 => return mul(x, mul(x, x)),
            _ if n > -100 && n < 100 => {
                let mut rest = n.unsigned_abs();
                let (mut out, mut p) = (c(F::ONE, F::ZERO), x);
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
                return if n < 0 { div(c(F::ONE, F::ZERO), out) } else { out };
            }
            _ => {}
        }
    }
    F::cpow(x, y)
}

/// Times a real factor, both parts: quotients by logarithms' constants.
fn scale<F: Float>(z: C<F>, by: f64) -> C<F> {
    let by = F::from_f64(by);
    c(z.re * by, z.im * by)
}

fn sign<F: Float>(x: C<F>) -> C<F> {
    let by_part = |v: F| if v > F::ZERO { F::ONE } else if v < F::ZERO { -F::ONE } else if v == F::ZERO { F::ZERO } else { F::NAN };
    c(if x.im.is_nan() { F::NAN } else { by_part(if x.re == F::ZERO { x.im } else { x.re }) }, F::ZERO)
}

fn floor_divide<F: Float>(x: C<F>, y: C<F>) -> C<F> {
    let (ar, ai) = (y.re.abs(), y.im.abs());
    if ar >= ai {
        let ratio = y.im / y.re;
        c(((x.re + x.im * ratio) / (y.re + y.im * ratio)).floor(), F::ZERO)
    } else {
        let ratio = y.re / y.im;
        c(((x.re * ratio + x.im) / (y.im + y.re * ratio)).floor(), F::ZERO)
    }
}

/// Functions that are libm's.
macro_rules! functions {
    ($($name:ident $function:ident;)*) => { loops! { $([F: Float] $name: (C<F>) each |x| F::$function(x);)* } };
}
functions! {
    sqrt csqrt; exp cexp; log clog; sin csin; cos ccos; tan ctan; arcsin casin; arccos cacos; arctan catan; sinh csinh; cosh ccosh; tanh ctanh;
    arcsinh casinh; arccosh cacosh; arctanh catanh;
}

loops! {
    [F: Float] subtract: (C<F>, C<F>) folding |x, y| c(x.re - y.re, x.im - y.im);
    [F: Float] multiply: (C<F>, C<F>) folding |x, y| mul(x, y);
    [F: Float] negative: (C<F>) unary |x| c(-x.re, -x.im);
    [F: Float] positive: (C<F>) unary |x| x;
    [F: Float] conjugate: (C<F>) unary |x| c(x.re, -x.im);
    [F: Float] square: (C<F>) unary |x| c(x.re * x.re - x.im * x.im, x.re * x.im + x.im * x.re);
    [F: Float] real: (C<F>) unary |x| x.re;
    [F: Float] imag: (C<F>) unary |x| x.im;
    [F: Float] rint: (C<F>) unary |x| c(x.re.round_ties_even(), x.im.round_ties_even());
    [F: Float] divide: (C<F>, C<F>) strided |x, y| div(x, y);
    [F: Float] floor_division: (C<F>, C<F>) strided |x, y| floor_divide(x, y);
    [F: Float] power: (C<F>, C<F>) strided |x, y| pow(x, y);
    [F: Float] reciprocal: (C<F>) each |x| {
        if x.im.abs() <= x.re.abs() {
            let r = x.im / x.re;
            let d = x.re + x.im * r;
            c(F::ONE / d, -r / d)
        } else {
            let r = x.re / x.im;
            let d = x.re * r + x.im;
            c(r / d, -F::ONE / d)
        }
    };
    [F: Float] signum: (C<F>) each |x| sign(x);
    [F: Float] absolute: (C<F>) each |x| x.re.hypot(x.im);
    [F: Float] angle: (C<F>) each |x| x.im.atan2(x.re);
    [F: Float] exp2: (C<F>) each |x| F::cexp(scale(x, std::f64::consts::LN_2));
    [F: Float] expm1: (C<F>) each |x| {
        let a = (x.im / F::from_f64(2.0)).sin();
        c(x.re.exp_m1() * x.im.cos() - F::from_f64(2.0) * a * a, x.re.exp() * x.im.sin())
    };
    [F: Float] log2: (C<F>) each |x| scale(F::clog(x), std::f64::consts::LOG2_E);
    [F: Float] log10: (C<F>) each |x| scale(F::clog(x), std::f64::consts::LOG10_E);
    [F: Float] log1p: (C<F>) each |x| c((x.re + F::ONE).hypot(x.im).ln(), x.im.atan2(x.re + F::ONE));
}

/// Addition; sums are pairwise.
// SAFETY: a loop; see `kernel`.
pub unsafe fn add<F: Float>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    // SAFETY: the caller's.
    unsafe { if is_reduction(p, s) { add_complex_reduce::<F>(p, s, n) } else { kernel::binary(p, s, n, |x: C<F>, y: C<F>| c(x.re + y.re, x.im + y.im)) } }
}
