//! Fixtures: sources with the error or the tree that CPython gives for them.
//!
//! A fixture file holds cases `source`, a line `----`, the expected result, separated by lines `====`.

use txpy_syntax::{Arena, FutureFlags, Grammar, Mode, Options, SourceKind, dump, parse_with};

/// Answers the dump, or `Exception: message @line`.
fn outcome(source: &str, grammar: &Grammar, spans: bool) -> String {
    let arena = Arena::new();
    let options = Options {
        mode: Mode::Exec,
        grammar,
        source_kind: SourceKind::Bytes,
        filename: "<test>",
        flags: FutureFlags::default(),
    };
    match parse_with(&arena, source.as_bytes(), &options) {
        Ok(tree) => dump(&tree, spans),
        Err(e) => format!("{}: {} @{}", e.kind.exception(), e.msg, e.line),
    }
}

fn check(fixtures: &str, grammar: Grammar, spans: bool) {
    let mut failures = Vec::new();
    let mut count = 0;
    for case in fixtures.trim_end().split("\n====\n") {
        let (source, expected) = case.split_once("\n----\n").expect("a case has an expected result");
        count += 1;
        let got = outcome(&format!("{source}\n"), &grammar, spans);
        if got != expected {
            failures.push(format!("{source}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(count > 5, "fixtures are missing");
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn errors_of_3() {
    check(include_str!("fixtures/errors_py3.txt"), Grammar::py3(), false);
}

#[test]
fn errors_of_27() {
    check(include_str!("fixtures/errors_py27.txt"), Grammar::py27(), false);
}

#[test]
fn trees_of_3() {
    check(include_str!("fixtures/trees_py3.txt"), Grammar::py3(), true);
}

#[test]
fn trees_of_27() {
    check(include_str!("fixtures/trees_py27.txt"), Grammar::py27(), false);
}
