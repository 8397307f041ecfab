//! Patterns of `match`: each tests a register and jumps to `fail`; captures are collected and stored once all of the pattern holds.

use txpy_syntax::ast::*;

use super::asm::Label;
use super::{Compiler, Result, fold};
use crate::image::Const;
use crate::ops::Op;

type Captures<'a> = Vec<(&'a str, u16, Span)>;

impl<'a> Compiler<'a, '_> {
    /// Temporaries stay allocated: captures live in them.
    pub(super) fn pattern(&mut self, p: &'a Pattern<'a>, subject: u16, fail: Label, captures: &mut Captures<'a>) -> Result<()> {
        self.enter(p.span)?;
        self.at(p.span);
        match &p.kind {
            PatternKind::Value(e) => {
                let mark = self.mark();
                let v = self.operand(e)?;
                self.at(p.span);
                self.unit.asm.jump(Op::JNEQ, subject, v.reg, fail);
                self.release(mark);
            }
            PatternKind::Singleton(c) => {
                let mark = self.mark();
                let t = self.temp();
                self.load_const(fold::constant(c, self.legacy), t);
                self.unit.asm.jump(Op::JISNOT, subject, t, fail);
                self.release(mark);
            }
            PatternKind::Sequence(ps) => self.sequence(p, ps, subject, fail, captures)?,
            PatternKind::Mapping { keys, patterns, rest } => self.mapping(p, keys, patterns, *rest, subject, fail, captures)?,
            PatternKind::Class { cls, patterns, keywords } => self.class_pattern(p, cls, patterns, keywords, subject, fail, captures)?,
            PatternKind::Star(Some(n)) => self.capture(n, subject, p.span, captures)?,
            PatternKind::Star(None) => {}
            PatternKind::As { pattern, name } => {
                if let Some(inner) = pattern {
                    self.pattern(inner, subject, fail, captures)?;
                }
                if let Some(n) = name {
                    self.capture(n, subject, p.span, captures)?;
                }
            }
            PatternKind::Or(ps) => self.alternatives(p, ps, subject, fail, captures)?,
        }
        self.leave();
        Ok(())
    }

    fn capture(&mut self, name: &'a str, reg: u16, span: Span, captures: &mut Captures<'a>) -> Result<()> {
        self.check_store(name, span)?;
        if captures.iter().any(|c| c.0 == name) {
            return self.error(span, format!("multiple assignments to name '{name}' in pattern"));
        }
        captures.push((name, reg, span));
        Ok(())
    }

    fn sequence(&mut self, p: &'a Pattern<'a>, ps: &'a [Pattern<'a>], subject: u16, fail: Label, captures: &mut Captures<'a>) -> Result<()> {
        let star = ps.iter().position(|p| matches!(p.kind, PatternKind::Star(_)));
        if let Some(s) = star
            && ps[s + 1..].iter().any(|p| matches!(p.kind, PatternKind::Star(_)))
        {
            return self.error(p.span, "multiple starred names in sequence pattern");
        }
        let t = self.temp();
        self.emit(Op::MATCHSEQ, t, subject, 0);
        self.unit.asm.jump(Op::JF, t, 0, fail);
        let least = ps.len() - star.is_some() as usize;
        if least > 0 || star.is_none() {
            if least > i16::MAX as usize {
                return self.error(p.span, "too many expressions in star-unpacking sequence pattern");
            }
            self.emit(Op::LEN, t, subject, 0);
            self.unit.asm.jump(if star.is_some() { Op::JNGEI } else { Op::JNEQI }, t, least as u16, fail);
        }
        let wild = |p: &Pattern<'_>| matches!(p.kind, PatternKind::Star(None) | PatternKind::As { pattern: None, name: None });
        if ps.iter().all(wild) {
            return Ok(());
        }
        if let Some(s) = star.filter(|s| wild(&ps[*s])) {
            return self.items_around(ps, s, subject, fail, captures);
        }
        let first = self.temps(ps.len());
        match star {
            None => self.emit(Op::UNPACK, subject, first, ps.len() as u16),
            Some(s) => {
                let after = ps.len() - s - 1;
                if after > 255 {
                    return self.error(p.span, "too many expressions in star-unpacking sequence pattern");
                }
                self.emit_x(Op::UNPACKEX, after as u8, subject, first, s as u16);
            }
        }
        for (i, sub) in ps.iter().enumerate() {
            self.pattern(sub, first.saturating_add(i as u16), fail, captures)?;
        }
        Ok(())
    }

    /// Items before and after `*_` at `star` by their indices: those that it stands for are not asked for.
    fn items_around(&mut self, ps: &'a [Pattern<'a>], star: usize, subject: u16, fail: Label, captures: &mut Captures<'a>) -> Result<()> {
        for (i, sub) in ps.iter().enumerate() {
            if i == star || matches!(sub.kind, PatternKind::As { pattern: None, name: None }) {
                continue;
            }
            let (index, item) = (self.temp(), self.temp());
            if i < star {
                self.unit.asm.emit_int(Op::LOADI, index, i as i32);
            } else {
                self.emit(Op::LEN, index, subject, 0);
                let back = self.temp();
                self.unit.asm.emit_int(Op::LOADI, back, (ps.len() - i) as i32);
                self.emit(Op::SUB, index, index, back);
            }
            self.emit(Op::GETITEM, item, subject, index);
            self.pattern(sub, item, fail, captures)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn mapping(
        &mut self, p: &'a Pattern<'a>, keys: &'a [Expr<'a>], patterns: &'a [Pattern<'a>], rest: Option<&'a str>, subject: u16, fail: Label,
        captures: &mut Captures<'a>,
    ) -> Result<()> {
        let t = self.temp();
        self.emit(Op::MATCHMAP, t, subject, 0);
        self.unit.asm.jump(Op::JF, t, 0, fail);
        if keys.len() > 1000 {
            return self.error(p.span, "too many sub-patterns in mapping pattern");
        }
        if !keys.is_empty() {
            self.emit(Op::LEN, t, subject, 0);
            self.unit.asm.jump(Op::JNGEI, t, keys.len() as u16, fail);
        }
        let first = self.mark();
        let mut seen: Vec<Const> = Vec::new();
        for k in keys {
            if let Some(c) = self.fold(k) {
                if seen.iter().any(|s| same_key(s, &c)) {
                    return self.error(p.span, format!("mapping pattern checks duplicate key ({})", super::unparse::text(k)));
                }
                seen.push(c);
            }
            self.push(k)?;
        }
        self.at(p.span);
        if !keys.is_empty() {
            let tuple = self.temp();
            self.emit(Op::TUPLE, tuple, first, keys.len() as u16);
            let values = self.temp();
            self.emit(Op::MATCHKEYS, values, subject, tuple);
            self.unit.asm.jump(Op::JNONE, values, 0, fail);
            let items = self.temps(keys.len());
            self.emit(Op::UNPACK, values, items, keys.len() as u16);
            for (i, sub) in patterns.iter().enumerate() {
                self.pattern(sub, items.saturating_add(i as u16), fail, captures)?;
            }
        }
        if let Some(name) = rest {
            self.at(p.span);
            let d = self.temp();
            self.emit(Op::DICT, d, d, 0);
            self.emit(Op::DICTUPDATE, d, subject, 0);
            for i in 0..keys.len() {
                self.emit(Op::DELITEM, d, first + i as u16, 0);
            }
            self.capture(name, d, p.span, captures)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn class_pattern(
        &mut self, p: &'a Pattern<'a>, cls: &'a Expr<'a>, patterns: &'a [Pattern<'a>], keywords: &'a [PatternKeyword<'a>], subject: u16, fail: Label,
        captures: &mut Captures<'a>,
    ) -> Result<()> {
        let n = patterns.len() + keywords.len();
        if patterns.len() > 255 || n > 1000 {
            return self.error(p.span, format!("too many sub-patterns in class pattern {}", p.span.line));
        }
        for (i, k) in keywords.iter().enumerate() {
            if keywords[..i].iter().any(|o| o.name == k.name) {
                return self.error(k.pattern.span, format!("attribute name repeated in class pattern: {}", k.name));
            }
        }
        let c = self.operand(cls)?;
        let names = keywords.iter().map(|k| Const::Name(k.name.into())).collect();
        let d = self.temp();
        self.at(p.span);
        self.unit.asm.emit_const(Op::MATCHCLASS, patterns.len() as u8, d, subject, c.reg, Const::Tuple(names));
        self.unit.asm.jump(Op::JNONE, d, 0, fail);
        if n == 0 {
            return Ok(());
        }
        let items = self.temps(n);
        self.emit(Op::UNPACK, d, items, n as u16);
        for (i, sub) in patterns.iter().chain(keywords.iter().map(|k| &k.pattern)).enumerate() {
            self.pattern(sub, items.saturating_add(i as u16), fail, captures)?;
        }
        Ok(())
    }

    /// All alternatives capture the same names, into the same registers.
    fn alternatives(&mut self, p: &'a Pattern<'a>, ps: &'a [Pattern<'a>], subject: u16, fail: Label, captures: &mut Captures<'a>) -> Result<()> {
        let matched = self.label();
        let mut common: Option<Vec<(&'a str, u16)>> = None;
        let mut spans = Vec::new();
        for (i, alternative) in ps.iter().enumerate() {
            let last = i + 1 == ps.len();
            if !last {
                self.check_refutable(alternative)?;
            }
            let next = if last { fail } else { self.label() };
            let mut own = Vec::new();
            self.pattern(alternative, subject, next, &mut own)?;
            let targets = match &common {
                Some(c) => c.clone(),
                None => {
                    let mut c = Vec::new();
                    for (name, _, span) in &own {
                        let reg = self.temp();
                        c.push((*name, reg));
                        spans.push(*span);
                    }
                    common = Some(c.clone());
                    c
                }
            };
            if targets.len() != own.len() || !targets.iter().all(|t| own.iter().any(|o| o.0 == t.0)) {
                return self.error(p.span, "alternative patterns bind different names");
            }
            for (name, reg) in targets {
                if let Some(o) = own.iter().find(|o| o.0 == name) {
                    self.emit(Op::MOVE, reg, o.1, 0);
                }
            }
            if !last {
                self.unit.asm.jmp(matched);
                self.unit.asm.place(next);
            }
        }
        self.unit.asm.place(matched);
        for ((name, reg), span) in common.unwrap_or_default().into_iter().zip(spans) {
            self.capture(name, reg, span, captures)?;
        }
        Ok(())
    }
}

/// Whether two constants are equal as keys: numbers by value.
fn same_key(a: &Const, b: &Const) -> bool {
    let number = |c: &Const| match c {
        Const::False => Some(0.0),
        Const::True => Some(1.0),
        Const::Int(i) if i.unsigned_abs() < 1 << 53 => Some(*i as f64),
        Const::Float(f) => Some(*f),
        Const::Imag(f) if *f == 0.0 => Some(0.0),
        _ => None,
    };
    a == b || matches!((number(a), number(b)), (Some(x), Some(y)) if x == y)
}
