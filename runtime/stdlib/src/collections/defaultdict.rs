//! `collections.defaultdict`: a dict whose class keeps a factory in a slot behind the dict's payload.

use crate::api::*;
use txpy_vm::types::dict_methods;

pub static DEFAULTDICT: TypeDef = TypeDef {
    name: "defaultdict", module: "collections", kind: txpy_vm::kinds::DICT, size: size_of::<Dict>() as u16, base: Some(&dict::DICT),
    flags: type_flag::BASE | type_flag::MAPPING | type_flag::WEAK, methods: &[METHODS],
    getset: getset! { "default_factory" = factory, mut set_factory, "Factory for default value called by __missing__()."; },
    doc: "A dict that makes values for missing keys by calling default_factory without arguments.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, /, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, default_factory=None, /, *args, **kwargs)" = init, "Initialize self.";
    "__missing__(self, key, /)" = missing, "Called by __getitem__ for a missing key.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "copy(self, /)" = copy, "D.copy() -> a shallow copy of D.";
    "__copy__(self, /)" = copy, "D.copy() -> a shallow copy of D.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    #[py3] "__or__(self, value, /)" = |th, a| or(th, a.get(0), a.get(0), a.get(1)), "Return self|value.";
    #[py3] "__ror__(self, value, /)" = |th, a| or(th, a.get(0), a.get(1), a.get(0)), "Return value|self.";
};
/// No attribute of a script can have this name.
const SLOT: &str = "\0default_factory";

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let v = alloc_slotted(th, &DEFAULTDICT, a.get(0), Dict::EMPTY)?.value();
    set_factory(th, v, Value::NONE)?;
    Ok(v)
}
fn factory(th: &mut Thread, v: Value) -> R<Value> {
    let name = th.intern(SLOT)?;
    Ok(instance::get_slot(th, v, name)?.unwrap_or(Value::NONE))
}
fn set_factory(th: &mut Thread, v: Value, f: Value) -> R<()> {
    let name = th.intern(SLOT)?;
    instance::set_slot(th, v, name, if f.is_unset() { Value::NONE } else { f })
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let f = if a.positional() > 1 { a.get(1) } else { Value::NONE };
    if !f.is_none() && dunder(f, D::call).is_none() {
        return Err(th.type_error(if th.py3() { "first argument must be callable or None" } else { "first argument must be callable or None" }));
    }
    let n = a.positional().saturating_sub(2);
    if n > 1 {
        let s = if th.py3() { "argument" } else { "arguments" };
        return Err(th.type_error(format!("{} expected at most 1 {s}, got {n}", class_name(a.get(0)))));
    }
    set_factory(th, a.get(0), f)?;
    let d: Gc<Dict> = this(a.get(0));
    if n == 1 {
        dict_methods::update_from(th, d, a.get(2))?;
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        dict::set(th, d, k, v)?;
    }
    Ok(Value::NONE)
}
fn missing(th: &mut Thread, a: Args) -> R<Value> {
    let f = factory(th, a.get(0))?;
    if f.is_none() {
        return Err(dict_methods::key_error(th, a.get(1)));
    }
    let v = th.call(f, &[])?;
    item::set(th, a.get(0), a.get(1), v)?;
    Ok(v)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let f = factory(th, v)?;
    // The factory may show this dict again (a bound method of it).
    let f = txpy_vm::object::repr::guarded(th, f, "...", |th| txpy_vm::object::repr(th, f))?;
    let base = match dict::DICT.ty().frozen().dunder(D::repr) {
        Some(r) => txpy_vm::object::call_special(th, r, v, &[])?,
        None => Value::NONE,
    };
    let s = format!("{}({}, {})", class_name(v), text::lossy(f), text::lossy(base));
    th.native_str(&s)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let f = factory(th, a.get(0))?;
    th.call(class_of(a.get(0)).value(), &[f, a.get(0)])
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let f = factory(th, a.get(0))?;
    let args = if f.is_none() { th.new_tuple(&[])? } else { th.new_tuple(&[f])? };
    let items = th.call_method(a.get(0), if th.py3() { "items" } else { "iteritems" }, &[])?;
    let items = iter::iter(th, items)?;
    th.new_tuple(&[class_of(a.get(0)).value(), args, Value::NONE, Value::NONE, items])
}
fn or(th: &mut Thread, own: Value, left: Value, right: Value) -> R<Value> {
    if !left.is::<Dict>() || !right.is::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let f = factory(th, own)?;
    let new = th.call(class_of(own).value(), &[f, left])?;
    if let Some(d) = new.cast::<Dict>() {
        dict_methods::update_from(th, d, right)?;
    }
    Ok(new)
}
