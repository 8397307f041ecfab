//! The per-thread cache of attribute lookups in classes.

use super::cell::{self, Cell};
use super::type_::{self, Type};
use crate::thread::Thread;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{Gc, R, Value};

const SIZE: usize = 1024;

/// Direct-mapped: (class version, name) -> cell. Versions are unique over classes and time, so an entry is never wrong; it keeps nothing
/// alive, and names a cell that a class of that version holds.
pub struct LookupCache(Box<[(u32, u64, Option<Gc<Cell>>); SIZE]>);
impl Default for LookupCache {
    /// Made where it stays: on the way there it would touch a new thread's stack.
    fn default() -> Self { LookupCache(vec![(0, 0, None); SIZE].try_into().expect("the length")) }
}

/// The cell of attribute `name` (interned) in the MRO of `t`, or None.
#[inline]
pub fn find_cell(th: &mut Thread, t: Gc<Type>, name: Value) -> R<Option<Gc<Cell>>> {
    let version = t.frozen().version.load(Relaxed);
    let at = (name.bits() >> 4 ^ (version as u64).wrapping_mul(0x9E37_79B9)) as usize & (SIZE - 1);
    let (v, n, c) = th.lookups.0[at];
    if v == version && n == name.bits() {
        return Ok(c);
    }
    let name = th.intern_value(name);
    let c = type_::lookup_slow(th, t, name)?;
    if t.frozen().version.load(Relaxed) == version && name.header().is_some_and(|h| h.has(txpy_heap::flag::INTERNED)) {
        th.lookups.0[at] = (version, name.bits(), c);
    }
    Ok(c)
}

#[inline]
pub fn find(th: &mut Thread, t: Gc<Type>, name: Value) -> R<Option<Value>> {
    match find_cell(th, t, name)? {
        Some(c) => Ok(cell::get(th, c.value())?.get()),
        None => Ok(None),
    }
}
