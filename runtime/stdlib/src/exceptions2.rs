//! `exceptions` of 2.7: the builtin exception classes under a module's name.

use crate::api::*;
use txpy_vm::exceptions;

pub static MODULE: ModuleDef = ModuleDef {
    name: "exceptions", doc: "Python's standard exception class hierarchy.\n\nExceptions found here are defined both in the exceptions module and the\nbuilt-in namespace.", init: Some(init), lang: Lang::Py2, ..ModuleDef::DEFAULT
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    // 3's RecursionError stands behind 2.7's RuntimeError.
    for e in exceptions::ALL.iter().filter(|e| e.flags & type_flag::PY3 == 0 && e.name != "RecursionError") {
        module::set(th, m, e.name, e.value())?;
    }
    Ok(())
}
