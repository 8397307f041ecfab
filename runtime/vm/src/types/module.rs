//! `module`: a namespace with a name.

use super::dict::{self, Dict};
use super::text;
use crate::kinds;
use crate::names::{N, n};
use crate::native::{Args, ModuleDef, NativeDef, TypeDef, type_flag};
use crate::object::{self, attr};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    pub struct Module = kinds::MODULE, frozen {
        pub dict: Gc<Dict>,
        /// Differs between all modules of the process: inline caches know a module by it.
        pub serial: u32,
        /// A class that was assigned: the shape alone does not keep it alive.
        pub class: Late,
    }
}
static SERIALS: AtomicU32 = AtomicU32::new(1);
fn new_serial() -> u32 { SERIALS.fetch_add(1, Relaxed) }
pub static MODULE: TypeDef = TypeDef {
    name: "module", kind: kinds::MODULE, size: size_of::<Module>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::DICT,
    methods: &[METHODS], getset: getset! {
        "__dict__" = get_dict, "The module's namespace.";
        #[py3] "__annotations__" = annotations, mut set_annotations, "Annotations.";
    }, doc: "A module.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a module.";
    "__init__(self, name, doc=None)" = init, "Initialize self.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__getattribute__(self, name, /)" = getattribute, "Return getattr(self, name).";
    #[py3] "__dir__(self, /)" = dir, "Names in the module.";
};
fn this(v: Value) -> Gc<Module> { v.cast().expect("checked by the call") }

/// An empty module.
pub fn new(th: &mut Thread, name: &str) -> R<Gc<Module>> {
    let d = dict::new_namespace(th)?;
    let m = th.alloc(MODULE.shape(), Module { header: Header::NEW, dict: d, serial: new_serial(), class: Late::new(Value::UNSET) })?;
    let name = th.intern(name)?;
    dict::set(th, d, n(N::__name__), name)?;
    dict::set(th, d, n(N::__doc__), Value::NONE)?;
    dict::set(th, d, n(N::__package__), Value::NONE)?;
    if th.py3() {
        dict::set(th, d, n(N::__loader__), Value::NONE)?;
        dict::set(th, d, n(N::__spec__), Value::NONE)?;
    }
    Ok(m)
}

/// A native module's object, filled in.
pub fn from_def(th: &mut Thread, def: &'static ModuleDef) -> R<Gc<Module>> {
    let m = new(th, def.name)?;
    let d = m.frozen().dict;
    if !def.doc.is_empty() {
        let doc = th.native_str(def.doc)?;
        dict::set(th, d, n(N::__doc__), doc)?;
    }
    let package = th.native_str("")?;
    dict::set(th, d, n(N::__package__), package)?;
    add_functions(th, m, def.functions)?;
    for t in def.types {
        add_type(th, m, t)?;
    }
    if let Some(f) = def.init {
        f(th, m)?;
    }
    Ok(m)
}
pub fn add_functions(th: &mut Thread, m: Gc<Module>, functions: &'static [NativeDef]) -> R<()> {
    let d = m.frozen().dict;
    let name = dict::get_name(th, d, n(N::__name__))?.unwrap_or(Value::NONE);
    for f in functions {
        let here = match f.lang {
            crate::native::Lang::Both => true,
            crate::native::Lang::Py2 => !th.py3(),
            crate::native::Lang::Py3 => th.py3(),
        };
        if here {
            let v = super::native_function::new(th, f, Value::UNSET, name)?;
            dict::set_str(th, d, f.name(), v)?;
        }
    }
    Ok(())
}
pub fn add_type(th: &mut Thread, m: Gc<Module>, t: &'static TypeDef) -> R<()> {
    let wrong = if th.py3() { type_flag::PY2 } else { type_flag::PY3 };
    if t.flags & wrong != 0 {
        return Ok(());
    }
    let ty = super::type_::make_native(th, t)?;
    let name = if th.py3() || t.name2.is_empty() { t.name } else { t.name2 };
    dict::set_str(th, m.frozen().dict, name, ty.value())
}
/// Sets a name of the module.
pub fn set(th: &mut Thread, m: Gc<Module>, name: &str, v: Value) -> R<()> { dict::set_str(th, m.frozen().dict, name, v) }

pub fn get_attribute(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let m = this(v);
    let t = object::class_of(v);
    let found = super::type_::lookup(th, t, name)?;
    if let Some(f) = found.filter(|f| attr::is_data_descriptor(*f)) {
        return attr::bind(th, f, v, t.value()).map(Some);
    }
    if let Some(x) = dict::get_name(th, m.frozen().dict, name)? {
        return Ok(Some(x));
    }
    if let Some(f) = found {
        return attr::bind(th, f, v, t.value()).map(Some);
    }
    if th.py3() {
        if name == n(N::__spec__) || name == n(N::__loader__) {
            if let Some(x) = crate::import::spec_of(th, m, name)? {
                return Ok(Some(x));
            }
        }
        if let Some(f) = dict::get_name(th, m.frozen().dict, super::dunder::D::getattr.name())? {
            return th.call(f, &[name]).map(Some);
        }
        return Ok(None);
    }
    exception_part(th, m, name)
}
/// 2.7's `sys.exc_type`, `sys.exc_value` and `sys.exc_traceback`: the parts of what this thread handles.
fn exception_part(th: &mut Thread, m: Gc<Module>, name: Value) -> R<Option<Value>> {
    let Some(part @ ("type" | "value" | "traceback")) = text::str_of(name).and_then(|s| s.strip_prefix("exc_")) else { return Ok(None) };
    if dict::get_name(th, m.frozen().dict, n(N::__name__))?.and_then(text::str_of) != Some("sys") {
        return Ok(None);
    }
    let e = th.handled;
    Ok(Some(match part {
        _ if !e.is_ref() => Value::NONE,
        "type" => super::exception::class_for_exit(e),
        "value" => e,
        _ => super::traceback::of(th, e),
    }))
}
pub fn set_attribute(th: &mut Thread, m: Gc<Module>, name: Value, v: Value) -> R<()> {
    if v.is_unset() {
        return match dict::remove(th, m.frozen().dict, name)? {
            Some(_) => Ok(()),
            None => Err(attr::no_attribute(th, m.value(), name)),
        };
    }
    dict::set(th, m.frozen().dict, name, v)
}
pub fn missing_message(th: &mut Thread, m: Gc<Module>, name: &str) -> String {
    let module = dict::get_name(th, m.frozen().dict, n(N::__name__)).ok().flatten().and_then(text::str_of);
    match module {
        Some(module) if th.py3() => format!("module '{module}' has no attribute '{name}'"),
        Some(_) => format!("'module' object has no attribute '{name}'"),
        None => format!("module has no attribute '{name}'"),
    }
}

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let d = dict::new_namespace(th)?;
    let m: Gc<Module> = object::instance::alloc_like(th, a.get(0), |_| Module { header: Header::NEW, dict: d, serial: new_serial(), class: Late::new(Value::UNSET) })?;
    Ok(m.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_string(th, a.get(1)) {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("module.__init__() argument 1 must be str, not {got}")));
    }
    let d = this(a.get(0)).frozen().dict;
    dict::set(th, d, n(N::__name__), a.get(1))?;
    dict::set(th, d, n(N::__doc__), a.or(2, Value::NONE))?;
    if th.py3() {
        for k in [N::__package__, N::__loader__, N::__spec__] {
            dict::set(th, d, n(k), Value::NONE)?;
        }
    }
    Ok(Value::NONE)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let d = this(a.get(0)).frozen().dict;
    let name = match dict::get_name(th, d, n(N::__name__))? {
        Some(x) => object::repr_text(th, x)?,
        None => "'?'".to_string(),
    };
    let s = match dict::get_name(th, d, n(N::__file__))? {
        Some(f) => format!("<module {name} from {}>", object::repr_text(th, f)?),
        None if crate::import::is_native(text::lossy(dict::get_name(th, d, n(N::__name__))?.unwrap_or(Value::NONE)).as_ref()) => format!("<module {name} (built-in)>"),
        None => format!("<module {name}{}>", if th.py3() { "" } else { " (built-in)" }),
    };
    th.native_str(&s)
}
fn getattribute(th: &mut Thread, a: Args) -> R<Value> {
    let name = super::object::attr_name(th, a.get(1))?;
    match get_attribute(th, a.get(0), name)? {
        Some(v) => Ok(v),
        None => Err(attr::no_attribute(th, a.get(0), name)),
    }
}
fn dir(th: &mut Thread, a: Args) -> R<Value> {
    let d = this(a.get(0)).frozen().dict;
    if let Some(f) = dict::get_str(th, d, "__dir__")? {
        return th.call(f, &[]);
    }
    super::object::keys(th, d)
}
fn get_dict(_: &mut Thread, v: Value) -> R<Value> { Ok(this(v).frozen().dict.value()) }
fn annotations(th: &mut Thread, v: Value) -> R<Value> {
    let d = this(v).frozen().dict;
    match dict::get_name(th, d, n(N::__annotations__))? {
        Some(a) => Ok(a),
        None => {
            let a = dict::new(th)?.value();
            dict::set(th, d, n(N::__annotations__), a)?;
            Ok(a)
        }
    }
}
fn set_annotations(th: &mut Thread, v: Value, x: Value) -> R<()> {
    set_or_delete(th, this(v).frozen().dict, N::__annotations__, x)
}
/// Sets what a namespace has under a name; deletes it when `x` is UNSET. Errors: AttributeError when there is nothing to delete.
pub fn set_or_delete(th: &mut Thread, d: Gc<Dict>, which: N, x: Value) -> R<()> {
    if !x.is_unset() {
        return dict::set(th, d, n(which), x);
    }
    match dict::remove(th, d, n(which))? {
        Some(_) => Ok(()),
        None => {
            let text = text::lossy(n(which)).into_owned();
            Err(th.attribute_error(text))
        }
    }
}
