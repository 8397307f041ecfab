//! `atexit`: functions that run when the program ends, last registered first. They stand in a list of the module.

use crate::api::*;

pub static MODULE: ModuleDef = ModuleDef { name: "atexit", doc: "Allow programmer to define multiple exit functions to be executed upon normal program termination.", functions: FUNCTIONS, init: Some(init), lang: Lang::Py3, types: &[] };
static FUNCTIONS: &[NativeDef] = natives! {
    "register(func, /, *args, **kwargs)" = register, "Register a function to be executed upon normal program termination.";
    "unregister(func, /)" = unregister, "Unregister an exit function which was previously registered using atexit.register.";
    "_run_exitfuncs()" = |th, _| { run_exit_functions(th)?; Ok(Value::NONE) }, "Run all registered exit functions.";
    "_clear()" = |th, _| { let l = calls(th)?; txpy_vm::types::list_slices::clear(th, l)?; Ok(Value::NONE) }, "Clear the list of previously registered exit functions.";
    "_ncallbacks()" = |th, _| { let l = calls(th)?; Ok(Value::int(list::len(th, l)? as i64)) }, "Return the number of registered exit functions.";
};
const LIST: &str = "\0calls";
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let l = list::new(th, &[])?;
    module::set(th, m, LIST, l)
}
fn calls(th: &mut Thread) -> R<Gc<List>> {
    let m = txpy_vm::import::import_name(th, "atexit")?;
    match attr::get_str(th, m, LIST)?.cast() {
        Some(l) => Ok(l),
        None => Err(th.system_error("atexit lost its list")),
    }
}
fn register(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() == 0 {
        return Err(th.type_error("register() takes at least 1 argument (0 given)"));
    }
    let f = a.get(0);
    if dunder(f, D::call).is_none() {
        return Err(th.type_error("the first argument must be callable"));
    }
    let (args, kw) = (rest(th, a, 1)?, keywords(th, a)?);
    let kw = if kw.is_unset() { Value::NONE } else { kw };
    let row = th.new_tuple(&[f, args, kw])?;
    let l = calls(th)?;
    list::append(th, l, row)?;
    Ok(f)
}
fn unregister(th: &mut Thread, a: Args) -> R<Value> {
    let l = calls(th)?;
    let mut i = 0;
    while let Some(row) = list::get(th, l, i)? {
        let f = tuple::items(row).and_then(|t| t.first().copied()).unwrap_or(Value::NONE);
        if same_or_equal(th, f, a.get(0))? {
            let n = list::len(th, l)?;
            if i < n {
                txpy_vm::types::list_slices::remove_range(th, l, i, i + 1)?;
            }
        } else {
            i += 1;
        }
    }
    Ok(Value::NONE)
}
/// Runs them all; the last error is the result. To be called when the program ends.
pub fn run_exit_functions(th: &mut Thread) -> R<()> {
    let l = calls(th)?;
    let mut last = None;
    // What functions register while they run comes too late.
    let mut left = list::len(th, l)?;
    loop {
        let n = list::len(th, l)?;
        left = left.min(n);
        let Some(row) = left.checked_sub(1).map(|i| list::get(th, l, i)).transpose()?.flatten() else { break };
        left -= 1;
        txpy_vm::types::list_slices::remove_range(th, l, left, n)?;
        if let Some([f, args, kw]) = tuple::items(row) {
            if let Err(e) = call_ex(th, *f, *args, if kw.is_none() { Value::UNSET } else { *kw }) {
                match th.catch_any() {
                    Some(exc) => last = Some(exc),
                    None => return Err(e),
                }
            }
        }
    }
    match last {
        Some(e) => Err(th.reraise(e)),
        None => Ok(()),
    }
}
