//! Syntax tree to code image: heap-free bytecode, constants and line tables.
#![forbid(unsafe_code)]

mod codegen;
pub mod disasm;
mod errors;
pub mod image;
pub mod library;
pub mod ops;
pub mod store;
pub mod symtable;
pub mod verify;

use txpy_syntax::{Arena, FutureFlags, Grammar, Mode, SourceKind, SyntaxError, Tree};

use image::Image;

/// How to compile.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// Goes into tracebacks and `co_filename`.
    pub filename: &'o str,
    /// 1 drops asserts and makes `__debug__` false, 2 drops docstrings as well.
    pub optimize: u8,
    /// `exec`, `eval` and interactive code, whose names live in a namespace in r[0]. Otherwise module code: names are globals.
    pub namespace: bool,
    /// Future features in force from the start (of code that calls `compile`).
    pub flags: FutureFlags,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { filename: "<string>", optimize: 0, namespace: false, flags: FutureFlags::default() }
    }
}

/// Compiles a parsed text. Errors are CPython's SyntaxErrors of its symbol table and compiler.
pub fn compile(tree: &Tree<'_>, grammar: &Grammar, options: &Options<'_>) -> Result<Image, SyntaxError> {
    let mut table = symtable::SymTable::build(tree, grammar)?;
    let mut warnings: Vec<(u32, String)> = tree.warnings.iter().map(|w| (w.line, w.msg.to_string())).collect();
    warnings.append(&mut table.warnings);
    Ok(Image { warnings, ..codegen::module(tree, grammar, options, table)? })
}

/// Parses and compiles.
pub fn compile_source(source: &[u8], mode: Mode, kind: SourceKind, grammar: &Grammar, options: &Options<'_>) -> Result<Image, SyntaxError> {
    let arena = Arena::new();
    let parsing = txpy_syntax::Options { mode, grammar, source_kind: kind, filename: options.filename, flags: options.flags };
    let tree = txpy_syntax::parse_with(&arena, source, &parsing)?;
    compile(&tree, grammar, options)
}
