//! Methods of `set` and `frozenset`.

use super::set::{self, FROZENSET, FrozenSet, SET, Set};
use super::{int, list, text};
use crate::exceptions::KEY_ERROR;
use crate::native::{Args, NativeDef};
use crate::object::compare::Cmp;
use crate::object::{self, attr, class_of, instance, iter};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value};

pub static COMMON: &[NativeDef] = natives! {
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__len__(self, /)" = |th, a| Ok(Value::int(set::len(th, a.get(0))? as i64)), "Return len(self).";
    "__contains__(self, key, /)" = contains, "x.__contains__(y) <==> y in x.";
    "__iter__(self, /)" = |th, a| set::iterate(th, a.get(0)), "Implement iter(self).";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    #[py2] "__cmp__(self, value, /)" = cmp, "x.__cmp__(y) <==> cmp(x,y)";
    "__and__(self, value, /)" = |th, a| operator(th, a.get(0), a.get(1), intersect), "Return self&value.";
    "__rand__(self, value, /)" = |th, a| operator(th, a.get(1), a.get(0), intersect), "Return value&self.";
    "__or__(self, value, /)" = |th, a| operator(th, a.get(0), a.get(1), unite), "Return self|value.";
    "__ror__(self, value, /)" = |th, a| operator(th, a.get(1), a.get(0), unite), "Return value|self.";
    "__sub__(self, value, /)" = |th, a| operator(th, a.get(0), a.get(1), set::difference), "Return self-value.";
    "__rsub__(self, value, /)" = |th, a| operator(th, a.get(1), a.get(0), set::difference), "Return value-self.";
    "__xor__(self, value, /)" = |th, a| operator(th, a.get(0), a.get(1), differ), "Return self^value.";
    "__rxor__(self, value, /)" = |th, a| operator(th, a.get(1), a.get(0), differ), "Return value^self.";
    "union(self, *others)" = union, "Return a new set with elements from the set and all others.";
    "intersection(self, *others)" = intersection, "Return a new set with elements common to the set and all others.";
    "difference(self, *others)" = difference, "Return a new set with elements in the set that are not in the others.";
    "symmetric_difference(self, other, /)" = |th, a| { let s = differ(th, a.get(0), a.get(1))?; finish(th, a.get(0), s) }, "Return a new set with elements in either the set or other but not both.";
    "isdisjoint(self, other, /)" = isdisjoint, "Return True if two sets have a null intersection.";
    "issubset(self, other, /)" = issubset, "Report whether another set contains this set.";
    "issuperset(self, other, /)" = issuperset, "Report whether this set contains another set.";
    "copy(self, /)" = copy, "Return a shallow copy of a set.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "__sizeof__(self, /)" = sizeof, "S.__sizeof__() -> size of S in memory, in bytes.";
};
pub static MUTABLE: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, *args, **kwargs)" = init, "Initialize self.";
    "add(self, object, /)" = add, "Add an element to a set.\n\nThis has no effect if the element is already present.";
    "remove(self, object, /)" = remove, "Remove an element from a set; it must be a member.\n\nIf the element is not a member, raise a KeyError.";
    "discard(self, object, /)" = discard, "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() method does not raise\nan exception when an element is missing from the set.";
    "pop(self, /)" = pop, "Remove and return an arbitrary set element.\n\nRaises KeyError if the set is empty.";
    "clear(self, /)" = clear, "Remove all elements from this set.";
    "update(self, *others)" = |th, a| each(th, a, set::update), "Update the set, adding elements from all others.";
    "difference_update(self, *others)" = |th, a| each(th, a, set::difference_update), "Update the set, removing elements found in others.";
    "intersection_update(self, *others)" = intersection_update, "Update the set, keeping only elements found in it and all others.";
    "symmetric_difference_update(self, other, /)" = symmetric_difference_update, "Update the set, keeping only elements found in either set, but not in both.";
    "__ior__(self, value, /)" = |th, a| in_place(th, a, set::update), "Return self|=value.";
    "__iand__(self, value, /)" = |th, a| in_place(th, a, set::intersection_update), "Return self&=value.";
    "__isub__(self, value, /)" = |th, a| in_place(th, a, set::difference_update), "Return self-=value.";
    "__ixor__(self, value, /)" = |th, a| in_place(th, a, set::symmetric_difference_update), "Return self^=value.";
};
pub static FROZEN: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = frozen_new, "Create and return a new object.";
    "__hash__(self, /)" = hash, "Return hash(self).";
};

fn this(a: Args) -> Gc<Set> { a.get(0).cast().expect("checked by the call") }

fn new(th: &mut Thread, a: Args) -> R<Value> {
    Ok(instance::alloc_like(th, a.get(0), |_| Set { header: Header::NEW, used: 0, fill: 0, version: 0, finger: 0, table: None })?.value())
}
fn check_count(th: &mut Thread, a: Args, name: &str) -> R<()> {
    let n = a.positional() - 1;
    if a.has_keywords() && a.keyword_count() > 0 {
        return Err(th.type_error(if th.py3() { format!("{name}() takes no keyword arguments") } else { format!("{name}() does not take keyword arguments") }));
    }
    if n > 1 {
        return Err(th.type_error(format!("{name} expected at most 1 argument{}, got {n}", if th.py3() { "" } else { "s" })));
    }
    Ok(())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    check_count(th, a, "set")?;
    set::clear(th, this(a))?;
    if a.positional() > 1 {
        set::update(th, this(a), a.get(1))?;
    }
    Ok(Value::NONE)
}
fn frozen_new(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.get(0);
    if class == FROZENSET.value() {
        check_count(th, a, "frozenset")?;
        if FROZENSET.is_exact(a.get(1)) {
            return Ok(a.get(1));
        }
    }
    let s = set::new(th)?;
    if a.positional() > 1 {
        set::update(th, s, a.get(1))?;
    }
    set::freeze(th, s, class)
}

/// The content of `s`, which nobody else knows, as a set of the kind of `like`: of the builtin class, in 2.7 of its own class.
fn finish(th: &mut Thread, like: Value, s: Gc<Set>) -> R<Value> {
    let frozen = like.is::<FrozenSet>();
    let base = if frozen { FROZENSET.value() } else { SET.value() };
    let class = if th.py3() || !set::is_any(like) { base } else { class_of(like).value() };
    if frozen {
        return set::freeze(th, s, class);
    }
    if class == base {
        return Ok(s.value());
    }
    let out = instance::alloc_like(th, class, |_| Set { header: Header::NEW, used: 0, fill: 0, version: 0, finger: 0, table: None })?;
    set::update(th, out, s.value())?;
    Ok(out.value())
}
/// A new set with the elements of `v`.
fn copied(th: &mut Thread, v: Value) -> R<Gc<Set>> {
    let s = set::new(th)?;
    set::update(th, s, v)?;
    Ok(s)
}
fn unite(th: &mut Thread, v: Value, other: Value) -> R<Gc<Set>> {
    let s = copied(th, v)?;
    set::update(th, s, other)?;
    Ok(s)
}
fn intersect(th: &mut Thread, v: Value, other: Value) -> R<Gc<Set>> {
    if v == other { copied(th, v) } else { set::intersection(th, v, other) }
}
fn differ(th: &mut Thread, v: Value, other: Value) -> R<Gc<Set>> {
    let s = copied(th, other)?;
    set::symmetric_difference_update(th, s, v)?;
    Ok(s)
}
fn operator(th: &mut Thread, x: Value, y: Value, op: fn(&mut Thread, Value, Value) -> R<Gc<Set>>) -> R<Value> {
    if !set::is_any(x) || !set::is_any(y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let s = op(th, x, y)?;
    finish(th, x, s)
}
fn in_place(th: &mut Thread, a: Args, op: fn(&mut Thread, Gc<Set>, Value) -> R<()>) -> R<Value> {
    if !set::is_any(a.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    op(th, this(a), a.get(1))?;
    Ok(a.get(0))
}
fn each(th: &mut Thread, a: Args, op: fn(&mut Thread, Gc<Set>, Value) -> R<()>) -> R<Value> {
    for i in 1..a.positional() {
        op(th, this(a), a.get(i))?;
    }
    Ok(Value::NONE)
}
fn union(th: &mut Thread, a: Args) -> R<Value> {
    let s = copied(th, a.get(0))?;
    for i in 1..a.positional() {
        set::update(th, s, a.get(i))?;
    }
    finish(th, a.get(0), s)
}
fn intersect_all(th: &mut Thread, a: Args) -> R<Gc<Set>> {
    if a.positional() == 1 {
        return copied(th, a.get(0));
    }
    let mut s = intersect(th, a.get(0), a.get(1))?;
    for i in 2..a.positional() {
        s = intersect(th, s.value(), a.get(i))?;
    }
    Ok(s)
}
fn intersection(th: &mut Thread, a: Args) -> R<Value> {
    let s = intersect_all(th, a)?;
    finish(th, a.get(0), s)
}
fn intersection_update(th: &mut Thread, a: Args) -> R<Value> {
    let s = intersect_all(th, a)?;
    set::intersection_update(th, this(a), s.value())?;
    Ok(Value::NONE)
}
fn difference(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() == 1 {
        let s = copied(th, a.get(0))?;
        return finish(th, a.get(0), s);
    }
    let s = set::difference(th, a.get(0), a.get(1))?;
    for i in 2..a.positional() {
        set::difference_update(th, s, a.get(i))?;
    }
    finish(th, a.get(0), s)
}
fn symmetric_difference_update(th: &mut Thread, a: Args) -> R<Value> {
    set::symmetric_difference_update(th, this(a), a.get(1))?;
    Ok(Value::NONE)
}
fn isdisjoint(th: &mut Thread, a: Args) -> R<Value> {
    let (v, other) = (a.get(0), a.get(1));
    if set::is_any(other) {
        let (from, asked) = if set::len(th, other)? > set::len(th, v)? { (v, other) } else { (other, v) };
        if from == asked {
            return Ok(Value::from_bool(set::len(th, from)? == 0));
        }
        let mut at = 0;
        while let Some((h, k)) = set::next(th, from, &mut at)? {
            if set::contains_hashed(th, asked, h, k)? {
                return Ok(Value::FALSE);
            }
        }
        return Ok(Value::TRUE);
    }
    let it = iter::iter(th, other)?;
    while let Some(x) = iter::next(th, it)? {
        let h = set::key_hash(th, x)?;
        if set::contains_hashed(th, v, h, x)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
fn issubset(th: &mut Thread, a: Args) -> R<Value> {
    let (v, other) = (a.get(0), a.get(1));
    if !set::is_any(other) && th.py3() {
        let common = set::intersection(th, v, other)?;
        return Ok(Value::from_bool(set::len(th, common.value())? == set::len(th, v)?));
    }
    let other = if set::is_any(other) { other } else { copied(th, other)?.value() };
    set::is_subset(th, v, other).map(Value::from_bool)
}
fn issuperset(th: &mut Thread, a: Args) -> R<Value> {
    if set::is_any(a.get(1)) {
        return set::is_subset(th, a.get(1), a.get(0)).map(Value::from_bool);
    }
    if !th.py3() {
        let other = copied(th, a.get(1))?.value();
        return set::is_subset(th, other, a.get(0)).map(Value::from_bool);
    }
    let it = iter::iter(th, a.get(1))?;
    while let Some(x) = iter::next(th, it)? {
        let h = set::key_hash(th, x)?;
        if !set::contains_hashed(th, a.get(0), h, x)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    if FROZENSET.is_exact(a.get(0)) {
        return Ok(a.get(0));
    }
    let s = copied(th, a.get(0))?;
    finish(th, a.get(0), s)
}

fn contains(th: &mut Thread, a: Args) -> R<Value> { set::contains(th, a.get(0), a.get(1)).map(Value::from_bool) }
fn add(th: &mut Thread, a: Args) -> R<Value> {
    set::add(th, this(a), a.get(1))?;
    Ok(Value::NONE)
}
fn remove(th: &mut Thread, a: Args) -> R<Value> {
    let (h, k) = set::lookup_key(th, a.get(1))?;
    if set::remove_hashed(th, this(a), h, k)? { Ok(Value::NONE) } else { Err(th.raise_with(&KEY_ERROR, &[a.get(1)])) }
}
fn discard(th: &mut Thread, a: Args) -> R<Value> {
    let (h, k) = set::lookup_key(th, a.get(1))?;
    set::remove_hashed(th, this(a), h, k)?;
    Ok(Value::NONE)
}
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    match set::pop(th, this(a))? {
        Some(v) => Ok(v),
        None => Err(th.raise(&KEY_ERROR, "pop from an empty set")),
    }
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    set::clear(th, this(a))?;
    Ok(Value::NONE)
}

fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if !set::is_any(y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    th.check_stack()?;
    let (n, m) = (set::len(th, x)?, set::len(th, y)?);
    let r = match op {
        Cmp::Eq => n == m && set::is_subset(th, x, y)?,
        Cmp::Ne => n != m || !set::is_subset(th, x, y)?,
        Cmp::Lt => n < m && set::is_subset(th, x, y)?,
        Cmp::Le => set::is_subset(th, x, y)?,
        Cmp::Gt => n > m && set::is_subset(th, y, x)?,
        Cmp::Ge => set::is_subset(th, y, x)?,
    };
    Ok(Value::from_bool(r))
}
fn cmp(th: &mut Thread, a: Args) -> R<Value> {
    if class_of(a.get(0)) != class_of(a.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Err(th.type_error("cannot compare sets using cmp()"))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let h = set::hash(th, a.get(0))?;
    int::from_i64(th, h)
}

/// The elements as a list.
fn listed(th: &mut Thread, v: Value) -> R<Value> {
    let n = set::len(th, v)?;
    let out = list::with_capacity(th, n)?;
    let mut at = 0;
    while let Some((_, k)) = set::next(th, v, &mut at)? {
        list::append(th, out, k)?;
    }
    Ok(out.value())
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let name = object::class_name(v);
    object::repr::guarded(th, v, &format!("{name}(...)"), |th| {
        if th.py3() && set::len(th, v)? == 0 {
            return th.native_str(&format!("{name}()"));
        }
        let l = listed(th, v)?;
        let r = object::repr(th, l)?;
        let r = text::bytes_of(r).unwrap_or(b"[]");
        let mut out = Vec::new();
        if !th.py3() {
            out.extend_from_slice(name.as_bytes());
            out.push(b'(');
            out.extend_from_slice(r);
            out.push(b')');
        } else {
            let braces = |out: &mut Vec<u8>| {
                out.push(b'{');
                out.extend_from_slice(&r[1..r.len().max(2) - 1]);
                out.push(b'}');
            };
            if SET.is_exact(v) {
                braces(&mut out);
            } else {
                out.extend_from_slice(name.as_bytes());
                out.push(b'(');
                braces(&mut out);
                out.push(b')');
            }
        }
        th.native_str_bytes(&out)
    })
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let l = listed(th, a.get(0))?;
    let args = th.new_tuple(&[l])?;
    let state = if th.py3() { super::object::state_of(th, a.get(0))? } else { attr::get_str_opt(th, a.get(0), "__dict__")?.unwrap_or(Value::NONE) };
    th.new_tuple(&[class_of(a.get(0)).value(), args, state])
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let table = match a.get(0).cast::<Set>() {
        Some(s) => s.read(th)?.table,
        None => a.get(0).cast::<FrozenSet>().expect("checked by the call").frozen().table,
    };
    Ok(Value::int((size_of::<Set>() + table.map_or(0, |t| 8 * t.frozen().len)) as i64))
}
