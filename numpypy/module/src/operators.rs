//! Operators of arrays and array scalars: each is a ufunc.

use crate::api::*;
use crate::array::NdArray;
use crate::ufunc::{Options, apply};
use crate::{convert, products, scalar};
use txpy_numpy_core::Ufunc;
use txpy_vm::object::compare::Cmp;

/// `x op y`, if both sides are numbers, arrays or sequences; the other side's method otherwise.
fn binary(th: &mut Thread, u: Ufunc, x: Value, y: Value, other: Value) -> R<Value> {
    if let Some(r) = scalar::quick(th, u, x, y)? {
        return Ok(r);
    }
    let this = if other == y { x } else { y };
    // An integer scalar repeats a sequence, as an int does.
    let repeats = u == Ufunc::Multiply && !this.is::<NdArray>() && (other.is::<list::List>() || tuple::items(other).is_some());
    if defers(x, y, other) || repeats {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    apply(th, u, &[x, y], Options::default())
}
/// Scalars leave arrays to the arrays; objects of other classes come first if they define the operator and are no sequences.
fn defers(x: Value, y: Value, other: Value) -> bool {
    let this = if other == y { x } else { y };
    if other.is::<NdArray>() {
        return !this.is::<NdArray>();
    }
    !(scalar::from_value(other).is_some() || tuple::items(other).is_some() || other.is::<list::List>() || int::is_int_like(other))
}
fn divide(th: &mut Thread) -> Ufunc {
    if th.py3() { Ufunc::TrueDivide } else { Ufunc::Divide }
}
fn inplace(th: &mut Thread, u: Ufunc, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if !x.is::<NdArray>() {
        return binary(th, u, x, y, y);
    }
    if !y.is::<NdArray>() && defers(x, y, y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    apply(th, u, &[x, y], Options { out: Some(x), ..Options::default() })
}
fn compare(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if let Some(r) = scalar::quick(th, scalar::comparison(op), x, y)? {
        return Ok(r);
    }
    if y.is_none() && matches!(op, Cmp::Eq | Cmp::Ne) {
        // Nothing equals None, element by element.
        let v = convert::to_view(th, x, None)?;
        let out = crate::array::fresh_c(th, &v.layout.shape, txpy_numpy_core::dtype::BOOL, true)?;
        if op == Cmp::Ne {
            convert::fill(th, &out, txpy_numpy_core::Scalar::Bool(true))?;
        }
        return crate::ufunc::finish(th, &out, None);
    }
    let words = |v: Value| text::is_text(v) || text::is_bytes(v);
    let dtyped = |th: &mut Thread, v: Value| -> R<bool> { Ok(match v.cast::<NdArray>() { Some(a) => !crate::array::view(th, a)?.dtype.is_number(), None => words(v) }) };
    if dtyped(th, x)? || dtyped(th, y)? {
        if words(x) && y.is::<NdArray>() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if let Some(r) = crate::flexible::compare(th, op, x, y)? {
            return Ok(r);
        }
    }
    if defers(x, y, y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    apply(th, scalar::comparison(op), &[x, y], Options::default())
}
fn unary(th: &mut Thread, u: Ufunc, a: Args) -> R<Value> {
    apply(th, u, &[a.get(0)], Options::default())
}

macro_rules! operators {
    ($($(#[$mark:ident])? $op:literal $r:literal $i:literal $u:expr;)*) => {
        pub static METHODS: &[NativeDef] = natives! {
            $($(#[$mark])? $op = |th, a| { let u = $u(th); binary(th, u, a.get(0), a.get(1), a.get(1)) }, "Element by element.";
            $(#[$mark])? $r = |th, a| { let u = $u(th); binary(th, u, a.get(1), a.get(0), a.get(1)) }, "Element by element.";
            $(#[$mark])? $i = |th, a| { let u = $u(th); inplace(th, u, a) }, "Element by element, in place.";)*
            "__lt__(self, other, /)" = |th, a| compare(th, Cmp::Lt, a), "Element by element.";
            "__le__(self, other, /)" = |th, a| compare(th, Cmp::Le, a), "Element by element.";
            "__eq__(self, other, /)" = |th, a| compare(th, Cmp::Eq, a), "Element by element.";
            "__ne__(self, other, /)" = |th, a| compare(th, Cmp::Ne, a), "Element by element.";
            "__gt__(self, other, /)" = |th, a| compare(th, Cmp::Gt, a), "Element by element.";
            "__ge__(self, other, /)" = |th, a| compare(th, Cmp::Ge, a), "Element by element.";
            "__neg__(self, /)" = |th, a| unary(th, Ufunc::Negative, a), "Element by element.";
            "__pos__(self, /)" = |th, a| unary(th, Ufunc::Positive, a), "Element by element.";
            "__abs__(self, /)" = |th, a| unary(th, Ufunc::Absolute, a), "Element by element.";
            "__invert__(self, /)" = |th, a| unary(th, Ufunc::Invert, a), "Element by element.";
            "__divmod__(self, other, /)" = divmod, "Quotients and remainders.";
            #[py3] "__matmul__(self, other, /)" = |th, a| products::matmul(th, a.get(0), a.get(1)), "Matrix product.";
            #[py3] "__rmatmul__(self, other, /)" = |th, a| products::matmul(th, a.get(1), a.get(0)), "Matrix product.";
        };
    };
}
operators! {
    "__add__(self, other, /)" "__radd__(self, other, /)" "__iadd__(self, other, /)" |_: &mut Thread| Ufunc::Add;
    "__sub__(self, other, /)" "__rsub__(self, other, /)" "__isub__(self, other, /)" |_: &mut Thread| Ufunc::Subtract;
    "__mul__(self, other, /)" "__rmul__(self, other, /)" "__imul__(self, other, /)" |_: &mut Thread| Ufunc::Multiply;
    #[py2] "__div__(self, other, /)" "__rdiv__(self, other, /)" "__idiv__(self, other, /)" divide;
    "__truediv__(self, other, /)" "__rtruediv__(self, other, /)" "__itruediv__(self, other, /)" |_: &mut Thread| Ufunc::TrueDivide;
    "__floordiv__(self, other, /)" "__rfloordiv__(self, other, /)" "__ifloordiv__(self, other, /)" |_: &mut Thread| Ufunc::FloorDivide;
    "__mod__(self, other, /)" "__rmod__(self, other, /)" "__imod__(self, other, /)" |_: &mut Thread| Ufunc::Remainder;
    "__pow__(self, other, mod=None, /)" "__rpow__(self, other, mod=None, /)" "__ipow__(self, other, /)" |_: &mut Thread| Ufunc::Power;
    "__lshift__(self, other, /)" "__rlshift__(self, other, /)" "__ilshift__(self, other, /)" |_: &mut Thread| Ufunc::LeftShift;
    "__rshift__(self, other, /)" "__rrshift__(self, other, /)" "__irshift__(self, other, /)" |_: &mut Thread| Ufunc::RightShift;
    "__and__(self, other, /)" "__rand__(self, other, /)" "__iand__(self, other, /)" |_: &mut Thread| Ufunc::BitwiseAnd;
    "__or__(self, other, /)" "__ror__(self, other, /)" "__ior__(self, other, /)" |_: &mut Thread| Ufunc::BitwiseOr;
    "__xor__(self, other, /)" "__rxor__(self, other, /)" "__ixor__(self, other, /)" |_: &mut Thread| Ufunc::BitwiseXor;
}

fn divmod(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if defers(x, y, y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let q = apply(th, Ufunc::FloorDivide, &[x, y], Options::default())?;
    let r = apply(th, Ufunc::Remainder, &[x, y], Options::default())?;
    th.new_tuple(&[q, r])
}
