//! First pass over expressions: names, lambdas, comprehensions, `:=`, `yield`.

use txpy_syntax::ast::*;

use super::build::{Builder, Result};
use super::{ScopeKind, def, node, part};

impl<'a> Builder<'a> {
    pub(super) fn opt(&mut self, e: Option<&'a Expr<'a>>) -> Result<()> {
        match e {
            Some(e) => self.expr(e),
            None => Ok(()),
        }
    }

    fn all(&mut self, es: &'a [Expr<'a>]) -> Result<()> {
        for e in es {
            self.expr(e)?;
        }
        Ok(())
    }

    /// Long left spines (`a + b + c ...`, `a.b.c()...`) are walked in a loop; only right sides recurse.
    pub(super) fn expr(&mut self, mut e: &'a Expr<'a>) -> Result<()> {
        if e.height <= 4 {
            return self.expr_node(e).map(|_| ());
        }
        self.enter(e.span)?;
        let mut spine: Vec<&'a Expr<'a>> = Vec::new();
        while let Some(next) = left_child(e) {
            spine.push(e);
            e = next;
        }
        self.expr_node(e)?;
        while let Some(e) = spine.pop() {
            match &e.kind {
                ExprKind::BinOp { right, .. } => self.expr(right)?,
                ExprKind::Subscript { index, .. } => self.expr(index)?,
                ExprKind::Compare { comparators, .. } => self.all(comparators)?,
                ExprKind::Call { func, args, keywords } => {
                    self.zero_super(func, e.span);
                    self.all(args)?;
                    for k in *keywords {
                        self.expr(&k.value)?;
                    }
                }
                _ => {}
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn zero_super(&mut self, func: &Expr<'a>, span: Span) {
        if !self.legacy && matches!(func.kind, ExprKind::Name("super")) && self.scope().kind.is_function() {
            self.add("__class__", def::USED, span);
        }
    }

    fn expr_node(&mut self, e: &'a Expr<'a>) -> Result<()> {
        self.lint(e);
        match &e.kind {
            ExprKind::BoolOp { values, .. } => self.all(values)?,
            ExprKind::Named { target, value } => self.named(e, target, value)?,
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)?;
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand)?,
            ExprKind::Lambda { params, body } => self.lambda(e, params, body)?,
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)?;
            }
            ExprKind::Dict(items) => {
                for i in *items {
                    self.opt(i.key.as_ref())?;
                    self.expr(&i.value)?;
                }
            }
            ExprKind::Set(v) | ExprKind::List(v) | ExprKind::Tuple(v) | ExprKind::JoinedStr(v) => self.all(v)?,
            ExprKind::ListComp { elt, generators } if self.legacy => {
                self.scope().binds_in_expr = true;
                for g in *generators {
                    self.expr(&g.iter)?;
                    self.target(&g.target)?;
                    self.all(g.ifs)?;
                }
                self.expr(elt)?;
            }
            ExprKind::ListComp { elt, generators } => self.comp(e, ScopeKind::ListComp, elt, None, generators)?,
            ExprKind::SetComp { elt, generators } => self.comp(e, ScopeKind::SetComp, elt, None, generators)?,
            ExprKind::DictComp { key, value, generators } => self.comp(e, ScopeKind::DictComp, key, Some(value), generators)?,
            ExprKind::GeneratorExp { elt, generators } => self.comp(e, ScopeKind::GenExp, elt, None, generators)?,
            ExprKind::Await(v) => {
                self.check_thunk(e.span, "await expression")?;
                self.mark_async();
                self.expr(v)?;
            }
            ExprKind::Yield(v) => {
                self.check_yield(e.span)?;
                self.opt(*v)?;
            }
            ExprKind::YieldFrom(v) => {
                self.check_yield(e.span)?;
                self.expr(v)?;
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.all(comparators)?;
            }
            ExprKind::Call { func, args, keywords } => {
                self.zero_super(func, e.span);
                self.expr(func)?;
                self.all(args)?;
                for k in *keywords {
                    self.expr(&k.value)?;
                }
            }
            ExprKind::FormattedValue { value, format_spec, .. } => {
                self.expr(value)?;
                self.opt(*format_spec)?;
            }
            ExprKind::Constant { .. } => {}
            ExprKind::Attribute { value, .. } | ExprKind::Starred(value) | ExprKind::Repr(value) => self.expr(value)?,
            ExprKind::Subscript { value, index } => {
                self.expr(value)?;
                self.expr(index)?;
            }
            ExprKind::Name(n) => {
                self.add(n, def::USED, e.span);
                if *n == "super" {
                    self.zero_super(e, e.span);
                }
            }
            ExprKind::Slice { lower, upper, step } => {
                self.opt(*lower)?;
                self.opt(*upper)?;
                self.opt(*step)?;
            }
        }
        Ok(())
    }

    fn check_thunk(&mut self, span: Span, what: &str) -> Result<()> {
        match self.scope().kind {
            ScopeKind::TypeThunk => self.error(span, format!("{what} cannot be used within a type alias")),
            ScopeKind::TypeParams => self.error(span, format!("{what} cannot be used within the definition of a generic")),
            _ => Ok(()),
        }
    }

    fn check_yield(&mut self, span: Span) -> Result<()> {
        self.check_thunk(span, "yield expression")?;
        if !self.legacy {
            let what = match self.scope().kind {
                ScopeKind::ListComp => "list comprehension",
                ScopeKind::SetComp => "set comprehension",
                ScopeKind::DictComp => "dict comprehension",
                ScopeKind::GenExp => "generator expression",
                _ => "",
            };
            if !what.is_empty() {
                return self.error(span, format!("'yield' inside {what}"));
            }
        }
        let mut id = self.current;
        while self.table.scopes[id].inlined {
            match self.table.scopes[id].parent {
                Some(p) => id = p,
                None => break,
            }
        }
        self.table.scopes[id].generator = true;
        // 2.7 names the line of whichever comes second.
        if self.table.scopes[id].returns_value {
            return self.error(span, "'return' with argument inside generator");
        }
        Ok(())
    }

    /// `await` or `async for` makes a generator expression around it asynchronous.
    fn mark_async(&mut self) {
        let mut id = self.current;
        while self.table.scopes[id].inlined
            && let Some(p) = self.table.scopes[id].parent
        {
            id = p;
        }
        if self.table.scopes[id].kind == ScopeKind::GenExp {
            self.table.scopes[id].coroutine = true;
        }
    }

    fn comp(&mut self, e: &'a Expr<'a>, kind: ScopeKind, elt: &'a Expr<'a>, value: Option<&'a Expr<'a>>, generators: &'a [Comprehension<'a>]) -> Result<()> {
        let Some(first) = generators.first() else { return Ok(()) };
        self.scope().in_iterable += 1;
        self.expr(&first.iter)?;
        self.scope().in_iterable -= 1;
        let outer = self.current;
        let name = match kind {
            ScopeKind::ListComp => "<listcomp>",
            ScopeKind::SetComp => "<setcomp>",
            ScopeKind::DictComp => "<dictcomp>",
            _ => "<genexpr>",
        };
        // A comprehension in an iterable of another one must not bind with `:=` either.
        let inherited = self.scope().in_iterable;
        self.open((node(e), part::BODY), kind, name);
        self.scope().in_iterable = inherited;
        if kind == ScopeKind::GenExp {
            self.scope().generator = true;
            self.add(".0", def::PARAM, e.span);
        }
        for (i, g) in generators.iter().enumerate() {
            if i > 0 {
                self.scope().in_iterable += 1;
                self.expr(&g.iter)?;
                self.scope().in_iterable -= 1;
            }
            self.target_flags(&g.target, def::BOUND | def::ITERATION)?;
            self.all(g.ifs)?;
            if g.is_async {
                self.mark_async();
            }
        }
        self.expr(elt)?;
        self.opt(value)?;
        self.close(outer);
        Ok(())
    }

    fn named(&mut self, e: &'a Expr<'a>, target: &'a Expr<'a>, value: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Name(n) = target.kind else { return self.expr(value) };
        self.check_thunk(e.span, "named expression")?;
        if self.scope().in_iterable > 0 {
            return self.error(e.span, "assignment expression cannot be used in a comprehension iterable expression");
        }
        if self.scope().kind.is_comp() {
            self.extend_walrus(n, target.span)?;
        } else {
            self.add(n, def::BOUND, target.span);
            self.scope().binds_in_expr = true;
        }
        self.expr(value)
    }

    /// `:=` in a comprehension binds in the nearest scope that is none.
    fn extend_walrus(&mut self, n: &'a str, span: Span) -> Result<()> {
        let mut id = self.current;
        let mut passed = Vec::new();
        loop {
            let scope = &self.table.scopes[id];
            let key = super::mangle(scope.private, n);
            if scope.kind.is_comp() {
                if scope.flags(&key) & def::ITERATION != 0 {
                    return self.error(span, format!("assignment expression cannot rebind comprehension iteration variable '{n}'"));
                }
                passed.push(id);
                id = scope.parent.unwrap_or(0);
                continue;
            }
            let in_scope = scope.flags(&key);
            let flags = match scope.kind {
                ScopeKind::Class => return self.error(span, "assignment expression within a comprehension cannot be used in a class body"),
                ScopeKind::TypeParams => return self.error(span, "assignment expression within a comprehension cannot be used within the definition of a generic"),
                ScopeKind::TypeThunk => return self.error(span, "assignment expression within a comprehension cannot be used in a type alias"),
                ScopeKind::Module => def::GLOBAL,
                _ if in_scope & def::GLOBAL != 0 => def::GLOBAL,
                _ => def::NONLOCAL,
            };
            if flags != def::GLOBAL {
                self.add_to(id, n, if in_scope & def::NONLOCAL != 0 { def::USED } else { def::BOUND }, span);
            } else if self.table.scopes[id].kind == ScopeKind::Module {
                self.add_to(id, n, def::BOUND, span);
            }
            self.table.scopes[id].binds_in_expr = true;
            for c in passed {
                self.add_to(c, n, flags | def::WALRUS, span);
            }
            return Ok(());
        }
    }

    pub(super) fn target(&mut self, t: &'a Expr<'a>) -> Result<()> {
        self.target_flags(t, def::BOUND)
    }

    pub(super) fn target_flags(&mut self, t: &'a Expr<'a>, flags: u16) -> Result<()> {
        match &t.kind {
            ExprKind::Name(n) => {
                if flags & def::ITERATION != 0 && self.flags_here(n) & def::WALRUS != 0 {
                    return self.error(t.span, format!("comprehension inner loop cannot rebind assignment expression target '{n}'"));
                }
                self.add(n, flags, t.span);
                Ok(())
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.enter(t.span)?;
                for i in *items {
                    self.target_flags(i, flags)?;
                }
                self.depth -= 1;
                Ok(())
            }
            ExprKind::Starred(v) => {
                self.enter(t.span)?;
                self.target_flags(v, flags)?;
                self.depth -= 1;
                Ok(())
            }
            _ => self.expr(t),
        }
    }
}

/// The operand evaluated first, for kinds of which long chains are written.
fn left_child<'a>(e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
    match &e.kind {
        ExprKind::BinOp { left, .. } => Some(left),
        ExprKind::Compare { left, .. } => Some(left),
        ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => Some(value),
        ExprKind::Call { func, .. } => Some(func),
        _ => None,
    }
}
