//! `math`, integers: divisors, roots, factorials, and rounding to integers.

use crate::api::*;
use num_bigint::{BigInt, BigUint};
use num_traits::{One, Signed, ToPrimitive, Zero};

/// `math.floor`, `math.ceil`: the class's method, else the rounded float.
pub fn rounded(th: &mut Thread, v: Value, d: D, f: fn(f64) -> f64) -> R<Value> {
    if float::exact(v).is_none() {
        if let Some(m) = dunder(v, d) {
            return txpy_vm::object::call_special(th, m, v, &[]);
        }
    }
    let x = float::as_f64(th, v)?;
    int::from_f64(th, f(x), false)
}
pub fn trunc(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if let Some(x) = float::exact(v) {
        return int::from_f64(th, x, false);
    }
    if let Some(m) = dunder(v, D::trunc) {
        return txpy_vm::object::call_special(th, m, v, &[]);
    }
    if !th.py3() {
        return Err(attr::no_attribute(th, v, D::trunc.name()));
    }
    let got = class_name(v);
    Err(th.type_error(format!("type {got} doesn't define __trunc__ method")))
}

fn big(th: &mut Thread, v: Value) -> R<BigInt> {
    let v = int::index(th, v)?;
    Ok(int::to_bigint(v).unwrap_or_default())
}
fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
/// Greatest common divisor of two magnitudes (Lehmer would pay above some thousand bits).
fn big_gcd(th: &mut Thread, mut a: BigInt, mut b: BigInt) -> R<BigInt> {
    while !b.is_zero() {
        if let (Some(x), Some(y)) = (a.to_u64(), b.to_u64()) {
            return Ok(BigInt::from(small_gcd(x, y)));
        }
        th.poll()?;
        let r = &a % &b;
        (a, b) = (b, r);
    }
    Ok(a)
}
pub fn gcd(th: &mut Thread, a: Args) -> R<Value> {
    let mut small = 0u64;
    let mut large: Option<BigInt> = None;
    for v in a.iter() {
        let v = int::index(th, v)?;
        match (int::to_i64(v), large.take()) {
            (Some(i), None) => small = small_gcd(small, i.unsigned_abs()),
            (_, l) => {
                let x = l.unwrap_or_else(|| BigInt::from(small));
                let y = int::to_bigint(v).unwrap_or_default().abs();
                large = Some(big_gcd(th, x, y)?);
            }
        }
    }
    match large {
        Some(b) => int::from_bigint(th, &b),
        None => int::from_u64(th, small),
    }
}
pub fn lcm(th: &mut Thread, a: Args) -> R<Value> {
    let mut r = BigInt::one();
    for v in a.iter() {
        let x = big(th, v)?.abs();
        if r.is_zero() {
            continue;
        }
        if x.is_zero() {
            r = x;
            continue;
        }
        let g = big_gcd(th, r.clone(), x.clone())?;
        r = r / g * x;
    }
    int::from_bigint(th, &r)
}
pub fn isqrt(th: &mut Thread, a: Args) -> R<Value> {
    let v = int::index(th, a.get(0))?;
    if int::is_negative(v) {
        return Err(th.value_error("isqrt() argument must be nonnegative"));
    }
    if let Some(n) = int::to_u64(v) {
        return int::from_u64(th, n.isqrt());
    }
    let r = int::to_bigint(v).unwrap_or_default().sqrt();
    int::from_bigint(th, &r)
}

/// Product of `low..=high`, by halves so that factors stay of similar size.
fn product(low: u64, high: u64) -> BigUint {
    if high < low {
        return BigUint::one();
    }
    if high - low < 16 {
        let mut r = BigUint::one();
        let mut part = 1u64;
        for i in low..=high {
            match part.checked_mul(i) {
                Some(p) => part = p,
                None => {
                    r *= part;
                    part = i;
                }
            }
        }
        return r * part;
    }
    let mid = low + (high - low) / 2;
    product(low, mid) * product(mid + 1, high)
}
/// MemoryError before a result of about `factors * bits` bits is begun that can't fit.
fn room(th: &mut Thread, factors: u64, bits: u64) -> R<()> { txpy_vm::types::int_arith::room(th, factors.saturating_mul(bits)) }

pub fn factorial(th: &mut Thread, a: Args) -> R<Value> {
    let mut v = a.get(0);
    if !th.py3() {
        if let Some(x) = float::to_f64(v) {
            if !(x.is_finite() && x == x.floor()) {
                return Err(th.value_error("factorial() only accepts integral values"));
            }
            v = int::from_f64(th, x, false)?;
        } else if int::num(v).is_none() {
            int::arg_i64(th, v)?;
        }
    }
    let v = int::index(th, v)?;
    if int::is_negative(v) {
        return Err(th.value_error("factorial() not defined for negative values"));
    }
    let Some(n) = int::to_i64(v) else {
        let msg = if th.py3() { "factorial() argument should not exceed 9223372036854775807" } else { "Python int too large to convert to C long" };
        return Err(th.overflow_error(msg));
    };
    let n = n as u64;
    room(th, n, 64 - n.leading_zeros() as u64)?;
    let r = BigInt::from(product(2, n));
    int::from_bigint(th, &r)
}

fn counts(th: &mut Thread, n: Value, k: Value) -> R<(BigInt, BigInt)> {
    let (n, k) = (big(th, n)?, big(th, k)?);
    if n.is_negative() {
        return Err(th.value_error("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(th.value_error("k must be a non-negative integer"));
    }
    Ok((n, k))
}
/// n * (n-1) * ... * (n-k+1).
fn falling(th: &mut Thread, n: &BigInt, k: u64) -> R<BigInt> {
    room(th, k, n.bits())?;
    if let Some(n) = n.to_u64() {
        return Ok(BigInt::from(product(n - k + 1, n)));
    }
    let mut r = BigInt::one();
    for i in 0..k {
        th.poll()?;
        r *= n - i;
    }
    Ok(r)
}
pub fn comb(th: &mut Thread, a: Args) -> R<Value> {
    let (n, k) = counts(th, a.get(0), a.get(1))?;
    if k > n {
        return Ok(Value::int(0));
    }
    let k = (&n - &k).min(k);
    let Some(k) = k.to_i64() else { return Err(th.overflow_error("min(n - k, k) must not exceed 9223372036854775807")) };
    let k = k as u64;
    if k == 0 {
        return Ok(Value::int(1));
    }
    let r = falling(th, &n, k)? / BigInt::from(product(2, k));
    int::from_bigint(th, &r)
}
pub fn perm(th: &mut Thread, a: Args) -> R<Value> {
    if a.some(1).is_none() {
        return factorial(th, a);
    }
    let (n, k) = counts(th, a.get(0), a.get(1))?;
    if k > n {
        return Ok(Value::int(0));
    }
    let Some(k) = k.to_i64() else { return Err(th.overflow_error("k must not exceed 9223372036854775807")) };
    if k == 0 {
        return Ok(Value::int(1));
    }
    let r = falling(th, &n, k as u64)?;
    int::from_bigint(th, &r)
}
pub fn prod(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(0))?;
    let mut r = a.or(1, Value::int(1));
    while let Some(x) = iter::next(th, it)? {
        th.poll()?;
        r = binary(th, Op::Mul, r, x)?;
    }
    Ok(r)
}

#[cfg(test)]
mod tests {
    #[test]
    fn products() {
        assert_eq!(super::product(2, 20).to_string(), "2432902008176640000");
        assert_eq!(super::product(5, 4).to_string(), "1");
        assert_eq!(super::small_gcd(48, 36), 12);
    }
}
