//! Errors of the core crate as exceptions; floating point errors as warnings or exceptions.

use crate::api::*;
use txpy_numpy_core::{Error, Flags, Kind, R as CoreR};
use txpy_vm::exceptions::*;

/// `numpy.AxisError`.
pub static AXIS_ERROR: ExcDef = TypeDef {
    name: "AxisError", module: "numpy", base: Some(&VALUE_ERROR), kind: txpy_vm::kinds::EXCEPTION, size: size_of::<txpy_vm::types::exception::Exception>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK | type_flag::EXCEPTION,
    doc: "Axis supplied was invalid.", ..TypeDef::DEFAULT
};

/// Raises what the core crate reports.
#[cold]
pub fn raise(th: &mut Thread, e: Error) -> Unwind {
    let def = match e.kind {
        Kind::Value => &VALUE_ERROR,
        Kind::Type => &TYPE_ERROR,
        Kind::Index => &INDEX_ERROR,
        Kind::Axis => &AXIS_ERROR,
        Kind::Overflow => &OVERFLOW_ERROR,
        Kind::Memory => return th.memory_error(),
        Kind::Runtime => &RUNTIME_ERROR,
        Kind::NotImplemented => &NOT_IMPLEMENTED_ERROR,
    };
    th.raise(def, e.message)
}

/// A result of the core crate.
pub trait Lift<T> {
    fn lift(self, th: &mut Thread) -> R<T>;
}
impl<T> Lift<T> for CoreR<T> {
    #[inline]
    fn lift(self, th: &mut Thread) -> R<T> {
        self.map_err(|e| raise(th, e))
    }
}

/// Reports floating point errors of an operation as the thread's errstate says.
pub fn report(th: &mut Thread, flags: Flags, name: &str) -> R<()> {
    if flags.is_empty() {
        return Ok(());
    }
    if flags.0 & Flags::NEGATIVE_POWER != 0 {
        return Err(th.value_error("Integers to negative integer powers are not allowed."));
    }
    crate::errstate::report(th, flags, name)
}
