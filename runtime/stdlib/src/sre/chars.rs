//! Characters of subjects, and what patterns ask of them.

use super::ops::{Category, Op};
use txpy_vm::types::{text, unicode};

/// What is searched; places are byte offsets.
pub trait Chars: Copy {
    /// The character at `at` and where the next one begins. Something must stand there.
    fn next(self, at: usize) -> (u32, usize);
    /// The character before `at` and where it begins. Something must stand there.
    fn before(self, at: usize) -> (u32, usize);
    /// The bytes of `c`; false if no subject of this kind has it.
    fn put(c: u32, out: &mut Vec<u8>) -> bool;
    /// `n` characters after `at`, but not beyond `end`.
    fn skip(self, at: usize, n: usize, end: usize) -> usize;
    /// `n` characters before `at`, if so many are there.
    fn back(self, at: usize, n: usize) -> Option<usize>;
}
/// Bytes, or text that is ASCII.
#[derive(Clone, Copy)]
pub struct Narrow<'a>(pub &'a [u8]);
/// Any other text: UTF-8 with surrogates.
#[derive(Clone, Copy)]
pub struct Wide<'a>(pub &'a [u8]);

impl Chars for Narrow<'_> {
    #[inline(always)]
    fn next(self, at: usize) -> (u32, usize) { (self.0[at] as u32, at + 1) }
    #[inline(always)]
    fn before(self, at: usize) -> (u32, usize) { (self.0[at - 1] as u32, at - 1) }
    fn put(c: u32, out: &mut Vec<u8>) -> bool { u8::try_from(c).map(|c| out.push(c)).is_ok() }
    fn skip(self, at: usize, n: usize, end: usize) -> usize { at.saturating_add(n).min(end) }
    fn back(self, at: usize, n: usize) -> Option<usize> { at.checked_sub(n) }
}
impl Chars for Wide<'_> {
    #[inline(always)]
    fn next(self, at: usize) -> (u32, usize) {
        let (c, n) = text::decode_at(self.0, at);
        (c, at + n)
    }
    #[inline(always)]
    fn before(self, at: usize) -> (u32, usize) { text::decode_before(self.0, at) }
    fn put(c: u32, out: &mut Vec<u8>) -> bool {
        text::push_code_point(out, c);
        c < 0x110000
    }
    fn skip(self, mut at: usize, n: usize, end: usize) -> usize {
        for _ in 0..n {
            if at >= end {
                break;
            }
            at = self.next(at).1;
        }
        at
    }
    fn back(self, mut at: usize, n: usize) -> Option<usize> {
        // A character has a byte at least.
        if n > at {
            return None;
        }
        for _ in 0..n {
            if at == 0 {
                return None;
            }
            at = self.before(at).1;
        }
        Some(at)
    }
}

pub fn is_line_end(c: u32) -> bool { c == 10 }
pub fn is_word(c: u32) -> bool { c == 95 || c < 128 && (c as u8).is_ascii_alphanumeric() }
pub fn is_unicode_word(c: u32) -> bool { if c < 128 { is_word(c) } else { unicode::is_alnum(c) } }
pub fn lower_ascii(c: u32) -> u32 { if (65..=90).contains(&c) { c + 32 } else { c } }
pub fn upper_ascii(c: u32) -> u32 { if (97..=122).contains(&c) { c - 32 } else { c } }
/// Lower case as one character: the first one where it is more.
pub fn lower(c: u32) -> u32 { if c < 128 { lower_ascii(c) } else { char::from_u32(c).and_then(|c| c.to_lowercase().next()).map_or(c, u32::from) } }
/// Upper case as one character: the first one where it is more.
pub fn upper(c: u32) -> u32 { if c < 128 { upper_ascii(c) } else { char::from_u32(c).and_then(|c| c.to_uppercase().next()).map_or(c, u32::from) } }
/// Whether `c` is the same letter as the pattern's, by the locale (always C's).
pub fn same_in_locale(wanted: u32, c: u32) -> bool { wanted == c || wanted == lower_ascii(c) || wanted == upper_ascii(c) }

pub fn category(word: u32, c: u32) -> bool {
    let Some(category) = Category::of(word) else { return false };
    match category {
        Category::DIGIT => (48..58).contains(&c),
        Category::NOT_DIGIT => !(48..58).contains(&c),
        Category::SPACE => matches!(c, 9..=13 | 32),
        Category::NOT_SPACE => !matches!(c, 9..=13 | 32),
        Category::WORD | Category::LOC_WORD => is_word(c),
        Category::NOT_WORD | Category::LOC_NOT_WORD => !is_word(c),
        Category::LINEBREAK => is_line_end(c),
        Category::NOT_LINEBREAK => !is_line_end(c),
        Category::UNI_DIGIT => unicode::decimal(c).is_some(),
        Category::UNI_NOT_DIGIT => unicode::decimal(c).is_none(),
        Category::UNI_SPACE => unicode::is_space(c),
        Category::UNI_NOT_SPACE => !unicode::is_space(c),
        Category::UNI_WORD => is_unicode_word(c),
        Category::UNI_NOT_WORD => !is_unicode_word(c),
        Category::UNI_LINEBREAK => unicode::is_line_end(c),
        Category::UNI_NOT_LINEBREAK => !unicode::is_line_end(c),
    }
}

/// Whether `c` is in the set that begins at word `i`. The code was checked: sets end in FAILURE.
pub fn in_set(code: &[u32], mut i: usize, c: u32) -> bool {
    let mut found = true;
    loop {
        match Op::of(code[i]) {
            Some(Op::NEGATE) => {
                found = !found;
                i += 1;
            }
            Some(Op::LITERAL) => {
                if code[i + 1] == c {
                    return found;
                }
                i += 2;
            }
            Some(Op::RANGE) => {
                if (code[i + 1]..=code[i + 2]).contains(&c) {
                    return found;
                }
                i += 3;
            }
            Some(Op::RANGE_UNI_IGNORE) => {
                let range = code[i + 1]..=code[i + 2];
                if range.contains(&c) || range.contains(&upper(c)) {
                    return found;
                }
                i += 3;
            }
            Some(Op::CATEGORY) => {
                if category(code[i + 1], c) {
                    return found;
                }
                i += 2;
            }
            Some(Op::CHARSET) => {
                if c < 256 && code[i + 1 + c as usize / 32] >> (c % 32) & 1 != 0 {
                    return found;
                }
                i += 9;
            }
            Some(Op::BIGCHARSET) => {
                // <count>, 256 bytes that number blocks, the blocks of 256 bits.
                if c < 0x10000 {
                    let byte = (c >> 8) as usize;
                    let block = code[i + 2 + byte / 4].to_ne_bytes()[byte % 4] as usize;
                    if code[i + 66 + block * 8 + (c as usize & 255) / 32] >> (c % 32) & 1 != 0 {
                        return found;
                    }
                }
                i += 66 + code[i + 1] as usize * 8;
            }
            _ => return !found,
        }
    }
}
