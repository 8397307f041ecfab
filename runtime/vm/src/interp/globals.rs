//! Names of modules, class bodies and exec code.

use super::enter::{globals, name};
use crate::exceptions::NAME_ERROR;
use crate::object;
use crate::thread::Thread;
use crate::types::cell::{self, Cell};
use crate::types::dict::{self, Dict};
use crate::types::text;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{Gc, R, Unwind, Value};

/// The inline cache word at `p`.
#[inline(always)]
pub(super) unsafe fn word<'a>(p: *const u64) -> &'a AtomicU64 { unsafe { &*p.cast::<AtomicU64>() } }

op! {
    LOADG(pc, base, th, insn, tab) {
        // The cache holds the address of the name's cell in the globals.
        let c = word(pc).load(Relaxed) as *mut Cell;
        if !c.is_null() && crate::interp::enter::may_read(th, (*c).header.access.load(Relaxed)) {
            let v = (*c).value;
            if !v.is_unset() {
                r!(base, a!(pc)) = v;
                next!(pc.add(1), base, th, tab)
            }
            let f = (*c).fallback.get();
            if f.is_ref() {
                let f: *mut Cell = f.ptr_unchecked().cast();
                if crate::interp::enter::may_read(th, (*f).header.access.load(Relaxed)) && !(*f).value.is_unset() {
                    r!(base, a!(pc)) = (*f).value;
                    next!(pc.add(1), base, th, tab)
                }
            }
        }
        goto!(loadg_slow, pc, base, th, insn, tab)
    }
    STOREG(pc, base, th, insn, tab) {
        let c = word(pc).load(Relaxed) as *mut Cell;
        if !c.is_null() && crate::interp::enter::may_write(th, (*c).header.access.load(Relaxed)) {
            (*c).value = r!(base, a!(pc));
            next!(pc.add(1), base, th, tab)
        }
        goto!(storeg_slow, pc, base, th, insn, tab)
    }
    DELG(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let n = name(base, b!(pc));
        if try_!(dict::remove(t, globals(base), n), pc, base, th, insn, tab).is_none() {
            let _ = undefined(t, n);
            goto!(super::unwind::unwind, pc, base, th, insn, tab)
        }
        next!(pc, base, th, tab)
    }
    LOADN(pc, base, th, insn, tab) {
        if r!(base, 0) == globals(base).value() {
            goto!(LOADG, pc, base, th, insn, tab)
        }
        let t = enter!(pc, base, th);
        let n = name(base, b!(pc));
        let found = try_!(namespace_get(t, r!(base, 0), n), pc, base, th, insn, tab);
        r!(base, a!(pc)) = match found {
            Some(v) => v,
            None => try_!(global(t, globals(base), n), pc, base, th, insn, tab),
        };
        next!(pc.add(1), base, th, tab)
    }
    STOREN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (n, v) = (name(base, b!(pc)), r!(base, a!(pc)));
        let done = match r!(base, 0).cast::<Dict>().filter(|_| dict::DICT.is_exact(r!(base, 0))) {
            Some(d) => dict::set(t, d, n, v),
            None => object::item::set(t, r!(base, 0), n, v),
        };
        try_!(done, pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
    DELN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let n = name(base, b!(pc));
        try_!(namespace_del(t, r!(base, 0), n), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    LOADNC(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let n = name(base, b!(pc));
        let found = match try_!(namespace_get(t, r!(base, 0), n), pc, base, th, insn, tab) {
            Some(v) => v,
            None => try_!(cell::get(t, r!(base, c!(pc))), pc, base, th, insn, tab),
        };
        if found.is_unset() {
            super::moves::raise_free(t, n);
            goto!(super::unwind::unwind, pc, base, th, insn, tab)
        }
        r!(base, a!(pc)) = found;
        next!(pc, base, th, tab)
    }
}
slow! {
    loadg_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let c = word(pc).load(Relaxed) as *mut Cell;
        if !c.is_null() && !t.may_read((*c).header.access.load(Relaxed)) {
            try_!(t.access_read(&(*c).header), pc, base, th, insn, tab);
            next!(pc.sub(1), base, th, tab)
        }
        let n = name(base, b!(pc));
        let g = globals(base);
        r!(base, a!(pc)) = try_!(cached_global(t, g, n, word(pc)), pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
    storeg_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let c = word(pc).load(Relaxed) as *mut Cell;
        if !c.is_null() && !t.may_write((*c).header.access.load(Relaxed)) {
            try_!(t.access_write(&(*c).header), pc, base, th, insn, tab);
            next!(pc.sub(1), base, th, tab)
        }
        let n = name(base, b!(pc));
        let g = globals(base);
        try_!(store_global(t, g, n, r!(base, a!(pc)), word(pc)), pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
}

fn cached_global(th: &mut Thread, g: Gc<Dict>, n: Value, cache: &AtomicU64) -> R<Value> {
    if !dict::is_namespace(g) {
        return global(th, g, n);
    }
    let c = dict::name_cell(th, g, n)?;
    let v = c.read(th)?.value;
    if !v.is_unset() {
        cache.store(c.as_ptr() as u64, Relaxed);
        return Ok(v);
    }
    let v = global(th, g, n)?;
    let b = builtins_of(th, g)?;
    if let Some(b) = b.cast::<Dict>() {
        if dict::is_namespace(b) {
            if let Some(f) = dict::find_cell(th, b, n)? {
                cell::set_fallback(th, c, f);
                cache.store(c.as_ptr() as u64, Relaxed);
            }
        }
    }
    Ok(v)
}
fn store_global(th: &mut Thread, g: Gc<Dict>, n: Value, v: Value, cache: &AtomicU64) -> R<()> {
    if !dict::is_namespace(g) {
        return dict::set(th, g, n, v);
    }
    let c = dict::name_cell(th, g, n)?;
    c.write(th)?.value = v;
    cache.store(c.as_ptr() as u64, Relaxed);
    Ok(())
}

/// The builtins namespace that goes with a globals dict (its `__builtins__`, a dict or module, or the interpreter's).
pub fn builtins_of(th: &mut Thread, g: Gc<Dict>) -> R<Value> {
    match dict::get_name(th, g, crate::names::n(crate::names::N::__builtins__))? {
        Some(b) => Ok(match b.cast::<crate::types::module::Module>() {
            Some(m) => m.frozen().dict.value(),
            None => b,
        }),
        None => Ok(crate::builtins::namespace().value()),
    }
}

/// A global or builtin name.
pub fn global(th: &mut Thread, g: Gc<Dict>, n: Value) -> R<Value> {
    if let Some(v) = dict::get_name(th, g, n)? {
        return Ok(v);
    }
    let b = builtins_of(th, g)?;
    let v = match b.cast::<Dict>() {
        Some(b) => dict::get_name(th, b, n)?,
        None => namespace_get(th, b, n)?,
    };
    match v {
        Some(v) => Ok(v),
        None => Err(undefined(th, n)),
    }
}
fn undefined(th: &mut Thread, n: Value) -> Unwind {
    let text = text::lossy(n).into_owned();
    let msg = if th.py3() { format!("name '{text}' is not defined") } else { format!("name '{text}' is not defined") };
    let e = th.raise(&NAME_ERROR, msg);
    crate::types::exc_fields::note_name(th, n);
    e
}

/// `namespace[n]`, None for a missing key.
fn namespace_get(th: &mut Thread, ns: Value, n: Value) -> R<Option<Value>> {
    if let Some(d) = ns.cast::<Dict>().filter(|_| dict::DICT.is_exact(ns)) {
        return dict::get_name(th, d, n);
    }
    let r = object::item::get(th, ns, n);
    th.unless(r, &crate::exceptions::KEY_ERROR)
}
fn namespace_del(th: &mut Thread, ns: Value, n: Value) -> R<()> {
    if let Some(d) = ns.cast::<Dict>().filter(|_| dict::DICT.is_exact(ns)) {
        return if dict::remove(th, d, n)?.is_some() { Ok(()) } else { Err(undefined(th, n)) };
    }
    let r = object::item::delete(th, ns, n);
    match th.unless(r, &crate::exceptions::KEY_ERROR)? {
        Some(()) => Ok(()),
        None => Err(undefined(th, n)),
    }
}
