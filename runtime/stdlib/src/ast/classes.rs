//! The node classes as objects, made from the table when they are first needed.

use super::node;
use super::table::{self, K, Many, Type};
use crate::api::*;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_vm::types::generic_alias;

static STATE: AtomicU64 = AtomicU64::new(0);

pub fn register() {
    // A word that is not yet set is 0, which is no reference.
    txpy_heap::add_root_hook(|t| t.value(Value(STATE.load(Acquire))));
}

/// A tuple of: the base, the groups' classes, the nodes' classes, the names of their fields, the instances of nodes without fields,
/// names of attributes.
#[derive(Clone, Copy)]
pub struct State(Value);

/// Groups of the running language that have a class of their own, in order.
pub fn groups() -> &'static [&'static str] {
    static GROUPS: OnceLock<Vec<&str>> = OnceLock::new();
    GROUPS.get_or_init(|| {
        let mut out: Vec<&str> = Vec::new();
        for k in table::all().filter(|k| k.class().exists && k.class().group != "AST") {
            if !out.contains(&k.class().group) {
                out.push(k.class().group);
            }
        }
        out
    })
}

impl State {
    pub fn get(th: &mut Thread) -> R<State> {
        let v = Value(STATE.load(Acquire));
        if v.is_ref() {
            return Ok(State(v));
        }
        let fresh = make(th)?;
        // Whoever comes first decides.
        let v = match STATE.compare_exchange(0, fresh.bits(), AcqRel, Acquire) {
            Ok(_) => fresh,
            Err(other) => Value(other),
        };
        Ok(State(v))
    }
    fn part(self, i: usize) -> Value { tuple::items(self.0).expect("a tuple")[i] }
    fn items<'a>(self, i: usize) -> &'a [Value] { tuple::items(self.part(i)).expect("a tuple") }
    pub fn base(self) -> Value { self.part(0) }
    pub fn groups<'a>(self) -> &'a [Value] { self.items(1) }
    pub fn class(self, k: K) -> Value { self.items(2)[k as usize] }
    /// Names of the fields, interned.
    pub fn names<'a>(self, k: K) -> &'a [Value] { tuple::items(self.items(3)[k as usize]).expect("a tuple") }
    pub fn singleton(self, k: K) -> Value { self.items(4)[k as usize] }
    /// `lineno`, `col_offset`, `end_lineno`, `end_col_offset`.
    pub fn places<'a>(self) -> &'a [Value] { self.items(5) }
    /// The class of a group, or of the node that is its own group.
    pub fn group(self, name: &str) -> Value {
        match groups().iter().position(|g| *g == name) {
            Some(i) => self.groups()[i],
            None => K::by_name("AST", name).map_or(Value::NONE, |k| self.class(k)),
        }
    }
}

fn names_tuple(th: &mut Thread, names: impl Iterator<Item = &'static str>) -> R<Value> {
    let v = RootedVec::new(th)?;
    for n in names {
        let n = th.intern(n)?;
        v.push(th, n)?;
    }
    tuple_of(th, v)
}

fn make(th: &mut Thread) -> R<Value> {
    static KINDS: std::sync::Once = std::sync::Once::new();
    KINDS.call_once(|| txpy_heap::register_kinds(&[<node::Node as txpy_heap::Object>::INFO]));
    let py3 = th.py3();
    let base = type_::make_native(th, node::def())?;
    let empty = th.new_tuple(&[])?;
    let base_dict = base.frozen().dict;
    for name in ["_fields", "_attributes"] {
        dict::set_str(th, base_dict, name, empty)?;
    }
    if py3 {
        dict::set_str(th, base_dict, "__match_args__", empty)?;
        let none = dict::new(th)?;
        dict::set_str(th, base_dict, "_field_types", none.value())?;
    }
    let names = groups();
    let group_classes = RootedVec::new(th)?;
    for g in names {
        let d = namespace(th)?;
        set_attributes(th, d, g)?;
        if py3 {
            let members = table::all().map(K::class).filter(|c| c.exists && c.group == *g).map(signature).collect::<Vec<_>>();
            // Kinds without any content stand on one line.
            let simple = table::attributes(g).is_empty() && members.iter().all(|m| !m.contains('('));
            let doc = format!("{g} = {}", members.join(&if simple { " | ".to_string() } else { format!("\n{}| ", " ".repeat(g.len() + 1)) }));
            set_doc(th, d, &doc)?;
        }
        let c = class(th, g, base.value(), d)?;
        group_classes.push(th, c)?;
    }
    let classes = RootedVec::new(th)?;
    let fields = RootedVec::new(th)?;
    let singletons = RootedVec::new(th)?;
    for k in table::all() {
        let info = k.class();
        let names_of = names_tuple(th, info.fields.iter().map(|f| f.name))?;
        fields.push(th, names_of)?;
        if !info.exists {
            classes.push(th, Value::NONE)?;
            singletons.push(th, Value::NONE)?;
            continue;
        }
        let d = namespace(th)?;
        dict::set_str(th, d, "_fields", names_of)?;
        if py3 {
            dict::set_str(th, d, "__match_args__", names_of)?;
            set_doc(th, d, &signature(info))?;
            for f in info.fields.iter().filter(|f| f.many == Many::Optional) {
                dict::set_str(th, d, f.name, Value::NONE)?;
            }
        }
        let parent = match names.iter().position(|g| *g == info.group) {
            Some(i) => group_classes.get(th, i)?,
            None => {
                set_attributes(th, d, info.name)?;
                base.value()
            }
        };
        let c = class(th, info.name, parent, d)?;
        classes.push(th, c)?;
        let one = if k.is_singleton() { node::alloc(th, c)? } else { Value::NONE };
        singletons.push(th, one)?;
    }
    let places = names_tuple(th, ["lineno", "col_offset", "end_lineno", "end_col_offset"].into_iter())?;
    let (group_classes, classes, fields, singletons) = (tuple_of(th, group_classes)?, tuple_of(th, classes)?, tuple_of(th, fields)?, tuple_of(th, singletons)?);
    let state = th.new_tuple(&[base.value(), group_classes, classes, fields, singletons, places])?;
    if py3 {
        for k in table::all().filter(|k| k.class().exists) {
            field_types(th, State(state), k)?;
        }
    }
    Ok(state)
}

fn namespace(th: &mut Thread) -> R<Gc<Dict>> {
    let d = dict::new(th)?;
    let module = th.intern(if th.py3() { "ast" } else { "_ast" })?;
    dict::set_str(th, d, "__module__", module)?;
    Ok(d)
}
fn set_doc(th: &mut Thread, d: Gc<Dict>, doc: &str) -> R<()> {
    let doc = th.native_str(doc)?;
    dict::set_str(th, d, "__doc__", doc)
}
fn set_attributes(th: &mut Thread, d: Gc<Dict>, group: &'static str) -> R<()> {
    let names = table::attributes(group);
    // In 2.7 only groups say what attributes their nodes have.
    if th.py3() || groups().contains(&group) {
        let t = names_tuple(th, names.iter().copied())?;
        dict::set_str(th, d, "_attributes", t)?;
    }
    for name in names.iter().filter(|n| n.starts_with("end_")) {
        dict::set_str(th, d, name, Value::NONE)?;
    }
    Ok(())
}
fn class(th: &mut Thread, name: &str, base: Value, d: Gc<Dict>) -> R<Value> {
    let name = th.intern(name)?;
    let bases = th.new_tuple(&[base])?;
    th.call(type_::TYPE.value(), &[name, bases, d.value()])
}
/// `Name(type field, ...)`, as CPython documents its classes.
fn signature(c: &table::Class) -> String {
    let fields: Vec<String> = c.fields.iter().map(|f| format!("{} {}", f.type_text, f.name)).collect();
    if fields.is_empty() { c.name.to_string() } else { format!("{}({})", c.name, fields.join(", ")) }
}

/// `_field_types`: what each field holds, as annotations say it.
fn field_types(th: &mut Thread, state: State, k: K) -> R<()> {
    let d = dict::new(th)?;
    for f in &k.class().fields {
        let t = match f.typ {
            Type::Identifier | Type::String => text::STR.value(),
            Type::Int | Type::Bool => int::INT.value(),
            Type::Object => txpy_vm::types::object::OBJECT.value(),
            Type::Node(g) => state.group(g),
        };
        let t = match f.many {
            Many::One => t,
            Many::Optional => generic_alias::union(th, t, Value::NONE)?,
            Many::List => generic_alias::new(th, list::LIST.value(), t)?,
        };
        dict::set_str(th, d, f.name, t)?;
    }
    let c: Gc<type_::Type> = state.class(k).cast().expect("a class");
    let ns = c.frozen().dict;
    dict::set_str(th, ns, "_field_types", d.value())?;
    dict::set_str(th, ns, "__annotations__", d.value())
}
