//! Scalars and elements of text and bytes dtypes: `bytes_` (`string_`), `str_` (`unicode_`).

use crate::api::*;
use crate::array::View;
use crate::{dtype, scalar};
use std::sync::atomic::AtomicU64;
use txpy_heap::Late;
use txpy_numpy_core::dtype::text as core_text;
use txpy_numpy_core::{DType, Num};
use txpy_vm::object::compare::Cmp;

pub static BYTES_TYPE: TypeDef = TypeDef {
    name: "bytes_", name2: "string_", module: "numpy", kind: txpy_vm::kinds::BYTES, base: Some(&text::BYTES), flags: type_flag::BASE,
    methods: &[METHODS], getset: GETSET, doc: "Bytes, without zeros at the end.", ..TypeDef::DEFAULT
};
pub static STR_TYPE: TypeDef = TypeDef {
    name: "str_", name2: "unicode_", module: "numpy", kind: txpy_vm::kinds::STR, base: Some(&text::STR), flags: type_flag::BASE,
    methods: &[METHODS], getset: GETSET, doc: "Text, without zeros at the end.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "item(self, *args)" = |th, a| plain(th, a.get(0)), "The scalar as a Python object.";
    "tolist(self, /)" = |th, a| plain(th, a.get(0)), "The scalar as a Python object.";
    "__array__(self, dtype=None, /)" = |th, a| { let v = crate::convert::to_view(th, a.get(0), None)?; crate::convert::array_of(th, &v) }, "The scalar as a 0-d array.";
};
static GETSET: &[GetSetDef] = getset! {
    "dtype" = |th, v| { let d = dtype_of(v); Ok(dtype::object(th, d)?.value()) }, "The scalar's dtype.";
    "shape" = |th, _| th.new_tuple(&[]), "Lengths of axes: ().";
    "ndim" = |_, _| Ok(Value::int(0)), "Number of axes: 0.";
    "size" = |_, _| Ok(Value::int(1)), "Number of elements: 1.";
    "itemsize" = |_, v| Ok(Value::int(i64::from(dtype_of(v).size))), "Bytes of the scalar.";
    "nbytes" = |_, v| Ok(Value::int(i64::from(dtype_of(v).size))), "Bytes of the scalar.";
    "T" = |_, v| Ok(v), "The scalar itself.";
};

pub fn dtype_of_class(class: Value) -> Option<DType> {
    if class == BYTES_TYPE.value() || class == text::BYTES.value() {
        return Some(DType::sized(Num::Bytes, 0));
    }
    (class == STR_TYPE.value() || class == text::STR.value()).then(|| DType::sized(Num::Str, 0))
}
pub fn class(d: DType) -> &'static TypeDef {
    if d.kind() == 'U' { &STR_TYPE } else { &BYTES_TYPE }
}

/// The dtype that holds a text or byte string.
pub fn dtype_of(v: Value) -> DType {
    // Lengths are far below the limit of a dtype's size, or making the array fails by its size.
    let n = u32::try_from(text::len_of(v)).unwrap_or(u32::MAX / 8);
    if text::is_text(v) { DType::sized(Num::Str, n.saturating_mul(4)) } else { DType::sized(Num::Bytes, n) }
}
/// The letters of a text or byte string.
pub fn letters(v: Value) -> Vec<u32> {
    let b = text::bytes_of(v).unwrap_or(&[]);
    if text::is_text(v) { text::code_points(b).collect() } else { b.iter().map(|c| u32::from(*c)).collect() }
}

/// The letters of an element.
fn element_letters(th: &mut Thread, v: &View, offset: isize) -> R<Vec<u32>> {
    let g = v.buffer.read(th)?;
    let at = offset as usize;
    let b = &g.as_slice()[at..at + v.dtype.itemsize()];
    // SAFETY: the slice is the element.
    Ok(unsafe { core_text::letters(b.as_ptr(), v.dtype) })
}
fn utf8(letters: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letters.len());
    letters.iter().for_each(|c| text::push_code_point(&mut out, (*c).min(0x10ffff)));
    out
}

/// The element at an offset: an array scalar, or the Python object.
pub fn element(th: &mut Thread, v: &View, offset: isize, python: bool) -> R<Value> {
    let letters = element_letters(th, v, offset)?;
    make(th, &letters, v.dtype.kind() == 'U', python)
}
/// A text or bytes of these letters: an array scalar, or the Python object.
pub fn make(th: &mut Thread, letters: &[u32], is_text: bool, python: bool) -> R<Value> {
    if is_text {
        let s = utf8(letters);
        if python {
            return text::new_str(th, &s);
        }
        let init = text::Str { header: Header::NEW, len: s.len(), hash: AtomicU64::new(0), chars: letters.len(), index: Late::new(Value::UNSET) };
        return Ok(instance::alloc_tail_like(th, STR_TYPE.ty(), init, &s)?.value());
    }
    let b: Vec<u8> = letters.iter().map(|c| *c as u8).collect();
    if python {
        return th.new_bytes(&b);
    }
    let init = text::Bytes { header: Header::NEW, len: b.len(), hash: AtomicU64::new(0), chars: b.len(), index: Late::new(Value::UNSET) };
    Ok(instance::alloc_tail_like(th, BYTES_TYPE.ty(), init, &b)?.value())
}
fn plain(th: &mut Thread, v: Value) -> R<Value> {
    make(th, &letters(v), text::is_text(v), true)
}

/// Letters as the bytes of an element of a text dtype. Errors: UnicodeEncodeError for letters that bytes can't hold.
pub fn encode(th: &mut Thread, letters: &[u32], d: DType) -> R<Vec<u8>> {
    let mut out = Vec::new();
    if out.try_reserve_exact(d.itemsize()).is_err() {
        return Err(th.memory_error());
    }
    let room = core_text::room(d);
    if d.kind() != 'U' {
        if let Some(c) = letters.iter().take(room).position(|c| *c > 127) {
            let s = text::new_str(th, &utf8(letters))?;
            // Python's own encoder has the error with all its fields.
            if letters[c] > 255 || text::is_text(s) {
                let ascii = th.native_str("ascii")?;
                th.call_method(s, "encode", &[ascii])?;
            }
        }
        out.extend(letters.iter().take(room).map(|c| *c as u8));
    } else {
        for c in letters.iter().take(room) {
            out.extend(if d.swapped { c.swap_bytes() } else { *c }.to_ne_bytes());
        }
    }
    out.resize(d.itemsize(), 0);
    Ok(out)
}

fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype_of(a.get(0));
    let bytes = encode_bytes(&letters(a.get(0)), d);
    let data = th.new_bytes(&bytes)?;
    scalar::pickled(th, d, data)
}
/// The same without the check of bytes' letters: they come from bytes.
fn encode_bytes(letters: &[u32], d: DType) -> Vec<u8> {
    if d.kind() == 'U' { letters.iter().flat_map(|c| c.to_ne_bytes()).collect() } else { letters.iter().map(|c| *c as u8).collect() }
}

/// Comparison of arrays of text, element by element; `None` if an operand is none.
pub fn compare(th: &mut Thread, op: Cmp, x: Value, y: Value) -> R<Option<Value>> {
    let (a, b) = (crate::convert::to_view(th, x, None)?, crate::convert::to_view(th, y, None)?);
    let kinds = [a.dtype.kind(), b.dtype.kind()];
    if !kinds.iter().all(|k| matches!(k, 'S' | 'U')) {
        return Ok(None);
    }
    use crate::error::Lift;
    let shape = txpy_numpy_core::layout::broadcast_shape(&[&a.layout.shape, &b.layout.shape]).lift(th)?;
    let (la, lb) = (a.layout.broadcast_to(&shape).lift(th)?, b.layout.broadcast_to(&shape).lift(th)?);
    let out = crate::array::fresh_c(th, &shape, txpy_numpy_core::dtype::BOOL, false)?;
    let n = out.layout.size();
    let mut at = 0;
    let target = crate::access::target(th, &out)?;
    crate::access::run(th, &[a.buffer, b.buffer], &[target], || {
        let end = n.min(at + crate::access::BUDGET / 8);
        while at < end {
            let p = a.buffer.start().wrapping_offset(la.offset_of_flat(at));
            let q = b.buffer.start().wrapping_offset(lb.offset_of_flat(at));
            // SAFETY: the views lie in their buffers, which are held; the result is fresh.
            unsafe {
                let order = core_text::compare(p, a.dtype, q, b.dtype);
                let found = match op {
                    Cmp::Lt => order.is_lt(),
                    Cmp::Le => order.is_le(),
                    Cmp::Eq => order.is_eq(),
                    Cmp::Ne => order.is_ne(),
                    Cmp::Gt => order.is_gt(),
                    Cmp::Ge => order.is_ge(),
                };
                out.buffer.start().add(at).write(u8::from(found));
            }
            at += 1;
        }
        if at < n { txpy_numpy_core::Progress::More } else { txpy_numpy_core::Progress::Done }
    })?;
    crate::ufunc::finish(th, &out, None).map(Some)
}
