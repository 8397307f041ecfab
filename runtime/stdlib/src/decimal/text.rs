//! Decimal numbers as text: reading, scientific and engineering notation, format specifiers.

use super::nat::Nat;
use super::number::{Ctx, Dec, Kind, Rounding};
use crate::api::*;
use txpy_vm::types::{float_parse, unicode};

/// The ASCII form of a text, for reading: decimal digits of any script are ASCII digits. `lenient`: white space around it does not count,
/// nor do Python 3's underscores. None if other characters occur.
pub fn ascii(v: Value, lenient: bool, underscores: bool) -> Option<Vec<u8>> {
    let b = text::bytes_of(v)?;
    let mut out: Vec<u8> = if b.is_ascii() || text::is_bytes(v) {
        b.to_vec()
    } else {
        text::code_points(b).map(|c| match unicode::decimal(c) {
            Some(d) => b'0' + d as u8,
            None if unicode::is_space(c) => b' ',
            None => u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?'),
        }).collect()
    };
    if lenient {
        out = float_parse::trim(&out).to_vec();
        if underscores {
            out.retain(|c| *c != b'_');
        }
    }
    Some(out)
}

/// A numeric string; None if it is none. Exponents too large to count saturate.
pub fn parse(th: &mut Thread, s: &[u8]) -> R<Option<Dec>> {
    let (neg, s) = match s {
        [b'-', r @ ..] => (true, r),
        [b'+', r @ ..] => (false, r),
        r => (false, r),
    };
    let starts = |p: &str| s.len() >= p.len() && s[..p.len()].eq_ignore_ascii_case(p.as_bytes());
    if s.eq_ignore_ascii_case(b"inf") || s.eq_ignore_ascii_case(b"infinity") {
        return Ok(Some(Dec::inf(neg)));
    }
    for (word, kind) in [("nan", Kind::QNan), ("snan", Kind::SNan)] {
        if starts(word) {
            let payload = &s[word.len()..];
            if !payload.iter().all(u8::is_ascii_digit) {
                return Ok(None);
            }
            return Ok(Some(Dec { neg, kind, exp: 0, c: Nat::read(th, payload)? }));
        }
    }
    let (mantissa, exponent) = match s.iter().position(|c| matches!(c, b'e' | b'E')) {
        Some(i) => (&s[..i], Some(&s[i + 1..])),
        None => (s, None),
    };
    let (whole, fraction) = match mantissa.iter().position(|c| *c == b'.') {
        Some(i) => (&mantissa[..i], &mantissa[i + 1..]),
        None => (mantissa, &[][..]),
    };
    if whole.len() + fraction.len() == 0 || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return Ok(None);
    }
    let mut exp = 0i64;
    if let Some(e) = exponent {
        let (down, e) = match e {
            [b'-', r @ ..] => (true, r),
            [b'+', r @ ..] => (false, r),
            r => (false, r),
        };
        if e.is_empty() || !e.iter().all(u8::is_ascii_digit) {
            return Ok(None);
        }
        exp = e.iter().fold(0i64, |n, c| n.saturating_mul(10).saturating_add((c - b'0').into()).min(i64::MAX / 4));
        if down {
            exp = -exp;
        }
    }
    let digits = [whole, fraction].concat();
    let zeros = digits.iter().position(|c| *c != b'0').unwrap_or(digits.len());
    Ok(Some(Dec::new(neg, Nat::read(th, &digits[zeros..])?, exp - fraction.len() as i64)))
}

fn zeros(th: &mut Thread, n: i64) -> R<String> {
    let mut z = room(th, usize::try_from(n).unwrap_or(0))?;
    z.resize(n.max(0) as usize, b'0');
    Ok(String::from_utf8(z).unwrap_or_default())
}
fn digits_of(th: &mut Thread, c: &Nat) -> R<String> { Ok(String::from_utf8(c.text(th)?).unwrap_or_default()) }
/// Digits with a point after the first `point` of them, as what stands before and behind it.
fn split(th: &mut Thread, digits: &str, point: i64) -> R<(String, String)> {
    let n = digits.len() as i64;
    Ok(if point <= 0 {
        ("0".to_string(), zeros(th, -point)? + digits)
    } else if point >= n {
        (digits.to_string() + &zeros(th, point - n)?, String::new())
    } else {
        let (a, b) = digits.split_at(point as usize);
        (a.to_string(), b.to_string())
    })
}
/// The text of what is no number, without sign.
fn special(th: &mut Thread, d: &Dec) -> R<String> {
    let payload = if d.c.is_zero() { String::new() } else { digits_of(th, &d.c)? };
    Ok(match d.kind {
        Kind::Inf => "Infinity".to_string(),
        Kind::SNan => "sNaN".to_string() + &payload,
        _ => "NaN".to_string() + &payload,
    })
}
/// Scientific (`eng`: engineering) notation.
pub fn show(th: &mut Thread, d: &Dec, eng: bool, capitals: bool) -> R<String> {
    let sign = if d.neg { "-" } else { "" };
    if !d.is_finite() {
        return Ok(sign.to_string() + &special(th, d)?);
    }
    let digits = digits_of(th, &d.c)?;
    let left = d.exp + digits.len() as i64;
    let point = if d.exp <= 0 && left > -6 {
        left
    } else if !eng {
        1
    } else if d.c.is_zero() {
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    let (whole, fraction) = split(th, &digits, point)?;
    let dot = if fraction.is_empty() { "" } else { "." };
    let mut s = format!("{sign}{whole}{dot}{fraction}");
    if left != point {
        s += &format!("{}{:+}", if capitals { 'E' } else { 'e' }, left - point);
    }
    Ok(s)
}

// ---- format specifiers

/// Decimal point, separator of groups, sizes of groups from the right (0: the last one again and again, 127: no more groups).
pub struct Locale {
    pub point: String,
    pub separator: String,
    pub grouping: Vec<u8>,
}
pub struct Spec {
    fill: char,
    /// `<`, `>`, `^`, `=`.
    align: char,
    sign: char,
    zero_pad: bool,
    no_minus_zero: bool,
    /// The point stands there even without digits behind it.
    alternate: bool,
    width: usize,
    comma: bool,
    precision: Option<i64>,
    /// '\0' if none is given.
    pub ty: char,
}
impl Spec {
    /// What stands between groups where no locale says so.
    pub fn separator(&self) -> &'static str { if self.comma { "," } else { "" } }
}
/// A format specifier; the error is 2.7's message.
pub fn parse_spec(s: &str, py3: bool) -> Result<Spec, &'static str> {
    const INVALID: &str = "Invalid format specifier: ";
    let c: Vec<char> = s.chars().collect();
    let mut out = Spec { fill: ' ', align: '>', sign: '-', zero_pad: false, no_minus_zero: false, alternate: false, width: 0, comma: false, precision: None, ty: '\0' };
    let is_align = |i: usize| c.get(i).is_some_and(|c| matches!(c, '<' | '>' | '^' | '='));
    let (mut i, mut fill, mut align) = (0, false, false);
    if is_align(1) {
        (out.fill, out.align, i, fill, align) = (c[0], c[1], 2, true, true);
    } else if is_align(0) {
        (out.align, i, align) = (c[0], 1, true);
    }
    if let Some(x @ ('+' | '-' | ' ')) = c.get(i) {
        out.sign = *x;
        i += 1;
    }
    if py3 && c.get(i) == Some(&'z') {
        out.no_minus_zero = true;
        i += 1;
    }
    if py3 && c.get(i) == Some(&'#') {
        out.alternate = true;
        i += 1;
    }
    if c.get(i) == Some(&'0') {
        if fill {
            return Err("Fill character conflicts with '0' in format specifier: ");
        }
        if align {
            return Err("Alignment conflicts with '0' in format specifier: ");
        }
        (out.fill, out.align, out.zero_pad) = ('0', '=', true);
        i += 1;
    }
    let number = |i: &mut usize| {
        let from = *i;
        let mut n = Some(0i64);
        while let Some(d) = c.get(*i).and_then(|c| c.to_digit(10)) {
            n = n.and_then(|n| n.checked_mul(10)?.checked_add(d.into()));
            *i += 1;
        }
        if *i == from { Ok(None) } else { n.filter(|n| *n <= super::number::MAX_PREC).map(Some).ok_or(INVALID) }
    };
    out.width = number(&mut i)?.unwrap_or(0) as usize;
    if c.get(i) == Some(&',') {
        out.comma = true;
        i += 1;
    }
    if c.get(i) == Some(&'.') {
        i += 1;
        out.precision = Some(number(&mut i)?.ok_or(INVALID)?);
    }
    if let Some(t @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')) = c.get(i) {
        out.ty = *t;
        i += 1;
    } else if let (Some('N'), true) = (c.get(i), py3) {
        out.ty = 'N';
        i += 1;
    }
    if i != c.len() || matches!(out.ty, 'n' | 'N') && out.comma && py3 {
        return Err(INVALID);
    }
    if matches!(out.ty, 'n' | 'N') && out.comma {
        return Err("Explicit thousands separator conflicts with 'n' type in format specifier: ");
    }
    if out.precision == Some(0) && matches!(out.ty, '\0' | 'g' | 'G' | 'n' | 'N') {
        out.precision = Some(1);
    }
    Ok(out)
}

/// A number rounded to so many digits.
fn to_digits(th: &mut Thread, d: &Dec, places: i64, round: Rounding) -> R<Dec> {
    if d.c.is_zero() {
        return Ok(d.clone());
    }
    let first = d.adjusted(th)?;
    let out = d.rescale(th, first + 1 - places, round)?;
    // Rounding may have carried to one digit more.
    if out.adjusted(th)? == first { Ok(out) } else { out.rescale(th, first + 2 - places, round) }
}
pub fn format(th: &mut Thread, d: &Dec, s: &Spec, c: &Ctx, locale: Option<Locale>) -> R<String> {
    let locale = locale.unwrap_or_else(|| Locale {
        point: ".".to_string(),
        separator: s.separator().to_string(),
        grouping: vec![3, 0],
    });
    let ty = match s.ty {
        '\0' => if c.capitals { 'G' } else { 'g' },
        'n' => 'g',
        'N' => 'G',
        t => t,
    };
    let sign = |neg: bool| match (neg, s.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    };
    if !d.is_finite() {
        let body = special(th, d)? + if ty == '%' { "%" } else { "" };
        // Zeros before letters would be no number.
        return if s.zero_pad { pad(th, sign(d.neg), &body, s, ' ', '>') } else { pad(th, sign(d.neg), &body, s, s.fill, s.align) };
    }
    let mut d = d.clone();
    if ty == '%' {
        d.exp += 2;
    }
    // Zeros that a precision asks for behind the number's own digits: as a number they would take time quadratic in their count.
    let mut more = 0;
    if let Some(p) = s.precision {
        let own = d.c.digits(th)? as i64;
        d = match ty {
            _ if d.c.is_zero() && !matches!(ty, 'f' | 'F' | '%') => d,
            'e' | 'E' if own <= p => {
                more = p + 1 - own;
                d
            }
            'f' | 'F' | '%' if !d.c.is_zero() && d.exp >= -p => {
                more = d.exp + p;
                d
            }
            'e' | 'E' => to_digits(th, &d, p + 1, c.round)?,
            'f' | 'F' | '%' => d.rescale(th, -p, c.round)?,
            _ if d.c.digits(th)? as i64 > p => to_digits(th, &d, p, c.round)?,
            _ => d,
        };
    }
    if d.c.is_zero() && d.exp > 0 && matches!(ty, 'f' | 'F' | '%') {
        d.exp = 0;
    }
    if s.no_minus_zero && d.c.is_zero() {
        d.neg = false;
    }
    let digits = digits_of(th, &d.c)? + &zeros(th, more)?;
    let left = d.exp - more + digits.len() as i64;
    let point = match ty {
        'e' | 'E' => match s.precision {
            Some(p) if d.c.is_zero() => 1 - p,
            _ => 1,
        },
        'f' | 'F' | '%' => left,
        _ if d.exp <= 0 && left > -6 => left,
        _ => 1,
    };
    let (whole, fraction) = split(th, &digits, point)?;
    let mut rest = if fraction.is_empty() && !s.alternate { String::new() } else { locale.point.clone() + &fraction };
    if left != point || matches!(ty, 'e' | 'E') {
        rest += &format!("{}{:+}", if matches!(ty, 'e' | 'g') { 'e' } else { 'E' }, left - point);
    }
    if ty == '%' {
        rest.push('%');
    }
    let sign = sign(d.neg);
    let least = if s.zero_pad { s.width.saturating_sub(rest.chars().count() + sign.len()) } else { 0 };
    let body = grouped(th, &whole, &locale, least)? + &rest;
    pad(th, sign, &body, s, s.fill, s.align)
}
/// Digits in groups, with zeros before them up to a width.
fn grouped(th: &mut Thread, digits: &str, l: &Locale, least: usize) -> R<String> {
    if l.separator.is_empty() || matches!(l.grouping.first(), None | Some(0 | 127)) {
        return Ok(zeros(th, least as i64 - digits.len() as i64)? + digits);
    }
    room(th, least.saturating_mul(2))?;
    let wide = l.separator.chars().count();
    let (mut out, mut rest, mut least) = (Vec::new(), digits, least);
    let (mut at, mut size) = (0, 0usize);
    loop {
        match l.grouping.get(at) {
            Some(127) => size = usize::MAX,
            Some(0) | None => {}
            Some(n) => {
                size = *n as usize;
                at += 1;
            }
        }
        // A group has its size, or what is left, but at least one digit.
        let n = size.min(rest.len().max(least).max(1));
        let (before, own) = rest.split_at(rest.len().saturating_sub(n));
        out.push(zeros(th, n as i64 - own.len() as i64)? + own);
        (rest, least) = (before, least.saturating_sub(n));
        if rest.is_empty() && least == 0 {
            break;
        }
        least = least.saturating_sub(wide);
    }
    out.reverse();
    Ok(out.join(&l.separator))
}
fn pad(th: &mut Thread, sign: &str, body: &str, s: &Spec, fill: char, align: char) -> R<String> {
    let n = s.width.saturating_sub(sign.len() + body.chars().count());
    room(th, n.saturating_mul(4))?;
    let padding = |n: usize| fill.to_string().repeat(n);
    Ok(match align {
        '<' => format!("{sign}{body}{}", padding(n)),
        '=' => format!("{sign}{}{body}", padding(n)),
        '^' => format!("{}{sign}{body}{}", padding(n / 2), padding(n - n / 2)),
        _ => format!("{}{sign}{body}", padding(n)),
    })
}
