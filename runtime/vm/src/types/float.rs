//! `float`: layout, construction, conversion and hashing. Most floats are inline in their Value; other magnitudes are [`Float`] objects.

use super::dunder::D;
use super::float_methods;
use super::int::{self, num};
use super::int_arith::float_of;
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::object::hash::MODULUS;
use crate::object::{call_special, class_name, dunder};
use crate::thread::Thread;
use txpy_heap::{Header, R, Value, object};

pub use super::float_arith::fast;
pub use super::float_repr::{format_exp, format_fixed, format_general, repr_f64};

object! {
    /// A float of a magnitude without inline form, or an instance of a subclass.
    pub struct Float = kinds::FLOAT, frozen { pub value: f64 }
}

pub static FLOAT: TypeDef = TypeDef {
    name: "float", kind: kinds::FLOAT, size: size_of::<Float>() as u16, flags: type_flag::BASE | type_flag::MATCH_SELF,
    methods: &[float_methods::METHODS], getset: float_methods::GETSET,
    doc: "A number in IEEE double precision.\n\nfloat(x) converts a number or a text.", ..TypeDef::DEFAULT
};

#[inline]
pub fn new(th: &mut Thread, f: f64) -> R<Value> {
    match Value::from_float(f) {
        Some(v) => Ok(v),
        None => Ok(th.alloc(FLOAT.shape(), Float { header: Header::NEW, value: f })?.value()),
    }
}

/// Inline ints (as the nearest float) and exact floats.
#[inline]
pub fn small_f64(v: Value) -> Option<f64> {
    if let Some(f) = v.as_float() {
        return Some(f);
    }
    if let Some(i) = v.as_int() {
        return Some(i as f64);
    }
    exact(v)
}
/// The value of an exact float.
#[inline]
pub fn exact(v: Value) -> Option<f64> {
    match v.as_float() {
        Some(f) => Some(f),
        None => v.cast::<Float>().filter(|_| FLOAT.is_exact(v)).map(|g| g.frozen().value),
    }
}
/// The value of a float or an instance of a subclass.
#[inline]
pub fn to_f64(v: Value) -> Option<f64> {
    match v.as_float() {
        Some(f) => Some(f),
        None => v.cast::<Float>().map(|g| g.frozen().value),
    }
}

/// What `v.__float__()` gives, if the class has it.
pub fn by_method(th: &mut Thread, v: Value) -> R<Option<f64>> {
    let Some(f) = dunder(v, D::float_).filter(|f| !f.is_none()) else { return Ok(None) };
    let r = call_special(th, f, v, &[])?;
    if let Some(f) = to_f64(r) {
        if th.py3() && !r.is_float() && !FLOAT.is_exact(r) {
            let what = format!("{}.__float__ returned non-float", class_name(v));
            super::int_args::strict_subclass(th, &what, r, "float")?;
        }
        return Ok(Some(f));
    }
    let (class, got) = (class_name(v), class_name(r));
    Err(th.type_error(if th.py3() { format!("{class}.__float__ returned non-float (type {got})") } else { format!("__float__ returned non-float (type {got})") }))
}

/// The float an argument stands for; None when it is no number.
pub fn number(th: &mut Thread, v: Value) -> R<Option<f64>> {
    if let Some(f) = to_f64(v) {
        return Ok(Some(f));
    }
    if let Some(n) = num(v).filter(|_| int::exact(v).is_some()) {
        return float_of(th, n).map(Some);
    }
    if let Some(f) = by_method(th, v)? {
        return Ok(Some(f));
    }
    if th.py3() {
        if let Some(n) = int::index_opt(th, v)?.and_then(num) {
            return float_of(th, n).map(Some);
        }
    }
    Ok(None)
}
/// An argument of C type double.
#[inline]
pub fn as_f64(th: &mut Thread, v: Value) -> R<f64> {
    if let Some(f) = v.as_float() {
        return Ok(f);
    }
    match number(th, v)? {
        Some(f) => Ok(f),
        None => {
            let got = class_name(v);
            Err(th.type_error(if th.py3() { format!("must be real number, not {got}") } else { "a float is required".to_string() }))
        }
    }
}

/// The hash of a float: that of the equal integer, or of the fraction modulo 2**61 - 1.
pub fn hash_f64(f: f64) -> i64 {
    if f.is_infinite() {
        return if f > 0.0 { 314159 } else if crate::dialect::py3() { -314159 } else { -271828 };
    }
    if f.is_nan() {
        return 0;
    }
    if f == 0.0 {
        return 0;
    }
    let bits = f.to_bits();
    let e = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (m, e) = if e == 0 { (fraction, -1074) } else { (fraction | 1 << 52, e - 1075) };
    // m * 2**e with 2**61 = 1: a rotation of 61 bits.
    let m = m % MODULUS;
    let k = e.rem_euclid(61) as u32;
    let h = if k == 0 { m } else { (m << k & MODULUS) | m >> (61 - k) };
    let h = if h == MODULUS { 0 } else { h as i64 };
    let h = if f < 0.0 { -h } else { h };
    if h == -1 { -2 } else { h }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_agree_with_ints_and_the_reference() {
        for i in [0i64, 1, -1, 7, -12345, 1 << 52, 1 << 61, -(1 << 62)] {
            assert_eq!(hash_f64(i as f64), crate::object::hash::hash_i64(i), "{i}");
        }
        assert_eq!(hash_f64(1.5), 1152921504606846977);
        assert_eq!(hash_f64(2f64.powi(100)), 549755813888);
        assert_eq!(hash_f64(-(2f64.powi(100))), -549755813888);
    }
}
