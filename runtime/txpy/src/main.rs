//! The executable: registers everything; command line.
#![forbid(unsafe_code)]

mod complete;
mod options;
mod repl;
mod start;
mod stm_report;

use options::Options;
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
    if options.passes_on {
        let (major, minor, _) = options.version;
        txpy_stdlib::os::env::set_at_start(options::LANGUAGE, &format!("{major}.{minor}"));
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
        txpy_py3::register();
    }
    runtime::set_optimize(options.flags.optimize);
    let Ok(mut th) = Thread::attach() else {
        eprintln!("txpy: not enough memory");
        return 1;
    };
    let th = &mut *th;
    th.set_main();
    import::register(txpy_stdlib::MODULES);
    txpy_stdlib::library27::register();
    txpy_stdlib::ast::register();
    txpy_numpy::register();
    let r = runtime::init(th).and_then(|()| start::set_up(th, &options)).and_then(|()| start::run(th, &options));
    let status = runtime::exit_status(th, r);
    let flushed = runtime::finish(th);
    txpy_stdlib::finish(th);
    if flushed || !th.py3() || status == runtime::INTERRUPTED { status } else { 120 }
}
