//! `list`: layout, construction and the operations that the interpreter and natives share.

use super::list_methods;
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use std::ops::Range;
use txpy_heap::{Elements, Gc, Header, R, Value, Values, object};

object! {
    /// A growable sequence. The storage has room for `items.len` Values, the first `len` are in use.
    pub struct List = kinds::LIST, storage_in(items) {
        /// Int-tagged, so that one unsigned compare checks an index's tag, sign and bound.
        pub len: Value,
        pub items: Option<Gc<Values>>,
    }
}

pub static LIST: TypeDef = TypeDef {
    name: "list", kind: kinds::LIST, size: size_of::<List>() as u16, flags: type_flag::BASE | type_flag::SEQUENCE | type_flag::MATCH_SELF,
    methods: &[list_methods::METHODS, super::generic_alias::CLASS_GETITEM], doc: "A mutable sequence.", ..TypeDef::DEFAULT
};

impl List {
    #[inline(always)]
    pub fn count(&self) -> usize { self.len.int_unchecked() as usize }
    #[inline(always)]
    pub fn capacity(&self) -> usize { self.items.map_or(0, |s| s.frozen().len) }
    #[inline(always)]
    pub fn as_slice(&self) -> &[Value] {
        match self.items {
            // SAFETY: storage belongs to its list; whoever has `&List` holds the list for reading.
            Some(s) => unsafe { &(&*s.as_ptr()).items()[..self.count()] },
            None => &[],
        }
    }
    #[inline(always)]
    pub fn as_mut_slice(&mut self) -> &mut [Value] {
        match self.items {
            // SAFETY: storage belongs to its list; whoever has `&mut List` holds the list for writing.
            Some(s) => unsafe { &mut (&*s.as_ptr()).tail_mut()[..self.len.int_unchecked() as usize] },
            None => &mut [],
        }
    }
    pub fn set_count(&mut self, n: usize) { self.len = Value::int(n as i64) }
}

/// Write access for changes of few items, each through [`logged`].
#[inline]
pub fn edit(th: &mut Thread, l: Gc<List>) -> R<Elements<'_, List>> { l.write_elements(th, List::capacity) }
/// Has the list for changes of few items.
#[inline]
pub fn own(th: &mut Thread, l: Gc<List>) -> R<()> { edit(th, l).map(drop) }
/// Places of the storage, room behind the items included, to be changed. Panics when there are no such.
#[inline]
pub fn logged<'a>(g: &'a mut Elements<'_, List>, places: Range<usize>) -> &'a mut [Value] {
    let Some(s) = g.items else { return &mut [] };
    // SAFETY: storage belongs to its list, which the guard holds for writing.
    let all = unsafe { (&*s.as_ptr()).tail_mut() };
    let whole = all.len();
    let part = &mut all[places];
    // SAFETY: a part of the list's storage.
    unsafe { g.log(part.as_ptr().cast(), part.len(), whole) };
    part
}

/// A list of `items`.
pub fn new(th: &mut Thread, items: &[Value]) -> R<Value> {
    if items.is_empty() {
        return Ok(with_capacity(th, 0)?.value());
    }
    let len = Value::int(items.len() as i64);
    Ok(th.alloc_owner(LIST.shape(), Values { header: Header::NEW, len: 0 }, items, |s| List { header: Header::NEW, len, items: Some(s) })?.value())
}
/// An empty list with room for `n` items.
pub fn with_capacity(th: &mut Thread, n: usize) -> R<Gc<List>> {
    // The owner first: a collection between the two must not make the storage older than it, whose later writes nobody would notice.
    let list = th.alloc(LIST.shape(), List { header: Header::NEW, len: Value::int(0), items: None })?;
    if n > 0 {
        let storage = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: n }, n)?;
        list.write(th)?.items = Some(storage);
    }
    Ok(list)
}

/// Storage of so many items may have room behind it.
const LARGE: usize = 1 << 10;
fn grown(n: usize) -> usize { (n + (n >> 3) + 6) & !3 }

/// Makes room for `more` further items and returns with the room still there (no safepoint between the last check and the return).
pub fn reserve(th: &mut Thread, list: Gc<List>, more: usize) -> R<()> {
    loop {
        let g = list.read(th)?;
        let (n, cap, old) = (g.count(), g.capacity(), g.items);
        drop(g);
        let Some(want) = n.checked_add(more) else { return Err(th.memory_error()) };
        if want <= cap {
            return Ok(());
        }
        let cap = if more == 1 { grown(want) } else { want.max(grown(n)) };
        if let Some(old) = old.filter(|_| cap >= LARGE) {
            let mut g = edit(th, list)?;
            if g.items == Some(old) && g.extend(old, cap) {
                return Ok(());
            }
        }
        let fresh = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: cap }, cap)?;
        let mut g = edit(th, list)?;
        if g.count() != n || g.items != old {
            continue;
        }
        // SAFETY: the fresh storage is known to nobody else.
        let to = unsafe { fresh.frozen().tail_mut() };
        to[..n].copy_from_slice(g.as_slice());
        g.detach(old);
        g.items = Some(fresh);
        return Ok(());
    }
}

pub fn append(th: &mut Thread, list: Gc<List>, v: Value) -> R<()> {
    loop {
        let mut g = edit(th, list)?;
        let n = g.count();
        if n < g.capacity() {
            logged(&mut g, n..n + 1)[0] = v;
            g.set_count(n + 1);
            return Ok(());
        }
        drop(g);
        reserve(th, list, 1)?;
    }
}
pub fn len(th: &mut Thread, list: Gc<List>) -> R<usize> { Ok(list.read(th)?.count()) }
/// Item `i`, None past the end.
pub fn get(th: &mut Thread, list: Gc<List>, i: usize) -> R<Option<Value>> { Ok(list.read(th)?.as_slice().get(i).copied()) }
/// A copy of the items as a fresh tuple's storage: natives iterate over it while Python code may change the list.
pub fn snapshot(th: &mut Thread, list: Gc<List>) -> R<Gc<Values>> {
    loop {
        let n = len(th, list)?;
        let copy = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: n }, n)?;
        let g = list.read(th)?;
        if g.count() == n {
            // SAFETY: the copy is known to nobody else.
            unsafe { copy.frozen().tail_mut() }.copy_from_slice(g.as_slice());
            return Ok(copy);
        }
    }
}
/// Appends all of `items` (which must not be this list's own storage under a guard).
pub fn extend(th: &mut Thread, list: Gc<List>, items: &[Value]) -> R<()> {
    loop {
        reserve(th, list, items.len())?;
        let mut g = edit(th, list)?;
        let n = g.count();
        if n + items.len() <= g.capacity() {
            logged(&mut g, n..n + items.len()).copy_from_slice(items);
            g.set_count(n + items.len());
            return Ok(());
        }
    }
}
