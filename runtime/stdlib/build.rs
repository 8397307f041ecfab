//! Packs library files written in Python: `lib27` (2.7's library), and `lib` (both languages) once for each.

use std::path::Path;
use txpy_compiler::library::embed;
use txpy_syntax::Grammar;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    embed(&here.join("lib27"), "lib27", &Grammar::py27());
    embed(&here.join("lib"), "shared2", &Grammar::py27());
    embed(&here.join("lib"), "shared3", &Grammar::py3());
}
