//! Parameters of functions and lambdas, and type parameters.

use super::*;

impl<'a> Parser<'a> {
    /// Parameters of a `def`, up to the closing parenthesis.
    pub(super) fn def_params(&mut self) -> R<&'a Parameters<'a>> {
        self.parameters(Tok::RPar, self.grammar.annotations)
    }

    /// Parameters of a lambda, up to the colon.
    pub(super) fn lambda_params(&mut self) -> R<&'a Parameters<'a>> {
        self.parameters(Tok::Colon, false)
    }

    pub(super) fn params_height(&self, p: &Parameters<'a>) -> u32 {
        let lists = [p.posonly, p.args, p.kwonly].into_iter().flatten();
        lists.chain(p.vararg).chain(p.kwarg).map(|p| height(p.default).max(height(p.annotation))).max().unwrap_or(0)
    }

    fn parameters(&mut self, end: Tok, annotated: bool) -> R<&'a Parameters<'a>> {
        let keyword_only = self.grammar.keyword_only;
        let mut result = Parameters::default();
        let (mut posonly, mut args, mut kwonly) = (Vec::new(), Vec::new(), Vec::new());
        let mut star = false;
        let mut slash = false;
        let mut defaults = false;
        while !self.at(end) {
            let start = self.span();
            if result.kwarg.is_some() {
                return match self.kind() {
                    _ if self.grammar.legacy => self.fail(),
                    Tok::Name => self.error(start, "arguments cannot follow var-keyword argument"),
                    Tok::Star | Tok::DoubleStar | Tok::Slash => {
                        self.error(start, "arguments cannot follow var-keyword argument")
                    }
                    _ => self.fail(),
                };
            }
            match self.kind() {
                Tok::Slash if keyword_only => {
                    if slash {
                        return self.error(start, "/ may appear only once");
                    }
                    if star {
                        return self.error(start, "/ must be ahead of *");
                    }
                    if args.is_empty() && self.ahead(1) != Tok::Comma {
                        return self.fail();
                    }
                    if args.is_empty() {
                        return self.error(start, "at least one argument must precede /");
                    }
                    slash = true;
                    self.bump();
                    posonly = std::mem::take(&mut args);
                }
                Tok::Star => {
                    if star {
                        return if keyword_only { self.error(start, "* argument may appear only once") } else { self.fail() };
                    }
                    star = true;
                    self.bump();
                    if keyword_only && (self.at(Tok::Comma) || self.at(end)) {
                        let after = if self.at(Tok::Comma) { self.ahead(1) } else { end };
                        if after == end || after == Tok::DoubleStar {
                            return self.error(start, "named arguments must follow bare *");
                        }
                    } else {
                        let param = self.param(annotated, true)?;
                        if self.at(Tok::Equal) && keyword_only {
                            return self.error(self.span(), "var-positional argument cannot have default value");
                        }
                        result.vararg = Some(self.alloc(param));
                    }
                }
                Tok::DoubleStar => {
                    self.bump();
                    let param = self.param(annotated, false)?;
                    if self.at(Tok::Equal) && keyword_only {
                        return self.error(self.span(), "var-keyword argument cannot have default value");
                    }
                    result.kwarg = Some(self.alloc(param));
                }
                Tok::LPar if self.grammar.tuple_params => {
                    if star {
                        return self.fail();
                    }
                    let mut param = self.tuple_param(args.len())?;
                    if param.tuple.is_none() && self.at(Tok::Equal) {
                        return self.error(start, "parenthesized arg with default");
                    }
                    self.default(&mut param, &mut defaults, false)?;
                    args.push(param);
                }
                Tok::LPar if self.diagnosing => {
                    let what = if end == Tok::Colon { "Lambda expression parameters" } else { "Function parameters" };
                    return self.error(start, format!("{what} cannot be parenthesized"));
                }
                _ => {
                    if star && !keyword_only {
                        return self.fail();
                    }
                    let mut param = self.param(annotated, false)?;
                    self.default(&mut param, &mut defaults, star)?;
                    if star { kwonly.push(param) } else { args.push(param) }
                }
            }
            if !self.accept(Tok::Comma) {
                break;
            }
            if self.grammar.legacy && star && self.at(end) {
                return self.fail();
            }
        }
        result.posonly = self.list(&posonly);
        result.args = self.list(&args);
        result.kwonly = self.list(&kwonly);
        Ok(self.alloc(result))
    }

    fn param(&mut self, annotated: bool, star: bool) -> R<Param<'a>> {
        let start = self.span();
        let name = self.name()?;
        let mut annotation = None;
        if annotated && self.accept(Tok::Colon) {
            let value = if star { self.star_expression()? } else { self.expression()? };
            annotation = Some(self.alloc(value));
        }
        Ok(Param { span: start.to(self.prev_span()), name, annotation, default: None, tuple: None })
    }

    /// `= value`; after one default all positional parameters need one.
    fn default(&mut self, param: &mut Param<'a>, seen: &mut bool, keyword_only: bool) -> R<()> {
        if self.at(Tok::Equal) {
            let equal = self.bump().span;
            if self.diagnosing && matches!(self.kind(), Tok::RPar | Tok::Comma) {
                return self.error(equal, "expected default value expression");
            }
            let value = self.expression()?;
            param.default = Some(self.alloc(value));
            *seen |= !keyword_only;
        } else if *seen && !keyword_only {
            let legacy = self.grammar.legacy;
            let msg = if legacy {
                "non-default argument follows default argument"
            } else {
                "parameter without a default follows parameter with a default"
            };
            return self.error(param.span, msg);
        }
        Ok(())
    }

    /// 2.7: `(a, (b, c))`. A single name in parentheses is just that parameter.
    fn tuple_param(&mut self, position: usize) -> R<Param<'a>> {
        let target = self.parameter_target()?;
        let span = target.span;
        if let ExprKind::Name(name) = target.kind {
            return Ok(Param { span, name, annotation: None, default: None, tuple: None });
        }
        let name = self.arena.alloc_str(&format!(".{position}"));
        Ok(Param { span, name, annotation: None, default: None, tuple: Some(self.alloc(target)) })
    }

    fn parameter_target(&mut self) -> R<Expr<'a>> {
        let start = self.span();
        if !self.accept(Tok::LPar) {
            let name = self.name()?;
            return Ok(self.expr(start, 0, ExprKind::Name(name)));
        }
        self.enter()?;
        let first = self.parameter_target()?;
        let result = if self.at(Tok::Comma) {
            let mut items = vec![first];
            while self.accept(Tok::Comma) {
                if self.at(Tok::RPar) {
                    break;
                }
                items.push(self.parameter_target()?);
            }
            let below = heights(&items);
            let items = self.list(&items);
            self.expr(start.to(self.span()), below, ExprKind::Tuple(items))
        } else {
            first
        };
        self.leave();
        self.expect(Tok::RPar)?;
        Ok(result)
    }

    /// `[T: int = str, *Ts, **P]`, or nothing.
    pub(super) fn type_params(&mut self) -> R<&'a [TypeParam<'a>]> {
        if !self.grammar.type_params || !self.at(Tok::LBracket) {
            return Ok(&[]);
        }
        self.bump();
        if self.at(Tok::RBracket) {
            return self.error(self.span(), "Type parameter list cannot be empty");
        }
        let mut params = Vec::new();
        let mut seen_default = false;
        loop {
            let start = self.span();
            let kind = match self.kind() {
                Tok::Star => TypeParamKind::TypeVarTuple,
                Tok::DoubleStar => TypeParamKind::ParamSpec,
                _ => TypeParamKind::TypeVar,
            };
            if kind != TypeParamKind::TypeVar {
                self.bump();
            }
            let name = self.name()?;
            let (mut bound, mut default) = (None, None);
            if self.at(Tok::Colon) {
                let colon = self.bump().span;
                let value = self.expression()?;
                if kind != TypeParamKind::TypeVar {
                    let tuple = matches!(value.kind, ExprKind::Tuple(_));
                    let msg = match (kind, tuple) {
                        (TypeParamKind::TypeVarTuple, true) => "cannot use constraints with TypeVarTuple",
                        (TypeParamKind::TypeVarTuple, false) => "cannot use bound with TypeVarTuple",
                        (_, true) => "cannot use constraints with ParamSpec",
                        (_, false) => "cannot use bound with ParamSpec",
                    };
                    return self.error(colon, msg);
                }
                bound = Some(self.alloc(value));
            }
            if self.accept(Tok::Equal) {
                let star = kind == TypeParamKind::TypeVarTuple;
                let value = if star { self.star_expression()? } else { self.expression()? };
                default = Some(self.alloc(value));
                seen_default = true;
            } else if seen_default {
                let msg = format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(start.to(self.prev_span()), msg);
            }
            params.push(TypeParam { span: start.to(self.prev_span()), name, kind, bound, default });
            if !self.accept(Tok::Comma) || self.at(Tok::RBracket) {
                break;
            }
        }
        self.expect(Tok::RBracket)?;
        Ok(self.list(&params))
    }
}
