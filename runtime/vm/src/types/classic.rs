//! 2.7's classic classes and their instances: layout, creation, attributes, slices.

use super::dict::{self, Dict};
use super::method::{self, Bound};
use super::native_function::Native;
use super::type_::{self, Type};
use super::{classic_ops, list, slice, text, tuple};
use crate::exceptions::ATTRIBUTE_ERROR;
use crate::interp::frame::Frame;
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr, item};
use crate::thread::Thread;
use crate::types::dunder::D;
use std::sync::{Mutex, Once};
use txpy_heap::{Gc, Header, Late, R, Unwind, Value, object};

object! {
    pub struct Class = kinds::CLASSIC_CLASS, frozen {
        /// A byte string.
        pub name: Late,
        /// Tuple of classic classes.
        pub bases: Late,
        /// A namespace (of cells), so that lookups of new-style subclasses may keep what they find.
        pub dict: Late,
    }
}
object! {
    pub struct Instance = kinds::CLASSIC_INSTANCE, frozen { pub class: Late, pub dict: Late }
}

pub static CLASSOBJ: TypeDef = TypeDef {
    name: "classobj", kind: kinds::CLASSIC_CLASS, size: size_of::<Class>() as u16, flags: type_flag::WEAK | type_flag::PY2, methods: &[CLASS_METHODS],
    doc: "classobj(name, bases, dict)\n\nCreate a classic class.", ..TypeDef::DEFAULT
};
pub static INSTANCE: TypeDef = TypeDef {
    name: "instance", kind: kinds::CLASSIC_INSTANCE, size: size_of::<Instance>() as u16, flags: type_flag::WEAK | type_flag::PY2,
    methods: &[INSTANCE_METHODS, classic_ops::METHODS, classic_ops::NUMBERS],
    doc: "instance(class[, dict])\n\nCreate an instance of a classic class without calling its __init__().", ..TypeDef::DEFAULT
};

static CLASS_METHODS: &[NativeDef] = natives! {
    "__new__(cls, name, bases, dict)" = |th, a| new_class(th, a.get(1), a.get(2), a.get(3)), "Create a classic class.";
    "__call__(self, *args, **kwargs)" = instantiate, "Create an instance.";
    "__getattribute__(self, name, /)" = class_getattribute, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = class_setattr, "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = class_setattr, "Implement delattr(self, name).";
    "__repr__(self, /)" = class_repr, "Return repr(self).";
    "__str__(self, /)" = class_str, "Return str(self).";
};
static INSTANCE_METHODS: &[NativeDef] = natives! {
    "__new__(cls, klass, dict=None, /)" = instance_new, "Create an instance.";
    "__getattribute__(self, name, /)" = instance_getattribute, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = instance_setattr, "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = instance_setattr, "Implement delattr(self, name).";
};

fn class(v: Value) -> Gc<Class> { v.cast().expect("a classic class") }
fn instance(v: Value) -> Gc<Instance> { v.cast().expect("a classic instance") }
fn dict_in(l: &Late) -> Gc<Dict> { l.get().cast().expect("classic objects have dictionaries") }

/// Whether `v` is an instance of a classic class.
#[inline(always)]
pub fn is_instance(v: Value) -> bool { v.is::<Instance>() }
/// The classic class of an instance; the type of anything else.
pub fn class_of(v: Value) -> Value {
    match v.cast::<Instance>() {
        Some(i) => i.frozen().class.get(),
        None => object::class_of(v).value(),
    }
}
/// Whether class `a` is the classic class `b` or derives from it.
pub fn subclass_of(a: Value, b: Value) -> bool {
    if let Some(t) = a.cast::<Type>() {
        return t.frozen().mro().contains(&b);
    }
    // No safepoint inside: nothing that the vector names can die meanwhile.
    let mut todo = vec![a];
    while let Some(c) = todo.pop() {
        if c == b {
            return true;
        }
        if let Some(c) = c.cast::<Class>() {
            todo.extend(tuple::items(c.frozen().bases.get()).unwrap_or(&[]));
        }
    }
    false
}
/// `isinstance(v, class)` for a classic class: by real class, or by what `__class__` says.
pub fn instance_of(th: &mut Thread, v: Value, class: Value) -> R<bool> {
    if subclass_of(class_of(v), class) {
        return Ok(true);
    }
    Ok(attr::get_opt(th, v, n(N::__class__))?.is_some_and(|c| c.is::<Class>() && subclass_of(c, class)))
}
/// Whether 2.7's `except class:` catches `exc`, `class` being no type and no tuple.
pub fn catches(_: &mut Thread, exc: Value, class: Value) -> R<bool> {
    Ok(match class.is::<Class>() {
        true => subclass_of(class_of(exc), class),
        false => exc == class,
    })
}
/// Name of a classic class.
pub fn name_of(v: Value) -> Option<String> { v.cast::<Class>().map(|c| text::lossy(c.frozen().name.get()).into_owned()) }

// ---- classes

/// A classic class; a new-style one when a base asks for it. `namespace`, a dict, is copied into the class's dictionary.
pub fn new_class(th: &mut Thread, name: Value, bases: Value, namespace: Value) -> R<Value> {
    if !text::is_bytes(name) {
        let got = object::class_name(name);
        return Err(th.type_error(format!("argument 1 must be string, not {got}")));
    }
    let Some(given) = namespace.cast::<Dict>() else { return Err(th.type_error("PyClass_New: dict must be a dictionary")) };
    let Some(items) = tuple::items(bases) else { return Err(th.type_error("PyClass_New: bases must be a tuple")) };
    if let Some(other) = items.iter().find(|b| !b.is::<Class>()) {
        // A base that is no classic class has its own class make the new one.
        let meta = object::class_of(*other).value();
        return th.call(meta, &[name, bases, namespace]);
    }
    let d = as_namespace(th, given)?;
    if dict::get_name(th, d, n(N::__doc__))?.is_none() {
        dict::set(th, d, n(N::__doc__), Value::NONE)?;
    }
    if dict::get_name(th, d, n(N::__module__))?.is_none() {
        if let Some(f) = Frame::innermost(th) {
            let globals = f.function().frozen().globals;
            if let Some(m) = dict::get_name(th, globals, n(N::__name__))? {
                dict::set(th, d, n(N::__module__), m)?;
            }
        }
    }
    Ok(th.alloc(CLASSOBJ.shape(), Class { header: Header::NEW, name: Late::new(name), bases: Late::new(bases), dict: Late::new(d.value()) })?.value())
}

fn as_namespace(th: &mut Thread, from: Gc<Dict>) -> R<Gc<Dict>> {
    if from.read(th)?.cells {
        return Ok(from);
    }
    let d = dict::new_namespace(th)?;
    dict::update(th, d, from)?;
    Ok(d)
}

// ---- new-style classes that derive from classic ones

/// The namespace of a classic class.
pub fn namespace(c: Value) -> Option<Gc<Dict>> { c.cast::<Class>()?.frozen().dict.get().cast() }
/// A classic class and its bases, depth first and left to right, each once: its part of a new-style resolution order.
pub fn mro(c: Value) -> Vec<Value> {
    let (mut out, mut todo) = (Vec::new(), vec![c]);
    while let Some(c) = todo.pop() {
        let Some(class) = c.cast::<Class>() else { continue };
        if !out.contains(&c) {
            out.push(c);
            todo.extend(tuple::items(class.frozen().bases.get()).unwrap_or(&[]).iter().rev());
        }
    }
    out
}

/// Weak references to the new-style classes with classic ones among their bases: a list.
static MIXED: Mutex<Value> = Mutex::new(Value::UNSET);
static HOOK: Once = Once::new();
fn mixed() -> Value { *MIXED.lock().unwrap_or_else(|e| e.into_inner()) }

/// Remembers that changes of classic classes concern `t`.
pub fn note_mixed(th: &mut Thread, t: Gc<Type>) -> R<()> {
    HOOK.call_once(|| txpy_heap::add_root_hook(|t| t.value(mixed())));
    if mixed().is_unset() {
        // No abort takes back what its first block put into it.
        crate::atomic::irrevocable(th)?;
        let l = list::new(th, &[])?;
        let mut m = MIXED.lock().unwrap_or_else(|e| e.into_inner());
        if m.is_unset() {
            *m = l;
        }
    }
    let w = th.new_weak(super::weakref::WEAKREF.shape(), t.value(), Value::NONE)?;
    list::append(th, mixed().cast().expect("a list"), w.value())
}
/// After a change of a classic class: new-style subclasses look everything up again.
fn changed(th: &mut Thread) -> R<()> {
    let Some(l) = mixed().cast::<list::List>() else { return Ok(()) };
    let mut i = 0;
    while let Some(w) = list::get(th, l, i)? {
        if let Some(t) = w.cast::<txpy_heap::Weak>().and_then(|w| w.get()).and_then(|t| t.cast::<Type>()) {
            type_::changed(th, t)?;
        }
        i += 1;
    }
    Ok(())
}

/// The attribute in the class or its bases, depth first and left to right, without binding.
pub fn lookup(th: &mut Thread, c: Value, name: Value) -> R<Option<Value>> {
    th.check_stack()?;
    let Some(c) = c.cast::<Class>() else { return Ok(None) };
    if let Some(v) = dict::get(th, dict_in(&c.frozen().dict), name)? {
        return Ok(Some(v));
    }
    let bases = c.frozen().bases.get();
    for b in tuple::items(bases).unwrap_or(&[]) {
        if let Some(v) = lookup(th, *b, name)? {
            return Ok(Some(v));
        }
    }
    Ok(None)
}

fn no_class_attribute<T>(th: &mut Thread, c: Value, name: Value) -> R<T> {
    let msg = format!("class {} has no attribute '{}'", name_of(c).unwrap_or_default(), text::lossy(name));
    Err(th.attribute_error(msg))
}
fn string_name(th: &mut Thread, name: Value) -> R<Value> {
    if text::is_bytes(name) {
        return Ok(name);
    }
    if text::is_text(name) {
        return crate::types::codec::encode_ascii(th, name);
    }
    Err(th.type_error("attribute name must be a string"))
}

fn class_getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let c = class(a.get(0));
    let name = string_name(th, a.get(1))?;
    match text::bytes_of(name).unwrap_or(b"") {
        b"__dict__" => return Ok(c.frozen().dict.get()),
        b"__bases__" => return Ok(c.frozen().bases.get()),
        b"__name__" => return Ok(c.frozen().name.get()),
        b"__class__" => return Ok(CLASSOBJ.value()),
        _ => {}
    }
    match lookup(th, a.get(0), name)? {
        Some(m) => through_class(th, m, a.get(0)),
        None => no_class_attribute(th, a.get(0), name),
    }
}
/// What `m` gives when it is taken from the class itself.
fn through_class(th: &mut Thread, m: Value, c: Value) -> R<Value> {
    match m.kind() {
        None => Ok(m),
        Some(kinds::FUNCTION) => Ok(th.alloc(method::BOUND.shape(), Bound { header: Header::NEW, func: m, this: Value::UNSET, class: c })?.value()),
        Some(kinds::STATICMETHOD | kinds::CLASSMETHOD) => attr::bind(th, m, Value::NONE, c),
        Some(_) if m.is::<Native>() => Ok(m),
        Some(_) => match object::dunder(m, D::get) {
            Some(g) if !is_instance(m) => object::call_special(th, g, m, &[Value::NONE, c]),
            _ => Ok(m),
        },
    }
}
fn class_setattr(th: &mut Thread, a: Args) -> R<Value> {
    let c = class(a.get(0));
    let r = c.frozen();
    let (name, v) = (string_name(th, a.get(1))?, a.get(2));
    match text::bytes_of(name).unwrap_or(b"") {
        b"__dict__" => {
            let Some(d) = v.cast::<Dict>() else { return Err(th.type_error("__dict__ must be a dictionary object")) };
            let d = as_namespace(th, d)?;
            th.set_late(&r.header, &r.dict, d.value());
            changed(th)?;
            return Ok(Value::NONE);
        }
        b"__bases__" => {
            let Some(items) = tuple::items(v) else { return Err(th.type_error("__bases__ must be a tuple object")) };
            if items.iter().any(|b| !b.is::<Class>()) {
                return Err(th.type_error("__bases__ items must be classes"));
            }
            if items.iter().any(|b| subclass_of(*b, a.get(0))) {
                return Err(th.type_error("a __bases__ item causes an inheritance cycle"));
            }
            th.set_late(&r.header, &r.bases, v);
            return Ok(Value::NONE);
        }
        b"__name__" => {
            let Some(b) = text::bytes_of(v).filter(|_| text::is_bytes(v)) else { return Err(th.type_error("__name__ must be a string object")) };
            if b.contains(&0) {
                return Err(th.type_error("__name__ must not contain null bytes"));
            }
            th.set_late(&r.header, &r.name, v);
            return Ok(Value::NONE);
        }
        _ => {}
    }
    let d = dict_in(&r.dict);
    if !v.is_unset() {
        dict::set(th, d, name, v)?;
    } else if dict::remove(th, d, name)?.is_none() {
        return no_class_attribute(th, a.get(0), name);
    }
    changed(th)?;
    Ok(Value::NONE)
}
/// `module.Name`, with `?` for a module that is no string.
fn full_name(th: &mut Thread, c: Value) -> R<(Option<String>, String)> {
    let module = lookup(th, c, n(N::__module__))?.filter(|m| text::is_bytes(*m)).map(|m| text::lossy(m).into_owned());
    Ok((module, name_of(c).unwrap_or_default()))
}
fn class_repr(th: &mut Thread, a: Args) -> R<Value> {
    let (module, name) = full_name(th, a.get(0))?;
    th.native_str(&format!("<class {}.{name} at {:#x}>", module.as_deref().unwrap_or("?"), a.get(0).bits() & !7))
}
fn class_str(th: &mut Thread, a: Args) -> R<Value> {
    match full_name(th, a.get(0))? {
        (Some(m), name) => th.native_str(&format!("{m}.{name}")),
        (None, name) => th.native_str(&name),
    }
}
/// `<module.Class instance at 0x...>`.
pub fn default_repr(th: &mut Thread, v: Value) -> R<Value> {
    let (module, name) = full_name(th, class_of(v))?;
    th.native_str(&format!("<{}.{name} instance at {:#x}>", module.as_deref().unwrap_or("?"), v.bits() & !7))
}

// ---- instances

fn alloc(th: &mut Thread, c: Value, d: Option<Gc<Dict>>) -> R<Value> {
    let d = match d {
        Some(d) => d,
        None => dict::new(th)?,
    };
    let v = th.alloc(INSTANCE.shape(), Instance { header: Header::NEW, class: Late::new(c), dict: Late::new(d.value()) })?;
    if lookup(th, c, D::del.name())?.is_some() {
        th.register_finalizer(v.header());
    }
    Ok(v.value())
}
fn instance_new(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Class>() {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("instance() argument 1 must be classobj, not {got}")));
    }
    let d = match a.some(2) {
        None => None,
        Some(d) => match d.cast::<Dict>() {
            Some(d) => Some(d),
            None => return Err(th.type_error("instance() second arg must be dictionary or None")),
        },
    };
    alloc(th, a.get(1), d)
}
fn instantiate(th: &mut Thread, a: Args) -> R<Value> {
    let v = alloc(th, a.get(0), None)?;
    match find(th, v, D::init.name())? {
        Some(init) => {
            let r = th.call_args(init, a.skip(1))?;
            if !r.is_none() {
                return Err(th.type_error("__init__() should return None"));
            }
        }
        None if a.len() > 1 => return Err(th.type_error("this constructor takes no arguments")),
        None => {}
    }
    Ok(v)
}

/// The attribute of the instance or, bound, of its class; `__getattr__` is not asked.
pub fn find(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let i = instance(v);
    if let Some(x) = dict::get(th, dict_in(&i.frozen().dict), name)? {
        return Ok(Some(x));
    }
    let c = i.frozen().class.get();
    match lookup(th, c, name)? {
        Some(m) if is_instance(m) => match special(th, m, D::get)? {
            Some(g) => th.call(g, &[v, c]).map(Some),
            None => Ok(Some(m)),
        },
        Some(m) => attr::bind(th, m, v, c).map(Some),
        None => Ok(None),
    }
}
/// What the instance has under a special name, by way of `__getattr__` too; None instead of an AttributeError.
pub fn special(th: &mut Thread, v: Value, d: D) -> R<Option<Value>> {
    if let Some(x) = find(th, v, d.name())? {
        return Ok(Some(x));
    }
    let Some(hook) = lookup(th, class_of(v), D::getattr.name())? else { return Ok(None) };
    let r = call_hook(th, hook, v, &[d.name()]);
    th.unless(r, &ATTRIBUTE_ERROR)
}
/// As [`special`], with an AttributeError when there is none.
pub fn need(th: &mut Thread, v: Value, d: D) -> R<Value> {
    if let Some(x) = find(th, v, d.name())? {
        return Ok(x);
    }
    match lookup(th, class_of(v), D::getattr.name())? {
        Some(hook) => call_hook(th, hook, v, &[d.name()]),
        None => Err(no_attribute(th, v, d.name())),
    }
}
fn call_hook(th: &mut Thread, hook: Value, v: Value, args: &[Value]) -> R<Value> {
    let f = attr::bind(th, hook, v, class_of(v))?;
    th.call(f, args)
}
fn no_attribute(th: &mut Thread, v: Value, name: Value) -> Unwind {
    let msg = format!("{} instance has no attribute '{}'", name_of(class_of(v)).unwrap_or_default(), text::lossy(name));
    th.attribute_error(msg)
}

fn instance_getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let name = string_name(th, a.get(1))?;
    match text::bytes_of(name).unwrap_or(b"") {
        b"__dict__" => return Ok(instance(v).frozen().dict.get()),
        b"__class__" => return Ok(instance(v).frozen().class.get()),
        _ => {}
    }
    let r = find(th, v, name);
    // A property that raises AttributeError leads to `__getattr__` as a missing attribute does.
    let r = match r {
        Err(e) => match lookup(th, class_of(v), D::getattr.name()) {
            Ok(Some(hook)) if th.catch(&ATTRIBUTE_ERROR).is_some() => return call_hook(th, hook, v, &[name]),
            _ => return Err(e),
        },
        Ok(r) => r,
    };
    if let Some(x) = r {
        return Ok(x);
    }
    match lookup(th, class_of(v), D::getattr.name())? {
        Some(hook) => call_hook(th, hook, v, &[name]),
        None => Err(no_attribute(th, v, name)),
    }
}
fn instance_setattr(th: &mut Thread, a: Args) -> R<Value> {
    let (v, x) = (a.get(0), a.get(2));
    let name = string_name(th, a.get(1))?;
    let i = instance(v);
    let r = i.frozen();
    match text::bytes_of(name).unwrap_or(b"") {
        b"__dict__" => {
            if !x.is::<Dict>() {
                return Err(th.type_error("__dict__ must be set to a dictionary"));
            }
            th.set_late(&r.header, &r.dict, x);
            return Ok(Value::NONE);
        }
        b"__class__" => {
            if !x.is::<Class>() {
                return Err(th.type_error("__class__ must be set to a class"));
            }
            th.set_late(&r.header, &r.class, x);
            return Ok(Value::NONE);
        }
        _ => {}
    }
    let hook = if x.is_unset() { D::delattr } else { D::setattr };
    if let Some(f) = lookup(th, class_of(v), hook.name())? {
        let args: &[Value] = if x.is_unset() { &[name] } else { &[name, x] };
        call_hook(th, f, v, args)?;
        return Ok(Value::NONE);
    }
    let d = dict_in(&r.dict);
    if !x.is_unset() {
        dict::set(th, d, name, x)?;
    } else if dict::remove(th, d, name)?.is_none() {
        return Err(no_attribute(th, v, name));
    }
    Ok(Value::NONE)
}

/// Adds the names of a classic class's attributes, bases included, for `dir`.
pub fn add_names(th: &mut Thread, c: Value, names: Gc<Dict>) -> R<()> {
    th.check_stack()?;
    let Some(c) = c.cast::<Class>() else { return Ok(()) };
    dict::update(th, names, dict_in(&c.frozen().dict))?;
    let bases = c.frozen().bases.get();
    for b in tuple::items(bases).unwrap_or(&[]) {
        add_names(th, *b, names)?;
    }
    Ok(())
}

// ---- 2.7's slices

/// The bounds of `v[lo:hi]` for `__getslice__` and its like: left out ones are 0 and `sys.maxint`, negative ones have the length added.
/// None when a bound is no integer, so that only a slice object will do.
fn bounds(th: &mut Thread, v: Value, lo: Value, hi: Value) -> R<Option<(Value, Value)>> {
    let mut ends = [0, i64::MAX];
    for (end, given) in ends.iter_mut().zip([lo, hi]) {
        if given.is_unset() {
            continue;
        }
        let Some(i) = super::int::index_opt(th, given)? else { return Ok(None) };
        *end = slice::clamp(th, i)?;
    }
    if ends[0] < 0 || ends[1] < 0 {
        let len = item::len(th, v)? as i64;
        for end in &mut ends {
            if *end < 0 {
                *end += len;
            }
        }
    }
    Ok(Some((super::int::from_i64(th, ends[0])?, super::int::from_i64(th, ends[1])?)))
}
/// The slice method `d` of `v` with its bounds, if its class has one: the method (None for an instance without it) and the bounds.
#[allow(clippy::type_complexity)]
fn sliced(th: &mut Thread, v: Value, lo: Value, hi: Value, d: D) -> R<Option<(Option<Value>, Value, Value)>> {
    if is_instance(v) {
        let Some((lo, hi)) = bounds(th, v, lo, hi)? else { return Ok(None) };
        return Ok(Some((special(th, v, d)?, lo, hi)));
    }
    let exact = list::LIST.is_exact(v) || tuple::TUPLE.is_exact(v) || text::BYTES.is_exact(v) || text::STR.is_exact(v);
    let Some(f) = (if exact { None } else { object::dunder(v, d) }) else { return Ok(None) };
    let Some((lo, hi)) = bounds(th, v, lo, hi)? else { return Ok(None) };
    let f = attr::bind(th, f, v, object::class_of(v).value())?;
    Ok(Some((Some(f), lo, hi)))
}
fn slice_object(th: &mut Thread, lo: Value, hi: Value) -> R<Value> {
    let end = |v: Value| v.get().unwrap_or(Value::NONE);
    slice::new(th, end(lo), end(hi), Value::NONE)
}

/// 2.7's `v[lo:hi]`; a bound that was left out is UNSET.
pub fn get_slice(th: &mut Thread, v: Value, lo: Value, hi: Value) -> R<Value> {
    let key = match sliced(th, v, lo, hi, D::getslice)? {
        Some((Some(f), lo, hi)) => return th.call(f, &[lo, hi]),
        Some((None, lo, hi)) => slice::new(th, lo, hi, Value::NONE)?,
        None => slice_object(th, lo, hi)?,
    };
    item::get(th, v, key)
}
/// 2.7's `v[lo:hi] = x`, `del v[lo:hi]` when `x` is UNSET.
pub fn set_slice(th: &mut Thread, v: Value, lo: Value, hi: Value, x: Value) -> R<()> {
    let key = match sliced(th, v, lo, hi, if x.is_unset() { D::delslice } else { D::setslice })? {
        Some((Some(f), lo, hi)) => {
            if x.is_unset() {
                th.call(f, &[lo, hi])?;
            } else {
                th.call(f, &[lo, hi, x])?;
            }
            return Ok(());
        }
        Some((None, lo, hi)) => slice::new(th, lo, hi, Value::NONE)?,
        None => slice_object(th, lo, hi)?,
    };
    if x.is_unset() { item::delete(th, v, key) } else { item::set(th, v, key, x) }
}
pub use classic_ops::three_way;
