//! `mappingproxy`: a read-only view of a mapping (2.7's `dictproxy`).

use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::{self, iter};
use crate::thread::Thread;
use txpy_heap::{Header, R, Value, object};

object! { pub struct Proxy = kinds::NAMESPACE, frozen { pub mapping: Value } }

pub static MAPPINGPROXY: TypeDef = TypeDef {
    name: "mappingproxy", name2: "dictproxy", kind: kinds::NAMESPACE, size: size_of::<Proxy>() as u16, flags: type_flag::MAPPING, methods: &[METHODS],
    doc: "Read-only proxy of a mapping.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, mapping, /)" = new_, "Create a proxy.";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__len__(self, /)" = len, "Return len(self).";
    "__contains__(self, key, /)" = contains, "True if the mapping has the key.";
    "__iter__(self, /)" = iter_, "Implement iter(self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    "__eq__(self, value, /)" = eq, "Return self==value.";
    #[py3] "__or__(self, value, /)" = or, "Return self|value.";
    #[py3] "__ror__(self, value, /)" = ror, "Return value|self.";
    #[py3] "__ior__(self, value, /)" = ior, "Return self|=value.";
    #[py3] "__hash__(self, /)" = hash, "Return hash(self).";
    #[py3] "__reversed__(self, /)" = reversed, "Reverse iterator over the keys.";
    #[py3, class] "__class_getitem__(cls, item, /)" = super::generic_alias::class_getitem, "See PEP 585";
    "get(self, *args)" = get, "Value for a key, or the default.";
    "keys(self, /)" = keys, "Keys.";
    "values(self, /)" = values, "Values.";
    "items(self, /)" = items, "Items.";
    "copy(self, /)" = copy, "A copy of the mapping.";
    #[py2] "has_key(self, key, /)" = contains, "True if the mapping has the key.";
    #[py2] "iteritems(self, /)" = iteritems, "Iterator over the items.";
    #[py2] "iterkeys(self, /)" = iter_, "Iterator over the keys.";
    #[py2] "itervalues(self, /)" = |th, a| th.call_method(inner(a.get(0)), "itervalues", &[]), "Iterator over the values.";
};
fn inner(v: Value) -> Value { v.cast::<Proxy>().expect("checked by the call").frozen().mapping }
pub fn new(th: &mut Thread, mapping: Value) -> R<Value> { Ok(th.alloc(MAPPINGPROXY.shape(), Proxy { header: Header::NEW, mapping })?.value()) }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    if object::dunder(a.get(1), crate::types::dunder::D::getitem).is_none() || a.get(1).is::<super::list::List>() || a.get(1).is::<super::tuple::Tuple>() {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("mappingproxy() argument must be a mapping, not {got}")));
    }
    new(th, a.get(1))
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> { object::item::get(th, inner(a.get(0)), a.get(1)) }
fn len(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(object::item::len(th, inner(a.get(0)))? as i64)) }
fn contains(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(object::item::contains(th, inner(a.get(0)), a.get(1))?)) }
fn iter_(th: &mut Thread, a: Args) -> R<Value> { iter::iter(th, inner(a.get(0))) }
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let r = object::repr_text(th, inner(a.get(0)))?;
    th.native_str(&if th.py3() { format!("mappingproxy({r})") } else { format!("dict_proxy({r})") })
}
fn str_(th: &mut Thread, a: Args) -> R<Value> { object::str_(th, inner(a.get(0))) }
fn eq(th: &mut Thread, a: Args) -> R<Value> {
    let other = if a.get(1).is::<Proxy>() { inner(a.get(1)) } else { a.get(1) };
    object::compare(th, object::compare::Cmp::Eq, inner(a.get(0)), other)
}
fn or(th: &mut Thread, a: Args) -> R<Value> {
    let other = if a.get(1).is::<Proxy>() { inner(a.get(1)) } else { a.get(1) };
    object::number::binary(th, object::number::Op::Or, inner(a.get(0)), other)
}
fn ror(th: &mut Thread, a: Args) -> R<Value> { object::number::binary(th, object::number::Op::Or, a.get(1), inner(a.get(0))) }
fn ior(th: &mut Thread, _: Args) -> R<Value> { Err(th.type_error("'|=' is not supported by mappingproxy; use '|' instead")) }
fn hash(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(object::hash(th, inner(a.get(0)))?)) }
fn reversed(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "__reversed__", &[]) }
fn get(th: &mut Thread, a: Args) -> R<Value> {
    let f = object::attr::get_str(th, inner(a.get(0)), "get")?;
    th.call_args(f, a.skip(1))
}
fn keys(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "keys", &[]) }
fn values(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "values", &[]) }
fn items(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "items", &[]) }
fn iteritems(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "iteritems", &[]) }
fn copy(th: &mut Thread, a: Args) -> R<Value> { th.call_method(inner(a.get(0)), "copy", &[]) }
