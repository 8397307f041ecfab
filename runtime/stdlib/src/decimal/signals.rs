//! The classes of exceptions, the mappings from signals to booleans, and the other objects that the module makes once.

use super::context::{self, Context};
use super::number::{Ctx, status::*};
use crate::api::*;
use crate::contextvars;
use crate::kinds;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_vm::exceptions::{ARITHMETIC_ERROR, ZERO_DIVISION_ERROR};
use txpy_vm::import;

object! {
    pub struct SignalDict = kinds::DECIMAL_SIGNALS { pub context: Value, pub traps: bool }
}
pub static MIXIN: TypeDef = TypeDef {
    name: "SignalDictMixin", module: "decimal", kind: kinds::DECIMAL_SIGNALS, size: size_of::<SignalDict>() as u16, flags: type_flag::BASE, methods: &[METHODS],
    doc: "What signals map to.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, /)" = |th, a| unbound(th, a.get(0)), "Create one that belongs to no context.";
    "__len__(self, /)" = |th, a| { owner(th, a.get(0))?; Ok(Value::int(shown(th).count() as i64)) }, "Return len(self).";
    "__iter__(self, /)" = |th, a| { let k = keys(th, a)?; iter::iter(th, k) }, "Implement iter(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, _| Err(th.value_error("signal keys cannot be deleted")), "Raise ValueError.";
    #[py3] "__eq__(self, value, /)" = |th, a| equal(th, a, false), "Return self==value.";
    #[py3] "__ne__(self, value, /)" = |th, a| equal(th, a, true), "Return self!=value.";
    #[py2] "__eq__(self, value, /)" = |th, a| equal(th, a, false), "Return self==value.";
    #[py2] "__ne__(self, value, /)" = |th, a| equal(th, a, true), "Return self!=value.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "copy(self, /)" = |th, a| Ok(as_dict(th, a.get(0))?.value()), "A plain dict with the same items.";
    #[py2] "keys(self, /)" = |th, a| { let k = keys(th, a)?; Ok(iter::to_list(th, k)?.value()) }, "The signals.";
};

/// A signal or condition: its name, what reports it, its bases by name.
struct Row {
    name: &'static str,
    mask: u32,
    bases: &'static [&'static str],
}
const fn row(name: &'static str, mask: u32, bases: &'static [&'static str]) -> Row { Row { name, mask, bases } }
/// In the order of making.
static ROWS: [Row; 14] = [
    row("DecimalException", 0, &[]),
    row("InvalidOperation", INVALID, &["DecimalException"]),
    row("FloatOperation", FLOAT, &["DecimalException", "TypeError"]),
    row("DivisionByZero", ZERO_DIVISION, &["DecimalException", "ZeroDivisionError"]),
    row("Subnormal", SUBNORMAL, &["DecimalException"]),
    row("Inexact", INEXACT, &["DecimalException"]),
    row("Rounded", ROUNDED, &["DecimalException"]),
    row("Clamped", CLAMPED, &["DecimalException"]),
    row("Overflow", OVERFLOW, &["Inexact", "Rounded"]),
    row("Underflow", UNDERFLOW, &["Inexact", "Rounded", "Subnormal"]),
    row("ConversionSyntax", CONVERSION, &["InvalidOperation"]),
    row("DivisionImpossible", DIVISION_IMPOSSIBLE, &["InvalidOperation"]),
    row("DivisionUndefined", DIVISION_UNDEFINED, &["InvalidOperation", "ZeroDivisionError"]),
    row("InvalidContext", INVALID_CONTEXT, &["InvalidOperation"]),
];
/// Which of the rows are signals, in the order of their bits.
const SIGNAL_ROWS: [usize; 9] = [1, 2, 3, 8, 9, 4, 5, 6, 7];

/// What else is made once.
#[derive(Clone, Copy)]
pub enum Part {
    Variable = ROWS.len() as isize,
    DefaultContext,
    BasicContext,
    ExtendedContext,
    DecimalTuple,
    SignalDict,
    Rational,
}
static STATE: AtomicU64 = AtomicU64::new(0);
static HOOK: std::sync::Once = std::sync::Once::new();

fn at(i: usize) -> Value { tuple::items(Value(STATE.load(Acquire))).and_then(|t| t.get(i).copied()).unwrap_or(Value::NONE) }
/// One of the module's objects. It exists: natives that ask are reached through the module.
pub fn part(_: &mut Thread, p: Part) -> R<Value> { Ok(at(p as usize)) }

/// The signals that the language has, with their classes.
fn shown(th: &Thread) -> impl Iterator<Item = (usize, u32)> + use<> {
    let py3 = th.py3();
    SIGNAL_ROWS.into_iter().filter(move |i| py3 || ROWS[*i].mask != FLOAT).map(|i| (i, ROWS[i].mask))
}

/// Makes the classes and contexts, unless they are there; puts them into the module.
pub fn fill(th: &mut Thread, m: Gc<Module>) -> R<()> {
    if STATE.load(Acquire) == 0 {
        HOOK.call_once(|| txpy_heap::add_root_hook(|t| t.value(Value(STATE.load(Acquire)))));
        make_all(th)?;
    }
    for (i, r) in ROWS.iter().enumerate() {
        if th.py3() || r.mask != FLOAT {
            module::set(th, m, r.name, at(i))?;
        }
    }
    for (name, p) in [("DefaultContext", Part::DefaultContext), ("BasicContext", Part::BasicContext), ("ExtendedContext", Part::ExtendedContext), ("DecimalTuple", Part::DecimalTuple)] {
        module::set(th, m, name, at(p as usize))?;
    }
    Ok(())
}
fn make_all(th: &mut Thread) -> R<()> {
    let all = RootedVec::new(th)?;
    let meta = type_::TYPE.value();
    let module_name = th.native_str("decimal")?;
    for r in &ROWS {
        let d = dict::new(th)?;
        dict::set_str(th, d, "__module__", module_name)?;
        let bases = RootedVec::new(th)?;
        for b in r.bases {
            let v = match *b {
                "ZeroDivisionError" => ZERO_DIVISION_ERROR.value(),
                "TypeError" => TYPE_ERROR.value(),
                b => {
                    let i = ROWS.iter().position(|r| r.name == b).unwrap_or(0);
                    all.get(th, i)?
                }
            };
            bases.push(th, v)?;
        }
        if r.bases.is_empty() {
            bases.push(th, ARITHMETIC_ERROR.value())?;
        }
        let (name, bases) = (th.native_str(r.name)?, tuple_of(th, bases)?);
        let class = th.call(meta, &[name, bases, d.value()])?;
        all.push(th, class)?;
    }
    contextvars::make_types(th)?;
    let name = th.new_str("decimal_context")?;
    let var = th.call(contextvars::CONTEXTVAR.value(), &[name])?;
    all.push(th, var)?;
    let emax = if th.py3() { 999_999 } else { 999_999_999 };
    let usual = Ctx { prec: 28, emax, emin: -emax, ..Ctx::MAX };
    let default = INVALID | ZERO_DIVISION | OVERFLOW;
    let basic = Ctx { prec: 9, round: super::number::Rounding::HalfUp, ..usual };
    for (c, traps) in [(usual, default), (basic, default | UNDERFLOW | CLAMPED), (Ctx { prec: 9, ..usual }, 0)] {
        let c = context::make(th, context::CONTEXT.value(), &c, 0, traps)?;
        all.push(th, c.value())?;
    }
    let collections = import::import_name(th, "collections")?;
    let (name, fields) = (th.native_str("DecimalTuple")?, th.native_str("sign digits exponent")?);
    let t = th.call_method(collections, "namedtuple", &[name, fields])?;
    attr::set_str(th, t, "__module__", module_name)?;
    all.push(th, t)?;
    let abc = if th.py3() { import::import_name(th, "_collections_abc")? } else { collections };
    let mapping = attr::get_str(th, abc, "MutableMapping")?;
    let (name, bases, d) = (th.native_str("SignalDict")?, th.new_tuple(&[MIXIN.value(), mapping])?, dict::new(th)?);
    dict::set_str(th, d, "__module__", module_name)?;
    let meta = class_of(mapping).value();
    let class = th.call(meta, &[name, bases, d.value()])?;
    all.push(th, class)?;
    let numbers = import::import_name(th, "numbers")?;
    let rational = attr::get_str(th, numbers, "Rational")?;
    all.push(th, rational)?;
    let number = attr::get_str(th, numbers, "Number")?;
    th.call_method(number, "register", &[super::decimal::DECIMAL.value()])?;
    let all = tuple_of(th, all)?;
    // Whoever comes first decides.
    let _ = STATE.compare_exchange(0, all.bits(), AcqRel, Acquire);
    Ok(())
}

// ---- masks

/// What a class of exceptions stands for.
pub fn condition(_: &mut Thread, v: Value) -> R<Option<u32>> { Ok((1..ROWS.len()).find(|i| at(*i) == v).map(|i| ROWS[i].mask)) }
fn signal(th: &mut Thread, v: Value) -> R<u32> {
    if let Some((_, m)) = shown(th).find(|(i, _)| at(*i) == v) {
        return Ok(m);
    }
    if !th.py3() {
        return Err(th.raise_with(&KEY_ERROR, &[v]));
    }
    Err(th.raise(&KEY_ERROR, "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]"))
}
pub fn mask_of_list(th: &mut Thread, v: Value) -> R<u32> {
    let t = iter::to_tuple(th, v)?;
    let mut out = 0;
    for x in tuple::items(t).unwrap_or(&[]) {
        out |= signal_or_condition(th, *x)?;
    }
    Ok(out)
}
/// In lists conditions stand for their signal.
fn signal_or_condition(th: &mut Thread, v: Value) -> R<u32> {
    match condition(th, v)? {
        Some(m) if m & !SIGNALS != 0 => Ok(INVALID),
        _ => signal(th, v),
    }
}
pub fn mask_of_dict(th: &mut Thread, v: Value) -> R<u32> {
    if let Some(d) = v.cast::<SignalDict>() {
        return mask(th, d.value());
    }
    let Some(d) = v.cast::<Dict>() else { return Err(th.type_error("argument must be a signal dict")) };
    if th.py3() && dict::len(th, d)? != shown(th).count() {
        return Err(th.raise(&KEY_ERROR, "invalid signal dict"));
    }
    let (mut out, mut i) = (0, 0);
    while let Some((k, x)) = dict::next(th, d, &mut i)? {
        let known = shown(th).find(|(i, _)| at(*i) == k);
        let Some((_, m)) = known else { return Err(th.raise(&KEY_ERROR, "invalid signal dict")) };
        if is_true(th, x)? {
            out |= m;
        }
    }
    Ok(out)
}
/// Names for `repr()`.
pub fn names(th: &Thread, mask: u32) -> String {
    let order = ["Clamped", "InvalidOperation", "DivisionByZero", "Inexact", "FloatOperation", "Overflow", "Rounded", "Subnormal", "Underflow"];
    let order27 = ["Underflow", "Overflow", "Clamped", "Subnormal", "Rounded", "Inexact", "InvalidOperation", "DivisionByZero"];
    let order: &[&str] = if th.py3() { &order } else { &order27 };
    let set: Vec<&str> = order.iter().filter(|n| ROWS.iter().any(|r| r.name == **n && r.mask & mask != 0)).copied().collect();
    set.join(", ")
}
pub fn list(th: &mut Thread, mask: u32) -> R<Value> {
    let l = list::with_capacity(th, 0)?;
    for (i, m) in shown(th) {
        if m & mask != 0 {
            list::append(th, l, at(i))?;
        }
    }
    Ok(l.value())
}
/// The exception for what was reported, of which `trapped` are signals that raise.
#[cold]
pub fn raise(th: &mut Thread, reported: u32, trapped: u32, why: &'static str, text: Option<String>) -> Unwind {
    let Some((first, mask)) = shown(th).find(|(_, m)| m & trapped != 0) else { return th.runtime_error("no signal is trapped") };
    let class = at(first);
    let arg = if th.py3() {
        match conditions(th, reported, trapped) {
            Ok(l) => l,
            Err(e) => return e,
        }
    } else {
        let why = match mask {
            INVALID | ZERO_DIVISION => text.unwrap_or_else(|| why.to_string()),
            OVERFLOW => "above Emax".to_string(),
            _ => text.unwrap_or_default(),
        };
        match if why.is_empty() { Ok(Value::NONE) } else { th.native_str(&why) } {
            Ok(v) => v,
            Err(e) => return e,
        }
    };
    match th.call(class, &[arg]) {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
/// The classes of the conditions behind InvalidOperation, then those of the other signals.
fn conditions(th: &mut Thread, reported: u32, trapped: u32) -> R<Value> {
    let l = list::with_capacity(th, 0)?;
    if trapped & INVALID != 0 {
        for i in [1, 10, 11, 12, 13] {
            if ROWS[i].mask & reported != 0 {
                list::append(th, l, at(i))?;
            }
        }
    }
    for (i, m) in shown(th) {
        if m & trapped & !INVALID != 0 {
            list::append(th, l, at(i))?;
        }
    }
    Ok(l.value())
}

// ---- mappings

/// The mapping of a context's flags or traps.
pub fn new_dict(th: &mut Thread, context: Value, traps: bool) -> R<Value> {
    let class = part(th, Part::SignalDict)?;
    Ok(instance::alloc_like(th, class, |_| SignalDict { header: Header::NEW, context, traps })?.value())
}
fn unbound(th: &mut Thread, class: Value) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &MIXIN, class)?;
    Ok(instance::alloc_like(th, class.value(), |_| SignalDict { header: Header::NEW, context: Value::NONE, traps: false })?.value())
}
fn owner(th: &mut Thread, v: Value) -> R<(Gc<Context>, bool)> {
    let g = this::<SignalDict>(v).read(th)?;
    let (c, traps) = (g.context.cast(), g.traps);
    drop(g);
    match c {
        Some(c) => Ok((c, traps)),
        None => Err(th.value_error("invalid signal dict")),
    }
}
fn mask(th: &mut Thread, v: Value) -> R<u32> {
    let (c, traps) = owner(th, v)?;
    let g = c.read(th)?;
    Ok(if traps { g.traps } else { g.flags })
}
/// 2.7 has numbers where 3 has booleans.
fn truth(th: &Thread, on: bool) -> Value { if th.py3() { Value::from_bool(on) } else { Value::int(on.into()) } }
fn keys(th: &mut Thread, a: Args) -> R<Value> {
    owner(th, a.get(0))?;
    let all = RootedVec::new(th)?;
    for (i, _) in shown(th) {
        all.push(th, at(i))?;
    }
    tuple_of(th, all)
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let m = signal(th, a.get(1))?;
    let on = mask(th, a.get(0))? & m != 0;
    Ok(truth(th, on))
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let m = signal(th, a.get(1))?;
    let on = is_true(th, a.get(2))?;
    let (c, traps) = owner(th, a.get(0))?;
    let mut g = c.write(th)?;
    let to = if traps { &mut g.traps } else { &mut g.flags };
    *to = if on { *to | m } else { *to & !m };
    Ok(Value::NONE)
}
fn equal(th: &mut Thread, a: Args, not: bool) -> R<Value> {
    let own = mask(th, a.get(0))?;
    let other = a.get(1);
    if !other.is::<SignalDict>() && !other.is::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    if !th.py3() && other.is::<Dict>() {
        let d = as_dict(th, a.get(0))?.value();
        return Ok(Value::from_bool(same_or_equal(th, d, other)? != not));
    }
    let r = mask_of_dict(th, other);
    let other = th.unless(r, &KEY_ERROR)?;
    Ok(Value::from_bool((Some(own) == other) != not))
}
fn as_dict(th: &mut Thread, v: Value) -> R<Gc<Dict>> {
    let m = mask(th, v)?;
    let d = dict::new(th)?;
    for (i, bit) in shown(th) {
        let on = truth(th, m & bit != 0);
        dict::set(th, d, at(i), on)?;
    }
    Ok(d)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let m = mask(th, a.get(0))?;
    if !th.py3() {
        let d = as_dict(th, a.get(0))?;
        return txpy_vm::object::repr::repr(th, d.value());
    }
    let parts: Vec<String> = shown(th).map(|(i, bit)| format!("<class 'decimal.{}'>:{}", ROWS[i].name, if m & bit != 0 { "True" } else { "False" })).collect();
    th.native_str(&format!("{{{}}}", parts.join(", ")))
}
