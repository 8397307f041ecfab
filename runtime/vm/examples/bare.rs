//! Runs a script on the vm alone, without library modules: for work on the interpreter. `bare [-2] script.py`
use txpy_vm::{Args, R, SourceKind, Thread, Value, dialect, names::N, names::n, object, runtime, types::module};

fn write(th: &mut Thread, a: Args) -> R<Value> {
    use std::io::Write;
    let s = txpy_vm::types::text::bytes_of(a.get(0)).unwrap_or(b"");
    let _ = std::io::stdout().write_all(s);
    let _ = th;
    Ok(Value::NONE)
}
static DEFS: &[txpy_vm::NativeDef] = txpy_vm::natives! { "write(s, /)" = write, "Write."; };

fn main() {
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread").join().expect("no panic");
}
fn run() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let two = args.first().is_some_and(|a| a == "-2");
    if two {
        args.remove(0);
    }
    let mut d = dialect::python27();
    if !two {
        d = dialect::Dialect { version: (3, 13, 0), text_is_str: true, builtins: "builtins", ..d };
    }
    dialect::choose(d);
    let mut th = Thread::attach().expect("memory");
    let th = &mut *th;
    th.set_main();
    let r = runtime::init(th).and_then(|()| {
        let sys = module::new(th, "sys")?;
        let out = module::new(th, "stdout")?;
        module::add_functions(th, out, DEFS)?;
        module::set(th, sys, "stdout", out.value())?;
        let mods = txpy_vm::import::modules();
        let key = th.intern("sys")?;
        txpy_vm::types::dict::set(th, mods, key, sys.value())?;
        let _ = n(N::__name__);
        let source = std::fs::read(&args[0]).expect("a script");
        runtime::run_source(th, &source, SourceKind::File, &args[0], true)
    });
    if r.is_err() {
        if let Some(e) = th.catch_any() {
            eprintln!("{}", txpy_vm::types::traceback::format(th, e).unwrap_or_default());
            let _ = object::class_name(e);
        } else {
            eprintln!("unwound: {:?}", th.cause);
        }
    }
}
