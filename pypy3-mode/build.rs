//! Packs the Python 3 library: our own modules, which stand for those of 3.14 that do not fit 3.13, and the rest of `rustpython-pylib`.

use std::path::Path;
use txpy_compiler::library::{pack, read_folder, write};
use txpy_syntax::Grammar;

#[path = "older.rs"]
mod older;

fn main() {
    println!("cargo::rerun-if-changed=lib");
    println!("cargo::rerun-if-changed=older.rs");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("lib");
    let mut files = read_folder(&own, false, &|name| name.ends_with(".py")).expect("the library's folder");
    // 3.14's library relies on annotations that are not evaluated.
    let mut theirs = read_folder(Path::new(rustpython_pylib::LIB_PATH), true, &wanted).expect("the folder of rustpython-pylib");
    for (name, newer, older) in older::OLDER {
        let file = theirs.iter_mut().find(|f| f.name == *name).unwrap_or_else(|| panic!("{name} is not in the library"));
        let text = String::from_utf8_lossy(&file.text);
        assert_eq!(text.matches(newer).count(), 1, "{name}: {newer}");
        file.text = text.replace(newer, older).into_bytes();
    }
    let ours: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
    files.extend(theirs.into_iter().filter(|f| !ours.contains(&f.name)));
    let packed = pack(files, &Grammar::py3(), |name, error| {
        assert!(!ours.iter().any(|o| o == name), "{name}: {error}");
        println!("cargo::warning={name}: {error}");
    });
    write("lib3", &packed);
}

/// Modules, and files that they read. What programs are made of stays out: the editor, demonstrations.
fn wanted(name: &str) -> bool {
    let top = name.split('/').next().unwrap_or(name);
    let data = name == "PSF-LICENSE" || name.ends_with(".css") || name.starts_with("venv/scripts/common/") || name.starts_with("venv/scripts/posix/");
    // In the syntax of 3.14: a module that 3.13 has not got, and one of which we have our own.
    let newer = matches!(name, "string/templatelib.py" | "site.py");
    (name.ends_with(".py") || data) && !newer && !matches!(top, "idlelib" | "turtledemo" | "test")
}
