//! Source text to syntax tree, for Python 2.7 and Python 3: `parse(&arena, source, mode, &grammar)`.
#![forbid(unsafe_code)]

pub mod ast;
mod dump;
mod error;
mod grammar;
mod lexer;
pub mod names;
mod parser;

pub use ast::{Arena, Span, Tree, Warning};
pub use dump::dump;
pub use error::{ErrorKind, SyntaxError};
pub use grammar::{FutureFlags, Grammar, Mode};
pub use parser::{parse, parse_with};

/// Where the bytes of a source come from, which decides how they are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A file: byte order mark and coding declaration count; 2.7 demands ASCII without one.
    File,
    /// A byte string given to `compile`/`eval`: like a file, but 2.7 takes undeclared bytes as Latin-1.
    Bytes,
    /// A text string given to `compile`/`eval`, in UTF-8: declarations are ignored.
    Text,
}

/// How to parse.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    pub mode: Mode,
    pub grammar: &'o Grammar,
    pub source_kind: SourceKind,
    /// Only shown in messages.
    pub filename: &'o str,
    /// Future features in force from the start.
    pub flags: FutureFlags,
}
