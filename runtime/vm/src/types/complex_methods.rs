//! Methods of `complex`.

use super::complex::{self, C, COMPLEX, Complex, PowerError, divide, multiply, new, parts};
use super::dunder::D;
use super::float::{self, hash_f64, to_f64};
use super::float_arith;
use super::int::{self, num};
use super::int_args::new_class;
use super::int_methods::{formatted, spec_arg};
use super::{float_parse, number_format, text};
use crate::exceptions::ZERO_DIVISION_ERROR;
use crate::native::{Args, GetSetDef, NativeDef, type_flag};
use crate::object::{call_special, class_name, dunder};
use crate::thread::Thread;
use txpy_heap::{Header, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, real=0, imag=0)" = new_complex, "Create a complex number.";
    #[alloc] "__add__(self, value, /)" = add, "Return self+value.";
    #[alloc] "__radd__(self, value, /)" = add, "Return value+self.";
    #[alloc] "__sub__(self, value, /)" = sub, "Return self-value.";
    #[alloc] "__rsub__(self, value, /)" = rsub, "Return value-self.";
    #[alloc] "__mul__(self, value, /)" = mul, "Return self*value.";
    #[alloc] "__rmul__(self, value, /)" = rmul, "Return value*self.";
    #[alloc, py2] "__div__(self, value, /)" = truediv, "Return self/value.";
    #[alloc, py2] "__rdiv__(self, value, /)" = rtruediv, "Return value/self.";
    #[alloc] "__truediv__(self, value, /)" = truediv, "Return self/value.";
    #[alloc] "__rtruediv__(self, value, /)" = rtruediv, "Return value/self.";
    #[alloc, py2] "__floordiv__(self, value, /)" = floordiv, "Return self//value.";
    #[alloc, py2] "__rfloordiv__(self, value, /)" = rfloordiv, "Return value//self.";
    #[alloc, py2] "__mod__(self, value, /)" = mod_, "Return self%value.";
    #[alloc, py2] "__rmod__(self, value, /)" = rmod, "Return value%self.";
    #[alloc, py2] "__divmod__(self, value, /)" = divmod, "Return divmod(self, value).";
    #[alloc, py2] "__rdivmod__(self, value, /)" = rdivmod, "Return divmod(value, self).";
    #[alloc] "__pow__(self, value, mod=None, /)" = pow, "Return self**value.";
    #[alloc] "__rpow__(self, value, mod=None, /)" = rpow, "Return value**self.";
    #[alloc] "__neg__(self, /)" = neg, "Return -self.";
    #[alloc] "__pos__(self, /)" = pos, "Return +self.";
    #[alloc] "__abs__(self, /)" = abs, "Return abs(self).";
    #[alloc, py3] "__complex__(self, /)" = pos, "Return self as an exact complex.";
    #[py2] "__int__(self, /)" = no_int, "Raises TypeError.";
    #[py2] "__long__(self, /)" = no_long, "Raises TypeError.";
    #[py2] "__float__(self, /)" = no_float, "Raises TypeError.";
    #[pure, py3] "__bool__(self, /)" = truth, "Return self != 0.";
    #[pure, py2] "__nonzero__(self, /)" = truth, "Return self != 0.";
    #[pure] "__eq__(self, value, /)" = eq, "Return self==value.";
    #[pure] "__ne__(self, value, /)" = ne, "Return self!=value.";
    "__lt__(self, value, /)" = no_order, "Complex numbers have no order.";
    "__le__(self, value, /)" = no_order, "Complex numbers have no order.";
    "__gt__(self, value, /)" = no_order, "Complex numbers have no order.";
    "__ge__(self, value, /)" = no_order, "Complex numbers have no order.";
    #[alloc, py2] "__coerce__(self, value, /)" = coerce, "Return both as complex numbers.";
    #[pure] "__hash__(self, /)" = hash, "Return hash(self).";
    #[alloc] "__repr__(self, /)" = repr, "Return repr(self).";
    #[alloc, py2] "__str__(self, /)" = str_, "Return str(self).";
    "__format__(self, format_spec, /)" = format, "Return self formatted by format_spec.";
    #[alloc] "__getnewargs__(self, /)" = getnewargs, "Arguments to make a copy.";
    #[pure] "__sizeof__(self, /)" = sizeof, "Size of the number in memory, in bytes.";
    #[alloc] "conjugate(self, /)" = conjugate, "Return the complex conjugate.";
};
pub static GETSET: &[GetSetDef] = getset! {
    "real" = real, "The real part of a complex number";
    "imag" = imag, "The imaginary part of a complex number";
};

fn this(v: Value) -> C { parts(v).expect("checked by the call") }
fn real(th: &mut Thread, v: Value) -> R<Value> { float::new(th, this(v).0) }
fn imag(th: &mut Thread, v: Value) -> R<Value> { float::new(th, this(v).1) }
/// A complex, float or int as a complex; None for others.
fn operand(th: &mut Thread, v: Value) -> R<Option<C>> {
    match parts(v) {
        Some(c) => Ok(Some(c)),
        None => Ok(float_arith::real(th, v)?.map(|f| (f, 0.0))),
    }
}
fn pair(th: &mut Thread, a: Value, b: Value) -> R<Option<(C, C)>> {
    Ok(match (operand(th, a)?, operand(th, b)?) {
        (Some(a), Some(b)) => Some((a, b)),
        _ => None,
    })
}
/// `f` of both operands, NotImplemented when one is no number.
fn with(th: &mut Thread, a: Value, b: Value, f: impl FnOnce(&mut Thread, C, C) -> R<Value>) -> R<Value> {
    match pair(th, a, b)? {
        Some((a, b)) => f(th, a, b),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn add(th: &mut Thread, a: Args) -> R<Value> { with(th, a.get(0), a.get(1), |th, x, y| new(th, x.0 + y.0, x.1 + y.1)) }
fn minus(th: &mut Thread, a: Value, b: Value) -> R<Value> { with(th, a, b, |th, x, y| new(th, x.0 - y.0, x.1 - y.1)) }
fn times(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    with(th, a, b, |th, x, y| {
        let r = multiply(x, y);
        new(th, r.0, r.1)
    })
}
fn sub(th: &mut Thread, a: Args) -> R<Value> { minus(th, a.get(0), a.get(1)) }
fn rsub(th: &mut Thread, a: Args) -> R<Value> { minus(th, a.get(1), a.get(0)) }
fn mul(th: &mut Thread, a: Args) -> R<Value> { times(th, a.get(0), a.get(1)) }
fn rmul(th: &mut Thread, a: Args) -> R<Value> { times(th, a.get(1), a.get(0)) }
fn quotient(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    with(th, a, b, |th, x, y| match divide(x, y) {
        Some(r) => new(th, r.0, r.1),
        None => Err(th.raise(&ZERO_DIVISION_ERROR, "complex division by zero")),
    })
}
fn truediv(th: &mut Thread, a: Args) -> R<Value> { quotient(th, a.get(0), a.get(1)) }
fn rtruediv(th: &mut Thread, a: Args) -> R<Value> { quotient(th, a.get(1), a.get(0)) }

/// 2.7's floor division: the quotient's real part, rounded down.
fn floor_parts(th: &mut Thread, a: Value, b: Value, zero: &str) -> R<Option<(C, C)>> {
    let Some((x, y)) = pair(th, a, b)? else { return Ok(None) };
    let Some(q) = divide(x, y) else { return Err(th.raise(&ZERO_DIVISION_ERROR, zero)) };
    let q = (q.0.floor(), 0.0);
    let p = multiply(y, q);
    Ok(Some((q, (x.0 - p.0, x.1 - p.1))))
}
fn floor_quotient(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    match floor_parts(th, a, b, "complex divmod()")? {
        Some((q, _)) => new(th, q.0, q.1),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn remainder(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    match floor_parts(th, a, b, "complex remainder")? {
        Some((_, r)) => new(th, r.0, r.1),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn floor_pair(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    match floor_parts(th, a, b, "complex divmod()")? {
        Some((q, r)) => {
            let q = new(th, q.0, q.1)?;
            let r = new(th, r.0, r.1)?;
            th.new_tuple(&[q, r])
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn floordiv(th: &mut Thread, a: Args) -> R<Value> { floor_quotient(th, a.get(0), a.get(1)) }
fn rfloordiv(th: &mut Thread, a: Args) -> R<Value> { floor_quotient(th, a.get(1), a.get(0)) }
fn mod_(th: &mut Thread, a: Args) -> R<Value> { remainder(th, a.get(0), a.get(1)) }
fn rmod(th: &mut Thread, a: Args) -> R<Value> { remainder(th, a.get(1), a.get(0)) }
fn divmod(th: &mut Thread, a: Args) -> R<Value> { floor_pair(th, a.get(0), a.get(1)) }
fn rdivmod(th: &mut Thread, a: Args) -> R<Value> { floor_pair(th, a.get(1), a.get(0)) }

fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> R<Value> {
    if pair(th, a, b)?.is_some() && !m.is_none() {
        return Err(th.value_error("complex modulo"));
    }
    with(th, a, b, |th, x, y| match complex::power(x, y) {
        Err(PowerError::Overflow) => Err(th.overflow_error("complex exponentiation")),
        _ => complex::power_values(th, x, y),
    })
}
fn pow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(0), a.get(1), a.or(2, Value::NONE)) }
fn rpow(th: &mut Thread, a: Args) -> R<Value> { power(th, a.get(1), a.get(0), a.or(2, Value::NONE)) }
fn neg(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    new(th, -c.0, -c.1)
}
fn pos(th: &mut Thread, a: Args) -> R<Value> {
    if COMPLEX.is_exact(a.get(0)) {
        return Ok(a.get(0));
    }
    let c = this(a.get(0));
    new(th, c.0, c.1)
}
fn conjugate(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    new(th, c.0, -c.1)
}
fn abs(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let r = c.0.hypot(c.1);
    if r.is_infinite() && c.0.is_finite() && c.1.is_finite() {
        return Err(th.overflow_error("absolute value too large"));
    }
    float::new(th, r)
}
fn no_int(th: &mut Thread, _: Args) -> R<Value> { Err(th.type_error("can't convert complex to int")) }
fn no_long(th: &mut Thread, _: Args) -> R<Value> { Err(th.type_error("can't convert complex to long")) }
fn no_float(th: &mut Thread, _: Args) -> R<Value> { Err(th.type_error("can't convert complex to float")) }
fn truth(_: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    Ok(Value::from_bool(c.0 != 0.0 || c.1 != 0.0))
}

/// Equality without rounding; None when `b` is no number.
fn equals(a: C, b: Value) -> Option<bool> {
    if let Some(c) = parts(b) {
        return Some(a == c);
    }
    if let Some(f) = to_f64(b) {
        return Some(a.1 == 0.0 && a.0 == f);
    }
    num(b).map(|n| a.1 == 0.0 && n.cmp_f64(a.0) == Some(std::cmp::Ordering::Equal))
}
fn eq(_: &mut Thread, a: Args) -> R<Value> { Ok(equals(this(a.get(0)), a.get(1)).map_or(Value::NOT_IMPLEMENTED, Value::from_bool)) }
fn ne(_: &mut Thread, a: Args) -> R<Value> { Ok(equals(this(a.get(0)), a.get(1)).map_or(Value::NOT_IMPLEMENTED, |e| Value::from_bool(!e))) }
fn no_order(th: &mut Thread, a: Args) -> R<Value> {
    if !th.py3() && (parts(a.get(1)).is_some() || to_f64(a.get(1)).is_some() || num(a.get(1)).is_some()) {
        return Err(th.type_error("no ordering relation is defined for complex numbers"));
    }
    Ok(Value::NOT_IMPLEMENTED)
}
fn coerce(th: &mut Thread, a: Args) -> R<Value> {
    match operand(th, a.get(1))? {
        Some(c) => {
            let y = if parts(a.get(1)).is_some() { a.get(1) } else { new(th, c.0, c.1)? };
            th.new_tuple(&[a.get(0), y])
        }
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let h = hash_f64(c.0).wrapping_add(hash_f64(c.1).wrapping_mul(1000003));
    int::from_i64(th, if h == -1 { -2 } else { h })
}
fn repr(th: &mut Thread, a: Args) -> R<Value> { th.native_str(&complex::repr_of(this(a.get(0)))) }
fn str_(th: &mut Thread, a: Args) -> R<Value> { th.native_str(&complex::str_of(this(a.get(0)))) }
fn format(th: &mut Thread, a: Args) -> R<Value> {
    let spec = spec_arg(th, a.get(1))?;
    if spec.is_empty() {
        let s = crate::object::str_(th, a.get(0))?;
        return formatted(th, a.get(1), &text::lossy(s));
    }
    let class = class_name(a.get(0));
    let c = this(a.get(0));
    let s = number_format::format_complex(th, c.0, c.1, &spec, &class)?;
    formatted(th, a.get(1), &s)
}
fn getnewargs(th: &mut Thread, a: Args) -> R<Value> {
    let re = real(th, a.get(0))?;
    let im = imag(th, a.get(0))?;
    th.new_tuple(&[re, im])
}
fn sizeof(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::int(32)) }

// ---- conversion

/// A complex argument: complex, `__complex__`, `__float__`, `__index__`; None when it is no number.
pub fn number(th: &mut Thread, v: Value) -> R<Option<C>> {
    if let Some(c) = parts(v).filter(|_| COMPLEX.is_exact(v)) {
        return Ok(Some(c));
    }
    if let Some(f) = dunder(v, D::complex).filter(|f| !f.is_none()) {
        let r = call_special(th, f, v, &[])?;
        if let Some(c) = parts(r) {
            if th.py3() && !COMPLEX.is_exact(r) {
                super::int_args::strict_subclass(th, "__complex__ returned non-complex", r, "complex")?;
            }
            return Ok(Some(c));
        }
        if !th.py3() {
            if let Some(f) = float_arith::real(th, r)? {
                return Ok(Some((f, 0.0)));
            }
        }
        let got = class_name(r);
        return Err(th.type_error(if th.py3() { format!("__complex__ returned non-complex (type {got})") } else { "__complex__ should return a complex object".to_string() }));
    }
    if let Some(c) = parts(v) {
        return Ok(Some(c));
    }
    Ok(float::number(th, v)?.map(|f| (f, 0.0)))
}

fn new_complex(th: &mut Thread, a: Args) -> R<Value> {
    let class = new_class(th, &COMPLEX, a.get(0))?;
    let (re, im) = from_args(th, a.opt(1), a.opt(2))?;
    if !class.frozen().has(type_flag::HEAP) {
        return match a.opt(1) {
            Some(v) if a.opt(2).is_none() && COMPLEX.is_exact(v) => Ok(v),
            _ => new(th, re, im),
        };
    }
    Ok(crate::object::instance::alloc_like(th, class.value(), |_| Complex { header: Header::NEW, re, im })?.value())
}
fn from_args(th: &mut Thread, x: Option<Value>, y: Option<Value>) -> R<C> {
    if let Some(v) = x.filter(|v| text::is_string(th, *v)) {
        if y.is_some() {
            return Err(th.type_error("complex() can't take second arg if first is a string"));
        }
        let py3 = th.py3();
        let b = float_parse::ascii(v).unwrap_or_default();
        if !py3 && text::is_text(v) {
            if let Some(at) = text::lossy(v).chars().position(|c| c as u32 > 255 && super::unicode::decimal(c as u32).is_none() && !super::unicode::is_space(c as u32)) {
                return Err(super::float_methods::not_decimal(th, v, at));
            }
        }
        return match complex::parse(&b, py3) {
            Some(c) => Ok(c),
            None => Err(th.value_error("complex() arg is a malformed string")),
        };
    }
    if y.is_some_and(|v| text::is_string(th, v)) {
        return Err(th.type_error("complex() second arg can't be a string"));
    }
    let re = match x {
        Some(v) => match number(th, v)? {
            Some(c) => c,
            None => {
                let got = class_name(v);
                return Err(th.type_error(if th.py3() { format!("complex() first argument must be a string or a number, not '{got}'") } else { "complex() argument must be a string or a number".to_string() }));
            }
        },
        None => (0.0, 0.0),
    };
    let Some(v) = y else { return Ok(re) };
    // The second argument counts as a number without `__complex__`.
    let im = match parts(v) {
        Some(c) => Some(c),
        None => float::number(th, v)?.map(|f| (f, 0.0)),
    };
    let Some(im) = im else {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("complex() second argument must be a number, not '{got}'") } else { "complex() argument must be a string or a number".to_string() }));
    };
    // (re.0 + re.1 j) + (im.0 + im.1 j) j; parts that a real argument does not have stay out, for the sake of -0.0.
    let real_part = if parts(v).is_some() { re.0 - im.1 } else { re.0 };
    let imag_part = if x.is_some_and(|x| parts(x).is_some()) { im.0 + re.1 } else { im.0 };
    Ok((real_part, imag_part))
}
