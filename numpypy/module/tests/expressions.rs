//! Evaluates tests/expressions.txt in 2.7 mode and compares with what NumPy 1.16 printed (tests/expected.txt).

use std::sync::Mutex;
use txpy_vm::{Args, R, SourceKind, Thread, Value, dialect, import, runtime, types};

static RESULT: Mutex<String> = Mutex::new(String::new());

fn result(_: &mut Thread, a: Args) -> R<Value> {
    *RESULT.lock().expect("one test") = types::text::lossy(a.get(0)).into_owned();
    Ok(Value::NONE)
}
static RESULTS: txpy_vm::ModuleDef = txpy_vm::ModuleDef {
    name: "results", functions: txpy_vm::natives! { "put(text, /)" = result, "Hands the results to the test."; }, ..txpy_vm::ModuleDef::DEFAULT
};

fn run() {
    dialect::choose(dialect::python27());
    let mut th = Thread::attach().expect("memory");
    let th = &mut *th;
    th.set_main();
    txpy_numpy::register();
    import::register(&[&RESULTS]);
    let lines = include_str!("expressions.txt").replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    let driver = include_str!("run_expressions.py");
    let driver = &driver[..driver.find("if __name__").expect("the end of the functions")];
    let source = format!("{driver}\nimport results\nresults.put(evaluate('{lines}'.splitlines()))\n");
    let r = runtime::init(th).and_then(|()| runtime::run_source(th, source.as_bytes(), SourceKind::Bytes, "expressions", false));
    if r.is_err() {
        let e = th.catch_any().expect("an exception");
        panic!("{}", types::traceback::format(th, e).unwrap_or_default());
    }
}

#[test]
fn as_numpy_prints() {
    std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread").join().expect("no panic");
    let have = RESULT.lock().expect("one test").clone();
    let want = include_str!("expected.txt").trim_end();
    let different: Vec<String> = want.split("\n").zip(have.split("\n")).filter(|(w, h)| w != h).take(5).map(|(w, h)| format!("want {w}\nhave {h}\n")).collect();
    assert!(different.is_empty() && want == have, "{}", different.concat());
}
