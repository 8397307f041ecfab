//! The ISO 2022 family: escape sequences designate character sets, shifts choose among them. The state is eight bytes: the sets G0 to G3, and flags.

use super::table::{Found, Table, euc_jis_2004, euc_jisx0213, euc_jp, euc_kr, gb2312};
use super::{Step, Wrong, push};
use txpy_vm::types::text::push_code_point;

const ESC: u8 = 0x1B;
const SO: u8 = 0x0E;
const SI: u8 = 0x0F;
/// Marks of sets of two bytes have the top bit.
const DOUBLE: u8 = 0x80;
const ASCII: u8 = b'B';
const LATIN1: u8 = b'A';
const GREEK: u8 = b'F';

/// Flags of the state.
const SHIFTED: u64 = 1;
const ESCAPING: u64 = 2;

/// A character set that an encoding may designate.
pub struct Set {
    /// The final byte of its escape sequence; the top bit says that it has two bytes a character.
    mark: u8,
    /// G0, G1 or G2.
    plane: usize,
    content: Content,
}
type Lazy = fn() -> &'static Table;
#[derive(Clone, Copy)]
enum Content {
    /// The part of a table between A1A1 and FEFE.
    Two(Lazy),
    /// Its sequences behind 8F, in the rows of the set's own (a bit for each).
    Three(Lazy, u128),
    /// What only stands for two characters together.
    Pairs(Lazy),
    Roman,
    Katakana,
    /// Of G2, only decoded.
    High,
}
/// Rows of JIS X 0212, and of JIS X 0213's second plane.
const ROWS_0212: u128 = rows(&[(2, 2), (6, 7), (9, 11), (16, 77)]);
const ROWS_0213: u128 = rows(&[(1, 1), (3, 5), (8, 8), (12, 15), (78, 94)]);
const fn rows(ranges: &[(u32, u32)]) -> u128 {
    let (mut bits, mut i) = (0, 0);
    while i < ranges.len() {
        let mut row = ranges[i].0;
        while row <= ranges[i].1 {
            bits |= 1 << row;
            row += 1;
        }
        i += 1;
    }
    bits
}

const fn set(mark: u8, plane: usize, content: Content) -> Set { Set { mark, plane, content } }
const KSX1001: u8 = b'C' | DOUBLE;
const JISX0208: Set = set(b'B' | DOUBLE, 0, Content::Two(euc_jp));
const JISX0208_OLD: Set = set(b'@' | DOUBLE, 0, Content::Two(euc_jp));
const JISX0212: Set = set(b'D' | DOUBLE, 0, Content::Three(euc_jp, ROWS_0212));
const ROMAN: Set = set(b'J', 0, Content::Roman);
static KR: &[Set] = &[set(KSX1001, 1, Content::Two(euc_kr))];
static JP: &[Set] = &[JISX0208, ROMAN, JISX0208_OLD];
static JP_1: &[Set] = &[JISX0208, JISX0212, ROMAN, JISX0208_OLD];
static JP_2: &[Set] = &[
    JISX0208, JISX0212, set(KSX1001, 0, Content::Two(euc_kr)), set(b'A' | DOUBLE, 0, Content::Two(gb2312)), ROMAN, JISX0208_OLD,
    set(LATIN1, 2, Content::High), set(GREEK, 2, Content::High),
];
const fn jisx0213(mark: u8, table: Lazy) -> [Set; 4] {
    [set(mark, 0, Content::Pairs(table)), JISX0208, set(mark, 0, Content::Two(table)), set(b'P' | DOUBLE, 0, Content::Three(table, ROWS_0213))]
}
static JP_3: &[Set] = &jisx0213(b'O' | DOUBLE, euc_jisx0213);
static JP_2004: &[Set] = &jisx0213(b'Q' | DOUBLE, euc_jis_2004);
static JP_EXT: &[Set] = &[JISX0208, JISX0212, ROMAN, set(b'I', 0, Content::Katakana), JISX0208_OLD];

/// An encoding of the family.
pub struct Config {
    sets: &'static [Set],
    /// Shifts are characters like others.
    no_shift: bool,
    /// `ESC N` takes a character of G2.
    g2: bool,
    /// `ESC & @ ESC $ B` is known.
    extended: bool,
}
const fn jp(sets: &'static [Set], g2: bool) -> Config { Config { sets, no_shift: true, g2, extended: true } }
pub static CONFIGS: &[(&str, Config)] = &[
    ("iso2022_kr", Config { sets: KR, no_shift: false, g2: false, extended: false }),
    ("iso2022_jp", jp(JP, false)),
    ("iso2022_jp_1", jp(JP_1, false)),
    ("iso2022_jp_2", jp(JP_2, true)),
    ("iso2022_jp_2004", jp(JP_2004, false)),
    ("iso2022_jp_3", jp(JP_3, false)),
    ("iso2022_jp_ext", jp(JP_EXT, false)),
];

/// G0 and G1 are ASCII at first, for decoders G2 too.
pub const START: u64 = ASCII as u64 | (ASCII as u64) << 8;
pub const START_DECODING: u64 = START | (ASCII as u64) << 16;
fn designated(state: u64, plane: usize) -> u8 { (state >> (8 * plane)) as u8 }
fn designate(state: &mut u64, plane: usize, mark: u8) { *state = *state & !(0xFF << (8 * plane)) | u64::from(mark) << (8 * plane) }
fn has(state: u64, flag: u64) -> bool { state >> 32 & flag != 0 }
fn flag(state: &mut u64, flag: u64, on: bool) {
    *state &= !(flag << 32);
    *state |= (flag * u64::from(on)) << 32;
}

impl Set {
    fn width(&self) -> usize { if self.mark & DOUBLE != 0 { 2 } else { 1 } }
    fn decode(&self, b: &[u8]) -> Found {
        if b.iter().any(|c| !(0x21..0x7F).contains(c)) && self.width() == 2 {
            return Found::Nothing;
        }
        let key = b.iter().fold(0, |k, c| k << 8 | u32::from(c | 0x80));
        match self.content {
            Content::Two(table) | Content::Pairs(table) => table().sequence(key),
            Content::Three(table, rows) if rows >> (b[0] - 0x20) & 1 != 0 => table().sequence(0x8F0000 | key),
            Content::Roman => Found::One(match b[0] {
                b'\\' => 0xA5,
                b'~' => 0x203E,
                c => u32::from(c),
            }),
            Content::Katakana if (0x21..0x60).contains(&b[0]) => Found::One(0xFF40 + u32::from(b[0])),
            _ => Found::Nothing,
        }
    }
    /// The code of a character, without top bits.
    fn code(&self, c: u32) -> Option<u32> {
        match self.content {
            Content::Two(table) => table().code(c).filter(|k| (0xA1A1..0x10000).contains(k) && k & 0x80 != 0).map(|k| k & 0x7F7F),
            Content::Three(table, rows) => table().code(c).filter(|k| *k > 0xFFFF).map(|k| k & 0x7F7F).filter(|k| rows >> ((k >> 8) - 0x20) & 1 != 0),
            Content::Roman => match c {
                0xA5 => Some(0x5C),
                0x203E => Some(0x7E),
                _ => None,
            },
            Content::Katakana => (0xFF61..0xFFA0).contains(&c).then(|| c - 0xFF40),
            Content::Pairs(_) | Content::High => None,
        }
    }
}

/// What the escape sequence at the beginning of `b` does: its length.
fn escape(f: &Config, b: &[u8], state: &mut u64) -> Step {
    let ends = |c: u8| c.is_ascii_uppercase() || c == b'@';
    let (mut length, mut i) = (0, 1);
    while i < 16 {
        match b.get(i) {
            None => return Err(Wrong::Incomplete),
            Some(c) if ends(*c) => {
                length = i + 1;
                break;
            }
            Some(b'&') if f.extended && b.get(i + 1) == Some(&b'@') => i += 2,
            _ => {}
        }
        i += 1;
    }
    let (plane, mark) = match &b[..length] {
        [] => return Err(Wrong::Illegal(1)),
        [_, b'$', m] => (0, *m | DOUBLE),
        [_, b'(', m] => (0, *m),
        [_, b')', m] => (1, *m),
        [_, b'.', m] if f.g2 => (2, *m),
        [_, b'$', b'(', m] => (0, *m | DOUBLE),
        [_, b'$', b')', m] => (1, *m | DOUBLE),
        b"\x1b&@\x1b$B" if f.extended => (0, b'B' | DOUBLE),
        other => return Err(Wrong::Illegal(other.len())),
    };
    if mark != ASCII && !f.sets.iter().any(|s| s.mark == mark) {
        return Err(Wrong::Illegal(length));
    }
    designate(state, plane, mark);
    Ok(length)
}

pub fn decode(f: &Config, b: &[u8], state: &mut u64, out: &mut Vec<u8>) -> Step {
    let c = b[0];
    if has(*state, ESCAPING) {
        push_code_point(out, u32::from(c));
        if c.is_ascii_uppercase() || c == b'@' {
            flag(state, ESCAPING, false);
        }
        return Ok(1);
    }
    match c {
        ESC => {
            return match b.get(1) {
                None => Err(Wrong::Incomplete),
                Some(b'(' | b')' | b'$' | b'.' | b'&') => escape(f, b, state),
                Some(b'N') if f.g2 => single_shift(b, *state, out),
                _ => {
                    out.push(ESC);
                    flag(state, ESCAPING, true);
                    Ok(1)
                }
            };
        }
        SI | SO if !f.no_shift => {
            flag(state, SHIFTED, c == SO);
            return Ok(1);
        }
        b'\n' => flag(state, SHIFTED, false),
        0x80.. => return Err(Wrong::Illegal(1)),
        0x20.. => {
            let mark = designated(*state, has(*state, SHIFTED) as usize);
            if mark != ASCII {
                return in_set(f, mark, b, out);
            }
        }
        _ => {}
    }
    out.push(c);
    Ok(1)
}
fn in_set(f: &Config, mark: u8, b: &[u8], out: &mut Vec<u8>) -> Step {
    let Some(s) = f.sets.iter().find(|s| s.mark == mark) else { return Err(Wrong::Internal) };
    let n = s.width();
    if b.len() < n {
        return Err(Wrong::Incomplete);
    }
    if s.decode(&b[..n]).put(out) { Ok(n) } else { Err(Wrong::Illegal(n)) }
}
/// `ESC N` and a character of G2.
fn single_shift(b: &[u8], state: u64, out: &mut Vec<u8>) -> Step {
    let Some(c) = b.get(2) else { return Err(Wrong::Incomplete) };
    let c = match designated(state, 2) {
        LATIN1 if *c < 0x80 => u32::from(*c) + 0x80,
        GREEK => match greek(c ^ 0x80) {
            Some(c) => c,
            None => return Err(Wrong::Illegal(3)),
        },
        ASCII if *c < 0x80 => u32::from(*c),
        LATIN1 | ASCII => return Err(Wrong::Illegal(3)),
        _ => return Err(Wrong::Internal),
    };
    push_code_point(out, c);
    Ok(3)
}
/// ISO 8859-7.
fn greek(c: u8) -> Option<u32> {
    let c = u32::from(c);
    match c {
        0..0xA0 => Some(c),
        0xA0 | 0xA3 | 0xA6..=0xA9 | 0xAB..=0xAD | 0xB0..=0xB3 | 0xB7 | 0xBB | 0xBD => Some(c),
        0xB4..=0xB6 | 0xB8..=0xBA | 0xBC | 0xBE..=0xD1 | 0xD3..=0xFE => Some(c + 0x2D0),
        0xA1 => Some(0x2018),
        0xA2 => Some(0x2019),
        0xAF => Some(0x2015),
        _ => None,
    }
}

/// Encodes the character at the beginning of `s`; `whole`: nothing follows `s`. 2.7 waits for a second character too, but never encodes two together.
pub fn encode(f: &Config, s: &[u32], state: &mut u64, out: &mut Vec<u8>, whole: bool, py3: bool) -> Step {
    let c = s[0];
    if c < 0x80 {
        if designated(*state, 0) != ASCII {
            out.extend([ESC, b'(', ASCII]);
            designate(state, 0, ASCII);
        }
        if has(*state, SHIFTED) {
            out.push(SI);
            flag(state, SHIFTED, false);
        }
        out.push(c as u8);
        return Ok(1);
    }
    let mut found = None;
    for set in f.sets {
        let code = match set.content {
            Content::Pairs(table) if table().begins_pair(c) => match s.get(1) {
                None if !whole => return Err(Wrong::Incomplete),
                Some(next) if py3 => table().pair(c, *next).map(|k| (k & 0x7F7F, 2)),
                _ => None,
            },
            _ => set.code(c).map(|k| (k, 1)),
        };
        if let Some((code, used)) = code {
            found = Some((set, code, used));
            break;
        }
    }
    let Some((set, code, used)) = found else { return Err(Wrong::Illegal(1)) };
    let shifted = set.plane == 1;
    if has(*state, SHIFTED) && !shifted {
        out.push(SI);
        flag(state, SHIFTED, false);
    }
    if designated(*state, set.plane) != set.mark {
        out.push(ESC);
        let bracket = if shifted { b')' } else { b'(' };
        match set.mark & !DOUBLE {
            m if set.mark & DOUBLE == 0 => out.extend([bracket, m]),
            b'B' if !shifted => out.extend([b'$', b'B']),
            m => out.extend([b'$', bracket, m]),
        }
        designate(state, set.plane, set.mark);
    }
    if shifted && !has(*state, SHIFTED) {
        out.push(SO);
        flag(state, SHIFTED, true);
    }
    push(out, code);
    Ok(used)
}
/// Back to ASCII at the end of a text.
pub fn reset(state: &mut u64, out: &mut Vec<u8>) {
    if has(*state, SHIFTED) {
        out.push(SI);
        flag(state, SHIFTED, false);
    }
    if designated(*state, 0) != ASCII {
        out.extend([ESC, b'(', ASCII]);
        designate(state, 0, ASCII);
    }
}
