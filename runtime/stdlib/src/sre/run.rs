//! Running the engine over a subject: text in code points, bytes in bytes.

use super::pattern::Pattern;
use crate::api::*;
use rustpython_sre_engine::{Request, State};
use rustpython_wtf8::Wtf8;
use txpy_vm::native::buffer;

/// What is searched.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// As the script gave it.
    pub given: Value,
    /// The text or byte string whose contents are searched.
    pub text: Value,
    pub bytes: &'a [u8],
    /// Text that is not ASCII: positions are code points, not bytes.
    pub wide: bool,
    pub len: usize,
    /// Groups of the pattern.
    pub groups: usize,
}
impl<'a> Subject<'a> {
    /// TypeError when the pattern and `v` are not of one kind.
    pub fn new(th: &mut Thread, p: &Pattern, v: Value) -> R<Subject<'a>> {
        let is_text = text::is_text(v);
        if !is_text && !text::is_bytes(v) && !buffer::is_bytes_like(th, v) {
            if !th.py3() {
                return Err(th.type_error("expected string or buffer"));
            }
            let got = class_name(v);
            return Err(th.type_error(format!("expected string or bytes-like object, got '{got}'")));
        }
        if p.pattern.is_none() || !th.py3() {
        } else if is_text && text::is_bytes(p.pattern) {
            return Err(th.type_error("cannot use a bytes pattern on a string-like object"));
        } else if !is_text && text::is_text(p.pattern) {
            return Err(th.type_error("cannot use a string pattern on a bytes-like object"));
        }
        let t = if is_text { v } else { buffer::snapshot(th, v)? };
        let bytes = text::bytes_of(t).unwrap_or(&[]);
        let len = text::len_of(t);
        Ok(Subject { groups: p.groups, given: v, text: t, bytes, wide: is_text && len != bytes.len(), len })
    }
    /// The piece `from..to`; the whole of an exact string is itself.
    pub fn slice(&self, th: &mut Thread, from: usize, to: usize) -> R<Value> {
        if from == 0 && to == self.len && (text::STR.is_exact(self.given) || text::BYTES.is_exact(self.given)) {
            return Ok(self.given);
        }
        if from >= to {
            return if text::is_text(self.text) { th.new_str("") } else { th.new_bytes(b"") };
        }
        text::slice(th, self.text, from, to)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Match,
    Full,
    Search,
}

/// Where a search stands; goes on from one match to the next.
pub struct Finder<'a> {
    code: &'a [u32],
    bytes: &'a [u8],
    wide: bool,
    state: State,
    start: usize,
    end: usize,
    must_advance: bool,
}
/// Subjects from this size on are searched while other threads may stop the world.
const LONG: usize = 8 << 10;

impl<'a> Finder<'a> {
    pub fn new(p: &'a Pattern, s: &Subject<'a>, start: usize, end: usize) -> Finder<'a> {
        let end = end.min(s.len);
        Finder { code: p.code(), bytes: s.bytes, wide: s.wide, state: State::default(), start: start.min(end), end, must_advance: false }
    }
    /// The next match, its span; the groups stay in the state.
    pub fn next(&mut self, th: &mut Thread, mode: Mode) -> R<Option<(usize, usize)>> {
        th.poll()?;
        if self.start > self.end {
            return Ok(None);
        }
        let found = if self.end - self.start >= LONG { th.blocking(|| self.step(mode)) } else { self.step(mode) };
        Ok(if found { Some((self.state.start, self.state.cursor.position)) } else { None })
    }
    fn step(&mut self, mode: Mode) -> bool {
        let (start, end, pattern_codes, must_advance) = (self.start, self.end, self.code, self.must_advance);
        let match_all = mode == Mode::Full;
        macro_rules! go {
            ($string:expr) => {{
                let req = Request { string: $string, start, end, pattern_codes, match_all, must_advance };
                self.state.reset(&req, start);
                if mode == Mode::Search { self.state.search(req) } else { self.state.py_match(&req) }
            }};
        }
        if self.wide {
            // SAFETY: the vm's text is UTF-8 in which surrogates may stand.
            go!(unsafe { Wtf8::from_bytes_unchecked(self.bytes) })
        } else {
            go!(self.bytes)
        }
    }
    /// Goes on behind the match; an empty one may not be found again. 2.7 goes on a character further behind an empty one.
    pub fn advance(&mut self) {
        let at = self.state.cursor.position;
        if !txpy_vm::dialect::py3() {
            self.start = at + usize::from(at == self.state.start);
            return;
        }
        self.must_advance = at == self.state.start;
        self.start = at;
    }
    /// Span of a group, from 1.
    pub fn group(&self, i: usize) -> Option<(usize, usize)> {
        let (a, b) = self.state.marks.get(i - 1);
        Some((a.into_option()?, b.into_option()?))
    }
    pub fn last_index(&self) -> i64 { self.state.marks.last_index() as i64 }
}

impl Finder<'_> {
    /// Whether the next match must not be empty at the start.
    pub fn set_must_advance(&mut self, on: bool) { self.must_advance = on }
}
