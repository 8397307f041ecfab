//! Methods of `bytearray` that change it, and those that it does not share with byte strings.

use super::bytearray::{self, BYTEARRAY, ByteArray};
use super::sequence::{self, Key};
use super::text_algo::byte_arg;
use super::{bytes_methods, int, slice, str_iter, text};
use crate::native::{Args, NativeDef, buffer, stored};
use crate::object::compare::Cmp;
use crate::object::{class_name, instance, iter};
use crate::thread::Thread;
use txpy_heap::{Gc, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, source=b'', encoding='utf-8', errors='strict')" = init, "Initialize self.";
    #[class] "fromhex(type, string, /)" = fromhex, "The bytes that pairs of hexadecimal digits stand for.";
    "append(self, item, /)" = append, "Append a byte at the end.";
    "extend(self, iterable_of_ints, /)" = extend, "Append all the items from the iterable.";
    "insert(self, index, item, /)" = insert, "Insert a byte before the index.";
    "pop(self, index=-1, /)" = pop, "Remove and return the byte at the index.";
    "remove(self, value, /)" = remove, "Remove the first occurrence of a value.";
    "reverse(self, /)" = reverse, "Reverse the order of the bytes in place.";
    #[py3] "clear(self, /)" = |th, a| bytearray::clear(th, this(a)).map(|_| Value::NONE), "Remove all bytes.";
    #[py3] "copy(self, /)" = copy, "Return a copy.";
    "__alloc__(self, /)" = alloc, "Bytes that are allocated.";
    "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, a| assign(th, this(a), a.get(1), Value::UNSET).map(|_| Value::NONE), "Delete self[key].";
    "__iter__(self, /)" = |th, a| str_iter::new(th, a.get(0)), "Implement iter(self).";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    "__add__(self, value, /)" = add, "Return self+value.";
    "__iadd__(self, value, /)" = iadd, "Implement self+=value.";
    "__mul__(self, value, /)" = mul, "Return self*value.";
    "__rmul__(self, value, /)" = mul, "Return value*self.";
    "__imul__(self, value, /)" = imul, "Implement self*=value.";
    #[py3] "__mod__(self, value, /)" = mod_, "Return self%value.";
    #[py3] "__rmod__(self, value, /)" = |_, _| Ok(Value::NOT_IMPLEMENTED), "Return value%self.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "__sizeof__(self, /)" = sizeof, "Returns the size of the bytearray object in memory, in bytes.";
    #[py3] "__buffer__(self, flags, /)" = |th, a| super::memoryview::new(th, a.get(0)), "Return a buffer object that exposes the underlying memory of the object.";
};

const RANGE: &str = "byte must be in range(0, 256)";

fn this(a: Args) -> Gc<ByteArray> { a.get(0).cast().expect("checked by the call") }
fn byte(th: &mut Thread, v: Value) -> R<u8> {
    match text::bytes_of(v).filter(|_| !th.py3() && text::is_bytes(v)) {
        Some([c]) => Ok(*c),
        Some(_) => Err(th.value_error("string must be of size 1")),
        None => byte_arg(th, v, RANGE),
    }
}

fn new(th: &mut Thread, a: Args) -> R<Value> { Ok(instance::alloc_like(th, a.get(0), |_| ByteArray::EMPTY)?.value()) }
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytes_methods::from_source(th, a, "bytearray")?;
    bytearray::splice(th, this(a), 0, usize::MAX, text::bytes_of(b).unwrap_or(&[]))?;
    Ok(Value::NONE)
}
fn fromhex(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytes_methods::unhex(th, a.get(1))?;
    let v = bytearray::new(th, &b)?;
    if a.get(0) == BYTEARRAY.value() { Ok(v) } else { th.call(a.get(0), &[v]) }
}
fn append(th: &mut Thread, a: Args) -> R<Value> {
    let c = byte(th, a.get(1))?;
    bytearray::extend(th, this(a), &[c])?;
    Ok(Value::NONE)
}
/// The bytes of any bytes-like object or iterable of integers, as a byte string.
fn gathered(th: &mut Thread, v: Value) -> R<Value> {
    if buffer::is_bytes_like(th, v) {
        return buffer::snapshot(th, v);
    }
    if text::is_text(v) {
        return Err(th.type_error(if th.py3() { "expected iterable of integers; got: 'str'" } else { "unicode argument without an encoding" }));
    }
    let mut out = Vec::new();
    iter::for_each(th, v, |th, x| {
        out.push(byte(th, x)?);
        Ok(())
    })?;
    th.new_bytes(&out)
}
fn extend(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(1);
    let class = crate::object::class_of(v);
    let d = class.frozen();
    if th.py3() && !buffer::is_bytes_like(th, v) && d.dunder(super::dunder::D::iter).is_none() && d.dunder(super::dunder::D::getitem).is_none() {
        let got = class_name(v);
        return Err(th.type_error(format!("can't extend bytearray with {got}")));
    }
    let b = gathered(th, v)?;
    bytearray::extend(th, this(a), text::bytes_of(b).unwrap_or(&[]))?;
    Ok(Value::NONE)
}
fn insert(th: &mut Thread, a: Args) -> R<Value> {
    let i = sequence::clamped(th, a.get(1))?;
    let c = byte(th, a.get(2))?;
    let n = this(a).read(th)?.len;
    let at = sequence::limit(i, n);
    bytearray::splice(th, this(a), at, at, &[c])?;
    Ok(Value::NONE)
}
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    let i = match a.opt(1) {
        Some(v) => sequence::clamped(th, v)?,
        None => -1,
    };
    let g = this(a).read(th)?;
    let n = g.len;
    let found = sequence::place(i, n).map(|at| (at, g.data()[at]));
    drop(g);
    match found {
        _ if n == 0 => Err(th.index_error("pop from empty bytearray")),
        None => Err(th.index_error("pop index out of range")),
        Some((at, c)) => {
            bytearray::splice(th, this(a), at, at + 1, &[])?;
            Ok(Value::int(c as i64))
        }
    }
}
fn remove(th: &mut Thread, a: Args) -> R<Value> {
    let c = byte(th, a.get(1))?;
    let at = memchr::memchr(c, this(a).read(th)?.data());
    match at {
        Some(at) => bytearray::splice(th, this(a), at, at + 1, &[]).map(|_| Value::NONE),
        None => Err(th.value_error("value not found in bytearray")),
    }
}
fn reverse(th: &mut Thread, a: Args) -> R<Value> {
    this(a).write(th)?.data_mut().reverse();
    Ok(Value::NONE)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytearray::snapshot(th, this(a))?;
    bytearray::new(th, text::bytes_of(b).unwrap_or(&[]))
}
fn alloc(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a).read(th)?;
    let n = g.storage.map_or(0, |s| s.frozen().len + 1);
    Ok(Value::int(n as i64))
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a).read(th)?;
    let n = size_of::<ByteArray>() + g.storage.map_or(0, |s| s.frozen().len);
    Ok(Value::int(n as i64))
}
fn len(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(this(a).read(th)?.len as i64)) }

fn key(th: &mut Thread, v: Value) -> R<Key> {
    if !th.py3() && !v.is_int() && !v.is::<slice::Slice>() && int::index_opt(th, v)?.is_none() {
        return Err(th.type_error("bytearray indices must be integers"));
    }
    sequence::key(th, "bytearray", v)
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    match key(th, a.get(1))? {
        Key::Index(i) => {
            let g = this(a).read(th)?;
            let found = sequence::place(i, g.len).map(|at| g.data()[at]);
            drop(g);
            found.map(|c| Value::int(c as i64)).ok_or(()).or_else(|_| Err(th.index_error("bytearray index out of range")))
        }
        Key::Slice(start, stop, step) => {
            let b = bytearray::snapshot(th, this(a))?;
            let b = text::bytes_of(b).unwrap_or(&[]);
            let (start, _, n) = slice::adjust(start, stop, step, b.len());
            if step == 1 {
                return bytearray::new(th, if n == 0 { &[] } else { &b[start as usize..start as usize + n] });
            }
            let part = text::build_bytes(th, n, |out| out.iter_mut().enumerate().for_each(|(i, c)| *c = b[(start + i as i64 * step) as usize]))?;
            bytearray::new(th, text::bytes_of(part).unwrap_or(&[]))
        }
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    assign(th, this(a), a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
/// `a[key] = v`; UNSET deletes.
fn assign(th: &mut Thread, a: Gc<ByteArray>, k: Value, v: Value) -> R<()> {
    let k = key(th, k)?;
    let (start, stop, step) = match k {
        Key::Index(i) => {
            if v.is_unset() {
                let n = a.read(th)?.len;
                return match sequence::place(i, n) {
                    Some(at) => bytearray::splice(th, a, at, at + 1, &[]),
                    None => Err(th.index_error("bytearray index out of range")),
                };
            }
            let n = a.read(th)?.len;
            if sequence::place(i, n).is_none() {
                return Err(th.index_error("bytearray index out of range"));
            }
            let c = byte(th, v)?;
            let mut g = stored::edit(th, a)?;
            let at = sequence::place(i, g.len);
            if let Some(at) = at {
                stored::log(&mut g, at, at + 1);
                g.data_mut()[at] = c;
                return Ok(());
            }
            drop(g);
            return Err(th.index_error("bytearray index out of range"));
        }
        Key::Slice(start, stop, step) => (start, stop, step),
    };
    let with = if v.is_unset() {
        th.new_bytes(b"")?
    } else if !buffer::is_bytes_like(th, v) && (th.py3() && text::is_text(v) || int::index_opt(th, v)?.is_some()) {
        return Err(th.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    } else {
        gathered(th, v)?
    };
    let with = text::bytes_of(with).unwrap_or(&[]);
    let len = a.read(th)?.len;
    let (start, stop, n) = slice::adjust(start, stop, step, len);
    if step == 1 {
        return bytearray::splice(th, a, start as usize, (stop.max(start)) as usize, with);
    }
    if v.is_unset() {
        return if n == 0 { Ok(()) } else { assign_deleted(th, a, start, step, n) };
    }
    if with.len() != n {
        if with.is_empty() {
            return assign_deleted(th, a, start, step, n);
        }
        let m = with.len();
        return Err(th.value_error(format!("attempt to assign bytes of size {m} to extended slice of size {n}")));
    }
    let in_block = th.atomic_depth() != 0;
    let mut g = stored::edit(th, a)?;
    let places = (0..n as i64).map(|i| (start + i * step) as usize);
    if in_block {
        let len = g.len;
        places.clone().filter(|at| *at < len).for_each(|at| stored::log(&mut g, at, at + 1));
    }
    let d = g.data_mut();
    for (at, c) in places.zip(with) {
        if let Some(x) = d.get_mut(at) {
            *x = *c;
        }
    }
    Ok(())
}
/// An extended slice set to nothing is deleted.
fn assign_deleted(th: &mut Thread, a: Gc<ByteArray>, start: i64, step: i64, n: usize) -> R<()> {
    let all = bytearray::snapshot(th, a)?;
    let gone = |i: usize| {
        let off = i as i64 - start;
        off % step == 0 && off / step >= 0 && ((off / step) as usize) < n
    };
    let kept: Vec<u8> = text::bytes_of(all).unwrap_or(&[]).iter().enumerate().filter(|(i, _)| !gone(*i)).map(|(_, c)| *c).collect();
    bytearray::splice(th, a, 0, usize::MAX, &kept)
}

fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let y = a.get(1);
    if !buffer::is_bytes_like(th, y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let b = bytearray::snapshot(th, this(a))?;
    let x = text::bytes_of(b).unwrap_or(&[]);
    let holds = buffer::bytes_like(th, y, |y| match op {
        Cmp::Eq => x == y,
        Cmp::Ne => x != y,
        _ => op.holds(x.cmp(y)),
    })?;
    Ok(Value::from_bool(holds))
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let name = if th.py3() { class_name(a.get(0)) } else { "bytearray".to_string() };
    let b = bytearray::snapshot(th, this(a))?;
    let mut out = format!("{name}(b").into_bytes();
    bytes_methods::push_quoted(&mut out, text::bytes_of(b).unwrap_or(&[]), true);
    out.push(b')');
    th.native_str_bytes(&out)
}
fn str_(th: &mut Thread, a: Args) -> R<Value> { if th.py3() { repr(th, a) } else { bytearray::snapshot(th, this(a)) } }
fn add(th: &mut Thread, a: Args) -> R<Value> {
    if !buffer::is_bytes_like(th, a.get(1)) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let x = bytearray::snapshot(th, this(a))?;
    let y = buffer::snapshot(th, a.get(1))?;
    let r = text::concat(th, x, y)?;
    bytearray::new(th, text::bytes_of(r).unwrap_or(&[]))
}
fn iadd(th: &mut Thread, a: Args) -> R<Value> {
    if !buffer::is_bytes_like(th, a.get(1)) {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("can't concat {got} to bytearray")));
    }
    if a.get(1) == a.get(0) {
        // The operand's buffer is exported while the object would grow.
        return Err(th.raise(&crate::exceptions::BUFFER_ERROR, "Existing exports of data: object cannot be re-sized"));
    }
    let y = buffer::snapshot(th, a.get(1))?;
    bytearray::extend(th, this(a), text::bytes_of(y).unwrap_or(&[]))?;
    Ok(a.get(0))
}
fn times(th: &mut Thread, a: Args) -> R<Option<Value>> {
    let Some(n) = int::index_opt(th, a.get(1))? else { return Ok(None) };
    let b = bytearray::snapshot(th, this(a))?;
    sequence::repeat(th, b, n).map(Some)
}
fn mul(th: &mut Thread, a: Args) -> R<Value> {
    match times(th, a)? {
        Some(b) => bytearray::new(th, text::bytes_of(b).unwrap_or(&[])),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn imul(th: &mut Thread, a: Args) -> R<Value> {
    match times(th, a)? {
        Some(b) => {
            bytearray::splice(th, this(a), 0, usize::MAX, text::bytes_of(b).unwrap_or(&[]))?;
            Ok(a.get(0))
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn mod_(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytearray::snapshot(th, this(a))?;
    let r = super::percent::format(th, b, a.get(1))?;
    bytearray::new(th, text::bytes_of(r).unwrap_or(&[]))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let b = bytearray::snapshot(th, this(a))?;
    let class = crate::object::class_of(a.get(0)).value();
    let (s, enc) = (super::codec::decode(th, b, "latin-1", "strict")?, th.native_str("latin-1")?);
    let args = th.new_tuple(&[s, enc])?;
    let state = if th.py3() {
        super::object::state_of(th, a.get(0))?
    } else if instance::has_dict(a.get(0)) {
        instance::dict_of(th, a.get(0))?.value()
    } else {
        Value::NONE
    };
    th.new_tuple(&[class, args, state])
}
