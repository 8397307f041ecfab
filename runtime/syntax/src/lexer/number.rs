//! Number tokens: where they end, and the errors CPython gives for malformed ones.

use super::token::Tok;
use super::{Lexer, R, is_ident_part};

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> R<()> {
        let start = self.pos;
        let kind = if self.peek(0) == b'0' { self.zero_number(start)? } else { self.decimal_number()? };
        if self.grammar.old_numbers && kind == "integer" && matches!(self.peek(0), b'l' | b'L') {
            self.pos += 1;
        }
        if !self.grammar.legacy {
            self.check_end(kind)?;
        }
        self.push(Tok::Number, start);
        Ok(())
    }

    /// Digits with single underscores between them.
    fn digits(&mut self, valid: fn(u8) -> bool, kind: &str) -> R<()> {
        loop {
            while valid(self.peek(0)) {
                self.pos += 1;
            }
            if self.peek(0) != b'_' || !self.grammar.underscores {
                return Ok(());
            }
            self.pos += 1;
            if !valid(self.peek(0)) {
                return Err(self.error(format!("invalid {kind} literal")));
            }
        }
    }

    fn zero_number(&mut self, start: usize) -> R<&'static str> {
        let (valid, kind, name): (fn(u8) -> bool, _, _) = match self.peek(1) {
            b'x' | b'X' => (|b| b.is_ascii_hexdigit(), "hexadecimal", 'x'),
            b'o' | b'O' => (|b| matches!(b, b'0'..=b'7'), "octal", 'o'),
            b'b' | b'B' => (|b| matches!(b, b'0' | b'1'), "binary", 'b'),
            _ => return self.leading_zeros(start),
        };
        self.pos += 2;
        if self.peek(0) == b'_' && self.grammar.underscores {
            self.pos += 1;
        }
        let first = self.peek(0);
        if !valid(first) {
            if self.grammar.legacy {
                self.pos += 1;
                return Err(self.error("invalid token"));
            }
            if name != 'x' && first.is_ascii_digit() {
                self.pos += 1;
                return Err(self.error(format!("invalid digit '{}' in {kind} literal", first as char)));
            }
            return Err(self.error(format!("invalid {kind} literal")));
        }
        self.digits(valid, kind)?;
        let next = self.peek(0);
        if name != 'x' && next.is_ascii_digit() && !self.grammar.legacy {
            self.pos += 1;
            return Err(self.error(format!("invalid digit '{}' in {kind} literal", next as char)));
        }
        Ok(if self.grammar.legacy { "integer" } else { kind })
    }

    fn leading_zeros(&mut self, start: usize) -> R<&'static str> {
        let digit: fn(u8) -> bool = |b| b.is_ascii_digit();
        self.digits(digit, "decimal")?;
        let nonzero = self.src[start..self.pos].iter().any(|b| matches!(b, b'1'..=b'9'));
        if matches!(self.peek(0), b'.' | b'e' | b'E' | b'j' | b'J') {
            let kind = self.fraction()?;
            if kind != "decimal" {
                return Ok(kind);
            }
        }
        let octal = self.src[start..self.pos].iter().all(|b| matches!(b, b'0'..=b'7'));
        if self.grammar.old_numbers {
            if !octal {
                return Err(self.error_at("invalid token", start));
            }
            return Ok("integer");
        }
        if nonzero {
            return Err(self.error_at(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                start,
            ));
        }
        Ok("decimal")
    }

    fn decimal_number(&mut self) -> R<&'static str> {
        self.digits(|b| b.is_ascii_digit(), "decimal")?;
        let kind = self.fraction()?;
        Ok(if kind == "decimal" && self.grammar.old_numbers { "integer" } else { kind })
    }

    /// After the integral digits: fraction, exponent, `j`. Answers the kind of literal.
    fn fraction(&mut self) -> R<&'static str> {
        let digit: fn(u8) -> bool = |b| b.is_ascii_digit();
        let mut float = false;
        if self.peek(0) == b'.' {
            float = true;
            self.pos += 1;
            if digit(self.peek(0)) {
                self.digits(digit, "decimal")?;
            }
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = matches!(self.peek(1), b'+' | b'-') as usize;
            if digit(self.peek(1 + sign)) {
                float = true;
                self.pos += 1 + sign;
                self.digits(digit, "decimal")?;
            } else if sign == 1 {
                self.pos += 2;
                return Err(self.error(if self.grammar.legacy { "invalid token" } else { "invalid decimal literal" }));
            }
        }
        if matches!(self.peek(0), b'j' | b'J') {
            self.pos += 1;
            return Ok("imaginary");
        }
        // CPython calls both "decimal" in messages; the kind only tells them apart here.
        Ok(if float { "float" } else { "decimal" })
    }

    /// Python 3: no identifier may follow a number, but for the keywords that legacy code has there.
    fn check_end(&mut self, kind: &str) -> R<()> {
        let kind = if kind == "float" { "decimal" } else { kind };
        let b = self.peek(0);
        if !is_ident_part(b) {
            return Ok(());
        }
        let rest = &self.src[self.pos..];
        let words: &[&[u8]] = match b {
            b'a' => &[b"and"],
            b'e' => &[b"else"],
            b'f' => &[b"for"],
            b'i' => &[b"if", b"in", b"is"],
            b'o' => &[b"or"],
            b'n' => &[b"not"],
            _ => &[],
        };
        if words.iter().any(|w| rest.starts_with(w) && (*w != b"not" || !is_ident_part(*rest.get(3).unwrap_or(&0)))) {
            return Ok(());
        }
        if b < 0x80 {
            return Err(self.error(format!("invalid {kind} literal")));
        }
        let text = self.text;
        let c = text[self.pos..].chars().next().unwrap_or('?');
        if unicode_ident::is_xid_continue(c) {
            return Err(self.error(format!("invalid {kind} literal")));
        }
        Ok(())
    }
}
