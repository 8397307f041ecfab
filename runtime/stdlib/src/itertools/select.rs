//! `itertools` over one iterator: chain, compress, dropwhile, takewhile, filterfalse, starmap, islice, accumulate, batched, pairwise.

use super::kind;
use crate::api::*;
use crate::{iterator, kinds};
use txpy_heap::Object;

object! {
    pub struct Chain = kinds::CHAIN {
        /// Iterator over the iterables, UNSET at the end.
        pub source: Value,
        /// The running one, or UNSET.
        pub active: Value,
    }
}
object! { pub struct Compress = kinds::COMPRESS { pub data: Value, pub selectors: Value } }
object! { pub struct DropWhile = kinds::DROPWHILE { pub func: Value, pub it: Value, pub started: bool } }
object! { pub struct TakeWhile = kinds::TAKEWHILE { pub func: Value, pub it: Value, pub stopped: bool } }
object! { pub struct FilterFalse = kinds::FILTERFALSE { pub func: Value, pub it: Value } }
object! { pub struct StarMap = kinds::STARMAP { pub func: Value, pub it: Value } }
object! {
    pub struct ISlice = kinds::ISLICE {
        /// UNSET once exhausted.
        pub it: Value,
        pub next: i64,
        /// -1: without end.
        pub stop: i64,
        pub step: i64,
        pub count: i64,
    }
}
object! {
    pub struct Accumulate = kinds::ACCUMULATE {
        pub it: Value,
        /// UNSET for addition.
        pub func: Value,
        /// UNSET before the first item.
        pub total: Value,
        pub initial: Value,
    }
}
object! { pub struct Batched = kinds::BATCHED { pub it: Value, pub n: usize, pub strict: bool } }
object! { pub struct Pairwise = kinds::PAIRWISE { pub it: Value, pub old: Value } }

iterator! { CHAIN, Chain, kinds::CHAIN, "chain" "" 0, chain_step, "Return a chain object whose .__next__() method returns elements from the first iterable until it is exhausted, then from the next.";
    "__new__(cls, /, *iterables)" = chain_new, "Create and return a new object.";
    #[class] "from_iterable(cls, iterable, /)" = chain_from, "Alternative chain() constructor taking a single iterable argument that evaluates lazily.";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| alias(th, a), "See PEP 585";
    #[py3] "__reduce__(self, /)" = super::pickle::chain_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::chain_setstate, "Set state information for unpickling.";
}
iterator! { COMPRESS, Compress, kinds::COMPRESS, "compress" "" 0, compress_step, "Return data elements corresponding to true selector elements.";
    "__new__(cls, data, selectors)" = compress_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::compress_reduce, "Return state information for pickling.";
}
iterator! { DROPWHILE, DropWhile, kinds::DROPWHILE, "dropwhile" "" 0, dropwhile_step, "Drop items from the iterable while predicate(item) is true.";
    "__new__(cls, predicate, iterable, /)" = |th, a| { let it = iter::iter(th, a.get(2))?; Ok(instance::alloc_like(th, a.get(0), |_| DropWhile { header: Header::NEW, func: a.get(1), it, started: false })?.value()) }, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::dropwhile_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::dropwhile_setstate, "Set state information for unpickling.";
}
iterator! { TAKEWHILE, TakeWhile, kinds::TAKEWHILE, "takewhile" "" 0, takewhile_step, "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.";
    "__new__(cls, predicate, iterable, /)" = |th, a| { let it = iter::iter(th, a.get(2))?; Ok(instance::alloc_like(th, a.get(0), |_| TakeWhile { header: Header::NEW, func: a.get(1), it, stopped: false })?.value()) }, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::takewhile_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::takewhile_setstate, "Set state information for unpickling.";
}
iterator! { FILTERFALSE, FilterFalse, kinds::FILTERFALSE, "filterfalse" "ifilterfalse" 0, filterfalse_step, "Return those items of iterable for which function(item) is false.";
    "__new__(cls, function, iterable, /)" = |th, a| { let it = iter::iter(th, a.get(2))?; Ok(instance::alloc_like(th, a.get(0), |_| FilterFalse { header: Header::NEW, func: a.get(1), it })?.value()) }, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::filterfalse_reduce, "Return state information for pickling.";
}
iterator! { STARMAP, StarMap, kinds::STARMAP, "starmap" "" 0, starmap_step, "Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.";
    "__new__(cls, function, iterable, /)" = |th, a| { let it = iter::iter(th, a.get(2))?; Ok(instance::alloc_like(th, a.get(0), |_| StarMap { header: Header::NEW, func: a.get(1), it })?.value()) }, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::starmap_reduce, "Return state information for pickling.";
}
iterator! { ISLICE, ISlice, kinds::ISLICE, "islice" "" 0, islice_step, "islice(iterable, [start,] stop [, step]): an iterator over the selected items.";
    "__new__(cls, /, *args)" = islice_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::islice_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::islice_setstate, "Set state information for unpickling.";
}
iterator! { ACCUMULATE, Accumulate, kinds::ACCUMULATE, "accumulate" "" type_flag::PY3, accumulate_step, "Return series of accumulated sums (or other binary function results).";
    "__new__(cls, iterable, func=None, *, initial=None)" = accumulate_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::accumulate_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::accumulate_setstate, "Set state information for unpickling.";
}
iterator! { BATCHED, Batched, kinds::BATCHED, "batched" "" type_flag::PY3, batched_step, "Batch data into tuples of length n. The last batch may be shorter than n.";
    "__new__(cls, iterable, n, *, strict=False)" = batched_new, "Create and return a new object.";
}
iterator! { PAIRWISE, Pairwise, kinds::PAIRWISE, "pairwise" "" type_flag::PY3, pairwise_step, "Return an iterator of overlapping pairs taken from the input iterator.";
    "__new__(cls, iterable, /)" = |th, a| { let it = iter::iter(th, a.get(1))?; Ok(instance::alloc_like(th, a.get(0), |_| Pairwise { header: Header::NEW, it, old: Value::UNSET })?.value()) }, "Create and return a new object.";
}
pub fn register() {
    kind(Chain::INFO, chain_step);
    kind(Compress::INFO, compress_step);
    kind(DropWhile::INFO, dropwhile_step);
    kind(TakeWhile::INFO, takewhile_step);
    kind(FilterFalse::INFO, filterfalse_step);
    kind(StarMap::INFO, starmap_step);
    kind(ISlice::INFO, islice_step);
    kind(Accumulate::INFO, accumulate_step);
    kind(Batched::INFO, batched_step);
    kind(Pairwise::INFO, pairwise_step);
}
/// `C[item]` of a generic native class.
pub fn alias(th: &mut Thread, a: Args) -> R<Value> {
    let types = txpy_vm::import::import_name(th, "types")?;
    let f = attr::get_str(th, types, "GenericAlias")?;
    th.call(f, &[a.get(0), a.get(1)])
}

// ---- chain

fn chain_over(th: &mut Thread, class: Value, source: Value) -> R<Value> {
    Ok(instance::alloc_like(th, class, |_| Chain { header: Header::NEW, source, active: Value::UNSET })?.value())
}
fn chain_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "chain")?;
    let all = rest(th, a, 1)?;
    let source = iter::iter(th, all)?;
    chain_over(th, a.get(0), source)
}
fn chain_from(th: &mut Thread, a: Args) -> R<Value> {
    let source = iter::iter(th, a.get(1))?;
    chain_over(th, a.get(0), source)
}
fn chain_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Chain> = this(v);
    loop {
        let g = c.read(th)?;
        let (source, active) = (g.source, g.active);
        drop(g);
        if source.is_unset() {
            return Ok(Value::STOP);
        }
        if active.is_unset() {
            let Some(x) = iter::next(th, source)? else {
                c.write(th)?.source = Value::UNSET;
                return Ok(Value::STOP);
            };
            let it = iter::iter(th, x)?;
            c.write(th)?.active = it;
            continue;
        }
        if let Some(x) = iter::next(th, active)? {
            return Ok(x);
        }
        let mut g = c.write(th)?;
        if g.active == active {
            g.active = Value::UNSET;
        }
        drop(g);
        th.poll()?;
    }
}

// ---- filters

fn compress_new(th: &mut Thread, a: Args) -> R<Value> {
    let data = iter::iter(th, a.get(1))?;
    let selectors = iter::iter(th, a.get(2))?;
    Ok(instance::alloc_like(th, a.get(0), |_| Compress { header: Header::NEW, data, selectors })?.value())
}
fn compress_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = this::<Compress>(v).read(th)?;
    let (data, selectors) = (g.data, g.selectors);
    drop(g);
    loop {
        th.poll()?;
        let Some(x) = iter::next(th, data)? else { return Ok(Value::STOP) };
        let Some(s) = iter::next(th, selectors)? else { return Ok(Value::STOP) };
        if is_true(th, s)? {
            return Ok(x);
        }
    }
}
fn dropwhile_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<DropWhile> = this(v);
    let g = c.read(th)?;
    let (func, it, started) = (g.func, g.it, g.started);
    drop(g);
    loop {
        th.poll()?;
        let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
        if started {
            return Ok(x);
        }
        let r = th.call(func, &[x])?;
        if !is_true(th, r)? {
            c.write(th)?.started = true;
            return Ok(x);
        }
    }
}
fn takewhile_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<TakeWhile> = this(v);
    let g = c.read(th)?;
    let (func, it, stopped) = (g.func, g.it, g.stopped);
    drop(g);
    if stopped {
        return Ok(Value::STOP);
    }
    let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
    let r = th.call(func, &[x])?;
    if is_true(th, r)? {
        return Ok(x);
    }
    c.write(th)?.stopped = true;
    Ok(Value::STOP)
}
fn filterfalse_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = this::<FilterFalse>(v).read(th)?;
    let (func, it) = (g.func, g.it);
    drop(g);
    let plain = func.is_none() || func == int::BOOL.value();
    loop {
        th.poll()?;
        let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
        let r = if plain { x } else { th.call(func, &[x])? };
        if !is_true(th, r)? {
            return Ok(x);
        }
    }
}
fn starmap_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = this::<StarMap>(v).read(th)?;
    let (func, it) = (g.func, g.it);
    drop(g);
    let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
    let args = iter::to_tuple(th, x)?;
    call_ex(th, func, args, Value::UNSET)
}

// ---- islice

fn islice_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "islice")?;
    let n = a.positional() - 1;
    arity(th, "islice", n, 2, 4)?;
    // 0 <= x, or the default for None.
    let bound = |th: &mut Thread, v: Value, default: i64, msg: &str| -> R<i64> {
        if v.is_none() {
            return Ok(default);
        }
        let i = int::index_opt(th, v);
        let i = match i {
            Ok(i) => i.and_then(int::to_i64),
            Err(e) => {
                if th.catch_any().is_none() {
                    return Err(e);
                }
                None
            }
        };
        match i {
            Some(i) if i >= 0 => Ok(i),
            _ => Err(th.value_error(msg)),
        }
    };
    let max = if th.py3() { "sys.maxsize" } else { "maxint" };
    let stop_msg = format!("Stop argument for islice() must be None or an integer: 0 <= x <= {max}.");
    let both_msg = format!("Indices for islice() must be None or an integer: 0 <= x <= {max}.");
    let (start, stop) = if n == 2 { (0, bound(th, a.get(2), -1, &stop_msg)?) } else { (bound(th, a.get(2), 0, &both_msg)?, bound(th, a.get(3), -1, &stop_msg)?) };
    let step = if n == 4 { bound(th, a.get(4), 1, "Step for islice() must be a positive integer or None.")? } else { 1 };
    if step < 1 {
        return Err(th.value_error("Step for islice() must be a positive integer or None."));
    }
    let it = iter::iter(th, a.get(1))?;
    Ok(instance::alloc_like(th, a.get(0), |_| ISlice { header: Header::NEW, it, next: start, stop, step, count: 0 })?.value())
}
fn islice_step(th: &mut Thread, v: Value) -> R<Value> {
    let s: Gc<ISlice> = this(v);
    loop {
        let mut g = s.write(th)?;
        if g.it.is_unset() {
            return Ok(Value::STOP);
        }
        let skip = g.count < g.next;
        if !skip && g.stop >= 0 && g.count >= g.stop {
            g.it = Value::UNSET;
            return Ok(Value::STOP);
        }
        let it = g.it;
        g.count += 1;
        if !skip {
            g.next = g.next.saturating_add(g.step);
            if g.stop >= 0 && g.next > g.stop {
                g.next = g.stop;
            }
        }
        drop(g);
        th.poll()?;
        match iter::next(th, it)? {
            Some(_) if skip => {}
            Some(x) => return Ok(x),
            None => {
                s.write(th)?.it = Value::UNSET;
                return Ok(Value::STOP);
            }
        }
    }
}

// ---- accumulate, batched, pairwise

fn accumulate_new(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(1))?;
    let (func, initial) = (a.some(2).unwrap_or(Value::UNSET), a.some(3).unwrap_or(Value::UNSET));
    Ok(instance::alloc_like(th, a.get(0), |_| Accumulate { header: Header::NEW, it, func, total: Value::UNSET, initial })?.value())
}
fn accumulate_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Accumulate> = this(v);
    let mut g = c.write(th)?;
    let (it, func, total, initial) = (g.it, g.func, g.total, g.initial);
    if !initial.is_unset() {
        (g.total, g.initial) = (initial, Value::UNSET);
        return Ok(initial);
    }
    drop(g);
    let Some(x) = iter::next(th, it)? else { return Ok(Value::STOP) };
    let r = if total.is_unset() { x } else if func.is_unset() { binary(th, Op::Add, total, x)? } else { th.call(func, &[total, x])? };
    c.write(th)?.total = r;
    Ok(r)
}
fn batched_new(th: &mut Thread, a: Args) -> R<Value> {
    let n = txpy_vm::types::sequence::ssize(th, a.get(2))?;
    if n < 1 {
        return Err(th.value_error("n must be at least one"));
    }
    let strict = match a.opt(3) {
        Some(s) => is_true(th, s)?,
        None => false,
    };
    let it = iter::iter(th, a.get(1))?;
    Ok(instance::alloc_like(th, a.get(0), |_| Batched { header: Header::NEW, it, n: n as usize, strict })?.value())
}
fn batched_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Batched> = this(v);
    let g = c.read(th)?;
    let (it, n, strict) = (g.it, g.n, g.strict);
    drop(g);
    if it.is_unset() {
        return Ok(Value::STOP);
    }
    let out = RootedVec::new(th)?;
    for i in 0..n {
        th.poll()?;
        match iter::next(th, it)? {
            Some(x) => out.push(th, x)?,
            None => {
                c.write(th)?.it = Value::UNSET;
                if i == 0 {
                    return Ok(Value::STOP);
                }
                if strict {
                    return Err(th.value_error("batched(): incomplete batch"));
                }
                break;
            }
        }
    }
    tuple_of(th, out)
}
fn pairwise_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Pairwise> = this(v);
    let g = c.read(th)?;
    let (it, mut old) = (g.it, g.old);
    drop(g);
    if old.is_unset() {
        match iter::next(th, it)? {
            Some(x) => old = x,
            None => return Ok(Value::STOP),
        }
        c.write(th)?.old = old;
    }
    match iter::next(th, it)? {
        Some(x) => {
            c.write(th)?.old = x;
            th.new_tuple(&[old, x])
        }
        None => {
            c.write(th)?.old = Value::UNSET;
            Ok(Value::STOP)
        }
    }
}
