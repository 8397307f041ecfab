//! What scripts see of functions and of natives.

use super::code::Code;
use super::dict::{self, Dict};
use super::function::{self, Function};
use super::method::{self, Bound};
use super::module::Module;
use super::native_function::{METHOD_DESCRIPTOR, Native, SLOT_WRAPPER};
use super::type_::{self, Type};
use super::{cell, text, tuple};
use crate::names::{N, n};
use crate::native::{Args, Binding, GetSetDef, NativeDef};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use txpy_compiler::image::code_flag;
use txpy_heap::{Gc, Header, Late, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)" = new_, "Create a function object.";
    "__call__(self, *args, **kwargs)" = |th, a| th.call_args(a.get(0), a.skip(1)), "Call self as a function.";
    "__get__(self, instance, owner=None, /)" = get, "Return an attribute of instance, which is of type owner.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
pub static GETSET: &[GetSetDef] = getset! {
    "__code__" = code, mut set_code, "The code that a call runs.";
    "__defaults__" = defaults, mut set_defaults, "Values of positional parameters that are left out.";
    #[py3] "__kwdefaults__" = kwdefaults, mut set_kwdefaults, "Values of keyword-only parameters that are left out.";
    "__name__" = |_, v| Ok(this(v).frozen().name.get()), mut set_name, "Name.";
    #[py3] "__qualname__" = |_, v| Ok(this(v).frozen().qualname.get()), mut set_qualname, "Name with the names of what it is defined in.";
    "__doc__" = |_, v| Ok(or_none(&this(v).frozen().doc)), mut set_doc, "Documentation.";
    "__module__" = |_, v| Ok(or_none(&this(v).frozen().module)), mut set_module, "Name of the module.";
    "__globals__" = globals, mut readonly, "Namespace of the module.";
    "__closure__" = closure, mut readonly, "Cells of free variables.";
    "__dict__" = namespace, mut set_namespace, "Attributes.";
    #[py3] "__annotations__" = annotations, mut set_annotations, "Annotations of parameters and of the result.";
    #[py3] "__annotate__" = annotate, mut set_annotate, "Function that gives the annotations; None without any.";
    #[py3] "__type_params__" = type_params, mut set_type_params, "Type parameters.";
    #[py3] "__builtins__" = builtins, mut readonly, "Namespace of builtins.";
    #[py2] "func_code" = code, mut set_code, "The code that a call runs.";
    #[py2] "func_defaults" = defaults, mut set_defaults, "Values of parameters that are left out.";
    #[py2] "func_name" = |_, v| Ok(this(v).frozen().name.get()), mut set_name, "Name.";
    #[py2] "func_doc" = |_, v| Ok(or_none(&this(v).frozen().doc)), mut set_doc, "Documentation.";
    #[py2] "func_globals" = globals, mut readonly, "Namespace of the module.";
    #[py2] "func_closure" = closure, mut readonly, "Cells of free variables.";
    #[py2] "func_dict" = namespace, mut set_namespace, "Attributes.";
};

fn this(v: Value) -> Gc<Function> { v.cast().expect("checked by the call") }
fn or_none(l: &Late) -> Value { l.get().get().unwrap_or(Value::NONE) }
fn readonly(th: &mut Thread, _: Value, _: Value) -> R<()> { Err(if th.py3() { th.attribute_error("readonly attribute") } else { th.type_error("readonly attribute") }) }
fn is_native_str(th: &Thread, v: Value) -> bool { if th.py3() { text::is_text(v) } else { text::is_bytes(v) } }

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let bad = |th: &mut Thread, i: usize, name: &str, want: &str, v: Value| {
        let got = object::class_name(v);
        th.type_error(if th.py3() { format!("function() argument '{name}' must be {want}, not {got}") } else { format!("function() argument {i} must be {want}, not {got}") })
    };
    let Some(code) = a.get(1).cast::<Code>() else { return Err(bad(th, 1, "code", "code", a.get(1))) };
    let Some(globals) = a.get(2).cast::<Dict>() else { return Err(bad(th, 2, "globals", "dict", a.get(2))) };
    let (name, defaults, closure) = (a.some(3), a.some(4), a.some(5));
    if name.is_some_and(|v| !is_native_str(th, v)) {
        return Err(th.type_error("arg 3 (name) must be None or string"));
    }
    if defaults.is_some_and(|v| !v.is::<tuple::Tuple>()) {
        return Err(th.type_error("arg 4 (defaults) must be None or tuple"));
    }
    check_plain(th, code)?;
    let free = code.frozen().freevars.frozen().len;
    match closure {
        None if free > 0 => return Err(th.type_error("arg 5 (closure) must be tuple")),
        Some(c) if !c.is::<tuple::Tuple>() => return Err(th.type_error("arg 5 (closure) must be None or tuple")),
        _ => {}
    }
    let cells = tuple::items(closure.unwrap_or(Value::NONE)).unwrap_or(&[]);
    if cells.len() != free {
        let text = text::lossy(code.frozen().name).into_owned();
        return Err(th.value_error(format!("{text} requires closure of length {free}, not {}", cells.len())));
    }
    if let Some(c) = cells.iter().find(|c| !c.is::<cell::Cell>()) {
        let got = object::class_name(*c);
        return Err(th.type_error(format!("arg 5 (closure) expected cell, found {got}")));
    }
    if let Some(d) = a.some(6) {
        if !d.is::<Dict>() {
            return Err(th.type_error("arg 6 (kwdefaults) must be None or dict"));
        }
    }
    let f = function::new(th, code, globals, closure.filter(|_| free > 0).unwrap_or(Value::UNSET))?;
    let r = f.frozen();
    if let Some(x) = name {
        th.set_late(&r.header, &r.name, x);
    }
    if let Some(d) = defaults {
        th.set_late(&r.header, &r.defaults, d);
    }
    if let Some(d) = a.some(6) {
        th.set_late(&r.header, &r.kwdefaults, d);
    }
    Ok(f.value())
}
/// A function's first registers are its parameters; code of modules and class bodies has its namespace there.
fn check_plain(th: &mut Thread, code: Gc<Code>) -> R<()> {
    if code.frozen().has(code_flag::NAMESPACE) {
        return Err(th.not_implemented("functions made of a module's or class body's code"));
    }
    Ok(())
}

fn get(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.some(2);
    if !a.get(1).is_none() {
        let class = class.unwrap_or_else(|| object::class_of(a.get(1)).value());
        return method::bind(th, a.get(0), a.get(1), class);
    }
    match class {
        None if th.py3() => Err(th.type_error("__get__(None, None) is invalid")),
        None => Err(th.type_error("__get__(None, None) is invalid")),
        Some(_) if th.py3() => Ok(a.get(0)),
        Some(class) => Ok(th.alloc(method::BOUND.shape(), Bound { header: Header::NEW, func: a.get(0), this: Value::UNSET, class })?.value()),
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let name = if th.py3() { f.frozen().qualname.get() } else { f.frozen().name.get() };
    th.native_str(&format!("<function {} at {:#x}>", text::lossy(name), a.get(0).bits() & !7))
}

fn code(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().code.get()) }
fn set_code(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let Some(c) = x.cast::<Code>() else { return Err(th.type_error("__code__ must be set to a code object")) };
    check_plain(th, c)?;
    let f = this(v);
    let (have, want) = (tuple::items(f.frozen().closure).map_or(0, <[Value]>::len), c.frozen().freevars.frozen().len);
    if have != want {
        let name = text::lossy(f.frozen().name.get()).into_owned();
        return Err(th.value_error(format!("{name}() requires a code object with {have} free vars, not {want}")));
    }
    th.set_late(f.header(), &f.frozen().code, x);
    Ok(())
}
fn defaults(_: &mut Thread, v: Value) -> R<Value> { Ok(or_none(&this(v).frozen().defaults)) }
fn set_defaults(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let x = if x.is_none() { Value::UNSET } else { x };
    if !x.is_unset() && !x.is::<tuple::Tuple>() {
        return Err(th.type_error("__defaults__ must be set to a tuple object"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().defaults, x);
    Ok(())
}
fn kwdefaults(_: &mut Thread, v: Value) -> R<Value> { Ok(or_none(&this(v).frozen().kwdefaults)) }
fn set_kwdefaults(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let x = if x.is_none() { Value::UNSET } else { x };
    if !x.is_unset() && !x.is::<Dict>() {
        return Err(th.type_error("__kwdefaults__ must be set to a dict object"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().kwdefaults, x);
    Ok(())
}
fn set_name(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !is_native_str(th, x) {
        return Err(th.type_error("__name__ must be set to a string object"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().name, x);
    Ok(())
}
fn set_qualname(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !is_native_str(th, x) {
        return Err(th.type_error("__qualname__ must be set to a string object"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().qualname, x);
    Ok(())
}
fn set_doc(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let f = this(v);
    th.set_late(f.header(), &f.frozen().doc, x);
    Ok(())
}
fn set_module(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let f = this(v);
    th.set_late(f.header(), &f.frozen().module, x);
    Ok(())
}
fn globals(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().globals.value()) }
fn closure(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().closure.get().unwrap_or(Value::NONE)) }
fn namespace(th: &mut Thread, v: Value) -> R<Value> { Ok(instance::dict_of(th, v)?.value()) }
fn set_namespace(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() {
        return Err(th.type_error(if th.py3() { "cannot delete __dict__" } else { "function's dictionary may not be deleted" }));
    }
    let Some(d) = x.cast::<Dict>() else {
        let got = object::class_name(x);
        return Err(th.type_error(if th.py3() { format!("__dict__ must be set to a dictionary, not a '{got}'") } else { "setting function's dictionary to a non-dict".to_string() }));
    };
    instance::set_dict(th, v, d)
}
fn annotations(th: &mut Thread, v: Value) -> R<Value> {
    let f = this(v);
    let known = f.frozen().annotations.get();
    if known.is::<Dict>() {
        return Ok(known);
    }
    let d = dict::new(th)?;
    // A tuple holds names and annotations in turn.
    if let Some(items) = tuple::items(known) {
        for pair in items.chunks_exact(2) {
            dict::set(th, d, pair[0], pair[1])?;
        }
    }
    th.set_late(f.header(), &f.frozen().annotations, d.value());
    Ok(d.value())
}
static ANNOTATE: &[NativeDef] = natives! {
    "__annotate__(self, format, /)" = |th, a| Ok(dict::copy(th, a.get(0).cast().expect("made with a dict"))?.value()), "The annotations.";
};
/// Annotations are evaluated at once: the function that the library of 3.14 asks for gives them as they are.
fn annotate(th: &mut Thread, v: Value) -> R<Value> {
    let d = annotations(th, v)?;
    if dict::len(th, d.cast().expect("a dict"))? == 0 {
        return Ok(Value::NONE);
    }
    super::native_function::new(th, &ANNOTATE[0], d, Value::NONE)
}
fn set_annotate(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() {
        return Err(th.type_error("__annotate__ cannot be deleted"));
    }
    if x.is_none() {
        return Ok(());
    }
    if object::dunder(x, super::dunder::D::call).is_none() {
        return Err(th.type_error("__annotate__ must be callable or None"));
    }
    let d = th.call(x, &[Value::int(1)])?;
    set_annotations(th, v, d)
}
fn set_annotations(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let x = if x.is_none() { Value::UNSET } else { x };
    if !x.is_unset() && !x.is::<Dict>() {
        return Err(th.type_error("__annotations__ must be set to a dict object"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().annotations, x);
    Ok(())
}
fn type_params(th: &mut Thread, v: Value) -> R<Value> {
    match this(v).frozen().type_params.get().get() {
        Some(t) => Ok(t),
        None => th.new_tuple(&[]),
    }
}
fn set_type_params(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !x.is::<tuple::Tuple>() {
        return Err(th.type_error("__type_params__ must be set to a tuple"));
    }
    let f = this(v);
    th.set_late(f.header(), &f.frozen().type_params, x);
    Ok(())
}
fn builtins(th: &mut Thread, v: Value) -> R<Value> {
    let f = this(v);
    match dict::get_name(th, f.frozen().globals, n(N::__builtins__))? {
        Some(b) if b.is::<Module>() => attr::get(th, b, n(N::__dict__)),
        Some(b) => Ok(b),
        None => Ok(Value::NONE),
    }
}

// ---- natives

pub static NATIVE_METHODS: &[NativeDef] = natives! {
    "__call__(self, *args, **kwargs)" = |th, a| th.call_args(a.get(0), a.skip(1)), "Call self as a function.";
    "__get__(self, instance, owner=None, /)" = native_get, "Return an attribute of instance, which is of type owner.";
    "__repr__(self, /)" = native_repr, "Return repr(self).";
    "__eq__(self, other, /)" = native_eq, "Return self==other.";
    "__ne__(self, other, /)" = native_ne, "Return self!=other.";
    "__hash__(self, /)" = native_hash, "Return hash(self).";
    "__reduce__(self, /)" = native_reduce, "Return state information for pickling.";
};
pub static NATIVE_GETSET: &[GetSetDef] = getset! {
    "__name__" = |th, v| { let name = native(v).frozen().def().name(); th.intern(name) }, "Name.";
    #[py3] "__qualname__" = native_qualname, "Name with the name of the class.";
    "__doc__" = native_doc, "Documentation.";
    "__self__" = native_self, "What the function is bound to.";
    "__module__" = native_module, "Name of the module.";
    #[py3] "__text_signature__" = text_signature, "Signature.";
    "__objclass__" = objclass, "The class that defines the method.";
};

fn native(v: Value) -> Gc<Native> { v.cast().expect("checked by the call") }
fn is_descriptor(v: Value) -> bool { METHOD_DESCRIPTOR.is_exact(v) || SLOT_WRAPPER.is_exact(v) }
/// The attribute does not exist on this kind of native.
fn lacks<T>(th: &mut Thread, v: Value, name: &str) -> R<T> {
    let name = th.intern(name)?;
    Err(attr::no_attribute(th, v, name))
}
/// What `__self__` shows: the bound object, the class of `__new__` and of class and static methods, UNSET for none.
fn bound_to(f: Gc<Native>) -> Value {
    let r = f.frozen();
    match r.this.get() {
        Some(v) => v,
        None if r.owner.is::<Type>() && !r.is_method() => r.owner,
        None => Value::UNSET,
    }
}

fn native_get(th: &mut Thread, a: Args) -> R<Value> {
    let f = native(a.get(0));
    if !f.frozen().is_method() || a.get(1).is_none() {
        return Ok(a.get(0));
    }
    let owner: Gc<Type> = f.frozen().owner.cast().expect("a method has a class");
    if !object::is_instance(a.get(1), owner) {
        let (name, class, got) = (f.frozen().def().name(), type_::name_text(owner).into_owned(), object::class_name(a.get(1)));
        return Err(th.type_error(format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{got}' object")));
    }
    super::native_function::bind(th, f, a.get(1))
}
fn native_repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = native(a.get(0));
    let name = f.frozen().def().name();
    let owner = f.frozen().owner.cast::<Type>();
    if let (true, Some(t)) = (is_descriptor(a.get(0)), owner) {
        let what = if SLOT_WRAPPER.is_exact(a.get(0)) { "slot wrapper" } else { "method" };
        return th.native_str(&format!("<{what} '{name}' of '{}' objects>", type_::name_text(t)));
    }
    let this = bound_to(f);
    if this.is_unset() || this.is::<Module>() {
        return th.native_str(&format!("<built-in function {name}>"));
    }
    let slot = !f.frozen().this.is_unset() && owner.is_some() && name.starts_with("__") && super::dunder::by_name(th.intern(name)?).is_some();
    let (class, at) = (object::class_name(this), this.bits() & !7);
    th.native_str(&if slot { format!("<method-wrapper '{name}' of {class} object at {at:#x}>") } else { format!("<built-in method {name} of {class} object at {at:#x}>") })
}
/// Two bound natives are equal when they bind the same method to the same object.
fn same(a: Args) -> Option<bool> {
    let o = a.get(1).cast::<Native>()?;
    let f = native(a.get(0));
    let (x, y) = (f.frozen(), o.frozen());
    Some(std::ptr::eq(x.def, y.def) && x.owner == y.owner && x.this == y.this)
}
fn native_eq(_: &mut Thread, a: Args) -> R<Value> { Ok(same(a).map_or(Value::NOT_IMPLEMENTED, Value::from_bool)) }
fn native_ne(_: &mut Thread, a: Args) -> R<Value> { Ok(same(a).map_or(Value::NOT_IMPLEMENTED, |e| Value::from_bool(!e))) }
fn native_hash(th: &mut Thread, a: Args) -> R<Value> {
    let f = native(a.get(0));
    let own = f.frozen().this.get().map_or(0, object::hash::by_identity);
    super::int::from_i64(th, own ^ (f.frozen().def as usize >> 4) as i64)
}
fn native_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let f = native(a.get(0));
    let name = th.intern(f.frozen().def().name())?;
    let from = if is_descriptor(a.get(0)) { f.frozen().owner } else { bound_to(f) };
    if from.is_unset() || from.is::<Module>() {
        return Ok(name);
    }
    super::seq_iter::reduced(th, "getattr", &[from, name], None)
}
fn native_qualname(th: &mut Thread, v: Value) -> R<Value> {
    let f = native(v);
    let name = f.frozen().def().name();
    match f.frozen().owner.cast::<Type>() {
        Some(t) => {
            let s = format!("{}.{name}", text::lossy(t.frozen().qualname.get()));
            th.native_str(&s)
        }
        None => th.intern(name),
    }
}
fn native_doc(th: &mut Thread, v: Value) -> R<Value> {
    let doc = native(v).frozen().def().doc;
    if doc.is_empty() { Ok(Value::NONE) } else { th.native_str(doc) }
}
fn native_self(th: &mut Thread, v: Value) -> R<Value> {
    if is_descriptor(v) {
        return lacks(th, v, "__self__");
    }
    let f = native(v);
    let owner = f.frozen().owner;
    match bound_to(f).get() {
        Some(x) => Ok(x),
        None if !th.py3() => Ok(Value::NONE),
        None if text::is_string(th, owner) => Ok(dict::get(th, crate::import::modules(), owner)?.unwrap_or(Value::NONE)),
        None if owner.is::<Module>() => Ok(owner),
        None => Ok(Value::NONE),
    }
}
fn native_module(th: &mut Thread, v: Value) -> R<Value> {
    if is_descriptor(v) {
        return lacks(th, v, "__module__");
    }
    let owner = native(v).frozen().owner;
    if text::is_string(th, owner) {
        return Ok(owner);
    }
    if owner.is::<Module>() {
        return Ok(attr::get_opt(th, owner, n(N::__name__))?.unwrap_or(Value::NONE));
    }
    Ok(Value::NONE)
}
fn objclass(th: &mut Thread, v: Value) -> R<Value> { if is_descriptor(v) { Ok(native(v).frozen().owner) } else { lacks(th, v, "__objclass__") } }

/// `($self, x, /)`: the parameters as declared, with the marks that `inspect` knows for the bound one.
fn text_signature(th: &mut Thread, v: Value) -> R<Value> {
    let f = native(v);
    let r = f.frozen();
    let def = r.def();
    let mut out = String::from("(");
    if !r.owner.is::<Type>() {
        out.push_str("$module");
    }
    for (i, p) in def.param_texts().enumerate() {
        if out.len() > 1 {
            out.push_str(", ");
        }
        let bound = i == 0 && r.owner.is::<Type>() && def.binding != Binding::Static;
        match (bound, def.binding, def.name()) {
            (true, Binding::Class, _) | (true, _, "__new__") => out.push_str("$type"),
            (true, ..) => out.push_str("$self"),
            _ => out.push_str(p),
        }
    }
    // All of a module function's parameters may be keywords only if its module parameter is positional, which the mark tells.
    if out == "($module" {
        out.push_str(", /");
    }
    out.push(')');
    th.native_str(&out)
}
