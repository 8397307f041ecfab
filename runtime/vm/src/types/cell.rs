//! `cell`: one mutable Value, shared by closures, namespaces and their inline caches.

use crate::kinds;
use crate::native::{NativeDef, TypeDef};
use crate::thread::Thread;
use std::sync::atomic::Ordering::Release;
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    pub struct Cell = kinds::CELL, storage_in() {
        /// UNSET when empty.
        pub value: Value,
        /// In a module namespace: the builtins' cell of the same name, once looked up; read when this cell is empty. A cache, and so no part of
        /// transactions.
        pub fallback: Late,
    }
}

static METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, *contents, **options)" = make, "Create a cell, empty or with the given contents.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};

pub static CELL: TypeDef = TypeDef {
    name: "cell", kind: kinds::CELL, size: size_of::<Cell>() as u16, methods: &[METHODS],
    getset: getset! { "cell_contents" = contents, mut set_contents, "The Value held."; }, doc: "A variable shared by closures.", ..TypeDef::DEFAULT
};

pub fn new(th: &mut Thread, v: Value) -> R<Gc<Cell>> { th.alloc(CELL.shape(), Cell { header: Header::NEW, value: v, fallback: Late::new(Value::UNSET) }) }
/// An empty cell that outlives an abort of the running transaction.
pub fn new_unowned(th: &mut Thread) -> R<Gc<Cell>> {
    if th.atomic_depth() == 0 {
        return new(th, Value::UNSET);
    }
    th.alloc_unowned(CELL.shape(), Cell { header: Header::NEW, value: Value::UNSET, fallback: Late::new(Value::UNSET) })
}
/// Notes the builtins' cell of the same name.
pub fn set_fallback(th: &mut Thread, c: Gc<Cell>, f: Gc<Cell>) {
    c.unguarded(|c| c.fallback.0.store(f.value().bits(), Release));
    th.remember(c.header());
}
/// The contents of a Value known to be a cell; UNSET when empty.
#[inline]
pub fn get(th: &mut Thread, cell: Value) -> R<Value> { Ok(cell.cast::<Cell>().expect("a cell").read(th)?.value) }
#[inline]
pub fn set(th: &mut Thread, cell: Value, v: Value) -> R<()> {
    cell.cast::<Cell>().expect("a cell").write(th)?.value = v;
    Ok(())
}

fn make(th: &mut Thread, a: crate::native::Args) -> R<Value> {
    if a.has_keywords() {
        return Err(th.type_error("cell() takes no keyword arguments"));
    }
    if a.positional() > 2 {
        return Err(th.type_error(format!("cell expected at most 1 argument, got {}", a.positional() - 1)));
    }
    Ok(new(th, if a.positional() == 2 { a.get(1) } else { Value::UNSET })?.value())
}
fn contents(th: &mut Thread, v: Value) -> R<Value> {
    match get(th, v)?.get() {
        Some(v) => Ok(v),
        None => Err(th.value_error(if th.py3() { "cell is empty" } else { "Cell is empty" })),
    }
}
fn set_contents(th: &mut Thread, c: Value, v: Value) -> R<()> { set(th, c, v) }
fn repr(th: &mut Thread, a: crate::native::Args) -> R<Value> {
    let v = get(th, a.get(0))?;
    let what = if v.is_unset() { "empty".to_string() } else { format!("{} object at {:#x}", crate::object::class_name(v), v.bits()) };
    th.native_str(&format!("<cell at {:#x}: {what}>", a.get(0).bits() - 1))
}
