//! The builtins module: functions of both languages, types and exceptions; runtime helpers of compiled code.

mod class;
mod functions;
mod io27;
mod run;

pub use class::{is_instance, is_subclass, real_instance, real_subclass};
pub use functions::ascii;
pub use io27::{display, exec27, print27, set_sys_attr, sys_attr};
pub use run::{TreeHooks, compile_text, fs_text, grammar, raise_syntax_error, set_tree_hooks};

use crate::exceptions;
use crate::native::{NativeDef, TypeDef, type_flag};
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::module::{self, Module};
use crate::types::*;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_compiler::ops::helper::{Helper, NAMES};
use txpy_heap::{Gc, R, Value};

static MODULE: AtomicU64 = AtomicU64::new(0);

/// The builtins module.
pub fn the_module() -> Gc<Module> { Value(MODULE.load(Acquire)).cast().expect("builtins are made at start-up") }
/// Its namespace.
pub fn namespace() -> Gc<Dict> { the_module().frozen().dict }

/// Native types that the vm defines: those with a name in builtins, and the others.
static NAMED: &[&TypeDef] = &[
    &object::OBJECT, &type_::TYPE, &int::INT, &int::BOOL, &float::FLOAT, &complex::COMPLEX, &text::STR, &text::BYTES, &bytearray::BYTEARRAY, &memoryview::MEMORYVIEW,
    &tuple::TUPLE, &list::LIST, &dict::DICT, &set::SET, &set::FROZENSET, &slice::SLICE, &property::PROPERTY, &method::STATICMETHOD, &method::CLASSMETHOD, &super_::SUPER,
    &range::RANGE, &iterators::ENUMERATE, &iterators::REVERSED,
];
static NAMED3: &[&TypeDef] = &[&iterators::ZIP, &iterators::MAP, &iterators::FILTER];
static OTHERS: &[&TypeDef] = &[
    &singletons::NONE_TYPE, &singletons::ELLIPSIS_TYPE, &singletons::NOT_IMPLEMENTED_TYPE, &singletons::INTERNAL_TYPE, &cell::CELL, &code::CODE, &function::FUNCTION,
    &native_function::BUILTIN, &native_function::METHOD_DESCRIPTOR, &native_function::SLOT_WRAPPER, &method::BOUND, &getset::GETSET, &member::MEMBER, &module::MODULE,
    &generator::GENERATOR, &generator::COROUTINE, &generator::ASYNC_GENERATOR, &async_gen::WRAPPED, &async_gen::OPERATION, &async_gen::WRAPPER, &traceback::TRACEBACK, &traceback::FRAME,
    &mappingproxy::MAPPINGPROXY, &weakref::WEAKREF,
];

/// Makes all types that natives rely on. `object` and `type` refer to each other, so their shapes come first.
pub fn make_types(th: &mut Thread) -> R<()> {
    for t in [&object::OBJECT, &type_::TYPE, &dict::DICT, &cell::CELL, &tuple::TUPLE, &text::STR, &text::BYTES, &native_function::BUILTIN, &native_function::METHOD_DESCRIPTOR, &native_function::SLOT_WRAPPER, &method::STATICMETHOD, &method::CLASSMETHOD, &getset::GETSET, &list::LIST] {
        let at = if t.size == 0 { 0 } else { t.size.next_multiple_of(8) };
        t.shape.store(txpy_heap::shape::new_root(Value::UNSET, at, 0, 0, 0), Release);
    }
    crate::names::init(th)?;
    dunder::init(th)?;
    for t in NAMED.iter().chain(NAMED3).chain(OTHERS) {
        let string = !th.py3() && (std::ptr::eq(*t, &text::STR) || std::ptr::eq(*t, &text::BYTES));
        type_::make_native_with_base(th, t, if string { Some(&text::BASESTRING) } else { t.base })?;
    }
    for t in registry::EXTRA.iter().chain(if th.py3() { &[][..] } else { registry::EXTRA27 }) {
        type_::make_native(th, t)?;
    }
    for t in crate::types::str_iter::TYPES {
        type_::make_native(th, t)?;
    }
    for e in exceptions::ALL {
        if exists(e.flags) {
            type_::make_native_with_base(th, e, if th.py3() { e.base } else { exceptions::base_in_27(e) })?;
        }
    }
    exception::init(th)?;
    generator::init();
    iterators::register();
    crate::types::str_iter::register();
    crate::native::buffer::init();
    Ok(())
}
fn exists(flags: u32) -> bool { flags & if crate::dialect::py3() { type_flag::PY2 } else { type_flag::PY3 } == 0 }

/// Makes the builtins module.
pub fn init(th: &mut Thread) -> R<()> {
    let m = module::new(th, crate::dialect::dialect().builtins)?;
    MODULE.store(m.value().bits(), Release);
    txpy_heap::add_root_hook(|t| t.value(Value(MODULE.load(Acquire))));
    let doc = th.native_str("Built-in functions, exceptions, and other objects.")?;
    module::set(th, m, "__doc__", doc)?;
    for f in tables() {
        module::add_functions(th, m, f)?;
    }
    for t in NAMED {
        module::add_type(th, m, t)?;
    }
    if th.py3() {
        for t in NAMED3 {
            module::add_type(th, m, t)?;
        }
    } else {
        module::add_type(th, m, &int::LONG)?;
        module::add_type(th, m, &text::BASESTRING)?;
        // `bytes` is another name of str; the text type is `unicode`; `range` gives lists.
        module::set(th, m, "bytes", text::BYTES.value())?;
        module::set(th, m, "xrange", range::XRANGE.value())?;
        for f in crate::builtins_seq::FUNCTIONS.iter().filter(|f| f.name() == "range") {
            let v = native_function::new(th, f, Value::UNSET, Value::NONE)?;
            module::set(th, m, "range", v)?;
        }
    }
    let py3 = th.py3();
    for e in exceptions::ALL.iter().filter(|e| exists(e.flags) && (py3 || e.name != "RecursionError")) {
        module::set(th, m, e.name, e.value())?;
    }
    if th.py3() {
        module::set(th, m, "EnvironmentError", exceptions::OS_ERROR.value())?;
        module::set(th, m, "IOError", exceptions::OS_ERROR.value())?;
        let group = exc_group::exception_group(th)?;
        module::set(th, m, "ExceptionGroup", group.value())?;
    }
    for (name, v) in [("None", Value::NONE), ("True", Value::TRUE), ("False", Value::FALSE), ("Ellipsis", Value::ELLIPSIS), ("NotImplemented", Value::NOT_IMPLEMENTED), ("__debug__", Value::TRUE)] {
        module::set(th, m, name, v)?;
    }
    class::init(th, m)?;
    Ok(())
}
fn tables() -> [&'static [NativeDef]; 6] {
    [functions::FUNCTIONS, class::FUNCTIONS, run::FUNCTIONS, io27::FUNCTIONS, crate::builtins_seq::FUNCTIONS, crate::dialect::dialect().functions]
}

/// What LOADX number `i` gives.
pub fn helper(th: &mut Thread, i: u16) -> R<Value> {
    if i == Helper::ASSERTION_ERROR as u16 {
        return Ok(exceptions::ASSERTION_ERROR.value());
    }
    let name = NAMES.get(i as usize).copied().unwrap_or("?");
    match class::HELPERS.iter().chain(run::HELPERS).find(|h| h.name() == name) {
        Some(h) => native_function::new(th, h, Value::UNSET, Value::NONE),
        // The rest are Python functions of the module behind typing.
        None => {
            let typing = crate::import::import_name(th, "_typing")?;
            let f = match name {
                "TYPEVAR" => "typevar",
                "TYPEVAR_BOUND" => "typevar_bound",
                "TYPEVAR_CONSTRAINTS" => "typevar_constraints",
                "PARAMSPEC" => "paramspec",
                "TYPEVARTUPLE" => "typevartuple",
                "TYPEALIAS" => "typealias",
                "GENERIC" => "generic",
                "SET_TYPE_PARAMS" => "set_type_params",
                "SET_TYPE_DEFAULT" => "set_default",
                _ => return Err(th.not_implemented(name)),
            };
            crate::object::attr::get_str(th, typing, f)
        }
    }
}
