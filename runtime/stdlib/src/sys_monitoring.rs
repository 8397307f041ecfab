//! `sys.monitoring`: its events, and which tool has which number. Events are never sent: asking for some raises NotImplementedError.

use crate::api::*;
use crate::support::Root;

pub static MODULE: ModuleDef = ModuleDef { name: "sys.monitoring", doc: "", functions: FUNCTIONS, init: Some(fill), lang: Lang::Py3, ..ModuleDef::DEFAULT };

static FUNCTIONS: &[NativeDef] = natives! {
    "use_tool_id(tool_id, name, /)" = use_tool, "Claims a number for a tool.";
    "clear_tool_id(tool_id, /)" = |th, a| tool(th, a).map(|_| Value::NONE), "Forgets a tool's events.";
    "free_tool_id(tool_id, /)" = free_tool, "Gives a number back.";
    "get_tool(tool_id, /)" = get_tool, "Name of the tool with this number.";
    "register_callback(tool_id, event, func, /)" = |th, a| tool(th, a).map(|_| Value::NONE), "Sets what an event calls.";
    "get_events(tool_id, /)" = |th, a| tool(th, a).map(|_| Value::int(0)), "The events that a tool gets.";
    "set_events(tool_id, event_set, /)" = |th, a| set_events(th, a, 1), "Sets the events that a tool gets.";
    "get_local_events(tool_id, code, /)" = |th, a| tool(th, a).map(|_| Value::int(0)), "The events that a tool gets of one code object.";
    "set_local_events(tool_id, code, event_set, /)" = |th, a| set_events(th, a, 2), "Sets the events that a tool gets of one code object.";
    "restart_events()" = |_, _| Ok(Value::NONE), "Sends disabled events again.";
    "_all_events()" = |th, _| Ok(dict::new(th)?.value()), "Events by tool.";
};

/// Bits of the events, in order.
const EVENTS: &[&str] = &[
    "PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "INSTRUCTION", "JUMP", "BRANCH", "STOP_ITERATION", "RAISE", "EXCEPTION_HANDLED",
    "PY_UNWIND", "PY_THROW", "RERAISE", "C_RETURN", "C_RAISE",
];
/// Names of the tools: a list, None where a number is free.
static TOOLS: Root = Root::new();
const COUNT: usize = 6;

fn fill(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let t = list::new(th, &[Value::NONE; COUNT])?;
    TOOLS.set(t);
    let class = type_::make_native(th, &crate::namespace::NAMESPACE)?.value();
    let events = th.call(class, &[])?;
    for (i, name) in EVENTS.iter().enumerate() {
        attr::set_str(th, events, name, Value::int(1 << i))?;
    }
    attr::set_str(th, events, "NO_EVENTS", Value::int(0))?;
    module::set(th, m, "events", events)?;
    for (name, id) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
        module::set(th, m, name, Value::int(id))?;
    }
    for name in ["DISABLE", "MISSING"] {
        let v = th.call(txpy_vm::types::object::OBJECT.value(), &[])?;
        module::set(th, m, name, v)?;
    }
    Ok(())
}
fn tools(th: &mut Thread) -> R<Gc<List>> {
    match TOOLS.get().and_then(|v| v.cast()) {
        Some(l) => Ok(l),
        None => Err(th.runtime_error("sys.monitoring is not set up")),
    }
}
fn tool(th: &mut Thread, a: Args) -> R<usize> {
    let i = int::arg_i64(th, a.get(0))?;
    match usize::try_from(i) {
        Ok(i) if i < COUNT => Ok(i),
        _ => Err(th.value_error(format!("invalid tool {i} (must be between 0 and 5)"))),
    }
}
fn use_tool(th: &mut Thread, a: Args) -> R<Value> {
    let i = tool(th, a)?;
    if !text::is_text(a.get(1)) {
        return Err(th.value_error("tool name must be a str"));
    }
    let l = tools(th)?;
    if list::get(th, l, i)?.is_some_and(|v| !v.is_none()) {
        return Err(th.value_error(format!("tool {i} is already in use")));
    }
    put(th, l, i, a.get(1))
}
fn put(th: &mut Thread, l: Gc<List>, i: usize, v: Value) -> R<Value> {
    let mut g = l.write(th)?;
    if let Some(x) = g.as_mut_slice().get_mut(i) {
        *x = v;
    }
    Ok(Value::NONE)
}
fn free_tool(th: &mut Thread, a: Args) -> R<Value> {
    let i = tool(th, a)?;
    let l = tools(th)?;
    put(th, l, i, Value::NONE)
}
fn get_tool(th: &mut Thread, a: Args) -> R<Value> {
    let i = tool(th, a)?;
    let l = tools(th)?;
    Ok(list::get(th, l, i)?.unwrap_or(Value::NONE))
}
fn set_events(th: &mut Thread, a: Args, at: usize) -> R<Value> {
    let i = tool(th, a)?;
    let l = tools(th)?;
    if list::get(th, l, i)?.is_none_or(|v| v.is_none()) {
        return Err(th.value_error(format!("tool {i} is not in use")));
    }
    if int::arg_i64(th, a.get(at))? == 0 {
        return Ok(Value::NONE);
    }
    Err(th.not_implemented("sys.monitoring: events are not sent"))
}
