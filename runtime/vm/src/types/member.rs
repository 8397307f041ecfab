//! `member_descriptor`: an attribute that `__slots__` declares; its Value lies in the instance's shaped slots, whatever becomes of `__dict__`
//! (`object/instance.rs`).

use super::dict;
use super::type_::{self, Type};
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, NativeDef, TypeDef};
use crate::object::instance;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, RootedVec, Value, object};

object! {
    pub struct Member = kinds::MEMBER, frozen {
        /// What instances keep the Value under: the interned name, or where a base declares the same name a text of its own.
        pub name: Value,
        pub owner: Gc<Type>,
    }
}
pub static MEMBER: TypeDef = TypeDef {
    name: "member_descriptor", kind: kinds::MEMBER, size: size_of::<Member>() as u16, methods: &[METHODS],
    getset: getset! { "__name__" = name, "Name of the attribute."; "__objclass__" = objclass, "The class that defines it."; },
    doc: "An attribute declared by __slots__.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__get__(self, instance, owner=None, /)" = get, "Return the attribute of instance.";
    "__set__(self, instance, value, /)" = set, "Set the attribute of instance.";
    "__delete__(self, instance, /)" = set, "Delete the attribute of instance.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
fn this(v: Value) -> Gc<Member> { v.cast().expect("checked by the call") }

/// The tuple of what `__slots__` lists: a string is one name.
pub fn declared(th: &mut Thread, slots: Value) -> R<Value> { if super::text::is_string(th, slots) { th.new_tuple(&[slots]) } else { crate::object::iter::to_tuple(th, slots) } }

/// Puts a descriptor for each name in the tuple `list` into the class's namespace; `__dict__` and `__weakref__` switch those on instead.
pub fn make_slots(th: &mut Thread, t: Gc<Type>, list: Value) -> R<()> {
    let keys = RootedVec::new(th)?;
    let (mut dict_slot, mut weak_slot) = (false, false);
    let base = t.frozen().base.get().cast::<Type>();
    // Sizes of instances that vary leave no place for slots behind them.
    let def = t.frozen().def();
    let varies = match def.kind {
        kinds::TUPLE | kinds::BYTES | kinds::TYPE => true,
        kinds::INT => th.py3() || std::ptr::eq(def, &super::int::LONG),
        _ => false,
    };
    let varies = varies && !super::tuple::items(list).unwrap_or(&[]).is_empty();
    if varies {
        let base = base.map_or_else(String::new, |b| type_::name_text(b).into_owned());
        return Err(th.type_error(format!("nonempty __slots__ not supported for subtype of '{base}'")));
    }
    for i in 0.. {
        let Some(s) = super::tuple::items(list).and_then(|l| l.get(i).copied()) else { break };
        if !super::text::is_string(th, s) {
            let got = crate::object::class_name(s);
            return Err(th.type_error(format!("__slots__ items must be strings, not '{got}'")));
        }
        let s = super::object::attr_name(th, s)?;
        if !super::str_case::is_identifier(super::text::bytes_of(s).unwrap_or(b"")) || !th.py3() && !super::text::lossy(s).is_ascii() {
            return Err(th.type_error("__slots__ must be identifiers"));
        }
        let text = super::text::lossy(s).into_owned();
        use crate::native::type_flag::{DICT, WEAK};
        use std::sync::atomic::Ordering::Relaxed;
        if text == "__dict__" {
            if dict_slot || base.is_some_and(|b| b.frozen().has_dict()) {
                return Err(th.type_error("__dict__ slot disallowed: we already got one"));
            }
            dict_slot = true;
            t.frozen().flags.fetch_or(DICT, Relaxed);
            continue;
        }
        if text == "__weakref__" {
            if weak_slot || weak_base(th, base)? {
                let why = if th.py3() { "we already got one" } else { "either we already got one, or __itemsize__ != 0" };
                return Err(th.type_error(format!("__weakref__ slot disallowed: {why}")));
            }
            weak_slot = true;
            t.frozen().flags.fetch_or(WEAK, Relaxed);
            continue;
        }
        let class = type_::name_text(t).into_owned();
        let text = if text.starts_with("__") && !text.ends_with("__") { format!("_{}{text}", class.trim_start_matches('_')) } else { text };
        let name = th.intern(&text)?;
        if let Some(old) = dict::get_name(th, t.frozen().dict, name)? {
            // The same name twice is one slot; in 2.7 the class's own attribute hides the slot.
            if !th.py3() || old.cast::<Member>().is_some_and(|m| m.frozen().owner == t) {
                continue;
            }
            return Err(th.value_error(format!("'{text}' in __slots__ conflicts with class variable")));
        }
        let key = if t.frozen().slots().contains(&name) { th.native_str(&text)? } else { name };
        keys.push(th, key)?;
        let m = th.alloc(MEMBER.shape(), Member { header: Header::NEW, name: key, owner: t })?;
        dict::set(th, t.frozen().dict, name, m.value())?;
    }
    if keys.len(th)? > 0 {
        // By name, so that classes that declare the same have the same layout.
        let all = keys.with(th, |own| {
            let mut own = own.to_vec();
            own.sort_by(|a, b| super::text::bytes_of(*a).cmp(&super::text::bytes_of(*b)));
            [t.frozen().slots(), &own].concat()
        })?;
        // `keys` and the class keep them alive meanwhile.
        let all = th.new_tuple(&all)?;
        type_::set(th, t, |t| &t.slots, all);
    }
    Ok(())
}

/// Whether a class of a script among the bases gave its instances a place for weak references. Native classes are not asked: ours allow
/// references to more of them than CPython's do.
fn weak_base(th: &mut Thread, mut base: Option<Gc<Type>>) -> R<bool> {
    while let Some(b) = base.filter(|b| b.frozen().has(crate::native::type_flag::HEAP)) {
        if dict::get_name(th, b.frozen().dict, n(N::__slots__))?.is_none() {
            return Ok(true);
        }
        base = b.frozen().base.get().cast::<Type>();
    }
    Ok(false)
}

/// The slot's Value; AttributeError when empty.
pub fn read(th: &mut Thread, m: Gc<Member>, this: Value) -> R<Value> {
    check(th, m, this)?;
    match instance::get_declared(th, this, m.frozen().name)? {
        Some(v) => Ok(v),
        None => {
            let (class, name) = (crate::object::class_name(this), super::text::lossy(m.frozen().name).into_owned());
            let msg = if th.py3() { format!("'{class}' object has no attribute '{name}'") } else { name };
            Err(th.attribute_error(msg))
        }
    }
}
pub fn write(th: &mut Thread, m: Gc<Member>, this: Value, v: Value) -> R<()> {
    if v.is_unset() {
        read(th, m, this)?;
        return instance::del_declared(th, this, m.frozen().name).map(drop);
    }
    check(th, m, this)?;
    instance::set_declared(th, this, m.frozen().name, v)
}
fn check(th: &mut Thread, m: Gc<Member>, v: Value) -> R<()> {
    if type_::is_subtype(crate::object::class_of(v), m.frozen().owner) {
        return Ok(());
    }
    let (owner, name, got) = (type_::name_text(m.frozen().owner).into_owned(), super::text::lossy(m.frozen().name).into_owned(), crate::object::class_name(v));
    Err(th.type_error(format!("descriptor '{name}' for '{owner}' objects doesn't apply to a '{got}' object")))
}
fn get(th: &mut Thread, a: Args) -> R<Value> {
    if a.get(1).is_none() {
        return Ok(a.get(0));
    }
    read(th, this(a.get(0)), a.get(1))
}
fn set(th: &mut Thread, a: Args) -> R<Value> {
    write(th, this(a.get(0)), a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
fn name(th: &mut Thread, v: Value) -> R<Value> { Ok(th.intern_value(this(v).frozen().name)) }
fn objclass(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().owner.value()) }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let m = this(a.get(0));
    let s = format!("<member '{}' of '{}' objects>", super::text::lossy(m.frozen().name), type_::name_text(m.frozen().owner));
    th.native_str(&s)
}
