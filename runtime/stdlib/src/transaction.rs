//! `_transaction`: what the modules `transaction` and `__pypy__.thread` are built on.

use crate::api::*;
use txpy_vm::types::atomic_block;

pub static MODULE: ModuleDef = ModuleDef { name: "_transaction", doc: "Atomic blocks.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "is_atomic()" = |th, _| Ok(Value::from_bool(th.is_in_block())), "Whether an atomic block is running in this thread.";
    "aborts()" = |th, _| Ok(Value::int(th.block_aborts() as i64)), "How often the running block was rolled back before this attempt.";
    "getsegmentlimit()" = |_, _| Ok(Value::int(std::thread::available_parallelism().map_or(1, |n| n.get()) as i64)), "How many threads can run at the same time.";
    "hint_commit_soon()" = |th, _| { txpy_vm::atomic::rounds::commit_soon(th); Ok(Value::NONE) }, "The running block's transaction shall not go on into the next round of its loop.";
    "retry(timeout=None, /)" = retry, "Roll the running block back, and try it again later. Returns once `timeout` seconds have passed since the first attempt.";
    "should_break_transaction()" = |_, _| Ok(Value::FALSE), "Always False: outside of atomic blocks there is no transaction to break.";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    crate::stmdict::register(th, m)?;
    let a = atomic_block::new(th)?;
    module::set(th, m, "atomic", a.value())
}

fn retry(th: &mut Thread, a: Args) -> R<Value> {
    let over = match a.some(0) {
        Some(t) => {
            let limit = float::as_f64(th, t)?;
            txpy_vm::atomic::since(th).map_or(0.0, |s| s.elapsed().as_secs_f64()) >= limit
        }
        None => false,
    };
    if over {
        return Ok(Value::NONE);
    }
    if th.may_abort() { Err(txpy_vm::atomic::wait_and_retry(th)) } else { Err(th.runtime_error("the block can't be tried again: it has done what can't be undone")) }
}
