//! `dtype` objects, and what arguments named dtype may be.

use crate::api::*;
use crate::error::Lift;
use crate::{kinds, scalar};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};
use txpy_numpy_core::dtype::promote::Casting;
use txpy_numpy_core::dtype::{BOOL, COMPLEX128, FLOAT64, INT64, UINT64};
use txpy_numpy_core::{DType, Num};

/// A type number in a heap object.
#[derive(Clone, Copy)]
struct NumField(Num);
impl txpy_heap::Trace for NumField {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

object! {
    /// The byte order changes while a pickled dtype is put together.
    pub struct DTypeObject = kinds::DTYPE, frozen { num: NumField, size: u32, swapped: Flag }
}

/// A flag in a frozen object.
struct Flag(AtomicBool);
impl txpy_heap::Trace for Flag {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

pub static DTYPE: TypeDef = TypeDef {
    name: "dtype", module: "numpy", kind: kinds::DTYPE, size: size_of::<DTypeObject>() as u16, methods: &[METHODS],
    getset: getset! {
        "name" = |th, v| { let s = name(th, of(v)); th.native_str(&s) }, "Name with size in bits.";
        "str" = |th, v| { let s = of(v).type_string(); th.native_str(&s) }, "Byte order, kind and size.";
        "char" = |th, v| th.native_str(of(v).row().code.encode_utf8(&mut [0; 4])), "Character code.";
        "kind" = |th, v| th.native_str(of(v).kind().encode_utf8(&mut [0; 4])), "Kind of elements.";
        "num" = |_, v| Ok(Value::int(of(v).num as i64)), "Type number.";
        "itemsize" = |_, v| Ok(Value::int(i64::from(of(v).size))), "Bytes an element.";
        "alignment" = |_, v| Ok(Value::int(i64::from(alignment(of(v))))), "Alignment in bytes.";
        "byteorder" = |th, v| { let d = of(v); let letter = if d.has_order() && !d.swapped { '=' } else { d.order_letter() }; th.native_str(letter.encode_utf8(&mut [0; 4])) }, "Byte order.";
        "descr" = |th, v| { let (e, s) = (th.native_str("")?, th.native_str(&of(v).type_string())?); let t = th.new_tuple(&[e, s])?; list::new(th, &[t]) }, "Fields as __array_interface__ describes them.";
        "base" = |_, v| Ok(v), "The dtype without a subarray's shape.";
        "ndim" = |_, _| Ok(Value::int(0)), "Axes of a subarray.";
        "flags" = |_, _| Ok(Value::int(0)), "Facts about elements.";
        "isalignedstruct" = |_, _| Ok(Value::FALSE), "Fields are aligned.";
        "metadata" = |_, _| Ok(Value::NONE), "Metadata.";
        "type" = |_, v| Ok(scalar::class(of(v)).value()), "Class of scalars.";
        "isnative" = |_, v| Ok(Value::from_bool(!of(v).swapped)), "Elements are in the machine's byte order.";
        "isbuiltin" = |_, v| Ok(Value::int(i64::from(of(v).is_number() && !of(v).swapped))), "1 for builtin dtypes.";
        "hasobject" = |_, _| Ok(Value::FALSE), "Elements hold references.";
        "names" = |_, _| Ok(Value::NONE), "Names of fields.";
        "fields" = |_, _| Ok(Value::NONE), "Fields.";
        "subdtype" = |_, _| Ok(Value::NONE), "Shape and dtype of subarrays.";
        "shape" = |th, _| th.new_tuple(&[]), "Shape of subarrays.";
    },
    doc: "How elements are encoded: dtype(obj).", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, dtype, align=False, copy=False)" = |th, a| {
        new_class(th, &DTYPE, a.get(0))?;
        let d = arg(th, a.get(1))?;
        // A copy is an object of its own, which `__setstate__` may change.
        let copy = match a.some(3) { Some(c) => txpy_vm::object::is_true(th, c)?, None => false };
        if copy { Ok(fresh(th, d)?.value()) } else { Ok(object(th, d)?.value()) }
    }, "Create and return a new object.";
    "__repr__(self, /)" = |th, a| { let s = repr(of(a.get(0))); th.native_str(&s) }, "Return repr(self).";
    "__str__(self, /)" = |th, a| { let s = text_of(of(a.get(0))); th.native_str(&s) }, "Return str(self).";
    "__eq__(self, other, /)" = |th, a| same(th, a, true), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| same(th, a, false), "Return self!=other.";
    "__hash__(self, /)" = |_, a| { let d = of(a.get(0)); Ok(Value::int(d.num as i64 * 1000003 + i64::from(d.size))) }, "Return hash(self).";
    "__setstate__(self, state, /)" = setstate, "Set state information for unpickling.";
    "newbyteorder(self, new_order='S', /)" = new_byte_order, "The dtype with another byte order.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};

impl DTypeObject {
    pub fn dtype(&self) -> DType {
        DType { num: self.num.0, swapped: self.swapped.0.load(Acquire), size: self.size }
    }
}

/// The objects of builtin dtypes: there is one each.
static OBJECTS: [AtomicU64; 24] = [const { AtomicU64::new(0) }; 24];

/// Called once, when the module is made.
pub fn init() {
    txpy_heap::add_root_hook(|t| OBJECTS.iter().map(|o| o.load(Acquire)).filter(|b| *b != 0).for_each(|b| t.value(Value(b))));
}

fn fresh(th: &mut Thread, d: DType) -> R<Gc<DTypeObject>> {
    th.alloc(DTYPE.shape(), DTypeObject { header: Header::NEW, num: NumField(d.num), size: d.size, swapped: Flag(AtomicBool::new(d.swapped)) })
}
/// The object of a dtype: native numbers have one each.
pub fn object(th: &mut Thread, d: DType) -> R<Gc<DTypeObject>> {
    if d.swapped || !d.is_number() {
        return fresh(th, d);
    }
    let place = &OBJECTS[d.num as usize];
    if let Some(o) = Value(place.load(Acquire)).cast::<DTypeObject>() {
        return Ok(o);
    }
    let new = fresh(th, d)?;
    match place.compare_exchange(0, new.value().bits(), AcqRel, Acquire) {
        Ok(_) => Ok(new),
        Err(other) => Ok(Value(other).cast().expect("a dtype")),
    }
}

fn of(v: Value) -> DType {
    v.cast::<DTypeObject>().expect("checked by the call").frozen().dtype()
}

pub fn repr(d: DType) -> String {
    format!("dtype('{}')", d.shown())
}
/// `dtype.name`: Python 2 names text by other words.
fn name(th: &Thread, d: DType) -> String {
    let s = d.name();
    match d.kind() {
        'S' if !th.py3() => s.replace("bytes", "string"),
        'U' if !th.py3() => s.replace("str", "unicode"),
        _ => s,
    }
}
/// `str(dtype)`.
fn text_of(d: DType) -> String {
    if d.is_number() && !d.swapped { d.name() } else { d.type_string() }
}
fn alignment(d: DType) -> u32 {
    match d.kind() {
        'S' | 'V' => 1,
        'U' => 4,
        'c' => d.size / 2,
        _ => d.size.min(8),
    }
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
    let size = if d.kind() == 'U' { d.size / 4 } else { d.size };
    let code = th.native_str(&format!("{}{size}", d.kind()))?;
    let (no, yes) = if th.py3() { (Value::FALSE, Value::TRUE) } else { (Value::int(0), Value::int(1)) };
    let args = th.new_tuple(&[code, no, yes])?;
    let order = th.native_str(d.order_letter().encode_utf8(&mut [0; 4]))?;
    let minus = Value::int(-1);
    let (size, align) = if d.is_number() { (minus, minus) } else { (Value::int(i64::from(d.size)), Value::int(i64::from(alignment(d)))) };
    let state = th.new_tuple(&[Value::int(3), order, Value::NONE, Value::NONE, Value::NONE, size, align, Value::int(0)])?;
    th.new_tuple(&[DTYPE.value(), args, state])
}
/// `__setstate__((version, byte order, ...))`.
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let this = a.get(0).cast::<DTypeObject>().expect("checked by the call");
    let Some(state) = tuple::items(a.get(1)).filter(|s| s.len() >= 2) else { return Err(th.value_error("Invalid state while unpickling. Is the pickle corrupted or created with a newer NumPy version?")) };
    let fields = |i: usize| state.get(i).is_some_and(|v| !v.is_none());
    if fields(2) || fields(3) || fields(4) {
        return Err(th.not_implemented("structured dtypes"));
    }
    let order = text::lossy(state[1]).into_owned();
    let d = this.frozen().dtype();
    let swapped = order == if cfg!(target_endian = "little") { ">" } else { "<" } && d.has_order();
    if swapped == d.swapped {
        return Ok(Value::NONE);
    }
    if OBJECTS.iter().any(|o| o.load(Acquire) == a.get(0).bits()) {
        return Err(th.value_error("the builtin dtypes cannot be changed"));
    }
    this.frozen().swapped.0.store(swapped, Release);
    Ok(Value::NONE)
}
fn new_byte_order(th: &mut Thread, a: Args) -> R<Value> {
    let d = of(a.get(0));
    let little = cfg!(target_endian = "little");
    let order = a.some(1).map_or("S".to_string(), |v| text::lossy(v).into_owned());
    let new = match order.chars().next() {
        Some('S' | 's') => d.swap(),
        Some('<' | 'L' | 'l') => if little { d.native() } else { d.native().swap() },
        Some('>' | 'B' | 'b') => if little { d.native().swap() } else { d.native() },
        Some('=' | 'N' | 'n') => d.native(),
        Some('|' | 'I' | 'i') => d,
        _ => return Err(th.value_error(format!("{order} is an unrecognized byteorder"))),
    };
    Ok(object(th, new)?.value())
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
        (scalar::NUMBER.value(), FLOAT64), (scalar::FLOATING.value(), FLOAT64), (scalar::INEXACT.value(), FLOAT64), (scalar::COMPLEXFLOATING.value(), COMPLEX128),
        (scalar::INTEGER.value(), INT64), (scalar::SIGNED.value(), INT64), (scalar::UNSIGNED.value(), UINT64),
    ];
    if let Some((_, d)) = types.iter().find(|(t, _)| *t == v) {
        return Ok(*d);
    }
    if let Some(d) = scalar::dtype_of_class(v) {
        return Ok(d);
    }
    if let Some(&[base, n]) = tuple::items(v) {
        // A text dtype and its length.
        let d = arg(th, base)?;
        if matches!(d.kind(), 'S' | 'U' | 'V') && d.size == 0 && !n.is_ref() {
            let n = int::arg_i64(th, n)?;
            let size = u32::try_from(n).ok().and_then(|n| n.checked_mul(if d.kind() == 'U' { 4 } else { 1 }));
            return match size {
                Some(size) => Ok(DType { size, ..d }),
                None => Err(th.value_error("invalid itemsize in generic type tuple")),
            };
        }
        return Err(th.not_implemented("structured dtypes and subarrays"));
    }
    if v.is::<list::List>() || v.is::<dict::Dict>() {
        return Err(th.not_implemented("structured dtypes"));
    }
    // Classes and objects that say what their dtype is.
    if v.is_ref() {
        if let Some(d) = txpy_vm::object::attr::get_str_opt(th, v, "dtype")? {
            if d.is::<DTypeObject>() {
                return arg(th, d);
            }
        }
    }
    if let Some(t) = v.cast() {
        let name = txpy_vm::types::type_::name_text(t).into_owned();
        return Err(th.not_implemented(&format!("arrays of '{name}' objects")));
    }
    Err(th.type_error("data type not understood"))
}

/// A `casting=` argument that may be left out.
pub fn casting_arg(th: &mut Thread, v: Option<Value>, default: Casting) -> R<Casting> {
    v.map_or(Ok(default), |v| Casting::parse(&text::lossy(v)).lift(th))
}

/// A dtype argument that may be left out.
pub fn opt_arg(th: &mut Thread, v: Value) -> R<Option<DType>> {
    if v.is_none() || v.is_unset() { Ok(None) } else { arg(th, v).map(Some) }
}
