//! Between Decimal and other types: constructors, integers, floats, fractions, tuples, hashes, comparison, pickling.

use super::context::{self, Context};
use super::decimal::{DECIMAL, Decimal, make, make_like, number, of_int, operand, run, take};
use super::nat::{self, Nat};
use super::number::{Ctx, Dec, Kind, MAX_EMAX, MIN_ETINY, Rounding, fix, status::*};
use super::signals::{self, Part};
use super::{arithmetic, text};
use crate::api::*;
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::ToPrimitive;
use txpy_vm::object::compare::Cmp;
use txpy_vm::types::{complex, text as strings};

// ---- to Decimal

/// The exact value of a float; its NaN has no payload.
pub fn of_float(th: &mut Thread, f: f64) -> R<Dec> {
    if !f.is_finite() {
        return Ok(if f.is_nan() { Dec::NAN } else { Dec::inf(f < 0.0) });
    }
    let bits = f.to_bits();
    let e = (bits >> 52 & 0x7FF) as i64;
    let (mut m, mut e) = if e == 0 { (bits & ((1 << 52) - 1), -1074) } else { (bits & ((1 << 52) - 1) | 1 << 52, e - 1075) };
    if m == 0 {
        return Ok(Dec::zero(f.is_sign_negative(), 0));
    }
    let twos = m.trailing_zeros().min((-e).max(0) as u32);
    (m, e) = (m >> twos, e + i64::from(twos));
    let m = Nat::Small(m.into());
    if e >= 0 {
        return Ok(Dec::new(f < 0.0, Nat::of_big(m.big() << e as u64), 0));
    }
    let five = Nat::of_big(BigUint::from(5u32).pow(e.unsigned_abs() as u32));
    Ok(Dec::new(f < 0.0, m.mul(th, &five)?, e))
}
/// What the value of a number is made of, before it is fitted into a context.
enum Source {
    Known(Dec),
    Syntax(String),
}
/// The number that any accepted argument stands for. `exact`: as the constructor reads texts.
fn source(th: &mut Thread, v: Value, exact: bool, c: &mut Ctx) -> R<Source> {
    if let Some(d) = operand(v) {
        return Ok(Source::Known(d));
    }
    if strings::is_string(th, v) {
        let py3 = th.py3();
        let read = match text::ascii(v, exact, py3) {
            Some(s) => text::parse(th, &s)?,
            None => None,
        };
        return match read {
            Some(d) => Ok(Source::Known(d)),
            None if py3 => Ok(Source::Syntax(String::new())),
            None => {
                let s = strings::lossy(v);
                if !exact && s.trim() != s {
                    return Ok(Source::Syntax("trailing or leading whitespace is not permitted.".to_string()));
                }
                let shown = repr_text(th, v)?;
                Ok(Source::Syntax(format!("Invalid literal for Decimal: {shown}")))
            }
        };
    }
    if let Some(f) = float::to_f64(v) {
        c.status |= FLOAT;
        return Ok(Source::Known(of_float(th, f)?));
    }
    if v.is::<List>() || v.is::<tuple::Tuple>() {
        return of_tuple(th, v).map(Source::Known);
    }
    let got = if th.py3() { class_name(v) } else { repr_text(th, v)? };
    Err(th.type_error(if th.py3() { format!("conversion from {got} to Decimal is not supported") } else { format!("Cannot convert {got} to Decimal") }))
}
/// `(sign, digits, exponent)`.
fn of_tuple(th: &mut Thread, v: Value) -> R<Dec> {
    let py3 = th.py3();
    let t = iter::to_tuple(th, v)?;
    let Some(&[sign, digits, exponent]) = tuple::items(t) else {
        return Err(th.value_error(if py3 { "argument must be a sequence of length 3" } else { "Invalid tuple size in creation of Decimal from list or tuple.  The list or tuple should have exactly three elements." }));
    };
    let neg = match int::to_i64(sign) {
        Some(n @ (0 | 1)) => n == 1,
        _ => return Err(th.value_error(if py3 { "sign must be an integer with the value 0 or 1" } else { "Invalid sign.  The first value in the tuple should be an integer; either 0 for a positive number or 1 for a negative number." })),
    };
    let mut kind = Kind::Finite;
    let mut exp = 0;
    if strings::is_string(th, exponent) {
        kind = match strings::str_of(exponent) {
            Some("F") => return Ok(Dec::inf(neg)),
            Some("n") => Kind::QNan,
            Some("N") => Kind::SNan,
            _ => return Err(th.value_error(if py3 { "string argument in the third position must be 'F', 'n' or 'N'" } else { "The third value in the tuple must be an integer, or one of the strings 'F', 'n', 'N'." })),
        };
    } else if int::is_int_like(exponent) {
        exp = if py3 { int::arg_i64(th, exponent)? } else { int::to_i64(exponent).unwrap_or(if int::is_negative(exponent) { i64::MIN / 4 } else { i64::MAX / 4 }) };
        exp = exp.clamp(i64::MIN / 4, i64::MAX / 4);
    } else {
        return Err(th.value_error(if py3 { "exponent must be an integer" } else { "The third value in the tuple must be an integer, or one of the strings 'F', 'n', 'N'." }));
    }
    let wrong = if py3 { "coefficient must be a tuple of digits" } else { "The second value in the tuple must be composed of integers in the range 0 through 9." };
    if py3 && !digits.is::<List>() && !digits.is::<tuple::Tuple>() {
        return Err(th.value_error(wrong));
    }
    let digits = iter::to_tuple(th, digits)?;
    let items = tuple::items(digits).unwrap_or(&[]);
    let mut s = room(th, items.len())?;
    for x in items {
        match int::to_i64(*x) {
            Some(d @ 0..=9) => s.push(b'0' + d as u8),
            _ => return Err(th.value_error(wrong)),
        }
    }
    Ok(Dec { neg, kind, exp, c: Nat::read(th, &s)? })
}
/// Whether the number is one that the widest context has.
fn in_bounds(th: &mut Thread, d: &Dec) -> R<bool> {
    if !d.is_finite() {
        return Ok(true);
    }
    let top = if d.c.is_zero() { d.exp } else { d.adjusted(th)? };
    Ok(top <= MAX_EMAX && d.exp >= MIN_ETINY)
}
/// A number as the constructor makes it: exactly, whatever the context.
pub fn exact(th: &mut Thread, v: Value, ctx: Gc<Context>) -> R<Dec> {
    let mut c = context::of(th, ctx.value())?;
    let (d, why) = match source(th, v, true, &mut c)? {
        Source::Syntax(why) => (c.invalid(CONVERSION, ""), Some(why)),
        Source::Known(d) => {
            let fits = if th.py3() { in_bounds(th, &d)? } else { d.exp.abs() < i64::MAX / 50 };
            (if fits { d } else { c.invalid(INVALID, "exponent too large") }, None)
        }
    };
    context::finish_with(th, ctx, &c, why)?;
    Ok(d)
}
pub fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &DECIMAL, a.get(0))?;
    let ctx = match a.some(2) {
        // 2.7 looks at it only where it is needed.
        Some(v) if th.py3() || v.is::<Context>() => context::arg(th, Some(v))?,
        _ => context::current(th)?,
    };
    let d = match a.opt(1) {
        None => Dec::zero(false, 0),
        Some(v) if th.py3() && class == DECIMAL.ty() && DECIMAL.is_exact(v) => return Ok(v),
        Some(v) => exact(th, v, ctx)?,
    };
    make_like(th, class, &d)
}
pub fn from_float(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(1);
    let d = match (of_int(v), float::to_f64(v)) {
        (Some(d), _) => d,
        (_, Some(f)) => of_float(th, f)?,
        _ if th.py3() => return Err(th.type_error("argument must be int or float")),
        _ => {
            let f = float::as_f64(th, v)?;
            of_float(th, f)?
        }
    };
    let d = make(th, &d)?;
    if a.get(0) == DECIMAL.value() { Ok(d) } else { th.call(a.get(0), &[d]) }
}
pub fn from_number(th: &mut Thread, a: Args) -> R<Value> {
    let d = match (operand(a.get(1)), float::to_f64(a.get(1))) {
        (Some(d), _) => d,
        (_, Some(f)) => of_float(th, f)?,
        _ => {
            let got = class_name(a.get(1));
            return Err(th.type_error(format!("Cannot convert {got} to Decimal")));
        }
    };
    let d = make(th, &d)?;
    if a.get(0) == DECIMAL.value() { Ok(d) } else { th.call(a.get(0), &[d]) }
}
/// A number fitted into a context.
pub fn create(th: &mut Thread, a: Args) -> R<Value> {
    let ctx: Gc<Context> = this(a.get(0));
    let mut c = context::of(th, ctx.value())?;
    let Some(v) = a.opt(1) else { return make(th, &Dec::zero(false, 0)) };
    let (d, why) = match source(th, v, false, &mut c)? {
        Source::Syntax(why) => (c.invalid(CONVERSION, ""), Some(why)),
        Source::Known(d) if d.is_nan() && !d.c.is_zero() && d.c.digits(th)? as i64 > c.prec - i64::from(c.clamp) => {
            (c.invalid(CONVERSION, "diagnostic info too long in NaN"), None)
        }
        Source::Known(d) => (fix(th, d, &mut c)?, None),
    };
    context::finish_with(th, ctx, &c, why)?;
    make(th, &d)
}
pub fn create_from_float(th: &mut Thread, a: Args) -> R<Value> {
    let v = from_float(th, Args::of(&[DECIMAL.value(), a.get(1)]))?;
    let d = take(v);
    super::decimal::run_number(th, this(a.get(0)), |th, c| fix(th, d, c))
}

// ---- from Decimal

fn no_integer(th: &mut Thread, d: &Dec, what: &str) -> Unwind {
    if th.py3() {
        return if d.is_inf() { th.overflow_error(format!("cannot convert Infinity to {what}")) } else { th.value_error(format!("cannot convert NaN to {what}")) };
    }
    if d.is_inf() { th.overflow_error("Cannot convert infinity to integer") } else { th.value_error("Cannot convert NaN to integer") }
}
pub fn integer(th: &mut Thread, d: &Dec, round: Rounding) -> R<Value> {
    if !d.is_finite() {
        return Err(no_integer(th, d, "integer"));
    }
    let d = d.rescale(th, 0, round)?;
    of_nat(th, d.neg, &d.c)
}
fn of_nat(th: &mut Thread, neg: bool, n: &Nat) -> R<Value> {
    match n.small().and_then(|n| i128::try_from(n).ok()) {
        Some(n) => int::from_i128(th, if neg { -n } else { n }),
        None => int::from_bigint(th, &BigInt::from_biguint(if neg { Sign::Minus } else { Sign::Plus }, n.big())),
    }
}
pub fn to_int(th: &mut Thread, a: Args) -> R<Value> { integer(th, &take(a.get(0)), Rounding::Down) }
pub fn to_long(th: &mut Thread, a: Args) -> R<Value> {
    let v = to_int(th, a)?;
    match int::num(v) {
        Some(int::Num::Small(n)) => int::make(th, n, true),
        _ => Ok(v),
    }
}
pub fn f64_of(th: &mut Thread, d: &Dec) -> R<f64> {
    if d.kind == Kind::SNan {
        return Err(th.value_error(if th.py3() { "cannot convert signaling NaN to float" } else { "Cannot convert signaling NaN to float" }));
    }
    if !d.is_finite() {
        let f = if d.is_inf() { f64::INFINITY } else { f64::NAN };
        return Ok(if d.neg { -f } else { f });
    }
    let s = text::show(th, d, false, true)?;
    Ok(s.parse().unwrap_or(f64::NAN))
}
pub fn to_float(th: &mut Thread, a: Args) -> R<Value> {
    let f = f64_of(th, &take(a.get(0)))?;
    float::new(th, f)
}
pub fn to_complex(th: &mut Thread, a: Args) -> R<Value> {
    let f = f64_of(th, &take(a.get(0)))?;
    complex::new(th, f, 0.0)
}
pub fn round(th: &mut Thread, a: Args) -> R<Value> {
    let d = take(a.get(0));
    let Some(n) = a.opt(1) else { return integer(th, &d, Rounding::HalfEven) };
    if !int::is_int_like(n) {
        return Err(th.type_error("optional arg must be an integer"));
    }
    let n = int::arg_i64(th, n)?;
    let to = Dec::new(false, nat::ONE, n.checked_neg().unwrap_or(i64::MAX / 4).clamp(-i64::MAX / 4, i64::MAX / 4));
    let ctx = context::current(th)?;
    super::decimal::run_number(th, ctx, |th, c| arithmetic::quantize(th, &d, &to, c))
}
pub fn ratio(th: &mut Thread, a: Args) -> R<Value> {
    let d = take(a.get(0));
    if !d.is_finite() {
        return Err(no_integer(th, &d, "integer ratio"));
    }
    if d.c.is_zero() {
        return th.new_tuple(&[Value::int(0), Value::int(1)]);
    }
    if d.exp >= 0 {
        let n = d.c.shift(th, d.exp as u64)?;
        let n = of_nat(th, d.neg, &n)?;
        return th.new_tuple(&[n, Value::int(1)]);
    }
    let (n, gone) = d.c.strip(th, d.exp.unsigned_abs())?;
    let places = d.exp.unsigned_abs() - gone;
    // Either twos or fives are left in common with 10**places, not both.
    nat::allow(th, places)?;
    let (n, twos, fives) = nat::without_common(th, n, places)?;
    let common = twos.min(fives);
    let mut down = Nat::ten_to(th, common)?;
    let five = Nat::of_big(BigUint::from(5u32).pow((fives - common) as u32) << (twos - common));
    down = down.mul(th, &five)?;
    let (n, down) = (of_nat(th, d.neg, &n)?, of_nat(th, false, &down)?);
    th.new_tuple(&[n, down])
}
fn letter(th: &mut Thread, kind: Kind) -> R<Value> {
    th.native_str(match kind {
        Kind::Inf => "F",
        Kind::SNan => "N",
        _ => "n",
    })
}
pub fn old_exponent(th: &mut Thread, v: Value) -> R<Value> {
    let d = take(v);
    if d.is_finite() { int::from_i64(th, d.exp) } else { letter(th, d.kind) }
}
pub fn as_tuple(th: &mut Thread, a: Args) -> R<Value> {
    let d = take(a.get(0));
    let text = if d.is_nan() && d.c.is_zero() { vec![] } else { d.c.text(th)? };
    let digits = RootedVec::with_capacity(th, text.len())?;
    for c in text {
        digits.push(th, Value::int((c - b'0').into()))?;
    }
    let digits = tuple_of(th, digits)?;
    let exp = old_exponent(th, a.get(0))?;
    let class = signals::part(th, Part::DecimalTuple)?;
    th.call(class, &[Value::int(d.neg.into()), digits, exp])
}
pub fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let s = text::show(th, &take(a.get(0)), false, true)?;
    let s = th.native_str(&s)?;
    let args = th.new_tuple(&[s])?;
    let class = class_of(a.get(0)).value();
    th.new_tuple(&[class, args])
}
pub fn same(th: &mut Thread, a: Args) -> R<Value> {
    if class_of(a.get(0)) == DECIMAL.ty() || th.py3() {
        return Ok(a.get(0));
    }
    let d = make(th, &take(a.get(0)))?;
    th.call(class_of(a.get(0)).value(), &[d])
}

// ---- hash

/// As all numbers hash in Python 3: the value modulo 2**61 - 1.
pub fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let d = take(a.get(0));
    match d.kind {
        Kind::SNan => return Err(th.type_error(if th.py3() { "Cannot hash a signaling NaN value" } else { "Cannot hash a signaling NaN value." })),
        Kind::QNan if th.py3() => return int::from_i64(th, txpy_vm::object::hash::by_identity(a.get(0))),
        Kind::QNan => return Ok(Value::int(0)),
        Kind::Inf => return Ok(Value::int(if !d.neg { 314159 } else if th.py3() { -314159 } else { -271828 })),
        Kind::Finite => {}
    }
    if !th.py3() {
        return hash27(th, &d);
    }
    let p = (1u64 << 61) - 1;
    let h = modulo(&d, p);
    let h = if d.neg { -(h as i64) } else { h as i64 };
    int::from_i64(th, if h == -1 { -2 } else { h })
}
/// `c * 10**exp` modulo a prime below 2**64.
fn modulo(d: &Dec, p: u64) -> u64 {
    let power = |mut base: u128, mut n: u64| {
        let mut out = 1u128;
        while n > 0 {
            if n & 1 == 1 {
                out = out * base % u128::from(p);
            }
            base = base * base % u128::from(p);
            n >>= 1;
        }
        out
    };
    let inverse = power(10, p - 2);
    let c = match &d.c {
        Nat::Small(n) => n % u128::from(p),
        Nat::Big(n) => (n % p).to_u128().unwrap_or(0),
    };
    (c * power(if d.exp >= 0 { 10 } else { inverse }, d.exp.unsigned_abs()) % u128::from(p)) as u64
}
/// 2.7: that of the equal float or integer, else one of its own.
fn hash27(th: &mut Thread, d: &Dec) -> R<Value> {
    let f = f64_of(th, d)?;
    if f.is_finite() {
        let back = of_float(th, f)?;
        if arithmetic::compare_finite(th, &back, d)?.is_eq() {
            let v = float::new(th, f)?;
            let h = txpy_vm::object::hash::hash(th, v)?;
            return int::from_i64(th, h);
        }
    }
    if d.is_integer(th)? {
        let whole = if d.exp < 0 { d.rescale(th, 0, Rounding::Down)? } else { d.clone() };
        // The hash of (sign * c * 10**exp mod 2**64 - 1), a modulus that is no prime: the exponent is not negative here.
        let p = BigUint::from(u64::MAX);
        let n = whole.c.big() * BigUint::from(10u32).modpow(&BigUint::from(whole.exp as u64), &p);
        let v = if d.neg { BigInt::from_biguint(Sign::Minus, n) } else { BigInt::from_biguint(Sign::Plus, n) };
        let v = int::from_bigint(th, &v)?;
        let h = txpy_vm::object::hash::hash(th, v)?;
        return int::from_i64(th, h);
    }
    let (c, gone) = d.c.clone().strip(th, u64::MAX)?;
    let digits = c.text(th)?;
    let (digits, exp) = (th.native_str_bytes(&digits)?, int::from_i64(th, d.exp + gone as i64 + digits.len() as i64)?);
    let t = th.new_tuple(&[Value::int(d.neg.into()), exp, digits])?;
    let h = txpy_vm::object::hash::hash(th, t)?;
    int::from_i64(th, h)
}

// ---- comparison

pub fn rich(th: &mut Thread, a: Args, op: Cmp) -> R<Value> {
    let mut x = take(a.get(0));
    let v = a.get(1);
    let equality = matches!(op, Cmp::Eq | Cmp::Ne);
    let y = if let Some(d) = operand(v) {
        d
    } else if let Some(f) = float::to_f64(v) {
        mixed(th, equality)?;
        of_float(th, f)?
    } else if let Some((re, im)) = v.cast::<complex::Complex>().filter(|_| equality).map(|c| (c.frozen().re, c.frozen().im)) {
        if im != 0.0 {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        mixed(th, true)?;
        of_float(th, re)?
    } else if th.py3() && is_rational(th, v)? {
        let (up, down) = (attr::get_str(th, v, "numerator")?, attr::get_str(th, v, "denominator")?);
        let (Some(up), Some(down)) = (of_int(up), of_int(down)) else { return Err(th.type_error("numerator and denominator must be integers")) };
        if x.is_finite() {
            x.c = x.c.mul(th, &down.c)?;
        }
        up
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    if x.is_nan() || y.is_nan() {
        if x.kind == Kind::SNan || y.kind == Kind::SNan || !equality {
            let ctx = context::current(th)?;
            run(th, ctx, |_, c| {
                c.invalid(INVALID, if x.kind == Kind::SNan || y.kind == Kind::SNan { if equality { "sNaN" } else { "comparison involving sNaN" } } else { "comparison involving NaN" });
                Ok(())
            })?;
        }
        return Ok(Value::from_bool(op == Cmp::Ne));
    }
    Ok(Value::from_bool(op.holds(arithmetic::order(th, &x, &y)?)))
}
fn is_rational(th: &mut Thread, v: Value) -> R<bool> {
    let class = signals::part(th, Part::Rational)?;
    txpy_vm::builtins::is_instance(th, v, class)
}
/// A float met a Decimal: tests of equality only set the flag.
fn mixed(th: &mut Thread, equality: bool) -> R<()> {
    if !th.py3() {
        return Ok(());
    }
    let ctx = context::current(th)?;
    if equality {
        ctx.write(th)?.flags |= FLOAT;
        return Ok(());
    }
    run(th, ctx, |_, c| {
        c.status |= FLOAT;
        Ok(())
    })
}
pub fn size(_: &mut Thread, a: Args) -> R<Value> {
    let n = number(a.get(0)).map_or(0, |d| d.c.with_limbs(<[u64]>::len));
    Ok(Value::int((size_of::<Decimal>() + 8 * n) as i64))
}
