//! Standard-library modules written in Rust, and their small Python parts.
