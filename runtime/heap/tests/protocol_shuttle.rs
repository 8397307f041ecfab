//! Model checks of the protocol with shuttle: random and PCT schedules of every scenario.
//! `cargo test -p txpy-heap --features shuttle --test protocol_shuttle`; TXPY_SHUTTLE_ITERS sets the schedules of each kind (default 1000),
//! TXPY_SCENARIO picks scenarios by a part of their name.
#![cfg(all(feature = "shuttle", not(feature = "loom")))]

mod protocol_model;
use protocol_model::scenarios::{SCENARIOS, check};

#[test]
fn scenarios() {
    let n = std::env::var("TXPY_SHUTTLE_ITERS").ok().and_then(|s| s.parse().ok()).unwrap_or(1000);
    let only = std::env::var("TXPY_SCENARIO").ok();
    for s in SCENARIOS.iter().filter(|s| only.as_ref().is_none_or(|o| s.name.contains(o))) {
        let start = std::time::Instant::now();
        eprintln!("{} ...", s.name);
        check(s, n, &[]);
        eprintln!("{}: {n} random and {n} PCT schedules in {:.1} s", s.name, start.elapsed().as_secs_f64());
    }
}
