//! `weakref.ref` and the proxies: references that do not keep their object alive.

use super::type_::{self, Type};
use super::{list, module, text};
use crate::exceptions::REFERENCE_ERROR;
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, ModuleDef, NativeDef, TypeDef, type_flag};
use crate::object::compare::{self, Cmp};
use crate::object::number::{self, Op};
use crate::object::{self, attr, instance, item, iter};
use crate::thread::Thread;
use crate::types::dunder::D;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, Once};
use txpy_heap::{Gc, Header, Late, R, Referent, Tracer, Unwind, Value, Weak, object};

object! {
    /// Forwards every operation to the referent of `weak`.
    pub struct Proxy = kinds::PROXY, frozen { pub weak: Gc<Weak> }
}

pub static WEAKREF: TypeDef = TypeDef {
    name: "ReferenceType", name2: "weakref", module: "weakref", kind: txpy_heap::kinds::kind::WEAK, size: size_of::<Weak>() as u16, flags: type_flag::BASE,
    methods: &[METHODS], getset: getset! { #[py3] "__callback__" = callback, "Function called when the referent has died."; },
    doc: "A reference that does not keep its object alive.", ..TypeDef::DEFAULT
};
pub static PROXY: TypeDef = TypeDef {
    name: "ProxyType", name2: "weakproxy", module: "weakref", kind: kinds::PROXY, size: size_of::<Proxy>() as u16, flags: type_flag::NO_NEW,
    methods: &[PROXY_METHODS, PROXY_NUMBERS], doc: "Stands for an object that it does not keep alive.", ..TypeDef::DEFAULT
};
pub static CALLABLE_PROXY: TypeDef = TypeDef {
    name: "CallableProxyType", name2: "weakcallableproxy", module: "weakref", kind: kinds::PROXY, size: size_of::<Proxy>() as u16, flags: type_flag::NO_NEW,
    methods: &[PROXY_METHODS, PROXY_NUMBERS, CALLABLE_METHODS], doc: "Stands for a callable object that it does not keep alive.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create and return a new object.";
    "__init__(self, object, callback=None, *args, **kwargs)" = init, "Initialize self.";
    "__call__(self)" = call, "The referent, None once it is dead.";
    "__eq__(self, other, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=other.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
};

fn this(v: Value) -> Gc<Weak> { v.cast().expect("checked by the call") }

/// TypeError unless the class of `v` allows weak references.
fn check(th: &mut Thread, v: Value) -> R<()> {
    if v.is_ref() && object::class_of(v).frozen().has(type_flag::WEAK) {
        return Ok(());
    }
    let got = object::class_name(v);
    Err(th.type_error(format!("cannot create weak reference to '{got}' object")))
}
fn fresh(referent: Value, callback: Value) -> Weak {
    Weak { header: Header::NEW, referent: Referent(AtomicU64::new(referent.bits())), callback, hash: Late::new(Value::UNSET) }
}

/// A plain weak reference to `v`; without callback all share one.
pub fn new(th: &mut Thread, v: Value, callback: Value) -> R<Gc<Weak>> {
    check(th, v)?;
    if callback.is_none() {
        if let Some(w) = known(v).into_iter().find(|w| WEAKREF.is_exact(w.value()) && w.frozen().callback.is_none()) {
            return Ok(w);
        }
    }
    let w = th.new_weak(WEAKREF.shape(), v, callback)?;
    enter(v, w.value());
    Ok(w)
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let exact = a.get(0) == WEAKREF.value();
    let k = a.positional().saturating_sub(1);
    if k == 0 || k > 2 && exact {
        let (bound, least) = if k == 0 { ("at least 1 argument", true) } else { ("at most 2 arguments", false) };
        let s = if !th.py3() && least { "s" } else { "" };
        return Err(th.type_error(format!("__new__ expected {bound}{s}, got {k}")));
    }
    if exact && a.has_keywords() {
        return Err(th.type_error(if th.py3() { "ref() takes no keyword arguments" } else { "weakref() takes no keyword arguments" }));
    }
    let callback = if k > 1 { a.get(2) } else { Value::NONE };
    if exact {
        return Ok(new(th, a.get(1), callback)?.value());
    }
    check(th, a.get(1))?;
    let w: Gc<Weak> = instance::alloc_like(th, a.get(0), |_| fresh(a.get(1), callback))?;
    th.register_weak(w);
    enter(a.get(1), w.value());
    Ok(w.value())
}
fn init(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn call(_: &mut Thread, a: Args) -> R<Value> { Ok(this(a.get(0)).get().unwrap_or(Value::NONE)) }
fn callback(_: &mut Thread, v: Value) -> R<Value> {
    let w = this(v);
    // A dead reference has given its callback away.
    Ok(if w.get().is_some() { w.frozen().callback.get().unwrap_or(Value::NONE) } else { Value::NONE })
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let Some(o) = a.get(1).cast::<Weak>() else { return Ok(Value::NOT_IMPLEMENTED) };
    match (this(a.get(0)).get(), o.get()) {
        (Some(x), Some(y)) => compare::compare(th, op, x, y),
        _ => Ok(Value::from_bool((a.get(0) == a.get(1)) == (op == Cmp::Eq))),
    }
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let w = this(a.get(0));
    if let Some(h) = w.frozen().hash.get().get() {
        return Ok(h);
    }
    let Some(v) = w.get() else { return Err(th.type_error("weak object has gone away")) };
    let h = object::hash(th, v)?;
    let h = super::int::from_i64(th, h)?;
    th.set_late(w.header(), &w.frozen().hash, h);
    Ok(h)
}
fn address(v: Value) -> u64 { v.bits() & !7 }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let at = address(a.get(0));
    let Some(v) = this(a.get(0)).get() else { return th.native_str(&format!("<weakref at {at:#x}; dead>")) };
    let name = attr::get_opt(th, v, n(N::__name__))?.filter(|s| text::is_string(th, *s));
    let name = name.map_or(String::new(), |s| format!(" ({})", text::lossy(s)));
    th.native_str(&format!("<weakref at {at:#x}; to '{}' at {:#x}{name}>", object::class_name(v), address(v)))
}

// ---- which weak references an object has

/// Weak references by referent; neither keeps anything alive. `young` are the referents entered since the last collection: a collection
/// of the young generation needs to look at these only, because whatever survived one is old.
#[derive(Default)]
struct Table {
    of: HashMap<u64, Vec<u64>>,
    young: Vec<u64>,
}
static TABLE: Mutex<Option<Table>> = Mutex::new(None);
static HOOK: Once = Once::new();

fn table() -> MutexGuard<'static, Option<Table>> { TABLE.lock().unwrap_or_else(|e| e.into_inner()) }

/// Drops what died, so that the table never names an object that is gone.
fn sweep(t: &Tracer) {
    let mut guard = table();
    let Some(table) = guard.as_mut() else { return };
    let alive = |bits: u64| t.is_marked(Value(bits));
    let young = std::mem::take(&mut table.young);
    if t.full() {
        table.of.retain(|referent, list| {
            list.retain(|w| alive(*w));
            !list.is_empty() && alive(*referent)
        });
        return;
    }
    for referent in young {
        if let Some(list) = table.of.get_mut(&referent) {
            list.retain(|w| alive(*w));
            if list.is_empty() || !alive(referent) {
                table.of.remove(&referent);
            }
        }
    }
}
fn enter(referent: Value, weak: Value) {
    HOOK.call_once(|| txpy_heap::add_sweep_hook(sweep));
    let mut guard = table();
    let table = guard.get_or_insert_default();
    table.of.entry(referent.bits()).or_default().push(weak.bits());
    table.young.push(referent.bits());
}
/// The live weak references to `v`, oldest first. The collector does not see them in the vector: use them before the next safepoint,
/// or put them into a heap object there.
fn known(v: Value) -> Vec<Gc<Weak>> {
    let guard = table();
    let Some(list) = guard.as_ref().and_then(|t| t.of.get(&v.bits())) else { return Vec::new() };
    list.iter().filter_map(|w| Value(*w).cast::<Weak>()).filter(|w| w.get() == Some(v)).collect()
}

// ---- proxies

/// The referent of a proxy, anything else itself; ReferenceError when it is dead.
fn real(th: &mut Thread, v: Value) -> R<Value> {
    match v.cast::<Proxy>() {
        None => Ok(v),
        Some(p) => match p.frozen().weak.get() {
            Some(v) => Ok(v),
            None => Err(dead(th)),
        },
    }
}
#[cold]
fn dead(th: &mut Thread) -> Unwind { th.raise(&REFERENCE_ERROR, "weakly-referenced object no longer exists") }

pub fn new_proxy(th: &mut Thread, v: Value, callback: Value) -> R<Value> {
    check(th, v)?;
    let def = if object::dunder(v, D::call).is_some() { &CALLABLE_PROXY } else { &PROXY };
    if callback.is_none() {
        // A proxy is entered in the table in place of its reference, so that it counts once.
        if let Some(p) = known_proxies(v).into_iter().find(|p| p.frozen().weak.frozen().callback.is_none()) {
            return Ok(p.value());
        }
    }
    let weak = th.new_weak(WEAKREF.shape(), v, callback)?;
    let p = th.alloc(def.shape(), Proxy { header: Header::NEW, weak })?;
    enter(v, p.value());
    Ok(p.value())
}
/// What `__weakref__` shows: the first weak reference to an object, None without one.
pub fn first(v: Value) -> Value { known(v).first().map(|w| w.value()).or_else(|| known_proxies(v).first().map(|p| p.value())).unwrap_or(Value::NONE) }
fn known_proxies(v: Value) -> Vec<Gc<Proxy>> {
    let guard = table();
    let Some(list) = guard.as_ref().and_then(|t| t.of.get(&v.bits())) else { return Vec::new() };
    list.iter().filter_map(|w| Value(*w).cast::<Proxy>()).filter(|p| p.frozen().weak.get() == Some(v)).collect()
}

static PROXY_METHODS: &[NativeDef] = natives! {
    "__getattribute__(self, name, /)" = |th, a| { let v = real(th, a.get(0))?; attr::get(th, v, a.get(1)) }, "Return getattr(self, name).";
    "__setattr__(self, name, value, /)" = |th, a| { let v = real(th, a.get(0))?; attr::set(th, v, a.get(1), a.get(2)).map(|_| Value::NONE) }, "Implement setattr(self, name, value).";
    "__delattr__(self, name, /)" = |th, a| { let v = real(th, a.get(0))?; attr::delete(th, v, a.get(1)).map(|_| Value::NONE) }, "Implement delattr(self, name).";
    "__repr__(self, /)" = proxy_repr, "Return repr(self).";
    "__str__(self, /)" = |th, a| { let v = real(th, a.get(0))?; object::str_(th, v) }, "Return str(self).";
    #[py2] "__unicode__(self, /)" = |th, a| { let v = real(th, a.get(0))?; th.call(text::STR.value(), &[v]) }, "Return unicode(self).";
    #[py3] "__bytes__(self, /)" = |th, a| { let v = real(th, a.get(0))?; th.call(text::BYTES.value(), &[v]) }, "Return bytes(self).";
    #[py3] "__bool__(self, /)" = truth, "True if self else False";
    #[py2] "__nonzero__(self, /)" = truth, "self != 0";
    "__len__(self, /)" = |th, a| { let v = real(th, a.get(0))?; item::len(th, v).map(|n| Value::int(n as i64)) }, "Return len(self).";
    "__getitem__(self, key, /)" = |th, a| { let (v, k) = pair(th, a)?; item::get(th, v, k) }, "Return self[key].";
    "__setitem__(self, key, value, /)" = |th, a| { let (v, k) = pair(th, a)?; let x = real(th, a.get(2))?; item::set(th, v, k, x).map(|_| Value::NONE) }, "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, a| { let (v, k) = pair(th, a)?; item::delete(th, v, k).map(|_| Value::NONE) }, "Delete self[key].";
    "__contains__(self, key, /)" = |th, a| { let (v, k) = pair(th, a)?; item::contains(th, v, k).map(Value::from_bool) }, "Return key in self.";
    "__iter__(self, /)" = |th, a| { let v = real(th, a.get(0))?; iter::iter(th, v) }, "Implement iter(self).";
    #[py3] "__next__(self, /)" = proxy_next, "Implement next(self).";
    #[py2] "next(self, /)" = proxy_next, "x.next() -> the next value, or raise StopIteration";
    #[py3] "__reversed__(self, /)" = |th, a| { let v = real(th, a.get(0))?; th.call_method(v, "__reversed__", &[]) }, "Return reversed(self).";
    "__hash__(self, /)" = unhashable, "Proxies have no hash.";
    #[py2] "__cmp__(self, other, /)" = |th, a| { let (x, y) = pair(th, a)?; super::order27::cmp(th, x, y).map(|o| Value::int(o as i64)) }, "x.__cmp__(y) <==> cmp(x,y)";
    #[py3] "__eq__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Eq, a), "Return self==other.";
    #[py3] "__ne__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Ne, a), "Return self!=other.";
    #[py3] "__lt__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Lt, a), "Return self<other.";
    #[py3] "__le__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Le, a), "Return self<=other.";
    #[py3] "__gt__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Gt, a), "Return self>other.";
    #[py3] "__ge__(self, other, /)" = |th, a| proxy_rich(th, Cmp::Ge, a), "Return self>=other.";
};
static CALLABLE_METHODS: &[NativeDef] = natives! {
    "__call__(self, *args, **kwargs)" = |th, a| { let v = real(th, a.get(0))?; th.call_args(v, a.skip(1)) }, "Call the referent.";
};

/// The first two arguments without their proxies.
fn pair(th: &mut Thread, a: Args) -> R<(Value, Value)> {
    let x = real(th, a.get(0))?;
    Ok((x, real(th, a.get(1))?))
}
fn proxy_repr(th: &mut Thread, a: Args) -> R<Value> {
    let at = address(a.get(0));
    let v = a.get(0).cast::<Proxy>().and_then(|p| p.frozen().weak.get()).unwrap_or(Value::NONE);
    let to = if th.py3() { format!("; to '{}' at", object::class_name(v)) } else { format!(" to {} at", object::class_name(v)) };
    th.native_str(&format!("<weakproxy at {at:#x}{to} {:#x}>", address(v)))
}
fn truth(th: &mut Thread, a: Args) -> R<Value> {
    let v = real(th, a.get(0))?;
    object::is_true(th, v).map(Value::from_bool)
}
fn proxy_next(th: &mut Thread, a: Args) -> R<Value> {
    let v = real(th, a.get(0))?;
    if !iter::is_iterator(th, v) {
        let got = object::class_name(v);
        return Err(th.type_error(format!("Weakref proxy referenced a non-iterator '{got}' object")));
    }
    let r = iter::next(th, v)?.unwrap_or(Value::STOP);
    iter::finish(th, Ok(r))
}
fn unhashable(th: &mut Thread, a: Args) -> R<Value> {
    let name = if th.py3() { format!("weakref.{}", object::class_name(a.get(0))) } else { object::class_name(a.get(0)) };
    Err(th.type_error(format!("unhashable type: '{name}'")))
}
fn proxy_rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = pair(th, a)?;
    compare::compare(th, op, x, y)
}

macro_rules! numbers {
    ($($(#[$m:ident])? $op:ident $forward:literal $reverse:literal $inplace:literal;)* ; $($(#[$um:ident])? $unary:literal = $d:ident;)*) => {
        static PROXY_NUMBERS: &[NativeDef] = natives! {
            $(
                $(#[$m])? $forward = |th, a| { let (x, y) = pair(th, a)?; number::binary(th, Op::$op, x, y) }, "Apply the operator to the referent.";
                $(#[$m])? $reverse = |th, a| { let (x, y) = pair(th, a)?; number::binary(th, Op::$op, y, x) }, "Apply the operator to the referent.";
                $(#[$m])? $inplace = |th, a| { let (x, y) = pair(th, a)?; number::inplace(th, Op::$op, x, y) }, "Apply the operator to the referent.";
            )*
            "__divmod__(self, other, /)" = |th, a| { let (x, y) = pair(th, a)?; number::binary(th, Op::DivMod, x, y) }, "Return divmod(self, other).";
            "__rdivmod__(self, other, /)" = |th, a| { let (x, y) = pair(th, a)?; number::binary(th, Op::DivMod, y, x) }, "Return divmod(other, self).";
            $($(#[$um])? $unary = |th, a| { let v = real(th, a.get(0))?; object_unary(th, D::$d, v) }, "Apply the operator to the referent.";)*
        };
    };
}
numbers! {
    Add "__add__(self, other, /)" "__radd__(self, other, /)" "__iadd__(self, other, /)";
    Sub "__sub__(self, other, /)" "__rsub__(self, other, /)" "__isub__(self, other, /)";
    Mul "__mul__(self, other, /)" "__rmul__(self, other, /)" "__imul__(self, other, /)";
    #[py2] Div "__div__(self, other, /)" "__rdiv__(self, other, /)" "__idiv__(self, other, /)";
    TrueDiv "__truediv__(self, other, /)" "__rtruediv__(self, other, /)" "__itruediv__(self, other, /)";
    FloorDiv "__floordiv__(self, other, /)" "__rfloordiv__(self, other, /)" "__ifloordiv__(self, other, /)";
    Mod "__mod__(self, other, /)" "__rmod__(self, other, /)" "__imod__(self, other, /)";
    Pow "__pow__(self, other, modulo=None, /)" "__rpow__(self, other, modulo=None, /)" "__ipow__(self, other, /)";
    #[py3] MatMul "__matmul__(self, other, /)" "__rmatmul__(self, other, /)" "__imatmul__(self, other, /)";
    LShift "__lshift__(self, other, /)" "__rlshift__(self, other, /)" "__ilshift__(self, other, /)";
    RShift "__rshift__(self, other, /)" "__rrshift__(self, other, /)" "__irshift__(self, other, /)";
    And "__and__(self, other, /)" "__rand__(self, other, /)" "__iand__(self, other, /)";
    Or "__or__(self, other, /)" "__ror__(self, other, /)" "__ior__(self, other, /)";
    Xor "__xor__(self, other, /)" "__rxor__(self, other, /)" "__ixor__(self, other, /)";
    ;
    "__neg__(self, /)" = neg;
    "__pos__(self, /)" = pos;
    "__abs__(self, /)" = abs;
    "__invert__(self, /)" = invert;
    "__int__(self, /)" = int_;
    #[py2] "__long__(self, /)" = long;
    "__float__(self, /)" = float_;
    "__index__(self, /)" = index;
}
/// A special method without further arguments; TypeError when the class of `v` has none.
fn object_unary(th: &mut Thread, d: D, v: Value) -> R<Value> {
    if let Some(r) = object::call_dunder(th, v, d, &[])? {
        return Ok(r);
    }
    let got = object::class_name(v);
    Err(th.type_error(match d {
        D::neg => format!("bad operand type for unary -: '{got}'"),
        D::pos => format!("bad operand type for unary +: '{got}'"),
        D::invert => format!("bad operand type for unary ~: '{got}'"),
        D::abs => format!("bad operand type for abs(): '{got}'"),
        D::float_ if th.py3() => format!("float() argument must be a string or a real number, not '{got}'"),
        D::float_ => "float() argument must be a string or a number".to_string(),
        D::index => format!("'{got}' object cannot be interpreted as an integer"),
        _ if th.py3() => format!("int() argument must be a string, a bytes-like object or a real number, not '{got}'"),
        _ => format!("int() argument must be a string or a number, not '{got}'"),
    }))
}

// ---- module _weakref

static FUNCTIONS: &[NativeDef] = natives! {
    "proxy(object, callback=None, /)" = |th, a| new_proxy(th, a.get(0), a.or(1, Value::NONE)), "Create a proxy object that weakly references 'object'.";
    "getweakrefcount(object, /)" = |_, a| Ok(Value::int((known(a.get(0)).len() + known_proxies(a.get(0)).len()) as i64)), "Return the number of weak references to 'object'.";
    "getweakrefs(object, /)" = getweakrefs, "Return a list of all weak reference objects pointing to 'object'.";
    "_remove_dead_weakref(dct, key, /)" = remove_dead, "Atomically remove key from dict if it points to a dead weakref.";
};
pub static MODULE: ModuleDef = ModuleDef {
    name: "_weakref", doc: "Weak-reference support module.", functions: FUNCTIONS, init: Some(init_module), ..ModuleDef::DEFAULT
};

fn init_module(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    for (name, def) in [("ref", &WEAKREF), ("ReferenceType", &WEAKREF), ("ProxyType", &PROXY), ("CallableProxyType", &CALLABLE_PROXY)] {
        let t: Gc<Type> = type_::make_native(th, def)?;
        let name = th.intern(name)?;
        module::set_attribute(th, m, name, t.value())?;
    }
    Ok(())
}
fn getweakrefs(th: &mut Thread, a: Args) -> R<Value> {
    let out = list::with_capacity(th, 0)?;
    let mut i = 0;
    loop {
        // One at a time: appending may collect, and the vectors are not roots.
        let (refs, proxies) = (known(a.get(0)), known_proxies(a.get(0)));
        let next = match refs.get(i) {
            Some(w) => w.value(),
            None => match i.checked_sub(refs.len()).and_then(|k| proxies.get(k)) {
                Some(p) => p.value(),
                None => return Ok(out.value()),
            },
        };
        list::append(th, out, next)?;
        i += 1;
    }
}
fn remove_dead(th: &mut Thread, a: Args) -> R<Value> {
    let Some(d) = a.get(0).cast::<super::dict::Dict>() else {
        let got = object::class_name(a.get(0));
        return Err(th.type_error(format!("_remove_dead_weakref() argument 1 must be dict, not {got}")));
    };
    match super::dict::get(th, d, a.get(1))? {
        None => {}
        Some(w) => match w.cast::<Weak>() {
            Some(w) if w.get().is_none() => {
                super::dict::remove(th, d, a.get(1))?;
            }
            Some(_) => {}
            None => return Err(th.type_error("not a weakref")),
        },
    }
    Ok(Value::NONE)
}
