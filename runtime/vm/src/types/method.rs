//! Bound methods, `staticmethod` and `classmethod`.

use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Header, Late, R, Value, object};

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
    "__new__(cls, *args, **kwargs)" = static_new, "Create a static method.";
    "__init__(self, function, /)" = init, "Set the function.";
    #[py3] "__repr__(self, /)" = wrapper_repr, "Return repr(self).";
    "__get__(self, instance, owner=None, /)" = static_get, "The function itself.";
    "__call__(self, *args, **kwargs)" = static_call, "Call the function.";
};
static CLASS_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = class_new, "Create a class method.";
    "__init__(self, function, /)" = init, "Set the function.";
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
    let g = crate::object::instance::alloc_like(th, a.get(0), |_| StaticMethod { header: Header::NEW, func: Late::new(Value::UNSET), dict: Late::new(Value::UNSET) })?;
    Ok(g.value())
}
fn class_new(th: &mut Thread, a: Args) -> R<Value> {
    let g = crate::object::instance::alloc_like(th, a.get(0), |_| ClassMethod { header: Header::NEW, func: Late::new(Value::UNSET), dict: Late::new(Value::UNSET) })?;
    Ok(g.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let (this, func) = (a.get(0), a.get(1));
    if let Some(s) = this.cast::<StaticMethod>() {
        th.set_late(s.header(), &s.frozen().func, func);
    } else if let Some(c) = this.cast::<ClassMethod>() {
        th.set_late(c.header(), &c.frozen().func, func);
    }
    super::method_attrs::copy_wrapped(th, this, func)?;
    Ok(Value::NONE)
}
/// The function in `v`. Errors: RuntimeError when its `__init__` has not been called.
pub fn function_of(th: &mut Thread, v: Value) -> R<Value> {
    match wrapped(v) {
        Some(f) => Ok(f),
        None => {
            let name = if v.cast::<StaticMethod>().is_some() { STATICMETHOD.name } else { CLASSMETHOD.name };
            Err(th.runtime_error(format!("uninitialized {name} object")))
        }
    }
}
fn wrapper_repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = wrapped(a.get(0)).unwrap_or(Value::NONE);
    let (name, f) = (crate::object::class_name(a.get(0)), crate::object::repr_text(th, f)?);
    th.native_str(&format!("<{name}({f})>"))
}
fn static_get(th: &mut Thread, a: Args) -> R<Value> { function_of(th, a.get(0)) }
fn static_call(th: &mut Thread, a: Args) -> R<Value> {
    let f = function_of(th, a.get(0))?;
    th.call_args(f, a.skip(1))
}
fn class_get(th: &mut Thread, a: Args) -> R<Value> {
    let class = match a.some(2) {
        Some(c) => c,
        None => crate::object::class_of(a.get(1)).value(),
    };
    let f = function_of(th, a.get(0))?;
    crate::object::attr::bind_to_class(th, f, class)
}
