//! `_functools`: reduce, cmp_to_key, partial, the cache behind lru_cache.

pub mod lru_cache;
pub mod partial;

use crate::api::*;
use crate::kinds;
use lru_cache::LRU_CACHE;
use partial::{PARTIAL, PLACEHOLDER_TYPE};

object! {
    /// A comparison function, waiting for an object; or with one, a key that compares by the function.
    pub struct Key = kinds::KEY_OBJECT, frozen { pub cmp: Value, pub obj: Value }
}
pub static KEY: TypeDef = TypeDef {
    name: "KeyWrapper", name2: "K", module: "functools", kind: kinds::KEY_OBJECT, size: size_of::<Key>() as u16, flags: type_flag::NO_NEW, methods: &[KEY_METHODS],
    getset: getset! { "obj" = key_obj, "Value wrapped by a key function."; }, doc: "A key that compares by a function.", ..TypeDef::DEFAULT
};
static KEY_METHODS: &[NativeDef] = natives! {
    "__call__(self, obj)" = |th, a| { let cmp = this::<Key>(a.get(0)).frozen().cmp; Ok(th.alloc(KEY.shape(), Key { header: Header::NEW, cmp, obj: a.get(1) })?.value()) }, "Call self as a function.";
    "__lt__(self, other, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, other, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__eq__(self, other, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, other, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__gt__(self, other, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, other, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    #[py2] "__hash__(self, /)" = |th, _| Err(th.type_error("hash not implemented")), "Return hash(self).";
};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_functools", doc: "Tools that operate on functions.", functions: FUNCTIONS, types: &[&PARTIAL, &LRU_CACHE, &PLACEHOLDER_TYPE], init: Some(init), ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    "reduce(function, iterable, initial=None, /)" = reduce, "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.";
    "cmp_to_key(mycmp)" = |th, a| Ok(th.alloc(KEY.shape(), Key { header: Header::NEW, cmp: a.get(0), obj: Value::UNSET })?.value()), "Convert a cmp= function into a key= function.";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Key::INFO]);
    type_::make_native(th, &KEY)?;
    lru_cache::register();
    partial::register(th, m)
}

fn key_obj(th: &mut Thread, v: Value) -> R<Value> {
    match this::<Key>(v).frozen().obj.get() {
        Some(o) => Ok(o),
        None => Err(th.attribute_error("object")),
    }
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let Some(o) = a.get(1).cast::<Key>() else { return Err(th.type_error("other argument must be K instance")) };
    let k: Gc<Key> = this(a.get(0));
    let (x, y) = (k.frozen().obj, o.frozen().obj);
    if x.is_unset() || y.is_unset() {
        return Err(th.attribute_error("object"));
    }
    let r = th.call(k.frozen().cmp, &[x, y])?;
    compare(th, op, r, Value::int(0))
}

pub fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(1));
    let it = match it {
        Ok(it) => it,
        Err(e) => return Err(if th.catch(&TYPE_ERROR).is_some() { th.type_error("reduce() arg 2 must support iteration") } else { e }),
    };
    let mut acc = a.get(2);
    while let Some(x) = iter::next(th, it)? {
        th.poll()?;
        acc = if acc.is_unset() { x } else { th.call(a.get(0), &[acc, x])? };
    }
    if acc.is_unset() {
        return Err(th.type_error(if th.py3() { "reduce() of empty iterable with no initial value" } else { "reduce() of empty sequence with no initial value" }));
    }
    Ok(acc)
}
