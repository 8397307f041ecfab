//! The price of a native call: a loop over an empty two-argument native method, less the empty loop. `native_calls [-2]`
use txpy_vm::types::{dict, module};
use txpy_vm::{Args, R, SourceKind, Thread, Value, dialect, import, runtime};

fn nothing(_: &mut Thread, _: Args) -> R<Value> { Ok(Value::NONE) }
fn clock(th: &mut Thread, _: Args) -> R<Value> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a date after 1970");
    txpy_vm::types::float::new(th, since.as_secs_f64())
}
fn show(_: &mut Thread, a: Args) -> R<Value> {
    println!("{}", txpy_vm::types::text::lossy(a.get(0)));
    Ok(Value::NONE)
}
static METHODS: &[txpy_vm::NativeDef] = txpy_vm::natives! { "nothing(self, a, b, /)" = nothing, "Nothing."; };
static FUNCTIONS: &[txpy_vm::NativeDef] = txpy_vm::natives! {
    "clock()" = clock, "Seconds.";
    "show(s, /)" = show, "Print.";
};
static EMPTY: txpy_vm::TypeDef = txpy_vm::TypeDef { name: "Empty", base: Some(&txpy_vm::types::list::LIST), methods: &[METHODS], doc: "Has an empty method.", ..txpy_vm::TypeDef::DEFAULT };
static MODULE: txpy_vm::ModuleDef = txpy_vm::ModuleDef { name: "natives", doc: "Empty natives.", functions: FUNCTIONS, types: &[&EMPTY], init: None, lang: txpy_vm::native::Lang::Both };

const SCRIPT: &str = "
import natives
def loop(n):
    start = natives.clock()
    for i in range(n):
        pass
    return natives.clock() - start
def method(n):
    o = natives.Empty()
    start = natives.clock()
    for i in range(n):
        o.nothing(i, n)
    return natives.clock() - start
n = 5000000
prices = sorted([(method(n) - loop(n)) / n * 1e9 for _ in range(9)])
natives.show('native method of two arguments: %.1f ns a call (median of 9)' % prices[4])
";

fn main() { std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread").join().expect("no panic") }
fn run() {
    let mut d = dialect::python27();
    if std::env::args().nth(1).is_none_or(|a| a != "-2") {
        d = dialect::Dialect { version: (3, 13, 0), text_is_str: true, builtins: "builtins", ..d };
    }
    dialect::choose(d);
    let mut th = Thread::attach().expect("memory");
    let th = &mut *th;
    th.set_main();
    let r = runtime::init(th).and_then(|()| {
        let m = module::from_def(th, &MODULE)?;
        let key = th.intern("natives")?;
        dict::set(th, import::modules(), key, m.value())?;
        runtime::run_source(th, SCRIPT.as_bytes(), SourceKind::File, "native_calls", true)
    });
    if r.is_err() {
        let e = th.catch_any();
        eprintln!("{}", e.and_then(|e| txpy_vm::types::traceback::format(th, e).ok()).unwrap_or_default());
        std::process::exit(1);
    }
}
