//! The operations of `Context`: those of numbers, by its settings.

use super::context::{self, Context};
use super::convert;
use super::decimal::{make, number, required, run, run_number};
use super::number::{Dec, Kind, fix};
use super::{arithmetic, digits, powers, text};
use crate::api::*;

pub static METHODS: &[NativeDef] = natives! {
    #[py3] "create_decimal(self, num='0', /)" = convert::create, "A number, rounded.";
    #[py2] "create_decimal(self, num='0')" = convert::create, "A number, rounded.";
    #[py3] "create_decimal_from_float(self, f, /)" = convert::create_from_float, "A float, rounded.";
    #[py2] "create_decimal_from_float(self, f)" = convert::create_from_float, "A float, rounded.";
    "radix(self)" = |th, _| make(th, &Dec::of_i128(10)), "10.";
    #[py3] "power(self, /, a, b, modulo=None)" = power, "A power, perhaps of integers by a modulus.";
    #[py2] "power(self, a, b, modulo=None)" = power, "A power, perhaps of integers by a modulus.";
    #[py3] "fma(self, x, y, z, /)" = fma, "x * y + z, rounded once.";
    #[py2] "fma(self, a, b, c)" = fma, "a * b + c, rounded once.";
    #[py3] "divmod(self, x, y, /)" = divmod, "Integer quotient and remainder.";
    #[py2] "divmod(self, a, b)" = divmod, "Integer quotient and remainder.";
    #[py3] "canonical(self, x, /)" = canonical, "The number itself.";
    #[py2] "canonical(self, a)" = canonical, "The number itself.";
    #[py3] "copy_abs(self, x, /)" = |th, a| { let d = required(th, a.get(1))?; make(th, &d.signed(false)) }, "Without sign.";
    #[py2] "copy_abs(self, a)" = |th, a| { let d = required(th, a.get(1))?; make(th, &d.signed(false)) }, "Without sign.";
    #[py3] "copy_decimal(self, x, /)" = |th, a| { let d = required(th, a.get(1))?; make(th, &d) }, "The number itself.";
    #[py2] "copy_decimal(self, a)" = |th, a| { let d = required(th, a.get(1))?; make(th, &d) }, "The number itself.";
    #[py3] "copy_negate(self, x, /)" = |th, a| { let d = required(th, a.get(1))?; let neg = !d.neg; make(th, &d.signed(neg)) }, "With the other sign.";
    #[py2] "copy_negate(self, a)" = |th, a| { let d = required(th, a.get(1))?; let neg = !d.neg; make(th, &d.signed(neg)) }, "With the other sign.";
    #[py3] "copy_sign(self, x, y, /)" = copy_sign, "The first with the sign of the second.";
    #[py2] "copy_sign(self, a, b)" = copy_sign, "The first with the sign of the second.";
    #[py3] "same_quantum(self, x, y, /)" = same_quantum, "Whether both have the same exponent.";
    #[py2] "same_quantum(self, a, b)" = same_quantum, "Whether both have the same exponent.";
    #[py3] "is_normal(self, x, /)" = |th, a| within(th, a, true), "Whether it is a number of full precision.";
    #[py2] "is_normal(self, a)" = |th, a| within(th, a, true), "Whether it is a number of full precision.";
    #[py3] "is_subnormal(self, x, /)" = |th, a| within(th, a, false), "Whether it is below the normal numbers.";
    #[py2] "is_subnormal(self, a)" = |th, a| within(th, a, false), "Whether it is below the normal numbers.";
    #[py3] "number_class(self, x, /)" = number_class, "What kind of number it is.";
    #[py2] "number_class(self, a)" = number_class, "What kind of number it is.";
    #[py3] "to_sci_string(self, x, /)" = |th, a| shown(th, a, false), "Scientific notation.";
    #[py2] "to_sci_string(self, a)" = |th, a| shown(th, a, false), "Scientific notation.";
    #[py3] "to_eng_string(self, x, /)" = |th, a| shown(th, a, true), "Engineering notation.";
    #[py2] "to_eng_string(self, a)" = |th, a| shown(th, a, true), "Engineering notation.";
    #[py3] "_apply(self, x, /)" = apply, "The number, rounded.";
    #[py2] "_apply(self, a)" = apply, "The number, rounded.";
    #[py3] "is_canonical(self, x, /)" = |th, a| { canonical(th, a)?; Ok(Value::TRUE) }, "True.";
    #[py2] "is_canonical(self, a)" = |th, a| { canonical(th, a)?; Ok(Value::TRUE) }, "True.";
    #[py3] "is_finite(self, x, /)" = |th, a| fact(th, a, Dec::is_finite), "Whether it is a number that is not infinite.";
    #[py2] "is_finite(self, a)" = |th, a| fact(th, a, Dec::is_finite), "Whether it is a number that is not infinite.";
    #[py3] "is_infinite(self, x, /)" = |th, a| fact(th, a, Dec::is_inf), "Whether it is infinite.";
    #[py2] "is_infinite(self, a)" = |th, a| fact(th, a, Dec::is_inf), "Whether it is infinite.";
    #[py3] "is_nan(self, x, /)" = |th, a| fact(th, a, Dec::is_nan), "Whether it is no number.";
    #[py2] "is_nan(self, a)" = |th, a| fact(th, a, Dec::is_nan), "Whether it is no number.";
    #[py3] "is_qnan(self, x, /)" = |th, a| fact(th, a, |d| d.kind == Kind::QNan), "Whether it is a quiet NaN.";
    #[py2] "is_qnan(self, a)" = |th, a| fact(th, a, |d| d.kind == Kind::QNan), "Whether it is a quiet NaN.";
    #[py3] "is_snan(self, x, /)" = |th, a| fact(th, a, |d| d.kind == Kind::SNan), "Whether it is a signaling NaN.";
    #[py2] "is_snan(self, a)" = |th, a| fact(th, a, |d| d.kind == Kind::SNan), "Whether it is a signaling NaN.";
    #[py3] "is_signed(self, x, /)" = |th, a| fact(th, a, |d| d.neg), "Whether it has a minus.";
    #[py2] "is_signed(self, a)" = |th, a| fact(th, a, |d| d.neg), "Whether it has a minus.";
    #[py3] "is_zero(self, x, /)" = |th, a| fact(th, a, Dec::is_zero), "Whether it is zero.";
    #[py2] "is_zero(self, a)" = |th, a| fact(th, a, Dec::is_zero), "Whether it is zero.";
    #[py3] "abs(self, x, /)" = |th, a| one(th, a, arithmetic::abs), "Magnitude.";
    #[py2] "abs(self, a)" = |th, a| one(th, a, arithmetic::abs), "Magnitude.";
    #[py3] "exp(self, x, /)" = |th, a| one(th, a, powers::exp), "e to the power of the number.";
    #[py2] "exp(self, a)" = |th, a| one(th, a, powers::exp), "e to the power of the number.";
    #[py3] "ln(self, x, /)" = |th, a| one(th, a, powers::ln), "Natural logarithm.";
    #[py2] "ln(self, a)" = |th, a| one(th, a, powers::ln), "Natural logarithm.";
    #[py3] "log10(self, x, /)" = |th, a| one(th, a, powers::log10), "Logarithm to base 10.";
    #[py2] "log10(self, a)" = |th, a| one(th, a, powers::log10), "Logarithm to base 10.";
    #[py3] "logb(self, x, /)" = |th, a| one(th, a, digits::logb), "The exponent of the first digit.";
    #[py2] "logb(self, a)" = |th, a| one(th, a, digits::logb), "The exponent of the first digit.";
    #[py3] "logical_invert(self, x, /)" = |th, a| one(th, a, digits::logical_invert), "Digits 0 and 1 exchanged.";
    #[py2] "logical_invert(self, a)" = |th, a| one(th, a, digits::logical_invert), "Digits 0 and 1 exchanged.";
    #[py3] "minus(self, x, /)" = |th, a| one(th, a, arithmetic::minus), "The negative.";
    #[py2] "minus(self, a)" = |th, a| one(th, a, arithmetic::minus), "The negative.";
    #[py3] "next_minus(self, x, /)" = |th, a| one(th, a, digits::next_minus), "The next smaller number.";
    #[py2] "next_minus(self, a)" = |th, a| one(th, a, digits::next_minus), "The next smaller number.";
    #[py3] "next_plus(self, x, /)" = |th, a| one(th, a, digits::next_plus), "The next larger number.";
    #[py2] "next_plus(self, a)" = |th, a| one(th, a, digits::next_plus), "The next larger number.";
    #[py3] "normalize(self, x, /)" = |th, a| one(th, a, arithmetic::normalize), "Without zeros at the end.";
    #[py2] "normalize(self, a)" = |th, a| one(th, a, arithmetic::normalize), "Without zeros at the end.";
    #[py3] "plus(self, x, /)" = |th, a| one(th, a, arithmetic::plus), "The number, rounded.";
    #[py2] "plus(self, a)" = |th, a| one(th, a, arithmetic::plus), "The number, rounded.";
    #[py3] "sqrt(self, x, /)" = |th, a| one(th, a, arithmetic::sqrt), "Square root.";
    #[py2] "sqrt(self, a)" = |th, a| one(th, a, arithmetic::sqrt), "Square root.";
    #[py3] "to_integral(self, x, /)" = |th, a| one(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    #[py2] "to_integral(self, a)" = |th, a| one(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    #[py3] "to_integral_exact(self, x, /)" = |th, a| one(th, a, arithmetic::to_integral_exact), "Rounded to an integer.";
    #[py2] "to_integral_exact(self, a)" = |th, a| one(th, a, arithmetic::to_integral_exact), "Rounded to an integer.";
    #[py3] "to_integral_value(self, x, /)" = |th, a| one(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    #[py2] "to_integral_value(self, a)" = |th, a| one(th, a, arithmetic::to_integral_value), "Rounded to an integer, silently.";
    #[py3] "add(self, x, y, /)" = |th, a| two(th, a, arithmetic::add), "Sum.";
    #[py2] "add(self, a, b)" = |th, a| two(th, a, arithmetic::add), "Sum.";
    #[py3] "compare(self, x, y, /)" = |th, a| two(th, a, arithmetic::compare), "-1, 0 or 1, or NaN.";
    #[py2] "compare(self, a, b)" = |th, a| two(th, a, arithmetic::compare), "-1, 0 or 1, or NaN.";
    #[py3] "compare_signal(self, x, y, /)" = |th, a| two(th, a, arithmetic::compare_signal), "As compare(), but all NaNs signal.";
    #[py2] "compare_signal(self, a, b)" = |th, a| two(th, a, arithmetic::compare_signal), "As compare(), but all NaNs signal.";
    #[py3] "compare_total(self, x, y, /)" = |th, a| two(th, a, arithmetic::compare_total), "Order of representations.";
    #[py2] "compare_total(self, a, b)" = |th, a| two(th, a, arithmetic::compare_total), "Order of representations.";
    #[py3] "compare_total_mag(self, x, y, /)" = |th, a| two(th, a, arithmetic::compare_total_mag), "Order of representations without signs.";
    #[py2] "compare_total_mag(self, a, b)" = |th, a| two(th, a, arithmetic::compare_total_mag), "Order of representations without signs.";
    #[py3] "divide(self, x, y, /)" = |th, a| two(th, a, arithmetic::divide), "Quotient.";
    #[py2] "divide(self, a, b)" = |th, a| two(th, a, arithmetic::divide), "Quotient.";
    #[py3] "divide_int(self, x, y, /)" = |th, a| two(th, a, arithmetic::divide_int), "Integer quotient.";
    #[py2] "divide_int(self, a, b)" = |th, a| two(th, a, arithmetic::divide_int), "Integer quotient.";
    #[py3] "logical_and(self, x, y, /)" = |th, a| two(th, a, digits::logical_and), "Digits that are 1 in both.";
    #[py2] "logical_and(self, a, b)" = |th, a| two(th, a, digits::logical_and), "Digits that are 1 in both.";
    #[py3] "logical_or(self, x, y, /)" = |th, a| two(th, a, digits::logical_or), "Digits that are 1 in one or both.";
    #[py2] "logical_or(self, a, b)" = |th, a| two(th, a, digits::logical_or), "Digits that are 1 in one or both.";
    #[py3] "logical_xor(self, x, y, /)" = |th, a| two(th, a, digits::logical_xor), "Digits that are 1 in one of them.";
    #[py2] "logical_xor(self, a, b)" = |th, a| two(th, a, digits::logical_xor), "Digits that are 1 in one of them.";
    #[py3] "max(self, x, y, /)" = |th, a| two(th, a, arithmetic::max), "The larger number.";
    #[py2] "max(self, a, b)" = |th, a| two(th, a, arithmetic::max), "The larger number.";
    #[py3] "max_mag(self, x, y, /)" = |th, a| two(th, a, arithmetic::max_mag), "The number with the larger magnitude.";
    #[py2] "max_mag(self, a, b)" = |th, a| two(th, a, arithmetic::max_mag), "The number with the larger magnitude.";
    #[py3] "min(self, x, y, /)" = |th, a| two(th, a, arithmetic::min), "The smaller number.";
    #[py2] "min(self, a, b)" = |th, a| two(th, a, arithmetic::min), "The smaller number.";
    #[py3] "min_mag(self, x, y, /)" = |th, a| two(th, a, arithmetic::min_mag), "The number with the smaller magnitude.";
    #[py2] "min_mag(self, a, b)" = |th, a| two(th, a, arithmetic::min_mag), "The number with the smaller magnitude.";
    #[py3] "multiply(self, x, y, /)" = |th, a| two(th, a, arithmetic::multiply), "Product.";
    #[py2] "multiply(self, a, b)" = |th, a| two(th, a, arithmetic::multiply), "Product.";
    #[py3] "next_toward(self, x, y, /)" = |th, a| two(th, a, digits::next_toward), "The next number in the direction of the other.";
    #[py2] "next_toward(self, a, b)" = |th, a| two(th, a, digits::next_toward), "The next number in the direction of the other.";
    #[py3] "quantize(self, x, y, /)" = |th, a| two(th, a, arithmetic::quantize), "The first with the exponent of the second.";
    #[py2] "quantize(self, a, b)" = |th, a| two(th, a, arithmetic::quantize), "The first with the exponent of the second.";
    #[py3] "remainder(self, x, y, /)" = |th, a| two(th, a, arithmetic::remainder), "Remainder of the integer quotient.";
    #[py2] "remainder(self, a, b)" = |th, a| two(th, a, arithmetic::remainder), "Remainder of the integer quotient.";
    #[py3] "remainder_near(self, x, y, /)" = |th, a| two(th, a, arithmetic::remainder_near), "What the nearest multiple of the other leaves.";
    #[py2] "remainder_near(self, a, b)" = |th, a| two(th, a, arithmetic::remainder_near), "What the nearest multiple of the other leaves.";
    #[py3] "rotate(self, x, y, /)" = |th, a| two(th, a, digits::rotate), "The digits rotated.";
    #[py2] "rotate(self, a, b)" = |th, a| two(th, a, digits::rotate), "The digits rotated.";
    #[py3] "scaleb(self, x, y, /)" = |th, a| two(th, a, digits::scaleb), "The exponent increased by the other.";
    #[py2] "scaleb(self, a, b)" = |th, a| two(th, a, digits::scaleb), "The exponent increased by the other.";
    #[py3] "shift(self, x, y, /)" = |th, a| two(th, a, digits::shift), "The digits shifted.";
    #[py2] "shift(self, a, b)" = |th, a| two(th, a, digits::shift), "The digits shifted.";
    #[py3] "subtract(self, x, y, /)" = |th, a| two(th, a, arithmetic::subtract), "Difference.";
    #[py2] "subtract(self, a, b)" = |th, a| two(th, a, arithmetic::subtract), "Difference.";
};

fn ctx(a: Args) -> Gc<Context> { this(a.get(0)) }
fn one(th: &mut Thread, a: Args, f: arithmetic::Unary) -> R<Value> {
    let x = required(th, a.get(1))?;
    run_number(th, ctx(a), |th, c| f(th, &x, c))
}
fn two(th: &mut Thread, a: Args, f: arithmetic::Binary) -> R<Value> {
    let (x, y) = (required(th, a.get(1))?, required(th, a.get(2))?);
    run_number(th, ctx(a), |th, c| f(th, &x, &y, c))
}
fn fact(th: &mut Thread, a: Args, f: fn(&Dec) -> bool) -> R<Value> {
    let d = required(th, a.get(1))?;
    Ok(Value::from_bool(f(&d)))
}
fn within(th: &mut Thread, a: Args, normal: bool) -> R<Value> {
    let d = required(th, a.get(1))?;
    let c = context::of(th, a.get(0))?;
    Ok(Value::from_bool(if normal { digits::is_normal(th, &d, &c)? } else { digits::is_subnormal(th, &d, &c)? }))
}
fn number_class(th: &mut Thread, a: Args) -> R<Value> {
    let d = required(th, a.get(1))?;
    let c = context::of(th, a.get(0))?;
    let s = digits::number_class(th, &d, &c)?;
    th.native_str(s)
}
fn canonical(th: &mut Thread, a: Args) -> R<Value> {
    if number(a.get(1)).is_none() {
        return Err(th.type_error(if th.py3() { "argument must be a Decimal" } else { "canonical requires a Decimal as an argument." }));
    }
    Ok(a.get(1))
}
fn copy_sign(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (required(th, a.get(1))?, required(th, a.get(2))?);
    make(th, &x.signed(y.neg))
}
fn same_quantum(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (required(th, a.get(1))?, required(th, a.get(2))?);
    Ok(Value::from_bool(digits::same_quantum(&x, &y)))
}
fn shown(th: &mut Thread, a: Args, eng: bool) -> R<Value> {
    let d = required(th, a.get(1))?;
    let c = context::of(th, a.get(0))?;
    let s = text::show(th, &d, eng, c.capitals)?;
    th.native_str(&s)
}
fn apply(th: &mut Thread, a: Args) -> R<Value> {
    let d = required(th, a.get(1))?;
    if !th.py3() {
        let d = run(th, ctx(a), |th, c| fix(th, d, c))?;
        let s = text::show(th, &d, false, true)?;
        return th.native_str(&s);
    }
    run_number(th, ctx(a), |th, c| fix(th, d, c))
}
fn fma(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y, z) = (required(th, a.get(1))?, required(th, a.get(2))?, required(th, a.get(3))?);
    run_number(th, ctx(a), |th, c| arithmetic::fma(th, &x, &y, &z, c))
}
fn divmod(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (required(th, a.get(1))?, required(th, a.get(2))?);
    let (q, r) = run(th, ctx(a), |th, c| arithmetic::divmod(th, &x, &y, c))?;
    let (q, r) = (make(th, &q)?, make(th, &r)?);
    th.new_tuple(&[q, r])
}
fn power(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (required(th, a.get(1))?, required(th, a.get(2))?);
    match a.some(3) {
        None => run_number(th, ctx(a), |th, c| powers::power(th, &x, &y, c)),
        Some(m) => {
            let m = required(th, m)?;
            run_number(th, ctx(a), |th, c| powers::power_modulo(th, &x, &y, &m, c))
        }
    }
}
