//! `functools.partial`.

use crate::api::*;
use crate::kinds;
use txpy_vm::types::sequence::concat_tuples;

object! {
    pub struct Partial = kinds::PARTIAL {
        pub func: Value,
        pub args: Value,
        /// A dict.
        pub kw: Value,
        /// Placeholders among the arguments.
        pub holes: usize,
    }
}
pub static PARTIAL: TypeDef = TypeDef {
    name: "partial", module: "functools", kind: kinds::PARTIAL, size: size_of::<Partial>() as u16, flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS],
    getset: getset! {
        "func" = |th, v| Ok(this::<Partial>(v).read(th)?.func), "function object to use in future partial calls";
        "args" = |th, v| Ok(this::<Partial>(v).read(th)?.args), "tuple of arguments to future partial calls";
        "keywords" = |th, v| Ok(this::<Partial>(v).read(th)?.kw), "dictionary of keyword arguments to future partial calls";
        "__dict__" = |th, v| Ok(instance::dict_of(th, v)?.value()), mut set_dict, "Attributes.";
    },
    doc: "Create a new function with partial application of the given arguments and keywords.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, func, /, *args, **keywords)" = new, "Create and return a new object.";
    "__call__(self, /, *args, **kwargs)" = call, "Call self as a function.";
    #[py3] "__repr__(self, /)" = repr, "Return repr(self).";
    #[py3] "__get__(self, instance, owner=None, /)" = get, "Return self: a partial object in a class is not bound.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "__setstate__(self, state, /)" = setstate, "Set state information for unpickling.";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};
/// The class of `Placeholder`.
pub static PLACEHOLDER_TYPE: TypeDef = TypeDef {
    name: "_PlaceholderType", module: "functools", kind: kinds::PLACEHOLDER, flags: type_flag::PY3, size: size_of::<Placeholder>() as u16,
    methods: &[natives! {
        "__new__(cls, /)" = |th, _| placeholder(th), "Create and return a new object.";
        "__repr__(self, /)" = |th, _| th.native_str("Placeholder"), "Return repr(self).";
        "__reduce__(self, /)" = |th, _| th.native_str("Placeholder"), "Return state information for pickling.";
    }],
    doc: "The type of the Placeholder singleton.", ..TypeDef::DEFAULT
};
object! { struct Placeholder = kinds::PLACEHOLDER, frozen {} }

pub fn register(th: &mut Thread, m: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Partial::INFO, Placeholder::INFO]);
    if th.py3() {
        let p = th.alloc(PLACEHOLDER_TYPE.shape(), Placeholder { header: Header::NEW })?.value();
        module::set(th, m, "Placeholder", p)?;
    }
    Ok(())
}
fn placeholder(th: &mut Thread) -> R<Value> {
    let m = txpy_vm::import::import_name(th, "_functools")?;
    attr::get_str(th, m, "Placeholder")
}
fn is_hole(v: Value) -> bool { v.is::<Placeholder>() }

fn set_dict(th: &mut Thread, v: Value, d: Value) -> R<()> {
    match d.cast::<Dict>() {
        Some(d) => instance::set_dict(th, v, d),
        None => {
            let got = if d.is_unset() { "deletion".to_string() } else { class_name(d) };
            Err(th.type_error(format!("__dict__ must be set to a dictionary, not a '{got}'")))
        }
    }
}
/// What the object holds.
fn parts(th: &mut Thread, v: Value) -> R<(Value, Value, Value, usize)> {
    let g = this::<Partial>(v).read(th)?;
    Ok((g.func, g.args, g.kw, g.holes))
}

fn new(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() < 2 {
        return Err(th.type_error("type 'partial' takes at least one argument"));
    }
    let mut func = a.get(1);
    if dunder(func, D::call).is_none() {
        return Err(th.type_error("the first argument must be callable"));
    }
    let mut args = rest(th, a, 2)?;
    if tuple::items(args).and_then(|t| t.last()).is_some_and(|v| is_hole(*v)) {
        return Err(th.type_error("trailing Placeholders are not allowed"));
    }
    let kw = dict::new(th)?;
    // A plain partial of a plain partial is one partial.
    if th.py3() && PARTIAL.is_exact(func) && a.get(0) == PARTIAL.value() && !has_attributes(th, func)? {
        let (f, inner, d, holes) = parts(th, func)?;
        func = f;
        args = join(th, inner, args, holes)?;
        if let Some(d) = d.cast::<Dict>() {
            dict::update(th, kw, d)?;
        }
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        if is_hole(v) {
            return Err(th.type_error("Placeholder cannot be passed as a keyword argument"));
        }
        dict::set(th, kw, k, v)?;
    }
    let holes = tuple::items(args).map_or(0, |t| t.iter().filter(|v| is_hole(**v)).count());
    Ok(alloc_slotted(th, &PARTIAL, a.get(0), Partial { header: Header::NEW, func, args, kw: kw.value(), holes })?.value())
}
fn has_attributes(th: &mut Thread, v: Value) -> R<bool> {
    let d = instance::dict_of(th, v)?;
    Ok(dict::len(th, d)? > 0)
}
/// The bound arguments with the new ones in the holes first, the rest behind.
fn join(th: &mut Thread, bound: Value, fresh: Value, holes: usize) -> R<Value> {
    if holes == 0 {
        return concat_tuples(th, bound, fresh);
    }
    let new = tuple::items(fresh).unwrap_or(&[]);
    let out = RootedVec::new(th)?;
    let mut at = 0;
    for v in tuple::items(bound).unwrap_or(&[]) {
        if is_hole(*v) && at < new.len() {
            out.push(th, new[at])?;
            at += 1;
        } else {
            out.push(th, *v)?;
        }
    }
    for v in &new[at..] {
        out.push(th, *v)?;
    }
    tuple_of(th, out)
}
fn call(th: &mut Thread, a: Args) -> R<Value> {
    let (func, bound, kw, holes) = parts(th, a.get(0))?;
    let fresh = rest(th, a, 1)?;
    if holes > a.positional() - 1 {
        return Err(th.type_error(format!("missing positional arguments in 'partial' call; expected at least {holes}, got {}", a.positional() - 1)));
    }
    let args = join(th, bound, fresh, holes)?;
    if !a.has_keywords() {
        return call_ex(th, func, args, kw);
    }
    let d = match kw.cast::<Dict>() {
        Some(d) => dict::copy(th, d)?,
        None => dict::new(th)?,
    };
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        dict::set(th, d, k, v)?;
    }
    call_ex(th, func, args, d.value())
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    txpy_vm::object::repr::guarded(th, v, "...", |th| {
        let (func, args, kw, _) = parts(th, v)?;
        let name = if PARTIAL.is_exact(v) { "functools.partial".to_string() } else { txpy_vm::object::repr::qualified_name(th, class_of(v))? };
        let mut s = format!("{name}({}", repr_text(th, func)?);
        for x in tuple::items(args).unwrap_or(&[]) {
            s += ", ";
            s += &repr_text(th, *x)?;
        }
        if let Some(d) = kw.cast::<Dict>() {
            let mut at = 0;
            while let Some((k, x)) = dict::next(th, d, &mut at)? {
                s += &format!(", {}={}", txpy_vm::object::str_text(th, k)?, repr_text(th, x)?);
            }
        }
        s.push(')');
        th.native_str_bytes(s.as_bytes())
    })
}
fn get(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is_none() {
        let message = "functools.partial will be a method descriptor in future Python versions; wrap it in staticmethod() if you want to preserve the old behavior";
        txpy_vm::warn::warn(th, &txpy_vm::exceptions::FUTURE_WARNING, message)?;
    }
    Ok(a.get(0))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let (func, args, kw, _) = parts(th, a.get(0))?;
    let d = if has_attributes(th, a.get(0))? { instance::dict_of(th, a.get(0))?.value() } else { Value::NONE };
    let state = th.new_tuple(&[func, args, kw, d])?;
    let first = th.new_tuple(&[func])?;
    th.new_tuple(&[class_of(a.get(0)).value(), first, state])
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let bad = |th: &mut Thread| Err(th.type_error("invalid partial state"));
    let Some([func, args, kw, attrs]) = tuple::items(a.get(1)) else { return bad(th) };
    if dunder(*func, D::call).is_none() || tuple::items(*args).is_none() || !(kw.is_none() || kw.is::<Dict>()) {
        return bad(th);
    }
    let args = if tuple::TUPLE.is_exact(*args) { *args } else { th.new_tuple(tuple::items(*args).unwrap_or(&[]))? };
    let kw = match kw.cast::<Dict>() {
        Some(_) if dict::DICT.is_exact(*kw) => *kw,
        Some(d) => dict::copy(th, d)?.value(),
        None => dict::new(th)?.value(),
    };
    let holes = tuple::items(args).map_or(0, |t| t.iter().filter(|v| is_hole(**v)).count());
    let mut g = this::<Partial>(a.get(0)).write(th)?;
    (g.func, g.args, g.kw, g.holes) = (*func, args, kw, holes);
    drop(g);
    let d = match attrs.cast::<Dict>() {
        Some(d) => d,
        None => dict::new(th)?,
    };
    instance::set_dict(th, a.get(0), d)?;
    Ok(Value::NONE)
}
