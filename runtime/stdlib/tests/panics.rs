//! A panic in a thread is a bug of ours, and must not make others wait for ever: who joins the thread goes on, and what the thread's block did is undone.

use txpy_vm::types::module;
use txpy_vm::{Args, ModuleDef, R, SourceKind, Thread, Value, dialect, import, natives, runtime};

fn broken(_: &mut Thread, _: Args) -> R<Value> { panic!("on purpose") }
static FUNCTIONS: &[txpy_vm::NativeDef] = natives! { "broken()" = broken, "Panics."; };
static MODULE: ModuleDef = ModuleDef { name: "bugs", doc: "Natives with bugs.", functions: FUNCTIONS, ..ModuleDef::DEFAULT };

const SCRIPT: &str = "
import _thread, bugs, time
from _transaction import atomic
_thread.start_joinable_thread(bugs.broken).join()
box, lock = [1], _thread.allocate_lock()
def in_block():
    with atomic:
        box.append(2)
        lock.acquire()
        bugs.broken()
_thread.start_joinable_thread(in_block).join()
assert box == [1], box
assert lock.acquire(False)
for _ in range(2000):
    if not _thread._count():
        break
    time.sleep(0.005)
assert not _thread._count()
";

fn run() -> bool {
    dialect::choose(dialect::Dialect { version: (3, 13, 0), text_is_str: true, builtins: "builtins", ..dialect::python27() });
    let mut th = Thread::attach().expect("memory");
    let th = &mut *th;
    th.set_main();
    import::register(txpy_stdlib::MODULES);
    txpy_stdlib::kinds_io::register();
    let r = runtime::init(th).and_then(|()| {
        let m = module::from_def(th, &MODULE)?;
        txpy_vm::types::dict::set_str(th, import::modules(), "bugs", m.value())?;
        runtime::run_source(th, SCRIPT.as_bytes(), SourceKind::File, "panics", true)
    });
    if r.is_err() {
        let e = th.catch_any();
        eprintln!("{}", e.and_then(|e| txpy_vm::types::traceback::format(th, e).ok()).unwrap_or_default());
    }
    r.is_ok()
}

#[test]
fn a_panic_ends_its_thread_only() {
    assert!(std::thread::Builder::new().stack_size(64 << 20).spawn(run).expect("a thread").join().expect("no panic outside of the threads"));
}
