//! `Unpickler`, `load` and `loads`.

use super::load::Loader;
use super::names::{renamed, walk};
use super::pickler::overridden;
use super::{memo, unpickling_error};
use crate::api::*;
use crate::kinds;
use txpy_heap::Object;
use txpy_vm::{import, loading};
use txpy_vm::native::buffer;

object! {
    pub struct Unpickler = kinds::UNPICKLER {
        /// The file's methods; UNSET before `__init__`.
        pub read: Value,
        pub readline: Value,
        /// Objects by their number: a rooted vector.
        pub memo: Value,
        pub encoding: Value,
        pub errors: Value,
        /// Iterator over out-of-band buffers, or UNSET.
        pub buffers: Value,
        pub fix_imports: bool,
        pub proto: u8,
    }
}
pub const INFO: txpy_heap::KindInfo = Unpickler::INFO;
pub static UNPICKLER: TypeDef = TypeDef {
    name: "Unpickler", module: "_pickle", kind: kinds::UNPICKLER, size: size_of::<Unpickler>() as u16, flags: type_flag::BASE | type_flag::PY3,
    methods: &[METHODS], getset: getset! { "memo" = memo::get_unpickler_memo, mut memo::set_unpickler_memo, ""; },
    doc: "This takes a binary file for reading a pickle data stream.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())" = init, "Initialize self.";
    "load(self, /)" = load_method, "Load a pickle.";
    "find_class(self, module_name, global_name, /)" = find_class, "Return an object from a specified module.";
    "persistent_load(self, pid, /)" = |th, _| Err(no_persistent_load(th)), "Object of an identity.";
};

pub fn no_persistent_load(th: &mut Thread) -> Unwind {
    unpickling_error(th, "A load persistent id instruction was encountered, but no persistent_load function was specified.")
}
fn new(th: &mut Thread, a: Args) -> R<Value> {
    let u = Value::UNSET;
    let memo = RootedVec::new(th)?.value();
    Ok(instance::alloc_like(th, a.get(0), |_| Unpickler { header: Header::NEW, read: u, readline: u, memo, encoding: u, errors: u, buffers: u, fix_imports: true, proto: 0 })?.value())
}
fn string(th: &mut Thread, v: Option<Value>, default: &str, what: &str) -> R<Value> {
    match v {
        None => th.native_str(default),
        Some(v) if text::is_text(v) => Ok(v),
        Some(v) => {
            let got = class_name(v);
            Err(th.type_error(format!("{what} must be str, not {got}")))
        }
    }
}
fn out_of_band(th: &mut Thread, v: Option<Value>) -> R<Value> {
    match v.filter(|v| !v.is_none()) {
        Some(v) if tuple::items(v).is_none_or(|t| !t.is_empty()) => iter::iter(th, v),
        _ => Ok(Value::UNSET),
    }
}
fn file_methods(th: &mut Thread, file: Value) -> R<(Value, Value)> {
    match (attr::get_str_opt(th, file, "read")?, attr::get_str_opt(th, file, "readline")?) {
        (Some(r), Some(l)) => Ok((r, l)),
        _ => Err(th.type_error("file must have 'read' and 'readline' attributes")),
    }
}
struct Options {
    fix_imports: bool,
    encoding: Value,
    errors: Value,
    buffers: Value,
}
/// The keyword arguments, from argument `first` on.
fn options(th: &mut Thread, a: Args, first: usize) -> R<Options> {
    let fix_imports = match a.opt(first) {
        Some(v) => is_true(th, v)?,
        None => true,
    };
    let encoding = string(th, a.opt(first + 1), "ASCII", "encoding")?;
    let errors = string(th, a.opt(first + 2), "strict", "errors")?;
    Ok(Options { fix_imports, encoding, errors, buffers: out_of_band(th, a.opt(first + 3))? })
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let (read, readline) = file_methods(th, a.get(1))?;
    let Options { fix_imports, encoding, errors, buffers } = options(th, a, 2)?;
    let memo = RootedVec::new(th)?.value();
    let mut g = this::<Unpickler>(a.get(0)).write(th)?;
    (g.read, g.readline, g.memo, g.encoding, g.errors, g.buffers, g.fix_imports) = (read, readline, memo, encoding, errors, buffers, fix_imports);
    Ok(Value::NONE)
}
fn load_method(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let g = this::<Unpickler>(v).read(th)?;
    let (read, readline, encoding, errors, buffers, fix_imports) = (g.read, g.readline, g.encoding, g.errors, g.buffers, g.fix_imports);
    drop(g);
    if read.is_unset() {
        let name = class_name(v);
        return Err(unpickling_error(th, format!("Unpickler.__init__() was not called by {name}.__init__()")));
    }
    let find = overridden(th, v, "find_class")?.unwrap_or(Value::UNSET);
    let persistent = overridden(th, v, "persistent_load")?.unwrap_or(Value::UNSET);
    let stack = RootedVec::new(th)?;
    let memo = memo::of(th, v)?;
    let mut l = Loader { read, readline, encoding, errors, buffers, fix_imports, find, persistent, unpickler: v, ..Loader::new(stack, memo, Value::UNSET) };
    l.run(th)
}
fn one_shot(th: &mut Thread, a: Args, read: (Value, Value), data: Value) -> R<Value> {
    let Options { fix_imports, encoding, errors, buffers } = options(th, a, 1)?;
    let (stack, memo) = (RootedVec::new(th)?, RootedVec::new(th)?);
    let mut l = Loader { read: read.0, readline: read.1, encoding, errors, buffers, fix_imports, ..Loader::new(stack, memo, data) };
    l.run(th)
}
pub fn load(th: &mut Thread, a: Args) -> R<Value> {
    let file = file_methods(th, a.get(0))?;
    one_shot(th, a, file, Value::UNSET)
}
pub fn loads(th: &mut Thread, a: Args) -> R<Value> {
    let data = if text::BYTES.is_exact(a.get(0)) {
        a.get(0)
    } else {
        buffer::snapshot(th, a.get(0))?
    };
    one_shot(th, a, (Value::UNSET, Value::UNSET), data)
}

fn find_class(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Unpickler>(a.get(0)).read(th)?;
    let (fix, proto) = (g.fix_imports, g.proto);
    drop(g);
    find(th, a.get(1), a.get(2), fix, proto)
}
/// The global of a module; old protocols may name it as Python 2 does.
pub fn find(th: &mut Thread, module: Value, name: Value, fix: bool, proto: u8) -> R<Value> {
    let (module, name) = if proto < 3 && fix { renamed(th, ("NAME_MAPPING", "IMPORT_MAPPING"), module, name)? } else { (module, name) };
    if !text::is_text(module) || !text::is_text(name) {
        return Err(th.type_error("module and name must be str"));
    }
    let path = text::lossy(module).into_owned();
    let import_ = txpy_vm::builtins_seq::builtin(th, "__import__")?;
    let m = match dict::get(th, import::modules(), module)? {
        Some(m) if !m.is_none() && !loading::is_loading(&path) => m,
        _ => {
            th.call(import_, &[module])?;
            import::import_name(th, &path)?
        }
    };
    if proto < 4 {
        let name = th.intern_bytes(text::bytes_of(name).unwrap_or(b""))?;
        let r = attr::get_opt(th, m, name)?;
        return match r {
            Some(x) => Ok(x),
            None => missing(th, m, name),
        };
    }
    match walk(th, m, &text::lossy(name))? {
        Some((x, _)) => Ok(x),
        None => missing(th, m, name),
    }
}
fn missing(th: &mut Thread, m: Value, name: Value) -> R<Value> {
    let (n, m) = (repr_text(th, name)?, repr_text(th, m)?);
    Err(th.attribute_error(format!("Can't get attribute {n} on {m}")))
}
