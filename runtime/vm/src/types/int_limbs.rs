//! Sums, differences, products and quotients of magnitudes as they lie in [`Int`](super::int::Int)s: limbs of 64 bits, least first.
//!
//! num-bigint works on storage of its own; below some hundred limbs the two copies cost more than the operation. Only what grows with
//! one operand's length, or with the product of both for short ones, is done here; long products stay with num-bigint's Karatsuba and Toom-3.

use std::cmp::Ordering;

/// Products whose shorter factor has more limbs are num-bigint's.
pub const SCHOOLBOOK: usize = 32;

pub fn trim(v: &mut Vec<u64>) {
    while v.last() == Some(&0) {
        v.pop();
    }
}
/// Order of two magnitudes without zero limbs on top.
pub fn compare(a: &[u64], b: &[u64]) -> Ordering { a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev())) }

/// `out = a + b`.
pub fn add(a: &[u64], b: &[u64], out: &mut Vec<u64>) {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    out.clear();
    let mut carry = false;
    let (low, high) = a.split_at(b.len());
    out.extend(low.iter().zip(b).map(|(x, y)| {
        let (s, c) = x.overflowing_add(*y);
        let (s, d) = s.overflowing_add(carry as u64);
        carry = c | d;
        s
    }));
    out.extend(high.iter().map(|x| {
        let (s, c) = x.overflowing_add(carry as u64);
        carry = c;
        s
    }));
    if carry {
        out.push(1);
    }
}

/// `out = a - b` for `a >= b`.
pub fn sub(a: &[u64], b: &[u64], out: &mut Vec<u64>) {
    out.clear();
    let mut borrow = false;
    let (low, high) = a.split_at(b.len());
    out.extend(low.iter().zip(b).map(|(x, y)| {
        let (s, c) = x.overflowing_sub(*y);
        let (s, d) = s.overflowing_sub(borrow as u64);
        borrow = c | d;
        s
    }));
    out.extend(high.iter().map(|x| {
        let (s, c) = x.overflowing_sub(borrow as u64);
        borrow = c;
        s
    }));
    trim(out);
}

/// `to += a * by`, `to` at least as long as `a`; the limb that is carried out.
fn add_product(to: &mut [u64], a: &[u64], by: u64) -> u64 {
    let mut carry = 0u64;
    for (t, x) in to.iter_mut().zip(a) {
        let p = *x as u128 * by as u128 + *t as u128 + carry as u128;
        *t = p as u64;
        carry = (p >> 64) as u64;
    }
    carry
}
/// `from -= a * by`; what is still to be subtracted above.
fn sub_product(from: &mut [u64], a: &[u64], by: u64) -> u64 {
    let mut carry = 0u64;
    for (t, x) in from.iter_mut().zip(a) {
        let p = *x as u128 * by as u128 + carry as u128;
        let (s, b) = t.overflowing_sub(p as u64);
        *t = s;
        carry = (p >> 64) as u64 + b as u64;
    }
    carry
}

/// `out = a * b`, schoolbook.
pub fn mul(a: &[u64], b: &[u64], out: &mut Vec<u64>) {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    out.clear();
    let Some((first, rest)) = b.split_first() else { return };
    let mut carry = 0u64;
    out.extend(a.iter().map(|x| {
        let p = *x as u128 * *first as u128 + carry as u128;
        carry = (p >> 64) as u64;
        p as u64
    }));
    out.push(carry);
    for (i, y) in rest.iter().enumerate() {
        let carry = add_product(&mut out[i + 1..], a, *y);
        out.push(carry);
    }
    trim(out);
}

/// `quotient = a / d`; the remainder.
pub fn div_limb(a: &[u64], d: u64, quotient: &mut Vec<u64>) -> u64 {
    quotient.clear();
    quotient.resize(a.len(), 0);
    let mut r = 0u64;
    if d >> 32 == 0 {
        // Two 64-bit divisions are quicker than one of 128 bits.
        for (q, x) in quotient.iter_mut().zip(a).rev() {
            let high = r << 32 | x >> 32;
            let low = (high % d) << 32 | x & 0xFFFF_FFFF;
            *q = (high / d) << 32 | low / d;
            r = low % d;
        }
    } else {
        for (q, x) in quotient.iter_mut().zip(a).rev() {
            let n = (r as u128) << 64 | *x as u128;
            *q = (n / d as u128) as u64;
            r = (n % d as u128) as u64;
        }
    }
    trim(quotient);
    r
}

/// `n / d` for `n < d << 64`, `d` with its top bit set: the quotient and the remainder (Möller and Granlund 2011, algorithm 4).
/// `inverse` is `(2**128 - 1) / d - 2**64`.
#[inline(always)]
fn div_by_inverse(n1: u64, n0: u64, d: u64, inverse: u64) -> (u64, u64) {
    let q = n1 as u128 * inverse as u128 + ((n1 as u128) << 64 | n0 as u128);
    let (mut q1, q0) = (((q >> 64) as u64).wrapping_add(1), q as u64);
    let mut r = n0.wrapping_sub(q1.wrapping_mul(d));
    if r > q0 {
        q1 = q1.wrapping_sub(1);
        r = r.wrapping_add(d);
    }
    if r >= d {
        q1 = q1.wrapping_add(1);
        r -= d;
    }
    (q1, r)
}

fn shifted(a: &[u64], by: u32, out: &mut Vec<u64>) {
    out.clear();
    let mut carry = 0;
    out.extend(a.iter().map(|x| {
        let s = x << by | carry;
        carry = if by == 0 { 0 } else { x >> (64 - by) };
        s
    }));
    out.push(carry);
}

/// `quotient = a / d`, `a` becomes the remainder's limbs in `rest`: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
/// `a` has at least as many limbs as `d`, `d` at least two. `poll` is called now and then and may end it.
pub fn div<E>(a: &[u64], d: &[u64], quotient: &mut Vec<u64>, rest: &mut Vec<u64>, mut poll: impl FnMut() -> Result<(), E>) -> Result<(), E> {
    let n = d.len();
    let by = d[n - 1].leading_zeros();
    let mut divisor = Vec::with_capacity(n + 1);
    shifted(d, by, &mut divisor);
    divisor.pop();
    shifted(a, by, rest);
    let (top, second) = (divisor[n - 1], divisor[n - 2]);
    let inverse = (u128::MAX / top as u128) as u64;
    let steps = a.len() - n + 1;
    quotient.clear();
    quotient.resize(steps, 0);
    let mut work = 0;
    for j in (0..steps).rev() {
        let (r2, r1, r0) = (rest[j + n], rest[j + n - 1], rest[j + n - 2]);
        let mut q = if r2 >= top {
            u64::MAX
        } else {
            let (mut q, mut r) = div_by_inverse(r2, r1, top, inverse);
            while q as u128 * second as u128 > ((r as u128) << 64 | r0 as u128) {
                q -= 1;
                match r.checked_add(top) {
                    Some(s) => r = s,
                    None => break,
                }
            }
            q
        };
        let window = &mut rest[j..=j + n];
        let (low, high) = window.split_at_mut(n);
        let owed = sub_product(low, &divisor, q);
        let (h, mut below) = high[0].overflowing_sub(owed);
        high[0] = h;
        while below {
            // The estimate was too large: add the divisor back.
            q -= 1;
            let mut carry = false;
            for (t, x) in low.iter_mut().zip(&divisor) {
                let (s, c) = t.overflowing_add(*x);
                let (s, e) = s.overflowing_add(carry as u64);
                *t = s;
                carry = c | e;
            }
            let (h, over) = high[0].overflowing_add(carry as u64);
            high[0] = h;
            below = !over;
        }
        quotient[j] = q;
        work += n;
        if work > 1 << 16 {
            work = 0;
            poll()?;
        }
    }
    trim(quotient);
    rest.truncate(n);
    if by > 0 {
        for i in 0..n {
            let above = if i + 1 < n { rest[i + 1] } else { 0 };
            rest[i] = rest[i] >> by | above << (64 - by);
        }
    }
    trim(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;

    fn big(v: &[u64]) -> BigUint { v.iter().rev().fold(BigUint::ZERO, |a, w| (a << 64u32) + BigUint::from(*w)) }

    /// Limbs with many zeros and ones, where carries and wrong estimates hide.
    fn number(seed: &mut u64, n: usize) -> Vec<u64> {
        let mut next = || {
            *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            *seed >> 11
        };
        let mut v: Vec<u64> = (0..n)
            .map(|_| match next() % 6 {
                0 => 0,
                1 => u64::MAX,
                2 => 1 << 63,
                3 => u64::MAX - 1,
                _ => next() << 20 ^ next(),
            })
            .collect();
        trim(&mut v);
        v
    }

    #[test]
    fn agrees_with_num_bigint() {
        let (mut seed, mut out, mut rest) = (7, Vec::new(), Vec::new());
        for i in 0..20_000 {
            let (a, b) = (number(&mut seed, i % 11), number(&mut seed, i / 11 % 7));
            add(&a, &b, &mut out);
            assert_eq!(big(&out), big(&a) + big(&b));
            mul(&a, &b, &mut out);
            assert_eq!(big(&out), big(&a) * big(&b));
            if compare(&a, &b).is_ge() {
                sub(&a, &b, &mut out);
                assert_eq!(big(&out), big(&a) - big(&b));
                match b[..] {
                    [] => {}
                    [d] => {
                        let r = div_limb(&a, d, &mut out);
                        assert_eq!((big(&out), BigUint::from(r)), (big(&a) / d, big(&a) % d));
                    }
                    _ => {
                        div(&a, &b, &mut out, &mut rest, || Ok::<(), ()>(())).expect("nothing ends it");
                        assert_eq!((big(&out), big(&rest)), (big(&a) / big(&b), big(&a) % big(&b)));
                    }
                }
            }
        }
    }
}
