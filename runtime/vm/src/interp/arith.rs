//! Arithmetic, comparisons to a register, unary operators.

use crate::object::compare::{self, Cmp};
use crate::object::number::{self, Op};
use crate::types::dunder::D;
use txpy_compiler::ops::x as flags;
use txpy_heap::Value;

/// Both words are ints.
#[inline(always)]
pub(super) fn both_int(x: Value, y: Value) -> bool { (x.0.wrapping_sub(2) | y.0.wrapping_sub(2)) & 3 == 0 }
/// Both words are inline floats.
#[inline(always)]
pub(super) fn both_float(x: Value, y: Value) -> bool { (x.0.wrapping_add(1) | y.0.wrapping_add(1)) & 2 == 0 }
/// The inline form of a float result.
#[inline(always)]
fn inline_float(f: f64) -> Option<Value> { Value::from_float(f) }
/// Two numbers of which at least one is an inline float, the other one or an int that a float holds exactly.
#[inline(always)]
fn mixed(x: Value, y: Value) -> Option<(f64, f64)> {
    const EXACT: u64 = 1 << 53;
    let float = |v: Value| {
        if v.is_float() {
            Some(v.float_unchecked())
        } else if v.is_int() && v.int_unchecked().unsigned_abs() <= EXACT {
            Some(v.int_unchecked() as f64)
        } else {
            None
        }
    };
    if x.is_int() && y.is_int() { None } else { Some((float(x)?, float(y)?)) }
}
#[inline(always)]
fn fits(i: i64) -> Option<Value> { Value::from_int(i) }

macro_rules! binary {
    ($($name:ident $slow:ident $op:ident, $x:ident $y:ident, $ints:expr, $floats:expr;)*) => {
        op! { $($name(pc, base, th, insn, tab) {
            let ($x, $y) = (r!(base, b!(pc)), r!(base, c!(pc)));
            if both_int($x, $y) {
                if let Some(v) = $ints {
                    r!(base, a!(pc)) = v;
                    next!(pc, base, th, tab)
                }
            } else if both_float($x, $y) {
                let ($x, $y) = ($x.float_unchecked(), $y.float_unchecked());
                if let Some(v) = $floats {
                    r!(base, a!(pc)) = v;
                    next!(pc, base, th, tab)
                }
            }
            goto!($slow, pc, base, th, insn, tab)
        })* }
        $(#[inline(never)]
        unsafe fn $slow(pc: *const u64, base: *mut Value, th: *mut crate::thread::Thread, insn: u64, tab: *const super::Handler) -> u64 {
            // SAFETY: as every handler.
            unsafe {
                let (p, q) = (r!(base, b!(pc)), r!(base, c!(pc)));
                if let Some(($x, $y)) = mixed(p, q) {
                    if let Some(v) = $floats {
                        r!(base, a!(pc)) = v;
                        next!(pc, base, th, tab)
                    }
                }
                let t = enter!(pc, base, th);
                let v = if x!(pc) & flags::INPLACE != 0 { number::inplace(t, Op::$op, p, q) } else { number::binary(t, Op::$op, p, q) };
                r!(base, a!(pc)) = try_!(v, pc, base, th, insn, tab);
                next!(pc, base, th, tab)
            }
        })*
    };
}

/// Floor division of ints; None for a zero divisor.
#[inline(always)]
fn floor_div(a: i64, b: i64) -> Option<Value> {
    if b == 0 {
        return None;
    }
    let q = a / b;
    fits(if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q })
}
#[inline(always)]
fn floor_mod(a: i64, b: i64) -> Option<Value> {
    if b == 0 {
        return None;
    }
    let m = a % b;
    fits(if m != 0 && ((m < 0) != (b < 0)) { m + b } else { m })
}
#[inline(always)]
fn float_mod(a: f64, b: f64) -> Option<Value> {
    if b == 0.0 {
        return None;
    }
    let m = a % b;
    inline_float(if m != 0.0 { if (b < 0.0) != (m < 0.0) { m + b } else { m } } else { 0f64.copysign(b) })
}

binary! {
    ADD add_slow Add, x y, {
        let (s, o) = (x.0.wrapping_sub(2) as i64).overflowing_add(y.0 as i64);
        if o { None } else { Some(Value(s as u64)) }
    }, inline_float(x + y);
    SUB sub_slow Sub, x y, {
        let (s, o) = (x.0 as i64).overflowing_sub(y.0.wrapping_sub(2) as i64);
        if o { None } else { Some(Value(s as u64)) }
    }, inline_float(x - y);
    MUL mul_slow Mul, x y, {
        let (p, o) = (x.0 as i64 >> 2).overflowing_mul(y.0.wrapping_sub(2) as i64);
        if o { None } else { Some(Value(p as u64 | 2)) }
    }, inline_float(x * y);
    DIV div_slow Div, x y, floor_div(x.int_unchecked(), y.int_unchecked()), if y != 0.0 { inline_float(x / y) } else { None };
    TRUEDIV truediv_slow TrueDiv, x y, {
        let (a, b) = (x.int_unchecked(), y.int_unchecked());
        const EXACT: u64 = 1 << 53;
        if b != 0 && a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT { inline_float(a as f64 / b as f64) } else { None }
    }, if y != 0.0 { inline_float(x / y) } else { None };
    FLOORDIV floordiv_slow FloorDiv, x y, floor_div(x.int_unchecked(), y.int_unchecked()), { let _ = (x, y); None::<Value> };
    MOD mod_slow Mod, x y, floor_mod(x.int_unchecked(), y.int_unchecked()), float_mod(x, y);
    POW pow_slow Pow, x y, {
        let (a, b) = (x.int_unchecked(), y.int_unchecked());
        if b == 2 { a.checked_mul(a).and_then(fits) } else if (0..64).contains(&b) { a.checked_pow(b as u32).and_then(fits) } else { None }
    }, if y == 2.0 { inline_float(x * x) } else { None };
    MATMUL matmul_slow MatMul, x y, { let _ = (x, y); None::<Value> }, { let _ = (x, y); None::<Value> };
    LSHIFT lshift_slow LShift, x y, {
        let (a, b) = (x.int_unchecked(), y.int_unchecked());
        if (0..62).contains(&b) && (a << b) >> b == a { fits(a << b) } else { None }
    }, { let _ = (x, y); None::<Value> };
    RSHIFT rshift_slow RShift, x y, {
        let b = y.int_unchecked();
        if b >= 0 { fits(x.int_unchecked() >> b.min(63)) } else { None }
    }, { let _ = (x, y); None::<Value> };
    AND and_slow And, x y, Some(Value(x.0 & y.0)), { let _ = (x, y); None::<Value> };
    OR or_slow Or, x y, Some(Value(x.0 | y.0)), { let _ = (x, y); None::<Value> };
    XOR xor_slow Xor, x y, Some(Value((x.0 ^ y.0) | 2)), { let _ = (x, y); None::<Value> };
}

macro_rules! small {
    ($($name:ident $slow:ident $op:ident, $x:ident $k:ident, $int:expr, $float:expr;)*) => {
        op! { $($name(pc, base, th, insn, tab) {
            let ($x, $k) = (r!(base, b!(pc)), ic!(pc));
            if $x.is_int() {
                if let Some(v) = $int {
                    r!(base, a!(pc)) = v;
                    next!(pc, base, th, tab)
                }
            } else if $x.is_float() {
                let $x = $x.float_unchecked();
                if let Some(v) = inline_float($float) {
                    r!(base, a!(pc)) = v;
                    next!(pc, base, th, tab)
                }
            }
            goto!($slow, pc, base, th, insn, tab)
        })* }
        slow! { $($slow(pc, base, th, insn, tab) {
            let t = enter!(pc, base, th);
            let (p, q) = (r!(base, b!(pc)), Value::int(ic!(pc)));
            let v = if x!(pc) & flags::INPLACE != 0 { number::inplace(t, Op::$op, p, q) } else { number::binary(t, Op::$op, p, q) };
            r!(base, a!(pc)) = try_!(v, pc, base, th, insn, tab);
            next!(pc, base, th, tab)
        })* }
    };
}
small! {
    ADDI addi_slow Add, x k, {
        let (s, o) = (x.0 as i64).overflowing_add(k << 2);
        if o { None } else { Some(Value(s as u64)) }
    }, x + k as f64;
    SUBI subi_slow Sub, x k, {
        let (s, o) = (x.0 as i64).overflowing_sub(k << 2);
        if o { None } else { Some(Value(s as u64)) }
    }, x - k as f64;
    MULI muli_slow Mul, x k, {
        let (p, o) = (x.0.wrapping_sub(2) as i64).overflowing_mul(k);
        if o { None } else { Some(Value(p as u64 | 2)) }
    }, x * k as f64;
}

macro_rules! comparison {
    ($($name:ident $slow:ident $cmp:ident $sign:tt;)*) => {
        op! { $($name(pc, base, th, insn, tab) {
            let (x, y) = (r!(base, b!(pc)), r!(base, c!(pc)));
            if both_int(x, y) {
                r!(base, a!(pc)) = Value::from_bool((x.0 as i64) $sign (y.0 as i64));
                next!(pc, base, th, tab)
            }
            if both_float(x, y) {
                r!(base, a!(pc)) = Value::from_bool(x.float_unchecked() $sign y.float_unchecked());
                next!(pc, base, th, tab)
            }
            goto!($slow, pc, base, th, insn, tab)
        })* }
        $(#[inline(never)]
        unsafe fn $slow(pc: *const u64, base: *mut Value, th: *mut crate::thread::Thread, insn: u64, tab: *const super::Handler) -> u64 {
            // SAFETY: as every handler.
            unsafe {
                if let Some((x, y)) = mixed(r!(base, b!(pc)), r!(base, c!(pc))) {
                    r!(base, a!(pc)) = Value::from_bool(x $sign y);
                    next!(pc, base, th, tab)
                }
                let t = enter!(pc, base, th);
                r!(base, a!(pc)) = try_!(compare::compare(t, Cmp::$cmp, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
                next!(pc, base, th, tab)
            }
        })*
    };
}
comparison! {
    LT lt_slow Lt <;
    LE le_slow Le <=;
    EQ eq_slow Eq ==;
    NE ne_slow Ne !=;
    GT gt_slow Gt >;
    GE ge_slow Ge >=;
}

/// Identity as scripts see it: a boxed float or big int equals only itself; inline floats by their bits.
#[inline(always)]
pub(super) fn same(x: Value, y: Value) -> bool { x == y }

op! {
    IS(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = Value::from_bool(same(r!(base, b!(pc)), r!(base, c!(pc))));
        next!(pc, base, th, tab)
    }
    ISNOT(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = Value::from_bool(!same(r!(base, b!(pc)), r!(base, c!(pc))));
        next!(pc, base, th, tab)
    }
    IN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(crate::object::item::contains(t, r!(base, c!(pc)), r!(base, b!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = Value::from_bool(v);
        next!(pc, base, th, tab)
    }
    NOTIN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(crate::object::item::contains(t, r!(base, c!(pc)), r!(base, b!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = Value::from_bool(!v);
        next!(pc, base, th, tab)
    }
    NOT(pc, base, th, insn, tab) {
        let x = r!(base, b!(pc));
        if x == Value::TRUE || x == Value::FALSE {
            r!(base, a!(pc)) = Value::from_bool(x == Value::FALSE);
            next!(pc, base, th, tab)
        }
        goto!(not_slow, pc, base, th, insn, tab)
    }
    NEG(pc, base, th, insn, tab) {
        let x = r!(base, b!(pc));
        if x.is_int() {
            if let Some(v) = fits(-x.int_unchecked()) {
                r!(base, a!(pc)) = v;
                next!(pc, base, th, tab)
            }
        } else if x.is_float() {
            // The magnitude, and so the inline form, stays.
            r!(base, a!(pc)) = Value(x.0 ^ 8);
            next!(pc, base, th, tab)
        }
        goto!(neg_slow, pc, base, th, insn, tab)
    }
    POS(pc, base, th, insn, tab) {
        let x = r!(base, b!(pc));
        if x.is_int() || x.is_float() {
            r!(base, a!(pc)) = x;
            next!(pc, base, th, tab)
        }
        goto!(pos_slow, pc, base, th, insn, tab)
    }
    INVERT(pc, base, th, insn, tab) {
        let x = r!(base, b!(pc));
        if x.is_int() {
            r!(base, a!(pc)) = Value::int(!x.int_unchecked());
            next!(pc, base, th, tab)
        }
        goto!(invert_slow, pc, base, th, insn, tab)
    }
}
slow! {
    not_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(compare::is_true(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = Value::from_bool(!v);
        next!(pc, base, th, tab)
    }
    neg_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(number::unary(t, D::neg, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    pos_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(number::unary(t, D::pos, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    invert_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(number::unary(t, D::invert, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
