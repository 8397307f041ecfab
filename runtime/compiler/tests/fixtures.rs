//! Source against disassembly: `tests/fixtures/NAME.py` and `NAME.txt`. `TXPY_BLESS=1` writes the latter anew.
//! A first line `# 2.7` chooses the language.

use std::path::PathBuf;

use txpy_compiler::{Options, compile_source, disasm, store, verify};
use txpy_syntax::{Grammar, Mode, SourceKind};

#[test]
fn disassembly_of_fixtures() {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut sources: Vec<PathBuf> = std::fs::read_dir(&dir).expect("fixtures").flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "py")).collect();
    sources.sort();
    assert!(sources.len() >= 10);
    let bless = std::env::var_os("TXPY_BLESS").is_some();
    let mut differing = Vec::new();
    for path in sources {
        let source = std::fs::read(&path).expect("readable");
        let grammar = if source.starts_with(b"# 2.7") { Grammar::py27() } else { Grammar::py3() };
        let options = Options { filename: "fixture.py", ..Options::default() };
        let image = compile_source(&source, Mode::Exec, SourceKind::File, &grammar, &options).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        verify::verify(&image).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(store::from_bytes(&store::to_bytes(&image)).expect("stored image"), image);
        let text = disasm::disassemble(&image);
        let expected = path.with_extension("txt");
        if bless {
            std::fs::write(&expected, &text).expect("writable");
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            differing.push(path);
        }
    }
    assert!(differing.is_empty(), "disassembly changed: {differing:?}");
}
