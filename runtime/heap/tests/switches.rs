//! The run-time switches TXPY_GC_* and TXPY_MEMORY_LIMIT, in processes of their own.

mod common;
use common::*;
use std::process::{Command, Output};
use txpy_heap::*;

/// What the child processes run: a mix of all kinds of objects. Also a test of its own.
#[test]
fn program() {
    run(|th| {
        let v = RootedVec::new(th).unwrap();
        for i in 0..600i64 {
            let p = pair(th, Value::int(i), v.value());
            let t = tuple(th, &[p.value(), Value::int(i)]);
            v.push(th, t.value()).unwrap();
            if i % 100 == 0 {
                let b = th.alloc_buffer(10_000, true).unwrap();
                p.write(th).unwrap().b = b.value();
            }
            let w = th.new_weak(0, p.value(), Value::NONE).unwrap();
            th.poll().unwrap();
            assert_eq!(w.get(), Some(p.value()));
        }
        for i in 0..600 {
            let t: Gc<Tuple> = v.get(th, i).unwrap().cast().unwrap();
            let p: Gc<Pair> = t.frozen().items()[0].cast().unwrap();
            assert_eq!(p.read(th).unwrap().a, t.frozen().items()[1]);
        }
    });
}

/// Run by `a_memory_limit_is_an_error` only: without a limit it would take all memory there is.
#[test]
#[ignore = "run with TXPY_MEMORY_LIMIT only"]
fn glutton() {
    run(|th| {
        let v = RootedVec::new(th).unwrap();
        let n = loop {
            let Ok(p) = th.alloc(0, Pair { header: Header::NEW, a: Value::NONE, b: Value::NONE }) else { break v.len(th).unwrap() };
            if v.push(th, p.value()).is_err() {
                break v.len(th).unwrap();
            }
        };
        assert_eq!(th.cause, Cause::OutOfMemory);
        v.clear(th).unwrap();
        println!("held {n} objects");
    });
}

fn child(test: &str, vars: &[(&str, &str)]) -> Output {
    let me = std::env::current_exe().unwrap();
    // A foreign executable runs under an emulator.
    let mut c = match std::env::var("TXPY_TEST_RUNNER") {
        Ok(runner) => {
            let mut words = runner.split_whitespace();
            let mut c = Command::new(words.next().expect("TXPY_TEST_RUNNER names a program"));
            c.args(words).arg(me);
            c
        }
        Err(_) => Command::new(me),
    };
    c.args([test, "--exact", "--nocapture", "--include-ignored"]);
    for v in ["TXPY_GC_STRESS", "TXPY_GC_POISON", "TXPY_GC_VERIFY", "TXPY_GC_LOG", "TXPY_GC_STACK", "TXPY_MEMORY_LIMIT"] {
        c.env_remove(v);
    }
    c.envs(vars.iter().copied());
    c.output().unwrap()
}

#[test]
fn stress_collects_as_often_as_it_says() {
    let count = |n: &str| {
        let o = child("program", &[("TXPY_GC_STRESS", n), ("TXPY_GC_POISON", "1"), ("TXPY_GC_VERIFY", "1"), ("TXPY_GC_LOG", "1")]);
        let log = String::from_utf8_lossy(&o.stderr).into_owned();
        assert!(o.status.success(), "{log}");
        log.lines().filter(|l| l.starts_with("gc ")).count()
    };
    let (all, some, none) = (count("1"), count("7"), count("0"));
    assert!(all > 600 * 4, "{all}");
    assert!(some > 600 / 7 && some < all / 4, "{some}");
    assert_eq!(none, 0);
}

/// As when memory runs out in the middle of a collection.
#[test]
fn a_full_mark_stack_loses_nothing() {
    for most in ["0", "1", "20"] {
        let o = child("program", &[("TXPY_GC_STACK", most), ("TXPY_GC_STRESS", "29"), ("TXPY_GC_POISON", "1"), ("TXPY_GC_VERIFY", "1")]);
        assert!(o.status.success(), "{most}: {}", String::from_utf8_lossy(&o.stderr));
    }
}

#[test]
fn a_memory_limit_is_an_error() {
    let o = child("glutton", &[("TXPY_MEMORY_LIMIT", "50000000")]);
    let out = String::from_utf8_lossy(&o.stdout).into_owned();
    assert!(o.status.success(), "{out} {}", String::from_utf8_lossy(&o.stderr));
    let n: usize = out.split("held ").nth(1).and_then(|s| s.split(' ').next()).unwrap().parse().unwrap();
    assert!((500_000..1_600_000).contains(&n), "{n} pairs in 50 MB");
}
