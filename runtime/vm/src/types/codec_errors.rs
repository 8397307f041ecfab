//! Error handlers of the codecs, and the runs of encoding and decoding that call them.

use super::text::{self, Str, push_code_point};
use super::{codec, dict, exception, int, tuple};
use crate::exceptions::{INDEX_ERROR, LOOKUP_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};
use crate::thread::Thread;
use txpy_heap::{R, Unwind, Value};

/// What to do about what can't be encoded or decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    Backslash,
    XmlChar,
    SurrogateEscape,
    SurrogatePass,
    NameReplace,
    /// A registered callable.
    Custom(Value),
}

/// Names of the builtin handlers: in both languages up to the fifth, the rest in 3.
pub const NAMES: [(&str, Handler); 8] = [
    ("strict", Handler::Strict), ("ignore", Handler::Ignore), ("replace", Handler::Replace), ("backslashreplace", Handler::Backslash),
    ("xmlcharrefreplace", Handler::XmlChar), ("surrogateescape", Handler::SurrogateEscape), ("surrogatepass", Handler::SurrogatePass),
    ("namereplace", Handler::NameReplace),
];

/// The builtin handler called `name`.
pub fn builtin(th: &Thread, name: &str) -> Option<Handler> {
    let i = NAMES.iter().position(|(n, _)| *n == name)?;
    (th.py3() || i < 5).then_some(NAMES[i].1)
}

/// The handler called `name`, looked up when it is first needed. LookupError if there is none.
fn find(th: &mut Thread, name: &str) -> R<Handler> {
    let d = codec::handlers(th)?;
    if let Some(f) = dict::get_str(th, d, name)? {
        return Ok(Handler::Custom(f));
    }
    match builtin(th, name) {
        Some(h) => Ok(h),
        None => Err(th.raise(&LOOKUP_ERROR, format!("unknown error handler name '{name}'"))),
    }
}

/// One run of a decoder.
pub struct Decode<'a> {
    /// Name in error messages.
    pub encoding: &'a str,
    pub errors: &'a str,
    pub object: Value,
    pub out: Vec<u8>,
    /// No input follows: an incomplete sequence at the end is an error.
    pub last: bool,
    /// Input bytes used.
    pub used: usize,
    pub handler: Option<Handler>,
}

impl Decode<'_> {
    pub fn input<'b>(&self) -> &'b [u8] { text::bytes_of(self.object).unwrap_or(&[]) }
    /// Handles input that can't be decoded; the result is where to go on.
    pub fn error(&mut self, th: &mut Thread, start: usize, end: usize, reason: &str) -> R<usize> {
        th.poll()?;
        let h = match self.handler {
            Some(h) => h,
            None => find(th, self.errors)?,
        };
        self.handler = Some(h);
        let bad = &self.input()[start..end.min(self.input().len())];
        match h {
            Handler::Ignore => {}
            Handler::Replace => push_code_point(&mut self.out, 0xFFFD),
            Handler::Backslash if th.py3() => bad.iter().for_each(|b| self.out.extend(format!("\\x{b:02x}").bytes())),
            Handler::Backslash => return Err(th.type_error("don't know how to handle UnicodeDecodeError in error callback")),
            Handler::SurrogateEscape => {
                let b = self.input();
                let mut at = start;
                while at < end && b[at] >= 128 {
                    push_code_point(&mut self.out, 0xDC00 + b[at] as u32);
                    at += 1;
                }
                if at == start {
                    return Err(self.raise(th, start, end, reason));
                }
                return Ok(at);
            }
            Handler::SurrogatePass => {
                let b = self.input();
                let unit = |n: usize, big: bool| {
                    let mut c = 0;
                    for i in 0..n {
                        c |= (*b.get(start + i)? as u32) << (8 * if big { n - 1 - i } else { i });
                    }
                    (0xD800..0xE000).contains(&c).then_some((c, n))
                };
                let found = match self.encoding {
                    "utf-8" => match b.get(start..start + 3) {
                        Some([0xED, y @ 0xA0..=0xBF, z @ 0x80..=0xBF]) => Some((0xD000 | (*y as u32 & 0x3F) << 6 | *z as u32 & 0x3F, 3)),
                        _ => None,
                    },
                    "utf-16-le" | "utf-16" => unit(2, false),
                    "utf-16-be" => unit(2, true),
                    "utf-32-le" | "utf-32" => unit(4, false),
                    "utf-32-be" => unit(4, true),
                    _ => None,
                };
                let Some((c, n)) = found else { return Err(self.raise(th, start, end, reason)) };
                push_code_point(&mut self.out, c);
                return Ok(start + n);
            }
            Handler::Strict => return Err(self.raise(th, start, end, reason)),
            Handler::XmlChar | Handler::NameReplace => {
                return Err(th.type_error("don't know how to handle UnicodeDecodeError in error callback"));
            }
            Handler::Custom(f) => {
                let args = arguments(th, self.encoding, self.object, start, end, reason)?;
                let e = exception::new(th, &UNICODE_DECODE_ERROR, &args)?;
                let n = self.input().len();
                let (with, at) = call_handler(th, f, e, n, true)?;
                self.out.extend_from_slice(text::bytes_of(with).unwrap_or(&[]));
                return Ok(at);
            }
        }
        Ok(end)
    }
    #[cold]
    pub fn raise(&self, th: &mut Thread, start: usize, end: usize, reason: &str) -> Unwind {
        match arguments(th, self.encoding, self.object, start, end, reason) {
            Ok(a) => th.raise_with(&UNICODE_DECODE_ERROR, &a),
            Err(e) => e,
        }
    }
}

fn arguments(th: &mut Thread, encoding: &str, object: Value, start: usize, end: usize, reason: &str) -> R<[Value; 5]> {
    // The names that CPython's codecs have for themselves.
    let name = match encoding {
        "utf-8" if !th.py3() => "utf8",
        "utf-16" | "utf-16-le" | "utf-16-be" if !th.py3() => "utf16",
        "utf-32" | "utf-32-le" | "utf-32-be" if !th.py3() => "utf32",
        "unicode-escape" => "unicodeescape",
        "raw-unicode-escape" => "rawunicodeescape",
        n if codec::is_charmap(n) => "charmap",
        n => n,
    };
    let name = th.native_str(name)?;
    let reason = th.native_str(reason)?;
    Ok([name, object, Value::int(start as i64), Value::int(end as i64), reason])
}

/// Calls a registered handler: its replacement and where to go on in an input of `n`.
fn call_handler(th: &mut Thread, f: Value, e: Value, n: usize, decoding: bool) -> R<(Value, usize)> {
    let r = th.call(f, &[e])?;
    let pair = tuple::items(r).filter(|t| t.len() == 2 && int::is_int_like(t[1]) && (t[0].is::<Str>() || th.py3() && !decoding && text::is_bytes(t[0])));
    let Some(t) = pair else {
        let (what, kind) = (if decoding { "decoding" } else { "encoding" }, if !th.py3() { "unicode" } else if decoding { "str" } else { "str/bytes" });
        return Err(th.type_error(format!("{what} error handler must return ({kind}, int) tuple")));
    };
    let at = int::to_i64(t[1]).unwrap_or(i64::MAX);
    let place = if at < 0 { at + n as i64 } else { at };
    if place < 0 || place > n as i64 {
        return Err(th.raise(&INDEX_ERROR, format!("position {at} from error handler out of bounds")));
    }
    Ok((t[0], place as usize))
}

/// One run of an encoder.
pub struct Encode<'a> {
    pub encoding: &'a str,
    pub errors: &'a str,
    pub object: Value,
    pub out: Vec<u8>,
    pub handler: Option<Handler>,
    /// The code points of the object.
    pub chars: Vec<u32>,
}

impl Encode<'_> {
    /// Handles the code points `start..end`, which can't be encoded: replacements are encoded through `put`, which gives false for what it can't
    /// encode. The result is where to go on.
    pub fn error(&mut self, th: &mut Thread, start: usize, end: usize, reason: &str, put: &dyn Fn(&mut Vec<u8>, u32) -> bool) -> R<usize> {
        let (with, at) = self.replacement(th, start, end, reason)?;
        for c in with {
            if !put(&mut self.out, c) {
                return Err(self.raise(th, start, end, reason));
            }
        }
        Ok(at)
    }
    /// As [`error`](Encode::error), but the replacement's code points are the caller's to encode; replacements that are bytes have been written.
    pub fn replacement(&mut self, th: &mut Thread, start: usize, end: usize, reason: &str) -> R<(Vec<u32>, usize)> {
        th.poll()?;
        let h = match self.handler {
            Some(h) => h,
            None => find(th, self.errors)?,
        };
        self.handler = Some(h);
        let mut with = String::new();
        let mut at = start;
        match h {
            Handler::Strict => return Err(self.raise(th, start, end, reason)),
            Handler::Ignore => return Ok((Vec::new(), end)),
            Handler::Replace => with.extend((start..end).map(|_| '?')),
            Handler::Backslash => self.chars[start..end].iter().for_each(|c| with.push_str(&codec::escape(*c))),
            Handler::XmlChar => self.chars[start..end].iter().for_each(|c| with.push_str(&format!("&#{c};"))),
            Handler::NameReplace => {
                for c in &self.chars[start..end] {
                    match char::from_u32(*c).and_then(unicode_names2::name) {
                        Some(n) => with.push_str(&format!("\\N{{{n}}}")),
                        None => with.push_str(&codec::escape(*c)),
                    }
                }
            }
            Handler::SurrogateEscape => {
                while at < end && (0xDC80..0xDD00).contains(&self.chars[at]) {
                    self.out.push((self.chars[at] - 0xDC00) as u8);
                    at += 1;
                }
                return if at == start { Err(self.raise(th, start, end, reason)) } else { Ok((Vec::new(), at)) };
            }
            Handler::SurrogatePass => {
                for c in self.chars[start..end].to_vec() {
                    if !(0xD800..0xE000).contains(&c) {
                        return Err(self.raise(th, start, end, reason));
                    }
                    match self.encoding {
                        "utf-8" => push_code_point(&mut self.out, c),
                        "utf-16" | "utf-16-le" => self.out.extend((c as u16).to_le_bytes()),
                        "utf-16-be" => self.out.extend((c as u16).to_be_bytes()),
                        "utf-32" | "utf-32-le" => self.out.extend(c.to_le_bytes()),
                        "utf-32-be" => self.out.extend(c.to_be_bytes()),
                        _ => return Err(self.raise(th, start, end, reason)),
                    }
                }
                return Ok((Vec::new(), end));
            }
            Handler::Custom(f) => {
                let args = arguments(th, self.encoding, self.object, start, end, reason)?;
                let e = exception::new(th, &UNICODE_ENCODE_ERROR, &args)?;
                let (r, next) = call_handler(th, f, e, self.chars.len(), false)?;
                let b = text::bytes_of(r).unwrap_or(&[]);
                if text::is_bytes(r) {
                    self.out.extend_from_slice(b);
                    return Ok((Vec::new(), next));
                }
                return Ok((text::code_points(b).collect(), next));
            }
        }
        Ok((with.chars().map(|c| c as u32).collect(), end))
    }
    #[cold]
    pub fn raise(&self, th: &mut Thread, start: usize, end: usize, reason: &str) -> Unwind {
        match arguments(th, self.encoding, self.object, start, end, reason) {
            Ok(a) => th.raise_with(&UNICODE_ENCODE_ERROR, &a),
            Err(e) => e,
        }
    }
}
