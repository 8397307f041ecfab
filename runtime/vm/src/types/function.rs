//! `function`: a code object with its globals, defaults and closure.

use super::code::Code;
use super::dict::Dict;
use super::tuple;
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    /// Frozen; what scripts may change is Late.
    pub struct Function = kinds::FUNCTION, frozen {
        /// The code that a call runs; `__code__` may be assigned.
        pub code: Late,
        pub globals: Gc<Dict>,
        /// Tuple of cells or UNSET.
        pub closure: Value,
        /// Tuple or UNSET.
        pub defaults: Late,
        /// Dict or UNSET.
        pub kwdefaults: Late,
        pub annotations: Late,
        pub name: Late,
        pub qualname: Late,
        pub doc: Late,
        pub module: Late,
        /// Instance dictionary, made when asked for.
        pub dict: Late,
        pub type_params: Late,
    }
}

pub static FUNCTION: TypeDef = TypeDef {
    name: "function", kind: kinds::FUNCTION, size: size_of::<Function>() as u16, flags: type_flag::WEAK, methods: &[super::function_attrs::METHODS],
    getset: super::function_attrs::GETSET, doc: "A function defined by a script.", ..TypeDef::DEFAULT
};

/// A function of `code` with the given globals. Name, documentation and module come from code and globals.
pub fn new(th: &mut Thread, code: Gc<Code>, globals: Gc<Dict>, closure: Value) -> R<Gc<Function>> {
    let c = code.frozen();
    let doc = match c.image().doc {
        Some(i) => c.consts.frozen().items()[i],
        None => Value::NONE,
    };
    let module = super::dict::get_name(th, globals, crate::names::n(crate::names::N::__name__))?.unwrap_or(Value::NONE);
    let late = Late::new;
    let u = Value::UNSET;
    th.alloc(FUNCTION.shape(), Function {
        header: Header::NEW, code: late(code.value()), globals, closure, defaults: late(u), kwdefaults: late(u), annotations: late(u), name: late(c.name),
        qualname: late(c.qualname), doc: late(doc), module: late(module), dict: late(u), type_params: late(u),
    })
}

impl Function {
    #[inline(always)]
    pub fn code(&self) -> Gc<Code> {
        // SAFETY: only code objects are stored there.
        unsafe { Gc::from_ptr(self.code.get().ptr_unchecked().cast()) }
    }
    pub fn default_values(&self) -> &[Value] { tuple::items(self.defaults.get()).unwrap_or(&[]) }
}
