//! Searching in strings: find, index, count, startswith, replace, partition ... of str, bytes and bytearray.

use super::text::{self, Str};
use super::text_algo::*;
use super::tuple;
use crate::native::{Args, NativeDef};
use crate::thread::Thread;
use txpy_heap::{R, RootedVec, Value};

pub static METHODS: &[NativeDef] = natives! {
    "find(self, sub, start=None, end=None, /)" = find_, "Lowest index where sub is found in self[start:end], or -1.";
    "rfind(self, sub, start=None, end=None, /)" = rfind_, "Highest index where sub is found in self[start:end], or -1.";
    "index(self, sub, start=None, end=None, /)" = index, "Lowest index where sub is found in self[start:end]; ValueError if there is none.";
    "rindex(self, sub, start=None, end=None, /)" = rindex, "Highest index where sub is found in self[start:end]; ValueError if there is none.";
    "count(self, sub, start=None, end=None, /)" = count, "Number of occurrences of sub in self[start:end] that do not overlap.";
    "startswith(self, prefix, start=None, end=None, /)" = startswith, "Whether self[start:end] begins with prefix, or with one of a tuple of prefixes.";
    "endswith(self, suffix, start=None, end=None, /)" = endswith, "Whether self[start:end] ends with suffix, or with one of a tuple of suffixes.";
    "__contains__(self, key, /)" = contains, "Return key in self.";
    "partition(self, sep, /)" = partition, "The part before the first separator, the separator, and the part after it.";
    "rpartition(self, sep, /)" = rpartition, "The part before the last separator, the separator, and the part after it.";
    #[py3] "replace(self, old, new, /, count=-1)" = replace, "A copy with all, or the first count, occurrences of old replaced by new.";
    #[py2] "replace(self, old, new, count=-1, /)" = replace, "A copy with all, or the first count, occurrences of old replaced by new.";
    #[py3] "removeprefix(self, prefix, /)" = removeprefix, "The rest after prefix if it stands at the start.";
    #[py3] "removesuffix(self, suffix, /)" = removesuffix, "The rest before suffix if it stands at the end.";
};

const FIND: Wrong = Wrong { text3: "#() argument 1 must be str, not %", bytes3: "argument should be integer or bytes-like object, not '%'", ..WRONG };

/// The subject, the needle and the byte range to search.
fn search(th: &mut Thread, a: Args, method: &str) -> R<(Subject, Value, Option<(usize, usize)>)> {
    let mut s = subject(th, a.get(0))?;
    let v = a.get(1);
    let needle = if !s.is_text() && th.py3() && !text::is_bytes(v) && is_index(v) {
        let c = byte_arg(th, v, "byte must be in range(0, 256)")?;
        text::byte_str(th, c)?
    } else {
        operand(th, &mut s, v, &FIND, method)?
    };
    let range = byte_range(th, s, a.opt(2), a.opt(3))?;
    Ok((s, needle, range))
}
fn byte_range(th: &mut Thread, s: Subject, start: Option<Value>, end: Option<Value>) -> R<Option<(usize, usize)>> {
    if start.is_none() && end.is_none() {
        return Ok(Some((0, s.bytes().len())));
    }
    match positions(th, s.len(), start, end)? {
        Some(r) if s.is_flat() => Ok(Some(r)),
        Some((i, j)) => Ok(Some((s.offset(th, i)?, s.offset(th, j)?))),
        None => Ok(None),
    }
}
fn found(th: &mut Thread, a: Args, method: &str, f: fn(&[u8], &[u8]) -> Option<usize>) -> R<(Sort, Option<usize>)> {
    let (s, needle, range) = search(th, a, method)?;
    let Some((i, j)) = range else { return Ok((s.sort, None)) };
    Ok((s.sort, match f(&s.bytes()[i..j], bytes(needle)) {
        Some(at) => Some(s.position(th, i + at)?),
        None => None,
    }))
}
fn or_minus_one(r: R<(Sort, Option<usize>)>) -> R<Value> { Ok(Value::int(r?.1.map_or(-1, |i| i as i64))) }
fn or_error(th: &mut Thread, r: R<(Sort, Option<usize>)>) -> R<Value> {
    match r? {
        (_, Some(i)) => Ok(Value::int(i as i64)),
        (Sort::Text, _) => Err(th.value_error("substring not found")),
        (Sort::Bytes, _) => Err(th.value_error(if th.py3() { "subsection not found" } else { "substring not found" })),
        (Sort::Array, _) => Err(th.value_error("subsection not found")),
    }
}
fn find_(th: &mut Thread, a: Args) -> R<Value> { or_minus_one(found(th, a, "find", find)) }
fn rfind_(th: &mut Thread, a: Args) -> R<Value> { or_minus_one(found(th, a, "rfind", rfind)) }
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let r = found(th, a, "index", find);
    or_error(th, r)
}
fn rindex(th: &mut Thread, a: Args) -> R<Value> {
    let r = found(th, a, "rindex", rfind);
    or_error(th, r)
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    let (s, needle, range) = search(th, a, "count")?;
    let Some((i, j)) = range else { return Ok(Value::int(0)) };
    let hay = &s.bytes()[i..j];
    let n = match bytes(needle) {
        [] if s.is_text() => text::count_chars(hay) + 1,
        [] => hay.len() + 1,
        [c] => memchr::memchr_iter(*c, hay).count(),
        b => occurrences(hay, b, usize::MAX).count(),
    };
    Ok(Value::int(n as i64))
}
fn contains(th: &mut Thread, a: Args) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    let v = a.get(1);
    const IN: Wrong = Wrong { text3: "'in <string>' requires string as left operand, not %", bytes2: "'in <string>' requires string as left operand, not %", ..WRONG };
    let needle = if !s.is_text() && (th.py3() || s.sort == Sort::Array) && !text::is_bytes(v) && is_index(v) {
        let c = byte_arg(th, v, "byte must be in range(0, 256)")?;
        text::byte_str(th, c)?
    } else {
        operand(th, &mut s, v, &IN, "")?
    };
    Ok(Value::from_bool(find(s.bytes(), bytes(needle)).is_some()))
}

fn affix(th: &mut Thread, a: Args, method: &str, test: fn(&[u8], &[u8]) -> bool) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let v = a.get(1);
    const IN_TUPLE: Wrong = Wrong { text3: "tuple for # must only contain str, not %", ..WRONG };
    const FIRST: Wrong = Wrong {
        text3: "# first arg must be str or a tuple of str, not %", bytes3: "# first arg must be bytes or a tuple of bytes, not %",
        text2: "# first arg must be str, unicode, or tuple, not %", bytes2: "# first arg must be str, unicode, or tuple, not %",
    };
    let range = byte_range(th, s, a.opt(2), a.opt(3))?;
    let one = |th: &mut Thread, v: Value, w: &Wrong| -> R<bool> {
        let mut s = s;
        let b = operand(th, &mut s, v, w, method)?;
        Ok(range.is_some_and(|(i, j)| test(&s.bytes()[i..j], bytes(b))))
    };
    if let Some(items) = tuple::items(v) {
        for x in items {
            if one(th, *x, &IN_TUPLE)? {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    Ok(Value::from_bool(one(th, v, &FIRST)?))
}
fn startswith(th: &mut Thread, a: Args) -> R<Value> { affix(th, a, "startswith", |s, p| s.starts_with(p)) }
fn endswith(th: &mut Thread, a: Args) -> R<Value> { affix(th, a, "endswith", |s, p| s.ends_with(p)) }

fn removeprefix(th: &mut Thread, a: Args) -> R<Value> { remove(th, a, "removeprefix", true) }
fn removesuffix(th: &mut Thread, a: Args) -> R<Value> { remove(th, a, "removesuffix", false) }
fn remove(th: &mut Thread, a: Args, method: &str, front: bool) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    const W: Wrong = Wrong { text3: "#() argument must be str, not %", ..WRONG };
    let p = operand(th, &mut s, a.get(1), &W, method)?;
    let (b, p) = (s.bytes(), bytes(p));
    if front && b.starts_with(p) {
        s.part(th, p.len(), b.len())
    } else if !front && b.ends_with(p) {
        s.part(th, 0, b.len() - p.len())
    } else {
        s.whole(th)
    }
}

fn partition(th: &mut Thread, a: Args) -> R<Value> { split_at(th, a, find, false) }
fn rpartition(th: &mut Thread, a: Args) -> R<Value> { split_at(th, a, rfind, true) }
fn split_at(th: &mut Thread, a: Args, f: fn(&[u8], &[u8]) -> Option<usize>, from_right: bool) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    let mut sep = operand(th, &mut s, a.get(1), &WRONG, "")?;
    let b = s.bytes();
    let p = bytes(sep);
    if p.is_empty() {
        return Err(th.value_error("empty separator"));
    }
    match f(b, p) {
        Some(i) => {
            // The separator comes back as the receiver's type.
            if s.is_text() != sep.is::<Str>() || s.sort == Sort::Array || !(text::STR.is_exact(sep) || text::BYTES.is_exact(sep)) {
                sep = s.make(th, p)?;
            }
            let left = s.part(th, 0, i)?;
            let right = s.part(th, i + p.len(), b.len())?;
            th.new_tuple(&[left, sep, right])
        }
        None => {
            let (e, f) = (s.make(th, b"")?, s.make(th, b"")?);
            let all = s.whole(th)?;
            th.new_tuple(&if from_right { [e, f, all] } else { [all, e, f] })
        }
    }
}

fn replace(th: &mut Thread, a: Args) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    const OLD: Wrong = Wrong { text3: "replace() argument 1 must be str, not %", ..WRONG };
    const NEW: Wrong = Wrong { text3: "replace() argument 2 must be str, not %", ..WRONG };
    let old_v = operand(th, &mut s, a.get(1), &OLD, "")?;
    let new_v = operand(th, &mut s, a.get(2), &NEW, "")?;
    if s.is_text() && text::is_bytes(old_v) {
        super::codec::check_ascii(th, old_v)?;
    }
    let max = match a.opt(3) {
        Some(n) => int_arg(th, n)?,
        None => -1,
    };
    let max = if max < 0 { usize::MAX } else { max as usize };
    let (b, old, new) = (s.bytes(), bytes(old_v), bytes(new_v));
    let nothing_in_27 = b.is_empty() && max != usize::MAX && !th.py3();
    if max == 0 || nothing_in_27 || old == new || old.len() > b.len() {
        return s.whole(th);
    }
    if old.is_empty() {
        return interleave(th, s, new_v, max);
    }
    let n = occurrences(b, old, max).count();
    if n == 0 {
        return s.whole(th);
    }
    let chars = |x: &[u8]| if s.is_text() { text::count_chars(x) } else { x.len() };
    let Some(total) = n.checked_mul(new.len()).and_then(|x| x.checked_add(b.len() - n * old.len())) else {
        return Err(th.overflow_error("replace string is too long"));
    };
    let chars = s.len() - n * chars(old) + n * chars(new);
    s.build(th, total, chars, |out| {
        let (mut from, mut at) = (0, 0);
        for i in occurrences(b, old, max) {
            out[at..at + i - from].copy_from_slice(&b[from..i]);
            at += i - from;
            out[at..at + new.len()].copy_from_slice(new);
            at += new.len();
            from = i + old.len();
        }
        out[at..].copy_from_slice(&b[from..]);
    })
}
/// `replace` of the empty string: `new` before each of the first characters, and at the end.
fn interleave(th: &mut Thread, s: Subject, new: Value, max: usize) -> R<Value> {
    let (b, n) = (s.bytes(), s.len());
    let new_chars = if s.is_text() && new.is::<Str>() { text::len_of(new) } else { bytes(new).len() };
    let new = bytes(new);
    let times = max.min(n + 1);
    let Some(total) = times.checked_mul(new.len()).and_then(|x| x.checked_add(b.len())) else {
        return Err(th.overflow_error("replace string is too long"));
    };
    s.build(th, total, n + times * new_chars, |out| {
        let (mut from, mut at) = (0, 0);
        for k in 0..times {
            out[at..at + new.len()].copy_from_slice(new);
            at += new.len();
            if k < n {
                let w = if s.is_text() { text::decode_at(b, from).1 } else { 1 };
                out[at..at + w].copy_from_slice(&b[from..from + w]);
                (at, from) = (at + w, from + w);
            }
        }
        out[at..].copy_from_slice(&b[from..]);
    })
}

/// Whether all of `v`'s items are strings of the receiver's sort, gathered for `join`.
pub fn gather(th: &mut Thread, s: &mut Subject, items: RootedVec) -> R<()> {
    let n = items.len(th)?;
    for i in 0..n {
        let x = items.get(th, i)?;
        let ok = match s.sort {
            Sort::Text => x.is::<Str>() || !th.py3() && text::is_bytes(x),
            Sort::Bytes if !th.py3() => text::is_bytes(x) || x.is::<Str>(),
            _ => x.is::<super::bytearray::ByteArray>() || text::is_bytes(x) || crate::native::buffer::is_bytes_like(th, x),
        };
        if !ok {
            let got = crate::object::class_name(x);
            let msg = match (s.sort, th.py3()) {
                (Sort::Text, true) => format!("sequence item {i}: expected str instance, {got} found"),
                (_, true) => format!("sequence item {i}: expected a bytes-like object, {got} found"),
                (Sort::Text, false) => format!("sequence item {i}: expected string or Unicode, {got} found"),
                (Sort::Bytes, false) => format!("sequence item {i}: expected string, {got} found"),
                (Sort::Array, false) => format!("can only join an iterable of bytes (item {i} has type '{got}')"),
            };
            return Err(th.type_error(msg));
        }
        if x.is::<Str>() && s.sort == Sort::Bytes {
            super::codec::check_ascii(th, s.v)?;
            s.sort = Sort::Text;
            return gather(th, s, items);
        }
        if s.is_text() && text::is_bytes(x) {
            super::codec::check_ascii(th, x)?;
        } else if !x.is::<Str>() && !text::is_bytes(x) {
            let b = crate::native::buffer::snapshot(th, x)?;
            items.set(th, i, b)?;
        }
    }
    Ok(())
}
