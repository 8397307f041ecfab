//! The protocol on real threads. `TXPY_STRESS_SECS` sets the seconds of each case (default 1).
#![cfg(not(any(feature = "loom", feature = "shuttle")))]

mod protocol_model;
use protocol_model::*;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

fn balance(d: &mut [u64; 2], n: u64) {
    d[0] = d[0].wrapping_add(n);
    d[1] = d[1].wrapping_sub(n);
}

fn total(d: impl Iterator<Item = [u64; 2]>) -> u64 {
    d.fold(0, |s, d| s.wrapping_add(d[0]).wrapping_add(d[1]))
}

/// One random operation that leaves the sum over all objects as it was.
fn operation(t: &mut Thread, r: &mut impl FnMut(usize) -> usize, n: usize) {
    let (k, a, b, c) = (r(40), r(n), r(n), r(n));
    match k {
        0 => t.nap(),
        1 => t.collect().unwrap(),
        2..=4 if a != b => t
            .access2((a, Write), (b, Write), |m| {
                write(m, a, |d| d[1] = d[1].wrapping_add(1));
                write(m, b, |d| d[1] = d[1].wrapping_sub(1))
            })
            .unwrap(),
        5..=9 if a != b => {
            let mut abort = r(3) == 0;
            t.atomic(|t| {
                let x = t.read(c)?;
                t.update(a, |d| d[0] = d[0].wrapping_sub(1))?;
                t.safepoint()?;
                t.update(b, |d| d[0] = d[0].wrapping_add(1))?;
                t.safepoint()?;
                if std::mem::take(&mut abort) {
                    return t.doom_me();
                }
                if c != a && c != b {
                    assert_eq!(x, t.read(c)?)
                }
                Ok(())
            })
        }
        10 | 11 => t.atomic(|t| {
            let mut all = Vec::new();
            for o in 0..n {
                all.push(t.read(o)?);
                t.safepoint()?;
            }
            assert_eq!(total(all.into_iter()), 0);
            Ok(())
        }),
        12 => {
            let mut all: Vec<_> = (0..n).map(|o| (o, Read)).collect();
            let sum = t.many(&mut all, |m| total((0..n).map(|o| get(m, o)))).unwrap();
            assert_eq!(sum, 0)
        }
        13 if a != b => t.atomic(|t| {
            t.read(a)?;
            t.m.become_irrevocable()?;
            t.update(a, |d| d[0] = d[0].wrapping_add(1))?;
            t.nap();
            t.update(b, |d| d[1] = d[1].wrapping_sub(1))
        }),
        14 if a != b => {
            let heap = t.heap.clone();
            let kernel = || {
                heap.objs[a].data.update(|d| d[0] = d[0].wrapping_sub(1));
                thread::yield_now();
                heap.objs[b].data.update(|d| d[0] = d[0].wrapping_add(1))
            };
            t.m.native(&mut [(a, Write), (b, Write)], kernel).unwrap()
        }
        15..=17 => {
            t.update(a, |d| balance(d, 1)).unwrap();
            t.release(a)
        }
        18..=24 => drop(t.read(a).unwrap()),
        _ => t.update(a, |d| balance(d, 1)).unwrap(),
    }
    t.poll()
}

fn stress(threads: usize, slots: usize, n: usize) {
    let secs = std::env::var("TXPY_STRESS_SECS").ok().and_then(|s| s.parse().ok()).unwrap_or(1.0);
    let heap = Heap::new(n, &[2], slots);
    let end = Instant::now() + Duration::from_secs_f64(secs);
    let ops = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for i in 0..threads {
            let (heap, ops) = (&heap, &ops);
            scope.spawn(move || {
                let mut x = 88172645463325252u64 ^ (i as u64 + 1).wrapping_mul(0x9E3779B97F4A7C15);
                let mut r = move |n: usize| {
                    x ^= x << 13;
                    x ^= x >> 7;
                    x ^= x << 17;
                    (x >> 11) as usize % n
                };
                while Instant::now() < end {
                    let mut t = Thread::enter(heap);
                    for _ in 0..500 {
                        operation(&mut t, &mut r, n);
                        ops.fetch_add(1, Relaxed);
                    }
                    t.exit();
                }
            });
        }
    });
    let s = &heap.stat;
    println!(
        "{threads} threads, {slots} slots, {n} objects: {} operations, {} transfers, {} aborts, {} stopped operations, {} changes of slot, overtime {:.1} s",
        ops.load(Relaxed), s.transfers.load(Relaxed), s.aborts.load(Relaxed), s.stopped_ops.load(Relaxed), s.slot_changes.load(Relaxed),
        (Instant::now() - end).as_secs_f64()
    );
    assert_eq!(heap.sum(n), 0);
}

#[test]
fn two_threads() {
    stress(2, 2, 3);
}

#[test]
fn four_threads() {
    stress(4, 24, 4);
}

#[test]
fn more_threads_than_slots() {
    stress(6, 3, 5);
}

#[test]
fn one_slot() {
    stress(3, 1, 3);
}
