//! `dict`: an insertion-ordered hash table; layout, lookup, insertion, deletion. Also the namespaces of modules and classes.
//!
//! Entries lie in order in one storage array, three Values each: hash (an int), key, value. A deleted entry's key is TOMB. Above eight
//! entries an index of u32 entry numbers (open addressing, linear probing) leads to them. A namespace (`cells`) holds its values in
//! [`Cell`](super::cell::Cell)s: two names never conflict, and inline caches keep the cell. A namespace entry whose cell is empty does
//! not exist for scripts: it is a deleted name, or one whose builtin fallback is cached.

use super::cell::{self, Cell};
use super::{dict_methods, text};
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::object;
use crate::thread::Thread;
use std::ops::Range;
use txpy_heap::{Bytes8, Elements, Gc, Header, R, Read, Value, Values, flag, object};

object! {
    pub struct Dict = kinds::DICT, storage_in(index, entries) {
        /// Entries that exist.
        pub used: usize,
        /// Entries in use in `entries`, deleted ones included.
        pub fill: usize,
        /// Changes of the set of keys: iterators and lookups that ran Python code compare it.
        pub version: u64,
        /// A namespace: values are cells.
        pub cells: bool,
        pub index: Option<Gc<Bytes8>>,
        pub entries: Option<Gc<Values>>,
    }
}

pub static DICT: TypeDef = TypeDef {
    name: "dict", kind: kinds::DICT, size: size_of::<Dict>() as u16, flags: type_flag::BASE | type_flag::MAPPING | type_flag::MATCH_SELF,
    methods: &[dict_methods::METHODS, super::generic_alias::CLASS_GETITEM], doc: "A mapping from keys to values, in order of insertion.", ..TypeDef::DEFAULT
};

/// A hash as tables keep it, dicts and sets alike: an int of one word.
pub const fn kept_hash(hash: i64) -> i64 { hash << 2 >> 2 }
const SMALL: usize = 8;
const EMPTY: u32 = u32::MAX;

enum Probe {
    Hit(usize),
    Miss,
    /// Equal hashes; whether the keys are equal only Python code can tell. If not, the search goes on from the last number.
    Ask(usize, Value, usize),
}

impl Dict {
    pub const EMPTY: Dict = Dict { header: Header::NEW, used: 0, fill: 0, version: 0, cells: false, index: None, entries: None };

    /// hash, key, value of entry `i` < fill; the key is TOMB for a deleted one. A namespace's value is its cell.
    #[inline(always)]
    pub fn entry(&self, i: usize) -> (Value, Value, Value) {
        let e = self.raw();
        (e[3 * i], e[3 * i + 1], e[3 * i + 2])
    }
    #[inline(always)]
    fn raw(&self) -> &[Value] {
        match self.entries {
            // SAFETY: storage belongs to its dict; whoever has `&Dict` holds the dict for reading.
            Some(s) => unsafe { &*s.as_ptr() }.items(),
            None => &[],
        }
    }
    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    fn raw_mut(&mut self) -> &mut [Value] {
        match self.entries {
            // SAFETY: as in `raw`, held for writing.
            Some(s) => unsafe { (&*s.as_ptr()).tail_mut() },
            None => &mut [],
        }
    }
    /// Whether an entry fits behind the last.
    fn has_room(&self) -> bool { 3 * self.fill < self.raw().len() }

    /// Whether entry `i` is that of `key`, kept under the hash `h`; None when it is another's.
    #[inline(always)]
    fn check(&self, i: usize, h: Value, key: Value, next: usize) -> Option<Probe> {
        let e = &self.raw()[3 * i..3 * i + 3];
        if e[0] != h {
            return None;
        }
        if e[1] == key { Some(Probe::Hit(i)) } else { compare_keys(i, e[1], key, next) }
    }
    /// Looks for a key. `from` is 0, or what `Ask` said in a dict of the same version.
    #[inline]
    fn probe(&self, hash: u64, key: Value, mut from: usize) -> Probe {
        let h = Value::int(hash as i64);
        let Some(index) = self.index else {
            while from < self.fill {
                if let Some(p) = self.check(from, h, key, from + 1) {
                    return p;
                }
                from += 1;
            }
            return Probe::Miss;
        };
        let slots = u32s(index);
        let mask = slots.len() - 1;
        let start = spread(hash);
        loop {
            match slots[start.wrapping_add(from) & mask] {
                EMPTY => return Probe::Miss,
                i => if let Some(p) = self.check(i as usize, h, key, from + 1) {
                    return p;
                },
            }
            from += 1;
        }
    }
    /// Words of storage.
    fn words(&self) -> usize { self.raw().len() + self.index.map_or(0, |s| s.frozen().len / 8) }
}

/// What to make of another key under the hash that is looked for.
#[inline(never)]
fn compare_keys(i: usize, k: Value, key: Value, next: usize) -> Option<Probe> {
    match same_key(k, key) {
        Some(true) => Some(Probe::Hit(i)),
        Some(false) => None,
        None if k == Value::TOMB => None,
        None => Some(Probe::Ask(i, k, next)),
    }
}

/// Write access for changes of few entries, each through [`logged`].
#[inline(always)]
fn edit(th: &mut Thread, d: Gc<Dict>) -> R<Elements<'_, Dict>> { if is_namespace(d) { d.write_untracked(th) } else { d.write_elements(th, Dict::words) } }
/// Read access for finding a key.
#[inline]
fn look(th: &mut Thread, d: Gc<Dict>) -> R<Read<'_, Dict>> { if is_namespace(d) { d.read_untracked(th) } else { d.read(th) } }
/// Whether values are cells. A namespace only ever gets more of them, empty ones, which means nothing to scripts: finding and adding them is no part
/// of transactions.
pub fn is_namespace(d: Gc<Dict>) -> bool { d.unguarded(|d| d.cells) }
/// Has the dict for changes of few entries.
pub fn own(th: &mut Thread, d: Gc<Dict>) -> R<()> { edit(th, d).map(drop) }
fn log(g: &mut Elements<'_, Dict>, words: *const [Value]) {
    let whole = g.words();
    // SAFETY: the callers name words of the dict's storage.
    unsafe { g.log(words.cast(), words.len(), whole) }
}
/// Words of the entries, to be changed.
#[inline]
fn logged<'a>(g: &'a mut Elements<'_, Dict>, words: Range<usize>) -> &'a mut [Value] {
    let words = &raw mut g.raw_mut()[words];
    log(g, words);
    // SAFETY: storage belongs to its dict, which the guard holds for writing.
    unsafe { &mut *words }
}
#[inline(always)]
fn push_entry(g: &mut Elements<'_, Dict>, hash: u64, key: Value, value: Value) {
    let i = g.fill;
    logged(g, 3 * i..3 * i + 3).copy_from_slice(&[Value::int(hash as i64), key, value]);
    g.fill += 1;
    g.used += 1;
    g.version += 1;
    if let Some(index) = g.index {
        let slots = u32s_mut(index);
        let at = index_place(slots, hash);
        // The word that holds the slot.
        log(g, std::ptr::slice_from_raw_parts(slots.as_ptr().wrapping_add(at & !1).cast(), 1));
        slots[at] = i as u32;
    }
}
fn set_value(g: &mut Elements<'_, Dict>, i: usize, v: Value) {
    logged(g, 3 * i + 2..3 * i + 3)[0] = v;
}
fn kill(g: &mut Elements<'_, Dict>, i: usize) {
    // The hash stays, so that index chains stay whole; the key says that nothing is there.
    logged(g, 3 * i + 1..3 * i + 3).copy_from_slice(&[Value::TOMB, Value::UNSET]);
    g.used -= 1;
    g.version += 1;
    if g.used == 0 {
        // Nothing left: start over, so that queues kept in a dict do not grow.
        g.fill = 0;
        if let Some(index) = g.index {
            let slots = u32s_mut(index);
            log(g, std::ptr::slice_from_raw_parts(slots.as_ptr().cast(), slots.len() / 2));
            slots.fill(EMPTY);
        }
    }
}

fn spread(hash: u64) -> usize { (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as usize }
fn u32s<'a>(s: Gc<Bytes8>) -> &'a [u32] {
    // SAFETY: index storage is made 4-byte aligned with a whole number of u32s and belongs to the dict that the caller holds.
    unsafe { std::slice::from_raw_parts((*s.as_ptr()).bytes().as_ptr().cast(), (*s.as_ptr()).len / 4) }
}
fn u32s_mut<'a>(s: Gc<Bytes8>) -> &'a mut [u32] {
    // SAFETY: as above, held for writing or not yet published.
    unsafe { std::slice::from_raw_parts_mut((*s.as_ptr()).tail_mut().as_mut_ptr().cast(), (*s.as_ptr()).len / 4) }
}
fn index_put(slots: &mut [u32], hash: u64, i: u32) { slots[index_place(slots, hash)] = i }
/// The free slot for an entry with this hash.
fn index_place(slots: &[u32], hash: u64) -> usize {
    let mask = slots.len() - 1;
    let mut at = spread(hash) & mask;
    while slots[at] != EMPTY {
        at = (at + 1) & mask;
    }
    at
}

/// Equality of keys that needs no Python code; None when it might.
#[inline]
fn same_key(a: Value, b: Value) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    if text::STR.is_exact(a) && text::STR.is_exact(b) || text::BYTES.is_exact(a) && text::BYTES.is_exact(b) {
        return text::equal(a, b);
    }
    if !a.is_ref() && !b.is_ref() && (a.is_int() == b.is_int()) && !a.is_float() && !b.is_float() {
        return Some(false);
    }
    None
}

pub fn new(th: &mut Thread) -> R<Gc<Dict>> { th.alloc(DICT.shape(), Dict::EMPTY) }
/// An empty dict that a root of the thread is to hold: no part of the running transaction, so that what a block puts into it an abort takes out.
pub fn new_unowned(th: &mut Thread) -> R<Gc<Dict>> { th.alloc_unowned(DICT.shape(), Dict::EMPTY) }
/// An empty namespace (module or class dictionary).
pub fn new_namespace(th: &mut Thread) -> R<Gc<Dict>> {
    let d = th.alloc(DICT.shape(), Dict { cells: true, ..Dict::EMPTY })?;
    // Caches keep cells for ever: one that an abort took out of its namespace would go on living in them.
    d.header().set(flag::UNDONE_NEVER);
    Ok(d)
}

/// The hash under which `key` is kept; TypeError for unhashable ones.
#[inline]
pub fn key_hash(th: &mut Thread, key: Value) -> R<u64> {
    Ok(kept_hash(object::hash(th, key)?) as u64)
}

/// Finds the entry of `key`: runs Python comparisons outside any guard and starts over when the keys changed meanwhile.
fn locate(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value) -> R<Option<(usize, u64)>> {
    let (mut from, mut known) = (0, 0);
    loop {
        let g = look(th, d)?;
        let version = g.version;
        if version != known {
            (from, known) = (0, version);
        }
        match g.probe(hash, key, from) {
            Probe::Hit(i) => return Ok(Some((i, version))),
            Probe::Miss => return Ok(None),
            Probe::Ask(i, k, next) => {
                drop(g);
                if object::equal(th, k, key)? && look(th, d)?.version == version {
                    return Ok(Some((i, version)));
                }
                from = next;
            }
        }
    }
}

/// The value of `key`.
pub fn get(th: &mut Thread, d: Gc<Dict>, key: Value) -> R<Option<Value>> {
    let hash = key_hash(th, key)?;
    get_hashed(th, d, hash, key)
}
pub fn get_hashed(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value) -> R<Option<Value>> {
    loop {
        let g = look(th, d)?;
        let cells = g.cells;
        let raw = match g.probe(hash, key, 0) {
            Probe::Hit(i) => g.entry(i).2,
            Probe::Miss => {
                drop(g);
                // That there is none is something that a transaction has read.
                if !cells || th.atomic_depth() == 0 {
                    return Ok(None);
                }
                cell_of(th, d, hash, key)?
            }
            Probe::Ask(..) => {
                drop(g);
                let Some((i, version)) = locate(th, d, hash, key)? else { return Ok(None) };
                let g = look(th, d)?;
                if g.version != version {
                    continue;
                }
                g.entry(i).2
            }
        };
        return if cells { Ok(cell::get(th, raw)?.get()) } else { Ok(Some(raw)) };
    }
}
/// The value under a name (an interned native string).
pub fn get_name(th: &mut Thread, d: Gc<Dict>, name: Value) -> R<Option<Value>> {
    match text::hash_of(name) {
        Some(h) => get_hashed(th, d, h, name),
        None => get(th, d, name),
    }
}
pub fn get_str(th: &mut Thread, d: Gc<Dict>, name: &str) -> R<Option<Value>> {
    let name = th.intern(name)?;
    get_name(th, d, name)
}
pub fn set_str(th: &mut Thread, d: Gc<Dict>, name: &str, v: Value) -> R<()> {
    let name = th.intern(name)?;
    set(th, d, name, v)
}

pub fn remove_str(th: &mut Thread, d: Gc<Dict>, name: &str) -> R<Option<Value>> {
    let name = th.intern(name)?;
    remove(th, d, name)
}

pub fn set(th: &mut Thread, d: Gc<Dict>, key: Value, value: Value) -> R<()> {
    let hash = key_hash(th, key)?;
    set_hashed(th, d, hash, key, value)
}
pub fn set_hashed(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value, value: Value) -> R<()> {
    if is_namespace(d) {
        let c = cell_of(th, d, hash, key)?;
        return cell::set(th, c, value);
    }
    put(th, d, hash, key, value, true).map(|_| ())
}
/// The value of a key of no namespace; its entry becomes the newest.
pub fn get_to_end(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value) -> R<Option<Value>> {
    loop {
        let Some((i, version)) = locate(th, d, hash, key)? else { return Ok(None) };
        let mut g = edit(th, d)?;
        if g.version != version {
            continue;
        }
        let (_, key, value) = g.entry(i);
        if i + 1 == g.fill {
            return Ok(Some(value));
        }
        if g.has_room() {
            kill(&mut g, i);
            push_entry(&mut g, hash, key, value);
            return Ok(Some(value));
        }
        drop(g);
        grow(th, d)?;
    }
}
/// The value of `key`, which becomes `default` if there is none.
pub fn set_default(th: &mut Thread, d: Gc<Dict>, key: Value, default: Value) -> R<Value> {
    let hash = key_hash(th, key)?;
    if is_namespace(d) {
        if let Some(v) = get_hashed(th, d, hash, key)? {
            return Ok(v);
        }
        set_hashed(th, d, hash, key, default)?;
        return Ok(default);
    }
    put(th, d, hash, key, default, false)
}
/// Adds a key of no namespace, unless it is there.
pub fn add_hashed(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value, value: Value) -> R<()> { put(th, d, hash, key, value, false).map(drop) }

/// Inserts or (if `replace`) overwrites the raw value; gives the one that stands there afterwards.
fn put(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value, value: Value, replace: bool) -> R<Value> {
    let mut miss: Option<u64> = None;
    let mut known: Option<(usize, u64)> = None;
    loop {
        let mut g = edit(th, d)?;
        let found = match (known, miss) {
            (Some((i, version)), _) if g.version == version => Probe::Hit(i),
            (_, Some(version)) if g.version == version => Probe::Miss,
            _ => g.probe(hash, key, 0),
        };
        match found {
            Probe::Hit(i) => {
                if replace {
                    set_value(&mut g, i, value);
                    return Ok(value);
                }
                return Ok(g.entry(i).2);
            }
            Probe::Miss if g.has_room() => {
                push_entry(&mut g, hash, key, value);
                return Ok(value);
            }
            Probe::Miss => {
                drop(g);
                grow(th, d)?;
            }
            Probe::Ask(..) => {
                let version = g.version;
                drop(g);
                known = locate(th, d, hash, key)?;
                miss = if known.is_none() { Some(version) } else { None };
            }
        }
    }
}

/// Makes room for at least one more entry, dropping deleted ones.
fn grow(th: &mut Thread, d: Gc<Dict>) -> R<()> {
    loop {
        let g = look(th, d)?;
        let (version, used, room) = (g.version, g.used, g.has_room());
        drop(g);
        if room {
            return Ok(());
        }
        let want = if used < SMALL { SMALL } else { (used * 2).max(16) };
        let entries = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: 3 * want }, 3 * want)?;
        let index = if want > SMALL {
            let bytes = (want * 2).next_power_of_two() * 4;
            let s = th.alloc_tail::<Bytes8>(0, Bytes8 { header: Header::NEW, len: bytes }, bytes)?;
            u32s_mut(s).fill(EMPTY);
            Some(s)
        } else {
            None
        };
        let mut g = edit(th, d)?;
        if g.version != version {
            continue;
        }
        // SAFETY: the fresh storage is known to nobody else.
        let to = unsafe { (&*entries.as_ptr()).tail_mut() };
        let mut n = 0;
        for i in 0..g.fill {
            let (h, k, v) = g.entry(i);
            if k != Value::TOMB {
                to[3 * n..3 * n + 3].copy_from_slice(&[h, k, v]);
                if let Some(s) = index {
                    index_put(u32s_mut(s), h.int_unchecked() as u64, n as u32);
                }
                n += 1;
            }
        }
        let old = g.entries;
        g.detach(old);
        g.entries = Some(entries);
        g.index = index;
        g.fill = n;
        // Entry numbers changed.
        g.version += 1;
        return Ok(());
    }
}

/// Removes `key`; its value if it stood there.
pub fn remove(th: &mut Thread, d: Gc<Dict>, key: Value) -> R<Option<Value>> {
    let hash = key_hash(th, key)?;
    remove_hashed(th, d, hash, key)
}
pub fn remove_hashed(th: &mut Thread, d: Gc<Dict>, hash: u64, key: Value) -> R<Option<Value>> {
    loop {
        let Some((i, version)) = locate(th, d, hash, key)? else { return Ok(None) };
        let mut g = edit(th, d)?;
        if g.version != version {
            continue;
        }
        let v = g.entry(i).2;
        if g.cells {
            // The cell stays, empty: caches hold it.
            g.version += 1;
            drop(g);
            let old = cell::get(th, v)?;
            cell::set(th, v, Value::UNSET)?;
            return Ok(old.get());
        }
        kill(&mut g, i);
        return Ok(Some(v));
    }
}

/// The cell under `name` in a namespace, made empty if there is none.
pub fn cell_of(th: &mut Thread, d: Gc<Dict>, hash: u64, name: Value) -> R<Value> {
    loop {
        let found = locate(th, d, hash, name)?;
        if let Some((i, version)) = found {
            let g = look(th, d)?;
            if g.version == version {
                return Ok(g.entry(i).2);
            }
            continue;
        }
        let c = cell::new_unowned(th)?;
        let stands = put(th, d, hash, name, c.value(), false)?;
        return Ok(stands);
    }
}
pub fn name_cell(th: &mut Thread, d: Gc<Dict>, name: Value) -> R<Gc<Cell>> {
    let hash = key_hash(th, name)?;
    Ok(cell_of(th, d, hash, name)?.cast().expect("a namespace holds cells"))
}
/// The cell under `name` if the namespace has an entry for it.
pub fn find_cell(th: &mut Thread, d: Gc<Dict>, name: Value) -> R<Option<Gc<Cell>>> {
    let hash = key_hash(th, name)?;
    loop {
        let Some((i, version)) = locate(th, d, hash, name)? else { return Ok(None) };
        let g = look(th, d)?;
        if g.version == version {
            return Ok(g.entry(i).2.cast());
        }
    }
}

/// Number of entries that scripts see.
pub fn len(th: &mut Thread, d: Gc<Dict>) -> R<usize> {
    let g = d.read(th)?;
    if !g.cells {
        return Ok(g.used);
    }
    drop(g);
    let (mut n, mut at) = (0, 0);
    while next(th, d, &mut at)?.is_some() {
        n += 1;
    }
    Ok(n)
}

/// The entry at or after position `*at` (start with 0), which moves past it. Follows insertions; the caller compares `version`.
pub fn next(th: &mut Thread, d: Gc<Dict>, at: &mut usize) -> R<Option<(Value, Value)>> { Ok(next_hashed(th, d, at)?.map(|(_, k, v)| (k, v))) }
/// As `next`, with the key's hash in front.
pub fn next_hashed(th: &mut Thread, d: Gc<Dict>, at: &mut usize) -> R<Option<(u64, Value, Value)>> {
    loop {
        let g = d.read(th)?;
        let cells = g.cells;
        let (h, k, v) = loop {
            if *at >= g.fill {
                return Ok(None);
            }
            let (h, k, v) = g.entry(*at);
            *at += 1;
            if k != Value::TOMB {
                break (h.int_unchecked() as u64, k, v);
            }
        };
        if !cells {
            return Ok(Some((h, k, v)));
        }
        let v = cell::get(th, v)?;
        if !v.is_unset() {
            return Ok(Some((h, k, v)));
        }
    }
}
/// The last entry before position `*at` (start with `usize::MAX`), which moves to it.
pub fn previous(th: &mut Thread, d: Gc<Dict>, at: &mut usize) -> R<Option<(u64, Value, Value)>> {
    loop {
        let g = d.read(th)?;
        let cells = g.cells;
        *at = (*at).min(g.fill);
        let (h, k, v) = loop {
            if *at == 0 {
                return Ok(None);
            }
            *at -= 1;
            let (h, k, v) = g.entry(*at);
            if k != Value::TOMB {
                break (h.int_unchecked() as u64, k, v);
            }
        };
        let v = if cells { cell::get(th, v)? } else { v };
        if !v.is_unset() {
            return Ok(Some((h, k, v)));
        }
    }
}
/// Removes all entries.
pub fn clear(th: &mut Thread, d: Gc<Dict>) -> R<()> {
    if is_namespace(d) {
        let mut at = 0;
        while let Some((k, _)) = next(th, d, &mut at)? {
            remove(th, d, k)?;
        }
        return Ok(());
    }
    let mut g = edit(th, d)?;
    let old = g.entries;
    g.detach(old);
    (g.used, g.fill, g.index, g.entries) = (0, 0, None, None);
    g.version += 1;
    Ok(())
}
/// A dict with the same entries (never a namespace).
pub fn copy(th: &mut Thread, d: Gc<Dict>) -> R<Gc<Dict>> {
    let out = new(th)?;
    update(th, out, d)?;
    Ok(out)
}
/// All entries of `from` into `to`.
pub fn update(th: &mut Thread, to: Gc<Dict>, from: Gc<Dict>) -> R<()> {
    let mut at = 0;
    while let Some((h, k, v)) = next_hashed(th, from, &mut at)? {
        set_hashed(th, to, h, k, v)?;
    }
    Ok(())
}
