//! `gc`: the collector's controls. Counts and thresholds of reference-counting generations are kept as numbers only.

use crate::api::*;
use crate::gc_walk;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};

pub static MODULE: ModuleDef = ModuleDef { name: "gc", doc: "This module provides access to the garbage collector.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };

/// What `isenabled` says. Switches of the process, no state of a script.
static ENABLED: AtomicBool = AtomicBool::new(true);
static DEBUG: AtomicI64 = AtomicI64::new(0);
static THRESHOLDS: [AtomicI64; 3] = [AtomicI64::new(700), AtomicI64::new(10), AtomicI64::new(10)];

static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "enable()" = |_, _| { ENABLED.store(true, Relaxed); Ok(Value::NONE) }, "Enable automatic garbage collection.";
    #[io] "disable()" = |_, _| { ENABLED.store(false, Relaxed); Ok(Value::NONE) }, "Note that automatic collection is not wanted. Memory is collected all the same.";
    "isenabled()" = |_, _| Ok(Value::from_bool(ENABLED.load(Relaxed))), "Returns true if automatic garbage collection is enabled.";
    "collect(generation=2)" = collect, "Run the garbage collector.";
    "get_debug()" = |th, _| int::from_i64(th, DEBUG.load(Relaxed)), "Get the garbage collection debugging flags.";
    #[io] "set_debug(flags, /)" = |th, a| { let f = int::arg_i32(th, a.get(0))?; DEBUG.store(f as i64, Relaxed); Ok(Value::NONE) }, "Set the garbage collection debugging flags.";
    "get_threshold()" = |th, _| numbers(th, [0, 1, 2].map(|i: usize| THRESHOLDS[i].load(Relaxed))), "Return the current collection thresholds.";
    #[io] "set_threshold(threshold0, threshold1=10, threshold2=10, /)" = set_threshold, "Set the collection thresholds (the collection frequency).";
    "get_count()" = |th, _| numbers(th, [0, 0, 0]), "Return a three-tuple of the current collection counts.";
    "is_tracked(obj, /)" = gc_walk::is_tracked, "Returns true if the object is tracked by the garbage collector.";
    #[py3] "freeze()" = |_, _| Ok(Value::NONE), "Freeze all current tracked objects and ignore them for future collections.";
    #[py3] "unfreeze()" = |_, _| Ok(Value::NONE), "Unfreeze all objects in the permanent generation.";
    #[py3] "get_freeze_count()" = |_, _| Ok(Value::int(0)), "Return the number of objects in the permanent generation.";
    #[io, py2] "get_objects()" = gc_walk::get_objects, "Return a list of objects tracked by the collector.";
    #[io, py3] "get_objects(generation=None)" = gc_walk::get_objects, "Return a list of objects tracked by the collector.";
    #[io] "get_referrers(*objs)" = gc_walk::get_referrers, "Return the list of objects that directly refer to any of objs.";
    "get_referents(*objs)" = gc_walk::get_referents, "Return the list of objects that are directly referred to by objs.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    for (name, n) in [("DEBUG_STATS", 1), ("DEBUG_COLLECTABLE", 2), ("DEBUG_UNCOLLECTABLE", 4), ("DEBUG_SAVEALL", 32), ("DEBUG_LEAK", 38)] {
        module::set(th, m, name, Value::int(n))?;
    }
    let garbage = list::new(th, &[])?;
    module::set(th, m, "garbage", garbage)?;
    if th.py3() {
        let callbacks = list::new(th, &[])?;
        module::set(th, m, "callbacks", callbacks)?;
    }
    Ok(())
}
fn numbers(th: &mut Thread, n: [i64; 3]) -> R<Value> {
    let mut t = [Value::int(0); 3];
    for (t, n) in t.iter_mut().zip(n) {
        *t = int::from_i64(th, n)?;
    }
    th.new_tuple(&t)
}
fn collect(th: &mut Thread, a: Args) -> R<Value> {
    let g = match a.opt(0) {
        Some(v) => int::arg_i32(th, v)?,
        None => 2,
    };
    if !(0..=2).contains(&g) {
        return Err(th.value_error("invalid generation"));
    }
    th.collect(g == 2)?;
    // Finalizers and callbacks of weak references run before the caller goes on.
    txpy_vm::runtime::poll(th)?;
    Ok(Value::int(0))
}
fn set_threshold(th: &mut Thread, a: Args) -> R<Value> {
    for (i, t) in THRESHOLDS.iter().enumerate() {
        if let Some(v) = a.opt(i) {
            t.store(int::arg_i32(th, v)? as i64, Relaxed);
        }
    }
    Ok(Value::NONE)
}
