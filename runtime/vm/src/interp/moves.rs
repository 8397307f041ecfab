//! Moves, constants, locals, cells.

use super::enter::name;
use crate::exceptions::{NAME_ERROR, UNBOUND_LOCAL_ERROR};
use crate::thread::Thread;
use crate::types::cell::{self, Cell};
use crate::types::function::Function;
use crate::types::{text, tuple};
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{Gc, Value};

op! {
    MOVE(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = r!(base, b!(pc));
        next!(pc, base, th, tab)
    }
    LOADK(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = Value(*pc);
        next!(pc.add(1), base, th, tab)
    }
    LOADI(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = Value::int(j!(pc) as i64);
        next!(pc, base, th, tab)
    }
    LOADS(pc, base, th, insn, tab) {
        r!(base, a!(pc)) = Value(b!(pc) as u64);
        next!(pc, base, th, tab)
    }
    LOADX(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(crate::builtins::helper(t, b!(pc) as u16), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    CLEAR(pc, base, th, insn, tab) {
        let first = a!(pc);
        for i in first..first + b!(pc) {
            r!(base, i) = Value::UNSET;
        }
        next!(pc, base, th, tab)
    }
    CHECK(pc, base, th, insn, tab) {
        if r!(base, a!(pc)).is_unset() {
            goto!(unbound, pc, base, th, insn, tab)
        }
        next!(pc, base, th, tab)
    }
    DELLOCAL(pc, base, th, insn, tab) {
        let at = a!(pc);
        if r!(base, at).is_unset() {
            goto!(unbound, pc, base, th, insn, tab)
        }
        r!(base, at) = Value::UNSET;
        next!(pc, base, th, tab)
    }
    MKCELL(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(cell::new(t, r!(base, a!(pc))), pc, base, th, insn, tab).value();
        next!(pc, base, th, tab)
    }
    NEWCELL(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(cell::new(t, Value::UNSET), pc, base, th, insn, tab).value();
        next!(pc, base, th, tab)
    }
    COPYFREE(pc, base, th, insn, tab) {
        let f: Gc<Function> = Gc::from_ptr((*base.sub(5)).ptr_unchecked().cast());
        let cells = tuple::items(f.frozen().closure).unwrap_or(&[]);
        let first = a!(pc);
        for i in 0..b!(pc) {
            r!(base, first + i) = cells.get(i).copied().unwrap_or(Value::UNSET);
        }
        next!(pc, base, th, tab)
    }
    LOADC(pc, base, th, insn, tab) {
        let p: *mut Cell = r!(base, b!(pc)).ptr_unchecked().cast();
        if !crate::interp::enter::may_read(th, (*p).header.access.load(Relaxed)) {
            goto!(loadc_slow, pc, base, th, insn, tab)
        }
        let v = (*p).value;
        if v.is_unset() {
            goto!(loadc_slow, pc, base, th, insn, tab)
        }
        r!(base, a!(pc)) = v;
        next!(pc, base, th, tab)
    }
    STOREC(pc, base, th, insn, tab) {
        let p: *mut Cell = r!(base, a!(pc)).ptr_unchecked().cast();
        if !crate::interp::enter::may_write(th, (*p).header.access.load(Relaxed)) {
            goto!(storec_slow, pc, base, th, insn, tab)
        }
        (*p).value = r!(base, b!(pc));
        next!(pc, base, th, tab)
    }
    DELC(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let cell = r!(base, a!(pc));
        let old = try_!(cell::get(t, cell), pc, base, th, insn, tab);
        if old.is_unset() {
            raise_unbound(t, name(base, b!(pc)));
            goto!(super::unwind::unwind, pc, base, th, insn, tab)
        }
        try_!(cell::set(t, cell, Value::UNSET), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

// Texts are made apart from the handlers: nothing with Drop may be alive at a dispatch.
fn raise_unbound(th: &mut Thread, name: Value) {
    let name = text::lossy(name);
    let msg = if th.py3() { format!("cannot access local variable '{name}' where it is not associated with a value") } else { format!("local variable '{name}' referenced before assignment") };
    let _ = th.raise(&UNBOUND_LOCAL_ERROR, msg);
}
/// NameError for an empty cell of an enclosing scope.
pub(super) fn raise_free(th: &mut Thread, name: Value) {
    let name = text::lossy(name);
    let msg = if th.py3() { format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope") } else { format!("free variable '{name}' referenced before assignment in enclosing scope") };
    let _ = th.raise(&NAME_ERROR, msg);
}

slow! {
    unbound(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        raise_unbound(t, name(base, b!(pc)));
        goto!(super::unwind::unwind, pc, base, th, insn, tab)
    }
    loadc_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(cell::get(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        if v.is_unset() {
            if x!(pc) == 1 { raise_free(t, name(base, c!(pc))) } else { raise_unbound(t, name(base, c!(pc))) }
            goto!(super::unwind::unwind, pc, base, th, insn, tab)
        }
        r!(base, a!(pc)) = v;
        next!(pc, base, th, tab)
    }
    storec_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(cell::set(t, r!(base, a!(pc)), r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
