//! Instructions that build containers and texts.

use crate::object::{self, iter};
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::list::{self, List};
use crate::types::{format, set, text, tuple};
use txpy_compiler::ops::NO_REG;
use txpy_heap::{Gc, R, Value};

/// Registers `first .. first + n` as a slice.
#[inline(always)]
unsafe fn regs<'a>(base: *mut Value, first: usize, n: usize) -> &'a [Value] { unsafe { std::slice::from_raw_parts(base.add(first), n) } }

op! {
    LIST(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(list::new(t, regs(base, b!(pc), c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    TUPLE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(tuple::new(t, regs(base, b!(pc), c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    SET(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let s = try_!(set::new(t), pc, base, th, insn, tab);
        for i in 0..c!(pc) {
            try_!(set::add(t, s, r!(base, b!(pc) + i)), pc, base, th, insn, tab);
        }
        r!(base, a!(pc)) = s.value();
        next!(pc, base, th, tab)
    }
    DICT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let d = try_!(dict::new(t), pc, base, th, insn, tab);
        for i in 0..c!(pc) {
            let at = b!(pc) + 2 * i;
            try_!(dict::set(t, d, r!(base, at), r!(base, at + 1)), pc, base, th, insn, tab);
        }
        r!(base, a!(pc)) = d.value();
        next!(pc, base, th, tab)
    }
    LISTAPPEND(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let l: Gc<List> = Gc::from_ptr(r!(base, a!(pc)).ptr_unchecked().cast());
        try_!(list::append(t, l, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    LISTEXTEND(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let l: Gc<List> = Gc::from_ptr(r!(base, a!(pc)).ptr_unchecked().cast());
        try_!(extend(t, l, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    LISTTUPLE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let l: Gc<List> = Gc::from_ptr(r!(base, b!(pc)).ptr_unchecked().cast());
        r!(base, a!(pc)) = try_!(iter::list_to_tuple(t, l), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    SETADD(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let s = r!(base, a!(pc)).cast().expect("a set");
        try_!(set::add(t, s, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    SETUPDATE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let s = r!(base, a!(pc)).cast().expect("a set");
        try_!(iter::for_each(t, r!(base, b!(pc)), |t, v| set::add(t, s, v).map(|_| ())), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    DICTSET(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let d: Gc<Dict> = Gc::from_ptr(r!(base, a!(pc)).ptr_unchecked().cast());
        try_!(dict::set(t, d, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    DICTUPDATE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let d: Gc<Dict> = Gc::from_ptr(r!(base, a!(pc)).ptr_unchecked().cast());
        try_!(update(t, d, r!(base, b!(pc)), None), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    DICTMERGE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let d: Gc<Dict> = Gc::from_ptr(r!(base, a!(pc)).ptr_unchecked().cast());
        try_!(update(t, d, r!(base, b!(pc)), Some(r!(base, c!(pc)))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    JOINSTR(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(join(t, regs(base, b!(pc), c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    FORMAT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let spec = if c!(pc) == NO_REG as usize { Value::UNSET } else { r!(base, c!(pc)) };
        r!(base, a!(pc)) = try_!(formatted(t, r!(base, b!(pc)), spec, x!(pc)), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

#[inline(never)]
fn extend(th: &mut Thread, l: Gc<List>, v: Value) -> R<()> {
    let r = iter::check_hint(th, v).and_then(|()| iter::for_each(th, v, |th, x| list::append(th, l, x)));
    if r.is_err() && th.py3() && object::dunder(v, crate::types::dunder::D::iter).is_none() && object::dunder(v, crate::types::dunder::D::getitem).is_none() && th.catch(&crate::exceptions::TYPE_ERROR).is_some() {
        let name = object::class_name(v);
        return Err(th.type_error(format!("Value after * must be an iterable, not {name}")));
    }
    r
}

/// `d.update(v)` of a mapping; for a call's keywords (callee given) with the checks of a call.
fn update(th: &mut Thread, d: Gc<Dict>, v: Value, callee: Option<Value>) -> R<()> {
    if let Some(from) = v.cast::<Dict>().filter(|_| dict::DICT.is_exact(v)) {
        let mut at = 0;
        while let Some((k, x)) = dict::next(th, from, &mut at)? {
            put(th, d, k, x, callee)?;
        }
        return Ok(());
    }
    let Some(keys) = object::attr::get_str_opt(th, v, "keys")? else {
        let name = object::class_name(v);
        let msg = match callee {
            Some(f) => format!("{} argument after ** must be a mapping, not {name}", callee_name(th, f)?),
            None => format!("'{name}' object is not a mapping"),
        };
        return Err(th.type_error(msg));
    };
    let keys = th.call(keys, &[])?;
    iter::for_each(th, keys, |th, k| {
        let x = object::item::get(th, v, k)?;
        put(th, d, k, x, callee)
    })
}
fn put(th: &mut Thread, d: Gc<Dict>, k: Value, x: Value, callee: Option<Value>) -> R<()> {
    if let Some(f) = callee {
        if !text::is_string(th, k) {
            let msg = if th.py3() { "keywords must be strings".to_string() } else { format!("{} keywords must be strings", callee_name(th, f)?) };
            return Err(th.type_error(msg));
        }
        if dict::get(th, d, k)?.is_some() {
            let msg = format!("{} got multiple values for keyword argument '{}'", callee_name(th, f)?, text::lossy(k));
            return Err(th.type_error(msg));
        }
    }
    dict::set(th, d, k, x)
}
/// `module.name()` as CPython's messages show a callee.
fn callee_name(th: &mut Thread, f: Value) -> R<String> {
    let Some(q) = object::attr::get_str_opt(th, f, if th.py3() { "__qualname__" } else { "__name__" })? else { return object::repr_text(th, f) };
    let q = text::lossy(q).into_owned();
    let m = object::attr::get_str_opt(th, f, "__module__")?;
    let m = m.map(|m| text::lossy(m).into_owned()).unwrap_or_default();
    Ok(if m.is_empty() || m == "builtins" || !th.py3() { format!("{q}()") } else { format!("{m}.{q}()") })
}

fn join(th: &mut Thread, parts: &[Value]) -> R<Value> {
    let mut out = Vec::new();
    for p in parts {
        out.extend_from_slice(text::bytes_of(*p).unwrap_or(b""));
    }
    text::new_str(th, &out)
}

fn formatted(th: &mut Thread, v: Value, spec: Value, conversion: u8) -> R<Value> {
    let v = match conversion {
        b's' => object::str_(th, v)?,
        b'r' => object::repr(th, v)?,
        b'a' => crate::builtins::ascii(th, v)?,
        _ => v,
    };
    if spec.is_unset() {
        if text::STR.is_exact(v) {
            return Ok(v);
        }
        let empty = th.native_str("")?;
        return format::format_value(th, v, empty);
    }
    format::format_value(th, v, spec)
}
