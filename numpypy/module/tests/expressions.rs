//! Evaluates tests/expressions.txt in 2.7 mode and compares with what NumPy 1.16 printed (tests/expected.txt); then again, each in an
//! atomic block with aborts injected.

use std::sync::Mutex;
use txpy_heap::set_injected_aborts;
use txpy_vm::types::{atomic_block, module};
use txpy_vm::{Args, Gc, R, SourceKind, Thread, Value, dialect, import, runtime, types};

/// What was printed: outside of blocks, in blocks.
static RESULTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn put(_: &mut Thread, a: Args) -> R<Value> {
    RESULTS.lock().expect("one test").push(types::text::lossy(a.get(0)).into_owned());
    Ok(Value::NONE)
}
fn inject(_: &mut Thread, _: Args) -> R<Value> {
    set_injected_aborts(3);
    Ok(Value::NONE)
}
fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let a = atomic_block::new(th)?;
    module::set(th, m, "atomic", a.value())
}
static MODULE: txpy_vm::ModuleDef = txpy_vm::ModuleDef {
    name: "results",
    functions: txpy_vm::natives! {
        "put(text, /)" = put, "Hands results to the test.";
        "inject()" = inject, "From here on aborts are injected.";
        "aborts()" = |th, _| Ok(Value::int(th.block_aborts() as i64)), "How often the running block was rolled back.";
    },
    init: Some(init),
    ..txpy_vm::ModuleDef::DEFAULT
};

const DRIVER: &str = "
import results

def in_blocks(lines):
    results.inject()
    out, aborts = [], 0
    for line in lines:
        with results.atomic:
            out.append(evaluate([line]))
            aborts += results.aborts()
    assert aborts > 20, aborts
    return '\\n'.join(out)

results.put(evaluate(LINES))
results.put(in_blocks(LINES))
";

fn run() {
    dialect::choose(dialect::python27());
    let mut th = Thread::attach().expect("memory");
    let th = &mut *th;
    th.set_main();
    txpy_numpy::register();
    import::register(&[&MODULE]);
    let lines = include_str!("expressions.txt").replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    let driver = include_str!("run_expressions.py");
    let driver = &driver[..driver.find("if __name__").expect("the end of the functions")];
    let source = format!("{driver}\nLINES = '{lines}'.splitlines()\n{DRIVER}");
    let r = runtime::init(th).and_then(|()| runtime::run_source(th, source.as_bytes(), SourceKind::Bytes, "expressions", false));
    if r.is_err() {
        let e = th.catch_any().expect("an exception");
        panic!("{}", types::traceback::format(th, e).unwrap_or_default());
    }
}

#[test]
fn as_numpy_prints() {
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread").join().expect("no panic");
    let results = RESULTS.lock().expect("one test");
    assert_eq!(results.len(), 2);
    let want = include_str!("expected.txt").trim_end();
    for (have, place) in results.iter().zip(["", " in a block"]) {
        let different: Vec<String> = want.split("\n").zip(have.split("\n")).filter(|(w, h)| w != h).take(5).map(|(w, h)| format!("want {w}\nhave {h}{place}\n")).collect();
        assert!(different.is_empty() && want == have, "{}", different.concat());
    }
}
