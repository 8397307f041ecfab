//! Views of a dict: keys, values, items; the first and last behave as sets.

use super::compare::Cmp;
use super::{class_name, item, iter, same_or_equal};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object;
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::dict_iter::{self, What};
use crate::types::{dict_methods, set, tuple};
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    pub struct DictView = kinds::DICT_VIEW, frozen { pub dict: Gc<Dict>, pub what: u8 }
}

pub static KEYS: TypeDef = TypeDef {
    name: "dict_keys", kind: kinds::DICT_VIEW, size: size_of::<DictView>() as u16, methods: &[METHODS, SET_METHODS], flags: type_flag::NO_NEW,
    getset: GETSET, doc: "A view of a dict's keys.", ..TypeDef::DEFAULT
};
pub static VALUES: TypeDef = TypeDef {
    name: "dict_values", kind: kinds::DICT_VIEW, size: size_of::<DictView>() as u16, methods: &[METHODS], flags: type_flag::NO_NEW,
    getset: GETSET, doc: "A view of a dict's values.", ..TypeDef::DEFAULT
};
pub static ITEMS: TypeDef = TypeDef {
    name: "dict_items", kind: kinds::DICT_VIEW, size: size_of::<DictView>() as u16, methods: &[METHODS, SET_METHODS], flags: type_flag::NO_NEW,
    getset: GETSET, doc: "A view of a dict's items.", ..TypeDef::DEFAULT
};

static GETSET: &[crate::native::GetSetDef] = getset! {
    #[py3] "mapping" = |th, v| crate::types::mappingproxy::new(th, of(v).dict.value()), "The dict that the view shows, read-only.";
};
static METHODS: &[NativeDef] = natives! {
    "__len__(self, /)" = |th, a| Ok(Value::int(dict::len(th, of(a.get(0)).dict)? as i64)), "Return len(self).";
    "__iter__(self, /)" = |th, a| dict_iter::new(th, of(a.get(0)).dict, what(a.get(0)), false), "Implement iter(self).";
    #[py3] "__reversed__(self, /)" = |th, a| dict_iter::new(th, of(a.get(0)).dict, what(a.get(0)), true), "Return a reverse iterator over the dict.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
static SET_METHODS: &[NativeDef] = natives! {
    "__contains__(self, key, /)" = |th, a| contains(th, a.get(0), a.get(1)).map(Value::from_bool), "Return key in self.";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__and__(self, value, /)" = |th, a| and(th, a.get(0), a.get(1)), "Return self&value.";
    "__rand__(self, value, /)" = |th, a| and(th, a.get(0), a.get(1)), "Return value&self.";
    "__or__(self, value, /)" = |th, a| combine(th, a.get(0), a.get(1), set::update), "Return self|value.";
    "__ror__(self, value, /)" = |th, a| combine(th, a.get(1), a.get(0), set::update), "Return value|self.";
    "__sub__(self, value, /)" = |th, a| combine(th, a.get(0), a.get(1), set::difference_update), "Return self-value.";
    "__rsub__(self, value, /)" = |th, a| combine(th, a.get(1), a.get(0), set::difference_update), "Return value-self.";
    "__xor__(self, value, /)" = |th, a| combine(th, a.get(0), a.get(1), set::symmetric_difference_update), "Return self^value.";
    "__rxor__(self, value, /)" = |th, a| combine(th, a.get(1), a.get(0), set::symmetric_difference_update), "Return value^self.";
    "isdisjoint(self, other, /)" = isdisjoint, "Return True if the view and the given iterable have a null intersection.";
};

fn of<'a>(v: Value) -> &'a DictView {
    let d: Gc<DictView> = v.cast().expect("checked by the call");
    // SAFETY: views are frozen and never move; the caller holds `v`.
    unsafe { &*d.as_ptr() }
}
fn what(v: Value) -> What { [What::Keys, What::Values, What::Items][of(v).what as usize] }

pub fn new(th: &mut Thread, d: Gc<Dict>, what: What) -> R<Value> {
    let shape = [&KEYS, &VALUES, &ITEMS][what as usize].shape();
    Ok(th.alloc(shape, DictView { header: Header::NEW, dict: d, what: what as u8 })?.value())
}
/// Whether `v` is a keys or items view.
pub fn is_set_like(v: Value) -> bool { v.is::<DictView>() && of(v).what != What::Values as u8 }

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    object::repr::guarded(th, v, "...", |th| {
        let l = dict_methods::listed(th, of(v).dict, what(v))?;
        let r = object::repr_text(th, l)?;
        let s = format!("{}({r})", class_name(v));
        th.native_str_bytes(s.as_bytes())
    })
}

fn contains(th: &mut Thread, v: Value, x: Value) -> R<bool> {
    let view = of(v);
    if what(v) == What::Keys {
        return Ok(dict::get(th, view.dict, x)?.is_some());
    }
    let Some([k, y]) = tuple::items(x) else { return Ok(false) };
    match dict::get(th, view.dict, *k)? {
        Some(z) => same_or_equal(th, z, *y),
        None => Ok(false),
    }
}
/// Whether all of `a` is in `b`.
fn all_in(th: &mut Thread, a: Value, b: Value) -> R<bool> {
    let it = iter::iter(th, a)?;
    while let Some(x) = iter::next(th, it)? {
        if !item::contains(th, b, x)? {
            return Ok(false);
        }
    }
    Ok(true)
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    if !set::is_any(y) && !is_set_like(y) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    th.check_stack()?;
    let (n, m) = (dict::len(th, of(x).dict)?, item::len(th, y)?);
    let r = match op {
        Cmp::Eq => n == m && all_in(th, x, y)?,
        Cmp::Ne => !(n == m && all_in(th, x, y)?),
        Cmp::Lt => n < m && all_in(th, x, y)?,
        Cmp::Le => n <= m && all_in(th, x, y)?,
        Cmp::Gt => n > m && all_in(th, y, x)?,
        Cmp::Ge => n >= m && all_in(th, y, x)?,
    };
    Ok(Value::from_bool(r))
}

fn and(th: &mut Thread, v: Value, other: Value) -> R<Value> {
    if !th.py3() {
        return combine(th, v, other, set::intersection_update);
    }
    let out = set::new(th)?;
    // The longer side is asked, the shorter one gone through.
    let (mut from, mut asked) = (other, v);
    if is_set_like(other) && item::len(th, other)? > dict::len(th, of(v).dict)? {
        (from, asked) = (v, other);
    }
    let it = iter::iter(th, from)?;
    while let Some(x) = iter::next(th, it)? {
        if contains(th, asked, x)? {
            set::add(th, out, x)?;
        }
    }
    Ok(out.value())
}
fn combine(th: &mut Thread, v: Value, other: Value, op: fn(&mut Thread, Gc<set::Set>, Value) -> R<()>) -> R<Value> {
    let out = set::new(th)?;
    set::update(th, out, v)?;
    op(th, out, other)?;
    Ok(out.value())
}
fn isdisjoint(th: &mut Thread, a: Args) -> R<Value> {
    let (mut v, mut other) = (a.get(0), a.get(1));
    if v == other {
        return Ok(Value::from_bool(dict::len(th, of(v).dict)? == 0));
    }
    if (set::is_any(other) || is_set_like(other)) && item::len(th, other)? > item::len(th, v)? {
        (v, other) = (other, v);
    }
    let it = iter::iter(th, other)?;
    while let Some(x) = iter::next(th, it)? {
        if item::contains(th, v, x)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
