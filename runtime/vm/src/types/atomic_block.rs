//! `atomic`: the object of `with atomic:`, of which there is one. The interpreter knows it: entering and leaving need no calls.

use crate::atomic;
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! { pub struct Atomic = kinds::ATOMIC, frozen { pub unused: usize } }
pub static ATOMIC: TypeDef = TypeDef {
    name: "atomic", module: "__pypy__.thread", kind: kinds::ATOMIC, size: size_of::<Atomic>() as u16, flags: type_flag::NO_NEW, methods: &[METHODS],
    doc: "`with atomic:` runs the block as one indivisible step.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__enter__(self, /)" = |th, a| enter(th, a.get(0)), "Begin the block.";
    "__exit__(self, /, *args)" = exit_method, "End the block: what it wrote stays, also when an exception leaves it.";
    "__repr__(self, /)" = |th, _| th.native_str("<atomic>"), "Return repr(self).";
};

/// The object.
pub fn new(th: &mut Thread) -> R<Gc<Atomic>> { th.alloc(ATOMIC.shape(), Atomic { header: Header::NEW, unused: 0 }) }

pub(crate) fn enter(th: &mut Thread, this: Value) -> R<Value> {
    atomic::enter(th)?;
    Ok(this)
}
pub(crate) fn exit(th: &mut Thread) -> R<Value> {
    if atomic::exit(th)? { Ok(Value::FALSE) } else { Err(th.runtime_error("atomic.__exit__(): more exits than enters")) }
}
fn exit_method(th: &mut Thread, _: Args) -> R<Value> { exit(th) }
