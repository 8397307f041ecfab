//! Arrays over given memory with given strides: the constructor of `ndarray`, `numpy.lib.stride_tricks.as_strided`.
//!
//! NumPy believes what `as_strided` is told; here the elements must lie in the memory of the array that is given.

use crate::api::*;
use crate::array::{self, NDARRAY, NdArray, View};
use crate::error::Lift;
use crate::{convert, dtype, methods};
use txpy_heap::Buffer;
use txpy_numpy_core::layout::Order;
use txpy_numpy_core::{Dims, Layout};
use txpy_vm::native::buffer;

pub static FUNCTIONS: &[NativeDef] = natives! {
    "as_strided(x, shape=None, strides=None, subok=False, writeable=True)" = as_strided, "A view of an array with a shape and strides that need not fit each other.";
};

/// What an array is to stand in: its first byte's offset, and the bytes.
struct Memory {
    buffer: Gc<Buffer>,
    from: usize,
    bytes: usize,
    readonly: bool,
}
/// The memory that an object lends. Errors: TypeError; ValueError when it is not in one piece; NotImplementedError when arrays can't lie in it.
fn memory(th: &mut Thread, v: Value) -> R<Memory> {
    if let Some(a) = v.cast::<NdArray>() {
        let a = array::view(th, a)?;
        if !a.layout.is_c_contiguous() && !a.layout.is_f_contiguous() {
            return Err(if th.py3() { th.value_error("ndarray is not contiguous") } else { th.type_error("expected a single-segment buffer object") });
        }
        let (low, high) = a.layout.extent();
        return Ok(Memory { buffer: a.buffer, from: low as usize, bytes: (high - low) as usize, readonly: a.readonly });
    }
    if !th.py3() && !buffer::is_bytes_like(th, v) {
        return Err(th.type_error("expected a readable buffer object"));
    }
    let lent = buffer::acquire(th, v, false)?;
    let (readonly, contiguous, bytes) = (lent.readonly, lent.is_contiguous(), lent.len);
    let near = lent.guard.cast::<Buffer>().map(|b| (b, (lent.ptr as usize).wrapping_sub(b.start() as usize)));
    let copy = if readonly && near.is_none() { Some(buffer::copy_out(th, &lent)) } else { None };
    lent.release(th)?;
    if !contiguous {
        return Err(th.value_error("memoryview: underlying buffer is not contiguous"));
    }
    match (near, copy) {
        (Some((b, from)), _) => Ok(Memory { buffer: b, from, bytes, readonly }),
        // What nobody can change may as well be a copy.
        (None, Some(copy)) => {
            let copy = copy?;
            let b = th.alloc_buffer(bytes.max(1), false)?;
            b.write(th)?.as_mut_slice()[..bytes].copy_from_slice(text::bytes_of(copy).unwrap_or(&[]));
            Ok(Memory { buffer: b, from: 0, bytes, readonly: true })
        }
        (None, None) => {
            let class = class_name(v);
            Err(th.not_implemented(&format!("ndarray() over the memory of a '{class}'")))
        }
    }
}

/// `ndarray(shape, dtype, buffer, offset, strides, order)`.
pub fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = new_class(th, &NDARRAY, a.get(0))?.value();
    let mut shape = convert::shape_arg(th, a.get(1))?;
    let d = dtype::arg(th, a.or(2, Value::NONE))?;
    let mem = match a.some(3) {
        Some(b) => Some(memory(th, b)?),
        None => None,
    };
    let offset = match a.some(4) {
        Some(n) => int::arg_i64(th, n)?,
        None => 0,
    };
    let strides = match a.some(5) {
        Some(s) => Some(convert::shape_arg(th, s)?),
        None => None,
    };
    let fortran = methods::order(th, a.or(6, Value::NONE), Order::C)? == Order::F;
    let incompatible = "strides is incompatible with shape of requested array and size of buffer";
    if strides.as_ref().is_some_and(|s| s.len() != shape.len()) {
        return Err(th.value_error("strides, if given, must be the same length as shape"));
    }
    let Some(mem) = mem else {
        let mut layout = Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
        if let Some(s) = strides {
            let bytes = layout.nbytes();
            layout.strides = s;
            if !layout.fits(bytes) {
                return Err(th.value_error(incompatible));
            }
        }
        let v = array::fresh(th, layout, d, true)?;
        return array::wrap(th, class, v.buffer, &v.layout, d, Value::NONE, false);
    };
    let too_small = "buffer is too small for requested array";
    let Some(rest) = usize::try_from(offset).ok().and_then(|o| mem.bytes.checked_sub(o)) else {
        return Err(th.type_error(too_small));
    };
    if shape[..] == [-1] && d.itemsize() > 0 {
        shape[0] = (rest / d.itemsize()) as isize;
    }
    let mut layout = Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
    if strides.is_none() && layout.nbytes() > rest {
        return Err(th.type_error(too_small));
    }
    if let Some(s) = strides {
        layout.strides = s;
    }
    // Counted from the memory's first byte, then from the buffer's.
    layout.offset = offset as isize;
    if !layout.fits(mem.bytes) {
        return Err(th.value_error(incompatible));
    }
    layout.offset += mem.from as isize;
    array::wrap(th, class, mem.buffer, &layout, d, a.get(3), mem.readonly)
}

fn as_strided(th: &mut Thread, a: Args) -> R<Value> {
    let x = if a.get(0).is::<NdArray>() {
        a.get(0)
    } else {
        let own = convert::to_view(th, a.get(0), None)?;
        convert::array_of(th, &own)?
    };
    let v: View = array::this_view(th, x)?;
    let dims = |th: &mut Thread, i: usize, own: &Dims| match a.some(i) {
        Some(d) => convert::shape_arg(th, d),
        None => Ok(own.clone()),
    };
    let shape = dims(th, 1, &v.layout.shape)?;
    let strides = dims(th, 2, &v.layout.strides)?;
    if shape.len() != strides.len() {
        return Err(th.value_error("mismatch in length of strides and shape"));
    }
    if shape.iter().any(|n| *n < 0) {
        return Err(th.value_error("negative dimensions are not allowed"));
    }
    let layout = Layout { shape, strides, ..v.layout };
    if !layout.fits(v.buffer.bytes()) {
        return Err(th.value_error("as_strided: elements would lie outside of the array's memory"));
    }
    let keeps_class = match a.opt(3) {
        Some(s) => txpy_vm::object::is_true(th, s)?,
        None => false,
    };
    let writeable = match a.opt(4) {
        Some(w) => txpy_vm::object::is_true(th, w)?,
        None => true,
    };
    let class = if keeps_class { class_of(x).value() } else { NDARRAY.value() };
    let base = array::owner(th, x)?;
    array::wrap(th, class, v.buffer, &layout, v.dtype, base, v.readonly || !writeable)
}
