//! Addition to division, remainders, rounding to integers and exponents.
//!
//! Source: General Decimal Arithmetic Specification 1.70, "Arithmetic operations".

use super::nat::{self, Nat};
use super::number::{Ctx, Dec, Rounding, fix, nan_of, status::*};
use crate::api::*;
use std::cmp::Ordering;

/// An operation of one, two operands.
pub type Unary = fn(&mut Thread, &Dec, &mut Ctx) -> R<Dec>;
pub type Binary = fn(&mut Thread, &Dec, &Dec, &mut Ctx) -> R<Dec>;

pub fn add(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if !a.is_finite() || !b.is_finite() {
        if let Some(n) = nan_of(th, &[a, b], c)? {
            return Ok(n);
        }
        if a.is_inf() && b.is_inf() && a.neg != b.neg {
            return Ok(c.invalid(INVALID, "-INF + INF"));
        }
        return Ok(Dec::inf(if a.is_inf() { a.neg } else { b.neg }));
    }
    let exp = a.exp.min(b.exp);
    let zero_neg = c.round == Rounding::Floor && a.neg != b.neg;
    let d = match (a.c.is_zero(), b.c.is_zero()) {
        (true, true) => Dec::zero(a.neg && b.neg || zero_neg, exp),
        (true, false) => b.rescale(th, exp.max(b.exp.saturating_sub(c.prec).saturating_sub(1)), c.round)?,
        (false, true) => a.rescale(th, exp.max(a.exp.saturating_sub(c.prec).saturating_sub(1)), c.round)?,
        (false, false) => {
            let (x, y, exp) = aligned(th, a, b, Some(c.prec))?;
            if a.neg == b.neg {
                Dec::new(a.neg, x.add(&y), exp)
            } else {
                match x.cmp(&y) {
                    Ordering::Equal => Dec::zero(zero_neg, exp),
                    Ordering::Greater => Dec::new(a.neg, x.sub(&y), exp),
                    Ordering::Less => Dec::new(b.neg, y.sub(&x), exp),
                }
            }
        }
    };
    fix(th, d, c)
}
pub fn subtract(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if b.is_nan() { add(th, a, b, c) } else { add(th, a, &b.clone().signed(!b.neg), c) }
}
/// Coefficients at the smaller exponent. With a precision, an operand far below the other's last rounded digit is replaced by one that rounds
/// the same way.
fn aligned(th: &mut Thread, a: &Dec, b: &Dec, prec: Option<i64>) -> R<(Nat, Nat, i64)> {
    if a.exp == b.exp {
        return Ok((a.c.clone(), b.c.clone(), a.exp));
    }
    let swap = a.exp < b.exp;
    let (high, low) = if swap { (b, a) } else { (a, b) };
    let (mut low_c, mut low_exp) = (low.c.clone(), low.exp);
    if let Some(prec) = prec {
        let digits = high.c.digits(th)? as i64;
        let exp = high.exp + (-1).min(digits - prec - 2);
        if low.c.digits(th)? as i64 + low.exp - 1 < exp {
            (low_c, low_exp) = (nat::ONE, exp);
        }
    }
    let high_c = high.c.shift(th, (high.exp - low_exp) as u64)?;
    Ok(if swap { (low_c, high_c, low_exp) } else { (high_c, low_c, low_exp) })
}
pub fn multiply(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    let neg = a.neg != b.neg;
    if !a.is_finite() || !b.is_finite() {
        if let Some(n) = nan_of(th, &[a, b], c)? {
            return Ok(n);
        }
        if a.is_zero() || b.is_zero() {
            return Ok(c.invalid(INVALID, if a.is_zero() { "0 * (+-)INF" } else { "(+-)INF * 0" }));
        }
        return Ok(Dec::inf(neg));
    }
    let product = a.c.mul(th, &b.c)?;
    fix(th, Dec::new(neg, product, a.exp + b.exp), c)
}
pub fn divide(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    let neg = a.neg != b.neg;
    if !a.is_finite() || !b.is_finite() {
        if let Some(n) = nan_of(th, &[a, b], c)? {
            return Ok(n);
        }
        if a.is_inf() {
            return Ok(if b.is_inf() { c.invalid(INVALID, "(+-)INF/(+-)INF") } else { Dec::inf(neg) });
        }
        c.status |= CLAMPED;
        return Ok(Dec::zero(neg, c.etiny()));
    }
    if b.c.is_zero() {
        if a.c.is_zero() {
            return Ok(c.invalid(DIVISION_UNDEFINED, "0 / 0"));
        }
        c.invalid(ZERO_DIVISION, "x / 0");
        return Ok(Dec::inf(neg));
    }
    if a.c.is_zero() {
        return fix(th, Dec::zero(neg, a.exp - b.exp), c);
    }
    let shift = b.c.digits(th)? as i64 - a.c.digits(th)? as i64 + c.prec + 1;
    let ideal = a.exp - b.exp;
    let (q, r) = if shift >= 0 {
        a.c.shift(th, shift as u64)?.div_rem(th, &b.c)?
    } else {
        let by = b.c.shift(th, shift.unsigned_abs())?;
        a.c.div_rem(th, &by)?
    };
    let d = if r.is_zero() {
        let (q, gone) = q.strip(th, shift.max(0) as u64)?;
        Dec::new(neg, q, ideal - shift + gone as i64)
    } else {
        // What is left behind the last digit must not look like a half.
        Dec::new(neg, if q.last_digit().is_multiple_of(5) { q.add(&nat::ONE) } else { q }, ideal - shift)
    };
    fix(th, d, c)
}

/// Integer quotient and remainder of finite numbers, the divisor not zero; None if the quotient has too many digits.
fn divided(th: &mut Thread, a: &Dec, b: &Dec, c: &Ctx) -> R<Option<(Dec, Dec)>> {
    let neg = a.neg != b.neg;
    let ideal = if b.is_inf() { a.exp } else { a.exp.min(b.exp) };
    let apart = if b.is_inf() { 0 } else { a.adjusted(th)? - b.adjusted(th)? };
    if a.c.is_zero() || b.is_inf() || apart <= -2 {
        return Ok(Some((Dec::zero(neg, 0), a.rescale(th, ideal, c.round)?)));
    }
    if apart <= c.prec {
        let (x, y, _) = aligned(th, a, b, None)?;
        let (q, r) = x.div_rem(th, &y)?;
        if q.is_zero() || q.digits(th)? as i64 <= c.prec {
            return Ok(Some((Dec::new(neg, q, 0), Dec::new(a.neg, r, ideal))));
        }
    }
    Ok(None)
}
const TOO_LARGE: &str = "quotient too large in //, % or divmod";

pub fn divide_int(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    let neg = a.neg != b.neg;
    if a.is_inf() {
        return Ok(if b.is_inf() { c.invalid(INVALID, "INF // INF") } else { Dec::inf(neg) });
    }
    if b.is_zero() {
        return Ok(division_by_zero(c, a, "0 // 0", "x // 0", neg));
    }
    match divided(th, a, b, c)? {
        // 2.7 takes the quotient as it is.
        Some((q, _)) => if th.py3() { fix(th, q, c) } else { Ok(q) },
        None => Ok(c.invalid(DIVISION_IMPOSSIBLE, TOO_LARGE)),
    }
}
fn division_by_zero(c: &mut Ctx, a: &Dec, undefined: &'static str, zero: &'static str, neg: bool) -> Dec {
    if a.is_zero() {
        return c.invalid(DIVISION_UNDEFINED, undefined);
    }
    c.invalid(ZERO_DIVISION, zero);
    Dec::inf(neg)
}
pub fn remainder(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    if a.is_inf() {
        return Ok(c.invalid(INVALID, "INF % x"));
    }
    if b.is_zero() {
        return Ok(if a.is_zero() { c.invalid(DIVISION_UNDEFINED, "0 % 0") } else { c.invalid(INVALID, "x % 0") });
    }
    match divided(th, a, b, c)? {
        Some((_, r)) => fix(th, r, c),
        None => Ok(c.invalid(DIVISION_IMPOSSIBLE, TOO_LARGE)),
    }
}
pub fn divmod(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<(Dec, Dec)> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok((n.clone(), n));
    }
    let neg = a.neg != b.neg;
    if a.is_inf() {
        if b.is_inf() {
            c.invalid(INVALID, "divmod(INF, INF)");
            return Ok((Dec::NAN, Dec::NAN));
        }
        return Ok((Dec::inf(neg), c.invalid(INVALID, "INF % x")));
    }
    if b.is_zero() {
        if a.is_zero() {
            c.invalid(DIVISION_UNDEFINED, "divmod(0, 0)");
            return Ok((Dec::NAN, Dec::NAN));
        }
        let q = division_by_zero(c, a, "", "x // 0", neg);
        return Ok((q, c.invalid(INVALID, "x % 0")));
    }
    match divided(th, a, b, c)? {
        Some((q, r)) => Ok((if th.py3() { fix(th, q, c)? } else { q }, fix(th, r, c)?)),
        None => {
            c.invalid(DIVISION_IMPOSSIBLE, TOO_LARGE);
            Ok((Dec::NAN, Dec::NAN))
        }
    }
}
pub fn remainder_near(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    if a.is_inf() {
        return Ok(c.invalid(INVALID, "remainder_near(infinity, x)"));
    }
    if b.is_zero() {
        return Ok(if a.is_zero() { c.invalid(DIVISION_UNDEFINED, "remainder_near(0, 0)") } else { c.invalid(INVALID, "remainder_near(x, 0)") });
    }
    if b.is_inf() {
        return fix(th, a.clone(), c);
    }
    let ideal = a.exp.min(b.exp);
    if a.c.is_zero() {
        return fix(th, Dec::zero(a.neg, ideal), c);
    }
    let apart = a.adjusted(th)? - b.adjusted(th)?;
    if apart > c.prec {
        return Ok(c.invalid(DIVISION_IMPOSSIBLE, ""));
    }
    if apart <= -2 {
        let r = a.rescale(th, ideal, c.round)?;
        return fix(th, r, c);
    }
    let (x, y, _) = aligned(th, a, b, None)?;
    let (mut q, mut r) = x.div_rem(th, &y)?;
    let mut neg = a.neg;
    let twice = r.add(&r).cmp(&y);
    if twice.is_gt() || twice.is_eq() && q.is_odd() {
        (q, r, neg) = (q.add(&nat::ONE), y.sub(&r), !neg);
    }
    if !q.is_zero() && q.digits(th)? as i64 > c.prec {
        return Ok(c.invalid(DIVISION_IMPOSSIBLE, ""));
    }
    fix(th, Dec::new(neg, r, ideal), c)
}
/// `a * b + d`, rounded once.
pub fn fma(th: &mut Thread, a: &Dec, b: &Dec, d: &Dec, c: &mut Ctx) -> R<Dec> {
    // The product comes first, as a number of its own: that of infinity and zero is invalid whatever is added.
    let product = if a.is_nan() || b.is_nan() {
        return Ok(nan_of(th, &[a, b, d], c)?.unwrap_or(Dec::NAN));
    } else if a.is_inf() || b.is_inf() {
        if a.is_zero() || b.is_zero() {
            return Ok(c.invalid(INVALID, if a.is_inf() { "INF * 0 in fma" } else { "0 * INF in fma" }));
        }
        Dec::inf(a.neg != b.neg)
    } else {
        let p = a.c.mul(th, &b.c)?;
        Dec::new(a.neg != b.neg, p, a.exp + b.exp)
    };
    add(th, &product, d, c)
}

// ---- one operand

pub fn plus(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> { signed(th, a, a.neg, c) }
pub fn minus(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> { signed(th, a, !a.neg, c) }
pub fn abs(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> { signed(th, a, false, c) }
fn signed(th: &mut Thread, a: &Dec, neg: bool, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    // There is no minus zero but when rounding goes down.
    let neg = if a.is_zero() { neg && c.round == Rounding::Floor } else { neg };
    fix(th, a.clone().signed(neg), c)
}
pub fn normalize(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    let d = fix(th, a.clone(), c)?;
    if d.is_inf() {
        return Ok(d);
    }
    if d.c.is_zero() {
        return fix(th, Dec::zero(d.neg, 0), c);
    }
    let most = (if c.clamp { c.etop() } else { c.emax }) - d.exp;
    let (q, gone) = d.c.strip(th, most.max(0) as u64)?;
    Ok(Dec::new(d.neg, q, d.exp + gone as i64))
}
pub fn quantize(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    if a.is_inf() || b.is_inf() {
        return Ok(if a.is_inf() && b.is_inf() { a.clone() } else { c.invalid(INVALID, "quantize with one INF") });
    }
    if b.exp < c.etiny() || b.exp > c.emax {
        return Ok(c.invalid(INVALID, "target exponent out of bounds in quantize"));
    }
    if a.c.is_zero() {
        return fix(th, Dec::zero(a.neg, b.exp), c);
    }
    let first = a.adjusted(th)?;
    if first > c.emax {
        return Ok(c.invalid(INVALID, "exponent of quantize result too large for current context"));
    }
    if first - b.exp + 1 > c.prec {
        return Ok(c.invalid(INVALID, "quantize result has too many digits for current context"));
    }
    let d = a.rescale(th, b.exp, c.round)?;
    if d.adjusted(th)? > c.emax {
        return Ok(c.invalid(INVALID, "exponent of quantize result too large for current context"));
    }
    if d.c.digits(th)? as i64 > c.prec {
        return Ok(c.invalid(INVALID, "quantize result has too many digits for current context"));
    }
    if !d.c.is_zero() && d.adjusted(th)? < c.emin {
        c.status |= SUBNORMAL;
    }
    if d.exp > a.exp {
        if compare_finite(th, &d, a)?.is_ne() {
            c.status |= INEXACT;
        }
        c.status |= ROUNDED;
    }
    fix(th, d, c)
}
pub fn to_integral_exact(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    let d = to_integral_value(th, a, c)?;
    if a.is_finite() && a.exp < 0 && !a.c.is_zero() {
        c.status |= ROUNDED | if compare_finite(th, a, &d)?.is_ne() { INEXACT } else { 0 };
    }
    Ok(d)
}
pub fn to_integral_value(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    if a.is_inf() || a.exp >= 0 { Ok(a.clone()) } else { a.rescale(th, 0, c.round) }
}
pub fn sqrt(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    if a.is_inf() && !a.neg {
        return Ok(a.clone());
    }
    if a.is_zero() {
        return fix(th, Dec::zero(a.neg, a.exp.div_euclid(2)), c);
    }
    if a.neg {
        return Ok(c.invalid(INVALID, "sqrt(-x), x > 0"));
    }
    let prec = c.prec + 1;
    let mut e = a.exp >> 1;
    let digits = a.c.digits(th)? as i64;
    let (coefficient, pairs) = if a.exp & 1 == 1 { (a.c.shift(th, 1)?, (digits >> 1) + 1) } else { (a.c.clone(), (digits + 1) >> 1) };
    let shift = prec - pairs;
    let (n, mut exact) = if shift >= 0 {
        (coefficient.shift(th, 2 * shift as u64)?, true)
    } else {
        let (q, r) = coefficient.cut(th, 2 * shift.unsigned_abs())?;
        (q, r.is_zero())
    };
    e -= shift;
    let mut root = n.isqrt(th)?;
    exact = exact && root.mul(th, &root)? == n;
    if exact {
        if shift >= 0 {
            root = root.cut(th, shift as u64)?.0;
        } else {
            root = root.shift(th, shift.unsigned_abs())?;
        }
        e += shift;
    } else if root.last_digit().is_multiple_of(5) {
        root = root.add(&nat::ONE);
    }
    let mut even = c.rounding(Rounding::HalfEven);
    let d = fix(th, Dec::new(false, root, e), &mut even)?;
    c.merge(&even);
    Ok(d)
}

// ---- order

/// Order of two finite numbers.
pub fn compare_finite(th: &mut Thread, a: &Dec, b: &Dec) -> R<Ordering> {
    match (a.c.is_zero(), b.c.is_zero()) {
        (true, true) => return Ok(Ordering::Equal),
        (true, false) => return Ok(if b.neg { Ordering::Greater } else { Ordering::Less }),
        (false, true) => return Ok(if a.neg { Ordering::Less } else { Ordering::Greater }),
        _ if a.neg != b.neg => return Ok(if a.neg { Ordering::Less } else { Ordering::Greater }),
        _ => {}
    }
    let o = compare_magnitudes(th, a, b)?;
    Ok(if a.neg { o.reverse() } else { o })
}
fn compare_magnitudes(th: &mut Thread, a: &Dec, b: &Dec) -> R<Ordering> {
    if a.exp == b.exp {
        return Ok(a.c.cmp(&b.c));
    }
    let by_size = a.adjusted(th)?.cmp(&b.adjusted(th)?);
    if by_size.is_ne() {
        return Ok(by_size);
    }
    let (x, y, _) = aligned(th, a, b, None)?;
    Ok(x.cmp(&y))
}
/// Order of two numbers that are no NaN.
pub fn order(th: &mut Thread, a: &Dec, b: &Dec) -> R<Ordering> {
    let rank = |d: &Dec| if d.is_inf() { if d.neg { -1 } else { 1 } } else { 0 };
    match rank(a).cmp(&rank(b)) {
        Ordering::Equal if a.is_finite() => compare_finite(th, a, b),
        o => Ok(o),
    }
}
fn of_order(o: Ordering) -> Dec { Dec::of_i128(o as i128) }
pub fn compare(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    match nan_of(th, &[a, b], c)? {
        Some(n) => Ok(n),
        None => Ok(of_order(order(th, a, b)?)),
    }
}
pub fn compare_signal(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if a.is_nan() || b.is_nan() {
        let signaling = [a, b].iter().any(|d| d.kind == super::number::Kind::SNan);
        c.invalid(INVALID, if signaling { "comparison involving sNaN" } else { "comparison involving NaN" });
    }
    compare(th, a, b, c)
}
/// Order by representation: -NaN < -sNaN < -Infinity < numbers < Infinity < sNaN < NaN.
pub fn total_order(th: &mut Thread, a: &Dec, b: &Dec) -> R<Ordering> {
    use super::number::Kind;
    if a.neg != b.neg {
        return Ok(if a.neg { Ordering::Less } else { Ordering::Greater });
    }
    let rank = |d: &Dec| match d.kind {
        Kind::Finite | Kind::Inf => 0,
        Kind::SNan => 1,
        Kind::QNan => 2,
    };
    let o = match rank(a).cmp(&rank(b)) {
        Ordering::Equal if a.is_nan() => a.c.cmp(&b.c),
        Ordering::Equal => {
            let (x, y) = (a.clone().signed(false), b.clone().signed(false));
            order(th, &x, &y)?.then(a.exp.cmp(&b.exp))
        }
        o => o,
    };
    Ok(if a.neg { o.reverse() } else { o })
}
pub fn compare_total(th: &mut Thread, a: &Dec, b: &Dec, _: &mut Ctx) -> R<Dec> { Ok(of_order(total_order(th, a, b)?)) }
pub fn compare_total_mag(th: &mut Thread, a: &Dec, b: &Dec, _: &mut Ctx) -> R<Dec> {
    let (a, b) = (a.clone().signed(false), b.clone().signed(false));
    Ok(of_order(total_order(th, &a, &b)?))
}
/// The larger (`want` Greater) or the smaller of two, of their magnitudes first with `mag`.
fn choose(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx, want: Ordering, mag: bool) -> R<Dec> {
    use super::number::Kind;
    // A number is preferred to a quiet NaN.
    if a.is_nan() || b.is_nan() {
        let chosen = match (a.kind, b.kind) {
            (Kind::QNan, Kind::Finite | Kind::Inf) => b,
            (Kind::Finite | Kind::Inf, Kind::QNan) => a,
            _ => return Ok(nan_of(th, &[a, b], c)?.unwrap_or(Dec::NAN)),
        };
        return fix(th, chosen.clone(), c);
    }
    let o = if mag {
        let (x, y) = (a.clone().signed(false), b.clone().signed(false));
        order(th, &x, &y)?
    } else {
        order(th, a, b)?
    };
    let o = if o.is_eq() { total_order(th, a, b)? } else { o };
    fix(th, if o == want || o.is_eq() { a.clone() } else { b.clone() }, c)
}
pub fn max(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { choose(th, a, b, c, Ordering::Greater, false) }
pub fn min(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { choose(th, a, b, c, Ordering::Less, false) }
pub fn max_mag(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { choose(th, a, b, c, Ordering::Greater, true) }
pub fn min_mag(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { choose(th, a, b, c, Ordering::Less, true) }
