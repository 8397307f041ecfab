//! Elementary functions of floats: the system's libm, whose error flags are C's. float16 computes in float32.

use super::{kernel, loops};
use crate::number::{Float, Int, Real};
use std::f64::consts::{LN_2, PI};

macro_rules! functions {
    ($($name:ident $method:ident;)*) => { loops! { $([T: Real] $name: (T) each |x| T::narrow(x.wide().$method());)* } };
}
functions! {
    exp exp; exp2 exp2; log ln; log2 log2; log10 log10; log1p ln_1p; expm1 exp_m1; cbrt cbrt;
    sin sin; cos cos; tan tan; arcsin asin; arccos acos; arctan atan; sinh sinh; cosh cosh; tanh tanh; arcsinh asinh; arccosh acosh; arctanh atanh;
}

/// log(exp(x) + exp(y)), with the logarithm of 2 and functions of the base.
fn log_add<F: Float>(x: F, y: F, two: f64, exp: impl Fn(F) -> F, log1p: impl Fn(F) -> F) -> F {
    if x == y {
        // Also right for infinities of one sign.
        return x + F::from_f64(two);
    }
    let d = x - y;
    if d > F::ZERO { x + log1p(exp(-d)) } else if d <= F::ZERO { y + log1p(exp(d)) } else { d }
}

loops! {
    [T: Real] r_power: (T, T) strided |x, y| T::narrow(x.wide().powf(y.wide()));
    [T: Real] arctan2: (T, T) strided |x, y| T::narrow(x.wide().atan2(y.wide()));
    [T: Real] hypot: (T, T) strided |x, y| T::narrow(x.wide().hypot(y.wide()));
    [T: Real] logaddexp: (T, T) strided |x, y| T::narrow(log_add(x.wide(), y.wide(), LN_2, |d| d.exp(), |d| d.ln_1p()));
    [T: Real] logaddexp2: (T, T) strided |x, y| T::narrow(log_add(x.wide(), y.wide(), 1.0, |d| d.exp2(), |d| T::W::from_f64(std::f64::consts::LOG2_E) * d.ln_1p()));
    [T: Real] copysign: (T, T) strided |x, y| T::narrow(x.wide().copysign(y.wide()));
    [T: Real] next_after: (T, T) strided |x, y| x.next_after(y);
    [T: Real] heaviside: (T, T) strided |x, h| {
        let (w, zero, one) = (x.wide(), T::W::ZERO, T::W::ONE);
        if w.is_nan() { x } else if w == zero { h } else { T::narrow(if w < zero { zero } else { one }) }
    };
    [T: Real] spacing: (T) each |x| gap(x);
    [T: Real] sqrt: (T) unary |x| T::narrow(x.wide().sqrt());
    [T: Real] floor: (T) unary |x| T::narrow(x.wide().floor());
    [T: Real] ceil: (T) unary |x| T::narrow(x.wide().ceil());
    [T: Real] trunc: (T) unary |x| T::narrow(x.wide().trunc());
    [T: Real] rint: (T) unary |x| T::narrow(x.wide().round_ties_even());
    [T: Real] deg2rad: (T) unary |x| T::narrow(x.wide() * T::W::from_f64(PI / 180.0));
    [T: Real] rad2deg: (T) unary |x| T::narrow(x.wide() * T::W::from_f64(180.0 / PI));
    [T: Int] i_angle: (T) unary |x| if x.negative() { PI } else { 0.0 };
    [T: Real] r_angle: (T) each |x| T::narrow(T::W::ZERO.atan2(x.wide()));
    [] float_power: (f64, f64) strided |x, y| x.powf(y);
}

/// Distance to the next number.
fn gap<T: Real>(x: T) -> T {
    let w = x.wide();
    if !w.is_finite() {
        return T::narrow(T::W::NAN);
    }
    // NumPy's distance of float16 is that to the next number above, that of wider floats to the one away from 0.
    let away = T::narrow(if size_of::<T>() == 2 { T::W::INFINITY } else { T::W::INFINITY.copysign(w) });
    T::narrow(x.next_after(away).wide() - w)
}

/// x times 2 to the power of an integer.
// SAFETY: a loop; see `kernel`.
pub unsafe fn ldexp<T: Real, I: Int>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    // Three factors reach from the smallest to the largest double without rounding on the way more than once.
    // SAFETY: the caller's.
    unsafe {
        kernel::strided(p, s, n, |x: T, e: I| {
            let mut e = e.to_i64().clamp(-2300, 2300);
            let mut x = x.wide().to_f64();
            while e > 1000 {
                x *= 2f64.powi(1000);
                e -= 1000;
            }
            while e < -900 {
                x *= 2f64.powi(-900);
                e += 900;
            }
            T::narrow(T::W::from_f64(x * 2f64.powi(e as i32)))
        })
    }
}
