//! `_heapq`: heaps in lists. Comparisons may run Python code, so every step reads the list anew.

use crate::api::*;

pub static MODULE: ModuleDef = ModuleDef { name: "_heapq", doc: "Heap queue algorithm (a.k.a. priority queue).", functions: FUNCTIONS, ..ModuleDef::DEFAULT };

static FUNCTIONS: &[NativeDef] = natives! {
    "heappush(heap, item, /)" = |th, a| push(th, a, false), "Push item onto heap, maintaining the heap invariant.";
    "heappop(heap, /)" = |th, a| { let h = heap(th, a, "heappop")?; pop(th, h, false) }, "Pop the smallest item off the heap, maintaining the heap invariant.";
    "heapreplace(heap, item, /)" = |th, a| replace(th, a, false), "Pop and return the current smallest value, and add the new item.";
    "heappushpop(heap, item, /)" = |th, a| pushpop(th, a, false), "Push item on the heap, then pop and return the smallest item from the heap.";
    "heapify(heap, /)" = |th, a| heapify(th, a, false), "Transform list into a heap, in-place, in O(len(heap)) time.";
    #[py3] "_heappop_max(heap, /)" = |th, a| { let h = heap(th, a, "_heappop_max")?; pop(th, h, true) }, "Maxheap variant of heappop.";
    #[py3] "_heapreplace_max(heap, item, /)" = |th, a| replace(th, a, true), "Maxheap variant of heapreplace.";
    #[py3] "_heapify_max(heap, /)" = |th, a| heapify(th, a, true), "Maxheap variant of heapify.";
    #[py3] "heappush_max(heap, item, /)" = |th, a| push(th, a, true), "Maxheap variant of heappush.";
    #[py3] "heappop_max(heap, /)" = |th, a| { let h = heap(th, a, "heappop_max")?; pop(th, h, true) }, "Maxheap variant of heappop.";
    #[py3] "heapreplace_max(heap, item, /)" = |th, a| replace(th, a, true), "Maxheap variant of heapreplace.";
    #[py3] "heappushpop_max(heap, item, /)" = |th, a| pushpop(th, a, true), "Maxheap variant of heappushpop.";
    #[py3] "heapify_max(heap, /)" = |th, a| heapify(th, a, true), "Maxheap variant of heapify.";
    #[py2] "nlargest(n, iterable, key=None)" = |th, a| best(th, a, true), "Find the n largest elements in a dataset.";
    #[py2] "nsmallest(n, iterable, key=None)" = |th, a| best(th, a, false), "Find the n smallest elements in a dataset.";
};

fn heap(th: &mut Thread, a: Args, name: &str) -> R<Gc<List>> {
    match a.get(0).cast() {
        Some(l) => Ok(l),
        None => {
            let got = class_name(a.get(0));
            Err(th.type_error(if th.py3() { format!("{name}() argument 1 must be list, not {got}") } else { "heap argument must be a list".to_string() }))
        }
    }
}
/// Whether `x` belongs above `y`.
fn before(th: &mut Thread, x: Value, y: Value, max: bool) -> R<bool> {
    let (x, y) = if max { (y, x) } else { (x, y) };
    compare_bool(th, Cmp::Lt, x, y)
}
fn at(th: &mut Thread, l: Gc<List>, i: usize) -> R<Value> {
    match list::get(th, l, i)? {
        Some(v) => Ok(v),
        None => Err(changed(th)),
    }
}
fn changed(th: &mut Thread) -> Unwind { th.runtime_error("list changed size during iteration") }
fn swap(th: &mut Thread, l: Gc<List>, i: usize, j: usize) -> R<()> {
    let mut g = l.write(th)?;
    let s = g.as_mut_slice();
    if i < s.len() && j < s.len() {
        s.swap(i, j);
        return Ok(());
    }
    drop(g);
    Err(changed(th))
}
fn check_len(th: &mut Thread, l: Gc<List>, n: usize) -> R<()> { if list::len(th, l)? == n { Ok(()) } else { Err(changed(th)) } }

fn sift_down(th: &mut Thread, l: Gc<List>, start: usize, mut pos: usize, max: bool) -> R<()> {
    let n = list::len(th, l)?;
    while pos > start {
        let parent = (pos - 1) >> 1;
        let (x, p) = (at(th, l, pos)?, at(th, l, parent)?);
        let up = before(th, x, p, max)?;
        check_len(th, l, n)?;
        if !up {
            break;
        }
        swap(th, l, pos, parent)?;
        pos = parent;
    }
    Ok(())
}
/// Moves the better child up until a leaf is reached, then the item up to its place: fewer comparisons than stopping early.
fn sift_up(th: &mut Thread, l: Gc<List>, mut pos: usize, max: bool) -> R<()> {
    let (n, start) = (list::len(th, l)?, pos);
    while pos < n / 2 {
        let mut child = 2 * pos + 1;
        if child + 1 < n {
            let (x, y) = (at(th, l, child)?, at(th, l, child + 1)?);
            if !before(th, x, y, max)? {
                child += 1;
            }
            check_len(th, l, n)?;
        }
        swap(th, l, pos, child)?;
        pos = child;
    }
    sift_down(th, l, start, pos, max)
}
fn push(th: &mut Thread, a: Args, max: bool) -> R<Value> {
    let l = heap(th, a, "heappush")?;
    list::append(th, l, a.get(1))?;
    let n = list::len(th, l)?;
    sift_down(th, l, 0, n.saturating_sub(1), max)?;
    Ok(Value::NONE)
}
fn pop(th: &mut Thread, l: Gc<List>, max: bool) -> R<Value> {
    let mut g = l.write(th)?;
    let n = g.count();
    if n == 0 {
        drop(g);
        return Err(th.index_error("index out of range"));
    }
    let last = g.as_slice()[n - 1];
    g.as_mut_slice()[n - 1] = Value::UNSET;
    g.set_count(n - 1);
    if n == 1 {
        return Ok(last);
    }
    let top = std::mem::replace(&mut g.as_mut_slice()[0], last);
    drop(g);
    sift_up(th, l, 0, max)?;
    Ok(top)
}
fn replace(th: &mut Thread, a: Args, max: bool) -> R<Value> {
    let l = heap(th, a, "heapreplace")?;
    let mut g = l.write(th)?;
    let Some(first) = g.as_mut_slice().first_mut() else {
        drop(g);
        return Err(th.index_error("index out of range"));
    };
    let top = std::mem::replace(first, a.get(1));
    drop(g);
    sift_up(th, l, 0, max)?;
    Ok(top)
}
fn pushpop(th: &mut Thread, a: Args, max: bool) -> R<Value> {
    let l = heap(th, a, "heappushpop")?;
    let Some(top) = list::get(th, l, 0)? else { return Ok(a.get(1)) };
    if !before(th, top, a.get(1), max)? {
        return Ok(a.get(1));
    }
    if list::len(th, l)? == 0 {
        return Err(th.index_error("index out of range"));
    }
    replace(th, a, max)
}
fn heapify_list(th: &mut Thread, l: Gc<List>, max: bool) -> R<()> {
    let n = list::len(th, l)?;
    for i in (0..n / 2).rev() {
        th.poll()?;
        sift_up(th, l, i, max)?;
    }
    Ok(())
}
fn heapify(th: &mut Thread, a: Args, max: bool) -> R<Value> {
    let l = heap(th, a, "heapify")?;
    heapify_list(th, l, max)?;
    Ok(Value::NONE)
}
/// The n first of the sorted items.
fn best(th: &mut Thread, a: Args, largest: bool) -> R<Value> {
    let n = txpy_vm::types::sequence::ssize(th, a.get(0))?.max(0) as usize;
    let sorted = txpy_vm::types::sort::sorted(th, a.get(1), None, a.some(2), largest)?;
    if let Some(l) = sorted.cast::<List>() {
        let len = list::len(th, l)?;
        txpy_vm::types::list_slices::remove_range(th, l, n.min(len), len)?;
    }
    Ok(sorted)
}
