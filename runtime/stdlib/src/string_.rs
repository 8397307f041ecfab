//! `_string`: parsing of format strings for `string.Formatter`.

use crate::api::*;

pub static MODULE: ModuleDef = ModuleDef { name: "_string", doc: "string helper module", functions: FUNCTIONS, lang: Lang::Py3, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "formatter_parser(string, /)" = |th, a| parser(th, a.get(0)), "parse the argument as a format string";
    "formatter_field_name_split(string, /)" = |th, a| split(th, a.get(0)), "split the argument as a field name";
};

fn checked<'a>(th: &mut Thread, v: Value) -> R<&'a [u8]> {
    if text::is_text(v) || !th.py3() && text::is_bytes(v) {
        return Ok(text::bytes_of(v).unwrap_or(&[]));
    }
    let got = class_name(v);
    Err(th.type_error(format!("expected str, got {got}")))
}
/// A piece of the text, as the text's own type.
fn piece(th: &mut Thread, like: Value, b: &[u8]) -> R<Value> { if text::is_text(like) { text::new_str(th, b) } else { text::new_bytes(th, b) } }

/// An iterator over (literal, field name, format spec, conversion).
pub fn parser(th: &mut Thread, v: Value) -> R<Value> {
    let s = checked(th, v)?;
    let out = RootedVec::new(th)?;
    let mut i = 0;
    while i < s.len() {
        // Literal text up to a field or a doubled brace, which ends the piece.
        let start = i;
        while i < s.len() && s[i] != b'{' && s[i] != b'}' {
            i += 1;
        }
        let mut literal = s[start..i].to_vec();
        if i == s.len() {
            push(th, out, v, &literal, None)?;
            break;
        }
        let c = s[i];
        i += 1;
        if s.get(i) == Some(&c) {
            literal.push(c);
            i += 1;
            push(th, out, v, &literal, None)?;
            continue;
        }
        if c == b'}' {
            return Err(th.value_error("Single '}' encountered in format string"));
        }
        if i == s.len() {
            return Err(th.value_error("Single '{' encountered in format string"));
        }
        // The field: nested braces belong to the spec, brackets hide ':' and '!'.
        let from = i;
        let mut bracket = false;
        while i < s.len() && !(matches!(s[i], b':' | b'!' | b'}' | b'{') && !bracket) {
            bracket = match s[i] {
                b'[' => true,
                b']' => false,
                _ => bracket,
            };
            i += 1;
        }
        let name = &s[from..i];
        if i < s.len() && s[i] == b'{' {
            return Err(th.value_error("unexpected '{' in field name"));
        }
        let mut conversion: Option<&[u8]> = None;
        if i < s.len() && s[i] == b'!' {
            i += 1;
            if i >= s.len() {
                return Err(th.value_error("end of string while looking for conversion specifier"));
            }
            let n = text::decode_at(s, i).1;
            conversion = Some(&s[i..i + n]);
            i += n;
            if i < s.len() && s[i] != b':' && s[i] != b'}' {
                return Err(th.value_error("expected ':' after conversion specifier"));
            }
        }
        let mut spec: &[u8] = &[];
        let mut depth = 1;
        if i < s.len() && s[i] == b':' {
            i += 1;
            let from = i;
            while i < s.len() {
                match s[i] {
                    b'{' => depth += 1,
                    b'}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                i += 1;
            }
            spec = &s[from..i];
        }
        if i >= s.len() {
            return Err(th.value_error("expected '}' before end of string"));
        }
        i += 1;
        push(th, out, v, &literal, Some((name, spec, conversion)))?;
    }
    let l = list_of(th, out)?;
    iter::iter(th, l)
}
type Field<'a> = (&'a [u8], &'a [u8], Option<&'a [u8]>);
fn push(th: &mut Thread, out: RootedVec, like: Value, literal: &[u8], field: Option<Field>) -> R<()> {
    let literal = piece(th, like, literal)?;
    let mut row = [literal, Value::NONE, Value::NONE, Value::NONE];
    if let Some((name, spec, conversion)) = field {
        row[1] = piece(th, like, name)?;
        row[2] = piece(th, like, spec)?;
        if let Some(c) = conversion {
            row[3] = piece(th, like, c)?;
        }
    }
    let t = th.new_tuple(&row)?;
    out.push(th, t)
}

fn number(b: &[u8]) -> Option<i64> { if !b.is_empty() && b.iter().all(u8::is_ascii_digit) { std::str::from_utf8(b).ok()?.parse().ok() } else { None } }
/// `(first, iterator of (is_attribute, name))`.
pub fn split(th: &mut Thread, v: Value) -> R<Value> {
    let s = checked(th, v)?;
    let end = s.iter().position(|c| matches!(c, b'.' | b'[')).unwrap_or(s.len());
    let first = match number(&s[..end]) {
        Some(n) => int::from_i64(th, n)?,
        None => piece(th, v, &s[..end])?,
    };
    let out = RootedVec::new(th)?;
    let mut i = end;
    while i < s.len() {
        let (attribute, name);
        if s[i] == b'.' {
            let to = s[i + 1..].iter().position(|c| matches!(c, b'.' | b'[')).map_or(s.len(), |p| i + 1 + p);
            (attribute, name) = (true, &s[i + 1..to]);
            i = to;
        } else if s[i] == b'[' {
            let Some(p) = s[i + 1..].iter().position(|c| *c == b']') else { return Err(th.value_error("Missing ']' in format string")) };
            (attribute, name) = (false, &s[i + 1..i + 1 + p]);
            i += p + 2;
        } else {
            return Err(th.value_error("Only '.' or '[' may follow ']' in format field specifier"));
        }
        if name.is_empty() {
            return Err(th.value_error("Empty attribute in format string"));
        }
        let key = match number(name).filter(|_| !attribute) {
            Some(n) => int::from_i64(th, n)?,
            None => piece(th, v, name)?,
        };
        let t = th.new_tuple(&[Value::from_bool(attribute), key])?;
        out.push(th, t)?;
    }
    let l = list_of(th, out)?;
    let it = iter::iter(th, l)?;
    th.new_tuple(&[first, it])
}
