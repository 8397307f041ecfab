//! Code images as bytes: compact, versioned, with a checksum. Reading bad bytes is an error, never a panic.

use std::sync::Arc;

use txpy_syntax::ast::Span;

use crate::image::{Const, Handler, Image, Spans};
use crate::ops::TABLE;

const MAGIC: &[u8; 4] = b"txpc";
/// Raise when the form changes; the instruction table's names are hashed in addition.
const VERSION: u32 = 3;
const MAX_DEPTH: u32 = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrupt(pub &'static str);

impl std::fmt::Display for Corrupt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bad code image: {}", self.0)
    }
}

impl std::error::Error for Corrupt {}

fn hash(bytes: &[u8], seed: u64) -> u64 {
    // FNV-1a, 64 bits.
    bytes.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |h, &b| (h ^ b as u64).wrapping_mul(0x0100_0000_01b3))
}

fn table_hash() -> u64 {
    TABLE.iter().fold(VERSION as u64, |h, (name, operands, words, _)| hash(words.as_bytes(), hash(operands.as_bytes(), hash(name.as_bytes(), h))))
}

pub fn to_bytes(image: &Image) -> Vec<u8> {
    let mut w = Writer(Vec::new());
    w.image(image);
    let body = w.0;
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&table_hash().to_le_bytes());
    out.extend_from_slice(&hash(&body, 0).to_le_bytes());
    out.extend_from_slice(&body);
    out
}

/// An image without the head that tells versions apart, for what is built and linked together with this code.
pub fn part_to_bytes(image: &Image) -> Vec<u8> {
    let mut w = Writer(Vec::new());
    w.image(image);
    w.0
}

/// What `part_to_bytes` made. Images without a file's name get this one.
pub fn part_from_bytes(bytes: &[u8], filename: &str) -> Result<Image, Corrupt> {
    Reader { rest: bytes, depth: 0, filename: filename.into(), trusted: true }.image()
}

pub fn from_bytes(bytes: &[u8]) -> Result<Image, Corrupt> {
    let (head, body) = bytes.split_at_checked(20).ok_or(Corrupt("too short"))?;
    if &head[..4] != MAGIC {
        return Err(Corrupt("no code image"));
    }
    if head[4..12] != table_hash().to_le_bytes() {
        return Err(Corrupt("made by another version"));
    }
    if head[12..20] != hash(body, 0).to_le_bytes() {
        return Err(Corrupt("checksum"));
    }
    let mut r = Reader { rest: body, depth: 0, filename: "".into(), trusted: false };
    let image = r.image()?;
    if r.rest.is_empty() { Ok(image) } else { Err(Corrupt("trailing bytes")) }
}

/// Bytes that are equal for equal constants only (`1`, `1.0`, `True`, `-0.0` all differ).
pub(crate) fn const_key(c: &Const) -> Vec<u8> {
    let mut w = Writer(Vec::new());
    w.constant(c);
    w.0
}

struct Writer(Vec<u8>);

impl Writer {
    fn num(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    fn signed(&mut self, n: i64) {
        self.num(((n << 1) ^ (n >> 63)) as u64);
    }

    fn bytes(&mut self, b: &[u8]) {
        self.num(b.len() as u64);
        self.0.extend_from_slice(b);
    }

    fn strings(&mut self, v: &[String]) {
        self.num(v.len() as u64);
        v.iter().for_each(|s| self.bytes(s.as_bytes()));
    }

    fn constant(&mut self, c: &Const) {
        match c {
            Const::None => self.0.push(0),
            Const::True => self.0.push(1),
            Const::False => self.0.push(2),
            Const::Ellipsis => self.0.push(3),
            Const::Int(i) => {
                self.0.push(4);
                self.signed(*i);
            }
            Const::Big { radix, digits, long } => {
                self.0.push(5);
                self.num(*radix as u64);
                self.bytes(digits.as_bytes());
                self.0.push(*long as u8);
            }
            Const::Float(f) => {
                self.0.push(6);
                self.0.extend_from_slice(&f.to_bits().to_le_bytes());
            }
            Const::Imag(f) => {
                self.0.push(7);
                self.0.extend_from_slice(&f.to_bits().to_le_bytes());
            }
            Const::Str(s) => {
                self.0.push(8);
                self.bytes(s);
            }
            Const::Bytes(s) => {
                self.0.push(9);
                self.bytes(s);
            }
            Const::Name(s) => {
                self.0.push(10);
                self.bytes(s.as_bytes());
            }
            Const::Tuple(t) => {
                self.0.push(11);
                self.num(t.len() as u64);
                t.iter().for_each(|c| self.constant(c));
            }
            Const::FrozenSet(t) => {
                self.0.push(12);
                self.num(t.len() as u64);
                t.iter().for_each(|c| self.constant(c));
            }
            Const::Code(i) => {
                self.0.push(13);
                self.image(i);
            }
        }
    }

    fn image(&mut self, i: &Image) {
        self.bytes(i.name.as_bytes());
        self.bytes(i.qualname.as_bytes());
        self.bytes(i.filename.as_bytes());
        for n in [i.first_line, i.flags, i.argcount as u32, i.posonly as u32, i.kwonly as u32, i.nregs as u32, i.free_reg as u32] {
            self.num(n as u64);
        }
        self.strings(&i.varnames);
        self.num(i.cellvars.len() as u64);
        for (n, r) in &i.cellvars {
            self.bytes(n.as_bytes());
            self.num(*r as u64);
        }
        self.strings(&i.freevars);
        self.strings(&i.tuples);
        self.num(i.code.len() as u64);
        i.code.iter().for_each(|w| self.0.extend_from_slice(&w.to_le_bytes()));
        self.num(i.consts.len() as u64);
        i.consts.iter().for_each(|c| self.constant(c));
        self.num(i.handlers.len() as u64);
        for h in &i.handlers {
            [h.start, h.end, h.target, h.reg as u32].iter().for_each(|&n| self.num(n as u64));
        }
        let mut spans = Writer(Vec::new());
        spans.num(i.spans.len() as u64);
        let (mut at, mut line) = (0, 0);
        for (offset, s) in i.spans.iter() {
            spans.num((offset - at) as u64);
            spans.signed(s.line as i64 - line);
            spans.signed(s.end_line as i64 - s.line as i64);
            spans.num(s.col as u64);
            spans.num(s.end_col as u64);
            (at, line) = (*offset, s.line as i64);
        }
        self.bytes(&spans.0);
        self.num(i.doc.map_or(0, |d| d as u64 + 1));
    }
}

/// Reads the spans of an image.
pub(crate) fn spans(stored: &[u8]) -> Read<Vec<(u32, Span)>> {
    let mut r = Reader { rest: stored, depth: 0, filename: "".into(), trusted: true };
    let (mut at, mut line) = (0u32, 0i64);
    let number = |n: i64| u32::try_from(n).map_err(|_| Corrupt("line out of range"));
    r.many(|r| {
        at = at.checked_add(r.small()?).ok_or(Corrupt("offset out of range"))?;
        line = line.checked_add(r.signed()?).ok_or(Corrupt("line out of range"))?;
        let end = line.checked_add(r.signed()?).ok_or(Corrupt("line out of range"))?;
        Ok((at, Span { line: number(line)?, end_line: number(end)?, col: r.small()?, end_col: r.small()? }))
    })
}

struct Reader<'b> {
    rest: &'b [u8],
    depth: u32,
    filename: Arc<str>,
    /// Written by this code: parts may be read later.
    trusted: bool,
}

type Read<T> = Result<T, Corrupt>;

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Read<u8> {
        let (&b, rest) = self.rest.split_first().ok_or(Corrupt("end of data"))?;
        self.rest = rest;
        Ok(b)
    }

    fn num(&mut self) -> Read<u64> {
        let mut n = 0u64;
        for shift in (0..70).step_by(7) {
            let b = self.byte()?;
            let part = (b & 0x7F) as u64;
            if shift == 63 && part > 1 {
                break;
            }
            n |= part << shift;
            if b & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(Corrupt("number too large"))
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Read<T> {
        T::try_from(self.num()?).map_err(|_| Corrupt("number out of range"))
    }

    fn signed(&mut self) -> Read<i64> {
        let n = self.num()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    /// A count of things that take at least a byte each.
    fn count(&mut self) -> Read<usize> {
        let n: usize = self.small()?;
        if n <= self.rest.len() { Ok(n) } else { Err(Corrupt("count too large")) }
    }

    fn bytes(&mut self) -> Read<&'b [u8]> {
        let n = self.count()?;
        let (b, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(b)
    }

    fn string(&mut self) -> Read<String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| Corrupt("text is no UTF-8"))
    }

    fn many<T>(&mut self, mut f: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let n = self.count()?;
        (0..n).map(|_| f(self)).collect()
    }

    fn float(&mut self) -> Read<f64> {
        let (b, rest) = self.rest.split_first_chunk::<8>().ok_or(Corrupt("end of data"))?;
        self.rest = rest;
        Ok(f64::from_bits(u64::from_le_bytes(*b)))
    }

    fn constant(&mut self) -> Read<Const> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Corrupt("nested too deeply"));
        }
        let c = match self.byte()? {
            0 => Const::None,
            1 => Const::True,
            2 => Const::False,
            3 => Const::Ellipsis,
            4 => Const::Int(self.signed()?),
            5 => {
                let radix: u32 = self.small()?;
                let digits = self.string()?;
                let plain = digits.strip_prefix('-').unwrap_or(&digits);
                if !(2..=36).contains(&radix) || plain.is_empty() || !plain.chars().all(|c| c.is_digit(radix)) {
                    return Err(Corrupt("bad integer"));
                }
                Const::Big { radix, digits, long: self.byte()? != 0 }
            }
            6 => Const::Float(self.float()?),
            7 => Const::Imag(self.float()?),
            8 => Const::Str(self.bytes()?.into()),
            9 => Const::Bytes(self.bytes()?.into()),
            10 => Const::Name(self.string()?.into()),
            11 => Const::Tuple(self.many(Self::constant)?.into()),
            12 => Const::FrozenSet(self.many(Self::constant)?.into()),
            13 => Const::Code(Arc::new(self.image()?)),
            _ => return Err(Corrupt("unknown constant")),
        };
        self.depth -= 1;
        Ok(c)
    }

    fn image(&mut self) -> Read<Image> {
        let mut i = Image { name: self.string()?, qualname: self.string()?, ..Image::default() };
        let filename = self.bytes()?;
        i.filename = if filename.is_empty() { self.filename.clone() } else { std::str::from_utf8(filename).map_err(|_| Corrupt("text is no UTF-8"))?.into() };
        i.first_line = self.small()?;
        i.flags = self.small()?;
        i.argcount = self.small()?;
        i.posonly = self.small()?;
        i.kwonly = self.small()?;
        i.nregs = self.small()?;
        i.free_reg = self.small()?;
        i.varnames = self.many(Self::string)?;
        i.cellvars = self.many(|r| Ok((r.string()?, r.small()?)))?;
        i.freevars = self.many(Self::string)?;
        i.tuples = self.many(Self::string)?;
        let words: usize = self.small()?;
        let size = words.checked_mul(8).filter(|n| *n <= self.rest.len()).ok_or(Corrupt("count too large"))?;
        let (code, rest) = self.rest.split_at(size);
        self.rest = rest;
        i.code = code.as_chunks().0.iter().map(|w| u64::from_le_bytes(*w)).collect();
        i.consts = self.many(Self::constant)?;
        i.handlers = self.many(|r| Ok(Handler { start: r.small()?, end: r.small()?, target: r.small()?, reg: r.small()? }))?;
        let stored = self.bytes()?;
        i.spans = if self.trusted { Spans::stored(stored) } else { spans(stored)?.into() };
        i.doc = match self.small::<usize>()? {
            0 => None,
            n if n <= i.consts.len() => Some(n - 1),
            _ => return Err(Corrupt("docstring out of range")),
        };
        Ok(i)
    }
}
