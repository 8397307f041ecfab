//! Runs `examples/*.py` in Python 3 and in 2.7, there without any installed CPython, and compares their output with `examples/expected`, which
//! CPython with NumPy wrote; then in Python 3 in one atomic block that is rolled back again and again. `examples/expected/known_failing.txt` lists what fails, one `language name` a line; it only shrinks.

use std::path::Path;
use std::process::{Command, Stdio};

/// They wait for threads that they start, which wait for the block's end.
const NOT_IN_A_BLOCK: [&str; 2] = ["array_threads", "threads_counter"];

fn passes(dir: &Path, name: &str, language: &str, in_block: bool) -> Result<(), String> {
    let expected = std::fs::read_to_string(dir.join(format!("expected/{name}.txt"))).map_err(|e| e.to_string())?;
    let mut c = Command::new(env!("CARGO_BIN_EXE_txpy"));
    c.args(language.split(' '));
    if in_block {
        c.env("TXPY_STM_STRESS", "100").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transactions/in_block.py"));
    }
    c.arg(dir.join(format!("{name}.py"))).stdin(Stdio::null()).env_remove("PYTHONPATH").env_remove("TXPY_LIB");
    if language == "-2" {
        c.env("TXPY_LIB", "/nonexistent");
    }
    let out = c.output().map_err(|e| e.to_string())?;
    if String::from_utf8_lossy(&out.stdout) == expected && out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
}

#[test]
fn examples_print_what_cpython_and_numpy_print() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let known = std::fs::read_to_string(dir.join("expected/known_failing.txt")).unwrap_or_default();
    let mut names: Vec<String> = std::fs::read_dir(&dir)
        .expect("the examples' folder")
        .filter_map(|e| e.expect("an entry").file_name().to_string_lossy().strip_suffix(".py").map(str::to_string))
        .collect();
    names.sort();
    assert!(names.len() >= 8);
    let mut wrong = Vec::new();
    for name in &names {
        for language in ["-3", "--python 3.2", "-2"] {
            let listed = known.lines().any(|l| l.trim() == format!("{language} {name}"));
            match (passes(&dir, name, language, false), listed) {
                (Err(e), false) => wrong.push(format!("{name} {language} fails: {e}")),
                (Ok(()), true) => wrong.push(format!("{name} {language} passes now: take it from known_failing.txt")),
                _ => {}
            }
        }
        if !NOT_IN_A_BLOCK.contains(&name.as_str())
            && let Err(e) = passes(&dir, name, "-3", true)
        {
            wrong.push(format!("{name} in a block fails: {e}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
