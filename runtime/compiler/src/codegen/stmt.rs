//! Statements other than loops, `try`, `with`, `match` and definitions.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{BlockKind, Compiler, NONE_REG, Result};
use crate::image::Const;
use crate::ops::{Op, helper::Helper, singleton};

impl<'a> Compiler<'a, '_> {
    pub(super) fn body(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        for s in body {
            self.stmt(s)?;
        }
        Ok(())
    }

    fn stmt(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        self.enter(s.span)?;
        self.at(s.span);
        let mark = self.mark();
        self.stmt_inner(s)?;
        self.release(mark);
        self.leave();
        Ok(())
    }

    fn stmt_inner(&mut self, s: &'a Stmt<'a>) -> Result<()> {
        match &s.kind {
            StmtKind::FunctionDef(f) => self.function_def(s, f),
            StmtKind::ClassDef(c) => self.class_def(s, c),
            StmtKind::Return(v) => self.return_stmt(s, *v),
            StmtKind::Delete(targets) => {
                for t in *targets {
                    self.delete(t)?;
                }
                Ok(())
            }
            StmtKind::Assign { targets, value } => self.assign(targets, value),
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(s, name, type_params, value),
            StmtKind::AugAssign { target, op, value } => self.aug_assign(s, target, *op, value),
            StmtKind::AnnAssign { target, annotation, value, simple } => self.ann_assign(target, annotation, *value, *simple),
            StmtKind::For { target, iter, body, orelse, is_async: false } => self.for_loop(s, target, iter, body, orelse),
            StmtKind::For { target, iter, body, orelse, is_async: true } => self.async_for(s, target, iter, body, orelse),
            StmtKind::While { test, body, orelse } => self.while_loop(s, test, body, orelse),
            StmtKind::If { clauses, orelse } => self.if_stmt(clauses, orelse),
            StmtKind::With { items, body, is_async } => self.with_stmt(s, items, body, *is_async),
            StmtKind::Match { subject, cases } => self.match_stmt(subject, cases),
            StmtKind::Raise { exc, cause } => {
                let Some(exc) = exc else {
                    self.emit(Op::RAISE0, 0, 0, 0);
                    return Ok(());
                };
                let e = self.operand(exc)?;
                let c = match cause {
                    Some(c) => {
                        let e = self.hold(e, [*c]);
                        (e, Some(self.operand(c)?.reg))
                    }
                    None => (e, None),
                };
                self.at(s.span);
                self.emit_x(Op::RAISE, c.1.is_some() as u8, c.0.reg, c.1.unwrap_or(NONE_REG), 0);
                Ok(())
            }
            StmtKind::Raise2 { exc, value, traceback } => {
                if exc.is_none() {
                    self.emit(Op::RAISE0, 0, 0, 0);
                    return Ok(());
                }
                let w = self.mark();
                for part in [exc, value, traceback] {
                    self.push_or_unset(*part)?;
                }
                self.at(s.span);
                self.emit(Op::RAISE3, w, 0, 0);
                Ok(())
            }
            StmtKind::Try(t) if t.is_star => self.try_star(s, t),
            StmtKind::Try(t) => self.try_stmt(s, t),
            StmtKind::Assert { test, msg } => self.assert_stmt(s, test, *msg),
            StmtKind::Import(names) => self.import(s, names),
            StmtKind::ImportFrom { module, names, level } => self.import_from(s, *module, names, *level),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) | StmtKind::Pass => Ok(()),
            StmtKind::Expr(e) if self.interactive && self.outer.is_empty() => {
                let o = self.operand(e)?;
                self.at(s.span);
                self.emit(Op::DISPLAY, o.reg, 0, 0);
                Ok(())
            }
            StmtKind::Expr(e) => self.effect(e),
            StmtKind::Break => self.break_or_continue(s, true),
            StmtKind::Continue => self.break_or_continue(s, false),
            StmtKind::Print { dest, values, newline } => self.print_stmt(s, *dest, values, *newline),
            StmtKind::Exec { body, globals, locals } => self.exec_stmt(s, body, *globals, *locals),
        }
    }

    fn push_or_unset(&mut self, e: Option<&'a Expr<'a>>) -> Result<u16> {
        match e {
            Some(e) => self.push(e),
            None => {
                let t = self.temp();
                self.emit(Op::LOADS, t, singleton::UNSET, 0);
                Ok(t)
            }
        }
    }

    fn if_stmt(&mut self, clauses: &'a [IfClause<'a>], orelse: &'a [Stmt<'a>]) -> Result<()> {
        let end = self.label();
        for (i, c) in clauses.iter().enumerate() {
            let next = self.label();
            self.cond(&c.test, next, false)?;
            self.body(c.body)?;
            if i + 1 < clauses.len() || !orelse.is_empty() {
                self.unit.asm.jmp(end);
            }
            self.unit.asm.place(next);
        }
        self.body(orelse)?;
        self.unit.asm.place(end);
        Ok(())
    }

    fn return_stmt(&mut self, s: &'a Stmt<'a>, v: Option<&'a Expr<'a>>) -> Result<()> {
        if !self.scope().kind.is_function() {
            return self.error(s.span, "'return' outside function");
        }
        if self.unit.blocks.iter().any(|b| matches!(b.kind, BlockKind::Star)) {
            return self.error(s.span, "'break', 'continue' and 'return' cannot appear in an except* block");
        }
        let generator = self.table.scopes[self.unit.scope].generator;
        if let Some(v) = v {
            if generator && self.unit.is_async {
                return self.error(s.span, "'return' with value in async generator");
            }
            if generator && self.legacy {
                return self.error(s.span, "'return' with argument inside generator");
            }
            // A constant is made after the cleanup, where it needs no register meanwhile.
            if self.fold(v).is_none() {
                let mut o = self.operand(v)?;
                if !o.temp && self.unwinding_runs(0) {
                    o = Opnd { reg: self.push_opnd(o), temp: true };
                }
                let left = self.unwind(0)?;
                if let Some(home) = self.unit.exc_home {
                    self.restore_home(home);
                }
                self.at(s.span);
                self.emit(Op::RET, o.reg, 0, 0);
                self.rewind(left);
                return Ok(());
            }
        }
        let left = self.unwind(0)?;
        self.at(s.span);
        match v.and_then(|v| self.fold(v)) {
            None | Some(Const::None) => self.return_none(),
            Some(c) => {
                if let Some(home) = self.unit.exc_home {
                    self.restore_home(home);
                }
                let t = self.temp();
                self.load_const(c, t);
                self.emit(Op::RET, t, 0, 0);
            }
        }
        self.rewind(left);
        Ok(())
    }

    fn assert_stmt(&mut self, s: &'a Stmt<'a>, test: &'a Expr<'a>, msg: Option<&'a Expr<'a>>) -> Result<()> {
        if self.options.optimize > 0 {
            return Ok(());
        }
        let ok = self.label();
        self.cond(test, ok, true)?;
        let a = self.temp();
        self.at(test.span);
        self.emit(Op::LOADX, a, Helper::ASSERTION_ERROR as u16, 0);
        if let Some(m) = msg {
            self.temps(4);
            self.push(m)?;
            self.at(s.span);
            self.emit(Op::CALL, a, 0, 1);
        }
        self.at(test.span);
        self.emit_x(Op::RAISE, 0, a, NONE_REG, 0);
        self.unit.asm.place(ok);
        Ok(())
    }

    /// Level and from-list in two registers, then the module in the first of them.
    fn import_module(&mut self, s: &'a Stmt<'a>, name: &str, level: i64, from: Const) -> u16 {
        self.at(s.span);
        let w = self.temps(2);
        self.load_const(Const::Int(level), w);
        self.load_const(from, w + 1);
        let n = self.unit.asm.name(name);
        self.emit(Op::IMPORT, w, n, w);
        w
    }

    /// What level 0 means: 2.7 tries the package of the importing module first.
    fn import_level(&self, level: u32) -> i64 {
        if level == 0 && self.legacy && !self.future.absolute_import { -1 } else { level as i64 }
    }

    fn import(&mut self, s: &'a Stmt<'a>, names: &'a [Alias<'a>]) -> Result<()> {
        for a in names {
            let mark = self.mark();
            let level = self.import_level(0);
            let m = self.import_module(s, a.name, level, Const::None);
            let bound = match a.asname {
                None => a.name.split('.').next().unwrap_or(a.name),
                Some(asname) => {
                    for part in a.name.split('.').skip(1) {
                        let n = self.unit.asm.name(part);
                        self.emit(if self.legacy { Op::GETATTR } else { Op::IMPORTFROM }, m, m, n);
                    }
                    asname
                }
            };
            self.store_name(bound, m, s.span)?;
            self.release(mark);
        }
        Ok(())
    }

    fn import_from(&mut self, s: &'a Stmt<'a>, module: Option<&'a str>, names: &'a [Alias<'a>], level: u32) -> Result<()> {
        let from = Const::Tuple(names.iter().map(|a| Const::Name(a.name.into())).collect());
        let level = self.import_level(level);
        let m = self.import_module(s, module.unwrap_or(""), level, from);
        if names.iter().any(|a| a.name == "*") {
            self.emit_x(Op::IMPORTSTAR, self.unit.namespace as u8, m, 0, 0);
            return Ok(());
        }
        let t = self.temp();
        for a in names {
            self.at(a.span);
            let n = self.unit.asm.name(a.name);
            let bound = a.asname.unwrap_or(a.name);
            let d = self.local_reg(bound).unwrap_or(t);
            self.emit(Op::IMPORTFROM, d, m, n);
            self.store_name(bound, d, s.span)?;
        }
        Ok(())
    }

    fn print_stmt(&mut self, s: &'a Stmt<'a>, dest: Option<&'a Expr<'a>>, values: &'a [Expr<'a>], newline: bool) -> Result<()> {
        let to = match dest {
            Some(d) => {
                let o = self.operand(d)?;
                self.hold(o, values).reg
            }
            None => NONE_REG,
        };
        for v in values {
            let mark = self.mark();
            let o = self.operand(v)?;
            self.at(s.span);
            self.emit(Op::PRINT, o.reg, to, 0);
            self.release(mark);
        }
        if newline {
            self.at(s.span);
            self.emit(Op::PRINTNL, 0, to, 0);
        }
        Ok(())
    }

    fn exec_stmt(&mut self, s: &'a Stmt<'a>, body: &'a Expr<'a>, globals: Option<&'a Expr<'a>>, locals: Option<&'a Expr<'a>>) -> Result<()> {
        // `exec(code, globals, locals)` is the statement, too.
        let (body, globals, locals) = match (&body.kind, globals) {
            (ExprKind::Tuple([b, g]), None) => (b, Some(g), None),
            (ExprKind::Tuple([b, g, l]), None) => (b, Some(g), Some(l)),
            _ => (body, globals, locals),
        };
        let b = self.push(body)?;
        let g = self.push_or_unset(globals)?;
        let l = self.push_or_unset(locals)?;
        self.at(s.span);
        self.emit(Op::EXEC, b, g, l);
        Ok(())
    }
}
