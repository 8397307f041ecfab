//! `stmdict` and `stmiddict`: hash tables whose keys conflict one by one, not the table as a whole.
//!
//! Each key has an entry, an object with an access word of its own that holds the value (UNSET: the key is not there). Chains of entries
//! are no part of any transaction: an entry is linked in at once and for good, and a transaction that looks for a key that is not
//! there makes its entry and reads that, so that whoever adds the key later conflicts with it. How many keys there are is spread over
//! counters by thread slot: threads that add keys write different ones, `len` and iteration read all.

use crate::api::*;
use crate::kinds;
use std::sync::atomic::{AtomicUsize, Ordering::*};
use txpy_heap::{Late, Mode, Object};

object! {
    pub struct StmDict = kinds::STM_DICT, frozen {
        /// The chains' [`Heads`]. Replaced with the world stopped.
        pub heads: Late,
        pub counters: Gc<tuple::Tuple>,
        /// Entries in all.
        pub entries: AtomicUsize,
        /// Keys are compared by identity.
        pub by_identity: bool,
    }
}
object! {
    pub struct Entry = kinds::STM_ENTRY { pub value: Value }
}
object! {
    /// An entry's place in its chain. An object of its own: growth changes `next` while transactions run that have written the entry, and an abort,
    /// which puts back the entry as it was, must not put back that.
    pub struct Link = kinds::STM_LINK, frozen { pub hash: u64, pub key: Value, pub entry: Gc<Entry>, pub next: Late }
}
object! {
    /// The first link of each chain, as many as a power of two; bits that are no reference: none.
    pub struct Heads = kinds::STM_HEADS, frozen { } tail items: Late
}
object! { pub struct Counter = kinds::STM_COUNTER { pub n: i64 } }

pub static STM_DICT: TypeDef = TypeDef {
    name: "stmdict", module: "transaction", kind: kinds::STM_DICT, size: size_of::<StmDict>() as u16, methods: &[NEW, METHODS],
    doc: "A mapping whose keys conflict one by one between transactions.", ..TypeDef::DEFAULT
};
pub static STM_ID_DICT: TypeDef = TypeDef {
    name: "stmiddict", module: "transaction", kind: kinds::STM_DICT, size: size_of::<StmDict>() as u16, methods: &[NEW_BY_ID, METHODS],
    doc: "As stmdict, with keys compared by identity.", ..TypeDef::DEFAULT
};
static NEW: &[NativeDef] = natives! { "__new__(cls, /)" = |th, _| new(th, false), "Create an empty mapping."; };
static NEW_BY_ID: &[NativeDef] = natives! { "__new__(cls, /)" = |th, _| new(th, true), "Create an empty mapping."; };
static METHODS: &[NativeDef] = natives! {
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = |th, a| { set(th, this(a.get(0)), a.get(1), a.get(2))?; Ok(Value::NONE) }, "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, a| if set(th, this(a.get(0)), a.get(1), Value::UNSET)?.is_unset() { Err(missing(th, a.get(1))) } else { Ok(Value::NONE) }, "Delete self[key].";
    "__contains__(self, key, /)" = |th, a| Ok(Value::from_bool(get(th, this(a.get(0)), a.get(1))?.is_some())), "Whether the mapping has the key.";
    "__len__(self, /)" = |th, a| Ok(Value::int(count(th, this(a.get(0)))?)), "Return len(self).";
    "__iter__(self, /)" = |th, a| { let l = list(th, this(a.get(0)), |_, k, _| Ok(k))?; iter::iter(th, l) }, "Iterate over the keys that are there now.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "get(self, key, default=None, /)" = |th, a| Ok(get(th, this(a.get(0)), a.get(1))?.unwrap_or(a.or(2, Value::NONE))), "The value of the key, or the default.";
    "setdefault(self, key, default=None, /)" = setdefault, "The value of the key, which becomes the default if there is none.";
    "pop(self, key, default=<unrepresentable>, /)" = pop, "Remove the key and return its value, or the default.";
    "keys(self, /)" = |th, a| list(th, this(a.get(0)), |_, k, _| Ok(k)), "A list of the keys.";
    "values(self, /)" = |th, a| list(th, this(a.get(0)), |_, _, v| Ok(v)), "A list of the values.";
    "items(self, /)" = |th, a| list(th, this(a.get(0)), |th, k, v| th.new_tuple(&[k, v])), "A list of (key, value) pairs.";
    "clear(self, /)" = clear, "Remove all keys.";
};

const COUNTERS: usize = 16;
const FIRST_HEADS: usize = 16;

pub fn register(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[StmDict::INFO, Entry::INFO, Heads::INFO, Counter::INFO, Link::INFO]);
    for (name, t) in [("stmdict", &STM_DICT), ("stmiddict", &STM_ID_DICT)] {
        type_::make_native(th, t)?;
        module::set(th, m, name, t.ty().value())?;
    }
    Ok(())
}

fn new(th: &mut Thread, by_identity: bool) -> R<Value> {
    let counters = RootedVec::with_capacity(th, COUNTERS)?;
    for _ in 0..COUNTERS {
        let c = th.alloc(0, Counter { header: Header::NEW, n: 0 })?;
        counters.push(th, c.value())?;
    }
    let counters: Gc<tuple::Tuple> = this(tuple_of(th, counters)?);
    let heads = new_heads(th, FIRST_HEADS)?;
    let t = if by_identity { &STM_ID_DICT } else { &STM_DICT };
    Ok(th.alloc(t.shape(), StmDict { header: Header::NEW, heads: Late::new(heads.value()), counters, entries: AtomicUsize::new(0), by_identity })?.value())
}
fn new_heads(th: &mut Thread, n: usize) -> R<Gc<Heads>> { th.alloc_tail(0, Heads { header: Header::NEW, len: n }, n) }

fn heads(d: Gc<StmDict>) -> Gc<Heads> { this(d.frozen().heads.get()) }
fn chain(h: Gc<Heads>, hash: u64) -> &'static Late {
    let items = h.frozen().items();
    &items[(hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (items.len() - 1)]
}
fn hash_of(th: &mut Thread, d: Gc<StmDict>, key: Value) -> R<u64> {
    if d.frozen().by_identity { Ok(key.bits()) } else { Ok(txpy_vm::object::hash::hash(th, key)? as u64) }
}

/// The entry of a key; None if it never had one.
fn find(th: &mut Thread, d: Gc<StmDict>, hash: u64, key: Value) -> R<Option<Gc<Entry>>> {
    'again: loop {
        let h = heads(d);
        let mut at = chain(h, hash).get();
        while let Some(l) = at.cast::<Link>() {
            let l = l.frozen();
            if l.key == key {
                return Ok(Some(l.entry));
            }
            if l.hash == hash && !d.frozen().by_identity {
                let equal = same_or_equal(th, l.key, key)?;
                if heads(d) != h {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(l.entry));
                }
            }
            at = l.next.get();
        }
        return Ok(None);
    }
}

/// The entry of a key, made if need be.
fn entry(th: &mut Thread, d: Gc<StmDict>, hash: u64, key: Value) -> R<Gc<Entry>> {
    loop {
        if let Some(e) = find(th, d, hash, key)? {
            return Ok(e);
        }
        let e = th.alloc_unowned(0, Entry { header: Header::NEW, value: Value::UNSET })?;
        let fresh = th.alloc(0, Link { header: Header::NEW, hash, key, entry: e, next: Late::new(Value::UNSET) })?;
        // No safepoint from here to the end. Others may have linked in the same key meanwhile: those ahead of the old head are looked at again.
        let h = heads(d);
        let head = chain(h, hash);
        let first = head.get();
        fresh.frozen().next.0.store(first.bits(), Relaxed);
        let mut at = first;
        let mut known = false;
        while let Some(l) = at.cast::<Link>() {
            known |= l.frozen().hash == hash;
            at = l.frozen().next.get();
        }
        if known && find(th, d, hash, key)?.is_some() {
            continue;
        }
        if head.0.compare_exchange(first.bits(), fresh.value().bits(), AcqRel, Relaxed).is_ok() && heads(d) == h {
            th.remember(h.header());
            let n = d.frozen().entries.fetch_add(1, Relaxed) + 1;
            if n > 2 * h.frozen().len {
                grow(th, d, h)?;
            }
            return Ok(e);
        }
    }
}

/// Twice as many chains.
#[cold]
fn grow(th: &mut Thread, d: Gc<StmDict>, old: Gc<Heads>) -> R<()> {
    let fresh = new_heads(th, old.frozen().len * 4)?;
    th.stopped_vm(|th| {
        if heads(d) != old {
            return;
        }
        for head in old.frozen().items() {
            let mut at = head.get();
            while let Some(l) = at.cast::<Link>() {
                let link = l.frozen();
                at = link.next.get();
                let to = chain(fresh, link.hash);
                link.next.0.store(to.get().bits(), Release);
                to.0.store(l.value().bits(), Release);
                th.remember(l.header());
            }
        }
        th.remember(fresh.header());
        d.frozen().heads.0.store(fresh.value().bits(), Release);
        th.remember(d.header());
    });
    Ok(())
}

fn get(th: &mut Thread, d: Gc<StmDict>, key: Value) -> R<Option<Value>> {
    let hash = hash_of(th, d, key)?;
    // A transaction must notice when somebody adds the key later: it reads an entry in any case.
    let e = if th.atomic_depth() != 0 { Some(entry(th, d, hash, key)?) } else { find(th, d, hash, key)? };
    match e {
        Some(e) => Ok(e.read(th)?.value.get()),
        None => Ok(None),
    }
}

/// Gives the key a value, or takes it out (UNSET); what stood there.
fn set(th: &mut Thread, d: Gc<StmDict>, key: Value, v: Value) -> R<Value> {
    let hash = hash_of(th, d, key)?;
    let e = entry(th, d, hash, key)?;
    let slot = th.slot();
    let counter: Gc<Counter> = this(d.frozen().counters.frozen().items()[slot % COUNTERS]);
    loop {
        let old = e.read(th)?.value;
        if old.is_unset() == v.is_unset() {
            let mut g = e.write(th)?;
            if g.value != old {
                continue;
            }
            g.value = v;
            return Ok(old);
        }
        let change = old.is_unset() as i64 - v.is_unset() as i64;
        let done = th.access_many(&mut [(e.value(), Mode::Write), (counter.value(), Mode::Write)], |m| {
            if m.get(e).value != old {
                return false;
            }
            m.get_mut(e).value = v;
            m.get_mut(counter).n += change;
            true
        })?;
        if done {
            return Ok(old);
        }
    }
}

/// How many keys are there. In a transaction: and stay.
fn count(th: &mut Thread, d: Gc<StmDict>) -> R<i64> {
    let mut n = 0;
    for c in d.frozen().counters.frozen().items() {
        n += this::<Counter>(*c).read(th)?.n;
    }
    Ok(n.max(0))
}

/// A list made of all keys and values.
fn list(th: &mut Thread, d: Gc<StmDict>, make: fn(&mut Thread, Value, Value) -> R<Value>) -> R<Value> {
    count(th, d)?;
    let out = RootedVec::new(th)?;
    let h = heads(d);
    for head in h.frozen().items() {
        let mut at = head.get();
        while let Some(l) = at.cast::<Link>() {
            let link = l.frozen();
            let v = link.entry.read(th)?.value;
            if !v.is_unset() {
                let item = make(th, link.key, v)?;
                out.push(th, item)?;
            }
            at = link.next.get();
        }
        th.poll()?;
        if heads(d) != h {
            // The chains were redone meanwhile: start over.
            return list(th, d, make);
        }
    }
    list_of(th, out)
}

fn missing(th: &mut Thread, key: Value) -> Unwind { th.raise_with(&KEY_ERROR, &[key]) }
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    match get(th, this(a.get(0)), a.get(1))? {
        Some(v) => Ok(v),
        None => Err(missing(th, a.get(1))),
    }
}
fn setdefault(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<StmDict> = this(a.get(0));
    if let Some(v) = get(th, d, a.get(1))? {
        return Ok(v);
    }
    let v = a.or(2, Value::NONE);
    match set(th, d, a.get(1), v)? {
        old if old.is_unset() => Ok(v),
        old => {
            set(th, d, a.get(1), old)?;
            Ok(old)
        }
    }
}
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<StmDict> = this(a.get(0));
    if get(th, d, a.get(1))?.is_some() {
        if let Some(v) = set(th, d, a.get(1), Value::UNSET)?.get() {
            return Ok(v);
        }
    }
    match a.opt(2) {
        Some(v) => Ok(v),
        None => Err(missing(th, a.get(1))),
    }
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    let keys: Gc<List> = this(list(th, this(a.get(0)), |_, k, _| Ok(k))?);
    let mut i = 0;
    while let Some(k) = txpy_vm::types::list::get(th, keys, i)? {
        set(th, this(a.get(0)), k, Value::UNSET)?;
        i += 1;
    }
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let s = format!("<{} with {} keys>", class_name(a.get(0)), count(th, this(a.get(0)))?);
    th.native_str(&s)
}
