//! Everything Python 3 changes against 2.7.
#![forbid(unsafe_code)]

use txpy_vm::dialect::Dialect;

/// The Python 3 dialect. `version` is what `sys.version_info` reports: 3.13.0, or an older one for `--python 3.x`, which keeps alive what
/// later versions removed.
pub fn dialect(version: (u32, u32, u32)) -> Dialect {
    Dialect { version, keep_removed: version < (3, 13, 0), text_is_str: true, builtins: "builtins", functions: &[], types: &[], modules: &[] }
}

/// Where the pure-Python standard library lies: our own modules first, which stand for those of 3.14 that do not fit 3.13.
pub fn library() -> [&'static str; 2] { [concat!(env!("CARGO_MANIFEST_DIR"), "/lib"), rustpython_pylib::LIB_PATH] }
