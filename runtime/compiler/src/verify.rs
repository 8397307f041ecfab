//! Checks a code image: operands in range, jumps to instruction starts, handlers sane. Run in tests and on stored images.

use crate::image::{Const, Image};
use crate::ops::{FRAME_HEADER, Insn, NO_REG, Op, helper};

/// The first fault found, with the function's name and the offset.
pub fn verify(image: &Image) -> Result<(), String> {
    let fail = |at: usize, what: String| Err(format!("{} at {at}: {what}", image.qualname));
    let mut starts = vec![false; image.code.len()];
    let mut at = 0;
    let mut last = None;
    while at < image.code.len() {
        starts[at] = true;
        let Some(op) = Insn(image.code[at]).op() else { return fail(at, "unknown opcode".into()) };
        last = Some(op);
        at += op.len();
    }
    if at != image.code.len() {
        return fail(at, "code ends inside an instruction".into());
    }
    if !matches!(last, Some(Op::RET | Op::RETNONE | Op::RAISE | Op::RAISE0 | Op::RAISE3 | Op::RERAISE | Op::JMP | Op::LOOP)) {
        return fail(at, "runs off its end".into());
    }
    let start = |t: i64| usize::try_from(t).ok().and_then(|t| starts.get(t)).copied().unwrap_or(false);
    let mut at = 0;
    while at < image.code.len() {
        let w = Insn(image.code[at]);
        let Some(op) = w.op() else { break };
        if let Err(what) = instruction(image, at, w, op, &start) {
            return fail(at, format!("{}: {what}", op.name()));
        }
        at += op.len();
    }
    for h in &image.handlers {
        let end = h.end as usize == image.code.len() || start(h.end as i64);
        if h.start >= h.end || !start(h.start as i64) || !end || !start(h.target as i64) || h.reg >= image.nregs {
            return fail(h.start as usize, format!("bad handler {h:?}"));
        }
    }
    if image.spans.windows(2).any(|s| s[0].0 >= s[1].0) || image.spans.first().is_some_and(|s| s.0 != 0) {
        return fail(0, "spans out of order".into());
    }
    if image.cellvars.iter().any(|c| c.1 >= image.nregs) || image.free_reg as usize + image.freevars.len() > image.nregs as usize {
        return fail(0, "cells beyond the registers".into());
    }
    if image.doc.is_some_and(|d| d >= image.consts.len()) {
        return fail(0, "docstring out of range".into());
    }
    image.consts.iter().try_for_each(|c| match c {
        Const::Code(c) => verify(c),
        _ => Ok(()),
    })
}

fn instruction(image: &Image, at: usize, w: Insn, op: Op, start: &dyn Fn(i64) -> bool) -> Result<(), String> {
    let regs = image.nregs as usize;
    let next = (at + op.len()) as i64;
    let run = |first: u16, n: usize| if first as usize + n <= regs { Ok(()) } else { Err(format!("registers {first}+{n} of {regs}")) };
    let optional = matches!(op, Op::FORMAT | Op::WITHEXIT | Op::WITHROUND | Op::PRINT | Op::PRINTNL | Op::RAISE);
    for (kind, v) in op.operands().chars().zip([w.a(), w.b(), w.c()]) {
        match kind {
            'd' | 'r' | 'u' if optional && v == NO_REG => {}
            'd' | 'r' | 'u' => run(v, 1)?,
            'n' if !matches!(image.consts.get(v as usize), Some(Const::Name(_))) => return Err(format!("constant {v} is no name")),
            'k' if !matches!(image.consts.get(v as usize), Some(Const::Tuple(_) | Const::Code(_))) => return Err(format!("constant {v}")),
            '>' if !start(next + v as i16 as i64) => return Err("jump into nowhere".into()),
            'J' if !start(next + w.j() as i64) => return Err("jump into nowhere".into()),
            _ => {}
        }
    }
    let (b, c) = (w.b() as usize, w.c() as usize);
    let header = FRAME_HEADER as usize;
    // Its handler takes that jump.
    if op == Op::WITHROUND && image.code.get(next as usize).and_then(|&w| Insn(w).op()) != Some(Op::JMP) {
        return Err("no jump behind it".into());
    }
    match op {
        Op::CLEAR | Op::COPYFREE => run(w.a(), b)?,
        Op::SLICE => run(w.b(), 3)?,
        Op::GETSLICE | Op::IMPORT => run(w.c(), 2)?,
        Op::SETSLICE | Op::DELSLICE => run(w.b(), 2)?,
        Op::GETITER | Op::FORLOOP | Op::FORITER | Op::WITHENTER | Op::AWITHENTER | Op::EGMATCH => run(w.a(), 2)?,
        Op::WITHROUND if w.c() != NO_REG => run(w.c(), 2)?,
        Op::UNPACK => run(w.b(), c)?,
        Op::UNPACKEX => run(w.b(), c + 1 + w.x() as usize)?,
        Op::LIST | Op::TUPLE | Op::SET | Op::JOINSTR if c > 0 => run(w.b(), c)?,
        Op::DICT if c > 0 => run(w.b(), 2 * c)?,
        Op::CALL | Op::CALLKW => run(w.a(), header + c)?,
        Op::METHOD => run(w.a(), header + 1)?,
        Op::CALLM | Op::CALLFOUND => run(w.a(), header + 1 + c)?,
        Op::CALLEX => run(w.a(), header + 1 + w.x() as usize)?,
        Op::MKFUNC if w.x() != 0 => run(w.c(), 4)?,
        Op::RAISE3 => run(w.a(), 3)?,
        Op::YIELD | Op::YIELDFROM if c > regs => return Err("more live registers than there are".into()),
        Op::LOADX if b >= helper::NAMES.len() => return Err("unknown helper".into()),
        _ => {}
    }
    if op.words().contains('K') && image.consts.len() as u64 <= image.code[at + 1] {
        return Err("constant out of range".into());
    }
    Ok(())
}
