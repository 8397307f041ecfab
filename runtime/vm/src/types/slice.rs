//! `slice`: the object, and the resolution of its bounds against a length that all sequences use.

use super::{int, tuple};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef};
use crate::object::compare::{self, Cmp};
use crate::object::{self, number};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    /// Bounds as they were given: any objects.
    pub struct Slice = kinds::SLICE, frozen { pub start: Value, pub stop: Value, pub step: Value }
}

pub static SLICE: TypeDef = TypeDef {
    name: "slice", kind: kinds::SLICE, size: size_of::<Slice>() as u16, methods: &[METHODS],
    getset: getset! {
        "start" = |_, v| Ok(this(v).frozen().start), "First index.";
        "stop" = |_, v| Ok(this(v).frozen().stop), "Index after the last.";
        "step" = |_, v| Ok(this(v).frozen().step), "Distance of indices.";
    },
    doc: "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args)" = new_, "Create and return a new object.";
    "indices(self, length, /)" = indices, "Bounds of the slice for a sequence of this length: (start, stop, step).";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__eq__(self, other, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=other.";
    "__lt__(self, other, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<other.";
    "__le__(self, other, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=other.";
    "__gt__(self, other, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>other.";
    "__ge__(self, other, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=other.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};

fn this(v: Value) -> Gc<Slice> { v.cast().expect("checked by the call") }

pub fn new(th: &mut Thread, start: Value, stop: Value, step: Value) -> R<Value> {
    Ok(th.alloc(SLICE.shape(), Slice { header: Header::NEW, start, stop, step })?.value())
}

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let n = a.positional() - 1;
    if a.has_keywords() {
        return Err(th.type_error("slice() takes no keyword arguments"));
    }
    match n {
        0 => Err(th.type_error(if th.py3() { "slice expected at least 1 argument, got 0" } else { "slice expected at least 1 arguments, got 0" })),
        1 => new(th, Value::NONE, a.get(1), Value::NONE),
        2 | 3 => new(th, a.get(1), a.get(2), a.or(3, Value::NONE)),
        _ => Err(th.type_error(format!("slice expected at most 3 arguments, got {n}"))),
    }
}

/// The integer of a slice bound, limited to the range of `i64`.
fn bound(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i);
    }
    match int::index_opt(th, v)? {
        Some(i) => clamp(th, i),
        None => Err(th.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}
/// A bound of a search (`index(x, start, stop)`), limited to the range of `i64`.
pub fn given_bound(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i);
    }
    match int::index_opt(th, v)? {
        Some(i) => clamp(th, i),
        None => Err(th.type_error("slice indices must be integers or have an __index__ method")),
    }
}
/// An integer object limited to the range of `i64`.
pub fn clamp(_: &mut Thread, i: Value) -> R<i64> { Ok(int::to_i64(i).unwrap_or(if int::is_negative(i) { i64::MIN } else { i64::MAX })) }

/// The bounds as numbers, missing ones as the far ends. May run `__index__`, so call it before looking at the sequence's length.
pub fn unpack(th: &mut Thread, slice: Value) -> R<(i64, i64, i64)> {
    let s = this(slice);
    let (start, stop, step) = (s.frozen().start, s.frozen().stop, s.frozen().step);
    let step = if step.is_none() { 1 } else { bound(th, step)?.max(-i64::MAX) };
    if step == 0 {
        return Err(th.value_error("slice step cannot be zero"));
    }
    let start = if start.is_none() { if step < 0 { i64::MAX } else { 0 } } else { bound(th, start)? };
    let stop = if stop.is_none() { if step < 0 { i64::MIN } else { i64::MAX } } else { bound(th, stop)? };
    Ok((start, stop, step))
}
/// Bounds from `unpack` for a sequence of `len` items: (start, stop, number of items).
pub fn adjust(start: i64, stop: i64, step: i64, len: usize) -> (i64, i64, usize) {
    let n = len as i64;
    let fit = |i: i64| match i {
        i if i < 0 => match i.saturating_add(n) {
            i if i < 0 => if step < 0 { -1 } else { 0 },
            i => i,
        },
        i if i >= n => if step < 0 { n - 1 } else { n },
        i => i,
    };
    let (start, stop) = (fit(start), fit(stop));
    let count = if step < 0 {
        if stop < start { (start - stop - 1) as u64 / step.unsigned_abs() + 1 } else { 0 }
    } else if start < stop {
        (stop - start - 1) as u64 / step as u64 + 1
    } else {
        0
    };
    (start, stop, count as usize)
}
/// Both steps: (start, stop, step, number of items) of `slice` in a sequence of `len` items.
pub fn resolve(th: &mut Thread, slice: Value, len: usize) -> R<(i64, i64, i64, usize)> {
    let (start, stop, step) = unpack(th, slice)?;
    let (start, stop, count) = adjust(start, stop, step, len);
    Ok((start, stop, step, count))
}

/// An index bound as an integer object.
fn index_of(th: &mut Thread, v: Value) -> R<Value> {
    match int::index_opt(th, v)? {
        Some(i) => Ok(i),
        None => Err(th.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}
fn less(th: &mut Thread, a: Value, b: Value) -> R<bool> { compare::compare_bool(th, Cmp::Lt, a, b) }

/// (start, stop, step) of a slice for a length of any size, as integer objects.
pub fn indices_of(th: &mut Thread, slice: Value, length: Value) -> R<(Value, Value, Value)> {
    let s = this(slice);
    let zero = Value::int(0);
    let step = if s.frozen().step.is_none() { Value::int(1) } else { index_of(th, s.frozen().step)? };
    if step == zero {
        return Err(th.value_error("slice step cannot be zero"));
    }
    let back = less(th, step, zero)?;
    let (low, high) = if back { (Value::int(-1), number::binary(th, number::Op::Sub, length, Value::int(1))?) } else { (zero, length) };
    let mut ends = [if back { high } else { low }, if back { low } else { high }];
    for (i, given) in [s.frozen().start, s.frozen().stop].into_iter().enumerate() {
        if given.is_none() {
            continue;
        }
        let mut v = index_of(th, given)?;
        if less(th, v, zero)? {
            v = number::binary(th, number::Op::Add, v, length)?;
            if less(th, v, low)? {
                v = low;
            }
        } else if less(th, high, v)? {
            v = high;
        }
        ends[i] = v;
    }
    Ok((ends[0], ends[1], step))
}

fn indices(th: &mut Thread, a: Args) -> R<Value> {
    let length = super::sequence::index_value(th, a.get(1))?;
    if th.py3() && less(th, length, Value::int(0))? {
        return Err(th.value_error("length should not be negative"));
    }
    let (start, stop, step) = indices_of(th, a.get(0), length)?;
    th.new_tuple(&[start, stop, step])
}

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    let mut out = String::from("slice(");
    for (i, v) in [s.frozen().start, s.frozen().stop, s.frozen().step].into_iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        let r = object::repr(th, v)?;
        out.push_str(&super::text::lossy(r));
    }
    out.push(')');
    th.native_str(&out)
}
fn as_tuple(th: &mut Thread, v: Value) -> R<Value> {
    let s = this(v);
    tuple::new(th, &[s.frozen().start, s.frozen().stop, s.frozen().step])
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    if !a.get(1).is::<Slice>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let x = as_tuple(th, a.get(0))?;
    let y = as_tuple(th, a.get(1))?;
    compare::compare(th, op, x, y)
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    if !th.py3() {
        return Err(th.type_error("unhashable type"));
    }
    let t = as_tuple(th, a.get(0))?;
    let h = object::hash(th, t)?;
    int::from_i64(th, h)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let args = as_tuple(th, a.get(0))?;
    th.new_tuple(&[SLICE.value(), args])
}
