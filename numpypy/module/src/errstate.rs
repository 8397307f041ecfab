//! What happens on floating point errors: `seterr`, `geterr`, and the report itself.

use crate::api::*;
use txpy_numpy_core::Flags;
use txpy_vm::exceptions::FLOATING_POINT_ERROR;

/// Names of the four errors, in the order of their bits, and the settings that they start with.
const ERRORS: [(&str, u32); 4] = [("divide", Flags::DIVIDE), ("over", Flags::OVERFLOW), ("under", Flags::UNDERFLOW), ("invalid", Flags::INVALID)];
const SETTINGS: [&str; 6] = ["ignore", "warn", "raise", "call", "print", "log"];
/// `warn` for all but underflow.
const DEFAULT: i64 = 1 | 1 << 3 | 1 << 9;

pub static FUNCTIONS: &[NativeDef] = natives! {
    "seterr(all=None, divide=None, over=None, under=None, invalid=None)" = seterr, "Set how floating point errors are handled; the old settings.";
    "geterr()" = |th, _| { let s = settings(th)?; as_dict(th, s) }, "How floating point errors are handled.";
};

/// The settings of the thread: three bits an error, kept in the thread's dictionary of the module.
fn settings(th: &mut Thread) -> R<i64> {
    let m = crate::module_object(th)?;
    let d = m.frozen().dict;
    Ok(dict::get_str(th, d, "_errstate")?.and_then(Value::as_int).unwrap_or(DEFAULT))
}

fn as_dict(th: &mut Thread, s: i64) -> R<Value> {
    let d = dict::new(th)?;
    for (i, (name, _)) in ERRORS.iter().enumerate() {
        let v = th.native_str(SETTINGS[(s >> (3 * i) & 7) as usize % 6])?;
        dict::set_str(th, d, name, v)?;
    }
    Ok(d.value())
}

fn seterr(th: &mut Thread, a: Args) -> R<Value> {
    let old = settings(th)?;
    let mut new = old;
    for i in 0..4 {
        let Some(v) = a.some(i + 1).or_else(|| a.some(0)) else { continue };
        let name = text::lossy(v).into_owned();
        let Some(k) = SETTINGS.iter().position(|s| *s == name) else {
            return Err(th.value_error(format!("'{name}' is no way to handle errors")));
        };
        if k == 3 || k == 5 {
            return Err(th.not_implemented("seterr with 'call' or 'log'"));
        }
        new = new & !(7 << (3 * i)) | (k as i64) << (3 * i);
    }
    let m = crate::module_object(th)?;
    module::set(th, m, "_errstate", Value::int(new))?;
    as_dict(th, old)
}

/// Handles the errors that an operation raised.
pub fn report(th: &mut Thread, flags: Flags, name: &str) -> R<()> {
    let s = settings(th)?;
    for (i, (_, bit)) in ERRORS.iter().enumerate().filter(|(_, e)| flags.0 & e.1 != 0) {
        let words = Flags::WORDS.iter().find(|(b, _)| b == bit).map_or("", |(_, w)| w);
        let message = format!("{words} encountered in {name}");
        match s >> (3 * i) & 7 {
            0 => {}
            2 => return Err(th.raise(&FLOATING_POINT_ERROR, message)),
            4 => txpy_vm::runtime::write_stderr(th, &format!("Warning: {message}\n")),
            _ => warn(th, &message)?,
        }
    }
    Ok(())
}

/// `warnings.warn(message, RuntimeWarning)`; a line on standard error while there is no such module.
fn warn(th: &mut Thread, message: &str) -> R<()> {
    let class = txpy_vm::exceptions::RUNTIME_WARNING.value();
    match txpy_vm::import::import_name(th, "warnings") {
        Ok(m) => {
            let text = th.native_str(message)?;
            th.call_method(m, "warn", &[text, class]).map(|_| ())
        }
        Err(e) => {
            if th.catch(&txpy_vm::exceptions::IMPORT_ERROR).is_none() {
                return Err(e);
            }
            txpy_vm::runtime::write_stderr(th, &format!("RuntimeWarning: {message}\n"));
            Ok(())
        }
    }
}

/// A RuntimeWarning that errstate doesn't govern.
pub fn note(th: &mut Thread, message: &str) -> R<()> {
    warn(th, message)
}
