//! `operator.itemgetter`, `attrgetter`, `methodcaller`: frozen callables.

use crate::api::*;
use crate::kinds;

object! { pub struct ItemGetter = kinds::ITEMGETTER, frozen { pub items: Value } }
object! {
    pub struct AttrGetter = kinds::ATTRGETTER, frozen {
        pub names: Value,
        /// Each name as a tuple of its parts between dots.
        pub parts: Value,
    }
}
object! { pub struct MethodCaller = kinds::METHODCALLER, frozen { pub name: Value, pub args: Value, pub kw: Value } }

pub static ITEMGETTER: TypeDef = TypeDef {
    name: "itemgetter", module: "operator", kind: kinds::ITEMGETTER, size: size_of::<ItemGetter>() as u16, flags: type_flag::BASE, methods: &[ITEM],
    doc: "Return a callable object that fetches the given item(s) from its operand.", ..TypeDef::DEFAULT
};
pub static ATTRGETTER: TypeDef = TypeDef {
    name: "attrgetter", module: "operator", kind: kinds::ATTRGETTER, size: size_of::<AttrGetter>() as u16, flags: type_flag::BASE, methods: &[ATTR],
    doc: "Return a callable object that fetches the given attribute(s) from its operand.", ..TypeDef::DEFAULT
};
pub static METHODCALLER: TypeDef = TypeDef {
    name: "methodcaller", module: "operator", kind: kinds::METHODCALLER, size: size_of::<MethodCaller>() as u16, flags: type_flag::BASE, methods: &[METHOD],
    doc: "Return a callable object that calls the given method on its operand.", ..TypeDef::DEFAULT
};
static ITEM: &[NativeDef] = natives! {
    "__new__(cls, /, *items)" = item_new, "Create and return a new object.";
    "__call__(self, /, *args, **kwargs)" = item_call, "Call self as a function.";
    #[py3] "__repr__(self, /)" = |th, a| { let v = this::<ItemGetter>(a.get(0)).frozen().items; shown(th, a.get(0), v, Value::UNSET) }, "Return repr(self).";
    #[py3] "__reduce__(self, /)" = |th, a| { let c = class_of(a.get(0)).value(); let v = this::<ItemGetter>(a.get(0)).frozen().items; th.new_tuple(&[c, v]) }, "Return state information for pickling.";
};
static ATTR: &[NativeDef] = natives! {
    "__new__(cls, /, *attrs)" = attr_new, "Create and return a new object.";
    "__call__(self, /, *args, **kwargs)" = attr_call, "Call self as a function.";
    #[py3] "__repr__(self, /)" = |th, a| { let v = this::<AttrGetter>(a.get(0)).frozen().names; shown(th, a.get(0), v, Value::UNSET) }, "Return repr(self).";
    #[py3] "__reduce__(self, /)" = |th, a| { let c = class_of(a.get(0)).value(); let v = this::<AttrGetter>(a.get(0)).frozen().names; th.new_tuple(&[c, v]) }, "Return state information for pickling.";
};
static METHOD: &[NativeDef] = natives! {
    "__new__(cls, /, *args, **kwargs)" = method_new, "Create and return a new object.";
    "__call__(self, /, *args, **kwargs)" = method_call, "Call self as a function.";
    #[py3] "__repr__(self, /)" = method_repr, "Return repr(self).";
    #[py3] "__reduce__(self, /)" = method_reduce, "Return state information for pickling.";
};

pub fn register() {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[ItemGetter::INFO, AttrGetter::INFO, MethodCaller::INFO]);
}

/// The one argument of a getter's call.
fn operand(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    no_keywords(th, a, name)?;
    let n = a.positional() - 1;
    if n != 1 {
        let s = if th.py3() { "" } else { "s" };
        return Err(th.type_error(format!("{name} expected 1 argument{s}, got {n}")));
    }
    Ok(a.get(1))
}
fn shown(th: &mut Thread, v: Value, args: Value, kw: Value) -> R<Value> {
    let name = class_of(v);
    let name = txpy_vm::object::repr::qualified_name(th, name)?;
    let mut parts = Vec::new();
    for x in tuple::items(args).unwrap_or(&[]) {
        parts.push(repr_text(th, *x)?);
    }
    if let Some(d) = kw.cast::<Dict>() {
        let mut at = 0;
        while let Some((k, x)) = dict::next(th, d, &mut at)? {
            parts.push(format!("{}={}", text::lossy(k), repr_text(th, x)?));
        }
    }
    th.native_str(&format!("{name}({})", parts.join(", ")))
}

fn item_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "itemgetter")?;
    if a.positional() < 2 {
        let s = if th.py3() { "" } else { "s" };
        return Err(th.type_error(format!("itemgetter expected 1 argument{s}, got 0")));
    }
    let items = rest(th, a, 1)?;
    Ok(instance::alloc_like(th, a.get(0), |_| ItemGetter { header: Header::NEW, items })?.value())
}
fn item_call(th: &mut Thread, a: Args) -> R<Value> {
    let v = operand(th, a, "itemgetter")?;
    let g: Gc<ItemGetter> = this(a.get(0));
    match tuple::items(g.frozen().items).unwrap_or(&[]) {
        [one] => item::get(th, v, *one),
        many => {
            let out = RootedVec::with_capacity(th, many.len())?;
            for k in many {
                let x = item::get(th, v, *k)?;
                out.push(th, x)?;
            }
            tuple_of(th, out)
        }
    }
}

fn attr_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "attrgetter")?;
    if a.positional() < 2 {
        let s = if th.py3() { "" } else { "s" };
        return Err(th.type_error(format!("attrgetter expected 1 argument{s}, got 0")));
    }
    let names = rest(th, a, 1)?;
    let parts = RootedVec::new(th)?;
    for n in tuple::items(names).unwrap_or(&[]) {
        let one = RootedVec::new(th)?;
        if text::is_string(th, *n) {
            for p in text::lossy(*n).split('.') {
                let p = th.intern(p)?;
                one.push(th, p)?;
            }
        } else if th.py3() {
            return Err(th.type_error("attribute name must be a string"));
        } else {
            // 2.7 minds when it is called.
            one.push(th, *n)?;
        }
        let one = tuple_of(th, one)?;
        parts.push(th, one)?;
    }
    let parts = tuple_of(th, parts)?;
    Ok(instance::alloc_like(th, a.get(0), |_| AttrGetter { header: Header::NEW, names, parts })?.value())
}
fn dotted(th: &mut Thread, mut v: Value, parts: Value) -> R<Value> {
    for p in tuple::items(parts).unwrap_or(&[]) {
        if !text::is_string(th, *p) {
            return Err(th.type_error("attribute name must be a string"));
        }
        v = attr::get(th, v, *p)?;
    }
    Ok(v)
}
fn attr_call(th: &mut Thread, a: Args) -> R<Value> {
    let v = operand(th, a, "attrgetter")?;
    let g: Gc<AttrGetter> = this(a.get(0));
    match tuple::items(g.frozen().parts).unwrap_or(&[]) {
        [one] => dotted(th, v, *one),
        many => {
            let out = RootedVec::with_capacity(th, many.len())?;
            for p in many {
                let x = dotted(th, v, *p)?;
                out.push(th, x)?;
            }
            tuple_of(th, out)
        }
    }
}

fn method_new(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() < 2 {
        return Err(th.type_error("methodcaller needs at least one argument, the method name"));
    }
    if !text::is_string(th, a.get(1)) {
        return Err(th.type_error("method name must be a string"));
    }
    let name = th.intern_value(a.get(1));
    let args = rest(th, a, 2)?;
    let kw = keywords(th, a)?;
    Ok(instance::alloc_like(th, a.get(0), |_| MethodCaller { header: Header::NEW, name, args, kw })?.value())
}
fn method_call(th: &mut Thread, a: Args) -> R<Value> {
    let v = operand(th, a, "methodcaller")?;
    let g: Gc<MethodCaller> = this(a.get(0));
    let (name, args, kw) = (g.frozen().name, g.frozen().args, g.frozen().kw);
    let f = attr::get(th, v, name)?;
    call_ex(th, f, args, kw)
}
fn method_repr(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<MethodCaller> = this(a.get(0));
    let first = th.new_tuple(&[g.frozen().name])?;
    let all = txpy_vm::types::sequence::concat_tuples(th, first, g.frozen().args)?;
    shown(th, a.get(0), all, g.frozen().kw)
}
fn method_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<MethodCaller> = this(a.get(0));
    let class = class_of(a.get(0)).value();
    let first = th.new_tuple(&[g.frozen().name])?;
    let all = txpy_vm::types::sequence::concat_tuples(th, first, g.frozen().args)?;
    if g.frozen().kw.is_unset() {
        return th.new_tuple(&[class, all]);
    }
    let partial = txpy_vm::import::import_name(th, "functools")?;
    let partial = attr::get_str(th, partial, "partial")?;
    let target = th.new_tuple(&[class, g.frozen().name])?;
    let maker = call_ex(th, partial, target, g.frozen().kw)?;
    th.new_tuple(&[maker, g.frozen().args])
}
