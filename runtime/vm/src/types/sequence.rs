//! What sequences share: index arguments, item access errors, `+` and `*`, comparison item by item.

use super::list::{self, List};
use super::slice::{self, Slice};
use super::tuple;
use super::{int, text, type_};
use crate::exceptions::{INDEX_ERROR, OVERFLOW_ERROR};
use crate::kinds;
use crate::object::compare::{self, Cmp};
use crate::object::number::Op;
use crate::object::{call_dunder, class_name, dunder, same_or_equal};
use crate::thread::Thread;
use txpy_heap::{Gc, R, Unwind, Value};

// ---- index arguments

/// `operator.index(v)`; TypeError for what is no integer.
pub fn index_value(th: &mut Thread, v: Value) -> R<Value> {
    if v.is_int() {
        return Ok(v);
    }
    match int::index_opt(th, v)? {
        Some(i) => Ok(i),
        None => {
            let got = class_name(v);
            Err(th.type_error(if th.py3() { format!("'{got}' object cannot be interpreted as an integer") } else { format!("'{got}' object cannot be interpreted as an index") }))
        }
    }
}
/// An index argument, limited to the range of `i64` (as for `insert`, `index(x, start, stop)`).
pub fn clamped(th: &mut Thread, v: Value) -> R<i64> {
    let i = index_value(th, v)?;
    slice::clamp(th, i)
}
/// The place argument of `insert` and `pop`; OverflowError when it does not fit.
pub fn position(th: &mut Thread, v: Value) -> R<i64> {
    if th.py3() { ssize(th, v) } else { c_long(th, v) }
}
/// An argument that 2.7 converts to a C long: through `__int__`, but not from floats.
pub fn c_long(th: &mut Thread, v: Value) -> R<i64> {
    if v.is_float() || v.kind() == Some(kinds::FLOAT) {
        return Err(th.type_error("integer argument expected, got float"));
    }
    let i = if int::is_int_like(v) { Some(v) } else { call_dunder(th, v, super::dunder::D::int_, &[])? };
    match i.filter(|i| int::is_int_like(*i)) {
        Some(i) => match int::to_i64(i) {
            Some(i) => Ok(i),
            None => Err(th.overflow_error("Python int too large to convert to C long")),
        },
        None => Err(th.type_error("an integer is required")),
    }
}
/// A size argument; OverflowError when it does not fit.
pub fn ssize(th: &mut Thread, v: Value) -> R<i64> {
    let i = index_value(th, v)?;
    match int::to_i64(i) {
        Some(i) => Ok(i),
        None => Err(too_big(th, &OVERFLOW_ERROR, v)),
    }
}
fn too_big(th: &mut Thread, class: &'static crate::exceptions::ExcDef, v: Value) -> Unwind {
    let got = class_name(v);
    th.raise(class, format!("cannot fit '{got}' into an index-sized integer"))
}

/// A subscript of a sequence.
pub enum Key {
    Index(i64),
    /// Start, stop, step as `slice::unpack` gives them.
    Slice(i64, i64, i64),
}
/// What `v` means as a subscript of a `what`: TypeError for other things, IndexError for integers of no use.
pub fn key(th: &mut Thread, what: &str, v: Value) -> R<Key> {
    if let Some(i) = v.as_int() {
        return Ok(Key::Index(i));
    }
    if v.is::<Slice>() {
        let (start, stop, step) = slice::unpack(th, v)?;
        return Ok(Key::Slice(start, stop, step));
    }
    match int::index_opt(th, v)? {
        Some(i) => match int::to_i64(i) {
            Some(i) => Ok(Key::Index(i)),
            None => Err(too_big(th, &INDEX_ERROR, v)),
        },
        None => {
            let got = class_name(v);
            Err(th.type_error(if th.py3() { format!("{what} indices must be integers or slices, not {got}") } else { format!("{what} indices must be integers, not {got}") }))
        }
    }
}
/// The place of index `i` in `n` items, counted from the end when negative.
#[inline]
pub fn place(i: i64, n: usize) -> Option<usize> {
    let at = if i < 0 { i.checked_add(n as i64)? } else { i };
    if at >= 0 && (at as u64) < n as u64 { Some(at as usize) } else { None }
}
/// Start or stop of a search range (2.7's `__getslice__` too): negative ones count from the end, all end up in 0..=n.
pub fn limit(i: i64, n: usize) -> usize {
    let at = if i < 0 { i.saturating_add(n as i64).max(0) } else { i };
    (at as usize).min(n)
}

// ---- comparison

/// Compares two sequences that are read item by item through `get` (which gives None past the end): the lists may change meanwhile.
pub fn compare_items(th: &mut Thread, op: Cmp, a: Value, b: Value, get: fn(&mut Thread, Value, usize) -> R<Option<Value>>, len: fn(&mut Thread, Value) -> R<usize>) -> R<Value> {
    th.check_stack()?;
    if matches!(op, Cmp::Eq | Cmp::Ne) && len(th, a)? != len(th, b)? {
        return Ok(Value::from_bool(op == Cmp::Ne));
    }
    let mut i = 0;
    loop {
        let (x, y) = (get(th, a, i)?, get(th, b, i)?);
        match (x, y) {
            (Some(x), Some(y)) => {
                if !same_or_equal(th, x, y)? {
                    return match op {
                        Cmp::Eq => Ok(Value::FALSE),
                        Cmp::Ne => Ok(Value::TRUE),
                        _ => compare::compare(th, op, x, y),
                    };
                }
            }
            _ => {
                let (n, m) = (len(th, a)?, len(th, b)?);
                return Ok(Value::from_bool(op.holds(n.cmp(&m))));
            }
        }
        i += 1;
        if i & 0xFF == 0 {
            th.poll()?;
        }
    }
}

// ---- + and *

fn is_sequence_kind(v: Value) -> bool { matches!(v.kind(), Some(kinds::LIST | kinds::TUPLE | kinds::STR | kinds::BYTES | kinds::BYTEARRAY)) }

/// Whether the class leaves the operator to the native type: it has no method for it, or a native one.
fn native_operator(v: Value, d: super::dunder::D) -> bool { dunder(v, d).is_none_or(|f| f.kind() == Some(kinds::NATIVE)) }

/// `a + b` and `a * b` of sequences, asked after all numeric methods; None when it is no matter of sequences.
pub fn concat_or_repeat(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    match op {
        // A bytearray's own methods do all of it.
        _ if a.kind() == Some(kinds::BYTEARRAY) || b.kind() == Some(kinds::BYTEARRAY) => Ok(None),
        Op::Add if is_sequence_kind(a) && native_operator(a, op.forward()) => concat(th, a, b),
        Op::Mul if is_sequence_kind(a) && native_operator(a, op.forward()) => match int::index_opt(th, b)? {
            Some(n) => repeat(th, a, n).map(Some),
            None => Ok(None),
        },
        Op::Mul if is_sequence_kind(b) && native_operator(b, op.reverse()) => match int::index_opt(th, a)? {
            Some(n) => repeat(th, b, n).map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn concat(th: &mut Thread, a: Value, b: Value) -> R<Option<Value>> {
    match a.kind() {
        Some(kinds::LIST) if b.is::<List>() => concat_lists(th, a, b).map(Some),
        Some(kinds::TUPLE) if b.is::<tuple::Tuple>() => concat_tuples(th, a, b).map(Some),
        Some(kinds::STR | kinds::BYTES) => {
            let fits = a.kind() == b.kind() || !th.py3() && text::is_string(th, b);
            if fits { text::concat(th, a, b).map(Some) } else { Ok(None) }
        }
        _ => Ok(None),
    }
}
/// A new list with the items of both.
pub fn concat_lists(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    let (a, b): (Gc<List>, Gc<List>) = (a.cast().expect("a list"), b.cast().expect("a list"));
    let x = list::snapshot(th, a)?;
    let y = if a == b { x } else { list::snapshot(th, b)? };
    let Some(n) = x.frozen().len.checked_add(y.frozen().len) else { return Err(th.memory_error()) };
    let out = list::with_capacity(th, n)?;
    list::extend(th, out, x.frozen().items())?;
    list::extend(th, out, y.frozen().items())?;
    Ok(out.value())
}
/// A new tuple with the items of both; an exact tuple comes back itself when the other is empty.
pub fn concat_tuples(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    let (x, y) = (tuple::items(a).unwrap_or(&[]), tuple::items(b).unwrap_or(&[]));
    if y.is_empty() && tuple::TUPLE.is_exact(a) {
        return Ok(a);
    }
    if x.is_empty() && tuple::TUPLE.is_exact(b) {
        return Ok(b);
    }
    let Some(n) = x.len().checked_add(y.len()) else { return Err(th.memory_error()) };
    let out = tuple::alloc(th, n)?;
    // SAFETY: the tuple is not yet known to anybody else.
    let to = unsafe { out.frozen().tail_mut() };
    to[..x.len()].copy_from_slice(x);
    to[x.len()..].copy_from_slice(y);
    Ok(out.value())
}

/// How often a sequence is repeated; negative counts as 0.
fn count(th: &mut Thread, n: Value) -> R<usize> {
    match int::to_i64(n) {
        Some(n) => Ok(n.max(0) as usize),
        None => Err(too_big(th, &OVERFLOW_ERROR, n)),
    }
}
/// `v * n` for an integer object `n`.
pub fn repeat(th: &mut Thread, v: Value, n: Value) -> R<Value> {
    let n = count(th, n)?;
    match v.kind() {
        Some(kinds::LIST) => {
            let out = list::with_capacity(th, 0)?;
            let from = list::snapshot(th, v.cast().expect("a list"))?;
            repeat_into(th, out, from.frozen().items(), n)?;
            Ok(out.value())
        }
        Some(kinds::TUPLE) => {
            let from = tuple::items(v).unwrap_or(&[]);
            if tuple::TUPLE.is_exact(v) && (n == 1 || from.is_empty()) {
                return Ok(v);
            }
            let Some(total) = from.len().checked_mul(n) else { return Err(th.memory_error()) };
            let out = tuple::alloc(th, total)?;
            // SAFETY: the tuple is not yet known to anybody else.
            fill(unsafe { out.frozen().tail_mut() }, from);
            Ok(out.value())
        }
        _ => text::repeat(th, v, n),
    }
}
fn fill(to: &mut [Value], from: &[Value]) {
    match from {
        [] => {}
        [one] => to.fill(*one),
        _ => to.chunks_exact_mut(from.len()).for_each(|c| c.copy_from_slice(from)),
    }
}
/// Appends `from` `n` times to `out`, which nobody else knows yet or which is emptied by the caller.
pub fn repeat_into(th: &mut Thread, out: Gc<List>, from: &[Value], n: usize) -> R<()> {
    let Some(total) = from.len().checked_mul(n) else { return Err(th.memory_error()) };
    loop {
        list::reserve(th, out, total)?;
        let mut g = out.write(th)?;
        let have = g.count();
        if g.capacity() - have >= total {
            g.set_count(have + total);
            fill(&mut g.as_mut_slice()[have..], from);
            return Ok(());
        }
    }
}

/// CPython's texts for operands that a sequence does not take; None when no sequence is involved.
pub fn operand_error(th: &mut Thread, op: Op, a: Value, b: Value) -> Option<Unwind> {
    match op {
        Op::Add if is_sequence_kind(a) => {
            let (this, got) = (class_name(a), class_name(b));
            let base = base_name(a);
            let msg = match a.kind() {
                Some(kinds::STR) if th.py3() => format!("can only concatenate str (not \"{got}\") to str"),
                Some(kinds::STR) => format!("coercing to Unicode: need string or buffer, {got} found"),
                Some(kinds::BYTES) if th.py3() => format!("can't concat {got} to {base}"),
                Some(kinds::BYTES) => format!("cannot concatenate 'str' and '{got}' objects"),
                Some(kinds::BYTEARRAY) if th.py3() => format!("can't concat {got} to {this}"),
                Some(kinds::BYTEARRAY) => format!("can't concat {got} to {this}"),
                _ => format!("can only concatenate {base} (not \"{got}\") to {base}"),
            };
            Some(th.type_error(msg))
        }
        Op::Mul if is_sequence_kind(a) || is_sequence_kind(b) => {
            let got = class_name(if is_sequence_kind(a) { b } else { a });
            Some(th.type_error(format!("can't multiply sequence by non-int of type '{got}'")))
        }
        _ => None,
    }
}
/// Name of the native type whose layout `v` has.
fn base_name(v: Value) -> String {
    let def = crate::object::class_of(v).frozen().def();
    type_::name_text(def.ty()).into_owned()
}
