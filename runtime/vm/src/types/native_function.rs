//! `builtin_function_or_method`, method descriptors and slot wrappers: functions written in Rust.

use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    pub struct Native = kinds::NATIVE, frozen {
        pub def: *const NativeDef,
        /// The bound first argument, UNSET for a plain function or an unbound method.
        pub this: Value,
        /// The class of a method, the module (or its name) of a function, UNSET.
        pub owner: Value,
        pub dict: Late,
    }
}

/// Functions and bound methods.
pub static BUILTIN: TypeDef = TypeDef {
    name: "builtin_function_or_method", kind: kinds::NATIVE, size: size_of::<Native>() as u16, methods: &[super::function_attrs::NATIVE_METHODS],
    flags: crate::native::type_flag::WEAK, getset: super::function_attrs::NATIVE_GETSET, doc: "A function or method written in Rust.", ..TypeDef::DEFAULT
};
/// Unbound methods in class dictionaries.
pub static METHOD_DESCRIPTOR: TypeDef = TypeDef {
    name: "method_descriptor", kind: kinds::NATIVE, size: size_of::<Native>() as u16, methods: &[super::function_attrs::NATIVE_METHODS],
    getset: super::function_attrs::NATIVE_GETSET, doc: "A method of a native type.", ..TypeDef::DEFAULT
};
/// Special methods in class dictionaries.
pub static SLOT_WRAPPER: TypeDef = TypeDef {
    name: "wrapper_descriptor", kind: kinds::NATIVE, size: size_of::<Native>() as u16, methods: &[super::function_attrs::NATIVE_METHODS],
    getset: super::function_attrs::NATIVE_GETSET, doc: "A special method of a native type.", ..TypeDef::DEFAULT
};

impl Native {
    pub fn def(&self) -> &'static NativeDef {
        // SAFETY: definitions are statics.
        unsafe { &*self.def }
    }
    /// A method in a class dictionary, to be bound when looked up through an instance.
    pub fn is_method(&self) -> bool { self.this.is_unset() && self.owner.is::<super::type_::Type>() && self.def().binding == crate::native::Binding::Method && self.def().name() != "__new__" }
}

/// The function object of a definition: a method when `owner` is a class, else a function of module `owner`.
pub fn new(th: &mut Thread, def: &'static NativeDef, this: Value, owner: Value) -> R<Value> {
    let ty = if !owner.is::<super::type_::Type>() || !this.is_unset() || def.name() == "__new__" {
        &BUILTIN
    } else if def.name().starts_with("__") && super::dunder::by_name(th.intern(def.name())?).is_some() {
        &SLOT_WRAPPER
    } else {
        &METHOD_DESCRIPTOR
    };
    Ok(th.alloc(ty.shape(), Native { header: Header::NEW, def, this, owner, dict: Late::new(Value::UNSET) })?.value())
}
/// `f` bound to `this`.
pub fn bind(th: &mut Thread, f: Gc<Native>, this: Value) -> R<Value> {
    let n = f.frozen();
    Ok(th.alloc(BUILTIN.shape(), Native { header: Header::NEW, def: n.def, this, owner: n.owner, dict: Late::new(Value::UNSET) })?.value())
}

/// Calls a native function object: puts the bound argument in front and checks that a method's `self` fits its class.
pub fn call(th: &mut Thread, f: Gc<Native>, a: Args) -> R<Value> {
    let n = f.frozen();
    if n.this.is_unset() {
        if let Some(owner) = n.owner.cast::<super::type_::Type>() {
            check_self(th, n, owner, a)?;
        }
        return crate::native::call_native(th, n.def(), a);
    }
    call_bound(th, n, a)
}
/// Apart, so that what it leaves in its buffer does not lie in the frames of calls without a bound object, where a collection would find it.
#[inline(never)]
fn call_bound(th: &mut Thread, n: &Native, a: Args) -> R<Value> {
    let mut buf = [Value::UNSET; 9];
    let k = a.len();
    if k < buf.len() && !a.has_keywords() {
        buf[0] = n.this;
        for i in 0..k {
            buf[i + 1] = a.get(i);
        }
        return crate::native::call_native(th, n.def(), Args::of(&buf[..k + 1]));
    }
    crate::object::call::with_first(th, n.this, a, |th, a| crate::native::call_native(th, n.def(), a))
}

/// TypeError unless the first argument is an instance of the method's class, or for `__new__` that class or a subclass with its layout.
#[inline]
pub fn check_self(th: &mut Thread, n: &Native, owner: Gc<super::type_::Type>, a: Args) -> R<()> {
    if n.def().name() == "__new__" {
        return if a.get(0) == owner.value() { Ok(()) } else { super::int_args::new_class(th, owner.frozen().def(), a.get(0)).map(|_| ()) };
    }
    if n.def().binding != crate::native::Binding::Method {
        return Ok(());
    }
    if a.positional() > 0 {
        let t = crate::object::class_of(a.get(0));
        if super::type_::is_subtype(t, owner) {
            return Ok(());
        }
    }
    Err(wrong_self(th, n, owner, a))
}

#[cold]
fn wrong_self(th: &mut Thread, n: &Native, owner: Gc<super::type_::Type>, a: Args) -> txpy_heap::Unwind {
    let (name, class) = (n.def().name(), super::type_::name_text(owner).into_owned());
    let msg = if a.positional() == 0 {
        if th.py3() { format!("unbound method {class}.{name}() needs an argument") } else { format!("descriptor '{name}' of '{class}' object needs an argument") }
    } else {
        let got = crate::object::class_name(a.get(0));
        if !th.py3() || name.starts_with("__") {
            format!("descriptor '{name}' requires a '{class}' object but received a '{got}'")
        } else {
            format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{got}' object")
        }
    };
    th.type_error(msg)
}
