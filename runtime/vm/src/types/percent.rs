//! `%` formatting of text and byte strings in both languages.

use super::codec;
use super::float_repr::{format_exp, format_fixed, format_general};
use super::text::{self, Str, push_code_point};
use super::{bytearray::ByteArray, dunder::D, float, int, tuple};
use crate::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::native::buffer;
use crate::object::{self, class_name, class_of, item};
use crate::thread::Thread;
use txpy_heap::{R, Unwind, Value};

/// What a conversion asks for.
#[derive(Clone, Copy, Default)]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: u8,
}

/// Where the values come from.
struct Source {
    args: Value,
    /// Items of a tuple, otherwise the one value.
    next: usize,
    mapping: bool,
}
impl Source {
    fn take(&mut self, th: &mut Thread) -> R<Value> {
        let i = self.next;
        self.next += 1;
        match tuple::items(self.args) {
            Some(t) => match t.get(i) {
                Some(v) => return Ok(*v),
                None => {}
            },
            None if i == 0 => return Ok(self.args),
            None => {}
        }
        Err(th.raise(&TYPE_ERROR, "not enough arguments for format string"))
    }
    fn all_used(&self) -> bool { self.mapping || self.next >= tuple::items(self.args).map_or(1, <[Value]>::len) }
}

/// `fmt % args`. `fmt` is text or a byte string.
pub fn format(th: &mut Thread, fmt: Value, args: Value) -> R<Value> {
    if !fmt.is::<Str>() {
        if let Some(v) = run(th, fmt, args, false)? {
            return Ok(v);
        }
    }
    // 2.7: a text among the values makes the whole text.
    let fmt = codec::to_text(th, fmt)?;
    Ok(run(th, fmt, args, true)?.expect("only byte strings turn to text"))
}

fn incomplete(th: &mut Thread) -> Unwind { th.raise(&VALUE_ERROR, "incomplete format") }

/// None: a value is text and the format of 2.7 a byte string.
fn run(th: &mut Thread, fmt: Value, args: Value, text: bool) -> R<Option<Value>> {
    let b = text::bytes_of(fmt).unwrap_or(&[]);
    let py3 = th.py3();
    let mapping = !args.is::<tuple::Tuple>() && !args.is::<Str>() && !text::is_bytes(args) && !(py3 && !text && args.is::<ByteArray>()) && class_of(args).frozen().dunder(D::getitem).is_some();
    let mut src = Source { args, next: 0, mapping };
    let mut out: Vec<u8> = Vec::with_capacity(b.len() + 16);
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'%', &b[at..]) {
        out.extend_from_slice(&b[at..at + i]);
        at += i + 1;
        let mut c = Conversion::default();
        let mut one = None;
        if b.get(at) == Some(&b'(') {
            let start = at + 1;
            let mut depth = 1;
            at += 1;
            while depth > 0 {
                match b.get(at) {
                    Some(b'(') => depth += 1,
                    Some(b')') => depth -= 1,
                    Some(_) => {}
                    None => return Err(th.raise(if mapping { &VALUE_ERROR } else { &TYPE_ERROR }, if mapping { "incomplete format key" } else { "format requires a mapping" })),
                }
                at += 1;
            }
            if !mapping {
                return Err(th.type_error("format requires a mapping"));
            }
            let key = if text { th.new_str(&String::from_utf8_lossy(&b[start..at - 1]))? } else { th.new_bytes(&b[start..at - 1])? };
            one = Some(item::get(th, args, key)?);
        }
        while let Some(f) = b.get(at) {
            match f {
                b'-' => c.left = true,
                b'+' => c.plus = true,
                b' ' => c.space = true,
                b'#' => c.alternate = true,
                b'0' => c.zero = true,
                _ => break,
            }
            at += 1;
        }
        let mut take = |th: &mut Thread| match one {
            Some(v) => Ok(v),
            None => src.take(th),
        };
        if b.get(at) == Some(&b'*') {
            let v = take(th)?;
            let Some(w) = int::to_i64(v).filter(|w| int::is_int_like(v) && *w != i64::MIN) else {
                return Err(if py3 && int::is_int_like(v) { th.overflow_error("Python int too large to convert to C ssize_t") } else { th.type_error("* wants int") });
            };
            c.left |= w < 0;
            c.width = w.unsigned_abs() as usize;
            at += 1;
        } else {
            c.width = match digits(b, &mut at) {
                Some(n) => n.unwrap_or(0),
                None => return Err(th.value_error("width too big")),
            };
        }
        if b.get(at) == Some(&b'.') {
            at += 1;
            if b.get(at) == Some(&b'*') {
                let v = take(th)?;
                let Some(p) = int::to_i64(v).filter(|p| int::is_int_like(v) && i32::try_from(*p).is_ok()) else {
                    return Err(if int::is_int_like(v) { th.overflow_error("Python int too large to convert to C int") } else { th.type_error("* wants int") });
                };
                c.precision = Some(p.max(0) as usize);
                at += 1;
            } else {
                c.precision = match digits(b, &mut at) {
                    Some(n) => Some(n.unwrap_or(0)),
                    None => return Err(th.value_error(if py3 { "precision too big" } else { "prec too big" })),
                };
            }
        }
        if matches!(b.get(at), Some(b'h' | b'l' | b'L')) {
            at += 1;
        }
        let Some(letter) = b.get(at) else { return Err(incomplete(th)) };
        c.letter = *letter;
        let here = at;
        at += 1;
        if c.letter == b'%' && (!py3 || b[at - 2] == b'%') {
            pad(th, &mut out, c, b"%", 0, false)?;
            continue;
        }
        let v = take(th)?;
        if c.letter == b'c' && !text && !py3 && v.is::<Str>() {
            return Ok(None);
        }
        match c.letter {
            b's' | b'r' | b'a' | b'b' if is_string_letter(c.letter, text, py3) => {
                let Some(s) = shown(th, c.letter, v, text)? else { return Ok(None) };
                let mut s = text::bytes_of(s).unwrap_or(&[]);
                if let Some(p) = c.precision {
                    s = if text { &s[..s.iter().enumerate().filter(|(_, x)| **x & 0xC0 != 0x80).nth(p).map_or(s.len(), |(i, _)| i)] } else { &s[..s.len().min(p)] };
                }
                pad(th, &mut out, Conversion { zero: false, ..c }, s, 0, text)?;
            }
            b'c' => {
                let s = char_of(th, v, text)?;
                pad(th, &mut out, Conversion { zero: false, ..c }, &s, 0, text)?;
            }
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
                let s = integer(th, c, v, text)?;
                number(th, &mut out, c, &s)?;
            }
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
                let s = real(th, c, v, text)?;
                number(th, &mut out, c, &s)?;
            }
            _ => {
                let (ch, _) = if text { text::decode_at(b, here) } else { (c.letter as u32, 1) };
                let shown = if (32..127).contains(&ch) { ch as u8 as char } else if py3 && text { char::from_u32(ch).unwrap_or('?') } else { '?' };
                let place = if text { text::count_chars(&b[..here]) } else { here };
                return Err(th.value_error(format!("unsupported format character '{shown}' (0x{ch:x}) at index {place}")));
            }
        }
    }
    out.extend_from_slice(&b[at..]);
    if !src.all_used() {
        return Err(th.type_error(if py3 && !text { "not all arguments converted during bytes formatting" } else { "not all arguments converted during string formatting" }));
    }
    if text { text::new_str(th, &out).map(Some) } else { text::new_bytes(th, &out).map(Some) }
}
/// A decimal number: Some(None) when there is none, None when it is too large.
#[allow(clippy::option_option)] // three answers
fn digits(b: &[u8], at: &mut usize) -> Option<Option<usize>> {
    let mut n: Option<usize> = None;
    while let Some(d) = b.get(*at).filter(|c| c.is_ascii_digit()) {
        let v = n.unwrap_or(0).checked_mul(10)?.checked_add((d - b'0') as usize)?;
        if v > isize::MAX as usize {
            return None;
        }
        n = Some(v);
        *at += 1;
    }
    Some(n)
}
fn is_string_letter(c: u8, text: bool, py3: bool) -> bool {
    match c {
        b's' | b'r' => true,
        b'a' => py3,
        _ => py3 && !text,
    }
}

/// The string for %s, %r, %a, %b. None: it is text in a byte string of 2.7.
fn shown(th: &mut Thread, letter: u8, v: Value, text: bool) -> R<Option<Value>> {
    let py3 = th.py3();
    if py3 && !text && matches!(letter, b's' | b'b') {
        if let Some(r) = if text::is_bytes(v) { Some(v) } else { object::call_dunder(th, v, D::bytes, &[])? } {
            return Ok(Some(r));
        }
        if buffer::is_bytes_like(th, v) {
            return buffer::snapshot(th, v).map(Some);
        }
        let got = class_name(v);
        return Err(th.type_error(format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{got}'")));
    }
    let s = match letter {
        b's' => v,
        b'r' if text || !py3 => object::repr(th, v)?,
        _ => crate::builtins::ascii(th, v)?,
    };
    if letter != b's' {
        return if text && !py3 { codec::to_text(th, s).map(Some) } else { Ok(Some(s)) };
    }
    if py3 {
        return object::str_(th, v).map(Some);
    }
    if text {
        return super::str_methods::to_unicode(th, v).map(Some);
    }
    if v.is::<Str>() {
        return Ok(None);
    }
    if text::is_bytes(v) && text::BYTES.is_exact(v) {
        return Ok(Some(v));
    }
    // `__str__` may give text, which then makes the whole text.
    let r = match object::dunder(v, D::str_) {
        Some(f) => object::call_special(th, f, v, &[])?,
        None => object::repr(th, v)?,
    };
    if r.is::<Str>() {
        return Ok(None);
    }
    if !text::is_bytes(r) {
        let got = class_name(r);
        return Err(th.type_error(format!("__str__ returned non-string (type {got})")));
    }
    Ok(Some(r))
}
fn char_of(th: &mut Thread, v: Value, text: bool) -> R<Vec<u8>> {
    let py3 = th.py3();
    let wrong = if py3 && !text { "%c requires an integer in range(256) or a single byte" } else { "%c requires int or char" };
    if let Some(s) = text::bytes_of(v).filter(|_| if text { v.is::<Str>() || !py3 } else { text::is_bytes(v) }) {
        if text::len_of(v) == 1 {
            if text && text::is_bytes(v) {
                codec::check_ascii(th, v)?;
            }
            return Ok(s.to_vec());
        }
        return Err(th.type_error(wrong));
    }
    if let (true, false, Some(a)) = (py3, text, v.cast::<ByteArray>()) {
        let d = a.read(th)?.data().to_vec();
        if d.len() == 1 {
            return Ok(d);
        }
        return Err(th.type_error(wrong));
    }
    let v = match v.as_float() {
        Some(f) if text && !py3 && f.is_finite() => int::from_f64(th, f.trunc(), false)?,
        _ => v,
    };
    let Some(i) = int::index_opt(th, v)? else {
        return Err(th.type_error(if py3 || text { wrong } else if v.is_float() { "integer argument expected, got float" } else { "an integer is required" }));
    };
    let limit = if text { 0x110000 } else { 256 };
    match int::to_i64(i).filter(|i| (0..limit).contains(i)) {
        Some(i) if text => {
            let mut out = Vec::new();
            push_code_point(&mut out, i as u32);
            Ok(out)
        }
        Some(i) => Ok(vec![i as u8]),
        None => Err(th.raise(&OVERFLOW_ERROR, if text { "%c arg not in range(0x110000)" } else if py3 { "%c arg not in range(256)" } else { wrong_byte(i) })),
    }
}

/// 2.7's text for a number that is no byte.
fn wrong_byte(i: Value) -> &'static str {
    match int::to_i64(i) {
        Some(i) if i < 0 => "unsigned byte integer is less than minimum",
        Some(_) => "unsigned byte integer is greater than maximum",
        None => "Python int too large to convert to C long",
    }
}
/// Sign, prefix and digits of %d, %o, %x.
fn integer(th: &mut Thread, c: Conversion, v: Value, text: bool) -> R<String> {
    let py3 = th.py3();
    let based = matches!(c.letter, b'o' | b'x' | b'X');
    let n = if int::is_int_like(v) {
        v
    } else {
        let class = class_of(v);
        let number = class.frozen();
        let is_number = crate::types::classic::is_instance(v) || v.is_float() || number.dunder(D::int_).is_some() || number.dunder(D::index).is_some() || number.dunder(D::float_).is_some();
        let r = if !is_number {
            None
        } else if based && py3 {
            int::index_opt(th, v)?
        } else {
            let mut r = th.call(int::INT.value(), &[v]);
            if !py3 && r.is_err() && th.catch_any().is_some() {
                r = th.call(int::LONG.value(), &[v]);
            }
            match r {
                Ok(n) => Some(n),
                // 2.7 drops any error here, 3 a TypeError.
                Err(e) => if if py3 { th.catch(&TYPE_ERROR) } else { th.catch_any() }.is_some() { None } else { return Err(e) },
            }
        };
        match r {
            Some(n) => n,
            None => {
                let got = class_name(v);
                let letter = if c.letter == b'i' && !(py3 && text) { 'd' } else { c.letter as char };
                return Err(th.type_error(match (py3, based) {
                    (true, true) => format!("%{letter} format: an integer is required, not {got}"),
                    (true, false) => format!("%{letter} format: a real number is required, not {got}"),
                    _ => format!("%{letter} format: a number is required, not {got}"),
                }));
            }
        }
    };
    let big = int::to_bigint(n).unwrap_or_default();
    let negative = big.sign() == num_bigint::Sign::Minus;
    let radix = match c.letter {
        b'o' => 8,
        b'x' | b'X' => 16,
        _ => 10,
    };
    let (mut negative, mut s) = (negative, big.magnitude().to_str_radix(radix));
    if !py3 && int::is_long(n) && !int::LONG.is_exact(n) {
        (negative, s) = shown_digits(th, c, n)?;
    }
    if let Some(p) = c.precision.filter(|p| *p > s.len()) {
        room(th, p)?;
        s.insert_str(0, &"0".repeat(p - s.len()));
    }
    let prefix = match (c.alternate, c.letter) {
        (true, b'x') => "0x",
        (true, b'X') => "0X",
        (true, b'o') if py3 => "0o",
        (true, b'o') if !s.starts_with('0') => "0",
        _ => "",
    };
    if c.letter == b'X' {
        s.make_ascii_uppercase();
    }
    Ok(format!("{}{prefix}{s}", if negative { "-" } else { "" }))
}
/// 2.7 takes the digits of a subclass of long from what its `__str__`, `__oct__` or `__hex__` gives: sign and digits.
fn shown_digits(th: &mut Thread, c: Conversion, n: Value) -> R<(bool, String)> {
    let (method, name, prefix) = match c.letter {
        b'o' => (D::oct, "__oct__", 1),
        b'x' | b'X' => (D::hex, "__hex__", 2),
        _ => (D::str_, "__str__", 0),
    };
    let f = crate::object::dunder(n, method).unwrap_or(Value::NONE);
    let r = crate::object::call_special(th, f, n, &[])?;
    if !text::is_string(th, r) {
        let got = class_name(r);
        return Err(th.type_error(format!("expected string or Unicode object, {got} found")));
    }
    let shown = text::lossy(r).into_owned();
    let all = shown.strip_suffix('L').unwrap_or(&shown);
    let digits = all.strip_prefix('-').unwrap_or(all);
    let bad = match c.letter {
        b'x' | b'X' => !(digits.starts_with("0x") && digits.len() > 2),
        b'o' => !digits.starts_with('0'),
        _ => digits.is_empty(),
    };
    if bad {
        let got = class_name(n);
        return Err(th.value_error(format!("%{} format: invalid result of {name} (type={got})", c.letter as char)));
    }
    let body = if c.letter == b'o' && digits == "0" { digits } else { &digits[prefix..] };
    Ok((all.starts_with('-'), body.to_string()))
}
fn real(th: &mut Thread, c: Conversion, v: Value, text: bool) -> R<String> {
    let r = float::number(th, v);
    let f = if text { r? } else { th.unless(r, &TYPE_ERROR)?.flatten() };
    let Some(f) = f else {
        let got = class_name(v);
        return Err(th.type_error(match (th.py3(), text) {
            (true, true) => format!("must be real number, not {got}"),
            (false, true) => "a float is required".to_string(),
            _ => format!("float argument required, not {got}"),
        }));
    };
    let p = c.precision.unwrap_or(6);
    if p > i32::MAX as usize {
        return Err(th.value_error("precision too big"));
    }
    room(th, p)?;
    let upper = c.letter.is_ascii_uppercase();
    Ok(match c.letter | 0x20 {
        b'e' => format_exp(f, p, upper, c.alternate),
        b'f' => format_fixed(f, p, upper, c.alternate),
        _ => format_general(f, p, upper, c.alternate),
    })
}

/// Fails with MemoryError when `n` bytes can't be had.
fn room(th: &mut Thread, n: usize) -> R<()> {
    if n < 1 << 16 {
        return Ok(());
    }
    text::alloc_bytes(th, n).map(|_| ())
}
/// Adds a number with its sign.
fn number(th: &mut Thread, out: &mut Vec<u8>, c: Conversion, s: &str) -> R<()> {
    let signed = match (s.starts_with('-'), c.plus, c.space) {
        (false, true, _) => format!("+{s}"),
        (false, false, true) => format!(" {s}"),
        _ => s.to_string(),
    };
    let mut head = signed.starts_with(['-', '+', ' ']) as usize;
    let b = signed.as_bytes();
    if b.get(head) == Some(&b'0') && matches!(b.get(head + 1), Some(b'x' | b'X' | b'o')) {
        head += 2;
    }
    pad(th, out, c, b, head, false)
}
/// Adds `s`, filled up to the width; zeros go behind the first `head` bytes.
fn pad(th: &mut Thread, out: &mut Vec<u8>, c: Conversion, s: &[u8], head: usize, text: bool) -> R<()> {
    let n = if text { text::count_chars(s) } else { s.len() };
    let fill = c.width.saturating_sub(n);
    room(th, fill)?;
    if out.try_reserve(fill.saturating_add(s.len())).is_err() {
        return Err(th.memory_error());
    }
    if c.left {
        out.extend_from_slice(s);
        out.extend(std::iter::repeat_n(b' ', fill));
    } else if c.zero {
        out.extend_from_slice(&s[..head]);
        out.extend(std::iter::repeat_n(b'0', fill));
        out.extend_from_slice(&s[head..]);
    } else {
        out.extend(std::iter::repeat_n(b' ', fill));
        out.extend_from_slice(s);
    }
    Ok(())
}
