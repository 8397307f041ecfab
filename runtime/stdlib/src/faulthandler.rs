//! `faulthandler` of 3: the traceback of the running thread on request. Fatal signals do not occur in Python code here; `enable` is
//! remembered only, timers and signals are refused.

use crate::api::*;
use crate::support;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

pub static MODULE: ModuleDef = ModuleDef { name: "faulthandler", doc: "Tracebacks on request.", functions: FUNCTIONS, lang: Lang::Py3, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "enable(file=sys.stderr, all_threads=True)" = |_, _| { ENABLED.store(true, Relaxed); Ok(Value::NONE) }, "Enable the fault handler.";
    #[io] "disable()" = |_, _| Ok(Value::from_bool(ENABLED.swap(false, Relaxed))), "Disable the fault handler.";
    "is_enabled()" = |_, _| Ok(Value::from_bool(ENABLED.load(Relaxed))), "Check if the handler is enabled.";
    #[io] "dump_traceback(file=sys.stderr, all_threads=True)" = dump, "Dump the traceback of the current thread into file.";
    #[io] "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False)" = |th, _| Err(th.not_implemented("faulthandler.dump_traceback_later")), "Dump the traceback after a while.";
    #[io] "cancel_dump_traceback_later()" = |_, _| Ok(Value::NONE), "Cancel the previous call to dump_traceback_later().";
    #[io] "register(signum, file=sys.stderr, all_threads=True, chain=False)" = |th, _| Err(th.not_implemented("faulthandler.register")), "Dump the traceback on a signal.";
    #[io] "unregister(signum, /)" = |_, _| Ok(Value::FALSE), "Unregister the handler of a signal.";
};
static ENABLED: AtomicBool = AtomicBool::new(false);
/// Frames that are shown, as in the reference.
const FRAMES: usize = 100;

fn dump(th: &mut Thread, a: Args) -> R<Value> {
    let sys = txpy_vm::import::import_name(th, "sys")?;
    let file = match a.some(0) {
        Some(f) => f,
        None => attr::get_str(th, sys, "stderr")?,
    };
    if file.is_none() {
        return Err(th.runtime_error("sys.stderr is None"));
    }
    let fd = support::fd_of(th, file)?;
    if !int::is_int_like(file) {
        th.call_method(file, "flush", &[])?;
    }
    let mut out = String::from("Stack (most recent call first):\n");
    let mut frame = th.call_method(sys, "_getframe", &[])?;
    for i in 0.. {
        if frame.is_none() {
            break;
        }
        if i == FRAMES {
            out.push_str("  ...\n");
            break;
        }
        let code = attr::get_str(th, frame, "f_code")?;
        let (name, function, line) = (attr::get_str(th, code, "co_filename")?, attr::get_str(th, code, "co_name")?, attr::get_str(th, frame, "f_lineno")?);
        let line = repr_text(th, line)?;
        out.push_str(&format!("  File \"{}\", line {line} in {}\n", text::lossy(name), text::lossy(function)));
        frame = attr::get_str(th, frame, "f_back")?;
    }
    let mut b = out.as_bytes();
    while !b.is_empty() {
        let (p, n) = (b.as_ptr() as usize, b.len());
        // SAFETY: the text outlives the call.
        match support::syscall(th, || unsafe { libc::write(fd, p as *const _, n) })? {
            Ok(k) => b = &b[k.min(n)..],
            Err(e) => return Err(support::os_error_code(th, e)),
        }
    }
    Ok(Value::NONE)
}
