//! Constant folding: numbers, texts and tuples of constants, within CPython's bounds on the result's size.

use txpy_syntax::ast::*;

use super::Compiler;
use crate::image::Const;

/// Longest text and longest tuple that folding makes out of repetition.
const MAX_TEXT: usize = 4096;
const MAX_ITEMS: usize = 256;
/// Deeper trees are left to run time.
const MAX_HEIGHT: u32 = 40;

pub fn constant(c: &Constant<'_>, legacy: bool) -> Const {
    match *c {
        Constant::None => Const::None,
        Constant::True => Const::True,
        Constant::False => Const::False,
        Constant::Ellipsis => Const::Ellipsis,
        Constant::Int { value, long: false } => Const::Int(value),
        Constant::Int { value, long: true } => Const::Big { radix: 10, digits: value.to_string(), long: true },
        Constant::BigInt { digits, radix, long } => Const::Big { radix, digits: digits.to_string(), long: long || legacy },
        Constant::Float(f) => Const::Float(f),
        Constant::Imag(f) => Const::Imag(f),
        Constant::Str(s) => Const::Str(s.into()),
        Constant::Bytes(s) => Const::Bytes(s.into()),
    }
}

/// The truth of a constant.
pub fn truth(c: &Const) -> Option<bool> {
    Some(match c {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Code(_) => true,
        Const::Int(i) => *i != 0,
        Const::Big { digits, .. } => digits.bytes().any(|b| b != b'0'),
        Const::Float(f) | Const::Imag(f) => *f != 0.0,
        Const::Str(s) | Const::Bytes(s) => !s.is_empty(),
        Const::Name(s) => !s.is_empty(),
        Const::Tuple(t) | Const::FrozenSet(t) => !t.is_empty(),
    })
}

fn is_two_to_the_63(e: &Expr<'_>) -> bool {
    match &e.kind {
        ExprKind::Constant { value: Constant::BigInt { digits, radix, long: false }, .. } => u64::from_str_radix(digits, *radix) == Ok(1 << 63),
        _ => false,
    }
}

impl<'a> Compiler<'a, '_> {
    /// The value of a constant expression.
    pub(super) fn fold(&self, e: &Expr<'a>) -> Option<Const> {
        if e.height > MAX_HEIGHT {
            return None;
        }
        match &e.kind {
            ExprKind::Constant { value, .. } => Some(constant(value, self.legacy)),
            ExprKind::Name("__debug__") => Some(if self.options.optimize == 0 { Const::True } else { Const::False }),
            ExprKind::Tuple(items) => items.iter().map(|i| self.fold(i)).collect::<Option<Vec<_>>>().map(|v| Const::Tuple(v.into())),
            // 2.7: the smallest `int` is one literal, though its magnitude alone is a `long`.
            ExprKind::UnaryOp { op: UnaryOp::USub, operand } if self.legacy && is_two_to_the_63(operand) => Some(Const::Int(i64::MIN)),
            ExprKind::UnaryOp { op, operand } => self.fold_unary(*op, self.fold(operand)?),
            ExprKind::BinOp { left, op, right } => {
                let left = self.fold(left)?;
                self.fold_binary(left, *op, self.fold(right)?)
            }
            _ => None,
        }
    }

    fn fold_unary(&self, op: UnaryOp, c: Const) -> Option<Const> {
        match (op, c) {
            (UnaryOp::Not, c) => truth(&c).map(|t| if t { Const::False } else { Const::True }).filter(|_| !self.legacy),
            (UnaryOp::USub, Const::Int(i)) => i.checked_neg().map(Const::Int),
            (UnaryOp::USub, Const::Float(f)) => Some(Const::Float(-f)),
            // 2.7 reads the sign as part of the literal: the real part stays +0.0.
            (UnaryOp::USub, Const::Imag(f)) if self.legacy => Some(Const::Imag(-f)),
            (UnaryOp::USub, Const::Big { radix, digits, long }) if !digits.starts_with('-') => {
                if !long && i64::from_str_radix(&digits, radix).is_err() && u64::from_str_radix(&digits, radix) == Ok(1 << 63) {
                    return Some(Const::Int(i64::MIN));
                }
                Some(Const::Big { radix, digits: format!("-{digits}"), long })
            }
            (UnaryOp::UAdd, c @ (Const::Int(_) | Const::Float(_))) => Some(c),
            (UnaryOp::Invert, Const::Int(i)) => Some(Const::Int(!i)),
            _ => None,
        }
    }

    fn fold_binary(&self, left: Const, op: BinOp, right: Const) -> Option<Const> {
        Some(match (left, right) {
            (Const::Int(a), Const::Int(b)) => self.fold_ints(a, op, b)?,
            (Const::Float(a), Const::Float(b)) => fold_floats(a, op, b)?,
            // Beyond 2^53 an int isn't its float: left to run time.
            (Const::Int(a), Const::Float(b)) if a.unsigned_abs() <= 1 << 53 => fold_floats(a as f64, op, b)?,
            (Const::Float(a), Const::Int(b)) if b.unsigned_abs() <= 1 << 53 => fold_floats(a, op, b as f64)?,
            (Const::Str(a), Const::Str(b)) if op == BinOp::Add && !ends_with_surrogate(&a) => Const::Str(joined(&a, &b)?),
            (Const::Bytes(a), Const::Bytes(b)) if op == BinOp::Add => Const::Bytes(joined(&a, &b)?),
            (Const::Str(a), Const::Int(n)) | (Const::Int(n), Const::Str(a)) if op == BinOp::Mult && a.is_ascii() => Const::Str(repeated(&a, n)?),
            (Const::Bytes(a), Const::Int(n)) | (Const::Int(n), Const::Bytes(a)) if op == BinOp::Mult => Const::Bytes(repeated(&a, n)?),
            (Const::Tuple(a), Const::Tuple(b)) if op == BinOp::Add && a.len() + b.len() <= MAX_ITEMS => Const::Tuple(a.iter().chain(&*b).cloned().collect()),
            (Const::Tuple(a), Const::Int(n)) if op == BinOp::Mult && n >= 0 && a.len() as i128 * n as i128 <= MAX_ITEMS as i128 && a.iter().all(|c| !matches!(c, Const::Tuple(_))) => {
                Const::Tuple(a.iter().cycle().take(a.len() * n as usize).cloned().collect())
            }
            _ => return None,
        })
    }

    fn fold_ints(&self, a: i64, op: BinOp, b: i64) -> Option<Const> {
        let floor = |a: i64, b: i64| if b == 0 { None } else { a.checked_div_euclid(b).map(|q| if b < 0 && a.rem_euclid(b) != 0 { q - 1 } else { q }) };
        Some(Const::Int(match op {
            BinOp::Add => a.checked_add(b)?,
            BinOp::Sub => a.checked_sub(b)?,
            BinOp::Mult => a.checked_mul(b)?,
            BinOp::BitOr => a | b,
            BinOp::BitXor => a ^ b,
            BinOp::BitAnd => a & b,
            BinOp::LShift if (0..63).contains(&b) => a.checked_mul(1i64 << b)?,
            BinOp::RShift if b >= 0 => a >> b.min(63),
            BinOp::Pow if (0..=128).contains(&b) => a.checked_pow(b as u32)?,
            BinOp::FloorDiv => floor(a, b)?,
            BinOp::Mod => a.checked_sub(floor(a, b)?.checked_mul(b)?)?,
            BinOp::Div if !self.legacy || self.future.division => {
                if b == 0 || a.unsigned_abs() > 1 << 53 || b.unsigned_abs() > 1 << 53 {
                    return None;
                }
                return Some(Const::Float(a as f64 / b as f64));
            }
            _ => return None,
        }))
    }
}

fn fold_floats(a: f64, op: BinOp, b: f64) -> Option<Const> {
    let f = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mult => a * b,
        BinOp::Div if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Const::Float(f))
}

fn ends_with_surrogate(s: &[u8]) -> bool {
    s.len() >= 3 && s[s.len() - 3] == 0xED && s[s.len() - 2] >= 0xA0
}

fn joined(a: &[u8], b: &[u8]) -> Option<Box<[u8]>> {
    (a.len() + b.len() <= MAX_TEXT).then(|| [a, b].concat().into())
}

fn repeated(a: &[u8], n: i64) -> Option<Box<[u8]>> {
    let n = n.max(0);
    (a.len() as i128 * n as i128 <= MAX_TEXT as i128).then(|| a.repeat(n as usize).into())
}
