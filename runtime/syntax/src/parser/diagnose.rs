//! The second pass's explanations of common mistakes in expressions (Python 3 only).

use super::expr::BIT_OR;
use super::*;

impl<'a> Parser<'a> {
    /// After operators parsed from token `start`: a legacy statement, a missing comma.
    pub(super) fn diagnose_expression(&mut self, start: usize, value: &Expr<'a>) -> R<()> {
        let first = self.tokens[start];
        let second = self.tokens[(start + 1).min(self.tokens.len() - 1)];
        let legacy_word = first.kind == Tok::Name && matches!(self.text(first), "print" | "exec");
        let soft = first.kind == Tok::Name && matches!(self.text(first), "match" | "case" | "type" | "_");
        let name_string = first.kind == Tok::Name && matches!(second.kind, Tok::Str);
        let legacy_value = matches!(value.kind, ExprKind::Name("print" | "exec"));
        if !name_string && !soft && !legacy_value && self.starts_expression() && !self.at(Tok::Star) {
            let end = self.attempt_end(|p| p.expression())?;
            if let Some((span, nested)) = end {
                if nested {
                    let msg = "invalid syntax. Perhaps you forgot a comma?";
                    return self.error(value.span.to(span), msg);
                }
            }
        }
        if legacy_word && second.kind != Tok::LPar && self.pos == start + 1 && self.starts_expression() {
            let word = self.text(first);
            if let Some((span, _)) = self.attempt_end(|p| p.star_expressions())? {
                let msg = format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?");
                return self.error(first.span.to(span), msg);
            }
        }
        Ok(())
    }

    /// Parses without diagnosing and steps back: where it ended, and whether that is inside brackets.
    fn attempt_end(&mut self, rule: fn(&mut Self) -> R<Expr<'a>>) -> R<Option<(Span, bool)>> {
        let pos = self.pos;
        let found = self.attempt_plain(rule)?;
        let result = found.map(|e| (e.span, self.tokens[self.pos - 1].nested));
        self.pos = pos;
        Ok(result)
    }

    /// After an expression where a walrus could have been: `x = 1` in a condition, `f() := 1`, `f() = 1`.
    pub(super) fn diagnose_named(&mut self, start: usize, value: &Expr<'a>) -> R<()> {
        if self.at(Tok::Walrus) && !matches!(value.kind, ExprKind::Name(_)) {
            let msg = format!("cannot use assignment expressions with {}", self.expr_name(value));
            return self.error(value.span, msg);
        }
        if !self.at(Tok::Equal) {
            return Ok(());
        }
        let pos = self.pos;
        self.pos = start;
        let left = self.attempt_plain(|p| p.climb(BIT_OR))?;
        let left_pos = self.pos;
        let mut right = None;
        if left.is_some() && left_pos == pos {
            self.bump();
            right = self.attempt_plain(|p| p.climb(BIT_OR))?;
        }
        let again = matches!(self.kind(), Tok::Equal | Tok::Walrus);
        self.pos = pos;
        let (Some(left), Some(right)) = (left, right) else { return Ok(()) };
        if again {
            return Ok(());
        }
        match left.kind {
            ExprKind::Name(_) if left_pos == start + 1 => {
                let msg = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                self.error(left.span.to(right.span), msg)
            }
            ExprKind::List(_)
            | ExprKind::Tuple(_)
            | ExprKind::GeneratorExp { .. }
            | ExprKind::Constant { value: Constant::None | Constant::True | Constant::False, .. } => Ok(()),
            _ => {
                let name = self.expr_name(&left);
                self.error(left.span, format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?"))
            }
        }
    }
}
