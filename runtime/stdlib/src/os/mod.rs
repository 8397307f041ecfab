//! `posix`: what the library's `os` is made of.

pub mod at_fork;
pub mod constants;
pub mod env;
pub mod files;
pub mod more;
pub mod paths;
pub mod process;
pub mod scandir;
pub mod spawn;
pub mod stat;

use txpy_vm::exceptions::OS_ERROR;
use txpy_vm::types::{list, module};
use txpy_vm::{Gc, ModuleDef, R, Thread};

pub static MODULE: ModuleDef = ModuleDef {
    name: "posix", doc: "System calls.", functions: paths::FUNCTIONS, types: &[&scandir::DIR_ENTRY], init: Some(init), ..ModuleDef::DEFAULT
};

fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    for f in [files::FUNCTIONS, process::FUNCTIONS, env::FUNCTIONS, stat::FUNCTIONS, scandir::FUNCTIONS, more::FUNCTIONS] {
        module::add_functions(th, m, f)?;
    }
    module::set(th, m, "error", OS_ERROR.value())?;
    constants::fill(th, m)?;
    env::fill(th, m)?;
    stat::fill(th, m)?;
    process::fill(th, m)?;
    more::fill(th, m)?;
    if th.py3() {
        let l = list::with_capacity(th, 64)?;
        for name in HAVE {
            let v = th.intern(name)?;
            list::append(th, l, v)?;
        }
        module::set(th, m, "_have_functions", l.value())?;
    }
    Ok(())
}
/// What `os.supports_*` is computed from.
const HAVE: &[&str] = &["HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FDOPENDIR", "HAVE_FSTATAT", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MKDIRAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT", "HAVE_LCHOWN"];
