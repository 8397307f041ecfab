//! Runs `examples/stm/*.py` in both languages, with different numbers of threads, without blocks, and with aborts injected: what they print is in
//! `examples/stm/expected`, and depends on none of that.

mod common;
use common::txpy;
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn folder() -> PathBuf { Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/stm") }

fn demos() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the demos' folder")
        .filter_map(|e| e.expect("an entry").file_name().to_string_lossy().strip_suffix(".py").map(str::to_string))
        .filter(|n| n != "common")
        .collect();
    names.sort();
    assert_eq!(names.len(), 9, "{names:?}");
    names
}

/// Runs all demos with each line of arguments; asserts what they print.
fn run_all(language: &str, arguments: &[&str], stress: Option<&str>) {
    let dir = folder();
    let mut wrong = Vec::new();
    for name in demos() {
        let expected = std::fs::read_to_string(dir.join(format!("expected/{name}.txt"))).expect("what the demo prints");
        for line in arguments {
            let mut c = txpy();
            c.arg(language).arg(dir.join(format!("{name}.py"))).args(line.split_whitespace()).stdin(Stdio::null()).env_remove("PYTHONPATH").env_remove("TXPY_LIB");
            if let Some(n) = stress {
                c.env("TXPY_STM_STRESS", n);
            }
            let out = c.output().expect("txpy runs");
            let printed = String::from_utf8_lossy(&out.stdout);
            if printed != expected || !out.status.success() {
                wrong.push(format!("{name} {language} {line} stress {stress:?}: {}\n{printed}{}", out.status, String::from_utf8_lossy(&out.stderr)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn demos_print_the_same_whatever_the_threads() {
    for language in ["-3", "-2"] {
        run_all(language, &["", "--threads 1", "--threads 5", "--plain"], None);
    }
}

#[test]
fn demos_print_the_same_under_aborts() {
    for language in ["-3", "-2"] {
        run_all(language, &["", "--threads 3"], Some("100"));
    }
}

#[test]
fn the_router_works_with_the_wave_inside_the_block() {
    let dir = folder();
    let expected = std::fs::read_to_string(dir.join("expected/router.txt")).expect("what the demo prints");
    for language in ["-3", "-2"] {
        let out = txpy().arg(language).arg(dir.join("router.py")).args(["--whole", "1", "--threads", "3"]).output().expect("txpy runs");
        assert_eq!(String::from_utf8_lossy(&out.stdout), expected, "{}", String::from_utf8_lossy(&out.stderr));
    }
}
