//! How processes end: threads at exit, exceptions in threads, `atexit`, `os._exit`, SIGINT and SIGTERM wherever the main thread is.
//!
//! Cases are in `tests/exit/*.txt`: `=== name | end in 2.7 | end in 3.13 | last line on stderr in 2.7 | in 3.13 [| signals]`, the script, and
//! after a line `--- output` what it prints. An end is an exit status or `signal N`; `-` as an end: not run; a mark `*` before one: CPython
//! itself cannot do this (2.7 waits for locks without heeding signals). An empty last line means that stderr is empty; `~text`: contains it.
//! `signals` names one signal for each line `ready` of the output: it is sent a moment after that line arrived. `ready` is not compared.
//! With TXPY_EXIT_PY2 and TXPY_EXIT_PY3 set to CPython interpreters, these run the cases instead: the check of the cases themselves.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

struct Case {
    name: String,
    /// For 2.7 and 3.13.
    ends: [String; 2],
    errors: [String; 2],
    signals: Vec<i32>,
    code: String,
    output: String,
}

fn cases() -> Vec<Case> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exit");
    let mut out: Vec<Case> = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(dir).expect("the cases' folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let mut in_output = false;
        for line in std::fs::read_to_string(path).expect("cases").lines() {
            if let Some(head) = line.strip_prefix("=== ") {
                let f: Vec<&str> = head.split('|').map(str::trim).collect();
                let text = |i: usize| f.get(i).copied().unwrap_or("").to_string();
                let names = text(5);
                let signals = names.split_whitespace().map(|s| match s {
                    "INT" => 2,
                    "USR1" => 10,
                    "TERM" => 15,
                    other => panic!("unknown signal {other}"),
                });
                let signals = signals.collect();
                out.push(Case { name: text(0), ends: [text(1), text(2)], errors: [text(3), text(4)], signals, code: String::new(), output: String::new() });
                in_output = false;
            } else if line == "--- output" {
                in_output = true;
            } else if let Some(c) = out.last_mut() {
                let to = if in_output { &mut c.output } else { &mut c.code };
                to.push_str(line);
                to.push('\n');
            }
        }
    }
    assert!(out.len() > 30);
    out
}

struct Outcome {
    end: String,
    output: String,
    error: String,
}

fn run(c: &Case, language: usize, python: Option<&str>, file: &Path) -> Outcome {
    std::fs::write(file, &c.code).expect("a script");
    let runner = std::env::var("TXPY_TEST_RUNNER").unwrap_or_default();
    let exe = env!("CARGO_BIN_EXE_txpy");
    let option = format!("-{}", language + 2);
    let mut words: Vec<&str> = runner.split_whitespace().collect();
    match python {
        Some(p) => words = vec![p],
        None => words.extend([exe, &option]),
    }
    let mut child = Command::new(words[0])
        .args(&words[1..])
        .arg(file)
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONUNBUFFERED")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    let pid = child.id() as i32;
    let mut err = child.stderr.take().expect("piped");
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = err.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let lines = BufReader::new(child.stdout.take().expect("piped"));
    let signals = c.signals.clone();
    // Time for the process to get from the line to what it is to be interrupted in.
    let pause = Duration::from_millis(if runner.is_empty() { 150 } else { 1500 });
    let output = std::thread::spawn(move || {
        let (mut text, mut signals) = (String::new(), signals.into_iter());
        for line in lines.lines().map_while(Result::ok) {
            if line != "ready" {
                text.push_str(&line);
                text.push('\n');
            } else if let Some(s) = signals.next() {
                std::thread::sleep(pause);
                Command::new("kill").arg(format!("-{s}")).arg(pid.to_string()).status().expect("kill runs");
            }
        }
        text
    });
    let patience = Duration::from_secs(if runner.is_empty() { 60 } else { 300 });
    let start = Instant::now();
    let status = loop {
        if let Some(s) = child.try_wait().expect("a child") {
            break Some(s);
        }
        if start.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    use std::os::unix::process::ExitStatusExt;
    let end = match status {
        None => "hang".to_string(),
        Some(s) => s.code().map_or_else(|| format!("signal {}", s.signal().unwrap_or(0)), |c| c.to_string()),
    };
    Outcome { end, output: output.join().expect("the reader ends"), error: errors.join().expect("the reader ends") }
}

fn check(c: &Case, language: usize, got: &Outcome) -> Option<String> {
    let want = c.ends[language].trim_start_matches('*');
    let last = got.error.trim_end().lines().last().unwrap_or("");
    let error = &c.errors[language];
    let error_fits = match error.strip_prefix('~') {
        Some(part) => got.error.contains(part),
        None => last == error,
    };
    if got.end == want && got.output == c.output && error_fits && !got.error.contains("panicked at") {
        return None;
    }
    Some(format!(
        "{} -{}: {} instead of {want}\n--- output\n{}--- expected\n{}--- stderr (expected last: {error})\n{}",
        c.name, language + 2, got.end, got.output, c.output, got.error.chars().take(3000).collect::<String>()
    ))
}

#[test]
fn processes_end_as_in_cpython() {
    let only = std::env::var("TXPY_EXIT").unwrap_or_default();
    let pythons = ["TXPY_EXIT_PY2", "TXPY_EXIT_PY3"].map(|v| std::env::var(v).ok());
    let foreign = pythons.iter().any(Option::is_some);
    let cases: Vec<Case> = cases().into_iter().filter(|c| c.name.contains(&only)).collect();
    let work: Vec<(&Case, usize)> = cases
        .iter()
        .flat_map(|c| [(c, 0), (c, 1)])
        .filter(|(c, l)| c.ends[*l] != "-" && !(foreign && (pythons[*l].is_none() || c.ends[*l].starts_with('*'))))
        .collect();
    let next = AtomicUsize::new(0);
    let failures = std::sync::Mutex::new(Vec::new());
    let base = std::env::temp_dir().join(format!("txpy-exit-{}", std::process::id()));
    std::fs::create_dir_all(&base).expect("a folder");
    // Most of them wait.
    std::thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Relaxed);
                    let Some((c, language)) = work.get(i) else { break };
                    let got = run(c, *language, pythons[*language].as_deref(), &base.join(format!("case{i}.py")));
                    if let Some(f) = check(c, *language, &got) {
                        failures.lock().expect("a list").push(f);
                    }
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&base);
    println!("{} runs", work.len());
    let failures = failures.into_inner().expect("a list");
    assert!(failures.is_empty(), "{} of {} failed\n{}", failures.len(), work.len(), failures.join("\n"));
}
