//! Modules under the names that pickles of NumPy mention: `numpy.core.multiarray`, `numpy.core.numeric`, and NumPy 2's `numpy._core`.

use crate::api::*;
use crate::{array, convert, dtype, methods, scalar};
use crate::error::Lift;
use txpy_numpy_core::layout::Order;

macro_rules! modules {
    ($($id:ident $name:literal $functions:expr, $init:expr, $doc:literal;)*) => {
        $(pub static $id: ModuleDef = ModuleDef { name: $name, doc: $doc, functions: $functions, init: $init, ..ModuleDef::DEFAULT };)*
    };
}
modules! {
    CORE "numpy.core" &[], Some(core), "What pickles name.";
    MULTIARRAY "numpy.core.multiarray" FUNCTIONS, Some(multiarray), "What pickles of arrays and scalars name.";
    NUMERIC "numpy.core.numeric" NUMERIC_FUNCTIONS, Some(numeric), "What pickles of protocol 5 name.";
    CORE2 "numpy._core" &[], Some(core), "What pickles of NumPy 2 name.";
    MULTIARRAY2 "numpy._core.multiarray" &[], Some(|th, m| copied(th, m, MULTI, &["_reconstruct", "scalar"])), "What pickles of NumPy 2 name.";
    NUMERIC2 "numpy._core.numeric" &[], Some(|th, m| copied(th, m, "numpy.core.numeric", &["_frombuffer"])), "What pickles of NumPy 2 name.";
}
/// `numpy.testing`, which is written in Python.
pub static TESTING: ModuleDef = ModuleDef { name: "numpy.testing", doc: "Assertions about arrays.", init: Some(|th, m| crate::run_python(th, m, "testing.py")), ..ModuleDef::DEFAULT };

const MULTI: &str = "numpy.core.multiarray";

static FUNCTIONS: &[NativeDef] = natives! {
    "_reconstruct(subtype, shape, dtype)" = methods::reconstruct, "An empty array that `__setstate__` fills.";
    "scalar(dtype, obj=None)" = scalar::rebuild, "The array scalar of a dtype with these bytes.";
};
static NUMERIC_FUNCTIONS: &[NativeDef] = natives! {
    "_frombuffer(buf, dtype, shape, order)" = from_buffer, "The array of a buffer's elements.";
};

/// Names of the package that are expected in its submodules, too.
pub fn shared(th: &mut Thread, m: Gc<module::Module>, names: &[&str]) -> R<()> {
    copied(th, m, "numpy", names)
}
pub fn copied(th: &mut Thread, m: Gc<module::Module>, from: &str, names: &[&str]) -> R<()> {
    let from = txpy_vm::import::import_name(th, from)?;
    for name in names {
        if let Some(v) = txpy_vm::object::attr::get_str_opt(th, from, name)? {
            module::set(th, m, name, v)?;
        }
    }
    Ok(())
}
fn core(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    shared(th, m, &["ndarray", "dtype"])
}
fn multiarray(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    shared(th, m, &["ndarray", "dtype", "array", "empty", "zeros", "arange", "concatenate", "dot", "where", "frombuffer", "fromiter", "can_cast", "promote_types", "result_type"])
}
fn numeric(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    shared(th, m, &["ndarray", "dtype", "asarray", "array", "zeros", "ones", "arange", "newaxis"])
}

/// A function that pickles name.
pub fn function(th: &mut Thread, name: &str) -> R<Value> {
    let m = txpy_vm::import::import_name(th, MULTI)?;
    txpy_vm::object::attr::get_str(th, m, name)
}
/// `numpy.core.numeric._frombuffer`.
pub fn frombuffer_function(th: &mut Thread) -> R<Value> {
    let m = txpy_vm::import::import_name(th, "numpy.core.numeric")?;
    txpy_vm::object::attr::get_str(th, m, "_frombuffer")
}

fn from_buffer(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::arg(th, a.get(1))?;
    let shape = convert::shape_arg(th, a.get(2))?;
    let fortran = methods::order(th, a.get(3), Order::C)? == Order::F;
    let layout = txpy_numpy_core::Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
    let data = txpy_vm::native::buffer::snapshot(th, a.get(0))?;
    let bytes = text::bytes_of(data).unwrap_or(&[]);
    if bytes.len() != layout.nbytes() {
        let text = format!("cannot reshape array of size {} into shape {}", bytes.len() / d.itemsize().max(1), txpy_numpy_core::layout::show_shape(&shape));
        return Err(th.value_error(text));
    }
    let v = array::from_bytes(th, layout, d, bytes)?;
    array::object_of(th, &v)
}
