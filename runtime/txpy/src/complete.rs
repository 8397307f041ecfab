//! Completion at the prompt: names in `__main__`, builtins and keywords; after a dot, attributes of what stands before it.

use txpy_vm::types::module::Module;
use txpy_vm::types::{dict, text};
use txpy_vm::{Gc, R, Thread, Value, builtins, object};

const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
];
const KEYWORDS3: &[&str] = &["False", "None", "True", "async", "await", "case", "match", "nonlocal"];
const KEYWORDS2: &[&str] = &["exec", "print"];

/// Where the text begins that the candidates stand for, and the candidates. Calls along the way are not made: attributes are looked up, and the last object
/// is asked by `dir`.
pub fn candidates(th: &mut Thread, main: Gc<Module>, before: &str) -> (usize, Vec<String>) {
    let start = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let path = &before[start..];
    let (owner, prefix) = match path.rsplit_once('.') {
        Some((o, p)) => (Some(o), p),
        None => (None, path),
    };
    let found = match owner {
        Some(o) => attributes(th, main, o),
        None => names(th, main),
    };
    th.catch_any();
    let mut all = found.unwrap_or_default();
    // Names that are private show when somebody begins them.
    all.retain(|n| n.starts_with(prefix) && (!n.starts_with('_') || prefix.starts_with('_')));
    all.sort();
    all.dedup();
    (before.len() - prefix.len(), all)
}
fn names(th: &mut Thread, main: Gc<Module>) -> R<Vec<String>> {
    let mut out: Vec<String> = KEYWORDS.iter().chain(if th.py3() { KEYWORDS3 } else { KEYWORDS2 }).map(|s| s.to_string()).collect();
    for d in [main.frozen().dict, builtins::namespace()] {
        let keys = object::iter::to_list(th, d.value())?;
        collect(th, keys.value(), &mut out)?;
    }
    Ok(out)
}
fn attributes(th: &mut Thread, main: Gc<Module>, owner: &str) -> R<Vec<String>> {
    let mut parts = owner.split('.');
    let first = parts.next().unwrap_or("");
    let found = match dict::get_str(th, main.frozen().dict, first)? {
        Some(v) => Some(v),
        None => dict::get_str(th, builtins::namespace(), first)?,
    };
    let Some(mut v) = found else { return Ok(Vec::new()) };
    for part in parts {
        match object::attr::get_str_opt(th, v, part)? {
            Some(x) => v = x,
            None => return Ok(Vec::new()),
        }
    }
    let Some(dir) = dict::get_str(th, builtins::namespace(), "dir")? else { return Ok(Vec::new()) };
    let all = th.call(dir, &[v])?;
    let mut out = Vec::new();
    collect(th, all, &mut out)?;
    Ok(out)
}
fn collect(th: &mut Thread, list: Value, out: &mut Vec<String>) -> R<()> {
    object::iter::for_each(th, list, |_, k| {
        if text::is_text(k) || text::bytes_of(k).is_some() {
            out.push(text::lossy(k).into_owned());
        }
        Ok(())
    })
}
