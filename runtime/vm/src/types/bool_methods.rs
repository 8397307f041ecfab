//! Methods of `bool`.

use super::int::{BOOL, num};
use super::int_args::new_class;
use super::int_arith;
use crate::native::{Args, NativeDef};
use crate::object::number::Op;
use crate::thread::Thread;
use txpy_heap::{R, Value};

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, object=False, /)" = new, "Create a bool.";
    #[py2] "__new__(cls, x=False)" = new, "Create a bool.";
    #[alloc] "__repr__(self, /)" = repr, "Return repr(self).";
    #[alloc, py2] "__str__(self, /)" = repr, "Return str(self).";
    #[alloc] "__and__(self, value, /)" = and, "Return self&value.";
    #[alloc] "__rand__(self, value, /)" = and, "Return value&self.";
    #[alloc] "__or__(self, value, /)" = or, "Return self|value.";
    #[alloc] "__ror__(self, value, /)" = or, "Return value|self.";
    #[alloc] "__xor__(self, value, /)" = xor, "Return self^value.";
    #[alloc] "__rxor__(self, value, /)" = xor, "Return value^self.";
    #[py3] "__invert__(self, /)" = invert, "Return ~self.";
};

fn new(th: &mut Thread, a: Args) -> R<Value> {
    new_class(th, &BOOL, a.get(0))?;
    match a.opt(1) {
        Some(v) => Ok(Value::from_bool(crate::object::is_true(th, v)?)),
        None => Ok(Value::FALSE),
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> { th.intern(if a.get(0) == Value::TRUE { "True" } else { "False" }) }
fn both(th: &mut Thread, op: Op, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    match int_arith::fast(th, op, x, y)? {
        Some(r) => Ok(r),
        None => Ok(int_arith::of_values(th, op, x, y)?.unwrap_or(Value::NOT_IMPLEMENTED)),
    }
}
fn and(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::And, a) }
fn or(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::Or, a) }
fn xor(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::Xor, a) }
fn invert(th: &mut Thread, a: Args) -> R<Value> {
    let msg = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";
    crate::warn::warn(th, &crate::exceptions::DEPRECATION_WARNING, msg)?;
    int_arith::invert(th, num(a.get(0)).expect("checked by the call"), false)
}
