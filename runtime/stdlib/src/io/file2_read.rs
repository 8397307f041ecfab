//! `file` of Python 2.7: reading, lines, positions.

use super::file2::{File, FILE, flush_out, locked, open_fd, this};
use super::fileio::{lseek, read_raw};
use super::storage::{self, ByteStore};
use super::newline::{Newlines, seen};
use crate::support::{self, io_error_code, syscall};
use txpy_vm::exceptions::IO_ERROR;
use txpy_vm::native::buffer;
use txpy_vm::object;
use txpy_vm::types::{int, list, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

pub static METHODS: &[NativeDef] = natives! {
    #[io] "read(self, size=-1, /)" = read, "Read at most size bytes.";
    #[io] "readline(self, size=-1, /)" = readline, "Read a line.";
    #[io] "readlines(self, size=0, /)" = readlines, "Read lines.";
    #[io] "readinto(self, buffer, /)" = readinto, "Read into buffer.";
    #[io] "next(self, /)" = next, "The next line.";
    #[io] "xreadlines(self, /)" = iter, "Return self.";
    "__iter__(self, /)" = iter, "Return self.";
    #[io] "seek(self, offset, whence=0, /)" = seek, "Move to a position.";
    #[io] "tell(self, /)" = tell, "Current position.";
    #[io] "truncate(self, size=None, /)" = truncate, "Cut to a size.";
};

fn readable(th: &mut Thread, f: Gc<File>) -> R<i32> {
    let n = open_fd(th, f)?;
    if !f.read(th)?.readable {
        return Err(th.raise(&IO_ERROR, "File not open for reading"));
    }
    flush_out(th, f)?;
    Ok(n)
}
/// Reads ahead; whether anything came. The lock is held.
fn fill(th: &mut Thread, f: Gc<File>, want: usize) -> R<bool> {
    let n = open_fd(th, f)?;
    let g = f.read(th)?;
    let (rest, universal) = (g.ahead.len - g.pos, g.universal);
    drop(g);
    // Standard input by line shows what was printed so far.
    if n == 0 {
        if let Some(out) = txpy_vm::builtins::sys_attr(th, "stdout")?.filter(|o| FILE.is_exact(*o)) {
            flush_out(th, this(out))?;
        }
    }
    let room = want.clamp(8192, 1 << 20);
    let fresh = storage::storage(th, rest + room)?;
    let at = fresh.frozen().bytes().as_ptr() as usize + rest;
    let Some(k) = read_raw(th, n, at, room)? else { return Err(io_error_code(th, libc::EAGAIN)) };
    let mut g = f.write(th)?;
    let (pos, old) = (g.pos, g.ahead);
    let mut store = ByteStore { len: rest + k, storage: Some(fresh) };
    store.data_mut()[..rest].copy_from_slice(&old.data()[pos..]);
    if universal {
        // Translated in place: it only gets shorter.
        let mut state = Newlines { pending: false, seen: g.newlines };
        let skip = g.skip_lf && k > 0 && store.data()[rest] == b'\n';
        if skip {
            state.seen |= seen::CRLF;
        } else if g.skip_lf && k > 0 {
            state.seen |= seen::CR;
        }
        if k > 0 {
            g.skip_lf = false;
        }
        let data = &store.data()[rest + skip as usize..];
        let held = data.last() == Some(&b'\r');
        let body = if held { &data[..data.len() - 1] } else { data };
        let mut out = state.feed(body, true, true).unwrap_or_else(|| body.to_vec());
        if held {
            out.push(b'\n');
            g.skip_lf = true;
        }
        g.newlines = state.seen;
        store.len = rest + out.len();
        store.data_mut()[rest..].copy_from_slice(&out);
        g.ahead = store;
        g.pos = 0;
        drop(g);
        return if k > 0 && out.is_empty() { fill(th, f, want) } else { Ok(k > 0) };
    }
    g.ahead = store;
    g.pos = 0;
    Ok(k > 0)
}
/// Takes up to `n` bytes of what stands ahead.
fn take(th: &mut Thread, f: Gc<File>, n: usize) -> R<Value> {
    let g = f.read(th)?;
    let k = n.min(g.ahead.len - g.pos);
    drop(g);
    let out = text::alloc_bytes(th, k)?;
    let mut g = f.write(th)?;
    let pos = g.pos;
    // SAFETY: not yet known to anybody else.
    unsafe { out.frozen().tail_mut() }.copy_from_slice(&g.ahead.data()[pos..pos + k]);
    g.pos += k;
    Ok(out.value())
}
fn size(th: &mut Thread, v: Option<Value>) -> R<Option<usize>> {
    match v {
        None => Ok(None),
        Some(v) => Ok(usize::try_from(int::arg_i64(th, v)?).ok()),
    }
}
fn read(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let n = size(th, a.opt(1))?;
    readable(th, f)?;
    locked(th, f, |th| {
        loop {
            let g = f.read(th)?;
            let have = g.ahead.len - g.pos;
            drop(g);
            if n.is_some_and(|n| have >= n) || !fill(th, f, n.map_or(have.max(1 << 16), |n| n - have))? {
                return take(th, f, n.unwrap_or(usize::MAX));
            }
        }
    })
}
/// A line of at most `limit` bytes.
fn line(th: &mut Thread, f: Gc<File>, limit: usize) -> R<Value> {
    readable(th, f)?;
    locked(th, f, |th| {
        let mut seen_to = 0;
        loop {
            let g = f.read(th)?;
            let b = &g.ahead.data()[g.pos..];
            let part = &b[..b.len().min(limit)];
            let found = memchr::memchr(b'\n', &part[seen_to.min(part.len())..]).map(|i| seen_to + i + 1);
            let (have, full) = (b.len(), part.len() == limit);
            drop(g);
            if let Some(n) = found.or(if full { Some(limit) } else { None }) {
                return take(th, f, n);
            }
            seen_to = have;
            if !fill(th, f, 8192)? {
                return take(th, f, limit);
            }
        }
    })
}
fn readline(th: &mut Thread, a: Args) -> R<Value> {
    let n = size(th, a.opt(1))?;
    line(th, this(a.get(0)), n.unwrap_or(usize::MAX))
}
fn readlines(th: &mut Thread, a: Args) -> R<Value> {
    let hint = size(th, a.some(1))?.filter(|n| *n > 0);
    let out = list::with_capacity(th, 0)?;
    let mut total = 0;
    loop {
        th.poll()?;
        let l = line(th, this(a.get(0)), usize::MAX)?;
        let n = text::len_of(l);
        if n == 0 {
            return Ok(out.value());
        }
        list::append(th, out, l)?;
        total += n;
        if hint.is_some_and(|h| total >= h) {
            return Ok(out.value());
        }
    }
}
fn readinto(th: &mut Thread, a: Args) -> R<Value> {
    let view = buffer::acquire(th, a.get(1), true)?;
    let n = Value::int(view.len as i64);
    let r = read(th, Args::of(&[a.get(0), n])).and_then(|b| {
        let data = text::bytes_of(b).unwrap_or(b"");
        view.put(th, 0, data)?;
        Ok(Value::int(data.len() as i64))
    });
    view.release(th)?;
    r
}
/// The next line, STOP at the end.
pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let l = line(th, this(v), usize::MAX)?;
    Ok(if text::len_of(l) == 0 { Value::STOP } else { l })
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let r = step(th, a.get(0));
    object::iter::finish(th, r)
}
fn iter(th: &mut Thread, a: Args) -> R<Value> {
    open_fd(th, this(a.get(0)))?;
    Ok(a.get(0))
}
/// Forgets what was read ahead; the descriptor moves back to where the script is.
pub fn drop_ahead(th: &mut Thread, f: Gc<File>) -> R<()> {
    let n = open_fd(th, f)?;
    let mut g = f.write(th)?;
    let rest = (g.ahead.len - g.pos) as i64;
    (g.ahead.len, g.pos, g.skip_lf) = (0, 0, false);
    drop(g);
    if rest > 0 {
        lseek(th, n, -rest, 1)?;
    }
    Ok(())
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let n = open_fd(th, f)?;
    let offset = int::arg_i64(th, a.get(1))?;
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    flush_out(th, f)?;
    locked(th, f, |th| {
        let g = f.read(th)?;
        let rest = (g.ahead.len - g.pos) as i64;
        drop(g);
        lseek(th, n, if whence == 1 { offset - rest } else { offset }, whence)?;
        let mut g = f.write(th)?;
        (g.ahead.len, g.pos, g.skip_lf) = (0, 0, false);
        Ok(Value::NONE)
    })
}
fn position(th: &mut Thread, f: Gc<File>) -> R<i64> {
    let n = open_fd(th, f)?;
    flush_out(th, f)?;
    let at = lseek(th, n, 0, 1)?;
    let g = f.read(th)?;
    Ok(at - (g.ahead.len - g.pos) as i64)
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let p = position(th, this(a.get(0)))?;
    support::int(th, p)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let n = open_fd(th, f)?;
    if !f.read(th)?.writable {
        return Err(th.raise(&IO_ERROR, "File not open for writing"));
    }
    let to = match a.some(1) {
        Some(v) => int::arg_i64(th, v)?,
        None => position(th, f)?,
    };
    flush_out(th, f)?;
    // SAFETY: a plain call.
    match syscall(th, || unsafe { libc::ftruncate(n, to as libc::off_t) } as isize)? {
        Ok(_) => Ok(Value::NONE),
        Err(e) => Err(io_error_code(th, e)),
    }
}
pub fn newlines(th: &mut Thread, v: Value) -> R<Value> {
    let g = this(v).read(th)?;
    let bits = g.newlines;
    drop(g);
    let mut items = [Value::NONE; 3];
    let mut n = 0;
    for (bit, s) in [(seen::CR, "\r"), (seen::LF, "\n"), (seen::CRLF, "\r\n")] {
        if bits & bit != 0 {
            items[n] = th.native_str(s)?;
            n += 1;
        }
    }
    match n {
        0 => Ok(Value::NONE),
        1 => Ok(items[0]),
        _ => th.new_tuple(&items[..n]),
    }
}
