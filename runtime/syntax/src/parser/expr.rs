//! Expressions above the atoms: tuples, conditionals, lambda, operators by precedence, primaries.

use super::*;

/// Precedences of [`Parser::climb`].
pub(super) const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
pub(super) const BIT_OR: u8 = 5;

fn binary(kind: Tok) -> Option<(u8, BinOp)> {
    Some(match kind {
        Tok::Bar => (BIT_OR, BinOp::BitOr),
        Tok::Caret => (6, BinOp::BitXor),
        Tok::Amp => (7, BinOp::BitAnd),
        Tok::LShift => (8, BinOp::LShift),
        Tok::RShift => (8, BinOp::RShift),
        Tok::Plus => (9, BinOp::Add),
        Tok::Minus => (9, BinOp::Sub),
        Tok::Star => (10, BinOp::Mult),
        Tok::Slash => (10, BinOp::Div),
        Tok::DoubleSlash => (10, BinOp::FloorDiv),
        Tok::Percent => (10, BinOp::Mod),
        Tok::At => (10, BinOp::MatMult),
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    /// Whether the current token can begin an expression (or a starred one).
    pub(super) fn starts_expression(&self) -> bool {
        match self.kind() {
            Tok::Number | Tok::Str | Tok::FStart | Tok::LPar | Tok::LBracket | Tok::LBrace | Tok::Minus | Tok::Plus
            | Tok::Tilde | Tok::Not | Tok::Lambda | Tok::None | Tok::True | Tok::False | Tok::Await => true,
            Tok::Star => self.grammar.unpacking,
            Tok::Ellipsis => self.grammar.ellipsis_literal,
            Tok::Backquote => true,
            Tok::Name => !self.is_reserved(self.text(self.token())),
            _ => false,
        }
    }

    /// Expressions with commas: one expression, or a tuple without parentheses.
    pub(super) fn star_expressions(&mut self) -> R<Expr<'a>> {
        self.comma_list(Self::star_expression)
    }

    /// `eval`'s input: commas, no stars.
    pub(super) fn eval_expressions(&mut self) -> R<Expr<'a>> {
        self.comma_list(Self::expression)
    }

    pub(super) fn comma_list(&mut self, item: fn(&mut Self) -> R<Expr<'a>>) -> R<Expr<'a>> {
        let start = self.span();
        let first = item(self)?;
        if !self.at(Tok::Comma) {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.accept(Tok::Comma) {
            if !self.starts_expression() {
                break;
            }
            items.push(item(self)?);
        }
        let span = start.to(self.prev_span());
        let below = heights(&items);
        let items = self.list(&items);
        Ok(self.expr(span, below, ExprKind::Tuple(items)))
    }

    pub(super) fn star_expression(&mut self) -> R<Expr<'a>> {
        if self.at(Tok::Star) && self.grammar.unpacking { self.starred() } else { self.expression() }
    }

    /// `*x`, `x` at the level of `|`.
    pub(super) fn starred(&mut self) -> R<Expr<'a>> {
        let start = self.expect(Tok::Star)?.span;
        let value = self.climb(BIT_OR)?;
        let value = self.alloc(value);
        Ok(self.expr(start.to(self.prev_span()), value.height, ExprKind::Starred(value)))
    }

    pub(super) fn star_named_expression(&mut self) -> R<Expr<'a>> {
        if self.at(Tok::Star) && self.grammar.unpacking { self.starred() } else { self.named_expression() }
    }

    /// `name := expression`, or an expression.
    pub(super) fn named_expression(&mut self) -> R<Expr<'a>> {
        if self.at(Tok::Name) && self.ahead(1) == Tok::Walrus {
            let token = self.bump();
            let name = self.identifier(self.text(token));
            self.bump();
            let target = self.expr(token.span, 0, ExprKind::Name(name));
            let value = self.expression()?;
            let below = value.height.max(target.height);
            let (target, value) = (self.alloc(target), self.alloc(value));
            let span = token.span.to(self.prev_span());
            return Ok(self.expr(span, below, ExprKind::Named { target, value }));
        }
        let start = self.pos;
        let value = self.expression()?;
        if self.diagnosing {
            self.diagnose_named(start, &value)?;
        }
        Ok(value)
    }

    /// One expression without walrus: conditional, lambda, or operators.
    pub(super) fn expression(&mut self) -> R<Expr<'a>> {
        self.enter()?;
        let result = self.conditional();
        self.leave();
        result
    }

    fn conditional(&mut self) -> R<Expr<'a>> {
        let mut pending: Vec<(Span, Expr<'a>, Expr<'a>)> = Vec::new();
        let mut value = loop {
            if self.at(Tok::Lambda) {
                break self.lambda(false)?;
            }
            let start = self.pos;
            let body = self.climb(OR)?;
            if self.diagnosing {
                self.diagnose_expression(start, &body)?;
            }
            if !self.at(Tok::If) {
                break body;
            }
            self.bump();
            let test = self.climb(OR)?;
            if self.diagnosing && !matches!(self.kind(), Tok::Else | Tok::Colon) {
                return self.error(body.span.to(test.span), "expected 'else' after 'if' expression");
            }
            self.expect(Tok::Else)?;
            pending.push((self.tokens[start].span, body, test));
        };
        while let Some((start, body, test)) = pending.pop() {
            let span = start.to(self.prev_span());
            let below = body.height.max(test.height).max(value.height);
            let (test, body, orelse) = (self.alloc(test), self.alloc(body), self.alloc(value));
            value = self.expr(span, below, ExprKind::IfExp { test, body, orelse });
        }
        Ok(value)
    }

    /// 2.7's `old_test`: operators, or a lambda whose body is one (no conditional).
    pub(super) fn old_test(&mut self) -> R<Expr<'a>> {
        if self.at(Tok::Lambda) { self.lambda(true) } else { self.climb(OR) }
    }

    fn lambda(&mut self, old: bool) -> R<Expr<'a>> {
        let start = self.bump().span;
        let params = self.lambda_params()?;
        if self.diagnosing && self.at(Tok::Colon) && matches!(self.ahead(1), Tok::FMiddle) {
            return self.error(
                start.to(self.span()),
                "f-string: lambda expressions are not allowed without parentheses",
            );
        }
        self.expect(Tok::Colon)?;
        self.enter()?;
        let body = if old { self.old_test() } else { self.expression() };
        self.leave();
        let body = self.alloc(body?);
        let below = self.params_height(params).max(body.height);
        Ok(self.expr(start.to(self.prev_span()), below, ExprKind::Lambda { params, body }))
    }

    fn compare_op(&mut self) -> Option<CmpOp> {
        let (op, len) = match self.kind() {
            Tok::EqEqual => (CmpOp::Eq, 1),
            Tok::NotEqual if !(self.flags.barry_as_FLUFL && !self.grammar.legacy) => (CmpOp::NotEq, 1),
            Tok::Diamond if self.grammar.diamond => (CmpOp::NotEq, 1),
            Tok::Less => (CmpOp::Lt, 1),
            Tok::LessEqual => (CmpOp::LtE, 1),
            Tok::Greater => (CmpOp::Gt, 1),
            Tok::GreaterEqual => (CmpOp::GtE, 1),
            Tok::In => (CmpOp::In, 1),
            Tok::Not if self.ahead(1) == Tok::In => (CmpOp::NotIn, 2),
            Tok::Is if self.ahead(1) == Tok::Not => (CmpOp::IsNot, 2),
            Tok::Is => (CmpOp::Is, 1),
            _ => return None,
        };
        for _ in 0..len {
            self.bump();
        }
        Some(op)
    }

    /// Operators that bind at least as tightly as `min`.
    pub(super) fn climb(&mut self, min: u8) -> R<Expr<'a>> {
        let start = self.span();
        let mut left = if min <= NOT && self.at(Tok::Not) { self.not_chain()? } else { self.unary()? };
        loop {
            let kind = self.kind();
            if let Some((precedence, op)) = binary(kind) {
                if precedence < min || op == BinOp::MatMult && !self.grammar.matmul {
                    return Ok(left);
                }
                self.bump();
                let right = self.climb(precedence + 1)?;
                let span = start.to(self.prev_span());
                let below = left.height.max(right.height);
                let (l, right) = (self.alloc(left), self.alloc(right));
                left = self.expr(span, below, ExprKind::BinOp { left: l, op, right });
                continue;
            }
            left = match kind {
                Tok::Or if min <= OR => self.bool_chain(start, left, Tok::Or, AND, BoolOp::Or)?,
                Tok::And if min <= AND => self.bool_chain(start, left, Tok::And, NOT, BoolOp::And)?,
                Tok::EqEqual | Tok::NotEqual | Tok::Diamond | Tok::Less | Tok::LessEqual | Tok::Greater
                | Tok::GreaterEqual | Tok::In | Tok::Is | Tok::Not
                    if min <= COMPARE =>
                {
                    match self.comparison(start, left)? {
                        Some(compare) => compare,
                        None => return Ok(left),
                    }
                }
                _ => return Ok(left),
            };
        }
    }

    fn bool_chain(&mut self, start: Span, first: Expr<'a>, token: Tok, operand: u8, op: BoolOp) -> R<Expr<'a>> {
        let mut values = vec![first];
        while self.accept(token) {
            values.push(self.climb(operand)?);
        }
        let span = start.to(self.prev_span());
        let below = heights(&values);
        let values = self.list(&values);
        Ok(self.expr(span, below, ExprKind::BoolOp { op, values }))
    }

    fn comparison(&mut self, start: Span, left: Expr<'a>) -> R<Option<Expr<'a>>> {
        let (mut ops, mut comparators) = (Vec::new(), Vec::new());
        while let Some(op) = self.compare_op() {
            let right = self.climb(BIT_OR)?;
            ops.push(op);
            comparators.push(right);
        }
        if ops.is_empty() {
            return Ok(None);
        }
        let below = heights(&comparators).max(left.height);
        let (ops, comparators) = (self.list(&ops), self.list(&comparators));
        let span = start.to(self.prev_span());
        let left = self.alloc(left);
        Ok(Some(self.expr(span, below, ExprKind::Compare { left, ops, comparators })))
    }

    /// `not not ... x`.
    fn not_chain(&mut self) -> R<Expr<'a>> {
        let mut starts = Vec::new();
        while self.at(Tok::Not) {
            starts.push(self.bump().span);
        }
        let mut value = self.climb(COMPARE)?;
        while let Some(start) = starts.pop() {
            let operand = self.alloc(value);
            let span = start.to(self.prev_span());
            value = self.expr(span, operand.height, ExprKind::UnaryOp { op: UnaryOp::Not, operand });
        }
        Ok(value)
    }

    /// `-+~ ... x ** y`.
    fn unary(&mut self) -> R<Expr<'a>> {
        let mut prefix: Vec<(Span, UnaryOp)> = Vec::new();
        loop {
            let op = match self.kind() {
                Tok::Minus => UnaryOp::USub,
                Tok::Plus => UnaryOp::UAdd,
                Tok::Tilde => UnaryOp::Invert,
                _ => break,
            };
            prefix.push((self.bump().span, op));
        }
        let mut value = self.power()?;
        while let Some((start, op)) = prefix.pop() {
            let operand = self.alloc(value);
            let span = start.to(self.prev_span());
            value = self.expr(span, operand.height, ExprKind::UnaryOp { op, operand });
        }
        Ok(value)
    }

    fn power(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        let base = self.await_primary()?;
        if !self.at(Tok::DoubleStar) {
            return Ok(base);
        }
        self.bump();
        self.enter()?;
        let exponent = self.unary();
        self.leave();
        let right = exponent?;
        let span = start.to(self.prev_span());
        let below = base.height.max(right.height);
        let (left, right) = (self.alloc(base), self.alloc(right));
        Ok(self.expr(span, below, ExprKind::BinOp { left, op: BinOp::Pow, right }))
    }

    fn await_primary(&mut self) -> R<Expr<'a>> {
        if !self.at(Tok::Await) {
            return self.primary();
        }
        let start = self.bump().span;
        let value = self.primary()?;
        let value = self.alloc(value);
        Ok(self.expr(start.to(self.prev_span()), value.height, ExprKind::Await(value)))
    }

    /// An atom and its trailers.
    pub(super) fn primary(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        let mut value = self.atom()?;
        loop {
            match self.kind() {
                Tok::Dot => {
                    self.bump();
                    let attr = self.name()?;
                    let span = start.to(self.prev_span());
                    let below = value.height;
                    let inner = self.alloc(value);
                    value = self.expr(span, below, ExprKind::Attribute { value: inner, attr });
                }
                Tok::LPar => value = self.call(start, value)?,
                Tok::LBracket => value = self.subscript(start, value)?,
                _ => return Ok(value),
            }
        }
    }

    /// `yield`, `yield x, y`, `yield from x`.
    pub(super) fn yield_expr(&mut self) -> R<Expr<'a>> {
        let start = self.expect(Tok::Yield)?.span;
        if self.at(Tok::From) && self.grammar.yield_from {
            self.bump();
            let value = self.expression()?;
            let value = self.alloc(value);
            return Ok(self.expr(start.to(self.prev_span()), value.height, ExprKind::YieldFrom(value)));
        }
        if !self.starts_expression() {
            return Ok(self.expr(start, 0, ExprKind::Yield(None)));
        }
        let value = self.star_expressions()?;
        let value = self.alloc(value);
        Ok(self.expr(start.to(self.prev_span()), value.height, ExprKind::Yield(Some(value))))
    }
}
