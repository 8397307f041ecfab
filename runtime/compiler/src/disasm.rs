//! Code images as text, generated from the instruction table.

use std::fmt::Write;

use crate::image::{Const, Image};
use crate::ops::{Insn, Op, helper, singleton};

/// The image and all code in its constants.
pub fn disassemble(image: &Image) -> String {
    let mut out = String::new();
    one(image, &mut out);
    out
}

fn one(image: &Image, out: &mut String) {
    let _ = writeln!(
        out,
        "{} (line {}): args {}/{}/{}, {} registers, flags {:#x}",
        image.qualname, image.first_line, image.argcount, image.posonly, image.kwonly, image.nregs, image.flags
    );
    if !image.varnames.is_empty() {
        let _ = writeln!(out, "  locals: {}", image.varnames.join(" "));
    }
    if !image.cellvars.is_empty() {
        let cells: Vec<String> = image.cellvars.iter().map(|(n, r)| format!("{n}=r{r}")).collect();
        let _ = writeln!(out, "  cells: {}", cells.join(" "));
    }
    if !image.freevars.is_empty() {
        let _ = writeln!(out, "  free: {} from r{}", image.freevars.join(" "), image.free_reg);
    }
    let mut at = 0;
    let mut spans = image.spans.iter().peekable();
    let mut line = 0;
    while at < image.code.len() {
        while let Some((_, s)) = spans.next_if(|(o, _)| *o as usize <= at) {
            line = s.line;
        }
        let (text, len) = instruction(image, at);
        let _ = writeln!(out, "  {line:>4} {at:>4} {text}");
        at += len;
    }
    for h in &image.handlers {
        let _ = writeln!(out, "  handler {}..{} -> {} in r{}", h.start, h.end, h.target, h.reg);
    }
    for c in &image.consts {
        if let Const::Code(code) = c {
            one(code, out);
        }
    }
}

/// Text and length in words of the instruction at `at`.
pub fn instruction(image: &Image, at: usize) -> (String, usize) {
    let w = Insn(image.code[at]);
    let Some(op) = w.op() else { return (format!("?{:#x}", w.0), 1) };
    let mut s = format!("{:<10}", op.name());
    let fields = [w.a(), w.b(), w.c()];
    for (kind, &v) in op.operands().chars().zip(&fields) {
        s.push(' ');
        let _ = match kind {
            'd' | 'r' | 'u' | 'w' if v == crate::ops::NO_REG => write!(s, "none"),
            'd' | 'r' | 'u' | 'w' => write!(s, "r{v}"),
            'n' | 'k' => write!(s, "{}", constant(image, v as u64)),
            '#' if op == Op::LOADS => write!(s, "{}", single(v)),
            '#' if op == Op::LOADX => write!(s, "{}", helper::NAMES.get(v as usize).unwrap_or(&"?")),
            '#' => write!(s, "{v}"),
            'i' => write!(s, "{}", v as i16),
            '>' => write!(s, "->{}", at as i64 + op.len() as i64 + v as i16 as i64),
            'J' => write!(s, "->{}", at as i64 + op.len() as i64 + w.j() as i64),
            'I' => write!(s, "{}", w.j()),
            _ => {
                s.pop();
                Ok(())
            }
        };
    }
    for (i, kind) in op.words().chars().enumerate() {
        if kind == 'K' {
            let k = image.code.get(at + 1 + i).copied().unwrap_or(u64::MAX);
            let _ = write!(s, " {}", constant(image, k));
        }
    }
    if w.x() != 0 {
        let _ = write!(s, " x={}", w.x());
    }
    (s.trim_end().to_string(), op.len())
}

fn single(v: u16) -> &'static str {
    match v {
        singleton::UNSET => "UNSET",
        singleton::NONE => "None",
        singleton::TRUE => "True",
        singleton::FALSE => "False",
        singleton::ELLIPSIS => "Ellipsis",
        _ => "?",
    }
}

fn constant(image: &Image, k: u64) -> String {
    match usize::try_from(k).ok().and_then(|k| image.consts.get(k)) {
        None => "?".into(),
        Some(c) => show(c),
    }
}

fn show(c: &Const) -> String {
    let many = |t: &[Const]| t.iter().map(show).collect::<Vec<_>>().join(", ");
    match c {
        Const::Name(n) => n.to_string(),
        Const::Code(c) => format!("<code {}>", c.qualname),
        Const::Str(s) => format!("{:?}", String::from_utf8_lossy(s)),
        Const::Bytes(s) => format!("b{:?}", String::from_utf8_lossy(s)),
        Const::Tuple(t) => format!("({})", many(t)),
        Const::FrozenSet(t) => format!("frozenset({})", many(t)),
        Const::Int(i) => i.to_string(),
        Const::Float(f) => format!("{f:?}"),
        Const::Imag(f) => format!("{f:?}j"),
        Const::Big { digits, long, .. } => format!("{digits}{}", if *long { "L" } else { "" }),
        Const::None => "None".into(),
        Const::True => "True".into(),
        Const::False => "False".into(),
        Const::Ellipsis => "Ellipsis".into(),
    }
}
