//! The access-word protocol: ownership of objects, transactions' conflicts, safepoints, stopping the world. See README.md.
pub mod mutants;
mod acquire;
mod answer;
mod bounce;
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
mod fork;
mod ghost;
mod lane;
mod many;
mod mutator;
mod native;
mod quiet;
mod slot;
mod slots;
mod space;
mod stop;
mod sys;
mod tx;
mod wait;
mod way;
pub mod word;

pub use many::Hold;
pub use mutator::Mutator;
pub use slot::{IRREVOCABLE, MAX_PINS, PLAIN, STW, Slot, World, YIELD, state};
pub use space::{Abort, Note, R, Space};
pub use sys::{AtomicU32, AtomicU64, HAS_TICK, tick, ticks};
pub use word::{Mode, NSLOTS};
