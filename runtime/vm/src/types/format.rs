//! `str.format`, `format_map`, `str.__format__` and what `format()` and f-strings share.

use super::text::{self, Str};
use super::text_algo::bytes;
use super::number_format::{Fail, Kind, Spec, parse_spec};
use super::{codec, dunder::D, int, list};
use crate::exceptions::{INDEX_ERROR, KEY_ERROR, VALUE_ERROR};
use crate::native::Args;
use crate::object::{self, attr, class_name, item};
use crate::thread::Thread;
use txpy_heap::{R, Unwind, Value};

// ---- one value

/// `format(v, spec)`: what `v.__format__(spec)` gives.
pub fn format_value(th: &mut Thread, v: Value, spec: Value) -> R<Value> {
    if th.is_native_str_exact(v) && bytes(spec).is_empty() && (spec.is::<Str>() == v.is::<Str>()) {
        return Ok(v);
    }
    let Some(f) = object::dunder(v, D::format) else {
        // Classic instances of 2.7 have no `__format__`.
        let s = if spec.is::<Str>() && !th.py3() { super::str_methods::to_unicode(th, v)? } else { object::str_(th, v)? };
        return format_value(th, s, spec);
    };
    let r = object::call_special(th, f, v, &[spec])?;
    if text::is_string(th, r) {
        return Ok(r);
    }
    let (class, got) = (class_name(v), class_name(r));
    Err(th.type_error(if th.py3() { format!("__format__ must return a str, not {got}") } else { format!("{class}.__format__ must return string or unicode, not {got}") }))
}
/// `str.__format__(spec)` of text, and of byte strings in 2.7.
pub fn format_string(th: &mut Thread, a: Args) -> R<Value> {
    let (v, spec) = (a.get(0), a.get(1));
    if !text::is_string(th, spec) {
        let got = class_name(spec);
        return Err(th.type_error(if th.py3() { format!("__format__() argument must be str, not {got}") } else { format!("__format__ arg must be str or unicode, not {got}") }));
    }
    // 2.7: a specification that is text makes the result text.
    let v = if spec.is::<Str>() && !th.py3() { codec::to_text(th, v)? } else { v };
    let spec_bytes = bytes(spec);
    if spec_bytes.is_empty() {
        return if v.is::<Str>() && !th.py3() { super::str_methods::to_unicode(th, v) } else { object::str_(th, v) };
    }
    let s = string_spec(th, &String::from_utf8_lossy(spec_bytes))?;
    let b = bytes(v);
    let is_text = v.is::<Str>();
    let total = if is_text { text::len_of(v) } else { b.len() };
    let keep = s.precision.map_or(total, |p| p.min(total));
    let cut = if keep == total {
        b
    } else if is_text {
        &b[..text::offset_of(th, v.cast().expect("text"), keep)?]
    } else {
        &b[..keep]
    };
    let pad = s.width.unwrap_or(0).saturating_sub(keep);
    let mut utf8 = [0; 4];
    let filler = s.fill.encode_utf8(&mut utf8).as_bytes();
    let left = match s.align {
        '>' => pad,
        '^' => pad / 2,
        _ => 0,
    };
    let Some(len) = pad.checked_mul(filler.len()).and_then(|n| n.checked_add(cut.len())) else { return Err(th.memory_error()) };
    let fill = |out: &mut [u8]| {
        let at = left * filler.len();
        text::fill_repeated(&mut out[..at], filler);
        out[at..at + cut.len()].copy_from_slice(cut);
        text::fill_repeated(&mut out[at + cut.len()..], filler);
    };
    if is_text { text::build_str(th, len, keep + pad, fill) } else { text::build_bytes(th, len, fill) }
}

/// Parses a specification and checks that it asks for nothing that strings can't do.
fn string_spec(th: &mut Thread, spec: &str) -> R<Spec> {
    let py3 = th.py3();
    let s = match parse_spec(spec, Kind::Text, py3) {
        Ok(s) => s,
        Err(e) => return Err(e.raise(th, spec, "str")),
    };
    if s.ty != 's' {
        return Err(Fail::UnknownCode(s.ty).raise(th, spec, "str"));
    }
    let msg = match s.sign {
        Some(' ') if py3 => "Space not allowed in string format specifier",
        Some(_) => "Sign not allowed in string format specifier",
        None if s.no_negative_zero => "Negative zero coercion (z) not allowed in string format specifier",
        None if s.alternate => "Alternate form (#) not allowed in string format specifier",
        None if s.align == '=' => "'=' alignment not allowed in string format specifier",
        None => return Ok(s),
    };
    Err(th.value_error(msg))
}
fn number(th: &mut Thread, b: &[u8], at: &mut usize) -> R<Option<usize>> {
    let mut n: Option<usize> = None;
    while let Some(d) = b.get(*at).filter(|c| c.is_ascii_digit()) {
        match n.unwrap_or(0).checked_mul(10).and_then(|x| x.checked_add((d - b'0') as usize)).filter(|x| *x <= isize::MAX as usize) {
            Some(v) => n = Some(v),
            None => return Err(th.value_error("Too many decimal digits in format string")),
        }
        *at += 1;
    }
    Ok(n)
}

// ---- format strings

/// Where fields find their values.
#[derive(Clone, Copy)]
enum Source<'a> {
    Args(Args<'a>),
    Mapping(Value),
}
/// Numbering of fields: by hand or automatic, not both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Manual,
    Automatic(usize),
}

/// `str.format(*args, **kwargs)`.
pub fn format_method(th: &mut Thread, a: Args) -> R<Value> { expand(th, a.get(0), Source::Args(a.skip(1))) }
/// `str.format_map(mapping)`.
pub fn format_map(th: &mut Thread, a: Args) -> R<Value> { expand(th, a.get(0), Source::Mapping(a.get(1))) }

fn expand(th: &mut Thread, fmt: Value, src: Source) -> R<Value> {
    let mut out = Vec::new();
    let mut numbering = Numbering::Unknown;
    run(th, bytes(fmt), fmt.is::<Str>(), src, &mut numbering, 2, &mut out)?;
    if fmt.is::<Str>() { text::new_str(th, &out) } else { text::new_bytes(th, &out) }
}

/// One step of a format string.
enum Piece<'a> {
    Literal(&'a [u8]),
    Field { name: &'a [u8], conversion: Option<u32>, spec: &'a [u8] },
}
fn error(th: &mut Thread, py3: &str, py2: &str) -> Unwind {
    let msg = if th.py3() { py3 } else { py2 };
    th.raise(&VALUE_ERROR, msg)
}
/// The piece of `b` that starts at `at`, which moves behind it. None at the end.
fn next_piece<'a>(th: &mut Thread, b: &'a [u8], at: &mut usize) -> R<Option<Piece<'a>>> {
    if *at >= b.len() {
        return Ok(None);
    }
    let start = *at;
    let n = b[start..].iter().position(|c| *c == b'{' || *c == b'}').unwrap_or(b.len() - start);
    if n > 0 {
        *at += n;
        // A doubled brace behind the text belongs to the next piece.
        return Ok(Some(Piece::Literal(&b[start..start + n])));
    }
    let c = b[start];
    if b.get(start + 1) == Some(&c) {
        *at += 2;
        return Ok(Some(Piece::Literal(&b[start..start + 1])));
    }
    if c == b'}' {
        return Err(th.raise(&VALUE_ERROR, "Single '}' encountered in format string"));
    }
    if start + 1 >= b.len() {
        return Err(th.raise(&VALUE_ERROR, "Single '{' encountered in format string"));
    }
    let mut i = start + 1;
    let name_start = i;
    let mut bracket = false;
    while i < b.len() {
        match b[i] {
            b'[' => bracket = true,
            b']' => bracket = false,
            _ if bracket => {}
            b'{' => return Err(error(th, "unexpected '{' in field name", "unmatched '{' in format")),
            b'}' | b':' | b'!' => break,
            _ => {}
        }
        i += 1;
    }
    let name = &b[name_start..i];
    let Some(mark) = b.get(i).copied() else {
        let py2 = if bracket { "Missing ']' in format string" } else { "unmatched '{' in format" };
        return Err(error(th, "expected '}' before end of string", py2));
    };
    i += 1;
    let mut conversion = None;
    if mark == b'!' {
        if i >= b.len() {
            return Err(error(th, "end of string while looking for conversion specifier", "end of format while looking for conversion specifier"));
        }
        let (c, w) = text::decode_at(b, i);
        if c == b'}' as u32 {
            return Err(error(th, "unmatched '{' in format spec", "end of format while looking for conversion specifier"));
        }
        conversion = Some(c);
        i += w;
        match b.get(i) {
            Some(b':') => i += 1,
            Some(b'}') => {
                *at = i + 1;
                return Ok(Some(Piece::Field { name, conversion, spec: &[] }));
            }
            Some(_) => return Err(error(th, "expected ':' after conversion specifier", "expected ':' after format specifier")),
            None => return Err(error(th, "unmatched '{' in format spec", "unmatched '{' in format")),
        }
    } else if mark == b'}' {
        *at = i;
        return Ok(Some(Piece::Field { name, conversion, spec: &[] }));
    }
    let spec_start = i;
    let mut depth = 1;
    while i < b.len() {
        match b[i] {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            *at = i + 1;
            return Ok(Some(Piece::Field { name, conversion, spec: &b[spec_start..i] }));
        }
        i += 1;
    }
    Err(error(th, if b[spec_start..].is_empty() { "expected '}' before end of string" } else { "unmatched '{' in format spec" }, "unmatched '{' in format"))
}

fn run(th: &mut Thread, b: &[u8], is_text: bool, src: Source, numbering: &mut Numbering, depth: u32, out: &mut Vec<u8>) -> R<()> {
    if depth == 0 {
        return Err(th.raise(&VALUE_ERROR, "Max string recursion exceeded"));
    }
    let mut at = 0;
    while let Some(p) = next_piece(th, b, &mut at)? {
        let (name, conversion, spec) = match p {
            Piece::Literal(l) => {
                out.extend_from_slice(l);
                continue;
            }
            Piece::Field { name, conversion, spec } => (name, conversion, spec),
        };
        let mut v = field(th, name, is_text, src, numbering)?;
        if let Some(c) = conversion {
            v = match char::from_u32(c) {
                Some('r') => object::repr(th, v)?,
                Some('s') if is_text && !th.py3() => super::str_methods::to_unicode(th, v)?,
                Some('s') => object::str_(th, v)?,
                Some('a') if th.py3() => crate::builtins::ascii(th, v)?,
                _ => {
                    let shown = match char::from_u32(c) {
                        Some(c @ '!'..='~') => c.to_string(),
                        _ => format!("\\x{c:x}"),
                    };
                    return Err(th.raise(&VALUE_ERROR, format!("Unknown conversion specifier {shown}")));
                }
            };
        }
        let mut full = Vec::new();
        let spec = if spec.contains(&b'{') || spec.contains(&b'}') {
            run(th, spec, is_text, src, numbering, depth - 1, &mut full)?;
            &full[..]
        } else {
            spec
        };
        let spec = if is_text { text::new_str(th, spec)? } else { text::new_bytes(th, spec)? };
        let mut r = format_value(th, v, spec)?;
        if !is_text && r.is::<Str>() {
            r = codec::encode_ascii(th, r)?;
        } else if is_text && !r.is::<Str>() {
            codec::check_ascii(th, r)?;
        }
        if out.try_reserve(bytes(r).len()).is_err() {
            return Err(th.memory_error());
        }
        out.extend_from_slice(bytes(r));
    }
    Ok(())
}

/// A step from an object to a part of it.
enum Step<'a> {
    Attribute(&'a [u8]),
    Index(usize),
    Key(&'a [u8]),
}
/// The first part of a field name, and the rest.
fn first_of(name: &[u8]) -> (&[u8], &[u8]) {
    let n = name.iter().position(|c| *c == b'.' || *c == b'[').unwrap_or(name.len());
    name.split_at(n)
}
fn next_step<'a>(th: &mut Thread, rest: &mut &'a [u8]) -> R<Option<Step<'a>>> {
    let b = *rest;
    let Some(c) = b.first() else { return Ok(None) };
    let step = match c {
        b'.' => {
            let n = b[1..].iter().position(|c| *c == b'.' || *c == b'[').unwrap_or(b.len() - 1);
            *rest = &b[1 + n..];
            Step::Attribute(&b[1..1 + n])
        }
        b'[' => {
            let Some(n) = b.iter().position(|c| *c == b']') else { return Err(th.raise(&VALUE_ERROR, "Missing ']' in format string")) };
            *rest = &b[n + 1..];
            let key = &b[1..n];
            match index_of(th, key)? {
                Some(i) => Step::Index(i),
                None => Step::Key(key),
            }
        }
        _ => return Err(th.raise(&VALUE_ERROR, "Only '.' or '[' may follow ']' in format field specifier")),
    };
    if matches!(step, Step::Attribute([]) | Step::Key([])) {
        return Err(th.raise(&VALUE_ERROR, "Empty attribute in format string"));
    }
    Ok(Some(step))
}
/// The index that a name of digits only means.
fn index_of(th: &mut Thread, name: &[u8]) -> R<Option<usize>> {
    if name.is_empty() || !name.iter().all(u8::is_ascii_digit) {
        return Ok(None);
    }
    let mut at = 0;
    number(th, name, &mut at)
}
fn string(th: &mut Thread, b: &[u8], is_text: bool) -> R<Value> { if is_text { text::new_str(th, b) } else { text::new_bytes(th, b) } }

fn field(th: &mut Thread, name: &[u8], is_text: bool, src: Source, numbering: &mut Numbering) -> R<Value> {
    let (first, mut rest) = first_of(name);
    let mut index = index_of(th, first)?;
    let switched = match (first.is_empty(), index, *numbering) {
        (true, _, Numbering::Manual) => Some("manual field specification to automatic field numbering"),
        (false, Some(_), Numbering::Automatic(_)) => Some("automatic field numbering to manual field specification"),
        _ => None,
    };
    if let Some(s) = switched {
        return Err(th.raise(&VALUE_ERROR, format!("cannot switch from {s}")));
    }
    if first.is_empty() {
        let n = if let Numbering::Automatic(n) = *numbering { n } else { 0 };
        *numbering = Numbering::Automatic(n + 1);
        index = Some(n);
    } else if index.is_some() {
        *numbering = Numbering::Manual;
    }
    let mut v = match (src, index) {
        (Source::Args(a), Some(i)) => {
            if i >= a.positional() {
                let msg = if th.py3() { format!("Replacement index {i} out of range for positional args tuple") } else { "tuple index out of range".to_string() };
                return Err(th.raise(&INDEX_ERROR, msg));
            }
            a.get(i)
        }
        (Source::Mapping(_), Some(_)) => return Err(th.raise(&VALUE_ERROR, "Format string contains positional fields")),
        (Source::Args(a), None) => match (0..a.keyword_count()).map(|i| a.keyword(i)).find(|(n, _)| bytes(*n) == first) {
            Some((_, v)) => v,
            None => {
                let key = string(th, first, is_text)?;
                return Err(th.raise_with(&KEY_ERROR, &[key]));
            }
        },
        (Source::Mapping(m), None) => {
            let key = string(th, first, is_text)?;
            item::get(th, m, key)?
        }
    };
    while let Some(s) = next_step(th, &mut rest)? {
        v = match s {
            Step::Attribute(n) => {
                let n = th.intern_bytes(n)?;
                attr::get(th, v, n)?
            }
            Step::Index(i) => {
                let i = int::from_i64(th, i as i64)?;
                item::get(th, v, i)?
            }
            Step::Key(k) => {
                let k = string(th, k, is_text)?;
                item::get(th, v, k)?
            }
        };
    }
    Ok(v)
}

// ---- for string.Formatter

/// `(literal, field name, spec, conversion)` of each field of a format string, as a list.
pub fn formatter_parser(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytes(a.get(0));
    let is_text = a.get(0).is::<Str>();
    let out = list::with_capacity(th, 0)?;
    let mut literal = Vec::new();
    let mut at = 0;
    while let Some(p) = next_piece(th, b, &mut at)? {
        match p {
            Piece::Literal(l) => {
                literal.extend_from_slice(l);
                // An escaped brace ends a piece, as in CPython.
                if l.len() == 1 && matches!(l[0], b'{' | b'}') {
                    let t = string(th, &literal, is_text)?;
                    literal.clear();
                    let row = th.new_tuple(&[t, Value::NONE, Value::NONE, Value::NONE])?;
                    list::append(th, out, row)?;
                }
            }
            Piece::Field { name, conversion, spec } => {
                let t = string(th, &literal, is_text)?;
                literal.clear();
                let (name, spec) = (string(th, name, is_text)?, string(th, spec, is_text)?);
                let c = match conversion {
                    Some(c) => {
                        let mut b = Vec::new();
                        text::push_code_point(&mut b, c);
                        string(th, &b, is_text)?
                    }
                    None => Value::NONE,
                };
                let row = th.new_tuple(&[t, name, spec, c])?;
                list::append(th, out, row)?;
            }
        }
    }
    if !literal.is_empty() {
        let t = string(th, &literal, is_text)?;
        let row = th.new_tuple(&[t, Value::NONE, Value::NONE, Value::NONE])?;
        list::append(th, out, row)?;
    }
    object::iter::iter(th, out.value())
}
/// `(first, iterator over (is attribute, name))` of a field name.
pub fn field_name_split(th: &mut Thread, a: Args) -> R<Value> {
    let is_text = a.get(0).is::<Str>();
    let (first, mut rest) = first_of(bytes(a.get(0)));
    let first = match index_of(th, first)? {
        Some(i) => int::from_i64(th, i as i64)?,
        None => string(th, first, is_text)?,
    };
    let out = list::with_capacity(th, 0)?;
    while let Some(s) = next_step(th, &mut rest)? {
        let (is_attr, v) = match s {
            Step::Attribute(n) => (true, string(th, n, is_text)?),
            Step::Index(i) => (false, int::from_i64(th, i as i64)?),
            Step::Key(k) => (false, string(th, k, is_text)?),
        };
        let row = th.new_tuple(&[Value::from_bool(is_attr), v])?;
        list::append(th, out, row)?;
    }
    let it = object::iter::iter(th, out.value())?;
    th.new_tuple(&[first, it])
}
