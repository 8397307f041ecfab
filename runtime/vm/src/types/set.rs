//! `set` and `frozenset`: layout, hash table, core operations.
//!
//! Open addressing with CPython's probe sequence and growth, so that small ints come out in the order people know: Python 3 looks at
//! nine neighbours before it jumps by `5 i + 1 + perturb`, 2.7 jumps at once. An entry is two Values: hash (an int), key. An empty
//! entry's key is UNSET, a deleted one's TOMB.

use super::dict::{self, Dict};
use super::{set_methods, text};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::next_methods;
use crate::object::{self, iter};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Elements, Gc, Header, R, Value, Values, object};

object! {
    pub struct Set = kinds::SET, storage_in(table) {
        pub used: usize,
        /// Entries in use, deleted ones included.
        pub fill: usize,
        /// Changes of the table: lookups that ran Python code compare it.
        pub version: u64,
        /// Where `pop` goes on looking.
        pub finger: usize,
        pub table: Option<Gc<Values>>,
    }
}
object! {
    pub struct FrozenSet = kinds::FROZENSET, frozen {
        pub used: usize,
        pub fill: usize,
        /// 0 until computed.
        pub hash: AtomicU64,
        pub table: Option<Gc<Values>>,
    }
}
object! {
    pub struct SetIter = kinds::SET_ITER {
        /// UNSET when exhausted.
        pub set: Value,
        pub at: usize,
        /// Elements when the iteration began; usize::MAX once it failed.
        pub used: usize,
    }
}

pub static SET: TypeDef = TypeDef {
    name: "set", kind: kinds::SET, size: size_of::<Set>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::MATCH_SELF,
    methods: &[set_methods::COMMON, set_methods::MUTABLE, super::generic_alias::CLASS_GETITEM], doc: "Build an unordered collection of unique elements.", ..TypeDef::DEFAULT
};
pub static FROZENSET: TypeDef = TypeDef {
    name: "frozenset", kind: kinds::FROZENSET, size: size_of::<FrozenSet>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::MATCH_SELF,
    methods: &[set_methods::COMMON, set_methods::FROZEN, super::generic_alias::CLASS_GETITEM], doc: "Build an immutable unordered collection of unique elements.", ..TypeDef::DEFAULT
};
pub static SET_ITER: TypeDef = TypeDef {
    name: "set_iterator", name2: "setiterator", kind: kinds::SET_ITER, size: size_of::<SetIter>() as u16, methods: &[NEXT, ITER_METHODS],
    flags: type_flag::NO_NEW, doc: "An iterator over a set.", ..TypeDef::DEFAULT
};
static NEXT: &[NativeDef] = next_methods!(step);
static ITER_METHODS: &[NativeDef] = natives! {
    "__length_hint__(self, /)" = iter_hint, "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = iter_reduce, "Return state information for pickling.";
};

const MIN: usize = 8;
const PROBES: usize = 9;

/// The order in which slots are looked at; never ends.
struct Walk {
    base: usize,
    near: usize,
    perturb: u64,
    mask: usize,
    linear: bool,
}
impl Walk {
    fn new(hash: i64, size: usize, linear: bool) -> Walk {
        let mask = size - 1;
        Walk { base: if linear { hash as usize & mask } else { hash as usize }, near: 0, perturb: hash as u64, mask, linear }
    }
    #[inline]
    fn slot(&mut self) -> usize {
        if !self.linear {
            let at = self.base & self.mask;
            self.base = self.base.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1);
            self.perturb >>= 5;
            return at;
        }
        let at = self.base + self.near;
        if self.near < PROBES && self.base + PROBES <= self.mask {
            self.near += 1;
        } else {
            self.perturb >>= 5;
            self.base = self.base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize) & self.mask;
            self.near = 0;
        }
        at
    }
}

/// A set's content under a guard, of either class.
pub struct View<'a> {
    slots: &'a [Value],
    pub used: usize,
    pub fill: usize,
    version: u64,
}
enum Probe {
    Hit(usize),
    /// Where the key would go.
    Miss(usize),
    /// Equal hashes; whether the keys are equal only Python code can tell.
    Ask(usize, Value),
}

fn slots_of<'a>(t: Option<Gc<Values>>) -> &'a [Value] {
    // SAFETY: storage belongs to its set; whoever asks holds the set for reading, or the set is frozen.
    t.map_or(&[], |s| unsafe { &*s.as_ptr() }.items())
}
#[allow(clippy::mut_from_ref)]
fn slots_mut<'a>(t: Option<Gc<Values>>) -> &'a mut [Value] {
    // SAFETY: as above; held for writing, or not yet known to anybody else.
    t.map_or(&mut [], |s| unsafe { (*s.as_ptr()).tail_mut() })
}

impl View<'_> {
    fn size(&self) -> usize { self.slots.len() / 2 }
    fn probe(&self, hash: i64, key: Value, mut skip: usize, linear: bool) -> Probe {
        let h = Value::int(hash);
        let mut walk = Walk::new(hash, self.size(), linear);
        let mut free = None;
        loop {
            let at = walk.slot();
            let (eh, k) = (self.slots[2 * at], self.slots[2 * at + 1]);
            if k.is_unset() {
                return Probe::Miss(free.unwrap_or(at));
            }
            if k == Value::TOMB {
                // Python 3 takes the last deleted entry on the way, 2.7 the first.
                if linear || free.is_none() {
                    free = Some(at);
                }
                continue;
            }
            if eh != h {
                continue;
            }
            match same_key(k, key) {
                Some(true) => return Probe::Hit(at),
                Some(false) => {}
                None if skip > 0 => skip -= 1,
                None => return Probe::Ask(at, k),
            }
        }
    }
    /// (hash, key) at or after slot `*at`, which moves past it.
    fn next(&self, at: &mut usize) -> Option<(i64, Value)> {
        while *at < self.size() {
            let (h, k) = (self.slots[2 * *at], self.slots[2 * *at + 1]);
            *at += 1;
            if !k.is_unset() && k != Value::TOMB {
                return Some((h.int_unchecked(), k));
            }
        }
        None
    }
}

/// Equality of keys that needs no Python code; None when it might.
fn same_key(a: Value, b: Value) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    if text::STR.is_exact(a) && text::STR.is_exact(b) || text::BYTES.is_exact(a) && text::BYTES.is_exact(b) {
        return text::equal(a, b);
    }
    if a.is_int() && b.is_int() { Some(false) } else { None }
}

pub fn is_any(v: Value) -> bool { v.is::<Set>() || v.is::<FrozenSet>() }

/// Runs `f` on the content of a set or frozenset; no safepoint inside.
fn with<T>(th: &mut Thread, v: Value, f: impl FnOnce(&View) -> T) -> R<T> {
    if let Some(s) = v.cast::<Set>() {
        let g = s.read(th)?;
        return Ok(f(&View { slots: slots_of(g.table), used: g.used, fill: g.fill, version: g.version }));
    }
    let s: Gc<FrozenSet> = v.cast().expect("a set");
    let r = s.frozen();
    Ok(f(&View { slots: slots_of(r.table), used: r.used, fill: r.fill, version: 0 }))
}

pub fn new(th: &mut Thread) -> R<Gc<Set>> { th.alloc(SET.shape(), Set { header: Header::NEW, used: 0, fill: 0, version: 0, finger: 0, table: None }) }
/// A frozenset of `items`.
pub fn frozen_from(th: &mut Thread, items: &[Value]) -> R<Value> {
    let s = new(th)?;
    for v in items {
        add(th, s, *v)?;
    }
    freeze(th, s, FROZENSET.value())
}
/// The frozenset (of class `class`) with the table of `s`, which the caller gives up.
pub fn freeze(th: &mut Thread, s: Gc<Set>, class: Value) -> R<Value> {
    let g = s.read(th)?;
    let (used, fill, table) = (g.used, g.fill, g.table);
    drop(g);
    Ok(object::instance::alloc_like(th, class, |_| FrozenSet { header: Header::NEW, used, fill, hash: AtomicU64::new(0), table })?.value())
}

pub fn len(th: &mut Thread, v: Value) -> R<usize> { with(th, v, |s| s.used) }

/// The hash under which a key is kept. A set, which has none, is looked up as the frozenset with its elements.
pub fn key_hash(th: &mut Thread, key: Value) -> R<i64> {
    Ok(dict::kept_hash(object::hash(th, key)?))
}
/// Key and hash for `in`, `remove` and `discard`: a set stands for the frozenset with its elements.
pub fn lookup_key(th: &mut Thread, key: Value) -> R<(i64, Value)> {
    let r = key_hash(th, key);
    match r {
        Ok(h) => Ok((h, key)),
        Err(e) => {
            if key.is::<Set>() && th.catch(&crate::exceptions::TYPE_ERROR).is_some() {
                let s = new(th)?;
                update(th, s, key)?;
                let key = freeze(th, s, FROZENSET.value())?;
                return Ok((key_hash(th, key)?, key));
            }
            Err(e)
        }
    }
}

/// Finds the slot of a key: runs Python comparisons outside any guard and starts over when the table changed meanwhile.
fn locate(th: &mut Thread, v: Value, hash: i64, key: Value) -> R<Option<(usize, u64)>> {
    let linear = th.py3();
    let mut skip = 0;
    loop {
        let (probe, version) = with(th, v, |s| (if s.size() == 0 { Probe::Miss(0) } else { s.probe(hash, key, skip, linear) }, s.version))?;
        match probe {
            Probe::Hit(i) => return Ok(Some((i, version))),
            Probe::Miss(_) => return Ok(None),
            Probe::Ask(i, k) => {
                let equal = object::equal(th, k, key)?;
                if with(th, v, |s| s.version)? != version {
                    skip = 0;
                } else if equal {
                    return Ok(Some((i, version)));
                } else {
                    skip += 1;
                }
            }
        }
    }
}
pub fn contains_hashed(th: &mut Thread, v: Value, hash: i64, key: Value) -> R<bool> { Ok(locate(th, v, hash, key)?.is_some()) }
pub fn contains(th: &mut Thread, v: Value, key: Value) -> R<bool> {
    let (hash, key) = lookup_key(th, key)?;
    contains_hashed(th, v, hash, key)
}

/// Write access for changes of few entries, each announced by `log` first.
fn edit(th: &mut Thread, s: Gc<Set>) -> R<Elements<'_, Set>> { s.write_elements(th, |s| s.table.map_or(0, |t| t.frozen().len)) }
/// Before entry `at` changes.
fn log(g: &mut Elements<'_, Set>, at: usize) {
    let slots = slots_of(g.table);
    // SAFETY: a part of the set's storage.
    unsafe { g.log(slots[2 * at..2 * at + 2].as_ptr().cast(), 2, slots.len()) }
}

/// Adds a key; whether it was new.
pub fn add(th: &mut Thread, s: Gc<Set>, key: Value) -> R<bool> {
    let hash = key_hash(th, key)?;
    add_hashed(th, s, hash, key)
}
pub fn add_hashed(th: &mut Thread, s: Gc<Set>, hash: i64, key: Value) -> R<bool> {
    let linear = th.py3();
    let mut skip = 0;
    let mut known = 0;
    loop {
        let mut g = edit(th, s)?;
        if g.table.is_none() {
            drop(g);
            resize(th, s, 0)?;
            continue;
        }
        if g.version != known {
            (skip, known) = (0, g.version);
        }
        let view = View { slots: slots_of(g.table), used: g.used, fill: g.fill, version: g.version };
        match view.probe(hash, key, skip, linear) {
            Probe::Hit(_) => return Ok(false),
            Probe::Miss(at) => {
                let size = view.size();
                log(&mut g, at);
                let slots = slots_mut(g.table);
                if slots[2 * at + 1].is_unset() {
                    g.fill += 1;
                }
                slots[2 * at..2 * at + 2].copy_from_slice(&[Value::int(hash), key]);
                g.used += 1;
                g.version += 1;
                let (used, fill) = (g.used, g.fill);
                drop(g);
                let full = if linear { fill * 5 >= (size - 1) * 3 } else { fill * 3 >= size * 2 };
                if full {
                    resize(th, s, if used > 50_000 { used * 2 } else { used * 4 })?;
                }
                return Ok(true);
            }
            Probe::Ask(_, k) => {
                drop(g);
                if object::equal(th, k, key)? {
                    let now = s.read(th)?.version;
                    if now == known {
                        return Ok(false);
                    }
                } else {
                    skip += 1;
                }
            }
        }
    }
}

/// A table with more than `minimum` slots (and room for what is there), without deleted entries.
fn resize(th: &mut Thread, s: Gc<Set>, minimum: usize) -> R<()> {
    let linear = th.py3();
    loop {
        let g = s.read(th)?;
        let (version, used) = (g.version, g.used);
        drop(g);
        let minimum = minimum.max(used);
        let mut size = MIN;
        while size <= minimum {
            size *= 2;
        }
        let table = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: 2 * size }, 2 * size)?;
        let to = slots_mut(Some(table));
        to.fill(Value::UNSET);
        let mut g = edit(th, s)?;
        if g.version != version {
            continue;
        }
        let view = View { slots: slots_of(g.table), used: g.used, fill: g.fill, version };
        let mut at = 0;
        while let Some((h, k)) = view.next(&mut at) {
            insert_clean(to, h, k, linear);
        }
        let old = g.table;
        g.detach(old);
        g.table = Some(table);
        g.fill = g.used;
        g.version += 1;
        return Ok(());
    }
}
/// Puts in a key that is not there, into a table without deleted entries.
fn insert_clean(slots: &mut [Value], hash: i64, key: Value, linear: bool) {
    let mut walk = Walk::new(hash, slots.len() / 2, linear);
    loop {
        let at = walk.slot();
        if slots[2 * at + 1].is_unset() {
            slots[2 * at..2 * at + 2].copy_from_slice(&[Value::int(hash), key]);
            return;
        }
    }
}

/// Removes a key; whether it was there.
pub fn remove_hashed(th: &mut Thread, s: Gc<Set>, hash: i64, key: Value) -> R<bool> {
    loop {
        let Some((i, version)) = locate(th, s.value(), hash, key)? else { return Ok(false) };
        let mut g = edit(th, s)?;
        if g.version == version {
            kill(&mut g, i);
            return Ok(true);
        }
    }
}
fn kill(g: &mut Elements<'_, Set>, i: usize) {
    log(g, i);
    slots_mut(g.table)[2 * i + 1] = Value::TOMB;
    g.used -= 1;
    g.version += 1;
}
/// Takes out some element; None from an empty set.
pub fn pop(th: &mut Thread, s: Gc<Set>) -> R<Option<Value>> {
    let linear = th.py3();
    let mut g = edit(th, s)?;
    if g.used == 0 {
        return Ok(None);
    }
    let slots = slots_of(g.table);
    let size = slots.len() / 2;
    let free = |at: usize| slots[2 * at + 1].is_unset() || slots[2 * at + 1] == Value::TOMB;
    let mut at = if linear { g.finger & (size - 1) } else { 0 };
    if linear {
        while free(at) {
            at = (at + 1) & (size - 1);
        }
    } else if free(0) {
        // 2.7 keeps its finger in slot 0 as that slot's hash, once the slot is free.
        at = slots[0].as_int().filter(|i| (1..size as i64).contains(i)).unwrap_or(1) as usize;
        while free(at) {
            at = if at + 1 < size { at + 1 } else { 1 };
        }
    }
    let v = slots[2 * at + 1];
    kill(&mut g, at);
    g.finger = at + 1;
    if !linear {
        log(&mut g, 0);
        slots_mut(g.table)[0] = Value::int(at as i64 + 1);
    }
    Ok(Some(v))
}
pub fn clear(th: &mut Thread, s: Gc<Set>) -> R<()> {
    let mut g = edit(th, s)?;
    let old = g.table;
    g.detach(old);
    (g.used, g.fill, g.finger, g.table) = (0, 0, 0, None);
    g.version += 1;
    Ok(())
}

/// The element at or after slot `*at` (start with 0), which moves past it, with its hash.
pub fn next(th: &mut Thread, v: Value, at: &mut usize) -> R<Option<(i64, Value)>> { with(th, v, |s| s.next(at)) }

/// Adds all elements of any iterable.
pub fn update(th: &mut Thread, s: Gc<Set>, v: Value) -> R<()> {
    if is_any(v) {
        return merge(th, s, v);
    }
    if let Some(d) = v.cast::<Dict>().filter(|_| dict::DICT.is_exact(v)) {
        let n = dict::len(th, d)?;
        presize(th, s, n)?;
        let mut at = 0;
        while let Some((h, k, _)) = dict::next_hashed(th, d, &mut at)? {
            add_hashed(th, s, h as i64, k)?;
        }
        return Ok(());
    }
    iter::for_each(th, v, |th, x| add(th, s, x).map(|_| ()))
}
fn presize(th: &mut Thread, s: Gc<Set>, more: usize) -> R<()> {
    let linear = th.py3();
    let g = s.read(th)?;
    let (used, fill, mask) = (g.used, g.fill, g.table.map_or(MIN, |t| t.frozen().len / 2) - 1);
    drop(g);
    let full = if linear { (fill + more) * 5 >= mask * 3 } else { (fill + more) * 3 >= (mask + 1) * 2 };
    if full { resize(th, s, (used + more) * 2) } else { Ok(()) }
}
fn merge(th: &mut Thread, s: Gc<Set>, from: Value) -> R<()> {
    if from == s.value() {
        return Ok(());
    }
    let n = len(th, from)?;
    if n == 0 {
        return Ok(());
    }
    presize(th, s, n)?;
    if th.py3() && copy_table(th, s, from)? {
        return Ok(());
    }
    let mut at = 0;
    while let Some((h, k)) = next(th, from, &mut at)? {
        add_hashed(th, s, h, k)?;
        if at & 0xFFFF == 0 {
            th.poll()?;
        }
    }
    Ok(())
}
/// An empty set takes over a table of the size that it would have itself; whether that was so.
fn copy_table(th: &mut Thread, s: Gc<Set>, from: Value) -> R<bool> {
    let g = s.read(th)?;
    let (fill, size) = (g.fill, g.table.map_or(MIN, |t| t.frozen().len / 2));
    drop(g);
    if fill != 0 || with(th, from, |v| v.size() != size || v.fill != v.used)? {
        return Ok(false);
    }
    let table = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: 2 * size }, 2 * size)?;
    let copied = with(th, from, |v| {
        if v.size() != size || v.fill != v.used {
            return None;
        }
        slots_mut(Some(table)).copy_from_slice(v.slots);
        Some(v.used)
    })?;
    let Some(used) = copied else { return Ok(false) };
    let mut g = s.write(th)?;
    if g.fill != 0 {
        return Ok(false);
    }
    (g.used, g.fill, g.table) = (used, used, Some(table));
    g.version += 1;
    Ok(true)
}

/// Removes all elements of any iterable.
pub fn difference_update(th: &mut Thread, s: Gc<Set>, v: Value) -> R<()> {
    if v == s.value() {
        return clear(th, s);
    }
    if is_any(v) {
        let mut at = 0;
        while let Some((h, k)) = next(th, v, &mut at)? {
            remove_hashed(th, s, h, k)?;
        }
    } else {
        iter::for_each(th, v, |th, x| {
            let h = key_hash(th, x)?;
            remove_hashed(th, s, h, x).map(|_| ())
        })?;
    }
    let g = s.read(th)?;
    let (used, dead, mask) = (g.used, g.fill - g.used, g.table.map_or(MIN, |t| t.frozen().len / 2) - 1);
    drop(g);
    // Many deleted entries slow down lookups.
    let many = if th.py3() { dead > mask / 4 } else { dead * 5 >= mask };
    if many { resize(th, s, if used > 50_000 { used * 2 } else { used * 4 }) } else { Ok(()) }
}
/// Keeps what any iterable has too.
pub fn intersection_update(th: &mut Thread, s: Gc<Set>, v: Value) -> R<()> {
    let t = intersection(th, s.value(), v)?;
    swap(th, s, t)
}
/// Gives `s` the content of `t`, a set that nobody else knows.
fn swap(th: &mut Thread, s: Gc<Set>, t: Gc<Set>) -> R<()> {
    let g = t.read(th)?;
    let (used, fill, table) = (g.used, g.fill, g.table);
    drop(g);
    let mut g = edit(th, s)?;
    let old = g.table;
    g.detach(old);
    (g.used, g.fill, g.table, g.finger) = (used, fill, table, 0);
    g.version += 1;
    Ok(())
}
/// Elements of either, not of both.
pub fn symmetric_difference_update(th: &mut Thread, s: Gc<Set>, v: Value) -> R<()> {
    if v == s.value() {
        return clear(th, s);
    }
    let other = if is_any(v) {
        v
    } else {
        let o = new(th)?;
        update(th, o, v)?;
        o.value()
    };
    let mut at = 0;
    while let Some((h, k)) = next(th, other, &mut at)? {
        if !remove_hashed(th, s, h, k)? {
            add_hashed(th, s, h, k)?;
        }
    }
    Ok(())
}
/// A new set with the elements of `v` that are in `other`, any iterable.
pub fn intersection(th: &mut Thread, v: Value, other: Value) -> R<Gc<Set>> {
    let out = new(th)?;
    if is_any(other) {
        let (from, asked) = if len(th, other)? > len(th, v)? { (v, other) } else { (other, v) };
        let mut at = 0;
        while let Some((h, k)) = next(th, from, &mut at)? {
            if contains_hashed(th, asked, h, k)? {
                add_hashed(th, out, h, k)?;
            }
        }
        return Ok(out);
    }
    iter::for_each(th, other, |th, x| {
        let h = key_hash(th, x)?;
        if contains_hashed(th, v, h, x)? {
            add_hashed(th, out, h, x)?;
        }
        Ok(())
    })?;
    Ok(out)
}
/// A new set with the elements of `v` that are not in `other`, any iterable.
pub fn difference(th: &mut Thread, v: Value, other: Value) -> R<Gc<Set>> {
    let out = new(th)?;
    let table = other.cast::<Dict>().filter(|_| dict::DICT.is_exact(other));
    let others = match table {
        Some(d) => Some(dict::len(th, d)?),
        None if is_any(other) => Some(len(th, other)?),
        None => None,
    };
    let one_by_one = match others {
        Some(n) => !th.py3() || len(th, v)? >> 2 <= n,
        None => false,
    };
    if !one_by_one {
        update(th, out, v)?;
        difference_update(th, out, other)?;
        return Ok(out);
    }
    let mut at = 0;
    while let Some((h, k)) = next(th, v, &mut at)? {
        let found = match table {
            Some(d) => dict::get_hashed(th, d, h as u64, k)?.is_some(),
            None => contains_hashed(th, other, h, k)?,
        };
        if !found {
            add_hashed(th, out, h, k)?;
        }
    }
    Ok(out)
}
/// Whether all elements of `a` are in `b`; both are sets.
pub fn is_subset(th: &mut Thread, a: Value, b: Value) -> R<bool> {
    if len(th, a)? > len(th, b)? {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((h, k)) = next(th, a, &mut at)? {
        if !contains_hashed(th, b, h, k)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Hash of a frozenset: independent of order, computed once.
pub fn hash(th: &mut Thread, v: Value) -> R<i64> {
    let s: Gc<FrozenSet> = v.cast().expect("checked by the call");
    let known = s.frozen().hash.load(Relaxed);
    if known != 0 {
        return Ok(known as i64);
    }
    let py3 = th.py3();
    let mut h = with(th, v, |s| {
        let (mut h, mut at) = (if py3 { 0u64 } else { 1927868237u64.wrapping_mul(s.used as u64 + 1) }, 0);
        while let Some((x, _)) = s.next(&mut at) {
            let x = x as u64;
            h ^= ((x ^ 89869747) ^ (x << 16)).wrapping_mul(3644798167);
        }
        if py3 { h ^ (s.used as u64 + 1).wrapping_mul(1927868237) } else { h }
    })?;
    if py3 {
        h ^= (h >> 11) ^ (h >> 25);
    }
    h = h.wrapping_mul(69069).wrapping_add(907133923);
    if h == u64::MAX {
        h = 590923713;
    }
    s.frozen().hash.store(h, Relaxed);
    Ok(h as i64)
}

// ---- iteration

pub fn iterate(th: &mut Thread, v: Value) -> R<Value> {
    let used = len(th, v)?;
    Ok(th.alloc(SET_ITER.shape(), SetIter { header: Header::NEW, set: v, at: 0, used })?.value())
}
pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<SetIter> = v.cast().expect("checked by the call");
    loop {
        let g = it.read(th)?;
        let (s, at, used) = (g.set, g.at, g.used);
        drop(g);
        if s.is_unset() {
            return Ok(Value::STOP);
        }
        let mut to = at;
        let (found, now) = with(th, s, |s| (s.next(&mut to), s.used))?;
        let mut g = it.write(th)?;
        if now != used {
            g.used = usize::MAX;
            drop(g);
            return Err(th.runtime_error("Set changed size during iteration"));
        }
        if g.at != at || g.set != s {
            continue;
        }
        g.at = to;
        let Some((_, k)) = found else {
            g.set = Value::UNSET;
            return Ok(Value::STOP);
        };
        return Ok(k);
    }
}
/// The elements still to come.
fn rest(th: &mut Thread, v: Value) -> R<Gc<super::list::List>> {
    let g = v.cast::<SetIter>().expect("checked by the call").read(th)?;
    let (s, mut at) = (g.set, g.at);
    drop(g);
    let out = super::list::with_capacity(th, 0)?;
    if !s.is_unset() {
        while let Some((_, k)) = next(th, s, &mut at)? {
            super::list::append(th, out, k)?;
        }
    }
    Ok(out)
}
fn iter_hint(th: &mut Thread, a: Args) -> R<Value> {
    let l = rest(th, a.get(0))?;
    Ok(Value::int(super::list::len(th, l)? as i64))
}
fn iter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let l = rest(th, a.get(0))?;
    super::seq_iter::reduced(th, "iter", &[l.value()], None)
}

pub fn register() { iter::register_step(kinds::SET_ITER, step) }
