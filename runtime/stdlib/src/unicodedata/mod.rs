//! `unicodedata`: properties of characters (Unicode 15.1 in both languages; 2.7.18 has 5.2), names, normalization.

pub mod normalize;
mod old;
pub mod tables;

use crate::api::*;
use normalize::{combining, data};
use tables::{BIDI, BIDI_NAMES, MIRRORED, NUMERIC, WIDTH, WIDTH_NAMES};
use txpy_vm::types::unicode;

pub static MODULE: ModuleDef = ModuleDef { name: "unicodedata", doc: "The Unicode character database.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "decimal(chr, default=<unrepresentable>, /)" = decimal, "Converts a Unicode character into its equivalent decimal value.";
    "digit(chr, default=<unrepresentable>, /)" = digit, "Converts a Unicode character into its equivalent digit value.";
    "numeric(chr, default=<unrepresentable>, /)" = numeric, "Converts a Unicode character into its equivalent numeric value.";
    "category(chr, /)" = |th, a| { let c = chr(th, a, "category", false)?; th.native_str(unicode::category(c)) }, "Returns the general category assigned to the character chr as string.";
    "bidirectional(chr, /)" = |th, a| { let c = chr(th, a, "bidirectional", false)?; th.native_str(BIDI_NAMES[run_value(&BIDI, c) as usize]) }, "Returns the bidirectional class assigned to the character chr as string.";
    "combining(chr, /)" = |th, a| { let c = chr(th, a, "combining", false)?; Ok(Value::int(combining(c).into())) }, "Returns the canonical combining class assigned to the character chr as integer.";
    "mirrored(chr, /)" = |th, a| { let c = chr(th, a, "mirrored", false)?; Ok(Value::int(run_value(&MIRRORED, c).into())) }, "Returns the mirrored property assigned to the character chr as integer.";
    "east_asian_width(chr, /)" = |th, a| { let c = chr(th, a, "east_asian_width", false)?; th.native_str(WIDTH_NAMES[run_value(&WIDTH, c) as usize]) }, "Returns the east asian width assigned to the character chr as string.";
    "decomposition(chr, /)" = decomposition, "Returns the character decomposition mapping assigned to the character chr as string.";
    "normalize(form, unistr, /)" = |th, a| normal(th, a, false), "Return the normal form 'form' for the Unicode string unistr.";
    #[py3] "is_normalized(form, unistr, /)" = |th, a| normal(th, a, true), "Return whether the Unicode string unistr is in the normal form 'form'.";
    "name(chr, default=<unrepresentable>, /)" = name, "Returns the name assigned to the character chr as a string.";
    "lookup(name, /)" = lookup, "Look up character by name.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let v = th.native_str("15.1.0")?;
    module::set(th, m, "unidata_version", v)?;
    let old = module::from_def(th, &OLD)?;
    module::set(th, m, "ucd_3_2_0", old.value())
}

/// The older database that IDNA asks for: today's data of what was assigned then. (Of some of those the direction was corrected since.)
static OLD: ModuleDef = ModuleDef { name: "unicodedata.ucd_3_2_0", doc: "The Unicode character database 3.2.0.", functions: OLD_FUNCTIONS, init: Some(init_old), ..ModuleDef::DEFAULT };
static OLD_FUNCTIONS: &[NativeDef] = natives! {
    "decimal(chr, default=<unrepresentable>, /)" = |th, a| if had(a) { decimal(th, a) } else { missing(th, a, "not a decimal") }, "Converts a Unicode character into its equivalent decimal value.";
    "digit(chr, default=<unrepresentable>, /)" = |th, a| if had(a) { digit(th, a) } else { missing(th, a, "not a digit") }, "Converts a Unicode character into its equivalent digit value.";
    "numeric(chr, default=<unrepresentable>, /)" = |th, a| if had(a) { numeric(th, a) } else { missing(th, a, "not a numeric character") }, "Converts a Unicode character into its equivalent numeric value.";
    "category(chr, /)" = |th, a| { let c = chr(th, a, "category", false)?; th.native_str(if assigned(c) { unicode::category(c) } else { "Cn" }) }, "Returns the general category assigned to the character chr as string.";
    "bidirectional(chr, /)" = |th, a| { let c = chr(th, a, "bidirectional", false)?; th.native_str(if assigned(c) { BIDI_NAMES[run_value(&BIDI, c) as usize] } else { "" }) }, "Returns the bidirectional class assigned to the character chr as string.";
    "combining(chr, /)" = |th, a| { let c = chr(th, a, "combining", false)?; Ok(Value::int(if assigned(c) { combining(c).into() } else { 0 })) }, "Returns the canonical combining class assigned to the character chr as integer.";
    "mirrored(chr, /)" = |th, a| { let c = chr(th, a, "mirrored", false)?; Ok(Value::int(if assigned(c) { run_value(&MIRRORED, c).into() } else { 0 })) }, "Returns the mirrored property assigned to the character chr as integer.";
    "east_asian_width(chr, /)" = |th, a| { let c = chr(th, a, "east_asian_width", false)?; th.native_str(WIDTH_NAMES[run_value(&WIDTH, c) as usize]) }, "Returns the east asian width assigned to the character chr as string.";
    "decomposition(chr, /)" = |th, a| if had(a) { decomposition(th, a) } else { th.native_str("") }, "Returns the character decomposition mapping assigned to the character chr as string.";
    "normalize(form, unistr, /)" = |th, a| normal_old(th, a, false), "Return the normal form 'form' for the Unicode string unistr.";
    #[py3] "is_normalized(form, unistr, /)" = |th, a| normal_old(th, a, true), "Return whether the Unicode string unistr is in the normal form 'form'.";
    "name(chr, default=<unrepresentable>, /)" = |th, a| if had(a) { name(th, a) } else { missing(th, a, "no such name") }, "Returns the name assigned to the character chr as a string.";
    "lookup(name, /)" = lookup_old, "Look up character by name.";
};
fn init_old(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let v = th.native_str("3.2.0")?;
    module::set(th, m, "unidata_version", v)
}
fn assigned(c: u32) -> bool { old::ASSIGNED.partition_point(|x| *x <= c) % 2 == 1 }
/// Whether the first argument is no character that came later (what is no character at all the functions find themselves).
fn had(a: Args) -> bool {
    let v = a.get(0);
    !text::is_text(v) || text::len_of(v) != 1 || assigned(text::decode_at(text::bytes_of(v).unwrap_or(&[]), 0).0)
}
/// Characters that came later stay as they are, and nothing composes across them: the parts between them are normalized.
fn normal_old(th: &mut Thread, a: Args, ask: bool) -> R<Value> {
    let b = text::bytes_of(a.get(1)).unwrap_or(&[]);
    if !text::is_text(a.get(1)) || b.is_ascii() || text::code_points(b).all(assigned) {
        return normal(th, a, ask);
    }
    let points: Vec<u32> = text::code_points(b).collect();
    let mut out: Vec<u8> = Vec::new();
    for part in points.chunk_by(|x, y| assigned(*x) && assigned(*y)) {
        let mut s: Vec<u8> = Vec::new();
        part.iter().for_each(|c| text::push_code_point(&mut s, *c));
        if part.iter().all(|c| assigned(*c)) {
            let v = text::new_str(th, &s)?;
            let v = normal(th, Args::of(&[a.get(0), v]), false)?;
            s = text::bytes_of(v).unwrap_or(&[]).to_vec();
        }
        out.extend(s);
    }
    if ask {
        return Ok(Value::from_bool(out == b));
    }
    text::new_str(th, &out)
}
fn lookup_old(th: &mut Thread, a: Args) -> R<Value> {
    let v = lookup(th, a)?;
    if had(Args::of(&[v])) {
        return Ok(v);
    }
    let name = text::lossy(a.get(0)).into_owned();
    Err(th.raise(&KEY_ERROR, format!("undefined character name '{name}'")))
}

/// The value of a table of runs.
pub fn run_value(t: &[u32], c: u32) -> u32 {
    let i = t.partition_point(|r| r >> 8 <= c);
    if i == 0 { 0 } else { t[i - 1] & 0xFF }
}
/// The character argument; `numbered`: the function takes more, so that messages number it.
fn chr(th: &mut Thread, a: Args, func: &str, numbered: bool) -> R<u32> {
    let v = a.get(0);
    let n = if numbered { " 1" } else { "" };
    if text::is_text(v) {
        if text::len_of(v) == 1 {
            return Ok(text::decode_at(text::bytes_of(v).unwrap_or(&[]), 0).0);
        }
        return Err(th.type_error(if th.py3() {
            format!("{func}(): argument{n} must be a unicode character, not a string of length {}", text::len_of(v))
        } else {
            "need a single Unicode character as parameter".to_string()
        }));
    }
    let got = class_name(v);
    Err(th.type_error(if th.py3() { format!("{func}() argument{n} must be a unicode character, not {got}") } else { format!("{func}() argument 1 must be unicode, not {got}") }))
}
fn missing(th: &mut Thread, a: Args, msg: &str) -> R<Value> { a.opt(1).map_or_else(|| Err(th.value_error(msg)), Ok) }

/// Numerator, denominator and whether it is a digit.
fn value_of(c: u32) -> Option<(i64, i64, bool)> {
    if let Some(d) = unicode::decimal(c) {
        return Some((d.into(), 1, true));
    }
    let i = NUMERIC.partition_point(|r| r.0 <= c).checked_sub(1)?;
    let (first, n, num, den, step, step_den, digit) = NUMERIC[i];
    let k = c - first;
    (k < n).then(|| (num * step_den + i64::from(k) * step * den, den * step_den, digit))
}
fn decimal(th: &mut Thread, a: Args) -> R<Value> {
    let c = chr(th, a, "decimal", true)?;
    match unicode::decimal(c) {
        Some(d) => Ok(Value::int(d.into())),
        None => missing(th, a, "not a decimal"),
    }
}
fn digit(th: &mut Thread, a: Args) -> R<Value> {
    let c = chr(th, a, "digit", true)?;
    match value_of(c) {
        Some((n, d, true)) => Ok(Value::int(n / d)),
        _ => missing(th, a, "not a digit"),
    }
}
fn numeric(th: &mut Thread, a: Args) -> R<Value> {
    let c = chr(th, a, "numeric", true)?;
    match value_of(c) {
        Some((n, d, _)) => float::new(th, n as f64 / d as f64),
        None => missing(th, a, "not a numeric character"),
    }
}
fn decomposition(th: &mut Thread, a: Args) -> R<Value> {
    let c = chr(th, a, "decomposition", false)?;
    let Some(d) = data().decompositions.get(&c) else { return th.native_str("") };
    let mut s = if d.tag.is_empty() { String::new() } else { format!("<{}>", d.tag) };
    for x in &d.to {
        if !s.is_empty() {
            s.push(' ');
        }
        s.push_str(&format!("{x:04X}"));
    }
    th.native_str(&s)
}
fn normal(th: &mut Thread, a: Args, ask: bool) -> R<Value> {
    let func = if ask { "is_normalized" } else { "normalize" };
    let (f, v) = (a.get(0), a.get(1));
    for (n, v, fits, old) in [(1, f, text::is_string(th, f), "string"), (2, v, text::is_text(v), "unicode")] {
        if !fits {
            let (want, got) = (if th.py3() { "str" } else { old }, class_name(v));
            return Err(th.type_error(format!("{func}() argument {n} must be {want}, not {got}")));
        }
    }
    let b = text::bytes_of(v).unwrap_or(&[]);
    if text::len_of(v) == 0 {
        return Ok(if ask { Value::TRUE } else { v });
    }
    let (compat, composed) = match text::bytes_of(f).unwrap_or(&[]) {
        b"NFC" => (false, true),
        b"NFD" => (false, false),
        b"NFKC" => (true, true),
        b"NFKD" => (true, false),
        _ => return Err(th.value_error("invalid normalization form")),
    };
    if b.is_ascii() {
        return Ok(if ask { Value::TRUE } else { v });
    }
    // In parts that no composition crosses: they end before an ASCII character that follows another one.
    let mut out: Vec<u8> = Vec::new();
    let mut from = 0;
    while from < b.len() {
        let mut to = (from + (64 << 10)).min(b.len());
        while to < b.len() && !(b[to] < 128 && b[to - 1] < 128) {
            to += 1;
        }
        let part = normalize::normalize(text::code_points(&b[from..to]), compat, composed);
        if out.try_reserve(part.len() * 4).is_err() {
            return Err(th.memory_error());
        }
        part.iter().for_each(|c| text::push_code_point(&mut out, *c));
        from = to;
        th.poll()?;
    }
    if ask {
        return Ok(Value::from_bool(out == b));
    }
    if out == b { Ok(v) } else { text::new_str(th, &out) }
}
fn name(th: &mut Thread, a: Args) -> R<Value> {
    let c = chr(th, a, "name", true)?;
    // The crate's data may be newer than ours.
    let known = !matches!(unicode::category(c), "Cn" | "Cc" | "Co" | "Cs");
    match char::from_u32(c).filter(|_| known).and_then(unicode_names2::name) {
        Some(n) => th.native_str(&n.to_string()),
        None => missing(th, a, "no such name"),
    }
}
fn lookup(th: &mut Thread, a: Args) -> R<Value> {
    let Some(b) = text::bytes_of(a.get(0)) else {
        let got = class_name(a.get(0));
        return Err(th.type_error(if th.py3() { format!("lookup() argument must be str, not {got}") } else { format!("lookup() argument 1 must be string or read-only character buffer, not {got}") }));
    };
    let n = String::from_utf8_lossy(b).into_owned();
    if n.len() > 256 {
        return Err(th.raise(&KEY_ERROR, "name too long"));
    }
    match txpy_syntax::names::character(&n, th.py3()).filter(|c| unicode::category(*c as u32) != "Cn") {
        Some(c) => text::char_str(th, c as u32),
        None => Err(th.raise(&KEY_ERROR, format!("undefined character name '{n}'"))),
    }
}
