//! The matcher: runs a pattern's code by backtracking over a stack of its own, so that neither patterns nor subjects can exhaust the native one.
//!
//! A choice is where to go on when what was tried fails. Whatever changes after a choice (marks, counts of repeats) is in `trail` and undone when it
//! is gone back to. An assertion or an atomic group puts a barrier among the choices: when its part succeeds, the choices above are dropped; when it
//! is met in going back, the part has failed. Semantics are those of CPython's engine: the same order of attempts, and a repeat whose body matched
//! nothing at a place is not tried there again.

use super::chars::{self, Chars, in_set};
use super::ops::{At, MAXREPEAT, Op, info};
use crate::api::*;

const NONE: usize = usize::MAX;
const NO_INDEX: u32 = u32::MAX;
/// Steps between two looks whether somebody wants the thread to stop.
const STEPS: isize = 1 << 16;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Go on at `pc`.
    Goto,
    /// The next alternative of a BRANCH, whose distance is at `pc`.
    Branch,
    /// The body of the lazy repeat that ends at `pc`.
    Lazy,
    /// One character fewer of the REPEAT_ONE at `pc`: `pos` down to `n`.
    Fewer,
    /// One character more of the MIN_REPEAT_ONE at `pc`, after `n`.
    More,
    // Barriers; `below` is the next one under them. The first three go on at `pc`.
    Assert,
    AssertNot,
    Atomic,
    /// After `n` rounds of the POSSESSIVE_REPEAT at `pc`.
    Possessive,
}
#[derive(Clone, Copy)]
struct Choice {
    kind: Kind,
    pc: u32,
    pos: usize,
    n: usize,
    below: u32,
    /// The repeat in which it stands, how many there were, and how much had changed.
    repeat: u32,
    repeats: u32,
    trail: usize,
}
#[derive(Clone, Copy)]
struct Repeat {
    /// Its REPEAT instruction.
    pc: u32,
    outer: u32,
    /// Rounds begun after the first; wraps from -1.
    count: u32,
    /// Where the last round began that need not have been.
    last: usize,
    /// Where the last round began that had to be, and how often marks had changed by then.
    from: usize,
    changes: u32,
}
enum Change {
    Mark(u32, usize),
    LastIndex(u32),
    Repeat { index: u32, count: u32, changes: u32, last: usize, from: usize },
}

/// A pattern at work on a subject.
pub struct Machine<'a> {
    code: &'a [u32],
    /// Bytes of the subject that count.
    end: usize,
    /// Where the match found last begins and ends, in bytes.
    pub start: usize,
    pub stop: usize,
    marks: Vec<usize>,
    /// The group that was closed last, from 1; 0: none.
    pub last_index: u32,
    choices: Vec<Choice>,
    trail: Vec<Change>,
    repeats: Vec<Repeat>,
    /// Among them: the repeat in which we are.
    repeat: u32,
    /// Among the choices: the uppermost barrier.
    barrier: u32,
    /// How often marks and the last group have changed on the way to here.
    changes: u32,
    steps: isize,
    /// The literal that matches begin with, once a search has asked for it: its bytes, and those of them that need not be looked at again. None: no
    /// subject of this kind has it.
    prefix: Option<Option<(Vec<u8>, usize)>>,
}

/// What a match must be besides.
#[derive(Clone, Copy)]
struct Wanted {
    whole: bool,
    not_empty: bool,
}

fn push<T>(th: &mut Thread, to: &mut Vec<T>, x: T) -> R<()> {
    if to.len() == to.capacity() && to.try_reserve(to.len().max(8)).is_err() {
        return Err(th.memory_error());
    }
    to.push(x);
    Ok(())
}

impl<'a> Machine<'a> {
    pub fn new(code: &'a [u32], end: usize) -> Machine<'a> {
        Machine {
            code, end, start: 0, stop: 0, marks: Vec::new(), last_index: 0, choices: Vec::new(), trail: Vec::new(), repeats: Vec::new(), repeat: NO_INDEX, barrier: NO_INDEX, changes: 0,
            steps: STEPS, prefix: None,
        }
    }
    /// Span of a group of the match found last, from 0.
    pub fn group(&self, i: usize) -> Option<(usize, usize)> {
        let (a, b) = (*self.marks.get(2 * i)?, *self.marks.get(2 * i + 1)?);
        if a == NONE || b == NONE || a > b { None } else { Some((a, b)) }
    }

    /// Matches at `start`.
    pub fn match_at<T: Chars>(&mut self, th: &mut Thread, t: T, bytes: &[u8], start: usize, whole: bool, not_empty: bool) -> R<bool> {
        if self.at_info() && self.end - start < self.code[3] as usize {
            return Ok(false);
        }
        self.attempt(th, t, bytes, start, 0, start, Wanted { whole, not_empty })
    }
    fn at_info(&self) -> bool { self.code.len() > 4 && Op::of(self.code[0]) == Some(Op::INFO) }

    /// The first match that begins at `start` or behind it.
    pub fn search<T: Chars>(&mut self, th: &mut Thread, t: T, bytes: &[u8], mut start: usize, not_empty: bool) -> R<bool> {
        let mut wanted = Wanted { whole: false, not_empty };
        let (mut pc, mut last) = (0, self.end);
        if self.at_info() {
            let (flags, min) = (self.code[2], self.code[3] as usize);
            if self.end - start < min {
                return Ok(false);
            }
            last -= min;
            pc = self.code[1] as usize + 1;
            if flags & info::PREFIX != 0 {
                return self.search_prefix(th, t, bytes, start, pc);
            }
            if flags & info::CHARSET != 0 {
                wanted.not_empty = false;
                while start < self.end {
                    let (c, next) = t.next(start);
                    if in_set(self.code, 5, c) && self.attempt(th, t, bytes, start, pc, start, wanted)? {
                        return Ok(true);
                    }
                    self.step(th, 1)?;
                    start = next;
                }
                return Ok(false);
            }
        }
        let anchored = Op::of(self.code[pc]) == Some(Op::AT) && matches!(At::of(self.code[pc + 1]), Some(At::BEGINNING | At::BEGINNING_STRING));
        loop {
            if self.attempt(th, t, bytes, start, pc, start, wanted)? {
                return Ok(true);
            }
            if anchored || start >= last {
                return Ok(false);
            }
            self.step(th, 1)?;
            start = t.next(start).1;
            wanted.not_empty = false;
        }
    }
    /// For patterns that begin with a literal: it is looked for as bytes.
    fn search_prefix<T: Chars>(&mut self, th: &mut Thread, t: T, bytes: &[u8], mut start: usize, pc: usize) -> R<bool> {
        let (length, skip) = (self.code[5] as usize, self.code[6] as usize);
        if self.prefix.is_none() {
            let (mut b, mut skipped, mut fits) = (Vec::new(), 0, true);
            for (i, c) in self.code[7..7 + length].iter().enumerate() {
                fits &= T::put(*c, &mut b);
                if i + 1 == skip {
                    skipped = b.len();
                }
            }
            self.prefix = Some(fits.then_some((b, skipped)));
        }
        let Some(Some((prefix, skipped))) = self.prefix.take() else {
            self.prefix = Some(None);
            return Ok(false);
        };
        let finder = memchr::memmem::Finder::new(&prefix);
        let mut found = false;
        while let Some(i) = if prefix.len() == 1 { memchr::memchr(prefix[0], &bytes[start..self.end]) } else { finder.find(&bytes[start..self.end]) } {
            start += i;
            if self.code[2] & info::LITERAL != 0 {
                self.reset();
                (self.start, self.stop, found) = (start, start + skipped, true);
                break;
            }
            found = self.attempt(th, t, bytes, start, pc + 2 * skip, start + skipped, Wanted { whole: false, not_empty: false })?;
            if found {
                break;
            }
            self.step(th, 1)?;
            start = t.next(start).1;
        }
        self.prefix = Some(Some((prefix, skipped)));
        Ok(found)
    }

    fn reset(&mut self) {
        self.marks.clear();
        self.choices.clear();
        self.trail.clear();
        self.repeats.clear();
        self.last_index = 0;
        (self.repeat, self.barrier) = (NO_INDEX, NO_INDEX);
    }
    /// Counts work; now and then the thread may be stopped or interrupted.
    #[inline(always)]
    fn step(&mut self, th: &mut Thread, n: usize) -> R<()> {
        self.steps -= 1 + (n >> 4) as isize;
        if self.steps < 0 {
            self.steps = STEPS;
            th.poll()?;
        }
        Ok(())
    }
    fn choose(&mut self, th: &mut Thread, kind: Kind, pc: usize, pos: usize, n: usize) -> R<()> {
        let c = Choice { kind, pc: pc as u32, pos, n, below: self.barrier, repeat: self.repeat, repeats: self.repeats.len() as u32, trail: self.trail.len() };
        push(th, &mut self.choices, c)
    }
    fn block(&mut self, th: &mut Thread, kind: Kind, pc: usize, pos: usize, n: usize) -> R<()> {
        self.choose(th, kind, pc, pos, n)?;
        self.barrier = self.choices.len() as u32 - 1;
        Ok(())
    }
    /// Notes how to take back a change; without choices nothing will be.
    fn note(&mut self, th: &mut Thread, c: Change) -> R<()> { if self.choices.is_empty() { Ok(()) } else { push(th, &mut self.trail, c) } }
    fn mark(&mut self, th: &mut Thread, i: usize, pos: usize) -> R<()> {
        if i >= self.marks.len() {
            if self.marks.try_reserve(i + 1 - self.marks.len()).is_err() {
                return Err(th.memory_error());
            }
            self.marks.resize(i + 1, NONE);
        }
        let (group, before) = (i as u32 / 2 + 1, self.marks[i]);
        if before != pos {
            self.note(th, Change::Mark(i as u32, before))?;
            self.marks[i] = pos;
            self.changes = self.changes.wrapping_add(1);
        }
        if i % 2 == 1 && self.last_index != group {
            self.note(th, Change::LastIndex(self.last_index))?;
            self.last_index = group;
            self.changes = self.changes.wrapping_add(1);
        }
        Ok(())
    }
    fn undo(&mut self, to: usize) {
        while self.trail.len() > to {
            match self.trail.pop() {
                Some(Change::Mark(i, before)) => {
                    self.marks[i as usize] = before;
                    self.changes = self.changes.wrapping_sub(1);
                }
                Some(Change::LastIndex(i)) => {
                    self.last_index = i;
                    self.changes = self.changes.wrapping_sub(1);
                }
                Some(Change::Repeat { index, count, changes, last, from }) => {
                    // Those within an assertion are gone with it.
                    if let Some(r) = self.repeats.get_mut(index as usize) {
                        (r.count, r.changes, r.last, r.from) = (count, changes, last, from);
                    }
                }
                None => break,
            }
        }
    }
    fn set_repeat(&mut self, th: &mut Thread, i: u32, new: Repeat) -> R<()> {
        let Repeat { count, changes, last, from, .. } = self.repeats[i as usize];
        self.note(th, Change::Repeat { index: i, count, changes, last, from })?;
        self.repeats[i as usize] = new;
        Ok(())
    }

    /// Runs the code from `pc` with the subject at `pos`.
    #[allow(clippy::too_many_arguments)]
    fn attempt<T: Chars>(&mut self, th: &mut Thread, t: T, bytes: &[u8], start: usize, mut pc: usize, mut pos: usize, wanted: Wanted) -> R<bool> {
        self.reset();
        let (code, end) = (self.code, self.end);
        loop {
            self.step(th, 1)?;
            // The next instruction and place; None: this way does not match.
            let on: Option<(usize, usize)> = match Op::of(code[pc]).unwrap_or(Op::FAILURE) {
                Op::SUCCESS => {
                    if self.barrier == NO_INDEX {
                        if (!wanted.whole || pos == end) && !(wanted.not_empty && pos == start) {
                            (self.start, self.stop) = (start, pos);
                            return Ok(true);
                        }
                        None
                    } else {
                        self.part_succeeded(th, pos)?
                    }
                }
                Op::MARK => {
                    self.mark(th, code[pc + 1] as usize, pos)?;
                    Some((pc + 2, pos))
                }
                Op::AT => self.is_at(t, code[pc + 1], pos).then_some((pc + 2, pos)),
                Op::INFO | Op::JUMP => Some((pc + 1 + code[pc + 1] as usize, pos)),
                Op::BRANCH => self.branch(th, t, pc + 1, pos)?,
                Op::REPEAT => {
                    let r = Repeat { pc: pc as u32, outer: self.repeat, count: u32::MAX, last: NONE, from: NONE, changes: 0 };
                    push(th, &mut self.repeats, r)?;
                    self.repeat = self.repeats.len() as u32 - 1;
                    Some((pc + 1 + code[pc + 1] as usize, pos))
                }
                Op::MAX_UNTIL | Op::MIN_UNTIL => self.until(th, pc, pos)?,
                Op::REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE => match self.least(t, pc, pos) {
                    Some(low) => {
                        let max = if code[pc + 3] == MAXREPEAT { MAXREPEAT } else { code[pc + 3] - code[pc + 2] };
                        let high = self.most(t, bytes, pc + 4, low, max);
                        self.step(th, high - pos)?;
                        if code[pc] == Op::REPEAT_ONE as u32 {
                            self.choose(th, Kind::Fewer, pc, high, low)?;
                            self.fewer(t)
                        } else {
                            Some((pc + 1 + code[pc + 1] as usize, high))
                        }
                    }
                    None => None,
                },
                Op::MIN_REPEAT_ONE => match self.least(t, pc, pos) {
                    Some(low) => {
                        self.step(th, low - pos)?;
                        self.choose(th, Kind::More, pc, low, code[pc + 2] as usize)?;
                        self.more(t, true)
                    }
                    None => None,
                },
                Op::POSSESSIVE_REPEAT => self.possessive(th, pc, pos, 0, NONE)?,
                Op::ASSERT | Op::ASSERT_NOT => {
                    let not = code[pc] == Op::ASSERT_NOT as u32;
                    let behind = pc + 1 + code[pc + 1] as usize;
                    match t.back(pos, code[pc + 2] as usize) {
                        Some(from) => {
                            self.block(th, if not { Kind::AssertNot } else { Kind::Assert }, behind, pos, 0)?;
                            Some((pc + 3, from))
                        }
                        None => not.then_some((behind, pos)),
                    }
                }
                Op::ATOMIC_GROUP => {
                    self.block(th, Kind::Atomic, pc + 1 + code[pc + 1] as usize, pos, 0)?;
                    Some((pc + 2, pos))
                }
                Op::GROUPREF => match self.group(code[pc + 1] as usize) {
                    Some((a, b)) => {
                        self.step(th, b - a)?;
                        (b - a <= end - pos && bytes[a..b] == bytes[pos..pos + (b - a)]).then_some((pc + 2, pos + (b - a)))
                    }
                    None => None,
                },
                Op::GROUPREF_IGNORE | Op::GROUPREF_LOC_IGNORE => self.again(t, code[pc + 1] as usize, pos, chars::lower_ascii).map(|to| (pc + 2, to)),
                Op::GROUPREF_UNI_IGNORE => self.again(t, code[pc + 1] as usize, pos, chars::lower).map(|to| (pc + 2, to)),
                Op::GROUPREF_EXISTS => {
                    let matched = self.group(code[pc + 1] as usize).is_some();
                    Some((if matched { pc + 3 } else { pc + 1 + code[pc + 2] as usize }, pos))
                }
                _ => self.one(t, pc, pos).map(|to| (self.behind_one(pc), to)),
            };
            match on {
                Some(next) => (pc, pos) = next,
                None => match self.backtrack(th, t)? {
                    Some(next) => (pc, pos) = next,
                    None => return Ok(false),
                },
            }
        }
    }

    /// Goes back to the last choice.
    fn backtrack<T: Chars>(&mut self, th: &mut Thread, t: T) -> R<Option<(usize, usize)>> {
        while let Some(c) = self.choices.last().copied() {
            self.undo(c.trail);
            self.repeats.truncate(c.repeats as usize);
            (self.repeat, self.barrier) = (c.repeat, c.below);
            let pc = c.pc as usize;
            match c.kind {
                Kind::Fewer => {
                    if let Some(on) = self.fewer(t) {
                        return Ok(Some(on));
                    }
                    continue;
                }
                Kind::More => {
                    if let Some(on) = self.more(t, false) {
                        return Ok(Some(on));
                    }
                    continue;
                }
                _ => self.choices.pop(),
            };
            match c.kind {
                Kind::Goto | Kind::AssertNot => return Ok(Some((pc, c.pos))),
                Kind::Branch => {
                    if let Some(on) = self.branch(th, t, pc, c.pos)? {
                        return Ok(Some(on));
                    }
                }
                Kind::Lazy => {
                    let (i, r) = (self.repeat, self.repeats[self.repeat as usize]);
                    self.set_repeat(th, i, Repeat { count: r.count.wrapping_add(1), last: c.pos, ..r })?;
                    return Ok(Some((r.pc as usize + 4, c.pos)));
                }
                Kind::Possessive if c.n >= self.code[pc + 2] as usize => return Ok(Some((pc + 2 + self.code[pc + 1] as usize, c.pos))),
                _ => {}
            }
        }
        Ok(None)
    }
    /// SUCCESS at the end of an assertion's or atomic group's part.
    fn part_succeeded(&mut self, th: &mut Thread, pos: usize) -> R<Option<(usize, usize)>> {
        let c = self.choices[self.barrier as usize];
        if c.kind == Kind::AssertNot {
            self.undo(c.trail);
        }
        // Was it empty, and did it change nothing? Then it would be so again.
        let idle = c.pos == pos && self.trail.len() == c.trail;
        self.choices.truncate(self.barrier as usize);
        self.repeats.truncate(c.repeats as usize);
        (self.repeat, self.barrier) = (c.repeat, c.below);
        let pc = c.pc as usize;
        match c.kind {
            Kind::Assert => Ok(Some((pc, c.pos))),
            Kind::Atomic => Ok(Some((pc, pos))),
            Kind::Possessive => {
                let min = self.code[pc + 2] as usize;
                let n = if idle { (c.n + 1).max(min) } else { c.n + 1 };
                self.possessive(th, pc, pos, n, if c.n >= min { c.pos } else { NONE })
            }
            _ => Ok(None),
        }
    }
    /// The next round of the POSSESSIVE_REPEAT at `pc` after `n`, or what follows it. `last`: where the last round began that need not have been.
    fn possessive(&mut self, th: &mut Thread, pc: usize, pos: usize, n: usize, last: usize) -> R<Option<(usize, usize)>> {
        let (min, max) = (self.code[pc + 2], self.code[pc + 3]);
        if n < min as usize || (n < max as usize || max == MAXREPEAT) && pos != last {
            self.block(th, Kind::Possessive, pc, pos, n)?;
            return Ok(Some((pc + 4, pos)));
        }
        Ok(Some((pc + 2 + self.code[pc + 1] as usize, pos)))
    }

    /// The first alternative from the one whose distance is at `pc` that may match.
    fn branch<T: Chars>(&mut self, th: &mut Thread, t: T, mut pc: usize, pos: usize) -> R<Option<(usize, usize)>> {
        loop {
            let distance = self.code[pc] as usize;
            if distance == 0 {
                return Ok(None);
            }
            let next = pc + distance;
            let first = Op::of(self.code[pc + 1]);
            // Most alternatives are told apart by their first character.
            if !matches!(first, Some(Op::LITERAL | Op::IN)) || self.one(t, pc + 1, pos).is_some() {
                if self.code[next] != 0 {
                    self.choose(th, Kind::Branch, next, pos, 0)?;
                }
                return Ok(Some((pc + 1, pos)));
            }
            pc = next;
        }
    }
    /// The end of a repeat's body: another round, or what follows.
    fn until(&mut self, th: &mut Thread, pc: usize, pos: usize) -> R<Option<(usize, usize)>> {
        let i = self.repeat;
        let mut r = self.repeats[i as usize];
        let (body, min, max) = (r.pc as usize + 4, self.code[r.pc as usize + 2], self.code[r.pc as usize + 3]);
        let mut count = r.count.wrapping_add(1);
        if count < min {
            // A round that took nothing and changed nothing would go on like that.
            if r.from == pos && r.changes == self.changes {
                count = min;
            } else {
                (r.from, r.changes) = (pos, self.changes);
                self.set_repeat(th, i, Repeat { count, ..r })?;
                return Ok(Some((body, pos)));
            }
        }
        let more = (count < max || max == MAXREPEAT) && pos != r.last;
        if self.code[pc] == Op::MIN_UNTIL as u32 {
            if more {
                if count != r.count.wrapping_add(1) {
                    self.set_repeat(th, i, Repeat { count: count - 1, ..r })?;
                }
                self.choose(th, Kind::Lazy, pc, pos, 0)?;
            }
            self.repeat = r.outer;
            return Ok(Some((pc + 1, pos)));
        }
        if !more {
            self.repeat = r.outer;
            return Ok(Some((pc + 1, pos)));
        }
        self.repeat = r.outer;
        self.choose(th, Kind::Goto, pc + 1, pos, 0)?;
        self.repeat = i;
        self.set_repeat(th, i, Repeat { count, last: pos, ..r })?;
        Ok(Some((body, pos)))
    }

    /// The REPEAT_ONE of the uppermost choice with the most characters left; None: there are none, and the choice is gone.
    fn fewer<T: Chars>(&mut self, t: T) -> Option<(usize, usize)> {
        let i = self.choices.len() - 1;
        let c = self.choices[i];
        let (mut pos, low) = (c.pos, c.n);
        let tail = c.pc as usize + 1 + self.code[c.pc as usize + 1] as usize;
        if self.code[tail] == Op::LITERAL as u32 {
            let wanted = self.code[tail + 1];
            while pos >= self.end || t.next(pos).0 != wanted {
                if pos == low {
                    self.choices.pop();
                    return None;
                }
                pos = t.before(pos).1;
            }
        }
        if pos == low {
            self.choices.pop();
        } else {
            self.choices[i].pos = t.before(pos).1;
        }
        Some((tail, pos))
    }
    /// The MIN_REPEAT_ONE of the uppermost choice, at `first` as it is, else with more characters; None: there are none, and the choice is gone.
    fn more<T: Chars>(&mut self, t: T, mut first: bool) -> Option<(usize, usize)> {
        let i = self.choices.len() - 1;
        let Choice { pc, mut pos, mut n, .. } = self.choices[i];
        let pc = pc as usize;
        let (tail, max) = (pc + 1 + self.code[pc + 1] as usize, self.code[pc + 3]);
        let literal = (self.code[tail] == Op::LITERAL as u32).then(|| self.code[tail + 1]);
        loop {
            if !first {
                let next = if n < max as usize || max == MAXREPEAT { self.one(t, pc + 4, pos) } else { None };
                let Some(next) = next else {
                    self.choices.pop();
                    return None;
                };
                (pos, n) = (next, n + 1);
            }
            first = false;
            if literal.is_none_or(|c| pos < self.end && t.next(pos).0 == c) {
                (self.choices[i].pos, self.choices[i].n) = (pos, n);
                return Some((tail, pos));
            }
        }
    }

    /// Behind the character at `pos` if it is what the instruction at `pc` wants.
    #[inline(always)]
    fn one<T: Chars>(&self, t: T, pc: usize, pos: usize) -> Option<usize> {
        if pos >= self.end {
            return None;
        }
        let (c, next) = t.next(pos);
        let code = self.code;
        let fits = match Op::of(code[pc])? {
            Op::ANY => !chars::is_line_end(c),
            Op::ANY_ALL => true,
            Op::LITERAL => code[pc + 1] == c,
            Op::NOT_LITERAL => code[pc + 1] != c,
            Op::IN => in_set(code, pc + 2, c),
            Op::CATEGORY => chars::category(code[pc + 1], c),
            Op::LITERAL_IGNORE => code[pc + 1] == chars::lower_ascii(c),
            Op::NOT_LITERAL_IGNORE => code[pc + 1] != chars::lower_ascii(c),
            Op::IN_IGNORE => in_set(code, pc + 2, chars::lower_ascii(c)),
            Op::LITERAL_UNI_IGNORE => code[pc + 1] == chars::lower(c),
            Op::NOT_LITERAL_UNI_IGNORE => code[pc + 1] != chars::lower(c),
            Op::IN_UNI_IGNORE => in_set(code, pc + 2, chars::lower(c)),
            Op::LITERAL_LOC_IGNORE => chars::same_in_locale(code[pc + 1], c),
            Op::NOT_LITERAL_LOC_IGNORE => !chars::same_in_locale(code[pc + 1], c),
            Op::IN_LOC_IGNORE => in_set(code, pc + 2, chars::lower_ascii(c)) || in_set(code, pc + 2, chars::upper_ascii(c)),
            _ => false,
        };
        fits.then_some(next)
    }
    fn behind_one(&self, pc: usize) -> usize {
        match Op::of(self.code[pc]) {
            Some(Op::ANY | Op::ANY_ALL) => pc + 1,
            Some(Op::IN | Op::IN_IGNORE | Op::IN_LOC_IGNORE | Op::IN_UNI_IGNORE) => pc + 1 + self.code[pc + 1] as usize,
            _ => pc + 2,
        }
    }
    /// Behind the characters that the repeat of one at `pc` must have.
    fn least<T: Chars>(&self, t: T, pc: usize, mut pos: usize) -> Option<usize> {
        for _ in 0..self.code[pc + 2] {
            pos = self.one(t, pc + 4, pos)?;
        }
        Some(pos)
    }
    /// Behind the characters from `pos` on that are what the instruction at `pc` wants, at most `max`.
    fn most<T: Chars>(&self, t: T, bytes: &[u8], pc: usize, mut pos: usize, max: u32) -> usize {
        match Op::of(self.code[pc]) {
            Some(Op::ANY) if max == MAXREPEAT => return memchr::memchr(b'\n', &bytes[pos..self.end]).map_or(self.end, |i| pos + i),
            Some(Op::ANY_ALL) if max == MAXREPEAT => return self.end,
            Some(Op::ANY_ALL) => return t.skip(pos, max as usize, self.end),
            _ => {}
        }
        for _ in 0..max {
            let Some(next) = self.one(t, pc, pos) else { break };
            pos = next;
        }
        pos
    }
    /// Behind the text of a group that stands at `pos` again, characters compared by `fold`.
    fn again<T: Chars>(&self, t: T, group: usize, mut pos: usize, fold: fn(u32) -> u32) -> Option<usize> {
        let (mut a, b) = self.group(group)?;
        while a < b {
            if pos >= self.end {
                return None;
            }
            let ((x, next), (y, on)) = (t.next(a), t.next(pos));
            if x != y && fold(x) != fold(y) {
                return None;
            }
            (a, pos) = (next, on);
        }
        Some(pos)
    }
    fn is_at<T: Chars>(&self, t: T, place: u32, pos: usize) -> bool {
        let end = self.end;
        let boundary = |word: fn(u32) -> bool| {
            let (before, after) = (pos > 0 && word(t.before(pos).0), pos < end && word(t.next(pos).0));
            (end > 0).then_some(before != after)
        };
        let line_ends = |at: usize| at < end && chars::is_line_end(t.next(at).0);
        match At::of(place) {
            Some(At::BEGINNING | At::BEGINNING_STRING) => pos == 0,
            Some(At::BEGINNING_LINE) => pos == 0 || chars::is_line_end(t.before(pos).0),
            Some(At::END) => pos == end || pos + 1 == end && line_ends(pos),
            Some(At::END_LINE) => pos == end || line_ends(pos),
            Some(At::END_STRING) => pos == end,
            Some(At::BOUNDARY | At::LOC_BOUNDARY) => boundary(chars::is_word) == Some(true),
            Some(At::NON_BOUNDARY | At::LOC_NON_BOUNDARY) => boundary(chars::is_word) == Some(false),
            Some(At::UNI_BOUNDARY) => boundary(chars::is_unicode_word) == Some(true),
            Some(At::UNI_NON_BOUNDARY) => boundary(chars::is_unicode_word) == Some(false),
            None => false,
        }
    }
}
