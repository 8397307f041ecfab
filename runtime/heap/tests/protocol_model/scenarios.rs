//! The scenarios that shuttle runs under many schedules, and how it runs them.
use super::*;
use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};
use txpy_heap::protocol::mutants;

pub struct Scenario {
    pub name: &'static str,
    pub body: fn(),
    /// Without deferral in `access_many`, so that its fallback is met.
    pub no_defer: bool,
}

macro_rules! scenarios {
    ($($name:ident $(($knob:ident))? => $body:expr;)*) => {
        pub const SCENARIOS: &[Scenario] = &[$(Scenario { name: stringify!($name), body: || $body, no_defer: scenarios!(@ $($knob)?) }),*];
    };
    (@ no_defer) => { true };
    (@) => { false };
}

scenarios! {
    counters => counters();
    upgrade_two_readers => upgrade_two_readers();
    isolation_whole => isolation(&[]);
    isolation_elementwise => isolation(&[0]);
    crossed_tx_plain_reader (no_defer) => crossed(true);
    crossed_tx_plain_reader_defer => crossed(true);
    crossed_tx_tx_reader => crossed(false);
    access2_stop (no_defer) => crossed_access2();
    access2_defer => crossed_access2();
    access2_plain_tx_stop (no_defer) => access2_plain_tx();
    access2_plain_tx_defer => access2_plain_tx();
    blocked_and_exit => blocked_and_exit();
    taken_over => taken_over();
    ghosts => ghosts();
    collect_while_waiting => collect_while_waiting();
    irrevocable_blocks => irrevocable_blocks();
    born_in_transaction => born_in_transaction();
    oldest_not_starved => oldest_not_starved();
    chaos2_stop (no_defer) => chaos(2, 2, 2, 6);
    chaos2_defer => chaos(2, 2, 2, 6);
    chaos3_stop (no_defer) => chaos(3, 3, 2, 5);
    chaos3_defer => chaos(3, 3, 2, 5);
    chaos3_elementwise => chaos(3, 3, 3, 5);
    chaos_slots => chaos(4, 3, 3, 4);
    chaos_few_slots => chaos(4, 2, 3, 3);
    plain_vs_tx_stream => plain_vs_tx_stream(2);
    plain_vs_one_tx_stream => plain_vs_tx_stream(1);
    contended_release => contended_release();
    contended_transactions => isolation_in(Heap::contended(1, 0, &[], 3));
    contended_elements => isolation_in(Heap::contended(1, 0, &[0], 3));
    contended_crossed => crossed_in(Heap::contended(2, 0, &[], 3), false);
    contended_twice => contended_twice();
    contended_born => contended_born();
    crowded_crossed => crossed_in(Heap::crowded(2, &[], 3), true);
    crowded_transactions => isolation_in(Heap::crowded(1, &[], 3));
    crowded_elements => isolation_in(Heap::crowded(1, &[0], 3));
    crowded_chaos => chaos_in(Heap::crowded(3, &[2], 3), 3, 3, 5);
    crowded_chaos_slots => chaos_in(Heap::crowded(3, &[2], 2), 4, 3, 3);
    untracked => untracked();
    one_then_two => one_then_two();
    blind_transactions => blind_transactions();
    blind_writes => blind_writes();
    many3_defer => many3();
    many3_stop (no_defer) => many3();
    many_mixed_modes => many_mixed_modes();
    many_with_transactions => many_with_transactions();
    parked_tx_waiters => parked_tx_waiters();
    irrevocable_overtakes => irrevocable_overtakes();
    slots_blocking => slots_blocking();
    slots_yield => slots_yield();
    slots_yield_after_tx => slots_yield_after_tx();
    slots_irrevocable => slots_irrevocable();
    slots_stop => slots_stop();
    native_pins => native_pins();
    native_two_kernels => native_two_kernels();
    native_stopped_world (no_defer) => native_stopped_world();
    native_in_transaction => native_in_transaction();
    quiet_isolation => isolation_in(Heap::quiet(1, &[], 3));
    quiet_elements => isolation_in(Heap::quiet(1, &[0], 3));
    quiet_transactions => quiet_transactions();
    quiet_kernel => quiet_kernel();
    quiet_waits => quiet_waits();
    quiet_counters => quiet_counters();
    quiet_stop (no_defer) => quiet_many();
    quiet_defer => quiet_many();
    quiet_chaos => chaos_in(Heap::quiet(3, &[2], 3), 3, 3, 5);
    quiet_chaos_slots => chaos_in(Heap::quiet(3, &[2], 2), 4, 3, 3);
}

/// Start of the schedulers' random numbers: fixed, so that a run can be repeated; `TXPY_MODEL_SEED` gives another.
fn seed() -> u64 { std::env::var("TXPY_MODEL_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1) }

/// Runs a scenario under `n` random and `n` PCT schedules; panics on a failure.
pub fn check(s: &Scenario, n: usize, broken: &[Mutant]) {
    let mut on = broken.to_vec();
    if s.no_defer {
        on.push(Mutant::NoDefer);
    }
    mutants::set(&on);
    let mut c = Config::new();
    c.max_steps = MaxSteps::FailAfter(60_000);
    c.stack_size = 0x20000;
    c.failure_persistence = shuttle::FailurePersistence::None;
    let body = s.body;
    Runner::new(RandomScheduler::new_from_seed(seed(), n), c.clone()).run(body);
    Runner::new(PctScheduler::new_from_seed(seed(), 4, n), c).run(body);
}

pub fn scenario(name: &str) -> &'static Scenario {
    SCENARIOS.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no scenario {name}"))
}

macro_rules! th {
    ($t:ident, $b:block) => {
        Box::new(move |$t: &mut Thread| $b) as Body
    };
}

fn sub(d: &mut u64, n: u64) {
    *d = d.wrapping_sub(n);
}
fn add(d: &mut u64, n: u64) {
    *d = d.wrapping_add(n);
}

fn counters() {
    let w = Heap::new(1, &[], 3);
    run_threads(&w, (0..3).map(|_| th!(t, { (0..3).for_each(|_| { t.inc(0); t.poll() }) })).collect());
    assert_eq!(w.sum(1), 9);
}

fn upgrade_two_readers() {
    let w = Heap::new(1, &[], 3);
    let body = || th!(t, { for _ in 0..2 { t.read(0).unwrap(); t.poll(); t.inc(0); t.poll() } });
    run_threads(&w, (0..3).map(|_| body()).collect());
    assert_eq!(w.sum(1), 6);
}

/// A transaction splits x -= 1, y += 1 over safepoints; plain readers must see x + y = 0.
fn isolation(elementwise: &[usize]) { isolation_in(Heap::new(1, elementwise, 3)) }
fn isolation_in(w: Arc<Heap>) {
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 {
            t.atomic(|t| { t.update(0, |d| sub(&mut d[0], 1))?; t.safepoint()?; t.update(0, |d| add(&mut d[1], 1))?; t.safepoint() })
        } }),
        th!(t, { for _ in 0..3 { let d = t.read(0).unwrap(); assert_eq!(d[0].wrapping_add(d[1]), 0, "saw intermediate"); t.poll() } }),
        th!(t, {
            t.update(0, |d| { add(&mut d[0], 5); sub(&mut d[1], 5) }).unwrap();
            t.poll();
            t.atomic(|t| { let d = t.read(0)?; t.safepoint()?; assert_eq!(d, t.read(0)?); assert_eq!(d[0].wrapping_add(d[1]), 0); Ok(()) })
        }),
    ]);
    assert_eq!(w.sum(1), 0);
}

/// A thread that waited goes on with an object beside one that was taken over meanwhile.
fn taken_over() {
    let w = Heap::new(2, &[], 2);
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 { t.inc(0); t.inc(1); t.nap(); t.inc(1); t.poll() } }),
        th!(t, { for _ in 0..3 { t.inc(0); t.inc(1); t.poll() } }),
    ]);
    assert_eq!(w.sum(2), 12);
}

/// What a waiting thread has made is taken by two, who come and go: its slot becomes a ghost, and a slot again when the world has been stopped.
fn ghosts() {
    let w = Heap::new(3, &[], 4);
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 { for o in 0..3 { t.inc(o) } t.nap(); t.inc(2); t.poll() } }),
        th!(t, { for _ in 0..2 { for o in 0..3 { t.inc(o) } t.nap() } }),
        th!(t, { for o in 0..3 { t.inc(o) } t.collect().unwrap(); t.atomic(|t| { t.update(2, |d| d[0] += 1)?; t.safepoint()?; t.update(1, |d| d[0] += 1) }) }),
    ]);
    assert_eq!(w.sum(3), 19);
}

fn transfer(t: &mut Thread, a: usize, b: usize) -> R<()> {
    t.update(a, |d| sub(&mut d[0], 1))?;
    t.safepoint()?;
    t.update(b, |d| add(&mut d[0], 1))?;
    t.safepoint()
}

fn both(t: &mut Thread, a: usize, b: usize) -> (u64, u64) {
    t.access2((a, Read), (b, Read), |m| (get(m, a)[0], get(m, b)[0])).unwrap()
}

/// Moves 1 between objects as one plain operation.
fn move2(t: &mut Thread, a: usize, b: usize) {
    t.access2((a, Write), (b, Write), |m| { write(m, a, |d| sub(&mut d[0], 1)); write(m, b, |d| add(&mut d[0], 1)) }).unwrap();
}

fn crossed(plain: bool) { crossed_in(Heap::new(2, &[], 3), plain) }
fn crossed_in(w: Arc<Heap>, plain: bool) {
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 { t.atomic(|t| transfer(t, 0, 1)) } }),
        th!(t, { for _ in 0..2 { t.atomic(|t| transfer(t, 1, 0)) } }),
        th!(t, { for _ in 0..2 {
            let (a, b) = if plain { both(t, 0, 1) } else { t.atomic(|t| { let a = t.read(1)?[0]; t.safepoint()?; Ok((a, t.read(0)?[0])) }) };
            assert_eq!(a.wrapping_add(b), 0);
            t.poll()
        } }),
    ]);
    assert_eq!(w.sum(2), 0);
}

fn crossed_access2() {
    let w = Heap::new(3, &[], 3);
    let body = |a, b| th!(t, { for _ in 0..2 { move2(t, a, b); t.poll() } });
    run_threads(&w, vec![body(0, 1), body(1, 2), body(2, 0)]);
    assert_eq!(w.sum(3), 0);
}

fn access2_plain_tx() {
    let w = Heap::new(2, &[], 3);
    run_threads(&w, vec![
        th!(t, { for _ in 0..3 { move2(t, 0, 1); t.poll() } }),
        th!(t, { for _ in 0..3 { t.atomic(|t| transfer(t, 1, 0)) } }),
        th!(t, { for _ in 0..3 {
            t.atomic(|t| { let a = t.read(0)?[0]; t.safepoint()?; let b = t.read(1)?[0]; t.safepoint()?; assert_eq!(a.wrapping_add(b), 0); Ok(()) })
        } }),
    ]);
    assert_eq!(w.sum(2), 0);
}

/// Three threads, two slots: the third inherits a slot with its objects.
fn blocked_and_exit() {
    let w = Heap::new(1, &[], 2);
    let body = || th!(t, { for _ in 0..3 { t.inc(0); t.poll() } });
    run_threads(&w, vec![
        th!(t, { t.inc(0); t.nap(); t.inc(0); t.block(); t.unblock(); t.read(0).unwrap(); t.inc(0) }),
        body(),
        body(),
    ]);
    assert_eq!(w.sum(1), 9);
}

fn collect_while_waiting() {
    let w = Heap::new(2, &[], 3);
    run_threads(&w, vec![
        th!(t, { t.inc(0); t.collect().unwrap(); t.inc(0); t.atomic(|t| { t.update(1, |d| d[0] += 1)?; t.collect()?; t.update(1, |d| d[0] += 1) }) }),
        th!(t, { for _ in 0..2 { t.inc(0); t.poll(); t.atomic(|t| { t.update(1, |d| d[0] += 1)?; t.safepoint()?; t.update(0, |d| d[0] += 1) }) } }),
        th!(t, { t.inc(1); t.collect().unwrap(); t.inc(0) }),
    ]);
    assert_eq!(w.sum(2), 12);
}

fn irrevocable_blocks() {
    let w = Heap::new(2, &[], 3);
    run_threads(&w, vec![
        th!(t, { t.atomic(|t| { t.update(0, |d| sub(&mut d[0], 1))?; t.m.become_irrevocable()?; t.safepoint()?; t.nap(); t.update(1, |d| add(&mut d[0], 1)) }) }),
        th!(t, { t.atomic(|t| {
            let b = t.read(1)?[0]; t.safepoint()?; let a = t.read(0)?[0];
            assert_eq!(a.wrapping_add(b), 0);
            t.m.become_irrevocable()?; t.update(1, |d| d[1] += 1)
        }) }),
        th!(t, { let (a, b) = both(t, 0, 1); assert_eq!(a.wrapping_add(b), 0); t.poll(); t.atomic(|t| transfer(t, 1, 0)) }),
    ]);
    assert_eq!(w.sum(2), 1);
}

/// Object 0 points (its first word) to a fresh object; random aborts; collections.
fn born_in_transaction() {
    let w = Heap::with_spare(2, 6, &[], 3);
    let body = || th!(t, {
        let mut tries = 0;
        for k in 0..2u64 {
            t.atomic(|t| {
                if tries < 2 {
                    tries += 1;
                    let p = t.read(0)?[0];
                    if p != 0 { t.update(p as usize, |d| { d[0] += 1; d[1] += 1 })? }
                    t.update(1, |d| d[0] += 1)?;
                    t.safepoint()?;
                    return if tries == 1 { t.doom_me() } else { Ok(()) };
                }
                let o = t.alloc();
                t.update(o, |d| *d = [k, k])?;
                t.safepoint()?;
                t.update(o, |d| { d[0] += 1; d[1] += 1 })?;
                t.update(0, |d| d[0] = o as u64)?;
                t.safepoint()
            })
        }
        // Written again in a second transaction that aborts once: must be restored.
        let mut once = true;
        t.atomic(|t| {
            let p = t.read(0)?[0] as usize;
            t.read(p)?;
            t.safepoint()?;
            if once { once = false; t.update(p, |d| d[0] += 100)?; t.safepoint()?; return t.doom_me() }
            let d = t.read(p)?;
            assert_eq!(d[0], d[1], "not restored");
            Ok(())
        });
    });
    let collector = th!(t, {
        t.collect().unwrap();
        let p = t.read(0).unwrap()[0];
        if p != 0 { let d = t.read(p as usize).unwrap(); assert_eq!(d[0], d[1]) }
        t.collect().unwrap()
    });
    run_threads(&w, vec![body(), body(), collector]);
}

/// An old transaction must get through while plain code and young ones hammer its objects.
fn oldest_not_starved() {
    let w = Heap::new(2, &[], 3);
    run_threads(&w, vec![
        th!(t, {
            let mut tries = 0;
            t.atomic(|t| {
                tries += 1;
                assert!(tries <= 3, "oldest starves");
                t.update(0, |d| d[0] += 1)?; t.safepoint()?; t.update(1, |d| d[0] += 1)?; t.safepoint()?; t.update(0, |d| d[1] += 1)
            })
        }),
        th!(t, { for _ in 0..4 { t.atomic(|t| { t.update(1, |d| d[0] += 1)?; t.safepoint()?; t.update(0, |d| d[0] += 1) }) } }),
        th!(t, { for _ in 0..6 { t.inc(0); t.poll(); t.inc(1) } }),
    ]);
    assert_eq!(w.sum(2), 3 + 8 + 12);
}

fn chaos(threads: usize, slots: usize, n: usize, ops: usize) { chaos_in(Heap::new(n, if n > 2 { &[2] } else { &[] }, slots), threads, n, ops) }
fn chaos_in(w: Arc<Heap>, threads: usize, n: usize, ops: usize) {
    let body = || th!(t, {
        for _ in 0..ops {
            let r = |n: usize| thread_rng().gen_range(0..n);
            let (k, a, b, c) = (r(14), r(n), r(n), r(n));
            match k {
                0 => drop(t.read(a).unwrap()),
                1 => t.update(a, |d| { add(&mut d[0], 3); sub(&mut d[1], 3) }).unwrap(),
                2 if a != b => t.access2((a, Write), (b, Write), |m| { write(m, a, |d| add(&mut d[1], 1)); write(m, b, |d| sub(&mut d[1], 1)) }).unwrap(),
                3 => t.collect().unwrap(),
                4 => t.nap(),
                5 | 6 if a != b => {
                    let mut abort = thread_rng().gen_bool(0.3);
                    t.atomic(|t| {
                        let x = t.read(c)?;
                        transfer(t, a, b)?;
                        if abort { abort = false; return t.doom_me() }
                        if thread_rng().gen_bool(0.1) { t.collect()? }
                        if c != a && c != b { assert_eq!(x, t.read(c)?) }
                        Ok(())
                    })
                }
                7 => t.atomic(|t| {
                    let mut s = 0u64;
                    for o in 0..n { let d = t.read(o)?; s = s.wrapping_add(d[0]).wrapping_add(d[1]); t.safepoint()? }
                    assert_eq!(s, 0, "transaction saw unbalanced");
                    Ok(())
                }),
                8 if a != b => t.atomic(|t| { t.read(a)?; t.m.become_irrevocable()?; t.update(a, |d| add(&mut d[0], 1))?; t.nap(); t.update(b, |d| sub(&mut d[1], 1)) }),
                9 => {
                    let mut all: Vec<_> = (0..n).map(|o| (o, Read)).collect();
                    let s = t.many(&mut all, |m| (0..n).map(|o| get(m, o)).fold(0u64, |s, d| s.wrapping_add(d[0]).wrapping_add(d[1]))).unwrap();
                    assert_eq!(s, 0, "plain code saw unbalanced")
                }
                10 if a != b => t.atomic(|t| t.access2((a, Write), (b, Read), |m| { get(m, b); write(m, a, |d| { add(&mut d[0], 1); sub(&mut d[1], 1) }) })),
                11 if a != b => kernel(t, a, b),
                _ => { t.update(a, |d| { add(&mut d[0], 1); sub(&mut d[1], 1) }).unwrap(); t.release(a) }
            }
            t.poll()
        }
    });
    run_threads(&w, (0..threads).map(|_| body()).collect());
    assert_eq!(w.sum(n), 0);
}

/// A plain writer against threads that read the object in one transaction after another: bounded number of denials.
fn plain_vs_tx_stream(streams: usize) {
    let w = Heap::new(1, &[], streams + 1);
    let stream = || th!(t, { for _ in 0..25 {
        if t.heap.stat.done.load(Relaxed) != 0 { return }
        t.atomic(|t| { t.read(0)?; t.safepoint()?; t.read(0)?; t.safepoint() })
    } });
    let mut v: Vec<_> = (0..streams).map(|_| stream()).collect();
    v.push(th!(t, { for _ in 0..2 { t.inc(0); t.poll() } t.heap.stat.done.store(1, Relaxed) }));
    run_threads(&w, v);
    let d = w.stat.most_denied.load(Relaxed);
    assert!(d <= if streams == 1 { 2 } else { 6 }, "plain writer denied {d} times: starves");
}

fn contended_release() {
    let w = Heap::new(1, &[], 3);
    let body = || th!(t, { for _ in 0..3 { t.inc(0); t.release(0); t.poll() } });
    run_threads(&w, vec![
        body(),
        body(),
        th!(t, { for _ in 0..2 {
            t.inc(0); t.poll();
            t.atomic(|t| { t.update(0, |d| d[0] += 1)?; t.release(0); t.safepoint()?; t.update(0, |d| d[0] += 1) })
        } }),
    ]);
    assert_eq!(w.sum(1), 12);
}

/// Read, then written in one transaction: the object stands in both logs.
fn contended_twice() {
    let w = Heap::contended(1, 0, &[], 3);
    run_threads(&w, vec![
        th!(t, { for _ in 0..3 { t.atomic(|t| { t.read(0)?; t.update(0, |d| { add(&mut d[0], 1); add(&mut d[1], 1) }) }); t.poll() } }),
        th!(t, { for _ in 0..3 { t.update(0, |d| { add(&mut d[0], 1); add(&mut d[1], 1) }).unwrap(); t.poll() } }),
        th!(t, { for _ in 0..3 { let d = t.read(0).unwrap(); assert_eq!(d[0], d[1]); t.poll() } }),
    ]);
    assert_eq!(w.sum(1), 12);
}

/// Transactions leave a fresh object in a contended one, from where older ones take it before all is cleared.
fn contended_born() {
    let w = Heap::contended(1, 2, &[], 2);
    run_threads(&w, vec![
        th!(t, { for o in 1..=2 { t.atomic(|t| { t.born(o); t.update(o, |d| d[0] = 1)?; t.update(0, |d| d[0] = o as u64) }) } }),
        th!(t, { t.atomic(|t| {
            (0..8).try_for_each(|_| t.safepoint())?;
            let p = t.read(0)?[0] as usize;
            if p != 0 { t.update(p, |d| d[0] += 1)? }
            Ok(())
        }) }),
    ]);
}

/// Accesses in transactions that are no part of them: they stay when those abort, and others need not wait. What the transaction has read besides holds still.
fn untracked() {
    let w = Heap::new(2, &[], 3);
    let body = |reads: bool| th!(t, { for _ in 0..2 { t.atomic(|t| {
        t.update(0, |d| d[0] += 1)?;
        let before = if reads { t.read(1)?[0] } else { 0 };
        t.inc_untracked(1)?;
        t.safepoint()?;
        if reads {
            assert_eq!(t.read(1)?[0], before + 1, "what was read changed");
        }
        t.inc_untracked(1)?;
        t.update(0, |d| d[0] += 1)
    }) } });
    run_threads(&w, vec![body(true), body(false), th!(t, { for _ in 0..2 { t.inc(1); t.poll() } })]);
    assert_eq!(w.objs[0].data.get()[0], 8);
    assert_eq!(w.objs[1].data.get()[0], w.stat.done.load(Relaxed) + 2);
}

/// A thread works alone, in transactions and out of them, and others come and go.
fn one_then_two() {
    let w = Heap::with_solo(1, 3);
    let work = |t: &mut Thread| {
        for _ in 0..3 {
            t.atomic(|t| t.update(0, |d| d[0] += 1));
            t.poll();
        }
        t.nap();
        t.inc(0);
        t.poll();
    };
    run_threads(&w, (0..3).map(|_| th!(t, { work(t) })).collect());
    assert_eq!(w.sum(1), 12);
}

/// Transactions that take no note of what they read while their thread is alone; some become irrevocable. Others come and go.
fn blind_transactions() {
    let w = Heap::with_solo(2, 3);
    let mover = || th!(t, {
        t.nap();
        move2(t, 0, 1);
        t.poll();
        t.nap();
        t.atomic(|t| transfer(t, 1, 0));
    });
    run_threads(&w, vec![
        th!(t, { for k in 0..4 { t.atomic(|t| {
            let a = t.read(0)?[0];
            t.safepoint()?;
            if k == 2 { t.m.become_irrevocable()?; t.nap() }
            let b = t.read(1)?[0];
            assert_eq!(a.wrapping_add(b), 0, "what was read changed");
            t.safepoint()?;
            t.update(1, |d| d[1] += 1)?;
            assert_eq!(t.read(0)?[0], a, "what was read changed");
            Ok(())
        }) } }),
        mover(),
        mover(),
    ]);
    assert_eq!(w.sum(2), 4);
}

/// Transactions of a thread that is alone at first write objects twice, and as a whole between; others come and look.
fn blind_writes() {
    let w = Heap::with_solo(2, 3);
    let looker = || th!(t, {
        t.nap();
        move2(t, 0, 1);
        t.poll();
        t.nap();
        let (a, b) = t.atomic(|t| Ok((t.read(0)?, t.read(1)?)));
        assert_eq!(a[0].wrapping_add(b[0]), 0, "half a transaction");
    });
    run_threads(&w, vec![
        th!(t, { for k in 0..4 { let mut aborts = k == 2; t.atomic(|t| {
            t.update(0, |d| add(&mut d[0], 1))?;
            t.safepoint()?;
            if k == 1 { t.m.write_barrier(1)?; }
            t.update(1, |d| sub(&mut d[0], 2))?;
            t.safepoint()?;
            t.update(1, |d| add(&mut d[0], 1))?;
            if std::mem::take(&mut aborts) { t.doom_me()? }
            Ok(())
        }) } }),
        looker(),
        looker(),
    ]);
    assert_eq!(w.sum(2), 0);
}

/// Rotates 1 through three objects as one plain operation.
fn rotate(t: &mut Thread, a: usize, b: usize, c: usize) {
    t.many(&mut [(a, Write), (b, Write), (c, Write)], |m| {
        write(m, a, |d| sub(&mut d[0], 2));
        write(m, b, |d| add(&mut d[0], 1));
        write(m, c, |d| add(&mut d[0], 1))
    }).unwrap();
}

fn many3() {
    let w = Heap::new(3, &[1], 3);
    let body = |a, b, c| th!(t, { for _ in 0..2 { rotate(t, a, b, c); t.poll() } });
    run_threads(&w, vec![body(0, 1, 2), body(1, 2, 0), body(2, 0, 1)]);
    assert_eq!(w.sum(3), 0);
}

/// Shared readings, writings and an object named twice.
fn many_mixed_modes() {
    let w = Heap::new(3, &[], 3);
    let sum3 = || th!(t, { for _ in 0..2 {
        let s = t.many(&mut [(2, Read), (0, Read), (1, Read)], |m| (0..3).map(|o| get(m, o)[0]).fold(0, u64::wrapping_add)).unwrap();
        assert_eq!(s, 0);
        t.poll()
    } });
    let twice = th!(t, { for _ in 0..2 {
        t.many(&mut [(1, Read), (2, Write), (1, Write)], |m| { get(m, 1); write(m, 1, |d| sub(&mut d[0], 1)); write(m, 2, |d| add(&mut d[0], 1)) }).unwrap();
        t.poll()
    } });
    run_threads(&w, vec![sum3(), twice, th!(t, { rotate(t, 2, 1, 0); t.poll(); let s = both(t, 1, 1); assert_eq!(s.0, s.1); rotate(t, 0, 1, 2) })]);
    assert_eq!(w.sum(3), 0);
}

fn many_with_transactions() {
    let w = Heap::new(3, &[2], 3);
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 { rotate(t, 2, 0, 1); t.poll() } }),
        th!(t, { for _ in 0..2 { t.atomic(|t| { transfer(t, 2, 0)?; transfer(t, 1, 2) }) } }),
        th!(t, { for _ in 0..2 {
            t.atomic(|t| {
                let s = t.many(&mut [(1, Read), (2, Read), (0, Read)], |m| (0..3).map(|o| get(m, o)[0]).fold(0, u64::wrapping_add))?;
                assert_eq!(s, 0);
                t.safepoint()?;
                t.access2((0, Write), (2, Write), |m| { write(m, 0, |d| sub(&mut d[0], 1)); write(m, 2, |d| add(&mut d[0], 1)) })
            })
        } }),
    ]);
    assert_eq!(w.sum(3), 0);
}

/// A plain writer, an older and a younger transaction wait for one transaction: its end must wake them all.
fn parked_tx_waiters() {
    let w = Heap::new(2, &[], 4);
    let tx = |o: usize, p: usize| th!(t, { t.atomic(|t| { t.update(o, |d| d[0] += 1)?; t.safepoint()?; thread::yield_now(); t.safepoint()?; t.update(p, |d| d[0] += 1) }) });
    run_threads(&w, vec![tx(0, 1), tx(1, 0), tx(0, 0), th!(t, { t.inc(0); t.poll(); t.inc(1) })]);
    assert_eq!(w.sum(2), 8);
}

/// A transaction becomes irrevocable while an older one waits, lock in hand, for it to be doomed.
fn irrevocable_overtakes() {
    let w = Heap::new(1, &[], 2);
    let body = || th!(t, { t.atomic(|t| { t.update(0, |d| d[0] += 1)?; t.m.become_irrevocable()?; t.safepoint()?; t.update(0, |d| d[1] += 1) }) });
    run_threads(&w, vec![body(), body()]);
    assert_eq!(w.sum(1), 4);
}

fn slots_blocking() {
    let w = Heap::new(2, &[], 2);
    let body = || th!(t, { for _ in 0..2 { t.inc(0); t.nap(); t.inc(1); t.poll(); t.read(0).unwrap(); } });
    run_threads(&w, (0..4).map(|_| body()).collect());
    assert_eq!(w.sum(2), 16);
}

/// One slot; the first to run polls until the other has written: it must get the slot.
fn slots_yield() {
    let w = Heap::new(1, &[], 1);
    let body = || th!(t, { t.inc(0); while t.read(0).unwrap()[0] < 3 { t.poll(); thread::yield_now() } });
    run_threads(&w, (0..3).map(|_| body()).collect());
    assert_eq!(w.sum(1), 3);
}

/// The same, where the slot is busy with transactions; and what they wrote must survive the change of slots.
fn slots_yield_after_tx() {
    let w = Heap::new(2, &[], 2);
    let body = || th!(t, {
        t.atomic(|t| { t.update(0, |d| d[0] += 1)?; t.safepoint()?; t.update(1, |d| d[0] += 1) });
        while t.atomic(|t| { let d = t.read(0)?; t.safepoint()?; assert_eq!(d, t.read(1)?); Ok(d[0]) }) < 3 { thread::yield_now() }
    });
    run_threads(&w, (0..3).map(|_| body()).collect());
    assert_eq!(w.sum(2), 6);
}

/// A blocked irrevocable transaction keeps its slot, whoever else needs one.
fn slots_irrevocable() {
    let w = Heap::new(2, &[], 2);
    let body = || th!(t, { for _ in 0..2 { t.inc(0); t.nap(); t.inc(1) } });
    run_threads(&w, vec![
        th!(t, { t.atomic(|t| {
            t.update(0, |d| d[0] += 1)?;
            t.m.become_irrevocable()?;
            let s = t.m.slot();
            t.nap();
            assert_eq!(s, t.m.slot());
            t.update(1, |d| d[0] += 1)
        }) }),
        body(),
        body(),
    ]);
    assert_eq!(w.sum(2), 10);
}

/// Threads that stop for a collection in mid-operation keep their slots.
fn slots_stop() {
    let w = Heap::new(2, &[], 2);
    let body = || th!(t, { for _ in 0..2 { t.inc(0); t.atomic(|t| { t.update(1, |d| d[0] += 1)?; t.safepoint()?; t.update(0, |d| d[0] += 1) }) } });
    run_threads(&w, vec![body(), body(), th!(t, { t.collect().unwrap(); t.inc(0); t.nap(); t.collect().unwrap() })]);
    assert_eq!(w.sum(2), 13);
}

/// A foreign kernel that takes its time: moves 1 from a to b in two steps.
fn kernel(t: &mut Thread, a: usize, b: usize) {
    let heap = t.heap.clone();
    t.m.native(&mut [(a, Write), (b, Write)], || {
        heap.objs[a].data.update(|d| sub(&mut d[0], 1));
        thread::yield_now();
        heap.objs[b].data.update(|d| add(&mut d[0], 1));
    }).unwrap();
}

/// Pinned objects wait for the kernel, the slot's other objects do not: thread 1 writes object 2 to end the kernel.
fn native_pins() {
    let w = Heap::new(3, &[], 3);
    run_threads(&w, vec![
        th!(t, {
            t.inc(2);
            let heap = t.heap.clone();
            t.m.native(&mut [(0, Write), (1, Read)], || {
                heap.objs[0].data.update(|d| d[0] += 1);
                while heap.stat.done.load(Relaxed) == 0 { thread::yield_now() }
                heap.objs[1].data.get();
                heap.objs[0].data.update(|d| d[0] += 1);
            }).unwrap();
            t.inc(2)
        }),
        th!(t, { t.collect().unwrap(); t.inc(2); t.heap.stat.done.store(1, Relaxed); t.poll(); t.inc(0) }),
        th!(t, { t.read(1).unwrap(); t.poll(); t.inc(0); t.inc(1) }),
    ]);
    assert_eq!(w.sum(3), 8);
}

fn native_two_kernels() {
    let w = Heap::new(3, &[], 3);
    run_threads(&w, vec![
        th!(t, { for _ in 0..2 { kernel(t, 0, 1); t.poll() } }),
        th!(t, { kernel(t, 1, 0); t.inc(2); kernel(t, 2, 1) }),
        th!(t, { t.inc(2); let (a, b) = both(t, 0, 1); t.poll(); kernel(t, 0, 2); assert!(a.wrapping_add(b).wrapping_add(1) < 3) }),
    ]);
    assert_eq!(w.sum(3), 2);
}

/// Operations on a stopped world wait for kernels on their objects. The kernel works on the object that movers acquire first:
/// they lose it while they wait for the other.
fn native_stopped_world() {
    let w = Heap::new(2, &[], 3);
    let body = |a, b| th!(t, { for _ in 0..3 { move2(t, a, b); t.poll() } });
    let kernels = th!(t, { for _ in 0..4 {
        let heap = t.heap.clone();
        t.m.native(&mut [(0, Write)], || heap.objs[0].data.update(|d| { (0..4).for_each(|_| thread::yield_now()); d[1] = d[1].wrapping_add(1) })).unwrap();
        t.poll()
    } });
    run_threads(&w, vec![body(0, 1), body(1, 0), kernels]);
    assert_eq!(w.sum(2), 4);
}

fn native_in_transaction() {
    let w = Heap::new(2, &[], 3);
    run_threads(&w, vec![
        th!(t, { t.atomic(|t| {
            t.update(0, |_| ())?;
            t.update(1, |_| ())?;
            let heap = t.heap.clone();
            t.m.native(&mut [(0, Write), (1, Write)], || { heap.objs[0].data.update(|d| sub(&mut d[0], 1)); heap.objs[1].data.update(|d| add(&mut d[0], 1)) })?;
            t.safepoint()
        }) }),
        th!(t, { for _ in 0..2 { t.atomic(|t| transfer(t, 1, 0)) } t.collect().unwrap() }),
        th!(t, { let (a, b) = both(t, 0, 1); assert_eq!(a.wrapping_add(b), 0); t.poll(); t.atomic(|t| transfer(t, 0, 1)) }),
    ]);
    assert_eq!(w.sum(2), 0);
}

/// Transactions read two objects, which become quiet, while another moves 1 between them: what a transaction has read holds still until its end.
fn quiet_transactions() {
    let w = Heap::quiet(2, &[], 3);
    let reader = || th!(t, { for _ in 0..4 { t.atomic(|t| {
        let a = t.read(0)?[0];
        t.safepoint()?;
        let b = t.read(1)?[0];
        assert_eq!(a.wrapping_add(b), 0, "transaction saw unbalanced");
        t.safepoint()?;
        assert_eq!(t.read(0)?[0], a, "what was read changed");
        Ok(())
    }) } });
    let writer = th!(t, { for _ in 0..2 {
        t.atomic(|t| {
            let a = t.read(0)?[0];
            t.safepoint()?;
            t.update(1, |d| add(&mut d[0], 1))?;
            t.safepoint()?;
            t.update(0, |d| d[0] = a.wrapping_sub(1))
        });
        t.access2((0, Write), (1, Write), |m| (0..2).for_each(|o| write(m, o, |d| d[1] += 1))).unwrap();
        t.poll()
    } });
    run_threads(&w, vec![reader(), reader(), writer]);
    assert_eq!(w.sum(2), 4);
}

/// Transactions read a quiet object and write what follows from it: nobody writes in between.
fn quiet_counters() {
    let w = Heap::quiet(1, &[], 3);
    let body = || th!(t, { for _ in 0..3 { t.atomic(|t| { let n = t.read(0)?[0]; t.safepoint()?; t.read(0)?; t.update(0, |d| d[0] = n + 1) }) } });
    run_threads(&w, (0..3).map(|_| body()).collect());
    assert_eq!(w.sum(1), 9);
}

/// An object becomes quiet while a plain writer looks whose transaction is in its way.
fn quiet_waits() {
    let w = Heap::quiet(1, &[], 3);
    let reader = || th!(t, { for _ in 0..3 { t.atomic(|t| t.read(0).map(drop)) } });
    run_threads(&w, vec![reader(), reader(), th!(t, { t.inc(0) })]);
    assert_eq!(w.sum(1), 1);
}

/// A kernel reads an object that is quiet; others want to write it.
fn quiet_kernel() {
    let w = Heap::quiet(1, &[], 3);
    let reader = || th!(t, { for _ in 0..3 {
        t.atomic(|t| t.read(0).map(drop));
        let heap = t.heap.clone();
        t.m.native(&mut [(0, Read)], || { let before = heap.objs[0].data.get(); thread::yield_now(); assert_eq!(heap.objs[0].data.get(), before, "written under a kernel") }).unwrap();
        t.poll();
    } });
    run_threads(&w, vec![reader(), reader(), th!(t, { for _ in 0..3 { t.inc(0); t.poll() } })]);
    assert_eq!(w.sum(1), 3);
}

/// Operations on several objects, of which some are quiet.
fn quiet_many() {
    let w = Heap::quiet(3, &[], 3);
    let reader = th!(t, { for _ in 0..3 { t.atomic(|t| {
        let s = t.many(&mut [(2, Read), (0, Read), (1, Read)], |m| (0..3).map(|o| get(m, o)[0]).fold(0, u64::wrapping_add))?;
        t.safepoint()?;
        assert_eq!(s, 0);
        Ok(())
    }) } });
    run_threads(&w, vec![reader, th!(t, { for _ in 0..2 { rotate(t, 0, 1, 2); t.poll() } }), th!(t, { for _ in 0..2 {
        t.atomic(|t| { t.read(1)?; t.read(0)?; Ok(()) });
        rotate(t, 2, 1, 0);
        t.poll()
    } })]);
    assert_eq!(w.sum(3), 0);
}
