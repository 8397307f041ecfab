//! The assembler of one function: instructions with labels, constant pools, definite-assignment state, and the final layout.

use std::collections::HashMap;

use txpy_syntax::ast::Span;

use crate::image::{Const, Handler};
use crate::ops::{Insn, Op, singleton};
use crate::store;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(u32);
const NO_LABEL: u32 = u32::MAX;

/// A set of registers that are bound on every path to here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bound(Vec<u64>);

impl Bound {
    pub fn has(&self, reg: u16) -> bool {
        self.0.get(reg as usize / 64).is_some_and(|w| w >> (reg % 64) & 1 != 0)
    }

    pub fn set(&mut self, reg: u16, on: bool) {
        let i = reg as usize / 64;
        if on {
            if self.0.len() <= i {
                self.0.resize(i + 1, 0);
            }
            self.0[i] |= 1 << (reg % 64);
        } else if let Some(w) = self.0.get_mut(i) {
            *w &= !(1 << (reg % 64));
        }
    }

    fn meet(&mut self, other: &Bound) {
        self.0.truncate(other.0.len());
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
    }
}

#[derive(Clone)]
struct Ins {
    word: Insn,
    extra: u32,
    label: u32,
    span: Span,
}

struct LabelInfo {
    /// Index of the instruction it stands before.
    at: u32,
    /// What is bound at all jumps to it seen so far.
    flow: Option<Bound>,
}

struct Region {
    start: Label,
    end: Label,
    target: Label,
    reg: u16,
}

pub struct Asm {
    ins: Vec<Ins>,
    prologue: Vec<Ins>,
    labels: Vec<LabelInfo>,
    regions: Vec<Region>,
    /// Registers bound here; None: this place can't be reached, and nothing is emitted.
    pub flow: Option<Bound>,
    pub span: Span,
    /// Constants whose index stands in a 16-bit operand: names, code, keyword names.
    low: Vec<Const>,
    low_index: HashMap<Vec<u8>, u16>,
    names: HashMap<String, u16>,
    high: Vec<Const>,
    high_index: HashMap<Vec<u8>, u32>,
    pub overflow: bool,
}

/// The laid out function.
pub struct Layout {
    pub code: Vec<u64>,
    pub consts: Vec<Const>,
    pub handlers: Vec<Handler>,
    pub spans: Vec<(u32, Span)>,
    pub low_count: usize,
}

impl Asm {
    pub fn new() -> Asm {
        Asm {
            ins: Vec::new(),
            prologue: Vec::new(),
            labels: Vec::new(),
            regions: Vec::new(),
            flow: Some(Bound::default()),
            span: Span::default(),
            low: Vec::new(),
            low_index: HashMap::new(),
            names: HashMap::new(),
            high: Vec::new(),
            high_index: HashMap::new(),
            overflow: false,
        }
    }

    pub fn reachable(&self) -> bool {
        self.flow.is_some()
    }

    fn push(&mut self, word: Insn, extra: u32, label: u32) {
        if self.flow.is_some() {
            self.ins.push(Ins { word, extra, label, span: self.span });
        }
    }

    pub fn emit(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) {
        self.push(Insn::abc(op, x, a, b, c), 0, NO_LABEL);
        if matches!(op, Op::RET | Op::RETNONE | Op::RAISE | Op::RAISE0 | Op::RAISE3 | Op::RERAISE) {
            self.flow = None;
        }
    }

    pub fn emit_int(&mut self, op: Op, a: u16, j: i32) {
        self.push(Insn::aj(op, a, j), 0, NO_LABEL);
    }

    /// An instruction with a constant in its extra word.
    pub fn emit_const(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16, konst: Const) {
        if self.flow.is_some() {
            let k = self.high_const(konst);
            self.push(Insn::abc(op, x, a, b, c), k, NO_LABEL);
        }
    }

    /// Instructions at the function's entry, before all others.
    pub fn emit_prologue(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) {
        self.prologue.push(Ins { word: Insn::abc(op, x, a, b, c), extra: 0, label: NO_LABEL, span: Span::default() });
    }

    /// MKGEN stands before everything else.
    pub fn emit_first(&mut self, op: Op) {
        self.prologue.insert(0, Ins { word: Insn::abc(op, 0, 0, 0, 0), extra: 0, label: NO_LABEL, span: Span::default() });
    }

    pub fn prologue_span(&mut self, span: Span) {
        for i in &mut self.prologue {
            i.span = span;
        }
    }

    /// Writes over a placeholder.
    pub fn patch(&mut self, at: usize, op: Op, x: u8, a: u16, b: u16, c: u16) {
        if let Some(i) = self.ins.get_mut(at) {
            i.word = Insn::abc(op, x, a, b, c);
        }
    }

    /// A placeholder that vanishes unless it is patched: a move of a register to itself.
    pub fn placeholder(&mut self) -> Option<usize> {
        self.flow.as_ref()?;
        self.push(Insn::abc(Op::MOVE, 0, 0, 0, 0), 0, NO_LABEL);
        Some(self.ins.len() - 1)
    }

    pub fn label(&mut self) -> Label {
        self.labels.push(LabelInfo { at: u32::MAX, flow: None });
        Label(self.labels.len() as u32 - 1)
    }

    fn note_jump(&mut self, to: Label) {
        let Some(now) = &self.flow else { return };
        match &mut self.labels[to.0 as usize].flow {
            Some(f) => f.meet(now),
            slot => *slot = Some(now.clone()),
        }
    }

    /// A jump: `b` is the second operand of fused compares.
    pub fn jump(&mut self, op: Op, a: u16, b: u16, to: Label) {
        self.note_jump(to);
        self.push(Insn::abc(op, 0, a, b, 0), 0, to.0);
        if matches!(op, Op::JMP | Op::LOOP) {
            self.flow = None;
        }
    }

    /// What is bound at the jumps to a label so far.
    pub fn flow_at(&self, l: Label) -> Option<Bound> {
        self.labels[l.0 as usize].flow.clone()
    }

    pub fn jmp(&mut self, to: Label) {
        self.jump(Op::JMP, 0, 0, to);
    }

    /// A label that is reached by falling through and by the jumps seen so far.
    pub fn place(&mut self, l: Label) {
        let info = &mut self.labels[l.0 as usize];
        info.at = self.ins.len() as u32;
        match (info.flow.take(), &mut self.flow) {
            (Some(f), Some(now)) => now.meet(&f),
            (Some(f), slot) => *slot = Some(f),
            (None, _) => {}
        }
    }

    /// The head of a loop body that is entered from its bottom: `flow` holds there.
    pub fn place_with(&mut self, l: Label, flow: Option<Bound>) {
        self.labels[l.0 as usize].at = self.ins.len() as u32;
        self.flow = flow;
    }

    /// A label without jumps of its own (ends of handler ranges).
    pub fn mark(&mut self) -> Label {
        let l = self.label();
        self.labels[l.0 as usize].at = self.ins.len() as u32;
        l
    }

    pub fn region(&mut self, start: Label, end: Label, target: Label, reg: u16) {
        if self.labels[start.0 as usize].at < self.labels[end.0 as usize].at {
            self.regions.push(Region { start, end, target, reg });
        }
    }

    /// Takes back the three instructions that just made r[w ..= w+2] UNSET. False if there are others.
    pub fn drop_unset(&mut self, w: u16) -> bool {
        let Some(start) = self.ins.len().checked_sub(3) else { return false };
        let unset = self.ins[start..].iter().enumerate().all(|(i, x)| x.word == Insn::abc(Op::LOADS, 0, w + i as u16, singleton::UNSET, 0));
        // No label can stand between or after them: they were emitted in one go, just now.
        if unset && self.flow.is_some() {
            self.ins.truncate(start);
        }
        unset && self.flow.is_some()
    }

    pub fn name(&mut self, name: &str) -> u16 {
        if let Some(&i) = self.names.get(name) {
            return i;
        }
        let i = self.push_low(Const::Name(name.into()));
        self.names.insert(name.to_string(), i);
        i
    }

    pub fn low_const(&mut self, c: Const) -> u16 {
        if matches!(c, Const::Code(_)) {
            return self.push_low(c);
        }
        let key = store::const_key(&c);
        if let Some(&i) = self.low_index.get(&key) {
            return i;
        }
        let i = self.push_low(c);
        self.low_index.insert(key, i);
        i
    }

    fn push_low(&mut self, c: Const) -> u16 {
        if self.low.len() >= 0xFFF0 {
            self.overflow = true;
            return 0;
        }
        self.low.push(c);
        self.low.len() as u16 - 1
    }

    pub fn high_const(&mut self, c: Const) -> u32 {
        let key = store::const_key(&c);
        if let Some(&i) = self.high_index.get(&key) {
            return i;
        }
        self.high.push(c);
        self.high_index.insert(key, self.high.len() as u32 - 1);
        self.high.len() as u32 - 1
    }

    pub fn finish(mut self) -> Layout {
        let base = self.prologue.len() as u32;
        for l in &mut self.labels {
            if l.at != u32::MAX {
                l.at += base;
            }
        }
        let mut all = std::mem::take(&mut self.prologue);
        all.append(&mut self.ins);
        let low_count = self.low.len();
        self.drop_jumps_to_next(&mut all);
        let far = self.find_far(&all, vec![false; all.len()]);
        let offsets = offsets(&all, &far);
        let mut code = Vec::with_capacity(*offsets.last().unwrap_or(&0) as usize);
        let mut spans: Vec<(u32, Span)> = Vec::new();
        for (i, ins) in all.iter().enumerate() {
            if vanishes(ins) {
                continue;
            }
            if spans.last().is_none_or(|s| s.1 != ins.span) {
                spans.push((offsets[i], ins.span));
            }
            let target = (ins.label != NO_LABEL).then(|| offsets[self.labels[ins.label as usize].at as usize] as i64);
            self.lay(ins, target, far[i], low_count, &mut code);
        }
        let at = |l: Label| offsets[self.labels[l.0 as usize].at as usize];
        let handlers = self
            .regions
            .iter()
            .map(|r| Handler { start: at(r.start), end: at(r.end), target: at(r.target), reg: r.reg })
            .filter(|h| h.start < h.end)
            .collect();
        let mut consts = self.low;
        consts.append(&mut self.high);
        Layout { code, consts, handlers, spans, low_count }
    }

    /// A jump over nothing becomes a placeholder, but for those that the instruction before takes.
    fn drop_jumps_to_next(&self, all: &mut [Ins]) {
        let mut next = all.len();
        for i in (0..all.len()).rev() {
            let ins = &all[i];
            if ins.word.op() == Some(Op::JMP) && ins.label != NO_LABEL {
                let to = self.labels[ins.label as usize].at as usize;
                let taken_before = i > 0 && all[i - 1].word.op() == Some(Op::WITHROUND);
                if to > i && to <= next && !taken_before {
                    all[i].word = Insn::abc(Op::MOVE, 0, 0, 0, 0);
                    all[i].label = NO_LABEL;
                }
            }
            if !vanishes(&all[i]) {
                next = i;
            }
        }
    }

    /// Fused jumps whose offset doesn't fit 16 bits; they become an inverted jump over a long one.
    fn find_far(&self, all: &[Ins], mut far: Vec<bool>) -> Vec<bool> {
        loop {
            let offsets = offsets(all, &far);
            let mut changed = false;
            for (i, ins) in all.iter().enumerate() {
                if ins.label == NO_LABEL || far[i] || !is_short(ins) {
                    continue;
                }
                let target = offsets[self.labels[ins.label as usize].at as usize] as i64;
                let distance = target - (offsets[i] as i64 + 1);
                if i16::try_from(distance).is_err() {
                    far[i] = true;
                    changed = true;
                }
            }
            if !changed {
                return far;
            }
        }
    }

    fn lay(&self, ins: &Ins, target: Option<i64>, far: bool, low_count: usize, code: &mut Vec<u64>) {
        let Some(op) = ins.word.op() else { return };
        let here = code.len() as i64;
        let w = ins.word;
        let Some(target) = target else {
            code.push(w.0);
            for kind in op.words().chars() {
                code.push(if kind == 'K' { ins.extra as u64 + low_count as u64 } else { 0 });
            }
            return;
        };
        if !is_short(ins) {
            code.push(Insn::aj(op, w.a(), (target - here - 1) as i32).0);
        } else if !far {
            code.push(Insn::abc(op, w.x(), w.a(), w.b(), (target - here - 1) as i16 as u16).0);
        } else if op == Op::FORLOOP {
            // At the end jump over the long jump back.
            code.push(Insn::abc(Op::FORITER, 0, w.a(), w.b(), 1).0);
            code.push(Insn::aj(Op::LOOP, 0, (target - here - 2) as i32).0);
        } else if op == Op::FORITER {
            // An item jumps over the long jump: next item to the second instruction after this one.
            code.push(Insn::abc(Op::FORITER, 0, w.a(), w.b(), 1).0);
            code.push(Insn::aj(Op::JMP, 0, 1).0);
            code.push(Insn::aj(Op::JMP, 0, (target - here - 3) as i32).0);
        } else {
            let (inverse, back) = inverse(op);
            code.push(Insn::abc(inverse, 0, w.a(), w.b(), 1).0);
            let long = if back { Op::LOOP } else { Op::JMP };
            code.push(Insn::aj(long, 0, (target - here - 2) as i32).0);
        }
    }
}

fn vanishes(ins: &Ins) -> bool {
    ins.word.op() == Some(Op::MOVE) && ins.word.a() == ins.word.b()
}

fn is_short(ins: &Ins) -> bool {
    ins.word.op().is_some_and(|op| op.operands().ends_with('>'))
}

fn offsets(all: &[Ins], far: &[bool]) -> Vec<u32> {
    let mut at = 0u32;
    let mut out = Vec::with_capacity(all.len() + 1);
    for (ins, &far) in all.iter().zip(far) {
        out.push(at);
        if !vanishes(ins) {
            let op = ins.word.op().unwrap_or(Op::MOVE);
            at += op.len() as u32 + if !far { 0 } else if op == Op::FORITER { 2 } else { 1 };
        }
    }
    out.push(at);
    out
}

/// The jump taken when `op`'s isn't, and whether `op` closes a loop.
fn inverse(op: Op) -> (Op, bool) {
    macro_rules! pairs {
        ($($j:ident $n:ident $l:ident;)*) => {
            match op {
                $(Op::$j => (Op::$n, false), Op::$n => (Op::$j, false), Op::$l => (Op::$n, true),)*
                Op::JIS => (Op::JISNOT, false),
                Op::JISNOT => (Op::JIS, false),
                other => (other, false),
            }
        };
    }
    pairs! {
        JLT JNLT LOOPLT; JLE JNLE LOOPLE; JGT JNGT LOOPGT; JGE JNGE LOOPGE; JEQ JNEQ LOOPEQ; JNE JNNE LOOPNE;
        JLTI JNLTI LOOPLTI; JLEI JNLEI LOOPLEI; JGTI JNGTI LOOPGTI; JGEI JNGEI LOOPGEI; JEQI JNEQI LOOPEQI; JNEI JNNEI LOOPNEI;
    }
}
