//! Truth and rich comparison.

use super::{class_name, class_of};
use crate::kinds;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::type_::is_subtype;
use crate::types::{float, int, text};
use txpy_heap::{R, Value};

/// A comparison operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Cmp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl Cmp {
    pub fn dunder(self) -> D { [D::lt, D::le, D::eq, D::ne, D::gt, D::ge][self as usize] }
    pub fn swapped(self) -> Cmp { [Cmp::Gt, Cmp::Ge, Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le][self as usize] }
    pub fn symbol(self) -> &'static str { ["<", "<=", "==", "!=", ">", ">="][self as usize] }
    /// The answer when the order is known.
    #[inline]
    pub fn holds(self, o: std::cmp::Ordering) -> bool {
        match self {
            Cmp::Lt => o.is_lt(),
            Cmp::Le => o.is_le(),
            Cmp::Eq => o.is_eq(),
            Cmp::Ne => o.is_ne(),
            Cmp::Gt => o.is_gt(),
            Cmp::Ge => o.is_ge(),
        }
    }
    /// The answer for floats, nan included.
    #[inline]
    pub fn holds_f64(self, a: f64, b: f64) -> bool {
        match self {
            Cmp::Lt => a < b,
            Cmp::Le => a <= b,
            Cmp::Eq => a == b,
            Cmp::Ne => a != b,
            Cmp::Gt => a > b,
            Cmp::Ge => a >= b,
        }
    }
}

/// `bool(v)`.
#[inline]
pub fn is_true(th: &mut Thread, v: Value) -> R<bool> {
    match v {
        Value::TRUE => Ok(true),
        Value::FALSE | Value::NONE => Ok(false),
        _ if v.is_int() => Ok(v.int_unchecked() != 0),
        _ if v.is_float() => Ok(v.float_unchecked() != 0.0),
        _ => is_true_slow(th, v),
    }
}
fn is_true_slow(th: &mut Thread, v: Value) -> R<bool> {
    match v.kind() {
        Some(kinds::STR | kinds::BYTES) if text::STR.is_exact(v) || text::BYTES.is_exact(v) => return Ok(text::bytes_of(v).is_some_and(|b| !b.is_empty())),
        None if v != Value::NOT_IMPLEMENTED || !th.py3() => return Ok(v != Value::UNSET),
        _ => {}
    }
    let t = class_of(v);
    let d = if th.py3() { D::bool_ } else { D::nonzero };
    if let Some(f) = t.frozen().dunder(d) {
        let r = super::call_special(th, f, v, &[])?;
        return match r {
            Value::TRUE => Ok(true),
            Value::FALSE => Ok(false),
            _ if !th.py3() && (r.is_int() || int::INT.is_exact(r)) => Ok(!int::num(r).is_some_and(|n| n.is_zero())),
            _ => {
                let got = class_name(r);
                let msg = if th.py3() { format!("__bool__ should return bool, returned {got}") } else { format!("__nonzero__ should return bool or int, returned {got}") };
                Err(th.type_error(msg))
            }
        };
    }
    if t.frozen().dunder(D::len).is_some() {
        return Ok(super::item::len(th, v)? != 0);
    }
    Ok(true)
}

/// `a == b` as containers test it: identity first.
pub fn same_or_equal(th: &mut Thread, a: Value, b: Value) -> R<bool> { if a == b { Ok(true) } else { equal_slow(th, a, b) } }

/// `a == b` for dict keys and searches: identity first, then `__eq__`.
#[inline]
pub fn equal(th: &mut Thread, a: Value, b: Value) -> R<bool> {
    if a == b && !a.is_float() {
        return Ok(true);
    }
    equal_slow(th, a, b)
}
fn equal_slow(th: &mut Thread, a: Value, b: Value) -> R<bool> {
    if text::STR.is_exact(a) && text::STR.is_exact(b) || text::BYTES.is_exact(a) && text::BYTES.is_exact(b) {
        return Ok(text::equal(a, b) == Some(true));
    }
    let r = compare(th, Cmp::Eq, a, b)?;
    is_true(th, r)
}

/// `a op b` with its result as the classes give it.
#[inline]
pub fn compare(th: &mut Thread, op: Cmp, a: Value, b: Value) -> R<Value> {
    if a.is_int() && b.is_int() {
        return Ok(Value::from_bool(op.holds(a.int_unchecked().cmp(&b.int_unchecked()))));
    }
    if let (Some(x), Some(y)) = (float::small_f64(a), float::small_f64(b)) {
        if a.is_float() || b.is_float() {
            if a.is_int() || b.is_int() {
                return Ok(Value::from_bool(int::compare_mixed(op, a, b)));
            }
            return Ok(Value::from_bool(op.holds_f64(x, y)));
        }
    }
    compare_slow(th, op, a, b)
}

fn compare_slow(th: &mut Thread, op: Cmp, a: Value, b: Value) -> R<Value> {
    if text::STR.is_exact(a) && text::STR.is_exact(b) || text::BYTES.is_exact(a) && text::BYTES.is_exact(b) {
        if let (Some(x), Some(y)) = (text::bytes_of(a), text::bytes_of(b)) {
            // Bytewise order is the order of code points. Unequal lengths decide equality without a look at the bytes.
            return Ok(Value::from_bool(match op {
                Cmp::Eq => x == y,
                Cmp::Ne => x != y,
                _ => op.holds(x.cmp(y)),
            }));
        }
    }
    th.check_stack()?;
    if let Some(r) = rich(th, op, a, b)? {
        return Ok(r);
    }
    if !th.py3() {
        return crate::types::order27::compare(th, op, a, b).map(Value::from_bool);
    }
    match op {
        Cmp::Eq => Ok(Value::from_bool(a == b)),
        Cmp::Ne => Ok(Value::from_bool(a != b)),
        _ => {
            let (x, y) = (class_name(a), class_name(b));
            Err(th.type_error(format!("'{}' not supported between instances of '{x}' and '{y}'", op.symbol())))
        }
    }
}

/// The rich comparison methods of both sides; None when neither knows.
pub fn rich(th: &mut Thread, op: Cmp, a: Value, b: Value) -> R<Option<Value>> {
    let (ta, tb) = (class_of(a), class_of(b));
    let (fa, fb) = (ta.frozen().dunder(op.dunder()), tb.frozen().dunder(op.swapped().dunder()));
    let mut reversed = false;
    if ta != tb && is_subtype(tb, ta) {
        if let Some(f) = fb {
            reversed = true;
            let r = super::call_special(th, f, b, &[a])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(Some(r));
            }
        }
    }
    if let Some(f) = fa {
        let r = super::call_special(th, f, a, &[b])?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    if let (Some(f), false) = (fb, reversed) {
        let r = super::call_special(th, f, b, &[a])?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    Ok(None)
}

/// `a op b` as a truth value.
#[inline]
pub fn compare_bool(th: &mut Thread, op: Cmp, a: Value, b: Value) -> R<bool> {
    let r = compare(th, op, a, b)?;
    is_true(th, r)
}
