//! What scripts see of bound and unbound methods, `staticmethod` and `classmethod`.

use super::function::Function;
use super::method::{self, BOUND, Bound};
use super::type_::Type;
use super::{classic, text};
use crate::names::{N, n};
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use crate::types::dunder::D;
use txpy_heap::{Gc, Header, R, Value};

pub static BOUND_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args)" = new_, "Create a bound method.";
    "__call__(self, *args, **kwargs)" = |th, a| th.call_args(a.get(0), a.skip(1)), "Call self as a function.";
    "__get__(self, instance, owner=None, /)" = get, "Return an attribute of instance, which is of type owner.";
    "__getattr__(self, name, /)" = |th, a| attr::get(th, this(a.get(0)).frozen().func, a.get(1)), "Attributes of the function.";
    "__eq__(self, other, /)" = |th, a| Ok(same(th, a)?.map_or(Value::NOT_IMPLEMENTED, Value::from_bool)), "Return self==other.";
    "__ne__(self, other, /)" = |th, a| Ok(same(th, a)?.map_or(Value::NOT_IMPLEMENTED, |e| Value::from_bool(!e))), "Return self!=other.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
    #[py3] "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};
pub static BOUND_GETSET: &[GetSetDef] = getset! {
    "__func__" = |_, v| Ok(this(v).frozen().func), "The function.";
    "__self__" = |_, v| Ok(this(v).frozen().this.get().unwrap_or(Value::NONE)), "The first argument.";
    "__doc__" = |th, v| attr::get(th, this(v).frozen().func, n(N::__doc__)), "Documentation of the function.";
    "__module__" = |th, v| attr::get(th, this(v).frozen().func, n(N::__module__)), "Module of the function.";
    #[py2] "im_func" = |_, v| Ok(this(v).frozen().func), "The function.";
    #[py2] "im_self" = |_, v| Ok(this(v).frozen().this.get().unwrap_or(Value::NONE)), "The first argument; None for an unbound method.";
    #[py2] "im_class" = |_, v| Ok(class_of(this(v)).get().unwrap_or(Value::NONE)), "The class that was asked for the method.";
};

fn this(v: Value) -> Gc<Bound> { v.cast().expect("checked by the call") }
/// The class through which the method was found, UNSET when nobody told.
fn class_of(b: Gc<Bound>) -> Value {
    let r = b.frozen();
    match (r.class.get(), r.this.get()) {
        (Some(c), _) => c,
        (None, Some(v)) => classic::class_of(v),
        _ => Value::UNSET,
    }
}

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let k = a.len() - 1;
    let most = if th.py3() { 2 } else { 3 };
    if k < 2 || k > most {
        let name = if th.py3() { "method" } else { "instancemethod" };
        let bound = match (th.py3(), k < 2) {
            (true, _) => "2 arguments",
            (false, true) => "at least 2 arguments",
            (false, false) => "at most 3 arguments",
        };
        return Err(th.type_error(format!("{name} expected {bound}, got {k}")));
    }
    let (func, obj, class) = (a.get(1), a.get(2), a.some(3));
    if object::dunder(func, D::call).is_none() {
        return Err(th.type_error("first argument must be callable"));
    }
    if obj.is_none() && th.py3() {
        return Err(th.type_error("instance must not be None"));
    }
    let obj = if obj.is_none() { Value::UNSET } else { obj };
    if obj.is_unset() && class.is_none() {
        return Err(th.type_error("unbound methods must have non-NULL im_class"));
    }
    Ok(th.alloc(BOUND.shape(), Bound { header: Header::NEW, func, this: obj, class: class.unwrap_or(Value::UNSET) })?.value())
}
fn get(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    if th.py3() || !b.frozen().this.is_unset() || a.get(1).is_none() {
        return Ok(a.get(0));
    }
    // An unbound method of 2.7 binds to instances of its class only.
    if !is_instance_of(a.get(1), b.frozen().class) {
        return Ok(a.get(0));
    }
    let class = a.some(2).unwrap_or_else(|| classic::class_of(a.get(1)));
    method::bind(th, b.frozen().func, a.get(1), class)
}
fn is_instance_of(v: Value, class: Value) -> bool {
    match class.cast::<Type>() {
        Some(t) => object::is_instance(v, t),
        None => class.is_unset() || classic::subclass_of(classic::class_of(v), class),
    }
}
fn same(th: &mut Thread, a: Args) -> R<Option<bool>> {
    let Some(o) = a.get(1).cast::<Bound>() else { return Ok(None) };
    let (x, y) = (this(a.get(0)), o);
    let (x, y) = (x.frozen(), y.frozen());
    let selves = if x.this == y.this {
        true
    } else if th.py3() || x.this.is_unset() || y.this.is_unset() {
        false
    } else {
        object::equal(th, x.this, y.this)?
    };
    Ok(Some(selves && object::equal(th, x.func, y.func)?))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let own = match b.frozen().this.get() {
        None => 0,
        Some(v) if th.py3() => object::hash::by_identity(v),
        Some(v) => object::hash(th, v)?,
    };
    let f = object::hash(th, b.frozen().func)?;
    super::int::from_i64(th, own ^ f)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let func = b.frozen().func;
    let text_of = |th: &mut Thread, v: Value, name: Value| -> R<Option<String>> {
        Ok(attr::get_opt(th, v, name)?.filter(|s| text::is_string(th, *s)).map(|s| text::lossy(s).into_owned()))
    };
    let simple = text_of(th, func, n(N::__name__))?;
    if th.py3() {
        let name = text_of(th, func, n(N::__qualname__))?.or(simple).unwrap_or("?".into());
        let of = object::repr_text(th, b.frozen().this)?;
        return th.native_str(&format!("<bound method {name} of {of}>"));
    }
    let class = match class_of(b).get() {
        Some(c) => text_of(th, c, n(N::__name__))?.unwrap_or("?".into()),
        None => "?".into(),
    };
    let name = simple.unwrap_or("?".into());
    let text = match b.frozen().this.get() {
        None => format!("<unbound method {class}.{name}>"),
        Some(v) => format!("<bound method {class}.{name} of {}>", object::repr_text(th, v)?),
    };
    th.native_str(&text)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let b = this(a.get(0));
    let name = attr::get(th, b.frozen().func, n(N::__name__))?;
    super::seq_iter::reduced(th, "getattr", &[b.frozen().this, name], None)
}

/// 2.7: TypeError unless an unbound method's first argument is an instance of its class.
pub fn check_unbound(th: &mut Thread, b: &Bound, a: Args) -> R<()> {
    let first = if a.positional() > 0 { a.get(0) } else { Value::UNSET };
    if !first.is_unset() && is_instance_of(first, b.class) {
        return Ok(());
    }
    let name_of = |th: &mut Thread, v: Value| -> R<String> {
        Ok(match attr::get_opt(th, v, n(N::__name__))?.filter(|s| text::is_string(th, *s)) {
            Some(s) => text::lossy(s).into_owned(),
            None => "?".into(),
        })
    };
    let (func, class) = (name_of(th, b.func)?, name_of(th, b.class)?);
    let got = match first.get() {
        None => "nothing".to_string(),
        Some(v) => {
            let c = attr::get_opt(th, v, n(N::__class__))?.unwrap_or_else(|| classic::class_of(v));
            format!("{} instance", name_of(th, c)?)
        }
    };
    Err(th.type_error(format!("unbound method {func}() must be called with {class} instance as first argument (got {got} instead)")))
}

// ---- staticmethod, classmethod

pub static WRAPPER_GETSET: &[GetSetDef] = getset! {
    "__func__" = |_, v| Ok(method::wrapped(v).unwrap_or(Value::NONE)), "The function.";
    #[py3] "__wrapped__" = |_, v| Ok(method::wrapped(v).unwrap_or(Value::NONE)), "The function.";
    #[py3] "__isabstractmethod__" = is_abstract, "Whether the function is abstract.";
    #[py3] "__annotate__" = |th, v| { let f = method::wrapped(v).unwrap_or(Value::NONE); Ok(attr::get_str_opt(th, f, "__annotate__")?.unwrap_or(Value::NONE)) }, "Function that gives the annotations.";
    #[py3] "__dict__" = |th, v| Ok(instance::dict_of(th, v)?.value()), "Attributes.";
};

fn is_abstract(th: &mut Thread, v: Value) -> R<Value> {
    let f = method::wrapped(v).unwrap_or(Value::NONE);
    super::property::abstract_mark(th, f).map(Value::from_bool)
}

/// Gives a static or class method the names and documentation of its function, as Python 3.10 and later do.
pub fn copy_wrapped(th: &mut Thread, wrapper: Value, f: Value) -> R<()> {
    if !th.py3() {
        return Ok(());
    }
    // Attributes of functions are fields: no lookup needed.
    if let Some(g) = f.cast::<Function>() {
        let fields = [(N::__module__, g.frozen().module.get()), (N::__name__, g.frozen().name.get()), (N::__qualname__, g.frozen().qualname.get()), (N::__doc__, g.frozen().doc.get())];
        for (which, v) in fields {
            instance::set_slot(th, wrapper, n(which), v.get().unwrap_or(Value::NONE))?;
        }
        let annotations = attr::get(th, f, n(N::__annotations__))?;
        return instance::set_slot(th, wrapper, n(N::__annotations__), annotations);
    }
    for which in [N::__module__, N::__name__, N::__qualname__, N::__doc__, N::__annotations__] {
        if let Some(v) = attr::get_opt(th, f, n(which))? {
            instance::set_slot(th, wrapper, n(which), v)?;
        }
    }
    Ok(())
}
