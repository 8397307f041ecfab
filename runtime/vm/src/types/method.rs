//! Bound methods, `staticmethod` and `classmethod`.

use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    /// A Python function (or any callable) with its first argument.
    pub struct Bound = kinds::BOUND, frozen {
        pub func: Value,
        /// UNSET for an unbound method of 2.7.
        pub this: Value,
        /// 2.7: the class through which it was found, or UNSET.
        pub class: Value,
    }
}
object! { pub struct StaticMethod = kinds::STATICMETHOD, frozen { pub func: Late, pub dict: Late } }
object! { pub struct ClassMethod = kinds::CLASSMETHOD, frozen { pub func: Late, pub dict: Late } }

pub static BOUND: TypeDef = TypeDef {
    name: "method", name2: "instancemethod", kind: kinds::BOUND, size: size_of::<Bound>() as u16, flags: type_flag::WEAK,
    methods: &[super::method_attrs::BOUND_METHODS], getset: super::method_attrs::BOUND_GETSET, doc: "A function bound to an instance.", ..TypeDef::DEFAULT
};
pub static STATICMETHOD: TypeDef = TypeDef {
    name: "staticmethod", kind: kinds::STATICMETHOD, size: size_of::<StaticMethod>() as u16, flags: type_flag::BASE,
    methods: &[STATIC_METHODS], getset: super::method_attrs::WRAPPER_GETSET, doc: "A function that is not bound to an instance.", ..TypeDef::DEFAULT
};
pub static CLASSMETHOD: TypeDef = TypeDef {
    name: "classmethod", kind: kinds::CLASSMETHOD, size: size_of::<ClassMethod>() as u16, flags: type_flag::BASE,
    methods: &[CLASS_METHODS], getset: super::method_attrs::WRAPPER_GETSET, doc: "A function that receives the class first.", ..TypeDef::DEFAULT
};

static STATIC_METHODS: &[NativeDef] = natives! {
    "__new__(cls, function, /)" = static_new, "Create a static method.";
    #[py3] "__repr__(self, /)" = wrapper_repr, "Return repr(self).";
    "__get__(self, instance, owner=None, /)" = static_get, "The function itself.";
    "__call__(self, *args, **kwargs)" = static_call, "Call the function.";
};
static CLASS_METHODS: &[NativeDef] = natives! {
    "__new__(cls, function, /)" = class_new, "Create a class method.";
    #[py3] "__repr__(self, /)" = wrapper_repr, "Return repr(self).";
    "__get__(self, instance, owner=None, /)" = class_get, "The function bound to the class.";
};

pub fn bind(th: &mut Thread, func: Value, this: Value, class: Value) -> R<Value> {
    Ok(th.alloc(BOUND.shape(), Bound { header: Header::NEW, func, this, class })?.value())
}
pub fn new_staticmethod(th: &mut Thread, func: Value) -> R<Value> {
    Ok(th.alloc(STATICMETHOD.shape(), StaticMethod { header: Header::NEW, func: Late::new(func), dict: Late::new(Value::UNSET) })?.value())
}
pub fn new_classmethod(th: &mut Thread, func: Value) -> R<Value> {
    Ok(th.alloc(CLASSMETHOD.shape(), ClassMethod { header: Header::NEW, func: Late::new(func), dict: Late::new(Value::UNSET) })?.value())
}
/// The function in a static or class method.
pub fn wrapped(v: Value) -> Option<Value> {
    if let Some(s) = v.cast::<StaticMethod>() {
        return s.frozen().func.get().get();
    }
    v.cast::<ClassMethod>()?.frozen().func.get().get()
}

fn static_new(th: &mut Thread, a: Args) -> R<Value> {
    let v = crate::object::instance::alloc_like(th, a.get(0), |_| StaticMethod { header: Header::NEW, func: Late::new(Value::UNSET), dict: Late::new(Value::UNSET) })?;
    let g: Gc<StaticMethod> = v;
    th.set_late(g.header(), &g.frozen().func, a.get(1));
    super::method_attrs::copy_wrapped(th, g.value(), a.get(1))?;
    Ok(g.value())
}
fn class_new(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<ClassMethod> = crate::object::instance::alloc_like(th, a.get(0), |_| ClassMethod { header: Header::NEW, func: Late::new(Value::UNSET), dict: Late::new(Value::UNSET) })?;
    th.set_late(g.header(), &g.frozen().func, a.get(1));
    super::method_attrs::copy_wrapped(th, g.value(), a.get(1))?;
    Ok(g.value())
}
fn wrapper_repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = wrapped(a.get(0)).unwrap_or(Value::NONE);
    let (name, f) = (crate::object::class_name(a.get(0)), crate::object::repr_text(th, f)?);
    th.native_str(&format!("<{name}({f})>"))
}
fn static_get(_: &mut Thread, a: Args) -> R<Value> { Ok(wrapped(a.get(0)).unwrap_or(Value::NONE)) }
fn static_call(th: &mut Thread, a: Args) -> R<Value> {
    let f = wrapped(a.get(0)).unwrap_or(Value::NONE);
    th.call_args(f, a.skip(1))
}
fn class_get(th: &mut Thread, a: Args) -> R<Value> {
    let class = match a.some(2) {
        Some(c) => c,
        None => crate::object::class_of(a.get(1)).value(),
    };
    let f = wrapped(a.get(0)).unwrap_or(Value::NONE);
    crate::object::attr::bind_to_class(th, f, class)
}
