//! Runs the bad inputs in `tests/bad_input/*.txt`, each in a process of its own: an exception or an ordinary end, never a signal, panic or hang.
//!
//! A case is `=== name | outcome in 2.7 | outcome in 3.13 [| options]` and the lines of a script, or on one line
//! `>>> outcome in 2.7, outcome in 3.13, code`. An outcome is an exception's name on stderr with exit status 1, `ok` (exit status 0),
//! `exit N`, `exit` (any status above 0) or `-` (not run); `/` stands between outcomes that are all right, as sizes of stacks and memory decide.
//! Options: `mem=KiB` limits the address space (default 8 GB); `sh`: the lines are a shell script and `$PY` is the interpreter.
//! `cargo test -p txpy --test bad_input -- --nocapture` prints the table of outcomes; TXPY_BAD_INPUT picks cases by a part of their name.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Limit of a case's address space in KiB.
const DEFAULT_MEMORY: u64 = 8_000_000;

struct Case {
    name: String,
    /// For 2.7 and 3.13.
    outcomes: [String; 2],
    memory: u64,
    shell: bool,
    code: String,
}

fn cases() -> Vec<Case> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).expect("the cases' folder").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let mut out: Vec<Case> = Vec::new();
    for path in files {
        let topic = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let mut open = false;
        for line in std::fs::read_to_string(&path).expect("cases").lines() {
            if let Some(head) = line.strip_prefix("=== ") {
                let f: Vec<&str> = head.split('|').map(str::trim).collect();
                let options = f.get(3).copied().unwrap_or("");
                let memory = options.split_whitespace().find_map(|o| o.strip_prefix("mem=")).map_or(DEFAULT_MEMORY, |n| n.parse().expect("KiB"));
                let shell = options.split_whitespace().any(|o| o == "sh");
                out.push(Case { name: format!("{topic}.{}", f[0]), outcomes: [f[1].into(), f[2].into()], memory, shell, code: String::new() });
                open = true;
            } else if let Some(rest) = line.strip_prefix(">>> ") {
                let f: Vec<&str> = rest.splitn(3, ", ").collect();
                out.push(Case { name: format!("{topic}: {}", f[2]), outcomes: [f[0].into(), f[1].into()], memory: DEFAULT_MEMORY, shell: false, code: format!("{}\n", f[2]) });
                open = false;
            } else if open {
                let c = out.last_mut().expect("a case is open");
                c.code.push_str(line);
                c.code.push('\n');
            }
        }
    }
    assert!(out.len() > 100);
    out
}

/// How a case ended, as its table names it; anything else that is noteworthy.
fn run(c: &Case, language: usize, dir: &Path) -> (String, String) {
    std::fs::create_dir_all(dir).expect("a folder");
    std::fs::write(dir.join("case.py"), &c.code).expect("a script");
    let script = if c.shell { c.code.as_str() } else { "exec $PY case.py" };
    let runner = std::env::var("TXPY_TEST_RUNNER").map(|r| r + " ").unwrap_or_default();
    // An emulator needs address space of its own.
    let limit = if runner.is_empty() { format!("ulimit -v {}; ", c.memory) } else { String::new() };
    let mut child = Command::new("bash")
        .args(["-c", &format!("ulimit -c 0; {limit}{script}")])
        .env("PY", format!("{runner}{} -{}", env!("CARGO_BIN_EXE_txpy"), language + 2))
        .env_remove("PYTHONPATH")
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash runs");
    let mut pipe = child.stderr.take().expect("piped");
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = pipe.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let (start, patience) = (Instant::now(), Duration::from_secs(if runner.is_empty() { 60 } else { 600 }));
    let status = loop {
        if let Some(s) = child.try_wait().expect("a child") {
            break s;
        }
        if start.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            return ("hang".into(), String::new());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let err = reader.join().expect("the reader ends");
    let _ = std::fs::remove_dir_all(dir);
    if err.contains("panicked at") {
        return ("panic".into(), err);
    }
    let outcome = match status.code() {
        None => "signal".into(),
        Some(n) if n > 128 && n != 255 => format!("signal {}", n - 128),
        Some(0) => "ok".into(),
        Some(1) => match err.lines().filter_map(exception).last() {
            Some(name) => name.to_string(),
            None => "exit 1".into(),
        },
        Some(n) => format!("exit {n}"),
    };
    (outcome, err)
}

/// The exception's name on a traceback's last line, without its module; lines of exception groups start with bars.
fn exception(line: &str) -> Option<&str> {
    let line = line.trim_start_matches([' ', '|', '+', '-']);
    let name = line.split(':').next()?;
    let word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    word.then(|| name.rsplit('.').next().expect("one at least"))
}

fn right(expected: &str, got: &str, err: &str) -> bool {
    expected.split('/').any(|e| match e {
        "exit" => got.starts_with("exit") || !(got == "ok" || got.contains("signal") || got == "panic" || got == "hang"),
        // Whatever else stands on stderr.
        "exit 1" => got == "exit 1" || !(got == "ok" || got.starts_with("exit") || got.contains("signal") || got == "panic" || got == "hang") && !err.is_empty(),
        _ => e == got,
    })
}

#[test]
fn bad_input_ends_in_an_exception() {
    let only = std::env::var("TXPY_BAD_INPUT").unwrap_or_default();
    // What runs out of memory needs a limit, which would be the emulator's own.
    let emulated = std::env::var_os("TXPY_TEST_RUNNER").is_some();
    let cases: Vec<Case> = cases().into_iter().filter(|c| c.name.contains(&only) && !(emulated && c.memory < DEFAULT_MEMORY)).collect();
    let next = AtomicUsize::new(0);
    let failures = std::sync::Mutex::new(Vec::new());
    let base = std::env::temp_dir().join(format!("txpy-bad-input-{}", std::process::id()));
    // Two at a time: many of them wait or use much memory.
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                while let Some(c) = cases.get(next.fetch_add(1, Relaxed)) {
                    for language in 0..2 {
                        let expected = &c.outcomes[language];
                        if expected == "-" {
                            continue;
                        }
                        let (got, err) = run(c, language, &base.join(format!("{:?}{language}", std::thread::current().id()).replace(['(', ')'], "")));
                        println!("{} -{}: {got}", c.name, language + 2);
                        if !right(expected, &got, &err) {
                            let end: String = err.lines().rev().take(3).collect::<Vec<_>>().join(" < ").chars().take(300).collect();
                            failures.lock().expect("a list").push(format!("{} -{}: {got} instead of {expected}\n    {end}", c.name, language + 2));
                        }
                    }
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&base);
    let failures = failures.into_inner().expect("a list");
    assert!(failures.is_empty(), "{} bad outcomes\n{}", failures.len(), failures.join("\n"));
}
