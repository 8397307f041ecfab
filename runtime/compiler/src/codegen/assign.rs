//! Assignment: targets, unpacking, augmented and annotated assignment, deletion.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, Result};
use crate::image::Const;
use crate::ops::{Op, x};
use crate::symtable::ScopeKind;

impl<'a> Compiler<'a, '_> {
    pub(super) fn assign(&mut self, targets: &'a [Expr<'a>], value: &'a Expr<'a>) -> Result<()> {
        let mark = self.mark();
        if let [target] = targets {
            match &target.kind {
                ExprKind::Name(n) => {
                    self.check_store(n, target.span)?;
                    if let Some(r) = self.local_reg(n) {
                        self.value_to(value, r)?;
                        self.wrote_local(n, r);
                        self.release(mark);
                        return Ok(());
                    }
                }
                ExprKind::Tuple(ts) | ExprKind::List(ts) => {
                    if let ExprKind::Tuple(vs) | ExprKind::List(vs) = &value.kind
                        && vs.len() == ts.len()
                        && vs.len() <= 16
                        && !vs.iter().chain(*ts).any(|e| matches!(e.kind, ExprKind::Starred(_)))
                    {
                        self.assign_each(ts, vs)?;
                        self.release(mark);
                        return Ok(());
                    }
                }
                _ => {}
            }
            let v = self.operand(value)?;
            let v = self.hold(v, [target]);
            self.store(target, v.reg)?;
            self.release(mark);
            return Ok(());
        }
        let mut v = self.operand(value)?;
        if !v.temp {
            // One of the targets may rebind the local.
            v = Opnd { reg: self.push_opnd(v), temp: true };
        }
        for t in targets {
            self.store(t, v.reg)?;
        }
        self.release(mark);
        Ok(())
    }

    /// `a, b = x, y` without a tuple: all values first, then the stores from left to right.
    fn assign_each(&mut self, ts: &'a [Expr<'a>], vs: &'a [Expr<'a>]) -> Result<()> {
        let mut regs = Vec::with_capacity(vs.len());
        for (i, v) in vs.iter().enumerate() {
            // A local that no target rebinds before it is stored needs no copy.
            let o = match v.kind {
                ExprKind::Name(n) if self.local_reg(n).is_some() => {
                    let o = self.operand(v)?;
                    let rebound = ts[..i].iter().any(|t| !matches!(t.kind, ExprKind::Attribute { .. } | ExprKind::Subscript { .. }) && !matches!(t.kind, ExprKind::Name(m) if m != n));
                    let held = self.hold(o, vs[i + 1..].iter().chain(ts));
                    if rebound && !held.temp { Opnd { reg: self.push_opnd(o), temp: true } } else { held }
                }
                _ => self.operand(v)?,
            };
            regs.push(o.reg);
        }
        for (t, r) in ts.iter().zip(regs) {
            self.store(t, r)?;
        }
        Ok(())
    }

    /// Stores r[value] to a target.
    pub(super) fn store(&mut self, target: &'a Expr<'a>, value: u16) -> Result<()> {
        let mark = self.mark();
        self.at(target.span);
        match &target.kind {
            ExprKind::Name(n) => self.store_name(n, value, target.span)?,
            ExprKind::Attribute { value: object, attr } => {
                self.check_store(attr, target.span)?;
                self.note_static(object, attr);
                let o = self.operand(object)?;
                self.at(target.span);
                let attr = self.mangled(attr);
                let n = self.unit.asm.name(&attr);
                self.emit(Op::SETATTR, o.reg, value, n);
            }
            ExprKind::Subscript { value: object, index } => {
                let o = self.operand(object)?;
                let o = self.hold(o, [*index]);
                if let Some((lower, upper)) = self.plain_slice(index) {
                    let w = self.slice_bounds(lower, upper)?;
                    self.at(target.span);
                    self.emit(Op::SETSLICE, o.reg, w, value);
                } else {
                    let i = self.operand(index)?;
                    self.at(target.span);
                    self.emit(Op::SETITEM, o.reg, i.reg, value);
                }
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.unpack(target, items, value)?,
            ExprKind::Starred(_) => return self.error(target.span, "starred assignment target must be in a list or tuple"),
            _ => return self.error(target.span, "cannot assign to expression here. Maybe you meant '==' instead of '='?"),
        }
        self.release(mark);
        Ok(())
    }

    fn unpack(&mut self, target: &'a Expr<'a>, items: &'a [Expr<'a>], value: u16) -> Result<()> {
        self.enter(target.span)?;
        let star = items.iter().position(|i| matches!(i.kind, ExprKind::Starred(_)));
        let first;
        if let Some(s) = star {
            if items[s + 1..].iter().any(|i| matches!(i.kind, ExprKind::Starred(_))) {
                return self.error(target.span, "multiple starred expressions in assignment");
            }
            let after = items.len() - s - 1;
            if after > 255 {
                return self.error(target.span, "too many expressions in star-unpacking assignment");
            }
            first = self.temps(items.len());
            self.at(target.span);
            self.emit_x(Op::UNPACKEX, after as u8, value, first, s as u16);
        } else {
            if let Some(regs) = self.consecutive_locals(items) {
                self.emit(Op::UNPACK, value, regs, items.len() as u16);
                for (i, t) in items.iter().enumerate() {
                    if let ExprKind::Name(n) = t.kind {
                        self.check_store(n, t.span)?;
                        self.wrote_local(n, regs + i as u16);
                    }
                }
                self.leave();
                return Ok(());
            }
            first = self.temps(items.len());
            self.emit(Op::UNPACK, value, first, items.len() as u16);
        }
        for (i, t) in items.iter().enumerate() {
            let t = match &t.kind {
                ExprKind::Starred(inner) => inner,
                _ => t,
            };
            self.store(t, first.saturating_add(i as u16))?;
        }
        self.leave();
        Ok(())
    }

    /// Targets that are locals in registers next to each other, in order.
    fn consecutive_locals(&self, items: &'a [Expr<'a>]) -> Option<u16> {
        let mut first = None;
        for (i, t) in items.iter().enumerate() {
            let ExprKind::Name(n) = t.kind else { return None };
            let r = self.local_reg(n)?;
            match first {
                None => first = Some(r),
                Some(f) if f as usize + i == r as usize => {}
                _ => return None,
            }
        }
        first
    }

    /// 3.13's `__static_attributes__`: attributes of `self` that methods assign.
    fn note_static(&mut self, object: &Expr<'a>, attr: &'a str) {
        if self.legacy || !matches!(object.kind, ExprKind::Name("self")) || !self.scope().kind.is_function() {
            return;
        }
        let table = &self.table;
        if let Some(class) = self.outer.iter_mut().rev().find(|u| table.scopes[u.scope].kind == ScopeKind::Class)
            && !class.static_attrs.iter().any(|a| a == attr)
        {
            class.static_attrs.push(attr.to_string());
        }
    }

    pub(super) fn aug_assign(&mut self, s: &'a Stmt<'a>, target: &'a Expr<'a>, op: BinOp, value: &'a Expr<'a>) -> Result<()> {
        let mark = self.mark();
        match &target.kind {
            ExprKind::Name(n) => {
                self.check_store(n, target.span)?;
                self.at(target.span);
                let o = self.load_name(n, None);
                let o = self.hold(o, [value]);
                if let Some(r) = self.local_reg(n) {
                    self.finish_bin_op(s.span, o, op, value, x::INPLACE, self.mark(), Some(r))?;
                    self.wrote_local(n, r);
                } else {
                    let r = self.finish_bin_op(s.span, o, op, value, x::INPLACE, mark, None)?;
                    self.store_name(n, r.reg, target.span)?;
                }
            }
            ExprKind::Attribute { value: object, attr } => {
                self.check_store(attr, target.span)?;
                self.note_static(object, attr);
                let o = self.operand(object)?;
                let o = self.hold(o, [value]);
                let t = self.temp();
                let attr = self.mangled(attr);
                let n = self.unit.asm.name(&attr);
                self.at(target.span);
                self.emit_x(Op::GETATTR, x::INPLACE, t, o.reg, n);
                self.finish_bin_op(s.span, Opnd { reg: t, temp: true }, op, value, x::INPLACE, t + 1, Some(t))?;
                self.at(target.span);
                self.emit(Op::SETATTR, o.reg, t, n);
            }
            ExprKind::Subscript { value: object, index } => {
                let o = self.operand(object)?;
                let o = self.hold(o, [*index, value]);
                let slice = self.plain_slice(index);
                let i = match slice {
                    Some((lower, upper)) => Opnd { reg: self.slice_bounds(lower, upper)?, temp: true },
                    None => {
                        let i = self.operand(index)?;
                        self.hold(i, [value])
                    }
                };
                let t = self.temp();
                self.at(target.span);
                match slice {
                    Some(_) => self.emit(Op::GETSLICE, t, o.reg, i.reg),
                    None => self.emit_x(Op::GETITEM, x::INPLACE, t, o.reg, i.reg),
                }
                self.finish_bin_op(s.span, Opnd { reg: t, temp: true }, op, value, x::INPLACE, t + 1, Some(t))?;
                self.at(target.span);
                self.emit(if slice.is_some() { Op::SETSLICE } else { Op::SETITEM }, o.reg, i.reg, t);
            }
            _ => return self.error(target.span, "illegal expression for augmented assignment"),
        }
        self.release(mark);
        Ok(())
    }

    pub(super) fn ann_assign(&mut self, target: &'a Expr<'a>, annotation: &'a Expr<'a>, value: Option<&'a Expr<'a>>, simple: bool) -> Result<()> {
        if let Some(v) = value {
            self.assign(std::slice::from_ref(target), v)?;
        }
        let mark = self.mark();
        let outer = matches!(self.scope().kind, ScopeKind::Module | ScopeKind::Class);
        match &target.kind {
            ExprKind::Name(n) => {
                self.check_store(n, target.span)?;
                if simple && outer {
                    let v = self.annotation(annotation)?;
                    self.at(target.span);
                    let d = self.load_mangled("__annotations__", None);
                    let k = self.temp();
                    let name = self.mangled(n).to_string();
                    self.load_const(Const::Name(name.into()), k);
                    self.emit(Op::SETITEM, d.reg, k, v);
                } else if outer && !self.future.annotations {
                    self.effect(annotation)?;
                }
            }
            ExprKind::Attribute { value: object, attr } => {
                self.check_store(attr, target.span)?;
                if value.is_none() {
                    self.effect(object)?;
                }
                if outer && !self.future.annotations {
                    self.effect(annotation)?;
                }
            }
            ExprKind::Subscript { value: object, index } => {
                if value.is_none() {
                    self.effect(object)?;
                    self.effect(index)?;
                }
                if outer && !self.future.annotations {
                    self.effect(annotation)?;
                }
            }
            _ => return self.error(target.span, "illegal target for annotation"),
        }
        self.release(mark);
        Ok(())
    }

    pub(super) fn delete(&mut self, target: &'a Expr<'a>) -> Result<()> {
        let mark = self.mark();
        self.at(target.span);
        match &target.kind {
            ExprKind::Name(n) => self.delete_name(n, target.span)?,
            ExprKind::Attribute { value, attr } => {
                let o = self.operand(value)?;
                let attr = self.mangled(attr);
                let n = self.unit.asm.name(&attr);
                self.at(target.span);
                self.emit(Op::DELATTR, o.reg, n, 0);
            }
            ExprKind::Subscript { value, index } => {
                let o = self.operand(value)?;
                let o = self.hold(o, [*index]);
                if let Some((lower, upper)) = self.plain_slice(index) {
                    let w = self.slice_bounds(lower, upper)?;
                    self.at(target.span);
                    self.emit(Op::DELSLICE, o.reg, w, 0);
                } else {
                    let i = self.operand(index)?;
                    self.at(target.span);
                    self.emit(Op::DELITEM, o.reg, i.reg, 0);
                }
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                self.enter(target.span)?;
                for i in *items {
                    self.delete(i)?;
                }
                self.leave();
            }
            _ => return self.error(target.span, "cannot delete expression"),
        }
        self.release(mark);
        Ok(())
    }
}
