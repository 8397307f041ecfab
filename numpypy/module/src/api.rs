//! What the files of this crate use of the vm, under one roof.

pub use txpy_heap::{Gc, Header, R, Unwind, Value, object};
pub use txpy_vm::native::{GetSetDef, type_flag};
pub use txpy_vm::object::{class_name, class_of, instance};
pub use txpy_vm::types::int_args::new_class;
pub use txpy_vm::types::{complex, dict, float, int, list, module, text, tuple};
pub use txpy_vm::{Args, ModuleDef, NativeDef, Thread, TypeDef, getset, natives};
