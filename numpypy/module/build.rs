//! Packs the parts of the package that are written in Python, once for each language.

use std::path::Path;
use txpy_compiler::library::{pack, read_folder};
use txpy_syntax::Grammar;

fn main() {
    println!("cargo::rerun-if-changed=../python");
    for (to, grammar) in [("numpy2", Grammar::py27()), ("numpy3", Grammar::py3())] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python");
        let files = read_folder(&folder, false, &|name| name.ends_with(".py")).expect("the package's folder");
        let packed = pack(files, &grammar, |name, error| panic!("{name}: {error}"));
        std::fs::write(Path::new(&std::env::var("OUT_DIR").expect("set by cargo")).join(format!("{to}.bin")), packed).expect("the build folder can be written");
    }
}
