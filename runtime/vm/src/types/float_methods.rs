//! Methods of `float`.

use super::float::{self, FLOAT, Float, new, to_f64};
use super::float_arith::{self, real};
use super::float_parse::{self, HexError};
use super::float_repr::{repr_f64, str12};
use super::int::{self, Num, num};
use super::int_args::{index, index_opt, new_class};
use super::int_methods::{formatted, spec_arg};
use super::number_format;
use super::text;
use crate::kinds;
use crate::native::{Args, GetSetDef, NativeDef, type_flag};
use crate::object::class_name;
use crate::object::compare::Cmp;
use crate::object::number::Op;
use crate::thread::Thread;
use num_bigint::BigInt;
use txpy_heap::{Header, R, Value};

macro_rules! binary {
    ($($f:ident $r:ident $op:ident)*) => { $(
        fn $f(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::$op, a.get(0), a.get(1)) }
        fn $r(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::$op, a.get(1), a.get(0)) }
    )* };
}
binary! { add radd Add sub rsub Sub mul rmul Mul truediv rtruediv TrueDiv floordiv rfloordiv FloorDiv mod_ rmod Mod divmod rdivmod DivMod }
macro_rules! ordered {
    ($($f:ident $op:ident)*) => { $(fn $f(_: &mut Thread, a: Args) -> R<Value> {
        let (x, y) = (a.get(0), a.get(1));
        Ok(if to_f64(y).is_some() || num(y).is_some() { Value::from_bool(int::compare_mixed(Cmp::$op, x, y)) } else { Value::NOT_IMPLEMENTED })
    })* };
}
ordered! { lt Lt le Le eq Eq ne Ne gt Gt ge Ge }

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, x=0, /)" = new_float, "Create a float.";
    #[py2] "__new__(cls, x=0)" = new_float, "Create a float.";
    #[alloc] "__add__(self, value, /)" = add, "Return self+value.";
    #[alloc] "__radd__(self, value, /)" = radd, "Return value+self.";
    #[alloc] "__sub__(self, value, /)" = sub, "Return self-value.";
    #[alloc] "__rsub__(self, value, /)" = rsub, "Return value-self.";
    #[alloc] "__mul__(self, value, /)" = mul, "Return self*value.";
    #[alloc] "__rmul__(self, value, /)" = rmul, "Return value*self.";
    #[alloc, py2] "__div__(self, value, /)" = truediv, "Return self/value.";
    #[alloc, py2] "__rdiv__(self, value, /)" = rtruediv, "Return value/self.";
    #[alloc] "__truediv__(self, value, /)" = truediv, "Return self/value.";
    #[alloc] "__rtruediv__(self, value, /)" = rtruediv, "Return value/self.";
    #[alloc] "__floordiv__(self, value, /)" = floordiv, "Return self//value.";
    #[alloc] "__rfloordiv__(self, value, /)" = rfloordiv, "Return value//self.";
    #[alloc] "__mod__(self, value, /)" = mod_, "Return self%value.";
    #[alloc] "__rmod__(self, value, /)" = rmod, "Return value%self.";
    #[alloc] "__divmod__(self, value, /)" = divmod, "Return divmod(self, value).";
    #[alloc] "__rdivmod__(self, value, /)" = rdivmod, "Return divmod(value, self).";
    #[alloc] "__pow__(self, value, mod=None, /)" = pow, "Return self**value.";
    #[alloc] "__rpow__(self, value, mod=None, /)" = rpow, "Return value**self.";
    #[alloc] "__neg__(self, /)" = neg, "Return -self.";
    #[alloc] "__pos__(self, /)" = as_float, "Return +self.";
    #[alloc] "__abs__(self, /)" = abs, "Return abs(self).";
    #[alloc] "__float__(self, /)" = as_float, "Return self.";
    #[alloc] "__int__(self, /)" = trunc, "Return int(self).";
    #[alloc, py2] "__long__(self, /)" = as_long, "Return long(self).";
    #[alloc] "__trunc__(self, /)" = trunc, "Return the integer part.";
    #[alloc, py3] "__floor__(self, /)" = floor, "Return the largest int that is not above self.";
    #[alloc, py3] "__ceil__(self, /)" = ceil, "Return the smallest int that is not below self.";
    #[py3] "__round__(self, ndigits=None, /)" = round, "Return self rounded to ndigits places, halves to even.";
    #[pure, py3] "__bool__(self, /)" = truth, "Return self != 0.";
    #[pure, py2] "__nonzero__(self, /)" = truth, "Return self != 0.";
    #[pure] "__lt__(self, value, /)" = lt, "Return self<value.";
    #[pure] "__le__(self, value, /)" = le, "Return self<=value.";
    #[pure] "__eq__(self, value, /)" = eq, "Return self==value.";
    #[pure] "__ne__(self, value, /)" = ne, "Return self!=value.";
    #[pure] "__gt__(self, value, /)" = gt, "Return self>value.";
    #[pure] "__ge__(self, value, /)" = ge, "Return self>=value.";
    #[alloc, py2] "__coerce__(self, value, /)" = coerce, "Return both as floats.";
    #[pure] "__hash__(self, /)" = hash, "Return hash(self).";
    #[alloc] "__repr__(self, /)" = repr, "Return repr(self).";
    #[alloc, py2] "__str__(self, /)" = str_, "Return str(self).";
    "__format__(self, format_spec, /)" = format, "Return self formatted by format_spec.";
    #[alloc] "__getnewargs__(self, /)" = getnewargs, "Arguments to make a copy.";
    #[pure] "__sizeof__(self, /)" = sizeof, "Size of the number in memory, in bytes.";
    #[alloc] "conjugate(self, /)" = as_float, "Return self.";
    #[alloc] "as_integer_ratio(self, /)" = as_integer_ratio, "Return a pair of ints whose quotient is self, in lowest terms.\n\n>>> (0.75).as_integer_ratio() == (3, 4)\nTrue";
    #[pure] "is_integer(self, /)" = is_integer, "Return True if self has no fraction.";
    #[alloc] "hex(self, /)" = hex, "Return self in hexadecimal notation.\n\n>>> (0.5).hex()\n'0x1.0000000000000p-1'";
    #[class] "fromhex(type, string, /)" = fromhex, "Create a float from hexadecimal notation.\n\n>>> float.fromhex('0x1.8p+1')\n3.0";
    #[class] "__getformat__(type, typestr, /)" = getformat, "Return how C's 'double' or 'float' is stored.";
    #[class, py2] "__setformat__(type, typestr, fmt, /)" = setformat, "Set how C's 'double' or 'float' is stored.";
};
pub static GETSET: &[GetSetDef] = getset! {
    "real" = exact_value, "The real part of a complex number";
    "imag" = zero, "The imaginary part of a complex number";
};

fn this(v: Value) -> f64 { to_f64(v).expect("checked by the call") }
fn exact_value(th: &mut Thread, v: Value) -> R<Value> { if v.is_float() || FLOAT.is_exact(v) { Ok(v) } else { new(th, this(v)) } }
fn zero(_: &mut Thread, _: Value) -> R<Value> { Ok(Value(0)) }

fn both(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Value> { Ok(float_arith::of_values(th, op, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED)) }
fn power(th: &mut Thread, x: Value, y: Value, m: Value) -> R<Value> {
    if !m.is_none() {
        return Err(th.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    both(th, Op::Pow, x, y)
}
fn pow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(0), a.get(1), a.or(2, Value::NONE)) }
fn rpow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(1), a.get(0), a.or(2, Value::NONE)) }
fn neg(th: &mut Thread, a: Args) -> R<Value> { new(th, -this(a.get(0))) }
fn abs(th: &mut Thread, a: Args) -> R<Value> { new(th, this(a.get(0)).abs()) }
fn as_float(th: &mut Thread, a: Args) -> R<Value> { exact_value(th, a.get(0)) }
fn trunc(th: &mut Thread, a: Args) -> R<Value> { int::from_f64(th, this(a.get(0)), false) }
fn as_long(th: &mut Thread, a: Args) -> R<Value> { int::from_f64(th, this(a.get(0)), true) }
fn floor(th: &mut Thread, a: Args) -> R<Value> { int::from_f64(th, this(a.get(0)).floor(), false) }
fn ceil(th: &mut Thread, a: Args) -> R<Value> { int::from_f64(th, this(a.get(0)).ceil(), false) }
fn truth(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(this(a.get(0)) != 0.0)) }
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    // Every nan hashes by its identity in Python 3.
    let h = if f.is_nan() && th.py3() && a.get(0).is_ref() { crate::object::hash::by_identity(a.get(0)) } else { float::hash_f64(f) };
    int::from_i64(th, h)
}
fn coerce(th: &mut Thread, a: Args) -> R<Value> {
    match real(th, a.get(1))? {
        Some(y) => {
            let y = new(th, y)?;
            th.new_tuple(&[a.get(0), y])
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn round(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let Some(d) = a.some(1) else {
        return int::from_f64(th, f.round_ties_even(), false);
    };
    let d = index(th, d)?;
    let d = int::to_i64(d).unwrap_or(if int::is_negative(d) { i64::MIN } else { i64::MAX });
    rounded(th, f, d, false)
}
/// `round(f, digits)` as a float; `away`: 2.7's rounding of halves.
pub fn rounded(th: &mut Thread, f: f64, digits: i64, away: bool) -> R<Value> {
    match float_arith::round_digits(f, digits, away) {
        Some(r) => new(th, r),
        None => Err(th.overflow_error("rounded value too large to represent")),
    }
}

// ---- text

fn repr(th: &mut Thread, a: Args) -> R<Value> { th.native_str(&repr_f64(this(a.get(0)))) }
fn str_(th: &mut Thread, a: Args) -> R<Value> { th.native_str(&str12(this(a.get(0)), true)) }
fn format(th: &mut Thread, a: Args) -> R<Value> {
    let spec = spec_arg(th, a.get(1))?;
    if spec.is_empty() {
        let s = crate::object::str_(th, a.get(0))?;
        return formatted(th, a.get(1), &text::lossy(s));
    }
    let class = class_name(a.get(0));
    let s = number_format::format_float(th, this(a.get(0)), &spec, &class)?;
    formatted(th, a.get(1), &s)
}
fn hex(th: &mut Thread, a: Args) -> R<Value> { th.native_str(&float_parse::to_hex(this(a.get(0)))) }
fn fromhex(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_string(th, a.get(1)) {
        let got = class_name(a.get(1));
        return Err(th.type_error(if th.py3() { "bad argument type for built-in operation".to_string() } else { format!("expected string or Unicode object, {got} found") }));
    }
    let f = match float_parse::from_hex(text::bytes_of(a.get(1)).unwrap_or(&[])) {
        Ok(f) => f,
        Err(HexError::Invalid) => return Err(th.value_error("invalid hexadecimal floating-point string")),
        Err(HexError::TooLarge) => return Err(th.overflow_error("hexadecimal value too large to represent as a float")),
    };
    let v = new(th, f)?;
    if a.get(0) == FLOAT.value() { Ok(v) } else { th.call(a.get(0), &[v]) }
}
fn c_type(th: &mut Thread, v: Value, name: &str, number: &str) -> R<()> {
    if !text::is_string(th, v) {
        let got = class_name(v);
        let want = if th.py3() { "str" } else { "string" };
        return Err(th.type_error(format!("{name}() argument {number}must be {want}, not {got}")));
    }
    match text::bytes_of(v) {
        Some(b"double" | b"float") => Ok(()),
        _ => Err(th.value_error(format!("{name}() argument 1 must be 'double' or 'float'"))),
    }
}
const STORED: &str = if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" };
fn getformat(th: &mut Thread, a: Args) -> R<Value> {
    c_type(th, a.get(1), "__getformat__", "")?;
    th.native_str(STORED)
}
fn setformat(th: &mut Thread, a: Args) -> R<Value> {
    c_type(th, a.get(1), "__setformat__", "1 ")?;
    let known = text::bytes_of(a.get(2));
    if known == Some(b"unknown") || known == Some(STORED.as_bytes()) {
        return Ok(Value::NONE);
    }
    if matches!(known, Some(b"IEEE, little-endian" | b"IEEE, big-endian")) {
        return Err(th.value_error(format!("can only set {} format to 'unknown' or the detected platform value", text::lossy(a.get(1)))));
    }
    Err(th.value_error("__setformat__() argument 2 must be 'unknown', 'IEEE, little-endian' or 'IEEE, big-endian'"))
}

// ---- others

fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let v = exact_value(th, a.get(0))?;
    th.new_tuple(&[v])
}
fn sizeof(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::int(24)) }
fn is_integer(_: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    Ok(Value::from_bool(f.is_finite() && f.floor() == f))
}
fn as_integer_ratio(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    if f.is_infinite() {
        return Err(th.overflow_error(if th.py3() { "cannot convert Infinity to integer ratio" } else { "Cannot pass infinity to float.as_integer_ratio." }));
    }
    if f.is_nan() {
        return Err(th.value_error(if th.py3() { "cannot convert NaN to integer ratio" } else { "Cannot pass NaN to float.as_integer_ratio." }));
    }
    let bits = f.to_bits();
    let (e, m) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    let (m, e) = if e == 0 { (m, -1074) } else { (m | 1 << 52, e - 1075) };
    let zeros = if m == 0 { 0 } else { m.trailing_zeros() as i64 };
    let (m, e) = if m == 0 { (0, 0) } else { (m >> zeros, e + zeros) };
    let m = BigInt::from(if f < 0.0 { -(m as i64) } else { m as i64 });
    let (p, q) = if e >= 0 { (m << e as u64, BigInt::from(1)) } else { (m, BigInt::from(1) << (-e) as u64) };
    let p = int::from_bigint(th, &p)?;
    let q = int::from_bigint(th, &q)?;
    th.new_tuple(&[p, q])
}

// ---- conversion

fn new_float(th: &mut Thread, a: Args) -> R<Value> {
    let class = new_class(th, &FLOAT, a.get(0))?;
    let f = match a.opt(1) {
        Some(v) if class == FLOAT.ty() && float::exact(v).is_some() => return Ok(v),
        Some(v) => to_float(th, v)?,
        None => 0.0,
    };
    if !class.frozen().has(type_flag::HEAP) {
        return new(th, f);
    }
    Ok(crate::object::instance::alloc_like(th, class.value(), |_| Float { header: Header::NEW, value: f })?.value())
}
/// `float(v)`.
pub fn to_float(th: &mut Thread, v: Value) -> R<f64> {
    if let Some(f) = float::exact(v) {
        return Ok(f);
    }
    if let Some(n @ Num::Small(_)) = int::exact(v) {
        return Ok(n.f64());
    }
    let source = match v.cast::<super::bytearray::ByteArray>() {
        Some(b) => super::bytearray::snapshot(th, b)?,
        None => super::int_methods::text_of_buffer(th, v)?,
    };
    let Some(b) = float_parse::ascii(source) else {
        if let Some(f) = number(th, v)? {
            return Ok(f);
        }
        let got = class_name(v);
        if v.kind() == Some(kinds::COMPLEX) && !th.py3() {
            return Err(th.type_error("can't convert complex to float"));
        }
        return Err(th.type_error(if th.py3() { format!("float() argument must be a string or a real number, not '{got}'") } else { "float() argument must be a string or a number".to_string() }));
    };
    let py3 = th.py3();
    if let Some(f) = float_parse::parse(&b, py3) {
        return Ok(f);
    }
    if py3 {
        let shown = crate::object::repr_text(th, source)?;
        return Err(th.value_error(format!("could not convert string to float: {shown}")));
    }
    // 2.7 tells a text that starts as a number from one that does not.
    if let Some(at) = text::is_text(v).then(|| text::lossy(v)).and_then(|s| s.chars().position(|c| c as u32 > 255)) {
        return Err(not_decimal(th, v, at));
    }
    let body = float_parse::trim(&b);
    let shown = String::from_utf8_lossy(float_parse::trim_start(&b)).into_owned();
    let msg = if float_parse::scan(body) > 0 { format!("invalid literal for float(): {shown}") } else { format!("could not convert string to float: {shown}") };
    Err(th.value_error(msg))
}
fn number(th: &mut Thread, v: Value) -> R<Option<f64>> {
    if let Some(f) = float::by_method(th, v)? {
        return Ok(Some(f));
    }
    if th.py3() && num(v).is_none() {
        if let Some(n) = index_opt(th, v)?.and_then(num) {
            return super::int_arith::float_of(th, n).map(Some);
        }
    }
    if let Some(f) = to_f64(v) { Ok(Some(f)) } else { real(th, v) }
}
/// 2.7's error for a text with a character that is neither digit nor Latin-1.
pub fn not_decimal(th: &mut Thread, v: Value, at: usize) -> txpy_heap::Unwind {
    let (a, b) = match (th.native_str("decimal"), th.native_str("invalid decimal Unicode string")) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(e), _) | (_, Err(e)) => return e,
    };
    th.raise_with(&crate::exceptions::UNICODE_ENCODE_ERROR, &[a, v, Value::int(at as i64), Value::int(at as i64 + 1), b])
}
