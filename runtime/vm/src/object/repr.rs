//! `repr` and `str` of any object.

use super::{call_special, class_name, class_of};
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::text;
use txpy_heap::{R, Value};

/// `repr(v)`: a native string.
pub fn repr(th: &mut Thread, v: Value) -> R<Value> {
    th.check_stack()?;
    let r = match class_of(v).frozen().dunder(D::repr) {
        Some(f) => call_special(th, f, v, &[])?,
        None => return default_repr(th, v),
    };
    if text::is_string(th, r) {
        if !th.py3() && text::is_text(r) {
            return crate::types::codec::encode_ascii(th, r);
        }
        return Ok(r);
    }
    let got = class_name(r);
    Err(th.type_error(if th.py3() { format!("__repr__ returned non-string (type {got})") } else { format!("__repr__ returned non-string (type {got})") }))
}
/// `repr(v)` as Rust text, surrogates replaced.
pub fn repr_text(th: &mut Thread, v: Value) -> R<String> {
    let r = repr(th, v)?;
    Ok(text::lossy(r).into_owned())
}
/// `str(v)`: a native string (in 2.7 it may be text when `__str__` gave text).
pub fn str_(th: &mut Thread, v: Value) -> R<Value> {
    if th.is_native_str_exact(v) {
        return Ok(v);
    }
    th.check_stack()?;
    let r = match class_of(v).frozen().dunder(D::str_) {
        Some(f) => call_special(th, f, v, &[])?,
        None => return repr(th, v),
    };
    if text::is_string(th, r) {
        if !th.py3() && text::is_text(r) {
            return crate::types::codec::encode_ascii(th, r);
        }
        return Ok(r);
    }
    let got = class_name(r);
    Err(th.type_error(format!("__str__ returned non-string (type {got})")))
}
pub fn str_text(th: &mut Thread, v: Value) -> R<String> {
    let r = str_(th, v)?;
    Ok(text::lossy(r).into_owned())
}

/// `<module.Class object at 0x...>`.
pub fn default_repr(th: &mut Thread, v: Value) -> R<Value> {
    let name = qualified_name(th, class_of(v))?;
    th.native_str(&format!("<{name} object at 0x{:012x}>", v.bits() & !7))
}
/// `module.Class`, or the bare name for builtins.
pub fn qualified_name(th: &mut Thread, t: txpy_heap::Gc<crate::types::type_::Type>) -> R<String> {
    let q = if th.py3() { text::lossy(t.frozen().qualname.get()).into_owned() } else { crate::types::type_::name_text(t).into_owned() };
    let m = crate::types::type_methods::module_of(th, t)?;
    Ok(if m.is_empty() || m == "builtins" || m == "__builtin__" && !th.py3() && !t.frozen().has(crate::native::type_flag::HEAP) { q } else { format!("{m}.{q}") })
}

/// Marks `v` as being shown for the extent of `f`; `again` is the result when it is being shown already.
pub fn guarded(th: &mut Thread, v: Value, again: &str, f: impl FnOnce(&mut Thread) -> R<Value>) -> R<Value> {
    if !th.py3() && th.reprs.len() > crate::interp::depth::limit() {
        return Err(th.raise(&crate::exceptions::RUNTIME_ERROR, "maximum recursion depth exceeded while getting the repr of an object"));
    }
    if th.reprs.contains(&v.bits()) {
        return th.native_str(again);
    }
    th.reprs.push(v.bits());
    let r = f(th);
    th.reprs.pop();
    r
}
