//! `TextIOWrapper`: reading, lines, `seek` and `tell`.

use super::base::size_arg;
use super::buffered;
use super::newline::Newlines;
use super::textio::{TextIo, locked, open_buffer, pass_on, this};
use super::unsupported;
use crate::support;
use txpy_vm::object::{self, attr};
use txpy_vm::types::{codec, int, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

pub static METHODS: &[NativeDef] = natives! {
    #[io] "read(self, size=-1, /)" = read, "Read up to size characters.";
    #[io] "readline(self, size=-1, /)" = readline, "Read a line.";
    #[py3] "__next__(self, /)" = next, "Return the next line.";
    #[py2] "next(self, /)" = next, "Return the next line.";
    #[io] "seek(self, cookie, whence=0, /)" = seek, "Move to a position that tell() gave.";
    #[io] "tell(self, /)" = tell, "Position for seek().";
    #[io] "truncate(self, pos=None, /)" = truncate, "Set the size.";
};

/// Reads and decodes the next chunk; whether the stream goes on.
fn read_chunk(th: &mut Thread, t: Gc<TextIo>) -> R<bool> {
    let b = open_buffer(th, t)?;
    pass_on(th, t)?;
    let g = t.read(th)?;
    let (rest, size, encoding, errors, decoder, universal, translate, state) = (g.rest, g.chunk_size, g.encoding, g.errors, g.decoder, g.universal, g.translate, g.newlines);
    drop(g);
    let n = Value::int(size as i64);
    let got = if crate::support::exactly(&buffered::READER, b) || crate::support::exactly(&buffered::RANDOM, b) || attr::get_str_opt(th, b, "read1")?.is_some() { th.call_method(b, "read1", &[n])? } else { th.call_method(b, "read", &[n])? };
    let data = match text::bytes_of(got).filter(|_| text::is_bytes(got)) {
        Some(d) => d,
        None => {
            let what = object::class_name(got);
            if !txpy_vm::native::buffer::is_bytes_like(th, got) {
                return Err(th.type_error(format!("underlying read1() should have returned a bytes-like object, not '{what}'")));
            }
            let s = txpy_vm::native::buffer::snapshot(th, got)?;
            text::bytes_of(s).unwrap_or(b"")
        }
    };
    let last = data.is_empty();
    let before = text::bytes_of(rest).unwrap_or(b"");
    let chunk = if before.is_empty() {
        th.new_bytes(data)?
    } else {
        text::build_bytes(th, before.len() + data.len(), |o| {
            o[..before.len()].copy_from_slice(before);
            o[before.len()..].copy_from_slice(data);
        })?
    };
    let (s, used) = if decoder.is_unset() {
        let (name, errors) = (text::lossy(encoding).into_owned(), text::lossy(errors).into_owned());
        let name = stateful_name(th, t, &name, chunk)?;
        codec::decode_partial(th, chunk, &name, &errors, last)?
    } else {
        let s = th.call_method(decoder, "decode", &[chunk, Value::from_bool(last)])?;
        if !text::is_text(s) {
            let got = object::class_name(s);
            return Err(th.type_error(format!("decoder should return a string result, not '{got}'")));
        }
        (s, text::bytes_of(chunk).map_or(0, <[u8]>::len))
    };
    let mut now = state;
    let s = if universal {
        match now.feed(text::bytes_of(s).unwrap_or(b""), translate, last) {
            Some(o) => text::new_str(th, &o)?,
            None => s,
        }
    } else {
        s
    };
    let tail = &text::bytes_of(chunk).unwrap_or(b"")[used.min(text::bytes_of(chunk).map_or(0, <[u8]>::len))..];
    let rest = if tail.is_empty() { Value::UNSET } else { th.new_bytes(tail)? };
    let mut g = t.write(th)?;
    (g.decoded, g.used, g.rest, g.chunk, g.chunk_state, g.newlines) = (s, 0, rest, chunk, state, now);
    Ok(!last)
}
/// For encodings with a byte order mark: the name that goes on in the middle of a stream.
fn stateful_name(th: &mut Thread, t: Gc<TextIo>, name: &str, chunk: Value) -> R<String> {
    let base = match codec::find(name).map(|c| c.0) {
        Some(n @ ("utf-16" | "utf-32" | "utf-8-sig")) => n,
        _ => return Ok(name.to_string()),
    };
    let g = t.read(th)?;
    let (first, known) = (g.decoded.is_unset() && !g.started, g.decoder);
    drop(g);
    let _ = known;
    let b = text::bytes_of(chunk).unwrap_or(b"");
    if base == "utf-8-sig" {
        return Ok(if first { base.to_string() } else { "utf-8".to_string() });
    }
    // The order stays that of the mark; it is kept in USER flags of the object.
    let h = t.header();
    let big = if first {
        let big = if base == "utf-16" { b.starts_with(&[0xFE, 0xFF]) } else { b.starts_with(&[0, 0, 0xFE, 0xFF]) };
        if big { h.set(txpy_heap::flag::USER1) } else { h.clear(txpy_heap::flag::USER1) }
        return Ok(base.to_string());
    } else {
        h.has(txpy_heap::flag::USER1)
    };
    Ok(format!("{base}-{}", if big { "be" } else { "le" }))
}

/// What is decoded and not yet given out.
fn ahead<'a>(th: &mut Thread, t: Gc<TextIo>) -> R<(Value, &'a [u8])> {
    let g = t.read(th)?;
    let (v, used) = (g.decoded, g.used);
    drop(g);
    Ok((v, text::bytes_of(v).map_or(&[][..], |b| &b[used.min(b.len())..])))
}
fn advance(th: &mut Thread, t: Gc<TextIo>, from: Value, n: usize) -> R<()> {
    let mut g = t.write(th)?;
    if g.decoded == from {
        g.used += n;
    }
    Ok(())
}
/// Bytes of the first `n` code points, at most all.
fn prefix(b: &[u8], n: usize) -> usize {
    let mut left = n;
    let mut at = 0;
    while at < b.len() && left > 0 {
        at += text::decode_at(b, at).1;
        left -= 1;
    }
    at.min(b.len())
}

fn check_readable(th: &mut Thread, t: Gc<TextIo>) -> R<()> {
    let b = open_buffer(th, t)?;
    if crate::support::exactly(&buffered::READER, b) || crate::support::exactly(&buffered::RANDOM, b) {
        return Ok(());
    }
    if crate::support::exactly(&buffered::WRITER, b) {
        return Err(unsupported(th, "not readable"));
    }
    let r = th.call_method(b, "readable", &[])?;
    if object::is_true(th, r)? { Ok(()) } else { Err(unsupported(th, "not readable")) }
}

fn read(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let n = size_arg(th, a.some(1))?;
    check_readable(th, t)?;
    locked(th, t, |th| match n {
        None => read_rest(th, t),
        Some(n) => {
            let mut out = Vec::new();
            let mut left = n;
            while left > 0 {
                let (v, b) = ahead(th, t)?;
                if b.is_empty() {
                    if !read_chunk(th, t)? && ahead(th, t)?.1.is_empty() {
                        break;
                    }
                    continue;
                }
                let k = prefix(b, left);
                left -= text::count_chars(&b[..k]);
                out.extend_from_slice(&b[..k]);
                advance(th, t, v, k)?;
            }
            text::new_str(th, &out)
        }
    })
}
/// Everything to the end, in one piece.
fn read_rest(th: &mut Thread, t: Gc<TextIo>) -> R<Value> {
    pass_on(th, t)?;
    let g = t.read(th)?;
    let (builtin, rest) = (g.decoder.is_unset(), g.rest);
    let (encoding, errors, universal, translate, mut now) = (g.encoding, g.errors, g.universal, g.translate, g.newlines);
    drop(g);
    let (_, head) = ahead(th, t)?;
    if !builtin {
        let mut out = head.to_vec();
        loop {
            let more = read_chunk(th, t)?;
            let (v, b) = ahead(th, t)?;
            out.extend_from_slice(b);
            advance(th, t, v, b.len())?;
            if !more {
                return text::new_str(th, &out);
            }
        }
    }
    let b = open_buffer(th, t)?;
    let got = th.call_method(b, "read", &[])?;
    if got.is_none() {
        return Err(th.raise(&txpy_vm::exceptions::BLOCKING_IO_ERROR, "Read returned None."));
    }
    let Some(data) = text::bytes_of(got).filter(|_| text::is_bytes(got)) else {
        let what = object::class_name(got);
        return Err(th.type_error(format!("underlying read() should have returned a bytes-like object, not '{what}'")));
    };
    let before = text::bytes_of(rest).unwrap_or(b"");
    let all = if before.is_empty() {
        got
    } else {
        text::build_bytes(th, before.len() + data.len(), |o| {
            o[..before.len()].copy_from_slice(before);
            o[before.len()..].copy_from_slice(data);
        })?
    };
    let (name, errors) = (text::lossy(encoding).into_owned(), text::lossy(errors).into_owned());
    let name = stateful_name(th, t, &name, all)?;
    let (s, _) = codec::decode_partial(th, all, &name, &errors, true)?;
    let mut s = s;
    if universal {
        if let Some(o) = now.feed(text::bytes_of(s).unwrap_or(b""), translate, true) {
            s = text::new_str(th, &o)?;
        }
    }
    let empty = th.new_str("")?;
    let mut g = t.write(th)?;
    (g.decoded, g.used, g.rest, g.chunk, g.newlines) = (empty, 0, Value::UNSET, Value::UNSET, now);
    drop(g);
    if head.is_empty() {
        return Ok(s);
    }
    let tail = text::bytes_of(s).unwrap_or(b"");
    text::build_str(th, head.len() + tail.len(), text::count_chars(head) + text::len_of(s), |o| {
        o[..head.len()].copy_from_slice(head);
        o[head.len()..].copy_from_slice(tail);
    })
}

/// Length of the line at the start of `b` with its end, if the end is there. `None`: more is needed.
pub fn line_end(b: &[u8], universal: bool, translate: bool, end: &[u8]) -> Option<usize> {
    if translate {
        return memchr::memchr(b'\n', b).map(|i| i + 1);
    }
    if universal {
        let i = memchr::memchr2(b'\n', b'\r', b)?;
        return Some(if b[i] == b'\r' && b.get(i + 1) == Some(&b'\n') { i + 2 } else { i + 1 });
    }
    match end {
        [c] => memchr::memchr(*c, b).map(|i| i + 1),
        _ => {
            let mut at = 0;
            while let Some(i) = memchr::memchr(end[0], &b[at..]) {
                if b[at + i..].starts_with(end) {
                    return Some(at + i + end.len());
                }
                at += i + 1;
            }
            None
        }
    }
}
/// A line of at most `limit` characters; "" at the end.
pub fn line(th: &mut Thread, t: Gc<TextIo>, limit: Option<usize>) -> R<Value> {
    check_readable(th, t)?;
    pass_on(th, t)?;
    locked(th, t, |th| {
        let g = t.read(th)?;
        let (universal, translate, end) = (g.universal, g.translate, g.read_end);
        drop(g);
        let end = text::bytes_of(end).unwrap_or(b"\n");
        let mut out: Vec<u8> = Vec::new();
        let mut left = limit;
        loop {
            let (v, b) = ahead(th, t)?;
            // A two-character end may be split between chunks.
            let split = !out.is_empty() && end.len() == 2 && out.last() == Some(&end[0]) && b.first() == Some(&end[1]) && !universal;
            let mut n = if split { Some(1) } else { line_end(b, universal, translate, end) };
            let mut done = n.is_some();
            if let Some(l) = left {
                let k = prefix(b, l);
                if n.is_none_or(|n| n > k) {
                    n = Some(k);
                    done = text::count_chars(&b[..k]) >= l;
                }
            }
            let n = n.unwrap_or(b.len());
            if done && out.is_empty() {
                let s = text::new_str(th, &b[..n])?;
                advance(th, t, v, n)?;
                return Ok(s);
            }
            out.extend_from_slice(&b[..n]);
            left = left.map(|l| l - text::count_chars(&b[..n]));
            advance(th, t, v, n)?;
            if done {
                return text::new_str(th, &out);
            }
            if !read_chunk(th, t)? && ahead(th, t)?.1.is_empty() {
                return text::new_str(th, &out);
            }
        }
    })
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let limit = size_arg(th, a.some(1))?;
    line(th, this(a.get(0)), limit)
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let r = step(th, a.get(0));
    object::iter::finish(th, r)
}
/// The next line, STOP at the end.
pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let t = this(v);
    t.write(th)?.telling = false;
    let s = if crate::support::exactly(&super::textio::TEXT_IO, v) { line(th, t, None)? } else { th.call_method(v, "readline", &[])? };
    if object::item::len(th, s)? == 0 {
        t.write(th)?.telling = true;
        return Ok(Value::STOP);
    }
    Ok(s)
}
// ---- positions

fn check_seekable(th: &mut Thread, b: Value) -> R<()> {
    let s = th.call_method(b, "seekable", &[])?;
    if object::is_true(th, s)? { Ok(()) } else { Err(unsupported(th, "underlying stream is not seekable")) }
}
fn forget(th: &mut Thread, t: Gc<TextIo>, at_start: bool) -> R<()> {
    let mut g = t.write(th)?;
    (g.decoded, g.used, g.rest, g.chunk) = (Value::UNSET, 0, Value::UNSET, Value::UNSET);
    g.newlines.pending = false;
    g.telling = true;
    g.started = !at_start;
    let (d, e) = (g.decoder, g.encoder);
    drop(g);
    for x in [d, e] {
        if !x.is_unset() {
            th.call_method(x, "reset", &[])?;
        }
    }
    Ok(())
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let b = open_buffer(th, t)?;
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    check_seekable(th, b)?;
    let mut cookie = a.get(1);
    match whence {
        0 => {}
        1 => {
            if object::is_true(th, cookie)? {
                return Err(unsupported(th, "can't do nonzero cur-relative seeks"));
            }
            cookie = tell(th, Args::of(&[a.get(0)]))?;
        }
        2 => {
            if object::is_true(th, cookie)? {
                return Err(unsupported(th, "can't do nonzero end-relative seeks"));
            }
            th.call_method(a.get(0), "flush", &[])?;
            let r = th.call_method(b, "seek", &[Value::int(0), Value::int(2)])?;
            let zero = !object::is_true(th, r)?;
            forget(th, t, zero)?;
            return Ok(r);
        }
        w => return Err(th.value_error(format!("invalid whence ({w}, should be 0, 1 or 2)"))),
    }
    let i = int::index(th, cookie)?;
    let pos = int::arg_i64(th, i)?;
    if pos < 0 {
        return Err(th.value_error(format!("negative seek position {pos}")));
    }
    th.call_method(a.get(0), "flush", &[])?;
    th.call_method(b, "seek", &[i])?;
    forget(th, t, pos == 0)?;
    Ok(i)
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let b = open_buffer(th, t)?;
    check_seekable(th, b)?;
    if !t.read(th)?.telling {
        return Err(th.raise(super::error_class(th), "telling position disabled by next() call"));
    }
    th.call_method(a.get(0), "flush", &[])?;
    let p = th.call_method(b, "tell", &[])?;
    let at = int::arg_i64(th, p)?;
    let g = t.read(th)?;
    let (decoded, used, chunk, state, universal, translate, foreign) = (g.decoded, g.used, g.chunk, g.chunk_state, g.universal, g.translate, !g.decoder.is_unset());
    let (encoding, errors) = (g.encoding, g.errors);
    let ahead = text::bytes_of(decoded).map_or(0, <[u8]>::len) - used.min(text::bytes_of(decoded).map_or(0, <[u8]>::len));
    let held = g.newlines.pending || !g.rest.is_unset();
    drop(g);
    if ahead == 0 && !held || chunk.is_unset() {
        return Ok(p);
    }
    if foreign {
        return Err(th.not_implemented("tell() in the middle of a line for this encoding"));
    }
    let c = text::bytes_of(chunk).unwrap_or(b"");
    let (name, errors) = (text::lossy(encoding).into_owned(), text::lossy(errors).into_owned());
    // The longest part of the chunk that makes no more text than was given out; a held-back `\r` counts as given when it is.
    let measure = |th: &mut Thread, n: usize| -> R<(usize, usize)> {
        let part = th.new_bytes(&c[..n])?;
        let (s, bytes) = codec::decode_partial(th, part, &name, &errors, false)?;
        let mut now: Newlines = state;
        let text_ = text::bytes_of(s).unwrap_or(b"");
        if !universal {
            return Ok((text_.len(), bytes));
        }
        let n = now.feed(text_, translate, false).map_or(text_.len(), |o| o.len());
        Ok((n + now.pending as usize, bytes))
    };
    let (mut low, mut high) = (0, c.len());
    while low < high {
        let mid = (low + high).div_ceil(2);
        if measure(th, mid)?.0 <= used { low = mid } else { high = mid - 1 }
    }
    let (_, consumed) = measure(th, low)?;
    support::int(th, at - c.len() as i64 + consumed as i64)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let b = open_buffer(th, t)?;
    th.call_method(a.get(0), "flush", &[])?;
    match a.opt(1) {
        Some(p) => th.call_method(b, "truncate", &[p]),
        None => th.call_method(b, "truncate", &[]),
    }
}
