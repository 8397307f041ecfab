//! What scripts do with classes: calling, attribute access, `type(...)`, introspection.

use super::dict::{self, Dict};
use super::dunder::D;
use super::object::OBJECT;
use super::type_::{self, TYPE, Type};
use super::{list, method, text, tuple};
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, GetSetDef, NativeDef, type_flag};
use crate::object::{self, attr};
use crate::thread::Thread;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{Gc, R, Unwind, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a class.";
    "__init__(self, *args, **kwargs)" = init, "Initialize self.";
    "__call__(self, *args, **kwargs)" = call, "Call self as a function.";
    "mro(self, /)" = mro, "Return a type's method resolution order.";
    "__subclasses__(self, /)" = subclasses, "Return a list of immediate subclasses.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__instancecheck__(self, instance, /)" = instancecheck, "Check if an object is an instance.";
    "__subclasscheck__(self, subclass, /)" = subclasscheck, "Check if a class is a subclass.";
    #[py3, class] "__prepare__(cls, *args, **kwargs)" = prepare, "Used to create the namespace for the class statement.";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = setattr, "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = delattr, "Implement delattr(self, name).";
    #[py3] "__dir__(self, /)" = dir, "Specialized __dir__ implementation for types.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__eq__(self, value, /)" = eq, "Return self==value.";
};
pub static GETSET: &[GetSetDef] = getset! {
    "__name__" = get_name, mut set_name, "Name.";
    #[py3] "__qualname__" = get_qualname, mut set_qualname, "Qualified name.";
    "__module__" = get_module, mut set_module, "Module.";
    "__bases__" = get_bases, mut set_bases, "Bases.";
    "__base__" = get_base, "The base whose layout instances extend.";
    "__mro__" = get_mro, "Method resolution order.";
    "__dict__" = get_dict, "Attributes.";
    "__doc__" = get_doc, mut set_doc, "Documentation.";
    "__abstractmethods__" = get_abstract, mut set_abstract, "Names of abstract methods.";
    "__flags__" = get_flags, "Flags.";
    "__basicsize__" = get_size, "Size.";
    "__itemsize__" = zero, "Size of an item.";
    "__dictoffset__" = dict_offset, "Offset.";
    "__weakrefoffset__" = weak_offset, "Offset.";
    #[py3] "__annotate__" = get_annotate, mut set_annotate, "Function that gives the annotations, None without one: the library of 3.14 sets and asks for it.";
    #[py3] "__annotations__" = get_annotations, mut set_annotations, "Annotations.";
    #[py3] "__type_params__" = get_type_params, mut set_type_params, "Type parameters.";
    "__text_signature__" = text_signature, "Signature.";
};

fn this(v: Value) -> Gc<Type> { v.cast().expect("checked by the call") }

// ---- calling

/// `T(...)`.
pub fn call_type(th: &mut Thread, t: Gc<Type>, a: Args) -> R<Value> {
    let meta = object::class_of(t.value());
    let mc = meta.frozen().dunder(D::call);
    if meta != TYPE.ty() && mc != TYPE.ty().frozen().dunder(D::call) {
        let f = mc.unwrap_or(Value::NONE);
        if matches!(f.kind(), Some(kinds::FUNCTION | kinds::NATIVE)) {
            return object::call::with_first(th, t.value(), a, |th, a| th.call_args(f, a));
        }
        let bound = attr::bind(th, f, t.value(), meta.value())?;
        return th.call_args(bound, a);
    }
    default_call(th, t, a)
}
fn call(th: &mut Thread, a: Args) -> R<Value> { default_call(th, this(a.get(0)), a.skip(1)) }

/// What `type.__call__` does: `__new__`, then `__init__` if it gave an instance.
fn default_call(th: &mut Thread, t: Gc<Type>, a: Args) -> R<Value> {
    if t == TYPE.ty() && a.len() == 1 && !a.has_keywords() {
        return Ok(object::class_of(a.get(0)).value());
    }
    let r = t.frozen();
    if r.has(type_flag::NO_NEW) {
        let name = object::repr::qualified_name(th, t)?;
        return Err(th.type_error(format!("cannot create '{name}' instances")));
    }
    let new = r.dunder(D::new).unwrap_or(Value::NONE);
    let new = method::wrapped(new).unwrap_or(new);
    let v = object::call::with_first(th, t.value(), a, |th, a| th.call_args(new, a))?;
    if !type_::is_subtype(object::class_of(v), t) {
        return Ok(v);
    }
    let c = object::class_of(v).frozen();
    let init = c.dunder(D::init);
    if init == OBJECT.ty().frozen().dunder(D::init) && (a.len() == 0 || c.dunder(D::new) != OBJECT.ty().frozen().dunder(D::new)) {
        return Ok(v);
    }
    let Some(init) = init else { return Ok(v) };
    let result = if matches!(init.kind(), Some(kinds::FUNCTION | kinds::NATIVE)) {
        object::call::with_first(th, v, a, |th, a| th.call_args(init, a))?
    } else {
        let bound = attr::bind(th, init, v, object::class_of(v).value())?;
        th.call_args(bound, a)?
    };
    if !result.is_none() {
        let got = object::class_name(result);
        return Err(th.type_error(format!("__init__() should return None, not '{got}'")));
    }
    Ok(v)
}

/// The error for an abstract class.
pub fn abstract_error(th: &mut Thread, t: Gc<Type>) -> R<Unwind> {
    let name = type_::name_text(t).into_owned();
    let methods = attr::get_str(th, t.value(), "__abstractmethods__")?;
    let sorted = object::iter::to_list(th, methods)?;
    th.call_method(sorted.value(), "sort", &[])?;
    let mut names = Vec::new();
    for i in 0..list::len(th, sorted)? {
        if let Some(m) = list::get(th, sorted, i)? {
            names.push(text::lossy(m).into_owned());
        }
    }
    let s = if names.len() == 1 { "" } else { "s" };
    Ok(if th.py3() {
        let quoted: Vec<String> = names.iter().map(|n| format!("'{n}'")).collect();
        th.type_error(format!("Can't instantiate abstract class {name} without an implementation for abstract method{s} {}", quoted.join(", ")))
    } else {
        th.type_error(format!("Can't instantiate abstract class {name} with abstract methods {}", names.join(", ")))
    })
}

// ---- making

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let meta = a.get(0);
    if a.positional() == 2 && !a.has_keywords() && (!th.py3() || meta == TYPE.value()) {
        return Ok(object::class_of(a.get(1)).value());
    }
    if a.positional() != 4 {
        if th.py3() && meta != TYPE.value() {
            return Err(th.type_error(format!("type.__new__() takes exactly 3 arguments ({} given)", a.len() - 1)));
        }
        return Err(th.type_error("type() takes 1 or 3 arguments"));
    }
    let (name, bases, ns) = (a.get(1), a.get(2), a.get(3));
    if !text::is_string(th, name) {
        let got = object::class_name(name);
        return Err(th.type_error(if th.py3() { format!("type.__new__() argument 1 must be str, not {got}") } else { format!("type() argument 1 must be string, not {got}") }));
    }
    let Some(items) = tuple::items(bases) else {
        let got = object::class_name(bases);
        return Err(th.type_error(if th.py3() { format!("type.__new__() argument 2 must be tuple, not {got}") } else { format!("type() argument 2 must be tuple, not {got}") }));
    };
    let Some(d) = ns.cast::<Dict>() else {
        let got = object::class_name(ns);
        return Err(th.type_error(if th.py3() { format!("type.__new__() argument 3 must be dict, not {got}") } else { format!("type() argument 3 must be dict, not {got}") }));
    };
    let Some(meta) = meta.cast::<Type>() else { return Err(th.type_error("type.__new__(X): X is not a type object")) };
    let winner = metaclass_of(th, meta, items)?;
    if winner != meta && winner.frozen().dunder(D::new) != TYPE.ty().frozen().dunder(D::new) {
        let f = winner.frozen().dunder(D::new).unwrap_or(Value::NONE);
        let f = method::wrapped(f).unwrap_or(f);
        return object::call::with_first(th, winner.value(), a.skip(1), |th, a| th.call_args(f, a));
    }
    let object_base = [OBJECT.value()];
    let items = if items.is_empty() { &object_base[..] } else { items };
    // The name of a class is a native string in 2.7 too.
    let name = super::object::attr_name(th, name)?;
    check_name(th, name)?;
    if dict::get_name(th, d, n(N::__module__))?.is_none() {
        if let Some(f) = crate::interp::frame::Frame::innermost(th) {
            let g = f.function().frozen().globals;
            if let Some(m) = dict::get_name(th, g, n(N::__name__))? {
                dict::set(th, d, n(N::__module__), m)?;
            }
        }
    }
    let t = type_::new_class(th, winner, name, items, d)?;
    if th.py3() {
        // The cell that zero-argument super() reads.
        if let Some(c) = dict::get_str(th, d, "__classcell__")? {
            if c.is::<super::cell::Cell>() {
                super::cell::set(th, c, t.value())?;
            }
            dict::remove_str(th, t.frozen().dict, "__classcell__")?;
        }
        set_names(th, t, d)?;
        let kw: Vec<usize> = (0..a.keyword_count()).collect();
        let parent = th.call(super::super_::SUPER.value(), &[t.value(), t.value()])?;
        let f = attr::get(th, parent, D::init_subclass.name())?;
        if kw.is_empty() {
            th.call(f, &[])?;
        } else {
            object::call::on_stack(th, kw.len(), |i| a.keyword(i).1, a.keyword_names(), |th, a| th.call_args(f, a))?;
        }
    }
    Ok(t.value())
}
/// Names of classes have no null characters.
fn check_name(th: &mut Thread, name: Value) -> R<()> {
    if text::bytes_of(name).is_some_and(|b| b.contains(&0)) {
        return Err(th.value_error("type name must not contain null characters"));
    }
    encodable(th, name)
}
/// UnicodeEncodeError for a text that UTF-8 has no form of.
fn encodable(th: &mut Thread, v: Value) -> R<()> {
    if th.py3() && text::is_text(v) { super::codec::encode(th, v, "utf-8", "strict").map(drop) } else { Ok(()) }
}
fn set_names(th: &mut Thread, t: Gc<Type>, d: Gc<Dict>) -> R<()> {
    let copy = dict::copy(th, d)?;
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, copy, &mut at)? {
        if matches!(v.kind(), None | Some(kinds::FUNCTION | kinds::NATIVE | kinds::STR | kinds::TYPE)) {
            continue;
        }
        if let Some(f) = object::dunder(v, D::set_name) {
            if let Err(e) = object::call_special(th, f, v, &[t.value(), k]) {
                // 3.12: the error itself, with a note that says where.
                if let Some(exc) = th.catch_any() {
                    let (class, what, name) = (object::class_name(v), type_::name_text(t).into_owned(), object::repr_text(th, k)?);
                    let note = th.native_str(&format!("Error calling __set_name__ on '{class}' instance {name} in '{what}'"))?;
                    th.call_method(exc, "add_note", &[note])?;
                    return Err(th.reraise(exc));
                }
                return Err(e);
            }
        }
    }
    Ok(())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() != 2 && a.positional() != 4 {
        return Err(th.type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(Value::NONE)
}
/// The most derived metaclass.
pub fn metaclass_of(th: &mut Thread, start: Gc<Type>, bases: &[Value]) -> R<Gc<Type>> {
    let mut winner = start;
    for b in bases {
        let m = object::class_of(*b);
        if m == winner || type_::is_subtype(winner, m) || b.is::<super::classic::Class>() {
            continue;
        }
        if type_::is_subtype(m, winner) {
            winner = m;
            continue;
        }
        return Err(th.type_error("metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"));
    }
    Ok(winner)
}

// ---- attributes

pub fn get_attribute(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let t = this(v);
    let meta = object::class_of(v);
    let m = type_::lookup(th, meta, name)?;
    if let Some(m) = m.filter(|m| attr::is_data_descriptor(*m)) {
        return attr::bind(th, m, v, meta.value()).map(Some);
    }
    if let Some(x) = type_::lookup(th, t, name)? {
        return through_class(th, x, t).map(Some);
    }
    match m {
        Some(m) => attr::bind(th, m, v, meta.value()).map(Some),
        None => Ok(None),
    }
}
/// What a class attribute gives when asked through the class.
fn through_class(th: &mut Thread, x: Value, t: Gc<Type>) -> R<Value> {
    match x.kind() {
        None => Ok(x),
        Some(kinds::FUNCTION) if th.py3() => Ok(x),
        Some(kinds::FUNCTION) => method::bind(th, x, Value::UNSET, t.value()),
        Some(kinds::NATIVE | kinds::GETSET | kinds::MEMBER) => Ok(x),
        Some(kinds::STATICMETHOD) if method::STATICMETHOD.is_exact(x) => method::function_of(th, x),
        Some(kinds::CLASSMETHOD) if method::CLASSMETHOD.is_exact(x) => {
            let f = method::function_of(th, x)?;
            attr::bind_method(th, f, t.value())
        }
        Some(_) => match object::dunder(x, D::get) {
            Some(g) => object::call_special(th, g, x, &[Value::NONE, t.value()]),
            None => Ok(x),
        },
    }
}
pub fn set_attribute(th: &mut Thread, t: Gc<Type>, name: Value, v: Value) -> R<()> {
    let name = super::object::attr_name(th, name)?;
    let meta = object::class_of(t.value());
    if t.frozen().has(type_flag::HEAP) {
        if let Some(m) = type_::lookup(th, meta, name)?.filter(|m| attr::is_data_descriptor(*m)) {
            if let Some(g) = m.cast::<super::getset::GetSet>() {
                return super::getset::write(th, g, t.value(), v);
            }
            return attr::generic_set(th, t.value(), name, v);
        }
    }
    type_::set_attribute(th, t, name, v)
}
fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let name = super::object::attr_name(th, a.get(1))?;
    match get_attribute(th, a.get(0), name)? {
        Some(v) => Ok(v),
        None => Err(attr::no_attribute(th, a.get(0), name)),
    }
}
fn setattr(th: &mut Thread, a: Args) -> R<Value> {
    set_attribute(th, this(a.get(0)), a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
fn delattr(th: &mut Thread, a: Args) -> R<Value> {
    set_attribute(th, this(a.get(0)), a.get(1), Value::UNSET)?;
    Ok(Value::NONE)
}
fn dir(th: &mut Thread, a: Args) -> R<Value> {
    let names = dict::new(th)?;
    super::object::class_names(th, this(a.get(0)), names)?;
    super::object::keys(th, names)
}
fn hash(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(object::hash::by_identity(a.get(0)))) }
fn eq(_: &mut Thread, a: Args) -> R<Value> { Ok(if a.get(0) == a.get(1) { Value::TRUE } else { Value::NOT_IMPLEMENTED }) }

// ---- introspection

fn mro(th: &mut Thread, a: Args) -> R<Value> {
    let t = type_::linearize(th, this(a.get(0)))?;
    Ok(object::iter::to_list(th, t)?.value())
}
fn subclasses(th: &mut Thread, a: Args) -> R<Value> { type_::subclasses(th, this(a.get(0))) }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let t = this(a.get(0));
    let q = object::repr::qualified_name(th, t)?;
    let what = if !th.py3() && !t.frozen().has(type_flag::HEAP) { "type" } else { "class" };
    th.native_str(&format!("<{what} '{q}'>"))
}
fn instancecheck(th: &mut Thread, a: Args) -> R<Value> { crate::builtins::real_instance(th, a.get(1), a.get(0)).map(Value::from_bool) }
fn subclasscheck(th: &mut Thread, a: Args) -> R<Value> { crate::builtins::real_subclass(th, a.get(1), a.get(0)).map(Value::from_bool) }
fn prepare(th: &mut Thread, _: Args) -> R<Value> { Ok(dict::new(th)?.value()) }

/// The name of the module that defines a class, "" if it is not known.
pub fn module_of(th: &mut Thread, t: Gc<Type>) -> R<String> {
    let m = get_module(th, t.value())?;
    Ok(text::lossy(m).into_owned())
}
fn get_name(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().name.get()) }
fn mutable(th: &mut Thread, v: Value, what: &str) -> R<()> {
    if this(v).frozen().has(type_flag::HEAP) {
        return Ok(());
    }
    let name = type_::name_text(this(v)).into_owned();
    Err(th.type_error(if th.py3() { format!("cannot set '{what}' attribute of immutable type '{name}'") } else { format!("can't set {name}.{what}") }))
}
fn string(th: &mut Thread, v: Value, x: Value, what: &str) -> R<()> {
    if th.is_native_str_exact(x) {
        return Ok(());
    }
    let (name, got) = (type_::name_text(this(v)).into_owned(), object::class_name(x));
    given(th, v, x, what)?;
    Err(th.type_error(format!("can only assign string to {name}.{what}, not '{got}'")))
}
/// TypeError for a deletion.
fn given(th: &mut Thread, v: Value, x: Value, what: &str) -> R<()> {
    if !x.is_unset() {
        return Ok(());
    }
    let name = type_::name_text(this(v)).into_owned();
    Err(th.type_error(if th.py3() { format!("cannot delete '{what}' attribute of immutable type '{name}'") } else { format!("can't delete {name}.{what}") }))
}
fn set_name(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__name__")?;
    string(th, v, x, "__name__")?;
    check_name(th, x)?;
    type_::set(th, this(v), |t| &t.name, x);
    Ok(())
}
fn get_qualname(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().qualname.get()) }
fn set_qualname(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__qualname__")?;
    string(th, v, x, "__qualname__")?;
    type_::set(th, this(v), |t| &t.qualname, x);
    Ok(())
}
fn get_module(th: &mut Thread, v: Value) -> R<Value> {
    let t = this(v);
    if !t.frozen().has(type_flag::HEAP) {
        let m = t.frozen().def().module;
        // A native type that shares its base's declaration cannot happen: each has its own.
        let m = if !m.is_empty() {
            m
        } else if t.frozen().has(type_flag::EXCEPTION) && !th.py3() {
            "exceptions"
        } else {
            crate::dialect::dialect().builtins
        };
        return th.native_str(m);
    }
    match dict::get_name(th, t.frozen().dict, n(N::__module__))? {
        Some(m) => Ok(m),
        None => th.native_str(crate::dialect::dialect().builtins),
    }
}
fn set_module(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__module__")?;
    let d = this(v).frozen().dict;
    if th.py3() {
        // The line belonged to a class of the other module.
        dict::remove_str(th, d, "__firstlineno__")?;
    }
    if x.is_unset() { dict::remove(th, d, n(N::__module__)).map(|_| ()) } else { dict::set(th, d, n(N::__module__), x) }
}
fn get_bases(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().bases.get()) }
/// Whether a class's objects have only what every object has.
fn plain(t: Gc<Type>) -> bool { OBJECT.value().cast::<Type>().is_some_and(|o| std::ptr::eq(t.frozen().def(), o.frozen().def())) }
fn set_bases(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__bases__")?;
    let name = type_::name_text(this(v)).into_owned();
    let Some(items) = tuple::items(x) else {
        let got = object::class_name(x);
        return Err(th.type_error(format!("can only assign tuple to {name}.__bases__, not {got}")));
    };
    if items.is_empty() {
        return Err(th.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    // One of the bases decides the layout; others may add nothing to an object.
    let slots = this(v).frozen().base.get().cast::<Type>().map_or(&[][..], |b| b.frozen().slots());
    let same = |b: Gc<Type>| std::ptr::eq(b.frozen().def(), this(v).frozen().def()) && b.frozen().slots() == slots;
    let keeps = items.iter().any(|b| b.cast::<Type>().is_some_and(same));
    for b in items {
        match b.cast::<Type>() {
            Some(b) if type_::is_subtype(b, this(v)) => return Err(th.type_error("a __bases__ item causes an inheritance cycle")),
            Some(b) if !same(b) && !(slots.is_empty() && b.value() == OBJECT.value() || keeps && plain(b) && slots.starts_with(b.frozen().slots())) => {
                let other = type_::name_text(b).into_owned();
                return Err(th.type_error(format!("__bases__ assignment: '{other}' object layout differs from '{name}'")));
            }
            Some(_) => {}
            None => return Err(th.type_error(format!("{name}.__bases__ must be tuple of classes, not '{}'", object::class_name(*b)))),
        }
    }
    type_::rebase(th, this(v), x)
}
fn get_base(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().base.get()) }
fn get_mro(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().mro.get()) }
fn get_dict(th: &mut Thread, v: Value) -> R<Value> { super::mappingproxy::new(th, this(v).frozen().dict.value()) }
fn get_doc(th: &mut Thread, v: Value) -> R<Value> {
    match dict::get_name(th, this(v).frozen().dict, n(N::__doc__))? {
        Some(d) => match object::dunder(d, D::get) {
            Some(g) if !d.is::<super::function::Function>() => object::call_special(th, g, d, &[Value::NONE, v]),
            _ => Ok(d),
        },
        None => Ok(Value::NONE),
    }
}
fn set_doc(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__doc__")?;
    if th.py3() {
        given(th, v, x, "__doc__")?;
    }
    dict::set(th, this(v).frozen().dict, n(N::__doc__), x.get().unwrap_or(Value::NONE))
}
fn get_abstract(th: &mut Thread, v: Value) -> R<Value> {
    match dict::get_name(th, this(v).frozen().dict, n(N::__abstractmethods__))? {
        Some(x) if v != TYPE.value() => Ok(x),
        _ => Err(th.attribute_error("__abstractmethods__")),
    }
}
fn set_abstract(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__abstractmethods__")?;
    let r = this(v).frozen();
    if x.is_unset() {
        dict::remove(th, r.dict, n(N::__abstractmethods__))?;
        r.flags.fetch_and(!type_flag::ABSTRACT, Relaxed);
        return Ok(());
    }
    if object::is_true(th, x)? { r.flags.fetch_or(type_flag::ABSTRACT, Relaxed) } else { r.flags.fetch_and(!type_flag::ABSTRACT, Relaxed) };
    dict::set(th, r.dict, n(N::__abstractmethods__), x)
}
/// CPython's flag bits as far as scripts ask for them.
fn get_flags(_: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    let bits = [(type_flag::HEAP, 1 << 9), (type_flag::BASE, 1 << 10), (type_flag::ABSTRACT, 1 << 20), (type_flag::SEQUENCE, 1 << 5), (type_flag::MAPPING, 1 << 6), (type_flag::EXCEPTION, 1 << 30)];
    let by_kind = [(kinds::INT, 1 << 24), (kinds::LIST, 1 << 25), (kinds::TUPLE, 1 << 26), (kinds::BYTES, 1 << 27), (kinds::STR, 1 << 28), (kinds::DICT, 1 << 29), (kinds::TYPE, 1 << 31)];
    let f: i64 = bits.iter().filter(|(f, _)| r.has(*f)).map(|(_, b)| *b).sum::<i64>() + by_kind.iter().filter(|(k, _)| r.def().kind == *k).map(|(_, b)| *b).sum::<i64>();
    Ok(Value::int(f | 1 << 12))
}
fn get_size(_: &mut Thread, v: Value) -> R<Value> { Ok(Value::int(this(v).frozen().def().size.max(16) as i64)) }
fn zero(_: &mut Thread, _: Value) -> R<Value> { Ok(Value::int(0)) }
/// CPython's values of what it manages itself: programs ask whether there is such a place.
fn dict_offset(_: &mut Thread, v: Value) -> R<Value> { Ok(Value::int(if this(v).frozen().has_dict() { -1 } else { 0 })) }
fn weak_offset(_: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    Ok(Value::int(if r.has(type_flag::HEAP) && r.has(type_flag::WEAK) { -32 } else { 0 }))
}
/// What calls of a native class take, from its own `__new__` or `__init__`; None for those whose calls no signature describes.
fn text_signature(th: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    if r.has(type_flag::HEAP) {
        return Ok(Value::NONE);
    }
    let name = type_::name_text(this(v)).into_owned();
    if name == "object" {
        return th.native_str("()");
    }
    if matches!(&*name, "int" | "str" | "bytes" | "bytearray" | "dict" | "set" | "frozenset" | "range" | "slice" | "type" | "super" | "zip") {
        return Ok(Value::NONE);
    }
    for method in ["__new__", "__init__"] {
        let Some(f) = dict::get_str(th, r.dict, method)? else { continue };
        let Some(s) = attr::get_str_opt(th, f, "__text_signature__")? else { continue };
        let Some(s) = text::str_of(s).and_then(|s| s.strip_prefix("($")) else { continue };
        // The first parameter is the class or the instance.
        let rest = s.trim_end_matches(')').split_once(", ").map_or("", |p| p.1);
        if !rest.starts_with("*args") {
            return th.native_str(&format!("({})", rest.strip_prefix("/, ").unwrap_or(rest)));
        }
    }
    Ok(Value::NONE)
}
fn get_annotations(th: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    if !r.has(type_flag::HEAP) {
        let name = type_::name_text(this(v)).into_owned();
        return Err(th.attribute_error(format!("type object '{name}' has no attribute '__annotations__'")));
    }
    match dict::get_name(th, r.dict, n(N::__annotations__))? {
        Some(a) => Ok(a),
        None => {
            // Classes made by the library of 3.14 give a function instead.
            let a = match dict::get_str(th, r.dict, "__annotate__")?.filter(|f| !f.is_none()) {
                Some(f) => th.call(f, &[Value::int(1)])?,
                None => dict::new(th)?.value(),
            };
            dict::set(th, r.dict, n(N::__annotations__), a)?;
            Ok(a)
        }
    }
}
fn get_annotate(th: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    if !r.has(type_flag::HEAP) {
        let name = type_::name_text(this(v)).into_owned();
        return Err(th.attribute_error(format!("type object '{name}' has no attribute '__annotate__'")));
    }
    Ok(dict::get_str(th, r.dict, "__annotate__")?.unwrap_or(Value::NONE))
}
fn set_annotate(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__annotate__")?;
    let d = this(v).frozen().dict;
    if x.is_unset() {
        return Err(th.type_error("cannot delete __annotate__ attribute"));
    }
    if !x.is_none() {
        dict::remove(th, d, n(N::__annotations__))?;
    }
    dict::set_str(th, d, "__annotate__", x)
}
fn set_annotations(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__annotations__")?;
    super::module::set_or_delete(th, this(v).frozen().dict, N::__annotations__, x)
}
fn get_type_params(th: &mut Thread, v: Value) -> R<Value> {
    let r = this(v).frozen();
    // The namespace of `type` itself holds the descriptor.
    let own = if r.has(type_flag::HEAP) { dict::get_name(th, r.dict, n(N::__type_params__))? } else { None };
    match own {
        Some(x) => Ok(x),
        None => th.new_tuple(&[]),
    }
}
fn set_type_params(th: &mut Thread, v: Value, x: Value) -> R<()> {
    mutable(th, v, "__type_params__")?;
    given(th, v, x, "__type_params__")?;
    dict::set(th, this(v).frozen().dict, n(N::__type_params__), x)
}
