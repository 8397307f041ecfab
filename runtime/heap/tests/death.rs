//! Weak references, finalizers, buffers, running out of memory.

mod common;
use common::*;
use txpy_heap::*;

#[inline(never)]
fn weak_to_new(th: &mut Thread, callback: Value) -> Gc<Weak> {
    let p = pair(th, Value::int(1), Value::NONE);
    th.new_weak(0, p.value(), callback).unwrap()
}

#[test]
fn weak_references_are_cleared_and_queued() {
    run(|th| {
        let kept = pair(th, Value::int(9), Value::NONE);
        let alive = th.new_weak(0, kept.value(), Value::int(3)).unwrap();
        let silent = weak_to_new(th, Value::NONE);
        let loud = weak_to_new(th, Value::int(7));
        clear_stack();
        th.collect(false).unwrap();
        assert_eq!(alive.get(), Some(kept.value()));
        assert_eq!(silent.get(), None);
        assert_eq!(loud.get(), None);
        assert!(th.has_dead());
        let dead = th.take_dead_weak().unwrap();
        assert_eq!((dead, dead.frozen().callback.as_int()), (loud, Some(7)));
        assert!(th.take_dead_weak().is_none() && !th.has_dead());
        th.collect(true).unwrap();
        assert!(alive.get().is_some());
        assert_eq!(kept.read(th).unwrap().a.as_int(), Some(9));
    });
}

#[test]
fn old_weak_references_are_cleared_by_full_collections() {
    run(|th| {
        let (w, holder) = old_weak(th);
        th.collect(true).unwrap();
        assert!(w.get().is_some());
        holder.write(th).unwrap().a = Value::NONE;
        clear_stack();
        th.collect(true).unwrap();
        assert!(w.get().is_none());
    });
}
#[inline(never)]
fn old_weak(th: &mut Thread) -> (Gc<Weak>, Gc<Pair>) {
    let p = pair(th, Value::int(1), Value::NONE);
    let holder = pair(th, p.value(), Value::NONE);
    (th.new_weak(0, p.value(), Value::NONE).unwrap(), holder)
}

#[test]
fn finalizable_objects_come_back_once_with_all_they_hold() {
    run(|th| {
        make_finalizable(th, 50);
        clear_stack();
        th.collect(true).unwrap();
        churn(th, 100_000);
        th.collect(false).unwrap();
        let mut seen = vec![];
        while let Some(v) = th.take_finalizable() {
            let p: Gc<Pair> = v.cast().unwrap();
            let (a, inner) = {
                let g = p.read(th).unwrap();
                (g.a.as_int().unwrap(), g.b.cast::<Pair>().unwrap())
            };
            assert_eq!(inner.read(th).unwrap().a.as_int(), Some(a + 1000));
            seen.push(a);
        }
        seen.sort_unstable();
        assert!(seen.len() >= 48 && seen.windows(2).all(|w| w[0] < w[1]), "{seen:?}");
        clear_stack();
        th.collect(true).unwrap();
        while let Some(v) = th.take_finalizable() {
            let a = v.cast::<Pair>().unwrap().read(th).unwrap().a.as_int().unwrap();
            assert!(!seen.contains(&a), "{a} was queued twice");
        }
    });
}
#[inline(never)]
fn make_finalizable(th: &mut Thread, n: i64) {
    for i in 0..n {
        let inner = pair(th, Value::int(i + 1000), Value::NONE);
        let p = pair(th, Value::int(i), inner.value());
        th.register_finalizer(p.header());
    }
}

#[test]
fn buffers_are_released_and_counted() {
    run(|th| {
        th.collect(true).unwrap();
        let before = statistics().external;
        let kept = th.alloc_buffer(1000, true).unwrap();
        assert!(kept.start() as usize % BUFFER_ALIGN == 0 && kept.bytes() == 1000);
        assert!(kept.read(th).unwrap().as_slice().iter().all(|&b| b == 0));
        kept.write(th).unwrap().as_mut_slice()[999] = 7;
        let collections = statistics().collections;
        for _ in 0..300 {
            std::hint::black_box(th.alloc_buffer(1 << 20, false).unwrap());
        }
        assert!(statistics().collections > collections, "bytes outside count");
        assert!(statistics().external - before < 100 << 20, "{:?}", statistics());
        clear_stack();
        th.collect(true).unwrap();
        assert!(statistics().external < before + (3 << 20), "{:?}", statistics());
        assert_eq!(kept.read(th).unwrap().as_slice()[999], 7);
        let e = th.alloc_buffer(usize::MAX - 10, true);
        assert!(e.is_err() && th.cause == Cause::OutOfMemory);
        let e = th.alloc_buffer(1 << 60, true);
        assert!(e.is_err() && th.cause == Cause::OutOfMemory);
    });
}

/// How many objects can be made and held before memory is out.
#[inline(never)]
fn exhaust(th: &mut Thread, make: fn(&mut Thread, Value) -> R<Value>) -> usize {
    let mut list = Value::NONE;
    let mut n = 0;
    loop {
        match make(th, list) {
            Ok(v) => list = v,
            Err(Unwind) => break,
        }
        n += 1;
    }
    assert_eq!(th.cause, Cause::OutOfMemory);
    th.cause = Cause::None;
    std::hint::black_box(list);
    n
}

#[test]
fn running_out_of_memory_is_an_error_and_passes() {
    run(|th| {
        th.collect(true).unwrap();
        let old = set_limit(statistics().heap + statistics().external + (24 << 20));
        for _ in 0..2 {
            let n = exhaust(th, |th, list| Ok(th.alloc(0, Pair { header: Header::NEW, a: Value::NONE, b: list })?.value()));
            assert!(n > 400_000, "{n} pairs in 24 MiB");
            clear_stack();
            let n = exhaust(th, |th, list| Ok(th.alloc_tail_with(0, Tuple { header: Header::NEW, len: 0 }, &[list; 5000])?.value()));
            clear_stack();
            assert!(n > 300, "{n} tuples of 40 KB in 24 MiB");
            clear_stack();
            let n = exhaust(th, |th, list| {
                let b = th.alloc_buffer(1 << 20, false)?;
                Ok(th.alloc(0, Pair { header: Header::NEW, a: b.value(), b: list })?.value())
            });
            assert!(n >= 15, "{n} buffers of 1 MiB in 24 MiB");
            clear_stack();
        }
        let e = th.alloc_tail(0, Values { header: Header::NEW, len: 0 }, usize::MAX / 4);
        assert!(e.is_err() && th.cause == Cause::OutOfMemory);
        let e = th.alloc_tail(0, Values { header: Header::NEW, len: 0 }, 1 << 33);
        assert!(e.is_err());
        assert!(th.reserve(1 << 40).is_err());
        set_limit(old);
        th.cause = Cause::None;
        pair(th, Value::NONE, Value::NONE);
    });
}

#[test]
fn guards_allocate_from_what_was_reserved() {
    run(|th| {
        let p = pair(th, Value::NONE, Value::NONE);
        for n in [1usize, 100, 5_000, 100_000] {
            th.reserve(n * 8 + 64).unwrap();
            let before = statistics().collections;
            let mut g = p.write(th).unwrap();
            let t = g.alloc_tail(0, Tuple { header: Header::NEW, len: 0 }, n);
            g.a = t.value();
            assert_eq!(statistics().collections, before);
            assert_eq!(t.frozen().items().len(), n);
        }
    });
}
