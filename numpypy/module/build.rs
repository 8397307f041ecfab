//! Packs the parts of the package that are written in Python, once for each language.

use std::path::Path;
use txpy_compiler::library::embed;
use txpy_syntax::Grammar;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python");
    embed(&folder, "numpy2", &Grammar::py27());
    embed(&folder, "numpy3", &Grammar::py3());
}
