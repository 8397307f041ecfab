//! Errors: the exception type that NumPy raises, and its message.

use std::fmt;

/// Exception types, by their Python names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Value,
    Type,
    Index,
    /// `numpy.AxisError`, a ValueError and an IndexError.
    Axis,
    Overflow,
    Memory,
    Runtime,
    NotImplemented,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    pub kind: Kind,
    pub message: Box<str>,
}

pub type R<T> = Result<T, Error>;

impl Error {
    pub fn new(kind: Kind, message: impl Into<Box<str>>) -> Error {
        Error { kind, message: message.into() }
    }
    pub fn axis(axis: isize, ndim: usize) -> Error {
        Error::new(Kind::Axis, format!("axis {axis} is out of bounds for array of dimension {ndim}"))
    }
    pub fn memory() -> Error {
        Error::new(Kind::Memory, "")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = match self.kind {
            Kind::Value => "ValueError",
            Kind::Type => "TypeError",
            Kind::Index => "IndexError",
            Kind::Axis => "AxisError",
            Kind::Overflow => "OverflowError",
            Kind::Memory => "MemoryError",
            Kind::Runtime => "RuntimeError",
            Kind::NotImplemented => "NotImplementedError",
        };
        write!(f, "{name}: {}", self.message)
    }
}

impl std::error::Error for Error {}

/// `fail!(Value, "format", ...)`: returns an error.
macro_rules! fail {
    ($kind:ident, $($t:tt)*) => { return Err($crate::error::Error::new($crate::error::Kind::$kind, format!($($t)*))) };
}
pub(crate) use fail;

/// A vector of `n` copies of `x`. Errors: MemoryError, never an abort.
pub fn try_vec<T: Clone>(x: T, n: usize) -> R<Vec<T>> {
    let mut v = Vec::new();
    v.try_reserve_exact(n).map_err(|_| Error::memory())?;
    v.resize(n, x);
    Ok(v)
}
