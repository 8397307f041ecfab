//! Special methods of 2.7's classic instances: each forwards to the instance's attribute of that name.

use super::classic::{self, is_instance, need, special};
use super::{order27, seq_iter, text, tuple};
use crate::native::{Args, NativeDef};
use crate::object::number::{self, Op};
use crate::object::{self, iter};
use crate::thread::Thread;
use crate::types::dunder::D;
use std::cmp::Ordering;
use txpy_heap::{R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__call__(self, *args, **kwargs)" = call, "Call self as a function.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    "__unicode__(self, /)" = unicode, "Return unicode(self).";
    "__format__(self, format_spec, /)" = format, "Return the formatted instance.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__nonzero__(self, /)" = nonzero, "self != 0";
    "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = |th, a| forward(th, a, D::getitem), "Return self[key].";
    "__setitem__(self, key, value, /)" = |th, a| forward(th, a, D::setitem), "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, a| forward(th, a, D::delitem), "Delete self[key].";
    "__contains__(self, key, /)" = contains, "Return key in self.";
    "__iter__(self, /)" = iterate, "Implement iter(self).";
    "next(self, /)" = next, "x.next() -> the next value, or raise StopIteration";
    "__del__(self, /)" = finalize, "Called when the instance dies.";
    "__lt__(self, other, /)" = |th, a| try_forward(th, a, D::lt), "Return self<other.";
    "__le__(self, other, /)" = |th, a| try_forward(th, a, D::le), "Return self<=other.";
    "__eq__(self, other, /)" = |th, a| try_forward(th, a, D::eq), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| try_forward(th, a, D::ne), "Return self!=other.";
    "__gt__(self, other, /)" = |th, a| try_forward(th, a, D::gt), "Return self>other.";
    "__ge__(self, other, /)" = |th, a| try_forward(th, a, D::ge), "Return self>=other.";
    "__coerce__(self, other, /)" = |th, a| try_forward(th, a, D::coerce), "Bring self and other to one type.";
    "__get__(self, instance, owner=None, /)" = get, "Return an attribute of instance, which is of type owner.";
    "__neg__(self, /)" = |th, a| forward(th, a, D::neg), "Return -self.";
    "__pos__(self, /)" = |th, a| forward(th, a, D::pos), "Return +self.";
    "__abs__(self, /)" = |th, a| forward(th, a, D::abs), "Return abs(self).";
    "__invert__(self, /)" = |th, a| forward(th, a, D::invert), "Return ~self.";
    "__int__(self, /)" = int_, "Return int(self).";
    "__long__(self, /)" = long, "Return long(self).";
    "__float__(self, /)" = |th, a| forward(th, a, D::float_), "Return float(self).";
    "__complex__(self, /)" = complex, "Return complex(self).";
    "__oct__(self, /)" = |th, a| forward(th, a, D::oct), "Return oct(self).";
    "__hex__(self, /)" = |th, a| forward(th, a, D::hex), "Return hex(self).";
    "__index__(self, /)" = index, "Return self as an integer.";
    "__pow__(self, other, modulo=None, /)" = pow, "Return pow(self, other, modulo).";
};

macro_rules! binary {
    ($($op:ident $forward:literal $reverse:literal $($inplace:literal)?;)*) => {
        pub static NUMBERS: &[NativeDef] = natives! {
            $(
                $forward = |th, a| both(th, Op::$op, a), "Apply the operator.";
                $reverse = |th, a| half(th, Op::$op, a.get(0), a.get(1), Op::$op.reverse(), true), "Apply the operator with the operands swapped.";
                $($inplace = |th, a| half(th, Op::$op, a.get(0), a.get(1), Op::$op.inplace(), false), "Apply the operator in place.";)?
            )*
            "__rpow__(self, other, modulo=None, /)" = |th, a| half(th, Op::Pow, a.get(0), a.get(1), D::rpow, true), "Apply the operator with the operands swapped.";
            "__ipow__(self, other, /)" = |th, a| half(th, Op::Pow, a.get(0), a.get(1), D::ipow, false), "Apply the operator in place.";
        };
    };
}
binary! {
    Add "__add__(self, other, /)" "__radd__(self, other, /)" "__iadd__(self, other, /)";
    Sub "__sub__(self, other, /)" "__rsub__(self, other, /)" "__isub__(self, other, /)";
    Mul "__mul__(self, other, /)" "__rmul__(self, other, /)" "__imul__(self, other, /)";
    Div "__div__(self, other, /)" "__rdiv__(self, other, /)" "__idiv__(self, other, /)";
    TrueDiv "__truediv__(self, other, /)" "__rtruediv__(self, other, /)" "__itruediv__(self, other, /)";
    FloorDiv "__floordiv__(self, other, /)" "__rfloordiv__(self, other, /)" "__ifloordiv__(self, other, /)";
    Mod "__mod__(self, other, /)" "__rmod__(self, other, /)" "__imod__(self, other, /)";
    LShift "__lshift__(self, other, /)" "__rlshift__(self, other, /)" "__ilshift__(self, other, /)";
    RShift "__rshift__(self, other, /)" "__rrshift__(self, other, /)" "__irshift__(self, other, /)";
    And "__and__(self, other, /)" "__rand__(self, other, /)" "__iand__(self, other, /)";
    Or "__or__(self, other, /)" "__ror__(self, other, /)" "__ior__(self, other, /)";
    Xor "__xor__(self, other, /)" "__rxor__(self, other, /)" "__ixor__(self, other, /)";
    DivMod "__divmod__(self, other, /)" "__rdivmod__(self, other, /)";
}

/// Calls the attribute, which must exist.
fn forward(th: &mut Thread, a: Args, d: D) -> R<Value> {
    th.check_stack()?;
    let f = need(th, a.get(0), d)?;
    th.call_args(f, a.skip(1))
}
/// Calls the attribute; NotImplemented when there is none.
fn try_forward(th: &mut Thread, a: Args, d: D) -> R<Value> {
    th.check_stack()?;
    match special(th, a.get(0), d)? {
        Some(f) => th.call_args(f, a.skip(1)),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

// ---- binary operators

/// `a op b`: the method of `a`, then, `b` being an instance too, the swapped one of `b` (whose type is the same, so nobody else asks it).
fn both(th: &mut Thread, op: Op, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    let r = half(th, op, x, y, op.forward(), false)?;
    if r == Value::NOT_IMPLEMENTED && is_instance(y) {
        return half(th, op, y, x, op.reverse(), true);
    }
    Ok(r)
}
/// The attempt of one operand: `__coerce__` first, then the method `d` of what came out.
fn half(th: &mut Thread, op: Op, v: Value, w: Value, d: D, swapped: bool) -> R<Value> {
    th.check_stack()?;
    let (v, w) = match coerce(th, v, w)? {
        None => (v, w),
        Some((v1, w1)) if is_instance(v1) => (v1, w1),
        Some((v1, w1)) => return if swapped { number::binary(th, op, w1, v1) } else { number::binary(th, op, v1, w1) },
    };
    match special(th, v, d)? {
        Some(f) => th.call(f, &[w]),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
/// What the `__coerce__` of instance `v` makes of both; None when it has none or declines.
fn coerce(th: &mut Thread, v: Value, w: Value) -> R<Option<(Value, Value)>> {
    let Some(f) = special(th, v, D::coerce)? else { return Ok(None) };
    let r = th.call(f, &[w])?;
    if r.is_none() || r == Value::NOT_IMPLEMENTED {
        return Ok(None);
    }
    match tuple::items(r) {
        Some([a, b]) => Ok(Some((*a, *b))),
        _ => Err(th.type_error("coercion should return None or 2-tuple")),
    }
}
fn pow(th: &mut Thread, a: Args) -> R<Value> {
    match a.some(2) {
        None => both(th, Op::Pow, a),
        Some(_) => forward(th, a, D::pow),
    }
}

// ---- comparison

/// `__cmp__` of either operand, after coercion; None when neither has one.
pub fn three_way(th: &mut Thread, a: Value, b: Value) -> R<Option<Ordering>> {
    th.check_stack()?;
    let (mut x, mut y) = (a, b);
    let mut coerced = false;
    if is_instance(x) {
        if let Some((p, q)) = coerce(th, x, y)? {
            (x, y, coerced) = (p, q, true);
        }
    }
    if !coerced && is_instance(y) {
        if let Some((q, p)) = coerce(th, y, x)? {
            (x, y, coerced) = (p, q, true);
        }
    }
    if coerced && !is_instance(x) && !is_instance(y) {
        return order27::cmp(th, x, y).map(|o| Some(o.cmp(&0)));
    }
    if let Some(o) = half_cmp(th, x, y)? {
        return Ok(Some(o));
    }
    Ok(half_cmp(th, y, x)?.map(Ordering::reverse))
}
fn half_cmp(th: &mut Thread, v: Value, w: Value) -> R<Option<Ordering>> {
    if !is_instance(v) {
        return Ok(None);
    }
    let Some(f) = special(th, v, D::cmp)? else { return Ok(None) };
    let r = th.call(f, &[w])?;
    if r == Value::NOT_IMPLEMENTED {
        return Ok(None);
    }
    if !super::int::is_int_like(r) {
        return Err(th.type_error("comparison did not return an int"));
    }
    order27::sign(th, r).map(Some)
}

// ---- text, truth, containers

fn call(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::call)? {
        Some(f) => {
            th.check_stack()?;
            th.call_args(f, a.skip(1))
        }
        None => {
            let msg = format!("{} instance has no __call__ method", classic::name_of(classic::class_of(a.get(0))).unwrap_or_default());
            Err(th.attribute_error(msg))
        }
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::repr)? {
        Some(f) => th.call(f, &[]),
        None => classic::default_repr(th, a.get(0)),
    }
}
fn str_(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::str_)? {
        Some(f) => th.call(f, &[]),
        None => repr(th, a),
    }
}
fn unicode(th: &mut Thread, a: Args) -> R<Value> {
    let r = match special(th, a.get(0), D::unicode)? {
        Some(f) => th.call(f, &[])?,
        None => str_(th, a)?,
    };
    if text::is_text(r) { Ok(r) } else { th.call(text::STR.value(), &[r]) }
}
fn format(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(f) = special(th, a.get(0), D::format)? {
        return th.call(f, &[a.get(1)]);
    }
    let s = if text::is_text(a.get(1)) { unicode(th, a)? } else { object::str_(th, a.get(0))? };
    th.call_method(s, "__format__", &[a.get(1)])
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(f) = special(th, a.get(0), D::hash)? {
        let r = th.call(f, &[])?;
        if !super::int::is_int_like(r) {
            return Err(th.type_error("__hash__() should return an int"));
        }
        return Ok(r);
    }
    if special(th, a.get(0), D::eq)?.is_some() || special(th, a.get(0), D::cmp)?.is_some() {
        return Err(th.type_error("unhashable instance"));
    }
    super::int::from_i64(th, object::hash::by_identity(a.get(0)))
}
fn nonzero(th: &mut Thread, a: Args) -> R<Value> {
    let f = match special(th, a.get(0), D::nonzero)? {
        Some(f) => f,
        None => match special(th, a.get(0), D::len)? {
            Some(f) => f,
            None => return Ok(Value::TRUE),
        },
    };
    let r = th.call(f, &[])?;
    if !super::int::is_int_like(r) {
        return Err(th.type_error("__nonzero__ should return an int"));
    }
    if super::int::is_negative(r) {
        return Err(th.value_error("__nonzero__ should return >= 0"));
    }
    object::is_true(th, r).map(Value::from_bool)
}
fn len(th: &mut Thread, a: Args) -> R<Value> {
    let r = forward(th, a, D::len)?;
    if !super::int::is_int_like(r) {
        return Err(th.type_error("__len__() should return an int"));
    }
    Ok(r)
}
fn contains(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(f) = special(th, a.get(0), D::contains)? {
        let r = th.call(f, &[a.get(1)])?;
        return object::is_true(th, r).map(Value::from_bool);
    }
    if special(th, a.get(0), D::iter)?.is_none() && special(th, a.get(0), D::getitem)?.is_none() {
        return Err(th.type_error("argument of type 'instance' is not iterable"));
    }
    let it = iterate(th, a)?;
    while let Some(x) = iter::next(th, it)? {
        th.poll()?;
        if object::equal(th, x, a.get(1))? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn iterate(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(f) = special(th, a.get(0), D::iter)? {
        let it = th.call(f, &[])?;
        if iter::is_iterator(th, it) {
            return Ok(it);
        }
        let got = object::class_name(it);
        return Err(th.type_error(format!("__iter__ returned non-iterator of type '{got}'")));
    }
    if special(th, a.get(0), D::getitem)?.is_none() {
        return Err(th.type_error("iteration over non-sequence"));
    }
    seq_iter::new(th, a.get(0))
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::next2)? {
        Some(f) => th.call(f, &[]),
        None => Err(th.type_error("instance has no next() method")),
    }
}
fn finalize(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::del)? {
        Some(f) => th.call(f, &[]),
        None => Ok(Value::NONE),
    }
}
/// A classic instance in a class binds only if it has a `__get__` of its own.
fn get(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::get)? {
        Some(f) => th.call(f, &[a.get(1), a.or(2, Value::NONE)]),
        None => Ok(a.get(0)),
    }
}

// ---- numbers

fn int_(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::int_)? {
        Some(f) => th.call(f, &[]),
        None => forward(th, a, D::trunc),
    }
}
fn long(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::long)? {
        Some(f) => th.call(f, &[]),
        None => int_(th, a),
    }
}
fn complex(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(f) = special(th, a.get(0), D::complex)? {
        return th.call(f, &[]);
    }
    let f = forward(th, a, D::float_)?;
    th.call(super::complex::COMPLEX.value(), &[f])
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    match special(th, a.get(0), D::index)? {
        Some(f) => th.call(f, &[]),
        None => Err(th.type_error("object cannot be interpreted as an index")),
    }
}
