//! From the command line to the running program: `sys`, the search path, site, and what runs.

use crate::options::{self, Options, Program};
use crate::repl;
use std::io::IsTerminal;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use txpy_vm::{R, SourceKind, Thread, import, runtime};

/// Makes `sys` and the search path, and runs site.
pub fn set_up(th: &mut Thread, options: &Options) -> R<()> {
    for dir in options.library_path() {
        runtime::add_path(th, &dir, false)?;
    }
    let start = txpy_stdlib::sys::Start {
        argv: options.argv.clone(),
        orig_argv: std::env::args_os().map(OsStringExt::into_vec).collect(),
        executable: executable().into_os_string().into_vec(),
        warnoptions: options.warnoptions.clone(),
        xoptions: options.xoptions.clone(),
        options: options.flags,
    };
    txpy_stdlib::sys::init(th, &start)?;
    if !options.flags.no_site {
        let site = import::import_name(th, "site")?;
        th.call_method(site, "main", &[])?;
    }
    if !options.warnoptions.is_empty() {
        // It tells about options that it does not understand.
        import::import_name(th, "warnings")?;
    }
    Ok(())
}
/// The executable by the name that it was called by: a link in a virtual environment stays one.
fn executable() -> PathBuf {
    let exe = std::env::current_exe().unwrap_or_default();
    let Some(called) = std::env::args_os().next().map(PathBuf::from) else { return exe };
    let found = if called.components().count() > 1 {
        std::path::absolute(&called).ok()
    } else {
        std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).map(|d| d.join(&called)).find(|p| p.is_file()))
    };
    // Any caller can choose the first argument.
    found.filter(|p| p.canonicalize().is_ok_and(|p| Some(p) == exe.canonicalize().ok())).unwrap_or(exe)
}

/// Runs what the command line asks for, then the prompt where it is wanted.
pub fn run(th: &mut Thread, options: &Options) -> R<()> {
    let interactive = options.program == Program::Stdin && (options.flags.interactive || std::io::stdin().is_terminal());
    if interactive {
        search_here(th, options)?;
        return repl::run(th, options, true);
    }
    let r = program(th, options);
    // A program may ask for the prompt itself.
    let inspect = options.flags.inspect || options.variable("PYTHONINSPECT").is_some();
    if !inspect {
        return r;
    }
    if r.is_err() {
        let status = runtime::exit_status(th, r);
        if status != 0 && !std::io::stdin().is_terminal() && !options.flags.interactive {
            std::process::exit(status);
        }
    }
    repl::run(th, options, false)
}
/// The current directory first in the search path.
fn search_here(th: &mut Thread, options: &Options) -> R<()> { if options.flags.safe_path { Ok(()) } else { runtime::add_path(th, "", true) } }

fn program(th: &mut Thread, options: &Options) -> R<()> {
    match &options.program {
        Program::Script(path) => script(th, options, path),
        Program::Command(text) => {
            search_here(th, options)?;
            runtime::run_source(th, format!("{text}\n").as_bytes(), SourceKind::Bytes, "<string>", false)
        }
        Program::Stdin => {
            search_here(th, options)?;
            let mut source = Vec::new();
            let _ = std::io::Read::read_to_end(&mut std::io::stdin(), &mut source);
            runtime::run_source(th, &source, SourceKind::File, "<stdin>", false)
        }
        Program::Module(name) => {
            // 3 says the whole path, and that the empty one was meant.
            let here = if th.py3() { std::env::current_dir().map(|d| d.to_string_lossy().into_owned()).unwrap_or_default() } else { String::new() };
            if !options.flags.safe_path {
                runtime::add_path(th, &here, true)?;
            }
            runtime::run_module(th, name)
        }
    }
}

fn script(th: &mut Thread, options: &Options, given: &str) -> R<()> {
    // A directory is a program by its `__main__.py`, and comes first in the search path.
    let is_dir = Path::new(given).is_dir();
    // Python 3 names the program by its full path, which the working directory begins as it stands.
    let full = || std::env::current_dir().map_or_else(|_| PathBuf::from(given), |cwd| cwd.join(given));
    let given_path = if th.py3() && !given.contains("<txpy>") { full() } else { PathBuf::from(given) };
    let path = if is_dir { given_path.join("__main__.py") } else { given_path.clone() };
    let shown = || std::path::absolute(given).map(|p| p.display().to_string()).unwrap_or_default();
    let mut source = match import::read_source(&path) {
        Ok(s) => s,
        Err(_) if is_dir => fail(1, &format!("can't find '__main__' module in '{}'", if th.py3() { shown() } else { given.to_string() })),
        Err(e) => {
            let name = if th.py3() && !given.contains("<txpy>") { shown() } else { given.to_string() };
            fail(2, &format!("can't open file '{name}': [Errno {}] {}", e.raw_os_error().unwrap_or(2), options::os_text(&e)))
        }
    };
    if source.starts_with(b"PK\x03\x04") {
        return zipped(th, given);
    }
    if options.skip_first_line {
        let end = source.iter().position(|b| *b == b'\n').unwrap_or(source.len());
        // The line stays, so that lines are counted as in the file.
        source.drain(..end);
    }
    let folder = path.parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = if is_dir {
        given_path.to_string_lossy().into_owned()
    } else if th.py3() || folder.is_empty() {
        std::path::absolute(if folder.is_empty() { "." } else { &folder }).map(|p| p.to_string_lossy().into_owned()).unwrap_or(folder)
    } else {
        folder
    };
    if !options.flags.safe_path || is_dir {
        runtime::add_path(th, &folder, true)?;
    }
    runtime::run_source(th, &source, SourceKind::File, &path.to_string_lossy(), true)
}
/// A program packed as a zip file. Modules in it are found by zipimport, which Python 3's library has.
fn zipped(th: &mut Thread, path: &str) -> R<()> {
    if !th.py3() {
        return Err(th.not_implemented("running a zip file in Python 2.7"));
    }
    runtime::add_path(th, path, true)?;
    import::import_name(th, "importlib")?;
    runtime::run_main_of_path(th)
}
fn fail(status: i32, text: &str) -> ! {
    eprintln!("txpy: {text}");
    std::process::exit(status)
}
