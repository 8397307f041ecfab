//! Methods of byte strings: `bytes` of 3, `str` of 2.7. [`METHODS`] serves bytearray too.

use super::sequence::{self, Key};
use super::str_case::{maketrans_bytes, translate_bytes};
use super::text::{self, BYTES, Bytes, Str};
use super::text_algo::{byte_arg, subject};
use super::type_::Type;
use super::{codec, dunder::D, format, int, percent, slice, str_iter, str_methods};
use crate::native::buffer;
use crate::native::{Args, NativeDef};
use crate::object::compare::Cmp;
use crate::object::{self, class_name, instance, iter};
use crate::thread::Thread;
use std::sync::atomic::AtomicU64;
use txpy_heap::{Header, Late, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "decode(self, /, encoding='utf-8', errors='strict')" = decode, "The text that the bytes stand for in an encoding.";
    #[py2] "decode(self, encoding='ascii', errors='strict')" = decode, "The text that the bytes stand for in an encoding.";
    #[py3] "translate(self, table, /, delete=b'')" = translate_bytes, "A copy with bytes of delete left out and the others replaced as a table of 256 bytes says.";
    #[py2] "translate(self, table, deletechars='', /)" = translate_bytes, "A copy with bytes of deletechars left out and the others replaced as a table of 256 bytes says.";
    #[py3, static] "maketrans(frm, to, /)" = maketrans_bytes, "A translation table for bytes.translate.";
    #[py3] "hex(self, sep=None, bytes_per_sep=1)" = hex, "The bytes as hexadecimal digits.\n\n>>> b'\\x01\\xff'.hex()\n'01ff'";
};

pub static DUNDERS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, source=b'', encoding='utf-8', errors='strict')" = new, "Create and return a new object.";
    #[py2] "__new__(cls, object='')" = new2, "Create and return a new object.";
    #[py3, class] "fromhex(type, string, /)" = fromhex, "The bytes that pairs of hexadecimal digits stand for.";
    #[py2] "encode(self, encoding='ascii', errors='strict')" = encode2, "Encodes the string, after implicit decoding from ASCII.";
    #[py2] "format(self, /, *args, **kwargs)" = format::format_method, "A copy with the fields in braces replaced by the arguments.";
    #[py2] "_formatter_parser(self, /)" = format::formatter_parser, "Fields of a format string.";
    #[py2] "_formatter_field_name_split(self, /)" = format::field_name_split, "Parts of a field name.";
    #[pure] "__len__(self, /)" = |_, a| Ok(Value::int(text::len_of(a.get(0)) as i64)), "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    #[py2] "__getslice__(self, i, j, /)" = str_methods::getslice, "Return self[i:j].";
    #[py3] "__iter__(self, /)" = |th, a| str_iter::new(th, a.get(0)), "Implement iter(self).";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__repr__(self, /)" = |th, a| repr(th, a.get(0)), "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    #[py2] "__format__(self, format_spec, /)" = format::format_string, "Return a formatted version of the string as described by format_spec.";
    #[py3] "__bytes__(self, /)" = bytes_, "Convert this value to exact type bytes.";
    "__mod__(self, value, /)" = |th, a| percent::format(th, a.get(0), a.get(1)), "Return self%value.";
    "__rmod__(self, value, /)" = rmod, "Return value%self.";
    "__add__(self, value, /)" = str_methods::add, "Return self+value.";
    "__mul__(self, value, /)" = str_methods::mul, "Return self*value.";
    "__rmul__(self, value, /)" = str_methods::mul, "Return value*self.";
    "__getnewargs__(self, /)" = getnewargs, "Arguments for pickling.";
    #[py3] "__buffer__(self, flags, /)" = |th, a| super::memoryview::new(th, a.get(0)), "Return a buffer object that exposes the underlying memory of the object.";
    #[pure] "__sizeof__(self, /)" = |_, a| Ok(Value::int((size_of::<Bytes>() + text::len_of(a.get(0))) as i64)), "Return the size of the object in memory, in bytes.";
};

/// A byte string of class `class` with the bytes of `v`.
pub fn of_class(th: &mut Thread, class: Value, v: Value) -> R<Value> {
    if class == BYTES.value() {
        return Ok(v);
    }
    let Some(t) = class.cast::<Type>() else { return Err(th.type_error("bytes.__new__(X): X is not a type object")) };
    let b = text::bytes_of(v).unwrap_or(&[]);
    let init = Bytes { header: Header::NEW, len: b.len(), hash: AtomicU64::new(0), chars: b.len(), index: Late::new(Value::UNSET) };
    Ok(instance::alloc_tail_like(th, t, init, b)?.value())
}
fn new(th: &mut Thread, a: Args) -> R<Value> {
    if a.opt(1).is_none() && a.opt(2).is_none() && a.opt(3).is_none() {
        let e = th.new_bytes(b"")?;
        return of_class(th, a.get(0), e);
    }
    if a.opt(2).is_none() && a.opt(3).is_none() {
        if let Some(r) = object::call_dunder(th, a.get(1), D::bytes, &[])? {
            if !text::is_bytes(r) {
                let got = class_name(r);
                return Err(th.type_error(format!("__bytes__ returned non-bytes (type {got})")));
            }
            return of_class(th, a.get(0), r);
        }
    }
    let b = from_source(th, a, "bytes")?;
    of_class(th, a.get(0), b)
}
/// The byte string for `bytes(source, encoding, errors)` or `bytearray(...)`.
pub fn from_source(th: &mut Thread, a: Args, what: &str) -> R<Value> {
    let Some(v) = a.opt(1) else {
        if a.opt(2).is_some() || a.opt(3).is_some() {
            let which = if a.opt(2).is_some() { "encoding" } else { "errors" };
            return Err(th.type_error(format!("{which} without a string argument")));
        }
        return th.new_bytes(b"");
    };
    if v.is::<Str>() {
        if a.opt(2).is_none() {
            if a.opt(3).is_none() || th.py3() {
                return Err(th.type_error(if th.py3() { "string argument without an encoding" } else { "unicode argument without an encoding" }));
            }
        }
        let (enc, errors) = codec::arguments(th, what, a.opt(2), a.opt(3))?;
        return codec::encode(th, v, &enc, &errors);
    }
    if a.opt(2).is_some() || a.opt(3).is_some() {
        let which = if a.opt(2).is_some() { "encoding" } else { "errors" };
        return Err(th.type_error(format!("{which} without a string argument")));
    }
    if buffer::is_bytes_like(th, v) {
        return buffer::snapshot(th, v);
    }
    if let Some(n) = int::index_opt(th, v)? {
        return match int::to_i64(n) {
            Some(n) if n >= 0 => text::build_bytes(th, n as usize, |_| {}),
            Some(_) => Err(th.value_error("negative count")),
            None => {
                let got = class_name(v);
                Err(th.overflow_error(format!("cannot fit '{got}' into an index-sized integer")))
            }
        };
    }
    let class = object::class_of(v);
    let d = class.frozen();
    if d.dunder(D::iter).is_none_or(|f| f.is_none()) && d.dunder(D::getitem).is_none() {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("cannot convert '{got}' object to {what}") } else { format!("'{got}' object is not iterable") }));
    }
    let range = if what == "bytes" { "bytes must be in range(0, 256)" } else { "byte must be in range(0, 256)" };
    if what == "bytes" {
        iter::check_hint(th, v)?;
    }
    let mut out = Vec::new();
    iter::for_each(th, v, |th, x| {
        let c = match text::bytes_of(x).filter(|_| !th.py3() && text::is_bytes(x)) {
            Some([c]) => *c,
            _ => byte_arg(th, x, range)?,
        };
        if out.try_reserve(1).is_err() {
            return Err(th.memory_error());
        }
        out.push(c);
        Ok(())
    })?;
    th.new_bytes(&out)
}
fn new2(th: &mut Thread, a: Args) -> R<Value> {
    let s = match a.opt(1) {
        None => th.new_bytes(b"")?,
        Some(v) => object::str_(th, v)?,
    };
    of_class(th, a.get(0), s)
}
fn str_(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() {
        return repr(th, a.get(0));
    }
    bytes_(th, a)
}
fn bytes_(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if BYTES.is_exact(v) { Ok(v) } else { th.new_bytes(text::bytes_of(v).unwrap_or(&[])) }
}
fn decode(th: &mut Thread, a: Args) -> R<Value> {
    let (enc, errors) = codec::arguments(th, "decode", a.opt(1), a.opt(2))?;
    codec::decode(th, a.get(0), &enc, &errors)
}
fn encode2(th: &mut Thread, a: Args) -> R<Value> {
    let (enc, errors) = codec::arguments(th, "encode", a.opt(1), a.opt(2))?;
    let v = if codec::find(&enc).is_some() { codec::to_text(th, a.get(0))? } else { a.get(0) };
    codec::encode(th, v, &enc, &errors)
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let b = text::bytes_of(v).unwrap_or(&[]);
    match sequence::key(th, if th.py3() { "byte" } else { "string" }, a.get(1))? {
        Key::Index(i) => match sequence::place(i, b.len()) {
            Some(i) if th.py3() => Ok(Value::int(b[i] as i64)),
            Some(i) => text::byte_str(th, b[i]),
            None => Err(th.index_error(if th.py3() { "index out of range" } else { "string index out of range" })),
        },
        Key::Slice(start, stop, step) => {
            let (start, _, n) = slice::adjust(start, stop, step, b.len());
            if n == 0 {
                return th.new_bytes(b"");
            }
            if step == 1 {
                return text::slice(th, v, start as usize, start as usize + n);
            }
            text::build_bytes(th, n, |out| out.iter_mut().enumerate().for_each(|(i, c)| *c = b[(start + i as i64 * step) as usize]))
        }
    }
}
fn rich(_: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    let (Some(b), Some(c)) = (text::bytes_of(x), text::bytes_of(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if y.is::<Str>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    Ok(Value::from_bool(match op {
        Cmp::Eq => b == c,
        Cmp::Ne => b != c,
        _ => op.holds(b.cmp(c)),
    }))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let h = text::hash_of(a.get(0)).unwrap_or(0);
    int::from_i64(th, h as i64)
}
/// Appends the quoted form of bytes.
pub fn push_repr(out: &mut Vec<u8>, b: &[u8]) { push_quoted(out, b, false) }
/// As [`push_repr`]; bytearray escapes single quotes whichever quotes stand around.
pub fn push_quoted(out: &mut Vec<u8>, b: &[u8], single: bool) {
    let q = str_methods::quote(b);
    out.push(q);
    for &c in b {
        match c {
            9 => out.extend(b"\\t"),
            10 => out.extend(b"\\n"),
            13 => out.extend(b"\\r"),
            b'\\' => out.extend(b"\\\\"),
            c if c == q || single && c == b'\'' => out.extend([b'\\', c]),
            32..127 => out.push(c),
            c => out.extend(format!("\\x{c:02x}").bytes()),
        }
    }
    out.push(q);
}
pub fn repr(th: &mut Thread, v: Value) -> R<Value> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    let mut out = Vec::with_capacity(b.len() + 3);
    if th.py3() {
        out.push(b'b');
    }
    push_repr(&mut out, b);
    th.native_str_bytes(&out)
}
fn rmod(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).kind() == a.get(0).kind() { percent::format(th, a.get(1), a.get(0)) } else { Ok(Value::NOT_IMPLEMENTED) }
}
fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let s = th.new_bytes(text::bytes_of(a.get(0)).unwrap_or(&[]))?;
    th.new_tuple(&[s])
}

/// `hex(sep, bytes_per_sep)` of a bytes-like receiver.
pub fn hex(th: &mut Thread, a: Args) -> R<Value> {
    let v = if a.get(0).is::<super::memoryview::MemoryView>() { buffer::snapshot(th, a.get(0))? } else { subject(th, a.get(0))?.v };
    let b = text::bytes_of(v).unwrap_or(&[]);
    let group = match a.opt(2) {
        Some(n) => super::text_algo::int_arg(th, n)?,
        None => 1,
    };
    let sep = match a.opt(1) {
        None => None,
        Some(s) => match text::bytes_of(s) {
            Some([c]) if c.is_ascii() => Some(*c),
            Some(x) if x.len() == 1 || text::len_of(s) == 1 => return Err(th.value_error("sep must be ASCII.")),
            Some(_) => return Err(th.value_error("sep must be length 1.")),
            None => return Err(th.type_error("sep must be str or bytes.")),
        },
    };
    let size = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(b.len() * 3);
    for (i, c) in b.iter().enumerate() {
        if let Some(sep) = sep.filter(|_| size > 0 && i > 0) {
            let boundary = if group > 0 { (b.len() - i) % size == 0 } else { i % size == 0 };
            if boundary {
                out.push(sep);
            }
        }
        out.extend([b"0123456789abcdef"[(c >> 4) as usize], b"0123456789abcdef"[(c & 15) as usize]]);
    }
    th.native_str_bytes(&out)
}
/// The bytes of hexadecimal text.
pub fn unhex(th: &mut Thread, v: Value) -> R<Vec<u8>> {
    let Some(b) = text::bytes_of(v).filter(|_| text::is_string(th, v)) else {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("fromhex() argument must be str, not {got}") } else { format!("fromhex() argument 1 must be string or read-only buffer, not {got}") }));
    };
    let digit = |i: usize| b.get(i).and_then(|c| (*c as char).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(b.len() / 2), 0);
    while at < b.len() {
        if b[at] == b' ' || th.py3() && super::str_split::is_space_byte(b[at]) {
            at += 1;
            continue;
        }
        match (digit(at), digit(at + 1)) {
            (Some(x), Some(y)) => out.push((x * 16 + y) as u8),
            (x, _) => {
                let bad = text::count_chars(&b[..at]) + x.is_some() as usize;
                return Err(th.value_error(format!("non-hexadecimal number found in fromhex() arg at position {bad}")));
            }
        }
        at += 2;
    }
    Ok(out)
}
fn fromhex(th: &mut Thread, a: Args) -> R<Value> {
    let b = unhex(th, a.get(1))?;
    let v = th.new_bytes(&b)?;
    if a.get(0) == BYTES.value() { Ok(v) } else { th.call(a.get(0), &[v]) }
}
