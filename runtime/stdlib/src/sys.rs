//! `sys`: the interpreter as scripts see it.

use crate::api::{attr, dict, int, list, module, text, tuple};
use crate::support::{self, Root};
use crate::sys_info::{self, Options};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use txpy_vm::dialect::dialect;
use txpy_vm::exceptions::{BASE_EXCEPTION, SYSTEM_EXIT};
use txpy_vm::interp::{depth, frame::Frame, trace};
use txpy_vm::names::{N, n};
use txpy_vm::thread::root;
use txpy_vm::types::{dunder::D, exception, set, traceback};
use txpy_vm::{Args, Gc, ModuleDef, NativeDef, R, Thread, Value, exceptions, import, natives, object, runtime};

pub static MODULE: ModuleDef = ModuleDef { name: "sys", doc: "Parameters and functions of the interpreter.", functions: FUNCTIONS, init: Some(fill), ..ModuleDef::DEFAULT };

static FUNCTIONS: &[NativeDef] = natives! {
    "exc_info()" = exc_info, "Return information about the exception that is being handled.";
    #[py3] "exception()" = exception_, "Return the exception that is being handled.";
    #[py2] "exc_clear()" = exc_clear, "Forget the exception that is being handled.";
    "exit(status=None, /)" = exit, "Exit the interpreter by raising SystemExit.";
    "getrecursionlimit()" = getrecursionlimit, "Return the recursion limit.";
    #[io] "setrecursionlimit(limit, /)" = setrecursionlimit, "Set the recursion limit.";
    "getsizeof(object, default=None)" = getsizeof, "Return the size of object in bytes.";
    "getrefcount(object, /)" = |_, _| Ok(Value::int(2)), "There are no reference counts; a constant.";
    "_getframe(depth=0, /)" = getframe, "Return a frame object.";
    #[py3] "_getframemodulename(depth=0)" = getframemodulename, "Return the module name of a calling frame.";
    "_current_frames()" = current_frames, "Frames of this thread.";
    #[py3] "_current_exceptions()" = current_exceptions, "Exceptions that are being handled in this thread.";
    "displayhook(object, /)" = displayhook, "Print an object and keep it in _.";
    "excepthook(exctype, value, traceback, /)" = excepthook, "Show an exception.";
    #[py3] "unraisablehook(unraisable, /)" = unraisablehook, "Show an exception that can't be raised.";
    #[py3] "breakpointhook(*args, **kws)" = breakpointhook, "Enter the debugger.";
    "getdefaultencoding()" = getdefaultencoding, "Return the default encoding.";
    #[py2, io] "setdefaultencoding(encoding, /)" = setdefaultencoding, "Set the default encoding.";
    "getfilesystemencoding()" = |th, _| th.native_str(if th.py3() { "utf-8" } else { "UTF-8" }), "Return the encoding of file names.";
    #[py3] "getfilesystemencodeerrors()" = |th, _| th.native_str("surrogateescape"), "Return the error mode of file names.";
    "intern(string, /)" = intern, "Return the interned string.";
    #[py3] "_is_interned(string, /)" = is_interned, "Whether a string is interned.";
    #[io] "settrace(function, /)" = settrace, "Set the trace function.";
    "gettrace()" = gettrace, "Return the trace function.";
    #[io] "setprofile(function, /)" = setprofile, "Set the profile function.";
    "getprofile()" = getprofile, "Return the profile function.";
    #[py3] "getswitchinterval()" = getswitchinterval, "Return the switch interval.";
    #[py3, io] "setswitchinterval(interval, /)" = setswitchinterval, "Set the switch interval.";
    #[py2] "getcheckinterval()" = |_, _| Ok(Value::int(CHECK.load(Relaxed))), "Return the check interval.";
    #[py2, io] "setcheckinterval(n, /)" = setcheckinterval, "Set the check interval.";
    #[py3] "get_int_max_str_digits()" = |_, _| Ok(Value::int(MAX_DIGITS.load(Relaxed) as i64)), "Return the limit of digits in conversions.";
    #[py3, io] "set_int_max_str_digits(maxdigits)" = set_max_digits, "Set the limit of digits in conversions.";
    #[py3] "audit(event, /, *args)" = audit, "Pass an event to the hooks.";
    #[py3, io] "addaudithook(hook)" = addaudithook, "Add a hook.";
    #[py3] "get_asyncgen_hooks()" = get_asyncgen_hooks, "Return the hooks of asynchronous generators.";
    #[py3, io] "set_asyncgen_hooks(firstiter=None, finalizer=None)" = set_asyncgen_hooks, "Set the hooks of asynchronous generators.";
    #[py3] "get_coroutine_origin_tracking_depth()" = |_, _| Ok(Value::int(0)), "Depth of coroutine origin tracking.";
    #[py3] "set_coroutine_origin_tracking_depth(depth)" = |_, _| Ok(Value::NONE), "Set the depth of coroutine origin tracking.";
    #[py3] "is_finalizing()" = |_, _| Ok(Value::FALSE), "Whether the interpreter is shutting down.";
    #[py3] "is_stack_trampoline_active()" = |_, _| Ok(Value::FALSE), "Whether a profiler trampoline is active.";
    #[py3] "_is_gil_enabled()" = |_, _| Ok(Value::FALSE), "There is no global interpreter lock.";
    #[py3] "_git_hook()" = |_, _| Ok(Value::NONE), "Nothing.";
    "_clear_type_cache()" = |_, _| Ok(Value::NONE), "Caches clear themselves.";
    #[py3] "_clear_internal_caches()" = |_, _| Ok(Value::NONE), "Caches clear themselves.";
    #[py3] "_clear_type_descriptors(cls, /)" = |_, _| Ok(Value::NONE), "Classes hold no descriptors of __dict__ and __weakref__.";
    #[py3] "_get_cpu_count_config()" = |_, _| Ok(Value::int(-1)), "Number of processors set by option.";
    "getallocatedblocks()" = |_, _| Ok(Value::int(0)), "There are no blocks to count.";
    #[py3] "getunicodeinternedsize()" = |_, _| Ok(Value::int(0)), "Number of interned strings.";
    #[py2] "getdlopenflags()" = |_, _| Ok(Value::int(libc::RTLD_NOW as i64)), "Flags for dlopen.";
    #[py2] "setdlopenflags(n, /)" = |_, _| Ok(Value::NONE), "Set flags for dlopen.";
    "call_tracing(func, args, /)" = call_tracing, "Call a function while tracing.";
};

static CHECK: AtomicI64 = AtomicI64::new(100);
use txpy_vm::types::int_parse::MAX_STR_DIGITS as MAX_DIGITS;
static SWITCH: AtomicU64 = AtomicU64::new(0);
static HOOKS: Root = Root::new();
static ENCODING2: Root = Root::new();

/// What the command line passes on.
#[derive(Clone, Default, Debug)]
pub struct Start {
    pub argv: Vec<Vec<u8>>,
    pub orig_argv: Vec<Vec<u8>>,
    pub executable: Vec<u8>,
    pub warnoptions: Vec<String>,
    pub xoptions: Vec<(String, Option<String>)>,
    pub options: Options,
}

/// Makes `sys` with its streams. Called once, when types and builtins stand and this crate's modules are registered.
pub fn init(th: &mut Thread, start: &Start) -> R<()> {
    crate::kinds_io::register();
    let m: Gc<module::Module> = import::import_name(th, "sys")?.cast().expect("sys is a native module");
    for (name, from) in [("argv", &start.argv), ("orig_argv", &start.orig_argv)] {
        if name == "orig_argv" && !th.py3() {
            continue;
        }
        let l = list::with_capacity(th, from.len())?;
        for s in from {
            let v = support::fs_str(th, s)?;
            list::append(th, l, v)?;
        }
        module::set(th, m, name, l.value())?;
    }
    let exe = support::fs_str(th, &start.executable)?;
    module::set(th, m, "executable", exe)?;
    if th.py3() {
        module::set(th, m, "_base_executable", exe)?;
    }
    let f = sys_info::flags(th, start.options)?;
    module::set(th, m, "flags", f)?;
    let w = list::with_capacity(th, start.warnoptions.len())?;
    for s in &start.warnoptions {
        let v = th.native_str(s)?;
        list::append(th, w, v)?;
    }
    module::set(th, m, "warnoptions", w.value())?;
    if th.py3() {
        let x = dict::new(th)?;
        for (k, v) in &start.xoptions {
            let v = match v {
                Some(v) => th.native_str(v)?,
                None => Value::TRUE,
            };
            dict::set_str(th, x, k, v)?;
        }
        module::set(th, m, "_xoptions", x.value())?;
    }
    crate::signal::start(th)?;
    crate::sys_streams::init(th, m, start.options.unbuffered)
}

/// Whatever does not depend on the command line.
fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let (a, b, c) = dialect().version;
    let text = format!("{a}.{b}.{c} (txpy {}, transactional) \n[Rust]", env!("CARGO_PKG_VERSION"));
    let prefix = prefix();
    let strings: [(&str, &str); 9] = [
        ("version", &text), ("platform", if th.py3() { std::env::consts::OS } else { "linux2" }), ("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" }),
        ("copyright", "txpy: see the licence files of its source."), ("prefix", &prefix), ("exec_prefix", &prefix), ("float_repr_style", "short"),
        ("executable", ""), ("subversion_", ""),
    ];
    for (name, s) in &strings[..8] {
        let s = if *name == "platform" && *s == "macos" { "darwin" } else { s };
        let v = th.native_str(s)?;
        module::set(th, m, name, v)?;
    }
    module::set(th, m, "path", import::path().value())?;
    module::set(th, m, "modules", import::modules().value())?;
    let version_info = sys_info::version_info(th)?;
    module::set(th, m, "version_info", version_info)?;
    let v = support::int(th, i64::MAX)?;
    module::set(th, m, "maxsize", v)?;
    support::constants(th, m, &[("maxunicode", 0x10FFFF), ("hexversion", (a << 24 | b << 16 | c << 8 | 0xF0) as i64), ("api_version", 1013)])?;
    let v = sys_info::float_info(th)?;
    module::set(th, m, "float_info", v)?;
    module::set(th, m, "dont_write_bytecode", Value::TRUE)?;
    let l = list::with_capacity(th, 1)?;
    module::set(th, m, "argv", l.value())?;
    for name in ["path_hooks", "meta_path", "warnoptions"] {
        let l = list::with_capacity(th, 1)?;
        module::set(th, m, name, l.value())?;
    }
    let d = dict::new(th)?;
    module::set(th, m, "path_importer_cache", d.value())?;
    let f = sys_info::flags(th, Options::default())?;
    module::set(th, m, "flags", f)?;
    // Native modules, as a tuple.
    let names = list::with_capacity(th, 64)?;
    let mut all = import::native_names();
    all.push(dialect().builtins);
    all.sort_unstable();
    all.dedup();
    for s in all {
        let v = th.intern(s)?;
        list::append(th, names, v)?;
    }
    let names = object::iter::list_to_tuple(th, names)?;
    module::set(th, m, "builtin_module_names", names)?;
    for (hidden, name) in [("__displayhook__", "displayhook"), ("__excepthook__", "excepthook")] {
        if let Some(f) = dict::get_str(th, m.frozen().dict, name)? {
            module::set(th, m, hidden, f)?;
        }
    }
    if th.py3() { fill3(th, m, version_info) } else { fill2(th, m) }
}
fn fill3(th: &mut Thread, m: Gc<module::Module>, version_info: Value) -> R<()> {
    let prefix = prefix();
    for (name, s) in [("base_prefix", prefix.as_str()), ("base_exec_prefix", &prefix), ("platlibdir", "lib"), ("abiflags", "")] {
        let v = th.native_str(s)?;
        module::set(th, m, name, v)?;
    }
    module::set(th, m, "pycache_prefix", Value::NONE)?;
    module::set(th, m, "_framework", Value::NONE)?;
    let empty = th.native_str("")?;
    module::set(th, m, "_framework", empty)?;
    let v = sys_info::int_info(th)?;
    module::set(th, m, "int_info", v)?;
    let v = sys_info::hash_info(th)?;
    module::set(th, m, "hash_info", v)?;
    let v = sys_info::thread_info(th)?;
    module::set(th, m, "thread_info", v)?;
    let x = dict::new(th)?;
    module::set(th, m, "_xoptions", x.value())?;
    runtime::set_unraisable_args(|th, fields| crate::structseq::new(th, &sys_info::UNRAISABLE_HOOK_ARGS, fields, &[]));
    for (hidden, name) in [("__unraisablehook__", "unraisablehook"), ("__breakpointhook__", "breakpointhook")] {
        if let Some(f) = dict::get_str(th, m.frozen().dict, name)? {
            module::set(th, m, hidden, f)?;
        }
    }
    let s = set::new(th)?;
    for name in sys_info::STDLIB_NAMES {
        let v = th.intern(name)?;
        set::add(th, s, v)?;
    }
    let frozen = set::FROZENSET.value();
    let v = th.call(frozen, &[s.value()])?;
    module::set(th, m, "stdlib_module_names", v)?;
    // The implementation: a namespace.
    let class = txpy_vm::types::type_::make_native(th, &crate::namespace::NAMESPACE)?.value();
    let name = th.native_str("txpy")?;
    // No compiled files are written under that name: sys.dont_write_bytecode.
    let (major, minor, _) = dialect().version;
    let tag = th.native_str(&format!("txpy-{major}{minor}"))?;
    let hex = dict::get_str(th, m.frozen().dict, "hexversion")?.unwrap_or(Value::int(0));
    let v = th.call_kw(class, &[], &[("name", name), ("cache_tag", tag), ("version", version_info), ("hexversion", hex)])?;
    module::set(th, m, "implementation", v)?;
    let v = module::from_def(th, &crate::sys_monitoring::MODULE)?;
    module::set(th, m, "monitoring", v.value())
}
fn fill2(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let v = support::int(th, i64::MAX)?;
    module::set(th, m, "maxint", v)?;
    let v = sys_info::long_info(th)?;
    module::set(th, m, "long_info", v)?;
    module::set(th, m, "py3kwarning", Value::FALSE)?;
    let (a, b, c) = (th.native_str("txpy")?, th.native_str("")?, th.native_str("")?);
    let v = th.new_tuple(&[a, b, c])?;
    module::set(th, m, "subversion", v)
}
/// The directory above the executable's.
fn prefix() -> String {
    let exe = std::env::current_exe().unwrap_or_default();
    exe.parent().and_then(|p| p.parent()).map_or_else(|| "/usr".to_string(), |p| p.to_string_lossy().into_owned())
}

// ---- exceptions

fn exc_info(th: &mut Thread, _: Args) -> R<Value> {
    let e = th.handled;
    if !e.is_ref() {
        return th.new_tuple(&[Value::NONE; 3]);
    }
    let (class, tb) = (exception::class_for_exit(e), traceback::of(th, e));
    th.new_tuple(&[class, e, tb])
}
fn exception_(th: &mut Thread, _: Args) -> R<Value> { Ok(if th.handled.is_ref() { th.handled } else { Value::NONE }) }
fn exc_clear(th: &mut Thread, _: Args) -> R<Value> {
    th.handled = Value::UNSET;
    Ok(Value::NONE)
}
fn exit(th: &mut Thread, a: Args) -> R<Value> {
    let class = SYSTEM_EXIT.value();
    let e = match a.opt(0) {
        None => th.call(class, &[])?,
        Some(v) => match tuple::items(v) {
            Some(_) => object::call::call_ex(th, class, v, Value::UNSET)?,
            None => th.call(class, &[v])?,
        },
    };
    Err(th.raise_value(e))
}
fn excepthook(th: &mut Thread, a: Args) -> R<Value> {
    let e = a.get(1);
    if exception::is_instance(e, &BASE_EXCEPTION) {
        if a.get(2).is::<traceback::Traceback>() {
            if let Some(x) = e.cast::<exception::Exception>() {
                x.write(th)?.traceback = a.get(2);
            }
        }
        runtime::show(th, e)?;
    } else if th.py3() {
        let got = object::class_name(e);
        runtime::write_stderr(th, &format!("TypeError: print_exception(): Exception expected for value, {got} found\n"));
    }
    Ok(Value::NONE)
}
fn unraisablehook(th: &mut Thread, a: Args) -> R<Value> {
    let fields = tuple::items(a.get(0)).filter(|_| support::exactly(&sys_info::UNRAISABLE_HOOK_ARGS, a.get(0)));
    let Some(&[_, value, _, message, what]) = fields else {
        return Err(th.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    let message = if message.is_none() { None } else { Some(object::str_text(th, message)?) };
    runtime::show_unraisable(th, value, message.as_deref(), what);
    Ok(Value::NONE)
}
fn displayhook(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if v.is_none() {
        return Ok(v);
    }
    let b = txpy_vm::builtins::namespace();
    dict::set_str(th, b, "_", Value::NONE)?;
    let Some(out) = txpy_vm::builtins::sys_attr(th, "stdout")? else { return Err(th.runtime_error("lost sys.stdout")) };
    let r = object::repr(th, v)?;
    let done = th.call_method(out, "write", &[r]);
    if let Err(e) = done {
        if th.catch(&txpy_vm::exceptions::UNICODE_ENCODE_ERROR).is_none() {
            return Err(e);
        }
        let encoding = attr::get_str(th, out, "encoding")?;
        let encoding = object::str_text(th, encoding)?;
        let b = txpy_vm::types::codec::encode(th, r, &encoding, "backslashreplace")?;
        let s = txpy_vm::types::codec::decode(th, b, &encoding, "strict")?;
        th.call_method(out, "write", &[s])?;
    }
    let nl = th.native_str("\n")?;
    th.call_method(out, "write", &[nl])?;
    dict::set_str(th, b, "_", v)?;
    Ok(Value::NONE)
}
/// Calls what `PYTHONBREAKPOINT` names, the debugger without it; nothing if it is 0.
fn breakpointhook(th: &mut Thread, a: Args) -> R<Value> {
    let named = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    let path = match named.as_str() {
        "0" => return Ok(Value::NONE),
        "" => "pdb.set_trace",
        p => p,
    };
    let (module, name) = path.rsplit_once('.').unwrap_or(("builtins", path));
    let found = import::import_name(th, module).and_then(|m| attr::get_str(th, m, name));
    match found {
        Ok(f) => th.call_args(f, a),
        Err(e) => {
            if th.catch(&exceptions::IMPORT_ERROR).is_none() && th.catch(&exceptions::ATTRIBUTE_ERROR).is_none() && th.catch(&exceptions::VALUE_ERROR).is_none() {
                return Err(e);
            }
            txpy_vm::warn::warn(th, &exceptions::RUNTIME_WARNING, &format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\""))?;
            Ok(Value::NONE)
        }
    }
}

// ---- frames

fn frame_at(th: &mut Thread, v: Option<Value>) -> R<Option<Frame>> {
    let depth = match v {
        Some(d) => int::arg_i32(th, d)?.max(0),
        None => 0,
    };
    let mut f = Frame::innermost(th);
    for _ in 0..depth {
        f = f.and_then(|f| f.caller_shown(th));
    }
    Ok(f)
}
fn getframe(th: &mut Thread, a: Args) -> R<Value> {
    match frame_at(th, a.opt(0))? {
        Some(f) => Ok(traceback::frame_chain(th, f)?.value()),
        None => Err(th.value_error("call stack is not deep enough")),
    }
}
fn getframemodulename(th: &mut Thread, a: Args) -> R<Value> {
    match frame_at(th, a.opt(0))? {
        Some(f) => Ok(dict::get_name(th, f.function().frozen().globals, n(N::__name__))?.unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}
fn current_frames(th: &mut Thread, _: Args) -> R<Value> {
    let d = dict::new(th)?;
    if let Some(f) = Frame::innermost(th) {
        let f = traceback::frame_chain(th, f)?;
        let id = crate::thread::ident(th);
        let id = support::int(th, id as i64)?;
        dict::set(th, d, id, f.value())?;
    }
    Ok(d.value())
}
fn current_exceptions(th: &mut Thread, _: Args) -> R<Value> {
    let d = dict::new(th)?;
    let id = crate::thread::ident(th);
    let id = support::int(th, id as i64)?;
    let e = if th.handled.is_ref() { th.handled } else { Value::NONE };
    dict::set(th, d, id, e)?;
    Ok(d.value())
}

// ---- limits and settings

fn getrecursionlimit(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::int(depth::limit() as i64)) }
fn setrecursionlimit(th: &mut Thread, a: Args) -> R<Value> {
    let limit = int::arg_i32(th, a.get(0))?;
    if limit < 1 {
        return Err(th.value_error(if th.py3() { "recursion limit must be greater or equal than 1" } else { "recursion limit must be positive" }));
    }
    let here = depth::count(th);
    if th.py3() && here >= limit as usize {
        return Err(th.raise(&exceptions::RECURSION_ERROR, format!("cannot set the recursion limit to {limit} at the recursion depth {here}: the limit is too low")));
    }
    depth::set_limit(th, limit as usize);
    Ok(Value::NONE)
}
fn getsizeof(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let class = object::class_of(v).value();
    if let Some(f) = attr::get_str_opt(th, class, "__sizeof__")? {
        let r = th.call(f, &[v])?;
        if int::is_int_like(r) {
            return Ok(r);
        }
    }
    if let Some(d) = a.opt(1) {
        return Ok(d);
    }
    Ok(Value::int(match v.as_ptr() {
        // SAFETY: a live object with its header filled in.
        Some(h) => (unsafe { txpy_heap::kinds::size_of_object(h) }) as i64,
        None => 8,
    }))
}
fn getdefaultencoding(th: &mut Thread, _: Args) -> R<Value> {
    match ENCODING2.get() {
        Some(v) => Ok(v),
        None => th.native_str(if th.py3() { "utf-8" } else { "ascii" }),
    }
}
fn setdefaultencoding(th: &mut Thread, a: Args) -> R<Value> {
    let name = support::str_arg(th, a.get(0), "setdefaultencoding", "1")?;
    if txpy_vm::types::codec::find(&name).is_none() {
        return Err(txpy_vm::types::codec::unknown(th, &name));
    }
    ENCODING2.set(a.get(0));
    Ok(Value::NONE)
}
fn intern(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if th.is_native_str_exact(v) {
        return Ok(th.intern_value(v));
    }
    let got = object::class_name(v);
    Err(th.type_error(if th.py3() { if text::is_text(v) { format!("can't intern {got}") } else { format!("intern() argument must be str, not {got}") } } else { format!("intern() argument 1 must be string, not {got}") }))
}
fn is_interned(_: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(a.get(0).header().is_some_and(|h| h.has(txpy_heap::flag::INTERNED)))) }
fn settrace(th: &mut Thread, a: Args) -> R<Value> {
    th.roots[root::TRACE] = a.get(0);
    trace::switch(th);
    Ok(Value::NONE)
}
fn gettrace(th: &mut Thread, _: Args) -> R<Value> { Ok(th.roots[root::TRACE].get().unwrap_or(Value::NONE)) }
fn setprofile(th: &mut Thread, a: Args) -> R<Value> {
    th.roots[root::PROFILE] = a.get(0);
    trace::switch(th);
    Ok(Value::NONE)
}
fn getprofile(th: &mut Thread, _: Args) -> R<Value> { Ok(th.roots[root::PROFILE].get().unwrap_or(Value::NONE)) }
fn getswitchinterval(th: &mut Thread, _: Args) -> R<Value> {
    let f = f64::from_bits(SWITCH.load(Relaxed));
    support::float(th, if f == 0.0 { 0.005 } else { f })
}
fn setswitchinterval(th: &mut Thread, a: Args) -> R<Value> {
    let f = txpy_vm::types::float::as_f64(th, a.get(0))?;
    if f <= 0.0 {
        return Err(th.value_error("switch interval must be strictly positive"));
    }
    SWITCH.store(f.to_bits(), Relaxed);
    Ok(Value::NONE)
}
fn setcheckinterval(th: &mut Thread, a: Args) -> R<Value> {
    let i = int::arg_i32(th, a.get(0))?;
    CHECK.store(i as i64, Relaxed);
    Ok(Value::NONE)
}
fn set_max_digits(th: &mut Thread, a: Args) -> R<Value> {
    let i = int::arg_i32(th, a.get(0))?;
    if i != 0 && i < 640 {
        return Err(th.value_error("maxdigits must be 0 or larger than 640"));
    }
    MAX_DIGITS.store(i as usize, Relaxed);
    Ok(Value::NONE)
}
fn audit(th: &mut Thread, a: Args) -> R<Value> {
    let Some(hooks) = HOOKS.get() else { return Ok(Value::NONE) };
    let args = a.skip(1).collect_tuple(th)?;
    object::iter::for_each(th, hooks, |th, f| th.call(f, &[a.get(0), args]).map(|_| ()))?;
    Ok(Value::NONE)
}
fn addaudithook(th: &mut Thread, a: Args) -> R<Value> {
    let l = HOOKS.get_or(th, |th| list::new(th, &[]))?;
    list::append(th, l.cast().expect("a list"), a.get(0))?;
    Ok(Value::NONE)
}
fn get_asyncgen_hooks(th: &mut Thread, _: Args) -> R<Value> {
    let now = th.roots[root::ASYNCGEN_HOOKS];
    let (a, b) = match tuple::items(now) {
        Some([a, b]) => (*a, *b),
        _ => (Value::NONE, Value::NONE),
    };
    crate::structseq::new(th, &sys_info::ASYNCGEN_HOOKS, &[a, b], &[])
}
fn set_asyncgen_hooks(th: &mut Thread, a: Args) -> R<Value> {
    let now = th.roots[root::ASYNCGEN_HOOKS];
    let (x, y) = match tuple::items(now) {
        Some([x, y]) => (*x, *y),
        _ => (Value::NONE, Value::NONE),
    };
    for (i, what) in [(1, "finalizer"), (0, "firstiter")] {
        let Some(f) = a.opt(i) else { continue };
        if !f.is_none() && object::dunder(f, D::call).is_none() {
            let got = object::class_name(f);
            return Err(th.type_error(format!("callable {what} expected, got {got}")));
        }
    }
    let t = th.new_tuple(&[a.or(0, x), a.or(1, y)])?;
    th.roots[root::ASYNCGEN_HOOKS] = t;
    Ok(Value::NONE)
}
fn call_tracing(th: &mut Thread, a: Args) -> R<Value> { object::call::call_ex(th, a.get(0), a.get(1), Value::UNSET) }
