//! Mutilated sources: every outcome but a panic is fine; and what an interactive reader needs to know.

use txpy_syntax::{Arena, FutureFlags, Grammar, Mode, Options, SourceKind, parse, parse_with};

fn cases() -> impl Iterator<Item = &'static str> {
    let files = [
        include_str!("fixtures/errors_py3.txt"),
        include_str!("fixtures/errors_py27.txt"),
        include_str!("fixtures/trees_py3.txt"),
        include_str!("fixtures/trees_py27.txt"),
    ];
    files.into_iter().flat_map(|f| f.split("\n====\n")).filter_map(|case| case.split("\n----\n").next())
}

fn survives(source: &[u8]) {
    for grammar in [Grammar::py3(), Grammar::py27()] {
        for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
            let arena = Arena::new();
            if let Err(e) = parse(&arena, source, mode, &grammar) {
                assert!(!e.msg.is_empty());
            }
        }
    }
}

#[test]
fn truncated() {
    for case in cases() {
        for end in 0..case.len() {
            survives(&case.as_bytes()[..end]);
        }
    }
}

#[test]
fn spliced() {
    let pieces = ["(", "}", "{", "'", "\"\"\"", "f'", "\\", "\n", "\n  ", ":", "=", ":=", "é", "\0", "lambda", "*", "`", "!", "#", "0"];
    let mut seed = 1u32;
    for case in cases() {
        for piece in pieces {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (seed >> 8) as usize % (case.len() + 1);
            let bytes = case.as_bytes();
            survives(&[&bytes[..at], piece.as_bytes(), &bytes[at..]].concat());
            survives(&[&bytes[..at], piece.as_bytes(), &bytes[(at + 1).min(bytes.len())..]].concat());
        }
    }
}

#[test]
fn incomplete_input_is_told_from_wrong_input() {
    let single = |source: &str, grammar: &Grammar| {
        let arena = Arena::new();
        parse(&arena, source.as_bytes(), Mode::Single, grammar).map(|_| ()).map_err(|e| e.incomplete)
    };
    for grammar in [Grammar::py3(), Grammar::py27()] {
        for more in ["if x:\n", "f(1,\n", "x = [\n", "'''abc\n", "x = \\\n", "def f():\n", "try:\n  x\n", "@a\n", "class C:\n"] {
            assert_eq!(single(more, &grammar), Err(true), "{more:?}");
        }
        for wrong in ["x = )\n", "f(a b)\n", "x = \n", "1 +\n", "'abc\n", "if x\n"] {
            assert_eq!(single(wrong, &grammar), Err(false), "{wrong:?}");
        }
        for complete in ["x = 1\n", "if x:\n  y\n", "x; y\n"] {
            assert_eq!(single(complete, &grammar), Ok(()), "{complete:?}");
        }
    }
}

#[test]
fn encodings() {
    let parse_kind = |source: &[u8], grammar: &Grammar, source_kind| {
        let arena = Arena::new();
        let options =
            Options { mode: Mode::Exec, grammar, source_kind, filename: "f.py", flags: FutureFlags::default() };
        parse_with(&arena, source, &options).map(|t| txpy_syntax::dump(&t, false)).map_err(|e| e.msg)
    };
    let (py3, py27) = (Grammar::py3(), Grammar::py27());
    let latin = b"# -*- coding: latin-1 -*-\nu'\xe9', '\xe9'\n";
    let text = |mark: char, e: &str| {
        format!("(Module [(Expr (Tuple [(Constant s\"\\c3\\a9\" {}) (Constant {mark}\"{e}\" ~)]))])", if mark == 's' { "u" } else { "~" })
    };
    assert_eq!(parse_kind(latin, &py3, SourceKind::File), Ok(text('s', "\\c3\\a9")));
    assert_eq!(parse_kind(latin, &py27, SourceKind::File), Ok(text('b', "\\e9")));
    let bare = "u'é', 'é'\n".as_bytes();
    assert_eq!(parse_kind(bare, &py3, SourceKind::File), Ok(text('s', "\\c3\\a9")));
    assert_eq!(parse_kind(bare, &py27, SourceKind::Text), Ok(text('b', "\\c3\\a9")));
    let undeclared = "Non-ASCII character '\\xc3' in file f.py on line 1, but no encoding declared; see \
                      http://python.org/dev/peps/pep-0263/ for details";
    assert_eq!(parse_kind(bare, &py27, SourceKind::File), Err(undeclared.to_string()));
    assert_eq!(parse_kind(b"x\0", &py3, SourceKind::Bytes), Err("source code string cannot contain null bytes".into()));
    assert_eq!(parse_kind(b"# coding: foo\n", &py3, SourceKind::File), Err("unknown encoding: foo".into()));
    assert_eq!(parse_kind(b"\xef\xbb\xbfx\n", &py3, SourceKind::File), Ok("(Module [(Expr (Name x))])".into()));
}
