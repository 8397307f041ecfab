//! The error of a failed parse: what `SyntaxError` of CPython carries.

use std::fmt;

use crate::ast::Span;

/// Which exception the error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `MemoryError`: nested too deeply for the parser (CPython's "parser stack overflow").
    TooComplex,
    /// `ValueError`: not about the grammar (null bytes in 3.12+ are `SyntaxError`; huge integers are `ValueError`).
    Value,
    /// `TypeError`: 2.7's null bytes.
    Type,
}

impl ErrorKind {
    /// Name of the Python exception.
    pub fn exception(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::TooComplex => "MemoryError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Type => "TypeError",
        }
    }
}

/// Why and where a text does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: ErrorKind,
    pub msg: String,
    /// 1-based line; 0 when the error has no place in the text.
    pub line: u32,
    /// 1-based offset in characters (bytes in 2.7), as in CPython's `offset`; 0 for none.
    pub col: u32,
    /// End of the range, same units; equal to the start (or 0) when unknown.
    pub end_line: u32,
    pub end_col: u32,
    /// The source line, with its line end.
    pub text: Option<String>,
    /// The text ended where more could follow: an interactive reader should ask for another line.
    pub incomplete: bool,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (line {}, offset {})", self.kind.exception(), self.msg, self.line, self.col)
    }
}

impl std::error::Error for SyntaxError {}

/// An error inside the crate: a place in bytes, to be turned into [`SyntaxError`] once, at the end.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub kind: ErrorKind,
    pub msg: String,
    pub span: Span,
    pub incomplete: bool,
    /// Plain "invalid syntax": better explanations may replace it.
    pub generic: bool,
}

impl Fault {
    /// Counts columns in characters from 1 and quotes the line.
    pub(crate) fn finish(self, source: &str, legacy: bool) -> SyntaxError {
        let offset = |line: u32, col: u32| {
            let text = nth_line(source, line).unwrap_or("");
            let upto = text.get(..col as usize).unwrap_or(text);
            // A column beyond the line (an error at its end) counts on.
            let beyond = (col as usize).saturating_sub(text.len()) as u32;
            1 + beyond + if legacy { upto.len() } else { upto.chars().count() } as u32
        };
        let Span { line, col, end_line, end_col } = self.span;
        SyntaxError {
            kind: self.kind,
            msg: self.msg,
            line,
            col: if line == 0 { 0 } else { offset(line, col) },
            end_line,
            end_col: if line == 0 { 0 } else { offset(end_line, end_col) },
            text: nth_line(source, line).map(str::to_string),
            incomplete: self.incomplete,
        }
    }
}

fn nth_line(source: &str, line: u32) -> Option<&str> {
    source.split_inclusive('\n').nth((line as usize).checked_sub(1)?)
}
