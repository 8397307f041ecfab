//! Class statements, `isinstance`, `issubclass`.

use crate::names::{N, n};
use crate::native::{Args, NativeDef};
use crate::object::{self, attr};
use crate::thread::Thread;
use crate::types::dict;
use crate::types::dunder::D;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::types::type_::{self, TYPE, Type};
use crate::types::{classic, text, tuple, type_methods};
use txpy_heap::{Gc, R, RootedVec, Value};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "isinstance(obj, class_or_tuple, /)" = isinstance, "Return whether an object is an instance of a class or of a subclass thereof.";
    "issubclass(cls, class_or_tuple, /)" = issubclass, "Return whether 'cls' is derived from another class or is the same class.";
    #[py3] "__build_class__(func, name, /, *bases, **kwds)" = build_class, "Internal helper function used by the class statement.";
};
/// Helpers of compiled code; their names are those of the helper table.
pub static HELPERS: &[NativeDef] = natives! {
    "__build_class__(func, name, /, *bases, **kwds)" = class_statement, "Class statement of Python 3.";
    "BUILD_CLASS2(func, name, bases, /)" = build_class2, "Class statement of 2.7.";
    "IS_STOP_ASYNC(exc, /)" = is_stop_async, "Whether an exception ends an async iteration.";
};

pub fn init(_: &mut Thread, _: Gc<Module>) -> R<()> { Ok(()) }

fn is_stop_async(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(crate::types::exception::is_instance(a.get(0), &crate::exceptions::STOP_ASYNC_ITERATION))) }

/// The class statement: a script may have replaced `__build_class__`.
fn class_statement(th: &mut Thread, a: Args) -> R<Value> {
    let Some(f) = dict::get_str(th, super::namespace(), "__build_class__")? else { return Err(th.raise(&crate::exceptions::NAME_ERROR, "__build_class__ not found")) };
    let ours = f.cast::<crate::types::native_function::Native>().is_some_and(|n| n.frozen().def().name() == "__build_class__");
    if ours { build_class(th, a) } else { th.call_args(f, a) }
}
fn build_class(th: &mut Thread, a: Args) -> R<Value> {
    let Some(body) = a.get(0).cast::<Function>() else { return Err(th.type_error("__build_class__: func must be a function")) };
    let name = a.get(1);
    if !text::is_string(th, name) {
        return Err(th.type_error("__build_class__: name is not a string"));
    }
    let orig = a.without_keywords().skip(2).collect_tuple(th)?;
    let bases = resolve_bases(th, orig)?;
    let items = tuple::items(bases).unwrap_or(&[]);
    let explicit = a.named("metaclass");
    let start = match explicit {
        Some(m) => m,
        None => items.first().map_or(TYPE.value(), |b| object::class_of(*b).value()),
    };
    let meta = match start.cast::<Type>() {
        Some(m) => type_methods::metaclass_of(th, m, items)?.value(),
        None => start,
    };
    // The keywords without `metaclass`.
    let names = RootedVec::new(th)?;
    let values = RootedVec::new(th)?;
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        if text::bytes_of(k) != Some(b"metaclass") {
            names.push(th, k)?;
            values.push(th, v)?;
        }
    }
    let k = names.len(th)?;
    let kwnames = if k == 0 { Value::UNSET } else { vec_tuple(th, names)? };
    let all_values = vec_tuple(th, values)?;
    let kwvalues = tuple::items(all_values).unwrap_or(&[]);
    let ns = match attr::get_str_opt(th, meta, "__prepare__")? {
        Some(p) => object::call::on_stack(th, 2 + k, |i| [name, bases].get(i).copied().unwrap_or_else(|| kwvalues[i - 2]), kwnames, |th, a| th.call_args(p, a))?,
        None => dict::new(th)?.value(),
    };
    if object::dunder(ns, D::getitem).is_none() {
        let (m, got) = (meta.cast::<Type>().map_or("<metaclass>".into(), |t| type_::name_text(t).into_owned()), object::class_name(ns));
        return Err(th.type_error(format!("{m}.__prepare__() must return a mapping, not {got}")));
    }
    let cell = crate::interp::enter::run_code(th, body, ns)?;
    if bases != orig {
        object::item::set(th, ns, n(N::__orig_bases__), orig)?;
    }
    if cell.is::<crate::types::cell::Cell>() {
        let key = th.intern("__classcell__")?;
        object::item::set(th, ns, key, cell)?;
    }
    let c = object::call::on_stack(th, 3 + k, |i| [name, bases, ns].get(i).copied().unwrap_or_else(|| kwvalues[i - 3]), kwnames, |th, a| th.call_args(meta, a))?;
    if cell.is::<crate::types::cell::Cell>() && c.is::<Type>() {
        let got = crate::types::cell::get(th, cell)?;
        if got.is_unset() {
            let name = text::lossy(name).into_owned();
            let shown = object::repr_text(th, c)?;
            return Err(th.runtime_error(format!("__class__ not set defining '{name}' as {shown}. Was __classcell__ propagated to type.__new__?")));
        }
    }
    Ok(c)
}
fn vec_tuple(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let t = tuple::alloc(th, n)?;
    // SAFETY: the tuple is not yet known to anybody else.
    v.with(th, |s| unsafe { t.frozen().tail_mut().copy_from_slice(s) })?;
    th.remember(t.header());
    Ok(t.value())
}
/// PEP 560: bases that are no classes say what stands for them.
fn resolve_bases(th: &mut Thread, bases: Value) -> R<Value> {
    let items = tuple::items(bases).unwrap_or(&[]);
    if items.iter().all(|b| b.is::<Type>()) {
        return Ok(bases);
    }
    let out = RootedVec::new(th)?;
    let mut changed = false;
    for b in items {
        let f = if b.is::<Type>() { None } else { attr::get_str_opt(th, *b, "__mro_entries__")? };
        match f {
            None => out.push(th, *b)?,
            Some(f) => {
                let r = th.call(f, &[bases])?;
                let Some(r) = tuple::items(r) else { return Err(th.type_error("__mro_entries__ must return a tuple")) };
                for x in r {
                    out.push(th, *x)?;
                }
                changed = true;
            }
        }
    }
    if changed { vec_tuple(th, out) } else { Ok(bases) }
}

fn build_class2(th: &mut Thread, a: Args) -> R<Value> {
    let (body, name, bases) = (a.get(0), a.get(1), a.get(2));
    let ns = dict::new(th)?;
    let f: Gc<Function> = body.cast().expect("a class body");
    crate::interp::enter::run_code(th, f, ns.value())?;
    let items = tuple::items(bases).unwrap_or(&[]);
    let meta = match dict::get_name(th, ns, n(N::__metaclass__))? {
        Some(m) => m,
        None => match items.first() {
            Some(b) => match attr::get_opt(th, *b, n(N::__class__))? {
                Some(c) => c,
                None => object::class_of(*b).value(),
            },
            None => match dict::get_name(th, f.frozen().globals, n(N::__metaclass__))? {
                Some(m) => m,
                None => return classic::new_class(th, name, bases, ns.value()),
            },
        },
    };
    if meta == classic::CLASSOBJ.value() {
        // Classic bases with a new-style one among them make a new-style class.
        return match items.iter().find(|b| b.is::<Type>()) {
            Some(b) => {
                let m = object::class_of(*b).value();
                th.call(m, &[name, bases, ns.value()])
            }
            None => classic::new_class(th, name, bases, ns.value()),
        };
    }
    let r = th.call(meta, &[name, bases, ns.value()]);
    // What `type` itself complains about gets a hint where it comes from.
    if meta == TYPE.value() && r.is_err() {
        if let Some(e) = th.catch(&crate::exceptions::TYPE_ERROR) {
            let text = object::str_text(th, e)?;
            return Err(th.type_error(format!("Error when calling the metaclass bases\n    {text}")));
        }
    }
    r
}

// ---- isinstance

fn isinstance(th: &mut Thread, a: Args) -> R<Value> { is_instance(th, a.get(0), a.get(1)).map(Value::from_bool) }
fn issubclass(th: &mut Thread, a: Args) -> R<Value> { is_subclass(th, a.get(0), a.get(1)).map(Value::from_bool) }

/// `isinstance(v, class)`.
pub fn is_instance(th: &mut Thread, v: Value, class: Value) -> R<bool> {
    if object::class_of(v).value() == class {
        return Ok(true);
    }
    if let Some(items) = tuple::items(class) {
        th.check_stack()?;
        for c in items {
            if is_instance(th, v, *c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(f) = object::dunder(class, D::instancecheck).filter(|_| !class.is::<classic::Class>()) {
        if Some(f) == TYPE.ty().frozen().dunder(D::instancecheck) {
            return real_instance(th, v, class);
        }
        th.check_stack()?;
        let r = object::call_special(th, f, class, &[v])?;
        return object::is_true(th, r);
    }
    real_instance(th, v, class)
}
/// Without `__instancecheck__`: by class, then by what `__class__` says.
pub fn real_instance(th: &mut Thread, v: Value, class: Value) -> R<bool> {
    if let Some(t) = class.cast::<Type>() {
        let c = object::class_of(v);
        if type_::is_subtype(c, t) {
            return Ok(true);
        }
        if c.frozen().dunder(D::getattribute) == crate::types::object::OBJECT.ty().frozen().dunder(D::getattribute) && !c.frozen().has(crate::native::type_flag::HEAP) {
            return Ok(false);
        }
        return Ok(match attr::get_opt(th, v, n(N::__class__))?.and_then(|c| c.cast::<Type>()) {
            Some(c) => type_::is_subtype(c, t),
            None => false,
        });
    }
    if class.is::<classic::Class>() {
        return classic::instance_of(th, v, class);
    }
    check_class(th, class, if th.py3() { "isinstance() arg 2 must be a type, a tuple of types, or a union" } else { "isinstance() arg 2 must be a class, type, or tuple of classes and types" })?;
    match attr::get_opt(th, v, n(N::__class__))? {
        Some(c) => abstract_subclass(th, c, class),
        None => Ok(false),
    }
}
/// `issubclass(c, class)`.
pub fn is_subclass(th: &mut Thread, c: Value, class: Value) -> R<bool> {
    if let Some(items) = tuple::items(class) {
        th.check_stack()?;
        for x in items {
            if is_subclass(th, c, *x)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(f) = object::dunder(class, D::subclasscheck).filter(|_| !class.is::<classic::Class>()) {
        if Some(f) == TYPE.ty().frozen().dunder(D::subclasscheck) {
            return real_subclass(th, c, class);
        }
        th.check_stack()?;
        let r = object::call_special(th, f, class, &[c])?;
        return object::is_true(th, r);
    }
    real_subclass(th, c, class)
}
pub fn real_subclass(th: &mut Thread, c: Value, class: Value) -> R<bool> {
    if let (Some(a), Some(b)) = (c.cast::<Type>(), class.cast::<Type>()) {
        return Ok(type_::is_subtype(a, b));
    }
    if c.is::<classic::Class>() && class.is::<classic::Class>() {
        return Ok(classic::subclass_of(c, class));
    }
    check_class(th, c, "issubclass() arg 1 must be a class")?;
    check_class(th, class, if th.py3() { "issubclass() arg 2 must be a class, a tuple of classes, or a union" } else { "issubclass() arg 2 must be a class or tuple of classes" })?;
    abstract_subclass(th, c, class)
}
fn check_class(th: &mut Thread, c: Value, msg: &str) -> R<()> {
    if c.is::<Type>() || c.is::<classic::Class>() {
        return Ok(());
    }
    match attr::get_opt(th, c, n(N::__bases__))? {
        Some(b) if tuple::items(b).is_some() => Ok(()),
        _ => Err(th.type_error(msg)),
    }
}
fn abstract_subclass(th: &mut Thread, c: Value, class: Value) -> R<bool> {
    th.check_stack()?;
    if c == class {
        return Ok(true);
    }
    let Some(b) = attr::get_opt(th, c, n(N::__bases__))? else { return Ok(false) };
    for x in tuple::items(b).unwrap_or(&[]) {
        if abstract_subclass(th, *x, class)? {
            return Ok(true);
        }
    }
    Ok(false)
}
