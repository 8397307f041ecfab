//! `struct`: format strings, and items to bytes and back.

use crate::api::*;
use crate::exception;

exception! { ERROR, "struct" "error", &txpy_vm::exceptions::EXCEPTION, "What struct raises." }

/// One code of a format with its count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    pub code: u8,
    /// Repetitions; for s and p the length.
    pub count: usize,
    /// Where the first one stands.
    pub offset: usize,
    pub size: usize,
}
#[derive(Clone, Debug, Default)]
pub struct Format {
    pub items: Vec<Item>,
    pub size: usize,
    /// Values that pack takes.
    pub values: usize,
    pub big: bool,
    pub native: bool,
}

/// Size of a code; None for an unknown one.
fn size_of_code(c: u8, native: bool, py3: bool) -> Option<usize> {
    Some(match c {
        b'x' | b'c' | b'b' | b'B' | b'?' | b's' | b'p' => 1,
        b'h' | b'H' => 2,
        b'e' if py3 => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' => if native { 8 } else { 4 },
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' if native && py3 => 8,
        b'P' if native => 8,
        _ => return None,
    })
}

/// Reads a format. Errors are struct's texts.
pub fn parse(f: &[u8], py3: bool) -> Result<Format, &'static str> {
    let mut out = Format { native: true, big: cfg!(target_endian = "big"), ..Format::default() };
    let mut i = 0;
    let mut align = true;
    if let Some(c) = f.first() {
        i = 1;
        match c {
            b'@' => {}
            b'=' => (out.native, align) = (false, false),
            b'<' => (out.native, align, out.big) = (false, false, false),
            b'>' | b'!' => (out.native, align, out.big) = (false, false, true),
            _ => i = 0,
        }
    }
    const LONG: &str = "total struct size too long";
    while i < f.len() {
        let mut c = f[i];
        i += 1;
        if c.is_ascii_whitespace() || c == 0x0B {
            continue;
        }
        let mut count = 1usize;
        if c.is_ascii_digit() {
            count = (c - b'0') as usize;
            loop {
                let Some(d) = f.get(i) else {
                    // 2.7 ignores a count at the end.
                    return if py3 { Err("repeat count given without format specifier") } else { Ok(out) };
                };
                i += 1;
                c = *d;
                if !c.is_ascii_digit() {
                    break;
                }
                count = count.checked_mul(10).and_then(|n| n.checked_add((c - b'0') as usize)).ok_or(LONG)?;
            }
        }
        let size = size_of_code(c, out.native, py3).ok_or("bad char in struct format")?;
        if align {
            out.size = out.size.checked_next_multiple_of(size).ok_or(LONG)?;
        }
        let offset = out.size;
        out.size = size.checked_mul(count).and_then(|n| out.size.checked_add(n)).filter(|n| *n <= isize::MAX as usize).ok_or(LONG)?;
        match c {
            b'x' => continue,
            b's' | b'p' => out.values += 1,
            _ if count == 0 => continue,
            _ => out.values += count,
        }
        out.items.push(Item { code: c, count, offset, size });
    }
    Ok(out)
}

fn err(th: &mut Thread, msg: impl AsRef<str>) -> Unwind { th.raise(&ERROR, msg) }

/// Range of an integer code.
fn range(code: u8, size: usize) -> (i128, i128) {
    let bits = size as u32 * 8;
    if code.is_ascii_lowercase() { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) }
}
fn put(out: &mut [u8], v: u64, big: bool) {
    let b = v.to_le_bytes();
    let n = out.len();
    out.copy_from_slice(&b[..n]);
    if big {
        out.reverse();
    }
}
fn take(b: &[u8], big: bool) -> u64 {
    let mut w = [0u8; 8];
    w[..b.len()].copy_from_slice(b);
    if big {
        w[..b.len()].reverse();
    }
    u64::from_le_bytes(w)
}

/// Writes one value of a code into its place.
pub fn pack_one(th: &mut Thread, f: &Format, it: Item, v: Value, out: &mut [u8]) -> R<()> {
    match it.code {
        b'c' => match text::bytes_of(v).filter(|b| text::is_bytes(v) && b.len() == 1) {
            Some(b) => out[0] = b[0],
            None => return Err(err(th, if th.py3() { "char format requires a bytes object of length 1" } else { "char format require string of length 1" })),
        },
        b'?' => out[0] = is_true(th, v)? as u8,
        b'e' | b'f' | b'd' => {
            let x = float::number(th, v);
            let x = match x {
                Ok(Some(x)) => x,
                Ok(None) => return Err(err(th, "required argument is not a float")),
                Err(_) if th.catch_any().is_some() => return Err(err(th, "required argument is not a float")),
                Err(e) => return Err(e),
            };
            let bits = match it.code {
                b'd' => x.to_bits(),
                b'f' => {
                    let y = x as f32;
                    if y.is_infinite() && x.is_finite() && !f.native {
                        return Err(th.overflow_error("float too large to pack with f format"));
                    }
                    y.to_bits() as u64
                }
                _ => match half(x) {
                    Some(h) => h as u64,
                    None => return Err(th.overflow_error("float too large to pack with e format")),
                },
            };
            put(out, bits, f.big);
        }
        b's' | b'p' => {
            let bytes = if text::is_bytes(v) {
                text::bytes_of(v).unwrap_or(&[])
            } else if v.is::<txpy_vm::types::bytearray::ByteArray>() && th.py3() {
                let s = txpy_vm::native::buffer::snapshot(th, v)?;
                text::bytes_of(s).unwrap_or(&[])
            } else {
                let c = it.code as char;
                return Err(err(th, if th.py3() { format!("argument for '{c}' must be a bytes object") } else { format!("argument for '{c}' must be a string") }));
            };
            if it.code == b's' {
                let n = bytes.len().min(out.len());
                out[..n].copy_from_slice(&bytes[..n]);
            } else if !out.is_empty() {
                let n = bytes.len().min(out.len() - 1);
                out[0] = n.min(255) as u8;
                out[1..=n].copy_from_slice(&bytes[..n]);
            }
        }
        code => {
            let i = int::index_opt(th, v)?;
            let i = match i {
                Some(i) => i,
                None if !th.py3() && float::to_f64(v).is_some() => int::from_f64(th, float::to_f64(v).unwrap_or(0.0).trunc(), false)?,
                None if !th.py3() && dunder(v, D::int_).is_some() => int::arg_i64(th, v).and_then(|i| int::from_i64(th, i))?,
                None => return Err(err(th, if th.py3() { "required argument is not an integer" } else { "cannot convert argument to integer" })),
            };
            let n = match int::num(i) {
                Some(int::Num::Small(n)) => n,
                Some(n) => if n.is_negative() { i128::MIN } else { i128::MAX },
                None => 0,
            };
            if code == b'P' {
                put(out, n as u64, f.big);
                return Ok(());
            }
            let (min, max) = range(code, it.size);
            if n < min || n > max {
                let c = code as char;
                let msg = match code {
                    _ if th.py3() => format!("'{c}' format requires {min} <= number <= {max}"),
                    b'b' => "byte format requires -128 <= number <= 127".to_string(),
                    b'B' => "ubyte format requires 0 <= number <= 255".to_string(),
                    b'h' => "short format requires SHRT_MIN <= number <= SHRT_MAX".to_string(),
                    b'H' => "ushort format requires 0 <= number <= USHRT_MAX".to_string(),
                    b'i' => format!("'{c}' format requires {min} <= number <= {max}"),
                    _ => format!("integer out of range for '{c}' format code"),
                };
                return Err(err(th, msg));
            }
            put(out, n as u64, f.big);
        }
    }
    Ok(())
}
/// One value from its bytes.
pub fn unpack_one(th: &mut Thread, f: &Format, code: u8, b: &[u8]) -> R<Value> {
    match code {
        b'c' | b's' => th.new_bytes(b),
        b'p' => {
            let n = b.first().map_or(0, |n| (*n as usize).min(b.len() - 1));
            th.new_bytes(if b.is_empty() { b } else { &b[1..=n] })
        }
        b'?' => Ok(Value::from_bool(b.iter().any(|c| *c != 0))),
        b'd' => float::new(th, f64::from_bits(take(b, f.big))),
        b'f' => float::new(th, f32::from_bits(take(b, f.big) as u32) as f64),
        b'e' => float::new(th, from_half(take(b, f.big) as u16)),
        _ => {
            let v = take(b, f.big);
            let n = if code.is_ascii_lowercase() {
                let shift = 64 - b.len() as u32 * 8;
                ((v << shift) as i64 >> shift) as i128
            } else {
                v as i128
            };
            // 2.7 gives long where a C long might not hold the number.
            let long = !th.py3() && matches!((code, b.len()), (b'P', _) | (b'L' | b'Q', 8) | (b'I' | b'L', 4)) && n > i64::MAX as i128;
            int::make(th, n, long)
        }
    }
}
/// Half precision, ties to even; None when too large.
fn half(x: f64) -> Option<u16> {
    let sign = ((x.to_bits() >> 48) & 0x8000) as u16;
    let a = x.abs();
    if a.is_nan() {
        return Some(sign | 0x7E00);
    }
    if a.is_infinite() {
        return Some(sign | 0x7C00);
    }
    // Multiples of the spacing at this magnitude; rounding is exact, the scaling a power of two.
    let e = ((a.to_bits() >> 52) as i32 - 1023).max(-14);
    let unit = f64::from_bits(((e - 10 + 1023) as u64) << 52);
    let n = (a / unit).round_ties_even() as u32;
    let bits = if n < 1024 { n } else { ((e + 15) as u32) * 1024 + (n - 1024) };
    if e > 15 || bits >= 0x7C00 { None } else { Some(sign | bits as u16) }
}
fn from_half(h: u16) -> f64 {
    let (e, m) = ((h >> 10 & 31) as i32, (h & 1023) as f64);
    let a = match e {
        0 => m * 2f64.powi(-24),
        31 => if m == 0.0 { f64::INFINITY } else { f64::NAN },
        _ => (1024.0 + m) * 2f64.powi(e - 25),
    };
    if h & 0x8000 != 0 { -a } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_trip() {
        for h in 0..0x7C00u16 {
            assert_eq!(half(from_half(h)), Some(h));
        }
        assert_eq!((half(65519.0), half(65520.0)), (Some(0x7BFF), None));
    }
    #[test]
    fn native_formats_align() {
        assert_eq!(parse(b"bi", true).map(|f| f.size), Ok(8));
        assert_eq!(parse(b"<bi", true).map(|f| f.size), Ok(5));
        assert_eq!(parse(b"i0q", true).map(|f| f.size), Ok(8));
        assert_eq!(parse(b"3", true).err(), Some("repeat count given without format specifier"));
    }
}
