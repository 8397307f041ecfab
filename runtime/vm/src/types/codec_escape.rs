//! The codecs unicode-escape, raw-unicode-escape and utf-8-sig.

use super::codec::escape;
use super::codec_errors::{Decode, Encode};
use super::codec_utf;
use super::text::push_code_point;
use crate::thread::Thread;
use txpy_heap::R;

const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

pub fn decode_sig(th: &mut Thread, d: &mut Decode) -> R<()> {
    d.encoding = "utf-8";
    codec_utf::decode_utf8(th, d)?;
    if d.out.starts_with(MARK) {
        d.out.drain(..MARK.len());
    }
    Ok(())
}
pub fn encode_sig(th: &mut Thread, e: &mut Encode) -> R<()> {
    e.encoding = "utf-8";
    e.out.extend_from_slice(MARK);
    codec_utf::encode_utf8(th, e)
}

fn hex(b: &[u8], at: usize, n: usize) -> (u32, usize) {
    let digits = b[at.min(b.len())..].iter().take(n).take_while(|c| c.is_ascii_hexdigit()).count();
    (b[at.min(b.len())..][..digits].iter().fold(0u32, |v, c| v.wrapping_mul(16) + (*c as char).to_digit(16).unwrap_or(0)), digits)
}

pub fn decode_unicode(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let mut at = 0;
    while at < b.len() {
        if b[at] != b'\\' {
            push_code_point(&mut d.out, b[at] as u32);
            at += 1;
            continue;
        }
        let start = at;
        let Some(c) = b.get(at + 1) else {
            if !d.last {
                break;
            }
            at = d.error(th, start, b.len(), "\\ at end of string")?;
            continue;
        };
        at += 2;
        let simple = match c {
            b'\n' => None,
            b'\\' | b'\'' | b'"' => Some(*c as u32),
            b'b' => Some(8),
            b'f' => Some(12),
            b't' => Some(9),
            b'n' => Some(10),
            b'r' => Some(13),
            b'v' => Some(11),
            b'a' => Some(7),
            b'0'..=b'7' => {
                let n = b[at - 1..].iter().take(3).take_while(|c| (b'0'..=b'7').contains(c)).count();
                let v = b[at - 1..at - 1 + n].iter().fold(0, |v, c| v * 8 + (*c - b'0') as u32);
                at += n - 1;
                Some(v)
            }
            b'x' | b'u' | b'U' => {
                let (n, what) = match c {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let (v, digits) = hex(b, at, n);
                if digits < n {
                    if !d.last && at + digits == b.len() {
                        d.used = start;
                        return Ok(());
                    }
                    at = d.error(th, start, at + digits, what)?;
                    continue;
                }
                at += n;
                if v >= 0x110000 {
                    at = d.error(th, start, at, "illegal Unicode character")?;
                    continue;
                }
                Some(v)
            }
            b'N' => {
                let end = b[at..].iter().position(|c| *c == b'}').map(|i| at + i);
                let (Some(b'{'), Some(end)) = (b.get(at), end) else {
                    at = d.error(th, start, at, "malformed \\N character escape")?;
                    continue;
                };
                let name = std::str::from_utf8(&b[at + 1..end]).unwrap_or("");
                match txpy_syntax::names::character(name, th.py3()) {
                    Some(c) => push_code_point(&mut d.out, c as u32),
                    None => {
                        at = d.error(th, start, end + 1, "unknown Unicode character name")?;
                        continue;
                    }
                }
                at = end + 1;
                None
            }
            c => {
                d.out.push(b'\\');
                Some(*c as u32)
            }
        };
        if let Some(c) = simple {
            push_code_point(&mut d.out, c);
        }
    }
    d.used = at;
    Ok(())
}
pub fn encode_unicode(_: &mut Thread, e: &mut Encode) -> R<()> {
    for c in &e.chars {
        match *c {
            0x5C => e.out.extend(b"\\\\"),
            9 => e.out.extend(b"\\t"),
            10 => e.out.extend(b"\\n"),
            13 => e.out.extend(b"\\r"),
            c @ 32..127 => e.out.push(c as u8),
            c => e.out.extend(escape(c).bytes()),
        }
    }
    Ok(())
}

pub fn decode_raw(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let mut at = 0;
    while at < b.len() {
        let slashes = b[at..].iter().take_while(|c| **c == b'\\').count();
        if slashes == 0 {
            push_code_point(&mut d.out, b[at] as u32);
            at += 1;
            continue;
        }
        // Only a backslash that no other one escapes begins an escape.
        let kind = b.get(at + slashes);
        if slashes % 2 == 1 && kind.is_none() && !d.last {
            d.out.extend(std::iter::repeat_n(b'\\', slashes - 1));
            d.used = b.len() - 1;
            return Ok(());
        }
        if slashes % 2 == 0 || !matches!(kind, Some(b'u' | b'U')) {
            d.out.extend(std::iter::repeat_n(b'\\', slashes));
            at += slashes;
            continue;
        }
        d.out.extend(std::iter::repeat_n(b'\\', slashes - 1));
        let start = at + slashes - 1;
        let (n, what) = if kind == Some(&b'u') { (4, "truncated \\uXXXX escape") } else { (8, "truncated \\UXXXXXXXX escape") };
        let (v, digits) = hex(b, start + 2, n);
        if digits < n && start + 2 + digits == b.len() && !d.last {
            d.used = start;
            return Ok(());
        }
        at = if digits < n {
            d.error(th, start, start + 2 + digits, what)?
        } else if v >= 0x110000 {
            d.error(th, start, start + 2 + n, "\\Uxxxxxxxx out of range")?
        } else {
            push_code_point(&mut d.out, v);
            start + 2 + n
        };
    }
    d.used = b.len();
    Ok(())
}
pub fn encode_raw(_: &mut Thread, e: &mut Encode) -> R<()> {
    for c in &e.chars {
        if *c < 256 { e.out.push(*c as u8) } else { e.out.extend(escape(*c).bytes()) }
    }
    Ok(())
}
