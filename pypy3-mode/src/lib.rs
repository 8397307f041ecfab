//! Everything Python 3 changes against 2.7.
#![forbid(unsafe_code)]

use txpy_compiler::library::Library;
use txpy_vm::dialect::Dialect;

/// The Python 3 dialect. `version` is what `sys.version_info` reports: 3.13.0, or an older one for `--python 3.x`, which keeps alive what
/// later versions removed.
pub fn dialect(version: (u32, u32, u32)) -> Dialect {
    Dialect { version, keep_removed: version < (3, 13, 0), text_is_str: true, builtins: "builtins", functions: &[], types: &[], modules: &[] }
}

/// Entry of `sys.path` for the library.
pub const FOLDER: &str = "<txpy>/lib3";
static LIBRARY: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/lib3.bin")));
/// Makes the pure-Python standard library known to imports.
pub fn register() { txpy_vm::library::register("lib3", LIBRARY) }
