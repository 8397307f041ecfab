//! Runs the scripts in `tests/scripts` and compares what they print with the `# expect:` comments in them.
//!
//! A script's `# expect: text` comments are its output, line by line. `# lang: 2` or `# lang: 3` says in which language it runs (both
//! without it). Each script runs as it is, with a collection at every safepoint, freed memory poisoned and the heap verified, and in one atomic block
//! that is rolled back again and again, unless it says `# not in a block: why`.

mod common;
use common::txpy;
use std::path::Path;

struct Script {
    name: String,
    path: std::path::PathBuf,
    expect: String,
    languages: Vec<&'static str>,
    /// `# stress: N`: collect at every N-th safepoint only, for scripts that run long.
    stress: u32,
    in_block: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Plain,
    Collections,
    Block,
}

fn scripts() -> Vec<Script> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let mut out: Vec<Script> = std::fs::read_dir(dir)
        .expect("the scripts' folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "py"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a script");
            let field = |key: &str| text.lines().find_map(|l| l.strip_prefix(key)).map(str::trim);
            let languages = match field("# lang:") {
                Some("2") => vec!["-2"],
                Some("3") => vec!["-3"],
                _ => vec!["-2", "-3"],
            };
            let expect: String = text.lines().filter_map(|l| l.trim_start().split_once("# expect:").map(|(_, e)| format!("{}\n", e.strip_prefix(' ').unwrap_or(e)))).collect();
            let stress = field("# stress:").map_or(1, |n| n.parse().expect("a number"));
            Script { name: path.file_name().expect("a name").to_string_lossy().into_owned(), path, expect, languages, stress, in_block: field("# not in a block:").is_none() }
        })
        .collect();
    out.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!out.is_empty());
    out
}

fn run(s: &Script, language: &str, mode: Mode) -> Result<(), String> {
    let mut c = txpy();
    c.arg(language).env_remove("PYTHONPATH");
    match mode {
        Mode::Plain => {}
        Mode::Collections => drop(c.env("TXPY_GC_STRESS", s.stress.to_string()).env("TXPY_GC_POISON", "1").env("TXPY_GC_VERIFY", "1")),
        Mode::Block => drop(c.env("TXPY_STM_STRESS", "100").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions/in_block.py"))),
    }
    c.arg(&s.path);
    let out = c.output().map_err(|e| e.to_string())?;
    let (got, err) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    if got == s.expect && out.status.success() {
        return Ok(());
    }
    let mode = match mode {
        Mode::Plain => "",
        Mode::Collections => " with collections everywhere",
        Mode::Block => " in a block",
    };
    Err(format!("{} {language}{mode}: {}\n--- expected\n{}--- got\n{got}--- stderr\n{err}", s.name, out.status, s.expect))
}

fn all(mode: Mode) {
    let mut scripts = scripts();
    scripts.retain(|s| mode != Mode::Block || s.in_block);
    let failures: Vec<String> = scripts.iter().flat_map(|s| s.languages.iter().filter_map(|l| run(s, l, mode).err()).collect::<Vec<_>>()).collect();
    assert!(failures.is_empty(), "{} failed\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn scripts_print_what_they_expect() { all(Mode::Plain) }

#[test]
fn scripts_survive_a_collection_at_every_safepoint() { all(Mode::Collections) }

#[test]
fn scripts_print_the_same_in_a_block() { all(Mode::Block) }
