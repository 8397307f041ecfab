//! Parses files and reports errors, or dumps their trees: `parse_file [--py2] [--dump] [--spans] [--text] files...`.
//! With `-` as a file, reads one file name a line from standard input.

use std::io::BufRead;
use txpy_syntax::{Arena, FutureFlags, Grammar, Mode, Options, SourceKind, dump, parse_with};

fn main() {
    let (mut grammar, mut show, mut spans, mut kind, mut mode) = (Grammar::py3(), false, false, SourceKind::File, Mode::Exec);
    let mut files = Vec::new();
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--py2" => grammar = Grammar::py27(),
            "--dump" => show = true,
            "--spans" => spans = true,
            "--text" => kind = SourceKind::Text,
            "--single" => mode = Mode::Single,
            "--eval" => mode = Mode::Eval,
            "-" => files.extend(std::io::stdin().lock().lines().map_while(Result::ok)),
            _ => files.push(arg),
        }
    }
    for file in files {
        let source = match std::fs::read(&file) {
            Ok(source) => source,
            Err(e) => {
                println!("{file}\tunreadable: {e}");
                continue;
            }
        };
        let arena = Arena::new();
        let options =
            Options { mode, grammar: &grammar, source_kind: kind, filename: &file, flags: FutureFlags::default() };
        match parse_with(&arena, &source, &options) {
            Ok(tree) if show => println!("{file}\t{}", dump(&tree, spans)),
            Ok(tree) => println!("{file}\tok height {}", tree.height),
            Err(e) => println!(
                "{file}\t{}: {} @{}:{}-{}:{}{}",
                e.kind.exception(),
                e.msg,
                e.line,
                e.col,
                e.end_line,
                e.end_col,
                if e.incomplete { " incomplete" } else { "" }
            ),
        }
    }
}
