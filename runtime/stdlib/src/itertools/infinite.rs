//! `itertools.count`, `cycle`, `repeat`.

use super::kind;
use crate::api::*;
use crate::{iterator, kinds};
use txpy_heap::Object;

object! { pub struct Count = kinds::COUNT { pub next: Value, pub step: Value } }
object! {
    pub struct Cycle = kinds::CYCLE {
        /// UNSET once exhausted.
        pub it: Value,
        /// List of the items seen.
        pub saved: Value,
        pub at: usize,
        /// The items of `it` are in `saved` already.
        pub known: bool,
    }
}
object! {
    pub struct Repeat = kinds::REPEAT {
        pub item: Value,
        /// Negative: without end.
        pub left: i64,
    }
}

iterator! { COUNT, Count, kinds::COUNT, "count" "" 0, count_step, "Return a count object whose .__next__() method returns consecutive values.";
    "__new__(cls, start=0, step=1)" = count_new, "Create and return a new object.";
    "__repr__(self, /)" = count_repr, "Return repr(self).";
    "__reduce__(self, /)" = count_reduce, "Return state information for pickling.";
}
iterator! { CYCLE, Cycle, kinds::CYCLE, "cycle" "" 0, cycle_step, "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.";
    "__new__(cls, iterable, /)" = cycle_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::cycle_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::cycle_setstate, "Set state information for unpickling.";
}
iterator! { REPEAT, Repeat, kinds::REPEAT, "repeat" "" 0, repeat_step, "Make an iterator that returns a given object over and over again.";
    "__new__(cls, object, times=None)" = repeat_new, "Create and return a new object.";
    "__repr__(self, /)" = repeat_repr, "Return repr(self).";
    "__length_hint__(self, /)" = repeat_hint, "Private method returning an estimate of len(list(it)).";
    "__reduce__(self, /)" = repeat_reduce, "Return state information for pickling.";
}
pub fn register() {
    kind(Count::INFO, count_step);
    kind(Cycle::INFO, cycle_step);
    kind(Repeat::INFO, repeat_step);
}

fn is_number(v: Value) -> bool { int::is_int_like(v) || float::to_f64(v).is_some() || dunder(v, D::index).is_some() || dunder(v, D::float_).is_some() || dunder(v, D::complex).is_some() || dunder(v, D::int_).is_some() }
fn count_new(th: &mut Thread, a: Args) -> R<Value> {
    let (next, step) = (a.or(1, Value::int(0)), a.or(2, Value::int(1)));
    if !is_number(next) || !is_number(step) {
        return Err(th.type_error("a number is required"));
    }
    Ok(instance::alloc_like(th, a.get(0), |_| Count { header: Header::NEW, next, step })?.value())
}
fn count_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Count> = this(v);
    loop {
        let mut g = c.write(th)?;
        let (x, step) = (g.next, g.step);
        if let (Some(i), Some(s)) = (x.as_int(), step.as_int()) {
            if let Some(n) = Value::from_int(i + s) {
                g.next = n;
                return Ok(x);
            }
        }
        drop(g);
        let n = binary(th, Op::Add, x, step)?;
        let mut g = c.write(th)?;
        if g.next == x {
            g.next = n;
            return Ok(x);
        }
    }
}
fn parts(th: &mut Thread, v: Value) -> R<(Value, Value)> {
    let g = this::<Count>(v).read(th)?;
    Ok((g.next, g.step))
}
fn count_repr(th: &mut Thread, a: Args) -> R<Value> {
    let (n, s) = parts(th, a.get(0))?;
    let name = class_name(a.get(0));
    let n = repr_text(th, n)?;
    let t = if s == Value::int(1) { format!("{name}({n})") } else { format!("{name}({n}, {})", repr_text(th, s)?) };
    th.native_str(&t)
}
fn count_reduce(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() {
        super::pickle::warn(th)?;
    }
    let (n, s) = parts(th, a.get(0))?;
    let args = if s == Value::int(1) { th.new_tuple(&[n])? } else { th.new_tuple(&[n, s])? };
    th.new_tuple(&[class_of(a.get(0)).value(), args])
}

fn cycle_new(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(1))?;
    let saved = list::new(th, &[])?;
    Ok(instance::alloc_like(th, a.get(0), |_| Cycle { header: Header::NEW, it, saved, at: 0, known: false })?.value())
}
fn cycle_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Cycle> = this(v);
    let g = c.read(th)?;
    let (it, saved, known) = (g.it, this::<List>(g.saved), g.known);
    drop(g);
    if !it.is_unset() {
        if let Some(x) = iter::next(th, it)? {
            if !known {
                list::append(th, saved, x)?;
            }
            return Ok(x);
        }
        c.write(th)?.it = Value::UNSET;
    }
    let n = list::len(th, saved)?;
    if n == 0 {
        return Ok(Value::STOP);
    }
    let mut g = c.write(th)?;
    let i = g.at;
    g.at = if i + 1 >= n { 0 } else { i + 1 };
    drop(g);
    Ok(list::get(th, saved, i)?.unwrap_or(Value::STOP))
}

fn repeat_new(th: &mut Thread, a: Args) -> R<Value> {
    let left = match a.opt(2) {
        Some(n) => txpy_vm::types::sequence::ssize(th, n)?.max(0),
        None => -1,
    };
    Ok(instance::alloc_like(th, a.get(0), |_| Repeat { header: Header::NEW, item: a.get(1), left })?.value())
}
fn repeat_step(th: &mut Thread, v: Value) -> R<Value> {
    let mut g = this::<Repeat>(v).write(th)?;
    match g.left {
        0 => return Ok(Value::STOP),
        n if n > 0 => g.left = n - 1,
        _ => {}
    }
    Ok(g.item)
}
fn repeat_parts(th: &mut Thread, v: Value) -> R<(Value, i64)> {
    let g = this::<Repeat>(v).read(th)?;
    Ok((g.item, g.left))
}
fn repeat_repr(th: &mut Thread, a: Args) -> R<Value> {
    let (x, n) = repeat_parts(th, a.get(0))?;
    let name = class_name(a.get(0));
    let x = repr_text(th, x)?;
    let s = if n < 0 { format!("{name}({x})") } else { format!("{name}({x}, {n})") };
    th.native_str(&s)
}
fn repeat_hint(th: &mut Thread, a: Args) -> R<Value> {
    let (_, n) = repeat_parts(th, a.get(0))?;
    if n < 0 { Err(th.type_error("len() of unsized object")) } else { int::from_i64(th, n) }
}
fn repeat_reduce(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() {
        super::pickle::warn(th)?;
    }
    let (x, n) = repeat_parts(th, a.get(0))?;
    let args = if n < 0 { th.new_tuple(&[x])? } else { th.new_tuple(&[x, Value::int(n)])? };
    th.new_tuple(&[class_of(a.get(0)).value(), args])
}
