//! The `match` statement.

use txpy_syntax::ast::*;

use super::{Compiler, Result};

/// The part of a pattern that makes it match everything.
fn irrefutable<'p, 'a>(p: &'p Pattern<'a>) -> Option<&'p Pattern<'a>> {
    match &p.kind {
        PatternKind::As { pattern: None, .. } => Some(p),
        PatternKind::As { pattern: Some(p), .. } => irrefutable(p),
        PatternKind::Or(ps) => ps.last().and_then(irrefutable),
        _ => None,
    }
}

impl<'a> Compiler<'a, '_> {
    /// Patterns after one that matches everything are an error.
    pub(super) fn check_refutable(&self, p: &Pattern<'a>) -> Result<()> {
        let Some(part) = irrefutable(p) else { return Ok(()) };
        let msg = match part.kind {
            PatternKind::As { name: Some(n), .. } => format!("name capture '{n}' makes remaining patterns unreachable"),
            _ => "wildcard makes remaining patterns unreachable".to_string(),
        };
        self.error(part.span, msg)
    }

    pub(super) fn match_stmt(&mut self, subject: &'a Expr<'a>, cases: &'a [MatchCase<'a>]) -> Result<()> {
        let o = self.operand(subject)?;
        // A capture may rebind a local that is the subject: a copy.
        let subject = if o.temp { o.reg } else { self.push_opnd(o) };
        let end = self.label();
        for (i, case) in cases.iter().enumerate() {
            let mark = self.mark();
            if i + 1 < cases.len() && case.guard.is_none() {
                self.check_refutable(&case.pattern)?;
            }
            let next = self.label();
            let mut captures = Vec::new();
            self.pattern(&case.pattern, subject, next, &mut captures)?;
            for (name, reg, span) in captures {
                self.at(span);
                self.store_name(name, reg, span)?;
            }
            if let Some(g) = case.guard {
                self.cond(g, next, false)?;
            }
            self.release(mark);
            self.body(case.body)?;
            self.unit.asm.jmp(end);
            self.unit.asm.place(next);
            self.release(mark);
        }
        self.unit.asm.place(end);
        Ok(())
    }
}
