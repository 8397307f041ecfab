//! Compound statements and their blocks.

use super::atom::TargetUse;
use super::expr::BIT_OR;
use super::*;

impl<'a> Parser<'a> {
    /// A compound statement, if one begins here.
    pub(super) fn compound(&mut self) -> R<Option<Stmt<'a>>> {
        let stmt = match self.kind() {
            Tok::If => self.if_stmt()?,
            Tok::While => self.while_stmt()?,
            Tok::For => {
                let start = self.span();
                self.for_stmt(start, false)?
            }
            Tok::Try => self.try_stmt()?,
            Tok::With => {
                let start = self.span();
                self.with_stmt(start, false)?
            }
            Tok::Def | Tok::Class | Tok::At => self.decorated()?,
            Tok::Async => {
                let start = self.span();
                match self.ahead(1) {
                    Tok::Def => self.decorated()?,
                    Tok::For => {
                        self.bump();
                        self.for_stmt(start, true)?
                    }
                    Tok::With => {
                        self.bump();
                        self.with_stmt(start, true)?
                    }
                    _ => {
                        self.bump();
                        return self.fail();
                    }
                }
            }
            Tok::Name if self.grammar.match_statement && self.at_word("match") => return self.match_stmt(),
            _ => return Ok(None),
        };
        Ok(Some(stmt))
    }

    /// The colon of a compound statement. `forced`: said to be expected whatever stands there.
    pub(super) fn colon(&mut self, forced: bool) -> R<()> {
        if forced || self.at(Tok::Newline) {
            self.expect_forced(Tok::Colon)?;
        } else {
            self.expect(Tok::Colon)?;
        }
        Ok(())
    }

    /// After the colon: an indented block, or simple statements on the same line.
    pub(super) fn block(&mut self, owner: &str, line: u32) -> R<&'a [Stmt<'a>]> {
        self.enter()?;
        self.blocks += 1;
        self.max_blocks = self.max_blocks.max(self.blocks);
        let mut body = Vec::new();
        if self.accept(Tok::Newline) {
            if !self.at(Tok::Indent) {
                if self.at(Tok::Error) {
                    return self.fail();
                }
                let msg = if self.grammar.legacy {
                    "expected an indented block".to_string()
                } else {
                    format!("expected an indented block after {owner} on line {line}")
                };
                let mut fault = Fault::new(ErrorKind::Indentation, msg, self.span());
                fault.incomplete = self.input_ended();
                return Err(Box::new(fault));
            }
            self.bump();
            while !matches!(self.kind(), Tok::Dedent | Tok::End) {
                self.statement(&mut body)?;
            }
            self.accept(Tok::Dedent);
        } else {
            self.simple_line(&mut body)?;
        }
        self.blocks -= 1;
        self.leave();
        Ok(self.list(&body))
    }

    fn if_stmt(&mut self) -> R<Stmt<'a>> {
        let start = self.span();
        let mut clauses = Vec::new();
        loop {
            let clause = self.bump();
            let owner = if clauses.is_empty() { "'if' statement" } else { "'elif' statement" };
            let test = self.named_expression()?;
            self.colon(false)?;
            let body = self.block(owner, clause.span.line)?;
            clauses.push(IfClause { span: clause.span, test, body });
            if !self.at(Tok::Elif) {
                break;
            }
        }
        let orelse = self.else_block()?;
        let end = self.last_span();
        for clause in &mut clauses {
            clause.span = clause.span.to(end);
        }
        let clauses = self.list(&clauses);
        Ok(Stmt { span: start.to(end), kind: StmtKind::If { clauses, orelse } })
    }

    fn else_block(&mut self) -> R<&'a [Stmt<'a>]> {
        if !self.at(Tok::Else) {
            return Ok(&[]);
        }
        let line = self.bump().span.line;
        self.colon(true)?;
        self.block("'else' statement", line)
    }

    fn while_stmt(&mut self) -> R<Stmt<'a>> {
        let start = self.bump().span;
        let test = self.named_expression()?;
        self.colon(false)?;
        let body = self.block("'while' statement", start.line)?;
        let orelse = self.else_block()?;
        let end = self.last_span();
        Ok(Stmt { span: start.to(end), kind: StmtKind::While { test: self.alloc(test), body, orelse } })
    }

    fn for_stmt(&mut self, start: Span, is_async: bool) -> R<Stmt<'a>> {
        let line = self.bump().span.line;
        let target = self.for_target()?;
        self.expect(Tok::In)?;
        let iter = self.star_expressions()?;
        self.colon(false)?;
        let body = self.block("'for' statement", line)?;
        let orelse = self.else_block()?;
        let end = self.last_span();
        let (target, iter) = (self.alloc(target), self.alloc(iter));
        Ok(Stmt { span: start.to(end), kind: StmtKind::For { target, iter, body, orelse, is_async } })
    }

    fn try_stmt(&mut self) -> R<Stmt<'a>> {
        let start = self.bump().span;
        self.colon(true)?;
        let body = self.block("'try' statement", start.line)?;
        let mut handlers: Vec<Handler<'a>> = Vec::new();
        let mut is_star = false;
        while self.at(Tok::Except) {
            let star = self.ahead(1) == Tok::Star && self.grammar.except_star;
            if !handlers.is_empty() && star != is_star {
                let msg = "cannot have both 'except' and 'except*' on the same 'try'";
                return self.error(self.span(), msg);
            }
            is_star = star;
            let handler = self.handler(star)?;
            handlers.push(handler);
        }
        let orelse = if handlers.is_empty() { &[][..] } else { self.else_block()? };
        let mut finalbody: &'a [Stmt<'a>] = &[];
        if self.at(Tok::Finally) {
            let line = self.bump().span.line;
            self.colon(true)?;
            finalbody = self.block("'finally' statement", line)?;
        } else if handlers.is_empty() {
            if self.grammar.legacy || self.at(Tok::Error) {
                return self.fail();
            }
            let mut fault = Fault::new(ErrorKind::Syntax, "expected 'except' or 'finally' block", self.span());
            fault.incomplete = self.input_ended();
            return Err(Box::new(fault));
        }
        let end = self.last_span();
        let handlers = self.list(&handlers);
        let kind = StmtKind::Try(self.alloc(Try { body, handlers, orelse, finalbody, is_star }));
        Ok(Stmt { span: start.to(end), kind })
    }

    fn handler(&mut self, star: bool) -> R<Handler<'a>> {
        let start = self.bump().span;
        if star {
            self.bump();
        }
        let (mut typ, mut target) = (None, None);
        if !self.at(Tok::Colon) {
            if star && self.at(Tok::Newline) {
                return self.error(self.span(), "expected one or more exception types");
            }
            if self.at(Tok::Newline) && self.diagnosing {
                return self.error(self.span(), "expected ':'");
            }
            let value = self.expression()?;
            typ = Some(self.alloc(value));
            if self.grammar.except_target {
                if self.accept(Tok::As) || self.accept(Tok::Comma) {
                    let name = self.expression()?;
                    self.check_target(&name, TargetUse::Assign)?;
                    target = Some(self.alloc(name));
                }
            } else if self.at(Tok::Comma) {
                if self.diagnosing {
                    self.diagnose_exception_list(value.span)?;
                }
                return self.fail();
            } else if self.accept(Tok::As) {
                let span = self.span();
                let name = self.name()?;
                let name = self.expr(span, 0, ExprKind::Name(name));
                target = Some(self.alloc(name));
            }
        } else if star {
            return self.error(self.span(), "expected one or more exception types");
        }
        self.colon(false)?;
        let body = self.block(if star { "'except*' statement" } else { "'except' statement" }, start.line)?;
        Ok(Handler { span: start.to(self.last_span()), typ, target, body })
    }

    /// `except A, B:`
    fn diagnose_exception_list(&mut self, start: Span) -> R<()> {
        let pos = self.pos;
        let mut end = start;
        while self.accept(Tok::Comma) {
            match self.attempt_plain(|p| p.expression())? {
                Some(e) => end = e.span,
                None => break,
            }
        }
        if self.accept(Tok::As) {
            self.accept(Tok::Name);
        }
        let found = self.at(Tok::Colon) && end != start;
        self.pos = pos;
        if found {
            return self.error(start.to(end), "multiple exception types must be parenthesized");
        }
        Ok(())
    }

    fn with_stmt(&mut self, start: Span, is_async: bool) -> R<Stmt<'a>> {
        let line = self.bump().span.line;
        let mut items = None;
        if self.at(Tok::LPar) && self.grammar.with_parens {
            items = self.attempt_plain(|p| {
                let items = p.with_items(true)?;
                p.expect(Tok::Colon)?;
                Ok(items)
            })?;
            self.farthest = self.farthest.max(self.pos);
        }
        let items = match items {
            Some(items) => items,
            None => {
                let items = self.with_items(false)?;
                self.colon(false)?;
                items
            }
        };
        let body = self.block("'with' statement", line)?;
        let end = self.last_span();
        Ok(Stmt { span: start.to(end), kind: StmtKind::With { items, body, is_async } })
    }

    fn with_items(&mut self, parens: bool) -> R<&'a [WithItem<'a>]> {
        if parens {
            self.expect(Tok::LPar)?;
        }
        let mut items = Vec::new();
        loop {
            let context = self.expression()?;
            let mut target = None;
            if self.accept(Tok::As) {
                let value = if self.at(Tok::Star) && !self.grammar.legacy { self.starred()? } else { self.climb(BIT_OR)? };
                self.check_target(&value, TargetUse::With)?;
                target = Some(self.alloc(value));
            }
            items.push(WithItem { context, target });
            if !self.accept(Tok::Comma) || parens && self.at(Tok::RPar) {
                break;
            }
        }
        if parens {
            self.expect(Tok::RPar)?;
        }
        Ok(self.list(&items))
    }

    /// Decorators, then `def`, `async def` or `class`.
    fn decorated(&mut self) -> R<Stmt<'a>> {
        let mut decorators = Vec::new();
        while self.accept(Tok::At) {
            let decorator = if self.grammar.any_decorator { self.named_expression()? } else { self.plain_decorator()? };
            self.expect(Tok::Newline)?;
            decorators.push(decorator);
        }
        let decorators = self.list(&decorators);
        let start = self.span();
        let is_async = self.at(Tok::Async) && self.ahead(1) == Tok::Def;
        if is_async {
            self.bump();
        }
        match self.kind() {
            Tok::Def => self.function(start, decorators, is_async),
            Tok::Class => self.class(decorators),
            _ => self.fail(),
        }
    }

    /// 2.7: dotted name, and perhaps one call.
    fn plain_decorator(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        let name = self.name()?;
        let mut value = self.expr(start, 0, ExprKind::Name(name));
        while self.accept(Tok::Dot) {
            let attr = self.name()?;
            let span = start.to(self.prev_span());
            let inner = self.alloc(value);
            value = self.expr(span, inner.height, ExprKind::Attribute { value: inner, attr });
        }
        if self.at(Tok::LPar) { self.call(start, value) } else { Ok(value) }
    }

    fn function(&mut self, start: Span, decorators: &'a [Expr<'a>], is_async: bool) -> R<Stmt<'a>> {
        let line = self.bump().span.line;
        let name = self.name()?;
        let type_params = self.type_params()?;
        self.expect_forced(Tok::LPar)?;
        let params = self.def_params()?;
        self.expect(Tok::RPar)?;
        let mut returns = None;
        if self.grammar.annotations && self.accept(Tok::Arrow) {
            let value = self.expression()?;
            returns = Some(self.alloc(value));
        }
        self.colon(true)?;
        let body = self.block("function definition", line)?;
        let def = FunctionDef { name, type_params, params, returns, body, decorators, is_async };
        let kind = StmtKind::FunctionDef(self.alloc(def));
        Ok(Stmt { span: start.to(self.last_span()), kind })
    }

    fn class(&mut self, decorators: &'a [Expr<'a>]) -> R<Stmt<'a>> {
        let start = self.bump().span;
        let name = self.name()?;
        let type_params = self.type_params()?;
        let (mut bases, mut keywords): (&'a [Expr<'a>], &'a [Keyword<'a>]) = (&[], &[]);
        if self.at(Tok::LPar) {
            let open = self.bump().span;
            if self.grammar.keyword_only {
                (bases, keywords) = self.arguments(open, false)?;
            } else {
                bases = self.legacy_bases()?;
            }
            self.expect(Tok::RPar)?;
        }
        self.colon(false)?;
        let body = self.block("class definition", start.line)?;
        let kind = StmtKind::ClassDef(self.alloc(ClassDef { name, type_params, bases, keywords, body, decorators }));
        Ok(Stmt { span: start.to(self.last_span()), kind })
    }

    fn legacy_bases(&mut self) -> R<&'a [Expr<'a>]> {
        let mut bases = Vec::new();
        while !self.at(Tok::RPar) {
            bases.push(self.expression()?);
            if !self.accept(Tok::Comma) {
                break;
            }
        }
        Ok(self.list(&bases))
    }
}
