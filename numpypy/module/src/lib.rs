//! What scripts see of numpy: ndarray, dtype, ufunc, array scalars, functions.
//!
//! The rules of NumPy stand in the core crate; this one maps Python objects to its operands and runs its states while
//! the buffers are held (`access`). Parts that need no speed are Python: `../python`.

mod access;
mod api;
mod array;
mod attrs;
mod compat;
mod convert;
mod dtype;
mod error;
mod errstate;
mod export;
mod flatiter;
mod flexible;
mod functions;
mod indexing;
mod kinds;
mod lib_package;
mod methods;
mod operators;
mod products;
mod scalar;
mod strided;
mod text;
mod ufunc;

use api::*;
use std::path::Path;
use txpy_compiler::library::Library;
use txpy_heap::Object;
use txpy_vm::types::module::Module;
use txpy_vm::types::type_;

pub static MODULE: ModuleDef = ModuleDef {
    name: "numpy", doc: "N-dimensional arrays.", functions: functions::FUNCTIONS,
    types: &[
        &array::NDARRAY, &dtype::DTYPE, &ufunc::UFUNC, &error::AXIS_ERROR,
    ],
    init: Some(init), ..ModuleDef::DEFAULT
};

/// The native modules of this crate.
static MODULES: &[&ModuleDef] = &[&MODULE, &compat::CORE, &compat::MULTIARRAY, &compat::NUMERIC, &compat::CORE2, &compat::MULTIARRAY2, &compat::NUMERIC2, &compat::TESTING];

static PYTHON2: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/numpy2.bin")));
static PYTHON3: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/numpy3.bin")));

/// Makes the package known to imports, in the language that was chosen.
pub fn register() {
    txpy_vm::import::register(MODULES);
    lib_package::register();
    txpy_vm::library::register("numpy", if txpy_vm::dialect::py3() { PYTHON3 } else { PYTHON2 });
}

/// The module itself: state of the package stands in its dictionary.
fn module_object(th: &mut Thread) -> R<Gc<Module>> {
    let m = txpy_vm::import::import_name(th, "numpy")?;
    match m.cast::<Module>() {
        Some(m) => Ok(m),
        None => Err(th.runtime_error("sys.modules['numpy'] is not the module")),
    }
}

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[array::NdArray::INFO, dtype::DTypeObject::INFO, scalar::NpScalar::INFO, ufunc::UfuncObject::INFO, indexing::ArrayIter::INFO, flatiter::FlatIter::INFO]);
    type_::make_native(th, &indexing::ARRAY_ITER)?;
    txpy_vm::object::iter::register_step(kinds::ARRAY_ITER, indexing::step);
    module::add_type(th, m, &flatiter::FLATITER)?;
    txpy_vm::object::iter::register_step(kinds::FLATITER, flatiter::step);
    dtype::init();
    export::init();
    for t in scalar::ABSTRACT_CLASSES.iter().copied().chain(scalar::CLASSES.iter().map(|(_, t)| *t)).chain([&flexible::BYTES_TYPE, &flexible::STR_TYPE]) {
        module::add_type(th, m, t)?;
    }
    scalar::init(th, m)?;
    // A package, so that its submodules can be imported.
    let path = list::with_capacity(th, 0)?;
    module::set(th, m, "__path__", path.value())?;
    module::add_functions(th, m, text::FUNCTIONS)?;
    module::add_functions(th, m, errstate::FUNCTIONS)?;
    for info in txpy_numpy_core::ufunc::UFUNCS {
        let f = ufunc::object(th, info.id)?;
        module::set(th, m, info.name, f)?;
    }
    if th.py3() {
        let f = ufunc::object(th, txpy_numpy_core::Ufunc::TrueDivide)?;
        module::set(th, m, "divide", f)?;
    }
    let numbers = [("NINF", f64::NEG_INFINITY), ("NZERO", -0.0), ("PZERO", 0.0), ("pi", std::f64::consts::PI), ("e", std::f64::consts::E), ("inf", f64::INFINITY), ("nan", f64::NAN), ("euler_gamma", 0.577_215_664_901_532_9)];
    for (name, x) in numbers {
        let v = float::new(th, x)?;
        module::set(th, m, name, v)?;
    }
    module::set(th, m, "newaxis", Value::NONE)?;
    let aliases = [
        ("int_", "int64"), ("intp", "int64"), ("uintp", "uint64"), ("uint", "uint64"), ("longlong", "int64"), ("ulonglong", "uint64"), ("byte", "int8"), ("ubyte", "uint8"), ("short", "int16"),
        ("ushort", "uint16"), ("intc", "int32"), ("uintc", "uint32"), ("half", "float16"), ("single", "float32"), ("longdouble", "float64"), ("longfloat", "float64"), ("csingle", "complex64"),
        ("singlecomplex", "complex64"), ("cfloat", "complex128"), ("clongdouble", "complex128"), ("clongfloat", "complex128"),
        ("string_", "bytes_"), ("bytes_", "string_"), ("unicode_", "str_"), ("str_", if th.py3() { "unicode_" } else { "string_" }), ("float_", "float64"), ("double", "float64"), ("complex_", "complex128"), ("cdouble", "complex128"), ("bool8", "bool_"),
        ("abs", "absolute"), ("mod", "remainder"), ("conj", "conjugate"), ("radians", "deg2rad"), ("degrees", "rad2deg"), ("bitwise_not", "invert"), ("Inf", "inf"), ("NaN", "nan"),
        ("infty", "inf"), ("PINF", "inf"),
    ];
    for (name, of) in aliases {
        if dict::get_str(th, m.frozen().dict, name)?.is_some() {
            continue;
        }
        if let Some(v) = dict::get_str(th, m.frozen().dict, of)? {
            module::set(th, m, name, v)?;
        }
    }
    // Python scalars under their old names, as in NumPy 1.x.
    for (name, v) in [("int", int::INT.value()), ("float", float::FLOAT.value()), ("complex", complex::COMPLEX.value()), ("bool", int::BOOL.value())] {
        module::set(th, m, name, v)?;
    }
    let version = th.native_str("1.16.6")?;
    module::set(th, m, "__version__", version)?;
    run_python(th, m, "basics.py")?;
    // Its modules import this one, which is all there now.
    dict::set_str(th, txpy_vm::import::modules(), "numpy", m.value())?;
    let lib = txpy_vm::import::import_name(th, "numpy.lib")?;
    module::set(th, m, "lib", lib)?;
    compat::copied(th, m, "numpy.lib.index_tricks", lib_package::FROM_INDEX_TRICKS)
}

/// Runs a part of the package that is written in Python in a module's namespace.
fn run_python(th: &mut Thread, m: Gc<Module>, file: &str) -> R<()> {
    let builtins = txpy_vm::import::import_name(th, if th.py3() { "builtins" } else { "__builtin__" })?;
    module::set(th, m, "__builtins__", builtins)?;
    let code = txpy_vm::import::file_code(th, &Path::new("<txpy>/numpy").join(file))?;
    txpy_vm::interp::enter::run_in(th, code, m.frozen().dict)
}
