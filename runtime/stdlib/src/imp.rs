//! `_imp` as far as importlib's Python parts need it: imports themselves are the vm's.

use crate::sync::LockWord;
use crate::thread;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_vm::object::attr;
use txpy_vm::types::module::Module;
use txpy_vm::types::{int, list, module, text};
use txpy_vm::{Args, Gc, ModuleDef, NativeDef, R, Thread, Value, atomic, import, loading};

pub static MODULE: ModuleDef = ModuleDef {
    name: "_imp", doc: "(Extremely) low-level import machinery bits as used by importlib.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = txpy_vm::natives! {
    #[io] "acquire_lock()" = acquire, "Acquires the interpreter's import lock for the current thread.";
    #[io] "release_lock()" = release, "Release the interpreter's import lock.";
    "lock_held()" = held, "Return True if the import lock is currently held.";
    "is_builtin(name, /)" = is_builtin, "Returns True if the module name corresponds to a built-in module.";
    "is_frozen(name, /)" = no, "Returns True if the module name corresponds to a frozen module.";
    "is_frozen_package(name, /)" = no, "Returns True if the module name is of a frozen package.";
    "find_frozen(name, /, *, withdata=False)" = none, "Return info about the corresponding frozen module (if there is one) or None.";
    "get_frozen_object(name, data=None, /)" = no_frozen, "Create a code object for a frozen module.";
    "init_frozen(name, /)" = no_frozen, "Initializes a frozen module.";
    "create_builtin(spec, /)" = create_builtin, "Create an extension module.";
    "exec_builtin(mod, /)" = zero, "Initialize a built-in module.";
    "create_dynamic(spec, file=None, /)" = no_dynamic, "Create an extension module.";
    "exec_dynamic(mod, /)" = zero, "Initialize an extension module.";
    "extension_suffixes()" = suffixes, "Returns the list of file suffixes used to identify extension modules.";
    "_override_frozen_modules_for_tests(override, /)" = none, "There are no frozen modules.";
    "_override_multi_interp_extensions_check(override, /)" = zero, "There are no extension modules.";
    "_begin_loading(name, /)" = begin_loading, "Waits while another thread loads the module, and begins to load it.";
    "_end_loading(name, /)" = end_loading, "The module is loaded, or can't be.";
    "_wait_for_loading(name, /)" = wait_for_loading, "Waits while another thread loads the module.";
    "source_hash(key, source)" = source_hash, "Hash of a source text.";
    "_fix_co_filename(code, path, /)" = none, "Changes code.co_filename to specify the passed-in file path.";
};

/// The import lock, which scripts take, and a fork: the vm's imports do not need it. Its thread may take it several times.
static LOCK: LockWord = LockWord::new();
/// The thread that has it, 0 for none, and how many times.
static OWNER: AtomicU64 = AtomicU64::new(0);
static DEPTH: AtomicU64 = AtomicU64::new(0);

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let v = th.native_str("default")?;
    module::set(th, m, "check_hash_based_pycs", v)?;
    module::set(th, m, "pyc_magic_number_token", Value::int(168627187))
}
/// Takes the import lock. Errors: what handlers of signals raise.
pub fn take_lock(th: &mut Thread) -> R<()> {
    let me = thread::ident(th);
    if OWNER.load(Relaxed) != me {
        LOCK.take(th, None)?;
        OWNER.store(me, Relaxed);
    }
    DEPTH.fetch_add(1, Relaxed);
    Ok(())
}
/// Gives it back; false when this thread does not have it.
pub fn free_lock(th: &mut Thread) -> bool {
    if OWNER.load(Relaxed) != thread::ident(th) {
        return false;
    }
    if DEPTH.fetch_sub(1, Relaxed) == 1 {
        OWNER.store(0, Relaxed);
        LOCK.free();
    }
    true
}

fn acquire(th: &mut Thread, _: Args) -> R<Value> { take_lock(th).map(|()| Value::NONE) }
fn release(th: &mut Thread, _: Args) -> R<Value> { if free_lock(th) { Ok(Value::NONE) } else { Err(th.runtime_error("not holding the import lock")) } }
fn held(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::from_bool(LOCK.is_held())) }
fn is_builtin(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(import::is_native(&text::lossy(a.get(0))) as i64)) }
fn no(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::FALSE) }
fn none(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn zero(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::int(0)) }
fn no_frozen(th: &mut Thread, a: Args) -> R<Value> {
    let name = text::lossy(a.get(0)).into_owned();
    Err(th.raise(&txpy_vm::exceptions::IMPORT_ERROR, format!("No such frozen object named {name}")))
}
fn no_dynamic(th: &mut Thread, _: Args) -> R<Value> { Err(th.raise(&txpy_vm::exceptions::IMPORT_ERROR, "extension modules in C cannot be loaded")) }
fn create_builtin(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr::get_str(th, a.get(0), "name")?;
    import::import_name(th, &text::lossy(name))
}
fn suffixes(th: &mut Thread, _: Args) -> R<Value> { list::new(th, &[]) }
fn begin_loading(th: &mut Thread, a: Args) -> R<Value> {
    // An abort would not end it.
    atomic::irrevocable(th)?;
    loading::enter(th, &text::lossy(a.get(0)))?;
    Ok(Value::NONE)
}
fn end_loading(th: &mut Thread, a: Args) -> R<Value> {
    if loading::end(&text::lossy(a.get(0))) { Ok(Value::NONE) } else { Err(th.runtime_error("cannot release un-acquired lock")) }
}
fn wait_for_loading(th: &mut Thread, a: Args) -> R<Value> { loading::wait(th, &text::lossy(a.get(0))).map(Value::from_bool) }
fn source_hash(th: &mut Thread, a: Args) -> R<Value> {
    let key = int::arg_i64(th, a.get(0))?;
    let h = text::hash_bytes(text::bytes_of(a.get(1)).unwrap_or(b"")) ^ key as u64;
    th.new_bytes(&h.to_le_bytes())
}
