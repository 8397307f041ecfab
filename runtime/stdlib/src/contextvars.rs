//! `_contextvars`: contexts, context variables and tokens. The running context is the thread's.

use crate::api::*;
use crate::kinds;
use txpy_vm::thread::root;

object! {
    /// An immutable mapping that is replaced as a whole: entering and setting never touch a dict that somebody else holds.
    pub struct Context = kinds::CONTEXT {
        pub vars: Gc<Dict>,
        /// The context that was left for this one, None outside `run`.
        pub previous: Value,
        pub entered: bool,
    }
}
object! { pub struct ContextVar = kinds::CONTEXTVAR, frozen { pub name: Value, pub default: Value } }
object! { pub struct Token = kinds::TOKEN { pub context: Value, pub var: Value, pub old: Value, pub used: bool } }

pub static CONTEXT: TypeDef = TypeDef {
    name: "Context", module: "_contextvars", kind: kinds::CONTEXT, size: size_of::<Context>() as u16, flags: type_flag::WEAK | type_flag::MAPPING, methods: &[CONTEXT_METHODS], doc: "A mapping of context variables.", ..TypeDef::DEFAULT
};
pub static CONTEXTVAR: TypeDef = TypeDef {
    name: "ContextVar", module: "_contextvars", kind: kinds::CONTEXTVAR, size: size_of::<ContextVar>() as u16, methods: &[VAR_METHODS],
    getset: getset! { "name" = |_, v| Ok(this::<ContextVar>(v).frozen().name), "The variable's name."; }, doc: "A context variable.", ..TypeDef::DEFAULT
};
pub static TOKEN: TypeDef = TypeDef {
    name: "Token", module: "_contextvars", kind: kinds::TOKEN, size: size_of::<Token>() as u16, flags: type_flag::NO_NEW, methods: &[TOKEN_METHODS],
    getset: getset! {
        "var" = |th, v| Ok(this::<Token>(v).read(th)?.var), "The variable.";
        "old_value" = old_value, "The value before set().";
    },
    doc: "What ContextVar.set() returns.", ..TypeDef::DEFAULT
};
static CONTEXT_METHODS: &[NativeDef] = natives! {
    "__new__(cls)" = |th, _| { let d = dict::new(th)?; Ok(make(th, d)?.value()) }, "Create and return a new object.";
    "run(self, callable, /, *args, **kwargs)" = run, "Run callable inside the context.";
    "copy(self, /)" = |th, a| { let d = vars(th, a.get(0))?; Ok(make(th, d)?.value()) }, "Return a shallow copy of the context object.";
    "get(self, key, default=None, /)" = |th, a| { check_key(th, a.get(1))?; let d = vars(th, a.get(0))?; Ok(dict::get(th, d, a.get(1))?.unwrap_or(a.or(2, Value::NONE))) }, "Return the value for `key` if `key` has the value in the context object.";
    "keys(self, /)" = |th, a| { let d = vars(th, a.get(0))?; th.call_method(d.value(), "keys", &[]) }, "Return a list of all variables in the context object.";
    "values(self, /)" = |th, a| { let d = vars(th, a.get(0))?; th.call_method(d.value(), "values", &[]) }, "Return a list of all variables' values in the context object.";
    "items(self, /)" = |th, a| { let d = vars(th, a.get(0))?; th.call_method(d.value(), "items", &[]) }, "Return all variables and their values in the context object.";
    "__len__(self, /)" = |th, a| { let d = vars(th, a.get(0))?; Ok(Value::int(dict::len(th, d)? as i64)) }, "Return len(self).";
    "__iter__(self, /)" = |th, a| { let d = vars(th, a.get(0))?; iter::iter(th, d.value()) }, "Implement iter(self).";
    "__contains__(self, key, /)" = |th, a| { check_key(th, a.get(1))?; let d = vars(th, a.get(0))?; Ok(Value::from_bool(dict::get(th, d, a.get(1))?.is_some())) }, "Return bool(key in self).";
    "__getitem__(self, key, /)" = |th, a| { check_key(th, a.get(1))?; let d = vars(th, a.get(0))?; item::get(th, d.value(), a.get(1)) }, "Return self[key].";
    "__eq__(self, value, /)" = |th, a| if a.get(1).is::<Context>() { let (x, y) = (vars(th, a.get(0))?, vars(th, a.get(1))?); compare(th, Cmp::Eq, x.value(), y.value()) } else { Ok(Value::NOT_IMPLEMENTED) }, "Return self==value.";
};
static VAR_METHODS: &[NativeDef] = natives! {
    "__new__(cls, name, /, *, default=None)" = |th, a| {
        if !text::is_text(a.get(1)) {
            return Err(th.type_error("context variable name must be a str"));
        }
        Ok(th.alloc(CONTEXTVAR.shape(), ContextVar { header: Header::NEW, name: a.get(1), default: a.get(2) })?.value())
    }, "Create and return a new object.";
    "get(self, default=None, /)" = var_get, "Return a value for the context variable for the current context.";
    "set(self, value, /)" = var_set, "Call to set a new value for the context variable in the current context.";
    "reset(self, token, /)" = var_reset, "Reset the context variable.";
    "__repr__(self, /)" = var_repr, "Return repr(self).";
    #[class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};
static TOKEN_METHODS: &[NativeDef] = natives! {
    #[class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_contextvars", doc: "Context Variables", types: &[&CONTEXT, &CONTEXTVAR, &TOKEN], lang: Lang::Py3, init: Some(init),
    functions: natives! { "copy_context()" = |th, _| { let c = current(th)?; let d = c.read(th)?.vars; Ok(make(th, d)?.value()) }, "Return a copy of the current context."; },
};
/// Makes the types; `decimal` needs them in 2.7, too.
pub fn make_types(th: &mut Thread) -> R<()> {
    use txpy_heap::Object;
    static KINDS: std::sync::Once = std::sync::Once::new();
    KINDS.call_once(|| txpy_heap::register_kinds(&[Context::INFO, ContextVar::INFO, Token::INFO]));
    for t in [&CONTEXT, &CONTEXTVAR, &TOKEN] {
        type_::make_native(th, t)?;
    }
    Ok(())
}
/// The value of a variable in the running context.
pub fn value_of(th: &mut Thread, var: Value) -> R<Option<Value>> {
    let c = current(th)?;
    let d = c.read(th)?.vars;
    dict::get(th, d, var)
}
/// Sets a variable in the running context.
pub fn set_value(th: &mut Thread, var: Value, v: Value) -> R<()> {
    let c = current(th)?;
    update(th, c, var, Some(v))
}
fn init(th: &mut Thread, _: Gc<Module>) -> R<()> {
    make_types(th)?;
    let missing = th.native_str("<Token.MISSING>")?;
    dict::set_str(th, TOKEN.ty().frozen().dict, "MISSING", missing)
}
fn old_value(th: &mut Thread, v: Value) -> R<Value> {
    let old = this::<Token>(v).read(th)?.old;
    if old.is_unset() { attr::get_str(th, TOKEN.value(), "MISSING") } else { Ok(old) }
}

impl Context {
    fn of(vars: Gc<Dict>) -> Context { Context { header: Header::NEW, vars, previous: Value::NONE, entered: false } }
}
/// A context that nobody holds: most are made for another thread.
fn make(th: &mut Thread, vars: Gc<Dict>) -> R<Gc<Context>> { th.alloc_unowned(CONTEXT.shape(), Context::of(vars)) }
fn vars(th: &mut Thread, v: Value) -> R<Gc<Dict>> { Ok(this::<Context>(v).read(th)?.vars) }
fn check_key(th: &mut Thread, k: Value) -> R<()> {
    if k.is::<ContextVar>() {
        return Ok(());
    }
    let got = repr_text(th, k)?;
    Err(th.type_error(format!("a ContextVar key was expected, got {got}")))
}
/// The running context of this thread.
fn current(th: &mut Thread) -> R<Gc<Context>> {
    if let Some(c) = th.roots[root::CONTEXT].cast() {
        return Ok(c);
    }
    // An abort leaves it, empty.
    let vars = dict::new_unowned(th)?;
    let c = th.alloc_unowned(CONTEXT.shape(), Context::of(vars))?;
    th.roots[root::CONTEXT] = c.value();
    Ok(c)
}
fn run(th: &mut Thread, a: Args) -> R<Value> {
    let c: Gc<Context> = this(a.get(0));
    if a.positional() < 2 {
        return Err(th.type_error("run() missing 1 required positional argument"));
    }
    let before = current(th)?;
    let mut g = c.write(th)?;
    if g.entered {
        drop(g);
        let shown = repr_text(th, a.get(0))?;
        return Err(th.runtime_error(format!("cannot enter context: {shown} is already entered")));
    }
    g.entered = true;
    g.previous = before.value();
    drop(g);
    th.roots[root::CONTEXT] = c.value();
    let r = th.call_args(a.get(1), a.skip(2));
    th.roots[root::CONTEXT] = before.value();
    let mut g = c.write(th)?;
    g.entered = false;
    g.previous = Value::NONE;
    drop(g);
    r
}
/// Replaces the running context's mapping by a copy with `k` set, or without it.
fn update(th: &mut Thread, c: Gc<Context>, k: Value, v: Option<Value>) -> R<()> {
    let d = c.read(th)?.vars;
    let d = dict::copy(th, d)?;
    match v {
        Some(v) => dict::set(th, d, k, v)?,
        None => {
            dict::remove(th, d, k)?;
        }
    }
    c.write(th)?.vars = d;
    Ok(())
}
fn var_get(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(v) = value_of(th, a.get(0))? {
        return Ok(v);
    }
    let default = this::<ContextVar>(a.get(0)).frozen().default;
    match a.opt(1).or(default.get()) {
        Some(v) => Ok(v),
        None => Err(th.raise_with(&LOOKUP_ERROR, &[a.get(0)])),
    }
}
fn var_set(th: &mut Thread, a: Args) -> R<Value> {
    let c = current(th)?;
    let d = c.read(th)?.vars;
    let old = dict::get(th, d, a.get(0))?.unwrap_or(Value::UNSET);
    let t = th.alloc(TOKEN.shape(), Token { header: Header::NEW, context: c.value(), var: a.get(0), old, used: false })?;
    update(th, c, a.get(0), Some(a.get(1)))?;
    Ok(t.value())
}
fn var_reset(th: &mut Thread, a: Args) -> R<Value> {
    let Some(t) = a.get(1).cast::<Token>() else {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("expected an instance of Token, got {got}")));
    };
    let g = t.read(th)?;
    let (context, var, old, used) = (g.context, g.var, g.old, g.used);
    drop(g);
    let shown = repr_text(th, a.get(1))?;
    if used {
        return Err(th.runtime_error(format!("{shown} has already been used once")));
    }
    if var != a.get(0) {
        return Err(th.value_error(format!("{shown} was created by a different ContextVar")));
    }
    let c = current(th)?;
    if context != c.value() {
        return Err(th.value_error(format!("{shown} was created in a different Context")));
    }
    t.write(th)?.used = true;
    update(th, c, var, old.get())?;
    Ok(Value::NONE)
}
fn var_repr(th: &mut Thread, a: Args) -> R<Value> {
    let v: Gc<ContextVar> = this(a.get(0));
    let name = repr_text(th, v.frozen().name)?;
    let default = match v.frozen().default.get() {
        Some(d) => format!(" default={}", repr_text(th, d)?),
        None => String::new(),
    };
    th.native_str(&format!("<ContextVar name={name}{default} at 0x{:x}>", address(a.get(0))))
}
