//! Methods of `int` and `long`.

use super::dunder::D;
use super::int::{self, INT, LONG, Num, exact_value, is_long, make, make_big, make_like, num};
use super::int_args::{arg_i64, index, index_opt, is_exactly, new_class};
use super::int_arith::{self, big_divmod};
use super::{float, float_parse, int_parse, number_format, text};
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object::compare::Cmp;
use crate::object::number::Op;
use crate::object::{call_special, class_name, dunder};
use crate::thread::Thread;
use num_bigint::{BigInt, Sign};
use txpy_heap::{R, Value};

macro_rules! binary {
    ($($f:ident $r:ident $op:ident)*) => { $(
        fn $f(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::$op, a.get(0), a.get(1)) }
        fn $r(th: &mut Thread, a: Args) -> R<Value> { both(th, Op::$op, a.get(1), a.get(0)) }
    )* };
}
binary! {
    add radd Add sub rsub Sub mul rmul Mul div rdiv Div truediv rtruediv TrueDiv floordiv rfloordiv FloorDiv mod_ rmod Mod divmod rdivmod DivMod
    lshift rlshift LShift rshift rrshift RShift and rand And or ror Or xor rxor Xor
}
macro_rules! ordered {
    ($($f:ident $op:ident)*) => { $(fn $f(_: &mut Thread, a: Args) -> R<Value> {
        Ok(int::compare(a.get(0), a.get(1)).map_or(Value::NOT_IMPLEMENTED, |o| Value::from_bool(Cmp::$op.holds(o))))
    })* };
}
ordered! { lt Lt le Le eq Eq ne Ne gt Gt ge Ge }

/// What both types have.
pub static METHODS: &[NativeDef] = natives! {
    #[alloc] "__add__(self, value, /)" = add, "Return self+value.";
    #[alloc] "__radd__(self, value, /)" = radd, "Return value+self.";
    #[alloc] "__sub__(self, value, /)" = sub, "Return self-value.";
    #[alloc] "__rsub__(self, value, /)" = rsub, "Return value-self.";
    #[alloc] "__mul__(self, value, /)" = mul, "Return self*value.";
    #[alloc] "__rmul__(self, value, /)" = rmul, "Return value*self.";
    #[alloc, py2] "__div__(self, value, /)" = div, "Return self/value, rounded down.";
    #[alloc, py2] "__rdiv__(self, value, /)" = rdiv, "Return value/self, rounded down.";
    #[alloc] "__truediv__(self, value, /)" = truediv, "Return self/value.";
    #[alloc] "__rtruediv__(self, value, /)" = rtruediv, "Return value/self.";
    #[alloc] "__floordiv__(self, value, /)" = floordiv, "Return self//value.";
    #[alloc] "__rfloordiv__(self, value, /)" = rfloordiv, "Return value//self.";
    #[alloc] "__mod__(self, value, /)" = mod_, "Return self%value.";
    #[alloc] "__rmod__(self, value, /)" = rmod, "Return value%self.";
    #[alloc] "__divmod__(self, value, /)" = divmod, "Return divmod(self, value).";
    #[alloc] "__rdivmod__(self, value, /)" = rdivmod, "Return divmod(value, self).";
    #[alloc] "__pow__(self, value, mod=None, /)" = pow, "Return pow(self, value, mod).";
    #[alloc] "__rpow__(self, value, mod=None, /)" = rpow, "Return pow(value, self, mod).";
    #[alloc] "__lshift__(self, value, /)" = lshift, "Return self<<value.";
    #[alloc] "__rlshift__(self, value, /)" = rlshift, "Return value<<self.";
    #[alloc] "__rshift__(self, value, /)" = rshift, "Return self>>value.";
    #[alloc] "__rrshift__(self, value, /)" = rrshift, "Return value>>self.";
    #[alloc] "__and__(self, value, /)" = and, "Return self&value.";
    #[alloc] "__rand__(self, value, /)" = rand, "Return value&self.";
    #[alloc] "__or__(self, value, /)" = or, "Return self|value.";
    #[alloc] "__ror__(self, value, /)" = ror, "Return value|self.";
    #[alloc] "__xor__(self, value, /)" = xor, "Return self^value.";
    #[alloc] "__rxor__(self, value, /)" = rxor, "Return value^self.";
    #[alloc] "__neg__(self, /)" = neg, "Return -self.";
    #[alloc] "__pos__(self, /)" = as_int, "Return +self.";
    #[alloc] "__abs__(self, /)" = abs, "Return abs(self).";
    #[alloc] "__invert__(self, /)" = invert, "Return ~self.";
    #[alloc, py3] "__int__(self, /)" = as_int, "Return int(self).";
    #[alloc, py2] "__int__(self, /)" = as_int2, "Return int(self).";
    #[alloc, py2] "__long__(self, /)" = as_long, "Return long(self).";
    #[alloc] "__index__(self, /)" = as_int, "Return self as an exact integer.";
    #[alloc] "__trunc__(self, /)" = as_int, "Return self.";
    #[alloc, py3] "__floor__(self, /)" = as_int, "Return self.";
    #[alloc, py3] "__ceil__(self, /)" = as_int, "Return self.";
    #[alloc] "__float__(self, /)" = as_float, "Return float(self).";
    #[py3] "__round__(self, ndigits=None, /)" = round, "Return self rounded to 10**-ndigits, halves to even.";
    #[pure, py3] "__bool__(self, /)" = truth, "Return self != 0.";
    #[pure, py2] "__nonzero__(self, /)" = truth, "Return self != 0.";
    #[pure, py3] "__lt__(self, value, /)" = lt, "Return self<value.";
    #[pure, py3] "__le__(self, value, /)" = le, "Return self<=value.";
    #[pure, py3] "__eq__(self, value, /)" = eq, "Return self==value.";
    #[pure, py3] "__ne__(self, value, /)" = ne, "Return self!=value.";
    #[pure, py3] "__gt__(self, value, /)" = gt, "Return self>value.";
    #[pure, py3] "__ge__(self, value, /)" = ge, "Return self>=value.";
    #[py2] "__cmp__(self, value, /)" = cmp, "Return -1, 0 or 1.";
    #[alloc, py2] "__coerce__(self, value, /)" = coerce, "Return both as one type.";
    #[pure] "__hash__(self, /)" = hash, "Return hash(self).";
    #[alloc] "__repr__(self, /)" = repr, "Return repr(self).";
    #[alloc, py2] "__str__(self, /)" = str_, "Return str(self).";
    #[alloc, py2] "__oct__(self, /)" = oct, "Return oct(self).";
    #[alloc, py2] "__hex__(self, /)" = hex, "Return hex(self).";
    "__format__(self, format_spec, /)" = format, "Return self formatted by format_spec.";
    #[alloc] "__getnewargs__(self, /)" = getnewargs, "Arguments to make a copy.";
    #[pure] "__sizeof__(self, /)" = sizeof, "Size of the number in memory, in bytes.";
    #[alloc] "conjugate(self, /)" = as_int, "Return self.";
    #[pure] "bit_length(self, /)" = bit_length, "Number of bits of the magnitude in binary.\n\n>>> (5).bit_length()\n3";
    #[pure, py3] "bit_count(self, /)" = bit_count, "Number of ones of the magnitude in binary.\n\n>>> (5).bit_count()\n2";
    #[alloc, py3] "as_integer_ratio(self, /)" = as_integer_ratio, "Return (self, 1).\n\n>>> (5).as_integer_ratio()\n(5, 1)";
    #[pure, py3] "is_integer(self, /)" = is_integer, "Return True.";
    #[py3] "to_bytes(self, length=1, byteorder='big', *, signed=False)" = to_bytes, "Return the number as so many bytes.";
    #[class, py3] "from_bytes(type, bytes, byteorder='big', *, signed=False)" = from_bytes, "Return the number that the bytes stand for.";
};
/// `int` alone.
pub static INT_METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, x=0, /, base=10)" = new_int, "Create an int.";
    #[py2] "__new__(cls, x=0, base=10)" = new_int, "Create an int.";
};
/// `long` alone.
pub static LONG_METHODS: &[NativeDef] = natives! {
    #[py2] "__new__(cls, x=0, base=10)" = new_long, "Create a long.";
};
pub static GETSET: &[GetSetDef] = getset! {
    "real" = exact_value, "The real part of a complex number";
    "imag" = zero, "The imaginary part of a complex number";
    "numerator" = exact_value, "The numerator of a rational number in lowest terms";
    "denominator" = one, "The denominator of a rational number in lowest terms";
};

fn this(v: Value) -> Num { num(v).expect("checked by the call") }
fn zero(th: &mut Thread, v: Value) -> R<Value> { make(th, 0, is_long(v)) }
fn one(th: &mut Thread, v: Value) -> R<Value> { make(th, 1, is_long(v)) }

fn both(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Value> { Ok(int_arith::of_values(th, op, a, b)?.unwrap_or(Value::NOT_IMPLEMENTED)) }
fn pow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(0), a.get(1), a.or(2, Value::NONE)) }
fn rpow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(1), a.get(0), a.or(2, Value::NONE)) }
fn power(th: &mut Thread, x: Value, y: Value, m: Value) -> R<Value> {
    if m.is_none() {
        return both(th, Op::Pow, x, y);
    }
    let (Some(a), Some(b), Some(c)) = (num(x), num(y), num(m)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let long = is_long(x) || is_long(y) || is_long(m);
    int_arith::mod_power(th, a, b, c, long)
}
fn neg(th: &mut Thread, a: Args) -> R<Value> { int_arith::negate(th, this(a.get(0)), is_long(a.get(0))) }
fn abs(th: &mut Thread, a: Args) -> R<Value> { int_arith::absolute(th, this(a.get(0)), is_long(a.get(0))) }
fn invert(th: &mut Thread, a: Args) -> R<Value> { int_arith::invert(th, this(a.get(0)), is_long(a.get(0))) }
fn as_int(th: &mut Thread, a: Args) -> R<Value> { exact_value(th, a.get(0)) }
/// 2.7: an `int` if it fits.
fn as_int2(th: &mut Thread, a: Args) -> R<Value> {
    match this(a.get(0)) {
        Num::Small(i) => make(th, i, false),
        Num::Big(_) => exact_value(th, a.get(0)),
    }
}
fn as_long(th: &mut Thread, a: Args) -> R<Value> {
    match this(a.get(0)) {
        Num::Small(i) => make(th, i, true),
        Num::Big(_) => exact_value(th, a.get(0)),
    }
}
fn as_float(th: &mut Thread, a: Args) -> R<Value> {
    let f = int_arith::float_of(th, this(a.get(0)))?;
    float::new(th, f)
}
fn truth(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(!this(a.get(0)).is_zero())) }
fn hash(th: &mut Thread, a: Args) -> R<Value> { int::from_i64(th, this(a.get(0)).hash()) }

fn round(th: &mut Thread, a: Args) -> R<Value> {
    let Some(d) = a.opt(1) else { return exact_value(th, a.get(0)) };
    let d = index(th, d)?;
    let n = this(a.get(0));
    if !int::is_negative(d) {
        return exact_value(th, a.get(0));
    }
    // With more digits than the number has, nothing is left.
    let k = int::to_i64(d).map_or(u64::MAX, i64::unsigned_abs);
    if k as f64 * 3.32 > n.bits() as f64 + 4.0 {
        return make(th, 0, false);
    }
    let unit = BigInt::from(10).pow(k as u32);
    let (q, r) = big_divmod(&n.big(), &unit);
    let twice: BigInt = r * 2;
    let up = twice > unit || twice == unit && q.bit(0);
    make_big(th, &((if up { q + 1 } else { q }) * unit), false)
}

/// NotImplemented for what is no integer: the caller's order of types decides then.
fn cmp(_: &mut Thread, a: Args) -> R<Value> { Ok(int::compare(a.get(0), a.get(1)).map_or(Value::NOT_IMPLEMENTED, |o| Value::int(o as i64))) }
fn coerce(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if num(y).is_none() || is_long(y) && !is_long(x) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let y = match num(y) {
        Some(Num::Small(i)) if is_long(x) && !is_long(y) => make(th, i, true)?,
        _ => y,
    };
    th.new_tuple(&[x, y])
}

// ---- text

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let mut s = int_parse::decimal(th, this(a.get(0)))?;
    if is_long(a.get(0)) {
        s.push('L');
    }
    th.native_str(&s)
}
fn str_(th: &mut Thread, a: Args) -> R<Value> {
    let s = int_parse::decimal(th, this(a.get(0)))?;
    th.native_str(&s)
}
fn based(th: &mut Thread, v: Value, base: u32, prefix: &str) -> R<Value> {
    let n = this(v);
    let sign = if n.is_negative() { "-" } else { "" };
    let digits = int_parse::magnitude(th, n, base)?;
    let prefix = if base == 8 && n.is_zero() { "" } else { prefix };
    let suffix = if is_long(v) { "L" } else { "" };
    th.native_str(&format!("{sign}{prefix}{digits}{suffix}"))
}
fn oct(th: &mut Thread, a: Args) -> R<Value> { based(th, a.get(0), 8, "0") }
fn hex(th: &mut Thread, a: Args) -> R<Value> { based(th, a.get(0), 16, "0x") }

/// The specifier argument of `__format__`.
pub fn spec_arg<'a>(th: &mut Thread, v: Value) -> R<std::borrow::Cow<'a, str>> {
    if let Some(b) = text::bytes_of(v).filter(|_| text::is_string(th, v)) {
        // A byte string's bytes stand for themselves; `formatted` turns them back.
        return Ok(if text::is_text(v) { text::lossy(v) } else { b.iter().map(|c| *c as char).collect() });
    }
    let got = if v.is_none() { "None".to_string() } else { class_name(v) };
    Err(th.type_error(if th.py3() { format!("__format__() argument must be str, not {got}") } else { "__format__ requires str or unicode".to_string() }))
}
/// The result of `__format__`: of the specifier's type.
pub fn formatted(th: &mut Thread, spec: Value, s: &str) -> R<Value> {
    if text::is_text(spec) || s.is_ascii() {
        return if text::is_text(spec) { th.new_str(s) } else { th.native_str(s) };
    }
    let bytes: Vec<u8> = s.chars().map(|c| u8::try_from(c as u32).unwrap_or(b'?')).collect();
    th.new_bytes(&bytes)
}

fn format(th: &mut Thread, a: Args) -> R<Value> {
    let spec = spec_arg(th, a.get(1))?;
    if spec.is_empty() {
        let s = crate::object::str_(th, a.get(0))?;
        return if text::is_text(a.get(1)) && !text::is_text(s) { th.new_str(&text::lossy(s)) } else { Ok(s) };
    }
    let class = class_name(a.get(0));
    let s = number_format::format_int(th, this(a.get(0)), &spec, &class)?;
    formatted(th, a.get(1), &s)
}

// ---- others

fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let v = exact_value(th, a.get(0))?;
    th.new_tuple(&[v])
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let bits = this(a.get(0)).bits() as i64;
    let py3 = th.py3();
    // CPython's digits have 30 bits.
    Ok(Value::int(if !py3 && !is_long(a.get(0)) { 24 } else { 24 + 4 * ((bits + 29) / 30).max(py3 as i64) }))
}
fn bit_length(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(this(a.get(0)).bits() as i64)) }
fn bit_count(_: &mut Thread, a: Args) -> R<Value> {
    Ok(Value::int(match this(a.get(0)) {
        Num::Small(i) => i.unsigned_abs().count_ones() as i64,
        Num::Big(g) => g.frozen().limbs().iter().map(|w| w.count_ones() as i64).sum(),
    }))
}
fn as_integer_ratio(th: &mut Thread, a: Args) -> R<Value> {
    let v = exact_value(th, a.get(0))?;
    th.new_tuple(&[v, Value::int(1)])
}
fn is_integer(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::TRUE) }

/// Whether the byte order is little-endian.
fn order(th: &mut Thread, v: Option<Value>, method: &str) -> R<bool> {
    let Some(v) = v else { return Ok(false) };
    if !text::is_text(v) {
        let got = class_name(v);
        return Err(th.type_error(format!("{method}() argument 'byteorder' must be str, not {got}")));
    }
    match text::bytes_of(v) {
        Some(b"little") => Ok(true),
        Some(b"big") => Ok(false),
        _ => Err(th.value_error("byteorder must be either 'little' or 'big'")),
    }
}
fn flag(th: &mut Thread, v: Option<Value>) -> R<bool> {
    match v {
        Some(v) => crate::object::is_true(th, v),
        None => Ok(false),
    }
}
fn to_bytes(th: &mut Thread, a: Args) -> R<Value> {
    let length = match a.opt(1) {
        Some(v) => arg_i64(th, v)?,
        None => 1,
    };
    let little = order(th, a.opt(2), "to_bytes")?;
    let signed = flag(th, a.opt(3))?;
    if length < 0 {
        return Err(th.value_error("length argument must be non-negative"));
    }
    let n = this(a.get(0));
    if n.is_negative() && !signed {
        return Err(th.overflow_error("can't convert negative int to unsigned"));
    }
    let mut bytes = if signed { n.big().to_signed_bytes_le() } else { n.big().magnitude().to_bytes_le() };
    let fill = if n.is_negative() { 0xFF } else { 0 };
    if n.is_zero() {
        bytes.clear();
    }
    if bytes.len() as i64 > length {
        return Err(th.overflow_error("int too big to convert"));
    }
    let out = text::alloc_bytes(th, length as usize)?;
    // SAFETY: the bytes object is not yet known to anybody else.
    let to = unsafe { out.frozen().tail_mut() };
    to[..bytes.len()].copy_from_slice(&bytes);
    to[bytes.len()..].fill(fill);
    if !little {
        to.reverse();
    }
    Ok(out.value())
}
fn from_bytes(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(1);
    let little = order(th, a.opt(2), "from_bytes")?;
    let signed = flag(th, a.opt(3))?;
    let b = if text::is_bytes(v) {
        v
    } else {
        if text::is_text(v) || num(v).is_some() || crate::object::dunder(v, D::iter).is_none() && crate::object::dunder(v, D::bytes).is_none() && v.kind() != Some(crate::kinds::BYTEARRAY) && v.kind() != Some(crate::kinds::MEMORYVIEW) {
            let got = class_name(v);
            return Err(th.type_error(format!("cannot convert '{got}' object to bytes")));
        }
        th.call(text::BYTES.value(), &[v])?
    };
    let bytes = text::bytes_of(b).unwrap_or(&[]);
    let n = match (little, signed) {
        (true, true) => BigInt::from_signed_bytes_le(bytes),
        (true, false) => BigInt::from_bytes_le(Sign::Plus, bytes),
        (false, true) => BigInt::from_signed_bytes_be(bytes),
        (false, false) => BigInt::from_bytes_be(Sign::Plus, bytes),
    };
    let r = make_big(th, &n, false)?;
    if a.get(0) == INT.value() { Ok(r) } else { th.call(a.get(0), &[r]) }
}

// ---- conversion

fn new_int(th: &mut Thread, a: Args) -> R<Value> {
    let class = new_class(th, &INT, a.get(0))?;
    let v = from_args(th, a, false)?;
    if class == INT.ty() {
        return Ok(v);
    }
    if !th.py3() && int::to_i64(v).is_none() {
        return Err(th.overflow_error("Python int too large to convert to C long"));
    }
    make_like(th, class, v)
}
fn new_long(th: &mut Thread, a: Args) -> R<Value> {
    let class = new_class(th, &LONG, a.get(0))?;
    let v = from_args(th, a, true)?;
    let v = match num(v) {
        Some(Num::Small(i)) if !LONG.is_exact(v) => make(th, i, true)?,
        _ => v,
    };
    make_like(th, class, v)
}
fn from_args(th: &mut Thread, a: Args, long: bool) -> R<Value> {
    let name = if long { "long" } else { "int" };
    match (a.opt(1), a.opt(2)) {
        (None, None) => make(th, 0, long),
        (None, Some(_)) => Err(th.type_error(format!("{name}() missing string argument"))),
        (Some(v), None) => to_int(th, v, long),
        (Some(v), Some(base)) => {
            let base = if th.py3() {
                let base = index(th, base)?;
                int::to_i64(base).unwrap_or(-1)
            } else {
                arg_i64(th, base)?
            };
            if base != 0 && !(2..=36).contains(&base) {
                return Err(th.value_error(format!("{name}() base must be >= 2 and <= 36, or 0")));
            }
            match from_text(th, v, base as u32, long)? {
                Some(v) => Ok(v),
                None => Err(th.type_error(format!("{name}() can't convert non-string with explicit base"))),
            }
        }
    }
}

/// `int(v)`; with `long`, 2.7's `long(v)`.
pub fn to_int(th: &mut Thread, v: Value, long: bool) -> R<Value> {
    if v.is_int() && !long {
        return Ok(v);
    }
    if is_exactly(v, &INT) || is_exactly(v, &int::BOOL) {
        return match num(v) {
            Some(Num::Small(i)) => make(th, i, long),
            _ => Ok(v),
        };
    }
    if let Some(f) = float::exact(v) {
        return int::from_f64(th, f, long);
    }
    let method = if long { D::long } else { D::int_ };
    if let Some(f) = dunder(v, method).filter(|f| !f.is_none()) {
        let r = call_special(th, f, v, &[])?;
        if num(r).is_some() {
            if th.py3() && !r.is_int() && !is_exactly(r, &INT) {
                super::int_args::strict_subclass(th, "__int__ returned non-int", r, "int")?;
            }
            return exact_value(th, r);
        }
        let got = class_name(r);
        return Err(th.type_error(format!("{} returned non-{} (type {got})", method.text(), if long { "long" } else { "int" })));
    }
    if th.py3() {
        if let Some(r) = index_opt(th, v)? {
            return exact_value(th, r);
        }
    }
    if let Some(f) = dunder(v, D::trunc).filter(|f| !f.is_none()) {
        if th.py3() {
            crate::warn::warn(th, &crate::exceptions::DEPRECATION_WARNING, "The delegation of int() to __trunc__ is deprecated.")?;
        }
        let r = call_special(th, f, v, &[])?;
        if let Some(r) = index_opt(th, r)? {
            return exact_value(th, r);
        }
        // Another Integral: 2.7 asks it for its number.
        let integral = if th.py3() { None } else { crate::object::call_dunder(th, r, D::int_, &[])? };
        return match integral {
            Some(r) if num(r).is_some() => exact_value(th, r),
            _ => {
                let got = class_name(r);
                Err(th.type_error(format!("__trunc__ returned non-Integral (type {got})")))
            }
        };
    }
    let source = text_of_buffer(th, v)?;
    if let Some(r) = from_text(th, source, 10, long)? {
        return Ok(r);
    }
    let got = class_name(v);
    let name = if long { "long" } else { "int" };
    Err(th.type_error(if th.py3() { format!("{name}() argument must be a string, a bytes-like object or a real number, not '{got}'") } else { format!("{name}() argument must be a string or a number, not '{got}'") }))
}
/// The bytes of another object that a number is read from, in Python 3 of any buffer. Everything else is itself.
pub(super) fn text_of_buffer(th: &mut Thread, v: Value) -> R<Value> {
    use crate::native::buffer;
    let wanted = th.py3() && text::bytes_of(v).is_none() && buffer::is_bytes_like(th, v);
    if wanted { buffer::snapshot(th, v) } else { Ok(v) }
}
/// The integer in a text, bytes or bytearray; None when `v` is none of them.
fn from_text(th: &mut Thread, v: Value, base: u32, long: bool) -> R<Option<Value>> {
    let source = match v.cast::<super::bytearray::ByteArray>() {
        Some(b) => super::bytearray::snapshot(th, b)?,
        None => v,
    };
    let Some(b) = float_parse::ascii(source) else { return Ok(None) };
    if !th.py3() && b.contains(&0) {
        return Err(th.value_error("null byte in argument for int()"));
    }
    if let Some(r) = int_parse::read(th, &b, base, long)? {
        return Ok(Some(r));
    }
    let source = if !th.py3() && text::is_text(source) {
        // 2.7 reads a text by way of a byte string, which is what the message shows.
        if let Some(at) = text::lossy(source).chars().position(|c| c as u32 > 255 && super::unicode::decimal(c as u32).is_none() && !super::unicode::is_space(c as u32)) {
            return Err(super::float_methods::not_decimal(th, source, at));
        }
        th.new_bytes(&b)?
    } else {
        source
    };
    // The message shows the first 200 characters of the text's repr.
    let shown = crate::object::repr_text(th, source)?;
    let shown: String = if th.py3() { shown.chars().take(200).collect() } else { shown };
    Err(th.value_error(format!("invalid literal for {}() with base {base}: {shown}", if long { "long" } else { "int" })))
}
