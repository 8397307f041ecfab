//! The executable: registers everything; command line.
#![forbid(unsafe_code)]

mod options;
mod stm_report;

use options::{Options, Program};
use txpy_vm::{Thread, dialect, import, runtime};

/// Stack of the thread that runs the program: reserved, not used, until recursion needs it.
const STACK: usize = 256 << 20;

fn main() {
    let options = match options::parse(std::env::args_os()) {
        Ok(o) => o,
        Err(text) => {
            eprintln!("{text}");
            std::process::exit(2);
        }
    };
    if let Some(text) = &options.only_print {
        println!("{text}");
        return;
    }
    if let Some(log) = &options.stm_report {
        if let Err(text) = stm_report::run(log, options.trace.as_deref()) {
            eprintln!("txpy: {text}");
            std::process::exit(1);
        }
        return;
    }
    let run = |stack: usize| std::thread::Builder::new().name("main".into()).stack_size(stack);
    let again = options.clone();
    // A small address-space limit may not allow the large stack.
    let handle = run(STACK).spawn(move || program(options)).or_else(|_| run(8 << 20).spawn(move || program(again)));
    txpy_stdlib::signal::leave_to_others();
    let status = match handle.map(|h| h.join()) {
        Ok(Ok(status)) => status,
        _ => 1,
    };
    if status == runtime::INTERRUPTED {
        txpy_stdlib::signal::die_of_interrupt();
    }
    std::process::exit(status);
}

/// Runs the program that the command line asks for; its exit status.
fn program(options: Options) -> i32 {
    dialect::choose(if options.version.0 == 3 { txpy_py3::dialect(options.version) } else { dialect::python27() });
    if options.version.0 == 3 {
        import::set_lazy_annotations(txpy_py3::library()[1]);
    }
    runtime::set_optimize(options.optimize);
    let Ok(mut th) = Thread::attach() else {
        eprintln!("txpy: not enough memory");
        return 1;
    };
    let th = &mut *th;
    th.set_main();
    import::register(txpy_stdlib::MODULES);
    txpy_stdlib::library27::register();
    txpy_stdlib::ast::register();
    import::register(txpy_numpy::MODULES);
    let r = runtime::init(th).and_then(|()| start(th, &options));
    let status = runtime::exit_status(th, r);
    let flushed = runtime::finish(th);
    txpy_stdlib::finish(th);
    if flushed || !th.py3() || status == runtime::INTERRUPTED { status } else { 120 }
}

fn start(th: &mut Thread, options: &Options) -> txpy_vm::R<()> {
    for dir in options.library_path() {
        runtime::add_path(th, &dir, false)?;
    }
    set_up_sys(th, options)?;
    match &options.program {
        Program::Script(path) => {
            let dir = std::path::Path::new(path);
            // A directory is a program by its `__main__.py`, and comes first in the search path.
            let inner = dir.is_dir().then(|| dir.join("__main__.py"));
            let source = match std::fs::read(inner.as_deref().unwrap_or(dir)) {
                Ok(s) => s,
                Err(_) if inner.is_some() => {
                    eprintln!("txpy: can't find '__main__' module in '{path}'");
                    std::process::exit(1);
                }
                Err(e) => {
                    eprintln!("txpy: can't open file '{path}': [Errno {}] {}", e.raw_os_error().unwrap_or(0), options::os_text(&e));
                    std::process::exit(2);
                }
            };
            let file = inner.as_deref().unwrap_or(dir).to_string_lossy().into_owned();
            let dir = std::path::Path::new(&file).parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
            let dir = if dir.is_empty() { std::env::current_dir().map(|d| d.to_string_lossy().into_owned()).unwrap_or_default() } else { dir };
            runtime::add_path(th, &dir, true)?;
            runtime::run_source(th, &source, txpy_vm::SourceKind::File, &file, true)
        }
        Program::Command(text) => {
            runtime::add_path(th, "", true)?;
            runtime::run_source(th, format!("{text}\n").as_bytes(), txpy_vm::SourceKind::Bytes, "<string>", false)
        }
        Program::Stdin => {
            runtime::add_path(th, "", true)?;
            let mut source = Vec::new();
            let _ = std::io::Read::read_to_end(&mut std::io::stdin(), &mut source);
            runtime::run_source(th, &source, txpy_vm::SourceKind::File, "<stdin>", false)
        }
        Program::Module(name) => {
            runtime::add_path(th, "", true)?;
            runtime::run_module(th, name)
        }
    }
}

fn set_up_sys(th: &mut Thread, options: &Options) -> txpy_vm::R<()> {
    use std::os::unix::ffi::OsStringExt;
    let start = txpy_stdlib::sys::Start {
        argv: options.argv.clone(),
        orig_argv: std::env::args_os().map(OsStringExt::into_vec).collect(),
        executable: options.executable.clone(),
        warnoptions: options.warnings.clone(),
        xoptions: options.extensions.clone(),
        options: options.flags,
    };
    txpy_stdlib::sys::init(th, &start)?;
    if !options.warnings.is_empty() {
        // The library's module reads the options when it is imported.
        import::import_name(th, "warnings")?;
    }
    Ok(())
}
