//! `getset_descriptor`: a computed attribute of a native type.

use super::type_::{self, Type};
use crate::kinds;
use crate::native::{Args, GetSetDef, NativeDef, TypeDef};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    pub struct GetSet = kinds::GETSET, frozen { pub def: *const GetSetDef, pub owner: Gc<Type> }
}
pub static GETSET: TypeDef = TypeDef {
    name: "getset_descriptor", kind: kinds::GETSET, size: size_of::<GetSet>() as u16, methods: &[METHODS],
    getset: getset! {
        "__name__" = name, "Name of the attribute.";
        "__objclass__" = objclass, "The class that defines it.";
        "__doc__" = doc, "Documentation.";
        "__qualname__" = qualname, "Qualified name.";
    },
    doc: "An attribute of a native type.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__get__(self, instance, owner=None, /)" = get, "Return the attribute of instance.";
    "__set__(self, instance, value, /)" = set, "Set the attribute of instance.";
    "__delete__(self, instance, /)" = set, "Delete the attribute of instance.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};

impl GetSet {
    pub fn def(&self) -> &'static GetSetDef {
        // SAFETY: definitions are statics.
        unsafe { &*self.def }
    }
}
fn this(v: Value) -> Gc<GetSet> { v.cast().expect("checked by the call") }
pub fn new(th: &mut Thread, def: &'static GetSetDef, owner: Gc<Type>) -> R<Value> {
    Ok(th.alloc(GETSET.shape(), GetSet { header: Header::NEW, def, owner })?.value())
}
/// The attribute's value for `instance`, whose class was checked.
#[inline]
pub fn read(th: &mut Thread, g: Gc<GetSet>, instance: Value) -> R<Value> { (g.frozen().def().get)(th, instance) }
/// Sets it, or deletes it with UNSET.
pub fn write(th: &mut Thread, g: Gc<GetSet>, instance: Value, v: Value) -> R<()> {
    match g.frozen().def().set {
        Some(f) => f(th, instance, v),
        None => {
            let (owner, name) = (type_::name_text(g.frozen().owner).into_owned(), g.frozen().def().name);
            let msg = if th.py3() { format!("attribute '{name}' of '{owner}' objects is not writable") } else { format!("attribute '{name}' of '{owner}' objects is not writable") };
            Err(th.attribute_error(msg))
        }
    }
}
fn check(th: &mut Thread, g: Gc<GetSet>, instance: Value) -> R<()> {
    if type_::is_subtype(crate::object::class_of(instance), g.frozen().owner) {
        return Ok(());
    }
    let (owner, name, got) = (type_::name_text(g.frozen().owner).into_owned(), g.frozen().def().name, crate::object::class_name(instance));
    Err(th.type_error(format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object")))
}
fn get(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).is_none() && !a.or(2, Value::NONE).is_none() {
        return Ok(a.get(0));
    }
    check(th, this(a.get(0)), a.get(1))?;
    read(th, this(a.get(0)), a.get(1))
}
fn set(th: &mut Thread, a: Args) -> R<Value> {
    check(th, this(a.get(0)), a.get(1))?;
    write(th, this(a.get(0)), a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
fn name(th: &mut Thread, v: Value) -> R<Value> { th.native_str(this(v).frozen().def().name) }
fn qualname(th: &mut Thread, v: Value) -> R<Value> {
    let s = format!("{}.{}", type_::name_text(this(v).frozen().owner), this(v).frozen().def().name);
    th.native_str(&s)
}
fn objclass(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().owner.value()) }
fn doc(th: &mut Thread, v: Value) -> R<Value> { th.native_str(this(v).frozen().def().doc) }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a.get(0));
    let s = format!("<attribute '{}' of '{}' objects>", g.frozen().def().name, type_::name_text(g.frozen().owner));
    th.native_str(&s)
}
