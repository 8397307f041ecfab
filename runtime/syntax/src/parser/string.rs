//! String literals: prefixes, escapes, adjacent literals joined.

use super::*;

/// What a literal without replacement fields evaluates to.
#[derive(Clone, Copy)]
pub(super) enum Piece<'a> {
    Text(&'a [u8]),
    Bytes(&'a [u8]),
}

struct Prefix {
    raw: bool,
    bytes: bool,
    unicode: bool,
    len: usize,
}

fn prefix(text: &str) -> Prefix {
    let mut p = Prefix { raw: false, bytes: false, unicode: false, len: 0 };
    for b in text.bytes() {
        match b.to_ascii_lowercase() {
            b'r' => p.raw = true,
            b'b' => p.bytes = true,
            b'u' => p.unicode = true,
            b'f' => {}
            _ => break,
        }
        p.len += 1;
    }
    p
}

impl<'a> Parser<'a> {
    /// One or more adjacent string literals.
    pub(super) fn strings(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        if self.at(Tok::Str) && !matches!(self.ahead(1), Tok::Str | Tok::FStart) {
            let token = self.bump();
            let (piece, u_prefix) = self.string_piece(token)?;
            let value = match piece {
                Piece::Text(t) => Constant::Str(t),
                Piece::Bytes(b) => Constant::Bytes(b),
            };
            return Ok(self.expr(token.span, 0, ExprKind::Constant { value, u_prefix }));
        }
        let mut parts: Vec<Expr<'a>> = Vec::new();
        let mut pieces: Vec<Piece<'a>> = Vec::new();
        let mut u_prefix = false;
        let mut formatted = false;
        let first = self.pos;
        loop {
            match self.kind() {
                Tok::Str => {
                    let token = self.bump();
                    let (piece, u) = self.string_piece(token)?;
                    if self.pos == first + 1 {
                        u_prefix = u;
                    }
                    pieces.push(piece);
                    if let Piece::Text(text) = piece {
                        self.push_text(&mut parts, text, token.span, u);
                    }
                }
                Tok::FStart => {
                    formatted = true;
                    pieces.push(Piece::Text(b""));
                    self.fstring(&mut parts)?;
                }
                _ => break,
            }
        }
        let span = start.to(self.prev_span());
        let bytes = pieces.iter().filter(|p| matches!(p, Piece::Bytes(_))).count();
        if bytes > 0 && bytes < pieces.len() && !self.grammar.legacy {
            return self.error(self.span(), "cannot mix bytes and nonbytes literals");
        }
        if formatted {
            let parts = self.join_parts(parts);
            let below = heights(parts);
            return Ok(self.expr(span, below, ExprKind::JoinedStr(parts)));
        }
        let mut joined = Vec::new();
        for piece in &pieces {
            let (Piece::Text(t) | Piece::Bytes(t)) = piece;
            if bytes < pieces.len() && matches!(piece, Piece::Bytes(_)) && !t.is_ascii() {
                let at = t.iter().position(|b| *b >= 0x80).unwrap_or(0);
                let msg = format!(
                    "(unicode error) 'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    t[at]
                );
                return self.error(span, msg);
            }
            joined.extend_from_slice(t);
        }
        let joined = self.list(&joined);
        let value = if bytes == pieces.len() { Constant::Bytes(joined) } else { Constant::Str(joined) };
        Ok(self.expr(span, 0, ExprKind::Constant { value, u_prefix }))
    }

    /// Adds literal text to the parts of an f-string.
    pub(super) fn push_text(&mut self, parts: &mut Vec<Expr<'a>>, text: &'a [u8], span: Span, u_prefix: bool) {
        let part = self.expr(span, 0, ExprKind::Constant { value: Constant::Str(text), u_prefix });
        parts.push(part);
    }

    /// Joins runs of literal text; empty text leaves no trace, not even in the range.
    pub(super) fn join_parts(&mut self, parts: Vec<Expr<'a>>) -> &'a [Expr<'a>] {
        let text_of = |e: &Expr<'a>| match e.kind {
            ExprKind::Constant { value: Constant::Str(text), u_prefix } => Some((text, u_prefix)),
            _ => None,
        };
        let mut joined: Vec<Expr<'a>> = Vec::with_capacity(parts.len());
        let mut at = 0;
        while at < parts.len() {
            let run = parts[at..].iter().take_while(|e| text_of(e).is_some()).count();
            if run == 0 {
                joined.push(parts[at]);
                at += 1;
                continue;
            }
            let filled: Vec<&Expr<'a>> =
                parts[at..at + run].iter().filter(|e| text_of(e).is_some_and(|(t, _)| !t.is_empty())).collect();
            match filled[..] {
                [] => {}
                [only] => joined.push(*only),
                [first, .., last] => {
                    let text: Vec<u8> = filled.iter().filter_map(|e| text_of(e)).flat_map(|(t, _)| t).copied().collect();
                    let u_prefix = text_of(&parts[at]).is_some_and(|(_, u)| u);
                    let value = Constant::Str(self.list(&text));
                    let kind = ExprKind::Constant { value, u_prefix };
                    joined.push(self.expr(first.span.to(last.span), 0, kind));
                }
            }
            at += run;
        }
        self.list(&joined)
    }

    fn string_piece(&mut self, token: Token) -> R<(Piece<'a>, bool)> {
        let text = self.text(token);
        let p = prefix(text);
        let quoted = &text[p.len..];
        let quotes = if quoted.len() >= 6 && quoted.as_bytes()[1] == quoted.as_bytes()[0] && quoted.as_bytes()[2] == quoted.as_bytes()[0] { 3 } else { 1 };
        let body = &quoted[quotes..quoted.len() - quotes];
        let native = self.grammar.byte_literals && !p.unicode;
        if p.bytes || native {
            if !body.is_ascii() {
                if !self.grammar.legacy {
                    return self.error(token.span, "bytes can only contain ASCII literal characters");
                }
                let mut encoded = Vec::with_capacity(body.len());
                self.encoding.encode(body, &mut encoded);
                let bytes: &'a [u8] = self.list(&encoded);
                return Ok((Piece::Bytes(if p.raw { bytes } else { self.unescape_bytes(bytes, token)? }), false));
            }
            let bytes = body.as_bytes();
            return Ok((Piece::Bytes(if p.raw { bytes } else { self.unescape_bytes(bytes, token)? }), false));
        }
        // Python 3 knows no `ur`; there `r` alone switches every escape off.
        let raw_unicode = p.raw && self.grammar.legacy;
        let text = if p.raw && !raw_unicode { body.as_bytes() } else { self.unescape_text(body, token.span, raw_unicode, false)? };
        Ok((Piece::Text(text), p.unicode && !self.grammar.legacy && text_is_u(self.text(token))))
    }

    fn unescape_bytes(&mut self, body: &'a [u8], token: Token) -> R<&'a [u8]> {
        if !body.contains(&b'\\') {
            return Ok(body);
        }
        let mut out = Vec::with_capacity(body.len());
        let mut i = 0;
        while i < body.len() {
            if body[i] != b'\\' {
                out.push(body[i]);
                i += 1;
                continue;
            }
            i += 1;
            let b = body.get(i).copied().unwrap_or(b'\\');
            i += 1;
            match simple_escape(b) {
                Some(Some(byte)) => out.push(byte),
                Some(None) => {}
                None => match b {
                    b'0'..=b'7' => {
                        let (value, len) = octal(&body[i - 1..]);
                        self.warn_octal(value, token.span);
                        out.push(value as u8);
                        i += len - 1;
                    }
                    b'x' => match (hex(body.get(i)), hex(body.get(i + 1))) {
                        (Some(high), Some(low)) => {
                            out.push((high * 16 + low) as u8);
                            i += 2;
                        }
                        _ if self.grammar.legacy => {
                            return Err(Box::new(Fault::new(ErrorKind::Value, "invalid \\x escape", token.span)));
                        }
                        _ => {
                            let msg = format!("(value error) invalid \\x escape at position {}", i - 2);
                            return self.error(token.span, msg);
                        }
                    },
                    _ => {
                        self.warn_escape(b as char, token.span);
                        out.extend_from_slice(&[b'\\', b]);
                    }
                },
            }
        }
        Ok(self.list(&out))
    }

    /// Python 3 warns about a backslash before a character that makes no escape with it.
    fn warn_escape(&mut self, c: char, span: Span) {
        if !self.grammar.legacy {
            self.warn(format!("invalid escape sequence '\\{c}'"), span.line);
        }
    }
    fn warn_octal(&mut self, value: u32, span: Span) {
        if value > 0o377 && !self.grammar.legacy {
            self.warn(format!("invalid octal escape sequence '\\{value:o}'"), span.line);
        }
    }
    fn warn(&mut self, msg: String, line: u32) {
        // What is parsed a second time warns once.
        if !self.warnings.iter().any(|w| w.line == line && w.msg == msg) {
            let msg = self.arena.alloc_str(&msg);
            self.warnings.push(Warning { line, msg });
        }
    }

    /// Escapes of text. `raw`: 2.7's `ur''`, where only `\u` and `\U` count. `braces`: `{{` and `}}` count once.
    pub(super) fn unescape_text(&mut self, body: &'a str, span: Span, raw: bool, braces: bool) -> R<&'a [u8]> {
        let bytes = body.as_bytes();
        if !bytes.contains(&b'\\') && !(braces && bytes.iter().any(|b| matches!(b, b'{' | b'}'))) {
            return Ok(bytes);
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut i = 0;
        while i < bytes.len() {
            let b = bytes[i];
            if braces && matches!(b, b'{' | b'}') && bytes.get(i + 1) == Some(&b) {
                out.push(b);
                i += 2;
                continue;
            }
            if b != b'\\' {
                out.push(b);
                i += 1;
                continue;
            }
            let at = i;
            i += 1;
            let Some(&b) = bytes.get(i) else {
                out.push(b'\\');
                break;
            };
            i += 1;
            if raw && !matches!(b, b'u' | b'U') {
                // An even run of backslashes hides an escape: take pairs together.
                out.push(b'\\');
                if b == b'\\' { out.push(b) } else { i -= 1 }
                continue;
            }
            match simple_escape(b) {
                Some(Some(byte)) => out.push(byte),
                Some(None) => {}
                None => match b {
                    b'0'..=b'7' => {
                        let (value, len) = octal(&bytes[i - 1..]);
                        self.warn_octal(value, span);
                        push_code(&mut out, value);
                        i += len - 1;
                    }
                    b'x' | b'u' | b'U' => {
                        let (want, form) = match b {
                            b'x' => (2, "\\xXX"),
                            b'u' => (4, "\\uXXXX"),
                            _ => (8, "\\UXXXXXXXX"),
                        };
                        let have = (0..want).take_while(|k| hex(bytes.get(i + k)).is_some()).count();
                        if have < want {
                            return self.bad_escape(body, at, i + have, &format!("truncated {form} escape"), span, raw);
                        }
                        let code = u32::from_str_radix(&body[i..i + want], 16).unwrap_or(u32::MAX);
                        i += want;
                        if code > 0x10FFFF {
                            let why = if raw { "\\Uxxxxxxxx out of range" } else { "illegal Unicode character" };
                            return self.bad_escape(body, at, i, why, span, raw);
                        }
                        push_code(&mut out, code);
                    }
                    b'N' => {
                        let end = body[i..].find('}').map(|n| i + n);
                        let (Some(end), Some(b'{')) = (end.filter(|e| *e > i + 1), bytes.get(i)) else {
                            let stop = match (end, bytes.get(i)) {
                                (Some(end), Some(b'{')) => end + 1,
                                (None, Some(b'{')) => bytes.len(),
                                _ => i,
                            };
                            return self.bad_escape(body, at, stop, "malformed \\N character escape", span, raw);
                        };
                        let Some(c) = crate::names::character(&body[i + 1..end], !self.grammar.legacy) else {
                            return self.bad_escape(body, at, end + 1, "unknown Unicode character name", span, raw);
                        };
                        push_code(&mut out, c as u32);
                        i = end + 1;
                    }
                    // A field follows the backslash; an unknown escape stays.
                    b'{' | b'}' if braces => {
                        self.warn_escape(b as char, span);
                        out.push(b'\\');
                        i -= 1;
                    }
                    _ => {
                        let c = body[i - 1..].chars().next().unwrap_or(b as char);
                        self.warn_escape(c, span);
                        out.extend_from_slice(&[b'\\', b]);
                    }
                },
            }
        }
        Ok(self.list(&out))
    }

    /// The error of the `unicodeescape` codec. It sees each character beyond ASCII as a ten-byte escape.
    fn bad_escape<T>(&self, body: &str, at: usize, end: usize, why: &str, span: Span, raw: bool) -> R<T> {
        let count = |upto: usize| -> usize {
            let text = body.get(..upto).unwrap_or(body);
            text.chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum()
        };
        let codec = if raw { "rawunicodeescape" } else { "unicodeescape" };
        let (from, to) = (count(at), count(end) - 1);
        let place = if from == to {
            format!("byte 0x5c in position {from}")
        } else {
            format!("bytes in position {from}-{to}")
        };
        self.error(span, format!("(unicode error) '{codec}' codec can't decode {place}: {why}"))
    }
}

fn text_is_u(literal: &str) -> bool {
    literal.starts_with('u')
}

/// Escapes of one character; `Some(None)` is the joined line.
fn simple_escape(b: u8) -> Option<Option<u8>> {
    Some(match b {
        b'\n' => None,
        b'\\' | b'\'' | b'"' => Some(b),
        b'b' => Some(8),
        b'f' => Some(12),
        b't' => Some(b'\t'),
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b'v' => Some(11),
        b'a' => Some(7),
        _ => return None,
    })
}

fn hex(b: Option<&u8>) -> Option<u32> {
    b.and_then(|b| (*b as char).to_digit(16))
}

/// Up to three octal digits: value and length.
fn octal(bytes: &[u8]) -> (u32, usize) {
    let len = bytes.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    (bytes[..len].iter().fold(0, |v, b| v * 8 + (b - b'0') as u32), len)
}

/// Appends a code point in UTF-8, surrogates in three bytes.
fn push_code(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}
