//! Methods of `memoryview`: items, slices, casts, comparison.

use super::memoryview::{self, MemoryView};
use super::sequence::{self, Key};
use super::{bytes_methods, float, int, list, slice, text, tuple};
use crate::exceptions::{INDEX_ERROR, NOT_IMPLEMENTED_ERROR};
use crate::native::buffer::{self, BufferView};
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object::compare::Cmp;
use crate::thread::Thread;
use std::borrow::Cow;
use txpy_heap::{Gc, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, object)" = |th, a| memoryview::new(th, a.get(1)), "Create and return a new object.";
    "tobytes(self, order='C')" = tobytes, "The bytes of the view.";
    "tolist(self, /)" = tolist, "The items as a (nested) list.";
    #[py3] "release(self, /)" = |th, a| memoryview::release(th, this(a)).map(|_| Value::NONE), "Release the underlying buffer.";
    #[py3] "__enter__(self, /)" = |th, a| memoryview::view(th, this(a)).map(|_| a.get(0)), "";
    #[py3] "__exit__(self, *args)" = |th, a| memoryview::release(th, this(a)).map(|_| Value::NONE), "";
    #[py3] "cast(self, format, shape=None)" = cast, "A view of the same memory with another format or shape.";
    #[py3] "toreadonly(self, /)" = toreadonly, "A readonly version of the view.";
    #[py3] "hex(self, sep=None, bytes_per_sep=1)" = bytes_methods::hex, "The bytes as hexadecimal digits.\n\n>>> memoryview(b'\\x01\\xff').hex()\n'01ff'";
    "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    #[py3] "__hash__(self, /)" = hash, "Return hash(self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
pub static GETSET: &[GetSetDef] = getset! {
    #[py3] "obj" = |th, v| field(th, v, |th, m, _| Ok(m.read(th)?.obj)), "The underlying object of the memoryview.";
    #[py3] "nbytes" = |th, v| field(th, v, |_, _, w| Ok(Value::int(w.len as i64))), "The amount of space in bytes that the array would use in a contiguous representation.";
    "readonly" = |th, v| field(th, v, |_, _, w| Ok(Value::from_bool(w.readonly))), "Whether the memory is read only.";
    "itemsize" = |th, v| field(th, v, |th, _, w| int::make(th, w.itemsize as i128, true)), "The size in bytes of each element.";
    "format" = |th, v| field(th, v, |th, _, w| th.native_str(&w.format)), "The format of each element, in struct notation.";
    "ndim" = |th, v| field(th, v, |th, _, w| int::make(th, w.shape.len() as i128, true)), "Number of dimensions.";
    "shape" = |th, v| field(th, v, |th, _, w| ints(th, w.shape.iter().map(|n| *n as i64))), "Length of each dimension.";
    "strides" = |th, v| field(th, v, |th, _, w| ints(th, w.strides.iter().map(|n| *n as i64))), "Bytes from one element to the next, for each dimension.";
    "suboffsets" = |th, v| field(th, v, |th, _, _| if th.py3() { th.new_tuple(&[]) } else { Ok(Value::NONE) }), "Offsets after following pointers; there are none.";
    #[py3] "c_contiguous" = |th, v| field(th, v, |_, _, w| Ok(Value::from_bool(w.is_contiguous()))), "Whether the memory is C contiguous.";
    #[py3] "f_contiguous" = |th, v| field(th, v, |_, _, w| Ok(Value::from_bool(is_fortran(&w)))), "Whether the memory is Fortran contiguous.";
    #[py3] "contiguous" = |th, v| field(th, v, |_, _, w| Ok(Value::from_bool(w.is_contiguous() || is_fortran(&w)))), "Whether the memory is contiguous.";
};

fn is_fortran(w: &BufferView) -> bool {
    let (s, t): (Vec<usize>, Vec<isize>) = (w.shape.iter().rev().copied().collect(), w.strides.iter().rev().copied().collect());
    buffer::is_contiguous(&s, &t, w.itemsize)
}
fn this(a: Args) -> Gc<MemoryView> { a.get(0).cast().expect("checked by the call") }
fn field(th: &mut Thread, v: Value, f: fn(&mut Thread, Gc<MemoryView>, BufferView) -> R<Value>) -> R<Value> {
    let m: Gc<MemoryView> = v.cast().expect("checked by the call");
    let w = memoryview::view(th, m)?;
    f(th, m, w)
}
fn ints(th: &mut Thread, items: impl Iterator<Item = i64>) -> R<Value> {
    let out = list::with_capacity(th, 0)?;
    for i in items {
        let v = int::make(th, i as i128, true)?;
        list::append(th, out, v)?;
    }
    crate::object::iter::list_to_tuple(th, out)
}

fn tobytes(th: &mut Thread, a: Args) -> R<Value> {
    let w = memoryview::view(th, this(a))?;
    buffer::copy_out(th, &w)
}
fn len(th: &mut Thread, a: Args) -> R<Value> {
    let w = memoryview::view(th, this(a))?;
    match w.shape.first() {
        Some(n) => Ok(Value::int(*n as i64)),
        None if th.py3() => Err(th.type_error("0-dim memory has no length")),
        None => Ok(Value::int(1)),
    }
}

/// The one format character of a native item; None for other formats.
fn code(format: &str) -> Option<u8> {
    let b = format.as_bytes();
    match b {
        [c] | [b'@', c] if b"cbB?hHiIlLqQnNfdeP".contains(c) => Some(*c),
        _ => None,
    }
}
pub fn size_of_code(c: u8) -> usize {
    match c {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        _ => 8,
    }
}
/// The object that an item stands for; `number`: not 2.7's one-character strings.
fn unpack(th: &mut Thread, format: &str, b: &[u8], number: bool) -> R<Value> {
    let Some(c) = code(format) else {
        return Err(th.raise(&NOT_IMPLEMENTED_ERROR, format!("memoryview: unsupported format {format}")));
    };
    let mut w = [0u8; 8];
    w[..b.len()].copy_from_slice(b);
    let u = u64::from_ne_bytes(w);
    match c {
        b'c' => text::byte_str(th, b[0]),
        b'?' => Ok(Value::from_bool(b[0] != 0)),
        b'B' if !th.py3() && !number => text::byte_str(th, b[0]),
        b'b' => Ok(Value::int(b[0] as i8 as i64)),
        b'h' => Ok(Value::int(u as i16 as i64)),
        b'i' => Ok(Value::int(u as i32 as i64)),
        b'l' | b'q' | b'n' => int::from_i64(th, u as i64),
        b'f' => float::new(th, f32::from_bits(u as u32) as f64),
        b'd' => float::new(th, f64::from_bits(u)),
        b'e' => float::new(th, half_to_f64(u as u16)),
        _ => int::from_u64(th, u),
    }
}
/// The value of an IEEE half.
pub fn half_to_f64(h: u16) -> f64 {
    let (sign, e, m) = (if h >> 15 == 1 { -1.0 } else { 1.0 }, (h >> 10 & 31) as i32, (h & 1023) as f64);
    sign * match e {
        0 => m * 2f64.powi(-24),
        31 => if m == 0.0 { f64::INFINITY } else { f64::NAN },
        e => (1.0 + m / 1024.0) * 2f64.powi(e - 15),
    }
}
/// The bytes of `v` as an item.
fn pack(th: &mut Thread, format: &str, v: Value) -> R<([u8; 8], usize)> {
    let Some(c) = code(format).filter(|c| *c != b'e') else {
        return Err(th.raise(&NOT_IMPLEMENTED_ERROR, format!("memoryview: unsupported format {format}")));
    };
    let n = size_of_code(c);
    let wrong_type = |th: &mut Thread| th.type_error(format!("memoryview: invalid type for format '{format}'"));
    let wrong_value = |th: &mut Thread| th.value_error(format!("memoryview: invalid value for format '{format}'"));
    let mut w = [0u8; 8];
    match c {
        b'c' | b'B' if c == b'c' || !th.py3() => match text::bytes_of(v).filter(|_| text::is_bytes(v)) {
            Some([x]) => w[0] = *x,
            Some(_) => return Err(wrong_value(th)),
            None => return Err(wrong_type(th)),
        },
        b'?' => w[0] = crate::object::is_true(th, v)? as u8,
        b'f' => match float::number(th, v)? {
            Some(f) => w[..4].copy_from_slice(&(f as f32).to_ne_bytes()),
            None => return Err(wrong_type(th)),
        },
        b'd' => match float::number(th, v)? {
            Some(f) => w = f.to_ne_bytes(),
            None => return Err(wrong_type(th)),
        },
        _ => {
            let Some(i) = int::index_opt(th, v)? else { return Err(wrong_type(th)) };
            let signed = c.is_ascii_lowercase();
            let bits = 8 * n as u32;
            let fits = match int::to_i64(i) {
                Some(x) if signed => bits == 64 || (x >= -(1i64 << (bits - 1)) && x < 1i64 << (bits - 1)),
                Some(x) => x >= 0 && (bits == 64 || x < 1i64 << bits),
                None => !signed && int::to_u64(i).is_some() && bits == 64,
            };
            if !fits {
                return Err(wrong_value(th));
            }
            let u = int::to_i64(i).map(|x| x as u64).or_else(|| int::to_u64(i)).unwrap_or(0);
            w[..n].copy_from_slice(&u.to_ne_bytes()[..n]);
        }
    }
    Ok((w, n))
}

/// Reads the item `offset` bytes from the view's start.
fn item(th: &mut Thread, w: &BufferView, offset: isize) -> R<Value> { item_as(th, w, offset, false) }
fn item_as(th: &mut Thread, w: &BufferView, offset: isize, number: bool) -> R<Value> {
    if let Some(h) = w.guard.header() {
        th.access_read(h)?;
    }
    let mut buf = [0u8; 8];
    let n = w.itemsize.min(8);
    // SAFETY: the offset is an item's of the live export; held for reading since the last safepoint.
    unsafe { std::ptr::copy_nonoverlapping(w.ptr.offset(offset), buf.as_mut_ptr(), n) };
    unpack(th, &w.format, &buf[..n], number)
}
fn place(th: &mut Thread, w: &BufferView, dim: usize, i: i64) -> R<isize> {
    match sequence::place(i, w.shape[dim]) {
        Some(at) => Ok(at as isize * w.strides[dim]),
        None => Err(th.raise(&INDEX_ERROR, if th.py3() { format!("index out of bounds on dimension {}", dim + 1) } else { "index out of bounds".to_string() })),
    }
}
/// The byte offset that a tuple of indices leads to; None when `key` is not a tuple of as many integers as dimensions.
fn tuple_offset(th: &mut Thread, w: &BufferView, key: Value) -> R<Option<isize>> {
    let Some(t) = tuple::items(key) else { return Ok(None) };
    let mut at = 0;
    for (d, i) in t.iter().enumerate() {
        let Some(i) = int::index_opt(th, *i)?.and_then(int::to_i64) else { return Ok(None) };
        if d >= w.shape.len() {
            return Err(th.type_error(format!("cannot index {}-dimension view with {}-element tuple", w.shape.len(), t.len())));
        }
        at += place(th, w, d, i)?;
    }
    if t.len() < w.shape.len() {
        return Err(th.raise(&NOT_IMPLEMENTED_ERROR, "sub-views are not implemented"));
    }
    Ok(Some(at))
}
/// The view that a slice of the first dimension gives.
fn sliced(w: &BufferView, start: i64, stop: i64, step: i64) -> BufferView {
    let (start, _, n) = slice::adjust(start, stop, step, w.shape[0]);
    let mut out = w.clone();
    // SAFETY: in an empty slice the address is not used; otherwise `start` is an item of the view.
    out.ptr = if n == 0 { w.ptr } else { unsafe { w.ptr.offset(start as isize * w.strides[0]) } };
    out.shape[0] = n;
    out.strides[0] = w.strides[0].wrapping_mul(step as isize);
    out.len = out.shape.iter().product::<usize>() * w.itemsize;
    out
}
fn bad_key(th: &mut Thread) -> txpy_heap::Unwind { th.type_error("memoryview: invalid slice key") }

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let key = a.get(1);
    let w = memoryview::view(th, this(a))?;
    if w.shape.is_empty() {
        if key == Value::ELLIPSIS {
            return Ok(a.get(0));
        }
        if tuple::items(key).is_some_and(|t| t.is_empty()) {
            return item(th, &w, 0);
        }
        return Err(th.type_error("invalid indexing of 0-dim memory"));
    }
    if key.is_int() || key.is::<slice::Slice>() || int::index_opt(th, key)?.is_some() {
        return match sequence::key(th, "memoryview", key)? {
            Key::Index(i) => {
                let at = place(th, &w, 0, i)?;
                if w.shape.len() > 1 {
                    return Err(th.raise(&NOT_IMPLEMENTED_ERROR, "multi-dimensional sub-views are not implemented"));
                }
                item(th, &w, at)
            }
            Key::Slice(start, stop, step) => {
                let part = sliced(&w, start, stop, step);
                memoryview::derived(th, this(a), part)
            }
        };
    }
    match tuple_offset(th, &w, key)? {
        Some(at) => item(th, &w, at),
        None => Err(bad_key(th)),
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let (key, v) = (a.get(1), a.get(2));
    let w = memoryview::view(th, this(a))?;
    if w.readonly {
        return Err(th.type_error("cannot modify read-only memory"));
    }
    if v.is_unset() {
        return Err(th.type_error("cannot delete memory"));
    }
    if key.is::<slice::Slice>() && !w.shape.is_empty() {
        let Key::Slice(start, stop, step) = sequence::key(th, "memoryview", key)? else { return Err(bad_key(th)) };
        let part = sliced(&w, start, stop, step);
        let from = buffer::acquire(th, v, false)?;
        let same = from.shape == part.shape && from.itemsize == part.itemsize && code(&from.format) == code(&part.format);
        let copy = buffer::copy_out(th, &from);
        from.release(th)?;
        let copy = copy?;
        if !same {
            return Err(th.value_error(if th.py3() { "memoryview assignment: lvalue and rvalue have different structures" } else { "cannot modify size of memoryview object" }));
        }
        part.hold(th)?;
        let b = text::bytes_of(copy).unwrap_or(&[]);
        let mut done = 0;
        buffer::for_each_offset(&part.shape, &part.strides, &mut |o| {
            // SAFETY: items of the live export, held for writing since the last safepoint.
            unsafe { std::ptr::copy_nonoverlapping(b.as_ptr().add(done), part.ptr.offset(o), part.itemsize) };
            done += part.itemsize;
        });
        return Ok(Value::NONE);
    }
    let at = if w.shape.is_empty() {
        if key != Value::ELLIPSIS && tuple::items(key).is_none_or(|t| !t.is_empty()) {
            return Err(th.type_error("invalid indexing of 0-dim memory"));
        }
        0
    } else if let Some(i) = int::index_opt(th, key)? {
        let Key::Index(i) = sequence::key(th, "memoryview", i)? else { return Err(bad_key(th)) };
        if w.shape.len() > 1 {
            return Err(th.raise(&NOT_IMPLEMENTED_ERROR, "sub-views are not implemented"));
        }
        place(th, &w, 0, i)?
    } else {
        match tuple_offset(th, &w, key)? {
            Some(at) => at,
            None => return Err(bad_key(th)),
        }
    };
    let (b, n) = pack(th, &w.format, v)?;
    // Packing may have run Python code: the view must still be there.
    memoryview::view(th, this(a))?;
    let place = w.ptr.wrapping_offset(at);
    w.hold_at(th, place, n)?;
    // SAFETY: an item of the live export, held for writing since the last safepoint.
    unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), place, n) };
    Ok(Value::NONE)
}

fn tolist(th: &mut Thread, a: Args) -> R<Value> {
    let w = memoryview::view(th, this(a))?;
    nested(th, &w, 0, 0)
}
fn nested(th: &mut Thread, w: &BufferView, dim: usize, at: isize) -> R<Value> {
    let Some(n) = w.shape.get(dim) else { return item_as(th, w, at, true) };
    let out = list::with_capacity(th, *n)?;
    for i in 0..*n {
        let x = nested(th, w, dim + 1, at + i as isize * w.strides[dim])?;
        list::append(th, out, x)?;
        th.poll()?;
    }
    Ok(out.value())
}
fn toreadonly(th: &mut Thread, a: Args) -> R<Value> {
    let mut w = memoryview::view(th, this(a))?;
    w.readonly = true;
    memoryview::derived(th, this(a), w)
}
fn cast(th: &mut Thread, a: Args) -> R<Value> {
    let mut w = memoryview::view(th, this(a))?;
    let Some(format) = text::str_of(a.get(1)).filter(|_| text::is_text(a.get(1))).map(str::to_string) else {
        return Err(th.type_error("format argument must be a string"));
    };
    if !w.is_contiguous() {
        return Err(th.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let Some(c) = code(&format) else {
        return Err(th.value_error("memoryview: destination format must be a native single character format prefixed with an optional '@'"));
    };
    let Some(old) = code(&w.format) else {
        return Err(th.value_error("memoryview: source format must be a native single character format prefixed with an optional '@'"));
    };
    let size = size_of_code(c);
    if !matches!(old, b'b' | b'B' | b'c') && !matches!(c, b'b' | b'B' | b'c') && a.opt(2).is_none() {
        return Err(th.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    if w.len % size != 0 {
        return Err(th.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let mut shape = vec![w.len / size];
    if let Some(s) = a.some(2) {
        let items = if let Some(l) = s.cast::<list::List>() { list::snapshot(th, l)?.frozen().items().to_vec() } else { tuple::items(s).map(<[Value]>::to_vec).unwrap_or_default() };
        if !s.is::<list::List>() && tuple::items(s).is_none() {
            return Err(th.type_error("shape must be a list or a tuple"));
        }
        if items.len() > 1 && w.shape.len() > 1 {
            return Err(th.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
        }
        if items.len() > 64 {
            return Err(th.value_error("memoryview: number of dimensions must not exceed 64"));
        }
        shape.clear();
        let mut total = size;
        for v in items {
            let Some(n) = v.as_int() else { return Err(th.type_error("memoryview.cast(): elements of shape must be integers")) };
            if n <= 0 {
                return Err(th.value_error("memoryview.cast(): elements of shape must be integers > 0"));
            }
            shape.push(n as usize);
            total = total.saturating_mul(n as usize);
        }
        if total != w.len {
            return Err(th.type_error("memoryview: product(shape) * itemsize != buffer size"));
        }
    }
    let mut strides = vec![0; shape.len()];
    let mut step = size as isize;
    for (s, n) in strides.iter_mut().zip(&shape).rev() {
        *s = step;
        step *= *n as isize;
    }
    (w.format, w.itemsize, w.shape, w.strides) = (Cow::Owned(format), size, shape, strides);
    memoryview::derived(th, this(a), w)
}

fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let y = a.get(1);
    if a.get(0) == y {
        return Ok(Value::from_bool(op == Cmp::Eq));
    }
    let released = this(a).read(th)?.owner.is_unset();
    if released || !buffer::is_bytes_like(th, y) {
        return if released { Ok(Value::from_bool(op == Cmp::Ne)) } else { Ok(Value::NOT_IMPLEMENTED) };
    }
    let x = memoryview::view(th, this(a))?;
    let other = buffer::acquire(th, y, false)?;
    let r = equal(th, &x, &other);
    other.release(th)?;
    Ok(Value::from_bool(r? == (op == Cmp::Eq)))
}
fn equal(th: &mut Thread, x: &BufferView, y: &BufferView) -> R<bool> {
    if x.shape != y.shape {
        return Ok(false);
    }
    let (Some(c), Some(d)) = (code(&x.format), code(&y.format)) else { return Ok(x.format == y.format && buffer_bytes_equal(th, x, y)?) };
    if c == d && !matches!(c, b'f' | b'd' | b'e') {
        return buffer_bytes_equal(th, x, y);
    }
    let (mut at, mut to) = (Vec::new(), Vec::new());
    buffer::for_each_offset(&x.shape, &x.strides, &mut |o| at.push(o));
    buffer::for_each_offset(&y.shape, &y.strides, &mut |o| to.push(o));
    for (i, j) in at.into_iter().zip(to) {
        let (p, q) = (item(th, x, i)?, item(th, y, j)?);
        let r = crate::object::compare(th, Cmp::Eq, p, q)?;
        if !crate::object::is_true(th, r)? {
            return Ok(false);
        }
        th.poll()?;
    }
    Ok(true)
}
fn buffer_bytes_equal(th: &mut Thread, x: &BufferView, y: &BufferView) -> R<bool> {
    let b = buffer::copy_out(th, x)?;
    y.read(th, |y| text::bytes_of(b) == Some(y))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let known = this(a).read(th)?.hash;
    if known != 0 {
        return int::from_i64(th, known);
    }
    let w = memoryview::view(th, this(a))?;
    if !w.readonly {
        return Err(th.value_error("cannot hash writable memoryview object"));
    }
    if !matches!(code(&w.format), Some(b'b' | b'B' | b'c')) {
        return Err(th.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    crate::object::hash(th, w.owner)?;
    let b = buffer::copy_out(th, &w)?;
    let h = text::hash_of(b).unwrap_or(0) as i64;
    this(a).write(th)?.hash = h;
    int::from_i64(th, h)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let released = this(a).read(th)?.owner.is_unset();
    let at = a.get(0).bits() & !7;
    let what = if released { "released memory" } else { "memory" };
    th.native_str(&format!("<{what} at 0x{at:x}>"))
}
