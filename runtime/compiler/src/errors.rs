//! Errors of compilation with the place in the text.

use txpy_syntax::ast::Span;
use txpy_syntax::{ErrorKind, SyntaxError};

/// Nesting of expressions and statements that fits a 2 MiB stack.
pub const MAX_DEPTH: u32 = 400;

/// A SyntaxError at a range of the source.
pub fn error_at(source: &str, legacy: bool, span: Span, msg: impl Into<String>) -> SyntaxError {
    let line = |n: u32| if n == 0 { None } else { source.split_inclusive('\n').nth(n as usize - 1) };
    let column = |n: u32, col: u32| {
        let Some(text) = line(n) else { return if legacy { 0 } else { col + 1 } };
        // 2.7 knows no column for errors found after parsing.
        if legacy {
            return 0;
        }
        let end = (0..=(col as usize).min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
        text[..end].chars().count() as u32 + 1
    };
    SyntaxError {
        kind: ErrorKind::Syntax,
        msg: msg.into(),
        line: span.line,
        col: column(span.line, span.col),
        end_line: span.end_line,
        end_col: column(span.end_line, span.end_col),
        text: line(span.line).map(str::to_string),
        incomplete: false,
    }
}

pub fn too_deep(span: Span) -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::TooComplex,
        msg: "maximum recursion depth exceeded during compilation".into(),
        line: span.line,
        col: span.col + 1,
        end_line: span.end_line,
        end_col: span.end_col + 1,
        text: None,
        incomplete: false,
    }
}
