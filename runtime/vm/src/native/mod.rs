//! The native-type API: how Rust code defines modules, types, methods, properties and functions.

pub mod args;
pub mod bind;
pub mod buffer;
#[macro_use]
pub mod def;
pub mod stored;

pub use args::Args;
pub use bind::call_native;
pub use def::{Binding, Effects, GetSetDef, Lang, ModuleDef, NativeDef, NativeFn, TypeDef, type_flag};
