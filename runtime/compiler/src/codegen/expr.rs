//! Expressions: values into registers.

use txpy_syntax::ast::*;

use super::regs::Opnd;
use super::{Compiler, Result, fold};
use crate::image::Const;
use crate::ops::{Op, singleton, x};

/// From this height on, left spines are compiled in a loop.
const SPINE: u32 = 24;

impl<'a> Compiler<'a, '_> {
    /// The value wherever it is: a local's own register, or a temporary at what was the top.
    pub(super) fn operand(&mut self, e: &'a Expr<'a>) -> Result<Opnd> {
        self.value(e, None)
    }

    pub(super) fn value_to(&mut self, e: &'a Expr<'a>, dest: u16) -> Result<()> {
        let mark = self.mark();
        self.value(e, Some(dest))?;
        self.release(mark);
        Ok(())
    }

    /// The value in a new temporary at the top.
    pub(super) fn push(&mut self, e: &'a Expr<'a>) -> Result<u16> {
        let d = self.mark();
        let o = self.operand(e)?;
        if o.reg != d {
            self.release(d);
            self.temp();
            self.emit(Op::MOVE, d, o.reg, 0);
        }
        debug_assert!(self.unit.top == d + 1 || self.unit.asm.overflow);
        Ok(d)
    }

    pub(super) fn effect(&mut self, e: &'a Expr<'a>) -> Result<()> {
        let mark = self.mark();
        match &e.kind {
            // Constants have no effect; a name may raise, so it is loaded.
            ExprKind::Constant { .. } => {}
            _ => {
                self.operand(e)?;
            }
        }
        self.release(mark);
        Ok(())
    }

    /// Keeps a local's value for later use if one of `later` may rebind it first.
    pub(super) fn hold<'e>(&mut self, o: Opnd, later: impl IntoIterator<Item = &'e Expr<'a>>) -> Opnd
    where
        'a: 'e,
    {
        if o.temp || !self.table.scopes[self.unit.scope].binds_in_expr {
            return o;
        }
        if !later.into_iter().any(|e| self.rebinds(e)) {
            return o;
        }
        let t = self.temp();
        self.emit(Op::MOVE, t, o.reg, 0);
        Opnd { reg: t, temp: true }
    }

    /// Whether evaluating `e` may bind a local (`:=`; list comprehensions of 2.7). Too deep to tell means yes.
    pub(super) fn rebinds(&self, e: &Expr<'a>) -> bool {
        if e.height == 1 {
            return false;
        }
        if e.height > 100 {
            return true;
        }
        let any = |v: &[Expr<'a>]| v.iter().any(|e| self.rebinds(e));
        match &e.kind {
            ExprKind::Named { .. } | ExprKind::ListComp { .. } | ExprKind::SetComp { .. } | ExprKind::DictComp { .. } | ExprKind::GeneratorExp { .. } => true,
            ExprKind::BoolOp { values, .. } => any(values),
            ExprKind::BinOp { left, right, .. } => self.rebinds(left) || self.rebinds(right),
            ExprKind::UnaryOp { operand, .. } => self.rebinds(operand),
            ExprKind::Lambda { params, .. } => params.posonly.iter().chain(params.args).chain(params.kwonly).filter_map(|p| p.default).any(|d| self.rebinds(d)),
            ExprKind::IfExp { test, body, orelse } => self.rebinds(test) || self.rebinds(body) || self.rebinds(orelse),
            ExprKind::Dict(items) => items.iter().any(|i| i.key.as_ref().is_some_and(|k| self.rebinds(k)) || self.rebinds(&i.value)),
            ExprKind::Set(v) | ExprKind::List(v) | ExprKind::Tuple(v) | ExprKind::JoinedStr(v) => any(v),
            ExprKind::Await(v) | ExprKind::YieldFrom(v) | ExprKind::Starred(v) | ExprKind::Repr(v) => self.rebinds(v),
            ExprKind::Yield(v) => v.is_some_and(|v| self.rebinds(v)),
            ExprKind::Compare { left, comparators, .. } => self.rebinds(left) || any(comparators),
            ExprKind::Call { func, args, keywords } => self.rebinds(func) || any(args) || keywords.iter().any(|k| self.rebinds(&k.value)),
            ExprKind::FormattedValue { value, format_spec, .. } => self.rebinds(value) || format_spec.is_some_and(|s| self.rebinds(s)),
            ExprKind::Attribute { value, .. } => self.rebinds(value),
            ExprKind::Subscript { value, index } => self.rebinds(value) || self.rebinds(index),
            ExprKind::Slice { lower, upper, step } => [lower, upper, step].into_iter().flatten().any(|e| self.rebinds(e)),
            ExprKind::Constant { .. } | ExprKind::Name(_) => false,
        }
    }

    /// The value of `e`: in `dest` if given, else where [`Compiler::operand`] says.
    pub(super) fn value(&mut self, e: &'a Expr<'a>, dest: Option<u16>) -> Result<Opnd> {
        if e.height < SPINE {
            return self.value_of(e, None, dest);
        }
        self.enter(e.span)?;
        let mut spine = Vec::new();
        let mut at = e;
        while at.height >= SPINE
            && let Some(next) = self.left_child(at)
        {
            spine.push(at);
            at = next;
        }
        if spine.is_empty() {
            let r = self.value_of(e, None, dest);
            self.leave();
            return r;
        }
        let mut left = self.value(at, None)?;
        while let Some(node) = spine.pop() {
            left = self.value_of(node, Some(left), if spine.is_empty() { dest } else { None })?;
        }
        self.leave();
        Ok(left)
    }

    /// The operand that [`Compiler::value_of`] takes ready-made.
    fn left_child(&self, e: &'a Expr<'a>) -> Option<&'a Expr<'a>> {
        match &e.kind {
            ExprKind::BinOp { left, .. } => Some(left),
            ExprKind::Attribute { value, .. } => Some(value),
            ExprKind::Subscript { value, .. } => Some(value),
            ExprKind::Call { func, args, keywords } => match &func.kind {
                ExprKind::Attribute { value, .. } if super::call::is_plain(args, keywords) && keywords.is_empty() => Some(value),
                _ => Some(func),
            },
            _ => None,
        }
    }

    pub(super) fn dest(&mut self, dest: Option<u16>) -> u16 {
        match dest {
            Some(d) => d,
            None => self.temp(),
        }
    }

    pub(super) fn result(&self, reg: u16) -> Result<Opnd> {
        Ok(Opnd { reg, temp: self.is_temp(reg) })
    }

    /// A register that may be written before the value is complete: `dest` unless a local could be seen half done.
    pub(super) fn work(&mut self, dest: Option<u16>) -> u16 {
        match dest {
            Some(d) if self.is_temp(d) => d,
            _ => self.temp(),
        }
    }

    pub(super) fn work_done(&mut self, w: u16, dest: Option<u16>) -> Result<Opnd> {
        match dest {
            Some(d) if d != w => {
                self.emit(Op::MOVE, d, w, 0);
                self.result(d)
            }
            _ => self.result(w),
        }
    }

    pub(super) fn none_to(&mut self, d: u16) {
        self.emit(Op::LOADS, d, singleton::NONE, 0);
    }

    /// `left`: value of the child that [`Compiler::left_child`] names, when it was computed already.
    pub(super) fn value_of(&mut self, e: &'a Expr<'a>, left: Option<Opnd>, dest: Option<u16>) -> Result<Opnd> {
        self.at(e.span);
        if left.is_none()
            && let Some(c) = self.fold(e)
        {
            let d = self.dest(dest);
            self.load_const(c, d);
            return self.result(d);
        }
        match &e.kind {
            ExprKind::Name(n) => Ok(self.load_name(n, dest)),
            ExprKind::Constant { value, .. } => {
                let d = self.dest(dest);
                self.load_const(fold::constant(value, self.legacy), d);
                self.result(d)
            }
            ExprKind::BinOp { left: l, op, right } => self.bin_op(e, l, *op, right, left, dest),
            ExprKind::UnaryOp { op, operand } => {
                let mark = self.mark();
                let o = self.operand(operand)?;
                self.release(mark);
                let d = self.dest(dest);
                let op = match op {
                    UnaryOp::Invert => Op::INVERT,
                    UnaryOp::Not => Op::NOT,
                    UnaryOp::UAdd => Op::POS,
                    UnaryOp::USub => Op::NEG,
                };
                self.at(e.span);
                self.emit_x(op, if o.temp { x::DIES_B } else { 0 }, d, o.reg, 0);
                self.result(d)
            }
            ExprKind::BoolOp { op, values } => {
                let w = self.work(dest);
                let end = self.label();
                for (i, v) in values.iter().enumerate() {
                    self.value_to(v, w)?;
                    if i + 1 < values.len() {
                        self.at(e.span);
                        self.unit.asm.jump(if *op == BoolOp::And { Op::JF } else { Op::JT }, w, 0, end);
                    }
                }
                self.unit.asm.place(end);
                self.work_done(w, dest)
            }
            ExprKind::Named { target, value } => {
                let ExprKind::Name(n) = target.kind else { return self.error(target.span, "cannot use assignment expressions here") };
                self.check_store(n, target.span)?;
                if let Some(r) = self.local_reg(n) {
                    self.value_to(value, r)?;
                    self.wrote_local(n, r);
                    // A later `:=` may rebind it: the value is copied.
                    let d = self.dest(dest);
                    if d != r {
                        self.emit(Op::MOVE, d, r, 0);
                    }
                    return self.result(d);
                }
                let o = self.value(value, dest)?;
                self.at(e.span);
                self.store_name(n, o.reg, target.span)?;
                Ok(o)
            }
            ExprKind::Lambda { params, body } => self.lambda(e, params, body, dest),
            ExprKind::IfExp { test, body, orelse } => {
                let d = self.dest(dest);
                let (other, end) = (self.label(), self.label());
                self.cond(test, other, false)?;
                self.value_to(body, d)?;
                self.unit.asm.jmp(end);
                self.unit.asm.place(other);
                self.value_to(orelse, d)?;
                self.unit.asm.place(end);
                self.result(d)
            }
            ExprKind::Dict(items) => self.dict(e, items, dest),
            ExprKind::Set(items) => self.set(e, items, dest),
            ExprKind::List(items) => self.list(e, items, dest),
            ExprKind::Tuple(items) => self.tuple(e, items, dest),
            ExprKind::JoinedStr(parts) => self.joined_str(e, parts, dest),
            ExprKind::FormattedValue { value, conversion, format_spec } => self.formatted(e, value, *conversion, *format_spec, dest),
            ExprKind::ListComp { .. } | ExprKind::SetComp { .. } | ExprKind::DictComp { .. } => self.inlined_comp(e, dest),
            ExprKind::GeneratorExp { .. } => self.generator_exp(e, dest),
            ExprKind::Await(v) => self.await_expr(e, v, dest),
            ExprKind::Yield(v) => self.yield_expr(e, *v, dest),
            ExprKind::YieldFrom(v) => self.yield_from(e, v, dest),
            ExprKind::Compare { left, ops, comparators } => self.compare(e, left, ops, comparators, dest),
            ExprKind::Call { func, args, keywords } => self.call(e, func, args, keywords, left, dest),
            ExprKind::Attribute { value, attr } => {
                let mark = start(left, self.mark());
                let o = self.given(left, value)?;
                self.release(mark);
                let d = self.dest(dest);
                self.at(e.span);
                let attr = self.mangled(attr);
                let n = self.unit.asm.name(&attr);
                self.emit_x(Op::GETATTR, 0, d, o.reg, n);
                self.result(d)
            }
            ExprKind::Subscript { value, index } => self.subscript(e, value, index, left, dest),
            ExprKind::Starred(_) => self.error(e.span, "can't use starred expression here"),
            ExprKind::Slice { lower, upper, step } => {
                let mark = self.mark();
                for bound in [lower, upper, step] {
                    match bound {
                        Some(b) => {
                            self.push(b)?;
                        }
                        None => {
                            let t = self.temp();
                            self.none_to(t);
                        }
                    }
                }
                self.release(mark);
                let d = self.dest(dest);
                self.at(e.span);
                self.emit(Op::SLICE, d, mark, 0);
                self.result(d)
            }
            ExprKind::Repr(v) => {
                let mark = self.mark();
                let o = self.operand(v)?;
                self.release(mark);
                let d = self.dest(dest);
                self.at(e.span);
                self.emit(Op::REPR, d, o.reg, 0);
                self.result(d)
            }
        }
    }

    pub(super) fn given(&mut self, left: Option<Opnd>, e: &'a Expr<'a>) -> Result<Opnd> {
        match left {
            Some(o) => Ok(o),
            None => self.operand(e),
        }
    }

    pub(super) fn bin_opcode(&self, op: BinOp) -> Op {
        match op {
            BinOp::Add => Op::ADD,
            BinOp::Sub => Op::SUB,
            BinOp::Mult => Op::MUL,
            BinOp::MatMult => Op::MATMUL,
            BinOp::Div if self.legacy && !self.future.division => Op::DIV,
            BinOp::Div => Op::TRUEDIV,
            BinOp::Mod => Op::MOD,
            BinOp::Pow => Op::POW,
            BinOp::LShift => Op::LSHIFT,
            BinOp::RShift => Op::RSHIFT,
            BinOp::BitOr => Op::OR,
            BinOp::BitXor => Op::XOR,
            BinOp::BitAnd => Op::AND,
            BinOp::FloorDiv => Op::FLOORDIV,
        }
    }

    /// The small int that an operand is, for instructions that carry one.
    pub(super) fn small_int(&self, e: &Expr<'a>) -> Option<i16> {
        if e.height > 2 {
            return None;
        }
        match self.fold(e) {
            Some(Const::Int(i)) => i16::try_from(i).ok(),
            _ => None,
        }
    }

    fn bin_op(&mut self, e: &'a Expr<'a>, l: &'a Expr<'a>, op: BinOp, r: &'a Expr<'a>, left: Option<Opnd>, dest: Option<u16>) -> Result<Opnd> {
        let mark = start(left, self.mark());
        let a = self.given(left, l)?;
        let a = self.hold(a, [r]);
        self.finish_bin_op(e.span, a, op, r, 0, mark, dest)
    }

    /// Right operand and operation; shared with augmented assignment.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn finish_bin_op(&mut self, span: Span, a: Opnd, op: BinOp, r: &'a Expr<'a>, flags: u8, mark: u16, dest: Option<u16>) -> Result<Opnd> {
        let code = self.bin_opcode(op);
        let immediate = match op {
            BinOp::Add => Some(Op::ADDI),
            BinOp::Sub => Some(Op::SUBI),
            BinOp::Mult => Some(Op::MULI),
            _ => None,
        };
        let dies_a = if a.temp { x::DIES_B } else { 0 };
        if let (Some(code), Some(i)) = (immediate, self.small_int(r)) {
            self.release(mark);
            let d = self.dest(dest);
            self.at(span);
            self.emit_x(code, flags | dies_a, d, a.reg, i as u16);
            return self.result(d);
        }
        let b = self.operand(r)?;
        let dies_b = if b.temp { x::DIES_C } else { 0 };
        self.release(mark);
        let d = self.dest(dest);
        self.at(span);
        self.emit_x(code, flags | dies_a | dies_b, d, a.reg, b.reg);
        self.result(d)
    }

    fn subscript(&mut self, e: &'a Expr<'a>, value: &'a Expr<'a>, index: &'a Expr<'a>, left: Option<Opnd>, dest: Option<u16>) -> Result<Opnd> {
        let mark = start(left, self.mark());
        let o = self.given(left, value)?;
        let o = self.hold(o, [index]);
        if let Some((lower, upper)) = self.plain_slice(index) {
            let w = self.slice_bounds(lower, upper)?;
            self.release(mark);
            let d = self.dest(dest);
            self.at(e.span);
            self.emit(Op::GETSLICE, d, o.reg, w);
            return self.result(d);
        }
        if let ExprKind::Constant { value: Constant::Int { value, long: false }, .. } = index.kind
            && let Ok(i) = u16::try_from(value)
        {
            self.release(mark);
            let d = self.dest(dest);
            self.at(e.span);
            self.emit(Op::GETITEMI, d, o.reg, i);
            return self.result(d);
        }
        let i = self.operand(index)?;
        self.release(mark);
        let d = self.dest(dest);
        self.at(e.span);
        self.emit(Op::GETITEM, d, o.reg, i.reg);
        self.result(d)
    }

    /// 2.7's `x[a:b]`, which has instructions of its own.
    #[allow(clippy::type_complexity)]
    pub(super) fn plain_slice(&self, index: &'a Expr<'a>) -> Option<(Option<&'a Expr<'a>>, Option<&'a Expr<'a>>)> {
        match index.kind {
            ExprKind::Slice { lower, upper, step: None } if self.legacy => Some((lower, upper)),
            _ => None,
        }
    }

    /// Two registers with the bounds, UNSET where left out.
    pub(super) fn slice_bounds(&mut self, lower: Option<&'a Expr<'a>>, upper: Option<&'a Expr<'a>>) -> Result<u16> {
        let w = self.mark();
        for bound in [lower, upper] {
            match bound {
                Some(b) => {
                    self.push(b)?;
                }
                None => {
                    let t = self.temp();
                    self.emit(Op::LOADS, t, singleton::UNSET, 0);
                }
            }
        }
        Ok(w)
    }
}

/// First temporary that an operation gives back: its ready-made left operand is one of them.
pub(super) fn start(left: Option<Opnd>, mark: u16) -> u16 {
    match left {
        Some(o) if o.temp => o.reg,
        _ => mark,
    }
}
