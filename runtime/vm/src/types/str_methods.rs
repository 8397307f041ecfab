//! Methods of text (`str` of 3, `unicode` of 2.7) that it does not share with byte strings.

use super::sequence::{self, Key};
use super::slice::{self, Slice};
use super::text::{self, STR, Str, code_points};
use super::type_::Type;
use super::{codec, dunder::D, format, int, percent, str_iter, unicode};
use crate::native::buffer;
use crate::native::{Args, NativeDef};
use crate::object::compare::Cmp;
use crate::object::{self, class_name, instance};
use crate::thread::Thread;
use std::sync::atomic::AtomicU64;
use txpy_heap::{Gc, Header, Late, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "encode(self, /, encoding='utf-8', errors='strict')" = encode, "The bytes that stand for the string in an encoding.";
    #[py2] "encode(self, encoding='ascii', errors='strict')" = encode, "The bytes that stand for the string in an encoding.";
    #[py2] "decode(self, encoding='ascii', errors='strict')" = decode2, "Decodes the string, after implicit encoding to ASCII.";
    "format(self, /, *args, **kwargs)" = format::format_method, "A copy with the fields in braces replaced by the arguments.";
    #[py3] "format_map(self, mapping, /)" = format::format_map, "A copy with the fields in braces replaced by items of mapping.";
    #[py2] "_formatter_parser(self, /)" = format::formatter_parser, "Fields of a format string.";
    #[py2] "_formatter_field_name_split(self, /)" = format::field_name_split, "Parts of a field name.";
};

pub static DUNDERS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, object='', encoding='utf-8', errors='strict')" = new, "Create and return a new object.";
    #[py2] "__new__(cls, string='', encoding='ascii', errors='strict')" = new2, "Create and return a new object.";
    #[pure] "__len__(self, /)" = |_, a| Ok(Value::int(text::len_of(a.get(0)) as i64)), "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    #[py2] "__getslice__(self, i, j, /)" = getslice, "Return self[i:j].";
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
    "__format__(self, format_spec, /)" = format::format_string, "Return a formatted version of the string as described by format_spec.";
    "__mod__(self, value, /)" = |th, a| percent::format(th, a.get(0), a.get(1)), "Return self%value.";
    "__rmod__(self, value, /)" = rmod, "Return value%self.";
    "__add__(self, value, /)" = add, "Return self+value.";
    "__mul__(self, value, /)" = mul, "Return self*value.";
    "__rmul__(self, value, /)" = mul, "Return value*self.";
    "__getnewargs__(self, /)" = getnewargs, "Arguments for pickling.";
    #[pure] "__sizeof__(self, /)" = |_, a| Ok(Value::int((size_of::<Str>() + text::bytes_of(a.get(0)).map_or(0, <[u8]>::len)) as i64)), "Return the size of the string in memory, in bytes.";
};

/// A text of class `class` (a subclass of str, or str itself) with the text of `v`.
pub fn of_class(th: &mut Thread, class: Value, v: Value) -> R<Value> {
    if class == STR.value() {
        return Ok(v);
    }
    let Some(t) = class.cast::<Type>() else { return Err(th.type_error("str.__new__(X): X is not a type object")) };
    let b = text::bytes_of(v).unwrap_or(&[]);
    let init = Str { header: Header::NEW, len: b.len(), hash: AtomicU64::new(0), chars: text::len_of(v), index: Late::new(Value::UNSET) };
    Ok(instance::alloc_tail_like(th, t, init, b)?.value())
}

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.get(0);
    let text = match (a.opt(1), a.opt(2).is_some() || a.opt(3).is_some()) {
        (None, _) => th.new_str("")?,
        (Some(v), false) => object::str_(th, v)?,
        (Some(v), true) => {
            let (enc, errors) = codec::arguments(th, "str", a.opt(2), a.opt(3))?;
            if v.is::<Str>() {
                return Err(th.type_error("decoding str is not supported"));
            }
            if !buffer::is_bytes_like(th, v) {
                let got = class_name(v);
                return Err(th.type_error(format!("decoding to str: need a bytes-like object, {got} found")));
            }
            codec::decode(th, v, &enc, &errors)?
        }
    };
    of_class(th, class, text)
}
fn new2(th: &mut Thread, a: Args) -> R<Value> {
    let text = match a.opt(1) {
        None => th.new_str("")?,
        Some(v) if a.opt(2).is_none() && a.opt(3).is_none() => to_unicode(th, v)?,
        Some(v) => {
            let (enc, errors) = codec::arguments(th, "unicode", a.opt(2), a.opt(3))?;
            if v.is::<Str>() {
                return Err(th.type_error("decoding Unicode is not supported"));
            }
            if !buffer::is_bytes_like(th, v) {
                let got = class_name(v);
                return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {got} found")));
            }
            let r = codec::decode(th, v, &enc, &errors)?;
            if !r.is::<Str>() {
                let got = class_name(r);
                return Err(th.type_error(format!("decoder did not return an unicode object (type={got})")));
            }
            r
        }
    };
    of_class(th, a.get(0), text)
}
/// `unicode(v)` of 2.7: an exact text.
pub fn to_unicode(th: &mut Thread, v: Value) -> R<Value> {
    if STR.is_exact(v) {
        return Ok(v);
    }
    let r = match object::call_dunder(th, v, D::unicode, &[])? {
        Some(r) => r,
        None if v.is::<Str>() => v,
        None => {
            // `__str__` may give text, which `str()` would encode.
            match object::dunder(v, D::str_) {
                Some(f) => object::call_special(th, f, v, &[])?,
                None => object::repr(th, v)?,
            }
        }
    };
    if r.is::<Str>() {
        return if STR.is_exact(r) { Ok(r) } else { text::new_str(th, text::bytes_of(r).unwrap_or(&[])) };
    }
    if !text::is_bytes(r) {
        let got = class_name(r);
        return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {got} found")));
    }
    codec::to_text(th, r)
}
fn str_(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if !th.py3() {
        return codec::encode_ascii(th, v);
    }
    if STR.is_exact(v) { Ok(v) } else { text::new_str(th, text::bytes_of(v).unwrap_or(&[])) }
}
fn encode(th: &mut Thread, a: Args) -> R<Value> {
    let (enc, errors) = codec::arguments(th, "encode", a.opt(1), a.opt(2))?;
    codec::encode(th, a.get(0), &enc, &errors)
}
fn decode2(th: &mut Thread, a: Args) -> R<Value> {
    let (enc, errors) = codec::arguments(th, "decode", a.opt(1), a.opt(2))?;
    let b = codec::encode_ascii(th, a.get(0))?;
    codec::decode(th, b, &enc, &errors)
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let (v, key) = (a.get(0), a.get(1));
    let s: Gc<Str> = v.cast().expect("checked by the call");
    let n = s.frozen().chars;
    if !key.is_int() && !key.is::<Slice>() && int::index_opt(th, key)?.is_none() {
        let got = class_name(key);
        return Err(th.type_error(if th.py3() { format!("string indices must be integers, not '{got}'") } else { "string indices must be integers".to_string() }));
    }
    match sequence::key(th, "string", key)? {
        Key::Index(i) => match sequence::place(i, n) {
            Some(i) => {
                let at = text::offset_of(th, s, i)?;
                text::char_str(th, text::decode_at(s.frozen().data(), at).0)
            }
            None => Err(th.index_error("string index out of range")),
        },
        Key::Slice(start, stop, step) => {
            let (start, _, count) = slice::adjust(start, stop, step, n);
            if count == 0 {
                return th.new_str("");
            }
            if step == 1 {
                return text::slice(th, v, start as usize, start as usize + count);
            }
            let b = s.frozen().data();
            if s.frozen().is_ascii() {
                return text::build_str(th, count, count, |out| out.iter_mut().enumerate().for_each(|(i, c)| *c = b[(start + i as i64 * step) as usize]));
            }
            // Walks from one item to the next.
            let mut at = text::offset_of(th, s, start as usize)?;
            let mut out = Vec::new();
            for i in 0..count {
                let (c, w) = text::decode_at(b, at);
                text::push_code_point(&mut out, c);
                if i + 1 == count {
                    break;
                }
                if step > 0 {
                    at += w;
                    for _ in 1..step {
                        at += text::decode_at(b, at).1;
                    }
                } else {
                    for _ in 0..-step {
                        at = text::decode_before(b, at).1;
                    }
                }
            }
            text::new_str(th, &out)
        }
    }
}
/// `__getslice__` of text and byte strings; the interpreter has already added the length to negative bounds.
pub fn getslice(th: &mut Thread, a: Args) -> R<Value> {
    let (i, j) = (sequence::clamped(th, a.get(1))?, sequence::clamped(th, a.get(2))?);
    let n = text::len_of(a.get(0));
    let (i, j) = ((i.max(0) as usize).min(n), (j.max(0) as usize).min(n));
    text::slice(th, a.get(0), i.min(j), j)
}

fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    let (Some(b), Some(c)) = (text::bytes_of(x), text::bytes_of(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if !y.is::<Str>() {
        if th.py3() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if !c.is_ascii() {
            if matches!(op, Cmp::Eq | Cmp::Ne) {
                return Ok(Value::from_bool(op == Cmp::Ne));
            }
            codec::check_ascii(th, y)?;
        }
    }
    // Bytewise order is the order of code points.
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

/// The quote for a `repr`: double if there are single ones and no double ones.
pub fn quote(b: &[u8]) -> u8 { if b.contains(&b'\'') && !b.contains(&b'"') { b'"' } else { b'\'' } }
/// Appends the `repr` of UTF-8 text. With `ascii` everything else is escaped.
pub fn push_repr(out: &mut Vec<u8>, b: &[u8], ascii: bool) {
    let q = quote(b);
    out.push(q);
    for c in code_points(b) {
        match c {
            9 => out.extend(b"\\t"),
            10 => out.extend(b"\\n"),
            13 => out.extend(b"\\r"),
            0x5C => out.extend(b"\\\\"),
            c if c == q as u32 => out.extend([b'\\', q]),
            32..127 => out.push(c as u8),
            c if ascii || !unicode::is_printable(c) => out.extend(codec::escape(c).bytes()),
            c => text::push_code_point(out, c),
        }
    }
    out.push(q);
}
pub fn repr(th: &mut Thread, v: Value) -> R<Value> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    let py3 = th.py3();
    let mut out = Vec::with_capacity(b.len() + 3);
    if !py3 {
        out.push(b'u');
    }
    push_repr(&mut out, b, !py3);
    th.native_str_bytes(&out)
}

fn rmod(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).kind() == a.get(0).kind() { percent::format(th, a.get(1), a.get(0)) } else { Ok(Value::NOT_IMPLEMENTED) }
}
/// `__add__` of text and byte strings.
pub fn add(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if x.kind() == y.kind() || !th.py3() && text::is_string(th, y) {
        return text::concat(th, x, y);
    }
    if text::is_bytes(x) && !text::is_text(y) && buffer::is_bytes_like(th, y) {
        if !th.py3() && !y.is::<super::bytearray::ByteArray>() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let b = buffer::snapshot(th, y)?;
        let r = text::concat(th, x, b)?;
        return if th.py3() { Ok(r) } else { super::bytearray::new(th, text::bytes_of(r).unwrap_or(&[])) };
    }
    Ok(Value::NOT_IMPLEMENTED)
}
/// `__mul__` of text and byte strings.
pub fn mul(th: &mut Thread, a: Args) -> R<Value> {
    match int::index_opt(th, a.get(1))? {
        Some(n) => sequence::repeat(th, a.get(0), n),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let s = text::new_str(th, text::bytes_of(a.get(0)).unwrap_or(&[]))?;
    th.new_tuple(&[s])
}
