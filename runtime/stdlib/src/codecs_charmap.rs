//! Encoding and decoding by mappings that scripts give: `_codecs.charmap_decode`, `charmap_encode`, `charmap_build`.

use crate::api::*;
use crate::codecs::{errors_arg, input, pair, text_input};
use txpy_vm::types::codec_errors::{Decode, Encode};
use txpy_vm::types::{codec, codec_utf};

const UNDEFINED: &str = "character maps to <undefined>";

/// The item of a mapping, None where it has none (LookupError).
fn entry(th: &mut Thread, mapping: Value, key: u32) -> R<Option<Value>> {
    let key = Value::int(key as i64);
    let found = match mapping.cast::<Dict>().filter(|_| dict::DICT.is_exact(mapping)) {
        Some(d) => dict::get(th, d, key)?,
        None => {
            let r = item::get(th, mapping, key);
            th.unless(r, &LOOKUP_ERROR)?
        }
    };
    Ok(found.filter(|v| !v.is_none()))
}

pub fn decode(th: &mut Thread, a: Args) -> R<Value> {
    let object = input(th, a.get(0), "charmap_decode")?;
    let errors = errors_arg(th, a.get(1), "charmap_decode")?;
    let Some(mapping) = a.some(2) else {
        let (s, used) = codec::decode_partial(th, object, "latin-1", &errors, true)?;
        return pair(th, s, used);
    };
    let table: Option<Vec<u32>> = text::is_text(mapping).then(|| codec_utf::points(text::bytes_of(mapping).unwrap_or(&[])));
    let b = text::bytes_of(object).unwrap_or(&[]);
    let mut d = Decode { encoding: "charmap", errors: &errors, object, out: Vec::with_capacity(b.len()), last: true, used: 0, handler: None };
    let mut at = 0;
    while at < b.len() {
        let good = match &table {
            Some(t) => match t.get(b[at] as usize) {
                Some(c) if *c != 0xFFFE => {
                    text::push_code_point(&mut d.out, *c);
                    true
                }
                _ => false,
            },
            None => map_byte(th, mapping, b[at], &mut d.out)?,
        };
        at = if good { at + 1 } else { d.error(th, at, at + 1, UNDEFINED)? };
    }
    let s = text::new_str(th, &d.out)?;
    pair(th, s, b.len())
}
/// Writes what a byte stands for; false if it stands for nothing.
fn map_byte(th: &mut Thread, mapping: Value, c: u8, out: &mut Vec<u8>) -> R<bool> {
    let Some(v) = entry(th, mapping, c as u32)? else { return Ok(false) };
    if let Some(c) = int::to_i64(v).filter(|_| int::is_int_like(v)) {
        return match u32::try_from(c) {
            Ok(0xFFFE) => Ok(false),
            Ok(c @ 0..0x110000) => {
                text::push_code_point(out, c);
                Ok(true)
            }
            _ => Err(th.type_error("character mapping must be in range(0x110000)")),
        };
    }
    if !text::is_text(v) {
        let want = if th.py3() { "str" } else { "unicode" };
        return Err(th.type_error(format!("character mapping must return integer, None or {want}")));
    }
    let s = text::bytes_of(v).unwrap_or(&[]);
    if s == "\u{FFFE}".as_bytes() {
        return Ok(false);
    }
    out.extend_from_slice(s);
    Ok(true)
}

pub fn encode(th: &mut Thread, a: Args) -> R<Value> {
    let object = text_input(th, a.get(0), "charmap_encode")?;
    let errors = errors_arg(th, a.get(1), "charmap_encode")?;
    let Some(mapping) = a.some(2) else {
        let b = codec::encode(th, object, "latin-1", &errors)?;
        return pair(th, b, text::len_of(object));
    };
    let chars = codec_utf::points(text::bytes_of(object).unwrap_or(&[]));
    let n = chars.len();
    let mut e = Encode { encoding: "charmap", errors: &errors, object, out: Vec::with_capacity(n), handler: None, chars };
    let mut at = 0;
    while at < n {
        if put(th, mapping, e.chars[at], &mut e.out)? {
            at += 1;
            continue;
        }
        // A run of what the mapping lacks is handled together.
        let mut end = at + 1;
        let mut scratch = Vec::new();
        while end < n && !put(th, mapping, e.chars[end], &mut scratch)? {
            end += 1;
        }
        let (with, next) = e.replacement(th, at, end, UNDEFINED)?;
        for c in with {
            if !put(th, mapping, c, &mut e.out)? {
                return Err(e.raise(th, at, end, UNDEFINED));
            }
        }
        at = next;
    }
    let b = th.new_bytes(&e.out)?;
    pair(th, b, n)
}
/// Writes the bytes of a code point; false if the mapping has none.
fn put(th: &mut Thread, mapping: Value, c: u32, out: &mut Vec<u8>) -> R<bool> {
    let Some(v) = entry(th, mapping, c)? else { return Ok(false) };
    if int::is_int_like(v) {
        return match int::to_i64(v).and_then(|c| u8::try_from(c).ok()) {
            Some(c) => {
                out.push(c);
                Ok(true)
            }
            None => Err(th.type_error("character mapping must be in range(256)")),
        };
    }
    if !text::is_bytes(v) {
        let got = class_name(v);
        let msg = if th.py3() { format!("character mapping must return integer, bytes or None, not {got}") } else { "character mapping must return integer, None or str".into() };
        return Err(th.type_error(msg));
    }
    out.extend_from_slice(text::bytes_of(v).unwrap_or(&[]));
    Ok(true)
}

pub fn build(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let table = codec_utf::points(text::bytes_of(v).unwrap_or(&[]));
    if !text::is_text(v) || !th.py3() && table.len() < 256 {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("charmap_build() argument must be str, not {got}") } else { "bad argument type for built-in operation".into() }));
    }
    let d = dict::new(th)?;
    for (i, c) in table.iter().take(256).enumerate().filter(|(_, c)| **c != 0xFFFE) {
        dict::set(th, d, Value::int(*c as i64), Value::int(i as i64))?;
    }
    Ok(d.value())
}
