//! The type `Decimal`: its layout, and how natives take and give numbers.

use super::arithmetic::{Binary, Unary};
use super::context::{self, Context};
use super::nat::Nat;
use super::number::{Ctx, Dec, Kind};
use crate::api::*;
use crate::kinds;
use txpy_vm::types::int::Num;

object! {
    /// Sign, kind and exponent; the coefficient's limbs, the least first.
    pub struct Decimal = kinds::DECIMAL, frozen { pub exp: i64, pub neg: bool, pub kind: u8 } tail limbs: u64
}
pub static DECIMAL: TypeDef = TypeDef {
    name: "Decimal", module: "decimal", kind: kinds::DECIMAL, flags: type_flag::BASE, methods: &[super::methods::OPERATORS, super::methods::METHODS],
    getset: getset! {
        "real" = |_, v| Ok(v), "The number itself.";
        "imag" = |th, _| make(th, &Dec::zero(false, 0)), "Zero.";
        #[py2] "_sign" = |_, v| Ok(Value::int(take(v).neg.into())), "0, or 1 for negative numbers.";
        #[py2] "_int" = |th, v| { let t = take(v).c.text(th)?; th.native_str_bytes(&t) }, "The coefficient's digits.";
        #[py2] "_exp" = super::convert::old_exponent, "The exponent; of what is no number a letter.";
        #[py2] "_is_special" = |_, v| Ok(Value::from_bool(!take(v).is_finite())), "Whether it is no number.";
    },
    doc: "A decimal floating-point number.\n\nDecimal(value='0', context=None) converts an integer, a text, a float, a tuple or another Decimal, exactly; the context tells only whether what is no number raises InvalidOperation.",
    ..TypeDef::DEFAULT
};

/// The number that a Decimal is.
pub fn take(v: Value) -> Dec { number(v).unwrap_or(Dec::NAN) }
pub fn number(v: Value) -> Option<Dec> {
    let d = v.cast::<Decimal>()?;
    let d = d.frozen();
    let kind = [Kind::Finite, Kind::Inf, Kind::QNan, Kind::SNan][d.kind as usize & 3];
    Some(Dec { neg: d.neg, kind, exp: d.exp, c: Nat::of_limbs(d.limbs()) })
}
pub fn make(th: &mut Thread, d: &Dec) -> R<Value> { make_like(th, DECIMAL.ty(), d) }
/// A number of a class, Decimal or a subclass.
pub fn make_like(th: &mut Thread, class: Gc<Type>, d: &Dec) -> R<Value> {
    let v = d.c.with_limbs(|l| instance::alloc_tail_like(th, class, Decimal { header: Header::NEW, len: l.len(), exp: d.exp, neg: d.neg, kind: d.kind as u8 }, l))?;
    Ok(v.value())
}
/// An integer as a number; None for what is none.
pub fn of_int(v: Value) -> Option<Dec> {
    match int::num(v)? {
        Num::Small(n) => Some(Dec::of_i128(n)),
        Num::Big(n) => Some(Dec::new(n.frozen().negative, Nat::of_limbs(n.frozen().limbs()), 0)),
    }
}
/// An operand: a Decimal or an integer.
pub fn operand(v: Value) -> Option<Dec> { number(v).or_else(|| of_int(v)) }
/// An operand, or TypeError.
pub fn required(th: &mut Thread, v: Value) -> R<Dec> {
    match operand(v) {
        Some(d) => Ok(d),
        None if th.py3() => {
            let got = class_name(v);
            Err(th.type_error(format!("conversion from {got} to Decimal is not supported")))
        }
        None => {
            let shown = txpy_vm::object::str_text(th, v)?;
            Err(th.type_error(format!("Unable to convert {shown} to Decimal")))
        }
    }
}

/// Runs an operation in a context and reports what happened.
pub fn run<T>(th: &mut Thread, ctx: Gc<Context>, f: impl FnOnce(&mut Thread, &mut Ctx) -> R<T>) -> R<T> {
    let mut c = context::of(th, ctx.value())?;
    let r = f(th, &mut c)?;
    context::finish(th, ctx, &c)?;
    Ok(r)
}
/// As `run`; the result as an object.
pub fn run_number(th: &mut Thread, ctx: Gc<Context>, f: impl FnOnce(&mut Thread, &mut Ctx) -> R<Dec>) -> R<Value> {
    let d = run(th, ctx, f)?;
    make(th, &d)
}
pub fn unary(th: &mut Thread, x: Value, ctx: Option<Value>, f: Unary) -> R<Value> {
    let ctx = context::arg(th, ctx)?;
    let d = required(th, x)?;
    run_number(th, ctx, |th, c| f(th, &d, c))
}
pub fn binary(th: &mut Thread, x: Value, y: Value, ctx: Option<Value>, f: Binary) -> R<Value> {
    let ctx = context::arg(th, ctx)?;
    let (x, y) = (required(th, x)?, required(th, y)?);
    run_number(th, ctx, |th, c| f(th, &x, &y, c))
}
/// An operator: NotImplemented for operands of other types.
pub fn operator(th: &mut Thread, x: Value, y: Value, f: Binary) -> R<Value> {
    let (Some(x), Some(y)) = (operand(x), operand(y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let ctx = context::current(th)?;
    run_number(th, ctx, |th, c| f(th, &x, &y, c))
}
