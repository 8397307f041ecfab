//! Transactional programs against what some serial order of their blocks gives, under injected aborts, collections, and both.

use std::path::Path;
use std::process::Command;

fn run(script: &str, language: &str, args: &[&str], environment: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions").join(script);
    let out = Command::new(env!("CARGO_BIN_EXE_txpy")).arg(language).arg(path).args(args).envs(environment.iter().copied()).output().expect("txpy runs");
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

/// Each script in one block, rolled back again and again: what it prints must not change.
#[test]
fn scripts_print_the_same_in_a_block() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    for (name, language) in [("functions.py", "-3"), ("functions.py", "-2"), ("classes.py", "-3"), ("exceptions.py", "-3"), ("exceptions.py", "-2"), ("python3.py", "-3"), ("python2.py", "-2"), ("classic.py", "-2"), ("re27.py", "-2"), ("numpy_dtypes.py", "-3"), ("reraise.py", "-3"), ("recursion.py", "-3")] {
        let path = scripts.join(name);
        let path = path.to_str().expect("a path");
        let plain = Command::new(env!("CARGO_BIN_EXE_txpy")).args([language, path]).output().expect("txpy runs");
        let in_block = run("in_block.py", language, &[path], &[("TXPY_STM_STRESS", "100")]);
        assert_eq!(in_block, String::from_utf8_lossy(&plain.stdout), "{name} {language}");
    }
}
