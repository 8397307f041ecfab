//! Source text to syntax tree, for both languages.
