//! Warnings from natives: handed to the module `warnings`, whose filters decide.

use crate::exceptions::ExcDef;
use crate::object::attr;
use crate::thread::Thread;
use txpy_heap::{R, Value};

/// Warns about the call that the innermost script frame makes. An error where the filters turn warnings of this category into errors.
pub fn warn(th: &mut Thread, category: &'static ExcDef, message: &str) -> R<()> { warn_above(th, category, message, 1) }

/// Warns about the call of the `level`th script frame from the innermost on, which is 1.
pub fn warn_above(th: &mut Thread, category: &'static ExcDef, message: &str, level: i64) -> R<()> {
    let module = crate::import::import_name(th, "warnings")?;
    let f = attr::get_str(th, module, "warn")?;
    let message = th.native_str(message)?;
    th.call(f, &[message, category.value(), Value::int(level)])?;
    Ok(())
}

/// Warns about a line of source text.
pub fn warn_at(th: &mut Thread, category: &'static ExcDef, message: &str, filename: &str, line: u32) -> R<()> {
    let module = crate::import::import_name(th, "warnings")?;
    let f = attr::get_str(th, module, "warn_explicit")?;
    let (message, filename) = (th.native_str(message)?, th.native_str(filename)?);
    th.call(f, &[message, category.value(), filename, Value::int(line as i64)])?;
    Ok(())
}
