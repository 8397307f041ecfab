//! Expressions back to text, for annotations under `from __future__ import annotations`; the form is that of CPython's unparser.

use txpy_syntax::ast::*;

/// Binding strength; a weaker expression inside a stronger place gets parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Prec {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

pub fn text(e: &Expr<'_>) -> String {
    let mut out = String::new();
    // Deeper than any annotation worth its text; what lies below is left out.
    write(&mut out, e, Prec::Test, 200);
    out
}

fn binary(op: BinOp) -> Prec {
    match op {
        BinOp::BitOr => Prec::BitOr,
        BinOp::BitXor => Prec::BitXor,
        BinOp::BitAnd => Prec::BitAnd,
        BinOp::LShift | BinOp::RShift => Prec::Shift,
        BinOp::Add | BinOp::Sub => Prec::Arith,
        BinOp::Mult | BinOp::MatMult | BinOp::Div | BinOp::Mod | BinOp::FloorDiv => Prec::Term,
        BinOp::Pow => Prec::Power,
    }
}

fn stronger(p: Prec) -> Prec {
    const ORDER: [Prec; 16] = [
        Prec::Tuple, Prec::Test, Prec::Or, Prec::And, Prec::Not, Prec::Cmp, Prec::BitOr, Prec::BitXor, Prec::BitAnd, Prec::Shift, Prec::Arith, Prec::Term,
        Prec::Factor, Prec::Power, Prec::Await, Prec::Atom,
    ];
    ORDER[(p as usize + 1).min(15)]
}

fn list(out: &mut String, items: &[Expr<'_>], depth: u32) {
    for (i, e) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write(out, e, Prec::Test, depth);
    }
}

fn write(out: &mut String, e: &Expr<'_>, want: Prec, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else {
        out.push_str("...");
        return;
    };
    let own = match &e.kind {
        ExprKind::Named { .. } | ExprKind::Yield(_) | ExprKind::YieldFrom(_) => Prec::Tuple,
        ExprKind::Lambda { .. } | ExprKind::IfExp { .. } => Prec::Test,
        ExprKind::BoolOp { op: BoolOp::Or, .. } => Prec::Or,
        ExprKind::BoolOp { op: BoolOp::And, .. } => Prec::And,
        ExprKind::UnaryOp { op: UnaryOp::Not, .. } => Prec::Not,
        ExprKind::UnaryOp { .. } => Prec::Factor,
        ExprKind::Compare { .. } => Prec::Cmp,
        ExprKind::BinOp { op, .. } => binary(*op),
        ExprKind::Await(_) => Prec::Await,
        _ => Prec::Atom,
    };
    let parens = own < want;
    if parens {
        out.push('(');
    }
    bare(out, e, own, depth);
    if parens {
        out.push(')');
    }
}

fn bare(out: &mut String, e: &Expr<'_>, own: Prec, depth: u32) {
    match &e.kind {
        ExprKind::Name(n) => out.push_str(n),
        ExprKind::Constant { value, u_prefix } => constant(out, value, *u_prefix),
        ExprKind::Attribute { value, attr } => {
            write(out, value, Prec::Atom, depth);
            if matches!(value.kind, ExprKind::Constant { value: Constant::Int { .. }, .. }) {
                out.push(' ');
            }
            out.push('.');
            out.push_str(attr);
        }
        ExprKind::Subscript { value, index } => {
            write(out, value, Prec::Atom, depth);
            out.push('[');
            match &index.kind {
                ExprKind::Tuple(items) if !items.is_empty() => {
                    list(out, items, depth);
                    if items.len() == 1 {
                        out.push(',');
                    }
                }
                _ => write(out, index, Prec::Tuple, depth),
            }
            out.push(']');
        }
        ExprKind::Slice { lower, upper, step } => {
            for (i, b) in [lower, upper, step].into_iter().enumerate() {
                if i == 1 || (i == 2 && b.is_some()) {
                    out.push(':');
                }
                if let Some(b) = b {
                    write(out, b, Prec::Test, depth);
                }
            }
        }
        ExprKind::Tuple(items) => {
            out.push('(');
            list(out, items, depth);
            if items.len() == 1 {
                out.push(',');
            }
            out.push(')');
        }
        ExprKind::List(items) => {
            out.push('[');
            list(out, items, depth);
            out.push(']');
        }
        ExprKind::Set(items) => {
            out.push('{');
            list(out, items, depth);
            out.push('}');
        }
        ExprKind::Dict(items) => {
            out.push('{');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                match &item.key {
                    Some(k) => {
                        write(out, k, Prec::Test, depth);
                        out.push_str(": ");
                        write(out, &item.value, Prec::Test, depth);
                    }
                    None => {
                        out.push_str("**");
                        write(out, &item.value, Prec::BitOr, depth);
                    }
                }
            }
            out.push('}');
        }
        ExprKind::Starred(v) => {
            out.push('*');
            write(out, v, Prec::BitOr, depth);
        }
        ExprKind::BoolOp { op, values } => {
            for (i, v) in values.iter().enumerate() {
                if i > 0 {
                    out.push_str(if *op == BoolOp::And { " and " } else { " or " });
                }
                write(out, v, stronger(own), depth);
            }
        }
        ExprKind::BinOp { left, op, right } => {
            let power = *op == BinOp::Pow;
            write(out, left, if power { stronger(own) } else { own }, depth);
            out.push(' ');
            out.push_str(op.symbol());
            out.push(' ');
            write(out, right, if power { own } else { stronger(own) }, depth);
        }
        ExprKind::UnaryOp { op, operand } => {
            out.push_str(op.symbol());
            if *op == UnaryOp::Not {
                out.push(' ');
            }
            write(out, operand, own, depth);
        }
        ExprKind::Compare { left, ops, comparators } => {
            write(out, left, stronger(own), depth);
            for (op, c) in ops.iter().zip(*comparators) {
                out.push(' ');
                out.push_str(op.symbol());
                out.push(' ');
                write(out, c, stronger(own), depth);
            }
        }
        ExprKind::IfExp { test, body, orelse } => {
            write(out, body, Prec::Or, depth);
            out.push_str(" if ");
            write(out, test, Prec::Or, depth);
            out.push_str(" else ");
            write(out, orelse, Prec::Test, depth);
        }
        ExprKind::Call { func, args, keywords } => {
            write(out, func, Prec::Atom, depth);
            out.push('(');
            list(out, args, depth);
            for (i, k) in keywords.iter().enumerate() {
                if i > 0 || !args.is_empty() {
                    out.push_str(", ");
                }
                match k.name {
                    Some(n) => {
                        out.push_str(n);
                        out.push('=');
                    }
                    None => out.push_str("**"),
                }
                write(out, &k.value, Prec::Test, depth);
            }
            out.push(')');
        }
        ExprKind::Lambda { params, body } => {
            out.push_str("lambda");
            parameters(out, params, depth);
            out.push_str(": ");
            write(out, body, Prec::Test, depth);
        }
        ExprKind::Named { target, value } => {
            write(out, target, Prec::Atom, depth);
            out.push_str(" := ");
            write(out, value, Prec::Atom, depth);
        }
        ExprKind::Await(v) => {
            out.push_str("await ");
            write(out, v, Prec::Atom, depth);
        }
        ExprKind::Yield(v) => {
            out.push_str("yield");
            if let Some(v) = v {
                out.push(' ');
                write(out, v, Prec::Tuple, depth);
            }
        }
        ExprKind::YieldFrom(v) => {
            out.push_str("yield from ");
            write(out, v, Prec::Test, depth);
        }
        ExprKind::ListComp { elt, generators } => comp(out, "[", elt, None, generators, "]", depth),
        ExprKind::SetComp { elt, generators } => comp(out, "{", elt, None, generators, "}", depth),
        ExprKind::GeneratorExp { elt, generators } => comp(out, "(", elt, None, generators, ")", depth),
        ExprKind::DictComp { key, value, generators } => comp(out, "{", key, Some(value), generators, "}", depth),
        ExprKind::JoinedStr(parts) => {
            let mut inner = String::new();
            parts.iter().for_each(|p| field(&mut inner, p, depth));
            let quote = if inner.contains('\'') { '"' } else { '\'' };
            out.push('f');
            out.push(quote);
            out.push_str(&inner);
            out.push(quote);
        }
        ExprKind::FormattedValue { .. } => field(out, e, depth),
        ExprKind::Repr(v) => {
            out.push('`');
            write(out, v, Prec::Test, depth);
            out.push('`');
        }
    }
}

fn field(out: &mut String, p: &Expr<'_>, depth: u32) {
    match &p.kind {
        ExprKind::Constant { value: Constant::Str(s), .. } => out.push_str(&String::from_utf8_lossy(s).replace('{', "{{").replace('}', "}}").replace('\n', "\\n")),
        ExprKind::FormattedValue { value, conversion, format_spec } => {
            out.push('{');
            write(out, value, Prec::Or, depth);
            match conversion {
                Conversion::None => {}
                Conversion::Str => out.push_str("!s"),
                Conversion::Repr => out.push_str("!r"),
                Conversion::Ascii => out.push_str("!a"),
            }
            if let Some(Expr { kind: ExprKind::JoinedStr(parts), .. }) = format_spec {
                out.push(':');
                if let Some(depth) = depth.checked_sub(1) {
                    parts.iter().for_each(|p| field(out, p, depth));
                }
            }
            out.push('}');
        }
        _ => write(out, p, Prec::Test, depth),
    }
}

fn comp(out: &mut String, open: &str, elt: &Expr<'_>, value: Option<&Expr<'_>>, generators: &[Comprehension<'_>], close: &str, depth: u32) {
    out.push_str(open);
    write(out, elt, Prec::Test, depth);
    if let Some(v) = value {
        out.push_str(": ");
        write(out, v, Prec::Test, depth);
    }
    for g in generators {
        out.push_str(if g.is_async { " async for " } else { " for " });
        write(out, &g.target, Prec::Tuple, depth);
        out.push_str(" in ");
        write(out, &g.iter, Prec::Or, depth);
        for i in g.ifs {
            out.push_str(" if ");
            write(out, i, Prec::Or, depth);
        }
    }
    out.push_str(close);
}

fn parameters(out: &mut String, p: &Parameters<'_>, depth: u32) {
    let mut parts: Vec<String> = Vec::new();
    let one = |p: &Param<'_>| {
        let mut s = p.name.to_string();
        if let Some(d) = p.default {
            s.push('=');
            write(&mut s, d, Prec::Test, depth);
        }
        s
    };
    parts.extend(p.posonly.iter().map(one));
    if !p.posonly.is_empty() {
        parts.push("/".into());
    }
    parts.extend(p.args.iter().map(one));
    match p.vararg {
        Some(v) => parts.push(format!("*{}", v.name)),
        None if !p.kwonly.is_empty() => parts.push("*".into()),
        None => {}
    }
    parts.extend(p.kwonly.iter().map(one));
    if let Some(k) = p.kwarg {
        parts.push(format!("**{}", k.name));
    }
    if !parts.is_empty() {
        out.push(' ');
    }
    out.push_str(&parts.join(", "));
}

fn constant(out: &mut String, c: &Constant<'_>, u_prefix: bool) {
    match c {
        Constant::None => out.push_str("None"),
        Constant::True => out.push_str("True"),
        Constant::False => out.push_str("False"),
        Constant::Ellipsis => out.push_str("..."),
        Constant::Int { value, .. } => out.push_str(&value.to_string()),
        Constant::BigInt { digits, radix, .. } => {
            out.push_str(match radix {
                2 => "0b",
                8 => "0o",
                16 => "0x",
                _ => "",
            });
            out.push_str(digits);
        }
        Constant::Float(f) => float(out, *f),
        Constant::Imag(f) => {
            float(out, *f);
            out.push('j');
        }
        Constant::Str(s) => {
            if u_prefix {
                out.push('u');
            }
            quoted(out, &String::from_utf8_lossy(s));
        }
        Constant::Bytes(s) => {
            out.push('b');
            let quote = if s.contains(&b'\'') && !s.contains(&b'"') { '"' } else { '\'' };
            out.push(quote);
            for &b in *s {
                match b {
                    b'\\' => out.push_str("\\\\"),
                    b'\n' => out.push_str("\\n"),
                    b'\r' => out.push_str("\\r"),
                    b'\t' => out.push_str("\\t"),
                    b if b as char == quote => {
                        out.push('\\');
                        out.push(quote);
                    }
                    0x20..0x7F => out.push(b as char),
                    _ => out.push_str(&format!("\\x{b:02x}")),
                }
            }
            out.push(quote);
        }
    }
}

fn float(out: &mut String, f: f64) {
    if f.is_infinite() {
        out.push_str("1e309");
        return;
    }
    let magnitude = f.abs();
    let s = if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) { format!("{f:e}") } else { format!("{f:?}") };
    match s.split_once('e') {
        Some((m, e)) if !e.starts_with('-') => out.push_str(&format!("{m}e+{e:0>2}")),
        Some((m, e)) => out.push_str(&format!("{m}e-{:0>2}", &e[1..])),
        None => out.push_str(&s),
    }
}

fn quoted(out: &mut String, s: &str) {
    let quote = if s.contains('\'') && !s.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || c as u32 == 0x7F => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push(quote);
}
