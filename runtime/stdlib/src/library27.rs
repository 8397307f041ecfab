//! Library files written in Python, embedded in the executable: 2.7's library, and what both languages have. Scripts see them in folders
//! that exist on no disk.

use crate::api::*;

/// Entry of `sys.path` for the embedded files.
pub const FOLDER: &str = "<txpy>/lib27";
/// Names relative to the folder, sorted, with their text.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/lib27.rs"));

pub static MODULE: ModuleDef = ModuleDef { name: "_library27", doc: "The embedded library.", functions: FUNCTIONS, lang: Lang::Py2, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "source(path, /)" = source, "Text of an embedded file, None for any other path.";
    "names()" = names, "Names of the embedded files.";
};

/// Entry of `sys.path` for the files of both languages, and these files.
pub const SHARED: &str = "<txpy>/lib";
static SHARED_FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/lib.rs"));

/// Makes the files known to imports.
pub fn register() {
    txpy_vm::import::embed(FOLDER, FILES);
    txpy_vm::import::embed(SHARED, SHARED_FILES);
}

fn source(th: &mut Thread, a: Args) -> R<Value> {
    let path = text::lossy(a.get(0)).into_owned();
    match txpy_vm::import::embedded(std::path::Path::new(&path)) {
        Some(s) => th.new_bytes(s),
        None => Ok(Value::NONE),
    }
}
fn names(th: &mut Thread, _: Args) -> R<Value> {
    let out = RootedVec::with_capacity(th, FILES.len())?;
    for (name, _) in FILES {
        let v = th.native_str(name)?;
        out.push(th, v)?;
    }
    list_of(th, out)
}
