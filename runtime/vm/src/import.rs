//! Imports: native modules, then source files along `sys.path`.

use crate::builtins::compile_text;
use crate::exceptions::{ATTRIBUTE_ERROR, IMPORT_ERROR, MODULE_NOT_FOUND_ERROR};
use crate::library;
use crate::loading;
use crate::names::{N, n};
use crate::native::ModuleDef;
use crate::object::{self, attr, iter};
use crate::thread::Thread;
use crate::types::code::{self, Code};
use crate::types::dict::{self, Dict};
use crate::types::list::{self, List};
use crate::types::module::{self, Module};
use crate::types::{int, text, tuple};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_heap::{Gc, R, Unwind, Value};
use txpy_syntax::{FutureFlags, Mode, SourceKind};

static MODULES: AtomicU64 = AtomicU64::new(0);
static PATH: AtomicU64 = AtomicU64::new(0);
/// The attribute of a spec that tells importlib whether the module's body still runs.
const INITIALIZING: &str = "_initializing";
/// Native modules by name.
static NATIVE: Mutex<Vec<&'static ModuleDef>> = Mutex::new(Vec::new());

fn is_source(file: &Path) -> bool { if library::leads_into(file) { library::find(file).is_some() } else { file.is_file() } }
/// Text of a source file, of the library or on disk.
pub fn read_source(file: &Path) -> std::io::Result<Vec<u8>> {
    match library::find(file) {
        Some(f) => Ok(f.text()),
        None => std::fs::read(file),
    }
}

/// `sys.modules`.
pub fn modules() -> Gc<Dict> { Value(MODULES.load(Acquire)).cast().expect("sys.modules is made at start-up") }
/// The list that `sys.path` names at start.
pub fn path() -> Gc<List> { Value(PATH.load(Acquire)).cast().expect("sys.path is made at start-up") }

pub fn init(th: &mut Thread) -> R<()> {
    // A word that is not yet set is 0, which is no reference.
    txpy_heap::add_root_hook(|t| {
        t.value(Value(MODULES.load(Acquire)));
        t.value(Value(PATH.load(Acquire)));
    });
    let m = dict::new(th)?;
    MODULES.store(m.value().bits(), Release);
    let p = list::with_capacity(th, 8)?;
    PATH.store(p.value().bits(), Release);
    Ok(())
}

/// Declares native modules. Later ones of the same name replace earlier ones.
pub fn register(list: &[&'static ModuleDef]) {
    let mut all = NATIVE.lock().unwrap_or_else(|e| e.into_inner());
    for m in list {
        let here = match m.lang {
            crate::native::Lang::Both => true,
            crate::native::Lang::Py2 => !crate::dialect::py3(),
            crate::native::Lang::Py3 => crate::dialect::py3(),
        };
        if here {
            all.retain(|o| o.name != m.name);
            all.push(m);
        }
    }
}
fn native(name: &str) -> Option<&'static ModuleDef> { NATIVE.lock().unwrap_or_else(|e| e.into_inner()).iter().find(|m| m.name == name).copied() }
pub fn is_native(name: &str) -> bool { native(name).is_some() || name == crate::dialect::dialect().builtins }
pub fn native_names() -> Vec<&'static str> { NATIVE.lock().unwrap_or_else(|e| e.into_inner()).iter().map(|m| m.name).collect() }

/// The `import` statement.
pub fn import_statement(th: &mut Thread, name: Value, globals: Gc<Dict>, level: Value, fromlist: Value) -> R<Value> {
    // A script may have replaced `__import__`.
    let b = crate::builtins::namespace();
    if let Some(f) = dict::get_name(th, b, n(N::__import__))? {
        let ours = f.cast::<crate::types::native_function::Native>().is_some_and(|n| n.frozen().def().name() == "__import__");
        if !ours {
            return th.call(f, &[name, globals.value(), Value::NONE, fromlist, level]);
        }
    } else {
        return Err(th.raise(&IMPORT_ERROR, "__import__ not found"));
    }
    let text = text::lossy(name).into_owned();
    let level = int::to_i64(level).unwrap_or(0);
    import(th, &text, Some(globals), fromlist, level)
}

/// A module by its absolute name; for a dotted one the last part.
pub fn import_name(th: &mut Thread, name: &str) -> R<Value> { if name.is_empty() { Err(no_name(th)) } else { load_dotted(th, name) } }
fn no_name(th: &mut Thread) -> Unwind { th.value_error("Empty module name") }

/// What `__import__` does. `level` < 0: 2.7's relative first, then absolute.
pub fn import(th: &mut Thread, name: &str, globals: Option<Gc<Dict>>, fromlist: Value, level: i64) -> R<Value> {
    let from = !fromlist.is_none() && !fromlist.is_unset() && object::is_true(th, fromlist)?;
    if name.is_empty() && level <= 0 {
        return Err(no_name(th));
    }
    let package = match globals {
        Some(g) if level != 0 => package_of(th, g)?,
        _ => None,
    };
    let base = match (level, &package) {
        (0, _) => None,
        (l, Some(p)) if l > 0 => {
            let mut parts: Vec<&str> = p.split('.').collect();
            if l as usize > parts.len() {
                return Err(beyond(th));
            }
            parts.truncate(parts.len() + 1 - l as usize);
            Some(parts.join("."))
        }
        (l, None) if l > 0 => {
            let msg = if th.py3() { "attempted relative import with no known parent package" } else { "Attempted relative import in non-package" };
            return Err(if th.py3() { th.raise(&IMPORT_ERROR, msg) } else { th.value_error(msg) });
        }
        (_, p) => p.clone(),
    };
    let absolute = match &base {
        Some(b) if level > 0 => if name.is_empty() { b.clone() } else { format!("{b}.{name}") },
        Some(b) => {
            // 2.7: a sibling of the importing module first.
            let first = name.split('.').next().unwrap_or(name);
            let candidate = format!("{b}.{first}");
            if find_or_load(th, &candidate)?.is_some() { format!("{b}.{name}") } else { name.to_string() }
        }
        None => name.to_string(),
    };
    let last = load_dotted(th, &absolute)?;
    if from {
        load_submodules(th, last, &absolute, fromlist)?;
        return Ok(last);
    }
    // `import a.b.c` binds a; a relative import binds its first own part.
    let head = match (level > 0 && !name.is_empty(), absolute.len() - name.len()) {
        (true, cut) | (false, cut) if cut > 0 => {
            let first = name.split('.').next().unwrap_or("");
            let end = if first.is_empty() { absolute.len() } else { cut + first.len() };
            absolute[..end].to_string()
        }
        _ => absolute.split('.').next().unwrap_or("").to_string(),
    };
    if head == absolute { Ok(last) } else { load_dotted(th, &head) }
}
fn beyond(th: &mut Thread) -> Unwind {
    if th.py3() { th.raise(&IMPORT_ERROR, "attempted relative import beyond top-level package") } else { th.value_error("Attempted relative import beyond toplevel package") }
}

/// The package that code with these globals belongs to.
fn package_of(th: &mut Thread, g: Gc<Dict>) -> R<Option<String>> {
    if let Some(p) = dict::get_name(th, g, n(N::__package__))?.filter(|p| !p.is_none()) {
        let t = text::lossy(p).into_owned();
        return Ok(if t.is_empty() { None } else { Some(t) });
    }
    let Some(name) = dict::get_name(th, g, n(N::__name__))? else { return Ok(None) };
    let name = text::lossy(name).into_owned();
    if dict::get_name(th, g, n(N::__path__))?.is_some() {
        return Ok(Some(name));
    }
    Ok(name.rsplit_once('.').map(|(p, _)| p.to_string()))
}

/// Imports every part of a dotted name; gives the last.
fn load_dotted(th: &mut Thread, name: &str) -> R<Value> {
    let mut at = 0;
    let mut module = Value::NONE;
    loop {
        let end = name[at..].find('.').map_or(name.len(), |i| at + i);
        let part = &name[..end];
        module = match find_or_load(th, part)? {
            Some(m) => m,
            None => return Err(not_found(th, part, module)),
        };
        if end == name.len() {
            return Ok(module);
        }
        at = end + 1;
    }
}
fn not_found(th: &mut Thread, name: &str, parent: Value) -> Unwind {
    let msg = if !th.py3() {
        format!("No module named {}", name.rsplit('.').next().unwrap_or(name))
    } else if parent.is_none() || attr::get_str_opt(th, parent, "__path__").ok().flatten().is_some() {
        format!("No module named '{name}'")
    } else {
        format!("No module named '{name}'; '{}' is not a package", name.rsplit_once('.').map_or("", |p| p.0))
    };
    let e = th.raise(if th.py3() { &MODULE_NOT_FOUND_ERROR } else { &IMPORT_ERROR }, msg);
    if let Ok(n) = th.native_str(name) {
        crate::types::exc_fields::note_name(th, n);
    }
    e
}

/// What `sys.modules` says about a name. A module that another thread is loading is there when its body has run.
enum Known {
    Module(Value),
    /// None, in 2.7: there is no such module.
    Halted,
    No,
}
fn known(th: &mut Thread, name: &str) -> R<Known> {
    loop {
        let Some(m) = dict::get_str(th, modules(), name)? else { return Ok(Known::No) };
        if m.is_none() {
            return if th.py3() { Err(th.raise(&MODULE_NOT_FOUND_ERROR, format!("import of {name} halted; None in sys.modules"))) } else { Ok(Known::Halted) };
        }
        if !loading::wait(th, name)? {
            return Ok(Known::Module(m));
        }
    }
}

/// The module from `sys.modules`, or loaded; None if nothing of the name is found.
fn find_or_load(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let mut known_now = known(th, name)?;
    let loads = if let Known::No = known_now { Some(loading::begin(th, name)?) } else { None };
    if loads.is_some() {
        // Another thread may just have loaded it.
        known_now = known(th, name)?;
    }
    match known_now {
        Known::Module(m) => Ok(Some(m)),
        Known::Halted => Ok(None),
        Known::No => load(th, name),
    }
}
fn load(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let mods = modules();
    let found = if th.py3() { by_finders(th, name)? } else { by_finders27(th, name)? };
    if found.is_some() {
        return Ok(found);
    }
    if let Some(def) = native(name) {
        // Types and tables are made once for the process.
        crate::atomic::irrevocable(th)?;
        let m = module::from_def(th, def)?;
        forget_spec(th, m)?;
        dict::set_str(th, mods, name, m.value())?;
        bind_in_parent(th, name, m.value())?;
        return Ok(Some(m.value()));
    }
    let (parent, tail) = match name.rsplit_once('.') {
        Some((p, t)) => (Some(p), t),
        None => (None, name),
    };
    let dirs = match parent {
        None => search_path(th)?,
        Some(p) => {
            let Some(pm) = dict::get_str(th, mods, p)? else { return Ok(None) };
            match attr::get_str_opt(th, pm, "__path__")? {
                Some(l) => texts(th, l)?,
                None => return Ok(None),
            }
        }
    };
    // Python 3 asks the system about every entry, which fails for one that is no file name at all.
    let junk = if th.py3() { dirs.iter().position(|d| d.as_os_str().as_encoded_bytes().contains(&0)) } else { None };
    let Some((file, mut package)) = find_file(&dirs[..junk.unwrap_or(dirs.len())], tail) else {
        if junk.is_some() {
            return Err(th.value_error("stat: embedded null character in path"));
        }
        return in_archive(th, name, &dirs);
    };
    if let Package::Regular(parts) = &mut package {
        if !th.py3() && library::find(&file).is_some() {
            // What our own package does not have comes from an installed library's.
            parts.extend(dirs.iter().map(|d| d.join(tail)).filter(|d| d.join("__init__.py").is_file()));
        }
    }
    crate::atomic::irrevocable(th)?;
    let m = load_file(th, name, &file, package)?;
    if let Some(m) = m.cast::<Module>().filter(|_| th.py3()) {
        if let Some(spec) = dict::get_name(th, m.frozen().dict, n(N::__spec__))?.filter(|s| !s.is_none()) {
            attr::set_str(th, spec, INITIALIZING, Value::FALSE)?;
        }
    }
    bind_in_parent(th, name, m)?;
    Ok(Some(m))
}

/// Python 3: a module by the finders that scripts put into `sys.meta_path`. Those of importlib look where the vm looks, too.
fn by_finders(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let Some(finders) = crate::builtins::sys_attr(th, "meta_path")? else { return Ok(None) };
    let Some(finders) = finders.cast::<List>() else { return Ok(None) };
    let mut i = 0;
    while let Some(f) = list::get(th, finders, i)? {
        i += 1;
        if let Some(t) = f.cast::<crate::types::type_::Type>() {
            if matches!(&*crate::types::type_::name_text(t), "BuiltinImporter" | "FrozenImporter" | "PathFinder") {
                continue;
            }
        }
        let Some(find) = attr::get_str_opt(th, f, "find_spec")? else { continue };
        let path = parent_path(th, name)?;
        let text = th.native_str(name)?;
        let spec = th.call(find, &[text, path, Value::NONE])?;
        if !spec.is_none() {
            return load_spec(th, name, spec).map(Some);
        }
    }
    Ok(None)
}
/// 2.7: a module by the finders in `sys.meta_path`: what `find_module` gives loads it.
fn by_finders27(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let Some(finders) = crate::builtins::sys_attr(th, "meta_path")?.and_then(|f| f.cast::<List>()) else { return Ok(None) };
    let mut i = 0;
    while let Some(f) = list::get(th, finders, i)? {
        i += 1;
        let path = parent_path(th, name)?;
        let text = th.native_str(name)?;
        let loader = th.call_method(f, "find_module", &[text, path])?;
        if loader.is_none() {
            continue;
        }
        let m = th.call_method(loader, "load_module", &[text])?;
        bind_in_parent(th, name, m)?;
        return Ok(Some(m));
    }
    Ok(None)
}
/// Python 3: a module in an archive on the path, by importlib, whose hooks know archives.
fn in_archive(th: &mut Thread, name: &str, dirs: &[PathBuf]) -> R<Option<Value>> {
    let archive = |d: &PathBuf| !library::leads_into(d) && !d.is_dir() && d.ancestors().any(Path::is_file);
    // importlib imports what it needs through here, too.
    let loading = dict::get_str(th, modules(), "importlib")?.is_some() && dict::get_str(th, modules(), "_frozen_importlib")?.is_none();
    if !th.py3() || loading || name == "importlib" || name.starts_with("importlib.") || !dirs.iter().any(archive) {
        return Ok(None);
    }
    let core = importlib_core(th)?;
    let external = attr::get_str(th, core, "_bootstrap_external")?;
    let finder = attr::get_str(th, external, "PathFinder")?;
    let path = list::with_capacity(th, dirs.len())?;
    for d in dirs {
        let v = path_value(th, d)?;
        list::append(th, path, v)?;
    }
    let text = th.native_str(name)?;
    let spec = th.call_method(finder, "find_spec", &[text, path.value()])?;
    if spec.is_none() { Ok(None) } else { load_spec(th, name, spec).map(Some) }
}
/// The `__path__` of the package that a module lies in; None for one at the top.
fn parent_path(th: &mut Thread, name: &str) -> R<Value> {
    let Some((parent, _)) = name.rsplit_once('.') else { return Ok(Value::NONE) };
    let Some(package) = dict::get_str(th, modules(), parent)? else { return Ok(Value::NONE) };
    Ok(attr::get_str_opt(th, package, "__path__")?.unwrap_or(Value::NONE))
}
/// The module that importlib loads by the spec that a finder gave.
fn load_spec(th: &mut Thread, name: &str, spec: Value) -> R<Value> {
    let core = importlib_core(th)?;
    let load = attr::get_str(th, core, "_load")?;
    let m = th.call(load, &[spec])?;
    bind_in_parent(th, name, m)?;
    Ok(m)
}
/// importlib's core, imported where it is not yet there.
fn importlib_core(th: &mut Thread) -> R<Value> {
    load_dotted(th, "importlib")?;
    load_dotted(th, "importlib._bootstrap")
}
/// Leaves `__spec__` and `__loader__` of a module to `spec_of`: importlib is large, and few ask.
fn forget_spec(th: &mut Thread, m: Gc<Module>) -> R<()> {
    if th.py3() {
        dict::remove(th, m.frozen().dict, n(N::__spec__))?;
        dict::remove(th, m.frozen().dict, n(N::__loader__))?;
    }
    Ok(())
}
/// `__spec__` or `__loader__` of a module that the vm's import loaded, found by importlib.
pub fn spec_of(th: &mut Thread, m: Gc<Module>, which: Value) -> R<Option<Value>> {
    let d = m.frozen().dict;
    let mods = modules();
    let Some(name) = dict::get_name(th, d, n(N::__name__))? else { return Ok(None) };
    if text::bytes_of(name).is_none() || dict::get(th, mods, name)? != Some(m.value()) {
        return Ok(None);
    }
    // While importlib loads itself there is no spec yet.
    let finds = match dict::get_str(th, mods, "_frozen_importlib")? {
        Some(core) => attr::get_str_opt(th, core, "spec_of")?,
        None if dict::get_str(th, mods, "importlib")?.is_some() => None,
        None => {
            let core = importlib_core(th)?;
            attr::get_str_opt(th, core, "spec_of")?
        }
    };
    let Some(finds) = finds else { return Ok(Some(Value::NONE)) };
    let spec = th.call(finds, &[m.value()])?;
    let loader = if spec.is_none() { None } else { attr::get_str_opt(th, spec, "loader")? };
    if !spec.is_none() && loading::is_loading(&text::lossy(name)) {
        attr::set_str(th, spec, INITIALIZING, Value::TRUE)?;
    }
    dict::set(th, d, n(N::__spec__), spec)?;
    dict::set(th, d, n(N::__loader__), loader.unwrap_or(Value::NONE))?;
    dict::get_name(th, d, which)
}
fn bind_in_parent(th: &mut Thread, name: &str, m: Value) -> R<()> {
    if let Some((p, t)) = name.rsplit_once('.') {
        let mods = modules();
        if let Some(p) = dict::get_str(th, mods, p)? {
            attr::set_str(th, p, t, m)?;
        }
    }
    Ok(())
}

/// `sys.path` as it is now.
fn search_path(th: &mut Thread) -> R<Vec<PathBuf>> {
    let l = match crate::builtins::sys_attr(th, "path")? {
        Some(l) => l,
        None => path().value(),
    };
    if !th.py3() && !l.is::<List>() {
        return Err(th.runtime_error("sys.path must be a list of directory names"));
    }
    texts(th, l)
}
fn texts(th: &mut Thread, l: Value) -> R<Vec<PathBuf>> {
    let mut out = Vec::new();
    iter::for_each(th, l, |_, v| {
        if let Some(b) = text::bytes_of(v) {
            use std::os::unix::ffi::OsStrExt;
            out.push(PathBuf::from(std::ffi::OsStr::from_bytes(b)));
        }
        Ok(())
    })?;
    Ok(out)
}

/// What a name stands for in a list of directories.
enum Package {
    No,
    Regular(Vec<PathBuf>),
    /// PEP 420: directories without `__init__.py`.
    Namespace(Vec<PathBuf>),
}
fn find_file(dirs: &[PathBuf], tail: &str) -> Option<(PathBuf, Package)> {
    let mut portions = Vec::new();
    for d in dirs {
        let d = if d.as_os_str().is_empty() { Path::new(".") } else { d };
        let dir = d.join(tail);
        let init = dir.join("__init__.py");
        if is_source(&init) {
            return Some((init, Package::Regular(vec![dir])));
        }
        let file = d.join(format!("{tail}.py"));
        if is_source(&file) {
            return Some((file, Package::No));
        }
        if crate::dialect::py3() && dir.is_dir() {
            portions.push(dir);
        }
    }
    if portions.is_empty() { None } else { Some((PathBuf::new(), Package::Namespace(portions))) }
}

fn path_value(th: &mut Thread, p: &Path) -> R<Value> {
    use std::os::unix::ffi::OsStrExt;
    th.native_str_bytes(p.as_os_str().as_bytes())
}

fn load_file(th: &mut Thread, name: &str, file: &Path, package: Package) -> R<Value> {
    let m = module::new(th, name)?;
    forget_spec(th, m)?;
    let d = m.frozen().dict;
    let is_package = !matches!(package, Package::No);
    let package_name = if is_package { name.to_string() } else { name.rsplit_once('.').map_or("", |p| p.0).to_string() };
    let package_name = th.native_str(&package_name)?;
    dict::set(th, d, n(N::__package__), package_name)?;
    let dirs = match &package {
        Package::No => vec![],
        Package::Regular(dirs) | Package::Namespace(dirs) => dirs.clone(),
    };
    if is_package {
        let l = list::with_capacity(th, dirs.len())?;
        for dir in &dirs {
            let v = path_value(th, dir)?;
            list::append(th, l, v)?;
        }
        dict::set(th, d, n(N::__path__), l.value())?;
    }
    let mods = modules();
    if file.as_os_str().is_empty() {
        dict::set_str(th, mods, name, m.value())?;
        return Ok(m.value());
    }
    let f = path_value(th, file)?;
    dict::set(th, d, n(N::__file__), f)?;
    if th.py3() {
        dict::set(th, d, n(N::__cached__), Value::NONE)?;
    }
    let b = crate::builtins::the_module().value();
    dict::set(th, d, n(N::__builtins__), b)?;
    dict::set_str(th, mods, name, m.value())?;
    let done = run_file(th, d, file);
    match done {
        Ok(()) => match dict::get_str(th, mods, name)? {
            // A module may replace itself.
            Some(m) => Ok(m),
            None => Ok(m.value()),
        },
        Err(e) => {
            let exc = th.catch_any();
            dict::remove_str(th, mods, name)?;
            match exc {
                Some(x) => Err(th.reraise(x)),
                None => Err(e),
            }
        }
    }
}

/// Runs a source file in a namespace. The library's files have been compiled when it was built, but for `-O`.
fn run_file(th: &mut Thread, d: Gc<Dict>, file: &Path) -> R<()> {
    let code = file_code(th, file)?;
    crate::interp::enter::run_in(th, code, d)
}
/// The code object of a source file.
pub fn file_code(th: &mut Thread, file: &Path) -> R<Gc<Code>> {
    let name = file.to_string_lossy().into_owned();
    let optimize = crate::runtime::optimize();
    let packed = library::find(file);
    if let Some(image) = packed.filter(|_| optimize == 0).and_then(|f| f.image(&name)) {
        return code::load(th, image.into());
    }
    let flags = packed.map_or(FutureFlags::default(), |f| f.flags);
    match read_source(file) {
        Ok(source) => compile_text(th, &source, SourceKind::File, &name, Mode::Exec, false, flags, optimize),
        Err(e) => {
            let f = path_value(th, file)?;
            Err(crate::runtime::os_error(th, &e, Some(f)))
        }
    }
}

/// Runs a module's file again in its namespace.
pub fn reload(th: &mut Thread, m: Gc<Module>, name: &str) -> R<Value> {
    let d = m.frozen().dict;
    if native(name).is_some() {
        return Ok(m.value());
    }
    let Some(f) = dict::get_name(th, d, n(N::__file__))? else { return Err(th.raise(&IMPORT_ERROR, format!("No module named {name}"))) };
    let file = PathBuf::from(text::lossy(f).into_owned());
    run_file(th, d, &file)?;
    Ok(m.value())
}

/// `from module import a, b`: submodules that are not yet attributes are imported.
fn load_submodules(th: &mut Thread, m: Value, name: &str, fromlist: Value) -> R<()> {
    if attr::get_str_opt(th, m, "__path__")?.is_none() {
        return Ok(());
    }
    let mut list = fromlist;
    for x in tuple::items(fromlist).unwrap_or(&[]) {
        if text::bytes_of(*x) == Some(b"*") {
            match attr::get_str_opt(th, m, "__all__")? {
                Some(all) => list = all,
                None => return Ok(()),
            }
        }
    }
    iter::for_each(th, list, |th, x| {
        let Some(b) = text::bytes_of(x).filter(|b| *b != b"*") else { return Ok(()) };
        let x = th.intern_bytes(b)?;
        if attr::get_opt(th, m, x)?.is_none() {
            find_or_load(th, &format!("{name}.{}", text::lossy(x)))?;
        }
        Ok(())
    })
}

/// `from m import name`.
pub fn import_from(th: &mut Thread, m: Value, name: Value) -> R<Value> {
    let r = attr::get(th, m, name);
    if let Some(v) = th.unless(r, &ATTRIBUTE_ERROR)? {
        return Ok(v);
    }
    let module = attr::get_str_opt(th, m, "__name__")?;
    let mname = module.map(|m| text::lossy(m).into_owned()).unwrap_or_default();
    let text = text::lossy(name).into_owned();
    let mods = modules();
    if let Some(v) = dict::get_str(th, mods, &format!("{mname}.{text}"))? {
        return Ok(v);
    }
    let msg = if th.py3() {
        match attr::get_str_opt(th, m, "__file__")? {
            Some(f) if loading::is_loading(&mname) => {
                format!("cannot import name '{text}' from partially initialized module '{mname}' (most likely due to a circular import) ({})", text::lossy(f))
            }
            Some(f) => format!("cannot import name '{text}' from '{mname}' ({})", text::lossy(f)),
            None => format!("cannot import name '{text}' from '{mname}' (unknown location)"),
        }
    } else {
        format!("cannot import name {text}")
    };
    Err(th.raise(&IMPORT_ERROR, msg))
}

/// `from m import *` into a namespace.
#[inline(never)]
pub fn import_star(th: &mut Thread, m: Value, to: Value) -> R<()> {
    let (names, all) = match attr::get_str_opt(th, m, "__all__")? {
        Some(a) => (a, true),
        None => {
            let Some(d) = attr::get_str_opt(th, m, "__dict__")? else {
                return Err(th.raise(&IMPORT_ERROR, "from-import-* object has no __dict__ and no __all__"));
            };
            (iter::to_list(th, d)?.value(), false)
        }
    };
    iter::for_each(th, names, |th, k| {
        let Some(b) = text::bytes_of(k) else {
            let got = object::class_name(k);
            return Err(th.type_error(format!("Item in __all__ must be str, not {got}")));
        };
        if !all && b.starts_with(b"_") {
            return Ok(());
        }
        let k = th.intern_bytes(b)?;
        let v = attr::get(th, m, k)?;
        match to.cast::<Dict>() {
            Some(d) => dict::set(th, d, k, v),
            None => object::item::set(th, to, k, v),
        }
    })
}
