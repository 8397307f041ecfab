//! A growable vector of Values that lives in the heap, for natives that gather values across safepoints.

use crate::kinds::{Values, kind};
use crate::object::{Gc, Header};
use crate::thread::{R, Thread};
use crate::value::Value;

object! {
    /// The object behind [`RootedVec`].
    pub struct Rooted = kind::ROOTED { pub count: usize, pub items: Option<Gc<Values>> }
}

impl Rooted {
    pub fn as_slice(&self) -> &[Value] {
        match &self.items {
            Some(s) => &s.frozen().items()[..self.count],
            None => &[],
        }
    }
    pub fn as_mut_slice(&mut self) -> &mut [Value] {
        match &self.items {
            // SAFETY: the storage belongs to this object, which the caller holds for writing.
            Some(s) => unsafe { &mut s.frozen().tail_mut()[..self.count] },
            None => &mut [],
        }
    }
}

/// `let v = RootedVec::new(th)?; v.push(th, x)?; v.get(th, 0)?`. Copy: it is a reference, and keeps its items alive while it is
/// on a native stack or in an object.
#[derive(Clone, Copy)]
pub struct RootedVec(pub Gc<Rooted>);

impl RootedVec {
    pub fn new(th: &mut Thread) -> R<RootedVec> { Ok(RootedVec(th.alloc(0, Rooted { header: Header::NEW, count: 0, items: None })?)) }

    pub fn with_capacity(th: &mut Thread, n: usize) -> R<RootedVec> {
        let v = RootedVec::new(th)?;
        v.grow(th, n)?;
        Ok(v)
    }

    pub fn from_slice(th: &mut Thread, items: &[Value]) -> R<RootedVec> {
        let storage = Values { header: Header::NEW, len: 0 };
        Ok(RootedVec(th.alloc_owner(0, storage, items, |s| Rooted { header: Header::NEW, count: items.len(), items: Some(s) })?))
    }

    /// Room for `n` items in all.
    fn grow(self, th: &mut Thread, n: usize) -> R<()> {
        let s = th.alloc_tail(0, Values { header: Header::NEW, len: 0 }, n)?;
        let mut g = self.0.write(th)?;
        // SAFETY: the new storage is not reachable yet.
        unsafe { s.frozen().tail_mut()[..g.count].copy_from_slice(g.as_slice()) };
        let old = g.items;
        g.detach(old);
        g.items = Some(s);
        Ok(())
    }

    #[inline]
    pub fn push(self, th: &mut Thread, v: Value) -> R<()> {
        let mut g = self.0.write(th)?;
        let n = g.count;
        if g.items.is_none_or(|s| s.frozen().len == n) {
            self.grow(th, if n < 4 { 8 } else { n + n / 2 })?;
            g = self.0.write(th)?;
        }
        g.count = n + 1;
        g.as_mut_slice()[n] = v;
        Ok(())
    }

    pub fn pop(self, th: &mut Thread) -> R<Option<Value>> {
        let mut g = self.0.write(th)?;
        let v = g.as_slice().last().copied();
        if v.is_some() {
            let n = g.count - 1;
            g.as_mut_slice()[n] = Value::UNSET;
            g.count = n;
        }
        Ok(v)
    }

    #[inline]
    pub fn len(self, th: &mut Thread) -> R<usize> { Ok(self.0.read(th)?.count) }
    pub fn is_empty(self, th: &mut Thread) -> R<bool> { Ok(self.len(th)? == 0) }

    /// # Panics
    /// When `i` is out of range.
    #[inline]
    pub fn get(self, th: &mut Thread, i: usize) -> R<Value> { Ok(self.0.read(th)?.as_slice()[i]) }
    /// # Panics
    /// When `i` is out of range.
    #[inline]
    pub fn set(self, th: &mut Thread, i: usize, v: Value) -> R<()> {
        self.0.write(th)?.as_mut_slice()[i] = v;
        Ok(())
    }
    pub fn last(self, th: &mut Thread) -> R<Option<Value>> { Ok(self.0.read(th)?.as_slice().last().copied()) }

    pub fn truncate(self, th: &mut Thread, n: usize) -> R<()> {
        let mut g = self.0.write(th)?;
        if n < g.count {
            g.as_mut_slice()[n..].fill(Value::UNSET);
            g.count = n;
        }
        Ok(())
    }
    pub fn clear(self, th: &mut Thread) -> R<()> { self.truncate(th, 0) }

    pub fn extend(self, th: &mut Thread, items: &[Value]) -> R<()> {
        for &v in items {
            self.push(th, v)?;
        }
        Ok(())
    }

    /// Runs `f` on the items; no safepoint inside.
    pub fn with<T>(self, th: &mut Thread, f: impl FnOnce(&[Value]) -> T) -> R<T> { Ok(f(self.0.read(th)?.as_slice())) }
    /// Runs `f` on the items, which it may permute; no safepoint inside.
    pub fn with_mut<T>(self, th: &mut Thread, f: impl FnOnce(&mut [Value]) -> T) -> R<T> { Ok(f(self.0.write(th)?.as_mut_slice())) }

    pub fn value(self) -> Value { self.0.value() }
    pub fn from_value(v: Value) -> Option<RootedVec> { v.cast().map(RootedVec) }
}
