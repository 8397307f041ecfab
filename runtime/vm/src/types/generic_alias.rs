//! `types.GenericAlias` (`list[int]`) and `types.UnionType` (`int | None`), and the `__class_getitem__` of native containers.

use super::{int, list, seq_iter, text, tuple, type_};
use crate::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr, same_or_equal};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, RootedVec, Value, object};

object! {
    pub struct GenericAlias = kinds::GENERIC_ALIAS, frozen {
        pub origin: Value,
        /// Tuples.
        pub args: Value,
        pub parameters: Value,
        /// `*tuple[int, ...]`.
        pub starred: bool,
    }
}
object! {
    pub struct Union = kinds::UNION, frozen { pub args: Value, pub parameters: Value }
}

pub static GENERIC_ALIAS: TypeDef = TypeDef {
    name: "GenericAlias", module: "types", kind: kinds::GENERIC_ALIAS, size: size_of::<GenericAlias>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::PY3,
    methods: &[ALIAS_METHODS],
    getset: getset! {
        "__origin__" = |_, v| Ok(alias(v).origin), "The class.";
        "__args__" = |_, v| Ok(alias(v).args), "Its parameters' values.";
        "__parameters__" = |_, v| Ok(alias(v).parameters), "Type variables that are still free.";
        "__unpacked__" = |_, v| Ok(Value::from_bool(alias(v).starred)), "Whether it stands unpacked.";
    },
    doc: "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).", ..TypeDef::DEFAULT
};
pub static UNION: TypeDef = TypeDef {
    name: "UnionType", module: "types", kind: kinds::UNION, size: size_of::<Union>() as u16, flags: type_flag::NO_NEW | type_flag::WEAK | type_flag::PY3,
    methods: &[UNION_METHODS],
    getset: getset! {
        "__args__" = |_, v| Ok(union_(v).args), "The members.";
        "__parameters__" = |_, v| Ok(union_(v).parameters), "Type variables that are still free.";
    },
    doc: "Represent a PEP 604 union type\n\nE.g. for int | str", ..TypeDef::DEFAULT
};

static ALIAS_METHODS: &[NativeDef] = natives! {
    "__new__(cls, origin, args, /)" = alias_new, "Create and return a new object.";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    "__call__(self, *args, **kwargs)" = call, "Call self as a function.";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__eq__(self, value, /)" = eq, "Return self==value.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    "__iter__(self, /)" = iter_, "Implement iter(self).";
    "__or__(self, value, /)" = |th, a| union(th, a.get(0), a.get(1)), "Return self|value.";
    "__ror__(self, value, /)" = |th, a| union(th, a.get(1), a.get(0)), "Return value|self.";
    "__mro_entries__(self, bases, /)" = |th, a| th.new_tuple(&[alias(a.get(0)).origin]), "The class itself stands in the bases.";
    "__instancecheck__(self, instance, /)" = |th, _| Err(th.type_error("isinstance() argument 2 cannot be a parameterized generic")), "Not allowed.";
    "__subclasscheck__(self, cls, /)" = |th, _| Err(th.type_error("issubclass() argument 2 cannot be a parameterized generic")), "Not allowed.";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};
static UNION_METHODS: &[NativeDef] = natives! {
    #[class] "__class_getitem__(cls, members, /)" = union_of, "Union[A, B].";
    "__repr__(self, /)" = union_repr, "Return repr(self).";
    "__eq__(self, value, /)" = union_eq, "Return self==value.";
    "__hash__(self, /)" = union_hash, "Return hash(self).";
    "__getitem__(self, key, /)" = union_getitem, "Return self[key].";
    "__or__(self, value, /)" = |th, a| union(th, a.get(0), a.get(1)), "Return self|value.";
    "__ror__(self, value, /)" = |th, a| union(th, a.get(1), a.get(0)), "Return value|self.";
    "__instancecheck__(self, instance, /)" = |th, a| union_check(th, a, "isinstance() argument 2 cannot be a parameterized generic", instance_of), "Whether instance is of a member class.";
    "__subclasscheck__(self, cls, /)" = |th, a| union_check(th, a, "issubclass() argument 2 cannot be a parameterized generic", subclass_of), "Whether cls derives from a member class.";
};
/// `|` of classes, for the table of `type`.
pub static TYPE_METHODS: &[NativeDef] = natives! {
    #[py3] "__or__(self, value, /)" = |th, a| union(th, a.get(0), a.get(1)), "Return self|value.";
    #[py3] "__ror__(self, value, /)" = |th, a| union(th, a.get(1), a.get(0)), "Return value|self.";
};
/// `__class_getitem__`, for the tables of generic native types.
pub static CLASS_GETITEM: &[NativeDef] = natives! {
    #[py3, class] "__class_getitem__(cls, item, /)" = class_getitem, "See PEP 585";
};

fn alias<'a>(v: Value) -> &'a GenericAlias {
    let g: Gc<GenericAlias> = v.cast().expect("checked by the call");
    // SAFETY: frozen, never moves; the caller holds `v`.
    unsafe { &*g.as_ptr() }
}
fn union_<'a>(v: Value) -> &'a Union {
    let g: Gc<Union> = v.cast().expect("checked by the call");
    // SAFETY: as above.
    unsafe { &*g.as_ptr() }
}

pub fn class_getitem(th: &mut Thread, a: Args) -> R<Value> { new(th, a.get(0), a.get(1)) }
/// `origin[args]`; what is no tuple is the only argument.
pub fn new(th: &mut Thread, origin: Value, args: Value) -> R<Value> {
    let args = if args.is::<tuple::Tuple>() { args } else { th.new_tuple(&[args])? };
    let parameters = parameters_of(th, args)?;
    Ok(th.alloc(GENERIC_ALIAS.shape(), GenericAlias { header: Header::NEW, origin, args, parameters, starred: false })?.value())
}
fn alias_new(th: &mut Thread, a: Args) -> R<Value> {
    let args = if a.get(2).is::<tuple::Tuple>() { a.get(2) } else { th.new_tuple(&[a.get(2)])? };
    let parameters = parameters_of(th, args)?;
    let origin = a.get(1);
    Ok(object::instance::alloc_like(th, a.get(0), |_| GenericAlias { header: Header::NEW, origin, args, parameters, starred: false })?.value())
}

/// Free type variables in order of first appearance.
fn parameters_of(th: &mut Thread, args: Value) -> R<Value> {
    let out = list::with_capacity(th, 0)?;
    for x in tuple::items(args).unwrap_or(&[]) {
        if x.is::<type_::Type>() {
            continue;
        }
        if attr::get_str_opt(th, *x, "__typing_subst__")?.is_some() {
            add_once(th, out, *x)?;
        } else if let Some(inner) = attr::get_str_opt(th, *x, "__parameters__")? {
            for y in tuple::items(inner).unwrap_or(&[]) {
                add_once(th, out, *y)?;
            }
        }
    }
    object::iter::list_to_tuple(th, out)
}
fn add_once(th: &mut Thread, l: Gc<list::List>, v: Value) -> R<()> {
    let mut i = 0;
    while let Some(x) = list::get(th, l, i)? {
        if same_or_equal(th, x, v)? {
            return Ok(());
        }
        i += 1;
    }
    list::append(th, l, v)
}

/// `args` with `parameters` replaced by what `key` gives.
fn substituted(th: &mut Thread, this: Value, args: Value, parameters: Value, key: Value) -> R<Value> {
    let params = tuple::items(parameters).unwrap_or(&[]);
    if params.is_empty() {
        let r = object::repr_text(th, this)?;
        return Err(th.type_error(format!("{r} is not a generic class")));
    }
    let given = if key.is::<tuple::Tuple>() { key } else { th.new_tuple(&[key])? };
    let items = tuple::items(given).unwrap_or(&[]);
    if items.len() != params.len() {
        let r = object::repr_text(th, this)?;
        let what = if items.len() > params.len() { "many" } else { "few" };
        return Err(th.type_error(format!("Too {what} arguments for {r}; actual {}, expected {}", items.len(), params.len())));
    }
    let out = RootedVec::new(th)?;
    for x in tuple::items(args).unwrap_or(&[]) {
        if x.is::<type_::Type>() {
            out.push(th, *x)?;
        } else if let Some(f) = attr::get_str_opt(th, *x, "__typing_subst__")? {
            let i = position(th, params, *x)?;
            let y = th.call(f, &[items[i]])?;
            out.push(th, y)?;
        } else {
            let inner = attr::get_str_opt(th, *x, "__parameters__")?.unwrap_or(Value::NONE);
            let inner = tuple::items(inner).unwrap_or(&[]);
            if inner.is_empty() {
                out.push(th, *x)?;
                continue;
            }
            let sub = RootedVec::new(th)?;
            for p in inner {
                let i = position(th, params, *p)?;
                sub.push(th, items[i])?;
            }
            let sub = to_tuple(th, sub)?;
            let y = object::item::get(th, *x, sub)?;
            out.push(th, y)?;
        }
    }
    to_tuple(th, out)
}
fn position(th: &mut Thread, params: &[Value], v: Value) -> R<usize> {
    for (i, p) in params.iter().enumerate() {
        if same_or_equal(th, *p, v)? {
            return Ok(i);
        }
    }
    Err(th.type_error("a type variable is missing"))
}
fn to_tuple(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let t = tuple::alloc(th, n)?;
    // SAFETY: the tuple is not yet known to anybody else.
    v.with(th, |s| unsafe { t.frozen().tail_mut() }.copy_from_slice(s))?;
    th.remember(t.header());
    Ok(t.value())
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let g = alias(a.get(0));
    let args = substituted(th, a.get(0), g.args, g.parameters, a.get(1))?;
    new(th, g.origin, args)
}

/// Attributes that the alias answers itself; all others are its class's.
const OWN: &[&[u8]] = &[b"__class__", b"__origin__", b"__args__", b"__unpacked__", b"__parameters__", b"__typing_unpacked_tuple_args__", b"__mro_entries__", b"__reduce_ex__", b"__reduce__", b"__copy__", b"__deepcopy__"];
fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let (v, name) = (a.get(0), a.get(1));
    let own = text::bytes_of(name).is_none_or(|b| OWN.contains(&b) || b == b"__bases__");
    if !own {
        return attr::get(th, alias(v).origin, name);
    }
    match attr::generic_get(th, v, name)? {
        Some(x) => Ok(x),
        None => Err(attr::no_attribute(th, v, name)),
    }
}
fn call(th: &mut Thread, a: Args) -> R<Value> {
    let v = th.call_args(alias(a.get(0)).origin, a.skip(1))?;
    let r = attr::set_str(th, v, "__orig_class__", a.get(0));
    if r.is_err() && th.catch(&ATTRIBUTE_ERROR).is_none() && th.catch(&TYPE_ERROR).is_none() {
        r?;
    }
    Ok(v)
}

/// A member as annotations show it: a class by its name.
fn shown(th: &mut Thread, v: Value) -> R<String> {
    th.check_stack()?;
    if v == Value::ELLIPSIS {
        return Ok("...".to_string());
    }
    if v.is_none() || v == super::singletons::NONE_TYPE.value() {
        return Ok("None".to_string());
    }
    if let Some(t) = v.cast::<type_::Type>() {
        return object::repr::qualified_name(th, t);
    }
    if list::LIST.is_exact(v) {
        let s = list::snapshot(th, v.cast().expect("a list"))?;
        let inner = joined(th, s.frozen().items(), ", ")?;
        return Ok(format!("[{inner}]"));
    }
    object::repr_text(th, v)
}
fn joined(th: &mut Thread, items: &[Value], between: &str) -> R<String> {
    let mut out = String::new();
    for (i, x) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        let s = shown(th, *x)?;
        out.push_str(&s);
    }
    Ok(out)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let g = alias(a.get(0));
    let origin = shown(th, g.origin)?;
    let args = tuple::items(g.args).unwrap_or(&[]);
    let inner = if args.is_empty() { "()".to_string() } else { joined(th, args, ", ")? };
    th.native_str(&format!("{}{origin}[{inner}]", if g.starred { "*" } else { "" }))
}
fn eq(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<GenericAlias>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (alias(a.get(0)), alias(a.get(1)));
    Ok(Value::from_bool(x.starred == y.starred && same_or_equal(th, x.origin, y.origin)? && same_or_equal(th, x.args, y.args)?))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let g = alias(a.get(0));
    let h = object::hash(th, g.origin)? ^ object::hash(th, g.args)?;
    int::from_i64(th, h)
}
fn iter_(th: &mut Thread, a: Args) -> R<Value> {
    let g = alias(a.get(0));
    let (origin, args, parameters) = (g.origin, g.args, g.parameters);
    let star = th.alloc(GENERIC_ALIAS.shape(), GenericAlias { header: Header::NEW, origin, args, parameters, starred: true })?;
    let one = th.new_tuple(&[star.value()])?;
    seq_iter::over_tuple(th, one)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = alias(a.get(0));
    let args = th.new_tuple(&[g.origin, g.args])?;
    th.new_tuple(&[GENERIC_ALIAS.value(), args])
}

// ---- unions

fn is_member(v: Value) -> bool { v.is_none() || v.is::<type_::Type>() || v.is::<GenericAlias>() || v.is::<Union>() }
/// `a | b` of classes, aliases, unions and None.
pub fn union(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    if !is_member(a) || !is_member(b) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let out = list::with_capacity(th, 2)?;
    for v in [a, b] {
        if v.is::<Union>() {
            for x in tuple::items(union_(v).args).unwrap_or(&[]) {
                add_once(th, out, *x)?;
            }
        } else {
            add_once(th, out, if v.is_none() { super::singletons::NONE_TYPE.value() } else { v })?;
        }
    }
    let args = object::iter::list_to_tuple(th, out)?;
    new_union(th, args)
}
fn new_union(th: &mut Thread, args: Value) -> R<Value> {
    if let Some([one]) = tuple::items(args) {
        return Ok(*one);
    }
    let parameters = parameters_of(th, args)?;
    Ok(th.alloc(UNION.shape(), Union { header: Header::NEW, args, parameters })?.value())
}
/// `Union[...]`: what is no class is a form of typing's, or TypeError.
fn union_of(th: &mut Thread, a: Args) -> R<Value> {
    let members = if a.get(1).is::<tuple::Tuple>() { a.get(1) } else { th.new_tuple(&[a.get(1)])? };
    let out = list::with_capacity(th, 2)?;
    for v in tuple::items(members).unwrap_or(&[]) {
        let v = if is_member(*v) {
            *v
        } else {
            let typing = crate::import::import_name(th, "typing")?;
            let check = attr::get_str(th, typing, "_type_check")?;
            let msg = th.native_str("Union[arg, ...]: each arg must be a type.")?;
            th.call(check, &[*v, msg])?
        };
        if v.is::<Union>() {
            for x in tuple::items(union_(v).args).unwrap_or(&[]) {
                add_once(th, out, *x)?;
            }
        } else {
            add_once(th, out, if v.is_none() { super::singletons::NONE_TYPE.value() } else { v })?;
        }
    }
    if list::len(th, out)? == 0 {
        return Err(th.type_error("Cannot take a Union of no types."));
    }
    let args = object::iter::list_to_tuple(th, out)?;
    new_union(th, args)
}
fn union_repr(th: &mut Thread, a: Args) -> R<Value> {
    let s = joined(th, tuple::items(union_(a.get(0)).args).unwrap_or(&[]), " | ")?;
    th.native_str(&s)
}
fn union_set(th: &mut Thread, v: Value) -> R<Value> { super::set::frozen_from(th, tuple::items(union_(v).args).unwrap_or(&[])) }
fn union_eq(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Union>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (union_set(th, a.get(0))?, union_set(th, a.get(1))?);
    Ok(Value::from_bool(same_or_equal(th, x, y)?))
}
fn union_hash(th: &mut Thread, a: Args) -> R<Value> {
    let s = union_set(th, a.get(0))?;
    let h = object::hash(th, s)?;
    int::from_i64(th, h)
}
fn union_getitem(th: &mut Thread, a: Args) -> R<Value> {
    let u = union_(a.get(0));
    let args = substituted(th, a.get(0), u.args, u.parameters, a.get(1))?;
    let items = tuple::items(args).unwrap_or(&[]);
    let mut out = items.first().copied().unwrap_or(Value::NONE);
    for x in items.iter().skip(1) {
        out = object::number::binary(th, object::number::Op::Or, out, *x)?;
    }
    Ok(out)
}
fn instance_of(v: Value, t: Gc<type_::Type>) -> bool { object::is_instance(v, t) }
fn subclass_of(v: Value, t: Gc<type_::Type>) -> bool { v.cast::<type_::Type>().is_some_and(|v| type_::is_subtype(v, t)) }
fn union_check(th: &mut Thread, a: Args, generic: &str, test: fn(Value, Gc<type_::Type>) -> bool) -> R<Value> {
    let items = tuple::items(union_(a.get(0)).args).unwrap_or(&[]);
    let special = if generic.starts_with("isinstance") { super::dunder::D::instancecheck } else { super::dunder::D::subclasscheck };
    for x in items {
        let Some(t) = x.cast::<type_::Type>() else { return Err(th.type_error(generic)) };
        if test(a.get(1), t) {
            return Ok(Value::TRUE);
        }
        // A metaclass may know more members.
        if let Some(r) = object::call_dunder(th, *x, special, &[a.get(1)])? {
            if object::is_true(th, r)? {
                return Ok(Value::TRUE);
            }
        }
    }
    Ok(Value::FALSE)
}
