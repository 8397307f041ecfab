//! `type`: class objects: layout, creation, method resolution order, special-method cache, changes.
//!
//! A class is frozen for the access protocol: its fields change only with the world stopped, and each change gives the class and its
//! subclasses a new version, which inline caches and the lookup cache test. The namespace holds cells; giving an existing data attribute
//! another plain value writes the cell only.

use super::dict::{self, Dict};
use super::dunder::{self, D};
use super::{list, text, tuple, type_methods};
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Binding, Lang, NativeDef, TypeDef, type_flag};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU32, Ordering::*};
use std::sync::Mutex;
use txpy_heap::{Gc, Header, Late, R, Tracer, Value, flag, object, shape};

object! {
    pub struct Type = kinds::TYPE, frozen {
        pub name: Late,
        pub qualname: Late,
        /// Tuples of classes.
        pub bases: Late,
        pub mro: Late,
        /// The base whose layout instances extend; None for object.
        pub base: Late,
        pub dict: Gc<Dict>,
        /// Keys of the slots that `__slots__` of the class and its bases declare, in layout order; UNSET where there is none.
        pub slots: Late,
        /// List of weak references to direct subclasses, UNSET until there is one.
        pub subclasses: Late,
        /// The native type whose layout instances have.
        pub def: *const TypeDef,
        pub flags: AtomicU32,
        /// Unique number of the class's present state.
        pub version: AtomicU32,
        /// Root shape of new instances.
        pub shape: AtomicU32,
        pub dunders: [Late; dunder::COUNT],
    }
}

pub static TYPE: TypeDef = TypeDef {
    name: "type", kind: kinds::TYPE, size: size_of::<Type>() as u16, flags: type_flag::BASE | type_flag::WEAK,
    methods: &[type_methods::METHODS, super::generic_alias::TYPE_METHODS], getset: type_methods::GETSET, doc: "The class of classes.", ..TypeDef::DEFAULT
};

static VERSION: AtomicU32 = AtomicU32::new(1);
fn new_version() -> u32 { VERSION.fetch_add(1, Relaxed) }

impl Type {
    /// The native declaration whose layout instances have.
    pub fn def(&self) -> &'static TypeDef {
        // SAFETY: definitions are statics.
        unsafe { &*self.def }
    }
    pub fn flags(&self) -> u32 { self.flags.load(Relaxed) }
    pub fn has(&self, f: u32) -> bool { self.flags() & f != 0 }
    #[inline(always)]
    pub fn dunder(&self, d: D) -> Option<Value> { self.dunders[d as usize].get().get() }
    pub fn mro(&self) -> &[Value] { tuple::items(self.mro.get()).unwrap_or(&[]) }
    pub fn bases(&self) -> &[Value] { tuple::items(self.bases.get()).unwrap_or(&[]) }
    pub fn slots(&self) -> &[Value] { tuple::items(self.slots.get()).unwrap_or(&[]) }
    pub fn root_shape(&self) -> u32 { self.shape.load(Relaxed) }
    /// Whether instances carry attributes of their own.
    pub fn has_dict(&self) -> bool { self.has(type_flag::DICT) }
}

/// Whether `sub` is `sup` or derives from it (real bases only).
#[inline]
pub fn is_subtype(sub: Gc<Type>, sup: Gc<Type>) -> bool { sub == sup || sub.frozen().mro().contains(&sup.value()) }

/// The class's name as scripts see it in messages.
pub fn name_text<'a>(t: Gc<Type>) -> std::borrow::Cow<'a, str> { text::lossy(t.frozen().name.get()) }

// ---- native types

/// Makes the type object of a native declaration (its base's first). Called once per declaration and process.
pub fn make_native(th: &mut Thread, def: &'static TypeDef) -> R<Gc<Type>> { make_native_with_base(th, def, def.base) }

/// As `make_native` with a base that depends on the language.
pub fn make_native_with_base(th: &mut Thread, def: &'static TypeDef, base: Option<&'static TypeDef>) -> R<Gc<Type>> {
    if def.value().is_ref() {
        return Ok(def.ty());
    }
    // The declaration knows the type from now on, whatever becomes of the block that asked first.
    crate::atomic::irrevocable(th)?;
    let base = match base {
        Some(b) => Some(make_native(th, b)?),
        None if std::ptr::eq(def, &super::object::OBJECT) => None,
        None => Some(make_native(th, &super::object::OBJECT)?),
    };
    let dict = dict::new_namespace(th)?;
    let name = th.intern(if th.py3() || def.name2.is_empty() { def.name } else { def.name2 })?;
    let shape = if def.shape() != 0 { def.shape() } else { shape::new_root(Value::UNSET, slots_at(def), 0, 0, 0) };
    let flags = def.flags | base.map_or(0, |b| b.frozen().flags() & INHERITED);
    let t = alloc(th, TYPE.shape(), name, dict, def, flags, shape)?;
    NATIVE.lock().unwrap_or_else(|e| e.into_inner()).push(t.value());
    def.shape.store(shape, Release);
    def.cell.store(t.value().bits(), Release);
    shape::set_class(shape, t.value());
    let bases: &[Value] = match &base {
        Some(b) => &[b.value()],
        None => &[],
    };
    let bases = th.new_tuple(bases)?;
    set(th, t, |t| &t.bases, bases);
    set(th, t, |t| &t.base, base.map_or(Value::NONE, |b| b.value()));
    let mro = linearize(th, t)?;
    set(th, t, |t| &t.mro, mro);
    for table in def.methods {
        for m in table.iter() {
            if exists(m.lang) {
                add_native(th, t, m)?;
            }
        }
    }
    for g in def.getset {
        if exists(g.lang) {
            let d = super::getset::new(th, g, t)?;
            dict::set_str(th, dict, g.name, d)?;
        }
    }
    if flags & type_flag::DICT != 0 && lookup(th, t, n(N::__dict__))?.is_none() {
        let d = super::getset::new(th, &super::object::DICT_GETSET[0], t)?;
        dict::set(th, dict, n(N::__dict__), d)?;
    }
    if !def.doc.is_empty() && dict::get_name(th, dict, n(N::__doc__))?.is_none() {
        let doc = th.native_str(def.doc)?;
        dict::set(th, dict, n(N::__doc__), doc)?;
    }
    // 2.7 hashes by identity what defines `__eq__` alone, except its own mutable containers.
    let unhashable = th.py3() || matches!(def.kind, kinds::LIST | kinds::DICT | kinds::SET | kinds::BYTEARRAY);
    if unhashable && dict::get_name(th, dict, D::hash.name())?.is_none() && dict::get_name(th, dict, D::eq.name())?.is_some() {
        dict::set(th, dict, D::hash.name(), Value::NONE)?;
    }
    fill_dunders(th, t)?;
    Ok(t)
}

/// The type objects of all native declarations, for the collector.
static NATIVE: Mutex<Vec<Value>> = Mutex::new(Vec::new());
pub fn trace_natives(t: &mut Tracer) {
    for v in NATIVE.lock().unwrap_or_else(|e| e.into_inner()).iter() {
        t.value(*v);
    }
}

fn exists(l: Lang) -> bool {
    match l {
        Lang::Both => true,
        Lang::Py2 => !crate::dialect::py3(),
        Lang::Py3 => crate::dialect::py3(),
    }
}
const INHERITED: u32 = type_flag::DICT | type_flag::WEAK | type_flag::SEQUENCE | type_flag::MAPPING | type_flag::MATCH_SELF | type_flag::EXCEPTION;

fn add_native(th: &mut Thread, t: Gc<Type>, m: &'static NativeDef) -> R<()> {
    let f = super::native_function::new(th, m, Value::UNSET, t.value())?;
    let v = match m.binding {
        Binding::Method => f,
        Binding::Class => super::method::new_classmethod(th, f)?,
        Binding::Static => super::method::new_staticmethod(th, f)?,
    };
    let d = t.frozen().dict;
    let name = th.intern(m.name())?;
    // `__new__` is looked up like a static method.
    dict::set(th, d, name, v)
}

fn slots_at(def: &TypeDef) -> u16 { if def.size == 0 { 0 } else { def.size.next_multiple_of(8) } }

fn alloc(th: &mut Thread, meta_shape: u32, name: Value, dict: Gc<Dict>, def: *const TypeDef, flags: u32, shape: u32) -> R<Gc<Type>> {
    let version = new_version();
    shape::set_version(shape, version);
    th.alloc(meta_shape, Type {
        header: Header::NEW, name: Late::new(name), qualname: Late::new(name), bases: Late::new(Value::UNSET), mro: Late::new(Value::UNSET),
        base: Late::new(Value::NONE), dict, slots: Late::new(Value::UNSET), subclasses: Late::new(Value::UNSET), def, flags: AtomicU32::new(flags), version: AtomicU32::new(version),
        shape: AtomicU32::new(shape), dunders: [const { Late::new(Value::UNSET) }; dunder::COUNT],
    })
}

/// Stores a field of a class.
pub fn set(th: &mut Thread, t: Gc<Type>, field: impl FnOnce(&Type) -> &Late, v: Value) {
    // SAFETY: the type is alive; the Late field is atomic.
    let r: &Type = unsafe { &*t.as_ptr() };
    th.set_late(&r.header, field(r), v);
}

// ---- classes made by scripts

/// A class with the given metaclass, name, bases and namespace. Does what `type.__new__` does short of `__set_name__` and
/// `__init_subclass__`.
pub fn new_class(th: &mut Thread, meta: Gc<Type>, name: Value, bases: &[Value], namespace: Gc<Dict>) -> R<Gc<Type>> {
    let base = best_base(th, bases)?;
    let b = base.frozen();
    let def = b.def();
    let mut flags = (b.flags() & INHERITED) | type_flag::BASE | type_flag::HEAP;
    for other in bases.iter().filter_map(|b| b.cast::<Type>()) {
        flags |= other.frozen().flags() & INHERITED;
    }
    let collection = type_flag::SEQUENCE | type_flag::MAPPING;
    flags &= !collection;
    let slots = match dict::get_name(th, namespace, n(N::__slots__))? {
        None => {
            flags |= type_flag::DICT | type_flag::WEAK;
            None
        }
        Some(s) => Some(super::member::declared(th, s)?),
    };
    let dict = dict::new_namespace(th)?;
    dict::update(th, dict, namespace)?;
    let bases_tuple = th.new_tuple(bases)?;
    // Declared slots always have a place in the object itself: in dictionary mode there is no other.
    let declared = b.slots().len() + slots.map_or(0, |s| tuple::items(s).unwrap_or(&[]).len());
    let inline = inline_slots(th, base, dict)?.max(u16::try_from(declared).unwrap_or(u16::MAX));
    let root = if declared > MAX_SLOTS { None } else { shape::first_root(Value::UNSET, slots_at(def), inline, 0, 0) };
    let Some(root) = root else { return Err(th.memory_error()) };
    let t = alloc(th, meta.frozen().root_shape(), name, dict, def, flags, root)?;
    shape::set_class(root, t.value());
    set(th, t, |t| &t.bases, bases_tuple);
    set(th, t, |t| &t.base, base.value());
    set(th, t, |t| &t.slots, b.slots.get());
    // What scripts look up in the class before it has its order must not be remembered.
    let mut seen = false;
    let mro = if meta == TYPE.ty() {
        linearize(th, t)?
    } else {
        let name = th.intern("mro")?;
        let m = match lookup(th, meta, name)? {
            Some(f) => {
                seen = f.kind() != Some(crate::kinds::NATIVE);
                crate::object::call_special(th, f, t.value(), &[])?
            }
            None => return Err(crate::object::attr::no_attribute(th, t.value(), name)),
        };
        let m = crate::object::iter::to_tuple(th, m)?;
        check_mro(th, t, m)?;
        m
    };
    set(th, t, |t| &t.mro, mro);
    if seen {
        renew(th, t);
    }
    // What patterns it matches follows the first class that says so.
    let first = t.frozen().mro().iter().skip(1).filter_map(|c| c.cast::<Type>()).map(|c| c.frozen().flags() & collection).find(|f| *f != 0);
    t.frozen().flags.fetch_or(first.unwrap_or(0), Relaxed);
    if let Some(q) = dict::get_name(th, dict, n(N::__qualname__))? {
        if th.py3() && !super::text::is_text(q) {
            let got = crate::object::class_name(q);
            return Err(th.type_error(format!("type __qualname__ must be a str, not {got}")));
        }
        set(th, t, |t| &t.qualname, q);
        dict::remove(th, dict, n(N::__qualname__))?;
    }
    if let Some(s) = slots {
        super::member::make_slots(th, t, s)?;
    }
    for (flag, which, def) in [(type_flag::DICT, N::__dict__, &super::object::DICT_GETSET[0]), (type_flag::WEAK, N::__weakref__, &super::object::WEAKREF_GETSET[0])] {
        let inherited = lookup(th, base, n(which))?.is_some() || flag == type_flag::WEAK && b.has(flag);
        if t.frozen().has(flag) && !inherited && dict::get_name(th, dict, n(which))?.is_none() {
            let d = super::getset::new(th, def, t)?;
            dict::set(th, dict, n(which), d)?;
        }
    }
    if dict::get_name(th, dict, n(N::__doc__))?.is_none() {
        dict::set(th, dict, n(N::__doc__), Value::NONE)?;
    }
    // These are found on the class without an explicit decorator.
    if let Some(f) = dict::get_name(th, dict, D::new.name())?.filter(|f| f.is::<super::function::Function>()) {
        let s = super::method::new_staticmethod(th, f)?;
        dict::set(th, dict, D::new.name(), s)?;
    }
    for d in [D::init_subclass, D::class_getitem] {
        if let Some(f) = dict::get_name(th, dict, d.name())?.filter(|f| f.is::<super::function::Function>()) {
            let c = super::method::new_classmethod(th, f)?;
            dict::set(th, dict, d.name(), c)?;
        }
    }
    if th.py3() && dict::get_name(th, dict, D::eq.name())?.is_some() && dict::get_name(th, dict, D::hash.name())?.is_none() {
        dict::set(th, dict, D::hash.name(), Value::NONE)?;
    }
    fill_dunders(th, t)?;
    note_hidden_slots(th, t)?;
    for b in bases.iter().filter_map(|b| b.cast::<Type>()) {
        add_subclass(th, b, t)?;
    }
    if mro_has_classic(t) {
        super::classic::note_mixed(th, t)?;
    }
    Ok(t)
}

/// Slots that classes may declare: instances with more would be no small objects.
const MAX_SLOTS: usize = 1 << 14;

/// Slots that fresh instances get: what the bases have and what `__init__` stores into `self`.
fn inline_slots(th: &mut Thread, base: Gc<Type>, dict: Gc<Dict>) -> R<u16> {
    let inherited = shape::shape(base.frozen().root_shape()).inline;
    let own = match dict::get_name(th, dict, D::init.name())?.and_then(|f| f.cast::<super::function::Function>()) {
        Some(f) => f.frozen().code().frozen().self_stores(),
        None => 0,
    };
    Ok(inherited.max(own).clamp(if own == 0 { 2 } else { 1 }, 64))
}

/// A fresh root shape with more inline slots, when instances keep overflowing.
pub fn grow_inline(t: Gc<Type>, want: u16) {
    let r = t.frozen();
    let old = r.root_shape();
    let s = shape::shape(old);
    if want <= s.inline || s.inline >= 64 {
        return;
    }
    let root = shape::new_root(t.value(), s.slots_at, want.min(64), s.flags.load(Relaxed), s.version.load(Relaxed));
    // Roots of one class hang together, so that a version change reaches all.
    shape::shape(root).next_sibling.store(old, Release);
    r.shape.store(root, Release);
}

fn best_base(th: &mut Thread, bases: &[Value]) -> R<Gc<Type>> {
    let mut best: Option<Gc<Type>> = None;
    for b in bases {
        let Some(t) = b.cast::<Type>() else {
            if b.is::<super::classic::Class>() {
                continue;
            }
            return Err(th.type_error("bases must be types"));
        };
        if !t.frozen().has(type_flag::BASE) {
            return Err(th.type_error(format!("type '{}' is not an acceptable base type", name_text(t))));
        }
        best = match best {
            None => Some(t),
            Some(old) => match (extends(t, old), extends(old, t)) {
                (_, true) => Some(old),
                (true, false) => Some(t),
                _ => return Err(th.type_error("multiple bases have instance lay-out conflict")),
            },
        };
    }
    if best.is_none() && !bases.is_empty() {
        return Err(th.type_error("a new-style class can't have only classic bases"));
    }
    Ok(best.unwrap_or_else(|| super::object::OBJECT.ty()))
}
/// TypeError unless what a metaclass's `mro()` gave are classes whose layouts an instance of `class` has.
fn check_mro(th: &mut Thread, class: Gc<Type>, mro: Value) -> R<()> {
    let items = tuple::items(mro).unwrap_or(&[]);
    if items.is_empty() {
        return Err(th.type_error("type MRO must not be empty"));
    }
    for c in items {
        match c.cast::<Type>() {
            Some(t) if *c == class.value() || extends(class, t) => {}
            Some(t) => {
                let name = name_text(t).into_owned();
                return Err(th.type_error(format!("mro() returned base with unsuitable layout ('{name}')")));
            }
            None if c.is::<super::classic::Class>() => {}
            None => return Err(th.type_error(format!("mro() returned a non-class ('{}')", crate::object::class_name(*c)))),
        }
    }
    Ok(())
}
/// Whether the layout of `a`'s instances is `b`'s or begins with it.
fn extends(a: Gc<Type>, b: Gc<Type>) -> bool { extends_def(a.frozen().def(), b.frozen().def()) && slots_from(b).is_none_or(|s| bases_of(a).any(|t| t == s)) }
/// The class and its bases, each by what decides its layout.
fn bases_of(t: Gc<Type>) -> impl Iterator<Item = Gc<Type>> { std::iter::successors(Some(t), |t| t.frozen().base.get().cast()) }
/// The class that declared the last of `t`'s slots.
fn slots_from(t: Gc<Type>) -> Option<Gc<Type>> {
    let last = |t: &Gc<Type>| t.frozen().base.get().cast::<Type>().is_none_or(|b| b.frozen().slots().len() < t.frozen().slots().len());
    bases_of(t).find(last).filter(|t| !t.frozen().slots().is_empty())
}
fn extends_def(a: &TypeDef, b: &TypeDef) -> bool {
    let mut at = Some(a);
    while let Some(d) = at {
        if std::ptr::eq(d, b) || d.kind == b.kind && d.size == b.size {
            return true;
        }
        at = d.base;
    }
    b.kind == kinds::OBJECT
}

/// C3 linearisation of a class whose bases are set.
pub fn linearize(th: &mut Thread, t: Gc<Type>) -> R<Value> {
    let bases = t.frozen().bases();
    let mut out = vec![t.value()];
    // The classes are kept alive by `t.bases`, so a plain vector may name them.
    let row = |b: &Value| b.cast::<Type>().map_or_else(|| super::classic::mro(*b), |b| b.frozen().mro().to_vec());
    let mut rows: Vec<Vec<Value>> = bases.iter().map(row).collect();
    rows.push(bases.to_vec());
    loop {
        rows.retain(|r| !r.is_empty());
        if rows.is_empty() {
            break;
        }
        let head = rows.iter().map(|r| r[0]).find(|h| rows.iter().all(|r| !r[1..].contains(h)));
        let Some(h) = head else {
            let names: Vec<_> = bases.iter().filter_map(|b| b.cast::<Type>()).map(|b| name_text(b).into_owned()).collect();
            let msg = if th.py3() {
                format!("Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", "))
            } else {
                format!("Cannot create a consistent method resolution\norder (MRO) for bases {}", names.join(", "))
            };
            return Err(th.type_error(msg));
        };
        out.push(h);
        for r in &mut rows {
            if r[0] == h {
                r.remove(0);
            }
        }
    }
    th.new_tuple(&out)
}

fn add_subclass(th: &mut Thread, base: Gc<Type>, sub: Gc<Type>) -> R<()> {
    let l = match base.frozen().subclasses.get().get() {
        Some(l) => l,
        None => {
            let l = list::new(th, &[])?;
            set(th, base, |t| &t.subclasses, l);
            l
        }
    };
    let w = th.new_weak(super::weakref::WEAKREF.shape(), sub.value(), Value::NONE)?;
    list::append(th, l.cast().expect("a list"), w.value())
}

/// Direct subclasses that are alive.
pub fn subclasses(th: &mut Thread, t: Gc<Type>) -> R<Value> {
    let out = list::new(th, &[])?;
    if let Some(l) = t.frozen().subclasses.get().cast::<list::List>() {
        let mut i = 0;
        while let Some(w) = list::get(th, l, i)? {
            if let Some(s) = w.cast::<txpy_heap::Weak>().and_then(|w| w.get()) {
                list::append(th, out.cast().expect("a list"), s)?;
            }
            i += 1;
        }
    }
    Ok(out)
}

// ---- special methods, lookup, change

fn fill_dunders(th: &mut Thread, t: Gc<Type>) -> R<()> {
    let mut table = [Value::UNSET; dunder::COUNT];
    // What follows the class in its MRO is mostly the MRO of its base, whose table is complete then.
    let mro = t.frozen().mro();
    let base = t.frozen().base.get().cast::<Type>().filter(|b| *b != t && mro.len() > 1 && mro[1..] == *b.frozen().mro());
    if let Some(b) = base {
        for (i, d) in b.frozen().dunders.iter().enumerate() {
            table[i] = d.get();
        }
    }
    // From the far end of the MRO to the class itself: nearer definitions win.
    for c in mro[..if base.is_some() { 1 } else { mro.len() }].iter().rev() {
        let Some(d) = namespace_of(*c) else { continue };
        let mut at = 0;
        while let Some((k, v)) = dict::next(th, d, &mut at)? {
            if let Some(d) = dunder::by_name(k) {
                table[d as usize] = v;
            }
        }
    }
    for (i, v) in table.into_iter().enumerate() {
        if t.frozen().dunders[i].get() != v {
            set(th, t, |t| &t.dunders[i], v);
        }
    }
    let custom = [(D::getattribute, super::object::OBJECT.value()), (D::setattr, super::object::OBJECT.value()), (D::delattr, super::object::OBJECT.value())]
        .iter()
        .any(|(d, object)| object.cast::<Type>().is_some_and(|o| o != t && o.frozen().dunder(*d) != t.frozen().dunder(*d)));
    if custom && t.frozen().has(type_flag::HEAP) {
        shape::set_flag(t.frozen().root_shape(), shape::shape_flag::CUSTOM);
    }
    Ok(())
}

/// A slot whose name means something else in the class that does not keep instances from having an attribute of this name, too: shapes have one place
/// for both, so sites may not keep it, and attributes of that name go to a dictionary.
fn note_hidden_slots(th: &mut Thread, t: Gc<Type>) -> R<()> {
    use shape::shape_flag::{CUSTOM, HIDDEN_SLOT};
    for key in t.frozen().slots() {
        let name = th.intern_value(*key);
        if name != *key || lookup(th, t, name)?.is_some_and(|m| matches!(m.kind(), Some(kinds::MEMBER | kinds::GETSET | kinds::PROPERTY))) {
            continue;
        }
        if shape::shape(t.frozen().root_shape()).flags.load(Relaxed) & HIDDEN_SLOT == 0 {
            th.stopped(|_| {
                shape::set_flag(t.frozen().root_shape(), CUSTOM | HIDDEN_SLOT);
                crate::interp::cache::clear_all();
            });
        }
        break;
    }
    Ok(())
}

/// The attribute `name` (interned) in the class's MRO, without binding.
#[inline]
pub fn lookup(th: &mut Thread, t: Gc<Type>, name: Value) -> R<Option<Value>> { super::lookup::find(th, t, name) }

fn mro_has_classic(t: Gc<Type>) -> bool { !crate::dialect::py3() && t.frozen().mro().iter().any(|c| c.is::<super::classic::Class>()) }
/// The namespace of a class in a resolution order: 2.7's may hold classic classes.
pub fn namespace_of(c: Value) -> Option<Gc<Dict>> {
    match c.cast::<Type>() {
        Some(t) => Some(t.frozen().dict),
        None => super::classic::namespace(c),
    }
}

pub(super) fn lookup_slow(th: &mut Thread, t: Gc<Type>, name: Value) -> R<Option<Gc<super::cell::Cell>>> {
    for d in t.frozen().mro().iter().filter_map(|c| namespace_of(*c)) {
        if let Some(cell) = dict::find_cell(th, d, name)? {
            if !super::cell::get(th, cell.value())?.is_unset() {
                return Ok(Some(cell));
            }
        }
    }
    Ok(None)
}

/// Sets (or with UNSET deletes) the attribute `name` of a class.
pub fn set_attribute(th: &mut Thread, t: Gc<Type>, name: Value, v: Value) -> R<()> {
    if !t.frozen().has(type_flag::HEAP) {
        let what = name_text(t).into_owned();
        let msg = if th.py3() { format!("cannot set '{}' attribute of immutable type '{what}'", text::lossy(name)) } else { format!("can't set attributes of built-in/extension type '{what}'") };
        return Err(th.type_error(msg));
    }
    let d = t.frozen().dict;
    // Versions and caches change with the world stopped, which no abort takes back.
    crate::atomic::irrevocable(th)?;
    let old = dict::get_name(th, d, name)?;
    if old.is_none() && v.is_unset() {
        let msg = if th.py3() { format!("type object '{}' has no attribute '{}'", name_text(t), text::lossy(name)) } else { text::lossy(name).into_owned() };
        return Err(th.attribute_error(msg));
    }
    let plain = |v: Value| v.is_int() || v.is_float() || v.is_singleton() && !v.is_unset() || matches!(v.kind(), Some(k) if matches!(k, kinds::STR | kinds::BYTES | kinds::TUPLE | kinds::LIST | kinds::DICT | kinds::SET | kinds::INT | kinds::FLOAT));
    if old.is_some_and(plain) && plain(v) && dunder::by_name(name).is_none() {
        return dict::set(th, d, name, v);
    }
    if v.is_unset() {
        dict::remove(th, d, name)?;
    } else {
        dict::set(th, d, name, v)?;
    }
    if crate::object::attr::is_data_descriptor(v) || old.is_some_and(|o| o.is::<super::member::Member>()) || matches!(dunder::by_name(name), Some(D::getattribute | D::setattr | D::delattr | D::set | D::delete)) {
        // Cached slots of instances may be hidden from now on.
        th.stopped(|_| crate::interp::cache::clear_all());
    }
    changed(th, t)
}

/// A new version: what was looked up in the class no longer holds.
fn renew(th: &mut Thread, t: Gc<Type>) {
    let r = t.frozen();
    let version = new_version();
    th.stopped(|_| {
        r.version.store(version, Release);
        shape::set_version(r.root_shape(), version);
    });
}

/// After a change of the class's structure: new versions for it and its subclasses, special methods looked up again.
pub fn changed(th: &mut Thread, t: Gc<Type>) -> R<()> {
    th.check_stack()?;
    renew(th, t);
    fill_dunders(th, t)?;
    note_hidden_slots(th, t)?;
    let subs = subclasses(th, t)?;
    let subs: Gc<list::List> = subs.cast().expect("a list");
    let mut i = 0;
    while let Some(s) = list::get(th, subs, i)? {
        if let Some(s) = s.cast::<Type>() {
            changed(th, s)?;
        }
        i += 1;
    }
    Ok(())
}

/// Gives a class other bases.
pub fn rebase(th: &mut Thread, t: Gc<Type>, bases: Value) -> R<()> {
    crate::atomic::irrevocable(th)?;
    let old = t.frozen().bases.get();
    set(th, t, |t| &t.bases, bases);
    let mro = match linearize(th, t) {
        Ok(m) => m,
        Err(e) => {
            set(th, t, |t| &t.bases, old);
            return Err(e);
        }
    };
    set(th, t, |t| &t.mro, mro);
    // The base is the one that decides the layout.
    let slots = t.frozen().base.get().cast::<Type>().map_or(&[][..], |b| b.frozen().slots());
    let items = tuple::items(bases).unwrap_or(&[]);
    let same = |b: &&Value| b.cast::<Type>().is_some_and(|b| std::ptr::eq(b.frozen().def(), t.frozen().def()) && b.frozen().slots() == slots);
    let base = items.iter().find(same).or(items.first()).copied().unwrap_or(Value::NONE);
    set(th, t, |t| &t.base, base);
    for b in tuple::items(bases).unwrap_or(&[]).iter().filter_map(|b| b.cast::<Type>()) {
        add_subclass(th, b, t)?;
    }
    // The new bases may have data descriptors that hide cached slots.
    th.stopped(|_| crate::interp::cache::clear_all());
    changed(th, t)
}

/// Flags an object's header needs when an instance of `t` is allocated.
pub fn instance_flags(t: &Type) -> u16 {
    let mut f = 0;
    if t.has(type_flag::HEAP) {
        f |= if t.def().size == 0 { flag::TAIL_DICT } else { flag::SLOTS };
    }
    if t.dunder(D::del).is_some() {
        f |= flag::FINALIZER;
    }
    f
}

