//! Float arithmetic with Python's `//`, `%`, `divmod` and `**`; scaling with one rounding.

use super::float::{exact, new};
use super::int::{self, Num};
use super::int_arith::float_of;
use crate::exceptions::{OVERFLOW_ERROR, ZERO_DIVISION_ERROR};
use crate::object::number::Op;
use crate::thread::Thread;
use txpy_heap::{R, Unwind, Value};

/// `a op b` for exact floats, or one with an exact int or bool. None: not for this function.
pub fn fast(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    let (x, y) = (exact(a), exact(b));
    let (x, y) = match (x, y) {
        (Some(x), Some(y)) => (x, y),
        (Some(x), None) => match int::exact(b) {
            Some(n) if is_float_op(op) => (x, operand(th, n)?),
            _ => return Ok(None),
        },
        (None, Some(y)) => match int::exact(a) {
            Some(n) if is_float_op(op) => (operand(th, n)?, y),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    if !is_float_op(op) {
        return Ok(None);
    }
    arith(th, op, x, y).map(Some)
}
fn is_float_op(op: Op) -> bool { matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::TrueDiv | Op::FloorDiv | Op::Mod | Op::Pow | Op::DivMod) }
fn operand(th: &mut Thread, n: Num) -> R<f64> {
    match n {
        Num::Small(i) => Ok(i as f64),
        Num::Big(_) => float_of(th, n),
    }
}

/// `a op b` with operands that are floats, ints or instances of their subclasses; None when one is neither.
pub fn of_values(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    let (Some(x), Some(y)) = (real(th, a)?, real(th, b)?) else { return Ok(None) };
    arith(th, op, x, y).map(Some)
}
/// The float of a float or int, subclasses included.
pub fn real(th: &mut Thread, v: Value) -> R<Option<f64>> {
    match (super::float::to_f64(v), int::num(v)) {
        (Some(f), _) => Ok(Some(f)),
        (_, Some(n)) => operand(th, n).map(Some),
        _ => Ok(None),
    }
}

/// `a op b`.
pub fn arith(th: &mut Thread, op: Op, a: f64, b: f64) -> R<Value> {
    let r = match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Pow => return power(th, a, b),
        _ if b == 0.0 => return Err(zero_division(th, op)),
        Op::Div | Op::TrueDiv => a / b,
        Op::FloorDiv => divmod(a, b).0,
        Op::Mod => modulo(a, b),
        Op::DivMod => {
            let (q, r) = divmod(a, b);
            let q = new(th, q)?;
            let r = new(th, r)?;
            return th.new_tuple(&[q, r]);
        }
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    new(th, r)
}
#[cold]
fn zero_division(th: &mut Thread, op: Op) -> Unwind {
    let msg = match (op, th.py3()) {
        (Op::Div | Op::TrueDiv, _) => "float division by zero",
        (Op::FloorDiv, true) => "float floor division by zero",
        (Op::Mod, true) => "float modulo by zero",
        (Op::Mod, false) => "float modulo",
        _ => "float divmod()",
    };
    th.raise(&ZERO_DIVISION_ERROR, msg)
}

/// `a % b` for `b != 0`: the sign is the divisor's.
pub fn modulo(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r == 0.0 {
        0f64.copysign(b)
    } else if (r < 0.0) != (b < 0.0) {
        r + b
    } else {
        r
    }
}
/// `(a // b, a % b)` for `b != 0`.
pub fn divmod(a: f64, b: f64) -> (f64, f64) {
    let mut r = a % b;
    let mut q = (a - r) / b;
    if r == 0.0 {
        r = 0f64.copysign(b);
    } else if (r < 0.0) != (b < 0.0) {
        r += b;
        q -= 1.0;
    }
    if q == 0.0 {
        return (0f64.copysign(a / b), r);
    }
    let floor = q.floor();
    (if q - floor > 0.5 { floor + 1.0 } else { floor }, r)
}

/// `a ** b`.
pub fn power(th: &mut Thread, a: f64, b: f64) -> R<Value> {
    if b == 0.0 || a == 1.0 {
        return new(th, 1.0);
    }
    if a.is_nan() || b.is_nan() {
        return new(th, f64::NAN);
    }
    if a == 0.0 && b < 0.0 {
        if b.is_infinite() {
            return new(th, f64::INFINITY);
        }
        return Err(th.raise(&ZERO_DIVISION_ERROR, "0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.floor() != b {
        if th.py3() {
            return super::complex::power_values(th, (a, 0.0), (b, 0.0));
        }
        return Err(th.value_error("negative number cannot be raised to a fractional power"));
    }
    let r = a.powf(b);
    if r.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(range_error(th));
    }
    new(th, r)
}
/// OverflowError (34, 'Numerical result out of range').
#[cold]
pub fn range_error(th: &mut Thread) -> Unwind {
    match th.native_str("Numerical result out of range") {
        Ok(text) => th.raise_with(&OVERFLOW_ERROR, &[Value::int(libc::ERANGE as i64), text]),
        Err(e) => e,
    }
}

/// `m * 2**e`, rounded once, to nearest even. `sticky`: something not zero lies below the last bit of `m`, which then must have 55 bits or more.
/// Infinite when too large.
pub fn scaled(m: u128, sticky: bool, e: i64) -> f64 {
    if m == 0 {
        return 0.0;
    }
    let n = 128 - m.leading_zeros() as i64;
    let top = e + n - 1;
    if top > 1023 {
        return f64::INFINITY;
    }
    // Subnormal numbers have fewer bits.
    let keep = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
    let drop = n - keep;
    if keep < 0 {
        return 0.0;
    }
    let (mut q, drop) = if drop <= 0 {
        (m as u64, 0)
    } else if drop >= 128 {
        return 0.0;
    } else {
        let (q, rest, half) = ((m >> drop) as u64, m & ((1u128 << drop) - 1), 1u128 << (drop - 1));
        let up = rest > half || rest == half && (sticky || q & 1 == 1);
        (q + up as u64, drop)
    };
    let mut e = e + drop;
    if q == 1 << 53 {
        q >>= 1;
        e += 1;
    }
    ldexp(q as f64, e)
}

/// `m * 2**e`; exact when the result is representable, else rounded once.
pub fn ldexp(mut m: f64, mut e: i64) -> f64 {
    if m == 0.0 || !m.is_finite() {
        return m;
    }
    let two = |e: i64| f64::from_bits(((e + 1023) as u64) << 52);
    while e > 1023 {
        m *= two(1023);
        e -= 1023;
        if m.is_infinite() {
            return m;
        }
    }
    if e < -1022 {
        // Steps that stay among normal numbers, so that only the last one rounds.
        let x = frexp_exponent(m);
        if x + e < -1100 {
            return 0f64.copysign(m);
        }
        while e < -1022 && frexp_exponent(m) > -900 {
            let step = (frexp_exponent(m) + 1000).min(-1022 - e).min(1022).max(1).min(-e);
            m *= two(-step);
            e += step;
        }
    }
    if e < -1022 {
        m *= two(-1022);
        e += 1022;
    }
    m * two(e)
}
/// Exponent of a normal number: m = x * 2**e with 1 <= |x| < 2.
fn frexp_exponent(m: f64) -> i64 {
    let e = (m.to_bits() >> 52 & 0x7FF) as i64;
    if e == 0 { -1074 + (63 - (m.to_bits() & ((1 << 52) - 1)).leading_zeros() as i64) } else { e - 1023 }
}

/// `round(f, digits)`: the decimal that is nearest, ties as the exact decimal value falls. None on overflow.
/// `away`: 2.7 rounds exact halves away from zero.
pub fn round_digits(f: f64, digits: i64, away: bool) -> Option<f64> {
    if !f.is_finite() || f == 0.0 || digits > 323 {
        return Some(f);
    }
    if digits < -308 {
        return Some(0f64.copysign(f));
    }
    let text = if away { super::float_repr::fixed_half_away(f, digits) } else { super::float_repr::fixed_digits(f, digits) };
    let r: f64 = text.parse().unwrap_or(f);
    if r.is_infinite() { None } else { Some(r) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_rounds_once() {
        assert_eq!(scaled(1, false, -1074), 5e-324);
        assert_eq!(scaled(1, false, -1075), 0.0);
        assert_eq!(scaled(3, false, -1075), 1e-323);
        assert_eq!(scaled(1 << 60, true, -1135), 5e-324);
        assert_eq!(scaled(1 << 60, false, -1135), 0.0);
        assert_eq!(scaled((1 << 54) - 1, false, 970), f64::INFINITY);
        assert_eq!(scaled((1 << 53) - 1, false, 971), f64::MAX);
        for f in [1.0, 0.1, 5e-324, 2.2250738585072014e-308, 1e308] {
            let bits = f64::to_bits(f);
            let e = (bits >> 52) as i64;
            let m = bits & ((1 << 52) - 1);
            let (m, e) = if e == 0 { (m, -1074) } else { (m | 1 << 52, e - 1075) };
            assert_eq!(scaled(m as u128, false, e), f);
            assert_eq!(ldexp(m as f64, e), f);
        }
        assert_eq!(ldexp(1.0, -1075), 0.0);
        assert_eq!(ldexp(1.5, -1075), 5e-324);
        assert_eq!(ldexp(1e300, 5000), f64::INFINITY);
        assert_eq!(ldexp(1e300, -1900), 1e300 * 2f64.powi(-1000) * 2f64.powi(-900));
    }
    #[test]
    fn division() {
        assert_eq!(divmod(-7.5, 2.0), (-4.0, 0.5));
        assert_eq!(divmod(7.5, -2.0), (-4.0, -0.5));
        assert!(divmod(0.0, -3.0).0.is_sign_negative());
        assert_eq!(divmod(-1.0, f64::INFINITY), (-1.0, f64::INFINITY));
        assert_eq!(modulo(5.0, 3.0), 2.0);
    }
    #[test]
    fn rounding() {
        assert_eq!(round_digits(2.675, 2, false), Some(2.67));
        assert_eq!(round_digits(0.5, 0, false), Some(0.0));
        assert_eq!(round_digits(0.5, 0, true), Some(1.0));
        assert_eq!(round_digits(2.5, 0, false), Some(2.0));
        assert_eq!(round_digits(25.0, -1, false), Some(20.0));
        assert_eq!(round_digits(25.0, -1, true), Some(30.0));
        assert_eq!(round_digits(12345.0, -2, false), Some(12300.0));
        assert_eq!(round_digits(1.7e308, -308, false), None);
        assert_eq!(round_digits(4e307, -308, false), Some(0.0));
        assert_eq!(round_digits(6e307, -308, false), Some(1e308));
    }
}
