//! `math`: the module's table; functions of one or two floats.

use crate::api::*;
use crate::{math_float as mf, math_int as mi};

// SAFETY: pure functions of the C library, the ones that the reference's results come from.
unsafe extern "C" {
    safe fn erf(x: f64) -> f64;
    safe fn erfc(x: f64) -> f64;
    safe fn remainder(x: f64, y: f64) -> f64;
    safe fn fmod(x: f64, y: f64) -> f64;
    safe fn pow(x: f64, y: f64) -> f64;
    safe fn atan2(y: f64, x: f64) -> f64;
}

pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    doc: "Mathematical functions of floats and integers.",
    functions: FUNCTIONS,
    init: Some(init),
    ..ModuleDef::DEFAULT
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    use std::f64::consts;
    for (name, v) in [("pi", consts::PI), ("e", consts::E)] {
        module::set(th, m, name, Value::from_float(v).expect("an inline float"))?;
    }
    if th.py3() {
        for (name, v) in [("tau", consts::TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
            module::set(th, m, name, Value::from_float(v).expect("an inline float"))?;
        }
    }
    Ok(())
}

/// A function of one float: a nan result of a number is a domain error, an infinite result of a finite number an overflow, or a
/// domain error where the function has a pole.
#[inline]
fn unary(th: &mut Thread, a: Args, f: fn(f64) -> f64, can_overflow: bool) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    let r = f(x);
    if r.is_nan() && !x.is_nan() {
        return Err(domain(th));
    }
    if r.is_infinite() && x.is_finite() {
        return Err(if can_overflow { range(th) } else { domain(th) });
    }
    float::new(th, r)
}
pub fn domain(th: &mut Thread) -> Unwind { th.value_error("math domain error") }
pub fn range(th: &mut Thread) -> Unwind { th.overflow_error("math range error") }

static FUNCTIONS: &[NativeDef] = natives! {
    #[alloc] "acos(x, /)" = |th, a| unary(th, a, f64::acos, false), "Return the arc cosine (measured in radians) of x.";
    #[alloc] "acosh(x, /)" = |th, a| unary(th, a, mf::acosh, false), "Return the inverse hyperbolic cosine of x.";
    #[alloc] "asin(x, /)" = |th, a| unary(th, a, f64::asin, false), "Return the arc sine (measured in radians) of x.";
    #[alloc] "asinh(x, /)" = |th, a| unary(th, a, mf::asinh, false), "Return the inverse hyperbolic sine of x.";
    #[alloc] "atan(x, /)" = |th, a| unary(th, a, f64::atan, false), "Return the arc tangent (measured in radians) of x.";
    #[alloc] "atanh(x, /)" = |th, a| unary(th, a, mf::atanh, false), "Return the inverse hyperbolic tangent of x.";
    #[py3, alloc] "cbrt(x, /)" = |th, a| unary(th, a, f64::cbrt, false), "Return the cube root of x.";
    #[alloc] "cos(x, /)" = |th, a| unary(th, a, f64::cos, false), "Return the cosine of x (measured in radians).";
    #[alloc] "cosh(x, /)" = |th, a| unary(th, a, f64::cosh, true), "Return the hyperbolic cosine of x.";
    #[alloc] "erf(x, /)" = |th, a| unary(th, a, |x| erf(x), false), "Error function at x.";
    #[alloc] "erfc(x, /)" = |th, a| unary(th, a, |x| erfc(x), false), "Complementary error function at x.";
    #[alloc] "exp(x, /)" = |th, a| unary(th, a, f64::exp, true), "Return e raised to the power of x.";
    #[py3, alloc] "exp2(x, /)" = |th, a| unary(th, a, f64::exp2, true), "Return 2 raised to the power of x.";
    #[alloc] "expm1(x, /)" = |th, a| unary(th, a, f64::exp_m1, true), "Return exp(x)-1, without the loss of precision of the direct evaluation.";
    #[alloc] "fabs(x, /)" = |th, a| unary(th, a, f64::abs, false), "Return the absolute value of the float x.";
    #[alloc] "gamma(x, /)" = gamma, "Gamma function at x.";
    #[alloc] "lgamma(x, /)" = lgamma, "Natural logarithm of absolute value of Gamma function at x.";
    #[alloc] "log1p(x, /)" = log1p, "Return the natural logarithm of 1+x (base e).";
    #[alloc] "sin(x, /)" = |th, a| unary(th, a, f64::sin, false), "Return the sine of x (measured in radians).";
    #[alloc] "sinh(x, /)" = |th, a| unary(th, a, f64::sinh, true), "Return the hyperbolic sine of x.";
    #[alloc] "sqrt(x, /)" = |th, a| unary(th, a, f64::sqrt, false), "Return the square root of x.";
    #[alloc] "tan(x, /)" = |th, a| unary(th, a, f64::tan, false), "Return the tangent of x (measured in radians).";
    #[alloc] "tanh(x, /)" = |th, a| unary(th, a, f64::tanh, false), "Return the hyperbolic tangent of x.";
    "degrees(x, /)" = |th, a| { let x = float::as_f64(th, a.get(0))?; float::new(th, x * (180.0 / std::f64::consts::PI)) }, "Convert angle x from radians to degrees.";
    "radians(x, /)" = |th, a| { let x = float::as_f64(th, a.get(0))?; float::new(th, x * (std::f64::consts::PI / 180.0)) }, "Convert angle x from degrees to radians.";
    "isnan(x, /)" = |th, a| Ok(Value::from_bool(float::as_f64(th, a.get(0))?.is_nan())), "Return True if x is a NaN (not a number), and False otherwise.";
    "isinf(x, /)" = |th, a| Ok(Value::from_bool(float::as_f64(th, a.get(0))?.is_infinite())), "Return True if x is a positive or negative infinity, and False otherwise.";
    #[py3] "isfinite(x, /)" = |th, a| Ok(Value::from_bool(float::as_f64(th, a.get(0))?.is_finite())), "Return True if x is neither an infinity nor a NaN, and False otherwise.";
    "atan2(y, x, /)" = |th, a| { let (y, x) = two(th, a)?; float::new(th, atan2(y, x)) }, "Return the arc tangent (measured in radians) of y/x.";
    "copysign(x, y, /)" = |th, a| { let (x, y) = two(th, a)?; float::new(th, x.copysign(y)) }, "Return a float with the magnitude (absolute value) of x but the sign of y.";
    "fmod(x, y, /)" = fmod_, "Return fmod(x, y), according to platform C.";
    "pow(x, y, /)" = pow_, "Return x**y (x to the power of y).";
    #[py3] "remainder(x, y, /)" = remainder_, "Difference between x and the closest integer multiple of y.";
    #[py3] "fma(x, y, z, /)" = fma, "Fused multiply-add operation: (x * y) + z with one rounding.";
    "log(x, base=None, /)" = mf::log, "log(x, [base=math.e])\nReturn the logarithm of x to the given base.";
    "log10(x, /)" = mf::log10, "Return the base 10 logarithm of x.";
    #[py3] "log2(x, /)" = mf::log2, "Return the base 2 logarithm of x.";
    "frexp(x, /)" = mf::frexp_, "Return the mantissa and exponent of x, as pair (m, e).";
    "ldexp(x, i, /)" = mf::ldexp_, "Return x * (2**i).";
    "modf(x, /)" = mf::modf, "Return the fractional and integer parts of x.";
    "fsum(seq, /)" = mf::fsum, "Return an accurate floating-point sum of values in the iterable seq.";
    #[py2] "hypot(x, y, /)" = mf::hypot2, "Return the Euclidean distance, sqrt(x*x + y*y).";
    #[py3] "hypot(*coordinates)" = mf::hypot, "Multidimensional Euclidean distance from the origin to a point.";
    #[py3] "dist(p, q, /)" = mf::dist, "Return the Euclidean distance between two points p and q.";
    #[py3] "sumprod(p, q, /)" = mf::sumprod, "Return the sum of products of values from two iterables p and q.";
    #[py3] "isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)" = mf::isclose, "Determine whether two floating-point numbers are close in value.";
    #[py3] "nextafter(x, y, /, *, steps=None)" = mf::nextafter_, "Return the floating-point value the given number of steps after x towards y.";
    #[py3] "ulp(x, /)" = mf::ulp, "Return the value of the least significant bit of the float x.";
    #[py2] "ceil(x, /)" = |th, a| { let x = float::as_f64(th, a.get(0))?; float::new(th, x.ceil()) }, "Return the ceiling of x as a float.";
    #[py2] "floor(x, /)" = |th, a| { let x = float::as_f64(th, a.get(0))?; float::new(th, x.floor()) }, "Return the floor of x as a float.";
    #[py3] "ceil(x, /)" = |th, a| mi::rounded(th, a.get(0), D::ceil, f64::ceil), "Return the ceiling of x as an Integral.";
    #[py3] "floor(x, /)" = |th, a| mi::rounded(th, a.get(0), D::floor, f64::floor), "Return the floor of x as an Integral.";
    "trunc(x, /)" = mi::trunc, "Truncates the Real x to the nearest Integral toward 0.";
    "factorial(n, /)" = mi::factorial, "Find n!.";
    #[py3] "gcd(*integers)" = mi::gcd, "Greatest Common Divisor.";
    #[py3] "lcm(*integers)" = mi::lcm, "Least Common Multiple.";
    #[py3] "isqrt(n, /)" = mi::isqrt, "Return the integer part of the square root of the input.";
    #[py3] "comb(n, k, /)" = mi::comb, "Number of ways to choose k items from n items without repetition and without order.";
    #[py3] "perm(n, k=None, /)" = mi::perm, "Number of ways to choose k items from n items without repetition and with order.";
    #[py3] "prod(iterable, /, *, start=1)" = mi::prod, "Calculate the product of all the elements in the input iterable.";
};

pub fn two(th: &mut Thread, a: Args) -> R<(f64, f64)> { Ok((float::as_f64(th, a.get(0))?, float::as_f64(th, a.get(1))?)) }

fn log1p(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    if x <= -1.0 {
        return Err(if x == -1.0 && !th.py3() { range(th) } else { domain(th) });
    }
    float::new(th, x.ln_1p())
}
fn gamma(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    if x == f64::NEG_INFINITY || x.is_finite() && x == x.floor() && x <= 0.0 {
        return Err(domain(th));
    }
    let r = mf::tgamma(x);
    if r.is_infinite() && x.is_finite() { Err(range(th)) } else { float::new(th, r) }
}
fn lgamma(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    if x.is_finite() && x == x.floor() && x <= 0.0 {
        return Err(domain(th));
    }
    let r = mf::log_gamma(x);
    if r.is_infinite() && x.is_finite() { Err(range(th)) } else { float::new(th, r) }
}
fn fmod_(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = two(th, a)?;
    if y.is_infinite() && x.is_finite() {
        return float::new(th, x);
    }
    let r = fmod(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain(th)) } else { float::new(th, r) }
}
fn remainder_(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = two(th, a)?;
    let r = remainder(x, y);
    if r.is_nan() && !x.is_nan() && !y.is_nan() { Err(domain(th)) } else { float::new(th, r) }
}
fn pow_(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = two(th, a)?;
    let r = pow(x, y);
    if x.is_finite() && y.is_finite() {
        if r.is_nan() || r.is_infinite() && x == 0.0 {
            return Err(domain(th));
        }
        if r.is_infinite() {
            return Err(range(th));
        }
    }
    float::new(th, r)
}
fn fma(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = two(th, a)?;
    let z = float::as_f64(th, a.get(2))?;
    let r = x.mul_add(y, z);
    if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(th.value_error("invalid operation in fma"));
    }
    if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(th.overflow_error("overflow in fma"));
    }
    float::new(th, r)
}
