//! Attributes of arrays.

use crate::api::*;
use crate::array::{self, NdArray, View, set_layout, this_view};
use crate::error::Lift;
use crate::ufunc::{Options, apply};
use crate::{convert, dtype};
use txpy_numpy_core::{Layout, Ufunc};

pub static GETSET: &[GetSetDef] = getset! {
    "shape" = |th, v| { let l = this_view(th, v)?.layout; convert::int_tuple(th, &l.shape) }, mut set_shape, "Lengths of axes.";
    "strides" = |th, v| { let l = this_view(th, v)?.layout; convert::int_tuple(th, &l.strides) }, "Bytes from element to element along axes.";
    "ndim" = |th, v| Ok(Value::int(this_view(th, v)?.ndim() as i64)), "Number of axes.";
    "size" = |th, v| Ok(Value::int(this_view(th, v)?.layout.size() as i64)), "Number of elements.";
    "itemsize" = |th, v| Ok(Value::int(i64::from(this_view(th, v)?.dtype.size))), "Bytes an element.";
    "nbytes" = |th, v| Ok(Value::int(this_view(th, v)?.layout.nbytes() as i64)), "Bytes of all elements.";
    "dtype" = |th, v| { let d = this_view(th, v)?.dtype; Ok(dtype::object(th, d)?.value()) }, "How elements are encoded.";
    "base" = |th, v| Ok(this(v).read(th)?.base), "The array that this is a view of.";
    "T" = |th, v| { let v = this_view(th, v)?; let l = v.layout.transpose(None).lift(th)?; array::view_of(th, &v, &l) }, "The array with axes reversed.";
    "real" = |th, v| part(th, v, true), mut |th, v, x| set_part(th, v, x, true), "Real parts.";
    "imag" = |th, v| part(th, v, false), mut |th, v, x| set_part(th, v, x, false), "Imaginary parts.";
    "flat" = crate::flatiter::new, mut crate::flatiter::set_all, "Elements one after the other.";
    "data" = crate::export::data, "The memory of the elements.";
    "flags" = flags, "Facts about the memory layout.";
};

fn this(v: Value) -> Gc<NdArray> {
    v.cast().expect("checked by the call")
}

fn set_shape(th: &mut Thread, v: Value, shape: Value) -> R<()> {
    if shape.is_unset() {
        return Err(th.attribute_error("Cannot delete array shape"));
    }
    let request = convert::shape_arg(th, shape)?;
    let view = this_view(th, v)?;
    let shape = view.layout.resolve_shape(&request).lift(th)?;
    match view.layout.reshape_view(&shape, false) {
        Some(l) => set_layout(th, this(v), &l),
        None => Err(th.attribute_error("incompatible shape for a non-contiguous array")),
    }
}

/// Real or imaginary parts as a view; imaginary parts of real arrays are zeros that can't be written.
fn part(th: &mut Thread, v: Value, real: bool) -> R<Value> {
    let view = this_view(th, v)?;
    if view.dtype.kind() == 'c' {
        let part = txpy_numpy_core::DType { swapped: view.dtype.swapped, ..crate::scalar::part(view.dtype) };
        let l = Layout { offset: view.layout.offset + if real { 0 } else { part.size as isize }, itemsize: part.itemsize(), ..view.layout.clone() };
        let class = class_of(v).value();
        let base = array::owner(th, v)?;
        return array::wrap(th, class, view.buffer, &l, part, base, view.readonly);
    }
    if real {
        return Ok(v);
    }
    let zeros = array::fresh_c(th, &view.layout.shape, view.dtype, true)?;
    array::wrap(th, array::NDARRAY.value(), zeros.buffer, &zeros.layout, zeros.dtype, Value::NONE, true)
}
fn set_part(th: &mut Thread, v: Value, x: Value, real: bool) -> R<()> {
    if x.is_unset() {
        return Err(th.attribute_error("Cannot delete array parts"));
    }
    if !real && this_view(th, v)?.dtype.kind() != 'c' {
        return Err(th.type_error("array does not have imaginary part to set"));
    }
    let p = part(th, v, real)?;
    let to = this_view(th, p)?;
    crate::indexing::set(th, &to, Value::ELLIPSIS, x)
}

fn flags(th: &mut Thread, v: Value) -> R<Value> {
    let view = this_view(th, v)?;
    let own = this(v).read(th)?.base.is_none();
    let d = dict::new(th)?;
    let facts = [
        ("C_CONTIGUOUS", view.layout.is_c_contiguous()),
        ("F_CONTIGUOUS", view.layout.is_f_contiguous()),
        ("OWNDATA", own),
        ("WRITEABLE", !view.readonly),
        ("ALIGNED", true),
        ("WRITEBACKIFCOPY", false),
        ("UPDATEIFCOPY", false),
    ];
    for (name, fact) in facts {
        dict::set_str(th, d, name, Value::from_bool(fact))?;
    }
    let m = crate::module_object(th)?;
    let f = txpy_vm::object::attr::get_str(th, m.value(), "_flagsobj")?;
    th.call(f, &[d.value(), v])
}

/// The `writeable` flag: set by `flags.writeable = ...` and `setflags`.
pub fn set_writeable(th: &mut Thread, v: Value, on: bool) -> R<()> {
    let base = this(v).read(th)?.base;
    if on {
        if let Some(b) = base.cast::<NdArray>() {
            if b.read(th)?.readonly {
                return Err(th.value_error("cannot set WRITEABLE flag to True of this array"));
            }
        }
    }
    this(v).write(th)?.readonly = !on;
    Ok(())
}

/// Absolute differences and the like need both operands as arrays.
pub fn conjugate(th: &mut Thread, v: &View, this: Value) -> R<Value> {
    if v.dtype.kind() == 'c' { apply(th, Ufunc::Conjugate, &[this], Options::default()) } else { Ok(this) }
}
