//! What `str`, `bytes` and `bytearray` share: the receiver of a method as plain bytes, its operands, positions, results.
//!
//! UTF-8 can be searched bytewise, so that most methods are written once over bytes; only positions and the making of results differ.

use super::bytearray::{self, ByteArray};
use super::text::{self, Str};
use super::{codec, int};
use crate::native::buffer;
use crate::object::{class_name, class_of};
use crate::thread::Thread;
use crate::types::dunder::D;
use txpy_heap::{R, Unwind, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    Text,
    Bytes,
    /// A bytearray; the value is a copy of its contents.
    Array,
}

/// The receiver of a string method.
#[derive(Clone, Copy)]
pub struct Subject {
    pub sort: Sort,
    /// A Str or Bytes.
    pub v: Value,
}

/// The receiver `v`, which is a str, bytes or bytearray.
pub fn subject(th: &mut Thread, v: Value) -> R<Subject> {
    if v.is::<Str>() {
        return Ok(Subject { sort: Sort::Text, v });
    }
    if let Some(a) = v.cast::<ByteArray>() {
        return Ok(Subject { sort: Sort::Array, v: bytearray::snapshot(th, a)? });
    }
    Ok(Subject { sort: Sort::Bytes, v })
}

impl Subject {
    pub fn bytes<'a>(&self) -> &'a [u8] { text::bytes_of(self.v).unwrap_or(&[]) }
    pub fn is_text(&self) -> bool { self.sort == Sort::Text }
    /// Code points or bytes.
    pub fn len(&self) -> usize { if self.is_text() { text::len_of(self.v) } else { self.bytes().len() } }
    /// Positions are byte offsets.
    pub fn is_flat(&self) -> bool { !self.is_text() || text::len_of(self.v) == self.bytes().len() }
    /// A result of the receiver's type.
    pub fn make(&self, th: &mut Thread, b: &[u8]) -> R<Value> {
        match self.sort {
            Sort::Text => text::new_str(th, b),
            Sort::Bytes => text::new_bytes(th, b),
            Sort::Array => bytearray::new(th, b),
        }
    }
    /// A result of `len` bytes and, for text, `chars` code points.
    pub fn build(&self, th: &mut Thread, len: usize, chars: usize, fill: impl FnOnce(&mut [u8])) -> R<Value> {
        match self.sort {
            Sort::Text => text::build_str(th, len, chars, fill),
            Sort::Bytes => text::build_bytes(th, len, fill),
            Sort::Array => {
                let b = text::build_bytes(th, len, fill)?;
                bytearray::new(th, text::bytes_of(b).unwrap_or(&[]))
            }
        }
    }
    /// Bytes `from..to` as a result; the receiver itself when that is all of it and it is exact.
    pub fn part(&self, th: &mut Thread, from: usize, to: usize) -> R<Value> {
        if from == 0 && to == self.bytes().len() {
            return self.whole(th);
        }
        self.make(th, &self.bytes()[from..to])
    }
    /// The receiver as a result.
    pub fn whole(&self, th: &mut Thread) -> R<Value> {
        match self.sort {
            Sort::Text if text::STR.is_exact(self.v) => Ok(self.v),
            Sort::Bytes if text::BYTES.is_exact(self.v) => Ok(self.v),
            _ => self.make(th, self.bytes()),
        }
    }
    /// Byte offset of position `i`.
    pub fn offset(&self, th: &mut Thread, i: usize) -> R<usize> {
        match self.v.cast::<Str>() {
            Some(s) => text::offset_of(th, s, i),
            None => Ok(i.min(self.bytes().len())),
        }
    }
    /// Position of the byte offset `at`.
    pub fn position(&self, th: &mut Thread, at: usize) -> R<usize> {
        match self.v.cast::<Str>() {
            Some(s) => text::char_of(th, s, at),
            None => Ok(at),
        }
    }
}

/// Texts of the TypeError for an operand of the wrong type; `%` stands for its class, `#` for the method.
pub struct Wrong {
    pub text3: &'static str,
    pub bytes3: &'static str,
    pub text2: &'static str,
    pub bytes2: &'static str,
}
pub const WRONG: Wrong = Wrong {
    text3: "must be str, not %", bytes3: "a bytes-like object is required, not '%'",
    text2: "coercing to Unicode: need string or buffer, % found", bytes2: "expected a string or other character buffer object",
};

#[cold]
pub fn wrong(th: &mut Thread, s: Sort, v: Value, w: &Wrong, method: &str) -> Unwind {
    let t = match (s, th.py3()) {
        (Sort::Text, true) => w.text3,
        (_, true) => w.bytes3,
        (Sort::Text, false) => w.text2,
        (Sort::Bytes, false) => w.bytes2,
        (Sort::Array, false) => "Type % doesn't support the buffer API",
    };
    let msg = t.replace('#', method).replace('%', &class_name(v));
    th.type_error(msg)
}

/// The operand `v` as a string that can be searched for in the receiver. In 2.7 text and bytes mix: the receiver becomes text if the
/// operand is, and bytes must be ASCII then.
pub fn operand(th: &mut Thread, s: &mut Subject, v: Value, w: &Wrong, method: &str) -> R<Value> {
    match s.sort {
        Sort::Text if v.is::<Str>() => Ok(v),
        Sort::Text if th.py3() => Err(wrong(th, s.sort, v, w, method)),
        Sort::Text => {
            if !buffer::is_bytes_like(th, v) {
                return Err(wrong(th, s.sort, v, w, method));
            }
            let b = buffer::snapshot(th, v)?;
            codec::check_ascii(th, b)?;
            Ok(b)
        }
        _ if text::is_bytes(v) => Ok(v),
        Sort::Bytes if !th.py3() && v.is::<Str>() => {
            codec::check_ascii(th, s.v)?;
            s.sort = Sort::Text;
            Ok(v)
        }
        _ if buffer::is_bytes_like(th, v) => buffer::snapshot(th, v),
        _ => Err(wrong(th, s.sort, v, w, method)),
    }
}
/// The bytes of an operand.
pub fn bytes<'a>(v: Value) -> &'a [u8] { text::bytes_of(v).unwrap_or(&[]) }

/// An integer argument, cut to i64.
pub fn int_arg(th: &mut Thread, v: Value) -> R<i64> {
    if let Some(i) = v.as_int() {
        return Ok(i);
    }
    if !th.py3() && v.as_float().is_some() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    match int::index_opt(th, v)? {
        Some(n) => match int::to_i64(n) {
            Some(i) => Ok(i),
            None => Err(th.overflow_error(if th.py3() { "Python int too large to convert to C ssize_t" } else { "Python int too large to convert to C long" })),
        },
        None => {
            let got = class_name(v);
            Err(th.type_error(if th.py3() { format!("'{got}' object cannot be interpreted as an integer") } else { "an integer is required".to_string() }))
        }
    }
}
/// An index argument, clamped instead of overflowing.
pub fn clamped(th: &mut Thread, v: Value) -> R<Option<i64>> {
    if let Some(i) = v.as_int() {
        return Ok(Some(i));
    }
    match int::index_opt(th, v)? {
        Some(n) => super::slice::clamp(th, n).map(Some),
        None => Ok(None),
    }
}
/// A byte value argument.
pub fn byte_arg(th: &mut Thread, v: Value, range: &str) -> R<u8> {
    let i = match v.as_int() {
        Some(i) => i,
        None => match clamped(th, v)? {
            Some(i) => i,
            None => {
                let got = class_name(v);
                let msg = if th.py3() { format!("'{got}' object cannot be interpreted as an integer") } else { "an integer or string of size 1 is required".to_string() };
                return Err(th.type_error(msg));
            }
        },
    };
    if (0..256).contains(&i) { Ok(i as u8) } else { Err(th.value_error(range)) }
}
/// Optional start and end positions as a range of positions in `n`, None when start lies past the end.
pub fn positions(th: &mut Thread, n: usize, start: Option<Value>, end: Option<Value>) -> R<Option<(usize, usize)>> {
    let n = n as i64;
    let at = |th: &mut Thread, v: Option<Value>, default: i64| match v {
        None => Ok(default),
        Some(v) if v.is_none() => Ok(default),
        Some(v) => match clamped(th, v)? {
            Some(i) => Ok(if i < 0 { i.saturating_add(n).max(0) } else { i }),
            None => Err(th.type_error("slice indices must be integers or None or have an __index__ method")),
        },
    };
    let from = at(th, start, 0)?;
    let to = at(th, end, n)?.min(n);
    Ok(if from > to { None } else { Some((from as usize, to as usize)) })
}
/// Whether `v` could be an index.
pub fn is_index(v: Value) -> bool { v.is_int() || class_of(v).frozen().dunder(D::index).is_some() }

/// First occurrence. The empty needle is found at 0.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [c] => memchr::memchr(*c, hay),
        _ => memchr::memmem::find(hay, needle),
    }
}
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [c] => memchr::memrchr(*c, hay),
        _ => memchr::memmem::rfind(hay, needle),
    }
}
/// Offsets of the occurrences that do not overlap; at most `max`. The needle is not empty.
pub fn occurrences(hay: &[u8], needle: &[u8], max: usize) -> impl Iterator<Item = usize> {
    let finder = memchr::memmem::Finder::new(needle).into_owned();
    let n = needle.len();
    let mut at = 0;
    let mut left = max;
    std::iter::from_fn(move || {
        if left == 0 {
            return None;
        }
        let i = at + finder.find(&hay[at..])?;
        left -= 1;
        at = i + n;
        Some(i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_do_not_overlap() {
        assert_eq!(occurrences(b"aaaa", b"aa", usize::MAX).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(occurrences(b"xayaza", b"a", 2).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((find(b"abcabc", b"bc"), rfind(b"abcabc", b"bc"), rfind(b"abc", b"")), (Some(1), Some(4), Some(3)));
    }
}
