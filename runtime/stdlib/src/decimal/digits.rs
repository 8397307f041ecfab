//! Operations on digits and representations: logical operations, shifts, neighbours, exponents, classes of numbers.

use super::arithmetic::{add, order, subtract};
use super::nat::{self, Nat};
use super::number::{Ctx, Dec, Kind, Rounding, fix, greatest, nan_of, status::*};
use crate::api::*;

/// The digits of a logical operand: a number of zeros and ones, without sign and exponent.
fn logical(th: &mut Thread, d: &Dec) -> R<Option<Vec<u8>>> {
    if !d.is_finite() || d.neg || d.exp != 0 {
        return Ok(None);
    }
    let t = d.c.text(th)?;
    Ok(t.iter().all(|c| matches!(c, b'0' | b'1')).then_some(t))
}
fn by_digits(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx, f: fn(bool, bool) -> bool) -> R<Dec> {
    let (Some(x), Some(y)) = (logical(th, a)?, logical(th, b)?) else { return Ok(c.invalid(INVALID, "")) };
    let n = (x.len().max(y.len()) as i64).min(c.prec) as usize;
    let bit = |s: &[u8], i: usize| s.len().checked_sub(i + 1).is_some_and(|i| s[i] == b'1');
    let mut out = room(th, n)?;
    out.extend((0..n).rev().map(|i| b'0' + u8::from(f(bit(&x, i), bit(&y, i)))));
    Ok(Dec::new(false, Nat::read(th, &out)?, 0))
}
pub fn logical_and(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { by_digits(th, a, b, c, |x, y| x && y) }
pub fn logical_or(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { by_digits(th, a, b, c, |x, y| x || y) }
pub fn logical_xor(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> { by_digits(th, a, b, c, |x, y| x != y) }
pub fn logical_invert(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if logical(th, a)?.is_none() {
        return Ok(c.invalid(INVALID, ""));
    }
    let ones = Nat::ten_to(th, c.prec as u64)?.div_rem(th, &Nat::Small(9))?.0;
    logical_xor(th, a, &Dec::new(false, ones, 0), c)
}

/// The second operand of shift and rotate: an integer within the precision.
fn places(th: &mut Thread, b: &Dec, c: &mut Ctx) -> R<Option<i64>> {
    let n = if b.is_finite() && b.exp == 0 { b.small_int(th)? } else { None };
    let n = n.filter(|n| n.unsigned_abs() <= c.prec as u64);
    if n.is_none() {
        c.invalid(INVALID, "");
    }
    Ok(n)
}
pub fn shift(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    let Some(n) = places(th, b, c)? else { return Ok(Dec::NAN) };
    if a.is_inf() {
        return Ok(a.clone());
    }
    let own = a.c.cut(th, c.prec as u64)?.1;
    let shifted = if n < 0 {
        own.cut(th, n.unsigned_abs())?.0
    } else {
        // Only digits that stay are shifted.
        own.cut(th, (c.prec - n) as u64)?.1.shift(th, n as u64)?
    };
    Ok(Dec::new(a.neg, shifted, a.exp))
}
pub fn rotate(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    let Some(n) = places(th, b, c)? else { return Ok(Dec::NAN) };
    if a.is_inf() {
        return Ok(a.clone());
    }
    let left = n.rem_euclid(c.prec);
    let own = a.c.cut(th, c.prec as u64)?.1;
    let (high, low) = own.cut(th, (c.prec - left) as u64)?;
    Ok(Dec::new(a.neg, low.shift(th, left as u64)?.add(&high), a.exp))
}
pub fn scaleb(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    let most = 2 * (i128::from(c.emax) + i128::from(c.prec));
    let n = if b.is_finite() && b.exp == 0 { b.small_int(th)? } else { None };
    let Some(n) = n.filter(|n| i128::from(*n).abs() <= most) else { return Ok(c.invalid(INVALID, "")) };
    if a.is_inf() {
        return Ok(a.clone());
    }
    fix(th, Dec::new(a.neg, a.c.clone(), a.exp + n), c)
}
pub fn logb(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    if a.is_inf() {
        return Ok(Dec::inf(false));
    }
    if a.c.is_zero() {
        c.invalid(ZERO_DIVISION, "logb(0)");
        return Ok(Dec::inf(true));
    }
    let e = a.adjusted(th)?;
    fix(th, Dec::of_i128(e.into()), c)
}

// ---- neighbours

/// The next number in a direction; reports nothing.
fn neighbour(th: &mut Thread, a: &Dec, c: &Ctx, up: bool) -> R<Dec> {
    if a.is_inf() {
        return if a.neg == up { greatest(th, a.neg, c) } else { Ok(a.clone()) };
    }
    let mut c = c.rounding(if up { Rounding::Ceiling } else { Rounding::Floor });
    let d = fix(th, a.clone(), &mut c)?;
    if !d.is_finite() || super::arithmetic::compare_finite(th, &d, a)?.is_ne() {
        return Ok(d);
    }
    let tiny = Dec::new(false, nat::ONE, c.etiny() - 1);
    if up { add(th, a, &tiny, &mut c) } else { subtract(th, a, &tiny, &mut c) }
}
pub fn next_minus(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    match nan_of(th, &[a], c)? {
        Some(n) => Ok(n),
        None => neighbour(th, a, c, false),
    }
}
pub fn next_plus(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    match nan_of(th, &[a], c)? {
        Some(n) => Ok(n),
        None => neighbour(th, a, c, true),
    }
}
pub fn next_toward(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    let o = order(th, a, b)?;
    if o.is_eq() {
        return Ok(a.clone().signed(b.neg));
    }
    let d = neighbour(th, a, c, o.is_lt())?;
    if d.is_inf() {
        c.status |= OVERFLOW | INEXACT | ROUNDED;
    } else if d.adjusted(th)? < c.emin {
        c.status |= UNDERFLOW | SUBNORMAL | INEXACT | ROUNDED | if d.c.is_zero() { CLAMPED } else { 0 };
    }
    Ok(d)
}

// ---- classes

pub fn is_normal(th: &mut Thread, a: &Dec, c: &Ctx) -> R<bool> { Ok(a.is_finite() && !a.c.is_zero() && a.adjusted(th)? >= c.emin) }
pub fn is_subnormal(th: &mut Thread, a: &Dec, c: &Ctx) -> R<bool> { Ok(a.is_finite() && !a.c.is_zero() && a.adjusted(th)? < c.emin) }
pub fn number_class(th: &mut Thread, a: &Dec, c: &Ctx) -> R<&'static str> {
    let pick = |minus, plus| if a.neg { minus } else { plus };
    Ok(match a.kind {
        Kind::SNan => "sNaN",
        Kind::QNan => "NaN",
        Kind::Inf => pick("-Infinity", "+Infinity"),
        Kind::Finite if a.c.is_zero() => pick("-Zero", "+Zero"),
        Kind::Finite if is_subnormal(th, a, c)? => pick("-Subnormal", "+Subnormal"),
        Kind::Finite => pick("-Normal", "+Normal"),
    })
}
pub fn same_quantum(a: &Dec, b: &Dec) -> bool {
    if a.is_finite() && b.is_finite() { a.exp == b.exp } else { a.is_nan() && b.is_nan() || a.is_inf() && b.is_inf() }
}
