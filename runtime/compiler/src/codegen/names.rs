//! Loading, storing and deleting names, wherever they live.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, Result};
use crate::image::Const;
use crate::ops::{Op, singleton};
use crate::symtable::{Name, Res, ScopeId, ScopeKind, def, mangle};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A local in a register.
    Reg(u16),
    /// The cell in a register; `free` when another function made it.
    Cell { reg: u16, free: bool },
    /// The class namespace, then the cell.
    NameCell(u16),
    Global,
    /// The namespace in r[0].
    Namespace,
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn mangled(&self, name: &'a str) -> Name<'a> {
        mangle(self.table.scopes[self.scope_here()].private, name)
    }

    /// Where the (mangled) name lives for the code at hand.
    pub(super) fn place(&self, name: &str) -> Place {
        let here = self.scope_here();
        let scope = &self.table.scopes[here];
        let inlined = here != self.unit.scope;
        let res = scope.res(name);
        if inlined {
            match res {
                Res::Local | Res::Cell | Res::Free => return self.place_around(name, here, res),
                Res::GlobalExplicit => return Place::Global,
                _ => return if self.unit.namespace && self.table.scopes[self.unit.scope].kind == ScopeKind::Module { Place::Namespace } else { Place::Global },
            }
        }
        if scope.kind == ScopeKind::Module {
            return if self.unit.namespace && res != Res::GlobalExplicit { Place::Namespace } else { Place::Global };
        }
        match res {
            Res::GlobalExplicit => Place::Global,
            Res::GlobalImplicit | Res::Unresolved => {
                if name == "__class__" && scope.class_cell && scope.get(name).is_none() {
                    return Place::Cell { reg: self.unit.cells["__class__"], free: false };
                }
                if self.unit.namespace { Place::Namespace } else { Place::Global }
            }
            Res::Local if scope.kind == ScopeKind::Class || (scope.dynamic && self.unit.namespace) => Place::Namespace,
            Res::Local => match self.unit.locals.get(name) {
                Some(&r) => Place::Reg(r),
                None => Place::Global,
            },
            Res::Cell => match self.unit.cells.get(name) {
                Some(&reg) => Place::Cell { reg, free: false },
                None => Place::Global,
            },
            Res::Free => match self.unit.cells.get(name) {
                Some(&reg) if (scope.kind == ScopeKind::Class || scope.sees_class) && scope.flags(name) & def::NONLOCAL == 0 && self.unit.namespace => Place::NameCell(reg),
                Some(&reg) => Place::Cell { reg, free: true },
                None => Place::Global,
            },
        }
    }

    /// A name that an inlined comprehension shares with scopes around it.
    fn place_around(&self, name: &str, here: ScopeId, res: Res) -> Place {
        let mut res = res;
        let mut at = here;
        for inline in self.unit.inline.iter().rev() {
            if inline.scope != at {
                continue;
            }
            match res {
                Res::Local => return Place::Reg(inline.regs[name]),
                Res::Cell => return Place::Cell { reg: inline.regs[name], free: false },
                _ => {}
            }
            at = self.table.scopes[at].parent.unwrap_or(0);
            let parent = &self.table.scopes[at];
            res = match parent.res(name) {
                r @ (Res::Local | Res::Cell) if parent.kind.is_function() => r,
                _ => Res::Free,
            };
        }
        match res {
            Res::Local => match self.unit.locals.get(name) {
                Some(&r) => Place::Reg(r),
                None => Place::Namespace,
            },
            _ => {
                let own = self.unit.cellvars.iter().any(|(n, _)| n == name);
                match self.unit.cells.get(name) {
                    Some(&reg) => Place::Cell { reg, free: !own },
                    None => Place::Global,
                }
            }
        }
    }

    pub(super) fn load_name(&mut self, name: &'a str, dest: Option<u16>) -> Opnd {
        let name = self.mangled(name);
        self.load_mangled(&name, dest)
    }

    pub(super) fn load_mangled(&mut self, name: &str, dest: Option<u16>) -> Opnd {
        let place = self.place(name);
        if let Place::Reg(reg) = place {
            self.check_bound(name, reg);
            return match dest {
                Some(d) if d != reg => {
                    self.emit(Op::MOVE, d, reg, 0);
                    Opnd { reg: d, temp: self.is_temp(d) }
                }
                Some(_) => Opnd { reg, temp: false },
                None => Opnd { reg, temp: false },
            };
        }
        let d = dest.unwrap_or_else(|| self.temp());
        let n = self.unit.asm.name(name);
        match place {
            Place::Reg(_) => {}
            Place::Cell { reg, free } => self.emit_x(Op::LOADC, free as u8, d, reg, n),
            Place::NameCell(cell) => self.emit(Op::LOADNC, d, n, cell),
            Place::Global => self.emit(Op::LOADG, d, n, 0),
            Place::Namespace => self.emit(Op::LOADN, d, n, 0),
        }
        Opnd { reg: d, temp: self.is_temp(d) }
    }

    /// A CHECK where the local may be unbound.
    fn check_bound(&mut self, name: &str, reg: u16) {
        let bound = self.unit.asm.flow.as_ref().is_none_or(|f| f.has(reg));
        if bound {
            return;
        }
        let n = self.unit.asm.name(name);
        self.emit(Op::CHECK, reg, n, 0);
        self.note_unset(reg);
        self.set_bound(name, reg);
    }

    fn note_unset(&mut self, reg: u16) {
        if reg < self.unit.temps {
            if !self.unit.unset.contains(&reg) {
                self.unit.unset.push(reg);
            }
            return;
        }
        for i in self.unit.inline.iter_mut().rev() {
            if let Some(Some(at)) = i.clear.get(&reg).copied() {
                self.unit.asm.patch(at, Op::LOADS, 0, reg, singleton::UNSET, 0);
                return;
            }
        }
    }

    /// Names that are deleted somewhere are never taken for bound.
    fn set_bound(&mut self, name: &str, reg: u16) {
        let deleted = reg < self.unit.temps && self.table.scopes[self.unit.scope].flags(name) & def::DELETED != 0;
        if !deleted && let Some(f) = &mut self.unit.asm.flow {
            f.set(reg, true);
        }
    }

    /// The register of a name that is a plain local: expressions may write it directly.
    pub(super) fn local_reg(&self, name: &'a str) -> Option<u16> {
        match self.place(&self.mangled(name)) {
            Place::Reg(r) => Some(r),
            _ => None,
        }
    }

    /// After an instruction wrote a local's register.
    pub(super) fn wrote_local(&mut self, name: &'a str, reg: u16) {
        let name = self.mangled(name);
        self.set_bound(&name, reg);
    }

    pub(super) fn check_store(&self, name: &str, span: Span) -> Result<()> {
        if name == "__debug__" {
            return self.error(span, "cannot assign to __debug__");
        }
        if self.legacy && name == "None" {
            return self.error(span, "cannot assign to None");
        }
        Ok(())
    }

    pub(super) fn store_name(&mut self, name: &'a str, value: u16, span: Span) -> Result<()> {
        self.check_store(name, span)?;
        let name = self.mangled(name);
        let n = |c: &mut Self| c.unit.asm.name(&name);
        match self.place(&name) {
            Place::Reg(r) => {
                if r != value {
                    self.emit(Op::MOVE, r, value, 0);
                }
                self.set_bound(&name, r);
            }
            Place::Cell { reg, .. } => self.emit(Op::STOREC, reg, value, 0),
            Place::NameCell(_) | Place::Namespace => {
                let n = n(self);
                self.emit(Op::STOREN, value, n, 0);
            }
            Place::Global => {
                let n = n(self);
                self.emit(Op::STOREG, value, n, 0);
            }
        }
        Ok(())
    }

    pub(super) fn delete_name(&mut self, name: &'a str, span: Span) -> Result<()> {
        if name == "__debug__" {
            return self.error(span, "cannot delete __debug__");
        }
        let name = self.mangled(name);
        let n = self.unit.asm.name(&name);
        match self.place(&name) {
            Place::Reg(r) => {
                self.emit(Op::DELLOCAL, r, n, 0);
                self.note_unset(r);
            }
            Place::Cell { reg, free } => {
                if self.legacy {
                    return self.error(span, format!("can not delete variable '{name}' referenced in nested scope"));
                }
                self.emit_x(Op::DELC, free as u8, reg, n, 0);
            }
            Place::NameCell(_) | Place::Namespace => self.emit(Op::DELN, 0, n, 0),
            Place::Global => self.emit(Op::DELG, 0, n, 0),
        }
        Ok(())
    }

    /// `except ... as name` at its end: None, then unbound, without an error if the clause deleted it.
    pub(super) fn unbind(&mut self, target: &'a Expr<'a>) -> Result<()> {
        let ExprKind::Name(n) = target.kind else { return Ok(()) };
        let saved = self.unit.asm.span;
        self.at(target.span);
        if let Some(r) = self.local_reg(n) {
            self.emit(Op::LOADS, r, singleton::UNSET, 0);
            self.note_unset(r);
        } else {
            let mark = self.mark();
            let t = self.temp();
            self.emit(Op::LOADS, t, singleton::NONE, 0);
            self.store_name(n, t, target.span)?;
            self.release(mark);
            self.delete_name(n, target.span)?;
        }
        self.at(saved);
        Ok(())
    }

    pub(super) fn load_const(&mut self, c: Const, dest: u16) {
        match c {
            Const::None => self.emit(Op::LOADS, dest, singleton::NONE, 0),
            Const::True => self.emit(Op::LOADS, dest, singleton::TRUE, 0),
            Const::False => self.emit(Op::LOADS, dest, singleton::FALSE, 0),
            Const::Ellipsis => self.emit(Op::LOADS, dest, singleton::ELLIPSIS, 0),
            Const::Int(i) if i32::try_from(i).is_ok() => self.unit.asm.emit_int(Op::LOADI, dest, i as i32),
            c => self.unit.asm.emit_const(Op::LOADK, 0, dest, 0, 0, c),
        }
    }
}
