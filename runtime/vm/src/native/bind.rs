//! Calling a native: arity checks, keyword binding, and CPython's TypeError texts.

use super::args::Args;
use super::def::NativeDef;
use crate::exceptions::TYPE_ERROR;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::text;
use txpy_heap::{R, Unwind, Value};

/// Calls `def` with unbound arguments.
#[inline]
pub fn call_native(th: &mut Thread, def: &NativeDef, a: Args) -> R<Value> {
    let s = &def.shape;
    let n = a.len();
    if !a.has_keywords() && n >= s.min as usize && (n <= s.max as usize || s.varargs) && !s.slow {
        return (def.func)(th, a);
    }
    call_slow(th, def, a)
}

#[cold]
fn call_slow(th: &mut Thread, def: &NativeDef, a: Args) -> R<Value> {
    let s = &def.shape;
    if s.gated && th.atomic_depth() != 0 {
        crate::atomic::irrevocable(th)?;
    }
    let a = if a.has_keywords() && !s.varkw && s.posonly == s.params && for_subclass(def, a) { a.without_keywords() } else { a };
    if s.varkw || s.varargs {
        // These look at their arguments themselves; only the positional minimum is checked here.
        if a.positional() < s.min as usize && !a.has_keywords() {
            return Err(arity(th, def, a));
        }
        if a.has_keywords() && !s.varkw && s.params as usize == s.max as usize {
            return Err(no_keywords(th, def, a));
        }
        return (def.func)(th, a);
    }
    if a.has_keywords() && s.posonly as usize == s.params as usize {
        return Err(no_keywords(th, def, a));
    }
    let given = a.positional();
    if given > s.max as usize {
        return Err(arity(th, def, a));
    }
    let mut bound = [Value::UNSET; 24];
    assert!(s.params as usize <= bound.len(), "native with too many parameters");
    for (i, slot) in bound[..given].iter_mut().enumerate() {
        *slot = a.get(i);
    }
    for k in 0..a.keyword_count() {
        let (name, v) = a.keyword(k);
        let text = text::lossy(name);
        let at = def.params().enumerate().skip(s.posonly as usize).find(|(_, p)| *p == text).map(|(i, _)| i);
        match at {
            None => return Err(unexpected(th, def, a, &text)),
            Some(i) if !bound[i].is_unset() => {
                let m = if i < given && is_method(def) { i } else { i + 1 };
                let msg = format!("argument for {}() given by name ('{text}') and position ({m})", shown_name(def, a));
                return Err(th.raise(&TYPE_ERROR, msg));
            }
            Some(i) => bound[i] = v,
        }
    }
    let n = s.params as usize;
    for (i, p) in def.param_texts().filter(|p| !p.starts_with('*') && *p != "/").enumerate() {
        if bound[i].is_unset() && !p.contains('=') {
            if i < s.posonly as usize {
                return Err(arity(th, def, a));
            }
            let m = if is_method(def) { i } else { i + 1 };
            let msg = if i >= s.max as usize {
                format!("{}() missing required keyword-only argument: '{}'", shown_name(def, a), p)
            } else if th.py3() {
                format!("{}() missing required argument '{}' (pos {m})", shown_name(def, a), p)
            } else {
                format!("Required argument '{p}' (pos {m}) not found")
            };
            return Err(th.raise(&TYPE_ERROR, msg));
        }
    }
    let last = bound[..n].iter().rposition(|v| !v.is_unset()).map_or(0, |i| i + 1);
    (def.func)(th, Args::of(&bound[..last]))
}

fn is_method(def: &NativeDef) -> bool {
    // `issubclass` calls its first argument so too.
    let for_class = def.binding == super::Binding::Class || def.name().starts_with("__");
    def.params().next().is_some_and(|p| p == "self" || p == "type" || p == "cls" && for_class)
}

/// The native type whose layout the first argument has (or is, for class methods and `__new__`).
fn owner(a: Args) -> &'static super::def::TypeDef {
    let v = a.get(0);
    v.cast::<crate::types::type_::Type>().unwrap_or_else(|| crate::object::class_of(v)).frozen().def()
}
fn owner_name(a: Args) -> String { crate::types::type_::name_text(owner(a).ty()).into_owned() }
fn makes_instance(def: &NativeDef) -> bool { matches!(def.name(), "__new__" | "__init__") }
/// The function's name in messages: constructors go by their class.
fn shown_name(def: &NativeDef, a: Args) -> String { if makes_instance(def) && a.positional() > 0 { owner_name(a) } else { def.name().to_string() } }
/// As `shown_name`; methods of 3 with their class in front.
fn qualified(th: &Thread, def: &NativeDef, a: Args) -> String {
    if th.py3() && is_method(def) && a.positional() > 0 && !makes_instance(def) {
        return format!("{}.{}", owner_name(a), def.name());
    }
    shown_name(def, a)
}

/// Whether keywords given to a constructor that takes none are meant for the `__init__` (or `__new__`) of a script's subclass.
fn for_subclass(def: &NativeDef, a: Args) -> bool {
    if a.positional() == 0 {
        return false;
    }
    let (class, other) = match def.name() {
        "__new__" => (a.get(0).cast::<crate::types::type_::Type>(), D::init),
        "__init__" => (Some(crate::object::class_of(a.get(0))), D::new),
        _ => return false,
    };
    class.is_some_and(|c| c.frozen().has(super::type_flag::HEAP) && c.frozen().dunder(other) != c.frozen().def().ty().frozen().dunder(other))
}

fn no_keywords(th: &mut Thread, def: &NativeDef, a: Args) -> Unwind {
    let name = qualified(th, def, a);
    th.raise(&TYPE_ERROR, format!("{name}() takes no keyword arguments"))
}

fn unexpected(th: &mut Thread, def: &NativeDef, a: Args, name: &str) -> Unwind {
    let msg = if th.py3() {
        format!("{}() got an unexpected keyword argument '{name}'", shown_name(def, a))
    } else {
        format!("'{name}' is an invalid keyword argument for this function")
    };
    th.raise(&TYPE_ERROR, msg)
}

/// CPython's text for a wrong number of positional arguments.
fn arity(th: &mut Thread, def: &NativeDef, a: Args) -> Unwind {
    let s = &def.shape;
    let method = is_method(def);
    // A method's `self` is not counted.
    let hidden = method as usize;
    let (min, max, given) = ((s.min as usize).saturating_sub(hidden), (s.max as usize).saturating_sub(hidden), a.positional().saturating_sub(hidden));
    let py3 = th.py3();
    let one = |n: usize| if n == 1 { "" } else { "s" };
    // 2.7 says "1 arguments" where it unpacks a tuple, "1 argument" where it parses one.
    let unpacked = |n: usize| if py3 { one(n) } else { "s" };
    let (least, n) = if given < min { ("at least", min) } else { ("at most", max) };
    let name = shown_name(def, a);
    let dunder = name.starts_with("__");
    let msg = if min == max && !s.varargs {
        match max {
            0 if !py3 && !dunder => format!("{name}() takes no arguments ({given} given)"),
            0 if py3 && s.params > s.max => format!("{name}() takes no positional arguments"),
            0 if !dunder => format!("{}() takes no arguments ({given} given)", qualified(th, def, a)),
            _ if dunder => format!("{}expected {max} argument{}, got {given}", if max > 1 { " " } else { "" }, unpacked(max)),
            1 if !makes_instance(def) => format!("{}() takes exactly one argument ({given} given)", qualified(th, def, a)),
            _ if py3 && s.posonly < s.params || !py3 && method && !makes_instance(def) => format!("{name}() takes exactly {max} argument{} ({given} given)", one(max)),
            _ => format!("{name} expected {max} argument{}, got {given}", unpacked(max)),
        }
    } else {
        // 2.7's dict and set unpack, its other methods parse.
        let parses = if py3 { s.posonly < s.params && given > max } else { method && !matches!(owner(a).kind, crate::kinds::DICT | crate::kinds::SET) };
        if parses { format!("{name}() takes {least} {n} argument{} ({given} given)", one(n)) } else { format!("{name} expected {least} {n} argument{}, got {given}", unpacked(n)) }
    };
    th.raise(&TYPE_ERROR, msg)
}
