//! Displays: lists, tuples, sets, dicts and f-strings. Long ones are filled piece by piece, so that they need few registers.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, NONE_REG, Result};
use crate::image::Const;
use crate::ops::Op;

/// Most elements that are laid out in registers at once.
const CHUNK: usize = 32;

fn starred(items: &[Expr<'_>]) -> bool {
    items.iter().any(|i| matches!(i.kind, ExprKind::Starred(_)))
}

impl<'a> Compiler<'a, '_> {
    fn all_constants(&self, items: &[Expr<'a>]) -> Option<Box<[Const]>> {
        items.iter().map(|i| self.fold(i)).collect::<Option<Vec<_>>>().map(Into::into)
    }

    /// Few elements without `*`: all in a row, then one instruction.
    fn build(&mut self, e: &'a Expr<'a>, op: Op, items: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        let mark = self.mark();
        for i in items {
            self.push(i)?;
        }
        self.release(mark);
        let d = self.dest(dest);
        self.at(e.span);
        self.emit(op, d, mark, items.len() as u16);
        self.result(d)
    }

    pub(super) fn list(&mut self, e: &'a Expr<'a>, items: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        if items.len() >= 3
            && let Some(all) = self.all_constants(items)
        {
            let w = self.work(dest);
            let t = self.temp();
            self.emit(Op::LIST, w, w, 0);
            self.load_const(Const::Tuple(all), t);
            self.emit(Op::LISTEXTEND, w, t, 0);
            self.release(t);
            return self.work_done(w, dest);
        }
        if !starred(items) && items.len() <= CHUNK {
            return self.build(e, Op::LIST, items, dest);
        }
        let w = self.work(dest);
        self.emit(Op::LIST, w, w, 0);
        self.extend_list(w, items)?;
        self.work_done(w, dest)
    }

    /// Appends the elements to the list r[w].
    pub(super) fn extend_list(&mut self, w: u16, items: &'a [Expr<'a>]) -> Result<()> {
        for i in items {
            let mark = self.mark();
            if let ExprKind::Starred(v) = &i.kind {
                let o = self.operand(v)?;
                self.at(i.span);
                self.emit(Op::LISTEXTEND, w, o.reg, 0);
            } else {
                let o = self.operand(i)?;
                self.emit(Op::LISTAPPEND, w, o.reg, 0);
            }
            self.release(mark);
        }
        Ok(())
    }

    pub(super) fn tuple(&mut self, e: &'a Expr<'a>, items: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        if !starred(items) && items.len() <= 4 * CHUNK {
            return self.build(e, Op::TUPLE, items, dest);
        }
        let w = self.work(dest);
        self.emit(Op::LIST, w, w, 0);
        self.extend_list(w, items)?;
        self.at(e.span);
        self.emit(Op::LISTTUPLE, w, w, 0);
        self.work_done(w, dest)
    }

    pub(super) fn set(&mut self, e: &'a Expr<'a>, items: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        if !starred(items) && items.len() <= CHUNK {
            return self.build(e, Op::SET, items, dest);
        }
        let w = self.work(dest);
        self.emit(Op::SET, w, w, 0);
        for i in items {
            let mark = self.mark();
            if let ExprKind::Starred(v) = &i.kind {
                let o = self.operand(v)?;
                self.at(i.span);
                self.emit(Op::SETUPDATE, w, o.reg, 0);
            } else {
                let o = self.operand(i)?;
                self.at(i.span);
                self.emit(Op::SETADD, w, o.reg, 0);
            }
            self.release(mark);
        }
        self.work_done(w, dest)
    }

    pub(super) fn dict(&mut self, e: &'a Expr<'a>, items: &'a [DictItem<'a>], dest: Option<u16>) -> Result<Opnd> {
        if items.len() <= CHUNK / 2 && items.iter().all(|i| i.key.is_some()) {
            let mark = self.mark();
            for i in items {
                let Some(k) = &i.key else { continue };
                // 2.7 evaluates the value before its key.
                if self.legacy && (k.height > 1 || i.value.height > 1) {
                    let slot = self.temps(2);
                    self.value_to(&i.value, slot + 1)?;
                    self.value_to(k, slot)?;
                } else {
                    self.push(k)?;
                    self.push(&i.value)?;
                }
            }
            self.release(mark);
            let d = self.dest(dest);
            self.at(e.span);
            self.emit(Op::DICT, d, mark, items.len() as u16);
            return self.result(d);
        }
        let w = self.work(dest);
        self.emit(Op::DICT, w, w, 0);
        for i in items {
            let mark = self.mark();
            match &i.key {
                None => {
                    let o = self.operand(&i.value)?;
                    self.at(i.value.span);
                    self.emit(Op::DICTUPDATE, w, o.reg, 0);
                }
                Some(k) => {
                    let (k, v) = self.pair(k, &i.value)?;
                    self.at(e.span);
                    self.emit(Op::DICTSET, w, k, v);
                }
            }
            self.release(mark);
        }
        self.work_done(w, dest)
    }

    /// Key and value of a dict item, in the language's order of evaluation.
    pub(super) fn pair(&mut self, k: &'a Expr<'a>, v: &'a Expr<'a>) -> Result<(u16, u16)> {
        if self.legacy {
            let value = self.operand(v)?;
            let value = self.hold(value, [k]);
            let key = self.operand(k)?;
            return Ok((key.reg, value.reg));
        }
        let key = self.operand(k)?;
        let key = self.hold(key, [v]);
        let value = self.operand(v)?;
        Ok((key.reg, value.reg))
    }

    pub(super) fn joined_str(&mut self, e: &'a Expr<'a>, parts: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        if parts.is_empty() {
            let d = self.dest(dest);
            self.load_const(Const::Str(Box::default()), d);
            return self.result(d);
        }
        if parts.len() == 1 && matches!(parts[0].kind, ExprKind::FormattedValue { .. }) {
            return self.value(&parts[0], dest);
        }
        if parts.len() <= 4 * CHUNK {
            return self.build(e, Op::JOINSTR, parts, dest);
        }
        // Groups first, then the groups.
        let mark = self.mark();
        for group in parts.chunks(4 * CHUNK) {
            let t = self.temp();
            let inner = self.mark();
            for p in group {
                self.push(p)?;
            }
            self.release(inner);
            self.emit(Op::JOINSTR, t, inner, group.len() as u16);
        }
        let n = self.mark() - mark;
        self.release(mark);
        let d = self.dest(dest);
        self.at(e.span);
        self.emit(Op::JOINSTR, d, mark, n);
        self.result(d)
    }

    pub(super) fn formatted(&mut self, e: &'a Expr<'a>, value: &'a Expr<'a>, conversion: Conversion, spec: Option<&'a Expr<'a>>, dest: Option<u16>) -> Result<Opnd> {
        let mark = self.mark();
        let o = self.operand(value)?;
        let o = self.hold(o, spec);
        let s = match spec {
            Some(s) => self.operand(s)?.reg,
            None => NONE_REG,
        };
        self.release(mark);
        let d = self.dest(dest);
        self.at(e.span);
        let conversion = match conversion {
            Conversion::None => 0,
            Conversion::Str => b's',
            Conversion::Repr => b'r',
            Conversion::Ascii => b'a',
        };
        self.emit_x(Op::FORMAT, conversion, d, o.reg, s);
        self.result(d)
    }
}
