//! Properties and case mappings of code points. A code point is a u32: surrogates are code points of category Cs.

use super::unicode_tables::{DECIMAL_ZEROS, DIGITS, NAMES, NUMERIC_IDEOGRAPHS, RUNS};

const LU: u32 = 0;
const LL: u32 = 1;
const LT: u32 = 2;
const LO: u32 = 4;
const ND: u32 = 8;
const NO: u32 = 10;
/// Not assigned.
const CN: u32 = 29;

fn code(c: u32) -> u32 {
    let i = RUNS.partition_point(|r| r >> 8 <= c) - 1;
    let k = RUNS[i] & 0xFF;
    if k & 0x80 == 0 {
        return k;
    }
    // Lu and Ll take turns.
    (k & 0x7F) ^ (c - (RUNS[i] >> 8)) & 1
}
/// General category: "Lu", "Zs" ...
pub fn category(c: u32) -> &'static str { NAMES[code(c) as usize] }

fn within(t: &[(u32, u32)], c: u32) -> bool {
    let i = t.partition_point(|r| r.0 <= c);
    i > 0 && c <= t[i - 1].1
}
/// The value of a decimal digit of any script.
pub fn decimal(c: u32) -> Option<u32> {
    if c < 128 {
        return (c as u8 as char).to_digit(10);
    }
    let i = DECIMAL_ZEROS.partition_point(|z| *z <= c);
    let v = c - *DECIMAL_ZEROS.get(i.checked_sub(1)?)?;
    (v < 10).then_some(v)
}
pub fn is_digit(c: u32) -> bool { decimal(c).is_some() || within(&DIGITS, c) }
pub fn is_numeric(c: u32) -> bool { (ND..=NO).contains(&code(c)) || within(&NUMERIC_IDEOGRAPHS, c) }
pub fn is_alpha(c: u32) -> bool { if c < 128 { (c as u8).is_ascii_alphabetic() } else { code(c) <= LO } }
pub fn is_alnum(c: u32) -> bool { is_alpha(c) || is_numeric(c) }
pub fn is_title(c: u32) -> bool { c >= 128 && code(c) == LT }
pub fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 0x1C..=0x20 | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000)
}
/// What ends a line for `splitlines`.
pub fn is_line_end(c: u32) -> bool { matches!(c, 10..=13 | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029) }
/// Whether `repr` shows the character itself.
pub fn is_printable(c: u32) -> bool { if c < 128 { (32..127).contains(&c) } else { code(c) < 22 } }
/// Whether the tables' version of Unicode has the character.
pub fn is_assigned(c: u32) -> bool { c < 128 || code(c) != CN }
pub fn is_upper(c: u32) -> bool { code(c) == LU || char::from_u32(c).is_some_and(char::is_uppercase) && is_assigned(c) }
pub fn is_lower(c: u32) -> bool { code(c) == LL || char::from_u32(c).is_some_and(char::is_lowercase) && is_assigned(c) }
pub fn is_cased(c: u32) -> bool { if c < 128 { (c as u8).is_ascii_alphabetic() } else { is_upper(c) || is_lower(c) || matches!(code(c), LU | LL | LT) } }

/// Passes a mapping on; one to characters that the tables' Unicode version does not have (the standard library's is newer) is none.
fn known(c: u32, mapped: impl Iterator<Item = char> + Clone, put: impl FnMut(char)) -> bool {
    let ok = c < 128 || is_assigned(c) && mapped.clone().all(|x| is_assigned(x as u32));
    if ok {
        mapped.for_each(put);
    }
    ok
}
/// Full upper-case mapping.
pub fn upper(c: u32, mut put: impl FnMut(u32)) {
    if !char::from_u32(c).is_some_and(|ch| known(c, ch.to_uppercase(), |x| put(x as u32))) {
        put(c)
    }
}
pub fn lower(c: u32, mut put: impl FnMut(u32)) {
    if !char::from_u32(c).is_some_and(|ch| known(c, ch.to_lowercase(), |x| put(x as u32))) {
        put(c)
    }
}
/// Simple title-case mapping of the few characters where it is neither the character nor its upper case.
fn title_simple(c: u32) -> Option<u32> {
    Some(match c {
        0x1C4..=0x1CC => [0x1C5, 0x1C8, 0x1CB][(c as usize - 0x1C4) / 3],
        0x1F1..=0x1F3 => 0x1F2,
        0x10D0..=0x10FA | 0x10FD..=0x10FF => c,
        0x1F80..=0x1FAF => c | 8,
        0x1FB3 | 0x1FBC => 0x1FBC,
        0x1FC3 | 0x1FCC => 0x1FCC,
        0x1FF3 | 0x1FFC => 0x1FFC,
        _ => return None,
    })
}
/// Full title-case mapping: the first cased character of the upper-case mapping stays, the rest is lowered.
pub fn title(c: u32, mut put: impl FnMut(u32)) {
    if let Some(t) = title_simple(c) {
        return put(t);
    }
    let mut seen = false;
    upper(c, |u| {
        if !seen {
            seen = is_cased(u);
            put(u)
        } else if u == 0x399 && (0x1F00..0x2000).contains(&c) {
            put(0x345) // iota subscript
        } else {
            lower(u, &mut put)
        }
    });
}
/// Full case folding: lower of upper, but for Cherokee (which folds to capitals), dotless i and capital sharp s.
pub fn fold(c: u32, mut put: impl FnMut(u32)) {
    match c {
        0x131 | 0x13A0..=0x13F5 => put(c),
        0x1E9E => {
            put(0x73);
            put(0x73)
        }
        0x13F8..=0x13FD | 0xAB70..=0xABBF => upper(c, put),
        _ => upper(c, |u| lower(u, &mut put)),
    }
}
/// Mappings to one character each, as 2.7 has them.
pub fn simple(c: u32, full: impl FnOnce(u32, &mut dyn FnMut(u32))) -> u32 {
    let (mut n, mut to) = (0, c);
    full(c, &mut |x| {
        n += 1;
        to = x;
    });
    if n == 1 { to } else { title_simple(c).unwrap_or(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_and_digits() {
        for (c, k) in [('a', "Ll"), ('A', "Lu"), ('ā', "Ll"), ('Ā', "Lu"), ('ǅ', "Lt"), ('5', "Nd"), ('½', "No"), (' ', "Zs"), ('_', "Pc"), ('\u{10FFFF}', "Cn"), ('一', "Lo")] {
            assert_eq!(category(c as u32), k, "{c}");
        }
        assert_eq!(category(0xD800), "Cs");
        assert_eq!((decimal('٣' as u32), decimal('²' as u32), is_digit('²' as u32), is_numeric('三' as u32)), (Some(3), None, true, true));
        assert!(!is_printable(0x7F) && !is_printable(0xA0) && is_printable('é' as u32) && !is_printable(0xDC80));
    }

    #[test]
    fn special_casing() {
        let all = |f: &dyn Fn(u32, &mut dyn FnMut(u32)), c: char| {
            let mut s = String::new();
            f(c as u32, &mut |x| s.push(char::from_u32(x).expect("a scalar")));
            s
        };
        let t: &dyn Fn(u32, &mut dyn FnMut(u32)) = &|c, p| title(c, p);
        let f: &dyn Fn(u32, &mut dyn FnMut(u32)) = &|c, p| fold(c, p);
        assert_eq!(all(t, 'ß'), "Ss");
        assert_eq!(all(t, 'ǆ'), "ǅ");
        assert_eq!(all(t, 'ﬃ'), "Ffi");
        assert_eq!(all(t, 'ŉ'), "ʼN");
        assert_eq!(all(f, 'ß'), "ss");
        assert_eq!(all(f, 'ς'), "σ");
        assert_eq!(simple('ß' as u32, |c, p| upper(c, p)), 'ß' as u32);
    }
}
