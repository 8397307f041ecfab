//! Comparisons, and expressions in condition context: boolean operators and comparisons become jumps.

use txpy_syntax::ast::*;

use super::asm::Label;
use super::regs::Opnd;
use super::{Compiler, Result, fold};
use crate::image::Const;
use crate::ops::Op;

/// A comparison that is fused with a jump.
struct Fused {
    yes: Op,
    no: Op,
    yes_int: Op,
    no_int: Op,
    close: Op,
    close_int: Op,
}

fn fused(op: CmpOp) -> Option<Fused> {
    macro_rules! row {
        ($y:ident $n:ident $yi:ident $ni:ident $l:ident $li:ident) => {
            Some(Fused { yes: Op::$y, no: Op::$n, yes_int: Op::$yi, no_int: Op::$ni, close: Op::$l, close_int: Op::$li })
        };
    }
    match op {
        CmpOp::Lt => row!(JLT JNLT JLTI JNLTI LOOPLT LOOPLTI),
        CmpOp::LtE => row!(JLE JNLE JLEI JNLEI LOOPLE LOOPLEI),
        CmpOp::Gt => row!(JGT JNGT JGTI JNGTI LOOPGT LOOPGTI),
        CmpOp::GtE => row!(JGE JNGE JGEI JNGEI LOOPGE LOOPGEI),
        CmpOp::Eq => row!(JEQ JNEQ JEQI JNEQI LOOPEQ LOOPEQI),
        CmpOp::NotEq => row!(JNE JNNE JNEI JNNEI LOOPNE LOOPNEI),
        _ => None,
    }
}

fn value_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::EQ,
        CmpOp::NotEq => Op::NE,
        CmpOp::Lt => Op::LT,
        CmpOp::LtE => Op::LE,
        CmpOp::Gt => Op::GT,
        CmpOp::GtE => Op::GE,
        CmpOp::Is => Op::IS,
        CmpOp::IsNot => Op::ISNOT,
        CmpOp::In => Op::IN,
        CmpOp::NotIn => Op::NOTIN,
    }
}

fn is_none(e: &Expr<'_>) -> bool {
    matches!(e.kind, ExprKind::Constant { value: Constant::None, .. })
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn compare(&mut self, e: &'a Expr<'a>, left: &'a Expr<'a>, ops: &'a [CmpOp], comparators: &'a [Expr<'a>], dest: Option<u16>) -> Result<Opnd> {
        let mark = self.mark();
        if let ([op], [right]) = (ops, comparators) {
            let a = self.operand(left)?;
            let a = self.hold(a, [right]);
            let b = self.right_operand(*op, right)?;
            self.release(mark);
            let d = self.dest(dest);
            self.at(e.span);
            self.emit_dying(value_op(*op), d, a, b);
            return self.result(d);
        }
        let w = self.work(dest);
        let inner = self.mark();
        let end = self.label();
        let mut a = self.operand(left)?;
        a = self.hold(a, comparators);
        for (i, (op, right)) in ops.iter().zip(comparators).enumerate() {
            let b = self.right_operand(*op, right)?;
            let b = self.hold(b, &comparators[i + 1..]);
            self.at(e.span);
            self.emit(value_op(*op), w, a.reg, b.reg);
            if i + 1 < ops.len() {
                self.unit.asm.jump(Op::JF, w, 0, end);
            }
            a = b;
        }
        self.release(inner);
        self.unit.asm.place(end);
        self.work_done(w, dest)
    }

    fn emit_dying(&mut self, op: Op, d: u16, a: Opnd, b: Opnd) {
        use crate::ops::x;
        let flags = if a.temp { x::DIES_B } else { 0 } | if b.temp { x::DIES_C } else { 0 };
        // Identity and membership have no use for a dead operand.
        let flags = if matches!(op, Op::IS | Op::ISNOT | Op::IN | Op::NOTIN) { 0 } else { flags };
        self.emit_x(op, flags, d, a.reg, b.reg);
    }

    /// `in [1, 2]` and `in {1, 2}` search a constant.
    fn right_operand(&mut self, op: CmpOp, e: &'a Expr<'a>) -> Result<Opnd> {
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && let Some(c) = self.constant_container(e)
        {
            let d = self.temp();
            self.at(e.span);
            self.load_const(c, d);
            return self.result(d);
        }
        self.operand(e)
    }

    /// A list or set display of constants, as a tuple or frozenset.
    pub(super) fn constant_container(&self, e: &Expr<'a>) -> Option<Const> {
        match &e.kind {
            ExprKind::List(items) => items.iter().map(|i| self.fold(i)).collect::<Option<Vec<_>>>().map(|v| Const::Tuple(v.into())),
            ExprKind::Set(items) if !self.legacy => items.iter().map(|i| self.fold(i)).collect::<Option<Vec<_>>>().map(|v| Const::FrozenSet(v.into())),
            _ => None,
        }
    }

    /// Jumps to `to` if the truth of `e` is `when`; falls through otherwise.
    pub(super) fn cond(&mut self, e: &'a Expr<'a>, to: Label, when: bool) -> Result<()> {
        let deep = e.height >= 24;
        if deep {
            self.enter(e.span)?;
        }
        let mark = self.mark();
        self.cond_inner(e, to, when)?;
        self.release(mark);
        if deep {
            self.leave();
        }
        Ok(())
    }

    fn cond_inner(&mut self, e: &'a Expr<'a>, to: Label, when: bool) -> Result<()> {
        self.at(e.span);
        if let Some(truth) = self.fold(e).and_then(|c| fold::truth(&c)) {
            if truth == when {
                self.unit.asm.jmp(to);
            }
            return Ok(());
        }
        match &e.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => self.cond(operand, to, !when),
            ExprKind::BoolOp { op, values } => {
                // `and` is left with false by its first false value, `or` with true by its first true one.
                let leaves_with = *op == BoolOp::Or;
                let Some((last, init)) = values.split_last() else { return Ok(()) };
                if leaves_with == when {
                    for v in init {
                        self.cond(v, to, when)?;
                    }
                    self.cond(last, to, when)
                } else {
                    let skip = self.label();
                    for v in init {
                        self.cond(v, skip, leaves_with)?;
                    }
                    self.cond(last, to, when)?;
                    self.unit.asm.place(skip);
                    Ok(())
                }
            }
            ExprKind::IfExp { test, body, orelse } => {
                let (other, end) = (self.label(), self.label());
                self.cond(test, other, false)?;
                self.cond(body, to, when)?;
                self.unit.asm.jmp(end);
                self.unit.asm.place(other);
                self.cond(orelse, to, when)?;
                self.unit.asm.place(end);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.cond_compare(e, left, ops, comparators, to, when),
            _ => {
                let o = self.operand(e)?;
                self.at(e.span);
                self.unit.asm.jump(if when { Op::JT } else { Op::JF }, o.reg, 0, to);
                Ok(())
            }
        }
    }

    fn cond_compare(&mut self, e: &'a Expr<'a>, left: &'a Expr<'a>, ops: &'a [CmpOp], comparators: &'a [Expr<'a>], to: Label, when: bool) -> Result<()> {
        let skip = self.label();
        let mut a = self.operand(left)?;
        a = self.hold(a, comparators);
        for (i, (op, right)) in ops.iter().zip(comparators).enumerate() {
            let last = i + 1 == ops.len();
            // Before the last link only failure decides.
            let (target, sense) = match (last, when) {
                (true, _) => (to, when),
                (false, false) => (to, false),
                (false, true) => (skip, false),
            };
            let next = if last { &[] } else { &comparators[i + 1..] };
            a = self.jump_compare(e.span, a, *op, right, next, target, sense)?;
        }
        self.unit.asm.place(skip);
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn jump_compare(&mut self, span: Span, a: Opnd, op: CmpOp, right: &'a Expr<'a>, later: &'a [Expr<'a>], to: Label, when: bool) -> Result<Opnd> {
        if let Some(f) = fused(op) {
            if later.is_empty()
                && let Some(i) = self.small_int(right)
            {
                self.at(span);
                self.unit.asm.jump(if when { f.yes_int } else { f.no_int }, a.reg, i as u16, to);
                return Ok(a);
            }
            let b = self.operand(right)?;
            let b = self.hold(b, later);
            self.at(span);
            self.unit.asm.jump(if when { f.yes } else { f.no }, a.reg, b.reg, to);
            return Ok(b);
        }
        if matches!(op, CmpOp::Is | CmpOp::IsNot) {
            let same = (op == CmpOp::Is) == when;
            if later.is_empty() && is_none(right) {
                self.at(span);
                self.unit.asm.jump(if same { Op::JNONE } else { Op::JNOTNONE }, a.reg, 0, to);
                return Ok(a);
            }
            let b = self.operand(right)?;
            let b = self.hold(b, later);
            self.at(span);
            self.unit.asm.jump(if same { Op::JIS } else { Op::JISNOT }, a.reg, b.reg, to);
            return Ok(b);
        }
        let b = self.right_operand(op, right)?;
        let b = self.hold(b, later);
        self.at(span);
        let t = self.temp();
        self.emit(value_op(op), t, a.reg, b.reg);
        self.unit.asm.jump(if when { Op::JT } else { Op::JF }, t, 0, to);
        Ok(b)
    }

    /// Closes a loop: jumps back to `body`, with a poll, if `e` is true.
    pub(super) fn cond_loop(&mut self, e: &'a Expr<'a>, body: Label) -> Result<()> {
        let mark = self.mark();
        self.at(e.span);
        if let Some(truth) = self.fold(e).and_then(|c| fold::truth(&c)) {
            if truth {
                self.unit.asm.jump(Op::LOOP, 0, 0, body);
            }
            return Ok(());
        }
        match &e.kind {
            ExprKind::BoolOp { op: BoolOp::And, values } => {
                let Some((last, init)) = values.split_last() else { return Ok(()) };
                let end = self.label();
                for v in init {
                    self.cond(v, end, false)?;
                }
                self.cond_loop(last, body)?;
                self.unit.asm.place(end);
            }
            ExprKind::BoolOp { op: BoolOp::Or, values } => {
                for v in *values {
                    self.cond_loop(v, body)?;
                }
            }
            ExprKind::Compare { left, ops: [op], comparators: [right] } if fused(*op).is_some() => {
                let Some(f) = fused(*op) else { return Ok(()) };
                let a = self.operand(left)?;
                let a = self.hold(a, [right]);
                if let Some(i) = self.small_int(right) {
                    self.at(e.span);
                    self.unit.asm.jump(f.close_int, a.reg, i as u16, body);
                } else {
                    let b = self.operand(right)?;
                    self.at(e.span);
                    self.unit.asm.jump(f.close, a.reg, b.reg, body);
                }
            }
            ExprKind::Compare { .. } | ExprKind::UnaryOp { op: UnaryOp::Not, .. } | ExprKind::IfExp { .. } => {
                let end = self.label();
                self.cond(e, end, false)?;
                self.unit.asm.jump(Op::LOOP, 0, 0, body);
                self.unit.asm.place(end);
            }
            _ => {
                let o = self.operand(e)?;
                self.at(e.span);
                self.unit.asm.jump(Op::LOOPT, o.reg, 0, body);
            }
        }
        self.release(mark);
        Ok(())
    }
}
