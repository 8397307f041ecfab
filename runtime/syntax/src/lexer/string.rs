//! String tokens, and the literal parts and replacement fields of f-strings.

use super::token::Tok;
use super::{FString, Lexer, MAX_FSTRINGS, R, Rank};
use crate::error::ErrorKind;

impl Lexer<'_> {
    pub(super) fn is_prefix(&self, word: &[u8]) -> bool {
        let mut lower = [0u8; 2];
        for (to, from) in lower.iter_mut().zip(word) {
            *to = from.to_ascii_lowercase();
        }
        match &lower[..word.len().min(2)] {
            b"r" | b"b" | b"u" | b"br" => true,
            b"ur" => self.grammar.ur_prefix,
            b"rb" => !self.grammar.legacy,
            b"f" | b"fr" | b"rf" => self.grammar.f_strings,
            _ => false,
        }
    }

    /// A string whose prefix starts at `start`; `pos` is at its quote.
    pub(super) fn string(&mut self, start: usize) -> R<()> {
        let prefix = &self.src[start..self.pos];
        let formatted = prefix.iter().any(|b| matches!(b, b'f' | b'F'));
        let raw = prefix.iter().any(|b| matches!(b, b'r' | b'R'));
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        let (line, line_start) = (self.line, self.line_start);
        self.pos += if triple { 3 } else { 1 };
        if formatted {
            if self.fstrings.len() >= MAX_FSTRINGS {
                return Err(self.error("too many nested f-strings"));
            }
            self.push(Tok::FStart, start);
            let col = (start - line_start) as u32;
            self.fstrings.push(FString { quote, triple, raw, line, col, fields: Vec::new(), literal: true });
            return Ok(());
        }
        loop {
            match self.src.get(self.pos).copied() {
                None => return Err(self.unterminated(line, (start - line_start) as u32, triple, false)),
                Some(b'\n') if !triple => {
                    if self.fstrings.last().is_some_and(|f| f.quote == quote && !f.triple) {
                        // The quote was meant to end the f-string around it.
                        return Err(self.error_at("f-string: expecting '}'", start));
                    }
                    return Err(self.unterminated(line, (start - line_start) as u32, false, false));
                }
                Some(b'\n') => {
                    self.pos += 1;
                    self.new_line();
                }
                Some(b'\\') => self.skip_escape(),
                Some(b) if b == quote => {
                    if !triple {
                        self.pos += 1;
                        break;
                    }
                    if self.peek(1) == quote && self.peek(2) == quote {
                        self.pos += 3;
                        break;
                    }
                    self.pos += 1;
                }
                Some(_) => self.pos += 1,
            }
        }
        self.push_at(Tok::Str, start, self.pos, line, line_start);
        Ok(())
    }

    /// A backslash and the character after it.
    fn skip_escape(&mut self) {
        self.pos += 1;
        if self.pos < self.src.len() {
            self.pos += 1;
            if self.src[self.pos - 1] == b'\n' {
                self.new_line();
            }
        }
    }

    fn unterminated(&self, line: u32, col: u32, triple: bool, formatted: bool) -> Box<super::LexError> {
        let at_end = self.pos >= self.src.len();
        let f = if formatted { "f-" } else { "" };
        let msg = if self.grammar.legacy {
            if triple { "EOF while scanning triple-quoted string literal" } else { "EOL while scanning string literal" }
                .to_string()
        } else if triple {
            // The final line end may be one that was added, but CPython counts the same way.
            let last = if self.src.ends_with(b"\n") { self.line - 1 } else { self.line };
            format!("unterminated triple-quoted {f}string literal (detected at line {last})")
        } else {
            // A backslash before the last line end leaves the text's end inside a one-line string.
            let last = if at_end { self.line - 1 } else { self.line };
            format!("unterminated {f}string literal (detected at line {last})")
        };
        let rank = if self.grammar.legacy { Rank::Weak } else { Rank::Strong };
        // 2.7 points to where the text ends instead of where the literal begins.
        let (line, col) = if self.grammar.legacy && triple { (self.line - 1, 0) } else { (line, col) };
        let mut e = self.fault_at(ErrorKind::Syntax, msg, line, col, rank);
        e.fault.incomplete = triple || at_end;
        e
    }

    /// The next piece of literal text of the innermost f-string (or of a format specification in it).
    pub(super) fn fstring_text(&mut self) -> R<()> {
        let f = &self.fstrings[self.fstrings.len() - 1];
        let (quote, triple, raw, f_line, f_col) = (f.quote, f.triple, f.raw, f.line, f.col);
        let in_spec = !f.fields.is_empty();
        let start = self.pos;
        let (line, line_start) = (self.line, self.line_start);
        loop {
            let Some(b) = self.src.get(self.pos).copied() else {
                return Err(self.unterminated(f_line, f_col, triple, true));
            };
            if b == quote && (!triple || (self.peek(1) == quote && self.peek(2) == quote)) {
                if in_spec {
                    // The quote ends the string inside a field.
                    return Err(self.error_at("f-string: expecting '}', or format specs", self.pos));
                }
                self.middle(start, line, line_start);
                let at = self.pos;
                self.pos += if triple { 3 } else { 1 };
                self.fstrings.pop();
                self.push(Tok::FEnd, at);
                return Ok(());
            }
            match b {
                b'\n' if !triple => {
                    if in_spec {
                        return Err(self.error_at("f-string: newlines are not allowed in format specifiers for single quoted f-strings", self.pos));
                    }
                    return Err(self.unterminated(f_line, f_col, false, true));
                }
                b'\n' => {
                    self.pos += 1;
                    self.new_line();
                }
                b'{' if self.peek(1) == b'{' && !in_spec => self.pos += 2,
                b'}' if self.peek(1) == b'}' && !in_spec => self.pos += 2,
                b'{' => {
                    self.middle(start, line, line_start);
                    self.open(b'{')?;
                    let depth = self.brackets.len();
                    let at = self.fstrings.len() - 1;
                    let f = &mut self.fstrings[at];
                    f.fields.push(depth);
                    f.literal = false;
                    if f.fields.len() > 3 {
                        return Err(self.error("f-string: expressions nested too deeply"));
                    }
                    return Ok(());
                }
                b'}' if in_spec => {
                    self.middle(start, line, line_start);
                    return self.close(b'}');
                }
                b'}' => {
                    self.pos += 1;
                    return Err(self.error("f-string: single '}' is not allowed"));
                }
                b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => {
                    // A named character's braces are no field.
                    self.pos += 3;
                    while !matches!(self.peek(0), b'}' | b'\n' | 0) && self.peek(0) != quote {
                        self.pos += 1;
                    }
                    if self.peek(0) == b'}' {
                        self.pos += 1;
                    }
                }
                b'\\' if matches!(self.peek(1), b'{' | b'}') => self.pos += 1,
                b'\\' => self.skip_escape(),
                _ => self.pos += 1,
            }
        }
    }

    fn middle(&mut self, start: usize, line: u32, line_start: usize) {
        if self.pos > start {
            self.push_at(Tok::FMiddle, start, self.pos, line, line_start);
        }
    }

    /// `:` and `!` that end the expression of a replacement field. True if it was one.
    pub(super) fn field_punctuation(&mut self, b: u8) -> bool {
        let depth = self.brackets.len();
        let Some(f) = self.fstrings.last_mut() else { return false };
        if f.fields.last() != Some(&depth) {
            return false;
        }
        match b {
            b':' => {
                f.literal = true;
                self.pos += 1;
                self.push(Tok::Colon, self.pos - 1);
            }
            b'!' if self.peek(1) != b'=' => {
                self.pos += 1;
                self.push(Tok::Exclaim, self.pos - 1);
            }
            _ => return false,
        }
        true
    }
}
