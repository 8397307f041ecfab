//! Statements typed at a prompt: when one is complete, and running it.

use crate::builtins::{compile_text, grammar};
use crate::thread::Thread;
use crate::types::module::Module;
use txpy_heap::{Gc, R};
use txpy_syntax::{ErrorKind, FutureFlags, Mode, SourceKind};

/// What statements leave for those that follow: future features.
#[derive(Default)]
pub struct State {
    flags: FutureFlags,
}

/// Words that begin a statement which ends with an empty line.
const COMPOUND: &[&str] = &["if", "while", "for", "def", "class", "with", "try", "async"];

/// Whether a statement goes on in the next line.
pub fn wants_more(text: &str, state: &State) -> bool {
    let options = txpy_compiler::Options { filename: "<stdin>", optimize: 0, namespace: false, flags: state.flags };
    let ended = text.strip_suffix('\n').and_then(|t| t.rsplit_once('\n')).is_some_and(|(_, last)| last.trim().is_empty());
    match txpy_compiler::compile_source(text.as_bytes(), Mode::Single, SourceKind::Text, &grammar(), &options) {
        Ok(_) => {
            let word = text.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            let compound = text.trim_start().starts_with('@') || COMPOUND.contains(&word) || (word == "match" && text.trim().contains('\n'));
            compound && !ended
        }
        // An empty line ends a block, but no text in three quotes and no open bracket.
        Err(e) => e.incomplete && !(ended && matches!(e.kind, ErrorKind::Indentation)),
    }
}

/// Runs a statement; values of expressions go to `sys.displayhook`.
pub fn run(th: &mut Thread, main: Gc<Module>, text: &str, state: &mut State) -> R<()> {
    let code = compile_text(th, text.as_bytes(), SourceKind::Text, "<stdin>", Mode::Single, false, state.flags, crate::runtime::optimize())?;
    state.flags = FutureFlags::from_bits(code.frozen().flags, !th.py3());
    crate::interp::enter::run_in(th, code, main.frozen().dict)
}

/// Runs a file's text in `__main__`.
pub fn run_file(th: &mut Thread, main: Gc<Module>, source: &[u8], name: &str) -> R<()> {
    crate::runtime::run_in(th, main.frozen().dict, source, SourceKind::File, name)
}
