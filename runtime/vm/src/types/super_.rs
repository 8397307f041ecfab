//! `super`: attribute lookup in the classes after a given one in an object's method resolution order.

use super::method::{self, Bound};
use super::native_function::Native;
use super::type_::{self, Type};
use super::{dict, text};
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use crate::types::dunder::D;
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    /// `this` and `self_class` are UNSET in the unbound form `super(type)`.
    pub struct Super = kinds::SUPER, frozen { pub class: Late, pub this: Late, pub self_class: Late }
}

pub static SUPER: TypeDef = TypeDef {
    name: "super", kind: kinds::SUPER, size: size_of::<Super>() as u16, flags: type_flag::BASE, methods: &[METHODS],
    getset: getset! {
        "__thisclass__" = |_, v| Ok(this(v).frozen().class.get().get().unwrap_or(Value::NONE)), "The class invoking super().";
        "__self__" = |_, v| Ok(this(v).frozen().this.get().get().unwrap_or(Value::NONE)), "The instance invoking super(); may be None.";
        "__self_class__" = |_, v| Ok(this(v).frozen().self_class.get().get().unwrap_or(Value::NONE)), "The type of the instance invoking super(); may be None.";
    },
    doc: "super(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)\nsuper(type) -> unbound super object", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create and return a new object.";
    "__init__(self, *args)" = init, "Initialize self.";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    "__get__(self, instance, owner=None, /)" = get, "Bind to instance.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};

fn this(v: Value) -> Gc<Super> { v.cast().expect("checked by the call") }

/// `super(class, obj)`.
pub fn new(th: &mut Thread, class: Gc<Type>, obj: Value) -> R<Value> {
    let self_class = check(th, class, obj)?;
    Ok(th.alloc(SUPER.shape(), Super { header: Header::NEW, class: Late::new(class.value()), this: Late::new(obj), self_class: Late::new(self_class) })?.value())
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let late = || Late::new(Value::UNSET);
    let g: Gc<Super> = instance::alloc_like(th, a.get(0), |_| Super { header: Header::NEW, class: late(), this: late(), self_class: late() })?;
    Ok(g.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let k = a.len() - 1;
    if k == 0 {
        return Err(if th.py3() { th.runtime_error("super(): no arguments") } else { th.type_error("super() takes at least 1 argument (0 given)") });
    }
    if k > 2 {
        let msg = if th.py3() { format!("super() expected at most 2 arguments, got {k}") } else { format!("super() takes at most 2 arguments ({k} given)") };
        return Err(th.type_error(msg));
    }
    let Some(class) = a.get(1).cast::<Type>() else {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("super() argument 1 must be {}type, not {got}", if th.py3() { "a " } else { "" })));
    };
    let (obj, self_class) = match a.some(2) {
        Some(o) => (o, check(th, class, o)?),
        None => (Value::UNSET, Value::UNSET),
    };
    let s = this(a.get(0));
    let r = s.frozen();
    th.set_late(&r.header, &r.class, class.value());
    th.set_late(&r.header, &r.this, obj);
    th.set_late(&r.header, &r.self_class, self_class);
    Ok(Value::NONE)
}

/// The class whose resolution order is searched: `obj` itself if it is a subclass of `class`, else the class of `obj`.
fn check(th: &mut Thread, class: Gc<Type>, obj: Value) -> R<Value> {
    // By the orders alone: a class whose `mro()` left it out is none of its own subclasses.
    let follows = |t: Gc<Type>| t.frozen().mro().contains(&class.value());
    if obj.cast::<Type>().is_some_and(follows) {
        return Ok(obj);
    }
    let own = object::class_of(obj);
    if follows(own) {
        return Ok(own.value());
    }
    // A proxy may say that it is an instance.
    if let Some(c) = attr::get_opt(th, obj, n(N::__class__))?.and_then(|c| c.cast::<Type>()) {
        if c != own && follows(c) {
            return Ok(c.value());
        }
    }
    let msg = if th.py3() {
        let (what, name) = match obj.cast::<Type>() {
            Some(t) => ("type", type_::name_text(t).into_owned()),
            None => ("instance of", object::class_name(obj)),
        };
        format!("super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({}).", type_::name_text(class))
    } else {
        "super(type, obj): obj must be an instance or subtype of type".to_string()
    };
    Err(th.type_error(msg))
}

/// What `v.name` gives, None if neither the further classes nor the super object itself has it.
pub fn get_attribute(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let s = this(v);
    let (class, obj, start) = (s.frozen().class.get(), s.frozen().this.get(), s.frozen().self_class.get());
    let name = th.intern_value(name);
    if let Some(t) = start.cast::<Type>().filter(|_| name != n(N::__class__)) {
        // The order may be replaced while Python code runs; this one stays whole.
        let mro = t.frozen().mro.get();
        let mut i = super::tuple::items(mro).unwrap_or(&[]).iter().position(|c| *c == class).map_or(usize::MAX, |i| i + 1);
        while let Some(c) = super::tuple::items(mro).and_then(|m| m.get(i).copied()) {
            i += 1;
            let Some(d) = type_::namespace_of(c) else { continue };
            if let Some(m) = dict::get_name(th, d, name)? {
                return if obj == start { bind_to_class(th, m, start).map(Some) } else { attr::bind(th, m, obj, start).map(Some) };
            }
        }
    }
    attr::generic_get(th, v, name)
}

/// What `m` gives through the class `class` itself.
fn bind_to_class(th: &mut Thread, m: Value, class: Value) -> R<Value> {
    match m.kind() {
        Some(kinds::FUNCTION) if !th.py3() => Ok(th.alloc(method::BOUND.shape(), Bound { header: Header::NEW, func: m, this: Value::UNSET, class })?.value()),
        Some(kinds::FUNCTION | kinds::NATIVE | kinds::GETSET | kinds::MEMBER | kinds::PROPERTY) | None => match m.cast::<Native>() {
            Some(_) => Ok(m),
            None if m.kind() == Some(kinds::PROPERTY) && !super::property::PROPERTY.is_exact(m) => by_get(th, m, class),
            None => Ok(m),
        },
        Some(kinds::STATICMETHOD | kinds::CLASSMETHOD) => attr::bind(th, m, Value::NONE, class),
        _ => by_get(th, m, class),
    }
}
fn by_get(th: &mut Thread, m: Value, class: Value) -> R<Value> {
    match object::dunder(m, D::get) {
        Some(g) => object::call_special(th, g, m, &[Value::NONE, class]),
        None => Ok(m),
    }
}

fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_string(th, a.get(1)) {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("attribute name must be string, not '{got}'")));
    }
    match get_attribute(th, a.get(0), a.get(1))? {
        Some(x) => Ok(x),
        None => Err(attr::no_attribute(th, a.get(0), a.get(1))),
    }
}
fn get(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    if a.get(1).is_none() || !s.frozen().this.get().is_unset() {
        return Ok(a.get(0));
    }
    let class = s.frozen().class.get();
    if !SUPER.is_exact(a.get(0)) {
        return th.call(object::class_of(a.get(0)).value(), &[class, a.get(1)]);
    }
    let Some(t) = class.cast::<Type>() else { return Ok(a.get(0)) };
    new(th, t, a.get(1))
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let s = this(a.get(0));
    let name = |v: Value| v.cast::<Type>().map_or("NULL".to_string(), |t| type_::name_text(t).into_owned());
    let class = name(s.frozen().class.get());
    let text = match s.frozen().self_class.get().get() {
        Some(c) => format!("<super: <class '{class}'>, <{} object>>", name(c)),
        None => format!("<super: <class '{class}'>, NULL>"),
    };
    th.native_str(&text)
}
