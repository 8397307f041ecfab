//! The `match` statement.

use txpy_syntax::ast::*;

use super::{Compiler, Result};

/// Whether a pattern matches everything.
pub(super) fn irrefutable(p: &Pattern<'_>) -> bool {
    match &p.kind {
        PatternKind::As { pattern: None, .. } => true,
        PatternKind::As { pattern: Some(p), .. } => irrefutable(p),
        PatternKind::Or(ps) => ps.last().is_some_and(irrefutable),
        _ => false,
    }
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr<'a>, cases: &'a [MatchCase<'a>]) -> Result<()> {
        let o = self.operand(subject)?;
        // A capture may rebind a local that is the subject: a copy.
        let subject = if o.temp { o.reg } else { self.push_opnd(o) };
        let end = self.label();
        for (i, case) in cases.iter().enumerate() {
            let mark = self.mark();
            if i + 1 < cases.len() && case.guard.is_none() && irrefutable(&case.pattern) {
                let msg = match case.pattern.kind {
                    PatternKind::As { pattern: None, name: Some(n) } => format!("name capture '{n}' makes remaining patterns unreachable"),
                    _ => "wildcard makes remaining patterns unreachable".to_string(),
                };
                return self.error(case.pattern.span, msg);
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
