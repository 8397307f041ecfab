//! What every object can do, by protocol: attributes, calls, comparison, hashing, iteration, numbers, text forms.

pub mod attr;
pub mod call;
pub mod compare;
pub mod dictview;
pub mod hash;
pub mod instance;
pub mod item;
pub mod iter;
pub mod number;
pub mod repr;

use crate::kinds;
use crate::thread::Thread;
use crate::types::type_::{self, Type};
use crate::types::{dunder::D, float, int, singletons};
pub use compare::{compare, equal, is_true, same_or_equal};
pub use hash::hash;
pub use repr::{repr, repr_text, str_, str_text};
use txpy_heap::{Gc, R, Value, shape};

/// The class of a Value. (What `type(v)` gives; `v.__class__` may say otherwise.)
#[inline]
pub fn class_of(v: Value) -> Gc<Type> {
    if let Some(h) = v.header() {
        return shape::shape(h.shape_id()).class.cast().expect("an object's shape names its class");
    }
    if v.is_int() {
        int::INT.ty()
    } else if v.is_float() {
        float::FLOAT.ty()
    } else {
        match v {
            Value::TRUE | Value::FALSE => int::BOOL.ty(),
            Value::NONE => singletons::NONE_TYPE.ty(),
            Value::ELLIPSIS => singletons::ELLIPSIS_TYPE.ty(),
            Value::NOT_IMPLEMENTED => singletons::NOT_IMPLEMENTED_TYPE.ty(),
            _ => singletons::INTERNAL_TYPE.ty(),
        }
    }
}
/// Name of the class, for messages. A classic instance of 2.7 shows "instance".
pub fn class_name(v: Value) -> String { type_::name_text(class_of(v)).into_owned() }

/// The special method `d` of `v`'s class.
#[inline]
pub fn dunder(v: Value, d: D) -> Option<Value> { class_of(v).frozen().dunder(d) }

/// Calls the special method `d` of `v` with further arguments; None when the class has none.
pub fn call_dunder(th: &mut Thread, v: Value, d: D, args: &[Value]) -> R<Option<Value>> {
    match dunder(v, d) {
        Some(f) => call_special(th, f, v, args).map(Some),
        None => Ok(None),
    }
}

/// Calls what a class holds under a special name as a method of `this`.
pub fn call_special(th: &mut Thread, f: Value, this: Value, args: &[Value]) -> R<Value> {
    match f.kind() {
        Some(kinds::FUNCTION | kinds::NATIVE) => {
            let mut buf = [Value::UNSET; 6];
            if args.len() < buf.len() {
                buf[0] = this;
                buf[1..=args.len()].copy_from_slice(args);
                return th.call(f, &buf[..=args.len()]);
            }
        }
        _ => {}
    }
    let bound = attr::bind(th, f, this, class_of(this).value())?;
    th.call(bound, args)
}

/// isinstance(v, class) by real class, without `__instancecheck__`.
#[inline]
pub fn is_instance(v: Value, t: Gc<Type>) -> bool { type_::is_subtype(class_of(v), t) }
