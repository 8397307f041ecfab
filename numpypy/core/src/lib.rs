//! N-dimensional arrays without Python: dtypes, layouts, casting, loops, printing.
//!
//! Nothing here owns array memory: an operand is a pointer to the first byte of a buffer that the caller keeps
//! alive and holds the right to read or write, a [`Layout`] (shape, strides and offset in bytes) and a [`DType`].
//! Whatever can take long is a state with `run(budget)`, so that the caller polls between stripes.
//!
//! Two tables hold what the crate knows: `dtype::table` (one row a dtype) and `ufunc::table` (one row a ufunc).
//! Numeric rules and messages are those of NumPy 1.16.

pub mod create;
pub mod dtype;
pub mod elementwise;
pub mod error;
pub mod fpflags;
pub mod index;
pub mod iter;
pub mod layout;
pub mod linalg;
pub mod loops;
pub mod npy;
mod number;
pub mod overlap;
pub mod print;
#[cfg(test)]
mod random;
pub mod ranges;
pub mod reduction;
pub mod select;
pub mod sort;
pub mod ufunc;

pub use dtype::{DType, Num, Scalar};
pub use error::{Error, Kind, R};
pub use fpflags::Flags;
pub use layout::{Dims, Layout};
pub use ufunc::Ufunc;

/// Whether a resumable operation has finished.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Progress {
    Done,
    More,
}

/// Elements in a stripe: 64 KiB of eight-byte elements, the distance between two polls.
pub const STRIPE: usize = 8192;

/// An operand: memory that the caller keeps alive for as long as states made from it run.
#[derive(Clone, Copy)]
pub struct Array<'a> {
    /// First byte of the buffer; `layout.offset` counts from here.
    pub base: *mut u8,
    pub layout: &'a Layout,
    pub dtype: DType,
}

impl Array<'_> {
    /// Address of the element whose indices are all 0.
    pub fn start(&self) -> *mut u8 {
        self.base.wrapping_offset(self.layout.offset)
    }
}
