//! `_collections`: deque, defaultdict, and helpers of the collections package.

pub mod defaultdict;
pub mod deque;
pub mod deque_methods;

use crate::api::*;
use crate::kinds;

object! { pub struct TupleGetter = kinds::TUPLEGETTER { pub index: i64, pub doc: Value } }
pub static TUPLEGETTER: TypeDef = TypeDef {
    name: "_tuplegetter", module: "collections", kind: kinds::TUPLEGETTER, size: size_of::<TupleGetter>() as u16, flags: type_flag::PY3, methods: &[GETTER],
    getset: getset! { "__doc__" = |th, v| Ok(this::<TupleGetter>(v).read(th)?.doc), mut set_doc, "Documentation of the field."; },
    ..TypeDef::DEFAULT
};
static GETTER: &[NativeDef] = natives! {
    "__new__(cls, index, doc, /)" = getter_new, "Create and return a new object.";
    "__get__(self, instance, owner=None, /)" = getter_get, "Return an attribute of instance, which is of type owner.";
    "__set__(self, instance, value, /)" = |th, _| Err(th.attribute_error("can't set attribute")), "Set an attribute of instance to value.";
    "__delete__(self, instance, /)" = |th, _| Err(th.attribute_error("can't delete attribute")), "Delete an attribute of instance.";
    "__reduce__(self, /)" = getter_reduce, "Return state information for pickling.";
    "__repr__(self, /)" = getter_repr, "Return repr(self).";
};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_collections", doc: "High performance data structures.", functions: FUNCTIONS,
    types: &[&deque::DEQUE, &deque::DEQUE_ITER, &deque::DEQUE_REVERSE, &defaultdict::DEFAULTDICT, &TUPLEGETTER], init: Some(init), ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    #[py3] "_count_elements(mapping, iterable, /)" = count_elements, "Count elements in the iterable, updating the mapping";
};
fn init(_: &mut Thread, _: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[TupleGetter::INFO]);
    deque::register();
    Ok(())
}

fn count_elements(th: &mut Thread, a: Args) -> R<Value> {
    let m = a.get(0);
    let it = iter::iter(th, a.get(1))?;
    // A dict, or a subclass that leaves get and setitem alone, is updated directly.
    let plain = match m.cast::<Dict>() {
        Some(d) => {
            let own = dict::DICT.ty();
            let get = th.intern("get")?;
            let same = type_::lookup(th, class_of(m), get)? == type_::lookup(th, own, get)? && dunder(m, D::setitem) == own.frozen().dunder(D::setitem);
            if same { Some(d) } else { None }
        }
        None => None,
    };
    while let Some(x) = iter::next(th, it)? {
        th.poll()?;
        match plain {
            Some(d) => {
                let h = dict::key_hash(th, x)?;
                let old = dict::get_hashed(th, d, h, x)?.unwrap_or(Value::int(0));
                let new = binary(th, Op::Add, old, Value::int(1))?;
                dict::set_hashed(th, d, h, x, new)?;
            }
            None => {
                let old = th.call_method(m, "get", &[x, Value::int(0)])?;
                let new = binary(th, Op::Add, old, Value::int(1))?;
                item::set(th, m, x, new)?;
            }
        }
    }
    Ok(Value::NONE)
}

fn getter_new(th: &mut Thread, a: Args) -> R<Value> {
    let index = txpy_vm::types::sequence::ssize(th, a.get(1))?;
    Ok(th.alloc(TUPLEGETTER.shape(), TupleGetter { header: Header::NEW, index, doc: a.get(2) })?.value())
}
fn getter_get(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(1);
    let index = this::<TupleGetter>(a.get(0)).read(th)?.index;
    match tuple::items(v) {
        Some(t) => match usize::try_from(index).ok().and_then(|i| t.get(i).copied()) {
            Some(x) => Ok(x),
            None => Err(th.index_error("tuple index out of range")),
        },
        None if v.is_none() => Ok(a.get(0)),
        None => {
            let got = class_name(v);
            Err(th.type_error(format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{got}' object")))
        }
    }
}
fn getter_parts(th: &mut Thread, v: Value) -> R<(Value, Value)> {
    let g = this::<TupleGetter>(v).read(th)?;
    Ok((Value::int(g.index), g.doc))
}
fn getter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let (i, doc) = getter_parts(th, a.get(0))?;
    let args = th.new_tuple(&[i, doc])?;
    th.new_tuple(&[class_of(a.get(0)).value(), args])
}
fn getter_repr(th: &mut Thread, a: Args) -> R<Value> {
    let (i, doc) = getter_parts(th, a.get(0))?;
    let s = format!("{}({}, {})", class_name(a.get(0)), repr_text(th, i)?, repr_text(th, doc)?);
    th.native_str(&s)
}
fn set_doc(th: &mut Thread, v: Value, doc: Value) -> R<()> {
    this::<TupleGetter>(v).write(th)?.doc = if doc.is_unset() { Value::NONE } else { doc };
    Ok(())
}
