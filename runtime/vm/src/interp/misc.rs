//! Imports, 2.7's print and exec, interactive display.

use super::enter::{globals, name};
use crate::import;
use txpy_compiler::ops::NO_REG;
use txpy_heap::Value;

op! {
    IMPORT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let c = c!(pc);
        let m = import::import_statement(t, name(base, b!(pc)), globals(base), r!(base, c), r!(base, c + 1));
        r!(base, a!(pc)) = try_!(m, pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    IMPORTFROM(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(import::import_from(t, r!(base, b!(pc)), name(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    IMPORTSTAR(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let to = if x!(pc) == 1 { r!(base, 0) } else { globals(base).value() };
        try_!(import::import_star(t, r!(base, a!(pc)), to), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    PRINT(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let to = if b!(pc) == NO_REG as usize { Value::NONE } else { r!(base, b!(pc)) };
        try_!(crate::builtins::print27(t, Some(r!(base, a!(pc))), to), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    PRINTNL(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let to = if b!(pc) == NO_REG as usize { Value::NONE } else { r!(base, b!(pc)) };
        try_!(crate::builtins::print27(t, None, to), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    EXEC(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(crate::builtins::exec27(t, r!(base, a!(pc)), r!(base, b!(pc)), r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    REPR(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(crate::object::repr(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    DISPLAY(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(crate::builtins::display(t, r!(base, a!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
