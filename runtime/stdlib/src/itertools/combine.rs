//! `itertools.product`, `combinations`, `combinations_with_replacement`, `permutations`.

use super::kind;
use crate::api::*;
use crate::{iterator, kinds};
use txpy_heap::Object;

object! {
    pub struct Product = kinds::PRODUCT {
        /// Tuple of tuples.
        pub pools: Value,
        pub indices: Option<Gc<Values>>,
        pub state: u8,
    }
}
object! {
    /// Combinations, with replacement or without.
    pub struct Combinations = kinds::COMBINATIONS { pub pool: Value, pub indices: Option<Gc<Values>>, pub r: usize, pub state: u8 }
}
object! {
    pub struct Permutations = kinds::PERMUTATIONS { pub pool: Value, pub indices: Option<Gc<Values>>, pub cycles: Option<Gc<Values>>, pub r: usize, pub state: u8 }
}
pub(super) const FRESH: u8 = 0;
pub(super) const RUNNING: u8 = 1;
pub(super) const DONE: u8 = 2;

iterator! { PRODUCT, Product, kinds::PRODUCT, "product" "" 0, product_step, "Cartesian product of input iterables.  Equivalent to nested for-loops.";
    "__new__(cls, /, *iterables, repeat=1)" = product_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::product_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::product_setstate, "Set state information for unpickling.";
}
iterator! { COMBINATIONS, Combinations, kinds::COMBINATIONS, "combinations" "" 0, combinations_step, "Return successive r-length combinations of elements in the iterable.";
    "__new__(cls, iterable, r)" = |th, a| combinations_new(th, a, false), "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::combinations_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::combinations_setstate, "Set state information for unpickling.";
}
iterator! { WITH_REPLACEMENT, Combinations, kinds::COMBINATIONS, "combinations_with_replacement" "" 0, combinations_step, "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.";
    "__new__(cls, iterable, r)" = |th, a| combinations_new(th, a, true), "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::combinations_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::combinations_setstate, "Set state information for unpickling.";
}
iterator! { PERMUTATIONS, Permutations, kinds::PERMUTATIONS, "permutations" "" 0, permutations_step, "Return successive r-length permutations of elements in the iterable.";
    "__new__(cls, iterable, r=None)" = permutations_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::permutations_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::permutations_setstate, "Set state information for unpickling.";
}
pub fn register() {
    kind(Product::INFO, product_step);
    kind(Combinations::INFO, combinations_step);
    kind(Permutations::INFO, permutations_step);
}

/// Storage with the numbers that `f` gives.
fn numbers(th: &mut Thread, n: usize, f: impl Fn(usize) -> usize) -> R<Gc<Values>> {
    let s = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: n }, n)?;
    // SAFETY: not yet known to anybody else.
    for (i, x) in unsafe { s.frozen().tail_mut() }.iter_mut().enumerate() {
        *x = Value::int(f(i) as i64);
    }
    Ok(s)
}
/// The numbers of a storage, for the holder of its owner's write guard.
/// # Safety
/// The owner is held for writing while the slice is in use.
unsafe fn slots<'a>(s: Option<Gc<Values>>) -> &'a mut [Value] {
    match s {
        Some(s) => unsafe { (*s.as_ptr()).tail_mut() },
        None => &mut [],
    }
}
/// Overwrites the numbers of a storage with as many as there are.
/// # Safety
/// As for `slots`.
pub unsafe fn set_row(s: Option<Gc<Values>>, row: &[i64]) {
    // SAFETY: as the caller says; small integers are no references.
    for (x, n) in unsafe { slots(s) }.iter_mut().zip(row) {
        *x = Value::int(*n);
    }
}
fn at(x: Value) -> usize { x.int_unchecked() as usize }

/// A tuple of `n` items, chosen by `index` under the guard; `advance` steps the indices first and says whether there is a next one.
fn row<T: Object>(th: &mut Thread, owner: Gc<T>, n: usize, pick: impl FnOnce(&mut T, &mut [Value]) -> bool) -> R<Value> {
    let t = tuple::alloc(th, n)?;
    let mut g = owner.write(th)?;
    // SAFETY: the tuple is not yet known to anybody else.
    let ok = pick(&mut g, unsafe { t.frozen().tail_mut() });
    drop(g);
    th.remember(t.header());
    Ok(if ok { t.value() } else { Value::STOP })
}

fn product_new(th: &mut Thread, a: Args) -> R<Value> {
    let mut repeat = 1;
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        if text::bytes_of(k) != Some(b"repeat") {
            let k = text::lossy(k);
            let msg = if th.py3() { format!("product() got an unexpected keyword argument '{k}'") } else { format!("'{k}' is an invalid keyword argument for this function") };
            return Err(th.type_error(msg));
        }
        repeat = txpy_vm::types::sequence::ssize(th, v)?;
        if repeat < 0 {
            return Err(th.value_error("repeat argument cannot be negative"));
        }
    }
    let k = a.positional() - 1;
    let n = match k.checked_mul(if k == 0 { 0 } else { repeat as usize }) {
        Some(n) if n <= 1 << 40 => n,
        _ => return Err(th.overflow_error("repeat argument too large")),
    };
    let once = RootedVec::new(th)?;
    if repeat > 0 {
        for i in 0..k {
            let p = iter::to_tuple(th, a.get(i + 1))?;
            once.push(th, p)?;
        }
    }
    let pools = tuple::alloc(th, n)?;
    once.with(th, |s| {
        // SAFETY: not yet known to anybody else.
        for (i, p) in unsafe { pools.frozen().tail_mut() }.iter_mut().enumerate() {
            *p = s[i % k];
        }
    })?;
    th.remember(pools.header());
    let indices = numbers(th, n, |_| 0)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Product { header: Header::NEW, pools: pools.value(), indices: Some(indices), state: FRESH })?.value())
}
fn product_step(th: &mut Thread, v: Value) -> R<Value> {
    let p: Gc<Product> = this(v);
    let pools = p.read(th)?.pools;
    let pools = tuple::items(pools).unwrap_or(&[]);
    let pool = |i: usize| tuple::items(pools[i]).unwrap_or(&[]);
    row(th, p, pools.len(), |g, out| {
        // SAFETY: held for writing.
        let idx = unsafe { slots(g.indices) };
        match g.state {
            FRESH if (0..pools.len()).any(|i| pool(i).is_empty()) => g.state = DONE,
            FRESH => g.state = RUNNING,
            RUNNING => {
                let mut i = pools.len();
                loop {
                    if i == 0 {
                        g.state = DONE;
                        break;
                    }
                    i -= 1;
                    let next = at(idx[i]) + 1;
                    if next < pool(i).len() {
                        idx[i] = Value::int(next as i64);
                        break;
                    }
                    idx[i] = Value::int(0);
                }
            }
            _ => {}
        }
        if g.state == DONE {
            return false;
        }
        for (i, o) in out.iter_mut().enumerate() {
            *o = pool(i)[at(idx[i])];
        }
        true
    })
}

/// Length argument `r`.
fn length(th: &mut Thread, v: Value) -> R<usize> {
    let r = txpy_vm::types::sequence::ssize(th, v)?;
    if r < 0 { Err(th.value_error("r must be non-negative")) } else { Ok(r as usize) }
}
fn combinations_new(th: &mut Thread, a: Args, replacement: bool) -> R<Value> {
    let pool = iter::to_tuple(th, a.get(1))?;
    let n = tuple::items(pool).map_or(0, |p| p.len());
    let r = length(th, a.get(2))?;
    let done = if replacement { n == 0 && r > 0 } else { r > n };
    let indices = numbers(th, if done { 0 } else { r }, |i| if replacement { 0 } else { i })?;
    Ok(instance::alloc_like(th, a.get(0), |_| Combinations { header: Header::NEW, pool, indices: Some(indices), r, state: if done { DONE } else { FRESH } })?.value())
}
fn combinations_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Combinations> = this(v);
    let replacement = is_instance(v, WITH_REPLACEMENT.ty());
    let g = c.read(th)?;
    let (pool, r) = (g.pool, g.indices.map_or(0, |s| s.frozen().len));
    drop(g);
    let pool = tuple::items(pool).unwrap_or(&[]);
    let n = pool.len();
    row(th, c, r, |g, out| {
        // SAFETY: held for writing.
        let idx = unsafe { slots(g.indices) };
        match g.state {
            FRESH => g.state = RUNNING,
            RUNNING => {
                // The rightmost index that can still grow.
                let top = |i: usize| if replacement { n - 1 } else { i + n - r };
                match (0..r).rev().find(|i| at(idx[*i]) != top(*i)) {
                    None => g.state = DONE,
                    Some(i) => {
                        let first = at(idx[i]) + 1;
                        for (k, x) in idx[i..].iter_mut().enumerate() {
                            *x = Value::int((if replacement { first } else { first + k }) as i64);
                        }
                    }
                }
            }
            _ => {}
        }
        if g.state == DONE {
            return false;
        }
        for (o, i) in out.iter_mut().zip(idx) {
            *o = pool[at(*i)];
        }
        true
    })
}

fn permutations_new(th: &mut Thread, a: Args) -> R<Value> {
    let pool = iter::to_tuple(th, a.get(1))?;
    let n = tuple::items(pool).map_or(0, |p| p.len());
    let r = match a.some(2) {
        Some(v) => {
            if !int::is_int_like(v) {
                return Err(th.type_error("Expected int as r"));
            }
            length(th, v)?
        }
        None => n,
    };
    let done = r > n;
    let indices = numbers(th, n, |i| i)?;
    let cycles = numbers(th, if done { 0 } else { r }, |i| n - i)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Permutations { header: Header::NEW, pool, indices: Some(indices), cycles: Some(cycles), r, state: if done { DONE } else { FRESH } })?.value())
}
fn permutations_step(th: &mut Thread, v: Value) -> R<Value> {
    let c: Gc<Permutations> = this(v);
    let g = c.read(th)?;
    let (pool, r) = (g.pool, g.cycles.map_or(0, |s| s.frozen().len));
    drop(g);
    let pool = tuple::items(pool).unwrap_or(&[]);
    let n = pool.len();
    row(th, c, r, |g, out| {
        // SAFETY: held for writing.
        let (idx, cycles) = unsafe { (slots(g.indices), slots(g.cycles)) };
        match g.state {
            FRESH => g.state = RUNNING,
            RUNNING => {
                let mut found = false;
                for i in (0..r).rev() {
                    let left = at(cycles[i]) - 1;
                    if left == 0 {
                        // This place has gone through all: its index moves to the end.
                        idx[i..].rotate_left(1);
                        cycles[i] = Value::int((n - i) as i64);
                    } else {
                        cycles[i] = Value::int(left as i64);
                        idx.swap(i, n - left);
                        found = true;
                        break;
                    }
                }
                if !found {
                    g.state = DONE;
                }
            }
            _ => {}
        }
        if g.state == DONE {
            return false;
        }
        for (o, i) in out.iter_mut().zip(idx) {
            *o = pool[at(*i)];
        }
        true
    })
}
