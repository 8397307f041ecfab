//! `range` of Python 3 with integers of any size, 2.7's `xrange` in the same layout, and their iterators.

use super::sequence::{self, Key};
use super::{int, list, slice};
use crate::kinds;
use crate::next_methods;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::compare::{self, Cmp};
use crate::object::number::{Op, binary};
use crate::object::{self, class_name, iter};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    /// Integers of any size; inline ones whenever they fit.
    pub struct Range = kinds::RANGE, frozen { pub start: Value, pub stop: Value, pub step: Value, pub len: Value }
}
object! {
    /// All three are inline ints in the common case.
    pub struct RangeIter = kinds::RANGE_ITER {
        pub next: Value,
        pub step: Value,
        /// Items to come.
        pub left: Value,
    }
}

pub static RANGE: TypeDef = TypeDef {
    name: "range", kind: kinds::RANGE, size: size_of::<Range>() as u16, flags: type_flag::SEQUENCE | type_flag::PY3, methods: &[METHODS, METHODS3],
    getset: getset! {
        "start" = |_, v| Ok(of(v).start), "First integer.";
        "stop" = |_, v| Ok(of(v).stop), "End, not included.";
        "step" = |_, v| Ok(of(v).step), "Distance.";
    },
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object", ..TypeDef::DEFAULT
};
pub static XRANGE: TypeDef = TypeDef {
    name: "xrange", kind: kinds::RANGE, size: size_of::<Range>() as u16, flags: type_flag::SEQUENCE | type_flag::PY2, methods: &[METHODS, METHODS2],
    doc: "xrange(stop) -> xrange object\nxrange(start, stop[, step]) -> xrange object", ..TypeDef::DEFAULT
};
pub static RANGE_ITER: TypeDef = TypeDef {
    name: "range_iterator", name2: "rangeiterator", kind: kinds::RANGE_ITER, size: size_of::<RangeIter>() as u16, methods: &[NEXT, ITER_METHODS],
    flags: type_flag::NO_NEW, doc: "An iterator over a range.", ..TypeDef::DEFAULT
};
pub static LONG_RANGE_ITER: TypeDef = TypeDef {
    name: "longrange_iterator", kind: kinds::RANGE_ITER, size: size_of::<RangeIter>() as u16, methods: &[NEXT, ITER_METHODS],
    flags: type_flag::NO_NEW, doc: "An iterator over a range of big integers.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__len__(self, /)" = len, "Return len(self).";
    "__iter__(self, /)" = iter_, "Implement iter(self).";
    "__reversed__(self, /)" = reversed, "Return a reverse iterator.";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};
static METHODS3: &[NativeDef] = natives! {
    "__new__(cls, *args)" = new3, "Create and return a new object.";
    "__bool__(self, /)" = |_, a| Ok(Value::from_bool(of(a.get(0)).len != Value::int(0))), "True if self else False";
    "__contains__(self, key, /)" = contains, "Return key in self.";
    "__eq__(self, value, /)" = eq, "Return self==value.";
    "__ne__(self, value, /)" = |th, a| { let r = eq(th, a)?; Ok(match r { Value::TRUE => Value::FALSE, Value::FALSE => Value::TRUE, r => r }) }, "Return self!=value.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "index(self, value, /)" = index, "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.";
    "count(self, value, /)" = count, "rangeobject.count(value) -> integer -- return number of occurrences of value";
};
static METHODS2: &[NativeDef] = natives! {
    "__new__(cls, *args)" = new2, "Create and return a new object.";
};
static NEXT: &[NativeDef] = next_methods!(step);
static ITER_METHODS: &[NativeDef] = natives! {
    "__length_hint__(self, /)" = |th, a| Ok(a.get(0).cast::<RangeIter>().expect("checked by the call").read(th)?.left), "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = iter_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = iter_setstate, "Set state information for unpickling.";
};

fn of<'a>(v: Value) -> &'a Range {
    let r: Gc<Range> = v.cast().expect("checked by the call");
    // SAFETY: ranges are frozen and never move; the caller holds `v`.
    unsafe { &*r.as_ptr() }
}
const ZERO: Value = Value::int(0);
const ONE: Value = Value::int(1);
fn less(th: &mut Thread, a: Value, b: Value) -> R<bool> { compare::compare_bool(th, Cmp::Lt, a, b) }
fn add(th: &mut Thread, a: Value, b: Value) -> R<Value> { binary(th, Op::Add, a, b) }
fn sub(th: &mut Thread, a: Value, b: Value) -> R<Value> { binary(th, Op::Sub, a, b) }
fn mul(th: &mut Thread, a: Value, b: Value) -> R<Value> { binary(th, Op::Mul, a, b) }

/// Number of items.
fn count_of(th: &mut Thread, start: Value, stop: Value, step: Value) -> R<Value> {
    if let (Some(a), Some(b), Some(s)) = (start.as_int(), stop.as_int(), step.as_int()) {
        // 62-bit operands: nothing here overflows.
        let n = if s > 0 && a < b { (b - a - 1) / s + 1 } else if s < 0 && b < a { (a - b - 1) / -s + 1 } else { 0 };
        return int::from_i64(th, n);
    }
    let (low, high, step) = if less(th, ZERO, step)? {
        (start, stop, step)
    } else {
        (stop, start, sub(th, ZERO, step)?)
    };
    if !less(th, low, high)? {
        return Ok(ZERO);
    }
    let d = sub(th, high, low)?;
    let d = sub(th, d, ONE)?;
    let q = binary(th, Op::FloorDiv, d, step)?;
    add(th, q, ONE)
}
/// A range; the bounds are integer objects.
pub fn new(th: &mut Thread, start: Value, stop: Value, step: Value) -> R<Value> {
    let len = count_of(th, start, stop, step)?;
    let shape = if th.py3() { RANGE.shape() } else { XRANGE.shape() };
    Ok(th.alloc(shape, Range { header: Header::NEW, start, stop, step, len })?.value())
}

/// (start, stop) of a range with step 1 and inline bounds, start <= stop: the interpreter counts by itself.
pub fn unit_step(v: Value) -> Option<(i64, i64)> {
    if !RANGE.is_exact(v) && !XRANGE.is_exact(v) {
        return None;
    }
    let r = of(v);
    if r.step != ONE {
        return None;
    }
    let (a, b) = (r.start.as_int()?, r.stop.as_int()?);
    Some((a, b.max(a)))
}

fn new3(th: &mut Thread, a: Args) -> R<Value> {
    let n = a.positional() - 1;
    if a.has_keywords() {
        return Err(th.type_error("range() takes no keyword arguments"));
    }
    if n == 0 {
        return Err(th.type_error("range expected at least 1 argument, got 0"));
    }
    if n > 3 {
        return Err(th.type_error(format!("range expected at most 3 arguments, got {n}")));
    }
    let mut b = [ZERO, ZERO, ONE];
    for i in 0..n {
        let v = sequence::index_value(th, a.get(1 + i))?;
        b[if n == 1 { 1 } else { i }] = v;
    }
    if b[2] == ZERO {
        return Err(th.value_error("range() arg 3 must not be zero"));
    }
    new(th, b[0], b[1], b[2])
}

fn new2(th: &mut Thread, a: Args) -> R<Value> {
    let n = a.positional() - 1;
    if a.has_keywords() {
        return Err(th.type_error("xrange() does not take keyword arguments"));
    }
    if n == 0 || n > 3 {
        return Err(th.type_error("xrange() requires 1-3 int arguments"));
    }
    let mut b = [ZERO, ZERO, ONE];
    for i in 0..n {
        let v = sequence::c_long(th, a.get(1 + i))?;
        let v = int::from_i64(th, v)?;
        b[if n == 1 { 1 } else { i }] = v;
    }
    if b[2] == ZERO {
        return Err(th.value_error("xrange() arg 3 must not be zero"));
    }
    let r = new(th, b[0], b[1], b[2])?;
    if int::to_i64(of(r).len).is_none() {
        return Err(th.overflow_error("xrange() result has too many items"));
    }
    Ok(r)
}

/// The builtin `range` of 2.7: a list.
pub fn range2(th: &mut Thread, a: Args) -> R<Value> {
    let n = a.positional();
    if a.has_keywords() {
        return Err(th.type_error("range() takes no keyword arguments"));
    }
    if n == 0 || n > 3 {
        return Err(th.type_error(if n == 0 { "range expected at least 1 arguments, got 0".to_string() } else { format!("range expected at most 3 arguments, got {n}") }));
    }
    let mut b = [ZERO, ZERO, ONE];
    for i in 0..n {
        let at = if n == 1 { 1 } else { i };
        let v = a.get(i);
        b[at] = match v {
            v if v.is_int() => v,
            _ if int::is_int_like(v) => int::index_opt(th, v)?.unwrap_or(v),
            _ => match if v.is_float() || v.kind() == Some(kinds::FLOAT) { None } else { object::call_dunder(th, v, super::dunder::D::int_, &[])? } {
                Some(i) if int::is_int_like(i) => i,
                _ => {
                    let (which, got) = (["start", "end", "step"][at], class_name(v));
                    return Err(th.type_error(format!("range() integer {which} argument expected, got {got}.")));
                }
            },
        };
    }
    if b[2] == ZERO {
        return Err(th.value_error("range() step argument must not be zero"));
    }
    let count = count_of(th, b[0], b[1], b[2])?;
    let Some(n) = int::to_i64(count) else { return Err(th.overflow_error("range() result has too many items")) };
    let out = list::with_capacity(th, n as usize)?;
    let mut at = b[0];
    for i in 0..n {
        list::append(th, out, at)?;
        if i + 1 < n {
            at = add(th, at, b[2])?;
        }
        if i & 0xFFFF == 0xFFFF {
            th.poll()?;
        }
    }
    Ok(out.value())
}

fn len(th: &mut Thread, a: Args) -> R<Value> {
    let n = of(a.get(0)).len;
    match int::to_i64(n) {
        Some(_) => Ok(n),
        None => Err(th.overflow_error(if th.py3() { "Python int too large to convert to C ssize_t" } else { "Python int too large to convert to C long" })),
    }
}
/// An iterator over `n` integers from `next` on.
fn iterate(th: &mut Thread, next: Value, step: Value, left: Value) -> R<Value> {
    let small = next.is_int() && step.is_int() && left.is_int() || !th.py3();
    let shape = if small { RANGE_ITER.shape() } else { LONG_RANGE_ITER.shape() };
    Ok(th.alloc(shape, RangeIter { header: Header::NEW, next, step, left })?.value())
}
fn iter_(th: &mut Thread, a: Args) -> R<Value> {
    let r = of(a.get(0));
    iterate(th, r.start, r.step, r.len)
}
fn reversed(th: &mut Thread, a: Args) -> R<Value> {
    let r = of(a.get(0));
    let last = sub(th, r.len, ONE)?;
    let last = nth(th, r, last)?;
    let step = sub(th, ZERO, r.step)?;
    iterate(th, last, step, r.len)
}
fn nth(th: &mut Thread, r: &Range, i: Value) -> R<Value> {
    let d = mul(th, r.step, i)?;
    add(th, r.start, d)
}

pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<RangeIter> = v.cast().expect("checked by the call");
    loop {
        let mut g = it.write(th)?;
        let (next, step, left) = (g.next, g.step, g.left);
        if left == ZERO {
            return Ok(Value::STOP);
        }
        if let (Some(i), Some(s), Some(n)) = (next.as_int(), step.as_int(), left.as_int()) {
            if let Some(after) = Value::from_int(i + s) {
                g.next = after;
                g.left = Value::int(n - 1);
                return Ok(next);
            }
        }
        drop(g);
        let after = add(th, next, step)?;
        let fewer = sub(th, left, ONE)?;
        let mut g = it.write(th)?;
        if g.next == next && g.left == left {
            (g.next, g.left) = (after, fewer);
            return Ok(next);
        }
    }
}
fn iter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<RangeIter>().expect("checked by the call").read(th)?;
    let (next, step, left) = (g.next, g.step, g.left);
    drop(g);
    let d = mul(th, step, left)?;
    let stop = add(th, next, d)?;
    let r = new(th, next, stop, step)?;
    let f = crate::builtins_seq::builtin(th, "iter")?;
    let args = th.new_tuple(&[r])?;
    th.new_tuple(&[f, args, Value::NONE])
}
fn iter_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let it: Gc<RangeIter> = a.get(0).cast().expect("checked by the call");
    if a.get(1).is_none() {
        return Ok(Value::NONE);
    }
    let n = sequence::index_value(th, a.get(1))?;
    let g = it.read(th)?;
    let (next, step, left) = (g.next, g.step, g.left);
    drop(g);
    let n = if less(th, n, ZERO)? { ZERO } else if less(th, left, n)? { left } else { n };
    let d = mul(th, step, n)?;
    let (next, left) = (add(th, next, d)?, sub(th, left, n)?);
    let mut g = it.write(th)?;
    (g.next, g.left) = (next, left);
    Ok(Value::NONE)
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let (r, k) = (of(a.get(0)), a.get(1));
    let out_of_range = if th.py3() { "range object index out of range" } else { "xrange object index out of range" };
    if !th.py3() {
        if k.is::<slice::Slice>() {
            return Err(th.type_error("sequence index must be integer, not 'slice'"));
        }
        let Key::Index(i) = sequence::key(th, "xrange", k)? else { return Err(th.index_error(out_of_range)) };
        return match int::to_i64(r.len).and_then(|n| sequence::place(i, n as usize)) {
            Some(i) => {
                let i = int::from_i64(th, i as i64)?;
                nth(th, r, i)
            }
            None => Err(th.index_error(out_of_range)),
        };
    }
    if k.is::<slice::Slice>() {
        let (start, stop, step) = slice::indices_of(th, k, r.len)?;
        let (start, stop) = (nth(th, r, start)?, nth(th, r, stop)?);
        let step = mul(th, r.step, step)?;
        return new(th, start, stop, step);
    }
    let Some(i) = int::index_opt(th, k)? else {
        let got = class_name(k);
        return Err(th.type_error(format!("range indices must be integers or slices, not {got}")));
    };
    let i = if less(th, i, ZERO)? { add(th, i, r.len)? } else { i };
    if less(th, i, ZERO)? || !less(th, i, r.len)? {
        return Err(th.index_error(out_of_range));
    }
    nth(th, r, i)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let r = of(a.get(0));
    let (mut start, mut stop, step) = (r.start, r.stop, r.step);
    if !th.py3() {
        // xrange keeps no stop: it shows the one that its length leads to.
        start = r.start;
        stop = nth(th, r, r.len)?;
    }
    let name = if th.py3() { "range" } else { "xrange" };
    let (a, b) = (object::repr_text(th, start)?, object::repr_text(th, stop)?);
    let s = if step != ONE {
        let c = object::repr_text(th, step)?;
        format!("{name}({a}, {b}, {c})")
    } else if !th.py3() && start == ZERO {
        format!("{name}({b})")
    } else {
        format!("{name}({a}, {b})")
    };
    th.native_str(&s)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let r = of(a.get(0));
    let stop = if th.py3() { r.stop } else { nth(th, r, r.len)? };
    let args = th.new_tuple(&[r.start, stop, r.step])?;
    let t = object::class_of(a.get(0)).value();
    th.new_tuple(&[t, args])
}

/// The place of an integer in the range.
fn find(th: &mut Thread, r: &Range, v: Value) -> R<Option<Value>> {
    let (low, high) = if less(th, ZERO, r.step)? { (r.start, r.stop) } else { (r.stop, r.start) };
    let inside = if low == r.start && less(th, ZERO, r.step)? { !less(th, v, low)? && less(th, v, high)? } else { less(th, low, v)? && !less(th, high, v)? };
    if !inside {
        return Ok(None);
    }
    let d = sub(th, v, r.start)?;
    let rest = binary(th, Op::Mod, d, r.step)?;
    if rest != ZERO {
        return Ok(None);
    }
    binary(th, Op::FloorDiv, d, r.step).map(Some)
}
/// Ints and bools, not their subclasses: only these are found by arithmetic.
fn plain_int(v: Value) -> bool { v.is_int() || v == Value::TRUE || v == Value::FALSE || int::INT.is_exact(v) }

fn contains(th: &mut Thread, a: Args) -> R<Value> {
    if plain_int(a.get(1)) {
        let found = find(th, of(a.get(0)), a.get(1))?;
        return Ok(Value::from_bool(found.is_some()));
    }
    let it = iter_(th, a)?;
    while let Some(x) = iter::next(th, it)? {
        if object::same_or_equal(th, x, a.get(1))? {
            return Ok(Value::TRUE);
        }
        th.poll()?;
    }
    Ok(Value::FALSE)
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    if plain_int(a.get(1)) {
        if let Some(i) = find(th, of(a.get(0)), a.get(1))? {
            return Ok(i);
        }
        let r = object::repr_text(th, a.get(1))?;
        return Err(th.value_error(format!("{r} is not in range")));
    }
    let it = iter_(th, a)?;
    let mut i = 0;
    while let Some(x) = iter::next(th, it)? {
        if object::same_or_equal(th, x, a.get(1))? {
            return Ok(Value::int(i));
        }
        i += 1;
        th.poll()?;
    }
    Err(th.value_error("sequence.index(x): x not in sequence"))
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    if plain_int(a.get(1)) {
        let found = find(th, of(a.get(0)), a.get(1))?;
        return Ok(Value::int(found.is_some() as i64));
    }
    let it = iter_(th, a)?;
    let mut n = 0;
    while let Some(x) = iter::next(th, it)? {
        n += object::same_or_equal(th, x, a.get(1))? as i64;
        th.poll()?;
    }
    Ok(Value::int(n))
}
/// What equality and hash see: (len, start or None, step or None).
fn essence(th: &mut Thread, r: &Range) -> R<Value> {
    let start = if r.len == ZERO { Value::NONE } else { r.start };
    let step = if r.len == ZERO || r.len == ONE { Value::NONE } else { r.step };
    th.new_tuple(&[r.len, start, step])
}
fn eq(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Range>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let x = essence(th, of(a.get(0)))?;
    let y = essence(th, of(a.get(1)))?;
    compare::compare(th, Cmp::Eq, x, y)
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let t = essence(th, of(a.get(0)))?;
    let h = object::hash(th, t)?;
    int::from_i64(th, h)
}

pub fn register() { iter::register_step(kinds::RANGE_ITER, step) }
