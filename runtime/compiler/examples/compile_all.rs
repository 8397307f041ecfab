//! Compiles every file given (or found under directories given), verifies and stores the images: `compile_all [-2] [-d] PATH...`.
//! `-d` prints the disassembly.

use std::path::{Path, PathBuf};

use txpy_compiler::{Options, compile_source, disasm, store, verify};
use txpy_syntax::{Grammar, Mode, SourceKind};

fn collect(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let Ok(entries) = std::fs::read_dir(path) else { return };
        let mut all: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        all.sort();
        all.iter().for_each(|p| collect(p, out));
    } else if path.extension().is_some_and(|e| e == "py") {
        out.push(path.to_path_buf());
    }
}

fn run() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let grammar = if args.iter().any(|a| a == "-2") { Grammar::py27() } else { Grammar::py3() };
    let show = args.iter().any(|a| a == "-d");
    let mut files = Vec::new();
    args.iter().filter(|a| !a.starts_with('-')).for_each(|a| collect(Path::new(a), &mut files));
    let (mut good, mut bad, mut source_bytes, mut words, mut stored) = (0, 0, 0, 0, 0);
    let start = std::time::Instant::now();
    for f in &files {
        let Ok(source) = std::fs::read(f) else { continue };
        let name = f.display().to_string();
        let options = Options { filename: &name, ..Options::default() };
        match compile_source(&source, Mode::Exec, SourceKind::File, &grammar, &options) {
            Ok(image) => {
                if show {
                    print!("{}", disasm::disassemble(&image));
                }
                let bytes = store::to_bytes(&image);
                let again = store::from_bytes(&bytes);
                if let Err(e) = verify::verify(&image) {
                    println!("{name}: {e}");
                    bad += 1;
                } else if again.as_ref().map(store::to_bytes) != Ok(bytes.clone()) {
                    println!("{name}: does not come back from storage: {:?}", again.err());
                    bad += 1;
                } else {
                    good += 1;
                }
                source_bytes += source.len();
                words += image.code.len();
                stored += bytes.len();
            }
            Err(e) => {
                println!("{name}: {e}");
                bad += 1;
            }
        }
    }
    println!("{good} good, {bad} bad; {source_bytes} bytes of source, {stored} stored, {words} words at module level, {:?}", start.elapsed());
}

fn main() {
    // The stack that threads of the vm have.
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    if worker.is_ok_and(|w| w.join().is_err()) {
        std::process::exit(1);
    }
}
