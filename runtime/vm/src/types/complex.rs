//! `complex`: layout, construction, arithmetic, text.

use super::complex_methods;
use super::float_parse::{scan, trim, value, without_underscores};
use super::float_repr::{format_general, repr_with};
use crate::exceptions::ZERO_DIVISION_ERROR;
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Header, R, Value, object};

object! {
    /// A complex number.
    pub struct Complex = kinds::COMPLEX, frozen { pub re: f64, pub im: f64 }
}

pub static COMPLEX: TypeDef = TypeDef {
    name: "complex", kind: kinds::COMPLEX, size: size_of::<Complex>() as u16, flags: type_flag::BASE,
    methods: &[complex_methods::METHODS], getset: complex_methods::GETSET,
    doc: "A complex number.\n\ncomplex(real, imag) makes one of two numbers, complex(text) reads one.", ..TypeDef::DEFAULT
};

/// (real, imaginary).
pub type C = (f64, f64);

pub fn new(th: &mut Thread, re: f64, im: f64) -> R<Value> { Ok(th.alloc(COMPLEX.shape(), Complex { header: Header::NEW, re, im })?.value()) }
/// The parts of a complex or an instance of a subclass.
pub fn parts(v: Value) -> Option<C> { v.cast::<Complex>().map(|c| (c.frozen().re, c.frozen().im)) }

pub fn multiply(a: C, b: C) -> C { (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0) }
/// Smith's division, which keeps intermediate results in range; None when `b` is zero.
pub fn divide(a: C, b: C) -> Option<C> {
    let (x, y) = (b.0.abs(), b.1.abs());
    if x >= y {
        if x == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let d = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / d, (a.1 - a.0 * ratio) / d))
    } else if y >= x {
        let ratio = b.0 / b.1;
        let d = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / d, (a.1 * ratio - a.0) / d))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

#[derive(Debug, PartialEq)]
pub enum PowerError {
    ZeroBase,
    Overflow,
}
/// `a ** b`: by multiplication for small integral exponents, else by polar coordinates.
pub fn power(a: C, b: C) -> Result<C, PowerError> {
    let r = if b.1 == 0.0 && b.0.floor() == b.0 && b.0.abs() <= 100.0 {
        let n = b.0 as i64;
        if n > 0 { repeated(a, n as u32) } else { divide((1.0, 0.0), repeated(a, -n as u32)).ok_or(PowerError::ZeroBase)? }
    } else if b == (0.0, 0.0) {
        (1.0, 0.0)
    } else if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return Err(PowerError::ZeroBase);
        }
        (0.0, 0.0)
    } else {
        let size = a.0.hypot(a.1);
        let mut len = size.powf(b.0);
        let angle = a.1.atan2(a.0);
        let mut phase = angle * b.0;
        if b.1 != 0.0 {
            len /= (angle * b.1).exp();
            phase += b.1 * size.ln();
        }
        (len * phase.cos(), len * phase.sin())
    };
    if r.0.is_infinite() || r.1.is_infinite() { Err(PowerError::Overflow) } else { Ok(r) }
}
fn repeated(x: C, n: u32) -> C {
    let (mut r, mut p, mut mask) = ((1.0, 0.0), x, 1u32);
    while mask != 0 && n >= mask {
        if n & mask != 0 {
            r = multiply(r, p);
        }
        mask <<= 1;
        p = multiply(p, p);
    }
    r
}
/// `a ** b` as an object.
pub fn power_values(th: &mut Thread, a: C, b: C) -> R<Value> {
    match power(a, b) {
        Ok((re, im)) => new(th, re, im),
        Err(PowerError::ZeroBase) => Err(th.raise(&ZERO_DIVISION_ERROR, "0.0 to a negative or complex power")),
        Err(PowerError::Overflow) => Err(th.overflow_error("complex exponentiation")),
    }
}

fn text(c: C, part: impl Fn(f64) -> String) -> String {
    let im = part(c.1);
    if c.0 == 0.0 && c.0.is_sign_positive() {
        return format!("{im}j");
    }
    let plus = if im.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{im}j)", part(c.0))
}
pub fn repr_of(c: C) -> String { text(c, |f| repr_with(f, false)) }
/// `str()` of 2.7: 12 significant digits.
pub fn str_of(c: C) -> String { text(c, |f| format_general(f, 12, false, false)) }

/// Reads `complex(text)`: `a`, `bj`, `a+bj`, in parentheses or not.
pub fn parse(b: &[u8], underscores: bool) -> Option<C> {
    let clean;
    let b = if underscores && b.contains(&b'_') {
        clean = without_underscores(b)?;
        &clean
    } else {
        b
    };
    let mut b = trim(b);
    if let [b'(', inner @ .., b')'] = b {
        b = trim(inner);
    }
    let is_j = |c: Option<&u8>| matches!(c, Some(b'j' | b'J'));
    let n = scan(b);
    if n == 0 {
        // j, +j, -j
        let (sign, rest) = unit(b)?;
        return (rest == b"j" || rest == b"J").then_some((0.0, sign));
    }
    let first = value(&b[..n])?;
    let rest = &b[n..];
    if rest.is_empty() {
        return Some((first, 0.0));
    }
    if is_j(rest.first()) {
        return (rest.len() == 1).then_some((0.0, first));
    }
    if !matches!(rest[0], b'+' | b'-') {
        return None;
    }
    let k = scan(rest);
    let (im, tail) = if k > 0 { (value(&rest[..k])?, &rest[k..]) } else { unit(rest)? };
    (tail.len() == 1 && is_j(tail.first())).then_some((first, im))
}
fn unit(b: &[u8]) -> Option<(f64, &[u8])> {
    match b {
        [b'-', r @ ..] => Some((-1.0, r)),
        [b'+', r @ ..] => Some((1.0, r)),
        [] => None,
        r => Some((1.0, r)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading() {
        for (s, c) in [("1+2j", (1.0, 2.0)), (" (1+2j) ", (1.0, 2.0)), ("j", (0.0, 1.0)), ("-j", (0.0, -1.0)), ("1e5j", (0.0, 1e5)), ("1-j", (1.0, -1.0)), ("1_0+2j", (10.0, 2.0)), ("( 1+1j )", (1.0, 1.0)), ("(1)", (1.0, 0.0))] {
            assert_eq!(parse(s.as_bytes(), true), Some(c), "{s}");
        }
        for s in ["", "zz", "1 + 2j", "1+2", "1+j2", "((1))", "1j+2", "1++2j", "+", "1+", "1jj"] {
            assert_eq!(parse(s.as_bytes(), true), None, "{s}");
        }
    }
    #[test]
    fn writing() {
        assert_eq!(repr_of((0.0, 1.0)), "1j");
        assert_eq!(repr_of((-0.0, 1.0)), "(-0+1j)");
        assert_eq!(repr_of((1.0, f64::NAN)), "(1+nanj)");
        assert_eq!(repr_of((0.0, -0.0)), "-0j");
    }
    #[test]
    fn powers() {
        assert_eq!(power((1.0, 2.0), (2.0, 0.0)), Ok((-3.0, 4.0)));
        assert_eq!(power((0.0, 0.0), (-1.0, 0.0)), Err(PowerError::ZeroBase));
        assert_eq!(power((0.0, 0.0), (0.0, 1.0)), Err(PowerError::ZeroBase));
        assert_eq!(power((0.0, 1e200), (2.0, 0.0)), Err(PowerError::Overflow));
        assert_eq!(power((0.0, 0.0), (0.0, 0.0)), Ok((1.0, 0.0)));
    }
}
