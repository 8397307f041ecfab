//! Model checks of the protocol's memory orderings with loom: two or three threads, a few steps each.
//! `TXPY_LOOM_SECS` bounds each case (default 1 s), `TXPY_LOOM_PREEMPTIONS` its preemptions (default 2).
#![cfg(feature = "loom")]

mod protocol_model;
use protocol_model::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use txpy_heap::protocol::mutants::{Site, weaken};

fn env(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(default)
}

thread_local! {
    /// A weakened ordering is looked for: it is found fast, or it is a failure of the test.
    static WEAKENED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

fn run(f: impl Fn() + Sync + Send + 'static) {
    let mut b = loom::model::Builder::new();
    b.preemption_bound = Some(env("TXPY_LOOM_PREEMPTIONS", 2) as usize);
    b.max_branches = 20_000;
    b.max_duration = Some(Duration::from_secs(if WEAKENED.get() { 20 } else { env("TXPY_LOOM_SECS", 1) }));
    b.check(f);
}

type Steps = fn(&mut Thread);

fn inc(t: &mut Thread, o: usize) {
    t.update(o, |d| {
        d[0] += 1;
        d[1] += 1
    })
    .unwrap()
}

fn read_even(t: &mut Thread) {
    let d = t.read(0).unwrap();
    assert_eq!(d[0], d[1]);
}

/// The main thread and another one work on `n` objects; then all is summed.
fn two(n: usize, slots: usize, a: Steps, b: Steps, want: u64) {
    run(move || {
        let w = Heap::new(n, &[], slots);
        let mut t = Thread::enter(&w);
        let w2 = w.clone();
        let h = thread::spawn(move || {
            let mut t = Thread::enter(&w2);
            b(&mut t);
            t.exit()
        });
        a(&mut t);
        t.exit();
        h.join().unwrap();
        let mut t = Thread::enter(&w);
        let sum: u64 = (0..n).map(|o| t.read(o).unwrap().iter().sum::<u64>()).sum();
        assert_eq!(sum, want);
        t.exit();
    })
}

/// Three threads that have entered before; the main one owns the object, and only the word orders its second write.
fn three(a: Steps, b: Steps, c: Steps) {
    run(move || {
        let w = Heap::new(1, &[], 3);
        let mut t0 = Thread::enter(&w);
        let others = [(Thread::enter(&w), b), (Thread::enter(&w), c)];
        inc(&mut t0, 0);
        let spawn = |(mut t, f): (Thread, Steps)| {
            thread::spawn(move || {
                f(&mut t);
                t.block()
            })
        };
        let handles: Vec<_> = others.into_iter().map(spawn).collect();
        inc(&mut t0, 0);
        a(&mut t0);
        t0.block();
        for h in handles {
            h.join().unwrap()
        }
    })
}

fn write_write() {
    two(1, 2, |t| { inc(t, 0); t.poll(); inc(t, 0) }, |t| inc(t, 0), 6)
}
fn share_then_write() {
    two(1, 2, |t| { read_even(t); t.poll(); read_even(t) }, |t| { read_even(t); inc(t, 0) }, 2)
}
fn write_read() {
    two(1, 2, |t| { inc(t, 0); t.poll(); read_even(t) }, read_even, 2)
}
fn blocked_holder() {
    two(1, 2, |t| { inc(t, 0); t.block(); t.unblock(); inc(t, 0) }, |t| inc(t, 0), 6)
}
fn blocked_reader() {
    two(1, 2, |t| { read_even(t); t.block(); t.unblock(); read_even(t) }, |t| inc(t, 0), 2)
}
fn tx_plain() {
    let tx: Steps = |t| t.atomic(|t| { t.update(0, |d| d[0] += 1)?; t.safepoint()?; t.update(0, |d| d[1] += 1) });
    two(1, 2, tx, read_even, 2)
}
fn tx_abort_plain() {
    let tx: Steps = |t| {
        let mut abort = true;
        t.atomic(|t| {
            t.update(0, |d| d[0] += 1)?;
            if std::mem::take(&mut abort) {
                return t.doom_me();
            }
            t.update(0, |d| d[1] += 1)
        })
    };
    two(1, 2, tx, read_even, 2)
}
fn tx_tx() {
    two(1, 2, |t| t.atomic(|t| { t.read(0)?; t.update(0, |d| *d = d.map(|x| x + 1)) }), |t| t.atomic(|t| t.update(0, |d| *d = d.map(|x| x + 1))), 4)
}
/// Two threads take turns in one slot: ownership of the object is inherited, by exit or by stealing.
fn handed_slot() {
    two(1, 1, |t| inc(t, 0), |t| inc(t, 0), 4)
}
fn stolen_slot() {
    two(1, 1, |t| { inc(t, 0); t.block(); t.unblock(); inc(t, 0) }, |t| inc(t, 0), 6)
}
fn crossed() {
    two(2, 2, |t| { inc(t, 0); t.poll(); inc(t, 1) }, |t| { inc(t, 1); t.poll(); inc(t, 0) }, 8)
}
fn stopped_world() {
    let stop: Steps = |t| {
        inc(t, 0);
        let heap = t.heap.clone();
        t.m.with_stopped_world(|_| heap.objs[0].data.update(|d| *d = d.map(|x| x + 1)))
    };
    two(1, 2, stop, |t| { inc(t, 0); t.poll(); read_even(t) }, 6)
}
/// A kernel on object 0; its slot's other object is answered for implicitly meanwhile.
fn native() {
    let kernel: Steps = |t| {
        inc(t, 1);
        let heap = t.heap.clone();
        t.m.native(&mut [(0, Write)], || heap.objs[0].data.update(|d| *d = d.map(|x| x + 1))).unwrap();
    };
    two(2, 2, kernel, |t| { inc(t, 1); t.poll(); inc(t, 0) }, 8)
}
fn released() {
    two(1, 2, |t| { inc(t, 0); t.release(0); inc(t, 0) }, |t| { inc(t, 0); t.release(0) }, 6)
}
/// Read-share by a third thread after a downgrade: the release sequence goes through read-modify-writes only.
fn share_blocked() {
    three(|_| (), read_even, read_even)
}
fn share_running() {
    three(|t| t.poll(), read_even, read_even)
}
fn share_share_write() {
    three(|t| t.poll(), read_even, |t| inc(t, 0))
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(mod $name { #[test] fn sound() { super::$name() } })*
    };
}
tests! { write_write share_then_write write_read blocked_holder blocked_reader tx_plain tx_abort_plain tx_tx handed_slot stolen_slot crossed
    stopped_world native released share_blocked share_running share_share_write }

/// Each ordering that is needed, and a case that fails without it.
const NEEDED: &[(Site, fn())] = &[
    (Site::Answer, write_write),
    (Site::Block, blocked_holder),
    (Site::Hold, blocked_holder),
    (Site::Unhold, blocked_holder),
    (Site::Implicit, share_blocked),
    (Site::Unblock, blocked_reader),
    (Site::Share, share_running),
    (Site::WaitLoad, write_write),
];

#[test]
fn weakened_orderings_are_detected() {
    let mut blind = Vec::new();
    std::panic::set_hook(Box::new(|_| {}));
    for &(site, case) in NEEDED {
        let found = std::thread::spawn(move || {
            weaken(&[site]);
            WEAKENED.set(true);
            catch_unwind(AssertUnwindSafe(case)).is_err()
        });
        if !found.join().unwrap_or(true) {
            blind.push(site);
        }
    }
    let _ = std::panic::take_hook();
    assert!(blind.is_empty(), "not noticed: {blind:?}");
}

#[test]
#[ignore = "a survey, not a check"]
fn survey() {
    let cases: &[(&str, fn())] = &[
        ("write_write", write_write), ("share_then_write", share_then_write), ("write_read", write_read), ("blocked_holder", blocked_holder),
        ("blocked_reader", blocked_reader), ("tx_plain", tx_plain), ("tx_abort_plain", tx_abort_plain), ("tx_tx", tx_tx), ("handed_slot", handed_slot),
        ("stolen_slot", stolen_slot), ("stopped_world", stopped_world), ("native", native), ("released", released),
        ("share_blocked", share_blocked), ("share_running", share_running), ("share_share_write", share_share_write),
    ];
    std::panic::set_hook(Box::new(|_| {}));
    for &site in Site::ALL {
        let fails = |case: fn()| std::thread::spawn(move || { weaken(&[site]); case() }).join().is_err();
        let found: Vec<_> = cases.iter().filter(|c| fails(c.1)).map(|c| c.0).collect();
        eprintln!("{site:?}: {found:?}");
    }
}
