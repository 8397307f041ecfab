//! Text (`str` of 3, `unicode` of 2.7) and byte strings (`bytes` of 3, `str` of 2.7): layout, construction, hashing, equality.
//!
//! Text is UTF-8 in which surrogates may stand as three bytes each; a pair of them is never joined. `chars == len` says ASCII.

use super::{bytes_methods, str_methods};
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
        /// Byte offsets of every 64th code point (a byte string of u32), once an index was asked for in a non-ASCII text.
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

pub static STR: TypeDef = TypeDef {
    name: "str", name2: "unicode", kind: kinds::STR, flags: type_flag::BASE | type_flag::MATCH_SELF,
    base: None, methods: &[str_methods::METHODS, str_methods::DUNDERS],
    doc: "Text: a sequence of Unicode code points.", ..TypeDef::DEFAULT
};
pub static BYTES: TypeDef = TypeDef {
    name: "bytes", name2: "str", kind: kinds::BYTES, flags: type_flag::BASE | type_flag::MATCH_SELF,
    base: None, methods: &[bytes_methods::METHODS, bytes_methods::DUNDERS],
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
