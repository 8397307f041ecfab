//! SyntaxWarnings about expressions that are valid but can only fail, or always hold.

use txpy_syntax::ast::*;

use super::build::Builder;

/// Class of what a literal or display makes; None where that is not known.
fn made(e: &Expr<'_>) -> Option<&'static str> {
    Some(match &e.kind {
        ExprKind::Constant { value, .. } => match value {
            Constant::None => "NoneType",
            Constant::True | Constant::False => "bool",
            Constant::Ellipsis => "ellipsis",
            Constant::Int { .. } | Constant::BigInt { .. } => "int",
            Constant::Float(_) => "float",
            Constant::Imag(_) => "complex",
            Constant::Str(_) => "str",
            Constant::Bytes(_) => "bytes",
        },
        ExprKind::Tuple(_) => "tuple",
        ExprKind::List(_) | ExprKind::ListComp { .. } => "list",
        ExprKind::Dict(_) | ExprKind::DictComp { .. } => "dict",
        ExprKind::Set(_) | ExprKind::SetComp { .. } => "set",
        ExprKind::GeneratorExp { .. } => "generator",
        ExprKind::Lambda { .. } => "function",
        ExprKind::JoinedStr(_) => "str",
        _ => return None,
    })
}
fn constant<'a>(e: &'a Expr<'a>) -> bool {
    match &e.kind {
        ExprKind::Constant { .. } => true,
        ExprKind::Tuple(items) => items.iter().all(constant),
        _ => false,
    }
}
/// Whether identity of a literal says nothing.
fn compared_by_value(e: &Expr<'_>) -> bool {
    constant(e) && !matches!(e.kind, ExprKind::Constant { value: Constant::None | Constant::True | Constant::False | Constant::Ellipsis, .. })
}

impl<'a> Builder<'a> {
    pub(super) fn warn(&mut self, span: Span, msg: String) { self.table.warnings.push((span.line, msg)) }

    pub(super) fn lint(&mut self, e: &'a Expr<'a>) {
        if self.legacy {
            return;
        }
        match &e.kind {
            ExprKind::Compare { left, ops, comparators } => {
                let mut left = *left;
                for (op, right) in ops.iter().zip(*comparators) {
                    let (is, eq) = match op {
                        CmpOp::Is => ("is", "=="),
                        CmpOp::IsNot => ("is not", "!="),
                        _ => ("", ""),
                    };
                    let literal = [left, right].into_iter().find(|x| compared_by_value(x)).and_then(made);
                    if let Some(kind) = literal.filter(|_| !is.is_empty()) {
                        self.warn(e.span, format!("\"{is}\" with '{kind}' literal. Did you mean \"{eq}\"?"));
                    }
                    left = right;
                }
            }
            ExprKind::Call { func, .. } => {
                if let Some(kind) = made(func).filter(|_| !matches!(func.kind, ExprKind::Lambda { .. })) {
                    self.warn(e.span, format!("'{kind}' object is not callable; perhaps you missed a comma?"));
                }
            }
            ExprKind::Subscript { value, index } => self.lint_subscript(e, value, index),
            _ => {}
        }
    }
    fn lint_subscript(&mut self, e: &'a Expr<'a>, value: &'a Expr<'a>, index: &'a Expr<'a>) {
        let Some(kind) = made(value) else { return };
        match kind {
            "NoneType" | "bool" | "ellipsis" | "int" | "float" | "complex" | "set" | "generator" | "function" => {
                self.warn(e.span, format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
            }
            "str" | "bytes" | "tuple" | "list" => {
                if let Some(by) = made(index).filter(|k| !matches!(*k, "int" | "bool")) {
                    self.warn(e.span, format!("{kind} indices must be integers or slices, not {by}; perhaps you missed a comma?"));
                }
            }
            _ => {}
        }
    }
    pub(super) fn lint_assert(&mut self, test: &'a Expr<'a>, span: Span) {
        if matches!(&test.kind, ExprKind::Tuple(items) if !items.is_empty()) {
            self.warn(span, "assertion is always true, perhaps remove parentheses?".into());
        }
    }
}
