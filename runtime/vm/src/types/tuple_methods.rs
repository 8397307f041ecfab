//! Methods of `tuple`.

use super::sequence::{self, Key};
use super::tuple::{self, TUPLE, Tuple};
use super::{int, seq_iter, slice, text};
use crate::native::{Args, NativeDef};
use crate::object::compare::Cmp;
use crate::object::{self, instance, iter, same_or_equal};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Header, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, iterable=(), /)" = new, "Create and return a new object.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__hash__(self, /)" = hash, "Return hash(self).";
    #[pure] "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    #[py2] "__getslice__(self, i, j, /)" = getslice, "Return self[i:j].";
    "__contains__(self, key, /)" = contains, "Return key in self.";
    "__iter__(self, /)" = iter_, "Implement iter(self).";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__add__(self, value, /)" = add, "Return self+value.";
    "__mul__(self, value, /)" = mul, "Return self*value.";
    "__rmul__(self, value, /)" = mul, "Return value*self.";
    "__getnewargs__(self, /)" = getnewargs, "Arguments for pickling.";
    "index(self, value, start=0, stop=9223372036854775807, /)" = index, "Return first index of value.\n\nRaises ValueError if the value is not present.";
    "count(self, value, /)" = count, "Return number of occurrences of value.";
};

fn items<'a>(v: Value) -> &'a [Value] { tuple::items(v).expect("checked by the call") }

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.get(0);
    let exact = class == TUPLE.value();
    let v = match a.opt(1) {
        Some(v) => {
            iter::check_hint(th, v)?;
            iter::to_tuple(th, v)?
        }
        None => th.new_tuple(&[])?,
    };
    if exact {
        return Ok(v);
    }
    let Some(class) = class.cast() else { return Err(th.type_error("tuple.__new__(X): X is not a type object")) };
    let from = items(v);
    Ok(instance::alloc_tail_like(th, class, Tuple { header: Header::NEW, len: from.len(), hash: AtomicU64::new(0) }, from)?.value())
}

/// The text `open item, item close` of a sequence's items, which are read through `get`.
pub fn repr_items(th: &mut Thread, v: Value, open: &str, close: &str, get: fn(&mut Thread, Value, usize) -> R<Option<Value>>) -> R<Value> {
    let mut out = open.as_bytes().to_vec();
    let mut i = 0;
    while let Some(x) = get(th, v, i)? {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let r = object::repr(th, x)?;
        out.extend_from_slice(text::bytes_of(r).unwrap_or(&[]));
        i += 1;
        th.poll()?;
    }
    out.extend_from_slice(close.as_bytes());
    th.native_str_bytes(&out)
}
fn item(_: &mut Thread, v: Value, i: usize) -> R<Option<Value>> { Ok(items(v).get(i).copied()) }
fn length(_: &mut Thread, v: Value) -> R<usize> { Ok(items(v).len()) }

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let close = if items(v).len() == 1 { ",)" } else { ")" };
    if !th.py3() {
        th.check_stack()?;
        return repr_items(th, v, "(", close, item);
    }
    object::repr::guarded(th, v, "(...)", |th| repr_items(th, v, "(", close, item))
}

/// Hash of a tuple's items: the xxHash-like mix of their hashes that CPython 3.8+ uses.
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let cell = &v.cast::<Tuple>().expect("checked by the call").frozen().hash as *const AtomicU64;
    // SAFETY: the tuple is alive (`v` is on the stack) and never moves; the field is atomic.
    let cell = unsafe { &*cell };
    let known = cell.load(Relaxed);
    if known != 0 {
        return int::from_i64(th, known as i64);
    }
    th.check_stack()?;
    const P1: u64 = 11400714785074694791;
    const P2: u64 = 14029467366897019727;
    const P5: u64 = 2870177450012600261;
    let mut acc = P5;
    let from = items(v);
    for x in from {
        let lane = object::hash(th, *x)? as u64;
        acc = acc.wrapping_add(lane.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(from.len() as u64 ^ (P5 ^ 3527539));
    if acc == u64::MAX {
        acc = 1546275796;
    }
    if acc != 0 {
        cell.store(acc, Relaxed);
    }
    int::from_i64(th, acc as i64)
}

fn len(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(items(a.get(0)).len() as i64)) }

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    match sequence::key(th, "tuple", a.get(1))? {
        Key::Index(i) => match sequence::place(i, items(v).len()) {
            Some(i) => Ok(items(v)[i]),
            None => Err(th.index_error("tuple index out of range")),
        },
        Key::Slice(start, stop, step) => {
            let from = items(v);
            let (start, _, n) = slice::adjust(start, stop, step, from.len());
            if n == from.len() && step == 1 && TUPLE.is_exact(v) {
                return Ok(v);
            }
            if step == 1 {
                return th.new_tuple(&from[start as usize..start as usize + n]);
            }
            let out = tuple::alloc(th, n)?;
            // SAFETY: the tuple is not yet known to anybody else.
            let to = unsafe { out.frozen().tail_mut() };
            for (i, x) in to.iter_mut().enumerate() {
                *x = from[(start + i as i64 * step) as usize];
            }
            Ok(out.value())
        }
    }
}
fn getslice(th: &mut Thread, a: Args) -> R<Value> {
    let (i, j) = (sequence::clamped(th, a.get(1))?, sequence::clamped(th, a.get(2))?);
    let from = items(a.get(0));
    // The interpreter has already added the length to negative bounds.
    let (i, j) = (i.max(0) as usize, j.max(0) as usize);
    let (i, j) = (i.min(from.len()), j.min(from.len()));
    if i == 0 && j == from.len() && TUPLE.is_exact(a.get(0)) {
        return Ok(a.get(0));
    }
    th.new_tuple(if i < j { &from[i..j] } else { &[] })
}
fn contains(th: &mut Thread, a: Args) -> R<Value> {
    for x in items(a.get(0)) {
        if same_or_equal(th, *x, a.get(1))? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn iter_(th: &mut Thread, a: Args) -> R<Value> { seq_iter::over_tuple(th, a.get(0)) }

fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    if !a.get(1).is::<Tuple>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    sequence::compare_items(th, op, a.get(0), a.get(1), item, length)
}
fn add(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).is::<Tuple>() { sequence::concat_tuples(th, a.get(0), a.get(1)) } else { Ok(Value::NOT_IMPLEMENTED) }
}
fn mul(th: &mut Thread, a: Args) -> R<Value> { times(th, a.get(0), a.get(1)) }
/// `v * n`; numbers of other classes are asked first, through their own methods.
pub fn times(th: &mut Thread, v: Value, n: Value) -> R<Value> {
    if !int::is_int_like(n) && (object::dunder(n, super::dunder::D::rmul).is_some() || object::dunder(n, super::dunder::D::index).is_none()) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = sequence::index_value(th, n)?;
    sequence::repeat(th, v, n)
}
fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let inner = th.new_tuple(items(a.get(0)))?;
    th.new_tuple(&[inner])
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let n = items(v).len();
    let start = match a.opt(2) {
        Some(s) => slice::given_bound(th, s)?,
        None => 0,
    };
    let stop = match a.opt(3) {
        Some(s) => slice::given_bound(th, s)?,
        None => i64::MAX,
    };
    for i in sequence::limit(start, n)..sequence::limit(stop, n) {
        if same_or_equal(th, items(v)[i], a.get(1))? {
            return Ok(Value::int(i as i64));
        }
    }
    Err(th.value_error("tuple.index(x): x not in tuple"))
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    let mut n = 0;
    for x in items(a.get(0)) {
        n += same_or_equal(th, *x, a.get(1))? as i64;
    }
    Ok(Value::int(n))
}
