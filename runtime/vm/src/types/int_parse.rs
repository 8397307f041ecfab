//! Integers from text and as text, with Python 3's limit on the number of digits.

use super::int::{Num, make, make_big};
use super::float_parse::is_space;
use crate::thread::Thread;
use num_bigint::BigInt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use txpy_heap::{R, Unwind, Value};

/// `sys.get_int_max_str_digits()`: 0 for no limit. Python 3 only.
pub static MAX_STR_DIGITS: AtomicUsize = AtomicUsize::new(4300);

/// The limit in force, 0 for none.
fn limit() -> usize { if crate::dialect::py3() { MAX_STR_DIGITS.load(Relaxed) } else { 0 } }

/// An integer that was read.
#[derive(Debug, PartialEq)]
pub enum Parsed {
    Small(i128),
    Big(BigInt),
}
#[derive(Debug, PartialEq)]
pub enum ParseError {
    Invalid,
    /// More decimal digits than allowed: how many.
    TooLong(usize),
}

/// What a text may look like.
#[derive(Clone, Copy)]
pub struct Rules {
    pub py3: bool,
    /// A trailing L is allowed.
    pub long: bool,
    /// Most digits in bases that are no powers of two, 0 for no limit.
    pub limit: usize,
}

/// `int(text, base)`; `base` is 0 or 2 to 36.
pub fn parse(b: &[u8], base: u32, rules: Rules) -> Result<Parsed, ParseError> {
    let mut b = super::float_parse::trim(b);
    let mut negative = false;
    if let [c @ (b'+' | b'-'), r @ ..] = b {
        negative = *c == b'-';
        b = r;
        if !rules.py3 {
            while let [c, r @ ..] = b {
                if !is_space(*c) {
                    break;
                }
                b = r;
            }
        }
    }
    let mut base = base;
    let prefixed = match b {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let mut zeros_only = false;
    if base == 0 {
        base = match b {
            _ if prefixed != 0 => prefixed,
            [b'0', _, ..] if !rules.py3 => 8,
            [b'0', ..] => {
                zeros_only = true;
                10
            }
            _ => 10,
        };
    }
    if prefixed != 0 && prefixed == base {
        b = &b[2..];
        if rules.py3 && b.first() == Some(&b'_') {
            b = &b[1..];
        }
    }
    if rules.long {
        if let [r @ .., b'l' | b'L'] = b {
            if base <= 21 {
                b = r;
            }
        }
    }
    let clean;
    if rules.py3 && b.contains(&b'_') {
        if b.first() == Some(&b'_') || b.last() == Some(&b'_') || b.windows(2).any(|w| w == b"__") {
            return Err(ParseError::Invalid);
        }
        clean = b.iter().copied().filter(|c| *c != b'_').collect::<Vec<u8>>();
        b = &clean;
    }
    if b.is_empty() || b.iter().any(|c| (*c as char).to_digit(base).is_none()) || zeros_only && b.iter().any(|c| *c != b'0') {
        return Err(ParseError::Invalid);
    }
    if rules.limit != 0 && b.len() > rules.limit && !base.is_power_of_two() {
        return Err(ParseError::TooLong(b.len()));
    }
    Ok(digits(b, base, negative))
}

/// The number with these (valid) digits.
fn digits(b: &[u8], base: u32, negative: bool) -> Parsed {
    let digit = |c: &u8| (*c as char).to_digit(base).unwrap_or(0);
    let small = b.iter().try_fold(0i128, |n, c| n.checked_mul(base as i128)?.checked_add(digit(c) as i128));
    if let Some(n) = small {
        return Parsed::Small(if negative { -n } else { n });
    }
    let n = big(b, base);
    Parsed::Big(if negative { -n } else { n })
}
/// Halves the text, so that long ones cost what multiplication costs.
fn big(b: &[u8], base: u32) -> BigInt {
    if b.len() <= 2000 {
        return BigInt::parse_bytes(b, base).unwrap_or_default();
    }
    if base.is_power_of_two() {
        return BigInt::parse_bytes(b, base).unwrap_or_default();
    }
    let low = b.len() / 2;
    let (h, l) = b.split_at(b.len() - low);
    big(h, base) * BigInt::from(base).pow(low as u32) + big(l, base)
}

/// An integer literal, with a minus when the compiler folded one in; `long`: with 2.7's suffix L.
pub fn from_digits(th: &mut Thread, radix: u32, text: &str, long: bool) -> R<Value> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(t) => (true, t),
        None => (false, text),
    };
    let clean: Vec<u8> = text.bytes().filter(|c| *c != b'_').collect();
    debug_assert!(clean.iter().all(|c| (*c as char).is_digit(radix)), "literal {text}");
    let p = digits(&clean, radix, negative);
    made(th, p, long)
}
fn made(th: &mut Thread, p: Parsed, long: bool) -> R<Value> {
    match p {
        Parsed::Small(i) => make(th, i, long),
        Parsed::Big(b) => make_big(th, &b, long),
    }
}
/// The integer in the text `b`; None when it is none. `long`: the result is a 2.7 `long`.
pub fn read(th: &mut Thread, b: &[u8], base: u32, long: bool) -> R<Option<Value>> {
    match parse(b, base, Rules { py3: th.py3(), long, limit: limit() }) {
        Ok(p) => made(th, p, long).map(Some),
        Err(ParseError::Invalid) => Ok(None),
        Err(ParseError::TooLong(n)) => {
            let msg = format!("Exceeds the limit ({} digits) for integer string conversion: value has {n} digits; use sys.set_int_max_str_digits() to increase the limit", limit());
            Err(th.value_error(msg))
        }
    }
}

#[cold]
fn too_many(th: &mut Thread) -> Unwind {
    let msg = format!("Exceeds the limit ({} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", limit());
    th.value_error(msg)
}

/// Decimal digits with sign. ValueError in Python 3 when there are too many.
pub fn decimal(th: &mut Thread, n: Num) -> R<String> {
    let limit = limit();
    match n {
        Num::Small(i) => match i64::try_from(i) {
            Ok(i) => Ok(i.to_string()),
            Err(_) => Ok(i.to_string()),
        },
        Num::Big(_) => {
            // 3.32 bits a digit: numbers far beyond the limit are refused unseen.
            if limit != 0 && n.bits() as f64 > limit as f64 * 3.33 + 10.0 {
                return Err(too_many(th));
            }
            let s = n.big().to_string();
            if limit != 0 && s.len() - n.is_negative() as usize > limit { Err(too_many(th)) } else { Ok(s) }
        }
    }
}
/// Digits of the magnitude in base 2, 8, 10 or 16 (lower case).
pub fn magnitude(th: &mut Thread, n: Num, base: u32) -> R<String> {
    if base == 10 {
        return Ok(decimal(th, n)?.trim_start_matches('-').to_string());
    }
    Ok(match n {
        Num::Small(i) => {
            let m = i.unsigned_abs();
            match base {
                2 => format!("{m:b}"),
                8 => format!("{m:o}"),
                _ => format!("{m:x}"),
            }
        }
        Num::Big(_) => n.big().magnitude().to_str_radix(base),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    const P3: Rules = Rules { py3: true, long: false, limit: 4300 };
    const P2: Rules = Rules { py3: false, long: true, limit: 0 };

    #[test]
    fn python3() {
        for (s, base, n) in [("12", 10, 12), (" \t-1_000\n", 10, -1000), ("0x1f", 0, 31), ("0x_f", 16, 15), ("00", 0, 0), ("0o17", 8, 15), ("z", 36, 35), ("-0b1", 2, -1), ("0b1", 16, 0xb1)] {
            assert_eq!(parse(s.as_bytes(), base, P3), Ok(Parsed::Small(n)), "{s}");
        }
        for (s, base) in [("", 10), ("1__0", 10), ("_1", 10), ("1_", 10), ("010", 0), ("0_7", 0), ("0x", 16), (" - 1", 10), ("--5", 10), ("12L", 10), ("2", 2), ("+", 10)] {
            assert_eq!(parse(s.as_bytes(), base, P3), Err(ParseError::Invalid), "{s}");
        }
        assert_eq!(parse("9".repeat(4301).as_bytes(), 10, P3), Err(ParseError::TooLong(4301)));
        assert!(matches!(parse("f".repeat(9000).as_bytes(), 16, P3), Ok(Parsed::Big(_))));
    }
    #[test]
    fn python2() {
        for (s, base, n) in [("0777", 0, 511), ("12L", 10, 12), ("0x10L", 16, 16), (" - 1", 10, -1), ("0", 0, 0)] {
            assert_eq!(parse(s.as_bytes(), base, P2), Ok(Parsed::Small(n)), "{s}");
        }
        assert_eq!(parse(b"1_0", 10, P2), Err(ParseError::Invalid));
    }
    #[test]
    fn long_texts() {
        let s = "1234567890".repeat(1000);
        let Ok(Parsed::Big(b)) = parse(s.as_bytes(), 10, P2) else { panic!() };
        assert_eq!(b.to_string(), s);
    }
}
