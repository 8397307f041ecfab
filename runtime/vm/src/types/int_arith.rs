//! Integer arithmetic: 128 bits by hand, beyond that num-bigint; sizes are checked before anything large is made.

use super::float_arith;
use super::int::{LONG, Num, exact, is_long, make, make_big, make_limbs, num};
use super::int_limbs as limbs;
use crate::exceptions::ZERO_DIVISION_ERROR;
use crate::object::number::Op;
use crate::thread::Thread;
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};
use txpy_heap::{R, Unwind, Value};

/// Largest result in bits (512 MiB); more is out of memory.
const MAX_BITS: u64 = 1 << 32;

/// `a op b` for exact ints, longs and bools. None: not for this function.
pub fn fast(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    if op == Op::MatMul {
        return Ok(None);
    }
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return inline(th, op, x, y).map(Some);
    }
    let (Some(x), Some(y)) = (exact(a), exact(b)) else { return Ok(None) };
    if (a.is_singleton() && b.is_singleton()) && matches!(op, Op::And | Op::Or | Op::Xor) {
        let (p, q) = (a == Value::TRUE, b == Value::TRUE);
        return Ok(Some(Value::from_bool(match op {
            Op::And => p & q,
            Op::Or => p | q,
            _ => p ^ q,
        })));
    }
    let long = LONG.shape() != 0 && (LONG.is_exact(a) || LONG.is_exact(b));
    arith(th, op, x, y, long).map(Some)
}

/// Two inline operands.
fn inline(th: &mut Thread, op: Op, x: i64, y: i64) -> R<Value> {
    let r = match op {
        Op::Add => x + y,
        Op::Sub => x - y,
        Op::And => x & y,
        Op::Or => x | y,
        Op::Xor => x ^ y,
        Op::Mul => match x.checked_mul(y) {
            Some(r) => r,
            None => return make(th, x as i128 * y as i128, false),
        },
        Op::FloorDiv | Op::Div if y != 0 => floor_div(x, y),
        Op::Mod if y != 0 => floor_mod(x, y),
        Op::RShift if y >= 0 => x >> y.min(63),
        Op::LShift if (0..62).contains(&y) => return make(th, (x as i128) << y, false),
        _ => return arith(th, op, Num::Small(x as i128), Num::Small(y as i128), false),
    };
    match Value::from_int(r) {
        Some(v) => Ok(v),
        None => make(th, r as i128, false),
    }
}
#[inline]
fn floor_div(x: i64, y: i64) -> i64 {
    let q = x / y;
    if x % y != 0 && (x < 0) != (y < 0) { q - 1 } else { q }
}
#[inline]
fn floor_mod(x: i64, y: i64) -> i64 {
    let r = x % y;
    if r != 0 && (r < 0) != (y < 0) { r + y } else { r }
}
fn floor_divmod(x: i128, y: i128) -> (i128, i128) {
    let (q, r) = (x / y, x % y);
    if r != 0 && (r < 0) != (y < 0) { (q - 1, r + y) } else { (q, r) }
}
/// Floor division of any size; one division by num-bigint.
pub fn big_divmod(x: &BigInt, y: &BigInt) -> (BigInt, BigInt) {
    let q = x / y;
    let r = x - &q * y;
    if !r.is_zero() && r.is_negative() != y.is_negative() { (q - 1, r + y) } else { (q, r) }
}

/// As `arith` with int-likes of any class; None when an operand is none.
pub fn of_values(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    match (num(a), num(b)) {
        (Some(x), Some(y)) => {
            let long = is_long(a) || is_long(b);
            arith(th, op, x, y, long).map(Some)
        }
        _ => Ok(None),
    }
}

/// `x op y`; `long`: an integer result is a `long` in 2.7.
pub fn arith(th: &mut Thread, op: Op, x: Num, y: Num, long: bool) -> R<Value> {
    if y.is_zero() && matches!(op, Op::Div | Op::TrueDiv | Op::FloorDiv | Op::Mod | Op::DivMod) {
        return Err(zero_division(th, op, long || matches!(x, Num::Big(_))));
    }
    match op {
        Op::LShift | Op::RShift => return shift(th, op == Op::LShift, x, y, long),
        Op::Pow => return power(th, x, y, long),
        Op::TrueDiv => return true_div(th, x, y),
        Op::MatMul => return Ok(Value::NOT_IMPLEMENTED),
        _ => {}
    }
    if let (Num::Small(a), Num::Small(b)) = (x, y) {
        let r = match op {
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::And => a & b,
            Op::Or => a | b,
            Op::Xor => a ^ b,
            Op::Mul => match a.checked_mul(b) {
                Some(r) => r,
                None => return make_big(th, &(BigInt::from(a) * b), long),
            },
            Op::DivMod => {
                let (q, r) = floor_divmod(a, b);
                let q = make(th, q, long)?;
                let r = make(th, r, long)?;
                return th.new_tuple(&[q, r]);
            }
            Op::Mod => floor_divmod(a, b).1,
            _ => floor_divmod(a, b).0,
        };
        return make(th, r, long);
    }
    if op == Op::Mul {
        room(th, x.bits() + y.bits())?;
    }
    let (mut small, mut other) = ([0; 2], [0; 2]);
    let (a, b) = (x.limbs(&mut small), y.limbs(&mut other));
    let (negative, other_negative) = (x.is_negative(), y.is_negative());
    match op {
        Op::Add => add(th, negative, a, other_negative, b, long),
        Op::Sub => add(th, negative, a, !other_negative, b, long),
        Op::Mul if a.len().min(b.len()) <= limbs::SCHOOLBOOK => {
            let mut out = std::mem::take(&mut th.limbs);
            limbs::mul(a, b, &mut out);
            finish(th, negative != other_negative, out, long)
        }
        Op::Mul => {
            let r = super::int_mul::multiply(th, &x.big(), &y.big())?;
            make_big(th, &r, long)
        }
        Op::And => make_big(th, &(x.big() & y.big()), long),
        Op::Or => make_big(th, &(x.big() | y.big()), long),
        Op::Xor => make_big(th, &(x.big() ^ y.big()), long),
        _ => divide(th, op, (negative, a), (other_negative, b), long),
    }
}

/// The number made of the limbs; they become the thread's scratch again.
fn finish(th: &mut Thread, negative: bool, out: Vec<u64>, long: bool) -> R<Value> {
    let r = make_limbs(th, negative, &out, long);
    if out.capacity() <= 1 << 12 {
        th.limbs = out;
    }
    r
}
fn add(th: &mut Thread, negative: bool, a: &[u64], other: bool, b: &[u64], long: bool) -> R<Value> {
    let mut out = std::mem::take(&mut th.limbs);
    let sign = if negative == other {
        limbs::add(a, b, &mut out);
        negative
    } else if limbs::compare(a, b).is_ge() {
        limbs::sub(a, b, &mut out);
        negative
    } else {
        limbs::sub(b, a, &mut out);
        other
    };
    finish(th, sign, out, long)
}
/// Floor division: `//`, `%` or `divmod` of sign and magnitude; the divisor is not zero.
fn divide(th: &mut Thread, op: Op, (xneg, a): (bool, &[u64]), (yneg, b): (bool, &[u64]), long: bool) -> R<Value> {
    let (mut q, mut r) = (std::mem::take(&mut th.limbs), Vec::new());
    if limbs::compare(a, b).is_lt() {
        q.clear();
        r.extend_from_slice(a);
    } else if let [d] = b {
        let rest = limbs::div_limb(a, *d, &mut q);
        if rest > 0 {
            r.push(rest);
        }
    } else {
        limbs::div(a, b, &mut q, &mut r, || th.poll())?;
    }
    // Towards minus infinity: with unequal signs one more, and the remainder takes the divisor's sign.
    if xneg != yneg && !r.is_empty() {
        let mut t = Vec::new();
        limbs::sub(b, &r, &mut t);
        r = t;
        let mut t = Vec::new();
        limbs::add(&q, &[1], &mut t);
        q = t;
    }
    match op {
        Op::Mod => make_limbs(th, yneg, &r, long),
        Op::DivMod => {
            let m = make_limbs(th, yneg, &r, long)?;
            let q = finish(th, xneg != yneg, q, long)?;
            th.new_tuple(&[q, m])
        }
        _ => finish(th, xneg != yneg, q, long),
    }
}

#[cold]
fn zero_division(th: &mut Thread, op: Op, long: bool) -> Unwind {
    let msg = match op {
        _ if !th.py3() && long => "long division or modulo by zero",
        _ if !th.py3() && op != Op::TrueDiv => "integer division or modulo by zero",
        Op::TrueDiv => "division by zero",
        Op::Mod => "integer modulo by zero",
        _ => "integer division or modulo by zero",
    };
    th.raise(&ZERO_DIVISION_ERROR, msg)
}

/// Fails with MemoryError when a number of so many bits can't be made.
pub fn room(th: &mut Thread, bits: u64) -> R<()> {
    if bits > MAX_BITS {
        return Err(th.memory_error());
    }
    // num-bigint aborts when it finds no memory, so ask beforehand.
    if bits > 1 << 26 && Vec::<u8>::new().try_reserve_exact(bits as usize / 8 * 3).is_err() {
        return Err(th.memory_error());
    }
    Ok(())
}

fn shift(th: &mut Thread, left: bool, x: Num, y: Num, long: bool) -> R<Value> {
    if !th.py3() && y.i64().is_none() {
        return Err(th.overflow_error("long int too large to convert to int"));
    }
    if y.is_negative() {
        return Err(th.value_error("negative shift count"));
    }
    let Some(n) = y.i64() else {
        return match (left, x.is_zero()) {
            (true, false) => Err(th.overflow_error("too many digits in integer")),
            _ => make(th, if x.is_negative() && !left { -1 } else { 0 }, long),
        };
    };
    if x.is_zero() {
        return make(th, 0, long);
    }
    match x {
        Num::Small(a) if !left => make(th, a >> n.min(127), long),
        Num::Small(a) if x.bits() + (n as u64) < 127 => make(th, a << n, long),
        _ if left => {
            room(th, (n as u64).saturating_add(x.bits()))?;
            make_big(th, &(x.big() << n as u64), long)
        }
        _ if n as u64 > x.bits() => make(th, if x.is_negative() { -1 } else { 0 }, long),
        _ => make_big(th, &(x.big() >> n as u64), long),
    }
}

fn power(th: &mut Thread, x: Num, y: Num, long: bool) -> R<Value> {
    if y.is_negative() {
        let (a, b) = (float_of(th, x)?, float_of(th, y)?);
        return float_arith::power(th, a, b);
    }
    if y.is_zero() {
        return make(th, 1, long);
    }
    match x {
        Num::Small(0) => return make(th, 0, long),
        Num::Small(1) => return make(th, 1, long),
        Num::Small(-1) => {
            let odd = match y {
                Num::Small(b) => b & 1 == 1,
                Num::Big(g) => g.frozen().limbs()[0] & 1 == 1,
            };
            return make(th, if odd { -1 } else { 1 }, long);
        }
        _ => {}
    }
    let Some(e) = y.i64().and_then(|e| u32::try_from(e).ok()) else { return Err(th.memory_error()) };
    let bits = x.bits() * e as u64;
    if let (Num::Small(a), true) = (x, bits < 127) {
        return make(th, a.pow(e), long);
    }
    // |x| >= 2**(bits - 1), so the result has more than (bits - 1) * e bits.
    room(th, (x.bits() - 1) * e as u64)?;
    if let Num::Small(a) = x {
        let m = a.unsigned_abs();
        if m.is_power_of_two() {
            let r = BigInt::from(1) << (m.trailing_zeros() as u64 * e as u64);
            return make_big(th, &if a < 0 && e & 1 == 1 { -r } else { r }, long);
        }
    }
    let (base, mut r) = (x.big(), x.big());
    // From the exponent's second bit on; a poll between multiplications lets other threads and signals in.
    for i in (0..31 - e.leading_zeros()).rev() {
        r = super::int_mul::multiply(th, &r, &r)?;
        if e >> i & 1 == 1 {
            r = super::int_mul::multiply(th, &r, &base)?;
        }
        th.poll()?;
    }
    make_big(th, &r, long)
}

/// `pow(x, y, m)`.
pub fn mod_power(th: &mut Thread, x: Num, y: Num, m: Num, long: bool) -> R<Value> {
    if m.is_zero() {
        return Err(th.value_error("pow() 3rd argument cannot be 0"));
    }
    if y.is_negative() && !th.py3() {
        return Err(th.type_error("pow() 2nd argument cannot be negative when 3rd argument specified"));
    }
    let modulus = m.big();
    let size = modulus.abs();
    let (mut base, mut e) = (big_divmod(&x.big(), &size).1, y.big());
    if e.is_negative() {
        let Some(inverse) = inverse(&base, &size) else { return Err(th.value_error("base is not invertible for the given modulus")) };
        base = inverse;
        e = -e;
    }
    let r = base.modpow(&e, &size);
    let r = if m.is_negative() && !r.is_zero() { r + &modulus } else { r };
    make_big(th, &r, long)
}
/// The inverse of `a` modulo `m > 0` by Euclid's extended algorithm.
fn inverse(a: &BigInt, m: &BigInt) -> Option<BigInt> {
    let (mut r0, mut r1) = (m.clone(), a.clone());
    let (mut t0, mut t1) = (BigInt::ZERO, BigInt::from(1));
    while !r1.is_zero() {
        let q = &r0 / &r1;
        let r = &r0 - &q * &r1;
        let t = &t0 - &q * &t1;
        (r0, r1, t0, t1) = (r1, r, t1, t);
    }
    (r0 == BigInt::from(1)).then(|| big_divmod(&t0, m).1)
}

/// The float nearest to `x`; OverflowError when too large.
pub fn float_of(th: &mut Thread, x: Num) -> R<f64> {
    let f = x.f64();
    if f.is_infinite() {
        return Err(th.overflow_error(if th.py3() { "int too large to convert to float" } else { "long int too large to convert to float" }));
    }
    Ok(f)
}

fn true_div(th: &mut Thread, x: Num, y: Num) -> R<Value> {
    match quotient(x, y) {
        Some(f) => super::float::new(th, f),
        None => Err(th.overflow_error(if th.py3() { "integer division result too large for a float" } else { "long int too large to convert to float" })),
    }
}
/// `x / y` correctly rounded; None when too large. `y` is not zero.
pub fn quotient(x: Num, y: Num) -> Option<f64> {
    const EXACT: u128 = 1 << 53;
    if let (Num::Small(a), Num::Small(b)) = (x, y) {
        if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
            return Some(a as f64 / b as f64);
        }
    }
    let negative = x.is_negative() != y.is_negative();
    if x.is_zero() {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // A quotient of 66 or 67 bits: more than any rounding needs, with one bit for what lies below.
    let shift = 66 - (x.bits() as i64 - y.bits() as i64);
    if shift > 66 + 1100 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    if shift < 66 - 1100 {
        return None;
    }
    let (a, b) = (x.big().abs(), y.big().abs());
    let (q, r) = if shift >= 0 { big_divmod(&(a << shift as u64), &b) } else { big_divmod(&a, &(b << (-shift) as u64)) };
    debug_assert!(q.sign() == Sign::Plus);
    let f = float_arith::scaled(q.to_u128().expect("67 bits"), !r.is_zero(), -shift);
    if f.is_infinite() { None } else { Some(if negative { -f } else { f }) }
}

/// `-x`.
pub fn negate(th: &mut Thread, x: Num, long: bool) -> R<Value> {
    match x {
        Num::Small(i) => make(th, -i, long),
        Num::Big(_) => make_big(th, &-x.big(), long),
    }
}
/// `~x`.
pub fn invert(th: &mut Thread, x: Num, long: bool) -> R<Value> {
    match x {
        Num::Small(i) => make(th, !i, long),
        Num::Big(_) => make_big(th, &(-x.big() - 1), long),
    }
}
/// `abs(x)`.
pub fn absolute(th: &mut Thread, x: Num, long: bool) -> R<Value> {
    match x {
        Num::Small(i) => make(th, i.abs(), long),
        Num::Big(_) => make_big(th, &x.big().abs(), long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_round_to_nearest_even() {
        let s = |i: i128| Num::Small(i);
        assert_eq!(quotient(s((1 << 53) + 1), s(1)), Some(9007199254740992.0));
        assert_eq!(quotient(s((1 << 53) + 3), s(1)), Some(9007199254740996.0));
        assert_eq!(quotient(s(1), s(3)), Some(1.0 / 3.0));
        assert_eq!(quotient(s(-(1 << 100)), s(1 << 40)), Some(-(2f64.powi(60))));
        assert_eq!(quotient(s(0), s(-5)), Some(-0.0));
    }
    #[test]
    fn floors() {
        assert_eq!(floor_divmod(-7, 2), (-4, 1));
        assert_eq!(floor_divmod(7, -2), (-4, -1));
        assert_eq!(big_divmod(&BigInt::from(-7), &BigInt::from(-2)), (BigInt::from(3), BigInt::from(-1)));
        assert_eq!(inverse(&BigInt::from(2), &BigInt::from(7)), Some(BigInt::from(4)));
        assert_eq!(inverse(&BigInt::from(2), &BigInt::from(4)), None);
    }
}
