//! `_abc`: the registry and the caches of abstract base classes.

use crate::api::*;
use crate::kinds;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_vm::types::set::{self, Set};
use txpy_vm::types::weakref;

object! {
    /// What a class keeps as `_abc_impl`: sets of weak references to classes.
    pub struct AbcData = kinds::ABC_DATA {
        pub registry: Gc<Set>,
        pub cache: Gc<Set>,
        pub negative: Gc<Set>,
        /// The registration count at which `negative` was valid.
        pub version: u64,
    }
}
pub static ABC_DATA: TypeDef = TypeDef { name: "_abc_data", module: "_abc", kind: kinds::ABC_DATA, size: size_of::<AbcData>() as u16, flags: type_flag::NO_NEW, doc: "Internal state held by ABC machinery.", ..TypeDef::DEFAULT };

pub static MODULE: ModuleDef = ModuleDef { name: "_abc", doc: "Module contains faster C implementation of abc.ABCMeta", functions: FUNCTIONS, init: Some(init), lang: Lang::Py3, types: &[] };
static FUNCTIONS: &[NativeDef] = natives! {
    "get_cache_token()" = |th, _| int::from_u64(th, REGISTRATIONS.load(Relaxed)), "Returns the current ABC cache token.";
    "_abc_init(self, /)" = abc_init, "Internal ABC helper for class set-up. Should be never used outside abc module.";
    "_abc_register(self, subclass, /)" = register, "Internal ABC helper for subclasss registration. Should be never used outside abc module.";
    "_abc_instancecheck(self, instance, /)" = |th, a| Ok(Value::from_bool(instance_check(th, a)?)), "Internal ABC helper for instance checks. Should be never used outside abc module.";
    "_abc_subclasscheck(self, subclass, /)" = |th, a| Ok(Value::from_bool(subclass_check(th, a.get(0), a.get(1))?)), "Internal ABC helper for subclasss checks. Should be never used outside abc module.";
    "_get_dump(self, /)" = dump, "Internal ABC helper for cache and registry debugging.";
    "_reset_registry(self, /)" = |th, a| { let d = data(th, a.get(0))?; let s = set::new(th)?; d.write(th)?.registry = s; Ok(Value::NONE) }, "Internal ABC helper to reset registry of a given class.";
    "_reset_caches(self, /)" = reset_caches, "Internal ABC helper to reset both caches of a given class.";
};

/// Counts registrations: negative answers are valid as long as it stands still. A count that an aborted transaction left behind is harmless.
static REGISTRATIONS: AtomicU64 = AtomicU64::new(0);

fn init(th: &mut Thread, _: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[AbcData::INFO]);
    type_::make_native(th, &ABC_DATA)?;
    Ok(())
}

fn data(th: &mut Thread, class: Value) -> R<Gc<AbcData>> {
    let v = attr::get_str(th, class, "_abc_impl")?;
    match v.cast() {
        Some(d) => Ok(d),
        None => Err(th.type_error("_abc_impl is set to a wrong type")),
    }
}
fn is_abstract(th: &mut Thread, v: Value) -> R<bool> {
    match attr::get_str_opt(th, v, "__isabstractmethod__")? {
        Some(x) => is_true(th, x),
        None => Ok(false),
    }
}
fn abc_init(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.get(0);
    let Some(t) = class.cast::<Type>() else { return Err(th.type_error("_abc_init() argument must be a class")) };
    let found = set::new(th)?;
    let ns = t.frozen().dict;
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, ns, &mut at)? {
        if is_abstract(th, v)? {
            set::add(th, found, k)?;
        }
    }
    for b in t.frozen().bases() {
        let Some(names) = attr::get_str_opt(th, *b, "__abstractmethods__")? else { continue };
        let it = iter::iter(th, names)?;
        while let Some(name) = iter::next(th, it)? {
            if let Some(v) = attr::get_opt(th, class, name)? {
                if is_abstract(th, v)? {
                    set::add(th, found, name)?;
                }
            }
        }
    }
    let frozen = th.call(set::FROZENSET.value(), &[found.value()])?;
    attr::set_str(th, class, "__abstractmethods__", frozen)?;
    let (registry, cache, negative) = (set::new(th)?, set::new(th)?, set::new(th)?);
    let d = th.alloc(ABC_DATA.shape(), AbcData { header: Header::NEW, registry, cache, negative, version: REGISTRATIONS.load(Relaxed) })?;
    attr::set_str(th, class, "_abc_impl", d.value())?;
    if let Some(f) = dict::get_str(th, ns, "__abc_tpflags__")? {
        // CPython's bits of sequence and mapping patterns.
        let bits = int::to_i64(f).unwrap_or(0);
        if bits & 3 << 5 == 3 << 5 {
            return Err(th.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING"));
        }
        t.frozen().flags.fetch_or(if bits & 1 << 5 != 0 { type_flag::SEQUENCE } else { 0 } | if bits & 1 << 6 != 0 { type_flag::MAPPING } else { 0 }, Relaxed);
        let name = th.intern("__abc_tpflags__")?;
        attr::delete(th, class, name)?;
    }
    Ok(Value::NONE)
}

fn reference(th: &mut Thread, class: Value) -> R<Value> { Ok(weakref::new(th, class, Value::NONE)?.value()) }
fn has(th: &mut Thread, s: Gc<Set>, class: Value) -> R<bool> {
    if set::len(th, s.value())? == 0 {
        return Ok(false);
    }
    let r = reference(th, class)?;
    set::contains(th, s.value(), r)
}
fn add(th: &mut Thread, s: Gc<Set>, class: Value) -> R<()> {
    let r = reference(th, class)?;
    set::add(th, s, r)?;
    Ok(())
}
fn issubclass(th: &mut Thread, c: Value, of: Value) -> R<bool> {
    let f = txpy_vm::builtins_seq::builtin(th, "issubclass")?;
    let r = th.call(f, &[c, of])?;
    is_true(th, r)
}
fn register(th: &mut Thread, a: Args) -> R<Value> {
    let (class, sub) = (a.get(0), a.get(1));
    let Some(t) = sub.cast::<Type>() else { return Err(th.type_error("Can only register classes")) };
    if issubclass(th, sub, class)? {
        return Ok(sub);
    }
    if issubclass(th, class, sub)? {
        return Err(th.runtime_error("Refusing to create an inheritance cycle"));
    }
    let d = data(th, class)?;
    let s = d.read(th)?.registry;
    add(th, s, sub)?;
    REGISTRATIONS.fetch_add(1, Relaxed);
    if let Some(c) = class.cast::<Type>() {
        let bits = c.frozen().flags() & (type_flag::SEQUENCE | type_flag::MAPPING);
        if bits != 0 {
            mark_collection(th, t, bits)?;
        }
    }
    Ok(sub)
}
/// A registered class and those derived from it match the same patterns as the abstract one; built-in classes stay what they are.
fn mark_collection(th: &mut Thread, t: Gc<Type>, bits: u32) -> R<()> {
    th.check_stack()?;
    let both = type_flag::SEQUENCE | type_flag::MAPPING;
    if !t.frozen().has(type_flag::HEAP) || t.frozen().flags() & both == bits {
        return Ok(());
    }
    let _ = t.frozen().flags.fetch_update(Relaxed, Relaxed, |f| Some(f & !both | bits));
    let derived = type_::subclasses(th, t)?;
    iter::for_each(th, derived, |th, c| c.cast::<Type>().map_or(Ok(()), |c| mark_collection(th, c, bits)))
}
fn ask(th: &mut Thread, class: Value, sub: Value) -> R<bool> {
    let r = th.call_method(class, "__subclasscheck__", &[sub])?;
    is_true(th, r)
}
fn instance_check(th: &mut Thread, a: Args) -> R<bool> {
    let (class, v) = (a.get(0), a.get(1));
    let d = data(th, class)?;
    let sub = attr::get_str(th, v, "__class__")?;
    let g = d.read(th)?;
    let (cache, negative, version) = (g.cache, g.negative, g.version);
    drop(g);
    if has(th, cache, sub)? {
        return Ok(true);
    }
    let real = class_of(v).value();
    if real == sub {
        if version == REGISTRATIONS.load(Relaxed) && has(th, negative, sub)? {
            return Ok(false);
        }
        return ask(th, class, sub);
    }
    Ok(ask(th, class, sub)? || ask(th, class, real)?)
}
fn subclass_check(th: &mut Thread, class: Value, sub: Value) -> R<bool> {
    th.check_stack()?;
    let Some(t) = sub.cast::<Type>() else { return Err(th.type_error("issubclass() arg 1 must be a class")) };
    let d = data(th, class)?;
    let g = d.read(th)?;
    let (cache, version) = (g.cache, g.version);
    drop(g);
    if has(th, cache, sub)? {
        return Ok(true);
    }
    let now = REGISTRATIONS.load(Relaxed);
    if version < now {
        let fresh = set::new(th)?;
        let mut g = d.write(th)?;
        (g.negative, g.version) = (fresh, now);
    } else {
        let negative = d.read(th)?.negative;
        if has(th, negative, sub)? {
            return Ok(false);
        }
    }
    let by_hook = th.call_method(class, "__subclasshook__", &[sub])?;
    let answer = match by_hook {
        Value::TRUE => true,
        Value::FALSE => false,
        Value::NOT_IMPLEMENTED => {
            let own = t.frozen().mro().contains(&class);
            own || registered(th, d, sub)? || by_subclasses(th, class, sub)?
        }
        _ => return Err(th.raise(&txpy_vm::exceptions::ASSERTION_ERROR, "__subclasshook__ must return either False, True, or NotImplemented")),
    };
    let g = d.read(th)?;
    let s = if answer { g.cache } else { g.negative };
    drop(g);
    add(th, s, sub)?;
    Ok(answer)
}
/// Classes behind the live references of a set.
fn alive(th: &mut Thread, s: Gc<Set>) -> R<RootedVec> {
    let out = RootedVec::new(th)?;
    let mut at = 0;
    while let Some((_, r)) = set::next(th, s.value(), &mut at)? {
        if let Some(c) = r.cast::<txpy_heap::Weak>().and_then(|w| w.get()) {
            out.push(th, c)?;
        }
    }
    Ok(out)
}
fn registered(th: &mut Thread, d: Gc<AbcData>, sub: Value) -> R<bool> {
    let s = d.read(th)?.registry;
    if has(th, s, sub)? {
        return Ok(true);
    }
    let all = alive(th, s)?;
    for i in 0..all.len(th)? {
        let c = all.get(th, i)?;
        if issubclass(th, sub, c)? {
            return Ok(true);
        }
    }
    Ok(false)
}
fn by_subclasses(th: &mut Thread, class: Value, sub: Value) -> R<bool> {
    let all = th.call_method(class, "__subclasses__", &[])?;
    let it = iter::iter(th, all)?;
    while let Some(c) = iter::next(th, it)? {
        if issubclass(th, sub, c)? {
            return Ok(true);
        }
    }
    Ok(false)
}
fn dump(th: &mut Thread, a: Args) -> R<Value> {
    let d = data(th, a.get(0))?;
    let g = d.read(th)?;
    let (r, c, n, version) = (g.registry, g.cache, g.negative, g.version);
    drop(g);
    let version = int::from_u64(th, version)?;
    th.new_tuple(&[r.value(), c.value(), n.value(), version])
}
fn reset_caches(th: &mut Thread, a: Args) -> R<Value> {
    let d = data(th, a.get(0))?;
    let (x, y) = (set::new(th)?, set::new(th)?);
    let mut g = d.write(th)?;
    (g.cache, g.negative) = (x, y);
    Ok(Value::NONE)
}
