//! `ndarray`: the object, views of it for natives, allocation.

use crate::api::*;
use crate::dtype::{self, DTypeObject};
use crate::kinds;
use txpy_heap::{Buffer, Bytes8};
use txpy_numpy_core::{Array, DType, Dims, Layout};

/// Axes whose shape and strides stand in the object itself.
const NEAR: usize = 4;

object! {
    /// An array: a layout over a buffer that views share.
    pub struct NdArray = kinds::NDARRAY {
        pub buffer: Gc<Buffer>,
        /// The array that this one is a view of, or None.
        pub base: Value,
        pub dtype: Gc<DTypeObject>,
        pub offset: isize,
        pub ndim: usize,
        pub readonly: bool,
        /// Shape, then strides.
        near: [isize; 2 * NEAR],
        /// The same for more axes.
        far: Option<Gc<Bytes8>>,
    }
}

pub static NDARRAY: TypeDef = TypeDef {
    name: "ndarray", module: "numpy", kind: kinds::NDARRAY, size: size_of::<NdArray>() as u16,
    flags: type_flag::BASE | type_flag::WEAK,
    methods: &[crate::methods::METHODS, crate::operators::METHODS, crate::indexing::METHODS], getset: crate::attrs::GETSET,
    doc: "An array of elements of one dtype: ndarray(shape, dtype=float64).", ..TypeDef::DEFAULT
};

/// What natives work with: a copy of an array's metadata, taken in one guard.
#[derive(Clone)]
pub struct View {
    /// The array itself, UNSET for memory without an array.
    pub array: Value,
    pub buffer: Gc<Buffer>,
    pub layout: Layout,
    pub dtype: DType,
    pub readonly: bool,
}

impl View {
    /// The operand that the core crate's states take. They run while the buffer is held: see `access`.
    pub fn array(&self) -> Array<'_> {
        self.with(&self.layout)
    }
    /// The same with another layout over the same buffer.
    pub fn with<'a>(&self, layout: &'a Layout) -> Array<'a> {
        Array { base: self.buffer.start(), layout, dtype: self.dtype }
    }
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }
}

impl NdArray {
    fn dims(&self) -> (Dims, Dims) {
        let n = self.ndim;
        match &self.far {
            None => (Dims::from_slice(&self.near[..n]), Dims::from_slice(&self.near[NEAR..NEAR + n])),
            Some(far) => {
                let all: Vec<isize> = far.frozen().bytes().chunks_exact(8).map(|b| isize::from_ne_bytes(b.try_into().expect("eight bytes"))).collect();
                (all[..n].into(), all[n..].into())
            }
        }
    }
    /// Offset of the element that integers inside the shape name, for arrays of few axes; `None` leaves the case to the general way.
    pub fn quick_offset(&self, key: &[Value]) -> Option<isize> {
        if key.len() != self.ndim || self.ndim > NEAR {
            return None;
        }
        let mut at = self.offset;
        for (axis, k) in key.iter().enumerate() {
            let (i, n) = (k.as_int()? as isize, self.near[axis]);
            let i = if i < 0 { i + n } else { i };
            if i < 0 || i >= n {
                return None;
            }
            at += i * self.near[NEAR + axis];
        }
        Some(at)
    }
    pub fn layout(&self) -> Layout {
        let (shape, strides) = self.dims();
        Layout { offset: self.offset, shape, strides, itemsize: self.dtype.frozen().dtype().itemsize() }
    }
}

/// The array's metadata.
pub fn view(th: &mut Thread, a: Gc<NdArray>) -> R<View> {
    let g = a.read(th)?;
    Ok(View { array: a.value(), buffer: g.buffer, layout: g.layout(), dtype: g.dtype.frozen().dtype(), readonly: g.readonly })
}

fn far_of(th: &mut Thread, layout: &Layout) -> R<Option<Gc<Bytes8>>> {
    if layout.ndim() <= NEAR {
        return Ok(None);
    }
    let bytes: Vec<u8> = layout.shape.iter().chain(&layout.strides).flat_map(|n| n.to_ne_bytes()).collect();
    Ok(Some(th.alloc_tail_with(0, Bytes8 { header: Header::NEW, len: bytes.len() }, &bytes)?))
}
fn near_of(layout: &Layout) -> [isize; 2 * NEAR] {
    let mut near = [0; 2 * NEAR];
    if layout.ndim() <= NEAR {
        near[..layout.ndim()].copy_from_slice(&layout.shape);
        near[NEAR..NEAR + layout.ndim()].copy_from_slice(&layout.strides);
    }
    near
}

/// An array over a buffer. The layout must lie inside it.
pub fn wrap(th: &mut Thread, class: Value, buffer: Gc<Buffer>, layout: &Layout, dtype: DType, base: Value, readonly: bool) -> R<Value> {
    debug_assert!(layout.fits(buffer.bytes()));
    let far = far_of(th, layout)?;
    let dtype = dtype::object(th, dtype)?;
    let init = NdArray { header: Header::NEW, buffer, base, dtype, offset: layout.offset, ndim: layout.ndim(), readonly, near: near_of(layout), far };
    Ok(instance::alloc_like(th, class, |_| init)?.value())
}

/// A view with another layout over the same memory.
pub fn view_of(th: &mut Thread, v: &View, layout: &Layout) -> R<Value> {
    let base = owner(th, v.array)?;
    wrap(th, class_of(v.array).value(), v.buffer, layout, v.dtype, base, v.readonly)
}

/// What a view of `array` names as its base: the array that owns the memory.
pub fn owner(th: &mut Thread, array: Value) -> R<Value> {
    let Some(a) = array.cast::<NdArray>() else { return Ok(Value::NONE) };
    let base = a.read(th)?.base;
    Ok(if base.is::<NdArray>() { base } else { array })
}

/// Changes shape and strides in place.
pub fn set_layout(th: &mut Thread, a: Gc<NdArray>, layout: &Layout) -> R<()> {
    let far = far_of(th, layout)?;
    let mut g = a.write(th)?;
    g.ndim = layout.ndim();
    g.near = near_of(layout);
    g.far = far;
    Ok(())
}

/// Fresh memory of a layout that starts at offset 0 and is dense.
pub fn fresh(th: &mut Thread, layout: Layout, dtype: DType, zeroed: bool) -> R<View> {
    let bytes = layout.size().checked_mul(dtype.itemsize()).ok_or_else(|| th.memory_error())?;
    let buffer = th.alloc_buffer(bytes.max(1), zeroed)?;
    Ok(View { array: Value::UNSET, buffer, layout, dtype, readonly: false })
}

/// Fresh C-contiguous memory. Errors: ValueError for impossible shapes, MemoryError.
pub fn fresh_c(th: &mut Thread, shape: &[isize], dtype: DType, zeroed: bool) -> R<View> {
    let layout = Layout::contiguous(shape, dtype.itemsize(), false).map_err(|e| crate::error::raise(th, e))?;
    fresh(th, layout, dtype, zeroed)
}

/// Fresh memory with these bytes at its beginning.
pub fn from_bytes(th: &mut Thread, layout: Layout, dtype: DType, bytes: &[u8]) -> R<View> {
    let v = fresh(th, layout, dtype, false)?;
    v.buffer.write(th)?.as_mut_slice()[..bytes.len()].copy_from_slice(bytes);
    Ok(v)
}

/// The array object of fresh memory.
pub fn object_of(th: &mut Thread, v: &View) -> R<Value> {
    wrap(th, NDARRAY.value(), v.buffer, &v.layout, v.dtype, Value::NONE, false)
}

/// The array of a checked `self`.
pub fn this_view(th: &mut Thread, v: Value) -> R<View> {
    view(th, v.cast().expect("checked by the call"))
}
