//! `exp`, `ln`, `log10` and powers, correctly rounded: binary fixed-point approximations that are repeated with more digits while the last
//! ones leave open which way to round (A. Ziv, Fast evaluation of elementary mathematical functions with correctly rounded last bit, 1991).

use super::nat::{self, Nat};
use super::number::{Ctx, Dec, Rounding, fix, nan_of, status::*};
use crate::api::*;
use num_bigint::BigUint;
use num_traits::{ToPrimitive, Zero};
use std::sync::Mutex;
use txpy_vm::types::int_mul::product;

/// A positive number `m / 2**bits * 10**exp`.
struct Approx {
    m: BigUint,
    bits: u64,
    exp: i64,
}

/// Bits for so many decimal digits.
fn bits_of(digits: u64) -> u64 { (digits as f64 * 3.321_928_1) as u64 + 4 }

/// Rounds what `f` approximates with a relative error below `10**-digits`; it must be no number of at most `prec + 1` digits.
fn rounded(th: &mut Thread, neg: bool, c: &mut Ctx, mut f: impl FnMut(&mut Thread, u64) -> R<Approx>) -> R<Dec> {
    let prec = c.prec as u64;
    let mut extra = 4;
    loop {
        let want = prec + extra;
        nat::allow(th, want)?;
        let a = f(th, want + 3)?;
        let whole = ((a.m.bits() as f64 - a.bits as f64) * std::f64::consts::LOG10_2).floor() as i64;
        let shift = want as i64 - whole;
        let d = if shift >= 0 { Nat::of_big(Nat::of_big(a.m).shift(th, shift as u64)?.big() >> a.bits) } else { Nat::of_big(a.m >> a.bits).cut(th, shift.unsigned_abs())?.0 };
        let drop = d.digits(th)? - prec;
        // Two units in the last place may be wrong.
        let half = Nat::ten_to(th, drop - 1)?.mul(th, &Nat::Small(5))?;
        let rest = d.div_rem(th, &half)?.1;
        if rest > Nat::Small(2) && rest.add(&Nat::Small(2)) < half {
            return fix(th, Dec::new(neg, d, a.exp - shift), c);
        }
        extra *= 3;
        th.poll()?;
    }
}

/// `atanh(1 / n) * 2**bits`, with an error below the number of its terms.
fn inverse_atanh(th: &mut Thread, n: u32, bits: u64) -> R<BigUint> {
    let mut term = (BigUint::from(1u32) << bits) / n;
    let mut sum = term.clone();
    let mut k = 1u32;
    while !term.is_zero() {
        term /= n * n;
        k += 2;
        sum += &term / k;
        if k.is_multiple_of(128) || bits > 1 << 14 {
            th.poll()?;
        }
    }
    Ok(sum)
}
/// `ln(10) * 2**bits`, a few units wrong.
fn ln10(th: &mut Thread, bits: u64) -> R<BigUint> {
    static KNOWN: Mutex<(u64, BigUint)> = Mutex::new((0, BigUint::ZERO));
    let known = || KNOWN.lock().unwrap_or_else(|e| e.into_inner());
    {
        let k = known();
        if k.0 >= bits {
            return Ok(&k.1 >> (k.0 - bits));
        }
    }
    let wide = bits + bits / 4 + 128;
    let mut sum = BigUint::ZERO;
    for (factor, n) in [(46u32, 31), (34, 49), (20, 161)] {
        sum += inverse_atanh(th, n, wide)? * factor;
    }
    // The terms' errors; what is kept is right to the last bit but few.
    let (sum, wide) = (sum >> 64u32, wide - 64);
    let out = &sum >> (wide - bits);
    let mut k = known();
    if k.0 < wide {
        *k = (wide, sum);
    }
    Ok(out)
}

/// `c * 10**exp * 2**bits`, rounded down.
fn fixed(th: &mut Thread, c: &Nat, exp: i64, bits: u64) -> R<BigUint> {
    if exp >= 0 {
        return Ok(c.shift(th, exp as u64)?.big() << bits);
    }
    Ok(Nat::of_big(c.big() << bits).cut(th, exp.unsigned_abs())?.0.big())
}

/// `e**x` for `x = ±t / 2**bits`, good to about `bits` less those of x before the point.
fn exp_of(th: &mut Thread, neg: bool, t: BigUint, bits: u64) -> R<Approx> {
    let ten = ln10(th, bits)?;
    let (k, mut r) = (&t / &ten, &t % &ten);
    let mut k = k.to_i64().unwrap_or(i64::MAX / 4);
    if neg {
        k = -k;
        if !r.is_zero() {
            (k, r) = (k - 1, ten - r);
        }
    }
    // Halved s times, summed, squared s times.
    let s = bits.isqrt().max(4) / 2;
    let wide = bits + 2 * s + 16;
    let r = r << (wide - bits) >> s;
    let one = BigUint::from(1u32) << wide;
    let (mut sum, mut term, mut n) = (&one + &r, r.clone(), 2u64);
    while !term.is_zero() {
        term = (product(th, &term, &r)? >> wide) / n;
        sum += &term;
        n += 1;
        if n.is_multiple_of(32) {
            th.poll()?;
        }
    }
    for _ in 0..s {
        sum = product(th, &sum, &sum)? >> wide;
    }
    Ok(Approx { m: sum, bits: wide, exp: k })
}

/// `ln(x)` of a positive finite number other than 1, as its sign and magnitude, with a relative error below `10**-digits`.
fn ln_of(th: &mut Thread, x: &Dec, digits: u64) -> R<(bool, Approx)> {
    let n = x.c.digits(th)?;
    // x = m * 10**k with m between about 0.32 and 3.2, so that only for k = 0 there is a difference of equals.
    let (lead, _) = if n > 3 { x.c.cut(th, n - 3)? } else { (x.c.shift(th, 3 - n)?, nat::ZERO) };
    let above = lead > Nat::Small(316);
    let places = n as i64 - i64::from(!above);
    let k = x.exp + places;
    let mut bits = bits_of(digits) + 64;
    if k == 0 {
        let one = Nat::ten_to(th, places as u64)?;
        let off = if x.c > one { x.c.sub(&one) } else { one.sub(&x.c) };
        bits += bits_of((places as u64 + 1).saturating_sub(off.digits(th)?));
    }
    let s = bits.isqrt() / 3 + 2;
    let wide = bits + 2 * s + 16;
    let one = BigUint::from(1u32) << wide;
    let mut y = fixed(th, &x.c, -places, wide)?;
    for _ in 0..s {
        y = Nat::of_big(y << wide).isqrt(th)?.big();
    }
    let below = y < one;
    let off = if below { &one - &y } else { &y - &one };
    let z = Nat::of_big(off << wide).div_rem(th, &Nat::of_big(y + one))?.0.big();
    let square = product(th, &z, &z)? >> wide;
    let (mut sum, mut term, mut i) = (z.clone(), z, 1u64);
    while !term.is_zero() {
        term = product(th, &term, &square)? >> wide;
        i += 2;
        sum += &term / i;
        if i.is_multiple_of(64) {
            th.poll()?;
        }
    }
    let part = sum << (s + 1);
    let scale = ln10(th, wide)? * k.unsigned_abs();
    // The number is +-scale +-part.
    let (neg, m) = if k == 0 {
        (below, part)
    } else if (k < 0) == below {
        (below, scale + part)
    } else if scale > part {
        (k < 0, scale - part)
    } else {
        (below, part - scale)
    };
    Ok((neg, Approx { m, bits: wide, exp: 0 }))
}
fn is_one(th: &mut Thread, x: &Dec) -> R<bool> {
    if !x.is_finite() || x.neg || x.exp > 0 {
        return Ok(false);
    }
    let (q, r) = x.c.cut(th, x.exp.unsigned_abs())?;
    Ok(q == nat::ONE && r.is_zero())
}

/// A number that is `1` but for less than can be seen.
fn about_one(th: &mut Thread, below: bool, prec: i64) -> R<Dec> {
    let ten = Nat::ten_to(th, prec as u64 + 1)?;
    Ok(Dec::new(false, if below { ten.sub(&nat::ONE) } else { ten.add(&nat::ONE) }, -prec - 1))
}
/// As `f` gives it in a context that rounds to the nearest.
fn half_even(th: &mut Thread, c: &mut Ctx, f: impl FnOnce(&mut Thread, &mut Ctx) -> R<Dec>) -> R<Dec> {
    let mut even = c.rounding(Rounding::HalfEven);
    let d = f(th, &mut even)?;
    c.merge(&even);
    Ok(d)
}
fn overflowed(th: &mut Thread, neg: bool, c: &mut Ctx) -> R<Dec> { fix(th, Dec::new(neg, nat::ONE, c.emax + 1), c) }
fn underflowed(th: &mut Thread, neg: bool, c: &mut Ctx) -> R<Dec> { fix(th, Dec::new(neg, nat::ONE, c.etiny() - 1), c) }

pub fn exp(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(n);
    }
    if a.is_inf() {
        return Ok(if a.neg { Dec::zero(false, 0) } else { a.clone() });
    }
    if a.c.is_zero() {
        return Ok(Dec::new(false, nat::ONE, 0));
    }
    let adjusted = a.adjusted(th)?;
    half_even(th, c, |th, c| {
        if adjusted > 19 {
            return if a.neg { underflowed(th, false, c) } else { overflowed(th, false, c) };
        }
        if adjusted < -c.prec - 1 {
            let d = about_one(th, a.neg, c.prec)?;
            return fix(th, d, c);
        }
        // Exponents out of bounds need few digits to be recognised.
        let rough = fixed(th, &a.c, a.exp, 64)?;
        let rough = exp_of(th, a.neg, rough, 64)?.exp;
        if rough > c.emax + 1 {
            return overflowed(th, false, c);
        }
        if rough < c.etiny() - 2 {
            return underflowed(th, false, c);
        }
        rounded(th, false, c, |th, digits| {
            let bits = bits_of(digits + adjusted.max(0) as u64) + 64;
            let t = fixed(th, &a.c, a.exp, bits)?;
            exp_of(th, a.neg, t, bits)
        })
    })
}
pub fn ln(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    match log_special(th, a, c, "ln of a negative value")? {
        Some(d) => Ok(d),
        None if is_one(th, a)? => Ok(Dec::zero(false, 0)),
        None => half_even(th, c, |th, c| {
            let neg = ln_of(th, a, 3)?.0;
            rounded(th, neg, c, |th, digits| Ok(ln_of(th, a, digits)?.1))
        }),
    }
}
/// Logarithms of what is no positive number.
fn log_special(th: &mut Thread, a: &Dec, c: &mut Ctx, why: &'static str) -> R<Option<Dec>> {
    if let Some(n) = nan_of(th, &[a], c)? {
        return Ok(Some(n));
    }
    Ok(if a.is_zero() {
        Some(Dec::inf(true))
    } else if a.neg {
        Some(c.invalid(INVALID, why))
    } else if a.is_inf() {
        Some(a.clone())
    } else {
        None
    })
}
pub fn log10(th: &mut Thread, a: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(d) = log_special(th, a, c, "log10 of a negative value")? {
        return Ok(d);
    }
    let (core, zeros) = a.c.clone().strip(th, u64::MAX)?;
    half_even(th, c, |th, c| {
        if core == nat::ONE {
            return fix(th, Dec::of_i128(i128::from(a.exp) + i128::from(zeros)), c);
        }
        let neg = ln_of(th, a, 3)?.0;
        rounded(th, neg, c, |th, digits| {
            let l = ln_of(th, a, digits + 3)?.1;
            let ten = ln10(th, l.bits)?;
            let m = Nat::of_big(l.m << l.bits).div_rem(th, &Nat::of_big(ten))?.0.big();
            Ok(Approx { m, ..l })
        })
    })
}

// ---- powers

pub fn power(th: &mut Thread, a: &Dec, b: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b], c)? {
        return Ok(n);
    }
    if b.is_zero() {
        return Ok(if a.is_zero() { c.invalid(INVALID, "0 ** 0") } else { Dec::new(false, nat::ONE, 0) });
    }
    let whole = b.is_integer(th)?;
    let neg = a.neg && whole && b.is_odd(th)?;
    if a.neg && !whole && !a.is_zero() {
        return Ok(c.invalid(INVALID, "x ** y with x negative and y not an integer"));
    }
    let x = a.clone().signed(false);
    if x.is_zero() || x.is_inf() {
        return Ok(if x.is_zero() == b.neg { Dec::inf(neg) } else { Dec::zero(neg, 0) });
    }
    if is_one(th, &x)? {
        let mut exp = 1 - c.prec;
        if whole {
            let times = if b.neg { 0 } else { b.small_int(th)?.map_or(c.prec, |n| n.min(c.prec)) };
            let ideal = i128::from(x.exp) * i128::from(times);
            if ideal < exp.into() {
                c.status |= ROUNDED;
            } else {
                exp = ideal as i64;
            }
        } else {
            c.status |= INEXACT | ROUNDED;
        }
        return Ok(Dec::new(neg, Nat::ten_to(th, exp.unsigned_abs())?, exp));
    }
    let size = x.adjusted(th)?;
    if b.is_inf() {
        return Ok(if b.neg == (size < 0) { Dec::inf(neg) } else { Dec::zero(neg, 0) });
    }
    // The exponent of the result, roughly.
    let (l_neg, l) = ln_of(th, &x, 20)?;
    let log = approximate(&l) * std::f64::consts::LOG10_E * float_of(th, b)? * if l_neg == b.neg { 1.0 } else { -1.0 };
    if log > c.emax as f64 + 3.0 + c.emax as f64 * 1e-12 {
        return overflowed(th, neg, c);
    }
    if log < c.etiny() as f64 * (1.0 + 1e-12) - 3.0 {
        // Where it multiplies, CPython's library has some digits more, and a zero below those.
        let more = b.adjusted(th)?.max(0) as f64 + 2.0;
        if !th.py3() || !whole || log > c.etiny() as f64 - more {
            return underflowed(th, neg, c);
        }
        c.status |= CLAMPED | INEXACT | ROUNDED | SUBNORMAL | UNDERFLOW;
        return Ok(Dec::zero(neg, c.etiny()));
    }
    if let Some(d) = exact_power(th, &x, b, c)? {
        return if whole { fix(th, d.signed(neg), c) } else { padded(th, d, c) };
    }
    if log.abs() < 1e-3 && log.abs().log10() < -(c.prec as f64) - 3.0 {
        let d = about_one(th, l_neg != b.neg, c.prec)?.signed(neg);
        return fix(th, d, c);
    }
    let before = b.adjusted(th)?.max(0) as u64;
    let size = size.unsigned_abs().checked_ilog10().unwrap_or(0) as u64 + 2;
    rounded(th, neg, c, |th, digits| {
        let need = digits + before + size + 4;
        let (_, l) = ln_of(th, &x, need)?;
        let t = product(th, &l.m, &b.c.big())?;
        let t = if b.exp >= 0 { Nat::of_big(t).shift(th, b.exp as u64)? } else { Nat::of_big(t).cut(th, b.exp.unsigned_abs())?.0 };
        exp_of(th, l_neg != b.neg, t.big(), l.bits)
    })
}
fn approximate(a: &Approx) -> f64 {
    let shift = a.m.bits().saturating_sub(64);
    (&a.m >> shift).to_f64().unwrap_or(0.0) * ((shift as f64 - a.bits as f64).exp2())
}
fn float_of(th: &mut Thread, d: &Dec) -> R<f64> {
    let n = d.c.digits(th)?;
    let top = if n > 18 { d.c.cut(th, n - 18)?.0 } else { d.c.clone() };
    let exp = d.exp + n.saturating_sub(18) as i64;
    Ok(top.small().unwrap_or(0) as f64 * 10f64.powi(exp.clamp(-400, 400) as i32))
}
/// An exact power whose exponent is no integer: with all digits that the context has, and reported as inexact.
fn padded(th: &mut Thread, d: Dec, c: &mut Ctx) -> R<Dec> {
    let n = d.c.digits(th)? as i64;
    let zeros = (c.prec + 1 - n).max(0);
    let d = Dec::new(d.neg, d.c.shift(th, zeros as u64)?, d.exp - zeros);
    let d = fix(th, d, c)?;
    c.status |= INEXACT | ROUNDED;
    if c.status & SUBNORMAL != 0 {
        c.status |= UNDERFLOW;
    }
    Ok(d)
}

/// `x**y` of a positive number other than 1, if it has at most one digit more than the precision, or is found as easily.
fn exact_power(th: &mut Thread, x: &Dec, y: &Dec, c: &Ctx) -> R<Option<Dec>> {
    let most = c.prec as u64 + 1;
    let (core, zeros) = x.c.clone().strip(th, u64::MAX)?;
    let e = i128::from(x.exp) + i128::from(zeros);
    let whole = y.small_int(th)?;
    // A zero that multiplication would keep.
    let ideal = whole.filter(|n| *n > 0).map(|n| i128::from(x.exp) * i128::from(n));
    let with_zeros = |th: &mut Thread, n: Nat, exp: i128| -> R<Option<Dec>> {
        let digits = n.digits(th)?;
        let zeros = ideal.map_or(0, |i| (exp - i).max(0)).min(most.saturating_sub(digits).into());
        let Ok(exp) = i64::try_from(exp - zeros) else { return Ok(None) };
        Ok(Some(Dec::new(false, n.shift(th, zeros as u64)?, exp)))
    };
    // y = up / down in lowest terms.
    let (y_core, y_zeros) = y.c.clone().strip(th, u64::MAX)?;
    let y_exp = i128::from(y.exp) + i128::from(y_zeros);
    if core == nat::ONE {
        // A power of ten: e * y must be an integer.
        let (Some(n), -38..=20) = (y_core.small(), y_exp) else { return Ok(None) };
        let times = i128::try_from(n).ok().and_then(|n| n.checked_mul(e));
        let Some(times) = times else { return Ok(None) };
        let ten = 10i128.pow(y_exp.unsigned_abs().min(38) as u32);
        let exp = if y_exp >= 0 { times.checked_mul(ten) } else if times % ten == 0 { Some(times / ten) } else { None };
        return match exp {
            Some(exp) => with_zeros(th, nat::ONE, if y.neg { -exp } else { exp }),
            None => Ok(None),
        };
    }
    if y_exp > 12 || y_exp < -(core.bits() as i128) {
        return Ok(None);
    }
    let (mut up, mut down) = (y_core, nat::ONE);
    if y_exp >= 0 {
        up = up.shift(th, y_exp as u64)?;
    } else {
        // Powers of two and five in common.
        let (rest, twos, fives) = nat::without_common(th, up, y_exp.unsigned_abs() as u64)?;
        up = rest;
        // A root of so high an order of what is no power of ten would be below 2.
        if twos >= 64 || fives >= 28 {
            return Ok(None);
        }
        down = Nat::Small((1u128 << twos) * 5u128.pow(fives as u32));
    }
    let (Some(up), Some(down)) = (up.small().and_then(|n| u64::try_from(n).ok()), down.small()) else { return Ok(None) };
    let (mut root, mut exp) = (core, e);
    if down > 1 {
        if down > u128::from(root.bits()) || exp % down as i128 != 0 {
            return Ok(None);
        }
        let r = root.big().nth_root(down as u32);
        if r.pow(down as u32) != root.big() {
            return Ok(None);
        }
        (root, exp) = (Nat::of_big(r), exp / down as i128);
    }
    if y.neg {
        // 1 / root must end: a power of two or of five; then the root is exchanged for the power of the other.
        if root.bits() > 8 * (most + 2) {
            return Ok(None);
        }
        let (odd, other) = if root.is_odd() { (5u32, 2u32) } else { (2, 5) };
        let mut k = 0u64;
        while root != nat::ONE {
            let (q, r) = root.div_rem(th, &Nat::Small(odd.into()))?;
            if !r.is_zero() {
                return Ok(None);
            }
            (root, k) = (q, k + 1);
        }
        let Some(n) = k.checked_mul(up).filter(|n| *n as f64 * f64::from(other).log10() < most as f64 + 1.0) else { return Ok(None) };
        let n_exp = -exp * i128::from(up) - i128::from(n);
        let n = Nat::of_big(BigUint::from(other).pow(n as u32));
        return if n.digits(th)? <= most { with_zeros(th, n, n_exp) } else { Ok(None) };
    }
    let size = (root.bits() - 1) as f64 * up as f64 * std::f64::consts::LOG10_2;
    if size > most as f64 + 1.0 {
        return Ok(None);
    }
    let n = Nat::of_big(root.big().pow(up as u32));
    if n.digits(th)? > most {
        return Ok(None);
    }
    with_zeros(th, n, exp * i128::from(up))
}

/// `a**b % m` of integers.
pub fn power_modulo(th: &mut Thread, a: &Dec, b: &Dec, m: &Dec, c: &mut Ctx) -> R<Dec> {
    if let Some(n) = nan_of(th, &[a, b, m], c)? {
        return Ok(n);
    }
    if !(a.is_integer(th)? && b.is_integer(th)? && m.is_integer(th)?) {
        return Ok(c.invalid(INVALID, "pow() 3rd argument not allowed unless all arguments are integers"));
    }
    if b.neg && !b.c.is_zero() {
        return Ok(c.invalid(INVALID, "pow() 2nd argument cannot be negative when 3rd argument specified"));
    }
    if m.c.is_zero() {
        return Ok(c.invalid(INVALID, "pow() 3rd argument cannot be 0"));
    }
    if m.adjusted(th)? >= c.prec {
        return Ok(c.invalid(INVALID, "insufficient precision: pow() 3rd argument must not have more than precision digits"));
    }
    if a.c.is_zero() && b.c.is_zero() {
        return Ok(c.invalid(INVALID, "at least one of pow() 1st argument and 2nd argument must be nonzero; 0**0 is not defined"));
    }
    let neg = a.neg && b.is_odd(th)?;
    let modulus = m.rescale(th, 0, Rounding::Down)?.c.big();
    let ten = BigUint::from(10u32);
    // Exponents of what is an integer are large only if they are positive.
    let (a, b) = (if a.exp < 0 { a.rescale(th, 0, Rounding::Down)? } else { a.clone() }, if b.exp < 0 { b.rescale(th, 0, Rounding::Down)? } else { b.clone() });
    let mut base = a.c.big() % &modulus * ten.modpow(&BigUint::from(a.exp as u64), &modulus) % &modulus;
    for _ in 0..b.exp {
        base = base.modpow(&ten, &modulus);
        th.poll()?;
        if base.is_zero() || base == BigUint::from(1u32) {
            break;
        }
    }
    Ok(Dec::new(neg, Nat::of_big(base.modpow(&b.c.big(), &modulus)), 0))
}
