//! The codec utf-7 (RFC 2152): runs of base 64 between `+` and `-` hold UTF-16.

use super::codec_errors::{Decode, Encode};
use super::text::push_code_point;
use crate::thread::Thread;
use txpy_heap::R;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit(c: u8) -> Option<u32> {
    Some(u32::from(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
/// Whether the encoder writes a character as it is.
fn direct(c: u32) -> bool { matches!(c, 9 | 10 | 13 | 32..=125) && c != u32::from(b'+') && c != u32::from(b'\\') }
fn is_high(c: u32) -> bool { (0xD800..0xDC00).contains(&c) }
fn is_low(c: u32) -> bool { (0xDC00..0xE000).contains(&c) }

/// A run of base 64 that is being read.
struct Run {
    /// Where its `+` stands, and how long the text was then.
    start: usize,
    before: usize,
    bits: u32,
    value: u32,
    /// The first half of a pair; 0: none.
    high: u32,
}
impl Run {
    fn push(&mut self, out: &mut Vec<u8>, digit: u32) {
        self.value = self.value << 6 | digit;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let unit = self.value >> self.bits;
        self.value &= (1 << self.bits) - 1;
        let high = std::mem::take(&mut self.high);
        if high != 0 && is_low(unit) {
            return push_code_point(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
        }
        if high != 0 {
            push_code_point(out, high);
        }
        if is_high(unit) { self.high = unit } else { push_code_point(out, unit) }
    }
    /// What is wrong with the run if it ends here.
    fn fault(&self) -> Option<&'static str> {
        match self.bits {
            6.. => Some("partial character in base64 sequence"),
            1.. if self.value != 0 => Some("non-zero padding bits in base64 sequence"),
            _ => None,
        }
    }
}

pub fn decode(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let mut at = 0;
    let mut run: Option<Run> = None;
    loop {
        let Some(&c) = b.get(at) else {
            let Some(r) = run.take() else { break };
            if !d.last {
                // The rest of the run is to come: it will be read again from its beginning.
                d.out.truncate(r.before);
                d.used = r.start;
                return Ok(());
            }
            if r.high != 0 || r.fault().is_some() {
                at = d.error(th, r.start, b.len(), "unterminated shift sequence")?;
                if at < b.len() {
                    continue;
                }
            }
            break;
        };
        if let Some(r) = &mut run {
            if let Some(x) = digit(c) {
                r.push(&mut d.out, x);
                at += 1;
                continue;
            }
            let (start, fault, high) = (r.start, r.fault(), r.high);
            run = None;
            if let Some(reason) = fault {
                at = d.error(th, start, at + 1, reason)?;
                continue;
            }
            if high != 0 && c < 128 && c != b'+' {
                push_code_point(&mut d.out, high);
            }
            at += usize::from(c == b'-');
            continue;
        }
        match c {
            b'+' => match b.get(at + 1) {
                Some(b'-') => {
                    d.out.push(b'+');
                    at += 2;
                }
                Some(x) if digit(*x).is_none() => at = d.error(th, at, at + 2, "ill-formed sequence")?,
                _ => {
                    run = Some(Run { start: at, before: d.out.len(), bits: 0, value: 0, high: 0 });
                    at += 1;
                }
            },
            0..128 => {
                d.out.push(c);
                at += 1;
            }
            _ => at = d.error(th, at, at + 1, "unexpected special character")?,
        }
    }
    d.used = b.len();
    Ok(())
}

pub fn encode(_: &mut Thread, e: &mut Encode) -> R<()> {
    let (mut shifted, mut value, mut bits) = (false, 0u32, 0u32);
    let out = &mut e.out;
    for &c in &e.chars {
        if direct(c) {
            if shifted {
                if bits > 0 {
                    out.push(DIGITS[(value << (6 - bits) & 63) as usize]);
                }
                (shifted, value, bits) = (false, 0, 0);
                if digit(c as u8).is_some() || c == u32::from(b'-') {
                    out.push(b'-');
                }
            }
            out.push(c as u8);
            continue;
        }
        if !shifted {
            if c == u32::from(b'+') {
                out.extend(b"+-");
                continue;
            }
            out.push(b'+');
            shifted = true;
        }
        let units = if c < 0x10000 { [None, Some(c)] } else { [Some(0xD800 + ((c - 0x10000) >> 10)), Some(0xDC00 + (c & 0x3FF))] };
        for unit in units.into_iter().flatten() {
            // At most five bits are left from before.
            value = value << 16 | unit;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                out.push(DIGITS[(value >> bits & 63) as usize]);
            }
            value &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        out.push(DIGITS[(value << (6 - bits) & 63) as usize]);
    }
    if shifted {
        out.push(b'-');
    }
    Ok(())
}
