//! `Context`: settings, flags and traps; the current context; what operations report becomes flags and exceptions.

use super::number::{Ctx, MAX_EMAX, MAX_PREC, MIN_EMIN, Rounding, status};
use super::signals::{self, Part};
use crate::api::*;
use crate::contextvars;
use crate::kinds;

object! {
    pub struct Context = kinds::DECIMAL_CONTEXT {
        pub prec: i64,
        pub emin: i64,
        pub emax: i64,
        pub round: u8,
        pub clamp: bool,
        pub capitals: bool,
        pub flags: u32,
        pub traps: u32,
        /// The mappings that scripts see, once they were asked for.
        pub flag_dict: Value,
        pub trap_dict: Value,
    }
}
object! {
    /// What `localcontext()` gives.
    pub struct Manager = kinds::DECIMAL_MANAGER { pub inner: Value, pub outer: Value }
}

pub static CONTEXT: TypeDef = TypeDef {
    name: "Context", module: "decimal", kind: kinds::DECIMAL_CONTEXT, size: size_of::<Context>() as u16, flags: type_flag::BASE, methods: &[METHODS, super::context_methods::METHODS],
    getset: getset! {
        "prec" = |th, v| number(th, v, |c| c.prec), mut set_prec, "Digits of results.";
        "Emin" = |th, v| number(th, v, |c| c.emin), mut set_emin, "Least exponent of normal numbers.";
        "Emax" = |th, v| number(th, v, |c| c.emax), mut set_emax, "Largest exponent.";
        "rounding" = |th, v| { let c = of(th, v)?; th.intern(c.round.name()) }, mut set_rounding, "How results are rounded.";
        "capitals" = |th, v| number(th, v, |c| c.capitals.into()), mut set_capitals, "Whether exponents are shown with E.";
        #[py3] "clamp" = |th, v| number(th, v, |c| c.clamp.into()), mut set_clamp, "Whether exponents are brought into the range that stored numbers have.";
        #[py2] "_clamp" = |th, v| number(th, v, |c| c.clamp.into()), mut set_clamp, "Whether exponents are brought into the range that stored numbers have.";
        #[py2] "__dict__" = settings, "The settings, as plain attributes would be.";
        "flags" = |th, v| mapping(th, v, false), mut |th, v, x| set_mask(th, v, x, false), "What was reported.";
        "traps" = |th, v| mapping(th, v, true), mut |th, v, x| set_mask(th, v, x, true), "What raises exceptions.";
    },
    doc: "The settings of decimal arithmetic.\n\n>>> Context(prec=2).divide(Decimal(2), Decimal(3))\nDecimal('0.67')", ..TypeDef::DEFAULT
};
pub static MANAGER: TypeDef = TypeDef {
    name: "ContextManager", module: "decimal", kind: kinds::DECIMAL_MANAGER, size: size_of::<Manager>() as u16, flags: type_flag::NO_NEW, methods: &[MANAGER_METHODS],
    doc: "Sets a context for a block.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)" = new3, "Create a context; what is left out is that of DefaultContext.";
    #[py2] "__new__(cls, prec=None, rounding=None, traps=None, flags=None, Emin=None, Emax=None, capitals=None, _clamp=0, _ignored_flags=None)" = new2, "Create a context; what is left out is that of DefaultContext.";
    #[py3] "__init__(self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)" = |_, _| Ok(Value::NONE), "Initialize self.";
    #[py2] "__init__(self, prec=None, rounding=None, traps=None, flags=None, Emin=None, Emax=None, capitals=None, _clamp=0, _ignored_flags=None)" = |_, _| Ok(Value::NONE), "Initialize self.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__copy__(self, /)" = copy, "A copy.";
    "copy(self, /)" = copy, "A copy.";
    #[py3] "__reduce__(self, /)" = reduce, "Helper for pickle.";
    #[py2] "__reduce_ex__(self, protocol, /)" = reduce, "Helper for pickle.";
    #[py3] "__delattr__(self, name, /)" = |th, _| Err(th.attribute_error("context attributes cannot be deleted")), "Implement delattr(self, name).";
    "clear_flags(self, /)" = |th, a| { this::<Context>(a.get(0)).write(th)?.flags = 0; Ok(Value::NONE) }, "Forget what was reported.";
    #[py3] "clear_traps(self, /)" = |th, a| { this::<Context>(a.get(0)).write(th)?.traps = 0; Ok(Value::NONE) }, "Let nothing raise exceptions.";
    "Etiny(self, /)" = |th, a| { let c = of(th, a.get(0))?; int::from_i64(th, c.etiny()) }, "Least exponent of all numbers.";
    "Etop(self, /)" = |th, a| { let c = of(th, a.get(0))?; int::from_i64(th, c.etop()) }, "Largest exponent of numbers with all digits.";
    #[py2] "_raise_error(self, condition, explanation=None, *args)" = raise_error, "Report a condition.";
};
static MANAGER_METHODS: &[NativeDef] = natives! {
    "__enter__(self, /)" = |th, a| { let c = this::<Manager>(a.get(0)).read(th)?.inner; set_current(th, c)?; Ok(c) }, "Set the context.";
    "__exit__(self, /, *args)" = |th, a| { let c = this::<Manager>(a.get(0)).read(th)?.outer; set_current(th, c)?; Ok(Value::FALSE) }, "Set the context that was there before.";
};
pub static FUNCTIONS: &[NativeDef] = natives! {
    "getcontext()" = |th, _| Ok(current(th)?.value()), "Get the current context.";
    "setcontext(context, /)" = setcontext, "Set a new context.";
    #[py3] "localcontext(ctx=None, **kwargs)" = localcontext, "A context manager that sets a copy of a context, or of the current one.";
    #[py2] "localcontext(ctx=None)" = localcontext, "A context manager that sets a copy of a context, or of the current one.";
    #[py3] "IEEEContext(bits, /)" = ieee, "A context for one of the IEEE interchange formats.";
};
/// The widest format that IEEEContext knows.
pub const IEEE_MAX_BITS: i64 = 512;

// ---- settings

pub fn plain(c: &Context) -> Ctx {
    let round = Rounding::ALL.get(c.round as usize).copied().unwrap_or(Rounding::HalfEven);
    Ctx { prec: c.prec, emin: c.emin, emax: c.emax, round, clamp: c.clamp, capitals: c.capitals, status: 0, why: "" }
}
pub fn of(th: &mut Thread, v: Value) -> R<Ctx> { Ok(plain(&*this::<Context>(v).read(th)?)) }
fn number(th: &mut Thread, v: Value, f: fn(&Ctx) -> i64) -> R<Value> {
    let c = of(th, v)?;
    int::from_i64(th, f(&c))
}
/// A context of `class` with these settings.
pub fn make(th: &mut Thread, class: Value, c: &Ctx, flags: u32, traps: u32) -> R<Gc<Context>> {
    let c = *c;
    instance::alloc_like(th, class, |_| Context {
        header: Header::NEW, prec: c.prec, emin: c.emin, emax: c.emax, round: c.round as u8, clamp: c.clamp, capitals: c.capitals, flags, traps, flag_dict: Value::UNSET, trap_dict: Value::UNSET,
    })
}
fn settings(th: &mut Thread, v: Value) -> R<Value> {
    let d = dict::new(th)?;
    for name in ["prec", "rounding", "Emin", "Emax", "capitals", "_clamp", "flags", "traps"] {
        let x = attr::get_str(th, v, name)?;
        dict::set_str(th, d, name, x)?;
    }
    let ignored = list::with_capacity(th, 0)?;
    dict::set_str(th, d, "_ignored_flags", ignored.value())?;
    Ok(d.value())
}
fn setting(th: &mut Thread, x: Value, name: &str, low: i64, high: i64, range: &str) -> R<i64> {
    if x.is_unset() {
        return Err(th.attribute_error("context attributes cannot be deleted"));
    }
    if !int::is_int_like(x) {
        return Err(th.type_error("an integer is required"));
    }
    let n = int::arg_i64(th, x)?;
    if (low..=high).contains(&n) { Ok(n) } else { Err(th.value_error(format!("valid {range}", range = range.replace("NAME", name)))) }
}
fn set_prec(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let n = setting(th, x, "prec", 1, MAX_PREC, "range for NAME is [1, MAX_PREC]")?;
    this::<Context>(v).write(th)?.prec = n;
    Ok(())
}
fn set_emin(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let n = setting(th, x, "Emin", MIN_EMIN, 0, "range for NAME is [MIN_EMIN, 0]")?;
    this::<Context>(v).write(th)?.emin = n;
    Ok(())
}
fn set_emax(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let n = setting(th, x, "Emax", 0, MAX_EMAX, "range for NAME is [0, MAX_EMAX]")?;
    this::<Context>(v).write(th)?.emax = n;
    Ok(())
}
fn set_capitals(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let n = setting(th, x, "capitals", 0, 1, "values for NAME are 0 or 1")?;
    this::<Context>(v).write(th)?.capitals = n != 0;
    Ok(())
}
fn set_clamp(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let n = setting(th, x, "clamp", 0, 1, "values for NAME are 0 or 1")?;
    this::<Context>(v).write(th)?.clamp = n != 0;
    Ok(())
}
fn set_rounding(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let r = rounding_arg(th, x)?;
    this::<Context>(v).write(th)?.round = r as u8;
    Ok(())
}
pub fn rounding_arg(th: &mut Thread, v: Value) -> R<Rounding> {
    let found = if text::is_string(th, v) { text::str_of(v).and_then(|s| Rounding::ALL.iter().find(|r| r.name() == s)) } else { None };
    found.copied().ok_or_else(|| {
        th.type_error("valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]")
    })
}
fn mapping(th: &mut Thread, v: Value, traps: bool) -> R<Value> {
    let g = this::<Context>(v).read(th)?;
    let known = if traps { g.trap_dict } else { g.flag_dict };
    drop(g);
    if !known.is_unset() {
        return Ok(known);
    }
    let d = signals::new_dict(th, v, traps)?;
    let mut g = this::<Context>(v).write(th)?;
    let place = if traps { &mut g.trap_dict } else { &mut g.flag_dict };
    // Another thread may have been faster.
    if place.is_unset() {
        *place = d;
    }
    Ok(*place)
}
fn set_mask(th: &mut Thread, v: Value, x: Value, traps: bool) -> R<()> {
    if x.is_unset() {
        return Err(th.attribute_error("context attributes cannot be deleted"));
    }
    let m = signals::mask_of_dict(th, x)?;
    let mut g = this::<Context>(v).write(th)?;
    *(if traps { &mut g.traps } else { &mut g.flags }) = m;
    Ok(())
}

// ---- constructors

fn template(th: &mut Thread) -> R<Gc<Context>> { Ok(this(signals::part(th, Part::DefaultContext)?)) }
fn new3(th: &mut Thread, a: Args) -> R<Value> { new(th, a.get(0), [a.some(1), a.some(2), a.some(3), a.some(4), a.some(5), a.some(6), a.some(7), a.some(8)]) }
fn new2(th: &mut Thread, a: Args) -> R<Value> { new(th, a.get(0), [a.some(1), a.some(2), a.some(5), a.some(6), a.some(7), a.some(8), a.some(4), a.some(3)]) }
fn new(th: &mut Thread, class: Value, given: [Option<Value>; 8]) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &CONTEXT, class)?;
    let from = template(th)?;
    let g = from.read(th)?;
    let (c, traps) = (plain(&g), g.traps);
    drop(g);
    let new = make(th, class.value(), &c, 0, traps)?.value();
    apply(th, new, given)?;
    Ok(new)
}
/// Sets what is given: prec, rounding, Emin, Emax, capitals, clamp, flags, traps.
fn apply(th: &mut Thread, c: Value, given: [Option<Value>; 8]) -> R<()> {
    let setters: [fn(&mut Thread, Value, Value) -> R<()>; 6] = [set_prec, set_rounding, set_emin, set_emax, set_capitals, set_clamp];
    for (set, x) in setters.iter().zip(given) {
        if let Some(x) = x {
            set(th, c, x)?;
        }
    }
    for (x, traps) in [(given[6], false), (given[7], true)] {
        let Some(x) = x else { continue };
        if x.is::<List>() || !th.py3() && x.is::<tuple::Tuple>() {
            let m = signals::mask_of_list(th, x)?;
            let mut g = this::<Context>(c).write(th)?;
            *(if traps { &mut g.traps } else { &mut g.flags }) = m;
        } else {
            set_mask(th, c, x, traps)?;
        }
    }
    Ok(())
}
fn copied(th: &mut Thread, from: Value, flags: bool) -> R<Value> {
    let g = this::<Context>(from).read(th)?;
    let (c, f, t) = (plain(&g), g.flags, g.traps);
    drop(g);
    Ok(make(th, CONTEXT.value(), &c, if flags { f } else { 0 }, t)?.value())
}
fn copy(th: &mut Thread, a: Args) -> R<Value> { copied(th, a.get(0), true) }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Context>(a.get(0)).read(th)?;
    let (c, flags, traps) = (plain(&g), g.flags, g.traps);
    drop(g);
    let clamp = if th.py3() { format!(" clamp={},", u8::from(c.clamp)) } else { String::new() };
    let (flags, traps) = (signals::names(th, flags), signals::names(th, traps));
    let s = format!("Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={},{clamp} flags=[{flags}], traps=[{traps}])", c.prec, c.round.name(), c.emin, c.emax, u8::from(c.capitals));
    th.native_str(&s)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Context>(a.get(0)).read(th)?;
    let (c, flags, traps) = (plain(&g), g.flags, g.traps);
    drop(g);
    let (flags, traps) = (signals::list(th, flags)?, signals::list(th, traps)?);
    let (prec, emin, emax) = (int::from_i64(th, c.prec)?, int::from_i64(th, c.emin)?, int::from_i64(th, c.emax)?);
    let round = th.native_str(c.round.name())?;
    let (capitals, clamp) = (Value::int(c.capitals.into()), Value::int(c.clamp.into()));
    let args = if th.py3() { th.new_tuple(&[prec, round, emin, emax, capitals, clamp, flags, traps])? } else { th.new_tuple(&[prec, round, traps, flags, emin, emax, capitals, clamp])? };
    let class = class_of(a.get(0)).value();
    th.new_tuple(&[class, args])
}
fn ieee(th: &mut Thread, a: Args) -> R<Value> {
    let bits = int::arg_i64(th, a.get(0))?;
    if bits <= 0 || bits > IEEE_MAX_BITS || bits % 32 != 0 {
        return Err(th.value_error(format!("argument must be a multiple of 32, with a maximum of {IEEE_MAX_BITS}")));
    }
    let emax = 3 * (1i64 << (bits / 16 + 3));
    let c = Ctx { prec: 9 * (bits / 32) - 2, emax, emin: 1 - emax, clamp: true, ..Ctx::MAX };
    Ok(make(th, CONTEXT.value(), &c, 0, 0)?.value())
}

// ---- the current context

/// The current context of this thread (Python 3: of the running contextvars context); made of DefaultContext when there is none.
pub fn current(th: &mut Thread) -> R<Gc<Context>> {
    let var = signals::part(th, Part::Variable)?;
    if let Some(c) = contextvars::value_of(th, var)?.and_then(|v| v.cast::<Context>()) {
        return Ok(c);
    }
    let from = template(th)?;
    let c = copied(th, from.value(), false)?;
    contextvars::set_value(th, var, c)?;
    Ok(this(c))
}
fn set_current(th: &mut Thread, v: Value) -> R<()> {
    // The templates stay as they are.
    let template = [Part::DefaultContext, Part::BasicContext, Part::ExtendedContext];
    let mut v = v;
    for p in template {
        if signals::part(th, p)? == v {
            v = copied(th, v, false)?;
        }
    }
    let var = signals::part(th, Part::Variable)?;
    contextvars::set_value(th, var, v)
}
fn setcontext(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(0).is::<Context>() {
        return Err(th.type_error("argument must be a context"));
    }
    set_current(th, a.get(0))?;
    Ok(Value::NONE)
}
fn localcontext(th: &mut Thread, a: Args) -> R<Value> {
    let outer = current(th)?.value();
    let mut from = if a.positional() > 0 { a.get(0) } else { a.named("ctx").unwrap_or(Value::NONE) };
    if from.is_none() || from.is_unset() {
        from = outer;
    }
    if !from.is::<Context>() {
        return Err(th.type_error("optional argument must be a context"));
    }
    let inner = copied(th, from, true)?;
    let names = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];
    let mut given = [None; 8];
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        let k = text::lossy(k).into_owned();
        match names.iter().position(|n| *n == k) {
            Some(at) => given[at] = Some(v).filter(|v| !v.is_none()),
            None if k == "ctx" => {}
            None => return Err(th.type_error(format!("this function got an unexpected keyword argument '{k}'"))),
        }
    }
    apply(th, inner, given)?;
    Ok(th.alloc(MANAGER.shape(), Manager { header: Header::NEW, inner, outer })?.value())
}
/// An optional argument that is a context; the current one without.
pub fn arg(th: &mut Thread, v: Option<Value>) -> R<Gc<Context>> {
    match v {
        None => current(th),
        Some(v) => v.cast().ok_or_else(|| th.type_error("optional argument must be a context")),
    }
}

// ---- reports

/// Puts what an operation reported into a context's flags; the exception if some of it is trapped. `text`: 2.7's explanation.
pub fn finish_with(th: &mut Thread, ctx: Gc<Context>, c: &Ctx, text: Option<String>) -> R<()> {
    if c.status == 0 {
        return Ok(());
    }
    let signals = c.status & status::SIGNALS | if c.status & status::ANY_INVALID != 0 { status::INVALID } else { 0 };
    let g = ctx.read(th)?;
    let (flags, traps) = (g.flags, g.traps);
    drop(g);
    let first = signals & traps & (signals & traps).wrapping_neg();
    // 2.7 reports one signal after the other, up to the first one that raises.
    let signals = if th.py3() || first == 0 { signals } else { signals & (2 * first - 1) };
    if flags & signals != signals {
        ctx.write(th)?.flags |= signals;
    }
    if traps & signals != 0 {
        return Err(signals::raise(th, c.status, signals & traps, c.why, text));
    }
    Ok(())
}
pub fn finish(th: &mut Thread, ctx: Gc<Context>, c: &Ctx) -> R<()> { finish_with(th, ctx, c, None) }
fn raise_error(th: &mut Thread, a: Args) -> R<Value> {
    let Some(m) = signals::condition(th, a.get(1))? else {
        let shown = repr_text(th, a.get(1))?;
        return Err(th.raise(&KEY_ERROR, shown));
    };
    let c = Ctx { status: m, ..Ctx::MAX };
    let text = a.some(2).map(|v| text::lossy(v).into_owned());
    finish_with(th, this(a.get(0)), &c, text)?;
    super::decimal::make(th, &super::number::Dec::NAN)
}
