//! Changes of a list's length: insertion, removal, slice assignment and deletion, each in one atomic step.

use super::list::{self, List};
use super::{sequence, slice};
use crate::exceptions::TYPE_ERROR;
use crate::object::iter;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, Values};

pub fn clear(th: &mut Thread, l: Gc<List>) -> R<()> {
    let mut g = list::edit(th, l)?;
    let old = g.items;
    g.detach(old);
    g.set_count(0);
    g.items = None;
    Ok(())
}

/// Inserts before index `i`, which is limited to the list.
pub fn insert(th: &mut Thread, l: Gc<List>, i: i64, v: Value) -> R<()> {
    loop {
        list::reserve(th, l, 1)?;
        let mut g = list::edit(th, l)?;
        let n = g.count();
        if n < g.capacity() {
            let at = sequence::limit(i, n);
            let s = list::logged(&mut g, at..n + 1);
            s.copy_within(..n - at, 1);
            s[0] = v;
            g.set_count(n + 1);
            return Ok(());
        }
    }
}

/// Removes the items `from..to`, as far as they exist.
pub fn remove_range(th: &mut Thread, l: Gc<List>, from: usize, to: usize) -> R<()> {
    let mut g = list::edit(th, l)?;
    let n = g.count();
    let (from, to) = (from.min(n), to.min(n));
    if from < to {
        let s = list::logged(&mut g, from..n);
        s.copy_within(to - from.., 0);
        s[n - to..].fill(Value::UNSET);
        g.set_count(n - (to - from));
    }
    Ok(())
}

/// The items of what is assigned to a slice, copied: it may be the list itself.
pub fn source(th: &mut Thread, v: Value, otherwise: &str) -> R<Gc<Values>> {
    let l = match iter::to_list(th, v) {
        Ok(l) => l,
        Err(e) => {
            let iterable = crate::object::dunder(v, super::dunder::D::iter).is_some() || crate::object::dunder(v, super::dunder::D::getitem).is_some();
            if !iterable && th.catch(&TYPE_ERROR).is_some() {
                return Err(th.type_error(otherwise));
            }
            return Err(e);
        }
    };
    list::snapshot(th, l)
}

/// `l[start:stop] = items` with bounds from `slice::unpack`.
pub fn assign(th: &mut Thread, l: Gc<List>, start: i64, stop: i64, items: &[Value]) -> R<()> {
    loop {
        let g = l.read(th)?;
        let (n, cap, old) = (g.count(), g.capacity(), g.items);
        drop(g);
        let (at, end, _) = slice::adjust(start, stop, 1, n);
        let (at, end) = (at as usize, end.max(at) as usize);
        let Some(want) = (n - (end - at)).checked_add(items.len()) else { return Err(th.memory_error()) };
        let fresh = if want > cap { Some(th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: want }, want)?) } else { None };
        let mut g = l.write(th)?;
        if g.count() != n || g.items != old {
            continue;
        }
        if let Some(fresh) = fresh {
            // SAFETY: the fresh storage is known to nobody else.
            let to = unsafe { fresh.frozen().tail_mut() };
            let from = g.as_slice();
            to[..at].copy_from_slice(&from[..at]);
            to[at..at + items.len()].copy_from_slice(items);
            to[at + items.len()..].copy_from_slice(&from[end..]);
            g.detach(old);
            g.items = Some(fresh);
            g.set_count(want);
            return Ok(());
        }
        g.set_count(want.max(n));
        let s = g.as_mut_slice();
        s.copy_within(end..n, at + items.len());
        s[at..at + items.len()].copy_from_slice(items);
        if want < n {
            s[want..].fill(Value::UNSET);
        }
        g.set_count(want);
        return Ok(());
    }
}

/// `l[start:stop:step] = items`.
pub fn assign_extended(th: &mut Thread, l: Gc<List>, start: i64, stop: i64, step: i64, items: &[Value]) -> R<()> {
    let mut g = l.write(th)?;
    let (at, _, n) = slice::adjust(start, stop, step, g.count());
    if n != items.len() {
        drop(g);
        return Err(th.value_error(format!("attempt to assign sequence of size {} to extended slice of size {n}", items.len())));
    }
    let s = g.as_mut_slice();
    for (i, x) in items.iter().enumerate() {
        s[(at + i as i64 * step) as usize] = *x;
    }
    Ok(())
}

/// `del l[start:stop:step]`.
pub fn delete_extended(th: &mut Thread, l: Gc<List>, start: i64, stop: i64, step: i64) -> R<()> {
    let mut g = l.write(th)?;
    let n = g.count();
    let (at, _, gone) = slice::adjust(start, stop, step, n);
    if gone == 0 {
        return Ok(());
    }
    // As an ascending run of places.
    let (first, step) = if step < 0 { ((at + (gone as i64 - 1) * step) as usize, step.unsigned_abs() as usize) } else { (at as usize, step as usize) };
    let s = g.as_mut_slice();
    let (mut to, mut next, mut left) = (first, first, gone);
    for i in first..n {
        if left > 0 && i == next {
            left -= 1;
            next = next.saturating_add(step);
        } else {
            s[to] = s[i];
            to += 1;
        }
    }
    s[to..].fill(Value::UNSET);
    g.set_count(to);
    Ok(())
}
