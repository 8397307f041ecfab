//! `hash(v)`.

use super::class_of;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::{float, int, text};
use txpy_heap::{R, Value};

/// Modulus of numeric hashes: 2**61 - 1.
pub const MODULUS: u64 = (1 << 61) - 1;

/// The hash of `v`; TypeError if its class has none.
#[inline]
pub fn hash(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(i) = v.as_int() {
        return Ok(hash_i64(i));
    }
    if text::STR.is_exact(v) || text::BYTES.is_exact(v) {
        return Ok(text::hash_of(v).expect("a string") as i64);
    }
    hash_slow(th, v)
}
pub fn hash_i64(i: i64) -> i64 {
    // Most are their own.
    let h = if i.unsigned_abs() < MODULUS { i } else { (i.unsigned_abs() % MODULUS) as i64 * i.signum() };
    if h == -1 { -2 } else { h }
}

fn hash_slow(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(f) = v.as_float() {
        return Ok(float::hash_f64(f));
    }
    match v {
        Value::TRUE => return Ok(1),
        Value::FALSE => return Ok(0),
        _ if v.is_singleton() => return Ok((v.bits() as i64) << 4 | 7),
        _ => {}
    }
    match class_of(v).frozen().dunder(D::hash) {
        Some(f) if !f.is_none() => {
            let r = super::call_special(th, f, v, &[])?;
            match int::hash_result(r) {
                Some(h) => Ok(if h == -1 { -2 } else { h }),
                None => Err(th.type_error(if th.py3() { "__hash__ method should return an integer" } else { "an integer is required" })),
            }
        }
        _ => {
            let name = super::class_name(v);
            Err(th.type_error(format!("unhashable type: '{name}'")))
        }
    }
}
/// The hash of identity.
pub fn by_identity(v: Value) -> i64 { (v.bits() >> 4) as i64 }
