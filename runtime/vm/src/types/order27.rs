//! 2.7's order of any two objects: `__cmp__`, then numbers before all others, then by name of the type, then by address.

use super::classic;
use super::native_function::Native;
use super::type_;
use crate::object::compare::{self, Cmp};
use crate::object::{self, class_of};
use crate::thread::Thread;
use crate::types::dunder::D;
use std::cmp::Ordering;
use txpy_heap::{R, Value};

/// `a op b` when the rich comparison methods of both sides did not know.
pub fn compare(th: &mut Thread, op: Cmp, a: Value, b: Value) -> R<bool> {
    let o = match three_way(th, a, b)? {
        Some(o) => o,
        None => default(a, b),
    };
    Ok(op.holds(o))
}

/// The builtin `cmp(a, b)`: -1, 0 or 1.
pub fn cmp(th: &mut Thread, a: Value, b: Value) -> R<i32> {
    if a == b && !a.is_float() {
        return Ok(0);
    }
    th.check_stack()?;
    let own = class_of(a) == class_of(b) && (classic::is_instance(a) || object::dunder(a, D::cmp).is_some());
    if own {
        if let Some(o) = three_way(th, a, b)? {
            return Ok(o as i32);
        }
    }
    for (op, result) in [(Cmp::Eq, 0), (Cmp::Lt, -1), (Cmp::Gt, 1)] {
        let r = if a.is_ref() || b.is_ref() { compare::rich(th, op, a, b)? } else { Some(compare::compare(th, op, a, b)?) };
        if let Some(r) = r {
            if object::is_true(th, r)? {
                return Ok(result);
            }
        }
    }
    if !own {
        if let Some(o) = three_way(th, a, b)? {
            return Ok(o as i32);
        }
    }
    Ok(default(a, b) as i32)
}

/// By `__cmp__` of either side (and `__coerce__` of classic instances); None when there is none.
fn three_way(th: &mut Thread, a: Value, b: Value) -> R<Option<Ordering>> {
    if classic::is_instance(a) || classic::is_instance(b) {
        return classic::three_way(th, a, b);
    }
    for (x, y, swapped) in [(a, b, false), (b, a, true)] {
        // A native `__cmp__` orders its own kind only; int and long are one.
        let f = object::dunder(x, D::cmp);
        if let Some(f) = f.filter(|f| !f.is::<Native>() || object::dunder(y, D::cmp) == Some(*f) || super::int::is_int_like(x) && super::int::is_int_like(y)) {
            let r = object::call_special(th, f, x, &[y])?;
            if r != Value::NOT_IMPLEMENTED {
                let o = sign(th, r)?;
                return Ok(Some(if swapped { o.reverse() } else { o }));
            }
        }
    }
    Ok(None)
}

/// The order that the result of a `__cmp__` stands for.
pub fn sign(th: &mut Thread, r: Value) -> R<Ordering> {
    if !super::int::is_int_like(r) {
        let Some(i) = super::int::index_opt(th, r)? else { return Err(th.type_error("an integer is required")) };
        return Ok(super::int::compare(i, Value::int(0)).unwrap_or(Ordering::Equal));
    }
    Ok(super::int::compare(r, Value::int(0)).unwrap_or(Ordering::Equal))
}

/// The order of last resort; equal only for one and the same object.
fn default(a: Value, b: Value) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (ta, tb) = (class_of(a), class_of(b));
    if ta == tb {
        return a.bits().cmp(&b.bits());
    }
    if a.is_none() || b.is_none() {
        return b.is_none().cmp(&a.is_none());
    }
    let number = |v: Value| object::dunder(v, D::int_).is_some() || object::dunder(v, D::float_).is_some();
    let name = |v: Value| if number(v) { String::new() } else { type_::name_text(class_of(v)).into_owned() };
    name(a).cmp(&name(b)).then_with(|| ta.value().bits().cmp(&tb.value().bits()))
}
