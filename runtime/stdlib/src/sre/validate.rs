//! Checks that code words given by a script are a program: the matcher trusts what it runs.

use super::ops::{At, Category, Op, info};
use crate::api::*;

/// RuntimeError unless the matcher can run `code`, as CPython's `_sre.compile` checks it.
pub fn check(th: &mut Thread, code: &[u32], groups: usize) -> R<()> {
    let end = code.len();
    // Each group takes four words.
    let fits = groups <= end && Code { code, groups }.walk(th, 0, end)?.is_some_and(|i| i + 1 == end && Op::of(code[i]) == Some(Op::SUCCESS));
    if fits { Ok(()) } else { Err(th.raise(&RUNTIME_ERROR, "invalid SRE code")) }
}

struct Code<'a> {
    code: &'a [u32],
    groups: usize,
}
/// What an instruction asks of the words behind it.
enum Shape {
    /// It ends here.
    Plain(usize),
    /// A body from here up to an instruction of this kind, behind which it goes on.
    Body(usize, usize, &'static [Op]),
    /// Alternatives from here.
    Branch(usize),
    /// A part run if the group matched, from here to there; a JUMP at its end leads over the other part.
    Exists(usize, usize),
    /// Nothing of its own: it ends the body in which it stands.
    End,
}
impl Code<'_> {
    /// Goes over the instructions in `i..end`, to the first that ends a body or else to `end`; None: they are no program.
    fn walk(&self, th: &mut Thread, mut i: usize, end: usize) -> R<Option<usize>> {
        th.check_stack()?;
        while i < end {
            let next = match self.shape(i, end) {
                None => None,
                Some(Shape::End) => return Ok(Some(i)),
                Some(Shape::Plain(next)) => Some(next),
                Some(Shape::Body(from, to, ends)) => {
                    let ended = to < end && Op::of(self.code[to]).is_some_and(|o| ends.contains(&o));
                    if ended && self.walk(th, from, to)? == Some(to) { Some(to + 1) } else { None }
                }
                Some(Shape::Branch(from)) => self.branch(th, from, end)?,
                Some(Shape::Exists(from, to)) => match self.walk(th, from, to)? {
                    Some(at) if at == to => Some(to),
                    // Behind the JUMP is the word that tells where the other part ends.
                    Some(at) if at + 2 == to && Op::of(self.code[at]) == Some(Op::JUMP) => match self.target(at + 1, end) {
                        Some(over) if over >= to && self.walk(th, to, over)? == Some(over) => Some(over),
                        _ => None,
                    },
                    _ => None,
                },
            };
            match next {
                Some(next) if next <= end => i = next,
                _ => return Ok(None),
            }
        }
        Ok(Some(i))
    }
    /// The place to which the distance in word `i` leads.
    fn target(&self, i: usize, end: usize) -> Option<usize> {
        let to = i.checked_add(*self.code.get(i)? as usize)?;
        (to <= end).then_some(to)
    }
    fn shape(&self, i: usize, end: usize) -> Option<Shape> {
        let arg = |n: usize| if i + n < end { Some(self.code[i + n]) } else { None };
        let group = |n: u32| (n as usize) < self.groups;
        let plain = |fits: bool, words: usize| fits.then_some(Shape::Plain(i + words));
        match Op::of(self.code[i])? {
            Op::SUCCESS | Op::JUMP | Op::MAX_UNTIL | Op::MIN_UNTIL => Some(Shape::End),
            Op::FAILURE | Op::ANY | Op::ANY_ALL => plain(true, 1),
            Op::AT => plain(At::of(arg(1)?).is_some(), 2),
            Op::CATEGORY => plain(Category::of(arg(1)?).is_some(), 2),
            Op::MARK => plain(group(arg(1)? / 2), 2),
            Op::GROUPREF | Op::GROUPREF_IGNORE | Op::GROUPREF_LOC_IGNORE | Op::GROUPREF_UNI_IGNORE => plain(group(arg(1)?), 2),
            Op::LITERAL | Op::LITERAL_IGNORE | Op::LITERAL_LOC_IGNORE | Op::LITERAL_UNI_IGNORE => plain(arg(1).is_some(), 2),
            Op::NOT_LITERAL | Op::NOT_LITERAL_IGNORE | Op::NOT_LITERAL_LOC_IGNORE | Op::NOT_LITERAL_UNI_IGNORE => plain(arg(1).is_some(), 2),
            Op::IN | Op::IN_IGNORE | Op::IN_LOC_IGNORE | Op::IN_UNI_IGNORE => {
                let to = self.target(i + 1, end)?;
                self.charset(i + 2, to)?;
                Some(Shape::Plain(to))
            }
            Op::INFO => {
                let to = self.target(i + 1, end)?;
                self.info(i + 2, to, end)?;
                Some(Shape::Plain(to))
            }
            Op::BRANCH => Some(Shape::Branch(i + 1)),
            Op::GROUPREF_EXISTS => {
                let to = self.target(i + 2, end + 1)?.checked_sub(1)?;
                (group(arg(1)?) && to > i + 2 && to <= end).then_some(Shape::Exists(i + 3, to))
            }
            Op::ASSERT | Op::ASSERT_NOT => self.body(i + 3, self.target(i + 1, end)?.checked_sub(1)?, &[Op::SUCCESS]),
            Op::ATOMIC_GROUP => self.body(i + 2, self.target(i + 1, end)?.checked_sub(1)?, &[Op::SUCCESS]),
            Op::REPEAT | Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT | Op::POSSESSIVE_REPEAT_ONE if arg(2)? > arg(3)? => None,
            Op::REPEAT => self.body(i + 4, self.target(i + 1, end)?, &[Op::MAX_UNTIL, Op::MIN_UNTIL]),
            Op::POSSESSIVE_REPEAT => self.body(i + 4, self.target(i + 1, end)?, &[Op::SUCCESS]),
            // The body is one character.
            Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE => match Op::of(arg(4)?)? {
                Op::ANY | Op::ANY_ALL | Op::FAILURE | Op::CATEGORY | Op::IN | Op::IN_IGNORE | Op::IN_LOC_IGNORE | Op::IN_UNI_IGNORE | Op::LITERAL | Op::LITERAL_IGNORE | Op::LITERAL_LOC_IGNORE
                | Op::LITERAL_UNI_IGNORE | Op::NOT_LITERAL | Op::NOT_LITERAL_IGNORE | Op::NOT_LITERAL_LOC_IGNORE | Op::NOT_LITERAL_UNI_IGNORE => {
                    let to = self.target(i + 1, end)?.checked_sub(1)?;
                    let Some(Shape::Plain(behind)) = self.shape(i + 4, end) else { return None };
                    (behind == to && Op::of(*self.code.get(to)?) == Some(Op::SUCCESS) && to < end).then_some(Shape::Plain(to + 1))
                }
                _ => None,
            },
            // Only within sets, or never in a program.
            Op::CHARSET | Op::BIGCHARSET | Op::NEGATE | Op::RANGE | Op::RANGE_UNI_IGNORE | Op::SUBPATTERN => None,
        }
    }
    fn body(&self, from: usize, to: usize, ends: &'static [Op]) -> Option<Shape> { (from <= to).then_some(Shape::Body(from, to, ends)) }
    /// Alternatives: each is the distance to the next, code and a JUMP behind them all; a distance of 0 ends them.
    fn branch(&self, th: &mut Thread, mut i: usize, end: usize) -> R<Option<usize>> {
        let mut behind = None;
        loop {
            let Some(next) = self.target(i, end).filter(|_| i < end) else { return Ok(None) };
            if next == i {
                return Ok(behind.filter(|b| *b == i + 1));
            }
            if next < i + 3 || self.walk(th, i + 1, next)? != Some(next - 2) || Op::of(self.code[next - 2]) != Some(Op::JUMP) {
                return Ok(None);
            }
            let to = self.target(next - 1, end);
            if to.is_none() || behind.is_some_and(|b| Some(b) != to) {
                return Ok(None);
            }
            behind = to;
            i = next;
        }
    }
    /// The members of a set up to the FAILURE that must be its last word.
    fn charset(&self, mut i: usize, to: usize) -> Option<()> {
        let last = to.checked_sub(1)?;
        while i < last {
            let words = match Op::of(self.code[i])? {
                Op::NEGATE => 1,
                Op::LITERAL => 2,
                Op::CATEGORY => {
                    Category::of(self.code[i + 1])?;
                    2
                }
                Op::RANGE | Op::RANGE_UNI_IGNORE => 3,
                Op::CHARSET => 1 + 8,
                Op::BIGCHARSET => {
                    // <count>, 256 bytes that number blocks, the blocks of 256 bits.
                    let count = self.code[i + 1] as usize;
                    let indices = self.code.get(i + 2..i + 2 + 64)?;
                    if indices.iter().flat_map(|w| w.to_ne_bytes()).any(|b| usize::from(b) >= count) {
                        return None;
                    }
                    2 + 64 + count.checked_mul(8)?
                }
                _ => return None,
            };
            if words > last - i {
                return None;
            }
            i += words;
        }
        (i == last && Op::of(self.code[last]) == Some(Op::FAILURE)).then_some(())
    }
    /// `<flags> <min> <max>` and a prefix or set that the pattern begins with.
    fn info(&self, i: usize, to: usize, end: usize) -> Option<()> {
        if to < i + 3 {
            return None;
        }
        let flags = self.code[i];
        if flags > 7 {
            return None;
        }
        let (at, prefix, whole) = (i + 3, flags & info::PREFIX != 0, flags & info::LITERAL != 0);
        if flags & info::CHARSET != 0 {
            return if prefix { None } else { self.charset(at, to) };
        }
        if !prefix {
            return (at == to && !whole).then_some(());
        }
        // <length> <skip>, the characters, and for each how many of the characters up to it begin the prefix again.
        if to < at + 2 {
            return None;
        }
        let (length, skip) = (self.code[at] as usize, self.code[at + 1] as usize);
        // A prefix that is all of the pattern is gone over whole, else matches without progress would be found for ever.
        let fits = length > 0 && skip <= length && (skip == length || !whole) && length.checked_mul(2)? == to - at - 2;
        if !fits || self.code[at + 2 + length..to].iter().enumerate().any(|(n, same)| *same as usize > n) {
            return None;
        }
        // The matcher goes over the literals that it found by the prefix.
        (0..skip).all(|n| to + 2 * n < end && Op::of(self.code[to + 2 * n]) == Some(Op::LITERAL)).then_some(())
    }
}
