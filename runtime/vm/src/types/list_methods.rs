//! Methods of `list`.

use super::list::{self, LIST, List};
use super::sequence::{self, Key};
use super::{list_slices, seq_iter, slice, sort, tuple_methods};
use crate::native::{Args, NativeDef};
use crate::object::compare::Cmp;
use crate::object::{self, instance, iter, same_or_equal};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    #[py3] "__init__(self, iterable=(), /)" = init, "Initialize self.";
    #[py2] "__init__(self, sequence=())" = init, "Initialize self.";
    "append(self, object, /)" = append, "Append object to the end of the list.";
    "extend(self, iterable, /)" = extend, "Extend list by appending elements from the iterable.";
    "insert(self, index, object, /)" = insert, "Insert object before index.";
    "pop(self, index=-1, /)" = pop, "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.";
    "remove(self, value, /)" = remove, "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.";
    "index(self, value, start=0, stop=9223372036854775807, /)" = index, "Return first index of value.\n\nRaises ValueError if the value is not present.";
    "count(self, value, /)" = count, "Return number of occurrences of value.";
    "reverse(self, /)" = reverse, "Reverse *IN PLACE*.";
    #[py3] "sort(self, /, *, key=None, reverse=False)" = sort3, "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list itself is modified) and stable.";
    #[py2] "sort(self, cmp=None, key=None, reverse=False)" = sort2, "Stable sort *IN PLACE*; cmp(x, y) -> -1, 0, 1.";
    #[py3] "copy(self, /)" = copy, "Return a shallow copy of the list.";
    #[py3] "clear(self, /)" = clear, "Remove all items from list.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    #[pure] "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, index, /)" = getitem, "Return self[index].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = delitem, "Delete self[key].";
    #[py2] "__getslice__(self, i, j, /)" = getslice, "Return self[i:j].";
    #[py2] "__setslice__(self, i, j, value, /)" = setslice, "Set self[i:j] to value.";
    #[py2] "__delslice__(self, i, j, /)" = delslice, "Delete self[i:j].";
    "__contains__(self, key, /)" = contains, "Return key in self.";
    "__iter__(self, /)" = |th, a| seq_iter::over_list(th, a.get(0)), "Implement iter(self).";
    "__reversed__(self, /)" = |th, a| seq_iter::over_list_reversed(th, a.get(0)), "Return a reverse iterator over the list.";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__add__(self, value, /)" = add, "Return self+value.";
    "__mul__(self, value, /)" = mul, "Return self*value.";
    "__rmul__(self, value, /)" = mul, "Return value*self.";
    "__iadd__(self, value, /)" = iadd, "Implement self+=value.";
    "__imul__(self, value, /)" = imul, "Implement self*=value.";
    #[pure] "__sizeof__(self, /)" = sizeof, "Return the size of the list in memory, in bytes.";
};

fn this(a: Args) -> Gc<List> { a.get(0).cast().expect("checked by the call") }
fn of(v: Value) -> Gc<List> { v.cast().expect("a list") }

fn new(th: &mut Thread, a: Args) -> R<Value> {
    Ok(instance::alloc_like(th, a.get(0), |_| List { header: Header::NEW, len: Value::int(0), items: None })?.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let l = this(a);
    list_slices::clear(th, l)?;
    if let Some(v) = a.opt(1) {
        extend_from(th, l, v)?;
    }
    Ok(Value::NONE)
}

/// Appends all items of any iterable. Items that came before an exception stay, as in CPython.
pub fn extend_from(th: &mut Thread, l: Gc<List>, v: Value) -> R<()> {
    if LIST.is_exact(v) {
        let items = list::snapshot(th, of(v))?;
        return list::extend(th, l, items.frozen().items());
    }
    if super::tuple::TUPLE.is_exact(v) {
        return list::extend(th, l, super::tuple::items(v).unwrap_or(&[]));
    }
    let behind = list::len(th, l)?;
    iter::check_hint_behind(th, v, behind)?;
    iter::for_each(th, v, |th, x| list::append(th, l, x))
}

fn append(th: &mut Thread, a: Args) -> R<Value> {
    list::append(th, this(a), a.get(1))?;
    Ok(Value::NONE)
}
fn extend(th: &mut Thread, a: Args) -> R<Value> {
    extend_from(th, this(a), a.get(1))?;
    Ok(Value::NONE)
}
fn insert(th: &mut Thread, a: Args) -> R<Value> {
    let i = sequence::position(th, a.get(1))?;
    list_slices::insert(th, this(a), i, a.get(2))?;
    Ok(Value::NONE)
}
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    let i = match a.opt(1) {
        Some(i) => sequence::position(th, i)?,
        None => -1,
    };
    let mut g = list::edit(th, this(a))?;
    let n = g.count();
    let Some(at) = sequence::place(i, n) else {
        drop(g);
        return Err(th.index_error(if n == 0 { "pop from empty list" } else { "pop index out of range" }));
    };
    let s = list::logged(&mut g, at..n);
    let v = s[0];
    if at + 1 < n {
        s.copy_within(1.., 0);
    }
    s[n - 1 - at] = Value::UNSET;
    g.set_count(n - 1);
    Ok(v)
}
fn remove(th: &mut Thread, a: Args) -> R<Value> {
    let l = this(a);
    let mut i = 0;
    while let Some(x) = list::get(th, l, i)? {
        if same_or_equal(th, x, a.get(1))? {
            list_slices::remove_range(th, l, i, i + 1)?;
            return Ok(Value::NONE);
        }
        i += 1;
    }
    Err(th.value_error("list.remove(x): x not in list"))
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let l = this(a);
    let start = match a.opt(2) {
        Some(s) => slice::given_bound(th, s)?,
        None => 0,
    };
    let stop = match a.opt(3) {
        Some(s) => slice::given_bound(th, s)?,
        None => i64::MAX,
    };
    let n = list::len(th, l)?;
    let (mut i, stop) = (sequence::limit(start, n), if stop < 0 { sequence::limit(stop, n) } else { stop as usize });
    while i < stop {
        let Some(x) = list::get(th, l, i)? else { break };
        if same_or_equal(th, x, a.get(1))? {
            return Ok(Value::int(i as i64));
        }
        i += 1;
    }
    let r = object::repr_text(th, a.get(1))?;
    Err(th.value_error(format!("{r} is not in list")))
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    let (mut i, mut n) = (0, 0);
    while let Some(x) = list::get(th, this(a), i)? {
        n += same_or_equal(th, x, a.get(1))? as i64;
        i += 1;
    }
    Ok(Value::int(n))
}
fn reverse(th: &mut Thread, a: Args) -> R<Value> {
    this(a).write(th)?.as_mut_slice().reverse();
    Ok(Value::NONE)
}
fn sort3(th: &mut Thread, a: Args) -> R<Value> { sort_list(th, a.get(0), Value::UNSET, a.get(1), a.get(2)) }
fn sort2(th: &mut Thread, a: Args) -> R<Value> { sort_list(th, a.get(0), a.get(1), a.get(2), a.get(3)) }
/// Sorts a list; `cmp`, `key`, `reverse` may be UNSET.
pub fn sort_list(th: &mut Thread, l: Value, cmp: Value, key: Value, reverse: Value) -> R<Value> {
    let reverse = match reverse.get() {
        None => false,
        Some(v) if v.is_int() || v.is_singleton() && !v.is_none() => object::is_true(th, v)?,
        Some(v) if th.py3() => object::is_true(th, v)?,
        Some(v) => sequence::c_long(th, v)? != 0,
    };
    let some = |v: Value| v.get().filter(|v| !v.is_none());
    sort::sort(th, of(l), some(cmp), some(key), reverse)?;
    Ok(Value::NONE)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let s = list::snapshot(th, this(a))?;
    list::new(th, s.frozen().items())
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    list_slices::clear(th, this(a))?;
    Ok(Value::NONE)
}

fn item(th: &mut Thread, v: Value, i: usize) -> R<Option<Value>> { list::get(th, of(v), i) }
fn length(th: &mut Thread, v: Value) -> R<usize> { list::len(th, of(v)) }

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    object::repr::guarded(th, v, "[...]", |th| tuple_methods::repr_items(th, v, "[", "]", item))
}
fn len(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(list::len(th, this(a))? as i64)) }

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    match sequence::key(th, "list", a.get(1))? {
        Key::Index(i) => {
            let g = this(a).read(th)?;
            let s = g.as_slice();
            if let Some(at) = sequence::place(i, s.len()) {
                return Ok(s[at]);
            }
            drop(g);
            Err(th.index_error("list index out of range"))
        }
        Key::Slice(start, stop, step) => {
            let s = list::snapshot(th, this(a))?;
            let from = s.frozen().items();
            let (start, _, n) = slice::adjust(start, stop, step, from.len());
            if step == 1 {
                return list::new(th, &from[start as usize..start as usize + n]);
            }
            let out = list::with_capacity(th, n)?;
            let mut g = out.write(th)?;
            g.set_count(n);
            for (i, x) in g.as_mut_slice().iter_mut().enumerate() {
                *x = from[(start + i as i64 * step) as usize];
            }
            Ok(out.value())
        }
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    match sequence::key(th, "list", a.get(1))? {
        Key::Index(i) => {
            let mut g = list::edit(th, this(a))?;
            if let Some(at) = sequence::place(i, g.count()) {
                list::logged(&mut g, at..at + 1)[0] = a.get(2);
                return Ok(Value::NONE);
            }
            drop(g);
            return Err(th.index_error("list assignment index out of range"));
        }
        Key::Slice(start, stop, 1) => {
            let items = list_slices::source(th, a.get(2), if th.py3() { "must assign iterable to extended slice" } else { "can only assign an iterable" })?;
            list_slices::assign(th, this(a), start, stop, items.frozen().items())?;
        }
        Key::Slice(start, stop, step) => {
            let items = list_slices::source(th, a.get(2), "must assign iterable to extended slice")?;
            list_slices::assign_extended(th, this(a), start, stop, step, items.frozen().items())?;
        }
    }
    Ok(Value::NONE)
}
fn delitem(th: &mut Thread, a: Args) -> R<Value> {
    match sequence::key(th, "list", a.get(1))? {
        Key::Index(i) => {
            let n = list::len(th, this(a))?;
            match sequence::place(i, n) {
                Some(at) => list_slices::remove_range(th, this(a), at, at + 1)?,
                None => return Err(th.index_error("list assignment index out of range")),
            }
        }
        Key::Slice(start, stop, 1) => list_slices::assign(th, this(a), start, stop, &[])?,
        Key::Slice(start, stop, step) => list_slices::delete_extended(th, this(a), start, stop, step)?,
    }
    Ok(Value::NONE)
}
/// Bounds of 2.7's slice methods: the interpreter has already added the length to negative ones.
fn bounds(th: &mut Thread, a: Args) -> R<(i64, i64)> { Ok((sequence::clamped(th, a.get(1))?.max(0), sequence::clamped(th, a.get(2))?.max(0))) }
fn getslice(th: &mut Thread, a: Args) -> R<Value> {
    let (i, j) = bounds(th, a)?;
    let s = list::snapshot(th, this(a))?;
    let from = s.frozen().items();
    let (start, _, n) = slice::adjust(i, j, 1, from.len());
    list::new(th, &from[start as usize..start as usize + n])
}
fn setslice(th: &mut Thread, a: Args) -> R<Value> {
    let (i, j) = bounds(th, a)?;
    let items = list_slices::source(th, a.get(3), "can only assign an iterable")?;
    list_slices::assign(th, this(a), i, j, items.frozen().items())?;
    Ok(Value::NONE)
}
fn delslice(th: &mut Thread, a: Args) -> R<Value> {
    let (i, j) = bounds(th, a)?;
    list_slices::assign(th, this(a), i, j, &[])?;
    Ok(Value::NONE)
}
fn contains(th: &mut Thread, a: Args) -> R<Value> {
    let mut i = 0;
    while let Some(x) = list::get(th, this(a), i)? {
        if same_or_equal(th, x, a.get(1))? {
            return Ok(Value::TRUE);
        }
        i += 1;
        if i & 0xFFF == 0 {
            th.poll()?;
        }
    }
    Ok(Value::FALSE)
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    if !a.get(1).is::<List>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    sequence::compare_items(th, op, a.get(0), a.get(1), item, length)
}
fn add(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).is::<List>() { sequence::concat_lists(th, a.get(0), a.get(1)) } else { Ok(Value::NOT_IMPLEMENTED) }
}
fn mul(th: &mut Thread, a: Args) -> R<Value> { tuple_methods::times(th, a.get(0), a.get(1)) }
fn iadd(th: &mut Thread, a: Args) -> R<Value> {
    extend_from(th, this(a), a.get(1))?;
    Ok(a.get(0))
}
fn imul(th: &mut Thread, a: Args) -> R<Value> {
    if object::dunder(a.get(1), super::dunder::D::index).is_none() && !super::int::is_int_like(a.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = sequence::ssize(th, a.get(1))?;
    let l = this(a);
    if n <= 0 {
        list_slices::clear(th, l)?;
    } else if n > 1 {
        let s = list::snapshot(th, l)?;
        sequence::repeat_into(th, l, s.frozen().items(), n as usize - 1)?;
    }
    Ok(a.get(0))
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let n = this(a).read(th)?.capacity();
    Ok(Value::int((size_of::<List>() + 8 * n) as i64))
}
