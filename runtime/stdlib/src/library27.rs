//! Library files written in Python, embedded in the executable: 2.7's library, and what both languages have. Scripts see them in folders
//! that exist on no disk.

use crate::api::*;
use txpy_compiler::library::Library;
use txpy_vm::library;

/// Entry of `sys.path` for the embedded files.
pub const FOLDER: &str = "<txpy>/lib27";
static LIBRARY: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/lib27.bin")));

pub static MODULE: ModuleDef = ModuleDef { name: "_library27", doc: "The embedded library.", functions: FUNCTIONS, lang: Lang::Py2, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "source(path, /)" = source, "Text of an embedded file, None for any other path.";
    "names()" = names, "Names of the embedded files.";
};

/// Entry of `sys.path` for the files of both languages.
pub const SHARED: &str = "<txpy>/lib";
static SHARED2: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/shared2.bin")));
static SHARED3: Library = Library::new(include_bytes!(concat!(env!("OUT_DIR"), "/shared3.bin")));

/// Makes the files known to imports.
pub fn register() {
    let py3 = txpy_vm::dialect::py3();
    library::register("lib", if py3 { SHARED3 } else { SHARED2 });
    if !py3 {
        library::register("lib27", LIBRARY);
    }
}

fn source(th: &mut Thread, a: Args) -> R<Value> {
    let path = text::lossy(a.get(0)).into_owned();
    match library::find(std::path::Path::new(&path)) {
        Some(f) => th.new_bytes(&f.text()),
        None => Ok(Value::NONE),
    }
}
fn names(th: &mut Thread, _: Args) -> R<Value> {
    let names = library::names("lib27");
    let out = RootedVec::with_capacity(th, names.len())?;
    for name in names {
        let v = th.native_str(name)?;
        out.push(th, v)?;
    }
    list_of(th, out)
}
