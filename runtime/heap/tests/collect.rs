//! Allocation and collection on one thread: lists, trees, cycles, interior pointers, large objects, fragmentation, growth.

mod common;
use common::*;
use txpy_heap::*;

#[test]
fn a_long_list_survives_and_dies() {
    run(|th| {
        let n = 300_000;
        let mut list = Value::NONE;
        for i in 0..n {
            list = th.alloc(0, Pair { header: Header::NEW, a: Value::int(i), b: list }).unwrap().value();
        }
        th.collect(true).unwrap();
        let mut at = list;
        for i in (0..n).rev() {
            let p: Gc<Pair> = at.cast().unwrap();
            let g = p.read(th).unwrap();
            assert_eq!(g.a.as_int(), Some(i));
            at = g.b;
        }
        assert!(at.is_none());
        let live = statistics().live;
        assert!(live >= n as usize * 32, "{live}");
        let at = hide(at);
        list = Value::NONE;
        clear_stack();
        th.collect(true).unwrap();
        assert!(statistics().live < live / 10, "{:?} {list:?} {at}", statistics());
    });
}

#[test]
fn old_objects_remember_what_they_are_given() {
    run(|th| {
        let old = pair(th, Value::NONE, Value::NONE);
        th.collect(true).unwrap();
        for round in 0..5 {
            let young = pair(th, Value::int(round), Value::NONE);
            old.write(th).unwrap().a = young.value();
            th.collect(false).unwrap();
            for _ in 0..10_000 {
                pair(th, Value::int(-1), Value::int(-1));
            }
            th.collect(false).unwrap();
            let inner: Gc<Pair> = old.read(th).unwrap().a.cast().unwrap();
            assert_eq!(inner.read(th).unwrap().a.as_int(), Some(round));
        }
    });
}

#[test]
fn storage_of_an_old_owner_is_looked_at_again() {
    run(|th| {
        let v = RootedVec::with_capacity(th, 64).unwrap();
        th.collect(true).unwrap();
        for i in 0..50 {
            let p = pair(th, Value::int(i), Value::NONE);
            v.push(th, p.value()).unwrap();
            th.collect(false).unwrap();
        }
        for i in 0..50 {
            let p: Gc<Pair> = v.get(th, i as usize).unwrap().cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(i));
        }
    });
}

#[test]
fn set_late_on_an_old_frozen_object_is_noticed() {
    run(|th| {
        let c = th.alloc(0, Cell { header: Header::NEW, late: Late::new(Value::UNSET) }).unwrap();
        th.collect(true).unwrap();
        let v = pair(th, Value::int(5), Value::NONE).value();
        th.set_late(c.header(), &c.frozen().late, v);
        let v = hide(v);
        th.collect(false).unwrap();
        churn(th, 100_000);
        assert_eq!(c.frozen().late.get(), unhide(v));
        let p: Gc<Pair> = c.frozen().late.get().cast().unwrap();
        assert_eq!(p.read(th).unwrap().a.as_int(), Some(5));
    });
}

#[test]
fn cycles_die() {
    run(|th| {
        th.collect(true).unwrap();
        let before = statistics().live;
        make_cycles(th, 10_000);
        clear_stack();
        th.collect(true).unwrap();
        let after = statistics().live;
        assert!(after < before + 10_000, "{before} {after}");
    });
}

#[inline(never)]
fn make_cycles(th: &mut Thread, n: usize) {
    for _ in 0..n {
        let a = pair(th, Value::NONE, Value::NONE);
        let b = pair(th, a.value(), Value::NONE);
        a.write(th).unwrap().b = b.value();
    }
}

#[test]
fn interior_pointers_keep_objects_alive() {
    run(|th| {
        for n in [1usize, 7, 60, 900, 2_000, 50_000] {
            for at in [0, n / 2, n - 1] {
                // Young, and again when it is old.
                let inner = tuple_of_ints(th, n);
                let word = std::hint::black_box(inner + 24 + at * 8 + 3);
                clear_stack();
                for full in [false, true, true] {
                    th.collect(full).unwrap();
                    churn(th, 20_000);
                    let base = std::hint::black_box(word) - (24 + at * 8 + 3);
                    // SAFETY: the word on the stack points into the object, so it must still be there.
                    let t: Gc<Tuple> = unsafe { Gc::from_ptr(base as *mut Tuple) };
                    assert_eq!(t.header().kind, TUPLE);
                    assert!(t.frozen().items().iter().enumerate().all(|(i, v)| v.as_int() == Some(i as i64)));
                }
            }
        }
    });
}

#[inline(never)]
fn tuple_of_ints(th: &mut Thread, n: usize) -> usize {
    let items: Vec<Value> = (0..n as i64).map(Value::int).collect();
    tuple(th, &items).as_ptr() as usize
}

#[test]
fn every_size_of_tail_is_walked() {
    run(|th| {
        let v = RootedVec::new(th).unwrap();
        for n in (0..300).chain([1_000, 1_020, 1_021, 1_022, 5_000, 100_000]) {
            let items: Vec<Value> = (0..n as i64).map(Value::int).collect();
            let t = tuple(th, &items);
            v.push(th, t.value()).unwrap();
            let b = th.alloc_tail(0, Bytes8 { header: Header::NEW, len: 0 }, n).unwrap();
            assert!(b.frozen().bytes().iter().all(|&x| x == 0));
            v.push(th, b.value()).unwrap();
        }
        th.collect(false).unwrap();
        th.collect(true).unwrap();
        churn(th, 100_000);
        for i in 0..v.len(th).unwrap() {
            let x = v.get(th, i).unwrap();
            if let Some(t) = x.cast::<Tuple>() {
                assert!(t.frozen().items().iter().enumerate().all(|(i, v)| v.as_int() == Some(i as i64)));
            } else {
                assert!(x.cast::<Bytes8>().unwrap().frozen().bytes().iter().all(|&x| x == 0));
            }
        }
    });
}

#[test]
fn items_of_alloc_tail_with_are_seen_wherever_they_stand() {
    run(|th| {
        let before = set_switches(Switches { stress: 1, poison: true, verify: true });
        let hidden: Vec<Value> = boxed_pairs(th);
        clear_stack();
        let t = tuple(th, &hidden);
        for (i, v) in t.frozen().items().iter().enumerate() {
            let p: Gc<Pair> = v.cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(i as i64));
        }
        set_switches(before);
    });
}

/// References in malloc'd memory, alive through a rooted vector that dies on return.
#[inline(never)]
fn boxed_pairs(th: &mut Thread) -> Vec<Value> {
    let v = RootedVec::new(th).unwrap();
    for i in 0..20 {
        let p = pair(th, Value::int(i), Value::NONE);
        v.push(th, p.value()).unwrap();
    }
    v.with(th, |s| s.to_vec()).unwrap()
}

#[test]
fn fragmented_blocks_are_filled_again() {
    run(|th| {
        let v = RootedVec::new(th).unwrap();
        for i in 0..200_000i64 {
            let p = pair(th, Value::int(i), Value::NONE);
            if i % 50 == 0 {
                v.push(th, p.value()).unwrap();
            }
        }
        th.collect(true).unwrap();
        let before = statistics().heap;
        for _ in 0..20 {
            churn(th, 200_000);
            th.collect(false).unwrap();
        }
        th.collect(true).unwrap();
        assert!(statistics().heap <= before * 3, "{before} {:?}", statistics());
        for i in 0..v.len(th).unwrap() {
            let p: Gc<Pair> = v.get(th, i).unwrap().cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(i as i64 * 50));
        }
    });
}

#[test]
fn the_heap_grows_and_shrinks() {
    run(|th| {
        grow(th);
        assert!(statistics().heap > 60 << 20);
        let resident = rss();
        clear_stack();
        th.collect(true).unwrap();
        th.collect(true).unwrap();
        assert!(statistics().heap < 30 << 20, "{:?}", statistics());
        let after = rss();
        assert!(after + (30 << 20) < resident, "resident {resident}, then {after}");
    });
}

#[inline(never)]
fn grow(th: &mut Thread) {
    let v = RootedVec::new(th).unwrap();
    for i in 0..2_000_000 {
        let p = pair(th, Value::int(i), Value::NONE);
        v.push(th, p.value()).unwrap();
    }
    th.collect(true).unwrap();
}

fn rss() -> usize {
    let s = std::fs::read_to_string("/proc/self/statm").unwrap();
    s.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn the_value_stack_is_scanned_and_cleared() {
    run(|th| {
        let word = hide(pair(th, Value::int(77), Value::NONE).value());
        clear_stack();
        // SAFETY: within the value stack.
        unsafe {
            *th.stack_base.add(10) = unhide(word).bits();
            *th.stack_base.add(20) = unhide(word).bits();
            *th.stack_base.add(100_000) = 1;
            th.top = th.stack_base.add(11);
            th.collect(true).unwrap();
            churn(th, 50_000);
            assert_eq!(*th.stack_base.add(20), 0);
            assert_eq!(*th.stack_base.add(100_000), 0);
            let p: Gc<Pair> = Value(*th.stack_base.add(10)).cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(77));
            th.top = th.stack_base;
        }
    });
}

#[test]
fn instances_are_traced_through_their_shapes() {
    run(|th| {
        let class = pair(th, Value::int(1), Value::NONE);
        let name = tuple(th, &[]);
        let root = shape::new_root(class.value(), 16, 3, 0, 1);
        let s = shape::child(root, name.value()).unwrap();
        register_kinds(&[Bare::INFO]);
        // SAFETY: 16 bytes of header, the overflow word, three slots.
        let h = unsafe { th.alloc_raw(16 + 8 + 24, BARE, s, flag::SLOTS).unwrap() };
        let slot = |i: usize| unsafe { h.cast::<u64>().add(2 + i).cast::<Value>() };
        let (class, name) = (hide(class.value()), hide(name.value()));
        for i in 0..4 {
            let p = pair(th, Value::int(i as i64), Value::NONE);
            th.access_write(unsafe { &*h }).unwrap();
            // SAFETY: inside the object, which is held for writing.
            unsafe { *slot(i) = p.value() };
        }
        clear_stack();
        for full in [false, true] {
            th.collect(full).unwrap();
            churn(th, 50_000);
        }
        for i in 0..4 {
            // SAFETY: inside the object.
            let p: Gc<Pair> = unsafe { *slot(i) }.cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(i as i64));
        }
        let c: Gc<Pair> = unhide(class).cast().expect("an instance keeps its class");
        assert_eq!(c.read(th).unwrap().a.as_int(), Some(1));
        assert!(unhide(name).is::<Tuple>(), "a shape keeps its names");
    });
}

const BARE: u16 = 150;
object! {
    pub struct Bare = BARE {}
}

#[test]
fn lists_deeper_than_any_stack_and_wide_tables() {
    run(|th| {
        let v = RootedVec::with_capacity(th, 400_000).unwrap();
        for i in 0..400_000 {
            let p = pair(th, Value::int(i), v.value());
            v.push(th, p.value()).unwrap();
        }
        th.collect(true).unwrap();
        th.collect(false).unwrap();
        assert_eq!(v.len(th).unwrap(), 400_000);
    });
}
