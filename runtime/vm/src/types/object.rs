//! `object`: the root of the class tree, with the default behaviour of everything.

use super::dict::{self, Dict};
use super::dunder::D;
use super::type_::{self, Type};
use super::{list, text, tuple, type_methods};
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, GetSetDef, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use txpy_heap::{Gc, R, Value};

pub static OBJECT: TypeDef = TypeDef {
    name: "object", kind: kinds::OBJECT, size: 16, flags: type_flag::BASE, methods: &[METHODS], getset: GETSET,
    doc: "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new featureless\ninstance that has no instance attributes and cannot be given any.\n", ..TypeDef::DEFAULT
};

unsafe fn trace(_: *const txpy_heap::Header, _: &mut txpy_heap::Tracer) {}
/// Layout of plain instances: a header; slots follow by shape.
pub const LAYOUT: txpy_heap::KindInfo = txpy_heap::KindInfo { name: "Object", kind: kinds::OBJECT, fixed: 16, tail: 0, trace, edges: false, release: None, frozen: false, storage: false, storage_in: txpy_heap::StorageIn::At(&[]), one_storage: 0 };

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, /, *args, **kwargs)" = init, "Initialize self.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    "__format__(self, format_spec, /)" = format, "Default object formatter.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    #[py3] "__eq__(self, value, /)" = eq, "Return self==value.";
    #[py3] "__ne__(self, value, /)" = ne, "Return self!=value.";
    #[py3] "__lt__(self, value, /)" = unordered, "Return self<value.";
    #[py3] "__le__(self, value, /)" = unordered, "Return self<=value.";
    #[py3] "__gt__(self, value, /)" = unordered, "Return self>value.";
    #[py3] "__ge__(self, value, /)" = unordered, "Return self>=value.";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = setattr, "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = delattr, "Implement delattr(self, name).";
    #[py3] "__dir__(self, /)" = dir, "Default dir() implementation.";
    "__reduce__(self, /)" = reduce, "Helper for pickle.";
    "__reduce_ex__(self, protocol, /)" = reduce_ex, "Helper for pickle.";
    #[py3] "__getstate__(self, /)" = getstate, "Helper for pickle.";
    "__sizeof__(self, /)" = sizeof, "Size of object in memory, in bytes.";
    #[py3, class] "__init_subclass__(cls, /)" = init_subclass, "Called when a class is subclassed.";
    #[py2, class] "__subclasshook__(cls, /, *args)" = subclasshook, "Abstract classes can override this to customize issubclass().";
    #[py3, class] "__subclasshook__(cls, subclass, /)" = subclasshook, "Abstract classes can override this to customize issubclass().";
};
static GETSET: &[GetSetDef] = getset! {
    "__class__" = class, mut set_class, "The object's class.";
};
/// Descriptors of the classes that give their instances a dict or weak references.
pub static DICT_GETSET: &[GetSetDef] = getset! { "__dict__" = get_dict, mut set_dict, "dictionary for instance variables"; };
pub static WEAKREF_GETSET: &[GetSetDef] = getset! { "__weakref__" = weakref, "list of weak references to the object"; };

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let Some(t) = a.get(0).cast::<Type>() else {
        let got = object::class_name(a.get(0));
        return Err(th.type_error(format!("object.__new__(X): X is not a type object ({got})")));
    };
    let r = t.frozen();
    if a.len() > 1 {
        let o = OBJECT.ty().frozen();
        let name = type_::name_text(t).into_owned();
        if r.dunder(D::new) != o.dunder(D::new) {
            return Err(th.type_error(if th.py3() { "object.__new__() takes exactly one argument (the type to instantiate)" } else { "object() takes no parameters" }));
        }
        if r.dunder(D::init) == o.dunder(D::init) {
            return Err(th.type_error(if th.py3() { format!("{name}() takes no arguments") } else { "object() takes no parameters".to_string() }));
        }
    }
    if r.has(type_flag::ABSTRACT) {
        return Err(type_methods::abstract_error(th, t)?);
    }
    if !std::ptr::eq(r.def(), &OBJECT) {
        let (name, base) = (type_::name_text(t).into_owned(), r.def().name);
        return Err(th.type_error(format!("object.__new__({name}) is not safe, use {base}.__new__()")));
    }
    if !r.has(type_flag::HEAP) {
        return Ok(th.alloc_plain_object(r.root_shape())?);
    }
    instance::alloc_plain(th, t)
}

impl Thread {
    fn alloc_plain_object(&mut self, shape: u32) -> R<Value> {
        // SAFETY: a bare header.
        unsafe { Ok(Value::from_ptr(self.alloc_raw(16, kinds::OBJECT, shape, 0)?)) }
    }
}

fn init(th: &mut Thread, a: Args) -> R<Value> {
    if a.len() > 1 {
        let t = object::class_of(a.get(0));
        let o = OBJECT.ty().frozen();
        let name = type_::name_text(t).into_owned();
        if t.frozen().dunder(D::init) != o.dunder(D::init) {
            return Err(th.type_error(if th.py3() { "object.__init__() takes exactly one argument (the instance to initialize)" } else { "object.__init__() takes no parameters" }));
        }
        // Objects that only the runtime makes have nothing that took the arguments, and nothing that minds.
        if t.frozen().dunder(D::new) == o.dunder(D::new) && !t.frozen().has(type_flag::NO_NEW) {
            return Err(th.type_error(if th.py3() { format!("{name}.__init__() takes exactly one argument (the instance to initialize)") } else { "object.__init__() takes no parameters".to_string() }));
        }
    }
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> { object::repr::default_repr(th, a.get(0)) }
fn str_(th: &mut Thread, a: Args) -> R<Value> { object::repr(th, a.get(0)) }
fn format(th: &mut Thread, a: Args) -> R<Value> {
    let spec = a.get(1);
    if text::bytes_of(spec).is_none() || th.py3() && !text::is_text(spec) {
        let got = object::class_name(spec);
        return Err(th.type_error(if th.py3() { format!("__format__() argument must be str, not {got}") } else { "argument to __format__ must be unicode or str".to_string() }));
    }
    if text::bytes_of(spec).is_some_and(|b| !b.is_empty()) && th.py3() {
        let name = object::class_name(a.get(0));
        return Err(th.type_error(format!("unsupported format string passed to {name}.__format__")));
    }
    let s = object::str_(th, a.get(0))?;
    if text::bytes_of(spec).is_some_and(|b| !b.is_empty()) { super::format::format_value(th, s, spec) } else { Ok(s) }
}
fn hash(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(object::hash::by_identity(a.get(0)))) }
fn eq(_: &mut Thread, a: Args) -> R<Value> { Ok(if a.get(0) == a.get(1) { Value::TRUE } else { Value::NOT_IMPLEMENTED }) }
fn ne(th: &mut Thread, a: Args) -> R<Value> {
    // The inverse of __eq__, whatever class defines it.
    match object::call_dunder(th, a.get(0), D::eq, &[a.get(1)])? {
        Some(r) if r != Value::NOT_IMPLEMENTED => Ok(Value::from_bool(!object::is_true(th, r)?)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn unordered(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NOT_IMPLEMENTED) }
/// `name` as an attribute name; TypeError for anything but a string.
pub fn attr_name(th: &mut Thread, name: Value) -> R<Value> {
    if th.is_native_str_exact(name) {
        return Ok(th.intern_value(name));
    }
    if text::is_string(th, name) {
        let b = text::bytes_of(name).unwrap_or(b"");
        if !th.py3() && text::is_text(name) && !b.is_ascii() {
            return super::codec::encode_ascii(th, name);
        }
        return th.intern_bytes(b);
    }
    let got = object::class_name(name);
    Err(th.type_error(if th.py3() { format!("attribute name must be string, not '{got}'") } else { format!("attribute name must be string, not '{got}'") }))
}
fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    match attr::generic_get(th, a.get(0), name)? {
        Some(v) => Ok(v),
        None => Err(attr::no_attribute(th, a.get(0), name)),
    }
}
fn setattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    attr::generic_set(th, a.get(0), name, a.get(2))?;
    Ok(Value::NONE)
}
fn delattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    attr::generic_set(th, a.get(0), name, Value::UNSET)?;
    Ok(Value::NONE)
}

/// Names of an object's attributes: instance, class and bases.
fn dir(th: &mut Thread, a: Args) -> R<Value> {
    let names = dict::new(th)?;
    if instance::has_dict(a.get(0)) {
        if let Some(d) = attr::get_str_opt(th, a.get(0), "__dict__")?.and_then(|d| d.cast::<Dict>()) {
            dict::update(th, names, d)?;
        }
    }
    class_names(th, object::class_of(a.get(0)), names)?;
    keys(th, names)
}
pub fn class_names(th: &mut Thread, t: Gc<Type>, names: Gc<Dict>) -> R<()> {
    for d in t.frozen().mro().iter().filter_map(|c| crate::types::type_::namespace_of(*c)) {
        dict::update(th, names, d)?;
    }
    Ok(())
}
pub fn keys(th: &mut Thread, d: Gc<Dict>) -> R<Value> {
    let (l, mut at) = (list::with_capacity(th, 0)?, 0);
    while let Some((k, _)) = dict::next(th, d, &mut at)? {
        list::append(th, l, k)?;
    }
    Ok(l.value())
}

fn class(_: &mut Thread, v: Value) -> R<Value> { Ok(object::class_of(v).value()) }
fn set_class(th: &mut Thread, v: Value, c: Value) -> R<()> {
    let Some(t) = c.cast::<Type>() else {
        let got = object::class_name(c);
        return Err(th.type_error(if c.is_unset() { "can't delete __class__ attribute".to_string() } else { format!("__class__ must be set to a class, not '{got}' object") }));
    };
    if !v.is_ref() {
        return Err(th.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses"));
    }
    instance::set_class(th, v, t)
}
/// The `__dict__` of a native class of `v` that has one of its own kind, a type's for example: a mixed-in class's must not hide it.
fn native_dict(th: &mut Thread, v: Value) -> R<Option<Value>> {
    for c in object::class_of(v).frozen().mro() {
        if let Some(t) = c.cast::<Type>().filter(|t| !t.frozen().has(type_flag::HEAP)) {
            if let Some(d) = dict::get_name(th, t.frozen().dict, n(N::__dict__))? {
                return Ok(Some(d));
            }
        }
    }
    Ok(None)
}
fn get_dict(th: &mut Thread, v: Value) -> R<Value> {
    if !instance::has_dict(v) {
        if let Some(d) = native_dict(th, v)? {
            return th.call_method(d, "__get__", &[v]);
        }
        let name = th.intern("__dict__")?;
        return Err(attr::no_attribute(th, v, name));
    }
    Ok(instance::dict_of(th, v)?.value())
}
fn set_dict(th: &mut Thread, v: Value, d: Value) -> R<()> {
    if !instance::has_dict(v) {
        if let Some(own) = native_dict(th, v)?.filter(|_| !d.is_unset()) {
            return th.call_method(own, "__set__", &[v, d]).map(drop);
        }
        let name = th.intern("__dict__")?;
        return Err(attr::no_attribute(th, v, name));
    }
    match d.cast::<Dict>() {
        Some(d) => instance::set_dict(th, v, d),
        None if d.is_unset() => {
            let d = dict::new(th)?;
            instance::set_dict(th, v, d)
        }
        None => {
            let got = object::class_name(d);
            Err(th.type_error(format!("__dict__ must be set to a dictionary, not a '{got}'")))
        }
    }
}
fn weakref(_: &mut Thread, v: Value) -> R<Value> { Ok(super::weakref::first(v)) }
fn sizeof(_: &mut Thread, a: Args) -> R<Value> {
    let n = match a.get(0).header() {
        // SAFETY: a live object.
        Some(h) => unsafe { txpy_heap::kinds::plain_size(h) },
        None => 16,
    };
    Ok(Value::int(n as i64))
}
fn init_subclass(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn subclasshook(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NOT_IMPLEMENTED) }

// ---- pickling support, after the documented protocol of copyreg

fn reduce(th: &mut Thread, a: Args) -> R<Value> { reduce_by(th, a.get(0), 0) }
fn reduce_ex(th: &mut Thread, a: Args) -> R<Value> {
    let protocol = super::int::arg_i64(th, a.get(1))?;
    // An overridden __reduce__ wins.
    let own = attr::get_str(th, object::class_of(a.get(0)).value(), "__reduce__")?;
    let default = attr::get_str(th, OBJECT.value(), "__reduce__")?;
    if !object::equal(th, own, default)? {
        return th.call_method(a.get(0), "__reduce__", &[]);
    }
    reduce_by(th, a.get(0), protocol)
}
fn reduce_by(th: &mut Thread, v: Value, protocol: i64) -> R<Value> {
    let copyreg = crate::import::import_name(th, if th.py3() { "copyreg" } else { "copy_reg" })?;
    if protocol < 2 {
        let f = attr::get_str(th, copyreg, "_reduce_ex")?;
        return th.call(f, &[v, Value::int(protocol)]);
    }
    let class = object::class_of(v);
    if !v.is_ref() || (class.frozen().def().kind != kinds::OBJECT && class.frozen().dunder(D::getnewargs).is_none() && attr::get_str_opt(th, v, "__getnewargs_ex__")?.is_none() && !class.frozen().has(type_flag::HEAP)) {
        let name = type_::name_text(class).into_owned();
        return Err(th.type_error(format!("cannot pickle '{name}' object")));
    }
    let (mut args, mut kwargs) = (th.new_tuple(&[])?, Value::UNSET);
    if let Some(f) = attr::get_str_opt(th, v, "__getnewargs_ex__")? {
        let r = th.call(f, &[])?;
        match tuple::items(r) {
            Some([x, y]) => (args, kwargs) = (*x, *y),
            _ => return Err(th.type_error("__getnewargs_ex__ should return a tuple of length 2")),
        }
    } else if let Some(r) = object::call_dunder(th, v, D::getnewargs, &[])? {
        if tuple::items(r).is_none() {
            let got = object::class_name(r);
            return Err(th.type_error(format!("__getnewargs__ should return a tuple, not '{got}'")));
        }
        args = r;
    }
    let state = state_of(th, v)?;
    let empty = match kwargs.cast::<Dict>() {
        Some(d) => dict::len(th, d)? == 0,
        None => true,
    };
    let (func, args) = if empty {
        let f = attr::get_str(th, copyreg, "__newobj__")?;
        let all = [&[class.value()], tuple::items(args).unwrap_or(&[])].concat();
        // The tuple `args` keeps the items alive meanwhile.
        (f, th.new_tuple(&all)?)
    } else {
        let f = attr::get_str(th, copyreg, "__newobj_ex__")?;
        (f, th.new_tuple(&[class.value(), args, kwargs])?)
    };
    let listitems = if v.is::<list::List>() { object::iter::iter(th, v)? } else { Value::NONE };
    let dictitems = if v.is::<Dict>() {
        let items = th.call_method(v, if th.py3() { "items" } else { "iteritems" }, &[])?;
        object::iter::iter(th, items)?
    } else {
        Value::NONE
    };
    th.new_tuple(&[func, args, state, listitems, dictitems])
}
/// The state that pickles of `v` keep besides its items: what `__getstate__` gives.
pub fn state_of(th: &mut Thread, v: Value) -> R<Value> {
    if let Some(f) = attr::get_str_opt(th, v, "__getstate__")? {
        return th.call(f, &[]);
    }
    default_state(th, v)
}
/// The instance dict, with the values of `__slots__` beside it; None when there is nothing.
fn default_state(th: &mut Thread, v: Value) -> R<Value> {
    let mut state = Value::NONE;
    if instance::has_dict(v) {
        let d = instance::dict_of(th, v)?;
        if dict::len(th, d)? > 0 || !th.py3() {
            state = d.value();
        }
    }
    let slots = dict::new(th)?;
    for c in object::class_of(v).frozen().mro().iter().filter_map(|c| c.cast::<Type>()) {
        let (d, mut at) = (c.frozen().dict, 0);
        while let Some((k, m)) = dict::next(th, d, &mut at)? {
            if m.is::<super::member::Member>() {
                if let Some(x) = attr::get_opt(th, v, k)? {
                    dict::set(th, slots, k, x)?;
                }
            }
        }
    }
    if dict::len(th, slots)? > 0 {
        return th.new_tuple(&[state, slots.value()]);
    }
    Ok(state)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> { default_state(th, a.get(0)) }
