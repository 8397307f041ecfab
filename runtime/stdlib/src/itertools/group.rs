//! `itertools.groupby` and `tee`.

use super::kind;
use crate::api::*;
use crate::{iterator, kinds};
use txpy_heap::Object;

object! {
    pub struct GroupBy = kinds::GROUPBY {
        pub it: Value,
        /// None: items are their own keys.
        pub key: Value,
        /// Key of the group that was given out last, of the item read last, and that item: UNSET where there is none.
        pub target: Value,
        pub current: Value,
        pub value: Value,
        /// The group that may still give items.
        pub grouper: Value,
    }
}
object! { pub struct Grouper = kinds::GROUPER { pub parent: Gc<GroupBy>, pub target: Value } }
object! {
    /// An item that some of the copies have not seen yet; `value` is UNSET in the last node.
    pub struct TeeData = kinds::TEE_DATA { pub it: Value, pub value: Value, pub next: Value }
}
object! { pub struct Tee = kinds::TEE { pub node: Gc<TeeData> } }

iterator! { GROUPBY, GroupBy, kinds::GROUPBY, "groupby" "" 0, groupby_step, "make an iterator that returns consecutive keys and groups from the iterable";
    "__new__(cls, iterable, key=None)" = groupby_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::groupby_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::groupby_setstate, "Set state information for unpickling.";
}
iterator! { GROUPER, Grouper, kinds::GROUPER, "_grouper" "" 0, grouper_step, "The items of one group.";
    "__new__(cls, parent, target, /)" = grouper_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::grouper_reduce, "Return state information for pickling.";
}
iterator! { TEE, Tee, kinds::TEE, "_tee" "" 0, tee_step, "Iterator wrapped to make it copyable.";
    "__new__(cls, iterable, /)" = |th, a| { let n = node_of(th, a.get(1))?; Ok(th.alloc(TEE.shape(), Tee { header: Header::NEW, node: n })?.value()) }, "Create and return a new object.";
    "__copy__(self, /)" = |th, a| { let node = this::<Tee>(a.get(0)).read(th)?.node; Ok(th.alloc(TEE.shape(), Tee { header: Header::NEW, node })?.value()) }, "Returns an independent iterator.";
}
pub fn register() {
    kind(GroupBy::INFO, groupby_step);
    kind(Grouper::INFO, grouper_step);
    kind(Tee::INFO, tee_step);
    txpy_heap::register_kinds(&[TeeData::INFO]);
}

fn groupby_new(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(1))?;
    let u = Value::UNSET;
    let key = a.or(2, Value::NONE);
    Ok(instance::alloc_like(th, a.get(0), |_| GroupBy { header: Header::NEW, it, key, target: u, current: u, value: u, grouper: u })?.value())
}
/// Reads the next item and its key; false at the end.
fn advance(th: &mut Thread, g: Gc<GroupBy>) -> R<bool> {
    let r = g.read(th)?;
    let (it, key) = (r.it, r.key);
    drop(r);
    let Some(x) = iter::next(th, it)? else { return Ok(false) };
    let k = if key.is_none() { x } else { th.call(key, &[x])? };
    let mut w = g.write(th)?;
    (w.value, w.current) = (x, k);
    Ok(true)
}
fn groupby_step(th: &mut Thread, v: Value) -> R<Value> {
    let g: Gc<GroupBy> = this(v);
    g.write(th)?.grouper = Value::UNSET;
    loop {
        th.poll()?;
        let r = g.read(th)?;
        let (target, current) = (r.target, r.current);
        drop(r);
        if !current.is_unset() && (target.is_unset() || !same_or_equal(th, target, current)?) {
            break;
        }
        if !advance(th, g)? {
            return Ok(Value::STOP);
        }
    }
    let mut w = g.write(th)?;
    let key = w.current;
    w.target = key;
    drop(w);
    let group = th.alloc(GROUPER.shape(), Grouper { header: Header::NEW, parent: g, target: key })?.value();
    g.write(th)?.grouper = group;
    th.new_tuple(&[key, group])
}
fn grouper_new(th: &mut Thread, a: Args) -> R<Value> {
    let Some(parent) = a.get(1).cast::<GroupBy>() else {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("_grouper() argument 1 must be itertools.groupby, not {got}")));
    };
    let g = instance::alloc_like(th, a.get(0), |_| Grouper { header: Header::NEW, parent, target: a.get(2) })?.value();
    parent.write(th)?.grouper = g;
    Ok(g)
}
fn grouper_step(th: &mut Thread, v: Value) -> R<Value> {
    let r = this::<Grouper>(v).read(th)?;
    let (g, target) = (r.parent, r.target);
    drop(r);
    let r = g.read(th)?;
    let (mine, empty) = (r.grouper == v, r.value.is_unset());
    drop(r);
    if !mine || empty && !advance(th, g)? {
        return Ok(Value::STOP);
    }
    let current = g.read(th)?.current;
    if !same_or_equal(th, target, current)? {
        return Ok(Value::STOP);
    }
    let mut w = g.write(th)?;
    let x = std::mem::replace(&mut w.value, Value::UNSET);
    Ok(if x.is_unset() { Value::STOP } else { x })
}

/// The node at which a copy of an iterator over `v` starts.
fn node_of(th: &mut Thread, v: Value) -> R<Gc<TeeData>> {
    let it = iter::iter(th, v)?;
    if TEE.is_exact(it) {
        return Ok(this::<Tee>(it).read(th)?.node);
    }
    th.alloc(0, TeeData { header: Header::NEW, it, value: Value::UNSET, next: Value::UNSET })
}
pub fn tee(th: &mut Thread, a: Args) -> R<Value> {
    let n = match a.opt(1) {
        Some(n) => txpy_vm::types::sequence::ssize(th, n)?,
        None => 2,
    };
    if n < 0 {
        return Err(th.value_error("n must be >= 0"));
    }
    // As much as the result needs, before the iterators are made one by one.
    let out = RootedVec::with_capacity(th, n as usize)?;
    if n == 0 {
        return tuple_of(th, out);
    }
    let it = iter::iter(th, a.get(0))?;
    // An iterator that can be copied is its own first copy.
    if !TEE.is_exact(it) {
        if let Some(f) = dunder(it, D::copy) {
            out.push(th, it)?;
            for _ in 1..n {
                let c = txpy_vm::object::call_special(th, f, it, &[])?;
                out.push(th, c)?;
            }
            return tuple_of(th, out);
        }
    }
    let node = node_of(th, it)?;
    for _ in 0..n {
        let t = th.alloc(TEE.shape(), Tee { header: Header::NEW, node })?;
        out.push(th, t.value())?;
    }
    tuple_of(th, out)
}
fn tee_step(th: &mut Thread, v: Value) -> R<Value> {
    let t: Gc<Tee> = this(v);
    let node = t.read(th)?.node;
    let r = node.read(th)?;
    let (it, value, next) = (r.it, r.value, r.next);
    drop(r);
    if let Some(next) = next.cast::<TeeData>() {
        t.write(th)?.node = next;
        return Ok(value);
    }
    if it == Value::STOP {
        return Err(th.runtime_error("cannot re-enter the tee iterator"));
    }
    // While the source runs the node is marked: a copy that asks again from inside can't be served.
    node.write(th)?.it = Value::STOP;
    let x = iter::next(th, it);
    node.write(th)?.it = it;
    let Some(x) = x? else { return Ok(Value::STOP) };
    let fresh = th.alloc(0, TeeData { header: Header::NEW, it, value: Value::UNSET, next: Value::UNSET })?;
    let mut w = node.write(th)?;
    (w.value, w.next) = (x, fresh.value());
    w.it = Value::UNSET;
    drop(w);
    t.write(th)?.node = fresh;
    Ok(x)
}
