//! `dtype` objects, and what arguments named dtype may be.

use crate::api::*;
use crate::error::Lift;
use crate::{kinds, scalar};
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_numpy_core::dtype::{BOOL, COMPLEX128, FLOAT64, INT64};
use txpy_numpy_core::{DType, Num};

/// A type number in a heap object.
#[derive(Clone, Copy)]
struct NumField(Num);
impl txpy_heap::Trace for NumField {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

object! {
    pub struct DTypeObject = kinds::DTYPE, frozen { num: NumField, size: u32, swapped: bool }
}

pub static DTYPE: TypeDef = TypeDef {
    name: "dtype", module: "numpy", kind: kinds::DTYPE, size: size_of::<DTypeObject>() as u16, methods: &[METHODS],
    getset: getset! {
        "name" = |th, v| { let s = of(v).name(); th.native_str(&s) }, "Name with size in bits.";
        "str" = |th, v| { let s = of(v).type_string(); th.native_str(&s) }, "Byte order, kind and size.";
        "char" = |th, v| th.native_str(of(v).row().code.encode_utf8(&mut [0; 4])), "Character code.";
        "kind" = |th, v| th.native_str(of(v).kind().encode_utf8(&mut [0; 4])), "Kind of elements.";
        "num" = |_, v| Ok(Value::int(of(v).num as i64)), "Type number.";
        "itemsize" = |_, v| Ok(Value::int(i64::from(of(v).size))), "Bytes an element.";
        "alignment" = |_, v| Ok(Value::int(i64::from(of(v).size.min(8)))), "Alignment in bytes.";
        "byteorder" = |th, v| th.native_str(if of(v).size == 1 { "|" } else { "=" }), "Byte order.";
        "type" = |_, v| Ok(scalar::class(of(v)).value()), "Class of scalars.";
        "isnative" = |_, v| Ok(Value::from_bool(!of(v).swapped)), "Elements are in the machine's byte order.";
        "isbuiltin" = |_, _| Ok(Value::int(1)), "1 for builtin dtypes.";
        "hasobject" = |_, _| Ok(Value::FALSE), "Elements hold references.";
        "names" = |_, _| Ok(Value::NONE), "Names of fields.";
        "fields" = |_, _| Ok(Value::NONE), "Fields.";
        "subdtype" = |_, _| Ok(Value::NONE), "Shape and dtype of subarrays.";
        "shape" = |th, _| th.new_tuple(&[]), "Shape of subarrays.";
    },
    doc: "How elements are encoded: dtype(obj).", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, dtype, align=False, copy=False)" = |th, a| { new_class(th, &DTYPE, a.get(0))?; let d = arg(th, a.get(1))?; Ok(object(th, d)?.value()) }, "Create and return a new object.";
    "__repr__(self, /)" = |th, a| { let s = repr(of(a.get(0))); th.native_str(&s) }, "Return repr(self).";
    "__str__(self, /)" = |th, a| { let s = of(a.get(0)).name(); th.native_str(&s) }, "Return str(self).";
    "__eq__(self, other, /)" = |th, a| same(th, a, true), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| same(th, a, false), "Return self!=other.";
    "__hash__(self, /)" = |_, a| { let d = of(a.get(0)); Ok(Value::int(d.num as i64 * 1000003 + i64::from(d.size))) }, "Return hash(self).";
    "newbyteorder(self, new_order='S', /)" = |th, a| if of(a.get(0)).size == 1 { Ok(a.get(0)) } else { Err(th.not_implemented("foreign byte orders")) }, "The dtype in another byte order.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};

impl DTypeObject {
    pub fn dtype(&self) -> DType {
        DType { num: self.num.0, swapped: self.swapped, size: self.size }
    }
}

/// The objects of builtin dtypes: there is one each.
static OBJECTS: [AtomicU64; 24] = [const { AtomicU64::new(0) }; 24];

/// Called once, when the module is made.
pub fn init() {
    txpy_heap::add_root_hook(|t| OBJECTS.iter().map(|o| o.load(Acquire)).filter(|b| *b != 0).for_each(|b| t.value(Value(b))));
}

pub fn object(th: &mut Thread, d: DType) -> R<Gc<DTypeObject>> {
    let place = &OBJECTS[d.num as usize];
    if let Some(o) = Value(place.load(Acquire)).cast::<DTypeObject>() {
        return Ok(o);
    }
    let new = th.alloc(DTYPE.shape(), DTypeObject { header: Header::NEW, num: NumField(d.num), size: d.size, swapped: d.swapped })?;
    match place.compare_exchange(0, new.value().bits(), AcqRel, Acquire) {
        Ok(_) => Ok(new),
        Err(other) => Ok(Value(other).cast().expect("a dtype")),
    }
}

fn of(v: Value) -> DType {
    v.cast::<DTypeObject>().expect("checked by the call").frozen().dtype()
}

pub fn repr(d: DType) -> String {
    format!("dtype('{}')", d.name())
}

/// Equality with whatever can be read as a dtype.
fn same(th: &mut Thread, a: Args, equal: bool) -> R<Value> {
    let other = match arg(th, a.get(1)) {
        Ok(d) => Some(d),
        Err(e) => match th.catch(&txpy_vm::exceptions::TYPE_ERROR).or_else(|| th.catch(&txpy_vm::exceptions::NOT_IMPLEMENTED_ERROR)) {
            Some(_) => None,
            None => return Err(e),
        },
    };
    Ok(Value::from_bool((other == Some(of(a.get(0))) && !a.get(1).is_none()) == equal))
}

fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let d = of(a.get(0));
    let code = th.native_str(&format!("{}{}", d.kind(), d.size))?;
    let args = th.new_tuple(&[code, Value::int(0), Value::int(1)])?;
    let order = th.native_str(if d.size == 1 { "|" } else { "<" })?;
    let minus = Value::int(-1);
    let state = th.new_tuple(&[Value::int(3), order, Value::NONE, Value::NONE, Value::NONE, minus, minus, Value::int(0)])?;
    th.new_tuple(&[DTYPE.value(), args, state])
}

/// What a `dtype=` argument means: None, dtypes, types, names. Errors: TypeError "data type not understood".
pub fn arg(th: &mut Thread, v: Value) -> R<DType> {
    if v.is_none() || v.is_unset() {
        return Ok(FLOAT64);
    }
    if let Some(d) = v.cast::<DTypeObject>() {
        return Ok(d.frozen().dtype());
    }
    if text::is_text(v) || text::is_bytes(v) {
        return DType::parse(&text::lossy(v)).lift(th);
    }
    let types = [
        (int::BOOL.value(), BOOL),
        (int::INT.value(), INT64),
        (float::FLOAT.value(), FLOAT64),
        (complex::COMPLEX.value(), COMPLEX128),
        (if th.py3() { int::INT.value() } else { int::LONG.value() }, INT64),
    ];
    if let Some((_, d)) = types.iter().chain(&scalar::classes()).find(|(t, _)| *t == v) {
        return Ok(*d);
    }
    if v.is::<txpy_vm::types::type_::Type>() {
        let name = txpy_vm::types::type_::name_text(v.cast().expect("a type")).into_owned();
        return Err(th.not_implemented(&format!("arrays of '{name}' objects")));
    }
    Err(th.type_error("data type not understood"))
}

/// A dtype argument that may be left out.
pub fn opt_arg(th: &mut Thread, v: Value) -> R<Option<DType>> {
    if v.is_none() || v.is_unset() { Ok(None) } else { arg(th, v).map(Some) }
}
