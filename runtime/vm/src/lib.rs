//! Interpreter, object types, builtins, imports, threads.

#[macro_use]
pub mod native;
pub mod atomic;
pub mod builtins;
pub mod builtins_seq;
pub mod dialect;
pub mod exceptions;
pub mod import;
pub mod interactive;
pub mod interp;
pub mod library;
pub mod loading;
pub mod kinds;
pub mod names;
pub mod object;
pub mod runtime;
mod stm_places;
pub mod thread;
pub mod warn;
pub mod types;

pub use native::{Args, Effects, GetSetDef, Lang, ModuleDef, NativeDef, TypeDef};
pub use thread::Thread;
pub use txpy_heap::{Gc, R, Unwind, Value};
pub use txpy_syntax::SourceKind;
