//! Decimal numbers as values, contexts as the operations see them, and rounding to a context.
//!
//! Source: M. Cowlishaw, General Decimal Arithmetic Specification 1.70.

use super::nat::{self, Nat};
use crate::api::*;
use std::cmp::Ordering;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    Finite,
    Inf,
    QNan,
    SNan,
}
/// `coefficient * 10**exp` with a sign; of a NaN the coefficient is its payload.
#[derive(Clone, Debug)]
pub struct Dec {
    pub neg: bool,
    pub kind: Kind,
    pub exp: i64,
    pub c: Nat,
}

macro_rules! roundings {
    ($($variant:ident $name:literal)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Rounding { $($variant),* }
        impl Rounding {
            pub const ALL: &[Rounding] = &[$(Rounding::$variant),*];
            pub fn name(self) -> &'static str { [$($name),*][self as usize] }
        }
    };
}
roundings! {
    Ceiling "ROUND_CEILING" Floor "ROUND_FLOOR" Up "ROUND_UP" Down "ROUND_DOWN" HalfUp "ROUND_HALF_UP" HalfDown "ROUND_HALF_DOWN" HalfEven "ROUND_HALF_EVEN" ZeroFiveUp "ROUND_05UP"
}

/// What operations report: signals in the order in which the first one that is trapped is raised, then the conditions behind InvalidOperation.
pub mod status {
    pub const INVALID: u32 = 1;
    pub const FLOAT: u32 = 2;
    pub const ZERO_DIVISION: u32 = 4;
    pub const OVERFLOW: u32 = 8;
    pub const UNDERFLOW: u32 = 16;
    pub const SUBNORMAL: u32 = 32;
    pub const INEXACT: u32 = 64;
    pub const ROUNDED: u32 = 128;
    pub const CLAMPED: u32 = 256;
    pub const SIGNALS: u32 = 511;
    pub const CONVERSION: u32 = 512;
    pub const DIVISION_IMPOSSIBLE: u32 = 1024;
    pub const DIVISION_UNDEFINED: u32 = 2048;
    pub const INVALID_CONTEXT: u32 = 4096;
    pub const ANY_INVALID: u32 = INVALID | CONVERSION | DIVISION_IMPOSSIBLE | DIVISION_UNDEFINED | INVALID_CONTEXT;
}
use status::*;

pub const MAX_PREC: i64 = 999_999_999_999_999_999;
pub const MAX_EMAX: i64 = MAX_PREC;
pub const MIN_EMIN: i64 = -MAX_PREC;
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// A context's settings, and what operations reported.
#[derive(Clone, Copy, Debug)]
pub struct Ctx {
    pub prec: i64,
    pub emin: i64,
    pub emax: i64,
    pub round: Rounding,
    pub clamp: bool,
    pub capitals: bool,
    pub status: u32,
    /// 2.7's explanation of what is invalid.
    pub why: &'static str,
}
impl Ctx {
    /// The context in which every number of its limits is exact.
    pub const MAX: Ctx = Ctx { prec: MAX_PREC, emin: MIN_EMIN, emax: MAX_EMAX, round: Rounding::HalfEven, clamp: false, capitals: true, status: 0, why: "" };
    pub fn etiny(&self) -> i64 { self.emin - self.prec + 1 }
    pub fn etop(&self) -> i64 { self.emax - self.prec + 1 }
    fn top(&self) -> i64 { if self.clamp { self.etop() } else { self.emax } }
    pub fn rounding(&self, round: Rounding) -> Ctx { Ctx { round, ..*self } }
    /// Reports a condition; the result of the operation is NaN.
    pub fn invalid(&mut self, condition: u32, why: &'static str) -> Dec {
        self.status |= condition;
        if self.why.is_empty() {
            self.why = why;
        }
        Dec::NAN
    }
    /// Takes over what an operation in a copy of this context reported.
    pub fn merge(&mut self, o: &Ctx) {
        self.status |= o.status;
        if self.why.is_empty() {
            self.why = o.why;
        }
    }
}

impl Dec {
    pub const NAN: Dec = Dec { neg: false, kind: Kind::QNan, exp: 0, c: nat::ZERO };
    pub fn new(neg: bool, c: Nat, exp: i64) -> Dec { Dec { neg, kind: Kind::Finite, exp, c } }
    pub fn zero(neg: bool, exp: i64) -> Dec { Dec::new(neg, nat::ZERO, exp) }
    pub fn inf(neg: bool) -> Dec { Dec { neg, kind: Kind::Inf, exp: 0, c: nat::ZERO } }
    pub fn of_i128(n: i128) -> Dec { Dec::new(n < 0, Nat::Small(n.unsigned_abs()), 0) }
    pub fn is_nan(&self) -> bool { matches!(self.kind, Kind::QNan | Kind::SNan) }
    pub fn is_inf(&self) -> bool { self.kind == Kind::Inf }
    pub fn is_finite(&self) -> bool { self.kind == Kind::Finite }
    pub fn is_zero(&self) -> bool { self.is_finite() && self.c.is_zero() }
    pub fn signed(mut self, neg: bool) -> Dec {
        self.neg = neg;
        self
    }
    /// The exponent of the first digit.
    pub fn adjusted(&self, th: &mut Thread) -> R<i64> { Ok(self.exp + self.c.digits(th)? as i64 - 1) }
    pub fn is_integer(&self, th: &mut Thread) -> R<bool> {
        if !self.is_finite() {
            return Ok(false);
        }
        if self.exp >= 0 || self.c.is_zero() {
            return Ok(true);
        }
        Ok(self.c.cut(th, self.exp.unsigned_abs())?.1.is_zero())
    }
    /// Whether what it multiplies as an integer exponent keeps a minus.
    pub fn is_odd(&self, th: &mut Thread) -> R<bool> {
        Ok(match self.exp {
            1.. => false,
            0 => self.c.is_odd(),
            e => self.c.cut(th, e.unsigned_abs())?.0.is_odd(),
        })
    }
    /// Its value as an integer that fits; None also for what is no integer.
    pub fn small_int(&self, th: &mut Thread) -> R<Option<i64>> {
        if !self.is_integer(th)? || self.exp > 20 && !self.c.is_zero() {
            return Ok(None);
        }
        let c = if self.c.is_zero() { nat::ZERO } else if self.exp >= 0 { self.c.shift(th, self.exp as u64)? } else { self.c.cut(th, self.exp.unsigned_abs())?.0 };
        Ok(c.small().and_then(|n| i64::try_from(n).ok()).map(|n| if self.neg { -n } else { n }))
    }
    /// The same number with another exponent, rounded; reports nothing.
    pub fn rescale(&self, th: &mut Thread, exp: i64, round: Rounding) -> R<Dec> {
        if !self.is_finite() {
            return Ok(self.clone());
        }
        if self.c.is_zero() {
            return Ok(Dec::zero(self.neg, exp));
        }
        let c = if self.exp >= exp { self.c.shift(th, (self.exp - exp) as u64)? } else { round_off(th, &self.c, (exp - self.exp) as u64, self.neg, round)?.0 };
        Ok(Dec::new(self.neg, c, exp))
    }
}

/// Cuts `drop` digits off and rounds; whether the value changed.
pub fn round_off(th: &mut Thread, c: &Nat, drop: u64, neg: bool, round: Rounding) -> R<(Nat, bool)> {
    let (q, half) = if drop > c.digits(th)? {
        (nat::ZERO, Ordering::Less)
    } else {
        let p = Nat::ten_to(th, drop)?;
        let (q, r) = c.div_rem(th, &p)?;
        if r.is_zero() {
            return Ok((q, false));
        }
        let half = r.add(&r).cmp(&p);
        (q, half)
    };
    if c.is_zero() {
        return Ok((q, false));
    }
    let up = match round {
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !neg,
        Rounding::Floor => neg,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || half.is_eq() && q.is_odd(),
        Rounding::ZeroFiveUp => q.last_digit().is_multiple_of(5),
    };
    Ok((if up { q.add(&nat::ONE) } else { q }, true))
}

/// A result fitted into a context: rounded, its exponent in bounds.
pub fn fix(th: &mut Thread, mut d: Dec, c: &mut Ctx) -> R<Dec> {
    match d.kind {
        Kind::Inf => return Ok(Dec::inf(d.neg)),
        Kind::QNan | Kind::SNan => return fix_nan(th, d, c),
        Kind::Finite => {}
    }
    let (etiny, etop) = (c.etiny(), c.etop());
    if d.c.is_zero() {
        let e = d.exp.max(etiny).min(c.top());
        if e != d.exp {
            c.status |= CLAMPED;
            d.exp = e;
        }
        return Ok(d);
    }
    let n = d.c.digits(th)? as i64;
    let mut low = n + d.exp - c.prec;
    if low > etop {
        return overflow(th, d.neg, c);
    }
    let subnormal = low < etiny;
    if subnormal {
        low = etiny;
    }
    if d.exp < low {
        let (mut q, changed) = round_off(th, &d.c, (low - d.exp) as u64, d.neg, c.round)?;
        if q.digits(th)? as i64 > c.prec {
            q = q.cut(th, 1)?.0;
            low += 1;
        }
        if low > etop {
            return overflow(th, d.neg, c);
        }
        c.status |= ROUNDED | if changed { INEXACT } else { 0 } | if subnormal { SUBNORMAL } else { 0 } | if changed && subnormal { UNDERFLOW } else { 0 };
        if q.is_zero() {
            c.status |= CLAMPED;
        }
        return Ok(Dec::new(d.neg, q, low));
    }
    if subnormal {
        c.status |= SUBNORMAL;
    }
    if c.clamp && d.exp > etop {
        c.status |= CLAMPED;
        d.c = d.c.shift(th, (d.exp - etop) as u64)?;
        d.exp = etop;
    }
    Ok(d)
}
pub fn overflow(th: &mut Thread, neg: bool, c: &mut Ctx) -> R<Dec> {
    c.status |= OVERFLOW | INEXACT | ROUNDED;
    let largest = match c.round {
        Rounding::Down | Rounding::ZeroFiveUp => true,
        Rounding::Ceiling => neg,
        Rounding::Floor => !neg,
        _ => false,
    };
    if largest { greatest(th, neg, c) } else { Ok(Dec::inf(neg)) }
}
/// The largest finite number of a context.
pub fn greatest(th: &mut Thread, neg: bool, c: &Ctx) -> R<Dec> { Ok(Dec::new(neg, Nat::ten_to(th, c.prec as u64)?.sub(&nat::ONE), c.etop())) }
/// A NaN whose payload fits.
pub fn fix_nan(th: &mut Thread, mut d: Dec, c: &Ctx) -> R<Dec> {
    let most = c.prec - i64::from(c.clamp);
    if !d.c.is_zero() && d.c.digits(th)? as i64 > most {
        d.c = d.c.cut(th, most as u64)?.1;
    }
    d.exp = 0;
    Ok(d)
}
/// The result where operands are NaNs: the first signaling one, else the first.
pub fn nan_of(th: &mut Thread, operands: &[&Dec], c: &mut Ctx) -> R<Option<Dec>> {
    let found = operands.iter().find(|d| d.kind == Kind::SNan).or_else(|| operands.iter().find(|d| d.kind == Kind::QNan));
    let Some(d) = found else { return Ok(None) };
    if d.kind == Kind::SNan {
        c.invalid(INVALID, "sNaN");
    }
    fix_nan(th, Dec { kind: Kind::QNan, ..(*d).clone() }, c).map(Some)
}
