//! `gc.get_objects`, `get_referrers`, `get_referents`, `is_tracked`: what the heap's census finds, as CPython would show it.
//!
//! Where CPython keeps the attributes of an instance tells who refers to them: 2.7 has a dict for them (which is made here when it is to be
//! shown), 3.13 the instance itself. Frames that run are no objects here, so they refer to nothing.

use crate::api::*;
use crate::kinds as own;
use std::collections::HashSet;
use txpy_heap::{Walk, flag};
use txpy_vm::kinds;
use txpy_vm::types::cell::Cell;
use txpy_vm::types::set;

/// Whether the class was made by a script.
fn is_heap(class: Value) -> bool { class.cast::<Type>().is_some_and(|t| t.frozen().has(type_flag::HEAP)) }
fn of_script(v: Value) -> bool { is_heap(class_of(v).value()) }
fn is_namespace(d: Value) -> bool { d.cast::<Dict>().is_some_and(|d| *d.unguarded(|d| &d.cells)) }

/// Whether CPython makes the class at run time: 3 does so with all classes of modules but those that the interpreter itself needs.
fn made_at_run_time(py3: bool, class: Value) -> bool {
    let Some(t) = class.cast::<Type>() else { return false };
    let module = t.frozen().def().module;
    is_heap(class) || py3 && !matches!(module, "" | "builtins" | "types" | "sys" | "weakref" | "contextvars" | "_contextvars" | "datetime")
}

/// Whether CPython's collector has the object in its lists; `in_dict` tells whether a dict holds such an object.
fn tracked(py3: bool, v: Value, in_dict: &mut dyn FnMut(Value) -> bool) -> bool {
    let Some(h) = v.header() else { return false };
    let of_script = of_script(v);
    match h.kind {
        kinds::TYPE => made_at_run_time(py3, v),
        kinds::CODE => false,
        kinds::RANGE | kinds::BYTEARRAY if !of_script => false,
        _ if !of_script && (text::is_text(v) || text::is_bytes(v)) => false,
        own::ARRAY if !py3 && !of_script => false,
        kinds::TUPLE if !of_script => tuple::items(v).is_some_and(|t| !t.is_empty()),
        kinds::DICT if !of_script => in_dict(v),
        k => txpy_heap::kinds::info(k).edges || of_script && (py3 || h.has(flag::SLOTS) || h.has(flag::TAIL_DICT)),
    }
}
/// The same for what a dict holds, which counts whatever it holds itself.
fn in_dict(py3: bool, v: Value) -> bool { tracked(py3, v, &mut |_| true) }

pub fn is_tracked(th: &mut Thread, a: Args) -> R<Value> {
    let py3 = th.py3();
    let any = match a.get(0).cast::<Dict>() {
        Some(d) => dict_tracked(th, d)?,
        None => false,
    };
    Ok(Value::from_bool(tracked(py3, a.get(0), &mut |_| any)))
}
fn dict_tracked(th: &mut Thread, d: Gc<Dict>) -> R<bool> {
    let py3 = th.py3();
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        if in_dict(py3, k) || in_dict(py3, v) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether CPython has the attributes in the instance itself: not beside slots that `__slots__` declares.
fn is_inline(py3: bool, v: Value) -> bool { py3 && v.header().is_some_and(|h| h.kind == kinds::OBJECT) && class_of(v).frozen().slots().is_empty() }
/// What counts as a part of others though it has a class: the cells of namespaces, and dictionaries of instances that CPython has none for.
fn parts(py3: bool, w: &mut Walk) -> HashSet<Value> {
    let mut parts = HashSet::new();
    w.each(&mut |w, v| {
        if is_namespace(v) {
            w.references(v, &mut |x| {
                if x.is::<Cell>() {
                    parts.insert(x);
                }
                false
            });
        } else if let Some(d) = w.instance_dict(v).filter(|_| is_inline(py3, v)) {
            parts.insert(d);
        }
    });
    parts
}
/// Calls `f` with what `owner` refers to, its parts' references included.
fn references(w: &mut Walk, owner: Value, parts: &HashSet<Value>, f: &mut dyn FnMut(Value)) {
    let dict = w.instance_dict(owner);
    let namespace = is_namespace(owner);
    let class = owner.is::<Type>();
    w.references(owner, &mut |x| {
        let part = (namespace && x.is::<Cell>() || dict == Some(x)) && parts.contains(&x);
        // Besides its namespace and relatives, a class remembers methods that are called often.
        let known = !class || x.is::<Type>() || x.is::<Dict>() || x.is::<tuple::Tuple>();
        if known && !(part && namespace) {
            f(x);
        }
        part
    });
    let class = class_of(owner).value();
    if is_heap(class) {
        f(class);
    }
}

/// [`tracked`] in a walk.
fn in_lists(py3: bool, w: &mut Walk, v: Value, parts: &HashSet<Value>) -> bool {
    tracked(py3, v, &mut |d| {
        let mut any = false;
        references(w, d, parts, &mut |x| any |= in_dict(py3, x));
        any
    })
}
/// A list of what a walk kept.
fn listed(th: &mut Thread, visit: impl FnOnce(&mut Walk)) -> R<Value> {
    let c = th.census(visit)?;
    let l = list::new(th, c.found);
    th.end_census(c);
    l
}

pub fn get_objects(th: &mut Thread, a: Args) -> R<Value> {
    let py3 = th.py3();
    if let Some(g) = a.some(0) {
        let g = int::arg_i64(th, g)?;
        if !(-1..3).contains(&g) {
            return Err(th.value_error(if g < 0 { "generation parameter cannot be negative" } else { "generation parameter must be less than the number of available generations (3)" }));
        }
        // The walk comes after a collection: all that is left is in the oldest generation.
        if g == 0 || g == 1 {
            return list::new(th, &[]);
        }
    }
    listed(th, |w| {
        let parts = parts(py3, w);
        w.each(&mut |w, v| {
            if !parts.contains(&v) && in_lists(py3, w, v, &parts) {
                w.keep(v);
            }
        });
    })
}

pub fn get_referrers(th: &mut Thread, a: Args) -> R<Value> {
    let py3 = th.py3();
    let targets: Vec<Value> = a.iter().collect();
    let found = listed(th, |w| {
        let parts = parts(py3, w);
        w.each(&mut |w, v| {
            if parts.contains(&v) {
                return;
            }
            let mut hit = false;
            references(w, v, &parts, &mut |x| hit |= targets.contains(&x));
            if hit && in_lists(py3, w, v, &parts) {
                w.keep(v);
            }
        });
    })?;
    // The attributes of an instance lie in its dict.
    let out = RootedVec::new(th)?;
    let mut i = 0;
    while let Some(v) = list::get(th, this(found), i)? {
        i += 1;
        let mut itself = true;
        if has_slots(v) && !is_inline(py3, v) {
            let before = th.references(v)?;
            let d = instance::dict_of(th, v)?;
            // One that was there before was found by itself.
            if !before.with(th, |r| r.contains(&d.value()))? && holds(th, d, &targets)? && dict_tracked(th, d)? {
                out.push(th, d.value())?;
            }
            itself = targets.contains(&class_of(v).value()) || th.references(v)?.with(th, |r| r.iter().any(|x| targets.contains(x)))?;
        }
        if itself {
            out.push(th, v)?;
        }
    }
    list_of(th, out)
}
/// Whether attributes of the object lie in slots, or in a dictionary in their place.
fn has_slots(v: Value) -> bool { v.header().is_some_and(|h| h.has(flag::SLOTS)) && instance::has_dict(v) }
fn holds(th: &mut Thread, d: Gc<Dict>, targets: &[Value]) -> R<bool> {
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        if targets.contains(&k) || targets.contains(&v) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub fn get_referents(th: &mut Thread, a: Args) -> R<Value> {
    let out = RootedVec::new(th)?;
    for v in a.iter() {
        referents(th, v, out)?;
    }
    list_of(th, out)
}
/// Immediate values, which are no references of the heap's, are among the referents of lists, tuples, dicts, sets and instances.
fn referents(th: &mut Thread, v: Value, out: RootedVec) -> R<()> {
    let py3 = th.py3();
    if let Some(t) = tuple::items(v) {
        for x in t.iter().rev() {
            out.push(th, *x)?;
        }
    } else if let Some(l) = v.cast::<List>() {
        let items = list::snapshot(th, l)?;
        for x in items.frozen().items().iter().rev() {
            out.push(th, *x)?;
        }
    } else if let Some(d) = v.cast::<Dict>() {
        values_of(th, d, out)?;
    } else if v.is::<set::Set>() || v.is::<set::FrozenSet>() {
        let mut at = 0;
        while let Some((_, x)) = set::next(th, v, &mut at)? {
            out.push(th, x)?;
        }
    } else if !has_slots(v) {
        let found = th.references(v)?;
        for i in 0..found.len(th)? {
            let x = found.get(th, i)?;
            out.push(th, x)?;
        }
    }
    if has_slots(v) {
        for key in class_of(v).frozen().slots() {
            if let Some(x) = instance::get_declared(th, v, *key)? {
                out.push(th, x)?;
            }
        }
        let d = instance::dict_of(th, v)?;
        if is_inline(py3, v) { values_of(th, d, out)? } else { out.push(th, d.value())? }
    }
    let class = class_of(v).value();
    if is_heap(class) {
        out.push(th, class)?;
    }
    Ok(())
}
/// What a dict shows: in Python 3 no keys when all are texts.
fn values_of(th: &mut Thread, d: Gc<Dict>, out: RootedVec) -> R<()> {
    let py3 = th.py3();
    let (mut at, mut only_texts) = (0, py3);
    while let Some((k, _)) = dict::next(th, d, &mut at)? {
        only_texts &= text::is_text(k) && !of_script(k);
    }
    at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        let (first, second) = if py3 { (v, k) } else { (k, v) };
        out.push(th, first)?;
        if !only_texts {
            out.push(th, second)?;
        }
    }
    Ok(())
}
