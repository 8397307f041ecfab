//! The log of transactions and the report on it: programs whose conflicts are known, logs that are cut off, and the page in a browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn txpy() -> Command { Command::new(env!("CARGO_BIN_EXE_txpy")) }

/// A directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let d = std::env::temp_dir().join(format!("txpy-stm-report-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&d).expect("a directory for the test");
    d
}

/// Two threads run `one` and `two` in blocks that stay open for a while after them.
fn program(start: &str, one: &str, two: &str) -> String {
    let body = |f: &str, text: &str| format!("def {f}():\n    global total\n    meet()\n    for turn in range(60):\n        with atomic:\n{text}            stay()\n");
    format!(
        "import threading, time\nfrom __pypy__.thread import atomic\n{start}\nready = []\ndef meet():\n    ready.append(1)\n    while len(ready) < 2:\n        time.sleep(0.0005)\n\
         def stay():\n    n = 0\n    for i in range(150000):\n        n += i\n{}{}threads = [threading.Thread(target=f) for f in (one, two)]\n\
         for t in threads:\n    t.start()\nfor t in threads:\n    t.join()\n",
        body("one", one), body("two", two)
    )
}

/// Runs a program with a log, and the report on it: its text, and where the log is.
fn report(name: &str, language: &str, source: &str) -> (String, PathBuf) {
    let d = directory(name);
    let (script, log) = (d.join("program.py"), d.join("log"));
    std::fs::write(&script, source).expect("the program is written");
    let out = txpy().current_dir(&d).args([language, "program.py"]).env("TXPY_STM_LOG", &log).output().expect("txpy runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    (text(&txpy().arg("--stm-report").arg(&log).output().expect("txpy runs")), log)
}
fn text(out: &Output) -> String {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The worst conflict must be between the lines that hold these texts, with what the report says of them.
fn assert_worst(name: &str, language: &str, source: &str, what: &str, lines: [&str; 2]) {
    let (report, log) = report(name, language, source);
    let worst: Vec<&str> = report.lines().skip_while(|l| !l.starts_with("1. ")).take(5).collect();
    assert_eq!(worst.len(), 5, "{name}: no conflict with two known sides:\n{report}");
    assert!(worst[0].contains(&format!("lost over a {what}:")), "{name}: {report}");
    let mut sides: Vec<(String, &str)> = [(1, 2), (3, 4)].map(|(at, text)| (worst[at].split("program.py:").nth(1).unwrap_or("").to_string(), worst[text].trim())).to_vec();
    let mut want: Vec<(String, &str)> = [("one", lines[0]), ("two", lines[1])]
        .map(|(f, l)| (format!("{} in {f}", source.lines().position(|s| s.trim() == l).expect("the line is in the program") + 1), l))
        .to_vec();
    sides.sort();
    want.sort();
    assert_eq!(sides, want, "{name}: {report}");
    let _ = std::fs::remove_dir_all(log.parent().expect("a directory"));
}

#[test]
fn a_counter_from_two_functions() {
    for language in ["-3", "-2"] {
        let p = program("class Account(object): pass\na = Account()\na.n = 0", "            a.n += 1\n", "            a.n -= 1\n");
        assert_worst(&format!("counter{language}"), language, &p, "Account", ["a.n += 1", "a.n -= 1"]);
    }
}

#[test]
fn append_against_iteration() {
    let p = program("items = [1, 2, 3]", "            items.append(turn)\n", "            for x in items:\n                x + 1\n");
    assert_worst("list", "-3", &p, "list", ["items.append(turn)", "for x in items:"]);
}

#[test]
fn a_key_of_a_dict() {
    let p = program("stock = {'apples': 0}", "            stock['apples'] += 1\n", "            n = stock['apples']\n");
    assert_worst("dict", "-3", &p, "dict", ["stock['apples'] += 1", "n = stock['apples']"]);
}

#[test]
fn a_global_variable() {
    let p = program("total = 0", "            total = turn\n", "            total += 2\n");
    assert_worst("global", "-3", &p, "variable", ["total = turn", "total += 2"]);
}

#[test]
fn independent_threads_have_no_conflicts() {
    let p = program("a, b = [0], [0]", "            a[0] += 1\n", "            b[0] += 1\n");
    let (report, log) = report("independent", "-3", &p);
    assert!(report.contains("No conflicts."), "{report}");
    // Main thread, and 60 transactions in each of the others.
    assert_eq!(report.lines().filter(|l| l.split_whitespace().nth(1) == Some("60")).count(), 2, "{report}");
    let _ = std::fs::remove_dir_all(log.parent().expect("a directory"));
}

#[test]
fn short_transactions_are_counted() {
    let source = "from __pypy__.thread import atomic\nx = [0]\nfor i in range(100000):\n    with atomic:\n        x[0] += 1\n";
    let (report, log) = report("short", "-3", source);
    assert!(report.lines().any(|l| l.split_whitespace().nth(1) == Some("100000")), "{report}");
    // Not a record each.
    let bytes = std::fs::read(&log).expect("the log");
    assert!(bytes.chunks(32).filter(|r| r.iter().any(|&b| b != 0)).count() < 10_000);
    let _ = std::fs::remove_dir_all(log.parent().expect("a directory"));
}

const CHECK: &str = "
import json, sys
from html.parser import HTMLParser
class Page(HTMLParser):
    def __init__(self):
        HTMLParser.__init__(self)
        self.tags, self.script, self.inside, self.outside = [], '', False, []
    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.inside = tag == 'script'
        self.outside += [v for k, v in attributes if k in ('src', 'href')]
    def handle_endtag(self, tag):
        self.inside = False
    def handle_data(self, data):
        if self.inside: self.script += data
page = Page()
page.feed(open(sys.argv[1]).read())
page.close()
assert not page.outside, page.outside
assert 'canvas' in page.tags and page.tags.count('table') == 2, page.tags
data = json.loads(page.script.split('const DATA = ')[1].split(';\\n')[0])
kinds = {data['events'][str(b[1])] for b in data['boxes']}
assert kinds & {'aborted transaction', 'wait'} and 'transaction' in kinds, kinds
assert len(data['threads']) == 3 and data['length'] > 0
assert any('program.py:' in p for p in data['places'].values())
assert all(0 <= b[2] <= data['length'] and b[0] in data['threads'] for b in data['boxes'])
trace = json.load(open(sys.argv[2]))['traceEvents']
assert len([e for e in trace if e['ph'] == 'X']) == len(data['boxes'])
assert any('there' in e['args'] for e in trace)
print('ok')
";

#[test]
fn page_and_trace_carry_the_data() {
    let p = program("items = [0] * 1000", "            items.append('</script>')\n", "            items.pop()\n");
    let (_, log) = report("page", "-3", &p);
    let (page, trace) = (format!("{}.html", log.display()), format!("{}.json", log.display()));
    text(&txpy().arg("--stm-report").arg(&log).args(["--trace", &trace]).output().expect("txpy runs"));
    assert_eq!(text(&txpy().args(["-c", CHECK, &page, &trace]).output().expect("txpy runs")), "ok\n");
    in_a_browser(Path::new(&page));
    let _ = std::fs::remove_dir_all(log.parent().expect("a directory"));
}

/// A browser runs the page's script, which tells how many boxes it drew.
fn in_a_browser(page: &Path) {
    let found = ["chromium", "chromium-browser", "google-chrome"].iter().find(|b| Command::new(b).arg("--version").output().is_ok_and(|o| o.status.success()));
    let Some(browser) = found else {
        eprintln!("skipped: the page in a browser, as none of chromium, google-chrome is installed");
        return;
    };
    let profile = page.with_extension("profile");
    let out = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser runs");
    let dom = String::from_utf8_lossy(&out.stdout);
    let drawn = dom.split("data-drawn=\"").nth(1).and_then(|r| r.split('"').next()).and_then(|n| n.parse::<u32>().ok());
    assert!(drawn.is_some_and(|n| n > 0), "{browser} drew {drawn:?}\n{}\n{}", String::from_utf8_lossy(&out.stderr), &dom[..dom.len().min(2000)]);
}

#[test]
fn broken_logs_are_reported_or_refused() {
    let p = program("x = [0]", "            x[0] += 1\n", "            x[0] -= 1\n");
    let (_, log) = report("broken", "-3", &p);
    let whole = std::fs::read(&log).expect("the log");
    let cut = log.with_extension("cut");
    for n in [0, 1, 31, 32, 33, 64, 100, 128, 200, 65536 + 40, whole.len() - 1] {
        std::fs::write(&cut, &whole[..n.min(whole.len())]).expect("the file is written");
        let out = txpy().arg("--stm-report").arg(&cut).output().expect("txpy runs");
        let errors = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success() || out.status.code() == Some(1) && errors.starts_with("txpy: "), "cut at {n}: {} {errors}", out.status);
        assert!(!errors.contains("panicked"), "cut at {n}: {errors}");
    }
    for foreign in [env!("CARGO_BIN_EXE_txpy"), "/nonexistent/log", "/"] {
        let out = txpy().arg("--stm-report").arg(foreign).output().expect("txpy runs");
        let errors = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.code() == Some(1) && errors.starts_with("txpy: ") && !errors.contains("panicked"), "{foreign}: {errors}");
    }
    let _ = std::fs::remove_dir_all(log.parent().expect("a directory"));
}

/// A program that starts another with the variable set does not lose its log, and neither does one whose process is killed.
#[test]
fn logs_of_killed_and_nested_programs() {
    let d = directory("nested");
    let log = d.join("log");
    let source = "import os, signal, subprocess, sys\nfrom __pypy__.thread import atomic\nx = [0]\ndef work():\n    for i in range(3):\n        with atomic:\n            for j in range(100000): x[0] += j\nwork()\n\
                  if len(sys.argv) < 3:\n    subprocess.check_call([sys.executable] + sys.argv + ['again'])\n    os.kill(os.getpid(), signal.SIGKILL)\n";
    std::fs::write(d.join("program.py"), source).expect("the program is written");
    let out = txpy().current_dir(&d).args(["program.py", "1"]).env("TXPY_STM_LOG", &log).output().expect("txpy runs");
    assert!(!out.status.success());
    let logs: Vec<PathBuf> = std::fs::read_dir(&d).expect("the directory").map(|e| e.expect("an entry").path()).filter(|p| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("log"))).collect();
    assert_eq!(logs.len(), 2, "{logs:?}");
    for l in logs {
        let report = text(&txpy().arg("--stm-report").arg(&l).output().expect("txpy runs"));
        assert!(report.lines().any(|l| l.split_whitespace().nth(1) == Some("3")), "{report}");
    }
    let _ = std::fs::remove_dir_all(&d);
}
