//! Several threads on one heap: allocation while others hold each other's objects, blocking, transactions.

mod common;
use common::*;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};
use txpy_heap::*;

/// A vector that all threads know, kept alive by a root hook.
static SHARED: AtomicU64 = AtomicU64::new(0);
fn trace_shared(t: &mut Tracer) { t.value(Value(SHARED.load(Relaxed))) }
fn shared() -> RootedVec { RootedVec::from_value(Value(SHARED.load(Relaxed))).expect("set at the start") }

fn turn() -> std::sync::MutexGuard<'static, ()> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    static HOOK: std::sync::Once = std::sync::Once::new();
    let t = TURN.lock().unwrap_or_else(|e| e.into_inner());
    HOOK.call_once(|| add_root_hook(trace_shared));
    t
}

/// Runs `f(thread, number)` in `n` OS threads, with a fresh shared vector of `len` pairs of zeros; the sum of their numbers at the end.
fn crowd(n: usize, len: usize, f: impl Fn(&mut Thread, usize) + Sync) -> i64 {
    let _turn = turn();
    crowd_in_turn(n, len, f)
}
fn crowd_in_turn(n: usize, len: usize, f: impl Fn(&mut Thread, usize) + Sync) -> i64 {
    with_thread(|th| {
        let v = RootedVec::new(th).unwrap();
        SHARED.store(v.value().bits(), Relaxed);
        for _ in 0..len {
            let p = pair(th, Value::int(0), Value::NONE);
            v.push(th, p.value()).unwrap();
        }
        let f = &f;
        th.blocking(|| {
            std::thread::scope(|s| {
                for i in 0..n {
                    s.spawn(move || with_thread(|th| f(th, i)));
                }
            })
        });
        (0..len)
            .map(|i| {
                let p: Gc<Pair> = v.get(th, i).unwrap().cast().unwrap();
                p.read(th).unwrap().a.as_int().unwrap()
            })
            .sum()
    })
}

fn random(x: &mut u64) -> usize {
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    (*x >> 11) as usize
}

#[test]
fn threads_allocate_while_others_hold_their_objects() {
    const LEN: usize = 500;
    const STEPS: usize = 20_000;
    let sum = crowd(4, LEN, |th, me| {
        let mut x = me as u64 * 7919 + 12345;
        for step in 0..STEPS {
            let p: Gc<Pair> = shared().get(th, random(&mut x) % LEN).unwrap().cast().unwrap();
            // A fresh chain hangs off the object, so that old objects point to young ones of other threads.
            let fresh = pair(th, Value::int(step as i64), Value::NONE);
            let fresh = pair(th, fresh.value(), Value::NONE);
            let mut g = p.write(th).unwrap();
            g.a = Value::int(g.a.as_int().unwrap() + 1);
            g.b = fresh.value();
            let q: Gc<Pair> = shared().get(th, random(&mut x) % LEN).unwrap().cast().unwrap();
            let b = q.read(th).unwrap().b;
            if let Some(chain) = b.cast::<Pair>() {
                let a = chain.read(th).unwrap().a.cast::<Pair>().expect("a chain of two");
                assert!(a.read(th).unwrap().a.as_int().unwrap() < STEPS as i64);
            }
            th.poll().unwrap();
        }
    });
    assert_eq!(sum, 4 * STEPS as i64);
}

#[test]
fn collections_meet_blocked_threads_and_more_threads_than_slots() {
    let done = AtomicUsize::new(0);
    crowd(40, 10, |th, me| {
        for round in 0..20 {
            let mine = pair(th, Value::int(me as i64), Value::int(round));
            th.blocking(|| std::thread::sleep(std::time::Duration::from_micros(200)));
            churn(th, 500);
            if round % 7 == 0 {
                th.collect(round % 14 == 0).unwrap();
            }
            let g = mine.read(th).unwrap();
            assert_eq!((g.a.as_int(), g.b.as_int()), (Some(me as i64), Some(round)));
        }
        done.fetch_add(1, Relaxed);
    });
    assert_eq!(done.load(Relaxed), 40);
}

#[test]
fn a_thread_in_mid_collection_stress_sees_every_reference() {
    // Other tests are not to run under these switches: they expect no collection where they ask for none.
    let _turn = turn();
    let before = set_switches(Switches { stress: 13, poison: true, verify: true });
    crowd_in_turn(3, 20, |th, me| {
        let v = RootedVec::new(th).unwrap();
        for i in 0..2_000 {
            let p = pair(th, Value::int(i), Value::int(me as i64));
            v.push(th, p.value()).unwrap();
            if i % 16 == 0 {
                th.poll().unwrap();
            }
        }
        for i in 0..2_000 {
            let p: Gc<Pair> = v.get(th, i).unwrap().cast().unwrap();
            assert_eq!(p.read(th).unwrap().a.as_int(), Some(i as i64));
        }
    });
    set_switches(before);
}

#[test]
fn several_objects_at_once_keep_their_sum() {
    const LEN: usize = 8;
    let sum = crowd(4, LEN, |th, me| {
        let mut x = me as u64 * 31 + 77;
        for _ in 0..5_000 {
            let (i, j) = (random(&mut x) % LEN, random(&mut x) % LEN);
            if i == j {
                continue;
            }
            let a = shared().get(th, i).unwrap();
            let b = shared().get(th, j).unwrap();
            let (pa, pb): (Gc<Pair>, Gc<Pair>) = (a.cast().unwrap(), b.cast().unwrap());
            th.access_many(&mut [(a, Mode::Write), (b, Mode::Write)], |m| {
                let x = m.get(pa).a.as_int().unwrap();
                m.get_mut(pa).a = Value::int(x - 1);
                let y = m.get(pb).a.as_int().unwrap();
                m.get_mut(pb).a = Value::int(y + 1);
            })
            .unwrap();
            th.poll().unwrap();
        }
    });
    assert_eq!(sum, 0);
}

/// Runs `f` in a transaction until it commits.
fn atomic(th: &mut Thread, mut f: impl FnMut(&mut Thread) -> R<()>) {
    loop {
        th.begin();
        match f(th) {
            Ok(()) => return th.commit(),
            Err(Unwind) => {
                assert_eq!(th.cause, Cause::Abort);
                th.abort();
                th.cause = Cause::None;
            }
        }
    }
}

#[test]
fn transactions_move_amounts_and_collections_run_in_between() {
    const LEN: usize = 6;
    let sum = crowd(3, LEN, |th, me| {
        let mut x = me as u64 * 101 + 5;
        for step in 0..3_000 {
            let (i, j) = (random(&mut x) % LEN, random(&mut x) % LEN);
            atomic(th, |th| {
                let a: Gc<Pair> = shared().get(th, i)?.cast().unwrap();
                let b: Gc<Pair> = shared().get(th, j)?.cast().unwrap();
                let mut g = a.write(th)?;
                g.a = Value::int(g.a.as_int().unwrap() - 1);
                let born = th.alloc(0, Pair { header: Header::NEW, a: Value::int(step), b: Value::NONE })?;
                if step % 500 == 250 {
                    th.collect(step % 1000 == 250)?;
                }
                born.write(th)?.b = Value::int(step);
                let mut g = b.write(th)?;
                g.a = Value::int(g.a.as_int().unwrap() + 1);
                g.b = born.value();
                th.poll()
            });
        }
    });
    assert_eq!(sum, 0);
}

#[test]
fn an_abort_puts_everything_back() {
    let _turn = turn();
    with_thread(|th| {
        let v = RootedVec::from_slice(th, &[Value::int(1), Value::int(2)]).unwrap();
        let p = pair(th, Value::int(3), Value::NONE);
        let b = th.alloc_buffer(100, true).unwrap();
        for collect in [None, Some(false), Some(true)] {
            th.begin();
            assert!(th.in_transaction());
            v.set(th, 0, Value::int(10)).unwrap();
            for i in 0..100 {
                let q = pair(th, Value::int(i), Value::NONE);
                v.push(th, q.value()).unwrap();
            }
            p.write(th).unwrap().a = Value::NONE;
            b.write(th).unwrap().as_mut_slice().fill(9);
            if let Some(full) = collect {
                th.collect(full).unwrap();
                churn(th, 10_000);
                v.set(th, 1, Value::int(20)).unwrap();
                p.write(th).unwrap().b = Value::int(8);
            }
            th.abort();
            th.give_up_retry();
            assert_eq!(v.with(th, |s| s.to_vec()).unwrap(), [Value::int(1), Value::int(2)]);
            let g = p.read(th).unwrap();
            assert_eq!((g.a, g.b), (Value::int(3), Value::NONE));
            assert!(b.read(th).unwrap().as_slice().iter().all(|&x| x == 0));
            th.collect(true).unwrap();
        }
    });
}

#[test]
fn what_is_born_in_a_transaction_is_ordinary_afterwards() {
    let _turn = turn();
    with_thread(|th| {
        for size in [1usize, 30, 500, 5_000] {
            th.begin();
            let p = pair(th, Value::NONE, Value::NONE);
            let v = RootedVec::with_capacity(th, size).unwrap();
            p.write(th).unwrap().a = v.value();
            th.commit();
            let key = th.write_key();
            assert_eq!(p.header().access.load(Relaxed), key);
            assert_eq!(v.0.header().access.load(Relaxed), key);
        }
    });
}

#[test]
fn births_in_a_fragmented_heap_are_all_found() {
    let _turn = turn();
    with_thread(|th| {
        let mut x = 7u64;
        let kept = RootedVec::new(th).unwrap();
        for round in 0..20 {
            // Holes of all sizes between what lives.
            for i in 0..3_000 {
                let p = pair(th, Value::int(i), Value::NONE);
                let v = RootedVec::with_capacity(th, random(&mut x) % 60).unwrap();
                if random(&mut x) % 5 == 0 {
                    p.write(th).unwrap().b = v.value();
                    kept.push(th, p.value()).unwrap();
                }
            }
            th.collect(round % 2 == 0).unwrap();
            let born = RootedVec::new(th).unwrap();
            th.begin();
            for i in 0..500 {
                let p = pair(th, Value::int(i), Value::NONE);
                let v = RootedVec::with_capacity(th, random(&mut x) % 200).unwrap();
                p.write(th).unwrap().b = v.value();
                born.push(th, p.value()).unwrap();
            }
            th.commit();
            let key = th.write_key();
            for i in 0..500 {
                let p: Gc<Pair> = born.get(th, i).unwrap().cast().unwrap();
                assert_eq!(p.header().access.load(Relaxed), key);
            }
        }
    });
}

#[test]
fn words_logged_by_element_come_back() {
    let _turn = turn();
    with_thread(|th| {
        const N: usize = 20_000;
        let v = RootedVec::from_slice(th, &[Value::int(1); N]).unwrap();
        // Few words; more than the container has, after which it is logged whole; and a write of the whole after some words.
        for (writes, then_all) in [(3, false), (N, false), (5, true)] {
            th.begin();
            for i in 0..writes {
                let at = i * 7 % N;
                let mut g = v.0.write_elements(th, |l| l.as_slice().len()).unwrap();
                let word: *const u64 = g.as_slice()[at..].as_ptr().cast();
                // SAFETY: a word of the storage.
                unsafe { g.log(word, 1, N) };
                g.as_mut_slice()[at] = Value::int(i as i64 + 50);
            }
            if then_all {
                v.set(th, 0, Value::NONE).unwrap();
                v.push(th, Value::NONE).unwrap();
            }
            th.abort();
            th.give_up_retry();
            assert!(v.with(th, |s| s == [Value::int(1); N]).unwrap());
        }
    });
}

#[test]
fn the_world_stops_for_an_operation() {
    let stop = AtomicBool::new(false);
    let inside = AtomicBool::new(false);
    crowd(3, 1, |th, me| {
        if me == 0 {
            for _ in 0..200 {
                th.stopped(|_| {
                    inside.store(true, SeqCst);
                    std::thread::yield_now();
                    inside.store(false, SeqCst);
                });
            }
            stop.store(true, SeqCst);
        } else {
            while !stop.load(SeqCst) {
                assert!(!inside.load(SeqCst));
                churn(th, 10);
                th.poll().unwrap();
            }
        }
    });
}
