//! Syntax tree to code image: heap-free bytecode, constants and line tables.
#![forbid(unsafe_code)]
pub mod image;
pub mod ops;
