//! Modules, lines of simple statements, and each simple statement.

use super::atom::TargetUse;
use super::expr::BIT_OR;
use super::target::invalid_target;
use super::*;

fn augmented(kind: Tok) -> Option<BinOp> {
    Some(match kind {
        Tok::PlusEq => BinOp::Add,
        Tok::MinusEq => BinOp::Sub,
        Tok::StarEq => BinOp::Mult,
        Tok::AtEq => BinOp::MatMult,
        Tok::SlashEq => BinOp::Div,
        Tok::PercentEq => BinOp::Mod,
        Tok::DoubleStarEq => BinOp::Pow,
        Tok::LShiftEq => BinOp::LShift,
        Tok::RShiftEq => BinOp::RShift,
        Tok::BarEq => BinOp::BitOr,
        Tok::CaretEq => BinOp::BitXor,
        Tok::AmpEq => BinOp::BitAnd,
        Tok::DoubleSlashEq => BinOp::FloorDiv,
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    pub(super) fn module(&mut self) -> R<&'a [Stmt<'a>]> {
        let mut body = Vec::new();
        // Future imports count only before anything but a docstring.
        let mut prologue = true;
        while !self.at(Tok::End) {
            let from = body.len();
            self.statement(&mut body)?;
            if prologue {
                let unicode = self.flags.unicode_literals;
                prologue = self.future_imports(&body, from);
                if self.grammar.legacy && self.flags.unicode_literals && !unicode {
                    // The flag reaches back to the docstring.
                    self.pos = 0;
                    body.clear();
                }
            }
        }
        Ok(self.list(&body))
    }

    /// Puts the future imports among the new statements in force; false once the prologue is over.
    fn future_imports(&mut self, body: &[Stmt<'a>], from: usize) -> bool {
        for (i, stmt) in body.iter().enumerate().skip(from) {
            match stmt.kind {
                StmtKind::ImportFrom { module: Some("__future__"), names, level: 0 } => {
                    let mut flags = self.flags;
                    for alias in names {
                        flags.enable(alias.name, self.grammar.legacy);
                    }
                    self.apply_flags(flags);
                }
                StmtKind::Expr(Expr {
                    kind: ExprKind::Constant { value: Constant::Str(_) | Constant::Bytes(_), .. }, ..
                }) if i == 0 => {}
                _ => return false,
            }
        }
        true
    }

    /// One interactive statement: a line of simple statements, or a compound one.
    pub(super) fn interactive(&mut self) -> R<&'a [Stmt<'a>]> {
        let mut body = Vec::new();
        while self.accept(Tok::Newline) {}
        if self.at(Tok::End) {
            return self.fail();
        }
        self.statement(&mut body)?;
        self.future_imports(&body, 0);
        while self.accept(Tok::Newline) {}
        if !self.at(Tok::End) {
            let span = self.span();
            return self.error(span, "multiple statements found while compiling a single statement");
        }
        Ok(self.list(&body))
    }

    pub(super) fn statement(&mut self, out: &mut Vec<Stmt<'a>>) -> R<()> {
        if let Some(stmt) = self.compound()? {
            out.push(stmt);
            return Ok(());
        }
        self.simple_line(out)
    }

    pub(super) fn simple_line(&mut self, out: &mut Vec<Stmt<'a>>) -> R<()> {
        loop {
            let stmt = self.simple()?;
            out.push(stmt);
            if !self.accept(Tok::Semi) {
                break;
            }
            if self.at(Tok::Newline) {
                break;
            }
        }
        self.expect(Tok::Newline)?;
        Ok(())
    }

    fn simple(&mut self) -> R<Stmt<'a>> {
        let token = self.token();
        let start = token.span;
        let kind = match token.kind {
            Tok::Pass => self.word(StmtKind::Pass),
            Tok::Break => self.word(StmtKind::Break),
            Tok::Continue => self.word(StmtKind::Continue),
            Tok::Return => self.return_stmt()?,
            Tok::Raise => self.raise_stmt()?,
            Tok::Global => StmtKind::Global(self.scope_names()?),
            Tok::Nonlocal => StmtKind::Nonlocal(self.scope_names()?),
            Tok::Del => self.del_stmt()?,
            Tok::Assert => self.assert_stmt()?,
            Tok::Import => self.import_stmt()?,
            Tok::From => self.from_stmt()?,
            Tok::Name => {
                let text = self.text(token);
                if self.grammar.print_statement && text == "print" {
                    self.print_stmt()?
                } else if self.grammar.exec_statement && text == "exec" {
                    self.exec_stmt()?
                } else if text == "type" && self.grammar.type_params && self.ahead(1) == Tok::Name {
                    self.type_alias()?
                } else {
                    return self.expr_stmt();
                }
            }
            _ => return self.expr_stmt(),
        };
        Ok(Stmt { span: start.to(self.prev_span()), kind })
    }

    fn word(&mut self, kind: StmtKind<'a>) -> StmtKind<'a> {
        self.bump();
        kind
    }

    fn return_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        if !self.starts_expression() {
            return Ok(StmtKind::Return(None));
        }
        let value = self.star_expressions()?;
        Ok(StmtKind::Return(Some(self.alloc(value))))
    }

    fn boxed_expression(&mut self) -> R<&'a Expr<'a>> {
        let value = self.expression()?;
        Ok(self.alloc(value))
    }

    fn raise_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let exc = if self.starts_expression() { Some(self.boxed_expression()?) } else { None };
        if self.grammar.raise_commas {
            let (mut value, mut traceback) = (None, None);
            if exc.is_some() && self.accept(Tok::Comma) {
                value = Some(self.boxed_expression()?);
                if self.accept(Tok::Comma) {
                    traceback = Some(self.boxed_expression()?);
                }
            }
            return Ok(StmtKind::Raise2 { exc, value, traceback });
        }
        let cause = if exc.is_some() && self.accept(Tok::From) { Some(self.boxed_expression()?) } else { None };
        Ok(StmtKind::Raise { exc, cause })
    }

    fn scope_names(&mut self) -> R<&'a [&'a str]> {
        self.bump();
        let mut names = vec![self.name()?];
        while self.accept(Tok::Comma) {
            names.push(self.name()?);
        }
        Ok(self.list(&names))
    }

    fn del_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let mut targets = Vec::new();
        loop {
            let target = if self.at(Tok::Star) && !self.grammar.legacy { self.starred()? } else { self.climb(BIT_OR)? };
            if !matches!(self.kind(), Tok::Comma | Tok::Semi | Tok::Newline) {
                // The target may go on with an operator; name the whole expression.
                if !self.grammar.legacy && matches!(target.kind, ExprKind::Name(_)) && !self.diagnosing {
                    return self.fail();
                }
                if let Some(bad) = invalid_target(&target, TargetUse::Del) {
                    let bad = *bad;
                    self.check_target(&bad, TargetUse::Del)?;
                }
                return self.fail();
            }
            self.check_target(&target, TargetUse::Del)?;
            targets.push(target);
            if !self.accept(Tok::Comma) || !self.starts_expression() {
                break;
            }
        }
        Ok(StmtKind::Delete(self.list(&targets)))
    }

    fn assert_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let test = self.boxed_expression()?;
        let msg = if self.accept(Tok::Comma) { Some(self.boxed_expression()?) } else { None };
        Ok(StmtKind::Assert { test, msg })
    }

    /// `a.b.c`, spelled without blanks.
    fn dotted_name(&mut self) -> R<&'a str> {
        let first = self.token();
        let name = self.name()?;
        if !self.at(Tok::Dot) {
            return Ok(name);
        }
        let mut parts = vec![name];
        while self.accept(Tok::Dot) {
            parts.push(self.name()?);
        }
        let end = self.tokens[self.pos - 1].end;
        let written = &self.src[first.start as usize..end as usize];
        let length: usize = parts.iter().map(|p| p.len() + 1).sum::<usize>() - 1;
        if written.len() == length && written.is_ascii() {
            return Ok(written);
        }
        Ok(self.arena.alloc_str(&parts.join(".")))
    }

    fn import_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let mut names = Vec::new();
        loop {
            if self.diagnosing && self.at(Tok::Newline) && names.is_empty() {
                return self.error(self.span(), "Expected one or more names after 'import'");
            }
            let start = self.span();
            let name = self.dotted_name()?;
            let asname = self.as_name()?;
            names.push(Alias { span: start.to(self.prev_span()), name, asname });
            if !self.accept(Tok::Comma) {
                break;
            }
        }
        if self.diagnosing && self.at(Tok::From) {
            return self.error(self.span(), "Did you mean to use 'from ... import ...' instead?");
        }
        Ok(StmtKind::Import(self.list(&names)))
    }

    fn as_name(&mut self) -> R<Option<&'a str>> {
        if self.accept(Tok::As) { self.name().map(Some) } else { Ok(None) }
    }

    fn from_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let mut level = 0;
        loop {
            match self.kind() {
                Tok::Dot => level += 1,
                Tok::Ellipsis => level += 3,
                _ => break,
            }
            self.bump();
        }
        let module = if level > 0 && self.at(Tok::Import) { None } else { Some(self.dotted_name()?) };
        self.expect(Tok::Import)?;
        if self.at(Tok::Star) {
            let span = self.bump().span;
            let names = self.list(&[Alias { span, name: "*", asname: None }]);
            return Ok(StmtKind::ImportFrom { module, names, level });
        }
        let parens = self.accept(Tok::LPar);
        let mut names = Vec::new();
        loop {
            if self.diagnosing && !parens && self.at(Tok::Newline) && names.is_empty() {
                return self.error(self.span(), "Expected one or more names after 'import'");
            }
            let start = self.span();
            let name = self.name()?;
            let asname = self.as_name()?;
            names.push(Alias { span: start.to(self.prev_span()), name, asname });
            if !self.accept(Tok::Comma) {
                break;
            }
            if parens && self.at(Tok::RPar) {
                break;
            }
            if !parens && self.at(Tok::Newline) {
                let span = if self.grammar.legacy { start } else { self.span() };
                return self.error(span, "trailing comma not allowed without surrounding parentheses");
            }
        }
        if parens {
            self.expect(Tok::RPar)?;
        }
        Ok(StmtKind::ImportFrom { module, names: self.list(&names), level })
    }

    fn type_alias(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let span = self.span();
        let name = self.name()?;
        let name = self.expr(span, 0, ExprKind::Name(name));
        let type_params = self.type_params()?;
        self.expect(Tok::Equal)?;
        let value = self.boxed_expression()?;
        Ok(StmtKind::TypeAlias { name: self.alloc(name), type_params, value })
    }

    fn print_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let mut dest = None;
        let mut comma = false;
        if self.accept(Tok::RShift) {
            dest = Some(self.boxed_expression()?);
            if !self.accept(Tok::Comma) {
                return Ok(StmtKind::Print { dest, values: &[], newline: true });
            }
            if !self.starts_expression() {
                return self.fail();
            }
        }
        let mut values = Vec::new();
        while self.starts_expression() {
            values.push(self.expression()?);
            comma = self.accept(Tok::Comma);
            if !comma {
                break;
            }
        }
        Ok(StmtKind::Print { dest, values: self.list(&values), newline: !comma })
    }

    fn exec_stmt(&mut self) -> R<StmtKind<'a>> {
        self.bump();
        let body = self.climb(BIT_OR)?;
        let (mut globals, mut locals) = (None, None);
        if self.accept(Tok::In) {
            globals = Some(self.boxed_expression()?);
            if self.accept(Tok::Comma) {
                locals = Some(self.boxed_expression()?);
            }
        } else if let ExprKind::Tuple([code, rest @ ..]) = body.kind {
            // `exec(code, globals, locals)` means the same.
            if matches!(rest.len(), 1 | 2) {
                return Ok(StmtKind::Exec { body: code, globals: rest.first(), locals: rest.get(1) });
            }
        }
        Ok(StmtKind::Exec { body: self.alloc(body), globals, locals })
    }

    fn right_side(&mut self) -> R<Expr<'a>> {
        if self.at(Tok::Yield) { self.yield_expr() } else { self.star_expressions() }
    }

    /// Expression statement, assignment, augmented and annotated assignment.
    fn expr_stmt(&mut self) -> R<Stmt<'a>> {
        let at = self.pos;
        let start = self.span();
        let first = self.right_side()?;
        let kind = match self.kind() {
            // 2.7's statement that begins with `yield` is no assignment.
            _ if self.grammar.legacy && self.tokens[at].kind == Tok::Yield => StmtKind::Expr(self.alloc(first)),
            Tok::Equal => self.assignment(at, first)?,
            Tok::Colon if self.grammar.annotations => self.annotated(at, first)?,
            kind => match augmented(kind) {
                Some(op) if op != BinOp::MatMult || self.grammar.matmul => self.aug_assign(first, op)?,
                _ => {
                    if self.diagnosing && self.at(Tok::Walrus) {
                        self.diagnose_named(at, &first)?;
                    }
                    StmtKind::Expr(self.alloc(first))
                }
            },
        };
        Ok(Stmt { span: start.to(self.prev_span()), kind })
    }

    fn assignment(&mut self, at: usize, first: Expr<'a>) -> R<StmtKind<'a>> {
        let mut targets = vec![first];
        let mut starts = vec![at];
        let mut value = first;
        while self.at(Tok::Equal) {
            if targets.len() == 1 && !self.grammar.legacy && invalid_target(&first, TargetUse::Assign).is_some() {
                self.diagnose_named(at, &first)?;
            }
            self.bump();
            starts.push(self.pos);
            value = self.right_side()?;
            targets.push(value);
        }
        targets.pop();
        for target in &targets {
            if self.grammar.legacy && matches!(target.kind, ExprKind::Yield(_)) {
                return self.error(target.span, "assignment to yield expression not possible");
            }
            if !self.grammar.legacy && matches!(target.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) {
                return self.error(target.span, "assignment to yield expression not possible");
            }
            self.check_target(target, TargetUse::Assign)?;
        }
        let targets = self.list(&targets);
        Ok(StmtKind::Assign { targets, value: self.alloc(value) })
    }

    fn aug_assign(&mut self, target: Expr<'a>, op: BinOp) -> R<StmtKind<'a>> {
        let valid = matches!(target.kind, ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. });
        if !valid {
            if !self.grammar.legacy {
                let msg = format!("'{}' is an illegal expression for augmented assignment", self.expr_name(&target));
                return self.error(target.span, msg);
            }
            // 2.7 looks at it only once the whole statement has parsed.
            self.bump();
            self.right_side()?;
            if !matches!(target.kind, ExprKind::GeneratorExp { .. } | ExprKind::Yield(_)) {
                self.check_target(&target, TargetUse::Assign)?;
            }
            return match target.kind {
                ExprKind::GeneratorExp { .. } => {
                    self.error(target.span, "augmented assignment to generator expression not possible")
                }
                ExprKind::Yield(_) => self.error(target.span, "augmented assignment to yield expression not possible"),
                _ => self.error(target.span, "illegal expression for augmented assignment"),
            };
        }
        self.bump();
        let value = self.right_side()?;
        Ok(StmtKind::AugAssign { target: self.alloc(target), op, value: self.alloc(value) })
    }

    fn annotated(&mut self, at: usize, target: Expr<'a>) -> R<StmtKind<'a>> {
        let parens = self.tokens[at].kind == Tok::LPar;
        let valid = matches!(target.kind, ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. });
        self.bump();
        if !valid {
            if self.attempt_plain(|p| p.expression())?.is_none() {
                return self.fail();
            }
            return match target.kind {
                ExprKind::List(_) => self.error(target.span, "only single target (not list) can be annotated"),
                ExprKind::Tuple(items) => {
                    let span = if parens { target.span } else { items.first().map_or(target.span, |i| i.span) };
                    self.error(span, "only single target (not tuple) can be annotated")
                }
                _ => self.error(target.span, "illegal target for annotation"),
            };
        }
        let annotation = self.boxed_expression()?;
        let mut value = None;
        if self.accept(Tok::Equal) {
            let right = self.right_side()?;
            value = Some(self.alloc(right));
        }
        let simple = matches!(target.kind, ExprKind::Name(_)) && !parens;
        Ok(StmtKind::AnnAssign { target: self.alloc(target), annotation, value, simple })
    }
}
