//! The executable: registers everything; command line.
fn main() {}
