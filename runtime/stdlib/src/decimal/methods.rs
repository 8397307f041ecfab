//! What scripts call on `Decimal`.

use super::context;
use super::convert;
use super::decimal::{self, make, required, run, run_number, take};
use super::number::{Ctx, Dec, Kind, Rounding};
use super::text::{self, Locale};
use super::{arithmetic, digits, powers};
use crate::api::*;
use txpy_vm::object::compare::Cmp;
use txpy_vm::types::text as strings;

pub static OPERATORS: &[NativeDef] = natives! {
    "__add__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::add), "Return self+value.";
    "__radd__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::add), "Return value+self.";
    "__sub__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::subtract), "Return self-value.";
    "__rsub__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::subtract), "Return value-self.";
    "__mul__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::multiply), "Return self*value.";
    "__rmul__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::multiply), "Return value*self.";
    "__truediv__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::divide), "Return self/value.";
    "__rtruediv__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::divide), "Return value/self.";
    "__floordiv__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::divide_int), "Return self//value.";
    "__rfloordiv__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::divide_int), "Return value//self.";
    "__mod__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::remainder), "Return self%value.";
    "__rmod__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::remainder), "Return value%self.";
    #[py2] "__div__(self, value, /)" = |th, a| decimal::operator(th, a.get(0), a.get(1), arithmetic::divide), "Return self/value.";
    #[py2] "__rdiv__(self, value, /)" = |th, a| decimal::operator(th, a.get(1), a.get(0), arithmetic::divide), "Return value/self.";
    "__lt__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Lt), "Return self<value.";
    "__le__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Le), "Return self<=value.";
    "__eq__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Eq), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Ne), "Return self!=value.";
    "__gt__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Gt), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| convert::rich(th, a, Cmp::Ge), "Return self>=value.";
    "__divmod__(self, value, /)" = |th, a| divmod(th, a.get(0), a.get(1)), "Return divmod(self, value).";
    "__rdivmod__(self, value, /)" = |th, a| divmod(th, a.get(1), a.get(0)), "Return divmod(value, self).";
    "__pow__(self, value, mod=None, /)" = |th, a| pow(th, a.get(0), a.get(1), a.some(2)), "Return pow(self, value, mod).";
    "__rpow__(self, value, mod=None, /)" = |th, a| pow(th, a.get(1), a.get(0), a.some(2)), "Return pow(value, self, mod).";
    "__neg__(self, /)" = |th, a| decimal::unary(th, a.get(0), None, arithmetic::minus), "Return -self.";
    "__pos__(self, /)" = |th, a| decimal::unary(th, a.get(0), None, arithmetic::plus), "Return +self.";
    "__abs__(self, /)" = |th, a| decimal::unary(th, a.get(0), None, arithmetic::abs), "Return abs(self).";
    #[py3] "__bool__(self, /)" = |_, a| Ok(Value::from_bool(!take(a.get(0)).is_zero())), "Return self != 0.";
    #[py2] "__nonzero__(self, /)" = |_, a| Ok(Value::from_bool(!take(a.get(0)).is_zero())), "Return self != 0.";
    "__int__(self, /)" = convert::to_int, "Return int(self).";
    #[py2] "__long__(self, /)" = convert::to_long, "Return long(self).";
    "__float__(self, /)" = convert::to_float, "Return float(self).";
    "__complex__(self, /)" = convert::to_complex, "Return complex(self).";
    "__trunc__(self, /)" = convert::to_int, "Return the integer between self and zero.";
    #[py3] "__floor__(self, /)" = |th, a| convert::integer(th, &take(a.get(0)), Rounding::Floor), "Return the integer below.";
    #[py3] "__ceil__(self, /)" = |th, a| convert::integer(th, &take(a.get(0)), Rounding::Ceiling), "Return the integer above.";
    #[py3] "__round__(self, ndigits=None, /)" = convert::round, "Return self rounded, halves to even.";
    "__hash__(self, /)" = convert::hash, "Return hash(self).";
    "__repr__(self, /)" = |th, a| { let s = shown(th, a.get(0), None, false)?; th.native_str(&format!("Decimal('{s}')")) }, "Return repr(self).";
    "__str__(self, /)" = |th, a| { let s = shown(th, a.get(0), None, false)?; th.native_str(&s) }, "Return str(self).";
    #[py3] "__format__(self, specifier, override=None, /)" = |th, a| format(th, a, None, a.some(2)), "Return self formatted by a specifier.";
    #[py2] "__format__(self, specifier, context=None, _localeconv=None)" = |th, a| format(th, a, a.some(2), a.some(3)), "Return self formatted by a specifier.";
    "__reduce__(self, /)" = convert::reduce, "Helper for pickle.";
    "__copy__(self, /)" = convert::same, "The number itself.";
    "__deepcopy__(self, memo, /)" = convert::same, "The number itself.";
    #[py3] "__sizeof__(self, /)" = convert::size, "Size of the number in memory, in bytes.";
};
pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, value='0', context=None)" = convert::new, "Create a Decimal.";
    #[class] "from_float(cls, f, /)" = convert::from_float, "The exact value of a float.";
    #[class, py3] "from_number(cls, number, /)" = convert::from_number, "The exact value of a number.";
    #[py3] "as_integer_ratio(self)" = convert::ratio, "Numerator and denominator in lowest terms.";
    "as_tuple(self)" = convert::as_tuple, "Sign, digits and exponent.";
    "adjusted(self)" = adjusted, "The exponent of the first digit.";
    "canonical(self)" = |_, a| Ok(a.get(0)), "The number itself.";
    "conjugate(self)" = |_, a| Ok(a.get(0)), "The number itself.";
    "radix(self)" = |th, _| make(th, &Dec::of_i128(10)), "10.";
    "copy_abs(self)" = |th, a| make(th, &take(a.get(0)).signed(false)), "Without sign.";
    "copy_negate(self)" = |th, a| { let d = take(a.get(0)); let neg = !d.neg; make(th, &d.signed(neg)) }, "With the other sign.";
    #[py3] "copy_sign(self, other, context=None)" = copy_sign, "With the sign of the other.\n\n>>> Decimal('3').copy_sign(Decimal('-1'))\nDecimal('-3')";
    #[py2] "copy_sign(self, other)" = copy_sign, "With the sign of the other.";
    #[py3] "same_quantum(self, other, context=None)" = same_quantum, "Whether both have the same exponent.";
    #[py2] "same_quantum(self, other)" = same_quantum, "Whether both have the same exponent.";
    "is_canonical(self)" = |_, a| fact(a, |_| true), "True.";
    "is_finite(self)" = |_, a| fact(a, Dec::is_finite), "Whether it is a number that is not infinite.";
    "is_infinite(self)" = |_, a| fact(a, Dec::is_inf), "Whether it is infinite.";
    "is_nan(self)" = |_, a| fact(a, Dec::is_nan), "Whether it is no number.";
    "is_qnan(self)" = |_, a| fact(a, |d| d.kind == Kind::QNan), "Whether it is a quiet NaN.";
    "is_snan(self)" = |_, a| fact(a, |d| d.kind == Kind::SNan), "Whether it is a signaling NaN.";
    "is_signed(self)" = |_, a| fact(a, |d| d.neg), "Whether it has a minus.";
    "is_zero(self)" = |_, a| fact(a, Dec::is_zero), "Whether it is zero.";
    "is_normal(self, context=None)" = |th, a| within(th, a, digits::is_normal), "Whether it is a number of full precision.";
    "is_subnormal(self, context=None)" = |th, a| within(th, a, digits::is_subnormal), "Whether it is below the normal numbers.";
    "number_class(self, context=None)" = |th, a| { let c = context::arg(th, a.some(1))?; let c = context::of(th, c.value())?; let s = digits::number_class(th, &take(a.get(0)), &c)?; th.native_str(s) }, "What kind of number it is.";
    "to_eng_string(self, context=None)" = |th, a| { let s = shown(th, a.get(0), a.some(1), true)?; th.native_str(&s) }, "Engineering notation.";
    "to_integral(self, rounding=None, context=None)" = |th, a| to_integral(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    "to_integral_value(self, rounding=None, context=None)" = |th, a| to_integral(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    "to_integral_exact(self, rounding=None, context=None)" = |th, a| to_integral(th, a, arithmetic::to_integral_exact), "Rounded to an integer.";
    #[py3] "quantize(self, exp, rounding=None, context=None)" = quantize, "With the exponent of the other.\n\n>>> Decimal('2.347').quantize(Decimal('0.01'))\nDecimal('2.35')";
    #[py2] "quantize(self, exp, rounding=None, context=None, watchexp=True)" = quantize, "With the exponent of the other.";
    "fma(self, other, third, context=None)" = fma, "self * other + third, rounded once.\n\n>>> Decimal(2).fma(3, 5)\nDecimal('11')";
    "exp(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), powers::exp), "e to the power of the number.";
    "ln(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), powers::ln), "Natural logarithm.";
    "log10(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), powers::log10), "Logarithm to base 10.";
    "next_minus(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), digits::next_minus), "The next smaller number.";
    "next_plus(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), digits::next_plus), "The next larger number.";
    "normalize(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), arithmetic::normalize), "Without zeros at the end.";
    "sqrt(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), arithmetic::sqrt), "Square root.";
    "logb(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), digits::logb), "The exponent of the first digit.";
    "logical_invert(self, context=None)" = |th, a| decimal::unary(th, a.get(0), a.some(1), digits::logical_invert), "Digits 0 and 1 exchanged.";
    "compare(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::compare), "-1, 0 or 1, or NaN.";
    "compare_signal(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::compare_signal), "As compare(), but all NaNs signal.";
    "max(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::max), "The larger number.";
    "max_mag(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::max_mag), "The number with the larger magnitude.";
    "min(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::min), "The smaller number.";
    "min_mag(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::min_mag), "The number with the smaller magnitude.";
    "next_toward(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::next_toward), "The next number in the direction of the other.";
    "remainder_near(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::remainder_near), "What the nearest multiple of the other leaves.";
    "compare_total(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::compare_total), "Order of representations.\n\n>>> Decimal('1.0').compare_total(Decimal('1.00'))\nDecimal('1')";
    "compare_total_mag(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), arithmetic::compare_total_mag), "Order of representations without signs.";
    "logical_and(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::logical_and), "Digits that are 1 in both.";
    "logical_or(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::logical_or), "Digits that are 1 in one or both.";
    "logical_xor(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::logical_xor), "Digits that are 1 in one of them.";
    "rotate(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::rotate), "The digits rotated.";
    "scaleb(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::scaleb), "The exponent increased by the other.";
    "shift(self, other, context=None)" = |th, a| decimal::binary(th, a.get(0), a.get(1), a.some(2), digits::shift), "The digits shifted.";
};

fn fact(a: Args, f: fn(&Dec) -> bool) -> R<Value> { Ok(Value::from_bool(f(&take(a.get(0))))) }
fn within(th: &mut Thread, a: Args, f: fn(&mut Thread, &Dec, &Ctx) -> R<bool>) -> R<Value> {
    let c = context::arg(th, a.some(1))?;
    let c = context::of(th, c.value())?;
    Ok(Value::from_bool(f(th, &take(a.get(0)), &c)?))
}
fn shown(th: &mut Thread, v: Value, ctx: Option<Value>, eng: bool) -> R<String> {
    let c = context::arg(th, ctx)?;
    let c = context::of(th, c.value())?;
    text::show(th, &take(v), eng, c.capitals)
}
fn adjusted(th: &mut Thread, a: Args) -> R<Value> {
    let d = take(a.get(0));
    let n = if d.is_finite() { d.adjusted(th)? } else { 0 };
    int::from_i64(th, n)
}
fn copy_sign(th: &mut Thread, a: Args) -> R<Value> {
    context::arg(th, a.some(2))?;
    let other = required(th, a.get(1))?;
    make(th, &take(a.get(0)).signed(other.neg))
}
fn same_quantum(th: &mut Thread, a: Args) -> R<Value> {
    context::arg(th, a.some(2))?;
    let other = required(th, a.get(1))?;
    Ok(Value::from_bool(digits::same_quantum(&take(a.get(0)), &other)))
}
/// An operation in a context with another rounding.
fn rounding_by(th: &mut Thread, c: &mut Ctx, round: Option<Value>, f: impl FnOnce(&mut Thread, &mut Ctx) -> R<Dec>) -> R<Dec> {
    let Some(r) = round else { return f(th, c) };
    let mut other = c.rounding(context::rounding_arg(th, r)?);
    let d = f(th, &mut other)?;
    c.merge(&other);
    Ok(d)
}
fn to_integral(th: &mut Thread, a: Args, f: arithmetic::Unary) -> R<Value> {
    let ctx = context::arg(th, a.some(2))?;
    let d = take(a.get(0));
    run_number(th, ctx, |th, c| rounding_by(th, c, a.some(1), |th, c| f(th, &d, c)))
}
fn quantize(th: &mut Thread, a: Args) -> R<Value> {
    let ctx = context::arg(th, a.some(3))?;
    let (d, to) = (take(a.get(0)), required(th, a.get(1))?);
    // 2.7 can leave the bounds of exponents aside.
    let free = match a.opt(4) {
        Some(v) => !is_true(th, v)?,
        None => false,
    };
    run_number(th, ctx, |th, c| rounding_by(th, c, a.some(2), |th, c| {
        if !free || !d.is_finite() || !to.is_finite() {
            return arithmetic::quantize(th, &d, &to, c);
        }
        let r = d.rescale(th, to.exp, c.round)?;
        if r.exp > d.exp {
            c.status |= super::number::status::ROUNDED;
            if arithmetic::compare_finite(th, &r, &d)?.is_ne() {
                c.status |= super::number::status::INEXACT;
            }
        }
        Ok(r)
    }))
}
fn fma(th: &mut Thread, a: Args) -> R<Value> {
    let ctx = context::arg(th, a.some(3))?;
    let (x, y, z) = (take(a.get(0)), required(th, a.get(1))?, required(th, a.get(2))?);
    run_number(th, ctx, |th, c| arithmetic::fma(th, &x, &y, &z, c))
}
fn divmod(th: &mut Thread, x: Value, y: Value) -> R<Value> {
    let (Some(x), Some(y)) = (decimal::operand(x), decimal::operand(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let ctx = context::current(th)?;
    let (q, r) = run(th, ctx, |th, c| arithmetic::divmod(th, &x, &y, c))?;
    let (q, r) = (make(th, &q)?, make(th, &r)?);
    th.new_tuple(&[q, r])
}
pub fn pow(th: &mut Thread, x: Value, y: Value, m: Option<Value>) -> R<Value> {
    let Some(m) = m else { return decimal::operator(th, x, y, powers::power) };
    let (Some(x), Some(y)) = (decimal::operand(x), decimal::operand(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(m) = decimal::operand(m) else {
        if th.py3() {
            return Err(th.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
        }
        required(th, m)?;
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let ctx = context::current(th)?;
    run_number(th, ctx, |th, c| powers::power_modulo(th, &x, &y, &m, c))
}

// ---- format

fn format(th: &mut Thread, a: Args, ctx: Option<Value>, locale: Option<Value>) -> R<Value> {
    let spec = a.get(1);
    if !strings::is_string(th, spec) {
        return Err(th.type_error(if th.py3() { "format arg must be str" } else { "expected string or buffer" }));
    }
    let ctx = context::arg(th, ctx)?;
    let c = context::of(th, ctx.value())?;
    let shown = strings::lossy(spec).into_owned();
    let s = match text::parse_spec(&shown, th.py3()) {
        Ok(s) => s,
        Err(why) => return Err(if th.py3() { th.value_error("invalid format string") } else { th.value_error(format!("{why}{shown}")) }),
    };
    if s.ty == 'N' {
        warn(th, &txpy_vm::exceptions::DEPRECATION_WARNING, "Format specifier 'N' is deprecated")?;
    }
    if locale.is_some_and(|l| !l.is::<Dict>()) {
        return Err(th.type_error("optional argument must be a dict"));
    }
    let locale = match locale {
        Some(l) => Some(locale_of(th, l, &s)?),
        None if matches!(s.ty, 'n' | 'N') => {
            let m = txpy_vm::import::import_name(th, "_locale")?;
            let l = th.call_method(m, "localeconv", &[])?;
            Some(locale_of(th, l, &s)?)
        }
        None => None,
    };
    let out = text::format(th, &take(a.get(0)), &s, &c, locale)?;
    if strings::is_text(spec) { th.new_str(&out) } else { th.native_str(&out) }
}
/// What `localeconv()` gives, or a dict like that. Groups are numbers or characters.
fn locale_of(th: &mut Thread, d: Value, s: &text::Spec) -> R<Locale> {
    let usual = |l: Option<String>, or: &str| l.unwrap_or_else(|| or.to_string());
    let d: Gc<Dict> = this(d);
    let mut words = [None, None];
    for (to, name) in words.iter_mut().zip(["decimal_point", "thousands_sep"]) {
        if let Some(v) = dict::get_str(th, d, name)? {
            if !strings::is_string(th, v) {
                return Err(th.value_error("invalid override dict"));
            }
            *to = Some(strings::lossy(v).into_owned());
        }
    }
    let [point, separator] = words;
    let mut grouping = vec![3, 0];
    if let Some(g) = dict::get_str(th, d, "grouping")? {
        grouping = if strings::is_string(th, g) {
            strings::bytes_of(g).unwrap_or(&[]).to_vec()
        } else {
            let t = iter::to_tuple(th, g)?;
            tuple::items(t).unwrap_or(&[]).iter().map(|v| int::to_i64(*v).and_then(|n| u8::try_from(n).ok()).unwrap_or(127)).collect()
        };
    }
    let long = |w: &Option<String>| w.as_ref().is_some_and(|w| w.len() > 4);
    if point.as_deref() == Some("") || long(&point) || long(&separator) || grouping.iter().any(|g| *g > 127) {
        return Err(th.value_error("invalid override dict"));
    }
    Ok(Locale { point: usual(point, "."), separator: usual(separator, s.separator()), grouping })
}
