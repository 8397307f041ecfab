//! Splitting, joining, stripping and padding of str, bytes and bytearray.

use super::text::{self, Str};
use super::text_algo::*;
use super::{list, unicode};
use crate::exceptions::TYPE_ERROR;
use crate::native::{Args, NativeDef};
use crate::object::{class_name, is_true};
use crate::thread::Thread;
use txpy_heap::{R, Value};

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "split(self, /, sep=None, maxsplit=-1)" = split, "The words of the string, separated by sep or by whitespace; at most maxsplit splits, from the left.";
    #[py2] "split(self, sep=None, maxsplit=-1, /)" = split, "The words of the string, separated by sep or by whitespace; at most maxsplit splits, from the left.";
    #[py3] "rsplit(self, /, sep=None, maxsplit=-1)" = rsplit, "The words of the string, separated by sep or by whitespace; at most maxsplit splits, from the right.";
    #[py2] "rsplit(self, sep=None, maxsplit=-1, /)" = rsplit, "The words of the string, separated by sep or by whitespace; at most maxsplit splits, from the right.";
    #[py3] "splitlines(self, /, keepends=False)" = splitlines, "The lines of the string, with their ends if keepends is true.";
    #[py2] "splitlines(self, keepends=False, /)" = splitlines, "The lines of the string, with their ends if keepends is true.";
    "join(self, iterable, /)" = join, "Concatenates the strings of iterable with the string between them.";
    "strip(self, chars=None, /)" = strip, "A copy without leading and trailing whitespace, or characters of chars.";
    "lstrip(self, chars=None, /)" = lstrip, "A copy without leading whitespace, or characters of chars.";
    "rstrip(self, chars=None, /)" = rstrip, "A copy without trailing whitespace, or characters of chars.";
    "center(self, width, fillchar=' ', /)" = center, "The string centred in a string of length width.";
    "ljust(self, width, fillchar=' ', /)" = ljust, "The string at the left of a string of length width.";
    "rjust(self, width, fillchar=' ', /)" = rjust, "The string at the right of a string of length width.";
    "zfill(self, width, /)" = zfill, "The string with zeros at its left, behind its sign, up to length width.";
    #[py3] "expandtabs(self, /, tabsize=8)" = expandtabs, "A copy with tabs replaced by spaces.";
    #[py2] "expandtabs(self, tabsize=8, /)" = expandtabs, "A copy with tabs replaced by spaces.";
};

pub fn is_space_byte(c: u8) -> bool { matches!(c, 9..=13 | 32) }

/// End of the run of (non-)spaces that starts at `at`.
fn run(b: &[u8], text: bool, mut at: usize, space: bool) -> usize {
    while at < b.len() {
        let (c, n) = if text { text::decode_at(b, at) } else { (b[at] as u32, 1) };
        let is = if text { unicode::is_space(c) } else { is_space_byte(c as u8) };
        if is != space {
            break;
        }
        at += n;
    }
    at
}
/// Start of the run of (non-)spaces that ends before `end`.
fn run_back(b: &[u8], text: bool, mut end: usize, space: bool) -> usize {
    while end > 0 {
        let (c, at) = if text { text::decode_before(b, end) } else { (b[end - 1] as u32, end - 1) };
        let is = if text { unicode::is_space(c) } else { is_space_byte(c as u8) };
        if is != space {
            break;
        }
        end = at;
    }
    end
}

fn split(th: &mut Thread, a: Args) -> R<Value> { split_any(th, a, false) }
fn rsplit(th: &mut Thread, a: Args) -> R<Value> { split_any(th, a, true) }
fn split_any(th: &mut Thread, a: Args, from_right: bool) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    let max = match a.opt(2) {
        Some(n) => int_arg(th, n)?,
        None => -1,
    };
    let max = if max < 0 { usize::MAX } else { max as usize };
    const SEP: Wrong = Wrong { text3: "must be str or None, not %", ..WRONG };
    let sep = match a.some(1) {
        Some(v) => Some(operand(th, &mut s, v, &SEP, "")?),
        None => None,
    };
    let b = s.bytes();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    match sep {
        Some(v) => {
            let p = bytes(v);
            if p.is_empty() {
                return Err(th.value_error("empty separator"));
            }
            if from_right {
                let mut end = b.len();
                while parts.len() < max {
                    let Some(i) = rfind(&b[..end], p) else { break };
                    parts.push((i + p.len(), end));
                    end = i;
                }
                parts.push((0, end));
                parts.reverse();
            } else {
                let mut at = 0;
                for i in occurrences(b, p, max) {
                    parts.push((at, i));
                    at = i + p.len();
                }
                parts.push((at, b.len()));
            }
        }
        None if from_right => {
            let mut end = run_back(b, s.is_text(), b.len(), true);
            while end > 0 {
                if parts.len() == max {
                    parts.push((0, end));
                    break;
                }
                let from = run_back(b, s.is_text(), end, false);
                parts.push((from, end));
                end = run_back(b, s.is_text(), from, true);
            }
            parts.reverse();
        }
        None => {
            let mut at = run(b, s.is_text(), 0, true);
            while at < b.len() {
                if parts.len() == max {
                    parts.push((at, b.len()));
                    break;
                }
                let end = run(b, s.is_text(), at, false);
                parts.push((at, end));
                at = run(b, s.is_text(), end, true);
            }
        }
    }
    list_of(th, s, &parts)
}
fn list_of(th: &mut Thread, s: Subject, parts: &[(usize, usize)]) -> R<Value> {
    let out = list::with_capacity(th, parts.len())?;
    for (i, j) in parts {
        let x = s.part(th, *i, *j)?;
        list::append(th, out, x)?;
        th.poll()?;
    }
    Ok(out.value())
}
fn splitlines(th: &mut Thread, a: Args) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let keep = match a.opt(1) {
        Some(v) => is_true(th, v)?,
        None => false,
    };
    let b = s.bytes();
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while at < b.len() {
        let (c, n) = if s.is_text() { text::decode_at(b, at) } else { (b[at] as u32, 1) };
        let ends = if s.is_text() { unicode::is_line_end(c) } else { c == 10 || c == 13 };
        let end = at;
        at += n;
        if ends {
            if c == 13 && b.get(at) == Some(&10) {
                at += 1;
            }
            parts.push((from, if keep { at } else { end }));
            from = at;
        }
    }
    if from < b.len() {
        parts.push((from, b.len()));
    }
    list_of(th, s, &parts)
}

fn join(th: &mut Thread, a: Args) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    let v = a.get(1);
    let class = crate::object::class_of(v);
    let d = class.frozen();
    if d.dunder(super::dunder::D::iter).is_none_or(|f| f.is_none()) && d.dunder(super::dunder::D::getitem).is_none() {
        return Err(th.raise(&TYPE_ERROR, "can only join an iterable"));
    }
    let items = crate::object::iter::to_vec(th, v)?;
    super::str_find::gather(th, &mut s, items)?;
    let n = items.len(th)?;
    if n == 1 {
        let x = items.get(th, 0)?;
        if s.is_text() && text::STR.is_exact(x) || s.sort == Sort::Bytes && text::BYTES.is_exact(x) {
            return Ok(x);
        }
    }
    let sep = s.bytes();
    let sums = items.with(th, |items| {
        let (mut total, mut chars) = (sep.len().checked_mul(n.saturating_sub(1))?, s.len() * n.saturating_sub(1));
        for x in items {
            total = total.checked_add(bytes(*x).len())?;
            chars += text::len_of(*x);
        }
        Some((total, chars))
    })?;
    let Some((total, chars)) = sums else {
        return Err(th.overflow_error(if s.is_text() { "join() result is too long for a Python string" } else { "join() result is too long" }));
    };
    // The result is filled without safepoint between; a tuple can be read while it is made.
    let copy = crate::types::tuple::alloc(th, n)?;
    items.with(th, |items| {
        // SAFETY: not yet known to anybody else.
        unsafe { copy.frozen().tail_mut() }.copy_from_slice(items)
    })?;
    th.remember(copy.header());
    s.build(th, total, chars, |out| {
        let mut at = 0;
        for (i, x) in copy.frozen().items().iter().enumerate() {
            if i > 0 {
                out[at..at + sep.len()].copy_from_slice(sep);
                at += sep.len();
            }
            let b = bytes(*x);
            out[at..at + b.len()].copy_from_slice(b);
            at += b.len();
        }
    })
}

fn strip(th: &mut Thread, a: Args) -> R<Value> { strip_any(th, a, "strip", true, true) }
fn lstrip(th: &mut Thread, a: Args) -> R<Value> { strip_any(th, a, "lstrip", true, false) }
fn rstrip(th: &mut Thread, a: Args) -> R<Value> { strip_any(th, a, "rstrip", false, true) }
fn strip_any(th: &mut Thread, a: Args, method: &str, left: bool, right: bool) -> R<Value> {
    let mut s = subject(th, a.get(0))?;
    const W: Wrong = Wrong { text3: "# arg must be None or str", text2: "# arg must be None, unicode or str", bytes2: "# arg must be None, str or unicode", ..WRONG };
    let set = match a.some(1) {
        Some(v) => Some(operand(th, &mut s, v, &W, method)?),
        None => None,
    };
    let b = s.bytes();
    let (mut from, mut to) = (0, b.len());
    match set {
        None => {
            if left {
                from = run(b, s.is_text(), 0, true);
            }
            if right {
                to = run_back(b, s.is_text(), b.len(), true).max(from);
            }
        }
        Some(v) => {
            let set = bytes(v);
            let multi = s.is_text() && !set.is_ascii();
            let has = |c: &[u8]| if c.len() == 1 { set.contains(&c[0]) } else { multi && find(set, c).is_some() };
            while left && from < to {
                let n = if s.is_text() { text::decode_at(b, from).1 } else { 1 };
                if !has(&b[from..from + n]) {
                    break;
                }
                from += n;
            }
            while right && to > from {
                let at = if s.is_text() { text::decode_before(b, to).1 } else { to - 1 };
                if !has(&b[at..to]) {
                    break;
                }
                to = at;
            }
        }
    }
    s.part(th, from, to)
}

/// The receiver with `left` and `right` fill characters around it.
fn padded(th: &mut Thread, s: Subject, left: usize, right: usize, fill: &[u8]) -> R<Value> {
    let b = s.bytes();
    let total = left.checked_add(right).and_then(|n| n.checked_mul(fill.len())).and_then(|n| n.checked_add(b.len()));
    let Some(total) = total.filter(|t| *t < isize::MAX as usize) else {
        return Err(th.overflow_error("padded string is too long"));
    };
    s.build(th, total, s.len() + left + right, |out| {
        let at = left * fill.len();
        text::fill_repeated(&mut out[..at], fill);
        out[at..at + b.len()].copy_from_slice(b);
        text::fill_repeated(&mut out[at + b.len()..], fill);
    })
}
fn justify(th: &mut Thread, a: Args, method: &str, how: impl FnOnce(usize, usize) -> usize) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let width = int_arg(th, a.get(1))?;
    let space = b" ";
    let fill: &[u8] = match a.opt(2) {
        None => space,
        Some(v) if s.is_text() => {
            let b = bytes(v);
            if !v.is::<Str>() && !(text::is_bytes(v) && !th.py3()) {
                let got = class_name(v);
                return Err(th.type_error(if th.py3() { format!("The fill character must be a unicode character, not {got}") } else { "The fill character cannot be converted to Unicode".to_string() }));
            }
            if text::is_bytes(v) {
                super::codec::check_ascii(th, v)?;
            }
            if text::count_chars(b) != 1 {
                return Err(th.type_error("The fill character must be exactly one character long"));
            }
            b
        }
        Some(v) => {
            let ok = text::is_bytes(v) || th.py3() && v.is::<super::bytearray::ByteArray>();
            let b = if ok { crate::native::buffer::snapshot(th, v)? } else { v };
            if !ok || bytes(b).len() != 1 {
                let got = class_name(v);
                let msg = match (th.py3(), ok) {
                    (true, true) => format!("{method}(): argument 2 must be a byte string of length 1, not a {got} object of length {}", bytes(b).len()),
                    (true, false) => format!("{method}() argument 2 must be a byte string of length 1, not {got}"),
                    _ => format!("{method}() argument 2 must be char, not {got}"),
                };
                return Err(th.type_error(msg));
            }
            bytes(b)
        }
    };
    let n = s.len();
    if width <= n as i64 {
        return s.whole(th);
    }
    let pad = width as usize - n;
    let left = how(pad, width as usize);
    padded(th, s, left, pad - left, fill)
}
fn center(th: &mut Thread, a: Args) -> R<Value> { justify(th, a, "center", |pad, width| pad / 2 + (pad & width & 1)) }
fn ljust(th: &mut Thread, a: Args) -> R<Value> { justify(th, a, "ljust", |_, _| 0) }
fn rjust(th: &mut Thread, a: Args) -> R<Value> { justify(th, a, "rjust", |pad, _| pad) }
fn zfill(th: &mut Thread, a: Args) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let width = int_arg(th, a.get(1))?;
    let (b, n) = (s.bytes(), s.len());
    if width <= n as i64 {
        return s.whole(th);
    }
    let pad = width as usize - n;
    let sign = matches!(b.first(), Some(b'+' | b'-')) as usize;
    let Some(total) = pad.checked_add(b.len()).filter(|t| *t < isize::MAX as usize) else { return Err(th.memory_error()) };
    s.build(th, total, n + pad, |out| {
        out[..sign].copy_from_slice(&b[..sign]);
        out[sign..sign + pad].fill(b'0');
        out[sign + pad..].copy_from_slice(&b[sign..]);
    })
}
fn expandtabs(th: &mut Thread, a: Args) -> R<Value> {
    let s = subject(th, a.get(0))?;
    let tab = match a.opt(1) {
        Some(v) => super::int_args::arg_i32(th, v)?.max(0) as usize,
        None => 8,
    };
    let b = s.bytes();
    if !b.contains(&b'\t') {
        return s.whole(th);
    }
    // Calls `put(bytes, spaces)` for each stretch; None when the sum overflows.
    let walk = |put: &mut dyn FnMut(&[u8], usize)| -> Option<()> {
        let (mut from, mut column, mut total) = (0, 0usize, 0usize);
        for (i, c) in b.iter().enumerate() {
            match c {
                b'\t' => {
                    let pad = if tab == 0 { 0 } else { tab - column % tab };
                    total = total.checked_add(pad)?.checked_add(i - from)?;
                    put(&b[from..i], pad);
                    column = column.checked_add(pad)?;
                    from = i + 1;
                }
                b'\n' | b'\r' => column = 0,
                // Only the first byte of a character counts in text.
                c if s.is_text() && c & 0xC0 == 0x80 => {}
                _ => column += 1,
            }
        }
        put(&b[from..], 0);
        total.checked_add(b.len() - from).filter(|t| *t < isize::MAX as usize).map(|_| ())
    };
    let (mut total, mut chars) = (0usize, 0usize);
    if walk(&mut |x, n| {
        total = total.wrapping_add(x.len()).wrapping_add(n);
        chars = chars.wrapping_add(if s.is_text() { text::count_chars(x) } else { x.len() }).wrapping_add(n);
    })
    .is_none()
    {
        return Err(th.overflow_error(if s.is_text() && th.py3() { "new string is too long" } else { "result too long" }));
    }
    s.build(th, total, chars, |out| {
        let mut at = 0;
        walk(&mut |x, n| {
            out[at..at + x.len()].copy_from_slice(x);
            at += x.len();
            out[at..at + n].fill(b' ');
            at += n;
        });
    })
}
