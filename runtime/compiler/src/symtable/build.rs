//! First pass over statements: opens scopes, notes definitions, uses and declarations.

use std::collections::HashMap;

use txpy_syntax::ast::*;
use txpy_syntax::{FutureFlags, Grammar, SyntaxError};

use super::{Name, Res, Scope, ScopeId, ScopeKind, SymTable, Symbol, def, mangle, node, part};
use crate::errors::{MAX_DEPTH, error_at, too_deep};

pub type Result<T> = std::result::Result<T, SyntaxError>;

pub struct Builder<'a> {
    pub(super) table: SymTable<'a>,
    pub(super) current: ScopeId,
    pub(super) source: &'a str,
    pub(super) legacy: bool,
    /// Annotations are kept as text: not part of any scope.
    pub(super) lazy_annotations: bool,
    pub(super) depth: u32,
    /// Future imports that are still to come in their place.
    futures: usize,
}

impl<'a> Builder<'a> {
    pub fn new(tree: &Tree<'a>, grammar: &Grammar) -> Builder<'a> {
        Builder {
            table: SymTable { scopes: Vec::new(), by_node: HashMap::new(), warnings: Vec::new() },
            current: 0,
            source: tree.source,
            legacy: grammar.legacy,
            lazy_annotations: tree.flags.annotations,
            depth: 0,
            futures: 0,
        }
    }

    pub fn finish(self) -> SymTable<'a> {
        self.table
    }

    pub(super) fn error<T>(&self, span: Span, msg: impl Into<String>) -> Result<T> {
        Err(error_at(self.source, self.legacy, span, msg))
    }

    pub(super) fn scope(&mut self) -> &mut Scope<'a> {
        &mut self.table.scopes[self.current]
    }

    pub(super) fn open(&mut self, key: (usize, u8), kind: ScopeKind, name: &'a str) -> ScopeId {
        let parent = self.table.scopes.get(self.current);
        let private = parent.and_then(|p| p.private);
        let nested = parent.is_some_and(|p| p.nested || p.kind.is_function());
        let sees_class = matches!(kind, ScopeKind::TypeParams | ScopeKind::TypeThunk) && parent.is_some_and(|p| p.kind == ScopeKind::Class || p.sees_class);
        let id = self.table.scopes.len();
        self.table.scopes.push(Scope {
            kind,
            name,
            parent: parent.map(|_| self.current),
            symbols: HashMap::new(),
            order: Vec::new(),
            frees: Vec::new(),
            private,
            inlined: kind.is_comp() && kind != ScopeKind::GenExp,
            nested,
            generator: false,
            returns_value: false,
            coroutine: false,
            dynamic: false,
            bare_exec: None,
            import_star: None,
            class_cell: false,
            sees_class,
            binds_in_expr: false,
            in_iterable: 0,
            has_free: false,
            child_free: false,
            has_annotations: false,
        });
        self.table.by_node.insert(key, id);
        self.current = id;
        id
    }

    pub(super) fn close(&mut self, back: ScopeId) {
        self.current = back;
    }

    pub fn module(&mut self, tree: &Tree<'a>) -> Result<()> {
        self.open((0, part::BODY), ScopeKind::Module, "<module>");
        let is_future = |s: &Stmt<'_>| matches!(s.kind, StmtKind::ImportFrom { module: Some("__future__"), .. });
        let is_text = |s: &Stmt<'_>| matches!(s.kind, StmtKind::Expr(Expr { kind: ExprKind::Constant { value: Constant::Str(_) | Constant::Bytes(_), .. }, .. }));
        self.futures = tree.body.iter().enumerate().take_while(|(i, s)| is_future(s) || (*i == 0 && is_text(s))).filter(|(_, s)| is_future(s)).count();
        self.body(tree.body)
    }

    pub(super) fn add(&mut self, name: &'a str, flags: u16, span: Span) {
        self.add_to(self.current, name, flags, span);
    }

    pub(super) fn add_to(&mut self, scope: ScopeId, name: &'a str, flags: u16, span: Span) {
        let scope = &mut self.table.scopes[scope];
        let name: Name<'a> = mangle(scope.private, name);
        match scope.symbols.get_mut(&name) {
            Some(s) => s.flags |= flags,
            None => {
                scope.order.push(name.clone());
                scope.symbols.insert(name, Symbol { flags, res: Res::Unresolved, span });
            }
        }
    }

    pub(super) fn flags_here(&self, name: &'a str) -> u16 {
        let scope = &self.table.scopes[self.current];
        scope.flags(&mangle(scope.private, name))
    }

    pub(super) fn body(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        for s in body {
            self.stmt(s)?;
        }
        Ok(())
    }

    pub(super) fn enter(&mut self, span: Span) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(too_deep(span)) } else { Ok(()) }
    }

    fn stmt(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        self.enter(s.span)?;
        let r = self.stmt_inner(s);
        self.depth -= 1;
        r
    }

    fn stmt_inner(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        match &s.kind {
            StmtKind::FunctionDef(f) => self.function_def(f, s.span)?,
            StmtKind::ClassDef(c) => self.class_def(c, s.span)?,
            StmtKind::Return(v) => {
                self.opt(*v)?;
                if v.is_some() && self.legacy {
                    self.scope().returns_value = true;
                    if self.scope().generator {
                        return self.error(s.span, "'return' with argument inside generator");
                    }
                }
            }
            StmtKind::Delete(targets) => {
                for t in *targets {
                    self.target_flags(t, def::BOUND | def::DELETED)?;
                }
            }
            StmtKind::Assign { targets, value } => {
                self.expr(value)?;
                for t in *targets {
                    self.target(t)?;
                }
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                if let ExprKind::Name(n) = name.kind {
                    self.add(n, def::BOUND, name.span);
                }
                let outer = self.current;
                let alias = match name.kind {
                    ExprKind::Name(n) => n,
                    _ => "<alias>",
                };
                if !type_params.is_empty() {
                    self.open((node(s), part::TYPE_PARAMS), ScopeKind::TypeParams, alias);
                    self.type_params(type_params)?;
                }
                self.thunk((node(s), part::BODY), alias, value)?;
                self.close(outer);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.target(target)?;
                self.expr(value)?;
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => self.ann_assign(s.span, target, annotation, *value, *simple)?,
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.expr(iter)?;
                self.target(target)?;
                self.body(body)?;
                self.body(orelse)?;
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test)?;
                self.body(body)?;
                self.body(orelse)?;
            }
            StmtKind::If { clauses, orelse } => {
                for c in *clauses {
                    self.expr(&c.test)?;
                    self.body(c.body)?;
                }
                self.body(orelse)?;
            }
            StmtKind::With { items, body, .. } => {
                for item in *items {
                    self.expr(&item.context)?;
                    if let Some(t) = item.target {
                        self.target(t)?;
                    }
                }
                self.body(body)?;
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject)?;
                for case in *cases {
                    self.pattern(&case.pattern)?;
                    self.opt(case.guard)?;
                    self.body(case.body)?;
                }
            }
            StmtKind::Raise { exc, cause } => {
                self.opt(*exc)?;
                self.opt(*cause)?;
            }
            StmtKind::Raise2 { exc, value, traceback } => {
                self.opt(*exc)?;
                self.opt(*value)?;
                self.opt(*traceback)?;
            }
            StmtKind::Try(t) => {
                self.body(t.body)?;
                for h in t.handlers {
                    self.opt(h.typ)?;
                    if let Some(target) = h.target {
                        self.target_flags(target, if self.legacy { def::BOUND } else { def::BOUND | def::DELETED })?;
                    }
                    self.body(h.body)?;
                }
                self.body(t.orelse)?;
                self.body(t.finalbody)?;
            }
            StmtKind::Assert { test, msg } => {
                self.lint_assert(test, s.span);
                self.expr(test)?;
                self.opt(*msg)?;
            }
            StmtKind::Import(names) => {
                for a in *names {
                    let bound = a.asname.unwrap_or_else(|| a.name.split('.').next().unwrap_or(a.name));
                    self.add(bound, def::BOUND, a.span);
                }
            }
            StmtKind::ImportFrom { names, module, .. } => {
                if *module == Some("__future__") {
                    self.future_import(s.span, names)?;
                }
                for a in *names {
                    if a.name == "*" {
                        let legacy = self.legacy;
                        if self.scope().kind != ScopeKind::Module {
                            if !legacy {
                                return self.error(a.span, "import * only allowed at module level");
                            }
                            self.scope().dynamic = true;
                            self.scope().import_star = Some(s.span);
                        }
                    } else {
                        self.add(a.asname.unwrap_or(a.name), def::BOUND, a.span);
                    }
                }
            }
            StmtKind::Global(names) => self.declare_global(names, s.span)?,
            StmtKind::Nonlocal(names) => self.declare_nonlocal(names, s.span)?,
            StmtKind::Expr(e) => self.expr(e)?,
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
            StmtKind::Print { dest, values, .. } => {
                self.opt(*dest)?;
                for v in *values {
                    self.expr(v)?;
                }
            }
            StmtKind::Exec { body, globals, locals } => {
                self.expr(body)?;
                self.opt(*globals)?;
                self.opt(*locals)?;
                // `exec(code, globals)` is the same statement with a tuple.
                let tuple = matches!(body.kind, ExprKind::Tuple(t) if t.len() == 2 || t.len() == 3);
                if globals.is_none() && !tuple && self.scope().kind.is_function() {
                    self.scope().dynamic = true;
                    self.scope().bare_exec = Some(s.span);
                }
            }
        }
        Ok(())
    }

    /// Future imports stand at the start and name features that exist.
    fn future_import(&mut self, span: Span, names: &'a [Alias<'a>]) -> Result<()> {
        if self.futures == 0 {
            return self.error(span, "from __future__ imports must occur at the beginning of the file");
        }
        self.futures -= 1;
        for a in names {
            if a.name == "braces" {
                return self.error(span, "not a chance");
            }
            if !FutureFlags::default().enable(a.name, self.legacy) {
                return self.error(span, format!("future feature {} is not defined", a.name));
            }
        }
        Ok(())
    }

    fn ann_assign(&mut self, span: Span, target: &'a Expr<'a>, annotation: &'a Expr<'a>, value: Option<&'a Expr<'a>>, simple: bool) -> Result<()> {
        if let ExprKind::Name(n) = target.kind {
            let f = self.flags_here(n);
            if simple && f & (def::GLOBAL | def::NONLOCAL) != 0 && self.scope().kind != ScopeKind::Module {
                let what = if f & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                return self.error(span, format!("annotated name '{n}' can't be {what}"));
            }
            if simple {
                self.scope().has_annotations = true;
                self.add(n, def::ANNOTATED | def::BOUND, target.span);
            } else if value.is_some() {
                self.add(n, def::BOUND, target.span);
            }
        } else {
            self.target(target)?;
        }
        self.annotation(annotation)?;
        self.opt(value)
    }

    pub(super) fn annotation(&mut self, e: &'a Expr<'a>) -> Result<()> {
        if self.lazy_annotations { Ok(()) } else { self.expr(e) }
    }

    fn declare_global(&mut self, names: &'a [&'a str], span: Span) -> Result<()> {
        for n in names {
            let f = self.flags_here(n);
            if self.legacy {
                if f & def::PARAM != 0 {
                    return self.error(span, format!("name '{n}' is local and global"));
                }
                if f & (def::BOUND | def::USED) != 0 {
                    let how = if f & def::BOUND != 0 { "assigned to before" } else { "used prior to" };
                    self.warn(span, format!("name '{n}' is {how} global declaration"));
                }
            } else if f & (def::PARAM | def::BOUND | def::ANNOTATED | def::USED) != 0 {
                let msg = if f & def::PARAM != 0 {
                    format!("name '{n}' is parameter and global")
                } else if f & def::USED != 0 {
                    format!("name '{n}' is used prior to global declaration")
                } else if f & def::ANNOTATED != 0 {
                    format!("annotated name '{n}' can't be global")
                } else {
                    format!("name '{n}' is assigned to before global declaration")
                };
                return self.error(span, msg);
            }
            self.add(n, def::GLOBAL, span);
        }
        Ok(())
    }

    fn declare_nonlocal(&mut self, names: &'a [&'a str], span: Span) -> Result<()> {
        for n in names {
            let f = self.flags_here(n);
            let msg = if self.scope().kind == ScopeKind::Module {
                "nonlocal declaration not allowed at module level".to_string()
            } else if f & def::PARAM != 0 {
                format!("name '{n}' is parameter and nonlocal")
            } else if f & def::USED != 0 {
                format!("name '{n}' is used prior to nonlocal declaration")
            } else if f & def::ANNOTATED != 0 {
                format!("annotated name '{n}' can't be nonlocal")
            } else if f & def::BOUND != 0 {
                format!("name '{n}' is assigned to before nonlocal declaration")
            } else {
                self.add(n, def::NONLOCAL, span);
                continue;
            };
            return self.error(span, msg);
        }
        Ok(())
    }

    fn function_def(&mut self, f: &'a FunctionDef<'a>, span: Span) -> Result<()> {
        self.add(f.name, def::BOUND, span);
        self.param_defaults(f.params)?;
        for d in f.decorators {
            self.expr(d)?;
        }
        let outer = self.current;
        if !f.type_params.is_empty() {
            self.open((node(f), part::TYPE_PARAMS), ScopeKind::TypeParams, f.name);
            self.type_params(f.type_params)?;
        }
        self.param_annotations(f.params)?;
        if let Some(r) = f.returns {
            self.annotation(r)?;
        }
        let inner = self.current;
        self.open((node(f), part::BODY), ScopeKind::Function, f.name);
        self.scope().coroutine = f.is_async;
        self.params(f.params)?;
        self.body(f.body)?;
        self.close(inner);
        self.close(outer);
        Ok(())
    }

    fn class_def(&mut self, c: &'a ClassDef<'a>, span: Span) -> Result<()> {
        self.add(c.name, def::BOUND, span);
        for d in c.decorators {
            self.expr(d)?;
        }
        let outer = self.current;
        if !c.type_params.is_empty() {
            self.open((node(c), part::TYPE_PARAMS), ScopeKind::TypeParams, c.name);
            self.scope().private = Some(c.name);
            self.type_params(c.type_params)?;
        }
        for b in c.bases {
            self.expr(b)?;
        }
        for k in c.keywords {
            self.expr(&k.value)?;
        }
        let inner = self.current;
        self.open((node(c), part::BODY), ScopeKind::Class, c.name);
        self.scope().private = Some(c.name);
        self.body(c.body)?;
        self.close(inner);
        self.close(outer);
        Ok(())
    }

    fn type_params(&mut self, params: &'a [TypeParam<'a>]) -> Result<()> {
        for p in params {
            if self.flags_here(p.name) & def::TYPE_PARAM != 0 {
                return self.error(p.span, format!("duplicate type parameter '{}'", p.name));
            }
            self.add(p.name, def::BOUND | def::TYPE_PARAM, p.span);
        }
        for p in params {
            if let Some(b) = p.bound {
                self.thunk((node(p), part::BOUND), p.name, b)?;
            }
            if let Some(d) = p.default {
                self.thunk((node(p), part::DEFAULT), p.name, d)?;
            }
        }
        Ok(())
    }

    fn thunk(&mut self, key: (usize, u8), name: &'a str, e: &'a Expr<'a>) -> Result<()> {
        let outer = self.current;
        self.open(key, ScopeKind::TypeThunk, name);
        self.expr(e)?;
        self.close(outer);
        Ok(())
    }

    fn pattern(&mut self, p: &'a Pattern<'a>) -> Result<()> {
        self.enter(p.span)?;
        match &p.kind {
            PatternKind::Value(e) => self.expr(e)?,
            PatternKind::Singleton(_) => {}
            PatternKind::Sequence(ps) | PatternKind::Or(ps) => {
                for p in *ps {
                    self.pattern(p)?;
                }
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                for k in *keys {
                    self.expr(k)?;
                }
                for p in *patterns {
                    self.pattern(p)?;
                }
                if let Some(r) = rest {
                    self.add(r, def::BOUND, p.span);
                }
            }
            PatternKind::Class { cls, patterns, keywords } => {
                self.expr(cls)?;
                for p in *patterns {
                    self.pattern(p)?;
                }
                for k in *keywords {
                    self.pattern(&k.pattern)?;
                }
            }
            PatternKind::Star(name) => {
                if let Some(n) = name {
                    self.add(n, def::BOUND, p.span);
                }
            }
            PatternKind::As { pattern, name } => {
                if let Some(p) = pattern {
                    self.pattern(p)?;
                }
                if let Some(n) = name {
                    self.add(n, def::BOUND, p.span);
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn param_defaults(&mut self, p: &'a Parameters<'a>) -> Result<()> {
        for p in p.posonly.iter().chain(p.args).chain(p.kwonly) {
            self.opt(p.default)?;
        }
        Ok(())
    }

    fn param_annotations(&mut self, p: &'a Parameters<'a>) -> Result<()> {
        for p in p.posonly.iter().chain(p.args).chain(p.vararg).chain(p.kwonly).chain(p.kwarg) {
            if let Some(a) = p.annotation {
                self.annotation(a)?;
            }
        }
        Ok(())
    }

    fn params(&mut self, p: &'a Parameters<'a>) -> Result<()> {
        for p in p.posonly.iter().chain(p.args).chain(p.kwonly).chain(p.vararg).chain(p.kwarg) {
            self.param(p.name, p.span)?;
        }
        for p in p.posonly.iter().chain(p.args) {
            if let Some(t) = p.tuple {
                self.tuple_param(t)?;
            }
        }
        Ok(())
    }

    fn param(&mut self, name: &'a str, span: Span) -> Result<()> {
        if self.flags_here(name) & def::PARAM != 0 {
            return self.error(span, format!("duplicate argument '{name}' in function definition"));
        }
        self.add(name, def::PARAM, span);
        Ok(())
    }

    fn tuple_param(&mut self, t: &'a Expr<'a>) -> Result<()> {
        match t.kind {
            ExprKind::Name(n) => {
                if self.flags_here(n) & (def::PARAM | def::BOUND) != 0 {
                    return self.error(t.span, format!("duplicate argument '{n}' in function definition"));
                }
                self.add(n, def::BOUND, t.span);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.enter(t.span)?;
                for i in items {
                    self.tuple_param(i)?;
                }
                self.depth -= 1;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn lambda(&mut self, e: &'a Expr<'a>, params: &'a Parameters<'a>, body: &'a Expr<'a>) -> Result<()> {
        self.param_defaults(params)?;
        let outer = self.current;
        self.open((node(e), part::BODY), ScopeKind::Lambda, "<lambda>");
        self.params(params)?;
        self.expr(body)?;
        self.close(outer);
        Ok(())
    }
}
