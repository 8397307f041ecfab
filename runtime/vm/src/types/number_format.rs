//! The format mini-language: `[[fill]align][sign][z][#][0][width][,_][.precision][type]`, and numbers laid out by it.

use super::float_repr::{format_exp, format_fixed, format_general, format_repr_like, repr_with};
use super::int::Num;
use super::int_arith::float_of;
use super::int_parse;
use crate::thread::Thread;
use txpy_heap::{R, Unwind};

/// A parsed format specifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub fill: char,
    /// `<`, `>`, `=`, `^`.
    pub align: char,
    pub align_given: bool,
    /// `+`, `-` or blank.
    pub sign: Option<char>,
    /// `z`: a result that rounds to zero has no minus.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    pub width: Option<usize>,
    /// `,` or `_`.
    pub thousands: Option<char>,
    pub precision: Option<usize>,
    /// The type letter, or the default of the kind ('s', 'd', '\0').
    pub ty: char,
}

/// Whose format it is: decides defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Text,
    Int,
    Float,
    Complex,
}

/// What is wrong with a specifier or value; [`Fail::raise`] makes the exception.
#[derive(Clone, Debug, PartialEq)]
pub enum Fail {
    /// The specifier has something left over.
    Invalid,
    /// The type letter is not one for such objects.
    UnknownCode(char),
    Value(String),
    Memory,
}

fn fail<T>(s: impl Into<String>) -> Result<T, Fail> { Err(Fail::Value(s.into())) }

impl Fail {
    /// ValueError (MemoryError) with CPython's text; `spec` and the class name of the object stand in some of them.
    #[cold]
    pub fn raise(self, th: &mut Thread, spec: &str, class: &str) -> Unwind {
        let msg = match self {
            Fail::Memory => return th.memory_error(),
            Fail::Value(s) => s,
            Fail::Invalid if th.py3() => format!("Invalid format specifier '{spec}' for object of type '{class}'"),
            Fail::Invalid => "Invalid conversion specification".to_string(),
            Fail::UnknownCode(c) if (' '..'\x7f').contains(&c) && c != ' ' => format!("Unknown format code '{c}' for object of type '{class}'"),
            Fail::UnknownCode(c) => format!("Unknown format code '\\x{:x}' for object of type '{class}'", c as u32),
        };
        th.value_error(msg)
    }
}

fn is_align(c: char) -> bool { matches!(c, '<' | '>' | '=' | '^') }

/// Parses a specifier. `py3` allows `z`, `_` and gives `0` its newer meaning for text.
pub fn parse_spec(text: &str, kind: Kind, py3: bool) -> Result<Spec, Fail> {
    let c: Vec<char> = text.chars().collect();
    let mut s = Spec {
        fill: ' ', align: if kind == Kind::Text { '<' } else { '>' }, align_given: false, sign: None, no_negative_zero: false, alternate: false, width: None,
        thousands: None, precision: None,
        ty: match kind {
            Kind::Text => 's',
            Kind::Int => 'd',
            _ => '\0',
        },
    };
    let at = |i: usize| c.get(i).copied();
    let mut i = 0;
    let mut fill_given = false;
    if at(1).is_some_and(is_align) {
        (s.fill, s.align, s.align_given, fill_given) = (c[0], c[1], true, true);
        i = 2;
    } else if at(0).is_some_and(is_align) {
        (s.align, s.align_given) = (c[0], true);
        i = 1;
    }
    if let Some(x @ ('+' | '-' | ' ')) = at(i) {
        s.sign = Some(x);
        i += 1;
    }
    if py3 && at(i) == Some('z') {
        s.no_negative_zero = true;
        i += 1;
    }
    if at(i) == Some('#') {
        s.alternate = true;
        i += 1;
    }
    if !fill_given && at(i) == Some('0') {
        s.fill = '0';
        if !s.align_given && (kind != Kind::Text || !py3) {
            s.align = '=';
        }
        i += 1;
    }
    s.width = number(&c, &mut i)?;
    if at(i) == Some(',') {
        s.thousands = Some(',');
        i += 1;
    }
    if py3 && at(i) == Some('_') {
        if s.thousands.is_some() {
            return fail("Cannot specify both ',' and '_'.");
        }
        s.thousands = Some('_');
        i += 1;
        if at(i) == Some(',') {
            return fail("Cannot specify both ',' and '_'.");
        }
    }
    if at(i) == Some('.') {
        i += 1;
        s.precision = number(&c, &mut i)?;
        if s.precision.is_none() {
            return fail("Format specifier missing precision");
        }
    }
    if c.len() > i + 1 {
        return Err(Fail::Invalid);
    }
    if let Some(t) = at(i) {
        s.ty = t;
    }
    if let Some(sep) = s.thousands {
        let ok = matches!(s.ty, 'd' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%' | '\0') || sep == '_' && matches!(s.ty, 'b' | 'o' | 'x' | 'X');
        if !ok {
            return fail(if ('!'..'\x7f').contains(&s.ty) { format!("Cannot specify '{sep}' with '{}'.", s.ty) } else { format!("Cannot specify '{sep}' with '\\x{:x}'.", s.ty as u32) });
        }
    }
    Ok(s)
}
fn number(c: &[char], i: &mut usize) -> Result<Option<usize>, Fail> {
    let start = *i;
    let mut n = 0usize;
    while let Some(d) = c.get(*i).and_then(|c| c.to_digit(10)) {
        n = match n.checked_mul(10).and_then(|n| n.checked_add(d as usize)).filter(|n| *n <= isize::MAX as usize) {
            Some(n) => n,
            None => return fail("Too many decimal digits in format string"),
        };
        *i += 1;
    }
    Ok((*i > start).then_some(n))
}

/// Pads `body` (of `chars` code points) to the width; `=` counts as `>`.
pub fn pad(body: &str, s: &Spec) -> Result<String, Fail> {
    let n = body.chars().count();
    let total = s.width.unwrap_or(0).saturating_sub(n);
    let left = match s.align {
        '<' => 0,
        '^' => total / 2,
        _ => total,
    };
    let mut out = reserve(total, s.fill, body.len())?;
    out.extend(std::iter::repeat_n(s.fill, left));
    out.push_str(body);
    out.extend(std::iter::repeat_n(s.fill, total - left));
    Ok(out)
}
fn reserve(fills: usize, fill: char, more: usize) -> Result<String, Fail> {
    let mut out = String::new();
    let bytes = fills.checked_mul(fill.len_utf8()).and_then(|n| n.checked_add(more)).ok_or(Fail::Memory)?;
    out.try_reserve_exact(bytes).map_err(|_| Fail::Memory)?;
    if bytes as u64 > 1 << 40 { Err(Fail::Memory) } else { Ok(out) }
}

/// Digits in groups, filled with zeros to `min` characters.
fn group(digits: &str, min: usize, separator: Option<char>, size: usize) -> Result<String, Fail> {
    let Some(sep) = separator else {
        let zeros = min.saturating_sub(digits.len());
        let mut out = reserve(zeros, '0', digits.len())?;
        out.extend(std::iter::repeat_n('0', zeros));
        out.push_str(digits);
        return Ok(out);
    };
    let mut out: Vec<u8> = reserve(min.saturating_mul(2).max(digits.len() * 2), '0', 0)?.into_bytes();
    let (mut rest, mut min) = (digits.as_bytes(), min as i64);
    loop {
        let len = (size as i64).min((rest.len() as i64).max(min).max(1)) as usize;
        for k in 0..len {
            out.push(if k < rest.len() { rest[rest.len() - 1 - k] } else { b'0' });
        }
        rest = &rest[..rest.len() - len.min(rest.len())];
        min -= len as i64;
        if rest.is_empty() && min <= 0 {
            break;
        }
        out.push(sep as u8);
        min -= 1;
    }
    out.reverse();
    Ok(String::from_utf8(out).unwrap_or_default())
}

/// Sign, prefix, digits and what follows them, laid out. `digits` may be empty (inf, nan).
fn layout(negative: bool, prefix: &str, digits: &str, rest: &str, group_size: usize, s: &Spec) -> Result<String, Fail> {
    let sign = match (negative, s.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    let fixed = sign.len() + prefix.len() + rest.chars().count();
    let width = s.width.unwrap_or(0);
    let min = if s.fill == '0' && s.align == '=' { width.saturating_sub(fixed) } else { 0 };
    let digits = if digits.is_empty() { String::new() } else { group(digits, min, s.thousands, group_size)? };
    let total = width.saturating_sub(fixed + digits.len());
    let (left, middle, right) = match s.align {
        '<' => (0, 0, total),
        '^' => (total / 2, 0, total - total / 2),
        '=' => (0, total, 0),
        _ => (total, 0, 0),
    };
    let mut out = reserve(total, s.fill, fixed + digits.len() + rest.len())?;
    out.extend(std::iter::repeat_n(s.fill, left));
    out.push_str(sign);
    out.push_str(prefix);
    out.extend(std::iter::repeat_n(s.fill, middle));
    out.push_str(&digits);
    out.push_str(rest);
    out.extend(std::iter::repeat_n(s.fill, right));
    Ok(out)
}

/// `format(n, spec)`; `class` stands in messages.
pub fn format_int(th: &mut Thread, n: Num, text: &str, class: &str) -> R<String> {
    let py3 = th.py3();
    let s = match parse_spec(text, Kind::Int, py3) {
        Ok(s) => s,
        Err(e) => return Err(e.raise(th, text, class)),
    };
    if matches!(s.ty, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        let f = float_of(th, n)?;
        return float_by_spec(f, &s, py3).map_err(|e| e.raise(th, text, class));
    }
    let (base, prefix) = match s.ty {
        'd' | 'n' => (10, ""),
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        'c' => (0, ""),
        c => return Err(Fail::UnknownCode(c).raise(th, text, class)),
    };
    if s.precision.is_some() {
        return Err(th.value_error("Precision not allowed in integer format specifier"));
    }
    if s.no_negative_zero {
        return Err(th.value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if base == 0 {
        if s.sign.is_some() {
            return Err(th.value_error("Sign not allowed with integer format specifier 'c'"));
        }
        if s.alternate && py3 {
            return Err(th.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let Some(i) = n.i64() else { return Err(th.overflow_error("Python int too large to convert to C long")) };
        let limit = if py3 { 0x110000 } else { 0x100 };
        if !(0..limit).contains(&i) {
            return Err(th.overflow_error(format!("%c arg not in range({limit:#x})")));
        }
        // A surrogate has no place in Rust text.
        let c = char::from_u32(i as u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        return layout(false, "", "", c.encode_utf8(&mut [0; 4]), 3, &s).map_err(|e| e.raise(th, text, class));
    }
    let mut digits = int_parse::magnitude(th, n, base)?;
    if s.ty == 'X' {
        digits.make_ascii_uppercase();
    }
    let size = if base == 10 { 3 } else { 4 };
    layout(n.is_negative(), if s.alternate { prefix } else { "" }, &digits, "", size, &s).map_err(|e| e.raise(th, text, class))
}

/// `format(f, spec)`.
pub fn format_float(th: &mut Thread, f: f64, text: &str, class: &str) -> R<String> {
    let py3 = th.py3();
    parse_spec(text, Kind::Float, py3).and_then(|s| float_by_spec(f, &s, py3)).map_err(|e| e.raise(th, text, class))
}

/// The digits of a float by type letter, sign included.
fn float_text(f: f64, s: &Spec, dot_zero: bool, py3: bool) -> Result<String, Fail> {
    let p = s.precision.unwrap_or(6);
    if p > i32::MAX as usize {
        return fail(if py3 { "precision too big" } else { "precision too large" });
    }
    if p > 1 << 20 && String::new().try_reserve_exact(p).is_err() {
        return Err(Fail::Memory);
    }
    let text = match s.ty {
        'f' | 'F' => format_fixed(f, p, s.ty == 'F', s.alternate),
        '%' => format!("{}%", format_fixed(f * 100.0, p, false, s.alternate)),
        'e' | 'E' => format_exp(f, p, s.ty == 'E', s.alternate),
        'g' | 'G' | 'n' => format_general(f, p, s.ty == 'G', s.alternate),
        '\0' => match s.precision {
            Some(p) => format_repr_like(f, p, s.alternate, dot_zero),
            None if !py3 => format_repr_like(f, 12, s.alternate, dot_zero),
            None => {
                let mut t = repr_with(f, dot_zero);
                if s.alternate && f.is_finite() && !t.contains('.') {
                    t.insert(t.find('e').unwrap_or(t.len()), '.');
                }
                t
            }
        },
        c => return Err(Fail::UnknownCode(c)),
    };
    if s.no_negative_zero && text.starts_with('-') && !text.split(['e', 'E']).next().unwrap_or("").contains(|c: char| c.is_ascii_digit() && c != '0') && f.is_finite() {
        return Ok(text[1..].to_string());
    }
    Ok(text)
}
/// (negative, integer digits, the rest) of a float's text.
fn parts(text: &str) -> (bool, &str, &str) {
    let (negative, t) = match text.strip_prefix('-') {
        Some(t) => (true, t),
        None => (false, text),
    };
    let n = t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    (negative, &t[..n], &t[n..])
}

fn float_by_spec(f: f64, s: &Spec, py3: bool) -> Result<String, Fail> {
    if s.alternate && !py3 {
        return fail("Alternate form (#) not allowed in float format specifier");
    }
    let text = float_text(f, s, true, py3)?;
    let (negative, digits, rest) = parts(&text);
    layout(negative, "", digits, rest, 3, s)
}

/// `format(re + im*1j, spec)`.
pub fn format_complex(th: &mut Thread, re: f64, im: f64, text: &str, class: &str) -> R<String> {
    let py3 = th.py3();
    parse_spec(text, Kind::Complex, py3).and_then(|s| complex_by_spec(re, im, &s, py3)).map_err(|e| e.raise(th, text, class))
}
fn complex_by_spec(re: f64, im: f64, s: &Spec, py3: bool) -> Result<String, Fail> {
    if !matches!(s.ty, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') {
        return Err(Fail::UnknownCode(s.ty));
    }
    if s.alternate && !py3 {
        return fail("Alternate form (#) not allowed in complex format specifier");
    }
    if s.fill == '0' {
        return fail("Zero padding is not allowed in complex format specifier");
    }
    if s.align == '=' {
        return fail("'=' alignment flag is not allowed in complex format specifier");
    }
    let part = |f: f64, sign: Option<char>| {
        let t = float_text(f, s, false, py3)?;
        let (negative, digits, rest) = parts(&t);
        layout(negative, "", digits, rest, 3, &Spec { width: None, sign, align: '<', ..s.clone() })
    };
    let plain = s.ty == '\0';
    let body = if plain && re == 0.0 && re.is_sign_positive() {
        format!("{}j", part(im, s.sign)?)
    } else {
        let b = format!("{}{}j", part(re, s.sign)?, part(im, Some('+'))?);
        if plain { format!("({b})") } else { b }
    };
    pad(&body, s)
}

#[cfg(test)]
mod tests {
    use super::*;
    fn f(x: f64, s: &str) -> Result<String, Fail> { parse_spec(s, Kind::Float, true).and_then(|s| float_by_spec(x, &s, true)) }
    fn c(re: f64, im: f64, s: &str) -> Result<String, Fail> { parse_spec(s, Kind::Complex, true).and_then(|s| complex_by_spec(re, im, &s, true)) }

    #[test]
    fn floats() {
        for (x, s, want) in [
            (1.5, "0=+10", "+0000001.5"), (1.5, "*^12.3e", "*1.500e+00**"), (1.5, "020,.3f", "0,000,000,000,001.500"), (-1.5, "020_.3f", "-000_000_000_001.500"),
            (12345.5, "=20,", "            12,345.5"), (1e20, ",", "1e+20"), (123456.7, "_g", "123_457"), (f64::NAN, "010", "0000000nan"), (f64::INFINITY, "+F", "+INF"),
            (1e100, ".3", "1e+100"), (100.0, "#.3g", "100."), (123.0, "#.0f", "123."), (0.1, ".0%", "10%"), (-0.0, "z", "0.0"), (-0.001, "z.1f", "0.0"), (1.5, "z.0f", "2"),
            (15.0, ".1", "2e+01"), (1.5, "#.0e", "2.e+00"), (1e10, ".20", "10000000000.0"), (f64::INFINITY, "020,", "00000000000000000inf"), (1e5, "#", "100000.0"),
        ] {
            assert_eq!(f(x, s).as_deref(), Ok(want), "{s}");
        }
        assert_eq!(f(1.5, "d"), Err(Fail::UnknownCode('d')));
        assert_eq!(f(1.5, "abc"), Err(Fail::Invalid));
        assert_eq!(f(1.5, "."), fail("Format specifier missing precision"));
        assert_eq!(f(1.5, "_,f"), fail("Cannot specify both ',' and '_'."));
        assert_eq!(f(1.5, "99999999999999999999"), fail("Too many decimal digits in format string"));
        assert_eq!(f(1.5, "9999999999999999999"), fail("Too many decimal digits in format string"));
        assert_eq!(f(1.5, "9000000000000000000"), Err(Fail::Memory));
    }
    #[test]
    fn groups() {
        assert_eq!(group("123456789", 0, Some(','), 3).as_deref(), Ok("123,456,789"));
        assert_eq!(group("123456789", 20, Some(','), 3).as_deref(), Ok("0,000,000,123,456,789"));
        assert_eq!(group("12", 5, None, 3).as_deref(), Ok("00012"));
        assert_eq!(group("1", 4, Some('_'), 3).as_deref(), Ok("0_001"));
    }
    #[test]
    fn complexes() {
        for (re, im, s, want) in [(1.0, 2.0, ".2f", "1.00+2.00j"), (1.0, 2.0, "<10", "(1+2j)    "), (0.0, 1.0, ".3", "1j"), (1.0, 2.0, "g", "1+2j"), (0.0, 1.0, "n", "0+1j"), (1.0, 2.0, "+", "(+1+2j)"), (1234.0, 2.0, ",.1f", "1,234.0+2.0j")] {
            assert_eq!(c(re, im, s).as_deref(), Ok(want), "{s}");
        }
        assert_eq!(c(0.0, 1.0, "010"), fail("Zero padding is not allowed in complex format specifier"));
        assert_eq!(c(0.0, 1.0, "=10"), fail("'=' alignment flag is not allowed in complex format specifier"));
    }
}
