//! The `match` statement (PEP 634) and its patterns.

use super::expr::BIT_OR;
use super::*;

impl<'a> Parser<'a> {
    /// `match subject:`, if the word `match` begins one here rather than an expression.
    pub(super) fn match_stmt(&mut self) -> R<Option<Stmt<'a>>> {
        let start = self.span();
        let at = self.pos;
        let header = |p: &mut Self| -> R<Expr<'a>> {
            p.bump();
            let subject = p.subject()?;
            p.expect(Tok::Colon)?;
            p.expect(Tok::Newline)?;
            Ok(subject)
        };
        let found = self.attempt_plain(|p| {
            let subject = header(p)?;
            p.expect(Tok::Indent)?;
            if p.at_word("case") { Ok(subject) } else { p.fail() }
        })?;
        let Some(subject) = found else {
            if self.diagnosing {
                self.diagnose_match(start)?;
            }
            self.pos = at;
            return Ok(None);
        };
        self.farthest = self.farthest.max(self.pos);
        let mut cases = Vec::new();
        self.enter()?;
        self.blocks += 1;
        self.max_blocks = self.max_blocks.max(self.blocks);
        while self.at_word("case") {
            let case = self.case()?;
            cases.push(case);
        }
        self.blocks -= 1;
        self.leave();
        self.expect(Tok::Dedent)?;
        let end = self.last_span();
        let cases = self.list(&cases);
        let kind = StmtKind::Match { subject: self.alloc(subject), cases };
        Ok(Some(Stmt { span: start.to(end), kind }))
    }

    fn diagnose_match(&mut self, start: Span) -> R<()> {
        let at = self.pos;
        let subject = self.attempt_plain(|p| {
            p.bump();
            p.subject()
        })?;
        let calls_or_assigns = matches!(self.tokens[at + 1].kind, Tok::LPar | Tok::LBracket | Tok::Minus | Tok::Plus | Tok::Star);
        if subject.is_some() && self.at(Tok::Newline) && !calls_or_assigns {
            return self.error(self.span(), "expected ':'");
        }
        if subject.is_some() && self.at(Tok::Colon) && self.ahead(1) == Tok::Newline && self.ahead(2) != Tok::Indent {
            self.pos += 2;
            let msg = format!("expected an indented block after 'match' statement on line {}", start.line);
            let mut fault = Fault::new(ErrorKind::Indentation, msg, self.span());
            fault.incomplete = matches!(self.kind(), Tok::End | Tok::Dedent);
            return Err(Box::new(fault));
        }
        self.pos = at;
        Ok(())
    }

    /// A named expression, or a tuple without parentheses.
    fn subject(&mut self) -> R<Expr<'a>> {
        let subject = self.comma_list(Self::star_named_expression)?;
        if let ExprKind::Starred(_) = subject.kind {
            return self.fail();
        }
        Ok(subject)
    }

    fn case(&mut self) -> R<MatchCase<'a>> {
        let line = self.bump().span.line;
        let pattern = self.open_pattern()?;
        let mut guard = None;
        if self.accept(Tok::If) {
            let value = self.named_expression()?;
            guard = Some(self.alloc(value));
        }
        self.colon(false)?;
        let body = self.block("'case' statement", line)?;
        Ok(MatchCase { pattern, guard, body })
    }

    /// A pattern, or a sequence without brackets.
    fn open_pattern(&mut self) -> R<Pattern<'a>> {
        let start = self.span();
        let first = self.maybe_star_pattern()?;
        if !self.at(Tok::Comma) {
            if let PatternKind::Star(_) = first.kind {
                return self.fail();
            }
            return Ok(first);
        }
        let mut items = vec![first];
        while self.accept(Tok::Comma) {
            if matches!(self.kind(), Tok::Colon | Tok::If) {
                break;
            }
            items.push(self.maybe_star_pattern()?);
        }
        let span = start.to(self.prev_span());
        Ok(Pattern { span, kind: PatternKind::Sequence(self.list(&items)) })
    }

    fn maybe_star_pattern(&mut self) -> R<Pattern<'a>> {
        if !self.at(Tok::Star) {
            return self.pattern();
        }
        let start = self.bump().span;
        let name = self.name()?;
        let name = if name == "_" { None } else { Some(name) };
        Ok(Pattern { span: start.to(self.prev_span()), kind: PatternKind::Star(name) })
    }

    /// `a | b as name`
    fn pattern(&mut self) -> R<Pattern<'a>> {
        self.enter()?;
        self.blocks += 1;
        self.max_blocks = self.max_blocks.max(self.blocks);
        let start = self.span();
        let first = self.closed_pattern()?;
        let mut pattern = first;
        if self.at(Tok::Bar) {
            let mut items = vec![first];
            while self.accept(Tok::Bar) {
                items.push(self.closed_pattern()?);
            }
            let span = start.to(self.prev_span());
            pattern = Pattern { span, kind: PatternKind::Or(self.list(&items)) };
        }
        if self.accept(Tok::As) {
            let target = self.span();
            if self.at_word("_") {
                return self.error(target, "cannot use '_' as a target");
            }
            let plain = self.at(Tok::Name) && !matches!(self.ahead(1), Tok::Dot | Tok::LPar | Tok::Equal);
            if !plain {
                if self.diagnosing && !self.at(Tok::Name) {
                    if let Some(e) = self.attempt_plain(|p| p.expression())? {
                        return self.error(e.span, "invalid pattern target");
                    }
                }
                return self.fail();
            }
            let name = self.name()?;
            let span = start.to(target);
            pattern = Pattern { span, kind: PatternKind::As { pattern: Some(self.alloc(pattern)), name: Some(name) } };
        }
        self.blocks -= 1;
        self.leave();
        Ok(pattern)
    }

    fn closed_pattern(&mut self) -> R<Pattern<'a>> {
        let token = self.token();
        let start = token.span;
        let kind = match token.kind {
            Tok::Number | Tok::Minus => {
                let value = self.signed_number()?;
                PatternKind::Value(self.alloc(value))
            }
            Tok::Str | Tok::FStart => {
                let value = self.strings()?;
                if matches!(value.kind, ExprKind::JoinedStr(_)) {
                    return self.error(value.span, "patterns may only match literals and attribute lookups");
                }
                PatternKind::Value(self.alloc(value))
            }
            Tok::None | Tok::True | Tok::False => {
                self.bump();
                PatternKind::Singleton(match token.kind {
                    Tok::None => Constant::None,
                    Tok::True => Constant::True,
                    _ => Constant::False,
                })
            }
            Tok::Name => self.name_pattern()?,
            Tok::LPar | Tok::LBracket => return self.group_pattern(),
            Tok::LBrace => self.mapping_pattern()?,
            _ => return self.fail(),
        };
        Ok(Pattern { span: start.to(self.prev_span()), kind })
    }

    /// `1`, `-1`, `1 + 2j`.
    fn signed_number(&mut self) -> R<Expr<'a>> {
        let real = self.negatable()?;
        let op = match self.kind() {
            Tok::Plus => BinOp::Add,
            Tok::Minus => BinOp::Sub,
            _ => return Ok(real),
        };
        self.bump();
        let token = self.token();
        if token.kind != Tok::Number {
            return self.fail();
        }
        self.bump();
        let value = self.number(token)?;
        if !matches!(value, Constant::Imag(_)) {
            return self.error(token.span, "imaginary number required in complex literal");
        }
        if contains_imaginary(&real) {
            return self.error(real.span, "real number required in complex literal");
        }
        let right = self.constant(token.span, value);
        let below = real.height.max(right.height);
        let span = real.span.to(token.span);
        let (left, right) = (self.alloc(real), self.alloc(right));
        Ok(self.expr(span, below, ExprKind::BinOp { left, op, right }))
    }

    fn negatable(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        let minus = self.accept(Tok::Minus);
        let token = self.token();
        if token.kind != Tok::Number {
            return self.fail();
        }
        self.bump();
        let value = self.number(token)?;
        let number = self.constant(token.span, value);
        if !minus {
            return Ok(number);
        }
        let operand = self.alloc(number);
        Ok(self.expr(start.to(token.span), 1, ExprKind::UnaryOp { op: UnaryOp::USub, operand }))
    }

    /// Capture, wildcard, dotted value, or class pattern.
    fn name_pattern(&mut self) -> R<PatternKind<'a>> {
        let start = self.span();
        let name = self.name()?;
        if !matches!(self.kind(), Tok::Dot | Tok::LPar) {
            if self.at(Tok::Equal) {
                return self.fail();
            }
            let name = if name == "_" { None } else { Some(name) };
            return Ok(PatternKind::As { pattern: None, name });
        }
        let mut value = self.expr(start, 0, ExprKind::Name(name));
        while self.accept(Tok::Dot) {
            let attr = self.name()?;
            let span = start.to(self.prev_span());
            let inner = self.alloc(value);
            value = self.expr(span, inner.height, ExprKind::Attribute { value: inner, attr });
        }
        let value = self.alloc(value);
        if !self.accept(Tok::LPar) {
            return Ok(PatternKind::Value(value));
        }
        let (mut patterns, mut keywords): (Vec<Pattern<'a>>, Vec<PatternKeyword<'a>>) = (Vec::new(), Vec::new());
        let mut misplaced: Option<Span> = None;
        while !self.at(Tok::RPar) {
            if self.at(Tok::Name) && self.ahead(1) == Tok::Equal {
                if let Some(span) = misplaced {
                    return self.error(span, "positional patterns follow keyword patterns");
                }
                let name = self.name()?;
                self.bump();
                keywords.push(PatternKeyword { name, pattern: self.pattern()? });
            } else {
                let pattern = self.pattern()?;
                if !keywords.is_empty() {
                    misplaced = Some(misplaced.map_or(pattern.span, |s| s.to(pattern.span)));
                }
                patterns.push(pattern);
            }
            if !self.accept(Tok::Comma) {
                break;
            }
        }
        if let Some(span) = misplaced {
            return self.error(span, "positional patterns follow keyword patterns");
        }
        self.expect(Tok::RPar)?;
        Ok(PatternKind::Class { cls: value, patterns: self.list(&patterns), keywords: self.list(&keywords) })
    }

    /// `(p)`, `(p, q)`, `[p, *q]`.
    fn group_pattern(&mut self) -> R<Pattern<'a>> {
        let open = self.bump();
        let close = if open.kind == Tok::LPar { Tok::RPar } else { Tok::RBracket };
        let mut items = Vec::new();
        let mut comma = close == Tok::RBracket;
        while !self.at(close) {
            items.push(self.maybe_star_pattern()?);
            if !self.accept(Tok::Comma) {
                break;
            }
            comma = true;
        }
        let end = self.expect(close)?.span;
        if let ([only], false) = (&items[..], comma) {
            if let PatternKind::Star(_) = only.kind {
                return self.fail();
            }
            return Ok(*only);
        }
        Ok(Pattern { span: open.span.to(end), kind: PatternKind::Sequence(self.list(&items)) })
    }

    fn mapping_pattern(&mut self) -> R<PatternKind<'a>> {
        self.bump();
        let (mut keys, mut patterns, mut rest) = (Vec::new(), Vec::new(), None);
        while !self.at(Tok::RBrace) {
            if self.accept(Tok::DoubleStar) {
                if self.at_word("_") || rest.is_some() {
                    return self.fail();
                }
                rest = Some(self.name()?);
            } else {
                if rest.is_some() {
                    return self.fail();
                }
                let key = match self.kind() {
                    Tok::Number | Tok::Minus => self.signed_number()?,
                    Tok::Str | Tok::FStart | Tok::None | Tok::True | Tok::False => self.atom()?,
                    Tok::Name if self.ahead(1) == Tok::Dot => self.climb(BIT_OR)?,
                    _ => return self.fail(),
                };
                keys.push(key);
                self.expect(Tok::Colon)?;
                patterns.push(self.pattern()?);
            }
            if !self.accept(Tok::Comma) {
                break;
            }
        }
        self.expect(Tok::RBrace)?;
        Ok(PatternKind::Mapping { keys: self.list(&keys), patterns: self.list(&patterns), rest })
    }
}

fn contains_imaginary(e: &Expr) -> bool {
    match e.kind {
        ExprKind::Constant { value: Constant::Imag(_), .. } => true,
        ExprKind::UnaryOp { operand, .. } => contains_imaginary(operand),
        _ => false,
    }
}
