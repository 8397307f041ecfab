//! `int`, `long` (2.7) and `bool`: layout, construction, conversion, comparison and hashing.
//!
//! An int of 62 bits is inline in its Value; others are [`Int`] objects. In 2.7 the class of a heap integer (`int` or `long`) is its shape's.

use super::{int_methods, type_};
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::object::compare::Cmp;
use crate::object::hash::{MODULUS, hash_i64};
use crate::object::{class_name, class_of};
use crate::thread::Thread;
use num_bigint::{BigInt, BigUint, Sign};
use num_traits::ToPrimitive;
use std::cmp::Ordering;
use txpy_heap::{Gc, Header, R, Value, flag, object};

pub use super::int_args::{arg_i32, arg_i64, arg_u8, arg_u32, arg_u64, arg_usize, index, index_opt};
pub use super::int_arith::fast;
pub use super::int_parse::from_digits;

object! {
    /// An integer that is not inline, or an instance of a subclass: sign and magnitude, least limb first, no zero limb on top.
    pub struct Int = kinds::INT, frozen { pub negative: bool } tail limbs: u64
}

pub static INT: TypeDef = TypeDef {
    name: "int", kind: kinds::INT, flags: type_flag::BASE | type_flag::MATCH_SELF, methods: &[int_methods::METHODS, int_methods::INT_METHODS], getset: int_methods::GETSET,
    doc: "An integer of any size.\n\nint(x) converts a number or a text; int(text, base) reads it in base 2 to 36, or by its prefix with base 0.\n\n>>> int('ff', 16)\n255", ..TypeDef::DEFAULT
};
/// 2.7's unbounded integer.
pub static LONG: TypeDef = TypeDef {
    name: "long", kind: kinds::INT, flags: type_flag::BASE | type_flag::PY2, methods: &[int_methods::METHODS, int_methods::LONG_METHODS], getset: int_methods::GETSET,
    doc: "An integer of any size.", ..TypeDef::DEFAULT
};
pub static BOOL: TypeDef = TypeDef {
    name: "bool", kind: kinds::INT, base: Some(&INT), methods: &[super::bool_methods::METHODS],
    doc: "True or False: the truth value of the argument.", ..TypeDef::DEFAULT
};

/// Magnitudes below this are computed in 128 bits: sums and differences of two such numbers can't overflow.
const SMALL: u128 = 1 << 126;

/// An integer operand.
#[derive(Clone, Copy)]
pub enum Num {
    /// Below 2**126 in magnitude.
    Small(i128),
    Big(Gc<Int>),
}

impl Num {
    pub fn is_zero(self) -> bool { matches!(self, Num::Small(0)) }
    pub fn is_negative(self) -> bool {
        match self {
            Num::Small(i) => i < 0,
            Num::Big(g) => g.frozen().negative,
        }
    }
    pub fn big(self) -> BigInt {
        match self {
            Num::Small(i) => BigInt::from(i),
            Num::Big(g) => limbs_to_big(g.frozen().negative, g.frozen().limbs()),
        }
    }
    /// The magnitude's limbs, least first; `room` holds those of a small number.
    pub fn limbs<'a>(self, room: &'a mut [u64; 2]) -> &'a [u64] {
        match self {
            Num::Small(i) => {
                let (l, n) = limbs_of(i);
                *room = l;
                &room[..n]
            }
            Num::Big(g) => g.frozen().limbs(),
        }
    }
    /// Bits of the magnitude.
    pub fn bits(self) -> u64 {
        match self {
            Num::Small(i) => 128 - i.unsigned_abs().leading_zeros() as u64,
            Num::Big(g) => {
                let l = g.frozen().limbs();
                l.len() as u64 * 64 - l.last().map_or(0, |t| t.leading_zeros() as u64)
            }
        }
    }
    /// The nearest float, infinite when too large.
    pub fn f64(self) -> f64 {
        match self {
            Num::Small(i) => i as f64,
            Num::Big(g) => {
                let l = g.frozen().limbs();
                let n = l.len();
                // The upper 128 bits decide, with one bit that tells whether anything lies below.
                let top = (l[n - 1] as u128) << 64 | l[n - 2] as u128;
                let sticky = l[..n - 2].iter().any(|w| *w != 0);
                let m = super::float_arith::scaled(top, sticky, (n as i64 - 2) * 64);
                if g.frozen().negative { -m } else { m }
            }
        }
    }
    pub fn cmp(self, o: Num) -> Ordering {
        match (self, o) {
            (Num::Small(a), Num::Small(b)) => a.cmp(&b),
            (Num::Small(_), Num::Big(b)) => if b.frozen().negative { Ordering::Greater } else { Ordering::Less },
            (Num::Big(_), Num::Small(_)) => o.cmp(self).reverse(),
            (Num::Big(a), Num::Big(b)) => {
                let (a, b) = (a.frozen(), b.frozen());
                if a.negative != b.negative {
                    return b.negative.cmp(&a.negative);
                }
                let r = a.len.cmp(&b.len).then_with(|| a.limbs().iter().rev().cmp(b.limbs().iter().rev()));
                if a.negative { r.reverse() } else { r }
            }
        }
    }
    /// Exact comparison with a float; None for nan.
    pub fn cmp_f64(self, f: f64) -> Option<Ordering> {
        if f.is_nan() {
            return None;
        }
        match self {
            Num::Small(i) => {
                if f.abs() >= SMALL as f64 {
                    return Some(if f > 0.0 { Ordering::Less } else { Ordering::Greater });
                }
                let t = f.trunc();
                Some(i.cmp(&(t as i128)).then_with(|| t.partial_cmp(&f).expect("no nan")))
            }
            Num::Big(g) => {
                let neg = g.frozen().negative;
                if f.is_infinite() || (f < 0.0) != neg || f.abs() < SMALL as f64 {
                    let greater = if f.is_infinite() || (f < 0.0) != neg { f < 0.0 } else { !neg };
                    return Some(if greater { Ordering::Greater } else { Ordering::Less });
                }
                // A float this large is an integer.
                Some(self.big().cmp(&float_to_big(f)))
            }
        }
    }
    pub fn i64(self) -> Option<i64> {
        match self {
            Num::Small(i) => i64::try_from(i).ok(),
            Num::Big(_) => None,
        }
    }
    pub fn hash(self) -> i64 {
        match self {
            Num::Small(i) => match i64::try_from(i) {
                Ok(i) => hash_i64(i),
                Err(_) => finish((i.unsigned_abs() % MODULUS as u128) as u64, i < 0),
            },
            Num::Big(g) => {
                let g = g.frozen();
                // 2**64 is 8 modulo 2**61 - 1.
                let h = g.limbs().iter().rev().fold(0u64, |h, w| ((h as u128 * 8 + *w as u128) % MODULUS as u128) as u64);
                finish(h, g.negative)
            }
        }
    }
}

fn finish(h: u64, negative: bool) -> i64 {
    let h = if negative { -(h as i64) } else { h as i64 };
    if h == -1 { -2 } else { h }
}

/// The integer of a finite float, its fraction dropped.
pub fn float_to_big(f: f64) -> BigInt {
    let bits = f.to_bits();
    let e = (bits >> 52 & 0x7FF) as i64;
    if e < 1023 {
        return BigInt::ZERO;
    }
    let m = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = e - 1075;
    let mag = if shift >= 0 { BigUint::from(m) << shift as u64 } else { BigUint::from(m >> -shift) };
    BigInt::from_biguint(if f < 0.0 { Sign::Minus } else { Sign::Plus }, mag)
}

fn limbs_to_big(negative: bool, limbs: &[u64]) -> BigInt {
    let words: Vec<u32> = limbs.iter().flat_map(|w| [*w as u32, (*w >> 32) as u32]).collect();
    BigInt::new(if negative { Sign::Minus } else { Sign::Plus }, words)
}

// ---- reading

/// The integer of an exact int, long or bool.
#[inline]
pub fn exact(v: Value) -> Option<Num> {
    if let Some(i) = v.as_int() {
        return Some(Num::Small(i as i128));
    }
    if v == Value::TRUE || v == Value::FALSE {
        return Some(Num::Small((v == Value::TRUE) as i128));
    }
    if v.is::<Int>() && (INT.is_exact(v) || LONG.is_exact(v)) { num(v) } else { None }
}
/// The integer of any int, long, bool or instance of a subclass.
pub fn num(v: Value) -> Option<Num> {
    if let Some(i) = v.as_int() {
        return Some(Num::Small(i as i128));
    }
    if let Some(g) = v.cast::<Int>() {
        let o = g.frozen();
        let mag = match o.limbs() {
            [] => 0,
            [a] => *a as u128,
            [a, b] => (*b as u128) << 64 | *a as u128,
            _ => return Some(Num::Big(g)),
        };
        return Some(if mag >= SMALL { Num::Big(g) } else if o.negative { Num::Small(-(mag as i128)) } else { Num::Small(mag as i128) });
    }
    match v {
        Value::TRUE => Some(Num::Small(1)),
        Value::FALSE => Some(Num::Small(0)),
        _ => None,
    }
}
/// int, long, bool or an instance of a subclass.
#[inline]
pub fn is_int_like(v: Value) -> bool { v.is_int() || v.is::<Int>() || v == Value::TRUE || v == Value::FALSE }
/// 2.7: `long` or a subclass.
pub fn is_long(v: Value) -> bool { v.is::<Int>() && !crate::dialect::py3() && (LONG.is_exact(v) || !INT.is_exact(v) && type_::is_subtype(class_of(v), LONG.ty())) }

pub fn to_bigint(v: Value) -> Option<BigInt> { num(v).map(Num::big) }
/// The value of any int-like that fits.
#[inline]
pub fn to_i64(v: Value) -> Option<i64> {
    match v.as_int() {
        Some(i) => Some(i),
        None => num(v)?.i64(),
    }
}
pub fn to_u64(v: Value) -> Option<u64> {
    match num(v)? {
        Num::Small(i) => u64::try_from(i).ok(),
        Num::Big(_) => None,
    }
}
pub fn is_negative(v: Value) -> bool { num(v).is_some_and(Num::is_negative) }

/// What `hash()` makes of an int that `__hash__` gave.
pub fn hash_result(v: Value) -> Option<i64> { num(v).map(|n| n.i64().unwrap_or_else(|| n.hash())) }

/// Order of two int-likes.
pub fn compare(a: Value, b: Value) -> Option<Ordering> { Some(num(a)?.cmp(num(b)?)) }

/// `a op b` for an int-like and a float, or two of one sort, without rounding.
pub fn compare_mixed(op: Cmp, a: Value, b: Value) -> bool {
    let by = |o: Option<Ordering>| o.map_or(op == Cmp::Ne, |o| op.holds(o));
    match (num(a), num(b), super::float::to_f64(a), super::float::to_f64(b)) {
        (Some(x), None, _, Some(f)) => by(x.cmp_f64(f)),
        (None, Some(y), Some(f), _) => by(y.cmp_f64(f).map(Ordering::reverse)),
        (Some(x), Some(y), ..) => op.holds(x.cmp(y)),
        (_, _, Some(x), Some(y)) => op.holds_f64(x, y),
        _ => op == Cmp::Ne,
    }
}

// ---- making

/// A heap integer of class `def` (exact).
fn heap(th: &mut Thread, def: &'static TypeDef, negative: bool, limbs: &[u64]) -> R<Value> {
    Ok(th.alloc_tail_with(def.shape(), Int { header: Header::NEW, len: limbs.len(), negative }, limbs)?.value())
}

fn limbs_of(v: i128) -> ([u64; 2], usize) {
    let m = v.unsigned_abs();
    ([m as u64, (m >> 64) as u64], if m == 0 { 0 } else if m >> 64 == 0 { 1 } else { 2 })
}

/// An exact integer; `long`: in 2.7 a `long` whatever its size.
#[inline]
pub fn make(th: &mut Thread, v: i128, long: bool) -> R<Value> {
    if !long {
        if let Some(v) = i64::try_from(v).ok().and_then(Value::from_int) {
            return Ok(v);
        }
    }
    make_heap(th, v, long)
}
#[cold]
fn make_heap(th: &mut Thread, v: i128, long: bool) -> R<Value> {
    let (limbs, n) = limbs_of(v);
    let py3 = th.py3();
    if py3 {
        if let Some(v) = i64::try_from(v).ok().and_then(Value::from_int) {
            return Ok(v);
        }
    }
    let int = py3 || !long && i64::try_from(v).is_ok();
    let r = heap(th, if int { &INT } else { &LONG }, v < 0, &limbs[..n])?;
    if int && !py3 {
        r.header().expect("a heap integer").set(flag::SMALL_INT);
    }
    Ok(r)
}
/// The number of this sign and magnitude; zero limbs on top don't matter.
pub fn make_limbs(th: &mut Thread, negative: bool, limbs: &[u64], long: bool) -> R<Value> {
    let n = limbs.iter().rposition(|w| *w != 0).map_or(0, |i| i + 1);
    let small = match limbs[..n] {
        [] => Some(0),
        [a] => Some(a as u128),
        [a, b] => Some((b as u128) << 64 | a as u128).filter(|m| *m < SMALL),
        _ => None,
    };
    if let Some(m) = small {
        return make(th, if negative { -(m as i128) } else { m as i128 }, long);
    }
    let def = if th.py3() { &INT } else { &LONG };
    heap(th, def, negative, &limbs[..n])
}
/// As [`make`], of any size.
pub fn make_big(th: &mut Thread, v: &BigInt, long: bool) -> R<Value> {
    if v.bits() < 127 {
        return make(th, v.to_i128().expect("fits 127 bits"), long);
    }
    let limbs = v.magnitude().to_u64_digits();
    let def = if th.py3() { &INT } else { &LONG };
    heap(th, def, v.sign() == Sign::Minus, &limbs)
}
/// An integer of a given class: of a subclass the instance, of `int` and `long` the exact number.
pub fn make_like(th: &mut Thread, class: Gc<type_::Type>, v: Value) -> R<Value> {
    if !class.frozen().has(type_flag::HEAP) {
        return Ok(v);
    }
    let init = |n: usize, negative: bool| Int { header: Header::NEW, len: n, negative };
    match num(v) {
        Some(Num::Small(i)) => {
            let (limbs, n) = limbs_of(i);
            Ok(crate::object::instance::alloc_tail_like(th, class, init(n, i < 0), &limbs[..n])?.value())
        }
        Some(Num::Big(g)) => Ok(crate::object::instance::alloc_tail_like(th, class, init(g.frozen().len, g.frozen().negative), g.frozen().limbs())?.value()),
        None => {
            let got = class_name(v);
            Err(th.type_error(format!("an integer is required (got type {got})")))
        }
    }
}
/// The exact int (2.7: or long) with the value of an int-like.
pub fn exact_value(th: &mut Thread, v: Value) -> R<Value> {
    if v.is_int() || v.is::<Int>() && (INT.is_exact(v) || LONG.is_exact(v)) {
        return Ok(v);
    }
    let long = is_long(v);
    match num(v) {
        Some(Num::Small(i)) => make(th, i, long),
        Some(n @ Num::Big(_)) => make_big(th, &n.big(), long),
        None => Ok(v),
    }
}

pub fn from_i64(th: &mut Thread, i: i64) -> R<Value> { make(th, i as i128, false) }
pub fn from_u64(th: &mut Thread, i: u64) -> R<Value> { make(th, i as i128, false) }
pub fn from_i128(th: &mut Thread, i: i128) -> R<Value> { make(th, i, false) }
pub fn from_bigint(th: &mut Thread, v: &BigInt) -> R<Value> { make_big(th, v, false) }
/// The integer of a finite float, its fraction dropped; ValueError and OverflowError for nan and inf.
pub fn from_f64(th: &mut Thread, f: f64, long: bool) -> R<Value> {
    if f.abs() < SMALL as f64 {
        return make(th, f as i128, long);
    }
    if f.is_nan() {
        return Err(th.value_error("cannot convert float NaN to integer"));
    }
    if f.is_infinite() {
        return Err(th.overflow_error("cannot convert float infinity to integer"));
    }
    make_big(th, &float_to_big(f), long)
}
