//! `Dialect`: what differs between the languages, chosen once at start.

use crate::native::{ModuleDef, NativeDef, TypeDef};
use std::sync::OnceLock;

/// Tables of one language. The vm holds 2.7's; `pypy3-mode` supplies Python 3's.
pub struct Dialect {
    /// (major, minor, micro) that `sys.version_info` reports.
    pub version: (u32, u32, u32),
    /// `--python 3.2`: what later versions removed is kept alive.
    pub keep_removed: bool,
    /// `str` is text: literals without prefix, names, `repr`.
    pub text_is_str: bool,
    /// Name of the builtins module.
    pub builtins: &'static str,
    /// Builtin functions on top of those common to both.
    pub functions: &'static [NativeDef],
    pub types: &'static [&'static TypeDef],
    pub modules: &'static [&'static ModuleDef],
}

static DIALECT: OnceLock<Dialect> = OnceLock::new();

/// Fixes the language of the process.
pub fn choose(d: Dialect) { let _ = DIALECT.set(d); }

/// The chosen language; Python 2.7 when nothing was chosen.
#[inline]
pub fn dialect() -> &'static Dialect { DIALECT.get_or_init(python27) }

/// Whether the language is Python 3.
#[inline]
pub fn py3() -> bool { dialect().text_is_str }

pub fn python27() -> Dialect {
    Dialect { version: (2, 7, 18), keep_removed: false, text_is_str: false, builtins: "__builtin__", functions: &[], types: &[], modules: &[] }
}
