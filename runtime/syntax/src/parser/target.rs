//! Targets of assignment, `for`, `with`, `del`: parsed as expressions, then checked.

use super::atom::TargetUse;
use super::expr::BIT_OR;
use super::*;

impl<'a> Parser<'a> {
    /// `a, *b, c.d` of a `for`, without comparisons, so that `in` ends it.
    pub(super) fn for_target(&mut self) -> R<Expr<'a>> {
        self.enter()?;
        let target = self.comma_list(|p| {
            if p.at(Tok::Star) && p.grammar.unpacking { p.starred() } else { p.climb(BIT_OR) }
        });
        self.leave();
        let target = target?;
        // Without `in` the place to report is where it is missing, unless a target turns out to be the cause.
        if self.grammar.legacy || self.diagnosing || self.at(Tok::In) {
            self.check_target(&target, TargetUse::For)?;
        }
        Ok(target)
    }

    /// Whether an expression may be assigned to (deleted); the error names the innermost part that may not.
    pub(super) fn check_target(&self, target: &Expr<'a>, usage: TargetUse) -> R<()> {
        let Some(bad) = invalid_target(target, usage) else { return self.check_legacy_names(target, usage) };
        let name = self.expr_name(bad);
        if self.grammar.legacy {
            let verb = if usage == TargetUse::Del { "delete" } else { "assign to" };
            if let ExprKind::Constant { value: Constant::None, .. } = bad.kind {
                // Wording of 2.7 for its one constant name.
                return self.error(bad.span, "cannot assign to None");
            }
            return self.error(bad.span, format!("can't {verb} {name}"));
        }
        let verb = if usage == TargetUse::Del { "delete" } else { "assign to" };
        self.error(bad.span, format!("cannot {verb} {name}"))
    }

    /// 2.7 rejects empty tuples as targets.
    fn check_legacy_names(&self, target: &Expr<'a>, usage: TargetUse) -> R<()> {
        if !self.grammar.legacy {
            return Ok(());
        }
        match target.kind {
            ExprKind::Tuple([]) => {
                let verb = if usage == TargetUse::Del { "delete" } else { "assign to" };
                self.error(target.span, format!("can't {verb} ()"))
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().try_for_each(|item| self.check_legacy_names(item, usage))
            }
            _ => Ok(()),
        }
    }

    /// What CPython calls an expression in such messages.
    pub(super) fn expr_name(&self, e: &Expr<'a>) -> &'static str {
        let legacy = self.grammar.legacy;
        match e.kind {
            ExprKind::Attribute { .. } => "attribute",
            ExprKind::Subscript { .. } => "subscript",
            ExprKind::Starred(_) => "starred",
            ExprKind::Name(_) => "name",
            ExprKind::List(_) => "list",
            ExprKind::Tuple([]) if legacy => "()",
            ExprKind::Tuple(_) => "tuple",
            ExprKind::Lambda { .. } => "lambda",
            ExprKind::Call { .. } => "function call",
            ExprKind::BoolOp { .. } | ExprKind::BinOp { .. } | ExprKind::UnaryOp { .. } => {
                if legacy { "operator" } else { "expression" }
            }
            ExprKind::GeneratorExp { .. } => "generator expression",
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
            ExprKind::Await(_) => "await expression",
            ExprKind::ListComp { .. } => "list comprehension",
            ExprKind::SetComp { .. } => "set comprehension",
            ExprKind::DictComp { .. } => "dict comprehension",
            ExprKind::Dict(_) | ExprKind::Set(_) if legacy => "literal",
            ExprKind::Dict(_) => "dict literal",
            ExprKind::Set(_) => "set display",
            ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => "f-string expression",
            ExprKind::Constant { value, .. } => match value {
                Constant::None => "None",
                Constant::True => "True",
                Constant::False => "False",
                Constant::Ellipsis if legacy => "Ellipsis",
                Constant::Ellipsis => "ellipsis",
                _ => "literal",
            },
            ExprKind::Compare { .. } => "comparison",
            ExprKind::IfExp { .. } => "conditional expression",
            ExprKind::Named { .. } => "named expression",
            ExprKind::Slice { .. } => "slice",
            ExprKind::Repr(_) => "repr",
        }
    }
}

/// The innermost part of a would-be target that is none.
pub(super) fn invalid_target<'t, 'a>(target: &'t Expr<'a>, usage: TargetUse) -> Option<&'t Expr<'a>> {
    match target.kind {
        ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => None,
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().find_map(|item| invalid_target(item, usage)),
        ExprKind::Starred(_) if usage == TargetUse::Del => Some(target),
        ExprKind::Starred(value) => invalid_target(value, usage),
        ExprKind::Compare { left, ops: [CmpOp::In, ..], .. } if usage == TargetUse::For => invalid_target(left, usage),
        _ => Some(target),
    }
}
