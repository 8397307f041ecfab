//! What all tests of the heap share: two kinds, a thread to run in, and ways to hide references from the stack scan.
#![allow(dead_code)]

use txpy_heap::*;

pub const PAIR: u16 = 100;
pub const TUPLE: u16 = 101;
pub const CELL: u16 = 102;

object! {
    pub struct Pair = PAIR { pub a: Value, pub b: Value }
}
object! {
    pub struct Tuple = TUPLE, frozen {} tail items: Value
}
object! {
    /// Frozen with a late field.
    pub struct Cell = CELL, frozen { pub late: Late }
}

pub fn register() { register_kinds(&[Pair::INFO, Tuple::INFO, Cell::INFO]); }

/// Runs `f` with an attached thread of its own. Collections are checked. Tests of one process share one heap, and take turns.
pub fn run<T: Send>(f: impl FnOnce(&mut Thread) -> T + Send) -> T {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|e| e.into_inner());
    register();
    with_thread(f)
}

pub fn with_thread<T>(f: impl FnOnce(&mut Thread) -> T) -> T {
    register();
    let mut th = Box::new(Thread::new());
    // SAFETY: the box keeps the address; this OS thread alone uses it.
    unsafe { th.attach() }.unwrap();
    let r = f(&mut th);
    th.detach();
    r
}

#[inline(never)]
pub fn pair(th: &mut Thread, a: Value, b: Value) -> Gc<Pair> { th.alloc(0, Pair { header: Header::NEW, a, b }).unwrap() }

#[inline(never)]
pub fn tuple(th: &mut Thread, items: &[Value]) -> Gc<Tuple> { th.alloc_tail_with(0, Tuple { header: Header::NEW, len: 0 }, items).unwrap() }

/// A number from which a reference can't be told by the stack scan.
pub fn hide(v: Value) -> u64 { !v.bits() }
pub fn unhide(h: u64) -> Value { Value(!h) }

/// Overwrites the part of the native stack where finished calls left references.
#[inline(never)]
pub fn clear_stack() {
    let mut junk = [0u64; 4096];
    for x in junk.iter_mut() {
        *x = std::hint::black_box(1);
    }
    std::hint::black_box(&junk);
}

/// Allocates garbage, so that freed memory is overwritten.
#[inline(never)]
pub fn churn(th: &mut Thread, n: usize) {
    for _ in 0..n {
        std::hint::black_box(pair(th, Value::int(-1), Value::int(-1)));
    }
}
