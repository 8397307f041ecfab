//! Transactional programs against what some serial order of their blocks gives, under injected aborts, collections, and both.

mod common;
use common::{patience, txpy};
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

fn run(script: &str, language: &str, args: &[&str], environment: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions").join(script);
    let out = txpy().arg(language).arg(path).args(args).envs(environment.iter().copied()).output().expect("txpy runs");
    assert!(out.status.success(), "{script} {args:?} {environment:?}: {}\n{}", out.status, String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn random_programs_are_serialisable() {
    for language in ["-3", "-2"] {
        assert_eq!(run("serialisable.py", language, &["0", "60"], &[]), "serialisable\n");
    }
}

#[test]
fn random_programs_are_serialisable_under_aborts() {
    for one_in in ["2", "30"] {
        assert_eq!(run("serialisable.py", "-3", &["60", "90"], &[("TXPY_STM_STRESS", one_in)]), "serialisable\n");
    }
}

#[test]
fn random_programs_are_serialisable_under_collections_and_aborts() {
    let stress = |every| [("TXPY_GC_STRESS", every), ("TXPY_GC_VERIFY", "1"), ("TXPY_GC_POISON", "1"), ("TXPY_STM_STRESS", "20")];
    assert_eq!(run("serialisable.py", "-3", &["90", "93"], &stress("97")), "serialisable\n");
    assert_eq!(run("serialisable.py", "-3", &["93", "94"], &stress("11")), "serialisable\n");
}

#[test]
fn arrays_take_part() {
    for language in ["-3", "-2"] {
        assert_eq!(run("arrays.py", language, &["6"], &[("TXPY_STM_STRESS", "10")]), "serialisable\n");
    }
    assert_eq!(run("arrays.py", "-3", &["1"], &[("TXPY_GC_STRESS", "97"), ("TXPY_GC_VERIFY", "1"), ("TXPY_GC_POISON", "1"), ("TXPY_STM_STRESS", "10")]), "serialisable\n");
}

/// An abort takes back what was written of an array, whichever way, and a block's cost is that of what it writes.
#[test]
fn arrays_are_taken_back_by_range() {
    for (language, one_in, seeds) in [("-3", "3", ["0", "60"]), ("-2", "3", ["60", "90"]), ("-3", "30", ["90", "120"])] {
        assert_eq!(run("array_ranges.py", language, &seeds, &[("TXPY_STM_STRESS", one_in)]), "25009000 49970\n");
    }
    assert_eq!(run("array_ranges.py", "-3", &["120", "123"], &[("TXPY_GC_STRESS", "97"), ("TXPY_GC_VERIFY", "1"), ("TXPY_GC_POISON", "1"), ("TXPY_STM_STRESS", "10")]), "25009000 49970\n");
}

/// The same for bytearrays, arrays, byte streams and views of them.
#[test]
fn bytes_are_taken_back_by_range() {
    for (language, one_in, seeds) in [("-3", "3", ["0", "60"]), ("-2", "3", ["60", "90"]), ("-3", "30", ["90", "120"])] {
        assert_eq!(run("byte_ranges.py", language, &seeds, &[("TXPY_STM_STRESS", one_in)]), "49000 427 2000\n");
    }
    assert_eq!(run("byte_ranges.py", "-3", &["120", "123"], &[("TXPY_GC_STRESS", "97"), ("TXPY_GC_VERIFY", "1"), ("TXPY_GC_POISON", "1"), ("TXPY_STM_STRESS", "10")]), "same\n");
}

/// `tools/interrupt-transactions.py` does a thousand.
#[test]
fn nothing_is_half_done_after_interrupts() {
    for seed in 0..50u32 {
        let language = if seed / 4 % 2 == 1 { "-3" } else { "-2" };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions/interrupted.py");
        let mut process = txpy();
        process.arg(language).arg(path).arg(seed.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let out = in_time(process.spawn().expect("txpy runs"), &format!("seed {seed}"));
        let (printed, errors) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        // Every fourth ends by a Ctrl-C that nobody catches.
        let interrupted = seed % 4 == 1;
        assert_eq!(out.status.success(), !interrupted, "seed {seed} {language}: {}\n{errors}", out.status);
        assert!(if interrupted { errors.trim_end().ends_with("KeyboardInterrupt") } else { errors.is_empty() }, "seed {seed} {language}: {errors}");
        assert_eq!(printed.lines().filter(|l| *l == "whole").count(), 1, "seed {seed} {language}");
        assert!(printed.ends_with('\n') && printed.lines().all(|l| l == "whole" || l == "<>"), "seed {seed} {language}: {printed}");
    }
}

/// Long blocks against many short ones on the same objects, and many long ones against a short one: all get through, and nothing is lost.
#[test]
fn long_and_short_blocks_get_through() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/stm/fairness.py");
    for language in ["-3", "-2"] {
        for threads in [["1", "1"], ["1", "4"], ["4", "1"]] {
            let mut process = txpy();
            process.arg(language).arg(&path).args(threads).arg("0.3").stdout(Stdio::piped()).stderr(Stdio::piped());
            let out = in_time(process.spawn().expect("txpy runs"), &format!("{threads:?}"));
            assert!(out.status.success(), "{language} {threads:?}:\n{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        }
    }
}

/// Waits for the end of a process that prints little; a minute is a hang.
fn in_time(mut process: Child, what: &str) -> Output {
    let began = Instant::now();
    while process.try_wait().expect("a status").is_none() {
        if began.elapsed() > Duration::from_secs(60 * patience()) {
            process.kill().expect("it can be killed");
            panic!("{what} hangs: {}", String::from_utf8_lossy(&process.wait_with_output().expect("its output").stderr));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    process.wait_with_output().expect("its output")
}

#[test]
fn tables_of_names_are_no_part_of_blocks() {
    for language in ["-3", "-2"] {
        assert_eq!(run("namespaces.py", language, &[], &[]), "through\n");
    }
}

/// What native types and wide instances keep outside of their objects' words is taken back by an abort too.
#[test]
fn native_state_is_taken_back() {
    for language in ["-3", "-2"] {
        for script in ["native_state.py", "many_slots.py", "first_use.py", "first_writes.py"] {
            for one_in in ["2", "9"] {
                assert_eq!(run(script, language, &[], &[("TXPY_STM_STRESS", one_in)]), "same\n", "{script}");
            }
        }
    }
}

/// What a thread that is alone writes is marked when others begin to run.
#[test]
fn nothing_half_done_is_seen_by_who_comes() {
    for language in ["-3", "-2"] {
        for one_in in ["0", "50"] {
            assert_eq!(run("company.py", language, &[], &[("TXPY_STM_STRESS", one_in)]), "whole\n");
        }
    }
}

/// Loops of blocks, several of which may share a transaction.
#[test]
fn rounds_of_a_loop_are_blocks_of_their_own() {
    for language in ["-3", "-2"] {
        for one_in in ["0", "2", "20"] {
            assert_eq!(run("rounds.py", language, &[], &[("TXPY_STM_STRESS", one_in)]), "same\n");
        }
    }
}

/// Growth while entries are written by blocks that roll back.
#[test]
fn stmdict_grows_under_aborts() {
    for language in ["-3", "-2"] {
        let mut process = txpy();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions/stmdict_growth.py");
        process.arg(language).arg(path).env("TXPY_STM_STRESS", "60").stdout(Stdio::piped()).stderr(Stdio::piped());
        let out = in_time(process.spawn().expect("txpy runs"), "stmdict_growth.py");
        assert_eq!(String::from_utf8_lossy(&out.stdout), "whole\n", "{}", String::from_utf8_lossy(&out.stderr));
    }
}
