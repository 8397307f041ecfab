//! f-strings: literal parts, replacement fields, nested format specifications.

use super::*;

impl<'a> Parser<'a> {
    /// From `FStart` to `FEnd`; parts go to `parts`.
    pub(super) fn fstring(&mut self, parts: &mut Vec<Expr<'a>>) -> R<()> {
        let token = self.bump();
        let raw = self.text(token).bytes().any(|b| matches!(b, b'r' | b'R'));
        loop {
            match self.kind() {
                Tok::FMiddle => {
                    let token = self.bump();
                    let text = self.middle(token, raw)?;
                    self.push_text(parts, text, token.span, false);
                }
                Tok::LBrace => self.field(parts, raw)?,
                _ => {
                    self.expect(Tok::FEnd)?;
                    return Ok(());
                }
            }
        }
    }

    fn middle(&mut self, token: Token, raw: bool) -> R<&'a [u8]> {
        let body = self.text(token);
        if raw {
            if body.contains(['{', '}']) {
                let text = body.replace("{{", "{").replace("}}", "}");
                return Ok(self.list(text.as_bytes()));
            }
            return Ok(body.as_bytes());
        }
        self.unescape_text(body, token.span, false, true)
    }

    /// `{value=!conversion:spec}`
    fn field(&mut self, parts: &mut Vec<Expr<'a>>, raw: bool) -> R<()> {
        let first = self.pos;
        let open = self.bump();
        match self.kind() {
            kind @ (Tok::RBrace | Tok::Equal | Tok::Exclaim | Tok::Colon) => {
                let msg = format!("f-string: valid expression required before '{}'", kind.spelling());
                return self.error(self.span(), msg);
            }
            Tok::Error => return self.fail(),
            _ => {}
        }
        self.enter()?;
        let value = if self.at(Tok::Yield) {
            self.yield_expr()
        } else if self.starts_expression() {
            self.star_expressions()
        } else if self.diagnosing {
            return self.error(self.span(), "f-string: expecting a valid expression after '{'");
        } else {
            self.fail()
        };
        self.leave();
        let value = value?;
        let mut debug = false;
        if self.at(Tok::Equal) {
            self.bump();
            debug = true;
            let text = self.debug_text(first);
            let end = self.span();
            let span = Span { col: open.span.col + 1, end_line: end.line, end_col: end.col, ..open.span };
            let text = self.arena.alloc_str(&text).as_bytes();
            self.push_text(parts, text, span, false);
        }
        let mut conversion = Conversion::None;
        if self.at(Tok::Exclaim) {
            let mark = self.bump();
            let token = self.token();
            if token.kind != Tok::Name && !token.kind.is_keyword() {
                if matches!(token.kind, Tok::Colon | Tok::RBrace) {
                    return self.error(token.span, "f-string: missing conversion character");
                }
                return self.error(token.span, "f-string: invalid conversion character");
            }
            if token.start != mark.end {
                // The misspelling is CPython's.
                let msg = "f-string: conversion type must come right after the exclamanation mark";
                return self.error(mark.span.to(token.span), msg);
            }
            conversion = match self.text(token) {
                "s" => Conversion::Str,
                "r" => Conversion::Repr,
                "a" => Conversion::Ascii,
                other => {
                    let msg =
                        format!("f-string: invalid conversion character '{other}': expected 's', 'r', or 'a'");
                    return self.error(token.span, msg);
                }
            };
            self.bump();
        }
        let mut format_spec = None;
        if self.at(Tok::Colon) {
            let colon = self.bump().span;
            let spec = self.format_spec(colon, raw)?;
            format_spec = Some(self.alloc(spec));
        }
        if !self.at(Tok::RBrace) {
            if self.at(Tok::Error) || !self.diagnosing {
                return self.fail();
            }
            let msg = if format_spec.is_some() {
                "f-string: expecting '}', or format specs"
            } else if conversion != Conversion::None {
                "f-string: expecting ':' or '}'"
            } else if debug {
                "f-string: expecting '!', or ':', or '}'"
            } else {
                "f-string: expecting '=', or '!', or ':', or '}'"
            };
            return self.error(self.span(), msg);
        }
        let close = self.bump().span;
        if debug && conversion == Conversion::None && format_spec.is_none() {
            conversion = Conversion::Repr;
        }
        let below = value.height.max(height(format_spec));
        let value = self.alloc(value);
        let kind = ExprKind::FormattedValue { value, conversion, format_spec };
        let part = self.expr(open.span.to(close), below, kind);
        parts.push(part);
        Ok(())
    }

    /// The source of `{x = }` between the brace (token `open`) and the current token, without comments.
    fn debug_text(&self, open: usize) -> String {
        let mut text = String::new();
        for pair in self.tokens[open..=self.pos].windows(2) {
            if pair[0].start > self.tokens[open].start {
                text.push_str(self.text(pair[0]));
            }
            for line in self.src[pair[0].end as usize..pair[1].start as usize].split_inclusive('\n') {
                let code = line.find('#').unwrap_or(line.len());
                text.push_str(&line[..code]);
                if code < line.len() && line.ends_with('\n') {
                    text.push('\n');
                }
            }
        }
        text
    }

    /// After the colon, up to (not including) the closing brace.
    fn format_spec(&mut self, colon: Span, raw: bool) -> R<Expr<'a>> {
        let mut parts = Vec::new();
        loop {
            match self.kind() {
                Tok::FMiddle => {
                    let token = self.bump();
                    // Braces cannot be doubled here: `{` always begins a field.
                    let body = self.text(token);
                    let text = if raw { body.as_bytes() } else { self.unescape_text(body, token.span, false, false)? };
                    self.push_text(&mut parts, text, token.span, false);
                }
                Tok::LBrace => {
                    self.enter()?;
                    let field = self.field(&mut parts, raw);
                    self.leave();
                    field?;
                }
                _ => break,
            }
        }
        let span = colon.to(self.prev_span());
        let parts = self.join_parts(parts);
        let below = heights(parts);
        Ok(self.expr(span, below, ExprKind::JoinedStr(parts)))
    }
}
