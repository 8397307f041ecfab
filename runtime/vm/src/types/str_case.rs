//! Case mapping, character classes and translation tables of str, bytes and bytearray.

use super::dict;
use super::text::{self, Str, code_points, decode_at, push_code_point};
use super::text_algo::*;
use super::{codec, int, unicode};
use crate::exceptions::LOOKUP_ERROR;
use crate::native::{Args, NativeDef};
use crate::object::{class_name, item};
use crate::thread::Thread;
use txpy_heap::{R, Value};

pub static METHODS: &[NativeDef] = natives! {
    #[alloc] "upper(self, /)" = upper, "A copy in upper case.";
    #[alloc] "lower(self, /)" = lower, "A copy in lower case.";
    #[alloc] "title(self, /)" = title, "A copy in which words begin with a title case letter and go on in lower case.";
    #[alloc] "capitalize(self, /)" = capitalize, "A copy with the first character in title case and the rest in lower case.";
    #[alloc] "swapcase(self, /)" = swapcase, "A copy with upper case turned to lower case and the other way round.";
    #[alloc] "isalnum(self, /)" = |th, a| all(th, a, unicode::is_alnum, |c| c.is_ascii_alphanumeric()), "Whether all characters are letters or numbers, and there is one.";
    #[alloc] "isalpha(self, /)" = |th, a| all(th, a, unicode::is_alpha, |c| c.is_ascii_alphabetic()), "Whether all characters are letters, and there is one.";
    #[alloc] "isdigit(self, /)" = |th, a| all(th, a, unicode::is_digit, |c| c.is_ascii_digit()), "Whether all characters are digits, and there is one.";
    #[alloc] "isspace(self, /)" = |th, a| all(th, a, unicode::is_space, |c| super::str_split::is_space_byte(*c)), "Whether all characters are whitespace, and there is one.";
    #[alloc] "islower(self, /)" = islower, "Whether all cased characters are lower case, and there is one.";
    #[alloc] "isupper(self, /)" = isupper, "Whether all cased characters are upper case, and there is one.";
    #[alloc] "istitle(self, /)" = istitle, "Whether upper case follows only uncased characters and lower case only cased ones, and there is a cased one.";
    #[py3, pure] "isascii(self, /)" = |th, a| Ok(Value::from_bool(subject(th, a.get(0))?.bytes().is_ascii())), "Whether all characters are ASCII.";
};

/// What only text has.
pub static TEXT: &[NativeDef] = natives! {
    #[pure] "isdecimal(self, /)" = |th, a| all(th, a, |c| unicode::decimal(c).is_some(), |_| false), "Whether all characters are decimal digits, and there is one.";
    #[pure] "isnumeric(self, /)" = |th, a| all(th, a, unicode::is_numeric, |_| false), "Whether all characters are numeric, and there is one.";
    #[py3, pure] "isidentifier(self, /)" = |_, a| Ok(Value::from_bool(is_identifier(bytes(a.get(0))))), "Whether the string is an identifier.";
    #[py3, pure] "isprintable(self, /)" = |_, a| Ok(Value::from_bool(code_points(bytes(a.get(0))).all(unicode::is_printable))), "Whether repr shows all characters as they are.";
    #[py3, alloc] "casefold(self, /)" = |th, a| map(th, a, |b, out| code_points(b).for_each(|c| unicode::fold(c, |x| push_code_point(out, x)))), "A copy for comparison without regard to case.";
    "translate(self, table, /)" = translate, "A copy with characters replaced as table[code point] says.";
    #[py3, static] "maketrans(x, y=None, z=None, /)" = maketrans, "A translation table for str.translate.";
};

fn all(th: &mut Thread, a: Args, text: fn(u32) -> bool, byte: fn(&u8) -> bool) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let b = s.bytes();
    Ok(Value::from_bool(!b.is_empty() && if s.is_text() { code_points(b).all(text) } else { b.iter().all(byte) }))
}
fn cased_only(th: &mut Thread, a: Args, upper: bool) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let mut seen = false;
    for c in points(&s) {
        let (up, low, title) = classes(&s, c);
        if title || if upper { low } else { up } {
            return Ok(Value::FALSE);
        }
        seen |= up || low;
    }
    Ok(Value::from_bool(seen))
}
fn points<'a>(s: &Subject) -> Box<dyn Iterator<Item = u32> + 'a> {
    let b: &'a [u8] = s.bytes();
    if s.is_text() { Box::new(code_points(b)) } else { Box::new(b.iter().map(|c| *c as u32)) }
}
/// Whether a character is upper, lower, title case.
fn classes(s: &Subject, c: u32) -> (bool, bool, bool) {
    if s.is_text() {
        return (unicode::is_upper(c), unicode::is_lower(c), unicode::is_title(c));
    }
    ((c as u8).is_ascii_uppercase(), (c as u8).is_ascii_lowercase(), false)
}
fn islower(th: &mut Thread, a: Args) -> R<Value> { cased_only(th, a, false) }
fn isupper(th: &mut Thread, a: Args) -> R<Value> { cased_only(th, a, true) }
fn istitle(th: &mut Thread, a: Args) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let (mut seen, mut after_cased) = (false, false);
    for c in points(&s) {
        let (up, low, title) = classes(&s, c);
        if (up || title) && after_cased || low && !after_cased {
            return Ok(Value::FALSE);
        }
        after_cased = up || low || title;
        seen |= after_cased;
    }
    Ok(Value::from_bool(seen))
}

/// The receiver mapped: text through `f`.
fn map(th: &mut Thread, a: Args, f: impl FnOnce(&[u8], &mut Vec<u8>)) -> R<Value> {
    let b = bytes(a.get(0));
    let mut out = Vec::with_capacity(b.len());
    f(b, &mut out);
    text::new_str(th, &out)
}
/// Maps bytes and ASCII texts in place, other texts by `full`.
fn change(th: &mut Thread, a: Args, ascii: fn(&mut [u8]), full: fn(&[u8], &mut Vec<u8>, bool)) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let b = s.bytes();
    if !s.is_text() || b.is_ascii() {
        return s.build(th, b.len(), b.len(), |out| {
            out.copy_from_slice(b);
            ascii(out);
        });
    }
    let py3 = th.py3();
    map(th, a, |b, out| full(b, out, py3))
}
fn upper(th: &mut Thread, a: Args) -> R<Value> {
    change(th, a, <[u8]>::make_ascii_uppercase, |b, out, py3| {
        for c in code_points(b) {
            if py3 { unicode::upper(c, |x| push_code_point(out, x)) } else { push_code_point(out, unicode::simple(c, |c, p| unicode::upper(c, p))) }
        }
    })
}
fn lower(th: &mut Thread, a: Args) -> R<Value> { change(th, a, <[u8]>::make_ascii_lowercase, lower_all) }
fn lower_all(b: &[u8], out: &mut Vec<u8>, py3: bool) {
    let mut at = 0;
    while at < b.len() {
        let (c, n) = decode_at(b, at);
        lower_one(b, at, c, out, py3);
        at += n;
    }
}
/// Lower case of the character at `at`; a capital sigma looks at its neighbours.
fn lower_one(b: &[u8], at: usize, c: u32, out: &mut Vec<u8>, py3: bool) {
    if !py3 {
        push_code_point(out, unicode::simple(c, |c, p| unicode::lower(c, p)));
    } else if c == 0x3A3 {
        push_code_point(out, if is_final_sigma(b, at) { 0x3C2 } else { 0x3C3 });
    } else {
        unicode::lower(c, |x| push_code_point(out, x));
    }
}
/// Whether a cased letter stands before and none after, case-ignorable ones skipped.
fn is_final_sigma(b: &[u8], at: usize) -> bool {
    let ignorable = |c: u32| matches!(unicode::category(c), "Mn" | "Me" | "Cf" | "Lm" | "Sk") || matches!(c, 0x27 | 0x2E | 0x3A | 0xB7 | 0x387 | 0x55F | 0x5F4 | 0x2018 | 0x2019 | 0x2024 | 0x2027 | 0xFE13 | 0xFE52 | 0xFE55 | 0xFF07 | 0xFF0E | 0xFF1A);
    let mut end = at;
    let before = loop {
        if end == 0 {
            break false;
        }
        let (c, i) = text::decode_before(b, end);
        if !ignorable(c) {
            break unicode::is_cased(c);
        }
        end = i;
    };
    before && !code_points(&b[at + 2..]).find(|c| !ignorable(*c)).is_some_and(unicode::is_cased)
}
fn title(th: &mut Thread, a: Args) -> R<Value> {
    fn ascii(out: &mut [u8]) {
        let mut after = false;
        for c in out {
            if after { c.make_ascii_lowercase() } else { c.make_ascii_uppercase() }
            after = c.is_ascii_alphabetic();
        }
    }
    change(th, a, ascii, |b, out, py3| {
        let (mut after, mut at) = (false, 0);
        while at < b.len() {
            let (c, n) = decode_at(b, at);
            if after { lower_one(b, at, c, out, py3) } else { title_one(c, out, py3) }
            after = unicode::is_cased(c);
            at += n;
        }
    })
}
fn title_one(c: u32, out: &mut Vec<u8>, py3: bool) {
    if py3 { unicode::title(c, |x| push_code_point(out, x)) } else { push_code_point(out, unicode::simple(c, |c, p| unicode::title(c, p))) }
}
fn capitalize(th: &mut Thread, a: Args) -> R<Value> {
    fn ascii(out: &mut [u8]) {
        out.make_ascii_lowercase();
        if let Some(c) = out.first_mut() {
            c.make_ascii_uppercase();
        }
    }
    change(th, a, ascii, |b, out, py3| {
        let (c, n) = decode_at(b, 0);
        if py3 { title_one(c, out, true) } else { push_code_point(out, unicode::simple(c, |c, p| unicode::upper(c, p))) }
        let mut at = n;
        while at < b.len() {
            let (c, n) = decode_at(b, at);
            lower_one(b, at, c, out, py3);
            at += n;
        }
    })
}
fn swapcase(th: &mut Thread, a: Args) -> R<Value> {
    fn ascii(out: &mut [u8]) {
        for c in out {
            if c.is_ascii_alphabetic() {
                *c ^= 0x20;
            }
        }
    }
    change(th, a, ascii, |b, out, py3| {
        let mut at = 0;
        while at < b.len() {
            let (c, n) = decode_at(b, at);
            if unicode::is_upper(c) {
                lower_one(b, at, c, out, py3)
            } else if unicode::is_lower(c) {
                if py3 { unicode::upper(c, |x| push_code_point(out, x)) } else { push_code_point(out, unicode::simple(c, |c, p| unicode::upper(c, p))) }
            } else {
                push_code_point(out, c)
            }
            at += n;
        }
    })
}

/// Whether text is an identifier of Python 3.
pub fn is_identifier(b: &[u8]) -> bool {
    let Ok(s) = std::str::from_utf8(b) else { return false };
    let mut chars = s.chars();
    let known = s.is_ascii() || s.chars().all(|c| unicode::is_assigned(c as u32));
    known && chars.next().is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c)) && chars.all(unicode_ident::is_xid_continue)
}

// ---- translation

fn translate(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytes(a.get(0));
    let table = a.get(1);
    let plain = table.cast::<dict::Dict>().filter(|_| dict::DICT.is_exact(table));
    let mut out = Vec::with_capacity(b.len());
    for c in code_points(b) {
        th.poll()?;
        let key = Value::int(c as i64);
        let to = match plain {
            Some(d) => dict::get(th, d, key)?,
            None => {
                let r = item::get(th, table, key);
                th.unless(r, &LOOKUP_ERROR)?
            }
        };
        match to {
            None => push_code_point(&mut out, c),
            Some(v) if v.is_none() => {}
            Some(v) if v.is::<Str>() => {
                if out.try_reserve(bytes(v).len()).is_err() {
                    return Err(th.memory_error());
                }
                out.extend_from_slice(bytes(v))
            }
            Some(v) => match int::to_i64(v).filter(|_| int::is_int_like(v)) {
                Some(i) if (0..0x110000).contains(&i) => push_code_point(&mut out, i as u32),
                Some(_) => return Err(if th.py3() { th.value_error("character mapping must be in range(0x110000)") } else { th.type_error("character mapping must be in range(0x110000)") }),
                None => return Err(th.type_error(if th.py3() { "character mapping must return integer, None or str" } else { "character mapping must return integer, None or unicode" })),
            },
        }
    }
    text::new_str(th, &out)
}
fn maketrans(th: &mut Thread, a: Args) -> R<Value> {
    let d = dict::new(th)?;
    let x = a.get(0);
    let Some(y) = a.opt(1) else {
        let Some(from) = x.cast::<dict::Dict>() else {
            return Err(th.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        let mut at = 0;
        while let Some((k, v)) = dict::next(th, from, &mut at)? {
            let key = if k.is::<Str>() {
                if text::len_of(k) != 1 {
                    return Err(th.value_error("string keys in translate table must be of length 1"));
                }
                Value::int(decode_at(bytes(k), 0).0 as i64)
            } else if int::is_int_like(k) {
                k
            } else {
                return Err(th.type_error("keys in translate table must be strings or integers"));
            };
            dict::set(th, d, key, v)?;
        }
        return Ok(d.value());
    };
    for (i, v) in [(1, Some(x)), (2, Some(y)), (3, a.opt(2))] {
        if let Some(v) = v.filter(|v| !v.is::<Str>()) {
            let got = class_name(v);
            return Err(th.type_error(if i == 1 { "first maketrans argument must be a string if there is a second argument".to_string() } else { format!("maketrans() argument {i} must be str, not {got}") }));
        }
    }
    if text::len_of(x) != text::len_of(y) {
        return Err(th.value_error("the first two maketrans arguments must have equal length"));
    }
    for (f, t) in code_points(bytes(x)).zip(code_points(bytes(y))) {
        dict::set(th, d, Value::int(f as i64), Value::int(t as i64))?;
    }
    for c in code_points(a.opt(2).map_or(&[][..], |z| bytes(z))) {
        dict::set(th, d, Value::int(c as i64), Value::NONE)?;
    }
    Ok(d.value())
}

/// `translate(table, delete)` of byte strings: a table of 256 bytes, or None.
pub fn translate_bytes(th: &mut Thread, a: Args) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    let table = a.get(1);
    let given = a.opt(2);
    if !th.py3() && s.sort == Sort::Bytes && table.is::<Str>() {
        if given.is_some() {
            return Err(th.type_error("deletions are implemented differently for unicode"));
        }
        codec::check_ascii(th, s.v)?;
        let text = text::new_str(th, s.bytes())?;
        return translate(th, Args::of(&[text, table]));
    }
    let table = if table.is_none() { None } else { Some(operand(th, &mut s, table, &WRONG, "")?) };
    if table.is_some_and(|t| bytes(t).len() != 256) {
        return Err(th.value_error("translation table must be 256 characters long"));
    }
    let gone = match given {
        Some(v) => Some(operand(th, &mut s, v, &WRONG, "")?),
        None => None,
    };
    let mut drop = [false; 256];
    gone.map_or(&[][..], |g| bytes(g)).iter().for_each(|c| drop[*c as usize] = true);
    let out: Vec<u8> = s.bytes().iter().filter(|c| !drop[**c as usize]).map(|c| table.map_or(*c, |t| bytes(t)[*c as usize])).collect();
    s.make(th, &out)
}
/// `bytes.maketrans(frm, to)`.
pub fn maketrans_bytes(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (crate::native::buffer::snapshot(th, a.get(0))?, crate::native::buffer::snapshot(th, a.get(1))?);
    if bytes(x).len() != bytes(y).len() {
        return Err(th.value_error("maketrans arguments must have same length"));
    }
    let mut t: Vec<u8> = (0..=255).collect();
    bytes(x).iter().zip(bytes(y)).for_each(|(f, to)| t[*f as usize] = *to);
    th.new_bytes(&t)
}
