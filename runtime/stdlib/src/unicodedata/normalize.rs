//! The normalization forms of Unicode (UAX 15): decomposition, canonical ordering, composition.

use super::tables::COMBINING;
use super::run_value;
use std::collections::HashMap;
use std::sync::OnceLock;

/// One decomposition: tag ("" for canonical ones) and code points.
pub struct Decomposition {
    pub tag: &'static str,
    pub to: Vec<u32>,
}
pub struct Data {
    pub decompositions: HashMap<u32, Decomposition>,
    /// Primary composites.
    composites: HashMap<(u32, u32), u32>,
}
/// Lines of `code[!] [tag] code...;`: `!` marks what is excluded from composition.
static TEXT: &str = include_str!("decompositions.txt");

pub fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| {
        let mut d = Data { decompositions: HashMap::with_capacity(6000), composites: HashMap::with_capacity(1000) };
        let hex = |s: &str| u32::from_str_radix(s, 16).unwrap_or(0);
        for entry in TEXT.split([';', '\n']).filter(|e| !e.is_empty()) {
            let mut words = entry.split(' ');
            let head = words.next().unwrap_or("");
            let (code, excluded) = match head.strip_suffix('!') {
                Some(h) => (hex(h), true),
                None => (hex(head), false),
            };
            let mut rest = words.peekable();
            // Tags begin with a small letter, digits of code points are capitals.
            let tag = rest.next_if(|w| w.as_bytes().first().is_some_and(u8::is_ascii_lowercase)).unwrap_or("");
            let to: Vec<u32> = rest.map(hex).collect();
            if tag.is_empty() && !excluded {
                if let [a, b] = to[..] {
                    d.composites.insert((a, b), code);
                }
            }
            d.decompositions.insert(code, Decomposition { tag, to });
        }
        d
    })
}
pub fn combining(c: u32) -> u32 { if c < 0x300 { 0 } else { run_value(&COMBINING, c) } }

// Hangul syllables are composed by arithmetic.
const S: u32 = 0xAC00;
const L: u32 = 0x1100;
const V: u32 = 0x1161;
const T: u32 = 0x11A7;
const V_COUNT: u32 = 21;
const T_COUNT: u32 = 28;
const S_COUNT: u32 = 19 * V_COUNT * T_COUNT;

fn decompose(c: u32, compat: bool, out: &mut Vec<u32>) {
    if c < 0xA0 {
        out.push(c);
        return;
    }
    if (S..S + S_COUNT).contains(&c) {
        let i = c - S;
        out.push(L + i / (V_COUNT * T_COUNT));
        out.push(V + i % (V_COUNT * T_COUNT) / T_COUNT);
        if i % T_COUNT != 0 {
            out.push(T + i % T_COUNT);
        }
        return;
    }
    match data().decompositions.get(&c) {
        Some(d) if compat || d.tag.is_empty() => d.to.iter().for_each(|x| decompose(*x, compat, out)),
        _ => out.push(c),
    }
}
fn compose(a: u32, b: u32) -> Option<u32> {
    if (L..L + 19).contains(&a) && (V..V + V_COUNT).contains(&b) {
        return Some(S + ((a - L) * V_COUNT + (b - V)) * T_COUNT);
    }
    if (S..S + S_COUNT).contains(&a) && (a - S) % T_COUNT == 0 && (T + 1..T + T_COUNT).contains(&b) {
        return Some(a + (b - T));
    }
    data().composites.get(&(a, b)).copied()
}
/// The form of a text: `compat` for the K forms, `composed` for the C forms.
pub fn normalize(text: impl Iterator<Item = u32>, compat: bool, composed: bool) -> Vec<u32> {
    let mut out = Vec::new();
    text.for_each(|c| decompose(c, compat, &mut out));
    // Marks in the order of their classes; the sort is stable.
    let mut i = 0;
    while i < out.len() {
        if combining(out[i]) == 0 {
            i += 1;
            continue;
        }
        let n = out[i..].iter().take_while(|c| combining(**c) != 0).count();
        out[i..i + n].sort_by_key(|c| combining(*c));
        i += n;
    }
    if !composed {
        return out;
    }
    let mut done: Vec<u32> = Vec::with_capacity(out.len());
    let mut starter: Option<usize> = None;
    // Class of the mark before, among those that follow the starter and were kept.
    let mut last = 0;
    for c in out {
        let class = combining(c);
        if let Some(s) = starter {
            let adjacent = done.len() == s + 1;
            if adjacent || last < class && last != 0 {
                if let Some(x) = compose(done[s], c) {
                    done[s] = x;
                    continue;
                }
            }
        }
        if class == 0 {
            starter = Some(done.len());
            last = 0;
        } else {
            last = class;
        }
        done.push(c);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let nfc = |s: &[u32]| normalize(s.iter().copied(), false, true);
        assert_eq!(nfc(&[0x65, 0x301]), [0xE9]);
        assert_eq!(nfc(&[0x1100, 0x1161, 0x11A8]), [0xAC01]);
        assert_eq!(normalize([0xFB01].into_iter(), true, false), [0x66, 0x69]);
        // Excluded from composition.
        assert_eq!(nfc(&[0x958]), [0x915, 0x93C]);
    }
}
