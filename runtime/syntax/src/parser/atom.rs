//! Atoms, calls, subscripts, displays and comprehensions.

use super::expr::{BIT_OR, OR};
use super::*;

impl<'a> Parser<'a> {
    pub(super) fn atom(&mut self) -> R<Expr<'a>> {
        let token = self.token();
        match token.kind {
            Tok::Name => {
                let text = self.text(token);
                if self.is_reserved(text) {
                    return self.fail();
                }
                self.bump();
                let name = self.identifier(text);
                Ok(self.expr(token.span, 0, ExprKind::Name(name)))
            }
            Tok::Number => {
                self.bump();
                let value = self.number(token)?;
                Ok(self.constant(token.span, value))
            }
            Tok::Str | Tok::FStart => self.strings(),
            Tok::None | Tok::True | Tok::False => {
                self.bump();
                let value = match token.kind {
                    Tok::None => Constant::None,
                    Tok::True => Constant::True,
                    _ => Constant::False,
                };
                Ok(self.constant(token.span, value))
            }
            Tok::Ellipsis if self.grammar.ellipsis_literal => {
                self.bump();
                Ok(self.constant(token.span, Constant::Ellipsis))
            }
            Tok::LPar => self.parenthesised(),
            Tok::LBracket => self.list_display(),
            Tok::LBrace => self.brace_display(),
            Tok::Backquote => self.backquoted(),
            _ => self.fail(),
        }
    }

    /// 2.7: `` `x, y` ``.
    fn backquoted(&mut self) -> R<Expr<'a>> {
        let start = self.bump().span;
        let value = self.star_expressions()?;
        let end = self.expect(Tok::Backquote)?.span;
        let value = self.alloc(value);
        Ok(self.expr(start.to(end), value.height, ExprKind::Repr(value)))
    }

    /// `()`, `(x)`, `(x, y)`, `(yield x)`, `(x for ...)`.
    fn parenthesised(&mut self) -> R<Expr<'a>> {
        let start = self.bump().span;
        if self.accept(Tok::RPar) {
            let span = start.to(self.prev_span());
            return Ok(self.expr(span, 0, ExprKind::Tuple(&[])));
        }
        if self.at(Tok::Yield) {
            let value = self.yield_expr()?;
            self.expect(Tok::RPar)?;
            return Ok(value);
        }
        let first = self.star_named_expression()?;
        match self.kind() {
            Tok::For | Tok::Async => {
                if self.is_comprehension() {
                    self.check_comprehension_element(&first)?;
                    let generators = self.comprehension(false)?;
                    let end = self.expect(Tok::RPar)?.span;
                    let below = first.height.max(generator_height(generators));
                    let elt = self.alloc(first);
                    return Ok(self.expr(start.to(end), below, ExprKind::GeneratorExp { elt, generators }));
                }
                self.fail()
            }
            Tok::Comma => {
                let items = self.rest_of_items(first, Tok::RPar)?;
                let below = heights(items);
                let span = start.to(self.prev_span());
                Ok(self.expr(span, below, ExprKind::Tuple(items)))
            }
            Tok::RPar => {
                if let ExprKind::Starred(_) = first.kind {
                    return self.error(first.span, "cannot use starred expression here");
                }
                self.bump();
                Ok(first)
            }
            _ => self.fail(),
        }
    }

    /// After the first item: `, item, ...` up to the closing bracket, which is consumed.
    fn rest_of_items(&mut self, first: Expr<'a>, close: Tok) -> R<&'a [Expr<'a>]> {
        let mut items = vec![first];
        while self.accept(Tok::Comma) {
            if self.at(close) {
                break;
            }
            items.push(self.star_named_expression()?);
        }
        if self.diagnosing && close != Tok::RPar && self.is_comprehension() {
            let span = first.span.to(self.prev_span());
            return self.error(span, "did you forget parentheses around the comprehension target?");
        }
        self.expect(close)?;
        Ok(self.list(&items))
    }

    fn list_display(&mut self) -> R<Expr<'a>> {
        let start = self.bump().span;
        if self.accept(Tok::RBracket) {
            let span = start.to(self.prev_span());
            return Ok(self.expr(span, 0, ExprKind::List(&[])));
        }
        let first = self.star_named_expression()?;
        if self.is_comprehension() {
            self.check_comprehension_element(&first)?;
            let generators = self.comprehension(self.grammar.legacy)?;
            let end = self.expect(Tok::RBracket)?.span;
            let below = first.height.max(generator_height(generators));
            let elt = self.alloc(first);
            return Ok(self.expr(start.to(end), below, ExprKind::ListComp { elt, generators }));
        }
        let items = self.rest_of_items(first, Tok::RBracket)?;
        let below = heights(items);
        let span = start.to(self.prev_span());
        Ok(self.expr(span, below, ExprKind::List(items)))
    }

    /// `{}`: dict, set, or a comprehension of either.
    fn brace_display(&mut self) -> R<Expr<'a>> {
        let start = self.bump().span;
        if self.accept(Tok::RBrace) {
            let span = start.to(self.prev_span());
            return Ok(self.expr(span, 0, ExprKind::Dict(&[])));
        }
        if !self.at(Tok::DoubleStar) {
            let walrus = self.ahead(1) == Tok::Walrus;
            let first = self.star_named_expression()?;
            if !self.at(Tok::Colon) || walrus || matches!(first.kind, ExprKind::Starred(_)) {
                if self.is_comprehension() {
                    self.check_comprehension_element(&first)?;
                    let generators = self.comprehension(false)?;
                    let end = self.expect(Tok::RBrace)?.span;
                    let below = first.height.max(generator_height(generators));
                    let elt = self.alloc(first);
                    return Ok(self.expr(start.to(end), below, ExprKind::SetComp { elt, generators }));
                }
                let items = self.rest_of_items(first, Tok::RBrace)?;
                let below = heights(items);
                let span = start.to(self.prev_span());
                return Ok(self.expr(span, below, ExprKind::Set(items)));
            }
            let value = self.dict_value()?;
            if self.is_comprehension() {
                let generators = self.comprehension(false)?;
                let end = self.expect(Tok::RBrace)?.span;
                let below = first.height.max(value.height).max(generator_height(generators));
                let (key, value) = (self.alloc(first), self.alloc(value));
                return Ok(self.expr(start.to(end), below, ExprKind::DictComp { key, value, generators }));
            }
            return self.dict_items(start, DictItem { key: Some(first), value });
        }
        let item = self.dict_item()?;
        if self.is_comprehension() {
            return self.error(start_of(item.value.span, 2), "dict unpacking cannot be used in dict comprehension");
        }
        self.dict_items(start, item)
    }

    fn dict_items(&mut self, start: Span, first: DictItem<'a>) -> R<Expr<'a>> {
        let mut items = vec![first];
        while self.accept(Tok::Comma) {
            if self.at(Tok::RBrace) {
                break;
            }
            items.push(self.dict_item()?);
        }
        let end = self.expect(Tok::RBrace)?.span;
        let below = items.iter().map(|i| height(i.key.as_ref()).max(i.value.height)).max().unwrap_or(0);
        let items = self.list(&items);
        Ok(self.expr(start.to(end), below, ExprKind::Dict(items)))
    }

    fn dict_item(&mut self) -> R<DictItem<'a>> {
        if self.at(Tok::DoubleStar) && self.grammar.unpacking {
            self.bump();
            let value = self.climb(BIT_OR)?;
            return Ok(DictItem { key: None, value });
        }
        let key = self.expression()?;
        if self.diagnosing && !self.at(Tok::Colon) {
            let span = self.prev_span();
            return self.error(span, "':' expected after dictionary key");
        }
        let value = self.dict_value()?;
        Ok(DictItem { key: Some(key), value })
    }

    /// `: value`
    fn dict_value(&mut self) -> R<Expr<'a>> {
        let colon = self.expect(Tok::Colon)?.span;
        if self.diagnosing {
            match self.kind() {
                Tok::RBrace | Tok::Comma => {
                    return self.error(colon, "expression expected after dictionary key and ':'");
                }
                Tok::Star => {
                    return self.error(self.span(), "cannot use a starred expression in a dictionary value");
                }
                _ => {}
            }
        }
        self.expression()
    }

    pub(super) fn is_comprehension(&self) -> bool {
        self.at(Tok::For) || self.at(Tok::Async) && self.ahead(1) == Tok::For
    }

    fn check_comprehension_element(&self, element: &Expr<'a>) -> R<()> {
        if let ExprKind::Starred(_) = element.kind {
            return self.error(element.span, "iterable unpacking cannot be used in comprehension");
        }
        Ok(())
    }

    /// `for target in iter if test ...`, one or more. `list27`: the iterable may be a bare tuple.
    pub(super) fn comprehension(&mut self, list27: bool) -> R<&'a [Comprehension<'a>]> {
        let mut generators = Vec::new();
        while self.is_comprehension() {
            let is_async = self.accept(Tok::Async);
            self.bump();
            let target = self.for_target()?;
            if self.diagnosing && !self.at(Tok::In) {
                let span = self.span();
                if matches!(self.kind(), Tok::RPar | Tok::RBracket | Tok::RBrace | Tok::If) {
                    return self.error(span, "'in' expected after for-loop variables");
                }
            }
            self.expect(Tok::In)?;
            let iter = if self.grammar.legacy && list27 { self.old_tests()? } else { self.climb(OR)? };
            let mut ifs = Vec::new();
            while self.accept(Tok::If) {
                ifs.push(if self.grammar.legacy { self.old_test()? } else { self.climb(OR)? });
            }
            let ifs = self.list(&ifs);
            generators.push(Comprehension { target, iter, ifs, is_async });
        }
        Ok(self.list(&generators))
    }

    /// 2.7's `testlist_safe`: a bare tuple has at least two elements.
    fn old_tests(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        let first = self.old_test()?;
        if !self.at(Tok::Comma) {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.accept(Tok::Comma) {
            if items.len() > 1 && !self.starts_expression() {
                break;
            }
            items.push(self.old_test()?);
        }
        let span = start.to(self.prev_span());
        let below = heights(&items);
        let items = self.list(&items);
        Ok(self.expr(span, below, ExprKind::Tuple(items)))
    }

    pub(super) fn subscript(&mut self, start: Span, value: Expr<'a>) -> R<Expr<'a>> {
        self.bump();
        let first_start = self.span();
        let first = self.slice()?;
        let index = if self.at(Tok::Comma) {
            let mut items = vec![first];
            while self.accept(Tok::Comma) {
                if self.at(Tok::RBracket) {
                    break;
                }
                items.push(self.slice()?);
            }
            let span = first_start.to(self.prev_span());
            let below = heights(&items);
            let items = self.list(&items);
            self.expr(span, below, ExprKind::Tuple(items))
        } else if let ExprKind::Starred(_) = first.kind {
            let items = self.list(&[first]);
            self.expr(first.span, first.height, ExprKind::Tuple(items))
        } else {
            first
        };
        let end = self.expect(Tok::RBracket)?.span;
        let span = start.to(end);
        let below = value.height.max(index.height);
        let (value, index) = (self.alloc(value), self.alloc(index));
        Ok(self.expr(span, below, ExprKind::Subscript { value, index }))
    }

    fn slice(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        if self.grammar.legacy && self.at(Tok::Dot) && self.ahead(1) == Tok::Dot && self.ahead(2) == Tok::Dot {
            for _ in 0..3 {
                self.bump();
            }
            return Ok(self.constant(start.to(self.prev_span()), Constant::Ellipsis));
        }
        let mut lower = None;
        if !self.at(Tok::Colon) {
            let value = self.star_named_expression()?;
            if !self.at(Tok::Colon) || matches!(value.kind, ExprKind::Starred(_)) {
                return Ok(value);
            }
            lower = Some(self.alloc(value));
        }
        self.expect(Tok::Colon)?;
        let part = |p: &mut Self| -> R<Option<&'a Expr<'a>>> {
            if matches!(p.kind(), Tok::Colon | Tok::Comma | Tok::RBracket) {
                return Ok(None);
            }
            let value = p.expression()?;
            Ok(Some(p.alloc(value)))
        };
        let upper = part(self)?;
        let mut step = None;
        if self.accept(Tok::Colon) {
            let colon = self.prev_span();
            step = part(self)?;
            if step.is_none() && self.grammar.legacy {
                let none = self.constant(colon, Constant::None);
                step = Some(self.alloc(none));
            }
        }
        let below = height(lower).max(height(upper)).max(height(step));
        Ok(self.expr(start.to(self.prev_span()), below, ExprKind::Slice { lower, upper, step }))
    }

    pub(super) fn call(&mut self, start: Span, func: Expr<'a>) -> R<Expr<'a>> {
        let open = self.bump().span;
        let (args, keywords) = self.arguments(open, true)?;
        let end = self.expect(Tok::RPar)?.span;
        let span = start.to(end);
        let below = func.height.max(heights(args)).max(keywords.iter().map(|k| k.value.height).max().unwrap_or(0));
        let func = self.alloc(func);
        Ok(self.expr(span, below, ExprKind::Call { func, args, keywords }))
    }

    /// Arguments up to the closing parenthesis (not consumed). A sole generator needs no parentheses of its own.
    pub(super) fn arguments(&mut self, open: Span, call: bool) -> R<(&'a [Expr<'a>], &'a [Keyword<'a>])> {
        let (mut args, mut keywords) = (Vec::new(), Vec::new());
        let (mut named, mut unpacked, mut starred) = (false, false, false);
        let mut bare_generator: Option<Span> = None;
        while !self.at(Tok::RPar) {
            let start = self.span();
            match self.kind() {
                Tok::Star => {
                    if unpacked && !self.grammar.legacy {
                        let at = self.pos;
                        let value = self.attempt_plain(|p| p.starred())?;
                        // The range begins at the comma.
                        let comma = self.tokens[at - 1].span;
                        let span = value.map_or(start, |v| comma.to(v.span));
                        return self.error(span, "iterable argument unpacking follows keyword argument unpacking");
                    }
                    if starred && self.grammar.legacy {
                        return self.fail();
                    }
                    starred = true;
                    self.bump();
                    let value = self.expression()?;
                    let value = self.alloc(value);
                    let span = start.to(self.prev_span());
                    args.push(self.expr(span, value.height, ExprKind::Starred(value)));
                    if self.diagnosing && self.at(Tok::Equal) {
                        return self.error(span, "cannot assign to iterable argument unpacking");
                    }
                }
                Tok::DoubleStar => {
                    self.bump();
                    let value = self.expression()?;
                    keywords.push(Keyword { span: start.to(self.prev_span()), name: None, value });
                    unpacked = true;
                    if self.diagnosing && self.at(Tok::Equal) {
                        return self.error(start.to(value.span), "cannot assign to keyword argument unpacking");
                    }
                    if self.grammar.legacy {
                        // Nothing may follow, not even a comma.
                        if !self.at(Tok::RPar) {
                            return self.fail();
                        }
                    }
                }
                Tok::Name if self.ahead(1) == Tok::Equal => {
                    let name = self.name()?;
                    let equal = self.bump().span;
                    if self.diagnosing && matches!(self.kind(), Tok::Comma | Tok::RPar) {
                        return self.error(start.to(equal), "expected argument value expression");
                    }
                    let value = self.expression()?;
                    if self.diagnosing && self.is_comprehension() {
                        let msg = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                        return self.error(start.to(equal), msg);
                    }
                    keywords.push(Keyword { span: start.to(self.prev_span()), name: Some(name), value });
                    named = true;
                }
                Tok::None | Tok::True | Tok::False if self.ahead(1) == Tok::Equal => {
                    let text = self.kind().spelling();
                    let equal = self.tokens[self.pos + 1].span;
                    if self.grammar.legacy {
                        return self.error(start, format!("cannot assign to {text}"));
                    }
                    return self.error(start.to(equal), format!("cannot assign to {text}"));
                }
                _ => {
                    let value = if self.grammar.walrus && self.at(Tok::Name) && self.ahead(1) == Tok::Walrus {
                        self.named_expression()?
                    } else {
                        self.expression()?
                    };
                    if self.is_comprehension() {
                        let generators = self.comprehension(false)?;
                        let below = value.height.max(generator_height(generators));
                        let elt = self.alloc(value);
                        let sole = call && args.is_empty() && keywords.is_empty() && self.at(Tok::RPar);
                        let span = if sole { open.to(self.span()) } else { start.to(self.prev_span()) };
                        if !call && args.is_empty() && keywords.is_empty() && self.at(Tok::RPar) {
                            return self.fail();
                        }
                        if !sole {
                            bare_generator = Some(span);
                        }
                        args.push(self.expr(span, below, ExprKind::GeneratorExp { elt, generators }));
                    } else if self.at(Tok::Equal) {
                        if self.grammar.legacy {
                            return self.error(start, "keyword can't be an expression");
                        }
                        let equal = self.span();
                        if self.diagnosing {
                            let msg = "expression cannot contain assignment, perhaps you meant \"==\"?";
                            return self.error(value.span.to(equal), msg);
                        }
                        return self.fail();
                    } else {
                        args.push(value);
                    }
                    if unpacked || named {
                        if self.grammar.legacy && !starred {
                            return self.error(start, "non-keyword arg after keyword arg");
                        }
                        if self.grammar.legacy {
                            return self.error(start, "only named arguments may follow *expression");
                        }
                        let msg = if unpacked {
                            "positional argument follows keyword argument unpacking"
                        } else {
                            "positional argument follows keyword argument"
                        };
                        let span = self.span();
                        return self.error(span, msg);
                    }
                    if self.grammar.legacy && starred {
                        return self.error(start, "only named arguments may follow *expression");
                    }
                }
            }
            if !self.accept(Tok::Comma) {
                break;
            }
            if self.grammar.legacy && starred && self.at(Tok::RPar) {
                return self.fail();
            }
        }
        if let Some(span) = bare_generator {
            if self.grammar.legacy {
                if args.len() + keywords.len() > 1 {
                    return self.error(span, "Generator expression must be parenthesized if not sole argument");
                }
            } else if self.at(Tok::RPar) {
                return self.error(span, "Generator expression must be parenthesized");
            }
        }
        if self.grammar.legacy && args.len() + keywords.len() > 255 {
            return self.error(open, "more than 255 arguments");
        }
        Ok((self.list(&args), self.list(&keywords)))
    }
}

/// A span moved to `back` columns before its start.
fn start_of(span: Span, back: u32) -> Span {
    Span { col: span.col.saturating_sub(back), ..span }
}

pub(super) fn generator_height(generators: &[Comprehension]) -> u32 {
    generators.iter().map(|g| g.target.height.max(g.iter.height).max(heights(g.ifs))).max().unwrap_or(0)
}

/// What a target is for: decides wording and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TargetUse {
    Assign,
    For,
    With,
    Del,
}
