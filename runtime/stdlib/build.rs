//! Embeds library files written in Python: a table of names and texts for `lib27` (2.7's library) and one for `lib` (both languages).

use std::fmt::Write;
use std::path::Path;

fn main() {
    embed("lib27");
    embed("lib");
}

fn embed(folder: &str) {
    println!("cargo::rerun-if-changed={folder}");
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join(folder);
    let mut files = vec![];
    collect(&root, &root, &mut files);
    files.sort();
    let mut out = String::from("&[\n");
    for f in &files {
        let _ = writeln!(out, "    ({f:?}, include_bytes!({:?})),", root.join(f));
    }
    out.push_str("]\n");
    let to = Path::new(&std::env::var("OUT_DIR").expect("set by cargo")).join(format!("{folder}.rs"));
    std::fs::write(to, out).expect("the build folder can be written");
}

fn collect(root: &Path, dir: &Path, out: &mut Vec<String>) {
    for e in std::fs::read_dir(dir).expect("the library's folder").flatten() {
        let p = e.path();
        if p.is_dir() {
            collect(root, &p, out);
        } else if p.extension().is_some_and(|x| x == "py") {
            out.push(p.strip_prefix(root).expect("below the root").to_string_lossy().into_owned());
        }
    }
}
