//! Floats as text: shortest round trip, and `%e`, `%f`, `%g` with exact rounding at any precision.

/// Digits beyond which every finite double is exactly zero.
const EXACT_FRACTION: usize = 1100;

/// Shortest decimal that reads back as `f`: (digits, exponent of the first digit). `f` is finite.
fn shortest(f: f64) -> (String, i32) {
    let (d, e) = split(&format!("{:e}", f.abs()));
    if d.len() < 15 {
        return (d, e);
    }
    // Two shortest texts may lie equally near: Rust takes the larger, Python the one that ends in an even digit, as rounding does.
    let even = format!("{:.*e}", d.len() - 1, f.abs());
    if even.parse() == Ok(f.abs()) { split(&even) } else { (d, e) }
}

/// `precision + 1` significant digits, correctly rounded, and the exponent of the first.
fn significant(f: f64, precision: usize) -> (String, i32) {
    let p = precision.min(EXACT_FRACTION);
    let (mut d, e) = split(&format!("{:.*e}", p, f.abs()));
    d.extend(std::iter::repeat_n('0', precision - p));
    (d, e)
}
fn split(text: &str) -> (String, i32) {
    let (m, e) = text.split_once('e').expect("Rust writes an exponent");
    (m.replace('.', ""), e.parse().expect("an exponent"))
}

fn special(f: f64, upper: bool) -> Option<String> {
    let s = if f.is_nan() {
        "nan"
    } else if f == f64::INFINITY {
        "inf"
    } else if f == f64::NEG_INFINITY {
        "-inf"
    } else {
        return None;
    };
    Some(if upper { s.to_uppercase() } else { s.to_string() })
}
fn sign(f: f64) -> &'static str { if f.is_sign_negative() { "-" } else { "" } }

fn push_exponent(out: &mut String, e: i32, upper: bool) {
    out.push(if upper { 'E' } else { 'e' });
    out.push(if e < 0 { '-' } else { '+' });
    let e = e.unsigned_abs();
    if e < 10 {
        out.push('0');
    }
    out.push_str(&e.to_string());
}
/// Digits with the point after `1 + e` of them.
fn plain(digits: &str, e: i32) -> String {
    let n = digits.len() as i32;
    if e < 0 {
        format!("0.{}{digits}", "0".repeat((-e - 1) as usize))
    } else if e + 1 >= n {
        format!("{digits}{}", "0".repeat((e + 1 - n) as usize))
    } else {
        format!("{}.{}", &digits[..(e + 1) as usize], &digits[(e + 1) as usize..])
    }
}

/// `repr(f)`.
pub fn repr_f64(f: f64) -> String { repr_with(f, true) }

/// Shortest form; `dot_zero`: integral values end in ".0" (complex numbers go without).
pub fn repr_with(f: f64, dot_zero: bool) -> String {
    if let Some(s) = special(f, false) {
        return s;
    }
    let (d, e) = if f == 0.0 { ("0".to_string(), 0) } else { shortest(f) };
    let mut out = sign(f).to_string();
    if (-4..16).contains(&e) {
        out.push_str(&plain(&d, e));
        if dot_zero && e + 1 >= d.len() as i32 {
            out.push_str(".0");
        }
        return out;
    }
    out.push_str(&d[..1]);
    if d.len() > 1 {
        out.push('.');
        out.push_str(&d[1..]);
    }
    push_exponent(&mut out, e, false);
    out
}
/// `str(f)` of 2.7: 12 significant digits; `dot_zero` as in [`repr_with`].
pub fn str12(f: f64, dot_zero: bool) -> String { format_repr_like(f, 12, false, dot_zero) }
/// Format without type letter but with a precision: as `%g`, with at least one digit after the point, and the exponent form one digit earlier.
pub fn format_repr_like(f: f64, precision: usize, alternate: bool, dot_zero: bool) -> String {
    if let Some(s) = special(f, false) {
        return s;
    }
    general(f, precision.max(1), false, alternate, dot_zero)
}

/// `%.{precision}f`.
pub fn format_fixed(f: f64, precision: usize, upper: bool, alternate: bool) -> String {
    if let Some(s) = special(f, upper) {
        return s;
    }
    let p = precision.min(EXACT_FRACTION);
    let mut out = format!("{f:.p$}");
    out.extend(std::iter::repeat_n('0', precision - p));
    if alternate && precision == 0 {
        out.push('.');
    }
    out
}
/// `%.{precision}e`.
pub fn format_exp(f: f64, precision: usize, upper: bool, alternate: bool) -> String {
    if let Some(s) = special(f, upper) {
        return s;
    }
    let (d, e) = significant(f, precision);
    let mut out = sign(f).to_string();
    out.push_str(&d[..1]);
    if precision > 0 || alternate {
        out.push('.');
    }
    out.push_str(&d[1..]);
    push_exponent(&mut out, e, upper);
    out
}
/// `%.{precision}g`; precision 0 counts as 1. `alternate` keeps trailing zeros and the point.
pub fn format_general(f: f64, precision: usize, upper: bool, alternate: bool) -> String {
    if let Some(s) = special(f, upper) {
        return s;
    }
    general(f, precision.max(1), upper, alternate, false)
}

fn general(f: f64, precision: usize, upper: bool, alternate: bool, dot_zero: bool) -> String {
    let (mut d, e) = significant(f, precision - 1);
    if !alternate {
        d.truncate(d.trim_end_matches('0').len().max(1));
    }
    let mut out = sign(f).to_string();
    // With ".0" wanted, a number as long as the precision has no room for it.
    let limit = if dot_zero { precision as i64 - 1 } else { precision as i64 };
    if e < -4 || e as i64 >= limit {
        out.push_str(&d[..1]);
        if d.len() > 1 || alternate {
            out.push('.');
        }
        out.push_str(&d[1..]);
        push_exponent(&mut out, e, upper);
        return out;
    }
    let body = plain(&d, e);
    let whole = !body.contains('.');
    out.push_str(&body);
    if whole && alternate {
        out.push('.');
    }
    if whole && dot_zero {
        out.push_str(if alternate { "0" } else { ".0" });
    }
    out
}

/// `f` rounded to a multiple of 10**-digits, as text to be read back.
pub fn fixed_digits(f: f64, digits: i64) -> String {
    if digits >= 0 {
        return format!("{f:.*}", digits as usize);
    }
    // Round the integer's decimal digits half to even; the exact value is written out first.
    round_text(&format!("{f:.*}", EXACT_FRACTION), digits, false)
}
/// As [`fixed_digits`], exact halves away from zero.
pub fn fixed_half_away(f: f64, digits: i64) -> String { round_text(&format!("{f:.*}", EXACT_FRACTION), digits, true) }

/// Rounds an exact decimal text.
fn round_text(text: &str, digits: i64, away: bool) -> String {
    let (neg, body) = match text.strip_prefix('-') {
        Some(b) => ("-", b),
        None => ("", text),
    };
    let (int, frac) = body.split_once('.').unwrap_or((body, ""));
    let mut all: Vec<u8> = std::iter::once(b'0').chain(int.bytes()).chain(frac.bytes()).collect();
    let cut = 1 + int.len() as i64 + digits;
    if cut < 1 {
        return format!("{neg}0");
    }
    let cut = (cut as usize).min(all.len());
    let rest = &all[cut..];
    let up = match rest.first() {
        Some(b'6'..) => true,
        Some(b'5') => rest[1..].iter().any(|c| *c != b'0') || away || all[cut - 1] & 1 == 1,
        _ => false,
    };
    all.truncate(cut);
    if up {
        for c in all.iter_mut().rev() {
            if *c == b'9' {
                *c = b'0';
            } else {
                *c += 1;
                break;
            }
        }
    }
    format!("{neg}{}e{}", String::from_utf8_lossy(&all), 1 + int.len() as i64 - cut as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortest_forms() {
        for (f, s) in [
            (1.0, "1.0"), (0.1, "0.1"), (1e16, "1e+16"), (1e15, "1000000000000000.0"), (123456789012345680.0, "1.2345678901234568e+17"), (0.0001, "0.0001"),
            (0.00001, "1e-05"), (-0.0, "-0.0"), (5e-324, "5e-324"), (1e22, "1e+22"), (1.5e300, "1.5e+300"), (9007199254740993.0, "9007199254740992.0"), (279660078439377.625, "279660078439377.62"),
        ] {
            assert_eq!(repr_f64(f), s);
        }
        assert_eq!(repr_f64(f64::NAN), "nan");
        assert_eq!(repr_f64(f64::NEG_INFINITY), "-inf");
    }
    #[test]
    fn ties_round_to_even() {
        assert_eq!(format_fixed(0.5, 0, false, false), "0");
        assert_eq!(format_fixed(1.5, 0, false, false), "2");
        assert_eq!(format_fixed(2.5, 0, false, false), "2");
        assert_eq!(format_fixed(0.125, 2, false, false), "0.12");
        assert_eq!(format_exp(2.5, 0, false, false), "2e+00");
        assert_eq!(format_exp(0.125, 1, false, false), "1.2e-01");
    }
    #[test]
    fn c_formats() {
        assert_eq!(format_general(100000.0, 6, false, false), "100000");
        assert_eq!(format_general(1e6, 6, false, false), "1e+06");
        assert_eq!(format_general(0.0001, 6, false, false), "0.0001");
        assert_eq!(format_general(100.0, 3, false, true), "100.");
        assert_eq!(format_general(0.0, 6, false, false), "0");
        assert_eq!(format_general(1.5, 0, false, false), "2");
        assert_eq!(format_repr_like(123.0, 3, false, true), "1.23e+02");
        assert_eq!(format_repr_like(12.0, 3, false, true), "12.0");
        assert_eq!(format_repr_like(1.5, 0, false, true), "2e+00");
        assert_eq!(format_fixed(1.0, 2000, false, false).len(), 2002);
        assert_eq!(str12(1e11, true), "1e+11");
        assert_eq!(str12(0.1, true), "0.1");
    }
}
