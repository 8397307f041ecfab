//! Iterators over sequences: of lists and tuples (both directions), over `__getitem__`, and `iter(callable, sentinel)`.

use super::list::{self, List};
use super::tuple;
use super::{dunder::D, int};
use crate::exceptions::{INDEX_ERROR, STOP_ITERATION};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef};
use crate::object::{self, item, iter};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    /// Over a list or tuple.
    pub struct ListIter = kinds::LIST_ITER, storage_in() {
        /// UNSET when exhausted.
        pub seq: Value,
        /// Index of the next item; backwards, of the one after it.
        pub at: usize,
        pub back: bool,
    }
}
object! {
    /// Over `__getitem__(0)`, `__getitem__(1)` ...
    pub struct SeqIter = kinds::SEQ_ITER { pub seq: Value, pub at: usize }
}
object! {
    /// Results of a call until one equals the sentinel.
    pub struct CallIter = kinds::CALL_ITER { pub func: Value, pub sentinel: Value }
}

/// `__iter__` and `__next__` (2.7: `next`) of a native iterator from its step function.
#[macro_export]
macro_rules! next_methods {
    ($step:path) => {
        natives! {
            "__iter__(self, /)" = |_, a| Ok(a.get(0)), "Implement iter(self).";
            #[py3] "__next__(self, /)" = |th, a| { let r = $step(th, a.get(0)); $crate::object::iter::finish(th, r) }, "Implement next(self).";
            #[py2] "next(self, /)" = |th, a| { let r = $step(th, a.get(0)); $crate::object::iter::finish(th, r) }, "x.next() -> the next value, or raise StopIteration";
        }
    };
}

macro_rules! list_iterator {
    ($id:ident $name:literal $name2:literal) => {
        pub static $id: TypeDef = TypeDef {
            name: $name, name2: $name2, kind: kinds::LIST_ITER, size: size_of::<ListIter>() as u16, methods: &[LIST_NEXT, LIST_METHODS],
            flags: crate::native::type_flag::NO_NEW, doc: "An iterator over a sequence.", ..TypeDef::DEFAULT
        };
    };
}
list_iterator! { LIST_ITER "list_iterator" "listiterator" }
list_iterator! { LIST_REVERSED "list_reverseiterator" "listreverseiterator" }
list_iterator! { TUPLE_ITER "tuple_iterator" "tupleiterator" }
pub static SEQ_ITER: TypeDef = TypeDef {
    name: "iterator", kind: kinds::SEQ_ITER, size: size_of::<SeqIter>() as u16, methods: &[SEQ_NEXT, SEQ_METHODS],
    flags: crate::native::type_flag::NO_NEW, doc: "An iterator over __getitem__.", ..TypeDef::DEFAULT
};
pub static CALL_ITER: TypeDef = TypeDef {
    name: "callable_iterator", name2: "callable-iterator", kind: kinds::CALL_ITER, size: size_of::<CallIter>() as u16, methods: &[CALL_NEXT, CALL_METHODS],
    flags: crate::native::type_flag::NO_NEW, doc: "An iterator over the results of a call.", ..TypeDef::DEFAULT
};

static LIST_NEXT: &[NativeDef] = next_methods!(list_step);
static SEQ_NEXT: &[NativeDef] = next_methods!(seq_step);
static CALL_NEXT: &[NativeDef] = next_methods!(call_step);
static LIST_METHODS: &[NativeDef] = natives! {
    "__length_hint__(self, /)" = list_hint, "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = list_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = list_setstate, "Set state information for unpickling.";
};
static SEQ_METHODS: &[NativeDef] = natives! {
    "__length_hint__(self, /)" = seq_hint, "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = seq_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = seq_setstate, "Set state information for unpickling.";
};
static CALL_METHODS: &[NativeDef] = natives! {
    #[py3] "__reduce__(self, /)" = call_reduce, "Return state information for pickling.";
};

/// An iterator over `__getitem__`.
pub fn new(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(SEQ_ITER.shape(), SeqIter { header: Header::NEW, seq: v, at: 0 })?.value()) }
pub fn over_list(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(LIST_ITER.shape(), ListIter { header: Header::NEW, seq: v, at: 0, back: false })?.value()) }
pub fn over_tuple(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(TUPLE_ITER.shape(), ListIter { header: Header::NEW, seq: v, at: 0, back: false })?.value()) }
pub fn over_list_reversed(th: &mut Thread, v: Value) -> R<Value> {
    let at = list::len(th, v.cast().expect("a list"))?;
    Ok(th.alloc(LIST_REVERSED.shape(), ListIter { header: Header::NEW, seq: v, at, back: true })?.value())
}
/// `iter(func, sentinel)`.
pub fn over_calls(th: &mut Thread, func: Value, sentinel: Value) -> R<Value> {
    Ok(th.alloc(CALL_ITER.shape(), CallIter { header: Header::NEW, func, sentinel })?.value())
}

/// Item `i` of a list or tuple, subclasses included; None past the end.
fn nth(th: &mut Thread, seq: Value, i: usize) -> R<Option<Value>> {
    match seq.cast::<List>() {
        Some(l) => list::get(th, l, i),
        None => Ok(tuple::items(seq).and_then(|s| s.get(i).copied())),
    }
}

/// The step of list and tuple iterators. Each thread that shares the iterator gets items of its own.
pub fn list_step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<ListIter> = v.cast().expect("checked by the call");
    let mut g = it.write(th)?;
    let seq = g.seq;
    if seq.is_unset() {
        return Ok(Value::STOP);
    }
    let i = if g.back {
        if g.at == 0 {
            g.seq = Value::UNSET;
            return Ok(Value::STOP);
        }
        g.at -= 1;
        g.at
    } else {
        g.at += 1;
        g.at - 1
    };
    drop(g);
    match nth(th, seq, i)? {
        Some(x) => Ok(x),
        None => {
            it.write(th)?.seq = Value::UNSET;
            Ok(Value::STOP)
        }
    }
}
fn list_hint(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<ListIter>().expect("checked by the call").read(th)?;
    let (seq, at, back) = (g.seq, g.at, g.back);
    drop(g);
    let n = match seq.cast::<List>() {
        Some(l) => list::len(th, l)?,
        None => tuple::items(seq).map_or(0, |s| s.len()),
    };
    Ok(Value::int(if seq.is_unset() { 0 } else if back { if at <= n { at } else { 0 } } else { n.saturating_sub(at) } as i64))
}
fn list_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<ListIter>().expect("checked by the call").read(th)?;
    let (seq, at, back) = (g.seq, g.at, g.back);
    drop(g);
    if seq.is_unset() {
        let empty = if TUPLE_ITER.is_exact(a.get(0)) { th.new_tuple(&[])? } else { list::new(th, &[])? };
        return reduced(th, "iter", &[empty], None);
    }
    if back { reduced(th, "reversed", &[seq], Some(at as i64 - 1)) } else { reduced(th, "iter", &[seq], Some(at as i64)) }
}
/// `(builtin, args[, state])` for pickling.
pub fn reduced(th: &mut Thread, name: &str, args: &[Value], state: Option<i64>) -> R<Value> {
    let f = crate::builtins_seq::builtin(th, name)?;
    let args = th.new_tuple(args)?;
    match state {
        Some(s) => th.new_tuple(&[f, args, Value::int(s)]),
        None => th.new_tuple(&[f, args]),
    }
}
fn list_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let i = super::sequence::clamped(th, a.get(1))?;
    let mut g = a.get(0).cast::<ListIter>().expect("checked by the call").write(th)?;
    g.at = if g.back { i.clamp(-1, g.at as i64 - 1) + 1 } else { i.max(0) } as usize;
    Ok(Value::NONE)
}

pub fn seq_step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<SeqIter> = v.cast().expect("checked by the call");
    let mut g = it.write(th)?;
    let (seq, i) = (g.seq, g.at);
    if seq.is_unset() {
        return Ok(Value::STOP);
    }
    g.at += 1;
    drop(g);
    let r = item::get(th, seq, Value::int(i as i64));
    match r {
        Ok(x) => Ok(x),
        Err(e) => {
            if th.catch(&INDEX_ERROR).is_some() || th.catch(&STOP_ITERATION).is_some() {
                it.write(th)?.seq = Value::UNSET;
                return Ok(Value::STOP);
            }
            it.write(th)?.at = i;
            Err(e)
        }
    }
}
fn seq_hint(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<SeqIter>().expect("checked by the call").read(th)?;
    let (seq, at) = (g.seq, g.at);
    drop(g);
    if seq.is_unset() {
        return Ok(Value::int(0));
    }
    if object::dunder(seq, D::len).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = item::len(th, seq)?;
    Ok(Value::int(n.saturating_sub(at) as i64))
}
fn seq_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<SeqIter>().expect("checked by the call").read(th)?;
    let (seq, at) = (g.seq, g.at);
    drop(g);
    if seq.is_unset() {
        let empty = th.new_tuple(&[])?;
        return reduced(th, "iter", &[empty], None);
    }
    reduced(th, "iter", &[seq], Some(at as i64))
}
fn seq_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let i = super::sequence::clamped(th, a.get(1))?;
    a.get(0).cast::<SeqIter>().expect("checked by the call").write(th)?.at = i.max(0) as usize;
    Ok(Value::NONE)
}

pub fn call_step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<CallIter> = v.cast().expect("checked by the call");
    let g = it.read(th)?;
    let (func, sentinel) = (g.func, g.sentinel);
    drop(g);
    if func.is_unset() {
        return Ok(Value::STOP);
    }
    let r = th.call(func, &[]);
    let end = match r {
        Ok(x) => {
            if !object::equal(th, sentinel, x)? {
                return Ok(x);
            }
            true
        }
        Err(e) => {
            if th.catch(&STOP_ITERATION).is_none() {
                return Err(e);
            }
            true
        }
    };
    if end {
        it.write(th)?.func = Value::UNSET;
    }
    Ok(Value::STOP)
}
fn call_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<CallIter>().expect("checked by the call").read(th)?;
    let (func, sentinel) = (g.func, g.sentinel);
    drop(g);
    if func.is_unset() {
        let empty = th.new_tuple(&[])?;
        return reduced(th, "iter", &[empty], None);
    }
    reduced(th, "iter", &[func, sentinel], None)
}

/// `__length_hint__` or `len` of any object, as `operator.length_hint` gives it; None when the object tells nothing.
pub fn length_hint(th: &mut Thread, v: Value) -> R<Option<i64>> {
    if object::dunder(v, D::len).is_some() {
        let r = item::len(th, v);
        return match th.unless(r, &crate::exceptions::TYPE_ERROR) {
            Err(_) if !th.py3() && th.catch(&crate::exceptions::ATTRIBUTE_ERROR).is_some() => Ok(None),
            r => Ok(r?.map(|n| n as i64)),
        };
    }
    let Some(f) = object::dunder(v, D::length_hint) else { return Ok(None) };
    let r = object::call_special(th, f, v, &[]);
    let Some(r) = th.unless(r, &crate::exceptions::TYPE_ERROR)? else { return Ok(None) };
    if r == Value::NOT_IMPLEMENTED {
        return Ok(None);
    }
    if !int::is_int_like(r) && !th.py3() {
        return Ok(None);
    }
    if !int::is_int_like(r) {
        let got = object::class_name(r);
        return Err(th.type_error(format!("__length_hint__ must be an integer, not {got}")));
    }
    match int::to_i64(r) {
        Some(n) if n >= 0 => Ok(Some(n)),
        Some(_) => Err(th.value_error("__length_hint__() should return >= 0")),
        None => Err(th.overflow_error(if th.py3() { "Python int too large to convert to C ssize_t" } else { "long int too large to convert to int" })),
    }
}

/// Declares the step functions of this file's iterators.
pub fn register() {
    iter::register_step(kinds::LIST_ITER, list_step);
    iter::register_step(kinds::SEQ_ITER, seq_step);
    iter::register_step(kinds::CALL_ITER, call_step);
}
