//! The codecs utf-8, utf-16, utf-32, ascii, latin-1 and the single-byte tables.

use super::codec_errors::{Decode, Encode};
use super::codec_tables::CHARMAPS;
use super::text::{code_points, push_code_point};
use crate::thread::Thread;
use txpy_heap::R;

// ---- utf-8

pub fn decode_utf8(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let mut at = 0;
    while at < b.len() {
        let e = match std::str::from_utf8(&b[at..]) {
            Ok(_) => {
                d.out.extend_from_slice(&b[at..]);
                at = b.len();
                break;
            }
            Err(e) => e,
        };
        d.out.extend_from_slice(&b[at..at + e.valid_up_to()]);
        at += e.valid_up_to();
        // 2.7 takes surrogates.
        if let (false, Some(s @ [0xED, 0xA0..=0xBF, 0x80..=0xBF])) = (th.py3(), b.get(at..at + 3)) {
            d.out.extend_from_slice(s);
            at += 3;
            continue;
        }
        at = match e.error_len() {
            None if !d.last => break,
            None => d.error(th, at, b.len(), "unexpected end of data")?,
            Some(n) => d.error(th, at, at + n, if matches!(b[at], 0xC2..=0xF4) { "invalid continuation byte" } else { "invalid start byte" })?,
        };
    }
    d.used = at;
    Ok(())
}
pub fn encode_utf8(th: &mut Thread, e: &mut Encode) -> R<()> {
    let py3 = th.py3();
    let put = |out: &mut Vec<u8>, c: u32| {
        let ok = !py3 || !(0xD800..0xE000).contains(&c);
        if ok {
            push_code_point(out, c);
        }
        ok
    };
    each(th, e, "surrogates not allowed", &put)
}
/// Encodes all code points; runs of those that `put` refuses are handled together.
fn each(th: &mut Thread, e: &mut Encode, reason: &str, put: &dyn Fn(&mut Vec<u8>, u32) -> bool) -> R<()> {
    let mut at = 0;
    while at < e.chars.len() {
        let c = e.chars[at];
        if put(&mut e.out, c) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut scratch = Vec::new();
        while end < e.chars.len() && !put(&mut scratch, e.chars[end]) {
            end += 1;
        }
        at = e.error(th, at, end, reason, put)?;
    }
    Ok(())
}

// ---- ascii, latin-1, tables

pub fn decode_ascii(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let mut at = 0;
    while at < b.len() {
        let n = b[at..].iter().position(|c| *c >= 128).unwrap_or(b.len() - at);
        d.out.extend_from_slice(&b[at..at + n]);
        at += n;
        if at < b.len() {
            at = d.error(th, at, at + 1, "ordinal not in range(128)")?;
        }
    }
    d.used = b.len();
    Ok(())
}
pub fn decode_latin1(_: &mut Thread, d: &mut Decode) -> R<()> {
    for c in d.input() {
        push_code_point(&mut d.out, *c as u32);
    }
    d.used = d.input().len();
    Ok(())
}
fn encode_below(th: &mut Thread, e: &mut Encode, limit: u32, reason: &str) -> R<()> {
    each(th, e, reason, &|out, c| {
        if c < limit {
            out.push(c as u8);
        }
        c < limit
    })
}
pub fn encode_ascii(th: &mut Thread, e: &mut Encode) -> R<()> { encode_below(th, e, 128, "ordinal not in range(128)") }
pub fn encode_latin1(th: &mut Thread, e: &mut Encode) -> R<()> { encode_below(th, e, 256, "ordinal not in range(256)") }

fn table(name: &str) -> Option<&'static [u16; 128]> { CHARMAPS.iter().find(|t| t.0 == name).map(|t| &t.1) }
pub fn decode_charmap(th: &mut Thread, d: &mut Decode) -> R<()> {
    let Some(t) = table(d.encoding) else { return Ok(()) };
    let b = d.input();
    let mut at = 0;
    while at < b.len() {
        let c = if b[at] < 128 { b[at] as u16 } else { t[b[at] as usize - 128] };
        if c == 0xFFFE {
            at = d.error(th, at, at + 1, "character maps to <undefined>")?;
        } else {
            push_code_point(&mut d.out, c as u32);
            at += 1;
        }
    }
    d.used = b.len();
    Ok(())
}
pub fn encode_charmap(th: &mut Thread, e: &mut Encode) -> R<()> {
    let Some(t) = table(e.encoding) else { return Ok(()) };
    each(th, e, "character maps to <undefined>", &|out, c| {
        let byte = if c < 128 { Some(c as u8) } else { t.iter().position(|x| *x as u32 == c && c != 0xFFFE).map(|i| i as u8 + 128) };
        out.extend(byte);
        byte.is_some()
    })
}

// ---- utf-16 and utf-32

/// Byte order of a name, and whether a byte order mark decides.
fn order(encoding: &str) -> (bool, bool) { (encoding.ends_with("be"), !(encoding.ends_with("be") || encoding.ends_with("le"))) }

pub fn decode_utf16(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let (mut big, by_mark) = order(d.encoding);
    let mut at = 0;
    if by_mark && b.len() >= 2 {
        (at, big) = match b[..2] {
            [0xFF, 0xFE] => (2, false),
            [0xFE, 0xFF] => (2, true),
            _ => (0, false),
        };
    }
    d.encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let unit = |i: usize| Some(if big { u16::from_be_bytes(b.get(i..i + 2)?.try_into().ok()?) } else { u16::from_le_bytes(b.get(i..i + 2)?.try_into().ok()?) } as u32);
    while at < b.len() {
        let Some(c) = unit(at) else {
            if !d.last {
                break;
            }
            at = d.error(th, at, b.len(), "truncated data")?;
            continue;
        };
        if !(0xD800..0xE000).contains(&c) {
            push_code_point(&mut d.out, c);
            at += 2;
            continue;
        }
        at = match unit(at + 2) {
            _ if c >= 0xDC00 => d.error(th, at, at + 2, "illegal encoding")?,
            Some(low @ 0xDC00..0xE000) => {
                push_code_point(&mut d.out, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
                at + 4
            }
            Some(_) => d.error(th, at, at + 2, "illegal UTF-16 surrogate")?,
            None if !d.last => break,
            None => d.error(th, at, b.len(), "unexpected end of data")?,
        };
    }
    d.used = at;
    Ok(())
}
pub fn encode_utf16(th: &mut Thread, e: &mut Encode) -> R<()> {
    let (big, mark) = order(e.encoding);
    let py3 = th.py3();
    let put = move |out: &mut Vec<u8>, c: u32| {
        if py3 && (0xD800..0xE000).contains(&c) {
            return false;
        }
        let mut pair = [0; 2];
        let units: &[u16] = match char::from_u32(c) {
            Some(ch) => ch.encode_utf16(&mut pair),
            None => {
                pair[0] = c as u16;
                &pair[..1]
            }
        };
        units.iter().for_each(|u| out.extend(if big { u.to_be_bytes() } else { u.to_le_bytes() }));
        true
    };
    if mark {
        e.out.extend([0xFF, 0xFE]);
    }
    each(th, e, "surrogates not allowed", &put)
}
pub fn decode_utf32(th: &mut Thread, d: &mut Decode) -> R<()> {
    let b = d.input();
    let (mut big, by_mark) = order(d.encoding);
    let mut at = 0;
    if by_mark && b.len() >= 4 {
        (at, big) = match b[..4] {
            [0xFF, 0xFE, 0, 0] => (4, false),
            [0, 0, 0xFE, 0xFF] => (4, true),
            _ => (0, false),
        };
    }
    d.encoding = if big { "utf-32-be" } else { "utf-32-le" };
    while at < b.len() {
        let Some(w) = b.get(at..at + 4) else {
            if !d.last {
                break;
            }
            at = d.error(th, at, b.len(), "truncated data")?;
            continue;
        };
        let w: [u8; 4] = w.try_into().expect("4 bytes");
        let c = if big { u32::from_be_bytes(w) } else { u32::from_le_bytes(w) };
        if c >= 0x110000 {
            at = d.error(th, at, at + 4, "code point not in range(0x110000)")?;
        } else if (0xD800..0xE000).contains(&c) && th.py3() {
            at = d.error(th, at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)")?;
        } else {
            push_code_point(&mut d.out, c);
            at += 4;
        }
    }
    d.used = at;
    Ok(())
}
pub fn encode_utf32(th: &mut Thread, e: &mut Encode) -> R<()> {
    let (big, mark) = order(e.encoding);
    let py3 = th.py3();
    if mark {
        e.out.extend([0xFF, 0xFE, 0, 0]);
    }
    each(th, e, "surrogates not allowed", &move |out, c| {
        let ok = !py3 || !(0xD800..0xE000).contains(&c);
        if ok {
            out.extend(if big { c.to_be_bytes() } else { c.to_le_bytes() });
        }
        ok
    })
}

/// The code points of a text.
pub fn points(b: &[u8]) -> Vec<u32> { code_points(b).collect() }
