//! What the tests of the executable share.

use std::process::Command;

/// The executable; under TXPY_TEST_RUNNER, an emulator and its options, when it is foreign.
pub fn txpy() -> Command {
    let exe = env!("CARGO_BIN_EXE_txpy");
    let Ok(runner) = std::env::var("TXPY_TEST_RUNNER") else { return Command::new(exe) };
    let mut words = runner.split_whitespace();
    let mut c = Command::new(words.next().expect("TXPY_TEST_RUNNER names a program"));
    c.args(words).arg(exe);
    c
}

/// How much longer things take under the emulator.
#[allow(dead_code)] // not every test has a limit
pub fn patience() -> u64 { if std::env::var_os("TXPY_TEST_RUNNER").is_some() { 15 } else { 1 } }
