//! Natural numbers: those below 2**128 without allocation, larger ones on num-bigint; digits and powers of ten.

use crate::api::*;
use num_bigint::BigUint;
use num_traits::ToPrimitive;
use std::cmp::Ordering;
use txpy_vm::types::{int_limbs as limbs, int_mul};

/// `Big` is at least 2**128.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nat {
    Small(u128),
    Big(BigUint),
}
use Nat::{Big, Small};

pub const ZERO: Nat = Small(0);
pub const ONE: Nat = Small(1);

/// More digits than this are a MemoryError: products would take hours.
const MOST_DIGITS: u64 = 1 << 30;

const POWERS: [u128; 39] = {
    let mut p = [1; 39];
    let mut i = 1;
    while i < 39 {
        p[i] = p[i - 1] * 10;
        i += 1;
    }
    p
};

impl Nat {
    pub fn of_big(n: BigUint) -> Nat { n.to_u128().map_or(Big(n), Small) }
    pub fn of_limbs(l: &[u64]) -> Nat {
        match l {
            [] => ZERO,
            [a] => Small(*a as u128),
            [a, b] => Small((*b as u128) << 64 | *a as u128),
            _ => Big(BigUint::new(l.iter().flat_map(|w| [*w as u32, (*w >> 32) as u32]).collect())),
        }
    }
    /// Limbs, the least first, none of them zero at the top.
    pub fn with_limbs<T>(&self, f: impl FnOnce(&[u64]) -> T) -> T {
        match self {
            Small(n) => {
                let l = [*n as u64, (*n >> 64) as u64];
                f(&l[..if l[1] != 0 { 2 } else { usize::from(l[0] != 0) }])
            }
            Big(n) => f(&n.to_u64_digits()),
        }
    }
    pub fn big(&self) -> BigUint {
        match self {
            Small(n) => BigUint::from(*n),
            Big(n) => n.clone(),
        }
    }
    pub fn is_zero(&self) -> bool { *self == ZERO }
    pub fn is_odd(&self) -> bool {
        match self {
            Small(n) => n & 1 == 1,
            Big(n) => n.bit(0),
        }
    }
    pub fn small(&self) -> Option<u128> { if let Small(n) = self { Some(*n) } else { None } }
    pub fn bits(&self) -> u64 {
        match self {
            Small(n) => 128 - u64::from(n.leading_zeros()),
            Big(n) => n.bits(),
        }
    }
    /// The last decimal digit.
    pub fn last_digit(&self) -> u32 {
        match self {
            Small(n) => (n % 10) as u32,
            Big(n) => (n % 10u32).to_u32().unwrap_or(0),
        }
    }
    /// How many decimal digits it has; zero has one.
    pub fn digits(&self, th: &mut Thread) -> R<u64> {
        match self {
            Small(n) => Ok(match u64::try_from(*n) {
                Ok(n) => n.checked_ilog10().map_or(1, |d| u64::from(d) + 1),
                Err(_) => u64::from(n.ilog10()) + 1,
            }),
            Big(n) => {
                // The highest 64 bits decide, unless the number is close to a power of ten.
                let shift = n.bits() - 64;
                let top = (n >> shift).to_u64().unwrap_or(u64::MAX) as f64;
                let log = top.log10() + shift as f64 * std::f64::consts::LOG10_2;
                let near = log.round();
                if (log - near).abs() > 1e-9 * log.max(1.0) {
                    return Ok(log as u64 + 1);
                }
                let p = power_of_ten(th, near as u64)?;
                Ok(near as u64 + u64::from(*n >= p))
            }
        }
    }
    pub fn add(&self, o: &Nat) -> Nat {
        match (self, o) {
            (Small(a), Small(b)) => a.checked_add(*b).map_or_else(|| Big(BigUint::from(*a) + b), Small),
            _ => Big(self.big() + o.big()),
        }
    }
    /// The difference; the other is not larger.
    pub fn sub(&self, o: &Nat) -> Nat {
        match (self, o) {
            (Small(a), Small(b)) => Small(a - b),
            _ => Nat::of_big(self.big() - o.big()),
        }
    }
    pub fn mul(&self, th: &mut Thread, o: &Nat) -> R<Nat> {
        Ok(match (self, o) {
            (Small(a), Small(b)) => match a.checked_mul(*b) {
                Some(p) => Small(p),
                None => Big(BigUint::from(*a) * b),
            },
            _ if self.is_zero() || o.is_zero() => ZERO,
            (Small(a), Big(b)) | (Big(b), Small(a)) => Big(b * a),
            (Big(a), Big(b)) => Big(int_mul::product(th, a, b)?),
        })
    }
    /// Quotient and rest of a division by what is not zero.
    pub fn div_rem(&self, th: &mut Thread, o: &Nat) -> R<(Nat, Nat)> {
        if let (Small(a), Small(b)) = (self, o) {
            return Ok(match (u64::try_from(*a), u64::try_from(*b)) {
                (Ok(a), Ok(b)) => (Small((a / b).into()), Small((a % b).into())),
                _ => (Small(a / b), Small(a % b)),
            });
        }
        if self < o {
            return Ok((ZERO, self.clone()));
        }
        let (mut q, mut r) = (Vec::new(), Vec::new());
        self.with_limbs(|a| o.with_limbs(|b| match b {
            [d] => {
                let rest = limbs::div_limb(a, *d, &mut q);
                r.push(rest);
                Ok(())
            }
            _ => limbs::div(a, b, &mut q, &mut r, || th.poll()),
        }))?;
        limbs::trim(&mut q);
        limbs::trim(&mut r);
        Ok((Nat::of_limbs(&q), Nat::of_limbs(&r)))
    }
    /// Times ten to the power of `n`.
    pub fn shift(&self, th: &mut Thread, n: u64) -> R<Nat> {
        if n == 0 || self.is_zero() {
            return Ok(self.clone());
        }
        let p = Nat::ten_to(th, n)?;
        self.mul(th, &p)
    }
    /// Quotient and rest of a division by ten to the power of `n`.
    pub fn cut(&self, th: &mut Thread, n: u64) -> R<(Nat, Nat)> {
        // 10**n has more than 3n bits.
        if n >= MOST_DIGITS || self.bits() < n.saturating_mul(3) {
            return Ok((ZERO, self.clone()));
        }
        let p = Nat::ten_to(th, n)?;
        self.div_rem(th, &p)
    }
    pub fn ten_to(th: &mut Thread, n: u64) -> R<Nat> {
        match POWERS.get(n as usize) {
            Some(p) if n < 39 => Ok(Small(*p)),
            _ => Ok(Big(power_of_ten(th, n)?)),
        }
    }
    /// The integer below the square root: that of the upper half of the digits, and one step of Newton's method, so that polls come between.
    pub fn isqrt(&self, th: &mut Thread) -> R<Nat> {
        if let Small(n) = self {
            return Ok(Small(n.isqrt()));
        }
        if self.bits() < 4096 {
            return Ok(Nat::of_big(self.big().sqrt()));
        }
        th.poll()?;
        let half = self.bits() / 4;
        let n = self.big();
        let above = Nat::of_big(&n >> (2 * half)).isqrt(th)?.big() << half;
        let quotient = self.div_rem(th, &Nat::of_big(above.clone()))?.0.big();
        let mut root = Nat::of_big((above + quotient) >> 1u32);
        // At most a few too large.
        while root.mul(th, &root)? > *self {
            root = root.sub(&ONE);
        }
        loop {
            let next = root.add(&ONE);
            if next.mul(th, &next)? > *self {
                return Ok(root);
            }
            root = next;
        }
    }
    /// Without the zeros at its end, at most `most` of them; how many were there.
    pub fn strip(self, th: &mut Thread, most: u64) -> R<(Nat, u64)> {
        let (mut n, mut gone) = (self, 0);
        if n.is_zero() {
            return Ok((n, 0));
        }
        // Steps that double while they succeed, then halve.
        let mut step = 1u64;
        let mut growing = true;
        while step > 0 && gone < most {
            let take = step.min(most - gone);
            let (q, r) = n.cut(th, take)?;
            if r.is_zero() && !q.is_zero() {
                (n, gone) = (q, gone + take);
                if growing {
                    step *= 2;
                }
            } else {
                growing = false;
                step /= 2;
            }
        }
        Ok((n, gone))
    }
    /// The decimal digits, as characters.
    pub fn text(&self, th: &mut Thread) -> R<Vec<u8>> {
        match self {
            Small(n) => Ok(n.to_string().into_bytes()),
            Big(n) => {
                let count = self.digits(th)?;
                let mut out = room(th, count as usize)?;
                put_digits(th, n, count, &mut out)?;
                Ok(out)
            }
        }
    }
    /// The number with these decimal digits; none of them: zero.
    pub fn read(th: &mut Thread, digits: &[u8]) -> R<Nat> {
        let short = |d: &[u8]| d.iter().fold(0u128, |n, c| n * 10 + u128::from(c - b'0'));
        if digits.len() <= 38 {
            return Ok(Small(short(digits)));
        }
        if digits.len() <= 1000 {
            let n = digits.chunks(19).fold(BigUint::ZERO, |n, part| n * (POWERS[part.len()] as u64) + (short(part) as u64));
            return Ok(Nat::of_big(n));
        }
        th.poll()?;
        let low = digits.len() / 2;
        let (high, rest) = digits.split_at(digits.len() - low);
        let (high, rest) = (Nat::read(th, high)?, Nat::read(th, rest)?);
        Ok(high.shift(th, low as u64)?.add(&rest))
    }
}
impl PartialOrd for Nat {
    fn partial_cmp(&self, o: &Nat) -> Option<Ordering> { Some(self.cmp(o)) }
}
impl Ord for Nat {
    fn cmp(&self, o: &Nat) -> Ordering {
        match (self, o) {
            (Small(a), Small(b)) => a.cmp(b),
            (Big(a), Big(b)) => a.cmp(b),
            (Small(_), Big(_)) => Ordering::Less,
            (Big(_), Small(_)) => Ordering::Greater,
        }
    }
}

/// Takes out of `n` what it has in common with 10**`places`. What is left of it, and how many twos and fives of the power.
pub fn without_common(th: &mut Thread, mut n: Nat, places: u64) -> R<(Nat, u64, u64)> {
    let (mut twos, mut fives) = (places, places);
    for (p, left) in [(2u128, &mut twos), (5, &mut fives)] {
        while *left > 0 {
            th.poll()?;
            let (q, r) = n.div_rem(th, &Small(p))?;
            if !r.is_zero() {
                break;
            }
            (n, *left) = (q, *left - 1);
        }
    }
    Ok((n, twos, fives))
}

/// MemoryError for more digits than are ever computed.
pub fn allow(th: &mut Thread, digits: u64) -> R<()> { if digits > MOST_DIGITS { Err(th.memory_error()) } else { Ok(()) } }

fn power_of_ten(th: &mut Thread, n: u64) -> R<BigUint> {
    allow(th, n)?;
    if n < 39 {
        return Ok(BigUint::from(POWERS[n as usize]));
    }
    if n < 400 {
        return Ok(BigUint::from(5u32).pow(n as u32) << n);
    }
    let mut five = BigUint::from(5u32).pow((n >> n.ilog2().saturating_sub(7)) as u32);
    for bit in (0..n.ilog2().saturating_sub(7)).rev() {
        five = int_mul::product(th, &five, &five)?;
        if n >> bit & 1 == 1 {
            five *= 5u32;
        }
    }
    Ok(five << n)
}
/// Appends exactly `count` digits. Long numbers are halved, so that they cost what division costs.
fn put_digits(th: &mut Thread, n: &BigUint, count: u64, out: &mut Vec<u8>) -> R<()> {
    if count <= 400 {
        let s = n.to_str_radix(10);
        if n.bits() > 0 || count > 0 {
            out.extend(std::iter::repeat_n(b'0', (count as usize).saturating_sub(s.len())));
            out.extend_from_slice(s.as_bytes());
        }
        return Ok(());
    }
    th.poll()?;
    let low = count / 2;
    let (high, rest) = Nat::of_big(n.clone()).cut(th, low)?;
    put_digits(th, &high.big(), count - low, out)?;
    put_digits(th, &rest.big(), low, out)
}
