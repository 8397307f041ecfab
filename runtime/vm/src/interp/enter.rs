//! Ways into the interpreter loop: calls from natives, binding of arguments.

use super::frame::Frame;
use super::{RETURNED, UNWOUND, YIELDED, halt};
use crate::native::Args;
use crate::thread::Thread;
use crate::types::code::Code;
use crate::types::dict::{self, Dict};
use crate::types::function::Function;
use crate::types::{function, text, tuple};
use std::sync::atomic::Ordering::Relaxed;
use txpy_compiler::image::code_flag;
use txpy_compiler::ops::FRAME_HEADER;
use txpy_heap::{Gc, R, Unwind, Value};

/// Publishes where the interpreter stands, and gives the thread for the extent of a slow path.
/// # Safety
/// `th` is the running thread, `base` its innermost frame; no other `&mut Thread` is alive.
#[inline(always)]
pub(super) unsafe fn publish<'a>(th: *mut Thread, pc: *const u64, base: *mut Value) -> &'a mut Thread {
    unsafe {
        let t = &mut *th;
        t.pc = pc;
        t.base = base.cast();
        t.top = (*base.sub(2)).0 as *mut u64;
        t
    }
}

/// Constant `i` of the running code.
/// # Safety
/// `base` is a running frame.
pub(super) unsafe fn name(base: *mut Value, i: usize) -> Value {
    let code = Frame { base, pc: std::ptr::null() }.code();
    code.frozen().consts.frozen().items()[i]
}
/// The running function's globals.
/// # Safety
/// `base` is a running frame.
pub(super) unsafe fn globals(base: *mut Value) -> Gc<Dict> { Frame { base, pc: std::ptr::null() }.function().frozen().globals }

/// Writes a frame's header below `base`.
/// # Safety
/// The words lie in the value stack.
#[inline(always)]
pub(super) unsafe fn header(base: *mut Value, f: Value, ret: *const u64, caller: *mut Value, top: *mut Value, what: Value) {
    unsafe {
        *base.sub(5) = f;
        *base.sub(4) = Value(ret as u64);
        *base.sub(3) = Value(caller as u64);
        *base.sub(2) = Value(top as u64);
        *base.sub(1) = what;
    }
}

/// Whether a request is pending for the running thread.
/// # Safety
/// `th` is the running thread.
#[inline(always)]
pub(super) unsafe fn pending(th: *mut Thread) -> bool {
    unsafe {
        let t: &txpy_heap::Thread = &*th.cast::<txpy_heap::Thread>();
        (*t.limit).load(Relaxed) == 0
    }
}
/// # Safety
/// `th` is the running thread.
#[inline(always)]
pub(super) unsafe fn may_read(th: *mut Thread, access: u64) -> bool { unsafe { (*th.cast::<txpy_heap::Thread>()).may_read(access) } }
/// # Safety
/// `th` is the running thread.
#[inline(always)]
pub(super) unsafe fn may_write(th: *mut Thread, access: u64) -> bool { unsafe { (*th.cast::<txpy_heap::Thread>()).may_write(access) } }

/// Whether a window up to `top` fits and no request is pending.
/// # Safety
/// `th` is the running thread.
#[inline(always)]
pub(super) unsafe fn fits(th: *mut Thread, top: *mut Value) -> bool { unsafe { top as usize <= (*(*th.cast::<txpy_heap::Thread>()).limit).load(Relaxed) } }

/// Prepares a window above `th.top` for a frame that a native enters: its base.
fn window(th: &mut Thread, nregs: usize) -> R<*mut Value> {
    th.check_stack()?;
    // SAFETY: two words more than a header: the caller's pc, and room that keeps it apart.
    let base = unsafe { th.top.add(FRAME_HEADER as usize + 1) }.cast::<Value>();
    let top = base as usize + 8 * nregs;
    super::depth::check(th, top)?;
    // SAFETY: inside the value stack.
    unsafe { *base.sub(6) = Value(th.pc as u64) };
    Ok(base)
}

/// Runs a prepared frame until it returns, unwinds or yields. The result stands in its callee slot.
/// # Safety
/// The frame's header and registers are filled in, its return pc is `halt()`.
pub(super) unsafe fn run(th: &mut Thread, base: *mut Value, pc: *const u64) -> u64 {
    let (old_pc, old_base, old_top) = (th.pc, th.base, th.top);
    let tab = th.table;
    // SAFETY: `base` is a complete frame; pc points at an instruction.
    let how = unsafe {
        th.top = (*base.sub(2)).0 as *mut u64;
        let insn = *pc;
        ((*tab.add(insn as u8 as usize)).0)(pc.add(1), base, th, insn, tab)
    };
    (th.pc, th.base, th.top) = (old_pc, old_base, old_top);
    how
}

/// Calls a Python function from a native.
pub fn call_function(th: &mut Thread, f: Gc<Function>, a: Args) -> R<Value> {
    let code = f.frozen().code();
    let c = code.frozen();
    let base = window(th, c.nregs as usize)?;
    // SAFETY: the window fits; it is scanned up to its end while the frame runs, and so are the arguments while they are bound.
    unsafe {
        header(base, f.value(), halt(), th.base.cast(), base.add(c.nregs as usize), Value(0));
        // Binding may collect: the window must lie below top by then.
        let old = std::mem::replace(&mut th.top, base.add(c.nregs as usize).cast());
        let bound = bind(th, f, c, a, base);
        th.top = old;
        bound?;
        match run(th, base, c.stream) {
            RETURNED => Ok(*base.sub(5)),
            _ => Err(Unwind),
        }
    }
}

/// Runs a module's code in its namespace.
pub fn run_in(th: &mut Thread, code: Gc<Code>, namespace: Gc<Dict>) -> R<()> {
    let f = function::new(th, code, namespace, Value::UNSET)?;
    run_code(th, f, namespace.value()).map(drop)
}

/// Runs module, class-body or eval code: a function without parameters whose register 0 is the namespace if the code says so.
pub fn run_code(th: &mut Thread, f: Gc<Function>, namespace: Value) -> R<Value> {
    let code = f.frozen().code();
    let c = code.frozen();
    let base = window(th, c.nregs as usize)?;
    // SAFETY: as in `call_function`.
    unsafe {
        header(base, f.value(), halt(), th.base.cast(), base.add(c.nregs as usize), Value(0));
        if c.has(code_flag::NAMESPACE) {
            *base = namespace;
        }
        match run(th, base, c.stream) {
            RETURNED => Ok(*base.sub(5)),
            _ => Err(Unwind),
        }
    }
}

/// Resumes a generator's frame from a native: registers, the value sent. Gives YIELDED, RETURNED or UNWOUND and the value.
pub fn resume(th: &mut Thread, g: Value, f: Gc<Function>, fill: impl FnOnce(&mut Thread, *mut Value) -> R<*const u64>) -> (u64, Value) {
    let code = f.frozen().code();
    let nregs = code.frozen().nregs as usize;
    let Ok(base) = window(th, nregs) else { return (UNWOUND, Value::UNSET) };
    // SAFETY: as in `call_function`.
    unsafe {
        header(base, f.value(), halt(), th.base.cast(), base.add(nregs), g);
        let old = std::mem::replace(&mut th.top, base.add(nregs).cast());
        let filled = fill(th, base);
        th.top = old;
        match filled {
            Ok(pc) => {
                let how = if pc.is_null() { super::unwind::raise_in(th, base) } else { run(th, base, pc) };
                debug_assert!(matches!(how, RETURNED | UNWOUND | YIELDED));
                (how, *base.sub(5))
            }
            Err(Unwind) => (UNWOUND, Value::UNSET),
        }
    }
}

/// Fills a callee's registers from its arguments: positional, defaults, keywords, `*args`, `**kwargs`. TypeError as CPython words it.
/// # Safety
/// `base` is a window of `c.nregs` registers; `a` may overlap it only by lying exactly at its start.
pub(super) unsafe fn bind(th: &mut Thread, f: Gc<Function>, c: &Code, a: Args, base: *mut Value) -> R<()> {
    let n = a.len();
    let argc = c.argcount as usize;
    unsafe {
        if c.simple && n == argc && !a.has_keywords() {
            if a.window() != base.cast_const() {
                for i in 0..n {
                    *base.add(i) = a.get(i);
                }
            }
            return Ok(());
        }
        // Left-out parameters with defaults.
        let defaults = f.frozen().default_values();
        if n < argc && argc - n <= defaults.len() && !a.has_keywords() && c.kwonly == 0 && !c.has(code_flag::NAMESPACE | code_flag::VARARGS | code_flag::VARKEYWORDS) {
            if a.window() != base.cast_const() {
                std::ptr::copy(a.window(), base, n);
            }
            for i in n..argc {
                *base.add(i) = defaults[i + defaults.len() - argc];
            }
            return Ok(());
        }
        if c.has(code_flag::NAMESPACE) {
            // Scopes of type parameters and 2.7's dynamic functions get their namespace as the argument.
            *base = a.or(0, Value::NONE);
            return Ok(());
        }
        bind_slow(th, f, c, a, base)
    }
}

#[cold]
unsafe fn bind_slow(th: &mut Thread, f: Gc<Function>, c: &Code, a: Args, base: *mut Value) -> R<()> {
    let (argc, kwonly, posonly) = (c.argcount as usize, c.kwonly as usize, c.posonly as usize);
    let positional = a.positional();
    let params = argc + kwonly;
    // Copied first: the arguments may lie in the window that is filled.
    let given = a.unnamed().collect_tuple(th)?;
    let (items, named) = tuple::items(given).unwrap_or(&[]).split_at(positional);
    unsafe {
        for i in 0..c.params() {
            *base.add(i) = Value::UNSET;
        }
        for (i, v) in items.iter().enumerate().take(argc) {
            *base.add(i) = *v;
        }
        let mut at = params;
        if c.has(code_flag::VARARGS) {
            *base.add(at) = th.new_tuple(items.get(argc..).unwrap_or(&[]))?;
            at += 1;
        }
        let kwargs = if c.has(code_flag::VARKEYWORDS) {
            let d = dict::new(th)?;
            *base.add(at) = d.value();
            Some(d)
        } else {
            None
        };
        let names = c.varnames.frozen().items();
        for k in 0..a.keyword_count() {
            let name = tuple::items(a.keyword_names()).unwrap_or(&[])[k];
            let v = named[k];
            let text = text::bytes_of(name);
            let found = (posonly..params).find(|i| names[*i] == name || text::bytes_of(names[*i]) == text);
            match (found, kwargs) {
                (Some(i), _) => {
                    if !(*base.add(i)).is_unset() {
                        let msg = format!("{}() got multiple values for {} '{}'", call_name(th, f), if th.py3() { "argument" } else { "keyword argument" }, text::lossy(name));
                        return Err(th.type_error(msg));
                    }
                    *base.add(i) = v;
                }
                (None, Some(d)) => dict::set(th, d, name, v)?,
                (None, None) => return Err(unexpected(th, f, c, name, a)),
            }
        }
        let defaults = f.frozen().default_values();
        if positional > argc && !c.has(code_flag::VARARGS) {
            return Err(too_many(th, f, c, positional, defaults.len(), base));
        }
        let first = argc.saturating_sub(defaults.len());
        for i in first..argc {
            if (*base.add(i)).is_unset() {
                *base.add(i) = defaults[i - first + defaults.len().saturating_sub(argc)];
            }
        }
        let missing: Vec<usize> = (0..first).filter(|i| (*base.add(*i)).is_unset()).collect();
        if !missing.is_empty() {
            return Err(missing_args(th, f, c, &missing, "positional", positional + a.keyword_count(), defaults.len()));
        }
        let kwdefaults = f.frozen().kwdefaults.get().cast::<Dict>();
        let mut missing = Vec::new();
        for i in argc..params {
            if (*base.add(i)).is_unset() {
                let d = match kwdefaults {
                    Some(d) => dict::get(th, d, names[i])?,
                    None => None,
                };
                match d {
                    Some(v) => *base.add(i) = v,
                    None => missing.push(i),
                }
            }
        }
        if !missing.is_empty() {
            return Err(missing_args(th, f, c, &missing, "keyword-only", 0, 0));
        }
    }
    Ok(())
}

fn call_name(th: &Thread, f: Gc<Function>) -> String {
    let f = f.frozen();
    text::lossy(if th.py3() { f.qualname.get() } else { f.name.get() }).into_owned()
}

fn unexpected(th: &mut Thread, f: Gc<Function>, c: &Code, name: Value, a: Args) -> Unwind {
    let names = c.varnames.frozen().items();
    let posonly: Vec<String> = (0..a.keyword_count())
        .map(|i| a.keyword(i).0)
        .filter(|k| names[..c.posonly as usize].iter().any(|n| text::bytes_of(*n) == text::bytes_of(*k)))
        .map(|k| text::lossy(k).into_owned())
        .collect();
    let who = call_name(th, f);
    if !posonly.is_empty() {
        return th.type_error(format!("{who}() got some positional-only arguments passed as keyword arguments: '{}'", posonly.join(", ")));
    }
    th.type_error(format!("{who}() got an unexpected keyword argument '{}'", text::lossy(name)))
}

unsafe fn too_many(th: &mut Thread, f: Gc<Function>, c: &Code, given: usize, defaults: usize, base: *mut Value) -> Unwind {
    let argc = c.argcount as usize;
    let who = call_name(th, f);
    let s = |n: usize| if n == 1 { "" } else { "s" };
    if !th.py3() {
        let how = if defaults > 0 { "at most" } else { "exactly" };
        let want = if argc == 0 { "no arguments".to_string() } else { format!("{how} {argc} argument{}", s(argc)) };
        return th.type_error(format!("{who}() takes {want} ({given} given)"));
    }
    let want = if defaults > 0 { format!("from {} to {argc} positional arguments", argc - defaults.min(argc)) } else { format!("{argc} positional argument{}", s(argc)) };
    // SAFETY: the caller's window.
    let kwonly = (argc..argc + c.kwonly as usize).filter(|i| unsafe { !(*base.add(*i)).is_unset() }).count();
    let got = if kwonly > 0 {
        format!("{given} positional argument{} (and {kwonly} keyword-only argument{}) were", s(given), s(kwonly))
    } else {
        format!("{given} {}", if given == 1 { "was" } else { "were" })
    };
    th.type_error(format!("{who}() takes {want} but {got} given"))
}

fn missing_args(th: &mut Thread, f: Gc<Function>, c: &Code, missing: &[usize], kind: &str, given: usize, defaults: usize) -> Unwind {
    let who = call_name(th, f);
    if !th.py3() {
        let argc = c.argcount as usize;
        let how = if defaults > 0 || c.has(code_flag::VARARGS) { "at least" } else { "exactly" };
        let want = argc - defaults.min(argc);
        return th.type_error(format!("{who}() takes {how} {want} argument{} ({given} given)", if want == 1 { "" } else { "s" }));
    }
    let names: Vec<String> = missing.iter().map(|i| format!("'{}'", text::lossy(c.varnames.frozen().items()[*i]))).collect();
    let list = match names.len() {
        1 => names[0].clone(),
        2 => format!("{} and {}", names[0], names[1]),
        n => format!("{}, and {}", names[..n - 1].join(", "), names[n - 1]),
    };
    th.type_error(format!("{who}() missing {} required {kind} argument{}: {list}", names.len(), if names.len() == 1 { "" } else { "s" }))
}
