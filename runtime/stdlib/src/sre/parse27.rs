//! Parser of 2.7's regular expressions: pattern text to a tree, with 2.7.18's refusals.

pub const IGNORECASE: u32 = 2;
pub const LOCALE: u32 = 4;
pub const MULTILINE: u32 = 8;
pub const DOTALL: u32 = 16;
pub const UNICODE: u32 = 32;
pub const VERBOSE: u32 = 64;
pub use super::ops::MAXREPEAT;
/// Groups nested deeper than this are refused, as Python's recursion limit does.
const MAX_DEPTH: usize = 300;

/// Places in the subject; the numbers are the matcher's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum At {
    Beginning = 0,
    BeginningString = 2,
    Boundary = 3,
    NonBoundary = 4,
    End = 5,
    EndString = 7,
}
/// Character classes; the numbers are the matcher's for ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Category {
    Digit = 0,
    NotDigit = 1,
    Space = 2,
    NotSpace = 3,
    Word = 4,
    NotWord = 5,
}
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    Range(u32, u32),
    Category(Category),
}
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    Literal(u32),
    NotLiteral(u32),
    Any,
    In { negate: bool, items: Vec<Item> },
    At(At),
    Branch(Vec<Vec<Node>>),
    Group(Option<usize>, Vec<Node>),
    Repeat { min: u32, max: u32, greedy: bool, body: Vec<Node> },
    Assert { ahead: bool, negate: bool, body: Vec<Node> },
    GroupRef(usize),
    Conditional { group: usize, yes: Vec<Node>, no: Option<Vec<Node>> },
}

/// Why a pattern is refused.
#[derive(Debug)]
pub enum Refusal {
    Plain(&'static str),
    /// A message and the repr of a piece of the pattern.
    Shown(&'static str, Vec<u32>),
    Text(String),
    /// OverflowError: the repetition number is too large.
    Repetition,
    /// OverflowError: a number that no code word holds.
    CodeSize,
    Recursion,
    /// A group name that is already taken: name, new and old number.
    Redefined(Vec<u32>, usize, usize),
}
type P<T> = Result<T, Refusal>;
fn plain<T>(m: &'static str) -> P<T> { Err(Refusal::Plain(m)) }

pub struct Parsed {
    pub nodes: Vec<Node>,
    pub flags: u32,
    /// Groups with the whole match: the next number.
    pub groups: usize,
    pub names: Vec<(Vec<u32>, usize)>,
    /// A group is referred to within a lookbehind, of which 2.7 warns.
    pub warns: bool,
}
struct Parser<'a> {
    text: &'a [u32],
    at: usize,
    flags: u32,
    groups: usize,
    names: Vec<(Vec<u32>, usize)>,
    open: Vec<usize>,
    depth: usize,
    /// Lookbehind assertions around the place, and whether one of them refers to a group.
    behind: usize,
    warns: bool,
}

/// Parses a pattern; a `(?x)` anywhere in it makes all of it verbose.
pub fn parse(text: &[u32], flags: u32) -> P<Parsed> {
    let mut p = Parser { text, at: 0, flags, groups: 1, names: vec![], open: vec![], depth: 0, behind: 0, warns: false };
    // A lone backslash at the end is found when its token is read, before anything else.
    let nodes = p.alternatives(false)?;
    match p.token()? {
        Some(t) if t == [b')' as u32] => return plain("unbalanced parenthesis"),
        Some(_) => return plain("bogus characters at end of regular expression"),
        None => {}
    }
    if flags & VERBOSE == 0 && p.flags & VERBOSE != 0 {
        return parse(text, p.flags);
    }
    Ok(Parsed { nodes, flags: p.flags, groups: p.groups, names: p.names, warns: p.warns })
}

fn is(c: Option<u32>, set: &str) -> bool { c.is_some_and(|c| c < 128 && set.as_bytes().contains(&(c as u8))) }
pub fn digit(c: u32, radix: u32) -> Option<u32> { char::from_u32(c).filter(char::is_ascii).and_then(|c| c.to_digit(radix)) }
fn is_name(n: &[u32]) -> bool {
    let letter = |c: u32| c == b'_' as u32 || c < 128 && (c as u8).is_ascii_alphabetic();
    n.first().is_some_and(|c| letter(*c)) && n.iter().all(|c| letter(*c) || digit(*c, 10).is_some())
}
fn text_of(n: &[u32]) -> String { n.iter().filter_map(|c| char::from_u32(*c)).collect() }

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u32> { self.text.get(self.at).copied() }
    fn eat(&mut self, c: u8) -> bool {
        let hit = self.peek() == Some(c as u32);
        self.at += hit as usize;
        hit
    }
    /// The next character, or a backslash with what follows it.
    fn token(&mut self) -> P<Option<&'a [u32]>> {
        let Some(c) = self.peek() else { return Ok(None) };
        let n = if c == b'\\' as u32 { 2 } else { 1 };
        if self.at + n > self.text.len() {
            return plain("bogus escape (end of line)");
        }
        self.at += n;
        Ok(Some(&self.text[self.at - n..self.at]))
    }
    fn number(&mut self) -> &'a [u32] {
        let from = self.at;
        while self.peek().is_some_and(|c| digit(c, 10).is_some()) {
            self.at += 1;
        }
        &self.text[from..self.at]
    }

    fn alternatives(&mut self, nested: bool) -> P<Vec<Node>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refusal::Recursion);
        }
        let mut all = vec![];
        loop {
            all.push(self.sequence()?);
            if self.eat(b'|') {
                continue;
            }
            if !nested || self.peek().is_none() || self.peek() == Some(b')' as u32) {
                break;
            }
            return plain("pattern not properly closed");
        }
        self.depth -= 1;
        Ok(join(all))
    }

    fn sequence(&mut self) -> P<Vec<Node>> {
        let mut out: Vec<Node> = vec![];
        loop {
            if is(self.peek(), "|)") {
                break;
            }
            let Some(t) = self.token()? else { break };
            let c = t[0];
            if self.flags & VERBOSE != 0 {
                if is(Some(c), " \t\n\r\x0b\x0c") {
                    continue;
                }
                if c == b'#' as u32 {
                    while let Some(t) = self.token()? {
                        if t == [b'\n' as u32] {
                            break;
                        }
                    }
                    continue;
                }
            }
            match u8::try_from(c).unwrap_or(b'a') {
                b'[' => out.push(self.set()?),
                b'*' | b'+' | b'?' | b'{' => self.repeat(c as u8, &mut out)?,
                b'.' => out.push(Node::Any),
                b'(' => {
                    if let Some(n) = self.group()? {
                        out.push(n);
                    }
                }
                b'^' => out.push(Node::At(At::Beginning)),
                b'$' => out.push(Node::At(At::End)),
                b'\\' => out.push(self.escape(t)?),
                _ => out.push(Node::Literal(c)),
            }
        }
        Ok(out)
    }

    fn repeat(&mut self, c: u8, out: &mut Vec<Node>) -> P<()> {
        let (mut min, mut max) = match c {
            b'?' => (0, 1),
            b'+' => (1, MAXREPEAT),
            _ => (0, MAXREPEAT),
        };
        if c == b'{' {
            if self.peek() == Some(b'}' as u32) {
                out.push(Node::Literal(c as u32));
                return Ok(());
            }
            let here = self.at;
            let lo = self.number();
            let hi = if self.eat(b',') { self.number() } else { lo };
            if !self.eat(b'}') {
                out.push(Node::Literal(c as u32));
                self.at = here;
                return Ok(());
            }
            let value = |d: &[u32]| match d.iter().try_fold(0u32, |n, c| n.checked_mul(10)?.checked_add(digit(*c, 10)?)) {
                Some(n) if n < MAXREPEAT => Ok(n),
                _ => Err(Refusal::Repetition),
            };
            if !lo.is_empty() {
                min = value(lo)?;
            }
            if !hi.is_empty() {
                max = value(hi)?;
                if max < min {
                    return plain("bad repeat interval");
                }
            }
        }
        match out.last() {
            None | Some(Node::At(_)) => return plain("nothing to repeat"),
            Some(Node::Repeat { .. }) => return plain("multiple repeat"),
            _ => {}
        }
        let body = out.pop().into_iter().collect();
        let greedy = !self.eat(b'?');
        out.push(Node::Repeat { min, max, greedy, body });
        Ok(())
    }

    /// What follows an opening bracket.
    fn set(&mut self) -> P<Node> {
        const OPEN: &str = "unexpected end of regular expression";
        let negate = self.eat(b'^');
        let mut items: Vec<Item> = vec![];
        loop {
            let Some(t) = self.token()? else { return plain(OPEN) };
            if t == [b']' as u32] && !items.is_empty() {
                break;
            }
            let first = if t.len() == 2 { self.class_escape(t)? } else { Item::Range(t[0], t[0]) };
            if !self.eat(b'-') {
                items.push(first);
                continue;
            }
            let Some(t) = self.token()? else { return plain(OPEN) };
            if t == [b']' as u32] {
                items.push(first);
                items.push(Item::Range(b'-' as u32, b'-' as u32));
                break;
            }
            let second = if t.len() == 2 { self.class_escape(t)? } else { Item::Range(t[0], t[0]) };
            match (first, second) {
                (Item::Range(lo, _), Item::Range(hi, _)) if lo <= hi => items.push(Item::Range(lo, hi)),
                _ => return plain("bad character range"),
            }
        }
        Ok(match (&items[..], negate) {
            ([Item::Range(a, b)], false) if a == b => Node::Literal(*a),
            ([Item::Range(a, b)], true) if a == b => Node::NotLiteral(*a),
            _ => Node::In { negate, items },
        })
    }

    /// More digits of an escape that has `t` so far, up to `max` characters in all.
    fn more(&mut self, t: &[u32], radix: u32, max: usize) -> Vec<u32> {
        let mut e = t.to_vec();
        while e.len() < max {
            match self.peek().filter(|c| digit(*c, radix).is_some()) {
                Some(c) => e.push(c),
                None => break,
            }
            self.at += 1;
        }
        e
    }
    fn value(e: &[u32], radix: u32) -> u32 { e.iter().fold(0, |n, c| n * radix + digit(*c, radix).unwrap_or(0)) }
    /// `\xhh`: exactly two digits.
    fn hex(&mut self, t: &[u32]) -> P<u32> {
        let e = self.more(t, 16, 4);
        if e.len() != 4 {
            return Err(Refusal::Shown("bogus escape: ", e));
        }
        Ok(Self::value(&e[2..], 16))
    }
    fn class_escape(&mut self, t: &[u32]) -> P<Item> {
        let one = |c: u32| Ok(Item::Range(c, c));
        if let Some(c) = category(t[1]) {
            return Ok(Item::Category(c));
        }
        if let Some(c) = control(t[1]) {
            return one(c);
        }
        match t[1] {
            // In a set the refusal does not show the letter.
            c if c == b'x' as u32 => one(self.hex(t).map_err(|r| match r {
                Refusal::Shown(m, mut e) => {
                    e.remove(1);
                    Refusal::Shown(m, e)
                }
                r => r,
            })?),
            c if digit(c, 8).is_some() => one(Self::value(&self.more(t, 8, 4)[1..], 8) & 0xFF),
            c if digit(c, 10).is_some() => Err(Refusal::Shown("bogus escape: ", t.to_vec())),
            c => one(c),
        }
    }
    fn escape(&mut self, t: &[u32]) -> P<Node> {
        if let Some(at) = place(t[1]) {
            return Ok(Node::At(at));
        }
        if let Some(c) = category(t[1]) {
            return Ok(Node::In { negate: false, items: vec![Item::Category(c)] });
        }
        if let Some(c) = control(t[1]) {
            return Ok(Node::Literal(c));
        }
        let c = t[1];
        if c == b'x' as u32 {
            return Ok(Node::Literal(self.hex(t)?));
        }
        if c == b'0' as u32 {
            return Ok(Node::Literal(Self::value(&self.more(t, 8, 4)[1..], 8) & 0xFF));
        }
        if digit(c, 10).is_none() {
            return Ok(Node::Literal(c));
        }
        let mut e = t.to_vec();
        if let Some(d) = self.peek().filter(|d| digit(*d, 10).is_some()) {
            self.at += 1;
            e.push(d);
            if digit(e[1], 8).is_some() && digit(d, 8).is_some() {
                if let Some(o) = self.peek().filter(|d| digit(*d, 8).is_some()) {
                    self.at += 1;
                    e.push(o);
                    return Ok(Node::Literal(Self::value(&e[1..], 8) & 0xFF));
                }
            }
        }
        let group = Self::value(&e[1..], 10) as usize;
        if group >= self.groups {
            return Err(Refusal::Shown("bogus escape: ", e));
        }
        if self.open.contains(&group) {
            return plain("cannot refer to open group");
        }
        self.warns |= self.behind > 0;
        Ok(Node::GroupRef(group))
    }

    /// Characters up to `end`.
    fn name(&mut self, end: u8) -> P<Vec<u32>> {
        let mut name = vec![];
        loop {
            let Some(t) = self.token()? else { return plain("unterminated name") };
            if t == [end as u32] {
                break;
            }
            name.extend(t);
        }
        if name.is_empty() { plain("missing group name") } else { Ok(name) }
    }
    fn known(&self, name: &[u32]) -> P<usize> {
        match self.names.iter().find(|(n, _)| n == name) {
            Some((_, i)) => Ok(*i),
            None => Err(Refusal::Shown("unknown group name: ", name.to_vec())),
        }
    }

    /// What follows an opening parenthesis; nothing for comments and flags.
    fn group(&mut self) -> P<Option<Node>> {
        const CLOSE: &str = "unbalanced parenthesis";
        let (mut captures, mut name, mut condition) = (true, None, None);
        if self.eat(b'?') {
            captures = false;
            if self.eat(b'P') {
                if self.eat(b'<') {
                    let n = self.name(b'>')?;
                    if !is_name(&n) {
                        return Err(Refusal::Shown("bad character in group name ", n));
                    }
                    (captures, name) = (true, Some(n));
                } else if self.eat(b'=') {
                    let n = self.name(b')')?;
                    if !is_name(&n) {
                        return Err(Refusal::Shown("bad character in backref group name ", n));
                    }
                    self.warns |= self.behind > 0;
                    return Ok(Some(Node::GroupRef(self.known(&n)?)));
                } else {
                    return match self.token()? {
                        None => plain("unexpected end of pattern"),
                        Some(t) => Err(Refusal::Text(format!("unknown specifier: ?P{}", text_of(t)))),
                    };
                }
            } else if self.eat(b':') {
            } else if self.eat(b'#') {
                while self.peek().is_some_and(|c| c != b')' as u32) {
                    self.token()?;
                }
                return if self.eat(b')') { Ok(None) } else { plain(CLOSE) };
            } else if is(self.peek(), "=!<") {
                let ahead = !self.eat(b'<');
                if !is(self.peek(), "=!") {
                    return plain("syntax error");
                }
                let negate = self.eat(b'!') || !self.eat(b'=');
                self.behind += usize::from(!ahead);
                let body = self.alternatives(true)?;
                self.behind -= usize::from(!ahead);
                return if self.eat(b')') { Ok(Some(Node::Assert { ahead, negate, body })) } else { plain(CLOSE) };
            } else if self.eat(b'(') {
                let n = self.name(b')')?;
                condition = if is_name(&n) {
                    Some(self.known(&n)?)
                } else {
                    match text_of(&n).trim().parse::<i64>() {
                        // No group has number 0: the condition is none.
                        Ok(0) => None,
                        Ok(i) if (0..i64::from(MAXREPEAT / 2)).contains(&i) => Some(i as usize),
                        Ok(_) => return Err(Refusal::CodeSize),
                        Err(_) => return plain("bad character in group name"),
                    }
                };
                if condition.is_some() && self.behind > 0 {
                    self.warns = true;
                }
            } else {
                let bits = |c: u32| Some(match u8::try_from(c).ok()? {
                    b'i' => IGNORECASE,
                    b'L' => LOCALE,
                    b'm' => MULTILINE,
                    b's' => DOTALL,
                    b't' => 1,
                    b'u' => UNICODE,
                    b'x' => VERBOSE,
                    _ => return None,
                });
                if self.peek().and_then(bits).is_none() {
                    return plain("unexpected end of pattern");
                }
                while let Some(f) = self.peek().and_then(bits) {
                    self.flags |= f;
                    self.at += 1;
                }
                return match self.token()? {
                    None => plain("unexpected end of pattern"),
                    Some(t) if t == [b')' as u32] => Ok(None),
                    Some(_) => plain("unknown extension"),
                };
            }
        }
        let number = if captures {
            let i = self.groups;
            self.groups += 1;
            if let Some(n) = name {
                if let Some((_, old)) = self.names.iter().find(|(o, _)| *o == n) {
                    return Err(Refusal::Redefined(n, i, *old));
                }
                self.names.push((n, i));
            }
            self.open.push(i);
            Some(i)
        } else {
            None
        };
        let body = match condition {
            Some(group) => {
                let yes = self.sequence()?;
                let mut no = None;
                if self.eat(b'|') {
                    no = Some(self.sequence()?);
                    if self.peek() == Some(b'|' as u32) {
                        return plain("conditional backref with more than two branches");
                    }
                }
                if self.peek().is_some_and(|c| c != b')' as u32) {
                    return plain("pattern not properly closed");
                }
                vec![Node::Conditional { group, yes, no }]
            }
            None => self.alternatives(true)?,
        };
        if !self.eat(b')') {
            return plain(CLOSE);
        }
        if number.is_some() {
            self.open.pop();
        }
        Ok(Some(Node::Group(number, body)))
    }
}

fn place(c: u32) -> Option<At> {
    Some(match u8::try_from(c).ok()? {
        b'A' => At::BeginningString,
        b'b' => At::Boundary,
        b'B' => At::NonBoundary,
        b'Z' => At::EndString,
        _ => return None,
    })
}
fn category(c: u32) -> Option<Category> {
    Some(match u8::try_from(c).ok()? {
        b'd' => Category::Digit,
        b'D' => Category::NotDigit,
        b's' => Category::Space,
        b'S' => Category::NotSpace,
        b'w' => Category::Word,
        b'W' => Category::NotWord,
        _ => return None,
    })
}
/// The character that an escape of a letter (or the backslash) stands for.
pub fn control(c: u32) -> Option<u32> {
    Some(match u8::try_from(c).ok()? {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'v' => 11,
        b'\\' => 92,
        _ => return None,
    })
}

/// One sequence of alternatives: a common prefix goes in front, single characters become a set.
fn join(mut all: Vec<Vec<Node>>) -> Vec<Node> {
    if all.len() == 1 {
        return all.remove(0);
    }
    let mut out = vec![];
    while let Some(first) = all[0].first().cloned() {
        if all.iter().any(|a| a.first() != Some(&first)) {
            break;
        }
        for a in &mut all {
            a.remove(0);
        }
        out.push(first);
    }
    let mut items = vec![];
    for a in &all {
        match &a[..] {
            [Node::Literal(c)] => items.push(Item::Range(*c, *c)),
            [Node::In { negate: false, items: more }] => items.extend(more.iter().cloned()),
            _ => {
                out.push(Node::Branch(all));
                return out;
            }
        }
    }
    out.push(Node::In { negate: false, items });
    out
}

/// Fewest and most characters that a sequence can match; `groups` are the widths of groups seen so far.
pub fn width(nodes: &[Node], groups: &mut Vec<(u64, u64)>) -> (u64, u64) {
    let (mut lo, mut hi) = (0u64, 0u64);
    for n in nodes {
        let (a, b) = match n {
            Node::Literal(_) | Node::NotLiteral(_) | Node::Any | Node::In { .. } => (1, 1),
            Node::At(_) | Node::Assert { .. } => (0, 0),
            Node::Branch(all) => all.iter().map(|a| width(a, groups)).fold((u64::MAX, 0), |(a, b), (c, d)| (a.min(c), b.max(d))),
            Node::Group(number, body) => {
                let w = width(body, groups);
                if let Some(i) = number {
                    if groups.len() <= *i {
                        groups.resize(*i + 1, (0, u64::from(MAXREPEAT)));
                    }
                    groups[*i] = w;
                }
                w
            }
            Node::Repeat { min, max, body, .. } => {
                let (a, b) = width(body, groups);
                (a.saturating_mul(u64::from(*min)), b.saturating_mul(u64::from(*max)))
            }
            Node::GroupRef(i) => groups.get(*i).copied().unwrap_or((0, u64::from(MAXREPEAT))),
            Node::Conditional { yes, no, .. } => {
                let (a, b) = width(yes, groups);
                match no {
                    Some(n) => {
                        let (c, d) = width(n, groups);
                        (a.min(c), b.max(d))
                    }
                    None => (0, b),
                }
            }
        };
        lo = lo.saturating_add(a);
        hi = hi.saturating_add(b);
    }
    (lo.min(u64::from(MAXREPEAT) - 1), hi.min(u64::from(MAXREPEAT)))
}
