//! `operator` (2.7) and `_operator` (3): operators as functions, one table.

use crate::api::*;
use crate::operator_getters::{ATTRGETTER, ITEMGETTER, METHODCALLER};
use txpy_vm::object::item as items;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_operator", doc: "Operators as functions.", functions: FUNCTIONS, types: &[&ITEMGETTER, &ATTRGETTER, &METHODCALLER],
    init: Some(init), lang: Lang::Py3,
};
pub static MODULE2: ModuleDef = ModuleDef {
    name: "operator", doc: "Operators as functions.", functions: FUNCTIONS, types: &[&ITEMGETTER, &ATTRGETTER, &METHODCALLER],
    init: Some(init), lang: Lang::Py2,
};

/// The names with underscores are the same functions.
const ALIASES: &[(&str, &str)] = &[
    ("__lt__", "lt"), ("__le__", "le"), ("__eq__", "eq"), ("__ne__", "ne"), ("__ge__", "ge"), ("__gt__", "gt"), ("__not__", "not_"), ("__abs__", "abs"),
    ("__add__", "add"), ("__and__", "and_"), ("__floordiv__", "floordiv"), ("__index__", "index"), ("__inv__", "inv"), ("__invert__", "invert"),
    ("__lshift__", "lshift"), ("__mod__", "mod"), ("__mul__", "mul"), ("__neg__", "neg"), ("__or__", "or_"), ("__pos__", "pos"), ("__pow__", "pow"),
    ("__rshift__", "rshift"), ("__sub__", "sub"), ("__truediv__", "truediv"), ("__div__", "div"), ("__xor__", "xor"), ("__concat__", "concat"),
    ("__contains__", "contains"), ("__delitem__", "delitem"), ("__getitem__", "getitem"), ("__setitem__", "setitem"), ("__iadd__", "iadd"), ("__iand__", "iand"),
    ("__iconcat__", "iconcat"), ("__ifloordiv__", "ifloordiv"), ("__ilshift__", "ilshift"), ("__imod__", "imod"), ("__imul__", "imul"), ("__ior__", "ior"),
    ("__ipow__", "ipow"), ("__irshift__", "irshift"), ("__isub__", "isub"), ("__itruediv__", "itruediv"), ("__idiv__", "idiv"), ("__ixor__", "ixor"),
    ("__repeat__", "repeat"), ("__irepeat__", "irepeat"), ("__getslice__", "getslice"), ("__setslice__", "setslice"), ("__delslice__", "delslice"),
];

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    crate::operator_getters::register();
    if !th.py3() {
        for (alias, name) in ALIASES {
            if let Some(f) = dict::get_str(th, m.frozen().dict, name)? {
                module::set(th, m, alias, f)?;
            }
        }
    }
    Ok(())
}

macro_rules! ops {
    ($($(#[$mark:ident])? $sig:literal $kind:ident $op:expr, $doc:literal;)*) => { natives! { $($(#[$mark])? $sig = ops!(@ $kind $op), $doc;)* } };
    (@ binary $op:expr) => { |th, a| binary(th, $op, a.get(0), a.get(1)) };
    (@ inplace $op:expr) => { |th, a| inplace(th, $op, a.get(0), a.get(1)) };
    (@ compare $op:expr) => { |th, a| compare(th, $op, a.get(0), a.get(1)) };
    (@ unary $op:expr) => { |th, a| number::unary(th, $op, a.get(0)) };
    (@ call $op:expr) => { $op };
}

static FUNCTIONS: &[NativeDef] = ops! {
    "lt(a, b, /)" compare Cmp::Lt, "Same as a < b.";
    "le(a, b, /)" compare Cmp::Le, "Same as a <= b.";
    "eq(a, b, /)" compare Cmp::Eq, "Same as a == b.";
    "ne(a, b, /)" compare Cmp::Ne, "Same as a != b.";
    "ge(a, b, /)" compare Cmp::Ge, "Same as a >= b.";
    "gt(a, b, /)" compare Cmp::Gt, "Same as a > b.";
    "add(a, b, /)" binary Op::Add, "Same as a + b.";
    "sub(a, b, /)" binary Op::Sub, "Same as a - b.";
    "mul(a, b, /)" binary Op::Mul, "Same as a * b.";
    #[py2] "div(a, b, /)" binary Op::Div, "Same as a / b without __future__.division.";
    "truediv(a, b, /)" binary Op::TrueDiv, "Same as a / b.";
    "floordiv(a, b, /)" binary Op::FloorDiv, "Same as a // b.";
    "mod(a, b, /)" binary Op::Mod, "Same as a % b.";
    "pow(a, b, /)" binary Op::Pow, "Same as a ** b.";
    #[py3] "matmul(a, b, /)" binary Op::MatMul, "Same as a @ b.";
    "lshift(a, b, /)" binary Op::LShift, "Same as a << b.";
    "rshift(a, b, /)" binary Op::RShift, "Same as a >> b.";
    "and_(a, b, /)" binary Op::And, "Same as a & b.";
    "or_(a, b, /)" binary Op::Or, "Same as a | b.";
    "xor(a, b, /)" binary Op::Xor, "Same as a ^ b.";
    "iadd(a, b, /)" inplace Op::Add, "Same as a += b.";
    "isub(a, b, /)" inplace Op::Sub, "Same as a -= b.";
    "imul(a, b, /)" inplace Op::Mul, "Same as a *= b.";
    #[py2] "idiv(a, b, /)" inplace Op::Div, "Same as a /= b without __future__.division.";
    "itruediv(a, b, /)" inplace Op::TrueDiv, "Same as a /= b.";
    "ifloordiv(a, b, /)" inplace Op::FloorDiv, "Same as a //= b.";
    "imod(a, b, /)" inplace Op::Mod, "Same as a %= b.";
    "ipow(a, b, /)" inplace Op::Pow, "Same as a **= b.";
    #[py3] "imatmul(a, b, /)" inplace Op::MatMul, "Same as a @= b.";
    "ilshift(a, b, /)" inplace Op::LShift, "Same as a <<= b.";
    "irshift(a, b, /)" inplace Op::RShift, "Same as a >>= b.";
    "iand(a, b, /)" inplace Op::And, "Same as a &= b.";
    "ior(a, b, /)" inplace Op::Or, "Same as a |= b.";
    "ixor(a, b, /)" inplace Op::Xor, "Same as a ^= b.";
    "neg(a, /)" unary D::neg, "Same as -a.";
    "pos(a, /)" unary D::pos, "Same as +a.";
    "abs(a, /)" unary D::abs, "Same as abs(a).";
    "inv(a, /)" unary D::invert, "Same as ~a.";
    "invert(a, /)" unary D::invert, "Same as ~a.";
    "index(a, /)" call |th, a| { let i = int::index(th, a.get(0))?; int::exact_value(th, i) }, "Same as a.__index__()";
    "truth(a, /)" call |th, a| Ok(Value::from_bool(is_true(th, a.get(0))?)), "Return True if a is true, False otherwise.";
    "not_(a, /)" call |th, a| Ok(Value::from_bool(!is_true(th, a.get(0))?)), "Same as not a.";
    "is_(a, b, /)" call |_, a| Ok(Value::from_bool(a.get(0) == a.get(1))), "Same as a is b.";
    "is_not(a, b, /)" call |_, a| Ok(Value::from_bool(a.get(0) != a.get(1))), "Same as a is not b.";
    #[py3] "is_none(a, /)" call |_, a| Ok(Value::from_bool(a.get(0).is_none())), "Same as a is None.";
    #[py3] "is_not_none(a, /)" call |_, a| Ok(Value::from_bool(!a.get(0).is_none())), "Same as a is not None.";
    "contains(a, b, /)" call |th, a| Ok(Value::from_bool(items::contains(th, a.get(0), a.get(1))?)), "Same as b in a (note reversed operands).";
    #[py2] "sequenceIncludes(a, b, /)" call |th, a| Ok(Value::from_bool(items::contains(th, a.get(0), a.get(1))?)), "Same as b in a (note reversed operands; deprecated).";
    "getitem(a, b, /)" call |th, a| items::get(th, a.get(0), a.get(1)), "Same as a[b].";
    "setitem(a, b, c, /)" call |th, a| { items::set(th, a.get(0), a.get(1), a.get(2))?; Ok(Value::NONE) }, "Same as a[b] = c.";
    "delitem(a, b, /)" call |th, a| { items::delete(th, a.get(0), a.get(1))?; Ok(Value::NONE) }, "Same as del a[b].";
    "concat(a, b, /)" call concat, "Same as a + b, for a and b sequences.";
    "iconcat(a, b, /)" call iconcat, "Same as a += b, for a and b sequences.";
    #[py2] "repeat(a, b, /)" call repeat, "Return a * b, where a is a sequence, and b is an integer.";
    #[py2] "irepeat(a, b, /)" call irepeat, "Same as a *= b, where a is a sequence, and b is an integer.";
    "countOf(a, b, /)" call count_of, "Return the number of items in a which are, or which equal, b.";
    "indexOf(a, b, /)" call index_of, "Return the first index of b in a.";
    #[py3] "length_hint(obj, default=0, /)" call length_hint, "Return an estimate of the number of items in obj.";
    #[py3] "call(obj, /, *args, **kwargs)" call |th, a| th.call_args(a.get(0), a.skip(1)), "Same as obj(*args, **kwargs).";
    #[py3] "_compare_digest(a, b, /)" call compare_digest, "Return 'a == b', in a time that does not depend on where they differ.";
    #[py2] "isCallable(a, /)" call |th, a| { let f = txpy_vm::builtins_seq::builtin(th, "callable")?; th.call(f, &[a.get(0)]) }, "Same as callable(a).";
    #[py2] "isNumberType(a, /)" call |_, a| Ok(Value::from_bool(is_number(a.get(0)))), "Return True if a has a numeric type, False otherwise.";
    #[py2] "isSequenceType(a, /)" call |_, a| Ok(Value::from_bool(is_sequence(a.get(0)))), "Return True if a has a sequence type, False otherwise.";
    #[py2] "isMappingType(a, /)" call |_, a| Ok(Value::from_bool(is_mapping(a.get(0)))), "Return True if a has a mapping type, False otherwise.";
    #[py2] "getslice(a, b, c, /)" call getslice, "Same as a[b:c].";
    #[py2] "setslice(a, b, c, d, /)" call setslice, "Same as a[b:c] = d.";
    #[py2] "delslice(a, b, c, /)" call delslice, "Same as del a[b:c].";
};

fn is_number(v: Value) -> bool { dunder(v, D::int_).is_some() || dunder(v, D::float_).is_some() }
fn is_sequence(v: Value) -> bool { dunder(v, D::getitem).is_some() && !v.is::<Dict>() }
fn is_mapping(v: Value) -> bool { dunder(v, D::getitem).is_some() && !v.is::<Tuple>() && !text::is_text(v) }
use txpy_vm::types::tuple::Tuple;

fn concat(th: &mut Thread, a: Args) -> R<Value> {
    if !is_sequence(a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("'{got}' object can't be concatenated")));
    }
    binary(th, Op::Add, a.get(0), a.get(1))
}
fn iconcat(th: &mut Thread, a: Args) -> R<Value> {
    if !is_sequence(a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("'{got}' object can't be concatenated")));
    }
    inplace(th, Op::Add, a.get(0), a.get(1))
}
fn check_repeat(th: &mut Thread, a: Args) -> R<()> {
    if !int::is_int_like(a.get(1)) && dunder(a.get(1), D::index).is_none() {
        return Err(th.type_error("integer required"));
    }
    if !is_sequence(a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("'{got}' object can't be repeated")));
    }
    Ok(())
}
fn repeat(th: &mut Thread, a: Args) -> R<Value> {
    check_repeat(th, a)?;
    binary(th, Op::Mul, a.get(0), a.get(1))
}
fn irepeat(th: &mut Thread, a: Args) -> R<Value> {
    check_repeat(th, a)?;
    inplace(th, Op::Mul, a.get(0), a.get(1))
}
fn count_of(th: &mut Thread, a: Args) -> R<Value> {
    let (mut n, x) = (0, a.get(1));
    let it = iter::iter(th, a.get(0))?;
    while let Some(y) = iter::next(th, it)? {
        th.poll()?;
        n += same_or_equal(th, y, x)? as i64;
    }
    Ok(Value::int(n))
}
fn index_of(th: &mut Thread, a: Args) -> R<Value> {
    let (mut n, x) = (0, a.get(1));
    let it = iter::iter(th, a.get(0))?;
    while let Some(y) = iter::next(th, it)? {
        th.poll()?;
        if same_or_equal(th, y, x)? {
            return Ok(Value::int(n));
        }
        n += 1;
    }
    Err(th.value_error("sequence.index(x): x not in sequence"))
}
fn length_hint(th: &mut Thread, a: Args) -> R<Value> {
    let default = a.or(1, Value::int(0));
    if !int::is_int_like(default) {
        let got = class_name(default);
        return Err(th.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    }
    let v = a.get(0);
    if dunder(v, D::len).is_some() {
        let r = items::len(th, v);
        if let Some(n) = th.unless(r, &TYPE_ERROR)? {
            return Ok(Value::int(n as i64));
        }
    }
    let Some(f) = dunder(v, D::length_hint) else { return Ok(default) };
    let r = txpy_vm::object::call_special(th, f, v, &[]);
    let Some(r) = th.unless(r, &TYPE_ERROR)? else { return Ok(default) };
    if r == Value::NOT_IMPLEMENTED {
        return Ok(default);
    }
    if !int::is_int_like(r) {
        let got = class_name(r);
        return Err(th.type_error(format!("__length_hint__ must be an integer, not {got}")));
    }
    match int::to_i64(r) {
        Some(n) if n >= 0 => Ok(r),
        Some(_) => Err(th.value_error("__length_hint__() should return >= 0")),
        None => Err(th.overflow_error("Python int too large to convert to C ssize_t")),
    }
}
fn compare_digest(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    let same = |x: &[u8], y: &[u8]| {
        let mut diff = (x.len() != y.len()) as u8;
        for i in 0..y.len() {
            diff |= y[i] ^ x.get(i).copied().unwrap_or(!y[i]);
        }
        std::hint::black_box(diff) == 0
    };
    if text::is_text(x) && text::is_text(y) {
        let (b, c) = (text::bytes_of(x).unwrap_or(&[]), text::bytes_of(y).unwrap_or(&[]));
        if !b.is_ascii() || !c.is_ascii() {
            return Err(th.type_error("comparing strings with non-ASCII characters is not supported"));
        }
        return Ok(Value::from_bool(same(b, c)));
    }
    use txpy_vm::native::buffer;
    if !buffer::is_bytes_like(th, x) || !buffer::is_bytes_like(th, y) {
        let (p, q) = (class_name(x), class_name(y));
        return Err(th.type_error(format!("unsupported operand types(s) or combination of types: '{p}' and '{q}'")));
    }
    let x = buffer::snapshot(th, x)?;
    buffer::bytes_like(th, y, |c| same(text::bytes_of(x).unwrap_or(&[]), c)).map(Value::from_bool)
}
fn slice_of(th: &mut Thread, a: Args) -> R<Value> {
    let start = txpy_vm::types::sequence::clamped(th, a.get(1))?;
    let stop = txpy_vm::types::sequence::clamped(th, a.get(2))?;
    let clip = |i: i64| Value::int(i.clamp(-(1 << 60), 1 << 60));
    txpy_vm::types::slice::new(th, clip(start), clip(stop), Value::NONE)
}
fn getslice(th: &mut Thread, a: Args) -> R<Value> {
    let s = slice_of(th, a)?;
    items::get(th, a.get(0), s)
}
fn setslice(th: &mut Thread, a: Args) -> R<Value> {
    let s = slice_of(th, a)?;
    items::set(th, a.get(0), s, a.get(3))?;
    Ok(Value::NONE)
}
fn delslice(th: &mut Thread, a: Args) -> R<Value> {
    let s = slice_of(th, a)?;
    items::delete(th, a.get(0), s)?;
    Ok(Value::NONE)
}
