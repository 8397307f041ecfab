//! `match` statement.

use crate::native::type_flag;
use crate::object::{self, attr};
use crate::thread::Thread;
use crate::types::type_::Type;
use crate::types::{dict, list, text, tuple};
use txpy_heap::{R, RootedVec, Value};

op! {
    MATCHSEQ(pc, base, th, insn, tab) {
        let yes = object::class_of(r!(base, b!(pc))).frozen().has(type_flag::SEQUENCE);
        r!(base, a!(pc)) = Value::from_bool(yes);
        next!(pc, base, th, tab)
    }
    MATCHMAP(pc, base, th, insn, tab) {
        let yes = object::class_of(r!(base, b!(pc))).frozen().has(type_flag::MAPPING);
        r!(base, a!(pc)) = Value::from_bool(yes);
        next!(pc, base, th, tab)
    }
    MATCHKEYS(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(match_keys(t, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    MATCHCLASS(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = match_class(t, r!(base, b!(pc)), r!(base, c!(pc)), x!(pc) as usize, Value(*pc));
        r!(base, a!(pc)) = try_!(v, pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
}

#[inline(never)]
fn match_keys(th: &mut Thread, v: Value, keys: Value) -> R<Value> {
    let keys = tuple::items(keys).unwrap_or(&[]);
    let out = RootedVec::with_capacity(th, keys.len())?;
    let seen = crate::types::set::new(th)?;
    for k in keys {
        if !crate::types::set::add(th, seen, *k)? {
            let r = object::repr_text(th, *k)?;
            return Err(th.value_error(format!("mapping pattern checks duplicate key ({r})")));
        }
        let x = if dict::DICT.is_exact(v) {
            dict::get(th, v.cast().expect("a dict"), *k)?
        } else {
            // `get` with a private default, so that a missing key makes no entry in a defaultdict.
            let missing = list::new(th, &[])?;
            let x = th.call_method(v, "get", &[*k, missing])?;
            (x != missing).then_some(x)
        };
        match x {
            Some(x) => out.push(th, x)?,
            None => return Ok(Value::NONE),
        }
    }
    rooted_tuple(th, out)
}

/// The items as a tuple.
pub(super) fn rooted_tuple(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let t = tuple::alloc(th, n)?;
    // SAFETY: the tuple is not yet known to anybody else; it may be old by now, hence `remember`.
    v.with(th, |s| unsafe { t.frozen().tail_mut().copy_from_slice(s) })?;
    th.remember(t.header());
    Ok(t.value())
}

#[inline(never)]
fn match_class(th: &mut Thread, v: Value, class: Value, positional: usize, names: Value) -> R<Value> {
    let Some(t) = class.cast::<Type>() else { return Err(th.type_error("called match pattern must be a class")) };
    if !crate::builtins::is_instance(th, v, class)? {
        return Ok(Value::NONE);
    }
    let out = RootedVec::new(th)?;
    let class_name = crate::types::type_::name_text(t).into_owned();
    if positional > 0 {
        match attr::get_str_opt(th, class, "__match_args__")? {
            Some(args) => {
                let Some(list) = tuple::items(args) else {
                    let got = object::class_name(args);
                    return Err(th.type_error(format!("{class_name}.__match_args__ must be a tuple (got {got})")));
                };
                if positional > list.len() {
                    let s = if list.len() == 1 { "" } else { "s" };
                    return Err(th.type_error(format!("{class_name}() accepts {} positional sub-pattern{s} ({positional} given)", list.len())));
                }
                for (i, n) in list[..positional].iter().enumerate() {
                    if !n.is::<text::Str>() {
                        let got = object::class_name(*n);
                        return Err(th.type_error(format!("__match_args__ elements must be strings (got {got})")));
                    }
                    let again = list[..i].iter().chain(tuple::items(names).unwrap_or(&[])).any(|o| text::equal(*o, *n) == Some(true));
                    if again {
                        let r = object::repr_text(th, *n)?;
                        return Err(th.type_error(format!("{class_name}() got multiple sub-patterns for attribute {r}")));
                    }
                    let n = th.intern_value(*n);
                    match attr::get_opt(th, v, n)? {
                        Some(x) => out.push(th, x)?,
                        None => return Ok(Value::NONE),
                    }
                }
            }
            None if t.frozen().has(type_flag::MATCH_SELF) => {
                if positional > 1 {
                    return Err(th.type_error(format!("{class_name}() accepts 1 positional sub-pattern ({positional} given)")));
                }
                out.push(th, v)?;
            }
            None => return Err(th.type_error(format!("{class_name}() accepts 0 positional sub-patterns ({positional} given)"))),
        }
    }
    for n in tuple::items(names).unwrap_or(&[]) {
        match attr::get_opt(th, v, *n)? {
            Some(x) => out.push(th, x)?,
            None => return Ok(Value::NONE),
        }
    }
    rooted_tuple(th, out)
}
