//! `tuple`: layout and construction.

use super::tuple_methods;
use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::thread::Thread;
use std::sync::atomic::AtomicU64;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    /// A fixed sequence of Values.
    pub struct Tuple = kinds::TUPLE, frozen {
        /// 0 until computed.
        pub hash: AtomicU64,
    } tail items: Value
}

pub static TUPLE: TypeDef = TypeDef {
    name: "tuple", kind: kinds::TUPLE, flags: type_flag::BASE | type_flag::SEQUENCE | type_flag::MATCH_SELF,
    methods: &[tuple_methods::METHODS, super::generic_alias::CLASS_GETITEM],
    doc: "An immutable sequence.", ..TypeDef::DEFAULT
};

pub fn new(th: &mut Thread, items: &[Value]) -> R<Value> {
    Ok(th.alloc_tail_with(TUPLE.shape(), Tuple { header: Header::NEW, len: items.len(), hash: AtomicU64::new(0) }, items)?.value())
}
/// A tuple of `n` items that are 0.0 until the caller fills them, before anybody else sees it.
pub fn alloc(th: &mut Thread, n: usize) -> R<Gc<Tuple>> {
    th.alloc_tail(TUPLE.shape(), Tuple { header: Header::NEW, len: n, hash: AtomicU64::new(0) }, n)
}
/// The items of a tuple or tuple subclass. Use the slice while `v` is visible to the collector.
pub fn items<'a>(v: Value) -> Option<&'a [Value]> {
    let t = v.cast::<Tuple>()?;
    // SAFETY: tuples are frozen and never move; the caller keeps `v` alive.
    Some(unsafe { &*t.as_ptr() }.items())
}
