//! `_codecs`: the registry of codecs and the conversions that the package `encodings` is made of.

use crate::api::*;
use crate::codecs_charmap as charmap;
use crate::codecs_handlers as handlers;
use txpy_vm::native::buffer;
use txpy_vm::types::{codec, int_args};

pub static MODULE: ModuleDef = ModuleDef { name: "_codecs", functions: FUNCTIONS, ..ModuleDef::DEFAULT };

/// Natives for a codec whose decoder may stop at incomplete input, and for one whose decoder uses all.
macro_rules! decoder {
    ($name:literal, $fn:literal, partial) => { |th, a| decode_with(th, a, $fn, $name, 2) };
    ($name:literal, $fn:literal, final) => { |th, a| decode_with(th, a, $fn, $name, usize::MAX) };
}
macro_rules! encoder {
    ($name:literal, $fn:literal) => { |th, a| encode_with(th, a, $fn, $name) };
}

static FUNCTIONS: &[NativeDef] = natives! {
    "register(search_function, /)" = register, "Register a codec search function.";
    #[py3] "unregister(search_function, /)" = unregister, "Unregister a codec search function and clear the registry's cache.";
    "lookup(encoding, /)" = lookup, "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.";
    "encode(obj, encoding='utf-8', errors='strict')" = |th, a| convert(th, a, 0), "Encodes obj using the codec registered for encoding.";
    "decode(obj, encoding='utf-8', errors='strict')" = |th, a| convert(th, a, 1), "Decodes obj using the codec registered for encoding.";
    "register_error(errors, handler, /)" = handlers::register, "Register the specified error handler under the name errors.";
    "lookup_error(name, /)" = handlers::lookup, "Return the error handler of that name; LookupError if there is none.";
    "charmap_build(map, /)" = charmap::build, "The mapping for charmap_encode that inverts a decoding table.";
    "charmap_decode(data, errors=None, mapping=None, /)" = charmap::decode, "Decode by a mapping of bytes.";
    "charmap_encode(str, errors=None, mapping=None, /)" = charmap::encode, "Encode by a mapping of code points.";
    "escape_decode(data, errors=None, /)" = escape_decode, "Decode the escapes of a byte string literal.";
    "escape_encode(data, errors=None, /)" = escape_encode, "The body of a byte string literal.";
    "readbuffer_encode(data, errors=None, /)" = readbuffer_encode, "The bytes of a buffer.";
    #[py2] "charbuffer_encode(data, errors=None, /)" = readbuffer_encode, "The bytes of a character buffer.";
    #[py2] "unicode_internal_decode(data, errors=None, /)" = decoder!("utf-32-le", "unicode_internal_decode", final), "Decode the memory form of unicode objects.";
    #[py2] "unicode_internal_encode(str, errors=None, /)" = encoder!("utf-32-le", "unicode_internal_encode"), "The memory form of unicode objects.";

    "ascii_decode(data, errors=None, /)" = decoder!("ascii", "ascii_decode", final), "Decode ASCII.";
    "ascii_encode(str, errors=None, /)" = encoder!("ascii", "ascii_encode"), "Encode as ASCII.";
    "latin_1_decode(data, errors=None, /)" = decoder!("latin-1", "latin_1_decode", final), "Decode Latin-1.";
    "latin_1_encode(str, errors=None, /)" = encoder!("latin-1", "latin_1_encode"), "Encode as Latin-1.";
    "raw_unicode_escape_decode(data, errors=None, final=True, /)" = |th, a| decode_with(th, a, "raw_unicode_escape_decode", "raw-unicode-escape", 2), "Decode raw Unicode escapes.";
    "raw_unicode_escape_encode(str, errors=None, /)" = encoder!("raw-unicode-escape", "raw_unicode_escape_encode"), "Encode as raw Unicode escapes.";
    "unicode_escape_decode(data, errors=None, final=True, /)" = |th, a| decode_with(th, a, "unicode_escape_decode", "unicode-escape", 2), "Decode Unicode escapes.";
    "unicode_escape_encode(str, errors=None, /)" = encoder!("unicode-escape", "unicode_escape_encode"), "Encode as Unicode escapes.";
    "utf_7_decode(data, errors=None, final=False, /)" = decoder!("utf-7", "utf_7_decode", partial), "Decode UTF-7.";
    "utf_7_encode(str, errors=None, /)" = encoder!("utf-7", "utf_7_encode"), "Encode as UTF-7.";
    "utf_8_decode(data, errors=None, final=False, /)" = decoder!("utf-8", "utf_8_decode", partial), "Decode UTF-8.";
    "utf_8_encode(str, errors=None, /)" = encoder!("utf-8", "utf_8_encode"), "Encode as UTF-8.";
    "utf_16_decode(data, errors=None, final=False, /)" = decoder!("utf-16", "utf_16_decode", partial), "Decode UTF-16.";
    "utf_16_le_decode(data, errors=None, final=False, /)" = decoder!("utf-16-le", "utf_16_le_decode", partial), "Decode little-endian UTF-16.";
    "utf_16_be_decode(data, errors=None, final=False, /)" = decoder!("utf-16-be", "utf_16_be_decode", partial), "Decode big-endian UTF-16.";
    "utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)" = |th, a| decode_ordered(th, a, 16), "Decode UTF-16 and tell its byte order.";
    "utf_16_encode(str, errors=None, byteorder=0, /)" = |th, a| encode_ordered(th, a, 16), "Encode as UTF-16.";
    "utf_16_le_encode(str, errors=None, /)" = encoder!("utf-16-le", "utf_16_le_encode"), "Encode as little-endian UTF-16.";
    "utf_16_be_encode(str, errors=None, /)" = encoder!("utf-16-be", "utf_16_be_encode"), "Encode as big-endian UTF-16.";
    "utf_32_decode(data, errors=None, final=False, /)" = decoder!("utf-32", "utf_32_decode", partial), "Decode UTF-32.";
    "utf_32_le_decode(data, errors=None, final=False, /)" = decoder!("utf-32-le", "utf_32_le_decode", partial), "Decode little-endian UTF-32.";
    "utf_32_be_decode(data, errors=None, final=False, /)" = decoder!("utf-32-be", "utf_32_be_decode", partial), "Decode big-endian UTF-32.";
    "utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)" = |th, a| decode_ordered(th, a, 32), "Decode UTF-32 and tell its byte order.";
    "utf_32_encode(str, errors=None, byteorder=0, /)" = |th, a| encode_ordered(th, a, 32), "Encode as UTF-32.";
    "utf_32_le_encode(str, errors=None, /)" = encoder!("utf-32-le", "utf_32_le_encode"), "Encode as little-endian UTF-32.";
    "utf_32_be_encode(str, errors=None, /)" = encoder!("utf-32-be", "utf_32_be_encode"), "Encode as big-endian UTF-32.";
};

/// A text argument of a codec's name or handler's name.
pub fn name_arg(th: &mut Thread, v: Value, func: &str, place: usize) -> R<String> { crate::support::str_arg(th, v, func, &place.to_string()) }
pub fn callable(th: &mut Thread, v: Value) -> R<bool> {
    use txpy_vm::types::classic;
    Ok(if classic::is_instance(v) { classic::special(th, v, D::call)?.is_some() } else { dunder(v, D::call).is_some() })
}
/// The `errors` argument: None stands for "strict".
pub fn errors_arg(th: &mut Thread, v: Value, func: &str) -> R<String> {
    if v.is_unset() || v.is_none() {
        return Ok("strict".into());
    }
    if text::is_string(th, v) {
        return Ok(text::lossy(v).into_owned());
    }
    let (got, want) = (class_name(v), if th.py3() { "str" } else { "string" });
    Err(th.type_error(format!("{func}() argument 2 must be {want} or None, not {got}")))
}
/// The bytes that a decoder gets.
pub fn input(th: &mut Thread, v: Value, func: &str) -> R<Value> {
    if th.py3() {
        return buffer::snapshot(th, v);
    }
    if text::is_text(v) {
        return codec::encode_ascii(th, v);
    }
    if !buffer::is_bytes_like(th, v) {
        let got = if v.is_none() { "None".into() } else { class_name(v) };
        return Err(th.type_error(format!("{func}() argument 1 must be string or buffer, not {got}")));
    }
    buffer::snapshot(th, v)
}
/// The text that an encoder gets.
pub fn text_input(th: &mut Thread, v: Value, func: &str) -> R<Value> {
    if text::is_text(v) || !th.py3() && text::is_bytes(v) {
        return codec::to_text(th, v);
    }
    let got = if v.is_none() { "None".into() } else { class_name(v) };
    let msg = if th.py3() { format!("{func}() argument 1 must be str, not {got}") } else { format!("coercing to Unicode: need string or buffer, {got} found") };
    Err(th.type_error(msg))
}
/// What encoders and decoders give: the result and how much input they used.
pub fn pair(th: &mut Thread, v: Value, used: usize) -> R<Value> { th.new_tuple(&[v, Value::int(used as i64)]) }

/// A decoder; argument `at` tells whether the input ends here.
fn decode_with(th: &mut Thread, a: Args, func: &str, encoding: &str, at: usize) -> R<Value> {
    // The escapes are written in text as well.
    let v = if encoding.ends_with("escape") && text::is_text(a.get(0)) {
        let b = text::bytes_of(a.get(0)).unwrap_or(&[]);
        text::new_bytes(th, b)?
    } else {
        input(th, a.get(0), func)?
    };
    let errors = errors_arg(th, a.get(1), func)?;
    let last = match a.opt(at) {
        Some(v) => is_true(th, v)?,
        None => at == usize::MAX || encoding.ends_with("escape"),
    };
    let (s, used) = codec::decode_partial(th, v, encoding, &errors, last)?;
    pair(th, s, used)
}
fn encode_with(th: &mut Thread, a: Args, func: &str, encoding: &str) -> R<Value> {
    let v = text_input(th, a.get(0), func)?;
    let errors = errors_arg(th, a.get(1), func)?;
    let b = codec::encode(th, v, encoding, &errors)?;
    pair(th, b, text::len_of(v))
}
/// The codec for a `byteorder` argument: -1 little, 1 big, 0 by the mark.
fn ordered(bits: u8, order: i32) -> String { format!("utf-{bits}{}", ["-le", "", "-be"][(order.signum() + 1) as usize]) }
fn order_arg(th: &mut Thread, v: Option<Value>) -> R<i32> { v.map_or(Ok(0), |v| int_args::arg_i32(th, v)) }
fn decode_ordered(th: &mut Thread, a: Args, bits: u8) -> R<Value> {
    let func = format!("utf_{bits}_ex_decode");
    let v = input(th, a.get(0), &func)?;
    let errors = errors_arg(th, a.get(1), &func)?;
    let mut order = order_arg(th, a.opt(2))?;
    let last = a.opt(3).map_or(Ok(false), |v| is_true(th, v))?;
    let encoding = ordered(bits, order);
    if order == 0 {
        let b = text::bytes_of(v).unwrap_or(&[]);
        let (little, big): (&[u8], &[u8]) = if bits == 16 { (&[0xFF, 0xFE], &[0xFE, 0xFF]) } else { (&[0xFF, 0xFE, 0, 0], &[0, 0, 0xFE, 0xFF]) };
        order = b.starts_with(big) as i32 - b.starts_with(little) as i32;
    }
    let (s, used) = codec::decode_partial(th, v, &encoding, &errors, last)?;
    th.new_tuple(&[s, Value::int(used as i64), Value::int(order as i64)])
}
fn encode_ordered(th: &mut Thread, a: Args, bits: u8) -> R<Value> {
    let order = order_arg(th, a.opt(2))?;
    encode_with(th, a, &format!("utf_{bits}_encode"), &ordered(bits, order))
}

// ---- the registry

fn register(th: &mut Thread, a: Args) -> R<Value> {
    if !callable(th, a.get(0))? {
        return Err(th.type_error("argument must be callable"));
    }
    codec::register_search(th, a.get(0))?;
    Ok(Value::NONE)
}
fn unregister(th: &mut Thread, a: Args) -> R<Value> {
    codec::unregister_search(th, a.get(0))?;
    Ok(Value::NONE)
}
fn found(th: &mut Thread, name: &str) -> R<Value> {
    match codec::search(th, name)? {
        Some(info) => Ok(info),
        None => Err(codec::unknown(th, name)),
    }
}
fn lookup(th: &mut Thread, a: Args) -> R<Value> {
    let name = name_arg(th, a.get(0), "lookup", 1)?;
    found(th, &name)
}
fn convert(th: &mut Thread, a: Args, which: usize) -> R<Value> {
    let func = ["encode", "decode"][which];
    let encoding = match a.opt(1) {
        Some(v) => name_arg(th, v, func, 2)?,
        None => if th.py3() { "utf-8" } else { "ascii" }.into(),
    };
    let errors = match a.opt(2) {
        Some(v) => name_arg(th, v, func, 3)?,
        None => "strict".into(),
    };
    let v = a.get(0);
    if codec::find(&encoding).is_some() {
        if which == 0 && text::is_text(v) {
            return codec::encode(th, v, &encoding, &errors);
        }
        if which == 1 && !text::is_text(v) && buffer::is_bytes_like(th, v) {
            return codec::decode(th, v, &encoding, &errors);
        }
    }
    let info = found(th, &encoding)?;
    let r = if a.opt(2).is_some() { codec::convert(th, info, &[v, a.get(2)], which) } else { codec::convert(th, info, &[v], which) };
    match r {
        Err(e) if th.py3() => Err(codec::note_failure(th, e, &encoding, which)),
        r => r,
    }
}
// ---- escapes of byte strings, buffers

fn escape_encode(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if !text::is_bytes(v) {
        let (got, want) = (class_name(v), if th.py3() { "bytes" } else { "string" });
        return Err(th.type_error(format!("escape_encode() argument 1 must be {want}, not {got}")));
    }
    errors_arg(th, a.get(1), "escape_encode")?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let mut out = Vec::with_capacity(b.len());
    for c in b {
        match c {
            b'\\' | b'\'' => out.extend([b'\\', *c]),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            32..127 => out.push(*c),
            c => out.extend(format!("\\x{c:02x}").bytes()),
        }
    }
    let s = th.new_bytes(&out)?;
    pair(th, s, b.len())
}
fn escape_decode(th: &mut Thread, a: Args) -> R<Value> {
    let v = if th.py3() && text::is_text(a.get(0)) {
        let b = text::bytes_of(a.get(0)).unwrap_or(&[]);
        text::new_bytes(th, b)?
    } else {
        input(th, a.get(0), "escape_decode")?
    };
    let errors = errors_arg(th, a.get(1), "escape_decode")?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let mut out = Vec::with_capacity(b.len());
    let mut at = 0;
    while at < b.len() {
        if b[at] != b'\\' {
            out.push(b[at]);
            at += 1;
            continue;
        }
        let Some(c) = b.get(at + 1) else { return Err(th.value_error("Trailing \\ in string")) };
        let start = at;
        at += 2;
        match c {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(*c),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b't' => out.push(9),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                let n = b[at - 1..].iter().take(3).take_while(|c| matches!(c, b'0'..=b'7')).count();
                out.push(b[at - 1..at - 1 + n].iter().fold(0u32, |v, c| v * 8 + (*c - b'0') as u32) as u8);
                at += n - 1;
            }
            b'x' => {
                let digits: Vec<u32> = b[at..].iter().take(2).map_while(|c| (*c as char).to_digit(16)).collect();
                at += digits.len();
                match (digits.as_slice(), errors.as_str()) {
                    ([h, l], _) => out.push((h * 16 + l) as u8),
                    (_, "strict") => {
                        let place = if th.py3() { format!(" at position {start}") } else { String::new() };
                        return Err(th.value_error(format!("invalid \\x escape{place}")));
                    }
                    (_, "replace") => out.push(b'?'),
                    (_, "ignore") => {}
                    (_, e) => return Err(th.value_error(format!("decoding error; unknown error handling code: {e}"))),
                }
            }
            c => out.extend([b'\\', *c]),
        }
    }
    let s = th.new_bytes(&out)?;
    pair(th, s, b.len())
}
fn readbuffer_encode(th: &mut Thread, a: Args) -> R<Value> {
    let v = if th.py3() && text::is_text(a.get(0)) { codec::encode(th, a.get(0), "utf-8", "strict")? } else { input(th, a.get(0), "readbuffer_encode")? };
    errors_arg(th, a.get(1), "readbuffer_encode")?;
    pair(th, v, text::len_of(v))
}
