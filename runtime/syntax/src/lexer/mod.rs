//! The lexer: decoded text to a vector of tokens, with indentation, brackets and the nesting of f-strings.

pub mod decode;
mod number;
mod string;
pub mod token;

use crate::ast::Span;
use crate::error::{ErrorKind, Fault};
use crate::grammar::Grammar;
use token::{Tok, Token};

/// CPython's limits of the tokenizer.
const MAX_INDENT: usize = 100;
const MAX_BRACKETS: usize = 200;
const MAX_FSTRINGS: usize = 150;

/// An error of the lexer, and how it competes with an earlier error of the parser.
#[derive(Debug)]
pub struct LexError {
    pub fault: Fault,
    pub rank: Rank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Shown in preference to any parser error, even one that comes earlier.
    Strong,
    /// Shown only if the parser gets there.
    Weak,
    /// A bracket opened on this line was never closed; shown in preference to parser errors on later lines.
    Unclosed(u32),
}

pub struct Lexed {
    pub tokens: Vec<Token>,
    pub error: Option<LexError>,
}

struct Bracket {
    open: u8,
    line: u32,
    col: u32,
}

/// An f-string being read.
struct FString {
    quote: u8,
    triple: bool,
    raw: bool,
    /// Where it started, for errors.
    line: u32,
    col: u32,
    /// `brackets.len()` inside each open replacement field, outermost first.
    fields: Vec<usize>,
    /// Reading literal text (or a format specification), not an expression.
    literal: bool,
}

pub(crate) struct Lexer<'s> {
    text: &'s str,
    src: &'s [u8],
    pos: usize,
    line: u32,
    line_start: usize,
    grammar: &'s Grammar,
    tokens: Vec<Token>,
    /// Columns with tabs to 8 and to 1.
    indents: Vec<(u32, u32)>,
    brackets: Vec<Bracket>,
    fstrings: Vec<FString>,
    /// 2.7: the text ended in a continued line.
    ended: Option<Box<LexError>>,
}

type R<T> = Result<T, Box<LexError>>;

/// Splits a text into tokens, up to the first error, which the last token [`Tok::Error`] stands for.
pub fn lex(text: &str, grammar: &Grammar) -> Lexed {
    let mut lexer = Lexer {
        text,
        src: text.as_bytes(),
        pos: 0,
        line: 1,
        line_start: 0,
        grammar,
        tokens: Vec::with_capacity(text.len() / 4 + 8),
        indents: vec![(0, 0)],
        brackets: Vec::new(),
        fstrings: Vec::new(),
        ended: None,
    };
    let error = lexer.run().err();
    if error.is_some() {
        let here = lexer.pos.min(lexer.src.len());
        lexer.push_at(Tok::Error, here, here, lexer.line, lexer.line_start);
    }
    Lexed { tokens: lexer.tokens, error: error.or(lexer.ended).map(|e| *e) }
}

fn is_ident_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_ident_part(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

impl<'s> Lexer<'s> {
    fn peek(&self, ahead: usize) -> u8 {
        self.src.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn push_at(&mut self, kind: Tok, start: usize, end: usize, line: u32, line_start: usize) {
        let span = Span {
            line,
            col: (start - line_start) as u32,
            end_line: self.line,
            end_col: (end - self.line_start.min(end)) as u32,
        };
        let nested = !self.brackets.is_empty();
        self.tokens.push(Token { span, start: start as u32, end: end as u32, kind, nested });
    }

    /// Pushes a token of the current line that ends at `pos`.
    fn push(&mut self, kind: Tok, start: usize) {
        self.push_at(kind, start, self.pos, self.line, self.line_start);
    }

    fn new_line(&mut self) {
        self.line += 1;
        self.line_start = self.pos;
    }

    fn fault_at(&self, kind: ErrorKind, msg: impl Into<String>, line: u32, col: u32, rank: Rank) -> Box<LexError> {
        let span = Span { line, col, end_line: line, end_col: col };
        Box::new(LexError { fault: Fault { kind, msg: msg.into(), span, incomplete: false, generic: false }, rank })
    }

    /// A strong error at byte `at` of the current line.
    fn error_at(&self, msg: impl Into<String>, at: usize) -> Box<LexError> {
        let at = at.max(self.line_start);
        self.fault_at(ErrorKind::Syntax, msg, self.line, (at - self.line_start) as u32, Rank::Strong)
    }

    /// CPython's place of most tokenizer errors: the last character consumed.
    fn error(&self, msg: impl Into<String>) -> Box<LexError> {
        self.error_at(msg, self.pos.saturating_sub(1))
    }

    fn run(&mut self) -> R<()> {
        let mut at_line_start = true;
        loop {
            if let Some(f) = self.fstrings.last() {
                if f.literal {
                    self.fstring_text()?;
                    continue;
                }
            }
            if at_line_start {
                at_line_start = false;
                if !self.indentation()? {
                    break;
                }
            }
            match self.peek(0) {
                b' ' | b'\t' | 0x0C => self.pos += 1,
                b'#' => self.skip_comment(),
                b'\n' => {
                    let start = self.pos;
                    self.pos += 1;
                    if self.brackets.is_empty() {
                        self.push(Tok::Newline, start);
                        at_line_start = true;
                    }
                    self.new_line();
                }
                b'\\' => self.continuation()?,
                0 if self.pos >= self.src.len() => {
                    if !self.brackets.is_empty() {
                        return Err(self.unclosed());
                    }
                    // The text ends in a line end, so only a continuation can bring us here.
                    if self.grammar.legacy {
                        if self.tokens.last().is_some_and(|t| !matches!(t.kind, Tok::Newline | Tok::Indent | Tok::Dedent)) {
                            self.push(Tok::Newline, self.pos);
                        }
                        at_line_start = true;
                        continue;
                    }
                    let mut e = self.error_at("unexpected EOF while parsing", self.pos);
                    e.fault.incomplete = true;
                    return Err(e);
                }
                b => self.token(b)?,
            }
        }
        Ok(())
    }

    fn skip_comment(&mut self) {
        while self.pos < self.src.len() && self.src[self.pos] != b'\n' {
            self.pos += 1;
        }
    }

    fn unclosed(&mut self) -> Box<LexError> {
        let b = &self.brackets[self.brackets.len() - 1];
        let (msg, rank) = if self.grammar.legacy {
            ("unexpected EOF while parsing".to_string(), Rank::Weak)
        } else {
            (format!("'{}' was never closed", b.open as char), Rank::Unclosed(b.line))
        };
        let mut e = self.fault_at(ErrorKind::Syntax, msg, b.line, b.col, rank);
        e.fault.incomplete = true;
        e
    }

    /// A backslash outside strings: must end the line.
    fn continuation(&mut self) -> R<()> {
        self.pos += 1;
        if self.peek(0) != b'\n' {
            let msg = "unexpected character after line continuation character";
            return Err(self.error_at(msg, self.pos));
        }
        self.pos += 1;
        self.new_line();
        if self.pos >= self.src.len() {
            let mut e = self.error_at("unexpected EOF while parsing", self.pos);
            e.fault.incomplete = true;
            // The line that the backslash ends.
            let before = self.text[..self.pos - 1].rfind('\n').map_or(0, |n| n + 1);
            let col = (self.pos - 1 - before) as u32;
            e.fault.span = Span { line: self.line - 1, col, end_line: self.line - 1, end_col: col };
            if self.grammar.legacy {
                // 2.7 takes the end of the text for the end of the line; the error is the parser's if it wants more.
                e.rank = Rank::Weak;
                self.ended = Some(e);
                return Ok(());
            }
            return Err(e);
        }
        Ok(())
    }

    /// Reads the indentation of the next line that holds code, and emits `Indent`/`Dedent`; false at the end.
    fn indentation(&mut self) -> R<bool> {
        let (mut col, mut alt);
        loop {
            (col, alt) = (0u32, 0u32);
            loop {
                match self.peek(0) {
                    b' ' => (col, alt) = (col + 1, alt + 1),
                    b'\t' => (col, alt) = ((col / 8 + 1) * 8, alt + 1),
                    0x0C => (col, alt) = (0, 0),
                    b'\\' if self.peek(1) == b'\n' && self.pos + 2 < self.src.len() && col > 0 => {
                        // A continued indentation: the first line's column counts.
                        self.pos += 2;
                        self.new_line();
                        while matches!(self.peek(0), b' ' | b'\t' | 0x0C) {
                            self.pos += 1;
                        }
                        continue;
                    }
                    _ => break,
                }
                self.pos += 1;
            }
            match self.peek(0) {
                b'#' => {
                    self.skip_comment();
                    if self.pos < self.src.len() {
                        self.pos += 1;
                        self.new_line();
                    }
                }
                b'\n' => {
                    self.pos += 1;
                    self.new_line();
                }
                _ => break,
            }
        }
        let end = self.pos >= self.src.len();
        if end {
            (col, alt) = (0, 0);
        }
        self.indent_to(col, alt)?;
        if end {
            self.push(Tok::End, self.pos);
        }
        Ok(!end)
    }

    fn indent_to(&mut self, col: u32, alt: u32) -> R<()> {
        let tab_error = |lexer: &Self| {
            let msg = "inconsistent use of tabs and spaces in indentation";
            lexer.fault_at(ErrorKind::Tab, msg, lexer.line, 0, Rank::Weak)
        };
        let check = self.grammar.tab_check;
        let (top, top_alt) = self.indents[self.indents.len() - 1];
        if col == top {
            if check && alt != top_alt {
                return Err(tab_error(self));
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENT {
                let msg = "too many levels of indentation";
                let col = (self.line_end() - self.line_start) as u32;
                return Err(self.fault_at(ErrorKind::Indentation, msg, self.line, col, Rank::Weak));
            }
            if check && alt <= top_alt {
                return Err(tab_error(self));
            }
            self.indents.push((col, alt));
            self.push(Tok::Indent, self.line_start);
        } else {
            while self.indents.len() > 1 && col < self.indents[self.indents.len() - 1].0 {
                self.indents.pop();
                self.push(Tok::Dedent, self.pos);
            }
            let (top, top_alt) = self.indents[self.indents.len() - 1];
            if col != top {
                let msg = "unindent does not match any outer indentation level";
                let col = (self.line_end() - self.line_start) as u32;
                return Err(self.fault_at(ErrorKind::Indentation, msg, self.line, col, Rank::Weak));
            }
            if check && alt != top_alt {
                return Err(tab_error(self));
            }
        }
        Ok(())
    }

    fn line_end(&self) -> usize {
        let rest = &self.src[self.line_start..];
        self.line_start + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
    }

    fn token(&mut self, b: u8) -> R<()> {
        if is_ident_start(b) {
            return self.word();
        }
        match b {
            b'0'..=b'9' => return self.number(),
            b'.' if self.peek(1).is_ascii_digit() => return self.number(),
            b'"' | b'\'' => return self.string(self.pos),
            _ => {}
        }
        if !self.fstrings.is_empty() && self.field_punctuation(b) {
            return Ok(());
        }
        self.operator(b)
    }

    /// Identifier, keyword, or prefix of a string.
    fn word(&mut self) -> R<()> {
        let start = self.pos;
        while self.pos < self.src.len() && is_ident_part(self.src[self.pos]) {
            self.pos += 1;
        }
        let word = &self.src[start..self.pos];
        if matches!(self.peek(0), b'"' | b'\'') && word.len() <= 2 && self.is_prefix(word) {
            return self.string(start);
        }
        if !word.is_ascii() {
            self.check_identifier(start)?;
        }
        let kind = Tok::word(&self.text[start..self.pos], self.grammar);
        self.push(kind, start);
        Ok(())
    }

    /// Beyond ASCII, an identifier follows Unicode's XID properties after normalisation (PEP 3131).
    fn check_identifier(&mut self, start: usize) -> R<()> {
        use unicode_normalization::UnicodeNormalization;
        if !self.grammar.unicode_names {
            self.pos = start + 1;
            return Err(Box::new(LexError { rank: Rank::Weak, ..*self.error("invalid syntax") }));
        }
        let valid = |c: char, first: bool| {
            std::iter::once(c).nfkc().enumerate().all(|(i, c)| {
                c == '_' || if first && i == 0 { unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) }
            })
        };
        for (i, c) in self.text[start..self.pos].char_indices() {
            if !valid(c, i == 0) {
                let at = start + i;
                let code = c as u32;
                let msg = if is_printable(c) {
                    format!("invalid character '{c}' (U+{code:04X})")
                } else {
                    format!("invalid non-printable character U+{code:04X}")
                };
                self.pos = at + c.len_utf8();
                return Err(self.error_at(msg, at));
            }
        }
        Ok(())
    }

    fn operator(&mut self, b: u8) -> R<()> {
        use Tok::*;
        let (b1, b2) = (self.peek(1), self.peek(2));
        let legacy = self.grammar.legacy;
        let (kind, len) = match (b, b1, b2) {
            (b'(', ..) | (b'[', ..) | (b'{', ..) => return self.open(b),
            (b')', ..) | (b']', ..) | (b'}', ..) => return self.close(b),
            (b'*', b'*', b'=') => (DoubleStarEq, 3),
            (b'/', b'/', b'=') => (DoubleSlashEq, 3),
            (b'<', b'<', b'=') => (LShiftEq, 3),
            (b'>', b'>', b'=') => (RShiftEq, 3),
            (b'.', b'.', b'.') if !legacy => (Ellipsis, 3),
            (b'*', b'*', _) => (DoubleStar, 2),
            (b'/', b'/', _) => (DoubleSlash, 2),
            (b'<', b'<', _) => (LShift, 2),
            (b'>', b'>', _) => (RShift, 2),
            (b'<', b'>', _) => (Diamond, 2),
            (b'<', b'=', _) => (LessEqual, 2),
            (b'>', b'=', _) => (GreaterEqual, 2),
            (b'=', b'=', _) => (EqEqual, 2),
            (b'!', b'=', _) => (NotEqual, 2),
            (b'-', b'>', _) if !legacy => (Arrow, 2),
            (b':', b'=', _) if self.grammar.walrus => (Walrus, 2),
            (b'+', b'=', _) => (PlusEq, 2),
            (b'-', b'=', _) => (MinusEq, 2),
            (b'*', b'=', _) => (StarEq, 2),
            (b'/', b'=', _) => (SlashEq, 2),
            (b'%', b'=', _) => (PercentEq, 2),
            (b'@', b'=', _) if self.grammar.matmul => (AtEq, 2),
            (b'&', b'=', _) => (AmpEq, 2),
            (b'|', b'=', _) => (BarEq, 2),
            (b'^', b'=', _) => (CaretEq, 2),
            (b',', ..) => (Comma, 1),
            (b':', ..) => (Colon, 1),
            (b';', ..) => (Semi, 1),
            (b'.', ..) => (Dot, 1),
            (b'+', ..) => (Plus, 1),
            (b'-', ..) => (Minus, 1),
            (b'*', ..) => (Star, 1),
            (b'/', ..) => (Slash, 1),
            (b'%', ..) => (Percent, 1),
            (b'@', ..) => (At, 1),
            (b'&', ..) => (Amp, 1),
            (b'|', ..) => (Bar, 1),
            (b'^', ..) => (Caret, 1),
            (b'~', ..) => (Tilde, 1),
            (b'<', ..) => (Less, 1),
            (b'>', ..) => (Greater, 1),
            (b'=', ..) => (Equal, 1),
            (b'!', ..) if !legacy => (Exclaim, 1),
            (b'`', ..) if self.grammar.backticks => (Backquote, 1),
            _ => {
                self.pos += 1;
                let mut e = self.error("invalid syntax");
                if b < b' ' || b == 0x7F {
                    if !legacy {
                        e.fault.msg = format!("invalid non-printable character U+{b:04X}");
                    }
                } else {
                    e.rank = Rank::Weak;
                }
                return Err(e);
            }
        };
        let start = self.pos;
        self.pos += len;
        self.push(kind, start);
        Ok(())
    }

    fn open(&mut self, b: u8) -> R<()> {
        let start = self.pos;
        if self.brackets.len() >= MAX_BRACKETS && !self.grammar.legacy {
            self.pos += 1;
            return Err(self.error("too many nested parentheses"));
        }
        self.pos += 1;
        let kind = match b {
            b'(' => Tok::LPar,
            b'[' => Tok::LBracket,
            _ => Tok::LBrace,
        };
        self.brackets.push(Bracket { open: b, line: self.line, col: (start - self.line_start) as u32 });
        self.push(kind, start);
        Ok(())
    }

    fn close(&mut self, b: u8) -> R<()> {
        let start = self.pos;
        self.pos += 1;
        let kind = match b {
            b')' => Tok::RPar,
            b']' => Tok::RBracket,
            _ => Tok::RBrace,
        };
        let in_field = self.fstrings.last().and_then(|f| f.fields.last().copied());
        let Some(top) = self.brackets.last() else {
            if self.grammar.legacy {
                // 2.7 leaves it to the grammar.
                self.push(kind, start);
                return Ok(());
            }
            return Err(self.error(format!("unmatched '{}'", b as char)));
        };
        let fits = matches!((top.open, b), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
        if !fits {
            let (open, open_line) = (top.open as char, top.line);
            let close = b as char;
            if self.grammar.legacy {
                self.brackets.pop();
                self.push(kind, start);
                return Ok(());
            }
            let msg = if in_field == Some(self.brackets.len()) {
                format!("f-string: unmatched '{close}'")
            } else if open_line != self.line {
                format!("closing parenthesis '{close}' does not match opening parenthesis '{open}' on line {open_line}")
            } else if in_field.is_some() {
                format!("f-string: closing parenthesis '{close}' does not match opening parenthesis '{open}'")
            } else {
                format!("closing parenthesis '{close}' does not match opening parenthesis '{open}'")
            };
            return Err(self.error(msg));
        }
        if in_field == Some(self.brackets.len()) {
            let f = self.fstrings.last_mut().expect("inside an f-string");
            f.fields.pop();
            f.literal = true;
        }
        self.brackets.pop();
        self.push(kind, start);
        Ok(())
    }
}

/// What `str.isprintable` says, as far as characters outside identifiers go.
fn is_printable(c: char) -> bool {
    !(c.is_control()
        || c.is_whitespace()
        || matches!(c as u32, 0xAD | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x180E | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE000..=0xF8FF | 0xE0001..=0xE007F
            | 0xF0000..=0x10FFFF))
}
