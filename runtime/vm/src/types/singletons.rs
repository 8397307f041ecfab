//! The classes of None, Ellipsis and NotImplemented.

use crate::native::{Args, NativeDef, TypeDef};
use crate::thread::Thread;
use txpy_heap::{R, Value};

pub static NONE_TYPE: TypeDef = TypeDef { name: "NoneType", methods: &[NONE], doc: "The type of the None singleton.", ..TypeDef::DEFAULT };
pub static ELLIPSIS_TYPE: TypeDef = TypeDef { name: "ellipsis", methods: &[ELLIPSIS], doc: "The type of the Ellipsis singleton.", ..TypeDef::DEFAULT };
pub static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef { name: "NotImplementedType", methods: &[NOT_IMPLEMENTED], doc: "The type of the NotImplemented singleton.", ..TypeDef::DEFAULT };
/// What no script should see: an unbound register, the end mark of an iteration.
pub static INTERNAL_TYPE: TypeDef = TypeDef { name: "internal", doc: "An internal mark.", ..TypeDef::DEFAULT };

static NONE: &[NativeDef] = natives! {
    "__new__(cls, /)" = none_new, "Return None.";
    "__repr__(self, /)" = none_repr, "Return repr(self).";
    #[py3] "__bool__(self, /)" = no, "False.";
    #[py2] "__nonzero__(self, /)" = no, "False.";
    "__hash__(self, /)" = hash, "Return hash(self).";
};
static ELLIPSIS: &[NativeDef] = natives! {
    "__new__(cls, /)" = ellipsis_new, "Return Ellipsis.";
    "__repr__(self, /)" = ellipsis_repr, "Return repr(self).";
    "__reduce__(self, /)" = ellipsis_repr, "Helper for pickle.";
};
static NOT_IMPLEMENTED: &[NativeDef] = natives! {
    "__new__(cls, /)" = not_implemented_new, "Return NotImplemented.";
    "__repr__(self, /)" = not_implemented_repr, "Return repr(self).";
    #[py3] "__bool__(self, /)" = not_implemented_bool, "True if self else False";
    "__reduce__(self, /)" = not_implemented_repr, "Helper for pickle.";
};

fn none_new(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn none_repr(th: &mut Thread, _: Args) -> R<Value> { th.native_str("None") }
fn no(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::FALSE) }
fn hash(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(a.get(0).bits() as i64)) }
fn ellipsis_new(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::ELLIPSIS) }
fn ellipsis_repr(th: &mut Thread, _: Args) -> R<Value> { th.native_str("Ellipsis") }
fn not_implemented_new(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NOT_IMPLEMENTED) }
fn not_implemented_bool(th: &mut Thread, _: Args) -> R<Value> {
    crate::warn::warn(th, &crate::exceptions::DEPRECATION_WARNING, "NotImplemented should not be used in a boolean context")?;
    Ok(Value::TRUE)
}
fn not_implemented_repr(th: &mut Thread, _: Args) -> R<Value> { th.native_str("NotImplemented") }
