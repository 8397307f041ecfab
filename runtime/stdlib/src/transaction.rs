//! `_transaction`: what the modules `transaction` and `__pypy__.thread` are built on.

use crate::api::*;
use crate::kinds;
use txpy_heap::Object;
use txpy_vm::atomic;

pub static MODULE: ModuleDef = ModuleDef { name: "_transaction", doc: "Atomic blocks.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "is_atomic()" = |th, _| Ok(Value::from_bool(th.atomic_depth() != 0)), "Whether an atomic block is running in this thread.";
    "getsegmentlimit()" = |_, _| Ok(Value::int(std::thread::available_parallelism().map_or(1, |n| n.get()) as i64)), "How many threads can run at the same time.";
    "hint_commit_soon()" = |_, _| Ok(Value::NONE), "Without effect: outside of atomic blocks nothing waits for a commit.";
    "should_break_transaction()" = |_, _| Ok(Value::FALSE), "Always False: outside of atomic blocks there is no transaction to break.";
};

object! { pub struct Atomic = kinds::ATOMIC, frozen { pub unused: usize } }
pub static ATOMIC: TypeDef = TypeDef {
    name: "atomic", module: "__pypy__.thread", kind: kinds::ATOMIC, size: size_of::<Atomic>() as u16, methods: &[METHODS],
    doc: "`with atomic:` runs the block as one indivisible step.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__enter__(self, /)" = enter, "Begin the block.";
    "__exit__(self, /, *args)" = exit, "End the block: what it wrote stays, also when an exception leaves it.";
    "__repr__(self, /)" = |th, _| th.native_str("<atomic>"), "Return repr(self).";
};

fn enter(th: &mut Thread, a: Args) -> R<Value> {
    atomic::enter(th)?;
    Ok(a.get(0))
}
fn exit(th: &mut Thread, _: Args) -> R<Value> {
    if atomic::exit(th)? { Ok(Value::FALSE) } else { Err(th.runtime_error("atomic.__exit__(): more exits than enters")) }
}

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Atomic::INFO]);
    type_::make_native(th, &ATOMIC)?;
    let a = th.alloc(ATOMIC.shape(), Atomic { header: Header::NEW, unused: 0 })?;
    module::set(th, m, "atomic", a.value())
}
