//! Text (`str` of 3, `unicode` of 2.7) and byte strings (`bytes` of 3, `str` of 2.7): layout, construction, hashing, equality.
//!
//! Text is UTF-8 in which surrogates may stand as three bytes each; a pair of them is never joined. `chars == len` says ASCII.

use super::{bytes_methods, str_case, str_find, str_methods, str_split};
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    /// Text.
    pub struct Str = kinds::STR, frozen {
        /// 0 until computed.
        pub hash: AtomicU64,
        /// Code points.
        pub chars: usize,
        /// Byte offsets of every 64th code point (a byte string of u64), once an index was asked for in a non-ASCII text.
        pub index: Late,
    } tail data: u8
}
object! {
    /// Bytes. The same layout as [`Str`].
    pub struct Bytes = kinds::BYTES, frozen {
        pub hash: AtomicU64,
        pub chars: usize,
        pub index: Late,
    } tail data: u8
}

/// The class above both kinds of strings in 2.7.
pub static BASESTRING: TypeDef = TypeDef {
    name: "basestring", kind: kinds::OBJECT, size: 16, flags: type_flag::BASE | type_flag::PY2, methods: &[BASESTRING_METHODS],
    doc: "Type basestring cannot be instantiated; it is the base for str and unicode.", ..TypeDef::DEFAULT
};
static BASESTRING_METHODS: &[crate::native::NativeDef] = crate::natives! {
    "__new__(cls, *args, **kwargs)" = |th, _| Err(th.type_error("The basestring type cannot be instantiated")), "Fails: the type has no instances of its own.";
};
pub static STR: TypeDef = TypeDef {
    name: "str", name2: "unicode", kind: kinds::STR, flags: type_flag::BASE | type_flag::MATCH_SELF,
    base: None, methods: &[str_find::METHODS, str_split::METHODS, str_case::METHODS, str_case::TEXT, str_methods::METHODS, str_methods::DUNDERS],
    doc: "Text: a sequence of Unicode code points.", ..TypeDef::DEFAULT
};
pub static BYTES: TypeDef = TypeDef {
    name: "bytes", name2: "str", kind: kinds::BYTES, flags: type_flag::BASE | type_flag::MATCH_SELF,
    base: None, methods: &[str_find::METHODS, str_split::METHODS, str_case::METHODS, bytes_methods::METHODS, bytes_methods::DUNDERS],
    doc: "An immutable sequence of bytes.", ..TypeDef::DEFAULT
};

impl Str {
    pub fn is_ascii(&self) -> bool { self.chars == self.len }
    /// The text if it holds no surrogates.
    pub fn as_str(&self) -> Option<&str> { std::str::from_utf8(self.data()).ok() }
}

/// Code points in UTF-8 with surrogates.
pub fn count_chars(b: &[u8]) -> usize { b.iter().filter(|c| **c & 0xC0 != 0x80).count() }

/// Text from UTF-8 in which surrogates may stand.
pub fn new_str(th: &mut Thread, s: &[u8]) -> R<Value> {
    let init = Str { header: Header::NEW, len: s.len(), hash: AtomicU64::new(0), chars: count_chars(s), index: Late::new(Value::UNSET) };
    Ok(th.alloc_tail_with(STR.shape(), init, s)?.value())
}
pub fn new_bytes(th: &mut Thread, s: &[u8]) -> R<Value> {
    let init = Bytes { header: Header::NEW, len: s.len(), hash: AtomicU64::new(0), chars: s.len(), index: Late::new(Value::UNSET) };
    Ok(th.alloc_tail_with(BYTES.shape(), init, s)?.value())
}
/// Zeroed bytes of length `n` for the caller to fill before anybody else sees them.
pub fn alloc_bytes(th: &mut Thread, n: usize) -> R<Gc<Bytes>> {
    th.alloc_tail(BYTES.shape(), Bytes { header: Header::NEW, len: n, hash: AtomicU64::new(0), chars: n, index: Late::new(Value::UNSET) }, n)
}

/// The bytes of a text or byte string, subclasses included. The slice lives as long as the object: use it before the Value is dropped.
#[inline]
pub fn bytes_of<'a>(v: Value) -> Option<&'a [u8]> {
    let h = v.as_ptr()?;
    // SAFETY: both kinds have one layout, are frozen and never move; the caller keeps `v` visible to the collector while it uses the slice.
    unsafe {
        let kind = (*h).kind;
        if kind == kinds::STR || kind == kinds::BYTES { Some((*h.cast::<Str>()).data()) } else { None }
    }
}
pub fn is_text(v: Value) -> bool { v.is::<Str>() }
pub fn is_bytes(v: Value) -> bool { v.is::<Bytes>() }
/// Either of the string types that 2.7 mixes; in Python 3 only text.
pub fn is_string(th: &Thread, v: Value) -> bool { v.is::<Str>() || (!th.py3() && v.is::<Bytes>()) }
/// The text of a string object, surrogates replaced; "" for anything else.
pub fn lossy<'a>(v: Value) -> Cow<'a, str> { bytes_of(v).map_or(Cow::Borrowed(""), String::from_utf8_lossy) }
/// The text of a native string (`str` of the language) that is valid UTF-8.
pub fn str_of<'a>(v: Value) -> Option<&'a str> { std::str::from_utf8(bytes_of(v)?).ok() }

/// Hash of a string's bytes: the same for equal ASCII texts of both types, as 2.7 needs.
pub fn hash_bytes(b: &[u8]) -> u64 {
    let mut h = 0x9E37_79B9_7F4A_7C15u64 ^ b.len() as u64;
    let mix = |h: u64, w: u64| {
        let p = (h ^ w) as u128 * 0xA076_1D64_78BD_642F_u128;
        p as u64 ^ (p >> 64) as u64
    };
    let mut chunks = b.chunks_exact(8);
    for c in &mut chunks {
        h = mix(h, u64::from_le_bytes(c.try_into().expect("8 bytes")));
    }
    let mut last = [0u8; 8];
    last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    mix(mix(h, u64::from_le_bytes(last)), 0x2545_F491_4F6C_DD1D)
}

/// Hash of a string object, computed once. 61 bits, never 0.
#[inline]
pub fn hash_of(v: Value) -> Option<u64> {
    let h = v.as_ptr()?;
    // SAFETY: as in `bytes_of`.
    unsafe {
        if (*h).kind != kinds::STR && (*h).kind != kinds::BYTES {
            return None;
        }
        let s = &*h.cast::<Str>();
        let known = s.hash.load(Relaxed);
        if known != 0 {
            return Some(known);
        }
        let fresh = (hash_bytes(s.data()) >> 3).max(1);
        s.hash.store(fresh, Relaxed);
        Some(fresh)
    }
}

/// Equality of two string objects as dict keys have it: text equals bytes only in 2.7 and only in ASCII. None when one is no string.
#[inline]
pub fn equal(a: Value, b: Value) -> Option<bool> {
    let (x, y) = (bytes_of(a)?, bytes_of(b)?);
    if a.kind() == b.kind() {
        return Some(x == y);
    }
    Some(!crate::dialect::py3() && x == y && x.is_ascii())
}

// ---- code points

/// The code point at `at` (the first byte of one) and its length in bytes.
#[inline]
pub fn decode_at(b: &[u8], at: usize) -> (u32, usize) {
    let c = b[at] as u32;
    let next = |i: usize| b.get(at + i).map_or(0, |x| *x as u32 & 0x3F);
    match c {
        0..0xC0 => (c, 1),
        0xC0..0xE0 => ((c & 0x1F) << 6 | next(1), 2),
        0xE0..0xF0 => ((c & 0x0F) << 12 | next(1) << 6 | next(2), 3),
        _ => ((c & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4),
    }
}
/// The code point that ends before `end`, and where it starts.
#[inline]
pub fn decode_before(b: &[u8], end: usize) -> (u32, usize) {
    let mut at = end - 1;
    while at > 0 && b[at] & 0xC0 == 0x80 {
        at -= 1;
    }
    (decode_at(b, at).0, at)
}
/// Code points of UTF-8 with surrogates.
pub fn code_points(b: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= b.len() {
            return None;
        }
        let (c, n) = decode_at(b, at);
        at += n;
        Some(c)
    })
}
/// Appends a code point, surrogates as three bytes.
pub fn push_code_point(out: &mut Vec<u8>, c: u32) {
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend([0xC0 | (c >> 6) as u8, 0x80 | (c & 0x3F) as u8]),
        0x800..0x10000 => out.extend([0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3F) as u8, 0x80 | (c & 0x3F) as u8]),
        _ => out.extend([0xF0 | (c >> 18) as u8, 0x80 | (c >> 12 & 0x3F) as u8, 0x80 | (c >> 6 & 0x3F) as u8, 0x80 | (c & 0x3F) as u8]),
    }
}

const STRIDE: usize = 64;

/// Byte offset of code point `i` (at most the length). The first question to a long non-ASCII text builds its index.
pub fn offset_of(th: &mut Thread, s: Gc<Str>, i: usize) -> R<usize> {
    let t = s.frozen();
    if t.is_ascii() || i == 0 {
        return Ok(i.min(t.len));
    }
    if i >= t.chars {
        return Ok(t.len);
    }
    let b = t.data();
    let (mut at, mut left) = (0, i);
    if t.chars > 2 * STRIDE {
        let index = index_of(th, s)?;
        let e = i / STRIDE * 8;
        at = u64::from_le_bytes(index.frozen().data()[e..e + 8].try_into().expect("8 bytes")) as usize;
        left = i % STRIDE;
    }
    while left > 0 {
        at += decode_at(b, at).1;
        left -= 1;
    }
    Ok(at)
}
fn index_of(th: &mut Thread, s: Gc<Str>) -> R<Gc<Bytes>> {
    let t = s.frozen();
    if let Some(x) = t.index.get().cast::<Bytes>() {
        return Ok(x);
    }
    let fresh = alloc_bytes(th, t.chars.div_ceil(STRIDE) * 8)?;
    // SAFETY: not yet known to anybody else.
    let out = unsafe { fresh.frozen().tail_mut() };
    let (mut at, mut n) = (0, 0);
    let b = t.data();
    while at < b.len() {
        if n % STRIDE == 0 {
            out[n / STRIDE * 8..][..8].copy_from_slice(&(at as u64).to_le_bytes());
        }
        at += decode_at(b, at).1;
        n += 1;
    }
    th.set_late(s.header(), &t.index, fresh.value());
    Ok(fresh)
}
/// Number of the code point that starts at byte `at`.
pub fn char_of(th: &mut Thread, s: Gc<Str>, at: usize) -> R<usize> {
    let t = s.frozen();
    if t.is_ascii() {
        return Ok(at);
    }
    if t.chars <= 2 * STRIDE || at <= STRIDE {
        return Ok(count_chars(&t.data()[..at]));
    }
    let index = index_of(th, s)?;
    let entry = |i: usize| u64::from_le_bytes(index.frozen().data()[i * 8..i * 8 + 8].try_into().expect("8 bytes")) as usize;
    let (mut low, mut high) = (0, index.frozen().len / 8);
    while high - low > 1 {
        let mid = (low + high) / 2;
        if entry(mid) <= at { low = mid } else { high = mid }
    }
    Ok(low * STRIDE + count_chars(&t.data()[entry(low)..at]))
}

// ---- one-character strings, kept

static SINGLE: [[AtomicU64; 256]; 2] = [const { [const { AtomicU64::new(0) }; 256] }; 2];
static SINGLE_HOOK: std::sync::Once = std::sync::Once::new();

fn trace_singles(t: &mut txpy_heap::Tracer) {
    for v in SINGLE.iter().flatten() {
        let v = v.load(Relaxed);
        if v != 0 {
            t.value(Value(v));
        }
    }
}
fn single(th: &mut Thread, table: usize, c: u8) -> R<Value> {
    let known = SINGLE[table][c as usize].load(Relaxed);
    if known != 0 {
        return Ok(Value(known));
    }
    SINGLE_HOOK.call_once(|| txpy_heap::add_root_hook(trace_singles));
    let native = (table == 0) == th.py3();
    let v = if table == 1 {
        if native && c < 128 { th.intern_bytes(&[c])? } else { new_bytes(th, &[c])? }
    } else {
        let mut b = Vec::new();
        push_code_point(&mut b, c as u32);
        if native { th.intern_bytes(&b)? } else { new_str(th, &b)? }
    };
    Ok(match SINGLE[table][c as usize].compare_exchange(0, v.bits(), std::sync::atomic::Ordering::AcqRel, Relaxed) {
        Ok(_) => v,
        Err(other) => Value(other),
    })
}
/// The text of one code point.
pub fn char_str(th: &mut Thread, c: u32) -> R<Value> {
    if c < 256 {
        return single(th, 0, c as u8);
    }
    let mut b = Vec::new();
    push_code_point(&mut b, c);
    new_str(th, &b)
}
/// The byte string of one byte.
pub fn byte_str(th: &mut Thread, c: u8) -> R<Value> { single(th, 1, c) }

// ---- building

/// A text of `len` bytes and `chars` code points, filled by `fill` before anybody sees it. No input-sized memory outside the heap.
pub fn build_str(th: &mut Thread, len: usize, chars: usize, fill: impl FnOnce(&mut [u8])) -> R<Value> {
    let init = Str { header: Header::NEW, len, hash: AtomicU64::new(0), chars, index: Late::new(Value::UNSET) };
    let s: Gc<Str> = th.alloc_tail(STR.shape(), init, len)?;
    // SAFETY: not yet known to anybody else.
    fill(unsafe { s.frozen().tail_mut() });
    Ok(s.value())
}
pub fn build_bytes(th: &mut Thread, len: usize, fill: impl FnOnce(&mut [u8])) -> R<Value> {
    let b = alloc_bytes(th, len)?;
    // SAFETY: not yet known to anybody else.
    fill(unsafe { b.frozen().tail_mut() });
    Ok(b.value())
}
/// Code points of a text, bytes of a byte string.
pub fn len_of(v: Value) -> usize {
    match v.cast::<Str>() {
        Some(s) => s.frozen().chars,
        None => bytes_of(v).map_or(0, <[u8]>::len),
    }
}
/// Code points or bytes `from..to` of a string object, which must be in range.
pub fn slice(th: &mut Thread, v: Value, from: usize, to: usize) -> R<Value> {
    let Some(s) = v.cast::<Str>() else {
        let b = bytes_of(v).unwrap_or(&[]);
        if to - from == 1 {
            return byte_str(th, b[from]);
        }
        return if from == 0 && to == b.len() && BYTES.is_exact(v) { Ok(v) } else { new_bytes(th, &b[from..to]) };
    };
    let t = s.frozen();
    if from == 0 && to == t.chars && STR.is_exact(v) {
        return Ok(v);
    }
    let a = offset_of(th, s, from)?;
    if to - from == 1 {
        return char_str(th, decode_at(t.data(), a).0);
    }
    let z = if to - from < 16 { (from..to).fold(a, |at, _| at + decode_at(t.data(), at).1) } else { offset_of(th, s, to)? };
    build_str(th, z - a, to - from, |out| out.copy_from_slice(&t.data()[a..z]))
}

/// `a + b` of two strings of one kind; in 2.7 a mixture becomes text, bytes counting as ASCII. TypeError for anything else.
pub fn concat(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    let (Some(x), Some(y)) = (bytes_of(a), bytes_of(b)) else {
        return Err(concat_error(th, a, b));
    };
    if a.kind() != b.kind() {
        if th.py3() {
            return Err(concat_error(th, a, b));
        }
        super::codec::check_ascii(th, if is_text(a) { b } else { a })?;
    }
    let text = is_text(a) || is_text(b);
    let exact = |v: Value| if text { STR.is_exact(v) } else { BYTES.is_exact(v) };
    if y.is_empty() && exact(a) {
        return Ok(a);
    }
    if x.is_empty() && exact(b) {
        return Ok(b);
    }
    let Some(n) = x.len().checked_add(y.len()) else { return Err(th.memory_error()) };
    let fill = |out: &mut [u8]| {
        out[..x.len()].copy_from_slice(x);
        out[x.len()..].copy_from_slice(y);
    };
    if text { build_str(th, n, len_of(a) + len_of(b), fill) } else { build_bytes(th, n, fill) }
}
#[cold]
fn concat_error(th: &mut Thread, a: Value, b: Value) -> txpy_heap::Unwind {
    let (x, y) = (crate::object::class_name(a), crate::object::class_name(b));
    let msg = match (is_text(a), is_bytes(a), th.py3()) {
        (true, _, true) => format!("can only concatenate str (not \"{y}\") to str"),
        (true, _, false) => format!("coercing to Unicode: need string or buffer, {y} found"),
        (_, true, true) => format!("can't concat {y} to bytes"),
        (_, true, false) => format!("cannot concatenate 'str' and '{y}' objects"),
        _ => format!("unsupported operand type(s) for +: '{x}' and '{y}'"),
    };
    th.type_error(msg)
}

/// `a * n`.
pub fn repeat(th: &mut Thread, a: Value, n: usize) -> R<Value> {
    let b = bytes_of(a).unwrap_or(&[]);
    if n == 1 && (STR.is_exact(a) || BYTES.is_exact(a)) {
        return Ok(a);
    }
    let Some(total) = b.len().checked_mul(n).filter(|t| *t <= isize::MAX as usize) else {
        let bytes3 = th.py3() && is_bytes(a);
        return Err(if th.py3() && !bytes3 { th.memory_error() } else { th.overflow_error(if bytes3 { "repeated bytes are too long" } else { "repeated string is too long" }) });
    };
    let fill = |out: &mut [u8]| fill_repeated(out, b);
    if is_text(a) { build_str(th, total, len_of(a) * n, fill) } else { build_bytes(th, total, fill) }
}
/// Fills `out`, whose length is a multiple of `b`'s, with copies of `b`.
pub fn fill_repeated(out: &mut [u8], b: &[u8]) {
    if b.len() == 1 {
        out.fill(b[0]);
    } else if !b.is_empty() && !out.is_empty() {
        out[..b.len()].copy_from_slice(b);
        let mut done = b.len();
        while done < out.len() {
            let n = done.min(out.len() - done);
            out.copy_within(..n, done);
            done += n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_round_trip_with_surrogates() {
        let points = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD800, 0xDC80, 0xFFFF, 0x10000, 0x10FFFF];
        let mut b = Vec::new();
        points.iter().for_each(|c| push_code_point(&mut b, *c));
        assert_eq!(code_points(&b).collect::<Vec<_>>(), points);
        assert_eq!(count_chars(&b), points.len());
        let (mut end, mut back) = (b.len(), Vec::new());
        while end > 0 {
            let (c, at) = decode_before(&b, end);
            back.insert(0, c);
            end = at;
        }
        assert_eq!(back, points);
    }

    #[test]
    fn repeated_fill() {
        let mut out = [0; 10];
        fill_repeated(&mut out, b"abcde");
        assert_eq!(&out, b"abcdeabcde");
        let mut out = [0; 9];
        fill_repeated(&mut out, b"xyz");
        assert_eq!(&out, b"xyzxyzxyz");
    }
}
