//! `collections.deque`: a ring of Values; its iterators.

use super::deque_methods::{METHODS, OPERATORS};
use crate::api::*;
use crate::kinds;
use txpy_heap::Object;

object! {
    pub struct Deque = kinds::DEQUE {
        /// A ring with a power of two of places.
        pub ring: Option<Gc<Values>>,
        pub start: usize,
        pub len: usize,
        /// Negative: without bound.
        pub max: i64,
        /// Counts changes, so that iterators notice them.
        pub version: u64,
    }
}
object! { pub struct DequeIter = kinds::DEQUE_ITER { pub deque: Gc<Deque>, pub at: usize, pub version: u64 } }

pub static DEQUE: TypeDef = TypeDef {
    name: "deque", module: "collections", kind: kinds::DEQUE, size: size_of::<Deque>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::SEQUENCE,
    methods: &[METHODS, OPERATORS], getset: getset! { "maxlen" = maxlen, "maximum size of a deque or None if unbounded"; },
    doc: "A list-like sequence optimized for data accesses near its endpoints.", ..TypeDef::DEFAULT
};
pub static DEQUE_ITER: TypeDef = TypeDef {
    name: "_deque_iterator", name2: "deque_iterator", module: "collections", kind: kinds::DEQUE_ITER, size: size_of::<DequeIter>() as u16, methods: &[next_methods!(step), ITER_METHODS],
    doc: "An iterator over a deque.", ..TypeDef::DEFAULT
};
pub static DEQUE_REVERSE: TypeDef = TypeDef {
    name: "_deque_reverse_iterator", name2: "deque_reverse_iterator", module: "collections", kind: kinds::DEQUE_ITER, size: size_of::<DequeIter>() as u16, methods: &[next_methods!(step), ITER_METHODS],
    doc: "A reverse iterator over a deque.", ..TypeDef::DEFAULT
};
static ITER_METHODS: &[NativeDef] = natives! {
    "__new__(cls, deque, index=0, /)" = iter_new, "Create and return a new object.";
    "__length_hint__(self, /)" = |th, a| { let n = left(th, this(a.get(0)))?; Ok(Value::int(n as i64)) }, "Private method returning an estimate of len(list(it)).";
    "__reduce__(self, /)" = iter_reduce, "Return state information for pickling.";
};
pub fn register() {
    txpy_heap::register_kinds(&[Deque::INFO, DequeIter::INFO]);
    iter::register_step(kinds::DEQUE_ITER, step);
}

impl Deque {
    pub const EMPTY: Deque = Deque { header: Header::NEW, ring: None, start: 0, len: 0, max: -1, version: 0 };
    fn capacity(&self) -> usize { self.ring.map_or(0, |r| r.frozen().len) }
    fn place(&self, i: usize) -> usize { (self.start + i) & (self.capacity() - 1) }
    /// Item `i`.
    pub fn get(&self, i: usize) -> Option<Value> { if i < self.len { Some(self.ring?.frozen().items()[self.place(i)]) } else { None } }
    /// Replaces item `i`, which exists.
    pub fn put(&mut self, i: usize, v: Value) {
        let p = self.place(i);
        if let Some(r) = self.ring {
            // SAFETY: the ring belongs to its deque; whoever has `&mut Deque` holds it for writing.
            unsafe { r.frozen().tail_mut()[p] = v };
        }
    }
    fn full(&self) -> bool { self.len == self.capacity() }
    fn push_back(&mut self, v: Value) {
        self.len += 1;
        self.put(self.len - 1, v);
        self.version += 1;
    }
    fn push_front(&mut self, v: Value) {
        self.start = self.start.wrapping_sub(1) & (self.capacity() - 1);
        self.len += 1;
        self.put(0, v);
        self.version += 1;
    }
    pub fn pop_back(&mut self) -> Option<Value> {
        let v = self.get(self.len.checked_sub(1)?)?;
        self.put(self.len - 1, Value::UNSET);
        self.len -= 1;
        self.version += 1;
        Some(v)
    }
    pub fn pop_front(&mut self) -> Option<Value> {
        let v = self.get(0)?;
        self.put(0, Value::UNSET);
        self.start = self.place(1);
        self.len -= 1;
        self.version += 1;
        Some(v)
    }
}

/// Room for one more item.
fn grow(th: &mut Thread, d: Gc<Deque>) -> R<()> {
    let g = d.read(th)?;
    let (cap, full) = (g.capacity(), g.full());
    drop(g);
    if !full {
        return Ok(());
    }
    let Some(n) = (cap * 2).max(8).checked_mul(1) else { return Err(th.memory_error()) };
    let fresh = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: n }, n)?;
    let mut g = d.write(th)?;
    if g.capacity() == cap {
        // SAFETY: not yet known to anybody else.
        let to = unsafe { fresh.frozen().tail_mut() };
        for (i, t) in to.iter_mut().enumerate().take(g.len) {
            *t = g.get(i).unwrap_or(Value::UNSET);
        }
        let old = g.ring;
        g.detach(old);
        (g.ring, g.start) = (Some(fresh), 0);
    }
    Ok(())
}
/// Appends on one end; a full bounded deque loses an item on the other.
pub fn push(th: &mut Thread, d: Gc<Deque>, v: Value, left: bool) -> R<()> {
    loop {
        let mut g = d.write(th)?;
        if g.max == 0 {
            return Ok(());
        }
        if g.max > 0 && g.len as i64 >= g.max {
            if left { g.pop_back() } else { g.pop_front() };
        }
        if !g.full() {
            if left { g.push_front(v) } else { g.push_back(v) };
            return Ok(());
        }
        drop(g);
        grow(th, d)?;
    }
}
pub fn pop(th: &mut Thread, d: Gc<Deque>, left: bool) -> R<Value> {
    let mut g = d.write(th)?;
    let v = if left { g.pop_front() } else { g.pop_back() };
    drop(g);
    match v {
        Some(v) => Ok(v),
        None => Err(th.index_error("pop from an empty deque")),
    }
}
pub fn len(th: &mut Thread, d: Gc<Deque>) -> R<usize> { Ok(d.read(th)?.len) }
pub fn get(th: &mut Thread, d: Gc<Deque>, i: usize) -> R<Option<Value>> { Ok(d.read(th)?.get(i)) }
pub fn extend(th: &mut Thread, d: Gc<Deque>, v: Value, left: bool) -> R<()> {
    // Itself: what it holds now.
    let v = if v == d.value() { iter::to_list(th, v)?.value() } else { v };
    iter::for_each(th, v, |th, x| push(th, d, x, left))
}
/// An empty deque of `class`.
pub fn empty_like(th: &mut Thread, class: Value, max: i64) -> R<Gc<Deque>> {
    alloc_slotted(th, &DEQUE, class, Deque { max, ..Deque::EMPTY })
}
fn maxlen(th: &mut Thread, v: Value) -> R<Value> {
    let max = this::<Deque>(v).read(th)?.max;
    if max < 0 { Ok(Value::NONE) } else { int::from_i64(th, max) }
}

// ---- iterators

pub fn iterate(th: &mut Thread, d: Gc<Deque>, back: bool) -> R<Value> {
    let version = d.read(th)?.version;
    let def = if back { &DEQUE_REVERSE } else { &DEQUE_ITER };
    Ok(th.alloc(def.shape(), DequeIter { header: Header::NEW, deque: d, at: 0, version })?.value())
}
fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<DequeIter> = this(v);
    let mut g = it.write(th)?;
    let (d, i, version) = (g.deque, g.at, g.version);
    g.at += 1;
    drop(g);
    let r = d.read(th)?;
    let (n, now) = (r.len, r.version);
    let x = if i < n { r.get(if DEQUE_REVERSE.is_exact(v) { n - 1 - i } else { i }) } else { None };
    drop(r);
    if i >= n.max(1) || i >= n && now == version {
        it.write(th)?.at = usize::MAX - 1;
        return Ok(Value::STOP);
    }
    if now != version {
        it.write(th)?.at = usize::MAX - 1;
        return Err(th.runtime_error("deque mutated during iteration"));
    }
    Ok(x.unwrap_or(Value::STOP))
}
fn left(th: &mut Thread, it: Gc<DequeIter>) -> R<usize> {
    let g = it.read(th)?;
    let (d, at) = (g.deque, g.at);
    drop(g);
    Ok(len(th, d)?.saturating_sub(at))
}
fn iter_new(th: &mut Thread, a: Args) -> R<Value> {
    let Some(d) = a.get(1).cast::<Deque>() else {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("argument 1 must be collections.deque, not {got}")));
    };
    let skip = match a.opt(2) {
        Some(i) => txpy_vm::types::sequence::ssize(th, i)?.max(0) as usize,
        None => 0,
    };
    let it = iterate(th, d, a.get(0) == DEQUE_REVERSE.value())?;
    this::<DequeIter>(it).write(th)?.at = skip;
    Ok(it)
}
fn iter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<DequeIter>(a.get(0)).read(th)?;
    let (d, at) = (g.deque, g.at);
    drop(g);
    let args = th.new_tuple(&[d.value(), Value::int(at.min(1 << 60) as i64)])?;
    th.new_tuple(&[class_of(a.get(0)).value(), args])
}
