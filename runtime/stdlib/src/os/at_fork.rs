//! What is done around a fork: functions that scripts register, and what the child's only thread takes over.

use crate::support::Root;
use txpy_vm::types::{dict, list};
use txpy_vm::{Args, Gc, R, Thread, Value, import, object, runtime};

#[derive(Clone, Copy)]
pub enum When {
    Before,
    AfterInChild,
    AfterInParent,
}
/// Lists of functions, by `When`.
static FUNCTIONS: [Root; 3] = [const { Root::new() }; 3];

pub fn register(th: &mut Thread, a: Args) -> R<Value> {
    let given = [When::Before, When::AfterInChild, When::AfterInParent].map(|w| (w, a.opt(w as usize).filter(|f| !f.is_none())));
    if given.iter().all(|(_, f)| f.is_none()) {
        return Err(th.type_error("At least one argument is required."));
    }
    let names = ["before", "after_in_child", "after_in_parent"];
    for (w, f) in given {
        let Some(f) = f else { continue };
        if !crate::codecs::callable(th, f)? {
            let got = object::class_name(f);
            return Err(th.type_error(format!("'{}' must be callable, not {got}", names[w as usize])));
        }
    }
    for (w, f) in given {
        let Some(f) = f else { continue };
        let l: Gc<list::List> = FUNCTIONS[w as usize].get_or(th, |th| list::new(th, &[]))?.cast().expect("a list");
        list::append(th, l, f)?;
    }
    Ok(Value::NONE)
}

/// Calls what was registered; those for before the fork in reverse. Errors are shown and dropped.
pub fn run(th: &mut Thread, when: When) {
    let Some(l) = FUNCTIONS[when as usize].get().and_then(|l| l.cast::<list::List>()) else { return };
    let n = l.read(th).map_or(0, |g| g.count());
    for i in 0..n {
        let i = if matches!(when, When::Before) { n - 1 - i } else { i };
        if let Ok(Some(f)) = list::get(th, l, i) {
            let r = th.call(f, &[]);
            runtime::report_unraisable(th, r, f);
        }
    }
}

/// The child has one thread, which is the main one from now on.
pub fn in_child(th: &mut Thread) -> R<()> {
    crate::thread::after_fork(th)?;
    crate::signal::after_fork(th);
    runtime::after_fork(th);
    if !th.py3() {
        if let Some(m) = dict::get_str(th, import::modules(), "threading")? {
            let r = th.call_method(m, "_after_fork", &[]);
            runtime::report_unraisable(th, r, m);
        }
    }
    run(th, When::AfterInChild);
    Ok(())
}
