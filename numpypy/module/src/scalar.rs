//! Array scalars: `float64`, `int64`, `bool_`, `complex128` and their abstract classes.

use crate::api::*;
use crate::{convert, dtype, kinds, operators};
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_numpy_core::dtype::{BOOL, COMPLEX128, FLOAT64, INT64, Scalar};
use txpy_numpy_core::print::scalar_text;
use txpy_numpy_core::{DType, Num, Ufunc};
use txpy_vm::object::compare::Cmp;
use txpy_vm::types::type_;

object! {
    /// A scalar that is no subclass of a builtin number: int64, bool_.
    pub struct NpScalar = kinds::SCALAR, frozen { num: u8, bits: i64 }
}

macro_rules! abstract_classes {
    ($($id:ident $name:literal $base:expr, $doc:literal;)*) => {$(
        pub static $id: TypeDef = TypeDef {
            name: $name, module: "numpy", kind: kinds::SCALAR, size: size_of::<NpScalar>() as u16, base: $base,
            flags: type_flag::BASE | type_flag::ABSTRACT, methods: &[ABSTRACT], doc: $doc, ..TypeDef::DEFAULT
        };
    )*};
}
abstract_classes! {
    GENERIC "generic" None, "Base class of array scalars.";
    NUMBER "number" Some(&GENERIC), "Base class of numbers.";
    INTEGER "integer" Some(&NUMBER), "Base class of integers.";
    SIGNED "signedinteger" Some(&INTEGER), "Base class of signed integers.";
    INEXACT "inexact" Some(&NUMBER), "Base class of floats and complex numbers.";
    FLOATING "floating" Some(&INEXACT), "Base class of floats.";
    COMPLEXFLOATING "complexfloating" Some(&INEXACT), "Base class of complex numbers.";
}
pub static INT64_TYPE: TypeDef = TypeDef {
    name: "int64", module: "numpy", kind: kinds::SCALAR, size: size_of::<NpScalar>() as u16, base: Some(&SIGNED), flags: type_flag::BASE,
    methods: &[METHODS, operators::METHODS, INDEX], getset: GETSET, doc: "Signed integer of 64 bits.", ..TypeDef::DEFAULT
};
pub static BOOL_TYPE: TypeDef = TypeDef {
    name: "bool_", module: "numpy", kind: kinds::SCALAR, size: size_of::<NpScalar>() as u16, base: Some(&GENERIC),
    methods: &[METHODS, operators::METHODS], getset: GETSET, doc: "Truth value.", ..TypeDef::DEFAULT
};
pub static FLOAT64_TYPE: TypeDef = TypeDef {
    name: "float64", module: "numpy", kind: txpy_vm::kinds::FLOAT, size: size_of::<float::Float>() as u16, base: Some(&float::FLOAT), flags: type_flag::BASE,
    methods: &[METHODS, operators::METHODS], getset: GETSET, doc: "Float of 64 bits, a Python float.", ..TypeDef::DEFAULT
};
pub static COMPLEX128_TYPE: TypeDef = TypeDef {
    name: "complex128", module: "numpy", kind: txpy_vm::kinds::COMPLEX, size: size_of::<complex::Complex>() as u16, base: Some(&complex::COMPLEX), flags: type_flag::BASE,
    methods: &[METHODS, operators::METHODS], getset: GETSET, doc: "Complex number of two floats of 64 bits.", ..TypeDef::DEFAULT
};

/// `float64` is a float and a `floating`, `complex128` a complex and a `complexfloating`: natives have one base of layout, the
/// abstract one joins here, when the module is made.
fn add_bases(th: &mut Thread) -> R<()> {
    for (class, abstract_base) in [(&FLOAT64_TYPE, &FLOATING), (&COMPLEX128_TYPE, &COMPLEXFLOATING)] {
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

/// Types with their dtypes.
pub fn classes() -> [(Value, DType); 4] {
    [(INT64_TYPE.value(), INT64), (BOOL_TYPE.value(), BOOL), (FLOAT64_TYPE.value(), FLOAT64), (COMPLEX128_TYPE.value(), COMPLEX128)]
}
/// The class of a dtype's scalars.
pub fn class(d: DType) -> &'static TypeDef {
    match d.num {
        Num::Bool => &BOOL_TYPE,
        Num::Int64 => &INT64_TYPE,
        Num::Complex128 => &COMPLEX128_TYPE,
        _ => &FLOAT64_TYPE,
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
    "__hash__(self, /)" = |th, a| { let p = python(th, of_self(a))?; let h = txpy_vm::object::hash(th, p)?; int::from_i64(th, h) }, "Return hash(self).";
    #[py3] "__bool__(self, /)" = truth, "True if self else False";
    #[py2] "__nonzero__(self, /)" = truth, "True if self else False";
    "__int__(self, /)" = |th, a| { let p = python(th, of_self(a))?; th.call(int::INT.value(), &[p]) }, "int(self)";
    "__float__(self, /)" = |th, a| match of_self(a) { Scalar::Complex(re, _) => float::new(th, re), s => float::new(th, s.to_complex().0) }, "float(self)";
    "__complex__(self, /)" = |th, a| { let (re, im) = of_self(a).to_complex(); complex::new(th, re, im) }, "complex(self)";
    "__array__(self, dtype=None, /)" = |th, a| as_array(th, a.get(0)), "The scalar as a 0-d array.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "item(self, *args)" = |th, a| python(th, of_self(a)), "The scalar as a Python number.";
    "tolist(self, /)" = |th, a| python(th, of_self(a)), "The scalar as a Python number.";
    "astype(self, dtype, order='K', casting='unsafe', subok=True, copy=True)" = |th, a| { let d = dtype::arg(th, a.get(1))?; value(th, of_self(a).convert(d.num)) }, "The scalar in another dtype.";
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
    "reshape(self, *args, **kwargs)" = |th, a| by_array(th, a, "reshape"), "As of a 0-d array.";
    "ravel(self, *args, **kwargs)" = |th, a| by_array(th, a, "ravel"), "As of a 0-d array.";
};
static INDEX: &[NativeDef] = natives! {
    "__index__(self, /)" = |th, a| python(th, of_self(a)), "The integer itself.";
};

static GETSET: &[GetSetDef] = getset! {
    "dtype" = |th, v| { let d = from_value(v).map_or(FLOAT64, Scalar::dtype); Ok(dtype::object(th, d)?.value()) }, "The scalar's dtype.";
    "shape" = |th, _| th.new_tuple(&[]), "Lengths of axes: ().";
    "ndim" = |_, _| Ok(Value::int(0)), "Number of axes: 0.";
    "size" = |_, _| Ok(Value::int(1)), "Number of elements: 1.";
    "itemsize" = |_, v| Ok(Value::int(from_value(v).map_or(8, |s| i64::from(s.dtype().size)))), "Bytes of the scalar.";
    "nbytes" = |_, v| Ok(Value::int(from_value(v).map_or(8, |s| i64::from(s.dtype().size)))), "Bytes of the scalar.";
    "T" = |_, v| Ok(v), "The scalar itself.";
    "real" = |th, v| match from_value(v) { Some(Scalar::Complex(re, _)) => value(th, Scalar::Float(re)), _ => Ok(v) }, "Real part.";
    "imag" = |th, v| match from_value(v) { Some(Scalar::Complex(_, im)) => value(th, Scalar::Float(im)), Some(Scalar::Float(_)) => value(th, Scalar::Float(0.0)), _ => value(th, Scalar::Int(0)) }, "Imaginary part.";
};

/// The number that a Python or array scalar is. `None` for other objects and integers beyond 64 bits.
pub fn from_value(v: Value) -> Option<Scalar> {
    if let Some(i) = v.as_int() {
        return Some(Scalar::Int(i));
    }
    if let Some(f) = v.as_float() {
        return Some(Scalar::Float(f));
    }
    if v == Value::TRUE || v == Value::FALSE {
        return Some(Scalar::Bool(v == Value::TRUE));
    }
    if let Some(s) = v.cast::<NpScalar>() {
        let s = s.frozen();
        return Some(if s.num == Num::Bool as u8 { Scalar::Bool(s.bits != 0) } else { Scalar::Int(s.bits) });
    }
    if let Some(f) = float::to_f64(v) {
        return Some(Scalar::Float(f));
    }
    if let Some((re, im)) = complex::parts(v) {
        return Some(Scalar::Complex(re, im));
    }
    int::to_i64(v).map(Scalar::Int)
}
/// Whether the object is an array scalar.
pub fn is_scalar(v: Value) -> bool {
    v.is::<NpScalar>() || v.is_ref() && classes().iter().any(|(t, _)| class_of(v).value() == *t)
}

/// `numpy.False_` and `numpy.True_`, the only instances of `bool_`.
static TRUTHS: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

/// Called once, when the module is made.
pub fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    for (i, name) in ["False_", "True_"].into_iter().enumerate() {
        let v = th.alloc(BOOL_TYPE.shape(), NpScalar { header: Header::NEW, num: Num::Bool as u8, bits: i as i64 })?.value();
        module::set(th, m, name, v)?;
        TRUTHS[i].store(v.bits(), Release);
    }
    txpy_heap::add_root_hook(|t| TRUTHS.iter().for_each(|b| t.value(Value(b.load(Acquire)))));
    add_bases(th)
}

/// `x op y` of two numbers without the machinery of arrays, where no error can arise. `None` for all else.
pub fn quick(th: &mut Thread, u: Ufunc, x: Value, y: Value) -> R<Option<Value>> {
    let (Some(p), Some(q)) = (from_value(x), from_value(y)) else { return Ok(None) };
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

/// The array scalar of a number.
pub fn value(th: &mut Thread, s: Scalar) -> R<Value> {
    Ok(match s {
        Scalar::Bool(b) => Value(TRUTHS[usize::from(b)].load(Acquire)),
        Scalar::Int(i) => th.alloc(INT64_TYPE.shape(), NpScalar { header: Header::NEW, num: Num::Int64 as u8, bits: i })?.value(),
        Scalar::Float(x) => th.alloc(FLOAT64_TYPE.shape(), float::Float { header: Header::NEW, value: x })?.value(),
        Scalar::Complex(re, im) => th.alloc(COMPLEX128_TYPE.shape(), complex::Complex { header: Header::NEW, re, im })?.value(),
    })
}
/// The Python number.
pub fn python(th: &mut Thread, s: Scalar) -> R<Value> {
    match s {
        Scalar::Bool(b) => Ok(Value::from_bool(b)),
        Scalar::Int(i) => int::from_i64(th, i),
        Scalar::Float(x) => float::new(th, x),
        Scalar::Complex(re, im) => complex::new(th, re, im),
    }
}

fn of_self(a: Args) -> Scalar {
    from_value(a.get(0)).unwrap_or(Scalar::Int(0))
}
fn shown(th: &mut Thread, a: Args) -> R<Value> {
    let s = scalar_text(of_self(a));
    th.native_str(&s)
}
fn truth(_: &mut Thread, a: Args) -> R<Value> {
    Ok(Value::from_bool(of_self(a).convert(Num::Bool) == Scalar::Bool(true)))
}
fn conjugate(th: &mut Thread, a: Args) -> R<Value> {
    match of_self(a) {
        Scalar::Complex(re, im) => value(th, Scalar::Complex(re, -im)),
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
    let Some((_, d)) = classes().into_iter().find(|(t, _)| *t == cls) else {
        return Err(th.not_implemented("subclasses of array scalars"));
    };
    let x = a.or(1, Value::int(0));
    // Text is read as Python's own numbers read it.
    let x = if text::is_text(x) || text::is_bytes(x) {
        let plain = match d.num {
            Num::Int64 => int::INT.value(),
            Num::Float64 => float::FLOAT.value(),
            Num::Complex128 => complex::COMPLEX.value(),
            _ => int::BOOL.value(),
        };
        th.call(plain, &[x])?
    } else {
        x
    };
    let v = convert::to_view(th, x, Some(d))?;
    if v.ndim() > 0 { convert::array_of(th, &v) } else { crate::indexing::element(th, &v, v.layout.offset) }
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let s = of_self(a);
    let (bytes, n) = s.to_bytes(s.dtype());
    let data = th.new_bytes(&bytes[..n])?;
    let d = dtype::object(th, s.dtype())?.value();
    let args = th.new_tuple(&[d, data])?;
    let m = crate::module_object(th)?;
    let f = txpy_vm::object::attr::get_str(th, m.value(), "_scalar")?;
    th.new_tuple(&[f, args])
}

/// Rebuilds a pickled scalar: `_scalar(dtype, data)`.
pub fn rebuild(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::arg(th, a.get(0))?;
    match text::bytes_of(a.get(1)) {
        Some(b) if b.len() == d.itemsize() => value(th, Scalar::from_bytes(b, d)),
        _ => Err(th.value_error("the data does not fit the dtype")),
    }
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
