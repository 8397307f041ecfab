//! Pickling and copying of `itertools`' iterators, which Python 3.13 still has and warns about.

use super::combine::{Combinations, DONE, FRESH, Permutations, Product, RUNNING, WITH_REPLACEMENT, set_row};
use super::group::{GroupBy, Grouper};
use super::infinite::Cycle;
use super::select::{Accumulate, CHAIN, Chain, Compress, DropWhile, FilterFalse, ISLICE, ISlice, StarMap, TakeWhile};
use super::zips::ZipLongest;
use crate::api::*;
use txpy_vm::exceptions::DEPRECATION_WARNING;

pub fn warn(th: &mut Thread) -> R<()> {
    txpy_vm::warn::warn(th, &DEPRECATION_WARNING, "Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14.")
}
/// `(class, args)` or `(class, args, state)`.
fn rebuilt(th: &mut Thread, v: Value, args: &[Value], state: Option<Value>) -> R<Value> {
    warn(th)?;
    let (class, args) = (class_of(v).value(), th.new_tuple(args)?);
    match state {
        Some(s) => th.new_tuple(&[class, args, s]),
        None => th.new_tuple(&[class, args]),
    }
}
/// `iter(())`, the source of what is exhausted.
fn nothing(th: &mut Thread) -> R<Value> {
    let t = th.new_tuple(&[])?;
    iter::iter(th, t)
}
fn state_tuple<'a>(th: &mut Thread, v: Value) -> R<&'a [Value]> {
    match tuple::items(v) {
        Some(t) => Ok(t),
        None => Err(th.type_error("state is not a tuple")),
    }
}
fn invalid(th: &mut Thread) -> Unwind { th.value_error("invalid arguments") }

pub fn chain_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Chain>(a.get(0)).read(th)?;
    let (source, active) = (g.source, g.active);
    drop(g);
    let state = match (source.is_unset(), active.is_unset()) {
        (true, _) => None,
        (_, true) => Some(th.new_tuple(&[source])?),
        _ => Some(th.new_tuple(&[source, active])?),
    };
    rebuilt(th, a.get(0), &[], state)
}
pub fn chain_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let items = state_tuple(th, a.get(1))?;
    if items.is_empty() || items.len() > 2 {
        return Err(invalid(th));
    }
    if !items.iter().all(|i| iter::is_iterator(th, *i)) {
        return Err(th.type_error("Arguments must be iterators."));
    }
    let mut g = this::<Chain>(a.get(0)).write(th)?;
    (g.source, g.active) = (items[0], items.get(1).copied().unwrap_or(Value::UNSET));
    Ok(Value::NONE)
}
pub fn compress_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Compress>(a.get(0)).read(th)?;
    let args = [g.data, g.selectors];
    drop(g);
    rebuilt(th, a.get(0), &args, None)
}
pub fn dropwhile_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<DropWhile>(a.get(0)).read(th)?;
    let (args, state) = ([g.func, g.it], g.started);
    drop(g);
    rebuilt(th, a.get(0), &args, Some(Value::int(state as i64)))
}
pub fn dropwhile_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let s = is_true(th, a.get(1))?;
    this::<DropWhile>(a.get(0)).write(th)?.started = s;
    Ok(Value::NONE)
}
pub fn takewhile_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<TakeWhile>(a.get(0)).read(th)?;
    let (args, state) = ([g.func, g.it], g.stopped);
    drop(g);
    rebuilt(th, a.get(0), &args, Some(Value::int(state as i64)))
}
pub fn takewhile_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let s = is_true(th, a.get(1))?;
    this::<TakeWhile>(a.get(0)).write(th)?.stopped = s;
    Ok(Value::NONE)
}
pub fn filterfalse_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<FilterFalse>(a.get(0)).read(th)?;
    let args = [g.func, g.it];
    drop(g);
    rebuilt(th, a.get(0), &args, None)
}
pub fn starmap_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<StarMap>(a.get(0)).read(th)?;
    let args = [g.func, g.it];
    drop(g);
    rebuilt(th, a.get(0), &args, None)
}
pub fn islice_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<ISlice>(a.get(0)).read(th)?;
    let (it, next, stop, step, count) = (g.it, g.next, g.stop, g.step, g.count);
    drop(g);
    if it.is_unset() {
        let it = nothing(th)?;
        return rebuilt(th, a.get(0), &[it, Value::int(0)], Some(Value::int(0)));
    }
    let stop = if stop < 0 { Value::NONE } else { int::from_i64(th, stop)? };
    let (next, step, count) = (int::from_i64(th, next)?, int::from_i64(th, step)?, int::from_i64(th, count)?);
    rebuilt(th, a.get(0), &[it, next, stop, step], Some(count))
}
pub fn islice_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let n = txpy_vm::types::sequence::ssize(th, a.get(1))?;
    this::<ISlice>(a.get(0)).write(th)?.count = n.max(0);
    Ok(Value::NONE)
}
pub fn accumulate_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Accumulate>(a.get(0)).read(th)?;
    let (it, func, total, initial) = (g.it, g.func.get().unwrap_or(Value::NONE), g.total, g.initial);
    drop(g);
    // What comes first, before `it`: the initial value, or a total that a state of None could not express.
    let first = if !initial.is_unset() { initial } else { total };
    if initial.is_unset() && !total.is_none() {
        return rebuilt(th, a.get(0), &[it, func], Some(total.get().unwrap_or(Value::NONE)));
    }
    let head = th.new_tuple(&[first])?;
    let it = th.call(CHAIN.value(), &[head, it])?;
    if !initial.is_unset() {
        return rebuilt(th, a.get(0), &[it, func], Some(Value::NONE));
    }
    let again = th.call(class_of(a.get(0)).value(), &[it, func])?;
    warn(th)?;
    let args = th.new_tuple(&[again, Value::int(1), Value::NONE])?;
    th.new_tuple(&[ISLICE.value(), args])
}
pub fn accumulate_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    this::<Accumulate>(a.get(0)).write(th)?.total = a.get(1);
    Ok(Value::NONE)
}
pub fn cycle_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Cycle>(a.get(0)).read(th)?;
    let (it, saved, at) = (g.it, g.saved, g.at);
    drop(g);
    if !it.is_unset() {
        let state = th.new_tuple(&[saved, Value::FALSE])?;
        return rebuilt(th, a.get(0), &[it], Some(state));
    }
    let it = iter::iter(th, saved)?;
    if at > 0 {
        th.call_method(it, "__setstate__", &[Value::int(at as i64)])?;
    }
    let state = th.new_tuple(&[saved, Value::TRUE])?;
    rebuilt(th, a.get(0), &[it], Some(state))
}
pub fn cycle_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let items = state_tuple(th, a.get(1))?;
    let [saved, known] = items else { return Err(th.type_error(format!("function takes exactly 2 arguments ({} given)", items.len()))) };
    if !saved.is::<List>() {
        let got = class_name(*saved);
        return Err(th.type_error(format!("argument 1 must be list, not {got}")));
    }
    let known = is_true(th, *known)?;
    let mut g = this::<Cycle>(a.get(0)).write(th)?;
    (g.saved, g.known, g.at) = (*saved, known, 0);
    Ok(Value::NONE)
}
pub fn groupby_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<GroupBy>(a.get(0)).read(th)?;
    let (it, key, value, target, current) = (g.it, g.key, g.value, g.target, g.current);
    drop(g);
    let state = if value.is_unset() || target.is_unset() || current.is_unset() { None } else { Some(th.new_tuple(&[value, target, current])?) };
    rebuilt(th, a.get(0), &[it, key], state)
}
pub fn groupby_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let [value, target, current] = state_tuple(th, a.get(1))? else { return Err(invalid(th)) };
    let mut g = this::<GroupBy>(a.get(0)).write(th)?;
    (g.value, g.target, g.current) = (*value, *target, *current);
    Ok(Value::NONE)
}
pub fn grouper_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Grouper>(a.get(0)).read(th)?;
    let (parent, target) = (g.parent, g.target);
    drop(g);
    if parent.read(th)?.grouper != a.get(0) {
        warn(th)?;
        let (f, empty) = (txpy_vm::builtins_seq::builtin(th, "iter")?, th.new_tuple(&[])?);
        let args = th.new_tuple(&[empty])?;
        return th.new_tuple(&[f, args]);
    }
    rebuilt(th, a.get(0), &[parent.value(), target], None)
}
pub fn longest_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<ZipLongest>(a.get(0)).read(th)?;
    let (its, fill) = (g.its, g.fill);
    drop(g);
    let its: Gc<List> = this(its);
    let args = RootedVec::new(th)?;
    let mut i = 0;
    while let Some(it) = list::get(th, its, i)? {
        let it = if it.is_none() { th.new_tuple(&[])? } else { it };
        args.push(th, it)?;
        i += 1;
    }
    let args = tuple_of(th, args)?;
    rebuilt(th, a.get(0), tuple::items(args).unwrap_or(&[]), Some(fill))
}
pub fn longest_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    this::<ZipLongest>(a.get(0)).write(th)?.fill = a.get(1);
    Ok(Value::NONE)
}

// ---- combinatorics: the state is what indices the last tuple had

/// A tuple of the numbers in a storage.
fn indices(th: &mut Thread, s: Option<Gc<Values>>) -> R<Value> {
    match s {
        Some(s) => th.new_tuple(s.frozen().items()),
        None => th.new_tuple(&[]),
    }
}
/// The numbers of a state, each forced into the range that `bounds` gives for its place.
fn forced(th: &mut Thread, v: Value, n: usize, bounds: impl Fn(usize) -> (i64, i64)) -> R<Vec<i64>> {
    let Some(items) = tuple::items(v).filter(|t| t.len() == n) else { return Err(invalid(th)) };
    let mut out = Vec::with_capacity(n);
    for (i, x) in items.iter().enumerate() {
        let (low, high) = bounds(i);
        out.push(txpy_vm::types::sequence::ssize(th, *x)?.min(high).max(low));
    }
    Ok(out)
}
pub fn product_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Product>(a.get(0)).read(th)?;
    let (pools, s, state) = (g.pools, g.indices, g.state);
    drop(g);
    match state {
        FRESH => rebuilt(th, a.get(0), tuple::items(pools).unwrap_or(&[]), None),
        RUNNING => {
            let s = indices(th, s)?;
            rebuilt(th, a.get(0), tuple::items(pools).unwrap_or(&[]), Some(s))
        }
        _ => {
            let empty = th.new_tuple(&[])?;
            rebuilt(th, a.get(0), &[empty], None)
        }
    }
}
pub fn product_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let p: Gc<Product> = this(a.get(0));
    let g = p.read(th)?;
    let (pools, s) = (g.pools, g.indices);
    drop(g);
    let pools = tuple::items(pools).unwrap_or(&[]);
    let size = |i: usize| tuple::items(pools[i]).map_or(0, <[Value]>::len) as i64;
    let row = forced(th, a.get(1), pools.len(), |i| (0, size(i) - 1))?;
    let empty = (0..pools.len()).any(|i| size(i) == 0);
    let mut g = p.write(th)?;
    g.state = if empty { DONE } else { RUNNING };
    // SAFETY: held for writing.
    unsafe { set_row(s, if empty { &[] } else { &row }) };
    Ok(Value::NONE)
}
pub fn combinations_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Combinations>(a.get(0)).read(th)?;
    let (pool, s, r, state) = (g.pool, g.indices, g.r, g.state);
    drop(g);
    let r = Value::int(r as i64);
    match state {
        FRESH => rebuilt(th, a.get(0), &[pool, r], None),
        RUNNING => {
            let s = indices(th, s)?;
            rebuilt(th, a.get(0), &[pool, r], Some(s))
        }
        _ => {
            let empty = th.new_tuple(&[])?;
            rebuilt(th, a.get(0), &[empty, r], None)
        }
    }
}
pub fn combinations_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let c: Gc<Combinations> = this(a.get(0));
    let replacement = is_instance(a.get(0), WITH_REPLACEMENT.ty());
    let g = c.read(th)?;
    let (pool, s, r, state) = (g.pool, g.indices, g.r, g.state);
    drop(g);
    let n = tuple::items(pool).map_or(0, <[Value]>::len) as i64;
    let row = forced(th, a.get(1), r, |i| (0, if replacement { n - 1 } else { i as i64 + n - r as i64 }))?;
    if state == DONE {
        return Ok(Value::NONE);
    }
    let mut g = c.write(th)?;
    g.state = RUNNING;
    // SAFETY: held for writing.
    unsafe { set_row(s, &row) };
    Ok(Value::NONE)
}
pub fn permutations_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Permutations>(a.get(0)).read(th)?;
    let (pool, s, cycles, r, state) = (g.pool, g.indices, g.cycles, g.r, g.state);
    drop(g);
    let r = Value::int(r as i64);
    match state {
        FRESH => rebuilt(th, a.get(0), &[pool, r], None),
        RUNNING => {
            let (s, cycles) = (indices(th, s)?, indices(th, cycles)?);
            let state = th.new_tuple(&[s, cycles])?;
            rebuilt(th, a.get(0), &[pool, r], Some(state))
        }
        _ => {
            let empty = th.new_tuple(&[])?;
            rebuilt(th, a.get(0), &[empty, r], None)
        }
    }
}
pub fn permutations_setstate(th: &mut Thread, a: Args) -> R<Value> {
    warn(th)?;
    let c: Gc<Permutations> = this(a.get(0));
    let g = c.read(th)?;
    let (pool, s, cycles, r, state) = (g.pool, g.indices, g.cycles, g.r, g.state);
    drop(g);
    let Some([given, turns]) = tuple::items(a.get(1)) else { return Err(invalid(th)) };
    let n = tuple::items(pool).map_or(0, <[Value]>::len);
    let row = forced(th, *given, n, |_| (0, n as i64 - 1))?;
    let turns = forced(th, *turns, r, |i| (1, n as i64 - i as i64))?;
    if state == DONE {
        return Ok(Value::NONE);
    }
    let mut g = c.write(th)?;
    g.state = RUNNING;
    // SAFETY: held for writing.
    unsafe {
        set_row(s, &row);
        set_row(cycles, &turns);
    }
    Ok(Value::NONE)
}
