//! `types.SimpleNamespace`: attributes and nothing else.

use crate::kinds_io;
use crate::support::{self, alloc};
use txpy_heap::{Header, object};
use txpy_vm::native::{TypeDef, type_flag};
use txpy_vm::object::{self, compare, instance};
use txpy_vm::types::{dict, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, natives};

object! {
    pub struct Namespace = kinds_io::NAMESPACE { unused: u64 }
}
pub static NAMESPACE: TypeDef = TypeDef {
    name: "SimpleNamespace", module: "types", kind: kinds_io::NAMESPACE, size: size_of::<Namespace>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], doc: "Attributes and nothing else.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a namespace.";
    "__init__(self, *args, **kwargs)" = init, "Set attributes.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__eq__(self, other, /)" = |th, a| same(th, a, true), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| same(th, a, false), "Return self!=other.";
    "__reduce__(self, /)" = reduce, "Helper for pickle.";
    "__replace__(self, /, **changes)" = replace, "A copy with other values.";
};
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &NAMESPACE, a.get(0))?;
    Ok(alloc(th, class, false, Namespace { header: Header::NEW, unused: 0 })?.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() > 2 {
        let n = a.positional() - 1;
        return Err(th.type_error(format!("SimpleNamespace expected at most 1 argument, got {n}")));
    }
    if a.positional() == 2 {
        let d = th.call(dict::DICT.value(), &[a.get(1)])?;
        let d: Gc<dict::Dict> = d.cast().expect("a dict");
        let mut at = 0;
        while let Some((k, v)) = dict::next(th, d, &mut at)? {
            if !text::is_string(th, k) {
                return Err(th.type_error("keywords must be strings"));
            }
            instance::set_slot(th, a.get(0), k, v)?;
        }
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        instance::set_slot(th, a.get(0), k, v)?;
    }
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let class = if crate::support::exactly(&NAMESPACE, v) { "namespace".to_string() } else { object::class_name(v) };
    object::repr::guarded(th, v, &format!("{class}(...)"), |th| {
        let d = instance::dict_of(th, v)?;
        let mut s = format!("{class}(");
        let (mut at, mut first) = (0, true);
        while let Some((k, x)) = dict::next(th, d, &mut at)? {
            if !first {
                s += ", ";
            }
            first = false;
            s += &format!("{}={}", text::lossy(k), object::repr_text(th, x)?);
        }
        s.push(')');
        th.native_str(&s)
    })
}
fn same(th: &mut Thread, a: Args, want: bool) -> R<Value> {
    if !object::is_instance(a.get(1), NAMESPACE.ty()) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (instance::dict_of(th, a.get(0))?, instance::dict_of(th, a.get(1))?);
    let equal = compare::equal(th, x.value(), y.value())?;
    Ok(Value::from_bool(equal == want))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let class = object::class_of(a.get(0)).value();
    let empty = th.new_tuple(&[])?;
    let d = instance::dict_of(th, a.get(0))?;
    th.new_tuple(&[class, empty, d.value()])
}
fn replace(th: &mut Thread, a: Args) -> R<Value> {
    let class = object::class_of(a.get(0)).value();
    let copy = th.call(class, &[])?;
    let d = instance::dict_of(th, a.get(0))?;
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        instance::set_slot(th, copy, k, v)?;
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        instance::set_slot(th, copy, k, v)?;
    }
    Ok(copy)
}
