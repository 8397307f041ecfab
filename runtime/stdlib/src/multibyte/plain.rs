//! Multibyte encodings without state, and HZ, whose state is one bit.

use super::table::{First, Found, Table, gb2312, gb18030};
use super::{Step, Wrong, push};
use txpy_vm::types::text::push_code_point;

/// What an encoding does beyond its table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    Table,
    /// Sequences of four bytes for all that is not in the table.
    Gb18030,
    /// Hangul that the table lacks are written by their parts, in eight bytes.
    EucKr,
}

// ---- Hangul by parts: the second bytes of the parts behind A4

const LEADS: &[u8; 19] = b"\xa1\xa2\xa4\xa7\xa8\xa9\xb1\xb2\xb3\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe";
const FILLER: u8 = 0xD4;
const TAILS: &[u8; 28] = b"\xd4\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb4\xb5\xb6\xb7\xb8\xba\xbb\xbc\xbd\xbe";

fn hangul(b: &[u8]) -> Option<u32> {
    if b[2] != 0xA4 || b[4] != 0xA4 || b[6] != 0xA4 {
        return None;
    }
    let lead = LEADS.iter().position(|x| *x == b[3])? as u32;
    let vowel = u32::from(b[5].checked_sub(0xBF).filter(|v| *v < 21)?);
    let tail = TAILS.iter().position(|x| *x == b[7])? as u32;
    Some(0xAC00 + lead * 588 + vowel * 28 + tail)
}

// ---- GB18030's four bytes: the table's gaps below U+10000 in their order, then all above

fn gaps() -> &'static (Vec<u16>, Vec<u16>) {
    static GAPS: std::sync::OnceLock<(Vec<u16>, Vec<u16>)> = std::sync::OnceLock::new();
    GAPS.get_or_init(|| {
        let t = gb18030();
        let free: Vec<u16> = (0x80..0x10000u32).filter(|c| !(0xD800..0xE000).contains(c) && t.code(*c).is_none()).map(|c| c as u16).collect();
        let mut places = vec![u16::MAX; 0x10000];
        for (i, c) in free.iter().enumerate() {
            places[*c as usize] = i as u16;
        }
        (free, places)
    })
}
fn four_bytes(c: u32) -> Option<[u8; 4]> {
    let mut n = match c {
        0..0x10000 => u32::from(*gaps().1.get(c as usize).filter(|p| **p != u16::MAX)?),
        _ => c - 0x10000 + 15 * 12600,
    };
    let mut out = [0; 4];
    for (i, (base, low)) in [(126, 0x81), (10, 0x30), (126, 0x81), (10, 0x30)].iter().enumerate().rev() {
        out[i] = (n % base) as u8 + low;
        n /= base;
    }
    Some(out)
}
fn of_four(b: &[u8]) -> Option<u32> {
    let mut n = 0;
    for (c, (base, low)) in b.iter().zip([(126, 0x81), (10, 0x30), (126, 0x81), (10, 0x30)]) {
        n = n * base + u32::from(c.checked_sub(low).filter(|c| u32::from(*c) < base)?);
    }
    match n.checked_sub(15 * 12600) {
        Some(n) => Some(n + 0x10000).filter(|c| *c < 0x110000),
        None if b[0] < 0x85 => gaps().0.get(n as usize).map(|c| u32::from(*c)),
        None => None,
    }
}

/// Decodes the character at the beginning of `b`. `py3` decides how much of an illegal sequence is one error.
pub fn decode(t: &Table, rule: Rule, b: &[u8], out: &mut Vec<u8>, py3: bool) -> Step {
    let illegal = |n: usize| Err(Wrong::Illegal(if py3 { 1 } else { n }));
    let n = match t.first(b[0]) {
        First::Is(c) => {
            push_code_point(out, c);
            return Ok(1);
        }
        First::Illegal => return illegal(2),
        First::Of(n) => n,
    };
    if b.len() < 2 {
        return Err(Wrong::Incomplete);
    }
    // Sequences of a fixed length besides those of the table.
    let longer: Option<(usize, fn(&[u8]) -> Option<u32>)> = match rule {
        Rule::Gb18030 if b[1].is_ascii_digit() => Some((4, of_four)),
        Rule::EucKr if b[..2] == [0xA4, FILLER] => Some((8, hangul)),
        _ => None,
    };
    if let Some((n, character)) = longer {
        let Some(b) = b.get(..n) else { return Err(Wrong::Incomplete) };
        return match character(b) {
            Some(c) => {
                push_code_point(out, c);
                Ok(n)
            }
            None => illegal(n),
        };
    }
    if b.len() < n {
        return Err(Wrong::Incomplete);
    }
    match t.sequence(b[..n].iter().fold(0, |k, c| k << 8 | u32::from(*c))) {
        Found::Nothing => illegal(n),
        Found::Whole => Err(Wrong::Illegal(2)),
        found => {
            found.put(out);
            Ok(n)
        }
    }
}

/// Encodes the character at the beginning of `s`, which may be one with the next; `whole`: nothing follows `s`.
pub fn encode(t: &Table, rule: Rule, s: &[u32], out: &mut Vec<u8>, whole: bool) -> Step {
    let c = s[0];
    if t.begins_pair(c) {
        match s.get(1) {
            None if !whole => return Err(Wrong::Incomplete),
            Some(next) if let Some(code) = t.pair(c, *next) => {
                push(out, code);
                return Ok(2);
            }
            _ => {}
        }
    }
    if let Some(code) = t.code(c) {
        push(out, code);
        return Ok(1);
    }
    match rule {
        Rule::Gb18030 if let Some(b) = four_bytes(c) => out.extend(b),
        Rule::EucKr if (0xAC00..0xD7A4).contains(&c) => {
            let n = (c - 0xAC00) as usize;
            out.extend([0xA4, FILLER, 0xA4, LEADS[n / 588], 0xA4, 0xBF + (n / 28 % 21) as u8, 0xA4, TAILS[n % 28]]);
        }
        _ => return Err(Wrong::Illegal(1)),
    }
    Ok(1)
}

/// HZ: GB 2312 between `~{` and `~}`; the state is 1 there.
pub fn decode_hz(b: &[u8], state: &mut u64, out: &mut Vec<u8>, py3: bool) -> Step {
    let c = b[0];
    if c == b'~' {
        let Some(d) = b.get(1) else { return Err(Wrong::Incomplete) };
        match (d, *state) {
            (b'~', 0) => out.push(b'~'),
            (b'{', 0) => *state = 1,
            (b'}', 1) => *state = 0,
            (b'\n', 0) => {}
            _ => return Err(Wrong::Illegal(if py3 { 1 } else { 2 })),
        }
        return Ok(2);
    }
    if c >= 128 {
        return Err(Wrong::Illegal(1));
    }
    if *state == 0 {
        out.push(c);
        return Ok(1);
    }
    let Some(d) = b.get(1) else { return Err(Wrong::Incomplete) };
    let found = if *d < 128 { gb2312().sequence(u32::from(c) << 8 | u32::from(*d) | 0x8080) } else { Found::Nothing };
    if found.put(out) { Ok(2) } else { Err(Wrong::Illegal(if py3 { 1 } else { 2 })) }
}
pub fn encode_hz(s: &[u32], state: &mut u64, out: &mut Vec<u8>) -> Step {
    let c = s[0];
    if c < 128 {
        reset_hz(state, out);
        out.push(c as u8);
        if c == u32::from(b'~') {
            out.push(b'~');
        }
        return Ok(1);
    }
    let Some(code) = gb2312().code(c) else { return Err(Wrong::Illegal(1)) };
    if *state == 0 {
        out.extend(b"~{");
        *state = 1;
    }
    push(out, code & 0x7F7F);
    Ok(1)
}
pub fn reset_hz(state: &mut u64, out: &mut Vec<u8>) {
    if *state != 0 {
        out.extend(b"~}");
        *state = 0;
    }
}
