//! `property`: an attribute computed by functions of its class.

use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::names::{N, n};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use txpy_heap::{Gc, Header, Late, R, Unwind, Value, object};

object! {
    /// UNSET stands for a function that was not given.
    pub struct Property = kinds::PROPERTY, frozen {
        pub get: Late,
        pub set: Late,
        pub del: Late,
        pub doc: Late,
        /// The name under which a class holds it, UNSET until `__set_name__`.
        pub name: Late,
        /// The documentation is the getter's, so that a new getter brings its own.
        pub getter_doc: AtomicBool,
    }
}

pub static PROPERTY: TypeDef = TypeDef {
    name: "property", kind: kinds::PROPERTY, size: size_of::<Property>() as u16, flags: type_flag::BASE, methods: &[METHODS],
    getset: getset! {
        "fget" = |_, v| Ok(or_none(&this(v).frozen().get)), mut readonly, "Function that reads the attribute.";
        "fset" = |_, v| Ok(or_none(&this(v).frozen().set)), mut readonly, "Function that sets the attribute.";
        "fdel" = |_, v| Ok(or_none(&this(v).frozen().del)), mut readonly, "Function that deletes the attribute.";
        "__doc__" = |_, v| Ok(or_none(&this(v).frozen().doc)), mut set_doc, "Documentation of the attribute.";
        #[py3] "__name__" = get_name, mut set_name_attr, "Name of the attribute.";
        #[py3] "__isabstractmethod__" = is_abstract, "Whether one of the functions is abstract.";
    },
    doc: "property(fget=None, fset=None, fdel=None, doc=None)\n\nAn attribute whose reading, setting and deletion call functions.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create and return a new object.";
    "__init__(self, fget=None, fset=None, fdel=None, doc=None)" = init, "Initialize self.";
    "__get__(self, instance, owner=None, /)" = get, "Return an attribute of instance, which is of type owner.";
    "__set__(self, instance, value, /)" = set, "Set an attribute of instance to value.";
    "__delete__(self, instance, /)" = set, "Delete an attribute of instance.";
    "getter(self, fget, /)" = getter, "A copy of the property with another getter.";
    "setter(self, fset, /)" = setter, "A copy of the property with another setter.";
    "deleter(self, fdel, /)" = deleter, "A copy of the property with another deleter.";
    #[py3] "__set_name__(self, *args)" = set_name, "Remember the name under which a class holds the property.";
};

fn this(v: Value) -> Gc<Property> { v.cast().expect("checked by the call") }
fn or_none(l: &Late) -> Value { l.get().get().unwrap_or(Value::NONE) }
fn readonly(th: &mut Thread, _: Value, _: Value) -> R<()> { Err(if th.py3() { th.attribute_error("readonly attribute") } else { th.type_error("readonly attribute") }) }

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<Property> = instance::alloc_like(th, a.get(0), |_| {
        let late = || Late::new(Value::UNSET);
        Property { header: Header::NEW, get: late(), set: late(), del: late(), doc: late(), name: late(), getter_doc: AtomicBool::new(false) }
    })?;
    Ok(g.value())
}

fn init(th: &mut Thread, a: Args) -> R<Value> {
    let p = this(a.get(0));
    let r = p.frozen();
    let given = |i: usize| a.some(i).unwrap_or(Value::UNSET);
    th.set_late(&r.header, &r.get, given(1));
    th.set_late(&r.header, &r.set, given(2));
    th.set_late(&r.header, &r.del, given(3));
    th.set_late(&r.header, &r.name, Value::UNSET);
    let mut doc = given(4);
    r.getter_doc.store(false, Relaxed);
    if let (true, Some(f)) = (doc.is_unset(), a.some(1)) {
        if let Some(d) = attr::get_opt(th, f, n(N::__doc__))?.filter(|d| !d.is_none()) {
            doc = d;
            r.getter_doc.store(true, Relaxed);
        }
    }
    th.set_late(&r.header, &r.doc, doc);
    // A subclass has a `__doc__` of its own, which hides the one of `property`; the instance's dictionary comes before it.
    if !PROPERTY.is_exact(a.get(0)) && instance::has_dict(a.get(0)) && (!doc.is_unset() || th.py3()) {
        instance::set_slot(th, a.get(0), n(N::__doc__), doc.get().unwrap_or(Value::NONE))?;
    }
    Ok(Value::NONE)
}

/// The attribute's value for `instance`.
#[inline]
pub fn read(th: &mut Thread, prop: Value, instance: Value) -> R<Value> {
    match this(prop).frozen().get.get().get() {
        Some(f) => th.call(f, &[instance]),
        None => Err(refuse(th, prop, instance, "getter", "unreadable attribute")),
    }
}
/// Sets the attribute, or deletes it with UNSET. `_name` is the one asked for; messages show the property's own.
pub fn write(th: &mut Thread, prop: Value, instance: Value, _name: Value, v: Value) -> R<()> {
    let p = this(prop);
    let f = if v.is_unset() { &p.frozen().del } else { &p.frozen().set }.get();
    match (f.get(), v.is_unset()) {
        (Some(f), true) => th.call(f, &[instance]).map(|_| ()),
        (Some(f), false) => th.call(f, &[instance, v]).map(|_| ()),
        (None, true) => Err(refuse(th, prop, instance, "deleter", "can't delete attribute")),
        (None, false) => Err(refuse(th, prop, instance, "setter", "can't set attribute")),
    }
}

#[cold]
fn refuse(th: &mut Thread, prop: Value, instance: Value, what: &str, old: &str) -> Unwind {
    if !th.py3() {
        return th.attribute_error(old);
    }
    let mut text = || -> R<String> {
        let name = match own_name(th, prop)? {
            Some(n) => format!(" {}", object::repr_text(th, n)?),
            None => String::new(),
        };
        let class = object::repr_text(th, object::class_of(instance).frozen().qualname.get())?;
        Ok(format!("property{name} of {class} object has no {what}"))
    };
    match text() {
        Ok(t) => th.attribute_error(t),
        Err(e) => e,
    }
}

/// The name a class gave, else the getter's.
fn own_name(th: &mut Thread, prop: Value) -> R<Option<Value>> {
    let p = this(prop);
    if let Some(name) = p.frozen().name.get().get() {
        return Ok(Some(name));
    }
    match p.frozen().get.get().get() {
        Some(f) => attr::get_opt(th, f, n(N::__name__)),
        None => Ok(None),
    }
}
fn get_name(th: &mut Thread, v: Value) -> R<Value> {
    match own_name(th, v)? {
        Some(name) => Ok(name),
        None => Err(attr::no_attribute(th, v, n(N::__name__))),
    }
}
fn set_name_attr(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let p = this(v);
    th.set_late(p.header(), &p.frozen().name, x);
    Ok(())
}
fn set_doc(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !th.py3() {
        return readonly(th, v, x);
    }
    let p = this(v);
    th.set_late(p.header(), &p.frozen().doc, x);
    Ok(())
}
fn set_name(th: &mut Thread, a: Args) -> R<Value> {
    if a.len() != 3 {
        return Err(th.type_error(format!("__set_name__() takes 2 positional arguments but {} were given", a.len() - 1)));
    }
    set_name_attr(th, a.get(0), a.get(2))?;
    Ok(Value::NONE)
}

fn is_abstract(th: &mut Thread, v: Value) -> R<Value> {
    let p = this(v);
    for f in [&p.frozen().get, &p.frozen().set, &p.frozen().del].map(Late::get) {
        if abstract_mark(th, f)? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
/// Whether a function is marked by `abc.abstractmethod`.
pub fn abstract_mark(th: &mut Thread, f: Value) -> R<bool> {
    if f.is_unset() {
        return Ok(false);
    }
    match attr::get_str_opt(th, f, "__isabstractmethod__")? {
        Some(m) => object::is_true(th, m),
        None => Ok(false),
    }
}

fn get(th: &mut Thread, a: Args) -> R<Value> { if a.get(1).is_none() { Ok(a.get(0)) } else { read(th, a.get(0), a.get(1)) } }
fn set(th: &mut Thread, a: Args) -> R<Value> {
    write(th, a.get(0), a.get(1), Value::UNSET, a.get(2))?;
    Ok(Value::NONE)
}

/// A property of the same class with one function replaced (None keeps the old one).
fn copy(th: &mut Thread, prop: Value, [get, set, del]: [Value; 3]) -> R<Value> {
    let p = this(prop);
    let pick = |new: Value, old: &Late| if new.is_none() || new.is_unset() { or_none(old) } else { new };
    let r = p.frozen();
    let (get, set, del) = (pick(get, &r.get), pick(set, &r.set), pick(del, &r.del));
    let doc = if r.getter_doc.load(Relaxed) && !get.is_none() { Value::NONE } else { or_none(&r.doc) };
    let fresh = th.call(object::class_of(prop).value(), &[get, set, del, doc])?;
    if let Some(f) = fresh.cast::<Property>() {
        th.set_late(f.header(), &f.frozen().name, r.name.get());
    }
    Ok(fresh)
}
fn getter(th: &mut Thread, a: Args) -> R<Value> { copy(th, a.get(0), [a.get(1), Value::NONE, Value::NONE]) }
fn setter(th: &mut Thread, a: Args) -> R<Value> { copy(th, a.get(0), [Value::NONE, a.get(1), Value::NONE]) }
fn deleter(th: &mut Thread, a: Args) -> R<Value> { copy(th, a.get(0), [Value::NONE, Value::NONE, a.get(1)]) }
