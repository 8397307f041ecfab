//! Code of the matcher for 2.7's patterns.

use super::parse27::*;
use super::chars;
use super::ops::Op;

/// Characters that are the same letter without case though lower() tells them apart (facts of Unicode 5.2).
const ALIKE: &[&[u32]] = &[
    &[0x69, 0x131], &[0x73, 0x17f], &[0xb5, 0x3bc], &[0x345, 0x3b9, 0x1fbe], &[0x390, 0x1fd3], &[0x3b0, 0x1fe3], &[0x3b2, 0x3d0], &[0x3b5, 0x3f5],
    &[0x3b8, 0x3d1], &[0x3ba, 0x3f0], &[0x3c0, 0x3d6], &[0x3c1, 0x3f1], &[0x3c2, 0x3c3], &[0x3c6, 0x3d5], &[0x1e61, 0x1e9b], &[0xfb05, 0xfb06],
];

struct Emit {
    code: Vec<u32>,
    flags: u32,
    widths: Vec<(u64, u64)>,
}

/// The program of a parsed pattern.
pub fn emit(p: &Parsed) -> Result<Vec<u32>, Refusal> {
    let mut e = Emit { code: vec![], flags: p.flags, widths: vec![] };
    e.info(&p.nodes);
    e.sequence(&p.nodes)?;
    e.op(Op::SUCCESS);
    Ok(e.code)
}

impl Emit {
    fn op(&mut self, o: Op) { self.code.push(o as u32) }
    fn has(&self, f: u32) -> bool { self.flags & f != 0 }
    /// The variant of an instruction that the flags ask for: with case, ASCII, locale, Unicode.
    fn cased(&mut self, ops: [Op; 4]) {
        let o = if !self.has(IGNORECASE) { ops[0] } else if self.has(UNICODE) { ops[3] } else if self.has(LOCALE) { ops[2] } else { ops[1] };
        self.op(o)
    }
    fn fold(&self, c: u32) -> u32 {
        if !self.has(IGNORECASE) {
            c
        } else if self.has(UNICODE) {
            chars::lower(c)
        } else {
            chars::lower_ascii(c)
        }
    }
    /// A place for a distance, filled by `close`.
    fn open(&mut self) -> usize {
        self.code.push(0);
        self.code.len() - 1
    }
    fn close(&mut self, at: usize) { self.code[at] = (self.code.len() - at) as u32 }

    fn sequence(&mut self, nodes: &[Node]) -> Result<(), Refusal> { nodes.iter().try_for_each(|n| self.node(n)) }
    fn node(&mut self, n: &Node) -> Result<(), Refusal> {
        match n {
            Node::Literal(c) | Node::NotLiteral(c) => {
                let negate = matches!(n, Node::NotLiteral(_));
                let folded = self.fold(*c);
                if self.has(IGNORECASE) && self.has(UNICODE) && ALIKE.iter().any(|a| a.contains(&folded)) {
                    self.set(negate, &[Item::Range(*c, *c)]);
                    return Ok(());
                }
                self.cased(if negate {
                    [Op::NOT_LITERAL, Op::NOT_LITERAL_IGNORE, Op::NOT_LITERAL_LOC_IGNORE, Op::NOT_LITERAL_UNI_IGNORE]
                } else {
                    [Op::LITERAL, Op::LITERAL_IGNORE, Op::LITERAL_LOC_IGNORE, Op::LITERAL_UNI_IGNORE]
                });
                self.code.push(folded);
            }
            Node::Any => self.op(if self.has(DOTALL) { Op::ANY_ALL } else { Op::ANY }),
            Node::In { negate, items } => self.set(*negate, items),
            Node::At(at) => {
                self.op(Op::AT);
                let boundary = matches!(at, At::Boundary | At::NonBoundary);
                self.code.push(match at {
                    At::Beginning if self.has(MULTILINE) => 1,
                    At::End if self.has(MULTILINE) => 6,
                    at if boundary && self.has(UNICODE) => *at as u32 + 7,
                    at if boundary && self.has(LOCALE) => *at as u32 + 5,
                    at => *at as u32,
                });
            }
            Node::Branch(all) => {
                self.op(Op::BRANCH);
                let mut ends = vec![];
                for a in all {
                    let skip = self.open();
                    self.sequence(a)?;
                    self.op(Op::JUMP);
                    ends.push(self.open());
                    self.close(skip);
                }
                self.code.push(0);
                ends.into_iter().for_each(|e| self.close(e));
            }
            Node::Group(number, body) => {
                if let Some(i) = number {
                    self.op(Op::MARK);
                    self.code.push(2 * (*i as u32 - 1));
                }
                self.sequence(body)?;
                if let Some(i) = number {
                    self.op(Op::MARK);
                    self.code.push(2 * (*i as u32 - 1) + 1);
                }
                let mut w = std::mem::take(&mut self.widths);
                width(std::slice::from_ref(n), &mut w);
                self.widths = w;
            }
            Node::Repeat { min, max, greedy, body } => {
                let unit = matches!(body[..], [Node::Literal(_) | Node::NotLiteral(_) | Node::Any | Node::In { .. }]);
                self.op(match (unit, greedy) {
                    (true, true) => Op::REPEAT_ONE,
                    (true, false) => Op::MIN_REPEAT_ONE,
                    _ => Op::REPEAT,
                });
                let skip = self.open();
                self.code.extend([*min, *max]);
                self.sequence(body)?;
                if unit {
                    self.op(Op::SUCCESS);
                    self.close(skip);
                } else {
                    self.close(skip);
                    self.op(if *greedy { Op::MAX_UNTIL } else { Op::MIN_UNTIL });
                }
            }
            Node::Assert { ahead, negate, body } => {
                self.op(if *negate { Op::ASSERT_NOT } else { Op::ASSERT });
                let skip = self.open();
                let back = if *ahead {
                    0
                } else {
                    let (lo, hi) = width(body, &mut self.widths.clone());
                    if lo != hi {
                        return Err(Refusal::Plain("look-behind requires fixed-width pattern"));
                    }
                    lo as u32
                };
                self.code.push(back);
                self.sequence(body)?;
                self.op(Op::SUCCESS);
                self.close(skip);
            }
            Node::GroupRef(i) => {
                self.cased([Op::GROUPREF, Op::GROUPREF_IGNORE, Op::GROUPREF_LOC_IGNORE, Op::GROUPREF_UNI_IGNORE]);
                self.code.push(*i as u32 - 1);
            }
            Node::Conditional { group, yes, no } => {
                self.op(Op::GROUPREF_EXISTS);
                self.code.push(*group as u32 - 1);
                let skip = self.open();
                self.sequence(yes)?;
                match no {
                    Some(no) => {
                        self.op(Op::JUMP);
                        let end = self.open();
                        self.code[skip] = (self.code.len() - skip + 1) as u32;
                        self.sequence(no)?;
                        self.close(end);
                    }
                    None => self.code[skip] = (self.code.len() - skip + 1) as u32,
                }
            }
        }
        Ok(())
    }

    fn set(&mut self, negate: bool, items: &[Item]) {
        self.cased([Op::IN, Op::IN_IGNORE, Op::IN_LOC_IGNORE, Op::IN_UNI_IGNORE]);
        let skip = self.open();
        if negate {
            self.op(Op::NEGATE);
        }
        self.charset(items);
        self.op(Op::FAILURE);
        self.close(skip);
    }
    /// The tests of a set: ranges without case folded, sorted and joined; a bitmap if many lie below 256.
    fn charset(&mut self, items: &[Item]) {
        let mut ranges: Vec<(u32, u32)> = vec![];
        for item in items {
            match item {
                Item::Range(a, b) if !self.has(IGNORECASE) => ranges.push((*a, *b)),
                Item::Range(a, b) => {
                    for c in *a..=*b {
                        let c = self.fold(c);
                        match ranges.last_mut() {
                            Some(r) if c >= r.0 && c <= r.1.saturating_add(1) => r.1 = r.1.max(c),
                            _ => ranges.push((c, c)),
                        }
                        if self.has(UNICODE) {
                            for set in ALIKE.iter().filter(|s| s.contains(&c)) {
                                ranges.extend(set.iter().map(|c| (*c, *c)));
                            }
                        }
                    }
                }
                Item::Category(c) => {
                    self.op(Op::CATEGORY);
                    let n = *c as u32;
                    // LOC_WORD is 8, UNI_DIGIT 10, in the order of the ASCII ones.
                    self.code.push(if self.has(UNICODE) { n + 10 } else if self.has(LOCALE) && n >= 4 { n + 4 } else { n });
                }
            }
        }
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = vec![];
        for (a, b) in ranges {
            match merged.last_mut() {
                Some(r) if a <= r.1.saturating_add(1) => r.1 = r.1.max(b),
                _ => merged.push((a, b)),
            }
        }
        let small: Vec<_> = merged.iter().filter(|r| r.1 < 256).copied().collect();
        if small.len() > 3 {
            let mut bits = [0u32; 8];
            for c in small.iter().flat_map(|(a, b)| *a..=*b) {
                bits[c as usize / 32] |= 1 << (c % 32);
            }
            self.op(Op::CHARSET);
            self.code.extend(bits);
            merged.retain(|r| r.1 >= 256);
        }
        for (a, b) in merged {
            if a == b {
                self.op(Op::LITERAL);
                self.code.push(a);
            } else {
                self.op(Op::RANGE);
                self.code.extend([a, b]);
            }
        }
    }

    /// What a search may use: least and greatest width, a literal prefix or the set of first characters.
    fn info(&mut self, nodes: &[Node]) {
        let (lo, hi) = width(nodes, &mut vec![]);
        let mut prefix = vec![];
        if !self.has(IGNORECASE) {
            for n in nodes {
                match n {
                    Node::Literal(c) => prefix.push(*c),
                    _ => break,
                }
            }
        }
        let whole = prefix.len() == nodes.len() && !prefix.is_empty();
        let first = match nodes.first() {
            Some(Node::In { negate: false, items }) if !self.has(IGNORECASE) && prefix.is_empty() => Some(items),
            _ => None,
        };
        if lo == 0 || prefix.is_empty() && first.is_none() && lo < 2 {
            return;
        }
        self.op(Op::INFO);
        let skip = self.open();
        self.code.push(if prefix.is_empty() { if first.is_some() { 4 } else { 0 } } else if whole { 3 } else { 1 });
        self.code.extend([lo as u32, hi as u32]);
        if !prefix.is_empty() {
            // The number of groups in a prefix is none: only bare literals count.
            self.code.extend([prefix.len() as u32, prefix.len() as u32]);
            self.code.extend(&prefix);
            // Knuth, Morris, Pratt: the longest border of each part.
            let mut table = vec![0u32; prefix.len()];
            for i in 1..prefix.len() {
                let mut k = table[i - 1] as usize;
                while k > 0 && prefix[i] != prefix[k] {
                    k = table[k - 1] as usize;
                }
                table[i] = (k + usize::from(prefix[i] == prefix[k])) as u32;
            }
            self.code.extend(table);
        } else if let Some(items) = first {
            self.charset(items);
            self.op(Op::FAILURE);
        }
        self.close(skip);
    }
}
