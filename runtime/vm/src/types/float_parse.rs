//! Floats from text: decimal and hexadecimal.

use super::float_arith::scaled;
use super::{text, unicode};
use txpy_heap::Value;

/// The ASCII form of a text that stands for a number: decimal digits of any script become ASCII digits, white space a blank, other
/// characters '?'. Bytes are taken as they are.
pub fn ascii(v: Value) -> Option<Vec<u8>> {
    let b = text::bytes_of(v)?;
    if text::is_bytes(v) || b.is_ascii() {
        return Some(b.to_vec());
    }
    let s = String::from_utf8_lossy(b);
    Some(s.chars().map(|c| match unicode::decimal(c as u32) {
        Some(d) => b'0' + d as u8,
        None if unicode::is_space(c as u32) => b' ',
        None if c.is_ascii() => c as u8,
        None => b'?',
    }).collect())
}
pub fn is_space(c: u8) -> bool { matches!(c, 9..=13 | b' ' | 0x1C..=0x1F) }
pub fn trim_start(mut b: &[u8]) -> &[u8] {
    while let [c, rest @ ..] = b {
        if !is_space(*c) {
            break;
        }
        b = rest;
    }
    b
}
/// Without white space at both ends.
pub fn trim(b: &[u8]) -> &[u8] {
    let mut b = trim_start(b);
    while let [rest @ .., c] = b {
        if !is_space(*c) {
            break;
        }
        b = rest;
    }
    b
}
/// Removes underscores that stand between digits; None when one stands elsewhere.
pub fn without_underscores(b: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(b.len());
    for (i, c) in b.iter().enumerate() {
        if *c != b'_' {
            out.push(*c);
        } else if !(i > 0 && b[i - 1].is_ascii_digit() && b.get(i + 1).is_some_and(u8::is_ascii_digit)) {
            return None;
        }
    }
    Some(out)
}

/// Length of the decimal number or inf/nan at the start of `b`, 0 when there is none.
pub fn scan(b: &[u8]) -> usize {
    let mut i = matches!(b.first(), Some(b'+' | b'-')) as usize;
    for word in ["infinity", "inf", "nan"] {
        if b.len() >= i + word.len() && b[i..i + word.len()].eq_ignore_ascii_case(word.as_bytes()) {
            return i + word.len();
        }
    }
    let digits = |mut i: usize| {
        while b.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let start = i;
    i = digits(i);
    let mut n = i - start;
    if b.get(i) == Some(&b'.') {
        let end = digits(i + 1);
        n += end - i - 1;
        if n == 0 {
            return 0;
        }
        i = end;
    }
    if n == 0 {
        return 0;
    }
    if matches!(b.get(i), Some(b'e' | b'E')) {
        let j = i + 1 + matches!(b.get(i + 1), Some(b'+' | b'-')) as usize;
        let end = digits(j);
        if end > j {
            i = end;
        }
    }
    i
}
/// The value of a text that [`scan`] took as a whole.
pub fn value(b: &[u8]) -> Option<f64> {
    let s = std::str::from_utf8(b).ok()?;
    let f: f64 = s.parse().ok()?;
    Some(f)
}

/// `float(text)`; None when it is no number.
pub fn parse(b: &[u8], underscores: bool) -> Option<f64> {
    let b = trim(b);
    let clean;
    let b = if underscores && b.contains(&b'_') {
        clean = without_underscores(b)?;
        &clean
    } else {
        b
    };
    if b.is_empty() || scan(b) != b.len() { None } else { value(b) }
}

#[derive(Debug, PartialEq)]
pub enum HexError {
    Invalid,
    TooLarge,
}

/// `float.fromhex(text)`.
pub fn from_hex(b: &[u8]) -> Result<f64, HexError> {
    let b = trim(b);
    let (negative, mut rest) = match b {
        [b'-', r @ ..] => (true, r),
        [b'+', r @ ..] => (false, r),
        r => (false, r),
    };
    let signed = |f: f64| Ok(if negative { -f } else { f });
    match rest.to_ascii_lowercase().as_slice() {
        b"inf" | b"infinity" => return signed(f64::INFINITY),
        b"nan" => return signed(f64::NAN),
        _ => {}
    }
    if let [b'0', b'x' | b'X', r @ ..] = rest {
        rest = r;
    }
    let (mut m, mut sticky, mut e, mut digits, mut point) = (0u128, false, 0i64, 0usize, false);
    let mut i = 0;
    while let Some(c) = rest.get(i) {
        match (*c as char).to_digit(16) {
            Some(d) => {
                digits += 1;
                if m >> 100 == 0 {
                    m = m << 4 | d as u128;
                    e -= 4 * point as i64;
                } else {
                    sticky |= d != 0;
                    e += 4 * !point as i64;
                }
            }
            None if *c == b'.' && !point => point = true,
            None => break,
        }
        i += 1;
    }
    if digits == 0 {
        return Err(HexError::Invalid);
    }
    if let Some(b'p' | b'P') = rest.get(i) {
        let sign = rest.get(i + 1);
        let at = i + 1 + matches!(sign, Some(b'+' | b'-')) as usize;
        let mut x = 0i64;
        i = at;
        while let Some(d) = rest.get(i).filter(|c| c.is_ascii_digit()) {
            x = (x * 10 + (d - b'0') as i64).min(1 << 40);
            i += 1;
        }
        if i == at {
            return Err(HexError::Invalid);
        }
        e += if sign == Some(&b'-') { -x } else { x };
    }
    if i != rest.len() {
        return Err(HexError::Invalid);
    }
    let f = scaled(m, sticky, e);
    if f.is_infinite() { Err(HexError::TooLarge) } else { signed(f) }
}

/// `f.hex()`.
pub fn to_hex(f: f64) -> String {
    if !f.is_finite() {
        return super::float_repr::repr_f64(f);
    }
    let bits = f.to_bits();
    let sign = if f.is_sign_negative() { "-" } else { "" };
    let (e, m) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    match (e, m) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{m:013x}p-1022"),
        _ => format!("{sign}0x1.{m:013x}p{:+}", e - 1023),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal() {
        for (s, f) in [("1.5", 1.5), (" \t-1e3\n", -1000.0), (".5", 0.5), ("5.", 5.0), ("1_0.5", 10.5), ("1e1_0", 1e10), ("inf", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY), ("1e400", f64::INFINITY), ("+0", 0.0)] {
            assert_eq!(parse(s.as_bytes(), true), Some(f), "{s}");
        }
        for s in ["", ".", "e5", "1e", "1__0", "_1", "1_", "1._5", "1 2", "0x10", "infinit", "--1", "1e+", "nan1"] {
            assert_eq!(parse(s.as_bytes(), true), None, "{s}");
        }
        assert!(parse(b"nan", true).is_some_and(f64::is_nan));
        assert_eq!(parse(b"1_0", false), None);
    }
    #[test]
    fn hexadecimal() {
        assert_eq!(from_hex(b"0x1.8p3"), Ok(12.0));
        assert_eq!(from_hex(b"-0x.8"), Ok(-0.5));
        assert_eq!(from_hex(b"0x1p-1075"), Ok(0.0));
        assert_eq!(from_hex(b"0x1.8p-1075"), Ok(5e-324));
        assert_eq!(from_hex(b"0x1.fffffffffffff8p1023"), Err(HexError::TooLarge));
        assert_eq!(from_hex(b"0x1.fffffffffffff7p1023"), Ok(f64::MAX));
        assert_eq!(from_hex(format!("0x1p1{}", "0".repeat(99)).as_bytes()), Err(HexError::TooLarge));
        assert_eq!(from_hex(format!("0x0p1{}", "0".repeat(99)).as_bytes()), Ok(0.0));
        assert_eq!(from_hex(format!("0x1p-1{}", "0".repeat(99)).as_bytes()), Ok(0.0));
        assert_eq!(from_hex(b"1p"), Err(HexError::Invalid));
        assert_eq!(from_hex(b"0x"), Err(HexError::Invalid));
        assert_eq!(to_hex(0.1), "0x1.999999999999ap-4");
        assert_eq!(to_hex(5e-324), "0x0.0000000000001p-1022");
    }
}
