//! `collections.deque`: methods.

use super::deque::{self, Deque, empty_like, extend, get, len, pop, push};
use crate::api::*;
use txpy_vm::types::sequence::{self, clamped, limit, place};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = |th, a| Ok(empty_like(th, a.get(0), -1)?.value()), "Create and return a new object.";
    "__init__(self, iterable=(), maxlen=None)" = init, "Initialize self.";
    "append(self, x, /)" = |th, a| { push(th, this(a.get(0)), a.get(1), false)?; Ok(Value::NONE) }, "Add an element to the right side of the deque.";
    "appendleft(self, x, /)" = |th, a| { push(th, this(a.get(0)), a.get(1), true)?; Ok(Value::NONE) }, "Add an element to the left side of the deque.";
    "pop(self, /)" = |th, a| pop(th, this(a.get(0)), false), "Remove and return the rightmost element.";
    "popleft(self, /)" = |th, a| pop(th, this(a.get(0)), true), "Remove and return the leftmost element.";
    "extend(self, iterable, /)" = |th, a| { extend(th, this(a.get(0)), a.get(1), false)?; Ok(Value::NONE) }, "Extend the right side of the deque with elements from the iterable.";
    "extendleft(self, iterable, /)" = |th, a| { extend(th, this(a.get(0)), a.get(1), true)?; Ok(Value::NONE) }, "Extend the left side of the deque with elements from the iterable.";
    "clear(self, /)" = clear, "Remove all elements from the deque.";
    "copy(self, /)" = copy, "Return a shallow copy of a deque.";
    "__copy__(self, /)" = copy, "Return a shallow copy of a deque.";
    "count(self, value, /)" = count, "Return number of occurrences of value.";
    #[py3] "index(self, value, start=0, stop=None, /)" = index, "Return first index of value.";
    #[py3] "insert(self, index, value, /)" = insert, "Insert value before index.";
    "remove(self, value, /)" = remove, "Remove first occurrence of value.";
    "reverse(self, /)" = reverse, "Reverse *IN PLACE*.";
    "rotate(self, n=1, /)" = |th, a| { let n = match a.opt(1) { Some(v) => sequence::ssize(th, v)?, None => 1 }; rotate(th, this(a.get(0)), n)?; Ok(Value::NONE) }, "Rotate the deque n steps to the right.  If n is negative, rotates left.";
};
pub static OPERATORS: &[NativeDef] = natives! {
    "__len__(self, /)" = |th, a| Ok(Value::int(len(th, this(a.get(0)))? as i64)), "Return len(self).";
    "__iter__(self, /)" = |th, a| deque::iterate(th, this(a.get(0)), false), "Implement iter(self).";
    "__reversed__(self, /)" = |th, a| deque::iterate(th, this(a.get(0)), true), "Return a reverse iterator over the deque.";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = delitem, "Delete self[key].";
    "__contains__(self, key, /)" = |th, a| Ok(Value::from_bool(find(th, this(a.get(0)), a.get(1), 0, usize::MAX)?.is_some())), "Return bool(key in self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "__iadd__(self, value, /)" = |th, a| { extend(th, this(a.get(0)), a.get(1), false)?; Ok(a.get(0)) }, "Implement self+=value.";
    #[py3] "__add__(self, value, /)" = add, "Return self+value.";
    #[py3] "__mul__(self, value, /)" = |th, a| times(th, a.get(0), a.get(1)), "Return self*value.";
    #[py3] "__rmul__(self, value, /)" = |th, a| times(th, a.get(0), a.get(1)), "Return value*self.";
    #[py3] "__imul__(self, value, /)" = imul, "Implement self*=value.";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    #[py2] "__hash__(self, /)" = |th, a| { let n = txpy_vm::object::repr::qualified_name(th, class_of(a.get(0)))?; Err(th.type_error(format!("unhashable type: '{n}'"))) }, "Return hash(self).";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};

fn init(th: &mut Thread, a: Args) -> R<Value> {
    let max = match a.some(2) {
        None => -1,
        Some(v) => {
            if !int::is_int_like(v) {
                return Err(th.type_error("an integer is required"));
            }
            let n = sequence::ssize(th, v)?;
            if n < 0 {
                return Err(th.value_error("maxlen must be non-negative"));
            }
            n
        }
    };
    let d: Gc<Deque> = this(a.get(0));
    clear_all(th, d)?;
    d.write(th)?.max = max;
    if let Some(v) = a.opt(1) {
        extend(th, d, v, false)?;
    }
    Ok(Value::NONE)
}
fn clear_all(th: &mut Thread, d: Gc<Deque>) -> R<()> {
    let mut g = d.write(th)?;
    (g.ring, g.start, g.len) = (None, 0, 0);
    g.version += 1;
    Ok(())
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    clear_all(th, this(a.get(0)))?;
    Ok(Value::NONE)
}
fn maximum(th: &mut Thread, d: Gc<Deque>) -> R<i64> { Ok(d.read(th)?.max) }
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let max = maximum(th, d)?;
    if deque::DEQUE.is_exact(a.get(0)) {
        let out = empty_like(th, deque::DEQUE.value(), max)?;
        extend(th, out, a.get(0), false)?;
        return Ok(out.value());
    }
    let class = class_of(a.get(0)).value();
    if max < 0 { th.call(class, &[a.get(0)]) } else { th.call(class, &[a.get(0), Value::int(max)]) }
}
fn changed(th: &mut Thread) -> Unwind { th.runtime_error("deque mutated during iteration") }
/// First place of an equal item in `from..to`.
fn find(th: &mut Thread, d: Gc<Deque>, x: Value, from: usize, to: usize) -> R<Option<usize>> {
    let version = d.read(th)?.version;
    let mut i = from;
    while i < to {
        let Some(y) = get(th, d, i)? else { return Ok(None) };
        let same = same_or_equal(th, y, x)?;
        if same {
            return Ok(Some(i));
        }
        if d.read(th)?.version != version {
            return Err(changed(th));
        }
        th.poll()?;
        i += 1;
    }
    Ok(None)
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let (mut n, mut from) = (0, 0);
    while let Some(i) = find(th, d, a.get(1), from, usize::MAX)? {
        n += 1;
        from = i + 1;
    }
    Ok(Value::int(n))
}
fn not_in(th: &mut Thread, x: Value) -> Unwind {
    match repr_text(th, x) {
        Ok(s) => th.value_error(format!("{s} is not in deque")),
        Err(e) => e,
    }
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let n = len(th, d)?;
    let from = match a.opt(2) {
        Some(v) => limit(clamped(th, v)?, n),
        None => 0,
    };
    let to = match a.some(3) {
        Some(v) => limit(clamped(th, v)?, n),
        None => n,
    };
    match find(th, d, a.get(1), from, to)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(not_in(th, a.get(1))),
    }
}
fn rotate(th: &mut Thread, d: Gc<Deque>, n: i64) -> R<()> {
    let mut g = d.write(th)?;
    let len = g.len;
    if len < 2 {
        return Ok(());
    }
    // The shorter way round. Nothing is lost by moving: the ring has room for one item more, or items move around full.
    let k = n.rem_euclid(len as i64) as usize;
    let items: Vec<u64> = (0..len).filter_map(|i| g.get(i)).map(Value::bits).collect();
    for (i, b) in items.iter().enumerate() {
        g.put((i + k) % len, Value(*b));
    }
    g.version += 1;
    Ok(())
}
fn insert(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let i = sequence::ssize(th, a.get(1))?;
    let g = d.read(th)?;
    let (n, max) = (g.len as i64, g.max);
    drop(g);
    if max >= 0 && n >= max {
        return Err(th.index_error("deque already at its maximum size"));
    }
    let at = if i < 0 { (i + n).max(0) } else { i.min(n) };
    push(th, d, a.get(2), false)?;
    let mut g = d.write(th)?;
    for k in (at as usize + 1..g.len).rev() {
        let v = g.get(k - 1).unwrap_or(Value::UNSET);
        g.put(k, v);
    }
    if (at as usize) < g.len {
        g.put(at as usize, a.get(2));
    }
    Ok(Value::NONE)
}
fn delete(th: &mut Thread, d: Gc<Deque>, i: usize) -> R<()> {
    let mut g = d.write(th)?;
    if i * 2 < g.len {
        for k in (1..=i).rev() {
            let v = g.get(k - 1).unwrap_or(Value::UNSET);
            g.put(k, v);
        }
        g.pop_front();
    } else {
        for k in i + 1..g.len {
            let v = g.get(k).unwrap_or(Value::UNSET);
            g.put(k - 1, v);
        }
        g.pop_back();
    }
    Ok(())
}
fn remove(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let n = len(th, d)?;
    let found = find(th, d, a.get(1), 0, usize::MAX);
    if len(th, d)? != n {
        return Err(th.index_error("deque mutated during remove()."));
    }
    match found? {
        Some(i) => {
            delete(th, d, i)?;
            Ok(Value::NONE)
        }
        None if th.py3() => Err(not_in(th, a.get(1))),
        None => Err(th.value_error("deque.remove(x): x not in deque")),
    }
}
fn reverse(th: &mut Thread, a: Args) -> R<Value> {
    let mut g = this::<Deque>(a.get(0)).write(th)?;
    let n = g.len;
    for i in 0..n / 2 {
        let (x, y) = (g.get(i).unwrap_or(Value::UNSET), g.get(n - 1 - i).unwrap_or(Value::UNSET));
        g.put(i, y);
        g.put(n - 1 - i, x);
    }
    g.version += 1;
    Ok(Value::NONE)
}

/// The place that a subscript means.
fn subscript(th: &mut Thread, d: Gc<Deque>, key: Value) -> R<usize> {
    let Some(i) = int::index_opt(th, key)? else {
        let got = class_name(key);
        return Err(th.type_error(format!("sequence index must be integer, not '{got}'")));
    };
    let n = len(th, d)?;
    match int::to_i64(i).and_then(|i| place(i, n)) {
        Some(i) => Ok(i),
        None => Err(th.index_error("deque index out of range")),
    }
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let i = subscript(th, d, a.get(1))?;
    match get(th, d, i)? {
        Some(v) => Ok(v),
        None => Err(th.index_error("deque index out of range")),
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let i = subscript(th, d, a.get(1))?;
    let mut g = d.write(th)?;
    if i < g.len {
        g.put(i, a.get(2));
        return Ok(Value::NONE);
    }
    drop(g);
    Err(th.index_error("deque index out of range"))
}
fn delitem(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let i = subscript(th, d, a.get(1))?;
    delete(th, d, i)?;
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    txpy_vm::object::repr::guarded(th, v, "[...]", |th| {
        let d: Gc<Deque> = this(v);
        let items = iter::to_list(th, v)?;
        let max = maximum(th, d)?;
        let shown = repr_text(th, items.value())?;
        let name = class_name(v);
        let s = if max < 0 { format!("{name}({shown})") } else { format!("{name}({shown}, maxlen={max})") };
        th.native_str_bytes(s.as_bytes())
    })
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Deque> = this(a.get(0));
    let max = maximum(th, d)?;
    let class = class_of(a.get(0)).value();
    if !th.py3() {
        let state = if instance::has_dict(a.get(0)) { Some(instance::dict_of(th, a.get(0))?.value()) } else { None };
        let items = iter::to_list(th, a.get(0))?.value();
        let args = if max < 0 { th.new_tuple(&[items])? } else { th.new_tuple(&[items, Value::int(max)])? };
        return match state {
            Some(s) => th.new_tuple(&[class, args, s]),
            None => th.new_tuple(&[class, args]),
        };
    }
    let empty = th.new_tuple(&[])?;
    let args = if max < 0 { empty } else { th.new_tuple(&[empty, Value::int(max)])? };
    let it = deque::iterate(th, d, false)?;
    let state = txpy_vm::types::object::state_of(th, a.get(0))?;
    th.new_tuple(&[class, args, state, it])
}
fn add(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Deque>() {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("can only concatenate deque (not \"{got}\") to deque")));
    }
    let new = copy(th, a)?;
    if let Some(d) = new.cast::<Deque>() {
        extend(th, d, a.get(1), false)?;
    }
    Ok(new)
}
fn repeat_into(th: &mut Thread, d: Gc<Deque>, items: Value, n: i64) -> R<()> {
    let (k, max) = (item::len(th, items)?, maximum(th, d)?);
    let mut n = n.max(0);
    if max >= 0 && k > 0 {
        // Only the last repetitions can be seen.
        n = n.min(max / k as i64 + 2);
    }
    if (k as i64).checked_mul(n).is_none_or(|t| t > 1 << 45) {
        return Err(th.memory_error());
    }
    for _ in 0..n {
        th.poll()?;
        extend(th, d, items, false)?;
    }
    Ok(())
}
fn times(th: &mut Thread, v: Value, by: Value) -> R<Value> {
    if int::index_opt(th, by)?.is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = sequence::ssize(th, by)?;
    let new = copy(th, Args::of(&[v]))?;
    let items = iter::to_list(th, v)?.value();
    if let Some(d) = new.cast::<Deque>() {
        clear_all(th, d)?;
        repeat_into(th, d, items, n)?;
    }
    Ok(new)
}
fn imul(th: &mut Thread, a: Args) -> R<Value> {
    let n = sequence::ssize(th, a.get(1))?;
    let items = iter::to_list(th, a.get(0))?.value();
    let d: Gc<Deque> = this(a.get(0));
    clear_all(th, d)?;
    repeat_into(th, d, items, n)?;
    Ok(a.get(0))
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    if !a.get(1).is::<Deque>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    sequence::compare_items(th, op, a.get(0), a.get(1), |th, v, i| get(th, this(v), i), |th, v| len(th, this(v)))
}
