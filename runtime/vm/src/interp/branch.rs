//! Jumps: unconditional, on truth, on a comparison, loop-closing with the safepoint poll.

use super::arith::{both_float, both_int};
use crate::object::compare::{self, Cmp};
use txpy_heap::Value;

/// A backward jump: a pending request is served before it.
macro_rules! back {
    ($target:expr, $pc:ident, $base:ident, $th:ident, $insn:ident, $tab:ident) => {{
        let to: *const u64 = $target;
        if crate::interp::enter::pending($th) {
            let t = enter!($pc, $base, $th);
            try_!(crate::runtime::poll(t), $pc, $base, $th, $insn, $tab);
        }
        next!(to, $base, $th, $tab)
    }};
}
pub(super) use back;

op! {
    JMP(pc, base, th, insn, tab) { next!(pc.offset(j!(pc)), base, th, tab) }
    LOOP(pc, base, th, insn, tab) { back!(pc.offset(j!(pc)), pc, base, th, insn, tab) }
    JT(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if v == Value::TRUE {
            next!(pc.offset(j!(pc)), base, th, tab)
        }
        if v == Value::FALSE || v == Value::NONE {
            next!(pc, base, th, tab)
        }
        goto!(jt_slow, pc, base, th, insn, tab)
    }
    JF(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if v == Value::TRUE {
            next!(pc, base, th, tab)
        }
        if v == Value::FALSE || v == Value::NONE {
            next!(pc.offset(j!(pc)), base, th, tab)
        }
        goto!(jf_slow, pc, base, th, insn, tab)
    }
    LOOPT(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if v == Value::TRUE {
            back!(pc.offset(j!(pc)), pc, base, th, insn, tab)
        }
        if v == Value::FALSE || v == Value::NONE {
            next!(pc, base, th, tab)
        }
        goto!(loopt_slow, pc, base, th, insn, tab)
    }
    JNONE(pc, base, th, insn, tab) { next!(if r!(base, a!(pc)).is_none() { pc.offset(j!(pc)) } else { pc }, base, th, tab) }
    JNOTNONE(pc, base, th, insn, tab) { next!(if r!(base, a!(pc)).is_none() { pc } else { pc.offset(j!(pc)) }, base, th, tab) }
    JUNSET(pc, base, th, insn, tab) { next!(if r!(base, a!(pc)).is_unset() { pc.offset(j!(pc)) } else { pc }, base, th, tab) }
    JIS(pc, base, th, insn, tab) { next!(if r!(base, a!(pc)) == r!(base, b!(pc)) { pc.offset(ic!(pc) as isize) } else { pc }, base, th, tab) }
    JISNOT(pc, base, th, insn, tab) { next!(if r!(base, a!(pc)) == r!(base, b!(pc)) { pc } else { pc.offset(ic!(pc) as isize) }, base, th, tab) }
}
slow! {
    jt_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(compare::is_true(t, r!(base, a!(pc))), pc, base, th, insn, tab);
        next!(if v { pc.offset(j!(pc)) } else { pc }, base, th, tab)
    }
    jf_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(compare::is_true(t, r!(base, a!(pc))), pc, base, th, insn, tab);
        next!(if v { pc } else { pc.offset(j!(pc)) }, base, th, tab)
    }
    loopt_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let v = try_!(compare::is_true(t, r!(base, a!(pc))), pc, base, th, insn, tab);
        if v {
            back!(pc.offset(j!(pc)), pc, base, th, insn, tab)
        }
        next!(pc, base, th, tab)
    }
}

/// Compare and branch: forward, its negation, loop-closing; each with a register or a small int on the right.
macro_rules! compare_branch {
    ($($cmp:ident $sign:tt, $jump:ident $jump_slow:ident, $not:ident $not_slow:ident, $jumpi:ident $jumpi_slow:ident, $noti:ident $noti_slow:ident,
       $back:ident $back_slow:ident, $backi:ident $backi_slow:ident;)*) => { $(
        compare_branch!(@one $jump $jump_slow $cmp $sign, forward, true);
        compare_branch!(@one $not $not_slow $cmp $sign, forward, false);
        compare_branch!(@one $back $back_slow $cmp $sign, backward, true);
        compare_branch!(@small $jumpi $jumpi_slow $cmp $sign, forward, true);
        compare_branch!(@small $noti $noti_slow $cmp $sign, forward, false);
        compare_branch!(@small $backi $backi_slow $cmp $sign, backward, true);
    )* };
    (@one $name:ident $slow:ident $cmp:ident $sign:tt, $dir:ident, $want:literal) => {
        op! { $name(pc, base, th, insn, tab) {
            let (x, y) = (r!(base, a!(pc)), r!(base, b!(pc)));
            if both_int(x, y) {
                if ((x.0 as i64) $sign (y.0 as i64)) == $want {
                    compare_branch!(@jump $dir pc base th insn tab)
                }
                next!(pc, base, th, tab)
            }
            if both_float(x, y) {
                if (x.float_unchecked() $sign y.float_unchecked()) == $want {
                    compare_branch!(@jump $dir pc base th insn tab)
                }
                next!(pc, base, th, tab)
            }
            goto!($slow, pc, base, th, insn, tab)
        } }
        #[inline(never)]
        unsafe fn $slow(pc: *const u64, base: *mut Value, th: *mut crate::thread::Thread, insn: u64, tab: *const super::Handler) -> u64 {
            // SAFETY: as every handler.
            unsafe {
                let t = enter!(pc, base, th);
                let v = try_!(compare::compare_bool(t, Cmp::$cmp, r!(base, a!(pc)), r!(base, b!(pc))), pc, base, th, insn, tab);
                if v == $want {
                    compare_branch!(@jump $dir pc base th insn tab)
                }
                next!(pc, base, th, tab)
            }
        }
    };
    (@small $name:ident $slow:ident $cmp:ident $sign:tt, $dir:ident, $want:literal) => {
        op! { $name(pc, base, th, insn, tab) {
            let x = r!(base, a!(pc));
            if x.is_int() {
                if (x.int_unchecked() $sign ib!(pc)) == $want {
                    compare_branch!(@jump $dir pc base th insn tab)
                }
                next!(pc, base, th, tab)
            }
            goto!($slow, pc, base, th, insn, tab)
        } }
        slow! { $slow(pc, base, th, insn, tab) {
            let t = enter!(pc, base, th);
            let v = try_!(compare::compare_bool(t, Cmp::$cmp, r!(base, a!(pc)), Value::int(ib!(pc))), pc, base, th, insn, tab);
            if v == $want {
                compare_branch!(@jump $dir pc base th insn tab)
            }
            next!(pc, base, th, tab)
        } }
    };
    (@jump forward $pc:ident $base:ident $th:ident $insn:ident $tab:ident) => { next!($pc.offset(ic!($pc) as isize), $base, $th, $tab) };
    (@jump backward $pc:ident $base:ident $th:ident $insn:ident $tab:ident) => { back!($pc.offset(ic!($pc) as isize), $pc, $base, $th, $insn, $tab) };
}
compare_branch! {
    Lt <, JLT jlt_slow, JNLT jnlt_slow, JLTI jlti_slow, JNLTI jnlti_slow, LOOPLT looplt_slow, LOOPLTI looplti_slow;
    Le <=, JLE jle_slow, JNLE jnle_slow, JLEI jlei_slow, JNLEI jnlei_slow, LOOPLE loople_slow, LOOPLEI looplei_slow;
    Gt >, JGT jgt_slow, JNGT jngt_slow, JGTI jgti_slow, JNGTI jngti_slow, LOOPGT loopgt_slow, LOOPGTI loopgti_slow;
    Ge >=, JGE jge_slow, JNGE jnge_slow, JGEI jgei_slow, JNGEI jngei_slow, LOOPGE loopge_slow, LOOPGEI loopgei_slow;
    Eq ==, JEQ jeq_slow, JNEQ jneq_slow, JEQI jeqi_slow, JNEQI jneqi_slow, LOOPEQ loopeq_slow, LOOPEQI loopeqi_slow;
    Ne !=, JNE jne_slow, JNNE jnne_slow, JNEI jnei_slow, JNNEI jnnei_slow, LOOPNE loopne_slow, LOOPNEI loopnei_slow;
}
