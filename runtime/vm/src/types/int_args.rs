//! Integers as arguments of natives: `__index__`, and CPython's texts for what does not fit.

use super::dunder::D;
use super::int::{Int, num, to_i64, to_u64};
use super::type_::{self, Type};
use crate::native::TypeDef;
use crate::object::{call_special, class_name, class_of, dunder};
use crate::thread::Thread;
use txpy_heap::{Gc, R, Unwind, Value};

/// `v` itself when it is an int (long, bool, subclass), else what its `__index__` gives; None when it has none.
#[inline]
pub fn index_opt(th: &mut Thread, v: Value) -> R<Option<Value>> {
    if v.is_int() || v.is::<Int>() || v == Value::TRUE || v == Value::FALSE {
        return Ok(Some(v));
    }
    index_slow(th, v)
}
fn is_plain(v: Value) -> bool { v.is_int() || is_exactly(v, &super::int::INT) }
/// Warns that a conversion gave an instance of a subclass.
pub fn strict_subclass(th: &mut Thread, what: &str, r: Value, of: &str) -> R<()> {
    let got = class_name(r);
    let msg = format!("{what} (type {got}).  The ability to return an instance of a strict subclass of {of} is deprecated, and may be removed in a future version of Python.");
    crate::warn::warn(th, &crate::exceptions::DEPRECATION_WARNING, &msg)
}
fn index_slow(th: &mut Thread, v: Value) -> R<Option<Value>> {
    let Some(f) = dunder(v, D::index).filter(|f| !f.is_none()) else { return Ok(None) };
    let r = call_special(th, f, v, &[])?;
    if num(r).is_some() {
        if th.py3() && !is_plain(r) {
            strict_subclass(th, "__index__ returned non-int", r, "int")?;
        }
        return Ok(Some(r));
    }
    let got = class_name(r);
    Err(th.type_error(if th.py3() { format!("__index__ returned non-int (type {got})") } else { format!("__index__ returned non-(int,long) (type {got})") }))
}
/// As [`index_opt`]; TypeError when `v` is no integer.
#[inline]
pub fn index(th: &mut Thread, v: Value) -> R<Value> {
    match index_opt(th, v)? {
        Some(i) => Ok(i),
        None => Err(no_integer(th, v, "index")),
    }
}
#[cold]
fn no_integer(th: &mut Thread, v: Value, what2: &str) -> Unwind {
    let got = class_name(v);
    if th.py3() || what2 == "index" {
        let what = if th.py3() { "integer" } else { "index" };
        return th.type_error(format!("'{got}' object cannot be interpreted as an {what}"));
    }
    if super::float::to_f64(v).is_some() { th.type_error("integer argument expected, got float") } else { th.type_error("an integer is required") }
}

/// The integer an argument stands for. 2.7 calls `__int__` where 3 wants `__index__`.
fn integer(th: &mut Thread, v: Value) -> R<Value> {
    if num(v).is_some() {
        return Ok(v);
    }
    if !th.py3() {
        if super::float::to_f64(v).is_none() {
            if let Some(f) = dunder(v, D::int_) {
                let r = call_special(th, f, v, &[])?;
                if num(r).is_some() {
                    return Ok(r);
                }
                return Err(th.type_error("nb_int should return int object"));
            }
        }
        return Err(no_integer(th, v, "integer"));
    }
    index(th, v)
}
#[cold]
fn too_large(th: &mut Thread, c: &str) -> Unwind {
    let msg = format!("Python int too large to convert to C {}", if th.py3() { c } else { "long" });
    th.overflow_error(msg)
}

/// An argument of C type long or ssize_t.
#[inline]
pub fn arg_i64(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i);
    }
    let n = integer(th, v)?;
    match to_i64(n) {
        Some(i) => Ok(i),
        None => Err(too_large(th, "ssize_t")),
    }
}
/// An argument of C type int.
pub fn arg_i32(th: &mut Thread, v: Value) -> R<i32> {
    let n = integer(th, v)?;
    match to_i64(n) {
        Some(i) => match i32::try_from(i) {
            Ok(i) => Ok(i),
            Err(_) if th.py3() => Err(too_large(th, "int")),
            Err(_) => Err(th.overflow_error(if i > 0 { "signed integer is greater than maximum" } else { "signed integer is less than minimum" })),
        },
        None => Err(too_large(th, "int")),
    }
}
/// A size or count: negative numbers raise ValueError.
pub fn arg_usize(th: &mut Thread, v: Value) -> R<usize> {
    match arg_i64(th, v)? {
        i if i >= 0 => Ok(i as usize),
        _ => Err(th.value_error("argument must be non-negative")),
    }
}
pub fn arg_u64(th: &mut Thread, v: Value) -> R<u64> {
    let n = integer(th, v)?;
    match to_u64(n) {
        Some(i) => Ok(i),
        None if super::int::is_negative(n) => Err(th.overflow_error(if th.py3() { "can't convert negative value to unsigned int" } else { "can't convert negative value to unsigned long" })),
        None => Err(too_large(th, "unsigned long")),
    }
}
pub fn arg_u32(th: &mut Thread, v: Value) -> R<u32> {
    match u32::try_from(arg_u64(th, v)?) {
        Ok(i) => Ok(i),
        Err(_) => Err(too_large(th, "unsigned int")),
    }
}
/// An argument of C type unsigned char.
pub fn arg_u8(th: &mut Thread, v: Value) -> R<u8> {
    match arg_i64(th, v)? {
        i @ 0..=255 => Ok(i as u8),
        i => Err(th.overflow_error(if i < 0 { "unsigned byte integer is less than minimum" } else { "unsigned byte integer is greater than maximum" })),
    }
}

/// The name of a class as messages about classes give it: native ones outside of the builtins with their module.
fn full_name(t: Gc<Type>) -> String {
    let (name, r) = (type_::name_text(t), t.frozen());
    match r.def().module {
        module if !r.has(crate::native::type_flag::HEAP) && !module.is_empty() && module != "builtins" => format!("{module}.{name}"),
        _ => name.into_owned(),
    }
}

/// The class argument of `def.__new__`.
pub fn new_class(th: &mut Thread, def: &'static TypeDef, cls: Value) -> R<Gc<Type>> {
    let t = def.ty();
    if cls == t.value() {
        return Ok(t);
    }
    let Some(c) = cls.cast::<Type>() else {
        let own = full_name(t);
        if cls.is_unset() {
            return Err(th.type_error(format!("{own}.__new__(): not enough arguments")));
        }
        let got = class_name(cls);
        return Err(th.type_error(format!("{own}.__new__(X): X is not a type object ({got})")));
    };
    let layout = c.frozen().def();
    if std::ptr::eq(layout, def) {
        return Ok(c);
    }
    if !type_::is_subtype(c, t) {
        let (own, name) = (full_name(t), full_name(c));
        return Err(th.type_error(format!("{own}.__new__({name}): {name} is not a subtype of {own}")));
    }
    // A native subclass (bool of int) makes its own instances.
    if layout.ty().frozen().dunder(super::dunder::D::new) != t.frozen().dunder(super::dunder::D::new) {
        let (own, name, n) = (full_name(t), full_name(c), full_name(layout.ty()));
        return Err(th.type_error(format!("{own}.__new__({name}) is not safe, use {n}.__new__()")));
    }
    Ok(c)
}

/// Whether the class of `v` is `def` itself: inline values too, subclasses not.
pub fn is_exactly(v: Value, def: &'static TypeDef) -> bool { class_of(v) == def.ty() }
