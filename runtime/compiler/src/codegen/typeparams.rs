//! Type parameters: generic functions, classes and aliases run in a scope of their own that makes the parameters.

use txpy_syntax::ast::*;

use super::func::Given;
use super::{Compiler, Result};
use crate::image::Const;
use crate::ops::{Op, helper::Helper, singleton};
use crate::symtable::{ScopeId, part};

impl<'a> Compiler<'a, '_> {
    /// Starts the unit of a type parameters' scope; the namespace of a class around it is its first parameter.
    fn begin_generic(&mut self, scope: ScopeId, name: &str, line: u32, params: usize) -> u16 {
        self.begin_unit(scope, &format!("<generic parameters of {name}>"), line);
        let sees = self.table.scopes[scope].sees_class;
        self.unit.namespace = sees;
        self.unit.argcount = params as u16 + sees as u16;
        // Parameters come before the scope's names, so their registers are 0, 1, ...
        let hidden: Vec<_> = [".defaults", ".kwdefaults"].iter().take(params).map(|&n| n.into()).collect();
        self.setup_registers(&hidden);
        sees as u16
    }

    /// Calls the generic scope's function with r[args ..]; its result in r[dest].
    fn run_generic(&mut self, image: crate::image::Image, scope: ScopeId, args: &[u16], dest: u16) {
        let mark = self.mark();
        let a = self.temps(5);
        let w = self.temps(4);
        for i in 0..3 {
            self.emit(Op::LOADS, w + i, singleton::UNSET, 0);
        }
        self.closure(image, scope, w, a);
        self.release(w);
        let mut n = 0;
        if self.table.scopes[scope].sees_class {
            let t = self.temp();
            self.emit(Op::MOVE, t, 0, 0);
            n += 1;
        }
        for &r in args {
            let t = self.temp();
            self.emit(Op::MOVE, t, r, 0);
            n += 1;
        }
        self.emit(Op::CALL, a, 0, n);
        self.emit(Op::MOVE, dest, a, 0);
        self.release(mark);
    }

    pub(super) fn generic_function(&mut self, span: Span, f: &'a FunctionDef<'a>, line: u32, dest: u16) -> Result<()> {
        let mark = self.mark();
        let w = self.temps(2);
        self.defaults(f.params, w)?;
        let has = [f.params.posonly.iter().chain(f.params.args).any(|p| p.default.is_some()), f.params.kwonly.iter().any(|p| p.default.is_some())];
        let args: Vec<u16> = (0..2).filter(|&i| has[i]).map(|i| w + i as u16).collect();
        let scope = self.table.find(f, part::TYPE_PARAMS);
        let base = self.begin_generic(scope, f.name, line, args.len());
        self.at(span);
        let params = self.make_params(f.type_params)?;
        let mut next = base;
        let mut take = |has: bool| {
            has.then(|| {
                next += 1;
                next - 1
            })
        };
        let given = Given { defaults: take(has[0]), kwdefaults: take(has[1]) };
        let d = self.temp();
        self.function_value(span, f, line, given, d)?;
        self.helper_call(Helper::SET_TYPE_PARAMS, &[d, params], d);
        self.emit(Op::RET, d, 0, 0);
        let image = self.end_unit()?;
        self.at(span);
        self.run_generic(image, scope, &args, dest);
        self.release(mark);
        Ok(())
    }

    pub(super) fn generic_class(&mut self, span: Span, c: &'a ClassDef<'a>, line: u32, dest: u16) -> Result<()> {
        let scope = self.table.find(c, part::TYPE_PARAMS);
        self.begin_generic(scope, c.name, line, 0);
        self.at(span);
        let params = self.make_params(c.type_params)?;
        let base = self.temp();
        self.helper_call(Helper::GENERIC, &[params], base);
        let class = self.class_value(span, c, line, Some(base))?;
        self.helper_call(Helper::SET_TYPE_PARAMS, &[class, params], class);
        self.emit(Op::RET, class, 0, 0);
        let image = self.end_unit()?;
        self.at(span);
        self.run_generic(image, scope, &[], dest);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, s: &'a Stmt<'a>, name: &'a Expr<'a>, type_params: &'a [TypeParam<'a>], value: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Name(n) = name.kind else { return self.error(name.span, "type alias needs a name") };
        let d = self.temp();
        let thunk = self.table.find(s, part::BODY);
        if type_params.is_empty() {
            self.alias_value(n, None, thunk, value, d)?;
        } else {
            let scope = self.table.find(s, part::TYPE_PARAMS);
            self.begin_generic(scope, n, s.span.line, 0);
            self.at(s.span);
            let params = self.make_params(type_params)?;
            let r = self.temp();
            self.alias_value(n, Some(params), thunk, value, r)?;
            self.emit(Op::RET, r, 0, 0);
            let image = self.end_unit()?;
            self.at(s.span);
            self.run_generic(image, scope, &[], d);
        }
        self.store_name(n, d, name.span)
    }

    fn alias_value(&mut self, name: &'a str, params: Option<u16>, thunk: ScopeId, value: &'a Expr<'a>, dest: u16) -> Result<()> {
        let mark = self.mark();
        let w = self.temps(3);
        self.load_const(Const::Name(name.into()), w);
        match params {
            Some(p) => self.emit(Op::MOVE, w + 1, p, 0),
            None => self.emit(Op::TUPLE, w + 1, w + 1, 0),
        }
        self.thunk(thunk, name, value, w + 2)?;
        self.helper_call(Helper::TYPEALIAS, &[w, w + 1, w + 2], dest);
        self.release(mark);
        Ok(())
    }

    fn helper_call(&mut self, helper: Helper, args: &[u16], dest: u16) {
        let mark = self.mark();
        let a = self.window(args.len());
        self.emit(Op::LOADX, a, helper as u16, 0);
        for (i, &r) in args.iter().enumerate() {
            self.emit(Op::MOVE, a + 5 + i as u16, r, 0);
        }
        self.emit(Op::CALL, a, 0, args.len() as u16);
        self.emit(Op::MOVE, dest, a, 0);
        self.release(mark);
    }

    /// A function without arguments that gives the value; the class namespace it sees is its default argument.
    fn thunk(&mut self, scope: ScopeId, name: &str, value: &'a Expr<'a>, dest: u16) -> Result<()> {
        self.enter(value.span)?;
        self.begin_unit(scope, name, value.span.line);
        let sees = self.table.scopes[scope].sees_class;
        self.unit.namespace = sees;
        self.unit.argcount = sees as u16;
        self.setup_registers(&[]);
        self.at(value.span);
        if let ExprKind::Starred(_) = value.kind {
            // The default of a TypeVarTuple: `*Ts` gives the unpacked tuple's one item.
            let d = self.annotation(value)?;
            self.emit(Op::RET, d, 0, 0);
        } else {
            let o = self.operand(value)?;
            self.emit(Op::RET, o.reg, 0, 0);
        }
        let image = self.end_unit()?;
        self.leave();
        let mark = self.mark();
        let w = self.temps(4);
        if sees {
            self.emit(Op::TUPLE, w, 0, 1);
        } else {
            self.emit(Op::LOADS, w, singleton::UNSET, 0);
        }
        for i in 1..3 {
            self.emit(Op::LOADS, w + i, singleton::UNSET, 0);
        }
        self.closure(image, scope, w, dest);
        self.release(mark);
        Ok(())
    }

    /// Makes and binds the parameters; gives the register of their tuple.
    fn make_params(&mut self, params: &'a [TypeParam<'a>]) -> Result<u16> {
        let tuple = self.temp();
        let first = self.temps(params.len());
        for (i, p) in params.iter().enumerate() {
            let d = first + i as u16;
            let mark = self.mark();
            self.at(p.span);
            let w = self.temps(2);
            self.load_const(Const::Name(p.name.into()), w);
            match (p.kind, p.bound) {
                (TypeParamKind::TypeVar, None) => self.helper_call(Helper::TYPEVAR, &[w], d),
                (TypeParamKind::TypeVar, Some(b)) => {
                    self.thunk(self.table.find(p, part::BOUND), p.name, b, w + 1)?;
                    let helper = if matches!(b.kind, ExprKind::Tuple(_)) { Helper::TYPEVAR_CONSTRAINTS } else { Helper::TYPEVAR_BOUND };
                    self.helper_call(helper, &[w, w + 1], d);
                }
                (TypeParamKind::ParamSpec, _) => self.helper_call(Helper::PARAMSPEC, &[w], d),
                (TypeParamKind::TypeVarTuple, _) => self.helper_call(Helper::TYPEVARTUPLE, &[w], d),
            }
            if let Some(default) = p.default {
                self.thunk(self.table.find(p, part::DEFAULT), p.name, default, w + 1)?;
                self.helper_call(Helper::SET_TYPE_DEFAULT, &[d, w + 1], d);
            } else if params[..i].iter().any(|q| q.default.is_some()) {
                return self.error(p.span, format!("non-default type parameter '{}' follows default type parameter", p.name));
            }
            self.store_name(p.name, d, p.span)?;
            self.release(mark);
        }
        self.emit(Op::TUPLE, tuple, first, params.len() as u16);
        self.release(tuple + 1);
        Ok(tuple)
    }
}
