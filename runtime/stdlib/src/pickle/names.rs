//! How pickles name classes and functions: module and dotted path, with Python 2's names for old protocols.

use crate::api::*;
use txpy_vm::import;

/// `copyreg` or another module of the library.
pub fn library(th: &mut Thread, module: &str, name: &str) -> R<Value> {
    let m = import::import_name(th, module)?;
    attr::get_str(th, m, name)
}

/// The attribute at a dotted path and the object that has it; None if there is none.
pub fn walk(th: &mut Thread, from: Value, path: &str) -> R<Option<(Value, Value)>> {
    let (mut parent, mut at) = (Value::NONE, from);
    for part in path.split('.') {
        parent = at;
        match attr::get_str_opt(th, at, part)? {
            Some(x) => at = x,
            None => return Ok(None),
        }
    }
    Ok(Some((at, parent)))
}

/// Name of the module that an object is found in.
pub fn module_of(th: &mut Thread, obj: Value, path: &str) -> R<Value> {
    if let Some(m) = attr::get_str_opt(th, obj, "__module__")?.filter(|m| !m.is_none()) {
        return Ok(m);
    }
    let modules = import::modules();
    let all = dict::copy(th, modules)?;
    let mut at = 0;
    while let Some((k, m)) = dict::next(th, all, &mut at)? {
        if m.is_none() || matches!(text::bytes_of(k), Some(b"__main__" | b"__mp_main__")) {
            continue;
        }
        // A module may compute its attributes, and fail.
        let found = walk(th, m, path);
        match found {
            Ok(Some((x, _))) if x == obj => return Ok(k),
            Ok(_) => {}
            Err(e) => {
                if th.catch(&ATTRIBUTE_ERROR).is_none() {
                    return Err(e);
                }
            }
        }
    }
    th.native_str("__main__")
}

/// Replaces names by those of the other language: `tables` are the names of `_compat_pickle`'s tables of pairs and of modules.
pub fn renamed(th: &mut Thread, tables: (&str, &str), module: Value, name: Value) -> R<(Value, Value)> {
    let pairs = library(th, "_compat_pickle", tables.0)?;
    let key = th.new_tuple(&[module, name])?;
    if let Some(pairs) = pairs.cast::<Dict>() {
        if let Some(new) = dict::get(th, pairs, key)? {
            return match tuple::items(new) {
                Some([m, n]) => Ok((*m, *n)),
                _ => Err(th.runtime_error(format!("_compat_pickle.{} values should be 2-tuples", tables.0))),
            };
        }
    }
    let modules = library(th, "_compat_pickle", tables.1)?;
    if let Some(modules) = modules.cast::<Dict>() {
        if let Some(new) = dict::get(th, modules, module)? {
            return Ok((new, name));
        }
    }
    Ok((module, name))
}
