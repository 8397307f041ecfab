//! Values, objects, access words, allocation, collection, safepoints, transactions' logs.
//!
//! Models of the protocol (features `shuttle` and `loom`) build `protocol` alone.
pub mod protocol;

#[cfg(not(any(feature = "shuttle", feature = "loom")))]
#[macro_use]
mod object;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod alloc;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod buffer;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod census;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod collect;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod guard;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub mod kinds;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod limits;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod local;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod mark;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod rooted;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod roots;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub mod shape;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod space;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub mod stm_log;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod sweep;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod thread;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod tx;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod undo;
/// What one more range in a transaction's log costs besides its bytes, in bytes.
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub const RANGE_BYTES: usize = 8 * undo::PIECE;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub mod value;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod value_stack;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod verify;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod weak;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod word_log;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod world;

#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub use api::*;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod api {
    pub use crate::buffer::{BUFFER_ALIGN, Buffer};
    pub use crate::census::{Census, Walk};
    pub use crate::collect::{Statistics, Switches, Tracer, add_root_hook, add_sweep_hook, add_weak_hook, set_limit, set_switches, statistics};
    pub use crate::guard::{Elements, Many, Read, SMALL_CONTAINER, Write, acquire_slow};
    pub use crate::kinds::{Bytes8, Values, register_kinds};
    pub use crate::object::{Gc, Header, KindInfo, Late, Object, StorageIn, Trace, flag, tail_of};
    pub use crate::protocol::{HAS_TICK, Mode, tick, ticks};
    pub use crate::rooted::{Rooted, RootedVec};
    pub use crate::roots::native_stack;
    pub use crate::space::{GRANULE, LARGE};
    pub use crate::tx::{injects_aborts, set_injected_aborts};
    pub use crate::thread::{Cause, R, STACK_SLACK, Thread, Unwind};
    pub use crate::value::Value;
    pub use crate::value_stack::{STACK_BYTES, ValueStack};
    pub use crate::weak::{Referent, Weak};
    pub use crate::world::ATTENTION;
}
