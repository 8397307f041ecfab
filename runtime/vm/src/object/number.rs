//! Arithmetic operators by protocol.

use super::{call_special, class_name, class_of};
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::type_::is_subtype;
use crate::types::{float, int, text};
use txpy_heap::{R, Value};

macro_rules! operators {
    ($($op:ident $symbol:literal $forward:ident $reverse:ident $inplace:ident;)*) => {
        /// A binary operator.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Op { $($op),* }
        impl Op {
            pub fn symbol(self) -> &'static str { [$($symbol),*][self as usize] }
            pub fn forward(self) -> D { [$(D::$forward),*][self as usize] }
            pub fn reverse(self) -> D { [$(D::$reverse),*][self as usize] }
            pub fn inplace(self) -> D { [$(D::$inplace),*][self as usize] }
        }
    };
}
// In the order of the instructions ADD .. XOR.
operators! {
    Add "+" add radd iadd;
    Sub "-" sub rsub isub;
    Mul "*" mul rmul imul;
    Div "/" div rdiv idiv;
    TrueDiv "/" truediv rtruediv itruediv;
    FloorDiv "//" floordiv rfloordiv ifloordiv;
    Mod "%" mod_ rmod imod;
    Pow "** or pow()" pow rpow ipow;
    MatMul "@" matmul rmatmul imatmul;
    LShift "<<" lshift rlshift ilshift;
    RShift ">>" rshift rrshift irshift;
    And "&" and rand iand;
    Or "|" or ror ior;
    Xor "^" xor rxor ixor;
    DivMod "divmod()" divmod rdivmod divmod;
}

/// `a op b`.
pub fn binary(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Value> {
    if op == Op::Add && both_text(a, b) {
        return text::concat(th, a, b);
    }
    if let Some(r) = int::fast(th, op, a, b)? {
        return Ok(r);
    }
    if let Some(r) = float::fast(th, op, a, b)? {
        return Ok(r);
    }
    th.check_stack()?;
    match dispatch(th, op, a, b)? {
        Some(r) => Ok(r),
        None => unsupported(th, op, op.symbol(), a, b),
    }
}

/// Two exact strings of the same class: `+` needs no method.
#[inline]
fn both_text(a: Value, b: Value) -> bool { text::STR.is_exact(a) && text::STR.is_exact(b) || text::BYTES.is_exact(a) && text::BYTES.is_exact(b) }

/// `a op= b`.
pub fn inplace(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Value> {
    if op == Op::Add && both_text(a, b) {
        return text::concat(th, a, b);
    }
    if a.is_ref() && op != Op::DivMod {
        if let Some(f) = super::dunder(a, op.inplace()) {
            let r = call_special(th, f, a, &[b])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(r);
            }
        }
    }
    if let Some(r) = int::fast(th, op, a, b)? {
        return Ok(r);
    }
    if let Some(r) = float::fast(th, op, a, b)? {
        return Ok(r);
    }
    th.check_stack()?;
    match dispatch(th, op, a, b)? {
        Some(r) => Ok(r),
        None => {
            let symbol = if op == Op::Pow { "**=".to_string() } else { format!("{}=", op.symbol()) };
            unsupported(th, op, &symbol, a, b)
        }
    }
}

/// Both operands' methods; None when neither knows.
pub fn dispatch(th: &mut Thread, op: Op, a: Value, b: Value) -> R<Option<Value>> {
    let (ta, tb) = (class_of(a), class_of(b));
    let fa = ta.frozen().dunder(op.forward());
    let fb = tb.frozen().dunder(op.reverse());
    let mut tried = ta == tb;
    if ta != tb && is_subtype(tb, ta) && fb != ta.frozen().dunder(op.reverse()) {
        if let Some(f) = fb {
            tried = true;
            let r = call_special(th, f, b, &[a])?;
            if r != Value::NOT_IMPLEMENTED {
                return Ok(Some(r));
            }
        }
    }
    if let Some(f) = fa {
        let r = call_special(th, f, a, &[b])?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    if let (Some(f), false) = (fb, tried) {
        let r = call_special(th, f, b, &[a])?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(Some(r));
        }
    }
    // Sequences concatenate and repeat after all numeric attempts.
    crate::types::sequence::concat_or_repeat(th, op, a, b)
}

fn unsupported(th: &mut Thread, op: Op, symbol: &str, a: Value, b: Value) -> R<Value> {
    if let Some(e) = crate::types::sequence::operand_error(th, op, a, b) {
        return Err(e);
    }
    let (x, y) = (class_name(a), class_name(b));
    Err(th.type_error(format!("unsupported operand type(s) for {symbol}: '{x}' and '{y}'")))
}

/// `-v`, `+v`, `~v`, `abs(v)`.
pub fn unary(th: &mut Thread, d: D, v: Value) -> R<Value> {
    if let Some(f) = super::dunder(v, d) {
        return call_special(th, f, v, &[]);
    }
    let name = class_name(v);
    let what = match d {
        D::neg => "unary -",
        D::pos => "unary +",
        D::invert => "unary ~",
        _ => "abs()",
    };
    Err(th.type_error(format!("bad operand type for {what}: '{name}'")))
}
