//! Subscription, length, membership.

use super::{call_special, class_name, class_of};
use crate::exceptions::{INDEX_ERROR, OVERFLOW_ERROR};
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::{dict, int, list, tuple};
use txpy_heap::{R, Value};

/// `len(v)`.
pub fn len(th: &mut Thread, v: Value) -> R<usize> {
    if let Some(l) = v.cast::<list::List>().filter(|_| list::LIST.is_exact(v)) {
        return list::len(th, l);
    }
    if let Some(t) = tuple::items(v).filter(|_| tuple::TUPLE.is_exact(v)) {
        return Ok(t.len());
    }
    if let Some(d) = v.cast::<dict::Dict>().filter(|_| dict::DICT.is_exact(v)) {
        return dict::len(th, d);
    }
    let Some(f) = class_of(v).frozen().dunder(D::len) else {
        let name = class_name(v);
        return Err(th.type_error(format!("object of type '{name}' has no len()")));
    };
    let r = call_special(th, f, v, &[])?;
    let Some(n) = int::index_opt(th, r)? else {
        let name = class_name(r);
        return Err(th.type_error(format!("'{name}' object cannot be interpreted as an integer")));
    };
    if th.py3() && int::num(n).is_some_and(|n| n.is_negative()) {
        return Err(th.value_error("__len__() should return >= 0"));
    }
    match int::to_i64(n) {
        Some(n) if n >= 0 => Ok(n as usize),
        Some(_) => Err(th.value_error("__len__() should return >= 0")),
        None => Err(th.raise(&OVERFLOW_ERROR, if th.py3() { "cannot fit 'int' into an index-sized integer" } else { "long int too large to convert to int" })),
    }
}

/// `v[key]`.
pub fn get(th: &mut Thread, v: Value, key: Value) -> R<Value> {
    if let Some(i) = key.as_int() {
        if let Some(l) = v.cast::<list::List>().filter(|_| list::LIST.is_exact(v)) {
            let g = l.read(th)?;
            let s = g.as_slice();
            let at = if i < 0 { i + s.len() as i64 } else { i };
            if let Some(x) = s.get(at as usize) {
                return Ok(*x);
            }
            drop(g);
            return Err(th.raise(&INDEX_ERROR, "list index out of range"));
        }
        if let Some(s) = tuple::items(v).filter(|_| tuple::TUPLE.is_exact(v)) {
            let at = if i < 0 { i + s.len() as i64 } else { i };
            return match s.get(at as usize) {
                Some(x) => Ok(*x),
                None => Err(th.raise(&INDEX_ERROR, "tuple index out of range")),
            };
        }
    }
    if let Some(d) = v.cast::<dict::Dict>().filter(|_| dict::DICT.is_exact(v)) {
        return match dict::get(th, d, key)? {
            Some(x) => Ok(x),
            None => Err(th.raise_with(&crate::exceptions::KEY_ERROR, &[key])),
        };
    }
    match class_of(v).frozen().dunder(D::getitem) {
        Some(f) => call_special(th, f, v, &[key]),
        None => no_item(th, v, key),
    }
}
fn no_item(th: &mut Thread, v: Value, key: Value) -> R<Value> {
    if let Some(t) = v.cast::<crate::types::type_::Type>() {
        if let Some(f) = super::attr::get_str_opt(th, v, "__class_getitem__")?.filter(|_| th.py3()) {
            return th.call(f, &[key]);
        }
        if th.py3() && v == crate::types::type_::TYPE.value() {
            return crate::types::generic_alias::new(th, v, key);
        }
        let name = crate::types::type_::name_text(t).into_owned();
        let msg = if th.py3() { format!("type '{name}' is not subscriptable") } else { "'type' object has no attribute '__getitem__'".to_string() };
        return Err(th.type_error(msg));
    }
    let name = class_name(v);
    let msg = if th.py3() { format!("'{name}' object is not subscriptable") } else { format!("'{name}' object has no attribute '__getitem__'") };
    Err(th.type_error(msg))
}

/// `v[key] = x`.
pub fn set(th: &mut Thread, v: Value, key: Value, x: Value) -> R<()> {
    if let (Some(i), Some(l)) = (key.as_int(), v.cast::<list::List>().filter(|_| list::LIST.is_exact(v))) {
        let mut g = list::edit(th, l)?;
        let n = g.count() as i64;
        let at = if i < 0 { i + n } else { i };
        if at >= 0 && at < n {
            list::logged(&mut g, at as usize..at as usize + 1)[0] = x;
            return Ok(());
        }
        drop(g);
        return Err(th.raise(&INDEX_ERROR, "list assignment index out of range"));
    }
    if let Some(d) = v.cast::<dict::Dict>().filter(|_| dict::DICT.is_exact(v)) {
        return dict::set(th, d, key, x);
    }
    match class_of(v).frozen().dunder(D::setitem) {
        Some(f) => call_special(th, f, v, &[key, x]).map(|_| ()),
        None => {
            let name = class_name(v);
            Err(th.type_error(format!("'{name}' object does not support item assignment")))
        }
    }
}
/// `del v[key]`.
pub fn delete(th: &mut Thread, v: Value, key: Value) -> R<()> {
    match class_of(v).frozen().dunder(D::delitem) {
        Some(f) => call_special(th, f, v, &[key]).map(|_| ()),
        None => {
            let name = class_name(v);
            Err(th.type_error(format!("'{name}' object does{} support item deletion", if th.py3() { "n't" } else { "n't" })))
        }
    }
}

/// `x in v`.
pub fn contains(th: &mut Thread, v: Value, x: Value) -> R<bool> {
    if let Some(d) = v.cast::<dict::Dict>().filter(|_| dict::DICT.is_exact(v)) {
        return Ok(dict::get(th, d, x)?.is_some());
    }
    match class_of(v).frozen().dunder(D::contains) {
        Some(f) if !f.is_none() => {
            let r = call_special(th, f, v, &[x])?;
            super::is_true(th, r)
        }
        Some(_) => {
            let name = class_name(v);
            Err(th.type_error(format!("'{name}' object is not a container")))
        }
        None => {
            let it = super::iter::iter(th, v);
            let it = match it {
                Ok(it) => it,
                Err(e) => {
                    if class_of(v).frozen().dunder(D::iter).is_none() && th.catch(&crate::exceptions::TYPE_ERROR).is_some() {
                        let name = class_name(v);
                        return Err(th.type_error(format!("argument of type '{name}' is not iterable")));
                    }
                    return Err(e);
                }
            };
            while let Some(y) = super::iter::next(th, it)? {
                if super::equal(th, y, x)? {
                    return Ok(true);
                }
                th.poll()?;
            }
            Ok(false)
        }
    }
}
