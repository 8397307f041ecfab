//! float16: storage of 16 bits, arithmetic in float32. Conversions round to nearest even once, also from float64 (crate `half` goes
//! through float32, which rounds twice), and set the processor's overflow and underflow flags as NumPy does.

use std::hint::black_box;

/// Element of float16.
#[derive(Clone, Copy, Default, Debug)]
#[repr(transparent)]
pub struct F16(pub u16);

impl F16 {
    #[inline]
    pub fn to_f32(self) -> f32 {
        let sign = u32::from(self.0 & 0x8000) << 16;
        let (exponent, mantissa) = (u32::from(self.0 >> 10 & 0x1f), u32::from(self.0 & 0x3ff));
        f32::from_bits(match exponent {
            0 => {
                // Subnormal: exact as a multiple of 2^-24.
                let x = mantissa as f32 * f32::from_bits((127 - 24) << 23);
                return f32::from_bits(x.to_bits() | sign);
            }
            31 => sign | 0x7f80_0000 | mantissa << 13,
            e => sign | (e + 112) << 23 | mantissa << 13,
        })
    }

    #[inline]
    pub fn from_f32(x: f32) -> F16 {
        F16::from_f64(f64::from(x))
    }

    pub fn from_f64(x: f64) -> F16 {
        let bits = x.to_bits();
        let sign = (bits >> 48) as u16 & 0x8000;
        let exponent = (bits >> 52 & 0x7ff) as i32 - 1023;
        let mantissa = bits & 0xf_ffff_ffff_ffff;
        if exponent == 1024 {
            let payload = (mantissa >> 42) as u16;
            // A NaN stays one when its low bits fall away.
            return F16(sign | 0x7c00 | if mantissa != 0 && payload == 0 { 1 } else { payload });
        }
        if exponent < -25 || mantissa == 0 && exponent == -25 {
            if x != 0.0 {
                black_box(black_box(f32::MIN_POSITIVE) * f32::MIN_POSITIVE);
            }
            return F16(sign);
        }
        // The significand as an integer that has `drop` bits below the last place of the result.
        let (full, drop, base) = if exponent < -14 { (mantissa | 1 << 52, 42 + (-14 - exponent) as u32, 0) } else { (mantissa, 42, ((exponent + 15) as u64) << 10) };
        if exponent > 15 {
            black_box(black_box(f32::MAX) * f32::MAX);
            return F16(sign | 0x7c00);
        }
        let kept = full >> drop;
        let rest = full & ((1 << drop) - 1);
        let half = 1u64 << (drop - 1);
        let up = rest > half || rest == half && kept & 1 == 1;
        let out = base + kept + u64::from(up);
        if out >= 0x7c00 {
            black_box(black_box(f32::MAX) * f32::MAX);
        } else if exponent < -14 && rest != 0 {
            black_box(black_box(f32::MIN_POSITIVE) * f32::MIN_POSITIVE);
        }
        F16(sign | out as u16)
    }

    /// The next number towards `y`.
    pub fn next_after(self, y: F16) -> F16 {
        let (a, b) = (self.to_f32(), y.to_f32());
        if a.is_nan() || b.is_nan() {
            return F16(0x7e00);
        }
        if a == b {
            return y;
        }
        if a == 0.0 {
            return F16((y.0 & 0x8000) | 1);
        }
        // Magnitudes are ordered as their bits.
        F16(if (a < b) == (a > 0.0) { self.0 + 1 } else { self.0 - 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::F16;

    #[test]
    fn every_number_survives_and_midpoints_go_to_even() {
        for bits in 0..=u16::MAX {
            let x = F16(bits).to_f32();
            if x.is_nan() {
                assert!(F16::from_f32(x).to_f32().is_nan());
                continue;
            }
            assert_eq!(F16::from_f32(x).0, bits);
            let above = F16(bits.wrapping_add(1)).to_f32();
            if bits & 0x7fff < 0x7bff && above.is_finite() {
                let middle = (f64::from(x) + f64::from(above)) / 2.0;
                assert_eq!(F16::from_f64(middle).0 & 1, 0, "{bits:x}");
                let more = if x < above { middle.next_up() } else { middle.next_down() };
                assert_eq!(F16::from_f64(more).0, bits + 1);
            }
        }
        assert_eq!(F16::from_f64(65520.0).0, 0x7c00);
        assert_eq!(F16::from_f64(65519.99).0, 0x7bff);
    }
}
