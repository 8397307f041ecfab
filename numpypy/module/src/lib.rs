//! What scripts see of numpy: ndarray, dtype, ufunc.

use txpy_vm::ModuleDef;

/// The native modules of this crate.
pub static MODULES: &[&ModuleDef] = &[];
