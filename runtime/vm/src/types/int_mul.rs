//! Products of very large integers: Karatsuba's steps with a poll between them, so that signals and other threads get in.

use crate::thread::Thread;
use num_bigint::{BigInt, BigUint};
use txpy_heap::R;

/// Bits up to which a product is done at once (some 10 ms).
const AT_ONCE: u64 = 1 << 20;

pub fn multiply(th: &mut Thread, x: &BigInt, y: &BigInt) -> R<BigInt> {
    let m = product(th, x.magnitude(), y.magnitude())?;
    Ok(BigInt::from_biguint(x.sign() * y.sign(), m))
}

/// The product of two magnitudes.
pub fn product(th: &mut Thread, x: &BigUint, y: &BigUint) -> R<BigUint> {
    let (x, y) = if x.bits() < y.bits() { (y, x) } else { (x, y) };
    if x.bits() <= AT_ONCE {
        return Ok(x * y);
    }
    crate::runtime::poll(th)?;
    let half = x.bits().div_ceil(2).next_multiple_of(64);
    let (x1, x0) = split(x, half);
    if y.bits() <= half {
        let (low, high) = (product(th, &x0, y)?, product(th, &x1, y)?);
        return Ok((high << half) + low);
    }
    let (y1, y0) = split(y, half);
    let (low, high) = (product(th, &x0, &y0)?, product(th, &x1, &y1)?);
    let middle = product(th, &(x0 + x1), &(y0 + y1))? - &low - &high;
    Ok((high << (2 * half)) + (middle << half) + low)
}

/// `x` without its low bits, and those.
fn split(x: &BigUint, bits: u64) -> (BigUint, BigUint) {
    let high = x >> bits;
    let low = BigUint::new(x.iter_u32_digits().take((bits / 32) as usize).collect());
    (high, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_make_the_number() {
        let x = (BigUint::from(0x1234_5678_9abc_def0u64) << 200u32) + 77u32;
        let (high, low) = split(&x, 128);
        assert_eq!(low, BigUint::from(77u32));
        assert_eq!((high << 128u32) + low, x);
    }
}
