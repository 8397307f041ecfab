//! `cmath`: functions of complex numbers, by the algorithms of Kahan, "Branch cuts for complex elementary functions" (1987), with C99's special values.

use crate::api::*;
use crate::math::{domain, range};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, PI};
use txpy_vm::types::complex::{self, C};

// Results of `phase` and its like need no libm of their own: the C library's, as in `math`.
// SAFETY: pure functions of the C library.
unsafe extern "C" {
    safe fn atan2(y: f64, x: f64) -> f64;
    safe fn log1p(x: f64) -> f64;
    safe fn hypot(x: f64, y: f64) -> f64;
    safe fn asinh(x: f64) -> f64;
}

pub static MODULE: ModuleDef = ModuleDef { name: "cmath", doc: "Mathematical functions for complex numbers.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[alloc] "acos(z, /)" = |th, a| one(th, a, acos), "Return the arc cosine of z.";
    #[alloc] "acosh(z, /)" = |th, a| one(th, a, acosh), "Return the inverse hyperbolic cosine of z.";
    #[alloc] "asin(z, /)" = |th, a| one(th, a, asin), "Return the arc sine of z.";
    #[alloc] "asinh(z, /)" = |th, a| one(th, a, asinh_), "Return the inverse hyperbolic sine of z.";
    #[alloc] "atan(z, /)" = |th, a| one(th, a, atan), "Return the arc tangent of z.";
    #[alloc] "atanh(z, /)" = |th, a| one(th, a, atanh), "Return the inverse hyperbolic tangent of z.";
    #[alloc] "cos(z, /)" = |th, a| one(th, a, cos), "Return the cosine of z.";
    #[alloc] "cosh(z, /)" = |th, a| one(th, a, cosh), "Return the hyperbolic cosine of z.";
    #[alloc] "exp(z, /)" = |th, a| one(th, a, exp), "Return the exponential value e**z.";
    #[alloc] "sin(z, /)" = |th, a| one(th, a, sin), "Return the sine of z.";
    #[alloc] "sinh(z, /)" = |th, a| one(th, a, sinh), "Return the hyperbolic sine of z.";
    #[alloc] "sqrt(z, /)" = |th, a| one(th, a, sqrt), "Return the square root of z.";
    #[alloc] "tan(z, /)" = |th, a| one(th, a, tan), "Return the tangent of z.";
    #[alloc] "tanh(z, /)" = |th, a| one(th, a, tanh), "Return the hyperbolic tangent of z.";
    #[alloc] "log10(z, /)" = |th, a| one(th, a, log10), "Return the base-10 logarithm of z.";
    #[alloc] "log(z, base=<unrepresentable>, /)" = log_, "log(z[, base]) -> the logarithm of z to the given base.";
    #[alloc] "phase(z, /)" = phase, "Return argument, also known as the phase angle, of a complex.";
    #[alloc] "polar(z, /)" = polar, "Convert a complex from rectangular coordinates to polar coordinates.";
    #[alloc] "rect(r, phi, /)" = rect, "Convert from polar coordinates to rectangular coordinates.";
    "isnan(z, /)" = |th, a| { let z = arg(th, a.get(0))?; Ok(Value::from_bool(z.0.is_nan() || z.1.is_nan())) }, "Checks if the real or imaginary part of z not a number (NaN).";
    "isinf(z, /)" = |th, a| { let z = arg(th, a.get(0))?; Ok(Value::from_bool(z.0.is_infinite() || z.1.is_infinite())) }, "Checks if the real or imaginary part of z is infinite.";
    #[py3] "isfinite(z, /)" = |th, a| { let z = arg(th, a.get(0))?; Ok(Value::from_bool(finite(z))) }, "Return True if both the real and imaginary parts of z are finite, else False.";
    #[py3] "isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)" = isclose, "Determine whether two complex numbers are close in value.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    for (name, v) in [("pi", PI), ("e", std::f64::consts::E)] {
        let v = float::new(th, v)?;
        module::set(th, m, name, v)?;
    }
    if th.py3() {
        for (name, v) in [("tau", std::f64::consts::TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
            let v = float::new(th, v)?;
            module::set(th, m, name, v)?;
        }
        for (name, im) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let v = complex::new(th, 0.0, im)?;
            module::set(th, m, name, v)?;
        }
    }
    Ok(())
}

/// The complex number that an argument is: a complex, what `__complex__` gives, or a real number.
fn arg(th: &mut Thread, v: Value) -> R<C> {
    match txpy_vm::types::complex_methods::number(th, v)? {
        Some(c) => Ok(c),
        None => {
            let got = class_name(v);
            Err(th.type_error(if th.py3() { format!("must be real number, not {got}") } else { "a float is required".to_string() }))
        }
    }
}
/// What a function reports besides its result.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Domain,
    Range,
}
type Out = (C, Fault);
const OK: Fault = Fault::None;
fn one(th: &mut Thread, a: Args, f: fn(C) -> Out) -> R<Value> {
    let z = arg(th, a.get(0))?;
    let r = f(z);
    give(th, r)
}
fn give(th: &mut Thread, (r, fault): Out) -> R<Value> {
    match fault {
        Fault::None => complex::new(th, r.0, r.1),
        Fault::Domain => Err(domain(th)),
        Fault::Range => Err(range(th)),
    }
}
fn finite(z: C) -> bool { z.0.is_finite() && z.1.is_finite() }

// ---- special values: row by the real part, column by the imaginary part

const P: f64 = PI;
const P14: f64 = FRAC_PI_4;
const P12: f64 = FRAC_PI_2;
const P34: f64 = 0.75 * PI;
const INF: f64 = f64::INFINITY;
const N: f64 = f64::NAN;
/// A value that cannot be met: the entry is for finite numbers.
const U: C = (-9.5426319407711027e33, -9.5426319407711027e33);

/// -inf, negative, -0, 0, positive, inf, nan
fn sort(x: f64) -> usize {
    if x.is_nan() {
        6
    } else if x.is_infinite() {
        if x > 0.0 { 5 } else { 0 }
    } else if x == 0.0 {
        if x.is_sign_negative() { 2 } else { 3 }
    } else if x < 0.0 {
        1
    } else {
        4
    }
}
type Table = [[C; 7]; 7];
fn special(z: C, t: &Table) -> Option<C> { if finite(z) { None } else { Some(t[sort(z.0)][sort(z.1)]) } }

static ACOS: Table = [
    [(P34, INF), (P, INF), (P, INF), (P, -INF), (P, -INF), (P34, -INF), (N, INF)],
    [(P12, INF), U, U, U, U, (P12, -INF), (N, N)],
    [(P12, INF), U, U, U, U, (P12, -INF), (P12, N)],
    [(P12, INF), U, U, U, U, (P12, -INF), (P12, N)],
    [(P12, INF), U, U, U, U, (P12, -INF), (N, N)],
    [(P14, INF), (0.0, INF), (0.0, INF), (0.0, -INF), (0.0, -INF), (P14, -INF), (N, INF)],
    [(N, INF), (N, N), (N, N), (N, N), (N, N), (N, -INF), (N, N)],
];
static ACOSH: Table = [
    [(INF, -P34), (INF, -P), (INF, -P), (INF, P), (INF, P), (INF, P34), (INF, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), (N, N), (N, N), (N, N), (N, N), (INF, N), (N, N)],
];
static ASINH: Table = [
    [(-INF, -P14), (-INF, -0.0), (-INF, -0.0), (-INF, 0.0), (-INF, 0.0), (-INF, P14), (-INF, N)],
    [(-INF, -P12), U, U, U, U, (-INF, P12), (N, N)],
    [(-INF, -P12), U, U, U, U, (-INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (INF, N), (N, N)],
];
static ATANH: Table = [
    [(-0.0, -P12), (-0.0, -P12), (-0.0, -P12), (-0.0, P12), (-0.0, P12), (-0.0, P12), (-0.0, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), (N, N)],
    [(-0.0, -P12), U, U, U, U, (-0.0, P12), (-0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), (0.0, N)],
    [(0.0, -P12), U, U, U, U, (0.0, P12), (N, N)],
    [(0.0, -P12), (0.0, -P12), (0.0, -P12), (0.0, P12), (0.0, P12), (0.0, P12), (0.0, N)],
    [(0.0, -P12), (N, N), (N, N), (N, N), (N, N), (0.0, P12), (N, N)],
];
static COSH: Table = [
    [(INF, N), U, (INF, 0.0), (INF, -0.0), U, (INF, N), (INF, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(N, 0.0), U, U, U, U, (N, 0.0), (N, 0.0)],
    [(N, 0.0), U, U, U, U, (N, 0.0), (N, 0.0)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [(N, N), (N, N), (N, 0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
static EXP: Table = [
    [(0.0, 0.0), U, (0.0, -0.0), (0.0, 0.0), U, (0.0, 0.0), (0.0, 0.0)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
static LOG: Table = [
    [(INF, -P34), (INF, -P), (INF, -P), (INF, P), (INF, P), (INF, P34), (INF, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P12), U, U, U, U, (INF, P12), (N, N)],
    [(INF, -P14), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, P14), (INF, N)],
    [(INF, N), (N, N), (N, N), (N, N), (N, N), (INF, N), (N, N)],
];
static SINH: Table = [
    [(INF, N), U, (-INF, -0.0), (-INF, 0.0), U, (INF, N), (INF, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(0.0, N), U, U, U, U, (0.0, N), (0.0, N)],
    [(0.0, N), U, U, U, U, (0.0, N), (0.0, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
static SQRT: Table = [
    [(INF, -INF), (0.0, -INF), (0.0, -INF), (0.0, INF), (0.0, INF), (INF, INF), (N, INF)],
    [(INF, -INF), U, U, U, U, (INF, INF), (N, N)],
    [(INF, -INF), U, U, U, U, (INF, INF), (N, N)],
    [(INF, -INF), U, U, U, U, (INF, INF), (N, N)],
    [(INF, -INF), U, U, U, U, (INF, INF), (N, N)],
    [(INF, -INF), (INF, -0.0), (INF, -0.0), (INF, 0.0), (INF, 0.0), (INF, INF), (INF, N)],
    [(INF, -INF), (N, N), (N, N), (N, N), (N, N), (INF, INF), (N, N)],
];
static TANH: Table = [
    [(-1.0, 0.0), U, (-1.0, -0.0), (-1.0, 0.0), U, (-1.0, 0.0), (-1.0, 0.0)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(-0.0, N), U, U, U, U, (-0.0, N), (-0.0, N)],
    [(0.0, N), U, U, U, U, (0.0, N), (0.0, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(1.0, 0.0), U, (1.0, -0.0), (1.0, 0.0), U, (1.0, 0.0), (1.0, 0.0)],
    [(N, N), (N, N), (N, -0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];
static RECT: Table = [
    [(INF, N), U, (-INF, 0.0), (-INF, -0.0), U, (INF, N), (INF, N)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(0.0, 0.0), U, U, U, U, (0.0, 0.0), (0.0, 0.0)],
    [(0.0, 0.0), U, U, U, U, (0.0, 0.0), (0.0, 0.0)],
    [(N, N), U, U, U, U, (N, N), (N, N)],
    [(INF, N), U, (INF, -0.0), (INF, 0.0), U, (INF, N), (INF, N)],
    [(N, N), (N, N), (N, 0.0), (N, 0.0), (N, N), (N, N), (N, N)],
];

// ---- the functions

/// Parts above this are halved or treated by their logarithms.
const LARGE: f64 = f64::MAX / 4.0;
const LOG_LARGE: f64 = 708.396_418_532_264_1;
/// 2**53
const SCALE_UP: f64 = 9007199254740992.0;

fn is_large(z: C) -> bool { z.0.abs() > LARGE || z.1.abs() > LARGE }
/// The logarithm of twice the absolute value of a large number.
fn ln_twice(z: C) -> f64 { hypot(z.0 / 2.0, z.1 / 2.0).ln() + LN_2 * 2.0 }
/// -i f(iz): the circular functions by the hyperbolic ones.
fn quarter_turned(z: C, f: fn(C) -> Out) -> Out {
    let (s, fault) = f((-z.1, z.0));
    ((s.1, -s.0), fault)
}
/// A number of this size (0 or infinite) and angle: the signs come from cosine and sine.
fn towards(size: f64, angle: f64) -> C { (size.copysign(angle.cos()), size.copysign(angle.sin())) }

fn sqrt(z: C) -> Out {
    if let Some(r) = special(z, &SQRT) {
        return (r, OK);
    }
    if z.0 == 0.0 && z.1 == 0.0 {
        return ((0.0, z.1), OK);
    }
    let (ax, ay) = (z.0.abs(), z.1.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE && (ax > 0.0 || ay > 0.0) {
        // Subnormals lose digits in hypot: scaled by 2**54, the root by 2**-27.
        let ax = ax * (SCALE_UP * 2.0);
        (ax + hypot(ax, ay * (SCALE_UP * 2.0))).sqrt() * 2f64.powi(-27) / std::f64::consts::SQRT_2
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + hypot(ax, ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    let r = if z.0 >= 0.0 { (s, d.copysign(z.1)) } else { (d, s.copysign(z.1)) };
    (r, OK)
}
fn acos(z: C) -> Out {
    if let Some(r) = special(z, &ACOS) {
        return (r, OK);
    }
    if is_large(z) {
        let re = atan2(z.1.abs(), z.0);
        let l = ln_twice(z);
        let im = if z.0 < 0.0 { -l.copysign(z.1) } else { l.copysign(-z.1) };
        return ((re, im), OK);
    }
    let s1 = sqrt((1.0 - z.0, -z.1)).0;
    let s2 = sqrt((1.0 + z.0, z.1)).0;
    ((2.0 * atan2(s1.0, s2.0), asinh(s2.0 * s1.1 - s2.1 * s1.0)), OK)
}
fn acosh(z: C) -> Out {
    if let Some(r) = special(z, &ACOSH) {
        return (r, OK);
    }
    if is_large(z) {
        return ((ln_twice(z), atan2(z.1, z.0)), OK);
    }
    let s1 = sqrt((z.0 - 1.0, z.1)).0;
    let s2 = sqrt((z.0 + 1.0, z.1)).0;
    ((asinh(s1.0 * s2.0 + s1.1 * s2.1), 2.0 * atan2(s1.1, s2.0)), OK)
}
fn asin(z: C) -> Out { quarter_turned(z, asinh_) }
fn asinh_(z: C) -> Out {
    if let Some(r) = special(z, &ASINH) {
        return (r, OK);
    }
    if is_large(z) {
        let l = ln_twice(z);
        let re = if z.1 >= 0.0 { l.copysign(z.0) } else { -l.copysign(-z.0) };
        return ((re, atan2(z.1, z.0.abs())), OK);
    }
    let s1 = sqrt((1.0 + z.1, -z.0)).0;
    let s2 = sqrt((1.0 - z.1, z.0)).0;
    ((asinh(s1.0 * s2.1 - s2.0 * s1.1), atan2(z.1, s1.0 * s2.0 - s1.1 * s2.1)), OK)
}
fn atan(z: C) -> Out { quarter_turned(z, atanh) }
fn atanh(z: C) -> Out {
    if let Some(r) = special(z, &ATANH) {
        return (r, OK);
    }
    // For negative real parts by symmetry.
    if z.0 < 0.0 || z.0 == 0.0 && z.0.is_sign_negative() {
        let (r, f) = atanh((-z.0, -z.1));
        return ((-r.0, -r.1), f);
    }
    let ay = z.1.abs();
    let sqrt_large = LARGE.sqrt();
    if z.0 > sqrt_large || ay > sqrt_large {
        let h = hypot(z.0 / 2.0, z.1 / 2.0);
        return ((z.0 / 4.0 / h / h, -FRAC_PI_2.copysign(-z.1)), OK);
    }
    let sqrt_min = f64::MIN_POSITIVE.sqrt();
    if z.0 == 1.0 && ay < sqrt_min {
        if ay == 0.0 {
            return ((INF, z.1), Fault::Domain);
        }
        let re = -((ay.sqrt() / hypot(ay, 2.0).sqrt()).ln());
        return ((re, (atan2(2.0, -ay) / 2.0).copysign(z.1)), OK);
    }
    let re = log1p(4.0 * z.0 / ((1.0 - z.0) * (1.0 - z.0) + ay * ay)) / 4.0;
    let im = -atan2(-2.0 * z.1, (1.0 - z.0) * (1.0 + z.0) - ay * ay) / 2.0;
    ((re, im), OK)
}
fn cos(z: C) -> Out { cosh((-z.1, z.0)) }
/// cosh or sinh: `special` for what is not finite; `re` and `im` are the hyperbolic functions that the parts take of the real part; `mirror`
/// turns the result for an infinite real part into that for its negative.
fn hyperbolic(z: C, special: &Table, re: fn(f64) -> f64, im: fn(f64) -> f64, mirror: fn(C) -> C) -> Out {
    if !finite(z) {
        let r = if z.0.is_infinite() && z.1.is_finite() && z.1 != 0.0 {
            let r = towards(INF, z.1);
            if z.0 > 0.0 { r } else { mirror(r) }
        } else {
            special[sort(z.0)][sort(z.1)]
        };
        return (r, if z.1.is_infinite() && !z.0.is_nan() { Fault::Domain } else { OK });
    }
    let r = if z.0.abs() > LOG_LARGE {
        let x = z.0 - 1f64.copysign(z.0);
        (z.1.cos() * re(x) * std::f64::consts::E, z.1.sin() * im(x) * std::f64::consts::E)
    } else {
        (z.1.cos() * re(z.0), z.1.sin() * im(z.0))
    };
    (r, overflow(r))
}
fn cosh(z: C) -> Out { hyperbolic(z, &COSH, f64::cosh, f64::sinh, |(c, s)| (c, -s)) }
fn sinh(z: C) -> Out { hyperbolic(z, &SINH, f64::sinh, f64::cosh, |(c, s)| (-c, s)) }
fn overflow(r: C) -> Fault { if r.0.is_infinite() || r.1.is_infinite() { Fault::Range } else { OK } }
fn exp(z: C) -> Out {
    if !finite(z) {
        let r = if z.0.is_infinite() && z.1.is_finite() && z.1 != 0.0 {
            towards(if z.0 > 0.0 { INF } else { 0.0 }, z.1)
        } else {
            EXP[sort(z.0)][sort(z.1)]
        };
        let bad = z.1.is_infinite() && (z.0.is_finite() || z.0.is_infinite() && z.0 > 0.0);
        return (r, if bad { Fault::Domain } else { OK });
    }
    let r = if z.0 > LOG_LARGE {
        let l = (z.0 - 1.0).exp();
        (l * z.1.cos() * std::f64::consts::E, l * z.1.sin() * std::f64::consts::E)
    } else {
        let l = z.0.exp();
        (l * z.1.cos(), l * z.1.sin())
    };
    (r, overflow(r))
}
/// The natural logarithm.
fn ln(z: C) -> Out {
    if let Some(r) = special(z, &LOG) {
        return (r, OK);
    }
    let (ax, ay) = (z.0.abs(), z.1.abs());
    let im = atan2(z.1, z.0);
    let re = if ax > LARGE || ay > LARGE {
        hypot(ax / 2.0, ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax > 0.0 || ay > 0.0 {
            // Subnormal: scaled by 2**53.
            hypot(ax * SCALE_UP, ay * SCALE_UP).ln() - 53.0 * LN_2
        } else {
            return ((-INF, im), Fault::Domain);
        }
    } else {
        let h = hypot(ax, ay);
        if (0.71..=1.73).contains(&h) {
            // Near the unit circle the difference from 1 is what counts.
            let (am, an) = if ax > ay { (ax, ay) } else { (ay, ax) };
            log1p((am - 1.0) * (am + 1.0) + an * an) / 2.0
        } else {
            h.ln()
        }
    };
    ((re, im), OK)
}
fn log10(z: C) -> Out {
    let (r, f) = ln(z);
    let d = std::f64::consts::LN_10;
    ((r.0 / d, r.1 / d), f)
}
fn sin(z: C) -> Out { quarter_turned(z, sinh) }
fn tan(z: C) -> Out { quarter_turned(z, tanh) }
fn tanh(z: C) -> Out {
    if !finite(z) {
        let r = if z.0.is_infinite() && z.1.is_finite() && z.1 != 0.0 {
            (if z.0 > 0.0 { 1.0 } else { -1.0 }, 0f64.copysign(2.0 * z.1.sin() * z.1.cos()))
        } else {
            TANH[sort(z.0)][sort(z.1)]
        };
        return (r, if z.1.is_infinite() && z.0.is_finite() { Fault::Domain } else { OK });
    }
    if z.0.abs() > LOG_LARGE {
        return ((1f64.copysign(z.0), 4.0 * z.1.sin() * z.1.cos() * (-2.0 * z.0.abs()).exp()), OK);
    }
    let tx = z.0.tanh();
    let ty = z.1.tan();
    let cx = 1.0 / z.0.cosh();
    let txty = tx * ty;
    let d = 1.0 + txty * txty;
    ((tx * (1.0 + ty * ty) / d, ty / d * cx * cx), OK)
}

fn log_(th: &mut Thread, a: Args) -> R<Value> {
    let z = arg(th, a.get(0))?;
    let base = match a.opt(1) {
        Some(b) => Some(arg(th, b)?),
        None => None,
    };
    let (x, fault) = ln(z);
    let Some(b) = base else { return give(th, (x, fault)) };
    let (y, fault) = ln(b);
    match complex::divide(x, y) {
        Some(r) if fault == OK => complex::new(th, r.0, r.1),
        _ => Err(domain(th)),
    }
}
fn phase(th: &mut Thread, a: Args) -> R<Value> {
    let z = arg(th, a.get(0))?;
    float::new(th, atan2(z.1, z.0))
}
fn polar(th: &mut Thread, a: Args) -> R<Value> {
    let z = arg(th, a.get(0))?;
    let r = hypot(z.0, z.1);
    if r.is_infinite() && finite(z) {
        return Err(range(th));
    }
    let r = float::new(th, r)?;
    let phi = float::new(th, atan2(z.1, z.0))?;
    th.new_tuple(&[r, phi])
}
fn rect(th: &mut Thread, a: Args) -> R<Value> {
    let (r, phi) = crate::math::two(th, a)?;
    let out = if !r.is_finite() || !phi.is_finite() {
        let v = if r.is_infinite() && phi.is_finite() && phi != 0.0 {
            let (c, s) = towards(INF, phi);
            if r > 0.0 { (c, s) } else { (-c, -s) }
        } else {
            RECT[sort(r)][sort(phi)]
        };
        (v, if r != 0.0 && !r.is_nan() && phi.is_infinite() { Fault::Domain } else { OK })
    } else if phi == 0.0 {
        // Keeps the sign of a zero.
        ((r, r * phi), OK)
    } else {
        ((r * phi.cos(), r * phi.sin()), OK)
    };
    give(th, out)
}
fn isclose(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (arg(th, a.get(0))?, arg(th, a.get(1))?);
    let (rel, abs) = crate::math_float::tolerances(th, a)?;
    if x == y {
        return Ok(Value::TRUE);
    }
    if x.0.is_infinite() || x.1.is_infinite() || y.0.is_infinite() || y.1.is_infinite() {
        return Ok(Value::FALSE);
    }
    let size = |z: C| hypot(z.0, z.1);
    let d = size((x.0 - y.0, x.1 - y.1));
    Ok(Value::from_bool(d <= rel * size(y) || d <= rel * size(x) || d <= abs))
}
