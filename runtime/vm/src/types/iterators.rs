//! `enumerate`, `zip`, `map`, `filter`, `reversed`, and 2.7's `zip`, `map`, `filter` that give lists.

use super::list::{self, List};
use super::{dunder::D, int, seq_iter, sequence, text, tuple};
use crate::kinds;
use crate::next_methods;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::number::{Op, binary};
use crate::object::{self, class_name, instance, item, iter};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, RootedVec, Value, object};

object! { pub struct Enumerate = kinds::ENUMERATE, storage_in() { pub it: Value, pub index: Value } }
object! {
    pub struct Zip = kinds::ZIP, storage_in() {
        /// Tuple of iterators.
        pub its: Value,
        pub strict: bool,
    }
}
object! { pub struct Map = kinds::MAP { pub func: Value, pub its: Value } }
object! { pub struct Filter = kinds::FILTER { pub func: Value, pub it: Value } }
object! {
    /// Over `__getitem__(n - 1)` down to 0.
    pub struct Reversed = kinds::REVERSED { pub seq: Value, pub left: usize }
}

/// Whether the next item of a sequence or an iterator comes without any code of scripts.
pub(crate) fn steps_alone(v: Value) -> bool {
    match v.kind() {
        Some(kinds::LIST | kinds::TUPLE | kinds::LIST_ITER | kinds::RANGE_ITER | kinds::STR_ITER | kinds::DICT_ITER | kinds::SET_ITER) => true,
        Some(kinds::ENUMERATE) => enumerates_alone(v),
        _ => false,
    }
}
#[inline(never)]
fn enumerates_alone(v: Value) -> bool {
    // What is enumerated stays the same.
    ENUMERATE.is_exact(v) && v.cast::<Enumerate>().is_some_and(|e| matches!(e.unguarded(|e| e.it).kind(), Some(kinds::LIST_ITER | kinds::RANGE_ITER | kinds::STR_ITER | kinds::DICT_ITER | kinds::SET_ITER)))
}

pub static ENUMERATE: TypeDef = TypeDef {
    name: "enumerate", kind: kinds::ENUMERATE, size: size_of::<Enumerate>() as u16, flags: type_flag::BASE, methods: &[ENUMERATE_NEXT, ENUMERATE_METHODS, super::generic_alias::CLASS_GETITEM],
    doc: "Return an enumerate object.", ..TypeDef::DEFAULT
};
pub static ZIP: TypeDef = TypeDef {
    name: "zip", kind: kinds::ZIP, size: size_of::<Zip>() as u16, flags: type_flag::BASE | type_flag::PY3, methods: &[ZIP_NEXT, ZIP_METHODS],
    doc: "The zip object yields n-length tuples, where n is the number of iterables.\n\n>>> list(zip('ab', [1, 2]))\n[('a', 1), ('b', 2)]", ..TypeDef::DEFAULT
};
pub static MAP: TypeDef = TypeDef {
    name: "map", kind: kinds::MAP, size: size_of::<Map>() as u16, flags: type_flag::BASE | type_flag::PY3, methods: &[MAP_NEXT, MAP_METHODS],
    doc: "Make an iterator that computes the function using arguments from each of the iterables.", ..TypeDef::DEFAULT
};
pub static FILTER: TypeDef = TypeDef {
    name: "filter", kind: kinds::FILTER, size: size_of::<Filter>() as u16, flags: type_flag::BASE | type_flag::PY3, methods: &[FILTER_NEXT, FILTER_METHODS],
    doc: "Return an iterator yielding those items of iterable for which function(item) is true.", ..TypeDef::DEFAULT
};
pub static REVERSED: TypeDef = TypeDef {
    name: "reversed", kind: kinds::REVERSED, size: size_of::<Reversed>() as u16, flags: type_flag::BASE, methods: &[REVERSED_NEXT, REVERSED_METHODS],
    doc: "Return a reverse iterator over the values of the given sequence.", ..TypeDef::DEFAULT
};

static ENUMERATE_NEXT: &[NativeDef] = next_methods!(enumerate_step);
static ZIP_NEXT: &[NativeDef] = next_methods!(zip_step);
static MAP_NEXT: &[NativeDef] = next_methods!(map_step);
static FILTER_NEXT: &[NativeDef] = next_methods!(filter_step);
static REVERSED_NEXT: &[NativeDef] = next_methods!(reversed_step);
static ENUMERATE_METHODS: &[NativeDef] = natives! {
    "__new__(cls, iterable, start=0)" = enumerate_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = enumerate_reduce, "Return state information for pickling.";
};
static ZIP_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *iterables, strict=False)" = zip_new, "Create and return a new object.";
    "__reduce__(self, /)" = zip_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = zip_setstate, "Set state information for unpickling.";
};
static MAP_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args)" = map_new, "Create and return a new object.";
    "__reduce__(self, /)" = map_reduce, "Return state information for pickling.";
};
static FILTER_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args)" = filter_new, "Create and return a new object.";
    "__reduce__(self, /)" = filter_reduce, "Return state information for pickling.";
};
static REVERSED_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args)" = reversed_new, "Create and return a new object.";
    "__length_hint__(self, /)" = reversed_hint, "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = reversed_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = reversed_setstate, "Set state information for unpickling.";
};

// ---- enumerate

fn enumerate_new(th: &mut Thread, a: Args) -> R<Value> {
    let index = match a.opt(2) {
        Some(s) => sequence::index_value(th, s)?,
        None => Value::int(0),
    };
    let it = iter::iter(th, a.get(1))?;
    Ok(instance::alloc_like(th, a.get(0), |_| Enumerate { header: Header::NEW, it, index })?.value())
}
pub fn enumerate_step(th: &mut Thread, v: Value) -> R<Value> {
    let e: Gc<Enumerate> = v.cast().expect("checked by the call");
    let it = e.read(th)?.it;
    let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
    loop {
        let mut g = e.write(th)?;
        let i = g.index;
        if let Some(next) = i.as_int().and_then(|i| Value::from_int(i + 1)) {
            g.index = next;
            drop(g);
            return th.new_tuple(&[i, x]);
        }
        drop(g);
        let next = binary(th, Op::Add, i, Value::int(1))?;
        let mut g = e.write(th)?;
        if g.index == i {
            g.index = next;
            drop(g);
            return th.new_tuple(&[i, x]);
        }
    }
}
fn enumerate_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Enumerate>().expect("checked by the call").read(th)?;
    let (it, index) = (g.it, g.index);
    drop(g);
    rebuild(th, a.get(0), &[it, index])
}
fn rebuild(th: &mut Thread, v: Value, args: &[Value]) -> R<Value> {
    let args = th.new_tuple(args)?;
    th.new_tuple(&[object::class_of(v).value(), args])
}

// ---- zip

/// A tuple of iterators over the arguments from `skip` on.
fn iterators(th: &mut Thread, a: Args, skip: usize) -> R<Value> {
    let n = a.positional() - skip;
    let its = RootedVec::with_capacity(th, n)?;
    for i in 0..n {
        let it = iter::iter(th, a.get(skip + i))?;
        its.push(th, it)?;
    }
    rooted_tuple(th, its)
}
fn rooted_tuple(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let t = tuple::alloc(th, n)?;
    v.with(th, |s| {
        // SAFETY: the tuple is not yet known to anybody else.
        unsafe { t.frozen().tail_mut() }.copy_from_slice(s)
    })?;
    th.remember(t.header());
    Ok(t.value())
}
fn zip_new(th: &mut Thread, a: Args) -> R<Value> {
    let mut strict = false;
    if a.keyword_count() > 1 {
        return Err(th.type_error(format!("zip() takes at most 1 keyword argument ({} given)", a.keyword_count())));
    }
    for i in 0..a.keyword_count() {
        let (name, v) = a.keyword(i);
        if text::bytes_of(name) != Some(b"strict") {
            let msg = format!("zip() got an unexpected keyword argument '{}'", text::lossy(name));
            return Err(th.type_error(msg));
        }
        strict = object::is_true(th, v)?;
    }
    let its = iterators(th, a, 1)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Zip { header: Header::NEW, its, strict })?.value())
}
pub fn zip_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = v.cast::<Zip>().expect("checked by the call").read(th)?;
    let (its, strict) = (g.its, g.strict);
    drop(g);
    let its = tuple::items(its).unwrap_or(&[]);
    if its.is_empty() {
        return Ok(Value::STOP);
    }
    if let [x, y] = its {
        // The usual case, without a vector.
        let p = iter::next(th, *x)?;
        if let Some(p) = p {
            if let Some(q) = iter::next(th, *y)? {
                return th.new_tuple(&[p, q]);
            }
            return if strict { Err(zip_error(th, 1, "shorter")) } else { Ok(Value::STOP) };
        }
        return if strict { zip_end(th, its) } else { Ok(Value::STOP) };
    }
    let row = RootedVec::with_capacity(th, its.len())?;
    for (i, it) in its.iter().enumerate() {
        match iter::next(th, *it)? {
            Some(x) => row.push(th, x)?,
            None if !strict => return Ok(Value::STOP),
            None if i > 0 => return Err(zip_error(th, i, "shorter")),
            None => return zip_end(th, its),
        }
    }
    rooted_tuple(th, row)
}
fn zip_error(th: &mut Thread, i: usize, what: &str) -> txpy_heap::Unwind {
    let others = if i == 1 { " 1".to_string() } else { format!("s 1-{i}") };
    th.value_error(format!("zip() argument {} is {what} than argument{others}", i + 1))
}
/// The first iterator of a strict zip ended: so must the others.
fn zip_end(th: &mut Thread, its: &[Value]) -> R<Value> {
    for (i, it) in its.iter().enumerate().skip(1) {
        if iter::next(th, *it)?.is_some() {
            return Err(zip_error(th, i, "longer"));
        }
    }
    Ok(Value::STOP)
}
fn zip_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Zip>().expect("checked by the call").read(th)?;
    let (its, strict) = (g.its, g.strict);
    drop(g);
    let class = object::class_of(a.get(0)).value();
    if strict { th.new_tuple(&[class, its, Value::TRUE]) } else { th.new_tuple(&[class, its]) }
}

fn zip_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let strict = object::is_true(th, a.get(1))?;
    a.get(0).cast::<Zip>().expect("checked by the call").write(th)?.strict = strict;
    Ok(Value::NONE)
}

// ---- map, filter

fn map_new(th: &mut Thread, a: Args) -> R<Value> {
    if a.has_keywords() {
        return Err(th.type_error("map() takes no keyword arguments"));
    }
    if a.positional() < 3 {
        return Err(th.type_error("map() must have at least two arguments."));
    }
    let (func, its) = (a.get(1), iterators(th, a, 2)?);
    Ok(instance::alloc_like(th, a.get(0), |_| Map { header: Header::NEW, func, its })?.value())
}
pub fn map_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = v.cast::<Map>().expect("checked by the call").read(th)?;
    let (func, its) = (g.func, g.its);
    drop(g);
    let its = tuple::items(its).unwrap_or(&[]);
    let mut buf = [Value::UNSET; 4];
    if its.len() <= buf.len() {
        for (it, x) in its.iter().zip(&mut buf) {
            match iter::next(th, *it)? {
                Some(v) => *x = v,
                None => return Ok(Value::STOP),
            }
        }
        return th.call(func, &buf[..its.len()]);
    }
    let row = RootedVec::with_capacity(th, its.len())?;
    for it in its {
        match iter::next(th, *it)? {
            Some(x) => row.push(th, x)?,
            None => return Ok(Value::STOP),
        }
    }
    let args = rooted_tuple(th, row)?;
    object::call::call_ex(th, func, args, Value::UNSET)
}
fn map_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Map>().expect("checked by the call").read(th)?;
    let (func, its) = (g.func, g.its);
    drop(g);
    let first = th.new_tuple(&[func])?;
    let args = sequence::concat_tuples(th, first, its)?;
    th.new_tuple(&[object::class_of(a.get(0)).value(), args])
}
fn filter_new(th: &mut Thread, a: Args) -> R<Value> {
    if a.has_keywords() {
        return Err(th.type_error("filter() takes no keyword arguments"));
    }
    if a.positional() != 3 {
        let n = a.positional() - 1;
        return Err(th.type_error(format!("filter expected 2 arguments, got {n}")));
    }
    let it = iter::iter(th, a.get(2))?;
    let func = a.get(1);
    Ok(instance::alloc_like(th, a.get(0), |_| Filter { header: Header::NEW, func, it })?.value())
}
/// Whether `func` keeps `x`; None and bool test the item itself.
fn keeps(th: &mut Thread, func: Value, x: Value) -> R<bool> {
    let r = if func.is_none() || func == int::BOOL.value() { x } else { th.call(func, &[x])? };
    object::is_true(th, r)
}
pub fn filter_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = v.cast::<Filter>().expect("checked by the call").read(th)?;
    let (func, it) = (g.func, g.it);
    drop(g);
    while let Some(x) = iter::next(th, it)? {
        if keeps(th, func, x)? {
            return Ok(x);
        }
        th.poll()?;
    }
    Ok(Value::STOP)
}
fn filter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Filter>().expect("checked by the call").read(th)?;
    let (func, it) = (g.func, g.it);
    drop(g);
    rebuild(th, a.get(0), &[func, it])
}

// ---- reversed

fn reversed_new(th: &mut Thread, a: Args) -> R<Value> {
    if a.has_keywords() {
        return Err(th.type_error(if th.py3() { "reversed() takes no keyword arguments" } else { "reversed() does not take keyword arguments" }));
    }
    let n = a.positional() - 1;
    if n != 1 {
        let s = if n == 1 { "" } else { "s" };
        return Err(th.type_error(if th.py3() { format!("reversed expected 1 argument, got {n}") } else { format!("reversed() takes exactly 1 argument ({n} given{})", &s[1..]) }));
    }
    let v = a.get(1);
    match object::dunder(v, D::reversed) {
        Some(f) if !f.is_none() => return object::call_special(th, f, v, &[]),
        Some(_) => {
            let got = class_name(v);
            return Err(th.type_error(format!("'{got}' object is not reversible")));
        }
        None => {}
    }
    if object::dunder(v, D::getitem).is_none() || v.is::<super::dict::Dict>() || object::dunder(v, D::len).is_none() {
        let got = class_name(v);
        if object::dunder(v, D::getitem).is_some() && !v.is::<super::dict::Dict>() {
            return Err(th.type_error(format!("object of type '{got}' has no len()")));
        }
        return Err(th.type_error(if th.py3() { format!("'{got}' object is not reversible") } else { "argument to reversed() must be a sequence".to_string() }));
    }
    let left = item::len(th, v)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Reversed { header: Header::NEW, seq: v, left })?.value())
}
pub fn reversed_step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<Reversed> = v.cast().expect("checked by the call");
    let mut g = it.write(th)?;
    if g.left == 0 || g.seq.is_unset() {
        g.seq = Value::UNSET;
        return Ok(Value::STOP);
    }
    g.left -= 1;
    let (seq, i) = (g.seq, g.left);
    drop(g);
    let r = item::get(th, seq, Value::int(i as i64));
    match r {
        Ok(x) => Ok(x),
        Err(e) => {
            if th.catch(&crate::exceptions::INDEX_ERROR).is_some() || th.catch(&crate::exceptions::STOP_ITERATION).is_some() {
                it.write(th)?.seq = Value::UNSET;
                return Ok(Value::STOP);
            }
            it.write(th)?.left = i + 1;
            Err(e)
        }
    }
}
fn reversed_hint(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Reversed>().expect("checked by the call").read(th)?;
    let (seq, left) = (g.seq, g.left);
    drop(g);
    if seq.is_unset() {
        return Ok(Value::int(0));
    }
    let n = item::len(th, seq)?;
    Ok(Value::int(if n < left { 0 } else { left as i64 }))
}
fn reversed_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<Reversed>().expect("checked by the call").read(th)?;
    let (seq, left) = (g.seq, g.left);
    drop(g);
    let class = object::class_of(a.get(0)).value();
    if seq.is_unset() {
        let empty = th.new_tuple(&[])?;
        let args = th.new_tuple(&[empty])?;
        return th.new_tuple(&[class, args]);
    }
    let args = th.new_tuple(&[seq])?;
    th.new_tuple(&[class, args, Value::int(left as i64 - 1)])
}
fn reversed_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let it: Gc<Reversed> = a.get(0).cast().expect("checked by the call");
    let i = sequence::clamped(th, a.get(1))?;
    let seq = it.read(th)?.seq;
    if !seq.is_unset() {
        let n = item::len(th, seq)? as i64;
        it.write(th)?.left = (i.clamp(-1, n - 1) + 1) as usize;
    }
    Ok(Value::NONE)
}

// ---- 2.7: lists

/// An iterator over argument `i` of `name`, with 2.7's text for what is not iterable.
fn iter27(th: &mut Thread, v: Value, otherwise: impl FnOnce() -> String) -> R<Value> {
    let r = iter::iter(th, v);
    match r {
        Ok(it) => Ok(it),
        Err(e) => {
            if object::dunder(v, D::iter).is_none() && th.catch(&crate::exceptions::TYPE_ERROR).is_some() {
                return Err(th.type_error(otherwise()));
            }
            Err(e)
        }
    }
}
/// `zip(...)` of 2.7.
pub fn zip2(th: &mut Thread, a: Args) -> R<Value> {
    let out = list::with_capacity(th, 0)?;
    if a.is_empty() {
        return Ok(out.value());
    }
    let its = RootedVec::with_capacity(th, a.len())?;
    for i in 0..a.len() {
        let it = iter27(th, a.get(i), || format!("zip argument #{} must support iteration", i + 1))?;
        its.push(th, it)?;
    }
    loop {
        let row = RootedVec::with_capacity(th, a.len())?;
        for i in 0..a.len() {
            let it = its.get(th, i)?;
            match iter::next(th, it)? {
                Some(x) => row.push(th, x)?,
                None => return Ok(out.value()),
            }
        }
        let t = rooted_tuple(th, row)?;
        list::append(th, out, t)?;
        th.poll()?;
    }
}
/// `map(f, ...)` of 2.7: shorter iterables are filled up with None; `None` as function gives the items.
pub fn map2(th: &mut Thread, a: Args) -> R<Value> {
    if a.len() < 2 {
        return Err(th.type_error("map() requires at least two args"));
    }
    let (func, n) = (a.get(0), a.len() - 1);
    let out = list::with_capacity(th, 0)?;
    if n == 1 {
        if func.is_none() {
            list_extend(th, out, a.get(1))?;
            return Ok(out.value());
        }
        let it = iter27(th, a.get(1), || "argument 2 to map() must support iteration".to_string())?;
        while let Some(x) = iter::next(th, it)? {
            let y = th.call(func, &[x])?;
            list::append(th, out, y)?;
        }
        return Ok(out.value());
    }
    let its = RootedVec::with_capacity(th, n)?;
    for i in 0..n {
        let it = iter27(th, a.get(i + 1), || format!("argument {} to map() must support iteration", i + 2))?;
        its.push(th, it)?;
    }
    loop {
        let row = RootedVec::with_capacity(th, n)?;
        let mut any = false;
        for i in 0..n {
            let it = its.get(th, i)?;
            let x = if it.is_none() { None } else { iter::next(th, it)? };
            if x.is_none() {
                its.set(th, i, Value::NONE)?;
            }
            any |= x.is_some();
            row.push(th, x.unwrap_or(Value::NONE))?;
        }
        if !any {
            return Ok(out.value());
        }
        let t = rooted_tuple(th, row)?;
        let y = if func.is_none() { t } else { object::call::call_ex(th, func, t, Value::UNSET)? };
        list::append(th, out, y)?;
        th.poll()?;
    }
}
fn list_extend(th: &mut Thread, l: Gc<List>, v: Value) -> R<()> {
    let it = iter27(th, v, || "argument 2 to map() must support iteration".to_string())?;
    while let Some(x) = iter::next(th, it)? {
        list::append(th, l, x)?;
    }
    Ok(())
}
/// `filter(f, v)` of 2.7: strings give strings, tuples tuples, everything else a list.
pub fn filter2(th: &mut Thread, a: Args) -> R<Value> {
    let (func, v) = (a.get(0), a.get(1));
    let out = list::with_capacity(th, 0)?;
    if v.is::<tuple::Tuple>() {
        let n = item::len(th, v)?;
        for i in 0..n {
            let x = item::get(th, v, Value::int(i as i64))?;
            if keeps(th, func, x)? {
                list::append(th, out, x)?;
            }
        }
        return iter::list_to_tuple(th, out);
    }
    if text::is_string(th, v) {
        let n = item::len(th, v)?;
        for i in 0..n {
            let x = item::get(th, v, Value::int(i as i64))?;
            // A plain string keeps all of its characters under None.
            if func.is_none() || keeps(th, func, x)? {
                if !text::is_string(th, x) {
                    return Err(th.type_error("can't filter str to str: __getitem__ returned different type"));
                }
                list::append(th, out, x)?;
            }
        }
        let empty = if text::is_text(v) { th.new_str("")? } else { th.new_bytes(b"")? };
        return th.call_method(empty, "join", &[out.value()]);
    }
    let it = iter::iter(th, v)?;
    while let Some(x) = iter::next(th, it)? {
        if keeps(th, func, x)? {
            list::append(th, out, x)?;
        }
        th.poll()?;
    }
    Ok(out.value())
}

/// The step of an iterator whose class may be a script's with a `__next__` of its own.
#[inline]
fn step(th: &mut Thread, v: Value, def: &'static TypeDef, native: iter::Step) -> R<Value> {
    if def.is_exact(v) {
        return native(th, v);
    }
    let d = if th.py3() { D::next } else { D::next2 };
    match object::dunder(v, d) {
        Some(f) if Some(f) != def.ty().frozen().dunder(d) => {
            let r = object::call_special(th, f, v, &[]);
            Ok(th.unless(r, &crate::exceptions::STOP_ITERATION)?.unwrap_or(Value::STOP))
        }
        _ => native(th, v),
    }
}

/// Declares the step functions of all iterators over containers. Call it once at start.
pub fn register() {
    iter::register_step(kinds::ENUMERATE, |th, v| step(th, v, &ENUMERATE, enumerate_step));
    iter::register_step(kinds::ZIP, |th, v| step(th, v, &ZIP, zip_step));
    iter::register_step(kinds::MAP, |th, v| step(th, v, &MAP, map_step));
    iter::register_step(kinds::FILTER, |th, v| step(th, v, &FILTER, filter_step));
    iter::register_step(kinds::REVERSED, |th, v| step(th, v, &REVERSED, reversed_step));
    seq_iter::register();
    super::range::register();
    super::set::register();
    super::dict_iter::register();
}
