//! Each deliberate breakage of the protocol is detected by the scenarios named for it.
//! `TXPY_MUTANT_ITERS` sets the schedules of each kind after which a scenario counts as blind (default 20000).
#![cfg(all(feature = "shuttle", not(feature = "loom")))]

mod protocol_model;
use protocol_model::Mutant::{self, *};
use protocol_model::scenarios::{SCENARIOS, Scenario, check, scenario};

/// Which scenarios must fail under which breakage. Those that find nearly all of them (`chaos*`) are named only where
/// nothing smaller does.
const TABLE: &[(Mutant, &[&str])] = &[
    (RequesterClears, &["counters", "contended_release"]),
    (LockWhileTx, &["isolation_whole"]),
    (BornStale, &["born_in_transaction"]),
    (NoDirty, &["isolation_elementwise"]),
    (CopyFirst, &["isolation_whole"]),
    (StaleTxr, &["isolation_whole"]),
    (StaleLogged, &["isolation_whole"]),
    (FixWhileLocked, &["chaos3_stop", "chaos_slots"]),
    (WaitSilent, &["access2_stop"]),
    (ClearFirst, &["crossed_tx_tx_reader"]),
    (NoManyRecheck, &["crossed_tx_plain_reader", "access2_stop"]),
    (SkipHeld, &["access2_plain_tx_defer"]),
    (GcKeepsBorn, &["born_in_transaction"]),
    (NoWounding, &["crossed_tx_tx_reader"]),
    (ReadLogFirst, &["crossed_tx_tx_reader"]),
    (ManyNaive, &["many3_stop"]),
    (DeferDuringTx, &["access2_plain_tx_defer"]),
    (DeferUnordered, &["access2_defer", "many3_defer"]),
    (PlainFixup, &["access2_plain_tx_defer", "crossed_tx_tx_reader"]),
    (ImplicitIgnoresTx, &["chaos3_stop", "chaos_slots"]),
    (DecideOnce, &["irrevocable_overtakes"]),
    (ShareLocked, &["contended_twice"]),
    (StwFlagFirst, &["collect_while_waiting"]),
    (NoWaiters, &["plain_vs_one_tx_stream"]),
    (NoGate, &["plain_vs_tx_stream"]),
    (ParkBlind, &["counters", "isolation_whole"]),
    (NoWakeAtEnd, &["isolation_whole"]),
    (StealKept, &["slots_irrevocable", "slots_stop"]),
    (StolenUnnoticed, &["slots_blocking", "slots_yield"]),
    (StaleKeys, &["slots_blocking"]),
    (PinsIgnored, &["native_pins", "native_two_kernels"]),
    (StopIgnoresPins, &["native_stopped_world"]),
    (GivesUpOthers, &["contended_twice"]),
    (BornLast, &["contended_born"]),
    (BlindKept, &["blind_transactions"]),
    (AloneUnmarked, &["blind_writes"]),
    (UntrackedForgets, &["untracked"]),
    (SoloKept, &["one_then_two"]),
    (ThawForgets, &["quiet_transactions"]),
    (ThawRuns, &["quiet_transactions"]),
    (ThawIgnoresPins, &["quiet_kernel"]),
    (WaitsOnQuiet, &["quiet_waits"]),
    (ThawOwnForgotten, &["quiet_counters"]),
    (FreshStored, &["isolation_whole"]),
    (UnreadStored, &["isolation_whole"]),
    (TakenOver, &["chaos3_stop"]),
    (FreedLate, &["taken_over"]),
    (GhostEntered, &["ghosts"]),
    (GhostReturns, &["ghosts"]),
    (WayLocked, &["crowded_crossed"]),
    (WayToNobody, &["crowded_crossed"]),
    (DuplicateUpgrade, &["many_mixed_modes"]),
];

/// Whether the scenario fails. In a process of its own: a second task that panics while the first unwinds aborts it.
fn detects(s: &'static Scenario, m: Mutant, n: usize) -> bool {
    let mut one = std::process::Command::new(std::env::current_exe().expect("the test has a path"));
    one.args(["one_scenario", "--exact", "--ignored"]).env("TXPY_ONE", format!("{} {m:?} {n}", s.name));
    let out = one.output().expect("the test can start itself");
    let failed = !out.status.success();
    // A process that checked nothing is no detection.
    assert!(String::from_utf8_lossy(&out.stdout).contains("running 1 test"), "{out:?}");
    failed
}

/// Checks one scenario under one breakage, for `detects`.
#[test]
#[ignore = "run by the others"]
fn one_scenario() {
    let what = std::env::var("TXPY_ONE").expect("TXPY_ONE is set");
    let [name, m, n] = what.split(' ').collect::<Vec<_>>()[..] else { panic!("TXPY_ONE: scenario mutant iterations") };
    let m = *Mutant::ALL.iter().find(|x| format!("{x:?}") == m).expect("a mutant");
    check(scenario(name), n.parse().expect("a number"), &[m]);
}

fn iterations() -> usize {
    std::env::var("TXPY_MUTANT_ITERS").ok().and_then(|s| s.parse().ok()).unwrap_or(20_000)
}

#[test]
fn every_mutant_is_detected() {
    let mut blind = Vec::new();
    for &(m, names) in TABLE {
        for name in names {
            let start = std::time::Instant::now();
            let found = detects(scenario(name), m, iterations());
            eprintln!("{m:?}: {name} {} after {:.2} s", if found { "fails" } else { "PASSES" }, start.elapsed().as_secs_f64());
            if !found {
                blind.push(format!("{name} does not notice {m:?} ({})", m.what()));
            }
        }
    }
    assert!(blind.is_empty(), "{blind:#?}");
}

#[test]
fn the_table_has_every_mutant() {
    for &m in Mutant::ALL {
        assert!(m == NoDefer || TABLE.iter().any(|t| t.0 == m), "{m:?}");
    }
}

/// Prints which scenarios detect what, to find a table's entries; TXPY_MUTANT names one mutant.
#[test]
#[ignore = "a survey, not a check"]
fn survey() {
    let only = std::env::var("TXPY_MUTANT").ok();
    for &m in Mutant::ALL.iter().filter(|&&m| only.as_ref().is_none_or(|o| o.split(',').any(|o| format!("{m:?}") == o))) {
        let found: Vec<_> = SCENARIOS.iter().filter(|s| detects(s, m, iterations())).map(|s| s.name).collect();
        eprintln!("{m:?}: {found:?}");
    }
}
