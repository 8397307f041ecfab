//! Attribute access: `getattr`, `setattr`, descriptors and binding.

use super::{class_name, class_of, instance};
use crate::exceptions::ATTRIBUTE_ERROR;
use crate::kinds;
use crate::native::type_flag;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::type_::{self, Type};
use crate::types::{function, getset, member, method, module, native_function, object, property, super_, text, type_methods};
use txpy_heap::{Gc, R, Unwind, Value};

/// `v.name`; AttributeError if there is none. `name` is a native string.
pub fn get(th: &mut Thread, v: Value, name: Value) -> R<Value> {
    let t = class_of(v);
    let r = t.frozen();
    let ga = r.dunder(D::getattribute);
    if ga != object_getattribute() {
        if let Some(special) = special_getattribute(v, r) {
            return match special(th, v, name)? {
                Some(x) => Ok(x),
                None => missing(th, v, t, name),
            };
        }
        let res = super::call_special(th, ga.unwrap_or(Value::NONE), v, &[name]);
        return match res {
            Err(e) if r.dunder(D::getattr).is_some() => {
                if th.catch(&ATTRIBUTE_ERROR).is_none() {
                    return Err(e);
                }
                missing(th, v, t, name)
            }
            r => r,
        };
    }
    match generic_get(th, v, name)? {
        Some(x) => Ok(x),
        None => missing(th, v, t, name),
    }
}

type Getter = fn(&mut Thread, Value, Value) -> R<Option<Value>>;
/// Native types with an attribute lookup of their own, when the class did not override it.
fn special_getattribute(v: Value, r: &Type) -> Option<Getter> {
    let own = |def: &'static crate::native::TypeDef| def.value().cast::<Type>().is_some_and(|t| t.frozen().dunder(D::getattribute) == r.dunder(D::getattribute));
    match v.kind()? {
        kinds::TYPE if own(&type_::TYPE) => Some(type_methods::get_attribute),
        kinds::MODULE if own(&module::MODULE) => Some(module::get_attribute),
        kinds::SUPER if own(&super_::SUPER) => Some(super_::get_attribute),
        _ => None,
    }
}
fn object_getattribute() -> Option<Value> { object::OBJECT.ty().frozen().dunder(D::getattribute) }

#[cold]
fn missing(th: &mut Thread, v: Value, t: Gc<Type>, name: Value) -> R<Value> {
    if let Some(f) = t.frozen().dunder(D::getattr) {
        return super::call_special(th, f, v, &[name]);
    }
    Err(no_attribute(th, v, name))
}

/// CPython's AttributeError for a missing attribute.
#[cold]
pub fn no_attribute(th: &mut Thread, v: Value, name: Value) -> Unwind {
    let text = text::lossy(name);
    let msg = if let Some(t) = v.cast::<Type>() {
        format!("type object '{}' has no attribute '{text}'", type_::name_text(t))
    } else if let Some(m) = v.cast::<module::Module>() {
        module::missing_message(th, m, &text)
    } else {
        format!("'{}' object has no attribute '{text}'", class_name(v))
    };
    let e = th.raise(&ATTRIBUTE_ERROR, msg);
    crate::types::exc_fields::note_attribute(th, name, v);
    e
}

/// `v.name`, None instead of an AttributeError.
pub fn get_opt(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    if class_of(v).frozen().dunder(D::getattribute) == object_getattribute() && class_of(v).frozen().dunder(D::getattr).is_none() {
        // A computed attribute may refuse with an AttributeError of its own.
        return match generic_get(th, v, name) {
            Ok(found) => Ok(found),
            Err(e) => th.unless(Err(e), &ATTRIBUTE_ERROR),
        };
    }
    let r = get(th, v, name);
    th.unless(r, &ATTRIBUTE_ERROR)
}
pub fn get_str(th: &mut Thread, v: Value, name: &str) -> R<Value> {
    let name = th.intern(name)?;
    get(th, v, name)
}
pub fn get_str_opt(th: &mut Thread, v: Value, name: &str) -> R<Option<Value>> {
    let name = th.intern(name)?;
    get_opt(th, v, name)
}
pub fn set_str(th: &mut Thread, v: Value, name: &str, x: Value) -> R<()> {
    let name = th.intern(name)?;
    set(th, v, name, x)
}

/// Whether a class attribute takes precedence over instance attributes.
pub fn is_data_descriptor(m: Value) -> bool {
    match m.kind() {
        None => false,
        Some(kinds::FUNCTION | kinds::NATIVE | kinds::INT | kinds::FLOAT | kinds::STR | kinds::BYTES | kinds::TUPLE | kinds::LIST | kinds::DICT) => false,
        Some(kinds::GETSET | kinds::MEMBER | kinds::PROPERTY) => true,
        Some(_) => {
            let t = class_of(m);
            t.frozen().dunder(D::set).is_some() || t.frozen().dunder(D::delete).is_some()
        }
    }
}

/// Whether a data descriptor decides reads, too: one with only `__set__` leaves them to the instance.
fn gives(m: Value) -> bool { matches!(m.kind(), Some(kinds::GETSET | kinds::MEMBER | kinds::PROPERTY)) || class_of(m).frozen().dunder(D::get).is_some() }

/// What `object.__getattribute__` finds.
pub fn generic_get(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let t = class_of(v);
    let m = type_::lookup(th, t, name)?;
    if let Some(m) = m {
        if is_data_descriptor(m) && gives(m) {
            return bind(th, m, v, t.value()).map(Some);
        }
    }
    if let Some(x) = instance::get_slot(th, v, name)? {
        return Ok(Some(x));
    }
    match m {
        Some(m) => bind(th, m, v, t.value()).map(Some),
        None => Ok(None),
    }
}

/// What `m`, found in class `class`, gives through the instance `v` (None Value for access through the class itself).
#[inline]
pub fn bind(th: &mut Thread, m: Value, v: Value, class: Value) -> R<Value> {
    match m.kind() {
        None => Ok(m),
        Some(kinds::FUNCTION) => method::bind(th, m, v, class),
        Some(kinds::NATIVE) => {
            let f: Gc<native_function::Native> = m.cast().expect("a native");
            if f.frozen().is_method() { native_function::bind(th, f, v) } else { Ok(m) }
        }
        Some(kinds::GETSET) => getset::read(th, m.cast().expect("a getset"), v),
        Some(kinds::MEMBER) => member::read(th, m.cast().expect("a member"), v),
        Some(kinds::PROPERTY) if property::PROPERTY.is_exact(m) => property::read(th, m, v),
        Some(kinds::STATICMETHOD) if method::STATICMETHOD.is_exact(m) => method::function_of(th, m),
        Some(kinds::CLASSMETHOD) if method::CLASSMETHOD.is_exact(m) => {
            let f = method::function_of(th, m)?;
            bind_to_class(th, f, class)
        }
        Some(_) => match class_of(m).frozen().dunder(D::get) {
            Some(g) => super::call_special(th, g, m, &[v, class]),
            None => Ok(m),
        },
    }
}

/// `f` with `this` as first argument.
pub fn bind_method(th: &mut Thread, f: Value, this: Value) -> R<Value> {
    match f.kind() {
        Some(kinds::FUNCTION) => method::bind(th, f, this, class_of(this).value()),
        Some(kinds::NATIVE) => {
            let n: Gc<native_function::Native> = f.cast().expect("a native");
            if n.frozen().this.is_unset() { native_function::bind(th, n, this) } else { Ok(f) }
        }
        _ => match super::dunder(f, D::get) {
            Some(g) => {
                let c = class_of(this).value();
                super::call_special(th, g, f, &[this, c])
            }
            None => method::bind(th, f, this, class_of(this).value()),
        },
    }
}

/// What a classmethod around `f` gives: whatever is callable gets the class first, descriptors are not asked.
pub fn bind_to_class(th: &mut Thread, f: Value, class: Value) -> R<Value> {
    match f.kind() {
        Some(kinds::FUNCTION | kinds::NATIVE) => bind_method(th, f, class),
        _ => method::bind(th, f, class, class_of(class).value()),
    }
}

/// `v.name = x`.
pub fn set(th: &mut Thread, v: Value, name: Value, x: Value) -> R<()> {
    let f = class_of(v).frozen().dunder(D::setattr);
    if f == object::OBJECT.ty().frozen().dunder(D::setattr) {
        return generic_set(th, v, name, x);
    }
    if let Some(t) = v.cast::<Type>() {
        if f == type_::TYPE.ty().frozen().dunder(D::setattr) {
            return type_methods::set_attribute(th, t, name, x);
        }
    }
    super::call_special(th, f.unwrap_or(Value::NONE), v, &[name, x]).map(|_| ())
}
/// `del v.name`.
pub fn delete(th: &mut Thread, v: Value, name: Value) -> R<()> {
    let f = class_of(v).frozen().dunder(D::delattr);
    if f == object::OBJECT.ty().frozen().dunder(D::delattr) {
        return generic_set(th, v, name, Value::UNSET);
    }
    if let Some(t) = v.cast::<Type>() {
        if f == type_::TYPE.ty().frozen().dunder(D::delattr) {
            return type_methods::set_attribute(th, t, name, Value::UNSET);
        }
    }
    super::call_special(th, f.unwrap_or(Value::NONE), v, &[name]).map(|_| ())
}

/// What `object.__setattr__` does; UNSET deletes.
pub fn generic_set(th: &mut Thread, v: Value, name: Value, x: Value) -> R<()> {
    let name = th.intern_value(name);
    let t = class_of(v);
    let m = type_::lookup(th, t, name)?;
    if let Some(m) = m {
        match m.kind() {
            Some(kinds::GETSET) => return getset::write(th, m.cast().expect("a getset"), v, x),
            Some(kinds::MEMBER) => return member::write(th, m.cast().expect("a member"), v, x),
            Some(kinds::PROPERTY) if property::PROPERTY.is_exact(m) => return property::write(th, m, v, name, x),
            Some(_) if is_data_descriptor(m) => {
                let r = class_of(m).frozen();
                return match (x.is_unset(), r.dunder(D::set), r.dunder(D::delete)) {
                    (false, Some(f), _) => super::call_special(th, f, m, &[v, x]).map(|_| ()),
                    (true, _, Some(f)) => super::call_special(th, f, m, &[v]).map(|_| ()),
                    (false, None, _) => Err(th.raise(&ATTRIBUTE_ERROR, "__set__")),
                    (true, _, None) => Err(th.raise(&ATTRIBUTE_ERROR, "__delete__")),
                };
            }
            _ => {}
        }
    }
    let own = v.is_ref() && (t.frozen().has(type_flag::DICT) && instance::has_dict(v) || v.is::<function::Function>() || v.is::<module::Module>() || th.py3() && method::wrapped(v).is_some());
    if !own {
        let (class, text) = (class_name(v), text::lossy(name).into_owned());
        let msg = match (m.is_some(), th.py3()) {
            (true, true) => format!("'{class}' object attribute '{text}' is read-only"),
            (true, false) => format!("'{class}' object attribute '{text}' is read-only"),
            (false, true) if t.frozen().has(type_flag::HEAP) || v.is_ref() => format!("'{class}' object has no attribute '{text}' and no __dict__ for setting new attributes"),
            _ => format!("'{class}' object has no attribute '{text}'"),
        };
        return Err(th.raise(&ATTRIBUTE_ERROR, msg));
    }
    if let Some(m) = v.cast::<module::Module>() {
        return module::set_attribute(th, m, name, x);
    }
    if x.is_unset() {
        return if instance::del_slot(th, v, name)? {
            Ok(())
        } else if th.py3() {
            Err(no_attribute(th, v, name))
        } else {
            let text = text::lossy(name).into_owned();
            Err(th.raise(&ATTRIBUTE_ERROR, text))
        };
    }
    instance::set_slot(th, v, name, x)
}
