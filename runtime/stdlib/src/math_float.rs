//! `math`, floats: logarithms of any integer, gamma functions, accurate sums, norms, neighbours.

use crate::api::*;
use crate::math::{domain, range};
use int::Num;

// SAFETY: pure functions of the C library.
unsafe extern "C" {
    #[link_name = "acosh"]
    safe fn c_acosh(x: f64) -> f64;
    #[link_name = "asinh"]
    safe fn c_asinh(x: f64) -> f64;
    #[link_name = "atanh"]
    safe fn c_atanh(x: f64) -> f64;
}
pub fn acosh(x: f64) -> f64 { c_acosh(x) }
pub fn asinh(x: f64) -> f64 { c_asinh(x) }
pub fn atanh(x: f64) -> f64 { c_atanh(x) }

// ---- logarithms

/// The logarithm of a positive integer of any size, or of a float, as `f` computes it.
fn log_of(th: &mut Thread, v: Value, f: fn(f64) -> f64) -> R<f64> {
    if let Some(n) = int::num(v) {
        if n.is_zero() || n.is_negative() {
            return Err(domain(th));
        }
        let x = n.f64();
        if x.is_finite() {
            return Ok(f(x));
        }
        let (m, e) = mantissa(n);
        return Ok(f(m) + f(2.0) * e as f64);
    }
    let x = float::as_f64(th, v)?;
    if x <= 0.0 {
        return Err(domain(th));
    }
    Ok(f(x))
}
/// `m * 2**e` with m in [0.5, 1), of a number too large for a float.
fn mantissa(n: Num) -> (f64, u64) {
    let bits = n.bits();
    let shift = bits - 64;
    let top: num_bigint::BigInt = n.big() >> shift;
    let (m, e) = frexp(num_traits::ToPrimitive::to_f64(&top).unwrap_or(1.0));
    (m, shift + e as u64)
}
pub fn log(th: &mut Thread, a: Args) -> R<Value> {
    let num = log_of(th, a.get(0), f64::ln)?;
    let Some(base) = a.opt(1) else { return float::new(th, num) };
    let den = log_of(th, base, f64::ln)?;
    if den == 0.0 {
        return Err(th.raise(&txpy_vm::exceptions::ZERO_DIVISION_ERROR, "float division by zero"));
    }
    float::new(th, num / den)
}
pub fn log10(th: &mut Thread, a: Args) -> R<Value> {
    let r = log_of(th, a.get(0), f64::log10)?;
    float::new(th, r)
}
pub fn log2(th: &mut Thread, a: Args) -> R<Value> {
    let r = log_of(th, a.get(0), f64::log2)?;
    float::new(th, r)
}

// ---- gamma: Lanczos' approximation with the rational form and coefficients of Godfrey and Boost (N = 13, g = 6.0246...)

const LANCZOS_G: f64 = 6.024680040776729583740234375;
const LANCZOS_G_MINUS_HALF: f64 = 5.524680040776729583740234375;
const NUM: [f64; 13] = [
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959, 35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390, 6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640, 2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328, 8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
];
const DEN: [f64; 13] = [0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0, 1925.0, 66.0, 1.0];

fn lanczos_sum(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    if x < 5.0 {
        for i in (0..13).rev() {
            num = num * x + NUM[i];
            den = den * x + DEN[i];
        }
    } else {
        for i in 0..13 {
            num = num / x + NUM[i];
            den = den / x + DEN[i];
        }
    }
    num / den
}
/// sin(pi x), exact at multiples of a half.
fn sinpi(x: f64) -> f64 {
    use std::f64::consts::PI;
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    r * 1f64.copysign(x)
}
/// The gamma function; poles are the caller's.
pub fn tgamma(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    if x == x.floor() && x <= 23.0 && x > 0.0 {
        return (1..x as u64).fold(1.0, |r, i| r * i as f64);
    }
    let absx = x.abs();
    if absx < 1e-20 {
        return 1.0 / x;
    }
    if absx > 200.0 {
        return if x < 0.0 { 0.0 / sinpi(x) } else { f64::INFINITY };
    }
    let y = absx + LANCZOS_G_MINUS_HALF;
    // The rounding error of y, fed back below.
    let z = if absx > LANCZOS_G_MINUS_HALF {
        let q = y - absx;
        q - LANCZOS_G_MINUS_HALF
    } else {
        let q = y - LANCZOS_G_MINUS_HALF;
        q - absx
    };
    let z = z * LANCZOS_G / y;
    let mut r;
    if x < 0.0 {
        r = -std::f64::consts::PI / sinpi(absx) / absx * y.exp() / lanczos_sum(absx);
        r -= z * r;
        if absx < 140.0 {
            r /= y.powf(absx - 0.5);
        } else {
            let s = y.powf(absx / 2.0 - 0.25);
            r /= s;
            r /= s;
        }
    } else {
        r = lanczos_sum(absx) / y.exp();
        r += z * r;
        if absx < 140.0 {
            r *= y.powf(absx - 0.5);
        } else {
            let s = y.powf(absx / 2.0 - 0.25);
            r *= s;
            r *= s;
        }
    }
    r
}
/// log |gamma(x)|; poles are the caller's.
pub fn log_gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == x.floor() && x <= 2.0 && x > 0.0 {
        return 0.0;
    }
    let absx = x.abs();
    if absx < 1e-20 {
        return -absx.ln();
    }
    let mut r = lanczos_sum(absx).ln() - LANCZOS_G;
    r += (absx - 0.5) * ((absx + LANCZOS_G - 0.5).ln() - 1.0);
    if x < 0.0 {
        r = std::f64::consts::PI.ln() - sinpi(absx).abs().ln() - absx.ln() - r;
    }
    r
}

// ---- parts

/// `x = m * 2**e` with |m| in [0.5, 1).
pub fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let bits = x.to_bits();
    let e = (bits >> 52 & 0x7FF) as i32;
    if e == 0 {
        let (m, e) = frexp(x * 2f64.powi(64));
        return (m, e - 64);
    }
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), e - 1022)
}
pub fn frexp_(th: &mut Thread, a: Args) -> R<Value> {
    let (m, e) = frexp(float::as_f64(th, a.get(0))?);
    let m = float::new(th, m)?;
    th.new_tuple(&[m, Value::int(e as i64)])
}
pub fn ldexp_(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    if !int::is_int_like(a.get(1)) {
        return Err(th.type_error(if th.py3() { "Expected an int as second argument to ldexp." } else { "Expected an int or long as second argument to ldexp." }));
    }
    let e = int::to_i64(a.get(1)).unwrap_or(if int::is_negative(a.get(1)) { i64::MIN } else { i64::MAX });
    if x == 0.0 || !x.is_finite() {
        return float::new(th, x);
    }
    let r = txpy_vm::types::float_arith::ldexp(x, e.clamp(-100_000, 100_000));
    if r.is_infinite() { Err(range(th)) } else { float::new(th, r) }
}
pub fn modf(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?;
    let (f, i) = if x.is_infinite() { (0f64.copysign(x), x) } else { ((x - x.trunc()).copysign(x), x.trunc()) };
    let f = float::new(th, f)?;
    let i = float::new(th, i)?;
    th.new_tuple(&[f, i])
}

// ---- sums

/// Shewchuk's exact partial sums: numbers that don't overlap, smallest first.
#[derive(Default)]
pub struct Partials(Vec<f64>);
impl Partials {
    /// False when an intermediate sum overflows.
    pub fn add(&mut self, mut x: f64) -> bool {
        let mut n = 0;
        for i in 0..self.0.len() {
            let mut y = self.0[i];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let hi = x + y;
            let lo = y - (hi - x);
            if lo != 0.0 {
                self.0[n] = lo;
                n += 1;
            }
            x = hi;
        }
        self.0.truncate(n);
        if x != 0.0 {
            if !x.is_finite() {
                return false;
            }
            self.0.push(x);
        }
        true
    }
    /// The sum, rounded once, ties to even.
    pub fn total(&self) -> f64 {
        let p = &self.0;
        let mut n = p.len();
        if n == 0 {
            return 0.0;
        }
        n -= 1;
        let (mut hi, mut lo) = (p[n], 0.0);
        while n > 0 {
            let x = hi;
            n -= 1;
            let y = p[n];
            hi = x + y;
            lo = y - (hi - x);
            if lo != 0.0 {
                break;
            }
        }
        if n > 0 && (lo < 0.0 && p[n - 1] < 0.0 || lo > 0.0 && p[n - 1] > 0.0) {
            let y = lo * 2.0;
            let x = hi + y;
            if y == x - hi {
                hi = x;
            }
        }
        hi
    }
}
pub fn fsum(th: &mut Thread, a: Args) -> R<Value> {
    let (mut p, mut special, mut inf) = (Partials::default(), 0.0, 0.0);
    iter::for_each(th, a.get(0), |th, v| {
        let x = float::as_f64(th, v)?;
        if !x.is_finite() {
            if x.is_infinite() {
                inf += x;
            }
            special += x;
            p.0.clear();
        } else if special == 0.0 && !p.add(x) {
            return Err(th.overflow_error("intermediate overflow in fsum"));
        }
        Ok(())
    })?;
    if special != 0.0 {
        if inf.is_nan() {
            return Err(th.value_error("-inf + inf in fsum"));
        }
        return float::new(th, special);
    }
    float::new(th, p.total())
}
pub fn sumprod(th: &mut Thread, a: Args) -> R<Value> {
    let (p, q) = (iter::iter(th, a.get(0))?, iter::iter(th, a.get(1))?);
    let mut total = Value::int(0);
    // While both items are floats or small ints the products are added exactly.
    let (mut exact, mut any, mut special) = (Partials::default(), false, 0.0);
    loop {
        th.poll()?;
        let (x, y) = (iter::next(th, p)?, iter::next(th, q)?);
        let (x, y) = match (x, y) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => break,
            _ => return Err(th.value_error("Inputs are not the same length")),
        };
        let floats = float::exact(x).is_some() && (float::exact(y).is_some() || int::num(y).is_some()) || float::exact(y).is_some() && int::num(x).is_some();
        if floats {
            let (f, g) = (float::as_f64(th, x)?, float::as_f64(th, y)?);
            let hi = f * g;
            if hi.is_finite() {
                let lo = f.mul_add(g, -hi);
                if exact.add(hi) && (lo == 0.0 || exact.add(lo)) {
                    any = true;
                    continue;
                }
            }
            special += hi;
            any = true;
            continue;
        }
        let m = binary(th, Op::Mul, x, y)?;
        total = binary(th, Op::Add, total, m)?;
    }
    if !any {
        return Ok(total);
    }
    let f = float::new(th, if special != 0.0 { special + exact.total() } else { exact.total() })?;
    binary(th, Op::Add, total, f)
}

// ---- norms

/// The Euclidean norm: scaled by a power of two, squares and their sum in double-double, one Newton correction.
fn norm(v: &[f64]) -> f64 {
    let max = v.iter().fold(0f64, |m, x| if x.is_nan() { m } else { m.max(x.abs()) });
    if max.is_infinite() {
        return max;
    }
    if v.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if max == 0.0 || v.len() == 1 {
        return max;
    }
    let e = frexp(max).1;
    if e < -1023 {
        // Scaling by 2**-e would overflow: lift subnormals first.
        let lifted: Vec<f64> = v.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * norm(&lifted);
    }
    let scale = txpy_vm::types::float_arith::ldexp(1.0, -e as i64);
    let (mut sum, mut frac1, mut frac2) = (1.0, 0.0, 0.0);
    let two_sum = |a: f64, b: f64| {
        let s = a + b;
        (s, b - (s - a))
    };
    for x in v {
        let x = x * scale;
        let hi = x * x;
        let lo = x.mul_add(x, -hi);
        let (s, err) = two_sum(sum, hi);
        sum = s;
        frac1 += lo;
        frac2 += err;
    }
    let mut h = (sum - 1.0 + (frac1 + frac2)).sqrt();
    let hi = -h * h;
    let lo = (-h).mul_add(h, -hi);
    let (s, err) = two_sum(sum, hi);
    frac1 += lo;
    frac2 += err;
    let x = s - 1.0 + (frac1 + frac2);
    h += x / (2.0 * h);
    h / scale
}
pub fn hypot2(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = crate::math::two(th, a)?;
    let r = x.hypot(y);
    if r.is_infinite() && x.is_finite() && y.is_finite() { Err(range(th)) } else { float::new(th, r) }
}
pub fn hypot(th: &mut Thread, a: Args) -> R<Value> {
    let mut v = Vec::with_capacity(a.len());
    for x in a.iter() {
        v.push(float::as_f64(th, x)?);
    }
    float::new(th, norm(&v))
}
pub fn dist(th: &mut Thread, a: Args) -> R<Value> {
    let (p, q) = (iter::to_tuple(th, a.get(0))?, iter::to_tuple(th, a.get(1))?);
    let (p, q) = (tuple::items(p).unwrap_or(&[]), tuple::items(q).unwrap_or(&[]));
    if p.len() != q.len() {
        return Err(th.value_error("both points must have the same number of dimensions"));
    }
    let mut v = Vec::with_capacity(p.len());
    for (x, y) in p.iter().zip(q) {
        v.push((float::as_f64(th, *x)? - float::as_f64(th, *y)?).abs());
    }
    float::new(th, norm(&v))
}

// ---- neighbours

/// `rel_tol` and `abs_tol`, the arguments behind the numbers. Errors: ValueError for negative ones.
pub fn tolerances(th: &mut Thread, a: Args) -> R<(f64, f64)> {
    let opt = |th: &mut Thread, i: usize, default: f64| a.opt(i).map_or(Ok(default), |v| float::as_f64(th, v));
    let (rel, abs) = (opt(th, 2, 1e-9)?, opt(th, 3, 0.0)?);
    if rel < 0.0 || abs < 0.0 { Err(th.value_error("tolerances must be non-negative")) } else { Ok((rel, abs)) }
}
pub fn isclose(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = crate::math::two(th, a)?;
    let (rel, abs) = tolerances(th, a)?;
    if x == y {
        return Ok(Value::TRUE);
    }
    if x.is_infinite() || y.is_infinite() {
        return Ok(Value::FALSE);
    }
    let d = (y - x).abs();
    Ok(Value::from_bool(d <= (rel * y).abs() || d <= (rel * x).abs() || d <= abs))
}
/// Floats in order as integers: -0.0 and 0.0 are one place.
fn place(x: f64) -> i64 {
    let b = x.to_bits() as i64;
    if b < 0 { -(b & i64::MAX) } else { b }
}
fn at_place(p: i64, zero: f64) -> f64 {
    if p == 0 { 0f64.copysign(zero) } else if p < 0 { -f64::from_bits(-p as u64) } else { f64::from_bits(p as u64) }
}
pub fn nextafter_(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = crate::math::two(th, a)?;
    let steps = match a.some(2) {
        None => 1,
        Some(s) => {
            let s = int::index(th, s)?;
            if int::is_negative(s) {
                return Err(th.value_error("steps must be a non-negative integer"));
            }
            int::to_u64(s).unwrap_or(u64::MAX)
        }
    };
    if steps == 0 {
        return float::new(th, x);
    }
    if x.is_nan() || y.is_nan() {
        return float::new(th, f64::NAN);
    }
    let (p, q) = (place(x), place(y));
    let gap = q.abs_diff(p);
    let r = if p == q || steps >= gap { y } else if p < q { at_place(p + steps as i64, -1.0f64.min(x)) } else { at_place(p - steps as i64, x) };
    float::new(th, r)
}
pub fn ulp(th: &mut Thread, a: Args) -> R<Value> {
    let x = float::as_f64(th, a.get(0))?.abs();
    if !x.is_finite() {
        return float::new(th, x);
    }
    let next = f64::from_bits(x.to_bits() + 1);
    let r = if next.is_infinite() { x - f64::from_bits(x.to_bits() - 1) } else { next - x };
    float::new(th, r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_of_small_integers_is_exact() {
        assert_eq!((tgamma(5.0), tgamma(1.0), tgamma(23.0)), (24.0, 1.0, 1124000727777607680000.0));
        assert!((tgamma(0.5) - std::f64::consts::PI.sqrt()).abs() < 1e-15);
        assert_eq!(log_gamma(2.0), 0.0);
    }
    #[test]
    fn sums_are_rounded_once() {
        let mut p = Partials::default();
        for x in [1e16, 1.0, -1e16, 1e-16] {
            p.add(x);
        }
        assert_eq!(p.total(), 1.0);
    }
    #[test]
    fn neighbours() {
        assert_eq!(at_place(place(1.0) + 1, 1.0), 1.0 + f64::EPSILON);
        assert_eq!(place(-0.0), place(0.0));
        assert_eq!(at_place(-1, 1.0), -5e-324);
    }
}
