//! Packs library files written in Python: `lib27` (2.7's library), and `lib` (both languages) once for each.

use std::path::Path;
use txpy_compiler::library::{pack, read_folder};
use txpy_syntax::Grammar;

fn main() {
    embed("lib27", "lib27", Grammar::py27());
    embed("lib", "shared2", Grammar::py27());
    embed("lib", "shared3", Grammar::py3());
}

fn embed(folder: &str, to: &str, grammar: Grammar) {
    println!("cargo::rerun-if-changed={folder}");
    let files = read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), false, &|name| name.ends_with(".py")).expect("the library's folder");
    let packed = pack(files, &grammar, |name, error| panic!("{name}: {error}"));
    std::fs::write(Path::new(&std::env::var("OUT_DIR").expect("set by cargo")).join(format!("{to}.bin")), packed).expect("the build folder can be written");
}
