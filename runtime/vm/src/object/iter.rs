//! Iteration from natives.

use super::{class_name, class_of};
use crate::exceptions::STOP_ITERATION;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::{list, seq_iter, tuple};
use txpy_heap::{Gc, R, RootedVec, Value};

/// `iter(v)`.
pub fn iter(th: &mut Thread, v: Value) -> R<Value> {
    let t = class_of(v);
    match t.frozen().dunder(D::iter) {
        Some(f) if !f.is_none() => {
            let it = super::call_special(th, f, v, &[])?;
            if is_iterator(th, it) {
                return Ok(it);
            }
            let got = class_name(it);
            Err(th.type_error(format!("iter() returned non-iterator of type '{got}'")))
        }
        None if t.frozen().dunder(D::getitem).is_some() && !v.is::<crate::types::dict::Dict>() => seq_iter::new(th, v),
        _ => {
            let got = class_name(v);
            Err(th.type_error(format!("'{got}' object is not iterable")))
        }
    }
}
pub fn is_iterator(th: &Thread, v: Value) -> bool { super::dunder(v, if th.py3() { D::next } else { D::next2 }).is_some() }

/// The next item of an iterator, None at its end.
#[inline]
pub fn next(th: &mut Thread, it: Value) -> R<Option<Value>> {
    if let Some(k) = it.kind() {
        if let Some(step) = native_step(k) {
            let v = step(th, it)?;
            return Ok(if v == Value::STOP { None } else { Some(v) });
        }
    }
    let d = if th.py3() { D::next } else { D::next2 };
    let Some(f) = super::dunder(it, d) else {
        let got = class_name(it);
        return Err(th.type_error(format!("'{got}' object is not an iterator")));
    };
    let r = super::call_special(th, f, it, &[]);
    match r {
        Ok(v) => Ok(Some(v)),
        Err(e) => if th.catch(&STOP_ITERATION).is_some() { Ok(None) } else { Err(e) },
    }
}

/// The step function of a native iterator, by kind: gives the next item, or STOP at the end.
pub type Step = fn(&mut Thread, Value) -> R<Value>;
static STEPS: [std::sync::atomic::AtomicUsize; 2048] = [const { std::sync::atomic::AtomicUsize::new(0) }; 2048];
/// Declares the step function of an iterator kind. Its `__next__` must do the same.
pub fn register_step(kind: u16, step: Step) { STEPS[kind as usize].store(step as usize, std::sync::atomic::Ordering::Relaxed) }
#[inline]
pub fn native_step(kind: u16) -> Option<Step> {
    let p = STEPS[kind as usize & 2047].load(std::sync::atomic::Ordering::Relaxed);
    // SAFETY: only function pointers of this type are stored.
    if p == 0 { None } else { Some(unsafe { std::mem::transmute::<usize, Step>(p) }) }
}
/// `__next__` of a native iterator from its step function: STOP becomes StopIteration.
pub fn finish(th: &mut Thread, r: R<Value>) -> R<Value> {
    match r {
        Ok(Value::STOP) => Err(th.raise_with(&STOP_ITERATION, &[])),
        r => r,
    }
}

/// Calls `f` for each item.
pub fn for_each(th: &mut Thread, v: Value, mut f: impl FnMut(&mut Thread, Value) -> R<()>) -> R<()> {
    if list::LIST.is_exact(v) {
        let (l, mut i): (Gc<list::List>, usize) = (v.cast().expect("a list"), 0);
        while let Some(x) = list::get(th, l, i)? {
            f(th, x)?;
            i += 1;
        }
        return Ok(());
    }
    if tuple::TUPLE.is_exact(v) {
        for x in tuple::items(v).unwrap_or(&[]) {
            f(th, *x)?;
        }
        return Ok(());
    }
    let it = iter(th, v)?;
    while let Some(x) = next(th, it)? {
        th.poll()?;
        f(th, x)?;
    }
    Ok(())
}

/// All items in a rooted vector.
pub fn to_vec(th: &mut Thread, v: Value) -> R<RootedVec> {
    let out = RootedVec::new(th)?;
    for_each(th, v, |th, x| out.push(th, x))?;
    Ok(out)
}
/// All items as a list.
pub fn to_list(th: &mut Thread, v: Value) -> R<Gc<list::List>> {
    let out = list::with_capacity(th, 0)?;
    if tuple::TUPLE.is_exact(v) {
        list::extend(th, out, tuple::items(v).unwrap_or(&[]))?;
        return Ok(out);
    }
    if list::LIST.is_exact(v) {
        let s = list::snapshot(th, v.cast().expect("a list"))?;
        list::extend(th, out, s.frozen().items())?;
        return Ok(out);
    }
    for_each(th, v, |th, x| list::append(th, out, x))?;
    Ok(out)
}
/// All items as a tuple; an exact tuple comes back itself.
pub fn to_tuple(th: &mut Thread, v: Value) -> R<Value> {
    if tuple::TUPLE.is_exact(v) {
        return Ok(v);
    }
    let l = to_list(th, v)?;
    list_to_tuple(th, l)
}
pub fn list_to_tuple(th: &mut Thread, l: Gc<list::List>) -> R<Value> {
    let s = list::snapshot(th, l)?;
    tuple::new(th, s.frozen().items())
}

/// Asks an object of a script's class how many items it will give, as CPython does before it fills a list: for the errors of the answer.
pub fn check_hint(th: &mut Thread, v: Value) -> R<()> { check_hint_behind(th, v, 0) }
/// As `check_hint`, for a list that has items. CPython takes no heed of a hint that makes its length no size at all.
pub fn check_hint_behind(th: &mut Thread, v: Value, len: usize) -> R<()> {
    if v.is_ref() && super::class_of(v).frozen().has(crate::native::type_flag::HEAP) {
        // Nothing is reserved; more than fits any memory fails at once.
        if crate::types::seq_iter::length_hint(th, v)?.is_some_and(|n| n >= 1 << 44 && n.checked_add(len as i64).is_some()) {
            return Err(th.memory_error());
        }
    }
    Ok(())
}
