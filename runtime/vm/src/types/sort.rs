//! Sorting: a stable merge sort with natural runs over a snapshot, on item numbers. Comparisons may raise, change the list or contradict
//! each other; the snapshot stays a permutation.

use super::list::List;
use super::{int, text};
use crate::object::compare::{self, Cmp};
use crate::object::class_name;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, RootedVec, Value, Values};

/// Sorts `l` in place. While it runs the list is empty, as in CPython; ValueError if somebody filled it meanwhile.
pub fn sort(th: &mut Thread, l: Gc<List>, cmp: Option<Value>, key: Option<Value>, reverse: bool) -> R<()> {
    let mut g = l.write(th)?;
    let n = g.count();
    let Some(items) = g.items.take() else { return Ok(()) };
    g.set_count(0);
    g.detach(Some(items));
    drop(g);
    // The storage is private now; order is found on numbers, so the items stay in it, visible to the collector.
    let r = order(th, &items.frozen().items()[..n], cmp, key, reverse);
    let result = match r {
        Ok(order) => put_back(th, l, items, &order),
        Err(e) => {
            // The cause in flight must survive: putting back needs no call and no exception.
            put_back_after_error(th, l, items, n)?;
            return Err(e);
        }
    };
    match result {
        Ok(true) => Err(th.value_error("list modified during sort")),
        Ok(false) => Ok(()),
        Err(e) => Err(e),
    }
}

/// Puts the items back in the new order; whether the list had been filled meanwhile.
fn put_back(th: &mut Thread, l: Gc<List>, items: Gc<Values>, order: &[u32]) -> R<bool> {
    let cap = items.frozen().len;
    let fresh = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: cap }, cap)?;
    let from = items.frozen().items();
    // SAFETY: the fresh storage is known to nobody else.
    let to = unsafe { fresh.frozen().tail_mut() };
    order.iter().zip(to.iter_mut()).for_each(|(i, x)| *x = from[*i as usize]);
    let mut g = l.write(th)?;
    let changed = g.items.is_some();
    g.items = Some(fresh);
    g.set_count(order.len());
    Ok(changed)
}
fn put_back_after_error(th: &mut Thread, l: Gc<List>, items: Gc<Values>, n: usize) -> R<()> {
    let mut g = l.write(th)?;
    g.items = Some(items);
    g.set_count(n);
    Ok(())
}

/// The numbers of `items` in sorted order. `items` lie in storage that nobody changes.
pub fn order(th: &mut Thread, items: &[Value], cmp: Option<Value>, key: Option<Value>, reverse: bool) -> R<Vec<u32>> {
    let n = items.len();
    if n > u32::MAX as usize {
        return Err(th.memory_error());
    }
    let keys = match key {
        None => None,
        Some(f) => {
            let keys = RootedVec::with_capacity(th, n)?;
            for x in items {
                let k = th.call(f, &[*x])?;
                keys.push(th, k)?;
            }
            Some(keys)
        }
    };
    let copy = match keys {
        // A private copy that nobody writes to: read without guards.
        Some(k) => {
            let s = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: n }, n)?;
            k.with(th, |from| {
                // SAFETY: the fresh storage is known to nobody else.
                unsafe { s.frozen().tail_mut() }.copy_from_slice(from)
            })?;
            Some(s)
        }
        None => None,
    };
    let keys: &[Value] = match &copy {
        Some(s) => s.frozen().items(),
        None => items,
    };
    let mut order: Vec<u32> = Vec::new();
    if order.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    order.extend(0..n as u32);
    if reverse {
        // Equal items keep their order: reverse before and after.
        order.reverse();
    }
    match cmp {
        Some(f) => merge_sort(th, &mut order, |th, a, b| cmp_less(th, f, keys[a as usize], keys[b as usize]))?,
        None => {
            if keys.iter().all(|k| k.is_int()) {
                merge_sort(th, &mut order, |_, a, b| Ok(keys[a as usize].int_unchecked() < keys[b as usize].int_unchecked()))?;
            } else if keys.iter().all(|k| k.is_float()) {
                merge_sort(th, &mut order, |_, a, b| Ok(keys[a as usize].float_unchecked() < keys[b as usize].float_unchecked()))?;
            } else if keys.iter().all(|k| text::STR.is_exact(*k)) || keys.iter().all(|k| text::BYTES.is_exact(*k)) {
                // UTF-8, surrogates included, sorts as its code points do.
                merge_sort(th, &mut order, |_, a, b| Ok(text::bytes_of(keys[a as usize]) < text::bytes_of(keys[b as usize])))?;
            } else {
                merge_sort(th, &mut order, |th, a, b| compare::compare_bool(th, Cmp::Lt, keys[a as usize], keys[b as usize]))?;
            }
        }
    }
    if reverse {
        order.reverse();
    }
    Ok(order)
}

fn cmp_less(th: &mut Thread, f: Value, a: Value, b: Value) -> R<bool> {
    let r = th.call(f, &[a, b])?;
    if let Some(i) = r.as_int() {
        return Ok(i < 0);
    }
    if !int::is_int_like(r) {
        let got = class_name(r);
        return Err(th.type_error(format!("comparison function must return int, not {got}")));
    }
    compare::compare_bool(th, Cmp::Lt, r, Value::int(0))
}

const MIN_RUN: usize = 32;

/// Natural merge sort: runs found in the data, short ones extended by binary insertion, merged so that lengths stay balanced.
fn merge_sort(th: &mut Thread, v: &mut [u32], mut less: impl FnMut(&mut Thread, u32, u32) -> R<bool>) -> R<()> {
    let n = v.len();
    let mut tmp: Vec<u32> = Vec::new();
    if tmp.try_reserve_exact(n / 2 + 1).is_err() {
        return Err(th.memory_error());
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < n {
        let mut len = run(th, &mut v[at..], &mut less)?;
        if len < MIN_RUN {
            let want = MIN_RUN.min(n - at);
            insertion(th, &mut v[at..at + want], len, &mut less)?;
            len = want;
        }
        runs.push((at, len));
        at += len;
        while runs.len() > 1 {
            let k = runs.len();
            let (c, b) = (runs[k - 1].1, runs[k - 2].1);
            let a = if k > 2 { runs[k - 3].1 } else { usize::MAX };
            let crowded = k > 2 && a <= b + c || k > 3 && runs[k - 4].1 <= a + b;
            if !crowded && b > c {
                break;
            }
            let i = if a < c { k - 3 } else { k - 2 };
            join(th, v, &mut tmp, &mut runs, i, &mut less)?;
        }
    }
    while runs.len() > 1 {
        let k = runs.len();
        let i = if k > 2 && runs[k - 3].1 < runs[k - 1].1 { k - 3 } else { k - 2 };
        join(th, v, &mut tmp, &mut runs, i, &mut less)?;
    }
    Ok(())
}

/// Length of the run at the start, made ascending.
fn run(th: &mut Thread, v: &mut [u32], less: &mut impl FnMut(&mut Thread, u32, u32) -> R<bool>) -> R<usize> {
    if v.len() < 2 {
        return Ok(v.len());
    }
    let down = less(th, v[1], v[0])?;
    let mut n = 2;
    while n < v.len() && less(th, v[n], v[n - 1])? == down {
        n += 1;
        if n & 0xFFFF == 0 {
            th.poll()?;
        }
    }
    if down {
        v[..n].reverse();
    }
    Ok(n)
}
/// Sorts `v`, whose first `sorted` items already are.
fn insertion(th: &mut Thread, v: &mut [u32], sorted: usize, less: &mut impl FnMut(&mut Thread, u32, u32) -> R<bool>) -> R<()> {
    for i in sorted.max(1)..v.len() {
        let x = v[i];
        let (mut lo, mut hi) = (0, i);
        while lo < hi {
            let mid = (lo + hi) / 2;
            if less(th, x, v[mid])? { hi = mid } else { lo = mid + 1 }
        }
        v.copy_within(lo..i, lo + 1);
        v[lo] = x;
    }
    Ok(())
}
/// Merges runs `i` and `i + 1`. An error leaves a permutation.
fn join(th: &mut Thread, v: &mut [u32], tmp: &mut Vec<u32>, runs: &mut Vec<(usize, usize)>, i: usize, less: &mut impl FnMut(&mut Thread, u32, u32) -> R<bool>) -> R<()> {
    th.poll()?;
    let ((a, m), (b, n)) = (runs[i], runs[i + 1]);
    runs[i].1 = m + n;
    runs.remove(i + 1);
    // What already stands in its place needs no merging.
    let (mut lo, mut hi) = (0, m);
    while lo < hi {
        let mid = (lo + hi) / 2;
        if less(th, v[b], v[a + mid])? { hi = mid } else { lo = mid + 1 }
    }
    let (a, m) = (a + lo, m - lo);
    if m == 0 {
        return Ok(());
    }
    let last = v[a + m - 1];
    let (mut lo, mut hi) = (0, n);
    while lo < hi {
        let mid = (lo + hi) / 2;
        if less(th, v[b + mid], last)? { lo = mid + 1 } else { hi = mid }
    }
    let n = lo;
    tmp.clear();
    let mut steps = 0usize;
    let mut r = Ok(());
    if m <= n {
        tmp.extend_from_slice(&v[a..a + m]);
        let (mut i, mut j, mut to) = (0, b, a);
        while i < m && j < b + n {
            match less(th, v[j], tmp[i]) {
                Ok(true) => {
                    v[to] = v[j];
                    j += 1;
                }
                Ok(false) => {
                    v[to] = tmp[i];
                    i += 1;
                }
                Err(e) => {
                    r = Err(e);
                    break;
                }
            }
            to += 1;
            steps += 1;
            if steps & 0xFFFF == 0 {
                if let Err(e) = th.poll() {
                    r = Err(e);
                    break;
                }
            }
        }
        v[to..to + m - i].copy_from_slice(&tmp[i..m]);
    } else {
        tmp.extend_from_slice(&v[b..b + n]);
        let (mut i, mut j, mut to) = (a + m, n, b + n);
        while i > a && j > 0 {
            match less(th, tmp[j - 1], v[i - 1]) {
                Ok(true) => {
                    v[to - 1] = v[i - 1];
                    i -= 1;
                }
                Ok(false) => {
                    v[to - 1] = tmp[j - 1];
                    j -= 1;
                }
                Err(e) => {
                    r = Err(e);
                    break;
                }
            }
            to -= 1;
            steps += 1;
            if steps & 0xFFFF == 0 {
                if let Err(e) = th.poll() {
                    r = Err(e);
                    break;
                }
            }
        }
        v[to - j..to].copy_from_slice(&tmp[..j]);
    }
    r
}

/// `sorted(v)`: a new list.
pub fn sorted(th: &mut Thread, v: Value, cmp: Option<Value>, key: Option<Value>, reverse: bool) -> R<Value> {
    crate::object::iter::check_hint(th, v)?;
    let l = crate::object::iter::to_list(th, v)?;
    sort(th, l, cmp, key, reverse)?;
    Ok(l.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs that are merged unevenly still sort, only in quadratic time: so comparisons are counted.
    #[test]
    fn sorts_stably_with_n_log_n_comparisons() {
        let mut th = Thread::attach().expect("memory for a thread");
        let mut seed = 1u32;
        for n in [0usize, 1, 2, 33, 1000, 20_000] {
            let keys: Vec<u32> = (0..n)
                .map(|_| {
                    seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
                    (seed >> 8) % (n as u32 / 2 + 1)
                })
                .collect();
            let mut v: Vec<u32> = (0..n as u32).collect();
            let mut count = 0usize;
            merge_sort(&mut th, &mut v, |_, a, b| {
                count += 1;
                Ok(keys[a as usize] < keys[b as usize])
            })
            .expect("nothing raises");
            let mut want: Vec<u32> = (0..n as u32).collect();
            want.sort_by_key(|i| keys[*i as usize]);
            assert_eq!(v, want);
            assert!(count <= n * (n.max(2).ilog2() as usize + 2), "{count} comparisons for {n} items");
        }
    }
}
