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
