//! `_local`: an object whose attributes each thread has for itself.
//!
//! The dictionaries lie in a dict of the thread, under a number that no other `_local` ever had; so they die with their thread.

use crate::kinds_io;
use crate::support::{self, alloc};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Header, Weak, object};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object::{self, attr, call::call_ex};
use txpy_vm::thread::root;
use txpy_vm::types::{dict, text, tuple, type_, weakref};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

object! {
    pub struct Local = kinds_io::LOCAL { key: u64, args: Value, kwargs: Value }
}
static NEXT: AtomicU64 = AtomicU64::new(1);
pub static LOCAL: TypeDef = TypeDef {
    name: "_local", module: "_thread", kind: kinds_io::LOCAL, size: size_of::<Local>() as u16, flags: type_flag::BASE | type_flag::WEAK, methods: &[METHODS],
    getset: GETSET, doc: "Attributes that each thread has for itself.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a thread-local object.";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = |th, a| set(th, a, a.get(2)), "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = |th, a| set(th, a, Value::UNSET), "Implement delattr(self, name).";
};
static GETSET: &[GetSetDef] = getset! { "__dict__" = |th, v| Ok(namespace(th, v)?.value()), "The attributes of this thread."; };
fn this(v: Value) -> Gc<Local> { v.cast().expect("checked by the call") }

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &LOCAL, a.get(0))?;
    let own_init = attr::get_str(th, class.value(), "__init__")?;
    let object_init = attr::get_str(th, txpy_vm::types::object::OBJECT.value(), "__init__")?;
    if a.len() > 1 && object::same_or_equal(th, own_init, object_init)? {
        return Err(th.type_error("Initialization arguments are not supported"));
    }
    let args = a.without_keywords().skip(1).collect_tuple(th)?;
    let kwargs = crate::api::keywords(th, a)?;
    let l = alloc(th, class, false, Local { header: Header::NEW, key: NEXT.fetch_add(1, Relaxed), args, kwargs })?;
    // `__init__` runs after this for the thread that makes it.
    fresh(th, l)?;
    Ok(l.value())
}
fn thread_dict(th: &mut Thread) -> R<Gc<dict::Dict>> {
    match th.roots[root::THREAD_DICT].cast() {
        Some(d) => Ok(d),
        None => {
            let d = dict::new_unowned(th)?;
            th.roots[root::THREAD_DICT] = d.value();
            Ok(d)
        }
    }
}
/// An empty namespace of this thread for `l`.
fn fresh(th: &mut Thread, l: Gc<Local>) -> R<Gc<dict::Dict>> {
    let all = thread_dict(th)?;
    let n = dict::len(th, all)?;
    if n >= 32 && n.is_power_of_two() {
        prune(th, all)?;
    }
    let d = dict::new(th)?;
    let key = Value::int(l.read(th)?.key as i64);
    let w = weakref::new(th, l.value(), Value::NONE)?;
    let entry = th.new_tuple(&[w.value(), d.value()])?;
    dict::set(th, all, key, entry)?;
    Ok(d)
}
/// Forgets the namespaces of objects that are gone.
fn prune(th: &mut Thread, all: Gc<dict::Dict>) -> R<()> {
    let copy = dict::copy(th, all)?;
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, copy, &mut at)? {
        let dead = tuple::items(v).is_some_and(|t| t[0].cast::<Weak>().is_none_or(|w| w.get().is_none()));
        if dead {
            dict::remove(th, all, k)?;
        }
    }
    Ok(())
}
/// The attributes of this thread; `__init__` runs when the thread comes first.
fn namespace(th: &mut Thread, v: Value) -> R<Gc<dict::Dict>> {
    let l = this(v);
    let all = thread_dict(th)?;
    let key = Value::int(l.read(th)?.key as i64);
    if let Some(e) = dict::get(th, all, key)? {
        if let Some(d) = tuple::items(e).and_then(|t| t[1].cast()) {
            return Ok(d);
        }
    }
    let d = fresh(th, l)?;
    let g = l.read(th)?;
    let (args, kwargs) = (g.args, g.kwargs);
    drop(g);
    let class = object::class_of(v).value();
    if class != LOCAL.value() {
        let init = attr::get_str(th, class, "__init__")?;
        let mut all_args = txpy_vm::types::list::new(th, &[v])?;
        let lst = all_args.cast().expect("a list");
        txpy_vm::types::list::extend(th, lst, tuple::items(args).unwrap_or(&[]))?;
        all_args = object::iter::to_tuple(th, all_args)?;
        let done = call_ex(th, init, all_args, kwargs);
        if done.is_err() {
            dict::remove(th, all, key)?;
        }
        done?;
    }
    Ok(d)
}
fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let (v, name) = (a.get(0), txpy_vm::types::object::attr_name(th, a.get(1))?);
    let d = namespace(th, v)?;
    let t = object::class_of(v);
    let m = type_::lookup(th, t, name)?;
    if let Some(m) = m.filter(|m| attr::is_data_descriptor(*m)) {
        return attr::bind(th, m, v, t.value());
    }
    if text::bytes_of(name) == Some(b"__dict__") {
        return Ok(d.value());
    }
    if let Some(x) = dict::get(th, d, name)? {
        return Ok(x);
    }
    match m {
        Some(m) => attr::bind(th, m, v, t.value()),
        None => Err(attr::no_attribute(th, v, name)),
    }
}
fn set(th: &mut Thread, a: Args, x: Value) -> R<Value> {
    let (v, name) = (a.get(0), txpy_vm::types::object::attr_name(th, a.get(1))?);
    let d = namespace(th, v)?;
    if text::bytes_of(name) == Some(b"__dict__") {
        let class = object::class_name(v);
        return Err(th.attribute_error(format!("'{class}' object attribute '__dict__' is read-only")));
    }
    let t = object::class_of(v);
    if let Some(m) = type_::lookup(th, t, name)?.filter(|m| attr::is_data_descriptor(*m)) {
        let (f, args) = if x.is_unset() { ("__delete__", [v, x]) } else { ("__set__", [v, x]) };
        let n = if x.is_unset() { 1 } else { 2 };
        return th.call_method(m, f, &args[..n]);
    }
    if x.is_unset() {
        return match dict::remove(th, d, name)? {
            Some(_) => Ok(Value::NONE),
            None => Err(attr::no_attribute(th, v, name)),
        };
    }
    dict::set(th, d, name, x)?;
    Ok(Value::NONE)
}
