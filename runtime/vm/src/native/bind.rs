//! Calling a native: arity checks, keyword binding, and CPython's TypeError texts.

use super::args::Args;
use super::def::NativeDef;
use crate::exceptions::TYPE_ERROR;
use crate::thread::Thread;
use crate::types::text;
use txpy_heap::{R, Unwind, Value};

/// Calls `def` with unbound arguments.
#[inline]
pub fn call_native(th: &mut Thread, def: &NativeDef, a: Args) -> R<Value> {
    let s = &def.shape;
    let n = a.len();
    if !a.has_keywords() && n >= s.min as usize && (n <= s.max as usize || s.varargs) && !s.needs_keyword {
        return (def.func)(th, a);
    }
    call_slow(th, def, a)
}

#[cold]
fn call_slow(th: &mut Thread, def: &NativeDef, a: Args) -> R<Value> {
    let s = &def.shape;
    if s.varkw || s.varargs {
        // These look at their arguments themselves; only the positional minimum is checked here.
        if a.positional() < s.min as usize && !a.has_keywords() {
            return Err(arity(th, def, a.positional()));
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
        return Err(arity(th, def, given));
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
            None => return Err(unexpected(th, def, &text)),
            Some(i) if !bound[i].is_unset() => {
                let m = if i < given && is_method(def) { i } else { i + 1 };
                let msg = format!("argument for {}() given by name ('{text}') and position ({m})", def.name());
                return Err(th.raise(&TYPE_ERROR, msg));
            }
            Some(i) => bound[i] = v,
        }
    }
    let n = s.params as usize;
    for (i, p) in def.param_texts().filter(|p| !p.starts_with('*') && *p != "/").enumerate() {
        if bound[i].is_unset() && !p.contains('=') {
            if i < s.posonly as usize {
                return Err(arity(th, def, given));
            }
            let m = if is_method(def) { i } else { i + 1 };
            let msg = if i >= s.max as usize {
                format!("{}() missing required keyword-only argument: '{}'", def.name(), p)
            } else {
                format!("{}() missing required argument '{}' (pos {m})", def.name(), p)
            };
            return Err(th.raise(&TYPE_ERROR, msg));
        }
    }
    let last = bound[..n].iter().rposition(|v| !v.is_unset()).map_or(0, |i| i + 1);
    (def.func)(th, Args::of(&bound[..last]))
}

fn is_method(def: &NativeDef) -> bool { def.params().next().is_some_and(|p| p == "self" || p == "type" || p == "cls") }

fn no_keywords(th: &mut Thread, def: &NativeDef, a: Args) -> Unwind {
    let name = qualified(th, def, a);
    th.raise(&TYPE_ERROR, format!("{name}() takes no keyword arguments"))
}

fn qualified(_th: &mut Thread, def: &NativeDef, a: Args) -> String {
    if is_method(def) && a.positional() > 0 && !def.name().starts_with("__") {
        let owner = crate::object::class_of(a.get(0));
        return format!("{}.{}", crate::types::type_::name_text(owner), def.name());
    }
    def.name().to_string()
}

fn unexpected(th: &mut Thread, def: &NativeDef, name: &str) -> Unwind {
    let msg = if th.py3() {
        format!("{}() got an unexpected keyword argument '{name}'", def.name())
    } else {
        format!("'{name}' is an invalid keyword argument for this function")
    };
    th.raise(&TYPE_ERROR, msg)
}

/// CPython's text for a wrong number of positional arguments.
fn arity(th: &mut Thread, def: &NativeDef, given: usize) -> Unwind {
    let s = &def.shape;
    // A method's `self` is not counted.
    let hidden = is_method(def) as usize;
    let (min, max, given) = ((s.min as usize).saturating_sub(hidden), (s.max as usize).saturating_sub(hidden), given.saturating_sub(hidden));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let name = def.name();
    let msg = if min == max && !s.varargs {
        if name.starts_with("__") {
            format!("expected {min} argument{}, got {given}", plural(min))
        } else if max == 0 {
            format!("{name}() takes no arguments ({given} given)")
        } else if max == 1 {
            format!("{name}() takes exactly one argument ({given} given)")
        } else if th.py3() && s.posonly == s.params {
            format!("{name} expected {min} argument{}, got {given}", plural(min))
        } else {
            format!("{name}() takes exactly {min} argument{} ({given} given)", plural(min))
        }
    } else if given < min {
        format!("{name} expected at least {min} argument{}, got {given}", plural(min))
    } else if s.posonly == s.params {
        format!("{name} expected at most {max} argument{}, got {given}", plural(max))
    } else {
        format!("{name}() takes at most {max} argument{} ({given} given)", plural(max))
    };
    th.raise(&TYPE_ERROR, msg)
}
