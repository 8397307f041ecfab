//! Syntax tree to code image: heap-free bytecode, constants and line tables.
