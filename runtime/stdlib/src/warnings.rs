//! `_warnings` of Python 3: the door through which importlib warns. Filters and registries are those of the module `warnings`, whose Python part
//! does all the work: names that would replace it are left out here.

use crate::api::*;
use txpy_vm::import;

pub static MODULE: ModuleDef = ModuleDef { name: "_warnings", doc: "Basic warning filtering support.", functions: FUNCTIONS, lang: Lang::Py3, ..ModuleDef::DEFAULT };

static FUNCTIONS: &[NativeDef] = natives! {
    "warn(*args, **kwargs)" = |th, a| forward(th, a, "warn"), "Issue a warning, or maybe ignore it or raise an exception.";
    "warn_explicit(*args, **kwargs)" = |th, a| forward(th, a, "warn_explicit"), "Issue a warning, or maybe ignore it or raise an exception.";
};

/// Natives have no frame: `stacklevel` counts from the caller.
fn forward(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    import::import_name(th, "warnings")?;
    let Some(m) = dict::get_str(th, import::modules(), "warnings")? else { return Ok(Value::NONE) };
    let f = attr::get_str(th, m, name)?;
    th.call_args(f, a)
}
