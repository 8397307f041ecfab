//! Raising, handling, `with`.

use crate::atomic::rounds;
use crate::exceptions::TYPE_ERROR;
use crate::kinds;
use crate::object::attr;
use crate::thread::Thread;
use crate::types::{atomic_block, exc_group, exception, traceback};
use txpy_compiler::ops::NO_REG;
use txpy_heap::{R, Value};

op! {
    RAISE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let cause = if x!(pc) == 1 { Some(r!(base, b!(pc))) } else { None };
        let _ = exception::raise(t, r!(base, a!(pc)), cause);
        goto!(super::unwind::unwind, pc, base, th, insn, tab)
    }
    RAISE0(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        match t.handled {
            e if e.is_ref() => {
                let _ = t.reraise(e);
                t.raised_again = true;
            }
            _ => {
                let _ = if t.py3() { t.runtime_error("No active exception to reraise") } else { t.type_error("exceptions must be old-style classes or derived from BaseException, not NoneType") };
            }
        }
        goto!(super::unwind::unwind, pc, base, th, insn, tab)
    }
    RAISE3(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let a = a!(pc);
        let _ = exception::raise27(t, r!(base, a), r!(base, a + 1), r!(base, a + 2));
        goto!(super::unwind::unwind, pc, base, th, insn, tab)
    }
    RERAISE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let _ = t.reraise(r!(base, a!(pc)));
        t.raised_again = true;
        goto!(super::unwind::unwind, pc, base, th, insn, tab)
    }
    PUSHEXC(pc, base, th, insn, tab) {
        let caught = r!(base, b!(pc));
        let t: &mut Thread = &mut *th;
        r!(base, a!(pc)) = t.handled;
        t.handled = caught;
        next!(pc, base, th, tab)
    }
    POPEXC(pc, base, th, insn, tab) {
        let t: &mut Thread = &mut *th;
        t.handled = r!(base, a!(pc));
        next!(pc, base, th, tab)
    }
    EXCMATCH(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let m = try_!(exception::matches(t, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = Value::from_bool(m);
        next!(pc, base, th, tab)
    }
    WITHENTER(pc, base, th, insn, tab) {
        let m = r!(base, b!(pc));
        if m.kind() == Some(kinds::ATOMIC) && rounds::enters(&mut *th) {
            r!(base, a!(pc)) = m;
            r!(base, a!(pc) + 1) = m;
            next!(pc, base, th, tab)
        }
        goto!(withenter_slow, pc, base, th, insn, tab)
    }
    #[inline(never)] withenter_slow(pc, base, th, insn, tab) {
        let m = r!(base, b!(pc));
        let t = enter!(pc, base, th);
        let (exit, entered) = if m.kind() == Some(kinds::ATOMIC) {
            (m, try_!(atomic_block::enter(t, m), pc, base, th, insn, tab))
        } else {
            try_!(with_enter(t, m, false), pc, base, th, insn, tab)
        };
        r!(base, a!(pc)) = exit;
        r!(base, a!(pc) + 1) = entered;
        next!(pc, base, th, tab)
    }
    AWITHENTER(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (exit, entered) = try_!(with_enter(t, r!(base, b!(pc)), true), pc, base, th, insn, tab);
        r!(base, a!(pc)) = exit;
        r!(base, a!(pc) + 1) = entered;
        next!(pc, base, th, tab)
    }
    WITHEXIT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let exit = r!(base, b!(pc));
        if exit.kind() == Some(kinds::ATOMIC) {
            r!(base, a!(pc)) = try_!(atomic_block::exit(t), pc, base, th, insn, tab);
            next!(pc, base, th, tab)
        }
        let exc = if c!(pc) == NO_REG as usize { Value::NONE } else { r!(base, c!(pc)) };
        r!(base, a!(pc)) = try_!(with_exit(t, exit, exc), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    WITHROUND(pc, base, th, insn, tab) {
        if rounds::goes_on(&mut *th, base, pc) {
            // Does the JMP that the compiler puts behind it as well: each dispatch counts in a block of a few instructions.
            let behind = pc.add(1);
            next!(behind.offset(j!(behind)), base, th, tab)
        }
        goto!(withround_slow, pc, base, th, insn, tab)
    }
    #[inline(never)] withround_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (exit, state) = (r!(base, b!(pc)), c!(pc));
        if exit.kind() == Some(kinds::ATOMIC) {
            let steps = if state == NO_REG as usize { usize::MAX } else { super::loops::steps_alone(r!(base, state), r!(base, state + 1)) };
            if rounds::go_on(t, base, pc, steps) {
                next!(pc, base, th, tab)
            }
            r!(base, a!(pc)) = try_!(atomic_block::exit(t), pc, base, th, insn, tab);
            next!(pc, base, th, tab)
        }
        r!(base, a!(pc)) = try_!(with_exit(t, exit, Value::NONE), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    ENDROUNDS(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(rounds::end(t), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    EGMATCH(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (m, rest) = try_!(exc_group::split_for(t, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = m;
        r!(base, a!(pc) + 1) = rest;
        next!(pc, base, th, tab)
    }
    EGJOIN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(exc_group::join(t, r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

#[inline(never)]
fn with_exit(th: &mut Thread, exit: Value, exc: Value) -> R<Value> {
    let (class, tb) = if exc.is_none() { (Value::NONE, Value::NONE) } else { (exception::class_for_exit(exc), traceback::of(th, exc)) };
    th.call(exit, &[class, exc, tb])
}

/// The bound exit method and the result of the enter method.
fn with_enter(th: &mut Thread, m: Value, is_async: bool) -> R<(Value, Value)> {
    rounds::end(th)?;
    use crate::types::dunder::D;
    let (on_enter, on_exit) = if is_async { (D::aenter, D::aexit) } else { (D::enter, D::exit) };
    let class = crate::object::class_of(m);
    let find = |d: D| class.frozen().dunder(d);
    let (fe, fx) = if crate::types::classic::is_instance(m) {
        (attr::get_opt(th, m, on_enter.name())?, attr::get_opt(th, m, on_exit.name())?)
    } else {
        (find(on_enter), find(on_exit))
    };
    let (Some(fe), Some(fx)) = (fe, fx) else {
        let (name, what) = (crate::object::class_name(m), if fe.is_none() { on_enter } else { on_exit });
        let msg = if !th.py3() {
            what.text().to_string()
        } else {
            let protocol = if is_async { "asynchronous context manager" } else { "context manager" };
            let missed = if fe.is_some() { format!(" (missed {} method)", on_exit.text()) } else { String::new() };
            format!("'{name}' object does not support the {protocol} protocol{missed}")
        };
        return Err(if th.py3() { th.raise(&TYPE_ERROR, msg) } else { th.attribute_error(msg) });
    };
    if crate::types::classic::is_instance(m) {
        let r = th.call(fe, &[])?;
        return Ok((fx, r));
    }
    let x = attr::bind(th, fx, m, class.value())?;
    let r = crate::object::call_special(th, fe, m, &[])?;
    Ok((x, r))
}
