//! `StringIO`: a text stream in memory. Text is UTF-8; the position is kept in code points and in bytes.

use super::base::size_arg;
use super::newline::Newlines;
use super::storage::{self, ByteStore};
use super::textio_read::line_end;
use crate::kinds_io;
use crate::support::{self, alloc};
use txpy_heap::{Header, object};
use txpy_vm::exceptions::STOP_ITERATION;
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object::{self, instance};
use txpy_vm::types::{dict, int, text, tuple};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct StringIo = kinds_io::STRINGIO {
        data: ByteStore,
        /// Code points in `data`.
        chars: usize,
        /// Position in code points, which may lie behind the end.
        pos: usize,
        /// The same in bytes, at most the length.
        at: usize,
        closed: bool,
        universal: bool,
        translate: bool,
        read_end: Value,
        write_end: Value,
        newlines: Newlines,
    }
}
pub static STRING_IO: TypeDef = TypeDef {
    name: "StringIO", base: Some(&super::base::TEXT_IO_BASE), module: "_io", kind: kinds_io::STRINGIO, size: size_of::<StringIo>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], getset: GETSET, doc: "A text stream in memory.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a stream.";
    "__init__(self, initial_value='', newline='\n')" = init, "Set the contents.";
    "read(self, size=-1, /)" = read, "Read up to size characters.";
    "readline(self, size=-1, /)" = readline, "Read a line.";
    "write(self, s, /)" = write, "Write text.";
    "seek(self, pos, whence=0, /)" = seek, "Move to a position.";
    "tell(self, /)" = tell, "Current position.";
    "truncate(self, pos=None, /)" = truncate, "Cut to a size.";
    "getvalue(self, /)" = getvalue, "All text.";
    "close(self, /)" = close, "Close.";
    "flush(self, /)" = |th, a| open(th, a.get(0)).map(|_| Value::NONE), "Nothing to do.";
    "readable(self, /)" = yes, "True.";
    "writable(self, /)" = yes, "True.";
    "seekable(self, /)" = yes, "True.";
    "isatty(self, /)" = |th, a| open(th, a.get(0)).map(|_| Value::FALSE), "False.";
    "__getstate__(self, /)" = getstate, "State for pickle.";
    "__setstate__(self, state, /)" = setstate, "Restore the state.";
    #[py3] "__next__(self, /)" = next, "The next line.";
    #[py2] "next(self, /)" = next, "The next line.";
    "__del__(self, /)" = |_, _| Ok(Value::NONE), "Nothing to do.";
};
static GETSET: &[GetSetDef] = getset! {
    "closed" = |th, v| Ok(Value::from_bool(this(v).read(th)?.closed)), "Whether the stream was closed.";
    "newlines" = newlines, "Line ends seen so far.";
    "line_buffering" = |th, v| open(th, v).map(|_| Value::FALSE), "False.";
};
fn this(v: Value) -> Gc<StringIo> { v.cast().expect("checked by the call") }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &STRING_IO, a.get(0))?;
    let s = StringIo {
        header: Header::NEW, data: ByteStore::EMPTY, chars: 0, pos: 0, at: 0, closed: false, universal: false, translate: false,
        read_end: Value::NONE, write_end: Value::UNSET, newlines: Newlines::default(),
    };
    Ok(alloc(th, class, false, s)?.value())
}
fn open(th: &mut Thread, v: Value) -> R<Gc<StringIo>> {
    if this(v).read(th)?.closed { Err(th.value_error(if th.py3() { "I/O operation on closed file" } else { "I/O operation on closed file" })) } else { Ok(this(v)) }
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    let newline = match a.opt(2) {
        None => th.native_str("\n").map(Some)?,
        Some(v) if v.is_none() => None,
        Some(v) if text::is_string(th, v) => Some(v),
        Some(v) => {
            let got = object::class_name(v);
            return Err(th.type_error(format!("newline must be str or None, not {got}")));
        }
    };
    let mode = super::textio::newline_mode(th, newline)?;
    if let Some(v) = a.some(1).filter(|v| !text::is_text(*v)) {
        let got = object::class_name(v);
        return Err(th.type_error(if th.py3() { format!("initial_value must be str or None, not {got}") } else { format!("initial_value must be unicode or None, not {got}") }));
    }
    {
        let mut g = s.write(th)?;
        (g.universal, g.translate, g.read_end, g.write_end) = mode;
        (g.data, g.chars, g.pos, g.at, g.closed, g.newlines) = (ByteStore::EMPTY, 0, 0, 0, false, Newlines::default());
    }
    if let Some(v) = a.some(1) {
        put(th, s, text::bytes_of(v).unwrap_or(b""))?;
        let mut g = s.write(th)?;
        (g.pos, g.at) = (0, 0);
    }
    Ok(Value::NONE)
}
/// Bytes of the first `n` code points of `b`, and how many code points there are, at most `n`.
fn skip(b: &[u8], n: usize) -> (usize, usize) {
    let (mut at, mut k) = (0, 0);
    while at < b.len() && k < n {
        at += text::decode_at(b, at).1;
        k += 1;
    }
    (at.min(b.len()), k)
}
/// Writes text at the position.
fn put(th: &mut Thread, s: Gc<StringIo>, b: &[u8]) -> R<()> {
    let mut owned: Vec<u8>;
    let mut b = b;
    let mut g = s.write(th)?;
    let (universal, translate, end) = (g.universal, g.translate, g.write_end);
    if universal {
        if let Some(o) = g.newlines.feed(b, translate, true) {
            owned = o;
            b = &owned;
        }
    }
    drop(g);
    if !end.is_unset() && b.contains(&b'\n') {
        let e = text::bytes_of(end).unwrap_or(b"\n");
        let mut x = Vec::with_capacity(b.len() + 8);
        for (i, p) in b.split(|c| *c == b'\n').enumerate() {
            if i > 0 {
                x.extend_from_slice(e);
            }
            x.extend_from_slice(p);
        }
        owned = x;
        b = &owned;
    }
    if b.is_empty() {
        return Ok(());
    }
    let n = text::count_chars(b);
    loop {
        let mut g = s.write(th)?;
        let gap = g.pos.saturating_sub(g.chars);
        let at = g.at;
        // What is overwritten: as many code points as are written.
        let (old, old_chars) = if at == g.data.len { (0, 0) } else if g.chars == g.data.len { let k = n.min(g.data.len - at); (k, k) } else { skip(&g.data.data()[at..], n) };
        let Some(need) = g.data.len.checked_sub(old).and_then(|l| l.checked_add(b.len())).and_then(|l| l.checked_add(gap)) else {
            drop(g);
            return Err(th.memory_error());
        };
        if need <= g.data.capacity() {
            let tail = g.data.len - at - old;
            let len = g.data.len;
            if tail > 0 {
                g.data.len = len.max(need);
                g.data.data_mut().copy_within(at + old..at + old + tail, at + b.len());
            }
            g.data.len = need;
            if gap > 0 {
                g.data.data_mut()[at..at + gap].fill(0);
            }
            g.data.data_mut()[at + gap..at + gap + b.len()].copy_from_slice(b);
            g.chars = g.chars + gap + n - old_chars;
            g.pos += n;
            g.at = at + gap + b.len();
            return Ok(());
        }
        let have = g.data.capacity();
        drop(g);
        let fresh = storage::storage(th, storage::grown(have, need))?;
        let mut g = s.write(th)?;
        if g.data.len <= fresh.frozen().len {
            g.data.move_to(fresh);
        }
    }
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(1);
    let Some(b) = text::bytes_of(v).filter(|_| text::is_text(v)) else {
        let got = object::class_name(v);
        return Err(th.type_error(if th.py3() { format!("string argument expected, got '{got}'") } else { format!("unicode argument expected, got '{got}'") }));
    };
    let s = open(th, a.get(0))?;
    put(th, s, b)?;
    Ok(Value::int(text::len_of(v) as i64))
}
/// Gives out `want` bytes from the position on: (bytes, code points).
fn give(th: &mut Thread, s: Gc<StringIo>, want: impl Fn(&StringIo, &[u8]) -> (usize, usize)) -> R<Value> {
    loop {
        let g = s.read(th)?;
        let at = g.at;
        let (n, chars) = if g.pos > g.chars { (0, 0) } else { want(&g, &g.data.data()[at..]) };
        drop(g);
        let mut copied = false;
        let v = text::build_str(th, n, chars, |_| {})?;
        let mut g = s.write(th)?;
        if g.at == at && at + n <= g.data.len {
            let o: Gc<text::Str> = v.cast().expect("a text");
            // SAFETY: not yet known to anybody else.
            unsafe { o.frozen().tail_mut() }.copy_from_slice(&g.data.data()[at..at + n]);
            g.at += n;
            g.pos += chars;
            copied = true;
        }
        if copied {
            return Ok(v);
        }
    }
}
fn read(th: &mut Thread, a: Args) -> R<Value> {
    let limit = size_arg(th, a.some(1))?;
    let s = open(th, a.get(0))?;
    give(th, s, |g, b| match limit {
        None => (b.len(), g.chars - g.pos),
        Some(n) if g.chars == g.data.len => (n.min(b.len()), n.min(b.len())),
        Some(n) => skip(b, n),
    })
}
fn line(th: &mut Thread, s: Gc<StringIo>, limit: Option<usize>) -> R<Value> {
    give(th, s, |g, b| {
        let end = text::bytes_of(g.read_end).unwrap_or(b"\n");
        let n = line_end(b, g.universal, g.translate, end).unwrap_or(b.len());
        match limit {
            Some(l) if l < n => skip(&b[..n], l),
            _ => (n, text::count_chars(&b[..n])),
        }
    })
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let limit = size_arg(th, a.some(1))?;
    let s = open(th, a.get(0))?;
    line(th, s, limit)
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let l = if crate::support::exactly(&STRING_IO, a.get(0)) { line(th, s, None)? } else { th.call_method(a.get(0), "readline", &[])? };
    if object::item::len(th, l)? == 0 { Err(th.raise_with(&STOP_ITERATION, &[])) } else { Ok(l) }
}
fn move_to(th: &mut Thread, s: Gc<StringIo>, pos: usize) -> R<()> {
    let mut g = s.write(th)?;
    g.at = if pos >= g.chars { g.data.len } else if g.chars == g.data.len { pos } else { skip(g.data.data(), pos).0 };
    g.pos = pos;
    Ok(())
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let i = int::index(th, a.get(1))?;
    let pos = int::arg_i64(th, i)?;
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    let to = match whence {
        0 if pos < 0 => return Err(th.value_error(format!("Negative seek position {pos}"))),
        0 => pos as usize,
        1 | 2 if pos != 0 => return Err(th.raise(if th.py3() { &txpy_vm::exceptions::OS_ERROR } else { &txpy_vm::exceptions::IO_ERROR }, "Can't do nonzero cur-relative seeks")),
        1 => s.read(th)?.pos,
        2 => s.read(th)?.chars,
        w => return Err(th.value_error(format!("Invalid whence ({w}, should be 0, 1 or 2)"))),
    };
    move_to(th, s, to)?;
    int::from_i64(th, to as i64)
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let pos = open(th, a.get(0))?.read(th)?.pos;
    int::from_i64(th, pos as i64)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    let n = match a.some(1) {
        Some(v) => int::arg_i64(th, v)?,
        None => s.read(th)?.pos as i64,
    };
    if n < 0 {
        return Err(th.value_error(format!("Negative size value {n}")));
    }
    let pos = s.read(th)?.pos;
    if (n as usize) < s.read(th)?.chars {
        move_to(th, s, n as usize)?;
        let mut g = s.write(th)?;
        g.data.len = g.at;
        g.chars = n as usize;
        drop(g);
        move_to(th, s, pos)?;
    }
    support::int(th, n)
}
fn getvalue(th: &mut Thread, a: Args) -> R<Value> {
    let s = open(th, a.get(0))?;
    loop {
        let g = s.read(th)?;
        let (n, chars) = (g.data.len, g.chars);
        drop(g);
        let v = text::build_str(th, n, chars, |_| {})?;
        let g = s.read(th)?;
        if g.data.len == n {
            let o: Gc<text::Str> = v.cast().expect("a text");
            // SAFETY: not yet known to anybody else.
            unsafe { o.frozen().tail_mut() }.copy_from_slice(g.data.data());
            return Ok(v);
        }
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let mut g = this(a.get(0)).write(th)?;
    (g.closed, g.data, g.chars, g.pos, g.at) = (true, ByteStore::EMPTY, 0, 0, 0);
    Ok(Value::NONE)
}
fn yes(th: &mut Thread, a: Args) -> R<Value> { open(th, a.get(0)).map(|_| Value::TRUE) }
fn newlines(th: &mut Thread, v: Value) -> R<Value> {
    let s = open(th, v)?.read(th)?.newlines;
    s.value(th)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let all = getvalue(th, a)?;
    let g = this(a.get(0)).read(th)?;
    let (pos, universal, translate, end) = (g.pos, g.universal, g.translate, g.read_end);
    drop(g);
    let newline = match (universal, translate) {
        (true, true) => Value::NONE,
        (true, false) => th.native_str("")?,
        _ => end,
    };
    let d = if instance::has_dict(a.get(0)) {
        let d = instance::dict_of(th, a.get(0))?;
        dict::copy(th, d)?.value()
    } else {
        Value::NONE
    };
    let pos = int::from_i64(th, pos as i64)?;
    th.new_tuple(&[all, newline, pos, d])
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let Some([all, newline, pos, d]) = tuple::items(a.get(1)) else {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("StringIO.__setstate__ argument should be 4-tuple, got {got}")));
    };
    init(th, Args::of(&[a.get(0), Value::NONE, *newline]))?;
    // The text is taken as it is.
    let s = this(a.get(0));
    let mode = {
        let mut g = s.write(th)?;
        let m = (g.universal, g.write_end);
        (g.universal, g.write_end) = (false, Value::UNSET);
        m
    };
    put(th, s, text::bytes_of(*all).unwrap_or(b""))?;
    {
        let mut g = s.write(th)?;
        (g.universal, g.write_end) = mode;
    }
    let p = int::arg_i64(th, *pos)?;
    if p < 0 {
        return Err(th.value_error("position value cannot be negative"));
    }
    move_to(th, s, p as usize)?;
    if let Some(from) = d.cast::<dict::Dict>() {
        let to = instance::dict_of(th, a.get(0))?;
        dict::update(th, to, from)?;
    }
    Ok(Value::NONE)
}
