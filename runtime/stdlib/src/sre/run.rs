//! Running the matcher over a subject. Inside, places are byte offsets; scripts see characters of text and bytes of bytes.

use super::chars::{Narrow, Wide};
use super::machine::Machine;
use super::pattern::Pattern;
use crate::api::*;
use txpy_vm::native::buffer;
use txpy_vm::types::text::Str;

/// What is searched.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// As the script gave it.
    pub given: Value,
    /// The text or byte string whose contents are searched.
    pub text: Value,
    pub bytes: &'a [u8],
    /// Text that is not ASCII: characters are not bytes.
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
    /// The piece from byte `from` to byte `to`; the whole of an exact string is itself.
    pub fn cut(&self, th: &mut Thread, from: usize, to: usize) -> R<Value> {
        if from == 0 && to == self.bytes.len() && (text::STR.is_exact(self.given) || text::BYTES.is_exact(self.given)) {
            return Ok(self.given);
        }
        if from >= to {
            return if text::is_text(self.text) { th.new_str("") } else { th.new_bytes(b"") };
        }
        if self.wide { text::new_str(th, &self.bytes[from..to]) } else { text::slice(th, self.text, from, to) }
    }
    /// Byte offset of a character.
    pub fn offset(&self, th: &mut Thread, i: usize) -> R<usize> {
        match self.text.cast::<Str>() {
            Some(s) if self.wide => text::offset_of(th, s, i),
            _ => Ok(i),
        }
    }
    /// Number of the character at a byte offset.
    pub fn place(&self, th: &mut Thread, at: usize) -> R<usize> {
        match self.text.cast::<Str>() {
            Some(s) if self.wide => text::char_of(th, s, at),
            _ => Ok(at),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Match,
    Full,
    Search,
}

/// Where a search stands; goes on from one match to the next. All its places are byte offsets.
pub struct Finder<'a> {
    machine: Machine<'a>,
    bytes: &'a [u8],
    wide: bool,
    start: usize,
    end: usize,
    must_advance: bool,
}
impl<'a> Finder<'a> {
    /// From character `start` to character `end`.
    pub fn new(th: &mut Thread, p: &'a Pattern, s: &Subject<'a>, start: usize, end: usize) -> R<Finder<'a>> {
        let end = end.min(s.len);
        let (start, end) = (s.offset(th, start.min(end))?, s.offset(th, end)?);
        Ok(Finder { machine: Machine::new(p.code(), end), bytes: s.bytes, wide: s.wide, start, end, must_advance: false })
    }
    /// The next match, its span.
    pub fn next(&mut self, th: &mut Thread, mode: Mode) -> R<Option<(usize, usize)>> {
        th.poll()?;
        if self.start > self.end {
            return Ok(None);
        }
        let (m, bytes, start, not_empty) = (&mut self.machine, self.bytes, self.start, self.must_advance);
        let found = match (mode, self.wide) {
            (Mode::Search, true) => m.search(th, Wide(bytes), bytes, start, not_empty)?,
            (Mode::Search, false) => m.search(th, Narrow(bytes), bytes, start, not_empty)?,
            (_, true) => m.match_at(th, Wide(bytes), bytes, start, mode == Mode::Full, not_empty)?,
            (_, false) => m.match_at(th, Narrow(bytes), bytes, start, mode == Mode::Full, not_empty)?,
        };
        Ok(found.then_some((m.start, m.stop)))
    }
    /// Goes on behind the match; an empty one may not be found again. 2.7 goes on a character further behind an empty one.
    pub fn advance(&mut self) {
        let (from, at) = (self.machine.start, self.machine.stop);
        self.start = at;
        if txpy_vm::dialect::py3() {
            self.must_advance = at == from;
        } else if at == from {
            self.start = at + if self.wide && at < self.end { text::decode_at(self.bytes, at).1 } else { 1 };
        }
    }
    /// Span of a group, from 1.
    pub fn group(&self, i: usize) -> Option<(usize, usize)> { self.machine.group(i - 1) }
    pub fn last_index(&self) -> Option<u32> { Some(self.machine.last_index).filter(|i| *i > 0) }
    /// Whether the next match must not be empty at the start.
    pub fn set_must_advance(&mut self, on: bool) { self.must_advance = on }
}
