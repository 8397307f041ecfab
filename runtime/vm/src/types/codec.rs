//! Codecs: names, `encode` and `decode`, registered codecs and error handlers.

use super::codec_errors::{Decode, Encode};
use super::codec_tables::CHARMAPS;
use super::text::{self, Bytes, Str};
use super::{codec_escape, codec_utf, codec_utf7, dict, list, tuple};
use crate::exceptions::{LOOKUP_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};
use crate::native::buffer;
use crate::object::{attr, class_name, is_true};
use crate::thread::Thread;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_heap::{Gc, R, Unwind, Value};

type DecodeFn = fn(&mut Thread, &mut Decode) -> R<()>;
type EncodeFn = fn(&mut Thread, &mut Encode) -> R<()>;

/// A builtin text codec.
pub struct Codec {
    pub name: &'static str,
    aliases: &'static [&'static str],
    pub decode: DecodeFn,
    pub encode: EncodeFn,
}
macro_rules! codecs {
    ($($name:literal [$($alias:literal)*] $decode:path, $encode:path;)*) => {
        pub static CODECS: &[Codec] = &[$(Codec { name: $name, aliases: &[$($alias),*], decode: $decode, encode: $encode }),*];
    };
}
codecs! {
    "utf-8" ["utf8" "u8" "utf" "cp65001" "utf8-ucs2" "utf8-ucs4"] codec_utf::decode_utf8, codec_utf::encode_utf8;
    "ascii" ["us-ascii" "646" "ansi-x3.4-1968" "iso646-us" "us"] codec_utf::decode_ascii, codec_utf::encode_ascii;
    "latin-1" ["latin1" "iso-8859-1" "iso8859-1" "iso8859" "8859" "cp819" "latin" "l1"] codec_utf::decode_latin1, codec_utf::encode_latin1;
    "utf-16" ["utf16" "u16"] codec_utf::decode_utf16, codec_utf::encode_utf16;
    "utf-16-le" ["utf-16le" "utf16-le" "utf16le" "unicodelittleunmarked"] codec_utf::decode_utf16, codec_utf::encode_utf16;
    "utf-16-be" ["utf-16be" "utf16-be" "utf16be" "unicodebigunmarked"] codec_utf::decode_utf16, codec_utf::encode_utf16;
    "utf-32" ["utf32" "u32"] codec_utf::decode_utf32, codec_utf::encode_utf32;
    "utf-32-le" ["utf-32le" "utf32-le"] codec_utf::decode_utf32, codec_utf::encode_utf32;
    "utf-32-be" ["utf-32be" "utf32-be"] codec_utf::decode_utf32, codec_utf::encode_utf32;
    "utf-7" ["utf7" "u7" "unicode-1-1-utf-7"] codec_utf7::decode, codec_utf7::encode;
    "utf-8-sig" ["utf8-sig"] codec_escape::decode_sig, codec_escape::encode_sig;
    "unicode-escape" ["unicodeescape"] codec_escape::decode_unicode, codec_escape::encode_unicode;
    "raw-unicode-escape" ["rawunicodeescape"] codec_escape::decode_raw, codec_escape::encode_raw;
}

/// The builtin codec called `name` in any spelling.
pub fn find(name: &str) -> Option<(&'static str, DecodeFn, EncodeFn)> {
    let n: String = name.chars().map(|c| if c == '_' || c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    if let Some(c) = CODECS.iter().find(|c| c.name == n || c.aliases.contains(&n.as_str())) {
        return Some((c.name, c.decode, c.encode));
    }
    let plain = |s: &str| s.replace("windows-", "cp").replace("iso-8859", "iso8859").replace(['-', '_'], "");
    let n = plain(&n);
    let n = match n.as_str() {
        "latin9" | "l9" => "iso885915",
        "latin2" | "l2" => "iso88592",
        "macroman" | "macintosh" => "macroman",
        "ibm437" => "cp437",
        n => n,
    };
    let t = CHARMAPS.iter().find(|t| plain(t.0) == n)?;
    Some((t.0, codec_utf::decode_charmap, codec_utf::encode_charmap))
}
pub fn is_charmap(name: &str) -> bool { CHARMAPS.iter().any(|t| t.0 == name) }

/// `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn escape(c: u32) -> String {
    match c {
        0..0x100 => format!("\\x{c:02x}"),
        0x100..0x10000 => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

// ---- what scripts registered

static HANDLERS: AtomicU64 = AtomicU64::new(0);
static SEARCH: AtomicU64 = AtomicU64::new(0);
static CACHE: AtomicU64 = AtomicU64::new(0);
static HOOK: Once = Once::new();

fn trace(t: &mut txpy_heap::Tracer) {
    for v in [&HANDLERS, &SEARCH, &CACHE] {
        let v = v.load(Acquire);
        if v != 0 {
            t.value(Value(v));
        }
    }
}
fn registry(th: &mut Thread, place: &AtomicU64, make: fn(&mut Thread) -> R<Value>) -> R<Value> {
    let known = place.load(Acquire);
    if known != 0 {
        return Ok(Value(known));
    }
    HOOK.call_once(|| txpy_heap::add_root_hook(trace));
    // No abort takes back what its first block put into it.
    crate::atomic::irrevocable(th)?;
    let v = make(th)?;
    Ok(match place.compare_exchange(0, v.bits(), AcqRel, Acquire) {
        Ok(_) => v,
        Err(other) => Value(other),
    })
}
/// Registered error handlers: a dict from name to callable.
pub fn handlers(th: &mut Thread) -> R<Gc<dict::Dict>> { Ok(registry(th, &HANDLERS, |th| Ok(dict::new(th)?.value()))?.cast().expect("a dict")) }
/// Registers a search function (`codecs.register`).
pub fn register_search(th: &mut Thread, f: Value) -> R<()> {
    let l = searches(th)?;
    list::append(th, l, f)
}
/// Takes a search function back, and forgets all codecs found (`codecs.unregister`).
pub fn unregister_search(th: &mut Thread, f: Value) -> R<()> {
    let l = searches(th)?;
    let mut g = l.write(th)?;
    let n = g.count();
    let Some(i) = g.as_slice().iter().position(|x| *x == f) else { return Ok(()) };
    g.as_mut_slice().copy_within(i + 1.., i);
    g.set_count(n - 1);
    drop(g);
    let cache = found(th)?;
    dict::clear(th, cache)
}
fn searches(th: &mut Thread) -> R<Gc<list::List>> { Ok(registry(th, &SEARCH, |th| list::new(th, &[]))?.cast().expect("a list")) }
fn found(th: &mut Thread) -> R<Gc<dict::Dict>> { Ok(registry(th, &CACHE, |th| Ok(dict::new(th)?.value()))?.cast().expect("a dict")) }
/// The spelling that 3's search functions get: lower case, every run of other characters than letters, digits and dots an underscore.
fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() && c != '.' {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push('_');
        }
        gap = false;
        out.push(c.to_ascii_lowercase());
    }
    out
}
/// The codec that a search function gives for `name` (`codecs.lookup`): a tuple of encoder, decoder, reader, writer. None if there is none.
pub fn search(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let cache = found(th)?;
    let name = if th.py3() { normal(name) } else { name.replace(' ', "-").to_ascii_lowercase() };
    if let Some(c) = dict::get_str(th, cache, &name)? {
        return Ok(Some(c));
    }
    // The package registers the library's search function.
    if dict::get_str(th, crate::import::modules(), "encodings")?.is_none() {
        crate::import::import_name(th, "encodings")?;
    }
    let l = searches(th)?;
    let mut i = 0;
    while let Some(f) = list::get(th, l, i)? {
        i += 1;
        let n = th.native_str(&name)?;
        let r = th.call(f, &[n])?;
        if r.is_none() {
            continue;
        }
        if tuple::items(r).is_none_or(|t| t.len() != 4) {
            return Err(th.type_error("codec search functions must return 4-tuples"));
        }
        dict::set_str(th, cache, &name, r)?;
        return Ok(Some(r));
    }
    Ok(None)
}
#[cold]
pub fn unknown(th: &mut Thread, name: &str) -> Unwind { th.raise(&LOOKUP_ERROR, format!("unknown encoding: {name}")) }

// ---- decoding and encoding

/// The text that the bytes-like `v` stands for. Errors: LookupError, UnicodeDecodeError, and what registered codecs raise.
pub fn decode(th: &mut Thread, v: Value, encoding: &str, errors: &str) -> R<Value> {
    match find(encoding) {
        Some((name, f, _)) => {
            let b = buffer::snapshot(th, v)?;
            // ASCII is the same in most encodings.
            if matches!(name, "utf-8" | "ascii" | "latin-1") && text::bytes_of(b).is_some_and(<[u8]>::is_ascii) {
                return text::new_str(th, text::bytes_of(b).unwrap_or(&[]));
            }
            Ok(run_decoder(th, b, name, f, errors, true)?.0)
        }
        None => {
            let r = foreign(th, v, encoding, errors, 1)?;
            if r.is::<Str>() || !th.py3() {
                return Ok(r);
            }
            let got = class_name(r);
            Err(th.type_error(format!("'{encoding}' decoder returned '{got}' instead of 'str'; use codecs.decode() to decode to arbitrary types")))
        }
    }
}
/// Decodes what is complete of `v` (all of it if `last`): the text and how many bytes were used.
pub fn decode_partial(th: &mut Thread, v: Value, encoding: &str, errors: &str, last: bool) -> R<(Value, usize)> {
    let Some((name, f, _)) = find(encoding) else { return Err(unknown(th, encoding)) };
    let b = buffer::snapshot(th, v)?;
    run_decoder(th, b, name, f, errors, last)
}
fn run_decoder(th: &mut Thread, object: Value, name: &str, f: DecodeFn, errors: &str, last: bool) -> R<(Value, usize)> {
    let room = text::bytes_of(object).map_or(0, <[u8]>::len);
    let mut d = Decode { encoding: name, errors, object, out: Vec::with_capacity(room), last, used: 0, handler: None };
    f(th, &mut d)?;
    Ok((text::new_str(th, &d.out)?, d.used))
}
/// The bytes of the text `v`. Errors: LookupError, UnicodeEncodeError, and what registered codecs raise.
pub fn encode(th: &mut Thread, v: Value, encoding: &str, errors: &str) -> R<Value> {
    match find(encoding) {
        Some((name, _, f)) => {
            let b = text::bytes_of(v).unwrap_or(&[]);
            if matches!(name, "utf-8" | "ascii" | "latin-1") && b.is_ascii() || name == "utf-8" && std::str::from_utf8(b).is_ok() {
                return text::new_bytes(th, b);
            }
            let mut e = Encode { encoding: name, errors, object: v, out: Vec::with_capacity(b.len()), handler: None, chars: codec_utf::points(b) };
            f(th, &mut e)?;
            text::new_bytes(th, &e.out)
        }
        None => {
            let r = foreign(th, v, encoding, errors, 0)?;
            if r.is::<Bytes>() || !th.py3() {
                return Ok(r);
            }
            if r.is::<super::bytearray::ByteArray>() {
                return buffer::snapshot(th, r);
            }
            let got = class_name(r);
            Err(th.type_error(format!("'{encoding}' encoder returned '{got}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types")))
        }
    }
}
/// Runs a registered text codec's function (0: encoder, 1: decoder).
fn foreign(th: &mut Thread, v: Value, encoding: &str, errors: &str, which: usize) -> R<Value> {
    let Some(info) = search(th, encoding)? else { return Err(unknown(th, encoding)) };
    if let (true, Some(t)) = (th.py3(), attr::get_str_opt(th, info, "_is_text_encoding")?) {
        if !is_true(th, t)? {
            let f = if which == 0 { "encode" } else { "decode" };
            return Err(th.raise(&LOOKUP_ERROR, format!("'{encoding}' is not a text encoding; use codecs.{f}() to handle arbitrary codecs")));
        }
    }
    let errors = th.native_str(errors)?;
    match convert(th, info, &[v, errors], which) {
        Err(e) if th.py3() => Err(note_failure(th, e, encoding, which)),
        r => r,
    }
}
/// Tells in a note of the exception in flight which codec failed (0: encoding, 1: decoding).
pub fn note_failure(th: &mut Thread, e: Unwind, encoding: &str, which: usize) -> Unwind {
    let Some(exc) = th.catch_any() else { return e };
    let added = th.native_str(&format!("{} with '{encoding}' codec failed", ["encoding", "decoding"][which])).and_then(|s| th.call_method(exc, "add_note", &[s]));
    match added {
        Ok(_) => th.reraise(exc),
        Err(e) => e,
    }
}
/// Calls the encoder (0) or decoder (1) of what [`search`] gave: the object it makes.
pub fn convert(th: &mut Thread, info: Value, args: &[Value], which: usize) -> R<Value> {
    let f = tuple::items(info).map_or(Value::NONE, |t| t[which]);
    let r = th.call(f, args)?;
    match tuple::items(r) {
        Some([out, _]) => Ok(*out),
        _ => Err(th.type_error(if which == 0 { "encoder must return a tuple (object, integer)" } else { "decoder must return a tuple (object,integer)" })),
    }
}

/// Fails with UnicodeDecodeError ('ascii') unless the byte string is ASCII: 2.7's implicit coercion.
pub fn check_ascii(th: &mut Thread, v: Value) -> R<()> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    let Some(i) = b.iter().position(|c| *c >= 128) else { return Ok(()) };
    let (enc, reason) = (th.native_str("ascii")?, th.native_str("ordinal not in range(128)")?);
    Err(th.raise_with(&UNICODE_DECODE_ERROR, &[enc, v, Value::int(i as i64), Value::int(i as i64 + 1), reason]))
}
/// The byte string of an ASCII text (2.7's implicit coercion); UnicodeEncodeError ('ascii').
pub fn encode_ascii(th: &mut Thread, v: Value) -> R<Value> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    if b.is_ascii() {
        return text::new_bytes(th, b);
    }
    let chars = codec_utf::points(b);
    let i = chars.iter().position(|c| *c >= 128).unwrap_or(0);
    let n = chars[i..].iter().position(|c| *c < 128).unwrap_or(chars.len() - i);
    let (enc, reason) = (th.native_str("ascii")?, th.native_str("ordinal not in range(128)")?);
    Err(th.raise_with(&UNICODE_ENCODE_ERROR, &[enc, v, Value::int(i as i64), Value::int((i + n) as i64), reason]))
}
/// The text of a string object of 2.7: itself, or ASCII bytes as text.
pub fn to_text(th: &mut Thread, v: Value) -> R<Value> {
    if v.is::<Str>() {
        return Ok(v);
    }
    check_ascii(th, v)?;
    text::new_str(th, text::bytes_of(v).unwrap_or(&[]))
}

/// The `encoding` and `errors` arguments of a method, as text.
pub fn arguments(th: &mut Thread, method: &str, encoding: Option<Value>, errors: Option<Value>) -> R<(String, String)> {
    let mut one = |v: Option<Value>, name: &str, place: usize, default: &str| match v {
        None => Ok(default.to_string()),
        Some(v) if text::is_string(th, v) => {
            let s = text::lossy(v).into_owned();
            if s.contains('\0') { Err(th.value_error("embedded null character")) } else { Ok(s) }
        }
        Some(v) => {
            let got = if v.is_none() { "None".to_string() } else { class_name(v) };
            Err(th.type_error(if th.py3() { format!("{method}() argument '{name}' must be str, not {got}") } else { format!("{method}() argument {place} must be string, not {got}") }))
        }
    };
    let default = if crate::dialect::py3() { "utf-8" } else { "ascii" };
    Ok((one(encoding, "encoding", 1, default)?, one(errors, "errors", 2, "strict")?))
}
