//! Array scalars: `float64`, `int64`, `bool_`, `complex128` and their abstract classes.

use crate::api::*;
use crate::{convert, dtype, flexible, kinds, operators};
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_numpy_core::dtype::{FLOAT64, INT64, Scalar};
use txpy_numpy_core::print::scalar_text;
use txpy_numpy_core::{DType, Num, Ufunc};
use txpy_vm::object::compare::Cmp;
use txpy_vm::types::type_;

object! {
    /// A scalar that is no subclass of a builtin type: the bytes of its element, native, in the low end of a word.
    pub struct NpScalar = kinds::SCALAR, frozen { num: u8, bits: u64 }
}

macro_rules! abstract_classes {
    ($($id:ident $name:literal $base:expr, $doc:literal;)*) => {
        $(pub static $id: TypeDef = TypeDef {
            name: $name, module: "numpy", kind: kinds::SCALAR, size: size_of::<NpScalar>() as u16, base: $base,
            flags: type_flag::BASE | type_flag::ABSTRACT, methods: &[ABSTRACT], doc: $doc, ..TypeDef::DEFAULT
        };)*
        /// Classes above those of scalars.
        pub static ABSTRACT_CLASSES: &[&TypeDef] = &[$(&$id),*];
    };
}
abstract_classes! {
    GENERIC "generic" None, "Base class of array scalars.";
    NUMBER "number" Some(&GENERIC), "Base class of numbers.";
    INTEGER "integer" Some(&NUMBER), "Base class of integers.";
    SIGNED "signedinteger" Some(&INTEGER), "Base class of signed integers.";
    UNSIGNED "unsignedinteger" Some(&INTEGER), "Base class of unsigned integers.";
    INEXACT "inexact" Some(&NUMBER), "Base class of floats and complex numbers.";
    FLOATING "floating" Some(&INEXACT), "Base class of floats.";
    COMPLEXFLOATING "complexfloating" Some(&INEXACT), "Base class of complex numbers.";
    FLEXIBLE "flexible" Some(&GENERIC), "Base class of text and raw memory.";
    CHARACTER "character" Some(&FLEXIBLE), "Base class of text.";
}
macro_rules! classes {
    ($($id:ident $num:ident $name:literal $layout:tt $base:expr, $index:expr, $doc:literal;)*) => {
        $(pub static $id: TypeDef = TypeDef {
            name: $name, module: "numpy", base: Some($base), flags: type_flag::BASE, methods: &[METHODS, operators::METHODS, $index], getset: GETSET,
            doc: $doc, ..layout!($layout)
        };)*
        /// Classes of numbers, with their dtypes.
        pub static CLASSES: &[(Num, &TypeDef)] = &[$((Num::$num, &$id)),*];
    };
}
macro_rules! layout {
    (own) => { TypeDef { kind: kinds::SCALAR, size: size_of::<NpScalar>() as u16, ..TypeDef::DEFAULT } };
    (float) => { TypeDef { kind: txpy_vm::kinds::FLOAT, size: size_of::<float::Float>() as u16, ..TypeDef::DEFAULT } };
    (complex) => { TypeDef { kind: txpy_vm::kinds::COMPLEX, size: size_of::<complex::Complex>() as u16, ..TypeDef::DEFAULT } };
}
classes! {
    BOOL_TYPE Bool "bool_" own &GENERIC, &[], "Truth value.";
    INT8_TYPE Int8 "int8" own &SIGNED, INDEX, "Signed integer of 8 bits.";
    UINT8_TYPE UInt8 "uint8" own &UNSIGNED, INDEX, "Unsigned integer of 8 bits.";
    INT16_TYPE Int16 "int16" own &SIGNED, INDEX, "Signed integer of 16 bits.";
    UINT16_TYPE UInt16 "uint16" own &UNSIGNED, INDEX, "Unsigned integer of 16 bits.";
    INT32_TYPE Int32 "int32" own &SIGNED, INDEX, "Signed integer of 32 bits.";
    UINT32_TYPE UInt32 "uint32" own &UNSIGNED, INDEX, "Unsigned integer of 32 bits.";
    INT64_TYPE Int64 "int64" own &SIGNED, INDEX, "Signed integer of 64 bits.";
    UINT64_TYPE UInt64 "uint64" own &UNSIGNED, INDEX, "Unsigned integer of 64 bits.";
    FLOAT16_TYPE Float16 "float16" own &FLOATING, &[], "Float of 16 bits.";
    FLOAT32_TYPE Float32 "float32" own &FLOATING, &[], "Float of 32 bits.";
    FLOAT64_TYPE Float64 "float64" float &float::FLOAT, &[], "Float of 64 bits, a Python float.";
    COMPLEX64_TYPE Complex64 "complex64" own &COMPLEXFLOATING, &[], "Complex number of two floats of 32 bits.";
    COMPLEX128_TYPE Complex128 "complex128" complex &complex::COMPLEX, &[], "Complex number of two floats of 64 bits.";
}

/// `float64` is a float and a `floating`, `complex128` a complex and a `complexfloating`: natives have one base of layout, the
/// abstract one joins here, when the module is made.
fn add_bases(th: &mut Thread) -> R<()> {
    for (class, abstract_base) in [(&FLOAT64_TYPE, &FLOATING), (&COMPLEX128_TYPE, &COMPLEXFLOATING), (&flexible::BYTES_TYPE, &CHARACTER), (&flexible::STR_TYPE, &CHARACTER)] {
        let t = class.ty();
        let own = t.frozen().mro();
        let theirs = abstract_base.ty().frozen().mro();
        // object stands at the end of both.
        let mro: smallvec::SmallVec<[Value; 8]> = own[..1].iter().chain(&theirs[..theirs.len() - 1]).chain(&own[1..]).copied().collect();
        let bases = [abstract_base.value(), own[1]];
        let (mro, bases) = (th.new_tuple(&mro)?, th.new_tuple(&bases)?);
        type_::set(th, t, |t| &t.mro, mro);
        type_::set(th, t, |t| &t.bases, bases);
    }
    Ok(())
}

/// The dtype whose scalars are of a class, or its base classes.
pub fn dtype_of_class(class: Value) -> Option<DType> {
    CLASSES.iter().find(|(_, t)| t.value() == class).map(|(n, _)| DType::of(*n)).or_else(|| flexible::dtype_of_class(class))
}
/// The class of a dtype's scalars.
pub fn class(d: DType) -> &'static TypeDef {
    match CLASSES.iter().find(|(n, _)| *n == d.num) {
        Some((_, t)) => t,
        None => flexible::class(d),
    }
}

/// Abstract classes have no instances; their Python subclasses neither.
static ABSTRACT: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = |th, a| {
        let name = a.get(0).cast().map_or(String::new(), |t| txpy_vm::types::type_::name_text(t).into_owned());
        Err(th.type_error(format!("cannot create 'numpy.{name}' instances")))
    }, "Create and return a new object.";
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, value=0, /)" = new_, "Create and return a new object.";
    "__repr__(self, /)" = |th, a| shown(th, a), "Return repr(self).";
    "__str__(self, /)" = |th, a| shown(th, a), "Return str(self).";
    "__hash__(self, /)" = |th, a| { let p = python(th, of_self(a).0)?; let h = txpy_vm::object::hash(th, p)?; int::from_i64(th, h) }, "Return hash(self).";
    #[py3] "__bool__(self, /)" = truth, "True if self else False";
    #[py2] "__nonzero__(self, /)" = truth, "True if self else False";
    "__int__(self, /)" = |th, a| { let p = python(th, of_self(a).0)?; th.call(int::INT.value(), &[p]) }, "int(self)";
    "__float__(self, /)" = |th, a| { let x = of_self(a).0.to_complex().0; float::new(th, x) }, "float(self)";
    "__complex__(self, /)" = |th, a| { let (re, im) = of_self(a).0.to_complex(); complex::new(th, re, im) }, "complex(self)";
    "__array__(self, dtype=None, /)" = |th, a| as_array(th, a.get(0)), "The scalar as a 0-d array.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "item(self, *args)" = |th, a| python(th, of_self(a).0), "The scalar as a Python number.";
    "tolist(self, /)" = |th, a| python(th, of_self(a).0), "The scalar as a Python number.";
    "astype(self, dtype, order='K', casting='unsafe', subok=True, copy=True)" = |th, a| astype(th, a), "The scalar in another dtype.";
    "copy(self)" = |_, a| Ok(a.get(0)), "The scalar itself.";
    "conj(self)" = |th, a| conjugate(th, a), "Complex conjugate.";
    "conjugate(self)" = |th, a| conjugate(th, a), "Complex conjugate.";
    "sum(self, *args, **kwargs)" = |th, a| by_array(th, a, "sum"), "As of a 0-d array.";
    "prod(self, *args, **kwargs)" = |th, a| by_array(th, a, "prod"), "As of a 0-d array.";
    "mean(self, *args, **kwargs)" = |th, a| by_array(th, a, "mean"), "As of a 0-d array.";
    "min(self, *args, **kwargs)" = |th, a| by_array(th, a, "min"), "As of a 0-d array.";
    "max(self, *args, **kwargs)" = |th, a| by_array(th, a, "max"), "As of a 0-d array.";
    "any(self, *args, **kwargs)" = |th, a| by_array(th, a, "any"), "As of a 0-d array.";
    "all(self, *args, **kwargs)" = |th, a| by_array(th, a, "all"), "As of a 0-d array.";
    "round(self, decimals=0, out=None)" = |th, a| by_array(th, a, "round"), "As of a 0-d array.";
    "tobytes(self, order='C')" = |th, a| { let (s, d) = of_self(a); let (b, n) = s.to_bytes(d); th.new_bytes(&b[..n]) }, "The scalar's bytes.";
    "tostring(self, order='C')" = |th, a| { let (s, d) = of_self(a); let (b, n) = s.to_bytes(d); th.new_bytes(&b[..n]) }, "The scalar's bytes.";
    "view(self, *args, **kwargs)" = |th, a| { let v = by_array(th, a, "view")?; let v = convert::to_view(th, v, None)?; crate::ufunc::finish(th, &v, None) }, "The scalar's bytes as another dtype.";
    "squeeze(self, *args, **kwargs)" = |_, a| Ok(a.get(0)), "The scalar itself.";
    "transpose(self, *args, **kwargs)" = |_, a| Ok(a.get(0)), "The scalar itself.";
    "flatten(self, *args, **kwargs)" = |th, a| by_array(th, a, "flatten"), "As of a 0-d array.";
    "std(self, *args, **kwargs)" = |th, a| by_array(th, a, "std"), "As of a 0-d array.";
    "var(self, *args, **kwargs)" = |th, a| by_array(th, a, "var"), "As of a 0-d array.";
    "cumsum(self, *args, **kwargs)" = |th, a| by_array(th, a, "cumsum"), "As of a 0-d array.";
    "cumprod(self, *args, **kwargs)" = |th, a| by_array(th, a, "cumprod"), "As of a 0-d array.";
    "argmax(self, *args, **kwargs)" = |th, a| by_array(th, a, "argmax"), "As of a 0-d array.";
    "argmin(self, *args, **kwargs)" = |th, a| by_array(th, a, "argmin"), "As of a 0-d array.";
    "ptp(self, *args, **kwargs)" = |th, a| by_array(th, a, "ptp"), "As of a 0-d array.";
    "clip(self, *args, **kwargs)" = |th, a| by_array(th, a, "clip"), "As of a 0-d array.";
    "repeat(self, *args, **kwargs)" = |th, a| by_array(th, a, "repeat"), "As of a 0-d array.";
    "nonzero(self, *args, **kwargs)" = |th, a| by_array(th, a, "nonzero"), "As of a 0-d array.";
    "byteswap(self, *args, **kwargs)" = |th, a| { let v = by_array(th, a, "byteswap")?; let v = convert::to_view(th, v, None)?; crate::ufunc::finish(th, &v, None) }, "The bytes in the other order.";
    "newbyteorder(self, *args)" = |_, a| Ok(a.get(0)), "The scalar itself.";
    "reshape(self, *args, **kwargs)" = |th, a| by_array(th, a, "reshape"), "As of a 0-d array.";
    "ravel(self, *args, **kwargs)" = |th, a| by_array(th, a, "ravel"), "As of a 0-d array.";
};
static INDEX: &[NativeDef] = natives! {
    "__index__(self, /)" = |th, a| python(th, of_self(a).0), "The integer itself.";
};

static GETSET: &[GetSetDef] = getset! {
    "dtype" = |th, v| { let d = typed(v).map_or(FLOAT64, |t| t.1); Ok(dtype::object(th, d)?.value()) }, "The scalar's dtype.";
    "shape" = |th, _| th.new_tuple(&[]), "Lengths of axes: ().";
    "strides" = |th, _| th.new_tuple(&[]), "Bytes from element to element: ().";
    "ndim" = |_, _| Ok(Value::int(0)), "Number of axes: 0.";
    "size" = |_, _| Ok(Value::int(1)), "Number of elements: 1.";
    "itemsize" = |_, v| Ok(Value::int(typed(v).map_or(8, |s| i64::from(s.1.size)))), "Bytes of the scalar.";
    "nbytes" = |_, v| Ok(Value::int(typed(v).map_or(8, |s| i64::from(s.1.size)))), "Bytes of the scalar.";
    "T" = |_, v| Ok(v), "The scalar itself.";
    "base" = |_, _| Ok(Value::NONE), "None: scalars own their memory.";
    "flat" = |th, v| { let a = as_array(th, v)?; txpy_vm::object::attr::get_str(th, a, "flat") }, "Elements one after the other.";
    "real" = |th, v| match typed(v) { Some((Scalar::Complex(re, _), d)) => make(th, Scalar::Float(re), part(d)), _ => Ok(v) }, "Real part.";
    "imag" = |th, v| match typed(v) { Some((Scalar::Complex(_, im), d)) => make(th, Scalar::Float(im), part(d)), Some((_, d)) => make(th, Scalar::Int(0), d), None => Ok(Value::int(0)) }, "Imaginary part.";
};
/// The dtype of a complex dtype's parts.
pub fn part(d: DType) -> DType {
    DType::of(if d.num == Num::Complex64 { Num::Float32 } else { Num::Float64 })
}

/// The number that a Python or array scalar is. `None` for other objects and integers beyond 64 bits.
pub fn from_value(v: Value) -> Option<Scalar> {
    typed(v).map(|t| t.0)
}
/// The number and its dtype.
pub fn typed(v: Value) -> Option<(Scalar, DType)> {
    let own = |s: Scalar| Some((s, s.dtype()));
    if let Some(i) = v.as_int() {
        return own(Scalar::Int(i));
    }
    if let Some(f) = v.as_float() {
        return own(Scalar::Float(f));
    }
    if v == Value::TRUE || v == Value::FALSE {
        return own(Scalar::Bool(v == Value::TRUE));
    }
    if let Some(s) = v.cast::<NpScalar>() {
        let s = s.frozen();
        let (num, _) = CLASSES.iter().find(|(n, _)| *n as u8 == s.num)?;
        let d = DType::of(*num);
        return Some((Scalar::from_bytes(&s.bits.to_ne_bytes(), d), d));
    }
    if let Some(f) = float::to_f64(v) {
        return own(Scalar::Float(f));
    }
    if let Some((re, im)) = complex::parts(v) {
        return own(Scalar::Complex(re, im));
    }
    own(match int::to_i64(v) {
        Some(i) => Scalar::Int(i),
        None => Scalar::from(int::to_u64(v)?),
    })
}
/// Whether the object is an array scalar of a number.
pub fn is_scalar(v: Value) -> bool {
    v.is::<NpScalar>() || v.is_ref() && [&FLOAT64_TYPE, &COMPLEX128_TYPE].iter().any(|t| class_of(v).value() == t.value())
}

/// `numpy.False_` and `numpy.True_`, the only instances of `bool_`.
static TRUTHS: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

/// Called once, when the module is made.
pub fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    for (i, name) in ["False_", "True_"].into_iter().enumerate() {
        let v = th.alloc(BOOL_TYPE.shape(), NpScalar { header: Header::NEW, num: Num::Bool as u8, bits: u64::from_ne_bytes([i as u8, 0, 0, 0, 0, 0, 0, 0]) })?.value();
        module::set(th, m, name, v)?;
        TRUTHS[i].store(v.bits(), Release);
    }
    txpy_heap::add_root_hook(|t| TRUTHS.iter().for_each(|b| t.value(Value(b.load(Acquire)))));
    add_bases(th)
}

/// `x op y` of two numbers without the machinery of arrays, where no error can arise. `None` for all else.
pub fn quick(th: &mut Thread, u: Ufunc, x: Value, y: Value) -> R<Option<Value>> {
    let (Some((p, dp)), Some((q, dq))) = (typed(x), typed(y)) else { return Ok(None) };
    if [dp, dq].iter().any(|d| !matches!(d.num, Num::Int64 | Num::Float64)) {
        return Ok(None);
    }
    let found = match (p, q) {
        (Scalar::Int(a), Scalar::Int(b)) => match u {
            Ufunc::Add => a.checked_add(b).map(Scalar::Int),
            Ufunc::Subtract => a.checked_sub(b).map(Scalar::Int),
            Ufunc::Multiply => a.checked_mul(b).map(Scalar::Int),
            Ufunc::Less => Some(Scalar::Bool(a < b)),
            Ufunc::LessEqual => Some(Scalar::Bool(a <= b)),
            Ufunc::Greater => Some(Scalar::Bool(a > b)),
            Ufunc::GreaterEqual => Some(Scalar::Bool(a >= b)),
            Ufunc::Equal => Some(Scalar::Bool(a == b)),
            Ufunc::NotEqual => Some(Scalar::Bool(a != b)),
            _ => None,
        },
        (Scalar::Float(_), Scalar::Float(_) | Scalar::Int(_)) | (Scalar::Int(_), Scalar::Float(_)) => {
            let (a, b) = (p.to_complex().0, q.to_complex().0);
            // Results that may come with an error flag take the long way.
            // A sum is 0 exactly; a product without underflow only of a 0.
            let calm = |r: f64, zero: bool| if r.is_normal() || zero && r == 0.0 { Some(Scalar::Float(r)) } else { None };
            match u {
                Ufunc::Add => calm(a + b, true),
                Ufunc::Subtract => calm(a - b, true),
                Ufunc::Multiply => calm(a * b, a == 0.0 || b == 0.0),
                Ufunc::TrueDivide | Ufunc::Divide => calm(a / b, a == 0.0),
                Ufunc::Less => Some(Scalar::Bool(a < b)),
                Ufunc::LessEqual => Some(Scalar::Bool(a <= b)),
                Ufunc::Greater => Some(Scalar::Bool(a > b)),
                Ufunc::GreaterEqual => Some(Scalar::Bool(a >= b)),
                Ufunc::Equal => Some(Scalar::Bool(a == b)),
                Ufunc::NotEqual => Some(Scalar::Bool(a != b)),
                _ => None,
            }
        }
        _ => None,
    };
    found.map(|s| value(th, s)).transpose()
}

/// The array scalar of a number, in the dtype that its value has by itself.
pub fn value(th: &mut Thread, s: Scalar) -> R<Value> {
    make(th, s, s.dtype())
}
/// The array scalar of a number in a number dtype.
pub fn make(th: &mut Thread, s: Scalar, d: DType) -> R<Value> {
    Ok(match d.num {
        Num::Bool => Value(TRUTHS[usize::from(s.truth())].load(Acquire)),
        Num::Float64 => th.alloc(FLOAT64_TYPE.shape(), float::Float { header: Header::NEW, value: s.to_complex().0 })?.value(),
        Num::Complex128 => {
            let (re, im) = s.to_complex();
            th.alloc(COMPLEX128_TYPE.shape(), complex::Complex { header: Header::NEW, re, im })?.value()
        }
        num => {
            let (bytes, _) = s.to_bytes(d.native());
            let bits = u64::from_ne_bytes(*bytes.first_chunk().expect("eight bytes"));
            th.alloc(class(d).shape(), NpScalar { header: Header::NEW, num: num as u8, bits })?.value()
        }
    })
}
/// The Python number.
pub fn python(th: &mut Thread, s: Scalar) -> R<Value> {
    match s {
        Scalar::Bool(b) => Ok(Value::from_bool(b)),
        Scalar::Int(i) => int::from_i64(th, i),
        Scalar::UInt(u) => int::from_u64(th, u),
        Scalar::Float(x) => float::new(th, x),
        Scalar::Complex(re, im) => complex::new(th, re, im),
    }
}

fn of_self(a: Args) -> (Scalar, DType) {
    typed(a.get(0)).unwrap_or((Scalar::Int(0), INT64))
}
fn shown(th: &mut Thread, a: Args) -> R<Value> {
    let (s, d) = of_self(a);
    let s = scalar_text(s, d);
    th.native_str(&s)
}
fn astype(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::arg(th, a.get(1))?;
    let v = convert::to_view(th, a.get(0), None)?;
    let v = convert::copy(th, &v, d, txpy_numpy_core::layout::Order::K)?;
    crate::ufunc::finish(th, &v, None)
}
fn truth(_: &mut Thread, a: Args) -> R<Value> {
    Ok(Value::from_bool(of_self(a).0.truth()))
}
fn conjugate(th: &mut Thread, a: Args) -> R<Value> {
    match of_self(a) {
        (Scalar::Complex(re, im), d) => make(th, Scalar::Complex(re, -im), d),
        _ => Ok(a.get(0)),
    }
}
fn as_array(th: &mut Thread, v: Value) -> R<Value> {
    let view = convert::to_view(th, v, None)?;
    convert::array_of(th, &view)
}
fn by_array(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    let v = as_array(th, a.get(0))?;
    let f = txpy_vm::object::attr::get_str(th, v, name)?;
    th.call_args(f, a.skip(1))
}

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let cls = a.get(0);
    let Some(d) = dtype_of_class(cls) else {
        return Err(th.not_implemented("subclasses of array scalars"));
    };
    let x = a.or(1, Value::int(0));
    // Text is read as Python's own numbers read it.
    let x = if text::is_text(x) || text::is_bytes(x) {
        let plain = match d.kind() {
            'i' | 'u' => int::INT.value(),
            'f' => float::FLOAT.value(),
            'c' => complex::COMPLEX.value(),
            _ => int::BOOL.value(),
        };
        th.call(plain, &[x])?
    } else {
        x
    };
    // Objects that are numbers by a method only.
    let x = if d.kind() == 'f' && typed(x).is_none() && txpy_vm::object::dunder(x, txpy_vm::types::dunder::D::float_).is_some() && !x.is::<crate::array::NdArray>() {
        th.call(float::FLOAT.value(), &[x])?
    } else {
        x
    };
    let v = convert::to_view(th, x, Some(d))?;
    if v.ndim() > 0 { convert::array_of(th, &v) } else { crate::indexing::element(th, &v, v.layout.offset) }
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let (s, d) = of_self(a);
    let (bytes, n) = s.to_bytes(d);
    let data = th.new_bytes(&bytes[..n])?;
    pickled(th, d, data)
}
/// The pickled form of a scalar with these bytes.
pub fn pickled(th: &mut Thread, d: DType, data: Value) -> R<Value> {
    let d = dtype::object(th, d)?.value();
    let args = th.new_tuple(&[d, data])?;
    let f = crate::compat::function(th, "scalar")?;
    th.new_tuple(&[f, args])
}

/// Rebuilds a pickled scalar: `scalar(dtype, data)`.
pub fn rebuild(th: &mut Thread, a: Args) -> R<Value> {
    let Some(d) = a.get(0).cast::<dtype::DTypeObject>() else {
        return Err(th.type_error(format!("scalar() argument 1 must be numpy.dtype, not {}", class_name(a.get(0)))));
    };
    let d = d.frozen().dtype();
    if a.opt(1).is_none() {
        let v = crate::array::fresh_c(th, &[], d, true)?;
        return crate::indexing::element(th, &v, 0);
    }
    let data = convert::latin1(th, a.get(1))?;
    let b = text::bytes_of(data).unwrap_or(&[]);
    if b.len() < d.itemsize() {
        return Err(th.value_error("initialization string is too small"));
    }
    if d.is_number() {
        return make(th, Scalar::from_bytes(&b[..d.itemsize()], d), d.native());
    }
    let v = crate::array::fresh_c(th, &[], d, true)?;
    v.buffer.write(th)?.as_mut_slice()[..d.itemsize()].copy_from_slice(&b[..d.itemsize()]);
    crate::indexing::element(th, &v, 0)
}

/// A comparison's ufunc.
pub fn comparison(op: Cmp) -> Ufunc {
    match op {
        Cmp::Lt => Ufunc::Less,
        Cmp::Le => Ufunc::LessEqual,
        Cmp::Eq => Ufunc::Equal,
        Cmp::Ne => Ufunc::NotEqual,
        Cmp::Gt => Ufunc::Greater,
        Cmp::Ge => Ufunc::GreaterEqual,
    }
}
