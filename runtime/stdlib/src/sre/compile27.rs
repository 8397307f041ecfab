//! 2.7's way to pattern objects: from pattern text by our parser, from code words of 2.7's own `sre_compile`, and replacement templates.

use super::parse27::{self, Refusal};
use super::pattern::{Pattern, new_pattern};
use super::emit27;
use crate::api::*;
use super::ops::Op;

/// An exception `sre_constants.error`.
pub fn error(th: &mut Thread, message: &str) -> Unwind {
    let made = (|th: &mut Thread| {
        let m = txpy_vm::import::import_name(th, "sre_constants")?;
        let class = attr::get_str(th, m, "error")?;
        let message = th.native_str(message)?;
        th.call(class, &[message])
    })(th);
    match made {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
/// Code points of text, bytes of a byte string.
fn points(v: Value) -> Vec<u32> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    if text::is_text(v) { text::code_points(b).collect() } else { b.iter().map(|b| u32::from(*b)).collect() }
}
fn piece(th: &mut Thread, like: Value, c: &[u32]) -> R<Value> {
    let mut out = Vec::with_capacity(c.len());
    if text::is_text(like) {
        c.iter().for_each(|c| text::push_code_point(&mut out, *c));
        text::new_str(th, &out)
    } else {
        out.extend(c.iter().map(|c| *c as u8));
        text::new_bytes(th, &out)
    }
}
fn refuse(th: &mut Thread, pattern: Value, r: Refusal) -> Unwind {
    let shown = |th: &mut Thread, c: &[u32]| {
        let v = piece(th, pattern, c)?;
        repr_text(th, v)
    };
    let message = match r {
        Refusal::Plain(m) => m.to_string(),
        Refusal::Text(m) => m,
        Refusal::Shown(m, c) => match shown(th, &c) {
            Ok(s) => format!("{m}{s}"),
            Err(e) => return e,
        },
        Refusal::Redefined(name, new, old) => match shown(th, &name) {
            Ok(s) => format!("redefinition of group name {s} as group {new}; was group {old}"),
            Err(e) => return e,
        },
        Refusal::Repetition => return th.overflow_error("the repetition number is too large"),
        Refusal::CodeSize => return th.overflow_error("regular expression code size limit exceeded"),
        Refusal::Recursion => return th.raise(&RUNTIME_ERROR, "maximum recursion depth exceeded"),
    };
    error(th, &message)
}

/// `_sre._compile_text(pattern, flags)`: a pattern object of a str, unicode or buffer.
pub fn compile_text(th: &mut Thread, a: Args) -> R<Value> {
    let given = a.get(0);
    let source = if text::is_text(given) {
        given
    } else if text::is_bytes(given) || txpy_vm::native::buffer::is_bytes_like(th, given) {
        txpy_vm::native::buffer::snapshot(th, given)?
    } else {
        return Err(th.type_error("first argument must be string or compiled pattern"));
    };
    let flags = int::arg_u32(th, a.get(1))?;
    let parsed = parse27::parse(&points(source), flags).map_err(|r| refuse(th, source, r))?;
    if parsed.warns {
        txpy_vm::warn::warn_above(th, &txpy_vm::exceptions::RUNTIME_WARNING, "group references in lookbehind assertions are not supported", 3)?;
    }
    let code = emit27::emit(&parsed).map_err(|r| refuse(th, source, r))?;
    if parsed.groups > 100 {
        return Err(th.raise(&txpy_vm::exceptions::ASSERTION_ERROR, "sorry, but this version only supports 100 named groups"));
    }
    let index = dict::new(th)?;
    let mut names = vec![None; parsed.groups];
    for (name, i) in &parsed.names {
        let k = piece(th, source, name)?;
        dict::set(th, index, k, Value::int(*i as i64))?;
        names[*i] = Some(name);
    }
    let of_number = RootedVec::with_capacity(th, names.len())?;
    for n in names {
        let v = match n {
            Some(n) => piece(th, source, n)?,
            None => Value::NONE,
        };
        of_number.push(th, v)?;
    }
    let of_number = tuple_of(th, of_number)?;
    new_pattern(th, given, parsed.flags, &code, parsed.groups - 1, index.value(), of_number)
}

/// Rewrites code words of 2.7's compiler to the matcher's, in place; None if they are no program.
pub fn translate(code: &mut [u32], flags: u32) -> Option<()> {
    let end = code.len();
    let at = walk(code, 0, end, flags, 0)?;
    if at == end { Some(()) } else { None }
}
/// Numbers of 2.7's instructions that the matcher numbers differently or that need a closer look.
mod old {
    pub const ASSERT: u32 = 4;
    pub const ASSERT_NOT: u32 = 5;
    pub const AT: u32 = 6;
    pub const BRANCH: u32 = 7;
    pub const CATEGORY: u32 = 9;
    pub const CHARSET: u32 = 10;
    pub const BIGCHARSET: u32 = 11;
    pub const GROUPREF: u32 = 12;
    pub const GROUPREF_EXISTS: u32 = 13;
    pub const GROUPREF_IGNORE: u32 = 14;
    pub const IN: u32 = 15;
    pub const IN_IGNORE: u32 = 16;
    pub const INFO: u32 = 17;
    pub const JUMP: u32 = 18;
    pub const LITERAL: u32 = 19;
    pub const LITERAL_IGNORE: u32 = 20;
    pub const MARK: u32 = 21;
    pub const MAX_UNTIL: u32 = 22;
    pub const MIN_UNTIL: u32 = 23;
    pub const NOT_LITERAL: u32 = 24;
    pub const NOT_LITERAL_IGNORE: u32 = 25;
    pub const NEGATE: u32 = 26;
    pub const RANGE: u32 = 27;
    pub const REPEAT: u32 = 28;
    pub const REPEAT_ONE: u32 = 29;
    pub const MIN_REPEAT_ONE: u32 = 31;
}
fn walk(code: &mut [u32], mut i: usize, end: usize, flags: u32, depth: usize) -> Option<usize> {
    if depth > 400 {
        return None;
    }
    let ignoring = |ascii: Op, locale: Op, unicode: Op| if flags & parse27::UNICODE != 0 { unicode } else if flags & parse27::LOCALE != 0 { locale } else { ascii };
    while i < end {
        let o = code[i];
        let (new, operands) = match o {
            0 => (Op::FAILURE, 0),
            1 => (Op::SUCCESS, 0),
            2 => (Op::ANY, 0),
            3 => (Op::ANY_ALL, 0),
            old::ASSERT => (Op::ASSERT, 2),
            old::ASSERT_NOT => (Op::ASSERT_NOT, 2),
            old::AT => (Op::AT, 1),
            old::BRANCH => (Op::BRANCH, 0),
            old::CATEGORY => (Op::CATEGORY, 1),
            old::GROUPREF => (Op::GROUPREF, 1),
            old::GROUPREF_EXISTS => (Op::GROUPREF_EXISTS, 2),
            old::GROUPREF_IGNORE => (ignoring(Op::GROUPREF_IGNORE, Op::GROUPREF_LOC_IGNORE, Op::GROUPREF_UNI_IGNORE), 1),
            old::IN => (Op::IN, 1),
            old::IN_IGNORE => (ignoring(Op::IN_IGNORE, Op::IN_LOC_IGNORE, Op::IN_UNI_IGNORE), 1),
            old::INFO => (Op::INFO, 1),
            old::JUMP => (Op::JUMP, 1),
            old::LITERAL => (Op::LITERAL, 1),
            old::LITERAL_IGNORE => (ignoring(Op::LITERAL_IGNORE, Op::LITERAL_LOC_IGNORE, Op::LITERAL_UNI_IGNORE), 1),
            old::MARK => (Op::MARK, 1),
            old::MAX_UNTIL => (Op::MAX_UNTIL, 0),
            old::MIN_UNTIL => (Op::MIN_UNTIL, 0),
            old::NOT_LITERAL => (Op::NOT_LITERAL, 1),
            old::NOT_LITERAL_IGNORE => (ignoring(Op::NOT_LITERAL_IGNORE, Op::NOT_LITERAL_LOC_IGNORE, Op::NOT_LITERAL_UNI_IGNORE), 1),
            old::REPEAT => (Op::REPEAT, 3),
            old::REPEAT_ONE => (Op::REPEAT_ONE, 3),
            old::MIN_REPEAT_ONE => (Op::MIN_REPEAT_ONE, 3),
            _ => return None,
        };
        if i + operands >= end {
            return None;
        }
        code[i] = new as u32;
        i += 1;
        match o {
            old::BRANCH => loop {
                // Each alternative begins with its length, the last is followed by 0.
                let skip = *code.get(i)? as usize;
                if skip == 0 {
                    i += 1;
                    break;
                }
                if skip > end - i || walk(code, i + 1, i + skip, flags, depth + 1)? != i + skip {
                    return None;
                }
                i += skip;
                if i >= end {
                    return None;
                }
            },
            old::IN | old::IN_IGNORE => {
                let next = i + code[i] as usize;
                if next > end || charset(code, i + 1, next)? != next {
                    return None;
                }
                i = next;
            }
            old::INFO => {
                let next = i + code[i] as usize;
                if next > end || code[i] < 4 {
                    return None;
                }
                // <skip> <mask> <min> <max>, and with mask 4 a charset.
                if code[i + 1] & 4 != 0 {
                    charset(code, i + 4, next)?;
                } else if code[i + 1] & 1 != 0 && (next < i + 6 || (code[i + 4] as usize).checked_mul(2)? != next - i - 6) {
                    return None;
                }
                i = next;
            }
            old::ASSERT | old::ASSERT_NOT | old::REPEAT | old::REPEAT_ONE | old::MIN_REPEAT_ONE | old::JUMP if code[i] as usize > end.max(code.len()) - i => return None,
            _ => i += operands,
        }
    }
    Some(i)
}
fn charset(code: &mut [u32], mut i: usize, end: usize) -> Option<usize> {
    while i < end {
        let (new, operands) = match code[i] {
            0 => return Some(i + 1),
            old::CATEGORY => (Op::CATEGORY, 1),
            old::CHARSET => (Op::CHARSET, 8),
            old::BIGCHARSET => (Op::BIGCHARSET, 1 + 64 + (*code.get(i + 1)? as usize).checked_mul(8)?),
            old::LITERAL => (Op::LITERAL, 1),
            old::NEGATE => (Op::NEGATE, 0),
            old::RANGE => (Op::RANGE, 2),
            _ => return None,
        };
        if operands >= end - i {
            return None;
        }
        code[i] = new as u32;
        i += 1 + operands;
    }
    None
}

/// A replacement template as a tuple of literals and group numbers.
pub fn template(th: &mut Thread, p: &Pattern, given: Value) -> R<Value> {
    let source = if text::is_text(given) { given } else { txpy_vm::native::buffer::snapshot(th, given)? };
    let s = points(source);
    let out = RootedVec::new(th)?;
    let mut literal: Vec<u32> = vec![];
    let mut i = 0;
    let digit = |c: Option<&u32>, radix: u32| c.and_then(|c| parse27::digit(*c, radix));
    while i < s.len() {
        let c = s[i];
        i += 1;
        if c != b'\\' as u32 {
            literal.push(c);
            continue;
        }
        let Some(&e) = s.get(i) else { return Err(error(th, "bogus escape (end of line)")) };
        i += 1;
        let group = match u8::try_from(e).unwrap_or(b'Z') {
            b'g' => {
                if s.get(i) != Some(&(b'<' as u32)) {
                    return Err(error(th, "missing group name"));
                }
                let from = i + 1;
                let Some(n) = s[from..].iter().position(|c| *c == b'>' as u32) else { return Err(error(th, "unterminated group name")) };
                i = from + n + 1;
                named(th, p, source, &s[from..from + n])?
            }
            b'0' => {
                let mut v = 0;
                for _ in 0..2 {
                    let Some(d) = digit(s.get(i), 8) else { break };
                    v = v * 8 + d;
                    i += 1;
                }
                literal.push(v & 0xFF);
                continue;
            }
            b'1'..=b'9' => {
                let mut v = e - b'0' as u32;
                if let Some(d) = digit(s.get(i), 10) {
                    let octal = v < 8 && d < 8;
                    if let (true, Some(o)) = (octal, digit(s.get(i + 1), 8)) {
                        literal.push((v * 64 + d * 8 + o) & 0xFF);
                        i += 2;
                        continue;
                    }
                    v = v * 10 + d;
                    i += 1;
                }
                v as usize
            }
            _ => {
                match parse27::control(e) {
                    Some(c) => literal.push(c),
                    None => literal.extend([b'\\' as u32, e]),
                }
                continue;
            }
        };
        if !literal.is_empty() {
            let v = piece(th, source, &std::mem::take(&mut literal))?;
            out.push(th, v)?;
        }
        out.push(th, Value::int(group as i64))?;
    }
    if !literal.is_empty() {
        let v = piece(th, source, &literal)?;
        out.push(th, v)?;
    }
    tuple_of(th, out)
}
/// The group of `\g<name>`.
fn named(th: &mut Thread, p: &Pattern, source: Value, name: &[u32]) -> R<usize> {
    if name.is_empty() {
        return Err(error(th, "missing group name"));
    }
    let ascii: String = name.iter().map(|c| char::from_u32(*c).unwrap_or('?')).collect();
    if let Ok(n) = ascii.trim().parse::<i64>() {
        return if n < 0 {
            Err(error(th, "negative group number"))
        } else {
            Ok(n as usize)
        };
    }
    let first = ascii.as_bytes()[0];
    if !ascii.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') || first.is_ascii_digit() {
        return Err(error(th, "bad character in group name"));
    }
    let key = piece(th, source, name)?;
    let known = match p.groupindex.cast::<Dict>() {
        Some(d) => dict::get(th, d, key)?,
        None => None,
    };
    match known.and_then(int::to_i64) {
        Some(n) => Ok(n as usize),
        None => {
            let shown = repr_text(th, key)?;
            Err(th.index_error(format!("unknown group name: {shown}")))
        }
    }
}
